//! The room's top bar and footer.

use crate::locale::{Arg, Locale};
use crate::session::projection::{ClockState, Health};
use crate::ui::keys::{Act, FOOTER};
use crate::ui::panel::{n, span, w, who};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, paint, paint_tabular, put, width};
use crate::view::panel::stopwatch;
use crate::view::panel::top_bar::{TopBarVm, YourMove};
use egui::{Align2, Rect, Sense, Ui, pos2, vec2};

/// Draws the top bar into the whole of `ui`. Returns what a press on one of its cells asks for.
pub fn top_bar_ui(ui: &mut Ui, vm: &TopBarVm, locale: &Locale) -> Option<Act> {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let small = full.height() < 64.0;
    ui.painter().rect_filled(full, 0, t.panel);
    widget::hline(ui, full.x_range(), full.bottom(), t.line);
    let clock = Rect::from_min_size(full.min, vec2(if small { 152.0 } else { 200.0 }, full.height()));
    clock_ui(ui, clock, vm, small, locale);
    let mut x = your_move_ui(ui, pos2(clock.right(), full.top()), full.height(), vm, small, locale);
    let mut asked = None;

    let here = here_width(ui, vm, small, locale);
    let limit = full.right() - here;
    let mut cell =
        |ui: &mut Ui, label: &str, key: &str, act: Option<Act>, add: &mut dyn FnMut(&mut Ui, f32, f32) -> f32| {
            if x > limit {
                return;
            }
            let pad = if small { MARGIN } else { 24.0 };
            let left = x + pad;
            let value_y = full.top() + if small { 37.0 } else { 46.0 };
            let label_y = full.top() + if small { 15.0 } else { 22.0 };
            let right = add(ui, left, value_y);
            let drawn = put(ui, pos2(left, label_y), Align2::LEFT_CENTER, label, &Ink::label(t.muted));
            let mut end = right.max(drawn.rect.right());
            if !key.is_empty() {
                let cap = widget::key_cap_width(ui, key);
                let gap = if small { GAP } else { 12.0 };
                let place = Rect::from_min_size(pos2(right + gap, value_y - 10.0), vec2(cap, 20.0));
                widget::key_cap(ui, place.left_center(), key, t.muted);
                let area = Rect::from_min_max(pos2(left, full.top()), pos2(place.right(), full.bottom()));
                let id = ui.id().with(("cell", key));
                let response = ui.interact(area, id, Sense::click());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, label));
                if response.clicked() {
                    asked = act;
                }
                end = end.max(place.right());
            }
            x = end + pad;
            if !key.is_empty() {
                widget::vline(ui, x, full.y_range(), t.line);
            }
        };

    let value = if small { theme::BODY } else { theme::VALUE };
    let strong = Ink::bold(value, t.text);
    cell(ui, &locale.say("top-severity"), "D", Some(Act::Declare), &mut |ui, left, y| {
        let (health, text) = match vm.severity {
            None => (Health::Unknown, locale.say("top-not-declared")),
            Some((s, _)) => {
                let health = if s <= 2 { Health::Critical } else { Health::Warning };
                (health, locale.text("top-sev", &[("n", n(s))]))
            }
        };
        widget::status_glyph(ui, pos2(left + 7.0, y), 13.0, health, t);
        let color = if vm.severity.is_some() { theme::status_color(t, health) } else { t.text };
        let drawn = put(ui, pos2(left + 22.0, y), Align2::LEFT_CENTER, &text, &Ink::bold(value, color)).rect;
        match vm.severity {
            Some((_, for_s)) if !small => {
                let text = locale.text("top-for", &[("span", Arg::Word(span(locale, for_s)))]);
                put(ui, pos2(drawn.right() + GAP, y), Align2::LEFT_CENTER, &text, &Ink::label(t.muted)).rect.right()
            }
            _ => drawn.right(),
        }
    });
    let label = locale.say(if small { "top-commander-short" } else { "top-commander" });
    cell(ui, &label, "I", Some(Act::Command), &mut |ui, left, y| match &vm.commander {
        Some(name) => {
            let initial = crate::view::panel::initial(name);
            widget::disc(ui, pos2(left + 10.0, y), 10.0, &initial, t.yours, false, t);
            let ink = Ink::bold(value, t.yours);
            put(ui, pos2(left + 28.0, y), Align2::LEFT_CENTER, &who(locale, name), &ink).rect.right()
        }
        None => {
            widget::status_glyph(ui, pos2(left + 7.0, y), 13.0, Health::Unknown, t);
            put(ui, pos2(left + 22.0, y), Align2::LEFT_CENTER, &locale.say("top-none"), &strong).rect.right()
        }
    });
    cell(ui, &locale.say("top-since-update"), "U", Some(Act::Update), &mut |ui, left, y| {
        let warn = !vm.update.any || vm.update.past_promise_s.is_some();
        let mut x = left;
        if warn {
            widget::status_glyph(ui, pos2(left + 7.0, y), 13.0, Health::Warning, t);
            x += 22.0;
        }
        let drawn = paint_tabular(ui, pos2(x, y), Align2::LEFT_CENTER, &stopwatch(vm.update.seconds), &strong);
        let note = match (vm.update.any, vm.update.past_promise_s, vm.update.promised_in_s) {
            (false, _, _) => locale.say("top-none-yet"),
            (_, Some(past), _) => locale.text("update-past-promise", &[("span", Arg::Word(stopwatch(past)))]),
            (_, _, Some(left)) => locale.text("top-promised", &[("in", Arg::Word(stopwatch(left)))]),
            _ => String::new(),
        };
        let ink = if warn { Ink::bold(theme::LABEL, t.warn) } else { Ink::label(t.muted) };
        put(ui, pos2(drawn.right() + GAP, y), Align2::LEFT_CENTER, &note, &ink).rect.right()
    });
    cell(ui, &locale.say("top-services"), "", None, &mut |ui, left, y| {
        let mut x = left;
        for (health, count) in &vm.services {
            let word = locale.say(theme::status_key(*health));
            widget::status_glyph(ui, pos2(x + 7.0, y), 12.0, *health, t);
            let drawn = put(ui, pos2(x + 20.0, y), Align2::LEFT_CENTER, &count.to_string(), &strong).rect;
            let drawn = put(ui, pos2(drawn.right() + 6.0, y), Align2::LEFT_CENTER, &word, &Ink::label(t.muted)).rect;
            x = drawn.right() + 16.0;
        }
        x - 16.0
    });
    here_ui(ui, Rect::from_min_max(pos2(limit, full.top()), full.max), vm, small, locale);
    asked
}

