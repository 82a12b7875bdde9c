//! The time-series store: append-only float series by label set, found by matchers, cheap to clone.
//!
//! A session is cloned often, so a clone shares everything: the label index, and every series' samples in chunks of
//! fixed size. The first append after a clone copies the table of series once and each touched series' newest chunk.
//! Samples are not serialised: whoever appends keeps a running digest over them.

mod chunk;
mod labels;
mod matcher;

pub use labels::{Labels, METRIC_NAME};
pub(crate) use matcher::anchored;
pub use matcher::{MatchOp, Matcher};

use chunk::Column;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The bits of Prometheus's staleness marker, a NaN of its own: "from here on there is no value".
const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The staleness marker as a value. Compare with [`is_stale`], never with `==`.
pub const STALE: f64 = f64::from_bits(STALE_BITS);

/// Whether a value is the staleness marker, and not just any NaN.
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_BITS
}

/// A series of one store; stays valid in clones of the store, and in the store as it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesId(pub u32);

/// Who is who: shared between clones until a new series appears.
#[derive(Clone, Default)]
struct Index {
    labels: Vec<Labels>,
    ids: BTreeMap<Labels, SeriesId>,
    /// Label name, then label value, then the series that have both, ascending.
    postings: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Vec<SeriesId>>>,
}

/// Float series by label set, append-only. A timestamp is in milliseconds since the Unix epoch (or the session's).
#[derive(Clone, Default)]
pub struct SeriesStore {
    index: Arc<Index>,
    columns: Arc<Vec<Arc<Column>>>,
    samples: u64,
}

impl SeriesStore {
    /// An empty store.
    pub fn new() -> SeriesStore {
        SeriesStore::default()
    }

    /// The series of a label set, made if it is new.
    pub fn series(&mut self, labels: Labels) -> SeriesId {
        if let Some(id) = self.index.ids.get(&labels) {
            return *id;
        }
        // More than 4 billion series do not fit into memory, so the last id only stands in for an impossible case.
        let id = SeriesId(u32::try_from(self.index.labels.len()).unwrap_or(u32::MAX));
        let index = Arc::make_mut(&mut self.index);
        for (name, value) in labels.pairs() {
            index.postings.entry(name.clone()).or_default().entry(value.clone()).or_default().push(id);
        }
        index.ids.insert(labels.clone(), id);
        index.labels.push(labels);
        Arc::make_mut(&mut self.columns).push(Arc::new(Column::default()));
        id
    }

    /// Appends a sample. False, and nothing happens, if it is not later than the series' last one or the id is unknown.
    pub fn append(&mut self, id: SeriesId, t_ms: i64, value: f64) -> bool {
        if self.column(id).is_none_or(|c| c.last().is_some_and(|(last, _)| last >= t_ms)) {
            return false;
        }
        let Some(column) = Arc::make_mut(&mut self.columns).get_mut(id.0 as usize) else { return false };
        Arc::make_mut(column).push(t_ms, value);
        self.samples += 1;
        true
    }

    /// Ends a series at `t_ms`: queries see no value from there on, until the next sample. As [`SeriesStore::append`].
    pub fn mark_stale(&mut self, id: SeriesId, t_ms: i64) -> bool {
        self.append(id, t_ms, STALE)
    }

    /// The labels of a series; empty labels for an unknown id.
    pub fn labels(&self, id: SeriesId) -> &Labels {
        self.index.labels.get(id.0 as usize).unwrap_or(Labels::none())
    }

    /// The last sample of a series, a staleness marker included.
    pub fn last(&self, id: SeriesId) -> Option<(i64, f64)> {
        self.column(id).and_then(Column::last)
    }

