//! Faults of the network: what each does when it begins, while it lasts and when it ends.

use super::dns::Answer;
use super::edge::{EdgeChange, RuleState};
use super::{Condition, NetState, rule_state, seconds};
use crate::fact::FactKind;
use crate::scenario::{NetFault, RuleKind};
use crate::sim::phase::changed;
use crate::stdx::time::Utc;
use std::sync::Arc;

impl NetState {
    /// Begins a fault at a size from above 0 to 1.
    pub(crate) fn begin(&mut self, fault: &NetFault, severity: f64, now: Utc, facts: &mut Vec<FactKind>) {
        let t = seconds(now);
        self.conditions.retain(|c| c.fault != *fault);
        self.conditions.push(Condition { fault: fault.clone(), severity, since: t });
        let s = severity.clamp(0.0, 1.0);
        match fault {
            NetFault::RecordEmptied { record } | NetFault::PlannerRace { record, .. } => {
                if let Some(at) = self.plan.record(record) {
                    let by = if matches!(fault, NetFault::PlannerRace { .. }) { "dns-planner" } else { "dns-pipeline" };
                    self.set_record(at, Vec::new(), None, t, by, s, true);
                    facts.push(changed(format!("dns {record}"), "empty"));
                }
            }
            NetFault::RecordWrong { record, to } => {
                if let Some(at) = self.plan.record(record) {
                    self.set_record(at, vec![to.clone()], None, t, "dns-pipeline", s, true);
                    facts.push(changed(format!("dns {record}"), to));
                }
            }
            NetFault::CertExpired { cert } => {
                if let Some(c) = self.cert_mut(cert) {
                    c.stored.until = now;
                    c.early = Some(s);
                    c.loaded.iter_mut().for_each(|l| l.uses.until = now);
                    facts.push(changed(format!("cert {cert}"), "expired"));
                }
            }
            NetFault::CertChain { cert, share } => {
                if let Some(c) = self.cert_mut(cert) {
                    c.chain_missing = share.to_f64() * s;
                    facts.push(changed(format!("cert {cert}"), "incomplete"));
                }
            }
            NetFault::CertName { cert } => {
                if let Some(c) = self.cert_mut(cert) {
                    c.wrong_name = s;
                    facts.push(changed(format!("cert {cert}"), "wrong name"));
                }
            }
            NetFault::SecretRotated { secret } => {
                let at = self.plan.spec.secrets.keys().position(|n| n == secret);
                let grace = at.and_then(|i| self.plan.spec.secrets.values().nth(i)).map_or(0, |x| x.grace.0);
                if let Some(x) = at.and_then(|i| self.secrets.get_mut(i)) {
                    x.version += 1;
                    x.grace_until = Some(t + grace);
                    x.checked = s;
                    facts.push(changed(format!("secret {secret}"), &format!("version {}", x.version)));
                }
            }
            NetFault::ClockStep { host, ms } => {
                if let Some(c) = self.clock_mut(host) {
                    c.offset_us += *ms as f64 * 1_000.0 * s;
                    c.stepped = Some(now);
                    facts.push(changed(format!("clock {host}"), "stepped"));
                }
            }
            NetFault::ClockDrift { host, ppm } => {
                if let Some(c) = self.clock_mut(host) {
                    c.ntp = false;
                    c.drift_ppm = *ppm as f64 * s;
                    facts.push(changed(format!("clock {host}"), "not synchronised"));
                }
            }
            NetFault::LeapSecond { host, kind, share } => {
                if let Some(c) = self.clock_mut(host) {
                    c.leap = Some((*kind, share.to_f64() * s));
                    facts.push(changed(format!("clock {host}"), "leap second"));
                }
            }
            NetFault::TimeZone { host, zone_min } => {
                if let Some(c) = self.clock_mut(host) {
                    let by = f64::from(zone_min - c.zone_min) * s;
                    c.zone_min += libm::round(by) as i32;
                    facts.push(changed(format!("clock {host}"), "time zone changed"));
                }
            }
            NetFault::EdgeRule { rule, share, drift } => {
                self.misfire(rule, Some(share.to_f64() * s), None, *drift, now)
            }
            NetFault::EdgeLimit { rule, rate } => self.misfire(rule, None, Some((rate.to_f64(), s)), false, now),
            NetFault::LinkDown { link, .. }
            | NetFault::LinkLoss { link, .. }
            | NetFault::LinkSlow { link, .. }
            | NetFault::LinkGray { link, .. }
            | NetFault::LinkNarrow { link, .. } => facts.push(changed(format!("link {link}"), "impaired")),
            NetFault::RouteWithdrawn { site } => facts.push(changed(format!("site {site}"), "withdrawn")),
            NetFault::ResolverFails { resolver, .. } => {
                facts.push(changed(format!("resolver {resolver}"), "failing"));
            }
        }
        self.relink();
    }

