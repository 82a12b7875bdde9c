//! Roles, help, handover, announcements and safeguards.

use super::{Frame, Timed, covers};
use crate::fact::{Fact, FactId, FactKind, Guard};
use crate::scenario::HelpPoint;
use crate::scoring::curve::{minutes, window_credit};
use crate::scoring::model::Mistake;
use crate::stdx::rational::{Ratio, ratio, whole};
use crate::stdx::time::Tick;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one need point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpSeen {
    /// Its topic.
    pub topic: String,
    /// Whether the incident was over before it.
    pub over: bool,
    /// Credit of the best call, 0 to 1.
    pub call: Ratio,
    /// When that call was made, effective minutes.
    pub at: Option<Ratio>,
    /// The call, or the facts that show that it was over.
    pub evidence: Vec<FactId>,
}

impl HelpSeen {
    /// Its credit; `alone` is a run in which nobody's doing is behind the relief.
    pub fn credit(&self, alone: bool) -> Ratio {
        if self.over && !alone { whole(1) } else { self.call.clone() }
    }
}

/// A hazardous action and the safeguards before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HazardSeen {
    /// The action's fact.
    pub action: FactId,
    /// Target.
    pub target: String,
    /// Severity, above 0.
    pub severity: Ratio,
    /// Safeguards in force, with the facts that put them there.
    pub guards: Vec<(Guard, FactId)>,
    /// The fact that shows that it raised the harm, if nobody declared it hazardous.
    pub proof: Option<FactId>,
}

impl HazardSeen {
    /// How many of the three safeguards were in place.
    pub fn count(&self) -> u32 {
        self.guards.iter().map(|(g, _)| *g).collect::<BTreeSet<_>>().len() as u32
    }

    /// What is lost: the severity, less a third for each safeguard.
    pub fn loss(&self) -> Ratio {
        &self.severity * (whole(1) - ratio(i64::from(self.count()), 3))
    }
}

/// Severity of an action of which the simulator says that it raised the harm, or that it lost data for good.
const RAISED: (i64, i64) = (1, 2);

