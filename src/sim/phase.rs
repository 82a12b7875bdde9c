//! Resources, control and jobs: disks fill, queues work, units die and come back, edges recover, probes look.

use crate::fact::FactKind;
use crate::scenario::{Fault, Wake};
use crate::sim::plan::{Kind, place};
use crate::sim::state::{Then, Unit, UnitState};
use crate::sim::vfs::normal;
use crate::sim::{DEPLOYS_MAX, Deploy, Job, World};
use crate::stdx::time::Tick;

/// What a unit says that found no space.
pub const NO_SPACE: &str = "No space left on device";

/// How often the processor time of units is added up, seconds.
const CPU_EVERY_S: u64 = 5;

/// Longest wait before a unit is started again by itself, seconds.
const BACKOFF_MAX_S: u64 = 60;

/// So long must a unit run before the next end counts as its first again, seconds.
const FORGIVEN_S: i64 = 60;

impl World {
    /// Faults write, queues work.
    pub(super) fn resources(&mut self, facts: &mut Vec<FactKind>) {
        self.run_logrotate();
        if !self.still {
            let now = self.utc();
            let number = self.tick / 600;
            for a in self.ailments.awake() {
                if let Fault::DiskFill { host, path, bytes_per_s } = &a.fault
                    && let Some(h) = self.hosts.get_mut(host)
                {
                    h.vfs.grow(path, (*bytes_per_s as f64 * a.severity()) as u64, number, now);
                }
            }
        }
        for at in 0..self.queues.len() {
            self.work(at, facts);
        }
        if self.tick.is_multiple_of(CPU_EVERY_S) {
            self.burn();
        }
    }

    /// Adds the processor time that units used since the last look.
    fn burn(&mut self) {
        let share = |(host, h): (&String, &crate::sim::Host)| {
            let host = host.clone();
            h.units.keys().map(move |u| (host.clone(), u.clone())).collect::<Vec<_>>()
        };
        for (host, unit) in self.hosts.iter().flat_map(share).collect::<Vec<_>>() {
            let ms = (self.cores_of(&host, &unit) * 1000.0 * CPU_EVERY_S as f64) as u64;
            if let Some(u) = self.hosts.get_mut(&host).and_then(|h| h.units.get_mut(&unit)) {
                u.cpu_ms = u.cpu_ms.saturating_add(ms);
            }
        }
    }

    /// Says which mounts filled or have room again, lets units without space die, and says which services went.
    pub(super) fn settle(&mut self, facts: &mut Vec<FactKind>) {
        // Without a machine or a managed replica nobody comes or goes.
        if self.tick > 0 && self.plan.capacity.is_bare() {
            return;
        }
        let now = self.utc();
        self.let_go();
        for (name, host) in &mut self.hosts {
            for m in host.vfs.mounts_mut() {
                let full = m.is_full();
                if full != m.full {
                    m.full = full;
                    let to = if full { "full" } else { "ok" };
                    facts.push(changed(format!("mount {name}:{}", m.point), to));
                }
            }
            for (unit, u) in &mut host.units {
                let wants = self.plan.spec.hosts.get(name).and_then(|h| h.units.get(unit));
                let space = |m: &str| {
                    place(m).is_some_and(|(h, p)| h == name && host.vfs.mount_of(p).is_some_and(|m| m.is_full()))
                };
                let service = wants.and_then(|w| w.service.as_ref()).and_then(|s| self.plan.spec.services.get(s));
                if u.state == UnitState::Active && service.is_some_and(|s| s.needs_space.iter().any(|m| space(m))) {
                    die(u, NO_SPACE, now, self.tick, Comeback::of(wants));
                    facts.push(changed(format!("unit {name}:{unit}"), UnitState::Failed.word()));
                }
            }
        }
        if self.plan.capacity.has_units() {
            self.sync_machines();
        }
        for at in 0..self.services.len() {
            let ready = self.replicas_up(at);
            let up = ready > 0;
            let (Some(s), Some(spec)) = (self.services.get_mut(at), self.plan.services.get(at)) else { continue };
            if s.ready != ready {
                s.ready = ready;
                self.pressure.holds = false;
            }
            if s.up != up {
                s.up = up;
                facts.push(changed(spec.name.clone(), if up { "up" } else { "down" }));
                // What it held was in its memory.
                if !up && matches!(spec.kind, Kind::Cache { .. }) {
                    s.warmth = 0.0;
                    self.keyspaces.remove(&spec.name);
                }
            }
        }
    }

