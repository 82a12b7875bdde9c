//! The game master's station: truth and script on the left, seats in the centre, deck on the right, time below.

mod band;
mod deck;
mod left;
mod seats;

use crate::locale::{Arg, Locale};
use crate::session::projection::{ClockState, Health};
use crate::stdx::time::Offset;
use crate::ui::live::dialog::quoted;
use crate::ui::panel::{n, w};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, Kind, area, paint, paint_tabular, put, width};
use crate::view::action::UiAction;
use crate::view::gm::GmVm;
use crate::view::panel::stopwatch;
use egui::{Align2, Event, Key, Rect, Ui, pos2, vec2};

/// A tab of the right column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeckTab {
    /// Prepared cards.
    #[default]
    Deck,
    /// A fault on any component.
    AdHoc,
    /// Speak as a simulated person.
    People,
}

/// State of the station.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GmUiState {
    /// Tab of the right column.
    pub tab: DeckTab,
    /// Words that a card must have.
    pub find: String,
    /// Chosen card.
    pub card: Option<String>,
    /// Chosen row of the script; the next one if `None`.
    pub rule: Option<String>,
    /// Chosen component and kind of fault, and how much.
    pub fault: (Option<String>, Option<String>, String),
    /// Person to speak as, and the words.
    pub speak: (Option<String>, String),
    /// Unknown command being answered: its place in the list, and the output.
    pub answer: (Option<usize>, String),
    /// Chosen rung; the suggested one if `None`.
    pub rung: Option<u8>,
    /// Seat shown in a narrow window.
    pub seat: usize,
    /// Moment to rewind to, seconds from T0: chosen on the time band or by the first press, taken by the next.
    pub rewind: Option<i64>,
}

/// Draws the station into the whole of `ui`.
pub fn gm_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    if !theme::ensure(ui.ctx()) {
        return;
    }
    if !ui.ctx().text_edit_focused() {
        keys(ui, vm, state, locale, out);
    }
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0, t.panel);
    let small = full.width() < 1600.0;
    let (left_w, right_w) = if small { (272.0, 344.0) } else { (368.0, 480.0) };
    let band_h = if full.height() < 900.0 { 168.0 } else { 208.0 };
    let top = Rect::from_min_size(full.min, vec2(full.width(), 72.0));
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - 32.0), full.max);
    let time = Rect::from_min_max(pos2(full.left(), foot.top() - band_h), foot.right_top());
    let middle = Rect::from_min_max(top.left_bottom(), time.right_top());
    let left = Rect::from_min_size(middle.min, vec2(left_w, middle.height()));
    let right = Rect::from_min_max(pos2(middle.right() - right_w, middle.top()), middle.max);
    let centre = Rect::from_min_max(left.right_top(), right.left_bottom());
    let seats_h = (centre.height() * 0.417).round();
    area(ui, "gm-top", top, |ui| top_bar(ui, vm, locale));
    area(ui, "gm-left", left, |ui| left::left_ui(ui, vm, state, locale, out));
    let mirrors = Rect::from_min_size(centre.min, vec2(centre.width(), seats_h));
    area(ui, "gm-seats", mirrors, |ui| seats::seats_ui(ui, vm, state, small, locale));
    let evidence = Rect::from_min_max(mirrors.left_bottom(), centre.max);
    area(ui, "gm-evidence", evidence, |ui| seats::evidence_ui(ui, vm, state, locale, out));
    area(ui, "gm-deck", right, |ui| deck::deck_ui(ui, vm, state, locale, out));
    let controls = Rect::from_min_size(time.min, vec2(left_w, time.height()));
    area(ui, "gm-controls", controls, |ui| controls_ui(ui, vm, state, locale, out));
    let lanes = Rect::from_min_max(controls.right_top(), time.max);
    area(ui, "gm-band", lanes, |ui| band::band_ui(ui, vm, state, locale));
    widget::vline(ui, left.right(), left.top()..=time.bottom(), t.line);
    widget::vline(ui, right.left() + 1.0, right.y_range(), t.line);
    widget::hline(ui, time.x_range(), time.top() + 1.0, t.line);
    widget::hline(ui, foot.x_range(), foot.top() + 1.0, t.line);
    let note = locale.say("foot-note");
    put(ui, pos2(foot.right() - MARGIN, foot.center().y), Align2::RIGHT_CENTER, &note, &Ink::label(t.muted));
    let title = crate::view::words::author_text(locale, &vm.title);
    put(ui, pos2(foot.left() + MARGIN, foot.center().y), Align2::LEFT_CENTER, title, &Ink::label(t.muted));
}

