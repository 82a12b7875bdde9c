//! The two credit curves. Exact; times in minutes.

use crate::stdx::rational::{Ratio, whole};
use num_bigint::BigInt;

pub use crate::fact::EffectiveClock;

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