    /// A fault that is there already gets another size: what carries it has spread, or was taken back in part.
    pub(crate) fn dial(&mut self, fault: &NetFault, severity: f64, now: Utc) {
        let s = severity.clamp(0.0, 1.0);
        let Some(c) = self.conditions.iter_mut().find(|c| c.fault == *fault) else { return };
        let before = std::mem::replace(&mut c.severity, severity).clamp(0.0, 1.0);
        match fault {
            NetFault::ClockStep { host, ms } => {
                if let Some(c) = self.clock_mut(host) {
                    c.offset_us += *ms as f64 * 1_000.0 * (s - before);
                }
            }
            NetFault::SecretRotated { secret } => {
                let at = self.plan.spec.secrets.keys().position(|n| n == secret);
                if let Some(x) = at.and_then(|i| self.secrets.get_mut(i)) {
                    x.checked = s;
                }
            }
            NetFault::RecordEmptied { record }
            | NetFault::PlannerRace { record, .. }
            | NetFault::RecordWrong { record, .. } => {
                if let Some(r) = self.plan.record(record).and_then(|at| self.records.get_mut(at)).filter(|r| r.bad) {
                    r.mix = s;
                }
            }
            NetFault::CertExpired { cert } => {
                if let Some(early) = self.cert_mut(cert).and_then(|c| c.early.as_mut()) {
                    *early = s;
                }
            }
            NetFault::ClockDrift { host, ppm } => {
                if let Some(c) = self.clock_mut(host) {
                    c.drift_ppm = *ppm as f64 * s;
                }
            }
            NetFault::EdgeRule { rule, share, .. } => self.redial_rule(rule, Some(share.to_f64() * s), None),
            NetFault::EdgeLimit { rule, rate } => self.redial_rule(rule, None, Some((rate.to_f64(), s))),
            NetFault::LinkDown { .. }
            | NetFault::LinkLoss { .. }
            | NetFault::LinkSlow { .. }
            | NetFault::LinkGray { .. }
            | NetFault::LinkNarrow { .. }
            | NetFault::RouteWithdrawn { .. }
            | NetFault::ResolverFails { .. } => {}
            // The others leave no trace of being set anew; nobody is told of it twice.
            NetFault::CertChain { .. }
            | NetFault::CertName { .. }
            | NetFault::LeapSecond { .. }
            | NetFault::TimeZone { .. } => {
                let mut untold = Vec::new();
                self.end(fault, now, &mut untold);
                self.begin(fault, severity, now, &mut untold);
            }
        }
        self.relink();
    }

    /// Ends a fault: undoes what is still there of it.
    pub(crate) fn end(&mut self, fault: &NetFault, now: Utc, facts: &mut Vec<FactKind>) {
        // What somebody has mended is no longer here, and nothing is left to undo.
        if !self.conditions.iter().any(|c| c.fault == *fault) {
            return;
        }
        let t = seconds(now);
        let plan = Arc::clone(&self.plan);
        self.conditions.retain(|c| c.fault != *fault);
        match fault {
            NetFault::RecordEmptied { record }
            | NetFault::PlannerRace { record, .. }
            | NetFault::RecordWrong { record, .. } => {
                if let Some(at) = plan.record(record).filter(|at| self.records.get(*at).is_some_and(|r| r.bad)) {
                    self.roll_back_record(at, t, "dns-pipeline");
                    facts.push(changed(format!("dns {record}"), "ok"));
                }
            }
            NetFault::CertExpired { cert } => {
                let until = plan.spec.certs.get(cert).map(|c| plan.t0.plus(c.expires.0));
                if let (Some(c), Some(until)) = (self.cert_mut(cert), until)
                    && c.early.take().is_some()
                {
                    let mend = |i: &mut super::Issue| {
                        if i.serial == 1 {
                            i.until = until;
                        }
                    };
                    mend(&mut c.stored);
                    c.loaded.iter_mut().for_each(|l| mend(&mut l.uses));
                    facts.push(changed(format!("cert {cert}"), "ok"));
                }
            }
            NetFault::CertChain { cert, .. } | NetFault::CertName { cert } => {
                if let Some(c) = self.cert_mut(cert) {
                    if matches!(fault, NetFault::CertChain { .. }) {
                        c.chain_missing = 0.0;
                    } else {
                        c.wrong_name = 0.0;
                    }
                    facts.push(changed(format!("cert {cert}"), "ok"));
                }
            }
            NetFault::SecretRotated { secret } => {
                let at = plan.spec.secrets.keys().position(|n| n == secret);
                if let Some(x) = at.and_then(|i| self.secrets.get_mut(i)) {
                    let version = x.version;
                    x.held.iter_mut().for_each(|h| h.uses = version);
                    x.grace_until = None;
                    facts.push(changed(format!("secret {secret}"), "ok"));
                }
            }
            NetFault::ClockStep { host, .. } => {
                if let Some(c) = self.clock_mut(host) {
                    c.offset_us = 0.0;
                    facts.push(changed(format!("clock {host}"), "ok"));
                }
            }
            NetFault::ClockDrift { host, .. } => {
                if let Some(c) = self.clock_mut(host) {
                    c.ntp = true;
                    c.drift_ppm = 0.0;
                    c.offset_us = 0.0;
                    facts.push(changed(format!("clock {host}"), "ok"));
                }
            }
            NetFault::LeapSecond { host, .. } => {
                if let Some(c) = self.clock_mut(host)
                    && c.leap.take().is_some()
                {
                    facts.push(changed(format!("clock {host}"), "ok"));
                }
            }
            NetFault::TimeZone { host, .. } => {
                let zone = plan.spec.clocks.get(host).map_or(0, |c| c.zone_min);
                if let Some(c) = self.clock_mut(host) {
                    c.zone_min = zone;
                    facts.push(changed(format!("clock {host}"), "ok"));
                }
            }
            NetFault::EdgeRule { rule, .. } | NetFault::EdgeLimit { rule, .. } => self.restore_rule(rule, now),
            NetFault::LinkDown { link, .. }
            | NetFault::LinkLoss { link, .. }
            | NetFault::LinkSlow { link, .. }
            | NetFault::LinkGray { link, .. }
            | NetFault::LinkNarrow { link, .. } => facts.push(changed(format!("link {link}"), "ok")),
            NetFault::RouteWithdrawn { site } => facts.push(changed(format!("site {site}"), "ok")),
            NetFault::ResolverFails { resolver, .. } => facts.push(changed(format!("resolver {resolver}"), "ok")),
        }
        self.relink();
    }

