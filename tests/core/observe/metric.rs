//! Metrics count what happened, exactly; signals and series never contradict each other.

use super::mesh::{Mesh, edge, thirty};
use super::worlds::{docs, exact, registry};
use super::{Fault, Watched, calm};
use wheel_of_misfortune::observe::promql::parse;
use wheel_of_misfortune::observe::series::{METRIC_NAME, is_stale};
use wheel_of_misfortune::observe::{FUNCTIONS, complete, components, dashboards, query};
use wheel_of_misfortune::scenario::{EdgeSpec, Signal};
use wheel_of_misfortune::sim::{Effect, UnitVerb};
use wheel_of_misfortune::stdx::time::Span;

/// A front that calls a store which sheds and errs.
fn troubled() -> Watched {
    let mut m = Mesh::default();
    m.service("front", 200, 4_000);
    m.service("store", 4, 40_000).queue = Some(20);
    let call = EdgeSpec { timeout_us: Some(500_000), retries: 1, wait_us: 0, ..edge() };
    m.call("front", "store", call);
    m.traffic("people", "front", 120);
    let mut w = Watched::new(&m.scenario());
    w.begin(Fault::Errors { service: "store".into(), share: exact(1, 10) });
    w
}

#[test]
fn every_finished_request_is_counted_once() {
    let mut w = troubled();
    let books = |w: &Watched, name: &str| -> u64 {
        let s = w.world.service(name).expect("there");
        s.answers.iter().map(|a| a.ok + a.redirects + a.missing + a.own + a.call + a.shed + a.limited).sum()
    };
    let counted = |w: &Watched, name: &str, metric: &str| {
        w.one(&format!("sum({metric}{{service=\"{name}\"}})")).expect("counted") as u64
    };
    let start: Vec<u64> = ["front", "store"].map(|n| counted(&w, n, "http_requests_total")).into();
    w.run(600);
    for (name, start) in ["front", "store"].into_iter().zip(start) {
        let total = counted(&w, name, "http_requests_total");
        assert_eq!(total - start, books(&w, name), "{name}: the counter rose by what the world counted");
        assert_eq!(total, counted(&w, name, "http_request_duration_seconds_count"), "{name}");
        let inf = w.one(&format!("http_request_duration_seconds_bucket{{service=\"{name}\",le=\"+Inf\"}}"));
        assert_eq!(inf, Some(total as f64), "{name}");
        let buckets = w.ask(&format!("sort(http_request_duration_seconds_bucket{{service=\"{name}\"}})"));
        assert_eq!(buckets.len(), 12);
        assert!(buckets.iter().all(|(_, v)| v.fract() == 0.0), "whole requests: {buckets:?}");
        let flow = w.world.service(name).expect("there").total;
        assert_eq!(books(&w, name), flow.served() + flow.failed - flow.refused + flow.shed + flow.limited);
    }
    assert!(w.one("sum(rate(http_requests_total{service=\"store\",code=\"500\"}[2m]))") > Some(5.0));
    assert!(w.one("sum(rate(http_requests_total{service=\"store\",code=\"503\"}[2m]))") > Some(5.0));
    let p50 = w.one(
        "histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket{service=\"front\"}[5m])))",
    );
    assert!(p50 > Some(0.004), "{p50:?}");
}

#[test]
fn callers_count_how_their_calls_end() {
    let mut w = troubled();
    let before = w.one("sum(rpc_client_requests_total{service=\"front\"})").expect("counted");
    w.run(600);
    let (_, _, edge) = w.world.edges().next().expect("an edge");
    let t = edge.total;
    let sum = w.one("sum(rpc_client_requests_total{service=\"front\"})").expect("counted") - before;
    assert_eq!(sum as u64, t.ok + t.failures());
    assert!(w.one("rate(rpc_client_retries_total{service=\"front\",callee=\"store\"}[1m])") > Some(1.0));
    assert!(w.one("rate(rpc_client_requests_total{service=\"front\",outcome=\"error\"}[1m])") > Some(1.0));
    assert_eq!(w.one("rpc_client_breaker_open{service=\"front\",callee=\"store\"}"), Some(0.0));
}

