//! Replicas that a platform runs: asked for, placed, started, probed, killed for memory, evicted, replaced.

use super::autoscale::Scaler;
use super::check::{Asked, Carries, ask};
use super::cohort::{Cohort, Phase, Why};
use super::event::{Events, Reason};
use super::host::Power;
use super::plan::{CapacityPlan, GroupPlan};
use super::revision::{Ended, Needs, Revision};
use super::share::{Load, stretch};
use super::{CapacityState, Seen};
use crate::scenario::GoesFirst;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// Seconds that a replica takes to end when it is told to.
pub(super) const GRACE_S: u64 = 5;

/// Seconds until replicas of a node that does not answer are made anew elsewhere.
const NODE_LOST_S: u64 = 300;

/// Seconds until a node that does not answer is taken out of the balancers.
pub(super) const NODE_GRACE_S: u64 = 40;

/// Share of a node's memory in use above which the platform evicts, and that it hands out at most.
const EVICT_ABOVE: f64 = 0.95;

/// Seconds between evictions on a node, and for which it takes nobody new afterwards.
const EVICT_EVERY_S: u64 = 10;
const PRESSURE_S: u64 = 300;

/// The replicas of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    /// How many there should be.
    pub desired: u64,
    /// Those that are there, by common history.
    pub cohorts: Vec<Cohort>,
    /// Its autoscaler.
    pub scaler: Option<Scaler>,
    /// Timeouts of its probes where somebody changed them, milliseconds.
    pub readiness_ms: Option<f64>,
    /// Of the liveness probe.
    pub liveness_ms: Option<f64>,
    /// What its replicas are made from, oldest first; the last one is what new replicas get.
    pub revisions: Vec<Revision>,
    /// Whether a change of the revision waits until somebody lets it go on.
    pub paused: bool,
    /// Thousandths of the replicas that may run the newest revision: all but in a staged rollout.
    pub cap_permille: u64,
    /// Since when it moves from one revision to another.
    pub moving: Option<u64>,
    /// Whether somebody deleted it.
    pub gone: bool,
    /// How many there should have been before automation took some away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated: Option<u64>,
    /// What its platform reported lately.
    pub events: Events,
    /// Replicas that ended, the newest last.
    pub ended: VecDeque<Ended>,
    /// Seconds that its first replicas had run at the opening.
    pub aged_s: u64,
    /// Why the last replica that was asked for was not made.
    pub refused: Option<String>,
    /// Killed for memory, evicted, and restarted by a probe, since the opening.
    pub oom_kills: u64,
    /// Evicted.
    pub evictions: u64,
    /// Restarts of any kind.
    pub restarts: u64,
    /// Which of those that take requests goes first.
    #[serde(skip_serializing_if = "is_usual")]
    goes_first: GoesFirst,
    pub(super) clock: u64,
    next: u64,
    carries: Carries,
    crash: f64,
    pub(super) stretch: f64,
    pub(super) throttled: f64,
}

fn is_usual(first: &GoesFirst) -> bool {
    *first == GoesFirst::Youngest
}

/// A replica as `kubectl get pods` lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PodRow {
    /// Name.
    pub name: String,
    /// Whether it takes requests.
    pub ready: bool,
    /// `Running`, `Pending`, `CrashLoopBackOff`, …
    pub status: &'static str,
    /// Restarts.
    pub restarts: u32,
    /// Seconds since it was made.
    pub age_s: u64,
    /// Node.
    pub node: Option<String>,
    /// Memory in use, bytes.
    pub memory: u64,
    /// Why it waits or ended last, in the platform's words; empty if all is well.
    pub event: String,
}

/// The quota as the platform counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuotaRow {
    /// Counted, rightly or not.
    pub used: u64,
    /// Allowed.
    pub hard: u64,
}

