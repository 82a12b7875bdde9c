//! The fixed part of a world: names resolved to positions once, so that a step never looks up a string it need not.

use crate::scenario::{
    Defect, EdgeSpec, HostSpec, LoadSpec, OnFailure, QueueMore, ReplySpec, Scenario, ServiceKind, StartLimit, UnitSpec,
    WorldSpec,
};
use crate::sim::carry::Rate;
use crate::sim::change::ChangePlan;
use crate::sim::store::{self, StorePlan};
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span, Utc};
use std::collections::BTreeMap;

/// Position of a service in [`Plan::services`].
pub(super) type ServiceAt = usize;

/// Position of a call in [`Plan::edges`].
pub(super) type EdgeAt = usize;

/// Everything about a world that never changes.
#[derive(Debug)]
pub(super) struct Plan {
    pub spec: WorldSpec,
    /// The moment of tick 0.
    pub start: Utc,
    /// Tick 0 as an offset from T0.
    pub opens: Offset,
    pub services: Vec<ServicePlan>,
    pub edges: Vec<EdgePlan>,
    /// Callers before those that they call, as far as there is no circle.
    pub order: Vec<ServiceAt>,
    pub sources: Vec<SourcePlan>,
    /// Tenants by name.
    pub tenants: Vec<String>,
    pub queues: Vec<QueuePlan>,
    pub capacity: crate::sim::capacity::CapacityPlan,
    pub stores: Vec<StorePlan>,
    pub probes: Vec<ProbePlan>,
    /// Host name to service, and whether it is the staging copy.
    pub dns: BTreeMap<String, (ServiceAt, bool)>,
    /// Changes.
    pub change: ChangePlan,
    /// Whether calm seconds can be settled service by service.
    pub settles: bool,
}

#[derive(Debug)]
pub(super) struct ServicePlan {
    pub name: String,
    pub kind: Kind,
    /// Every call that it can make.
    pub edges: Vec<EdgeAt>,
    /// Calls for every request, in turn.
    pub calls: Vec<EdgeAt>,
    pub endpoints: Vec<EndpointPlan>,
    pub replicas: Vec<Replica>,
    /// Replicas of a managed service.
    pub managed: u64,
    pub concurrency: u64,
    /// Seconds that a request keeps a replica busy with its own work when nothing weighs on it.
    pub own_s: f64,
    /// Requests that may wait, for each replica.
    pub queue: u64,
    pub drops_expired: bool,
    pub dns: String,
    pub address: String,
    /// Sources that enter here.
    pub entered_by: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Plain,
    Cdn {
        origin: ServiceAt,
        hit: Rate,
        recovers: u64,
    },
    /// Answers a share of requests itself, the more the warmer it is.
    Cache {
        origin: ServiceAt,
        hit: f64,
        objects: u64,
    },
    /// Object storage: scales by itself.
    Bucket,
    Worker,
}

#[derive(Debug)]
pub(super) struct EndpointPlan {
    pub name: String,
    pub path: String,
    pub reply: ReplySpec,
    /// Calls instead of those of the service.
    pub calls: Option<Vec<EdgeAt>>,
    /// Endpoint of the service behind an edge or cache that answers this path.
    pub behind: Option<usize>,
}

/// A call from one service to another.
#[derive(Debug)]
pub(super) struct EdgePlan {
    pub from: ServiceAt,
    pub to: ServiceAt,
    pub share: Rate,
    pub latency_s: f64,
    /// How long it waits, seconds; infinite if for ever.
    pub timeout_s: f64,
    pub retries: u32,
    /// Seconds before a further attempt; 0 is within the same second.
    pub wait_s: u64,
    pub budget: Option<f64>,
    pub breaker: Option<BreakerPlan>,
    pub pool: u64,
    pub optional: bool,
}

#[derive(Debug)]
pub(super) struct BreakerPlan {
    pub share: f64,
    pub least: f64,
    pub open_s: u64,
}

/// A replica: its host, and the unit that runs it there if one is listed.
#[derive(Debug)]
pub(super) struct Replica {
    pub host: String,
    pub unit: Option<String>,
}