#[test]
fn what_does_not_run_is_not_scraped_and_starts_again_from_zero() {
    let mut w = Watched::new(&calm());
    let store = |w: &Watched, q: &str| w.ask(q).len();
    w.run(60);
    let unit = |verb| Effect::Unit { host: "docs-01".into(), unit: "web".into(), verb };
    let high = w.one("sum(http_requests_total{service=\"web\"})").expect("counted");
    assert!(high > 1_000.0, "{high}");
    w.world.apply(&unit(UnitVerb::Stop)).expect("accepted");
    w.run(60);
    assert_eq!(store(&w, "http_requests_total{service=\"web\"}"), 0, "absent, never zero");
    assert_eq!(store(&w, "http_request_duration_seconds_bucket{service=\"web\"}"), 0);
    assert_eq!(w.one("up{service=\"web\",job=\"service\"}"), Some(0.0));
    assert_eq!(w.one("service_replicas_ready{service=\"web\"}"), Some(0.0), "the orchestrator still says so");
    w.world.apply(&unit(UnitVerb::Start)).expect("accepted");
    // The edge in front sends nothing for a while after its origin came back.
    w.run(600);
    let low = w.one("sum(http_requests_total{service=\"web\"})").expect("counted again");
    assert!(low < high && low > 0.0, "{low} of a new process");
    // Over every run: a counter falls only where a process started anew.
    let falls = |id| {
        let samples = w.telemetry.store().samples(id, i64::MIN, i64::MAX).filter(|(_, v)| !is_stale(*v));
        let values: Vec<f64> = samples.map(|(_, v)| v).collect();
        values.windows(2).filter(|p| p[1] < p[0]).count()
    };
    for id in w.telemetry.store().ids() {
        let labels = w.telemetry.store().labels(id);
        let name = labels.get(METRIC_NAME).unwrap_or_default();
        if name.ends_with("_total") || name.ends_with("_bucket") || name.ends_with("_count") {
            let most = usize::from(labels.get("service") == Some("web"));
            assert!(falls(id) <= most, "{labels}");
        }
    }
}

/// A signal as an expression over what the components show themselves.
fn raw(signal: &Signal, interval: u64) -> Option<String> {
    let range = 2 * interval;
    let sum = |metric: &str, of: &str| format!("sum(rate({metric}{{{of}}}[{range}s]))");
    Some(match signal {
        Signal::RequestRate(of) => {
            let (service, endpoint) = of.split_once(':').unwrap_or((of, ".*"));
            sum("http_requests_started_total", &format!("service=\"{service}\",endpoint=~\"{endpoint}\""))
        }
        Signal::OkRate(s) => sum("http_requests_total", &format!("service=\"{s}\",code=\"200\"")),
        Signal::ErrorShare(s) => {
            let bad = sum("http_requests_total", &format!("service=\"{s}\",code=~\"5..\""));
            format!("{bad} / ({} > 0)", sum("http_requests_started_total", &format!("service=\"{s}\"")))
        }
        Signal::Load(h) => {
            format!("1 - {} / {}", sum("node_cpu_seconds_total", &format!("instance=\"{h}\",mode=\"idle\"")), {
                sum("node_cpu_seconds_total", &format!("instance=\"{h}\""))
            })
        }
        Signal::DiskUsed(of) => {
            let (host, point) = of.split_once(':')?;
            let on = format!("{{instance=\"{host}\",mountpoint=\"{point}\"}}");
            format!("sum(1 - node_filesystem_free_bytes{on} / node_filesystem_size_bytes{on})")
        }
        Signal::Probe(p) => format!("probe_success{{probe=\"{p}\"}}"),
        Signal::QueueDepth(q) => format!("queue_depth{{queue=\"{q}\"}}"),
        Signal::QueueSuccess(_) | Signal::Latency(_) | Signal::Query { .. } => return None,
    })
}

