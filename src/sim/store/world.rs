//! Stores in their world: what weighs on their services, their files on hosts, their servers' units, jobs, faults.

use super::{Around, Seen, StorePlan, StoreState};
use crate::fact::FactKind;
use crate::scenario::{Fault, Scenario, StoreFault, StoreSpec};
use crate::sim::carry::Rate;
use crate::sim::change::falls_in;
use crate::sim::phase::{Comeback, NO_SPACE, changed, die};
use crate::sim::plan::Plan;
use crate::sim::state::{Then, UnitState};
use crate::sim::strain::Pressure;
use crate::sim::{Applied, Refusal, StoreAct, StoreEffect, World};
use std::sync::Arc;

/// Parts of a million: how fine a share of failing requests is.
const PPM: f64 = 1_000_000.0;

/// Growth of the data that is written into the virtual files at once, bytes.
const FLUSH: u64 = 8 << 20;

/// Stores of a scenario, resolved.
pub(in crate::sim) fn plans(s: &Scenario, service: impl Fn(&str) -> Option<usize>) -> Vec<StorePlan> {
    let of = |(name, spec): (&String, &StoreSpec)| {
        let mut plan = StorePlan::new(name, spec, s.t0.utc);
        plan.at = service(&plan.service);
        for m in &mut plan.members {
            let units = m.host.as_ref().and_then(|h| s.world.hosts.get(h)).map(|h| &h.units);
            let mine = units.and_then(|u| u.iter().find(|(_, u)| u.service.as_ref() == Some(&plan.service)));
            m.unit = mine.map(|(name, _)| name.clone());
        }
        plan
    };
    s.world.stores.iter().map(of).collect()
}

impl World {
    /// Stores at the opening.
    pub(in crate::sim) fn stores_at(plan: &Plan, s: &Scenario) -> Vec<StoreState> {
        let opening = s.t0.utc.plus(s.opens.0);
        plan.stores.iter().map(|p| StoreState::new(p, opening, s.t0.utc)).collect()
    }

    /// Puts the data and the log of every member on its host's disk.
    pub(in crate::sim) fn place_stores(&mut self) {
        let plan = Arc::clone(&self.plan);
        let stores = std::mem::take(&mut self.stores);
        for (state, spec) in stores.iter().zip(&plan.stores) {
            for at in 0..spec.members.len() {
                self.write_files(state, spec, at);
            }
        }
        self.stores = stores;
    }

    /// A store and what is fixed about it, by name.
    pub fn store(&self, name: &str) -> Option<(&StorePlan, &StoreState)> {
        let at = self.plan.stores.iter().position(|s| s.name == name)?;
        self.plan.stores.get(at).zip(self.stores.get(at))
    }

    /// Stores in order of name.
    pub fn stores(&self) -> impl Iterator<Item = (&StorePlan, &StoreState)> {
        self.plan.stores.iter().zip(&self.stores)
    }

    /// Requests that a store's service works on now.
    pub fn store_active(&self, plan: &StorePlan) -> u64 {
        plan.at.and_then(|at| self.services.get(at)).map_or(0, |s| (s.used as f64 * s.work_s) as u64)
    }

    /// What stores put on their services.
    pub(in crate::sim) fn press_store(&self, pressure: &mut Pressure) {
        for (state, spec) in self.stores.iter().zip(&self.plan.stores) {
            let Some(strain) = spec.at.and_then(|at| pressure.strain.get_mut(at)) else { continue };
            let w = state.weight(spec);
            // Below one replica its own requests could not even be turned away.
            strain.ready = strain.ready.min(w.serving.max(1));
            strain.slow(w.factor);
            strain.limit(w.slots);
            strain.fail(Rate::share((w.errors.clamp(0.0, 1.0) * PPM) as u64, PPM as u64));
            strain.reject |= w.reject;
        }
    }

