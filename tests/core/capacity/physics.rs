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
