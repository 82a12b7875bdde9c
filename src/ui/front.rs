//! The screens before a session: title, wheel, landing card, briefing, library. On the wheel's screens the ground stays clear: the wheel is drawn beneath.

mod briefing;
mod face;
mod landing;
mod library;
mod map;
mod markdown;
mod overlay;
mod sessions;
mod title;
mod wheel;

pub use briefing::briefing_ui;
pub use face::letter;
pub use landing::landing_ui;
pub use library::library_ui;
pub use markdown::markdown_ui;
pub use overlay::{keys_ui, settings_ui};
pub use sessions::sessions_ui;
pub use title::title_ui;
pub use wheel::wheel_ui;

use crate::locale::{Arg, Locale};
use crate::scenario::Level;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use egui::{Align2, Color32, Key, Modifiers, Pos2, Rect, Ui, pos2, vec2};

/// What these screens remember between frames: a choice, an open sheet, words being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontUiState {
    /// Chosen row of the title.
    pub title_row: usize,
    /// Chosen row of the sessions.
    pub session_row: usize,
    /// Chosen row of the library.
    pub library_row: usize,
    /// The open sheet.
    pub sheet: Sheet,
    /// Names being edited, one a line.
    pub names: String,
}

/// A sheet over a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// None.
    #[default]
    None,
    /// The volunteers' names.
    Names,
    /// The game master's list.
    Pins,
    /// Settings.
    Settings,
    /// Sessions that were played here.
    Sessions,
}

/// The 1920×1080 drawing laid over the window: places scale, type keeps to its sizes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    rect: Rect,
    k: egui::Vec2,
}

impl Frame {
    pub(crate) fn new(ui: &Ui) -> Frame {
        let rect = ui.max_rect();
        Frame { rect, k: vec2(rect.width() / 1920.0, rect.height() / 1080.0) }
    }

    pub(crate) fn at(&self, x: f32, y: f32) -> Pos2 {
        pos2(self.rect.left() + (x * self.k.x).round(), self.rect.top() + (y * self.k.y).round())
    }

    pub(crate) fn rect(&self, x0: f32, y0: f32, x1: f32, y1: f32) -> Rect {
        Rect::from_min_max(self.at(x0, y0), self.at(x1, y1))
    }

    /// Type of a size in a window of this height: on small windows one step down the scale, never under 12.
    pub(crate) fn size(&self, size: f32) -> f32 {
        if self.k.y > 0.8 {
            return size;
        }
        match size {
            s if s >= 40.0 => 28.0,
            s if s >= 28.0 => 20.0,
            s if s >= 20.0 => 16.0,
            s if s >= 14.0 => 14.0,
            s => s,
        }
    }

    pub(crate) fn small(&self) -> bool {
        self.k.y <= 0.8
    }
}

/// A key that no text field and no focused control wants. Letters work with either case.
pub(crate) fn key(ui: &Ui, key: Key) -> bool {
    let busy = ui.ctx().egui_wants_keyboard_input();
    let focused = matches!(key, Key::Enter | Key::Space) && ui.memory(|m| m.focused().is_some());
    !busy
        && !focused
        && (ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) || key == Key::Questionmark && question(ui))
}

/// A question mark as some keyboards send it: a slash with Shift.
pub(crate) fn question(ui: &Ui) -> bool {
    ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::Slash))
}

/// Escape, which also works while a text field has the focus.
pub(crate) fn escape(ui: &Ui) -> bool {
    ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape))
}

/// Word of a level.
pub(crate) fn level_word(locale: &Locale, level: Level) -> String {
    locale.say(match level {
        Level::Easy => "front-level-easy",
        Level::Medium => "front-level-medium",
        Level::Hard => "front-level-hard",
    })
}

/// Number of filled pips of a level.
pub(crate) fn level_pips(level: Level) -> usize {
    match level {
        Level::Easy => 1,
        Level::Medium => 2,
        Level::Hard => 3,
    }
}

