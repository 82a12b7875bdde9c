//! Expectations that an inject made impossible: what a check needs was taken away for the whole of its window. It then
//! counts for nobody (SCORING §2.10).

use super::Frame;
use crate::fact::{FactId, FactKind};
use crate::scenario::{Capability, Channel, Predicate};
use crate::stdx::time::Tick;

/// A check or a milestone that counts for nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The check's id, or the milestone's.
    pub of: String,
    /// The inject that made it impossible; the first, if several together did.
    pub inject: FactId,
}

/// Who a predicate means by any seat of the team.
const TEAM: &str = "responder";

/// A time without a capability: from and to in effective seconds, and the inject.
type Gap = (u64, u64, FactId);

impl Frame<'_> {
    /// Checks that nobody could meet. It depends on what the GM did and on nothing else.
    pub(super) fn suspended(&self) -> Vec<Suspended> {
        let start = self.clock.seconds(self.anchor);
        let end = self.clock.seconds(self.horizon);
        let set = &self.model.set;
        // Credit falls to nothing at twice a window; what has no window can be met to the horizon.
        let within = |window_s: u64| start.saturating_add(window_s.saturating_mul(2)).min(end);
        let called = set.help.iter().map(|h| within(0).saturating_add(h.at.0 + h.within.0 * 2)).max();
        let (status, channel, people) =
            (self.gaps(Capability::StatusPage), self.gaps(Capability::Channel), self.gaps(Capability::People));
        let both: Vec<Gap> = status
            .iter()
            .flat_map(|s| channel.iter().map(|c| (s.0.max(c.0), s.1.min(c.1), s.2.min(c.2))))
            .filter(|(from, to, _)| from < to)
            .collect();
        let rows = [
            ("D2", &both, Some(within(set.windows.impact.0))),
            ("C1", &channel, Some(within(set.windows.internal.0))),
            ("C2", &status, Some(within(set.windows.external.0))),
            ("C3", &status, Some(end)),
            ("C4", &status, Some(end)),
            ("C5", &status, Some(end)),
            ("O3", &people, called.map(|to| to.min(end))),
        ];
        let row = |(check, gaps, to): (&'static str, &Vec<Gap>, Option<u64>)| {
            Some(Suspended { of: check.to_owned(), inject: covered(gaps, start, to?)? })
        };
        let steps = self.scenario.milestones.iter().filter_map(|m| {
            Some(Suspended { of: m.id.clone(), inject: self.barred(&m.when, start, end, &mut Vec::new())? })
        });
        rows.into_iter().filter_map(row).chain(steps).collect()
    }

    /// The inject that left nobody a way to a milestone at any time: what only the team can say was not to be said, whom only
    /// the team calls was not to be called. `open` are the milestones on the way here, so that a circle ends.
    fn barred<'m>(&'m self, p: &'m Predicate, from: u64, to: u64, open: &mut Vec<&'m str>) -> Option<FactId> {
        let gone = |what| covered(&self.gaps(what), from, to);
        match p {
            Predicate::All(parts) => parts.iter().find_map(|p| self.barred(p, from, to, open)),
            Predicate::Any(parts) => {
                let all: Option<Vec<FactId>> = parts.iter().map(|p| self.barred(p, from, to, open)).collect();
                all?.into_iter().min()
            }
            Predicate::Since { milestone, then } => {
                let gate = self.scenario.milestones.iter().find(|m| m.id == *milestone);
                let gate = gate.filter(|m| !open.contains(&m.id.as_str()));
                let shut = gate.and_then(|m| {
                    open.push(&m.id);
                    let shut = self.barred(&m.when, from, to, open);
                    open.pop();
                    shut
                });
                shut.or_else(|| self.barred(then, from, to, open))
            }
            Predicate::Times { of: p, .. } | Predicate::Lasts { that: p, .. } => self.barred(p, from, to, open),
            Predicate::Delay { first, .. } => self.barred(first, from, to, open),
            // Only the team writes to the status page; in the channel others do too, unless it asks for the team's words.
            Predicate::Said { channel: Some(Channel::Status), .. } => gone(Capability::StatusPage),
            Predicate::Said { channel, by: Some(by), .. } if by == TEAM => {
                let room = gone(Capability::Channel)?;
                if channel.is_some() { Some(room) } else { Some(room.min(gone(Capability::StatusPage)?)) }
            }
            Predicate::Paged { .. } => gone(Capability::People),
            _ => None,
        }
    }

    /// Whether a message about an inject can be written at any time from then on.
    pub(super) fn mute_from(&self, at: Tick) -> bool {
        let (from, to) = (self.clock.seconds(at), self.clock.seconds(self.horizon));
        [Capability::StatusPage, Capability::Channel].iter().all(|c| covered(&self.gaps(*c), from, to).is_some())
    }

    fn gaps(&self, what: Capability) -> Vec<Gap> {
        let mut out: Vec<Gap> = Vec::new();
        for f in self.facts {
            let FactKind::Injected { card, .. } = &f.what else { continue };
            let Some(spec) = self.scenario.deck.iter().find(|c| c.id == *card && c.disables.contains(&what)) else {
                continue;
            };
            let to = spec.disabled_for.map_or(self.horizon, |s| f.id.tick.plus(s.0));
            out.push((self.clock.seconds(f.id.tick), self.clock.seconds(to), f.id));
        }
        out
    }
}

/// The first gap, if the gaps together leave nothing of a time open.
fn covered(gaps: &[Gap], from: u64, to: u64) -> Option<FactId> {
    let mut gaps: Vec<&Gap> = gaps.iter().filter(|g| g.1 > from).collect();
    gaps.sort_unstable();
    let first = gaps.first()?.2;
    let mut open = from;
    for (start, end, _) in gaps {
        if *start > open {
            break;
        }
        open = open.max(*end);
    }
    (open >= to && from < to).then_some(first)
}
