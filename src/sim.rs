//! The world: hosts, services, traffic, queues, releases, faults. One `step` is one simulated second.
//!
//! One state decides everything: the fate of users, `http`, probes, metrics and logs all ask the same few questions
//! (is it up, what share does it refuse, where does its endpoint lead), so they cannot disagree.

pub mod capacity;
pub mod carry;
pub mod change;
pub mod distro;
pub mod effect;
pub mod net;
pub mod queueing;
pub mod store;
pub mod vfs;

mod account;
mod apply;
mod fault;
mod flow;
mod held;
mod http;
mod keyspace;
mod logfile;
mod phase;
mod plan;
mod queue;
mod read;
mod route;
mod state;
mod strain;

pub use account::{gid, home, uid};
pub use capacity::OOM_KILL;
pub use effect::*;
pub use held::HeldFile;
pub use http::HttpReply;
pub use keyspace::{Held, Item, KeyAct, Keyspace, Stored};
pub use phase::NO_SPACE;
pub use queue::Queue;
pub use route::{Entry, Terms};
pub use state::{
    Answers, Deploy, Edge, EdgeFlow, Flow, Host, Job, Probe, Process, Service, Source, TenantFlow, Unit, UnitState,
};
pub use strain::Cut;

use crate::fact::FactKind;
use crate::scenario::Scenario;
use crate::stdx::rng::Stream;
use crate::stdx::time::{Offset, Tick, Utc};
use change::ChangeState;
use fault::{Ailment, Ailments, Phase};
use flow::{Led, Scratch};
use net::NetState;
use plan::Plan;
use queueing::Tables;
use serde::Serialize;
use state::Attempt;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::StoreState;
use strain::Pressure;

/// Seconds of ordinary life that a world has behind it at the opening; metrics and logs show them.
pub const PREHISTORY_S: u64 = 1_800;

/// Seconds that a promotion to production takes.
pub const PROMOTE_S: u64 = 60;

/// Rows of the delivery log that are kept.
const DEPLOYS_MAX: usize = 500;

/// The simulated world at one tick.
#[derive(Clone, Debug, Serialize)]
pub struct World {
    #[serde(skip)]
    plan: Arc<Plan>,
    tick: u64,
    /// While the prehistory runs: disks and queues stand still, so that the opening is exactly as written.
    still: bool,
    hosts: BTreeMap<String, Host>,
    services: Vec<Service>,
    sources: Vec<Source>,
    queues: Vec<Queue>,
    probes: Vec<Probe>,
    edges: Vec<Edge>,
    net: NetState,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stores: Vec<StoreState>,
    ailments: Ailments,
    capacity: capacity::CapacityState,
    jobs: Vec<Job>,
    next_job: u32,
    deploys: Vec<Deploy>,
    lost: u64,
    /// Files that were removed while a program has them open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<HeldFile>,
    /// Log files that programs write to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logs: Vec<logfile::OpenLog>,
    /// Logs that were compressed and not weighed since.
    #[serde(skip)]
    packed: Vec<(String, String)>,
    /// What clients did by hand to the keys of caches.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    keyspaces: BTreeMap<String, Keyspace>,
    /// Affected users as last said in a fact.
    said: u64,
    /// Tenants with affected users as last said, in the order of their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    said_of: Vec<bool>,
    traffic: Stream,
    change: ChangeState,
    /// Derived from releases; what weighs on services in this tick; tables of waiting.
    #[serde(skip)]
    leads: Vec<Vec<Led>>,
    #[serde(skip)]
    pressure: Pressure,
    #[serde(skip)]
    tables: Tables,
    #[serde(skip)]
    scratch: Scratch,
}

impl World {
    /// The world at tick 0, the opening: what the scenario says, settled by half an hour of ordinary life.
    pub fn new(scenario: &Scenario, seed: u64) -> World {
        let mut past = World::past(scenario, seed);
        for _ in 0..PREHISTORY_S {
            past.step();
        }
        past.open(scenario)
    }

