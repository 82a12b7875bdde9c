//! The validated scenario: data about a world, a story and what really happened. Names are checked, quantities are exact.

mod capacity;
mod change;
pub mod fault;
pub mod flow;
pub mod net;
pub mod observe;
pub mod scoring;
pub mod store;

pub use capacity::*;
pub use change::*;
pub use fault::*;
pub use flow::*;
pub use net::*;
pub use observe::*;
pub use scoring::*;
pub use store::*;

use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text of an author in each language of the catalogue; English is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LangText {
    /// English.
    pub en: String,
    /// Korean; empty means "as in English".
    pub ko: String,
}

/// Where a fact of the scenario comes from: a row of a source, arithmetic on one, or the author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provenance {
    /// `"pm 12:17"`: source id and the row's time or place in it.
    Source {
        /// Id in [`Scenario::sources`].
        source: String,
        /// The row, as the sheet names it.
        row: String,
    },
    /// `"derived pm 4710/4"`: computed from a source row; the text says how.
    Derived(String),
    /// `"invented"`: made up for the exercise.
    Invented,
}

/// How hard a scenario is; drawn as one to three pips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// One clear cause, few components.
    Easy,
    /// Several signals or a misleading one.
    Medium,
    /// Cascades, trade-offs, long horizons.
    Hard,
}

/// A cited source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Title of the document.
    pub title: String,
    /// Where it was published.
    pub url: String,
    /// Licence of the document.
    pub licence: String,
}

/// What T0 is: a moment and its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct T0 {
    /// The moment.
    pub utc: Utc,
    /// What happened then.
    pub means: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// Everything a scenario file says, resolved and validated. All maps are ordered: order is identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Slug: lower-case letters, digits, hyphens; the folder's name.
    pub id: String,
    /// Full title, shown in the debrief (it may name the cause).
    pub title: LangText,
    /// The name on the wheel: a symptom or a place, never a cause.
    pub wedge: LangText,
    /// Difficulty.
    pub level: Level,
    /// Expected playing time in minutes, from and to.
    pub minutes: (u32, u32),
    /// Fault classes, for the catalogue.
    pub classes: Vec<String>,
    /// Skills exercised, for the catalogue.
    pub skills: Vec<String>,
    /// Cited sources by id.
    pub sources: BTreeMap<String, Source>,
    /// What T0 is.
    pub t0: T0,
    /// When the session opens, before or at T0.
    pub opens: Offset,
    /// When it ends at the latest; scoring runs to here.
    pub horizon: Offset,
    /// The briefing, one text a language (Markdown).
    pub briefing: LangText,
    /// What the trainee is told they own and are allowed to do.
    pub you: You,
    /// The world at the opening.
    pub world: WorldSpec,
    /// What the scenario does, in order.
    pub script: Vec<ScriptRule>,
    /// What the original responders did and saw, in time order.
    pub original: Vec<OriginalRow>,
    /// What counts, by id.
    pub milestones: Vec<Milestone>,
    /// The answer, for scoring and the GM only.
    pub truth: Truth,
    /// What it sets of the scoring model.
    #[serde(default)]
    pub scoring: Scoring,
    /// Simulated people by id.
    pub people: BTreeMap<String, Person>,
    /// Cards that the GM may fire.
    pub deck: Vec<Card>,
    /// Nudges from smallest to largest.
    pub nudges: Vec<Nudge>,
    /// Questions for the debrief.
    pub questions: Vec<Question>,
    /// Runbooks that the trainee may open.
    pub runbooks: BTreeMap<String, Doc>,
    /// Weight on the wheel, at least 1.
    pub weight: u32,
    /// SHA-256 digest over the package's files.
    pub digest: String,
}

/// The trainee's seat in the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct You {
    /// One sentence: what you are on call for.
    pub role: LangText,
    /// Host on which the first terminal opens.
    pub host: String,
    /// Unix user there.
    pub user: String,
    /// Permissions held, from a small closed list that tools name in their errors (`release`, `sudo:<host>`, `volume`).
    pub may: Vec<String>,
    /// Name of the incident channel, such as `#ops`.
    pub channel: String,
}

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

