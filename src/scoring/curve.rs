//! The two credit curves and the clock that injects hold. Exact; times in minutes.

use crate::fact::{Fact, FactKind};
use crate::stdx::rational::{Ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;

/// Credit of `x` against the original's `r`: 1 up to a quarter of it, 3/5 at par, falling towards 0; never is 0.
///
/// `floor` is the least that the original counts for; within `delta` of it, `x` counts as equal (a dead band, continuous).
pub fn par_credit(x: Option<&Ratio>, r: Option<&Ratio>, floor: &Ratio, delta: &Ratio) -> Ratio {
    let Some(x) = x else { return whole(0) };
    let r = r.map_or_else(|| floor.clone(), |r| r.max(floor).clone());
    let zero = whole(0);
    if r <= zero {
        return if *x <= zero { whole(1) } else { zero };
    }
    let x = if *delta <= zero {
        x.clone()
    } else if *x > &r + delta {
        x - delta
    } else if *x >= &r - delta {
        r.clone()
    } else if r > *delta {
        x * &r / (&r - delta)
    } else {
        r.clone()
    };
    let nine = whole(9) * &r;
    let over = (whole(4) * x - &r).max(zero);
    &nine / (&nine + whole(2) * over)
}

/// Credit of `x` inside a window: 1 up to `w`, linear to 0 at twice that; never is 0.
pub fn window_credit(x: Option<&Ratio>, w: &Ratio) -> Ratio {
    match x {
        None => whole(0),
        Some(x) if x <= w => whole(1),
        Some(x) => (whole(1) - (x - w) / w).max(whole(0)),
    }
}

/// Seconds as exact minutes.
pub fn minutes(seconds: u64) -> Ratio {
    Ratio::new(BigInt::from(seconds), BigInt::from(60))
}

/// The effective clock: it stands still for the allowance of each inject, whatever the trainees do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectiveClock {
    held: Vec<(u64, u64)>,
}

impl EffectiveClock {
    /// The clock of a session; allowances are stacked, the next hold begins where the last one ended.
    pub fn of(facts: &[Fact]) -> EffectiveClock {
        let mut injects: Vec<(u64, u64)> = facts
            .iter()
            .filter_map(|f| match f.what {
                FactKind::Injected { allowance, .. } if allowance > 0 => Some((f.id.tick.0, allowance)),
                _ => None,
            })
            .collect();
        injects.sort_unstable();
        let mut held: Vec<(u64, u64)> = Vec::new();
        for (at, allowance) in injects {
            let start = held.last().map_or(at, |(_, end)| at.max(*end));
            held.push((start, start.saturating_add(allowance)));
        }
        EffectiveClock { held }
    }

    /// Effective seconds at a tick.
    pub fn seconds(&self, tick: Tick) -> u64 {
        let frozen: u64 = self.held.iter().map(|(from, to)| tick.0.min(*to).saturating_sub(*from)).sum();
        tick.0.saturating_sub(frozen)
    }

    /// Seconds held in all.
    pub fn held_seconds(&self) -> u64 {
        self.held.iter().map(|(from, to)| to - from).sum()
    }

    /// Where it stands still: from and to, in ticks.
    pub fn bands(&self) -> &[(u64, u64)] {
        &self.held
    }
}