    /// The series that all matchers accept, ordered by labels. A label that a series lacks counts as empty.
    pub fn select(&self, matchers: &[Matcher]) -> Vec<SeriesId> {
        let mut found: Vec<SeriesId> = match self.narrowest(matchers) {
            Some(ids) => ids,
            None => (0..self.index.labels.len()).filter_map(|n| u32::try_from(n).ok()).map(SeriesId).collect(),
        };
        found.retain(|id| {
            let labels = self.labels(*id);
            matchers.iter().all(|m| m.matches(labels.get(m.name()).unwrap_or_default()))
        });
        found.sort_by(|a, b| self.labels(*a).cmp(self.labels(*b)));
        found
    }

    /// Candidates by the index: the shortest list that one equality matcher gives, or the union of the values that
    /// some other matcher accepts. None if every matcher accepts a series without its label.
    fn narrowest(&self, matchers: &[Matcher]) -> Option<Vec<SeriesId>> {
        let values_of = |m: &Matcher| self.index.postings.get(m.name());
        let equal = matchers.iter().filter(|m| m.op() == MatchOp::Equal && !m.value().is_empty());
        let lists = equal.map(|m| values_of(m).and_then(|v| v.get(m.value())).map(Vec::as_slice).unwrap_or_default());
        if let Some(shortest) = lists.min_by_key(|list| list.len()) {
            return Some(shortest.to_vec());
        }
        let m = matchers.iter().find(|m| !m.matches(""))?;
        let accepted = values_of(m).into_iter().flatten().filter(|(value, _)| m.matches(value));
        Some(accepted.flat_map(|(_, ids)| ids.iter().copied()).collect())
    }

    /// The samples of a series with `after_ms < t <= upto_ms`, oldest first, staleness markers included.
    pub fn samples(
        &self,
        id: SeriesId,
        after_ms_exclusive: i64,
        upto_ms_inclusive: i64,
    ) -> impl Iterator<Item = (i64, f64)> + '_ {
        self.column(id).into_iter().flat_map(move |c| c.samples(after_ms_exclusive, upto_ms_inclusive))
    }

    /// The last sample of a series with `after_ms < t <= upto_ms`, a staleness marker included.
    pub fn latest(&self, id: SeriesId, after_ms_exclusive: i64, upto_ms_inclusive: i64) -> Option<(i64, f64)> {
        self.column(id)?.latest(upto_ms_inclusive).filter(|(t, _)| *t > after_ms_exclusive)
    }

    /// Every series, in the order in which they were made.
    pub fn ids(&self) -> impl Iterator<Item = SeriesId> + '_ {
        (0..self.index.labels.len()).filter_map(|n| u32::try_from(n).ok()).map(SeriesId)
    }

    /// The values that a label has anywhere, ascending; for completion.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.index.postings.get(name).into_iter().flat_map(|values| values.keys().map(AsRef::as_ref))
    }

    /// The label names that occur, ascending; for completion.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.index.postings.keys().map(AsRef::as_ref)
    }

    /// How many series there are.
    pub fn len(&self) -> usize {
        self.index.labels.len()
    }

    /// Whether there is no series.
    pub fn is_empty(&self) -> bool {
        self.index.labels.is_empty()
    }

    /// How many samples are kept, staleness markers included.
    pub fn sample_count(&self) -> u64 {
        self.samples
    }

    /// Frees samples before `t_ms`, in whole chunks. A series' newest chunk always stays, so that its last sample is
    /// known and nothing older can be appended after it.
    pub fn drop_before(&mut self, t_ms: i64) {
        if !self.columns.iter().any(|c| c.can_drop(t_ms)) {
            return;
        }
        for column in Arc::make_mut(&mut self.columns) {
            if column.can_drop(t_ms) {
                self.samples = self.samples.saturating_sub(Arc::make_mut(column).drop_before(t_ms));
            }
        }
    }

    fn column(&self, id: SeriesId) -> Option<&Column> {
        self.columns.get(id.0 as usize).map(AsRef::as_ref)
    }
}

impl fmt::Debug for SeriesStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeriesStore({} series, {} samples)", self.len(), self.samples)
    }
}
