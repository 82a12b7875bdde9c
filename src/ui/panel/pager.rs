//! Pager and alerts, changes, jobs, tickets, who can help: the left column.

use crate::locale::{Arg, Locale};
use crate::session::projection::{AlertState, Health, Presence};
use crate::ui::panel::{absolute, ago, n, span, w, who};
use crate::ui::theme::{self, GAP, MARGIN, Tokens};
use crate::ui::widget::{self, Ink, Kind, MarkShape, area, fit, paint, paint_tabular, put, width};
use crate::view::action::UiAction;
use crate::view::panel::pager::{AlertVm, ChangeVm, JobVm, PageVm, PagerVm, PersonVm, TicketVm};
use crate::view::panel::stopwatch;
use crate::view::words::{author_text, say};
use egui::{Align2, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// What the narrow column shows instead of alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    /// Alerts.
    #[default]
    Alerts,
    /// Changes.
    Changes,
    /// Tickets and people.
    Tickets,
}

impl Fold {
    /// Every fold.
    pub const ALL: [Fold; 3] = [Fold::Alerts, Fold::Changes, Fold::Tickets];

    /// Its word in a layout.
    pub fn words(self) -> &'static str {
        match self {
            Fold::Alerts => "fold-alerts",
            Fold::Changes => "fold-changes",
            Fold::Tickets => "fold-tickets",
        }
    }
}

/// State of the column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagerUiState {
    /// Opened change, by release.
    pub change: Option<String>,
    /// Opened ticket, by fact.
    pub ticket: Option<String>,
    /// Fold of the narrow column.
    pub fold: Fold,
    /// Graph asked for by a page or an alert.
    pub want_graph: Option<String>,
    /// Person to be paged, asked for by a row.
    pub want_person: Option<String>,
    /// Nothing moves.
    pub still: bool,
    /// Newest page seen, and the millisecond at which it came on screen.
    pulse: (u32, u64),
}

/// Draws the column into the whole of `ui`.
pub fn pager_ui(ui: &mut Ui, vm: &PagerVm, state: &mut PagerUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let narrow = full.width() < 300.0;
    ui.painter().rect_filled(full, 0, t.panel);
    let bar = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    header(ui, bar, vm, locale);
    let people_rows = vm.people.len().min(5) as f32;
    let foot = if narrow { 40.0 } else { 32.0 + 8.0 + people_rows * 32.0 };
    let list = Rect::from_min_max(bar.left_bottom(), pos2(full.right(), full.bottom() - foot));
    area(ui, "pager-list", list, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(GAP + 4.0);
            let swell = pulse(ui, vm, state);
            for page in &vm.pages {
                page_card(ui, page, state, (narrow, swell), locale, out);
            }
            if !vm.jobs.is_empty() {
                head(ui, &locale.say("jobs-title"), &vm.jobs.len().to_string());
                vm.jobs.iter().for_each(|j| job_card(ui, j, locale));
            }
            if !narrow || state.fold == Fold::Alerts {
                head(ui, &locale.say("alerts-title"), &vm.alerts.len().to_string());
                vm.alerts.iter().for_each(|a| alert_row(ui, a, state, locale));
            }
            if !narrow || state.fold == Fold::Changes {
                head(ui, &locale.say("changes-title"), &locale.say("changes-note"));
                vm.changes.iter().for_each(|c| change_row(ui, c, state, locale));
            }
            if !narrow || state.fold == Fold::Tickets {
                let note = locale.text("tickets-note", &[("n", n(vm.tickets.len() as i64))]);
                head(ui, &locale.say("tickets-title"), &note);
                vm.tickets.iter().for_each(|k| ticket_row(ui, k, state, locale));
            }
            if narrow && state.fold == Fold::Tickets {
                head(ui, &locale.say("people-title"), "");
                for person in &vm.people {
                    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
                    person_row(ui, rect, person, state, locale);
                }
            }
            ui.add_space(GAP);
        });
    });
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - foot), full.right_bottom());
    widget::hline(ui, foot.x_range(), foot.top() + 1.0, t.line);
    if narrow {
        fold_bar(ui, foot, vm, state, locale);
    } else {
        let head = Rect::from_min_size(foot.min, vec2(foot.width(), 32.0));
        widget::section(ui, head, &locale.say("people-title"), "");
        let cap = widget::key_cap_width(ui, "P");
        let x = head.right() - MARGIN - cap;
        widget::key_cap(ui, pos2(x, head.center().y), "P", t.muted);
        let ink = Ink::label(t.muted);
        paint(ui, pos2(x - GAP, head.center().y), Align2::RIGHT_CENTER, &locale.say("people-page"), &ink);
        for (k, person) in vm.people.iter().take(5).enumerate() {
            let top = head.bottom() + 4.0 + 32.0 * k as f32;
            let rect = Rect::from_min_size(pos2(foot.left(), top), vec2(foot.width(), 32.0));
            person_row(ui, rect, person, state, locale);
        }
    }
}