    /// Works out the state of links and sites from their specification and the faults at work.
    pub(crate) fn relink(&mut self) {
        let plan = Arc::clone(&self.plan);
        for ((name, spec), l) in plan.spec.links.iter().zip(&mut self.links) {
            l.down = [f64::from(u8::from(l.blocked)); 2];
            l.loss = spec.loss.to_f64();
            l.gray = 0.0;
            l.latency_s = spec.latency_us as f64 / 1e6;
            l.offered = 0.0;
            l.capacity = spec.capacity.as_ref().map_or(f64::INFINITY, |c| c.to_f64());
            for c in &self.conditions {
                let s = c.severity;
                match &c.fault {
                    NetFault::LinkDown { link, one_way } if link == name => {
                        let [forward, reverse] = l.down;
                        l.down = [forward.max(s), if *one_way { reverse } else { reverse.max(s) }];
                    }
                    NetFault::LinkLoss { link, share } if link == name => {
                        l.loss = 1.0 - (1.0 - l.loss) * (1.0 - share.to_f64() * s);
                    }
                    NetFault::LinkGray { link, share } if link == name => l.gray = share.to_f64() * s,
                    NetFault::LinkSlow { link, by } if link == name => l.latency_s += *by as f64 / 1e6 * s,
                    NetFault::LinkNarrow { link, share } if link == name => {
                        l.capacity *= 1.0 - s * (1.0 - share.to_f64());
                    }
                    _ => {}
                }
            }
        }
        for (name, w) in plan.spec.sites.keys().zip(&mut self.withdrawn) {
            *w = 0.0;
            for c in &self.conditions {
                if matches!(&c.fault, NetFault::RouteWithdrawn { site } if site == name) {
                    *w = c.severity;
                }
            }
        }
        self.stale = true;
    }

    /// Sets what a record says; those who kept the answer before have it until it runs out.
    #[expect(clippy::too_many_arguments, reason = "one place writes records, and this is all that there is to one")]
    pub(crate) fn set_record(
        &mut self,
        at: usize,
        to: Vec<String>,
        ttl: Option<u64>,
        t: u64,
        by: &str,
        mix: f64,
        bad: bool,
    ) {
        for keeper in 0..self.plan.keepers.len() {
            if self.kept(keeper) {
                self.hold(keeper, at, t);
            }
        }
        if let Some(r) = self.records.get_mut(at) {
            let ttl = ttl.unwrap_or_else(|| r.answers.last().map_or(60, |a| a.ttl));
            r.answers.push(Answer { to, ttl, since: t, by: by.to_owned() });
            r.mix = mix;
            r.bad = bad;
        }
        self.stale = true;
    }