impl Group {
    /// All running and ready, spread over the nodes.
    pub(super) fn new(plan: &GroupPlan, name: &str) -> Group {
        let first = Revision::first(plan, name);
        let template = first.key;
        let mut g = Group {
            desired: plan.replicas,
            scaler: plan.autoscale.as_ref().map(|a| Scaler::new(a.min, a.max)),
            goes_first: plan.autoscale.as_ref().map_or(GoesFirst::Youngest, |a| a.scale_in.first),
            stretch: 1.0,
            revisions: vec![first],
            cap_permille: 1_000,
            ..Group::default()
        };
        let nodes = plan.nodes.len().max(1) as u64;
        for i in 0..nodes {
            let n = plan.replicas / nodes + u64::from(i < plan.replicas % nodes);
            if n > 0 {
                let mut c = Cohort::pending(g.next, n, 0, template);
                c.node = plan.nodes.get(i as usize).copied();
                c.phase = Phase::Running;
                c.ready = true;
                g.next += n;
                g.cohorts.push(c);
            }
        }
        g
    }

    /// Those that are there and not on their way out.
    pub fn alive(&self) -> u64 {
        self.count(Cohort::counts)
    }

    /// Those that run, ready or not.
    pub fn running(&self) -> u64 {
        self.count(|c| c.phase == Phase::Running)
    }

    /// Those that take requests.
    pub fn ready(&self) -> u64 {
        self.count(Cohort::serves)
    }

    /// How many of a kind.
    pub fn count(&self, which: impl Fn(&Cohort) -> bool) -> u64 {
        self.cohorts.iter().filter(|c| which(c)).map(|c| c.n).sum()
    }

    pub(super) fn mark_gray(&mut self, replicas: u64) {
        let mut left = replicas;
        let mut more = Vec::new();
        for c in self.cohorts.iter_mut().filter(|c| c.serves()) {
            let mut part = c.split(left);
            left -= part.n;
            part.gray = true;
            more.push(part);
        }
        self.cohorts.extend(more);
        self.cohorts.retain(|c| c.n > 0);
    }

    pub(super) fn unmark_gray(&mut self) {
        self.cohorts.iter_mut().for_each(|c| c.gray = false);
    }

    /// Moves its times to a clock that starts again at `past`.
    pub(super) fn rebase(&mut self, past: u64) {
        for c in &mut self.cohorts {
            c.until = c.until.saturating_sub(past);
            c.born = c.born.saturating_sub(past);
            c.since = c.since.saturating_sub(past);
        }
        if let Some(s) = &mut self.scaler {
            s.rebase(past);
        }
        self.events.clear();
        self.ended.clear();
        self.moving = self.moving.map(|t| t.saturating_sub(past));
    }

    /// Tells `n` to end: first those without a place, then those that take no requests, then the youngest, the oldest or
    /// those of the fullest node, as its policy has it.
    pub(super) fn shrink(&mut self, n: u64, tick: u64) {
        self.shrink_those(n, tick, |_| true);
    }

    /// The same among those that `which` names.
    pub(super) fn shrink_those(&mut self, n: u64, tick: u64, which: impl Fn(&Cohort) -> bool) {
        let policy = self.goes_first;
        // From the fullest node one goes at a time: then another one may be the fullest.
        let steps = if policy == GoesFirst::Crowded { n } else { 1 };
        for _ in 0..steps {
            let mut on: BTreeMap<Option<usize>, u64> = BTreeMap::new();
            self.cohorts.iter().filter(|c| c.counts()).for_each(|c| *on.entry(c.node).or_default() += c.n);
            let rank = |c: &Cohort| {
                let place = match policy {
                    GoesFirst::Oldest => c.first,
                    GoesFirst::Youngest => u64::MAX - c.first,
                    GoesFirst::Crowded => u64::MAX - on.get(&c.node).copied().unwrap_or(0),
                };
                (c.serves(), c.phase == Phase::Running, place, u64::MAX - c.first)
            };
            self.cohorts.sort_by_key(rank);
            self.dismiss(tick, n / steps.max(1), &which);
        }
    }

