//! Recording rules of objectives: the share of bad events over several windows, and what is left of the error budget.

use super::metric::Metrics;
use super::promql::{Query, Value, parse};
use super::series::{Labels, METRIC_NAME, STALE, SeriesId, SeriesStore, is_stale};
use crate::scenario::{SloSpec, WorldSpec};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Windows over which the share of bad events is recorded.
const WINDOWS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/// A recording rule: the result of an expression as series of their own.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Name of the new series.
    pub record: String,
    /// The expression.
    pub expr: String,
    /// Labels that are added.
    pub labels: Vec<(String, String)>,
}

/// The rules of an objective, in the order in which they are evaluated.
pub fn recordings(id: &str, s: &SloSpec) -> Vec<Recording> {
    let share = |window: &str| {
        let of = |expr: &str| expr.replace("$window", window);
        format!("1 - ({}) / ({})", of(&s.good), of(&s.total))
    };
    let labels = vec![("slo".to_owned(), id.to_owned())];
    let rule = |record: String, expr: String| Recording { record, expr, labels: labels.clone() };
    let mut all: Vec<Recording> =
        WINDOWS.iter().map(|w| rule(format!("slo:sli_error:ratio_rate{w}"), share(w))).collect();
    let objective = s.objective.to_f64();
    all.push(rule("slo:objective:ratio".to_owned(), format!("vector({objective})")));
    let period = format!("{}s", s.period.0.max(1));
    let left = format!("1 - ({}) / (1 - {objective})", share(&period));
    all.push(rule("slo:error_budget:remaining_ratio".to_owned(), left));
    all
}

/// The recording rules of a world, compiled.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder {
    rules: Arc<Vec<(Recording, Query)>>,
    /// Series that each rule wrote at the last evaluation.
    live: Vec<BTreeMap<Labels, SeriesId>>,
}

impl Recorder {
    pub fn new(spec: &WorldSpec) -> Recorder {
        let all = spec.slos.iter().flat_map(|(id, s)| recordings(id, s));
        let rules: Vec<_> = all.filter_map(|r| Some((r.clone(), parse(&r.expr).ok()?))).collect();
        Recorder { live: vec![BTreeMap::new(); rules.len()], rules: Arc::new(rules) }
    }

    pub fn rules(&self) -> impl Iterator<Item = &Recording> {
        self.rules.iter().map(|(r, _)| r)
    }

    /// Evaluates every rule and writes what it gives; series that it no longer gives end.
    pub fn evaluate(&mut self, metrics: &mut Metrics) {
        let Some(t_ms) = metrics.last_ms() else { return };
        for ((rule, query), live) in self.rules.iter().zip(&mut self.live) {
            record(rule, query, live, &mut metrics.store, t_ms);
        }
    }
}

fn record(rule: &Recording, query: &Query, live: &mut BTreeMap<Labels, SeriesId>, store: &mut SeriesStore, t_ms: i64) {
    let samples = match query.instant(store, t_ms) {
        Ok(Value::Vector(v)) => v,
        Ok(Value::Scalar(v)) => vec![(Labels::default(), t_ms, v)],
        _ => Vec::new(),
    };
    let mut now = BTreeMap::new();
    for (labels, _, value) in samples {
        let mut labels = labels.with(METRIC_NAME, &rule.record);
        for (name, value) in &rule.labels {
            labels = labels.with(name, value);
        }
        let id = store.series(labels.clone());
        store.append(id, t_ms, value);
        now.insert(labels, id);
    }
    for (_, id) in live.iter().filter(|(labels, _)| !now.contains_key(labels)) {
        if store.last(*id).is_some_and(|(_, v)| !is_stale(v)) {
            store.append(*id, t_ms, STALE);
        }
    }
    *live = now;
}
