//! The simulation's options against closed forms: bounded lines, clients that give up, rates that change.

use super::SERVICE_S;
use crate::des::{Des, Leave};
use wheel_of_misfortune::sim::queueing::{Response, erlang_b, erlang_c};

/// A count against the one that is expected, within five standard deviations of a Poisson count.
fn about(count: usize, expected: f64, what: &str) {
    let off = (count as f64 - expected).abs() / expected.sqrt();
    assert!(off < 5.0, "{what}: {count}, expected {expected}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let des = Des::new(2, SERVICE_S).rate(80.0);
    let (a, b, other) = (des.run(3, 100.0), des.run(3, 100.0), des.run(4, 100.0));
    assert_eq!((&a.waits_s, &a.line), (&b.waits_s, &b.line));
    assert_ne!(a.waits_s, other.waits_s);
    // Another station sees the same requests.
    assert_eq!(Des::new(5, SERVICE_S).rate(80.0).run(3, 100.0).arrivals, a.arrivals);
}

#[test]
fn without_a_line_erlang_b_rejects() {
    for (c, rho) in [(1, 0.5), (4, 0.9), (16, 1.2)] {
        let a = rho * f64::from(c);
        let run = Des::new(c, SERVICE_S).rate(a / SERVICE_S).bound(0).run(11, 200_000.0 * SERVICE_S / a);
        about(run.rejected, erlang_b(c, a) * run.arrivals as f64, "rejected");
        assert!(run.conserves() && run.little_error() < 1e-6 && run.waits_s.iter().all(|w| *w == 0.0));
        assert_eq!(run.first_reject_s.is_some(), run.rejected > 0);
    }
}

#[test]
fn one_server_and_a_short_line_reject_as_theory_says() {
    // M/M/1/K with K places: (1 - ρ) ρ^K / (1 - ρ^(K + 1)). Rejections come in bursts, hence a share of the count.
    let rho: f64 = 0.9;
    let run = Des::new(1, SERVICE_S).rate(rho / SERVICE_S).bound(9).run(5, 400_000.0 * SERVICE_S);
    let places = libm::pow(rho, 10.0);
    let expected = (1.0 - rho) * places / (1.0 - places * rho) * run.arrivals as f64;
    assert!((run.rejected as f64 / expected - 1.0).abs() < 0.05, "{}, expected {expected}", run.rejected);
    assert!(run.conserves() && run.little_error() < 1e-6);
    assert_eq!(run.line.iter().max(), Some(&9));
}

#[test]
fn a_station_that_works_for_nobody_works_as_much() {
    let (c, a, timeout_s) = (4, 3.2, 0.15);
    let plain = Des::new(c, SERVICE_S).rate(a / SERVICE_S);
    let zombie = plain.clone().timeout(timeout_s, Leave::Zombie);
    let (all, run) = (plain.run(9, 3_000.0), zombie.run(9, 3_000.0));
    assert_eq!((&all.waits_s, all.late), (&run.waits_s, 0));
    // Who is late is what the closed form of the response says.
    let wait_rate_per_s = (f64::from(c) - a) / SERVICE_S;
    let late = 1.0 - Response::new(erlang_c(c, a), wait_rate_per_s, SERVICE_S).cdf(timeout_s);
    let expected = late * run.completed as f64;
    assert!((run.late as f64 / expected - 1.0).abs() < 0.05, "{} late, expected {expected}", run.late);
    assert!(run.conserves() && run.abandoned == 0);
}

#[test]
fn clients_that_leave_hold_an_overloaded_line_short() {
    // At 1.5 times what it can do, a station keeps busy, the rest leaves, and nobody waits longer than he would.
    let (rho, timeout_s) = (1.5, 2.0);
    for c in [1, 8] {
        let des = Des::new(c, SERVICE_S).rate(rho * f64::from(c) / SERVICE_S).timeout(timeout_s, Leave::Abandon);
        let run = des.run(2, 1_000.0);
        let share = run.abandoned as f64 / run.arrivals as f64;
        assert!((share / (1.0 - 1.0 / rho) - 1.0).abs() < 0.05, "c {c}: {share} left");
        assert!(run.waits_s.iter().all(|w| *w <= timeout_s), "c {c}");
        assert!(run.conserves() && run.little_error() < 1e-6, "c {c}: {}", run.little_error());
        let usual = crate::des::mean(&run.waits_s[run.waits_s.len() / 10..]);
        assert!(usual > 0.9 * timeout_s, "c {c}: a wait of {usual} s");
    }
}

#[test]
fn the_rate_changes_when_it_should() {
    let des = Des::new(16, SERVICE_S).rate(300.0).rate_from(100.0, 0.0).rate_from(150.5, 600.0);
    let counts = [50.0, 100.0, 150.4, 250.5].map(|until_s| des.run(1, until_s).arrivals);
    about(counts[0], 50.0 * 300.0, "the first half");
    about(counts[1] - counts[0], 50.0 * 300.0, "the second half");
    assert_eq!(counts[2], counts[1], "nobody comes in the quiet");
    about(counts[3] - counts[2], 100.0 * 600.0, "after it");
    assert_eq!(Des::new(1, SERVICE_S).run(1, 10.0).arrivals, 0);
    assert_eq!(Des::new(1, SERVICE_S).rate_from(5.0, 100.0).run(1, 5.0).arrivals, 0);
}

#[test]
fn the_line_is_seen_each_second() {
    // Servers that never finish: whoever comes after the first stays in the line.
    let run = Des::new(1, 1e12).rate(10.0).run(6, 30.0);
    assert_eq!((run.line.len(), run.completed, run.left), (30, 0, run.arrivals));
    assert_eq!(run.line[0], 0);
    assert!(run.line.is_sorted() && run.line[29] > 200, "{:?}", run.line);
    assert_eq!((run.drained_after(1.0), &run.sojourns_s), (None, &Vec::new()));
}