    /// Tells those that `which` names to end.
    pub(super) fn dismiss(&mut self, tick: u64, most: u64, which: impl Fn(&Cohort) -> bool) -> u64 {
        let (mut left, mut more) = (most, Vec::new());
        for c in self.cohorts.iter_mut().filter(|c| c.counts() && which(c)) {
            if left == 0 {
                break;
            }
            let mut part = c.split(left);
            left -= part.n;
            self.events.say(tick, Reason::Deleted, &part);
            if part.placed() {
                self.events.say(tick, Reason::Killing, &part);
                part.phase = Phase::Terminating;
                part.ready = false;
                part.until = tick + GRACE_S;
                more.push(part);
            }
        }
        self.cohorts.extend(more);
        self.cohorts.retain(|c| c.n > 0);
        most - left
    }
}

impl CapacityState {
    /// Replicas of every group: one second of the platform's controllers.
    pub(super) fn replicate(&mut self, plan: &CapacityPlan, seen: &[Seen]) {
        for (at, s) in plan.services.iter().enumerate() {
            let Some(group) = &s.managed else { continue };
            self.autoscale(plan, at, seen);
            self.lose_nodes(at, group.start);
            self.want(plan, at);
            self.place(plan, at, group);
            self.live(plan, at, group, seen);
        }
        self.evict(plan);
        self.gray_gone(plan);
    }

    /// Replicas of nodes that do not answer take no requests once that is noticed, and are given up after a while;
    /// those of a node that is back start again.
    fn lose_nodes(&mut self, at: usize, start: u64) {
        let tick = self.tick;
        let hosts = &self.hosts;
        let dark = |c: &Cohort| {
            let h = c.node.and_then(|n| hosts.get(n)).filter(|h| h.power != Power::On);
            h.map(|h| tick.saturating_sub(h.off_since))
        };
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        g.part_with(tick, |c| dark(c).is_some_and(|s| s >= NODE_LOST_S), Why::None);
        for c in &mut g.cohorts {
            match dark(c) {
                Some(s) => {
                    c.ready &= s < NODE_GRACE_S;
                    c.lost = true;
                }
                None if c.lost => {
                    c.lost = false;
                    if c.phase == Phase::Running {
                        (c.phase, c.until, c.ready, c.leaked) = (Phase::Starting, tick + start.max(1), false, 0.0);
                        c.restarts = c.restarts.saturating_add(1);
                    }
                }
                None => {}
            }
        }
    }

    /// Asks for more or tells some to end, so that there are as many as wanted, of the revision that is wanted.
    fn want(&mut self, plan: &CapacityPlan, at: usize) {
        let tick = self.tick;
        let used = self.quota_used();
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        g.part_with(tick, |c| c.phase == Phase::Terminating && c.until <= tick, Why::None);
        let (more, key, less_old) = g.moves(tick);
        if less_old > 0 {
            let now = g.key();
            g.shrink_those(less_old, tick, |c| c.template != now);
        }
        let room = plan.quota.map_or(more, |q| q.saturating_sub(used).min(more));
        let hard = plan.quota.unwrap_or(0);
        g.refused = (room < more).then(|| {
            format!("exceeded quota: compute-quota, requested: pods=1, used: pods={used}, limited: pods={hard}")
        });
        if let Some(why) = &g.refused {
            g.events.refused(tick, why);
        }
        if room > 0 {
            let new = Cohort::pending(g.next, room, tick, key);
            g.next += room;
            g.events.say(tick, Reason::Created, &new);
            g.cohorts.push(new);
        }
        if g.moving.is_some() && g.moved() {
            g.moving = None;
        }
        g.note_sizes(tick);
    }

    /// Replicas that count against the quota, those that only the books know included.
    pub(super) fn quota_used(&self) -> u64 {
        let real: u64 = self.groups.iter().flatten().flat_map(|g| &g.cohorts).map(|c| c.n).sum();
        real.saturating_add(self.quota_phantom)
    }

    /// Addresses of the pool that are taken.
    pub(super) fn addresses_used(&self) -> u64 {
        let placed = self.groups.iter().flatten().map(|g| g.count(Cohort::placed)).sum::<u64>();
        placed.saturating_add(self.addresses_held as u64)
    }

