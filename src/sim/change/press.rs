//! What weighs on services because of changes, and what no longer sees them.

use super::plan::At;
use crate::sim::World;
use crate::sim::carry::Rate;
use crate::sim::strain::Pressure;

/// What a probe says whose own checker is broken.
pub const CHECKER_BROKEN: &str = "probe error: checker could not start (exit status 127)";

/// Seconds between two scrapes, for a watching that only sometimes misses one.
const SCRAPE_S: u64 = 15;

/// Seconds between two looks of an automation.
const AUTOMATION_S: u64 = 15;

/// Whether the `n`-th of many falls into a share of them, evenly spread.
pub(in crate::sim) fn falls_in(n: u64, share: f64) -> bool {
    ((n + 1) as f64 * share) as u64 > (n as f64 * share) as u64
}

impl World {
    /// Whether nothing is scraped from a service now and its log lines do not arrive, by position.
    pub(in crate::sim) fn blind_at(&self, service: usize) -> bool {
        let share = self.dial(|at, severity| (at == At::Blind { service }).then_some(severity));
        share.is_some_and(|share| falls_in(self.tick / SCRAPE_S, share))
    }

    /// Whether a probe's own checker is broken, by position.
    pub(in crate::sim) fn checker_is_broken(&self, probe: usize) -> bool {
        let every = self.plan.probes.get(probe).map_or(1, |p| p.every);
        let share = self.dial(|at, severity| (at == At::FalseAlarm { probe }).then_some(severity));
        share.is_some_and(|share| falls_in(self.tick / every, share))
    }

    /// What weighs on services because of changes.
    pub(in crate::sim) fn press_changes(&self, pressure: &mut Pressure) {
        for (at, severity) in &self.change.active {
            match at {
                At::VendorOutage { vendor, share } => {
                    if let Some(s) = pressure.strain.get_mut(*vendor) {
                        s.fail(Rate::of_f64(share * severity).capped());
                    }
                }
                At::Descheduled { service, share } if self.capacity.group(*service).is_none() => {
                    if let Some(s) = pressure.strain.get_mut(*service) {
                        let gone = (s.ready as f64 * share * severity + 0.5) as u64;
                        s.ready = s.ready.saturating_sub(gone);
                    }
                }
                At::Timeout { edge, timeout_s } => {
                    if let Some(w) = pressure.ways.get_mut(*edge) {
                        // From what it is to what it should not be, as far as the dial is turned.
                        let whole = w.timeout_s.is_finite();
                        let dialled = w.timeout_s + (timeout_s - w.timeout_s) * severity;
                        w.timeout_s = if whole { dialled } else { timeout_s / severity };
                    }
                }
                At::Limit { service, slots } => {
                    let each = self.plan.services.get(*service).map_or(0, |s| s.concurrency);
                    if let Some(s) = pressure.strain.get_mut(*service) {
                        let full = (s.ready * each) as f64;
                        let less = (full - *slots as f64).max(0.0) * severity;
                        s.limit(((full - less) as u64).max(1));
                    }
                }
                At::Quota { service, per_s } => {
                    let came = self.services.get(*service).map_or(0, |s| s.flow.requests) as f64;
                    if let Some(s) = pressure.strain.get_mut(*service) {
                        let over = if came > *per_s { 1.0 - per_s / came } else { 0.0 };
                        s.fail(Rate::of_f64(over * severity).capped());
                    }
                }
                _ => {}
            }
        }
        // What a full queue turned away fails the requests that wanted to put it there.
        for (spec, q) in self.plan.queues.iter().zip(&self.queues) {
            if let (Some((service, ..)), 1..) = (spec.fed_by, q.rejected)
                && let Some(s) = pressure.strain.get_mut(service)
            {
                s.fail(Rate::share(q.rejected, q.offered));
            }
        }
    }

    /// Automation that moves managed replicas looks every so often, and does it again where somebody undid it.
    pub(super) fn deschedule(&mut self, now: bool) {
        if !now && !self.tick.is_multiple_of(AUTOMATION_S) {
            return;
        }
        for i in 0..self.change.active.len() {
            if let Some((At::Descheduled { service, share }, severity)) = self.change.active.get(i).copied()
                && !self.change.hands_off.contains(&service)
            {
                self.capacity.automate(service, share * severity);
            }
        }
    }

    /// Caches whose entries expire too early lose a little.
    pub(super) fn expire_early(&mut self) {
        for i in 0..self.change.active.len() {
            if let Some((At::ShortTtl { cache, share }, severity)) = self.change.active.get(i).copied() {
                self.cool_part(cache, share * severity / 60.0);
            }
        }
    }

    /// A cache loses a share of what it holds.
    pub(in crate::sim) fn cool_part(&mut self, at: usize, share: f64) {
        if let Some(s) = self.services.get_mut(at) {
            s.warmth *= (1.0 - share).clamp(0.0, 1.0);
        }
    }

    /// A cache holds what is asked for.
    pub(in crate::sim) fn fill(&mut self, at: usize) {
        if let Some(s) = self.services.get_mut(at) {
            s.warmth = 1.0;
        }
    }
}
