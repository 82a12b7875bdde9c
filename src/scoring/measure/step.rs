//! Milestones: what the matcher saw of them, their alignment, and engagement.

use super::{Frame, Seen, unique};
use crate::fact::{Fact, FactId, FactKind, Ruling};
use crate::milestone::{self, MatchContext, Occurrence};
use crate::scenario::Scenario;
use crate::scoring::align::{self, Alignment};
use crate::scoring::model::{Mistake, Model};
use crate::stdx::rational::{Ratio, ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use std::collections::BTreeSet;

/// What a run shows of each milestone, in the scenario's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Occurrences, in order of time.
    pub seen: Vec<Vec<Occurrence>>,
    /// Whether the run needed it.
    pub needed: Vec<bool>,
    /// Whether it counts for engagement.
    pub core: Vec<bool>,
}

impl Steps {
    /// Runs the matcher over a finished stream.
    pub fn of(scenario: &Scenario, facts: &[Fact]) -> Steps {
        let ctx = MatchContext::of_run(scenario, facts);
        let all = &scenario.milestones;
        Steps {
            seen: all.iter().map(|m| milestone::occurrences(&m.when, facts, &ctx)).collect(),
            needed: all
                .iter()
                .map(|m| m.needs.as_ref().is_none_or(|n| milestone::first(n, facts, &ctx).is_some()))
                .collect(),
            core: all.iter().map(|m| m.effect && m.needs.is_none()).collect(),
        }
    }

    /// Applies the GM's rulings: what was confirmed occurred, what is void is not needed.
    pub(super) fn rule(&mut self, model: &Model, scenario: &Scenario, facts: &[Fact]) {
        for f in facts {
            let FactKind::Adjudicated { ruling, of, .. } = &f.what else { continue };
            let Some(at) = scenario.milestones.iter().position(|m| m.id == *of) else { continue };
            match ruling {
                Ruling::Confirm => {
                    let Some(tick) = f.evidence.iter().map(|id| id.tick).max() else { continue };
                    let evidence = f.evidence.iter().copied().chain([f.id]).collect();
                    if let Some(seen) = self.seen.get_mut(at) {
                        if model.mistake == Some(Mistake::ConfirmReplaces) {
                            seen.clear();
                        }
                        seen.push(Occurrence { tick, evidence });
                        seen.sort_by_key(|o| o.tick);
                    }
                }
                Ruling::Void => self.void(at),
            }
        }
    }

    /// Takes a milestone out.
    pub fn void(&mut self, at: usize) {
        if let Some(needed) = self.needed.get_mut(at) {
            *needed = false;
        }
        // Engagement keeps at least one milestone, or nobody could show any.
        if self.core.iter().filter(|c| **c).count() > 1
            && let Some(core) = self.core.get_mut(at)
        {
            *core = false;
        }
    }

    /// Ticks of the occurrences.
    pub fn ticks(&self) -> Vec<Vec<u64>> {
        self.seen.iter().map(|os| os.iter().map(|o| o.tick.0).collect()).collect()
    }

    pub(super) fn alignment(&self, frame: &Frame<'_>) -> (Vec<Seen>, (u64, u64), Vec<FactId>) {
        let all = &frame.scenario.milestones;
        let result = align_kept(frame.scenario, &self.needed, &self.ticks());
        let mut evidence = Vec::new();
        let mut out = Vec::new();
        let none = Vec::new();
        for (i, m) in all.iter().enumerate() {
            let seen = self.seen.get(i).unwrap_or(&none);
            let needed = self.needed.get(i).copied().unwrap_or(true);
            let matched = result.matched.get(i).copied().flatten().and_then(|k| seen.get(k)).cloned();
            evidence.extend(matched.iter().flat_map(|o| o.evidence.iter().copied()));
            let first = seen.first().cloned();
            out.push(Seen { id: m.id.clone(), weight: m.weight, needed, matched, first });
        }
        let of: u64 = all.iter().map(|m| u64::from(m.weight)).sum();
        let mut cost = result.cost;
        if frame.model.mistake == Some(Mistake::NotNeededMissed) {
            let spare = all.iter().zip(&self.needed).filter(|(_, n)| !**n);
            cost += spare.map(|(m, _)| u64::from(m.weight)).sum::<u64>();
        }
        (out, (cost, of), unique(evidence))
    }

    /// Twice the matched share of the effect milestones, at most 1. An effect counts if somebody's doing is behind it: a
    /// fact of a seat in its evidence, a ruling, or a relief that began before it.
    pub(super) fn engagement(&self, frame: &Frame<'_>, relief: Option<(Tick, FactId)>) -> (Ratio, Vec<FactId>) {
        if frame.model.mistake == Some(Mistake::NoEngagement) {
            return (whole(1), Vec::new());
        }
        let behind: BTreeSet<FactId> = frame
            .facts
            .iter()
            .filter(|f| f.by.is_responder() || matches!(f.what, FactKind::Adjudicated { .. }))
            .map(|f| f.id)
            .collect();
        let attributed = |o: &Occurrence| -> Option<Occurrence> {
            if o.evidence.iter().any(|id| behind.contains(id)) {
                return Some(o.clone());
            }
            let (at, action) = relief?;
            let mut o = o.clone();
            (at <= o.tick).then(|| {
                o.evidence.insert(0, action);
                o
            })
        };
        let earned: Vec<Vec<Occurrence>> =
            self.seen.iter().map(|os| os.iter().filter_map(attributed).collect()).collect();
        let ticks: Vec<Vec<u64>> = earned.iter().map(|os| os.iter().map(|o| o.tick.0).collect()).collect();
        let (share, result) = engaged_share(frame.scenario, &self.core, &ticks);
        let evidence = result
            .matched
            .iter()
            .zip(&earned)
            .filter_map(|(k, os)| k.and_then(|k| os.get(k)))
            .flat_map(|o| o.evidence.iter().copied())
            .collect();
        (share, unique(evidence))
    }
}

/// Aligns the milestones in `keep`; their order is the practice order among all of them.
pub fn align_kept(scenario: &Scenario, keep: &[bool], ticks: &[Vec<u64>]) -> Alignment {
    let all = &scenario.milestones;
    let kept = |i: usize| keep.get(i).copied().unwrap_or(true);
    let steps: Vec<align::Step> = all
        .iter()
        .enumerate()
        .map(|(i, m)| align::Step {
            weight: if kept(i) { u64::from(m.weight) } else { 0 },
            after: m.after.iter().filter_map(|a| all.iter().position(|o| o.id == *a)).collect(),
        })
        .collect();
    let seen: Vec<Vec<u64>> =
        (0..all.len()).map(|i| if kept(i) { ticks.get(i).cloned().unwrap_or_default() } else { Vec::new() }).collect();
    align::align(&steps, &seen)
}

/// Engagement from the ticks at which effect milestones were earned.
pub fn engaged_share(scenario: &Scenario, core: &[bool], ticks: &[Vec<u64>]) -> (Ratio, Alignment) {
    let result = align_kept(scenario, core, ticks);
    let weight = result.of;
    if weight == 0 {
        return (whole(0), result);
    }
    let share = Ratio::new(BigInt::from(weight - result.cost), BigInt::from(weight));
    ((whole(2) * share).min(ratio(1, 1)), result)
}
