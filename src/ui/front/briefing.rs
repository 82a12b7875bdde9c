//! The briefing: one page. What you own, how it is built, who is around, what tools you have, how long, and Ready.

use super::map::{map, spark};
use super::{Frame, about_minutes, action, hint_right, key, level_word, markdown_ui, pips, sealed_lanes};
use crate::locale::{Arg, Locale};
use crate::session::projection::Presence;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::front::{BriefingVm, UsualRow, initials};
use crate::view::panel::figure;
use crate::view::words::{author_text, say};
use egui::{Align2, Key, Rangef, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the briefing.
pub fn briefing_ui(ui: &mut Ui, locale: &Locale, vm: &BriefingVm, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    ui.painter().rect_filled(ui.max_rect(), 0, t.ink);
    if super::top_bar(ui, &f, locale, &locale.say("front-briefing"), &locale.say("front-back-to-wheel")) {
        out.push(UiAction::Back);
    }
    let bar_y = f.at(0.0, 44.0).y;
    let right = f.at(1856.0, 0.0).x;
    let keys = hint_right(ui, pos2(right, bar_y), "?", &locale.say("front-keys"), &locale.say("front-keys-aria"));
    if keys.0 || key(ui, Key::Questionmark) {
        out.push(UiAction::Keys(true));
    }
    let about = about_minutes(locale, vm.card.minutes);
    let ink = Ink::new(14.0, t.muted);
    let drawn = widget::paint(ui, pos2(keys.1 - 28.0, bar_y), Align2::RIGHT_CENTER, &about, &ink);
    let level = level_word(locale, vm.card.level);
    let drawn = widget::paint(ui, pos2(drawn.left() - 24.0, bar_y), Align2::RIGHT_CENTER, &level, &ink);
    pips(ui, pos2(drawn.left() - 52.0, bar_y), 5.0, vm.card.level, t.text);

    let y = |v: f32| f.at(0.0, v).y;
    let ink = Ink::bold(f.size(40.0), t.text);
    let left = f.at(64.0, 0.0).x;
    let name = author_text(locale, &vm.card.name);
    let room = f.at(1856.0, 0.0).x - left;
    let name = widget::fit(ui, name, &ink, room);
    let drawn = widget::put(ui, pos2(left, y(130.0)), Align2::LEFT_CENTER, &name, &ink).rect;
    let from = (drawn.right() + 32.0).max(f.at(536.0, 0.0).x);
    let role = author_text(locale, &vm.card.role);
    let ink = Ink::new(f.size(20.0).max(14.0), t.text);
    let rows = if widget::width(ui, role, &ink) > right - from { 2 } else { 1 };
    let lift = if rows == 2 { 26.0 } else { 13.0 };
    widget::put_wrapped(ui, pos2(from, y(132.0) - lift), right - from, rows, role, &ink);

    own(ui, &f, locale, vm);
    people(ui, &f, locale, vm);
    let panel = f.rect(536.0, 192.0, 1376.0, if f.small() { 760.0 } else { 688.0 });
    ui.painter().rect(panel, 12, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let inner = panel.shrink2(vec2(24.0, 20.0));
    head(ui, inner.left_top() + vec2(0.0, 12.0), &locale.say("front-built"), &f);
    let foot = 28.0;
    let body = Rect::from_min_max(inner.left_top() + vec2(0.0, 40.0), inner.max - vec2(0.0, foot));
    map(ui, &f, locale, &vm.map, body);
    legend(ui, locale, inner.left_bottom() - vec2(0.0, 8.0), t);
    usual(ui, &f, locale, &vm.usual);
    tools(ui, &f, locale, vm);
    seats(ui, &f, locale, vm);

    let bar = f.rect(0.0, 928.0, 1920.0, 1080.0);
    ui.painter().rect_filled(bar, 0, t.panel);
    widget::hline(ui, bar.x_range(), bar.top() + 1.0, t.line);
    sealed_lanes(ui, locale, left, Rangef::new(f.at(154.0, 0.0).x, f.at(480.0, 0.0).x), y(980.0), y(1024.0));
    let at = f.at(536.0, 982.0);
    let ink = Ink::new(f.size(20.0), t.text);
    let words = widget::fit(ui, &locale.say("front-page-comes"), &ink, f.at(1390.0, 0.0).x - at.x);
    widget::put(ui, at, Align2::LEFT_CENTER, &words, &ink);
    let at = f.at(536.0, 1021.0);
    widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("front-original-sealed"), &Ink::new(14.0, t.muted));
    let ready = locale.say("front-ready");
    if action(ui, f.rect(1424.0, 968.0, 1856.0, 1040.0), true, &ready, "Enter", f.size(28.0), &ready)
        || key(ui, Key::Enter)
    {
        out.push(UiAction::Ready);
    }
}

fn head(ui: &mut Ui, at: egui::Pos2, text: &str, f: &Frame) -> Rect {
    let t = theme::tokens(ui);
    widget::put(ui, at, Align2::LEFT_CENTER, text, &Ink::bold(f.size(20.0), t.text)).rect
}

fn own(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &BriefingVm) {
    let rect = f.rect(64.0, 188.0, 488.0, if vm.people.is_empty() { 900.0 } else { 556.0 });
    widget::area(ui, "own", rect, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.set_width(rect.width() - 12.0);
            markdown_ui(ui, author_text(locale, &vm.briefing));
        });
    });
}