    /// Sets a record to the last answer before the one that holds that is another one. Whether there was one.
    pub(crate) fn roll_back_record(&mut self, at: usize, t: u64, by: &str) -> bool {
        let Some(r) = self.records.get(at) else { return false };
        let Some(now) = r.answers.last() else { return false };
        let Some(before) = r.answers.iter().rev().find(|a| a.to != now.to).cloned() else { return false };
        self.set_record(at, before.to, Some(before.ttl), t, by, 1.0, false);
        true
    }

    pub(crate) fn cert_mut(&mut self, name: &str) -> Option<&mut super::Cert> {
        let at = self.plan.spec.certs.keys().position(|n| n == name)?;
        self.certs.get_mut(at)
    }

    pub(crate) fn clock_mut(&mut self, host: &str) -> Option<&mut super::Clock> {
        let at = self.plan.host(host)?;
        self.clocks.get_mut(at)
    }

    /// Positions of an edge and its rule, from `edge:rule`.
    pub(crate) fn rule_at(&self, name: &str) -> Option<(usize, usize)> {
        let (edge, rule) = name.split_once(':')?;
        let (e, (_, spec)) = self.plan.spec.edges.iter().enumerate().find(|(_, (n, _))| *n == edge)?;
        Some((e, spec.rules.keys().position(|r| r == rule)?))
    }

    fn misfire(&mut self, name: &str, share: Option<f64>, limit: Option<(f64, f64)>, drift: bool, now: Utc) {
        let Some((e, r)) = self.rule_at(name) else { return };
        let plan = Arc::clone(&self.plan);
        let Some(spec) = plan.spec.edges.values().nth(e) else { return };
        let Some(edge) = self.edges.get_mut(e) else { return };
        let Some(mut to) = edge.live.get(r).cloned() else { return };
        let usual = to.limit;
        misset(&mut to, usual, share, limit);
        let by = if drift { "console" } else { "edge pipeline" }.to_owned();
        // A change by hand is everywhere at once; the pipeline goes in steps.
        let stage = if drift { 1.0 } else { spec.stage.to_f64() };
        edge.push(r, to.clone(), stage, spec.every.0, seconds(now));
        if let Some(slot) = edge.touched.get_mut(r) {
            *slot = (now, by.clone());
        }
        if !drift {
            edge.history.push(EdgeChange { at: now, by, rule: r, to: to.clone() });
            if let Some(slot) = edge.declared.get_mut(r) {
                *slot = to;
            }
        }
        self.stale = true;
    }

    /// A rule that a fault has set is set to another size, where it is and in the row of the history that set it.
    fn redial_rule(&mut self, name: &str, share: Option<f64>, limit: Option<(f64, f64)>) {
        let Some((e, r)) = self.rule_at(name) else { return };
        let plan = Arc::clone(&self.plan);
        let Some(spec) = plan.spec.edges.values().nth(e).and_then(|s| s.rules.values().nth(r)) else { return };
        let Some(edge) = self.edges.get_mut(e) else { return };
        let Some(live) = edge.live.get_mut(r) else { return };
        let before = live.clone();
        misset(live, rule_state(spec).limit, share, limit);
        let now = live.clone();
        let row = edge.history.last_mut().filter(|h| h.rule == r).map(|h| &mut h.to);
        for slot in edge.declared.get_mut(r).into_iter().chain(row).filter(|s| **s == before) {
            slot.clone_from(&now);
        }
        self.stale = true;
    }

    /// A rule as the scenario has it, live and in the history.
    fn restore_rule(&mut self, name: &str, now: Utc) {
        let Some((e, r)) = self.rule_at(name) else { return };
        let plan = Arc::clone(&self.plan);
        let Some(spec) = plan.spec.edges.values().nth(e).and_then(|s| s.rules.values().nth(r)) else { return };
        let Some(edge) = self.edges.get_mut(e) else { return };
        let to = rule_state(spec);
        edge.pushes.retain(|p| p.rule != r);
        for list in [&mut edge.live, &mut edge.declared] {
            if let Some(slot) = list.get_mut(r) {
                slot.clone_from(&to);
            }
        }
        if let Some(slot) = edge.touched.get_mut(r) {
            *slot = (now, "edge pipeline".to_owned());
        }
        self.stale = true;
    }
}

/// Sets a rule to what it should not be; `usual` is the limit that it had.
fn misset(to: &mut RuleState, usual: Option<f64>, share: Option<f64>, limit: Option<(f64, f64)>) {
    to.on = true;
    if let Some(share) = share {
        to.share = share;
        if to.kind == RuleKind::Allow {
            to.kind = RuleKind::Block;
        }
    }
    if let Some((rate, severity)) = limit {
        // At less than full size the limit lies between what it was and what it is set to.
        let before = usual.unwrap_or(rate).max(rate);
        to.limit = Some(rate + (before - rate) * (1.0 - severity));
    }
}