    /// The world half an hour before the opening. Stepping it [`PREHISTORY_S`] times shows the prehistory; disks and
    /// queues stand still in it.
    pub fn past(scenario: &Scenario, seed: u64) -> World {
        let opens = Offset(scenario.opens.0.saturating_sub_unsigned(PREHISTORY_S));
        let plan = Arc::new(Plan::new(scenario, opens));
        let spec = &plan.spec;
        let now = plan.start;
        let mut hosts = BTreeMap::new();
        for (h, (name, v)) in spec.hosts.iter().enumerate() {
            let user = if *name == scenario.you.host { scenario.you.user.as_str() } else { "admin" };
            let vfs = vfs::Vfs::new(name, v, user, scenario.t0.utc.plus(scenario.opens.0));
            let mut host = Host {
                vfs,
                units: BTreeMap::new(),
                next_pid: 700 + 37 * h as u32,
                gone_ms: 0,
                rotated: Default::default(),
            };
            // A host has been up for so long at the opening, half an hour from here.
            let boot = now.plus(PREHISTORY_S as i64 - i64::try_from(v.up.0).unwrap_or(i64::MAX / 4));
            for unit in v.units.keys() {
                host.next_pid += 11;
                let since = boot.plus(14);
                let pid = Some(host.next_pid);
                let unit_state = Unit {
                    state: UnitState::Active,
                    since,
                    pid,
                    last_pid: host.next_pid,
                    cpu_ms: 0,
                    why: String::new(),
                    again: None,
                    tries: 0,
                    disabled: false,
                    masked: false,
                    restarts: 0,
                    starts: Vec::new(),
                    given_up: 0,
                };
                host.units.insert(unit.clone(), unit_state);
            }
            hosts.insert(name.clone(), host);
        }
        let logs = logfile::open_at(&mut hosts, scenario.t0.utc.plus(scenario.opens.0));
        let services = spec.services.values().map(|v| Service {
            release: v.release.clone(),
            staging: v.staging.clone(),
            by_endpoint: vec![0; v.endpoints.len()],
            answers: vec![Answers::default(); v.endpoints.len() + 1],
            tenants: vec![TenantFlow::default(); plan.tenants.len()],
            answers_of: vec![Answers::default(); (v.endpoints.len() + 1) * plan.tenants.len()],
            up: true,
            warmth: 1.0,
            ..Service::default()
        });
        let sources = plan
            .sources
            .iter()
            .map(|s| Source { tries: vec![Attempt::default(); s.attempts], ..Source::default() })
            .collect();
        let mut world = World {
            services: services.collect(),
            sources,
            queues: read::first_queues(spec),
            probes: vec![Probe::default(); plan.probes.len()],
            tick: 0,
            still: true,
            hosts,
            edges: plan.edges.iter().map(|e| Edge { per_request: e.share.to_f64(), ..Edge::default() }).collect(),
            net: NetState::new(&plan, plan.start),
            stores: World::stores_at(&plan, scenario),
            ailments: Ailments::default(),
            capacity: capacity::CapacityState::new(&plan.capacity),
            jobs: Vec::new(),
            next_job: 1,
            deploys: read::first_deploys(spec, scenario),
            lost: 0,
            held: Vec::new(),
            logs,
            packed: Vec::new(),
            keyspaces: BTreeMap::new(),
            said: 0,
            said_of: vec![false; plan.tenants.len()],
            traffic: Stream::new(seed, "traffic"),
            leads: Vec::new(),
            pressure: Pressure::default(),
            tables: Tables::default(),
            scratch: Scratch::default(),
            change: ChangeState::new(&plan.change, spec, scenario.t0.utc, scenario.opens.0, seed),
            plan: Arc::clone(&plan),
        };
        world.write_accounts(scenario);
        world.place_stores();
        world.open_deployments(scenario);
        world.map_leads();
        for f in &spec.faults {
            match f.at.tick(opens) {
                Some(Tick(t)) if t > 0 => {
                    let (fault, course) = (f.fault.clone(), f.course.clone());
                    world.ailments.push(Ailment::new(fault, course, Phase::Due(t)));
                }
                _ => world.begin(&f.fault, &f.course, &mut Vec::new()),
            }
        }
        let mut quiet = Vec::new();
        world.settle(&mut quiet);
        world.control(&mut quiet);
        world.look(true);
        world
    }