/// Three pips from `at` to the right. Returns the right edge.
pub(crate) fn pips(ui: &Ui, at: Pos2, half: f32, level: Level, color: Color32) -> f32 {
    for i in 0..3 {
        let centre = pos2(at.x + half + i as f32 * half * 3.0, at.y);
        widget::diamond(ui, centre, half * 2.0, color, i < level_pips(level));
    }
    at.x + half * 8.0
}

/// "About 25 min" from expected minutes: the middle, rounded to five.
pub(crate) fn about_minutes(locale: &Locale, minutes: (u32, u32)) -> String {
    let middle = i64::from((minutes.0 + minutes.1) / 2);
    locale.text("front-about-min", &[("n", Arg::Number(((middle + 2) / 5 * 5).max(5)))])
}

/// A key cap with words that together are one button. Returns whether it was pressed and its right edge.
pub(crate) fn hint(ui: &mut Ui, at: Pos2, cap: &str, words: &str, aria: &str) -> (bool, f32) {
    let t = theme::tokens(ui);
    let ink = Ink::new(14.0, t.muted);
    let cap_px = widget::key_cap_width(ui, cap);
    let right = at.x + cap_px + 8.0 + widget::width(ui, words, &ink);
    let rect = Rect::from_min_max(pos2(at.x - 4.0, at.y - 14.0), pos2(right + 4.0, at.y + 14.0));
    let pressed = press(ui, rect, aria).clicked();
    widget::key_cap(ui, at, cap, t.text);
    widget::paint(ui, pos2(at.x + cap_px + 8.0, at.y), Align2::LEFT_CENTER, words, &ink);
    (pressed, right)
}

/// As [`hint`], with its right edge given.
pub(crate) fn hint_right(ui: &mut Ui, at: Pos2, cap: &str, words: &str, aria: &str) -> (bool, f32) {
    let t = theme::tokens(ui);
    let width = widget::key_cap_width(ui, cap) + 8.0 + widget::width(ui, words, &Ink::new(14.0, t.muted));
    let left = at.x - width;
    (hint(ui, pos2(left, at.y), cap, words, aria).0, left)
}

/// A place that can be pressed, with a focus ring, without any paint of its own.
pub(crate) fn press(ui: &mut Ui, rect: Rect, aria: &str) -> egui::Response {
    let response = ui.interact(rect, ui.id().with(("front", aria)), egui::Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, aria));
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    if response.has_focus() {
        let t = theme::tokens(ui);
        let stroke = egui::Stroke::new(2.0, t.text);
        ui.painter().rect_stroke(rect.expand(2.0), 8, stroke, egui::StrokeKind::Inside);
    }
    response
}

/// A large button of the front screens: amber or quiet, text of 16 to 28, a key cap.
pub(crate) fn action(ui: &mut Ui, rect: Rect, amber: bool, text: &str, cap: &str, size: f32, aria: &str) -> bool {
    let t: &Tokens = theme::tokens(ui);
    let response = press(ui, rect, aria);
    let (fill, edge, color) = if amber { (t.amber, t.amber, t.on_fill) } else { (t.raised, t.line, t.text) };
    let fill = if response.hovered() { fill.lerp_to_gamma(t.strong, 0.12) } else { fill };
    let stroke = egui::Stroke::new(1.0, edge);
    ui.painter().rect(rect, 8, fill, stroke, egui::StrokeKind::Inside);
    let ink = if amber { Ink::bold(size, color) } else { Ink::new(size, color) };
    let cap_px = widget::key_cap_width(ui, cap);
    let gap = if cap.is_empty() { 0.0 } else { 12.0 };
    let text = widget::fit(ui, text, &ink, rect.width() - cap_px - gap - 16.0);
    let words = widget::width(ui, &text, &ink);
    let left = rect.center().x - (words + gap + cap_px) / 2.0;
    widget::paint(ui, pos2(left, rect.center().y), Align2::LEFT_CENTER, &text, &ink);
    widget::key_cap(ui, pos2(left + words + gap, rect.center().y), cap, color);
    response.clicked()
}

