//! Worlds with rooms: links, certificates, clocks, edges, stores, queues, flags, vendors, managed replicas; every declared
//! kind of fault is drawn on them, and what must hold in every world holds there too.

use super::swarm::draw::Draw;
use super::swarm::{calls_add_up, numbers};
use super::{check, exact, registry};
use std::collections::{BTreeMap, BTreeSet};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::sim::{Effect, World};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::time::Span;

#[path = "../../support/stores.rs"]
mod stores;

/// A world of the test data.
fn read(text: &str) -> Scenario {
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> = texts.iter().map(|n| ((*n).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), text.to_owned());
    load(&Package { slug: "shop".to_owned(), path: "shop".to_owned(), files }).scenario.expect("a scenario")
}

/// The registry on managed replicas in two zones with limits, and with a store that every download asks.
fn platform() -> Scenario {
    let mut s = registry();
    let world = &mut s.world;
    for (n, h) in world.hosts.iter_mut().enumerate() {
        let zone = ["a", "b"][n % 2].to_owned();
        let inodes = BTreeMap::from([("/".to_owned(), 200_000)]);
        world.capacity.hosts.insert(h.0.clone(), HostCapacity { zone, inodes, ..HostCapacity::default() });
    }
    let mut front = world.services["api"].clone();
    (front.on, front.replicas, front.dns) = (Vec::new(), 4, "front.registry.example".to_owned());
    (front.release, front.staging) = (None, None);
    let probe = || Some(CheckSpec { every: Span(10), timeout_us: 1_000_000, failures: 3 });
    let autoscale = AutoscaleSpec {
        metric: ScaleMetric::Cpu,
        target: 60,
        min: 2,
        max: 8,
        every: Span(15),
        scale_in: Default::default(),
        settle: Span(120),
    };
    let managed = ManagedSpec {
        nodes: vec!["web-1".into(), "web-2".into()],
        cpu: exact(1, 2),
        cpu_limit: None,
        memory: 512 << 20,
        base: 200 << 20,
        memory_limit: Some(1 << 30),
        start: Span(10),
        readiness: probe(),
        liveness: probe(),
        autoscale: Some(autoscale),
        min_available: None,
    };
    let own = ServiceCapacity { managed: Some(managed), ..ServiceCapacity::default() };
    world.capacity.services.insert("front".to_owned(), own);
    (world.capacity.addresses, world.capacity.quota) = (Some(40), Some(40));
    let mut db = world.services["bucket"].clone();
    (db.kind, db.dns) = (ServiceKind::Database, "db.registry.example".to_owned());
    world.services.insert("db".to_owned(), db);
    front.calls.push("db".to_owned());
    world.services.insert("front".to_owned(), front);
    let mut users = world.traffic["cargo"].clone();
    users.calls = "front:download".to_owned();
    users.tenant = Some("acme".to_owned());
    world.traffic.insert("others".to_owned(), users);
    world.stores.insert("db-main".to_owned(), stores::three());
    s
}

fn worlds() -> Vec<Scenario> {
    let shop = read(include_str!("../../data/change/shop.ron"));
    vec![read(include_str!("../../data/fault/net.ron")), shop, platform()]
}

/// Plays one world; its digest, and the kinds of fault that began in it.
fn play(scenario: &Scenario, seed: u64, steps: u64) -> Result<(String, BTreeSet<String>), String> {
    let mut d = Draw::new(seed);
    let mut w = World::new(scenario, seed);
    let mut kinds = BTreeSet::new();
    let spec = w.spec().clone();
    for _ in 0..steps {
        if d.once_in(3) {
            if let Some(fault) = d.fault(&spec) {
                let kind = fault_words(&fault).0.to_owned();
                if w.apply(&Effect::Begin(fault, d.course(&spec))).is_ok() {
                    kinds.insert(kind);
                }
            }
            let now: Vec<_> = w.faults().cloned().collect();
            if let Some(fault) = d.one(&now).filter(|_| now.len() > 4).cloned() {
                let _ = w.apply(&Effect::Clear(fault));
            }
        }
        w.step();
        let at = |e: String| format!("{} at {}: {e}", scenario.id, w.tick().0);
        check(&w).map_err(at)?;
        calls_add_up(&w).map_err(at)?;
        numbers(&w).map_err(at)?;
    }
    Ok((digest::of(&w), kinds))
}

#[test]
fn every_kind_of_fault_is_drawn_and_what_must_hold_holds() {
    let mut seen = BTreeSet::new();
    for seed in 0..40 {
        for s in worlds() {
            let once = play(&s, seed, 150).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
            if seed == 0 {
                assert_eq!(play(&s, seed, 150).as_ref(), Ok(&once), "two runs of {}", s.id);
            }
            seen.extend(once.1);
        }
    }
    let missing: Vec<String> = fault_kinds().map(|(word, _)| word).filter(|k| !seen.contains(k)).collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
}
