//! `expect …` lines: what a walkthrough claims about output, facts and users, so that it is a test.

use super::GrammarError;
use super::incident::share;
use super::word::{Words, quote};
use crate::fact::{Fact, FactKind};
use crate::stdx::rational::Ratio;
use crate::stdx::text;
use regex::Regex;
use serde_json::Value;
use std::fmt;

/// Largest compiled size of a pattern, in bytes.
const MAX_PATTERN: usize = 1 << 20;

/// A claim.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `expect output /pattern/`: what the terminal printed since the last typed line matches.
    Output(Regex),
    /// `expect fact KIND [text]`: such a fact has appeared.
    Fact {
        /// The fact's name, as the log writes it.
        kind: &'static str,
        /// Text that one of its values contains; empty for any.
        text: String,
    },
    /// `expect no fact KIND [text]`: no such fact has appeared.
    NoFact {
        /// The fact's name, as the log writes it.
        kind: &'static str,
        /// Text that one of its values contains; empty for any.
        text: String,
    },
    /// `expect users <= 5%`: the share of users affected now.
    Users {
        /// How it compares.
        compare: Compare,
        /// With what share, 0 to 1.
        share: Ratio,
    },
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// At most.
    AtMost,
    /// At least.
    AtLeast,
}

impl PartialEq for Expectation {
    fn eq(&self, other: &Expectation) -> bool {
        self.to_string() == other.to_string()
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = |text: &str| if text.is_empty() { String::new() } else { format!(" {}", quote(text)) };
        match self {
            Expectation::Output(pattern) => write!(f, "expect output /{pattern}/"),
            Expectation::Fact { kind, text } => write!(f, "expect fact {kind}{}", tail(text)),
            Expectation::NoFact { kind, text } => write!(f, "expect no fact {kind}{}", tail(text)),
            Expectation::Users { compare, share } => {
                let sign = if *compare == Compare::AtMost { "<=" } else { ">=" };
                write!(f, "expect users {sign} {share}")
            }
        }
    }
}

impl Expectation {
    /// Whether a fact is the one that is named; `None` if the claim is not about facts.
    pub fn names(&self, fact: &Fact) -> Option<bool> {
        match self {
            Expectation::Fact { kind, text } | Expectation::NoFact { kind, text } => {
                Some(kind_name(&fact.what) == *kind && (text.is_empty() || says(fact, text)))
            }
            Expectation::Output(_) | Expectation::Users { .. } => None,
        }
    }

    /// Whether a share of affected users fits; `None` if the claim is not about users.
    pub fn allows(&self, affected: u64, of: u64) -> Option<bool> {
        let Expectation::Users { compare, share } = self else { return None };
        let now = Ratio::new(affected.into(), of.max(1).into());
        Some(match compare {
            Compare::AtMost => now <= *share,
            Compare::AtLeast => now >= *share,
        })
    }
}

/// Whether any value of the fact contains the text.
fn says(fact: &Fact, text: &str) -> bool {
    fn within(value: &Value, text: &str) -> bool {
        match value {
            Value::String(s) => s.contains(text),
            Value::Number(n) => n.to_string() == text,
            Value::Array(list) => list.iter().any(|v| within(v, text)),
            Value::Object(map) => map.iter().any(|(key, v)| key != "fact" && within(v, text)),
            Value::Null | Value::Bool(_) => false,
        }
    }
    serde_json::to_value(&fact.what).is_ok_and(|v| within(&v, text))
}

