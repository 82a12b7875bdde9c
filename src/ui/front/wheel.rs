//! The words beside the wheel: speed, seed, what is at the pointer, the pool, the volunteer, and the one thing to do.

use super::{Frame, FrontUiState, Sheet, about_minutes, action, escape, hint_right, key, letter, level_word, pips};
use crate::locale::{Arg, Locale};
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::{Screen, UiAction};
use crate::view::front::{WheelPhase, WheelVm, speed_at, spin_seconds};
use crate::view::words::author_text;
use egui::{Align2, Key, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};

const LEFT: f32 = 1264.0;
const RIGHT: f32 = 1856.0;

/// Draws the wheel's lettering and the panel beside it.
pub fn wheel_ui(ui: &mut Ui, locale: &Locale, vm: &WheelVm, state: &mut FrontUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    letter(ui, locale, &vm.wheel, &vm.volunteers, vm.chosen);
    match state.sheet {
        Sheet::Names => {
            names_sheet(ui, &f, locale, state, out);
            return;
        }
        Sheet::Pins if vm.gm => {
            pins_sheet(ui, &f, locale, vm, state, out);
            return;
        }
        _ => state.sheet = Sheet::None,
    }
    if super::top_bar(ui, &f, locale, &locale.say("front-spin"), "") {
        out.push(UiAction::Go(Screen::Title));
    }
    let bar_y = f.at(0.0, 44.0).y;
    let keys =
        hint_right(ui, pos2(f.at(RIGHT, 0.0).x, bar_y), "?", &locale.say("front-keys"), &locale.say("front-keys-aria"));
    if keys.0 || key(ui, Key::Questionmark) {
        out.push(UiAction::Keys(true));
    }
    if vm.gm {
        let at = pos2(keys.1 - 28.0, bar_y);
        let words = locale.say("front-pin");
        if hint_right(ui, at, "P", &words, &words).0 || key(ui, Key::P) {
            state.sheet = Sheet::Pins;
        }
    }
    speed(ui, &f, locale, vm, t);
    seed(ui, &f, locale, vm, t);
    pointer(ui, &f, locale, vm, t);
    pool(ui, &f, locale, vm, t, out);
    volunteer(ui, &f, locale, vm, state, t, out);
    for y in [472.0, 660.0, 884.0] {
        widget::hline(ui, Rangef::new(f.at(LEFT, 0.0).x, f.at(RIGHT, 0.0).x), f.at(0.0, y).y, t.line);
    }
    let space = key(ui, Key::Space);
    let rect = f.rect(LEFT, 964.0, RIGHT, 1020.0);
    let size = f.size(20.0).max(16.0);
    match vm.phase {
        WheelPhase::Resting => {
            let can = !vm.wheel.wedges.is_empty();
            let text = locale.say(if can { "front-spin-now" } else { "front-pool-empty" });
            if (action(ui, rect, can, &text, "Space", size, &text) || space) && can {
                out.push(UiAction::Spin);
            }
        }
        WheelPhase::Turning => {
            let text = locale.say("front-skip");
            if action(ui, rect, false, &text, "Space", size, &text) || space {
                out.push(UiAction::SkipSpin);
            }
        }
        WheelPhase::Landed => {
            let text = locale.say("front-open-briefing");
            if action(ui, rect, true, &text, "Enter", size, &text) || key(ui, Key::Enter) {
                out.push(UiAction::Go(Screen::Briefing));
            }
        }
    }
}

