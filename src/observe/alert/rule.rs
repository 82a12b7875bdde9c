//! One alert rule as Prometheus evaluates it: instances by labels, pending, firing, kept firing, resolved.

use super::template::expand;
use crate::observe::promql::{Query, Value};
use crate::observe::series::{Labels, STALE, SeriesId, SeriesStore};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a rule asks and what it makes of the answer.
#[derive(Clone, Debug)]
pub struct RuleSpec {
    /// Its name, `alertname`.
    pub name: String,
    /// The expression, as written.
    pub expr: String,
    /// How long it holds before it fires, milliseconds.
    pub hold_ms: i64,
    /// How long it goes on firing after it no longer holds, milliseconds.
    pub keep_firing_ms: i64,
    /// Labels that are added; templates.
    pub labels: Vec<(String, String)>,
    /// Annotations; templates.
    pub annotations: Vec<(String, String)>,
    /// Whether missing data leaves a firing alert as it is (the threshold form of a scenario) or ends it (Prometheus).
    pub holds_gaps: bool,
}

/// An alert of a rule that is pending or fires.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Active {
    /// Its labels, `alertname` included.
    pub labels: Labels,
    /// Its annotations, expanded.
    pub annotations: BTreeMap<String, String>,
    /// Whether it fires; else it is pending.
    pub firing: bool,
    /// Since when it holds, milliseconds since the Unix epoch.
    pub active_ms: i64,
    /// Since when it fires.
    pub fired_ms: Option<i64>,
    /// Since when it no longer holds, while it is kept firing.
    pub keeps_since_ms: Option<i64>,
    /// The expression's value.
    pub value: f64,
    #[serde(skip)]
    series: Option<(SeriesId, SeriesId, SeriesId)>,
}

/// What an evaluation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The inputs have data.
    Data,
    /// No selector of the expression finds anything.
    Nothing,
}

/// The active alerts of a rule.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Instances(pub Vec<Active>);

impl Instances {
    /// Evaluates the rule at `t_ms` and writes `ALERTS` and `ALERTS_FOR_STATE`.
    pub fn evaluate(&mut self, rule: &RuleSpec, query: &Query, store: &mut SeriesStore, t_ms: i64) -> Found {
        let answer = query.instant(store, t_ms);
        let found = if query.has_data(store, t_ms) { Found::Data } else { Found::Nothing };
        let samples: Vec<(Labels, f64)> = match answer {
            Ok(Value::Vector(v)) => v.into_iter().map(|(labels, _, value)| (labels, value)).collect(),
            Ok(Value::Scalar(v)) => vec![(Labels::default(), v)],
            // An expression that has no answer now has none; the format refuses what cannot be parsed.
            _ => Vec::new(),
        };
        let fresh: Vec<(Labels, &Labels, f64)> =
            samples.iter().map(|(labels, value)| (identity(rule, labels, *value), labels, *value)).collect();
        let frozen = found == Found::Nothing && rule.holds_gaps;
        for a in &mut self.0 {
            let now = fresh.iter().find(|(identity, _, _)| *identity == a.labels);
            match now {
                Some((_, labels, value)) => {
                    a.value = *value;
                    a.annotations = annotations(rule, labels, *value);
                    a.keeps_since_ms = None;
                }
                None if a.firing && !frozen => {
                    a.keeps_since_ms.get_or_insert(t_ms);
                }
                None => {}
            }
        }
        let before = std::mem::take(&mut self.0);
        for a in before {
            let holds = fresh.iter().any(|(identity, _, _)| *identity == a.labels);
            let kept = a.firing && a.keeps_since_ms.is_some_and(|since| t_ms - since < rule.keep_firing_ms);
            if holds || kept || (a.firing && frozen) {
                self.0.push(a);
            } else {
                a.end(store, t_ms);
            }
        }
        for (identity, labels, value) in fresh {
            if self.0.iter().all(|a| a.labels != identity) {
                self.0.push(Active {
                    annotations: annotations(rule, labels, value),
                    labels: identity,
                    firing: false,
                    active_ms: t_ms,
                    fired_ms: None,
                    keeps_since_ms: None,
                    value,
                    series: None,
                });
            }
        }
        for a in &mut self.0 {
            if !a.firing && t_ms - a.active_ms >= rule.hold_ms {
                a.firing = true;
                a.fired_ms = Some(t_ms);
            }
            a.show(store, t_ms);
        }
        self.0.sort_by(|a, b| a.labels.cmp(&b.labels));
        found
    }
}

impl Active {
    /// An alert that fires since `t_ms`.
    pub fn firing(labels: Labels, t_ms: i64, value: f64) -> Active {
        Active {
            labels,
            annotations: BTreeMap::new(),
            firing: true,
            active_ms: t_ms,
            fired_ms: Some(t_ms),
            keeps_since_ms: None,
            value,
            series: None,
        }
    }

    /// Writes its state as series.
    fn show(&mut self, store: &mut SeriesStore, t_ms: i64) {
        let labels = &self.labels;
        let (pending, firing, since) = *self.series.get_or_insert_with(|| {
            let of = |name: &str, state: &str| labels.with("__name__", name).with("alertstate", state);
            (
                store.series(of("ALERTS", "pending")),
                store.series(of("ALERTS", "firing")),
                store.series(of("ALERTS_FOR_STATE", "")),
            )
        });
        let (now, other) = if self.firing { (firing, pending) } else { (pending, firing) };
        store.append(now, t_ms, 1.0);
        end(store, other, t_ms);
        store.append(since, t_ms, self.active_ms as f64 / 1_000.0);
    }

    /// Its series end.
    fn end(&self, store: &mut SeriesStore, t_ms: i64) {
        if let Some((pending, firing, since)) = self.series {
            for id in [pending, firing, since] {
                end(store, id, t_ms);
            }
        }
    }
}

fn end(store: &mut SeriesStore, id: SeriesId, t_ms: i64) {
    if store.last(id).is_some_and(|(_, v)| !crate::observe::series::is_stale(v)) {
        store.append(id, t_ms, STALE);
    }
}

/// The labels of an alert: those of the result, then those of the rule, then its name.
fn identity(rule: &RuleSpec, result: &Labels, value: f64) -> Labels {
    let mut labels = result.nameless();
    for (name, template) in &rule.labels {
        labels = labels.with(name, &expand(template, result, value));
    }
    labels.with("alertname", &rule.name)
}

fn annotations(rule: &RuleSpec, result: &Labels, value: f64) -> BTreeMap<String, String> {
    rule.annotations.iter().map(|(name, template)| (name.clone(), expand(template, result, value))).collect()
}
