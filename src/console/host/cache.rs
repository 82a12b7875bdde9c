//! What a client of a cache could learn of it.

use crate::sim::Held;

/// A cache as its clients see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CacheInfo {
    /// Service.
    pub name: String,
    /// Names under which it answers: its DNS name and the machines on which it runs.
    pub names: Vec<String>,
    /// Port on which it listens.
    pub port: u16,
    /// Whether it answers.
    pub up: bool,
    /// Its keys.
    pub held: Held,
    /// Requests that it answered by itself, since it is watched.
    pub hits: u64,
    /// Requests for which it went to its origin.
    pub misses: u64,
    /// Requests that came in since the opening, and in the last second.
    pub requests: (u64, u64),
    /// Requests that were turned away since the opening.
    pub rejected: u64,
    /// Requests that wait for it.
    pub waiting: u64,
    /// Milliseconds that a request that waits takes until its turn comes.
    pub wait_ms: f64,
    /// Its clients.
    pub clients: Vec<CacheClient>,
    /// Bytes of its memory, where they are counted.
    pub memory: Option<u64>,
    /// Process, where it can be seen.
    pub pid: Option<u32>,
    /// Seconds since it was started, where that is known.
    pub up_s: Option<u64>,
}

/// A client of a cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheClient {
    /// Service or population.
    pub name: String,
    /// Address; empty where none is known.
    pub address: String,
    /// Connections.
    pub count: u64,
    /// Whether it has a request under way.
    pub busy: bool,
}
