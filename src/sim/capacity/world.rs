//! Where the room of machines and replicas meets the world: what it sees, what it presses, what it orders.

use crate::fact::FactKind;
use crate::scenario::{CapacityFault, Fault, Wake};
use crate::sim::capacity::{CapacityPlan, CapacityState, Order, Seen};
use crate::sim::carry::Rate;
use crate::sim::phase::{Comeback, changed, die};
use crate::sim::plan::{Kind, Plan};
use crate::sim::state::{Then, UnitState};
use crate::sim::strain::{Strain, Way};
use crate::sim::{Applied, CapacityEffect, Refusal, World};
use crate::stdx::rational::ratio;

/// How a unit ended that was killed for memory, as its init system says.
pub const OOM_KILL: &str = "oom-kill";

/// Why a unit does not run on a machine without power.
const NO_POWER: &str = "power";

/// How often inodes are counted, seconds.
const INODES_EVERY_S: u64 = 15;

/// A share as a rate that the flow carries exactly: millionths.
fn rate(share: f64) -> Rate {
    Rate::of(&ratio((share.clamp(0.0, 1.0) * 1e6) as i64, 1_000_000))
}

impl World {
    /// One second of machines and replicas.
    pub(in crate::sim) fn run_machines(&mut self, facts: &mut Vec<FactKind>) {
        let plan = std::sync::Arc::clone(&self.plan);
        if self.capacity.rests(&plan.capacity) {
            let used = self.services.iter().map(|s| (s.used, s.work_s));
            return self.capacity.pass(&plan.capacity, self.tick, used);
        }
        let seen: Vec<Seen> = (0..self.services.len()).map(|at| self.seen_replicas(&plan, at)).collect();
        let pids: Vec<u32> = self.hosts.values().flat_map(|h| h.units.values()).map(|u| u.pid.unwrap_or(0)).collect();
        let files =
            if self.tick.is_multiple_of(INODES_EVERY_S) { self.count_files(&plan.capacity) } else { Vec::new() };
        let orders = self.capacity.step(&plan.capacity, self.tick, &seen, &pids, &files);
        if !files.is_empty() {
            self.mark_inodes(&plan.capacity);
        }
        self.obey(&orders, facts);
        self.mended_machines(facts);
        for at in self.capacity.started().to_vec() {
            if let Some(s) = plan.services.get(at) {
                self.wake(&Wake::Start(s.name.clone()), facts);
            }
        }
    }

    /// The room learns who runs after units have died, ended or started.
    pub(in crate::sim) fn sync_machines(&mut self) {
        let plan = std::sync::Arc::clone(&self.plan);
        let pids: Vec<u32> = self.hosts.values().flat_map(|h| h.units.values()).map(|u| u.pid.unwrap_or(0)).collect();
        self.capacity.adopt(&plan.capacity, &pids);
    }

    /// What the room mended by itself, or somebody mended in it, is no fault any more.
    pub(in crate::sim) fn mended_machines(&mut self, facts: &mut Vec<FactKind>) {
        for fault in self.capacity.take_ended() {
            self.cure(|f| matches!(f, Fault::Capacity(c) if c.same(&fault)), facts);
        }
    }

    fn seen_replicas(&self, plan: &Plan, at: usize) -> Seen {
        let Some(s) = self.services.get(at) else { return Seen::default() };
        let calls = plan.services.get(at).map_or(&[][..], |p| &p.edges);
        let queue = plan.capacity.watched_queue(at).and_then(|q| self.queue(q)).map_or(0, |q| q.waiting);
        let works = matches!(plan.services.get(at).map(|p| &p.kind), Some(Kind::Worker)) && {
            let mut mine = plan.queues.iter().zip(&self.queues).filter(|(q, _)| q.workers.contains(&at));
            mine.any(|(_, q)| q.waiting > 0)
        };
        Seen {
            requests: s.flow.requests,
            used: s.used,
            waiting: s.queue,
            latency_ms: s.latency_ms,
            work_s: s.work_s,
            calls: calls.iter().filter_map(|e| self.edges.get(*e)).map(|e| e.flow.sent).sum(),
            backlog: queue,
            works,
        }
    }

    /// Files on every mount with a stated number of inodes, in the order of the plan.
    fn count_files(&self, plan: &CapacityPlan) -> Vec<u64> {
        let mut counts = Vec::new();
        for (name, point) in plan.limited_mounts() {
            let on = |p: &String, vfs: &crate::sim::vfs::Vfs| vfs.mount_of(p).is_some_and(|m| m.point == point);
            let n = self.hosts.get(name).map_or(0, |h| h.vfs.all().filter(|(p, _)| on(p, &h.vfs)).count());
            counts.push(n as u64);
        }
        counts
    }

    /// Mounts learn whether they have an inode left, and paths that small files fill are there to be seen.
    fn mark_inodes(&mut self, plan: &CapacityPlan) {
        let now = self.utc();
        for (at, h) in plan.hosts.iter().enumerate() {
            let Some(host) = self.hosts.get_mut(&h.name) else { continue };
            for path in self.capacity.littered(at) {
                host.vfs.grow(&path, 4_096, 0, now);
            }
            for m in host.vfs.mounts_mut() {
                m.no_inodes = self.capacity.no_inodes(plan, at, &m.point);
            }
        }
    }

