//! The raw measures of one run: times from anchors nobody can move, harm, alignment; each with its evidence.

use super::align::{self, Alignment};
use super::curve::{EffectiveClock, minutes};
use crate::fact::{Actor, Fact, FactId, FactKind, Fold};
use crate::milestone::{self, MatchContext, Occurrence};
use crate::scenario::{Channel, Scenario};
use crate::stdx::rational::{Ratio, ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use std::collections::{BTreeMap, BTreeSet};

/// A measured time in effective minutes since the impact began, and the facts behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timed {
    /// Minutes; `None` is never.
    pub x: Option<Ratio>,
    /// Facts.
    pub evidence: Vec<FactId>,
}

/// What became of one milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Milestone's id.
    pub id: String,
    /// Weight.
    pub weight: u32,
    /// Whether this run needed it.
    pub needed: bool,
    /// The occurrence that the alignment matched.
    pub matched: Option<Occurrence>,
    /// The first occurrence.
    pub first: Option<Occurrence>,
}

/// Everything that is measured of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// D1.
    pub recognise: Timed,
    /// D3: severity in force after 15 minutes, and its fact.
    pub severity: Option<(u8, FactId)>,
    /// G1: hits, union of stated and true components, the last statement.
    pub cause: Option<(u64, u64, FactId)>,
    /// When the cause was first stated with a true component.
    pub cause_at: Option<Tick>,
    /// M1: the affected share came down for good.
    pub mitigated: Timed,
    /// The same as a tick.
    pub mitigated_at: Option<Tick>,
    /// M2.
    pub relief: Timed,
    /// When relief began.
    pub relief_at: Option<Tick>,
    /// M3: a look as a user, and the message about it.
    pub verified: (Option<FactId>, Option<FactId>),
    /// C1.
    pub internal: Timed,
    /// C2.
    pub external: Timed,
    /// O1.
    pub declared: Timed,
    /// H1: user-minutes, durable loss included.
    pub harm: Ratio,
    /// Facts that the harm is read from.
    pub harm_evidence: Vec<FactId>,
    /// User-minutes if nobody responds; `None` if the stream does not say.
    pub hands_off: Option<Ratio>,
    /// Affected users over time, injects removed.
    pub curve: Vec<(Tick, u64)>,
    /// The same if nobody responds.
    pub hands_off_curve: Vec<(Tick, u64)>,
    /// Population.
    pub of: u64,
    /// Engagement, 0 to 1, and its facts.
    pub engagement: (Ratio, Vec<FactId>),
    /// Milestones in the scenario's order.
    pub milestones: Vec<Seen>,
    /// Cost and weight of the alignment.
    pub aligned: (u64, u64),
    /// Facts that the alignment matched.
    pub aligned_evidence: Vec<FactId>,
    /// Impact start and end of the scored time, as ticks.
    pub window: (Tick, Tick),
}

fn responder(f: &&Fact) -> bool {
    f.by.is_responder()
}

