//! What machines and replicas have, and what they run out of: limits, probes, autoscalers, and the faults on them.

use crate::stdx::rational::Exact;
use crate::stdx::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Limits and replicas beyond what hosts and services say of themselves. Empty in a scenario that needs none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacitySpec {
    /// By host.
    pub hosts: BTreeMap<String, HostCapacity>,
    /// By `host:unit`.
    pub units: BTreeMap<String, UnitCapacity>,
    /// By service.
    pub services: BTreeMap<String, ServiceCapacity>,
    /// Addresses that the pool of managed replicas has; `None` is plenty.
    pub addresses: Option<u64>,
    /// Managed replicas that the quota allows in all; `None` is no quota.
    pub quota: Option<u64>,
}

/// Limits of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCapacity {
    /// Zone that it stands in.
    pub zone: String,
    /// Connections that its kernel can track.
    pub conntrack: u64,
    /// Local ports for outgoing connections.
    pub ports: u64,
    /// Inodes by mount point.
    pub inodes: BTreeMap<String, u64>,
}

/// Local ports of a Linux host as it comes: 32768 to 60999.
pub const PORTS_USUAL: u64 = 28_232;

/// Connections that a kernel tracks as it comes, with a few GiB of memory.
pub const CONNTRACK_USUAL: u64 = 262_144;

impl Default for HostCapacity {
    fn default() -> HostCapacity {
        HostCapacity { zone: String::new(), conntrack: CONNTRACK_USUAL, ports: PORTS_USUAL, inodes: BTreeMap::new() }
    }
}

/// Limits of a unit, as its control group and `ulimit` have them; `None` is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCapacity {
    /// Cores that it may use.
    pub cpu: Option<Exact>,
    /// Memory in bytes at which it is killed.
    pub memory: Option<u64>,
    /// Open descriptors.
    pub descriptors: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
}

/// What a request costs at a service, and how its replicas are run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCapacity {
    /// Share of the service time that is computing; the rest waits.
    pub cpu: Exact,
    /// Share of the service time that waits for a local disk.
    pub disk: Exact,
    /// Memory for each request in flight, bytes.
    pub connection: u64,
    /// Threads that a replica holds for each other replica.
    pub threads_per_peer: u64,
    /// Requests that share one connection.
    pub reuse: u64,
    /// How long a replica that has just started is slow.
    pub warm: Span,
    /// How many times its usual time a request takes at first, at least 1.
    pub cold: Exact,
    /// How requests are spread over replicas.
    pub balance: Balance,
    /// Weight of the replica on each host at the balancer, 0 to 256; the others have 100.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, u64>,
    /// Replicas that a platform runs; only for a service without hosts.
    pub managed: Option<ManagedSpec>,
}

impl Default for ServiceCapacity {
    fn default() -> ServiceCapacity {
        let exact = |n, d| Exact(crate::stdx::rational::ratio(n, d));
        ServiceCapacity {
            cpu: exact(1, 3),
            disk: exact(0, 1),
            connection: 0,
            threads_per_peer: 0,
            reuse: 20,
            warm: Span(0),
            cold: exact(1, 1),
            balance: Balance::RoundRobin,
            weights: BTreeMap::new(),
            managed: None,
        }
    }
}

/// How a load balancer spreads requests over replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Balance {
    /// Each in turn.
    RoundRobin,
    /// To the one with the fewest in flight: the faster one answers, the more it gets, errors included.
    LeastRequests,
}

/// Replicas that a platform starts, probes, scales and moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedSpec {
    /// Hosts that they are placed on; none if the platform's machines cannot be seen.
    pub nodes: Vec<String>,
    /// Cores that each requests.
    pub cpu: Exact,
    /// Cores that each may use; `None` is no limit.
    pub cpu_limit: Option<Exact>,
    /// Memory that each requests, bytes.
    pub memory: u64,
    /// Memory that each uses when idle, bytes.
    pub base: u64,
    /// Memory at which one is killed; `None` is no limit.
    pub memory_limit: Option<u64>,
    /// From start to running.
    pub start: Span,
    /// Takes one that fails it out of the balancer.
    pub readiness: Option<CheckSpec>,
    /// Restarts one that fails it.
    pub liveness: Option<CheckSpec>,
    /// Sets the number of replicas.
    pub autoscale: Option<AutoscaleSpec>,
    /// Fewest replicas that a voluntary disruption may leave ready; `None` is no budget.
    pub min_available: Option<u64>,
}

/// A platform's probe of each replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckSpec {
    /// Every so often.
    pub every: Span,
    /// How long it waits for an answer, microseconds.
    pub timeout_us: u64,
    /// Failures in a row that count.
    pub failures: u32,
}

/// An autoscaler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoscaleSpec {
    /// Fewest replicas.
    pub min: u64,
    /// Most replicas.
    pub max: u64,
    /// What it looks at.
    pub metric: ScaleMetric,
    /// What the metric should be: percent of requested CPU, requests a second a replica, or items a replica.
    pub target: u64,
    /// How often it decides.
    pub every: Span,
    /// How long it waits before it scales in.
    pub settle: Span,
    /// How it takes replicas away.
    #[serde(default)]
    pub scale_in: ScaleInSpec,
}

