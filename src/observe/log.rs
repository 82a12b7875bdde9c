//! Log lines: stored as time, program, template, count and seed; expanded only when somebody reads them.
//!
//! Whatever the world counts is a line: as many failed requests, timed out calls or dead units as the counters say, as
//! many lines say so. Only requests that went well are sampled, one in N, and each such line says its N.

mod author;
mod catalog;
mod room;
mod store;
mod template;
mod write;

pub use store::{LOG_READ_MAX, LOG_RECORDS_MAX};

use crate::scenario::LogLevel;
use crate::sim::carry::Carry;
use crate::sim::{Answers, UnitState, World};
use crate::stdx::rng::Stream;
use crate::stdx::time::{Tick, Utc};
use catalog::Catalog;
use serde::Serialize;
use std::sync::Arc;
use store::{Names, Store};
pub(super) use write::differences;

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Tick; 0 for everything before the opening.
    pub tick: Tick,
    /// Simulated UTC.
    pub utc: Utc,
    /// Host or service it appears on.
    pub on: String,
    /// Program.
    pub program: String,
    /// Process that wrote it; `None` where nobody sees processes.
    pub pid: Option<u32>,
    /// Unit that a line of the init system is about.
    pub unit: Option<String>,
    /// Level.
    pub level: LogLevel,
    /// Text.
    pub text: String,
    /// How many more lines like it the same second has, where only one of them was asked for.
    pub more: u32,
}

/// Whose lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogScope<'a> {
    /// Everybody's.
    #[default]
    All,
    /// Of a host, service or program of this name.
    Any(&'a str),
    /// Of a host.
    Host(&'a str),
    /// Of a host and a unit: what it writes, and what the init system writes about it.
    Unit(&'a str, &'a str),
    /// Of a host and a program.
    Program(&'a str, &'a str),
    /// Of a service: its own, and those of the units that run it.
    Service(&'a str),
}

/// Which lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogQuery<'a> {
    /// Whose.
    pub scope: LogScope<'a>,
    /// Not before this moment.
    pub since: Option<Utc>,
    /// Not after this moment.
    pub until: Option<Utc>,
    /// At least of this level.
    pub level: Option<LogLevel>,
    /// With this in their text.
    pub text: Option<&'a str>,
    /// Only what reached the place where logs are gathered; what a blind collector missed is on its host alone.
    pub shipped: bool,
}

/// Some of the lines that a query matches, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Number of the line from which to go on: lines are numbered from 0 in the order in which they were written.
    pub next: u64,
    /// Whether the store may hold more of them: newer ones for a page, older ones for the newest lines.
    pub more: bool,
}

/// What the store holds, and what it no longer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogKept {
    /// Lines that can be read.
    pub lines: u64,
    /// Records behind them, at most [`LOG_RECORDS_MAX`].
    pub records: usize,
    /// Lines that were written and have gone.
    pub dropped: u64,
    /// The newest moment of which lines have gone.
    pub dropped_until: Option<Utc>,
}

/// What became of a request at a service; each is a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AnswerKind {
    Ok,
    Redirect,
    Missing,
    Own,
    Call,
    Shed,
    Limited,
}

/// What became of a call; each is a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CallKind {
    Timeout,
    Error,
    Refused,
    Shed,
    Broken,
    Starved,
    Unresolved,
    Tls,
    Denied,
    Limited,
    Exhausted,
    Opened,
    Closed,
}

/// What a line is about, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Answer(usize, usize, AnswerKind),
    Call(usize, CallKind),
}

/// A line of this second is about a request that was sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub about: About,
    pub trace: u64,
    /// How long it took, microseconds.
    pub us: u32,
}

/// What the log remembers of a unit from one second to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Seen {
    state: UnitState,
    since: Utc,
    pid: u32,
    restarts: u32,
    given_up: u32,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Logs {
    #[serde(skip)]
    names: Arc<Names>,
    #[serde(skip)]
    catalog: Arc<Catalog>,
    #[serde(skip)]
    store: Store,
    /// Of authored templates.
    carries: Vec<Carry>,
    /// Of access lines, by service and slot, for each of the three good answers.
    access: Vec<[Carry; 3]>,
    /// Answers when last looked at, by service and slot.
    answers: Vec<Answers>,
    /// Of access lines about tenants, and their answers when last looked at: by service, slot and tenant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    access_of: Vec<[Carry; 3]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers_of: Vec<Answers>,
    /// Breakers that were open.
    open: Vec<bool>,
    /// Items done and failed.
    queues: Vec<(u64, u64, u64)>,
    /// The rooms when last looked at.
    rooms: room::RoomsSeen,
    /// How often each scheduled job's minute came.
    crons: Vec<u64>,
    releases: Vec<Option<String>>,
    /// Every unit when last looked at, in the order of hosts and units.
    units: Vec<Seen>,
    /// Moment of the opening, once the prehistory is over.
    opened: Option<Utc>,
    stream: Stream,
    /// Programs that write to files of their hosts, and bytes of the last second.
    #[serde(skip)]
    written: Vec<Written>,
    /// Which of them writes at a place.
    #[serde(skip)]
    files: Arc<Vec<Option<usize>>>,
}

