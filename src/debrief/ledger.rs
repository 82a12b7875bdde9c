//! The evidence ledger: what was on whose screen, from when until when, and what of it was read.

use super::lanes::seconds;
use crate::fact::{Actor, Fact, FactId, FactKind, Shown};
use crate::scenario::{ObservedKind, Scenario};

/// Something that was on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The look's fact.
    pub fact: FactId,
    /// Seat.
    pub seat: String,
    /// Seconds from T0 at which it counted as seen.
    pub from_s: i64,
    /// Seconds from T0 at which it left the screen; `None` where nobody said so: output of a tool, or still open at the end.
    pub to_s: Option<i64>,
    /// Kind of thing.
    pub what: ObservedKind,
    /// What exactly.
    pub target: String,
    /// How it was shown.
    pub shown: Option<Shown>,
    /// The page, the ticket or the messages that were read.
    pub read: Vec<FactId>,
}

/// Every look of the trainees, in order. Pure: from the facts alone.
pub fn ledger(scenario: &Scenario, facts: &[Fact]) -> Vec<Sighting> {
    let mut out: Vec<Sighting> = Vec::new();
    for f in facts {
        match (&f.what, &f.by) {
            (FactKind::Observed { what, target, shown, .. }, Actor::Seat(seat)) => out.push(Sighting {
                fact: f.id,
                seat: seat.clone(),
                from_s: seconds(scenario, f.id.tick),
                to_s: None,
                what: *what,
                target: target.clone(),
                shown: shown.as_deref().cloned(),
                read: f.evidence.clone(),
            }),
            (FactKind::ViewClosed { .. }, _) => {
                let of = out.iter_mut().rev().find(|s| f.evidence.contains(&s.fact));
                if let Some(sighting) = of {
                    sighting.to_s = Some(seconds(scenario, f.id.tick));
                }
            }
            _ => {}
        }
    }
    out
}
