//! Demand and resolve: whole attempts of whole users, down the call graph and back, in integers that always add up.

use crate::scenario::{Fault, ReplySpec};
use crate::sim::World;
use crate::sim::carry::{Rate, split};
use crate::sim::plan::{Kind, Replica, ServiceAt, example, matches, parts};
use crate::sim::state::{Flow, UnitState};

/// Services that one request may pass through; a cycle in a scenario ends here.
const DEPTH_MAX: u32 = 8;

/// What became of a batch of requests at a service.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answers {
    /// Answered below 400, a redirect included.
    pub good: u64,
    /// Everything else.
    pub bad: u64,
}

/// Where an endpoint leads a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To a page of this content type.
    Page(String),
    /// Nowhere: there is no such path.
    Missing,
    /// Elsewhere: the location, with holes.
    Redirect(String),
}

impl World {
    /// Replicas of a service that run now; a managed one always does.
    pub(super) fn replicas_up(&self, at: ServiceAt) -> u64 {
        let Some(s) = self.plan.services.get(at) else { return 0 };
        if s.replicas.is_empty() {
            return 1;
        }
        s.replicas.iter().filter(|r| self.replica_runs(r)).count() as u64
    }

    /// Whether the replica of a service on `host` runs.
    pub(super) fn replica_runs_on(&self, at: ServiceAt, host: &str) -> bool {
        let replicas = self.plan.services.get(at).map(|s| s.replicas.iter()).into_iter().flatten();
        replicas.filter(|r| r.host == host).any(|r| self.replica_runs(r))
    }

    fn replica_runs(&self, r: &Replica) -> bool {
        match (self.hosts.get(&r.host), &r.unit) {
            (Some(h), Some(unit)) => h.units.get(unit).is_some_and(|u| u.state == UnitState::Active),
            _ => true,
        }
    }

    /// Share of its requests that a fault makes a service answer with a 503.
    pub(super) fn error_share(&self, name: &str) -> Rate {
        let of = |f: &Fault| match f {
            Fault::Errors { service, share } if service == name => Some(Rate::of(&share.0).capped()),
            _ => None,
        };
        self.faults.iter().find_map(of).unwrap_or(Rate::ZERO)
    }

    /// Seconds that a service takes for one request when it is idle.
    pub(super) fn service_time_s(&self, at: ServiceAt) -> f64 {
        let Some(s) = self.plan.services.get(at) else { return 0.0 };
        let of = |f: &Fault| match f {
            Fault::Slow { service, factor } if *service == s.name => Some(factor.to_f64().max(1.0)),
            _ => None,
        };
        s.service_time_us as f64 / 1e6 * self.faults.iter().find_map(of).unwrap_or(1.0)
    }

    /// Requests a second that a service can handle; an edge, a bucket or one without numbers has no limit here.
    pub(super) fn capacity(&self, at: ServiceAt) -> u64 {
        let Some(s) = self.plan.services.get(at) else { return 0 };
        let time = self.service_time_s(at);
        if matches!(s.kind, Kind::Cdn { .. } | Kind::Bucket) || s.concurrency == 0 || time <= 0.0 {
            return u64::MAX;
        }
        ((self.replicas_up(at) * s.concurrency) as f64 / time) as u64
    }

    /// Whether an edge answers with errors what it does not hold itself.
    pub(super) fn sick(&self, at: ServiceAt) -> bool {
        self.services.get(at).is_some_and(|s| s.sick_until.is_some())
    }

    /// Where an endpoint of a service leads, as its release in production (or on staging) has it.
    pub(super) fn leads(&self, at: ServiceAt, endpoint: Option<usize>, staging: bool) -> Leads {
        let (Some(plan), Some(service)) = (self.plan.services.get(at), self.services.get(at)) else {
            return Leads::Missing;
        };
        let Some(e) = endpoint.and_then(|e| plan.endpoints.get(e)) else {
            let open = plan.endpoints.is_empty();
            return if open { Leads::Page("application/octet-stream".into()) } else { Leads::Missing };
        };
        let release = if staging { service.staging.as_ref() } else { service.release.as_ref() };
        if let Some(wrong) = self.plan.defect(release.map(String::as_str), &plan.name, &e.name) {
            return Leads::Redirect(wrong.to_owned());
        }
        match &e.reply {
            ReplySpec::Ok { content } => Leads::Page(content.clone()),
            ReplySpec::Redirect { location, .. } => Leads::Redirect(location.clone()),
        }
    }

