//! The end of a session: the world runs on untouched to the horizon, and two more folds give the impact curves.

use super::SessionHost;
use crate::fact::{Actor, Fact, FactKind, Fold};
use crate::session::{Command, Session};
use crate::stdx::time::Tick;
use crate::storage::journal::{End, Item, JournalError};

impl SessionHost {
    /// Ends the session if nobody has, runs the world on to the horizon and adds the impact curves. Idempotent.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn conclude(&mut self) -> Result<(), JournalError> {
        if self.concluded {
            return Ok(());
        }
        if !self.session.ended() {
            // Ending is always accepted of the game master.
            if let Err(super::SubmitError::Journal(e)) = self.submit(Actor::Gm, Command::End) {
                return Err(e);
            }
        }
        while self.session.tick() < self.session.horizon() {
            self.live_tick()?;
        }
        add_curves(&mut self.session, &self.items);
        self.write_facts()?;
        let end = End { tick: self.session.tick(), state: self.session.digest() };
        if let Some(w) = &mut self.writer {
            w.append_end(&end)?;
        }
        self.items.push(Item::End(end));
        self.concluded = true;
        self.version += 1;
        Ok(())
    }

    /// Whether [`SessionHost::conclude`] is done.
    pub fn concluded(&self) -> bool {
        self.concluded
    }
}

/// Adds the base and hands-off curves as facts (SCORING §2.9).
pub(super) fn add_curves(session: &mut Session, items: &[Item]) {
    let injected = items.iter().any(|i| matches!(i, Item::Entry(e) if is_inject(&e.command)));
    let base = if injected { curve(&refold(session, items, |e| !is_inject(&e.command))) } else { curve(session) };
    let hands_off = curve(&refold(session, items, |e| !e.by.is_responder() && !matches!(e.by, Actor::Person(_))));
    for (fold, (points, of, lost)) in [(Fold::Base, base), (Fold::HandsOff, hands_off)] {
        session.conclude_with(FactKind::ImpactCurve { fold, points, of, lost });
    }
}

fn is_inject(command: &Command) -> bool {
    matches!(command, Command::Inject { .. } | Command::BeginFault { .. } | Command::ClearFault { .. })
}

/// A second fold of the same log with only some of its entries.
fn refold(session: &Session, items: &[Item], keep: impl Fn(&crate::session::Entry) -> bool) -> Session {
    let mut again = Session::new(session.header.clone(), session.scenario.clone());
    for item in items {
        match item {
            Item::Entry(entry) if keep(entry) => again.apply(entry),
            Item::Ticks(n) => {
                for _ in 0..*n {
                    if again.tick() >= session.tick() {
                        break;
                    }
                    again.advance();
                }
            }
            _ => {}
        }
    }
    again
}

fn curve(session: &Session) -> (Vec<(Tick, u64)>, u64, u64) {
    let mut of = 0;
    let mut points: Vec<(Tick, u64)> = Vec::new();
    for Fact { id, what, .. } in session.facts() {
        if let FactKind::Impact { n, of: population } = what {
            of = *population;
            match points.last_mut() {
                Some(last) if last.0 == id.tick => last.1 = *n,
                _ => points.push((id.tick, *n)),
            }
        }
    }
    (points, of, session.durable_loss())
}
