//! What a real tool could learn or do, as a trait. The shell has no other way to the world, so it cannot print an answer
//! that a real machine would not give.

mod cache;
mod file;
mod machine;
mod observe;
mod system;

pub use cache::{CacheClient, CacheInfo};
pub use file::{NodeKind, Stat};
pub use machine::{KernelMessage, MachineHost, Memory};
pub use observe::{Answer, FiringAlert, NewSilence, PageRow, SilenceRow};
pub use system::{
    ANSWER_BYTES, CallRow, Connections, Disk, Interface, Listener, OpenFile, PACKET_BYTES, REQUEST_BYTES, SystemHost,
    Traffic, UnitFile,
};
pub mod change;
pub mod kube;

use crate::scenario::{LogLevel, ObservedKind};
use crate::sim::effect::{Applied, Effect, Refusal};
use crate::sim::net::NetState;
use crate::sim::store::StoreInfo;
use crate::stdx::time::{Tick, Utc};
use serde::Serialize;
use std::sync::Arc;

/// Who runs a tool: the terminal, its seat, and the user and host of the process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// Terminal, from 1.
    pub terminal: u32,
    /// Seat that the terminal belongs to.
    pub seat: String,
    /// Host that the process runs on.
    pub host: String,
    /// Unix user (`root` under `sudo`).
    pub user: String,
    /// Permission bits that new files go without.
    pub umask: u16,
}

/// Something whose bytes reached a screen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    /// Kind of thing.
    pub what: ObservedKind,
    /// What exactly: `host:/path`, `host:unit`, a graph's id, `service:endpoint`.
    pub target: String,
    /// Service it is about.
    pub service: Option<String>,
    /// Whether it shows what a user experiences.
    pub user_facing: bool,
}

/// A mounted file system. `avail` may be less than `size - used`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Block device.
    pub device: String,
    /// Mount point.
    pub at: String,
    /// Bytes in all.
    pub size: u64,
    /// Bytes in use.
    pub used: u64,
}

/// A process of a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Parent's id.
    pub ppid: u32,
    /// User.
    pub user: String,
    /// Share of one core in percent.
    pub cpu_percent: f64,
    /// Resident memory in bytes.
    pub memory: u64,
    /// One letter as `ps` prints it: `S`, `R`, `D`, `Z`.
    pub state: char,
    /// Start.
    pub started: Utc,
    /// CPU time used, seconds.
    pub cpu_s: u64,
    /// Command line.
    pub command: String,
}

/// A systemd unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitInfo {
    /// Name without `.service`.
    pub name: String,
    /// Description.
    pub description: String,
    /// State.
    pub state: UnitState,
    /// Since when it is in that state.
    pub since: Utc,
    /// Main process, while it runs.
    pub pid: Option<u32>,
    /// The last main process that it had.
    pub last_pid: u32,
    /// How it died: `exit-code`, `signal`, `core-dump`.
    pub result: String,
    /// CPU time that the main process has used, milliseconds.
    pub cpu_ms: u64,
    /// Memory in bytes, while it runs.
    pub memory: u64,
    /// Command line.
    pub exec: String,
    /// Service of the map that it runs.
    pub service: Option<String>,
}

/// State of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitState {
    /// Running.
    Active,
    /// On its way up.
    Activating,
    /// Died, and waits for its automatic restart.
    AutoRestart,
    /// Stopped.
    Inactive,
    /// Died.
    Failed,
}

/// One HTTP request; a client that follows redirects makes several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `HEAD`.
    pub method: String,
    /// Full URL.
    pub url: String,
    /// 0 for the first request, 1 for the one after the first redirect, …
    pub hop: u32,
    /// Whether the client leaves the certificate unchecked.
    pub insecure: bool,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// Status, such as 302.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
    /// What the caller saw by it.
    pub source: Source,
    /// Milliseconds it took.
    pub ms: u64,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpFailure {
    /// No such name.
    Resolve(String),
    /// Nobody listens.
    Refused(String, u16),
    /// The certificate is not accepted, and why.
    Certificate(String),
    /// No connection to this host and port within so many milliseconds.
    Silent(String, u16, u64),
    /// No answer within so many milliseconds.
    TimedOut(u64),
}

/// A failed request, and what the caller saw by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    /// Why.
    pub failure: HttpFailure,
    /// What the caller saw by it.
    pub source: Source,
}