fn header(ui: &mut Ui, bar: Rect, vm: &PagerVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let title = locale.say("pager-title");
    let ink = Ink::bold(theme::BODY, t.text);
    let label = put(ui, pos2(bar.left() + MARGIN + 4.0, bar.center().y), Align2::LEFT_CENTER, &title, &ink);
    widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
    let under = Rect::from_x_y_ranges(label.rect.expand2(vec2(4.0, 0.0)).x_range(), bar.bottom() - 2.0..=bar.bottom());
    ui.painter().rect_filled(under, 0, t.strong);
    if !vm.pages.is_empty() {
        let badge = Rect::from_center_size(pos2(bar.right() - MARGIN - 12.0, bar.center().y), vec2(24.0, 24.0));
        ui.painter().rect_filled(badge, theme::CONTROL_RADIUS, t.amber);
        let ink = Ink::bold(theme::LABEL, t.on_fill);
        paint(ui, badge.center(), Align2::CENTER_CENTER, &vm.pages.len().to_string(), &ink);
    }
}

fn head(ui: &mut Ui, title: &str, note: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    widget::section(ui, rect, title, note);
}

fn page_card(
    ui: &mut Ui,
    page: &PageVm,
    state: &mut PagerUiState,
    (narrow, swell): (bool, f32),
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let text = author_text(locale, &page.text).to_owned();
    let room = ui.available_width() - 24.0 - 32.0;
    let title_ink = Ink::bold(theme::VALUE, t.text);
    let rows = if width(ui, &text, &title_ink) > room { 2.0 } else { 1.0 };
    let height = if page.escalates_in_s.is_some() { 166.0 } else { 132.0 } + (rows - 1.0) * 24.0;
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), height + 12.0), Sense::hover());
    let rect = Rect::from_min_size(outer.min + vec2(12.0, 0.0), vec2(outer.width() - 24.0, height));
    glow(ui, rect, swell, t);
    widget::card(ui, rect, t.page, t.amber);
    let edge = Rect::from_min_size(rect.min, vec2(4.0, rect.height()));
    ui.painter().rect_filled(edge, egui::CornerRadius { nw: 6, sw: 6, ne: 0, se: 0 }, t.amber);
    let inner = rect.shrink2(vec2(16.0, 12.0));
    let y = inner.top() + 10.0;
    widget::status_glyph(ui, pos2(inner.left() + 6.0, y), 12.0, page.health, t);
    let word = locale.say(theme::status_key(page.health));
    let key = if narrow { "page-open-short" } else { "page-open" };
    let line = locale.text(key, &[("severity", Arg::Word(word))]);
    put(ui, pos2(inner.left() + 22.0, y), Align2::LEFT_CENTER, &line, &Ink::body(t.warn));
    let age = paint_tabular(
        ui,
        pos2(inner.right(), y),
        Align2::RIGHT_CENTER,
        &stopwatch(page.when.ago_s),
        &Ink::bold(theme::VALUE, t.warn),
    );
    ui.interact(age, ui.id().with(("page-age", page.id)), Sense::hover()).on_hover_text(absolute(&page.when));
    let y = inner.top() + 24.0;
    widget::put_wrapped(ui, pos2(inner.left(), y), inner.width(), 2, &text, &title_ink);
    let y = y + 24.0 * rows + 12.0;
    let source = match &page.value {
        Some(value) => format!("{} · {}", page.service, say(locale, value)),
        None => page.service.clone(),
    };
    let source = match page.firing {
        0 | 1 => source,
        more => format!("{source} · {}", locale.text("page-firing", &[("n", n(more))])),
    };
    let ink = Ink::label(t.muted);
    put(ui, pos2(inner.left(), y), Align2::LEFT_CENTER, &fit(ui, &source, &ink, inner.width()), &ink);
    let top = y + 16.0;
    let ack = locale.say("page-ack");
    let ack_width = width(ui, &ack, &Ink::bold(theme::BODY, t.text)) + 58.0;
    let button = Rect::from_min_size(pos2(inner.left(), top), vec2(ack_width, theme::CONTROL));
    let aria = locale.text("page-ack-aria", &[("n", n(page.id)), ("text", w(&text))]);
    if widget::button(ui, button, Kind::Primary, &ack, "A", &aria).clicked() {
        out.push(UiAction::Line(format!(":ack {}", page.id)));
    }
    if let (Some(graph), false) = (&page.graph, narrow) {
        let word = locale.say("page-graph");
        let wide = width(ui, &word, &Ink::bold(theme::BODY, t.text)) + 58.0;
        let button = Rect::from_min_size(pos2(button.right() + GAP, top), vec2(wide, theme::CONTROL));
        let aria = locale.text("page-graph-aria", &[("n", n(page.id)), ("text", w(&text))]);
        if widget::button(ui, button, Kind::Plain, &word, "G", &aria).clicked() {
            state.want_graph = Some(graph.clone());
        }
    }
    if let Some(left) = page.escalates_in_s {
        let track = Rect::from_min_size(pos2(inner.left(), top + 42.0), vec2(inner.width(), 4.0));
        ui.painter().rect_filled(track, 2, t.line);
        let mut done = track;
        done.set_width(track.width() * page.elapsed_per_mille as f32 / 1000.0);
        ui.painter().rect_filled(done, 2, t.amber);
        let words = locale.text("page-escalates", &[("in", Arg::Word(stopwatch(left)))]);
        put(ui, pos2(inner.left(), track.bottom() + 13.0), Align2::LEFT_CENTER, &words, &Ink::label(t.muted));
    }
}

