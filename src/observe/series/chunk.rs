//! The samples of one series, in chunks that clones share.

use std::sync::Arc;

/// Samples of a chunk: 1 KiB. Bigger chunks cost more to copy after a clone, smaller ones more to point to.
const CHUNK_SAMPLES: usize = 64;

/// One series' samples, oldest first: full chunks, and the newest one that still grows.
#[derive(Clone, Default)]
pub(super) struct Column {
    chunks: Vec<Arc<Vec<(i64, f64)>>>,
}

impl Column {
    /// Appends; the caller has checked that it is later than the last sample.
    pub(super) fn push(&mut self, t_ms: i64, value: f64) {
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK_SAMPLES => Arc::make_mut(chunk).push((t_ms, value)),
            _ => self.chunks.push(Arc::new(vec![(t_ms, value)])),
        }
    }

    pub(super) fn last(&self) -> Option<(i64, f64)> {
        self.chunks.last().and_then(|c| c.last()).copied()
    }

    /// The last sample at or before `upto_ms`.
    pub(super) fn latest(&self, upto_ms: i64) -> Option<(i64, f64)> {
        // The first chunk that starts later; the sample is in the one before it.
        let next = self.chunks.partition_point(|c| c.first().is_some_and(|(t, _)| *t <= upto_ms));
        let chunk = self.chunks.get(next.checked_sub(1)?)?;
        let end = chunk.partition_point(|(t, _)| *t <= upto_ms);
        chunk.get(end.checked_sub(1)?).copied()
    }

    /// The samples after `after_ms` and up to `upto_ms`.
    pub(super) fn samples(&self, after_ms: i64, upto_ms: i64) -> impl Iterator<Item = (i64, f64)> + '_ {
        let first = self.chunks.partition_point(|c| c.last().is_some_and(|(t, _)| *t <= after_ms));
        let chunks = self.chunks.get(first..).unwrap_or_default();
        let skip = chunks.first().map_or(0, |c| c.partition_point(|(t, _)| *t <= after_ms));
        chunks.iter().flat_map(|c| c.iter().copied()).skip(skip).take_while(move |(t, _)| *t <= upto_ms)
    }

    /// Whether the oldest chunk lies wholly before `t_ms` and is not the newest.
    pub(super) fn can_drop(&self, t_ms: i64) -> bool {
        self.chunks.len() > 1 && self.chunks.first().and_then(|c| c.last()).is_some_and(|(t, _)| *t < t_ms)
    }

    /// Drops the chunks wholly before `t_ms`, never the newest; how many samples went.
    pub(super) fn drop_before(&mut self, t_ms: i64) -> u64 {
        let old = self.chunks.partition_point(|c| c.last().is_some_and(|(t, _)| *t < t_ms));
        let old = old.min(self.chunks.len().saturating_sub(1));
        let gone: usize = self.chunks.drain(..old).map(|c| c.len()).sum();
        gone as u64
    }
}
