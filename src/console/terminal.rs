//! A terminal: scrollback, history and what was typed but not yet read.

use serde::Serialize;
use std::collections::VecDeque;

const MAX_LINES: usize = 2000;
const MAX_COLUMNS: usize = 4000;
const MAX_INPUT: usize = 64;
const MAX_HISTORY: usize = 500;

/// A line of the scrollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermLine {
    /// The prompt, if this line was typed.
    pub prompt: Option<String>,
    /// Text.
    pub text: String,
}

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
    /// Scrollback, oldest first, at most 2000 lines.
    pub lines: VecDeque<TermLine>,
    /// Lines printed since the opening, those that fell out of the scrollback too.
    pub printed: u64,
    /// Output after the last newline, such as a question of `rm -i`.
    pub partial: String,
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
            lines: VecDeque::new(),
            printed: 0,
            partial: String::new(),
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

    pub(crate) fn push(&mut self, prompt: Option<String>, text: String) {
        if self.lines.len() >= MAX_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(TermLine { prompt, text });
        self.printed = self.printed.wrapping_add(1);
    }

    /// Prints text; tabs become spaces, other control characters are dropped.
    pub(crate) fn print(&mut self, text: &str, prompt: Option<String>) {
        let mut width = self.partial.chars().count();
        for c in text.chars() {
            match c {
                '\n' => {
                    let line = std::mem::take(&mut self.partial);
                    self.push(prompt.clone(), line);
                    width = 0;
                }
                '\t' => {
                    let n = 8 - width % 8;
                    self.partial.extend(std::iter::repeat_n(' ', n));
                    width += n;
                }
                c if c.is_control() => {}
                c => {
                    self.partial.push(c);
                    width += 1;
                }
            }
            if width >= MAX_COLUMNS {
                let line = std::mem::take(&mut self.partial);
                self.push(prompt.clone(), line);
                width = 0;
            }
        }
    }

    pub(crate) fn finish_line(&mut self) {
        if !self.partial.is_empty() {
            let line = std::mem::take(&mut self.partial);
            self.push(None, line);
        }
    }
}
