//! The changing part of a world: units, services, populations of users, queues, jobs.

use crate::sim::NetEffect;
use crate::sim::carry::{Carry, Rate};
use crate::sim::queueing::Response;
use crate::sim::vfs::Vfs;
use crate::stdx::time::{Tick, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// A machine.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    /// Its files and mounts.
    pub vfs: Vfs,
    /// Its units by name.
    pub units: BTreeMap<String, Unit>,
    pub(super) next_pid: u32,
    /// Processor time of main processes that were followed by others, milliseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) gone_ms: u64,
    /// What its logrotate did.
    pub(super) rotated: super::logfile::Rotated,
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
    /// Whether it died and waits for the time at which it is started again by itself.
    pub fn waits(&self) -> bool {
        self.state == UnitState::Failed && self.again.is_some()
    }

    /// What the init system calls the way it died: `exit-code`, `signal`, `core-dump`, `oom-kill`.
    pub fn result(&self) -> &'static str {
        match self.why.as_str() {
            "signal" => "signal",
            "core-dump" => "core-dump",
            "oom-kill" => "oom-kill",
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
    /// Whether it is not started with the machine.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Whether nobody may start it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
    /// When it is started again by itself (tick), and how often that was tried in a row.
    pub(super) again: Option<u64>,
    pub(super) tries: u32,
    /// How often it was started again by itself since somebody last started or stopped it.
    #[serde(skip_serializing_if = "none")]
    pub restarts: u32,
    /// When it was started lately (ticks), as far as that counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) starts: Vec<u64>,
    /// How often it was given up because it was started too often.
    #[serde(skip_serializing_if = "none")]
    pub given_up: u32,
}

fn none(n: &u32) -> bool {
    *n == 0
}

fn is_zero(n: &u64) -> bool {
    *n == 0
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
    /// Of those: it answered with an error of its own.
    pub own: u64,
    /// Of those: nothing listened.
    pub refused: u64,
    /// Turned away for load, with a 503.
    pub shed: u64,
    /// Turned away because its clients made more requests than they may, with a 429.
    pub limited: u64,
    /// By how many the requests that are not done with grew (negative: shrank): those that wait and those that are held.
    pub queued: i64,
}

impl Flow {
    /// Answered below 500.
    pub fn served(&self) -> u64 {
        self.ok + self.redirects + self.missing
    }

    /// Failed, shed or limited: every answer that did not help.
    pub fn errors(&self) -> u64 {
        self.failed + self.shed + self.limited
    }

    pub(super) fn add(&mut self, o: &Flow) {
        self.requests += o.requests;
        self.ok += o.ok;
        self.redirects += o.redirects;
        self.missing += o.missing;
        self.failed += o.failed;
        self.own += o.own;
        self.refused += o.refused;
        self.shed += o.shed;
        self.limited += o.limited;
        self.queued += o.queued;
    }
}

/// Answers of a service by what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// A 2xx.
    pub ok: u64,
    /// A redirect.
    pub redirects: u64,
    /// A 404.
    pub missing: u64,
    /// An error of its own.
    pub own: u64,
    /// An error because something that it called failed.
    pub call: u64,
    /// Turned away for load.
    pub shed: u64,
    /// Turned away by a rate limit, with a 429.
    pub limited: u64,
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
    /// Answers since the opening: by endpoint, in the order of their names, then those to requests that name none.
    pub answers: Vec<Answers>,
    /// Mean time to answer in this tick, milliseconds.
    pub latency_ms: f64,
    /// Requests waiting for a replica at the end of this tick.
    pub queue: u64,
    /// Requests held because something they called has not answered yet.
    pub held: u64,
    /// Share of its capacity in use, 0 to 1, smoothed over seconds.
    pub busy: f64,
    /// Warmth of a cache, 0 cold to 1 warm.
    pub warmth: f64,
    /// Response time of a request that need not queue over seconds.
    pub response: Response,
    /// Its mean, seconds.
    pub(super) response_s: f64,
    /// Seconds that a request keeps a replica busy, calls included.
    pub work_s: f64,
    /// Of those, seconds that go into calls.
    pub(super) called_s: f64,
    /// Requests a second that it can work on; infinite where nothing limits it.
    pub capacity: f64,
    /// Requests worked on in this tick.
    pub(super) used: u64,
    /// Replicas that run, counted when something changes.
    pub(super) ready: u64,
    pub(super) up: bool,
    pub(super) station: Station,
    /// Until when an edge goes on answering with errors after its origin was down.
    pub(super) sick_until: Option<u64>,
    /// By tenant, in the order of their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<TenantFlow>,
    /// Answers since the opening as in `answers`, for each of these all tenants in the order of their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers_of: Vec<Answers>,
    pub(super) error_carry: Carry,
    pub(super) hit_carry: Carry,
    pub(super) shed_carry: Carry,
    pub(super) limit_carry: Carry,
    pub(super) wrong_carry: Carry,
}

