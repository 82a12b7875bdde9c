//! Sense of calls: circles that nothing breaks, calls that cannot be answered in time, and more ways than a second can walk.

use super::super::read::Reader;
use super::super::value::Value;
use super::circle;
use crate::diagnostic::Code;
use crate::stdx::rational::{Exact, whole};
use num_traits::Zero as _;
use std::collections::BTreeMap;
use std::ops::Range;

/// Ways through the services that the requests of one traffic source may take in all: a second of the world walks each
/// of them, and 10,000 take about a millisecond.
pub const PATHS_MAX: u64 = 10_000;

/// Services that one request may pass through: what the world walks at most.
const DEPTH_MAX: usize = 48;

/// A call as it is written.
struct Call<'v> {
    to: String,
    /// How, if that is written.
    edge: Option<&'v Value>,
    /// Whether only what a cache does not hold needs it.
    missed: bool,
}

impl Call<'_> {
    /// Whether every request makes it.
    fn always(&self) -> bool {
        !self.missed && self.edge.is_none_or(|e| *e.at("share").exact() >= whole(1))
    }

    fn has_breaker(&self) -> bool {
        self.edge.is_some_and(|e| e.get("breaker").is_some())
    }
}

/// Everything that a service may call, each once.
fn calls<'v>(service: &'v Value, names: &[String], missed: Option<String>) -> Vec<Call<'v>> {
    let edges = service.at("edges").entries();
    let mut all: Vec<Call<'v>> = Vec::new();
    for to in missed.iter().chain(names).chain(edges.iter().map(|(to, _, _)| to)) {
        if all.iter().all(|c| c.to != *to) {
            let edge = edges.iter().find(|(k, _, _)| k == to).map(|(_, _, e)| e);
            all.push(Call { to: to.clone(), edge, missed: missed.as_ref() == Some(to) });
        }
    }
    all
}

/// What a cache or an edge fetches from.
fn origin(service: &Value) -> Option<String> {
    service.at("kind").get("origin").map(Value::text)
}

/// Runs all checks of this kind.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let world = root.at("world");
    let services = world.at("services").entries();
    let mut graph: BTreeMap<&str, Vec<Call<'_>>> = BTreeMap::new();
    for (name, _, s) in services {
        let own = s.at("endpoints").entries().iter().flat_map(|(_, _, e)| e.at("calls").texts());
        let names: Vec<String> = s.at("calls").texts().into_iter().chain(own).collect();
        graph.insert(name, calls(s, &names, origin(s)));
        late(reader, s);
    }
    circles(reader, services, &graph);
    load(reader, world);
    paths(reader, world, &graph);
    for (_, _, host) in world.at("hosts").entries() {
        for (point, _, m) in host.at("mounts").entries() {
            if m.at("base").amount() > m.at("size").amount() {
                let help = Some("`base` is what the system itself uses of `size`".to_owned());
                let message = format!("`{point}` holds more than its size at the opening");
                reader.report(Code::OutOfRange, &m.at("base").at, message, "more than `size`".to_owned(), help);
            }
        }
    }
}

/// Moments of a day that a shape of it may have at most: every quarter of an hour.
const DAY_MAX: usize = 96;

/// Offered load over time: points in order, a day that has a shape, and somebody who asks.
fn load(reader: &mut Reader<'_>, world: &Value) {
    for (_, _, t) in world.at("traffic").entries() {
        let (points, day) = (t.at("profile").items(), t.at("day").items());
        for (a, b) in points.iter().zip(points.iter().skip(1)) {
            if a.at("at").offset() >= b.at("at").offset() {
                let message = format!("{} does not come after {}", b.at("at").offset(), a.at("at").offset());
                let help = Some("points stand in order of time, each at a moment of its own".to_owned());
                reader.report(Code::TimeOrder, &b.at("at").at, message, "not after the point before".to_owned(), help);
            }
        }
        if day.len() == 1 || day.len() > DAY_MAX {
            let message = format!("a day has from 2 to {DAY_MAX} moments");
            let help = Some("for example 24, one an hour from midnight on in UTC".to_owned());
            reader.report(Code::OutOfRange, &t.at("day").at, message, format!("{} here", day.len()), help);
        }
        let nobody = |factors: &[Exact]| !factors.is_empty() && factors.iter().all(|f| f.is_zero());
        let profile: Vec<Exact> = points.iter().map(|p| p.at("factor").exact()).collect();
        let day: Vec<Exact> = day.iter().map(Value::exact).collect();
        for (field, factors) in [("profile", &profile), ("day", &day)] {
            if nobody(factors) {
                let message = "nobody ever asks".to_owned();
                let help = Some("a factor above 0 somewhere".to_owned());
                reader.report(Code::Questionable, &t.at(field).at, message, "nothing".to_owned(), help);
            }
        }
    }
}

