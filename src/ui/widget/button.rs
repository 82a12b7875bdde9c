//! What can be pressed: buttons, key caps, chips, tabs, rows.

use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{Ink, paint, width};
use egui::{Align2, Color32, Id, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// Kind of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Amber: what needs you now.
    Primary,
    /// Outlined.
    Plain,
    /// Rose: the game master's.
    Gm,
}

/// Width of a key cap.
pub fn key_cap_width(ui: &Ui, key: &str) -> f32 {
    if key.is_empty() { 0.0 } else { (width(ui, key, &Ink::label(Color32::WHITE)) + 10.0).max(20.0) }
}

/// A key cap of 20 points, left-centred at `at`. Returns its width.
pub fn key_cap(ui: &Ui, at: egui::Pos2, key: &str, color: Color32) -> f32 {
    if key.is_empty() {
        return 0.0;
    }
    let w = key_cap_width(ui, key);
    let rect = Rect::from_min_size(pos2(at.x, at.y - 10.0), vec2(w, 20.0));
    let edge = color.gamma_multiply(0.45);
    ui.painter().rect(rect, 4, Color32::TRANSPARENT, Stroke::new(1.0, edge), StrokeKind::Inside);
    paint(ui, rect.center(), Align2::CENTER_CENTER, key, &Ink::label(color));
    w
}

fn pressable(ui: &Ui, rect: Rect, salt: &str, aria: &str, selected: Option<bool>) -> Response {
    let id: Id = ui.id().with(("press", salt));
    let response = ui.interact(rect, id, Sense::click());
    let kind = if selected.is_some() { WidgetType::SelectableLabel } else { WidgetType::Button };
    let enabled = ui.is_enabled();
    response.widget_info(|| match selected {
        Some(on) => WidgetInfo::selected(kind, enabled, on, aria),
        None => WidgetInfo::labeled(kind, enabled, aria),
    });
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    response
}

fn focus_ring(ui: &Ui, rect: Rect, response: &Response, t: &Tokens) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            theme::CONTROL_RADIUS + 2,
            Stroke::new(2.0, t.strong),
            StrokeKind::Inside,
        );
    }
}

/// A button with visible `text`, a key cap (or none) and an accessible label `aria` that no other widget has.
pub fn button(ui: &mut Ui, rect: Rect, kind: Kind, text: &str, key: &str, aria: &str) -> Response {
    let t = theme::tokens(ui);
    let response = pressable(ui, rect, aria, aria, None);
    let hot = response.hovered() || response.is_pointer_button_down_on();
    let (fill, edge, ink) = match kind {
        Kind::Primary => (t.amber, t.amber, t.on_fill),
        Kind::Gm => (t.gm, t.gm, t.on_fill),
        Kind::Plain => (t.raised, t.edge.gamma_multiply(0.8), t.text),
    };
    let (fill, edge, ink) = if ui.is_enabled() { (fill, edge, ink) } else { (t.raised, t.line, t.muted) };
    let fill = if hot && ui.is_enabled() { mix(fill, t.strong, 0.10) } else { fill };
    ui.painter().rect(rect, theme::CONTROL_RADIUS, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let ink = Ink::bold(theme::BODY, ink);
    let cap = key_cap_width(ui, key);
    let gap = if cap > 0.0 { theme::GAP } else { 0.0 };
    let text = crate::ui::widget::fit(ui, text, &ink, rect.width() - cap - gap - 12.0);
    let w = width(ui, &text, &ink);
    let left = rect.center().x - (w + gap + cap) / 2.0;
    paint(ui, pos2(left, rect.center().y), Align2::LEFT_CENTER, &text, &ink);
    key_cap(ui, pos2(left + w + gap, rect.center().y), key, ink.color);
    focus_ring(ui, rect, &response, t);
    response
}

/// Width that [`chip`] wants for a text.
pub fn chip_width(ui: &Ui, text: &str) -> f32 {
    width(ui, text, &Ink::bold(theme::LABEL, Color32::WHITE)) + 16.0
}

/// One of several choices: filled when chosen.
pub fn chip(ui: &mut Ui, rect: Rect, text: &str, chosen: bool, aria: &str) -> Response {
    let t = theme::tokens(ui);
    let response = pressable(ui, rect, aria, aria, Some(chosen));
    let ink = if chosen {
        ui.painter().rect_filled(rect, theme::CONTROL_RADIUS, t.text);
        Ink::bold(theme::LABEL, t.ink)
    } else if response.hovered() {
        ui.painter().rect_filled(rect, theme::CONTROL_RADIUS, t.line);
        Ink::label(t.text)
    } else {
        Ink::label(t.muted)
    };
    let text = crate::ui::widget::fit(ui, text, &ink, rect.width() - 4.0);
    paint(ui, rect.center(), Align2::CENTER_CENTER, &text, &ink);
    focus_ring(ui, rect, &response, t);
    response
}

/// Width of a tab with its key cap.
pub fn tab_width(ui: &Ui, text: &str, key: &str) -> f32 {
    let cap = key_cap_width(ui, key);
    width(ui, text, &Ink::bold(theme::BODY, Color32::WHITE)) + if cap > 0.0 { cap + theme::GAP } else { 0.0 }
}

/// A tab in a bar of 40 points: the chosen one is white with a line under it.
pub fn tab(ui: &mut Ui, rect: Rect, text: &str, key: &str, chosen: bool, aria: &str) -> Response {
    let t = theme::tokens(ui);
    let response = pressable(ui, rect, aria, aria, Some(chosen));
    let ink = if chosen {
        Ink::bold(theme::BODY, t.text)
    } else if response.hovered() {
        Ink::body(t.text)
    } else {
        Ink::body(t.muted)
    };
    let drawn = paint(ui, pos2(rect.left(), rect.center().y), Align2::LEFT_CENTER, text, &ink);
    key_cap(ui, pos2(drawn.right() + theme::GAP, rect.center().y), key, t.muted);
    if chosen {
        let line =
            Rect::from_min_max(pos2(rect.left() - 4.0, rect.bottom() - 2.0), rect.right_bottom() + vec2(4.0, 0.0));
        ui.painter().rect_filled(line, 0, t.strong);
    }
    focus_ring(ui, rect.shrink2(vec2(0.0, 6.0)).expand2(vec2(4.0, 0.0)), &response, t);
    response
}

/// A whole row that can be pressed: its ground lights up under the pointer; the caller paints on it.
pub fn row_button(ui: &mut Ui, rect: Rect, chosen: bool, aria: &str) -> Response {
    let t = theme::tokens(ui);
    let response = pressable(ui, rect, aria, aria, Some(chosen));
    if chosen || response.hovered() {
        ui.painter().rect_filled(rect, 0, t.raised);
    }
    focus_ring(ui, rect.shrink(2.0), &response, t);
    response
}

/// A share of the second colour in the first, from 0 to 1.
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    let m = |x: u8, y: u8| (f32::from(x) + (f32::from(y) - f32::from(x)) * share) as u8;
    Color32::from_rgb(m(a.r(), b.r()), m(a.g(), b.g()), m(a.b(), b.b()))
}
