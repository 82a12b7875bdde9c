//! What people do to the network: checked, applied, or refused in the words of the real tools.

use super::edge::EdgeChange;
use super::trust::{Issue, picks_up};
use super::{NetState, seconds};
use crate::fact::FactKind;
use crate::scenario::NetFault;
use crate::sim::phase::changed;
use crate::sim::{NetEffect, Refusal};
use crate::stdx::time::Utc;
use std::sync::Arc;

/// How long a device of a link takes to be reset, seconds.
const REPAIR_S: u64 = 60;
/// How long routes take to be announced again and believed, seconds.
const ANNOUNCE_S: u64 = 30;
/// Wait for a break-glass path where a scenario names none, seconds.
const BREAK_GLASS_S: u64 = 300;

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { message: message.into() })
}

/// What came of an effect.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub facts: Vec<FactKind>,
    /// Faults that it ended.
    pub cured: Vec<NetFault>,
}

impl NetState {
    /// Whether an effect can be asked for, and how many seconds it takes; 0 is at once.
    ///
    /// # Errors
    /// What the real tool would say.
    pub(crate) fn weigh(&self, effect: &NetEffect) -> Result<u64, Refusal> {
        use NetEffect::*;
        let spec = &self.plan.spec;
        let known = |ok: bool, what: String| if ok { Ok(()) } else { refuse(what) };
        match effect {
            CertRenew { cert } | CertReload { cert, .. } | CertTrust { cert, .. } => {
                let Some(c) = spec.certs.get(cert) else { return refuse(format!("certificate {cert} not found")) };
                let named = match effect {
                    CertReload { service: Some(s), .. } => Some((s, &c.on)),
                    CertTrust { service: Some(s), .. } => Some((s, &c.pinned_by)),
                    _ => None,
                };
                if let Some((s, list)) = named.filter(|(s, list)| !list.contains(s)) {
                    let list = list.join(", ");
                    return refuse(format!("{s} does not use certificate {cert} (used by: {list})"));
                }
                Ok(if matches!(effect, CertRenew { .. }) { c.renewal.0 } else { 0 })
            }
            SecretReload { secret, service } => {
                let Some(s) = spec.secrets.get(secret) else { return refuse(format!("secret {secret} not found")) };
                let holds = service.as_ref().is_none_or(|h| s.held_by.contains(h));
                known(holds, format!("{} does not hold secret {secret}", service.as_deref().unwrap_or_default()))?;
                Ok(0)
            }
            SecretRollback { secret } => {
                let at = spec.secrets.keys().position(|n| n == secret).and_then(|i| self.secrets.get(i));
                let Some(s) = at else { return refuse(format!("secret {secret} not found")) };
                known(s.version > 1, format!("secret {secret} has no earlier version"))?;
                Ok(0)
            }
            RecordSet { name, to, .. } => {
                known(self.plan.record(name).is_some(), format!("record {name} not found in any zone"))?;
                let bad = to.iter().find(|t| self.plan.service(t).is_none() && !is_address(t));
                match bad {
                    Some(t) => refuse(format!("invalid target {t}: not an IPv4 address or a known service")),
                    None => Ok(0),
                }
            }
            RecordRollback { name } => {
                let at = self.plan.record(name).and_then(|at| self.records.get(at));
                let Some(r) = at else { return refuse(format!("record {name} not found in any zone")) };
                known(r.answers.len() > 1, format!("record {name} has no earlier version"))?;
                Ok(0)
            }
            Planner { .. } => Ok(0),
            Flush { whose, .. } => {
                let ok = self.plan.host(whose).is_some() || spec.resolvers.contains_key(whose);
                known(ok, format!("{whose}: no such host or resolver"))?;
                Ok(0)
            }
            ResolverUse { resolver, instead } => {
                for name in [resolver, instead] {
                    known(spec.resolvers.contains_key(name), format!("resolver {name} not found"))?;
                }
                Ok(0)
            }
            LinkBlock { link, .. } | LinkRepair { link } => {
                known(spec.links.contains_key(link), format!("Cannot find device \"{link}\""))?;
                Ok(if matches!(effect, LinkRepair { .. }) { REPAIR_S } else { 0 })
            }
            Announce { site } | Drain { site, .. } => {
                known(spec.sites.contains_key(site), format!("site {site} not found"))?;
                Ok(if matches!(effect, Announce { .. }) { ANNOUNCE_S } else { 0 })
            }
            ClockStep { host } | ClockNtp { host, .. } | ClockZone { host, .. } => {
                known(self.plan.host(host).is_some(), format!("Could not resolve hostname {host}"))?;
                match (effect, self.clock(host)) {
                    (ClockStep { .. }, Some(c)) if !c.ntp => refuse("506 Cannot talk to daemon"),
                    _ => Ok(0),
                }
            }
            RuleSet { rule, .. } | RuleRollback { rule } => {
                known(self.rule_at(rule).is_some(), format!("rule {rule} not found"))?;
                Ok(0)
            }
            Purge { edge } => {
                known(spec.edges.contains_key(edge), format!("edge {edge} not found"))?;
                Ok(0)
            }
            BreakGlass { tool } => match spec.tools.get(tool) {
                None => refuse(format!("no break-glass path for {tool}")),
                Some(t) => match t.break_glass {
                    None => refuse(format!("no break-glass path for {tool}")),
                    Some(s) => Ok(if s.0 == 0 { BREAK_GLASS_S } else { s.0 }),
                },
            },
        }
    }

