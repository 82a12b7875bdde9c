//! The store: records in order, in chunks that clones share; the oldest go first, and it says how many went.

use super::template::{Durations, Seeds, Template, Verdict};
use super::{LogKept, LogLine, LogPage, LogQuery, LogScope};
use crate::stdx::rng::scatter;
use crate::stdx::time::{Tick, Utc};
use std::cell::OnceCell;
use std::sync::Arc;

/// Records kept; the oldest go first. Of a million lines with one record each, the last half.
pub const LOG_RECORDS_MAX: usize = 512_000;

/// Lines that one read may make or look at, at most.
pub const LOG_READ_MAX: u64 = 200_000;

/// Records of a chunk.
const CHUNK: usize = 1_024;

/// `count` lines of one template in one second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub utc: Utc,
    pub seed: u64,
    /// Trace of the request that the line is about, or 0; then there is one line.
    pub trace: u64,
    /// Position in [`Names::places`].
    pub place: u32,
    /// Position in [`Names::templates`].
    pub template: u32,
    pub count: u32,
    /// Process that wrote it; 0 where nobody sees processes.
    pub pid: u32,
    /// Mean latency of the service behind the log in that second, microseconds; 0 if there is none.
    pub us: u32,
    /// Whether it reached where logs are gathered, or only the host that it was written on.
    pub shipped: bool,
}

/// Where lines appear.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Host, or a service without one.
    pub on: String,
    pub program: String,
    /// Unit that a line of the init system is about.
    pub unit: Option<String>,
    /// Service whose log it is.
    pub service: Option<String>,
}

/// What records refer to.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub places: Vec<Place>,
    pub templates: Vec<Template>,
    pub durations: Durations,
}

#[derive(Debug)]
struct Chunk {
    /// Lines before it, those that are gone included.
    first: u64,
    records: Vec<Record>,
    /// Lines by place and template, and whether all were shipped.
    sums: Vec<(u32, u32, u64)>,
    lines: u64,
    shipped: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Store {
    /// Records kept.
    max: usize,
    full: Arc<Vec<Arc<Chunk>>>,
    last: Arc<Vec<Record>>,
    /// Lines before those of `last`.
    before: u64,
    /// Lines of `last`.
    lines: u64,
    /// Newest moment of which lines are gone.
    gone: Option<Utc>,
}

/// A query resolved against the names: what to do with each place and template.
struct Choice<'q> {
    q: &'q LogQuery<'q>,
    names: &'q Names,
    places: Vec<bool>,
    /// Decided when a record of it is met; most are of other places.
    templates: Vec<OnceCell<Verdict>>,
}

impl Choice<'_> {
    fn of(&self, place: u32, template: u32) -> Verdict {
        if !self.places.get(place as usize).is_some_and(|p| *p) {
            return Verdict::No;
        }
        let Some((known, t)) = self.templates.get(template as usize).zip(self.names.templates.get(template as usize))
        else {
            return Verdict::No;
        };
        *known.get_or_init(|| match self.q.level {
            Some(least) if t.level < least => Verdict::No,
            _ => self.q.text.map_or(Verdict::All, |text| t.verdict(text)),
        })
    }

    fn verdict(&self, r: &Record) -> Verdict {
        let q = self.q;
        let out = q.since.is_some_and(|s| r.utc < s) || q.until.is_some_and(|u| r.utc > u) || (q.shipped && !r.shipped);
        if out { Verdict::No } else { self.of(r.place, r.template) }
    }
}

impl LogScope<'_> {
    pub(super) fn holds(&self, p: &Place) -> bool {
        let unit = p.unit.as_ref().unwrap_or(&p.program);
        match *self {
            LogScope::All => true,
            LogScope::Any(name) => p.on == name || p.program == name,
            LogScope::Host(host) => p.on == host,
            LogScope::Unit(host, u) => p.on == host && unit == u,
            LogScope::Program(host, program) => p.on == host && p.program == program,
            LogScope::Service(s) => p.on == s || p.service.as_deref() == Some(s),
        }
    }
}

impl Default for Store {
    fn default() -> Store {
        let (full, last) = Default::default();
        Store { max: LOG_RECORDS_MAX, full, last, before: 0, lines: 0, gone: None }
    }
}

impl Store {
    pub fn push(&mut self, r: Record) {
        if self.last.len() >= CHUNK {
            self.seal();
        }
        self.lines += u64::from(r.count);
        Arc::make_mut(&mut self.last).push(r);
    }

