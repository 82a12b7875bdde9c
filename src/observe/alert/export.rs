//! Rules as files of Prometheus: a rule file, and unit tests for `promtool test rules` with the samples that were seen.

use super::rule::{Active, RuleSpec};
use crate::observe::series::{Labels, SeriesStore, is_stale};
use crate::observe::slo::Recording;
use std::fmt::Write as _;

/// A text as YAML has it in double quotes.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

fn pairs<'a>(out: &mut String, indent: &str, key: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut pairs = pairs.peekable();
    if pairs.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{indent}{key}:");
    for (name, value) in pairs {
        let _ = writeln!(out, "{indent}  {name}: {}", quoted(value));
    }
}

fn both((n, v): &(String, String)) -> (&str, &str) {
    (n, v)
}

/// A rule file with every recording and alert rule, evaluated each `interval_s` seconds.
pub fn rules_yaml<'a>(
    recordings: impl Iterator<Item = &'a Recording>,
    rules: impl Iterator<Item = &'a RuleSpec>,
    interval_s: u64,
) -> String {
    let mut out = format!("groups:\n- name: world\n  interval: {interval_s}s\n  rules:\n");
    for r in recordings {
        let _ = writeln!(out, "  - record: {}\n    expr: {}", quoted(&r.record), quoted(&r.expr));
        pairs(&mut out, "    ", "labels", r.labels.iter().map(both));
    }
    for r in rules {
        let _ = writeln!(out, "  - alert: {}\n    expr: {}", quoted(&r.name), quoted(&r.expr));
        let _ = writeln!(out, "    for: {}s", r.hold_ms / 1_000);
        if r.keep_firing_ms > 0 {
            let _ = writeln!(out, "    keep_firing_for: {}s", r.keep_firing_ms / 1_000);
        }
        pairs(&mut out, "    ", "labels", r.labels.iter().map(both));
        pairs(&mut out, "    ", "annotations", r.annotations.iter().map(both));
    }
    out
}

/// Unit tests of promtool: the series that `wanted` names as input, and at each time what fired by which rule.
///
/// `fired` holds times in milliseconds, in order; the first sample of a series is at or after `start_ms`.
pub fn tests_yaml(
    store: &SeriesStore,
    wanted: &dyn Fn(&Labels) -> bool,
    (start_ms, end_ms, step_ms): (i64, i64, i64),
    rule_file: &str,
    fired: &[(i64, String, Vec<Active>)],
) -> String {
    let step_ms = step_ms.max(1);
    let mut out = format!(
        "rule_files: [{}]\nevaluation_interval: {}s\ntests:\n- interval: {}s\n  input_series:\n",
        quoted(rule_file),
        step_ms / 1_000,
        step_ms / 1_000
    );
    for id in store.ids().filter(|id| wanted(store.labels(*id))) {
        let _ = write!(out, "  - series: {}\n    values: \"", quoted(&store.labels(id).to_string()));
        let mut samples = store.samples(id, start_ms - 1, end_ms).peekable();
        let mut t = start_ms;
        while t <= end_ms {
            let _ = match samples.next_if(|(at, _)| *at == t) {
                Some((_, v)) if is_stale(v) => write!(out, "stale "),
                Some((_, v)) => write!(out, "{} ", super::shortest(v)),
                None => write!(out, "_ "),
            };
            t += step_ms;
        }
        out.push_str("\"\n");
    }
    out.push_str("  alert_rule_test:\n");
    for (t_ms, name, active) in fired {
        let _ = writeln!(out, "  - eval_time: {}s\n    alertname: {}", (t_ms - start_ms) / 1_000, quoted(name));
        if active.is_empty() {
            continue;
        }
        out.push_str("    exp_alerts:\n");
        for a in active {
            out.push_str("    -\n");
            let labels = a.labels.iter().filter(|(n, _)| *n != "alertname");
            pairs(&mut out, "      ", "exp_labels", labels);
            let annotations = a.annotations.iter().map(|(n, v)| (n.as_str(), v.as_str()));
            pairs(&mut out, "      ", "exp_annotations", annotations);
        }
    }
    out
}