#[derive(Debug)]
pub(super) struct SourcePlan {
    pub name: String,
    pub service: ServiceAt,
    pub endpoint: Option<usize>,
    pub users: u64,
    /// Number of its tenant, 0 for none.
    pub tenant: u16,
    /// Attempts in all, at least 1.
    pub attempts: usize,
    pub wait_s: Vec<u64>,
    /// How long a client waits, seconds; infinite if for ever.
    pub timeout_s: f64,
    pub budget: Option<f64>,
    pub rate: Rate,
    pub exact_rate: Exact,
    /// What multiplies the rate over time.
    pub load: Option<LoadSpec>,
}

#[derive(Debug)]
pub(super) struct QueuePlan {
    pub name: String,
    pub arrivals: Rate,
    pub rate: Rate,
    /// Services that work on it; with none it works by itself.
    pub workers: Vec<ServiceAt>,
    /// Host, path, bytes.
    pub leaves: Option<(String, String, u64)>,
    /// Host, mount, bytes.
    pub needs: Option<(String, String, u64)>,
    /// More about it.
    pub more: QueueMore,
    /// Service and endpoint whose requests put items in, and how many each.
    pub fed_by: Option<(ServiceAt, usize, Rate)>,
}

#[derive(Debug)]
pub(super) struct ProbePlan {
    pub name: String,
    pub url: String,
    pub every: u64,
    pub user_facing: bool,
}

/// `host:/path` in two.
pub(super) fn place(text: &str) -> Option<(&str, &str)> {
    text.split_once(':')
}

/// Fills the holes of a path or location with an example name.
pub(super) fn example(path: &str) -> String {
    fill(path, &BTreeMap::new())
}

/// Fills the holes of `text` from `values`, with an example where there is none.
pub(super) fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let usual = if name == "version" { "1.0.0" } else { "serde" };
        out.push_str(values.get(name).map_or(usual, String::as_str));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Matches a path against a pattern with holes; a hole takes at least one character and no slash.
pub(super) fn matches(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    let (a, b): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    if a.len() != b.len() {
        return None;
    }
    for (p, x) in a.iter().zip(&b) {
        match p.split_once('{').and_then(|(pre, rest)| rest.split_once('}').map(|(name, post)| (pre, name, post))) {
            None if p == x => {}
            None => return None,
            Some((pre, name, post)) => {
                let inner = x.strip_prefix(pre)?.strip_suffix(post)?;
                if inner.is_empty() {
                    return None;
                }
                values.insert(name.to_owned(), inner.to_owned());
            }
        }
    }
    Some(values)
}

/// Scheme, host and path (with a leading slash) of a URL; a URL without a scheme is plain http.
pub(super) fn parts(url: &str) -> (String, String, String) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (host, path) = match rest.find(['/', '?', '#']) {
        Some(i) => (&rest[..i], &rest[i..]),
        None => (rest, "/"),
    };
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split_once(':').map_or(host, |(h, _)| h).to_ascii_lowercase();
    let path = path.split(['?', '#']).next().unwrap_or("/");
    (scheme.to_ascii_lowercase(), host, if path.is_empty() { "/".to_owned() } else { path.to_owned() })
}