/// What a program wrote into its log files in a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Host.
    pub host: String,
    /// Unit.
    pub unit: String,
    /// Bytes of the lines.
    pub bytes: u64,
}

/// A line as it stands in a log file.
pub fn file_line(at: Utc, text: &str) -> String {
    format!("{} {text}\n", at.iso())
}

impl Logs {
    /// Nothing written yet: `past` is the world at the beginning of its prehistory, `opening` at its end.
    pub fn new(past: &World, opening: &World) -> Logs {
        let (catalog, names) = Catalog::new(opening);
        let authored = past.spec().logs.values().map(|l| l.lines.len()).sum();
        let slots = catalog.services.iter().map(|s| s.slots.len()).sum();
        let written = opening.log_writers().into_iter().map(|(host, unit)| Written { host, unit, bytes: 0 });
        let written: Vec<Written> = written.collect();
        let file = |p: &store::Place| written.iter().position(|w| LogScope::Program(&w.host, &w.unit).holds(p));
        let files = if written.is_empty() { Vec::new() } else { names.places.iter().map(file).collect() };
        let mut logs = Logs {
            files: Arc::new(files),
            written,
            carries: vec![Carry::default(); authored],
            access: vec![[Carry::default(); 3]; slots],
            answers: vec![Answers::default(); slots],
            access_of: vec![[Carry::default(); 3]; slots * opening.tenants().len()],
            answers_of: Vec::new(),
            open: vec![false; catalog.calls.len()],
            queues: vec![(0, 0, 0); catalog.queues.len()],
            rooms: room::RoomsSeen::default(),
            crons: vec![0; opening.crons().count()],
            releases: Vec::new(),
            units: Vec::new(),
            names: Arc::new(names),
            catalog: Arc::new(catalog),
            store: Store::default(),
            opened: None,
            stream: Stream::new(0, "logs"),
        };
        logs.look(past);
        logs
    }

    /// The prehistory is over: counters begin again.
    pub fn opened(&mut self, w: &World) {
        self.opened = Some(w.utc());
        self.look(w);
    }

    /// Takes the world's counters as they are.
    fn look(&mut self, w: &World) {
        self.answers = w.services().flat_map(|(_, s)| s.answers.iter().copied()).collect();
        self.answers_of = w.services().flat_map(|(_, s)| s.answers_of.iter().copied()).collect();
        self.open = w.edges().map(|(_, _, e)| e.open).collect();
        self.queues = w.queues().map(|(_, q)| (q.done_total, q.failed_total, q.redelivered_total)).collect();
        self.releases = w.services().map(|(_, s)| s.release.clone()).collect();
        self.units = write::units(w).collect();
        self.rooms = room::RoomsSeen::new(w);
    }

    /// Answers before the second that is about to be written, by service and slot.
    pub fn seen(&self) -> &[Answers] {
        &self.answers
    }

    /// The moment of a tick, for a reader who asks from it on; the prehistory belongs to tick 0.
    pub fn moment(&self, tick: Tick) -> Option<Utc> {
        let seconds = i64::try_from(tick.0).unwrap_or(i64::MAX / 4);
        self.opened.filter(|_| seconds > 0).map(|o| o.plus(seconds))
    }

    /// The newest lines that a query matches; with `folded` one for each second and template.
    pub fn tail(&self, q: &LogQuery<'_>, limit: usize, folded: bool) -> LogPage {
        self.store.tail(q, &self.names, self.opened, limit, folded)
    }

    /// Matching lines from line `from` on.
    pub fn page(&self, q: &LogQuery<'_>, from: u64, limit: usize) -> LogPage {
        self.store.page(q, &self.names, self.opened, from, limit)
    }

    /// Where the last `n` matching lines begin.
    pub fn start(&self, q: &LogQuery<'_>, n: u64) -> u64 {
        self.store.start(q, &self.names, n)
    }

    /// What programs wrote into files of their hosts in the last second.
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// How many lines a query matches.
    pub fn count(&self, q: &LogQuery<'_>) -> u64 {
        self.store.count(q, &self.names)
    }

    /// Keeps so many records at most.
    pub fn limit(&mut self, records: usize) {
        self.store.limit(records);
    }

    /// What is held and what has gone.
    pub fn kept(&self) -> LogKept {
        self.store.kept()
    }
}
