//! How fast: what a service takes on in a second, how long answers take, who runs out of patience, and breakers.
//!
//! A service is a station of `c` servers with exponential times: the wait of a request that need not queue over seconds is
//! that of M/M/c (Erlang C), see [`crate::sim::queueing`]. What exceeds capacity queues in whole requests.

use super::part;
use super::travel::{Fate, Travel};
use crate::sim::World;
use crate::sim::carry::Rate;
use crate::sim::plan::{Kind, Plan, ServiceAt, ServicePlan};
use crate::sim::queueing::{HUGE, RHO_MAX, Response};
use crate::sim::state::{Batch, Edge, Pending, Service};
use crate::sim::strain::{Pressure, Strain, Way};

/// Weight of the last second in the smoothed arrival rate. Arrivals here vary by a few percent a second, far less than a
/// Poisson process of their rate, so that a few seconds are enough to see the rate behind them.
const RATE_WEIGHT: f64 = 0.25;

/// Share of what a breaker remembers that is gone after a second: a window of about ten seconds.
const BREAKER_FADE: f64 = 0.1;

/// Calls that a breaker lets through each second when it tries again.
const PROBES: u64 = 5;

/// Requests at once that a service can work on: replicas times concurrency, less what is limited from outside.
pub(in crate::sim) fn slots(plan: &ServicePlan, strain: &Strain) -> u64 {
    let all = strain.ready.saturating_mul(plan.concurrency);
    strain.slots.map_or(all, |s| s.min(all))
}

/// Whether a service has no capacity of its own that could run out.
pub(in crate::sim) fn boundless(plan: &ServicePlan) -> bool {
    matches!(plan.kind, Kind::Cdn { .. } | Kind::Bucket) || plan.concurrency == 0
}

/// Seconds that a request keeps a replica busy with its own work.
fn own_s(plan: &ServicePlan, strain: &Strain) -> f64 {
    plan.own_s * strain.factor
}

/// Seconds until a call is answered, wherever its name leads.
fn answer_s(to: ServiceAt, way: &Way, services: &[Service]) -> f64 {
    let of = |to: ServiceAt, way: &Way| services.get(to).map_or(0.0, |s| s.response_s) + way.latency_s;
    let (mut sum, mut stays) = (0.0, 1.0);
    for m in &way.moved {
        sum += m.share.to_f64() * of(m.to, &m.way);
        stays -= m.share.to_f64();
    }
    if way.moved.is_empty() { of(to, way) } else { sum + stays.max(0.0) * of(to, way) }
}

/// Seconds of a request that go into a call, on average over all requests of the caller.
fn called_s(e: usize, plan: &Plan, services: &[Service], edges: &[Edge], pressure: &Pressure) -> Option<f64> {
    let (spec, way) = (plan.edges.get(e)?, pressure.ways.get(e)?);
    let answer = answer_s(spec.to, way, services);
    // Nobody waits longer than they are willing to.
    Some(edges.get(e)?.per_request * answer.min(way.timeout_s))
}

impl World {
    /// Requests a second that a service can work on as things are now; infinite where nothing limits it.
    pub(in crate::sim) fn capacity(&self, at: ServiceAt) -> f64 {
        let (Some(spec), Some(strain), Some(s)) =
            (self.plan.services.get(at), self.pressure.strain.get(at), self.services.get(at))
        else {
            return 0.0;
        };
        let work = own_s(spec, strain) + s.called_s;
        if boundless(spec) || work <= 0.0 { f64::INFINITY } else { slots(spec, strain) as f64 / work }
    }
}

