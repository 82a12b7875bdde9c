//! The fixed part of the room: limits and replicas by position, resolved once.

use crate::scenario::{
    AutoscaleSpec, Balance, CheckSpec, HostCapacity, ManagedSpec, ScaleMetric, ServiceKind, UnitCapacity, WorldSpec,
};

/// Memory that a kernel and its own processes take, bytes.
pub(super) const KERNEL_BYTES: u64 = 11_800_000;

/// A host.
#[derive(Clone, Debug)]
pub struct HostPlan {
    /// Name.
    pub name: String,
    pub(super) cores: f64,
    pub(super) memory: u64,
    pub(super) zone: String,
    pub(super) conntrack: u64,
    pub(super) ports: u64,
    /// Mount points and their inodes, where a limit is stated.
    pub(super) inodes: Vec<(String, u64)>,
    /// Positions of its units.
    pub(super) units: std::ops::Range<usize>,
}

/// Weight of a replica of which nothing else is said.
pub(super) const USUAL_WEIGHT: u64 = 100;

/// A unit.
#[derive(Clone, Debug)]
pub struct UnitPlan {
    /// Name.
    pub name: String,
    pub(super) host: usize,
    pub(super) service: Option<usize>,
    pub(super) base: u64,
    pub(super) limits: UnitCapacity,
    pub(super) weight: u64,
}

/// A service.
#[derive(Clone, Debug)]
pub struct ServicePlan {
    /// Name.
    pub name: String,
    pub(super) cpu: f64,
    pub(super) disk: f64,
    pub(super) connection: u64,
    pub(super) threads_per_peer: u64,
    pub(super) reuse: f64,
    pub(super) warm: u64,
    pub(super) cold: f64,
    pub(super) balance: Balance,
    pub(super) concurrency: u64,
    pub(super) time_s: f64,
    /// Whether the machines behind it are part of this world: an edge or a bucket scales by itself.
    pub(super) bounded: bool,
    pub(super) worker: bool,
    /// Units that run it.
    pub(super) units: Vec<usize>,
    pub(super) managed: Option<GroupPlan>,
}

/// Replicas that a platform runs.
#[derive(Clone, Debug)]
pub(super) struct GroupPlan {
    pub replicas: u64,
    pub nodes: Vec<usize>,
    pub cpu: f64,
    pub cpu_limit: Option<f64>,
    pub memory: u64,
    pub base: u64,
    pub memory_limit: Option<u64>,
    pub start: u64,
    pub readiness: Option<CheckPlan>,
    pub liveness: Option<CheckPlan>,
    pub autoscale: Option<AutoscaleSpec>,
    pub min_available: Option<u64>,
}

/// A platform's probe.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckPlan {
    pub every: u64,
    pub timeout_ms: f64,
    pub failures: u32,
}

/// The room's plan.
#[derive(Clone, Debug, Default)]
pub struct CapacityPlan {
    /// In order of name.
    pub hosts: Vec<HostPlan>,
    /// By host, then by name.
    pub units: Vec<UnitPlan>,
    /// In order of name.
    pub services: Vec<ServicePlan>,
    bare: bool,
    pub(super) addresses: Option<u64>,
    pub(super) quota: Option<u64>,
}

fn check(spec: &CheckSpec) -> CheckPlan {
    CheckPlan { every: spec.every.0.max(1), timeout_ms: spec.timeout_us as f64 / 1e3, failures: spec.failures.max(1) }
}