    /// Does to units what the room asks for.
    fn obey(&mut self, orders: &[Order], facts: &mut Vec<FactKind>) {
        let plan = std::sync::Arc::clone(&self.plan);
        let (now, tick) = (self.utc(), self.tick);
        for order in orders {
            match order {
                Order::OomKill { unit, .. } => {
                    let Some((host, unit)) = plan.capacity.unit_name(*unit) else { continue };
                    let wants = plan.spec.hosts.get(host).and_then(|h| h.units.get(unit));
                    if let Some(u) = self.hosts.get_mut(host).and_then(|h| h.units.get_mut(unit)) {
                        die(u, OOM_KILL, now, tick, Comeback::of(wants));
                        facts.push(changed(format!("unit {host}:{unit}"), UnitState::Failed.word()));
                    }
                }
                Order::PowerOff { host } => {
                    let Some(name) = plan.capacity.hosts.get(*host).map(|h| h.name.clone()) else { continue };
                    self.jobs.retain(|j| !matches!(&j.then, Then::Start { host: h, .. } if *h == name));
                    facts.push(changed(format!("host {name}"), "down"));
                    let Some(h) = self.hosts.get_mut(&name) else { continue };
                    h.gone_ms = 0;
                    for (unit, u) in &mut h.units {
                        u.cpu_ms = 0;
                        if u.state != UnitState::Inactive {
                            facts.push(changed(format!("unit {name}:{unit}"), UnitState::Inactive.word()));
                        }
                        (u.state, u.since, u.pid, u.again) = (UnitState::Inactive, now, None, None);
                        u.why = NO_POWER.to_owned();
                    }
                }
                Order::Booted { host } => {
                    let Some(name) = plan.capacity.hosts.get(*host).map(|h| h.name.clone()) else { continue };
                    facts.push(changed(format!("host {name}"), "up"));
                    let down: Vec<String> = self.hosts.get(&name).map_or(Vec::new(), |h| {
                        h.units
                            .iter()
                            .filter(|(_, u)| u.why == NO_POWER && !u.disabled && !u.masked)
                            .map(|(n, _)| n.clone())
                            .collect()
                    });
                    for unit in down {
                        self.start_unit(&name, &unit, "start", facts);
                    }
                }
            }
        }
    }

    /// What machines and replicas weigh on the flow.
    pub(in crate::sim) fn press_capacity(&self, plan: &Plan, strain: &mut [Strain], ways: &mut [Way]) {
        for (at, s) in strain.iter_mut().enumerate() {
            let Some(w) = self.capacity.weight(&plan.capacity, at) else { continue };
            if w.managed {
                s.ready = w.ready;
            } else if w.drained > 0 {
                s.ready = s.ready.saturating_sub(w.drained);
            }
            if w.factor > 1.0 {
                s.slow(w.factor);
            }
            // A request that finds no port for its calls fails, if it makes any.
            let calls = plan.services.get(at).is_some_and(|p| !p.calls.is_empty());
            let share = w.errors + if calls { (1.0 - w.errors) * w.no_port } else { 0.0 };
            if share > 0.0 {
                s.fail(rate(share));
            }
            if let Some(slots) = w.slots {
                s.limit(slots);
            }
            if w.admit < 100 {
                s.shed = rate(1.0 - w.admit as f64 / 100.0);
            }
            if w.dropped > 0.0 {
                let lost = rate(w.dropped);
                for (e, _) in plan.edges.iter().enumerate().filter(|(_, e)| e.to == at) {
                    if let Some(way) = ways.get_mut(e) {
                        way.lose(lost);
                    }
                }
                for (i, _) in plan.sources.iter().enumerate().filter(|(_, s)| s.service == at) {
                    if let Some(way) = ways.get_mut(plan.edges.len() + i) {
                        way.lose(lost);
                    }
                }
            }
        }
    }

    /// Applies an effect on machines and replicas.
    pub(in crate::sim) fn change_capacity(
        &mut self,
        effect: &CapacityEffect,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let plan = std::sync::Arc::clone(&self.plan);
        if let CapacityEffect::Image { service, image } = effect
            && let Some(release) = self.release_of_image(service, image)
        {
            self.not_frozen(service, &release)?;
            return self.roll_pods(service, &release, who, facts);
        }
        let orders = self.capacity.change(&plan.capacity, effect)?;
        if let CapacityEffect::Undo { service, .. } = effect
            && let Some(at) = plan.capacity.service(service)
        {
            self.follow_revision(at, who, facts);
        }
        self.obey(&orders, facts);
        self.mended_machines(facts);
        Ok(Applied::Now)
    }

    /// Whether what a fault of the room names is there.
    pub(in crate::sim) fn has_component(&self, fault: &CapacityFault) -> Result<(), String> {
        use CapacityFault::*;
        let plan = &self.plan.capacity;
        let (there, name) = match fault {
            InodeFill { host, .. }
            | Runaway { host, .. }
            | ConntrackFlood { host, .. }
            | PortLeak { host, .. }
            | GrayHost { host, .. }
            | SlowDisk { host, .. }
            | HostDown { host } => (plan.host(host).is_some(), host),
            ZoneDown { zone } => (plan.has_zone(zone), zone),
            DescriptorLeak { service, .. }
            | MemoryLeak { service, .. }
            | CpuBurn { service, .. }
            | Throttle { service, .. }
            | GrayReplica { service, .. }
            | MetricMissing { service }
            | MetricWrong { service, .. }
            | CrashLoop { service }
            | ProbeTimeout { service, .. } => (plan.service(service).is_some(), service),
            AddressLeak { .. } | QuotaPhantom { .. } => return Ok(()),
        };
        if there { Ok(()) } else { Err(name.clone()) }
    }

    /// Machines and replicas, and their plan.
    pub fn machines(&self) -> (&CapacityState, &CapacityPlan) {
        (&self.capacity, &self.plan.capacity)
    }
}
