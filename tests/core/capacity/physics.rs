//! The physics by itself: sharing of cores, load averages, tables, probes' tail.

use super::*;
use wheel_of_misfortune::sim::capacity::{Load, stretch};

#[test]
fn cores_are_shared_as_arithmetic_says() {
    let load = |requests| Load { requests, cpu_s: 0.002, wait_s: 0.004 };
    // A third of the time computing: twelve in flight keep four cores busy and nobody waits.
    assert_eq!(stretch(4.0, &[load(12.0)], 0.0), 1.0);
    // Beyond that, requests/cores - wait/cpu.
    let f = stretch(4.0, &[load(80.0)], 0.0);
    assert!((f - (80.0 / 4.0 - 2.0)).abs() < 1e-6, "{f}");
    // The cores then do cores/cpu requests a second, however many are in flight.
    for n in [20.0, 40.0, 160.0] {
        let f = stretch(4.0, &[load(n)], 0.0);
        let per_s = n / (0.002 * f + 0.004);
        assert!((per_s - 4.0 / 0.002).abs() < 1e-3, "{n}: {per_s}");
    }
    // Eight hogs on four cores: everybody computes half as fast.
    assert!((stretch(4.0, &[], 8.0) - 2.0).abs() < 1e-6);
    // More in flight is never faster.
    let all: Vec<f64> = (0..200).map(|n| stretch(4.0, &[load(f64::from(n))], 1.0)).collect();
    assert!(all.windows(2).all(|w| w[0] <= w[1]));
}

#[test]
fn a_calm_machine_shows_what_its_requests_need() {
    let w = world(&shop(600));
    let h = host(&w, "web-1");
    // 300 a second on each machine, 2 ms of computing each.
    assert!((h.busy - 0.61).abs() < 0.05, "{h:?}");
    assert!((h.load[0] - h.busy).abs() < 0.1 && (h.load[2] - h.busy).abs() < 0.15, "{h:?}");
    // 300 requests a second over connections of 20 requests, each 120 s in the table.
    assert!((h.conntrack as f64 - 300.0 / 20.0 * 120.0).abs() < 100.0, "{h:?}");
    assert_eq!((h.dropped, h.ports_short, h.pressure), (0.0, 0.0, false));
    assert!(dmesg(&w, "web-1").is_empty());
}

#[test]
fn load_averages_decay_as_the_kernels() {
    let mut w = world(&shop(100));
    begin(
        &mut w,
        CapacityFault::Runaway {
            host: "web-1".into(),
            command: "/usr/bin/convert".into(),
            cores: exact(3, 1),
            per_s: 0,
        },
        100,
    );
    run(&mut w, 60);
    let h = host(&w, "web-1");
    // After a minute the one-minute average has gone 1 - 1/e of the way.
    let (base, gone) = (0.11, h.load[0]);
    assert!((gone - (base + 3.0 * 0.632)).abs() < 0.2, "{h:?}");
    assert!(h.load[0] > h.load[1] && h.load[1] > h.load[2], "{h:?}");
}

#[test]
fn too_much_work_saturates_and_what_is_over_waits_or_is_shed() {
    // Two machines of four cores do 4000 requests a second of 2 ms computing.
    let mut s = shop(3_000);
    s.world.services.get_mut("api").expect("api").concurrency = 400;
    let mut w = world(&s);
    assert!(errors(&mut w, 30) < 1e-9);
    let mut s = shop(6_000);
    s.world.services.get_mut("api").expect("api").concurrency = 400;
    let mut w = world(&s);
    let lost = errors(&mut w, 120);
    assert!((lost - 1.0 / 3.0).abs() < 0.03, "{lost}");
    let h = host(&w, "web-1");
    assert!(h.busy > 3.95 && h.wanted > 4.0 && h.load[0] > 100.0, "{h:?}");
}