    /// Pending replicas get an address and a node, if there are any.
    fn place(&mut self, plan: &CapacityPlan, at: usize, group: &GroupPlan) {
        let pending = |g: &Group| g.count(|c| c.phase == Phase::Pending);
        let waiting = self.groups.get(at).and_then(Option::as_ref).map_or(0, pending);
        if waiting == 0 {
            return;
        }
        let tick = self.tick;
        let mut addresses = plan.addresses.map_or(u64::MAX, |most| most.saturating_sub(self.addresses_used()));
        let needs = self.group(at).map(|g| g.needs(group)).unwrap_or_default();
        let mut room: Vec<(usize, u64)> = group.nodes.iter().map(|n| (*n, self.room_on(plan, *n, &needs))).collect();
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        let (mut placed, events) = (Vec::new(), &mut g.events);
        for c in g.cohorts.iter_mut().filter(|c| c.phase == Phase::Pending) {
            loop {
                let free = if group.nodes.is_empty() {
                    Some((None, u64::MAX))
                } else {
                    // The one with the most room, the first of equals.
                    let best = room.iter().copied().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
                    best.filter(|b| b.1 > 0).map(|(node, _)| (Some(node), 1))
                };
                c.why = match (free, addresses) {
                    (None, _) => Why::NoRoom,
                    (_, 0) => Why::NoAddress,
                    _ => Why::None,
                };
                if c.n > 0 && c.why != Why::None && tick.is_multiple_of(30) {
                    events.say(tick, if c.why == Why::NoRoom { Reason::NoRoom } else { Reason::NoAddress }, c);
                }
                let Some((node, n)) = free.filter(|_| addresses > 0 && c.n > 0) else { break };
                let mut part = c.split(n.min(addresses));
                addresses -= part.n;
                if let Some(r) = room.iter_mut().find(|r| Some(r.0) == node) {
                    r.1 -= part.n;
                }
                part.node = node;
                part.phase = Phase::Starting;
                part.why = Why::None;
                part.until = tick + group.start.max(1);
                events.say(tick, Reason::Scheduled, &part);
                placed.push(part);
            }
        }
        g.cohorts.extend(placed);
        g.cohorts.retain(|c| c.n > 0);
        g.merge();
    }

    /// How many more of a group fit on a node by what they request.
    pub(super) fn room_on(&self, plan: &CapacityPlan, node: usize, needs: &Needs) -> u64 {
        let (Some(host), Some(h)) = (plan.hosts.get(node), self.hosts.get(node)) else { return 0 };
        if h.power != Power::On || h.cordoned || h.pressure_until > self.tick {
            return 0;
        }
        let (mut cpu, mut memory) = (0.0, 0.0);
        for (s, g) in plan.services.iter().zip(&self.groups) {
            let (Some(p), Some(g)) = (&s.managed, g) else { continue };
            let n = g.count(|c| c.node == Some(node) && c.placed()) as f64;
            let needs = g.needs(p);
            cpu += n * needs.cpu;
            memory += n * needs.memory as f64;
        }
        let fits = |free: f64, each: f64| if each > 0.0 { (free / each + 1e-9).max(0.0) as u64 } else { u64::MAX };
        let by_cpu = fits(host.cores - cpu, needs.cpu);
        by_cpu.min(fits(host.memory as f64 * EVICT_ABOVE - memory, needs.memory as f64))
    }

