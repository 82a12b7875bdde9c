//! From the checked tree to the model: how requests travel.

use super::super::model::*;
use super::super::value::Value;
use crate::stdx::time::Span;

/// A population of users.
pub fn traffic(v: &Value) -> TrafficSpec {
    TrafficSpec {
        calls: v.at("calls").text(),
        rate: v.at("rate").exact(),
        users: v.at("users").int(),
        on_failure: on_failure(v.at("on_failure")),
        timeout_us: v.get("timeout").map(Value::amount),
        budget: v.get("budget").map(Value::exact),
        tenant: v.get("tenant").map(Value::text),
        load: load(v),
        name: v.at("name").lang(),
        fact: v.at("fact").fact(),
    }
}

/// What multiplies the rate over time.
fn load(v: &Value) -> Option<LoadSpec> {
    let point =
        |p: &Value| LoadPoint { at: p.at("at").offset(), factor: p.at("factor").exact(), step: p.at("step").bool() };
    let load = LoadSpec { profile: v.at("profile").list(point), day: v.at("day").list(Value::exact) };
    (load != LoadSpec::default()).then_some(load)
}

/// A call.
pub fn edge(v: &Value) -> EdgeSpec {
    EdgeSpec {
        share: v.at("share").exact(),
        timeout_us: v.get("timeout").map(Value::amount),
        retries: v.at("retries").int(),
        wait_us: v.at("wait").amount(),
        budget: v.get("budget").map(Value::exact),
        breaker: v.get("breaker").map(|b| BreakerSpec {
            share: b.at("share").exact(),
            least: b.at("least").int(),
            open: b.at("open").span(),
        }),
        pool: v.get("pool").map(Value::int),
        optional: v.at("optional").bool(),
        latency_us: v.at("latency").amount(),
        hidden: v.at("hidden").bool(),
    }
}

/// A cache.
pub fn cache(v: &Value) -> CacheSpec {
    CacheSpec { origin: v.at("origin").text(), hit_ratio: v.at("hit_ratio").exact(), objects: v.at("objects").int() }
}

/// What a client does when an attempt fails.
fn on_failure(v: &Value) -> OnFailure {
    match v.tag() {
        "Retry" => OnFailure::Retry {
            attempts: v.at("attempts").int(),
            wait_s: v.at("wait").list(|w| w.span()).into_iter().map(|Span(s)| s).collect(),
        },
        _ => OnFailure::GiveUp,
    }
}