impl Plan {
    /// Resolves a scenario's world. Names that lead nowhere are left out; validation has reported them.
    pub fn new(s: &Scenario, opens: Offset) -> Plan {
        let mut spec = s.world.clone();
        spec.hosts.values_mut().for_each(equip);
        let at = |name: &str| spec.services.keys().position(|k| k == name);
        let mut services: Vec<ServicePlan> = Vec::new();
        let mut dns = BTreeMap::new();
        for (i, (name, v)) in spec.services.iter().enumerate() {
            let kind = match &v.kind {
                ServiceKind::Cdn { origin, hit_ratio, recovers } => match at(origin) {
                    Some(origin) => Kind::Cdn { origin, hit: Rate::of(&hit_ratio.0).capped(), recovers: recovers.0 },
                    None => Kind::Bucket,
                },
                ServiceKind::Cache(c) => match at(&c.origin) {
                    Some(origin) => {
                        Kind::Cache { origin, hit: c.hit_ratio.to_f64().clamp(0.0, 1.0), objects: c.objects.max(1) }
                    }
                    None => Kind::Bucket,
                },
                ServiceKind::Bucket => Kind::Bucket,
                ServiceKind::Worker { .. } => Kind::Worker,
                ServiceKind::Http | ServiceKind::Database => Kind::Plain,
            };
            let unit_on = |host: &str| {
                let units = &spec.hosts.get(host)?.units;
                units.iter().find(|(_, u)| u.service.as_deref() == Some(name)).map(|(n, _)| n.clone())
            };
            let replicas: Vec<Replica> = v.on.iter().map(|h| Replica { host: h.clone(), unit: unit_on(h) }).collect();
            let address = v.on.first().and_then(|h| spec.hosts.get(h)).map(|h| h.address.clone());
            let address = address.filter(|a| !a.is_empty()).unwrap_or_else(|| format!("203.0.113.{}", 10 + i % 200));
            let endpoints = v.endpoints.iter();
            let host_name = v.dns.to_ascii_lowercase();
            if !host_name.is_empty() {
                dns.insert(host_name.clone(), (i, false));
                dns.insert(format!("staging.{host_name}"), (i, true));
            }
            services.push(ServicePlan {
                name: name.clone(),
                kind,
                edges: Vec::new(),
                calls: Vec::new(),
                endpoints: endpoints
                    .map(|(n, e)| EndpointPlan {
                        name: n.clone(),
                        path: e.path.clone(),
                        reply: e.reply.clone(),
                        calls: None,
                        behind: None,
                    })
                    .collect(),
                replicas,
                managed: u64::from(v.replicas.max(1)),
                concurrency: u64::from(v.concurrency),
                own_s: v.service_time_us as f64 / 1e6,
                queue: u64::from(v.queue.unwrap_or(v.concurrency)),
                drops_expired: v.drops_expired,
                dns: host_name,
                address,
                entered_by: Vec::new(),
            });
        }
        let edges = connect(&spec, &mut services);
        let order = order(services.len(), &edges);
        // A healthy redirect names the service that answers it, so its host is an address of that service.
        for v in spec.services.values() {
            for e in v.endpoints.values() {
                if let ReplySpec::Redirect { location, to } = &e.reply
                    && location.contains("://")
                    && let Some(to) = at(to)
                {
                    dns.entry(parts(&example(location)).1).or_insert((to, false));
                }
            }
        }
        let target = |calls: &str| {
            let (service, endpoint) = calls.split_once(':').unwrap_or((calls, ""));
            let i = at(service)?;
            Some((i, services.get(i)?.endpoints.iter().position(|e| e.name == endpoint)))
        };
        let mut tenants: Vec<String> = spec.traffic.values().filter_map(|t| t.tenant.clone()).collect();
        tenants.sort();
        tenants.dedup();
        let number = |tenant: Option<&String>| {
            let at = tenant.and_then(|t| tenants.iter().position(|x| x == t));
            at.map_or(0, |i| u16::try_from(i + 1).unwrap_or(0))
        };
        let mut sources = Vec::new();
        let mut entries = Vec::new();
        for (name, t) in &spec.traffic {
            let Some((service, endpoint)) = target(&t.calls) else { continue };
            let (attempts, wait_s) = match &t.on_failure {
                OnFailure::GiveUp => (1, Vec::new()),
                OnFailure::Retry { attempts, wait_s } => ((*attempts).clamp(1, 32) as usize, wait_s.clone()),
            };
            entries.push((service, sources.len()));
            sources.push(SourcePlan {
                name: name.clone(),
                service,
                endpoint,
                users: t.users,
                tenant: number(t.tenant.as_ref()),
                attempts,
                wait_s,
                timeout_s: t.timeout_us.map_or(f64::INFINITY, |us| us as f64 / 1e6),
                budget: t.budget.as_ref().map(Exact::to_f64),
                rate: Rate::of(&t.rate.0),
                exact_rate: t.rate.clone(),
                load: t.load.clone(),
            });
        }
        let mut probes = Vec::new();
        for (name, p) in &spec.probes {
            let Some((service, endpoint)) = target(&p.target) else { continue };
            let Some(v) = services.get(service) else { continue };
            let path = endpoint.and_then(|e| v.endpoints.get(e)).map_or("/".to_owned(), |e| example(&e.path));
            let url = format!("https://{}{path}", v.dns);
            probes.push(ProbePlan { name: name.clone(), url, every: p.every.0.max(1), user_facing: p.user_facing });
        }
        let own = |text: &(String, u64)| place(&text.0).map(|(h, p)| (h.to_owned(), p.to_owned(), text.1));
        let works_on = |v: &ServiceKind, q: &str| matches!(v, ServiceKind::Worker { queue } if queue == q);
        let queues = spec.queues.iter().map(|(name, q)| QueuePlan {
            name: name.clone(),
            arrivals: Rate::of(&q.arrivals.0),
            rate: Rate::of(&q.rate.0),
            workers: spec.services.values().enumerate().filter(|(_, v)| works_on(&v.kind, name)).map(|x| x.0).collect(),
            leaves: q.leaves.as_ref().and_then(own),
            needs: q.needs.as_ref().and_then(own),
            fed_by: q.more.fed_by.as_ref().and_then(|(calls, each)| {
                let (service, endpoint) = target(calls)?;
                Some((service, endpoint?, Rate::of(&each.0)))
            }),
            more: q.more.clone(),
        });
        let queues = queues.collect();
        for (service, source) in entries {
            if let Some(v) = services.get_mut(service) {
                v.entered_by.push(source);
            }
        }
        let change = ChangePlan::new(&spec, s.t0.utc, edges.iter().map(|e| (e.from, e.to)).collect());
        let stores = store::plans(s, |name| services.iter().position(|s| s.name == name));
        let mut plan = Plan {
            settles: false,
            change,
            stores,
            capacity: crate::sim::capacity::CapacityPlan::new(&spec),
            start: s.t0.utc.plus(opens.0),
            opens,
            services,
            edges,
            order,
            sources,
            tenants,
            queues,
            probes,
            dns,
            spec,
        };
        plan.settles = plan.settles();
        plan
    }

