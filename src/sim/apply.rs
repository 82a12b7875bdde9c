//! Effects from outside: applied at once or begun as a job, or refused in the words of the real system.

use crate::fact::FactKind;
use crate::scenario::{CapacityFault, Fault, Wake};
use crate::sim::effect::{CapacityEffect, FileAct};
use crate::sim::fault::same_fault;
use crate::sim::phase::{Comeback, changed, die};
use crate::sim::state::{Then, UnitState};
use crate::sim::{Applied, Deploy, Effect, Host, PROMOTE_S, Refusal, UnitVerb, World};

pub(super) fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { message: message.into() })
}

impl World {
    /// Applies an effect of nobody in particular; see [`World::apply_by`].
    ///
    /// # Errors
    /// The world's refusal.
    pub fn apply(&mut self, effect: &Effect) -> Result<(Applied, Vec<FactKind>), Refusal> {
        self.apply_by(effect, "")
    }

    /// Applies an effect; `who` is written into the delivery log. The facts are what followed at once; the start of a
    /// job is for the caller to state.
    ///
    /// # Errors
    /// What the real system would say: `No such file or directory`, `No space left on device`,
    /// `Unit x.service not found.`, `release v9 not found`, …; then nothing has changed.
    pub fn apply_by(&mut self, effect: &Effect, who: &str) -> Result<(Applied, Vec<FactKind>), Refusal> {
        let mut facts = Vec::new();
        let applied = self.change(effect, who, &mut facts)?;
        if !matches!(effect, Effect::Begin(..) | Effect::Clear(_)) {
            let target = effect.named().1;
            // What is done to a part of a store is done to the store too.
            if let (Effect::Store(done), true) = (effect, target.contains(':')) {
                self.wake(&Wake::Touch(done.store.clone()), &mut facts);
            }
            self.wake(&Wake::Touch(target), &mut facts);
        }
        self.settle(&mut facts);
        // Whoever looks before the next second sees what it will do.
        self.pressure.holds = false;
        self.press(false);
        Ok((applied, facts))
    }

    fn change(&mut self, effect: &Effect, who: &str, facts: &mut Vec<FactKind>) -> Result<Applied, Refusal> {
        let now = self.utc();
        match effect {
            Effect::Remove { host, path } => {
                let open = self.open_below(host, path);
                let lost = self.on(host)?.vfs.remove(path, now)?;
                self.hold(open);
                self.lose(lost, host, path, facts);
                if let Some(at) = self.plan.capacity.host(host) {
                    self.capacity.removed(at, &crate::sim::vfs::normal(path));
                }
            }
            Effect::Write { host, path, text, append, owner } => {
                let lost = self.on(host)?.vfs.write(path, text, *append, owner, now)?;
                self.lose(lost, host, path, facts);
            }
            Effect::MakeDir { host, path, owner } => self.on(host)?.vfs.make_dir(path, owner, now)?,
            Effect::Rename { host, from, to } => {
                let lost = self.on(host)?.vfs.rename(from, to, now)?;
                self.lose(lost, host, to, facts);
            }
            Effect::File(e) => {
                let vfs = &mut self.on(&e.host)?.vfs;
                let lost = e.act.carry_out(vfs, &e.path, now)?;
                self.lose(lost, &e.host, &e.path, facts);
                if matches!(e.act, FileAct::Rotate { .. }) {
                    self.log_replaced(&e.host, &e.path);
                }
            }
            Effect::Unit { host, unit, verb } => return self.unit_verb(host, unit, *verb, facts),
            Effect::Kill { host, pid } => self.kill(host, *pid, facts)?,
            Effect::Promote { service, release } => {
                self.knows(service, release)?;
                let busy =
                    self.jobs.iter().find(|j| matches!(&j.then, Then::Promote { service: s, .. } if s == service));
                if let Some(job) = busy {
                    return refuse(format!("a deploy of {service} is in progress: {}", job.what));
                }
                self.not_frozen(service, release)?;
                if self.by_pods(service, release) {
                    return self.roll_pods(service, release, who, facts);
                }
                if self.begin_rollout(service, release, who, facts)? {
                    return Ok(Applied::Now);
                }
                let then = Then::Promote { service: service.clone(), release: release.clone(), who: who.to_owned() };
                let job = self.add_job(format!("promote {release} to {service}"), PROMOTE_S, then);
                return Ok(Applied::Job { job, seconds: PROMOTE_S });
            }
            Effect::Release { service, release } => {
                self.knows(service, release)?;
                self.missed_by_nobody(service);
                self.promoted(service.clone(), release.clone(), who.to_owned(), facts);
            }
            Effect::Stage { service, release } => {
                self.knows(service, release)?;
                if let Some(s) = self.plan.service(service).and_then(|i| self.services.get_mut(i)) {
                    s.staging = Some(release.clone());
                }
                self.map_leads();
                let stage = "staging".to_owned();
                let (service, release, by) = (service.clone(), release.clone(), who.to_owned());
                let (s, r) = (service.clone(), release.clone());
                self.deployed(Deploy { at: now, service: s, release: r, stage: stage.clone(), by });
                facts.push(FactKind::Deployed { service, release, stage });
            }
            Effect::Requeue { queue } => {
                let tick = i64::try_from(self.tick).unwrap_or(i64::MAX);
                self.queue_mut(queue)?.requeue(tick);
            }
            Effect::Change(effect) => return self.apply_change(effect, who, facts),
            Effect::Resize { volume, bytes } => self.resize(volume, *bytes)?,
            Effect::Capacity(effect) => return self.change_capacity(effect, who, facts),
            Effect::Begin(fault, course) => {
                self.exists(fault)?;
                self.begin(fault, course, facts);
            }
            Effect::Net(effect) => return self.change_net(effect, who, facts),
            Effect::Store(effect) => return self.change_store(effect, facts),
            Effect::Clear(fault) => self.clear(fault, facts)?,
        }
        Ok(Applied::Now)
    }