impl CapacityPlan {
    /// Resolves what a world says about its capacity. Names that lead nowhere are left out; validation reported them.
    pub fn new(world: &WorldSpec) -> CapacityPlan {
        let spec = &world.capacity;
        let mut plan = CapacityPlan { addresses: spec.addresses, quota: spec.quota, ..CapacityPlan::default() };
        let service_at = |name: &str| world.services.keys().position(|k| k == name);
        for (at, (name, h)) in world.hosts.iter().enumerate() {
            let own = spec.hosts.get(name).cloned().unwrap_or_default();
            let HostCapacity { zone, conntrack, ports, inodes } = own;
            let first = plan.units.len();
            for (unit, u) in &h.units {
                let of = u.service.as_ref().and_then(|s| spec.services.get(s));
                plan.units.push(UnitPlan {
                    weight: of.and_then(|s| s.weights.get(name)).copied().unwrap_or(USUAL_WEIGHT),
                    name: unit.clone(),
                    host: at,
                    service: u.service.as_deref().and_then(service_at),
                    base: u.memory,
                    limits: spec.units.get(&format!("{name}:{unit}")).cloned().unwrap_or_default(),
                });
            }
            plan.hosts.push(HostPlan {
                name: name.clone(),
                cores: f64::from(h.cores.max(1)),
                memory: h.memory,
                zone,
                conntrack,
                ports,
                inodes: inodes.into_iter().collect(),
                units: first..plan.units.len(),
            });
        }
        for (at, (name, s)) in world.services.iter().enumerate() {
            let own = spec.services.get(name).cloned().unwrap_or_default();
            let managed = own.managed.as_ref().filter(|_| s.on.is_empty());
            plan.services.push(ServicePlan {
                name: name.clone(),
                cpu: own.cpu.to_f64().clamp(0.0, 1.0),
                disk: own.disk.to_f64().clamp(0.0, 1.0),
                connection: own.connection,
                threads_per_peer: own.threads_per_peer,
                reuse: own.reuse.max(1) as f64,
                warm: own.warm.0,
                cold: own.cold.to_f64().max(1.0),
                balance: own.balance,
                concurrency: u64::from(s.concurrency),
                time_s: s.service_time_us as f64 / 1e6,
                bounded: !matches!(s.kind, ServiceKind::Cdn { .. } | ServiceKind::Bucket),
                worker: matches!(s.kind, ServiceKind::Worker { .. }),
                units: plan.units.iter().enumerate().filter(|(_, u)| u.service == Some(at)).map(|(i, _)| i).collect(),
                managed: managed.map(|m| plan.group(u64::from(s.replicas.max(1)), m)),
            });
        }
        plan.bare = plan.hosts.is_empty() && plan.services.iter().all(|s| s.managed.is_none());
        plan
    }

    fn group(&self, replicas: u64, m: &ManagedSpec) -> GroupPlan {
        GroupPlan {
            replicas,
            nodes: m.nodes.iter().filter_map(|n| self.host(n)).collect(),
            cpu: m.cpu.to_f64(),
            cpu_limit: m.cpu_limit.as_ref().map(|c| c.to_f64()),
            memory: m.memory,
            base: m.base,
            memory_limit: m.memory_limit,
            start: m.start.0,
            readiness: m.readiness.as_ref().map(check),
            liveness: m.liveness.as_ref().map(check),
            autoscale: m.autoscale.clone(),
            min_available: m.min_available,
        }
    }

    /// Whether there is neither a machine nor a managed replica: then the room weighs nothing by itself.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// Whether any machine runs a unit.
    pub fn has_units(&self) -> bool {
        !self.units.is_empty()
    }

    /// Position of a host.
    pub fn host(&self, name: &str) -> Option<usize> {
        self.hosts.iter().position(|h| h.name == name)
    }

    /// Position of a unit of a host.
    pub fn unit(&self, host: &str, unit: &str) -> Option<usize> {
        let h = self.hosts.get(self.host(host)?)?;
        h.units.clone().find(|u| self.units.get(*u).is_some_and(|x| x.name == unit))
    }

    /// Position of a service.
    pub fn service(&self, name: &str) -> Option<usize> {
        self.services.iter().position(|s| s.name == name)
    }

    /// Host and name of a unit.
    pub fn unit_name(&self, unit: usize) -> Option<(&str, &str)> {
        let u = self.units.get(unit)?;
        Some((self.hosts.get(u.host)?.name.as_str(), u.name.as_str()))
    }

    /// Mounts that state a number of inodes: host and mount point.
    pub fn limited_mounts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.hosts.iter().flat_map(|h| h.inodes.iter().map(|(m, _)| (h.name.as_str(), m.as_str())))
    }

    /// Whether any host stands in a zone.
    pub fn has_zone(&self, zone: &str) -> bool {
        self.hosts.iter().any(|h| h.zone == zone)
    }

    /// Queues that autoscalers look at, by service.
    pub fn watched_queue(&self, service: usize) -> Option<&str> {
        match &self.services.get(service)?.managed.as_ref()?.autoscale.as_ref()?.metric {
            ScaleMetric::Queue(q) => Some(q),
            _ => None,
        }
    }
}
