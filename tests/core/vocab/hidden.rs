//! Calls that nobody drew: on no map, board or description until a screen gave them away.

use super::small;
use crate::whole::seat::Seat;
use wheel_of_misfortune::scenario::Scenario;

/// The API, which calls a service that nobody drew and one that somebody did.
fn secret() -> Scenario {
    let api = "release: \"v1\", staging: \"v2\", dns: \"api.example\"),";
    let services = format!(
        "edges: {{ \"audit\": (hidden: true), \"db\": () }}, {api}\n\
         \"audit\": (kind: Http, name: \"Audit\", owner: \"you\", dns: \"audit.example\"),\n\
         \"db\": (kind: Database, name: \"DB\", owner: \"you\", dns: \"db.example\"),"
    );
    small(&[(api, &services)])
}

fn drawn(seat: &Seat, who: &str, to: &str) -> bool {
    seat.session.project(who).map.edges.iter().any(|e| e.from == "api" && e.to == to)
}

#[test]
fn a_trace_puts_a_hidden_call_on_the_map() {
    let mut seat = Seat::new(secret(), 7);
    for _ in 0..60 {
        seat.session.advance();
    }
    assert!(drawn(&seat, "primary", "db") && !drawn(&seat, "primary", "audit"));
    assert!(drawn(&seat, "gm", "audit"), "the game master sees the truth");
    // The caller does not count what nobody drew, so that no board can show it.
    let callees = seat.series("rpc_client_requests_total{service=\"api\",outcome=\"ok\"}", "callee");
    assert_eq!(callees.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["db"]);
    let world = seat.session.world();
    assert!(
        world.edges().any(|(from, to, e)| (from, to) == ("api", "audit") && e.total.sent > 500),
        "but it is called"
    );
    // What says nothing of it gives nothing away.
    assert!(seat.begins(1, "metrics list; releases api"));
    seat.session.advance();
    assert!(!drawn(&seat, "primary", "audit"));
    let list = seat.says("trace list api").expect("traces");
    let id = list.lines().nth(1).and_then(|l| l.split_whitespace().next()).expect("a trace").to_owned();
    assert!(seat.begins(1, &format!("trace show {id}")));
    seat.session.advance();
    assert!(drawn(&seat, "primary", "audit"), "{:?}", seat.says(&format!("trace show {id}")));
}

#[test]
fn a_log_line_of_the_caller_gives_it_away() {
    let broken = "faults: [(at: \"T-1m\", fault: Errors(service: \"audit\", share: \"1/2\"), fact: \"invented\")],\n        alerts: {";
    let api = "release: \"v1\", staging: \"v2\", dns: \"api.example\"),";
    let services = format!(
        "edges: {{ \"audit\": (hidden: true) }}, {api}\n\
         \"audit\": (kind: Http, name: \"Audit\", owner: \"you\", dns: \"audit.example\"),"
    );
    let mut seat = Seat::new(small(&[(api, &services), ("alerts: {", broken)]), 7);
    for _ in 0..60 {
        seat.session.advance();
    }
    assert!(!drawn(&seat, "primary", "audit"));
    assert!(seat.begins(1, "logs api | tail -n 50"));
    for _ in 0..3 {
        seat.session.advance();
    }
    assert!(drawn(&seat, "primary", "audit"), "{:?}", seat.says("logs api | tail -n 50"));
}
