//! The menu of exports: one row a form, a digit each, and all of them at once.

use super::DebriefUiState;
use crate::locale::Locale;
use crate::ui::front::press;
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::{ExportForm, UiAction};
use egui::{Align2, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

const ROW: f32 = 44.0;
const DIGITS: [Key; 8] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];

/// What the menu's keys ask for.
pub(super) fn keyboard(ui: &Ui, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let key = |k| ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, k));
    for (i, digit) in DIGITS.into_iter().enumerate() {
        if key(digit) {
            choose(i, state, out);
        }
    }
    if key(Key::Escape) || key(Key::X) {
        state.exports = false;
    }
}

fn choose(i: usize, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    match ExportForm::ALL.get(i) {
        Some(form) => out.push(UiAction::Export(*form)),
        None => out.extend(ExportForm::ALL.map(UiAction::Export)),
    }
    state.exports = false;
}

/// Draws the menu in the middle. A press beside it closes it.
pub(super) fn menu(ui: &mut Ui, locale: &Locale, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let size = vec2(620.0, 108.0 + ROW * DIGITS.len() as f32);
    let rect = Rect::from_center_size(full.center(), size);
    // On a layer of its own, so that a press on it does not reach the page behind.
    egui::Area::new(egui::Id::new("debrief-exports")).fixed_pos(full.min).order(egui::Order::Foreground).show(
        ui.ctx(),
        |ui| {
            ui.set_clip_rect(full);
            ui.painter().rect_filled(full, 0, t.ink.gamma_multiply(0.72));
            let outside = press(ui, full, &locale.say("dui-export-close")).clicked();
            ui.painter().rect(rect, 12, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
            let head = rect.min + vec2(28.0, 34.0);
            widget::put(ui, head, Align2::LEFT_CENTER, &locale.say("dui-export-head"), &Ink::bold(20.0, t.text));
            let note = head + vec2(0.0, 26.0);
            let ink = Ink::new(14.0, t.muted);
            widget::put(ui, note, Align2::LEFT_CENTER, &locale.say("dui-export-note"), &ink);
            let mut chosen = None;
            for i in 0..DIGITS.len() {
                let form = ExportForm::ALL.get(i);
                let words = locale.say(form.map_or("dui-export-all", |f| f.key()));
                let top = rect.top() + 84.0 + ROW * i as f32;
                let row = Rect::from_min_size(pos2(rect.left() + 12.0, top), vec2(size.x - 24.0, ROW - 4.0));
                let response = press(ui, row, &words);
                if response.hovered() {
                    ui.painter().rect_filled(row, 6, t.raised);
                }
                let y = row.center().y;
                widget::key_cap(ui, pos2(row.left() + 16.0, y), &(i + 1).to_string(), t.text);
                widget::put(ui, pos2(row.left() + 56.0, y), Align2::LEFT_CENTER, &words, &Ink::bold(16.0, t.text));
                let file = form.map_or("", |f| f.file());
                widget::paint(ui, pos2(row.right() - 16.0, y), Align2::RIGHT_CENTER, file, &Ink::mono(14.0, t.muted));
                if response.clicked() {
                    chosen = Some(i);
                }
            }
            match chosen {
                Some(i) => choose(i, state, out),
                None if outside => state.exports = false,
                None => {}
            }
        },
    );
}
