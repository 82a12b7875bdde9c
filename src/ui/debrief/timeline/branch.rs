//! Other branches of the session: each leaves your lane where the logs part and runs on the same scale, outside the score.

use super::super::{labelled, seat_word};
use super::{BRANCH, MOST_BRANCHES, Place};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::words::branch_difference;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::say;
use egui::{Align2, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

/// Draws the lanes of branches between your labels and the axis.
pub(super) fn branches(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, p: &Place, scale: &Scale) {
    let t = theme::tokens(ui);
    for (i, b) in vm.branches.iter().take(MOST_BRANCHES).enumerate() {
        let y = p.branch_y + BRANCH * i as f32;
        let name = locale.text("dui-branch", &[("n", Arg::Number(b.number.into()))]);
        let at = pos2(p.gutter, y - 7.0);
        widget::put(ui, at, Align2::LEFT_CENTER, &name, &Ink::bold(14.0, t.yours));
        let left = locale.text("dui-branch-from", &[("at", Arg::Word(moment(locale, b.from_s)))]);
        let ink = Ink::new(12.0, t.muted);
        let left = widget::fit(ui, &left, &ink, p.x.min - p.gutter - 6.0);
        widget::put(ui, pos2(p.gutter, y + 9.0), Align2::LEFT_CENTER, &left, &ink);
        let (x0, x1) = (scale.x(b.from_s as f64), scale.x(b.to_s as f64));
        if b.to_s < scale.from_s() || b.from_s > scale.to_s() {
            continue;
        }
        let stroke = Stroke::new(2.0, t.yours.gamma_multiply(0.8));
        // It leaves your lane at the parting and bends down to its own.
        let down: Vec<Pos2> = (0..=12_u8)
            .map(|k| {
                let s = f32::from(k) / 12.0;
                let ease = s * s * (3.0 - 2.0 * s);
                pos2(x0 + 18.0 * ease, p.g.yours_y + (y - p.g.yours_y) * s)
            })
            .collect();
        ui.painter().extend(Shape::dashed_line(&down, stroke, 5.0, 4.0));
        let from = (x0 + 18.0).min(x1);
        ui.painter().extend(Shape::dashed_line(&[pos2(from, y), pos2(x1, y)], stroke, 7.0, 4.0));
        let mut free = from;
        for m in &b.marks {
            if !(scale.from_s()..=scale.to_s()).contains(&m.t_s) {
                continue;
            }
            let c = pos2(scale.x(m.t_s as f64).max(from), y);
            if m.action {
                let square = Rect::from_center_size(c, vec2(9.0, 9.0));
                ui.painter().rect(square, 0, t.ink, Stroke::new(2.0, t.yours), egui::StrokeKind::Inside);
            } else {
                ui.painter().circle(c, 4.5, t.ink, Stroke::new(2.0, t.yours));
            }
            let text = say(locale, &m.text);
            let said = format!("{} {text} #{} {}", moment(locale, m.t_s), m.fact, seat_word(locale, &m.by));
            labelled(ui, Rect::from_center_size(c, vec2(14.0, 14.0)), &said);
            // Words stand over the lane while they have room; the mark stays.
            let ink = Ink::new(12.0, t.muted);
            let words = widget::fit(ui, &text, &ink, 170.0);
            let wide = widget::width(ui, &words, &ink);
            if c.x >= free && c.x + wide < p.x.max {
                super::lane::halo(ui, pos2(c.x, y - 13.0), Align2::LEFT_CENTER, &words, &ink, t.ink);
                free = c.x + wide + 12.0;
            }
        }
        widget::diamond(ui, pos2(x1, y), 12.0, t.yours, false);
        let words = branch_difference(locale, b.area);
        let ink = Ink::bold(12.0, t.text);
        let wide = widget::width(ui, &words, &ink);
        let x = if x1 + 16.0 + wide < p.x.max { x1 + 14.0 } else { (x1 - wide - 14.0).max(from) };
        let place = pos2(x, y + if x < x1 { 13.0 } else { 0.0 });
        let drawn = super::lane::halo(ui, place, Align2::LEFT_CENTER, &words, &ink, t.ink);
        labelled(ui, drawn, &words);
    }
}
