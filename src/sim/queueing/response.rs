//! The response time of a station in steady state: waiting, service and what is added to both.

use super::{HUGE, Spread, WaitTable, sane};
use serde::Serialize;

/// The highest utilisation that has a steady state here. Beyond it the line grows, which a caller counts as a fluid
/// backlog and adds with [`Response::with_shift`]; what stays here is the chance around it. At saturation that chance
/// does not settle: the mean line of one server grows as `√(4 n / π)` with the requests n so far, and after 1,800 of them
/// it is as long as the steady one at 0.98.
pub const RHO_MAX: f64 = 0.98;

/// Services shorter than this, a picosecond, take no time.
const INSTANT_S: f64 = 1e-12;

/// Beyond this time every response has come, whatever its parameters.
const NEVER_S: f64 = 1e30;

/// The steady-state response time of a station: with probability `p_wait` an exponential wait of the rate `c/s - λ`,
/// then an exponential service of mean `s`, both after a deterministic shift.
///
/// Source: M/M/c with one line, first come first served (Erlang 1917; Kleinrock, Queueing Systems I, 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Response {
    p_wait: f64,
    wait_rate_per_s: f64,
    service_s: f64,
    shift_s: f64,
}

impl Default for Response {
    /// No time at all.
    fn default() -> Response {
        Response::new(0.0, HUGE, 0.0)
    }
}

impl Response {
    /// A response of these parts; the probability is brought into `0..=1`, times into `0..=HUGE` and the rate into
    /// `1/HUGE..=HUGE`.
    pub fn new(p_wait: f64, wait_rate_per_s: f64, service_s: f64) -> Response {
        let service_s = sane(service_s);
        Response {
            p_wait: sane(p_wait).min(1.0),
            wait_rate_per_s: sane(wait_rate_per_s).max(1.0 / HUGE),
            service_s: if service_s < INSTANT_S { 0.0 } else { service_s },
            shift_s: 0.0,
        }
    }

    /// The response of the table's station, whose servers take `service_s` each, to `arrivals_per_s`; utilisation counts
    /// up to [`RHO_MAX`].
    pub fn steady(table: &WaitTable, service_s: f64, arrivals_per_s: f64) -> Response {
        let service_s = sane(service_s);
        if service_s < INSTANT_S {
            return Response::new(0.0, HUGE, 0.0);
        }
        let capacity_per_s = f64::from(table.servers()) / service_s;
        let rho = (sane(arrivals_per_s) / capacity_per_s).min(RHO_MAX);
        Response::new(table.p_wait(rho), capacity_per_s * (1.0 - rho), service_s)
    }

    /// The same with a deterministic time more: the backlog ahead, the network, the mean of what is called.
    pub fn with_shift(self, seconds: f64) -> Response {
        Response { shift_s: sane(self.shift_s + sane(seconds)), ..self }
    }

    /// Probability of waiting for a server.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait in the line, without the shift.
    pub fn mean_wait_s(&self) -> f64 {
        if self.p_wait == 0.0 { 0.0 } else { self.p_wait / self.wait_rate_per_s }
    }

    /// The longer of the mean wait of one that waits and the mean service: what its tail is made of.
    pub fn longest_s(&self) -> f64 {
        if self.p_wait > 0.0 { self.service_s.max(1.0 / self.wait_rate_per_s) } else { self.service_s }
    }

    /// Mean of the whole response: shift, wait and service.
    pub fn mean_s(&self) -> f64 {
        self.shift_s + self.mean_wait_s() + self.service_s
    }

    /// Variance of the response in s²; wait and service are independent, and the shift has none.
    pub fn variance(&self) -> f64 {
        let wait_s = 1.0 / self.wait_rate_per_s;
        self.p_wait * (2.0 - self.p_wait) * wait_s * wait_s + self.service_s * self.service_s
    }

    /// Mean and variance, to be added to those of other stations.
    pub fn spread(&self) -> Spread {
        Spread { mean_s: self.mean_s(), variance: self.variance() }
    }

    /// The share of responses that take at most `t_s`.
    pub fn cdf(&self, t_s: f64) -> f64 {
        (1.0 - self.survival(t_s)).clamp(0.0, 1.0)
    }

    /// The share that takes longer than `t_s`.
    ///
    /// With the rates r of the wait and μ of the service, one that waits takes longer than t with probability
    /// `e^(-μt) + μ (e^(-μt) - e^(-rt)) / (r - μ)`. The second part is written as `μ t e^(-min(r, μ) t) φ(|r - μ| t)` with
    /// `φ(x) = (1 - e^-x) / x`, in which nothing cancels and nothing overflows when the rates are equal or nearly so.
    fn survival(&self, t_s: f64) -> f64 {
        let t = t_s - self.shift_s;
        if t.is_nan() || t < 0.0 {
            return 1.0;
        }
        if t > NEVER_S {
            return 0.0;
        }
        let r = self.wait_rate_per_s;
        if self.service_s == 0.0 {
            return self.p_wait * libm::exp(-r * t);
        }
        let mu = 1.0 / self.service_s;
        let served = libm::exp(-mu * t);
        let x = (r - mu).abs() * t;
        let phi = if x > 0.0 { -libm::expm1(-x) / x } else { 1.0 };
        served + self.p_wait * mu * t * libm::exp(-r.min(mu) * t) * phi
    }

    /// The time within which the share `q` of responses comes, by bisection to 10⁻¹⁰ of itself; the shift for `q ≤ 0`,
    /// infinite for `q ≥ 1`.
    pub fn quantile(&self, q: f64) -> f64 {
        if q.is_nan() || q <= 0.0 {
            return self.shift_s;
        }
        if q >= 1.0 {
            return f64::INFINITY;
        }
        let over = 1.0 - q;
        // Of the part after the shift, so that a long shift does not blur it.
        let free = Response { shift_s: 0.0, ..*self };
        let (mut low, mut high) = (0.0, free.mean_s());
        while high < NEVER_S && free.survival(high) > over {
            low = high;
            high *= 2.0;
        }
        while high - low > 1e-10 * high {
            let middle = 0.5 * (low + high);
            // Where no float lies between the two, halving is over.
            if !(low < middle && middle < high) {
                break;
            }
            if free.survival(middle) > over { low = middle } else { high = middle }
        }
        self.shift_s + high
    }
}
