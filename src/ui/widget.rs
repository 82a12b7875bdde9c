//! Painted parts shared by every screen: text at a place, buttons, key caps, status glyphs, headers, chips, tabs.
//!
//! Places are given as rectangles, because the rooms stand on a fixed grid. Everything that can be pressed has an accessible
//! label of its own, which is also its handle in tests.

mod button;
mod shape;
mod text;

pub use button::{Kind, button, chip, chip_width, key_cap, key_cap_width, mix, row_button, tab, tab_width};
pub use shape::{
    MarkShape, area_under, dashed_circle, dashed_rect, diamond, disc, hatch, hline, mark, ring, status_glyph,
    triangle_up, vline,
};
pub use text::{Ink, fit, paint, paint_tabular, paint_wrapped, put, put_wrapped, width, wrapped_height};

use crate::ui::theme::{self, Tokens};
use egui::{Rect, Response, Ui, UiBuilder, pos2};

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

/// A section's header: a hairline below, a muted title, a muted note at the right.
pub fn section(ui: &mut Ui, rect: Rect, title: &str, note: &str) {
    let t: &Tokens = theme::tokens(ui);
    let ink = Ink::label(t.muted);
    let note_width = width(ui, note, &ink);
    put(ui, pos2(rect.right() - theme::MARGIN, rect.center().y), egui::Align2::RIGHT_CENTER, note, &ink);
    let title = fit(ui, title, &ink, rect.width() - 3.0 * theme::MARGIN - note_width);
    put(ui, pos2(rect.left() + theme::MARGIN, rect.center().y), egui::Align2::LEFT_CENTER, &title, &ink);
    hline(ui, rect.x_range(), rect.bottom(), t.line);
}

/// A text field with a frame, a white focus ring and an accessible label. Several rows make it a field of lines.
pub fn field(
    ui: &mut Ui,
    rect: Rect,
    id: egui::Id,
    text: &mut String,
    hint: &str,
    rows: usize,
    aria: &str,
) -> Response {
    let t: &Tokens = theme::tokens(ui);
    let hint = egui::RichText::new(hint).color(t.ghost);
    let edit = if rows > 1 { egui::TextEdit::multiline(text) } else { egui::TextEdit::singleline(text) };
    let edit = edit
        .id(id)
        .hint_text(hint)
        .font(theme::regular_font(theme::BODY))
        .text_color(t.text)
        .frame(egui::Frame::NONE.inner_margin(egui::Margin::symmetric(8, 6)))
        .char_limit(500)
        .desired_rows(rows)
        .desired_width(rect.width() - 16.0)
        .vertical_align(if rows > 1 { egui::Align::TOP } else { egui::Align::Center })
        .min_size(rect.size());
    ui.painter().rect_filled(rect, theme::CONTROL_RADIUS, t.ink);
    let response = area(ui, &format!("field-{aria}"), rect, |ui| ui.put(rect, edit));
    let edge = if response.has_focus() { t.strong } else { t.line };
    let stroke = egui::Stroke::new(1.0, edge);
    ui.painter().rect_stroke(rect, theme::CONTROL_RADIUS, stroke, egui::StrokeKind::Inside);
    let value = text.clone();
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, aria);
        info.current_text_value = Some(value.clone());
        info
    });
    response
}
