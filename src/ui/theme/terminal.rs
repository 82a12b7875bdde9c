//! Colours of the terminal: the palette of 256 in both themes, and ink that can be read on its ground.

use super::Tokens;
use crate::session::projection::Color;
use egui::Color32;

/// Contrast that every word has, at least: WCAG 2 level AA.
const LEGIBLE: f32 = 4.5;

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones.
static DARK: [Color32; 16] = [
    hex(0x7A_86_96),
    hex(0xF0_6A_56),
    hex(0x4C_C3_8A),
    hex(0xE3_B3_41),
    hex(0x6C_A8_F5),
    hex(0xC9_8B_F0),
    hex(0x37_C2_C8),
    hex(0xD4_DB_E5),
    hex(0x93_A0_B0),
    hex(0xFF_8A_78),
    hex(0x6F_DF_A8),
    hex(0xFF_CF_66),
    hex(0x92_C1_FF),
    hex(0xDD_AE_FF),
    hex(0x6B_DD_E2),
    hex(0xFF_FF_FF),
];

static LIGHT: [Color32; 16] = [
    hex(0x14_1A_22),
    hex(0xB3_26_1E),
    hex(0x17_73_48),
    hex(0x7F_5A_00),
    hex(0x1B_5F_B8),
    hex(0x84_37_B0),
    hex(0x0A_6C_74),
    hex(0x4D_5A_6A),
    hex(0x55_61_70),
    hex(0xCC_30_25),
    hex(0x1A_7F_4F),
    hex(0x8A_62_00),
    hex(0x25_70_D0),
    hex(0x96_48_C2),
    hex(0x0B_77_80),
    hex(0x0B_10_16),
];

/// A colour that a program asked for, in a theme.
pub fn terminal_color(color: Color, t: &Tokens) -> Color32 {
    let palette = if std::ptr::eq(t, &raw const super::LIGHT) { &LIGHT } else { &DARK };
    match color {
        Color::Rgb(r, g, b) => Color32::from_rgb(r, g, b),
        Color::Indexed(n @ 0..=15) => palette.get(usize::from(n)).copied().unwrap_or(t.output),
        // xterm's cube of 6×6×6, and its greys.
        Color::Indexed(n @ 16..=231) => {
            let level = |k: u8| if k == 0 { 0 } else { 55 + 40 * k };
            let n = n - 16;
            Color32::from_rgb(level(n / 36), level(n / 6 % 6), level(n % 6))
        }
        Color::Indexed(n) => Color32::from_gray(8 + 10 * (n - 232)),
    }
}

/// Contrast of two colours by WCAG 2, from 1 to 21.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let light = |c: Color32| {
        let [r, g, b, _] = egui::Rgba::from(c).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    let (x, y) = (light(a), light(b));
    x.max(y) / x.min(y)
}

/// The ink itself if it can be read on the ground; else one as near to it as can.
pub fn readable(ink: Color32, ground: Color32) -> Color32 {
    let far = [Color32::WHITE, Color32::BLACK];
    let far = far.into_iter().max_by(|a, b| contrast(*a, ground).total_cmp(&contrast(*b, ground))).unwrap_or(ink);
    let mixed = |k: u8| {
        let m = |x: u8, y: u8| ((u32::from(x) * u32::from(20 - k) + u32::from(y) * u32::from(k)) / 20) as u8;
        Color32::from_rgb(m(ink.r(), far.r()), m(ink.g(), far.g()), m(ink.b(), far.b()))
    };
    (0..=20).map(mixed).find(|c| contrast(*c, ground) >= LEGIBLE).unwrap_or(far)
}
