//! The pages of words: what went well and on what grounds, open questions with what was stated, and where it all comes from.

use super::{DebriefUiState, chip, dimension_word};
use crate::locale::Locale;
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::background::{apart_lines, contradiction_lines, signal_lines, source_note, t0_lines};
use crate::view::debrief::{DebriefVm, moment, precise};
use crate::view::words::{author_text, say};
use egui::{Align2, Rect, Ui, pos2, vec2};

/// A column of text of a readable width in the middle.
fn column(ui: &mut Ui, add: impl FnOnce(&mut Ui, Rect)) {
    let full = ui.max_rect();
    let width = (full.width() - 128.0).min(920.0);
    let rect =
        Rect::from_min_size(pos2(full.center().x - width / 2.0, full.top() + 24.0), vec2(width, full.height() - 32.0));
    widget::area(ui, "page", rect, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 12.0;
            add(ui, rect);
        });
    });
}

fn head(ui: &mut Ui, text: &str, note: &str) {
    let t = theme::tokens(ui);
    ui.label(egui::RichText::new(text).font(theme::semibold_font(28.0)).color(t.text));
    if !note.is_empty() {
        ui.label(egui::RichText::new(note).font(theme::regular_font(16.0)).color(t.muted));
    }
    ui.add_space(8.0);
}

/// A question with the amber bar.
fn question(ui: &mut Ui, width: f32, text: &str) {
    let t = theme::tokens(ui);
    let from = ui.cursor().min;
    let ink = Ink::bold(20.0, t.text);
    let asked = widget::put_wrapped(ui, from + vec2(20.0, 4.0), width - 32.0, 4, text, &ink);
    let bar = Rect::from_min_max(from + vec2(0.0, 4.0), pos2(from.x + 4.0, asked.rect.bottom()));
    ui.painter().rect_filled(bar, 0, t.amber);
    ui.allocate_rect(
        Rect::from_min_max(from, pos2(from.x + width - 12.0, asked.rect.bottom() + 8.0)),
        egui::Sense::hover(),
    );
}

/// What went well: the biggest plus, and every milestone that came no later than in the original.
pub(super) fn plus(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    column(ui, |ui, rect| {
        head(ui, &locale.say("dui-plus-head"), &locale.say("dui-plus-note"));
        if let Some((dimension, delta, what, fact)) = &vm.plus {
            let from = ui.cursor().min;
            let name = dimension_word(locale, dimension);
            let drawn =
                widget::put(ui, from + vec2(0.0, 14.0), Align2::LEFT_CENTER, &name, &Ink::bold(20.0, t.text)).rect;
            let at = pos2(drawn.right() + 10.0, from.y + 14.0);
            let drawn = widget::put(ui, at, Align2::LEFT_CENTER, delta, &Ink::bold(20.0, t.yours)).rect;
            if let Some(fact) = fact {
                let aria = format!("{name} #{fact}");
                chip(ui, pos2(drawn.right() + 14.0, from.y + 14.0), *fact, &aria, state, out);
            }
            let at = from + vec2(0.0, 32.0);
            let said = widget::put_wrapped(ui, at, rect.width() - 20.0, 3, &say(locale, what), &Ink::new(16.0, t.text));
            let whole = Rect::from_min_max(from, pos2(from.x + rect.width() - 12.0, said.rect.bottom() + 12.0));
            ui.allocate_rect(whole, egui::Sense::hover());
        }
        for join in vm.joins.iter().filter(|j| j.precision.difference(j.original_s, j.yours_s).is_some_and(|d| d <= 0))
        {
            let (_, row) = ui.allocate_space(vec2(rect.width() - 12.0, 36.0));
            let y = row.center().y;
            let name = author_text(locale, &join.name);
            let sign = join.difference(locale);
            widget::put(ui, pos2(row.left(), y), Align2::LEFT_CENTER, name, &Ink::bold(16.0, t.text));
            let x = row.left() + rect.width() * 0.32;
            widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &sign, &Ink::bold(16.0, t.text));
            let mine = moment(locale, join.yours_s);
            let theirs = precise(join.precision, join.original_s, |t| moment(locale, t));
            let x = row.left() + rect.width() * 0.46;
            let a = widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &mine, &Ink::new(16.0, t.yours)).rect;
            let b = widget::put(ui, pos2(a.right() + 16.0, y), Align2::LEFT_CENTER, &theirs, &Ink::new(16.0, t.theirs))
                .rect;
            let aria = format!("{name} #{}", join.fact);
            chip(ui, pos2((b.right() + 20.0).max(row.left() + rect.width() * 0.72), y), join.fact, &aria, state, out);
            widget::hline(ui, row.x_range(), row.bottom() + 4.0, t.line);
        }
        super::reasoning::grounds(ui, locale, vm, rect.width() - 12.0, state, out);
        super::reasoning::decisions(ui, locale, vm, rect.width() - 12.0, state, out);
        ui.add_space(12.0);
        ui.label(egui::RichText::new(locale.say("dui-next-experiment")).font(theme::regular_font(14.0)).color(t.muted));
        let from = ui.cursor().min;
        super::arrow(ui, from + vec2(0.0, 14.0), t.amber);
        let said = say(locale, &vm.experiment);
        let said =
            widget::put_wrapped(ui, from + vec2(22.0, 0.0), rect.width() - 40.0, 3, &said, &Ink::new(20.0, t.text));
        ui.allocate_rect(Rect::from_min_max(from, said.rect.max), egui::Sense::hover());
    });
}

