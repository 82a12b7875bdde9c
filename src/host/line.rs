//! One line of the grammar, done: as a seat, or as the game master with `@gm`.

use super::{SessionHost, SubmitError};
use crate::fact::Actor;
use crate::session::grammar::{self, Expectation, GrammarError, Item, Request, Wait};
use crate::session::projection::{Arg, Text};
use crate::session::{Command, PRIMARY};
use crate::stdx::time::Span;
use crate::storage::journal::JournalError;

/// What a line came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An empty line, a comment, or `:term`.
    Nothing,
    /// An entry, by a seat or the game master; the terminal if it went to one.
    Entry {
        /// Seat whose terminal it went to, and its number there.
        terminal: Option<(String, u32)>,
    },
    /// Time passed.
    Waited,
    /// `:end`.
    Ended,
    /// `expect …`: for the one who drives to check.
    Expect(Expectation),
}

/// Why a line was not done.
#[derive(Debug)]
pub enum LineError {
    /// It cannot be read.
    Grammar(GrammarError),
    /// The session refuses it.
    Refused(Text),
    /// `T+8m` is past.
    Past,
    /// The log cannot be written.
    Journal(JournalError),
}

impl From<SubmitError> for LineError {
    fn from(e: SubmitError) -> LineError {
        match e {
            SubmitError::Rejected(r) => LineError::Refused(r.0),
            SubmitError::TooMany => LineError::Refused(Text::key("refuse-too-many")),
            SubmitError::Journal(e) => LineError::Journal(e),
        }
    }
}

impl From<JournalError> for LineError {
    fn from(e: JournalError) -> LineError {
        LineError::Journal(e)
    }
}

impl SessionHost {
    /// Does one line as `seat`.
    ///
    /// # Errors
    /// If it cannot be read, is refused, names a past time, or the log cannot be written.
    pub fn line(&mut self, seat: &str, text: &str) -> Result<Outcome, LineError> {
        let line = grammar::parse(text).map_err(LineError::Grammar)?;
        let mut out = Outcome::Nothing;
        if let Some(wait) = line.at {
            match wait {
                Wait::At(at) => match at.tick(self.session.scenario.opens) {
                    Some(tick) if tick >= self.session.tick() => self.wait(Span(tick.since(self.session.tick())))?,
                    _ => return Err(LineError::Past),
                },
                Wait::For(span) => self.wait(span)?,
            }
            out = Outcome::Waited;
        }
        let by = line.by.unwrap_or_else(|| if seat == "gm" { Actor::Gm } else { Actor::Seat(seat.to_owned()) });
        let Some(item) = line.what else { return Ok(out) };
        self.item(by, item)
    }

    fn item(&mut self, by: Actor, item: Item) -> Result<Outcome, LineError> {
        let seat = match &by {
            Actor::Seat(s) => s.clone(),
            _ => self.session.header.seats.first().cloned().unwrap_or_else(|| PRIMARY.to_owned()),
        };
        match item {
            Item::Term(n) => {
                self.terminal(&seat, n)?;
                self.terminals.insert(seat, n);
                Ok(Outcome::Nothing)
            }
            Item::Wait(span) => {
                self.wait(span)?;
                Ok(Outcome::Waited)
            }
            Item::Skip => {
                self.skip_to_next()?;
                Ok(Outcome::Waited)
            }
            Item::Expect(e) => Ok(Outcome::Expect(e)),
            Item::End => {
                self.submit(by, Command::End)?;
                Ok(Outcome::Ended)
            }
            other => {
                let local = match &other {
                    Item::Typed { terminal, .. } | Item::Key { terminal, .. } | Item::Signal { terminal, .. } => {
                        Some(terminal.unwrap_or_else(|| self.current_terminal(&seat)))
                    }
                    _ => None,
                };
                let global = self.terminal(&seat, local.unwrap_or(1))?;
                let Some(request) = with_terminal(other, global).request(global) else { return Ok(Outcome::Nothing) };
                let command = self.resolved(&by, &seat, request)?;
                self.submit(by, command)?;
                Ok(Outcome::Entry { terminal: local.map(|n| (seat, n)) })
            }
        }
    }

