//! Users affected on the same scale, what the difference amounts to, and the turning points beside it.

use super::timeline::Place;
use super::timeline::lane::{halo, number};
use super::{DebriefUiState, labelled};
use crate::locale::{Arg, Locale};
use crate::ui::front::press;
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::scale::Scale;
use crate::view::debrief::words::{difference_line, difference_words};
use crate::view::debrief::{DebriefVm, budget_words, count, curve_at, moment, money_words};
use crate::view::words::say;
use egui::{Align2, Pos2, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};

/// The area between two curves, and how many user-minutes it is.
pub(super) fn impact(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, scrub: i64) {
    let t = theme::tokens(ui);
    let area = p.impact;
    if area.height() < 60.0 {
        return;
    }
    let at = pos2(ui.max_rect().left() + 32.0, area.top() + 4.0);
    widget::put_wrapped(ui, at, 84.0, 2, &locale.say("dui-users-affected"), &Ink::bold(14.0, t.text));
    let now = moment_words(locale, vm, scrub);
    let ink = Ink::new(14.0, t.muted);
    let room = if area.height() < 150.0 { area.width() * 0.55 } else { area.width() };
    let now = widget::fit(ui, &now, &ink, room);
    widget::put(ui, pos2(area.left(), area.top() + 12.0), Align2::LEFT_CENTER, &now, &ink);
    let top = vm.impact.top;
    if top == 0 {
        let at = pos2(area.left(), area.center().y);
        widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("dui-nobody-affected"), &Ink::new(16.0, t.text));
        return;
    }
    let head = if area.height() > 240.0 { 72.0 } else { 54.0 };
    let y = |v: f32| area.bottom() - 8.0 - (area.height() - head - 8.0) * v / top as f32;
    for v in [0, top] {
        let text = count(locale, i64::try_from(v).unwrap_or(i64::MAX));
        let yy = y(v as f32);
        widget::paint(ui, pos2(area.left() - 12.0, yy), Align2::RIGHT_CENTER, &text, &Ink::new(14.0, t.muted));
        widget::hline(ui, area.x_range(), yy, t.line);
    }
    let ui_clip = ui.clip_rect();
    let points = |curve: &[(i64, u64)]| -> Vec<Pos2> {
        // A curve goes on past the edges of what is shown: it is cut there, not dropped.
        let (from, to) = (scale.from_s(), scale.to_s());
        let edge = |s: i64| curve_at(curve, s).map(|v| (s, v));
        let inside = curve.iter().copied().filter(|(s, _)| (from + 1..to).contains(s));
        let shown = edge(from).into_iter().chain(inside).chain(edge(to));
        shown.map(|(s, v)| pos2(scale.x(s as f64), y(v as f32))).collect()
    };
    let (yours, original, hands, best) =
        (points(&vm.impact.yours), points(&vm.impact.original), points(&vm.impact.hands_off), points(&vm.impact.best));
    let base = y(0.0);
    ui.set_clip_rect(ui_clip.intersect(area.expand2(vec2(0.0, 10.0))));
    ui.painter().extend(Shape::dashed_line(&hands, Stroke::new(2.0, t.muted), 6.0, 5.0));
    ui.painter().extend(Shape::dotted_line(&best, t.text, 5.0, 1.0));
    widget::area_under(ui.painter(), &original, base, t.text.gamma_multiply(0.06));
    widget::area_under(ui.painter(), &yours, base, t.yours.gamma_multiply(0.22));
    ui.painter().add(Shape::line(original.clone(), Stroke::new(3.0, t.theirs)));
    ui.painter().add(Shape::line(yours.clone(), Stroke::new(4.0, t.yours)));
    ui.set_clip_rect(ui_clip);
    let x = scale.x(scrub as f64);
    if x <= area.right() {
        let mut seen: Vec<f32> = Vec::new();
        for (curve, color) in [(&vm.impact.original, t.theirs), (&vm.impact.yours, t.yours)] {
            let Some(v) = curve_at(curve, scrub) else { continue };
            let c = pos2(x, y(v as f32));
            ui.painter().circle(c, 5.0, t.ink, Stroke::new(2.0, color));
            // Two equal values are written once.
            if seen.iter().all(|s| (s - c.y).abs() > 18.0) {
                let text = count(locale, i64::try_from(v).unwrap_or(i64::MAX));
                let over = pos2(x - 10.0, c.y - 12.0);
                halo(ui, over, Align2::RIGHT_CENTER, &text, &Ink::bold(14.0, color), t.ink);
                seen.push(c.y);
            }
        }
    }
    let mut boxes = vec![Rect::from_x_y_ranges(Rangef::new(x - 64.0, x + 4.0), area.y_range())];
    difference(ui, locale, vm, area, &yours, &original, &mut boxes);
    area_words(ui, locale, vm, area, [&yours, &original, &hands, &best], &mut boxes);
}

