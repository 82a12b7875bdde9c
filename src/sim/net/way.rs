//! What stands in the way: resolution, links, certificates, credentials and edge rules, for a route or a single host.

use super::plan::{Path, Place, Route, Talk};
use super::{NetState, trust};
use crate::scenario::RuleKind;
use crate::sim::strain::Cut;
use crate::stdx::time::Utc;
use serde::Serialize;

/// What stands between callers and a service. Shares are of the attempts that got so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Passage {
    /// Round trip added, seconds.
    pub latency_s: f64,
    /// Share whose name does not resolve.
    pub unresolved: f64,
    /// Share whose name leads to a machine where nothing listens for them.
    pub refused: f64,
    /// Share to which nothing comes back.
    pub lost: f64,
    /// Share that does not accept the certificate.
    pub tls: f64,
    /// Share whose credential or token is not accepted (401).
    pub denied: f64,
    /// Share that the edge answers with 403.
    pub blocked: f64,
    /// Share that the edge answers with 429.
    pub limited: f64,
    /// Share that the edge sends elsewhere.
    pub redirected: f64,
    /// Those whom the name leads to another service. What else is said here is of the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Rerouted>,
}

/// A share of attempts that a name leads to another service than the one that is meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rerouted {
    /// Position of the service that gets them.
    pub to: usize,
    /// Share of all attempts.
    pub share: f64,
    /// What stands between.
    pub passage: Passage,
}

fn or(a: f64, b: f64) -> f64 {
    1.0 - (1.0 - a) * (1.0 - b.clamp(0.0, 1.0))
}

/// Beyond this a share is everybody.
const EVERYBODY: f64 = 1.0 - 1e-9;

impl Passage {
    /// Whether it is a perfect way.
    pub fn is_open(&self) -> bool {
        *self == Passage { latency_s: self.latency_s, ..Passage::default() }
    }

    /// Share that fails at once, with an answer or error that needs no waiting.
    pub fn turned(&self) -> f64 {
        [self.unresolved, self.refused, self.tls, self.denied, self.blocked, self.limited, self.redirected]
            .into_iter()
            .fold(0.0, or)
    }

    /// Share that comes through, to wherever the name leads.
    pub fn through(&self) -> f64 {
        let there: f64 = self.moved.iter().map(|m| m.share * m.passage.through()).sum();
        there + self.stays() * (1.0 - self.lost) * (1.0 - self.turned())
    }

    /// Share that goes to the service that is meant.
    pub fn stays(&self) -> f64 {
        (1.0 - self.moved.iter().map(|m| m.share).sum::<f64>()).max(0.0)
    }

    /// Share of those who mean the service `meant` that is led to the service `to`.
    pub fn led_to(&self, meant: usize, to: usize) -> f64 {
        match self.moved.iter().find(|m| m.to == to) {
            Some(m) => m.share,
            None if meant == to => self.stays(),
            None => 0.0,
        }
    }

    /// What a caller sees if nothing comes through: the first thing on the way that stops everybody.
    pub fn cut(&self) -> Option<Cut> {
        let all = |share: f64| share >= EVERYBODY;
        match self {
            p if all(p.unresolved) => Some(Cut::Unresolved),
            p if all(p.lost) => Some(Cut::TimedOut),
            p if all(p.refused) => Some(Cut::Refused),
            p if all(p.tls) => Some(Cut::Tls),
            p if all(p.limited) => Some(Cut::Limited),
            p if all(p.turned()) => Some(Cut::Denied),
            _ => None,
        }
    }

    /// The most frequent reason of those that are turned away at once.
    pub fn reason(&self) -> Option<Cut> {
        let answered = [self.denied, self.blocked, self.redirected].into_iter().fold(0.0, or);
        let all = [
            (self.unresolved, Cut::Unresolved),
            (self.refused, Cut::Refused),
            (self.tls, Cut::Tls),
            (answered, Cut::Denied),
            (self.limited, Cut::Limited),
        ];
        let most = all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        most.filter(|m| m.0 > 0.0).map(|m| m.1)
    }
}