    /// Those with a place start, run, leak, are probed and end.
    fn live(&mut self, plan: &CapacityPlan, at: usize, group: &GroupPlan, seen: &[Seen]) {
        let tick = self.tick;
        let Some(s) = plan.services.get(at) else { return };
        let now = seen.get(at).copied().unwrap_or_default();
        let memory = self.memory_leak(&s.name);
        let crashes = self.crashes(&s.name);
        let factor = self.services.get(at).map_or(1.0, |x| x.factor);
        let in_flight = self.services.get(at).map_or(0.0, |x| x.in_flight) + now.waiting as f64;
        let usual = |c: Option<super::plan::CheckPlan>, own: Option<f64>| {
            own.or(c.map(|c| c.timeout_ms)).map_or(f64::MAX, |ms| self.probe_timeout(&s.name, ms))
        };
        let g = self.groups.get(at).and_then(Option::as_ref);
        let (readiness_ms, liveness_ms) = (
            usual(group.readiness, g.and_then(|g| g.readiness_ms)),
            usual(group.liveness, g.and_then(|g| g.liveness_ms)),
        );
        let down: Vec<bool> = self.hosts.iter().map(|h| h.power != Power::On).collect();
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        let alone = |c: &Cohort| c.node.is_some_and(|n| down.get(n).copied().unwrap_or(false));
        let ready = g.ready().max(1) as f64;
        let (mut more, mut killed, mut starts) = (Vec::new(), 0, false);
        let (revisions, events) = (&g.revisions, &mut g.events);
        let of = |c: &Cohort| revisions.iter().rev().find(|r| r.key == c.template);
        for c in g.cohorts.iter_mut().filter(|c| !alone(c)) {
            match c.phase {
                Phase::BackOff if c.until <= tick => {
                    c.phase = Phase::Starting;
                    c.until = tick + group.start.max(1);
                }
                Phase::Starting if c.until <= tick && of(c).is_some_and(|r| r.image.is_some()) => {
                    c.no_image(tick);
                    events.say(tick, Reason::NoImage, c);
                }
                Phase::Starting if c.until <= tick => {
                    g.crash += c.n as f64 * crashes;
                    let mut part = c.split(g.crash as u64);
                    g.crash -= part.n as f64;
                    let part_ended = part.n > 0;
                    if part_ended {
                        part.since = tick;
                        events.say(tick, Reason::Started, &part);
                        part.end(Why::Error, tick);
                        events.say(tick, Reason::BackOff, &part);
                        more.push(part);
                    }
                    starts |= c.n > 0 || part_ended;
                    c.phase = Phase::Running;
                    c.since = tick;
                    c.ready = group.readiness.is_none();
                    if c.n > 0 {
                        events.say(tick, Reason::Started, c);
                    }
                }
                Phase::Running => {
                    let own = if c.ready { now.used as f64 / ready } else { 0.0 };
                    c.leaked += memory.0 + memory.1 * own;
                    let held = if c.ready { s.connection as f64 * in_flight / ready } else { 0.0 };
                    let limit = of(c).map_or(group.memory_limit, |r| r.needs.memory_limit);
                    if limit.is_some_and(|most| group.base as f64 + c.leaked + held > most as f64) {
                        // They do not all cross the line in the same second.
                        let mut part = c.split(c.n.div_ceil(8));
                        killed += part.n;
                        part.end(Why::OomKilled, tick);
                        events.say(tick, Reason::BackOff, &part);
                        more.push(part);
                    }
                }
                _ => {}
            }
        }
        g.oom_kills += killed;
        g.cohorts.extend(more);
        let asked = Asked {
            loaded_ms: now.latency_ms,
            idle_ms: s.time_s * 1e3 * factor,
            readiness_ms,
            liveness_ms,
            warm: s.warm,
            cold: s.cold,
            tick,
        };
        let before: u64 = g.cohorts.iter().map(|c| u64::from(c.restarts) * c.n).sum();
        ask(group, &mut g.cohorts, &mut g.carries, &asked, &mut g.events);
        let after: u64 = g.cohorts.iter().map(|c| u64::from(c.restarts) * c.n).sum();
        g.restarts += after.saturating_sub(before) + killed;
        g.cohorts.retain(|c| c.n > 0);
        if starts {
            self.started.push(at);
        }
    }

