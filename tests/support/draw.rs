//! Random worlds, faults and courses for tests: drawn from the declarations, so that a new kind of fault is drawn too.

use super::mesh::Mesh;
use super::worlds::exact;
use wheel_of_misfortune::scenario::schema::{Field, Need, Space, Ty};
use wheel_of_misfortune::scenario::{
    BreakerSpec, CacheSpec, Course, EdgeSpec, Fault, OnFailure, Scenario, ServiceKind, Wake, WorldSpec,
    fault_from_words, fault_kinds,
};
use wheel_of_misfortune::stdx::rng::Stream;
use wheel_of_misfortune::stdx::time::Span;

/// A source of choices; the same seed makes the same ones.
pub struct Draw(Stream);

impl Draw {
    /// Choices of a seed.
    pub fn new(seed: u64) -> Draw {
        Draw(Stream::new(seed, "swarm"))
    }

    /// A number from `from` up to and without `to`.
    pub fn number(&mut self, from: u64, to: u64) -> u64 {
        from + self.0.below(to.saturating_sub(from))
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.0.below(n) == 0
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.0.below(of.len() as u64) as usize)
    }

    /// A world of services that call each other, later ones called by earlier ones.
    pub fn mesh(&mut self) -> Scenario {
        let mut m = Mesh::default();
        let n = self.number(2, 8);
        for i in 0..n {
            let (concurrency, time_us) = (self.number(1, 80) as u32, self.number(500, 60_000));
            let queue = self.once_in(2).then(|| self.number(0, 3_000) as u32);
            let drops = self.once_in(3);
            let replicas = self.number(1, 5) as u32;
            let cache = (i + 1 < n && self.once_in(4)).then(|| CacheSpec {
                origin: format!("s{}", i + 1),
                hit_ratio: exact(self.number(0, 100) as i64, 100),
                objects: self.number(1, 50_000),
            });
            let s = m.service(&format!("s{i}"), concurrency, time_us);
            (s.queue, s.drops_expired, s.replicas) = (queue, drops, replicas);
            if let Some(cache) = cache {
                s.kind = ServiceKind::Cache(cache);
            }
        }
        for from in 0..n {
            for to in from + 1..n {
                if self.once_in(3) {
                    let call = self.call();
                    m.call(&format!("s{from}"), &format!("s{to}"), call);
                }
            }
        }
        for i in 0..self.number(1, 4) {
            let (to, rate) = (self.number(0, n.min(3)), self.number(1, 1_500));
            let timeout_us = self.once_in(2).then(|| self.number(50_000, 8_000_000));
            let attempts = self.number(2, 6) as u32;
            let retries = self.once_in(2).then(|| vec![self.number(1, 5), self.number(1, 9)]);
            let budget = self.once_in(3).then(|| exact(1, 10));
            let t = m.traffic(&format!("t{i}"), &format!("s{to}"), rate as i64);
            (t.timeout_us, t.budget) = (timeout_us, budget);
            if let Some(wait_s) = retries {
                t.on_failure = OnFailure::Retry { attempts, wait_s };
            }
        }
        m.scenario()
    }

    fn call(&mut self) -> EdgeSpec {
        EdgeSpec {
            hidden: false,
            share: exact(self.number(1, 5) as i64, 4).min(exact(1, 1)),
            timeout_us: self.once_in(2).then(|| self.number(20_000, 5_000_000)),
            retries: self.number(0, 4) as u32,
            wait_us: self.number(10_000, 3_000_000),
            budget: self.once_in(2).then(|| exact(1, 5)),
            breaker: self.once_in(3).then(|| BreakerSpec {
                share: exact(self.number(1, 10) as i64, 10),
                least: self.number(1, 50) as u32,
                open: Span(self.number(1, 40)),
            }),
            pool: self.once_in(3).then(|| self.number(1, 60) as u32),
            optional: self.once_in(4),
            latency_us: self.number(0, 40_000),
        }
    }

    /// A fault of any declared kind on components of this world; `None` where the kind finds nothing in it.
    pub fn fault(&mut self, world: &WorldSpec) -> Option<Fault> {
        let kinds: Vec<_> = fault_kinds().collect();
        let (word, variant) = self.one(&kinds)?;
        // The host is drawn first, so that a unit or a path can be one of its own.
        let hosts: Vec<String> = world.hosts.keys().cloned().collect();
        let host = self.one(&hosts).cloned();
        let mut given = Vec::new();
        for field in variant.fields {
            if !matches!(field.need, Need::Required) && self.once_in(2) {
                continue;
            }
            given.push((field.name.to_owned(), self.value(field, world, host.as_deref())?));
        }
        // What needs more than its fields say is refused by the world, and the next one is drawn.
        fault_from_words(word, &given).ok()
    }

    fn value(&mut self, field: &Field, world: &WorldSpec, host: Option<&str>) -> Option<String> {
        let mut key = |names: Vec<String>| self.one(&names).cloned();
        let keys = |m: Vec<&String>| m.into_iter().cloned().collect::<Vec<String>>();
        Some(match field.ty {
            Ty::Name(Space::Host) => host?.to_owned(),
            Ty::Name(Space::Service | Space::ServiceOrEndpoint | Space::HostOrService | Space::Component) => {
                key(keys(world.services.keys().collect()))?
            }
            Ty::Name(Space::Endpoint) => {
                let all = world.services.iter().flat_map(|(s, v)| v.endpoints.keys().map(move |e| format!("{s}:{e}")));
                key(all.collect())?
            }
            Ty::Name(Space::Traffic) => key(keys(world.traffic.keys().collect()))?,
            Ty::Name(Space::Queue) => key(keys(world.queues.keys().collect()))?,
            Ty::Name(Space::Probe) => key(keys(world.probes.keys().collect()))?,
            Ty::Name(Space::Alert) => key(keys(world.alerts.keys().collect()))?,
            Ty::Name(Space::Mount) => {
                let all = world.hosts.iter().flat_map(|(h, v)| v.mounts.keys().map(move |m| format!("{h}:{m}")));
                key(all.collect())?
            }
            Ty::Name(Space::Link) => key(keys(world.network.links.keys().collect()))?,
            Ty::Name(Space::Site) => key(keys(world.network.sites.keys().collect()))?,
            Ty::Name(Space::Record) => key(keys(world.network.records.keys().collect()))?,
            Ty::Name(Space::Resolver) => key(keys(world.network.resolvers.keys().collect()))?,
            Ty::Name(Space::Cert) => key(keys(world.network.certs.keys().collect()))?,
            Ty::Name(Space::Secret) => key(keys(world.network.secrets.keys().collect()))?,
            Ty::Name(Space::EdgeRule) => {
                let all = world.network.edges.iter();
                key(all.flat_map(|(e, v)| v.rules.keys().map(move |r| format!("{e}:{r}"))).collect())?
            }
            Ty::Name(Space::Config) => key(keys(world.change.configs.keys().collect()))?,
            Ty::Name(Space::Flag) => key(keys(world.change.flags.keys().collect()))?,
            Ty::Name(Space::Cron) => key(keys(world.change.crons.keys().collect()))?,
            Ty::Name(Space::Tenant) => key(world.traffic.values().filter_map(|t| t.tenant.clone()).collect())?,
            Ty::Name(Space::Vendor) => key(keys(world.change.vendors.keys().collect()))?,
            Ty::Name(Space::Store) => key(keys(world.stores.keys().collect()))?,
            Ty::Name(Space::Release) => key(keys(world.releases.keys().collect()))?,
            Ty::Text if field.name == "version" => {
                let all = world.change.configs.values();
                key(all.flat_map(|c| c.versions.keys().cloned()).collect())?
            }
            Ty::Text if field.name == "member" => {
                key(world.stores.values().flat_map(|s| s.members.keys().cloned()).collect())?
            }
            Ty::Text if field.name == "table" => {
                key(world.stores.values().flat_map(|s| s.tables.keys().cloned()).collect())?
            }
            Ty::Text if field.name == "zone" => {
                key(world.capacity.hosts.values().map(|h| h.zone.clone()).filter(|z| !z.is_empty()).collect())?
            }
            Ty::Text if field.name == "to" => "203.0.113.99".to_owned(),
            Ty::Text if field.name == "command" => "/usr/bin/backup".to_owned(),
            Ty::OneOf(of) => of.all().find(|v| v.fields.is_empty())?.name.to_owned(),
            Ty::Text if field.name == "unit" => key(keys(world.hosts.get(host?)?.units.keys().collect()))?,
            Ty::Text if field.name == "path" => "/var/tmp/fill".to_owned(),
            Ty::Share => format!("{}/{}", self.number(1, 9), 8).replace("9/8", "1"),
            Ty::Exact => format!("{}/{}", self.number(4, 80), 4),
            Ty::Rate => format!("{}/s", self.number(1, 50)),
            Ty::Bytes => format!("{}kB", self.number(1, 200_000)),
            Ty::Span => format!("{}s", self.number(1, 600)),
            Ty::Micros => format!("{}ms", self.number(1, 3_000)),
            Ty::Int(lo, hi) => self.number(lo.max(0) as u64, (hi.min(lo.max(0) + 500) + 1) as u64).to_string(),
            Ty::Bool => if self.once_in(2) { "true" } else { "false" }.to_owned(),
            Ty::Word(words) => (*self.one(words)?).to_owned(),
            _ => return None,
        })
    }

    /// A course with some modifiers.
    pub fn course(&mut self, world: &WorldSpec) -> Course {
        let services: Vec<String> = world.services.keys().cloned().collect();
        let wake = self.one(&services).cloned().filter(|_| self.once_in(6)).map(Wake::Start);
        Course {
            severity: exact(self.number(1, 9) as i64, 8).min(exact(1, 1)),
            lasts: self.once_in(2).then(|| Span(self.number(1, 200))),
            pulse: self.once_in(4).then(|| (Span(self.number(1, 20)), Span(self.number(1, 20)))),
            again: self.once_in(5).then(|| Span(self.number(1, 120))),
            wakes: wake,
            behind: self.once_in(6),
            rise: self.once_in(4).then(|| Span(self.number(1, 60))),
            fall: None,
        }
    }
}
