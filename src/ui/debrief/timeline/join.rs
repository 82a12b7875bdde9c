//! What joins the lanes: a line per matched pair, its pill with the signed difference, and which of them the pointer is on.

use super::super::DebriefUiState;
use super::Place;
use super::lane::hover_words;
use crate::locale::Locale;
use crate::ui::front::press;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::label::Box2;
use crate::view::debrief::lanes::Lanes;
use crate::view::debrief::scale::Scale;
use crate::view::debrief::{DebriefVm, JoinVm};
use crate::view::words::author_text;
use egui::{Align2, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2};

/// Whether a join's end on your lane belongs to the seats that are shown.
pub(super) fn shows(vm: &DebriefVm, state: &DebriefUiState, j: &JoinVm) -> bool {
    state.seat.is_none() || j.yours.and_then(|i| vm.yours.get(i)).is_some_and(|m| state.shows(&m.by))
}

fn ends(vm: &DebriefVm, scale: &Scale, p: &Place, i: usize) -> Option<(Pos2, Pos2)> {
    let j = vm.joins.get(i)?;
    let shown = |s: i64| (scale.from_s()..=scale.to_s()).contains(&s);
    (shown(j.original_s) && shown(j.yours_s))
        .then(|| (pos2(scale.x(j.original_s as f64), p.g.original_y), pos2(scale.x(j.yours_s as f64), p.g.yours_y)))
}

pub(super) fn hovered_join(ui: &Ui, vm: &DebriefVm, scale: &Scale, p: &Place, layout: &Lanes) -> Option<usize> {
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

pub(super) fn joins(
    ui: &Ui,
    vm: &DebriefVm,
    state: &DebriefUiState,
    p: &Place,
    scale: &Scale,
    hovered: Option<usize>,
    t: &Tokens,
) {
    for (i, j) in vm.joins.iter().enumerate().filter(|(_, j)| shows(vm, state, j)) {
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

/// Name and signed difference of a pill.
pub(super) fn pill_words(locale: &Locale, j: &JoinVm) -> [String; 2] {
    [author_text(locale, &j.name).to_owned(), j.difference(locale)]
}

pub(super) fn pills(
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
        let Some(b) = layout.pills.get(i).copied().flatten().filter(|_| shows(vm, state, j)) else { continue };
        let rect = rect(&b);
        let fade = hovered.is_some_and(|h| h != i);
        let [name, sign] = pill_words(locale, j);
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
