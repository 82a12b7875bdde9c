//! The two lanes on one scale: world strip, marks, joins with signed pills, held bands, axis and scrubber.

use super::{DebriefUiState, both_times, impact, labelled};
use crate::debrief::model::WorldMarkKind;
use crate::locale::{Arg, Locale};
use crate::ui::front::press;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::label::{Box2, cluster};
use crate::view::debrief::lanes::{Geometry, Label, Lanes, lanes};
use crate::view::debrief::scale::{Detail, Scale};
use crate::view::debrief::{DebriefVm, MarkShape, MarkVm, moment};
use crate::view::words::{author_text, say};
use egui::{Align2, Color32, Pos2, Rangef, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// Where the parts of the page are.
pub(super) struct Place {
    pub(super) g: Geometry,
    row: f32,
    world_y: f32,
    pub(super) axis_y: f32,
    pub(super) impact: Rect,
    pub(super) side: Rect,
    pub(super) x: Rangef,
    gutter: f32,
}

/// Colour of what belongs to the original but is no step of its handling.
const SIDE_PATH: Color32 = Color32::from_rgb(0x7A, 0x86, 0x96);

fn place(ui: &Ui, vm: &DebriefVm, state: &DebriefUiState) -> (Place, Scale) {
    let full = ui.max_rect();
    let tall = full.height() > 760.0;
    let (row, up, down) = if tall { (42.0, 3, 4) } else { (36.0, 2, 3) };
    let gutter = full.left() + 32.0;
    let left = full.left() + if full.width() > 1500.0 { 156.0 } else { 132.0 };
    let right = full.right() - 32.0;
    let world_y = full.top() + 22.0;
    let original_y = world_y + 20.0 + row * up as f32 + 8.0;
    let yours_y = original_y + if tall { 126.0 } else { 96.0 };
    let axis_y = yours_y + 22.0 + row * down as f32 + 12.0;
    let side_px = if full.width() > 1500.0 { 446.0 } else { 330.0 };
    let side_x = full.right() - side_px;
    let events: Vec<i64> = vm.events();
    let scale_to = |right: f32| {
        let (from, to) = state.zoom.unwrap_or((vm.from_s, vm.to_s));
        Scale::new(from, to, &events, left, right, !state.linear)
    };
    // The turning points stand under the tail of the scale if nobody is affected there; otherwise the scale makes room.
    let mut scale = scale_to(right);
    let affected = [&vm.impact.yours, &vm.impact.original]
        .into_iter()
        .filter_map(|c| c.iter().rev().find(|(_, v)| *v > 0).map(|(t, _)| *t))
        .max();
    let beneath = affected.is_none_or(|t| scale.x(t as f64) + 60.0 < side_x - 24.0);
    let end = if beneath { right } else { side_x - 24.0 };
    if !beneath {
        scale = scale_to(end);
    }
    let impact_end = side_x - 24.0;
    let side_top = if beneath { axis_y + 44.0 } else { full.top() + 8.0 };
    let place = Place {
        g: Geometry {
            from: left - 20.0,
            to: end.min(full.right() - 12.0) + 4.0,
            original_y,
            yours_y,
            rows_up: up,
            rows_down: down,
        },
        row,
        world_y,
        axis_y,
        impact: Rect::from_min_max(pos2(left, axis_y + 40.0), pos2(impact_end, full.bottom() - 20.0)),
        side: Rect::from_min_max(pos2(side_x, side_top), pos2(full.right() - 24.0, full.bottom() - 8.0)),
        x: Rangef::new(left, end),
        gutter,
    };
    (place, scale)
}

/// Draws the stage.
pub(super) fn timeline(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let (p, scale) = place(ui, vm, state);
    let detail = Detail::at(scale.px_per_min());
    let scrub =
        state.scrub_s.unwrap_or_else(|| vm.turning.first().map_or(0, |x| x.t_s)).clamp(scale.from_s(), scale.to_s());
    zoom_with_wheel(ui, vm, state, &scale, &p);
    let head = |m: &MarkVm| match m.fact {
        Some(f) if detail.fine => format!("{}  #{f}", moment(locale, m.t_s)),
        _ => moment(locale, m.t_s),
    };
    let pill = |i: usize| {
        vm.joins.get(i).map_or_else(String::new, |j| pill_words(locale, &j.name, j.yours_s - j.original_s).join(" "))
    };
    let layout = {
        let ui: &Ui = ui;
        let measure = move |s: &str, strong: bool| {
            widget::width(ui, s, &if strong { Ink::bold(14.0, Color32::WHITE) } else { Ink::new(14.0, Color32::WHITE) })
        };
        lanes(vm, &scale, &p.g, &measure, &head, &|m| say(locale, &m.text), &pill)
    };
    grid(ui, &p, &scale, t);
    quiet(ui, locale, &p, &scale, t);
    held(ui, locale, vm, &p, &scale, t);
    shadow(ui, vm, &p, &scale, t);
    let drag = Rect::from_min_max(pos2(p.x.min, p.axis_y - 16.0), pos2(p.x.max, p.axis_y + 30.0));
    let mut touch = |ui: &mut Ui, rect: Rect, id: &str| {
        let response = ui.interact(rect, ui.id().with(id), Sense::drag());
        if let Some(at) = response.interact_pointer_pos() {
            state.scrub_s = Some(scale.t(at.x));
        }
        response
    };
    touch(ui, p.impact, "scrub-impact");
    let handle = touch(ui, drag, "scrub-axis");
    let words = locale.text("dui-scrubber", &[("at", Arg::Word(moment(locale, scrub)))]);
    handle.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Slider, true, &words));
    let scrub_x = scale.x(scrub as f64);
    ui.painter()
        .line_segment([pos2(scrub_x, p.world_y + 14.0), pos2(scrub_x, p.impact.bottom())], Stroke::new(2.0, t.text));
    world(ui, locale, vm, &p, &scale, t);
    names(ui, locale, vm, &p, t);
    let hovered = hovered_join(ui, vm, &scale, &p, &layout);
    joins(ui, vm, &p, &scale, hovered, t);
    lane_lines(ui, vm, &p, &scale, t);
    side_paths(ui, locale, vm, &layout, &p, &scale, t);
    if detail.fine {
        exploration(ui, vm, &p, &scale, t);
    }
    lane(ui, locale, vm, &vm.original, &layout.original, &p, &scale, true, hovered.is_some(), state, out);
    lane(ui, locale, vm, &vm.yours, &layout.yours, &p, &scale, false, hovered.is_some(), state, out);
    pills(ui, locale, vm, &layout, hovered, state, out);
    axis(ui, locale, &p, &scale, scrub, t);
    impact::impact(ui, locale, vm, &p, &scale, scrub);
    impact::turning(ui, locale, vm, &p, state, out);
}

