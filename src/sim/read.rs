//! Reading the world: what tools, metrics and the session may ask.

use crate::scenario::{Fault, Scenario, ServiceKind, WorldSpec};
use crate::sim::carry::Rate;
use crate::sim::plan::{Replica, ServiceAt};
use crate::sim::state::UnitState;
use crate::sim::vfs::Mount;
use crate::sim::{Deploy, Edge, Flow, Host, Job, Probe, Process, Queue, Service, Source, World};
use crate::stdx::time::{Offset, Utc};

/// Seconds between a build reaching staging and its promotion, for releases before the opening.
const SETTLED_S: i64 = 1_800;

/// The first process uses a second of a core in so many seconds.
const INIT_RARE: u64 = 41_000;

/// The delivery log before the opening: every release was staged when it was built, and those up to the one that
/// runs went to production in turn.
pub(super) fn first_deploys(spec: &WorldSpec, s: &Scenario) -> Vec<Deploy> {
    let mut rows = Vec::new();
    for (id, r) in &spec.releases {
        let at = |o: i64| s.t0.utc.plus(o);
        let row = |at: Utc, stage: &str| Deploy {
            at,
            service: r.service.clone(),
            release: id.clone(),
            stage: stage.to_owned(),
            by: r.by.clone(),
        };
        let service = spec.services.get(&r.service);
        let runs = |x: Option<&String>| x.and_then(|x| spec.releases.get(x)).is_some_and(|x| r.at <= x.at);
        let live = runs(service.and_then(|v| v.release.as_ref()));
        if r.at > s.opens || !(live || runs(service.and_then(|v| v.staging.as_ref()))) {
            continue;
        }
        rows.push(row(at(r.at.0), "staging"));
        if live {
            rows.push(row(at((r.at.0 + SETTLED_S).min(s.opens.0)), "production"));
        }
    }
    rows.sort_by(|a, b| (a.at, &a.release).cmp(&(b.at, &b.release)));
    rows
}

/// Queues at the opening.
pub(super) fn first_queues(spec: &WorldSpec) -> Vec<Queue> {
    let ttl = |q: &crate::scenario::QueueSpec| q.more.ttl.map(|t| t.0);
    spec.queues.values().map(|q| Queue::new(q.waiting, q.failed, Rate::of(&q.arrivals.0), ttl(q))).collect()
}

impl World {
    /// Tick 0 as an offset from T0.
    pub fn opens(&self) -> Offset {
        self.plan.opens
    }

    /// Seconds from T0.
    pub fn t_s(&self) -> i64 {
        self.plan.opens.0.saturating_add(i64::try_from(self.tick).unwrap_or(i64::MAX))
    }

    /// What the scenario says about this world.
    pub fn spec(&self) -> &WorldSpec {
        &self.plan.spec
    }

