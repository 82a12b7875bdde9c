//! What was recognised, said and stated: detection, diagnosis, messages.

use super::{Frame, Timed, covers};
use crate::fact::{Fact, FactId, FactKind, UpdateStatus};
use crate::scenario::{Channel, Scenario};
use crate::scoring::curve::minutes;
use crate::scoring::model::Mistake;
use crate::stdx::rational::{Ratio, ratio, whole};
use crate::stdx::time::Tick;
use std::collections::BTreeSet;

/// The last statement of a cause against the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its fact.
    pub fact: FactId,
    /// True components that it names; one that it names a neighbour of counts half.
    pub hits: Ratio,
    /// Components named or true.
    pub union: u64,
    /// True mechanisms that it names.
    pub mechanisms: u64,
    /// The larger of the true and the named mechanisms.
    pub of_mechanisms: u64,
    /// An earlier look at a true component that it cites.
    pub grounded: Option<FactId>,
}

/// Content of external updates: fields of {impact, status, action, next}, 0 to 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The best update and its fact.
    pub best: (u32, Option<FactId>),
    /// The best one at or after the relief that lasts.
    pub after: (u32, Option<FactId>),
}

/// A topic word that says that a message closes the incident.
const CLOSING: &str = "closing";

/// Components one call away.
fn neighbours<'s>(scenario: &'s Scenario, component: &str) -> BTreeSet<&'s str> {
    let base = component.split(':').next().unwrap_or(component);
    let mut out = BTreeSet::new();
    for (id, service) in &scenario.world.services {
        let inner = service.endpoints.values().filter_map(|e| e.calls.as_ref()).flatten();
        let calls = service.calls.iter().chain(service.edges.keys()).chain(inner);
        for to in calls.map(String::as_str) {
            if id == base {
                out.insert(to);
            } else if to == base {
                out.insert(id.as_str());
            }
        }
    }
    out
}

/// Whether something seen is about a component: the service, or the thing itself.
pub(super) fn about(component: &str, target: &str, service: Option<&str>) -> bool {
    let below = component.ends_with('/') && target.starts_with(component);
    service.is_some_and(|s| covers(component, s) || covers(s, component))
        || covers(component, target)
        || covers(target, component)
        || below
}

/// Whether a text names one of the services, as a word.
fn names_one(services: &[String], text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '/');
    text.split(|c| !word(c)).map(|w| w.trim_end_matches(['.', ':'])).any(|w| services.iter().any(|s| covers(s, w)))
}

