//! One second of the network: clocks run, caches run out, links fill, pushes reach further.

use super::dns::{Cohort, Entry, round};
use super::plan::Keeper;
use super::{NetState, seconds};
use crate::scenario::NetFault;
use crate::stdx::time::Utc;
use std::sync::Arc;

impl NetState {
    /// What it is like now, and a second of it if that `passes`: however often somebody looks, clocks run and answers run
    /// out once. `load` is attempts a second by route, `up` says whether a service has a replica that runs.
    pub(crate) fn tick(&mut self, now: Utc, load: &[f64], passes: bool, up: impl Fn(usize) -> bool) {
        let t = seconds(now);
        let plan = Arc::clone(&self.plan);
        if passes {
            for c in &mut self.clocks {
                if c.moves() {
                    c.step(now, plan.t0);
                    self.stale = true;
                }
            }
            self.race(t);
        }
        if !self.resolvers.is_empty() {
            self.ask_resolvers(load, &up);
        }
        if self.counts() {
            self.fill(load);
            self.stale = true;
        }
        if passes {
            self.run_out(t);
        }
        self.reach(t);
        if self.stale || t >= self.wakes {
            self.look_ahead(now, load);
            self.stale = false;
            self.wakes = self.next_wake(t);
        }
        self.count_turned(load);
    }

    /// Whether a second changes nothing of it, however much goes through: nothing moves by itself, nothing is at work
    /// and nothing is about to end. Then [`NetState::tick`] need not be asked.
    pub(crate) fn rests(&self, now: Utc) -> bool {
        let spec = &self.plan.spec;
        let bare = spec.resolvers.is_empty() && spec.edges.is_empty();
        bare && !self.stale
            && seconds(now) < self.wakes
            && self.conditions.is_empty()
            && self.entries.is_empty()
            && !self.clocks.iter().any(|c| c.moves())
            && !self.counts()
    }

    /// Whether anything depends on how much goes through.
    fn counts(&self) -> bool {
        let limits = self.edges.iter().any(|e| e.live.iter().any(|r| r.on && r.limit.is_some()));
        limits || self.plan.spec.links.values().any(|l| l.capacity.is_some())
    }

    /// The planner comes round and empties a record again.
    fn race(&mut self, t: u64) {
        if !self.planner {
            return;
        }
        let due: Vec<(String, f64)> = self
            .conditions
            .iter()
            .filter_map(|c| match &c.fault {
                NetFault::PlannerRace { record, every } if t > c.since => {
                    (t - c.since).is_multiple_of(every.0.max(1)).then(|| (record.clone(), c.severity))
                }
                _ => None,
            })
            .collect();
        for (record, severity) in due {
            if let Some(at) = self.plan.record(&record).filter(|at| self.records.get(*at).is_some_and(|r| !r.bad)) {
                self.set_record(at, Vec::new(), None, t, "dns-planner", severity, true);
            }
        }
    }

    fn ask_resolvers(&mut self, load: &[f64], up: &impl Fn(usize) -> bool) {
        let plan = Arc::clone(&self.plan);
        for (at, spec) in plan.spec.resolvers.values().enumerate() {
            let mut queries = 0.0;
            for (route, n) in plan.routes.iter().zip(load) {
                let Some(record) = route.record else { continue };
                let share = 1.0 / route.keepers.len().max(1) as f64;
                for k in route.keepers.iter().filter(|k| self.asks.get(**k).copied().flatten() == Some(at)) {
                    let all = n * share;
                    let kept = self.records.get(record).map_or(1, |r| r.kept_s(r.current()).max(1));
                    // A host asks once in a lifetime of the answer; a crowd has as many caches as requests or fewer.
                    let asked = match (spec.kept, plan.keepers.get(*k)) {
                        (false, _) => all,
                        (true, Some(Keeper::Source(_))) => all / kept as f64,
                        (true, _) => all.min(1.0 / kept as f64),
                    };
                    queries += asked * f64::from(spec.queries);
                }
            }
            let mut failing = 0.0;
            for c in &self.conditions {
                if let NetFault::ResolverFails { resolver, share } = &c.fault
                    && plan.spec.resolvers.keys().nth(at) == Some(resolver)
                {
                    failing = share.to_f64() * c.severity;
                }
            }
            let dead = plan.resolver_services.get(at).copied().flatten().is_some_and(|s| !up(s));
            let capacity = spec.capacity.as_ref().map_or(f64::INFINITY, |c| c.to_f64().max(1e-6));
            let used = queries / capacity;
            let over = if used > 1.0 { 1.0 - 1.0 / used } else { 0.0 };
            let failing = if dead { 1.0 } else { 1.0 - (1.0 - failing) * (1.0 - over) };
            let waits = if used >= 1.0 { WAIT_MAX_S } else { (used / (1.0 - used) / capacity).min(WAIT_MAX_S) };
            if let Some(r) = self.resolvers.get_mut(at) {
                let before = (r.failing, r.latency_s);
                r.queries = queries;
                r.failing = failing;
                r.latency_s = if capacity.is_finite() { waits } else { 0.0 };
                self.stale |= before != (r.failing, r.latency_s);
            }
        }
    }