/// How far the glow of a new page swells now, 0 to 1: three times in three seconds, then it is still.
fn pulse(ui: &Ui, vm: &PagerVm, state: &mut PagerUiState) -> f32 {
    let newest = vm.pages.iter().map(|p| p.id).max().unwrap_or(0);
    let now = (ui.input(|i| i.time) * 1000.0) as u64;
    if newest > state.pulse.0 {
        state.pulse = (newest, now);
    }
    let age = now.saturating_sub(state.pulse.1);
    if state.still || newest == 0 || age >= 3000 {
        return 0.0;
    }
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
    let share = (age % 1000) as f32 / 1000.0;
    (share * std::f32::consts::PI).sin()
}

fn glow(ui: &Ui, rect: Rect, swell: f32, t: &Tokens) {
    let shadow =
        egui::Shadow { offset: [0, 0], blur: 20, spread: 0, color: t.amber.gamma_multiply(0.22 + 0.4 * swell) };
    ui.painter().add(shadow.as_shape(rect, theme::CARD_RADIUS));
}

/// A row of a list: glyph, title, note below, age above and a word below at the right.
struct Row<'a> {
    title: &'a str,
    sub: &'a str,
    age: &'a str,
    age_hover: String,
    word: Option<(&'a str, egui::Color32)>,
    chosen: bool,
    aria: &'a str,
}

