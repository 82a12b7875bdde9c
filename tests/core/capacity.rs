//! Tests of machines and replicas: each fault's signature, what mends it and what does not, its dial, and what emerges.

#[path = "../support/worlds.rs"]
#[allow(dead_code)]
mod worlds;

mod emerge;
mod faults;
mod format;
mod physics;

use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::sim::capacity::{HostUse, PodRow};
use wheel_of_misfortune::sim::{Applied, CapacityEffect, Effect, Unit, UnitState, UnitVerb, World};
use wheel_of_misfortune::stdx::time::Span;
use worlds::{exact, registry};

/// The registry with one client population of `rate` first attempts a second that never tries again.
pub fn shop(rate: i64) -> Scenario {
    let mut s = registry();
    s.world.faults.clear();
    s.world.hosts.values_mut().for_each(|h| h.cores = 4);
    let api = s.world.services.get_mut("api").expect("api");
    api.queue = Some(400);
    for t in s.world.traffic.values_mut() {
        t.rate = exact(rate, 1);
        t.on_failure = OnFailure::GiveUp;
    }
    s
}

/// The same with the API's replicas run by a platform on the two machines.
pub fn cloud(rate: i64, replicas: u32) -> Scenario {
    let mut s = shop(rate);
    let api = s.world.services.get_mut("api").expect("api");
    api.on.clear();
    api.replicas = replicas;
    for h in s.world.hosts.values_mut() {
        h.units.clear();
    }
    let managed = ManagedSpec {
        nodes: vec!["web-1".into(), "web-2".into()],
        cpu: exact(1, 2),
        cpu_limit: None,
        memory: 512 << 20,
        base: 200 << 20,
        memory_limit: Some(1 << 30),
        start: Span(10),
        readiness: None,
        liveness: None,
        autoscale: None,
        min_available: None,
    };
    let own = ServiceCapacity { managed: Some(managed), ..ServiceCapacity::default() };
    s.world.capacity.services = BTreeMap::from([("api".to_owned(), own)]);
    s
}

pub fn managed(s: &mut Scenario) -> &mut ManagedSpec {
    s.world.capacity.services.get_mut("api").and_then(|c| c.managed.as_mut()).expect("managed")
}

pub fn world(s: &Scenario) -> World {
    World::new(s, 7)
}

pub fn run(w: &mut World, seconds: u64) {
    for _ in 0..seconds {
        w.step();
        check(w);
    }
}

pub fn begin(w: &mut World, fault: CapacityFault, percent: i64) {
    let course = Course { severity: exact(percent, 100), ..Course::default() };
    w.apply(&Effect::Begin(Fault::Capacity(fault), course)).expect("a fault that fits");
}

pub fn change(w: &mut World, effect: CapacityEffect) {
    assert_eq!(w.apply(&Effect::Capacity(effect)).expect("accepted").0, Applied::Now);
}

pub fn refused(w: &mut World, effect: CapacityEffect) -> String {
    w.apply(&Effect::Capacity(effect)).expect_err("refused").message
}

pub fn restart(w: &mut World, host: &str) {
    w.apply(&Effect::Unit { host: host.into(), unit: "api".into(), verb: UnitVerb::Restart }).expect("accepted");
}

pub fn host(w: &World, name: &str) -> HostUse {
    let (c, plan) = w.machines();
    c.host_use(plan, plan.host(name).expect("host")).expect("host")
}

pub fn pods(w: &World) -> Vec<PodRow> {
    let (c, plan) = w.machines();
    c.pods(plan, plan.service("api").expect("api"))
}

pub fn ready(w: &World) -> u64 {
    pods(w).iter().filter(|p| p.ready).count() as u64
}

/// Text of the kernel log of a host.
pub fn dmesg(w: &World, name: &str) -> String {
    let (c, plan) = w.machines();
    c.kernel_log(plan.host(name).expect("host")).map(|l| format!("{}\n", l.text)).collect()
}

pub fn has_faults(w: &World) -> bool {
    w.faults().next().is_some()
}

/// Share of the API's requests that failed or were shed over `seconds`.
pub fn errors(w: &mut World, seconds: u64) -> f64 {
    let before = w.service("api").expect("api").total;
    run(w, seconds);
    let after = w.service("api").expect("api").total;
    (after.errors() - before.errors()) as f64 / (after.requests - before.requests).max(1) as f64
}

pub fn latency(w: &World) -> f64 {
    w.service("api").expect("api").latency_ms
}

/// What must hold after every second.
fn check(w: &World) {
    let (c, plan) = w.machines();
    for (name, s) in w.services() {
        let f = s.flow;
        assert_eq!(f.requests as i64, (f.served() + f.errors()) as i64 + f.queued, "{name}: {f:?}");
        assert!(s.latency_ms.is_finite() && s.latency_ms >= 0.0, "{name}: {}", s.latency_ms);
    }
    for (at, h) in plan.hosts.iter().enumerate() {
        let u = c.host_use(plan, at).expect("host");
        assert!(u.busy <= u.cores + 1e-6 && u.busy >= 0.0, "{}: {u:?}", h.name);
        assert!(u.memory_used <= u.memory && u.conntrack <= u.conntrack_max, "{}: {u:?}", h.name);
        assert!(u.load.iter().all(|l| l.is_finite() && *l >= 0.0), "{}: {u:?}", h.name);
        // Tools list the processes; their memory is what the machine says is in use.
        if c.is_on(at) {
            let rss: u64 = w.processes(&h.name).iter().map(|p| p.rss).sum();
            assert!(rss.abs_diff(u.memory_used) < 4_096 || u.memory_used == u.memory, "{}: {rss} {u:?}", h.name);
        }
    }
    for (at, s) in plan.services.iter().enumerate() {
        let Some(g) = c.group(at) else { continue };
        let rows = c.pods(plan, at);
        // A list that is cut shows the oldest.
        let shown = rows.iter().filter(|p| p.ready).count() as u64;
        assert!(shown == g.ready() || (rows.len() == 2_000 && shown < g.ready()), "{}", s.name);
        let mut names: Vec<&str> = rows.iter().map(|p| p.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rows.len(), "{}: two replicas of one name", s.name);
    }
}
