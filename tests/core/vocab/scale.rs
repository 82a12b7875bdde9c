//! How an autoscaler takes replicas away: at most so many at once, with pauses, and these first.

use super::small;
use wheel_of_misfortune::sim::World;

/// Ten replicas at the opening, of which one is enough from T0 on; how many there are after each minute, and the ages in
/// seconds of those that are left.
fn shrinks(scale_in: &str, minutes: u64) -> (Vec<u64>, Vec<u64>) {
    let capacity = format!(
        "capacity: (services: {{ \"api\": (managed: (start: \"5s\", autoscale: (min: 2, max: 12, metric: Requests, \
         target: 10, every: \"15s\", settle: \"15s\", scale_in: {scale_in}))) }}),\n        alerts: {{"
    );
    // Every replica but those of the opening is made at T-30s, when a little more is asked for.
    let load = "users: 100, profile: [(at: \"T-1h\", factor: \"6\"), (at: \"T-30s\", factor: \"10\", step: true), \
                (at: \"T+2m\", factor: \"1\", step: true)],";
    let s = small(&[("users: 100,", load), ("on: [\"web-01\"], ", "replicas: 6, "), ("alerts: {", &capacity)]);
    let mut w = World::new(&s, 7);
    let (mut counts, mut ages) = (Vec::new(), Vec::new());
    for tick in 1..=180 + minutes * 60 {
        w.step();
        if tick >= 180 && tick.is_multiple_of(60) {
            let (state, plan) = w.machines();
            let pods = state.pods(plan, plan.service("api").expect("api"));
            counts.push(w.replicas("api").expect("api").1);
            ages = pods.iter().filter(|p| p.ready).map(|p| p.age_s).collect();
        }
    }
    (counts, ages)
}

#[test]
fn it_takes_as_many_as_its_policy_lets_it() {
    let (at_once, _) = shrinks("()", 2);
    assert_eq!(at_once, [10, 2, 2]);
    // Four decisions a minute, one replica each; the first one still waits to see that it stays so.
    let (by_one, _) = shrinks("(most: 1)", 3);
    assert_eq!(by_one, [10, 7, 3, 2], "{by_one:?}");
    // After a change it rests for two minutes.
    let (rests, _) = shrinks("(most: 2, cooldown: \"2m\")", 5);
    let steps: Vec<u64> = rests.windows(2).map(|w| w[0] - w[1]).collect();
    assert_eq!(steps, [2, 0, 2, 0, 2], "{rests:?}");
}

#[test]
fn it_lets_go_of_whom_its_policy_names() {
    let young = |ages: &[u64]| ages.iter().filter(|a| **a < 1_000).count();
    let (_, ages) = shrinks("()", 2);
    assert_eq!((ages.len(), young(&ages)), (2, 0), "the youngest went: {ages:?}");
    let (_, ages) = shrinks("(first: Oldest)", 2);
    assert_eq!((ages.len(), young(&ages)), (2, 2), "the oldest went: {ages:?}");
}