    /// Applies an effect that [`NetState::weigh`] accepted, at its end if it takes time.
    pub(crate) fn apply(&mut self, effect: &NetEffect, who: &str, now: Utc) -> Done {
        let t = seconds(now);
        let plan = Arc::clone(&self.plan);
        let mut facts = Vec::new();
        self.stale = true;
        match effect {
            NetEffect::CertRenew { cert } => {
                let spec = plan.spec.certs.get(cert);
                let lifetime = spec.map_or(0, |c| i64::try_from(c.lifetime.0).unwrap_or(i64::MAX / 4));
                let auto = spec.is_some_and(|c| c.pickup == crate::scenario::Pickup::Auto);
                if let Some(c) = self.cert_mut(cert) {
                    c.stored = Issue { serial: c.stored.serial + 1, from: now, until: now.plus(lifetime) };
                    facts.push(changed(format!("cert {cert}"), "renewed"));
                }
                if auto {
                    self.load_cert(cert, None, None, &mut facts);
                }
            }
            NetEffect::CertReload { cert, service } => {
                // A program that only reads it at its start does not notice a reload.
                if plan.spec.certs.get(cert).is_some_and(|c| picks_up(c.pickup, false)) {
                    self.load_cert(cert, service.as_deref(), None, &mut facts);
                }
            }
            NetEffect::CertTrust { cert, service } => {
                if let (Some(spec), Some(c)) = (plan.spec.certs.get(cert), self.cert_mut(cert)) {
                    let serial = c.stored.serial;
                    for (name, pin) in spec.pinned_by.iter().zip(&mut c.pinned) {
                        if service.as_ref().is_none_or(|s| s == name) {
                            *pin = serial;
                            facts.push(changed(format!("cert {cert} at {name}"), "trusted"));
                        }
                    }
                }
            }
            NetEffect::SecretReload { secret, service } => {
                let reloads = plan.spec.secrets.get(secret).is_some_and(|s| picks_up(s.pickup, false));
                if reloads {
                    self.load_secret(secret, service.as_deref(), None, &mut facts);
                }
            }
            NetEffect::SecretRollback { secret } => {
                let at = plan.spec.secrets.keys().position(|n| n == secret);
                if let Some(s) = at.and_then(|i| self.secrets.get_mut(i)) {
                    s.version = s.version.saturating_sub(1).max(1);
                    s.grace_until = None;
                    facts.push(changed(format!("secret {secret}"), &format!("version {}", s.version)));
                }
            }
            NetEffect::RecordSet { name, to, ttl } => {
                if let Some(at) = plan.record(name) {
                    self.set_record(at, to.clone(), *ttl, t, who, 1.0, false);
                    facts.push(changed(format!("dns {name}"), "set"));
                }
            }
            NetEffect::RecordRollback { name } => {
                if let Some(at) = plan.record(name)
                    && self.roll_back_record(at, t, who)
                {
                    facts.push(changed(format!("dns {name}"), "rolled back"));
                }
            }
            NetEffect::Planner { run } => {
                self.planner = *run;
                facts.push(changed("dns planner".to_owned(), if *run { "running" } else { "stopped" }));
            }
            NetEffect::Flush { whose, name } => self.flush(whose, name.as_deref(), t),
            NetEffect::ResolverUse { resolver, instead } => {
                let at = |n: &String| plan.spec.resolvers.keys().position(|k| k == n);
                if let (Some(of), Some(to)) = (at(resolver), at(instead)) {
                    for (asks, was) in self.asks.iter_mut().zip(&plan.asks) {
                        if *was == Some(of) {
                            *asks = Some(to);
                        }
                    }
                    facts.push(changed(format!("resolver {resolver}"), &format!("replaced by {instead}")));
                }
            }
            NetEffect::LinkBlock { link, block } => {
                if let Some(l) = plan.spec.links.keys().position(|k| k == link).and_then(|i| self.links.get_mut(i)) {
                    l.blocked = *block;
                    facts.push(changed(format!("link {link}"), if *block { "blocked" } else { "unblocked" }));
                }
            }
            NetEffect::LinkRepair { link } => facts.push(changed(format!("link {link}"), "reset")),
            NetEffect::Announce { site } => facts.push(changed(format!("site {site}"), "announced")),
            NetEffect::Drain { site, drain } => {
                if let Some(d) = plan.spec.sites.keys().position(|k| k == site).and_then(|i| self.drained.get_mut(i)) {
                    *d = *drain;
                    facts.push(changed(format!("site {site}"), if *drain { "drained" } else { "in service" }));
                }
                self.steer();
            }
            NetEffect::ClockStep { host } => {
                if let Some(c) = self.clock_mut(host) {
                    c.offset_us = 0.0;
                    c.stepped = Some(now);
                    // Setting the clock sets the timers right that spin.
                    if c.leap.is_some_and(|(kind, _)| kind == crate::scenario::Leap::Spin) {
                        c.leap = None;
                    }
                    facts.push(changed(format!("clock {host}"), "stepped"));
                }
            }
            NetEffect::ClockNtp { host, on } => {
                if let Some(c) = self.clock_mut(host) {
                    c.ntp = *on;
                    if *on {
                        // A daemon that starts steps the clock before it begins to slew.
                        c.offset_us = 0.0;
                        c.drift_ppm = 0.0;
                    }
                    facts.push(changed(format!("clock {host}"), if *on { "synchronised" } else { "not synchronised" }));
                }
            }
            NetEffect::ClockZone { host, zone_min } => {
                if let Some(c) = self.clock_mut(host) {
                    c.zone_min = *zone_min;
                    facts.push(changed(format!("clock {host}"), "time zone changed"));
                }
            }
            NetEffect::RuleSet { rule, on } => {
                if let Some((e, r)) = self.rule_at(rule)
                    && let Some(mut to) = self.edges.get(e).and_then(|e| e.live.get(r)).cloned()
                {
                    to.on = *on;
                    self.change_rule(e, r, to, who, now);
                    facts.push(changed(format!("edge {rule}"), if *on { "on" } else { "off" }));
                }
            }
            NetEffect::RuleRollback { rule } => {
                if let Some((e, r)) = self.rule_at(rule)
                    && let Some(to) = self.edges.get(e).and_then(|e| before(e, r))
                {
                    self.change_rule(e, r, to, who, now);
                    facts.push(changed(format!("edge {rule}"), "rolled back"));
                }
            }
            NetEffect::Purge { edge } => {
                let at = plan.spec.edges.keys().position(|k| k == edge);
                if let Some(e) = at.and_then(|i| self.edges.get_mut(i)) {
                    e.purged = Some(t);
                    facts.push(changed(format!("edge {edge}"), "purged"));
                }
            }
            NetEffect::BreakGlass { tool } => {
                let at = plan.spec.tools.keys().position(|k| k == tool);
                if let Some(o) = at.and_then(|i| self.opened.get_mut(i)) {
                    *o = true;
                    facts.push(changed(format!("tool {tool}"), "break-glass"));
                }
            }
        }
        let cured = self.mended(effect);
        self.relink();
        Done { facts, cured }
    }

