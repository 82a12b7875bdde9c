//! What is selected of a terminal's output, and what of it goes to the clipboard.

use super::rows::{Point, full};
use crate::session::projection::Scrollback;
use std::ops::Range;

/// How much a press takes at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A character: one press.
    #[default]
    Char,
    /// A word: two.
    Word,
    /// A line: three.
    Line,
}

/// A selection: from where it was begun to where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where the press was.
    pub from: Point,
    /// Where the pointer is.
    pub to: Point,
    /// What it grows by.
    pub unit: Unit,
}

impl Selection {
    /// Its ends, the earlier first, grown to whole words or lines.
    pub fn ends(&self, lines: &Scrollback) -> (Point, Point) {
        let (a, b) = if self.from <= self.to { (self.from, self.to) } else { (self.to, self.from) };
        let text = |p: Point| {
            let at = p.line.checked_sub(lines.first()).and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| lines.get(at)).map(full).unwrap_or_default()
        };
        match self.unit {
            Unit::Char => (a, b),
            Unit::Word => {
                let start = word(&text(a), a.at).start;
                let end = word(&text(b), b.at).end;
                (Point { at: start, ..a }, Point { at: end, ..b })
            }
            Unit::Line => (Point { at: 0, ..a }, Point { at: text(b).chars().count(), ..b }),
        }
    }

    /// What of a line of so many characters is in it.
    pub fn of_line(&self, lines: &Scrollback, line: u64, chars: usize) -> Range<usize> {
        let (a, b) = self.ends(lines);
        if line < a.line || line > b.line {
            return 0..0;
        }
        let start = if line == a.line { a.at } else { 0 };
        let end = if line == b.line { b.at } else { chars };
        start.min(chars)..end.min(chars)
    }

    /// Its text: whole lines are parted by newlines, rows of one line are not.
    pub fn text(&self, lines: &Scrollback) -> String {
        let (a, b) = self.ends(lines);
        let mut out = String::new();
        for number in a.line.max(lines.first())..=b.line {
            let at = usize::try_from(number - lines.first()).unwrap_or(usize::MAX);
            let Some(line) = lines.get(at) else { break };
            let text = full(line);
            let range = self.of_line(lines, number, text.chars().count());
            if number > a.line {
                out.push('\n');
            }
            out.extend(text.chars().skip(range.start).take(range.len()));
        }
        out
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self, lines: &Scrollback) -> bool {
        let (a, b) = self.ends(lines);
        a == b
    }
}

/// The word around a place: what a double press takes. Paths, addresses and options are words.
fn word(text: &str, at: usize) -> Range<usize> {
    let chars: Vec<char> = text.chars().collect();
    let inside = |c: &char| c.is_alphanumeric() || "_-./:@%+~=?&#".contains(*c);
    let Some(true) = chars.get(at).map(inside) else { return at..(at + 1).min(chars.len()).max(at) };
    let before = chars.iter().take(at).rev().take_while(|c| inside(c)).count();
    let after = chars.iter().skip(at).take_while(|c| inside(c)).count();
    at - before..at + after
}