/// Open questions, and the sources.
pub(super) fn questions(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    column(ui, |ui, rect| {
        head(ui, &locale.say("dui-questions-head"), &locale.say("dui-questions-note"));
        for q in &vm.questions {
            question(ui, rect.width(), &say(locale, q));
        }
        for (i, point) in vm.turning.iter().enumerate() {
            question(ui, rect.width(), &say(locale, &point.question));
            let (_, row) = ui.allocate_space(vec2(rect.width() - 12.0, 24.0));
            let words = format!("{} {}", moment(locale, point.t_s), say(locale, &point.title));
            let ink = Ink::new(14.0, t.muted);
            let words = widget::fit(ui, &words, &ink, rect.width() - 160.0);
            let at = pos2(row.left() + 20.0, row.center().y);
            let drawn = widget::put(ui, at, Align2::LEFT_CENTER, &words, &ink).rect;
            let aria = format!("{} {}", locale.say("dui-turning-points"), i + 1);
            chip(ui, pos2(drawn.right() + 12.0, row.center().y), point.fact, &aria, state, out);
        }
        super::reasoning::diagnosis(ui, locale, vm, rect.width() - 12.0, state, out);
        let b = &vm.background;
        let apart = apart_lines(locale, b).into_iter().chain(signal_lines(locale, b));
        lines(ui, &locale.say("dui-apart"), apart.map(|(words, _)| (words, String::new())).collect());
        let told = contradiction_lines(locale, b).into_iter().chain(t0_lines(locale, b));
        let sources =
            b.sources.values().map(|s| (s.title.clone(), format!("{}  ·  {}", s.url, source_note(locale, s))));
        lines(ui, &locale.say("dui-sources"), sources.chain(told.map(|words| (words, String::new()))).collect());
    });
}

/// A heading with lines below it, each with a quieter one; nothing where there are none.
fn lines(ui: &mut Ui, head: &str, lines: Vec<(String, String)>) {
    if lines.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let label =
        |text: String, font: egui::FontId, color: egui::Color32| egui::RichText::new(text).font(font).color(color);
    ui.add_space(16.0);
    ui.label(label(head.to_owned(), theme::semibold_font(20.0), t.text));
    for (words, note) in lines {
        ui.label(label(words, theme::regular_font(16.0), t.text));
        if !note.is_empty() {
            ui.label(label(note, theme::regular_font(14.0), t.muted));
        }
    }
}
