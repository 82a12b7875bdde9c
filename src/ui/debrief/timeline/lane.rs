//! The lanes themselves: lines, marks, labels with leaders, side paths, ticks of exploration.

use super::super::{DebriefUiState, both_times};
use super::Place;
use crate::locale::Locale;
use crate::scenario::Precision;
use crate::ui::front::press;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::label::cluster;
use crate::view::debrief::lanes::{Label, Lanes};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::{DebriefVm, MarkShape, MarkVm};
use crate::view::words::say;
use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

pub(super) fn lane_lines(ui: &Ui, vm: &DebriefVm, p: &Place, scale: &Scale, t: &Tokens) {
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
pub(super) fn side_paths(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    layout: &Lanes,
    p: &Place,
    scale: &Scale,
    t: &Tokens,
) {
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
        ui.painter().extend(Shape::dashed_line(&path, Stroke::new(1.5, t.unknown), 5.0, 4.0));
        let words = locale.say("dui-side-path");
        let ink = Ink::new(12.0, t.muted);
        if widget::width(ui, &words, &ink) + 24.0 < x1 - x0 && !taken {
            widget::put(ui, pos2((x0 + x1) / 2.0, y - 13.0), Align2::CENTER_CENTER, &words, &ink);
        }
    }
}

pub(super) fn exploration(ui: &Ui, vm: &DebriefVm, state: &DebriefUiState, p: &Place, scale: &Scale, t: &Tokens) {
    let marks: Vec<(f32, u8, bool)> = vm
        .exploration
        .iter()
        .filter(|l| (scale.from_s()..=scale.to_s()).contains(&l.t_s) && state.shows(&l.by))
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
pub(super) fn lane(
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
        // What belongs to the original but is no step of its handling steps back.
        let color = if m.shape == MarkShape::Side { t.muted } else { color };
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
            // A row of the original opens for whoever was there.
            None => {
                if press(ui, drawn, &said).on_hover_text(hover).clicked() {
                    state.witness = Some((m.id.clone(), String::new()));
                }
            }
        }
    }
    for (i, m) in marks.iter().enumerate() {
        if m.t_s < scale.from_s() || m.t_s > scale.to_s() {
            continue;
        }
        let c = pos2(scale.x(m.t_s as f64), y);
        if !original && !state.shows(&m.by) {
            ui.painter().circle_stroke(c, 3.0, Stroke::new(1.0, color.gamma_multiply(0.5)));
            continue;
        }
        if !m.notes.is_empty() {
            note(ui, c + vec2(0.0, 15.0), t);
        }
        // Within a stretch the source does not say when.
        if let Precision::Range { from, to } = m.precision {
            let ends = [from, to].map(|t| pos2(scale.x(t.0 as f64), y));
            ui.painter().line_segment(ends, Stroke::new(11.0, color.gamma_multiply(0.35)));
        }
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
                ui.painter().circle(c, r, t.ink, Stroke::new(2.0, t.unknown));
            }
        }
        // A mark whose label found no room still says itself.
        if !labels.iter().any(|l| l.mark == i) {
            let sense = if original { Sense::click() } else { Sense::hover() };
            let rect = Rect::from_center_size(c, vec2(14.0, 14.0));
            let response = ui.interact(rect, ui.id().with(("mark", original, i)), sense);
            if response.on_hover_text(hover_words(locale, vm, m, original)).clicked() {
                state.witness = Some((m.id.clone(), String::new()));
            }
        }
    }
}

/// What the pointer is told: both times, who, the words of the log or of the row, its source, and what witnesses wrote.
pub(super) fn hover_words(locale: &Locale, vm: &DebriefVm, m: &MarkVm, original: bool) -> String {
    let mut out = format!("{}\n{}", both_times(locale, vm, m.t_s), say(locale, &m.text));
    if original && !m.source.is_empty() {
        out.push_str(&format!("\n{}", m.source));
    }
    if let Some(fact) = m.fact {
        out.push_str(&format!("\n#{fact}  {}", super::super::seat_word(locale, &m.by)));
    }
    for (by, words) in &m.notes {
        out.push_str(&format!("\n{}: {words}", super::super::seat_word(locale, by)));
    }
    out
}

/// A sheet under a mark: somebody who was there wrote beside it.
fn note(ui: &Ui, c: Pos2, t: &Tokens) {
    let sheet = Rect::from_center_size(c, vec2(11.0, 9.0));
    ui.painter().rect(sheet, 1, t.ink, Stroke::new(1.2, t.theirs), StrokeKind::Inside);
    for dy in [-1.0, 1.5] {
        ui.painter().line_segment([c + vec2(-3.0, dy), c + vec2(3.0, dy)], Stroke::new(1.0, t.theirs));
    }
}

/// Text with a halo in the ground's colour, so that lines behind it do not cut it.
pub(in crate::ui::debrief) fn halo(ui: &Ui, at: Pos2, anchor: Align2, text: &str, ink: &Ink, ground: Color32) -> Rect {
    let under = Ink { font: ink.font.clone(), color: ground };
    for d in [vec2(-2.0, 0.0), vec2(2.0, 0.0), vec2(0.0, -2.0), vec2(0.0, 2.0), vec2(-1.4, -1.4), vec2(1.4, 1.4)] {
        widget::paint(ui, at + d, anchor, text, &under);
    }
    widget::paint(ui, at, anchor, text, ink)
}

/// The disc of a turning point.
pub(in crate::ui::debrief) fn number(ui: &Ui, c: Pos2, n: usize, filled: bool, t: &Tokens) {
    if filled {
        ui.painter().circle_filled(c, 8.5, t.text);
    } else {
        ui.painter().circle(c, 7.8, t.ink, Stroke::new(1.5, t.text));
    }
    let color = if filled { t.ink } else { t.text };
    widget::paint(ui, c, Align2::CENTER_CENTER, &n.to_string(), &Ink::bold(12.0, color));
}
