//! The injects' ledger, hints, learning marks and rulings.

use super::Frame;
use crate::fact::{EffectiveClock, Fact, FactId, FactKind, Fold, Learning, Ruling, UpdateFields};
use crate::scenario::Card;
use crate::scoring::curve::{minutes, par_credit};
use crate::stdx::rational::{Ratio, ratio, whole};
use crate::stdx::time::Tick;

/// What became of one inject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InjectSeen {
    /// Card's id.
    pub card: String,
    /// Nominal handling time, minutes.
    pub allowance: Ratio,
    /// Handling time in minutes; `None` if it was left open.
    pub handled: Option<Ratio>,
    /// User-minutes that only this inject cost, where its card says what they are compared with.
    pub harm: Option<Ratio>,
    /// Whether the channel noticed it.
    pub noticed: bool,
    /// Whether it was said what is done about it.
    pub triaged: bool,
    /// The inject and the facts behind the rest.
    pub evidence: Vec<FactId>,
    /// Share of what handling it can earn: 4/5 is nominal.
    pub credit: Ratio,
}

impl InjectSeen {
    /// What it adds to the score, at most +1 and at least −4: nominal handling is exactly 0.
    pub fn surprise(&self) -> Ratio {
        whole(5) * (&self.credit - ratio(4, 5))
    }
}

/// What an ad-hoc fault is called: it is no card and expects nothing.
const AD_HOC: &str = "ad-hoc";

