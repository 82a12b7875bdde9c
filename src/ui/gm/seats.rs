//! Mirrors of the seats, milestones with what is met, and unknown commands to answer.

use crate::locale::{Arg, Locale};
use crate::session::projection::TermLine;
use crate::stdx::time::Offset;
use crate::ui::gm::{GmUiState, gm_line};
use crate::ui::live::dialog::quoted;
use crate::ui::panel::console::line_job;
use crate::ui::panel::{span, w, who};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, Kind, area, fit, paint, put, width};
use crate::view::action::UiAction;
use crate::view::gm::{GmVm, SeatVm};
use crate::view::words::author_text;
use egui::{Align2, Id, Key, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// Draws the mirrors: side by side, or one with tabs in a narrow window.
pub fn seats_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, small: bool, locale: &Locale) {
    let full = ui.max_rect();
    let t = theme::tokens(ui);
    let shown = if small { 1 } else { vm.seats.len().clamp(1, 3) };
    let wide = full.width() / shown as f32;
    let first = if small { state.seat.min(vm.seats.len().saturating_sub(1)) } else { 0 };
    for (k, seat) in vm.seats.iter().skip(first).take(shown).enumerate() {
        let rect = Rect::from_min_size(pos2(full.left() + wide * k as f32, full.top()), vec2(wide, full.height()));
        area(ui, &format!("mirror-{}", seat.name), rect, |ui| mirror(ui, seat, if small { 48.0 } else { 0.0 }, locale));
        widget::vline(ui, rect.right(), rect.y_range(), t.line);
    }
    if small && vm.seats.len() > 1 {
        let rect = Rect::from_min_size(pos2(full.right() - 48.0, full.top() + 8.0), vec2(32.0, 24.0));
        let next = (first + 1) % vm.seats.len();
        let name = vm.seats.get(next).map(|s| who(locale, &s.name)).unwrap_or_default();
        if widget::chip(ui, rect, "→", false, &name).clicked() {
            state.seat = next;
        }
    }
}

/// A seat; `reserved` points at the right of its head belong to the switch between seats.
fn mirror(ui: &mut Ui, seat: &SeatVm, reserved: f32, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let head = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    widget::disc(ui, pos2(head.left() + MARGIN + 11.0, head.center().y), 11.0, &seat.initial, t.yours, true, t);
    let at = pos2(head.left() + MARGIN + 32.0, head.center().y);
    put(ui, at, Align2::LEFT_CENTER, &who(locale, &seat.name), &Ink::bold(theme::VALUE, t.text));
    let active = match &seat.active {
        Some(when) => locale.text("gm-active", &[("span", Arg::Word(span(locale, when.ago_s)))]),
        None => locale.say("gm-idle"),
    };
    let at = pos2(head.right() - MARGIN - reserved, head.center().y);
    put(ui, at, Align2::RIGHT_CENTER, &active, &Ink::label(t.muted));
    widget::hline(ui, head.x_range(), head.bottom(), t.line);
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - 32.0), full.max);
    let body = Rect::from_min_max(head.left_bottom(), foot.right_top());
    ui.painter().rect_filled(body, 0, t.ink);
    area(ui, "mirror-console", body.shrink2(vec2(MARGIN, 8.0)), |ui| {
        ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let many = seat.console.terminals.len() > 1;
            for terminal in &seat.console.terminals {
                if many {
                    let name = format!("{} · {}", terminal.id, terminal.host);
                    ui.label(egui::RichText::new(name).size(theme::LABEL).color(t.muted));
                }
                let skip = terminal.lines.len().saturating_sub(60);
                for line in terminal.lines.iter().skip(skip) {
                    ui.add(egui::Label::new(line_job(line, 14.0, ui.available_width(), t)));
                }
                let prompt = TermLine::typed(&terminal.prompt, terminal.running.clone().unwrap_or_default());
                ui.add(egui::Label::new(line_job(&prompt, 14.0, ui.available_width(), t)));
            }
        });
    });
    widget::hline(ui, foot.x_range(), foot.top() + 1.0, t.line);
    widget::hline(ui, foot.x_range(), foot.bottom(), t.line);
    let label = locale.say("gm-on-screen");
    let drawn = put(ui, foot.left_center() + vec2(MARGIN, 0.0), Align2::LEFT_CENTER, &label, &Ink::label(t.muted)).rect;
    let shown: Vec<String> = seat
        .viewing
        .iter()
        .map(|(panel, subject)| if subject.is_empty() { panel.clone() } else { format!("{panel} {subject}") })
        .collect();
    let ink = Ink::label(t.text);
    let text = fit(ui, &shown.join("   "), &ink, foot.right() - drawn.right() - 2.0 * MARGIN);
    put(ui, pos2(drawn.right() + MARGIN, foot.center().y), Align2::LEFT_CENTER, &text, &ink);
}