/// Answer to a ping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pong {
    /// Address.
    pub address: String,
    /// Round trip in microseconds; `None` if nothing answers.
    pub rtt_us: Option<u64>,
}

/// Whose log lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogScope {
    /// All of a host.
    Host(String),
    /// One unit of a host.
    Unit(String, String),
    /// A service, over its hosts.
    Service(String),
}

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Utc,
    /// Host or service it appears on.
    pub on: String,
    /// Program.
    pub program: String,
    /// Process that wrote it, where processes can be seen.
    pub pid: Option<u32>,
    /// Level.
    pub level: LogLevel,
    /// Text.
    pub text: String,
}

/// Where a read of log lines begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFrom {
    /// With the last so many lines.
    Last(u64),
    /// With this line, as an earlier page named it; 0 is the oldest.
    Line(u64),
}

/// Log lines, oldest first, and where to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Where to go on.
    pub next: u64,
    /// Whether there may be more now.
    pub more: bool,
}

/// A graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// Id.
    pub id: String,
    /// Title in English.
    pub title: String,
    /// Unit: `/s`, `%`, `ms`, `items`, `ok`.
    pub unit: String,
    /// Service it is about.
    pub service: Option<String>,
    /// Whether it shows what a user experiences.
    pub user_facing: bool,
    /// Last value.
    pub value: Option<f64>,
}

/// An alert rule and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Id.
    pub id: String,
    /// `firing`, `pending`, `normal`, `nodata`.
    pub state: String,
    /// `critical` or `warning`.
    pub severity: String,
    /// Service it is about.
    pub service: String,
    /// Since when.
    pub since: Utc,
    /// Value now as text with unit.
    pub value: String,
    /// Summary in English.
    pub summary: String,
}

/// A release of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Id.
    pub id: String,
    /// When it was built.
    pub at: Utc,
    /// Who built it.
    pub by: String,
    /// Change log, one line each.
    pub changes: Vec<String>,
    /// Since when it is in production; `None` if it never was.
    pub deployed: Option<Utc>,
}

/// Releases of a service, oldest first, and where they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    /// All that can be seen.
    pub all: Vec<Release>,
    /// Running in production.
    pub production: Option<String>,
    /// Before that one in production.
    pub previous: Option<String>,
    /// Running on staging.
    pub staging: Option<String>,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Name.
    pub name: String,
    /// Waiting items.
    pub waiting: u64,
    /// In work.
    pub running: u64,
    /// Failed items.
    pub failed: u64,
    /// Service that works on it.
    pub service: Option<String>,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Name.
    pub name: String,
    /// Host that it is attached to.
    pub host: String,
    /// Mount point.
    pub at: String,
    /// Bytes.
    pub size: u64,
}

/// A row of `status`: a service as it is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Id.
    pub id: String,
    /// `ok`, `warning`, `critical`, `unknown`.
    pub health: String,
    /// Release, or `-`.
    pub release: String,
    /// One figure, such as `1.18K/s`, or `-`.
    pub figure: String,
    /// Hosts.
    pub hosts: Vec<String>,
}

/// A person or ticket row for `people` and `tickets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Person's id, or when a ticket came.
    pub key: String,
    /// Role or words.
    pub text: String,
    /// Presence, or who wrote the ticket.
    pub note: String,
}

/// State of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Still running.
    Running {
        /// Seconds so far.
        elapsed_s: u64,
        /// Seconds in all, as announced.
        seconds: u64,
        /// Bytes that a data store moves for it; such work ends with the client that asked for it.
        moved: Option<Moved>,
    },
    /// Done.
    Done,
    /// It ended without the wanted result, in the words of the real system.
    Failed(String),
}

/// How far the work of a data store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Store.
    pub store: String,
    /// Bytes so far.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes a second; 0 while it waits for something.
    pub rate: u64,
    /// Seconds that are left at that rate, those of the waiting among them.
    pub left_s: u64,
}

/// Names that completion and listings ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// Hosts.
    Host,
    /// Units of the caller's host.
    Unit,
    /// Services.
    Service,
    /// Queues.
    Queue,
    /// Volumes.
    Volume,
    /// Data stores.
    Store,
    /// Graphs.
    Graph,
    /// People who can be paged.
    Person,
    /// Runbooks.
    Runbook,
}