fn zoom_with_wheel(ui: &Ui, vm: &DebriefVm, state: &mut DebriefUiState, scale: &Scale, p: &Place) {
    let area = Rect::from_min_max(pos2(p.x.min, p.world_y), pos2(p.x.max, p.axis_y + 30.0));
    let Some(at) = ui.input(|i| i.pointer.hover_pos()).filter(|at| area.contains(*at)) else { return };
    let turn = ui.input(|i| i.smooth_scroll_delta().y);
    if turn.abs() < 1.0 {
        return;
    }
    let centre = scale.t(at.x);
    let (from, to) = state.zoom.unwrap_or((vm.from_s, vm.to_s));
    let factor = (1.0 - f64::from(turn) * 0.004).clamp(0.5, 2.0);
    let span = (((to - from) as f64 * factor) as i64).clamp(120, vm.to_s - vm.from_s);
    let share = (centre - from) as f64 / (to - from).max(1) as f64;
    let begin = (centre - (span as f64 * share) as i64).clamp(vm.from_s, vm.to_s - span);
    state.zoom = (span < vm.to_s - vm.from_s).then_some((begin, begin + span));
}

fn grid(ui: &Ui, p: &Place, scale: &Scale, t: &Tokens) {
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
fn quiet(ui: &mut Ui, locale: &Locale, p: &Place, scale: &Scale, t: &Tokens) {
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

fn held(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
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
fn shadow(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
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

fn world(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
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
            WorldMarkKind::Absence => widget::dashed_circle(ui, c, 5.5, t.muted),
        }
        widget::paint(ui, pos2(x + 12.0, y), Align2::LEFT_CENTER, &words, &ink);
        labelled(ui, ground, &said);
    }
}

fn names(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, t: &Tokens) {
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
    let n = locale.text("dui-yours-note", &[("n", Arg::Number(vm.log.len() as i64))]);
    widget::put(ui, at(p.g.yours_y + 14.0), Align2::LEFT_CENTER, &n, &small);
    let room = p.x.min - x - 8.0;
    widget::put_wrapped(ui, at(p.g.yours_y + 26.0), room, 2, &locale.say("dui-ticks-note"), &small);
    widget::put(ui, at(p.axis_y), Align2::LEFT_CENTER, &locale.say("dui-minutes"), &Ink::new(14.0, t.muted));
}

fn ends(vm: &DebriefVm, scale: &Scale, p: &Place, i: usize) -> Option<(Pos2, Pos2)> {
    let j = vm.joins.get(i)?;
    let shown = |s: i64| (scale.from_s()..=scale.to_s()).contains(&s);
    (shown(j.original_s) && shown(j.yours_s))
        .then(|| (pos2(scale.x(j.original_s as f64), p.g.original_y), pos2(scale.x(j.yours_s as f64), p.g.yours_y)))
}

fn hovered_join(ui: &Ui, vm: &DebriefVm, scale: &Scale, p: &Place, layout: &Lanes) -> Option<usize> {
    let at = ui.input(|i| i.pointer.hover_pos())?;
    let on_pill = |i: &usize| layout.pills.get(*i).copied().flatten().is_some_and(|b| rect(&b).contains(at));
    let near = |i: &usize| {
        ends(vm, scale, p, *i).is_some_and(|(a, b)| {
            let along = b - a;
            let share = ((at - a).dot(along) / along.length_sq().max(1.0)).clamp(0.05, 0.95);
            (a + along * share).distance(at) < 7.0
        })
    };
    (0..vm.joins.len()).find(on_pill).or_else(|| (0..vm.joins.len()).find(near))
}

fn rect(b: &Box2) -> Rect {
    Rect::from_min_max(pos2(b.x0, b.y0), pos2(b.x1, b.y1))
}

fn joins(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, hovered: Option<usize>, t: &Tokens) {
    for (i, j) in vm.joins.iter().enumerate() {
        let Some((a, b)) = ends(vm, scale, p, i) else { continue };
        let fade = if hovered.is_some_and(|h| h != i) { 0.25 } else { 1.0 };
        let width = if j.large || hovered == Some(i) { 2.4 } else { 1.4 };
        let middle = a + (b - a) * 0.5;
        for (from, to, color) in [(a, middle, t.theirs), (middle, b, t.yours)] {
            let stroke = Stroke::new(width, color.gamma_multiply(fade * 0.85));
            if j.assumed {
                ui.painter().extend(Shape::dashed_line(&[from, to], stroke, 4.0, 4.0));
            } else {
                ui.painter().line_segment([from, to], stroke);
            }
        }
    }
}

fn lane_lines(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    for (y, color) in [(p.g.original_y, t.theirs), (p.g.yours_y, t.yours)] {
        let mut x = p.x.min;
        let mut bands: Vec<(f32, f32)> =
            vm.held.iter().map(|(a, b, _)| (scale.x(*a as f64), scale.x(*b as f64))).collect();
        bands.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (a, b) in bands {
            ui.painter().line_segment([pos2(x, y), pos2(a.max(x), y)], Stroke::new(3.0, color));
            ui.painter().extend(Shape::dotted_line(&[pos2(a, y), pos2(b, y)], color, 8.0, 1.4));
            x = b.max(x);
        }
        ui.painter().line_segment([pos2(x, y), pos2(p.x.max, y)], Stroke::new(3.0, color));
    }
}

/// Side paths of the original: from what was tried to the next row, as a dashed arc over the lane. Its words stand under it
/// where no label does.
fn side_paths(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, layout: &Lanes, p: &Place, scale: &Scale, t: &Tokens) {
    const RISE: f32 = 26.0;
    const LOW: f32 = 10.0;
    const CORNER: f32 = 18.0;
    let shown = |s: i64| (scale.from_s()..=scale.to_s()).contains(&s);
    for (i, side) in vm.original.iter().enumerate().filter(|(_, m)| m.shape == MarkShape::Side) {
        let next = vm.original.iter().skip(i + 1).find(|m| m.t_s > side.t_s);
        let Some(next) = next.filter(|n| shown(side.t_s) && shown(n.t_s)) else { continue };
        let (x0, x1, y) = (scale.x(side.t_s as f64), scale.x(next.t_s as f64), p.g.original_y);
        let taken = layout.original.iter().any(|l| l.place.row == 0 && l.place.x0 < x1 && l.place.x1 > x0);
        // Under the words of a label the bow is low.
        let rise = if taken { LOW } else { RISE };
        let round = CORNER.min((x1 - x0) / 2.0);
        if round < 5.0 {
            continue;
        }
        let corner = |centre: f32, from: f32| {
            (0..=6_u8).map(move |k| {
                let angle = (from + 90.0 * f32::from(k) / 6.0).to_radians();
                pos2(centre + round * angle.cos(), y + rise * angle.sin())
            })
        };
        let path: Vec<Pos2> = corner(x0 + round, 180.0).chain(corner(x1 - round, 270.0)).collect();
        ui.painter().extend(Shape::dashed_line(&path, Stroke::new(1.5, SIDE_PATH), 5.0, 4.0));
        let words = locale.say("dui-side-path");
        let ink = Ink::new(12.0, t.muted);
        if widget::width(ui, &words, &ink) + 24.0 < x1 - x0 && !taken {
            widget::put(ui, pos2((x0 + x1) / 2.0, y - 13.0), Align2::CENTER_CENTER, &words, &ink);
        }
    }
}

fn exploration(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
    let marks: Vec<(f32, u8, bool)> = vm
        .exploration
        .iter()
        .filter(|l| (scale.from_s()..=scale.to_s()).contains(&l.t_s))
        .map(|l| (scale.x(l.t_s as f64), 0, false))
        .collect();
    // Ticks need no words, so a cluster here only thins them: never more than one every three pixels.
    let mut last = f32::MIN;
    for c in cluster(&marks) {
        for (x, _, _) in marks.get(c.first..=c.last).unwrap_or_default() {
            if x - last >= 3.0 {
                let stroke = Stroke::new(1.3, t.yours.gamma_multiply(0.75));
                ui.painter().line_segment([pos2(*x, p.g.yours_y + 9.0), pos2(*x, p.g.yours_y + 18.0)], stroke);
                last = *x;
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one lane is drawn from everything that the stage knows")]
fn lane(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    marks: &[MarkVm],
    labels: &[Label],
    p: &Place,
    scale: &Scale,
    original: bool,
    dim: bool,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let (y, color) = if original { (p.g.original_y, t.theirs) } else { (p.g.yours_y, t.yours) };
    let color = if dim { color.gamma_multiply(0.45) } else { color };
    for label in labels {
        let Some(m) = marks.get(label.mark) else { continue };
        let line = p.row * label.place.row as f32;
        // The first line of the words: rows grow away from the lane.
        let first = if original { y - 14.0 - line - 34.0 + 9.0 } else { y + 22.0 + line + 9.0 };
        let far = if original { first - 9.0 } else { first + 27.0 };
        let leader = Stroke::new(1.0, color.gamma_multiply(0.75));
        ui.painter().line_segment([pos2(label.x, y), pos2(label.x, far)], leader);
        let head = Ink::new(14.0, color);
        let ink =
            if m.milestone { Ink::bold(14.0, if dim { t.muted } else { t.text }) } else { Ink::new(14.0, t.muted) };
        let anchor = if label.place.left { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let x = if label.place.left { label.place.x1 } else { label.place.x0 };
        let mut head_x = x;
        if let Some(n) = m.turning.filter(|_| label.place.left) {
            number(ui, pos2(x - 9.0, first), n, state.turning + 1 == n, t);
            head_x -= 22.0;
        }
        let drawn = halo(ui, pos2(head_x, first), anchor, &label.head, &head, t.ink);
        if let Some(n) = m.turning.filter(|_| !label.place.left) {
            number(ui, pos2(drawn.right() + 13.0, first), n, state.turning + 1 == n, t);
        }
        let drawn = halo(ui, pos2(x, first + 18.0), anchor, &label.words, &ink, t.ink).union(drawn);
        let said = format!("{} {}", label.head, say(locale, &m.text));
        let hover = hover_words(locale, vm, m, original);
        match m.fact {
            Some(fact) => {
                if press(ui, drawn, &said).on_hover_text(hover).clicked() {
                    state.show(fact, out);
                }
            }
            None => {
                let response = ui.interact(drawn, ui.id().with(("row", &m.id)), Sense::hover());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &said));
                response.on_hover_text(hover);
            }
        }
    }
    for (i, m) in marks.iter().enumerate() {
        if m.t_s < scale.from_s() || m.t_s > scale.to_s() {
            continue;
        }
        let c = pos2(scale.x(m.t_s as f64), y);
        let r = if m.milestone { 7.0 } else { 4.5 };
        match m.shape {
            MarkShape::Full => {
                ui.painter().circle(c, r, color, Stroke::new(1.5, t.ink));
            }
            MarkShape::Hollow => {
                ui.painter().circle(c, r - 1.0, t.ink, Stroke::new(2.0, color));
            }
            MarkShape::Action => {
                let size = if m.milestone { 14.0 } else { 9.0 };
                let square = Rect::from_center_size(c, vec2(size, size));
                ui.painter().rect(square, 0, color, Stroke::new(1.0, t.ink), StrokeKind::Outside);
            }
            MarkShape::Side => {
                ui.painter().circle(c, r, t.ink, Stroke::new(2.0, SIDE_PATH));
            }
        }
        // A mark whose label found no room still says itself.
        if !labels.iter().any(|l| l.mark == i) {
            let response = ui.interact(
                Rect::from_center_size(c, vec2(14.0, 14.0)),
                ui.id().with(("mark", original, i)),
                Sense::hover(),
            );
            response.on_hover_text(hover_words(locale, vm, m, original));
        }
    }
}

fn hover_words(locale: &Locale, vm: &DebriefVm, m: &MarkVm, original: bool) -> String {
    let source = if original && !m.source.is_empty() { format!("\n{}", m.source) } else { String::new() };
    format!("{}\n{}{source}", both_times(locale, vm, m.t_s), say(locale, &m.text))
}

/// Text with a halo in the ground's colour, so that lines behind it do not cut it.
pub(super) fn halo(ui: &Ui, at: Pos2, anchor: Align2, text: &str, ink: &Ink, ground: Color32) -> Rect {
    let under = Ink { font: ink.font.clone(), color: ground };
    for d in [vec2(-2.0, 0.0), vec2(2.0, 0.0), vec2(0.0, -2.0), vec2(0.0, 2.0), vec2(-1.4, -1.4), vec2(1.4, 1.4)] {
        widget::paint(ui, at + d, anchor, text, &under);
    }
    widget::paint(ui, at, anchor, text, ink)
}

/// The disc of a turning point.
pub(super) fn number(ui: &Ui, c: Pos2, n: usize, filled: bool, t: &Tokens) {
    if filled {
        ui.painter().circle_filled(c, 8.5, t.text);
    } else {
        ui.painter().circle(c, 7.8, t.ink, Stroke::new(1.5, t.text));
    }
    let color = if filled { t.ink } else { t.text };
    widget::paint(ui, c, Align2::CENTER_CENTER, &n.to_string(), &Ink::bold(12.0, color));
}

/// Name and signed difference of a pill. Under three seconds of difference it is the same moment.
fn pill_words(locale: &Locale, name: &crate::scenario::LangText, difference: i64) -> [String; 2] {
    let sign = if difference == 0 { "±0:00".to_owned() } else { moment(locale, difference) };
    [author_text(locale, name).to_owned(), sign]
}

fn pills(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    layout: &Lanes,
    hovered: Option<usize>,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    for (i, j) in vm.joins.iter().enumerate() {
        let Some(b) = layout.pills.get(i).copied().flatten() else { continue };
        let rect = rect(&b);
        let fade = hovered.is_some_and(|h| h != i);
        let [name, sign] = pill_words(locale, &j.name, j.yours_s - j.original_s);
        let aria = format!("{name} {sign}");
        let response = press(ui, rect, &aria);
        let edge = if fade { t.line } else { t.muted };
        ui.painter().rect_filled(rect, 13, t.ink);
        let edge = if j.assumed { t.edge } else { edge };
        ui.painter().rect_stroke(rect, 13, Stroke::new(1.0, edge), StrokeKind::Inside);
        let size = if j.large { 16.0 } else { 14.0 };
        let (quiet, strong) = if fade { (t.unknown, t.muted) } else { (t.muted, t.text) };
        let mut x = rect.left() + 9.0;
        if j.assumed {
            ui.painter().circle_stroke(pos2(x + 4.0, rect.center().y), 4.0, Stroke::new(1.5, t.theirs));
            x += 13.0;
        }
        let drawn = widget::paint(ui, pos2(x, rect.center().y), Align2::LEFT_CENTER, &name, &Ink::new(size, quiet));
        widget::paint(
            ui,
            pos2(drawn.right() + 4.0, rect.center().y),
            Align2::LEFT_CENTER,
            &sign,
            &Ink::bold(size, strong),
        );
        let row = j.original.and_then(|i| vm.original.get(i)).map(|m| hover_words(locale, vm, m, true));
        let mine = j.yours.and_then(|i| vm.yours.get(i)).map(|m| hover_words(locale, vm, m, false));
        let both: Vec<String> = row.into_iter().chain(mine).collect();
        if response.on_hover_text(both.join("\n\n")).clicked() {
            state.show(j.fact, out);
        }
    }
}

fn axis(ui: &mut Ui, locale: &Locale, p: &Place, scale: &Scale, scrub: i64, t: &Tokens) {
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
