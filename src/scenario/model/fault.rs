//! Faults: typed defects on components, and the course that they take.

use super::{CapacityFault, ChangeFault, NetFault, Provenance, StoreFault};
use crate::stdx::rational::{Exact, whole};
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};

/// A fault, present from `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultSpec {
    /// From when on; before the opening means already present.
    pub at: Offset,
    /// What is wrong.
    pub fault: Fault,
    /// How it runs.
    pub course: Course,
    /// Its provenance.
    pub fact: Provenance,
}

/// How a fault runs: the modifiers of every kind of fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Its dial, above 0 and at most 1: the share of its full size at which it works.
    pub severity: Exact,
    /// It heals by itself after so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Span>,
    /// It grows evenly to its full size over so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise: Option<Span>,
    /// It shrinks evenly over so long before it heals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fall: Option<Span>,
    /// It comes and goes: present for the first, gone for the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse: Option<(Span, Span)>,
    /// It comes back so long after it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Span>,
    /// It sleeps until this happens: a latent fault, or one that a mitigation causes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wakes: Option<Wake>,
    /// It sleeps as long as any other fault is awake, and shows when that one ends: a masked second fault.
    #[serde(default)]
    pub behind: bool,
}

impl Default for Course {
    fn default() -> Course {
        Course {
            severity: Exact(whole(1)),
            lasts: None,
            rise: None,
            fall: None,
            pulse: None,
            again: None,
            wakes: None,
            behind: false,
        }
    }
}

/// What wakes a sleeping fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wake {
    /// A unit or replica of this service starts.
    Start(String),
    /// This service gets another release.
    Release(String),
    /// An effect that somebody applies names this component: a failover, a change of scale, a purge.
    Touch(String),
}

/// A typed defect on a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Something writes this many bytes a second to `path` on `host` while there is room.
    DiskFill {
        /// Host.
        host: String,
        /// Directory or file that grows.
        path: String,
        /// Bytes a second.
        bytes_per_s: u64,
    },
    /// `service` answers this share of its requests with a 500.
    Errors {
        /// Service.
        service: String,
        /// Share of requests.
        share: Exact,
    },
    /// `service` takes this many times its usual time.
    Slow {
        /// Service.
        service: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// A unit stops and does not come back by itself.
    Crash {
        /// Host.
        host: String,
        /// Unit.
        unit: String,
    },
    /// `service` answers this share of the requests of one tenant with a 500.
    TenantErrors {
        /// Tenant.
        tenant: String,
        /// Service.
        service: String,
        /// Share of its requests.
        share: Exact,
    },
    /// `service` answers what one tenant asks beyond a rate with a 429.
    TenantLimit {
        /// Tenant.
        tenant: String,
        /// Service.
        service: String,
        /// Requests a second that it lets in.
        rate: Exact,
    },
    /// First attempts of a traffic source are multiplied.
    Surge {
        /// Traffic source.
        traffic: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// Between a caller and a service.
    Net(NetFault),
    /// One of machines and replicas.
    Capacity(CapacityFault),
    /// A change, a queue, a vendor or the watching itself goes wrong.
    Change(ChangeFault),
    /// In a data store.
    Store(StoreFault),
}
