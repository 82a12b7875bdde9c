//! A row of the original with its source, what witnesses wrote beside it, and a field for one more note.

use super::{DebriefUiState, both_times};
use crate::locale::{Arg, Locale};
use crate::ui::front::press;
use crate::ui::theme;
use crate::ui::widget::{self, Ink, Kind};
use crate::view::action::UiAction;
use crate::view::debrief::DebriefVm;
use crate::view::words::say;
use egui::{Align2, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the card of the chosen row over the page, if one is chosen.
pub(super) fn card(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let Some((row, draft)) = &mut state.witness else { return };
    let Some(mark) = vm.original.iter().find(|m| m.id == *row) else {
        state.witness = None;
        return;
    };
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let size = vec2(640.0_f32.min(full.width() - 64.0), 232.0 + 44.0 * mark.notes.len().min(4) as f32);
    let rect = Rect::from_center_size(full.center(), size);
    let mut close = false;
    let mut sent = false;
    egui::Area::new(egui::Id::new("debrief-witness")).fixed_pos(full.min).order(egui::Order::Foreground).show(
        ui.ctx(),
        |ui| {
            ui.set_clip_rect(full);
            ui.painter().rect_filled(full, 0, t.ink.gamma_multiply(0.6));
            close |= press(ui, full, &locale.say("dui-witness-close")).clicked();
            ui.painter().rect(rect, 12, t.panel, Stroke::new(1.0, t.theirs), StrokeKind::Inside);
            // The card itself takes presses, so that one on it does not close it.
            ui.interact(rect, ui.id().with("witness-card"), egui::Sense::click());
            let inner = rect.shrink2(vec2(28.0, 22.0));
            let time = both_times(locale, vm, mark.t_s);
            let mut y = inner.top() + 10.0;
            widget::put(ui, pos2(inner.left(), y), Align2::LEFT_CENTER, &time, &Ink::new(14.0, t.theirs));
            y += 16.0;
            let text = say(locale, &mark.text);
            y = widget::put_wrapped(ui, pos2(inner.left(), y), inner.width(), 2, &text, &Ink::bold(16.0, t.text))
                .rect
                .bottom();
            let source = if mark.source.is_empty() { locale.say("dui-witness-no-source") } else { mark.source.clone() };
            let ink = Ink::new(14.0, t.muted);
            y = widget::put_wrapped(ui, pos2(inner.left(), y + 2.0), inner.width(), 1, &source, &ink).rect.bottom()
                + 8.0;
            for (by, words) in mark.notes.iter().rev().take(4).rev() {
                let bar = Rect::from_min_size(pos2(inner.left(), y + 2.0), vec2(3.0, 36.0));
                ui.painter().rect_filled(bar, 0, t.theirs);
                let words = format!("{words}  ({})", super::seat_word(locale, by));
                widget::put_wrapped(
                    ui,
                    pos2(inner.left() + 12.0, y),
                    inner.width() - 12.0,
                    2,
                    &words,
                    &Ink::new(14.0, t.text),
                );
                y += 44.0;
            }
            let head = locale.say("dui-witness-ask");
            widget::put(ui, pos2(inner.left(), y + 8.0), Align2::LEFT_CENTER, &head, &Ink::bold(14.0, t.text));
            y += 22.0;
            let word = locale.say("dui-reflect-keep");
            let wide = widget::width(ui, &word, &Ink::body(t.text)) + 28.0;
            let button = Rect::from_min_size(pos2(inner.right() - wide, y), vec2(wide, 36.0));
            let field = Rect::from_min_max(pos2(inner.left(), y), pos2(button.left() - 8.0, y + 36.0));
            let id = egui::Id::new("witness-note");
            let response = widget::field(ui, field, id, draft, &locale.say("dui-witness-hint"), 1, &head);
            sent |= response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let aria = locale.text("dui-reflect-keep-aria", &[("what", Arg::Word(head.clone()))]);
            sent |= widget::button(ui, button, Kind::Plain, &word, "", &aria).clicked();
        },
    );
    if sent && !draft.trim().is_empty() {
        let text = draft.split_whitespace().collect::<Vec<_>>().join(" ");
        let seat = vm.seats.first().cloned().unwrap_or_else(|| "primary".to_owned());
        out.push(UiAction::Witness { seat, row: row.clone(), text });
        draft.clear();
    }
    if close {
        state.witness = None;
    }
}
