//! What nobody wrote down: loops and herds that follow from causes alone.

use super::*;

fn probe(every: u64, timeout_ms: u64, failures: u32) -> Option<CheckSpec> {
    Some(CheckSpec { every: Span(every), timeout_us: timeout_ms * 1000, failures })
}

#[test]
fn a_liveness_probe_under_load_kills_healthy_replicas_and_the_loop_outlives_the_surge() {
    // Six replicas of twenty places do 20 000 requests a second but for the cores: eight of them do 4 000.
    let mut s = cloud(3_000, 6);
    s.world.services.get_mut("api").expect("api").concurrency = 200;
    managed(&mut s).liveness = probe(10, 100, 3);
    managed(&mut s).readiness = probe(5, 100, 3);
    let own = s.world.capacity.services.get_mut("api").expect("api");
    (own.warm, own.cold) = (Span(60), exact(4, 1));
    let mut w = world(&s);
    run(&mut w, 300);
    assert_eq!(pods(&w).iter().map(|p| p.restarts).sum::<u32>(), 0, "calm");
    let surge = Fault::Surge { traffic: "cargo".into(), factor: exact(2, 1) };
    w.apply(&Effect::Begin(surge.clone(), Course::default())).expect("begins");
    run(&mut w, 180);
    let restarts = pods(&w).iter().map(|p| p.restarts).sum::<u32>();
    assert!(restarts > 0, "{:?}", pods(&w));
    w.apply(&Effect::Clear(surge)).expect("ends");
    run(&mut w, 120);
    assert!(errors(&mut w, 60) > 0.2, "it goes on without its trigger");
    // A longer timeout breaks the loop.
    change(&mut w, CapacityEffect::ProbeTimeout { service: "api".into(), ms: 10_000 });
    change(&mut w, CapacityEffect::Admit { service: "api".into(), percent: 30 });
    run(&mut w, 600);
    change(&mut w, CapacityEffect::Admit { service: "api".into(), percent: 100 });
    run(&mut w, 120);
    assert!(errors(&mut w, 60) < 0.01 && ready(&w) == 6, "{:?}", pods(&w));
}

#[test]
fn replicas_that_exit_at_start_back_off_longer_each_time_and_those_that_run_go_on() {
    let mut w = world(&cloud(300, 4));
    let fault = CapacityFault::CrashLoop { service: "api".into() };
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 60);
    assert_eq!(ready(&w), 4, "latent until a restart");
    let name = pods(&w)[0].name.clone();
    change(&mut w, CapacityEffect::DeletePod { pod: name });
    let mut ends = Vec::new();
    let mut last = 0;
    for t in 0..900 {
        run(&mut w, 1);
        let now = pods(&w).iter().map(|p| p.restarts).max().unwrap_or(0);
        if now > last {
            ends.push(t);
            last = now;
        }
    }
    let gaps: Vec<i32> = ends.windows(2).map(|p| p[1] - p[0]).collect();
    assert!(gaps.len() >= 5 && gaps.windows(2).all(|g| g[0] < g[1]), "{gaps:?}");
    assert!(pods(&w).iter().any(|p| p.status == "CrashLoopBackOff"), "{:?}", pods(&w));
    assert_eq!(ready(&w), 3);
    w.apply(&Effect::Clear(Fault::Capacity(fault))).expect("ends");
    run(&mut w, 400);
    assert_eq!(ready(&w), 4);
}

fn unit(w: &World) -> Option<&Unit> {
    w.host("web-1").and_then(|h| h.units.get("api"))
}

/// Somebody kills what runs of the API; seconds until it runs again.
fn killed(w: &mut World, runs: impl Fn(&World) -> bool) -> u64 {
    assert!(runs(w), "it runs");
    let all: Vec<(&str, u32)> =
        ["web-1", "web-2"].into_iter().flat_map(|h| w.processes(h).into_iter().map(move |p| (h, p.pid))).collect();
    for (host, pid) in all {
        // What is not the API's is not to be killed.
        let _ = w.apply(&Effect::Kill { host: host.into(), pid });
    }
    assert!(!runs(w), "it was killed");
    let back = (1..1_000).find(|_| {
        run(w, 1);
        runs(w)
    });
    back.expect("it comes back")
}

