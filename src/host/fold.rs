//! `fold(header, items)`: the session that a log describes, with every recorded digest checked.

use crate::scenario::Scenario;
use crate::session::{Header, Session};
use crate::storage::journal::Item;
use std::sync::Arc;

/// A folded log.
#[derive(Debug)]
pub struct Folded {
    /// The session at the end of the log.
    pub session: Session,
    /// The first digest that differs.
    pub divergence: Option<Divergence>,
}

/// The first place where folding gives another state than was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Position of its digest among the items.
    pub position: usize,
    /// Tick.
    pub tick: u64,
    /// Digest in the log.
    pub recorded: String,
    /// Digest now.
    pub folded: String,
}

/// Folds a log. Recorded facts are not read: they follow again.
pub fn fold(header: Header, scenario: Arc<Scenario>, items: &[Item]) -> Folded {
    let mut session = Session::new(header, scenario);
    let mut divergence = None;
    for (position, item) in items.iter().enumerate() {
        let recorded = match item {
            Item::Entry(entry) => {
                session.apply(entry);
                None
            }
            Item::Ticks(n) => {
                // Whatever a log claims, no session goes on behind its horizon.
                for _ in 0..*n {
                    if session.tick() >= session.horizon() {
                        break;
                    }
                    session.advance();
                }
                None
            }
            Item::Fact(_) => None,
            Item::Digest(d) => Some((d.tick.0, &d.state)),
            Item::End(e) => {
                super::conclude::add_curves(&mut session, items.get(..position).unwrap_or(&[]));
                Some((e.tick.0, &e.state))
            }
        };
        if let Some((tick, recorded)) = recorded
            && divergence.is_none()
        {
            let folded = session.digest();
            if folded != *recorded {
                divergence = Some(Divergence { position, tick, recorded: recorded.clone(), folded });
            }
        }
    }
    Folded { session, divergence }
}
