//! The header of a log: everything that a fold needs besides the entries, pinned.

use serde::{Deserialize, Serialize};

/// Version of the log's lines.
pub const LOG_FORMAT: u32 = 1;

/// Version of the simulator: a log of another version is shown and scored from its recorded facts, never folded again.
pub const SIMULATOR: u32 = 1;

/// Ticks between two digests.
pub const DIGEST_EVERY: u64 = 60;

/// First line of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the log's lines.
    pub format: u32,
    /// Version of the simulator.
    pub simulator: u32,
    /// Scenario's id.
    pub scenario: String,
    /// Digest of the scenario package.
    pub scenario_digest: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// Seats that are played, such as `primary`.
    pub seats: Vec<String>,
    /// Branch number, 0 for the first.
    pub branch: u32,
    /// Where it branched off.
    pub parent: Option<Parent>,
}

/// The place in another log where a branch begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Branch number of the parent.
    pub branch: u32,
    /// Last entry that the branch shares with it (0: none).
    pub seq: u64,
    /// Tick at which it branched.
    pub tick: u64,
    /// State digest there.
    pub digest: String,
}
