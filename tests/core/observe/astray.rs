//! A defect that leads a share of requests astray: curl, counters and users tell the same share.

use super::super::world::worlds::{exact, registry};
use super::Watched;
use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::{Defect, OnFailure};
use wheel_of_misfortune::sim::Effect;

const URL: &str = "https://registry.example/api/v1/crates/serde/1.0.0/download";

fn counts(w: &mut Watched, n: u64) -> BTreeMap<String, u64> {
    let mut seen = BTreeMap::new();
    for _ in 0..n {
        w.run(1);
        let reply = w.world.http(URL, true);
        *seen.entry(reply.header("location").unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    seen
}

#[test]
fn a_bad_redirect_leads_its_share_astray_and_serves_the_rest() {
    let mut s = registry();
    let release = s.world.releases.get_mut("v2").expect("v2");
    if let Some(Defect::BadRedirect { share, .. }) = &mut release.defect {
        *share = exact(1, 4);
    }
    for t in s.world.traffic.values_mut() {
        t.on_failure = OnFailure::GiveUp;
    }
    let mut w = Watched::new(&s);
    w.world.apply(&Effect::Promote { service: "api".into(), release: "v2".into() }).expect("accepted");
    w.run(70);
    let (api, cdn, failed) = (
        w.world.service("api").expect("api").total,
        w.world.service("static").expect("static").total,
        w.world.failed_total(),
    );
    let seen = counts(&mut w, 400);
    let bad = seen["https://static.registry.examplecrates/serde/1.0.0"];
    assert_eq!(bad + seen["https://static.registry.example/crates/serde/1.0.0"], 400);
    assert!((75..=125).contains(&bad), "a quarter of what curl gets: {seen:?}");
    let sum = |name: &str| w.world.service(name).expect("service").total;
    let (asked, arrived) = (sum("api").requests - api.requests, sum("static").requests - cdn.requests);
    let lost = w.world.failed_total() - failed;
    assert_eq!(asked, arrived + lost, "who does not arrive has failed");
    assert!((lost as f64 / asked as f64 - 0.25).abs() < 0.001, "{lost} of {asked}");
    assert_eq!(sum("api").errors(), api.errors(), "the server sees only redirects");
    let rate =
        |service: &str| w.one(&format!("sum(rate(http_requests_total{{service=\"{service}\"}}[2m]))")).expect("a rate");
    assert!((rate("static") / rate("api") - 0.75).abs() < 0.01, "{} {}", rate("static"), rate("api"));
}
