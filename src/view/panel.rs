//! Builders of the panels, and what they share: moments, figures, initials.

pub mod channel;
pub mod console;
pub mod explore;
pub mod graph;
pub mod log;
pub mod map;
pub mod pager;
pub mod top_bar;

use crate::scenario::AlertSeverity;
use crate::session::projection::{AlertState, ClockView, Health};
use crate::stdx::text::compact;

/// A moment, relative and absolute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Seconds from T0.
    pub t_s: i64,
    /// Seconds before now, 0 for a moment to come.
    pub ago_s: i64,
    /// Simulated UTC, seconds since 1970.
    pub utc_s: i64,
}

impl When {
    /// The moment `t_s` as seen from `clock`.
    pub fn of(clock: &ClockView, t_s: i64) -> When {
        let ago = clock.t_s.saturating_sub(t_s);
        When { t_s, ago_s: ago.max(0), utc_s: clock.utc_s.saturating_sub(ago) }
    }
}

/// Health that an alert's state stands for.
pub fn alert_health(state: AlertState, severity: AlertSeverity) -> Health {
    match (state, severity) {
        (AlertState::Firing, AlertSeverity::Critical) => Health::Critical,
        (AlertState::Firing, AlertSeverity::Warning) | (AlertState::Pending, _) => Health::Warning,
        (AlertState::Normal, _) => Health::Ok,
        (AlertState::NoData, _) => Health::Unknown,
    }
}

/// The initial of a seat or person, as it stands in a disc.
pub fn initial(name: &str) -> String {
    name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
}

/// A running time as a clock without a sign: `9:12`, `1:24:36`.
pub fn stopwatch(seconds: i64) -> String {
    let s = seconds.max(0);
    let (h, m, s) = (s / 3600, s % 3600 / 60, s % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

/// A figure with its unit: `4.71K/s`, `0.03 %`, `91 ms`, `3`.
pub fn figure(value: f64, unit: &str) -> String {
    match unit {
        "/s" => format!("{}/s", compact(value)),
        "items" | "" => compact(value),
        "ok" => if value >= 0.5 { "1" } else { "0" }.to_owned(),
        _ => format!("{} {unit}", compact(value)),
    }
}

/// Round steps from 0 to at least `top`, at most `most` of them: an axis.
pub fn ticks(top: f64, most: u32) -> Vec<f64> {
    if !top.is_finite() || top <= 0.0 {
        return vec![0.0, 1.0];
    }
    let mut unit = 1e-6;
    let mut step = unit;
    'search: while unit < 1e15 {
        for factor in [1.0, 2.0, 5.0] {
            step = unit * factor;
            if step * f64::from(most.max(1)) >= top {
                break 'search;
            }
        }
        unit *= 10.0;
    }
    let mut out = vec![0.0];
    for k in 1..=most.max(1) {
        let value = step * f64::from(k);
        out.push(value);
        if value >= top {
            break;
        }
    }
    out
}
