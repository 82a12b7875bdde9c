//! A look at a board or a query: what the seat is shown, what the fact says, and that graph, box and store agree.

use super::super::session::SLUGS;
use wheel_of_misfortune::fact::{FactId, FactKind};
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::session::explore::ranged;
use wheel_of_misfortune::storage::package;

/// A walkthrough of a few lines, played.
fn played(text: &str) -> SessionHost {
    let package = package::find(SLUGS[0]).expect("bundled");
    rehearsal::run(package, text, Options::default(), None).expect("it runs").host
}

#[test]
fn a_look_shows_its_charts_to_that_seat_alone_and_is_a_fact_with_its_range() {
    let host = played(
        "T+10m :look board \"1h api\"\n+20s :look promql \"15m sum by (service) (up{job=\\\"service\\\"})\"\n+30s :look promql \"15m up{\"\n+20s pwd\n",
    );
    let looks: Vec<(FactId, String)> = host
        .session()
        .facts()
        .iter()
        .filter_map(|f| match &f.what {
            FactKind::Observed { target, .. } if target.contains(" over ") => Some((f.id, target.clone())),
            _ => None,
        })
        .collect();
    let targets: Vec<&str> = looks.iter().map(|(_, t)| t.as_str()).collect();
    assert_eq!(targets, ["api over 60m", "sum by (service) (up{job=\"service\"}) over 15m", "up{ over 15m"]);
    let p = host.projection("primary");
    let of = |panel: &str| p.explore.charts.iter().filter(|c| c.panel == panel).collect::<Vec<_>>();
    assert!(of("board").len() > 5, "the board stays open beside the query");
    assert!(of("board").iter().all(|c| c.range_s == 3_600 && c.error.is_none()), "{:?}", of("board")[0].error);
    let [query] = of("promql")[..] else { panic!("one query is open at a time: {:?}", of("promql")) };
    assert!(query.error.is_some() && query.lines.is_empty(), "{query:?}");
    assert!(host.projection("secondary").explore.charts.is_empty(), "nobody else looks");
}

#[test]
fn the_box_and_the_graph_say_the_same_at_every_scrape() {
    let host = played("T+15m :look promql \"1h service:http_requests_started:rate{service=\\\"api\\\"}\"\n+20s pwd\n");
    let p = host.projection("primary");
    let signal = wheel_of_misfortune::scenario::Signal::RequestRate("api".into());
    let points = host.session().telemetry().series(&signal);
    let [chart] = &p.explore.charts[..] else { panic!("{:?}", p.explore.charts) };
    let line = &chart.lines[0].points;
    let mut compared = 0;
    for (t, v) in line.iter().filter(|(_, v)| v.is_some()) {
        let other = points.iter().find(|(at, _)| at == t).and_then(|(_, v)| *v);
        assert_eq!(*v, other, "at {t}");
        compared += 1;
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn a_range_is_read_from_the_front_and_bounded() {
    assert_eq!(ranged("1h web"), (3_600, "web"));
    assert_eq!(ranged("web"), (1_800, "web"));
    assert_eq!(ranged("90s rate(x[1m])"), (90, "rate(x[1m])"));
    assert_eq!(ranged("sum (up)"), (1_800, "sum (up)"));
    assert_eq!(ranged("1s up"), (60, "up"), "at least a minute");
    assert_eq!(ranged("900h up"), (43_200, "up"), "at most half a day");
}
