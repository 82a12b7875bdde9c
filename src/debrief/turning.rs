//! Turning points: the moments to talk about, each tied to a fact of the log and with an open question.

use super::lanes::seconds;
use super::model::{Join, TurningPoint};
use super::words::{chip, fact_text, signed_minutes, text};
use crate::fact::{Fact, FactKind};
use crate::scenario::{Channel, Scenario};
use crate::scoring::Report;
use crate::session::projection::{Arg, Text};
use crate::stdx::time::Offset;

/// A finished session has at least so many, if its log holds so many moments.
pub const LEAST: usize = 5;

/// More than so many are a list, not moments.
pub const MOST: usize = 7;

/// Differences to the original below this are no turning point of their own, seconds.
const WIDE_S: i64 = 60;

/// First relief, the look before it, the first step that did harm, the widest differences to the original; then the steps that a session of any kind has,
/// and last what happened to the world, so that a session in which nobody did anything has its moments too.
pub(super) fn points(scenario: &Scenario, facts: &[Fact], joins: &[Join], report: &Report) -> Vec<TurningPoint> {
    let mut out: Vec<TurningPoint> = Vec::new();
    relief(scenario, facts, &mut out);
    harm(scenario, facts, &mut out);
    // Where a source gives only an order there is no difference to talk about.
    let mut widest: Vec<(i64, &Join)> = joins.iter().filter_map(|j| Some((j.difference_s()?, j))).collect();
    widest.sort_by_key(|(diff, j)| (-diff.abs(), j.original_s));
    for (diff, j) in widest.iter().filter(|(diff, _)| diff.abs() >= WIDE_S) {
        if out.len() < LEAST {
            joined(j, *diff, &mut out);
        }
    }
    for candidate in steps(scenario, facts) {
        if out.len() < MOST {
            point(scenario, candidate, &mut out);
        }
    }
    for (diff, j) in widest {
        if out.len() < LEAST {
            joined(j, diff, &mut out);
        }
    }
    for candidate in world(facts, report) {
        if out.len() < LEAST {
            point(scenario, candidate, &mut out);
        }
    }
    out.sort_by_key(|t| (t.t_s, t.fact));
    out
}

/// The action that brought the first relief, and the look before it.
fn relief(scenario: &Scenario, facts: &[Fact], out: &mut Vec<TurningPoint>) {
    let found = facts.iter().find_map(|f| match f.what {
        FactKind::Relief { action, at } => facts.iter().find(|a| a.id == action).map(|a| (a, at)),
        _ => None,
    });
    let Some((action, at)) = found else { return };
    let when = Offset::of(at, scenario.opens).clock();
    out.push(TurningPoint {
        t_s: seconds(scenario, action.id.tick),
        title: text("debrief-turn-relief", &[]),
        body: text("debrief-turn-relief-body", &[("ev", &action.id.to_string()), ("at", &when)]),
        question: text("debrief-ask-options", &[]),
        fact: action.id,
    });
    let before = |f: &&Fact| f.by.is_responder() && f.id < action.id && matches!(f.what, FactKind::Observed { .. });
    let Some(look) = facts.iter().rev().find(before) else { return };
    let FactKind::Observed { target, .. } = &look.what else { return };
    let lead = signed_minutes(seconds(scenario, action.id.tick) - seconds(scenario, look.id.tick));
    let args = [
        ("target", target.as_str()),
        ("ev", &look.id.to_string()),
        ("lead", lead.trim_start_matches('+')),
        ("next", &action.id.to_string()),
    ];
    out.push(TurningPoint {
        t_s: seconds(scenario, look.id.tick),
        title: text("debrief-turn-look", &[]),
        body: text("debrief-turn-look-body", &args),
        question: text("debrief-ask-notice", &[]),
        fact: look.id,
    });
}

/// The first step of the team after which data was lost or more users were affected: what it looked like then is worth a talk.
fn harm(scenario: &Scenario, facts: &[Fact], out: &mut Vec<TurningPoint>) {
    let acted = |f: &&Fact| matches!(f.what, FactKind::Acted { mutating: true, .. }) && f.by.is_responder();
    let found = facts.iter().find_map(|f| match &f.what {
        FactKind::DurableLoss { .. } => {
            let action = facts.iter().filter(acted).find(|a| a.id.tick == f.id.tick)?;
            Some((action, "debrief-turn-loss", f))
        }
        FactKind::Worsened { action, .. } => {
            let action = facts.iter().filter(acted).find(|a| a.id == *action)?;
            Some((action, "debrief-turn-worse", f))
        }
        _ => None,
    });
    let Some((action, title, proof)) = found.filter(|(a, ..)| !out.iter().any(|t| t.fact == a.id)) else { return };
    out.push(TurningPoint {
        t_s: seconds(scenario, action.id.tick),
        title: text(title, &[]),
        body: fact_text(scenario, &proof.what),
        question: text("debrief-ask-seeing", &[("ev", &chip(action.id))]),
        fact: action.id,
    });
}

/// A step that the original had too.
fn joined(j: &Join, diff: i64, out: &mut Vec<TurningPoint>) {
    if out.iter().any(|t| t.fact == j.fact) {
        return;
    }
    let word = |name: &str, text: String| (name.to_owned(), Arg::Word(text));
    let about = if j.precision.is_rough() { "~" } else { "" };
    let args = vec![
        ("name".to_owned(), Arg::from(j.name.clone())),
        word("ev", j.fact.to_string()),
        word("x", Offset(j.yours_s).clock()),
        word("r", format!("{about}{}", Offset(j.original_s).clock())),
        word("diff", format!("{about}{}", signed_minutes(diff))),
    ];
    let ahead = diff < 0;
    out.push(TurningPoint {
        t_s: j.yours_s,
        title: Text::Author(j.name.clone()),
        body: Text::Key("debrief-turn-join-body".to_owned(), args),
        question: text(if ahead { "debrief-ask-helped" } else { "debrief-ask-seeing" }, &[("ev", &chip(j.fact))]),
        fact: j.fact,
    });
}

