//! The truth, the script that lies ahead, and the original at this minute.

use crate::locale::{Arg, Locale};
use crate::stdx::time::Offset;
use crate::ui::gm::{GmUiState, gm_line};
use crate::ui::panel::w;
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, Kind, area, fit, paint, put, put_wrapped, width};
use crate::view::action::UiAction;
use crate::view::gm::{GmVm, ScriptVm};
use crate::view::panel::stopwatch;
use crate::view::words::{author_text, say};
use egui::{Align2, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// Holds or releases the chosen row of the script, or the next one.
pub fn hold(vm: &GmVm, state: &GmUiState, out: &mut Vec<UiAction>) {
    let chosen = state.rule.as_ref().and_then(|id| vm.ahead.iter().find(|r| r.row.id == *id));
    if let Some(rule) = chosen.or_else(|| vm.ahead.first()) {
        let word = if rule.row.held { "release" } else { "hold" };
        gm_line(out, format!("{word} {}", rule.row.id));
    }
}

/// Draws the column.
pub fn left_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let bar = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    let title = locale.say("gm-tab-truth");
    let ink = Ink::bold(theme::BODY, t.text);
    let drawn = put(ui, pos2(bar.left() + MARGIN + 4.0, bar.center().y), Align2::LEFT_CENTER, &title, &ink).rect;
    widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
    let under = Rect::from_x_y_ranges(drawn.expand2(vec2(4.0, 0.0)).x_range(), bar.bottom() - 2.0..=bar.bottom());
    ui.painter().rect_filled(under, 0, t.strong);
    let body = Rect::from_min_max(bar.left_bottom(), full.max);
    area(ui, "truth", body, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            truth(ui, vm, locale, out);
            script(ui, vm, state, locale, out);
            original(ui, vm, locale);
        });
    });
}

fn truth(ui: &mut Ui, vm: &GmVm, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let room = ui.available_width() - 2.0 * MARGIN - 16.0;
    let (title, text) = (author_text(locale, &vm.title), author_text(locale, &vm.truth));
    let (head, body) = (Ink::bold(theme::VALUE, t.text), Ink::body(t.muted));
    let height = widget::wrapped_height(ui, title, &head, room) + widget::wrapped_height(ui, text, &body, room) + 4.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height + 24.0), Sense::hover());
    let edge = Rect::from_min_size(rect.min + vec2(MARGIN, 12.0), vec2(3.0, height));
    ui.painter().rect_filled(edge, 0, t.gm_text);
    let x = edge.right() + 12.0;
    let drawn = put_wrapped(ui, pos2(x, rect.top() + 12.0), room, 3, title, &head).rect;
    put_wrapped(ui, pos2(x, drawn.bottom() + 4.0), room, 12, text, &body);
    let failed = crate::stdx::text::compact(vm.failed_total as f64);
    let works = author_text(locale, &vm.works).to_owned();
    for (label, value) in [("gm-failed", failed), ("gm-works", works)] {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
        put(ui, rect.left_center() + vec2(MARGIN, 0.0), Align2::LEFT_CENTER, &locale.say(label), &Ink::label(t.muted));
        let ink = Ink::body(t.text);
        let shown = fit(ui, &value, &ink, rect.width() - 112.0 - MARGIN);
        put(ui, rect.left_center() + vec2(112.0, 0.0), Align2::LEFT_CENTER, &shown, &ink).on_hover_text(&value);
    }
    for fault in &vm.faults {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        let word = locale.say("gm-fault-clear");
        let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 24.0;
        let button = Rect::from_min_size(pos2(rect.right() - MARGIN - wide, rect.top() + 4.0), vec2(wide, 28.0));
        let aria = locale.text("gm-fault-clear-aria", &[("text", w(&fault.text))]);
        if widget::button(ui, button, Kind::Plain, &word, "", &aria).clicked() {
            out.push(UiAction::Line(fault.clear.clone()));
        }
        let ink = Ink::body(t.text);
        let shown = fit(ui, &fault.text, &ink, button.left() - rect.left() - MARGIN - 24.0);
        widget::diamond(ui, pos2(rect.left() + MARGIN + 5.0, rect.center().y), 10.0, t.gm_text, true);
        put(ui, rect.left_center() + vec2(MARGIN + 18.0, 0.0), Align2::LEFT_CENTER, &shown, &ink);
    }
    ui.add_space(GAP);
}

