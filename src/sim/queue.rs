//! Work queues: items in the order in which they came, what spoils them, and the workers that take them.

use crate::fact::FactKind;
use crate::scenario::QueueMore;
use crate::sim::World;
use crate::sim::carry::{Carry, Rate};
use crate::sim::change::At;
use crate::sim::phase::{Comeback, changed, die};
use crate::sim::plan::QueuePlan;
use crate::sim::state::UnitState;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// Batches of a backlog from which on later ones are coarser, and how coarse, seconds.
const MANY: usize = 600;
const COARSE_S: i64 = 10;

/// Batches that a backlog of the opening is told as.
const OPENING_BATCHES: u64 = 60;

/// A work queue.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Queue {
    /// Items waiting.
    pub waiting: u64,
    /// Items that failed and were not put back: the dead letters.
    pub failed: u64,
    /// Items arrived since the opening.
    pub arrived_total: u64,
    /// Items completed since the opening.
    pub done_total: u64,
    /// Items failed since the opening.
    pub failed_total: u64,
    /// Items ever put back.
    pub requeued_total: u64,
    /// Items dropped because they were too old.
    pub expired_total: u64,
    /// Items turned away because the queue was full; they never arrived.
    pub rejected_total: u64,
    /// Items dropped by a purge.
    pub purged_total: u64,
    /// Items delivered again after a failed delivery.
    pub redelivered_total: u64,
    /// Whether consumers were told to take nothing.
    pub paused: bool,
    /// Items offered and turned away in this second.
    pub(super) offered: u64,
    pub(super) rejected: u64,
    pub(super) arrival: Carry,
    pub(super) work: Carry,
    feed: Carry,
    entered: Carry,
    luck: Carry,
    /// Requests of the feeding endpoint that were counted.
    fed: u64,
    /// What waits, oldest first.
    batches: VecDeque<Batch>,
    /// Items that a worker holds and cannot complete.
    held: Vec<Held>,
    /// Items among the dead letters that spoil whoever takes them: that fail, that kill.
    dead: [u64; 2],
}

/// Items that came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Batch {
    /// Tick of their arrival; before the opening negative.
    since: i64,
    n: u64,
    kind: Kind,
    /// Deliveries so far.
    tries: u64,
}

/// What an item does to its consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Kind {
    /// It is completed.
    Plain,
    /// It fails after a while.
    Fails,
    /// Its consumer dies of it.
    Kills,
}

/// An item that was taken and not completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Held {
    item: Batch,
    /// Tick at which it is delivered again or put aside.
    until: u64,
    /// Whether a worker is busy with it until then.
    blocks: bool,
}

impl Queue {
    /// At the opening: what waits came over the time that it took to build up.
    pub(super) fn new(waiting: u64, failed: u64, arrivals: Rate, ttl_s: Option<u64>) -> Queue {
        let mut q = Queue { waiting, failed, ..Queue::default() };
        let rate = arrivals.to_f64();
        let built = if rate > 0.0 { (waiting as f64 / rate) as u64 } else { 0 };
        let age = built.min(ttl_s.unwrap_or(u64::MAX)).min(7 * 86_400);
        let batches = OPENING_BATCHES.min(waiting).max(1);
        for i in 0..batches {
            let n = waiting * (i + 1) / batches - waiting * i / batches;
            let since = -i64::try_from(age * (batches - i) / batches).unwrap_or(0);
            q.push(Batch { since, n, kind: Kind::Plain, tries: 0 });
        }
        q
    }

    /// Items that wait, a worker holds, or lie among the dead letters, and spoil whoever takes them.
    pub(super) fn poisonous(&self) -> u64 {
        let waiting: u64 = self.batches.iter().filter(|b| b.kind != Kind::Plain).map(|b| b.n).sum();
        waiting + self.held.iter().filter(|h| h.item.kind != Kind::Plain).count() as u64
    }

    /// Items that a worker holds without completing them.
    pub fn held(&self) -> u64 {
        self.held.len() as u64
    }

    /// Age of the oldest item that waits or is held, seconds; 0 if there is none.
    pub fn oldest_s(&self, tick: u64) -> u64 {
        let oldest = self.batches.front().map(|b| b.since);
        let held = self.held.iter().map(|h| h.item.since).min();
        let since = oldest.into_iter().chain(held).min();
        since.map_or(0, |s| u64::try_from(tick as i64 - s).unwrap_or(0))
    }

