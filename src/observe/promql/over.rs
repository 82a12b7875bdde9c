//! Functions over the samples of a window.

use super::eval::seconds;
use super::fold::{self, Sum};

/// The samples of one series in a range that is open on the left.
pub(super) struct Window<'a> {
    /// At least one, oldest first.
    pub(super) samples: &'a [(i64, f64)],
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    /// The time of the query's step, which `offset` and `@` do not move.
    pub(super) step_ms: i64,
    /// Further arguments of the function at this step.
    pub(super) parameters: [f64; 2],
}

/// A function of a window; none where it has no result, as with too few samples.
pub(super) type Over = fn(&Window) -> Option<f64>;

impl Window<'_> {
    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.samples.iter().map(|(_, v)| *v)
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.samples.windows(2).filter_map(|w| match w {
            [a, b] => Some((a.1, b.1)),
            _ => None,
        })
    }

    fn ends(&self) -> Option<((i64, f64), (i64, f64))> {
        match self.samples {
            [first, .., last] => Some((*first, *last)),
            _ => None,
        }
    }
}

/// The function of a name, and whether it keeps the metric's name.
pub(super) fn find(name: &str) -> Option<(Over, bool)> {
    let f: Over = match name {
        "rate" => |w| extrapolated(w, true, seconds(w.end_ms.saturating_sub(w.start_ms))),
        "increase" => |w| extrapolated(w, true, 1.0),
        "delta" => |w| extrapolated(w, false, 1.0),
        "irate" => |w| last_two(w, true),
        "idelta" => |w| last_two(w, false),
        "deriv" => |w| {
            let (first, _) = w.ends()?;
            Some(line(w, first.0).0)
        },
        "changes" => |w| Some(w.pairs().filter(|(a, b)| a != b && !(a.is_nan() && b.is_nan())).count() as f64),
        "resets" => |w| Some(w.pairs().filter(|(a, b)| b < a).count() as f64),
        "avg_over_time" => |w| Some(fold::mean(w.values())),
        "min_over_time" => |w| Some(fold::smallest(w.values())),
        "max_over_time" => |w| Some(fold::greatest(w.values())),
        "sum_over_time" => |w| Some(fold::sum(w.values())),
        "count_over_time" => |w| Some(w.samples.len() as f64),
        "present_over_time" => |_| Some(1.0),
        "stdvar_over_time" => |w| Some(fold::variance(w.values())),
        "stddev_over_time" => |w| Some(fold::variance(w.values()).sqrt()),
        "mad_over_time" => |w| Some(fold::median_deviation(&w.values().collect::<Vec<f64>>())),
        "first_over_time" => |w| w.samples.first().map(|(_, v)| *v),
        "last_over_time" => |w| w.samples.last().map(|(_, v)| *v),
        "ts_of_first_over_time" => |w| w.samples.first().map(|(t, _)| seconds(*t)),
        "ts_of_last_over_time" => |w| w.samples.last().map(|(t, _)| seconds(*t)),
        "ts_of_min_over_time" => |w| Some(time_of(w, |v, best| v <= best)),
        "ts_of_max_over_time" => |w| Some(time_of(w, |v, best| v >= best)),
        "quantile_over_time" => |w| Some(fold::quantile(w.parameters[0], w.values())),
        "predict_linear" => |w| {
            w.ends()?;
            let (slope, intercept) = line(w, w.step_ms);
            Some(slope * w.parameters[0] + intercept)
        },
        "double_exponential_smoothing" => smoothed,
        _ => return None,
    };
    Some((f, matches!(name, "first_over_time" | "last_over_time")))
}

/// How much a value grew in a window, extrapolated to the window's ends, per so many seconds.
///
/// Samples near an end stand for the time up to it; farther off, for half a sample interval. A counter that falls has
/// started again from 0, and it is not extrapolated to below 0.
fn extrapolated(w: &Window, is_counter: bool, per_s: f64) -> Option<f64> {
    let (first, last) = w.ends()?;
    let mut growth = last.1 - first.1;
    if is_counter {
        growth = w.pairs().filter(|(a, b)| b < a).fold(growth, |sum, (a, _)| sum + a);
    }
    let covered = seconds(last.0.saturating_sub(first.0));
    let interval = covered / (w.samples.len() - 1) as f64;
    let near = interval * 1.1;
    let reach = |gap_ms: i64| Some(seconds(gap_ms)).filter(|gap| *gap < near).unwrap_or(interval / 2.0);
    let mut before = reach(first.0.saturating_sub(w.start_ms));
    if is_counter && growth > 0.0 && first.1 >= 0.0 {
        before = before.min(covered * (first.1 / growth));
    }
    let after = reach(w.end_ms.saturating_sub(last.0));
    Some(growth * ((covered + before + after) / covered / per_s))
}

/// The difference of the last two samples; for a counter per second, and after a reset counted from 0.
fn last_two(w: &Window, is_counter: bool) -> Option<f64> {
    let [.., before, last] = w.samples else { return None };
    if !is_counter {
        return Some(last.1 - before.1);
    }
    let growth = if last.1 < before.1 { last.1 } else { last.1 - before.1 };
    Some(growth / seconds(last.0.saturating_sub(before.0)))
}

/// Slope per second and value at `zero_ms` of the least-squares line. A constant has slope 0, an infinite one none.
fn line(w: &Window, zero_ms: i64) -> (f64, f64) {
    let first = w.samples.first().map_or(f64::NAN, |(_, v)| *v);
    if w.values().all(|v| v == first) {
        return if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first) };
    }
    let (mut x, mut y, mut xy, mut xx) = (Sum::default(), Sum::default(), Sum::default(), Sum::default());
    for (t, value) in w.samples {
        let at = seconds(t.saturating_sub(zero_ms));
        x = x.add(at);
        y = y.add(*value);
        xy = xy.add(at * value);
        xx = xx.add(at * at);
    }
    let n = w.samples.len() as f64;
    let (x, y, xy, xx) = (x.value(), y.value(), xy.value(), xx.value());
    let slope = (xy - x * y / n) / (xx - x * x / n);
    (slope, y / n - slope * x / n)
}

/// The time of the last sample that beats all others; NaN is beaten by anything.
fn time_of(w: &Window, beats: impl Fn(f64, f64) -> bool) -> f64 {
    let mut best = (0, f64::NAN);
    for (n, (t, value)) in w.samples.iter().enumerate() {
        if n == 0 || beats(*value, best.1) || best.1.is_nan() {
            best = (*t, *value);
        }
    }
    seconds(best.0)
}

/// Holt's double exponential smoothing; the parameters weigh the newest value and the newest trend.
fn smoothed(w: &Window) -> Option<f64> {
    let [smoothing, trending] = w.parameters;
    let [(_, first), (_, second), ..] = w.samples else { return None };
    let (mut level, mut trend) = (*first, second - first);
    for (n, value) in w.values().enumerate().skip(1) {
        let before = level;
        level = smoothing * value + (1.0 - smoothing) * (before + trend);
        if n + 1 < w.samples.len() {
            trend = trending * (level - before) + (1.0 - trending) * trend;
        }
    }
    Some(level)
}
