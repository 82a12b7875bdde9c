//! Queueing theory of a station (M/M/c): waiting in steady state, response times, fluid backlogs and chains of stations.
//!
//! Pure functions of numbers. None panics; a number that makes no sense (negative, not a number) counts as 0 and an
//! infinite one as [`HUGE`], so that what enters a world as nonsense does not spread through it.
//!
//! A station has c servers that each take an exponential time of mean s for a request, one line in front of them and
//! Poisson arrivals of λ a second. Its offered load is a = λs Erlang and its utilisation ρ = a/c.

mod chain;
mod erlang;
mod fluid;
mod response;

pub use chain::{Spread, gamma_cdf};
pub use erlang::{Tables, WaitTable, erlang_b, erlang_c};
pub use fluid::{SMOOTH_WEIGHT, Smooth, drain_s, overflow_s};
pub use response::{RHO_MAX, Response};

/// Where a number counts as infinite. Its square is still far from what a float can hold.
pub const HUGE: f64 = 1e18;

/// The number within `0..=HUGE`; 0 if it is not a number.
fn sane(x: f64) -> f64 {
    if x > 0.0 { x.min(HUGE) } else { 0.0 }
}