/// The requests at a service that are not done with.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Station {
    /// First come, first served.
    pub waiting: VecDeque<Batch>,
    /// How many more it takes on in this tick.
    pub room: u64,
    /// Fraction of a request that was left of the last tick's capacity.
    pub rest: f64,
    /// Arrivals a second, smoothed.
    pub rate: f64,
    /// Seconds waited by the requests that were taken on in this tick, summed.
    pub waited_s: u64,
}

/// Requests that arrived together and share a fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Batch {
    pub from: Origin,
    /// Endpoint, if one is asked for.
    pub endpoint: Option<u32>,
    /// Number of the tenant, 0 for none.
    #[serde(skip_serializing_if = "no_tenant")]
    pub tenant: u16,
    /// Tick of arrival.
    pub since: u64,
    pub n: u64,
}

fn no_tenant(number: &u16) -> bool {
    *number == 0
}

/// What one tenant asked of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TenantFlow {
    /// Requests that arrived in this tick.
    pub requests: u64,
    /// Requests of this tick at which nothing listened.
    pub refused: u64,
    /// Requests since the opening.
    pub started: u64,
    /// Answered below 500 since the opening.
    pub ok: u64,
    /// Turned away by a rate limit, with a 429.
    pub limited: u64,
    /// Failed, or turned away for load.
    pub failed: u64,
    pub(super) error_carry: Carry,
    pub(super) limit_carry: Carry,
}

/// Who waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Origin {
    /// Clients of a traffic source: number of the attempt, and redirects followed.
    Source { at: u32, attempt: u32, hop: u32 },
    /// A call.
    Edge(u32),
}

/// A call: what went over it, and who still waits.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Edge {
    /// This tick's calls.
    pub flow: EdgeFlow,
    /// Calls since the opening.
    pub total: EdgeFlow,
    /// Calls under way at the opening, not in `total`.
    pub carried: u64,
    /// Whether its breaker is open, so that calls fail at once.
    pub open: bool,
    pub(super) waiting: VecDeque<Pending>,
    /// Calls under way whose caller has given up.
    pub(super) zombies: u64,
    /// To be made again: due tick and what.
    pub(super) again: Vec<(u64, Pending)>,
    /// Connections in use, at most; what is over it waits here.
    pub(super) room: u64,
    pub(super) pool: VecDeque<Pending>,
    pub(super) breaker: Breaker,
    pub(super) tokens: f64,
    pub(super) share_carry: Carry,
    pub(super) late_carry: Carry,
    pub(super) loss_carry: Carry,
    pub(super) turned_carry: Carry,
    /// Of those whom a name leads to other services, by their number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) moved_carry: Vec<Carry>,
    /// Share of good answers that come after the caller's patience.
    pub(super) late: Rate,
    /// Calls that a request of the caller makes, smoothed.
    pub(super) per_request: f64,
    /// Fraction of a call that was left of the last tick's connections.
    pub(super) room_rest: f64,
}

/// A request of the caller that waits for this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Pending {
    pub batch: Batch,
    /// Which of its calls this is.
    pub stage: u32,
    pub tries: u32,
    /// Tick of the call.
    pub since: u64,
}

/// What a breaker remembers.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Breaker {
    pub calls: f64,
    pub failures: f64,
    /// Open until this tick, then it tries a few calls.
    pub until: Option<u64>,
    /// Calls that it lets through in this tick.
    pub probes: u64,
}

