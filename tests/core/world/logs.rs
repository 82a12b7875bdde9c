//! Tests of the log: its lines and the world's counters are the same numbers, however they are read.

use super::mesh::{Mesh, edge, thirty};
use super::swarm::{act, draw::Draw, world};
use super::worlds::{docs, exact};
use std::collections::BTreeMap;
use wheel_of_misfortune::observe::{LOG_READ_MAX, LogQuery, LogScope, SCRAPE_S, Telemetry};
use wheel_of_misfortune::scenario::{
    BreakerSpec, ChangeFault, Course, EdgeSpec, Fault, LogLevel, LogStyle, Scenario, Signal,
};
use wheel_of_misfortune::sim::{EdgeFlow, Effect, Flow, World};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::time::{Span, Utc};

fn watched(s: &Scenario, seed: u64) -> (World, Telemetry) {
    let w = World::new(s, seed);
    let t = Telemetry::new(s, &w);
    (w, t)
}

/// Lines of a service after a moment that hold a text.
fn lines(t: &Telemetry, service: &str, since: Utc, text: &str) -> u64 {
    let query =
        LogQuery { scope: LogScope::Service(service), since: Some(since), text: Some(text), ..LogQuery::default() };
    t.log_count(&query)
}

/// The counters of a world, and how often each breaker opened.
type Counters = (BTreeMap<String, Flow>, Vec<(String, String, EdgeFlow)>);

fn counters(w: &World) -> Counters {
    let services = w.services().map(|(n, s)| (n.to_owned(), s.total)).collect();
    (services, w.edges().map(|(a, b, e)| (a.to_owned(), b.to_owned(), e.total)).collect())
}

