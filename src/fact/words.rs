//! A fact in words: a message key with arguments, shared by the live timeline, the debrief's log and the export.

use super::{Actor, Fact, FactKind, Fold, Guard, Learning, Reflection, Ruling, Shown, UpdateFields};
use crate::scenario::{
    Channel, EVERY_SEAT, GraphSpec, LangText, LogTemplate, LogWhen, ObservedKind, Reliability, Scenario,
};

/// A message that is not yet words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Message key, `fact-…`.
    pub key: &'static str,
    /// Named arguments.
    pub args: Vec<(&'static str, PhraseArg)>,
}

/// An argument of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhraseArg {
    /// A whole number.
    Number(i64),
    /// Words or a name.
    Word(String),
    /// An author's words.
    Author(LangText),
    /// A person or a seat, by id.
    Name(String),
    /// A phrase within the phrase.
    Phrase(Box<Phrase>),
}

fn word(name: &'static str, text: &str) -> (&'static str, PhraseArg) {
    (name, PhraseArg::Word(text.to_owned()))
}

fn name(key: &'static str, id: &str) -> (&'static str, PhraseArg) {
    (key, PhraseArg::Name(id.to_owned()))
}

fn author(name: &'static str, text: &LangText) -> (&'static str, PhraseArg) {
    (name, PhraseArg::Author(text.clone()))
}

/// What an update says: its words, else the first of its fields that says what is done, felt or next.
fn said(text: &LangText, fields: &UpdateFields) -> (&'static str, PhraseArg) {
    let field = fields.action.as_ref().or(fields.impact.as_ref()).or(fields.next.as_ref());
    match field {
        Some(field) if text.en.is_empty() => word("text", field),
        _ => author("text", text),
    }
}

fn number(name: &'static str, n: u64) -> (&'static str, PhraseArg) {
    (name, PhraseArg::Number(i64::try_from(n).unwrap_or(i64::MAX)))
}

