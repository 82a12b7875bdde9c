//! The debrief: words first, then the two lanes, what went well, questions, and the numbers last; the log beside all of it.

mod export;
mod impact;
mod log;
mod page;
mod reasoning;
mod reflect;
mod score;
mod timeline;
mod witness;

use crate::fact::FactId;
use crate::locale::{Arg, Locale};
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::{author_text, say};
use egui::{Align2, Color32, Key, Modifiers, Pos2, Rangef, Rect, Ui, pos2, vec2};

/// The stages, in the order in which a team goes through them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// How it was, before any number.
    #[default]
    Reactions,
    /// The two lanes.
    Timelines,
    /// What went well.
    Plus,
    /// Open questions.
    Questions,
    /// The score.
    Numbers,
}

impl Stage {
    /// Every stage with its key in the catalogue.
    pub const ALL: [(Stage, &'static str); 5] = [
        (Stage::Reactions, "dui-stage-reactions"),
        (Stage::Timelines, "dui-stage-timelines"),
        (Stage::Plus, "dui-stage-plus"),
        (Stage::Questions, "dui-stage-questions"),
        (Stage::Numbers, "dui-stage-numbers"),
    ];
}

/// What the debrief remembers between frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DebriefUiState {
    /// Stage.
    pub stage: Stage,
    /// Furthest stage that was opened.
    pub seen: Stage,
    /// Moment of the scrubber, seconds from T0.
    pub scrub_s: Option<i64>,
    /// Turning point in the centre, from 0.
    pub turning: usize,
    /// Stretch that is shown, if zoomed.
    pub zoom: Option<(i64, i64)>,
    /// The linear axis instead of the compressed one.
    pub linear: bool,
    /// The log is open.
    pub log: bool,
    /// Fact that is lit in the log.
    pub shown: Option<FactId>,
    /// The log scrolls to the lit fact in the next frame.
    pub jump: bool,
    /// The seat whose doings are shown; all of them if none.
    pub seat: Option<String>,
    /// The menu of exports is open.
    pub exports: bool,
    /// The replay is wanted from this moment.
    pub replay: Option<i64>,
    /// What is written down on the page of reactions.
    pub reflect: reflect::ReflectUiState,
    /// A field had the keyboard at the end of the last pass: Escape takes it away before this pass begins.
    pub held: bool,
    /// The row of the original that a witness writes beside, and the words so far.
    pub witness: Option<(String, String)>,
}

impl DebriefUiState {
    /// Opens the log at a fact.
    pub fn show(&mut self, fact: FactId, out: &mut Vec<UiAction>) {
        self.log = true;
        self.shown = Some(fact);
        self.jump = true;
        out.push(UiAction::ShowFact(fact));
    }

    /// Whether what a seat did is shown.
    pub fn shows(&self, by: &str) -> bool {
        self.seat.as_deref().is_none_or(|s| s == by)
    }
}

/// Word of a seat.
pub fn seat_word(locale: &Locale, seat: &str) -> String {
    if seat == "gm" { locale.say("front-seat-gm") } else { crate::ui::panel::who(locale, seat) }
}

/// Draws the debrief.
pub fn debrief_ui(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0, t.ink);
    keyboard(ui, vm, state, out);
    state.seen = state.seen.max(state.stage);
    let bar = Rect::from_min_max(full.min, pos2(full.right(), full.top() + 44.0));
    top(ui, locale, vm, state, bar);
    let line = Rect::from_min_max(bar.left_bottom(), pos2(full.right(), bar.bottom() + 72.0));
    headline(ui, locale, vm, line, state, out);
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - 44.0), full.max);
    let mut body = Rect::from_min_max(line.left_bottom(), foot.right_top());
    if state.log {
        let width = (full.width() * 0.3).max(400.0);
        let side = Rect::from_min_max(pos2(full.right() - width, body.top()), body.max);
        log::log(ui, locale, vm, state, side);
        body.max.x = side.left();
    }
    widget::area(ui, "debrief-body", body, |ui| {
        // What lies under the menu neither answers nor tells itself.
        if state.exports {
            ui.disable();
        }
        match state.stage {
            Stage::Reactions => reflect::reactions(ui, locale, vm, &mut state.reflect, out),
            Stage::Timelines => timeline::timeline(ui, locale, vm, state, out),
            Stage::Plus => page::plus(ui, locale, vm, state, out),
            Stage::Questions => page::questions(ui, locale, vm, state, out),
            Stage::Numbers => score::score(ui, locale, vm, state, out),
        }
    });
    footer(ui, locale, vm, state, foot, out);
    witness::card(ui, locale, vm, state, out);
    if state.exports {
        export::menu(ui, locale, state, out);
    }
    state.held = ui.ctx().text_edit_focused();
}