/// What went over a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EdgeFlow {
    /// Attempts made, further ones included.
    pub sent: u64,
    /// Further attempts.
    pub retries: u64,
    /// Answered well and in time.
    pub ok: u64,
    /// Answered with an error.
    pub errors: u64,
    /// Of those: nothing listened.
    pub refused: u64,
    /// Of those: turned away for load.
    pub shed: u64,
    /// Of those: turned away by a rate limit.
    pub limited: u64,
    /// Calls that failed for good although further attempts are made: none was left, or the budget was spent.
    pub exhausted: u64,
    /// Not answered in time.
    pub timeouts: u64,
    /// Failed without an attempt: the breaker was open.
    pub broken: u64,
    /// Failed without an attempt: no connection was free in time.
    pub starved: u64,
    /// Nothing came through: not resolved, refused, not accepted.
    pub cut: u64,
}

impl Edge {
    /// Calls that went out, whose caller still waits.
    pub fn under_way(&self) -> u64 {
        self.waiting.iter().map(|p| p.batch.n).sum()
    }
}

impl EdgeFlow {
    /// Everything that did not end well.
    pub fn failures(&self) -> u64 {
        self.errors + self.timeouts + self.broken + self.starved + self.cut
    }

    /// Answered with an error of the callee's own making: something listened, and neither load nor a limit turned it away.
    pub fn faulty(&self) -> u64 {
        self.errors.saturating_sub(self.refused + self.shed + self.limited)
    }

    pub(super) fn add(&mut self, o: &EdgeFlow) {
        self.sent += o.sent;
        self.retries += o.retries;
        self.ok += o.ok;
        self.errors += o.errors;
        self.refused += o.refused;
        self.shed += o.shed;
        self.limited += o.limited;
        self.exhausted += o.exhausted;
        self.timeouts += o.timeouts;
        self.broken += o.broken;
        self.starved += o.starved;
        self.cut += o.cut;
    }
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
    /// Attempts in this tick whose client did not wait for the answer.
    pub timeouts: u64,
    /// Attempts in this tick that failed on the way at once: not resolved, not accepted, turned away at the edge.
    pub turned: u64,
    /// Attempts under way at the end of this tick.
    pub unanswered: u64,
    /// Waiting to try again: due tick, number of the attempt (0 is the first), how many.
    pub(super) waiting: Vec<(u64, usize, u64)>,
    /// By number of the attempt.
    pub(super) tries: Vec<Attempt>,
    /// Further attempts that are due in this tick: number and how many.
    #[serde(skip)]
    pub(super) due: Vec<(usize, u64)>,
    pub(super) tokens: f64,
    /// Share of good answers that come after the client's patience.
    pub(super) late: Rate,
    pub(super) late_carry: Carry,
    pub(super) loss_carry: Carry,
    pub(super) turned_carry: Carry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) moved_carry: Vec<Carry>,
}

/// Attempts of one number: how many are under way, and what became of those that ended in this tick.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Attempt {
    /// Under way: tick and how many.
    pub waiting: VecDeque<(u64, u64)>,
    /// Under way, but their clients have gone.
    pub zombies: u64,
    pub done: u64,
    pub good: u64,
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
    Start {
        host: String,
        unit: String,
    },
    Promote {
        service: String,
        release: String,
        who: String,
    },
    Net {
        effect: NetEffect,
        who: String,
    },
    Warm {
        cache: usize,
    },
    /// Work of a data store, which ends by itself.
    Store,
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

impl Service {
    /// Whether a replica runs.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Replicas that run.
    pub fn ready(&self) -> u64 {
        self.ready
    }

    /// Mean wait for a replica in this tick, seconds, of the requests that had to wait over seconds.
    pub fn waited_s(&self) -> f64 {
        if self.station.waited_s == 0 { 0.0 } else { self.station.waited_s as f64 / self.used.max(1) as f64 }
    }

    /// Requests that replicas work on or hold on average in this tick: by Little's law the throughput times the time
    /// that each keeps a replica busy.
    pub fn in_flight(&self) -> f64 {
        self.used as f64 * self.work_s + self.held as f64
    }

    /// Share of its answers that take longer than so many seconds.
    pub(super) fn later_than(&self, patience_s: f64) -> Rate {
        // Beyond forty times the mean of whatever is slowest, less than one in a million million is left.
        if patience_s > 40.0 * self.response_s.max(self.response.longest_s()) {
            return Rate::ZERO;
        }
        Rate::of_f64(1.0 - self.response.cdf(patience_s)).capped()
    }
}
