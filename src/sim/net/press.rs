//! The network in its world: what it presses on the flow, and what the world asks of it.

use super::way::Passage;
use super::{Done, NetState};
use crate::fact::FactKind;
use crate::scenario::{Fault, Leap, NetFault, Wake};
use crate::sim::carry::Rate;
use crate::sim::state::Then;
use crate::sim::strain::{Detour, Moved, Pressure, Way};
use crate::sim::{Applied, NetEffect, Refusal, World};

/// How many times its usual time a request takes where programs spin all the time.
const SPIN: f64 = 4.0;

/// How long an edge without configuration of its own keeps a page, seconds.
const EDGE_TTL_S: u64 = 300;

fn press(p: &Passage, way: &mut Way) {
    for m in &p.moved {
        let mut there = Way { timeout_s: way.timeout_s, latency_s: way.latency_s, ..Way::OPEN };
        press(&m.passage, &mut there);
        way.moved.push(Moved { to: m.to, share: Rate::of_f64(m.share).capped(), way: there });
    }
    way.latency_s += p.latency_s;
    if let Some(cut) = p.cut() {
        way.cut = way.cut.or(Some(cut));
        return;
    }
    if p.lost > 0.0 {
        way.lose(Rate::of_f64(p.lost).capped());
    }
    let turned = p.turned();
    if turned > 0.0 {
        way.turn(Rate::of_f64(turned).capped());
    }
}

impl World {
    /// The network, for everything that reads it.
    pub fn net(&self) -> &NetState {
        &self.net
    }

    /// One second of the network if it `passes`, and what it presses on services and ways.
    pub(in crate::sim) fn press_net(&mut self, pressure: &mut Pressure, passes: bool) {
        let now = self.utc();
        if !self.net.rests(now) {
            let mut net = std::mem::take(&mut self.net);
            let sources = self.sources.iter().map(|s| s.attempts as f64);
            net.load.clear();
            net.load.extend(self.edges.iter().map(|e| e.flow.sent as f64).chain(sources));
            // Nobody counts detours: a redirected client is a client of the service that redirected it.
            net.load.resize(net.plan.routes.len(), 0.0);
            let load = std::mem::take(&mut net.load);
            net.tick(now, &load, passes, |at| self.services.get(at).is_some_and(|s| s.ready > 0));
            net.load = load;
            self.net = net;
        }
        let net = &self.net;
        let known = pressure.ways.len();
        if !net.clear {
            for (p, way) in net.passages.iter().zip(&mut pressure.ways) {
                press(p, way);
            }
            for ((source, to), p) in net.plan.detours.iter().zip(net.passages.iter().skip(known)) {
                if !p.is_open() {
                    let mut way = Way::OPEN;
                    press(p, &mut way);
                    pressure.detours.push(Detour { source: *source, to: *to, way });
                }
            }
        }
        if net.weighs() {
            for (at, strain) in pressure.strain.iter_mut().enumerate() {
                net.strain(at, strain);
            }
        }
    }

    /// A change to the network: at once, or begun as a job.
    pub(in crate::sim) fn change_net(
        &mut self,
        effect: &NetEffect,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let seconds = self.net.weigh(effect)?;
        if seconds == 0 {
            self.net_done(effect, who, facts);
            return Ok(Applied::Now);
        }
        let busy = self.jobs.iter().find(|j| matches!(&j.then, Then::Net { effect: e, .. } if e == effect));
        if let Some(job) = busy {
            return Err(Refusal { message: format!("already in progress: {} (job {})", job.what, job.id) });
        }
        let then = Then::Net { effect: effect.clone(), who: who.to_owned() };
        let job = self.add_job(effect.words(), seconds, then);
        Ok(Applied::Job { job, seconds })
    }

    /// A change to the network takes place.
    pub(in crate::sim) fn net_done(&mut self, effect: &NetEffect, who: &str, facts: &mut Vec<FactKind>) {
        let done = self.net.apply(effect, who, self.utc());
        match effect {
            NetEffect::Purge { edge } => self.cool(edge),
            NetEffect::ResolverUse { .. } => self.point_resolvers(),
            _ => {}
        }
        self.net_follow(done, facts);
        self.wake(&Wake::Touch(effect.component().to_owned()), facts);
    }

