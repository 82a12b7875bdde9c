//! Every fault of the network: its size is a dial, it shows where it should, what mends it ends it, what does not does not.

use super::*;
use wheel_of_misfortune::scenario::{Leap, fault_from_words, fault_words};
use wheel_of_misfortune::stdx::time::Span;

/// A fault, how its harm is measured, what does not help, and what does.
struct Row {
    fault: NetFault,
    harm: fn(&mut World) -> f64,
    shows: fn(&World) -> bool,
    useless: Vec<Effect>,
    helps: Vec<Effect>,
}

fn failed(w: &mut World) -> f64 {
    failures(w, 120) as f64
}

fn slow(w: &mut World) -> f64 {
    steps(w, 60);
    w.net().passage_of("readers").map_or(0.0, |p| p.latency_s + p.lost)
}

fn db_slow(w: &mut World) -> f64 {
    steps(w, 60);
    w.service("db").map_or(0.0, |s| s.latency_ms)
}

fn drift(w: &mut World) -> f64 {
    steps(w, 60);
    w.net().clock("api-01").map_or(0.0, |c| c.offset_us.abs())
}

fn zone(w: &mut World) -> f64 {
    steps(w, 1);
    w.net().clock("db-01").map_or(0.0, |c| f64::from((c.zone_min - 60).abs()))
}

fn net(e: NetEffect) -> Effect {
    Effect::Net(e)
}

fn unit(host: &str, unit: &str) -> Effect {
    Effect::Unit { host: s(host), unit: s(unit), verb: UnitVerb::Restart }
}

fn half() -> Exact {
    Exact(ratio(1, 2))
}

fn front(w: &World) -> wheel_of_misfortune::sim::HttpReply {
    w.http("https://shop.example/shoes", false)
}

