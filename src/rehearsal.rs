//! Headless runs of walkthroughs: `.wom` files in the line grammar, with `expect` lines checked.

use crate::host::{HostError, LineError, Options, Outcome, SessionHost};
use crate::locale::{Lang, Locale};
use crate::scenario::package::Package;
use crate::scoring::{BestRun, Par};
use crate::session::PRIMARY;
use crate::session::grammar::{self, Expectation};
use crate::stdx::rational::Ratio;
use crate::view::words::say;
use std::path::Path;

/// Lines in a walkthrough.
const MAX_LINES: usize = 10_000;

/// A line of a walkthrough that did not do what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What would do.
    pub help: String,
}

/// A finished run.
#[derive(Debug)]
pub struct Rehearsal {
    /// The concluded session.
    pub host: SessionHost,
    /// Lines that were refused, could not be read, or expected something else.
    pub problems: Vec<Problem>,
}

/// Plays a walkthrough from the opening to the horizon. Lines cost no time of their own: `T+8m` and `+30s` wait.
///
/// # Errors
/// If the session cannot be started or its log cannot be written; a line's problem is in the result.
pub fn run(package: Package, walkthrough: &str, options: Options, log: Option<&Path>) -> Result<Rehearsal, HostError> {
    let mut host = match log {
        Some(path) => SessionHost::start_in_file(package, options, path)?,
        None => SessionHost::start(package, options)?,
    };
    let mut problems = Vec::new();
    let locale = Locale::new(Lang::En);
    for (number, text) in walkthrough.lines().enumerate().take(MAX_LINES) {
        let mut problem = |message: String, help: String| {
            problems.push(Problem { line: number + 1, text: text.to_owned(), message, help });
        };
        match host.line(PRIMARY, text) {
            Ok(Outcome::Expect(expectation)) => {
                if let Some(why) = unmet(&host, &expectation) {
                    problem(why, String::new());
                }
            }
            Ok(_) => {}
            Err(LineError::Journal(e)) => return Err(e.into()),
            Err(e) => {
                let (message, help) = explain(&locale, &e);
                problem(message, help);
            }
        }
    }
    // A walkthrough that ends without `:end` lets the session run out.
    while !host.ended() {
        host.advance(60)?;
    }
    host.conclude()?;
    Ok(Rehearsal { host, problems })
}

/// The walkthrough of one person instead of a team: every wait is so many times as long, and nothing is expected of it.
/// Times before T0 stay; what then lies beyond the horizon is not reached.
pub fn stretched(walkthrough: &str, factor: &Ratio) -> String {
    let longer = |s: u64| {
        let s = (Ratio::from_integer(s.into()) * factor).ceil().to_integer();
        u64::try_from(s).unwrap_or(u64::MAX)
    };
    let mut out = String::new();
    for text in walkthrough.lines().take(MAX_LINES) {
        let Ok(mut line) = grammar::parse(text) else { continue };
        if matches!(line.what, Some(grammar::Item::Expect(_))) {
            line.what = None;
        }
        match &mut line.at {
            Some(grammar::Wait::At(at)) if at.0 > 0 => {
                at.0 = i64::try_from(longer(at.0.unsigned_abs())).unwrap_or(i64::MAX);
            }
            Some(grammar::Wait::For(span)) => span.0 = longer(span.0),
            _ => {}
        }
        if let Some(grammar::Item::Wait(span)) = &mut line.what {
            span.0 = longer(span.0);
        }
        out.push_str(&grammar::format_line(&line));
        out.push('\n');
    }
    out
}

/// Par of a package: its reference as a team played it (`team`), stretched for one person, and the author's best run.
///
/// # Errors
/// If one of the runs cannot be started.
pub fn par(package: &Package, walkthrough: &str, options: &Options, team: &SessionHost) -> Result<Par, HostError> {
    let session = team.session();
    let scenario = &session.scenario;
    let slow = stretched(walkthrough, &scenario.scoring.solo_stretch.0);
    // What one person does not reach in time is part of it, not a problem of the walkthrough.
    let solo = run(package.clone(), &slow, options.clone(), None)?;
    let best = match package.files.get(BEST_FILE) {
        Some(text) => Some(run(package.clone(), text, options.clone(), None)?),
        None => None,
    };
    let best = best.map(|b| BestRun::of(scenario, b.host.session().facts()));
    let solo = solo.host.session();
    Ok(Par::new(scenario, &session.header, (session.facts(), &session.digest()), (solo.facts(), &solo.digest()), best))
}

/// The author's best run in a package.
const BEST_FILE: &str = "better.wom";

/// An error of a line in words: what is wrong, and what would do.
pub fn explain(locale: &Locale, error: &LineError) -> (String, String) {
    match error {
        LineError::Grammar(e) => (e.message.clone(), e.help.clone()),
        LineError::Refused(text) => (say(locale, text), String::new()),
        LineError::Past => (locale.say("line-past"), locale.say("line-past-help")),
        LineError::Journal(e) => (e.to_string(), String::new()),
    }
}

/// Why an expectation does not hold now; `None` if it does.
pub fn unmet(host: &SessionHost, expectation: &Expectation) -> Option<String> {
    let session = host.session();
    let named = || session.facts().iter().find(|f| expectation.names(f) == Some(true));
    match expectation {
        Expectation::Output(pattern) => {
            let output = host.last_output(PRIMARY);
            (!pattern.is_match(&output)).then(|| format!("the output does not match: {output}"))
        }
        Expectation::Fact { .. } => named().is_none().then(|| "no such fact has appeared".to_owned()),
        Expectation::NoFact { .. } => named().map(|f| format!("there is such a fact: {}", f.id)),
        Expectation::Users { .. } => {
            let (n, of) = session.users();
            (expectation.allows(n, of) == Some(false)).then(|| format!("{n} of {of} users are affected"))
        }
    }
}