fn row(ui: &mut Ui, r: &Row<'_>, glyph: impl FnOnce(&mut Ui, egui::Pos2)) -> egui::Response {
    let t = theme::tokens(ui);
    let height = if r.sub.is_empty() { 40.0 } else { 59.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let response = widget::row_button(ui, rect, r.chosen, r.aria);
    let upper = if r.sub.is_empty() { rect.center().y } else { rect.top() + 20.0 };
    glyph(ui, pos2(rect.left() + MARGIN + 6.0, upper));
    let age_ink = Ink::label(t.muted);
    let age = paint(ui, pos2(rect.right() - 12.0, upper), Align2::RIGHT_CENTER, r.age, &age_ink);
    ui.interact(age, response.id.with("age"), Sense::hover()).on_hover_text(&r.age_hover);
    let left = rect.left() + 40.0;
    let ink = Ink::bold(theme::BODY, t.text);
    let title = fit(ui, r.title, &ink, age.left() - left - GAP);
    paint(ui, pos2(left, upper), Align2::LEFT_CENTER, &title, &ink);
    let lower = rect.top() + 40.0;
    let mut room = rect.right() - 12.0 - left;
    if let Some((word, color)) = r.word {
        let drawn = paint(ui, pos2(rect.right() - 12.0, lower), Align2::RIGHT_CENTER, word, &Ink::label(color));
        room = drawn.left() - left - GAP;
    }
    if !r.sub.is_empty() {
        let sub = fit(ui, r.sub, &age_ink, room);
        paint(ui, pos2(left, lower), Align2::LEFT_CENTER, &sub, &age_ink);
    }
    widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
    if title != r.title { response.on_hover_text(r.title) } else { response }
}

fn alert_row(ui: &mut Ui, a: &AlertVm, state: &mut PagerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let text = author_text(locale, &a.text);
    let word = match (a.acked, a.state) {
        (true, _) => locale.say("alert-acked"),
        (_, AlertState::Pending) => locale.say("alert-pending"),
        (_, AlertState::NoData) => locale.say("alert-no-data"),
        _ => locale.say(theme::status_key(a.health)),
    };
    let color = match (a.acked, a.health) {
        (true, _) => t.yours,
        (_, Health::Unknown) => t.muted,
        (_, h) => theme::status_color(t, h),
    };
    let sub = match &a.value {
        Some(value) => format!("{} · {}", say(locale, value), say(locale, &a.rule)),
        None => say(locale, &a.rule),
    };
    let aria = locale.text("alert-aria", &[("text", w(text)), ("word", w(&word)), ("id", w(&a.id))]);
    let r = Row {
        title: text,
        sub: &sub,
        age: &ago(locale, &a.since),
        age_hover: absolute(&a.since),
        word: Some((&word, color)),
        chosen: false,
        aria: &aria,
    };
    let health = a.health;
    if row(ui, &r, |ui, at| widget::status_glyph(ui, at, 12.0, health, t)).clicked() {
        state.want_graph = a.graph.clone().or_else(|| Some(a.id.clone()));
    }
}

fn change_row(ui: &mut Ui, c: &ChangeVm, state: &mut PagerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let title = locale.text("change-title", &[("release", w(&c.release))]);
    let by = who(locale, &c.by);
    let stage = locale.say(if c.stage == "staging" { "stage-staging" } else { "stage-production" });
    let count = locale.text("change-count", &[("n", n(c.changes.len() as i64))]);
    let sub = format!("{by} · {stage} · {count}");
    let aria = locale.text("change-aria", &[("release", w(&c.release)), ("stage", w(&stage))]);
    let id = change_id(c);
    let open = state.change.as_deref() == Some(&id);
    let r = Row {
        title: &title,
        sub: &sub,
        age: &ago(locale, &c.when),
        age_hover: absolute(&c.when),
        word: None,
        chosen: open,
        aria: &aria,
    };
    if row(ui, &r, |ui, at| widget::mark(ui, at, MarkShape::Deploy, t)).clicked() {
        state.change = if open { None } else { Some(id) };
    }
    if open {
        opened(ui, &c.changes.join("\n"));
    }
}

/// The subject of a change's row.
pub fn change_id(c: &ChangeVm) -> String {
    c.release.clone()
}

fn ticket_row(ui: &mut Ui, k: &TicketVm, state: &mut PagerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let text = author_text(locale, &k.text).to_owned();
    let id = k.id.to_string();
    let open = state.ticket.as_deref() == Some(&id);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let aria = locale.text("ticket-aria", &[("id", w(&id)), ("text", w(&text))]);
    let response = widget::row_button(ui, rect, open, &aria);
    let when = ago(locale, &k.when);
    let age = paint(ui, pos2(rect.right() - 12.0, rect.center().y), Align2::RIGHT_CENTER, &when, &Ink::label(t.muted));
    let ink = Ink::body(t.text);
    let shown = fit(ui, &text, &ink, age.left() - rect.left() - MARGIN - GAP);
    paint(ui, pos2(rect.left() + MARGIN, rect.center().y), Align2::LEFT_CENTER, &shown, &ink);
    widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
    if response.on_hover_text(absolute(&k.when)).clicked() {
        state.ticket = if open { None } else { Some(id) };
    }
    if open {
        opened(ui, &format!("{}\n{text}", k.who));
    }
}

fn opened(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    egui::Frame::NONE.inner_margin(egui::Margin { left: 40, right: 12, top: 8, bottom: 12 }).show(ui, |ui| {
        ui.add(egui::Label::new(egui::RichText::new(text).color(t.muted).size(theme::LABEL)).wrap());
    });
}

fn job_card(ui: &mut Ui, j: &JobVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), 76.0), Sense::hover());
    let rect = Rect::from_min_max(outer.min + vec2(12.0, 8.0), outer.max - vec2(12.0, 4.0));
    widget::card(ui, rect, t.raised, t.line);
    let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
    ui.painter().rect_filled(edge, egui::CornerRadius { nw: 6, sw: 6, ne: 0, se: 0 }, t.yours);
    let y = rect.top() + 18.0;
    let time = paint_tabular(
        ui,
        pos2(rect.right() - 12.0, y),
        Align2::RIGHT_CENTER,
        &stopwatch(j.elapsed_s),
        &Ink::bold(theme::BODY, t.text),
    );
    let ink = Ink::bold(theme::BODY, t.text);
    let what = fit(ui, &j.what, &ink, time.left() - rect.left() - 24.0);
    put(ui, pos2(rect.left() + MARGIN, y), Align2::LEFT_CENTER, &what, &ink).on_hover_text(&j.what);
    let y = y + 24.0;
    widget::dashed_circle(ui, pos2(rect.left() + MARGIN + 5.0, y), 5.0, t.unknown);
    let words = locale.text("job-running", &[("n", n(j.id))]);
    put(ui, pos2(rect.left() + MARGIN + 18.0, y), Align2::LEFT_CENTER, &words, &Ink::label(t.muted));
}

