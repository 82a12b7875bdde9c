//! Effects on the room: done at once, or refused in the words of the real tools.

use super::host::Power;
use super::plan::CapacityPlan;
use super::{CapacityState, Order};
use crate::scenario::CapacityFault;
use crate::sim::effect::{CapacityEffect, Refusal, UnitLimit};
use crate::stdx::rational::{Exact, ratio};

/// Most replicas that anybody may ask for: a typing error should not fill the world.
const REPLICAS_MAX: u64 = 10_000;

fn refuse<T>(message: String) -> Result<T, Refusal> {
    Err(Refusal { message })
}

impl CapacityState {
    /// Automation takes a share of a managed service's replicas away, and again when somebody puts them back.
    pub fn automate(&mut self, at: usize, share: f64) {
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        let before = g.automated.unwrap_or(g.desired).max(g.desired);
        g.automated = Some(before);
        g.desired = before.saturating_sub((before as f64 * share + 0.5) as u64);
    }

    /// Automation lets go; as it was before, where it puts right itself what it did.
    pub fn let_go(&mut self, at: usize, restore: bool) {
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        if let Some(before) = g.automated.take().filter(|_| restore) {
            g.desired = before.max(g.desired);
        }
    }

    /// Applies an effect; what the world must do to units.
    ///
    /// # Errors
    /// What the real tool says.
    pub fn change(&mut self, plan: &CapacityPlan, effect: &CapacityEffect) -> Result<Vec<Order>, Refusal> {
        let tick = self.tick;
        let mut orders = Vec::new();
        if self.change_deployment(plan, effect)? {
            return Ok(orders);
        }
        match effect {
            CapacityEffect::Scale { service, replicas } => {
                if *replicas > REPLICAS_MAX {
                    return refuse(format!(
                        "The Deployment \"{service}\" is invalid: spec.replicas: Invalid value: {replicas}"
                    ));
                }
                self.quota_allows(plan, service, *replicas)?;
                let g = self.managed(plan, service)?;
                g.desired = *replicas;
            }
            CapacityEffect::Cordon { host, on } => {
                let at = node(plan, host)?;
                if let Some(h) = self.hosts.get_mut(at) {
                    h.cordoned = *on;
                    h.drained &= *on;
                }
                let (reason, word) = if *on {
                    ("NodeNotSchedulable", "NodeNotSchedulable")
                } else {
                    ("NodeSchedulable", "NodeSchedulable")
                };
                self.node_says(at, reason, false, &format!("Node {{node}} status is now: {word}"));
            }
            CapacityEffect::Drain { host } => {
                let at = node(plan, host)?;
                if let Some(h) = self.hosts.get_mut(at) {
                    (h.cordoned, h.drained) = (true, true);
                }
                for g in self.groups.iter_mut().flatten() {
                    g.dismiss(tick, u64::MAX, |c| c.node == Some(at));
                }
            }
            CapacityEffect::Sysctl { host, key, value } => self.sysctl(plan, host, key, value)?,
            CapacityEffect::Limit { host, unit, what, value } => {
                let Some(u) = plan.unit(host, unit).and_then(|u| self.units.get_mut(u)) else {
                    return refuse(format!("Unit {unit}.service not found."));
                };
                match what {
                    UnitLimit::Descriptors => u.limits.descriptors = *value,
                    UnitLimit::Threads => u.limits.threads = *value,
                    UnitLimit::Memory => u.limits.memory = *value,
                    UnitLimit::Cpu => {
                        u.limits.cpu = value.map(|v| Exact(ratio(i64::try_from(v).unwrap_or(i64::MAX), 100)));
                        self.lift_throttle(plan, host, unit);
                    }
                }
            }
            CapacityEffect::ProbeTimeout { service, ms } => {
                if *ms == 0 {
                    return refuse(format!(
                        "The Deployment \"{service}\" is invalid: timeoutSeconds: Invalid value: 0: must be greater than 0"
                    ));
                }
                let g = self.managed(plan, service)?;
                g.readiness_ms = Some(*ms as f64);
                g.liveness_ms = Some(*ms as f64);
                self.mend(|f| matches!(f, CapacityFault::ProbeTimeout { service: s, .. } if s == service));
            }
            CapacityEffect::Autoscaler { service, paused } => self.scaler_of(plan, service)?.paused = *paused,
            CapacityEffect::ScaleBounds { service, min, max } => {
                if *min == 0 || min > max {
                    return refuse(format!(
                        "The HorizontalPodAutoscaler \"{service}\" is invalid: spec.maxReplicas: Invalid value: {max}: must be greater than or equal to `minReplicas`"
                    ));
                }
                let scaler = self.scaler_of(plan, service)?;
                (scaler.min, scaler.max) = (*min, *max);
                let g = self.managed(plan, service)?;
                g.desired = g.desired.clamp(*min, *max);
            }
            CapacityEffect::Power { host, on } => {
                let at = node(plan, host)?;
                if *on && self.powerless(plan, at) {
                    return refuse(format!("{host}: power on failed: no input power"));
                }
                if *on {
                    self.mend(|f| matches!(f, CapacityFault::HostDown { host: h } if h == host));
                }
                orders.extend(self.switch(at, *on));
                if !*on {
                    // It stays off until somebody turns it on.
                    self.begin(plan, &CapacityFault::HostDown { host: host.clone() }, 1.0);
                }
            }
            CapacityEffect::Shutdown { host, again } => {
                let at = node(plan, host)?;
                orders.extend(self.switch(at, false));
                if !*again {
                    self.begin(plan, &CapacityFault::HostDown { host: host.clone() }, 1.0);
                }
            }
            CapacityEffect::Admit { service, percent } => {
                let Some(s) = plan.service(service).and_then(|s| self.services.get_mut(s)) else {
                    return refuse(format!("service {service} not found"));
                };
                s.admit = (*percent).min(100);
            }
            CapacityEffect::DeleteQuota => {
                if plan.quota.is_none() {
                    return refuse(
                        "Error from server (NotFound): resourcequotas \"compute-quota\" not found".to_owned(),
                    );
                }
                self.quota_phantom = 0;
                self.mend(|f| matches!(f, CapacityFault::QuotaPhantom { .. }));
            }
            CapacityEffect::ReleaseAddresses => {
                self.addresses_held = 0.0;
                self.mend(|f| matches!(f, CapacityFault::AddressLeak { .. }));
            }
            // Deployments: done above.
            CapacityEffect::Rollout { .. }
            | CapacityEffect::Undo { .. }
            | CapacityEffect::Hold { .. }
            | CapacityEffect::Image { .. }
            | CapacityEffect::Resources { .. }
            | CapacityEffect::Environment { .. }
            | CapacityEffect::DeleteDeployment { .. }
            | CapacityEffect::CreateDeployment { .. }
            | CapacityEffect::DeleteScaler { .. }
            | CapacityEffect::Evict { .. }
            | CapacityEffect::DeletePod { .. } => {}
        }
        Ok(orders)
    }

