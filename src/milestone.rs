//! Predicates over facts: one matcher for triggers, fidelity and scoring.
//!
//! [`Matcher`] takes facts one by one and is part of a live session's state; [`occurrences`] runs the same matcher over a
//! finished stream, where it also knows what happened later (`sustained`, the moment a relief began).

mod batch;
mod event;
mod node;
mod words;

pub use batch::{first, occurrences};
pub use words::in_words;

use crate::fact::{EffectiveClock, Fact, FactId};
use crate::scenario::{Predicate, Scenario};
use crate::stdx::time::{Offset, Tick};
use node::{Node, Step};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a predicate needs besides facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MatchContext {
    /// When the session opens, from T0.
    pub opens: Offset,
    /// Where `sustained` ends; facts after it are not matched in a batch.
    pub horizon: Tick,
    /// Predicates of the milestones, for `Since`.
    pub milestones: BTreeMap<String, Predicate>,
    /// Release that each service runs at the opening.
    pub running: BTreeMap<String, String>,
}

impl MatchContext {
    /// The context of a scenario, up to its horizon.
    pub fn of(scenario: &Scenario) -> MatchContext {
        MatchContext {
            opens: scenario.opens,
            horizon: scenario.horizon.tick(scenario.opens).unwrap_or_default(),
            milestones: scenario.milestones.iter().map(|m| (m.id.clone(), m.when.clone())).collect(),
            running: scenario
                .world
                .services
                .iter()
                .filter_map(|(id, s)| s.release.clone().map(|r| (id.clone(), r)))
                .collect(),
        }
    }
}

impl MatchContext {
    /// The context of a run of it: what injects held of the clock is added at the end.
    pub fn of_run(scenario: &Scenario, facts: &[Fact]) -> MatchContext {
        let ctx = MatchContext::of(scenario);
        MatchContext { horizon: ctx.horizon.plus(EffectiveClock::of(facts).held_seconds()), ..ctx }
    }
}

/// A moment at which a predicate held, with the facts that prove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// When.
    pub tick: Tick,
    /// Facts that prove it, oldest first; empty where an absence or a time proves it.
    pub evidence: Vec<FactId>,
}

impl Occurrence {
    /// The fact that completed it.
    pub fn fact(&self) -> Option<FactId> {
        self.evidence.last().copied()
    }
}

/// An incremental evaluation of one predicate. Facts come in order; at one tick the clock moves before the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matcher {
    root: Node,
    now: Tick,
    started: bool,
}

impl Matcher {
    /// Compiles a predicate. A milestone that refers to itself through `Since` never holds.
    pub fn new(predicate: &Predicate, ctx: &MatchContext) -> Matcher {
        Matcher { root: Node::compile(predicate, ctx, &mut Vec::new()), now: Tick(0), started: false }
    }

    /// Whether it holds now: events once they were seen, states while they last.
    pub fn holds(&self) -> bool {
        self.root.holds()
    }

    /// Moves the clock to the fact's tick and takes the fact; the first occurrence that follows.
    pub fn feed(&mut self, fact: &Fact) -> Option<Occurrence> {
        let mut found = Vec::new();
        self.run_to(fact.id.tick, &mut found);
        self.step(&Step::fact(fact, fact.id.tick), fact.id.tick, &mut found);
        found.into_iter().next()
    }

    /// Moves the clock; the first occurrence on the way.
    pub fn tick(&mut self, now: Tick) -> Option<Occurrence> {
        let mut found = Vec::new();
        self.run_to(now, &mut found);
        found.into_iter().next()
    }

    fn run_to(&mut self, now: Tick, found: &mut Vec<Occurrence>) {
        if !self.started {
            self.started = true;
            self.step(&Step::open(Tick(0)), Tick(0), found);
        }
        // Every deadline on the way gets its own step, so that a skip of an hour equals 3,600 single ticks.
        while let Some(due) = self.root.deadline().filter(|d| *d <= now) {
            let due = due.max(self.now);
            self.step(&Step::clock(due), due, found);
            self.now = due;
        }
        self.now = self.now.max(now);
    }

    fn step(&mut self, step: &Step<'_>, tick: Tick, found: &mut Vec<Occurrence>) {
        if self.root.step(step) {
            let mut evidence = self.root.evidence();
            evidence.sort_by_key(|id| (id.tick, id.branch, id.n));
            evidence.dedup();
            found.push(Occurrence { tick, evidence });
        }
    }
}

/// A script rule's predicate: tells once when it first holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    matcher: Option<Matcher>,
}

impl Trigger {
    /// A trigger that has not fired.
    pub fn new(predicate: &Predicate, ctx: &MatchContext) -> Trigger {
        Trigger { matcher: Some(Matcher::new(predicate, ctx)) }
    }

    /// Whether it has fired.
    pub fn fired(&self) -> bool {
        self.matcher.is_none()
    }

    /// Takes the facts that are new since the last call and the present tick; the first time it holds, and never again.
    pub fn feed(&mut self, new_facts: &[Fact], now: Tick) -> Option<Occurrence> {
        let matcher = self.matcher.as_mut()?;
        let mut found = None;
        for fact in new_facts {
            found = matcher.feed(fact);
            if found.is_some() {
                break;
            }
        }
        let found = found.or_else(|| matcher.tick(now))?;
        self.matcher = None;
        Some(found)
    }
}