#[test]
fn worlds_with_machines_are_deterministic() {
    let mut s = cloud(900, 6);
    managed(&mut s).liveness = Some(CheckSpec { every: Span(10), timeout_us: 50_000, failures: 3 });
    let (mut a, mut b) = (world(&s), world(&s));
    for w in [&mut a, &mut b] {
        begin(w, CapacityFault::CpuBurn { service: "api".into(), factor: exact(9, 1) }, 80);
        run(w, 300);
    }
    assert_eq!(a.machines().0, b.machines().0);
}

/// Requests that each machine was given so far, and those of the service.
fn given(w: &World) -> (Vec<u64>, u64) {
    let (c, plan) = w.machines();
    let rows = c.servers(plan, plan.service("api").expect("api"));
    (rows.iter().map(|r| r.given).collect(), w.service("api").expect("api").total.requests)
}

#[test]
fn a_balancer_gives_each_replica_what_it_weighs_and_every_request_to_somebody() {
    let mut s = shop(301);
    let own = ServiceCapacity { weights: BTreeMap::from([("web-1".to_owned(), 25)]), ..ServiceCapacity::default() };
    s.world.capacity.services = BTreeMap::from([("api".to_owned(), own)]);
    let mut w = world(&s);
    let spread = |w: &mut World, seconds: u64| {
        let before = given(w);
        run(w, seconds);
        let after = given(w);
        let each: Vec<u64> = after.0.iter().zip(&before.0).map(|(a, b)| a - b).collect();
        assert_eq!(each.iter().sum::<u64>(), after.1 - before.1, "{each:?}");
        each
    };
    let weigh = |w: &mut World, host: &str, weight: u64| {
        change(w, CapacityEffect::Weigh { service: "api".into(), host: host.into(), weight });
        run(w, 2);
    };
    run(&mut w, 10);
    let first = spread(&mut w, 100);
    assert_eq!(first[0] * 4, first[1], "as the scenario has it: {first:?}");
    // In steps: each has what it weighs at once, to one request.
    for weight in [25, 50, 100, 256] {
        weigh(&mut w, "web-1", weight);
        let each = spread(&mut w, 100);
        let all = each.iter().sum::<u64>();
        assert!(all > 20_000 && each[0].abs_diff(all * weight / (weight + 100)) <= 1, "{weight}: {each:?}");
    }
    // Nothing new for one of weight nothing, and for one that does not run, whatever it weighs.
    weigh(&mut w, "web-1", 0);
    assert_eq!(spread(&mut w, 50)[0], 0);
    weigh(&mut w, "web-1", 100);
    w.apply(&Effect::Unit { host: "web-2".into(), unit: "api".into(), verb: UnitVerb::Stop }).expect("stopped");
    run(&mut w, 3);
    assert_eq!(spread(&mut w, 50)[1], 0);
    assert_eq!(
        refused(&mut w, CapacityEffect::Weigh { service: "api".into(), host: "nope".into(), weight: 1 }),
        "No such server."
    );
}

/// Where one machine gets nearly everything it is full while the other idles.
#[test]
fn a_replica_that_gets_too_much_is_full_before_the_others() {
    let mut s = shop(1_000);
    let api = s.world.services.get_mut("api").expect("api");
    (api.concurrency, api.service_time_us, api.queue) = (10, 15_000, Some(5));
    s.world.hosts.values_mut().for_each(|h| h.cores = 64);
    let mut w = world(&s);
    run(&mut w, 60);
    assert!(errors(&mut w, 60) < 0.01, "fifteen at once have twenty places");
    change(&mut w, CapacityEffect::Weigh { service: "api".into(), host: "web-2".into(), weight: 10 });
    run(&mut w, 30);
    let lost = errors(&mut w, 60);
    assert!((0.2..0.4).contains(&lost), "eleven places for fifteen: {lost}");
    change(&mut w, CapacityEffect::Weigh { service: "api".into(), host: "web-2".into(), weight: 100 });
    run(&mut w, 30);
    assert!(errors(&mut w, 60) < 0.01);
}
