//! The right column: prepared cards, a fault on any component, speaking as a person, and the nudge ladder.

use crate::locale::{Arg, Locale};
use crate::session::projection::NudgeView;
use crate::stdx::time::Offset;
use crate::ui::gm::{DeckTab, GmUiState, gm_line};
use crate::ui::live::dialog::quoted;
use crate::ui::panel::{n, span, w};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, Kind, area, fit, paint, put, put_wrapped, width};
use crate::view::action::UiAction;
use crate::view::gm::GmVm;
use crate::view::words::author_text;
use egui::{Align2, Id, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// Id of the field that finds cards.
pub fn find_id() -> Id {
    Id::new("gm-find")
}

/// Fires the chosen card.
pub fn fire(vm: &GmVm, state: &GmUiState, out: &mut Vec<UiAction>) {
    if let Some(id) = state.card.as_ref().filter(|id| vm.deck.iter().any(|c| c.id == **id)) {
        gm_line(out, format!("inject {id}"));
    }
}

/// The nudge that would be given: the chosen rung, else the one that is due, else the next above the last.
fn nudge<'a>(vm: &'a GmVm, state: &GmUiState) -> Option<&'a NudgeView> {
    let chosen = state.rung.and_then(|r| vm.nudges.iter().find(|x| x.rung == r));
    let due = || vm.nudges.iter().find(|x| x.due && x.rung > vm.nudged);
    chosen.or_else(due).or_else(|| vm.nudges.iter().find(|x| x.rung > vm.nudged))
}

/// Gives that nudge.
pub fn ask(vm: &GmVm, state: &GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    if let Some(x) = nudge(vm, state) {
        gm_line(out, format!("nudge {} {}", x.rung, quoted(author_text(locale, &x.text))));
    }
}

/// Draws the column.
pub fn deck_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let bar = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    let mut x = bar.left() + MARGIN + 4.0;
    for (tab, key) in [(DeckTab::Deck, "gm-deck"), (DeckTab::AdHoc, "gm-adhoc"), (DeckTab::People, "gm-people")] {
        let title = locale.say(key);
        let wide = widget::tab_width(ui, &title, "");
        let place = Rect::from_min_size(pos2(x, bar.top()), vec2(wide, bar.height()));
        if widget::tab(ui, place, &title, "", state.tab == tab, &title).clicked() {
            state.tab = tab;
        }
        x += wide + 20.0;
    }
    if state.tab == DeckTab::Deck && bar.right() - MARGIN - 120.0 > x {
        let field =
            Rect::from_min_max(pos2((bar.right() - 160.0).max(x), bar.top() + 4.0), bar.max - vec2(MARGIN, 4.0));
        let hint = locale.say("gm-find");
        widget::field(ui, field, find_id(), &mut state.find, &hint, 1, &hint);
    }
    widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
    let ladder_h = 216.0;
    let body = Rect::from_min_max(bar.left_bottom(), pos2(full.right(), full.bottom() - ladder_h));
    area(ui, "gm-deck-body", body, |ui| match state.tab {
        DeckTab::Deck => cards(ui, vm, state, locale, out),
        DeckTab::AdHoc => ad_hoc(ui, vm, state, locale, out),
        DeckTab::People => people(ui, vm, state, locale, out),
    });
    let ladder = Rect::from_min_max(body.left_bottom(), full.max);
    area(ui, "gm-ladder", ladder, |ui| ladder_ui(ui, vm, state, locale, out));
}

