//! The world at the opening: machines, services, releases, queues, probes.

use super::{
    AlertSpec, CacheSpec, CapacitySpec, ChangeSpec, EdgeSpec, EscalationSpec, Fault, FaultSpec, GraphSpec, LangText,
    LogSpec, LogStyle, NetSpec, Provenance, QueueMore, RoutingSpec, SloSpec, StoreSpec, TrafficSpec,
};
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The world at the opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSpec {
    /// Time between two scrapes of the metrics; zero is the usual one.
    pub scrape: Span,
    /// Machines.
    pub hosts: BTreeMap<String, HostSpec>,
    /// Services, in the order of the map (users, edge, services, data).
    pub services: BTreeMap<String, ServiceSpec>,
    /// Who calls what, how often.
    pub traffic: BTreeMap<String, TrafficSpec>,
    /// Releases by id, old ones first in time (each has `at`).
    pub releases: BTreeMap<String, ReleaseSpec>,
    /// Data stores.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stores: BTreeMap<String, StoreSpec>,
    /// Work queues.
    pub queues: BTreeMap<String, QueueSpec>,
    /// External checks.
    pub probes: BTreeMap<String, ProbeSpec>,
    /// Alert rules, those of objectives included.
    pub alerts: BTreeMap<String, AlertSpec>,
    /// Objectives.
    pub slos: BTreeMap<String, SloSpec>,
    /// Where alerts go; without it each rule pages whom it names.
    pub routing: Option<RoutingSpec>,
    /// Who is called when nobody answers a page.
    pub escalation: Vec<EscalationSpec>,
    /// Graphs on the trainee's board, in order.
    pub graphs: Vec<GraphSpec>,
    /// Faults present from the opening or before it.
    pub faults: Vec<FaultSpec>,
    /// What lies between callers and services.
    pub network: NetSpec,
    /// Log templates by program, expanded when read.
    pub logs: BTreeMap<String, LogSpec>,
    /// Limits and managed replicas.
    pub capacity: CapacitySpec,
    /// Rollouts, configuration, flags, scheduled jobs.
    pub change: ChangeSpec,
    /// What an outage costs the business.
    #[serde(default)]
    pub business: Option<BusinessSpec>,
    /// Actions of the team that do not succeed at once.
    #[serde(default)]
    pub setbacks: Vec<Setback>,
}

/// What an outage costs the business; shown, never scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessSpec {
    /// Money lost in a minute for each affected user.
    pub per_user_minute: Exact,
    /// ISO 4217 code of its currency.
    pub currency: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// An action of the team that does not succeed, though nothing forbids it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setback {
    /// Verb.
    pub verb: String,
    /// Target, any if absent (a prefix with a trailing `*`).
    pub target: Option<String>,
    /// When it fails.
    pub fails: Fails,
    /// What the tool says then.
    pub says: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// When an action fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fails {
    /// This share of the attempts, by the session's seed.
    Share(Exact),
    /// The first so many attempts.
    First(u64),
}

impl WorldSpec {
    /// Whether one service calls another and nobody drew it.
    pub fn hides(&self, from: &str, to: &str) -> bool {
        self.services.get(from).and_then(|s| s.edges.get(to)).is_some_and(|e| e.hidden)
    }
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSpec {
    /// Cores.
    pub cores: u32,
    /// Memory in bytes.
    pub memory: u64,
    /// Address shown by tools.
    pub address: String,
    /// Mounted file systems by mount point.
    pub mounts: BTreeMap<String, MountSpec>,
    /// Files and directories: path to content or size. Parents are made.
    pub files: Vec<FileSpec>,
    /// systemd units.
    pub units: BTreeMap<String, UnitSpec>,
    /// How long it has been up at the opening.
    pub up: Span,
    /// How its logs are rotated, if not once a day.
    pub logrotate: Option<LogrotateSpec>,
}

/// How logrotate turns the logs of a machine over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogrotateSpec {
    /// Bytes beyond which a log is rotated at the next full hour's run, whatever the day.
    pub maxsize: Option<u64>,
    /// Old logs that are kept.
    pub rotate: u32,
}

impl Default for LogrotateSpec {
    fn default() -> LogrotateSpec {
        LogrotateSpec { maxsize: None, rotate: 7 }
    }
}

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountSpec {
    /// Block device shown by `df`.
    pub device: String,
    /// Capacity in bytes.
    pub size: u64,
    /// Bytes used at the opening by files that are not listed (the system itself).
    pub base: u64,
    /// The volume that a resize names.
    pub volume: String,
}

/// A file, or a directory filled with many files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSpec {
    /// Absolute path.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Owner shown by `ls -l`.
    pub owner: String,
    /// Removing it loses data that people need: how many units of durable loss.
    pub precious: Option<u64>,
    /// Its provenance.
    pub fact: Provenance,
}

/// What a listed path is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A text file with this content.
    Text(String),
    /// An opaque file of this many bytes.
    Blob(u64),
    /// A directory with `entries` named opaque children that share `size` bytes; more children may be written into it.
    Dir {
        /// Names of the children.
        entries: Vec<String>,
        /// Bytes in all.
        size: u64,
    },
}

/// How often a unit may be started before systemd gives it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartLimit {
    /// Starts.
    pub burst: u32,
    /// Within this time.
    pub interval: Span,
}

