//! How requests travel: populations of users, calls between services, caches.

use super::{LangText, Provenance};
use crate::stdx::rational::{Exact, whole};
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};

/// Traffic of a population of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrafficSpec {
    /// `service:endpoint`.
    pub calls: String,
    /// First attempts a second, exact.
    pub rate: Exact,
    /// How many users there are.
    pub users: u64,
    /// What a client does when an attempt fails.
    pub on_failure: OnFailure,
    /// How long a client waits for an answer, microseconds; `None` is for ever.
    pub timeout_us: Option<u64>,
    /// Further attempts that clients make in all, as a share of first attempts; `None` is no limit.
    pub budget: Option<Exact>,
    /// Tenant that they belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// What multiplies the rate over time, if anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadSpec>,
    /// Display name on the map.
    pub name: LangText,
    /// Its provenance.
    pub fact: Provenance,
}

/// What multiplies a population's rate over time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadSpec {
    /// Points in order of time; between two it goes straight.
    pub profile: Vec<LoadPoint>,
    /// Factors at moments that divide the day in UTC evenly from midnight on; none is always once.
    pub day: Vec<Exact>,
}

/// Offered load at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadPoint {
    /// The moment.
    pub at: Offset,
    /// How many times the rate.
    pub factor: Exact,
    /// Whether it comes at once instead of straight from the point before.
    pub step: bool,
}

/// What a client does when an attempt fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnFailure {
    /// Gives up.
    GiveUp,
    /// Tries again: `attempts` in all, waiting between them.
    Retry {
        /// Attempts in all, at least 2.
        attempts: u32,
        /// Wait before each further attempt, in seconds, one an attempt (the last one repeats).
        wait_s: Vec<u64>,
    },
}

/// How a service calls another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeSpec {
    /// Share of requests that need the call.
    pub share: Exact,
    /// How long it waits for an answer, microseconds; `None` is for ever.
    pub timeout_us: Option<u64>,
    /// Further attempts after one that failed.
    pub retries: u32,
    /// Wait before a further attempt, microseconds; below a second it is made in the same second.
    pub wait_us: u64,
    /// Further attempts in all, as a share of calls; `None` is no limit.
    pub budget: Option<Exact>,
    /// Circuit breaker.
    pub breaker: Option<BreakerSpec>,
    /// Connections that the caller holds open at most, in all its replicas; `None` is no limit.
    pub pool: Option<u32>,
    /// Whether a request can do without: a failed call is then no failed request.
    pub optional: bool,
    /// Round trip on the way, microseconds.
    pub latency_us: u64,
    /// Whether nobody drew it: maps, boards and descriptions do not show it until somebody finds it.
    #[serde(default)]
    pub hidden: bool,
}

impl Default for EdgeSpec {
    /// A call of every request that waits for ever and is never made again.
    fn default() -> EdgeSpec {
        EdgeSpec {
            share: Exact(whole(1)),
            timeout_us: None,
            retries: 0,
            wait_us: 100_000,
            budget: None,
            breaker: None,
            pool: None,
            optional: false,
            latency_us: 0,
            hidden: false,
        }
    }
}

/// A circuit breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerSpec {
    /// Share of failed calls in the last ten seconds at which it opens.
    pub share: Exact,
    /// Calls in the last ten seconds below which it never opens.
    pub least: u32,
    /// How long it stays open before it lets a few calls through again.
    pub open: Span,
}

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheSpec {
    /// Service that it fetches from.
    pub origin: String,
    /// Share of requests that it answers itself once it is warm.
    pub hit_ratio: Exact,
    /// Fetches that make a cold one warm: the size of what is in use, in objects.
    pub objects: u64,
}