/// How an autoscaler takes replicas away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleInSpec {
    /// Most replicas in one decision; `None` is no limit.
    pub most: Option<u64>,
    /// How long after it changed the number it takes none away.
    pub cooldown: Span,
    /// Which of those that take requests goes first.
    pub first: GoesFirst,
}

/// Which of several replicas goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GoesFirst {
    /// The one made last.
    #[default]
    Youngest,
    /// The one made first.
    Oldest,
    /// One of the node with most of them.
    Crowded,
}

/// What an autoscaler looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScaleMetric {
    /// CPU in use, percent of what is requested.
    Cpu,
    /// Requests a second and replica.
    Requests,
    /// Items waiting in a queue, a replica.
    Queue(String),
}

/// Faults of machines and replicas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CapacityFault {
    /// Small files appear under a path: inodes run out while bytes are left.
    InodeFill {
        /// Host.
        host: String,
        /// Directory.
        path: String,
        /// Files a second.
        per_s: u64,
    },
    /// Requests leave descriptors open.
    DescriptorLeak {
        /// Service.
        service: String,
        /// Share of requests.
        share: Exact,
    },
    /// Every replica of a service leaks memory.
    MemoryLeak {
        /// Service.
        service: String,
        /// Bytes a second and replica.
        per_s: u64,
        /// Bytes a request.
        per_request: u64,
    },
    /// A process that does not belong there takes cores and memory.
    Runaway {
        /// Host.
        host: String,
        /// Command line shown by `ps`.
        command: String,
        /// Cores that it takes.
        cores: Exact,
        /// Memory by which it grows a second, bytes.
        per_s: u64,
    },
    /// An input makes each request of a service take many times its computing.
    CpuBurn {
        /// Service.
        service: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// Each replica of a service may use only so many cores.
    Throttle {
        /// Service.
        service: String,
        /// Cores.
        cores: Exact,
    },
    /// Connections fill a host's table of tracked connections.
    ConntrackFlood {
        /// Host.
        host: String,
        /// New entries a second.
        per_s: u64,
    },
    /// A client on a host opens a connection for every request: its local ports run out.
    PortLeak {
        /// Host.
        host: String,
        /// Connections a second.
        per_s: u64,
    },
    /// Addresses of the pool are held by replicas that are long gone.
    AddressLeak {
        /// Addresses.
        count: u64,
    },
    /// The quota counts replicas that are not there.
    QuotaPhantom {
        /// Replicas too many.
        count: u64,
    },
    /// Some replicas of a service are slow, or answer with errors at once and so draw traffic.
    GrayReplica {
        /// Service.
        service: String,
        /// How many.
        replicas: u64,
        /// Times its usual time; below 1 for one that fails fast.
        factor: Exact,
        /// Share of its requests that it answers with an error.
        errors: Exact,
    },
    /// A machine computes slowly and logs machine checks.
    GrayHost {
        /// Host.
        host: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// A disk answers slowly.
    SlowDisk {
        /// Host.
        host: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// A machine loses power.
    HostDown {
        /// Host.
        host: String,
    },
    /// A zone loses power; a milder case takes only some of its machines.
    ZoneDown {
        /// Zone.
        zone: String,
    },
    /// An autoscaler reads nothing.
    MetricMissing {
        /// Service.
        service: String,
    },
    /// An autoscaler reads this many times the true value.
    MetricWrong {
        /// Service.
        service: String,
        /// Factor.
        factor: Exact,
    },
    /// A replica of a service exits soon after it starts; those that run go on.
    CrashLoop {
        /// Service.
        service: String,
    },
    /// The probes of a service give up after this time.
    ProbeTimeout {
        /// Service.
        service: String,
        /// How long they wait, microseconds.
        timeout: u64,
    },
}

impl CapacityFault {
    /// Whether two are the same defect on the same component, whatever their size.
    pub fn same(&self, other: &CapacityFault) -> bool {
        self.key() == other.key()
    }

    fn key(&self) -> (u8, &str, &str) {
        use CapacityFault::*;
        match self {
            InodeFill { host, path, .. } => (0, host, path),
            DescriptorLeak { service, .. } => (1, service, ""),
            MemoryLeak { service, .. } => (2, service, ""),
            Runaway { host, command, .. } => (3, host, command),
            CpuBurn { service, .. } => (4, service, ""),
            Throttle { service, .. } => (5, service, ""),
            ConntrackFlood { host, .. } => (6, host, ""),
            PortLeak { host, .. } => (7, host, ""),
            AddressLeak { .. } => (8, "", ""),
            QuotaPhantom { .. } => (9, "", ""),
            GrayReplica { service, .. } => (10, service, ""),
            GrayHost { host, .. } => (11, host, ""),
            SlowDisk { host, .. } => (12, host, ""),
            HostDown { host } => (13, host, ""),
            ZoneDown { zone } => (14, zone, ""),
            MetricMissing { service } => (15, service, ""),
            MetricWrong { service, .. } => (16, service, ""),
            ProbeTimeout { service, .. } => (17, service, ""),
            CrashLoop { service } => (18, service, ""),
        }
    }
}