    /// Hosts by name.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &Host)> {
        self.hosts.iter().map(|(n, h)| (n.as_str(), h))
    }

    /// A host.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.get(name)
    }

    /// A mount written as `host:/mount`.
    pub fn mount(&self, place: &str) -> Option<&Mount> {
        let (host, point) = super::plan::place(place)?;
        self.hosts.get(host)?.vfs.mount(point)
    }

    /// Services in order of name.
    pub fn services(&self) -> impl Iterator<Item = (&str, &Service)> {
        self.plan.services.iter().map(|s| s.name.as_str()).zip(&self.services)
    }

    /// Address under which a service is reached.
    pub fn address_of(&self, name: &str) -> Option<String> {
        self.plan.services.get(self.plan.service(name)?).map(|s| s.address.clone())
    }

    /// A service.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(self.plan.service(name)?)
    }

    /// Replicas of a service that run now; a managed one always does.
    pub(super) fn replicas_up(&self, at: ServiceAt) -> u64 {
        let Some(s) = self.plan.services.get(at) else { return 0 };
        if s.replicas.is_empty() {
            return self.capacity.group(at).map_or(s.managed, |g| g.ready());
        }
        s.replicas.iter().filter(|r| self.replica_runs(r)).count() as u64
    }

    /// Whether the replica of a service on `host` runs.
    pub(super) fn replica_runs_on(&self, at: ServiceAt, host: &str) -> bool {
        let replicas = self.plan.services.get(at).map(|s| s.replicas.iter()).into_iter().flatten();
        replicas.filter(|r| r.host == host).any(|r| self.replica_runs(r))
    }

    fn replica_runs(&self, r: &Replica) -> bool {
        if self.capacity.any_off() && self.plan.capacity.host(&r.host).is_some_and(|h| !self.capacity.is_on(h)) {
            return false;
        }
        match (self.hosts.get(&r.host), &r.unit) {
            (Some(h), Some(unit)) => h.units.get(unit).is_some_and(|u| u.state == UnitState::Active),
            _ => true,
        }
    }

    /// Whether a service has a replica that runs.
    pub fn is_up(&self, service: &str) -> bool {
        self.plan.service(service).is_some_and(|at| self.replicas_up(at) > 0)
    }

    /// Replicas of a service that run, and how many there are (1 of 1 for a managed one).
    pub fn replicas(&self, service: &str) -> Option<(u64, u64)> {
        let at = self.plan.service(service)?;
        let s = self.plan.services.get(at)?;
        let managed = self.capacity.group(at).map_or(s.managed, |g| g.desired);
        let all = if s.replicas.is_empty() { managed } else { s.replicas.len() as u64 };
        Some((self.replicas_up(at), all))
    }

    /// This tick's flow of a service.
    pub fn flow(&self, service: &str) -> Option<Flow> {
        self.service(service).map(|s| s.flow)
    }

    /// Requests that `service:endpoint` received since the opening.
    pub fn endpoint_total(&self, target: &str) -> Option<u64> {
        let (service, endpoint) = target.split_once(':')?;
        let at = self.plan.service(service)?;
        let e = self.plan.services.get(at)?.endpoints.iter().position(|e| e.name == endpoint)?;
        self.services.get(at)?.by_endpoint.get(e).copied()
    }

    /// Traffic sources in order of name.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.plan.sources.iter().map(|s| s.name.as_str()).zip(&self.sources)
    }

    /// Queues in order of name.
    pub fn queues(&self) -> impl Iterator<Item = (&str, &Queue)> {
        self.plan.queues.iter().map(|q| q.name.as_str()).zip(&self.queues)
    }

    /// A queue.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues().find(|(n, _)| *n == name).map(|(_, q)| q)
    }

    /// Items of a queue that its consumers work on: those that they hold, or the one in hand where nobody counts deliveries.
    pub fn in_work(&self, queue: &str) -> u64 {
        let Some(q) = self.queue(queue) else { return 0 };
        let takes = |kind: &ServiceKind| matches!(kind, ServiceKind::Worker { queue: of } if of == queue);
        let up = self.plan.spec.services.iter().any(|(id, s)| takes(&s.kind) && self.is_up(id));
        q.held().max(u64::from(up && !q.paused && q.waiting > 0))
    }

    /// Probes in order of name, with the last result.
    pub fn probes(&self) -> impl Iterator<Item = (&str, &Probe)> {
        self.plan.probes.iter().map(|p| p.name.as_str()).zip(&self.probes)
    }

    /// A probe's last result.
    pub fn probe(&self, name: &str) -> Option<&Probe> {
        self.probes().find(|(n, _)| *n == name).map(|(_, p)| p)
    }

    /// Running jobs in order of their start.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The delivery log, oldest first.
    pub fn deploys(&self) -> &[Deploy] {
        &self.deploys
    }

    /// Faults at work now.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.ailments.awake().map(|a| &a.fault)
    }

    /// Calls between services: caller, called, and what went over them.
    pub fn edges(&self) -> impl Iterator<Item = (&str, &str, &Edge)> {
        let name = |at: ServiceAt| self.plan.services.get(at).map_or("", |s| s.name.as_str());
        self.plan.edges.iter().zip(&self.edges).map(move |(p, e)| (name(p.from), name(p.to), e))
    }

    /// Units of data lost for good so far.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Requests that failed for users since the opening.
    pub fn failed_total(&self) -> u64 {
        self.sources.iter().map(|s| s.failed_total).sum()
    }

    /// Users affected and population of the sources whose requests pass through a service.
    pub fn users_of(&self, service: &str) -> (u64, u64) {
        let Some(at) = self.plan.service(service) else { return (0, 0) };
        let mut sum = (0, 0);
        for (spec, s) in self.plan.sources.iter().zip(&self.sources) {
            if self.passes(spec.service, spec.endpoint, at, 0) {
                sum = (sum.0 + s.affected, sum.1 + spec.users);
            }
        }
        sum
    }

    /// Whether requests of users through a service failed in this tick.
    pub fn users_fail(&self, service: &str) -> bool {
        let Some(at) = self.plan.service(service) else { return false };
        let pairs = self.plan.sources.iter().zip(&self.sources);
        pairs.into_iter().any(|(spec, s)| s.failures > 0 && self.passes(spec.service, spec.endpoint, at, 0))
    }

    /// Whether a request that enters at `from` can pass through `at` in good health.
    fn passes(&self, from: ServiceAt, endpoint: Option<usize>, at: ServiceAt, depth: u32) -> bool {
        if from == at {
            return true;
        }
        let Some(s) = self.plan.services.get(from) else { return false };
        let mut next: Vec<ServiceAt> = s.edges.iter().filter_map(|e| self.plan.edges.get(*e)).map(|e| e.to).collect();
        if let Some(crate::scenario::ReplySpec::Redirect { to, .. }) =
            endpoint.and_then(|e| s.endpoints.get(e)).map(|e| &e.reply)
        {
            next.extend(self.plan.service(to));
        }
        depth < 8 && next.into_iter().any(|n| self.passes(n, None, at, depth + 1))
    }

    /// Share of a host's cores in use, 0 to 1; what runs on every machine included.
    pub fn load(&self, host: &str) -> Option<f64> {
        let used = self.capacity.host_use(&self.plan.capacity, self.plan.capacity.host(host)?)?;
        Some(((used.busy + 0.02) / used.cores).min(1.0))
    }

    /// Cores that a unit keeps busy: a worker one while it has work, a server by the requests of its replica.
    pub(super) fn cores_of(&self, host: &str, unit: &str) -> f64 {
        let at = self.plan.capacity.unit(host, unit);
        at.and_then(|u| self.capacity.unit_use(u)).map_or(0.0, |u| u.cores)
    }

    /// When a host was started.
    pub fn booted(&self, host: &str) -> Utc {
        let tick = self.plan.capacity.host(host).and_then(|at| self.capacity.booted(at));
        let up = self.plan.spec.hosts.get(host).map_or(0, |h| i64::try_from(h.up.0).unwrap_or(i64::MAX / 4));
        // In the prehistory too, a machine was started so long before the opening.
        let opening = self.utc().0.saturating_sub(self.t_s()).saturating_add(self.opens().0);
        Utc(opening.saturating_add(tick.map_or(-up, |t| i64::try_from(t).unwrap_or(i64::MAX / 4))))
    }

    /// Processor time that everything on a host has used since it was started, core seconds.
    pub fn cpu_spent_s(&self, host: &str) -> u64 {
        let units = self.hosts.get(host).map_or(0, |h| h.gone_ms + h.units.values().map(|u| u.cpu_ms).sum::<u64>());
        let others = self.processes(host).into_iter().filter(|p| p.unit.is_none());
        units / 1_000 + others.map(|p| p.cpu_s).sum::<u64>()
    }

    /// Processes that run on a host, by process id: the first one, those of units, strangers and pods.
    pub fn processes(&self, host: &str) -> Vec<Process> {
        let (Some(h), Some(spec)) = (self.hosts.get(host), self.plan.spec.hosts.get(host)) else { return Vec::new() };
        let boot = self.booted(host);
        let age = |start: Utc| u64::try_from(self.utc().0.saturating_sub(start.0)).unwrap_or(0);
        // A service runs as the user to whom its files belong.
        let has_user = |name: &str| spec.files.iter().any(|f| f.owner == name);
        let mut all = vec![Process {
            pid: 1,
            user: "root".to_owned(),
            cpu: 0.0,
            cpu_s: age(boot) / INIT_RARE,
            rss: 11_800_000,
            start: boot,
            command: "/sbin/init".to_owned(),
            unit: None,
        }];
        for (name, u) in &h.units {
            let (Some(pid), Some(unit)) = (u.pid, spec.units.get(name)) else { continue };
            all.push(Process {
                pid,
                user: match &unit.service {
                    Some(_) if has_user(name) => name.clone(),
                    Some(s) => {
                        let store = self.plan.spec.stores.values().find(|store| store.service == *s);
                        store.map_or("app", |s| s.engine.user()).to_owned()
                    }
                    None => "root".to_owned(),
                },
                cpu_s: u.cpu_ms / 1000,
                cpu: self.cores_of(host, name) * 100.0,
                rss: self.plan.capacity.unit(host, name).and_then(|u| self.capacity.unit_use(u)).map_or(0, |u| u.rss),
                start: u.since,
                command: unit.exec.clone(),
                unit: Some(name.clone()),
            });
        }
        if let Some(at) = self.plan.capacity.host(host) {
            all.extend(self.capacity.hogs(at).map(|hog| Process {
                pid: hog.pid,
                user: "root".to_owned(),
                cpu_s: hog.cpu_s as u64,
                cpu: hog.cores * 100.0,
                rss: hog.bytes as u64,
                start: self.plan.start.plus(i64::try_from(hog.since).unwrap_or(0)),
                command: hog.command.clone(),
                unit: None,
            }));
            let pods = self.capacity.pods_on(&self.plan.capacity, at);
            all.extend(pods.into_iter().map(|(service, pod)| Process {
                pid: super::capacity::pod_pid(service, pod.number, pod.restarts),
                user: "app".to_owned(),
                cpu_s: (pod.cores * pod.started_s as f64) as u64,
                cpu: pod.cores * 100.0,
                rss: pod.memory,
                start: self.utc().plus(-i64::try_from(pod.started_s).unwrap_or(0)),
                command: format!("/app/{}", self.plan.services.get(service).map_or("", |s| s.name.as_str())),
                unit: None,
            }));
        }
        all.sort_by_key(|p| p.pid);
        all
    }
}