    /// Releases that make `endpoint` of `service` redirect wrongly: name, location and the share that they send there.
    pub fn defects(&self, service: &str, endpoint: &str) -> impl Iterator<Item = (&str, &str, Rate)> {
        self.spec.releases.iter().filter_map(move |(name, r)| match r.defect.as_ref()? {
            Defect::BadRedirect { on, location, share } if on.split_once(':') == Some((service, endpoint)) => {
                Some((name.as_str(), location.as_str(), Rate::of(&share.0).capped()))
            }
            _ => None,
        })
    }

    /// The endpoint of the service `to` that has the path of an endpoint of `meant`; `None` if it has none like it.
    pub fn endpoint_at(&self, meant: ServiceAt, endpoint: Option<u32>, to: ServiceAt) -> Option<u32> {
        let path = example(&self.services.get(meant)?.endpoints.get(endpoint? as usize)?.path);
        let found = self.services.get(to)?.endpoints.iter().position(|e| matches(&e.path, &path).is_some())?;
        u32::try_from(found).ok()
    }

    /// Where a host name leads.
    pub fn lookup(&self, host: &str) -> Option<(ServiceAt, bool)> {
        self.dns.get(host).copied()
    }

    /// Position of a service by name.
    pub fn service(&self, name: &str) -> Option<ServiceAt> {
        self.services.iter().position(|s| s.name == name)
    }
}

/// Resolves who calls whom, and gives every service its calls in turn.
/// What runs on every machine: unit, what `systemctl` calls it, command line, memory in bytes.
const EVERYWHERE: [(&str, &str, &str, u64); 3] = [
    ("cron", "Regular background program processing daemon", "/usr/sbin/cron -f", 8_400_000),
    ("ssh", "OpenBSD Secure Shell server", "/usr/sbin/sshd -D", 9_100_000),
    ("systemd-journald", "Journal Service", "/lib/systemd/systemd-journald", 24_500_000),
];

/// Adds what runs on every machine and the scenario does not list.
fn equip(host: &mut HostSpec) {
    for (name, description, exec, memory) in EVERYWHERE {
        if host.units.values().any(|u| u.exec == exec) || host.units.contains_key(name) {
            continue;
        }
        let unit = UnitSpec {
            description: description.to_owned(),
            service: None,
            exec: exec.to_owned(),
            start: Span(1),
            restart: true,
            restart_after: None,
            start_limit: StartLimit::default(),
            memory,
        };
        host.units.insert(name.to_owned(), unit);
    }
}

