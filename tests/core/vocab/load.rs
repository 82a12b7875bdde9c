//! Offered load over time: profiles, days, and surges that rise and fall.

use super::{floor, small};
use wheel_of_misfortune::scenario::Scenario;
use wheel_of_misfortune::sim::World;
use wheel_of_misfortune::stdx::rational::{Ratio, ratio, whole};

/// Requests that the service had got after each of these seconds since the opening.
fn requests(s: &Scenario, at: &[u64]) -> Vec<u64> {
    let mut w = World::new(s, 7);
    let mut out = Vec::new();
    for tick in 1..=at.last().copied().unwrap_or(0) {
        w.step();
        if at.contains(&tick) {
            out.push(w.service("api").expect("api").total.requests);
        }
    }
    out
}

/// Whether two counts are the same but for what comes a second late and what was carried at the opening.
fn near(seen: u64, meant: &Ratio, a_second: u64) -> bool {
    seen.abs_diff(floor(meant)) <= a_second / 32 + 2
}

const USERS: &str = "rate: \"10/s\", users: 100,";

#[test]
fn a_profile_brings_exactly_the_sum_of_its_course() {
    // The session opens at T-1m: flat to T0, straight up to five times in ten minutes, a step down to twice.
    let profile = "rate: \"10/s\", users: 100, profile: [(at: \"T+0s\", factor: \"1\"), (at: \"T+10m\", factor: \"5\"), \
                   (at: \"T+15m\", factor: \"2\", step: true)],";
    let seen = requests(&small(&[(USERS, profile)]), &[60, 360, 660, 959, 1_200]);
    // The sum of 10 × (1 + 4k/600) over the seconds k of the ramp, each taken at its own moment.
    let ramp = |to: i64| (1..=to).fold(whole(0), |sum, k| sum + whole(10) + ratio(40 * k, 600));
    let meant = [
        whole(600),
        whole(600) + ramp(300),
        whole(600) + ramp(600),
        whole(600) + ramp(600) + whole(50 * 299),
        whole(600) + ramp(600) + whole(50 * 299 + 20 * 241),
    ];
    for ((seen, meant), second) in seen.iter().zip(&meant).zip([10, 30, 50, 50, 20]) {
        assert!(near(*seen, meant, second), "{seen} of {meant}");
    }
}

#[test]
fn a_day_has_its_hours_in_utc() {
    // T0 is noon; four moments divide the day: midnight, six, noon, eighteen.
    let day = "rate: \"12/s\", users: 100, day: [\"0\", \"1\", \"2\", \"1\"],";
    let s = small(&[
        (USERS, day),
        ("opens: \"T-1m\"", "opens: \"T+0s\""),
        ("played: BeforeOpening", "played: BeforeOpening"),
    ]);
    // From noon on it falls from twice towards once at eighteen: by 1/360 a minute.
    let seen = requests(&s, &[600]);
    let meant = (1..=600i64).fold(whole(0), |sum, k| sum + whole(12) * (whole(2) - ratio(k, 21_600)));
    assert!(near(seen[0], &meant, 24), "{} of {meant}", seen[0]);
}

#[test]
fn a_surge_rises_and_falls_as_its_course_says() {
    let begin = "Begin(Errors(service: \"api\", share: \"1/2\"))";
    let surge = "Begin(Surge(traffic: \"users\", factor: \"9\"), (rise: \"2m\", lasts: \"6m\", fall: \"2m\"))";
    let marks = [360, 420, 480, 540, 600, 660, 720, 780];
    // A world of its own has no script: the fault is the world's, at the same time.
    let faults = format!("faults: [(at: \"T+5m\", {}, fact: \"invented\")],\n        alerts: {{", {
        let fault = surge.trim_start_matches("Begin(").trim_end_matches(')');
        fault.replacen("Surge", "fault: Surge", 1).replacen(", (rise", ", course: (rise", 1) + ")"
    });
    let seen = requests(&small(&[("alerts: {", &faults)]), &marks);
    let a_minute: Vec<u64> = seen.windows(2).map(|w| w[1] - w[0]).collect();
    // 600 a minute; eight times as much more at the full size, of which a minute of the rise has a quarter or three.
    for (seen, meant) in a_minute.iter().zip([1_800, 4_200, 5_400, 5_400, 4_200, 1_800, 600]) {
        assert!(seen.abs_diff(meant) < 60, "{a_minute:?}");
    }
    // The script may say the same.
    assert!(small(&[(begin, surge)]).script.len() == 2);
}

#[test]
fn any_fault_with_a_dial_grows() {
    let faults = "faults: [(at: \"T+1m\", fault: Errors(service: \"api\", share: \"1\"), course: (rise: \"100s\"), fact: \"invented\")],\n        alerts: {";
    let s = small(&[("alerts: {", faults), ("users: 100", "users: 100000"), ("rate: \"10/s\"", "rate: \"1000/s\"")]);
    let mut w = World::new(&s, 7);
    let mut shares = Vec::new();
    for tick in 1..=260u64 {
        w.step();
        let f = w.service("api").expect("api").flow;
        if [140, 170, 195, 260].contains(&tick) {
            shares.push(100 * f.own / f.requests.max(1));
        }
    }
    assert!(shares[0].abs_diff(20) <= 2 && shares[1].abs_diff(50) <= 2 && shares[2].abs_diff(75) <= 2, "{shares:?}");
    assert_eq!(shares[3], 100);
}
