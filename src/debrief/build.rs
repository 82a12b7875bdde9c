//! Builds a debrief: a pure function of scenario, facts and report.

use super::model::Debrief;
use super::{lanes, moments, turning};
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::{LangText, Scenario};
use crate::scoring::Report;
use crate::session::Header;
use crate::session::projection::Text;
use crate::stdx::time::Tick;
use std::collections::BTreeSet;

/// The debrief of a session that was scored with `report`.
pub fn build(scenario: &Scenario, header: &Header, facts: &[Fact], report: Report) -> Debrief {
    let clock = crate::scoring::curve::EffectiveClock::of(facts);
    let s = |tick: u64| lanes::seconds(scenario, Tick(tick));
    let original = lanes::original(scenario);
    let (yours, exploration) = lanes::yours(scenario, facts, &report);
    let joins = lanes::joins(scenario, facts, &report);
    let turning = turning::points(scenario, facts, &joins, &report);
    let cited: BTreeSet<FactId> = report
        .checks
        .iter()
        .flat_map(|c| c.evidence.iter().copied())
        .chain(turning.iter().map(|t| t.fact))
        .chain(joins.iter().map(|j| j.fact))
        .collect();
    let decisions = super::decision::decisions(scenario, facts);
    let mitigated = crate::scoring::measure(scenario, facts).mitigated_at;
    let titles: Vec<&LangText> = facts
        .iter()
        .filter_map(|f| match &f.what {
            FactKind::Injected { text, allowance, .. } if *allowance > 0 => Some(text),
            _ => None,
        })
        .collect();
    // The curves reach to the horizon; the axis ends with the last thing that anybody did or that was published.
    let last_fact = facts
        .iter()
        .filter(|f| !matches!(f.what, FactKind::ImpactCurve { .. }) && !f.what.is_afterword())
        .map(|f| s(f.id.tick.0))
        .max()
        .unwrap_or(scenario.opens.0);
    // The original's users are shown until they are well again: its curve may end after its last row.
    let well = report.impact.original.windows(2).rev().find_map(|w| match w {
        [(_, before), (t, 0)] if *before > 0 => Some(s(t.0)),
        _ => None,
    });
    let last_fact = well.map_or(last_fact, |w| w.max(last_fact));
    let to_s = |last_row: i64| last_fact.max(last_row).max(scenario.opens.0.saturating_add(60));
    let last_row = original.iter().map(|r| r.t_s).max().unwrap_or(scenario.opens.0);
    Debrief {
        title: scenario.title.clone(),
        subtitle: subtitle(scenario),
        t0_utc_s: scenario.t0.utc.0,
        from_s: scenario.opens.0,
        to_s: to_s(last_row),
        seats: header.seats.clone(),
        alerts: lanes::alerts(scenario, facts, to_s(last_row)),
        branches: Vec::new(),
        ledger: super::ledger::ledger(scenario, facts),
        grounds: super::grounds::grounds(facts),
        diagnosis: super::diagnosis::diagnosis(scenario, facts),
        budget: super::budget::budget(scenario, &report),
        money: super::budget::money(scenario, &report),
        world: lanes::world(scenario, facts, mitigated),
        questions: {
            let asked = decisions.iter().filter_map(|d| d.question.clone()).map(Text::Author);
            moments::questions(scenario, &report, &turning).into_iter().chain(asked).collect()
        },
        decisions,
        plus: moments::plus(&report),
        experiment: moments::experiment(&report),
        log: lanes::log(scenario, facts, &cited),
        background: super::background::background(scenario, facts),
        held: clock.bands().iter().zip(titles).map(|((from, to), title)| (s(*from), s(*to), title.clone())).collect(),
        original,
        yours,
        exploration,
        joins,
        turning,
        report,
        aftermath: super::aftermath::aftermath(scenario, facts, mitigated),
    }
}

fn subtitle(scenario: &Scenario) -> String {
    let c = scenario.t0.utc.civil();
    let date = format!("{:04}-{:02}-{:02}", c.year, c.month, c.day);
    match scenario.sources.values().next() {
        Some(source) => format!("{} · {date}", source.title),
        None => date,
    }
}