    /// Deliveries of the item that holds the workers up; 0 if nothing does.
    pub fn deliveries(&self) -> u64 {
        self.held.iter().map(|h| h.item.tries).max().unwrap_or(0)
    }

    fn push(&mut self, batch: Batch) {
        if batch.n == 0 {
            return;
        }
        let many = self.batches.len() >= MANY;
        match self.batches.back_mut() {
            Some(last)
                if (last.kind, last.tries) == (batch.kind, batch.tries)
                    && (last.since == batch.since || many && batch.since - last.since < COARSE_S) =>
            {
                last.n += batch.n;
            }
            _ => self.batches.push_back(batch),
        }
    }

    /// Takes one item from the front.
    fn pop(&mut self) -> Option<Batch> {
        let front = self.batches.front_mut()?;
        let item = Batch { n: 1, ..*front };
        front.n -= 1;
        if front.n == 0 {
            self.batches.pop_front();
        }
        self.waiting = self.waiting.saturating_sub(1);
        Some(item)
    }

    /// Items come.
    fn arrive(&mut self, n: u64, bound: Option<u64>, tick: i64) {
        let room = bound.map_or(n, |b| b.saturating_sub(self.waiting).min(n));
        self.offered = n;
        self.rejected = n - room;
        self.rejected_total += self.rejected;
        self.arrived_total += room;
        self.waiting += room;
        self.push(Batch { since: tick, n: room, kind: Kind::Plain, tries: 0 });
    }

    /// Drops what is too old; how many.
    fn expire(&mut self, ttl_s: u64, tick: i64) -> u64 {
        let mut dropped = 0;
        let oldest = tick.saturating_sub(i64::try_from(ttl_s).unwrap_or(i64::MAX));
        while let Some(front) = self.batches.front().filter(|b| b.since < oldest) {
            dropped += front.n;
            self.batches.pop_front();
        }
        self.waiting = self.waiting.saturating_sub(dropped);
        self.expired_total += dropped;
        dropped
    }

    /// Puts an item aside with the failed ones.
    fn bury(&mut self, item: Batch) {
        self.failed += item.n;
        self.failed_total += item.n;
        match item.kind {
            Kind::Plain => {}
            Kind::Fails => self.dead[0] += item.n,
            Kind::Kills => self.dead[1] += item.n,
        }
    }

    /// Items whose time is up are delivered again, or put aside after their last delivery.
    fn redeliver(&mut self, more: &QueueMore, tick: u64) {
        if self.held.is_empty() {
            return;
        }
        let (due, rest): (Vec<Held>, Vec<Held>) = self.held.drain(..).partition(|h| h.until <= tick);
        self.held = rest;
        for h in due {
            if more.deliveries > 0 && h.item.tries >= more.deliveries {
                self.bury(h.item);
            } else {
                self.redelivered_total += 1;
                self.waiting += 1;
                self.batches.push_front(h.item);
            }
        }
    }

    /// Items come that spoil whoever takes them.
    pub(super) fn poison(&mut self, n: u64, kills: bool, tick: i64) {
        let kind = if kills { Kind::Kills } else { Kind::Fails };
        self.arrived_total += n;
        self.waiting += n;
        self.push(Batch { since: tick, n, kind, tries: 0 });
    }

    /// Items that spoil whoever takes them become ordinary ones (their consumer can handle them now).
    pub(super) fn cure(&mut self) {
        let held = self.held.iter_mut().map(|h| &mut h.item);
        for item in self.batches.iter_mut().chain(held) {
            item.kind = Kind::Plain;
        }
        self.dead = [0; 2];
    }

    /// Puts the dead letters back, those that spoil their consumer too; how many.
    pub(super) fn requeue(&mut self, tick: i64) -> u64 {
        let n = self.failed;
        let [fails, kills] = self.dead;
        self.requeued_total += n;
        self.waiting += n;
        self.failed = 0;
        self.dead = [0; 2];
        let plain = n.saturating_sub(fails + kills);
        for (n, kind) in [(plain, Kind::Plain), (fails, Kind::Fails), (kills, Kind::Kills)] {
            self.push(Batch { since: tick, n, kind, tries: 0 });
        }
        n
    }

    /// Drops everything that waits or is held; how many.
    pub(super) fn purge(&mut self) -> u64 {
        let n = self.waiting + self.held();
        self.purged_total += n;
        self.waiting = 0;
        self.batches.clear();
        self.held.clear();
        n
    }