    /// Ends the prehistory: now is tick 0 of the session, and disks and queues move.
    fn open(mut self, scenario: &Scenario) -> World {
        let past = self.tick;
        let now = self.utc();
        let rebase = |t: u64| t.saturating_sub(past);
        self.plan = Arc::new(Plan::new(scenario, scenario.opens));
        self.pressure.holds = false;
        self.open_queues();
        for s in &mut self.services {
            s.total = Flow::default();
            s.by_endpoint.fill(0);
            s.answers.fill(Answers::default());
            s.answers_of.fill(Answers::default());
            for t in &mut s.tenants {
                (t.started, t.ok, t.limited, t.failed) = (0, 0, 0, 0);
            }
            s.sick_until = s.sick_until.map(rebase);
        }
        for s in &mut self.sources {
            s.failed_total = 0;
            for w in &mut s.waiting {
                w.0 = rebase(w.0);
            }
            for w in s.tries.iter_mut().flat_map(|t| &mut t.waiting) {
                w.0 = rebase(w.0);
            }
        }
        for s in &mut self.services {
            for b in &mut s.station.waiting {
                b.since = rebase(b.since);
            }
        }
        for e in &mut self.edges {
            e.total = EdgeFlow::default();
            e.carried = e.under_way();
            for p in e.waiting.iter_mut().chain(&mut e.pool).chain(e.again.iter_mut().map(|(_, p)| p)) {
                p.since = rebase(p.since);
                p.batch.since = rebase(p.batch.since);
            }
            for (t, _) in &mut e.again {
                *t = rebase(*t);
            }
            e.breaker.until = e.breaker.until.map(rebase);
        }
        self.ailments.rebase(past);
        self.capacity.rebase(past);
        for u in self.hosts.values_mut().flat_map(|h| h.units.values_mut()) {
            u.again = u.again.map(rebase);
            u.starts.clear();
            // It has gone on like this since it was started, as far as anybody can tell.
            let age = u64::try_from(now.0.saturating_sub(u.since.0)).unwrap_or(0);
            u.cpu_ms = (u128::from(u.cpu_ms) * u128::from(age) / u128::from(PREHISTORY_S)) as u64;
        }
        for j in &mut self.jobs {
            // What is left of a start that was under way.
            j.seconds = j.started.0.saturating_add(j.seconds).saturating_sub(past);
            j.started = Tick(0);
        }
        self.tick = 0;
        self.still = false;
        // What expired before the opening is on nobody's account.
        self.lost = 0;
        self.said = 0;
        self.said_of.fill(false);
        self.open_changes();
        self.look(true);
        self
    }

    /// Advances one simulated second; the world's facts in order.
    pub fn step(&mut self) -> Vec<FactKind> {
        self.tick += 1;
        let mut facts = Vec::new();
        self.press(true);
        let fresh = self.demand();
        self.resolve(fresh);
        let (n, of) = self.users();
        if n != self.said {
            self.said = n;
            facts.push(FactKind::Impact { n, of });
        }
        self.say_of_tenants(&mut facts);
        self.resources(&mut facts);
        self.run_machines(&mut facts);
        self.step_stores(&mut facts);
        self.settle(&mut facts);
        self.control(&mut facts);
        self.finish_jobs(&mut facts);
        self.settle(&mut facts);
        // Probes look last, so that a probe and a request in the same second see the same world.
        self.look(false);
        facts
    }

    /// The tick that this is the state after.
    pub fn tick(&self) -> Tick {
        Tick(self.tick)
    }

    /// Simulated time.
    pub fn utc(&self) -> Utc {
        self.plan.start.plus(i64::try_from(self.tick).unwrap_or(i64::MAX))
    }

    /// Says of each tenant when users of it begin to be affected, and when none is any more.
    fn say_of_tenants(&mut self, facts: &mut Vec<FactKind>) {
        for (i, name) in self.plan.tenants.iter().enumerate() {
            let hurt = self.tenant_users(name).0 > 0;
            if let Some(said) = self.said_of.get_mut(i).filter(|s| **s != hurt) {
                *said = hurt;
                facts.push(phase::changed(format!("tenant {name}"), if hurt { "affected" } else { "well" }));
            }
        }
    }

    /// Users of a tenant that are affected, and how many it has.
    pub fn tenant_users(&self, tenant: &str) -> (u64, u64) {
        let number = self.plan.tenants.iter().position(|t| t == tenant).map(|i| i + 1);
        let of = self.plan.sources.iter().zip(&self.sources).filter(|(p, _)| Some(usize::from(p.tenant)) == number);
        of.fold((0, 0), |sum, (p, s)| (sum.0 + s.affected, sum.1 + p.users))
    }

    /// Tenants in order of name.
    pub fn tenants(&self) -> &[String] {
        &self.plan.tenants
    }

    /// Users affected and population, all sources together.
    pub fn users(&self) -> (u64, u64) {
        let affected = self.sources.iter().map(|s| s.affected).sum();
        (affected, self.plan.sources.iter().map(|s| s.users).sum())
    }
}