    /// One second of every store.
    pub(in crate::sim) fn step_stores(&mut self, facts: &mut Vec<FactKind>) {
        if self.stores.is_empty() {
            return;
        }
        let plan = Arc::clone(&self.plan);
        let mut stores = std::mem::take(&mut self.stores);
        for (state, spec) in stores.iter_mut().zip(&plan.stores) {
            let around = self.around(spec);
            if self.still {
                state.idle(spec, &around);
                continue;
            }
            let lost = state.lost_total();
            state.step(spec, &around, facts);
            self.lost += state.lost_total() - lost;
            for at in 0..spec.members.len() {
                self.settle_member(state, spec, at, facts);
            }
        }
        self.stores = stores;
        self.count_store_jobs();
        self.cure_stores(facts);
    }

    fn around(&self, spec: &StorePlan) -> Around {
        let service = spec.at.and_then(|at| self.services.get(at));
        let flow = service.map(|s| s.flow).unwrap_or_default();
        let members = spec.members.iter().map(|m| {
            let Some(host) = m.host.as_ref().and_then(|h| self.hosts.get(h)) else {
                return Seen { runs: true, data: true, avail: u64::MAX };
            };
            let unit = m.unit.as_ref().and_then(|u| host.units.get(u));
            let there = |path: &str| host.vfs.stat(path).is_some();
            Seen {
                runs: unit.is_none_or(|u| u.state == UnitState::Active),
                data: there(&m.data_file) && there(&m.log_file),
                avail: host.vfs.mount_of(&m.data).map_or(u64::MAX, |mount| mount.avail()),
            }
        });
        Around {
            now: self.utc(),
            requests: flow.requests,
            ok: flow.served(),
            active: self.store_active(spec),
            members: members.collect(),
            cut: self.cut_members(spec),
        }
    }

    /// Pairs of members of which the first does not reach the second in this second, by position.
    fn cut_members(&self, spec: &StorePlan) -> Vec<(usize, usize)> {
        let mut cut = Vec::new();
        if !self.net.impaired() {
            return cut;
        }
        let hosts = || spec.members.iter().map(|m| m.host.as_deref()).enumerate();
        for (a, from) in hosts() {
            for (b, to) in hosts().filter(|(b, _)| *b != a) {
                let (Some(from), Some(to)) = (from, to) else { continue };
                // Of what a bad way carries, a share arrives.
                if from != to && falls_in(self.tick, self.net.lost_between(from, to)) {
                    cut.push((a, b));
                }
            }
        }
        cut
    }

    /// A member's files and unit follow what has become of it.
    fn settle_member(&mut self, state: &mut StoreState, spec: &StorePlan, at: usize, facts: &mut Vec<FactKind>) {
        let wanted = state.disk_wanted(spec, at);
        let on_disk = state.on_disk(at);
        let stopped = state.stopped(at);
        if stopped.is_none() && (wanted < on_disk || wanted - on_disk >= FLUSH) {
            self.write_files(state, spec, at);
            state.flushed(at, wanted);
        }
        let Some((host, unit)) = spec.members.get(at).and_then(|m| m.host.as_ref().zip(m.unit.as_ref())) else {
            return;
        };
        let (now, tick) = (self.utc(), self.tick);
        let comes = Comeback::of(self.plan.spec.hosts.get(host).and_then(|h| h.units.get(unit)));
        let Some(u) = self.hosts.get_mut(host).and_then(|h| h.units.get_mut(unit)) else { return };
        if let Some(full) = stopped
            && u.state == UnitState::Active
        {
            die(u, if full { NO_SPACE } else { "exit-code" }, now, tick, comes);
            facts.push(changed(format!("unit {host}:{unit}"), UnitState::Failed.word()));
        }
    }

    fn write_files(&mut self, state: &StoreState, spec: &StorePlan, at: usize) {
        let now = self.utc();
        let Some(m) = spec.members.get(at) else { return };
        let Some(host) = m.host.as_ref().and_then(|h| self.hosts.get_mut(h)) else { return };
        let log = state.log_bytes(spec, at);
        let data = state.disk_wanted(spec, at).saturating_sub(log);
        if data > 0 {
            host.vfs.set_size(&m.data_file, data, spec.engine.user(), now);
            host.vfs.set_size(&m.log_file, log, spec.engine.user(), now);
        }
    }