    /// The endpoint of a service that answers `path`.
    pub(super) fn endpoint_for(&self, at: ServiceAt, path: &str) -> Option<usize> {
        self.plan.services.get(at)?.endpoints.iter().position(|e| matches(&e.path, path).is_some())
    }

    /// Where a client that follows `location` from `at` arrives; `None` if its host does not resolve.
    pub(super) fn follow(&self, at: ServiceAt, location: &str) -> Option<(ServiceAt, Option<usize>, bool)> {
        let filled = example(location);
        if !filled.contains("://") {
            return Some((at, self.endpoint_for(at, &filled), false));
        }
        let (_, host, path) = parts(&filled);
        let (to, staging) = self.plan.lookup(&host)?;
        Some((to, self.endpoint_for(to, &path), staging))
    }

    /// First attempts of every source in this second. A little noise moves them in time and never changes their sum.
    pub(super) fn demand(&mut self) -> Vec<u64> {
        let mut fresh = Vec::with_capacity(self.sources.len());
        for (spec, s) in self.plan.sources.iter().zip(&mut self.sources) {
            let base = self.plan.spec.traffic.get(&spec.name).map_or(Rate::ZERO, |t| {
                let surge = self.faults.iter().find_map(|f| match f {
                    Fault::Surge { traffic, factor } if *traffic == spec.name => Some(&factor.0),
                    _ => None,
                });
                Rate::of(&surge.map_or_else(|| t.rate.0.clone(), |factor| &t.rate.0 * factor))
            });
            let due = s.arrival.take(1, base).saturating_add(s.jitter);
            // Up to 3 % of a second's arrivals come a second late.
            s.jitter = self.traffic.below(due / 32 + 1);
            fresh.push(due - s.jitter);
        }
        fresh
    }

    /// Sends this second's attempts through the services and settles who is affected.
    pub(super) fn resolve(&mut self, fresh: Vec<u64>) {
        for s in &mut self.services {
            s.flow = Flow::default();
            s.used = 0;
        }
        let now = self.tick;
        let mut offers: Vec<Vec<u64>> = Vec::with_capacity(fresh.len());
        for (spec, (s, n)) in self.plan.sources.iter().zip(self.sources.iter_mut().zip(&fresh)) {
            let mut offer = vec![0; spec.attempts];
            if let Some(first) = offer.first_mut() {
                *first = *n;
            }
            s.waiting.retain(|(due, attempt, n)| {
                let ready = *due <= now;
                if ready && let Some(o) = offer.get_mut(*attempt) {
                    *o += n;
                }
                !ready
            });
            s.attempts = offer.iter().sum();
            offers.push(offer);
        }
        let plan = std::sync::Arc::clone(&self.plan);
        for (at, service) in plan.services.iter().enumerate() {
            if !service.entered_by.is_empty() {
                self.enter(at, &service.entered_by, &offers);
            }
        }
        for at in 0..self.services.len() {
            let latency = self.latency_ms(at, 0);
            if let Some(s) = self.services.get_mut(at) {
                s.latency_ms = latency;
                let flow = s.flow;
                s.total.add(&flow);
            }
        }
    }

