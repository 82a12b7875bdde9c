//! The session again: the room of any seat at any moment, a slider under it, played at a chosen speed. Nothing done here reaches a session.

use crate::locale::{Arg, Locale};
use crate::ui::debrief::seat_word;
use crate::ui::gm::{GmUiState, gm_ui};
use crate::ui::live::{LiveUiState, Tab, live_ui};
use crate::ui::theme;
use crate::ui::widget::{self, Ink, Kind};
use crate::view::action::UiAction;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::replay::ReplayVm;
use egui::{Align2, Key, Modifiers, Rect, Sense, Stroke, Ui, pos2, vec2};
use std::time::Duration;

/// Speeds that can be chosen, simulated seconds a second.
pub const SPEEDS: [u32; 6] = [1, 5, 10, 20, 30, 60];

/// Height of the bar under the room.
const BAR: f32 = 84.0;

/// Where the replay is, and what its room has open.
#[derive(Clone, Debug)]
pub struct ReplayUiState {
    /// Whose room.
    pub seat: String,
    /// The moment, seconds from T0.
    pub t_s: i64,
    /// Time flows.
    pub playing: bool,
    /// Simulated seconds a second.
    pub speed: u32,
    /// Milliseconds of simulated time that are not a whole second yet.
    carry_ms: u64,
    /// The replay is to be closed.
    pub close: bool,
    live: LiveUiState,
    gm: GmUiState,
}

impl ReplayUiState {
    /// The room of a seat at a moment, standing.
    pub fn new(seat: &str, t_s: i64) -> ReplayUiState {
        ReplayUiState {
            seat: seat.to_owned(),
            t_s,
            playing: false,
            speed: 10,
            carry_ms: 0,
            close: false,
            live: LiveUiState::watching(),
            gm: GmUiState::default(),
        }
    }

    /// Lets so much real time pass; stands at the last ready moment.
    pub fn pass(&mut self, real: Duration, last_s: i64) {
        if !self.playing {
            return;
        }
        let ms = u64::try_from(real.as_millis()).unwrap_or(u64::MAX).min(1_000);
        self.carry_ms += ms * u64::from(self.speed);
        self.t_s += i64::try_from(self.carry_ms / 1_000).unwrap_or(0);
        self.carry_ms %= 1_000;
        if self.t_s >= last_s {
            self.t_s = last_s;
            self.playing = false;
        }
    }
}

/// Draws the room as it was, and the bar.
pub fn replay_ui(
    ui: &mut Ui,
    locale: &Locale,
    debrief: &DebriefVm,
    vm: &ReplayVm,
    state: &mut ReplayUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    keyboard(ui, debrief, vm, state, out);
    let bar = Rect::from_min_max(pos2(full.left(), full.bottom() - BAR), full.max);
    let room = Rect::from_min_max(full.min, bar.right_top());
    // What the panels of the room ask for goes nowhere: this was.
    let mut unheard = Vec::new();
    widget::area(ui, "replayed-room", room, |ui| match (&vm.live, &vm.gm) {
        (Some(live), _) => live_ui(ui, live, &mut state.live, locale, &mut unheard),
        (None, Some(gm)) => gm_ui(ui, gm, &mut state.gm, locale, &mut unheard),
        (None, None) => {}
    });
    state.live.only_watch();
    if ui.ctx().text_edit_focused() || crate::ui::panel::console::has_focus(ui) {
        ui.memory_mut(|m| m.focused().into_iter().for_each(|id| m.surrender_focus(id)));
    }
    ui.painter().rect_filled(bar, 0, t.panel);
    widget::hline(ui, bar.x_range(), bar.top() + 1.0, t.yours);
    slider(ui, locale, debrief, vm, state, Rect::from_min_size(bar.min, vec2(bar.width(), 36.0)));
    controls(ui, locale, vm, state, Rect::from_min_max(pos2(bar.left(), bar.top() + 36.0), bar.max), out);
}

fn keyboard(ui: &Ui, debrief: &DebriefVm, vm: &ReplayVm, state: &mut ReplayUiState, out: &mut Vec<UiAction>) {
    let key = |k| crate::ui::front::key(ui, k);
    let events = debrief.events();
    let pressed = |m, k| ui.input_mut(|i| i.consume_key(m, k));
    if pressed(Modifiers::SHIFT, Key::ArrowRight) {
        state.t_s = (state.t_s + 1).min(vm.to_s);
    }
    if pressed(Modifiers::SHIFT, Key::ArrowLeft) {
        state.t_s = (state.t_s - 1).max(vm.from_s);
    }
    if key(Key::ArrowRight) {
        state.t_s = events.iter().copied().find(|e| *e > state.t_s).unwrap_or(vm.to_s).min(vm.to_s);
    }
    if key(Key::ArrowLeft) {
        state.t_s = events.iter().copied().rev().find(|e| *e < state.t_s).unwrap_or(vm.from_s).max(vm.from_s);
    }
    if key(Key::Space) {
        play(vm, state);
    }
    if key(Key::S) {
        next_seat(vm, state);
    }
    if key(Key::Plus) || key(Key::Equals) {
        state.speed = SPEEDS.into_iter().find(|s| *s > state.speed).unwrap_or(60);
    }
    if key(Key::Minus) {
        state.speed = SPEEDS.into_iter().rev().find(|s| *s < state.speed).unwrap_or(1);
    }
    if key(Key::B) {
        out.push(UiAction::Branch(vm.t_s));
    }
    let digits = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7];
    for (digit, tab) in digits.into_iter().zip(Tab::ALL) {
        if key(digit) {
            state.live.choose(tab);
        }
    }
    if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
        state.close = true;
    }
}

