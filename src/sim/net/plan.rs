//! The fixed part of the network: who is where, which links a route crosses, who asks which resolver.

use crate::scenario::{NetSpec, ReplySpec, ServiceKind, WorldSpec};
use crate::sim::plan::Plan;
use crate::stdx::time::Utc;

/// Where a caller or a callee stands: a replica on a host, a managed service, or a population of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub host: Option<usize>,
    pub service: Option<usize>,
    pub source: Option<usize>,
}

/// Who keeps DNS answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// A crowd of clients, each with a cache of its own.
    Source(usize),
    /// A host's cache.
    Host(usize),
    /// A managed service.
    Service(usize),
}

/// A link crossed by a share of the pairs of caller and callee.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crossing {
    pub link: usize,
    pub forward: bool,
    pub share: f64,
}

/// What lies between two sets of places.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path {
    pub crossings: Vec<Crossing>,
    /// Sites whose border is crossed, by which share of the pairs.
    pub borders: Vec<(usize, f64)>,
}

/// One way to a service: an edge, then the sources.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub to: usize,
    /// Service that calls, if one does.
    pub caller: Option<usize>,
    /// Replicas, or the crowd, that call.
    pub from: Vec<Place>,
    /// Path asked for.
    pub path: String,
    /// Record asked for.
    pub record: Option<usize>,
    pub way: Path,
    /// Keepers of the answers that the callers use.
    pub keepers: Vec<usize>,
}

/// A party: the places that belong to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    hosts: Vec<bool>,
    services: Vec<bool>,
    sources: Vec<bool>,
}

impl Members {
    pub fn has(&self, p: Place) -> bool {
        let set = |v: &[bool], at: Option<usize>| at.and_then(|i| v.get(i)).copied().unwrap_or(false);
        set(&self.hosts, p.host) || set(&self.services, p.service) || set(&self.sources, p.source)
    }
}

/// Everything about the network that never changes.
#[derive(Debug, Default)]
pub(crate) struct NetPlan {
    pub spec: NetSpec,
    /// T0.
    pub t0: Utc,
    pub hosts: Vec<String>,
    pub addresses: Vec<String>,
    pub services: Vec<ServiceNet>,
    pub sources: Vec<String>,
    pub sites: Vec<Members>,
    pub links: Vec<(Members, Members)>,
    /// Calls, then sources, then detours.
    pub routes: Vec<Route>,
    /// Sources and the services to which they are redirected.
    pub detours: Vec<(usize, usize)>,
    /// Records by name: those of the scenario and those of the services' own names.
    pub records: Vec<(String, RecordPlan)>,
    pub keepers: Vec<Keeper>,
    /// Resolver of each keeper.
    pub asks: Vec<Option<usize>>,
    /// By keeper and resolver: the way from one to the other.
    pub lookups: Vec<Vec<Path>>,
    /// By resolver: the service that it is.
    pub resolver_services: Vec<Option<usize>>,
}

/// What the network needs to know of a service.
#[derive(Clone, Debug)]
pub(crate) struct ServiceNet {
    pub name: String,
    pub dns: String,
    pub address: String,
    pub hosts: Vec<usize>,
    pub talk: Talk,
}

/// What a service understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// HTTP.
    Web,
    /// A database's protocol.
    Query,
    /// Nothing: it listens for nobody.
    None,
}

/// A record as the scenario has it.
#[derive(Clone, Debug)]
pub(crate) struct RecordPlan {
    pub to: Vec<String>,
    pub ttl: u64,
    pub negative: u64,
}

/// Who may be redirected where, in good health.
fn detours(world: &Plan) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for (i, s) in world.sources.iter().enumerate() {
        let endpoint = s.endpoint.and_then(|e| world.services.get(s.service)?.endpoints.get(e));
        if let Some(ReplySpec::Redirect { to, .. }) = endpoint.map(|e| &e.reply)
            && let Some(to) = world.service(to)
        {
            out.push((i, to));
        }
    }
    out
}

/// Longest time to live of a service's own record, seconds.
const TTL_S: u64 = 60;
/// How long an empty answer for one is kept, seconds.
const NEGATIVE_S: u64 = 30;

