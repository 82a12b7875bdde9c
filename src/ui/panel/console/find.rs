//! Search in what a terminal has printed.

use super::rows::{Point, full};
use crate::session::projection::Scrollback;

/// Matches that are kept at most; the newest ones.
const MOST: usize = 10_000;

/// A search that is going on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    /// What is looked for; capitals matter only if there are some.
    pub words: String,
    /// Whether to take the keyboard in this pass.
    pub want_focus: bool,
    /// Whether to bring the chosen match into sight in this pass.
    pub show: bool,
    /// Matches, oldest first, and their length in characters.
    found: Vec<Point>,
    chosen: usize,
    /// What `found` is of: the words, and the lines from and to.
    of: (String, u64, u64),
}

impl Find {
    /// Looks through what was not looked through yet.
    pub fn update(&mut self, lines: &Scrollback) {
        let (first, end) = (lines.first(), lines.first() + lines.len() as u64);
        let newest = self.found.len().checked_sub(1) == Some(self.chosen);
        let mut from = first;
        if self.of.0 == self.words && self.of.2 <= end && self.of.1 <= first {
            let fallen = self.found.partition_point(|p| p.line < first);
            self.found.drain(..fallen);
            self.chosen = self.chosen.saturating_sub(fallen);
            // A line that a program drew over is looked through again.
            from = self.of.2.saturating_sub(64).max(first);
            self.found.retain(|p| p.line < from);
        } else {
            self.found.clear();
            self.show = !self.words.is_empty();
        }
        let begun = self.found.is_empty() && from == first;
        let exact = self.words.chars().any(char::is_uppercase);
        if !self.words.is_empty() {
            let words = if exact { self.words.clone() } else { fold(&self.words) };
            let skip = usize::try_from(from - first).unwrap_or(usize::MAX);
            for (i, line) in lines.iter().enumerate().skip(skip) {
                let text = full(line);
                let text = if exact { text } else { fold(&text).into() };
                for (byte, _) in text.match_indices(&words) {
                    let at = text.get(..byte).map_or(0, |t| t.chars().count());
                    self.found.push(Point { line: first + i as u64, at });
                }
            }
        }
        let many = self.found.len().saturating_sub(MOST);
        self.found.drain(..many);
        self.chosen = self.chosen.saturating_sub(many);
        if begun || newest || self.chosen >= self.found.len() {
            self.chosen = self.found.len().saturating_sub(1);
        }
        self.of = (self.words.clone(), first, end);
    }

    /// Goes to an older match, or to a newer one; round and round.
    pub fn step(&mut self, older: bool) {
        let n = self.found.len();
        if n > 0 {
            self.chosen = (self.chosen + if older { n - 1 } else { 1 }) % n;
            self.show = true;
        }
    }

    /// The chosen match.
    pub fn chosen(&self) -> Option<Point> {
        self.found.get(self.chosen).copied()
    }

    /// Which one it is, from 1, and of how many.
    pub fn count(&self) -> (usize, usize) {
        (if self.found.is_empty() { 0 } else { self.chosen + 1 }, self.found.len())
    }

    /// Matches of a line: first character, length, whether it is the chosen one.
    pub fn of_line(&self, line: u64) -> impl Iterator<Item = (usize, usize, bool)> {
        let from = self.found.partition_point(|p| p.line < line);
        let (chars, chosen) = (self.words.chars().count(), self.chosen());
        self.found.iter().skip(from).take_while(move |p| p.line == line).map(move |p| (p.at, chars, Some(*p) == chosen))
    }
}

/// Small letters, one for one.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}
