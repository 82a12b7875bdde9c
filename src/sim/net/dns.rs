//! DNS: records with their history, resolvers, and caches in which a changed answer arrives as old ones run out.
//!
//! A cache that holds what the record says is not written down at all. Only after a change, or while a resolver fails,
//! does a pair of cache and record have an [`Entry`]: cohorts of holders whose answers run out evenly over a span of
//! time. That is exact for a crowd that asked at independent times, and for a single cache the span is one second long.

use serde::Serialize;

/// What a record says from some moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Services or addresses; none is a name without addresses.
    pub to: Vec<String>,
    /// For how long it is kept, seconds.
    pub ttl: u64,
    /// Since when it holds, seconds of simulated UTC.
    pub since: u64,
    /// Who set it.
    pub by: String,
}

/// A record and what it said before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// Name without a final dot.
    pub name: String,
    /// For how long an empty answer is kept, seconds.
    pub negative: u64,
    /// All answers, oldest first; the last one holds.
    pub answers: Vec<Answer>,
    /// Share of questions that get the last one; the others still get the one before.
    pub mix: f64,
    /// Whether the last one is a fault's doing.
    pub bad: bool,
}

impl Record {
    /// Number of the answer that holds.
    pub fn current(&self) -> usize {
        self.answers.len().saturating_sub(1)
    }

    /// For how long a cache keeps an answer, seconds.
    pub fn kept_s(&self, answer: usize) -> u64 {
        self.answers.get(answer).map_or(0, |a| if a.to.is_empty() { self.negative } else { a.ttl })
    }
}

/// A resolver.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Resolver {
    /// Queries a second in the last tick.
    pub queries: f64,
    /// Share of queries that fail (SERVFAIL or no answer).
    pub failing: f64,
    /// Time to answer one, seconds.
    pub latency_s: f64,
}

/// Holders of one answer, which runs out for them evenly over the seconds `from` to `to`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Cohort {
    pub answer: usize,
    pub share: f64,
    pub from: u64,
    pub to: u64,
}

/// What the holders behind one cache have of one record, while it is not simply what the record says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Entry {
    pub keeper: usize,
    pub record: usize,
    pub cohorts: Vec<Cohort>,
    /// Share that has no answer and gets none.
    pub none: f64,
}

/// Below this a share is nobody.
const NOBODY: f64 = 1e-9;

impl Entry {
    /// One second: answers run out and are asked for again, a share of which fails. Whether it is still needed.
    pub fn step(&mut self, now: u64, record: &Record, failing: f64) -> bool {
        let mut asking = self.none;
        for c in &mut self.cohorts {
            if now >= c.from {
                let part = c.share / (c.to.saturating_sub(now) + 1) as f64;
                c.share -= part;
                asking += part;
            }
        }
        self.cohorts.retain(|c| c.share > NOBODY);
        let failing = failing.clamp(0.0, 1.0);
        let fresh = asking * (1.0 - failing);
        self.none = asking - fresh;
        let current = record.current();
        self.ask(now, record, current, fresh * record.mix);
        self.ask(now, record, current.saturating_sub(1), fresh * (1.0 - record.mix));
        let odd = |c: &Cohort| c.answer != current;
        failing > 0.0 || self.none > NOBODY || record.mix < 1.0 || self.cohorts.iter().any(odd)
    }

    /// A share gets this answer now.
    fn ask(&mut self, now: u64, record: &Record, answer: usize, share: f64) {
        if share <= NOBODY {
            return;
        }
        let until = now + record.kept_s(answer).max(1);
        match self.cohorts.iter_mut().rev().find(|c| c.answer == answer && now < c.from) {
            Some(c) => {
                c.share += share;
                c.to = c.to.max(until);
            }
            None => self.cohorts.push(Cohort { answer, share, from: until, to: until }),
        }
    }

    /// Share that holds each answer.
    pub fn holds(&self, answer: usize) -> f64 {
        self.cohorts.iter().filter(|c| c.answer == answer).map(|c| c.share).sum()
    }
}

/// Ticks until a single cache asks again, by where it stands in its round; 1 to `ttl`.
pub(crate) fn round(now: u64, ttl: u64, keeper: usize, record: usize) -> u64 {
    let ttl = ttl.max(1);
    let phase = (keeper as u64).wrapping_mul(7_919).wrapping_add((record as u64).wrapping_mul(104_729));
    ttl - now.wrapping_add(phase) % ttl
}
