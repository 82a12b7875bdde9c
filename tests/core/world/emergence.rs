//! What no author wrote: each test sets only causes, and the behaviour follows from them.

use super::mesh::{Mesh, edge};
use super::worlds::exact;
use super::{check, steps};
use wheel_of_misfortune::scenario::{
    BreakerSpec, CacheSpec, Course, EdgeSpec, EndpointSpec, Fault, OnFailure, ReplySpec, Scenario, ServiceKind, Wake,
};
use wheel_of_misfortune::sim::{Effect, World};
use wheel_of_misfortune::stdx::time::Span;

/// Share of a source's attempts that failed over the next `n` seconds.
fn failing(w: &mut World, source: &str, n: u64) -> f64 {
    let (mut failures, mut attempts) = (0, 0);
    for _ in 0..n {
        w.step();
        check(w).expect("invariant");
        let s = w.sources().find(|(name, _)| *name == source).expect("source").1;
        failures += s.failures;
        attempts += s.attempts;
    }
    failures as f64 / attempts.max(1) as f64
}

fn slow(service: &str, factor: i64, lasts: u64) -> Effect {
    let fault = Fault::Slow { service: service.into(), factor: exact(factor, 1) };
    Effect::Begin(fault, Course { lasts: Some(Span(lasts)), ..Course::default() })
}

/// Clients that try four times and wait a second for an answer, in front of a service at 70 % of its capacity.
fn impatient(attempts: u32, drops_expired: bool) -> Scenario {
    let mut m = Mesh::default();
    let s = m.service("api", 10, 10_000);
    s.queue = Some(5_000);
    s.drops_expired = drops_expired;
    let t = m.traffic("users", "api", 700);
    t.timeout_us = Some(1_000_000);
    if attempts > 1 {
        t.on_failure = OnFailure::Retry { attempts, wait_s: vec![1] };
    }
    m.scenario()
}

#[test]
fn a_retry_storm_outlives_its_trigger() {
    let mut w = World::new(&impatient(4, false), 1);
    assert_eq!(failing(&mut w, "users", 60), 0.0);
    w.apply(&slow("api", 4, 40)).expect("accepted");
    steps(&mut w, 40);
    assert!(w.faults().next().is_none(), "the trigger is over");
    // Ten minutes later the same load that was served before still is not: the work goes into answers nobody waits for.
    steps(&mut w, 600);
    let storm = failing(&mut w, "users", 60);
    assert!(storm > 0.9, "{storm}");
    let api = w.service("api").expect("api");
    assert!(api.flow.ok > 900, "it is busy all the same: {:?}", api.flow);
}

#[test]
fn without_retries_or_with_expired_work_dropped_the_same_trigger_passes() {
    for (attempts, drops) in [(1, false), (4, true)] {
        let mut w = World::new(&impatient(attempts, drops), 1);
        steps(&mut w, 60);
        w.apply(&slow("api", 4, 40)).expect("accepted");
        assert!(failing(&mut w, "users", 40) > 0.2, "the trigger hurts");
        steps(&mut w, 120);
        assert_eq!(failing(&mut w, "users", 60), 0.0, "{attempts} attempts, drops expired: {drops}");
    }
}

/// A front with two endpoints that share its workers; only one of them needs the slow thing.
fn shared(pool: Option<u32>) -> Scenario {
    let mut m = Mesh::default();
    m.service("slow", 50, 20_000);
    let front = m.service("front", 40, 5_000);
    let reply = || ReplySpec::Ok { content: "text/html".to_owned() };
    front.queue = Some(40);
    front.endpoints.insert("plain".into(), EndpointSpec { path: "/plain".into(), reply: reply(), calls: Some(vec![]) });
    m.call("front", "slow", EdgeSpec { timeout_us: Some(5_000_000), pool, ..edge() });
    let calls = Some(vec!["slow".to_owned()]);
    let go = m.world.services.get_mut("front").expect("front").endpoints.get_mut("go").expect("go");
    go.calls = calls;
    m.traffic("deep", "front", 300);
    m.traffic("plain", "front", 300).calls = "front:plain".to_owned();
    m.scenario()
}

#[test]
fn a_slow_dependency_takes_down_what_does_not_need_it() {
    let mut w = World::new(&shared(None), 1);
    assert_eq!(failing(&mut w, "plain", 30), 0.0);
    w.apply(&slow("slow", 100, 600)).expect("accepted");
    steps(&mut w, 60);
    let plain = failing(&mut w, "plain", 60);
    assert!(plain > 0.5, "the workers are all held by calls: {plain}");
    // The caller shows it: nearly everything it can work on at once is held.
    assert!(w.service("front").expect("front").in_flight() > 35.0, "{:?}", w.service("front"));
    steps(&mut w, 600);
    assert_eq!(failing(&mut w, "plain", 60), 0.0, "and it passes with its cause");
}