fn cards(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - 56.0), full.max);
    let list = Rect::from_min_max(full.min, foot.right_top());
    let needle = state.find.to_lowercase();
    area(ui, "gm-cards", list, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            for card in &vm.deck {
                let title = author_text(locale, &card.title);
                if !needle.is_empty() && !title.to_lowercase().contains(&needle) {
                    continue;
                }
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
                let chosen = state.card.as_deref() == Some(&card.id);
                let aria = locale.text("gm-card-aria", &[("title", w(title))]);
                if widget::row_button(ui, rect, chosen, &aria).clicked() {
                    state.card = Some(card.id.clone());
                }
                if chosen {
                    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0, t.gm_text);
                }
                widget::diamond(
                    ui,
                    pos2(rect.left() + MARGIN + 6.0, rect.top() + 19.0),
                    12.0,
                    t.gm_text,
                    card.fired_t_s.is_some(),
                );
                let note = match card.fired_t_s {
                    Some(s) => locale.text("gm-fired", &[("at", Arg::Word(Offset(s).clock()))]),
                    None if card.allowance_s > 0 => {
                        let held = span(locale, card.allowance_s as i64);
                        locale.text("gm-allowance", &[("span", Arg::Word(held))])
                    }
                    None => String::new(),
                };
                let right = pos2(rect.right() - MARGIN, rect.top() + 19.0);
                let right = paint(ui, right, Align2::RIGHT_CENTER, &note, &Ink::label(t.muted)).left();
                let ink = Ink::bold(theme::BODY, t.text);
                let left = rect.left() + 40.0;
                paint(
                    ui,
                    pos2(left, rect.top() + 19.0),
                    Align2::LEFT_CENTER,
                    &fit(ui, title, &ink, right - left - GAP),
                    &ink,
                );
                let ink = Ink::label(t.muted);
                let note = fit(ui, author_text(locale, &card.note), &ink, rect.right() - left - MARGIN);
                paint(ui, pos2(left, rect.top() + 39.0), Align2::LEFT_CENTER, &note, &ink);
                widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
            }
        });
    });
    let word = locale.say("gm-fire");
    let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 60.0;
    let button = Rect::from_min_size(pos2(foot.left() + MARGIN, foot.top() + 12.0), vec2(wide, theme::CONTROL));
    let ready = state.card.is_some();
    let aria = locale.say("gm-fire-aria");
    let response = ui.add_enabled_ui(ready, |ui| widget::button(ui, button, Kind::Gm, &word, "↵", &aria)).inner;
    if response.clicked() {
        fire(vm, state, out);
    }
}

fn chip_row(ui: &mut Ui, items: &[(String, String, String)], chosen: Option<&String>) -> Option<String> {
    let mut hit = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (id, words, aria) in items {
            let t = theme::tokens(ui);
            let (rect, _) = ui.allocate_exact_size(vec2(widget::chip_width(ui, words), 28.0), Sense::hover());
            let stroke = Stroke::new(1.0, t.line);
            ui.painter().rect_stroke(rect, theme::CONTROL_RADIUS, stroke, StrokeKind::Inside);
            if widget::chip(ui, rect, words, chosen == Some(id), aria).clicked() {
                hit = Some(id.clone());
            }
        }
    });
    hit
}

fn ad_hoc(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    egui::Frame::NONE.inner_margin(egui::Margin::same(16)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 12.0);
        let items: Vec<_> = vm
            .components
            .iter()
            .map(|c| (c.name.clone(), c.name.clone(), locale.text("gm-fault-target-aria", &[("name", w(&c.name))])))
            .collect();
        if let Some(hit) = chip_row(ui, &items, state.fault.0.as_ref()) {
            state.fault.0 = Some(hit);
            state.fault.1 = None;
        }
        let component = state.fault.0.as_ref().and_then(|name| vm.components.iter().find(|c| c.name == *name));
        let Some(component) = component else { return };
        let items: Vec<_> = component
            .kinds
            .iter()
            .map(|k| {
                let key = format!("gm-kind-{k}");
                let words = if locale.has(&key) { locale.say(&key) } else { k.clone() };
                (k.clone(), words.clone(), locale.text("gm-fault-kind-aria", &[("kind", w(&words))]))
            })
            .collect();
        if let Some(hit) = chip_row(ui, &items, state.fault.1.as_ref()) {
            state.fault.1 = Some(hit);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::CONTROL), Sense::hover());
        let hint = locale.say("gm-fault-amount");
        widget::field(ui, rect, Id::new("gm-amount"), &mut state.fault.2, &hint, 1, &hint);
        let word = locale.say("gm-fault-do");
        let t = theme::tokens(ui);
        let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 32.0;
        let (rect, _) = ui.allocate_exact_size(vec2(wide, theme::CONTROL), Sense::hover());
        let kind = state.fault.1.clone();
        let pressed = ui
            .add_enabled_ui(kind.is_some(), |ui| widget::button(ui, rect, Kind::Gm, &word, "", &word))
            .inner
            .clicked();
        if let (true, Some(kind)) = (pressed, kind) {
            let line = format!("fault {kind} {} {}", component.name, state.fault.2.trim());
            gm_line(out, line.trim_end().to_owned());
        }
    });
}

