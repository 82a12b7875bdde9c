//! Tests of traces: none of them tells what did not happen in its second, and log lines lead to them.

use super::mesh::thirty;
use super::swarm::{act, draw::Draw, world};
use super::worlds::exact;
use std::collections::{BTreeMap, BTreeSet};
use wheel_of_misfortune::observe::{LogQuery, LogScope, Telemetry, Trace};
use wheel_of_misfortune::scenario::{Course, Fault};
use wheel_of_misfortune::sim::{Effect, World};

/// Outcomes that the second counted, by service or call and status.
fn counted(
    w: &World,
    before: &BTreeMap<String, wheel_of_misfortune::sim::Service>,
) -> BTreeMap<(String, &'static str), u64> {
    let mut all = BTreeMap::new();
    for (name, s) in w.services() {
        let f = s.flow;
        let sum = |pick: fn(&wheel_of_misfortune::sim::Answers) -> u64| {
            let was: u64 = before[name].answers.iter().map(pick).sum();
            s.answers.iter().map(pick).sum::<u64>() - was
        };
        for (status, n) in [
            ("200", f.ok),
            ("302", f.redirects),
            ("404", f.missing),
            ("500", f.own),
            // A failed call and a full queue look alike from outside, here as for a client.
            ("503", sum(|a| a.call) + f.shed),
            ("429", f.limited),
        ] {
            all.insert((name.to_owned(), status), n);
        }
        assert_eq!((sum(|a| a.ok), sum(|a| a.own), sum(|a| a.shed)), (f.ok, f.own, f.shed), "{name}: by endpoint");
    }
    for (from, to, e) in w.edges() {
        let f = e.flow;
        for (status, n) in [
            ("ok", f.ok),
            ("timeout", f.timeouts),
            ("5xx", f.errors - f.refused - f.shed - f.limited),
            ("503", f.shed),
            ("429", f.limited),
            ("refused", f.refused + f.cut),
            ("no such host", f.cut),
            ("tls error", f.cut),
            ("denied", f.cut),
            ("breaker open", f.broken),
            ("pool empty", f.starved),
        ] {
            all.insert((format!("{from} -> {to}"), status), n);
        }
    }
    all
}

fn consistent(w: &World, t: &Trace) -> Result<(), String> {
    let root = t.spans.first().ok_or("no span")?;
    if root.depth != 0 || root.caller.is_none() {
        return Err("it begins with its client".to_owned());
    }
    for (i, s) in t.spans.iter().enumerate().skip(1) {
        let parent = t.spans[..i].iter().rfind(|p| p.depth + 1 == s.depth).ok_or("no parent")?;
        let ends = s.start_us + s.us;
        // A microsecond is lost where a way is halved.
        if s.start_us < parent.start_us || ends > parent.start_us + parent.us + 2 {
            return Err(format!("{s:?} is not inside {parent:?}"));
        }
        if s.attempt > 0 && s.ok {
            let edge = (0..).map_while(|e| w.terms(e)).zip(w.edges());
            let own = |(_, (a, b, _)): &(_, (&str, &str, _))| Some(*a) == s.caller.as_deref() && *b == s.service;
            let (terms, _) = edge.into_iter().find(own).ok_or("no such call")?;
            if s.us as f64 / 1e6 > terms.timeout_s {
                return Err(format!("{s:?} took longer than {}", terms.timeout_s));
            }
        }
    }
    Ok(())
}

