//! What the comparison rests on: the sources, T0 and what else it could be, side paths of the original and what it never
//! did, and what the graphs and log lines were worth.

use super::lanes::seconds;
pub use super::lanes::source_text;
use crate::fact::words::{graph_of, lines_of};
use crate::fact::{Fact, FactId, FactKind};
use crate::milestone::{MatchContext, first};
use crate::scenario::{Contradiction, LangText, ObservedKind, Played, Reliability, Scenario, Source, T0};
use std::collections::BTreeMap;

/// What the comparison rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Background {
    /// What T0 is, and what else it could be.
    pub t0: T0,
    /// Cited sources by id.
    pub sources: BTreeMap<String, Source>,
    /// What accounts tell differently.
    pub contradictions: Vec<Contradiction>,
    /// Side paths of the original, and what it never did.
    pub apart: Vec<Apart>,
    /// Graphs and log lines of which the scenario says what is to be thought.
    pub signals: Vec<Judged>,
}

/// A milestone that lies beside the original's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// Milestone's id.
    pub milestone: String,
    /// Its name.
    pub name: LangText,
    /// Whether the original went there: a side path; else it never did.
    pub side_path: bool,
    /// Where the source says so, as text; empty if it does not.
    pub source: String,
    /// When the original was there, seconds from T0.
    pub original_s: Option<i64>,
    /// When this session was, and the fact that completed it.
    pub yours: Option<(i64, Option<FactId>)>,
}

/// A graph or a log line with what is to be thought of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What is to be thought of it.
    pub reliability: Reliability,
    /// Graph's id, or the log's program.
    pub place: String,
    /// Title of the graph, or the line.
    pub text: LangText,
    /// When it, or the log that holds it, was first looked at, seconds from T0.
    pub seen: Option<(i64, FactId)>,
}

/// The background of a session.
pub(super) fn background(scenario: &Scenario, facts: &[Fact]) -> Background {
    Background {
        t0: scenario.t0.clone(),
        sources: scenario.sources.clone(),
        contradictions: scenario.contradictions.clone(),
        apart: apart(scenario, facts),
        signals: signals(scenario, facts),
    }
}

fn apart(scenario: &Scenario, facts: &[Fact]) -> Vec<Apart> {
    let ctx = MatchContext::of_run(scenario, facts);
    let beside = scenario.milestones.iter().filter(|m| m.avoidable || m.never.is_some());
    let marks = beside.map(|m| {
        let joins = |p: &Played| matches!(p, Played::When { milestone: Some(id), .. } if *id == m.id);
        let row = scenario.original.iter().find(|r| joins(&r.played));
        let fact = m.never.as_ref().or(row.map(|r| &r.fact));
        Apart {
            milestone: m.id.clone(),
            name: m.name.clone(),
            side_path: m.never.is_none(),
            source: fact.map(source_text).unwrap_or_default(),
            original_s: row.map(|r| r.at.0),
            yours: first(&m.when, facts, &ctx).map(|o| (seconds(scenario, o.tick), o.fact())),
        }
    });
    marks.collect()
}

fn signals(scenario: &Scenario, facts: &[Fact]) -> Vec<Judged> {
    let seen = |which: &dyn Fn(ObservedKind, &str) -> bool| {
        let look = facts.iter().find(|f| {
            let FactKind::Observed { what, target, .. } = &f.what else { return false };
            f.by.is_responder() && which(*what, target)
        })?;
        Some((seconds(scenario, look.id.tick), look.id))
    };
    let graphs = scenario.world.graphs.iter().filter_map(|g| {
        let looked = |what: ObservedKind, target: &str| graph_of(scenario, what, target).is_some_and(|x| x.id == g.id);
        Some(Judged { reliability: g.reliability?, place: g.id.clone(), text: g.title.clone(), seen: seen(&looked) })
    });
    let mut out: Vec<Judged> = graphs.collect();
    for (program, log) in &scenario.world.logs {
        for line in &log.lines {
            let Some(reliability) = line.reliability else { continue };
            let looked = |what: ObservedKind, target: &str| lines_of(scenario, what, target).any(|(p, _)| p == program);
            out.push(Judged { reliability, place: program.clone(), text: line.shown(), seen: seen(&looked) });
        }
    }
    out
}
