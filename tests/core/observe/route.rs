//! Alerts are told as Alertmanager tells them: routed, grouped, inhibited, silenced, repeated.

use super::worlds::{docs, exact};
use super::{Fault, Watched};
use wheel_of_misfortune::observe::series::Labels;
use wheel_of_misfortune::observe::{Active, Manager, Notification, Silence, matcher};
use wheel_of_misfortune::scenario::{InhibitSpec, RouteSpec, RoutingSpec};
use wheel_of_misfortune::stdx::time::Span;

pub fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| (*t).to_owned()).collect()
}

fn route(matchers: &[&str], receiver: Option<&str>) -> RouteSpec {
    RouteSpec { matchers: texts(matchers), receiver: receiver.map(str::to_owned), ..RouteSpec::default() }
}

/// Critical alerts to the seat; those of the database to its owner too; the rest to a person, in groups by service.
fn tree() -> RoutingSpec {
    let both = RouteSpec { go_on: true, ..route(&["service=\"db\""], Some("dba")) };
    let critical = RouteSpec { group_wait: Some(Span(0)), ..route(&["severity=\"critical\""], Some("you")) };
    let root = RouteSpec {
        receiver: Some("desk".into()),
        group_by: Some(texts(&["service"])),
        group_wait: Some(Span(30)),
        group_interval: Some(Span(300)),
        repeat_interval: Some(Span(3_600)),
        routes: vec![both, critical],
        ..RouteSpec::default()
    };
    let inhibit = InhibitSpec {
        source: texts(&["severity=\"critical\""]),
        target: texts(&["severity=\"warning\""]),
        equal: texts(&["service"]),
    };
    RoutingSpec { route: root, inhibit: vec![inhibit] }
}

fn alert(name: &str, service: &str, severity: &str) -> (String, Active) {
    let labels = Labels::new([("alertname", name), ("service", service), ("severity", severity)]);
    (name.to_owned(), Active::firing(labels, 0, 1.0))
}

struct Told(Manager);

impl Told {
    fn at(&mut self, seconds: i64, alerts: &[(String, Active)]) -> Vec<Notification> {
        self.0.step(alerts.iter().map(|(r, a)| (r.as_str(), a)), seconds * 1_000)
    }
}

fn heard(told: &[Notification]) -> Vec<(String, Vec<String>, Vec<String>)> {
    let names = |list: &[wheel_of_misfortune::observe::Told]| list.iter().map(|t| t.rule.clone()).collect();
    told.iter().map(|n| (n.receiver.clone(), names(&n.firing), names(&n.resolved))).collect()
}

#[test]
fn routes_are_tried_in_order_and_groups_wait() {
    let mut m = Told(Manager::new(&tree()));
    let alerts = [alert("a", "web", "critical"), alert("b", "db", "critical"), alert("c", "web", "info")];
    let now = heard(&m.at(0, &alerts));
    let want = |who: &str, firing: &[&str]| (who.to_owned(), texts(firing), Vec::new());
    assert_eq!(now, [want("you", &["b"]), want("you", &["a"])], "only what does not wait, by service");
    assert_eq!(heard(&m.at(15, &alerts)), []);
    assert_eq!(heard(&m.at(30, &alerts)), [want("desk", &["c"]), want("dba", &["b"])]);
    // One more in a group that was told waits for the interval.
    let more = [alerts.as_slice(), &[alert("d", "web", "info")]].concat();
    assert_eq!(heard(&m.at(45, &more)), []);
    assert_eq!(heard(&m.at(330, &more)), [want("desk", &["c", "d"])]);
    // An end is told at the next interval, once.
    let rest = &more[..3];
    assert_eq!(heard(&m.at(345, rest)), []);
    assert_eq!(heard(&m.at(630, rest)), [("desk".to_owned(), texts(&["c"]), texts(&["d"]))]);
    assert_eq!(heard(&m.at(930, rest)), []);
    // What goes on is told again after the repeat interval.
    let again = m.at(3_900, rest);
    assert!(again.iter().any(|n| n.repeat && n.receiver == "you"), "{again:?}");
}

