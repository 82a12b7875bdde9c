//! Changes: rollouts, configuration, flags, scheduled jobs, queues, caches, vendors, and the watching itself.

mod config;
mod family;
mod format;
mod queue;
mod release;
mod tools;
mod watch;

use std::collections::BTreeMap;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{ChangeFault, Course, Fault, Scenario, load};
use wheel_of_misfortune::sim::{Applied, ChangeEffect, Effect, World};
use wheel_of_misfortune::stdx::rational::{Exact, ratio};

fn package(source: &str) -> Package {
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> =
        texts.iter().map(|name| ((*name).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), source.to_owned());
    Package { slug: "shop".to_owned(), path: "shop".to_owned(), files }
}

fn source() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/change/shop.ron");
    std::fs::read_to_string(path).expect("shop.ron")
}

pub fn shop() -> Scenario {
    let loaded = load(&package(&source()));
    let words: Vec<&str> =
        loaded.diagnostics.iter().map(|d| d.message.as_str()).filter(|m| !m.contains("Korean")).collect();
    loaded.scenario.unwrap_or_else(|| panic!("{words:?}"))
}

/// The shop, opened.
fn open() -> World {
    World::new(&shop(), 7)
}

fn steps(w: &mut World, n: u64) -> Vec<FactKind> {
    (0..n).flat_map(|_| w.step()).collect()
}

fn act(w: &mut World, effect: ChangeEffect) -> Vec<FactKind> {
    let (applied, facts) = w.apply_by(&Effect::Change(effect), "dev").expect("accepted");
    assert!(matches!(applied, Applied::Now | Applied::Job { .. }));
    facts
}

fn refusal(w: &mut World, effect: Effect) -> String {
    w.apply_by(&effect, "dev").expect_err("refused").message
}

fn fault(change: ChangeFault) -> Fault {
    Fault::Change(change)
}

fn begin(w: &mut World, change: ChangeFault, n: i64, d: i64) {
    let course = Course { severity: Exact(ratio(n, d)), ..Course::default() };
    w.apply(&Effect::Begin(fault(change), course)).expect("begins");
}

fn is_ill(w: &World, change: &ChangeFault) -> bool {
    w.faults().any(|f| matches!(f, Fault::Change(c) if c == change))
}

/// Share of a service's requests that failed over the next `n` seconds.
fn errors(w: &mut World, service: &str, n: u64) -> f64 {
    let (mut requests, mut bad) = (0, 0);
    for _ in 0..n {
        w.step();
        let f = w.flow(service).expect("service");
        requests += f.requests;
        bad += f.errors();
    }
    bad as f64 / requests.max(1) as f64
}

/// Mean time to answer over the next `n` seconds, milliseconds.
fn latency(w: &mut World, service: &str, n: u64) -> f64 {
    let mut sum = 0.0;
    for _ in 0..n {
        w.step();
        sum += w.service(service).expect("service").latency_ms;
    }
    sum / n as f64
}

fn changed(component: &str, to: &str) -> FactKind {
    FactKind::StateChanged { component: component.to_owned(), to: to.to_owned() }
}

/// A dial: more of it is never less of what it does.
fn rises(values: &[f64]) {
    assert!(values.windows(2).all(|w| w[1] >= w[0] - 1e-9), "{values:?}");
    assert!(values.last() > values.first(), "{values:?}");
}