    /// A replica of a service has started: it reads its certificate and its secrets anew. Faults that this ended.
    pub(crate) fn restarted(&mut self, service: &str, host: &str) -> Done {
        let plan = Arc::clone(&self.plan);
        let mut facts = Vec::new();
        let (Some(_), Some(h)) = (plan.service(service), plan.host(host)) else { return Done::default() };
        for (name, c) in &plan.spec.certs {
            if c.on.iter().any(|s| s == service) {
                self.load_cert(name, Some(service), Some(h), &mut facts);
            }
        }
        for (name, s) in &plan.spec.secrets {
            if s.held_by.iter().any(|s| s == service) {
                self.load_secret(name, Some(service), Some(h), &mut facts);
            }
        }
        if let Some(c) = self.clocks.get_mut(h) {
            c.leap = None;
        }
        self.stale = true;
        let leapt = |f: &NetFault| matches!(f, NetFault::LeapSecond { host: x, .. } if x == host);
        let of = |r: &String| plan.spec.resolvers.get(r).is_some_and(|r| r.service.as_deref() == Some(service));
        let resolves = |f: &NetFault| matches!(f, NetFault::ResolverFails { resolver, .. } if of(resolver));
        let mut cured = self.lift(|f| leapt(f) || resolves(f));
        cured.extend(self.lift_if_well());
        self.relink();
        Done { facts, cured }
    }

