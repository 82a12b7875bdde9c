//! Affected users over time: when it was mitigated, the first relief, the harm.

use super::{Frame, Timed};
use crate::fact::{Actor, Fact, FactId, FactKind, Fold};
use crate::scoring::curve::{EffectiveClock, minutes};
use crate::scoring::model::Mistake;
use crate::stdx::rational::{Ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use std::collections::BTreeMap;

/// The impact of a run.
pub(super) struct Impact {
    /// Affected users over time, injects removed.
    pub points: Vec<(Tick, u64)>,
    /// Population.
    pub of: u64,
    /// Facts that the curve and the harm are read from.
    pub evidence: Vec<FactId>,
    /// Last moment above the threshold (the anchor if there is none), at most the horizon.
    pub end: Tick,
    /// The same, if it lies before the horizon.
    pub mitigated_at: Option<Tick>,
    /// The same as a measure.
    pub mitigated: Timed,
    /// Facts that show it.
    pub evidence_at: Vec<FactId>,
    /// User-minutes.
    pub harm: Ratio,
    /// User-minutes of it that data lost for good counts for.
    pub lost: Ratio,
    /// User-minutes if nobody responds.
    pub hands_off: Option<Ratio>,
    /// The curve if nobody responds.
    pub hands_off_points: Vec<(Tick, u64)>,
}

/// A relief that the world proved.
pub(super) struct Relief {
    /// When it began.
    pub at: Tick,
    /// The relief's fact.
    pub fact: FactId,
    /// The action's fact.
    pub action: FactId,
}

/// Affected users as a step function, from the base fold if the stream has one, else from the facts as they appeared.
fn curve(facts: &[Fact]) -> (Vec<(Tick, u64)>, u64, Vec<FactId>, u64) {
    for f in facts {
        if let FactKind::ImpactCurve { fold: Fold::Base, points, of, lost } = &f.what {
            return (points.clone(), *of, vec![f.id], *lost);
        }
    }
    let (mut points, mut of, mut ids, mut lost) = (Vec::<(Tick, u64)>::new(), 0, Vec::new(), 0u64);
    for f in facts {
        match &f.what {
            FactKind::Impact { n, of: population } => {
                match points.last_mut() {
                    Some(last) if last.0 == f.id.tick => last.1 = *n,
                    _ => points.push((f.id.tick, *n)),
                }
                of = *population;
                ids.push(f.id);
            }
            FactKind::DurableLoss { amount, .. } => {
                lost = lost.saturating_add(*amount);
                ids.push(f.id);
            }
            _ => {}
        }
    }
    (points, of, ids, lost)
}

/// User-minutes under a step function up to `end`, on the effective clock.
pub(in crate::scoring) fn area(points: &[(Tick, u64)], end: Tick, clock: &EffectiveClock) -> Ratio {
    let mut sum = whole(0);
    for (i, (from, users)) in points.iter().enumerate() {
        let to = points.get(i + 1).map_or(end, |(t, _)| *t).min(end);
        if to > *from {
            let seconds = clock.seconds(to).saturating_sub(clock.seconds(*from));
            sum += Ratio::from_integer(BigInt::from(*users)) * minutes(seconds);
        }
    }
    sum
}

fn team(by: &Actor) -> bool {
    matches!(by, Actor::Seat(_) | Actor::Person(_))
}

impl Frame<'_> {
    pub(super) fn impact(&self) -> Impact {
        let truth = &self.scenario.truth;
        let (points, of, evidence, lost) = curve(self.facts);
        let loss = |lost: u64| Ratio::from_integer(BigInt::from(lost)) * &truth.loss_rate.0;
        let hot = |users: u64| of > 0 && Ratio::new(BigInt::from(users), BigInt::from(of)) > truth.tau.0;
        let end = points
            .iter()
            .enumerate()
            .filter(|(_, (from, users))| hot(*users) && *from < self.horizon)
            .map(|(i, _)| points.get(i + 1).map_or(self.horizon, |(t, _)| (*t).min(self.horizon)))
            .max()
            .unwrap_or(self.anchor);
        let mitigated_at = (end < self.horizon).then_some(end);
        let evidence_at = mitigated_at.map_or_else(Vec::new, |t| {
            let at = self.facts.iter().filter(|f| f.id.tick == t && matches!(f.what, FactKind::Impact { .. }));
            let at: Vec<FactId> = at.map(|f| f.id).collect();
            if at.is_empty() { evidence.iter().take(1).copied().collect() } else { at }
        });
        let mitigated = match mitigated_at {
            Some(t) => Timed { x: Some(self.since(t)), evidence: evidence_at.clone() },
            None => Timed::default(),
        };
        let idle = self.facts.iter().find_map(|f| match &f.what {
            FactKind::ImpactCurve { fold: Fold::HandsOff, points, lost, .. } => Some((points.clone(), *lost)),
            _ => None,
        });
        let horizon = self.horizon;
        let mut harm = area(&points, horizon, &self.clock) + loss(lost);
        if self.model.mistake == Some(Mistake::FlatHarm) {
            harm += whole(100);
        }
        Impact {
            harm,
            lost: loss(lost),
            hands_off: idle.as_ref().map(|(p, lost)| area(p, horizon, &self.clock) + loss(*lost)),
            hands_off_points: idle.map(|(p, _)| p).unwrap_or_default(),
            points,
            of,
            evidence,
            end,
            mitigated_at,
            mitigated,
            evidence_at,
        }
    }

    /// The first relief whose action is in the stream: one without proves nothing.
    pub(super) fn relief(&self) -> Option<Relief> {
        let acts: BTreeMap<FactId, &Fact> =
            self.facts.iter().filter(|f| matches!(f.what, FactKind::Acted { .. })).map(|f| (f.id, f)).collect();
        let expected = |f: &Fact| {
            self.model.mistake != Some(Mistake::ExpectedVerb)
                || matches!(&f.what, FactKind::Acted { verb, .. } if ["rollback", "restart"].contains(&verb.as_str()))
        };
        let found = self.facts.iter().filter_map(|f| match &f.what {
            FactKind::Relief { action, at } if acts.get(action).is_some_and(|a| team(&a.by) && expected(a)) => {
                Some((*at, f.id, *action))
            }
            _ => None,
        });
        found.min().map(|(at, fact, action)| Relief { at, fact, action })
    }
}
