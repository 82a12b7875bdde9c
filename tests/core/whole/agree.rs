//! No contradiction: what tools print, what the metrics of the same second hold, what alerts, status and map show and what the logs
//! say is the same. Each checker compares ways of looking at one thing; none of them asks the world itself.

mod machine;
mod rooms;
mod watch;

use super::seat::Seat;

/// What disagrees, in words.
pub type Wrong = Vec<String>;

/// A checker and its name.
pub type Checker = (&'static str, fn(&Seat, &mut Wrong));

/// All of them. They look between two seconds, right after a scrape.
pub const CHECKERS: [Checker; 28] = [
    ("alerts", watch::alerts),
    ("rules", watch::rules),
    ("health", watch::health),
    ("targets", watch::targets),
    ("logs", watch::logs),
    ("traces", watch::traces),
    ("machines", machine::machines),
    ("units", machine::units),
    ("restarts", machine::restarts),
    ("log files", machine::log_files),
    ("accounts", machine::accounts),
    ("memory and disk", machine::room),
    ("clock", machine::clock),
    ("kernel", machine::kernel),
    ("pods", rooms::pods),
    ("nodes", rooms::nodes),
    ("store", rooms::store),
    ("replication", rooms::replication),
    ("sessions", rooms::sessions),
    ("queues", rooms::queues),
    ("names", rooms::names),
    ("certificates", rooms::certificates),
    ("edge", rooms::edge),
    ("links", rooms::links),
    ("changes", rooms::changes),
    ("vendors", rooms::vendors),
    ("caches", rooms::caches),
    ("outages", watch::outages),
];

/// Everything that disagrees now.
pub fn all(seat: &Seat) -> Wrong {
    let mut wrong = Wrong::new();
    for (name, check) in CHECKERS {
        let mut here = Wrong::new();
        check(seat, &mut here);
        wrong.extend(here.into_iter().map(|w| format!("{name}: {w}")));
    }
    wrong
}

/// Words of the lines after the first.
fn table(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|l| l.split_whitespace().map(str::to_owned).collect()).collect()
}

/// Cells between bars of a table as psql draws it.
fn barred(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().skip(2).filter(|l| l.contains('|'));
    rows.map(|l| l.split('|').map(|c| c.trim().to_owned()).collect()).collect()
}

/// Notes it down if two things are not the same.
fn same<T: PartialEq + std::fmt::Debug>(wrong: &mut Wrong, what: &str, a: (&str, T), b: (&str, T)) {
    if a.1 != b.1 {
        wrong.push(format!("{what}: {} {:?}, {} {:?}", a.0, a.1, b.0, b.1));
    }
}

/// Notes it down if two numbers are further apart than what their printing rounds away.
fn close(wrong: &mut Wrong, what: &str, a: (&str, Option<f64>), b: (&str, Option<f64>), within: f64) {
    let near = match (a.1, b.1) {
        (Some(x), Some(y)) => (x - y).abs() <= within,
        (x, y) => x.is_none() && y.is_none(),
    };
    if !near {
        wrong.push(format!("{what}: {} {:?}, {} {:?}", a.0, a.1, b.0, b.1));
    }
}
