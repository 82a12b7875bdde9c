//! One outcome, one status: what a quota turns away is a 429 in metrics, logs, traces and for a client.

use super::super::change::shop;
use super::Watched;
use wheel_of_misfortune::observe::{LogQuery, LogScope};
use wheel_of_misfortune::scenario::{ChangeFault, Fault};
use wheel_of_misfortune::stdx::rational::{Exact, ratio};

#[test]
fn what_a_quota_turns_away_is_a_429_everywhere() {
    let mut w = Watched::new(&shop());
    w.run(1);
    let (since, opened) = (w.world.utc().plus(1), w.world.service("stock").expect("stock").total);
    w.begin(Fault::Change(ChangeFault::Quota { service: "stock".into(), rate: Exact(ratio(10, 1)) }));
    w.run(90);
    // On to the next scrape, so that counters and graphs are of one second.
    while w.telemetry.scraped_ms() != Some(w.world.utc().0 * 1000) {
        w.run(1);
    }
    let f = w.world.service("stock").expect("stock").total;
    let limited = f.limited;
    assert!(limited > 500 && f.own == opened.own && f.shed == opened.shed, "half of 20/s: {f:?}");
    assert_eq!(f.errors() - opened.errors(), limited);
    assert_eq!(w.one(r#"sum(http_requests_total{service="stock",code="429"})"#), Some(limited as f64));
    assert_eq!(w.one(r#"sum(http_requests_total{service="stock",code=~"5.."})"#), Some(opened.errors() as f64));
    let lines = |service: &str, text: &str| {
        let scope = LogScope::Service(service);
        w.telemetry.log_count(&LogQuery { scope, since: Some(since), text: Some(text), ..LogQuery::default() })
    };
    assert_eq!(lines("stock", "status=429"), limited);
    assert_eq!(lines("stock", "status=500") + lines("stock", "status=503"), 0);
    assert_eq!(
        lines("web", r#"callee=stock error="upstream answered 429""#),
        limited,
        "and its caller hears just that"
    );
    // A client of its own: 429 as often as not, with the time after which to come again.
    let mut seen = std::collections::BTreeMap::new();
    let mut world = w.world.clone();
    for _ in 0..60 {
        world.step();
        let reply = world.http("https://stock.example/", false);
        *seen.entry(reply.status).or_insert(0) += 1;
        assert_eq!(reply.header("retry-after").is_some(), reply.status == 429);
    }
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), [200, 429]);
    assert!((15..=45).contains(&seen[&429]), "{seen:?}");
    let failed = w.telemetry.traces(Some("stock"), true, 50);
    let spans: Vec<_> = failed.iter().flat_map(|t| &t.spans).filter(|s| s.service == "stock" && !s.ok).collect();
    assert!(!spans.is_empty() && spans.iter().all(|s| s.status == "429"), "{spans:?}");
}
