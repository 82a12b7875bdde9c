//! Killing and yanking, undo, and changes of characters and words.

use super::{Last, LineEditor, MAX_LINE, MAX_UNDO};

/// Kills that are kept.
const MAX_KILLS: usize = 60;

/// What was killed, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kills {
    all: Vec<Vec<char>>,
    /// Which one a yank took, counted from the newest.
    taken: usize,
}

impl Kills {
    fn take(&self) -> Vec<char> {
        let at = self.all.len().checked_sub(1 + self.taken);
        at.and_then(|at| self.all.get(at)).cloned().unwrap_or_default()
    }
}

impl LineEditor {
    /// Keeps the line as it is, to come back to.
    pub(super) fn remember(&mut self) {
        if self.undo.len() >= MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push((self.chars.clone(), self.cursor));
    }

    pub(super) fn undo(&mut self) {
        if let Some((chars, cursor)) = self.undo.pop() {
            self.chars = chars;
            self.cursor = cursor.min(self.chars.len());
        }
    }

    pub(super) fn insert(&mut self, text: &str) {
        let room = MAX_LINE.saturating_sub(self.chars.len());
        let new: Vec<char> = text.chars().take(room).collect();
        let at = self.cursor;
        self.cursor += new.len();
        self.chars.splice(at..at, new);
    }

    /// Takes characters out that are gone for good.
    pub(super) fn erase(&mut self, from: usize, to: usize) {
        let to = to.min(self.chars.len());
        if from < to {
            self.remember();
            self.chars.drain(from..to);
            self.cursor = from;
        }
    }

    /// Kills characters; what is killed right after something else joins it, behind or before it.
    pub(super) fn kill(&mut self, from: usize, to: usize, behind: bool, before: Last) {
        self.last = Last::Killed;
        if from >= to {
            return;
        }
        self.remember();
        let gone: Vec<char> = self.chars.drain(from..to).collect();
        self.cursor = from;
        self.kills.taken = 0;
        match self.kills.all.last_mut() {
            Some(kill) if before == Last::Killed && behind => kill.extend(gone),
            Some(kill) if before == Last::Killed => {
                kill.splice(0..0, gone);
            }
            _ => {
                if self.kills.all.len() >= MAX_KILLS {
                    self.kills.all.remove(0);
                }
                self.kills.all.push(gone);
            }
        }
    }

    pub(super) fn yank(&mut self) {
        self.kills.taken = 0;
        self.put_kill();
    }

    /// What was killed before that, in place of what was yanked.
    pub(super) fn yank_older(&mut self, before: Last) {
        let Last::Yanked(from, to) = before else { return };
        if let Some((chars, _)) = self.undo.pop() {
            self.chars = chars;
            self.cursor = from;
        } else {
            self.chars.drain(from..to);
            self.cursor = from;
        }
        self.kills.taken = (self.kills.taken + 1) % self.kills.all.len().max(1);
        self.put_kill();
    }

    fn put_kill(&mut self) {
        let text: String = self.kills.take().into_iter().collect();
        if text.is_empty() {
            return;
        }
        self.remember();
        let from = self.cursor;
        self.insert(&text);
        self.last = Last::Yanked(from, self.cursor);
    }

    /// Turns the two characters around the cursor round; at the end the two before it.
    pub(super) fn swap_chars(&mut self) {
        if self.cursor == 0 || self.chars.len() < 2 {
            return;
        }
        self.remember();
        let at = self.cursor.min(self.chars.len() - 1);
        self.chars.swap(at - 1, at);
        self.cursor = at + 1;
    }

    /// Turns the word before the cursor and the one at or behind it round.
    pub(super) fn swap_words(&mut self) {
        let end = self.word_after();
        let second = self.word_start(end);
        let first = self.word_start(second);
        let first_end = self.word_end(first);
        if first_end > second || first == second {
            return;
        }
        self.remember();
        let cut = |from: usize, to: usize| self.chars.get(from..to).unwrap_or_default().to_vec();
        let turned = [cut(second, end), cut(first_end, second), cut(first, first_end)].concat();
        self.chars.splice(first..end, turned);
        self.cursor = end;
    }

    /// The word from the cursor on in upper or lower case, or with a capital.
    pub(super) fn case(&mut self, how: char) {
        let end = self.word_after();
        if self.cursor >= end {
            return;
        }
        self.remember();
        let mut first = true;
        for at in self.cursor..end {
            let Some(c) = self.chars.get_mut(at) else { break };
            let upper = how == 'u' || (how == 'c' && first && c.is_alphanumeric());
            first &= !c.is_alphanumeric();
            let new = if upper { c.to_uppercase().next() } else { c.to_lowercase().next() };
            *c = new.unwrap_or(*c);
        }
        self.cursor = end;
    }
}
