//! The time band: script, world, this team and the original on one axis, with now as a white line.

use crate::locale::Locale;
use crate::stdx::time::Offset;
use crate::ui::gm::GmUiState;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink, fit, paint, put, width};
use crate::view::gm::{BandMark, GmVm};
use crate::view::words::say;
use egui::{Align2, Color32, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// How near to a bookmark a press means the bookmark, points.
const SNAP: f32 = 10.0;

/// Draws the band. A press in the past chooses the moment that a rewind goes to.
pub fn band_ui(ui: &mut Ui, vm: &GmVm, state: &mut GmUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let axis = Rect::from_min_max(full.min + vec2(96.0, 40.0), full.max - vec2(24.0, 12.0));
    let (from, to) = vm.span;
    let x_of = |s: i64| axis.left() + (s - from) as f32 / (to - from).max(1) as f32 * axis.width();
    let step = if to - from > 5400 {
        600
    } else if to - from > 2400 {
        300
    } else {
        120
    };
    let mut s = from.div_euclid(step) * step;
    while s <= to {
        if s >= from {
            let minutes = s / 60;
            let label = if s < 0 { format!("T−{}", -minutes) } else { format!("T+{minutes}") };
            put(ui, pos2(x_of(s), axis.top() + 2.0), Align2::CENTER_CENTER, &label, &Ink::label(t.muted));
            widget::vline(ui, x_of(s), (axis.top() + 14.0)..=axis.bottom(), t.line.gamma_multiply(0.6));
        }
        s += step;
    }
    let lane_h = (axis.height() - 20.0) / 4.0;
    let names = ["gm-lane-script", "gm-lane-world", "gm-lane-team", "gm-lane-original"];
    let colors = [t.gm_text, t.critical, t.yours, t.theirs];
    for (k, ((name, color), marks)) in names.into_iter().zip(colors).zip(&vm.lanes).enumerate() {
        let y = axis.top() + 20.0 + lane_h * (k as f32 + 0.5);
        put(ui, pos2(full.left() + 12.0, y), Align2::LEFT_CENTER, &locale.say(name), &Ink::label(t.muted));
        widget::hline(ui, axis.x_range(), y, t.line);
        lane(ui, k, y, marks, (&x_of, axis.right()), color, locale, t);
    }
    choose_moment(ui, vm, state, axis, &x_of, locale);
    let x = x_of(vm.t_s);
    ui.painter().rect_filled(
        Rect::from_min_max(pos2(x - 1.0, axis.top() - 8.0), pos2(x + 1.0, axis.bottom())),
        0,
        t.strong,
    );
    let clock = Offset(vm.t_s).clock();
    let ink = Ink::bold(theme::BODY, t.ink);
    let flag = Rect::from_center_size(pos2(x, axis.top() - 20.0), vec2(width(ui, &clock, &ink) + 16.0, 24.0));
    ui.painter().rect_filled(flag, theme::CONTROL_RADIUS, t.strong);
    paint(ui, flag.center(), Align2::CENTER_CENTER, &clock, &ink);
    let y = axis.top() + 20.0 + lane_h * 3.5;
    ui.painter().circle_stroke(pos2(x, y), 8.0, Stroke::new(1.5, t.theirs));
    let words = locale.say("gm-they-were-here");
    put(ui, pos2(x + 12.0, y + 12.0), Align2::LEFT_CENTER, &words, &Ink::label(t.theirs));
}

/// The moment that a rewind would go to: a press on the band chooses it, near a bookmark that bookmark.
fn choose_moment(
    ui: &mut Ui,
    vm: &GmVm,
    state: &mut GmUiState,
    axis: Rect,
    x_of: &dyn Fn(i64) -> f32,
    locale: &Locale,
) {
    let t = theme::tokens(ui);
    for s in &vm.bookmarks {
        let (x, y) = (x_of(*s), axis.top() + 14.0);
        let flag = vec![pos2(x, y), pos2(x + 9.0, y + 3.0), pos2(x, y + 6.0)];
        ui.painter().add(egui::Shape::convex_polygon(flag, t.gm_text, Stroke::NONE));
        widget::vline(ui, x, y..=y + 12.0, t.gm_text);
    }
    let ruler = Rect::from_min_max(axis.min - vec2(0.0, 12.0), pos2(x_of(vm.t_s), axis.top() + 20.0));
    if ruler.is_positive() {
        let response = ui.interact(ruler, ui.id().with("rewind-ruler"), Sense::click());
        let aria = locale.say("gm-rewind-choose");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &aria));
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
            let near = vm.bookmarks.iter().copied().find(|s| (x_of(*s) - at.x).abs() <= SNAP);
            let share = f64::from((at.x - axis.left()) / axis.width());
            let moment = vm.span.0 + (share * (vm.span.1 - vm.span.0) as f64) as i64;
            state.rewind = Some(near.unwrap_or(moment).clamp(vm.opens_t_s, vm.t_s));
        }
        response.on_hover_text(aria);
    }
    if let Some(s) = state.rewind {
        let line = [pos2(x_of(s), axis.top() + 8.0), pos2(x_of(s), axis.bottom())];
        ui.painter().extend(egui::Shape::dashed_line(&line, Stroke::new(2.0, t.gm_text), 4.0, 4.0));
    }
}

#[allow(clippy::too_many_arguments)] // A lane needs its place and scale besides its marks.
fn lane(
    ui: &mut Ui,
    k: usize,
    y: f32,
    marks: &[BandMark],
    (x_of, right): (&dyn Fn(i64) -> f32, f32),
    color: Color32,
    locale: &Locale,
    t: &Tokens,
) {
    let mut order: Vec<&BandMark> = marks.iter().collect();
    order.sort_by_key(|m| m.t_s);
    let mut free = f32::NEG_INFINITY;
    for (i, m) in order.iter().enumerate() {
        let x = x_of(m.t_s);
        if x > right + 1.0 {
            continue;
        }
        let c = pos2(x, y);
        let square = Rect::from_center_size(c, vec2(9.0, 9.0));
        match k {
            0 => {
                ui.painter().rect_filled(Rect::from_center_size(c, vec2(9.0, 3.0)), 0, t.panel);
                widget::diamond(ui, c, 11.0, color, m.past);
            }
            1 => {
                ui.painter().rect_filled(square, 0, color);
            }
            2 => {
                ui.painter().circle_filled(c, 5.0, color);
            }
            _ if m.past => {
                ui.painter().rect_filled(square, 0, color);
            }
            _ => {
                ui.painter().rect(square, 0, t.panel, Stroke::new(1.5, color), StrokeKind::Inside);
            }
        }
        let text = say(locale, &m.text);
        let hover = ui.interact(square.expand(3.0), ui.id().with(("band", k, i)), Sense::hover());
        hover.on_hover_text(format!("{} · {text}", Offset(m.t_s).clock()));
        let next = order.get(i + 1).map_or(right, |o| x_of(o.t_s).min(right));
        let ink = Ink::label(if k >= 2 { color } else { t.muted });
        let room = (next - x - 4.0).min(150.0);
        if x >= free && room > 32.0 {
            let shown = fit(ui, &text, &ink, room);
            let drawn = paint(ui, pos2(x + 8.0, y - 10.0), Align2::LEFT_CENTER, &shown, &ink);
            free = drawn.right();
        }
    }
}
