//! Wall time to ticks: the monotonic clock × speed, capped a call without losing any, paused after a gap.

use super::SessionHost;
use crate::fact::Actor;
use crate::session::Command;
use crate::storage::journal::JournalError;
use std::time::Duration;

/// Most ticks lived in one call, so that a frame stays short.
const MAX_TICKS_A_CALL: u64 = 120;

/// A gap in real time after which the session pauses: a suspended laptop, not a slow frame.
const GAP: Duration = Duration::from_secs(5);

/// What a pump did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pumped {
    /// Ticks lived.
    pub ticks: u64,
    /// The session was paused because real time had a gap; the gap itself is not lived.
    pub paused_after_gap: bool,
    /// Ticks are still due: call again soon.
    pub more: bool,
}

impl SessionHost {
    /// Turns elapsed real time into ticks.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn pump(&mut self, elapsed: Duration) -> Result<Pumped, JournalError> {
        let mut out = Pumped::default();
        if self.session.paused() || self.session.ended() {
            self.owed = Duration::ZERO;
            return Ok(out);
        }
        if elapsed > GAP {
            self.owed = Duration::ZERO;
            // A pause is always accepted of the game master.
            if let Err(super::SubmitError::Journal(e)) = self.submit(Actor::Gm, Command::Pause) {
                return Err(e);
            }
            out.paused_after_gap = true;
            return Ok(out);
        }
        self.owed = self.owed.saturating_add(elapsed.saturating_mul(self.session.speed()));
        let second = Duration::from_secs(1);
        while self.owed >= second && out.ticks < MAX_TICKS_A_CALL && !self.session.ended() && !self.session.paused() {
            self.owed = self.owed.saturating_sub(second);
            self.advance(1)?;
            out.ticks += 1;
        }
        out.more = self.owed >= second && !self.session.ended();
        Ok(out)
    }

    /// Real time until the next tick is due, for the event loop's alarm.
    pub fn next_tick_in(&self) -> Option<Duration> {
        if self.session.paused() || self.session.ended() {
            return None;
        }
        let left = Duration::from_secs(1).saturating_sub(self.owed);
        Some(left / self.session.speed().max(1))
    }
}
