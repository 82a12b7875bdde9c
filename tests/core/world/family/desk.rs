//! A session of the estate, driven by lines of the grammar and read in the four places in which a fault shows.

use super::Row;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::observe::promql::{self, Value};
use wheel_of_misfortune::observe::{AlertPhase, LogQuery, LogScope};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Scenario, load};
use wheel_of_misfortune::session::grammar::{Request, parse};
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, PRIMARY, SIMULATOR, Session, TermSignal};
use wheel_of_misfortune::stdx::time::Utc;

/// Where a fault shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    pub metric: bool,
    pub log: bool,
    pub alert: bool,
    pub tool: bool,
}

impl Places {
    pub fn any(self) -> bool {
        self.metric || self.alert || self.tool
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [(self.metric, "metric"), (self.log, "log"), (self.alert, "alert"), (self.tool, "tool")];
        let words: Vec<&str> = all.iter().filter(|(on, _)| *on).map(|(_, w)| *w).collect();
        write!(f, "{:<22}", if words.is_empty() { "-".to_owned() } else { words.join(" ") })
    }
}

/// The estate.
pub fn estate() -> Scenario {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/fault/estate.ron");
    let source = std::fs::read_to_string(path).expect("estate.ron");
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> = texts.iter().map(|n| ((*n).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), source);
    let loaded = load(&Package { slug: "estate".to_owned(), path: "estate".to_owned(), files });
    let words: Vec<String> =
        loaded.diagnostics.iter().map(|d| d.message.clone()).filter(|m| !m.contains("Korean")).collect();
    loaded.scenario.unwrap_or_else(|| panic!("{words:?}"))
}

/// A session at a keyboard.
#[derive(Clone)]
pub struct Desk {
    pub session: Session,
    seq: u64,
    /// Log lines after this count.
    from: Utc,
}

impl Desk {
    pub fn new(s: Scenario) -> Desk {
        let header = Header {
            format: LOG_FORMAT,
            simulator: SIMULATOR,
            scenario: s.id.clone(),
            scenario_digest: s.digest.clone(),
            seed: 7,
            seats: vec![PRIMARY.to_owned()],
            branch: 0,
            parent: None,
        };
        Desk { session: Session::new(header, Arc::new(s)), seq: 0, from: Utc(0) }
    }

    pub fn wait(&mut self, seconds: u64) {
        (0..seconds).for_each(|_| self.session.advance());
    }

    /// Requests of users that fail for good over so many seconds.
    pub fn failing(&mut self, seconds: u64) -> u64 {
        let all = |d: &Desk| d.session.world().sources().map(|(_, s)| s.failed_total).sum::<u64>();
        let before = all(self);
        self.wait(seconds);
        all(self) - before
    }

    /// From now on log lines count.
    pub fn mark(&mut self) {
        self.from = self.session.world().utc().plus(1);
    }

    fn does(&mut self, by: Actor, command: Command) {
        assert_eq!(self.session.decide(&by, &command).map_err(|r| format!("{r:?}")), Ok(()), "{command:?}");
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by, command });
    }

    /// What the game master does.
    pub fn gm(&mut self, line: &str) {
        let text = format!("@gm {line}");
        let what = parse(&text).unwrap_or_else(|e| panic!("{text}: {e}")).what.expect("something");
        match what.request(1) {
            Some(Request::Ready(command)) => self.does(Actor::Gm, command),
            other => panic!("{text}: {other:?}"),
        }
    }

    /// Submits a line and does not wait for its end.
    pub fn types(&mut self, line: &str) {
        self.does(Actor::Seat(PRIMARY.to_owned()), Command::LineSubmitted { terminal: 1, text: line.to_owned() });
    }

    /// Ctrl-C.
    pub fn interrupt(&mut self) {
        self.does(Actor::Seat(PRIMARY.to_owned()), Command::Signal { terminal: 1, signal: TermSignal::Int });
    }

    /// What a line prints, once the prompt is back; `@gm …` prints nothing.
    pub fn line(&mut self, line: &str) -> String {
        if let Some(rest) = line.strip_prefix("@gm ") {
            self.gm(rest);
            return String::new();
        }
        let before = self.session.console().terminal(1).expect("a terminal").printed;
        self.types(line);
        for _ in 0..120 {
            if self.session.console().terminal(1).expect("a terminal").running.is_none() {
                break;
            }
            self.session.advance();
        }
        let t = self.session.console().terminal(1).expect("a terminal");
        let new = usize::try_from(t.printed - before).expect("few").min(t.lines().len());
        let lines = t.lines().iter().skip(t.lines().len() - new).filter(|l| l.prompt.is_none());
        lines.map(|l| format!("{}\n", l.text)).collect()
    }

    /// The one number that an expression gives at the last scrape.
    pub fn number(&self, expr: &str) -> Option<f64> {
        let t = self.session.telemetry();
        let at = t.scraped_ms().expect("scraped");
        match promql::parse(expr).and_then(|q| q.instant(t.store(), at)) {
            Ok(Value::Vector(v)) => {
                assert!(v.len() <= 1, "{expr}: {} series", v.len());
                v.first().map(|(_, _, value)| *value)
            }
            Ok(Value::Scalar(v)) => Some(v),
            other => panic!("{expr}: {other:?}"),
        }
    }

    fn logged(&self, row: &Row) -> Vec<String> {
        let t = self.session.telemetry();
        let (shipped, whose) = match row.log.0.strip_prefix("shipped:") {
            Some(name) => (true, name),
            None => (false, row.log.0.as_str()),
        };
        let since = Some(self.from);
        let query = LogQuery { scope: LogScope::Any(whose), since, shipped, ..LogQuery::default() };
        t.log_tail(&query, 4_000, true).lines.into_iter().map(|l| l.text).collect()
    }

    /// Where a family shows now.
    pub fn places(&mut self, row: &Row) -> Places {
        let metric = self.number(&row.metric).is_some_and(|v| v > 0.0);
        let alert =
            self.session.telemetry().alerts().iter().any(|a| a.id == row.alert && a.state == AlertPhase::Firing);
        let lines = self.logged(row);
        let log = match row.log.1.strip_prefix('!') {
            Some(p) => !lines.iter().any(|l| Regex::new(p).expect("a pattern").is_match(l)),
            None => lines.iter().any(|l| Regex::new(&row.log.1).expect("a pattern").is_match(l)),
        };
        let printed = self.line(&row.tool.0);
        let pattern = Regex::new(&format!("(?m){}", row.tool.1)).expect("a pattern");
        Places { metric, log, alert, tool: pattern.is_match(&printed) }
    }

    /// Whether the fault is in the world.
    pub fn there(&self, row: &Row) -> bool {
        let kind = row.fault.split(' ').next().unwrap_or_default();
        self.session.world().faults().any(|f| wheel_of_misfortune::scenario::fault_words(f).0 == kind)
    }

    /// Everything that could show a family, for a failure's message.
    pub fn tell(&mut self, row: &Row) -> String {
        let lines = self.logged(row);
        let tail: Vec<&String> = lines.iter().rev().take(6).collect();
        let alerts: Vec<String> = self
            .session
            .telemetry()
            .alerts()
            .iter()
            .filter(|a| a.state != AlertPhase::Normal)
            .map(|a| format!("{} {:?}", a.id, a.state))
            .collect();
        let number = self.number(&row.metric);
        let printed = self.line(&row.tool.0);
        format!("{}: {number:?}\nlog {tail:#?}\nalerts {alerts:?}\n$ {}\n{printed}", row.metric, row.tool.0)
    }
}
