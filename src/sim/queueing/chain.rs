//! Times that add up along a chain of stations, as a gamma distribution with the same mean and variance.

use super::{HUGE, sane};
use serde::Serialize;

/// From this shape on the gamma distribution is taken from the normal one; the error is below 10⁻⁶, and the exact
/// series would take hundreds of terms.
const NORMAL_SHAPE: f64 = 1e4;

/// Below this shape all of the distribution lies at 0, as far as a float can tell.
const POINT_SHAPE: f64 = 1e-18;

/// Most terms of a series; it takes about 10 √shape.
const TERMS_MAX: u32 = 5_000;

/// Mean and variance of a time, the two that add up when the parts are independent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Mean in seconds.
    pub mean_s: f64,
    /// Variance in s².
    pub variance: f64,
}

impl Spread {
    /// A time that is always the same.
    pub fn fixed(seconds: f64) -> Spread {
        Spread { mean_s: sane(seconds), variance: 0.0 }
    }

    /// The share of times that are at most `t_s`, as of the gamma distribution with this mean and variance: exact for
    /// equal exponential parts and for one, and a step for a time without variance.
    pub fn cdf(&self, t_s: f64) -> f64 {
        let (mean, variance) = (sane(self.mean_s), sane(self.variance));
        let shape = mean * mean / variance;
        // Without variance the shape is infinite or, for a mean of 0, not a number; a time that is 0 on average is 0.
        if !(shape > 0.0 && shape < HUGE) {
            return if t_s >= mean { 1.0 } else { 0.0 };
        }
        gamma_cdf(shape, sane(t_s) * mean / variance)
    }
}

/// The time of both, one after the other, if neither depends on the other.
impl std::ops::Add for Spread {
    type Output = Spread;

    fn add(self, next: Spread) -> Spread {
        Spread { mean_s: self.mean_s + next.mean_s, variance: self.variance + next.variance }
    }
}

/// The share of a gamma distribution of this shape and of scale 1 that is at most `x`: the regularised lower incomplete
/// gamma function `P(shape, x)`.
///
/// Source: the series for `x < shape + 1` and Legendre's continued fraction beyond (NIST Handbook of Mathematical
/// Functions, 8.11 and 8.9), and for large shapes the cube root of Wilson and Hilferty (1931).
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    let (shape, x) = (sane(shape), sane(x));
    if x == 0.0 {
        return 0.0;
    }
    if shape < POINT_SHAPE {
        return 1.0;
    }
    if shape > NORMAL_SHAPE {
        let ninth = 1.0 / (9.0 * shape);
        let z = (libm::cbrt(x / shape) - (1.0 - ninth)) / ninth.sqrt();
        return 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    }
    let scale = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    let below = if x < shape + 1.0 { scale * series(shape, x) } else { 1.0 - scale * fraction(shape, x) };
    below.clamp(0.0, 1.0)
}

/// `Σ xⁿ / (shape (shape + 1) … (shape + n))`.
fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    for n in 1..TERMS_MAX {
        term *= x / (shape + f64::from(n));
        sum += term;
        if term < sum * 1e-16 {
            break;
        }
    }
    sum
}

/// `1 / (x + 1 - s - 1 (1 - s) / (x + 3 - s - 2 (2 - s) / (x + 5 - s - …)))` for the shape s.
fn fraction(shape: f64, x: f64) -> f64 {
    // Stands for a denominator of zero, as Lentz's method has it.
    let apart = |d: f64| if d.abs() < 1e-300 { 1e-300 } else { d };
    let mut b = x + 1.0 - shape;
    let mut d = 1.0 / apart(b);
    let mut c = 1e300;
    let mut product = d;
    for n in 1..TERMS_MAX {
        let n = f64::from(n);
        let a = n * (shape - n);
        b += 2.0;
        d = 1.0 / apart(b + a * d);
        c = apart(b + a / c);
        let step = c * d;
        product *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    product
}