    /// The attempts of all sources that enter at one service: admitted, queued or shed in proportion.
    fn enter(&mut self, at: ServiceAt, entered_by: &[usize], offers: &[Vec<u64>]) {
        let up = self.replicas_up(at);
        let room = self.capacity(at).saturating_sub(self.services.get(at).map_or(0, |s| s.used));
        // A listen queue is as deep as the pool behind it.
        let depth = self.plan.services.get(at).map_or(0, |s| s.concurrency.saturating_mul(up));
        let batches: Vec<(usize, Vec<u64>)> = entered_by
            .iter()
            .filter_map(|&i| {
                let queued = &self.sources.get(i)?.backlog;
                Some((i, offers.get(i)?.iter().zip(queued).map(|(a, b)| a + b).collect()))
            })
            .collect();
        let totals: Vec<u64> = batches.iter().map(|(_, b)| b.iter().sum()).collect();
        let total: u64 = totals.iter().sum();
        let (admitted, held) = if up == 0 { (0, 0) } else { (total.min(room), (total - total.min(room)).min(depth)) };
        let admitted = split(admitted, &totals);
        let over: Vec<u64> = totals.iter().zip(&admitted).map(|(t, a)| t - a).collect();
        let held = split(held, &over);
        for (((i, batch), total), (admitted, held)) in batches.iter().zip(&totals).zip(admitted.iter().zip(&held)) {
            let new: u64 = offers.get(*i).map_or(0, |o| o.iter().sum());
            let before: u64 = self.sources.get(*i).map_or(0, |s| s.backlog.iter().sum());
            let turned = total - admitted - held;
            let endpoint = self.plan.sources.get(*i).and_then(|s| s.endpoint);
            if let Some(s) = self.services.get_mut(at) {
                s.flow.requests += new;
                if let Some(n) = endpoint.and_then(|e| s.by_endpoint.get_mut(e)) {
                    *n += new;
                }
                s.flow.queued += *held as i64 - before as i64;
                s.used += admitted;
                if up == 0 {
                    s.flow.failed += turned;
                } else {
                    s.flow.shed += turned;
                }
            }
            let answers = self.pass(at, endpoint, *admitted, 0);
            let good = match self.leads(at, endpoint, false) {
                Leads::Page(_) => answers.good,
                Leads::Missing => 0,
                Leads::Redirect(location) => match self.follow(at, &location) {
                    None => 0,
                    Some((to, endpoint, staging)) => self.arrive(to, endpoint, staging, answers.good),
                },
            };
            self.account(*i, batch, *held, good);
        }
    }

    /// The second half of a redirected request: the client asks the other service and needs a page from it.
    fn arrive(&mut self, to: ServiceAt, endpoint: Option<usize>, staging: bool, n: u64) -> u64 {
        if staging {
            return if matches!(self.leads(to, endpoint, true), Leads::Page(_)) { n } else { 0 };
        }
        let good = self.call(to, endpoint, n, 0).good;
        if matches!(self.leads(to, endpoint, false), Leads::Page(_)) { good } else { 0 }
    }

    /// Sends `n` requests to a service from a client or another service.
    fn call(&mut self, at: ServiceAt, endpoint: Option<usize>, n: u64, depth: u32) -> Answers {
        if depth >= DEPTH_MAX {
            return Answers { good: n, bad: 0 };
        }
        let up = self.replicas_up(at) > 0;
        let capacity = self.capacity(at);
        let Some(s) = self.services.get_mut(at) else { return Answers { good: 0, bad: n } };
        s.flow.requests += n;
        if let Some(count) = endpoint.and_then(|e| s.by_endpoint.get_mut(e)) {
            *count += n;
        }
        if !up {
            s.flow.failed += n;
            return Answers { good: 0, bad: n };
        }
        let admitted = n.min(capacity.saturating_sub(s.used));
        s.used += admitted;
        s.flow.shed += n - admitted;
        let answers = self.pass(at, endpoint, admitted, depth);
        Answers { good: answers.good, bad: answers.bad + n - admitted }
    }

    /// What a service does with requests that it has admitted.
    fn pass(&mut self, at: ServiceAt, endpoint: Option<usize>, n: u64, depth: u32) -> Answers {
        let plan = std::sync::Arc::clone(&self.plan);
        let Some(spec) = plan.services.get(at) else { return Answers { good: 0, bad: n } };
        let share = self.error_share(&spec.name);
        let sick = self.sick(at);
        let leads = self.leads(at, endpoint, false);
        let Some(s) = self.services.get_mut(at) else { return Answers { good: 0, bad: n } };
        let mut good = n - s.error_carry.take(n, share);
        if let Kind::Cdn { origin, hit, .. } = &spec.kind {
            let hits = s.hit_carry.take(good, *hit);
            let misses = good - hits;
            let path = endpoint.and_then(|e| spec.endpoints.get(e)).map(|e| example(&e.path));
            let behind = path.and_then(|p| self.endpoint_for(*origin, &p));
            let fetched = if sick { 0 } else { self.call(*origin, behind, misses, depth + 1).good };
            good = hits + fetched;
        }
        for to in &spec.calls {
            good = self.call(*to, None, good, depth + 1).good;
        }
        if let Some(s) = self.services.get_mut(at) {
            s.flow.failed += n - good;
            match leads {
                Leads::Page(_) => s.flow.ok += good,
                Leads::Missing => s.flow.missing += good,
                Leads::Redirect(_) => s.flow.redirects += good,
            }
        }
        Answers { good, bad: n - good }
    }

