//! `kubectl describe hpa`, and how an autoscaler says that it takes replicas away.

use super::Page;
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::kube::Call;
use crate::console::tool::kube::object::{Api, Object};
use crate::console::tool::kube::words::{Moment, cores};
use crate::sim::capacity::ScalerRow;
use serde_json::{Value, json};

/// Seconds that an autoscaler waits before it scales in where nobody says so.
const SETTLE_S: u64 = 300;

/// The most that a direction moves: type, value, seconds over which it counts.
type Policy = (&'static str, u64, u64);

/// `spec.behavior` of an autoscaler whose way to take replicas away was declared: policies up and down.
fn behavior(s: &ScalerRow) -> Option<(Vec<Policy>, Policy)> {
    let policy = &s.scale_in;
    let declared = policy.most.is_some() || policy.cooldown.0 > 0 || s.settle_s != SETTLE_S;
    let period = s.every_s.max(policy.cooldown.0);
    let down = policy.most.map_or(("Percent", 100, period), |most| ("Pods", most, period));
    declared.then(|| (vec![("Pods", 4, s.every_s), ("Percent", 100, s.every_s)], down))
}

/// `spec.behavior` as the API gives it; `None` where nothing was declared.
pub(in crate::console::tool::kube) fn behavior_json(s: &ScalerRow) -> Option<Value> {
    let one = |(kind, value, period): &Policy| json!({ "type": kind, "value": value, "periodSeconds": period });
    let rules = |settle: u64, policies: &[Policy]| {
        let all: Vec<Value> = policies.iter().map(one).collect();
        json!({ "stabilizationWindowSeconds": settle, "selectPolicy": "Max", "policies": all })
    };
    let (up, down) = behavior(s)?;
    Some(json!({ "scaleUp": rules(0, &up), "scaleDown": rules(s.settle_s, &[down]) }))
}

/// Rows whose cells stand in columns two blanks apart, as wide as the widest of neighbouring rows needs.
fn aligned(page: &mut Page, rows: &[Vec<String>]) {
    let ends = |r: &[String], c: usize| c + 1 < r.len();
    let width = |at: usize, c: usize| {
        let near = |r: &&Vec<String>| ends(r, c);
        let back = rows.iter().take(at).rev().take_while(near);
        let all = back.chain(rows.iter().skip(at).take_while(near));
        all.filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0) + 2
    };
    for (at, r) in rows.iter().enumerate() {
        let mut line = String::new();
        for (c, cell) in r.iter().enumerate() {
            let w = if ends(r, c) { width(at, c) } else { 0 };
            line.push_str(&format!("{cell:<w$}"));
        }
        page.line(&line);
    }
}

/// What it reads and wants to read: the key and the value of its row.
fn metric(s: &ScalerRow, d: &DeploymentInfo) -> (String, String) {
    let read = s.read.map(|v| v.round().max(0.0) as u64);
    let shown = |unit: &str| read.map_or("<unknown>".to_owned(), |v| format!("{v}{unit}"));
    match s.metric {
        "cpu" => {
            let requested = d.view.revisions.last().map_or(0.0, |(r, _)| r.needs.cpu);
            let used = s.read.map_or(String::new(), |v| format!(" ({})", cores(requested * v / 100.0)));
            let key = "  resource cpu on pods  (as a percentage of request):";
            (key.to_owned(), format!("{}{used} / {}%", shown("%"), s.target))
        }
        "queue" => ("  \"queue\" (target average value):".to_owned(), format!("{} / {}", shown(""), s.target)),
        name => (format!("  \"{name}\" on pods:"), format!("{} / {}", shown(""), s.target)),
    }
}

