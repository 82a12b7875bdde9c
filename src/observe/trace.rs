//! Traces: the stories of a few requests of a second, made of what the world counted in it; a trace never tells of an
//! outcome that did not happen.
//!
//! Stored as spans by position, with names put to them when somebody reads. Slow and failed requests are looked for first.

mod show;
mod walk;

pub use show::{Trace, TraceSpan};

use super::log::Mark;
use crate::sim::{Answers, World};
use crate::stdx::digest::Running;
use crate::stdx::rng::scatter;
use crate::stdx::time::Utc;
use serde::Serialize;
use show::Names;
use std::sync::Arc;
use walk::{Left, Wish, walk};

/// Traces kept; the oldest go first.
pub const TRACES_MAX: usize = 20_000;

/// Seconds between two requests of an entry that are sampled whatever becomes of them.
const USUAL_S: i64 = 10;

/// Traces of a chunk.
const CHUNK: usize = 256;

/// What a span is about, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// A client of a traffic source.
    Client(u32),
    /// A service at work on an endpoint slot.
    Service(u32, u32),
    /// An attempt of a call, counted from 1.
    Call(u32, u32),
}

/// How a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Ok,
    Redirect,
    Missing,
    Own,
    Call,
    Shed,
    Limited,
    Timeout,
    Error,
    Refused,
    Broken,
    Starved,
    Unresolved,
    Tls,
    Denied,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    of: Of,
    end: End,
    depth: u32,
    /// Microseconds since the client began.
    start_us: u32,
    us: u32,
}

#[derive(Clone, Debug)]
struct Stored {
    id: u64,
    utc: Utc,
    spans: Box<[Span]>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Traces {
    #[serde(skip)]
    names: Arc<Names>,
    #[serde(skip)]
    full: Arc<Vec<Arc<Vec<Stored>>>>,
    #[serde(skip)]
    last: Arc<Vec<Stored>>,
}

impl Traces {
    pub fn new(w: &World) -> Traces {
        Traces { names: Arc::new(Names::new(w)), full: Arc::default(), last: Arc::default() }
    }

    /// Samples requests of the world's last second; the log lines that are about them. `seen` are the answers before it,
    /// by service and slot.
    pub fn record(&mut self, w: &World, seen: &[Answers], digest: &mut Running) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut left: Option<Left> = None;
        for (at, (entry, (_, source))) in w.entries().zip(w.sources()).enumerate() {
            if source.attempts == 0 {
                continue;
            }
            let usual = (w.utc().0 + at as i64).rem_euclid(USUAL_S) == 0;
            let wishes = [(source.failures > 0).then_some(Wish::Failed), usual.then_some(Wish::Any)];
            for (k, wish) in wishes.into_iter().flatten().enumerate() {
                let left = left.get_or_insert_with(|| Left::new(w, seen));
                let id = scatter(scatter(w.utc().0.cast_unsigned(), at as u64), k as u64) | 1;
                let Some((spans, told)) = walk(w, left, at as u32, &entry, wish, id) else { continue };
                marks.extend(told);
                digest.push(&(id, spans.len(), spans.first().map(|s| s.us)));
                self.push(Stored { id, utc: w.utc(), spans: spans.into_boxed_slice() });
            }
        }
        marks
    }

    fn push(&mut self, t: Stored) {
        if self.last.len() >= CHUNK {
            let full = Arc::make_mut(&mut self.full);
            full.push(std::mem::take(&mut self.last));
            if full.len() > TRACES_MAX / CHUNK {
                full.remove(0);
            }
        }
        Arc::make_mut(&mut self.last).push(t);
    }

    fn newest(&self) -> impl Iterator<Item = &Stored> {
        std::iter::once(&self.last).chain(self.full.iter().rev()).flat_map(|c| c.iter().rev())
    }

    /// The newest traces, newest first: those that pass a service if one is given, only failed ones if asked for.
    pub fn list(&self, service: Option<&str>, failed: bool, limit: usize) -> Vec<Trace> {
        let passes = |t: &&Stored| service.is_none_or(|s| self.names.passes(t, s));
        let fits = |t: &&Stored| !failed || t.spans.first().is_some_and(|s| s.end > End::Missing);
        self.newest().filter(fits).filter(passes).take(limit).map(|t| self.names.expand(t)).collect()
    }

    /// The trace of an id, or of the beginning of one.
    pub fn find(&self, id: &str) -> Option<Trace> {
        let id = id.to_ascii_lowercase();
        if id.len() < 4 {
            return None;
        }
        self.newest().find(|t| format!("{:016x}", t.id).starts_with(&id)).map(|t| self.names.expand(t))
    }
}