/// Where a name leads, as shares of those who ask.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Resolved {
    /// To the service.
    pub right: f64,
    /// To other services that speak the same language.
    pub moved: Vec<(usize, f64)>,
    /// To services that do not listen for such requests.
    pub deaf: f64,
    /// To an address where nobody is.
    pub nobody: f64,
    /// Nowhere.
    pub none: f64,
}

impl Resolved {
    fn more(&mut self, to: usize, share: f64) {
        match self.moved.iter_mut().find(|m| m.0 == to) {
            Some(m) => m.1 += share,
            None => self.moved.push((to, share)),
        }
    }
}

impl NetState {
    /// Works out the passages of all routes. `load` is attempts a second by route.
    pub(crate) fn look_ahead(&mut self, now: Utc, load: &[f64]) {
        let plan = std::sync::Arc::clone(&self.plan);
        for (i, route) in plan.routes.iter().enumerate() {
            let p = self.passage(route, i, now, load);
            if let Some(slot) = self.passages.get_mut(i) {
                *slot = p;
            }
        }
        self.clear = self.passages.iter().all(|p| *p == Passage::default());
    }

    fn passage(&self, route: &Route, i: usize, now: Utc, load: &[f64]) -> Passage {
        let mut p = self.paths.get(i).map_or_else(Passage::default, |w| self.over(w));
        let r = self.resolved(route);
        let named = self.plan.services.get(route.to).map(|s| s.dns.as_str()).unwrap_or_default();
        for (to, share) in r.moved {
            let mut there = self.over(&self.plan.path(&route.from, &self.plan.places(to)));
            self.at_the_door(route, to, named, now, load, &mut there);
            p.moved.push(Rerouted { to, share, passage: there });
        }
        // Each of the following is a share of those who got so far.
        let of = |part: f64, whole: f64| if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 };
        let resolved = r.right + r.nobody + r.deaf;
        p.unresolved = of(r.none, r.none + resolved);
        p.refused = of(r.deaf, resolved);
        p.lost = or(p.lost, of(r.nobody, resolved - r.deaf));
        self.at_the_door(route, route.to, named, now, load, &mut p);
        p
    }

    /// What a service and the edge in front of it make of requests for a name that has led to it.
    fn at_the_door(&self, route: &Route, to: usize, name: &str, now: Utc, load: &[f64], p: &mut Passage) {
        p.tls = self.tls_refused(&route.from, route.caller, (to, name), now);
        p.denied = self.denied(route.caller, to, now);
        p.latency_s += self.lookup_s(route);
        self.edge_verdict(to, &route.path, load, p);
    }

    /// What the links and sites on a way do.
    pub(crate) fn over(&self, way: &Path) -> Passage {
        let mut p = Passage::default();
        for c in &way.crossings {
            let Some(l) = self.links.get(c.link) else { continue };
            let [forward, reverse] = l.down;
            p.latency_s += c.share * l.latency_s;
            p.lost = or(p.lost, c.share * or(or(if c.forward { forward } else { reverse }, l.loss), l.gray));
        }
        for (site, share) in &way.borders {
            p.lost = or(p.lost, share * self.withdrawn.get(*site).copied().unwrap_or(0.0));
        }
        p
    }

    /// Whether a resolver keeps answers with those who ask it.
    pub(crate) fn kept(&self, keeper: usize) -> bool {
        let at = self.asks.get(keeper).copied().flatten();
        at.and_then(|r| self.plan.spec.resolvers.values().nth(r)).is_none_or(|r| r.kept)
    }

    /// Share of a keeper's questions that fail now.
    pub(crate) fn failing(&self, keeper: usize) -> f64 {
        let Some(at) = self.asks.get(keeper).copied().flatten() else { return 0.0 };
        let way = self.plan.lookups.get(keeper).and_then(|l| l.get(at));
        let lost = way.map_or(0.0, |w| self.over(w).lost);
        or(self.resolvers.get(at).map_or(0.0, |r| r.failing), lost)
    }

    /// Time that look-ups add to a request, for callers that keep no answers.
    fn lookup_s(&self, route: &Route) -> f64 {
        let n = route.keepers.len().max(1) as f64;
        let of = |k: &usize| match self.asks.get(*k).copied().flatten() {
            Some(r) if !self.kept(*k) => self.resolvers.get(r).map_or(0.0, |r| r.latency_s),
            _ => 0.0,
        };
        route.keepers.iter().map(of).sum::<f64>() / n
    }

    fn resolved(&self, route: &Route) -> Resolved {
        let Some(record) = route.record else { return Resolved { right: 1.0, ..Resolved::default() } };
        let mut sum = Resolved::default();
        let n = route.keepers.len().max(1) as f64;
        for k in &route.keepers {
            let r = self.resolves(*k, record, route.to);
            sum.right += r.right / n;
            sum.nobody += r.nobody / n;
            sum.deaf += r.deaf / n;
            sum.none += r.none / n;
            for (to, share) in r.moved {
                sum.more(to, share / n);
            }
        }
        if route.keepers.is_empty() {
            sum.right = 1.0;
        }
        sum
    }

    /// Where a keeper's answers for a record lead, seen from somebody who wants the service `want`.
    pub(crate) fn resolves(&self, keeper: usize, record: usize, want: usize) -> Resolved {
        let mut out = Resolved::default();
        for (answer, share) in self.held(keeper, record) {
            let to = answer.and_then(|a| self.records.get(record)?.answers.get(a)).map(|a| a.to.as_slice());
            match to {
                None | Some([]) => out.none += share,
                Some(to) => {
                    for t in to {
                        let part = share / to.len() as f64;
                        match self.leads_to(t, Some(want)) {
                            Some(s) if s == want => out.right += part,
                            Some(s) if self.speak_alike(s, want) => out.more(s, part),
                            Some(_) => out.deaf += part,
                            None => out.nobody += part,
                        }
                    }
                }
            }
        }
        out
    }

    /// Whether requests meant for one service are understood by another: web servers serve whatever comes to them.
    pub(crate) fn speak_alike(&self, one: usize, other: usize) -> bool {
        let talk = |at: usize| self.plan.services.get(at).map(|s| s.talk);
        talk(one) == talk(other) && talk(one) != Some(Talk::None)
    }

    /// Answers that a keeper holds for a record, with shares; `None` is no answer at all.
    pub(crate) fn held(&self, keeper: usize, record: usize) -> Vec<(Option<usize>, f64)> {
        let Some(r) = self.records.get(record) else { return Vec::new() };
        if !self.kept(keeper) {
            let f = self.failing(keeper);
            let some = 1.0 - f;
            let before = r.current().saturating_sub(1);
            let all = [(None, f), (Some(r.current()), some * r.mix), (Some(before), some * (1.0 - r.mix))];
            return all.into_iter().filter(|(_, s)| *s > 0.0).collect();
        }
        match self.entries.iter().find(|e| e.keeper == keeper && e.record == record) {
            None => vec![(Some(r.current()), 1.0)],
            Some(e) => {
                let mut all: Vec<(Option<usize>, f64)> = vec![(None, e.none)];
                all.extend((0..r.answers.len()).map(|a| (Some(a), e.holds(a))));
                all.retain(|(_, s)| *s > 0.0);
                all
            }
        }
    }

    /// The service behind a target of a record: by name, or by address, where several may stand; then the wanted one.
    pub(crate) fn leads_to(&self, target: &str, want: Option<usize>) -> Option<usize> {
        let services = &self.plan.services;
        let host = |h: &usize| self.plan.addresses.get(*h).is_some_and(|a| a == target);
        let at = |s: &super::plan::ServiceNet| s.address == target || s.hosts.iter().any(host);
        let named = services.iter().position(|s| s.name == target);
        let wanted = want.filter(|w| services.get(*w).is_some_and(at));
        named.or(wanted).or_else(|| services.iter().position(at))
    }

    /// What a caller's clock shows.
    pub(crate) fn clock_at(&self, host: Option<usize>, now: Utc) -> Utc {
        host.and_then(|h| self.clocks.get(h)).map_or(now, |c| c.shows(now))
    }

    /// Share of callers that do not accept what the service presents.
    pub(crate) fn tls_refused(
        &self,
        from: &[Place],
        caller: Option<usize>,
        (to, name): (usize, &str),
        now: Utc,
    ) -> f64 {
        let mut refused = 0.0;
        for (cert, spec) in self.certs.iter().zip(self.plan.spec.certs.values()) {
            let mine: Vec<_> = cert.loaded.iter().filter(|c| c.service == to).collect();
            if mine.is_empty() {
                continue;
            }
            let misnamed = !name.is_empty() && !trust::covers(&spec.names, name);
            let pin = caller.and_then(|c| self.plan.services.get(c)).and_then(|c| {
                let at = spec.pinned_by.iter().position(|p| *p == c.name)?;
                cert.pinned.get(at).copied()
            });
            let bad = |at: &Utc, c: &trust::Copy<trust::Issue>| -> f64 {
                if misnamed || *at < c.uses.from || pin.is_some_and(|p| p != c.uses.serial) {
                    1.0
                } else if *at >= c.uses.until {
                    cert.early.unwrap_or(1.0)
                } else {
                    0.0
                }
            };
            let clocks: Vec<Utc> = from.iter().map(|p| self.clock_at(p.host, now)).collect();
            let pairs = (clocks.len() * mine.len()).max(1) as f64;
            let sum: f64 = clocks.iter().flat_map(|at| mine.iter().map(move |c| bad(at, c))).sum();
            refused = or(refused, or(or(sum / pairs, cert.chain_missing), cert.wrong_name));
        }
        refused
    }

    /// Share of callers whose secret or token the service does not accept.
    pub(crate) fn denied(&self, caller: Option<usize>, to: usize, now: Utc) -> f64 {
        let mut denied = 0.0;
        let name = self.plan.services.get(to).map(|s| s.name.as_str()).unwrap_or_default();
        for (secret, spec) in self.secrets.iter().zip(self.plan.spec.secrets.values()) {
            if spec.of != name {
                continue;
            }
            let mine: Vec<_> = secret.held.iter().filter(|c| Some(c.service) == caller).collect();
            let old = mine.iter().filter(|c| !secret.accepts(c.uses, super::seconds(now))).count();
            denied = or(denied, old as f64 / mine.len().max(1) as f64 * secret.checked);
        }
        for spec in self.plan.spec.tokens.values() {
            if !spec.checked_by.iter().any(|c| c == name) {
                continue;
            }
            let signs = self.plan.service(&spec.issuer).map(|s| self.plan.places(s)).unwrap_or_default();
            let checks = self.plan.places(to);
            let (leeway, valid) = (spec.leeway.0 as f64, spec.valid.0 as f64);
            let bad = |s: &Place, c: &Place| {
                let at = |p: &Place| p.host.and_then(|h| self.clocks.get(h)).map_or(0.0, |c| c.offset_us / 1e6);
                // Positive: the checker is ahead of the signer.
                let ahead = at(c) - at(s);
                ahead > valid + leeway || ahead < -leeway
            };
            let pairs = (signs.len() * checks.len()).max(1) as f64;
            let n = signs.iter().map(|s| checks.iter().filter(|c| bad(s, c)).count()).sum::<usize>();
            denied = or(denied, n as f64 / pairs);
        }
        denied
    }

    /// What the rules of an edge do to requests for a path.
    pub(crate) fn edge_verdict(&self, to: usize, path: &str, load: &[f64], p: &mut Passage) {
        let Some(name) = self.plan.services.get(to).map(|s| s.name.as_str()) else { return };
        let Some((e, (_, spec))) = self.plan.spec.edges.iter().enumerate().find(|(_, (n, _))| *n == name) else {
            return;
        };
        let Some(edge) = self.edges.get(e) else { return };
        for (i, rule) in spec.rules.values().enumerate() {
            if !path.starts_with(rule.path.trim_end_matches('*')) {
                continue;
            }
            let offered = match rule.kind {
                RuleKind::Limit(_) => self.offered(to, &rule.path, load),
                _ => 0.0,
            };
            let v = edge.verdict(i, offered);
            p.blocked = or(p.blocked, v.blocked);
            p.limited = or(p.limited, v.limited);
            p.redirected = or(p.redirected, v.redirected);
        }
    }

    /// Attempts a second at a service on a path.
    pub(crate) fn offered(&self, to: usize, path: &str, load: &[f64]) -> f64 {
        let ways = self.plan.routes.iter().zip(&self.passages).zip(load);
        ways.filter(|((r, _), _)| r.path.starts_with(path)).map(|((r, p), n)| n * p.led_to(r.to, to)).sum()
    }
}
