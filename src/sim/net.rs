//! The network: everything between a caller and a service. Links, DNS, certificates, secrets, clocks, edge rules, tools.
//!
//! It keeps its own state and never touches a request: each tick it says what stands in the way of every call and every
//! traffic source ([`Passage`]). `curl`, probes and `dig` ask the same functions. Times are seconds of simulated UTC.

pub mod clock;
pub mod dns;
pub mod edge;
pub mod trust;

mod apply;
mod fault;
pub(crate) mod plan;
mod press;
mod read;
mod tick;
mod way;
pub(in crate::sim) mod web;

pub(crate) use apply::is_address;
pub use read::{Hop, Lookup, PUBLIC_RESOLVER, Rcode, TlsView, ToolReach};
pub use way::{Passage, Rerouted};

use crate::scenario::NetFault;
use crate::sim::plan::Plan;
use crate::stdx::time::Utc;
use apply::Done;
use clock::Clock;
use dns::{Answer, Entry, Record, Resolver};
use edge::{EdgeChange, EdgeState, RuleState};
use plan::{NetPlan, Path};
use serde::Serialize;
use std::sync::Arc;
use trust::{Cert, Copy, Issue, Secret};

/// A fault of the network that is at work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Condition {
    pub fault: NetFault,
    pub severity: f64,
    pub since: u64,
}

/// What a link does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Link {
    /// Whether somebody has blocked it by hand.
    pub blocked: bool,
    /// Share of connections that get nowhere, opened by its `from` and by its `to`.
    pub down: [f64; 2],
    /// Share of attempts that it loses, a full buffer included.
    pub loss: f64,
    /// Share of flows that a half-dead device drops.
    pub gray: f64,
    /// Round trip that it adds, a filling buffer included, seconds.
    pub latency_s: f64,
    /// Requests a second offered to it in the last tick.
    pub offered: f64,
    /// Requests a second that it carries; infinite if nobody counted.
    pub capacity: f64,
}

/// The network at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NetState {
    #[serde(skip)]
    pub(crate) plan: Arc<NetPlan>,
    pub(in crate::sim) conditions: Vec<Condition>,
    pub(crate) links: Vec<Link>,
    /// By site: share of its routes that is withdrawn.
    pub(crate) withdrawn: Vec<f64>,
    /// By site: whether its replicas are taken out of service.
    pub(crate) drained: Vec<bool>,
    pub(crate) records: Vec<Record>,
    pub(crate) resolvers: Vec<Resolver>,
    /// Resolver of each keeper, as it is now.
    pub(crate) asks: Vec<Option<usize>>,
    /// Whether the DNS planner runs.
    pub(crate) planner: bool,
    pub(crate) entries: Vec<Entry>,
    pub(crate) certs: Vec<Cert>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) edges: Vec<EdgeState>,
    /// By tool: whether its break-glass path is open.
    pub(crate) opened: Vec<bool>,
    /// Ways of the routes as drained sites leave them.
    #[serde(skip)]
    pub(crate) paths: Vec<Path>,
    pub(crate) passages: Vec<Passage>,
    /// Attempts of the last tick, by route.
    #[serde(skip)]
    pub(crate) load: Vec<f64>,
    /// Whether nothing stands on any way: every passage is as if there were no network.
    #[serde(skip)]
    pub(crate) clear: bool,
    /// Whether the passages must be worked out again.
    pub(crate) stale: bool,
    /// When the passages change by themselves at the latest.
    pub(crate) wakes: u64,
}

impl NetState {
    /// The network of a world at its beginning.
    pub(in crate::sim) fn new(world: &Plan, now: Utc) -> NetState {
        let plan = Arc::new(NetPlan::new(world));
        let since = seconds(now);
        let spec = &plan.spec;
        let at = |name: &str| plan.service(name);
        let copies = |names: &[String]| -> Vec<(usize, Option<usize>)> {
            let places = names.iter().filter_map(|n| at(n)).flat_map(|s| plan.places(s));
            places.filter_map(|p| Some((p.service?, p.host))).collect()
        };
        let records = plan.records.iter().map(|(name, r)| Record {
            name: name.clone(),
            negative: r.negative,
            answers: vec![Answer { to: r.to.clone(), ttl: r.ttl, since: 0, by: String::new() }],
            mix: 1.0,
            bad: false,
        });
        let certs = spec.certs.values().map(|c| {
            let issue = Issue { serial: 1, from: plan.t0.plus(c.from.0), until: plan.t0.plus(c.expires.0) };
            let loaded = copies(&c.on).into_iter().map(|(service, host)| Copy { service, host, uses: issue });
            Cert { stored: issue, loaded: loaded.collect(), pinned: vec![1; c.pinned_by.len()], ..Cert::default() }
        });
        let secrets = spec.secrets.values().map(|s| {
            let held = copies(&s.held_by).into_iter().map(|(service, host)| Copy { service, host, uses: 1 });
            Secret { version: 1, grace_until: None, checked: 1.0, held: held.collect() }
        });
        let clocks = plan.hosts.iter().map(|h| match spec.clocks.get(h) {
            None => Clock::right(),
            Some(c) => {
                let early = c.shift.filter(|s| now.0 - plan.t0.0 >= s.at.0);
                Clock {
                    offset_us: c.offset_us as f64,
                    drift_ppm: c.drift_ppm as f64,
                    ntp: c.ntp,
                    zone_min: early.map_or(c.zone_min, |s| s.zone_min),
                    shift: c.shift.filter(|_| early.is_none()),
                    ..Clock::default()
                }
            }
        });
        let edges = spec.edges.values().map(|e| {
            let rules: Vec<RuleState> = e.rules.values().map(rule_state).collect();
            let touched = e.rules.values().map(|r| (plan.t0.plus(r.changed.0), r.by.clone()));
            let mut history: Vec<EdgeChange> = touched
                .clone()
                .zip(&rules)
                .enumerate()
                .map(|(rule, ((at, by), to))| EdgeChange { at, by, rule, to: to.clone() })
                .collect();
            history.sort_by_key(|c| (c.at, c.rule));
            let none = vec![0.0; rules.len()];
            EdgeState {
                live: rules.clone(),
                declared: rules,
                touched: touched.collect(),
                history,
                turned: none,
                ..EdgeState::default()
            }
        });
        let mut state = NetState {
            links: vec![Link::default(); plan.links.len()],
            withdrawn: vec![0.0; plan.sites.len()],
            drained: vec![false; plan.sites.len()],
            records: records.collect(),
            resolvers: vec![Resolver::default(); spec.resolvers.len()],
            asks: plan.asks.clone(),
            planner: true,
            certs: certs.collect(),
            secrets: secrets.collect(),
            clocks: clocks.collect(),
            edges: edges.collect(),
            opened: vec![false; spec.tools.len()],
            paths: plan.routes.iter().map(|r| r.way.clone()).collect(),
            stale: true,
            wakes: since,
            plan: Arc::clone(&plan),
            ..NetState::default()
        };
        state.passages = vec![Passage::default(); plan.routes.len()];
        state.relink();
        state
    }
}

fn rule_state(r: &crate::scenario::RuleSpec) -> RuleState {
    let limit = match &r.kind {
        crate::scenario::RuleKind::Limit(rate) => Some(rate.to_f64()),
        _ => None,
    };
    RuleState { on: r.on, kind: r.kind.clone(), share: r.share.to_f64(), limit }
}

/// Seconds of simulated UTC as an unsigned number.
pub(crate) fn seconds(now: Utc) -> u64 {
    u64::try_from(now.0).unwrap_or(0)
}
