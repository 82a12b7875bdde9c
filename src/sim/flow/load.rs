//! Offered load over time: what multiplies the rate of a population at a moment, exactly.

use crate::scenario::{LoadPoint, LoadSpec};
use crate::stdx::rational::{Exact, Ratio, whole};
use crate::stdx::time::{Offset, Utc};
use num_bigint::BigInt;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What multiplies the rate at an offset from T0, which is a moment in UTC.
pub fn factor(load: &LoadSpec, at: Offset, clock: Utc) -> Ratio {
    by_profile(&load.profile, at) * by_day(&load.day, clock)
}

/// `part` of `of` of the way from one factor to another.
fn between(from: &Ratio, to: &Ratio, part: i64, of: i64) -> Ratio {
    from + (to - from) * Ratio::new(BigInt::from(part), BigInt::from(of.max(1)))
}

fn by_profile(points: &[LoadPoint], at: Offset) -> Ratio {
    let next = points.iter().position(|p| p.at > at).unwrap_or(points.len());
    let (before, after) = (next.checked_sub(1).and_then(|i| points.get(i)), points.get(next));
    match (before, after) {
        (Some(a), Some(b)) if !b.step => between(&a.factor.0, &b.factor.0, at.0 - a.at.0, b.at.0 - a.at.0),
        (Some(p), _) | (None, Some(p)) => p.factor.0.clone(),
        (None, None) => whole(1),
    }
}

fn by_day(factors: &[Exact], clock: Utc) -> Ratio {
    let n = factors.len() as i64;
    // In parts of a second of which a whole number lies between two moments.
    let now = clock.0.rem_euclid(DAY_S) * n;
    let index = (now / DAY_S) as usize;
    match (factors.get(index), factors.get((index + 1) % factors.len().max(1))) {
        (Some(a), Some(b)) => between(&a.0, &b.0, now % DAY_S, DAY_S),
        _ => whole(1),
    }
}