/// Where a curve last has a value above zero, and where it then reaches zero.
fn last_affected(curve: &[Pos2], area: Rect) -> (f32, f32) {
    let last = curve.iter().rposition(|q| q.y < area.bottom() - 12.0);
    let x = |i: usize| curve.get(i).map(|q| q.x);
    last.map_or((area.left(), area.left()), |i| {
        let here = x(i).unwrap_or(area.left());
        (here, x(i + 1).unwrap_or(here))
    })
}

fn difference(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    area: Rect,
    yours: &[Pos2],
    original: &[Pos2],
    boxes: &mut Vec<Rect>,
) {
    let t = theme::tokens(ui);
    let (big, note) = difference_words(locale, vm.impact.area);
    let low = area.height() < 150.0;
    let size = match (area.height() > 240.0, low) {
        (true, _) => 40.0,
        (false, false) => 28.0,
        (false, true) => 16.0,
    };
    let ink = Ink::bold(size, t.text);
    let width = widget::width(ui, &big, &ink).max(widget::width(ui, &note, &Ink::new(16.0, t.text)));
    // In the middle of where the two curves part, if it fits there; else where it hides nothing.
    let ((a0, a1), (b0, b1)) = (last_affected(yours, area), last_affected(original, area));
    let (lo, hi) = if a1 < b1 { (a1, b0) } else { (b1, a0) };
    let (lo, hi) = (lo.max(area.left()), hi.min(area.right()));
    let room = hi - lo;
    let x = if room > width + 48.0 {
        lo + (room - width) / 2.0
    } else {
        (a1.max(b1) + 40.0).min(area.right() - width - 8.0).max(area.left() + 8.0)
    };
    let y = area.center().y + 12.0;
    let rect = Rect::from_min_max(pos2(x - 8.0, y - size * 0.6), pos2(x + width + 8.0, y + size * 0.6 + 26.0));
    let covered = [yours, original].iter().any(|c| runs_through(c, rect.shrink(4.0)));
    if low || covered {
        // No room between the curves: the difference stands in the first line.
        let words = difference_line(locale, vm.impact.area);
        let place = pos2(area.right() - 8.0, area.top() + 12.0);
        let drawn = halo(ui, place, Align2::RIGHT_CENTER, &words, &Ink::bold(16.0, t.text), t.ink);
        boxes.push(drawn);
        return;
    }
    widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &big, &ink);
    widget::put(ui, pos2(x, y + size * 0.5 + 14.0), Align2::LEFT_CENTER, &note, &Ink::new(16.0, t.text));
    boxes.push(rect);
}

fn area_words(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    area: Rect,
    curves: [&Vec<Pos2>; 4],
    boxes: &mut Vec<Rect>,
) {
    let t = theme::tokens(ui);
    let names = ["dui-area-yours", "dui-area-original", "dui-area-hands", "dui-area-best"];
    let colors = [t.yours, t.theirs, t.muted, t.text];
    for (i, ((name, color), curve)) in names.iter().zip(colors).zip(curves).enumerate() {
        if curve.is_empty() {
            continue;
        }
        let value = vm.impact.area.get(i).copied().or(vm.impact.best_area).unwrap_or(0);
        let text = locale.text(name, &[("n", Arg::Word(count(locale, value)))]);
        // A low picture has no room for it; it is said on hover.
        let text = match vm.budget.as_ref().filter(|_| area.height() >= 150.0) {
            Some(b) if i < b.used.len() => {
                let key = if b.assumed { "dui-budget-assumed" } else { "dui-budget" };
                let used = b.used.get(i).map(crate::view::debrief::share).unwrap_or_default();
                format!("{text}  ·  {}", locale.text(key, &[("n", Arg::Word(used))]))
            }
            _ => text,
        };
        let ink = Ink::bold(if i < 3 { 16.0 } else { 14.0 }, color);
        let w = widget::width(ui, &text, &ink);
        let (last, zero) = last_affected(curve, area);
        let low = area.bottom() - 44.0;
        let high = area.top() + if area.height() > 240.0 { 46.0 } else { 34.0 };
        // Where the words belong by their curve: under it, behind its end, over the level of nobody responding.
        let wish = match i {
            0 => pos2(last - w - 24.0, low),
            1 => pos2(zero + 16.0, low),
            3 => pos2(zero + 16.0, area.center().y),
            _ => pos2(area.right() - w - 8.0, high),
        };
        let x = |x: f32| x.clamp(area.left() + 8.0, (area.right() - w - 8.0).max(area.left() + 8.0));
        let around = |s: Pos2| Rect::from_min_size(s - vec2(4.0, 12.0), vec2(w + 8.0, 24.0));
        // The nearest place to it that hides nothing and that no curve runs through.
        let mut spots = vec![pos2(x(wish.x), wish.y)];
        let rows = ((area.bottom() - 20.0 - high) / 13.0).max(1.0) as usize;
        let columns = (area.width() / 24.0) as usize;
        for row in 0..=rows {
            for column in 0..=columns {
                spots.push(pos2(x(area.left() + 24.0 * column as f32), high + 13.0 * row as f32));
            }
        }
        spots.sort_by(|a, b| a.distance_sq(wish).total_cmp(&b.distance_sq(wish)));
        let free = |r: &Rect| {
            boxes.iter().all(|b| !b.intersects(*r)) && curves.iter().all(|c| !runs_through(c, r.expand(4.0)))
        };
        if let Some((s, r)) = spots.into_iter().map(|s| (s, around(s))).find(|(_, r)| free(r)) {
            halo(ui, s, Align2::LEFT_CENTER, &text, &ink, t.ink);
            let budget = vm.budget.as_ref().map(|b| budget_words(locale, b));
            let money = vm.money.as_ref().map(|m| money_words(locale, m));
            let said = [Some(text), budget, money].into_iter().flatten().collect::<Vec<_>>().join("\n");
            labelled(ui, r, &said);
            boxes.push(r);
        }
    }
}

