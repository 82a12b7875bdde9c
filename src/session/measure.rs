//! What the measurements say, for screens and tools alike: one reading of graphs, alerts, health and releases,
//! so that a panel and a tool cannot disagree.

use super::Session;
use super::projection::{AlertState, Arg, Health, Text};
use crate::observe::{AlertNow, AlertPhase};
use crate::scenario::{AlertSeverity, AlertSpec, GraphSpec, ServiceKind, Signal, Threshold};
use crate::stdx::text::compact;
use crate::stdx::time::Span;

impl Session {
    /// The unit of a signal's values as shown: `/s`, `%`, `ms`, `items`, `ok`.
    pub(super) fn unit(signal: &Signal) -> &str {
        crate::observe::unit(signal)
    }

    /// Shares are shown in percent.
    pub(super) fn scale(signal: &Signal) -> f64 {
        if Session::unit(signal) == "%" { 100.0 } else { 1.0 }
    }

    /// A signal's value now, in its shown unit.
    pub(super) fn value(&self, signal: &Signal) -> Option<f64> {
        self.state.telemetry.now(signal).map(|v| v * Session::scale(signal))
    }

    /// The state of the alert on a graph's signal, if there is a rule for it.
    pub(super) fn graph_state(&self, graph: &GraphSpec) -> Option<AlertState> {
        let (id, _) = self.scenario.world.alerts.iter().find(|(_, a)| a.signal == graph.signal)?;
        self.alert_now(id).map(|a| alert_state(a.state))
    }

    /// The state of an alert rule.
    pub(super) fn alert_now(&self, id: &str) -> Option<AlertNow> {
        self.state.telemetry.alerts().into_iter().find(|a| a.id == id)
    }

    /// Health of a service as measured: its worst alert, or unknown where no signal looks at it.
    pub(super) fn health(&self, service: &str) -> Health {
        let mut worst = None;
        for alert in self.state.telemetry.alerts() {
            let Some(spec) = self.scenario.world.alerts.get(&alert.id).filter(|a| a.service == service) else {
                continue;
            };
            let health = match (alert.state, spec.severity) {
                (AlertPhase::Firing, AlertSeverity::Critical) => Health::Critical,
                (AlertPhase::Firing, AlertSeverity::Warning) | (AlertPhase::Pending, _) => Health::Warning,
                (AlertPhase::Normal, _) => Health::Ok,
                (AlertPhase::NoData, _) => continue,
            };
            worst = worst.max(Some(health));
        }
        // Where no rule watches a service, nobody calls it well while none of its replicas runs.
        let replicated = self.scenario.world.services.get(service).is_some_and(|s| !s.on.is_empty());
        if worst.is_none() && replicated && !self.state.world.is_up(service) {
            return Health::Critical;
        }
        // Green needs a figure of its own and a graph that looks at it: no data is never normal.
        let figure = self.figure_signal(service).and_then(|s| self.value(&s));
        let seen = figure.is_some() && self.measured(service);
        worst.unwrap_or(if seen { Health::Ok } else { Health::Unknown })
    }

    /// Whether any graph looks at a service.
    fn measured(&self, service: &str) -> bool {
        self.scenario.world.graphs.iter().any(|g| self.service_of_signal(&g.signal).as_deref() == Some(service))
    }

    /// The one figure that stands for a service: its request rate, or a worker's queue.
    pub(super) fn figure_signal(&self, service: &str) -> Option<Signal> {
        let spec = self.scenario.world.services.get(service)?;
        match &spec.kind {
            ServiceKind::Worker { queue } => Some(Signal::QueueDepth(queue.clone())),
            _ => Some(Signal::RequestRate(service.to_owned())),
        }
    }

    /// A figure as text: `1.18K/s`, `97 %`, `3 items`.
    pub(super) fn figure(&self, signal: &Signal) -> Option<String> {
        self.value(signal).map(|v| with_unit(v, Session::unit(signal)))
    }

    /// The same for a screen, which has its own words for counts and checks.
    pub(super) fn figure_text(&self, signal: &Signal) -> Option<Text> {
        let value = self.value(signal)?;
        Some(match Session::unit(signal) {
            "ok" => Text::key(if value >= 0.5 { "figure-ok" } else { "figure-failing" }),
            "items" => {
                // A count that is said in full has a plural; a short form has the usual one.
                let n = if value < 999.5 { Arg::Number(value.round() as i64) } else { Arg::Word(compact(value)) };
                Text::Key("figure-items".to_owned(), vec![("n".to_owned(), n)])
            }
            unit => Text::Raw(with_unit(value, unit)),
        })
    }

    /// An alert rule in words: `above 1 % for 2m`.
    pub(super) fn rule_text(spec: &AlertSpec) -> Text {
        let (side, limit) = match &spec.when {
            Some(Threshold::Above(r)) => ("above", r.to_f64()),
            Some(Threshold::Below(r)) => ("below", r.to_f64()),
            None => {
                let expr = crate::observe::query(&spec.signal);
                return Text::Raw(if spec.hold == Span(0) { expr } else { format!("{expr} for {}", spec.hold) });
            }
        };
        let limit = match Session::unit(&spec.signal) {
            // A check is 0 or 1, and a rule on it reads like one on a number.
            "ok" | "items" => compact(limit),
            unit => with_unit(limit * Session::scale(&spec.signal), unit),
        };
        let limit = ("limit".to_owned(), Arg::Word(limit));
        if spec.hold == Span(0) {
            return Text::Key(format!("rule-{side}"), vec![limit]);
        }
        Text::Key(format!("rule-{side}-for"), vec![limit, ("hold".to_owned(), Arg::Word(spec.hold.to_string()))])
    }

    /// The service at the other end of a signal, as a threshold line on its graph.
    pub(super) fn threshold(&self, signal: &Signal) -> Option<f64> {
        let mut rules = self.scenario.world.alerts.values().filter(|a| a.signal == *signal);
        let (Threshold::Above(r) | Threshold::Below(r)) = rules.find_map(|a| a.when.as_ref())?;
        Some(r.to_f64() * Session::scale(signal))
    }
}

/// The projection's word for an alert's phase.
pub(super) fn alert_state(phase: AlertPhase) -> AlertState {
    match phase {
        AlertPhase::Firing => AlertState::Firing,
        AlertPhase::Pending => AlertState::Pending,
        AlertPhase::Normal => AlertState::Normal,
        AlertPhase::NoData => AlertState::NoData,
    }
}

/// A value with its unit, three significant digits: `4.71K/s`, `0.03 %`, `91 ms`, `ok`.
pub(super) fn with_unit(value: f64, unit: &str) -> String {
    if unit == "ok" {
        return if value >= 0.5 { "ok".to_owned() } else { "failing".to_owned() };
    }
    let number = compact(value);
    match unit {
        "" => number,
        "/s" => format!("{number}{unit}"),
        _ => format!("{number} {unit}"),
    }
}
