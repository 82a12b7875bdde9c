//! Charts that were drawn since the last scrape: a query over a range gives the same lines until the next one, so that it
//! is answered once, however many frames show it. Nothing of it is state: without it every answer is the same.

use super::projection::LineView;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers that are kept; beyond them all are forgotten.
const HELD_MAX: usize = 512;

/// The lines of a chart and how many more there are, or what is wrong with its query.
pub(super) type Lines = Result<(Vec<LineView>, usize), String>;

#[derive(Default)]
struct Held {
    /// The scrape that they are of, milliseconds.
    scrape: Option<i64>,
    lines: BTreeMap<(String, i64), Lines>,
    /// Queries answered so far.
    made: u64,
}

/// Lines by query and range. A copy begins empty.
#[derive(Default)]
pub(crate) struct Charts(Mutex<Held>);

impl Clone for Charts {
    fn clone(&self) -> Charts {
        Charts::default()
    }
}

impl fmt::Debug for Charts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charts").finish_non_exhaustive()
    }
}

impl Charts {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lines of a query over the last `range_s` seconds of what was scraped up to `scrape`, which `make` finds.
    pub fn lines(&self, scrape: Option<i64>, query: &str, range_s: i64, make: impl FnOnce() -> Lines) -> Lines {
        let key = (query.to_owned(), range_s);
        let mut held = self.held();
        if held.scrape != scrape || held.lines.len() >= HELD_MAX {
            held.scrape = scrape;
            held.lines.clear();
        }
        if let Some(lines) = held.lines.get(&key) {
            return lines.clone();
        }
        let made = make();
        held.made += 1;
        held.lines.insert(key, made.clone());
        made
    }

    /// Queries that had to be answered so far.
    pub fn made(&self) -> u64 {
        self.held().made
    }
}