    /// Faults that are due begin, edges notice their origins, units that come back by themselves are started.
    pub(super) fn control(&mut self, facts: &mut Vec<FactKind>) {
        let now = self.tick;
        self.ail(facts);
        self.step_changes(facts);
        let plan = std::sync::Arc::clone(&self.plan);
        for (at, spec) in plan.services.iter().enumerate() {
            if let Kind::Cdn { origin, recovers, .. } = &spec.kind {
                let down = self.replicas_up(*origin) == 0;
                if let Some(s) = self.services.get_mut(at) {
                    s.sick_until = if down { Some(now + recovers) } else { s.sick_until.filter(|t| now < *t) };
                }
                if self.services.get(at).is_some_and(|s| s.warmth < 1.0) {
                    self.warm_edge(at);
                }
            }
        }
        let mut again: Vec<(String, String)> = Vec::new();
        for (host, h) in &self.hosts {
            for (unit, u) in &h.units {
                if u.again.is_some_and(|t| t <= now) {
                    again.push((host.clone(), unit.clone()));
                }
            }
        }
        for (host, unit) in again {
            if let Some(u) = self.hosts.get_mut(&host).and_then(|h| h.units.get_mut(&unit)) {
                u.restarts = u.restarts.saturating_add(1);
                let spec = self.plan.spec.hosts.get(&host).and_then(|h| h.units.get(&unit));
                let limit = spec.map(|s| s.start_limit).unwrap_or_default();
                u.starts.retain(|t| now - t < limit.interval.0);
                if u.starts.len() >= limit.burst as usize {
                    u.again = None;
                    u.since = self.plan.start.plus(i64::try_from(now).unwrap_or(i64::MAX));
                    u.given_up = u.given_up.saturating_add(1);
                    u.starts.clear();
                    continue;
                }
            }
            self.start_unit(&host, &unit, "start", facts);
        }
    }

    /// Begins to start a unit; the job that will have it running.
    pub(super) fn start_unit(&mut self, host: &str, unit: &str, verb: &str, facts: &mut Vec<FactKind>) -> (u32, u64) {
        let wants = self.plan.spec.hosts.get(host).and_then(|h| h.units.get(unit));
        let seconds = wants.map_or(0, |w| w.start.0);
        let now = self.utc();
        if let Some(u) = self.hosts.get_mut(host).and_then(|h| h.units.get_mut(unit)) {
            u.state = UnitState::Starting;
            u.since = now;
            u.pid = None;
            u.again = None;
            let within = wants.map_or(0, |w| w.start_limit.interval.0);
            u.starts.retain(|t| self.tick - t.min(&self.tick) < within);
            u.starts.push(self.tick);
            facts.push(changed(format!("unit {host}:{unit}"), UnitState::Starting.word()));
        }
        let then = Then::Start { host: host.to_owned(), unit: unit.to_owned() };
        (self.add_job(format!("{verb} {host}/{unit}"), seconds, then), seconds)
    }

    pub(super) fn add_job(&mut self, what: String, seconds: u64, then: Then) -> u32 {
        let id = self.next_job;
        self.next_job = self.next_job.wrapping_add(1);
        self.jobs.push(Job { id, what, started: Tick(self.tick), seconds, then });
        id
    }

    /// Work that is due ends.
    pub(super) fn finish_jobs(&mut self, facts: &mut Vec<FactKind>) {
        if self.jobs.is_empty() {
            return;
        }
        self.pressure.holds = false;
        let now = Tick(self.tick);
        let (due, rest): (Vec<Job>, Vec<Job>) =
            self.jobs.drain(..).partition(|j| j.then != Then::Store && now.since(j.started) >= j.seconds.max(1));
        self.jobs = rest;
        for job in due {
            facts.push(FactKind::JobDone { job: job.id, what: job.what });
            match job.then {
                Then::Start { host, unit } => self.started(&host, &unit, facts),
                Then::Net { effect, who } => self.net_done(&effect, &who, facts),
                Then::Promote { service, release, who } => self.promoted(service, release, who, facts),
                Then::Warm { cache } => self.fill(cache),
                Then::Store => {}
            }
        }
    }

    fn started(&mut self, host: &str, unit: &str, facts: &mut Vec<FactKind>) {
        let now = self.utc();
        let plan = std::sync::Arc::clone(&self.plan);
        let Some(h) = self.hosts.get_mut(host) else { return };
        let Some(u) = h.units.get_mut(unit) else { return };
        if u.state != UnitState::Starting {
            return;
        }
        let wants = plan.spec.hosts.get(host).and_then(|h| h.units.get(unit));
        let service = wants.and_then(|w| w.service.as_ref()).and_then(|s| plan.spec.services.get(s));
        let full = |m: &String| {
            place(m).is_some_and(|(on, p)| on == host && h.vfs.mount_of(&normal(p)).is_some_and(|m| m.is_full()))
        };
        let no_space = service.is_some_and(|s| s.needs_space.iter().any(full));
        let tries = u.tries;
        // One that dies at once was a process too, for a moment.
        h.next_pid += 13;
        u.last_pid = h.next_pid;
        if no_space {
            die(u, NO_SPACE, now, self.tick, Comeback::of(wants));
        } else {
            h.gone_ms = h.gone_ms.saturating_add(u.cpu_ms);
            *u = Unit {
                state: UnitState::Active,
                since: now,
                pid: Some(h.next_pid),
                last_pid: h.next_pid,
                cpu_ms: 0,
                why: String::new(),
                again: None,
                tries,
                disabled: u.disabled,
                masked: u.masked,
                restarts: u.restarts,
                starts: std::mem::take(&mut u.starts),
                given_up: u.given_up,
            };
            // Whoever starts it has dealt with what made it die.
            self.ailments.take(|f| matches!(f, Fault::Crash { host: a, unit: b } if a == host && b == unit));
        }
        let (state, service) = (u.state, wants.and_then(|w| w.service.clone()));
        facts.push(changed(format!("unit {host}:{unit}"), state.word()));
        if state == UnitState::Active {
            self.reopen_logs(host, unit);
        }
        if let (UnitState::Active, Some(service)) = (state, service) {
            self.net_restarted(&service, host, facts);
            self.client_restarted(&service);
            self.wake(&Wake::Start(service), facts);
        }
    }