fn rows() -> Vec<Row> {
    let repair = |link: &str| net(NetEffect::LinkRepair { link: s(link) });
    let roll = |name: &str| net(NetEffect::RecordRollback { name: s(name) });
    let flush = || net(NetEffect::Flush { whose: s("eu-dns"), name: None });
    vec![
        Row {
            fault: NetFault::LinkDown { link: s("backbone"), one_way: false },
            harm: failed,
            shows: |w| {
                w.net().link("backbone").is_some_and(|l| l.down == [1.0, 1.0])
                    && w.net().hop(Some("api-01"), "db-01").lost == 1.0
            },
            useless: vec![flush(), unit("api-01", "api")],
            helps: vec![repair("backbone")],
        },
        Row {
            fault: NetFault::LinkLoss { link: s("uplink"), share: half() },
            harm: failed,
            shows: |w| w.net().passage_of("readers").is_some_and(|p| (p.lost - 0.5).abs() < 1e-6),
            useless: vec![unit("web-01", "web"), flush()],
            helps: vec![repair("uplink")],
        },
        Row {
            fault: NetFault::LinkGray { link: s("uplink"), share: half() },
            harm: failed,
            shows: |w| w.net().link("uplink").is_some_and(|l| l.gray == 0.5 && l.down == [0.0, 0.0]),
            useless: vec![unit("web-01", "web")],
            helps: vec![repair("uplink")],
        },
        Row {
            fault: NetFault::LinkSlow { link: s("uplink"), by: 900_000 },
            harm: slow,
            shows: |w| front(w).time_ms > 900,
            useless: vec![unit("web-01", "web")],
            helps: vec![repair("uplink")],
        },
        Row {
            fault: NetFault::LinkNarrow { link: s("uplink"), share: Exact(ratio(1, 20)) },
            harm: slow,
            shows: |w| w.net().link("uplink").is_some_and(|l| l.offered > l.capacity && l.loss > 0.5),
            useless: vec![flush()],
            helps: vec![repair("uplink")],
        },
        Row {
            fault: NetFault::RouteWithdrawn { site: s("us") },
            harm: failed,
            shows: |w| w.http_from(Some("web-01"), "http://db-01/", true).exit == 28,
            useless: vec![repair("backbone"), unit("api-01", "api")],
            helps: vec![net(NetEffect::Announce { site: s("us") })],
        },
        Row {
            fault: NetFault::RecordEmptied { record: s("shop.example") },
            harm: failed,
            shows: |w| front(w).exit == 6 && w.probe("front").is_some_and(|p| p.saw.contains("Could not resolve host")),
            useless: vec![flush(), unit("web-01", "web")],
            helps: vec![roll("shop.example")],
        },
        Row {
            fault: NetFault::RecordWrong { record: s("shop.example"), to: s("203.0.113.99") },
            harm: failed,
            shows: |w| front(w).exit == 28 && front(w).address.as_deref() == Some("203.0.113.99"),
            useless: vec![flush()],
            helps: vec![net(NetEffect::RecordSet { name: s("shop.example"), to: vec![s("cdn")], ttl: None })],
        },
        Row {
            fault: NetFault::PlannerRace { record: s("shop.example"), every: Span(30) },
            harm: failed,
            shows: |w| front(w).exit == 6,
            useless: vec![roll("shop.example")],
            helps: vec![net(NetEffect::Planner { run: false }), roll("shop.example")],
        },
        Row {
            fault: NetFault::ResolverFails { resolver: s("eu-dns"), share: Exact(ratio(1, 1)) },
            harm: failed,
            shows: |w| w.http_from(Some("web-01"), "https://api.shop.example/", true).exit == 6,
            useless: vec![flush(), unit("api-01", "api")],
            helps: vec![unit("dns-01", "resolver")],
        },
        Row {
            fault: NetFault::CertExpired { cert: s("front") },
            harm: failed,
            shows: |w| front(w).exit == 60 && front(w).error.is_some_and(|e| e.contains("has expired")),
            useless: vec![net(NetEffect::CertReload { cert: s("front"), service: None }), flush()],
            helps: vec![
                net(NetEffect::CertRenew { cert: s("front") }),
                net(NetEffect::CertReload { cert: s("front"), service: None }),
            ],
        },
        Row {
            fault: NetFault::CertChain { cert: s("front"), share: half() },
            harm: failed,
            shows: |w| front(w).error.is_some_and(|e| e.contains("local issuer")),
            useless: vec![flush()],
            helps: vec![
                net(NetEffect::CertRenew { cert: s("front") }),
                net(NetEffect::CertReload { cert: s("front"), service: None }),
            ],
        },
        Row {
            fault: NetFault::CertName { cert: s("front") },
            harm: failed,
            shows: |w| front(w).error.is_some_and(|e| e.contains("no alternative certificate subject name")),
            useless: vec![unit("web-01", "web")],
            helps: vec![
                net(NetEffect::CertRenew { cert: s("front") }),
                net(NetEffect::CertReload { cert: s("front"), service: None }),
            ],
        },
        Row {
            fault: NetFault::SecretRotated { secret: s("db-password") },
            harm: failed,
            shows: |w| w.net().passage_between("api", "db").is_some_and(|p| p.denied == 1.0),
            useless: vec![unit("db-01", "db"), flush()],
            helps: vec![net(NetEffect::SecretReload { secret: s("db-password"), service: Some(s("api")) })],
        },
        Row {
            fault: NetFault::ClockStep { host: s("auth-01"), ms: -900_000 },
            harm: |w| {
                steps(w, 1);
                w.net().clock("auth-01").map_or(0.0, |c| c.offset_us.abs())
            },
            shows: |w| w.net().passage_between("cdn", "web").is_some_and(|p| p.denied == 1.0),
            useless: vec![unit("web-01", "web"), unit("auth-01", "auth")],
            helps: vec![net(NetEffect::ClockStep { host: s("auth-01") })],
        },
        Row {
            fault: NetFault::ClockDrift { host: s("api-01"), ppm: 5_000 },
            harm: drift,
            shows: |w| w.net().clock("api-01").is_some_and(|c| !c.ntp && c.offset_us > 100_000.0),
            useless: vec![unit("api-01", "api")],
            helps: vec![net(NetEffect::ClockNtp { host: s("api-01"), on: true })],
        },
        Row {
            fault: NetFault::LeapSecond { host: s("db-01"), kind: Leap::Spin, share: Exact(ratio(1, 1)) },
            harm: db_slow,
            shows: |w| w.service("db").is_some_and(|s| s.latency_ms > 15.0),
            useless: vec![unit("api-01", "api"), flush()],
            helps: vec![net(NetEffect::ClockStep { host: s("db-01") })],
        },
        Row {
            fault: NetFault::LeapSecond { host: s("auth-01"), kind: Leap::Negative, share: half() },
            harm: failed,
            shows: |w| w.flow("auth").is_some_and(|f| f.failed > 0),
            useless: vec![net(NetEffect::ClockStep { host: s("auth-01") })],
            helps: vec![unit("auth-01", "auth")],
        },
        Row {
            fault: NetFault::TimeZone { host: s("db-01"), zone_min: 240 },
            harm: zone,
            shows: |w| w.net().clock("db-01").is_some_and(|c| c.zone_min == 240),
            useless: vec![net(NetEffect::ClockStep { host: s("db-01") })],
            helps: vec![net(NetEffect::ClockZone { host: s("db-01"), zone_min: 60 })],
        },
        Row {
            fault: NetFault::EdgeRule { rule: s("cdn:waf"), share: half(), drift: true },
            harm: failed,
            shows: |w| {
                let (_, _, edge) = w.net().edges().next().expect("an edge");
                // No 5xx anywhere, and the history knows nothing of it.
                edge.drifted() == [1]
                    && edge.history.iter().filter(|h| h.rule == 1).count() == 1
                    && w.flow("cdn").is_some_and(|f| f.errors() == 0)
            },
            useless: vec![net(NetEffect::RuleSet { rule: s("cdn:limit"), on: false }), unit("web-01", "web")],
            helps: vec![net(NetEffect::RuleRollback { rule: s("cdn:waf") })],
        },
        Row {
            fault: NetFault::EdgeRule { rule: s("cdn:waf"), share: half(), drift: false },
            harm: failed,
            shows: |w| w.net().edges().next().is_some_and(|(_, _, e)| e.drifted().is_empty() && e.history.len() == 3),
            useless: vec![unit("web-01", "web")],
            helps: vec![net(NetEffect::RuleSet { rule: s("cdn:waf"), on: false })],
        },
        Row {
            fault: NetFault::EdgeLimit { rule: s("cdn:limit"), rate: Exact(ratio(20, 1)) },
            harm: |w| {
                steps(w, 120);
                w.net().passage_of("readers").map_or(0.0, |p| p.limited) + failures(w, 10) as f64 / 1e6
            },
            shows: |w| (0..20).any(|i| w.http(&format!("https://shop.example/item{i}"), false).status == 429),
            useless: vec![flush()],
            helps: vec![net(NetEffect::RuleRollback { rule: s("cdn:limit") })],
        },
    ]
}