/// Every failure that was counted between two looks is a line, and no line is there without one.
fn agree(t: &Telemetry, since: Utc, was: &Counters, now: &Counters) -> Result<(), String> {
    for (name, f) in &now.0 {
        let b = was.0[name];
        let want = [
            (r#"error="internal error""#, f.own - b.own),
            (r#"error="call failed""#, (f.failed - f.own - f.refused) - (b.failed - b.own - b.refused)),
            (r#"error="queue full""#, f.shed - b.shed),
            (r#"msg="no upstream""#, f.refused - b.refused),
        ];
        for (text, n) in want {
            let found = lines(t, name, since, text);
            if found != n {
                return Err(format!("{name}: {found} lines with {text}, {n} counted"));
            }
        }
    }
    for ((from, to, f), (.., b)) in now.1.iter().zip(&was.1) {
        let want = [
            ("call timed out", "timeout_ms", f.timeouts - b.timeouts),
            (
                "call failed",
                r#"error="upstream answered 5xx""#,
                (f.errors - f.refused - f.shed) - (b.errors - b.refused - b.shed),
            ),
            ("call failed", r#"error="upstream answered 503""#, f.shed - b.shed),
            ("call not made", r#"error="circuit breaker is open""#, f.broken - b.broken),
            ("call not made", r#"error="no connection free in pool""#, f.starved - b.starved),
            ("retries exhausted", "attempts", f.exhausted - b.exhausted),
        ];
        for (msg, more, n) in want {
            let text = format!("msg=\"{msg}\" callee={to} {more}");
            let found = lines(t, from, since, &text);
            if found != n {
                return Err(format!("{from} -> {to}: {found} lines with {text}, {n} counted"));
            }
        }
        // What does not come through says why.
        let why = [
            "connect: connection refused",
            "lookup: no such host",
            "tls: certificate not accepted",
            "credential not accepted",
        ];
        let line = |why: &&str| lines(t, from, since, &format!("msg=\"call failed\" callee={to} error=\"{why}\""));
        let (found, n) = (why.iter().map(line).sum::<u64>(), f.refused + f.cut - b.refused - b.cut);
        if found != n {
            return Err(format!("{from} -> {to}: {found} lines about calls that did not come through, {n} counted"));
        }
    }
    Ok(())
}

/// A service in every kind of trouble now and then: what it calls fails, is late, or leaves no connection free.
pub fn troubled(seed: u64) -> (World, Telemetry) {
    let mut m = Mesh::default();
    m.service("broken", 32, 2_000);
    m.service("late", 8, 4_000).queue = Some(2_000);
    m.service("short", 64, 2_000);
    m.service("web", 256, 1_000).queue = Some(500);
    let call = EdgeSpec { timeout_us: Some(1_000_000), retries: 1, ..edge() };
    let breaker = BreakerSpec { share: exact(1, 2), least: 20, open: Span(5) };
    m.call("web", "broken", EdgeSpec { breaker: Some(breaker), ..call.clone() });
    m.call("web", "late", EdgeSpec { share: exact(1, 2), ..call.clone() });
    m.call("web", "short", EdgeSpec { pool: Some(4), optional: true, retries: 0, ..call });
    m.traffic("users", "web", 400);
    let (mut w, t) = watched(&m.scenario(), seed);
    let slow = |service: &str| Fault::Slow { service: service.into(), factor: exact(40, 1) };
    let errors = Fault::Errors { service: "broken".into(), share: exact(3, 4) };
    for (fault, on, off) in [(slow("late"), 30, 40), (slow("short"), 20, 10), (errors, 8, 25)] {
        let course = Course { pulse: Some((Span(on), Span(off))), ..Course::default() };
        w.apply(&Effect::Begin(fault, course)).expect("accepted");
    }
    (w, t)
}

#[test]
fn every_failure_that_is_counted_is_a_line() {
    let mut told = [0; 9];
    let mut shares = 0;
    for seed in 100..120 {
        let mut d = Draw::new(seed);
        let (mut w, mut t) = if seed % 4 == 0 { troubled(seed) } else { watched(&world(&mut d), seed) };
        let mut was = counters(&w);
        let start = was.clone();
        let opened = w.utc();
        for round in 0..20 {
            let since = w.utc().plus(1);
            for _ in 0..SCRAPE_S {
                if d.once_in(8) {
                    act(&mut w, &mut d);
                }
                w.step();
                t.record(&w);
            }
            let now = counters(&w);
            agree(&t, since, &was, &now).unwrap_or_else(|e| panic!("world {seed}, round {round}: {e}"));
            // What the graph of errors shows is the same number once more.
            for (name, f) in now.0.iter().filter(|(n, _)| w.is_up(n) && !w.is_blind(n)) {
                let b = was.0[name];
                let (requests, errors) = (f.requests - b.requests, f.errors() - b.errors());
                // One that did not run at the scrape before, or runs unwatched, has no share.
                let Some(share) = t.now(&Signal::ErrorShare(name.clone())) else { continue };
                shares += 1;
                let failed = [
                    r#"error="internal error""#,
                    r#"error="call failed""#,
                    r#"error="queue full""#,
                    r#"msg="no upstream""#,
                ];
                let seen: u64 = failed.iter().map(|text| lines(&t, name, since, text)).sum();
                assert_eq!(seen, errors, "{name}");
                // A process counts from its own start: one that began anew in between shows only what came after.
                let began = t.now(&Signal::RequestRate(name.clone())).expect("it runs") * t.interval_s() as f64;
                if began.round() as u64 == requests && requests >= errors && requests > 0 {
                    assert_eq!(
                        (share * requests as f64).round() as u64,
                        seen,
                        "{name} in round {round} of world {seed}"
                    );
                }
            }
            was = now;
        }
        agree(&t, opened.plus(1), &start, &was).unwrap_or_else(|e| panic!("world {seed}: {e}"));
        for f in was.0.values() {
            for (n, more) in told.iter_mut().zip([f.own, f.failed - f.own - f.refused, f.shed, f.refused]) {
                *n += more;
            }
        }
        for (.., f) in &was.1 {
            for (n, more) in told[4..].iter_mut().zip([f.timeouts, f.errors, f.broken, f.starved, f.exhausted]) {
                *n += more;
            }
        }
    }
    assert!(shares > 200, "{shares} shares were compared");
    assert!(told.iter().all(|n| *n > 50), "these worlds are in every kind of trouble: {told:?}");
}

/// A service under load that calls a database which answers too late.
fn late(style: LogStyle) -> Scenario {
    let mut m = Mesh::default();
    m.service("db", 8, 4_000);
    m.service("web", 64, 1_000).log_style = style;
    let call = EdgeSpec { timeout_us: Some(1_000_000), retries: 1, ..edge() };
    m.call("web", "db", call);
    m.traffic("users", "web", 900);
    m.scenario()
}

fn make_late(w: &mut World) {
    let slow = Fault::Slow { service: "db".into(), factor: exact(40, 1) };
    w.apply(&Effect::Begin(slow, Course::default())).expect("accepted");
}

#[test]
fn counting_reading_and_paging_are_the_same_lines() {
    let (mut w, mut t) = watched(&late(LogStyle::Logfmt), 3);
    make_late(&mut w);
    for _ in 0..120 {
        w.step();
        t.record(&w);
    }
    assert!(t.log_kept().lines > 40_000, "{:?}", t.log_kept());
    // Decided by the fixed text, by nothing at all, and only by what fills a hole.
    for text in
        ["call timed out", "level=error", "no such text", "request_id=00", "duration_ms=1000.0", "=web", "trace_id="]
    {
        for scope in [LogScope::All, LogScope::Service("web"), LogScope::Host("nowhere")] {
            let query = LogQuery {
                scope,
                text: Some(text),
                since: Some(w.utc().plus(-70)),
                until: Some(w.utc().plus(-3)),
                ..LogQuery::default()
            };
            let plain = LogQuery { text: None, ..query };
            let (mut read, mut grepped, mut at) = (0, 0, 0);
            loop {
                let page = t.log_page(&plain, at, 5_000);
                grepped += page.lines.iter().filter(|l| l.text.contains(text)).count() as u64;
                at = page.next;
                if !page.more {
                    break;
                }
            }
            let mut at = 0;
            loop {
                let page = t.log_page(&query, at, 777);
                assert!(page.lines.iter().all(|l| l.text.contains(text)));
                read += page.lines.len() as u64;
                at = page.next;
                if !page.more {
                    break;
                }
            }
            assert_eq!((t.log_count(&query), read), (grepped, grepped), "{text} in {scope:?}");
            let last = t.log_page(&query, t.log_start(&query, 5), 5).lines;
            assert_eq!(last, t.log_tail(&query, 5, false).lines, "{text} in {scope:?}");
            assert_eq!(last.len() as u64, grepped.min(5));
        }
    }
    let errors = LogQuery { level: Some(LogLevel::Error), ..LogQuery::default() };
    assert_eq!(t.log_count(&errors), t.log_count(&LogQuery { text: Some("level=error"), ..LogQuery::default() }));
    // Folded: one row for a second and template, with the number of the others.
    let folded = t.log_tail(&LogQuery::default(), 1_000_000, true);
    let all: u64 = folded.lines.iter().map(|l| 1 + u64::from(l.more)).sum();
    assert_eq!(all, t.log_kept().lines);
    assert!(folded.lines.len() < 6_000);
    // One read has a limit and says so.
    let page = t.log_tail(&LogQuery::default(), usize::MAX, false);
    assert_eq!(page.more, t.log_kept().lines > LOG_READ_MAX);
}

#[test]
fn access_lines_say_one_in_how_many() {
    let (mut w, mut t) = watched(&late(LogStyle::Logfmt), 3);
    let since = w.utc().plus(1);
    for _ in 0..600 {
        w.step();
        t.record(&w);
    }
    let ok = w.service("web").expect("web").total.ok;
    let found = lines(&t, "web", since, "status=200");
    // 900 a second: one in a thousand, whole ones, so that they count what they stand for.
    assert_eq!(lines(&t, "web", since, "sampled=1/1000"), found);
    assert!((found * 1_000).abs_diff(ok) < 1_000, "{found} lines for {ok} requests");
    assert_eq!(lines(&t, "web", since, "msg=gc"), 8);
}

#[test]
fn a_service_may_write_json() {
    let (mut w, mut t) = watched(&late(LogStyle::Json), 3);
    make_late(&mut w);
    for _ in 0..60 {
        w.step();
        t.record(&w);
    }
    let query = LogQuery { scope: LogScope::Service("web"), ..LogQuery::default() };
    let read = t.log_tail(&query, 5_000, false).lines;
    assert_eq!(read.len(), 5_000);
    for l in &read {
        let value: serde_json::Value = serde_json::from_str(&l.text).unwrap_or_else(|e| panic!("{e}: {}", l.text));
        let level = match l.level {
            LogLevel::Info => "info",
            LogLevel::Warning => "warn",
            LogLevel::Error => "error",
        };
        assert_eq!(value["level"], level);
        assert!(value["msg"].is_string());
    }
    assert!(read.iter().any(|l| l.text.contains(r#""msg":"call timed out","callee":"db","timeout_ms":1000"#)));
}

#[test]
fn old_lines_go_and_the_log_says_how_many() {
    let (mut w, mut t) = watched(&thirty(), 5);
    t.limit_logs(20_000);
    let mut all = t.log_kept().lines;
    for round in 0..900 {
        if round == 100 {
            let down = Fault::Errors { service: "data03".into(), share: exact(1, 2) };
            w.apply(&Effect::Begin(down, Course::default())).expect("accepted");
        }
        w.step();
        t.record(&w);
        let kept = t.log_kept();
        assert!(kept.records <= 21_024, "{kept:?}");
        assert!(kept.lines + kept.dropped >= all, "none disappears without being counted");
        all = kept.lines + kept.dropped;
    }
    let kept = t.log_kept();
    assert!(kept.dropped > 0 && kept.dropped_until.is_some_and(|u| u < w.utc()), "{kept:?}");
    assert_eq!(t.log_count(&LogQuery::default()), kept.lines);
    let first = t.log_page(&LogQuery::default(), 0, 1).lines;
    assert!(first[0].utc >= kept.dropped_until.expect("some"), "{first:?}");
}

#[test]
fn the_same_world_writes_the_same_lines_whoever_reads() {
    let run = |reads: bool| {
        let (mut w, mut t) = watched(&docs(), 9);
        let mut kept = Vec::new();
        for n in 0..700 {
            w.step();
            t.record(&w);
            if reads && n % 50 == 0 {
                kept.push((t.clone(), t.log_tail(&LogQuery::default(), 100, n % 100 == 0)));
            }
        }
        // Copies share what was there when they were made.
        for (copy, page) in &kept {
            assert!(page.lines.len() <= 100 && copy.log_kept().lines <= t.log_kept().lines);
        }
        (digest::of(&t), t.logs(None, None, 3_000))
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn what_a_blind_collector_misses_is_on_its_host_alone() {
    let (mut w, mut t) = watched(&docs(), 9);
    let blind = Fault::Change(ChangeFault::MonitoringBlind { service: "web".into() });
    w.apply(&Effect::Begin(blind, Course::default())).expect("accepted");
    let since = w.utc().plus(1);
    for _ in 0..120 {
        w.step();
        t.record(&w);
    }
    let on_host = LogQuery { scope: LogScope::Unit("docs-01", "web"), since: Some(since), ..LogQuery::default() };
    let gathered = LogQuery { scope: LogScope::Service("web"), shipped: true, ..on_host };
    assert_eq!((t.log_count(&on_host), t.log_count(&gathered)), (24, 0), "12 a minute, and none of them arrives");
    assert!(t.log_tail(&LogQuery { shipped: true, ..LogQuery::default() }, 400, true).lines.len() > 10);
    assert_eq!(t.log_count(&LogQuery { text: Some("GET"), ..gathered }), 0);
}
