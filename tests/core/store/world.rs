//! Data stores in their world: users feel them, files and units follow, effects and faults go the common way.

#[allow(dead_code, reason = "shared with tests of the world, which use all of it")]
#[path = "../../support/worlds.rs"]
pub mod worlds;

use super::stores;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::{
    Course, Failover, Fault, LinkSpec, MountSpec, NetFault, Provenance, Scenario, ServiceKind, StoreFault,
};
use wheel_of_misfortune::sim::{Applied, Effect, StoreAct, StoreEffect, UnitState, UnitVerb, World};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::time::Span;

const DATA: &str = "/var/lib/postgresql/15/main";

/// The registry with a database of two hosts that every download asks.
pub fn shop() -> Scenario {
    let mut s = worlds::registry();
    let mut spec = stores::three();
    spec.members.retain(|n, _| n != "db-3");
    spec.wal_keep = 0;
    for (name, m) in &mut spec.members {
        m.host = Some(name.clone());
        let mut host = s.world.hosts["web-1"].clone();
        let mut unit = host.units["api"].clone();
        unit.service = Some("db".to_owned());
        unit.restart = false;
        host.units = [("postgresql".to_owned(), unit)].into();
        let device = "/dev/sdb1".to_owned();
        let volume = format!("{name}-data");
        let mount = MountSpec { device, size: 42_000_000_000, base: 0, volume };
        host.mounts.insert("/var/lib/postgresql".to_owned(), mount);
        s.world.hosts.insert(name.clone(), host);
    }
    let mut db = s.world.services["bucket"].clone();
    db.kind = ServiceKind::Database;
    db.on = vec!["db-1".to_owned(), "db-2".to_owned()];
    db.dns = "db.registry.example".to_owned();
    s.world.services.insert("db".to_owned(), db);
    s.world.services.get_mut("api").expect("api").calls.push("db".to_owned());
    s.world.stores.insert("db-main".to_owned(), spec);
    s
}

fn steps(w: &mut World, n: u64) -> Vec<FactKind> {
    (0..n).flat_map(|_| w.step()).collect()
}

fn share(w: &World) -> f64 {
    let (n, of) = w.users();
    n as f64 / of as f64
}

fn act(w: &mut World, act: StoreAct) -> Applied {
    w.apply(&Effect::Store(StoreEffect { store: "db-main".into(), act })).expect("accepted").0
}

fn unit(w: &mut World, host: &str, verb: UnitVerb) {
    w.apply(&Effect::Unit { host: host.into(), unit: "postgresql".into(), verb }).expect("accepted");
}

fn member(w: &World, name: &str) -> String {
    let (plan, state) = w.store("db-main").expect("a store");
    state.member_rows(plan).into_iter().find(|m| m.name == name).expect("a member").state.to_owned()
}

fn lost(facts: &[FactKind]) -> u64 {
    let of = |f: &FactKind| if let FactKind::DurableLoss { amount, .. } = f { *amount } else { 0 };
    facts.iter().map(of).sum()
}

#[test]
fn a_calm_store_is_not_felt_and_its_files_are_there() {
    let mut w = World::new(&shop(), 7);
    let facts = steps(&mut w, 300);
    assert_eq!((w.users().0, w.lost()), (0, 0), "{facts:?}");
    let (plan, state) = w.store("db-main").expect("a store");
    let m = state.metrics(plan, 0);
    // A fifth of 1,177.5 requests a second writes.
    assert!(m.writes_total.abs_diff(300 * 235) < 400, "{m:?}");
    let files = &w.host("db-1").expect("host").vfs;
    assert!(files.du(DATA).expect("data") > 40_000_000_000);
    assert_eq!(files.stat(&format!("{DATA}/base/16384")).expect("a file").owner, "postgres");
}

