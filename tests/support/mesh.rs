//! Worlds of services that call each other, put together by a test that sets only causes.

use super::worlds::{exact, scenario, service, text};
use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::stdx::time::Span;

/// A world under construction.
#[derive(Default)]
pub struct Mesh {
    /// What has been declared so far.
    pub world: WorldSpec,
}

/// A call that waits for ever and never tries again.
pub fn edge() -> EdgeSpec {
    EdgeSpec::default()
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
            load: None,
            tenant: None,
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

/// Thirty services under load: three gateways that each call four services, each of which calls a cache and a database of
/// the fifteen behind them; timeouts, retries and breakers as they usually are.
pub fn thirty() -> Scenario {
    let mut m = Mesh::default();
    let call = |share| EdgeSpec { timeout_us: Some(2_000_000), retries: 1, budget: Some(exact(1, 5)), share, ..edge() };
    for n in 0..15 {
        m.service(&format!("data{n:02}"), 64, 2_000);
    }
    for n in 0..12 {
        let name = format!("mid{n:02}");
        m.service(&name, 64, 4_000).queue = Some(500);
        m.call(&name, &format!("data{n:02}"), call(exact(1, 1)));
        m.call(&name, &format!("data{:02}", 12 + n % 3), EdgeSpec { optional: true, ..call(exact(1, 2)) });
    }
    for n in 0..3 {
        let name = format!("gate{n}");
        m.service(&name, 512, 2_000).queue = Some(2_000);
        for k in 0..4 {
            let breaker = Some(BreakerSpec { share: exact(1, 2), least: 20, open: Span(30) });
            m.call(&name, &format!("mid{:02}", 4 * n + k), EdgeSpec { breaker, ..call(exact(3, 4)) });
        }
        let t = m.traffic(&format!("users{n}"), &name, 900);
        t.on_failure = OnFailure::Retry { attempts: 3, wait_s: vec![1, 2] };
        t.timeout_us = Some(10_000_000);
    }
    m.scenario()
}