    /// Puts the item that a worker holds, else the one at the head, aside; whether there was one.
    pub(super) fn skip(&mut self) -> bool {
        let item = if self.held.is_empty() { self.pop() } else { Some(self.held.remove(0).item) };
        item.map(|i| self.bury(i)).is_some()
    }
}

impl World {
    /// A second of one queue: things come, grow old, are taken.
    pub(super) fn work(&mut self, at: usize, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let (Some(spec), Some(slot)) = (plan.queues.get(at), self.queues.get_mut(at)) else { return };
        let mut q = std::mem::take(slot);
        let tick = i64::try_from(self.tick).unwrap_or(i64::MAX);
        let coming = q.arrival.take(1, self.flooded(at, spec)) + self.fed(&mut q, spec);
        q.arrive(coming, spec.more.bound, tick);
        if let Some(ttl) = spec.more.ttl {
            let dropped = q.expire(ttl.0, tick);
            self.lose_items(&spec.name, dropped * spec.more.precious, facts);
        }
        q.redeliver(&spec.more, self.tick);
        let ready = self.workers_of(spec);
        let runs = (spec.workers.is_empty() || ready > 0) && !q.paused;
        // Capacity that finds nothing to do is gone.
        let capacity = if runs { self.capacity_of(&mut q, at, spec, ready) } else { 0 };
        for _ in 0..capacity.min(q.waiting) {
            let Some(item) = q.pop() else { break };
            if !self.take_item(&mut q, spec, item, facts) {
                break;
            }
        }
        if let Some(slot) = self.queues.get_mut(at) {
            *slot = q;
        }
    }

    /// After the prehistory: the queues as the scenario has them, with the spoilt items that faults put there.
    pub(super) fn open_queues(&mut self) {
        self.queues = crate::sim::read::first_queues(&self.plan.spec);
        for (at, severity) in self.change_faults() {
            if let At::Poison { queue, items, crashes } = at
                && let Some(q) = self.queues.get_mut(queue)
            {
                q.poison(((items as f64 * severity) as u64).max(1), crashes, 0);
            }
        }
    }

    /// Items were lost for good.
    pub(super) fn lose_items(&mut self, queue: &str, amount: u64, facts: &mut Vec<FactKind>) {
        if amount > 0 {
            self.lost += amount;
            facts.push(FactKind::DurableLoss { amount, what: format!("queue {queue}") });
        }
    }

    /// Items that arrive by themselves.
    fn flooded(&self, at: usize, spec: &QueuePlan) -> Rate {
        let flood = self.dial(|a, severity| a.flood(at).map(|f| 1.0 + (f - 1.0).max(0.0) * severity));
        flood.map_or(spec.arrivals, |f| spec.arrivals.times(f))
    }

    /// Items that requests of an endpoint put in: those that were not turned away.
    fn fed(&self, q: &mut Queue, spec: &QueuePlan) -> u64 {
        let Some((service, endpoint, each)) = spec.fed_by else { return 0 };
        let Some(s) = self.services.get(service) else { return 0 };
        let total = s.by_endpoint.get(endpoint).copied().unwrap_or(0);
        let came = total.saturating_sub(q.fed);
        q.fed = total;
        if self.still {
            return 0;
        }
        let admitted = s.flow.requests.saturating_sub(s.flow.shed + s.flow.limited);
        let entered = q.entered.take(came, Rate::share(admitted, s.flow.requests));
        q.feed.take(entered, each)
    }

    /// How many items the workers can complete in this second.
    fn capacity_of(&self, q: &mut Queue, at: usize, spec: &QueuePlan, ready: u64) -> u64 {
        let slow = self.dial(|a, severity| a.slow(at).map(|f| 1.0 + (f - 1.0).max(0.0) * severity));
        let worker = spec.workers.first().and_then(|w| self.pressure.strain.get(*w)).map_or(1.0, |s| s.factor);
        let rate = spec.rate.times(1.0 / (slow.unwrap_or(1.0) * worker).max(1.0));
        let busy = q.held.iter().filter(|h| h.blocks).count() as u64;
        let workers = ready.max(1);
        let free = workers.saturating_sub(busy);
        match (spec.more.per_worker, busy) {
            (true, _) => q.work.take(free, rate),
            (false, 0) => q.work.take(1, rate),
            (false, _) => q.work.take(1, rate.times(free as f64 / workers as f64)),
        }
    }