/// Whether a curve has a point in a box, at steps of a few pixels along it.
fn runs_through(curve: &[Pos2], r: Rect) -> bool {
    curve.windows(2).any(|w| match w {
        [a, b] => {
            let steps = (a.distance(*b) / 4.0).ceil().clamp(1.0, 2_000.0) as usize;
            let bounds = Rect::from_two_pos(*a, *b).expand(1.0);
            bounds.intersects(r) && (0..=steps).any(|k| r.contains(*a + (*b - *a) * (k as f32 / steps as f32)))
        }
        _ => false,
    })
}

/// What had last been done at a moment, on each side.
fn moment_words(locale: &Locale, vm: &DebriefVm, scrub: i64) -> String {
    let words = |m: Option<&crate::view::debrief::MarkVm>| {
        m.map_or_else(
            || locale.say("dui-nothing-yet"),
            |m| format!("{} {}", moment(locale, m.t_s), say(locale, &m.text)),
        )
    };
    locale.text(
        "dui-at-line",
        &[
            ("at", Arg::Word(moment(locale, scrub))),
            ("yours", Arg::Word(words(DebriefVm::last(&vm.yours, scrub)))),
            ("original", Arg::Word(words(DebriefVm::last(&vm.original, scrub)))),
        ],
    )
}

/// The turning points: title, body, an open question, each.
pub(super) fn turning(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    p: &Place,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    if vm.turning.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let side = p.side;
    let ground = Rect::from_min_max(side.min - vec2(16.0, 0.0), side.max + vec2(24.0, 8.0));
    ui.painter().rect_filled(ground, 0, t.ink);
    let title = locale.say("dui-turning-points");
    let y = side.top() + 14.0;
    widget::put(ui, pos2(side.left(), y), Align2::LEFT_CENTER, &title, &Ink::bold(20.0, t.text));
    let of = locale.text(
        "dui-turning-of",
        &[("n", Arg::Number(state.turning as i64 + 1)), ("of", Arg::Number(vm.turning.len() as i64))],
    );
    widget::put(ui, pos2(side.right(), y), Align2::RIGHT_CENTER, &of, &Ink::new(14.0, t.muted));
    widget::hline(ui, side.x_range(), side.top() + 32.0, t.line);
    let list = Rect::from_min_max(pos2(side.left() - 6.0, side.top() + 38.0), side.max + vec2(8.0, 0.0));
    widget::area(ui, "turning", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 10.0;
            // A low window shows one at a time; the key walks through them.
            let one = list.height() < 240.0;
            let chosen = state.turning;
            for (i, point) in vm.turning.iter().enumerate().filter(|(i, _)| !one || *i == chosen) {
                let from = ui.cursor().min + vec2(6.0, 4.0);
                let room = list.width() - 22.0;
                let x = from.x + 32.0;
                number(ui, from + vec2(9.0, 12.0), i + 1, state.turning == i, t);
                let head = format!("{}  {}", moment(locale, point.t_s), say(locale, &point.title));
                let ink = Ink::bold(16.0, t.text);
                let drawn = widget::paint_wrapped(ui, pos2(x, from.y), room - 32.0, 2, &head, &ink);
                let body = say(locale, &point.body);
                let body =
                    widget::put_wrapped(ui, pos2(x, drawn.bottom()), room - 32.0, 4, &body, &Ink::new(14.0, t.muted));
                let at = pos2(x + 12.0, body.rect.bottom() + 4.0);
                let question = say(locale, &point.question);
                let asked = widget::put_wrapped(ui, at, room - 44.0, 3, &question, &Ink::bold(14.0, t.text));
                let bar = Rect::from_min_max(pos2(x, asked.rect.top()), pos2(x + 3.0, asked.rect.bottom()));
                ui.painter().rect_filled(bar, 0, t.amber.gamma_multiply(0.8));
                let whole = Rect::from_min_max(from - vec2(4.0, 2.0), pos2(from.x + room, drawn.bottom()));
                let response = press(ui, whole, &head);
                if response.clicked() {
                    state.turning = i;
                    state.scrub_s = Some(point.t_s);
                    out.push(UiAction::ShowFact(point.fact));
                    state.shown = Some(point.fact);
                }
                ui.allocate_rect(
                    Rect::from_min_max(from, pos2(from.x + room, asked.rect.bottom())),
                    egui::Sense::hover(),
                );
            }
        });
    });
}
