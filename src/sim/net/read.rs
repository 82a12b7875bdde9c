//! Reading the network: what metrics, logs, tools and the map may ask.

use super::plan::{Keeper, Path, Place};
use super::trust::{Cert, Copy, Issue, Secret, covers};
use super::{Clock, EdgeState, Link, NetState, Passage, Record, Resolver};
use crate::scenario::{EdgeRulesSpec, NetSpec};
use crate::stdx::rng::Stream;
use crate::stdx::time::Utc;
use serde::Serialize;

/// How a look-up ended, in the words of DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Rcode {
    /// There is such a name; perhaps without addresses.
    NoError,
    /// There is none.
    NxDomain,
    /// The resolver could not find out.
    ServFail,
    /// Nothing came back.
    TimedOut,
}

/// What a look-up brought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lookup {
    /// How it ended.
    pub rcode: Rcode,
    /// Addresses.
    pub addresses: Vec<String>,
    /// What they stand for: services, or the addresses again.
    pub targets: Vec<String>,
    /// Seconds for which the answer is still kept.
    pub ttl: u64,
    /// Address of the resolver that was asked.
    pub server: String,
    /// Milliseconds that it took.
    pub ms: u64,
}

/// What lies between a host and another host or service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hop {
    /// Round trip that the links add, seconds.
    pub latency_s: f64,
    /// Share of attempts lost.
    pub lost: f64,
    /// Links crossed, in the order of the scenario.
    pub links: Vec<String>,
}

/// What a client sees of a service's certificate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TlsView {
    /// Whether the scenario tells of it; one that nobody wrote of is sound, and is shown on port 443.
    pub declared: bool,
    /// Names in it.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// The issue that is presented.
    pub issue: Issue,
    /// Whether the intermediate comes with it.
    pub chain: bool,
    /// Why a careful client refuses it, as `openssl` says; empty if it does not.
    pub problem: String,
}

/// Whether a tool can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ToolReach {
    /// Yes.
    Reachable,
    /// By its break-glass path only.
    BreakGlass,
    /// No, and why, as a client says it.
    Cut(String),
}

/// Address of the resolver that whoever has none of the scenario's asks.
pub const PUBLIC_RESOLVER: &str = "192.0.2.53";

impl NetState {
    /// The scenario's network.
    pub fn spec(&self) -> &NetSpec {
        &self.plan.spec
    }

    /// Links by name.
    pub fn links(&self) -> impl Iterator<Item = (&str, &Link)> {
        self.plan.spec.links.keys().map(String::as_str).zip(&self.links)
    }