fn keyboard(ui: &Ui, vm: &DebriefVm, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let key = |k| crate::ui::front::key(ui, k);
    if state.exports {
        export::keyboard(ui, state, out);
        return;
    }
    for (k, (stage, _)) in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5].into_iter().zip(Stage::ALL) {
        if key(k) {
            state.stage = stage;
        }
    }
    if key(Key::X) {
        state.exports = true;
    }
    if key(Key::E) {
        state.replay = Some(state.scrub_s.unwrap_or(vm.from_s));
    }
    if key(Key::S) {
        next_seat(vm, state);
    }
    if key(Key::L) {
        state.log = !state.log;
    }
    if key(Key::Questionmark) {
        out.push(UiAction::Keys(true));
    }
    if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
        if std::mem::take(&mut state.held) {
            // The first one only lets go of the keyboard.
        } else if state.witness.take().is_some() {
            // The card closes; what was written in it is not kept.
        } else if state.log {
            state.log = false;
        } else {
            out.push(UiAction::Back);
        }
    }
    if state.stage != Stage::Timelines {
        return;
    }
    let events = vm.events();
    let now = state.scrub_s.unwrap_or(vm.from_s);
    if key(Key::ArrowRight) {
        state.scrub_s = events.iter().copied().find(|t| *t > now).or(state.scrub_s);
    }
    if key(Key::ArrowLeft) {
        state.scrub_s = events.iter().copied().rev().find(|t| *t < now).or(state.scrub_s);
    }
    if key(Key::T) {
        next_turning(vm, state);
    }
    if key(Key::M) {
        state.linear = !state.linear;
    }
    if key(Key::Z) {
        toggle_zoom(vm, state);
    }
}

/// All seats, then each of them in turn.
fn next_seat(vm: &DebriefVm, state: &mut DebriefUiState) {
    state.seat = match &state.seat {
        None => vm.seats.first().cloned(),
        Some(now) => {
            let at = vm.seats.iter().position(|s| s == now).map_or(vm.seats.len(), |i| i + 1);
            vm.seats.get(at).cloned()
        }
    };
}

fn next_turning(vm: &DebriefVm, state: &mut DebriefUiState) {
    let next = vm.turning.iter().position(|p| state.scrub_s.is_none_or(|s| p.t_s > s)).unwrap_or(0);
    if let Some(point) = vm.turning.get(next) {
        state.turning = next;
        state.scrub_s = Some(point.t_s);
    }
}

fn toggle_zoom(vm: &DebriefVm, state: &mut DebriefUiState) {
    state.zoom = if state.zoom.is_some() { None } else { Some(incident(vm)) };
}

/// The incident itself: from before the first join to after the last one that is near it.
fn incident(vm: &DebriefVm) -> (i64, i64) {
    let last = |curve: &[(i64, u64)]| curve.iter().rev().find(|(_, v)| *v > 0).map(|(t, _)| *t);
    let relief = last(&vm.impact.yours).into_iter().chain(last(&vm.impact.original)).max();
    let to = relief.unwrap_or(vm.to_s).min(vm.to_s);
    let air = ((to - vm.from_s) / 12).max(60);
    (vm.from_s, (to + air).clamp(vm.from_s + 120, vm.to_s.max(vm.from_s + 120)))
}