    fn seal(&mut self) {
        let records = std::mem::take(Arc::make_mut(&mut self.last));
        let mut keys: Vec<(u32, u32, u64)> =
            records.iter().map(|r| (r.place, r.template, u64::from(r.count))).collect();
        keys.sort_unstable();
        let mut sums: Vec<(u32, u32, u64)> = Vec::new();
        for (place, template, n) in keys {
            match sums.last_mut().filter(|s| (s.0, s.1) == (place, template)) {
                Some(s) => s.2 += n,
                None => sums.push((place, template, n)),
            }
        }
        let shipped = records.iter().all(|r| r.shipped);
        let full = Arc::make_mut(&mut self.full);
        full.push(Arc::new(Chunk { first: self.before, records, sums, lines: self.lines, shipped }));
        self.before += self.lines;
        self.lines = 0;
        self.limit(self.max);
    }

    /// Keeps so many records at most from here on, a chunk at least.
    pub fn limit(&mut self, records: usize) {
        self.max = records;
        let over = self.full.len().saturating_sub((records / CHUNK).max(1));
        if over > 0 {
            let old = Arc::make_mut(&mut self.full).drain(..over).next_back();
            self.gone = old.and_then(|c| c.records.last().map(|r| r.utc)).or(self.gone);
        }
    }

    pub fn kept(&self) -> LogKept {
        let all = self.before + self.lines;
        let dropped = self.full.first().map_or(self.before, |c| c.first);
        let records = self.full.iter().map(|c| c.records.len()).sum::<usize>() + self.last.len();
        LogKept { lines: all - dropped, records, dropped, dropped_until: self.gone }
    }