impl Frame<'_> {
    /// O2: roles that were named.
    pub(super) fn roles(&self) -> Vec<(String, FactId)> {
        let role = |f: &&Fact| match &f.what {
            FactKind::RoleAssigned { role, .. } => Some((role.clone(), f.id)),
            _ => None,
        };
        let mut all: Vec<(String, FactId)> = self.ours.iter().filter_map(role).collect();
        if self.model.mistake == Some(Mistake::LastInTick) {
            let last: BTreeMap<Tick, FactId> = all.iter().map(|(_, id)| (id.tick, *id)).collect();
            all.retain(|(_, id)| last.get(&id.tick) == Some(id));
        }
        all
    }

    /// O3, one a need point. `over` are the facts that show when it was mitigated.
    pub(super) fn help(&self, mitigated: Option<Tick>, over: &[FactId]) -> Vec<HelpSeen> {
        self.model.set.help.iter().map(|need| self.help_at(need, mitigated, over)).collect()
    }

    fn help_at(&self, need: &HelpPoint, mitigated: Option<Tick>, over: &[FactId]) -> HelpSeen {
        let at = minutes(need.at.0);
        let is_over = mitigated.is_some_and(|t| self.deadline(t) <= at);
        let fits = |f: &Fact| match &f.what {
            FactKind::Help { topic } => specific(need, topic),
            FactKind::Called { person, topic } => {
                if need.people.contains(person) {
                    whole(1)
                } else {
                    specific(need, topic)
                }
            }
            _ => whole(0),
        };
        let mut best: Option<(Ratio, &Fact)> = None;
        for f in &self.ours {
            let share = fits(f);
            if share == whole(0) {
                continue;
            }
            let late = self.late(f, need.at.0);
            let credit = window_credit(Some(&late), &minutes(need.within.0)) * share;
            if credit > whole(0) && best.as_ref().is_none_or(|(b, _)| credit > *b) {
                best = Some((credit, f));
            }
        }
        let evidence = match (is_over, &best) {
            (true, _) => over.to_vec(),
            (false, Some((_, f))) => vec![f.id],
            (false, None) => Vec::new(),
        };
        HelpSeen {
            topic: need.topic.clone(),
            over: is_over,
            at: best.as_ref().map(|(_, f)| self.since(f.id.tick)),
            // A need that passed before it arose still counts a call, where nobody's doing ended the incident.
            call: best.filter(|_| !is_over).map_or_else(|| whole(0), |(c, _)| c),
            evidence,
        }
    }

    /// People's minutes of a call past the moment of need, at least 0.
    fn late(&self, call: &Fact, need_s: u64) -> Ratio {
        if self.model.mistake == Some(Mistake::WallDeadlines) {
            return (self.deadline(call.id.tick) - minutes(need_s)).max(whole(0));
        }
        let need = self.clock.seconds(self.anchor).saturating_add(need_s);
        self.attended(need, self.clock.seconds(call.id.tick))
    }

    /// O4: whether it was over before the end of the shift, and the first handover as minutes past it.
    pub(super) fn handover(&self, mitigated: Option<Tick>) -> (bool, Timed) {
        let Some(shift) = self.model.set.shift else { return (false, Timed::default()) };
        let shift = minutes(shift.0);
        let over = mitigated.is_some_and(|t| self.deadline(t) <= shift);
        let first = self.first(|k| matches!(k, FactKind::HandedOver { .. }));
        let timed = first.map_or_else(Timed::default, |f| Timed {
            x: Some((self.deadline(f.id.tick) - &shift).max(whole(0))),
            evidence: vec![f.id],
        });
        (over, timed)
    }

    /// O5: mutating actions without an announcement, and the announcements of the others.
    pub(super) fn announced(&self) -> (Vec<FactId>, Vec<FactId>) {
        let announced: BTreeMap<FactId, FactId> = self
            .facts
            .iter()
            .filter_map(|f| match &f.what {
                FactKind::Announced { action, .. } => Some((*action, f.id)),
                _ => None,
            })
            .collect();
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for f in self.ours.iter().filter(|f| matches!(f.what, FactKind::Acted { mutating: true, .. })) {
            match announced.get(&f.id) {
                Some(id) => with.push(*id),
                None => without.push(f.id),
            }
        }
        (without, with)
    }

    /// S1: hazardous actions of the trainees, in order.
    pub(super) fn hazards(&self) -> Vec<HazardSeen> {
        let proofs: BTreeMap<FactId, FactId> = self
            .facts
            .iter()
            .filter_map(|f| match &f.what {
                FactKind::Worsened { action, .. } => Some((*action, f.id)),
                _ => None,
            })
            .collect();
        let mut out = Vec::new();
        for (at, f) in self.facts.iter().enumerate().filter(|(_, f)| f.by.is_responder()) {
            let FactKind::Acted { target, hazard, .. } = &f.what else { continue };
            let declared = hazard.as_ref().map_or_else(|| whole(0), |h| h.0.clone());
            let proof = proofs.get(&f.id).copied().filter(|_| declared < ratio(RAISED.0, RAISED.1));
            let severity = if proof.is_some() { ratio(RAISED.0, RAISED.1) } else { declared };
            if severity > whole(0) {
                let guards = self.guards(at, f, target);
                out.push(HazardSeen { action: f.id, target: target.clone(), severity, guards, proof });
            }
        }
        out
    }

    /// Safeguards before an action, of the same target, not older than they hold.
    fn guards(&self, at: usize, action: &Fact, target: &str) -> Vec<(Guard, FactId)> {
        let holds = minutes(self.model.set.windows.guard.0);
        let after = self.model.mistake == Some(Mistake::GuardAfter);
        let earlier = self.facts.iter().enumerate().filter(|(i, _)| *i < at || after).map(|(_, f)| f);
        earlier
            .filter_map(|f| match &f.what {
                FactKind::Guarded { guard, target: of }
                    if covers(of, target) && self.between(f.id.tick, action.id.tick) <= holds =>
                {
                    Some((*guard, f.id))
                }
                _ => None,
            })
            .collect()
    }
}

/// How far a call fits a need: fully by its topic word, half if it names none.
fn specific(need: &HelpPoint, topic: &str) -> Ratio {
    let topic = topic.trim().to_lowercase();
    if topic == need.topic.to_lowercase() {
        whole(1)
    } else if topic.is_empty() || topic == "any" {
        ratio(1, 2)
    } else {
        whole(0)
    }
}
