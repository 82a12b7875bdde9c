//! Log lines: stored as time, program, template, count and seed; expanded only when somebody reads them.

use crate::scenario::{LogLevel, LogSpec, LogWhen, ServiceKind};
use crate::sim::carry::{Carry, Rate};
use crate::sim::{Unit, UnitState, World};
use crate::stdx::digest::Running;
use crate::stdx::rational::ratio;
use crate::stdx::rng::Stream;
use crate::stdx::time::{Tick, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records kept; the oldest go first.
pub const LOG_RECORDS_MAX: usize = 200_000;

const CHUNK: usize = 1_024;

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
}

/// `count` lines of one template in one second.
#[derive(Clone, Copy, Debug, Serialize)]
struct Record {
    tick: u64,
    utc: Utc,
    /// Position in [`Logs::from`].
    from: u32,
    count: u32,
    seed: u64,
    /// Process that wrote it; 0 where nobody sees processes.
    pid: u32,
    /// Mean latency of the service behind the log in that second, for `{ms}`; 0 if there is none.
    ms: u32,
}

/// A template with what it needs to be written and read.
#[derive(Clone, Debug)]
struct From {
    on: String,
    program: String,
    unit: Option<String>,
    level: LogLevel,
    text: String,
}

/// What the log remembers of a unit from one second to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Seen {
    state: UnitState,
    since: Utc,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Logs {
    #[serde(skip)]
    from: Arc<Vec<From>>,
    #[serde(skip)]
    full: Vec<Arc<Vec<Record>>>,
    #[serde(skip)]
    last: Arc<Vec<Record>>,
    carries: Vec<Carry>,
    /// Every unit when last looked at, for the lines that the init system writes.
    units: BTreeMap<String, Seen>,
    opened: bool,
    stream: Stream,
}

/// What the init system writes about a unit.
const UNIT_LINES: [(LogLevel, &str); 10] = [
    (LogLevel::Info, "Stopping {description}..."),
    (LogLevel::Info, "Stopped {description}."),
    (LogLevel::Info, "Starting {description}..."),
    (LogLevel::Info, "Started {description}."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=exited, status=1/FAILURE"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'exit-code'."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=killed, status=9/KILL"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'signal'."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=dumped, status=11/SEGV"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'core-dump'."),
];

/// Which of [`UNIT_LINES`] a transition writes: once each, in order.
fn transition(from: UnitState, to: &Unit) -> &'static [usize] {
    use UnitState::*;
    match (from, to.state) {
        (Active | Starting, Inactive) => &[0, 1],
        (Active, Starting) => &[0, 1, 2],
        (_, Starting) => &[2],
        (Starting, Active) => &[3],
        (_, Active) => &[2, 3],
        (_, Failed) => match to.result() {
            "signal" => &[6, 7],
            "core-dump" => &[8, 9],
            _ => &[4, 5],
        },
        (Inactive | Failed, Inactive) => &[],
    }
}

impl Logs {
    pub fn new(w: &World) -> Logs {
        let mut from = Vec::new();
        for (program, spec) in &w.spec().logs {
            for t in &spec.lines {
                let (on, program) = (spec.on.clone(), program.clone());
                from.push(From { on, program, unit: None, level: t.level, text: t.text.clone() });
            }
        }
        let carries = vec![Carry::default(); from.len()];
        // Each unit's own lines follow the templates.
        for (host, h) in w.hosts() {
            for unit in h.units.keys() {
                let spec = w.spec().hosts.get(host).and_then(|h| h.units.get(unit));
                let description = spec.map(|s| s.description.as_str()).filter(|d| !d.is_empty()).unwrap_or(unit);
                for (level, text) in UNIT_LINES {
                    let text = text.replace("{unit}", unit).replace("{description}", description);
                    let (on, unit) = (host.to_owned(), Some(unit.clone()));
                    from.push(From { on, program: "systemd".to_owned(), unit, level, text });
                }
            }
        }
        Logs {
            from: Arc::new(from),
            full: Vec::new(),
            last: Arc::new(Vec::new()),
            carries,
            units: seen(&units(w)),
            opened: false,
            stream: Stream::new(0, "logs"),
        }
    }

    /// The prehistory is over.
    pub fn opened(&mut self) {
        self.opened = true;
    }

