//! Fidelity of a rehearsal: when each row of the source was published, and when the replay shows it.

use crate::fact::Fact;
use crate::milestone::{self, MatchContext};
use crate::scenario::{LangText, Played, Scenario};
use crate::stdx::time::{Offset, Span};
use serde::Serialize;

/// How a row of the source fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Matched within its tolerance.
    Ok,
    /// Matched elsewhere, or not seen.
    Miss,
    /// Lies before the opening.
    BeforeOpening,
    /// Lies beyond the horizon.
    BeyondHorizon,
}

/// One row of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FidelityRow {
    /// Row's id.
    pub id: String,
    /// When it was published to have happened.
    pub published: Offset,
    /// When the replay shows it.
    pub matched: Option<Offset>,
    /// Tolerance either way.
    pub tolerance: Span,
    /// Verdict.
    pub verdict: Verdict,
    /// What happened.
    pub what: LangText,
}

/// Compares each row of the original with its predicate's first occurrence.
pub fn fidelity(scenario: &Scenario, facts: &[Fact]) -> Vec<FidelityRow> {
    let ctx = MatchContext::of(scenario);
    scenario
        .original
        .iter()
        .map(|row| {
            let mut out = FidelityRow {
                id: row.id.clone(),
                published: row.at,
                matched: None,
                tolerance: Span(0),
                verdict: Verdict::BeforeOpening,
                what: row.what.clone(),
            };
            match &row.played {
                Played::BeforeOpening => {}
                Played::BeyondHorizon => out.verdict = Verdict::BeyondHorizon,
                Played::When { when, tolerance, .. } => {
                    out.tolerance = *tolerance;
                    out.matched = milestone::first(when, facts, &ctx).map(|o| Offset::of(o.tick, scenario.opens));
                    let close = out.matched.is_some_and(|m| m.0.abs_diff(row.at.0) <= tolerance.0);
                    out.verdict = if close { Verdict::Ok } else { Verdict::Miss };
                }
            }
            out
        })
        .collect()
}