    fn choose<'q>(&self, q: &'q LogQuery<'q>, names: &'q Names) -> Choice<'q> {
        Choice {
            q,
            names,
            places: names.places.iter().map(|p| q.scope.holds(p)).collect(),
            templates: vec![OnceCell::new(); names.templates.len()],
        }
    }

    /// How many lines a query matches.
    pub fn count(&self, q: &LogQuery<'_>, names: &Names) -> u64 {
        let choice = self.choose(q, names);
        let mut line = String::new();
        let mut of = |records: &[Record]| -> u64 {
            records.iter().map(|r| Self::matching(r, choice.verdict(r), q, names, &mut line)).sum()
        };
        let mut n = 0;
        for chunk in self.full.iter() {
            let (Some(first), Some(last)) = (chunk.records.first(), chunk.records.last()) else { continue };
            if q.since.is_some_and(|s| last.utc < s) || q.until.is_some_and(|u| first.utc > u) {
                continue;
            }
            let whole = q.since.is_none_or(|s| first.utc >= s)
                && q.until.is_none_or(|u| last.utc <= u)
                && (!q.shipped || chunk.shipped);
            let mut sum = 0;
            let mut decided = whole;
            for (place, template, lines) in chunk.sums.iter().filter(|_| whole) {
                match choice.of(*place, *template) {
                    Verdict::No => {}
                    Verdict::All => sum += lines,
                    Verdict::Line => decided = false,
                }
            }
            n += if decided { sum } else { of(&chunk.records) };
        }
        n + of(&self.last)
    }

    /// Lines of a record that match.
    fn matching(r: &Record, v: Verdict, q: &LogQuery<'_>, names: &Names, line: &mut String) -> u64 {
        match (v, q.text, names.templates.get(r.template as usize)) {
            (Verdict::No, _, _) => 0,
            (Verdict::Line, Some(text), Some(t)) => {
                // Lines are made side by side and searched in one go, as a search through a file does it.
                let mut n = 0;
                for from in (0..r.count).step_by(256) {
                    line.clear();
                    for k in from..r.count.min(from + 256) {
                        t.expand(seeds(r, k), &names.durations, line);
                        line.push('\n');
                    }
                    n += lines_with(line, text);
                }
                n
            }
            _ => u64::from(r.count),
        }
    }

    /// The `k`-th line of a record, if it matches.
    fn line(r: &Record, k: u32, v: Verdict, q: &LogQuery<'_>, names: &Names, opened: Option<Utc>) -> Option<LogLine> {
        let (place, template) = (names.places.get(r.place as usize)?, names.templates.get(r.template as usize)?);
        let mut text = String::new();
        template.expand(seeds(r, k), &names.durations, &mut text);
        if v == Verdict::Line && q.text.is_some_and(|p| !text.contains(p)) {
            return None;
        }
        Some(LogLine {
            tick: tick_of(r.utc, opened),
            utc: r.utc,
            on: place.on.clone(),
            program: place.program.clone(),
            pid: (r.pid > 0).then_some(r.pid),
            unit: place.unit.clone(),
            level: template.level,
            text,
            more: 0,
        })
    }

    /// Chunks from the newest: lines before it and its records.
    fn backwards(&self) -> impl Iterator<Item = (u64, &[Record])> {
        let full = self.full.iter().rev().map(|c| (c.first, c.records.as_slice()));
        std::iter::once((self.before, self.last.as_slice())).chain(full)
    }

    /// The newest lines that a query matches, oldest first; with `folded` one for each record, which says how many more
    /// there are like it.
    pub fn tail(&self, q: &LogQuery<'_>, names: &Names, opened: Option<Utc>, limit: usize, folded: bool) -> LogPage {
        let choice = self.choose(q, names);
        let mut page = LogPage { lines: Vec::new(), next: self.before + self.lines, more: false };
        let mut looked = 0;
        'all: for r in self.backwards().flat_map(|(_, records)| records.iter().rev()) {
            if q.since.is_some_and(|s| r.utc < s) {
                break;
            }
            let v = choice.verdict(r);
            if v == Verdict::No {
                continue;
            }
            let lines = if folded { 0..r.count.min(1) } else { 0..r.count };
            for k in lines.rev() {
                if page.lines.len() >= limit || looked >= LOG_READ_MAX {
                    page.more = true;
                    break 'all;
                }
                looked += 1;
                if let Some(mut line) = Self::line(r, k, v, q, names, opened) {
                    line.more = if folded { r.count - 1 } else { 0 };
                    page.lines.push(line);
                }
            }
        }
        page.lines.reverse();
        page
    }

    /// Where to begin so that the last `n` matching lines follow.
    pub fn start(&self, q: &LogQuery<'_>, names: &Names, n: u64) -> u64 {
        let choice = self.choose(q, names);
        let mut left = n;
        let mut made = String::new();
        let mut at = self.before + self.lines;
        if n == 0 {
            return at;
        }
        for (first, records) in self.backwards() {
            at = first + records.iter().map(|r| u64::from(r.count)).sum::<u64>();
            for r in records.iter().rev() {
                at -= u64::from(r.count);
                let v = choice.verdict(r);
                let here = Self::matching(r, v, q, names, &mut made);
                if here < left {
                    left -= here;
                    continue;
                }
                for k in (0..r.count).rev() {
                    left -= u64::from(Self::matches(r, k, v, q, names, &mut made));
                    if left == 0 {
                        return at + u64::from(k);
                    }
                }
            }
        }
        at
    }

    fn matches(r: &Record, k: u32, v: Verdict, q: &LogQuery<'_>, names: &Names, made: &mut String) -> bool {
        match (v, q.text, names.templates.get(r.template as usize)) {
            (Verdict::Line, Some(text), Some(t)) => {
                made.clear();
                t.expand(seeds(r, k), &names.durations, made);
                made.contains(text)
            }
            (v, _, _) => v != Verdict::No,
        }
    }

    /// Matching lines from line `from` on, at most `limit`; a read looks at [`LOG_READ_MAX`] lines and no more.
    pub fn page(&self, q: &LogQuery<'_>, names: &Names, opened: Option<Utc>, from: u64, limit: usize) -> LogPage {
        let choice = self.choose(q, names);
        let end = self.before + self.lines;
        let mut page = LogPage { lines: Vec::new(), next: end, more: false };
        let begin = self.full.partition_point(|c| c.first + c.lines <= from);
        let chunks = self.full.iter().skip(begin).map(|c| (c.first, c.records.as_slice()));
        let mut looked = 0;
        for (mut at, records) in chunks.chain(std::iter::once((self.before, self.last.as_slice()))) {
            for r in records {
                let first = at;
                at += u64::from(r.count);
                let v = choice.verdict(r);
                if at <= from || v == Verdict::No {
                    continue;
                }
                for k in u32::try_from(from.saturating_sub(first)).unwrap_or(0)..r.count {
                    if page.lines.len() >= limit || looked >= LOG_READ_MAX {
                        (page.next, page.more) = (first + u64::from(k), true);
                        return page;
                    }
                    looked += 1;
                    page.lines.extend(Self::line(r, k, v, q, names, opened));
                }
            }
        }
        page
    }
}

/// Lines of a text that hold a pattern.
fn lines_with(text: &str, pattern: &str) -> u64 {
    let mut n = 0;
    let mut rest = text;
    while let Some(at) = rest.find(pattern) {
        n += 1;
        let tail = rest.get(at..).unwrap_or_default();
        rest = tail.find('\n').and_then(|end| tail.get(end + 1..)).unwrap_or_default();
    }
    n
}

pub(super) fn seeds(r: &Record, k: u32) -> Seeds {
    Seeds { line: scatter(r.seed, u64::from(k)), us: r.us, trace: r.trace }
}

/// Everything before the opening happened at tick 0.
fn tick_of(utc: Utc, opened: Option<Utc>) -> Tick {
    Tick(opened.and_then(|o| u64::try_from(utc.0 - o.0).ok()).unwrap_or(0))
}