impl Default for StartLimit {
    /// What systemd does without being told.
    fn default() -> StartLimit {
        StartLimit { burst: 5, interval: Span(10) }
    }
}

/// A systemd unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSpec {
    /// Description shown by `systemctl status`.
    pub description: String,
    /// The service replica it runs, if any.
    pub service: Option<String>,
    /// Command line shown by `ps`.
    pub exec: String,
    /// Time to start.
    pub start: Span,
    /// Whether it comes back by itself after it died.
    pub restart: bool,
    /// Wait before it is started again; without it the wait doubles each time, from 2 to 60 seconds.
    pub restart_after: Option<Span>,
    /// It is given up when it was started so often within so many seconds.
    pub start_limit: StartLimit,
    /// Memory it uses, bytes.
    pub memory: u64,
}

/// Kind of a service; decides its physics and its column on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceKind {
    /// Answers HTTP from its own code.
    Http,
    /// Content delivery network in front of `origin`.
    Cdn {
        /// Service it fetches from.
        origin: String,
        /// Share of requests answered without the origin.
        hit_ratio: Exact,
        /// How long after the origin came back the edge goes on answering with errors.
        recovers: Span,
    },
    /// Object storage.
    Bucket,
    /// Database.
    Database,
    /// A cache in front of `origin`: what it does not hold it fetches, and it is cold after a flush or a restart.
    Cache(CacheSpec),
    /// Takes work from a queue.
    Worker {
        /// Queue it takes from.
        queue: String,
    },
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSpec {
    /// Kind.
    pub kind: ServiceKind,
    /// Hosts of its replicas; empty for a managed service.
    pub on: Vec<String>,
    /// Requests that a replica handles at once.
    pub concurrency: u32,
    /// Time to handle one, in microseconds.
    pub service_time_us: u64,
    /// Replicas of a managed service (one without hosts).
    pub replicas: u32,
    /// Requests that may wait for a replica; `None` is as many as it handles at once.
    pub queue: Option<u32>,
    /// Whether it drops, without working on them, requests whose caller has given up.
    pub drops_expired: bool,
    /// How the log lines that it writes without an author are formatted.
    pub log_style: LogStyle,
    /// Services that it calls for every request.
    pub calls: Vec<String>,
    /// How it calls, by the name of the service called; one that is not in `calls` is called after those.
    pub edges: BTreeMap<String, EdgeSpec>,
    /// Paths it answers, for `curl` and metrics; by endpoint name.
    pub endpoints: BTreeMap<String, EndpointSpec>,
    /// Release running at the opening, and the one on staging.
    pub release: Option<String>,
    /// The release on staging at the opening.
    pub staging: Option<String>,
    /// Mount points (`host:/mount`) that must have space for it to run.
    pub needs_space: Vec<String>,
    /// Host name under which it is reached.
    pub dns: String,
    /// Who owns it: `you`, or a person's id.
    pub owner: String,
    /// Display name.
    pub name: LangText,
}

/// One endpoint of an HTTP service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSpec {
    /// Path with `{name}` holes, such as `/api/v1/crates/{name}/download`.
    pub path: String,
    /// What it answers in good health.
    pub reply: ReplySpec,
    /// Services that it calls, instead of those that the service calls for every request.
    pub calls: Option<Vec<String>>,
}

/// What an endpoint answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplySpec {
    /// A page.
    Ok {
        /// Content type.
        content: String,
    },
    /// A redirect that the client follows: the second half of the user's request.
    Redirect {
        /// Where to, with the same holes.
        location: String,
        /// The service that answers there.
        to: String,
    },
}

/// A release of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSpec {
    /// Service it belongs to.
    pub service: String,
    /// When it was built.
    pub at: Offset,
    /// What changed, one line each, as the delivery log shows it.
    pub changes: Vec<String>,
    /// Unified diff that `release diff` prints.
    pub diff: String,
    /// The defect it carries.
    pub defect: Option<Defect>,
    /// Who built it (a person's id).
    pub by: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// What is wrong with a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Defect {
    /// An endpoint redirects to an address that no client can resolve.
    BadRedirect {
        /// `service:endpoint`.
        on: String,
        /// The wrong location, with the endpoint's holes.
        location: String,
        /// Share of the requests that a replica with this release sends there; the others it serves as always.
        share: Exact,
    },
    /// It brings this fault, as far as it runs.
    Carries(Box<Fault>),
}

/// A work queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSpec {
    /// New items a second, exact.
    pub arrivals: Exact,
    /// Items a second that the worker completes, exact.
    pub rate: Exact,
    /// Items waiting at the opening.
    pub waiting: u64,
    /// Items that had failed before the opening.
    pub failed: u64,
    /// Each item in work leaves this many bytes at this `host:/path`, which nothing removes.
    pub leaves: Option<(String, u64)>,
    /// Mount (`host:/mount`) that an item needs space on, and how many bytes.
    pub needs: Option<(String, u64)>,
    /// More than that things come and go.
    pub more: QueueMore,
}

/// An external check of a URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSpec {
    /// `service:endpoint`.
    pub target: String,
    /// Every so often.
    pub every: Span,
    /// Whether it looks the way a user does (follows redirects to the end).
    pub user_facing: bool,
}