fn apply(w: &mut World, e: &Effect) {
    w.apply_by(e, "you").unwrap_or_else(|r| panic!("{e:?}: {r}"));
    // Jobs of the network take a minute at most.
    steps(w, 61);
}

#[test]
fn severity_is_a_dial() {
    for row in rows() {
        let mut last = None;
        for n in 0..=4 {
            let mut w = world();
            if n > 0 {
                w.apply(&Effect::Begin(Fault::Net(row.fault.clone()), at((n, 4)))).expect("it names what there is");
            }
            let harm = (row.harm)(&mut w);
            if let Some(last) = last {
                assert!(harm >= last, "{:?} at {n}/4 does {harm}, less than {last}", row.fault);
            }
            if n == 4 {
                let none = (row.harm)(&mut world());
                assert!(harm > none, "{:?} does nothing: {harm} {none}", row.fault);
            }
            last = Some(harm);
        }
    }
}

#[test]
fn what_mends_a_fault_ends_it_and_what_does_not_does_not() {
    for row in rows() {
        let mut w = world();
        begin(&mut w, row.fault.clone());
        (row.harm)(&mut w);
        assert!((row.shows)(&w), "{:?} does not show", row.fault);
        for e in &row.useless {
            apply(&mut w, e);
            let there = w.faults().any(|f| *f == Fault::Net(row.fault.clone()));
            let planner = matches!(row.fault, NetFault::PlannerRace { .. });
            assert!(there && (planner || (row.shows)(&w)), "{e:?} helps against {:?}", row.fault);
        }
        for e in &row.helps {
            apply(&mut w, e);
        }
        assert!(w.faults().next().is_none(), "{:?} is still there", row.fault);
        steps(&mut w, 240);
        let (harm, none) = ((row.harm)(&mut w), (row.harm)(&mut world()));
        assert!(harm <= none * 1.2 + 1e-9, "{:?} still does {harm}", row.fault);
    }
}

#[test]
fn a_cleared_fault_leaves_nothing_behind() {
    for row in rows() {
        let mut w = world();
        begin(&mut w, row.fault.clone());
        steps(&mut w, 90);
        w.apply(&Effect::Clear(Fault::Net(row.fault.clone()))).unwrap_or_else(|r| panic!("{:?}: {r}", row.fault));
        steps(&mut w, 240);
        let (harm, none) = ((row.harm)(&mut w), (row.harm)(&mut world()));
        assert!(harm <= none * 1.2 + 1e-9, "{:?} still does {harm}", row.fault);
    }
}

#[test]
fn the_line_grammar_names_every_fault() {
    for row in rows() {
        let fault = Fault::Net(row.fault);
        let (kind, fields) = fault_words(&fault);
        let given: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
        assert_eq!(fault_from_words(&kind, &given).as_ref(), Ok(&fault), "{kind} {given:?}");
    }
}

#[test]
fn a_push_in_steps_reaches_more_and_more_and_a_change_by_hand_everybody() {
    let blocked = |drift: bool| {
        let mut w = world();
        begin(&mut w, NetFault::EdgeRule { rule: s("cdn:waf"), share: Exact(ratio(1, 1)), drift });
        let mut seen = Vec::new();
        for _ in 0..4 {
            steps(&mut w, 1);
            seen.push(w.net().passage_of("buyers").expect("a route").blocked);
            steps(&mut w, 29);
        }
        assert_eq!(w.net().passage_of("readers").map(|p| p.blocked), Some(0.0), "its path is another one");
        seen
    };
    assert_eq!(blocked(false), [0.25, 0.5, 0.75, 1.0]);
    assert_eq!(blocked(true), [1.0; 4]);
}
