//! Sense of rules and graphs: a signal or an expression, and expressions that can be read.

use super::super::read::Reader;
use super::super::value::Value;
use super::one_of;
use crate::diagnostic::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks rules, graphs and objectives.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let world = root.at("world");
    for (_, _, alert) in world.at("alerts").entries() {
        either(reader, alert, "signal", "expr");
        either(reader, alert, "when", "expr");
        expression(reader, alert.get("expr"), &[]);
    }
    for graph in world.at("graphs").items() {
        either(reader, graph, "signal", "query");
        expression(reader, graph.get("query"), &[]);
    }
    for (_, _, slo) in world.at("slos").entries() {
        for side in ["good", "total"] {
            expression(reader, slo.get(side), &[("$window", "5m")]);
        }
        if let Some(objective) = slo.get("objective")
            && *objective.exact() >= crate::stdx::rational::whole(1)
        {
            let help = Some("for example \"0.999\"".to_owned());
            let message = "an objective of everything leaves no error budget".to_owned();
            reader.report(Code::OutOfRange, &objective.at, message, "below 1".to_owned(), help);
        }
    }
    let routes = world.get("routing").map(|r| r.at("route"));
    let mut left: Vec<&Value> = routes.into_iter().collect();
    while let Some(route) = left.pop() {
        matchers(reader, route.at("matchers"));
        left.extend(route.at("routes").items());
    }
    for inhibit in world.get("routing").map(|r| r.at("inhibit").items()).unwrap_or_default() {
        matchers(reader, inhibit.at("source"));
        matchers(reader, inhibit.at("target"));
    }
}

/// Reports a record that has both of two fields or neither.
fn either(reader: &mut Reader<'_>, record: &Value, a: &str, b: &str) {
    if record.get(a).is_some() == record.get(b).is_some() {
        one_of(reader, record, a, b);
    }
}

/// Reports an expression that the grammar cannot read.
fn expression(reader: &mut Reader<'_>, v: Option<&Value>, holes: &[(&str, &str)]) {
    let Some(v) = v else { return };
    let mut text = v.text();
    for (hole, value) in holes {
        if !text.contains(hole) {
            let help = Some(format!("write the range as `[{hole}]`"));
            let message = format!("the expression does not say `{hole}`");
            reader.report(Code::BadExpression, &v.at, message, "no window".to_owned(), help);
            return;
        }
        text = text.replace(hole, value);
    }
    // The grammar panics on some texts that are no PromQL.
    let parsed = catch_unwind(AssertUnwindSafe(|| promql_parser::parser::parse(&text).map(drop)));
    if let Err(why) = parsed.unwrap_or_else(|_| Err("not PromQL".to_owned())) {
        let why = why.lines().next().unwrap_or_default().to_owned();
        reader.report(Code::BadExpression, &v.at, "the expression cannot be read".to_owned(), why, None);
    }
}

/// Reports a matcher of a route that cannot be read.
fn matchers(reader: &mut Reader<'_>, list: &Value) {
    for m in list.items() {
        let text = m.text();
        let query = format!("{{{text}, __name__=\"x\"}}");
        let parsed = catch_unwind(AssertUnwindSafe(|| promql_parser::parser::parse(&query).map(drop)));
        if !matches!(parsed, Ok(Ok(()))) {
            let help = Some("for example \"severity=\\\"critical\\\"\"".to_owned());
            let message = format!("the matcher `{text}` cannot be read");
            reader.report(Code::BadExpression, &m.at, message, "not a matcher".to_owned(), help);
        }
    }
}
