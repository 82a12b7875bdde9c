//! The two lanes on one scale, what joins them, and the world between.

use super::model::{AlertSpan, Join, LogRow, Look, OriginalMark, WorldMark, WorldMarkKind, YourMark};
use super::words::{fact_text, row_text, text};
use crate::fact::words::{of_note, signal_phrase, who};
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::{Played, Provenance, RowKind, Scenario};
use crate::scoring::{MoveKind, Report};
use crate::session::projection::Text;
use crate::stdx::time::{Offset, Tick};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds from T0 of a tick.
pub(super) fn seconds(scenario: &Scenario, tick: Tick) -> i64 {
    Offset::of(tick, scenario.opens).0
}

/// The rows of the original between opening and horizon; what lies outside is told by the briefing or the sources.
pub(super) fn original(scenario: &Scenario) -> Vec<OriginalMark> {
    let is_avoidable = |id: &str| scenario.milestones.iter().any(|m| m.id == id && m.avoidable);
    scenario
        .original
        .iter()
        .filter(|row| row.at >= scenario.opens && row.at <= scenario.horizon)
        .map(|row| OriginalMark {
            id: row.id.clone(),
            t_s: row.at.0,
            published_s: row.published.map(|at| at.0),
            precision: row.precision,
            kind: row.kind,
            what: row.what.clone(),
            milestone: match &row.played {
                // A side path leads to none.
                Played::When { milestone, .. } => milestone.clone().filter(|id| !is_avoidable(id)),
                Played::BeforeOpening | Played::BeyondHorizon => None,
            },
            published: matches!(row.fact, Provenance::Source { .. }),
            source: source_text(&row.fact),
        })
        .collect()
}

/// Where a fact comes from, as text; nothing for what was made up.
pub fn source_text(fact: &Provenance) -> String {
    match fact {
        Provenance::Source { source, row } => format!("{source} {row}"),
        Provenance::Derived(how) => how.clone(),
        Provenance::Invented => String::new(),
    }
}

/// When what a fact says happened: a relief is proved a minute after it began.
pub(super) fn moment(scenario: &Scenario, fact: &Fact) -> i64 {
    match fact.what {
        FactKind::Relief { at, .. } => seconds(scenario, at),
        _ => seconds(scenario, fact.id.tick),
    }
}

/// Milestone that each fact matched.
fn milestones_by_fact(report: &Report) -> BTreeMap<FactId, String> {
    report
        .moves
        .iter()
        .filter(|m| m.kind == MoveKind::Sync)
        .filter_map(|m| m.fact.map(|f| (f, m.milestone.clone())))
        .collect()
}

/// What the seats did, with the looks that matched a milestone; every other look is a tick of exploration.
pub(super) fn yours(scenario: &Scenario, facts: &[Fact], report: &Report) -> (Vec<YourMark>, Vec<Look>) {
    let matched = milestones_by_fact(report);
    let guards = report.check("S1").map(|c| c.evidence.as_slice()).unwrap_or_default();
    let (mut marks, mut ticks) = (Vec::new(), Vec::new());
    for fact in facts {
        let milestone = matched.get(&fact.id).cloned();
        let t_s = moment(scenario, fact);
        let relief = matches!(fact.what, FactKind::Relief { .. });
        // A check of a target that guards nothing is one of many looks.
        let idle = matches!(fact.what, FactKind::Guarded { .. }) && !guards.contains(&fact.id);
        if (!fact.by.is_responder() && !relief) || idle {
            continue;
        }
        if milestone.is_some() || of_note(fact) {
            marks.push(YourMark {
                fact: fact.id,
                t_s,
                by: who(&fact.by).to_owned(),
                text: fact_text(scenario, &fact.what),
                milestone,
                action: matches!(fact.what, FactKind::Acted { mutating: true, .. }),
            });
        } else if matches!(fact.what, FactKind::Observed { .. }) {
            ticks.push(Look { t_s, fact: fact.id, by: who(&fact.by).to_owned() });
        }
    }
    marks.sort_by_key(|m| (m.t_s, m.fact));
    (marks, ticks)
}

/// Pairs of a played row that names a milestone and the first fact that reached it here.
pub(super) fn joins(scenario: &Scenario, facts: &[Fact], report: &Report) -> Vec<Join> {
    let ctx = crate::milestone::MatchContext::of_run(scenario, facts);
    scenario
        .original
        .iter()
        .filter_map(|row| {
            let Played::When { milestone: Some(id), .. } = &row.played else { return None };
            // A side path is told by itself: sooner or later is nothing that it can be.
            let milestone = scenario.milestones.iter().find(|m| m.id == *id && !m.avoidable)?;
            let reached = report.moves.iter().find(|m| m.milestone == *id)?;
            let fact = reached.fact.or(reached.first)?;
            let at = crate::milestone::occurrences(&milestone.when, facts, &ctx)
                .into_iter()
                .find(|o| o.fact() == Some(fact))?
                .tick;
            Some(Join {
                milestone: id.clone(),
                name: milestone.name.clone(),
                original_s: row.at.0,
                precision: row.precision,
                yours_s: seconds(scenario, at),
                row: row.id.clone(),
                fact,
                large: row.kind == RowKind::Mitigate,
                assumed: !matches!(row.fact, Provenance::Source { .. }),
            })
        })
        .collect()
}