impl Frame<'_> {
    /// D1. A look before users were affected recognises nothing.
    pub(super) fn recognise(&self) -> Timed {
        let affected = |service: &str| self.scenario.truth.affected.iter().any(|t| covers(t, service));
        let found = self.ours.iter().filter(|f| f.id.tick >= self.anchor).find(|f| match &f.what {
            FactKind::Acked { service, .. } => affected(service),
            FactKind::Observed { service: Some(service), .. } => affected(service),
            _ => false,
        });
        self.reacted(found.copied())
    }

    /// D2: the impact field names a service that is truly affected.
    pub(super) fn assessed(&self) -> Timed {
        self.reacted(self.first(|k| match k {
            FactKind::Said { fields, .. } => {
                fields.impact.as_ref().is_some_and(|i| names_one(&self.scenario.truth.affected, i))
            }
            _ => false,
        }))
    }

    /// D3: what was in force at the end of the window, else what was stated last.
    pub(super) fn severity(&self) -> Option<(u8, FactId)> {
        let stated = |f: &&Fact| match f.what {
            FactKind::Declared { severity } | FactKind::SeveritySet { severity } if severity > 0 => {
                Some((severity, f.id))
            }
            _ => None,
        };
        let levels: Vec<(u8, FactId)> = self.ours.iter().filter_map(stated).collect();
        let window = minutes(self.model.set.windows.severity.0);
        levels.iter().rev().find(|(_, id)| self.deadline(id.tick) <= window).or_else(|| levels.last()).copied()
    }

    /// The stated components, each as the true one that it means if there is one.
    fn stated(&self, components: &[String]) -> BTreeSet<String> {
        let truth = &self.scenario.truth.components;
        components.iter().map(|c| truth.iter().find(|t| covers(t, c)).unwrap_or(c).clone()).collect()
    }

    pub(super) fn claim(&self) -> Option<Claim> {
        let truth = &self.scenario.truth;
        let statement = |f: &&&Fact| matches!(f.what, FactKind::Cause { .. });
        let last = self.ours.iter().rfind(statement)?;
        let FactKind::Cause { components, mechanisms, .. } = &last.what else { return None };
        let mut set = self.stated(components);
        if self.model.mistake == Some(Mistake::AllClaims) {
            for f in &self.ours {
                if let FactKind::Cause { components, .. } = &f.what {
                    set.extend(self.stated(components));
                }
            }
        }
        let true_set: BTreeSet<String> = truth.components.iter().cloned().collect();
        let wrong: BTreeSet<&String> = set.difference(&true_set).collect();
        let near = true_set.difference(&set).filter(|t| {
            let round = neighbours(self.scenario, t);
            wrong.iter().any(|w| round.contains(w.split(':').next().unwrap_or(w)))
        });
        let hits = whole(set.intersection(&true_set).count() as i64) + ratio(near.count() as i64, 2);
        let said: BTreeSet<&String> = mechanisms.iter().collect();
        let seen = |id: &&FactId| {
            self.facts.iter().any(|f| match &f.what {
                FactKind::Observed { target, service, .. } => {
                    f.id == **id
                        && f.id.tick <= last.id.tick
                        && truth.components.iter().any(|t| about(t, target, service.as_deref()))
                }
                _ => false,
            })
        };
        Some(Claim {
            fact: last.id,
            hits,
            union: set.union(&true_set).count() as u64,
            mechanisms: said.iter().filter(|m| truth.mechanisms.contains(m)).count() as u64,
            of_mechanisms: truth.mechanisms.len().max(said.len()) as u64,
            grounded: last.evidence.iter().find(seen).copied(),
        })
    }

    /// The first statement that overlaps the truth.
    pub(super) fn cause_at(&self) -> Option<Tick> {
        let hit = |f: &&&Fact| matches!(&f.what, FactKind::Cause { components, .. } if self.overlaps(components));
        self.ours.iter().find(hit).map(|f| f.id.tick)
    }

    fn overlaps(&self, components: &[String]) -> bool {
        let stated = self.stated(components);
        self.scenario.truth.components.iter().any(|t| stated.contains(t))
    }

    /// G4: overlaps the truth and is no longer than the truth and one more.
    pub(super) fn first_cause(&self) -> Timed {
        let most = self.scenario.truth.components.len() + 1;
        self.timed(self.first(|k| {
            matches!(k, FactKind::Cause { components, .. } if components.len() <= most && self.overlaps(components))
        }))
    }

    /// G5: a hypothesis, then a look at the same thing.
    pub(super) fn tested(&self) -> Option<(FactId, FactId)> {
        for h in &self.ours {
            let FactKind::Hypothesis { component } = &h.what else { continue };
            let look = self.ours.iter().find(|o| match &o.what {
                FactKind::Observed { target, service, .. } => {
                    o.id.tick >= h.id.tick && about(component, target, service.as_deref())
                }
                _ => false,
            });
            if let Some(o) = look {
                return Some((h.id, o.id));
            }
        }
        None
    }

    /// The first fact of the trainees at or after a moment.
    pub(super) fn after(&self, from: Option<Tick>, test: impl Fn(&FactKind) -> bool) -> Option<FactId> {
        let from = from?;
        self.ours.iter().find(|f| f.id.tick >= from && test(&f.what)).map(|f| f.id)
    }

    /// M3: a look as a user at or after the relief that lasts, and a message with a status after that look.
    pub(super) fn verified(&self, mitigated: Option<Tick>) -> (Option<FactId>, Option<FactId>) {
        let look = self.after(mitigated, |k| matches!(k, FactKind::Observed { user_facing: true, .. }));
        let post =
            self.after(look.map(|l| l.tick), |k| matches!(k, FactKind::Said { fields, .. } if fields.status.is_some()));
        (look, post)
    }

    pub(super) fn followups(&self) -> Vec<FactId> {
        let owned = |f: &&&Fact| matches!(&f.what, FactKind::FollowUp { owner, .. } if !owner.trim().is_empty());
        self.ours.iter().filter(owned).map(|f| f.id).collect()
    }

    /// C1.
    pub(super) fn internal(&self) -> Timed {
        self.reacted(
            self.first(
                |k| matches!(k, FactKind::Said { channel: Channel::Internal, fields, .. } if fields.count() >= 1),
            ),
        )
    }

    /// C2: what cannot be checked is neutral; only a contradiction of the state is not true.
    pub(super) fn external(&self) -> Timed {
        self.reacted(self.first(|k| {
            matches!(k, FactKind::Said { channel: Channel::Status, fields, truthful, .. }
                if fields.count() >= 2 && *truthful != Some(false))
        }))
    }

    /// External updates from the anchor on.
    fn external_updates(&self) -> impl Iterator<Item = &Fact> {
        let status = |f: &&&Fact| matches!(f.what, FactKind::Said { channel: Channel::Status, .. });
        self.ours.iter().filter(status).copied()
    }

    /// C3: silence beyond the rhythm, from the anchor to the relief that lasts; the longest gap; the updates.
    pub(super) fn silence(&self, end: Tick) -> (Ratio, Ratio, Vec<FactId>) {
        let updates: Vec<FactId> = self.external_updates().map(|f| f.id).collect();
        let inside = updates.iter().map(|id| id.tick).filter(|t| *t >= self.anchor && *t < end);
        let mut points = vec![self.anchor];
        points.extend(inside);
        points.push(end);
        let rhythm = minutes(self.model.set.gap.0);
        let (mut silence, mut longest) = (whole(0), whole(0));
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            let gap = self.between(*from, *to);
            silence += (&gap - &rhythm).max(whole(0));
            longest = longest.max(gap);
        }
        if self.model.mistake == Some(Mistake::SilenceShare) {
            let length = self.between(self.anchor, end);
            if length > whole(0) {
                silence = silence / length * minutes(self.model.set.silence.0);
            }
        }
        (silence, longest, updates)
    }

    /// C4.
    pub(super) fn content(&self, mitigated: Option<Tick>) -> Content {
        let count = |f: &Fact| match &f.what {
            FactKind::Said { fields, .. } => fields.count(),
            _ => 0,
        };
        // Of equal ones the first counts, so that the evidence does not move.
        let best = |from: Option<Tick>| {
            let mut out = (0, None);
            for f in self.external_updates().filter(|f| from.is_some_and(|t| f.id.tick >= t)) {
                if count(f) > out.0 {
                    out = (count(f), Some(f.id));
                }
            }
            out
        };
        Content { best: best(Some(Tick(0))), after: best(mitigated) }
    }

    /// C5: an external update that says that it is over.
    pub(super) fn closing(&self, mitigated: Option<Tick>) -> Option<FactId> {
        self.after(mitigated, |k| match k {
            FactKind::Said { channel: Channel::Status, fields, about, .. } => {
                fields.status == Some(UpdateStatus::Resolved) || about.iter().any(|a| a == CLOSING)
            }
            _ => false,
        })
    }

    /// Letters of all texts: the wrong variant reads them, the model never does.
    pub(super) fn letters(&self) -> u64 {
        let text = |f: &&Fact| match &f.what {
            FactKind::Said { text, .. } => text.en.chars().count() as u64,
            _ => 0,
        };
        self.ours.iter().map(text).sum()
    }
}