fn top(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, bar: Rect) {
    let t = theme::tokens(ui);
    ui.painter().rect_filled(bar, 0, t.panel);
    let y = bar.center().y;
    // Stages from the right, so that the title keeps what is left.
    let mut x = bar.right() - 24.0;
    for (i, (stage, word)) in Stage::ALL.iter().enumerate().rev() {
        let text = locale.say(word);
        let width = widget::width(ui, &text, &Ink::bold(14.0, t.text)) + 20.0;
        let rect = Rect::from_min_max(pos2(x - width, bar.top()), pos2(x, bar.bottom()));
        let on = state.stage == *stage;
        let pressed = crate::ui::front::press(ui, rect.shrink2(vec2(0.0, 4.0)), &text).clicked();
        let color = if on { t.text } else { t.muted };
        let glyph = pos2(rect.left() + 6.0, y);
        if on {
            ui.painter().circle_filled(glyph, 5.0, t.text);
            let under =
                Rect::from_min_max(pos2(rect.left() - 6.0, bar.bottom() - 2.0), pos2(rect.right() + 6.0, bar.bottom()));
            ui.painter().rect_filled(under, 0, t.text);
        } else if *stage < state.seen {
            let tick = vec![glyph + vec2(-5.0, 0.0), glyph + vec2(-1.5, 4.0), glyph + vec2(5.0, -5.0)];
            ui.painter().add(egui::Shape::line(tick, egui::Stroke::new(2.0, t.muted)));
        } else {
            ui.painter().circle_stroke(glyph, 4.5, egui::Stroke::new(1.5, t.muted));
        }
        let ink = if on { Ink::bold(14.0, color) } else { Ink::new(14.0, color) };
        widget::paint(ui, pos2(rect.left() + 18.0, y), Align2::LEFT_CENTER, &text, &ink);
        if pressed {
            state.stage = *stage;
        }
        x = rect.left() - if i == 0 { 0.0 } else { 26.0 };
    }
    let head = locale.say("dui-debrief");
    let drawn = widget::put(ui, pos2(bar.left() + 32.0, y), Align2::LEFT_CENTER, &head, &Ink::bold(16.0, t.text)).rect;
    let title = author_text(locale, &vm.title);
    let line = match (state.stage, vm.support) {
        // No number stands beside the reactions.
        (Stage::Reactions, _) => format!("{title}  ·  {}", vm.subtitle),
        (_, 0) => format!("{title}  ·  {}  ·  {}", vm.subtitle, locale.say("dui-support-none")),
        (_, n) => {
            let support = locale.text("dui-support", &[("n", Arg::Number(n.into()))]);
            format!("{title}  ·  {}  ·  {support}", vm.subtitle)
        }
    };
    let from = drawn.right() + 20.0;
    let ink = Ink::new(14.0, t.muted);
    let line = widget::fit(ui, &line, &ink, x - 20.0 - from);
    widget::put(ui, pos2(from, y), Align2::LEFT_CENTER, &line, &ink);
}