/// A line of the game master.
fn gm_line(out: &mut Vec<UiAction>, line: String) {
    out.push(UiAction::Line(format!("@gm {line}")));
}

fn keys(ui: &Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let pressed: Vec<Key> = ui.input(|i| {
        let of = |e: &Event| match e {
            Event::Key { key, pressed: true, modifiers, repeat: false, .. } if modifiers.is_none() => Some(*key),
            _ => None,
        };
        i.events.iter().filter_map(of).collect()
    });
    for key in &pressed {
        match key {
            Key::H => left::hold(vm, state, out),
            Key::Enter if ui.memory(|m| m.focused()).is_none() => deck::fire(vm, state, out),
            Key::G => deck::ask(vm, state, locale, out),
            Key::V => state.tab = DeckTab::People,
            Key::Space if ui.memory(|m| m.focused()).is_none() => pause(vm, out),
            Key::Comma => gm_line(out, format!("speed {}", slower(vm.speed))),
            Key::Period => gm_line(out, format!("speed {}", faster(vm.speed))),
            Key::N => gm_line(out, "skip".to_owned()),
            Key::B => bookmark(vm, locale, out),
            Key::R => rewind(vm, state, out),
            Key::Escape if state.rewind.is_some() => {
                state.rewind = None;
                ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Escape));
            }
            Key::Slash => {
                state.tab = DeckTab::Deck;
                ui.memory_mut(|m| m.request_focus(deck::find_id()));
            }
            _ => {}
        }
    }
    if !pressed.is_empty() {
        ui.input_mut(|i| i.events.retain(|e| !matches!(e, Event::Text(_))));
    }
}

/// Steps of the clock's speed.
const SPEEDS: [u32; 6] = [1, 2, 5, 10, 20, 60];

fn slower(speed: u32) -> u32 {
    SPEEDS.iter().rev().copied().find(|s| *s < speed).unwrap_or(1)
}

fn faster(speed: u32) -> u32 {
    SPEEDS.iter().copied().find(|s| *s > speed).unwrap_or(60)
}

fn pause(vm: &GmVm, out: &mut Vec<UiAction>) {
    gm_line(out, if vm.state == ClockState::Paused { "resume" } else { "pause" }.to_owned());
}

/// The first press shows where a rewind would go, the next one goes there: nothing of the session is lost, but everybody sees it.
fn rewind(vm: &GmVm, state: &mut GmUiState, out: &mut Vec<UiAction>) {
    match state.rewind.take().filter(|t| *t < vm.t_s) {
        Some(t_s) => out.push(UiAction::Rewind(t_s)),
        None => state.rewind = Some(vm.rewind_t_s).filter(|t| *t < vm.t_s),
    }
}

fn bookmark(vm: &GmVm, locale: &Locale, out: &mut Vec<UiAction>) {
    let text = locale.text("gm-bookmark-text", &[("at", w(&vm.top.clock))]);
    gm_line(out, format!("bookmark {}", quoted(&text)));
}

