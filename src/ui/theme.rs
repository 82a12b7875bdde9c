//! Colours, type and space of every screen: the tokens of the look, and fonts.

mod terminal;

pub use terminal::{contrast, readable, terminal_color};

use crate::session::projection::Health;
use egui::{Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, TextStyle};
use std::sync::Arc;

/// Inner margin of a panel, points.
pub const MARGIN: f32 = 16.0;
/// Gap between things, points.
pub const GAP: f32 = 8.0;
/// Height of a control, points.
pub const CONTROL: f32 = 32.0;
/// Corner radius of a card.
pub const CARD_RADIUS: u8 = 6;
/// Corner radius of a control.
pub const CONTROL_RADIUS: u8 = 4;

/// Type sizes in points: labels, body, values, your-move, clock, title.
pub const LABEL: f32 = 12.0;
/// Body text.
pub const BODY: f32 = 14.0;
/// Values of the top bar, titles of cards.
pub const VALUE: f32 = 16.0;
/// Headings.
pub const HEADING: f32 = 20.0;
/// The clock.
pub const CLOCK: f32 = 28.0;
/// Titles of whole screens.
pub const TITLE: f32 = 40.0;

/// The colours of one theme.
#[derive(Debug)]
pub struct Tokens {
    /// The deepest ground: plots and consoles.
    pub ink: Color32,
    /// Panels.
    pub panel: Color32,
    /// Cards and fields on panels.
    pub raised: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text of less weight.
    pub muted: Color32,
    /// What needs you now, as a fill or a mark.
    pub amber: Color32,
    /// The same as words.
    pub amber_text: Color32,
    /// What this team did.
    pub yours: Color32,
    /// What the original responders did: game master and debrief only.
    pub theirs: Color32,
    /// Normal.
    pub ok: Color32,
    /// Warning.
    pub warn: Color32,
    /// Critical.
    pub critical: Color32,
    /// Not measured.
    pub unknown: Color32,
    /// Game master only, as a fill that carries words.
    pub gm: Color32,
    /// The same as words, lines and marks.
    pub gm_text: Color32,
    /// Ground of an open page's card.
    pub page: Color32,
    /// A graph's line.
    pub series: Color32,
    /// The usual value's dashes.
    pub usual: Color32,
    /// Output of tools.
    pub output: Color32,
    /// Completion ahead of the cursor, hints in fields.
    pub ghost: Color32,
    /// Focus rings and the selected tab.
    pub strong: Color32,
    /// Text on amber and rose fills; on every other fill text has the colour of the deepest ground.
    pub on_fill: Color32,
    /// Edges of the service map.
    pub edge: Color32,
}

/// The dark theme.
pub static DARK: Tokens = Tokens {
    ink: Color32::from_rgb(0x0E, 0x11, 0x16),
    panel: Color32::from_rgb(0x15, 0x1A, 0x21),
    raised: Color32::from_rgb(0x1C, 0x23, 0x2D),
    line: Color32::from_rgb(0x2A, 0x33, 0x40),
    text: Color32::from_rgb(0xE6, 0xEA, 0xF0),
    muted: Color32::from_rgb(0x93, 0xA0, 0xB0),
    amber: Color32::from_rgb(0xF2, 0xA9, 0x3B),
    amber_text: Color32::from_rgb(0xF2, 0xA9, 0x3B),
    yours: Color32::from_rgb(0x37, 0xC2, 0xB1),
    theirs: Color32::from_rgb(0x9A, 0x86, 0xF5),
    ok: Color32::from_rgb(0x4C, 0xC3, 0x8A),
    warn: Color32::from_rgb(0xF2, 0xA9, 0x3B),
    critical: Color32::from_rgb(0xF0, 0x59, 0x3E),
    unknown: Color32::from_rgb(0x7A, 0x86, 0x96),
    gm: Color32::from_rgb(0xE5, 0x8F, 0xB1),
    gm_text: Color32::from_rgb(0xE5, 0x8F, 0xB1),
    page: Color32::from_rgb(0x24, 0x1F, 0x17),
    series: Color32::from_rgb(0xC4, 0xCE, 0xDB),
    usual: Color32::from_rgb(0x5F, 0x6B, 0x7B),
    output: Color32::from_rgb(0xD4, 0xDB, 0xE5),
    ghost: Color32::from_rgb(0x8B, 0x97, 0xA7),
    strong: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    on_fill: Color32::from_rgb(0x0E, 0x11, 0x16),
    edge: Color32::from_rgb(0x56, 0x62, 0x73),
};