/// A moment whose words are those of its fact.
fn point(scenario: &Scenario, (title, question, fact): Candidate<'_>, out: &mut Vec<TurningPoint>) {
    let title = text(title, &[]);
    // A loss is told once: at the step before it, if there is one.
    let told = |f: &&Fact| out.iter().any(|t| t.fact == f.id || (t.fact.tick == f.id.tick && t.title == title));
    let Some(f) = fact.filter(|f| !told(f)) else { return };
    out.push(TurningPoint {
        t_s: seconds(scenario, f.id.tick),
        title,
        body: fact_text(scenario, &f.what),
        question: text(question, &[("ev", &chip(f.id))]),
        fact: f.id,
    });
}

/// Title, question, and the fact if the log has it.
type Candidate<'a> = (&'static str, &'static str, Option<&'a Fact>);

/// What the team did for the first time, in the order in which it is worth a talk.
fn steps<'a>(scenario: &Scenario, facts: &'a [Fact]) -> Vec<Candidate<'a>> {
    let start = scenario.truth.impact.tick(scenario.opens).unwrap_or_default();
    let first = |test: &dyn Fn(&Fact) -> bool| facts.iter().find(|f| f.by.is_responder() && test(f));
    let after_relief = facts.iter().find_map(|f| match f.what {
        FactKind::Relief { at, .. } => Some(at),
        _ => None,
    });
    vec![
        (
            "debrief-turn-stated",
            "debrief-ask-knew",
            first(&|f| matches!(f.what, FactKind::Hypothesis { .. } | FactKind::Cause { .. })),
        ),
        ("debrief-turn-declared", "debrief-ask-seeing", first(&|f| matches!(f.what, FactKind::Declared { .. }))),
        (
            "debrief-turn-change",
            "debrief-ask-seeing",
            first(&|f| matches!(f.what, FactKind::Acted { mutating: true, .. })),
        ),
        (
            "debrief-turn-told",
            "debrief-ask-tell",
            first(&|f| matches!(f.what, FactKind::Said { channel: Channel::Status, .. })),
        ),
        (
            "debrief-turn-checked",
            "debrief-ask-enough",
            first(&|f| {
                after_relief.is_some_and(|at| f.id.tick >= at)
                    && matches!(f.what, FactKind::Observed { user_facing: true, .. })
            }),
        ),
        ("debrief-turn-help", "debrief-ask-help", first(&|f| matches!(f.what, FactKind::Help { .. }))),
        (
            "debrief-turn-first",
            "debrief-ask-seeing",
            first(&|f| f.id.tick >= start && matches!(f.what, FactKind::Observed { .. } | FactKind::Acked { .. })),
        ),
        ("debrief-turn-first", "debrief-ask-seeing", first(&|_| true)),
    ]
}

/// What happened to the world and its users, for sessions whose log holds little else.
fn world<'a>(facts: &'a [Fact], report: &Report) -> Vec<Candidate<'a>> {
    let first = |test: &dyn Fn(&FactKind) -> bool| facts.iter().find(|f| test(&f.what));
    let hurt = first(&|k| matches!(k, FactKind::Impact { n, .. } if *n > 0));
    let top = report.impact.yours.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let peak = first(&|k| matches!(k, FactKind::Impact { n, .. } if *n > 0 && *n >= top));
    let half = first(&|k| matches!(k, FactKind::Impact { n, .. } if *n > 0 && n.saturating_mul(2) >= top));
    let back = hurt.and_then(|h| facts.iter().find(|f| f.id > h.id && matches!(f.what, FactKind::Impact { n: 0, .. })));
    let lost = first(&|k| matches!(k, FactKind::DurableLoss { .. }));
    let page = first(&|k| matches!(k, FactKind::PageOpened { .. }));
    let alert = first(&|k| matches!(k, FactKind::AlertFired { .. }));
    let ticket = first(&|k| matches!(k, FactKind::TicketArrived { .. }));
    let change = first(&|k| matches!(k, FactKind::Deployed { .. } | FactKind::StateChanged { .. }));
    let said = facts.iter().find(|f| !f.by.is_responder() && matches!(f.what, FactKind::Said { .. }));
    let ended = first(&|k| matches!(k, FactKind::Ended));
    vec![
        ("debrief-turn-hurt", "debrief-ask-shown", hurt),
        ("debrief-turn-signal", "debrief-ask-signal-at", page),
        ("debrief-turn-signal", "debrief-ask-signal-at", alert),
        ("debrief-turn-signal", "debrief-ask-signal-at", ticket),
        ("debrief-turn-loss", "debrief-ask-shown", lost),
        ("debrief-turn-peak", "debrief-ask-way-back", peak),
        ("debrief-turn-world", "debrief-ask-shown", change),
        ("debrief-turn-back", "debrief-ask-enough", back),
        ("debrief-turn-ended", "debrief-ask-open", ended),
        ("debrief-turn-said", "debrief-ask-signal-at", said),
        ("debrief-turn-half", "debrief-ask-shown", half),
    ]
}