fn play(vm: &ReplayVm, state: &mut ReplayUiState) {
    // At the end it begins again.
    if !state.playing && state.t_s >= vm.to_s {
        state.t_s = vm.from_s;
    }
    state.playing = !state.playing;
}

fn next_seat(vm: &ReplayVm, state: &mut ReplayUiState) {
    let at = vm.seats.iter().position(|s| *s == state.seat).unwrap_or(0);
    if let Some(next) = vm.seats.get((at + 1) % vm.seats.len().max(1)) {
        state.seat.clone_from(next);
    }
}

/// The slider: the whole session, what happened on it, and where this moment is.
fn slider(ui: &mut Ui, locale: &Locale, debrief: &DebriefVm, vm: &ReplayVm, state: &mut ReplayUiState, rect: Rect) {
    let t = theme::tokens(ui);
    let line =
        Rect::from_min_max(pos2(rect.left() + 24.0, rect.top() + 14.0), pos2(rect.right() - 24.0, rect.top() + 24.0));
    let span = (vm.to_s - vm.from_s).max(1) as f32;
    let x = |s: i64| line.left() + line.width() * ((s - vm.from_s) as f32 / span).clamp(0.0, 1.0);
    let y = line.center().y;
    widget::hline(ui, line.x_range(), y, t.edge);
    let warm = [pos2(line.left(), y), pos2(x(vm.warm_s), y)];
    ui.painter().line_segment(warm, Stroke::new(3.0, t.muted));
    let top = debrief.impact.top.max(1) as f32;
    for pair in debrief.impact.yours.windows(2) {
        if let [(a, v), (b, _)] = pair
            && *v > 0
        {
            let depth = 9.0 * *v as f32 / top;
            let block = Rect::from_min_max(pos2(x(*a), y - depth), pos2(x(*b).max(x(*a) + 1.0), y));
            ui.painter().rect_filled(block, 0, t.critical.gamma_multiply(0.25));
        }
    }
    for m in &debrief.yours {
        ui.painter().circle_filled(pos2(x(m.t_s), y + 7.0), if m.milestone { 3.5 } else { 2.0 }, t.yours);
    }
    for m in &debrief.original {
        ui.painter().circle_filled(pos2(x(m.t_s), y - 7.0), if m.milestone { 3.5 } else { 2.0 }, t.theirs);
    }
    let handle = pos2(x(state.t_s), y);
    ui.painter().circle(handle, 8.0, t.text, Stroke::new(2.0, t.panel));
    let response = ui.interact(rect, ui.id().with("replay-slider"), Sense::click_and_drag());
    let words = locale.text("dui-scrubber", &[("at", Arg::Word(moment(locale, state.t_s)))]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Slider, true, &words));
    if let Some(at) = response.interact_pointer_pos() {
        let share = ((at.x - line.left()) / line.width()).clamp(0.0, 1.0);
        state.t_s = vm.from_s + (share * span) as i64;
    }
}

fn controls(
    ui: &mut Ui,
    locale: &Locale,
    vm: &ReplayVm,
    state: &mut ReplayUiState,
    rect: Rect,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let y = rect.center().y - 4.0;
    let at = |x: f32, w: f32| Rect::from_min_size(pos2(x, y - 14.0), vec2(w, 28.0));
    let mut x = rect.left() + 24.0;
    let word = locale.say(if state.playing { "dui-replay-pause" } else { "dui-replay-play" });
    if widget::button(ui, at(x, 116.0), Kind::Plain, &word, "Space", &word).clicked() {
        play(vm, state);
    }
    x += 128.0;
    let now = moment(locale, vm.t_s);
    let drawn = widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &now, &Ink::bold(20.0, t.text)).rect;
    x = (x + 104.0).max(drawn.right() + 16.0);
    for speed in SPEEDS {
        let text = format!("{speed}×");
        let wide = widget::chip_width(ui, &text);
        let aria = locale.text("dui-replay-speed", &[("n", Arg::Number(speed.into()))]);
        if widget::chip(ui, at(x, wide), &text, state.speed == speed, &aria).clicked() {
            state.speed = speed;
        }
        x += wide + 2.0;
    }
    x += 18.0;
    for seat in &vm.seats {
        let text = seat_word(locale, seat);
        let wide = widget::chip_width(ui, &text);
        let aria = locale.text("dui-replay-seat", &[("seat", Arg::Word(text.clone()))]);
        if widget::chip(ui, at(x, wide), &text, state.seat == *seat, &aria).clicked() {
            state.seat.clone_from(seat);
        }
        x += wide + 2.0;
    }
    let word = locale.say("dui-replay-branch");
    let wide = widget::width(ui, &word, &Ink::body(t.text)) + 56.0;
    let right = rect.right() - 24.0;
    if widget::button(ui, at(right - wide, wide), Kind::Plain, &word, "B", &word).clicked() {
        out.push(UiAction::Branch(vm.t_s));
    }
    let back = locale.say("dui-replay-back");
    let left = right - wide - 20.0;
    let (pressed, edge) = crate::ui::front::hint_right(ui, pos2(left, y), "Esc", &back, &back);
    if pressed {
        state.close = true;
    }
    if vm.warm_s < vm.to_s {
        let share = 100 * (vm.warm_s - vm.from_s) / (vm.to_s - vm.from_s).max(1);
        let words = locale.text("dui-replay-warm", &[("n", Arg::Number(share))]);
        let ink = Ink::new(12.0, t.muted);
        let words = widget::fit(ui, &words, &ink, edge - x - 24.0);
        widget::put(ui, pos2(x + 12.0, y), Align2::LEFT_CENTER, &words, &ink);
    }
}