/// The bar over a screen: Escape and a title at the left. Returns whether it asks to go back.
pub(crate) fn top_bar(ui: &mut Ui, f: &Frame, locale: &Locale, title: &str, note: &str) -> bool {
    let t = theme::tokens(ui);
    let y = f.at(0.0, 44.0).y;
    let back = hint(ui, pos2(f.at(64.0, 0.0).x, y), "Esc", "", &locale.say("front-back")).0;
    let x = f.at(64.0, 0.0).x + widget::key_cap_width(ui, "Esc") + 16.0;
    let drawn = widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, title, &Ink::bold(f.size(20.0), t.text)).rect;
    if !note.is_empty() {
        widget::paint(ui, pos2(drawn.right() + 16.0, y), Align2::LEFT_CENTER, note, &Ink::new(16.0, t.muted));
    }
    widget::hline(ui, f.rect.x_range(), f.at(0.0, 81.0).y, t.line);
    back || escape(ui)
}

/// The two lanes before a session: yours empty from its first dot, theirs hatched and locked.
pub(crate) fn sealed_lanes(ui: &mut Ui, locale: &Locale, label_x: f32, x: egui::Rangef, yours_y: f32, theirs_y: f32) {
    let t = theme::tokens(ui);
    let bold = |c| Ink::bold(14.0, c);
    widget::put(ui, pos2(label_x, yours_y), Align2::LEFT_CENTER, &locale.say("front-yours"), &bold(t.yours));
    widget::put(ui, pos2(label_x, theirs_y), Align2::LEFT_CENTER, &locale.say("front-theirs"), &bold(t.theirs));
    ui.painter().circle_stroke(pos2(x.min + 5.0, yours_y), 5.0, egui::Stroke::new(2.0, t.yours));
    let stroke = egui::Stroke::new(1.5, t.yours.gamma_multiply(0.8));
    let line = [pos2(x.min + 14.0, yours_y), pos2(x.max, yours_y)];
    ui.painter().extend(egui::Shape::dotted_line(&line, stroke.color, 7.0, 1.2));
    let bar = Rect::from_min_max(pos2(x.min, theirs_y - 9.0), pos2(x.max, theirs_y + 9.0));
    ui.painter().rect(
        bar,
        3,
        t.theirs.gamma_multiply(0.12),
        egui::Stroke::new(1.0, t.theirs.gamma_multiply(0.7)),
        egui::StrokeKind::Inside,
    );
    widget::hatch(ui, bar.shrink(2.0), t.theirs.gamma_multiply(0.35));
    let lock = Rect::from_center_size(bar.center(), vec2(28.0, 28.0));
    ui.painter().rect(lock, 6, t.panel, egui::Stroke::new(1.5, t.theirs), egui::StrokeKind::Inside);
    let body = Rect::from_center_size(lock.center() + vec2(0.0, 3.0), vec2(12.0, 9.0));
    ui.painter().rect_filled(body, 1, t.theirs);
    let arc: Vec<Pos2> = (0..=8)
        .map(|i| {
            let a = std::f32::consts::PI * (1.0 + i as f32 / 8.0);
            lock.center() + vec2(a.cos() * 4.0, a.sin() * 5.0 - 1.0)
        })
        .collect();
    ui.painter().add(egui::Shape::line(arc, egui::Stroke::new(1.8, t.theirs)));
}

/// A volunteer's disc.
pub(crate) fn volunteer_disc(ui: &Ui, centre: Pos2, radius: f32, initials: &str, chosen: bool) {
    let t = theme::tokens(ui);
    let (fill, edge, color) = if chosen {
        (t.raised, egui::Stroke::new(2.0, t.amber), t.text)
    } else {
        (t.raised, egui::Stroke::new(1.0, t.edge), t.muted)
    };
    ui.painter().circle(centre, radius, fill, edge);
    let size = (radius * 0.68).clamp(9.0, 18.0);
    widget::paint(ui, centre, Align2::CENTER_CENTER, initials, &Ink::bold(size, color));
}
