//! Backlogs as a fluid: how long they take to drain or to overflow; and the smoothed arrival rate.

use super::{HUGE, sane};
use serde::Serialize;

/// Weight of the newest second in a smoothed rate.
///
/// Waiting is convex in the utilisation, so a rate that jumps from second to second, as counts of a Poisson process do,
/// makes the mean wait too long, relatively by about `w / (2 - w) · (s / c) / (1 - ρ)²`. With 1/16 that is some 3 % at
/// ρ = 0.9 and a capacity of 100 requests a second (with the raw counts it would be as much as the wait itself). Its memory of
/// about 16 seconds is one scrape of 15 seconds, so no graph shows the delay; a surge beyond capacity is felt at once,
/// because the backlog counts the requests themselves. Who knows the rate behind the counts needs none of this.
pub const SMOOTH_WEIGHT: f64 = 1.0 / 16.0;

/// Seconds until a backlog is gone that is worked off at `capacity_per_s` while `arrivals_per_s` come in; `None` if that
/// never happens. A backlog of nothing is gone at once.
pub fn drain_s(backlog: f64, capacity_per_s: f64, arrivals_per_s: f64) -> Option<f64> {
    reach(sane(backlog), sane(capacity_per_s) - sane(arrivals_per_s))
}

/// Seconds until a backlog has grown to `bound`; `None` if that never happens. One that has is there at once.
pub fn overflow_s(bound: f64, backlog: f64, capacity_per_s: f64, arrivals_per_s: f64) -> Option<f64> {
    reach(sane(bound) - sane(backlog), sane(arrivals_per_s) - sane(capacity_per_s))
}

/// Seconds for a way at a speed; a time beyond [`HUGE`] is never.
fn reach(way: f64, per_s: f64) -> Option<f64> {
    if way <= 0.0 {
        return Some(0.0);
    }
    let seconds = way / per_s;
    (per_s > 0.0 && seconds <= HUGE).then_some(seconds)
}

/// An arrival rate that follows counts of one second each, exponentially weighted by [`SMOOTH_WEIGHT`].
///
/// Its first seconds weigh alike, so it neither starts from zero nor trusts the first count for long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Smooth {
    per_s: f64,
    /// Seconds seen.
    seen: u32,
}

impl Smooth {
    /// One that has seen `per_s` for long.
    pub fn settled(per_s: f64) -> Smooth {
        Smooth { per_s: sane(per_s), seen: u32::MAX }
    }

    /// Takes in the requests of one more second and gives the new rate.
    pub fn observe(&mut self, count: f64) -> f64 {
        self.seen = self.seen.saturating_add(1);
        let weight = (1.0 / f64::from(self.seen)).max(SMOOTH_WEIGHT);
        self.per_s += weight * (sane(count) - self.per_s);
        self.per_s
    }

    /// Requests a second; 0 before the first second.
    pub fn per_s(&self) -> f64 {
        self.per_s
    }
}