    /// A replica of a service reads anew what it reads without a start. Faults that this ended.
    pub(crate) fn reloaded(&mut self, service: &str, host: &str) -> Done {
        let plan = Arc::clone(&self.plan);
        let mut facts = Vec::new();
        let (Some(_), Some(h)) = (plan.service(service), plan.host(host)) else { return Done::default() };
        for (name, c) in &plan.spec.certs {
            if c.on.iter().any(|s| s == service) && picks_up(c.pickup, false) {
                self.load_cert(name, Some(service), Some(h), &mut facts);
            }
        }
        for (name, s) in &plan.spec.secrets {
            if s.held_by.iter().any(|s| s == service) && picks_up(s.pickup, false) {
                self.load_secret(name, Some(service), Some(h), &mut facts);
            }
        }
        self.stale = true;
        let cured = self.lift_if_well();
        self.relink();
        Done { facts, cured }
    }

    fn load_cert(&mut self, cert: &str, service: Option<&str>, host: Option<usize>, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let Some(spec) = plan.spec.certs.get(cert) else { return };
        for name in spec.on.iter().filter(|s| service.is_none_or(|x| x == *s)) {
            let Some(at) = plan.service(name) else { continue };
            if self.cert_mut(cert).is_some_and(|c| c.load(at, host) > 0) {
                facts.push(changed(format!("cert {cert} at {name}"), "loaded"));
            }
        }
    }

