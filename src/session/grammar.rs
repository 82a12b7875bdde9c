//! The one line grammar: walkthroughs (`.wom`), text mode, tests and the console's incident tools all read it.
//!
//! `[T+8m | +30s] [@seat | @gm] ITEM`, where ITEM is a `:word`, an `expect …` line, or text typed into a terminal.
//! After `@gm` the colon may be left out. `#` begins a comment at the start of a line only.

mod expect;
pub mod fault;
mod incident;
mod show;
mod word;

pub use expect::{Compare, Expectation, kind_name};
pub use incident::{INCIDENT, Usage, parse_incident, usage};
pub use show::{format, format_line};

use crate::fact::{Actor, FactId};
use crate::session::{Command, TermSignal};
use crate::stdx::time::{Offset, Span};
use crate::stdx::units;
use word::Words;

/// Longest line, in characters.
pub const MAX_LINE: usize = 4096;

/// Highest terminal number of a seat.
pub const MAX_TERMINAL: u32 = 16;

/// One line of the grammar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What to wait for before it.
    pub at: Option<Wait>,
    /// Who acts, if another than the current seat: a seat or the game master.
    pub by: Option<Actor>,
    /// What they do; nothing on an empty line, a comment, or a line that only waits.
    pub what: Option<Item>,
}

/// A wait at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// `T+8m`: until that time of the scenario; an error for the caller if it is past.
    At(Offset),
    /// `+30s`: so long.
    For(Span),
}

/// What a line does.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Text typed into the current terminal (a bare line) or a numbered one (`:type 2 …`).
    Typed {
        /// Terminal, the current one if absent.
        terminal: Option<u32>,
        /// Text without the newline.
        text: String,
    },
    /// `:term 2` makes that terminal the current one.
    Term(u32),
    /// `:key q`, for a full-screen program.
    Key {
        /// Terminal, the current one if absent.
        terminal: Option<u32>,
        /// Key by name.
        key: String,
    },
    /// `:int`, `:tstp`, `:eof`.
    Signal {
        /// Terminal, the current one if absent.
        terminal: Option<u32>,
        /// Which.
        signal: TermSignal,
    },
    /// A session command.
    Command(Request),
    /// `:wait 30s`.
    Wait(Span),
    /// `@gm skip` lets time pass to the next rule of the script that goes by time.
    Skip,
    /// `:end` ends the session.
    End,
    /// `expect …` makes a walkthrough a test.
    Expect(Expectation),
}

/// A command as a line gives it: `last:SERVICE` and `me` still have to be looked up by [`resolve`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Everything but evidence is already a command.
    Ready(Command),
    /// A cause with evidence.
    Cause {
        /// Components.
        components: Vec<String>,
        /// Mechanisms.
        mechanisms: Vec<String>,
        /// Evidence as it was named.
        evidence: Vec<EvidenceRef>,
        /// How sure they are, percent.
        confidence: Option<u8>,
    },
}

/// How a line names evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceRef {
    /// `312.1`: a fact's id, as the timeline shows it.
    Id(FactId),
    /// `last:api`: the last thing observed about a service.
    Last(String),
}

/// Why a line could not be read, and what would do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GrammarError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where, in characters from 1; 0 if it is about no place in particular.
    pub column: usize,
}

impl GrammarError {
    fn new(column: usize, message: impl Into<String>, help: impl Into<String>) -> GrammarError {
        GrammarError { message: message.into(), help: help.into(), column }
    }
}

impl Item {
    /// The request to the session that this is, with `terminal` as the current one; `None` for what drives the reader
    /// itself (`:term`, `:wait`, `expect`).
    pub fn request(&self, terminal: u32) -> Option<Request> {
        let command = match self {
            Item::Typed { terminal: t, text } => {
                Command::LineSubmitted { terminal: t.unwrap_or(terminal), text: text.clone() }
            }
            Item::Key { terminal: t, key } => Command::KeyPressed { terminal: t.unwrap_or(terminal), key: key.clone() },
            Item::Signal { terminal: t, signal } => {
                Command::Signal { terminal: t.unwrap_or(terminal), signal: *signal }
            }
            Item::End => Command::End,
            Item::Command(request) => return Some(request.clone()),
            Item::Term(_) | Item::Wait(_) | Item::Skip | Item::Expect(_) => return None,
        };
        Some(Request::Ready(command))
    }
}