fn speed(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &WheelVm, t: &Tokens) {
    let (left, right) = (f.at(LEFT, 0.0).x, f.at(RIGHT, 0.0).x);
    let y = |v: f32| f.at(0.0, v).y;
    let word = locale.say(match vm.phase {
        WheelPhase::Resting => "front-at-rest",
        WheelPhase::Turning => "front-spinning",
        WheelPhase::Landed => "front-landed",
    });
    widget::put(ui, pos2(left, y(122.0)), Align2::LEFT_CENTER, &word, &Ink::new(14.0, t.muted));
    let total = spin_seconds(vm.released);
    if vm.phase == WheelPhase::Turning {
        let rest = (total - vm.elapsed_s).max(0.0).ceil() as i64;
        let text = locale.text("front-seconds-left", &[("n", Arg::Number(rest))]);
        widget::paint(ui, pos2(right, y(122.0)), Align2::RIGHT_CENTER, &text, &Ink::new(14.0, t.muted));
    }
    let number = format!("{:.2}", vm.turns_per_s.max(0.0));
    let at = pos2(left, y(162.0));
    let drawn = widget::paint_tabular(ui, at, Align2::LEFT_CENTER, &number, &Ink::bold(f.size(40.0), t.text));
    let unit = locale.say("front-turns-a-second");
    widget::paint(ui, pos2(drawn.right() + 14.0, y(168.0)), Align2::LEFT_CENTER, &unit, &Ink::new(16.0, t.muted));
    // The course of the speed: solid up to now, dotted to the rest. It is known, because the seed decides the draw.
    let base = y(320.0);
    widget::hline(ui, Rangef::new(left, right), base, t.edge);
    let ink = Ink::new(12.0, t.muted);
    widget::paint(ui, pos2(right, y(340.0)), Align2::RIGHT_CENTER, &locale.say("front-at-rest"), &ink);
    if vm.phase == WheelPhase::Resting || total <= 0.0 {
        return;
    }
    let text = locale.text("front-released", &[("v", Arg::Word(format!("{:.2}", vm.released)))]);
    widget::paint(ui, pos2(left, y(340.0)), Align2::LEFT_CENTER, &text, &ink);
    let px = |s: f32| {
        let v = speed_at(vm.released, s) / 1.8;
        pos2(left + (right - left) * s / total, base - (base - y(216.0)) * v.min(1.0))
    };
    let now = if vm.phase == WheelPhase::Landed { total } else { vm.elapsed_s.clamp(0.0, total) };
    let steps = 48;
    let past: Vec<_> = (0..=steps).map(|i| px(now * i as f32 / steps as f32)).collect();
    widget::area_under(ui.painter(), &past, base, t.amber.gamma_multiply(0.10));
    let ahead: Vec<_> = (0..=steps).map(|i| px(now + (total - now) * i as f32 / steps as f32)).collect();
    ui.painter().extend(Shape::dotted_line(&ahead, t.muted, 6.0, 1.0));
    ui.painter().add(Shape::line(past, Stroke::new(2.0, t.amber)));
    ui.painter().circle_filled(px(now), 8.0, t.amber.gamma_multiply(0.3));
    ui.painter().circle_filled(px(now), 4.5, t.amber);
}

fn seed(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &WheelVm, t: &Tokens) {
    let y = f.at(0.0, 396.0).y;
    let left = f.at(LEFT, 0.0).x;
    let drawn =
        widget::paint(ui, pos2(left, y), Align2::LEFT_CENTER, &locale.say("front-seed"), &Ink::new(14.0, t.muted));
    widget::put(ui, pos2(drawn.right() + 12.0, y), Align2::LEFT_CENTER, &vm.seed, &Ink::mono(f.size(20.0), t.text));
    let right = pos2(f.at(RIGHT, 0.0).x, y);
    if hint_right(ui, right, "C", &locale.say("front-copy"), &locale.say("front-copy-aria")).0 || key(ui, Key::C) {
        ui.ctx().copy_text(vm.seed.clone());
    }
    let note = locale.say("front-seed-note");
    let ink = Ink::new(14.0, t.muted);
    let note = widget::fit(ui, &note, &ink, f.at(RIGHT, 0.0).x - left);
    widget::put(ui, pos2(left, f.at(0.0, 436.0).y), Align2::LEFT_CENTER, &note, &ink);
}

fn pointer(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &WheelVm, t: &Tokens) {
    let left = f.at(LEFT, 0.0).x;
    let y = |v: f32| f.at(0.0, v).y;
    widget::put(
        ui,
        pos2(left, y(520.0)),
        Align2::LEFT_CENTER,
        &locale.say("front-at-pointer"),
        &Ink::new(14.0, t.amber_text),
    );
    let pinned = vm.pinned.is_some() && vm.gm;
    if pinned {
        let text = locale.say("front-pinned");
        let at = pos2(f.at(RIGHT, 0.0).x, y(520.0));
        widget::put(ui, at, Align2::RIGHT_CENTER, &text, &Ink::new(14.0, t.gm_text));
    }
    let Some(wedge) = vm.pointer.and_then(|i| vm.wheel.wedges.get(i)) else { return };
    let ink = Ink::bold(f.size(40.0), t.text);
    let name = widget::fit(ui, author_text(locale, &wedge.name), &ink, f.at(RIGHT, 0.0).x - left);
    widget::put(ui, pos2(left, y(566.0)), Align2::LEFT_CENTER, &name, &ink);
    let x = pips(ui, pos2(left, y(612.0)), 5.5, wedge.level, t.text);
    let drawn = widget::paint(
        ui,
        pos2(x + 8.0, y(612.0)),
        Align2::LEFT_CENTER,
        &level_word(locale, wedge.level),
        &Ink::new(16.0, t.text),
    );
    if let Some(card) = vm.cards.iter().find(|c| c.id == wedge.scenario) {
        let text = format!("·  {}", about_minutes(locale, card.minutes));
        let at = pos2(drawn.right() + 12.0, y(612.0));
        widget::paint(ui, at, Align2::LEFT_CENTER, &text, &Ink::new(16.0, t.muted));
    }
}