/// Affected users as a step function, from the base fold if the stream has one, else from the facts as they appeared.
fn curve(facts: &[Fact]) -> (Vec<(Tick, u64)>, u64, Vec<FactId>, u64) {
    for f in facts {
        if let FactKind::ImpactCurve { fold: Fold::Base, points, of, lost } = &f.what {
            return (points.clone(), *of, vec![f.id], *lost);
        }
    }
    let (mut points, mut of, mut ids, mut lost) = (Vec::new(), 0, Vec::new(), 0u64);
    for f in facts {
        match &f.what {
            FactKind::Impact { n, of: population } => {
                points.push((f.id.tick, *n));
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
fn area(points: &[(Tick, u64)], end: Tick, clock: &EffectiveClock) -> Ratio {
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

/// Measures a run. Total: an empty stream has measures too.
pub fn measure(scenario: &Scenario, facts: &[Fact]) -> Measures {
    let clock = EffectiveClock::of(facts);
    let truth = &scenario.truth;
    let anchor = truth.impact.tick(scenario.opens).unwrap_or_default();
    let horizon = scenario.horizon.tick(scenario.opens).unwrap_or_default().plus(clock.held_seconds());
    let since = |t: Tick| minutes(clock.seconds(t).saturating_sub(clock.seconds(anchor)));
    let timed = |f: Option<&Fact>| match f {
        Some(f) => Timed { x: Some(since(f.id.tick)), evidence: vec![f.id] },
        None => Timed::default(),
    };
    let names = |of: &[String], service: &str| of.iter().any(|t| covers(t, service));
    let ours: Vec<&Fact> = facts.iter().filter(responder).filter(|f| f.id.tick <= horizon).collect();
    let find = |test: &dyn Fn(&FactKind) -> bool| ours.iter().find(|f| test(&f.what)).copied();

    // A look before users were affected recognises nothing, so only what lies at or after the anchor counts.
    let recognise = timed(
        ours.iter()
            .filter(|f| f.id.tick >= anchor)
            .find(|f| match &f.what {
                FactKind::Acked { service, .. } => names(&truth.affected, service),
                FactKind::Observed { service: Some(service), .. } => names(&truth.affected, service),
                _ => false,
            })
            .copied(),
    );

    let levels: Vec<(u8, FactId)> = ours
        .iter()
        .filter_map(|f| match f.what {
            FactKind::Declared { severity } | FactKind::SeveritySet { severity } => Some((severity, f.id)),
            _ => None,
        })
        .collect();
    let severity = levels.iter().rev().find(|(_, id)| since(id.tick) <= whole(15)).or_else(|| levels.last()).copied();

    let stated = |f: &Fact| match &f.what {
        FactKind::Cause { components, .. } => Some(
            components
                .iter()
                .map(|c| truth.components.iter().find(|t| covers(t, c)).unwrap_or(c).clone())
                .collect::<BTreeSet<_>>(),
        ),
        _ => None,
    };
    let true_set: BTreeSet<String> = truth.components.iter().cloned().collect();
    let cause = ours.iter().rev().find_map(|f| {
        let set = stated(f)?;
        Some((set.intersection(&true_set).count() as u64, set.union(&true_set).count() as u64, f.id))
    });
    let cause_at = ours.iter().find(|f| stated(f).is_some_and(|s| !s.is_disjoint(&true_set))).map(|f| f.id.tick);

    let (points, of, harm_evidence, lost) = curve(facts);
    let limit = &truth.tau.0;
    let hot = |users: u64| of > 0 && Ratio::new(BigInt::from(users), BigInt::from(of)) > *limit;
    let end = points
        .iter()
        .enumerate()
        .filter(|(_, (from, users))| hot(*users) && *from < horizon)
        .map(|(i, _)| points.get(i + 1).map_or(horizon, |(t, _)| (*t).min(horizon)))
        .max()
        .unwrap_or(anchor);
    let mitigated_at = (end < horizon).then_some(end);
    let mitigated = match mitigated_at {
        Some(t) => Timed {
            x: Some(since(t)),
            evidence: {
                let at: Vec<FactId> = facts
                    .iter()
                    .filter(|f| f.id.tick == t && matches!(f.what, FactKind::Impact { .. }))
                    .map(|f| f.id)
                    .collect();
                if at.is_empty() { harm_evidence.iter().take(1).copied().collect() } else { at }
            },
        },
        None => Timed::default(),
    };

    let acts: BTreeMap<FactId, &Actor> =
        facts.iter().filter(|f| matches!(f.what, FactKind::Acted { .. })).map(|f| (f.id, &f.by)).collect();
    let first_relief = facts
        .iter()
        .filter_map(|f| match &f.what {
            // A relief whose action is not in the stream proves nothing.
            FactKind::Relief { action, at } if acts.get(action).is_some_and(|by| team(by)) && *at <= horizon => {
                Some((*at, f.id, *action))
            }
            _ => None,
        })
        .min();
    let relief = match first_relief {
        Some((at, id, action)) => Timed { x: Some(since(at)), evidence: vec![action, id] },
        None => Timed::default(),
    };
    let relief_at = first_relief.map(|(at, ..)| at);

    let after = |t: Option<Tick>, f: &&&Fact| t.is_some_and(|t| f.id.tick >= t);
    let look = ours
        .iter()
        .filter(|f| after(mitigated_at, f))
        .find(|f| matches!(f.what, FactKind::Observed { user_facing: true, .. }))
        .map(|f| f.id);
    let post = ours
        .iter()
        .filter(|f| after(look.map(|l| l.tick), f))
        .find(|f| matches!(&f.what, FactKind::Said { fields, .. } if fields.status.is_some()))
        .map(|f| f.id);

    let internal =
        timed(find(&|k| matches!(k, FactKind::Said { channel: Channel::Internal, fields, .. } if fields.count() >= 1)));
    let external = timed(find(&|k| {
        matches!(k, FactKind::Said { channel: Channel::Status, fields, truthful, .. }
            if fields.count() >= 2 && *truthful != Some(false))
    }));
    let declared = timed(find(&|k| matches!(k, FactKind::Declared { .. })));

    let harm = area(&points, horizon, &clock) + Ratio::from_integer(BigInt::from(lost)) * &truth.loss_rate.0;
    let idle = facts.iter().find_map(|f| match &f.what {
        FactKind::ImpactCurve { fold: Fold::HandsOff, points, lost, .. } => Some((points.clone(), *lost)),
        _ => None,
    });
    let hands_off = idle
        .as_ref()
        .map(|(p, lost)| area(p, horizon, &clock) + Ratio::from_integer(BigInt::from(*lost)) * &truth.loss_rate.0);

    let ctx = MatchContext { horizon, ..MatchContext::of(scenario) };
    let mut run =
        Run { scenario, facts, ctx, relief: first_relief.map(|(at, _, action)| (at, action)), seen: Vec::new() };
    run.seen = scenario.milestones.iter().map(|m| milestone::occurrences(&m.when, facts, &run.ctx)).collect();
    let (milestones, aligned, aligned_evidence) = run.alignment();
    let engagement = run.engagement();
    Measures {
        recognise,
        severity,
        cause,
        cause_at,
        mitigated,
        mitigated_at,
        relief,
        relief_at,
        verified: (look, post),
        internal,
        external,
        declared,
        harm,
        harm_evidence,
        hands_off,
        curve: points,
        hands_off_curve: idle.map(|(p, _)| p).unwrap_or_default(),
        of,
        engagement,
        milestones,
        aligned,
        aligned_evidence,
        window: (anchor, horizon),
    }
}

/// Whether `name` is `service` or one of its endpoints.
pub(super) fn covers(service: &str, name: &str) -> bool {
    name == service || name.strip_prefix(service).is_some_and(|rest| rest.starts_with(':'))
}

fn team(by: &Actor) -> bool {
    matches!(by, Actor::Seat(_) | Actor::Person(_))
}

struct Run<'a> {
    scenario: &'a Scenario,
    facts: &'a [Fact],
    ctx: MatchContext,
    relief: Option<(Tick, FactId)>,
    seen: Vec<Vec<Occurrence>>,
}

impl Run<'_> {
    /// Aligns the milestones in `keep`; their order is the practice order among all of them.
    fn align(&self, keep: &[bool], seen: &[Vec<Occurrence>]) -> Alignment {
        let all = &self.scenario.milestones;
        let steps: Vec<align::Step> = all
            .iter()
            .zip(keep)
            .map(|(m, keep)| align::Step {
                weight: if *keep { u64::from(m.weight) } else { 0 },
                after: m.after.iter().filter_map(|a| all.iter().position(|o| o.id == *a)).collect(),
            })
            .collect();
        let ticks: Vec<Vec<u64>> = seen
            .iter()
            .zip(keep)
            .map(|(os, keep)| if *keep { os.iter().map(|o| o.tick.0).collect() } else { Vec::new() })
            .collect();
        align::align(&steps, &ticks)
    }

    fn alignment(&self) -> (Vec<Seen>, (u64, u64), Vec<FactId>) {
        let all = &self.scenario.milestones;
        let needed: Vec<bool> = all
            .iter()
            .map(|m| m.needs.as_ref().is_none_or(|n| milestone::first(n, self.facts, &self.ctx).is_some()))
            .collect();
        let result = self.align(&needed, &self.seen);
        let mut evidence = Vec::new();
        let mut out = Vec::new();
        for (i, m) in all.iter().enumerate() {
            let seen = &self.seen[i];
            let matched = result.matched[i].and_then(|k| seen.get(k)).cloned();
            evidence.extend(matched.iter().flat_map(|o| o.evidence.iter().copied()));
            out.push(Seen {
                id: m.id.clone(),
                weight: m.weight,
                needed: needed[i],
                matched,
                first: seen.first().cloned(),
            });
        }
        let of: u64 = all.iter().map(|m| u64::from(m.weight)).sum();
        (out, (result.cost, of), unique(evidence))
    }

    /// Twice the matched share of the effect milestones, at most 1. An effect counts if somebody's doing is behind it: a
    /// fact of a seat in its evidence, or a relief that began before it.
    fn engagement(&self) -> (Ratio, Vec<FactId>) {
        let all = &self.scenario.milestones;
        let core: Vec<bool> = all.iter().map(|m| m.effect && m.needs.is_none()).collect();
        let earned: Vec<Vec<Occurrence>> =
            self.seen.iter().map(|os| os.iter().filter_map(|o| self.attributed(o)).collect()).collect();
        let weight: u64 = all.iter().zip(&core).filter(|(_, c)| **c).map(|(m, _)| u64::from(m.weight)).sum();
        if weight == 0 {
            return (whole(0), Vec::new());
        }
        let result = self.align(&core, &earned);
        let evidence = result
            .matched
            .iter()
            .zip(&earned)
            .filter_map(|(k, os)| k.and_then(|k| os.get(k)))
            .flat_map(|o| o.evidence.iter().copied())
            .collect();
        let share = Ratio::new(BigInt::from(weight - result.cost), BigInt::from(weight));
        ((whole(2) * share).min(ratio(1, 1)), unique(evidence))
    }

    fn attributed(&self, o: &Occurrence) -> Option<Occurrence> {
        let by_seat = |id: &FactId| self.facts.iter().any(|f| f.id == *id && f.by.is_responder());
        if o.evidence.iter().any(by_seat) {
            return Some(o.clone());
        }
        let (at, action) = self.relief?;
        let mut o = o.clone();
        (at <= o.tick).then(|| {
            o.evidence.insert(0, action);
            o
        })
    }
}

pub(super) fn unique(ids: Vec<FactId>) -> Vec<FactId> {
    let mut out: Vec<FactId> = Vec::new();
    for id in ids {
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}