/// Reads one line.
///
/// # Errors
/// If it is longer than [`MAX_LINE`] or is none of the forms; the error says what would do.
pub fn parse(text: &str) -> Result<Line, GrammarError> {
    let text = text.trim_end_matches(['\r', '\n']);
    if text.chars().count() > MAX_LINE {
        return Err(GrammarError::new(MAX_LINE + 1, "the line is too long", format!("at most {MAX_LINE} characters")));
    }
    if text.contains('\n') {
        return Err(GrammarError::new(0, "more than one line", "write one line at a time"));
    }
    let mut rest = Rest { column: 1, text }.trimmed();
    let mut line = Line::default();
    if rest.text.is_empty() || rest.text.starts_with('#') {
        return Ok(line);
    }
    if let Some(wait) = wait(rest)? {
        line.at = Some(wait);
        rest = rest.after_word();
    }
    if let Some(name) = rest.word().strip_prefix('@') {
        line.by = Some(actor(name, rest.column)?);
        rest = rest.after_word();
    }
    if !rest.text.is_empty() {
        line.what = Some(item(rest, line.by == Some(Actor::Gm))?);
    }
    Ok(line)
}

/// Turns a request into a command: `me` becomes the actor, `last:SERVICE` the fact that `last` gives.
///
/// # Errors
/// If nothing has been observed about a service that is named as evidence.
pub fn resolve(
    request: Request,
    actor: &Actor,
    last: impl Fn(&str) -> Option<FactId>,
) -> Result<Command, GrammarError> {
    match request {
        Request::Ready(Command::Role { role, to }) if to == "me" => {
            let to = match actor {
                Actor::Seat(name) | Actor::Person(name) | Actor::Script(name) => name.clone(),
                Actor::Gm => "gm".into(),
                Actor::Director | Actor::World => to,
            };
            Ok(Command::Role { role, to })
        }
        Request::Ready(command) => Ok(command),
        Request::Cause { components, mechanisms, evidence, confidence } => {
            let found = evidence.into_iter().map(|e| match e {
                EvidenceRef::Id(id) => Ok(id),
                EvidenceRef::Last(service) => last(&service).ok_or_else(|| {
                    let message = format!("nothing has been observed about `{service}` yet");
                    GrammarError::new(0, message, "look at it first, or name a fact such as 312.1")
                }),
            });
            Ok(Command::Cause { components, mechanisms, evidence: found.collect::<Result<_, _>>()?, confidence })
        }
    }
}

/// The unread part of a line and its column.
#[derive(Clone, Copy)]
struct Rest<'a> {
    column: usize,
    text: &'a str,
}

impl<'a> Rest<'a> {
    fn trimmed(self) -> Rest<'a> {
        let text = self.text.trim_start();
        Rest { column: self.column + self.text.chars().count() - text.chars().count(), text }
    }

    fn word(self) -> &'a str {
        self.text.split(char::is_whitespace).next().unwrap_or_default()
    }

    fn after_word(self) -> Rest<'a> {
        self.after(self.word()).trimmed()
    }

    /// What follows `start`, with which the text begins.
    fn after(self, start: &str) -> Rest<'a> {
        let text = self.text.strip_prefix(start).unwrap_or_default();
        Rest { column: self.column + self.text.chars().count() - text.chars().count(), text }
    }
}