    pub(super) fn managed(&mut self, plan: &CapacityPlan, service: &str) -> Result<&mut super::Group, Refusal> {
        match plan.service(service).and_then(|s| self.groups.get_mut(s)) {
            Some(Some(g)) if !g.gone => Ok(g),
            _ => refuse(format!("Error from server (NotFound): deployments.apps \"{service}\" not found")),
        }
    }

    pub(super) fn scaler_of(&mut self, plan: &CapacityPlan, service: &str) -> Result<&mut super::Scaler, Refusal> {
        let missing =
            format!("Error from server (NotFound): horizontalpodautoscalers.autoscaling \"{service}\" not found");
        match plan.service(service).and_then(|s| self.groups.get_mut(s)) {
            Some(Some(g)) => g.scaler.as_mut().ok_or(Refusal { message: missing }),
            _ => refuse(missing),
        }
    }

    pub(super) fn quota_allows(&self, plan: &CapacityPlan, service: &str, replicas: u64) -> Result<(), Refusal> {
        let now = plan.service(service).and_then(|s| self.group(s)).map_or(0, super::Group::alive);
        let (used, more) = (self.quota_used(), replicas.saturating_sub(now));
        match plan.quota {
            Some(hard) if more > 0 && used.saturating_add(more) > hard => refuse(format!(
                "Error from server (Forbidden): deployments.apps \"{service}\" is forbidden: exceeded quota: compute-quota, requested: pods={more}, used: pods={used}, limited: pods={hard}"
            )),
            _ => Ok(()),
        }
    }

    fn sysctl(&mut self, plan: &CapacityPlan, host: &str, key: &str, value: &str) -> Result<(), Refusal> {
        let at = plan.host(host).and_then(|h| self.hosts.get_mut(h));
        let Some(h) = at else { return refuse(format!("Could not resolve hostname {host}")) };
        let invalid = || Refusal { message: format!("setting key \"{key}\": Invalid argument") };
        match key {
            "net.netfilter.nf_conntrack_max" => h.conntrack_max = value.trim().parse().map_err(|_| invalid())?,
            "net.ipv4.ip_local_port_range" => {
                let ports: Vec<u64> = value.split_whitespace().filter_map(|p| p.parse().ok()).collect();
                match ports.as_slice() {
                    [low, high] if low < high && *high <= 65_535 && *low > 0 => h.ports_max = high - low + 1,
                    _ => return Err(invalid()),
                }
            }
            _ => {
                let path = key.replace('.', "/");
                return refuse(format!("cannot stat /proc/sys/{path}: No such file or directory"));
            }
        }
        Ok(())
    }

    /// Raising the limit of one unit ends a fault that had set it for its service.
    fn lift_throttle(&mut self, plan: &CapacityPlan, host: &str, unit: &str) {
        let service = plan.unit(host, unit).and_then(|u| plan.units.get(u)?.service);
        let name = service.and_then(|s| plan.services.get(s)).map(|s| s.name.as_str());
        self.mend(|f| matches!(f, CapacityFault::Throttle { service, .. } if Some(service.as_str()) == name));
    }

    /// Kills a process that does not belong on a host; whether there was one with this id.
    pub fn kill_hog(&mut self, plan: &CapacityPlan, host: usize, pid: u32) -> bool {
        let Some(i) = self.hogs.iter().position(|h| h.host == host && h.pid == pid) else { return false };
        let hog = self.hogs.remove(i);
        self.hog_ended(plan, host, &hog.command);
        true
    }

    /// Values of the kernel parameters that can be set.
    pub fn sysctls(&self, host: usize) -> Vec<(&'static str, String)> {
        let Some(h) = self.hosts.get(host) else { return Vec::new() };
        let low = 61_000u64.saturating_sub(h.ports_max).max(1_024);
        vec![
            ("net.ipv4.ip_local_port_range", format!("{low}\t{}", low + h.ports_max - 1)),
            ("net.netfilter.nf_conntrack_count", (h.tracked as u64).to_string()),
            ("net.netfilter.nf_conntrack_max", h.conntrack_max.to_string()),
        ]
    }

    /// Whether a host is off or boots.
    pub fn is_booting(&self, host: usize) -> bool {
        self.hosts.get(host).is_some_and(|h| matches!(h.power, Power::Booting(_)))
    }
}

fn node(plan: &CapacityPlan, host: &str) -> Result<usize, Refusal> {
    match plan.host(host) {
        Some(at) => Ok(at),
        None => refuse(format!("Error from server (NotFound): nodes \"{host}\" not found")),
    }
}