fn people(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &BriefingVm) {
    if vm.people.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let (left, right) = (f.at(64.0, 0.0).x, f.at(488.0, 0.0).x);
    widget::hline(ui, Rangef::new(left, right), f.at(0.0, 568.0).y, t.line);
    head(ui, f.at(64.0, 600.0), &locale.say("front-around"), f);
    let room = f.at(0.0, 916.0).y - f.at(0.0, 624.0).y;
    let step = (60.0 * f.k.y).max(38.0);
    let fits = ((room / step) as usize).max(1);
    for (i, p) in vm.people.iter().take(fits).enumerate() {
        let y = f.at(0.0, 624.0).y + step * (i as f32 + 0.5);
        let role = author_text(locale, &p.role);
        let r = (step * 0.33).min(20.0);
        ui.painter().circle(pos2(left + r, y), r, t.raised, Stroke::new(1.0, t.line));
        let ink = Ink::bold(12.0, t.muted);
        widget::paint(ui, pos2(left + r, y), Align2::CENTER_CENTER, &initials(role), &ink);
        let (word, here) = match p.presence {
            Presence::Here => (locale.say("front-here"), Some(true)),
            Presence::JoinsIn(s) | Presence::Called(s) => {
                let n = i64::try_from(s.div_ceil(60)).unwrap_or(0).max(1);
                (locale.text("front-joins-in", &[("n", Arg::Number(n))]), Some(false))
            }
            Presence::Away => (locale.say("front-away"), None),
        };
        let drawn = widget::put(ui, pos2(right, y), Align2::RIGHT_CENTER, &word, &Ink::new(14.0, t.muted)).rect;
        let dot = pos2(drawn.left() - 12.0, y);
        match here {
            Some(true) => {
                ui.painter().circle_filled(dot, 4.0, t.ok);
            }
            Some(false) => widget::dashed_circle(ui, dot, 4.5, t.unknown),
            None => {
                ui.painter().circle_stroke(dot, 4.0, Stroke::new(1.2, t.unknown));
            }
        }
        let ink = Ink::new(16.0, t.text);
        let x = left + 2.0 * r + 14.0;
        let role = widget::fit(ui, role, &ink, dot.x - 12.0 - x);
        widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &role, &ink);
    }
}

fn legend(ui: &mut Ui, locale: &Locale, at: egui::Pos2, t: &Tokens) {
    let ink = Ink::new(14.0, t.muted);
    let mut x = at.x;
    ui.painter().circle_filled(pos2(x + 5.0, at.y), 5.0, t.ok);
    x = widget::paint(ui, pos2(x + 18.0, at.y), Align2::LEFT_CENTER, &locale.say("front-healthy"), &ink).right() + 24.0;
    let sample = Rect::from_center_size(pos2(x + 12.0, at.y), vec2(24.0, 12.0));
    ui.painter().rect(sample, 3, t.raised, Stroke::new(1.2, t.text), StrokeKind::Inside);
    x = widget::paint(ui, pos2(x + 32.0, at.y), Align2::LEFT_CENTER, &locale.say("front-you-run-it"), &ink).right()
        + 24.0;
    ui.painter().line_segment([pos2(x, at.y), pos2(x + 28.0, at.y)], Stroke::new(4.0, t.edge));
    widget::paint(ui, pos2(x + 36.0, at.y), Align2::LEFT_CENTER, &locale.say("front-heavier"), &ink);
}

fn usual(ui: &mut Ui, f: &Frame, locale: &Locale, rows: &[UsualRow]) {
    if rows.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let top = if f.small() { 790.0 } else { 726.0 };
    head(ui, f.at(536.0, top), &locale.say("front-usual"), f);
    for (i, row) in rows.iter().take(3).enumerate() {
        let (x0, x1) = (536.0 + 288.0 * i as f32, 536.0 + 288.0 * i as f32 + 264.0);
        let ink = Ink::new(14.0, t.muted);
        let (name_y, value_y) = if f.small() { (830.0, 868.0) } else { (770.0, 796.0) };
        let title = widget::fit(ui, author_text(locale, &row.title), &ink, f.at(x1, 0.0).x - f.at(x0, 0.0).x);
        widget::put(ui, f.at(x0, name_y), Align2::LEFT_CENTER, &title, &ink);
        let value = row.value.map_or_else(|| "–".to_owned(), |v| figure(v, &row.unit));
        widget::put(ui, f.at(x0, value_y), Align2::LEFT_CENTER, &value, &Ink::bold(f.size(20.0), t.text));
        if !f.small() && row.points.len() > 1 {
            let area = f.rect(x0, 824.0, x1, 888.0);
            spark(ui, area, &row.points, Stroke::new(1.4, t.series));
            widget::hline(ui, area.x_range(), area.bottom() + 4.0, t.line);
        }
    }
}