    /// Settles one source: `good` of the attempts in `batch` succeeded for the user, `held` wait, the rest failed.
    fn account(&mut self, i: usize, batch: &[u64], held: u64, good: u64) {
        let plan = std::sync::Arc::clone(&self.plan);
        let now = self.tick;
        let (Some(spec), Some(s)) = (plan.sources.get(i), self.sources.get_mut(i)) else { return };
        s.backlog = split(held, batch);
        let done: Vec<u64> = batch.iter().zip(&s.backlog).map(|(b, q)| b - q).collect();
        let ok = split(good, &done);
        s.failures = 0;
        for (attempt, (done, ok)) in done.iter().zip(&ok).enumerate() {
            let failed = done - ok;
            s.failures += failed;
            if failed > 0 && attempt + 1 < spec.attempts {
                let wait = spec.wait_s.get(attempt).or(spec.wait_s.last()).copied().unwrap_or(1).max(1);
                s.waiting.push((now + wait, attempt + 1, failed));
            }
        }
        s.failed_total += s.failures;
        let (first, first_ok) = (done.first().copied().unwrap_or(0), ok.first().copied().unwrap_or(0));
        let again_ok: u64 = ok.iter().skip(1).sum();
        let users = u128::from(spec.users.max(1));
        // First attempts come evenly from all users, so in whole numbers and with the remainder carried.
        s.draw += u128::from(first) * u128::from(s.affected);
        let from_affected = u64::try_from(s.draw / users).unwrap_or(u64::MAX).min(first);
        s.draw %= users;
        // Successes fall evenly on both kinds of users; carried too, or a small error rate would never let go of anyone.
        let ok_affected = s.luck.take(from_affected, Rate::share(first_ok, first));
        let ok_calm = first_ok - ok_affected;
        let newly = (first - from_affected - ok_calm).min(spec.users - s.affected.min(spec.users));
        let freed = ok_affected + again_ok;
        s.affected = (s.affected + newly).saturating_sub(freed);
    }

    /// Mean time to answer: service time, waiting that rises steeply near saturation, and what it calls.
    fn latency_ms(&self, at: ServiceAt, depth: u32) -> f64 {
        let (Some(spec), Some(s)) = (self.plan.services.get(at), self.services.get(at)) else { return 0.0 };
        if depth >= DEPTH_MAX {
            return 0.0;
        }
        let own = self.service_time_s(at) * 1e3;
        let capacity = self.capacity(at);
        let mut total = own;
        if capacity != u64::MAX && capacity > 0 {
            let busy = (s.used as f64 / capacity as f64).min(0.995);
            let servers = (spec.concurrency * self.replicas_up(at)).max(1) as f64;
            // Sakasegawa's approximation of M/M/c waiting: busy^(sqrt(2(c+1)) - 1) / (c (1 - busy)) service times.
            let exponent = ((2.0 * (servers + 1.0)).sqrt() - 1.0) as u32;
            let mut power = 1.0;
            for _ in 0..exponent {
                power *= busy;
            }
            total += own * power / (servers * (1.0 - busy));
            let queued: u64 =
                spec.entered_by.iter().filter_map(|i| self.sources.get(*i)).flat_map(|s| &s.backlog).sum();
            total += queued as f64 / capacity as f64 * 1e3;
        }
        for to in &spec.calls {
            total += self.latency_ms(*to, depth + 1);
        }
        if let Kind::Cdn { origin, hit, .. } = &spec.kind
            && !self.sick(at)
            && self.replicas_up(*origin) > 0
        {
            total += (1.0 - hit.to_f64()) * self.latency_ms(*origin, depth + 1);
        }
        total
    }
}