    /// An edge that was emptied holds more again with every second, and everything after the time that it keeps a page.
    pub(in crate::sim) fn warm_edge(&mut self, at: usize) {
        let name = self.plan.services.get(at).map(|s| &s.name);
        let ttl = name.and_then(|n| self.plan.spec.network.edges.get(n)).map_or(EDGE_TTL_S, |e| e.cache_ttl.0);
        if let Some(s) = self.services.get_mut(at) {
            s.warmth = (s.warmth + 1.0 / ttl.max(1) as f64).min(1.0);
        }
    }

    /// A replica of a service has started on a host.
    pub(in crate::sim) fn net_restarted(&mut self, service: &str, host: &str, facts: &mut Vec<FactKind>) {
        let done = self.net.restarted(service, host);
        self.net_follow(done, facts);
    }

    /// A replica of a service was asked to read its certificates and secrets anew; those read at a start alone stay.
    pub(in crate::sim) fn net_reloaded(&mut self, service: &str, host: &str, facts: &mut Vec<FactKind>) {
        let done = self.net.reloaded(service, host);
        self.net_follow(done, facts);
    }

    fn net_follow(&mut self, done: Done, facts: &mut Vec<FactKind>) {
        facts.extend(done.facts);
        if !done.cured.is_empty() {
            self.cure(|f| matches!(f, Fault::Net(f) if done.cured.contains(f)), facts);
        }
    }
}

impl NetState {
    /// Whether [`NetState::strain`] has anything to say of any service.
    fn weighs(&self) -> bool {
        let leaps = self.clocks.iter().any(|c| c.leap.is_some());
        leaps || self.drained.iter().any(|d| *d)
    }

    /// What weighs on a service: programs that a leap second upset, replicas out of service.
    fn strain(&self, at: usize, strain: &mut crate::sim::strain::Strain) {
        let Some(service) = self.plan.services.get(at) else { return };
        let n = service.hosts.len().max(1) as f64;
        for h in &service.hosts {
            match self.clocks.get(*h).and_then(|c| c.leap) {
                Some((Leap::Spin, share)) => strain.slow(1.0 + (SPIN - 1.0) * share / n),
                Some((Leap::Negative, share)) => strain.fail(Rate::of_f64(share / n).capped()),
                None => {}
            }
        }
        if self.drained.iter().any(|d| *d) {
            let places = self.plan.places(at);
            let out = places.iter().filter(|p| self.is_out(**p)).count();
            if out < places.len() && out > 0 {
                strain.ready = strain.ready.saturating_sub(out as u64).max(u64::from(strain.ready > 0));
            }
        }
    }

    /// Whether a fault names components that there are.
    pub(in crate::sim) fn knows(&self, fault: &NetFault) -> bool {
        let spec = &self.plan.spec;
        match fault {
            NetFault::LinkDown { link, .. }
            | NetFault::LinkLoss { link, .. }
            | NetFault::LinkSlow { link, .. }
            | NetFault::LinkGray { link, .. }
            | NetFault::LinkNarrow { link, .. } => spec.links.contains_key(link),
            NetFault::RouteWithdrawn { site } => spec.sites.contains_key(site),
            NetFault::RecordEmptied { record }
            | NetFault::RecordWrong { record, .. }
            | NetFault::PlannerRace { record, .. } => self.plan.record(record).is_some(),
            NetFault::ResolverFails { resolver, .. } => spec.resolvers.contains_key(resolver),
            NetFault::CertExpired { cert } | NetFault::CertChain { cert, .. } | NetFault::CertName { cert } => {
                spec.certs.contains_key(cert)
            }
            NetFault::SecretRotated { secret } => spec.secrets.contains_key(secret),
            NetFault::ClockStep { host, .. }
            | NetFault::ClockDrift { host, .. }
            | NetFault::LeapSecond { host, .. }
            | NetFault::TimeZone { host, .. } => self.plan.host(host).is_some(),
            NetFault::EdgeRule { rule, .. } | NetFault::EdgeLimit { rule, .. } => self.rule_at(rule).is_some(),
        }
    }
}
