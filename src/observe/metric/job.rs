//! Series of queues and of probes.

use super::target::{Counters, Scrape, Target};
use crate::observe::series::SeriesStore;
use crate::sim::{Probe, Queue};
use serde::Serialize;

/// Milliseconds that a probe's request spends on its way, as a tool's from inside.
const WAY_MS: f64 = 9.0;

/// What a queue shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct QueueSeries {
    target: Target,
    #[serde(skip)]
    pub name: String,
    counters: Counters,
    /// Last known share of finished items that succeeded.
    success: Option<f64>,
}

fn books(q: &Queue) -> impl Iterator<Item = u64> {
    [q.arrived_total, q.done_total, q.failed_total, q.requeued_total].into_iter()
}

impl QueueSeries {
    pub fn new(store: &mut SeriesStore, name: &str) -> QueueSeries {
        let of = [("queue", name)];
        let mut target = Target::new(store, &[("job", "queue"), of[0]]);
        for metric in [
            "queue_items_arrived_total",
            "queue_items_processed_total",
            "queue_items_failed_total",
            "queue_items_requeued_total",
            "queue_depth",
            "queue_failed_items",
        ] {
            target.declare(store, metric, &of);
        }
        QueueSeries { target, name: name.to_owned(), counters: Counters::default(), success: None }
    }

    /// The world's books begin again at the opening.
    pub fn rebase(&mut self, q: &Queue) {
        self.counters.rebase(books(q));
        self.counters.scraped();
    }

    /// A scrape with `depth` items waiting; the share of finished items that succeeded.
    pub fn scrape(&mut self, q: &Queue, depth: f64, scrape: &mut Scrape<'_>) -> Option<f64> {
        self.counters.read(books(q));
        let mut values: Vec<f64> = self.counters.values().map(|n| n as f64).collect();
        values.extend([depth, q.failed as f64]);
        self.target.found(scrape, &values);
        let (done, failed) = (self.counters.rise(1), self.counters.rise(2));
        // An interval in which nothing finished says nothing new.
        if done + failed > 0 {
            self.success = Some(done as f64 / (done + failed) as f64);
        }
        self.counters.scraped();
        self.success
    }
}

/// What a probe shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProbeSeries {
    target: Target,
}

impl ProbeSeries {
    pub fn new(store: &mut SeriesStore, name: &str) -> ProbeSeries {
        let mut target = Target::new(store, &[("job", "probe"), ("probe", name)]);
        for metric in ["probe_success", "probe_duration_seconds"] {
            target.declare(store, metric, &[("probe", name)]);
        }
        ProbeSeries { target }
    }

    /// A scrape; `target_ms` is how long the probed service takes to answer.
    pub fn scrape(&mut self, p: &Probe, target_ms: f64, scrape: &mut Scrape<'_>) {
        let duration_s = (WAY_MS + target_ms) / 1e3;
        self.target.found(scrape, &[f64::from(u8::from(p.ok)), duration_s]);
    }
}