/// Word, difference, biggest plus, next experiment: the debrief in one line.
fn headline(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    line: Rect,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let wide = line.width() > 1500.0;
    let y = line.top() + 40.0;
    if state.stage == Stage::Reactions {
        let head = locale.say("dui-reactions-head");
        let ink = Ink::bold(if wide { 28.0 } else { 20.0 }, t.text);
        let drawn = widget::put(ui, pos2(line.left() + 32.0, y), Align2::LEFT_CENTER, &head, &ink).rect;
        let ink = Ink::new(if wide { 16.0 } else { 14.0 }, t.muted);
        let x = drawn.right() + 24.0;
        let note = widget::fit(ui, &locale.say("dui-reactions-note"), &ink, line.right() - 32.0 - x);
        widget::put(ui, pos2(x, y + 2.0), Align2::LEFT_CENTER, &note, &ink);
        return;
    }
    let word = locale.say(vm.word);
    let ink = Ink::bold(if wide { 28.0 } else { 20.0 }, t.text);
    let drawn = widget::put(ui, pos2(line.left() + 32.0, y), Align2::LEFT_CENTER, &word, &ink).rect;
    let ink = Ink::bold(if wide { 40.0 } else { 28.0 }, t.yours);
    let drawn = widget::put(ui, pos2(drawn.right() + 20.0, y), Align2::LEFT_CENTER, &vm.delta, &ink).rect;
    let par = locale.say("dui-to-par");
    let drawn =
        widget::put(ui, pos2(drawn.right() + 8.0, y + 6.0), Align2::LEFT_CENTER, &par, &Ink::new(14.0, t.muted)).rect;
    let mut x = drawn.right() + 28.0;
    let right = line.right() - 32.0;
    let rule = Rangef::new(y - 22.0, y + 22.0);
    let label = Ink::new(14.0, t.muted);
    if let Some((dimension, delta, what, fact)) = &vm.plus {
        widget::vline(ui, x, rule, t.line);
        x += 24.0;
        let room = (right - x) * 0.52 - 48.0;
        widget::paint(ui, pos2(x, y - 13.0), Align2::LEFT_CENTER, &locale.say("dui-biggest-plus"), &label);
        let dim = dimension_word(locale, dimension);
        let size = if wide { 20.0 } else { 16.0 };
        let drawn = widget::put(ui, pos2(x, y + 11.0), Align2::LEFT_CENTER, &dim, &Ink::bold(size, t.text)).rect;
        let drawn =
            widget::put(ui, pos2(drawn.right() + 7.0, y + 11.0), Align2::LEFT_CENTER, delta, &Ink::bold(size, t.yours))
                .rect;
        let ink = Ink::new(size, t.text);
        let said = say(locale, what);
        let words = widget::fit(ui, &said, &ink, x + room - drawn.right() - 12.0);
        let rect = widget::paint(ui, pos2(drawn.right() + 12.0, y + 11.0), Align2::LEFT_CENTER, &words, &ink);
        match fact {
            Some(fact) => {
                let aria = format!("{said} #{fact}");
                if crate::ui::front::press(ui, rect, &aria).on_hover_text(&said).clicked() {
                    state.show(*fact, out);
                }
            }
            None => labelled(ui, rect, &said),
        }
        x += room + 24.0;
    }
    widget::vline(ui, x, rule, t.line);
    x += 24.0;
    widget::paint(ui, pos2(x, y - 13.0), Align2::LEFT_CENTER, &locale.say("dui-next-experiment"), &label);
    arrow(ui, pos2(x, y + 11.0), t.amber);
    let said = say(locale, &vm.experiment);
    let ink = Ink::new(if wide { 20.0 } else { 16.0 }, t.text);
    let words = widget::fit(ui, &said, &ink, right - x - 20.0);
    let rect = widget::paint(ui, pos2(x + 20.0, y + 11.0), Align2::LEFT_CENTER, &words, &ink);
    labelled(ui, rect, &said);
}

/// A painted text's words for screen readers, whole on hover.
pub(super) fn labelled(ui: &mut Ui, rect: Rect, words: &str) {
    let response =
        ui.interact(rect, ui.id().with(("said", words, rect.min.x as i32, rect.min.y as i32)), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, words));
    response.on_hover_text(words);
}

/// A small arrow to the right.
pub(super) fn arrow(ui: &Ui, at: Pos2, color: Color32) {
    let stroke = egui::Stroke::new(2.0, color);
    ui.painter().line_segment([at, at + vec2(11.0, 0.0)], stroke);
    let head = vec![at + vec2(6.5, -4.0), at + vec2(11.0, 0.0), at + vec2(6.5, 4.0)];
    ui.painter().add(egui::Shape::line(head, stroke));
}

/// Word of a dimension of the score.
pub(super) fn dimension_word(locale: &Locale, dimension: &str) -> String {
    let key = format!("dui-dim-{dimension}");
    if locale.has(&key) { locale.say(&key) } else { locale.say(dimension) }
}

