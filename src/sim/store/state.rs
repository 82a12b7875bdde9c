//! The changing part of a data store.

use super::said::Said;
use crate::scenario::{BackupKind, StoreEngine};
use crate::stdx::time::Utc;
use serde::Serialize;
use std::collections::VecDeque;

/// Log lines that are kept until somebody reads them.
const LINES_MAX: usize = 256;

/// What a store sees of the world around it in one second.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The time.
    pub now: Utc,
    /// Requests that its service took up.
    pub requests: u64,
    /// Of these, how many it answered well.
    pub ok: u64,
    /// Requests that it works on.
    pub active: u64,
    /// What is seen of each member.
    pub members: Vec<Seen>,
    /// Pairs of voters (members first, then witnesses) that do not hear each other.
    pub cut: Vec<(usize, usize)>,
}

/// What is seen of a member from outside.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Whether its server process runs.
    pub runs: bool,
    /// Whether its data directory is there.
    pub data: bool,
    /// Bytes left on its disk.
    pub avail: u64,
}

/// What a member is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Role {
    /// Takes writes.
    Primary,
    /// Follows a primary.
    Replica,
    /// Applies what it has received; then it will be a primary.
    Promoting,
}

/// Why a replica cannot follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Broken {
    /// The log that it needs next has been removed.
    LogGone,
    /// It holds writes that its primary does not have.
    Diverged,
}

/// A replication slot, on the primary, for one replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Slot {
    /// There is none.
    Absent,
    /// It keeps the log from this position.
    From(u64),
    /// It held back more than is allowed and was given up.
    Lost,
}

/// A member.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Member {
    pub role: Role,
    /// Whether it has a data directory to work with.
    pub holds: bool,
    /// Whether its server process runs.
    pub runs: bool,
    /// Whether it stopped because its disk was full.
    pub full: bool,
    /// Whether it stopped taking writes because it saw no majority.
    pub fenced: bool,
    pub timeline: usize,
    /// Position up to which it has the log.
    pub received: u64,
    /// Position up to which its tables are.
    pub applied: u64,
    /// Position from which it still has the log on disk.
    pub log_from: u64,
    pub broken: Option<Broken>,
    pub slot: Slot,
    /// Of the writes that only it holds, how many were counted as lost already.
    pub own_counted: u64,
    /// Parts of faults, 0 to 1: gone, not heard, stuck.
    pub dead: f64,
    pub cut: f64,
    pub stuck: f64,
    /// Whether somebody stopped its replication.
    pub paused: bool,
    /// Whether the others hear it in this second.
    pub heard: bool,
    pub hear: f64,
    pub receive: f64,
    pub apply: f64,
    /// Bytes that its data and log were last seen to take on disk.
    pub on_disk: u64,
    /// Process id of the walsender that serves it.
    pub sender: u32,
    pub said: &'static str,
}

/// A table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Table {
    pub bytes: u64,
    pub rows: u64,
    /// Rows that hold something wrong.
    pub wrong: u64,
    /// Rows that were deleted and ought to be there.
    pub missing: u64,
    /// Of these, how many were counted as lost.
    pub lost: u64,
    /// Oldest transaction ID in it.
    pub frozen: u64,
    pub analyzed: bool,
    /// Wrong rows that the last check found, and when.
    pub found: Option<(Utc, u64)>,
    pub writes: f64,
    /// Faults: rows a second that become wrong and that are deleted; how far statistics are gone.
    pub spoil: f64,
    pub spoiled: f64,
    pub delete: f64,
    pub deleted: f64,
    pub unplanned: Option<f64>,
}

/// A transaction that holds a lock.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Lock {
    pub pid: u32,
    pub table: usize,
    pub statement: String,
    pub since: Utc,
    /// Oldest transaction ID that it can see.
    pub xid: u64,
    pub severity: f64,
    /// Requests that wait for it.
    pub waiting: u64,
    pub blocked: f64,
    /// Whether a fault put it there (else a work's own lock, by its job).
    pub job: Option<u32>,
}

/// Connections of a client that were never given back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Leak {
    pub client: String,
    pub rate: f64,
    pub severity: f64,
    pub open: u64,
    pub first_pid: u32,
    pub since: Utc,
    pub drip: f64,
}

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Backup {
    pub id: String,
    pub at: Utc,
    pub bytes: u64,
    pub kind: BackupKind,
    pub place: String,
    pub claimed: bool,
    pub valid: bool,
    /// What a verification said.
    pub verified: Option<bool>,
    pub timeline: usize,
    pub position: u64,
    /// By table: rows, wrong ones, missing ones.
    pub rows: Vec<(u64, u64, u64)>,
}

/// Work that takes time.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Work {
    /// Number of the job, 0 for what the server does by itself.
    pub job: u32,
    pub what: String,
    pub task: Task,
    pub since: Utc,
    /// Whether the server does it by itself.
    pub auto: bool,
    /// Seconds before anything moves.
    pub wait_s: u64,
    pub done: u64,
    pub total: u64,
    pub rate: u64,
}

/// What a work does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Task {
    Rebuild { member: usize, from: u64 },
    Vacuum { table: usize, xid: u64, full: bool },
    Analyze { tables: Vec<usize> },
    Check { tables: Vec<usize> },
    Backup { shot: Box<Backup>, keep: Option<usize> },
    Verify { backup: String },
    Restore { backup: String, member: usize, target: u64 },
    Repair { backup: String, table: usize },
}

