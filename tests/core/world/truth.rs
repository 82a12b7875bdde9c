//! The world's stations against a simulation of single requests: waits, tails, backlogs and overflow; and Little's law.

use super::mesh::Mesh;
use super::worlds::exact;
use super::{check, steps};
use crate::des::{Des, mean, quantile};
use wheel_of_misfortune::scenario::{Course, Fault};
use wheel_of_misfortune::sim::{Effect, World};

/// Servers and utilisations at which the judge itself is checked.
const SERVERS: [u32; 3] = [1, 4, 16];
const BUSY: [i64; 4] = [30, 60, 80, 90];

/// Requests a second that the station can take.
const CAPACITY: i64 = 1_000;

/// One station at a percentage of its capacity.
fn station(c: u32, percent: i64, queue: u32) -> World {
    let mut m = Mesh::default();
    let s = m.service("it", c, u64::from(c) * 1_000_000 / CAPACITY as u64);
    s.queue = Some(queue);
    m.traffic("users", "it", CAPACITY * percent / 100);
    World::new(&m.scenario(), 7)
}

#[test]
fn steady_waits_and_tails_are_those_of_single_requests() {
    for c in SERVERS {
        for percent in BUSY {
            let mut w = station(c, percent, 100_000);
            let service_s = f64::from(c) / CAPACITY as f64;
            let (mut wait, mut p99) = (0.0, 0.0);
            for _ in 0..300 {
                w.step();
                let r = w.service("it").expect("it").response;
                wait += r.mean_wait_s() / 300.0;
                p99 += r.quantile(0.99) / 300.0;
            }
            let rate = (CAPACITY * percent / 100) as f64;
            let judge = Des::new(c, service_s).rate(rate).warm_up(100.0).run(u64::from(c), 2_500.0);
            let (true_wait, true_p99) = (mean(&judge.waits_s), quantile(&judge.sojourns_s, 0.99));
            // Where hardly anybody waits, a sample of millions says little about how long: a thousandth of the service
            // time is as good as nothing.
            let close = (wait - true_wait).abs() <= 0.05 * true_wait + 0.001 * service_s;
            assert!(close, "c {c}, {percent} %: waits {wait} s, single requests {true_wait} s");
            let off = (p99 / true_p99 - 1.0).abs();
            assert!(off <= 0.15, "c {c}, {percent} %: p99 {p99} s, single requests {true_p99} s");
        }
    }
}

/// Changes the load to a percentage of capacity.
fn load(w: &mut World, from: i64, to: i64) {
    let fault = Fault::Surge { traffic: "users".into(), factor: exact(to, from) };
    w.apply(&Effect::Begin(fault, Course::default())).expect("accepted");
}

#[test]
fn a_backlog_drains_as_single_requests_do() {
    for c in SERVERS {
        let mut w = station(c, 70, 1_000_000);
        steps(&mut w, 30);
        load(&mut w, 70, 130);
        steps(&mut w, 60);
        let backlog = w.service("it").expect("it").queue;
        let calm = Fault::Surge { traffic: "users".into(), factor: exact(1, 1) };
        w.apply(&Effect::Clear(calm)).expect("accepted");
        let drained = (1..600).find(|_| {
            w.step();
            w.service("it").expect("it").queue == 0
        });
        let service_s = f64::from(c) / CAPACITY as f64;
        let judge = Des::new(c, service_s).rate(1_300.0).rate_from(60.0, 700.0).run(7, 300.0);
        let truth = judge.drained_after(60.0).expect("drains") - 60.0;
        let drained = drained.expect("drains") as f64;
        assert!((drained / truth - 1.0).abs() < 0.1, "c {c}: {drained} s, single requests {truth} s, of {backlog}");
    }
}

#[test]
fn a_bounded_queue_overflows_when_single_requests_do() {
    for c in SERVERS {
        let bound = 10_000;
        let mut w = station(c, 60, bound);
        steps(&mut w, 30);
        load(&mut w, 60, 120);
        let over = (1..300).find(|_| {
            w.step();
            w.service("it").expect("it").flow.shed > 0
        });
        let service_s = f64::from(c) / CAPACITY as f64;
        let judge = Des::new(c, service_s).rate(600.0).rate_from(30.0, 1_200.0).bound(bound as usize).run(3, 200.0);
        let truth = judge.first_reject_s.expect("overflows") - 30.0;
        let over = over.expect("overflows") as f64;
        assert!((over / truth - 1.0).abs() < 0.1, "c {c}: {over} s, single requests {truth} s");
    }
}

#[test]
fn littles_law_holds_through_calm_and_overload() {
    for percent in [50, 90] {
        let mut w = station(4, percent, 100_000);
        let (mut number, mut arrivals, mut time, mut answered) = (0.0, 0, 0.0, 0);
        for t in 0..2_000 {
            if t == 300 {
                load(&mut w, percent, 140);
            }
            if t == 400 {
                let calm = Fault::Surge { traffic: "users".into(), factor: exact(1, 1) };
                w.apply(&Effect::Clear(calm)).expect("accepted");
            }
            w.step();
            check(&w).expect("invariant");
            let s = w.service("it").expect("it");
            arrivals += s.flow.requests;
            let done = s.flow.served();
            answered += done;
            time += done as f64 * s.latency_ms / 1e3;
            number += s.queue as f64 + done as f64 * s.response.mean_s();
        }
        assert_eq!(arrivals, answered, "all is drained at the end");
        let off = (number / time - 1.0).abs();
        assert!(off < 0.02, "{percent} %: {number} request-seconds in it, {time} waited by requests");
    }
}