impl NetPlan {
    pub(in crate::sim) fn new(world: &Plan) -> NetPlan {
        let spec = world.spec.network.clone();
        let hosts: Vec<String> = world.spec.hosts.keys().cloned().collect();
        let services: Vec<ServiceNet> = world
            .services
            .iter()
            .map(|s| ServiceNet {
                name: s.name.clone(),
                dns: s.dns.clone(),
                address: s.address.clone(),
                hosts: s.replicas.iter().filter_map(|r| hosts.iter().position(|h| *h == r.host)).collect(),
                talk: match world.spec.services.get(&s.name).map(|s| &s.kind) {
                    Some(ServiceKind::Database) => Talk::Query,
                    Some(ServiceKind::Worker { .. }) => Talk::None,
                    _ => Talk::Web,
                },
            })
            .collect();
        let mut plan = NetPlan {
            t0: world.start.plus(-world.opens.0),
            addresses: world.spec.hosts.values().map(|h| h.address.clone()).collect(),
            hosts,
            services,
            sources: world.sources.iter().map(|s| s.name.clone()).collect(),
            ..NetPlan::default()
        };
        plan.spec = spec;
        plan.sites = plan.spec.sites.values().map(|s| plan.members_of(&s.members)).collect();
        plan.links = plan.spec.links.values().map(|l| (plan.members(&l.from), plan.members(&l.to))).collect();
        plan.records = plan.all_records(&world.spec);
        plan.keepers = (0..plan.sources.len()).map(Keeper::Source).collect();
        plan.keepers.extend((0..plan.hosts.len()).map(Keeper::Host));
        plan.keepers.extend((0..plan.services.len()).map(Keeper::Service));
        plan.asks = plan.keepers.iter().map(|k| plan.resolver_of(*k)).collect();
        let services = plan.spec.resolvers.values().map(|r| r.service.as_ref().and_then(|s| plan.service(s)));
        plan.resolver_services = services.collect();
        plan.lookups = plan.keepers.iter().map(|k| plan.lookups_of(*k)).collect();
        plan.detours = detours(world);
        let calls = world.edges.iter().map(|e| (Some(e.from), None, e.to, None));
        let entries = world.sources.iter().enumerate().map(|(i, s)| (None, Some(i), s.service, s.endpoint));
        let further = plan.detours.iter().map(|(source, to)| (None, Some(*source), *to, None));
        let routes: Vec<Route> = calls
            .chain(entries)
            .chain(further)
            .map(|(caller, source, to, endpoint)| {
                let from = match (caller, source) {
                    (Some(s), _) => plan.places(s),
                    (_, source) => vec![Place { source, ..Place::default() }],
                };
                let path = endpoint
                    .and_then(|e| world.services.get(to)?.endpoints.get(e))
                    .map_or_else(|| "/".to_owned(), |e| e.path.clone());
                plan.route(from, caller, to, path)
            })
            .collect();
        plan.routes = routes;
        plan
    }

    fn all_records(&self, world: &WorldSpec) -> Vec<(String, RecordPlan)> {
        let mut all: std::collections::BTreeMap<String, RecordPlan> = std::collections::BTreeMap::new();
        for s in self.services.iter().filter(|s| !s.dns.is_empty()) {
            let own = RecordPlan { to: vec![s.name.clone()], ttl: TTL_S, negative: NEGATIVE_S };
            all.entry(s.dns.clone()).or_insert(own);
        }
        for (name, r) in &world.network.records {
            all.insert(
                name.to_ascii_lowercase(),
                RecordPlan { to: r.to.clone(), ttl: r.ttl.0, negative: r.negative.0 },
            );
        }
        all.into_iter().collect()
    }

    /// Who belongs to a party by name.
    pub fn members(&self, party: &str) -> Members {
        if let Some(at) = self.spec.sites.keys().position(|s| s == party) {
            return self.sites.get(at).cloned().unwrap_or_default();
        }
        if party == "internet" {
            let mut m = self.members_of(&[]);
            for (i, set) in m.sources.iter_mut().enumerate() {
                let p = Place { source: Some(i), ..Place::default() };
                *set = !self.sites.iter().any(|s| s.has(p));
            }
            return m;
        }
        self.members_of(&[party.to_owned()])
    }

    fn members_of(&self, names: &[String]) -> Members {
        let is = |n: &str| names.iter().any(|m| m == n);
        Members {
            hosts: self.hosts.iter().map(|h| is(h)).collect(),
            services: self.services.iter().map(|s| is(&s.name)).collect(),
            sources: self.sources.iter().map(|s| is(s)).collect(),
        }
    }