fn pool(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &WheelVm, t: &Tokens, out: &mut Vec<UiAction>) {
    let (left, right) = (f.at(LEFT, 0.0).x, f.at(RIGHT, 0.0).x);
    let y = |v: f32| f.at(0.0, v).y;
    widget::put(ui, pos2(left, y(698.0)), Align2::LEFT_CENTER, &locale.say("front-never"), &Ink::bold(16.0, t.text));
    let word = locale.say(if vm.never_repeats { "front-on" } else { "front-off" });
    let aria = format!("{}: {word}", locale.say("front-never"));
    if hint_right(ui, pos2(right, y(698.0)), "N", &word, &aria).0 || key(ui, Key::N) {
        out.push(UiAction::NeverRepeats(!vm.never_repeats));
    }
    let note = locale.say(if vm.never_repeats { "front-never-note" } else { "front-never-note-off" });
    let rows = if f.small() { 1 } else { 2 };
    widget::put_wrapped(ui, pos2(left, y(722.0)), right - left, rows, &note, &Ink::new(14.0, t.muted));
    let total = vm.pool.total().max(1);
    let step = ((right - left) / total as f32).min(25.0);
    let r = (step * 0.32).clamp(2.0, 8.0);
    for i in 0..total.min(60) {
        let c = pos2(left + r + step * i as f32, y(812.0));
        if i < vm.pool.played {
            ui.painter().circle_filled(c, r, t.line);
            let tick = vec![c + vec2(-0.4, 0.0) * r, c + vec2(-0.1, 0.35) * r, c + vec2(0.45, -0.4) * r];
            ui.painter().add(Shape::line(tick, Stroke::new(1.5, t.text)));
        } else if i < vm.pool.played + vm.pool.on_wheel {
            ui.painter().circle(c, r, t.edge, Stroke::new(1.2, t.text));
        } else {
            ui.painter().circle_stroke(c, r, Stroke::new(1.0, t.unknown));
        }
    }
    let mut x = left;
    for (key, n) in [
        ("front-count-played", vm.pool.played),
        ("front-count-wheel", vm.pool.on_wheel),
        ("front-count-waiting", vm.pool.waiting),
    ] {
        let text = locale.text(key, &[("n", Arg::Number(n.into()))]);
        let rect = widget::put(ui, pos2(x, y(850.0)), Align2::LEFT_CENTER, &text, &Ink::new(14.0, t.text)).rect;
        x = rect.right() + 24.0;
    }
}

fn volunteer(
    ui: &mut Ui,
    f: &Frame,
    locale: &Locale,
    vm: &WheelVm,
    state: &mut FrontUiState,
    t: &Tokens,
    out: &mut Vec<UiAction>,
) {
    let (left, right) = (f.at(LEFT, 0.0).x, f.at(RIGHT, 0.0).x);
    let y = f.at(0.0, 924.0).y;
    let label = locale.say("front-volunteer");
    let drawn = widget::paint(ui, pos2(left, y), Align2::LEFT_CENTER, &label, &Ink::bold(16.0, t.text));
    let (edit, edge) = hint_right(ui, pos2(right, y), "E", &locale.say("front-names"), &locale.say("front-names-aria"));
    if edit || key(ui, Key::E) {
        state.names = vm.volunteers.iter().map(|v| v.name.as_str()).collect::<Vec<_>>().join("\n");
        state.sheet = Sheet::Names;
    }
    let several = vm.volunteers.len() > 1;
    let mut edge = edge - 16.0;
    if several {
        for (cap, k, step, aria) in [
            ("V", Key::V, 0, "front-draw-aria"),
            ("→", Key::ArrowRight, 1, "front-next-aria"),
            ("←", Key::ArrowLeft, -1, "front-previous-aria"),
        ] {
            let (clicked, x) = hint_right(ui, pos2(edge, y), cap, "", &locale.say(aria));
            if clicked || key(ui, k) {
                out.push(if step == 0 { UiAction::DrawVolunteer } else { UiAction::Volunteer(step) });
            }
            edge = x - 4.0;
        }
    }
    let from = drawn.right() + 14.0;
    let chosen = vm.chosen.and_then(|i| vm.volunteers.get(i));
    let name = chosen.map_or_else(|| locale.say("front-nobody"), |v| v.name.clone());
    let ink = Ink::new(16.0, if chosen.is_some() { t.text } else { t.muted });
    let name = widget::fit(ui, &name, &ink, edge - 12.0 - from);
    let drawn = widget::put(ui, pos2(from, y), Align2::LEFT_CENTER, &name, &ink).rect;
    if let Some(v) = chosen {
        let note = locale.text("front-turns", &[("n", Arg::Number(v.turns.into()))]);
        let ink = Ink::new(14.0, t.muted);
        if drawn.right() + 12.0 + widget::width(ui, &note, &ink) < edge - 8.0 {
            widget::put(ui, pos2(drawn.right() + 12.0, y), Align2::LEFT_CENTER, &note, &ink);
        }
    }
}