impl Frame<'_> {
    pub(super) fn injects(&self) -> Vec<InjectSeen> {
        let end = self.facts.iter().find(|f| matches!(f.what, FactKind::Ended)).map(|f| f.id);
        let mut out = Vec::new();
        for f in self.facts {
            let FactKind::Injected { card, allowance, .. } = &f.what else { continue };
            if card == AD_HOC || end.is_some_and(|e| f.id > e) {
                continue;
            }
            let spec = self.scenario.deck.iter().find(|c| c.id == *card);
            if let Some(seen) = self.inject(f, card, *allowance, spec) {
                out.push(seen);
            }
        }
        out
    }

    /// One inject; `None` if nobody said what its end is, neither its author nor the GM.
    fn inject(&self, inject: &Fact, card: &str, allowance: u64, spec: Option<&Card>) -> Option<InjectSeen> {
        let from = inject.id.tick;
        let later = |f: &&Fact| f.id.tick >= from;
        let marked = self.facts.iter().filter(later).find(|f| match &f.what {
            FactKind::InjectClosed { card: of } => of == card,
            _ => false,
        });
        let done = spec.and_then(|c| c.done.as_ref());
        let proved = done.and_then(|p| {
            let mine: Vec<Fact> = self.facts.iter().filter(later).cloned().collect();
            let ctx = crate::milestone::MatchContext {
                horizon: self.horizon,
                ..crate::milestone::MatchContext::of(self.scenario)
            };
            crate::milestone::first(p, &mine, &ctx)
        });
        let closed = match (marked, &proved) {
            (Some(m), Some(p)) if p.tick < m.id.tick => p.fact().map(|id| (p.tick, id)),
            (Some(m), _) => Some((m.id.tick, m.id)),
            (None, Some(p)) => p.fact().map(|id| (p.tick, id)),
            (None, None) => None,
        };
        let words = spec.map(|c| c.about.as_slice()).unwrap_or_default();
        let names = |about: &[String]| about.iter().any(|a| a == card || words.contains(a));
        let told = self.ours.iter().copied().filter(later).find(|f| match &f.what {
            FactKind::Said { about, .. } => names(about),
            _ => false,
        });
        let decides = |fields: &UpdateFields| fields.action.is_some() || fields.next.is_some();
        let triage = self.facts.iter().filter(later).find(|f| match &f.what {
            FactKind::Triaged { card: of } => of == card,
            // A message about the trouble that says what is done is a decision.
            FactKind::Said { about, fields, .. } => {
                f.by.is_responder() && decides(fields) && about.iter().any(|a| words.contains(a))
            }
            _ => false,
        });
        if done.is_none() && closed.is_none() && triage.is_none() {
            return None;
        }
        let allowance = minutes(allowance);
        let handled = closed.map(|(t, _)| minutes(t.since(from)));
        let time = par_credit(handled.as_ref(), Some(&allowance), &self.model.floor_inject, &whole(0));
        // Users whom it hit count for half of the time part (SCORING §2.10).
        let harm =
            spec.and_then(|c| c.harm).map(|nominal| (self.inject_harm(inject), Ratio::from_integer(nominal.into())));
        let time = match &harm {
            Some((harm, nominal)) if *harm > whole(0) => {
                let kept = par_credit(Some(harm), Some(nominal), &self.model.floor_harm, &whole(0));
                (time + kept) / whole(2)
            }
            _ => time,
        };
        // Where nothing can be written any more, saying that it was noticed is expected of nobody.
        let noticed = told.is_some() || self.mute_from(from);
        let yes = |b: bool| whole(i64::from(b));
        let credit = (time * whole(5) + yes(noticed) * whole(3) + yes(triage.is_some()) * whole(2)) / whole(10);
        let ids = [Some(inject.id), closed.map(|(_, id)| id), told.map(|f| f.id), triage.map(|f| f.id)];
        Some(InjectSeen {
            card: card.to_owned(),
            allowance,
            handled,
            harm: harm.map(|(harm, _)| harm),
            noticed,
            triaged: triage.is_some(),
            evidence: ids.into_iter().flatten().collect(),
            credit,
        })
    }

    /// User-minutes between what users went through and the same session without injects, from this inject to the next.
    fn inject_harm(&self, inject: &Fact) -> Ratio {
        let Some(base) = self.facts.iter().find_map(|f| match &f.what {
            FactKind::ImpactCurve { fold: Fold::Base, points, .. } => Some(points.as_slice()),
            _ => None,
        }) else {
            return whole(0);
        };
        let seen: Vec<(Tick, u64)> = self
            .facts
            .iter()
            .filter_map(|f| if let FactKind::Impact { n, .. } = f.what { Some((f.id.tick, n)) } else { None })
            .collect();
        let injected = |f: &&Fact| matches!(f.what, FactKind::Injected { .. }) && f.id > inject.id;
        let next = self.facts.iter().find(injected).map_or(self.horizon, |f| f.id.tick);
        let ended = self.facts.iter().find(|f| matches!(f.what, FactKind::Ended)).map_or(self.horizon, |f| f.id.tick);
        let (from, to) = (inject.id.tick, next.min(ended).min(self.horizon));
        let mut moments: Vec<Tick> =
            seen.iter().chain(base).map(|(t, _)| *t).filter(|t| *t > from && *t < to).collect();
        moments.extend([from, to]);
        moments.sort_unstable();
        moments.dedup();
        let at = |curve: &[(Tick, u64)], t: Tick| curve.iter().rev().find(|(s, _)| *s <= t).map_or(0, |(_, n)| *n);
        moments.windows(2).fold(whole(0), |sum, pair| {
            let [a, b] = pair else { return sum };
            let more = at(&seen, *a).saturating_sub(at(base, *a));
            sum + Ratio::from_integer(more.into()) * minutes(b.since(*a))
        })
    }

    pub(super) fn learned(&self) -> Vec<(Learning, FactId)> {
        let mark = |f: &&Fact| match f.what {
            FactKind::Learned { what, .. } => Some((what, f.id)),
            FactKind::Reflected { .. } => Some((Learning::Reflection, f.id)),
            _ => None,
        };
        self.ours.iter().filter_map(mark).collect()
    }

    pub(super) fn hints(&self) -> Vec<(u8, FactId)> {
        let hint = |f: &Fact| match f.what {
            FactKind::Nudged { rung, .. } => Some((rung, f.id)),
            _ => None,
        };
        self.facts.iter().filter_map(hint).collect()
    }

    pub(super) fn rulings(&self) -> Vec<(Ruling, String, FactId)> {
        let ruling = |f: &Fact| match &f.what {
            FactKind::Adjudicated { ruling, of, .. } => Some((*ruling, of.clone(), f.id)),
            _ => None,
        };
        self.facts.iter().filter_map(ruling).collect()
    }
}

/// All injects together: nominal handling is exactly 0, at most +3 and at least −12.
pub fn surprise(injects: &[InjectSeen]) -> Ratio {
    let sum = injects.iter().fold(whole(0), |a, i| a + i.surprise());
    sum.min(whole(3)).max(whole(-12))
}

/// The wrong variant's clock: a freeze ends when its inject is closed.
pub(super) fn thawed(facts: &[Fact], held: &EffectiveClock) -> EffectiveClock {
    let injects = facts.iter().filter_map(|f| match &f.what {
        FactKind::Injected { card, allowance, .. } if *allowance > 0 => Some((f.id.tick, card)),
        _ => None,
    });
    let bands = held.bands().iter().zip(injects).map(|((from, to), (at, card))| {
        let closed = facts
            .iter()
            .find(|f| f.id.tick >= at && matches!(&f.what, FactKind::InjectClosed { card: of } if of == card));
        (*from, closed.map_or(*to, |f| f.id.tick.0.max(*from)))
    });
    EffectiveClock::held(bands.collect())
}