    fn on(&mut self, host: &str) -> Result<&mut Host, Refusal> {
        self.hosts.get_mut(host).ok_or_else(|| Refusal { message: format!("Could not resolve hostname {host}") })
    }

    fn lose(&mut self, amount: u64, host: &str, path: &str, facts: &mut Vec<FactKind>) {
        if amount > 0 {
            self.lost += amount;
            facts.push(FactKind::DurableLoss { amount, what: format!("{host}:{path}") });
        }
    }

    pub(super) fn knows(&self, service: &str, release: &str) -> Result<(), Refusal> {
        if self.plan.service(service).is_none() {
            return refuse(format!("service {service} not found"));
        }
        match self.plan.spec.releases.get(release) {
            // One that is built later is not there yet.
            Some(r) if r.service == service && r.at.0 <= self.t_s() => Ok(()),
            _ => refuse(format!("release {release} not found")),
        }
    }

    fn unit_verb(
        &mut self,
        host: &str,
        unit: &str,
        verb: UnitVerb,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let unit = unit.strip_suffix(".service").unwrap_or(unit);
        let Some(u) = self.on(host)?.units.get_mut(unit) else {
            return refuse(format!("Unit {unit}.service not found."));
        };
        match verb {
            UnitVerb::Enable => u.disabled = false,
            UnitVerb::Disable => u.disabled = true,
            UnitVerb::Mask => u.masked = true,
            UnitVerb::Unmask => u.masked = false,
            UnitVerb::Start | UnitVerb::Restart if u.masked => {
                return refuse(format!("Unit {unit}.service is masked."));
            }
            UnitVerb::Reload if u.state != UnitState::Active => {
                return refuse(format!("{unit}.service is not active, cannot reload."));
            }
            UnitVerb::Reload => {
                self.reopen_logs(host, unit);
                let spec = self.plan.spec.hosts.get(host).and_then(|h| h.units.get(unit));
                if let Some(service) = spec.and_then(|u| u.service.clone()) {
                    self.net_reloaded(&service, host, facts);
                }
            }
            _ => return self.unit_runs(host, unit, verb, facts),
        }
        Ok(Applied::Now)
    }

    fn unit_runs(
        &mut self,
        host: &str,
        unit: &str,
        verb: UnitVerb,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let now = self.utc();
        let Some(u) = self.on(host)?.units.get_mut(unit) else {
            return refuse(format!("Unit {unit}.service not found."));
        };
        let starts = |t: &Then| matches!(t, Then::Start { host: h, unit: n } if h == host && n == unit);
        match verb {
            UnitVerb::Stop => {
                if u.waits() || matches!(u.state, UnitState::Active | UnitState::Starting) {
                    u.state = UnitState::Inactive;
                    u.since = now;
                    u.pid = None;
                    u.why.clear();
                    facts.push(changed(format!("unit {host}:{unit}"), UnitState::Inactive.word()));
                }
                u.again = None;
                u.restarts = 0;
                self.jobs.retain(|j| !starts(&j.then));
                Ok(Applied::Now)
            }
            UnitVerb::Start if u.state == UnitState::Active => Ok(Applied::Now),
            UnitVerb::Start if u.state == UnitState::Starting => {
                let job = self.jobs.iter().find(|j| starts(&j.then));
                let left = |j: &crate::sim::Job| j.seconds.saturating_sub(self.tick - j.started.0.min(self.tick));
                Ok(job.map_or(Applied::Now, |j| Applied::Job { job: j.id, seconds: left(j) }))
            }
            _ => {
                // Whoever starts it by hand begins to count anew.
                u.restarts = 0;
                self.jobs.retain(|j| !starts(&j.then));
                let word = if verb == UnitVerb::Start { "start" } else { "restart" };
                let (job, seconds) = self.start_unit(host, unit, word, facts);
                Ok(Applied::Job { job, seconds })
            }
        }
    }