    pub(super) fn promoted(&mut self, service: String, release: String, who: String, facts: &mut Vec<FactKind>) {
        let at = self.utc();
        if let Some(s) = self.plan.service(&service).and_then(|i| self.services.get_mut(i)) {
            s.release = Some(release.clone());
        }
        self.runs_everywhere(&service, &release);
        self.map_leads();
        self.wake(&Wake::Release(service.clone()), facts);
        let stage = "production".to_owned();
        self.deployed(Deploy { at, service: service.clone(), release: release.clone(), stage: stage.clone(), by: who });
        facts.push(FactKind::Deployed { service, release, stage });
    }

    pub(super) fn deployed(&mut self, row: Deploy) {
        if self.deploys.len() >= DEPLOYS_MAX {
            self.deploys.remove(0);
        }
        self.deploys.push(row);
    }

    /// A unit dies and stays dead, whatever was starting it.
    pub(super) fn crash(&mut self, host: &str, unit: &str, facts: &mut Vec<FactKind>) {
        let now = self.utc();
        self.jobs.retain(|j| !matches!(&j.then, Then::Start { host: h, unit: u } if h == host && u == unit));
        let Some(u) = self.hosts.get_mut(host).and_then(|h| h.units.get_mut(unit)) else { return };
        die(u, "core-dump", now, self.tick, Comeback::Never);
        facts.push(changed(format!("unit {host}:{unit}"), UnitState::Failed.word()));
    }

    /// What made a unit die is gone: it is started again.
    pub(super) fn uncrash(&mut self, host: &str, unit: &str, facts: &mut Vec<FactKind>) {
        let failed = self.hosts.get(host).and_then(|h| h.units.get(unit)).map(|u| u.state);
        if failed == Some(UnitState::Failed) {
            self.start_unit(host, unit, "start", facts);
        }
    }

    /// Probes that are due look; all of them if `every`.
    pub(super) fn look(&mut self, every: bool) {
        let plan = std::sync::Arc::clone(&self.plan);
        for (at, spec) in plan.probes.iter().enumerate() {
            if every || self.tick.is_multiple_of(spec.every) {
                let mut probe = self.check(&spec.url, spec.user_facing);
                if self.checker_is_broken(at) {
                    (probe.ok, probe.saw) = (false, super::change::CHECKER_BROKEN.to_owned());
                }
                if let Some(slot) = self.probes.get_mut(at) {
                    *slot = probe;
                }
            }
        }
    }
}

pub(super) fn changed(component: String, to: &str) -> FactKind {
    FactKind::StateChanged { component, to: to.to_owned() }
}

/// When a unit that died is started again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comeback {
    /// Never.
    Never,
    /// After so many seconds.
    After(u64),
    /// Later each time.
    Later,
}

impl Comeback {
    /// What a unit's file says.
    pub fn of(spec: Option<&crate::scenario::UnitSpec>) -> Comeback {
        match spec {
            Some(s) if s.restart => s.restart_after.map_or(Comeback::Later, |d| Comeback::After(d.0)),
            _ => Comeback::Never,
        }
    }
}

/// A unit dies, and is started again when its file says so.
pub(super) fn die(u: &mut Unit, why: &str, now: crate::stdx::time::Utc, tick: u64, comes: Comeback) {
    // One that had run for a while starts afresh.
    if u.state == UnitState::Active && now.0 - u.since.0 >= FORGIVEN_S {
        u.tries = 0;
    }
    u.state = UnitState::Failed;
    u.since = now;
    u.pid = None;
    u.why = why.to_owned();
    u.tries = u.tries.saturating_add(1);
    u.again = match comes {
        Comeback::Never => None,
        Comeback::After(s) => Some(tick.saturating_add(s.max(1))),
        Comeback::Later => Some(tick.saturating_add((1u64 << u.tries.min(6)).min(BACKOFF_MAX_S))),
    };
}
