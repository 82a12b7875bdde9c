//! The effective clock of scoring: it stands still while an inject is handled, for as long as its author allowed.

use super::{Fact, FactKind};
use crate::stdx::time::Tick;

/// The effective clock: it stands still for the allowance of each inject, whatever the trainees do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectiveClock {
    held: Vec<(u64, u64)>,
}

impl EffectiveClock {
    /// The clock of a session; allowances are stacked, the next hold begins where the last one ended.
    pub fn of(facts: &[Fact]) -> EffectiveClock {
        let mut injects: Vec<(u64, u64)> = facts
            .iter()
            .filter_map(|f| match f.what {
                FactKind::Injected { allowance, .. } if allowance > 0 => Some((f.id.tick.0, allowance)),
                _ => None,
            })
            .collect();
        injects.sort_unstable();
        let mut held: Vec<(u64, u64)> = Vec::new();
        for (at, allowance) in injects {
            let start = held.last().map_or(at, |(_, end)| at.max(*end));
            held.push((start, start.saturating_add(allowance)));
        }
        EffectiveClock { held }
    }

    /// A clock that stands still between these ticks, in order and apart.
    pub fn held(bands: Vec<(u64, u64)>) -> EffectiveClock {
        EffectiveClock { held: bands }
    }

    /// Effective seconds at a tick.
    pub fn seconds(&self, tick: Tick) -> u64 {
        let frozen: u64 = self.held.iter().map(|(from, to)| tick.0.min(*to).saturating_sub(*from)).sum();
        tick.0.saturating_sub(frozen)
    }

    /// Seconds held in all.
    pub fn held_seconds(&self) -> u64 {
        self.held.iter().map(|(from, to)| to - from).sum()
    }

    /// Where it stands still: from and to, in ticks.
    pub fn bands(&self) -> &[(u64, u64)] {
        &self.held
    }
}