/// The phrase of a fact.
pub fn fact_phrase(what: &FactKind) -> Phrase {
    let (key, args) = match what {
        FactKind::Observed { target, user_facing: false, .. } => ("fact-observed", vec![word("target", target)]),
        FactKind::Observed { target, user_facing: true, .. } => ("fact-observed-user", vec![word("target", target)]),
        FactKind::ViewClosed { target } => ("fact-view-closed", vec![word("target", target)]),
        FactKind::PageOpened { page, service, source, to, .. } => {
            let about = [number("page", u64::from(*page)), word("service", service), word("source", source)];
            match to.as_str() {
                EVERY_SEAT => ("fact-page", about.into()),
                _ => ("fact-page-to", about.into_iter().chain([name("to", to)]).collect()),
            }
        }
        FactKind::PageResolved { page, service } => {
            ("fact-page-resolved", vec![number("page", u64::from(*page)), word("service", service)])
        }
        FactKind::Acked { page, service } => {
            ("fact-acked", vec![number("page", u64::from(*page)), word("service", service)])
        }
        FactKind::Declared { severity } => ("fact-declared", vec![number("severity", u64::from(*severity))]),
        FactKind::SeveritySet { severity } => ("fact-severity", vec![number("severity", u64::from(*severity))]),
        FactKind::RoleAssigned { role, to } => ("fact-role", vec![word("role", role), name("to", to)]),
        FactKind::Said { channel, text, fields, .. } => {
            let key = match (channel, fields.count() > 0) {
                (Channel::Internal, true) => "fact-update-internal",
                (Channel::Status, _) => "fact-update-status",
                (Channel::Internal, false) => "fact-said",
            };
            (key, vec![said(text, fields), number("fields", u64::from(fields.count()))])
        }
        FactKind::Hypothesis { component } => ("fact-hypothesis", vec![word("component", component)]),
        FactKind::Cause { components, mechanisms, .. } => {
            ("fact-cause", vec![word("components", &components.join(", ")), word("mechanisms", &mechanisms.join(", "))])
        }
        FactKind::Help { topic } => ("fact-help", vec![word("topic", topic)]),
        FactKind::Called { person, topic } => ("fact-called", vec![name("person", person), word("topic", topic)]),
        FactKind::Joined { person } => ("fact-joined", vec![name("person", person)]),
        FactKind::HandedOver { to } => ("fact-handed-over", vec![name("to", to)]),
        FactKind::Resolved => ("fact-resolved", vec![]),
        FactKind::FollowUp { text, owner } => ("fact-followup", vec![word("text", text), word("owner", owner)]),
        FactKind::Acted { verb, target, .. } => ("fact-acted", vec![word("verb", verb), word("target", target)]),
        FactKind::Announced { target, .. } => ("fact-announced", vec![word("target", target)]),
        FactKind::Guarded { guard, target } => {
            let key = match guard {
                Guard::Target => "fact-guard-target",
                Guard::RestorePoint => "fact-guard-restore-point",
                Guard::SecondPerson => "fact-guard-second-person",
            };
            (key, vec![word("target", target)])
        }
        FactKind::Worsened { action, .. } => ("fact-worsened", vec![word("action", &action.to_string())]),
        FactKind::Refused { verb, target, why } => {
            ("fact-refused", vec![word("verb", verb), word("target", target), word("why", why)])
        }
        FactKind::JobStarted { what, seconds, .. } => {
            ("fact-job-started", vec![word("what", what), number("seconds", *seconds)])
        }
        FactKind::JobDone { what, .. } => ("fact-job-done", vec![word("what", what)]),
        FactKind::Relief { action, .. } => ("fact-relief", vec![word("action", &action.to_string())]),
        FactKind::Impact { n, of } => ("fact-impact", vec![number("n", *n), number("of", *of)]),
        FactKind::DurableLoss { amount, what } => {
            ("fact-durable-loss", vec![number("amount", *amount), word("what", what)])
        }
        FactKind::AlertFired { alert, service } => {
            ("fact-alert-fired", vec![word("alert", alert), word("service", service)])
        }
        FactKind::AlertResolved { alert, service } => {
            ("fact-alert-resolved", vec![word("alert", alert), word("service", service)])
        }
        FactKind::StateChanged { component, to } => ("fact-state", vec![word("component", component), word("to", to)]),
        FactKind::Deployed { service, release, stage } => {
            ("fact-deployed", vec![word("service", service), word("release", release), word("stage", stage)])
        }
        FactKind::TicketArrived { who, about, .. } => ("fact-ticket", vec![name("who", who), word("about", about)]),
        FactKind::Injected { text, allowance, .. } => {
            ("fact-injected", vec![author("text", text), number("seconds", *allowance)])
        }
        FactKind::InjectClosed { card } => ("fact-inject-closed", vec![word("card", card)]),
        FactKind::Triaged { card } => ("fact-triaged", vec![word("card", card)]),
        FactKind::Learned { what, text } => {
            let key = match what {
                Learning::Prediction => "fact-learned-prediction",
                Learning::Revision => "fact-learned-revision",
                Learning::Note => "fact-learned-note",
                Learning::Reflection => "fact-learned-reflection",
            };
            (key, vec![word("text", text)])
        }
        FactKind::Adjudicated { ruling: Ruling::Confirm, of, reason } => {
            ("fact-confirmed", vec![word("of", of), word("reason", reason)])
        }
        FactKind::Adjudicated { ruling: Ruling::Void, of, reason } => {
            ("fact-voided", vec![word("of", of), word("reason", reason)])
        }
        FactKind::Nudged { rung, text } => {
            ("fact-nudged", vec![number("rung", u64::from(*rung)), author("text", text)])
        }
        FactKind::SpeedSet { factor } => ("fact-speed", vec![number("n", u64::from(*factor))]),
        FactKind::Bookmarked { text } => ("fact-bookmarked", vec![word("text", text)]),
        FactKind::UnknownTool { name } => ("fact-unknown-tool", vec![word("name", name)]),
        FactKind::Improvised { seat, command, text } => {
            ("fact-improvised", vec![word("seat", seat), word("command", command), word("text", text)])
        }
        FactKind::Ended => ("fact-ended", vec![]),
        FactKind::Reflected { on, text, owner } => {
            let key = match on {
                Reflection::Reaction => "fact-reflected-reaction",
                Reflection::Surprise => "fact-reflected-surprise",
                Reflection::Plus => "fact-reflected-plus",
                Reflection::Delta => "fact-reflected-delta",
                Reflection::Luck => "fact-reflected-luck",
                Reflection::Action => "fact-reflected-action",
            };
            (key, vec![word("text", text), word("owner", owner)])
        }
        FactKind::WorkloadRated { scale, value } => {
            ("fact-workload", vec![word("scale", scale.name()), number("value", u64::from(*value))])
        }
        FactKind::Witnessed { row, text } => ("fact-witnessed", vec![word("row", row), word("text", text)]),
        FactKind::ImpactCurve { fold: Fold::Base, .. } => ("fact-curve-base", vec![]),
        FactKind::ImpactCurve { fold: Fold::HandsOff, .. } => ("fact-curve-hands-off", vec![]),
    };
    Phrase { key, args }
}