#[test]
fn a_critical_alert_keeps_the_warning_of_its_service_quiet() {
    let mut m = Told(Manager::new(&tree()));
    let (warning, other) = (alert("w", "web", "warning"), alert("w", "api", "warning"));
    let critical = alert("c", "web", "critical");
    let all = [warning.clone(), other, critical];
    m.at(0, &all);
    let told = heard(&m.at(30, &all));
    assert_eq!(told, [("desk".to_owned(), texts(&["w"]), vec![])], "only that of the other service");
    // The critical one ends: now the warning is told.
    let told = m.at(330, &all[..2]);
    let web = |n: &&Notification| n.receiver == "desk" && n.group.get("service") == Some("web");
    assert_eq!(told.iter().filter(web).count(), 1, "{told:?}");
}

#[test]
fn a_silence_keeps_quiet_until_it_ends() {
    let mut m = Told(Manager::new(&tree()));
    let silence = |matchers: &[&str]| Silence {
        id: 0,
        matchers: texts(matchers),
        starts_ms: 0,
        ends_ms: 600_000,
        by: "primary".into(),
        comment: "known".into(),
    };
    assert_eq!(m.0.silence(silence(&["service=~\"we.*\""])), Ok(1));
    assert!(m.0.silence(silence(&[])).is_err() && m.0.silence(silence(&["="])).is_err());
    let alerts = [alert("a", "web", "critical"), alert("b", "api", "critical")];
    assert_eq!(heard(&m.at(0, &alerts)), [("you".to_owned(), texts(&["b"]), vec![])]);
    assert!(m.0.silenced(&alerts[0].1.labels, 0) && !m.0.silenced(&alerts[1].1.labels, 0));
    assert_eq!(heard(&m.at(300, &alerts)), []);
    assert!(m.0.expire(1, 310_000) && !m.0.expire(1, 320_000) && !m.0.expire(7, 0));
    assert_eq!(heard(&m.at(600, &alerts)), [("you".to_owned(), texts(&["a"]), vec![])]);
}

#[test]
fn matchers_are_read_as_the_tool_reads_them() {
    let labels = Labels::new([("a", "x1")]);
    for (text, want) in [
        ("a=x1", true),
        ("a=\"x1\"", true),
        ("a!=x1", false),
        ("a=~x.", true),
        ("a=~\"x\"", false),
        ("a!~x.*", false),
        ("b=", true),
    ] {
        let m = matcher(text).expect(text);
        assert_eq!(m.matches(labels.get(m.name()).unwrap_or_default()), want, "{text}");
    }
    for text in ["", "a", "=x", "a b=x", "a=~(", "!"] {
        assert!(matcher(text).is_err(), "{text}");
    }
}

#[test]
fn routed_alerts_are_told_by_the_routes_alone() {
    let mut s = docs();
    s.world.routing = Some(RoutingSpec {
        route: RouteSpec { group_wait: Some(Span(60)), receiver: Some("you".into()), ..RouteSpec::default() },
        inhibit: Vec::new(),
    });
    let mut w = Watched::new(&s);
    w.begin(Fault::Errors { service: "web".into(), share: exact(1, 1) });
    let mut told = Vec::new();
    let mut fired = None;
    for second in 1..=600 {
        let facts = w.run(1);
        if !facts.is_empty() {
            fired.get_or_insert(second);
        }
        told.extend(w.telemetry.notifications().into_iter().map(|n| (second, n)));
    }
    let fired = fired.expect("fires");
    assert!(
        matches!(&told[..], [(at, n)] if *at >= fired + 60 && n.firing.len() == 1 && n.firing[0].rule == "site-down"),
        "{fired}: {told:?}"
    );
}
