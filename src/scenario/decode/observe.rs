//! From the checked tree to the model: alert rules, objectives and what they mean, routes, escalation.

use super::super::decode_world::signal;
use super::super::model::*;
use super::super::value::Value;
use super::threshold;
use crate::stdx::rational::{Exact, whole};
use crate::stdx::time::Span;
use std::collections::BTreeMap;

/// Factors of the error budget's burn rate with their long and short windows, and whether they page: the SRE workbook's
/// multi-window, multi-burn-rate alerts.
const BURNS: [(&str, &str, &str, bool); 4] =
    [("14.4", "1h", "5m", true), ("6", "6h", "30m", true), ("3", "1d", "2h", false), ("1", "3d", "6h", false)];

/// Time after which an unanswered page rings the secondary, where the scenario has such a person and says nothing.
const ESCALATE: Span = Span(300);

/// What a graph shows or a rule looks at: a signal, or an expression with its unit.
pub fn shown(v: &Value, expr: &str) -> Signal {
    match (v.get("signal"), v.get(expr)) {
        (None, Some(e)) => Signal::Query { expr: e.text(), unit: v.get("unit").map(Value::text).unwrap_or_default() },
        (s, _) => s.map_or_else(|| Signal::Query { expr: String::new(), unit: String::new() }, signal),
    }
}

/// An alert rule.
pub fn alert(v: &Value) -> AlertSpec {
    AlertSpec {
        reliability: super::reliability(v),
        signal: shown(v, "expr"),
        when: v.get("when").map(threshold),
        hold: v.get("for").unwrap_or(v.at("hold")).span(),
        keep_firing: v.at("keep_firing_for").span(),
        labels: v.at("labels").map(Value::text),
        annotations: v.at("annotations").map(Value::text),
        pages: v.get("pages").map(Value::text),
        severity: match v.at("severity").tag() {
            "Warning" => AlertSeverity::Warning,
            _ => AlertSeverity::Critical,
        },
        summary: v.at("summary").lang(),
        service: v.at("service").text(),
        fact: v.at("fact").fact(),
    }
}

/// An objective.
pub fn slo(v: &Value) -> SloSpec {
    SloSpec {
        objective: v.at("objective").exact(),
        good: v.at("good").text(),
        total: v.at("total").text(),
        period: v.at("period").span(),
        pages: v.get("pages").map(Value::text),
        summary: v.at("summary").lang(),
        service: v.at("service").text(),
        fact: v.at("fact").fact(),
    }
}

/// The two alert rules that an objective means.
pub fn burn_alerts(id: &str, s: &SloSpec) -> [(String, AlertSpec); 2] {
    let budget = Exact(whole(1) - s.objective.0.clone()).to_f64();
    let over = |(factor, long, short, _): &(&str, &str, &str, bool)| {
        let side = |window: &str| format!("slo:sli_error:ratio_rate{window}{{slo={id:?}}} > ({factor} * {budget})");
        format!("({} and {})", side(long), side(short))
    };
    let rule = |fast: bool| {
        let parts: Vec<String> = BURNS.iter().filter(|b| b.3 == fast).map(over).collect();
        AlertSpec {
            reliability: None,
            signal: Signal::Query { expr: parts.join(" or "), unit: "%".to_owned() },
            when: None,
            hold: Span(0),
            keep_firing: Span(0),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            pages: if fast { s.pages.clone() } else { None },
            severity: if fast { AlertSeverity::Critical } else { AlertSeverity::Warning },
            summary: s.summary.clone(),
            service: s.service.clone(),
            fact: s.fact.clone(),
        }
    };
    [(format!("{id}-fast-burn"), rule(true)), (format!("{id}-slow-burn"), rule(false))]
}

/// Where alerts go.
pub fn routing(v: &Value) -> RoutingSpec {
    RoutingSpec {
        route: route(v.at("route")),
        inhibit: v.at("inhibit").list(|i| InhibitSpec {
            source: i.at("source").texts(),
            target: i.at("target").texts(),
            equal: i.at("equal").texts(),
        }),
    }
}

fn route(v: &Value) -> RouteSpec {
    RouteSpec {
        matchers: v.at("matchers").texts(),
        receiver: v.get("receiver").map(Value::text),
        go_on: v.at("continue").bool(),
        group_by: v.get("group_by").map(Value::texts),
        group_wait: v.get("group_wait").map(Value::span),
        group_interval: v.get("group_interval").map(Value::span),
        repeat_interval: v.get("repeat_interval").map(Value::span),
        routes: v.at("routes").list(route),
    }
}

/// Who is called when nobody answers; by default the secondary, if there is one.
pub fn escalation(v: Option<&Value>, people: &Value) -> Vec<EscalationSpec> {
    match v {
        Some(steps) => steps.list(|s| EscalationSpec { after: s.at("after").span(), to: s.at("to").text() }),
        None => people
            .entries()
            .iter()
            .filter(|(id, _, _)| id == "secondary")
            .map(|(id, _, _)| EscalationSpec { after: ESCALATE, to: id.clone() })
            .collect(),
    }
}