#[test]
fn signals_say_what_the_series_say() {
    let mut five = registry();
    five.world.scrape = Span(5);
    let mut compared = 0;
    let mesh = thirty();
    let first = mesh.world.services.keys().next().expect("a service").clone();
    for (scenario, service) in [(mesh, first.as_str()), (calm(), "web"), (five, "api")] {
        let mut w = Watched::new(&scenario);
        for _ in 0..6 {
            let fault = Fault::Errors { service: service.into(), share: exact(1, 4) };
            w.begin(fault);
            w.run(60);
            let signals: Vec<Signal> = w.telemetry.signals().cloned().collect();
            for s in signals {
                let now = w.telemetry.now(&s);
                assert_eq!(w.one(&query(&s)), now, "{s:?}: its own series");
                let Some(expr) = raw(&s, w.telemetry.interval_s()) else { continue };
                let (Some(seen), Some(now)) = (w.one(&expr), now) else { continue };
                assert!((seen - now).abs() <= 1e-9 * now.abs().max(1.0), "{s:?}: {now}, and {expr} says {seen}");
                compared += 1;
            }
        }
    }
    assert!(compared > 900, "{compared}");
}

#[test]
fn a_scenario_may_scrape_every_five_seconds() {
    let mut s = docs();
    s.world.scrape = Span(5);
    let mut w = Watched::new(&s);
    w.run(10);
    assert_eq!(w.telemetry.interval_s(), 5);
    let points = w.telemetry.series(&Signal::RequestRate("cdn".into()));
    assert!(points.windows(2).all(|p| p[1].0 - p[0].0 == 5), "{:?}", &points[..3]);
    assert_eq!(points.len(), 1_800 / 5 + 2);
}

#[test]
fn every_component_has_a_dashboard_that_finds_something() {
    for s in [docs(), registry(), thirty()] {
        let mut w = Watched::new(&s);
        w.run(120);
        for component in components(&s.world) {
            let panels = dashboards(&s.world, &component);
            assert!(!panels.is_empty(), "{component}");
            let found = panels.iter().filter(|p| !w.ask(&p.query).is_empty()).count();
            assert!(found * 2 >= panels.len(), "{component}: {found} of {} panels", panels.len());
        }
    }
    assert!(dashboards(&docs().world, "nowhere").is_empty());
}

#[test]
fn samples_are_bounded_and_cost_little_memory() {
    let mut w = Watched::new(&thirty());
    w.run(4 * 240);
    let per_scrape = w.telemetry.store().sample_count() / (120 + 64);
    // A sample is 16 bytes: four hours of thirty services stay far below 200 MB.
    let four_hours = per_scrape * (4 * 240 + 120) * 16;
    assert!(four_hours < 100_000_000, "{four_hours} bytes");
}

#[test]
fn the_query_box_completes_what_the_store_holds() {
    let mut w = Watched::new(&docs());
    w.run(30);
    let store = w.telemetry.store();
    let texts = |text: &str| -> (usize, Vec<String>) {
        let (at, found) = complete(store, text, text.len());
        (at, found.into_iter().map(|c| c.text).collect())
    };
    assert_eq!(texts("rate(http_requests_to"), (5, vec!["http_requests_total".to_owned()]));
    assert_eq!(texts("histogram_q"), (0, vec!["histogram_quantile".to_owned()]));
    assert_eq!(texts("http_requests_total{co"), (20, vec!["code".to_owned()]));
    assert_eq!(texts("http_requests_total{code=\"5"), (26, vec!["500".to_owned(), "503".to_owned()]));
    assert_eq!(texts("sum by (inst"), (8, vec!["instance".to_owned()]));
    assert!(texts("up{service=\"c").1.contains(&"cdn".to_owned()));
    assert!(texts("").1.len() > 50 && texts("nothing_like_it").1.is_empty());
    // Every function that is offered exists.
    for f in FUNCTIONS {
        let why = parse(&format!("{f}()")).err().map(|e| e.message).unwrap_or_default();
        assert!(!why.contains("unknown") && !why.contains("not supported"), "{f}: {why}");
    }
}
