//! The line that a terminal is printing on: cells, the cursor, and the control sequences that move it.

use super::ink::Ink;
use super::scrollback::{Span, TermLine};
use serde::Serialize;
use unicode_width::UnicodeWidthChar as _;

/// Columns after which a line is broken.
const MAX_COLUMNS: usize = 4000;

/// Characters of a control sequence after which it is given up.
const MAX_SEQUENCE: usize = 256;

/// What is drawn in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Cell {
    /// The character with the marks that combine with it; empty in the second column of a wide one.
    text: String,
    ink: Ink,
}

/// What a printed character asks of the terminal beyond the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A line is finished.
    Line(TermLine),
    /// Everything above is wiped away.
    Clear,
}

/// A line that is being printed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct OpenLine {
    cells: Vec<Cell>,
    column: usize,
    ink: Ink,
    /// A control sequence that has begun, without its escape.
    sequence: Option<String>,
}

impl OpenLine {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// What stands on it; it is empty afterwards. Ink stays what it is, as in a real terminal.
    pub(super) fn take(&mut self) -> TermLine {
        let line = self.shown();
        self.cells.clear();
        self.column = 0;
        line
    }

    /// What stands on it.
    pub(super) fn shown(&self) -> TermLine {
        let mut line = TermLine::default();
        let mut spans: Vec<Span> = Vec::new();
        for cell in &self.cells {
            line.text.push_str(&cell.text);
            let chars = cell.text.chars().count() as u32;
            match spans.last_mut() {
                Some(last) if last.ink == cell.ink => last.chars += chars,
                _ => spans.push(Span { chars, ink: cell.ink }),
            }
        }
        if spans.iter().any(|s| s.ink != Ink::default()) {
            line.spans = spans;
        }
        line
    }

    /// Prints a character.
    pub(super) fn print(&mut self, c: char) -> Option<Asked> {
        if let Some(mut sequence) = self.sequence.take() {
            sequence.push(c);
            return self.obey(sequence);
        }
        match c {
            '\n' => return Some(Asked::Line(self.take())),
            '\r' => self.column = 0,
            '\u{8}' => self.column = self.column.saturating_sub(1),
            '\u{1b}' => self.sequence = Some(String::new()),
            '\t' => {
                for _ in 0..8 - self.column % 8 {
                    self.put(' ', 1);
                }
            }
            c if c.is_control() => {}
            c => match c.width().unwrap_or(0) {
                0 => {
                    if let Some(cell) =
                        self.cells.get_mut(..self.column).and_then(|c| c.iter_mut().rev().find(|c| !c.text.is_empty()))
                    {
                        cell.text.push(c);
                    }
                }
                wide => self.put(c, wide),
            },
        }
        (self.column >= MAX_COLUMNS).then(|| Asked::Line(self.take()))
    }

    fn put(&mut self, c: char, wide: usize) {
        let blank = Cell { text: " ".to_owned(), ink: Ink::default() };
        while self.cells.len() < self.column + wide {
            self.cells.push(blank.clone());
        }
        // Half of a wide character that is written over leaves a blank behind.
        let halved = |cells: &[Cell], at: usize| cells.get(at).is_some_and(|c| c.text.is_empty());
        if halved(&self.cells, self.column)
            && let Some(cell) = self.column.checked_sub(1).and_then(|at| self.cells.get_mut(at))
        {
            cell.text = " ".to_owned();
        }
        if halved(&self.cells, self.column + wide)
            && let Some(cell) = self.cells.get_mut(self.column + wide)
        {
            cell.text = " ".to_owned();
        }
        for k in 0..wide {
            if let Some(cell) = self.cells.get_mut(self.column + k) {
                *cell = Cell { text: if k == 0 { c.to_string() } else { String::new() }, ink: self.ink };
            }
        }
        self.column += wide;
    }

    /// Goes on with a sequence, or obeys it if it is whole.
    fn obey(&mut self, sequence: String) -> Option<Asked> {
        let last = sequence.chars().last()?;
        let done = match sequence.as_bytes().first() {
            Some(b'[') => sequence.len() > 1 && ('@'..='~').contains(&last),
            Some(b']') => last == '\u{7}' || sequence.ends_with("\u{1b}\\"),
            Some(b'(' | b')') => sequence.len() > 1,
            _ => true,
        };
        if !done {
            if sequence.len() < MAX_SEQUENCE {
                self.sequence = Some(sequence);
            }
            return None;
        }
        let parameters = sequence.strip_prefix('[')?.strip_suffix(last)?;
        let first: Option<usize> = parameters.split(';').next().and_then(|n| n.parse().ok());
        let by = first.unwrap_or(1).clamp(1, MAX_COLUMNS);
        match last {
            'm' => self.ink.select(parameters),
            'C' => self.column = (self.column + by).min(MAX_COLUMNS - 1),
            'D' => self.column = self.column.saturating_sub(by),
            'G' => self.column = (by - 1).min(MAX_COLUMNS - 1),
            'K' => self.erase(first.unwrap_or(0)),
            'J' if matches!(first, Some(2 | 3)) => {
                self.erase(2);
                self.column = 0;
                return Some(Asked::Clear);
            }
            _ => {}
        }
        None
    }

    /// Erases to the end (0), to the cursor (1) or all of the line (2).
    fn erase(&mut self, what: usize) {
        match what {
            0 => self.cells.truncate(self.column),
            1 => {
                for cell in self.cells.iter_mut().take(self.column + 1) {
                    *cell = Cell { text: " ".to_owned(), ink: Ink::default() };
                }
            }
            _ => self.cells.clear(),
        }
    }
}
