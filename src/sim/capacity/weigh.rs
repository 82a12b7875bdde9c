//! What all of it weighs on a service: how many replicas take requests, how much slower they are, what they fail.

use super::CapacityState;
use super::cohort::{Cohort, Phase};
use super::group::NODE_GRACE_S;
use super::host::Power;
use super::plan::{CapacityPlan, ServicePlan, USUAL_WEIGHT};
use crate::scenario::{Balance, CapacityFault};
use serde::Serialize;

/// What the room weighs on a service in the next second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weight {
    /// Whether its replicas are managed, so that only the room knows how many take requests.
    pub managed: bool,
    /// Replicas that take requests.
    pub ready: u64,
    /// Replicas that run and take none, because their host is drained.
    pub drained: u64,
    /// Replicas in all.
    pub replicas: u64,
    /// How many times its usual time a request takes.
    pub factor: f64,
    /// Share of its requests that it answers with an error of its own.
    pub errors: f64,
    /// Share of connections to it that are dropped on the way.
    pub dropped: f64,
    /// Share of its calls that find no local port.
    pub no_port: f64,
    /// At most so many requests at once, if descriptors or threads limit them.
    pub slots: Option<u64>,
    /// Percent of requests that it lets in.
    pub admit: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct ServiceState {
    pub factor: f64,
    pub errors: f64,
    pub in_flight: f64,
    /// Seconds of a request that go into calls.
    pub elsewhere_s: f64,
    pub slots: Option<u64>,
    pub replicas: u64,
    pub ready: u64,
    /// Share of the requests by unit, in the order of the plan.
    pub weights: Vec<f64>,
    /// Whether its replicas weigh differently at the balancer, or did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub weighed: bool,
    pub burn: f64,
    pub throttle: Option<f64>,
    pub admit: u64,
}

impl Default for ServiceState {
    fn default() -> ServiceState {
        ServiceState {
            factor: 1.0,
            errors: 0.0,
            in_flight: 0.0,
            elsewhere_s: 0.0,
            slots: None,
            replicas: 0,
            ready: 0,
            weights: Vec::new(),
            weighed: false,
            burn: 1.0,
            throttle: None,
            admit: 100,
        }
    }
}

impl ServiceState {
    /// Requests that can be in flight at once.
    pub fn places(&self, plan: &ServicePlan) -> f64 {
        let most = (self.ready.max(1) * plan.concurrency.max(1)) as f64;
        if plan.concurrency == 0 { f64::MAX } else { self.slots.map_or(most, |s| most.min(s as f64)) }
    }
}

impl ServicePlan {
    /// Seconds that a request computes.
    pub(super) fn cpu_s(&self) -> f64 {
        self.cpu * self.time_s
    }

    /// Seconds that a request waits, where a disk takes `disk` times its usual time.
    pub(super) fn wait_s(&self, disk: f64) -> f64 {
        ((1.0 - self.cpu - self.disk).max(0.0) + self.disk * disk) * self.time_s
    }
}

/// How many times its usual time a request takes `age` seconds after a start: `cold` times at first, once when warm.
pub(super) fn warmth(age: u64, warm: u64, cold: f64) -> f64 {
    if age >= warm { 1.0 } else { cold - (cold - 1.0) * age as f64 / warm as f64 }
}

/// A replica on a machine, as the balancer in front of its service has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerRow {
    /// Host.
    pub host: String,
    /// Weight, 0 to 256.
    pub weight: u64,
    /// Share of the requests that it gets now, 0 to 1.
    pub share: f64,
    /// Whether its program runs and its machine takes requests.
    pub up: bool,
    /// Requests that it was given since the balancer weighs.
    pub given: u64,
}

/// Some replicas that are alike.
struct Part {
    n: f64,
    weight: f64,
    factor: f64,
    errors: f64,
}

