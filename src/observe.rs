//! What the world shows: metrics, log lines, alerts; all derived from one world at one tick.
//!
//! Stores only grow and are shared between clones; a running digest over what went in stands for them in a digest.

mod alert;
mod complete;
mod dashboard;
mod log;
mod metric;
mod openmetrics;
pub mod promql;
mod route;
pub mod series;
mod slo;
mod trace;

pub use alert::{
    Active, AlertNow, AlertPhase, RuleSpec, expand, general, humanize, humanize_1024, humanize_duration, rule_of,
    shortest, tests_yaml,
};
pub use complete::{Candidate, CandidateKind, FUNCTIONS, complete};
pub use dashboard::{Panel, components, dashboards};
pub use log::{LOG_READ_MAX, LOG_RECORDS_MAX, LogKept, LogLine, LogPage, LogQuery, LogScope, Written, file_line};
pub use metric::{BOUNDS_S, Family, FamilyKind, RETENTION_S, SCRAPE_S, families, query, reference, unit};
use openmetrics::openmetrics;
pub use route::{Manager, Notification, Silence, Told, matcher};
pub use slo::{Recording, recordings};
pub use trace::{TRACES_MAX, Trace, TraceSpan};

use crate::fact::FactKind;
use crate::scenario::{Scenario, Signal};
use crate::sim::{PREHISTORY_S, World};
use crate::stdx::digest::Running;
use crate::stdx::time::Tick;
use alert::Alerts;
use log::Logs;
use metric::Metrics;
use serde::Serialize;
use series::SeriesStore;
use slo::Recorder;
use std::sync::Arc;
use trace::Traces;

/// Everything that was measured and written so far, half an hour before the opening included.
#[derive(Clone, Debug, Serialize)]
pub struct Telemetry {
    metrics: Metrics,
    #[serde(skip)]
    recorder: Recorder,
    alerts: Alerts,
    manager: Manager,
    /// Who is told since the session last asked.
    notifications: Vec<Notification>,
    logs: Logs,
    traces: Traces,
    digest: Running,
}

/// Now in a world, milliseconds since the Unix epoch.
fn ms(world: &World) -> i64 {
    world.utc().0.saturating_mul(1_000)
}

impl Telemetry {
    /// What was there to see at the opening: the prehistory of `world`, which is a new one of `scenario`.
    ///
    /// Its noise comes from a stream of its own and has nothing to do with the session's seed.
    pub fn new(scenario: &Scenario, world: &World) -> Telemetry {
        let mut past = World::past(scenario, 0);
        let mut t = Telemetry {
            metrics: Metrics::new(&past),
            recorder: Recorder::new(past.spec()),
            alerts: Alerts::new(&past),
            manager: Manager::of(past.spec()),
            notifications: Vec::new(),
            logs: Logs::new(&past, world),
            traces: Traces::new(world),
            digest: Running::default(),
        };
        for _ in 0..PREHISTORY_S {
            past.step();
            t.take(&past, Some(world));
        }
        t.metrics.opened(world);
        t.notifications.clear();
        t.logs.opened(world);
        t
    }

    /// Records the world after its tick, once a tick; the alerts that fired or ended.
    pub fn record(&mut self, world: &World) -> Vec<FactKind> {
        self.take(world, None)
    }

    /// The first half of [`Telemetry::record`]: what programs write. What goes into files takes room on disks that the
    /// second half, [`Telemetry::measure`], sees.
    pub fn write(&mut self, world: &World) {
        let marks = self.traces.record(world, self.logs.seen(), &mut self.digest);
        self.logs.record(world, &marks, &mut self.digest);
    }

    /// The second half of [`Telemetry::record`]: what is measured of the world, and the alerts that fired or ended.
    pub fn measure(&mut self, world: &World) -> Vec<FactKind> {
        self.scrape(world, None)
    }

    /// `opening` is the world at tick 0 while the prehistory is recorded: disks and queues lead up to it.
    fn take(&mut self, world: &World, opening: Option<&World>) -> Vec<FactKind> {
        self.write(world);
        self.scrape(world, opening)
    }

    fn scrape(&mut self, world: &World, opening: Option<&World>) -> Vec<FactKind> {
        if self.metrics.record(world, opening, &mut self.digest) {
            self.recorder.evaluate(&mut self.metrics);
            let facts = self.alerts.judge(world, &mut self.metrics);
            self.metrics.ask();
            self.tell(world);
            return facts;
        }
        // Between two scrapes the same alerts fire, and a group may be due.
        if self.manager.due(ms(world)) {
            self.tell(world);
        }
        Vec::new()
    }

    fn tell(&mut self, world: &World) {
        self.notifications.extend(self.manager.step(self.alerts.active(), ms(world)));
    }

