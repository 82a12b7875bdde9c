//! Alert rules go through their states as Prometheus's do; `promtool` agrees on the same series.

use super::worlds::exact;
use super::{Course, Fault, Watched, calm};
use std::collections::BTreeMap;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::observe::series::{Labels, METRIC_NAME};
use wheel_of_misfortune::observe::{
    Active, AlertPhase, expand, general, humanize, humanize_1024, humanize_duration, shortest, tests_yaml,
};
use wheel_of_misfortune::scenario::{AlertSpec, Scenario, Signal, SloSpec, burn_alerts};
use wheel_of_misfortune::sim::{Effect, UnitVerb};
use wheel_of_misfortune::stdx::time::Span;

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// The documentation site with rules as Prometheus has them.
fn ruled() -> Scenario {
    let mut s = calm();
    let old = s.world.alerts["site-down"].clone();
    let rule = |expr: &str, hold, keep, annotations: &[(&str, &str)]| AlertSpec {
        reliability: None,
        signal: Signal::Query { expr: expr.to_owned(), unit: String::new() },
        when: None,
        hold: Span(hold),
        keep_firing: Span(keep),
        labels: pairs(&[("team", "edge"), ("tier", "{{ $labels.service | toUpper }}")]),
        annotations: pairs(annotations),
        pages: None,
        ..old.clone()
    };
    let share = "sum by (service) (rate(http_requests_total{code=~\"5..\"}[50s])) / sum by (service) (rate(http_requests_total[50s]))";
    let alerts = [
        (
            "errors",
            rule(
                &format!("{share} > 0.05"),
                60,
                120,
                &[
                    ("summary", "{{ $labels.service }}: {{ $value | humanizePercentage }} errors"),
                    ("raw", "{{ $value }} or {{ printf \"%.3f\" $value }}"),
                ],
            ),
        ),
        ("down", rule("up{job=\"service\"} == 0", 0, 0, &[("summary", "{{ $labels.service }} is down")])),
        ("gone", rule("absent(http_requests_in_flight{service=\"web\"})", 30, 0, &[("d", "{{ $labels.service }}")])),
        (
            "busy",
            rule(
                "sum by (service) (rate(http_requests_started_total[50s])) > 90",
                45,
                0,
                &[("d", "{{ $value | humanize }} {{ $value | humanize1024 }} {{ $value | humanizeDuration }}")],
            ),
        ),
        (
            "slow",
            rule(
                "histogram_quantile(0.9, sum by (le, service) (rate(http_request_duration_seconds_bucket[50s]))) > 0.1",
                0,
                0,
                &[("d", "p90 {{ $value | humanizeDuration }}")],
            ),
        ),
    ];
    s.world.alerts.extend(alerts.map(|(id, a)| (id.to_owned(), a)));
    s
}

/// A story with errors, a surge, a slow spell and a stop, and what fired at each scrape.
fn story() -> (Watched, Vec<FactKind>, Vec<(i64, String, Vec<Active>)>) {
    let mut w = Watched::new(&ruled());
    let mut facts = Vec::new();
    let mut fired = Vec::new();
    let unit = |verb| Effect::Unit { host: "docs-01".into(), unit: "web".into(), verb };
    let errors = || Fault::Errors { service: "web".into(), share: exact(1, 2) };
    let slow = || Fault::Slow { service: "web".into(), factor: exact(60, 1) };
    let surge = || Fault::Surge { traffic: "readers".into(), factor: exact(3, 2) };
    for second in 0..2_400 {
        let effect = match second {
            100 => Some(Effect::Begin(errors(), Course::default())),
            115 => Some(Effect::Clear(errors())),
            300 => Some(Effect::Begin(errors(), Course::default())),
            700 => Some(Effect::Clear(errors())),
            900 => Some(unit(UnitVerb::Stop)),
            1_100 => Some(unit(UnitVerb::Start)),
            1_300 => Some(Effect::Begin(surge(), Course::default())),
            1_600 => Some(Effect::Begin(slow(), Course::default())),
            _ => None,
        };
        if let Some(e) = effect {
            w.world.apply(&e).expect("accepted");
        }
        facts.extend(w.run(1));
        if w.world.tick().0.is_multiple_of(15) {
            let at = w.telemetry.scraped_ms().expect("scraped");
            let rules: Vec<String> = w.telemetry.rules().map(|r| r.name.clone()).collect();
            for rule in rules.into_iter().filter(|r| r != "site-down") {
                let now = w.telemetry.active().filter(|(id, a)| *id == rule && a.firing);
                let now = now.map(|(_, a)| a.clone()).collect();
                fired.push((at, rule, now));
            }
        }
    }
    (w, facts, fired)
}

