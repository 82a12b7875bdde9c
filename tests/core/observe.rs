//! What the world shows: metrics of every component, rules, routes, and the field's own tools as judges.

mod alert;
mod alertmanager;
mod explore;
mod metric;
mod page;
mod prometheus;
mod room;
mod route;

use super::world::{mesh, worlds};
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::observe::Telemetry;
use wheel_of_misfortune::observe::promql::{Value, parse};
use wheel_of_misfortune::scenario::{Course, Fault, Scenario};
use wheel_of_misfortune::sim::{Effect, World};

/// The documentation site on a day on which its disk does not fill.
fn calm() -> Scenario {
    let mut s = worlds::docs();
    s.world.faults.clear();
    s
}

/// A world that is watched.
struct Watched {
    world: World,
    telemetry: Telemetry,
}

impl Watched {
    fn new(s: &Scenario) -> Watched {
        let world = World::new(s, 11);
        let telemetry = Telemetry::new(s, &world);
        Watched { world, telemetry }
    }

    fn run(&mut self, seconds: u64) -> Vec<FactKind> {
        let mut facts = Vec::new();
        for _ in 0..seconds {
            self.world.step();
            facts.extend(self.telemetry.record(&self.world));
        }
        facts
    }

    fn begin(&mut self, fault: Fault) {
        self.world.apply(&Effect::Begin(fault, Course::default())).expect("accepted");
    }

    /// What a query finds at the last scrape: label set and value.
    fn ask(&self, query: &str) -> Vec<(String, f64)> {
        let at = self.telemetry.scraped_ms().expect("scraped");
        match parse(query).and_then(|q| q.instant(self.telemetry.store(), at)) {
            Ok(Value::Vector(v)) => v.into_iter().map(|(labels, _, value)| (labels.to_string(), value)).collect(),
            Ok(Value::Scalar(v)) => vec![(String::new(), v)],
            other => panic!("{query}: {other:?}"),
        }
    }

    /// The one value that a query finds.
    fn one(&self, query: &str) -> Option<f64> {
        let found = self.ask(query);
        assert!(found.len() <= 1, "{query}: {found:?}");
        found.first().map(|(_, v)| *v)
    }
}
