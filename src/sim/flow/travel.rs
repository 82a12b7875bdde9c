//! The way of requests: into a service, on to what it calls, and back with an answer; depth first, within the second
//! unless something makes them wait.

use super::lead::{Lead, Led};
use super::part;
use crate::sim::carry::{Carry, Rate};
use crate::sim::plan::{EdgeAt, Kind, Plan, ServiceAt};
use crate::sim::queueing::Tables;
use crate::sim::state::{Answers, Batch, Edge, Origin, Pending, Service, Source};
use crate::sim::strain::{Cut, Pressure, Way};

/// Services and further attempts that one request may pass through in a second; a circle ends here.
const DEPTH_MAX: u32 = 48;

/// Redirects that a client follows.
const HOPS_MAX: u32 = 3;

/// What became of requests at a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Answered below 500.
    Good,
    /// It answered with an error of its own.
    Own,
    /// Something that it called failed.
    Call,
    /// Turned away for load.
    Shed,
    /// Turned away by a rate limit.
    Limited,
    /// Nothing listened.
    Refused,
}

/// What the carry of a number makes of a share of `n`; there is one for each number.
fn take(all: &mut Vec<Carry>, number: usize, n: u64, share: Rate) -> u64 {
    if all.len() <= number {
        all.resize(number + 1, Carry::default());
    }
    all.get_mut(number).map_or(0, |c| c.take(n, share))
}

/// Position of a tenant among all by its number.
fn tenant_at(number: u16) -> Option<usize> {
    usize::from(number).checked_sub(1)
}

/// Counts answers by what they were; where nothing listened there was none.
fn count(a: &mut Answers, fate: Fate, lead: Lead, n: u64) {
    match (fate, lead) {
        (Fate::Good, Lead::Page) => a.ok += n,
        (Fate::Good, Lead::Missing) => a.missing += n,
        (Fate::Good, _) => a.redirects += n,
        (Fate::Own, _) => a.own += n,
        (Fate::Call, _) => a.call += n,
        (Fate::Shed, _) => a.shed += n,
        (Fate::Limited, _) => a.limited += n,
        (Fate::Refused, _) => {}
    }
}

/// A batch that waits for those of its requests that make a call.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Fold {
    edge: EdgeAt,
    stage: u32,
    batch: Batch,
}

/// One second of requests on their way.
pub(super) struct Travel<'a> {
    pub plan: &'a Plan,
    pub pressure: &'a Pressure,
    pub leads: &'a [Vec<Led>],
    pub tables: &'a mut Tables,
    pub services: &'a mut [Service],
    pub edges: &'a mut [Edge],
    pub sources: &'a mut [Source],
    pub now: u64,
    pub depth: u32,
    /// Batches that are at a call now, the innermost last.
    pub folds: Vec<Fold>,
    /// Whether nothing is under way in any call and none can come late, so that the second may be a calm one.
    pub calm_calls: bool,
}