    /// Where the replicas of a service stand.
    pub fn places(&self, service: usize) -> Vec<Place> {
        let at = Some(service);
        match self.services.get(service) {
            Some(s) if !s.hosts.is_empty() => {
                s.hosts.iter().map(|h| Place { host: Some(*h), service: at, source: None }).collect()
            }
            _ => vec![Place { service: at, ..Place::default() }],
        }
    }

    fn route(&self, from: Vec<Place>, caller: Option<usize>, to: usize, path: String) -> Route {
        let there = self.places(to);
        let record = self.services.get(to).and_then(|s| self.record(&s.dns));
        let mut keepers: Vec<usize> = from.iter().filter_map(|p| self.keeper(*p)).collect();
        keepers.dedup();
        Route { to, caller, way: self.path(&from, &there), from, path, record, keepers }
    }

    /// What lies between.
    pub fn path(&self, from: &[Place], to: &[Place]) -> Path {
        Path { crossings: self.crossings(from, to), borders: self.borders(from, to) }
    }

    /// Which links lie between, each with the share of pairs that cross it.
    fn crossings(&self, from: &[Place], to: &[Place]) -> Vec<Crossing> {
        let pairs = (from.len() * to.len()).max(1) as f64;
        let count = |a: &Members, b: &Members| {
            let here = from.iter().filter(|p| a.has(**p)).count();
            (here * to.iter().filter(|p| b.has(**p)).count()) as f64 / pairs
        };
        let mut out = Vec::new();
        for (link, (a, b)) in self.links.iter().enumerate() {
            for (forward, share) in [(true, count(a, b)), (false, count(b, a))] {
                if share > 0.0 {
                    out.push(Crossing { link, forward, share });
                }
            }
        }
        out
    }

    /// Which sites are left or entered, each with the share of pairs of which one is inside and the other outside.
    fn borders(&self, from: &[Place], to: &[Place]) -> Vec<(usize, f64)> {
        let pairs = (from.len() * to.len()).max(1) as f64;
        let crosses = |m: &Members| {
            let apart = from.iter().map(|a| to.iter().filter(|b| m.has(*a) != m.has(**b)).count());
            apart.sum::<usize>() as f64 / pairs
        };
        let all = self.sites.iter().enumerate().map(|(i, m)| (i, crosses(m)));
        all.filter(|(_, share)| *share > 0.0).collect()
    }

    /// Position of a record.
    pub fn record(&self, name: &str) -> Option<usize> {
        self.records.binary_search_by(|(n, _)| n.as_str().cmp(name)).ok()
    }

    /// Who keeps the answers for somebody.
    pub fn keeper(&self, p: Place) -> Option<usize> {
        let wanted = match p {
            Place { source: Some(s), .. } => Keeper::Source(s),
            Place { host: Some(h), .. } => Keeper::Host(h),
            Place { service: Some(s), .. } => Keeper::Service(s),
            _ => return None,
        };
        self.keepers.iter().position(|k| *k == wanted)
    }

    /// Where a keeper stands.
    pub fn place_of(&self, k: Keeper) -> Place {
        match k {
            Keeper::Source(s) => Place { source: Some(s), ..Place::default() },
            Keeper::Host(h) => Place { host: Some(h), ..Place::default() },
            Keeper::Service(s) => Place { service: Some(s), ..Place::default() },
        }
    }

    fn resolver_of(&self, k: Keeper) -> Option<usize> {
        let p = self.place_of(k);
        let serves = |party: &String| self.members(party).has(p);
        self.spec.resolvers.values().position(|r| r.serves.iter().any(serves))
    }

    fn lookups_of(&self, k: Keeper) -> Vec<Path> {
        let from = [self.place_of(k)];
        let to = |s: &Option<usize>| s.map_or_else(Path::default, |s| self.path(&from, &self.places(s)));
        self.resolver_services.iter().map(to).collect()
    }

    /// Position of a service.
    pub fn service(&self, name: &str) -> Option<usize> {
        self.services.iter().position(|s| s.name == name)
    }

    /// Position of a host.
    pub fn host(&self, name: &str) -> Option<usize> {
        self.hosts.iter().position(|h| h == name)
    }
}