/// Something that the server wrote into its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// When.
    pub at: Utc,
    /// Member by position; `None` for the store as a whole.
    pub member: Option<usize>,
    /// `LOG`, `WARNING`, `ERROR`, `FATAL`, `PANIC`; `System`, `Warning`, `ERROR` of a MySQL server.
    pub level: &'static str,
    /// Text.
    pub text: String,
}

/// A data store.
#[derive(Clone, Debug, Serialize)]
pub struct StoreState {
    pub(super) engine: StoreEngine,
    pub(super) now: Utc,
    pub(super) members: Vec<Member>,
    pub(super) tables: Vec<Table>,
    pub(super) backups: Vec<Backup>,
    pub(super) works: Vec<Work>,
    pub(super) locks: Vec<Lock>,
    pub(super) leaks: Vec<Leak>,
    /// Timelines: parent and the position at which each left it.
    pub(super) timelines: Vec<(usize, u64)>,
    /// The member that clients write to.
    pub(super) leader: Option<usize>,
    /// The replica that is to take over as soon as it has everything.
    pub(super) handover: Option<usize>,
    /// Jobs that ended without what was wanted, and why.
    pub(super) ended: VecDeque<(u32, String)>,
    /// Seconds without one that a majority hears.
    pub(super) silent_s: u64,
    /// Timeline of the official history, and how much of it still exists somewhere.
    pub(super) head: usize,
    pub(super) kept: u64,
    pub(super) next_xid: u64,
    pub(super) burn: f64,
    pub(super) burn_rest: f64,
    pub(super) blind: f64,
    pub(super) read_only: bool,
    pub(super) wrapped: bool,
    pub(super) warned: bool,
    /// Whether writes wait for a replica that is not there.
    pub(super) stalled: bool,
    pub(super) max_connections: u64,
    /// Seconds until the server has restarted.
    pub(super) restarting_s: u64,
    pub(super) next_pid: u32,
    pub(super) next_backup: u32,
    pub(super) due: Option<Utc>,
    pub(super) backups_empty: f64,
    /// Samples of the official position over time.
    pub(super) history: VecDeque<(Utc, u64)>,
    pub(super) before: u64,
    pub(super) write_rest: f64,
    pub(super) read_rest: f64,
    pub(super) stale_rest: f64,
    /// Counters since the opening.
    pub(super) writes_total: u64,
    pub(super) replica_reads_total: u64,
    pub(super) stale_reads_total: u64,
    pub(super) lost_total: u64,
    pub(super) recovered_total: u64,
    pub(super) lines: VecDeque<Line>,
    pub(super) said: &'static str,
}

/// Whole units out of a flow; the rest is carried in `rest`.
pub(super) fn drip(rest: &mut f64, amount: f64) -> u64 {
    let sum = *rest + amount.max(0.0);
    let whole = sum.floor();
    *rest = sum - whole;
    if whole >= 1.8e19 { u64::MAX } else { whole as u64 }
}

impl Member {
    /// Whether it has data and its server runs.
    pub fn up(&self) -> bool {
        self.holds && self.runs && !self.full && self.dead < 1.0
    }

    /// Whether it takes writes.
    pub fn accepts(&self) -> bool {
        self.role == Role::Primary && self.up() && !self.fenced
    }
}

impl StoreState {
    pub(super) fn line(&mut self, member: Option<usize>, said: Said) {
        if self.lines.len() >= LINES_MAX {
            self.lines.pop_front();
        }
        let (level, text) = said.words(self.engine);
        self.lines.push_back(Line { at: self.now, member, level, text });
    }

    pub(super) fn pid(&mut self) -> u32 {
        self.next_pid = self.next_pid.wrapping_add(7);
        self.next_pid
    }

    /// The last position that two points of history share.
    pub(super) fn common(&self, a: (usize, u64), b: (usize, u64)) -> u64 {
        let (mut a, mut b) = (a, b);
        // A child's number is higher than its parent's, so the higher one goes back to where it came from.
        for _ in 0..=self.timelines.len().saturating_mul(2) {
            if a.0 == b.0 {
                return a.1.min(b.1);
            }
            let up = if a.0 > b.0 { &mut a } else { &mut b };
            let (parent, fork) = self.timelines.get(up.0).copied().unwrap_or((0, 0));
            *up = (parent, up.1.min(fork));
        }
        0
    }

    /// Where a member is: timeline and position.
    pub(super) fn point(&self, at: usize) -> (usize, u64) {
        self.members.get(at).map_or((0, 0), |m| (m.timeline, m.received))
    }

    /// The member that clients write to, while it takes writes.
    pub(super) fn writer(&self) -> Option<usize> {
        self.leader.filter(|l| self.members.get(*l).is_some_and(Member::accepts))
    }

    /// Bytes of the tables.
    pub(super) fn data_bytes(&self) -> u64 {
        self.tables.iter().map(|t| t.bytes).sum()
    }

    /// Writes that a member holds and the official history does not.
    pub(super) fn own(&self, at: usize) -> u64 {
        let p = self.point(at);
        match self.members.get(at) {
            Some(m) if m.holds => p.1 - self.common(p, (self.head, u64::MAX)).min(p.1),
            _ => 0,
        }
    }
}
