//! DNS: answers that run out over their time to live, empty answers, resolvers that fail, the planner.

use super::*;
use wheel_of_misfortune::observe::Telemetry;
use wheel_of_misfortune::scenario::Signal;
use wheel_of_misfortune::sim::net::Rcode;

fn old(w: &World) -> f64 {
    let held = w.net().holders("readers", "shop.example");
    held.iter().filter(|(a, _)| *a == Some(0)).map(|(_, s)| s).sum()
}

#[test]
fn a_changed_record_arrives_evenly_over_the_time_to_live() {
    let mut w = world();
    steps(&mut w, 5);
    does(&mut w, NetEffect::RecordSet { name: s("shop.example"), to: vec![s("203.0.113.99")], ttl: None });
    for t in 1..=60u32 {
        steps(&mut w, 1);
        let expected = 1.0 - f64::from(t) / 60.0;
        assert!((old(&w) - expected).abs() < 1.0 / 60.0 + 1e-9, "after {t} s: {} {expected}", old(&w));
    }
    assert_eq!(old(&w), 0.0);
    assert!(w.net().passage_of("readers").is_some_and(|p| p.lost > 0.999), "nobody is at that address");
}

#[test]
fn an_empty_answer_is_kept_for_its_own_time() {
    let mut w = world();
    begin(&mut w, NetFault::RecordEmptied { record: s("shop.example") });
    steps(&mut w, 70);
    assert_eq!(w.net().passage_of("readers").map(|p| p.unresolved), Some(1.0));
    does(&mut w, NetEffect::RecordRollback { name: s("shop.example") });
    let mut before = 1.0;
    for t in 1..=31 {
        steps(&mut w, 1);
        let now = w.net().passage_of("readers").expect("a route").unresolved;
        assert!(now <= before, "after {t} s: {now} of {before}");
        before = now;
        assert!(t >= 30 || now > 0.0, "gone after {t} s of 30");
    }
    assert!(before < 1e-6);
    assert!(!w.faults().any(|f| matches!(f, Fault::Net(_))), "setting the record ends the fault");
}

#[test]
fn flushing_a_resolver_brings_the_new_answer_at_once_to_those_who_ask_it() {
    let mut w = world();
    begin(&mut w, NetFault::RecordEmptied { record: s("api.shop.example") });
    steps(&mut w, 30);
    does(&mut w, NetEffect::RecordRollback { name: s("api.shop.example") });
    does(&mut w, NetEffect::Flush { whose: s("eu-dns"), name: None });
    steps(&mut w, 1);
    assert_eq!(w.net().passage_between("web", "api").map(|p| p.unresolved), Some(0.0));
}

#[test]
fn a_host_counts_its_answer_down_and_asks_again_at_zero() {
    let mut w = world();
    let ttl = |w: &World| w.net().look_up(Some("web-01"), "api.shop.example", None, w.utc()).ttl;
    let mut last = ttl(&w);
    let mut rounds = 0;
    for _ in 0..60 {
        steps(&mut w, 1);
        let now = ttl(&w);
        assert!((1..=20).contains(&now), "{now}");
        if now > last {
            assert_eq!((last, now), (1, 20));
            rounds += 1;
        } else {
            assert_eq!(now + 1, last);
        }
        last = now;
    }
    assert_eq!(rounds, 3);
    let direct = w.net().look_up(Some("web-01"), "api.shop.example", Some("10.1.0.53"), w.utc());
    assert_eq!((direct.ttl, direct.server.as_str()), (20, "10.1.0.53"));
    assert_eq!(w.net().look_up(None, "nowhere.example", None, w.utc()).rcode, Rcode::NxDomain);
}

#[test]
fn a_dead_resolver_is_felt_as_answers_run_out_and_only_where_it_serves() {
    let mut w = world();
    w.apply(&Effect::Unit { host: s("dns-01"), unit: s("resolver"), verb: UnitVerb::Stop }).expect("stopped");
    let mut before = 0.0;
    for _ in 0..70 {
        steps(&mut w, 1);
        let now = w.net().passage_between("web", "api").expect("a call").unresolved;
        assert!(now >= before);
        before = now;
    }
    assert_eq!(before, 1.0);
    assert_eq!(w.net().look_up(Some("web-01"), "api.shop.example", None, w.utc()).rcode, Rcode::ServFail);
    assert_eq!(w.net().look_up(Some("db-01"), "api.shop.example", None, w.utc()).rcode, Rcode::NoError);
    assert_eq!(w.net().passage_of("readers").map(|p| p.unresolved), Some(0.0));
    // Asking another one helps without mending the first.
    does(&mut w, NetEffect::ResolverUse { resolver: s("eu-dns"), instead: s("us-dns") });
    steps(&mut w, 2);
    assert_eq!(w.net().passage_between("web", "api").map(|p| p.unresolved), Some(0.0));
}

#[test]
fn callers_that_keep_nothing_overload_a_small_resolver() {
    let mut scenario = shop();
    let r = scenario.world.network.resolvers.get_mut("eu-dns").expect("a resolver");
    r.kept = false;
    r.queries = 10;
    r.capacity = Some(Exact(ratio(500, 1)));
    let mut w = World::new(&scenario, 1);
    steps(&mut w, 10);
    // 70 misses a second, each with one call of the web and half of two calls of the API from the EU, ten queries each.
    let (_, r) = w.net().resolvers().next().expect("a resolver");
    assert!(r.queries > 700.0 && r.queries < 1_400.0, "what fails at the first call makes no second: {r:?}");
    assert!(r.failing > 0.0 && r.latency_s >= 2.0 - 1e-9, "{r:?}");
    assert!((w.net().queries_of("resolver") - r.queries).abs() < 1e-9);
    assert!(failures(&mut w, 60) > 500);
}

