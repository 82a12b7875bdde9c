//! `kubectl patch`, and the change that follows from what an object should be: what can be changed here, field by field.

use super::change::Needs;
use super::kind::known;
use super::{Call, Kind, words};
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::{Ctx, Step};
use crate::sim::capacity::image_of;
use crate::sim::effect::{CapacityEffect, Effect};
use serde_json::Value;

/// A change with the permission that it needs.
pub(super) type Wish = (Effect, &'static str);

/// Fields of a patch as paths and values.
fn leaves(v: &Value, path: String, out: &mut Vec<(String, Value)>) {
    match v {
        Value::Object(m) if !m.is_empty() => m.iter().for_each(|(k, v)| leaves(v, format!("{path}.{k}"), out)),
        Value::Array(all) if !all.is_empty() && all.iter().all(Value::is_object) => {
            all.iter().for_each(|v| leaves(v, format!("{path}[]"), out));
        }
        other => out.push((path, other.clone())),
    }
}

/// What a desired state of a deployment, whole or in part, asks for; the error names a field that cannot be changed here.
pub(super) fn wishes(d: &DeploymentInfo, want: &Value, lenient: bool) -> Result<Vec<Wish>, String> {
    let (v, service) = (&d.view, d.view.name.clone());
    let r = v.revisions.last().map(|(r, _)| r.clone()).unwrap_or_default();
    let mut out: Vec<Wish> = Vec::new();
    let mut push = |e: CapacityEffect, need: &'static str| out.push((Effect::Capacity(e), need));
    let spec = want.get("spec");
    if let Some(n) = spec.and_then(|s| s.get("replicas")).and_then(Value::as_u64).filter(|n| *n != v.desired) {
        push(CapacityEffect::Scale { service: service.clone(), replicas: n }, "scale");
    }
    if let Some(on) = spec.and_then(|s| s.get("paused")).and_then(Value::as_bool).filter(|on| *on != v.paused) {
        push(CapacityEffect::Hold { service: service.clone(), on }, "scale");
    }
    let containers = spec.and_then(|s| s.pointer("/template/spec/containers")).and_then(Value::as_array);
    for c in containers.into_iter().flatten() {
        if let Some(image) = c.get("image").and_then(Value::as_str).filter(|i| *i != image_of(&service, Some(&r))) {
            push(CapacityEffect::Image { service: service.clone(), image: image.to_owned() }, "release");
        }
        let mut needs = Needs::default();
        for (key, limit) in [("requests", false), ("limits", true)] {
            for (k, q) in c.pointer(&format!("/resources/{key}")).and_then(Value::as_object).into_iter().flatten() {
                let text = q.as_str().map_or_else(|| q.to_string(), str::to_owned);
                let now = match (k.as_str(), limit) {
                    ("cpu", false) => Some(words::cores(r.needs.cpu)),
                    ("cpu", true) => r.needs.cpu_limit.map(words::cores),
                    ("memory", false) => Some(words::bytes(r.needs.memory)),
                    _ => r.needs.memory_limit.map(words::bytes),
                };
                if now.as_deref() != Some(&text) && !needs.set(limit, k, &text) {
                    return Err(format!("Error from server (BadRequest): unable to parse quantity's suffix: {text}"));
                }
            }
        }
        if needs != Needs::default() {
            push(needs.effect(&service), "scale");
        }
        for e in c.get("env").and_then(Value::as_array).into_iter().flatten() {
            let (Some(k), Some(val)) = (e.get("name").and_then(Value::as_str), e.get("value").and_then(Value::as_str))
            else {
                continue;
            };
            if !r.env.iter().any(|(a, b)| a == k && b == val) {
                let (name, value) = (k.to_owned(), Some(val.to_owned()));
                push(CapacityEffect::Environment { service: service.clone(), name, value }, "scale");
            }
        }
        for probe in ["readinessProbe", "livenessProbe"] {
            let now = if probe == "readinessProbe" { v.readiness } else { v.liveness };
            let now = now.map(|p| (p.1 / 1_000.0).ceil().max(1.0) as u64);
            let want = c.pointer(&format!("/{probe}/timeoutSeconds")).and_then(Value::as_u64);
            if let Some(s) = want.filter(|s| now.is_some_and(|n| n != *s)) {
                push(CapacityEffect::ProbeTimeout { service: service.clone(), ms: s * 1_000 }, "scale");
            }
        }
    }
    if !lenient {
        let mut all = Vec::new();
        leaves(want, String::new(), &mut all);
        let can = |p: &str| {
            let p = p.replace("spec.template.spec.containers[]", "C");
            p.ends_with(".replicas")
                || p.ends_with(".paused")
                || p.starts_with(".C.")
                    && [".name", ".image", ".value", ".timeoutSeconds"].iter().any(|e| p.ends_with(e))
                || p.starts_with(".C.resources.")
        };
        if let Some((path, _)) = all.iter().find(|(p, _)| !can(p)) {
            return Err(format!(
                "error: a change of {} is not simulated here; `man kubectl` says what is",
                path.trim_start_matches('.')
            ));
        }
    }
    Ok(out)
}

/// The verb.
pub(super) fn patch(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some(text) = call.words.get("patch").map(str::to_owned) else {
        return call.fail(c, "error: must specify --patch or --patch-file containing the contents of the patch");
    };
    let (kind, name): (&'static Kind, String) = match call.target(&call.words.rest, "") {
        Ok(t) => t,
        Err(why) => return call.fail(c, &why),
    };
    let parsed = serde_json::from_str::<Value>(&text).ok().or_else(|| super::manifest::read(&text).ok());
    let Some(mut want) = parsed.filter(|v| v.is_object() || v.is_array()) else {
        return call.fail(c, &format!("error: unable to parse \"{text}\": yaml: did not find expected node content"));
    };
    if call.words.get("type") == Some("json") || want.is_array() {
        match from_operations(&want) {
            Ok(v) => want = v,
            Err(why) => return call.fail(c, &why),
        }
    }
    let wishes: Result<Vec<Wish>, String> = match kind.plural {
        "deployments" => match call.cluster.deployments.iter().find(|d| d.view.name == name) {
            Some(d) => wishes(d, &want, false),
            None => Ok(Vec::new()),
        },
        "horizontalpodautoscalers" => {
            let d = call.cluster.deployments.iter().find(|d| d.view.name == name).and_then(|d| d.scaler.clone());
            let n = |key: &str| want.pointer(&format!("/spec/{key}")).and_then(Value::as_u64);
            Ok(d.map_or(Vec::new(), |s| {
                let (min, max) = (n("minReplicas").unwrap_or(s.min), n("maxReplicas").unwrap_or(s.max));
                let effect = CapacityEffect::ScaleBounds { service: name.clone(), min, max };
                if (min, max) == (s.min, s.max) { Vec::new() } else { vec![(Effect::Capacity(effect), "scale")] }
            }))
        }
        "nodes" => {
            let now = call.cluster.nodes.iter().find(|n| n.name == name).is_some_and(|n| n.usage.cordoned);
            let on = want.pointer("/spec/unschedulable").and_then(Value::as_bool);
            let effect = on.filter(|on| *on != now).map(|on| CapacityEffect::Cordon { host: name.clone(), on });
            Ok(effect.map(|e| (Effect::Capacity(e), "nodes")).into_iter().collect())
        }
        _ => return call.forbidden(c, kind, "patch", Some(&name)),
    };
    let wishes = match wishes {
        Ok(w) => w,
        Err(why) => return call.fail(c, &why),
    };
    let one = format!("{}/{name}", kind.one());
    if wishes.is_empty() {
        c.line(&format!("{one} patched (no change)"));
        return Step::Exit(0);
    }
    for (effect, need) in wishes.iter().filter(|_| call.dry().is_empty()) {
        if let Err(step) = call.ask(c, effect, need, "patch", (known(kind.plural), &name)) {
            return step;
        }
    }
    c.line(&format!("{one} patched{}", call.dry()));
    Step::Exit(0)
}

/// A JSON patch as the part of the object that it sets.
fn from_operations(ops: &Value) -> Result<Value, String> {
    let mut out = serde_json::json!({});
    for op in ops.as_array().into_iter().flatten() {
        let (kind, path) = (op.get("op").and_then(Value::as_str), op.get("path").and_then(Value::as_str));
        let (Some("replace" | "add"), Some(path)) = (kind, path) else {
            return Err(
                "The request is invalid: the server rejected our request due to an error in our request".to_owned()
            );
        };
        let value = op.get("value").cloned().unwrap_or_default();
        let mut parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        parts.reverse();
        let mut v = value;
        for p in parts {
            v = if p.parse::<usize>().is_ok() { serde_json::json!([v]) } else { serde_json::json!({ p: v }) };
        }
        merge(&mut out, v);
    }
    Ok(out)
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(a), Value::Object(b)) => {
            b.into_iter().for_each(|(k, v)| merge(a.entry(k).or_insert(Value::Null), v))
        }
        (Value::Array(a), Value::Array(b)) => match (a.first_mut(), b.into_iter().next()) {
            (Some(x), Some(y)) => merge(x, y),
            (None, Some(y)) => a.push(y),
            _ => {}
        },
        (into, from) => *into = from,
    }
}