fn controls_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect().shrink2(vec2(MARGIN, 0.0));
    let title = if vm.state == ClockState::Paused {
        locale.say("gm-time-paused")
    } else {
        locale.text("gm-time", &[("n", n(vm.speed))])
    };
    let title = match vm.branch {
        0 => title,
        branch => format!("{title} · {}", locale.text("gm-branch", &[("n", n(branch))])),
    };
    put(ui, pos2(full.left(), full.top() + 20.0), Align2::LEFT_CENTER, &title, &Ink::label(t.muted));
    let tall = ((full.height() - 56.0) / 3.0 - GAP).clamp(28.0, 40.0);
    let half = (full.width() - GAP) / 2.0;
    let row = |k: f32| full.top() + 40.0 + k * (tall + GAP);
    let place = |x: f32, y: f32, wide: f32| Rect::from_min_size(pos2(x, y), vec2(wide, tall));
    let word = locale.say(if vm.state == ClockState::Paused { "gm-resume" } else { "gm-pause" });
    let space = "Space";
    if widget::button(ui, place(full.left(), row(0.0), half), Kind::Plain, &word, space, &word).clicked() {
        pause(vm, out);
    }
    let x = full.left() + half + GAP;
    let quarter = (half - GAP) / 2.0;
    let (slow, fast) = (locale.say("gm-slower"), locale.say("gm-faster"));
    if widget::button(ui, place(x, row(0.0), quarter), Kind::Plain, "−", ",", &slow).clicked() {
        gm_line(out, format!("speed {}", slower(vm.speed)));
    }
    if widget::button(ui, place(x + quarter + GAP, row(0.0), quarter), Kind::Plain, "+", ".", &fast).clicked() {
        gm_line(out, format!("speed {}", faster(vm.speed)));
    }
    let (word, aria) = (locale.say("gm-skip"), locale.say("gm-skip-aria"));
    if widget::button(ui, place(full.left(), row(1.0), half), Kind::Plain, &word, "N", &aria).clicked() {
        gm_line(out, "skip".to_owned());
    }
    let word = match state.rewind {
        Some(t_s) => locale.text("gm-rewind-to", &[("at", Arg::Word(Offset(t_s).clock()))]),
        None => locale.say("gm-rewind"),
    };
    let kind = if state.rewind.is_some() { Kind::Gm } else { Kind::Plain };
    let aria = locale.say("gm-rewind-aria");
    if widget::button(ui, place(x, row(1.0), half), kind, &word, "R", &aria).clicked() {
        rewind(vm, state, out);
    }
    let word = locale.say("gm-bookmark");
    if widget::button(ui, place(full.left(), row(2.0), half), Kind::Plain, &word, "B", &word).clicked() {
        bookmark(vm, locale, out);
    }
    let word = locale.say("gm-stop");
    let aria = locale.say("gm-stop-aria");
    if widget::button(ui, place(x, row(2.0), half), Kind::Plain, &word, "", &aria).clicked() {
        out.push(UiAction::Line(":end".to_owned()));
    }
}