/// The light theme: the same roles at the same contrast on paper.
pub static LIGHT: Tokens = Tokens {
    ink: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    panel: Color32::from_rgb(0xF5, 0xF7, 0xFA),
    raised: Color32::from_rgb(0xE9, 0xED, 0xF2),
    line: Color32::from_rgb(0xC6, 0xCE, 0xD8),
    text: Color32::from_rgb(0x14, 0x1A, 0x22),
    muted: Color32::from_rgb(0x4D, 0x5A, 0x6A),
    amber: Color32::from_rgb(0xF2, 0xA9, 0x3B),
    amber_text: Color32::from_rgb(0x8F, 0x56, 0x00),
    yours: Color32::from_rgb(0x0A, 0x75, 0x69),
    theirs: Color32::from_rgb(0x5B, 0x45, 0xC9),
    ok: Color32::from_rgb(0x17, 0x73, 0x48),
    warn: Color32::from_rgb(0x8F, 0x56, 0x00),
    critical: Color32::from_rgb(0xB8, 0x2D, 0x14),
    unknown: Color32::from_rgb(0x55, 0x61, 0x70),
    gm: Color32::from_rgb(0xE5, 0x8F, 0xB1),
    gm_text: Color32::from_rgb(0x9A, 0x2F, 0x5E),
    page: Color32::from_rgb(0xFF, 0xF3, 0xDC),
    series: Color32::from_rgb(0x2C, 0x38, 0x47),
    usual: Color32::from_rgb(0x8A, 0x96, 0xA5),
    output: Color32::from_rgb(0x1F, 0x29, 0x35),
    ghost: Color32::from_rgb(0x5C, 0x69, 0x79),
    strong: Color32::from_rgb(0x0B, 0x10, 0x16),
    on_fill: Color32::from_rgb(0x0E, 0x11, 0x16),
    edge: Color32::from_rgb(0x9A, 0xA6, 0xB5),
};

/// The tokens of the theme that the `Ui` is drawn in.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// The family of semi-bold text.
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Regular text of `size`.
pub fn regular_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Semi-bold text of `size`.
pub fn semibold_font(size: f32) -> FontId {
    FontId::new(size, semibold())
}

/// Console text of `size`.
pub fn mono_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Colour of a state; it never stands alone ([`crate::ui::widget::status_glyph`], [`status_key`]).
pub fn status_color(t: &Tokens, health: Health) -> Color32 {
    match health {
        Health::Ok => t.ok,
        Health::Warning => t.warn,
        Health::Critical => t.critical,
        Health::Unknown => t.unknown,
    }
}

/// Catalogue key of a state's word.
pub fn status_key(health: Health) -> &'static str {
    match health {
        Health::Ok => "status-ok",
        Health::Warning => "status-warning",
        Health::Critical => "status-critical",
        Health::Unknown => "status-unknown",
    }
}