/// An alert rule: a threshold on a signal, or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSpec {
    /// The signal, as a graph names it.
    pub signal: Signal,
    /// Fires above or below; an expression says so itself.
    pub when: Option<Threshold>,
    /// For so long before it fires.
    pub hold: Span,
    /// Goes on firing for so long after it no longer holds.
    pub keep_firing: Span,
    /// Labels that the alert gets besides `severity` and `service`.
    pub labels: BTreeMap<String, String>,
    /// Annotations, templates of Prometheus; `summary` is there by itself.
    pub annotations: BTreeMap<String, String>,
    /// Who is paged: a seat (`you`) or a person's id; `None` only shows it.
    pub pages: Option<String>,
    /// Severity word: `critical` or `warning`.
    pub severity: AlertSeverity,
    /// Summary shown on the page.
    pub summary: LangText,
    /// Service it is about.
    pub service: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AlertSeverity {
    /// Wakes somebody.
    Critical,
    /// For working hours.
    Warning,
}

/// Side of a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Threshold {
    /// Fires while the signal is above.
    Above(Exact),
    /// Fires while the signal is below.
    Below(Exact),
}

/// A signal that metrics record: the closed vocabulary of format 1, or an expression over the metrics themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Signal {
    /// Requests a second at `service` or `service:endpoint`.
    RequestRate(String),
    /// Share of responses of `service` with a 5xx status.
    ErrorShare(String),
    /// Mean latency of `service` in milliseconds.
    Latency(String),
    /// Requests a second that `service` answers with a 2xx.
    OkRate(String),
    /// 1 if the probe's last check succeeded, else 0.
    Probe(String),
    /// Share of `host:/mount` in use.
    DiskUsed(String),
    /// Items waiting in a queue.
    QueueDepth(String),
    /// Share of a queue's finished items, over the last scrape interval, that succeeded.
    QueueSuccess(String),
    /// Load of a host: share of its cores in use.
    Load(String),
    /// A PromQL expression.
    Query {
        /// The expression.
        expr: String,
        /// Unit of its values.
        unit: String,
    },
}

/// A graph on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphSpec {
    /// Id, as `look graph ID` names it.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// What it shows.
    pub signal: Signal,
    /// Whether it shows what a user experiences.
    pub user_facing: bool,
}

/// Log lines that a program writes in good health and in trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSpec {
    /// Host or service it appears on.
    pub on: String,
    /// Templates with the situation in which they appear.
    pub lines: Vec<LogTemplate>,
}

/// One template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTemplate {
    /// When it is written.
    pub when: LogWhen,
    /// About how many a minute.
    pub per_minute: u32,
    /// `info`, `warning` or `error`.
    pub level: LogLevel,
    /// Text with `{crate}` `{ip}` `{ms}` `{n}` `{id}` `{user}` `{port}` holes, filled from a seed when it is read.
    pub text: String,
}

/// Situation in which a template is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogWhen {
    /// Always, while its unit or service runs.
    Running,
    /// While the service runs this release.
    Release(String),
    /// While a mount (`host:/mount`) is full.
    DiskFull(String),
    /// While the unit is down (written by whatever still runs).
    Down(String),
    /// While the service's clients fail.
    UsersFail(String),
}

/// How a program formats the fields of its log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogStyle {
    /// `level=error msg="upstream timed out" callee=db`.
    #[default]
    Logfmt,
    /// `{"level":"error","msg":"upstream timed out","callee":"db"}`.
    Json,
}

/// Level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LogLevel {
    /// Normal work.
    Info,
    /// Noteworthy.
    Warning,
    /// Trouble.
    Error,
}

/// A rule of the script: at a time, or when a predicate first holds, do something once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptRule {
    /// Id, unique in the script; made from the position if the author gives none.
    pub id: String,
    /// When it fires.
    pub when: Predicate,
    /// What it does, in order.
    pub actions: Vec<Action>,
    /// Its provenance.
    pub fact: Provenance,
}