#[test]
fn a_restart_that_lasted_long_enough_is_forgiven() {
    // As the kubelet does it: at once, then after 10, 20, 40 seconds …, and from the beginning after ten minutes without an end.
    let mut s = cloud(10, 1);
    managed(&mut s).start = Span(1);
    let mut w = world(&s);
    run(&mut w, 700);
    let up = |w: &World| ready(w) == 1;
    let mut gap = |calm: u64| {
        run(&mut w, calm);
        killed(&mut w, up)
    };
    let first = gap(0);
    let waits: Vec<u64> = [5, 5, 5, 590, 5, 610, 5].into_iter().map(|calm| gap(calm) - first).collect();
    assert_eq!(waits, [9, 19, 39, 79, 159, 0, 9], "beyond the {first} s of the first");

    // A unit's file: later each time, and from the beginning after it has run for a minute.
    let mut s = shop(10);
    s.world.hosts.remove("web-2");
    let api = s.world.services.get_mut("api").expect("api");
    api.on.retain(|h| h == "web-1");
    let file = s.world.hosts.get_mut("web-1").and_then(|h| h.units.get_mut("api")).expect("a unit");
    (file.restart, file.start) = (true, Span(1));
    let mut w = world(&s);
    run(&mut w, 100);
    let active = |w: &World| unit(w).is_some_and(|u| u.state == UnitState::Active);
    let mut gap = |calm: u64| {
        run(&mut w, calm);
        killed(&mut w, active)
    };
    let first = gap(0);
    let waits: Vec<u64> = [5, 5, 50, 65, 5].into_iter().map(|calm| gap(calm) - first).collect();
    assert_eq!(waits, [2, 6, 14, 0, 2], "beyond the {first} s of the first");

    // A limit of three starts in twenty seconds counts those of the last twenty seconds, and no others.
    let file = s.world.hosts.get_mut("web-1").and_then(|h| h.units.get_mut("api")).expect("a unit");
    file.restart_after = Some(Span(1));
    file.start_limit = StartLimit { burst: 3, interval: Span(20) };
    let mut w = world(&s);
    run(&mut w, 30);
    for _ in 0..6 {
        run(&mut w, 5);
        assert!(killed(&mut w, active) < 5);
    }
    let pid = |w: &World| unit(w).and_then(|u| u.pid);
    run(&mut w, 30);
    for _ in 0..4 {
        if let Some(pid) = pid(&w) {
            w.apply(&Effect::Kill { host: "web-1".into(), pid }).expect("killed");
        }
        run(&mut w, 3);
    }
    assert_eq!(unit(&w).map(|u| (u.state, u.given_up)), Some((UnitState::Failed, 1)));
    run(&mut w, 300);
    assert!(!active(&w), "given up, it stays");
}

#[test]
fn a_full_node_evicts_and_the_evicted_fill_the_next() {
    let mut s = cloud(300, 8);
    for h in s.world.hosts.values_mut() {
        h.memory = 6 << 30;
    }
    managed(&mut s).memory_limit = None;
    let mut w = world(&s);
    let fault = CapacityFault::MemoryLeak { service: "api".into(), per_s: 4 << 20, per_request: 0 };
    begin(&mut w, fault, 100);
    run(&mut w, 420);
    let (c, plan) = w.machines();
    let g = c.group(plan.service("api").expect("api")).expect("managed");
    assert!(g.evictions >= 2, "{g:?}");
    assert!(pods(&w).iter().any(|p| p.status == "Evicted" || p.age_s < 300), "{:?}", pods(&w));
}

