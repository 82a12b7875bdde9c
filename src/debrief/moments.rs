//! The biggest plus, the next experiment and the questions.

use super::model::TurningPoint;
use super::words::{chip, feedback, signed, text};
use crate::fact::FactId;
use crate::scenario::Scenario;
use crate::scoring::{Check, DIMENSIONS, Report};
use crate::session::projection::Text;
use crate::stdx::rational::{Ratio, decimal, whole};

/// The dimension with the largest lead over the original, with the sentence of the check that carries it.
pub(super) fn plus(report: &Report) -> Option<(String, String, Text, Option<FactId>)> {
    let lead = |c: &Check| &c.points - &c.par_points;
    let total = |d: &str| report.checks.iter().filter(|c| c.dimension == d).fold(whole(0), |a, c| a + lead(c));
    // Of equal leads the first in the model's order counts.
    let mut best: Option<(&str, Ratio)> = None;
    for d in DIMENSIONS {
        let t = total(d);
        if t > whole(0) && best.as_ref().is_none_or(|(_, b)| t > *b) {
            best = Some((d, t));
        }
    }
    let check = match &best {
        Some((d, _)) => {
            let mut of: Vec<&Check> = report.checks.iter().filter(|c| c.dimension == *d).collect();
            of.sort_by_key(|c| lead(c));
            of.pop()?
        }
        // Level or behind everywhere: what earned most is the plus.
        None => {
            let mut of: Vec<&Check> = report.checks.iter().filter(|c| c.credit > whole(0)).collect();
            of.sort_by(|a, b| a.credit.cmp(&b.credit).then(a.max.cmp(&b.max)));
            of.pop()?
        }
    };
    // Without a lead there is no difference to show, only what was seen.
    let amount = best.map_or_else(String::new, |(_, t)| signed(&decimal(&t, 1)));
    Some((format!("dimension-{}", check.dimension), amount, feedback(check), check.evidence.first().copied()))
}

/// One thing to try: it belongs to the check with the most headroom that somebody's doing can fill.
pub(super) fn experiment(report: &Report) -> Text {
    let mut best: Option<(&Check, Ratio)> = None;
    for c in report.checks.iter().filter(|c| c.dimension != "impact" && c.dimension != "alignment") {
        let room = &c.max - &c.points;
        if best.as_ref().is_none_or(|(_, b)| room > *b) {
            best = Some((c, room));
        }
    }
    match best {
        Some((c, room)) if room > whole(0) => text(experiment_key(c.id), &[]),
        _ => text("experiment-steady", &[]),
    }
}

fn experiment_key(check: &str) -> &'static str {
    match check {
        "D1" => "experiment-D1",
        "D2" => "experiment-D2",
        "D3" => "experiment-D3",
        "G1" => "experiment-G1",
        "G2" => "experiment-G2",
        "G3" => "experiment-G3",
        "G4" => "experiment-G4",
        "G5" => "experiment-G5",
        "M1" => "experiment-M1",
        "M2" => "experiment-M2",
        "M3" => "experiment-M3",
        "M4" => "experiment-M4",
        "M5" => "experiment-M5",
        "C1" => "experiment-C1",
        "C2" => "experiment-C2",
        "C3" => "experiment-C3",
        "C4" => "experiment-C4",
        "C5" => "experiment-C5",
        "O1" => "experiment-O1",
        "O2" => "experiment-O2",
        "O3" => "experiment-O3",
        "O4" => "experiment-O4",
        "O5" => "experiment-O5",
        "S1" => "experiment-S1",
        _ => "experiment-steady",
    }
}

/// The scenario's questions for what was reached, then the ones that every debrief asks.
pub(super) fn questions(scenario: &Scenario, report: &Report, turning: &[TurningPoint]) -> Vec<Text> {
    let reached = |id: &String| report.moves.iter().any(|m| m.milestone == *id && m.first.is_some());
    let mut out: Vec<Text> = scenario
        .questions
        .iter()
        .filter(|q| q.milestone.as_ref().is_none_or(reached))
        .map(|q| Text::Author(q.text.clone()))
        .collect();
    if let Some(t) = turning.first() {
        out.push(text("debrief-ask-expect", &[("ev", &chip(t.fact))]));
    }
    for key in ["debrief-ask-sensible", "debrief-ask-signal", "debrief-ask-safe", "debrief-ask-next"] {
        out.push(text(key, &[]));
    }
    out
}