    /// Nodes short of memory evict whoever uses most beyond what was requested; it will be made anew elsewhere.
    fn evict(&mut self, plan: &CapacityPlan) {
        let tick = self.tick;
        if self.groups.iter().all(Option::is_none) {
            return;
        }
        for node in 0..plan.hosts.len() {
            let total = plan.hosts.get(node).map_or(0, |h| h.memory) as f64;
            let used = self.used_bytes(plan, node);
            let Some(h) = self.hosts.get(node) else { continue };
            if h.power != Power::On || used < total * EVICT_ABOVE || h.evict_at > tick {
                continue;
            }
            let over = |c: &Cohort, p: &GroupPlan| p.base as f64 + c.leaked - p.memory as f64;
            let mut worst: Option<(usize, usize, f64)> = None;
            for (at, (s, g)) in plan.services.iter().zip(&self.groups).enumerate() {
                let (Some(p), Some(g)) = (&s.managed, g) else { continue };
                for (i, c) in g.cohorts.iter().enumerate() {
                    let here = c.node == Some(node) && matches!(c.phase, Phase::Running | Phase::Starting);
                    if here && worst.is_none_or(|w| over(c, p) > w.2) {
                        worst = Some((at, i, over(c, p)));
                    }
                }
            }
            let Some((at, i, _)) = worst else { continue };
            if let Some(h) = self.hosts.get_mut(node) {
                h.evict_at = tick + EVICT_EVERY_S;
                h.pressure_until = tick + PRESSURE_S;
            }
            if let Some(Some(g)) = self.groups.get_mut(at)
                && let Some(c) = g.cohorts.get_mut(i)
            {
                let part = c.split(1);
                g.events.say(tick, Reason::Evicted, &part);
                g.cohorts.retain(|c| c.n > 0);
                g.bury(tick, part, Why::Evicted);
                g.evictions += 1;
                let new = Cohort::pending(g.next, 1, tick, g.key());
                g.events.say(tick, Reason::Created, &new);
                g.next += 1;
                g.cohorts.push(new);
            }
        }
    }

    /// What the replicas on a node want of its cores: service and load.
    pub(super) fn node_loads(&mut self, plan: &CapacityPlan, node: usize, disk: f64) -> Vec<(usize, Load)> {
        let mut loads = Vec::new();
        for (at, s) in plan.services.iter().enumerate() {
            let Some(p) = &s.managed else { continue };
            let throttle = self.services.get(at).and_then(|x| x.throttle);
            let (in_flight, burn, elsewhere) =
                self.services.get(at).map_or((0.0, 1.0, 0.0), |x| (x.in_flight, x.burn, x.elsewhere_s));
            let Some(Some(g)) = self.groups.get_mut(at) else { continue };
            let ready = g.ready().max(1) as f64;
            let load =
                Load { requests: in_flight / ready, cpu_s: s.cpu_s() * burn, wait_s: s.wait_s(disk) + elsewhere };
            let limit = match (g.needs(p).cpu_limit, throttle) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            g.stretch = limit.map_or(1.0, |q| stretch(q, &[load], 0.0));
            let wanted = load.cores(1.0);
            g.throttled = if g.stretch > 1.0 && wanted > 0.0 { 1.0 - load.cores(g.stretch) / wanted } else { 0.0 };
            let here = g.count(|c| c.node == Some(node) && c.serves()) as f64;
            if here > 0.0 {
                // Held back by its own limit, a replica wants no more than that of the node.
                let requests = load.requests * here / g.stretch;
                loads.push((at, Load { requests, ..load }));
            }
        }
        loads
    }
}

impl Group {
    /// Puts together what has the same history and stands side by side.
    fn merge(&mut self) {
        self.cohorts.sort_by_key(|c| c.first);
        let mut out: Vec<Cohort> = Vec::with_capacity(self.cohorts.len());
        for c in self.cohorts.drain(..) {
            match out.last_mut() {
                Some(last)
                    if last.first + last.n == c.first && Cohort { first: c.first, n: c.n, ..last.clone() } == c =>
                {
                    last.n += c.n;
                }
                _ => out.push(c),
            }
        }
        self.cohorts = out;
    }
}
