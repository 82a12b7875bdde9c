//! The changing part of a world: units, services, populations of users, queues, jobs.

use crate::scenario::Fault;
use crate::sim::carry::Carry;
use crate::sim::vfs::Vfs;
use crate::stdx::time::{Tick, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// A machine.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    /// Its files and mounts.
    pub vfs: Vfs,
    /// Its units by name.
    pub units: BTreeMap<String, Unit>,
    pub(super) next_pid: u32,
}

/// What a unit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitState {
    /// It runs.
    Active,
    /// It is on its way.
    Starting,
    /// It was stopped.
    Inactive,
    /// It died.
    Failed,
}

impl Unit {
    /// What the init system calls the way it died: `exit-code`, `signal`, `core-dump`.
    pub fn result(&self) -> &'static str {
        match self.why.as_str() {
            "signal" => "signal",
            "core-dump" => "core-dump",
            _ => "exit-code",
        }
    }
}

impl UnitState {
    /// `active`, `starting`, `inactive`, `failed`.
    pub fn word(self) -> &'static str {
        match self {
            UnitState::Active => "active",
            UnitState::Starting => "starting",
            UnitState::Inactive => "inactive",
            UnitState::Failed => "failed",
        }
    }
}

/// A unit of a host.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    /// What it does.
    pub state: UnitState,
    /// Since when.
    pub since: Utc,
    /// Main process while it runs.
    pub pid: Option<u32>,
    /// The last main process that it had, dead or alive.
    pub last_pid: u32,
    /// Processor time that its main process has used, milliseconds.
    pub cpu_ms: u64,
    /// Why it died, such as `No space left on device`; empty while it is well.
    pub why: String,
    /// When it is started again by itself (tick), and how often that was tried in a row.
    pub(super) again: Option<u64>,
    pub(super) tries: u32,
}

/// What went through a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Requests that arrived.
    pub requests: u64,
    /// Answered with a 2xx.
    pub ok: u64,
    /// Answered with a redirect.
    pub redirects: u64,
    /// Answered with a 404.
    pub missing: u64,
    /// Not answered, or answered with a 5xx, for another reason than load.
    pub failed: u64,
    /// Turned away for load, with a 503.
    pub shed: u64,
    /// By how many the queue of waiting requests grew (negative: shrank).
    pub queued: i64,
}

impl Flow {
    /// Answered below 500.
    pub fn served(&self) -> u64 {
        self.ok + self.redirects + self.missing
    }

    /// Failed or shed.
    pub fn errors(&self) -> u64 {
        self.failed + self.shed
    }

    pub(super) fn add(&mut self, o: &Flow) {
        self.requests += o.requests;
        self.ok += o.ok;
        self.redirects += o.redirects;
        self.missing += o.missing;
        self.failed += o.failed;
        self.shed += o.shed;
        self.queued += o.queued;
    }
}

/// A service.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Service {
    /// Release in production.
    pub release: Option<String>,
    /// Release on staging.
    pub staging: Option<String>,
    /// This tick's flow.
    pub flow: Flow,
    /// Flow since the opening.
    pub total: Flow,
    /// Requests by endpoint since the opening, in the order of their names.
    pub by_endpoint: Vec<u64>,
    /// Mean time to answer in this tick, milliseconds.
    pub latency_ms: f64,
    /// Requests admitted in this tick.
    pub(super) used: u64,
    pub(super) up: bool,
    /// Until when an edge goes on answering with errors after its origin was down.
    pub(super) sick_until: Option<u64>,
    pub(super) error_carry: Carry,
    pub(super) hit_carry: Carry,
}

/// A population of users and what they have under way.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Source {
    /// Users whose last attempt failed.
    pub affected: u64,
    /// Attempts in this tick, further ones included.
    pub attempts: u64,
    /// Attempts that failed in this tick, from the user's point of view.
    pub failures: u64,
    /// Attempts that failed since the opening.
    pub failed_total: u64,
    pub(super) arrival: Carry,
    pub(super) draw: u128,
    pub(super) luck: Carry,
    pub(super) jitter: u64,
    /// Waiting to try again: due tick, number of the attempt (0 is the first), how many.
    pub(super) waiting: Vec<(u64, usize, u64)>,
    /// Queued at the service, by number of the attempt.
    pub(super) backlog: Vec<u64>,
}

/// A work queue.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Queue {
    /// Items waiting.
    pub waiting: u64,
    /// Items that failed and were not put back.
    pub failed: u64,
    /// Items arrived since the opening.
    pub arrived_total: u64,
    /// Items completed since the opening.
    pub done_total: u64,
    /// Items failed since the opening.
    pub failed_total: u64,
    /// Items ever put back.
    pub requeued_total: u64,
    pub(super) arrival: Carry,
    pub(super) work: Carry,
}

/// The last result of a probe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Whether it succeeded.
    pub ok: bool,
    /// When it looked.
    pub at: Tick,
    /// What it saw: a status line or an error.
    pub saw: String,
}

/// Work that takes time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Number, from 1.
    pub id: u32,
    /// In words, such as `restart docs-01/web` or `promote v42 to api`.
    pub what: String,
    /// When it began.
    pub started: Tick,
    /// Seconds it takes.
    pub seconds: u64,
    pub(super) then: Then,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Then {
    Start { host: String, unit: String },
    Promote { service: String, release: String, who: String },
}

/// A row of the delivery log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deploy {
    /// When.
    pub at: Utc,
    /// Service.
    pub service: String,
    /// Release.
    pub release: String,
    /// `production` or `staging`.
    pub stage: String,
    /// Who, as given with the effect; a person's id for releases before the opening.
    pub by: String,
}

/// A running process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// User.
    pub user: String,
    /// Share of one core, percent.
    pub cpu: f64,
    /// Processor time used so far, seconds.
    pub cpu_s: u64,
    /// Resident memory in bytes.
    pub rss: u64,
    /// When it started.
    pub start: Utc,
    /// Command line.
    pub command: String,
    /// Unit it belongs to.
    pub unit: Option<String>,
}

/// Whether two faults are the same defect on the same component, whatever their size.
pub(super) fn same_fault(a: &Fault, b: &Fault) -> bool {
    use Fault::*;
    match (a, b) {
        (DiskFill { host: h, path: p, .. }, DiskFill { host: i, path: q, .. }) => (h, p) == (i, q),
        (Errors { service: s, .. }, Errors { service: t, .. }) | (Slow { service: s, .. }, Slow { service: t, .. }) => {
            s == t
        }
        (Crash { host: h, unit: u }, Crash { host: i, unit: v }) => (h, u) == (i, v),
        (Surge { traffic: s, .. }, Surge { traffic: t, .. }) => s == t,
        _ => false,
    }
}