    /// A worker takes an item; whether the others can go on in this second.
    fn take_item(&mut self, q: &mut Queue, spec: &QueuePlan, item: Batch, facts: &mut Vec<FactKind>) -> bool {
        let item = Batch { tries: item.tries + 1, ..item };
        let until = self.tick + spec.more.redeliver.0.max(1);
        match item.kind {
            Kind::Fails => {
                q.held.push(Held { item, until, blocks: true });
                return self.workers_of(spec) > q.held();
            }
            Kind::Kills => {
                // A worker that cannot die of it is busy with it.
                let died = self.kill_worker(spec, facts);
                q.held.push(Held { item, until, blocks: !died });
                return died && self.workers_of(spec) > 0;
            }
            Kind::Plain => {}
        }
        let now = self.utc();
        let room = spec.needs.as_ref().is_none_or(|(host, mount, bytes)| {
            let avail = self.hosts.get(host).and_then(|h| h.vfs.mount_of(mount)).map_or(0, |m| m.avail());
            avail >= *bytes && avail > 0
        });
        let mut left = true;
        // An item without the room that it needs does not start, so it leaves nothing behind.
        if let (Some((host, path, bytes)), true, false) = (&spec.leaves, room, self.still) {
            let number = q.done_total + q.failed_total;
            let wrote = self.hosts.get_mut(host).map_or(0, |h| h.vfs.grow(path, *bytes, number, now));
            left = wrote == *bytes;
        }
        let well = q.luck.take(1, self.worker_errors(spec)) == 0;
        if room && left && well {
            q.done_total += 1;
        } else if item.tries < spec.more.deliveries {
            q.held.push(Held { item, until, blocks: false });
        } else {
            q.bury(item);
        }
        true
    }

    /// Share of items that its worker fails, for what weighs on the worker or because what it calls fails.
    fn worker_errors(&self, spec: &QueuePlan) -> Rate {
        let Some(worker) = spec.workers.first() else { return Rate::ZERO };
        let strain = self.pressure.strain.get(*worker);
        let own = strain.map_or(Rate::ZERO, |s| if s.reject { Rate::ONE } else { s.errors });
        let calls = self.plan.services.get(*worker).map_or(&[][..], |s| &s.calls);
        calls.iter().fold(own, |all, e| all.or(self.call_fails(*e)))
    }

    /// Share of a worker's items that a call of it fails: an item needs the call as often as a request would.
    fn call_fails(&self, edge: usize) -> Rate {
        let (Some(e), Some(way)) = (self.plan.edges.get(edge), self.pressure.ways.get(edge)) else { return Rate::ZERO };
        let Some(s) = self.pressure.strain.get(e.to).filter(|_| !e.optional) else { return Rate::ZERO };
        if way.cut.is_some() || s.ready == 0 || s.reject {
            return e.share;
        }
        // What others see of the service, else what weighs on it.
        let flow = self.services.get(e.to).map(|s| s.flow).unwrap_or_default();
        let seen = Rate::share(flow.errors(), flow.requests);
        let fails =
            way.loss.or(way.turned).or(if flow.requests > 0 { seen } else { s.errors.or(s.shed).or(s.limited) });
        fails.times(e.share.to_f64()).capped()
    }

    /// Replicas that work on a queue.
    fn workers_of(&self, spec: &QueuePlan) -> u64 {
        let ready = |at: usize| self.pressure.strain.get(at).map_or(u64::MAX, |s| s.ready);
        spec.workers.iter().map(|w| self.replicas_up(*w).min(ready(*w))).sum()
    }

    /// Kills a unit that works on a queue; whether there was one.
    fn kill_worker(&mut self, spec: &QueuePlan, facts: &mut Vec<FactKind>) -> bool {
        let (now, tick) = (self.utc(), self.tick);
        let plan = Arc::clone(&self.plan);
        let replicas = spec.workers.iter().filter_map(|w| plan.services.get(*w)).flat_map(|s| &s.replicas);
        for r in replicas {
            let Some(name) = &r.unit else { continue };
            let unit = self.hosts.get_mut(&r.host).and_then(|h| h.units.get_mut(name));
            let Some(u) = unit.filter(|u| u.state == UnitState::Active) else { continue };
            let file = plan.spec.hosts.get(&r.host).and_then(|h| h.units.get(name));
            die(u, "core-dump", now, tick, Comeback::of(file));
            facts.push(changed(format!("unit {}:{name}", r.host), UnitState::Failed.word()));
            return true;
        }
        false
    }
}
