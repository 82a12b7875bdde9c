//! What machines and replicas have and run out of: cores, memory, descriptors, connections, addresses, replicas, power.
//!
//! The room never touches requests. Each tick it reads what the flow did at every service ([`Seen`]), moves its own
//! state by one second, and says what that weighs on the next second: a factor on the time of a request, a share of
//! errors, a limit on requests at once, and how many replicas take requests.

mod apply;
mod autoscale;
mod check;
mod cohort;
mod deploy;
mod event;
mod fault;
mod group;
mod host;
mod kernel;
mod plan;
mod read;
mod revision;
mod share;
mod view;
mod weigh;
mod world;

pub use autoscale::{Scaler, ScalerRow};
pub use cohort::{Cohort, Phase, Why};
pub use event::{Event, Events, NodeEvent, Reason};
pub use group::{Group, PodRow, QuotaRow};
pub use host::{Hog, HostUse, Power, UnitUse};
pub use kernel::KernelLine;
pub use plan::CapacityPlan;
pub use revision::DEADLINE_S;
pub use revision::{Ended, Needs, Revision};
pub use share::{Load, stretch};
pub use view::{DeploymentView, EventView, PodView, image_of, pod_ip, pod_pid, uid};
pub use weigh::{ServerRow, Weight};
pub use world::OOM_KILL;

use crate::scenario::CapacityFault;
use serde::Serialize;

/// What the flow did at a service in the last second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Seen {
    /// Requests that arrived.
    pub requests: u64,
    /// Requests worked on.
    pub used: u64,
    /// Requests waiting for a place.
    pub waiting: u64,
    /// Mean time to answer, milliseconds, waiting included.
    pub latency_ms: f64,
    /// Seconds that a request keeps a replica busy, calls included.
    pub work_s: f64,
    /// Calls made to others.
    pub calls: u64,
    /// Items waiting in the queue that an autoscaler looks at.
    pub backlog: u64,
    /// Whether it is a worker with something to do.
    pub works: bool,
}

/// What the room asks the world to do to units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// The kernel killed a unit's main process for memory.
    OomKill {
        /// Position of the host.
        host: usize,
        /// Position of the unit in the plan.
        unit: usize,
    },
    /// Everything on a host is gone.
    PowerOff {
        /// Position of the host.
        host: usize,
    },
    /// A host is up again and starts its units.
    Booted {
        /// Position of the host.
        host: usize,
    },
}

/// A fault of this room at work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Active {
    /// The fault.
    pub fault: CapacityFault,
    /// How severe it is, above 0 and at most 1.
    pub severity: f64,
}

/// Everything of the room that changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CapacityState {
    tick: u64,
    /// Whether it has seen who runs.
    opened: bool,
    faults: Vec<Active>,
    ended: Vec<CapacityFault>,
    hosts: Vec<host::HostState>,
    units: Vec<host::UnitState>,
    services: Vec<weigh::ServiceState>,
    groups: Vec<Option<Group>>,
    hogs: Vec<host::Hog>,
    litter: Vec<host::Litter>,
    /// Addresses and replicas that only the books know.
    addresses_held: f64,
    quota_phantom: u64,
    klog: kernel::KernelLog,
    /// What the platform reported of its nodes lately.
    node_events: std::collections::VecDeque<NodeEvent>,
    /// Whether the last second was one of a bare world without a fault, so that only what is in flight moves.
    #[serde(skip)]
    settled: bool,
    /// Services of which a managed replica has started in this second.
    #[serde(skip)]
    started: Vec<usize>,
}

impl CapacityState {
    /// The state at the opening: everything up, warm and at rest.
    pub fn new(plan: &CapacityPlan) -> CapacityState {
        let mut state = CapacityState {
            hosts: plan.hosts.iter().map(host::HostState::new).collect(),
            units: plan.units.iter().map(host::UnitState::new).collect(),
            services: plan.services.iter().map(|_| weigh::ServiceState::default()).collect(),
            groups: plan.services.iter().map(|s| s.managed.as_ref().map(|g| Group::new(g, &s.name))).collect(),
            ..CapacityState::default()
        };
        state.units.iter_mut().for_each(|u| u.pid = 1);
        state.weigh(plan);
        state.units.iter_mut().for_each(|u| u.pid = 0);
        state
    }

    /// Whether a second would move nothing but what is in flight: no machine, no managed replica, no fault, now or in the
    /// second before.
    pub fn rests(&self, plan: &CapacityPlan) -> bool {
        self.settled && plan.is_bare() && self.faults.is_empty() && self.ended.is_empty()
    }

    /// One second of a room that rests: requests worked on by each service and the seconds that each of them takes.
    pub fn pass(&mut self, plan: &CapacityPlan, tick: u64, used: impl Iterator<Item = (u64, f64)>) {
        self.tick = tick;
        self.in_flight(plan, used);
    }

    /// Services of which a managed replica has started in the last second, by position.
    pub fn started(&self) -> &[usize] {
        &self.started
    }

    /// One second: `seen` is what each service did, `pids` the main process of each unit of the plan (0: none runs),
    /// `files` how many files each mount with a stated number of inodes has (empty: not looked at this time). What
    /// the world must do to units is returned in order.
    pub fn step(&mut self, plan: &CapacityPlan, tick: u64, seen: &[Seen], pids: &[u32], files: &[u64]) -> Vec<Order> {
        self.tick = tick;
        let mut orders = Vec::new();
        self.settled = plan.is_bare() && self.faults.is_empty() && self.opened;
        self.started.clear();
        self.power(plan, &mut orders);
        self.measure(plan, seen, pids);
        self.share_cores(plan, seen);
        self.memory(plan, seen, &mut orders);
        self.connections(plan, seen);
        self.inodes(plan, files);
        self.replicate(plan, seen);
        self.weigh(plan);
        orders
    }
}