fn script(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    widget::hline(ui, head.x_range(), head.top() + 1.0, t.line);
    widget::hline(ui, head.x_range(), head.bottom(), t.line);
    put(
        ui,
        head.left_center() + vec2(MARGIN, 0.0),
        Align2::LEFT_CENTER,
        &locale.say("gm-script"),
        &Ink::bold(theme::LABEL, t.muted),
    );
    let chosen = state.rule.as_ref().and_then(|id| vm.ahead.iter().find(|r| r.row.id == *id)).or(vm.ahead.first());
    if let Some(rule) = chosen {
        let word = locale.say(if rule.row.held { "gm-release" } else { "gm-hold" });
        let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 52.0;
        let button = Rect::from_min_size(pos2(head.right() - MARGIN - wide, head.top() + 6.0), vec2(wide, 28.0));
        let aria = locale.text("gm-hold-aria", &[("id", w(&rule.row.id))]);
        if widget::button(ui, button, Kind::Plain, &word, "H", &aria).clicked() {
            hold(vm, state, out);
        }
    }
    if vm.ahead.is_empty() {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        let at = rect.left_center() + vec2(MARGIN, 0.0);
        put(ui, at, Align2::LEFT_CENTER, &locale.say("gm-script-none"), &Ink::body(t.muted));
    }
    let current = chosen.map(|r| r.row.id.clone());
    for row in &vm.ahead {
        script_row(ui, row, current.as_ref() == Some(&row.row.id), state, locale);
    }
}

fn script_row(ui: &mut Ui, rule: &ScriptVm, chosen: bool, state: &mut GmUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let text = say(locale, &rule.row.text);
    let ink = Ink::bold(theme::BODY, t.text);
    let note = match (rule.row.held, rule.in_s) {
        (true, _) => locale.say("gm-held"),
        (false, Some(s)) => locale.text("gm-in", &[("in", Arg::Word(stopwatch(s)))]),
        (false, None) => String::new(),
    };
    let full = ui.available_width();
    // In a narrow column the words stand below the time.
    let narrow = full < 300.0;
    let (left, drop) = if narrow { (40.0, 22.0) } else { (108.0, 0.0) };
    let room = if narrow { full - left - MARGIN } else { full - left - MARGIN - 64.0 };
    let rows = widget::wrapped_height(ui, &text, &ink, room);
    let height = 20.0 + drop + rows + if rule.row.condition.is_some() { 18.0 } else { 0.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(full, height), Sense::hover());
    let aria = locale.text("gm-script-aria", &[("id", w(&rule.row.id))]);
    if widget::row_button(ui, rect, chosen, &aria).clicked() {
        state.rule = Some(rule.row.id.clone());
    }
    let y = rect.top() + 20.0;
    widget::diamond(ui, pos2(rect.left() + MARGIN + 6.0, y), 12.0, t.gm_text, false);
    let at = rule.row.at_t_s.map_or_else(String::new, |s| Offset(s).clock());
    paint(ui, pos2(rect.left() + 40.0, y), Align2::LEFT_CENTER, &at, &Ink::body(t.muted));
    let color = if rule.row.held {
        t.muted
    } else if chosen {
        t.gm_text
    } else {
        t.muted
    };
    paint(ui, pos2(rect.right() - MARGIN, y), Align2::RIGHT_CENTER, &note, &Ink::bold(theme::LABEL, color));
    put_wrapped(ui, pos2(rect.left() + left, rect.top() + 10.0 + drop), room, 3, &text, &ink);
    if let Some(condition) = &rule.row.condition {
        let ink = Ink::label(t.muted);
        let condition = say(locale, condition);
        let shown = fit(ui, &condition, &ink, full - left - MARGIN);
        put(ui, pos2(rect.left() + left, rect.bottom() - 18.0), Align2::LEFT_CENTER, &shown, &ink)
            .on_hover_text(condition);
    }
    widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
}

fn original(ui: &mut Ui, vm: &GmVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    widget::section(ui, head, &locale.say("gm-original"), "");
    for (past, row) in &vm.original {
        let text = author_text(locale, &row.what);
        let room = ui.available_width() - 108.0 - MARGIN;
        let ink = Ink::body(if *past { t.text } else { t.muted });
        let height = widget::wrapped_height(ui, text, &ink, room) + 12.0;
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        if *past {
            ui.painter().rect_filled(rect, 0, t.theirs.gamma_multiply(0.08));
        }
        let y = rect.top() + 16.0;
        let square = Rect::from_center_size(pos2(rect.left() + MARGIN + 6.0, y), vec2(9.0, 9.0));
        if *past {
            ui.painter().rect_filled(square, 0, t.theirs);
        } else {
            ui.painter().rect_stroke(square, 0, egui::Stroke::new(1.5, t.theirs), egui::StrokeKind::Inside);
        }
        let minutes = row.t_s.div_euclid(60);
        let clock = if minutes < 0 { format!("T−{}", -minutes) } else { format!("T+{minutes}") };
        put(ui, pos2(rect.left() + 40.0, y), Align2::LEFT_CENTER, &clock, &Ink::body(t.theirs));
        put_wrapped(ui, pos2(rect.left() + 108.0, rect.top() + 6.0), room, 4, text, &ink);
    }
}