fn footer(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut DebriefUiState,
    foot: Rect,
    out: &mut Vec<UiAction>,
) {
    let t: &Tokens = theme::tokens(ui);
    widget::hline(ui, foot.x_range(), foot.top() + 1.0, t.line);
    let y = foot.center().y;
    let mut x = foot.left() + 32.0;
    let mut item = |ui: &mut Ui, cap: &str, word: &str| {
        let words = locale.say(word);
        let (clicked, right) = crate::ui::front::hint(ui, pos2(x, y), cap, &words, &words);
        x = right + 26.0;
        clicked
    };
    if item(ui, "Esc", "dui-key-back") {
        out.push(UiAction::Back);
    }
    if state.stage == Stage::Timelines {
        // Arrows are told, not pressed: a button for them would stand between the scrubber and the reader.
        if item(ui, "T", "dui-key-turning") {
            next_turning(vm, state);
        }
        if item(ui, "Z", if state.zoom.is_some() { "dui-key-whole" } else { "dui-key-zoom" }) {
            toggle_zoom(vm, state);
        }
        if item(ui, "M", if state.linear { "dui-key-compressed" } else { "dui-key-linear" }) {
            state.linear = !state.linear;
        }
    }
    if item(ui, "L", if state.log { "dui-key-log-close" } else { "dui-key-log" }) {
        state.log = !state.log;
    }
    if item(ui, "E", "dui-key-replay") {
        state.replay = Some(state.scrub_s.unwrap_or(vm.from_s));
    }
    if item(ui, "X", "dui-key-export") {
        state.exports = true;
    }
    if item(ui, "?", "dui-key-keys") {
        out.push(UiAction::Keys(true));
    }
    if state.stage == Stage::Timelines {
        legend(ui, locale, x, foot);
    }
}

fn legend(ui: &mut Ui, locale: &Locale, from: f32, foot: Rect) {
    let t = theme::tokens(ui);
    let ink = Ink::new(14.0, t.muted);
    let y = foot.center().y;
    let mut x = foot.right() - 32.0;
    for (shape, word) in [(2, "dui-legend-action"), (1, "dui-legend-assumed"), (0, "dui-legend-published")] {
        let words = locale.say(word);
        let left = x - widget::width(ui, &words, &ink) - 16.0;
        if left < from {
            return;
        }
        widget::paint(ui, pos2(x, y), Align2::RIGHT_CENTER, &words, &ink);
        let c = pos2(left + 4.0, y);
        match shape {
            0 => {
                ui.painter().circle_filled(c, 5.0, t.muted);
            }
            1 => {
                ui.painter().circle_stroke(c, 4.5, egui::Stroke::new(1.5, t.muted));
            }
            _ => {
                ui.painter().rect_filled(Rect::from_center_size(c, vec2(9.0, 9.0)), 0, t.muted);
            }
        }
        x = left - 18.0;
    }
}

/// A chip of a fact: 20 high, opens the log. Returns its right edge.
pub(super) fn chip(
    ui: &mut Ui,
    at: Pos2,
    fact: FactId,
    aria: &str,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) -> f32 {
    let t = theme::tokens(ui);
    let text = format!("#{fact}");
    let ink = Ink::new(14.0, t.text);
    let rect = Rect::from_min_size(pos2(at.x, at.y - 10.0), vec2(widget::width(ui, &text, &ink) + 14.0, 20.0));
    let response = crate::ui::front::press(ui, rect, aria);
    let lit = state.shown == Some(fact) || response.hovered();
    ui.painter().rect_filled(rect, 4, if lit { t.line } else { t.raised });
    widget::paint(ui, rect.center(), Align2::CENTER_CENTER, &text, &ink);
    if response.clicked() {
        state.show(fact, out);
    }
    rect.right()
}

/// `+4:36` with the absolute time beside it, for hover.
pub(super) fn both_times(locale: &Locale, vm: &DebriefVm, t_s: i64) -> String {
    let utc = crate::stdx::time::Utc(vm.t0_utc_s).plus(t_s).hms();
    format!("{} · {utc} UTC", moment(locale, t_s))
}
