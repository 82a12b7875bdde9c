//! Affected users over time: yours, the original's, nobody responding and the author's best, with the area between the first two.

use super::{LEFT, RIGHT, Svg, width};
use crate::locale::{Arg, Locale};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::words::difference_line;
use crate::view::debrief::{DebriefVm, count, curve_at, moment};
use std::fmt::Write as _;

const HEIGHT: f32 = 320.0;

/// A curve within the axis as pixels: cut at its end if it goes on, and no more points than a pixel column can show.
pub(super) fn outline(
    curve: &[(i64, u64)],
    vm: &DebriefVm,
    scale: &Scale,
    height: &dyn Fn(u64) -> f32,
) -> Vec<(f32, f32)> {
    let inside = curve.iter().copied().filter(|(t, _)| (vm.from_s..vm.to_s).contains(t));
    let end = curve_at(curve, vm.to_s).map(|n| (vm.to_s, n));
    let mut out: Vec<(f32, f32)> = Vec::new();
    // First, lowest, highest and last of a column; a level stretch has the same value over and over.
    let mut column: Vec<(f32, f32)> = Vec::new();
    let flush = |column: &mut Vec<(f32, f32)>, out: &mut Vec<(f32, f32)>| {
        let last = column.len().saturating_sub(1);
        let by = |a: &usize, b: &usize| {
            let y = |i: &usize| column.get(*i).map_or(0.0, |p| p.1);
            y(a).total_cmp(&y(b))
        };
        let (low, high) = ((0..column.len()).min_by(by), (0..column.len()).max_by(by));
        let kept = |i: &usize| *i == 0 || *i == last || Some(*i) == low || Some(*i) == high;
        out.extend((0..column.len()).filter(kept).filter_map(|i| column.get(i)));
        column.clear();
    };
    for (t, n) in inside.chain(end) {
        let point = (scale.x(t as f64), height(n));
        if column.first().is_some_and(|first| point.0 - first.0 >= 1.0) {
            flush(&mut column, &mut out);
        }
        column.push(point);
    }
    flush(&mut column, &mut out);
    out
}

/// Points as an attribute.
pub(super) fn path(points: &[(f32, f32)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// The picture.
pub(in crate::postmortem) fn impact(vm: &DebriefVm, locale: &Locale) -> String {
    let scale = Scale::new(vm.from_s, vm.to_s, &vm.landmarks(), LEFT, RIGHT, true);
    let (top, bottom) = (48.0, HEIGHT - 40.0);
    let height = |n: u64| bottom - (bottom - top) * n as f32 / vm.impact.top.max(1) as f32;
    let mut svg = Svg::new(HEIGHT);
    for n in [0, vm.impact.top / 2, vm.impact.top] {
        svg.line([LEFT, height(n)], [RIGHT, height(n)], "var(--grid)", 1.0, "");
        let words = count(locale, i64::try_from(n).unwrap_or(i64::MAX));
        svg.text(LEFT - 8.0, height(n) + 4.0, "end", 13.0, "var(--muted)", false, &words);
    }
    for tick in scale.ticks(64.0) {
        let x = scale.x(tick as f64);
        svg.text(x, bottom + 22.0, "middle", 13.0, "var(--muted)", tick == 0, &moment(locale, tick));
    }
    let line = |curve: &[(i64, u64)]| outline(curve, vm, &scale, &height);
    let (yours, original) = (line(&vm.impact.yours), line(&vm.impact.original));
    if let (Some(first), Some(last)) = (yours.first(), yours.last()) {
        let _ = writeln!(
            svg.out,
            "<polygon points=\"{:.1},{bottom:.1} {} {:.1},{bottom:.1}\" fill=\"var(--yours)\" opacity=\".18\"/>",
            first.0,
            path(&yours),
            last.0
        );
    }
    // What lies between the two curves.
    let back: Vec<(f32, f32)> = original.iter().rev().copied().collect();
    let _ = writeln!(
        svg.out,
        "<polygon points=\"{} {}\" fill=\"var(--text)\" fill-rule=\"evenodd\" opacity=\".1\"/>",
        path(&yours),
        path(&back)
    );
    let curves = [
        (line(&vm.impact.hands_off), "var(--muted)", 2.0, " stroke-dasharray=\"6 5\""),
        (line(&vm.impact.best), "var(--text)", 1.5, " stroke-dasharray=\"1.5 4\""),
        (original, "var(--theirs)", 3.0, ""),
        (yours, "var(--yours)", 4.0, ""),
    ];
    for (points, color, width, dash) in curves.iter().filter(|(points, ..)| !points.is_empty()) {
        let _ = writeln!(
            svg.out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dash}/>",
            path(points)
        );
    }
    let mut x = LEFT;
    let [mine, theirs, idle] = vm.impact.area;
    let areas = [
        ("dui-area-yours", Some(mine), "var(--yours)"),
        ("dui-area-original", Some(theirs), "var(--theirs)"),
        ("dui-area-hands", Some(idle), "var(--muted)"),
        ("dui-area-best", vm.impact.best_area, "var(--text)"),
    ];
    for (key, n, color) in areas {
        let Some(n) = n else { continue };
        let words = locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
        svg.text(x, 14.0, "start", 14.0, color, true, &words);
        x += width(&words, true, 14.0) + 24.0;
    }
    svg.text(x, 14.0, "start", 14.0, "var(--muted)", false, &locale.say("export-user-minutes"));
    svg.text(LEFT, 34.0, "start", 14.0, "var(--text)", true, &difference_line(locale, vm.impact.area));
    svg.done()
}