fn clock_ui(ui: &mut Ui, rect: Rect, vm: &TopBarVm, small: bool, locale: &Locale) {
    let t = theme::tokens(ui);
    let state = match vm.state {
        ClockState::Running if vm.speed > 1 => locale.text("clock-speed", &[("n", n(vm.speed))]),
        ClockState::Running => locale.say("clock-live"),
        ClockState::Paused => locale.say("clock-paused"),
        ClockState::Ended => locale.say("clock-ended"),
    };
    let text = if small { format!("{} UTC", vm.utc) } else { format!("{} UTC · {state}", vm.utc) };
    let y = rect.top() + if small { 15.0 } else { 20.0 };
    put(ui, pos2(rect.left() + MARGIN, y), Align2::LEFT_CENTER, &text, &Ink::label(t.muted));
    let size = if small { theme::HEADING } else { theme::CLOCK };
    let y = rect.top() + if small { 37.0 } else { 46.0 };
    let at = pos2(rect.left() + MARGIN, y);
    paint_tabular(ui, at, Align2::LEFT_CENTER, &vm.clock, &Ink::bold(size, t.text));
}

/// The block beside the clock. Amber only while something waits. Returns its right edge.
fn your_move_ui(ui: &mut Ui, at: egui::Pos2, height: f32, vm: &TopBarVm, small: bool, locale: &Locale) -> f32 {
    let t = theme::tokens(ui);
    let (title, sub) = match &vm.your_move {
        YourMove::Nothing => (locale.say("move-nothing"), String::new()),
        YourMove::Over => (locale.say("move-over"), String::new()),
        YourMove::Pages { count, escalates_in_s } => {
            let key = if small { "move-pages-short" } else { "move-pages" };
            let sub = escalates_in_s
                .map(|s| locale.text("move-escalates", &[("in", Arg::Word(stopwatch(s)))]))
                .unwrap_or_default();
            (locale.text(key, &[("n", n(*count))]), sub)
        }
        YourMove::UpdateDue { past_s } => {
            (locale.say("move-update"), locale.text("update-past-promise", &[("span", Arg::Word(stopwatch(*past_s)))]))
        }
    };
    let waits = matches!(vm.your_move, YourMove::Pages { .. } | YourMove::UpdateDue { .. });
    let (ground, color) = if waits { (t.amber, t.on_fill) } else { (t.raised, t.muted) };
    let big =
        if waits { Ink::bold(if small { theme::VALUE } else { theme::HEADING }, color) } else { Ink::body(color) };
    let little = Ink::bold(theme::LABEL, color);
    let icon = if waits { if small { 44.0 } else { 68.0 } } else { 24.0 };
    let text = width(ui, &title, &big).max(width(ui, &sub, &little));
    let rect = Rect::from_min_size(at, vec2(icon + text + if small { 12.0 } else { 24.0 }, height));
    ui.painter().rect_filled(rect, 0, ground);
    if waits {
        let c = pos2(rect.left() + if small { 22.0 } else { 38.0 }, rect.center().y);
        let size = if small { 20.0 } else { 26.0 };
        widget::triangle_up(ui, c, size, color);
        let ink = Ink::bold(if small { 11.0 } else { 14.0 }, ground);
        paint(ui, c + vec2(0.0, size * 0.12), Align2::CENTER_CENTER, "!", &ink);
    }
    let x = rect.left() + icon;
    if sub.is_empty() {
        put(ui, pos2(x, rect.center().y), Align2::LEFT_CENTER, &title, &big);
    } else {
        let (a, b) = if small { (19.0, 40.0) } else { (28.0, 50.0) };
        put(ui, pos2(x, rect.top() + a), Align2::LEFT_CENTER, &title, &big);
        put(ui, pos2(x, rect.top() + b), Align2::LEFT_CENTER, &sub, &little);
    }
    if !waits {
        widget::vline(ui, rect.right(), rect.y_range(), t.line);
    }
    rect.right()
}