impl Travel<'_> {
    /// New and further attempts of a source set out.
    pub fn set_out(&mut self, at: usize, fresh: u64) {
        self.begin_attempts(at, fresh);
        self.attempt(at, 0, fresh);
        for _ in 0..self.sources.get(at).map_or(0, |s| s.due.len()) {
            let next = self.sources.get_mut(at).and_then(|s| s.due.pop());
            if let Some((attempt, n)) = next {
                self.attempt(at, attempt, n);
            }
        }
    }

    /// A source earns further attempts, and those that are due are counted.
    pub fn begin_attempts(&mut self, at: usize, fresh: u64) {
        let now = self.now;
        let Some(s) = self.sources.get_mut(at) else { return };
        if let Some(budget) = self.plan.sources.get(at).and_then(|p| p.budget) {
            // A budget saves up for ten seconds at most.
            s.tokens = (s.tokens + fresh as f64 * budget).min((fresh as f64 * budget * 10.0).max(1.0));
        }
        s.attempts = fresh;
        if s.waiting.is_empty() {
            return;
        }
        let mut due = std::mem::take(&mut s.waiting);
        due.retain(|(t, attempt, n)| {
            let ready = *t <= now;
            if ready {
                s.attempts += n;
                s.due.push((*attempt, *n));
            }
            !ready
        });
        s.waiting = due;
    }

    fn attempt(&mut self, at: usize, attempt: usize, n: u64) {
        let Some(plan) = self.plan.sources.get(at).filter(|_| n > 0) else { return };
        let Some(way) = self.pressure.ways.get(self.plan.edges.len() + at) else { return };
        let endpoint = plan.endpoint.map(|e| e as u32);
        let mut left = n;
        for (k, m) in way.moved.iter().enumerate() {
            let Some(s) = self.sources.get_mut(at) else { return };
            let n = take(&mut s.moved_carry, k, n, m.share).min(left);
            left -= n;
            self.enter_by(at, attempt, &m.way, (m.to, self.plan.endpoint_at(plan.service, endpoint, m.to)), n);
        }
        self.enter_by(at, attempt, way, (plan.service, endpoint), left);
    }

    /// Clients go to a service by a way.
    fn enter_by(&mut self, at: usize, attempt: usize, way: &Way, to: (ServiceAt, Option<u32>), n: u64) {
        let Some(s) = self.sources.get_mut(at) else { return };
        let Some(t) = s.tries.get_mut(attempt).filter(|_| n > 0) else { return };
        if let Some(cut) = way.cut {
            t.done += n;
            if cut == Cut::TimedOut {
                s.timeouts += n;
            } else {
                s.turned += n;
            }
            return;
        }
        let lost = s.loss_carry.take(n, way.loss);
        t.done += lost;
        s.timeouts += lost;
        let turned = s.turned_carry.take(n - lost, way.turned);
        t.done += turned;
        s.turned += turned;
        let n = n - lost - turned;
        if n == 0 {
            return;
        }
        t.waiting.push_back((self.now, n));
        let from = Origin::Source { at: at as u32, attempt: attempt as u32, hop: 0 };
        let tenant = self.plan.sources.get(at).map_or(0, |p| p.tenant);
        self.arrive(to.0, Batch { from, endpoint: to.1, tenant, since: self.now, n });
    }

    /// Requests arrive at a service: taken on while it has room, else they wait, else they are turned away.
    pub fn arrive(&mut self, at: ServiceAt, b: Batch) {
        let (Some(s), Some(strain)) = (self.services.get_mut(at), self.pressure.strain.get(at)) else { return };
        s.flow.requests += b.n;
        s.flow.queued += b.n as i64;
        if let Some(n) = b.endpoint.and_then(|e| s.by_endpoint.get_mut(e as usize)) {
            *n += b.n;
        }
        let number = tenant_at(b.tenant);
        if let Some(t) = number.and_then(|i| s.tenants.get_mut(i)) {
            t.requests += b.n;
            t.started += b.n;
        }
        if strain.ready == 0 || self.depth >= DEPTH_MAX {
            return self.finish(at, b, Fate::Refused);
        }
        if strain.reject {
            return self.finish(at, b, Fate::Own);
        }
        let own = strain.of_tenant(number);
        let own_limit = match number.and_then(|i| s.tenants.get_mut(i)) {
            Some(t) if own.limited != Rate::ZERO => t.limit_carry.take(b.n, own.limited),
            _ => 0,
        };
        let left = b.n - own_limit;
        let limited = if strain.limited == Rate::ZERO { 0 } else { s.limit_carry.take(left, strain.limited) };
        let limited = own_limit + limited;
        let left = b.n - limited;
        let turned = if strain.shed == Rate::ZERO { 0 } else { s.shed_carry.take(left, strain.shed) };
        if limited + turned > 0 {
            self.finish(at, Batch { n: limited, ..b }, Fate::Limited);
            self.finish(at, Batch { n: turned, ..b }, Fate::Shed);
        }
        let b = Batch { n: left - turned, ..b };
        let (Some(s), Some(strain)) = (self.services.get_mut(at), self.pressure.strain.get(at)) else { return };
        // First come, first served: nobody passes those who wait.
        let taken = if s.station.waiting.is_empty() { b.n.min(s.station.room) } else { 0 };
        let left = b.n - taken;
        if left > 0 {
            let bound = self.plan.services.get(at).map_or(0, |p| p.queue.saturating_mul(strain.ready));
            let held = left.min(bound.saturating_sub(s.queue));
            if held > 0 {
                s.queue += held;
                s.station.waiting.push_back(Batch { n: held, ..b });
            }
            if left > held {
                self.finish(at, Batch { n: left - held, ..b }, Fate::Shed);
            }
        }
        self.take_on(at, Batch { n: taken, ..b });
    }

    /// A service works on requests.
    pub fn take_on(&mut self, at: ServiceAt, b: Batch) {
        let (Some(s), Some(strain)) = (self.services.get_mut(at), self.pressure.strain.get(at)) else { return };
        if b.n == 0 {
            return;
        }
        s.used += b.n;
        s.station.room = s.station.room.saturating_sub(b.n);
        s.station.waited_s += (self.now - b.since.min(self.now)) * b.n;
        let number = tenant_at(b.tenant);
        let own = strain.of_tenant(number).errors;
        let own = match number.and_then(|i| s.tenants.get_mut(i)) {
            Some(t) if own != Rate::ZERO => t.error_carry.take(b.n, own),
            _ => 0,
        };
        let bad = own + s.error_carry.take(b.n - own, strain.errors);
        if bad > 0 {
            self.finish(at, Batch { n: bad, ..b }, Fate::Own);
        }
        self.stage(at, Batch { n: b.n - bad, ..b }, 0);
    }

    /// Requests make their calls in turn, from the `stage`-th on, and are done with after the last.
    pub fn stage(&mut self, at: ServiceAt, b: Batch, stage: u32) {
        let Some(plan) = self.plan.services.get(at) else { return };
        let own = b.endpoint.and_then(|e| plan.endpoints.get(e as usize)).and_then(|e| e.calls.as_ref());
        let calls = own.unwrap_or(&plan.calls);
        let mut left = b.n;
        for (k, &e) in calls.iter().enumerate().skip(stage as usize) {
            let (Some(s), Some(edge), Some(call)) =
                (self.services.get_mut(at), self.plan.edges.get(e), self.edges.get_mut(e))
            else {
                return;
            };
            let needs = match &plan.kind {
                Kind::Cdn { origin, hit, .. } if edge.to == *origin => {
                    let hit = if s.warmth < 1.0 { Rate::of_f64(hit.to_f64() * s.warmth).capped() } else { *hit };
                    left - s.hit_carry.take(left, hit)
                }
                Kind::Cache { origin, hit, .. } if edge.to == *origin => {
                    left - s.hit_carry.take(left, Rate::of_f64(hit * s.warmth).capped())
                }
                _ => call.share_carry.take(left, edge.share),
            };
            if needs == 0 {
                continue;
            }
            left -= needs;
            let caller = Batch { n: needs, ..b };
            if s.sick_until.is_some() {
                self.finish(at, caller, Fate::Call);
                continue;
            }
            // Those that are answered at once go on together with those that need not call: otherwise every call would
            // divide them further.
            let stage = k as u32;
            self.folds.push(Fold { edge: e, stage, batch: Batch { n: 0, ..b } });
            self.call(e, Pending { batch: caller, stage, tries: 0, since: self.now });
            left += self.folds.pop().map_or(0, |f| f.batch.n);
        }
        self.finish(at, Batch { n: left, ..b }, Fate::Good);
    }

    /// The caller goes on after a call: with its batch, if that is still at this call, else by itself.
    fn go_on_after(&mut self, e: EdgeAt, p: Pending) {
        let Some(plan) = self.plan.edges.get(e) else { return };
        let same = |f: &&mut Fold| {
            let (a, b) = (f.batch, p.batch);
            f.edge == e
                && f.stage == p.stage
                && (a.from, a.endpoint, a.tenant, a.since) == (b.from, b.endpoint, b.tenant, b.since)
        };
        match self.folds.last_mut().filter(same) {
            Some(fold) => fold.batch.n += p.batch.n,
            None => self.stage(plan.from, p.batch, p.stage + 1),
        }
    }

    /// Makes a call, or makes it wait for a connection.
    pub fn call(&mut self, e: EdgeAt, p: Pending) {
        let Some(call) = self.edges.get_mut(e) else { return };
        let n = p.batch.n;
        if call.open && call.breaker.probes == 0 {
            call.flow.broken += n;
            return self.without(e, p);
        }
        call.breaker.probes = call.breaker.probes.saturating_sub(n);
        let now = n.min(call.room);
        call.room -= if call.room == u64::MAX { 0 } else { now };
        if n > now {
            call.pool.push_back(Pending { batch: Batch { n: n - now, ..p.batch }, ..p });
        }
        if now > 0 {
            self.send(e, Pending { batch: Batch { n: now, ..p.batch }, ..p });
        }
    }

    /// The call goes out.
    pub fn send(&mut self, e: EdgeAt, p: Pending) {
        let (Some(plan), Some(call)) = (self.plan.edges.get(e), self.edges.get_mut(e)) else { return };
        let n = p.batch.n;
        call.flow.sent += n;
        call.flow.retries += if p.tries > 0 { n } else { 0 };
        call.tokens += plan.budget.map_or(0.0, |b| if p.tries == 0 { n as f64 * b } else { 0.0 });
        let Some(way) = self.pressure.ways.get(e) else { return };
        // An edge or a cache passes the path on; a call names none.
        let behind = |at: ServiceAt| {
            let from = self.plan.services.get(at)?;
            let e = from.endpoints.get(p.batch.endpoint? as usize)?;
            matches!(from.kind, Kind::Cdn { .. } | Kind::Cache { .. }).then_some(e.behind?)
        };
        let endpoint = behind(plan.from).map(|e| e as u32);
        let mut left = n;
        for (k, m) in way.moved.iter().enumerate() {
            let Some(call) = self.edges.get_mut(e) else { return };
            let n = take(&mut call.moved_carry, k, n, m.share).min(left);
            left -= n;
            let to = (m.to, self.plan.endpoint_at(plan.to, endpoint, m.to));
            self.send_by(e, &m.way, to, Pending { batch: Batch { n, ..p.batch }, ..p });
        }
        self.send_by(e, way, (plan.to, endpoint), Pending { batch: Batch { n: left, ..p.batch }, ..p });
    }

    /// A call goes to a service by a way.
    fn send_by(&mut self, e: EdgeAt, way: &Way, to: (ServiceAt, Option<u32>), p: Pending) {
        let Some(call) = self.edges.get_mut(e).filter(|_| p.batch.n > 0) else { return };
        let n = p.batch.n;
        if let Some(cut) = way.cut {
            match cut {
                Cut::TimedOut => call.flow.timeouts += n,
                _ => call.flow.cut += n,
            }
            return self.failed(e, p);
        }
        let lost = call.loss_carry.take(n, way.loss);
        if lost > 0 {
            call.flow.timeouts += lost;
            self.failed(e, Pending { batch: Batch { n: lost, ..p.batch }, ..p });
        }
        let Some(call) = self.edges.get_mut(e) else { return };
        let turned = call.turned_carry.take(n - lost, way.turned);
        if turned > 0 {
            call.flow.cut += turned;
            self.failed(e, Pending { batch: Batch { n: turned, ..p.batch }, ..p });
        }
        let n = n - lost - turned;
        if n == 0 {
            return;
        }
        if let Some(call) = self.edges.get_mut(e) {
            call.waiting.push_back(Pending { batch: Batch { n, ..p.batch }, since: self.now, ..p });
        }
        self.depth += 1;
        let (from, tenant) = (Origin::Edge(e as u32), p.batch.tenant);
        self.arrive(to.0, Batch { from, endpoint: to.1, tenant, since: self.now, n });
        self.depth -= 1;
    }

    /// A service is done with requests: its own books, then whoever waits.
    pub fn finish(&mut self, at: ServiceAt, b: Batch, fate: Fate) {
        let Some(s) = self.services.get_mut(at).filter(|_| b.n > 0) else { return };
        let leads = self.leads.get(at);
        let led = match (b.endpoint, b.from) {
            (None, Origin::Edge(_)) => None,
            (e, _) => Some(leads.and_then(|l| e.map_or(l.last(), |e| l.get(e as usize)))),
        };
        let Some(led) = led else { return self.answer(at, b, fate, Lead::Page) };
        let Some(Led { lead, wrong }) = led.copied() else { return self.answer(at, b, fate, Lead::Missing) };
        let mut astray = 0;
        if let (Fate::Good, Some((share, to))) = (fate, wrong) {
            astray = s.wrong_carry.take(b.n, share);
            self.answer(at, Batch { n: astray, ..b }, fate, to);
        }
        self.answer(at, Batch { n: b.n - astray, ..b }, fate, lead);
    }

    /// Requests are answered, and led where this leads.
    fn answer(&mut self, at: ServiceAt, b: Batch, fate: Fate, lead: Lead) {
        let Some(s) = self.services.get_mut(at).filter(|_| b.n > 0) else { return };
        let n = b.n;
        s.flow.queued -= n as i64;
        let slot = b.endpoint.map_or(s.answers.len().saturating_sub(1), |e| e as usize);
        let of_tenant = tenant_at(b.tenant).map(|t| slot * s.tenants.len() + t);
        let own = of_tenant.and_then(|at| s.answers_of.get_mut(at));
        for a in s.answers.get_mut(slot).into_iter().chain(own) {
            count(a, fate, lead, n);
        }
        match (fate, lead) {
            (Fate::Good, Lead::Page) => s.flow.ok += n,
            (Fate::Good, Lead::Missing) => s.flow.missing += n,
            (Fate::Good, _) => s.flow.redirects += n,
            (Fate::Shed, _) => s.flow.shed += n,
            (Fate::Limited, _) => s.flow.limited += n,
            (Fate::Own, _) => {
                s.flow.failed += n;
                s.flow.own += n;
            }
            (Fate::Refused, _) => {
                s.flow.failed += n;
                s.flow.refused += n;
            }
            (Fate::Call, _) => s.flow.failed += n,
        }
        // What is turned away at the door is the newest that its caller waits for.
        let newest = matches!(fate, Fate::Shed | Fate::Limited | Fate::Refused) && b.since == self.now;
        if let Some(t) = tenant_at(b.tenant).and_then(|i| s.tenants.get_mut(i)) {
            match fate {
                Fate::Good => t.ok += n,
                Fate::Limited => t.limited += n,
                _ => t.failed += n,
            }
            t.refused += if fate == Fate::Refused { n } else { 0 };
        }
        match b.from {
            Origin::Edge(e) => self.answered(e as usize, at, n, fate, newest),
            Origin::Source { at: source, attempt, hop } => match (fate, lead) {
                (Fate::Good, Lead::To { at, endpoint }) if hop < HOPS_MAX => {
                    let n = n - self.detour(source as usize, attempt as usize, at, n);
                    if n == 0 {
                        return;
                    }
                    let from = Origin::Source { at: source, attempt, hop: hop + 1 };
                    self.depth += 1;
                    let endpoint = endpoint.map(|e| e as u32);
                    self.arrive(at, Batch { from, endpoint, tenant: b.tenant, since: self.now, n });
                    self.depth -= 1;
                }
                (fate, lead) => {
                    let page = matches!(lead, Lead::Page | Lead::Staging { page: true });
                    self.told(source as usize, attempt as usize, Some(at), n, fate == Fate::Good && page, newest);
                }
            },
        }
    }

    /// Clients are on their way to another service: how many do not get there.
    fn detour(&mut self, source: usize, attempt: usize, to: ServiceAt, n: u64) -> u64 {
        let found = self.pressure.detours.iter().find(|d| d.source == source && d.to == to);
        let (Some(d), Some(s)) = (found, self.sources.get_mut(source)) else { return 0 };
        let lost = if d.way.cut == Some(Cut::TimedOut) { n } else { s.loss_carry.take(n, d.way.loss) };
        let turned = match d.way.cut {
            Some(_) => n - lost,
            None => s.turned_carry.take(n - lost, d.way.turned),
        };
        s.timeouts += lost;
        s.turned += turned;
        self.told(source, attempt, None, lost + turned, false, false);
        lost + turned
    }

    /// Share of good answers that come too late from a service which is not the one that is meant; `None` from that.
    fn late_elsewhere(&self, way: usize, by: Option<ServiceAt>) -> Option<Rate> {
        let way = self.pressure.ways.get(way)?;
        let m = way.moved.iter().find(|m| Some(m.to) == by)?;
        let patience = match way.timeout_s.is_finite() {
            true => way.timeout_s,
            false => return Some(Rate::ZERO),
        };
        Some(self.services.get(m.to)?.later_than(patience - m.way.latency_s))
    }

    /// Clients get their answers.
    fn told(&mut self, at: usize, attempt: usize, by: Option<ServiceAt>, n: u64, good: bool, newest: bool) {
        let other = self.late_elsewhere(self.plan.edges.len() + at, by);
        let Some(s) = self.sources.get_mut(at) else { return };
        let late = if good { other.unwrap_or(s.late) } else { Rate::ZERO };
        let Some(t) = s.tries.get_mut(attempt) else { return };
        let gone = if newest { 0 } else { n.min(t.zombies) };
        t.zombies -= gone;
        let mut left = n - gone;
        while left > 0 {
            let Some((_, k)) = part(&mut t.waiting, newest, left, |w| &mut w.1) else { break };
            left -= k;
            t.done += k;
            if good {
                let late = s.late_carry.take(k, late);
                s.timeouts += late;
                t.good += k - late;
            }
        }
    }

    /// A call comes back; whoever has given up no longer hears it.
    fn answered(&mut self, e: EdgeAt, by: ServiceAt, n: u64, fate: Fate, newest: bool) {
        let good = fate == Fate::Good;
        let other = self.late_elsewhere(e, Some(by));
        let Some(call) = self.edges.get_mut(e) else { return };
        let gone = if newest { 0 } else { n.min(call.zombies) };
        call.zombies -= gone;
        let mut left = n - gone;
        while left > 0 {
            let Some(call) = self.edges.get_mut(e) else { return };
            let Some((p, k)) = part(&mut call.waiting, newest, left, |p| &mut p.batch.n) else { return };
            left -= k;
            let late = if good { call.late_carry.take(k, other.unwrap_or(call.late)) } else { 0 };
            if good {
                call.flow.ok += k - late;
                call.flow.timeouts += late;
            } else {
                call.flow.errors += k;
                call.flow.refused += if fate == Fate::Refused { k } else { 0 };
                call.flow.shed += if fate == Fate::Shed { k } else { 0 };
                call.flow.limited += if fate == Fate::Limited { k } else { 0 };
            }
            let some = |n: u64| Pending { batch: Batch { n, ..p.batch }, ..p };
            if good {
                if late > 0 {
                    self.failed(e, some(late));
                }
                if k > late {
                    self.next(e, some(k - late));
                }
            } else {
                self.failed(e, some(k));
            }
        }
    }

    /// A call was answered well.
    fn next(&mut self, e: EdgeAt, p: Pending) {
        let Some(plan) = self.plan.edges.get(e) else { return };
        // Only what was fetched is in the cache then.
        if let (Some(Kind::Cache { origin, objects, .. }), Some(s)) =
            (self.plan.services.get(plan.from).map(|s| &s.kind), self.services.get_mut(plan.from))
            && *origin == plan.to
        {
            s.warmth = (s.warmth + p.batch.n as f64 / *objects as f64).min(1.0);
        }
        self.go_on_after(e, p);
    }

    /// A call failed: again if there is patience left, else the caller does without or fails.
    pub fn failed(&mut self, e: EdgeAt, p: Pending) {
        let (Some(plan), Some(call)) = (self.plan.edges.get(e), self.edges.get_mut(e)) else { return };
        let mut again = if p.tries < plan.retries && self.depth < DEPTH_MAX { p.batch.n } else { 0 };
        if plan.budget.is_some() {
            again = again.min(call.tokens as u64);
            call.tokens -= again as f64;
        }
        let left = p.batch.n - again;
        call.flow.exhausted += if plan.retries > 0 { left } else { 0 };
        if again > 0 {
            let retry = Pending { batch: Batch { n: again, ..p.batch }, tries: p.tries + 1, ..p };
            if plan.wait_s == 0 {
                self.depth += 1;
                self.call(e, retry);
                self.depth -= 1;
            } else {
                call.again.push((self.now + plan.wait_s, retry));
            }
        }
        if left > 0 {
            self.without(e, Pending { batch: Batch { n: left, ..p.batch }, ..p });
        }
    }

    /// No answer, and no further attempt.
    pub fn without(&mut self, e: EdgeAt, p: Pending) {
        let Some(plan) = self.plan.edges.get(e) else { return };
        if plan.optional {
            self.go_on_after(e, p);
        } else {
            self.finish(plan.from, p.batch, Fate::Call);
        }
    }
}