fn wait(rest: Rest<'_>) -> Result<Option<Wait>, GrammarError> {
    let word = rest.word();
    let digit = |t: &str| t.starts_with(|c: char| c.is_ascii_digit());
    if word.strip_prefix("T+").or_else(|| word.strip_prefix("T-")).is_some_and(digit) {
        let at = units::offset(word).ok_or_else(|| {
            GrammarError::new(rest.column, format!("`{word}` is not a time"), "write T+8m, T+1h5m or T-20s")
        })?;
        return Ok(Some(Wait::At(at)));
    }
    if let Some(span) = word.strip_prefix('+')
        && digit(span)
    {
        let span = units::span(span).ok_or_else(|| {
            GrammarError::new(rest.column, format!("`{word}` is not a wait"), "write +30s, +2m or +1m30s")
        })?;
        return Ok(Some(Wait::For(span)));
    }
    Ok(None)
}

fn actor(name: &str, column: usize) -> Result<Actor, GrammarError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match name {
        "gm" => Ok(Actor::Gm),
        _ if !name.is_empty() && name.chars().all(plain) => Ok(Actor::Seat(name.to_owned())),
        _ => Err(GrammarError::new(column, format!("`@{name}` is not a seat"), "write @comms, @secondary or @gm")),
    }
}

fn item(rest: Rest<'_>, gm: bool) -> Result<Item, GrammarError> {
    if let Some(expectation) = expect::parse(rest.text, rest.column)? {
        return Ok(Item::Expect(expectation));
    }
    let colon = rest.text.starts_with(':');
    if !colon && !gm {
        return Ok(Item::Typed { terminal: None, text: rest.text.to_owned() });
    }
    let rest = if colon { rest.after(":") } else { rest };
    if rest.word() == "type" {
        return typed(rest.after("type"));
    }
    let words = Words::split(rest.text, rest.column)?;
    if gm && words.first() == "skip" {
        return words.at_most(1).map(|()| Item::Skip);
    }
    own(&words).unwrap_or_else(|| incident::read(&words).map(Item::Command))
}

/// `:type 2 TEXT`: exactly one space separates the number from the text, so that any text can be written.
fn typed(rest: Rest<'_>) -> Result<Item, GrammarError> {
    let rest = rest.trimmed();
    let number = rest.word();
    let terminal = terminal(number, rest.column)?;
    let text = rest.after(number).text;
    Ok(Item::Typed { terminal: Some(terminal), text: text.strip_prefix(' ').unwrap_or(text).to_owned() })
}

/// The words that act on the terminal or on the reader; `None` if it is another one.
fn own(words: &Words) -> Option<Result<Item, GrammarError>> {
    let signal = |signal| {
        let terminal = words.get(1).map(|w| terminal(&w.text, w.column)).transpose();
        words.at_most(2).and(terminal).map(|terminal| Item::Signal { terminal, signal })
    };
    Some(match words.first() {
        "int" => signal(TermSignal::Int),
        "tstp" => signal(TermSignal::Tstp),
        "eof" => signal(TermSignal::Eof),
        "end" => words.at_most(1).map(|()| Item::End),
        "term" => words.need(1, "a terminal", "term 2").and_then(|w| {
            words.at_most(2)?;
            terminal(&w.text, w.column).map(Item::Term)
        }),
        "key" => words.need(1, "a key", "key q").and_then(|w| {
            words.at_most(3)?;
            let terminal = words.get(2).map(|t| terminal(&t.text, t.column)).transpose()?;
            Ok(Item::Key { terminal, key: w.text.clone() })
        }),
        "wait" => words.need(1, "a length of time", "wait 30s").and_then(|w| {
            words.at_most(2)?;
            let wrong =
                || GrammarError::new(w.column, format!("`{}` is not a length of time", w.text), "write wait 30s");
            units::span(&w.text).map(Item::Wait).ok_or_else(wrong)
        }),
        _ => return None,
    })
}

fn terminal(text: &str, column: usize) -> Result<u32, GrammarError> {
    text.parse().ok().filter(|n| (1..=MAX_TERMINAL).contains(n)).ok_or_else(|| {
        GrammarError::new(
            column,
            format!("`{text}` is not a terminal"),
            format!("write a number from 1 to {MAX_TERMINAL}"),
        )
    })
}