fn names_sheet(ui: &mut Ui, f: &Frame, locale: &Locale, state: &mut FrontUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let inner = super::overlay::sheet(ui, f, &locale.say("front-volunteers"));
    let note = locale.say("front-volunteers-note");
    let top =
        widget::put_wrapped(ui, inner.left_top() + vec2(0.0, 48.0), inner.width(), 2, &note, &Ink::new(14.0, t.muted));
    let field = Rect::from_min_max(pos2(inner.left(), top.rect.bottom() + 12.0), inner.max - vec2(0.0, 72.0));
    let id = ui.id().with("front-names");
    let edit = egui::TextEdit::multiline(&mut state.names)
        .id(id)
        .font(theme::regular_font(16.0))
        .margin(egui::Margin::same(12))
        .desired_width(field.width());
    let label = locale.say("front-volunteers-field");
    widget::area(ui, "names", field, |ui| {
        egui::ScrollArea::vertical().show(ui, |ui| {
            let response = ui.add_sized(vec2(field.width(), field.height() - 4.0), edit);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, &label));
        });
    });
    let size = vec2(200.0, 48.0);
    let save = locale.say("front-save");
    let save_rect = Rect::from_min_size(pos2(inner.left(), inner.bottom() - 48.0), size);
    let by_key = ui.input_mut(|i| i.consume_key(egui::Modifiers::COMMAND, Key::Enter));
    if action(ui, save_rect, true, &save, "Ctrl Enter", 16.0, &save) || by_key {
        out.push(UiAction::SetVolunteers(state.names.clone()));
        state.sheet = Sheet::None;
    }
    let cancel = locale.say("front-cancel");
    let cancel_rect = Rect::from_min_size(pos2(inner.left() + 216.0, inner.bottom() - 48.0), size);
    if action(ui, cancel_rect, false, &cancel, "Esc", 16.0, &cancel) || escape(ui) {
        state.sheet = Sheet::None;
    }
}

fn pins_sheet(
    ui: &mut Ui,
    f: &Frame,
    locale: &Locale,
    vm: &WheelVm,
    state: &mut FrontUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let inner = super::overlay::sheet(ui, f, &locale.say("front-pin"));
    let note = locale.say("front-pin-note");
    let top = widget::put_wrapped(
        ui,
        inner.left_top() + vec2(0.0, 48.0),
        inner.width(),
        2,
        &note,
        &Ink::new(14.0, t.gm_text),
    );
    let list = Rect::from_min_max(pos2(inner.left(), top.rect.bottom() + 12.0), inner.max - vec2(0.0, 64.0));
    let mut pin = None;
    widget::area(ui, "pins", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let none = [(None, locale.say("front-pin-none"))];
            let all = vm.cards.iter().map(|c| (Some(c.id.clone()), author_text(locale, &c.name).to_owned()));
            for (id, name) in none.into_iter().chain(all) {
                let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 36.0));
                let on = vm.pinned == id;
                let aria = format!("{}: {name}", locale.say("front-pin"));
                if widget::row_button(ui, rect, on, &aria).clicked() {
                    pin = Some(id);
                }
                let ink = Ink::new(16.0, if on { t.gm_text } else { t.text });
                widget::paint(ui, pos2(rect.left() + 12.0, rect.center().y), Align2::LEFT_CENTER, &name, &ink);
            }
        });
    });
    if let Some(id) = pin {
        out.push(UiAction::Pin(id));
        state.sheet = Sheet::None;
    }
    let done = Rect::from_min_size(pos2(inner.left(), inner.bottom() - 48.0), vec2(200.0, 48.0));
    let word = locale.say("front-done");
    if action(ui, done, false, &word, "Esc", 16.0, &word) || escape(ui) {
        state.sheet = Sheet::None;
    }
}