#[test]
fn a_stopped_primary_is_felt_until_a_replica_is_promoted_and_splits_when_it_comes_back() {
    let mut w = World::new(&shop(), 7);
    steps(&mut w, 60);
    unit(&mut w, "db-1", UnitVerb::Stop);
    let mut facts = steps(&mut w, 60);
    assert!(share(&w) > 0.5, "{:?}", w.users());
    assert!(facts.iter().any(
        |f| matches!(f, FactKind::StateChanged { component, to } if component == "store db-main" && to == "no leader")
    ));
    act(&mut w, StoreAct::Promote { member: "db-2".into() });
    facts.extend(steps(&mut w, 200));
    assert!(share(&w) < 0.05, "{:?}", w.users());
    let on_its_way = w.lost();
    assert!((200..=500).contains(&on_its_way), "about a second of writes: {on_its_way}");
    unit(&mut w, "db-1", UnitVerb::Start);
    facts.extend(steps(&mut w, 60));
    assert_eq!((member(&w, "db-1"), member(&w, "db-2")), ("split".to_owned(), "primary".to_owned()));
    let Applied::Job { job, .. } = act(&mut w, StoreAct::Rebuild { member: "db-1".into(), wipe: true }) else {
        panic!("a copy takes time")
    };
    assert!(w.jobs().iter().any(|j| j.id == job && j.seconds > 400), "{:?}", w.jobs());
    assert!(w.lost() > on_its_way, "what only the old primary had is gone");
    let rest = steps(&mut w, 470);
    assert!(rest.iter().any(|f| matches!(f, FactKind::JobDone { job: j, .. } if *j == job)));
    assert!(w.jobs().is_empty());
    unit(&mut w, "db-1", UnitVerb::Start);
    steps(&mut w, 30);
    assert_eq!(member(&w, "db-1"), "streaming");
}

#[test]
fn removing_a_data_directory_counts_on_the_host_that_one_is_on() {
    for (host, felt) in [("db-1", true), ("db-2", false)] {
        let mut w = World::new(&shop(), 7);
        steps(&mut w, 60);
        w.apply(&Effect::Remove { host: host.into(), path: DATA.into() }).expect("removed");
        let facts = steps(&mut w, 60);
        assert_eq!(w.host(host).expect("host").units["postgresql"].state, UnitState::Failed);
        assert_eq!((share(&w) > 0.5, lost(&facts) > 0), (felt, felt), "{host}: {:?}", w.users());
        assert_eq!(lost(&facts), w.lost());
    }
}

#[test]
fn a_lock_is_a_fault_like_any_other_and_ends_with_its_backend() {
    let mut w = World::new(&shop(), 7);
    let fault = Fault::Store(StoreFault::LockHeld {
        store: "db-main".into(),
        table: "users".into(),
        statement: "ALTER TABLE users ADD COLUMN plan text".into(),
    });
    steps(&mut w, 10);
    w.apply(&Effect::Begin(fault.clone(), Course::default())).expect("begun");
    steps(&mut w, 60);
    assert!(share(&w) > 0.3, "{:?}", w.users());
    let (plan, state) = w.store("db-main").expect("a store");
    let pid = state.lock_rows(plan)[0].pid;
    act(&mut w, StoreAct::Terminate { pid });
    steps(&mut w, 200);
    assert!(share(&w) < 0.05, "{:?}", w.users());
    assert_eq!(w.apply(&Effect::Clear(fault)).expect_err("over").message, "no such fault");
    let strange = Fault::Store(StoreFault::MemberDown { store: "db-main".into(), member: "db-9".into() });
    assert_eq!(w.apply(&Effect::Begin(strange, Course::default())).expect_err("no").message, "db-main:db-9 not found");
}