    fn load_secret(&mut self, secret: &str, service: Option<&str>, host: Option<usize>, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let Some((i, spec)) =
            plan.spec.secrets.iter().enumerate().find(|(_, (n, _))| *n == secret).map(|(i, x)| (i, x.1))
        else {
            return;
        };
        for name in spec.held_by.iter().filter(|s| service.is_none_or(|x| x == *s)) {
            let Some(at) = plan.service(name) else { continue };
            if self.secrets.get_mut(i).is_some_and(|s| s.load(at, host) > 0) {
                facts.push(changed(format!("secret {secret} at {name}"), "loaded"));
            }
        }
    }

    fn flush(&mut self, whose: &str, name: Option<&str>, t: u64) {
        let plan = Arc::clone(&self.plan);
        let record = name.map(|n| plan.record(n));
        let resolver = plan.spec.resolvers.keys().position(|k| k == whose);
        let host = plan.host(whose);
        for (k, keeper) in plan.keepers.iter().enumerate() {
            let mine = match resolver {
                Some(r) => self.asks.get(k).copied().flatten() == Some(r),
                None => host.is_some() && plan.place_of(*keeper).host == host,
            };
            if !mine {
                continue;
            }
            for at in 0..self.records.len() {
                if record.is_some_and(|r| r != Some(at)) {
                    continue;
                }
                let Some(e) = self.entries.iter_mut().find(|e| e.keeper == k && e.record == at) else { continue };
                // Whatever they had runs out now; they ask in this second.
                for c in &mut e.cohorts {
                    (c.from, c.to) = (t, t);
                }
            }
        }
    }

    fn change_rule(&mut self, e: usize, r: usize, to: super::RuleState, who: &str, now: Utc) {
        let plan = Arc::clone(&self.plan);
        let Some(spec) = plan.spec.edges.values().nth(e) else { return };
        let Some(edge) = self.edges.get_mut(e) else { return };
        edge.push(r, to.clone(), spec.stage.to_f64(), spec.every.0, seconds(now));
        if let Some(slot) = edge.declared.get_mut(r) {
            slot.clone_from(&to);
        }
        if let Some(slot) = edge.touched.get_mut(r) {
            *slot = (now, who.to_owned());
        }
        edge.history.push(EdgeChange { at: now, by: who.to_owned(), rule: r, to });
    }

    /// Ways of the routes, with the replicas of drained sites left out wherever others remain.
    fn steer(&mut self) {
        let plan = Arc::clone(&self.plan);
        let paths = plan.routes.iter().map(|r| {
            let all = plan.places(r.to);
            let left: Vec<_> = all.iter().filter(|p| !self.is_out(**p)).copied().collect();
            plan.path(&r.from, if left.is_empty() { &all } else { &left })
        });
        self.paths = paths.collect();
    }

    /// Whether a place is at a drained site.
    pub(crate) fn is_out(&self, p: super::plan::Place) -> bool {
        self.plan.sites.iter().zip(&self.drained).any(|(m, drained)| *drained && m.has(p))
    }

    /// Takes faults out on which `which` says so.
    fn lift(&mut self, which: impl Fn(&NetFault) -> bool) -> Vec<NetFault> {
        let (gone, kept): (Vec<_>, Vec<_>) = self.conditions.drain(..).partition(|c| which(&c.fault));
        self.conditions = kept;
        gone.into_iter().map(|c| c.fault).collect()
    }