fn top_bar(ui: &mut Ui, vm: &GmVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    widget::hline(ui, full.x_range(), full.bottom(), t.line);
    let state = locale.say(match vm.state {
        ClockState::Running => "clock-live",
        ClockState::Paused => "clock-paused",
        ClockState::Ended => "clock-ended",
    });
    let utc = format!("{} UTC · {state}", vm.top.utc);
    put(ui, pos2(full.left() + MARGIN, full.top() + 20.0), Align2::LEFT_CENTER, &utc, &Ink::label(t.muted));
    let at = pos2(full.left() + MARGIN, full.top() + 46.0);
    paint_tabular(ui, at, Align2::LEFT_CENTER, &vm.top.clock, &Ink::bold(theme::CLOCK, t.text));
    let (title, sub) = (locale.say("gm-title"), locale.say("gm-hidden"));
    let big = Ink::bold(theme::HEADING, t.on_fill);
    let little = Ink::bold(theme::LABEL, t.on_fill);
    let wide = width(ui, &title, &big).max(width(ui, &sub, &little)) + 92.0;
    let block = Rect::from_min_size(pos2(full.left() + 200.0, full.top()), vec2(wide, full.height() - 1.0));
    ui.painter().rect_filled(block, 0, t.gm);
    eye(ui, pos2(block.left() + 38.0, block.center().y), t.on_fill);
    paint(ui, pos2(block.left() + 68.0, block.top() + 28.0), Align2::LEFT_CENTER, &title, &big);
    paint(ui, pos2(block.left() + 68.0, block.top() + 50.0), Align2::LEFT_CENTER, &sub, &little);
    let met = vm.milestones.iter().filter(|m| m.met_t_s.is_some()).count();
    let pages = match &vm.top.your_move {
        crate::view::panel::top_bar::YourMove::Pages { count, .. } => *count,
        _ => 0,
    };
    let warn = |on: bool| if on { Some(Health::Warning) } else { None };
    let number = |v: u64| crate::stdx::text::compact(v as f64);
    let none_yet = if vm.top.update.any { String::new() } else { locale.say("top-none-yet") };
    let cells: [(&str, Option<Health>, String, String); 5] = [
        (
            "gm-their-move",
            warn(pages > 0),
            if pages > 0 { locale.text("gm-pages", &[("n", n(pages))]) } else { locale.say("gm-no-pages") },
            String::new(),
        ),
        (
            "gm-affected",
            Some(if vm.affected.0 > 0 { Health::Critical } else { Health::Ok }),
            number(vm.affected.0),
            locale.text("gm-affected-of", &[("all", Arg::Word(number(vm.affected.1)))]),
        ),
        ("gm-since-update", warn(!vm.top.update.any), stopwatch(vm.top.update.seconds), none_yet),
        (
            "gm-milestones",
            None,
            locale.text("gm-milestones-of", &[("met", n(met as i64)), ("all", n(vm.milestones.len() as i64))]),
            String::new(),
        ),
        ("gm-support", None, locale.say(&format!("gm-rung-{}", vm.nudged.min(5))), String::new()),
    ];
    let mut x = block.right();
    let seats_left = full.right() - 64.0 - 32.0 * vm.seats.len() as f32;
    for (label, glyph, value, note) in cells {
        let left = x + 20.0;
        let ink = Ink::bold(theme::VALUE, t.text);
        let start = if glyph.is_some() { left + 22.0 } else { left };
        let end = start + width(ui, &value, &ink) + 8.0 + width(ui, &note, &Ink::label(t.muted));
        if end + 20.0 > seats_left {
            break;
        }
        let label =
            put(ui, pos2(left, full.top() + 22.0), Align2::LEFT_CENTER, &locale.say(label), &Ink::label(t.muted));
        if let Some(health) = glyph {
            widget::status_glyph(ui, pos2(left + 7.0, full.top() + 46.0), 13.0, health, t);
        }
        let drawn = put(ui, pos2(start, full.top() + 46.0), Align2::LEFT_CENTER, &value, &ink).rect;
        let at = pos2(drawn.right() + GAP, full.top() + 46.0);
        put(ui, at, Align2::LEFT_CENTER, &note, &Ink::label(t.muted));
        x = end.max(label.rect.right()) + 20.0;
        widget::vline(ui, x, full.y_range(), t.line);
    }
    put(
        ui,
        pos2(seats_left + 16.0, full.top() + 22.0),
        Align2::LEFT_CENTER,
        &locale.say("gm-seats"),
        &Ink::label(t.muted),
    );
    for (k, seat) in vm.seats.iter().enumerate() {
        let at = pos2(seats_left + 28.0 + 32.0 * k as f32, full.top() + 46.0);
        widget::disc(ui, at, 12.0, &seat.initial, t.yours, true, t);
    }
}

fn eye(ui: &Ui, c: egui::Pos2, color: egui::Color32) {
    let lid = |sign: f32| {
        (0..=12)
            .map(|k| {
                let x = -14.0 + 28.0 * k as f32 / 12.0;
                c + vec2(x, sign * 8.0 * (1.0 - (x / 14.0) * (x / 14.0)))
            })
            .collect::<Vec<_>>()
    };
    let stroke = egui::Stroke::new(2.0, color);
    ui.painter().add(egui::Shape::line(lid(1.0), stroke));
    ui.painter().add(egui::Shape::line(lid(-1.0), stroke));
    ui.painter().circle_filled(c, 4.0, color);
}