impl CapacityState {
    /// Works out what every service weighs.
    pub(super) fn weigh(&mut self, plan: &CapacityPlan) {
        for (at, s) in plan.services.iter().enumerate() {
            let (burn, throttle) =
                if self.faults.is_empty() { (1.0, None) } else { (self.burn(&s.name), self.throttle_of(&s.name)) };
            let gray = self.gray(&s.name);
            let mut parts: Vec<Part> = Vec::new();
            let mut slots = 0u64;
            let mut limited = false;
            for i in &s.units {
                let (part, own) = self.unit_part(plan, s, *i, burn, gray);
                if let Some(own) = own.filter(|_| part.n > 0.0) {
                    limited |= own < s.concurrency;
                    slots += own.min(s.concurrency);
                }
                parts.push(part);
            }
            let units = parts.len();
            if let Some(Some(g)) = self.groups.get(at) {
                for c in &g.cohorts {
                    parts.extend(self.pod_part(plan, s, c, g.stretch, burn, gray));
                }
            }
            let pull = |p: &Part| match s.balance {
                Balance::RoundRobin => p.n * p.weight,
                // As many in flight at each: the shorter it takes, the more it gets.
                Balance::LeastRequests => p.n * p.weight / p.factor.max(1e-3),
            };
            let all: f64 = parts.iter().map(pull).sum();
            let share = |p: &Part| if all > 0.0 { pull(p) / all } else { 0.0 };
            // Where one gets more than the others it is full before they are, and what comes then waits.
            let weighed = s.units.iter().any(|u| self.units.get(*u).is_some_and(|u| u.weight != USUAL_WEIGHT));
            let most = parts.iter().map(share).fold(0.0, f64::max);
            if weighed && most > 0.0 && s.concurrency > 0 {
                let full = (s.concurrency as f64 / most + 1e-9) as u64;
                slots = if limited { slots.min(full) } else { full };
                limited = true;
            }
            let Some(state) = self.services.get_mut(at) else { continue };
            state.weighed |= weighed;
            state.weights = parts.iter().take(units).map(share).collect();
            state.factor = if all > 0.0 { parts.iter().map(|p| share(p) * p.factor).sum() } else { 1.0 };
            state.errors = parts.iter().map(|p| share(p) * p.errors).sum();
            state.ready = parts.iter().map(|p| p.n as u64).sum();
            state.replicas = units as u64 + self.groups.get(at).and_then(Option::as_ref).map_or(0, |g| g.desired);
            state.slots = limited.then_some(slots);
            state.burn = burn;
            state.throttle = throttle;
        }
    }

    /// Factor and errors of a gray replica of a service.
    fn gray(&self, name: &str) -> Option<(f64, f64)> {
        self.faults.iter().find_map(|a| match &a.fault {
            CapacityFault::GrayReplica { service, factor, errors, .. } if service == name => {
                let factor = 1.0 + (factor.to_f64() - 1.0) * a.severity;
                Some((factor.max(0.001), (errors.to_f64() * a.severity).clamp(0.0, 1.0)))
            }
            _ => None,
        })
    }

    fn unit_part(
        &self,
        plan: &CapacityPlan,
        s: &ServicePlan,
        unit: usize,
        burn: f64,
        gray: Option<(f64, f64)>,
    ) -> (Part, Option<u64>) {
        let nothing = (Part { n: 0.0, weight: 1.0, factor: 1.0, errors: 0.0 }, None);
        let (Some(u), Some(p)) = (self.units.get(unit), plan.units.get(unit)) else { return nothing };
        let Some(h) = self.hosts.get(p.host) else { return nothing };
        if u.pid == 0 || h.drained || u.weight == 0 || h.power != Power::On {
            return nothing;
        }
        let disk = plan.hosts.get(p.host).map_or(1.0, |h| self.slow_disk(&h.name));
        let factor = self.request_factor(s, u.stretch, disk, burn) * h.reclaim;
        let factor = factor * warmth(self.tick.saturating_sub(u.since), if u.since == 0 { 0 } else { s.warm }, s.cold);
        let (slow, errors) = gray.filter(|_| u.gray).unwrap_or((1.0, 0.0));
        let peers = s.threads_per_peer * (s.units.len() as u64).saturating_sub(1);
        let weight = u.weight as f64 / USUAL_WEIGHT as f64;
        (Part { n: 1.0, weight, factor: factor * slow, errors }, u.slots(p, peers))
    }

    fn pod_part(
        &self,
        plan: &CapacityPlan,
        s: &ServicePlan,
        c: &Cohort,
        own: f64,
        burn: f64,
        gray: Option<(f64, f64)>,
    ) -> Option<Part> {
        if c.phase != Phase::Running || !c.ready {
            return None;
        }
        let node = c.node.and_then(|n| Some((self.hosts.get(n)?, plan.hosts.get(n)?)));
        let (mut stretch, mut disk, mut reclaim) = (own, 1.0, 1.0);
        if let Some((h, p)) = node {
            if h.power != Power::On {
                // Until the platform notices, requests still go there.
                let noticed = self.tick.saturating_sub(h.off_since) >= NODE_GRACE_S;
                return (!noticed).then_some(Part { n: c.n as f64, weight: 1.0, factor: 1.0, errors: 1.0 });
            }
            stretch = own.max(h.stretch);
            disk = self.slow_disk(&p.name);
            reclaim = h.reclaim;
        }
        // Those of the opening are warm.
        let warm = if c.since == 0 { 0 } else { s.warm };
        let factor = self.request_factor(s, stretch, disk, burn) * reclaim;
        let factor = factor * warmth(self.tick.saturating_sub(c.since), warm, s.cold);
        let (slow, errors) = gray.filter(|_| c.gray).unwrap_or((1.0, 0.0));
        Some(Part { n: c.n as f64, weight: 1.0, factor: factor * slow, errors })
    }

