//! The network between callers and services: physics of each part, every fault with what mends it and what does not.

mod dns;
mod edge;
mod family;
mod tools;
mod trust;

use std::collections::BTreeMap;
use wheel_of_misfortune::diagnostic;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Course, Fault, NetFault, Scenario, load};
use wheel_of_misfortune::sim::{Applied, Effect, NetEffect, UnitVerb, World};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::rational::{Exact, ratio};

/// The shop of `tests/data/fault/net.ron`.
pub(crate) fn shop() -> Scenario {
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> = texts.iter().map(|n| ((*n).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), include_str!("../data/fault/net.ron").to_owned());
    let package = Package { slug: "shop".to_owned(), path: "shop".to_owned(), files };
    let loaded = load(&package);
    let text = diagnostic::to_text(&loaded.diagnostics, |f| package.source(f));
    loaded.scenario.unwrap_or_else(|| panic!("{text}"))
}

pub(crate) fn world() -> World {
    World::new(&shop(), 1)
}

pub(crate) fn steps(w: &mut World, n: u64) -> Vec<FactKind> {
    (0..n).flat_map(|_| w.step()).collect()
}

pub(crate) fn at(severity: (i64, i64)) -> Course {
    Course { severity: Exact(ratio(severity.0, severity.1)), ..Course::default() }
}

pub(crate) fn begin(w: &mut World, fault: NetFault) {
    w.apply(&Effect::Begin(Fault::Net(fault), Course::default())).expect("it names what there is");
}

pub(crate) fn does(w: &mut World, effect: NetEffect) -> Applied {
    w.apply_by(&Effect::Net(effect), "you").expect("accepted").0
}

pub(crate) fn restart(w: &mut World, host: &str, unit: &str) {
    let effect = Effect::Unit { host: host.into(), unit: unit.into(), verb: UnitVerb::Restart };
    w.apply(&effect).expect("restarted");
}

/// Attempts of users that fail in the next `n` seconds.
pub(crate) fn failures(w: &mut World, n: u64) -> u64 {
    let before = w.failed_total();
    steps(w, n);
    w.failed_total() - before
}

pub(crate) fn s(text: &str) -> String {
    text.to_owned()
}

#[test]
fn a_network_without_trouble_stands_in_nobodys_way() {
    let mut w = world();
    assert_eq!(failures(&mut w, 300), 0);
    for source in ["readers", "buyers"] {
        let p = w.net().passage_of(source).expect("a route");
        assert!(p.is_open() && (p.latency_s - 0.02).abs() < 0.001, "{p:?}");
    }
    // The backbone lies between the API in the EU and its database: half of the replicas cross it.
    let p = w.net().passage_between("api", "db").expect("a call");
    assert!((p.latency_s - 0.015).abs() < 1e-9, "{p:?}");
    assert!(w.net().passage_between("web", "api").is_some_and(|p| (p.latency_s - 0.015).abs() < 1e-9));
}

#[test]
fn the_same_seed_and_effects_give_the_same_world() {
    let play = || {
        let mut w = world();
        begin(&mut w, NetFault::RecordEmptied { record: s("shop.example") });
        steps(&mut w, 40);
        does(&mut w, NetEffect::RecordRollback { name: s("shop.example") });
        begin(&mut w, NetFault::LinkLoss { link: s("backbone"), share: Exact(ratio(1, 3)) });
        steps(&mut w, 100);
        digest::of(&w)
    };
    assert_eq!(play(), play());
}

#[test]
fn a_full_link_waits_first_and_then_loses_what_it_cannot_carry() {
    let offered = |rate: i64| {
        let mut scenario = shop();
        scenario.world.traffic.get_mut("readers").expect("traffic").rate = Exact(ratio(rate, 1));
        let mut w = World::new(&scenario, 1);
        steps(&mut w, 30);
        let p = w.net().passage_of("readers").expect("a route").clone();
        (p.lost, p.latency_s)
    };
    let (calm, near, over) = (offered(100), offered(900), offered(2_960));
    assert!(calm.0 == 0.0 && near.0 == 0.0, "{calm:?} {near:?}");
    assert!(calm.1 < near.1 && near.1 < over.1, "{calm:?} {near:?} {over:?}");
    assert!((over.1 - 0.22).abs() < 1e-6, "its buffer of 200 ms is full: {over:?}");
    // 3000 a second are offered and 1000 pass.
    assert!((over.0 - 2.0 / 3.0).abs() < 0.03, "{over:?}");
}

