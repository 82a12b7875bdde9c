//! Every checker is shown a contradiction, and says so.

use super::agree::{CHECKERS, Wrong, all};
use super::number;
use super::place;
use super::seat::{Lie, Seat};
use crate::world::flow_adds_up;
use crate::world::swarm::draw::Draw;
use crate::world::swarm::{call_adds_up, legal};
use serde::Serialize;
use wheel_of_misfortune::observe::AlertPhase;

/// A lie for every checker, in their order: one place in which something says what is not.
const LIES: [(&str, Lie); 28] = [
    ("alerts", Lie::Tool("alerts", |s| s.replacen("normal", "firing", 1))),
    ("rules", Lie::Series(|e| e.contains("firing").then(|| ("ApiErrors".to_owned(), 1.0)))),
    ("health", Lie::Tool("status", |s| s.replacen(" ok ", " critical ", 1))),
    ("targets", Lie::Tool("targets", |s| s.replacen("UP", "DOWN", 1))),
    ("logs", Lie::Tool("grep -c", |s| format!("1{s}"))),
    ("traces", Lie::Tool("trace show", |_| String::new())),
    ("machines", Lie::Tool("nodes", |s| s.replace("Ready   ", "NotReady"))),
    ("units", Lie::Tool("ps -eo", |_| String::new())),
    ("restarts", Lie::Tool("list-units", |s| s.replacen("running", "auto-restart", 1))),
    ("log files", Lie::Tool("stat -c", |s| format!("1{s}"))),
    ("accounts", Lie::Tool("id -u", |s| format!("1{s}"))),
    ("memory and disk", Lie::Tool("uptime", |s| s.replacen("average: ", "average: 9", 1))),
    ("clock", Lie::Tool("date -u", |_| "1000\n".to_owned())),
    ("kernel", Lie::Tool("journalctl -k", |s| format!("1{s}"))),
    ("pods", Lie::Tool("kubectl get pods", |s| s.replacen("1/1", "0/1", 1))),
    ("nodes", Lie::Tool("kubectl top", |s| s.replacen("m ", "7m ", 1))),
    ("store", Lie::Tool("pg_isready", |s| s.replace("accepting connections", "no response"))),
    ("replication", Lie::Tool("pg_stat_replication", |s| s.replace("streaming|", "streaming|9"))),
    ("sessions", Lie::Tool("pgstat activity", |s| s.replace(" of ", "9 of "))),
    ("queues", Lie::Tool("queue list", |s| s.replacen(" 0 ", " 7 ", 1))),
    ("names", Lie::Tool("remote_ip", |s| s.replace("10.", "11."))),
    ("certificates", Lie::Tool("cert list", |s| s.replace("2024-", "2025-"))),
    ("edge", Lie::Tool("edge rules", |s| s.replacen(" on ", " off ", 1))),
    ("links", Lie::Tool("link list", |s| s.replacen(" up ", " down ", 1))),
    ("changes", Lie::Tool("flag list", |s| s.replacen("0%", "7%", 1))),
    ("vendors", Lie::Tool("vendor", |s| s.replace("All Systems Operational", "Major Outage"))),
    ("caches", Lie::Tool("cache status", |s| s.replace("100%", "3%"))),
    ("outages", Lie::Tool("curl", |_| "200\n".to_owned())),
];

/// A world in which somebody has stopped the ledger, looked at right after a scrape.
fn stopped() -> Seat {
    let mut seat = Seat::new(place::world(&mut Draw::new(3)), 3);
    assert!(seat.begins(1, "ssh ledger-01 'sudo systemctl stop ledger'"));
    (0..90).for_each(|_| seat.session.advance());
    seat
}

#[test]
fn every_checker_of_whole_worlds_sees_a_contradiction() {
    let seat = stopped();
    assert_eq!(all(&seat), Wrong::new());
    assert_eq!(CHECKERS.map(|(name, _)| name), LIES.map(|(name, _)| name));
    for ((name, check), (_, lie)) in CHECKERS.iter().zip(LIES) {
        let mut wrong = Wrong::new();
        check(&Seat { lie: Some(lie), ..seat.clone() }, &mut wrong);
        assert!(!wrong.is_empty(), "{name} does not see its lie");
    }
}

#[test]
fn conservation_transitions_and_numbers_see_what_is_wrong() {
    let seat = stopped();
    let w = seat.session.world();
    for (name, s) in w.services() {
        let mut flow = s.flow;
        flow.requests += 1;
        assert!(flow_adds_up(&s.flow).is_ok() && flow_adds_up(&flow).is_err(), "{name}");
    }
    for (from, to, e) in w.edges() {
        let mut lost = e.total;
        lost.sent += 1;
        assert!(call_adds_up(&e.total, e.carried, e.under_way()).is_ok(), "{from} {to}");
        assert!(call_adds_up(&lost, e.carried, e.under_way()).is_err(), "{from} {to}");
    }
    assert!(!legal(Some(AlertPhase::Firing), AlertPhase::Pending) && legal(None, AlertPhase::Firing));
    #[derive(Serialize)]
    struct Odd {
        rate: f64,
        inside: Vec<Option<i64>>,
        queued: i64,
    }
    let odd = |rate: f64, n: i64| number::wrong(&Odd { rate, inside: vec![None, Some(n)], queued: -1 });
    assert_eq!(odd(0.5, 3), Vec::<String>::new());
    assert_eq!(odd(f64::NAN, 3), ["rate is NaN"]);
    assert_eq!(odd(-0.5, -3), ["rate is -0.5", "inside.#1 is -3"]);
}