/// Calls whose way alone takes longer than the caller waits.
fn late(reader: &mut Reader<'_>, service: &Value) {
    for (to, _, e) in service.at("edges").entries() {
        let (latency, timeout) = (e.at("latency").amount(), e.get("timeout").map(Value::amount));
        if let Some(place) = e.get("timeout").filter(|_| timeout.is_some_and(|t| t > 0 && t <= latency)) {
            let message = format!("no answer of `{to}` can come in time");
            let help = Some("a timeout longer than the round trip of `latency`".to_owned());
            reader.report(Code::OutOfRange, &place.at, message, "not longer than the way".to_owned(), help);
        }
    }
}

type Entry = (String, Range<usize>, Value);

/// Circles of calls: one that every request goes round never ends; one without a breaker feeds itself when it fails.
fn circles(reader: &mut Reader<'_>, services: &[Entry], graph: &BTreeMap<&str, Vec<Call<'_>>>) {
    let without = |keep: fn(&Call<'_>) -> bool| -> BTreeMap<&str, Vec<String>> {
        let kept = |calls: &Vec<Call<'_>>| calls.iter().filter(|c| keep(c)).map(|c| c.to.clone()).collect();
        graph.iter().map(|(name, calls)| (*name, kept(calls))).collect()
    };
    let (endless, unbroken) = (without(|c| c.always()), without(|c| !c.has_breaker()));
    let mut told: Vec<String> = Vec::new();
    for (name, place, _) in services {
        if told.contains(name) {
            continue;
        }
        let never_ends = circle(name, &endless);
        let Some(way) = never_ends.clone().or_else(|| circle(name, &unbroken)) else { continue };
        // The line of the call that closes the circle, else that of the service.
        let written = way.iter().zip(way.iter().skip(1)).find_map(|(from, to)| {
            let edges = services.iter().find(|(k, _, _)| k == from)?.2.at("edges").entries();
            edges.iter().find(|(k, _, _)| k == to).map(|(_, at, _)| at.clone())
        });
        let at = written.unwrap_or_else(|| place.clone());
        let round = way.join(" → ");
        if never_ends.is_some() {
            let message = format!("every request goes round for ever: {round}");
            let help = Some("take one call out, or give it a `share` below 1".to_owned());
            reader.report(Code::OutOfRange, &at, message, "a circle without an end".to_owned(), help);
        } else {
            let message = format!("services call each other in a circle without a breaker: {round}");
            let help = Some("give one of the calls a `breaker`: a failure here feeds itself".to_owned());
            reader.report(Code::Questionable, &at, message, "in a circle".to_owned(), help);
        }
        told.extend(way);
    }
}

/// Traffic whose requests take more ways than a second can walk.
fn paths(reader: &mut Reader<'_>, world: &Value, graph: &BTreeMap<&str, Vec<Call<'_>>>) {
    let names: Vec<&str> = graph.keys().copied().collect();
    let at = |name: &str| names.iter().position(|n| *n == name);
    let next: Vec<Vec<usize>> = graph.values().map(|calls| calls.iter().filter_map(|c| at(&c.to)).collect()).collect();
    let through = |visits: &[u64], calls: &[usize]| {
        let sum = |all: u64, to: &usize| all.saturating_add(visits.get(*to).copied().unwrap_or(0));
        calls.iter().fold(1u64, sum)
    };
    let mut visits = vec![1u64; names.len()];
    for _ in 0..DEPTH_MAX {
        visits = next.iter().map(|calls| through(&visits, calls)).collect();
    }
    let services = world.at("services");
    for (name, place, t) in world.at("traffic").entries() {
        let target = t.at("calls").text();
        let (service, endpoint) = target.split_once(':').unwrap_or((&target, ""));
        let Some(entry) = at(service) else { continue };
        let spec = services.entries().iter().find(|(k, _, _)| k == service).map(|(_, _, s)| s);
        let own = spec.and_then(|s| {
            let e = s.at("endpoints").entries().iter().find(|(k, _, _)| k == endpoint)?;
            let calls = e.2.get("calls")?.texts();
            Some(calls.iter().chain(origin(s).iter()).filter_map(|c| at(c)).collect::<Vec<usize>>())
        });
        let ways = own.map_or_else(|| visits.get(entry).copied().unwrap_or(0), |calls| through(&visits, &calls));
        if ways > PATHS_MAX {
            let message = format!("the requests of `{name}` take more than {PATHS_MAX} ways through the services");
            let label = if ways == u64::MAX { "without number".to_owned() } else { format!("{ways} ways") };
            let help = Some("fewer calls one behind another: each way is walked in every second".to_owned());
            reader.report(Code::OutOfRange, place, message, label, help);
        }
    }
}
