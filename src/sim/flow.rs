//! Requests of whole users in whole numbers: what is demanded, and how it settles who is affected.
//!
//! Every request that arrives somewhere is served, failed, shed, waiting or held; nothing is lost and nothing made up.

mod calm;
mod lead;
mod load;
mod pace;
mod travel;

pub(super) use calm::Ledger;
pub(super) use lead::{Lead, Leads, Led};

use crate::scenario::Fault;
use crate::sim::World;
use crate::sim::carry::Rate;
use crate::sim::state::{EdgeFlow, Flow};
use crate::stdx::rational::whole;
use crate::stdx::time::Offset;
use travel::Travel;

impl World {
    /// First attempts of every source in this second. A little noise moves them in time and never changes their sum.
    pub(super) fn demand(&mut self) -> Vec<u64> {
        let mut fresh = std::mem::take(&mut self.scratch.fresh);
        fresh.clear();
        let t = Offset(self.plan.opens.0.saturating_add_unsigned(self.tick));
        let clock = self.utc();
        for (spec, s) in self.plan.sources.iter().zip(&mut self.sources) {
            let surge = self.ailments.awake().find_map(|a| match &a.fault {
                Fault::Surge { traffic, factor } if *traffic == spec.name => Some((factor, a)),
                _ => None,
            });
            let moves = spec.load.is_some() || surge.is_some_and(|(_, a)| a.moves());
            let rate = if surge.is_none() && !moves {
                spec.rate
            } else {
                let one = whole(1);
                let more = surge.map_or(whole(0), |(factor, a)| (&factor.0 - &one) * a.exact_severity());
                let load = spec.load.as_ref().map_or(whole(1), |l| load::factor(l, t, clock));
                let exact = &spec.exact_rate.0 * (one + more) * load;
                if moves { Rate::billionths(&exact) } else { Rate::of(&exact) }
            };
            let due = s.arrival.take(1, rate).saturating_add(s.jitter);
            // Up to 3 % of a second's arrivals come a second late.
            s.jitter = self.traffic.below(due / 32 + 1);
            fresh.push(due - s.jitter);
        }
        fresh
    }

    /// Sends this second's attempts through the services and settles who is affected.
    pub(super) fn resolve(&mut self, fresh: Vec<u64>) {
        // A calm second has written nothing else than what it will write again.
        let clean = std::mem::take(&mut self.scratch.calm);
        for s in &mut self.services {
            if clean {
                (s.flow.requests, s.flow.ok) = (0, 0);
            } else {
                s.flow = Flow::default();
            }
            s.tenants.iter_mut().for_each(|t| (t.requests, t.refused) = (0, 0));
            s.used = 0;
            s.station.waited_s = 0;
        }
        for e in &mut self.edges {
            if clean {
                (e.flow.sent, e.flow.ok) = (0, 0);
            } else {
                e.flow = EdgeFlow::default();
            }
        }
        let plan = std::sync::Arc::clone(&self.plan);
        let mut travel = Travel {
            plan: &plan,
            pressure: &self.pressure,
            leads: &self.leads,
            tables: &mut self.tables,
            services: &mut self.services,
            edges: &mut self.edges,
            sources: &mut self.sources,
            now: self.tick,
            depth: 0,
            folds: std::mem::take(&mut self.scratch.folds),
            calm_calls: plan.settles && !self.scratch.walk,
        };
        travel.open();
        if travel.settle_calm(&fresh, &mut self.scratch.ledger) {
            self.scratch.settled += 1;
            self.scratch.calm = true;
        } else {
            travel.give_up();
            travel.go_on();
            for (at, n) in fresh.iter().enumerate() {
                travel.set_out(at, *n);
            }
        }
        travel.close();
        self.scratch.folds = travel.folds;
        self.scratch.fresh = fresh;
        self.pressure.fresh = false;
        for at in 0..self.sources.len() {
            self.account(at);
        }
        if self.scratch.calm {
            for s in &mut self.services {
                s.total.requests += s.flow.requests;
                s.total.ok += s.flow.ok;
            }
            for e in &mut self.edges {
                e.total.sent += e.flow.sent;
                e.total.ok += e.flow.ok;
            }
            return;
        }
        for s in &mut self.services {
            let flow = s.flow;
            s.total.add(&flow);
        }
        for e in &mut self.edges {
            let flow = e.flow;
            e.total.add(&flow);
        }
    }