    /// Faults of certificates and secrets of which nothing is left.
    fn lift_if_well(&mut self) -> Vec<NetFault> {
        let plan = Arc::clone(&self.plan);
        let (certs, secrets) = (self.certs.clone(), self.secrets.clone());
        let cert = |name: &String| plan.spec.certs.keys().position(|n| n == name).and_then(|i| certs.get(i));
        let fresh = |name: &String| {
            cert(name).is_some_and(|c| c.loaded.iter().all(|l| l.uses.serial == c.stored.serial && l.uses.serial > 1))
        };
        let held = |name: &String| {
            let at = plan.spec.secrets.keys().position(|n| n == name);
            at.and_then(|i| secrets.get(i)).is_some_and(|s| s.held.iter().all(|h| h.uses == s.version))
        };
        let cured = self.lift(|f| match f {
            NetFault::CertExpired { cert } | NetFault::CertChain { cert, .. } | NetFault::CertName { cert } => {
                fresh(cert)
            }
            NetFault::SecretRotated { secret } => held(secret),
            _ => false,
        });
        for f in &cured {
            if let NetFault::CertChain { cert, .. } | NetFault::CertName { cert } = f
                && let Some(c) = self.cert_mut(cert)
            {
                c.chain_missing = 0.0;
                c.wrong_name = 0.0;
            }
        }
        cured
    }

    /// The faults that an effect has ended.
    fn mended(&mut self, effect: &NetEffect) -> Vec<NetFault> {
        match effect {
            NetEffect::CertReload { .. }
            | NetEffect::CertRenew { .. }
            | NetEffect::SecretReload { .. }
            | NetEffect::SecretRollback { .. } => self.lift_if_well(),
            NetEffect::RecordSet { name, .. } | NetEffect::RecordRollback { name } => {
                let is = |r: &String| r.eq_ignore_ascii_case(name);
                self.lift(|f| {
                    matches!(f, NetFault::RecordEmptied { record } | NetFault::RecordWrong { record, .. } if is(record))
                })
            }
            NetEffect::Planner { run: false } => {
                let cured = self.lift(|f| matches!(f, NetFault::PlannerRace { .. }));
                // The record stays as the planner left it.
                for f in &cured {
                    if let NetFault::PlannerRace { record, .. } = f
                        && let Some(r) = self.plan.record(record).and_then(|at| self.records.get_mut(at))
                    {
                        r.bad = false;
                    }
                }
                cured
            }
            NetEffect::LinkRepair { link: mended } => self.lift(|f| match f {
                NetFault::LinkDown { link, .. }
                | NetFault::LinkLoss { link, .. }
                | NetFault::LinkSlow { link, .. }
                | NetFault::LinkGray { link, .. }
                | NetFault::LinkNarrow { link, .. } => link == mended,
                _ => false,
            }),
            NetEffect::Announce { site: back } => {
                self.lift(|f| matches!(f, NetFault::RouteWithdrawn { site } if site == back))
            }
            NetEffect::ClockStep { host: set } => self.lift(|f| match f {
                NetFault::ClockStep { host, .. } => host == set,
                NetFault::LeapSecond { host, kind, .. } => host == set && *kind == crate::scenario::Leap::Spin,
                _ => false,
            }),
            NetEffect::ClockNtp { host: set, on: true } => self.lift(
                |f| matches!(f, NetFault::ClockDrift { host, .. } | NetFault::ClockStep { host, .. } if host == set),
            ),
            NetEffect::ClockZone { host: set, .. } => {
                self.lift(|f| matches!(f, NetFault::TimeZone { host, .. } if host == set))
            }
            NetEffect::RuleSet { rule: set, on: false } | NetEffect::RuleRollback { rule: set } => self.lift(
                |f| matches!(f, NetFault::EdgeRule { rule, .. } | NetFault::EdgeLimit { rule, .. } if rule == set),
            ),
            _ => Vec::new(),
        }
    }
}

/// What a rollback brings: what the history says if that is not live, else what it said before.
fn before(edge: &super::EdgeState, rule: usize) -> Option<super::RuleState> {
    let (live, declared) = (edge.live.get(rule)?, edge.declared.get(rule)?);
    if live != declared {
        return Some(declared.clone());
    }
    let rows = edge.history.iter().rev().filter(|c| c.rule == rule);
    rows.map(|c| &c.to).find(|to| *to != live).cloned()
}

/// Whether a text is an IPv4 address.
pub(crate) fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 4 && parts.iter().all(|p| !p.is_empty() && p.parse::<u8>().is_ok())
}
