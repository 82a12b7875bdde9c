//! A terminal: what it has printed, the line that it prints on, history and what was typed but not yet read.

mod ink;
mod line;
mod scrollback;

pub use ink::{Color, Ink};
pub use scrollback::{Block, KEPT_LINES, Scrollback, Span, TermLine};

use crate::stdx::digest::Running;
use line::{Asked, OpenLine};
use serde::Serialize;
use std::collections::VecDeque;

const MAX_INPUT: usize = 64;
const MAX_HISTORY: usize = 500;

/// Something typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Input {
    /// A line.
    Line(String),
    /// Ctrl-D.
    Eof,
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Terminal {
    /// Number, from 1.
    pub id: u32,
    /// Seat that it belongs to.
    pub seat: String,
    /// Lines above the cursor.
    #[serde(skip)]
    lines: Scrollback,
    /// Lines printed since the opening, those that fell out of the scrollback too.
    pub printed: u64,
    /// A hash over all that `lines` ever was, which stands for it in the digest of the state.
    said: Running,
    /// The line under the cursor.
    open: OpenLine,
    /// Lines submitted to a shell, oldest first, at most 500.
    pub history: Vec<String>,
    /// Prompt; empty while a program runs in the foreground.
    pub prompt: String,
    /// What runs in the foreground.
    pub running: Option<String>,
    /// Host of the innermost shell.
    pub host: String,
    /// Its user.
    pub user: String,
    /// Its directory.
    pub cwd: String,
    /// Interactive shells, the innermost last.
    pub(crate) shells: Vec<u32>,
    pub(crate) input: VecDeque<Input>,
    /// Keys for a full-screen program.
    pub(crate) keys: VecDeque<String>,
}

impl Terminal {
    pub(crate) fn new(id: u32, seat: &str, host: &str, user: &str) -> Terminal {
        Terminal {
            id,
            seat: seat.to_owned(),
            lines: Scrollback::default(),
            printed: 0,
            said: Running::default(),
            open: OpenLine::default(),
            history: Vec::new(),
            prompt: String::new(),
            running: None,
            host: host.to_owned(),
            user: user.to_owned(),
            cwd: String::new(),
            shells: Vec::new(),
            input: VecDeque::new(),
            keys: VecDeque::new(),
        }
    }

    pub(crate) fn enqueue(&mut self, input: Input) {
        if self.input.len() < MAX_INPUT {
            self.input.push_back(input);
        }
    }

    /// Adds a line to the history; blank ones are left out.
    pub(crate) fn remember(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        if self.history.len() >= MAX_HISTORY {
            self.history.remove(0);
        }
        self.history.push(line.to_owned());
    }

    /// Lines above the cursor, oldest first.
    pub fn lines(&self) -> &Scrollback {
        &self.lines
    }

    /// Output after the last newline, such as a question of `rm -i`.
    pub fn partial(&self) -> TermLine {
        self.open.shown()
    }

    /// Takes it away.
    pub(crate) fn take_partial(&mut self) -> String {
        self.open.take().text
    }

    pub(crate) fn push(&mut self, prompt: Option<String>, text: String) {
        self.put(TermLine { prompt, text, spans: Vec::new() });
    }

    fn put(&mut self, line: TermLine) {
        self.said.push(&line);
        self.printed = self.printed.wrapping_add(1);
        self.lines.push(line);
    }

    /// Prints text. Colours and the moves of the cursor within its line are obeyed, other control characters are dropped.
    pub(crate) fn print(&mut self, text: &str) {
        for c in text.chars() {
            match self.open.print(c) {
                None => {}
                Some(Asked::Line(line)) => self.put(line),
                Some(Asked::Clear) => self.clear(),
            }
        }
    }

    /// Ends the line under the cursor, if anything stands on it.
    pub(crate) fn finish_line(&mut self) {
        if !self.open.is_empty() {
            let line = self.open.take();
            self.put(line);
        }
    }

    /// Wipes everything away.
    pub(crate) fn clear(&mut self) {
        self.said.push(&"clear");
        self.lines.clear();
        self.open = OpenLine::default();
    }

    /// Takes back the newest lines: a program draws over what it drew.
    pub(crate) fn take_back(&mut self, lines: u64) {
        self.said.push(&lines);
        for _ in 0..lines {
            self.lines.pop();
        }
    }
}
