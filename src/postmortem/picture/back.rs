//! What stands behind and below the two lanes: alerts, affected users, other branches of the session.

use super::{BELOW_Y, LEFT, ORIGINAL_Y, RIGHT, ROW_DOWN, Svg, WORLD_Y, YOURS_Y, width};
use crate::locale::{Arg, Locale};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::words::branch_difference;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::say;
use std::fmt::Write as _;

/// Branches that have a lane of their own; further ones are in the list below.
const MOST_BRANCHES: usize = 6;
/// Height of a branch's lane.
const BRANCH: f32 = 46.0;

/// Height that the lanes of branches take.
pub(super) fn height(vm: &DebriefVm) -> f32 {
    BRANCH * vm.branches.len().min(MOST_BRANCHES) as f32
}

/// Alerts under the world strip, from firing to back to normal.
pub(super) fn alerts(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, scale: &Scale) {
    for (i, a) in vm.alerts.iter().enumerate().filter(|(_, a)| a.to_s >= vm.from_s && a.from_s <= vm.to_s) {
        let (x0, x1) = (scale.x(a.from_s as f64), scale.x(a.to_s as f64));
        let args = [
            ("alert", Arg::Word(a.alert.clone())),
            ("service", Arg::Word(a.service.clone())),
            ("from", Arg::Word(moment(locale, a.from_s))),
            ("to", Arg::Word(moment(locale, a.to_s))),
        ];
        svg.open(&locale.text("dui-alert-span", &args));
        // Several at once stand under each other, three at most.
        let y = WORLD_Y + 10.0 + 4.0 * (i % 3) as f32;
        let _ = writeln!(
            svg.out,
            "<rect x=\"{x0:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"3\" fill=\"var(--amber)\" opacity=\".6\"/>",
            (x1 - x0).max(3.0)
        );
        svg.close();
    }
}

/// Affected users behind the lanes, away from the middle: the original's above, yours below.
pub(super) fn shadow(svg: &mut Svg, vm: &DebriefVm, scale: &Scale) {
    let top = vm.impact.top.max(1) as f32;
    let depth = ROW_DOWN * 2.4;
    for (curve, y, depth) in [(&vm.impact.original, ORIGINAL_Y, -depth), (&vm.impact.yours, YOURS_Y, depth)] {
        let points = super::impact::outline(curve, vm, scale, &|n| y + depth * n as f32 / top);
        let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
        let (a, b) = (first.0, last.0);
        let path = super::impact::path(&points);
        let _ = writeln!(
            svg.out,
            "<polygon points=\"{a:.1},{y:.1} {path} {b:.1},{y:.1}\" fill=\"var(--critical)\" opacity=\".1\"/>"
        );
    }
}

/// Other branches: each leaves your lane where the logs part and runs on the same scale.
pub(super) fn branches(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, scale: &Scale) {
    for (i, b) in vm.branches.iter().take(MOST_BRANCHES).enumerate() {
        let y = BELOW_Y + BRANCH * (i as f32 + 0.35);
        let (x0, x1) = (scale.x(b.from_s as f64), scale.x(b.to_s as f64));
        let from = (x0 + 18.0).min(x1);
        let _ = writeln!(
            svg.out,
            "<path d=\"M{x0:.1},{YOURS_Y:.1} C{x0:.1},{:.1} {x0:.1},{y:.1} {from:.1},{y:.1} L{x1:.1},{y:.1}\" fill=\"none\" \
             stroke=\"var(--yours)\" stroke-width=\"2\" stroke-dasharray=\"6 4\" opacity=\".8\"/>",
            (YOURS_Y + y) / 2.0
        );
        let mut free = from;
        for m in b.marks.iter().filter(|m| (vm.from_s..=vm.to_s).contains(&m.t_s)) {
            let x = scale.x(m.t_s as f64).max(from);
            let words = say(locale, &m.text);
            svg.open(&format!("{} {words} #{}", moment(locale, m.t_s), m.fact));
            let look = "fill=\"var(--ink)\" stroke=\"var(--yours)\" stroke-width=\"2\"";
            let _ = if m.action {
                writeln!(svg.out, "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\" {look}/>", x - 4.5, y - 4.5)
            } else {
                writeln!(svg.out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" {look}/>")
            };
            svg.close();
            // Words stand over the lane while they have room; the mark stays.
            let end = x + width(&words, false, 12.0);
            if x >= free && end < RIGHT {
                svg.text(x - 4.0, y - 11.0, "start", 12.0, "var(--muted)", false, &words);
                free = end + 12.0;
            }
        }
        let name = locale.text("dui-branch", &[("n", Arg::Number(b.number.into()))]);
        svg.text(24.0, y - 2.0, "start", 14.0, "var(--yours)", true, &name);
        let leaves = locale.text("dui-branch-from", &[("at", Arg::Word(moment(locale, b.from_s)))]);
        svg.text(24.0, y + 14.0, "start", 12.0, "var(--muted)", false, &leaves);
        let words = branch_difference(locale, b.area);
        let after = x1 + 12.0 + width(&words, true, 12.0) < RIGHT;
        let (x, anchor, dy) = if after { (x1 + 10.0, "start", 4.0) } else { (x1.max(LEFT), "end", 18.0) };
        svg.text(x, y + dy, anchor, 12.0, "var(--text)", true, &words);
    }
}
