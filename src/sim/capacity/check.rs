//! The platform's probes: they ask every replica and know nothing of load. A slow answer is no answer.

use super::cohort::{Cohort, Phase, Why};
use super::event::{Events, Reason};
use super::plan::{CheckPlan, GroupPlan};
use super::weigh::warmth;

/// Share of probes that get no answer in time, if answers take `latency_ms` on average: a long tail, as queues have.
/// exp(-timeout/latency), the tail of the exponential distribution.
pub(super) fn misses(timeout_ms: f64, latency_ms: f64) -> f64 {
    if latency_ms <= 0.0 {
        return 0.0;
    }
    libm::exp(-(timeout_ms / latency_ms).max(0.0))
}

/// Of `n` replicas, how many fail a probe so often in a row in one second that it counts; the rest is carried.
fn struck(check: &CheckPlan, timeout_ms: f64, latency_ms: f64, n: u64, carry: &mut f64) -> u64 {
    let missed = misses(timeout_ms, latency_ms);
    let mut row = 1.0;
    for _ in 0..check.failures.min(16) {
        row *= missed;
    }
    let due = n as f64 * row / check.every as f64;
    // Nobody waits a million years for one replica.
    if due < 1e-7 {
        return 0;
    }
    *carry += due;
    let whole = (*carry as u64).min(n);
    *carry = (*carry - whole as f64).min(1.0);
    whole
}

/// What probes carry from second to second.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub(super) struct Carries {
    pub ready: f64,
    pub back: f64,
    pub live: f64,
}

/// What the probes of a service find.
pub(super) struct Asked {
    /// Mean time of an answer of those that take requests, milliseconds.
    pub loaded_ms: f64,
    /// Time of an answer of one that takes none.
    pub idle_ms: f64,
    /// What the probes wait.
    pub readiness_ms: f64,
    pub liveness_ms: f64,
    pub warm: u64,
    pub cold: f64,
    pub tick: u64,
}

impl Asked {
    /// What one replica of a cohort takes to answer.
    fn latency(&self, c: &Cohort) -> f64 {
        let base = if c.ready { self.loaded_ms } else { self.idle_ms };
        base * warmth(self.tick.saturating_sub(c.since), self.warm, self.cold)
    }
}

/// Probes look at every cohort: some replicas stop taking requests, some take them again, some are restarted.
pub(super) fn ask(
    plan: &GroupPlan,
    cohorts: &mut Vec<Cohort>,
    carry: &mut Carries,
    asked: &Asked,
    events: &mut Events,
) {
    let mut more = Vec::new();
    for c in cohorts.iter_mut().filter(|c| c.phase == Phase::Running && !c.lost) {
        if let Some(check) = &plan.liveness {
            let n = struck(check, asked.liveness_ms, asked.latency(c), c.n, &mut carry.live);
            if n > 0 {
                let mut part = c.split(n);
                events.say(asked.tick, Reason::Unlive, &part);
                part.end(Why::Unhealthy, asked.tick);
                more.push(part);
            }
        }
        let Some(check) = &plan.readiness else {
            c.ready = true;
            continue;
        };
        if c.ready {
            let n = struck(check, asked.readiness_ms, asked.latency(c), c.n, &mut carry.ready);
            if n > 0 {
                let mut part = c.split(n);
                part.ready = false;
                events.say(asked.tick, Reason::Unready, &part);
                more.push(part);
            }
        } else {
            // One success is enough, and they are asked once every so often.
            let well = 1.0 - misses(asked.readiness_ms, asked.latency(c));
            carry.back += c.n as f64 * well / check.every as f64;
            let n = (carry.back as u64).min(c.n);
            carry.back = (carry.back - n as f64).min(1.0);
            if n > 0 {
                let mut part = c.split(n);
                part.ready = true;
                more.push(part);
            }
        }
    }
    cohorts.extend(more);
    cohorts.retain(|c| c.n > 0);
}