/// What it says of itself: type, status, reason, message.
fn conditions(s: &ScalerRow, d: &DeploymentInfo) -> Vec<Vec<String>> {
    let of = match s.metric {
        "cpu" => "cpu resource utilization (percentage of request)".to_owned(),
        "queue" => "external metric queue(nil)".to_owned(),
        name => format!("pods metric {name}"),
    };
    let able = match d.view.total == s.replicas {
        true => ("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size".to_owned()),
        false => {
            let text = format!("the HPA controller was able to update the target scale to {}", s.replicas);
            ("AbleToScale", "True", "SucceededRescale", text)
        }
    };
    let active = match s.read {
        _ if s.paused => {
            let text = "scaling is disabled since the replica count of the target is zero".to_owned();
            ("ScalingActive", "False", "ScalingDisabled", text)
        }
        Some(_) => {
            let text = format!("the HPA was able to successfully calculate a replica count from {of}");
            ("ScalingActive", "True", "ValidMetricFound", text)
        }
        None => {
            let text = format!("the HPA was unable to compute the replica count: failed to get {of}");
            ("ScalingActive", "False", "FailedGetResourceMetric", text)
        }
    };
    let over = |v: f64| v > s.target as f64;
    let limited = match s.read {
        Some(v) if s.replicas == s.max && over(v) => {
            ("True", "TooManyReplicas", "the desired replica count is more than the maximum replica count")
        }
        Some(v) if s.replicas == s.min && !over(v) => {
            ("True", "TooFewReplicas", "the desired replica count is less than the minimum replica count")
        }
        _ => ("False", "DesiredWithinRange", "the desired count is within the acceptable range"),
    };
    let limited = ("ScalingLimited", limited.0, limited.1, limited.2.to_owned());
    [able, active, limited].map(|(t, on, why, text)| vec![t.into(), on.into(), why.into(), text]).to_vec()
}

impl Call {
    /// The page of an autoscaler.
    pub(super) fn describe_scaler(&self, o: &Object, d: &DeploymentInfo) -> String {
        let Some(s) = &d.scaler else { return String::new() };
        let mut page = Page::default();
        let made = Api { cluster: &self.cluster, now: self.now }.deployment_age(d);
        let row = |key: &str, value: String| vec![format!("{key}:"), value];
        let mut rows = vec![row("Name", o.name.clone()), row("Namespace", o.namespace.to_owned())];
        for (key, values) in [("Labels", super::labels(o)), ("Annotations", super::annotations(o))] {
            let none = values.is_empty().then(|| "<none>".to_owned());
            for (k, v) in values.into_iter().chain(none).enumerate() {
                rows.push(if k == 0 { row(key, v) } else { vec![String::new(), v] });
            }
        }
        let (key, value) = metric(s, d);
        rows.extend([
            row("CreationTimestamp", self.now.plus(-i64::try_from(made).unwrap_or(0)).moment()),
            row("Reference", format!("Deployment/{}", o.name)),
            row("Metrics", "( current / target )".to_owned()),
            vec![key, value],
            row("Min replicas", s.min.to_string()),
            row("Max replicas", s.max.to_string()),
        ]);
        if let Some((up, down)) = behavior(s) {
            rows.push(vec!["Behavior:".to_owned()]);
            for (name, settle, policies) in [("Up", 0, up), ("Down", s.settle_s, vec![down])] {
                rows.push(vec![format!("  Scale {name}:")]);
                rows.push(vec![format!("    Stabilization Window: {settle} seconds")]);
                rows.push(vec!["    Select Policy: Max".to_owned()]);
                rows.push(vec!["    Policies:".to_owned()]);
                rows.extend(policies.into_iter().map(|(kind, value, period)| {
                    let period = format!("Period: {period} seconds");
                    vec![format!("      - Type: {kind}"), format!("Value: {value}"), period]
                }));
            }
        }
        rows.push(row("Deployment pods", format!("{} current / {} desired", d.view.total, s.replicas)));
        aligned(&mut page, &rows);
        page.line("Conditions:");
        page.columns(2, &["Type", "Status", "Reason", "Message"], &conditions(s, d));
        page.events(18, &self.events_about("HorizontalPodAutoscaler", &o.name));
        page.text
    }
}