fn people(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    egui::Frame::NONE.inner_margin(egui::Margin::same(16)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 12.0);
        let items: Vec<_> = vm
            .people
            .iter()
            .map(|(id, _)| (id.clone(), id.clone(), locale.text("gm-speak-aria", &[("name", w(id))])))
            .collect();
        if let Some(hit) = chip_row(ui, &items, state.speak.0.as_ref()) {
            state.speak.0 = Some(hit);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 72.0), Sense::hover());
        let hint = locale.say("gm-speak-text");
        widget::field(ui, rect, Id::new("gm-speak"), &mut state.speak.1, &hint, 3, &hint);
        let word = locale.say("gm-speak-do");
        let t = theme::tokens(ui);
        let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 60.0;
        let (rect, _) = ui.allocate_exact_size(vec2(wide, theme::CONTROL), Sense::hover());
        let pressed = widget::button(ui, rect, Kind::Gm, &word, "V", &word).clicked();
        if let (true, Some(person)) = (pressed && !state.speak.1.trim().is_empty(), &state.speak.0) {
            let text = state.speak.1.replace('\n', " ");
            gm_line(out, format!("say {person} {}", quoted(&text)));
            state.speak.1.clear();
        }
    });
}

fn ladder_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    widget::hline(ui, full.x_range(), full.top() + 1.0, t.line);
    let head = Rect::from_min_size(full.min, vec2(full.width(), 32.0));
    let room = full.width() > 400.0;
    widget::section(
        ui,
        head,
        &locale.say("gm-nudges"),
        &if room { locale.say("gm-nudges-note") } else { String::new() },
    );
    let next = nudge(vm, state);
    let step = (full.width() - 2.0 * MARGIN) / 5.0;
    let y = full.top() + 60.0;
    let x_of = |k: u8| full.left() + MARGIN + step * (f32::from(k) - 0.5);
    ui.painter().line_segment([pos2(x_of(1), y), pos2(x_of(5), y)], Stroke::new(2.0, t.line));
    for rung in 1..=5_u8 {
        let c = pos2(x_of(rung), y);
        let place = Rect::from_center_size(c, vec2(step.min(80.0), 28.0));
        let prepared = vm.nudges.iter().any(|x| x.rung == rung);
        let response = ui.interact(place, ui.id().with(("rung", rung)), Sense::click());
        let aria = locale.text("gm-rung-aria", &[("n", n(rung))]);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &aria));
        if response.clicked() && prepared {
            state.rung = Some(rung);
        }
        let suggested = next.is_some_and(|x| x.rung == rung);
        let given = rung <= vm.nudged;
        ui.painter().circle_filled(c, 12.0, if given { t.gm } else { t.panel });
        let color = if suggested || given { t.gm_text } else { t.edge };
        ui.painter().circle_stroke(c, 11.0, Stroke::new(if suggested { 2.0 } else { 1.5 }, color));
        let ink = Ink::bold(
            theme::LABEL,
            if given {
                t.on_fill
            } else if prepared {
                t.text
            } else {
                t.muted
            },
        );
        paint(ui, c, Align2::CENTER_CENTER, &rung.to_string(), &ink);
        let ink = if suggested { Ink::bold(theme::LABEL, t.text) } else { Ink::label(t.muted) };
        let word = locale.say(&format!("gm-rung-{rung}"));
        put(ui, c + vec2(0.0, 24.0), Align2::CENTER_CENTER, &word, &ink);
    }
    let Some(x) = next else {
        let at = pos2(full.left() + MARGIN, full.top() + 118.0);
        put(ui, at, Align2::LEFT_CENTER, &locale.say("gm-nudge-none"), &Ink::body(t.muted));
        return;
    };
    let edge = Rect::from_min_size(pos2(full.left() + MARGIN, full.top() + 106.0), vec2(3.0, 48.0));
    ui.painter().rect_filled(edge, 0, t.gm_text);
    let when = if x.due {
        locale.say("gm-nudge-due")
    } else {
        locale.text("gm-nudge-from", &[("at", Arg::Word(Offset(x.from_t_s).clock()))])
    };
    let left = edge.right() + 12.0;
    put(ui, pos2(left, edge.top() + 9.0), Align2::LEFT_CENTER, &when, &Ink::label(t.muted));
    let words = author_text(locale, &x.text);
    put_wrapped(
        ui,
        pos2(left, edge.top() + 20.0),
        full.right() - MARGIN - left,
        2,
        words,
        &Ink::bold(theme::BODY, t.text),
    );
    let word = locale.say("gm-ask");
    let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 58.0;
    let button = Rect::from_min_size(pos2(full.left() + MARGIN, full.bottom() - 48.0), vec2(wide, theme::CONTROL));
    if widget::button(ui, button, Kind::Plain, &word, "G", &word).clicked() {
        ask(vm, state, locale, out);
    }
}