/// Changes, signals and impact that both share, and the alert that never came.
pub(super) fn world(scenario: &Scenario, facts: &[Fact], mitigated: Option<Tick>) -> Vec<WorldMark> {
    let mut marks = Vec::new();
    let mut affected = false;
    for fact in facts.iter().filter(|f| !f.by.is_responder()) {
        let kind = match &fact.what {
            FactKind::Deployed { .. } => WorldMarkKind::Change,
            FactKind::AlertFired { .. } | FactKind::TicketArrived { .. } | FactKind::PageOpened { .. } => {
                WorldMarkKind::Signal
            }
            FactKind::Impact { n, .. } => {
                // Only the edges: users begin to be affected, and no longer are.
                let now = *n > 0;
                if now == affected {
                    continue;
                }
                affected = now;
                if now { WorldMarkKind::Impact } else { WorldMarkKind::Cleared }
            }
            FactKind::DurableLoss { .. } => WorldMarkKind::Impact,
            FactKind::Said { .. } if signal_phrase(scenario, &fact.what).is_some() => WorldMarkKind::Signal,
            _ => continue,
        };
        let judged = signal_phrase(scenario, &fact.what).map(|p| Text::of_phrase(p, &scenario.people));
        marks.push(WorldMark {
            t_s: seconds(scenario, fact.id.tick),
            kind,
            text: judged.unwrap_or_else(|| fact_text(scenario, &fact.what)),
            fact: Some(fact.id),
        });
    }
    let start = scenario.truth.impact.tick(scenario.opens).unwrap_or_default();
    let rang = facts.iter().any(|f| {
        matches!(f.what, FactKind::AlertFired { .. })
            && f.id.tick >= start
            && mitigated.is_none_or(|end| f.id.tick <= end)
    });
    if !rang {
        marks.push(WorldMark {
            t_s: seconds(scenario, start),
            kind: WorldMarkKind::Absence,
            text: text("debrief-no-alert", &[]),
            fact: None,
        });
    }
    marks.sort_by_key(|m| m.t_s);
    marks
}

/// Alerts from firing to back to normal; one that goes on reaches to `end_s`.
pub(super) fn alerts(scenario: &Scenario, facts: &[Fact], end_s: i64) -> Vec<AlertSpan> {
    let mut out: Vec<AlertSpan> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for f in facts {
        let at = seconds(scenario, f.id.tick);
        match &f.what {
            FactKind::AlertFired { alert, service } => {
                open.push(out.len());
                out.push(AlertSpan { from_s: at, to_s: end_s.max(at), alert: alert.clone(), service: service.clone() });
            }
            FactKind::AlertResolved { alert, .. } => {
                let place = open.iter().position(|i| out.get(*i).is_some_and(|s| s.alert == *alert));
                if let Some(span) = place.map(|p| open.remove(p)).and_then(|i| out.get_mut(i)) {
                    span.to_s = at;
                }
            }
            _ => {}
        }
    }
    out
}

/// A look of a seat at something of which the scenario says what is to be thought.
fn judged_look(scenario: &Scenario, f: &Fact) -> Option<Text> {
    let look = matches!(f.what, FactKind::Observed { .. }) && f.by.is_responder();
    let phrase = signal_phrase(scenario, &f.what).filter(|_| look)?;
    Some(Text::of_phrase(phrase, &scenario.people))
}

/// Every fact of note, in order.
pub(super) fn log(scenario: &Scenario, facts: &[Fact], cited: &BTreeSet<FactId>) -> Vec<LogRow> {
    let mut rows: Vec<LogRow> = facts
        .iter()
        .map(|f| (f, judged_look(scenario, f)))
        .filter(|(f, judged)| of_note(f) || cited.contains(&f.id) || judged.is_some())
        .map(|(f, judged)| LogRow {
            id: f.id,
            t_s: moment(scenario, f),
            who: who(&f.by).to_owned(),
            role: scenario.people.get(who(&f.by)).map(|p| p.role.clone()),
            ours: f.by.is_responder(),
            text: judged.unwrap_or_else(|| row_text(scenario, &f.what)),
        })
        .collect();
    rows.sort_by_key(|r| (r.t_s, r.id));
    rows
}