#[test]
fn no_trace_contradicts_its_second() {
    let (mut good, mut bad, mut linked) = (0, 0, 0);
    let mut kinds = BTreeSet::new();
    for seed in 200..214 {
        let mut d = Draw::new(seed);
        let (mut w, mut t) = if seed % 4 == 0 {
            super::logs::troubled(seed)
        } else {
            let scenario = world(&mut d);
            let w = World::new(&scenario, seed);
            let t = Telemetry::new(&scenario, &w);
            (w, t)
        };
        for _ in 0..250 {
            if d.once_in(9) {
                act(&mut w, &mut d);
            }
            let before = w.services().map(|(n, s)| (n.to_owned(), s.clone())).collect();
            w.step();
            t.record(&w);
            let counts = counted(&w, &before);
            let new: Vec<Trace> = t.traces(None, false, 20).into_iter().filter(|x| x.utc == w.utc()).collect();
            assert!(new.len() <= 2 * w.sources().count(), "a few a second");
            let mut told: BTreeMap<(String, &'static str), u64> = BTreeMap::new();
            for trace in &new {
                let at = || format!("world {seed} at {}:\n{}", w.tick().0, trace.waterfall());
                consistent(&w, trace).unwrap_or_else(|e| panic!("{e}, {}", at()));
                for s in trace.spans.iter().skip(1) {
                    kinds.insert(s.status);
                    let what = match &s.caller {
                        Some(from) => format!("{from} -> {}", s.service),
                        None => s.service.clone(),
                    };
                    *told.entry((what, s.status)).or_default() += 1;
                }
                assert_eq!(t.trace(&trace.id).as_ref(), Some(trace), "its id leads back to it");
                *(if trace.ok() { &mut good } else { &mut bad }) += 1;
            }
            for (what, n) in &told {
                let there = counts.get(what).copied().unwrap_or(0);
                assert!(*n <= there, "world {seed} at {}: {n} of {there} times {what:?}", w.tick().0);
            }
        }
        let query = LogQuery { text: Some("trace_id="), ..LogQuery::default() };
        for line in t.log_tail(&query, 2_000, false).lines {
            let id = line.text.split("trace_id=").nth(1).expect("it holds one").trim();
            assert!(t.trace(id).is_some(), "{}", line.text);
            linked += 1;
        }
    }
    for kind in ["200", "500", "503", "ok", "timeout", "5xx", "breaker open"] {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
    assert!(good > 100 && bad > 100 && linked > 100, "{good} good, {bad} bad, {linked} lines");
}

#[test]
fn durations_are_those_of_the_response_times() {
    let scenario = thirty();
    let mut w = World::new(&scenario, 1);
    let mut t = Telemetry::new(&scenario, &w);
    let slow = Fault::Slow { service: "mid00".into(), factor: exact(10, 1) };
    w.apply(&Effect::Begin(slow, Course::default())).expect("accepted");
    for _ in 0..2_000 {
        w.step();
        t.record(&w);
    }
    for name in ["gate0", "mid00", "data07"] {
        let s = w.service(name).expect("known");
        let all: Vec<f64> = t
            .traces(Some(name), false, 10_000)
            .iter()
            .filter(|x| x.utc > w.utc().plus(-1_900))
            .flat_map(|x| x.spans.iter().filter(|s| s.caller.is_none() && s.service == name).map(|s| s.us as f64 / 1e3))
            .collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        // One in four is one of the slowest tenth, so that the mean lies above the usual one.
        assert!(all.len() > 50, "{name}: {}", all.len());
        assert!(mean > 0.7 * s.latency_ms && mean < 3.0 * s.latency_ms, "{name}: {mean} of {}", s.latency_ms);
        let most = s.response.quantile(0.9999) * 1e3 * 3.0;
        assert!(all.iter().all(|ms| *ms <= most), "{name}: {most}");
    }
}

#[test]
fn the_same_world_samples_the_same_requests() {
    let run = || {
        let mut d = Draw::new(77);
        let scenario = d.mesh();
        let mut w = World::new(&scenario, 4);
        let mut t = Telemetry::new(&scenario, &w);
        for _ in 0..200 {
            if d.once_in(10) {
                act(&mut w, &mut d);
            }
            w.step();
            t.record(&w);
        }
        (
            t.traces(None, false, 1_000),
            t.log_tail(&LogQuery { scope: LogScope::All, text: Some("trace_id="), ..LogQuery::default() }, 500, false),
        )
    };
    let (a, b) = (run(), run());
    assert!(!a.0.is_empty());
    assert_eq!(a, b);
}