/// What a script rule, a card or the director does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A simulated person writes to the incident channel.
    Say {
        /// Person's id.
        who: String,
        /// Text.
        text: LangText,
        /// Topic words, for predicates.
        about: Vec<String>,
    },
    /// A ticket arrives from a user.
    Ticket {
        /// Who wrote it.
        who: String,
        /// Text.
        text: LangText,
        /// Service it is about.
        about: String,
    },
    /// A person pages the trainee (or a seat).
    Page {
        /// Person's id, or an alert's.
        by: String,
        /// What it says.
        text: LangText,
        /// Service it is about.
        service: String,
    },
    /// The release on staging, or the named one, goes to production.
    Promote {
        /// Service.
        service: String,
        /// Release.
        to: String,
        /// Who does it.
        who: String,
    },
    /// A release appears on staging.
    Stage {
        /// Service.
        service: String,
        /// Release.
        release: String,
        /// Who does it.
        who: String,
    },
    /// A fault begins.
    Begin(Fault, Course),
    /// A fault ends.
    Clear(Fault),
    /// A person becomes available.
    Join {
        /// Person's id.
        who: String,
    },
    /// A person, or a program of theirs, does something to the world.
    Does {
        /// Person's id.
        who: String,
        /// What.
        effect: Deed,
    },
}

/// A row of the original timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalRow {
    /// Id, unique; made from the position if the author gives none.
    pub id: String,
    /// When, as published.
    pub at: Offset,
    /// Kind of step.
    pub kind: RowKind,
    /// What happened, in our own words.
    pub what: LangText,
    /// How this row is played.
    pub played: Played,
    /// Its provenance.
    pub fact: Provenance,
}

/// How a source row appears in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Played {
    /// A predicate matches it; the time is that predicate's first fact, within the tolerance.
    When {
        /// The predicate.
        when: Predicate,
        /// Tolerance either way.
        tolerance: Span,
        /// Milestone it joins in the debrief, if one.
        milestone: Option<String>,
    },
    /// It lies before the opening and is part of the world or the briefing.
    BeforeOpening,
    /// It lies beyond the horizon.
    BeyondHorizon,
}

/// Kind of an original row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RowKind {
    /// A change that matters later.
    Trigger,
    /// Users begin to be affected.
    Impact,
    /// An alert or report.
    Detect,
    /// Somebody takes it on.
    Acknowledge,
    /// Somebody looks or understands.
    Investigate,
    /// Somebody tells somebody.
    Communicate,
    /// Help is called.
    Escalate,
    /// Something is tried that does not end it.
    Attempt,
    /// Users get relief.
    Mitigate,
    /// It is over.
    Resolve,
    /// Work after the end.
    FollowUp,
}

/// A milestone: an effect or a true message, never a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Id.
    pub id: String,
    /// Name on the joins of the debrief.
    pub name: LangText,
    /// Weight in alignment, at least 0.
    pub weight: u32,
    /// Whether it counts for engagement.
    pub effect: bool,
    /// Milestones that the practice order puts before it.
    pub after: Vec<String>,
    /// Only needed if this was ever true.
    pub needs: Option<Predicate>,
    /// What proves it.
    pub when: Predicate,
}

/// Logic over facts: a small closed vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Predicate {
    /// All hold (the latest one's time).
    All(Vec<Predicate>),
    /// Any holds (the earliest one's time).
    Any(Vec<Predicate>),
    /// Does not hold so far.
    Not(Box<Predicate>),
    /// From this time on.
    After(Offset),
    /// `then` holds at a fact at or after the first time `milestone` held.
    Since {
        /// Milestone id.
        milestone: String,
        /// What must hold.
        then: Box<Predicate>,
    },
    /// `then` holds this long after the first time that `first` held.
    Delay {
        /// How long.
        by: Span,
        /// After what.
        first: Box<Predicate>,
    },
    /// A page was acknowledged.
    Acknowledged,
    /// An incident was declared.
    Declared,
    /// Somebody wrote to a channel.
    Said {
        /// Channel, any if absent.
        channel: Option<Channel>,
        /// By this person or seat, any if absent; `responder` means any seat.
        by: Option<String>,
        /// With this topic word.
        about: Option<String>,
        /// With at least so many of the four structured fields.
        fields_at_least: u32,
        /// And it was true when it was said.
        truthful: bool,
    },
    /// A cause was stated that names this component.
    CauseStated {
        /// Component.
        component: String,
    },
    /// Something was on a seat's screen.
    Observed {
        /// What was seen, any if absent.
        what: Option<ObservedKind>,
        /// Target, any if absent (a prefix with a trailing `*`).
        target: Option<String>,
        /// Service it is about, any if absent.
        service: Option<String>,
        /// Only what a user would see.
        user_facing: bool,
    },
    /// A responder's action was applied.
    Acted {
        /// Verb, such as `rollback`, `restart`, `remove`, `resize`, `requeue`, `promote`.
        verb: String,
        /// Target, any if absent (a prefix with a trailing `*`).
        target: Option<String>,
        /// Also one that was refused.
        or_refused: bool,
    },
    /// A service runs a release.
    Running {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// A person was called.
    Paged {
        /// Person's id.
        person: String,
    },
    /// A person joined.
    Joined {
        /// Person's id.
        person: String,
    },
    /// An alert fired.
    AlertFired {
        /// Alert's id.
        alert: String,
    },
    /// A ticket arrived.
    TicketArrived {
        /// Service it is about.
        about: String,
    },
    /// A responder's effect brought relief (emitted by the world).
    Relief,
    /// The share of affected users is at most this.
    UsersAffected {
        /// Largest share.
        at_most: Exact,
        /// Only if it stays so to the horizon; then its time is the start of that.
        sustained: bool,
    },
    /// The share of affected users is above this.
    Impact {
        /// Share.
        above: Exact,
    },
    /// The incident was closed.
    Resolved,
    /// A follow-up with an owner was recorded.
    FollowedUp,
}

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Channel {
    /// The incident channel.
    Internal,
    /// The public status page.
    Status,
}