/// Draws milestones × when they were met, and unknown commands below.
pub fn evidence_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let head = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    let ink = Ink::bold(theme::BODY, t.text);
    let title = locale.say("gm-evidence");
    put(ui, head.left_center() + vec2(MARGIN + 4.0, 0.0), Align2::LEFT_CENTER, &title, &ink);
    let note = locale.say("gm-evidence-note");
    put(ui, pos2(head.right() - MARGIN, head.center().y), Align2::RIGHT_CENTER, &note, &Ink::label(t.muted));
    widget::hline(ui, head.x_range(), head.bottom(), t.line);
    let answering = if vm.unknown.is_empty() { 0.0 } else { 88.0 };
    let body = Rect::from_min_max(head.left_bottom(), full.max - vec2(0.0, answering));
    area(ui, "milestones", body, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let half = ui.available_width() / 2.0;
            for pair in vm.milestones.chunks(2) {
                let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
                for (k, m) in pair.iter().enumerate() {
                    let rect =
                        Rect::from_min_size(pos2(row.left() + half * k as f32, row.top()), vec2(half, row.height()));
                    let text = m.met_t_s.map_or_else(|| locale.say("gm-not-yet"), |s| Offset(s).clock());
                    let wide = width(ui, &text, &Ink::bold(theme::LABEL, t.text)) + 20.0;
                    let pill =
                        Rect::from_min_size(pos2(rect.right() - MARGIN - wide, rect.top() + 11.0), vec2(wide, 26.0));
                    if m.met_t_s.is_some() {
                        ui.painter().rect_filled(pill, 13, t.yours);
                        paint(ui, pill.center(), Align2::CENTER_CENTER, &text, &Ink::bold(theme::LABEL, t.ink));
                    } else {
                        let stroke = egui::Stroke::new(1.0, t.edge);
                        ui.painter().rect_stroke(pill, 13, stroke, egui::StrokeKind::Inside);
                        paint(ui, pill.center(), Align2::CENTER_CENTER, &text, &Ink::label(t.muted));
                    }
                    let name = author_text(locale, &m.name);
                    let ink = Ink::bold(theme::BODY, if m.met_t_s.is_some() { t.text } else { t.muted });
                    let shown = fit(ui, name, &ink, pill.left() - rect.left() - 2.0 * MARGIN);
                    let at = rect.left_center() + vec2(MARGIN, 0.0);
                    put(ui, at, Align2::LEFT_CENTER, &shown, &ink).on_hover_text(name);
                }
                widget::hline(ui, row.x_range(), row.bottom(), t.line);
            }
        });
    });
    if answering > 0.0 {
        let rect = Rect::from_min_max(body.left_bottom(), full.max);
        unknown(ui, rect, vm, state, locale, out);
    }
}

fn unknown(ui: &mut Ui, rect: Rect, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    widget::hline(ui, rect.x_range(), rect.top() + 1.0, t.line);
    let label = locale.say("gm-unknown-title");
    let y = rect.top() + 22.0;
    let drawn = put(ui, pos2(rect.left() + MARGIN, y), Align2::LEFT_CENTER, &label, &Ink::label(t.muted)).rect;
    let mut x = drawn.right() + 12.0;
    let newest = vm.unknown.len() - 1;
    let chosen = state.answer.0.unwrap_or(newest).min(newest);
    for (k, (seat, _, name, _)) in vm.unknown.iter().enumerate().rev().take(6) {
        let text = format!("{} · {name}", who(locale, seat));
        let wide = widget::chip_width(ui, &text);
        if x + wide > rect.right() - MARGIN {
            break;
        }
        let place = Rect::from_min_size(pos2(x, y - 12.0), vec2(wide, 24.0));
        let aria = locale.text("gm-answer-aria", &[("seat", w(&who(locale, seat))), ("name", w(name))]);
        if ui.push_id(k, |ui| widget::chip(ui, place, &text, k == chosen, &aria)).inner.clicked() {
            state.answer.0 = Some(k);
        }
        x += wide + 4.0;
    }
    let word = locale.say("gm-answer");
    let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 32.0;
    let button = Rect::from_min_size(pos2(rect.right() - MARGIN - wide, rect.top() + 44.0), vec2(wide, 32.0));
    let field =
        Rect::from_min_max(pos2(rect.left() + MARGIN, button.top()), pos2(button.left() - GAP, button.bottom()));
    let hint = locale.say("gm-answer-text");
    let response = widget::field(ui, field, Id::new("gm-answer"), &mut state.answer.1, &hint, 1, &hint);
    let enter = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let pressed = widget::button(ui, button, Kind::Plain, &word, "", &word).clicked() || enter;
    if let (true, Some((seat, terminal, _, _))) = (pressed && !state.answer.1.trim().is_empty(), vm.unknown.get(chosen))
    {
        gm_line(out, format!("answer {seat} {terminal} {}", quoted(&state.answer.1)));
        state.answer = (None, String::new());
    }
}
