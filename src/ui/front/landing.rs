//! The landing card: what was drawn, what may be told of it, and who takes it.

use super::{Frame, about_minutes, action, hint_right, key, letter, level_word, pips, sealed_lanes, volunteer_disc};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::{Screen, UiAction};
use crate::view::front::LandingVm;
use crate::view::words::author_text;
use egui::{Align2, Key, Rangef, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the card beside the wheel.
pub fn landing_ui(ui: &mut Ui, locale: &Locale, vm: &LandingVm, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    letter(ui, locale, &vm.wheel, &vm.volunteers, vm.chosen);
    if super::top_bar(ui, &f, locale, &locale.say("front-spin"), "") {
        out.push(UiAction::Back);
    }
    let bar_y = f.at(0.0, 44.0).y;
    let keys = hint_right(
        ui,
        pos2(f.at(1856.0, 0.0).x, bar_y),
        "?",
        &locale.say("front-keys"),
        &locale.say("front-keys-aria"),
    );
    if keys.0 || key(ui, Key::Questionmark) {
        out.push(UiAction::Keys(true));
    }
    let at = pos2(keys.1 - 28.0, bar_y);
    let drawn = widget::put(ui, at, Align2::RIGHT_CENTER, &vm.seed, &Ink::mono(16.0, t.text)).rect;
    let at = pos2(drawn.left() - 8.0, bar_y);
    widget::paint(ui, at, Align2::RIGHT_CENTER, &locale.say("front-seed"), &Ink::new(14.0, t.muted));

    let card = f.rect(960.0, 172.0, 1856.0, 972.0);
    for i in (1..=7_u8).rev() {
        let behind = card.translate(vec2(f32::from(i) * 0.7, f32::from(i)));
        ui.painter().rect_filled(behind, 16, t.ink.gamma_multiply(0.35));
    }
    ui.painter().rect(card, 16, t.raised, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let bar =
        Rect::from_min_max(card.left_top() + vec2(0.0, 40.0 * f.k.y), card.left_bottom() + vec2(4.0, -40.0 * f.k.y));
    ui.painter().rect_filled(bar, 2, t.amber);
    // The axis of wheel, pointer and card.
    let axis = f.at(0.0, 572.0).y;
    let from = vm.wheel.centre[0] + vm.wheel.radius / 440.0 * 545.0;
    if from < card.left() {
        ui.painter()
            .line_segment([pos2(from, axis), pos2(card.left(), axis)], Stroke::new(1.0, t.amber.gamma_multiply(0.6)));
    }
    ui.painter().circle_filled(pos2(card.left() + 2.0, axis), 6.0, t.amber);

    let (left, right) = (f.at(1016.0, 0.0).x, f.at(1800.0, 0.0).x);
    let y = |v: f32| f.at(0.0, v).y;
    let muted = Ink::new(14.0, t.muted);
    widget::put(
        ui,
        pos2(left, y(228.0)),
        Align2::LEFT_CENTER,
        &locale.say("front-has-landed"),
        &Ink::new(14.0, t.amber_text),
    );
    let spin = locale.text("front-spin-of", &[("n", Arg::Number(vm.spin.into())), ("of", Arg::Number(vm.of.into()))]);
    let fresh = locale.say(if vm.new_to_team { "front-new-to-team" } else { "front-played-before" });
    widget::put(ui, pos2(right, y(228.0)), Align2::RIGHT_CENTER, &format!("{spin} · {fresh}"), &muted);
    let ink = Ink::bold(f.size(40.0), t.text);
    let name = widget::fit(ui, author_text(locale, &vm.card.name), &ink, right - left);
    widget::put(ui, pos2(left, y(284.0)), Align2::LEFT_CENTER, &name, &ink);
    let role = author_text(locale, &vm.card.role);
    let ink = Ink::new(f.size(20.0), t.text);
    widget::put_wrapped(ui, pos2(left, y(322.0)), right - left, if f.small() { 3 } else { 4 }, role, &ink);
    let line = |ui: &Ui, v: f32| widget::hline(ui, Rangef::new(left, right), y(v), t.line);
    line(ui, 434.0);
    let column = |ui: &mut Ui, x: f32, head: &str| {
        widget::put(ui, pos2(f.at(x, 0.0).x, y(460.0)), Align2::LEFT_CENTER, &locale.say(head), &muted);
        pos2(f.at(x, 0.0).x, y(492.0))
    };
    let value = Ink::new(f.size(20.0).max(16.0), t.text);
    let at = column(ui, 1016.0, "front-difficulty");
    let x = pips(ui, at, 5.5, vm.card.level, t.text);
    widget::put(ui, pos2(x + 8.0, at.y), Align2::LEFT_CENTER, &level_word(locale, vm.card.level), &value);
    let at = column(ui, 1224.0, "front-length");
    widget::put(ui, at, Align2::LEFT_CENTER, &about_minutes(locale, vm.card.minutes), &value);
    if !vm.card.skills.is_empty() {
        let at = column(ui, 1432.0, "front-practises");
        let words: Vec<String> = vm.card.skills.iter().take(3).map(|s| skill(locale, s)).collect();
        let words = widget::fit(ui, &words.join(", "), &value, right - at.x);
        widget::put(ui, at, Align2::LEFT_CENTER, &words, &value);
    }
    line(ui, 526.0);
    let sealed = widget::fit(ui, &locale.say("front-sealed"), &muted, right - left);
    widget::put(ui, pos2(left, y(560.0)), Align2::LEFT_CENTER, &sealed, &muted);
    let from = f.at(1168.0, 0.0).x;
    widget::put(ui, pos2(from, y(622.0)), Align2::LEFT_CENTER, &locale.say("front-starts"), &Ink::new(12.0, t.muted));
    widget::put(
        ui,
        pos2(right, y(622.0)),
        Align2::RIGHT_CENTER,
        &locale.say("front-debrief"),
        &Ink::new(12.0, t.muted),
    );
    sealed_lanes(ui, locale, left, Rangef::new(from, right), y(660.0), y(702.0));
    line(ui, 748.0);
    who(ui, &f, locale, vm, out);

    let open = locale.say("front-open-briefing");
    let size = f.size(20.0).max(16.0);
    if action(ui, f.rect(1016.0, 836.0, 1520.0, 900.0), true, &open, "Enter", size, &open) || key(ui, Key::Enter) {
        out.push(UiAction::Go(Screen::Briefing));
    }
    let back = locale.say("front-put-back");
    if action(ui, f.rect(1536.0, 836.0, 1800.0, 900.0), false, &back, "B", 16.0, &back) || key(ui, Key::B) {
        out.push(UiAction::PutBack);
    }
    let note = widget::fit(ui, &locale.say("front-put-back-note"), &muted, right - left);
    widget::put(ui, pos2(left, y(932.0)), Align2::LEFT_CENTER, &note, &muted);
}

fn who(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &LandingVm, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let (left, right) = (f.at(1016.0, 0.0).x, f.at(1800.0, 0.0).x);
    let y = f.at(0.0, 790.0).y;
    let Some(v) = vm.chosen.and_then(|i| vm.volunteers.get(i)) else {
        widget::put(ui, pos2(left, y), Align2::LEFT_CENTER, &locale.say("front-anyone"), &Ink::new(16.0, t.muted));
        return;
    };
    let mut edge = right;
    if vm.volunteers.len() > 1 {
        let (clicked, x) =
            hint_right(ui, pos2(right, y), "→", &locale.say("front-another"), &locale.say("front-next-aria"));
        if clicked || key(ui, Key::ArrowRight) {
            out.push(UiAction::Volunteer(1));
        }
        let (clicked, x) = hint_right(ui, pos2(x - 4.0, y), "←", "", &locale.say("front-previous-aria"));
        if clicked || key(ui, Key::ArrowLeft) {
            out.push(UiAction::Volunteer(-1));
        }
        edge = x - 16.0;
    }
    let r = 16.0;
    volunteer_disc(ui, pos2(left + r, y), r, &v.initials, true);
    let ink = Ink::new(16.0, t.text);
    let takes = locale.say("front-takes-primary");
    let takes_px = widget::width(ui, &takes, &Ink::new(16.0, t.muted));
    let from = left + 2.0 * r + 12.0;
    let name = widget::fit(ui, &v.name, &ink, edge - from - takes_px - 12.0);
    let drawn = widget::put(ui, pos2(from, y), Align2::LEFT_CENTER, &name, &ink).rect;
    widget::put(ui, pos2(drawn.right() + 10.0, y), Align2::LEFT_CENTER, &takes, &Ink::new(16.0, t.muted));
}

/// A skill in words, where the catalogue has some.
pub(super) fn skill(locale: &Locale, id: &str) -> String {
    let key = format!("skill-{id}");
    if locale.has(&key) { locale.say(&key) } else { id.replace(['-', '_'], " ") }
}
