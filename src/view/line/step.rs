//! Where words begin and end, and ways through the history.

use super::{Last, LineEditor};

impl LineEditor {
    fn is_word(&self, at: usize) -> bool {
        self.chars.get(at).is_some_and(|c| c.is_alphanumeric())
    }

    /// The beginning of the word that ends at or before a place.
    pub(super) fn word_start(&self, from: usize) -> usize {
        let mut at = from;
        while at > 0 && !self.is_word(at - 1) {
            at -= 1;
        }
        while at > 0 && self.is_word(at - 1) {
            at -= 1;
        }
        at
    }

    /// The end of the word at or behind a place.
    pub(super) fn word_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.chars.len() && !self.is_word(at) {
            at += 1;
        }
        while self.is_word(at) {
            at += 1;
        }
        at
    }

    pub(super) fn word_before(&self) -> usize {
        self.word_start(self.cursor)
    }

    pub(super) fn word_after(&self) -> usize {
        self.word_end(self.cursor)
    }

    /// The beginning of what stands between blanks before the cursor.
    pub(super) fn blank_before(&self) -> usize {
        let blank = |at: usize| self.chars.get(at).is_some_and(|c| c.is_whitespace());
        let mut at = self.cursor;
        while at > 0 && blank(at - 1) {
            at -= 1;
        }
        while at > 0 && !blank(at - 1) {
            at -= 1;
        }
        at
    }

    /// Goes to a line of the history, 1 being the newest; 0 is what was being typed.
    pub(super) fn go(&mut self, back: usize, history: &[String]) {
        if back > history.len() || back == self.back {
            return;
        }
        if self.back == 0 {
            self.kept.clone_from(&self.chars);
        }
        self.back = back;
        self.chars = match history.len().checked_sub(back).filter(|_| back > 0).and_then(|at| history.get(at)) {
            Some(line) => line.chars().collect(),
            None => self.kept.clone(),
        };
        self.cursor = self.chars.len();
        self.undo.clear();
    }

    /// The next older line that begins with what stands before the cursor; the cursor stays.
    pub(super) fn like(&mut self, history: &[String]) {
        let cursor = self.cursor;
        let head: String = self.chars.iter().take(cursor).collect();
        let found = (self.back + 1..=history.len())
            .find(|back| history.get(history.len() - back).is_some_and(|l| l.starts_with(&head) && *l != self.text()));
        if let Some(back) = found {
            self.go(back, history);
            self.cursor = cursor.min(self.chars.len());
        }
    }

    /// Takes all changes of the line back.
    pub(super) fn revert(&mut self, history: &[String]) {
        let whole = history.len().checked_sub(self.back).filter(|_| self.back > 0).and_then(|at| history.get(at));
        self.chars = whole.map(|l| l.chars().collect()).unwrap_or_default();
        self.cursor = self.chars.len();
        self.undo.clear();
    }

    /// The last word of the newest line of the history; the same key again takes that of the line before.
    pub(super) fn last_argument(&mut self, before: Last, history: &[String]) {
        let (lines, from, to) = match before {
            Last::Argument(lines, from, to) => (lines + 1, from, to),
            _ => (1, self.cursor, self.cursor),
        };
        let Some(line) = history.len().checked_sub(lines).and_then(|at| history.get(at)) else {
            self.last = before;
            return;
        };
        let word = line.split_whitespace().next_back().unwrap_or_default().to_owned();
        self.remember();
        self.chars.drain(from..to.min(self.chars.len()));
        self.cursor = from;
        self.insert(&word);
        self.last = Last::Argument(lines, from, self.cursor);
    }
}