#[test]
fn a_breaker_keeps_a_slow_dependency_from_taking_its_caller_down() {
    let mut s = shared(None);
    let e = s.world.services.get_mut("front").expect("front").edges.get_mut("slow").expect("edge");
    e.timeout_us = Some(500_000);
    e.breaker = Some(BreakerSpec { share: exact(1, 2), least: 20, open: Span(30) });
    let mut w = World::new(&s, 1);
    steps(&mut w, 30);
    w.apply(&slow("slow", 100, 600)).expect("accepted");
    steps(&mut w, 60);
    let (plain, deep) = (failing(&mut w, "plain", 120), failing(&mut w, "deep", 120));
    assert!(plain < 0.1, "{plain}");
    assert!(deep > 0.9, "what needs it fails, at once: {deep}");
    let call = w.edges().find(|(from, to, _)| (*from, *to) == ("front", "slow")).expect("call").2;
    assert!(call.total.broken > 10_000, "{:?}", call.total);
    steps(&mut w, 600);
    assert_eq!(failing(&mut w, "deep", 60), 0.0, "it closes again by itself");
}

/// A cache in front of a database that can serve a fifth of the traffic.
fn cached() -> Scenario {
    let mut m = Mesh::default();
    m.service("db", 10, 50_000);
    let cache = CacheSpec { origin: "db".into(), hit_ratio: exact(19, 20), objects: 20_000 };
    let c = m.service("cache", 2_000, 1_000);
    c.kind = ServiceKind::Cache(cache);
    c.queue = Some(4_000);
    m.service("api", 1_000, 2_000).queue = Some(2_000);
    m.call("api", "cache", EdgeSpec { timeout_us: Some(1_000_000), retries: 2, ..edge() });
    let t = m.traffic("users", "api", 1_000);
    t.timeout_us = Some(3_000_000);
    t.on_failure = OnFailure::Retry { attempts: 3, wait_s: vec![1, 2] };
    m.scenario()
}

#[test]
fn a_cold_cache_floods_what_is_behind_it() {
    let mut w = World::new(&cached(), 1);
    assert_eq!(failing(&mut w, "users", 60), 0.0);
    let before = w.service("db").expect("db").flow.requests;
    w.cool("cache");
    w.step();
    let after = w.service("db").expect("db").flow.requests;
    assert!(after > before * 15, "{before} before, {after} after");
    let flooded = failing(&mut w, "users", 60);
    assert!(flooded > 0.25, "{flooded}");
    assert!(w.service("db").expect("db").flow.shed > 0, "what the database cannot take it turns away");
}

#[test]
fn everybody_comes_back_at_once() {
    let mut m = Mesh::default();
    m.service("api", 20, 10_000).queue = Some(200);
    let t = m.traffic("users", "api", 1_000);
    t.on_failure = OnFailure::Retry { attempts: 6, wait_s: vec![10] };
    let mut w = World::new(&m.scenario(), 1);
    steps(&mut w, 30);
    let fault = Fault::Errors { service: "api".into(), share: exact(1, 1) };
    w.apply(&Effect::Begin(fault.clone(), Course::default())).expect("accepted");
    steps(&mut w, 120);
    w.apply(&Effect::Clear(fault)).expect("accepted");
    w.step();
    let (_, users) = w.sources().next().expect("source");
    assert!(users.attempts > 4_000, "a herd of {} where 1000 are usual", users.attempts);
    assert!(w.service("api").expect("api").flow.shed > 1_000, "{:?}", w.service("api").expect("api").flow);
}

#[test]
fn a_budget_keeps_retries_from_multiplying() {
    let mut s = impatient(4, false);
    s.world.traffic.get_mut("users").expect("users").budget = Some(exact(1, 10));
    let mut w = World::new(&s, 1);
    steps(&mut w, 60);
    w.apply(&slow("api", 4, 40)).expect("accepted");
    let mut most = 0;
    for _ in 0..40 {
        w.step();
        most = most.max(w.sources().next().expect("source").1.attempts);
    }
    assert!(most <= 1_500, "saved-up tokens at first, then a tenth more: {most}");
    steps(&mut w, 300);
    assert_eq!(failing(&mut w, "users", 60), 0.0, "so that the storm does not hold itself up");
}

#[test]
fn a_cache_that_cannot_fetch_does_not_warm() {
    let mut w = World::new(&cached(), 1);
    w.cool("cache");
    let fault = Fault::Errors { service: "db".into(), share: exact(1, 1) };
    w.apply(&Effect::Begin(fault.clone(), Course::default())).expect("accepted");
    steps(&mut w, 120);
    assert_eq!(w.service("cache").expect("cache").warmth, 0.0);
}

#[test]
fn a_mitigation_wakes_what_slept_until_its_component_was_touched() {
    let mut w = World::new(&super::worlds::registry(), 1);
    let fault = Fault::Errors { service: "api".into(), share: exact(1, 2) };
    let course = Course { wakes: Some(Wake::Touch("api".into())), ..Course::default() };
    w.apply(&Effect::Begin(fault.clone(), course)).expect("accepted");
    let elsewhere =
        Effect::Unit { host: "web-1".into(), unit: "api".into(), verb: wheel_of_misfortune::sim::UnitVerb::Start };
    w.apply(&elsewhere).expect("accepted");
    steps(&mut w, 60);
    assert_eq!(w.faults().count(), 0, "it sleeps");
    w.apply(&Effect::Promote { service: "api".into(), release: "v2".into() }).expect("accepted");
    assert_eq!(w.faults().collect::<Vec<_>>(), [&fault], "the rollback that makes it worse");
}