#[test]
fn a_one_way_cut_lets_the_other_direction_through() {
    let mut w = world();
    begin(&mut w, NetFault::LinkDown { link: s("backbone"), one_way: true });
    steps(&mut w, 2);
    let lost = |a: &str, b: &str, w: &World| w.net().hop(Some(a), b).lost;
    assert_eq!((lost("api-01", "db-01", &w), lost("db-01", "api-01", &w)), (1.0, 0.0));
}

#[test]
fn a_withdrawn_site_takes_clients_tools_and_resolver_with_it() {
    let mut w = world();
    begin(&mut w, NetFault::RouteWithdrawn { site: s("us") });
    assert!(failures(&mut w, 120) > 1_000);
    let reply = w.http_from(Some("web-01"), "http://db-01/", false);
    assert_eq!(reply.exit, 28, "{reply:?}");
    let reach = w.net().tool("release", "web-01", w.utc(), |s| w.is_up(s));
    assert!(
        matches!(&reach, wheel_of_misfortune::sim::net::ToolReach::Cut(why) if why.contains("timed out")),
        "{reach:?}"
    );
    does(&mut w, NetEffect::BreakGlass { tool: s("release") });
    steps(&mut w, 121);
    let reach = w.net().tool("release", "web-01", w.utc(), |s| w.is_up(s));
    assert_eq!(reach, wheel_of_misfortune::sim::net::ToolReach::BreakGlass);
    does(&mut w, NetEffect::Announce { site: s("us") });
    steps(&mut w, 120);
    assert_eq!(failures(&mut w, 60), 0);
    let reach = w.net().tool("release", "web-01", w.utc(), |s| w.is_up(s));
    assert_eq!(reach, wheel_of_misfortune::sim::net::ToolReach::Reachable);
}

#[test]
fn draining_a_site_takes_its_replicas_and_its_links_out_of_the_way() {
    let mut w = world();
    begin(&mut w, NetFault::LinkDown { link: s("backbone"), one_way: false });
    steps(&mut w, 1);
    let lost = |w: &World| w.net().passage_between("web", "api").expect("a call").lost;
    assert_eq!(lost(&w), 0.5, "one of two replicas is behind the backbone");
    does(&mut w, NetEffect::Drain { site: s("us"), drain: true });
    steps(&mut w, 1);
    assert_eq!(lost(&w), 0.0);
    does(&mut w, NetEffect::Drain { site: s("us"), drain: false });
    steps(&mut w, 1);
    assert_eq!(lost(&w), 0.5);
}

#[test]
fn a_job_by_local_time_runs_twice_or_not_at_all_when_the_clock_changes() {
    let started = |zone: i32, to: i32, at: i64| {
        let mut scenario = shop();
        let clock = scenario.world.network.clocks.get_mut("db-01").expect("a clock");
        clock.zone_min = zone;
        clock.shift = Some(wheel_of_misfortune::scenario::ZoneShift {
            at: wheel_of_misfortune::stdx::time::Offset(at),
            zone_min: to,
        });
        let mut w = World::new(&scenario, 1);
        steps(&mut w, 3 * 3_600);

        w.net().crons().next().expect("a job").1.started
    };
    // T0 is 01:00 UTC. In the autumn 03:00 summer time (UTC+2) becomes 02:00 an hour before or after the job at 02:30.
    assert_eq!(started(120, 60, 0), 1, "the clock goes back when the session opens: 02:00 to 05:00");
    assert_eq!(started(60, 60, 0), 1);
    assert_eq!(started(60, 120, 600), 0, "02:10 becomes 03:10: there is no 02:30 on that day");
    assert_eq!(started(60, 0, 35 * 60), 2, "02:35 becomes 01:35: there are two");
}

#[test]
fn a_job_under_way_slows_its_service() {
    let mut w = world();
    steps(&mut w, 60 + 29 * 60);
    let calm = w.service("db").expect("db").latency_ms;
    steps(&mut w, 90);
    let busy = w.service("db").expect("db").latency_ms;
    assert!(busy > calm * 2.0, "{calm} {busy}");
    assert_eq!(w.net().crons().next().expect("a job").1.started, 1);
}
