//! Alert rules: evaluated once a scrape, as Prometheus does; what each rule's state is and which alerts are active.

mod export;
mod rule;
mod template;

pub use export::{rules_yaml, tests_yaml};
pub use rule::{Active, RuleSpec};
pub use template::{expand, general, humanize, humanize_1024, humanize_duration, shortest};

use super::metric::{Metrics, query};
use super::promql::{Query, parse};
use crate::fact::FactKind;
use crate::scenario::{AlertSeverity, AlertSpec, Signal, Threshold};
use crate::sim::World;
use rule::{Found, Instances};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// State of an alert rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum AlertPhase {
    /// On the right side of the threshold.
    Normal,
    /// Over it, not yet long enough.
    Pending,
    /// Over it for long enough.
    Firing,
    /// Nothing that it looks at has data.
    NoData,
}

/// An alert rule now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertNow {
    /// Its id.
    pub id: String,
    /// Its state: that of its worst alert.
    pub state: AlertPhase,
    /// Since when, seconds from T0.
    pub since: i64,
    /// The signal's last sample; of an expression the value of its first active alert.
    pub value: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
struct Rule {
    now: AlertNow,
    active: Instances,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Alerts {
    all: BTreeMap<String, Rule>,
    /// The rules compiled, by id.
    #[serde(skip)]
    compiled: Arc<BTreeMap<String, (RuleSpec, Query)>>,
}

/// The rule that a scenario's alert means. A threshold on a signal is a comparison of the signal's series.
pub fn rule_of(id: &str, a: &AlertSpec) -> RuleSpec {
    let than = match &a.when {
        Some(Threshold::Above(limit)) => format!(" > {}", limit.to_f64()),
        Some(Threshold::Below(limit)) => format!(" < {}", limit.to_f64()),
        None => String::new(),
    };
    let expr = format!("{}{than}", query(&a.signal));
    let severity = match a.severity {
        AlertSeverity::Critical => "critical",
        AlertSeverity::Warning => "warning",
    };
    let mut labels: BTreeMap<String, String> =
        [("severity", severity), ("service", a.service.as_str())].map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    labels.extend(a.labels.clone());
    let mut annotations = a.annotations.clone();
    annotations.entry("summary".to_owned()).or_insert_with(|| a.summary.en.clone());
    let ms = |s: u64| i64::try_from(s).unwrap_or(i64::MAX / 4_000).saturating_mul(1_000);
    RuleSpec {
        name: id.to_owned(),
        expr,
        hold_ms: ms(a.hold.0),
        keep_firing_ms: ms(a.keep_firing.0),
        labels: labels.into_iter().collect(),
        annotations: annotations.into_iter().collect(),
        holds_gaps: a.when.is_some(),
    }
}

impl Alerts {
    pub fn new(w: &World) -> Alerts {
        let normal = |id: &String| AlertNow { id: id.clone(), state: AlertPhase::Normal, since: w.t_s(), value: None };
        let compile = |(id, a): (&String, &AlertSpec)| {
            let rule = rule_of(id, a);
            // Validation has reported what cannot be parsed.
            parse(&rule.expr).ok().map(|query| (id.clone(), (rule, query)))
        };
        let alerts = &w.spec().alerts;
        Alerts {
            all: alerts.keys().map(|id| (id.clone(), Rule { now: normal(id), active: Instances::default() })).collect(),
            compiled: Arc::new(alerts.iter().filter_map(compile).collect()),
        }
    }

    pub fn now(&self) -> Vec<AlertNow> {
        self.all.values().map(|r| r.now.clone()).collect()
    }

    /// Every alert that is pending or fires, by rule.
    pub fn active(&self) -> impl Iterator<Item = (&str, &Active)> {
        self.all.iter().flat_map(|(id, r)| r.active.0.iter().map(move |a| (id.as_str(), a)))
    }

    /// The rules as they are evaluated.
    pub fn rules(&self) -> impl Iterator<Item = &RuleSpec> {
        self.compiled.values().map(|(rule, _)| rule)
    }

    /// Judges every rule by the newest samples.
    pub fn judge(&mut self, w: &World, metrics: &mut Metrics) -> Vec<FactKind> {
        let mut facts = Vec::new();
        let Some(t_ms) = metrics.last_ms() else { return facts };
        for (id, spec) in &w.spec().alerts {
            let (Some(r), Some((rule, query))) = (self.all.get_mut(id), self.compiled.get(id)) else { continue };
            let found = r.active.evaluate(rule, query, &mut metrics.store, t_ms);
            let state = match (r.active.0.as_slice(), found) {
                (active, _) if active.iter().any(|a| a.firing) => AlertPhase::Firing,
                ([], Found::Nothing) => AlertPhase::NoData,
                ([], Found::Data) => AlertPhase::Normal,
                _ => AlertPhase::Pending,
            };
            r.now.value = match &spec.signal {
                Signal::Query { .. } => r.active.0.first().map(|a| a.value),
                signal => metrics.now(signal),
            };
            if r.now.state != state {
                let (alert, service) = (id.clone(), spec.service.clone());
                match (r.now.state, state) {
                    (_, AlertPhase::Firing) => facts.push(FactKind::AlertFired { alert, service }),
                    (AlertPhase::Firing, _) => facts.push(FactKind::AlertResolved { alert, service }),
                    _ => {}
                }
                r.now.state = state;
                r.now.since = w.t_s();
            }
        }
        facts
    }
}
