//! Expectations that an inject made impossible: what a check needs was taken away for the whole of its window. It then
//! counts for nobody (SCORING §2.10).

use super::Frame;
use crate::fact::{FactId, FactKind};
use crate::scenario::Capability;
use crate::stdx::time::Tick;

/// A check that counts for nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// Its id.
    pub check: &'static str,
    /// The inject that made it impossible; the first, if several together did.
    pub inject: FactId,
}

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
            Some(Suspended { check, inject: covered(gaps, start, to?)? })
        };
        rows.into_iter().filter_map(row).collect()
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
