//! Fidelity of a rehearsal: when each row of the source was published, and when the replay shows it.

use crate::fact::Fact;
use crate::milestone::{self, MatchContext};
use crate::scenario::{LangText, Played, Precision, Scenario};
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
    /// How precisely the source gives the time.
    pub precision: Precision,
    /// Tolerance either way; nothing where there is only a stretch or an order.
    pub tolerance: Span,
    /// Verdict.
    pub verdict: Verdict,
    /// What happened.
    pub what: LangText,
}

/// Compares each row of the original with its predicate's first occurrence.
pub fn fidelity(scenario: &Scenario, facts: &[Fact]) -> Vec<FidelityRow> {
    let ctx = MatchContext::of(scenario);
    let mut shown: Vec<Option<Offset>> = Vec::new();
    for row in &scenario.original {
        let Played::When { when, .. } = &row.played else {
            shown.push(None);
            continue;
        };
        shown.push(milestone::first(when, facts, &ctx).map(|o| Offset::of(o.tick, scenario.opens)));
    }
    let rows = scenario.original.iter().enumerate().map(|(at, row)| {
        let mut out = FidelityRow {
            id: row.id.clone(),
            published: row.at,
            matched: None,
            precision: row.precision,
            tolerance: Span(0),
            verdict: Verdict::BeforeOpening,
            what: row.what.clone(),
        };
        match &row.played {
            Played::BeforeOpening => {}
            Played::BeyondHorizon => out.verdict = Verdict::BeyondHorizon,
            Played::When { tolerance, .. } => {
                out.tolerance = *tolerance;
                out.matched = shown.get(at).copied().flatten();
                let fits = out.matched.is_some_and(|m| match row.precision {
                    Precision::OrderOnly => in_order(&shown, at, m),
                    Precision::Range { .. } => row.precision.difference(row.at.0, m.0) == Some(0),
                    _ => m.0.abs_diff(row.at.0) <= tolerance.0,
                });
                out.verdict = if fits { Verdict::Ok } else { Verdict::Miss };
            }
        }
        out
    });
    rows.chain(never(scenario, facts, &ctx)).collect()
}

/// Whether what stands at `at` came no sooner than what stands before it, and no later than what stands after it.
fn in_order(shown: &[Option<Offset>], at: usize, m: Offset) -> bool {
    let before = shown.iter().take(at).flatten().max();
    let after = shown.iter().skip(at + 1).flatten().min();
    before.is_none_or(|b| *b <= m) && after.is_none_or(|a| m <= *a)
}

/// What the original never did, and the replay shows all the same.
fn never(scenario: &Scenario, facts: &[Fact], ctx: &MatchContext) -> Vec<FidelityRow> {
    let told = scenario.milestones.iter().filter(|m| m.never.is_some());
    let rows = told.filter_map(|m| {
        let at = Offset::of(milestone::first(&m.when, facts, ctx)?.tick, scenario.opens);
        Some(FidelityRow {
            id: m.id.clone(),
            published: at,
            matched: Some(at),
            precision: Precision::OrderOnly,
            tolerance: Span(0),
            verdict: Verdict::Miss,
            what: m.name.clone(),
        })
    });
    rows.collect()
}
