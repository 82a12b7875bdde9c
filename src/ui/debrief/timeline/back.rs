//! What lies behind the lanes: grid, compressed stretches and their map, held bands, impact, the world strip, names, axis.

use super::super::labelled;
use super::Place;
use crate::debrief::model::WorldMarkKind;
use crate::locale::{Arg, Locale};
use crate::ui::theme::Tokens;
use crate::ui::widget::{self, Ink};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::{author_text, say};
use egui::{Align2, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

pub(super) fn grid(ui: &Ui, p: &Place, scale: &Scale, t: &Tokens) {
    let color = t.raised;
    for tick in scale.ticks(50.0) {
        widget::vline(ui, scale.x(tick as f64), Rangef::new(p.world_y + 16.0, p.axis_y), color);
    }
    let zero = scale.x(0.0);
    if scale.from_s() <= 0 {
        widget::vline(ui, zero, Rangef::new(p.world_y + 10.0, p.impact.bottom()), t.line);
    }
}

/// Compressed stretches: another ground, and the axis says how much tighter.
pub(super) fn quiet(ui: &mut Ui, locale: &Locale, p: &Place, scale: &Scale, t: &Tokens) {
    for piece in scale.pieces().iter().filter(|x| x.quiet) {
        let rect = Rect::from_min_max(pos2(piece.x0, p.world_y - 14.0), pos2(piece.x1, p.axis_y + 22.0));
        ui.painter().rect_filled(rect, 0, t.panel);
        let y = p.axis_y + 36.0;
        // A little tighter is not worth words; the ticks say it.
        if piece.ratio < 0.34 {
            let words = locale.text("dui-tighter", &[("n", Arg::Word(format!("{:.0}", 1.0 / piece.ratio.max(0.001))))]);
            let ink = Ink::new(12.0, t.muted);
            if widget::width(ui, &words, &ink) < piece.x1 - piece.x0 + 24.0 {
                widget::put(ui, pos2((piece.x0 + piece.x1) / 2.0, y), Align2::CENTER_CENTER, &words, &ink);
            }
        }
    }
}

pub(super) fn held(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    for (from, to, title) in &vm.held {
        let (x0, x1) = (scale.x(*from as f64), scale.x(*to as f64));
        let rect = Rect::from_min_max(pos2(x0, p.world_y - 14.0), pos2(x1, p.impact.bottom()));
        ui.painter().rect_filled(rect, 0, t.edge.gamma_multiply(0.14));
        widget::hatch(ui, rect, t.edge.gamma_multiply(0.28));
        for x in [x0, x1] {
            let line = [pos2(x, rect.top()), pos2(x, rect.bottom())];
            ui.painter().extend(Shape::dashed_line(&line, Stroke::new(1.0, t.edge), 2.0, 4.0));
        }
        let clock = locale.text("dui-held", &[("n", Arg::Word(plain_clock(to - from)))]);
        let name = author_text(locale, title);
        let at = pos2(x0 + 8.0, p.world_y + 22.0);
        if x1 - x0 > 120.0 {
            for dx in [0.0, 7.0] {
                let bar = Rect::from_center_size(at + vec2(2.0 + dx, 0.0), vec2(4.0, 13.0));
                ui.painter().rect_filled(bar, 1, t.text);
            }
            widget::put(ui, at + vec2(18.0, 0.0), Align2::LEFT_CENTER, &clock, &Ink::bold(14.0, t.text));
            let ink = Ink::new(14.0, t.text);
            let name = widget::fit(ui, name, &ink, x1 - x0 - 16.0);
            widget::put(ui, at + vec2(0.0, 20.0), Align2::LEFT_CENTER, &name, &ink);
        } else {
            labelled(ui, rect, &format!("{clock} {name}"));
        }
    }
}

fn plain_clock(s: i64) -> String {
    format!("{}:{:02}", s.max(0) / 60, s.max(0) % 60)
}

/// Impact behind the lanes, away from the centre: how many users at that moment, without a number.
pub(super) fn shadow(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    let top = vm.impact.top.max(1) as f32;
    let depth_up = p.row * p.g.rows_up as f32 * 0.62;
    for (curve, y, depth) in
        [(&vm.impact.original, p.g.original_y, -depth_up), (&vm.impact.yours, p.g.yours_y, depth_up)]
    {
        let points: Vec<Pos2> = curve
            .iter()
            .filter(|(s, _)| (scale.from_s()..=scale.to_s()).contains(s))
            .map(|(s, v)| pos2(scale.x(*s as f64), y + depth * (*v as f32 / top)))
            .collect();
        widget::area_under(ui.painter(), &points, y, t.critical.gamma_multiply(0.09));
    }
}

pub(super) fn world(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    let y = p.world_y;
    widget::hline(ui, p.x, y, t.line.gamma_multiply(0.6));
    let ink = Ink::new(14.0, t.text);
    let marks: Vec<_> = vm.world.iter().filter(|m| (scale.from_s()..=scale.to_s()).contains(&m.t_s)).collect();
    let xs: Vec<f32> = marks.iter().map(|m| scale.x(m.t_s as f64)).collect();
    // Words stand to the right of their mark as far as the next one; what has no room says itself on hover.
    for (i, m) in marks.iter().enumerate() {
        let x = xs.get(i).copied().unwrap_or(0.0);
        let next = xs.get(i + 1).copied().unwrap_or(p.x.max);
        let text = say(locale, &m.text);
        let said = format!("{} {text}", moment(locale, m.t_s));
        let room = next - x - 26.0;
        let words = if room > 70.0 { widget::fit(ui, &text, &ink, room.min(360.0)) } else { String::new() };
        let px = if words.is_empty() { 0.0 } else { widget::width(ui, &words, &ink) };
        let ground = Rect::from_min_max(pos2(x - 8.0, y - 10.0), pos2(x + 16.0 + px, y + 10.0));
        ui.painter().rect_filled(ground, 0, t.ink);
        let c = pos2(x, y);
        match m.kind {
            WorldMarkKind::Change => widget::diamond(ui, c, 12.0, t.text, true),
            WorldMarkKind::Signal => widget::triangle_up(ui, c, 12.0, t.amber),
            WorldMarkKind::Impact => {
                ui.painter().rect_filled(Rect::from_center_size(c, vec2(9.0, 9.0)), 0, t.critical);
            }
            WorldMarkKind::Cleared => {
                let square = Rect::from_center_size(c, vec2(9.0, 9.0));
                ui.painter().rect_stroke(square, 0, Stroke::new(1.5, t.muted), StrokeKind::Inside);
            }
            WorldMarkKind::Absence => widget::dashed_circle(ui, c, 5.5, t.muted),
        }
        widget::paint(ui, pos2(x + 12.0, y), Align2::LEFT_CENTER, &words, &ink);
        labelled(ui, ground, &said);
    }
}

pub(super) fn names(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &super::super::DebriefUiState,
    p: &Place,
    t: &Tokens,
) {
    let wide = p.x.min - p.gutter > 110.0;
    let size = if wide { 20.0 } else { 16.0 };
    let x = p.gutter;
    widget::put(ui, pos2(x, p.world_y), Align2::LEFT_CENTER, &locale.say("dui-world"), &Ink::bold(14.0, t.muted));
    let small = Ink::new(12.0, t.muted);
    let at = |y| pos2(x, y);
    widget::put(
        ui,
        at(p.g.original_y - 8.0),
        Align2::LEFT_CENTER,
        &locale.say("dui-original"),
        &Ink::bold(size, t.theirs),
    );
    widget::put(ui, at(p.g.original_y + 14.0), Align2::LEFT_CENTER, &locale.say("dui-original-note"), &small);
    widget::put(ui, at(p.g.yours_y - 8.0), Align2::LEFT_CENTER, &locale.say("dui-yours"), &Ink::bold(size, t.yours));
    let n = match &state.seat {
        Some(seat) => locale.text("dui-only-seat", &[("seat", Arg::Word(super::super::seat_word(locale, seat)))]),
        None => locale.text("dui-yours-note", &[("n", Arg::Number(vm.log.len() as i64))]),
    };
    widget::put(ui, at(p.g.yours_y + 14.0), Align2::LEFT_CENTER, &n, &small);
    let room = p.x.min - x - 8.0;
    widget::put_wrapped(ui, at(p.g.yours_y + 26.0), room, 2, &locale.say("dui-ticks-note"), &small);
    widget::put(ui, at(p.axis_y), Align2::LEFT_CENTER, &locale.say("dui-minutes"), &Ink::new(14.0, t.muted));
}

pub(super) fn axis(ui: &mut Ui, locale: &Locale, p: &Place, scale: &Scale, scrub: i64, t: &Tokens) {
    widget::hline(ui, p.x, p.axis_y, t.edge);
    let x = scale.x(scrub as f64);
    let words = moment(locale, scrub);
    let ink = Ink::bold(14.0, t.ink);
    let width = (widget::width(ui, &words, &ink) + 24.0).max(68.0);
    let handle = Rect::from_center_size(pos2(x, p.axis_y + 14.0), vec2(width, 24.0));
    for tick in scale.ticks(50.0) {
        let tx = scale.x(tick as f64);
        widget::vline(ui, tx, Rangef::new(p.axis_y, p.axis_y + 5.0), t.edge);
        let text = if tick % 60 == 0 {
            let m = tick / 60;
            if m > 0 { format!("+{m}") } else { m.to_string().replace('-', "−") }
        } else {
            moment(locale, tick)
        };
        let ink = if tick == 0 { Ink::bold(14.0, t.text) } else { Ink::new(14.0, t.muted) };
        let w = widget::width(ui, &text, &ink);
        if (tx - x).abs() > (width + w) / 2.0 + 4.0 {
            // The last one stays on the picture.
            let tx = tx.min(p.x.max + 8.0 - w / 2.0);
            widget::paint(ui, pos2(tx, p.axis_y + 16.0), Align2::CENTER_CENTER, &text, &ink);
        }
    }
    ui.painter().rect_filled(handle, 12, t.text);
    widget::paint(ui, handle.center(), Align2::CENTER_CENTER, &words, &ink);
}

/// Alerts along the world strip, from firing to back to normal.
pub(super) fn alerts(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    for (i, a) in vm.alerts.iter().enumerate() {
        if a.to_s < scale.from_s() || a.from_s > scale.to_s() {
            continue;
        }
        let (x0, x1) = (scale.x(a.from_s as f64), scale.x(a.to_s as f64));
        // Several at once stand under each other, three at most; hover tells them apart.
        let y = p.world_y + 11.0 + 4.0 * (i % 3) as f32;
        let bar = Rect::from_min_max(pos2(x0, y), pos2(x1.max(x0 + 3.0), y + 2.5));
        ui.painter().rect_filled(bar, 1, t.amber.gamma_multiply(0.55));
        let args = [
            ("alert", Arg::Word(a.alert.clone())),
            ("service", Arg::Word(a.service.clone())),
            ("from", Arg::Word(moment(locale, a.from_s))),
            ("to", Arg::Word(moment(locale, a.to_s))),
        ];
        labelled(ui, bar.expand2(vec2(2.0, 1.0)), &locale.text("dui-alert-span", &args));
    }
}

/// From true to drawn time: equal hours above, ribbons down to the pieces of the axis, each piece named by how much wider or tighter it is.
pub(super) fn map(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    let Some(top) = p.map_y else { return };
    let (from, to) = (scale.from_s(), scale.to_s());
    let span = (to - from).max(1) as f32;
    let truth = |s: i64| p.x.min + p.x.span() * ((s - from) as f32 / span).clamp(0.0, 1.0);
    let (bar, ribbon, strip) = (top + 18.0, top + 30.0, top + 56.0);
    let small = Ink::new(12.0, t.muted);
    let left = p.gutter;
    widget::put(ui, pos2(left, bar + 4.0), Align2::LEFT_CENTER, &locale.say("dui-true-time"), &Ink::new(14.0, t.muted));
    widget::put(
        ui,
        pos2(left, strip + 9.0),
        Align2::LEFT_CENTER,
        &locale.say("dui-drawn-time"),
        &Ink::new(14.0, t.muted),
    );
    let ground = Rect::from_min_max(pos2(p.x.min, bar), pos2(p.x.max, ribbon));
    ui.painter().rect_filled(ground, 0, t.panel);
    for (curve, y, color) in [(&vm.impact.original, bar, t.theirs), (&vm.impact.yours, bar + 6.0, t.yours)] {
        for pair in curve.windows(2) {
            if let [(a, v), (b, _)] = pair
                && *v > 0
            {
                let share = (*v as f32 / vm.impact.top.max(1) as f32).sqrt().clamp(0.25, 1.0);
                let block = Rect::from_min_max(pos2(truth(*a), y), pos2(truth(*b).max(truth(*a) + 1.0), y + 5.0));
                ui.painter().rect_filled(block, 0, color.gamma_multiply(share));
            }
        }
    }
    let per_hour = p.x.span() / (span / 3600.0);
    let step = [1, 2, 3, 6, 12].into_iter().find(|h| *h as f32 * per_hour >= 90.0).unwrap_or(24) * 3600;
    let mut at = from + (-(vm.t0_utc_s + from)).rem_euclid(step);
    while at <= to {
        let x = truth(at);
        widget::vline(ui, x, Rangef::new(bar - 4.0, bar), t.edge);
        let clock = crate::stdx::time::Utc(vm.t0_utc_s).plus(at).hms();
        let text = clock.get(..5).unwrap_or_default();
        let half = widget::width(ui, text, &small) / 2.0;
        widget::paint(
            ui,
            pos2(x.clamp(p.x.min + half, p.x.max - half), top + 7.0),
            Align2::CENTER_CENTER,
            text,
            &small,
        );
        at += step;
    }
    for (i, piece) in scale.pieces().iter().enumerate() {
        let fill = if piece.quiet {
            t.ink
        } else if i % 4 < 2 {
            t.raised
        } else {
            t.panel
        };
        let (a, b) = (truth(piece.from_s), truth(piece.to_s));
        let shape = vec![pos2(a, ribbon), pos2(b, ribbon), pos2(piece.x1, strip), pos2(piece.x0, strip)];
        ui.painter().add(Shape::convex_polygon(shape, fill, Stroke::new(1.0, t.line)));
        let cell = Rect::from_min_max(pos2(piece.x0, strip), pos2(piece.x1, strip + 18.0));
        ui.painter().rect_filled(cell, 0, fill);
        ui.painter().rect_stroke(cell, 0, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
        let (key, n) =
            if piece.ratio >= 1.0 { ("dui-wider", piece.ratio) } else { ("dui-tighter", 1.0 / piece.ratio.max(0.001)) };
        let n = if n < 9.95 { format!("{n:.1}") } else { format!("{n:.0}") };
        let words = locale.text(key, &[("n", Arg::Word(n.clone()))]);
        let ink = if piece.quiet { Ink::bold(12.0, t.text) } else { Ink::new(12.0, t.text) };
        let short = format!("{n}×");
        let room = cell.width() - 6.0;
        let shown = if widget::width(ui, &words, &ink) < room { words.clone() } else { short };
        if widget::width(ui, &shown, &ink) < room {
            widget::paint(ui, cell.center(), Align2::CENTER_CENTER, &shown, &ink);
        }
        labelled(ui, cell, &words);
    }
}