    /// A signal's samples: seconds from T0 and value, a gap where there was no data. Empty for an unknown signal.
    pub fn series(&self, signal: &Signal) -> Arc<Vec<(i64, Option<f64>)>> {
        self.metrics.series(signal)
    }

    /// Every series that was scraped or recorded. Times are milliseconds since the Unix epoch, in simulated time.
    pub fn store(&self) -> &SeriesStore {
        &self.metrics.store
    }

    /// Hits and misses of a cache or edge since the beginning of the prehistory.
    pub fn hits(&self, name: &str) -> Option<(u64, u64)> {
        self.metrics.hits(name)
    }

    /// Seconds between scrapes.
    pub fn interval_s(&self) -> u64 {
        self.metrics.interval_s()
    }

    /// When the last scrape was, milliseconds since the Unix epoch.
    pub fn scraped_ms(&self) -> Option<i64> {
        self.metrics.last_ms()
    }

    /// Whether the last scrape of a service found it.
    pub fn found(&self, service: &str) -> bool {
        self.metrics.found(service)
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

    /// Every alert that is pending or fires, with the id of its rule.
    pub fn active(&self) -> impl Iterator<Item = (&str, &Active)> {
        self.alerts.active()
    }

    /// Alert rules as they are evaluated.
    pub fn rules(&self) -> impl Iterator<Item = &RuleSpec> {
        self.alerts.rules()
    }

    /// Recording and alert rules as a rule file of Prometheus.
    pub fn rules_yaml(&self) -> String {
        alert::rules_yaml(self.recorder.rules(), self.alerts.rules(), self.interval_s())
    }

    /// The samples as OpenMetrics, each `shift_ms` later than it was taken.
    pub fn openmetrics(&self, shift_ms: i64) -> String {
        openmetrics(&self.metrics.store, shift_ms)
    }

    /// Routes and silences.
    pub fn manager(&self) -> &Manager {
        &self.manager
    }

    /// Routes and silences, to silence something.
    pub fn manager_mut(&mut self) -> &mut Manager {
        &mut self.manager
    }

    /// Who is told since the last time that this was asked.
    pub fn notifications(&mut self) -> Vec<Notification> {
        std::mem::take(&mut self.notifications)
    }

    /// The last `limit` log lines, oldest first: of one host, service or program if `on` is given, and not before
    /// `since` (without it the prehistory is included).
    pub fn logs(&self, on: Option<&str>, since: Option<Tick>, limit: usize) -> Vec<LogLine> {
        let scope = on.map_or(LogScope::All, LogScope::Any);
        let since = since.and_then(|t| self.logs.moment(t));
        self.logs.tail(&LogQuery { scope, since, ..LogQuery::default() }, limit, false).lines
    }

    /// The last `limit` log lines that a query matches, oldest first; with `folded` one for each second and template,
    /// which says how many more there are.
    pub fn log_tail(&self, query: &LogQuery<'_>, limit: usize, folded: bool) -> LogPage {
        self.logs.tail(query, limit, folded)
    }

    /// The log lines that a query matches from line number `from` on, `limit` of them at most. A read looks at
    /// [`LOG_READ_MAX`] lines and says whether there may be more.
    pub fn log_page(&self, query: &LogQuery<'_>, from: u64, limit: usize) -> LogPage {
        self.logs.page(query, from, limit)
    }

    /// Number of the line at which the last `n` lines that a query matches begin.
    pub fn log_start(&self, query: &LogQuery<'_>, n: u64) -> u64 {
        self.logs.start(query, n)
    }

    /// How many log lines a query matches; what the fixed text of a template decides is not expanded.
    pub fn log_count(&self, query: &LogQuery<'_>) -> u64 {
        self.logs.count(query)
    }

    /// What programs wrote into log files of their hosts in the second that was recorded last.
    pub fn written(&self) -> &[Written] {
        self.logs.written()
    }

    /// Keeps so many log records at most, [`LOG_RECORDS_MAX`] unless somebody says otherwise; the oldest go first, a
    /// thousand at a time.
    pub fn limit_logs(&mut self, records: usize) {
        self.logs.limit(records);
    }

    /// What the log holds, and what it no longer does.
    pub fn log_kept(&self) -> LogKept {
        self.logs.kept()
    }

    /// The newest requests that were sampled, newest first: those that pass a service if one is given, and only those
    /// that failed if asked for.
    pub fn traces(&self, service: Option<&str>, failed: bool, limit: usize) -> Vec<Trace> {
        self.traces.list(service, failed, limit)
    }

    /// The sampled request of an id, or of at least four digits of its beginning.
    pub fn trace(&self, id: &str) -> Option<Trace> {
        self.traces.find(id)
    }
}