/// Reads an `expect` line; `None` if the text is something else (there may be a tool called `expect`).
pub(super) fn parse(line: &str, column: usize) -> Result<Option<Expectation>, GrammarError> {
    let Some(rest) = line.strip_prefix(':').unwrap_or(line).strip_prefix("expect ").map(str::trim_start) else {
        return Ok(None);
    };
    let column = column + line.chars().count() - rest.chars().count();
    let rest = rest.trim_end();
    let help = "expect output /…/, expect [no] fact KIND [text], expect users <= 5%";
    let wrong = |message: String| GrammarError::new(column, message, help);
    if let Some(pattern) = rest.strip_prefix("output ") {
        let inner = pattern.trim().strip_prefix('/').and_then(|p| p.strip_suffix('/'));
        let inner = inner.ok_or_else(|| wrong("a pattern stands between slashes".into()))?;
        let built = regex::RegexBuilder::new(inner).multi_line(true).size_limit(MAX_PATTERN).build();
        return built.map(|r| Some(Expectation::Output(r))).map_err(|e| wrong(e.to_string()));
    }
    let words = Words::split(rest, column)?;
    match words.first() {
        "fact" => fact(&words, 1).map(|(kind, text)| Some(Expectation::Fact { kind, text })),
        "no" if words.get(1).is_some_and(|w| w.text == "fact") => {
            fact(&words, 2).map(|(kind, text)| Some(Expectation::NoFact { kind, text }))
        }
        "users" => {
            words.at_most(3)?;
            let sign = words.need(1, "a comparison", help)?;
            let compare = match sign.text.as_str() {
                "<=" => Compare::AtMost,
                ">=" => Compare::AtLeast,
                other => return Err(wrong(format!("`{other}` is not <= or >="))),
            };
            let amount = words.need(2, "a share", help)?;
            let share = share(&amount.text).ok_or_else(|| wrong(format!("`{}` is not a share", amount.text)))?;
            Ok(Some(Expectation::Users { compare, share }))
        }
        _ => Ok(None),
    }
}

fn fact(words: &Words, at: usize) -> Result<(&'static str, String), GrammarError> {
    let name = words.need(at, "a fact's name", "expect fact declared")?;
    let kind = KINDS.iter().find(|k| **k == name.text).ok_or_else(|| {
        let help = match text::nearest(&name.text, KINDS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => KINDS.join(" "),
        };
        GrammarError::new(name.column, format!("there is no fact called `{}`", name.text), help)
    })?;
    let text: Vec<_> = words.from(at + 1).iter().map(|w| w.text.as_str()).collect();
    Ok((kind, text.join(" ")))
}

/// Names of all facts, and the name of one: a new kind of fact does not compile until it is listed here.
macro_rules! kinds {
    ($($kind:ident => $name:literal),* $(,)?) => {
        const KINDS: &[&str] = &[$($name),*];

        /// The name of a kind of fact, as the log writes it.
        pub fn kind_name(kind: &FactKind) -> &'static str {
            match kind { $(FactKind::$kind { .. } => $name),* }
        }
    };
}

kinds! {
    HandedOver => "handed_over", Announced => "announced", Guarded => "guarded", Worsened => "worsened",
    InjectClosed => "inject_closed", Triaged => "triaged", Learned => "learned", Adjudicated => "adjudicated",
    Reflected => "reflected", WorkloadRated => "workload_rated", Witnessed => "witnessed",
    Observed => "observed", ViewClosed => "view_closed", PageOpened => "page_opened", PageResolved => "page_resolved", Acked => "acked", Declared => "declared",
    SeveritySet => "severity_set", RoleAssigned => "role_assigned", Said => "said", Hypothesis => "hypothesis",
    Cause => "cause", Help => "help", Called => "called", Joined => "joined", Resolved => "resolved",
    FollowUp => "follow_up", Acted => "acted", Refused => "refused", JobStarted => "job_started", JobDone => "job_done",
    Relief => "relief", Impact => "impact", DurableLoss => "durable_loss", AlertFired => "alert_fired",
    AlertResolved => "alert_resolved", StateChanged => "state_changed", Deployed => "deployed",
    TicketArrived => "ticket_arrived", Injected => "injected", Nudged => "nudged", Bookmarked => "bookmarked",
    SpeedSet => "speed_set",
    UnknownTool => "unknown_tool", Improvised => "improvised", Ended => "ended", ImpactCurve => "impact_curve",
}
