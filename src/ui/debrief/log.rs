//! The log beside the debrief: every fact of note, the cited one lit.

use super::{DebriefUiState, both_times};
use crate::locale::{Arg, Locale};
use crate::ui::front::press;
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::say;
use egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the log into `rect`.
pub(super) fn log(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, rect: Rect) {
    let t = theme::tokens(ui);
    ui.painter().rect_filled(rect, 0, t.panel);
    widget::vline(ui, rect.left() + 1.0, rect.y_range(), t.line);
    let at = pos2(rect.left() + 24.0, rect.top() + 24.0);
    widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("dui-log"), &Ink::bold(20.0, t.text));
    let n = locale.text("dui-log-count", &[("n", Arg::Number(vm.log.len() as i64))]);
    let at = pos2(rect.right() - 24.0, rect.top() + 24.0);
    widget::put(ui, at, Align2::RIGHT_CENTER, &n, &Ink::new(14.0, t.muted));
    let list = Rect::from_min_max(rect.min + vec2(8.0, 48.0), rect.max - vec2(0.0, 8.0));
    widget::area(ui, "debrief-log", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for row in &vm.log {
                let lit = state.shown == Some(row.id);
                let text = say(locale, &row.text);
                let top = ui.cursor().min;
                let width = list.width() - 16.0;
                let time = Ink::new(14.0, if row.ours { t.yours } else { t.muted });
                let ink = Ink::new(14.0, if lit || row.ours { t.text } else { t.muted });
                let x = top.x + 76.0;
                let id = format!("#{}", row.id);
                let id_px = widget::width(ui, &id, &Ink::new(12.0, t.muted));
                let words = if row.who.is_empty() {
                    text
                } else {
                    format!("{}: {text}", crate::ui::panel::name(locale, &row.who, row.role.as_ref()))
                };
                // The ground goes under the words, so the words are measured before they are painted.
                let lines = (widget::width(ui, &words, &ink) / (width - 76.0 - id_px - 16.0)).ceil().clamp(1.0, 3.0);
                let (_, whole) = ui.allocate_space(vec2(width, lines * 20.0 + 10.0));
                let response =
                    press(ui, whole, &format!("{id} {words}")).on_hover_text(both_times(locale, vm, row.t_s));
                if lit {
                    ui.painter().rect(whole, 6, t.raised, Stroke::new(1.0, t.text), StrokeKind::Inside);
                } else if response.hovered() {
                    ui.painter().rect_filled(whole, 6, t.raised);
                }
                let y = whole.top() + 15.0;
                widget::paint(ui, pos2(whole.left() + 10.0, y), Align2::LEFT_CENTER, &moment(locale, row.t_s), &time);
                widget::paint_wrapped(ui, pos2(x, whole.top() + 5.0), width - 76.0 - id_px - 12.0, 3, &words, &ink);
                widget::paint(ui, pos2(whole.right() - 8.0, y), Align2::RIGHT_CENTER, &id, &Ink::new(12.0, t.muted));
                if response.clicked() {
                    state.shown = Some(row.id);
                    state.scrub_s = Some(row.t_s);
                }
                if lit && state.jump {
                    ui.scroll_to_rect(whole, Some(egui::Align::Center));
                    state.jump = false;
                }
            }
        });
    });
}
