//! A session on this machine: the host, the seat that looks, and view-models that are built once a change.

use super::sound::{Cue, Heard};
use crate::fact::Actor;
use crate::host::{HostError, LineError, Options, SessionHost, SubmitError};
use crate::scenario::package::Package;
use crate::session::projection::{Projection, Text};
use crate::session::{Command, PRIMARY};
use crate::stdx::time::Offset;
use crate::storage::journal::JournalError;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Seat of the game master.
pub const GM: &str = "gm";

/// A session and who looks at it.
pub struct Play {
    /// The session.
    pub host: SessionHost,
    /// Seat whose screen is shown.
    pub seat: String,
    projection: Projection,
    shown: u64,
    heard: Heard,
    /// Moment of the running clock up to which time was turned into ticks.
    last: Option<Duration>,
}

/// What a step of the clock brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stepped {
    /// The clock stands because real time had a gap.
    pub paused_after_gap: bool,
    /// More ticks are due than one call lives.
    pub more: bool,
    /// What can be heard of it.
    pub cue: Option<Cue>,
}

impl Play {
    /// Starts a session that is kept below `dir`.
    ///
    /// # Errors
    /// As [`SessionHost::start`].
    pub fn start(package: Package, seed: u64, dir: Option<PathBuf>) -> Result<Play, HostError> {
        let options = Options { seed, dir, ..Options::default() };
        Ok(Play::of(SessionHost::start(package, options)?))
    }

    /// Goes on with a kept session; the second value says what could not be read back.
    ///
    /// # Errors
    /// As [`SessionHost::resume`].
    pub fn resume(folder: &Path) -> Result<(Play, Option<String>), HostError> {
        let (host, dropped) = SessionHost::resume(folder)?;
        Ok((Play::of(host), dropped.map(|d| d.to_string())))
    }

    /// Opens a session that is over; the second value says what is wrong with its log.
    ///
    /// # Errors
    /// As [`SessionHost::reopen`].
    pub fn reopen(folder: &Path) -> Result<(Play, Vec<String>), HostError> {
        let (host, wrong) = SessionHost::reopen(folder)?;
        Ok((Play::of(host), wrong))
    }

    fn of(host: SessionHost) -> Play {
        let projection = host.projection(PRIMARY);
        let heard = Heard::of(&projection);
        Play { shown: host.version(), host, seat: PRIMARY.to_owned(), projection, heard, last: None }
    }

    /// What the looking seat may know, as of the last [`Play::refresh`].
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Brings the projection up to date; says whether anything changed.
    pub fn refresh(&mut self) -> bool {
        let changed = self.host.version() != self.shown || self.projection.seat != self.seat;
        if changed {
            self.projection = self.host.projection(&self.seat);
            self.shown = self.host.version();
        }
        changed
    }

    /// What can be heard of the changes since the last call.
    fn hear(&mut self) -> Option<Cue> {
        let now = Heard::of(&self.projection);
        let cue = now.since(self.heard);
        self.heard = now;
        cue
    }

    /// Looks from another seat.
    pub fn sit(&mut self, seat: &str) {
        self.seat = seat.to_owned();
        self.refresh();
        self.heard = Heard::of(&self.projection);
    }

    /// Opens a branch from an earlier moment and goes on there; returns its number.
    ///
    /// # Errors
    /// As [`SessionHost::rewind`].
    pub fn rewind(&mut self, to: Offset) -> Result<u32, HostError> {
        let to = to.tick(self.host.session().scenario.opens).unwrap_or_default();
        let opened = self.host.rewind(to)?;
        // The branch lives from now on: time that passed elsewhere is not its own.
        self.last = None;
        self.refresh();
        // What the branch has not lived is no news.
        self.heard = Heard::of(&self.projection);
        Ok(opened.branch)
    }

    /// Moment up to which time was turned into ticks.
    pub fn seen(&self, now: Duration) -> Duration {
        self.last.unwrap_or(now)
    }

    /// Turns the time since the last step into ticks.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn step(&mut self, now: Duration) -> Result<Stepped, JournalError> {
        let elapsed = now.saturating_sub(self.last.replace(now).unwrap_or(now));
        let pumped = self.host.pump(elapsed)?;
        let cue = if self.refresh() { self.hear() } else { None };
        Ok(Stepped { paused_after_gap: pumped.paused_after_gap, more: pumped.more, cue })
    }

    /// Who acts.
    fn actor(&self) -> Actor {
        if self.seat == GM { Actor::Gm } else { Actor::Seat(self.seat.clone()) }
    }

    /// Submits a command as the looking seat.
    ///
    /// # Errors
    /// Why it was not accepted, to be said.
    pub fn submit(&mut self, command: Command) -> Result<(), Text> {
        self.submit_as(self.actor(), command)
    }

    /// Submits a command as somebody: in the debrief people take turns at one keyboard.
    ///
    /// # Errors
    /// Why it was not accepted, to be said.
    pub fn submit_as(&mut self, by: Actor, command: Command) -> Result<(), Text> {
        self.host.submit(by, command).map(|_| ()).map_err(|e| match e {
            SubmitError::Rejected(r) => r.0,
            SubmitError::TooMany => Text::key("refuse-too-many"),
            SubmitError::Journal(e) => Text::Raw(e.to_string()),
        })
    }

    /// Does a line of the grammar as the looking seat.
    ///
    /// # Errors
    /// Why it was not done, to be said.
    pub fn line(&mut self, line: &str) -> Result<(), Text> {
        let seat = self.seat.clone();
        self.host.line(&seat, line).map(|_| ()).map_err(|e| match e {
            LineError::Refused(text) => text,
            LineError::Grammar(e) => Text::Raw(e.to_string()),
            LineError::Past => Text::key("app-time-past"),
            LineError::Journal(e) => Text::Raw(e.to_string()),
        })
    }

    /// The number through all seats of a terminal of the looking seat.
    pub fn terminal(&self, number: u32) -> Option<u32> {
        self.host.session().terminal_of(&self.seat, number)
    }
}