fn scaled(metric: ScaleMetric, target: u64) -> Scenario {
    let mut s = cloud(600, 4);
    s.world.services.get_mut("api").expect("api").concurrency = 400;
    managed(&mut s).autoscale = Some(AutoscaleSpec {
        min: 2,
        max: 12,
        metric,
        target,
        every: Span(15),
        scale_in: Default::default(),
        settle: Span(120),
    });
    s
}

fn wanted(w: &World) -> u64 {
    let (c, plan) = w.machines();
    c.scaler(plan, "api").expect("scaler").replicas
}

#[test]
fn an_autoscaler_follows_load_in_steps_and_forgets_slowly() {
    // 150 requests a second and replica: four of them for 600.
    let mut w = world(&scaled(ScaleMetric::Requests, 150));
    run(&mut w, 120);
    assert_eq!((wanted(&w), ready(&w)), (4, 4));
    let surge = Fault::Surge { traffic: "cargo".into(), factor: exact(5, 2) };
    w.apply(&Effect::Begin(surge.clone(), Course::default())).expect("begins");
    let mut sizes = vec![wanted(&w)];
    for _ in 0..60 {
        run(&mut w, 1);
        sizes.push(wanted(&w));
    }
    let step = |p: &[u64]| p[1] <= (p[0] * 2).max(p[0] + 4);
    assert!(sizes.windows(2).all(step), "at most twice as many, or four more, at once: {sizes:?}");
    assert!((10..=11).contains(&wanted(&w)) && ready(&w) == wanted(&w), "{}", wanted(&w));
    let most = wanted(&w);
    w.apply(&Effect::Clear(surge)).expect("ends");
    run(&mut w, 100);
    assert_eq!(wanted(&w), most, "it settles first");
    run(&mut w, 120);
    assert!((4..=5).contains(&wanted(&w)), "{}", wanted(&w));
    change(&mut w, CapacityEffect::Autoscaler { service: "api".into(), paused: true });
    change(&mut w, CapacityEffect::Scale { service: "api".into(), replicas: 7 });
    run(&mut w, 120);
    assert_eq!(ready(&w), 7, "paused, it leaves what is set by hand");
    let said = refused(&mut w, CapacityEffect::ScaleBounds { service: "api".into(), min: 9, max: 3 });
    assert!(said.contains("must be greater than or equal to `minReplicas`"), "{said}");
}

#[test]
fn an_autoscaler_on_cpu_scales_in_while_everybody_waits() {
    let mut s = scaled(ScaleMetric::Cpu, 60);
    let api = s.world.services.get_mut("api").expect("api");
    (api.calls, api.concurrency) = (vec!["bucket".into()], 40);
    s.world.services.get_mut("bucket").expect("bucket").kind = ServiceKind::Http;
    s.world.services.get_mut("bucket").expect("bucket").concurrency = 100_000;
    let mut w = world(&s);
    run(&mut w, 120);
    let before = wanted(&w);
    // What it calls becomes slow: fewer requests are finished, so less is computed.
    let slow = Fault::Slow { service: "bucket".into(), factor: exact(2_000, 1) };
    w.apply(&Effect::Begin(slow, Course::default())).expect("begins");
    run(&mut w, 400);
    assert!(errors(&mut w, 30) > 0.1);
    assert!(wanted(&w) < before, "{before} {}", wanted(&w));
}

#[test]
fn an_autoscaler_without_a_metric_stands_still_and_with_a_wrong_one_is_wrong() {
    let surge = Fault::Surge { traffic: "cargo".into(), factor: exact(5, 2) };
    let mut w = world(&scaled(ScaleMetric::Requests, 150));
    begin(&mut w, CapacityFault::MetricMissing { service: "api".into() }, 100);
    w.apply(&Effect::Begin(surge.clone(), Course::default())).expect("begins");
    run(&mut w, 120);
    let (c, plan) = w.machines();
    let row = c.scaler(plan, "api").expect("scaler");
    assert_eq!((row.read, row.replicas), (None, 4));
    let after = |percent| {
        let mut w = world(&scaled(ScaleMetric::Requests, 150));
        begin(&mut w, CapacityFault::MetricWrong { service: "api".into(), factor: exact(1, 10) }, percent);
        w.apply(&Effect::Begin(surge.clone(), Course::default())).expect("begins");
        run(&mut w, 300);
        wanted(&w)
    };
    let dial: Vec<u64> = [0, 50, 80, 100].iter().map(|p| if *p == 0 { 10 } else { after(*p) }).collect();
    assert!(dial.windows(2).all(|p| p[0] >= p[1]) && dial[3] == 2, "{dial:?}");
}

