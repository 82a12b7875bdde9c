//! Alert rules: normal, pending, firing and back, judged at every sample.

use super::metric::Metrics;
use crate::fact::FactKind;
use crate::scenario::{AlertSpec, Threshold};
use crate::sim::World;
use serde::Serialize;
use std::collections::BTreeMap;

/// State of an alert rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum AlertPhase {
    /// On the right side of the threshold.
    Normal,
    /// Over it, not yet long enough.
    Pending,
    /// Over it for long enough.
    Firing,
    /// The signal has no data.
    NoData,
}

/// An alert rule now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertNow {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: AlertPhase,
    /// Since when, seconds from T0.
    pub since: i64,
    /// The signal's last sample.
    pub value: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Alerts {
    all: BTreeMap<String, AlertNow>,
}

impl Alerts {
    pub fn new(w: &World) -> Alerts {
        let normal = |id: &String| AlertNow { id: id.clone(), state: AlertPhase::Normal, since: w.t_s(), value: None };
        Alerts { all: w.spec().alerts.keys().map(|id| (id.clone(), normal(id))).collect() }
    }

    pub fn now(&self) -> Vec<AlertNow> {
        self.all.values().cloned().collect()
    }

    /// Judges every rule by the newest samples.
    pub fn judge(&mut self, w: &World, metrics: &Metrics) -> Vec<FactKind> {
        let mut facts = Vec::new();
        for (id, spec) in &w.spec().alerts {
            let Some(a) = self.all.get_mut(id) else { continue };
            a.value = metrics.now(&spec.signal);
            let over = a.value.map(|v| breaches(spec, v));
            // A hold of nothing goes through pending to firing within one look.
            for _ in 0..2 {
                let held = u64::try_from(w.t_s() - a.since).unwrap_or(0) >= spec.hold.0;
                let Some(next) = next(a.state, over, held) else { break };
                let (alert, service) = (id.clone(), spec.service.clone());
                match (a.state, next) {
                    (_, AlertPhase::Firing) => facts.push(FactKind::AlertFired { alert, service }),
                    (AlertPhase::Firing, _) => facts.push(FactKind::AlertResolved { alert, service }),
                    _ => {}
                }
                a.state = next;
                a.since = w.t_s();
            }
        }
        facts
    }
}

fn breaches(spec: &AlertSpec, value: f64) -> bool {
    match &spec.when {
        Threshold::Above(limit) => value > limit.to_f64(),
        Threshold::Below(limit) => value < limit.to_f64(),
    }
}

/// The state that follows, if another one does. Missing data never ends an alert that fires.
fn next(state: AlertPhase, over: Option<bool>, held: bool) -> Option<AlertPhase> {
    use AlertPhase::*;
    match (state, over) {
        (Normal | NoData, Some(true)) => Some(Pending),
        (Pending, Some(true)) if held => Some(Firing),
        (Pending | Firing | NoData, Some(false)) => Some(Normal),
        (Normal | Pending, None) => Some(NoData),
        _ => None,
    }
}
