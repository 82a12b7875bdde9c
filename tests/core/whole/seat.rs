//! A seat at a keyboard of a random world: lines typed, and what they print.

use std::cell::RefCell;
use std::sync::Arc;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::observe::promql::{self, Value};
use wheel_of_misfortune::scenario::Scenario;
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, PRIMARY, SIMULATOR, Session};

/// Something that does not say what is.
#[derive(Clone, Copy)]
pub enum Lie {
    /// Of lines with this in them: what is read instead of what they print.
    Tool(&'static str, fn(&str) -> String),
    /// Of an expression, what is found besides.
    Series(fn(&str) -> Option<(String, f64)>),
}

/// A session at a keyboard.
#[derive(Clone)]
pub struct Seat {
    pub session: Session,
    pub seq: u64,
    /// What tests of the checkers put between what is and its reader.
    pub lie: Option<Lie>,
    /// A copy in which lines are typed that only look.
    pub look: RefCell<Option<Session>>,
}

impl Seat {
    pub fn new(s: Scenario, seed: u64) -> Seat {
        let header = Header {
            format: LOG_FORMAT,
            simulator: SIMULATOR,
            scenario: s.id.clone(),
            scenario_digest: s.digest.clone(),
            seed,
            seats: vec![PRIMARY.to_owned()],
            branch: 0,
            parent: None,
        };
        Seat { session: Session::new(header, Arc::new(s)), seq: 0, lie: None, look: RefCell::new(None) }
    }

    /// Does a command; whether it was accepted.
    pub fn does(&mut self, by: Actor, command: Command) -> bool {
        self.look.take();
        if self.session.decide(&by, &command).is_err() {
            return false;
        }
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by, command });
        true
    }

    /// Types a line in a terminal of this seat and does not wait for it.
    pub fn begins(&mut self, terminal: u32, line: &str) -> bool {
        self.does(Actor::Seat(PRIMARY.to_owned()), Command::LineSubmitted { terminal, text: line.to_owned() })
    }

    /// Whether a line of a terminal still runs.
    pub fn busy(&self, terminal: u32) -> bool {
        self.session.console().terminal(terminal).expect("a terminal").running.is_some()
    }

    /// What a line that only looks prints in a second terminal, in a copy of this session that stays where it is; nothing if it is
    /// refused or takes a second or more.
    pub fn says(&self, line: &str) -> Option<String> {
        let mut copy = self.look.take().unwrap_or_else(|| self.session.clone());
        let printed = |s: &Session| s.console().terminal(2).expect("a terminal").printed;
        let before = printed(&copy);
        let by = Actor::Seat(PRIMARY.to_owned());
        let command = Command::LineSubmitted { terminal: 2, text: line.to_owned() };
        if copy.decide(&by, &command).is_err() {
            return None;
        }
        let (seq, at) = (copy.seq() + 1, copy.tick());
        copy.apply(&Entry { seq, at, by, command });
        let t = copy.console().terminal(2).expect("a terminal");
        if t.running.is_some() {
            return None;
        }
        let new = usize::try_from(printed(&copy) - before).expect("few").min(t.lines().len());
        // What stood unfinished on the screen before the line is not of it.
        let lines = t.lines().iter().skip(t.lines().len() - new).skip_while(|l| l.prompt.is_none());
        let lines = lines.filter(|l| l.prompt.is_none());
        let said: String = lines.map(|l| format!("{}\n", l.text)).collect();
        self.look.replace(Some(copy));
        Some(match self.lie {
            Some(Lie::Tool(part, lie)) if line.contains(part) => lie(&said),
            _ => said,
        })
    }

    /// The values that an expression gives at the last scrape, with a label each.
    pub fn series(&self, expr: &str, label: &str) -> Vec<(String, f64)> {
        let t = self.session.telemetry();
        let Some(at) = t.scraped_ms() else { return Vec::new() };
        let mut found: Vec<(String, f64)> = match promql::parse(expr).and_then(|q| q.instant(t.store(), at)) {
            Ok(Value::Vector(v)) => {
                v.iter().map(|(l, _, x)| (l.get(label).unwrap_or_default().to_owned(), *x)).collect()
            }
            Ok(Value::Scalar(x)) => vec![(String::new(), x)],
            other => panic!("{expr}: {other:?}"),
        };
        if let Some(Lie::Series(lie)) = self.lie {
            found.extend(lie(expr));
        }
        found
    }

    /// The one value of an expression at the last scrape.
    pub fn number(&self, expr: &str) -> Option<f64> {
        self.series(expr, "").first().map(|(_, x)| *x)
    }
}
