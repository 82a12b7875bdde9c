//! Worlds of services that call each other, put together by a test that sets only causes.

use super::worlds::{exact, scenario, service, text};
use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::*;

/// A world under construction.
#[derive(Default)]
pub struct Mesh {
    /// What has been declared so far.
    pub world: WorldSpec,
}

/// A call that waits for ever and never tries again.
pub fn edge() -> EdgeSpec {
    EdgeSpec {
        share: exact(1, 1),
        timeout_us: None,
        retries: 0,
        wait_us: 100_000,
        budget: None,
        breaker: None,
        pool: None,
        optional: false,
        latency_us: 0,
    }
}

impl Mesh {
    /// A managed service with one replica of `concurrency`, each request taking `time_us`.
    pub fn service(&mut self, name: &str, concurrency: u32, time_us: u64) -> &mut ServiceSpec {
        let mut s = service(ServiceKind::Http, &[], &format!("{name}.example"), Vec::new());
        s.concurrency = concurrency;
        s.service_time_us = time_us;
        let path = format!("/{name}");
        let reply = ReplySpec::Ok { content: "text/html".to_owned() };
        s.endpoints = BTreeMap::from([("go".to_owned(), EndpointSpec { path, reply, calls: None })]);
        self.world.services.entry(name.to_owned()).or_insert(s)
    }

    /// A call.
    pub fn call(&mut self, from: &str, to: &str, edge: EdgeSpec) {
        let s = self.world.services.get_mut(from).expect("declared");
        s.edges.insert(to.to_owned(), edge);
    }

    /// Users who call `name:go` `rate` times a second.
    pub fn traffic(&mut self, name: &str, to: &str, rate: i64) -> &mut TrafficSpec {
        let t = TrafficSpec {
            calls: format!("{to}:go"),
            rate: exact(rate, 1),
            users: (rate as u64) * 10,
            on_failure: OnFailure::GiveUp,
            timeout_us: None,
            budget: None,
            name: text(name),
            fact: Provenance::Invented,
        };
        self.world.traffic.entry(name.to_owned()).or_insert(t)
    }

    /// The scenario of the world so far.
    pub fn scenario(self) -> Scenario {
        scenario("mesh", "2024-01-01T00:00:00Z", 0, 7_200, "", self.world)
    }
}

/// Thirty services in five layers, each calling two of the next, with a cache and a database at the bottom, under load.
pub fn thirty() -> Scenario {
    let mut m = Mesh::default();
    for layer in 0..5 {
        for n in 0..6 {
            m.service(&format!("s{layer}{n}"), 64, 2_000 + 500 * layer);
        }
    }
    for layer in 0..4 {
        for n in 0..6 {
            for next in [n, (n + 1) % 6] {
                let call = EdgeSpec { timeout_us: Some(2_000_000), retries: 1, share: exact(1, 2), ..edge() };
                m.call(&format!("s{layer}{n}"), &format!("s{}{next}", layer + 1), call);
            }
        }
    }
    for n in 0..6 {
        let t = m.traffic(&format!("users{n}"), &format!("s0{n}"), 400);
        t.on_failure = OnFailure::Retry { attempts: 3, wait_s: vec![1, 2] };
        t.timeout_us = Some(10_000_000);
    }
    m.scenario()
}