fn connect(spec: &WorldSpec, services: &mut [ServicePlan]) -> Vec<EdgePlan> {
    let at = |name: &str| spec.services.keys().position(|k| k == name);
    let plain = EdgeSpec::default();
    let mut edges: Vec<EdgePlan> = Vec::new();
    for (from, v) in spec.services.values().enumerate() {
        let mut edge = |to: &String| -> Option<EdgeAt> {
            let to_at = at(to)?;
            if let Some(known) = edges.iter().position(|e| e.from == from && e.to == to_at) {
                return Some(known);
            }
            let e = v.edges.get(to).unwrap_or(&plain);
            edges.push(EdgePlan {
                from,
                to: to_at,
                share: Rate::of(&e.share.0).capped(),
                latency_s: e.latency_us as f64 / 1e6,
                timeout_s: e.timeout_us.map_or(f64::INFINITY, |us| us as f64 / 1e6),
                retries: e.retries,
                wait_s: if e.wait_us < 1_000_000 { 0 } else { e.wait_us.div_ceil(1_000_000) },
                budget: e.budget.as_ref().map(Exact::to_f64),
                breaker: e.breaker.as_ref().map(|b| BreakerPlan {
                    share: b.share.to_f64(),
                    least: f64::from(b.least),
                    open_s: b.open.0,
                }),
                pool: e.pool.map_or(u64::MAX, u64::from),
                optional: e.optional,
            });
            Some(edges.len() - 1)
        };
        // What an edge or cache does not hold it fetches first.
        let origin = match &v.kind {
            ServiceKind::Cdn { origin, .. } => edge(origin),
            ServiceKind::Cache(c) => edge(&c.origin),
            _ => None,
        };
        let own: Vec<&String> = v.endpoints.values().filter_map(|e| e.calls.as_ref()).flatten().collect();
        let more = v.edges.keys().filter(|to| !v.calls.contains(to) && !own.contains(to));
        let mut calls: Vec<EdgeAt> = origin.into_iter().collect();
        for to in v.calls.iter().chain(more) {
            calls.extend(edge(to).filter(|e| !calls.contains(e)));
        }
        let by_endpoint: Vec<Option<Vec<EdgeAt>>> = v
            .endpoints
            .values()
            .map(|e| {
                let list = e.calls.as_ref()?;
                Some(origin.into_iter().chain(list.iter().filter_map(&mut edge)).collect())
            })
            .collect();
        if let Some(s) = services.get_mut(from) {
            s.edges = (0..edges.len()).filter(|e| edges.get(*e).is_some_and(|e| e.from == from)).collect();
            s.calls = calls;
            for (e, calls) in s.endpoints.iter_mut().zip(by_endpoint) {
                e.calls = calls;
            }
        }
    }
    // A path that an edge or cache passes on is answered by the endpoint of its origin that has it.
    let paths: Vec<Vec<String>> =
        services.iter().map(|s| s.endpoints.iter().map(|e| e.path.clone()).collect()).collect();
    for s in services {
        if let Kind::Cdn { origin, .. } | Kind::Cache { origin, .. } = s.kind {
            for e in &mut s.endpoints {
                let path = example(&e.path);
                e.behind = paths.get(origin).and_then(|p| p.iter().position(|p| matches(p, &path).is_some()));
            }
        }
    }
    edges
}

/// Callers before those that they call; what stands in a circle comes in order of name.
fn order(services: usize, edges: &[EdgePlan]) -> Vec<ServiceAt> {
    let mut order = Vec::with_capacity(services);
    while order.len() < services {
        let left: Vec<ServiceAt> = (0..services).filter(|at| !order.contains(at)).collect();
        let called = |at: &ServiceAt| edges.iter().any(|e| e.to == *at && e.from != *at && left.contains(&e.from));
        let next = left.iter().find(|at| !called(at)).or(left.first()).copied();
        order.extend(next);
    }
    order
}