/// Capabilities of the machines and systems that a tool talks to. Paths are absolute and normalised. `/tmp` and each
/// user's home exist on every host. Errors are in the words of the real system (`No such file or directory`).
pub trait ConsoleHost: MachineHost + SystemHost + kube::KubeHost {
    /// Now.
    fn tick(&self) -> Tick;
    /// Now, in simulated UTC.
    fn utc(&self) -> Utc;

    /// A file or directory, behind links.
    fn stat(&self, host: &str, path: &str) -> Option<Stat>;
    /// What a path itself names, which may be a link.
    fn lstat(&self, host: &str, path: &str) -> Option<Stat> {
        self.stat(host, path)
    }
    /// The path without links in it; a link at its end is followed if `follow` says so.
    fn resolve(&self, _host: &str, path: &str, _follow: bool) -> Result<String, String> {
        Ok(path.to_owned())
    }
    /// Children of a directory by name, sorted; links are shown as links.
    fn list(&self, host: &str, path: &str) -> Result<Vec<(String, Stat)>, String>;
    /// Text of a file, shared with the file system that keeps it.
    fn text(&self, host: &str, path: &str) -> Result<Arc<String>, String>;
    /// Text of a file.
    fn read(&self, host: &str, path: &str) -> Result<String, String> {
        self.text(host, path).map(Arc::unwrap_or_clone)
    }
    /// Where the file of this number is now, if it has a name.
    fn path_of(&self, host: &str, ino: u64) -> Option<String>;
    /// Bytes of everything under a path.
    fn usage(&self, host: &str, path: &str) -> u64;
    /// Mounted file systems, `/` first.
    fn mounts(&self, host: &str) -> Vec<Mount>;

    /// Processes by id.
    fn processes(&self, host: &str) -> Vec<Process>;
    /// Units by name.
    fn units(&self, host: &str) -> Vec<UnitInfo>;
    /// Memory.
    fn memory(&self, host: &str) -> Memory;
    /// Load averages over 1, 5 and 15 minutes.
    fn load(&self, host: &str) -> [f64; 3];
    /// Cores.
    fn cores(&self, host: &str) -> u32;
    /// Seconds since it booted.
    fn uptime_s(&self, host: &str) -> u64;
    /// Whether a machine is on and has booted.
    fn answers(&self, _host: &str) -> bool {
        true
    }
    /// The service that a host is there for, if it is one.
    fn service_of(&self, host: &str) -> Option<String>;

    /// A request made from `host`.
    fn http(&self, host: &str, request: &HttpRequest) -> Result<HttpReply, HttpError>;
    /// Addresses of a name; empty if there are none.
    fn lookup(&self, host: &str, name: &str) -> Vec<String>;
    /// Echo request; `None` if the name is not known.
    fn ping(&self, host: &str, name: &str) -> Option<Pong>;
    /// The network as its own tools show it; `None` where there is nothing to it.
    fn network(&self) -> Option<&NetState> {
        None
    }
    /// Whether a tool can be reached from a host; else what it prints.
    fn reach(&self, _host: &str, _tool: &str) -> Result<(), String> {
        Ok(())
    }
    /// Whether `who` may log in to `to`; else what ssh prints, such as `primary@db-01: Permission denied (publickey).`
    fn ssh(&self, who: &Caller, to: &str) -> Result<(), String>;
    /// Known names.
    fn names(&self, who: &Caller, kind: NameKind) -> Vec<String>;

