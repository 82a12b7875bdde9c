//! Painted parts shared by every screen: text at a place, buttons, key caps, status glyphs, headers, chips, tabs.
//!
//! Places are given as rectangles, because the rooms stand on a fixed grid. Everything that can be pressed has an accessible
//! label of its own, which is also its handle in tests.

mod button;
mod shape;
mod text;

pub use button::{Kind, button, chip, chip_width, key_cap, key_cap_width, row_button, tab, tab_width};
pub use shape::{
    MarkShape, dashed_circle, dashed_rect, diamond, disc, hatch, hline, mark, ring, status_glyph, triangle_up, vline,
};
pub use text::{Ink, fit, paint, paint_tabular, paint_wrapped, put, put_wrapped, width};

use crate::ui::theme::{self, Tokens};
use egui::{Rect, Ui, UiBuilder, pos2};

/// A child `Ui` that owns exactly `rect` and clips to it.
pub fn area<R>(ui: &mut Ui, id: &str, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().id_salt(id).max_rect(rect), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        add(ui)
    })
    .inner
}

/// A card: fill, hairline and the card radius.
pub fn card(ui: &Ui, rect: Rect, fill: egui::Color32, edge: egui::Color32) {
    let stroke = egui::Stroke::new(1.0, edge);
    ui.painter().rect(rect, theme::CARD_RADIUS, fill, stroke, egui::StrokeKind::Inside);
}

/// A section's header of 32 points: a hairline below, a muted title, a muted note at the right. Returns its rectangle.
pub fn section(ui: &mut Ui, top: f32, title: &str, note: &str) -> Rect {
    let t: &Tokens = theme::tokens(ui);
    let full = ui.max_rect();
    let rect = Rect::from_min_max(pos2(full.left(), top), pos2(full.right(), top + 32.0));
    let note_ink = Ink::label(t.muted);
    let note_width = width(ui, note, &note_ink);
    put(ui, pos2(rect.right() - theme::MARGIN, rect.center().y), egui::Align2::RIGHT_CENTER, note, &note_ink);
    let room = rect.width() - 3.0 * theme::MARGIN - note_width;
    let ink = Ink::label(t.muted);
    let title = fit(ui, title, &ink, room);
    put(ui, pos2(rect.left() + theme::MARGIN, rect.center().y), egui::Align2::LEFT_CENTER, &title, &ink);
    hline(ui, rect.x_range(), rect.bottom(), t.line);
    rect
}