fn person_row(ui: &mut Ui, rect: Rect, p: &PersonVm, state: &mut PagerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let name = who(locale, &p.id);
    let shown = if p.seat { name.clone() } else { author_text(locale, &p.role).to_owned() };
    let presence = match p.presence {
        Presence::Here if p.commands => locale.say("presence-commander"),
        Presence::Here => locale.say("presence-here"),
        Presence::JoinsIn(s) => locale.text("presence-joins", &[("span", Arg::Word(span(locale, s as i64)))]),
        Presence::Called(s) => locale.text("presence-called", &[("span", Arg::Word(span(locale, s as i64)))]),
        Presence::Away => locale.say("presence-away"),
    };
    let aria = locale.text("person-aria", &[("name", w(&p.id)), ("presence", w(&presence))]);
    if widget::row_button(ui, rect, false, &aria).clicked() {
        state.want_person = Some(p.id.clone());
    }
    let at = pos2(rect.left() + MARGIN + 11.0, rect.center().y);
    if p.seat {
        widget::disc(ui, at, 11.0, &p.initial, t.yours, false, t);
    } else {
        let health = if p.presence == Presence::Here { Health::Ok } else { Health::Unknown };
        widget::status_glyph(ui, at, 11.0, health, t);
    }
    let note = Ink::label(t.muted);
    let right = paint(ui, pos2(rect.right() - 12.0, rect.center().y), Align2::RIGHT_CENTER, &presence, &note);
    let ink = Ink::body(t.text);
    let shown = fit(ui, &shown, &ink, right.left() - rect.left() - 60.0);
    paint(ui, pos2(rect.left() + 52.0, rect.center().y), Align2::LEFT_CENTER, &shown, &ink);
}

fn fold_bar(ui: &mut Ui, rect: Rect, vm: &PagerVm, state: &mut PagerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let mut x = rect.left() + MARGIN;
    widget::mark(ui, pos2(x + 6.0, rect.center().y), MarkShape::Deploy, t);
    x += 24.0;
    let parts = [
        (Fold::Changes, locale.say("changes-title"), vm.changes.len()),
        (Fold::Tickets, locale.say("tickets-title"), vm.tickets.len()),
    ];
    for (fold, title, count) in parts {
        let wide = widget::tab_width(ui, &title, "");
        let place = Rect::from_min_size(pos2(x, rect.top()), vec2(wide, rect.height()));
        let aria = locale.text("fold-aria", &[("title", w(&title))]);
        if widget::tab(ui, place, &title, "", state.fold == fold, &aria).clicked() {
            state.fold = if state.fold == fold { Fold::Alerts } else { fold };
        }
        let ink = Ink::label(t.muted);
        let drawn =
            paint(ui, pos2(place.right() + GAP, rect.center().y), Align2::LEFT_CENTER, &count.to_string(), &ink);
        x = drawn.right() + 20.0;
    }
}