#[test]
fn the_planner_undoes_a_repair_until_it_is_stopped() {
    let mut w = world();
    let every = wheel_of_misfortune::stdx::time::Span(60);
    begin(&mut w, NetFault::PlannerRace { record: s("shop.example"), every });
    steps(&mut w, 10);
    let empty =
        |w: &World| w.net().record("shop.example").is_some_and(|r| r.answers.last().is_some_and(|a| a.to.is_empty()));
    does(&mut w, NetEffect::RecordSet { name: s("shop.example"), to: vec![s("cdn")], ttl: None });
    assert!(!empty(&w));
    steps(&mut w, 60);
    assert!(empty(&w), "the planner came round");
    does(&mut w, NetEffect::Planner { run: false });
    does(&mut w, NetEffect::RecordSet { name: s("shop.example"), to: vec![s("cdn")], ttl: None });
    steps(&mut w, 300);
    assert!(!empty(&w));
    assert_eq!(failures(&mut w, 60), 0);
}

/// The shop with a second edge and a second web, to which names may be led.
fn doubled() -> Scenario {
    let mut scenario = shop();
    let services = &mut scenario.world.services;
    let mut green = services["web"].clone();
    (green.dns, green.on) = (s("green.shop.example"), Vec::new());
    let mut edge = services["cdn"].clone();
    edge.dns = s("edge2.shop.example");
    services.insert(s("green"), green);
    services.insert(s("edge2"), edge);
    scenario
}

#[test]
fn a_record_that_leads_to_another_service_moves_the_traffic_as_answers_run_out() {
    let scenario = doubled();
    let mut w = World::new(&scenario, 1);
    let mut t = Telemetry::new(&scenario, &w);
    does(&mut w, NetEffect::RecordSet { name: s("shop.example"), to: vec![s("edge2")], ttl: None });
    let (mut dug, mut fetched, mut led) = (0.0, 0.0, 0.0);
    for second in 1..=60 {
        w.step();
        t.record(&w);
        let old: f64 = w.net().holders("readers", "shop.example").iter().filter(|h| h.0 == Some(0)).map(|h| h.1).sum();
        let (one, two) = (w.flow("cdn").expect("cdn").requests as f64, w.flow("edge2").expect("edge2").requests as f64);
        // Requests of this second were led by the answers held at its beginning.
        assert!((one / (one + two) - old).abs() < 0.03, "after {second} s: {one} and {two}, {old} hold the old answer");
        let found = w.net().look_up(None, "shop.example", None, w.utc());
        let reply = w.http("https://shop.example/page", false);
        assert!(matches!(reply.service.as_deref(), Some("cdn" | "edge2")) && reply.status == 200, "{reply:?}");
        assert_eq!(reply.address.as_deref(), found.addresses.first().map(String::as_str), "curl asks where dig does");
        dug += f64::from(u8::from(found.targets == ["edge2"]));
        fetched += f64::from(u8::from(reply.service.as_deref() == Some("edge2")));
        led += 1.0 - old;
        let arrows: Vec<_> = w.led_elsewhere("readers", None).collect();
        assert_eq!(arrows, ["edge2"], "the map shows it");
    }
    assert_eq!(dug, fetched);
    assert!((dug - led).abs() < 12.0, "{dug} of 60 looks, {led} expected");
    assert_eq!(w.failed_total(), 0, "and nobody notices");
    for _ in 0..45 {
        w.step();
        t.record(&w);
    }
    let rate = |service: &str| t.now(&Signal::RequestRate(s(service))).unwrap_or(0.0);
    assert_eq!(rate("cdn"), 0.0);
    assert!((rate("edge2") - 140.0).abs() < 2.0, "{}", rate("edge2"));
    assert!(t.traces(Some("edge2"), false, 9).iter().any(|t| t.spans[0].caller.as_deref() == Some("readers")));
    does(&mut w, NetEffect::RecordRollback { name: s("shop.example") });
    steps(&mut w, 62);
    assert_eq!(w.flow("edge2").expect("edge2").requests, 0);
}

#[test]
fn calls_follow_a_record_by_host_and_where_nothing_listens_they_are_refused() {
    let mut w = World::new(&doubled(), 1);
    does(&mut w, NetEffect::RecordSet { name: s("web.shop.example"), to: vec![s("green")], ttl: None });
    steps(&mut w, 70);
    let (web, green) = (w.flow("web").expect("web").requests, w.flow("green").expect("green").requests);
    assert!(web == 0 && green > 50, "{web} {green}");
    assert_eq!(w.failed_total(), 0);
    assert_eq!(w.led_elsewhere("cdn", Some("web")).collect::<Vec<_>>(), ["green"]);
    // A database answers no page, and says so at once.
    does(&mut w, NetEffect::RecordSet { name: s("web.shop.example"), to: vec![s("db")], ttl: None });
    steps(&mut w, 70);
    assert_eq!(w.net().passage_between("cdn", "web").map(|p| (p.refused, p.lost)), Some((1.0, 0.0)));
    let reply = w.http("https://web.shop.example/page", false);
    assert_eq!((reply.exit, reply.status), (7, 0), "{reply:?}");
    // One that presents a certificate for other names is not believed.
    does(&mut w, NetEffect::RecordSet { name: s("web.shop.example"), to: vec![s("auth")], ttl: None });
    steps(&mut w, 70);
    let p = w.net().passage_between("cdn", "web").expect("a call").clone();
    assert_eq!(p.moved.iter().map(|m| (m.share, m.passage.tls)).collect::<Vec<_>>(), [(1.0, 1.0)]);
    assert_eq!(w.http("https://web.shop.example/page", false).exit, 60);
}