    /// Log lines after `since`, oldest first, the last `limit` of them; `None` if there is no such scope.
    fn logs(&self, scope: &LogScope, since: Utc, limit: usize) -> Option<Vec<LogLine>>;
    /// At most `limit` log lines after `since` that hold `text`; `None` if there is no such scope. A page may be empty
    /// although more follow. A host with few lines need not say how: this makes pages of [`ConsoleHost::logs`].
    fn log_page(
        &self,
        scope: &LogScope,
        since: Utc,
        text: Option<&str>,
        from: LogFrom,
        limit: usize,
    ) -> Option<LogPage> {
        let all = self.logs(scope, Utc(i64::MIN / 2), usize::MAX)?;
        let next = all.len() as u64;
        let fits = |l: &LogLine| l.at > since && text.is_none_or(|t| l.text.contains(t));
        let begin = match from {
            LogFrom::Line(n) => n,
            LogFrom::Last(0) => next,
            LogFrom::Last(n) => {
                let back = all.iter().enumerate().rev().filter(|(_, l)| fits(l)).take(usize::try_from(n).ok()?);
                back.last().map_or(next, |(i, _)| i as u64)
            }
        };
        let mut rest = all.into_iter().enumerate().skip(usize::try_from(begin).ok()?).filter(|(_, l)| fits(l));
        let lines = rest.by_ref().take(limit).map(|(_, l)| l).collect();
        let more = rest.next().map(|(i, _)| i as u64);
        Some(LogPage { lines, next: more.unwrap_or(next), more: more.is_some() })
    }
    /// Requests that were sampled, newest first, a line about each with its id first: those that pass a service if one is
    /// given, only those that failed if asked for.
    fn traces(&self, _service: Option<&str>, _failed: bool, _limit: usize) -> Vec<String> {
        Vec::new()
    }
    /// One of them as text, and the service at which it failed, or else at which it came in.
    fn trace(&self, _id: &str) -> Option<(String, Option<String>)> {
        None
    }
    /// Graphs in the order of the board.
    fn graphs(&self) -> Vec<Graph>;
    /// Points of a graph after `since`.
    fn points(&self, graph: &str, since: Utc) -> Vec<(Utc, Option<f64>)>;
    /// Alert rules.
    fn alerts(&self) -> Vec<Alert>;
    /// A query of the metrics: now, or over so many seconds up to now with a value each so many.
    fn query(&self, expr: &str, range: Option<(u64, u64)>) -> Result<Answer, String>;
    /// Pages that reached a seat, oldest first.
    fn pages(&self, seat: &str) -> Vec<PageRow>;
    /// Receivers that the routes tell of an alert with these labels, in their order.
    fn receivers(&self, labels: &[(String, String)]) -> Vec<String>;
    /// Alerts that fire.
    fn firing(&self) -> Vec<FiringAlert>;
    /// Silences that go on.
    fn silences(&self) -> Vec<SilenceRow>;
    /// Makes a silence; its id.
    fn silence(&mut self, who: &Caller, new: &NewSilence) -> Result<String, String>;
    /// Ends a silence.
    fn expire(&mut self, who: &Caller, id: &str) -> Result<(), String>;
    /// Services as measured.
    fn services(&self) -> Vec<ServiceStatus>;
    /// Releases of a service; `None` if it has none.
    fn releases(&self, service: &str) -> Option<Releases>;
    /// Unified diff of a release against the one before.
    fn diff(&self, service: &str, release: &str) -> Option<String>;
    /// Queues.
    fn queues(&self) -> Vec<Queue>;
    /// Rollouts, configuration, flags, jobs, queues in depth, caches, vendors, targets.
    fn changes(&self) -> change::Changes {
        change::Changes::default()
    }
    /// Caches as their clients see them.
    fn caches(&self) -> Vec<CacheInfo> {
        Vec::new()
    }
    /// Data stores.
    fn stores(&self) -> Vec<StoreInfo>;
    /// Volumes.
    fn volumes(&self) -> Vec<Volume>;
    /// People who can help.
    fn people(&self) -> Vec<Row>;
    /// Users' tickets, newest first.
    fn tickets(&self) -> Vec<Row>;
    /// A runbook's text in English.
    fn runbook(&self, id: &str) -> Option<String>;

    /// Whether the seat holds a permission: `release`, `volume`, `sudo:HOST`.
    fn may(&self, who: &Caller, permission: &str) -> bool;
    /// Asks for a change. The host checks the seat's permission for services, queues and volumes and records either
    /// outcome under `verb` and `target`.
    fn apply(&mut self, who: &Caller, effect: &Effect, verb: &str, target: &str) -> Result<Applied, Refusal>;
    /// Records a refusal that the tool itself met before it could ask (`Permission denied`).
    fn refused(&mut self, who: &Caller, verb: &str, target: &str, why: &str);
    /// State of a job.
    fn job(&self, job: u32) -> JobState;
    /// An incident tool: its words as typed, without quotes; the line to print, or what is wrong with it.
    fn incident(&mut self, who: &Caller, argv: &[String]) -> Result<String, String>;
}

impl LogLine {
    /// The line as the journal prints it.
    pub fn journal(&self, host: &str) -> String {
        let pid = self.pid.map_or_else(String::new, |p| format!("[{p}]"));
        format!("{} {host} {}{pid}: {}", self.at.syslog(), self.program, self.text)
    }
}
