//! The two lanes on one scale: world strip, marks, joins with signed pills, held bands, branches, axis and scrubber.

mod back;
mod branch;
mod join;
pub(super) mod lane;

use super::{DebriefUiState, impact};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::lanes::{Geometry, lanes};
use crate::view::debrief::scale::{Detail, Scale};
use crate::view::debrief::{DebriefVm, MarkVm, moment, precise};
use crate::view::words::say;
use egui::{Color32, Rangef, Rect, Sense, Stroke, Ui, pos2};

/// Where the parts of the page are.
pub(super) struct Place {
    pub(super) g: Geometry,
    row: f32,
    /// Top of the map from true to drawn time, if there is one.
    map_y: Option<f32>,
    world_y: f32,
    /// Height of the first branch's lane.
    branch_y: f32,
    pub(super) axis_y: f32,
    pub(super) impact: Rect,
    pub(super) side: Rect,
    pub(super) x: Rangef,
    gutter: f32,
}

/// Branches that have a lane of their own; further ones are in the exports.
const MOST_BRANCHES: usize = 3;
/// Height of a branch's lane.
const BRANCH: f32 = 44.0;
/// Height of the map from true to drawn time.
const MAP: f32 = 84.0;
/// Incidents shorter than this need no map, seconds.
const MAP_LEAST_S: i64 = 3 * 3600;

fn place(ui: &Ui, vm: &DebriefVm, state: &DebriefUiState) -> (Place, Scale) {
    let full = ui.max_rect();
    let tall = full.height() > 760.0;
    let (row, up, down) = match (tall, vm.branches.is_empty()) {
        (true, _) => (42.0, 3, 4),
        (false, true) => (36.0, 2, 3),
        // A low window with branches keeps room for the impact.
        (false, false) => (36.0, 2, 2),
    };
    let gutter = full.left() + 32.0;
    let left = full.left() + if full.width() > 1500.0 { 156.0 } else { 132.0 };
    let right = full.right() - 32.0;
    let compressed = !state.linear && state.zoom.is_none() && vm.to_s - vm.from_s >= MAP_LEAST_S;
    let map_y = (tall && compressed).then_some(full.top());
    let world_y = full.top() + 22.0 + map_y.map_or(0.0, |_| MAP);
    let original_y = world_y + 20.0 + row * up as f32 + 8.0;
    let yours_y = original_y + if tall { 126.0 } else { 96.0 };
    let branches = vm.branches.len().min(MOST_BRANCHES) as f32;
    let branch_y = yours_y + 22.0 + row * down as f32 + 22.0;
    let axis_y = yours_y + 22.0 + row * down as f32 + 12.0 + BRANCH * branches;
    let side_px = if full.width() > 1500.0 { 446.0 } else { 330.0 };
    let side_x = full.right() - side_px;
    let events: Vec<i64> = vm.landmarks();
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
        map_y,
        world_y,
        branch_y,
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
        Some(_) => moment(locale, m.t_s),
        None => precise(m.precision, m.t_s, |t| moment(locale, t)),
    };
    let pill = |i: usize| vm.joins.get(i).map_or_else(String::new, |j| join::pill_words(locale, j).join(" "));
    let layout = {
        let ui: &Ui = ui;
        let measure = move |s: &str, strong: bool| {
            widget::width(ui, s, &if strong { Ink::bold(14.0, Color32::WHITE) } else { Ink::new(14.0, Color32::WHITE) })
        };
        lanes(vm, state.seat.as_deref(), &scale, &p.g, &measure, &head, &|m| say(locale, &m.text), &pill)
    };
    back::grid(ui, &p, &scale, t);
    back::quiet(ui, locale, &p, &scale, t);
    back::held(ui, locale, vm, &p, &scale, t);
    back::shadow(ui, vm, &p, &scale, t);
    back::map(ui, locale, vm, &p, &scale, t);
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
    back::alerts(ui, locale, vm, &p, &scale, t);
    back::world(ui, locale, vm, &p, &scale, t);
    back::names(ui, locale, vm, state, &p, t);
    let hovered = join::hovered_join(ui, vm, &scale, &p, &layout);
    join::joins(ui, vm, state, &p, &scale, hovered, t);
    lane::lane_lines(ui, vm, &p, &scale, t);
    lane::side_paths(ui, locale, vm, &layout, &p, &scale, t);
    if detail.fine {
        lane::exploration(ui, vm, state, &p, &scale, t);
    }
    lane::lane(ui, locale, vm, &vm.original, &layout.original, &p, &scale, true, hovered.is_some(), state, out);
    lane::lane(ui, locale, vm, &vm.yours, &layout.yours, &p, &scale, false, hovered.is_some(), state, out);
    join::pills(ui, locale, vm, &layout, hovered, state, out);
    branch::branches(ui, locale, vm, &p, &scale);
    back::axis(ui, locale, &p, &scale, scrub, t);
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
