//! Exact whole numbers from fractional rates: the remainder is carried, so nothing is ever lost or made up.

use crate::stdx::rational::Ratio;
use num_traits::{Signed as _, ToPrimitive as _};
use serde::Serialize;

/// What rates that change from second to second are counted in.
const BILLION: u64 = 1_000_000_000;

/// A non-negative fraction `num/den` in machine words; `den` is at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    num: u64,
    den: u64,
}

impl Default for Rate {
    fn default() -> Rate {
        Rate::ZERO
    }
}

impl Rate {
    /// Nothing.
    pub const ZERO: Rate = Rate { num: 0, den: 1 };
    /// Everything.
    pub const ONE: Rate = Rate { num: 1, den: 1 };

    /// Of an exact fraction. A negative one is zero; one beyond machine words is rounded down to a millionth.
    pub fn of(r: &Ratio) -> Rate {
        if r.is_negative() {
            return Rate::ZERO;
        }
        match (r.numer().to_u64(), r.denom().to_u64()) {
            (Some(num), Some(den)) => Rate { num, den: den.max(1) },
            _ => {
                let millionths = (r.to_f64().unwrap_or(0.0) * 1e6).clamp(0.0, 1e18) as u64;
                Rate { num: millionths, den: 1_000_000 }
            }
        }
    }

    /// `part` of `whole`, at most one; nothing of nothing.
    pub fn share(part: u64, whole: u64) -> Rate {
        if whole == 0 { Rate::ZERO } else { Rate { num: part.min(whole), den: whole } }
    }

    /// At most one: a share.
    pub fn capped(self) -> Rate {
        if self.num > self.den { Rate::ONE } else { self }
    }

    /// Of an exact fraction, rounded down to a billionth: as one rate follows another, remainders stay what they are.
    pub fn billionths(r: &Ratio) -> Rate {
        let num = (r * Ratio::from_integer(BILLION.into())).to_integer().to_u64();
        if r.is_negative() { Rate::ZERO } else { Rate { num: num.unwrap_or(u64::MAX), den: BILLION } }
    }

    /// One or the other of two independent shares: `1 - (1 - a)(1 - b)`, to a millionth if both are there.
    pub fn or(self, other: Rate) -> Rate {
        let (a, b) = (self.capped(), other.capped());
        match (a.num, b.num) {
            (0, _) => b,
            (_, 0) => a,
            _ => Rate::of_f64(1.0 - (1.0 - a.to_f64()) * (1.0 - b.to_f64())).capped(),
        }
    }

    /// So many times as much, to a millionth; by one it stays exactly as it is.
    pub fn times(self, factor: f64) -> Rate {
        if factor == 1.0 { self } else { Rate::of_f64(self.to_f64() * factor) }
    }

    /// Nearest millionth of a float; anything below, or not a number, is zero.
    pub fn of_f64(value: f64) -> Rate {
        Rate { num: (value.clamp(0.0, 1e12) * 1e6 + 0.5) as u64, den: 1_000_000 }
    }

    /// As a float, for continuous quantities.
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

/// The carried remainder of one flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Carry {
    rest: u64,
    den: u64,
}

impl Default for Carry {
    fn default() -> Carry {
        Carry { rest: 0, den: 1 }
    }
}

impl Carry {
    /// The whole part of `n × rate` plus what was carried; at most `n` if the rate is a share.
    #[inline]
    pub fn take(&mut self, n: u64, rate: Rate) -> u64 {
        if self.den != rate.den {
            // Another rate: the remainder keeps its value, rounded down to the new denominator.
            if self.rest != 0 {
                self.rest = narrow(u128::from(self.rest) * u128::from(rate.den) / u128::from(self.den.max(1)));
            }
            self.den = rate.den;
        }
        // The remainder is less than a whole, so nothing and everything leave it as it is.
        if n == 0 || rate.num == 0 {
            return 0;
        }
        if rate.num == rate.den {
            return n;
        }
        match n.checked_mul(rate.num).and_then(|p| p.checked_add(self.rest)) {
            Some(sum) => {
                self.rest = sum % rate.den;
                sum / rate.den
            }
            None => self.take_wide(n, rate),
        }
    }

    /// The same beyond machine words.
    #[cold]
    fn take_wide(&mut self, n: u64, rate: Rate) -> u64 {
        let sum = u128::from(self.rest) + u128::from(n) * u128::from(rate.num);
        self.rest = narrow(sum % u128::from(rate.den));
        narrow(sum / u128::from(rate.den))
    }
}

/// Divides `total` over `parts` in proportion; the shares add up to `total` and none exceeds its part while
/// `total` is at most their sum. With no parts to speak of, everything is zero.
pub fn split(total: u64, parts: &[u64]) -> Vec<u64> {
    let sum: u128 = parts.iter().map(|p| u128::from(*p)).sum();
    if sum == 0 {
        return vec![0; parts.len()];
    }
    let (mut cum, mut before) = (0u128, 0u128);
    parts
        .iter()
        .map(|p| {
            cum += u128::from(*p);
            let upto = u128::from(total) * cum / sum;
            let share = upto - before;
            before = upto;
            narrow(share)
        })
        .collect()
}

fn narrow(n: u128) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
