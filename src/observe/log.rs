//! Log lines: stored as time, program, template, count and seed; expanded only when somebody reads them.

use crate::scenario::{LogLevel, LogSpec, LogWhen};
use crate::sim::carry::{Carry, Rate};
use crate::sim::{UnitState, World};
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
    /// Mean latency of the service behind the log in that second, for `{ms}`; 0 if there is none.
    ms: u32,
}

/// A template with what it needs to be written and read.
#[derive(Clone, Debug)]
struct From {
    on: String,
    program: String,
    level: LogLevel,
    text: String,
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
    /// State of every unit when last looked at, for the lines that the init system writes.
    units: BTreeMap<String, UnitState>,
    opened: bool,
    stream: Stream,
}

/// What the init system writes when a unit changes state.
const UNIT_LINES: [(UnitState, LogLevel, &str); 4] = [
    (UnitState::Starting, LogLevel::Info, "Starting {unit}.service..."),
    (UnitState::Active, LogLevel::Info, "Started {unit}.service."),
    (UnitState::Inactive, LogLevel::Info, "Stopped {unit}.service."),
    (UnitState::Failed, LogLevel::Error, "{unit}.service: Failed with result '{why}'."),
];

impl Logs {
    pub fn new(w: &World) -> Logs {
        let mut from = Vec::new();
        for (program, spec) in &w.spec().logs {
            for t in &spec.lines {
                from.push(From { on: spec.on.clone(), program: program.clone(), level: t.level, text: t.text.clone() });
            }
        }
        let carries = vec![Carry::default(); from.len()];
        // Each unit's own lines follow the templates, four a unit.
        for (host, h) in w.hosts() {
            for unit in h.units.keys() {
                for (_, level, text) in UNIT_LINES {
                    let text = text.replace("{unit}", unit).replace("{why}", "exit-code");
                    from.push(From { on: host.to_owned(), program: "systemd".to_owned(), level, text });
                }
            }
        }
        Logs {
            from: Arc::new(from),
            full: Vec::new(),
            last: Arc::new(Vec::new()),
            carries,
            units: units(w),
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
            for t in &spec.lines {
                let from = at;
                at += 1;
                if !writes(w, spec, &t.when) {
                    continue;
                }
                let Some(carry) = self.carries.get_mut(from) else { continue };
                let rate = Rate::of(&ratio(i64::from(t.per_minute), 60));
                let n = carry.take(1, rate);
                if n > 0 {
                    let count = u32::try_from(n).unwrap_or(u32::MAX).min(50);
                    new.push(Record { tick, utc: w.utc(), from: from as u32, count, seed: self.stream.bits(), ms });
                }
            }
        }
        let now = units(w);
        for (i, (name, state)) in now.iter().enumerate() {
            if self.units.get(name) != Some(state) {
                let line = UNIT_LINES.iter().position(|l| l.0 == *state).unwrap_or(0);
                let from = (self.carries.len() + i * UNIT_LINES.len() + line) as u32;
                new.push(Record { tick, utc: w.utc(), from, count: 1, seed: 0, ms: 0 });
            }
        }
        self.units = now;
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
                    level: from.level,
                    text: expand(&from.text, r, n),
                });
            }
        }
        lines.reverse();
        lines
    }
}

fn units(w: &World) -> BTreeMap<String, UnitState> {
    let each = |(host, h): (&str, &crate::sim::Host)| {
        let host = host.to_owned();
        h.units.iter().map(|(n, u)| (format!("{host}\u{1f}{n}"), u.state)).collect::<Vec<_>>()
    };
    w.hosts().flat_map(each).collect()
}

/// Whether the situation of a template holds.
fn writes(w: &World, spec: &LogSpec, when: &LogWhen) -> bool {
    let unit_down = |host: &str, unit: &str| {
        w.host(host).and_then(|h| h.units.get(unit)).is_some_and(|u| u.state != UnitState::Active)
    };
    match when {
        LogWhen::Running => runs(w, spec),
        LogWhen::Release(id) => {
            let service = w.spec().releases.get(id).map(|r| r.service.as_str());
            service.and_then(|s| w.service(s)).is_some_and(|s| s.release.as_ref() == Some(id)) && runs(w, spec)
        }
        LogWhen::DiskFull(place) => w.mount(place).is_some_and(crate::sim::vfs::Mount::is_full),
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