    /// A link.
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links().find(|(n, _)| *n == name).map(|(_, l)| l)
    }

    /// DNS records by name.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// A record.
    pub fn record(&self, name: &str) -> Option<&Record> {
        self.records.get(self.plan.record(name)?)
    }

    /// Whether the DNS planner runs.
    pub fn planner_runs(&self) -> bool {
        self.planner
    }

    /// Resolvers by name.
    pub fn resolvers(&self) -> impl Iterator<Item = (&str, &Resolver)> {
        self.plan.spec.resolvers.keys().map(String::as_str).zip(&self.resolvers)
    }

    /// Queries a second that a service gets because it is a resolver.
    pub fn queries_of(&self, service: &str) -> f64 {
        let mine = self.plan.spec.resolvers.values().zip(&self.resolvers);
        mine.filter(|(s, _)| s.service.as_deref() == Some(service)).map(|(_, r)| r.queries).sum()
    }

    /// Certificates by name.
    pub fn certs(&self) -> impl Iterator<Item = (&str, &Cert)> {
        self.plan.spec.certs.keys().map(String::as_str).zip(&self.certs)
    }

    /// A certificate.
    pub fn cert(&self, name: &str) -> Option<&Cert> {
        self.certs().find(|(n, _)| *n == name).map(|(_, c)| c)
    }

    /// Secrets by name.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.plan.spec.secrets.keys().map(String::as_str).zip(&self.secrets)
    }

    /// Name of the service at a position, as copies of certificates and secrets give it.
    pub fn service_name(&self, at: usize) -> &str {
        self.plan.services.get(at).map_or("", |s| s.name.as_str())
    }

    /// Name of the host at a position.
    pub fn host_name(&self, at: usize) -> &str {
        self.plan.hosts.get(at).map_or("", String::as_str)
    }

    /// Clocks by host.
    pub fn clocks(&self) -> impl Iterator<Item = (&str, &Clock)> {
        self.plan.hosts.iter().map(String::as_str).zip(&self.clocks)
    }

    /// A host's clock.
    pub fn clock(&self, host: &str) -> Option<&Clock> {
        self.clocks.get(self.plan.host(host)?)
    }

    /// Edges by name, with their specification.
    pub fn edges(&self) -> impl Iterator<Item = (&str, &EdgeRulesSpec, &EdgeState)> {
        self.plan.spec.edges.iter().zip(&self.edges).map(|((n, s), e)| (n.as_str(), s, e))
    }

    /// Whether a site's replicas are out of service.
    pub fn is_drained(&self, site: &str) -> bool {
        let at = self.plan.spec.sites.keys().position(|s| s == site);
        at.and_then(|i| self.drained.get(i)).copied().unwrap_or(false)
    }

    /// What stands in the way of a traffic source.
    pub fn passage_of(&self, source: &str) -> Option<&Passage> {
        let at = self.plan.sources.iter().position(|s| s == source)?;
        let others = self.plan.sources.len() + self.plan.detours.len();
        self.passages.get(self.plan.routes.len().checked_sub(others)? + at)
    }

    /// What stands in the way of a call from one service to another.
    pub fn passage_between(&self, from: &str, to: &str) -> Option<&Passage> {
        let (from, to) = (self.plan.service(from)?, self.plan.service(to)?);
        let at = self.plan.routes.iter().position(|r| r.caller == Some(from) && r.to == to)?;
        self.passages.get(at)
    }

    /// Share of a traffic source's clients that hold each answer of a record; `None` is no answer.
    pub fn holders(&self, source: &str, record: &str) -> Vec<(Option<usize>, f64)> {
        let at = self.plan.sources.iter().position(|s| s == source);
        let keeper = at.and_then(|i| self.plan.keepers.iter().position(|k| *k == Keeper::Source(i)));
        match (keeper, self.plan.record(record)) {
            (Some(k), Some(r)) => self.held(k, r),
            _ => Vec::new(),
        }
    }

    /// Where somebody stands: a host, or one of the crowd on the internet.
    pub(crate) fn stands(&self, host: Option<&str>) -> Place {
        match host.and_then(|h| self.plan.host(h)) {
            Some(h) => Place { host: Some(h), ..Place::default() },
            None => {
                let away = |i: &usize| {
                    let p = Place { source: Some(*i), ..Place::default() };
                    !self.plan.sites.iter().any(|s| s.has(p))
                };
                let n = self.plan.sources.len();
                Place { source: (0..n).find(away).or((n > 0).then_some(0)), ..Place::default() }
            }
        }
    }

    /// Address of the resolver that a host asks.
    pub fn resolver_of(&self, host: &str) -> &str {
        let keeper = self.plan.keeper(self.stands(Some(host)));
        let at = keeper.and_then(|k| self.asks.get(k).copied().flatten());
        at.and_then(|r| self.plan.spec.resolvers.values().nth(r)).map_or(PUBLIC_RESOLVER, |r| &r.address)
    }

    /// Looks a name up as `host` (or a client on the internet) does, or asks `server` directly.
    pub fn look_up(&self, host: Option<&str>, name: &str, server: Option<&str>, now: Utc) -> Lookup {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let place = self.stands(host);
        let keeper = self.plan.keeper(place);
        let mut out = Lookup {
            rcode: Rcode::NxDomain,
            addresses: Vec::new(),
            targets: Vec::new(),
            ttl: 0,
            server: PUBLIC_RESOLVER.to_owned(),
            ms: 4,
        };
        let mut dice = Stream::new(now.0 as u64, &name);
        let resolver = match server {
            Some(s) => {
                let at = self.plan.spec.resolvers.iter().position(|(n, r)| n == s || r.address == s);
                s.clone_into(&mut out.server);
                at
            }
            None => keeper.and_then(|k| self.asks.get(k).copied().flatten()),
        };
        let way = keeper.zip(resolver).and_then(|(k, r)| self.plan.lookups.get(k)?.get(r));
        if let Some((spec, live)) = resolver.and_then(|r| {
            let spec = self.plan.spec.resolvers.values().nth(r)?;
            Some((spec, self.resolvers.get(r)?))
        }) {
            out.server.clone_from(&spec.address);
            out.ms += (live.latency_s * 1000.0) as u64;
        }
        let record = self.plan.record(&name);
        let cached = server.is_none() && keeper.is_some_and(|k| self.kept(k));
        if !cached {
            if way.is_some_and(|w| dice.unit() < self.over(w).lost) {
                return Lookup { rcode: Rcode::TimedOut, ms: 10_000, ..out };
            }
            if resolver.and_then(|r| self.resolvers.get(r)).is_some_and(|r| dice.unit() < r.failing) {
                return Lookup { rcode: Rcode::ServFail, ms: out.ms + 2_000, ..out };
            }
        }
        let Some(record) = record else { return out };
        let Some(r) = self.records.get(record) else { return out };
        let held = match keeper {
            Some(k) if cached => self.held(k, record),
            _ => vec![(Some(r.current()), r.mix), (Some(r.current().saturating_sub(1)), 1.0 - r.mix)],
        };
        let mut at = dice.unit();
        let picked = held.iter().find(|(_, share)| {
            at -= share;
            at < 0.0
        });
        let Some((Some(answer), _)) = picked.or(held.last()).copied() else {
            return Lookup { rcode: Rcode::ServFail, ms: out.ms + 2_000, ..out };
        };
        let t = super::seconds(now);
        let kept = r.kept_s(answer);
        out.ttl = match keeper.filter(|_| cached) {
            Some(k) => match self.entries.iter().find(|e| e.keeper == k && e.record == record) {
                Some(e) => {
                    let until = e.cohorts.iter().filter(|c| c.answer == answer).map(|c| c.to).max().unwrap_or(t);
                    until.saturating_sub(t)
                }
                None => super::dns::round(t, kept, k, record),
            },
            None => kept,
        };
        let to = r.answers.get(answer).map(|a| a.to.as_slice()).unwrap_or_default();
        out.rcode = Rcode::NoError;
        out.targets = to.to_vec();
        out.addresses = to.iter().map(|t| self.address_of(t)).collect();
        out
    }

    /// The address of a record's target.
    fn address_of(&self, target: &str) -> String {
        let service = self.plan.service(target).and_then(|s| self.plan.services.get(s));
        service.map_or_else(|| target.to_owned(), |s| s.address.clone())
    }

    /// Whether any link or site loses anything now.
    pub(crate) fn impaired(&self) -> bool {
        let bad = |l: &super::Link| l.down != [0.0; 2] || l.loss > 0.0 || l.gray > 0.0;
        self.links.iter().any(bad) || self.withdrawn.iter().any(|w| *w > 0.0)
    }

    /// Share of the connections that one host opens to another which get lost.
    pub(crate) fn lost_between(&self, from: &str, to: &str) -> f64 {
        let place = |host: &str| {
            let at = self.plan.host(host);
            let runs = at.and_then(|h| self.plan.services.iter().position(|s| s.hosts.contains(&h)));
            Place { host: at, service: runs, source: None }
        };
        self.over(&self.plan.path(&[place(from)], &[place(to)])).lost
    }

    pub(crate) fn way_to(&self, host: Option<&str>, to: &str) -> Path {
        let from = [self.stands(host)];
        let there = match (self.plan.service(to), self.plan.host(to)) {
            (Some(s), _) => self.plan.places(s),
            (None, Some(h)) => {
                // A machine is reached as what runs on it is.
                let runs = self.plan.services.iter().position(|s| s.hosts.contains(&h));
                vec![Place { host: Some(h), service: runs, source: None }]
            }
            (None, None) => Vec::new(),
        };
        self.plan.path(&from, &there)
    }

    /// What lies between a host (or a client on the internet) and a service or host.
    pub fn hop(&self, host: Option<&str>, to: &str) -> Hop {
        let way = self.way_to(host, to);
        let p = self.over(&way);
        let mut links: Vec<String> = Vec::new();
        for c in &way.crossings {
            if let Some(name) = self.plan.spec.links.keys().nth(c.link).filter(|n| !links.contains(n)) {
                links.push(name.clone());
            }
        }
        Hop { latency_s: p.latency_s, lost: p.lost, links }
    }

    /// What a client at a host (or on the internet) sees of a service's certificate when it asks for `name`: the one
    /// that the scenario tells of, or else a sound one for the service's own name; `None` if it has no name, or
    /// another. `answers` says whether a machine does.
    pub fn tls(
        &self,
        host: Option<&str>,
        service: &str,
        name: &str,
        now: Utc,
        answers: impl Fn(&str) -> bool,
    ) -> Option<TlsView> {
        let to = self.plan.service(service)?;
        let clock = self.clock_at(host.and_then(|h| self.plan.host(h)), now);
        let dice = Stream::new(now.0 as u64, name).unit();
        for (spec, cert) in self.plan.spec.certs.values().zip(&self.certs) {
            let there = |c: &&Copy<Issue>| c.host.is_none_or(|h| answers(self.host_name(h)));
            let mine: Vec<_> = cert.loaded.iter().filter(|c| c.service == to).filter(there).collect();
            let Some(copy) = mine.get(((dice * mine.len() as f64) as usize).min(mine.len().saturating_sub(1))) else {
                continue;
            };
            let issue = copy.uses;
            let wrong = dice < cert.wrong_name;
            let names = if wrong { vec!["default.invalid".to_owned()] } else { spec.names.clone() };
            // Programs without a store of intermediates always miss one that is not sent.
            let chain = cert.chain_missing <= 0.0;
            let problem = if clock >= issue.until && dice < cert.early.unwrap_or(1.0) {
                "certificate has expired"
            } else if clock < issue.from {
                "certificate is not yet valid"
            } else if !chain {
                "unable to get local issuer certificate"
            } else if !covers(&names, name) {
                "hostname mismatch"
            } else {
                ""
            };
            return Some(TlsView {
                declared: true,
                names,
                issuer: spec.issuer.clone(),
                issue,
                chain,
                problem: problem.to_owned(),
            });
        }
        self.plan.services.get(to).filter(|s| !s.dns.is_empty() && s.dns == name).map(|_| self.unwritten(name))
    }

    /// The certificate of a name that the scenario tells of none for: renewed some weeks ago, valid for ninety days.
    fn unwritten(&self, name: &str) -> TlsView {
        const DAY_S: i64 = 86_400;
        let age_s = 20 * DAY_S + Stream::new(0, name).below(40 * DAY_S as u64) as i64;
        let from = self.plan.t0.plus(-age_s);
        TlsView {
            declared: false,
            names: vec![name.to_owned()],
            issuer: "Example Trust CA R3".to_owned(),
            issue: Issue { serial: 1, from, until: from.plus(90 * DAY_S) },
            chain: true,
            problem: String::new(),
        }
    }

    /// Whether a tool can be reached from a host. `up` says whether a service has a replica that runs.
    pub fn tool(&self, tool: &str, host: &str, now: Utc, up: impl Fn(&str) -> bool) -> ToolReach {
        let Some((at, (_, spec))) = self.plan.spec.tools.iter().enumerate().find(|(_, (n, _))| *n == tool) else {
            return ToolReach::Reachable;
        };
        for need in &spec.needs {
            let Some(to) = self.plan.service(need) else { continue };
            let dns = self.plan.services.get(to).map(|s| s.dns.clone()).unwrap_or_default();
            let from = self.stands(Some(host));
            let mut dice = Stream::new(now.0 as u64, tool);
            let found = self.look_up(Some(host), &dns, None, now);
            let why = if !dns.is_empty() && found.addresses.is_empty() {
                format!("Could not resolve host: {dns}")
            } else if dice.unit() < self.over(&self.way_to(Some(host), need)).lost {
                format!("Failed to connect to {dns} port 443: Connection timed out")
            } else if !up(need) {
                format!("Failed to connect to {dns} port 443: Connection refused")
            } else if dice.unit() < self.tls_refused(&[from], None, (to, &dns), now) {
                "SSL certificate problem: certificate verify failed".to_owned()
            } else {
                continue;
            };
            let opened = self.opened.get(at).copied().unwrap_or(false);
            return if opened { ToolReach::BreakGlass } else { ToolReach::Cut(why) };
        }
        ToolReach::Reachable
    }
}