#[test]
fn restarted_replicas_are_cold_and_a_rolling_restart_is_gentle() {
    let mut s = cloud(1_500, 8);
    let own = s.world.capacity.services.get_mut("api").expect("api");
    (own.warm, own.cold) = (Span(60), exact(5, 1));
    let mut w = world(&s);
    let calm = latency(&w);
    change(&mut w, CapacityEffect::Rollout { service: "api".into() });
    let (mut fewest, mut worst) = (8, 0.0f64);
    for _ in 0..200 {
        run(&mut w, 1);
        fewest = fewest.min(ready(&w));
        worst = worst.max(latency(&w));
    }
    assert!(fewest >= 6, "{fewest}");
    assert!(worst > calm * 1.3, "{calm} {worst}");
    run(&mut w, 120);
    assert!(latency(&w) < calm * 1.1, "{calm} {}", latency(&w));
    assert!(pods(&w).iter().all(|p| p.age_s < 320));
}

#[test]
fn replicas_of_a_dead_node_fail_until_it_is_noticed_and_move_later() {
    let mut s = cloud(600, 4);
    for h in s.world.hosts.values_mut() {
        h.cores = 8;
    }
    let mut w = world(&s);
    begin(&mut w, CapacityFault::HostDown { host: "web-1".into() }, 100);
    assert!((errors(&mut w, 30) - 0.5).abs() < 0.1);
    run(&mut w, 30);
    assert_eq!(ready(&w), 2);
    assert!(errors(&mut w, 10) < 0.05);
    run(&mut w, 300);
    assert_eq!(ready(&w), 4);
    assert!(pods(&w).iter().all(|p| p.node.as_deref() == Some("web-2")), "{:?}", pods(&w));
}

#[test]
fn thousands_of_replicas_are_a_few_cohorts() {
    let mut s = cloud(600, 5_000);
    managed(&mut s).nodes.clear();
    managed(&mut s).liveness = probe(10, 1_000, 3);
    let mut w = world(&s);
    run(&mut w, 60);
    change(&mut w, CapacityEffect::Scale { service: "api".into(), replicas: 8_000 });
    run(&mut w, 60);
    let (c, plan) = w.machines();
    let g = c.group(plan.service("api").expect("api")).expect("managed");
    assert!(g.ready() == 8_000 && g.cohorts.len() < 10, "{} in {}", g.ready(), g.cohorts.len());
}

#[test]
fn a_fault_that_sleeps_until_a_start_wakes_when_a_managed_replica_is_replaced() {
    let mut w = world(&cloud(300, 4));
    let fault = Fault::Errors { service: "api".into(), share: exact(1, 2) };
    let course = Course { wakes: Some(Wake::Start("api".into())), ..Course::default() };
    w.apply(&Effect::Begin(fault, course)).expect("begins");
    assert!(errors(&mut w, 60) < 0.01, "it sleeps");
    change(&mut w, CapacityEffect::Scale { service: "api".into(), replicas: 3 });
    assert!(errors(&mut w, 60) < 0.01, "one that ends starts nothing");
    let name = pods(&w)[0].name.clone();
    change(&mut w, CapacityEffect::DeletePod { pod: name });
    run(&mut w, 30);
    assert!(errors(&mut w, 60) > 0.4, "the new one brought it");
}