#[test]
fn rules_pend_fire_keep_firing_and_end() {
    let (w, facts, fired) = story();
    let at = |t: i64| (w.world.utc().0 - w.world.t_s() + w.world.opens().0 + t) * 1_000;
    let fires = |rule: &str, t: i64| -> usize {
        let row = fired.iter().find(|(ms, r, _)| *ms == at(t) && r == rule);
        row.unwrap_or_else(|| panic!("no scrape at {t}")).2.len()
    };
    assert_eq!(fires("errors", 165), 0, "half a minute of errors is not long enough");
    assert_eq!(fires("errors", 420), 2, "the site and the edge in front of it");
    assert_eq!(fires("errors", 750), 2, "kept firing after the errors went");
    assert_eq!(fires("errors", 885), 0);
    assert_eq!((fires("down", 885), fires("down", 915), fires("down", 1_140)), (0, 1, 0));
    assert_eq!((fires("gone", 915), fires("gone", 945), fires("gone", 1_140)), (0, 1, 0));
    assert!(fires("slow", 1_800) >= 1 && fires("busy", 1_500) >= 1);
    let errors = fired.iter().find(|(ms, r, _)| *ms == at(420) && r == "errors").expect("there");
    let labels = errors.2[0].labels.to_string();
    assert!(labels.contains("alertname=\"errors\"") && labels.contains("team=\"edge\""), "{labels}");
    assert!(labels.contains("tier=\"CDN\"") || labels.contains("tier=\"WEB\""), "{labels}");
    assert!(errors.2[0].annotations["summary"].ends_with("% errors"), "{:?}", errors.2[0].annotations);
    // Each rule fires and ends in turn.
    for rule in ["errors", "down", "gone"] {
        let turns: Vec<bool> = facts
            .iter()
            .filter_map(|f| match f {
                FactKind::AlertFired { alert, .. } if alert == rule => Some(true),
                FactKind::AlertResolved { alert, .. } if alert == rule => Some(false),
                _ => None,
            })
            .collect();
        assert_eq!(turns.get(..2), Some(&[true, false][..]), "{rule}: {turns:?}");
        assert!(turns.windows(2).all(|t| t[0] != t[1]), "{rule}: {turns:?}");
    }
    // The same as series.
    let count = |state: &str| {
        w.ask(&format!("count_over_time(ALERTS{{alertname=\"errors\",alertstate=\"{state}\",tier=\"WEB\"}}[40m])"))
    };
    assert!(count("pending")[0].1 >= 4.0 && count("firing")[0].1 >= 20.0);
    assert_eq!(w.ask("ALERTS_FOR_STATE{alertname=\"gone\"}"), []);
}

#[test]
fn missing_data_is_no_data_and_never_normal() {
    let mut s = ruled();
    let expr = "rate(http_requests_total{service=\"web\",code=\"500\"}[50s]) > 1".to_owned();
    let watch = AlertSpec { signal: Signal::Query { expr, unit: String::new() }, ..s.world.alerts["errors"].clone() };
    s.world.alerts.insert("own".to_owned(), watch);
    let mut w = Watched::new(&s);
    w.run(30);
    let state = |w: &Watched, id: &str| w.telemetry.alerts().into_iter().find(|a| a.id == id).expect("rule").state;
    assert_eq!(state(&w, "own"), AlertPhase::Normal);
    w.world
        .apply(&Effect::Unit { host: "docs-01".into(), unit: "web".into(), verb: UnitVerb::Stop })
        .expect("accepted");
    w.run(30);
    assert_eq!(state(&w, "own"), AlertPhase::NoData);
}

#[test]
fn an_objective_records_its_burn_and_alerts_on_it() {
    let mut s = calm();
    let old = s.world.alerts["site-down"].clone();
    let of = |codes: &str| format!("sum(rate(http_requests_total{{service=\"cdn\"{codes}}}[$window]))");
    let slo = SloSpec {
        objective: exact(999, 1_000),
        good: of(",code!~\"5..\""),
        total: of(""),
        period: Span(30 * 86_400),
        pages: Some("you".into()),
        summary: old.summary.clone(),
        service: "cdn".into(),
        fact: old.fact.clone(),
    };
    s.world.alerts.extend(burn_alerts("pages", &slo));
    s.world.slos.insert("pages".into(), slo);
    let mut w = Watched::new(&s);
    w.run(120);
    assert_eq!(w.one("slo:error_budget:remaining_ratio{slo=\"pages\"}"), Some(1.0), "nothing failed yet");
    w.begin(Fault::Errors { service: "web".into(), share: exact(1, 10) });
    let facts = w.run(900);
    let share = w.one("slo:sli_error:ratio_rate5m{slo=\"pages\"}").expect("recorded");
    assert!((0.01..0.2).contains(&share), "{share}");
    let left = w.one("slo:error_budget:remaining_ratio").expect("recorded");
    assert!(left < 0.0, "{left}: burnt");
    let fast = |f: &FactKind| matches!(f, FactKind::AlertFired { alert, .. } if alert == "pages-fast-burn");
    assert!(facts.iter().any(fast), "{facts:?}");
}

