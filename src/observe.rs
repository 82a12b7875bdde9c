//! What the world shows: metrics, log lines, alerts; all derived from one world at one tick.
//!
//! Stores only grow and are shared between clones; a running digest over what went in stands for them in a digest.

mod alert;
mod log;
mod metric;
pub mod promql;
pub mod series;

pub use alert::{AlertNow, AlertPhase};
pub use log::{LOG_RECORDS_MAX, LogLine};
pub use metric::{SCRAPE_S, unit};

use crate::fact::FactKind;
use crate::scenario::{Scenario, Signal};
use crate::sim::{PREHISTORY_S, World};
use crate::stdx::digest::Running;
use crate::stdx::time::Tick;
use alert::Alerts;
use log::Logs;
use metric::Metrics;
use serde::Serialize;
use std::sync::Arc;

/// Everything that was measured and written so far, half an hour before the opening included.
#[derive(Clone, Debug, Serialize)]
pub struct Telemetry {
    metrics: Metrics,
    alerts: Alerts,
    logs: Logs,
    digest: Running,
}

impl Telemetry {
    /// What was there to see at the opening: the prehistory of `world`, which is a new one of `scenario`.
    ///
    /// Its noise comes from a stream of its own and has nothing to do with the session's seed.
    pub fn new(scenario: &Scenario, world: &World) -> Telemetry {
        let mut past = World::past(scenario, 0);
        let mut t = Telemetry {
            metrics: Metrics::new(&past),
            alerts: Alerts::new(&past),
            logs: Logs::new(&past),
            digest: Running::default(),
        };
        for _ in 0..PREHISTORY_S {
            past.step();
            t.take(&past, Some(world));
        }
        t.metrics.opened(world);
        t.logs.opened();
        t
    }

    /// Records the world after its tick, once a tick; the alerts that fired or ended.
    pub fn record(&mut self, world: &World) -> Vec<FactKind> {
        self.take(world, None)
    }

    /// `opening` is the world at tick 0 while the prehistory is recorded: disks and queues lead up to it.
    fn take(&mut self, world: &World, opening: Option<&World>) -> Vec<FactKind> {
        self.logs.record(world, &mut self.digest);
        if self.metrics.record(world, opening, &mut self.digest) {
            return self.alerts.judge(world, &self.metrics);
        }
        Vec::new()
    }

    /// A signal's samples: seconds from T0 and value, a gap where there was no data. Empty for an unknown signal.
    pub fn series(&self, signal: &Signal) -> Arc<Vec<(i64, Option<f64>)>> {
        self.metrics.series(signal)
    }

    /// The last sample of a signal.
    pub fn now(&self, signal: &Signal) -> Option<f64> {
        self.metrics.now(signal)
    }

    /// What is usual for a signal: its mean over the half hour before the opening.
    pub fn usual(&self, signal: &Signal) -> Option<f64> {
        self.metrics.usual(signal)
    }

    /// Signals that are recorded, in order.
    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        self.metrics.signals()
    }

    /// The alert rules and their state, by id.
    pub fn alerts(&self) -> Vec<AlertNow> {
        self.alerts.now()
    }

    /// The last `limit` log lines, oldest first: of one host, service or program if `on` is given, and not before
    /// `since` (without it the prehistory is included).
    pub fn logs(&self, on: Option<&str>, since: Option<Tick>, limit: usize) -> Vec<LogLine> {
        self.logs.read(on, since, limit)
    }
}