    /// Settles one source: who is affected after the attempts that ended in this second, and who tries again.
    fn account(&mut self, i: usize) {
        let now = self.tick;
        let (Some(spec), Some(s)) = (self.plan.sources.get(i), self.sources.get_mut(i)) else { return };
        s.failures = 0;
        let (mut first, mut first_ok, mut again_ok) = (0, 0, 0);
        for attempt in 0..s.tries.len() {
            let Some(t) = s.tries.get_mut(attempt) else { continue };
            let (done, ok) = (std::mem::take(&mut t.done), std::mem::take(&mut t.good));
            let failed = done - ok.min(done);
            s.failures += failed;
            if attempt == 0 {
                (first, first_ok) = (done, ok);
            } else {
                again_ok += ok;
            }
            if failed > 0 && attempt + 1 < spec.attempts {
                let willing = match spec.budget {
                    None => failed,
                    Some(_) => failed.min(s.tokens as u64),
                };
                s.tokens -= if spec.budget.is_some() { willing as f64 } else { 0.0 };
                let wait = spec.wait_s.get(attempt).or(spec.wait_s.last()).copied().unwrap_or(1).max(1);
                if willing > 0 {
                    s.waiting.push((now + wait, attempt + 1, willing));
                }
            }
        }
        s.failed_total += s.failures;
        s.unanswered = s.tries.iter().flat_map(|t| &t.waiting).map(|w| w.1).sum();
        let users = u128::from(spec.users.max(1));
        // First attempts come evenly from all users, so in whole numbers and with the remainder carried.
        s.draw += u128::from(first) * u128::from(s.affected);
        let mut from_affected = 0;
        if s.draw >= users {
            from_affected = u64::try_from(s.draw / users).unwrap_or(u64::MAX).min(first);
            s.draw %= users;
        }
        // Successes fall evenly on both kinds of users; carried too, or a small error rate would never let go of anyone.
        let ok_affected = s.luck.take(from_affected, Rate::share(first_ok, first));
        let ok_calm = first_ok - ok_affected.min(first_ok);
        let newly = (first - from_affected).saturating_sub(ok_calm).min(spec.users - s.affected.min(spec.users));
        let freed = ok_affected + again_ok;
        s.affected = (s.affected + newly).saturating_sub(freed);
    }
}

/// Memory that seconds use again, and how they are worked out; nothing of it outlasts a second.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    fresh: Vec<u64>,
    folds: Vec<travel::Fold>,
    ledger: Ledger,
    /// Whether every second is walked way by way, a calm one too.
    walk: bool,
    /// Whether the last second was settled service by service, and how many were.
    calm: bool,
    settled: u64,
}

impl World {
    /// Lets every second be walked way by way, a calm one too: slower, and the same to the last digit.
    pub fn walk_always(&mut self) {
        self.scratch.walk = true;
    }

    /// Seconds so far that were calm and settled service by service.
    pub fn seconds_settled(&self) -> u64 {
        self.scratch.settled
    }
}

/// Takes `n` out of a batch at the front, or at the back for what came last; what is left stays.
fn part<T>(
    from: &mut std::collections::VecDeque<T>,
    last: bool,
    n: u64,
    size: impl Fn(&mut T) -> &mut u64,
) -> Option<(T, u64)>
where
    T: Copy,
{
    let mut whole = if last { from.pop_back()? } else { from.pop_front()? };
    let has = *size(&mut whole);
    let taken = has.min(n);
    let mut rest = whole;
    if has > taken {
        *size(&mut rest) = has - taken;
        if last {
            from.push_back(rest);
        } else {
            from.push_front(rest);
        }
    }
    *size(&mut whole) = taken;
    Some((whole, taken))
}

impl World {
    /// Empties a cache; nothing happens to another kind of service.
    pub fn cool(&mut self, cache: &str) {
        if let Some(s) = self.plan.service(cache).and_then(|at| self.services.get_mut(at)) {
            s.warmth = 0.0;
        }
    }

    /// Fills a cache; nothing happens to another kind of service.
    pub fn warm(&mut self, cache: &str) {
        if let Some(s) = self.plan.service(cache).and_then(|at| self.services.get_mut(at)) {
            s.warmth = 1.0;
        }
    }
}