    /// How many times its usual time a request takes where computing takes `stretch` times as long, the disk `disk`
    /// times, and there is `burn` times as much to compute.
    fn request_factor(&self, s: &ServicePlan, stretch: f64, disk: f64, burn: f64) -> f64 {
        if !s.bounded || s.worker || s.time_s <= 0.0 {
            return 1.0;
        }
        // Exactly 1 when nothing is the matter, whatever the shares add up to in floating point.
        (1.0 + s.cpu * (stretch * burn - 1.0) + s.disk * (disk - 1.0)).max(0.001)
    }

    /// Share of a service's requests that a host's replicas get.
    pub(super) fn weight_on(&self, plan: &CapacityPlan, service: usize, host: usize) -> f64 {
        let (Some(s), Some(state)) = (plan.services.get(service), self.services.get(service)) else { return 0.0 };
        let on = |u: usize| plan.units.get(u).is_some_and(|u| u.host == host);
        let units: f64 = s.units.iter().zip(&state.weights).filter(|(u, _)| on(**u)).map(|(_, w)| w).sum();
        let Some(Some(g)) = self.groups.get(service) else { return units };
        let here = g.count(|c| c.serves() && c.node == Some(host));
        units + if g.ready() > 0 { here as f64 / g.ready() as f64 } else { 0.0 }
    }

    /// What the room weighs on a service.
    pub fn weight(&self, plan: &CapacityPlan, service: usize) -> Option<Weight> {
        let s = plan.services.get(service)?;
        let state = self.services.get(service)?;
        let (mut dropped, mut no_port) = (0.0, 0.0);
        for (at, h) in self.hosts.iter().enumerate() {
            if h.dropped > 0.0 || h.ports_short > 0.0 {
                let weight = self.weight_on(plan, service, at);
                dropped += weight * h.dropped;
                no_port += weight * h.ports_short;
            }
        }
        let drained = s.units.iter().filter(|u| {
            let host = plan.units.get(**u).and_then(|p| self.hosts.get(p.host));
            let unit = self.units.get(**u).filter(|u| u.pid != 0);
            unit.is_some_and(|u| u.weight == 0 || host.is_some_and(|h| h.drained))
        });
        Some(Weight {
            managed: s.managed.is_some(),
            drained: drained.count() as u64,
            ready: state.ready,
            replicas: state.replicas,
            factor: state.factor,
            errors: state.errors.clamp(0.0, 1.0),
            dropped: dropped.clamp(0.0, 1.0),
            no_port: no_port.clamp(0.0, 1.0),
            slots: state.slots,
            admit: state.admit,
        })
        .filter(|_| !s.units.is_empty() || s.managed.is_some() || state.admit < 100)
    }

    /// The replicas of a service on machines, in the order of the scenario.
    pub fn servers(&self, plan: &CapacityPlan, service: usize) -> Vec<ServerRow> {
        let (Some(s), Some(state)) = (plan.services.get(service), self.services.get(service)) else {
            return Vec::new();
        };
        let rows = s.units.iter().enumerate().filter_map(|(i, at)| {
            let (u, p) = self.units.get(*at).zip(plan.units.get(*at))?;
            let (host, state_of) = plan.hosts.get(p.host).zip(self.hosts.get(p.host))?;
            Some(ServerRow {
                host: host.name.clone(),
                weight: u.weight,
                share: state.weights.get(i).copied().unwrap_or(0.0),
                up: u.pid != 0 && !state_of.drained && state_of.power == Power::On,
                given: u.given.requests,
            })
        });
        rows.collect()
    }

    /// Whether the replicas of a service weigh differently at the balancer, or did.
    pub fn is_weighed(&self, service: usize) -> bool {
        self.services.get(service).is_some_and(|s| s.weighed)
    }
}