#[test]
fn log_that_a_stuck_replica_holds_back_fills_the_mount_and_stops_the_server() {
    let mut s = shop();
    s.world.stores.get_mut("db-main").expect("a store").members.get_mut("db-2").expect("db-2").slot = true;
    // Enough for a few minutes.
    let host = s.world.hosts.get_mut("db-1").expect("db-1");
    host.mounts.get_mut("/var/lib/postgresql").expect("a mount").size = 40_000_000_000 + 500_000_000;
    let mut w = World::new(&s, 7);
    let fault = StoreFault::ReplicationStuck { store: "db-main".into(), member: "db-2".into() };
    w.apply(&Effect::Begin(Fault::Store(fault), Course::default())).expect("begun");
    let before = w.mount("db-1:/var/lib/postgresql").expect("mount").used();
    steps(&mut w, 120);
    let after = w.mount("db-1:/var/lib/postgresql").expect("mount").used();
    assert!(after - before > 120 * 235 * stores::WAL / 2, "{before} {after}");
    let facts = steps(&mut w, 300);
    let unit_of = |w: &World| w.host("db-1").expect("host").units["postgresql"].clone();
    assert_eq!((unit_of(&w).state, unit_of(&w).why.as_str()), (UnitState::Failed, "No space left on device"));
    assert!(facts.iter().any(
        |f| matches!(f, FactKind::StateChanged { component, to } if component == "member db-main:db-1" && to == "down")
    ));
    assert!(share(&w) > 0.5);
    // Starting it without room ends as before; with a larger volume it runs.
    unit(&mut w, "db-1", UnitVerb::Start);
    steps(&mut w, 20);
    assert_eq!(unit_of(&w).state, UnitState::Failed);
    w.apply(&Effect::Resize { volume: "db-1-data".into(), bytes: 60_000_000_000 }).expect("larger");
    unit(&mut w, "db-1", UnitVerb::Start);
    steps(&mut w, 240);
    assert_eq!(unit_of(&w).state, UnitState::Active);
    assert!(share(&w) < 0.05, "{:?}", w.users());
}

#[test]
fn the_same_seed_and_acts_give_the_same_world() {
    let run = || {
        let mut w = World::new(&shop(), 11);
        steps(&mut w, 20);
        unit(&mut w, "db-1", UnitVerb::Stop);
        steps(&mut w, 20);
        act(&mut w, StoreAct::Promote { member: "db-2".into() });
        steps(&mut w, 40);
        digest::of(&w)
    };
    assert_eq!(run(), run());
}

/// The shop with a link that carries what one member opens to the other.
fn linked(from: &str, to: &str, failover: Failover) -> World {
    let mut s = shop();
    let store = s.world.stores.get_mut("db-main").expect("store");
    (store.failover, store.wal_keep) = (failover, 1 << 30);
    let link = LinkSpec {
        from: from.to_owned(),
        to: to.to_owned(),
        latency_us: 0,
        loss: worlds::exact(0, 1),
        capacity: None,
        buffer_us: 0,
        fact: Provenance::Invented,
    };
    s.world.network.links.insert("wal".to_owned(), link);
    World::new(&s, 7)
}

fn one_way() -> Fault {
    Fault::Net(NetFault::LinkDown { link: "wal".into(), one_way: true })
}

fn lag(w: &World) -> u64 {
    let (plan, state) = w.store("db-main").expect("a store");
    state.member_rows(plan).into_iter().find(|m| m.name == "db-2").expect("db-2").receive_lag_bytes
}

#[test]
fn a_replica_that_cannot_call_its_primary_falls_behind_and_catches_up() {
    // What the primary opens gets through, so nobody elects; what the replica opens does not.
    let mut w = linked("db-2", "db-1", Failover::Automatic { timeout: Span(10), fence: true });
    steps(&mut w, 30);
    let before = lag(&w);
    w.apply(&Effect::Begin(one_way(), Course::default())).expect("begun");
    steps(&mut w, 60);
    assert_eq!(member(&w, "db-1"), "primary");
    assert!(lag(&w) > before + 50 * 235 * stores::WAL, "{before} {}", lag(&w));
    assert_eq!(w.users().0, 0, "clients reach both");
    w.apply(&Effect::Clear(one_way())).expect("cleared");
    steps(&mut w, 60);
    assert!(lag(&w) <= before + 400 * stores::WAL, "{}", lag(&w));
}

#[test]
fn a_primary_that_hears_nobody_and_is_not_fenced_makes_a_split_brain_one_way_only() {
    let split = |from: &str, to: &str, fence: bool| {
        let mut w = linked(from, to, Failover::Automatic { timeout: Span(10), fence });
        w.apply(&Effect::Begin(one_way(), Course::default())).expect("begun");
        steps(&mut w, 90);
        (member(&w, "db-1"), member(&w, "db-2"))
    };
    let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(split("db-1", "db-2", false), both("split", "primary"));
    // The other way round the primary keeps its majority.
    assert_eq!(split("db-2", "db-1", false).0, "primary");
    // Fenced, it takes no writes while it is alone.
    assert_ne!(split("db-1", "db-2", true).0, "split");
}