    fn kill(&mut self, host: &str, pid: u32, facts: &mut Vec<FactKind>) -> Result<(), Refusal> {
        let (now, tick) = (self.utc(), self.tick);
        let known = self.processes(host).iter().any(|p| p.pid == pid);
        let plan = std::sync::Arc::clone(&self.plan);
        if plan.capacity.host(host).is_some_and(|at| self.capacity.kill_hog(&plan.capacity, at, pid)) {
            self.mended_machines(facts);
            return Ok(());
        }
        if plan.capacity.host(host).is_some_and(|at| self.capacity.kill_pod(&plan.capacity, at, pid)) {
            return Ok(());
        }
        let h = self.on(host)?;
        match h.units.iter_mut().find(|(_, u)| u.pid == Some(pid)) {
            Some((unit, u)) => {
                let wants = plan.spec.hosts.get(host).and_then(|h| h.units.get(unit));
                die(u, "signal", now, tick, Comeback::of(wants));
                facts.push(changed(format!("unit {host}:{unit}"), UnitState::Failed.word()));
                Ok(())
            }
            None if known => refuse("Operation not permitted"),
            None => refuse("No such process"),
        }
    }

    fn resize(&mut self, volume: &str, bytes: u64) -> Result<(), Refusal> {
        let mounts = self.hosts.values_mut().flat_map(|h| h.vfs.mounts_mut());
        match mounts.into_iter().find(|m| m.volume == volume) {
            None => refuse(format!("volume {volume} not found")),
            Some(m) if bytes < m.size => refuse(format!("volume {volume} can only grow")),
            Some(m) => {
                m.size = bytes;
                Ok(())
            }
        }
    }

    fn exists(&self, fault: &Fault) -> Result<(), Refusal> {
        let service = |s: &str| self.plan.service(s).is_some();
        let (ok, name) = match fault {
            Fault::DiskFill { host, .. } => (self.hosts.contains_key(host), host.clone()),
            Fault::Errors { service: s, .. } | Fault::Slow { service: s, .. } => (service(s), s.clone()),
            Fault::Crash { host, unit } => {
                (self.hosts.get(host).is_some_and(|h| h.units.contains_key(unit)), format!("{host}/{unit}"))
            }
            Fault::TenantErrors { service: s, tenant, .. } | Fault::TenantLimit { service: s, tenant, .. } => {
                (service(s) && self.plan.tenants.contains(tenant), format!("{tenant} of {s}"))
            }
            Fault::Net(fault) => (self.net.knows(fault), "a component of the network".to_owned()),
            Fault::Store(fault) => (self.knows_store(fault), format!("{}:{}", fault.store(), fault.part())),
            Fault::Surge { traffic, .. } => (self.plan.sources.iter().any(|s| s.name == *traffic), traffic.clone()),
            Fault::Capacity(fault) => match self.has_component(fault) {
                Ok(()) => (true, String::new()),
                Err(name) => (false, name),
            },
            Fault::Change(change) => (self.plan.change.resolve(change).is_some(), "what it names".to_owned()),
        };
        if ok { Ok(()) } else { refuse(format!("{name} not found")) }
    }

    fn clear(&mut self, fault: &Fault, facts: &mut Vec<FactKind>) -> Result<(), Refusal> {
        // What is ended from outside is gone for good, even if it would have come back.
        if self.cure(|f| same_fault(f, fault), facts) {
            self.ailments.take(|f| same_fault(f, fault));
            return Ok(());
        }
        // A machine that somebody turned off is turned on again.
        if let Fault::Capacity(CapacityFault::HostDown { host }) = fault
            && self.plan.capacity.host(host).is_some_and(|at| !self.capacity.is_on(at))
        {
            let on = CapacityEffect::Power { host: host.clone(), on: true };
            return self.change_capacity(&on, "", facts).map(|_| ());
        }
        refuse("no such fault")
    }
}