impl Travel<'_> {
    /// Opens the second: what every service takes on, which calls may go out.
    pub fn open(&mut self) {
        for s in self.sources.iter_mut() {
            s.timeouts = 0;
            s.turned = 0;
        }
        for at in 0..self.services.len() {
            let (Some(spec), Some(strain)) = (self.plan.services.get(at), self.pressure.strain.get(at)) else {
                continue;
            };
            let Some(s) = self.services.get_mut(at) else { continue };
            // How long its calls take, and what is stuck in them, it knows from the last second.
            let work = own_s(spec, strain) + s.called_s;
            let same = work == s.work_s && !self.pressure.fresh;
            s.work_s = work;
            if boundless(spec) || work <= 0.0 {
                s.station.room = u64::MAX;
                s.capacity = f64::INFINITY;
                continue;
            }
            let slots = slots(spec, strain);
            if !same {
                s.capacity = slots as f64 / work;
            }
            let free = if s.held == 0 { s.capacity } else { slots.saturating_sub(s.held) as f64 / work };
            let room = free + s.station.rest;
            s.station.room = room as u64;
            s.station.rest = (room - s.station.room as f64).clamp(0.0, 1.0);
        }
        for e in 0..self.edges.len() {
            self.open_call(e);
        }
    }

    fn open_call(&mut self, e: usize) {
        let (Some(plan), Some(way), Some(call)) =
            (self.plan.edges.get(e), self.pressure.ways.get(e), self.edges.get_mut(e))
        else {
            return;
        };
        let answer = self.services.get(plan.to);
        let answer_s = answer_s(plan.to, way, self.services);
        call.late = match answer {
            Some(s) if way.timeout_s.is_finite() => s.later_than(way.timeout_s - way.latency_s),
            _ => Rate::ZERO,
        };
        let waits = !call.waiting.is_empty() || !call.pool.is_empty() || !call.again.is_empty() || call.zombies > 0;
        self.calm_calls &= !waits && call.late == Rate::ZERO && call.breaker.until.is_none();
        call.room = u64::MAX;
        if plan.pool != u64::MAX || way.taken > 0 {
            let open: u64 = call.waiting.iter().map(|p| p.batch.n).sum::<u64>() + call.zombies;
            let free = plan.pool.saturating_sub(way.taken).saturating_sub(open);
            // A connection serves one call after the other.
            let turns = free as f64 / answer_s.max(0.001) + call.room_rest;
            call.room = turns as u64;
            call.room_rest = (turns - call.room as f64).clamp(0.0, 1.0);
        }
        call.tokens = call.tokens.min(plan.budget.map_or(0.0, |b| (call.total.sent as f64 * b).clamp(1.0, 1e6)));
        if let Some(until) = call.breaker.until {
            call.breaker.probes = if self.now >= until { PROBES } else { 0 };
        }
    }

    /// Requests of a service that are stuck in calls.
    fn held(&self, at: ServiceAt) -> u64 {
        let calls = self.plan.services.get(at).map_or(&[][..], |s| &s.edges);
        let of = |e: &Edge| -> u64 {
            if e.waiting.is_empty() && e.pool.is_empty() && e.again.is_empty() {
                return 0;
            }
            let n = |p: &Pending| p.batch.n;
            e.waiting.iter().map(n).sum::<u64>()
                + e.pool.iter().map(n).sum::<u64>()
                + e.again.iter().map(|(_, p)| n(p)).sum::<u64>()
        };
        calls.iter().filter_map(|&e| self.edges.get(e)).map(of).sum()
    }

    /// Whoever has waited as long as they are willing to gives up; what they asked for goes on regardless.
    pub fn give_up(&mut self) {
        let now = self.now;
        for (plan, s) in self.plan.sources.iter().zip(self.sources.iter_mut()) {
            let Some(patience) = ticks(plan.timeout_s) else { continue };
            for t in &mut s.tries {
                while t.waiting.front().is_some_and(|w| w.0 + patience <= now) {
                    let (_, n) = t.waiting.pop_front().unwrap_or_default();
                    t.zombies += n;
                    t.done += n;
                    s.timeouts += n;
                }
            }
        }
        for e in 0..self.edges.len() {
            if self.edges.get(e).is_none_or(|call| call.waiting.is_empty() && call.pool.is_empty()) {
                continue;
            }
            let Some(patience) = self.pressure.ways.get(e).and_then(|w| ticks(w.timeout_s)) else { continue };
            let over = |p: &Pending| p.since + patience <= now;
            while let Some(call) = self.edges.get_mut(e)
                && let Some(p) = call.waiting.pop_front_if(|p| over(p))
            {
                call.zombies += p.batch.n;
                call.flow.timeouts += p.batch.n;
                self.failed(e, p);
            }
            while let Some(call) = self.edges.get_mut(e)
                && let Some(p) = call.pool.pop_front_if(|p| over(p))
            {
                call.flow.starved += p.batch.n;
                self.without(e, p);
            }
        }
        for at in 0..self.services.len() {
            if self.pressure.strain.get(at).is_some_and(|s| s.ready == 0) {
                self.drop_all(at);
            }
        }
    }

    /// Nothing of a service runs any more: whatever was under way in it is lost.
    fn drop_all(&mut self, at: ServiceAt) {
        while let Some(s) = self.services.get_mut(at)
            && let Some(b) = s.station.waiting.pop_front()
        {
            s.queue -= b.n.min(s.queue);
            self.finish(at, b, Fate::Refused);
        }
        let Some(plan) = self.plan.services.get(at) else { return };
        for &e in &plan.edges {
            let Some(call) = self.edges.get_mut(e) else { continue };
            let mut gone: Vec<Batch> = Vec::new();
            for p in call.waiting.drain(..) {
                call.zombies += p.batch.n;
                gone.push(p.batch);
            }
            gone.extend(call.pool.drain(..).map(|p| p.batch));
            gone.extend(call.again.drain(..).map(|(_, p)| p.batch));
            for b in gone {
                self.finish(at, b, Fate::Refused);
            }
        }
    }

    /// What waited goes on: calls to be made again, calls without a connection, requests without a replica.
    pub fn go_on(&mut self) {
        let now = self.now;
        for e in 0..self.edges.len() {
            let Some(call) = self.edges.get_mut(e) else { continue };
            if !call.again.is_empty() {
                let (due, later): (Vec<_>, Vec<_>) = call.again.drain(..).partition(|(t, _)| *t <= now);
                call.again = later;
                for (_, p) in due {
                    self.call(e, Pending { since: now, ..p });
                }
            }
            while let Some(call) = self.edges.get_mut(e)
                && call.room > 0
                && let Some((p, n)) = part(&mut call.pool, false, call.room, |p| &mut p.batch.n)
            {
                call.room -= if call.room == u64::MAX { 0 } else { n };
                self.send(e, p);
            }
        }
        // Those that are called come first, so that their answers free their callers.
        for at in self.plan.order.iter().rev().copied() {
            while let Some(s) = self.services.get_mut(at)
                && s.station.room > 0
                && let Some((b, n)) = part(&mut s.station.waiting, false, s.station.room, |b| &mut b.n)
            {
                s.queue -= n.min(s.queue);
                if self.plan.services.get(at).is_some_and(|p| p.drops_expired) && self.expired(&b) {
                    self.finish(at, b, Fate::Shed);
                } else {
                    self.take_on(at, b);
                }
            }
        }
    }

    /// Whether nobody waits for a request any more.
    fn expired(&self, b: &Batch) -> bool {
        let timeout = match b.from {
            crate::sim::state::Origin::Edge(e) => self.pressure.ways.get(e as usize).map(|w| w.timeout_s),
            crate::sim::state::Origin::Source { at, .. } => self.plan.sources.get(at as usize).map(|p| p.timeout_s),
        };
        timeout.and_then(ticks).is_some_and(|t| b.since + t <= self.now)
    }

    /// Closes the second: how long answers take now, and what breakers make of it.
    pub fn close(&mut self) {
        for at in self.plan.order.iter().rev().copied() {
            for &e in self.plan.services.get(at).map_or(&[][..], |s| &s.edges) {
                let used = self.services.get(at).map_or(0, |s| s.used);
                if let (Some(call), true) = (self.edges.get_mut(e), used > 0) {
                    let now = if call.flow.sent == used { 1.0 } else { call.flow.sent as f64 / used as f64 };
                    call.per_request += RATE_WEIGHT * (now - call.per_request);
                }
            }
            let held = self.held(at);
            let (Some(spec), Some(strain)) = (self.plan.services.get(at), self.pressure.strain.get(at)) else {
                continue;
            };
            let call_s = |&e: &usize| called_s(e, self.plan, self.services, self.edges, self.pressure);
            let called_s: f64 = spec.edges.iter().filter_map(call_s).sum();
            let work = own_s(spec, strain) + called_s;
            let Some(s) = self.services.get_mut(at) else { continue };
            // As long as the second began with, and so its capacity is what it was then.
            let same = work == s.work_s;
            s.called_s = called_s;
            s.held = held;
            s.station.rate += RATE_WEIGHT * (s.flow.requests as f64 - s.station.rate);
            let slots = slots(spec, strain);
            s.response = if boundless(spec) || work <= 0.0 || slots == 0 {
                s.busy = 0.0;
                Response::new(0.0, HUGE, work)
            } else {
                let capacity = if same { s.capacity } else { slots as f64 / work };
                s.busy = (s.station.rate / capacity).min(1.0);
                let busy = s.busy.min(RHO_MAX);
                Response::new(self.tables.p_wait(slots, busy), capacity * (1.0 - busy), work)
            };
            s.response_s = s.response.mean_s();
            s.latency_ms = (s.waited_s() + s.response_s) * 1e3;
        }
        for (e, plan) in self.plan.edges.iter().enumerate() {
            let (Some(spec), Some(call)) = (&plan.breaker, self.edges.get_mut(e)) else { continue };
            let failures = call.flow.failures() - call.flow.broken;
            let calls = failures + call.flow.ok;
            let b = &mut call.breaker;
            b.calls += calls as f64 - BREAKER_FADE * b.calls;
            b.failures += failures as f64 - BREAKER_FADE * b.failures;
            let bad = b.calls >= spec.least && b.failures >= spec.share * b.calls;
            match b.until {
                None if bad => b.until = Some(self.now + spec.open_s.max(1)),
                // It tried a few calls: once one of them fails it stays open, else it closes.
                Some(until) if self.now >= until && failures > 0 => b.until = Some(self.now + spec.open_s.max(1)),
                Some(until) if self.now >= until && calls > 0 => {
                    *b = Default::default();
                }
                _ => {}
            }
            call.open = call.breaker.until.is_some();
        }
        for (at, plan) in self.plan.sources.iter().enumerate() {
            let way = self.pressure.ways.get(self.plan.edges.len() + at).map_or(0.0, |w| w.latency_s);
            let Some(s) = self.sources.get_mut(at) else { continue };
            s.late = match self.services.get(plan.service) {
                Some(v) if plan.timeout_s.is_finite() => v.later_than(plan.timeout_s - way),
                _ => Rate::ZERO,
            };
        }
    }
}

/// Whole seconds of patience, at least one; none for ever.
fn ticks(timeout_s: f64) -> Option<u64> {
    timeout_s.is_finite().then(|| (timeout_s.ceil() as u64).max(1))
}