    /// The terminal that a bare line of a seat goes to.
    pub fn current_terminal(&self, seat: &str) -> u32 {
        self.terminals.get(seat).copied().unwrap_or(1)
    }

    /// What may follow at the cursor of a line in a seat's terminal: where it begins, and the candidates.
    pub fn complete(
        &mut self,
        seat: &str,
        terminal: u32,
        line: &str,
        cursor: usize,
    ) -> Option<crate::console::Completion> {
        let id = self.session.terminal_of(seat, terminal)?;
        Some(self.session.complete(id, line, cursor))
    }

    /// Where the word before the cursor of a query begins (bytes), and ways to complete it.
    pub fn complete_query(&self, text: &str, cursor: usize) -> (usize, Vec<String>) {
        let (start, found) = self.session.complete_query(text, cursor);
        (start, found.into_iter().map(|c| c.text).collect())
    }

    /// What a seat's current terminal has printed since the last line typed there.
    pub fn last_output(&self, seat: &str) -> String {
        let id = self.session.terminal_of(seat, self.current_terminal(seat));
        let Some(terminal) = id.and_then(|id| self.session.console().terminal(id)) else { return String::new() };
        let lines: Vec<_> = terminal.lines().iter().collect();
        let from = lines.iter().rposition(|l| l.prompt.is_some()).map_or(0, |i| i + 1);
        let texts = lines.iter().skip(from).map(|l| l.text.as_str());
        texts.collect::<Vec<_>>().join("\n")
    }

    fn terminal(&self, seat: &str, number: u32) -> Result<u32, LineError> {
        self.session.terminal_of(seat, number).ok_or_else(|| {
            let args = vec![("terminal".to_owned(), Arg::Word(number.to_string()))];
            LineError::Refused(Text::Key("refuse-terminal".to_owned(), args))
        })
    }

    fn resolved(&self, by: &Actor, seat: &str, request: Request) -> Result<Command, LineError> {
        let command = grammar::resolve(request, by, |service| self.session.last_about(seat, service))
            .map_err(LineError::Grammar)?;
        // A seat's terminals are numbered from 1 in a line and through all seats in an entry.
        Ok(match command {
            Command::Answered { seat, terminal, text } => {
                let terminal = self.terminal(&seat, terminal)?;
                Command::Answered { seat, terminal, text }
            }
            other => other,
        })
    }

    /// Lets simulated time pass, as far as the session goes.
    fn wait(&mut self, span: Span) -> Result<(), JournalError> {
        self.advance(span.0)
    }

    /// Lets time pass until the foreground program of a terminal is done, at least `least` seconds and at most `most`.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn settle(&mut self, seat: &str, terminal: u32, least: u64, most: u64) -> Result<(), JournalError> {
        for second in 0..most.max(least) {
            let busy = self
                .session
                .terminal_of(seat, terminal)
                .and_then(|id| self.session.console().terminal(id))
                .is_some_and(|t| t.running.is_some());
            if self.session.ended() || (second >= least && !busy) {
                break;
            }
            self.advance(1)?;
        }
        Ok(())
    }

    /// Skips to the next script rule that goes by time.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn skip_to_next(&mut self) -> Result<(), JournalError> {
        let now = self.session.offset().0;
        let next = self.session.next_script_time().filter(|at| *at > now);
        match next.and_then(|at| u64::try_from(at - now).ok()) {
            Some(seconds) => self.advance(seconds),
            None => Ok(()),
        }
    }
}

/// The item with its terminal numbered through all seats.
fn with_terminal(item: Item, global: u32) -> Item {
    match item {
        Item::Typed { text, .. } => Item::Typed { terminal: Some(global), text },
        Item::Key { key, .. } => Item::Key { terminal: Some(global), key },
        Item::Signal { signal, .. } => Item::Signal { terminal: Some(global), signal },
        other => other,
    }
}