/// The bundled fonts: Pretendard for text, Nanum Gothic Coding first in the console's family.
pub fn fonts() -> FontDefinitions {
    let mut defs = FontDefinitions::default();
    let data: [(&str, &'static [u8]); 3] = [
        ("pretendard", include_bytes!("../../assets/fonts/Pretendard-Regular.otf")),
        ("pretendard-semibold", include_bytes!("../../assets/fonts/Pretendard-SemiBold.otf")),
        ("nanum-coding", include_bytes!("../../assets/fonts/NanumGothicCoding-Regular.ttf")),
    ];
    for (name, bytes) in data {
        defs.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = defs.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let chain = |first: &[&str]| -> Vec<String> {
        first.iter().map(|s| (*s).to_owned()).chain(fallback.iter().cloned()).collect()
    };
    defs.families.insert(FontFamily::Proportional, chain(&["pretendard", "nanum-coding"]));
    defs.families.insert(semibold(), chain(&["pretendard-semibold", "pretendard", "nanum-coding"]));
    defs.families.insert(FontFamily::Monospace, chain(&["nanum-coding", "pretendard"]));
    defs
}

/// Sets fonts and styles of a context. Fonts are there from the next pass on: see [`ensure`].
pub fn apply(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.style_mut_of(egui::Theme::Dark, |s| style(s, &DARK));
    ctx.style_mut_of(egui::Theme::Light, |s| style(s, &LIGHT));
    ctx.options_mut(|o| {
        // Ctrl +/- zoom is the program's own setting; egui's would move the grid under the reader.
        o.zoom_with_keyboard = false;
    });
}

/// Whether the bundled fonts are there; if not, asks for them and for another pass, and the caller draws nothing.
pub fn ensure(ctx: &Context) -> bool {
    let family = semibold();
    if ctx.fonts(|f| f.definitions().families.contains_key(&family)) {
        return true;
    }
    apply(ctx);
    ctx.request_repaint();
    false
}

fn style(s: &mut egui::Style, t: &Tokens) {
    s.text_styles = [
        (TextStyle::Small, regular_font(LABEL)),
        (TextStyle::Body, regular_font(BODY)),
        (TextStyle::Button, regular_font(BODY)),
        (TextStyle::Heading, semibold_font(HEADING)),
        (TextStyle::Monospace, mono_font(BODY)),
    ]
    .into();
    s.spacing.item_spacing = egui::vec2(GAP, GAP);
    s.spacing.button_padding = egui::vec2(12.0, 4.0);
    s.spacing.interact_size = egui::vec2(CONTROL, CONTROL);
    s.spacing.window_margin = Margin::same(16);
    s.spacing.menu_margin = Margin::same(8);
    s.spacing.scroll.floating = true;
    s.spacing.scroll.bar_width = 6.0;
    s.spacing.combo_width = 80.0;
    // Rows under the pointer are told apart by their ground, so text must not steal the drag.
    s.interaction.selectable_labels = false;
    s.animation_time = 0.0;
    let v = &mut s.visuals;
    v.panel_fill = t.panel;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.line);
    v.window_corner_radius = CornerRadius::same(CARD_RADIUS);
    v.menu_corner_radius = CornerRadius::same(CARD_RADIUS);
    v.extreme_bg_color = t.ink;
    v.text_edit_bg_color = Some(t.ink);
    v.faint_bg_color = t.raised;
    v.code_bg_color = t.ink;
    v.hyperlink_color = t.text;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.critical;
    v.weak_text_color = Some(t.muted);
    v.selection.bg_fill = t.line;
    v.selection.stroke = Stroke::new(1.0, t.strong);
    v.text_cursor.stroke = Stroke::new(2.0, t.strong);
    let radius = CornerRadius::same(CONTROL_RADIUS);
    let set = |w: &mut egui::style::WidgetVisuals, fill: Color32, edge: Color32, text: Color32| {
        w.bg_fill = fill;
        w.weak_bg_fill = fill;
        w.bg_stroke = Stroke::new(1.0, edge);
        w.fg_stroke = Stroke::new(1.0, text);
        w.corner_radius = radius;
        w.expansion = 0.0;
    };
    set(&mut v.widgets.noninteractive, t.panel, t.line, t.text);
    set(&mut v.widgets.inactive, t.raised, t.line, t.text);
    set(&mut v.widgets.hovered, t.line, t.muted, t.strong);
    set(&mut v.widgets.active, t.line, t.strong, t.strong);
    set(&mut v.widgets.open, t.line, t.muted, t.strong);
}