    /// Links fill: what is over a link's capacity is lost, and what is near it waits.
    fn fill(&mut self, load: &[f64]) {
        self.relink();
        let plan = Arc::clone(&self.plan);
        for (path, n) in self.paths.iter().zip(load) {
            for c in &path.crossings {
                if let Some(l) = self.links.get_mut(c.link) {
                    l.offered += n * c.share;
                }
            }
        }
        for (l, spec) in self.links.iter_mut().zip(plan.spec.links.values()) {
            if !l.capacity.is_finite() {
                continue;
            }
            let (buffer, used) = (spec.buffer_us as f64 / 1e6, l.offered / l.capacity.max(1e-6));
            let wait = if used >= 1.0 { buffer } else { (used / (1.0 - used) / l.capacity.max(1e-6)).min(buffer) };
            l.latency_s += wait;
            if used > 1.0 {
                l.loss = 1.0 - (1.0 - l.loss) / used;
            }
        }
    }

    /// Caches: those who cannot ask lose what runs out, the others get what the record says now.
    fn run_out(&mut self, t: u64) {
        let trouble = self.resolvers.iter().any(|r| r.failing > 0.0)
            || self.links.iter().any(|l| l.down != [0.0; 2] || l.loss > 0.0 || l.gray > 0.0)
            || self.withdrawn.iter().any(|w| *w > 0.0);
        if trouble {
            for keeper in 0..self.plan.keepers.len() {
                if self.failing(keeper) > 0.0 && self.kept(keeper) {
                    for record in 0..self.records.len() {
                        self.hold(keeper, record, t);
                    }
                }
            }
        }
        if self.entries.is_empty() {
            return;
        }
        self.stale = true;
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain_mut(|e| {
            let failing = self.failing(e.keeper);
            self.records.get(e.record).is_some_and(|r| e.step(t, r, failing))
        });
        self.entries = entries;
    }

    /// Writes down what a keeper has of a record, before that changes.
    pub(crate) fn hold(&mut self, keeper: usize, record: usize, t: u64) {
        if self.entries.iter().any(|e| e.keeper == keeper && e.record == record) {
            return;
        }
        let Some(r) = self.records.get(record) else { return };
        let (answer, kept) = (r.current(), r.kept_s(r.current()).max(1));
        let since = r.answers.last().map_or(0, |a| a.since);
        let crowd = matches!(self.plan.keepers.get(keeper), Some(Keeper::Source(_)));
        let (from, to) = if crowd {
            ((t + 1).max(since + kept).min(t + kept), t + kept)
        } else {
            let at = t + round(t, kept, keeper, record);
            (at, at)
        };
        self.entries.push(Entry { keeper, record, cohorts: vec![Cohort { answer, share: 1.0, from, to }], none: 0.0 });
    }

    /// Pushes reach further.
    fn reach(&mut self, t: u64) {
        for (e, spec) in self.edges.iter_mut().zip(self.plan.spec.edges.values()) {
            for p in &mut e.pushes {
                if t >= p.next {
                    p.reached = (p.reached + spec.stage.to_f64()).min(1.0);
                    p.next = t + spec.every.0.max(1);
                    self.stale = true;
                }
            }
            e.pushes.retain(|p| p.reached < 1.0 - 1e-9);
            if e.purged.is_some_and(|p| t >= p + spec.cache_ttl.0) {
                e.purged = None;
            }
        }
    }

    /// When a certificate begins or ends for somebody, or a grace time is over.
    fn next_wake(&self, t: u64) -> u64 {
        let offsets: Vec<i64> = self.clocks.iter().map(|c| libm::floor(c.offset_us / 1e6) as i64).collect();
        let issues = self.certs.iter().flat_map(|c| c.loaded.iter().map(|l| l.uses));
        let ends = issues.flat_map(|i| [i.from, i.until]).flat_map(|at| {
            let shifted = offsets.iter().map(move |o| seconds(at.plus(-*o)));
            shifted.chain([seconds(at)]).collect::<Vec<_>>()
        });
        let graces = self.secrets.iter().filter_map(|s| s.grace_until);
        ends.chain(graces).filter(|at| *at > t).min().unwrap_or(u64::MAX)
    }

    fn count_turned(&mut self, load: &[f64]) {
        if self.edges.is_empty() {
            return;
        }
        let plan = Arc::clone(&self.plan);
        for ((name, spec), e) in plan.spec.edges.iter().zip(&mut self.edges) {
            for (i, rule) in spec.rules.values().enumerate() {
                let Some(to) = plan.service(name) else { continue };
                let ways = plan.routes.iter().zip(&self.passages).zip(load);
                let ways = ways.filter(|((r, _), _)| r.path.starts_with(&rule.path));
                let n: f64 = ways.map(|((r, p), n)| n * p.led_to(r.to, to)).sum();
                let share = e.verdict(i, n).turned();
                if let Some(slot) = e.turned.get_mut(i) {
                    *slot = n * share;
                }
            }
        }
    }
}

/// Longest that a look-up waits, seconds: two tries of a resolver library.
const WAIT_MAX_S: f64 = 2.0;