fn tools(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &BriefingVm) {
    let t = theme::tokens(ui);
    head(ui, f.at(1424.0, 206.0), &locale.say("front-tools"), f);
    let (left, right) = (f.at(1424.0, 0.0).x, f.at(1856.0, 0.0).x);
    let step = (36.0 * f.k.y).max(26.0);
    // Whole rows only: half a row looks like a fault.
    let mut rect = f.rect(1424.0, 232.0, 1856.0, 528.0);
    rect.set_height((rect.height() / step).floor() * step);
    widget::area(ui, "tools", rect, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for tool in &vm.tools {
                let (_, row) = ui.allocate_space(vec2(right - left, step));
                let y = row.center().y;
                widget::put(ui, pos2(row.left(), y), Align2::LEFT_CENTER, &tool.name, &Ink::mono(16.0, t.text));
                let x = row.left() + (96.0 * f.k.x).max(88.0);
                let ink = Ink::new(14.0, t.muted);
                let about = widget::fit(ui, &say(locale, &tool.about), &ink, row.right() - 8.0 - x);
                widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &about, &ink);
            }
        });
    });
    let at = f.at(1424.0, 548.0);
    widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("front-tools-note"), &Ink::new(14.0, t.muted));
}

fn seats(ui: &mut Ui, f: &Frame, locale: &Locale, vm: &BriefingVm) {
    let t = theme::tokens(ui);
    let (left, right) = (f.at(1424.0, 0.0).x, f.at(1856.0, 0.0).x);
    widget::hline(ui, Rangef::new(left, right), f.at(0.0, 584.0).y, t.line);
    head(ui, f.at(1424.0, 622.0), &locale.say("front-expected"), f);
    let middle = i64::from((vm.card.minutes.0 + vm.card.minutes.1) / 2);
    let text = locale.text("front-min", &[("n", Arg::Number(middle))]);
    widget::put(ui, pos2(right, f.at(0.0, 622.0).y), Align2::RIGHT_CENTER, &text, &Ink::bold(f.size(28.0), t.text));
    let ink = Ink::new(14.0, t.muted);
    let note = widget::fit(ui, &locale.say("front-pace"), &ink, right - left);
    widget::put(ui, f.at(1424.0, 656.0), Align2::LEFT_CENTER, &note, &ink);
    widget::hline(ui, Rangef::new(left, right), f.at(0.0, 688.0).y, t.line);
    head(ui, f.at(1424.0, 726.0), &locale.say("front-seats"), f);
    let step = (48.0 * f.k.y).max(34.0);
    let room = f.at(0.0, 916.0).y - f.at(0.0, 750.0).y;
    for (i, seat) in vm.seats.iter().take(((room / step) as usize).max(1)).enumerate() {
        let y = f.at(0.0, 750.0).y + step * (i as f32 + 0.5);
        let r = (step * 0.34).min(16.0);
        let role_key = format!("front-seat-{}", seat.seat);
        let role = if locale.has(&role_key) { locale.say(&role_key) } else { seat.seat.clone() };
        let name = if seat.name.is_empty() { role.clone() } else { seat.name.clone() };
        super::volunteer_disc(ui, pos2(left + r, y), r, &initials(&name), false);
        let word = locale.say(if seat.ready { "front-seat-ready" } else { "front-seat-reading" });
        let ink = Ink::new(14.0, if seat.ready { t.text } else { t.muted });
        let drawn = widget::put(ui, pos2(right, y), Align2::RIGHT_CENTER, &word, &ink).rect;
        let dot = pos2(drawn.left() - 12.0, y);
        if seat.ready {
            let tick = vec![dot + vec2(-5.0, 0.0), dot + vec2(-1.5, 4.0), dot + vec2(5.0, -5.0)];
            ui.painter().add(egui::Shape::line(tick, Stroke::new(2.0, t.ok)));
        } else {
            widget::dashed_circle(ui, dot, 5.0, t.unknown);
        }
        let ink = Ink::new(16.0, t.text);
        let x = left + 2.0 * r + 12.0;
        let name_px =
            widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &widget::fit(ui, &name, &ink, dot.x - x - 16.0), &ink)
                .rect;
        let mut note = if seat.name.is_empty() { String::new() } else { role };
        if seat.you {
            let you = locale.say("front-you");
            note = if note.is_empty() { you } else { format!("{note} · {you}") };
        }
        let ink = Ink::new(14.0, t.muted);
        let room = dot.x - 16.0 - name_px.right() - 12.0;
        if room > 24.0 {
            let note = widget::fit(ui, &note, &ink, room);
            widget::put(ui, pos2(name_px.right() + 12.0, y), Align2::LEFT_CENTER, &note, &ink);
        }
    }
}