fn here_names(vm: &TopBarVm, locale: &Locale) -> String {
    let names: Vec<String> =
        vm.here
            .iter()
            .map(|h| {
                if h.you {
                    locale.text("here-you", &[("seat", w(&who(locale, &h.name)))])
                } else {
                    who(locale, &h.name)
                }
            })
            .collect();
    names.join(", ")
}

fn here_width(ui: &Ui, vm: &TopBarVm, small: bool, locale: &Locale) -> f32 {
    let t = theme::tokens(ui);
    let discs = 32.0 * vm.here.len() as f32;
    if small {
        return discs + 24.0;
    }
    discs + width(ui, &here_names(vm, locale), &Ink::label(t.muted)) + 44.0
}

fn here_ui(ui: &mut Ui, rect: Rect, vm: &TopBarVm, small: bool, locale: &Locale) {
    let t = theme::tokens(ui);
    widget::vline(ui, rect.left(), rect.y_range(), t.line);
    let left = rect.left() + if small { MARGIN } else { 24.0 };
    let (label_y, y) = if small { (15.0, 37.0) } else { (22.0, 46.0) };
    let label = locale.say(if small { "top-here-short" } else { "top-here" });
    put(ui, pos2(left, rect.top() + label_y), Align2::LEFT_CENTER, &label, &Ink::label(t.muted));
    let radius = if small { 10.0 } else { 12.0 };
    let mut x = left + radius;
    for seat in &vm.here {
        widget::disc(ui, pos2(x, rect.top() + y), radius, &seat.initial, t.yours, seat.you, t);
        x += 2.0 * radius + GAP;
    }
    if !small {
        let at = pos2(x - radius + 4.0, rect.top() + y);
        put(ui, at, Align2::LEFT_CENTER, &here_names(vm, locale), &Ink::label(t.muted));
    }
}

/// Draws the footer into the whole of `ui`. Returns what a press asks for.
pub fn footer_ui(ui: &mut Ui, locale: &Locale) -> Option<Act> {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0, t.panel);
    widget::hline(ui, full.x_range(), full.top() + 1.0, t.line);
    let y = full.center().y;
    let note = locale.say("foot-note");
    let note = put(ui, pos2(full.right() - MARGIN, y), Align2::RIGHT_CENTER, &note, &Ink::label(t.muted)).rect;
    let mut x = full.left() + MARGIN;
    let mut asked = None;
    for (act, key, words) in FOOTER {
        let words = locale.say(words);
        let cap = widget::key_cap_width(ui, key);
        let wide = cap + GAP + width(ui, &words, &Ink::label(t.muted));
        if x + wide > note.left() - GAP {
            break;
        }
        let rect = Rect::from_min_size(pos2(x, full.top() + 4.0), vec2(wide, full.height() - 8.0));
        let aria = locale.text("foot-aria", &[("action", w(&words))]);
        let response = ui.interact(rect, ui.id().with(("foot", key)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &aria));
        if response.clicked() {
            asked = Some(act);
        }
        widget::key_cap(ui, pos2(x, y), key, t.muted);
        let ink = Ink::label(if response.hovered() { t.text } else { t.muted });
        paint(ui, pos2(x + cap + GAP, y), Align2::LEFT_CENTER, &words, &ink);
        x += wide + 24.0;
    }
    asked
}