#[test]
fn templates_expand_as_prometheus_does() {
    let labels = Labels::new([("service", "api"), ("code", "500")]);
    for (template, want) in [
        ("{{ $labels.service }}", "api"),
        ("{{$labels.service}} {{ .Labels.code }}", "api 500"),
        ("{{ $labels.nope }}", ""),
        ("{{ $value }}", "1234.5678"),
        ("{{ $value | humanize }}", "1.235k"),
        ("{{ humanize $value }}", "1.235k"),
        ("{{ printf \"%.1f\" $value }} %", "1234.6 %"),
        ("{{ $value | printf \"%.2f\" }}", "1234.57"),
        ("{{ $labels.service | title }}/{{ $labels.service | toUpper }}", "Api/API"),
        ("a  {{- $labels.code -}}  b", "a500b"),
        ("no {{ unknownFunction $value }}", "no {{ unknownFunction $value }}"),
        ("open {{ $value", "open {{ $value"),
    ] {
        assert_eq!(expand(template, &labels, 1_234.567_8), want, "{template}");
    }
}

#[test]
fn numbers_read_as_in_the_field() {
    for (value, want) in [
        (0.0, "0"),
        (1.0, "1"),
        (999.9, "999.9"),
        (1_000.0, "1k"),
        (0.0012, "1.2m"),
        (2.5e9, "2.5G"),
        (-1234.0, "-1.234k"),
    ] {
        assert_eq!(humanize(value), want);
    }
    for (value, want) in [(0.5, "0.5"), (1024.0, "1ki"), (1_048_576.0, "1Mi"), (1e9, "953.7Mi")] {
        assert_eq!(humanize_1024(value), want);
    }
    for (value, want) in [
        (0.0, "0s"),
        (0.1, "100ms"),
        (1.5, "1.5s"),
        (59.0, "59s"),
        (60.0, "1m 0s"),
        (3_723.0, "1h 2m 3s"),
        (90_061.0, "1d 1h 1m 1s"),
        (-61.0, "-1m 1s"),
    ] {
        assert_eq!(humanize_duration(value), want);
    }
    for (value, want) in [(0.1, "0.1"), (1e21, "1e+21"), (1e-5, "1e-05"), (123_456_789.0, "1.23456789e+08")] {
        let _ = want;
        assert!(shortest(value).parse::<f64>().is_ok_and(|v| v == value), "{value}");
    }
    assert_eq!(shortest(1e21), "1e+21");
    assert_eq!(shortest(1e-5), "1e-05");
    assert_eq!(general(123_450.0, 4), "1.234e+05");
    assert_eq!(general(f64::INFINITY, 4), "+Inf");
}

/// Writes a rule file and unit tests with the story's samples for `promtool test rules`; `.ci/prometheus.sh` runs it.
#[test]
#[ignore = "writes files for promtool into WOM_PROMTOOL_DIR"]
fn writes_the_story_for_promtool() {
    let dir = std::path::PathBuf::from(std::env::var("WOM_PROMTOOL_DIR").expect("a folder to write into"));
    let (w, _, fired) = story();
    let store = w.telemetry.store();
    let asked = [
        "http_requests_total",
        "http_requests_started_total",
        "up",
        "http_requests_in_flight",
        "http_request_duration_seconds_bucket",
        "probe_success",
    ];
    let wanted = |l: &Labels| l.get(METRIC_NAME).is_some_and(|n| asked.contains(&n));
    let end = w.telemetry.scraped_ms().expect("scraped");
    let start = store.ids().filter_map(|id| store.samples(id, i64::MIN, i64::MAX).next()).map(|(t, _)| t).min();
    let start = start.expect("samples");
    let tests = tests_yaml(store, &wanted, (start, end, 15_000), "story.rules.yml", &fired);
    std::fs::write(dir.join("story.rules.yml"), w.telemetry.rules_yaml()).expect("written");
    std::fs::write(dir.join("story.test.yml"), tests).expect("written");
}
