//! Colours of the wheel, in linear light: the twelve wedge hues, metal, and overlays that look as they would if blended by eye.

use bevy::color::{ColorToComponents as _, LinearRgba, Oklcha, Srgba};

/// A colour in linear light with alpha, as vertices carry it.
pub type Paint = [f32; 4];

/// Hues of the wedges; teal and violet are left out, they belong to the two timelines.
const HUES: [f32; 12] = [243.0, 254.0, 265.0, 345.0, 8.0, 26.0, 44.0, 64.0, 84.0, 104.0, 124.0, 142.0];

/// A colour by `0xRRGGBB`.
pub fn hex(rgb: u32) -> Paint {
    let [_, r, g, b] = rgb.to_be_bytes();
    LinearRgba::from(Srgba::rgb_u8(r, g, b)).to_f32_array()
}

/// A colour by lightness, chroma and hue (degrees).
pub fn oklch(lightness: f32, chroma: f32, hue: f32) -> Paint {
    LinearRgba::from(Oklcha::new(lightness, chroma, hue, 1.0)).to_f32_array().map(|c| c.clamp(0.0, 1.0))
}

/// The colour at an alpha that is already meant for linear light.
pub fn alpha(paint: Paint, a: f32) -> Paint {
    [paint[0], paint[1], paint[2], a]
}

/// A shade of black. Pictures blend in sRGB and the screen in linear light, where the same alpha darkens less.
pub fn shade(a: f32) -> Paint {
    [0.0, 0.0, 0.0, 1.0 - (1.0 - a).max(0.0).powf(2.2)]
}

/// A tint of light over the dark ground that looks as it would if blended in sRGB, where a tint keeps its hue.
pub fn tint(paint: Paint, a: f32) -> Paint {
    const GROUND: f32 = 0.22;
    let linear = |v: f32| v.powf(2.2);
    let seen = linear(GROUND + a * (1.0 - GROUND)) - linear(GROUND);
    let [r, g, b, _] = paint;
    // Over a dark ground small steps in sRGB are proportional to the encoded values, not to the linear ones.
    let encoded = |v: f32| v.max(0.0).powf(1.0 / 2.2);
    [encoded(r), encoded(g), encoded(b), seen / (1.0 - linear(GROUND))]
}

/// Mixes two colours, `t` from 0 to 1.
pub fn mix(a: Paint, b: Paint, t: f32) -> Paint {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t)
}

/// Lightness and hue of wedge `index` of `count`: few wedges are spread over the circle of hues, many repeat it.
fn place(index: usize, count: usize) -> (f32, f32) {
    let slot = if count < HUES.len() { index * HUES.len() / count.max(1) } else { index % HUES.len() };
    let lightness = if index.is_multiple_of(2) { 0.43 } else { 0.39 };
    (lightness, HUES.get(slot).copied().unwrap_or(HUES[0]))
}

/// The radial gradient of a wedge: at the hub, in the middle, at the rim.
pub fn wedge(index: usize, count: usize, lit: bool) -> [Paint; 3] {
    let (l, h) = place(index, count);
    let (l, c) = if lit { (l + 0.13, 0.105) } else { (l, 0.070) };
    [oklch(l * 0.70, c * 0.8, h), oklch(l, c, h), oklch(l * 1.02, c, h)]
}

/// The rim's metal at angle `a` (radians, y down): two broad reflections, stronger at the top.
pub fn rim(a: f32) -> Paint {
    let reflection = (a + 124f32.to_radians()).cos().abs().powi(6);
    let top = 0.5 - 0.5 * a.sin();
    oklch(0.25 + 0.32 * reflection * (0.22 + 0.78 * top) + 0.04 * top, 0.016, 250.0)
}

/// Steel of pegs and bolts, from the light to the shadow side.
pub fn steel() -> [Paint; 4] {
    [hex(0xF4F7FB), hex(0xB4BFCC), hex(0x5A6675), hex(0x222A34)]
}

/// Amber of the flapper: light edge, body, dark edge.
pub fn amber() -> [Paint; 3] {
    [hex(0xFFD08A), hex(0xF2A93B), hex(0x9A5F10)]
}