/// What kind of thing was on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObservedKind {
    /// A metric or graph.
    Metric,
    /// Log lines.
    Log,
    /// An alert.
    Alert,
    /// A page.
    Page,
    /// A request made the way a client does.
    Request,
    /// A node of the service map.
    Map,
    /// A message in a channel.
    Message,
    /// A user's ticket.
    Ticket,
    /// Releases and their diffs.
    Release,
    /// Space on a mount.
    Disk,
    /// Files and directories.
    Files,
    /// Processes and units.
    Process,
    /// A queue.
    Queue,
    /// Which host this is.
    Host,
    /// A runbook.
    Runbook,
    /// The status page.
    Status,
}

/// The answer, known to the GM and to scoring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// One paragraph for the GM.
    pub summary: LangText,
    /// Components at fault.
    pub components: Vec<String>,
    /// Mechanisms, as `cause --mechanism` names them.
    pub mechanisms: Vec<String>,
    /// Services whose users are affected.
    pub affected: Vec<String>,
    /// Severity in truth, 1 is worst.
    pub severity: u8,
    /// From when on users are affected.
    pub impact: Offset,
    /// What works, for the GM.
    pub works: LangText,
    /// Share of affected users above which the incident is not mitigated.
    pub tau: Exact,
    /// Dead band for uncertain times.
    pub delta: Span,
    /// User-minutes that one unit of durable loss counts for.
    pub loss_rate: Exact,
}

/// A simulated person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Role shown instead of a name.
    pub role: LangText,
    /// How long they take to join when called; `None` means they never do.
    pub joins: Option<Span>,
    /// Whether they are in the channel from the start.
    pub here: bool,
    /// Permissions they can use when asked, such as `volume`.
    pub may: Vec<String>,
    /// What they say when they join, and what they know, by topic word.
    pub says: BTreeMap<String, LangText>,
}

/// A card of the GM's deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// What to expect.
    pub note: LangText,
    /// Nominal handling time: the base clock of scoring is held for so long.
    pub allowance: Span,
    /// What shows that its trouble is dealt with, beside the game master's word.
    #[serde(default)]
    pub done: Option<Predicate>,
    /// Topic words by which a message shows that the team noticed it.
    #[serde(default)]
    pub about: Vec<String>,
    /// What it does.
    pub actions: Vec<Action>,
}

/// A nudge, from a question (1) to the answer (5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    /// 1 (smallest) to 5.
    pub rung: u8,
    /// Suggested from this time on, if the milestone is still open.
    pub from: Offset,
    /// Milestone it helps with.
    pub milestone: String,
    /// Wording.
    pub text: LangText,
}

/// A question for the debrief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Moment it hangs from: a milestone's id.
    pub milestone: Option<String>,
    /// Wording.
    pub text: LangText,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// Title.
    pub title: LangText,
    /// Markdown.
    pub text: LangText,
    /// Service it is about.
    pub service: String,
}
