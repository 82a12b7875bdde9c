//! Worlds that have every room: the estate, its annex and a random mesh of calls, joined and turned at random.

use crate::world::swarm::draw::Draw;
use crate::world::worlds::exact;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{
    Commit, EdgeSpec, Failover, FileKind, FileSpec, LogrotateSpec, OnFailure, Provenance, Scenario, WorldSpec, load,
};
use wheel_of_misfortune::stdx::time::Span;

static ESTATE: LazyLock<Scenario> = LazyLock::new(|| read("estate", include_str!("../../data/fault/estate.ron")));
static ANNEX: LazyLock<Scenario> = LazyLock::new(|| read("annex", include_str!("../../data/fault/annex.ron")));

/// A scenario of the test data.
fn read(id: &str, text: &str) -> Scenario {
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> = texts.iter().map(|n| ((*n).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), text.to_owned());
    let loaded = load(&Package { slug: id.to_owned(), path: id.to_owned(), files });
    let words: Vec<String> = loaded.diagnostics.iter().map(|d| d.message.clone()).collect();
    loaded.scenario.unwrap_or_else(|| panic!("{words:?}"))
}

/// Adds what another world has under names of its own.
fn join(world: &mut WorldSpec, other: WorldSpec) {
    world.hosts.extend(other.hosts);
    world.services.extend(other.services);
    world.traffic.extend(other.traffic);
    world.releases.extend(other.releases);
    world.stores.extend(other.stores);
    world.queues.extend(other.queues);
    world.probes.extend(other.probes);
    world.alerts.extend(other.alerts);
    world.graphs.extend(other.graphs);
    world.logs.extend(other.logs);
    let (net, more) = (&mut world.network, other.network);
    net.sites.extend(more.sites);
    net.links.extend(more.links);
    net.records.extend(more.records);
    net.resolvers.extend(more.resolvers);
    net.certs.extend(more.certs);
    net.secrets.extend(more.secrets);
    net.tokens.extend(more.tokens);
    net.clocks.extend(more.clocks);
    net.edges.extend(more.edges);
    let (change, more) = (&mut world.change, other.change);
    change.rollouts.extend(more.rollouts);
    change.configs.extend(more.configs);
    change.flags.extend(more.flags);
    change.crons.extend(more.crons);
    change.vendors.extend(more.vendors);
    let (capacity, more) = (&mut world.capacity, other.capacity);
    capacity.hosts.extend(more.hosts);
    capacity.units.extend(more.units);
    capacity.services.extend(more.services);
}

/// A world of all rooms; the same choices make the same one.
pub fn world(d: &mut Draw) -> Scenario {
    let mut s = ESTATE.clone();
    let annex = ANNEX.clone();
    s.you.may.extend(annex.you.may);
    join(&mut s.world, annex.world);
    join(&mut s.world, d.mesh().world);
    // The parts call each other.
    let (first, last) = ("s0".to_owned(), "s1".to_owned());
    for (from, to) in [("pages", first.as_str()), (last.as_str(), "db"), ("ledger", "auth"), ("web", "search")] {
        if d.once_in(2) {
            let edge = EdgeSpec {
                share: exact(1, 4),
                timeout_us: Some(700_000),
                optional: d.once_in(2),
                ..EdgeSpec::default()
            };
            s.world.services.get_mut(from).expect("a service").edges.insert(to.to_owned(), edge);
        }
    }
    turn(&mut s.world, d);
    s
}

/// Turns the numbers of a world.
fn turn(world: &mut WorldSpec, d: &mut Draw) {
    world.scrape = Span([5, 15][d.number(0, 2) as usize]);
    for t in world.traffic.values_mut() {
        let times = exact(d.number(1, 7) as i64, 4);
        t.rate.0 *= times.0;
        if d.once_in(3) {
            t.on_failure = OnFailure::Retry { attempts: d.number(2, 5) as u32, wait_s: vec![1, 2] };
        }
    }
    for s in world.services.values_mut() {
        if d.once_in(3) {
            s.queue = Some(d.number(1, 2_000) as u32);
        }
        s.drops_expired = d.once_in(3);
    }
    for h in world.hosts.values_mut() {
        if d.once_in(3) {
            h.cores = d.number(2, 17) as u32;
        }
    }
    // Every second machine writes a log of its own, which is soon too large.
    for h in world.hosts.values_mut().step_by(2) {
        let unit = h.units.iter().find(|(_, u)| u.service.is_some()).map(|(name, _)| name.clone());
        if let Some(unit) = unit {
            let (kind, fact) = (FileKind::Text(String::new()), Provenance::Invented);
            let path = format!("/var/log/{unit}/{unit}.log");
            h.files.push(FileSpec { path, kind, owner: "root".to_owned(), precious: None, fact });
            h.logrotate = Some(LogrotateSpec { maxsize: Some(2_000), rotate: 2 });
        }
    }
    for s in world.stores.values_mut() {
        s.commit = if d.once_in(2) { Commit::Synchronous } else { Commit::Asynchronous };
        if d.once_in(2) {
            s.failover = Failover::Automatic { timeout: Span(10), fence: d.once_in(2) };
        }
        s.archive = d.once_in(2);
        s.max_connections = d.number(40, 200);
    }
    for q in world.queues.values_mut() {
        q.more.ttl = q.more.ttl.filter(|_| !d.once_in(3));
    }
}
