//! Exporters of the rooms beside the flow: stores, the platform, machines, the network, changes, queues. Each shows what
//! the field's usual exporter of its kind does, under that exporter's names.

mod balancer;
mod change;
mod machine;
mod mysql;
mod network;
mod platform;
mod queue;
mod store;
mod tally;
mod tenant;

use super::exposition::{Emit, Exposition};
use super::family::{Family, families};
use super::target::Scrape;
use crate::sim::World;
pub(super) use tally::Tally;

families! {
    UP = Gauge "up" ["job", "instance"] "bool" "Whether the scrape of the target found it.";
}

/// Every exporter of rooms: what it is about, whose names it has, and its families.
pub(super) fn exporters() -> Vec<(&'static str, &'static str, &'static [&'static Family])> {
    vec![
        ("Data store", "postgres_exporter, Patroni, pgBackRest exporter", store::ALL),
        ("Data store that runs MySQL", "mysqld_exporter", mysql::ALL),
        ("Managed service, node of the platform", "kube-state-metrics, cAdvisor, AWS VPC CNI", platform::ALL),
        ("Host, unit", "node_exporter, client libraries", machine::ALL),
        (
            "Certificate, resolver, record, link, edge",
            "ssl_exporter, CoreDNS, blackbox_exporter, ping_exporter",
            network::ALL,
        ),
        ("Cache, content delivery network", "redis_exporter, fastly-exporter", tally::ALL),
        ("Configuration, flag, release, scheduled job, vendor", "kube-state-metrics, statuspage exporter", change::ALL),
        ("Queue", "RabbitMQ", queue::ALL),
        ("Tenant", "client libraries", tenant::ALL),
        ("Balancer whose replicas weigh differently", "HAProxy", balancer::ALL),
    ]
}

/// The series of all rooms.
#[derive(Clone, Debug, Default)]
pub(super) struct Rooms {
    exposition: Exposition,
    tally: Tally,
}

impl Rooms {
    pub fn new(w: &World) -> Rooms {
        Rooms { tally: Tally::new(w), ..Rooms::default() }
    }

    /// Looks at a tick: what only has a rate in the world is added up.
    pub fn tick(&mut self, w: &World) {
        self.tally.tick(w);
    }

    /// Hits and misses of a cache or edge since the beginning.
    pub fn hits(&self, name: &str) -> Option<(u64, u64)> {
        self.tally.hits(name)
    }

    /// A scrape. `waiting` says how many items a queue holds.
    pub fn scrape(&mut self, w: &World, scrape: &mut Scrape<'_>, waiting: &dyn Fn(&str) -> f64) {
        let tally = &self.tally;
        self.exposition.scrape(scrape, |emit| collect(w, tally, waiting, emit));
    }

    /// The world's books begin again at the opening.
    pub fn rebase(&mut self, w: &World) {
        let tally = &self.tally;
        self.exposition.rebase(|emit| collect(w, tally, &|_| 0.0, emit));
    }
}

fn collect(w: &World, tally: &Tally, waiting: &dyn Fn(&str) -> f64, emit: &mut Emit<'_>) {
    store::collect(w, emit);
    platform::collect(w, emit);
    machine::collect(w, emit);
    balancer::collect(w, emit);
    network::collect(w, tally, emit);
    tally.collect(w, emit);
    tenant::collect(w, emit);
    change::collect(w, tally, emit);
    queue::collect(w, waiting, emit);
}

/// A truth as a gauge has it.
fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// Whether an exporter on this host can be reached.
fn reachable(w: &World, host: &str) -> bool {
    let (machines, plan) = w.machines();
    plan.host(host).is_none_or(|at| machines.is_on(at))
}
