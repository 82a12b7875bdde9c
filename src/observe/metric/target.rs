//! What a scrape writes together: the series of one target, their ids resolved once.

use crate::observe::series::{Labels, STALE, SeriesId, SeriesStore, is_stale};
use serde::Serialize;

/// The pages of one scrape: where samples go, at which time, and the bytes that the digest takes in.
pub(super) struct Scrape<'a> {
    pub store: &'a mut SeriesStore,
    pub t_ms: i64,
    pub bytes: &'a mut Vec<u8>,
}

impl Scrape<'_> {
    /// Writes one sample. The staleness marker ends the series, once.
    pub fn write(&mut self, id: SeriesId, value: f64) {
        if is_stale(value) && self.store.last(id).is_none_or(|(_, last)| is_stale(last)) {
            return;
        }
        self.bytes.extend_from_slice(&id.0.to_le_bytes());
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
        self.store.append(id, self.t_ms, value);
    }
}

/// A scraped target: `up`, and its series in the order in which they were declared.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Target {
    #[serde(skip)]
    ids: Vec<SeriesId>,
    /// Whether its series are alive.
    live: bool,
}

impl Target {
    /// A target; `up` has these labels.
    pub fn new(store: &mut SeriesStore, labels: &[(&str, &str)]) -> Target {
        let mut t = Target::default();
        t.declare(store, "up", labels);
        t
    }

    /// Whether the last scrape found it.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// One more series.
    pub fn declare(&mut self, store: &mut SeriesStore, name: &str, labels: &[(&str, &str)]) {
        self.ids.push(store.series(Labels::metric(name, labels.iter().copied())));
    }

    /// A scrape that found it: `values` in the order of declaration, `up` left out.
    pub fn found(&mut self, scrape: &mut Scrape<'_>, values: &[f64]) {
        debug_assert_eq!(self.ids.len(), values.len() + 1, "a value for each series");
        self.live = true;
        for (id, value) in self.ids.iter().zip([1.0].iter().chain(values)) {
            scrape.write(*id, *value);
        }
    }

    /// A scrape that did not: `up` is 0 and everything else ends. Never a zero in its place.
    pub fn lost(&mut self, scrape: &mut Scrape<'_>) {
        let mut ids = self.ids.iter();
        if let Some(up) = ids.next() {
            scrape.write(*up, 0.0);
        }
        if std::mem::take(&mut self.live) {
            for id in ids {
                scrape.write(*id, STALE);
            }
        }
    }
}

/// Counters of one process: they go on when the books behind them begin again, and start at zero when the process does.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Counters {
    /// What they showed when `base` was taken.
    carry: Vec<u64>,
    /// The books at that time.
    base: Vec<u64>,
    /// The books now.
    now: Vec<u64>,
    /// What they showed at the last scrape.
    last: Vec<u64>,
}

impl Counters {
    /// Reads the books.
    pub fn read(&mut self, books: impl Iterator<Item = u64>) {
        self.now.clear();
        self.now.extend(books);
        let n = self.now.len();
        for v in [&mut self.carry, &mut self.base, &mut self.last] {
            v.resize(n, 0);
        }
    }

    /// What a counter shows.
    pub fn value(&self, at: usize) -> u64 {
        let of = |v: &[u64]| v.get(at).copied().unwrap_or(0);
        of(&self.carry) + of(&self.now).saturating_sub(of(&self.base))
    }

    /// What all of them show.
    pub fn values(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.now.len()).map(|at| self.value(at))
    }

    /// By how much a counter rose since the last scrape; after a restart, since then.
    pub fn rise(&self, at: usize) -> u64 {
        self.value(at).saturating_sub(self.last.get(at).copied().unwrap_or(0))
    }

    /// A scrape is done.
    pub fn scraped(&mut self) {
        self.last = self.values().collect();
    }

    /// The process started anew: from the books as just read, everything counts from zero.
    pub fn restart(&mut self) {
        self.carry.fill(0);
        self.last.fill(0);
        self.base.clone_from(&self.now);
    }

    /// The books begin again at what was just read while the process goes on.
    pub fn rebase(&mut self, books: impl Iterator<Item = u64>) {
        let carry: Vec<u64> = self.values().collect();
        self.read(books);
        self.base.clone_from(&self.now);
        self.carry = carry;
    }
}