    pub fn record(&mut self, w: &World, digest: &mut Running) {
        let tick = if self.opened { w.tick().0 } else { 0 };
        let mut at = 0;
        let mut new = Vec::new();
        for (program, spec) in &w.spec().logs {
            let unit = w.spec().hosts.get(&spec.on).and_then(|h| h.units.get(program));
            let service = unit.and_then(|u| u.service.as_deref()).unwrap_or(&spec.on);
            let ms = w.service(service).map_or(0, |s| s.latency_ms as u32);
            let live = w.host(&spec.on).and_then(|h| h.units.get(program));
            let pid = live.map_or(0, |u| u.last_pid);
            let last_words = live.is_some_and(|u| {
                let before = self.units.get(&key(&spec.on, program));
                u.state == UnitState::Failed
                    && u.why == crate::sim::NO_SPACE
                    && before != Some(&Seen { state: u.state, since: u.since })
            });
            for t in &spec.lines {
                let from = at;
                at += 1;
                if last_words && matches!(t.when, LogWhen::DiskFull(_)) {
                    let seed = self.stream.bits();
                    new.push(Record { tick, utc: w.utc(), from: from as u32, count: 1, seed, pid, ms });
                }
                // A dead program writes nothing, and one that has just started comes after the line that says so.
                let dead = live.is_some_and(|u| u.state != UnitState::Active || u.since == w.utc());
                if dead || !writes(w, spec, program, &t.when) {
                    continue;
                }
                let Some(carry) = self.carries.get_mut(from) else { continue };
                let rate = Rate::of(&ratio(i64::from(t.per_minute), 60));
                let n = carry.take(1, rate);
                if n > 0 {
                    let count = u32::try_from(n).unwrap_or(u32::MAX).min(50);
                    let seed = self.stream.bits();
                    // What a program says once a minute is about the same thing.
                    let seed = if t.per_minute <= 1 { w.utc().0.div_euclid(60) as u64 } else { seed };
                    new.push(Record { tick, utc: w.utc(), from: from as u32, count, seed, pid, ms });
                }
            }
        }
        let now = units(w);
        for (i, (name, unit)) in now.iter().enumerate() {
            let seen = Seen { state: unit.state, since: unit.since };
            let Some(before) = self.units.get(name).filter(|s| **s != seen) else { continue };
            for line in transition(before.state, unit) {
                let from = (self.carries.len() + i * UNIT_LINES.len() + line) as u32;
                new.push(Record { tick, utc: w.utc(), from, count: 1, seed: 0, pid: 1, ms: 0 });
            }
        }
        self.units = seen(&now);
        for r in new {
            digest.push(&r);
            self.push(r);
        }
    }

    fn push(&mut self, r: Record) {
        if self.last.len() >= CHUNK {
            self.full.push(std::mem::take(&mut self.last));
            if self.full.len() > LOG_RECORDS_MAX / CHUNK {
                self.full.remove(0);
            }
        }
        Arc::make_mut(&mut self.last).push(r);
    }

    pub fn read(&self, on: Option<&str>, since: Option<Tick>, limit: usize) -> Vec<LogLine> {
        let mut lines = Vec::new();
        let chunks = std::iter::once(&self.last).chain(self.full.iter().rev());
        'all: for r in chunks.flat_map(|c| c.iter().rev()) {
            if since.is_some_and(|s| Tick(r.tick) < s || (r.tick == 0 && s.0 > 0)) {
                break;
            }
            let Some(from) = self.from.get(r.from as usize) else { continue };
            if on.is_some_and(|on| from.on != on && from.program != on) {
                continue;
            }
            for n in (0..r.count).rev() {
                if lines.len() >= limit {
                    break 'all;
                }
                lines.push(LogLine {
                    tick: Tick(r.tick),
                    utc: r.utc,
                    on: from.on.clone(),
                    program: from.program.clone(),
                    pid: (r.pid > 0).then_some(r.pid),
                    unit: from.unit.clone(),
                    level: from.level,
                    text: expand(&from.text, r, n),
                });
            }
        }
        lines.reverse();
        lines
    }
}

/// One name for a unit of a host, in the order of hosts and units.
fn key(host: &str, unit: &str) -> String {
    format!("{host}\u{1f}{unit}")
}

