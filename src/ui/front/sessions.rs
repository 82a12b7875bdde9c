//! The sessions that were played here, as a sheet of the title: date, incident, word and difference to par; opened again by Enter.

use super::overlay::sheet;
use super::{Frame, FrontUiState, Sheet, action, escape, key, press};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::front::{CameTo, PastRow};
use crate::view::words::author_text;
use egui::{Align2, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Height of a row.
const ROW: f32 = 44.0;

/// Draws the list.
pub fn sessions_ui(ui: &mut Ui, locale: &Locale, rows: &[PastRow], state: &mut FrontUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    let inner = sheet(ui, &f, &locale.say("front-sessions"));
    let done = Rect::from_min_size(pos2(inner.left(), inner.bottom() - 48.0), vec2(200.0, 48.0));
    let word = locale.say("front-done");
    if action(ui, done, false, &word, "Esc", 16.0, &word) || escape(ui) || key(ui, Key::P) {
        state.sheet = Sheet::None;
    }
    let list = Rect::from_min_max(inner.left_top() + vec2(0.0, 56.0), pos2(inner.right(), done.top() - 16.0));
    if rows.is_empty() {
        let text = locale.say("front-sessions-none");
        widget::put(ui, list.left_top() + vec2(0.0, 16.0), Align2::LEFT_CENTER, &text, &Ink::new(16.0, t.muted));
        return;
    }
    let before = state.session_row.min(rows.len() - 1);
    state.session_row = before;
    if key(ui, Key::ArrowDown) {
        state.session_row = (before + 1).min(rows.len() - 1);
    }
    if key(ui, Key::ArrowUp) {
        state.session_row = before.saturating_sub(1);
    }
    let moved = before != state.session_row;
    let mut chosen = key(ui, Key::Enter).then_some(state.session_row);
    widget::area(ui, "sessions", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (i, row) in rows.iter().enumerate() {
                let (_, rect) = ui.allocate_space(vec2(list.width() - 14.0, ROW));
                if state.session_row == i && moved {
                    ui.scroll_to_rect(rect, None);
                }
                if line(ui, locale, row, rect, state.session_row == i) {
                    state.session_row = i;
                    chosen = Some(i);
                }
            }
        });
    });
    if let Some(row) = chosen.and_then(|i| rows.get(i)).filter(|r| !matches!(r.came_to, CameTo::Unreadable(_))) {
        state.sheet = Sheet::None;
        out.push(UiAction::OpenSession(row.number));
    }
}

/// One row; whether it was pressed.
fn line(ui: &mut Ui, locale: &Locale, row: &PastRow, rect: Rect, on: bool) -> bool {
    let t = theme::tokens(ui);
    let name = author_text(locale, &row.name);
    let (word, delta) = match &row.came_to {
        CameTo::Word(key, delta) => (locale.say(key), delta.as_str()),
        CameTo::Open => (locale.say("front-sessions-open"), ""),
        CameTo::Unreadable(why) => (why.clone(), ""),
    };
    let args = [
        ("date", Arg::Word(row.date.clone())),
        ("name", Arg::Word(name.to_owned())),
        ("word", Arg::Word(word.clone())),
    ];
    let response = press(ui, rect, &locale.text("front-sessions-row", &args)).on_hover_text(&word);
    if on {
        ui.painter().rect(rect, 8, t.raised, Stroke::new(1.0, t.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 8, t.raised.gamma_multiply(0.5));
    }
    let y = rect.center().y;
    let ink = Ink::new(14.0, t.muted);
    let date = widget::paint(ui, pos2(rect.left() + 12.0, y), Align2::LEFT_CENTER, &row.date, &ink);
    let x = date.right().max(rect.left() + 92.0) + 16.0;
    let mut right = rect.right() - 12.0;
    if !delta.is_empty() {
        right = widget::paint(ui, pos2(right, y), Align2::RIGHT_CENTER, delta, &Ink::bold(16.0, t.yours)).left() - 16.0;
    }
    let room = right - x;
    let bold = Ink::bold(16.0, t.text);
    // The name has what the word leaves, and never less than half.
    let shown = widget::fit(ui, name, &bold, (room - widget::width(ui, &word, &ink) - 16.0).max(room * 0.5));
    let end = widget::paint(ui, pos2(x, y), Align2::LEFT_CENTER, &shown, &bold).right() + 16.0;
    let word = widget::fit(ui, &word, &ink, (right - end).max(0.0));
    widget::paint(ui, pos2(right, y), Align2::RIGHT_CENTER, &word, &ink);
    response.clicked()
}
