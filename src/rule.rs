//! The scenario's triggers: which rules fire at a tick, over the facts. What a rule does is `session`'s work, and a fact.

use crate::fact::{Fact, FactId};
use crate::milestone::{MatchContext, Trigger};
use crate::scenario::Scenario;
use crate::stdx::time::Tick;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The script's triggers and the milestones', with what has fired.
#[derive(Clone, Debug, Serialize)]
pub struct RuleBook {
    rules: Vec<Armed>,
    milestones: Vec<Armed>,
    held: BTreeSet<String>,
    fired: BTreeMap<String, Tick>,
    met: BTreeMap<String, (Tick, Vec<FactId>)>,
    /// Facts already fed, by position in the store.
    fed: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Armed {
    id: String,
    trigger: Trigger,
    /// Held back by the GM when its time came; fires when it is released.
    due: bool,
}

impl RuleBook {
    /// Arms every rule and milestone of the scenario.
    pub fn new(scenario: &Scenario) -> RuleBook {
        let ctx = MatchContext::of(scenario);
        let arm = |id: &String, when| Armed { id: id.clone(), trigger: Trigger::new(when, &ctx), due: false };
        RuleBook {
            rules: scenario.script.iter().map(|r| arm(&r.id, &r.when)).collect(),
            milestones: scenario.milestones.iter().map(|m| arm(&m.id, &m.when)).collect(),
            held: BTreeSet::new(),
            fired: BTreeMap::new(),
            met: BTreeMap::new(),
            fed: 0,
        }
    }

    /// Facts fed so far, as a position in the store: those of entries between two ticks are fed with the next tick.
    pub fn fed(&self) -> usize {
        self.fed
    }

    /// Says that the facts before this position have been fed.
    pub fn seen(&mut self, position: usize) {
        self.fed = position;
    }

    /// Feeds new facts; returns the ids of the rules that fire now, in script order.
    pub fn step(&mut self, new: &[Fact], now: Tick) -> Vec<String> {
        for m in &mut self.milestones {
            if let Some(occurrence) = m.trigger.feed(new, now) {
                self.met.entry(m.id.clone()).or_insert((occurrence.tick, occurrence.evidence));
            }
        }
        let mut out = Vec::new();
        for rule in &mut self.rules {
            let fires = rule.trigger.feed(new, now).is_some() || rule.due;
            if !fires || self.fired.contains_key(&rule.id) {
                continue;
            }
            rule.due = self.held.contains(&rule.id);
            if !rule.due {
                self.fired.insert(rule.id.clone(), now);
                out.push(rule.id.clone());
            }
        }
        out
    }

    /// Holds a rule back, or lets it go.
    pub fn hold(&mut self, rule: &str, held: bool) {
        if held {
            self.held.insert(rule.to_owned());
        } else {
            self.held.remove(rule);
        }
    }

    /// Whether a rule is held back.
    pub fn is_held(&self, rule: &str) -> bool {
        self.held.contains(rule)
    }

    /// When a rule fired.
    pub fn fired(&self, rule: &str) -> Option<Tick> {
        self.fired.get(rule).copied()
    }

    /// When a milestone was first met.
    pub fn met(&self, milestone: &str) -> Option<Tick> {
        self.met.get(milestone).map(|(t, _)| *t)
    }
}