fn units(w: &World) -> BTreeMap<String, &Unit> {
    w.hosts().flat_map(|(host, h)| h.units.iter().map(move |(n, u)| (key(host, n), u))).collect()
}

fn seen(units: &BTreeMap<String, &Unit>) -> BTreeMap<String, Seen> {
    units.iter().map(|(n, u)| (n.clone(), Seen { state: u.state, since: u.since })).collect()
}

/// Whether a program that works on a queue finds less room on a mount than an item needs.
fn cramped(w: &World, spec: &LogSpec, program: &str, mount: &str) -> bool {
    let unit = w.spec().hosts.get(&spec.on).and_then(|h| h.units.get(program));
    let service = unit.and_then(|u| u.service.as_ref()).and_then(|s| w.spec().services.get(s));
    let Some(ServiceKind::Worker { queue }) = service.map(|s| &s.kind) else { return false };
    let needs = w.spec().queues.get(queue).and_then(|q| q.needs.as_ref());
    needs.is_some_and(|(at, bytes)| at == mount && w.mount(mount).is_some_and(|m| m.avail() < *bytes))
}

/// Whether the situation of a template holds.
fn writes(w: &World, spec: &LogSpec, program: &str, when: &LogWhen) -> bool {
    let unit_down = |host: &str, unit: &str| {
        w.host(host).and_then(|h| h.units.get(unit)).is_some_and(|u| u.state != UnitState::Active)
    };
    match when {
        LogWhen::Running => runs(w, spec),
        LogWhen::Release(id) => {
            let service = w.spec().releases.get(id).map(|r| r.service.as_str());
            service.and_then(|s| w.service(s)).is_some_and(|s| s.release.as_ref() == Some(id)) && runs(w, spec)
        }
        LogWhen::DiskFull(place) => {
            w.mount(place).is_some_and(crate::sim::vfs::Mount::is_full) || cramped(w, spec, program, place)
        }
        LogWhen::Down(name) => match name.split_once([':', '/']) {
            Some((host, unit)) => unit_down(host, unit),
            None if w.service(name).is_some() => !w.is_up(name),
            None => w.hosts().any(|(h, _)| unit_down(h, name)),
        },
        LogWhen::UsersFail(service) => w.users_fail(service),
    }
}

/// Whether the program behind a log runs: its own unit on that host if there is one, or the service it is on.
fn runs(w: &World, spec: &LogSpec) -> bool {
    if w.service(&spec.on).is_some() {
        return w.is_up(&spec.on);
    }
    let program = w.spec().logs.iter().find(|(_, s)| std::ptr::eq(*s, spec)).map(|(n, _)| n.as_str());
    let unit = w.host(&spec.on).zip(program).and_then(|(h, p)| h.units.get(p));
    unit.is_none_or(|u| u.state == UnitState::Active)
}

const CRATES: [&str; 16] = [
    "serde",
    "rand",
    "libc",
    "syn",
    "quote",
    "regex",
    "log",
    "cfg-if",
    "bitflags",
    "itoa",
    "clap",
    "time",
    "url",
    "memchr",
    "base64",
    "once_cell",
];

/// Fills the holes of a template from its record's seed; line `n` of it.
fn expand(text: &str, r: &Record, n: u32) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let mut stream = Stream::new(r.seed.wrapping_add(u64::from(n)), "line");
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let hole = rest[open..].find('}').map(|close| (&rest[open + 1..open + close], open + close + 1));
        let Some((name, next)) = hole else {
            rest = &rest[open..];
            break;
        };
        match name {
            "crate" => out.push_str(CRATES.get(stream.below(CRATES.len() as u64) as usize).unwrap_or(&"serde")),
            "ip" => out.push_str(&format!("198.51.100.{}", 1 + stream.below(254))),
            "ms" => {
                let mean = if r.ms == 0 { 20 } else { u64::from(r.ms) };
                out.push_str(&(mean / 2 + stream.below(mean + 1)).max(1).to_string());
            }
            "n" => out.push_str(&(1 + stream.below(9_999)).to_string()),
            other => out.push_str(&format!("{{{other}}}")),
        }
        rest = &rest[next..];
    }
    out.push_str(rest);
    out
}