    /// Jobs of stores end when their work does; until then their length is what it looks like now.
    fn count_store_jobs(&mut self) {
        let now = crate::stdx::time::Tick(self.tick);
        let left = |job: u32| self.stores.iter().find_map(|s| s.job_left_s(job));
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.retain_mut(|j| match (&j.then, left(j.id)) {
            (Then::Store, None) => false,
            (Then::Store, Some(left)) => {
                j.seconds = now.since(j.started).saturating_add(left);
                true
            }
            _ => true,
        });
        self.jobs = jobs;
    }

    /// Faults that somebody's act has ended are over.
    fn cure_stores(&mut self, facts: &mut Vec<FactKind>) {
        let over: Vec<StoreFault> = self
            .ailments
            .awake()
            .filter_map(|a| match &a.fault {
                Fault::Store(f) if self.store(f.store()).is_some_and(|(plan, s)| s.over(plan, f)) => Some(f.clone()),
                _ => None,
            })
            .collect();
        for f in over {
            self.cure(|x| matches!(x, Fault::Store(g) if *g == f), facts);
        }
    }

    /// A fault of a store begins to weigh, or ends (`None`).
    pub(in crate::sim) fn weigh_store(&mut self, fault: &StoreFault, severity: Option<f64>) {
        let Some(at) = self.plan.stores.iter().position(|s| s.name == fault.store()) else { return };
        let plan = Arc::clone(&self.plan);
        if let Some((spec, state)) = plan.stores.get(at).zip(self.stores.get_mut(at)) {
            match severity {
                Some(s) => state.weigh(spec, fault, s),
                None => state.end(spec, fault),
            }
        }
    }

    /// Whether a store has the part that a fault is about.
    pub(in crate::sim) fn knows_store(&self, fault: &StoreFault) -> bool {
        self.store(fault.store()).is_some_and(|(plan, _)| match fault {
            StoreFault::LockHeld { table, .. }
            | StoreFault::RowsWrong { table, .. }
            | StoreFault::RowsDeleted { table, .. }
            | StoreFault::StatisticsMissing { table, .. } => plan.table(table).is_some(),
            StoreFault::ReplicationStuck { member, .. }
            | StoreFault::Isolated { member, .. }
            | StoreFault::MemberDown { member, .. } => plan.member(member).is_some(),
            StoreFault::PoolLeak { client, .. } => self.plan.service(client).is_some(),
            StoreFault::XidBurn { .. } | StoreFault::BackupsEmpty { .. } => true,
        })
    }

    /// Does something to a store.
    pub(in crate::sim) fn change_store(
        &mut self,
        effect: &StoreEffect,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let Some(at) = self.plan.stores.iter().position(|s| s.name == effect.store) else {
            return Err(Refusal { message: format!("no store '{}'", effect.store) });
        };
        let (plan, job) = (Arc::clone(&self.plan), self.next_job);
        let Some((spec, state)) = plan.stores.get(at).zip(self.stores.get_mut(at)) else { return Ok(Applied::Now) };
        let lost = state.lost_total();
        let begun = state.act(spec, &effect.act, job, facts)?;
        self.lost += state.lost_total() - lost;
        if let StoreAct::Rebuild { member, .. } | StoreAct::Restore { member, .. } | StoreAct::Destroy { member } =
            &effect.act
        {
            let now = self.utc();
            let member = spec.member(member).and_then(|m| spec.members.get(m));
            if let Some((m, host)) = member.and_then(|m| Some((m, self.hosts.get_mut(m.host.as_ref()?)?))) {
                for file in [&m.data_file, &m.log_file] {
                    // Files that are not there need not be removed.
                    let _ = host.vfs.remove(file, now);
                }
            }
        }
        Ok(match begun {
            Some((what, seconds)) => Applied::Job { job: self.add_job(what, seconds, Then::Store), seconds },
            None => Applied::Now,
        })
    }

    /// The sessions of a service are gone: it was started anew.
    pub(in crate::sim) fn client_restarted(&mut self, service: &str) {
        for state in &mut self.stores {
            state.client_restarted(service);
        }
    }
}