/// The phrase of a fact with how it was on the screen: for a row of the log, where there is room.
pub fn ledger_phrase(what: &FactKind) -> Phrase {
    let FactKind::Observed { target, user_facing, shown: Some(shown), .. } = what else { return fact_phrase(what) };
    let (key, args) = match (shown.as_ref(), user_facing) {
        (Shown::Graph { query, range_s }, _) => {
            ("fact-observed-graph", vec![word("target", target), word("query", query), number("minutes", range_s / 60)])
        }
        (Shown::Output { line, text, .. }, false) => {
            ("fact-observed-output", vec![word("target", target), word("line", line), word("text", text)])
        }
        (Shown::Output { line, text, .. }, true) => {
            ("fact-observed-user-output", vec![word("target", target), word("line", line), word("text", text)])
        }
    };
    Phrase { key, args }
}

/// Whether a fact belongs in a timeline that people read: what was done, said or changed, not every look and number.
pub fn of_note(fact: &Fact) -> bool {
    match &fact.what {
        FactKind::Observed { .. }
        | FactKind::ViewClosed { .. }
        | FactKind::Impact { .. }
        | FactKind::ImpactCurve { .. }
        | FactKind::JobStarted { .. }
        | FactKind::Announced { .. }
        | FactKind::UnknownTool { .. } => false,
        FactKind::StateChanged { .. } => !matches!(fact.by, Actor::Seat(_)),
        what if what.is_afterword() => false,
        _ => true,
    }
}

/// Who did it, for a column; empty for the world and the script.
pub fn who(by: &Actor) -> &str {
    match by {
        Actor::Seat(s) | Actor::Person(s) => s,
        Actor::Gm => "gm",
        Actor::Director => "director",
        Actor::Script(_) | Actor::World => "",
    }
}

/// A signal with what the scenario says of it, for the game master and the debrief; `None` where it says nothing.
pub fn signal_phrase(scenario: &Scenario, what: &FactKind) -> Option<Phrase> {
    let alert = |id: &String| scenario.world.alerts.get(id).and_then(|a| Some((a.reliability?, &a.summary)));
    let sent = |text| scenario.reliability_of(text).map(|r| (r, text));
    let (reliability, text) = match what {
        FactKind::AlertFired { alert: id, .. } => alert(id)?,
        FactKind::PageOpened { source, text, .. } => alert(source).or_else(|| sent(text))?,
        FactKind::TicketArrived { text, .. } | FactKind::Said { text, .. } => sent(text)?,
        FactKind::Observed { what, target, .. } => {
            let graph = graph_of(scenario, *what, target).and_then(|g| Some((g.reliability?, g.title.clone())));
            let always = |l: &&LogTemplate| l.when == LogWhen::Running;
            let line = || {
                let mut lines = lines_of(scenario, *what, target).flat_map(|(_, lines)| lines.iter().filter(always));
                lines.find_map(|l| Some((l.reliability?, l.shown())))
            };
            // A look at what is true needs no word.
            let (reliability, text) = graph.or_else(line).filter(|(r, _)| *r != Reliability::True)?;
            return Some(judged(reliability, &text));
        }
        _ => return None,
    };
    Some(judged(reliability, text))
}

/// The graph that a look was at.
pub fn graph_of<'s>(scenario: &'s Scenario, what: ObservedKind, target: &str) -> Option<&'s GraphSpec> {
    scenario.world.graphs.iter().find(|g| what == ObservedKind::Metric && g.id == target)
}

/// The logs that a look was at: program and templates. A log is looked at by its program, by where it appears, or by both.
pub fn lines_of<'s>(
    scenario: &'s Scenario,
    what: ObservedKind,
    target: &str,
) -> impl Iterator<Item = (&'s String, &'s [LogTemplate])> {
    let meant = move |program: &str, on: &str| {
        let both = target.strip_prefix(on).and_then(|rest| rest.strip_prefix(':'));
        what == ObservedKind::Log && (target == program || target == on || both == Some(program))
    };
    let logs = scenario.world.logs.iter().filter(move |(program, log)| meant(program, &log.on));
    logs.map(|(program, log)| (program, log.lines.as_slice()))
}

/// An author's words with what is to be thought of them.
pub fn judged(reliability: Reliability, text: &LangText) -> Phrase {
    let key = match reliability {
        Reliability::True => "signal-true",
        Reliability::Stale => "signal-stale",
        Reliability::Decoy => "signal-decoy",
        Reliability::Coincidence => "signal-coincidence",
    };
    Phrase { key, args: vec![author("what", text)] }
}
