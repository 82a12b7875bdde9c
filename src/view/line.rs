//! The line that is typed on, with the keys of readline in its Emacs manner: moving, killing and yanking, undo, the history
//! and the search in it. It touches no session: whoever draws a terminal keeps one and hands it the keys.

mod kill;
mod search;
mod step;

pub use search::HistorySearch;

use kill::Kills;

/// Longest line, in characters.
const MAX_LINE: usize = 4096;
/// Changes that can be undone.
const MAX_UNDO: usize = 200;

/// A key, as far as it edits a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditKey {
    /// A character.
    Char(char),
    /// A letter with Ctrl, in lower case.
    Ctrl(char),
    /// A letter or sign with Alt, in lower case.
    Alt(char),
    /// Backspace.
    Backspace,
    /// Alt and Backspace.
    AltBackspace,
    /// Delete.
    Delete,
    /// The arrow.
    Left,
    /// The arrow.
    Right,
    /// The arrow, with Ctrl or Alt.
    WordLeft,
    /// The arrow, with Ctrl or Alt.
    WordRight,
    /// The arrow.
    Up,
    /// The arrow.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Enter.
    Enter,
    /// Escape.
    Escape,
}

/// What a key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The line, its cursor or the search changed, or nothing did.
    Stays,
    /// The line is handed to the shell.
    Line(String),
    /// Ctrl-D on an empty line.
    Eof,
    /// Ctrl-L.
    Clear,
    /// The key means nothing here.
    Unknown,
}

/// What the last key was, where the next one asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    /// A character was typed: the next one belongs to the same change.
    Typed,
    /// Something was killed: what is killed next joins it.
    Killed,
    /// Something was yanked, at these characters.
    Yanked(usize, usize),
    /// The last argument of a line of the history, so many lines back, stands at these characters.
    Argument(usize, usize, usize),
}

/// A line that is being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEditor {
    chars: Vec<char>,
    cursor: usize,
    kills: Kills,
    undo: Vec<(Vec<char>, usize)>,
    last: Last,
    /// Place in the history, 1 being the newest line; 0 is the line that is being typed.
    back: usize,
    /// What was typed before going back.
    kept: Vec<char>,
    search: Option<HistorySearch>,
    last_search: HistorySearch,
}

impl LineEditor {
    /// An empty line.
    pub fn new() -> LineEditor {
        LineEditor::default()
    }

    /// What stands on the line.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Where the cursor stands, in characters.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The search that is going on.
    pub fn search(&self) -> Option<&HistorySearch> {
        self.search.as_ref()
    }

    /// What stands in place of the prompt while a search goes on.
    pub fn prompt(&self) -> Option<String> {
        self.search.as_ref().map(HistorySearch::prompt)
    }

    /// The line and its cursor as another editor left them; a difference can be undone.
    pub fn set(&mut self, text: &str, cursor: usize) {
        let chars: Vec<char> = text.chars().take(MAX_LINE).collect();
        if chars != self.chars {
            self.remember();
            self.chars = chars;
            self.back = 0;
            self.last = Last::Other;
        }
        self.cursor = cursor.min(self.chars.len());
    }

    /// Text that is pasted: it stands there as it is, and nothing of it is a key.
    pub fn paste(&mut self, text: &str) {
        self.remember();
        let clean: Vec<char> = text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }).collect();
        let clean: String = clean.into_iter().filter(|c| !c.is_control() || *c == '\t').collect();
        self.insert(&clean);
        self.last = Last::Other;
    }

    /// Carries a key out.
    pub fn key(&mut self, key: EditKey, history: &[String]) -> Edited {
        if self.search.is_some() {
            return self.search_key(key, history);
        }
        let before = std::mem::take(&mut self.last);
        match key {
            EditKey::Char(c) if !c.is_control() => {
                if before != Last::Typed {
                    self.remember();
                }
                self.insert(&c.to_string());
                self.last = Last::Typed;
            }
            EditKey::Ctrl('a') | EditKey::Home => self.cursor = 0,
            EditKey::Ctrl('e') | EditKey::End => self.cursor = self.chars.len(),
            EditKey::Ctrl('b') | EditKey::Left => self.cursor = self.cursor.saturating_sub(1),
            EditKey::Ctrl('f') | EditKey::Right => self.cursor = (self.cursor + 1).min(self.chars.len()),
            EditKey::Alt('b') | EditKey::WordLeft => self.cursor = self.word_before(),
            EditKey::Alt('f') | EditKey::WordRight => self.cursor = self.word_after(),
            EditKey::Ctrl('h') | EditKey::Backspace => self.erase(self.cursor.saturating_sub(1), self.cursor),
            EditKey::Ctrl('d') if self.chars.is_empty() => return Edited::Eof,
            EditKey::Ctrl('d') | EditKey::Delete => self.erase(self.cursor, self.cursor + 1),
            EditKey::Ctrl('k') => self.kill(self.cursor, self.chars.len(), true, before),
            EditKey::Ctrl('u') => self.kill(0, self.cursor, false, before),
            EditKey::Ctrl('w') => self.kill(self.blank_before(), self.cursor, false, before),
            EditKey::AltBackspace => self.kill(self.word_before(), self.cursor, false, before),
            EditKey::Alt('d') => self.kill(self.cursor, self.word_after(), true, before),
            EditKey::Ctrl('y') => self.yank(),
            EditKey::Alt('y') => self.yank_older(before),
            EditKey::Ctrl('t') => self.swap_chars(),
            EditKey::Alt('t') => self.swap_words(),
            EditKey::Alt(c @ ('u' | 'l' | 'c')) => self.case(c),
            EditKey::Ctrl('_' | '/') => self.undo(),
            EditKey::Alt('r') => self.revert(history),
            EditKey::Alt('.' | '_') => self.last_argument(before, history),
            EditKey::Ctrl('p') | EditKey::Up => self.go(self.back + 1, history),
            EditKey::Ctrl('n') | EditKey::Down => {
                if let Some(newer) = self.back.checked_sub(1) {
                    self.go(newer, history);
                }
            }
            EditKey::Alt('<') => self.go(history.len(), history),
            EditKey::Alt('>') => self.go(0, history),
            EditKey::Alt('p') => self.like(history),
            EditKey::Ctrl('r' | 's') => {
                self.kept.clone_from(&self.chars);
                self.search = Some(self.last_search.clone());
            }
            EditKey::Ctrl('l') => return Edited::Clear,
            EditKey::Ctrl('g') => {}
            EditKey::Enter | EditKey::Ctrl('j' | 'm') => return Edited::Line(self.take()),
            _ => return Edited::Unknown,
        }
        Edited::Stays
    }

    /// The whole line; an empty one is left.
    fn take(&mut self) -> String {
        let text = self.text();
        self.chars.clear();
        self.cursor = 0;
        self.undo.clear();
        self.back = 0;
        self.kept.clear();
        text
    }

    /// A key while a search goes on.
    fn search_key(&mut self, key: EditKey, history: &[String]) -> Edited {
        let Some(search) = self.search.as_mut() else { return Edited::Unknown };
        match key {
            EditKey::Char(c) => search.push(c, history),
            EditKey::Backspace | EditKey::Ctrl('h') => search.pop(history),
            EditKey::Ctrl('r') => search.older(history),
            EditKey::Ctrl('s') => search.newer(history),
            EditKey::Ctrl('g') => {
                // What was typed is there again.
                self.search = None;
                self.chars = std::mem::take(&mut self.kept);
                self.cursor = self.chars.len();
                return Edited::Stays;
            }
            other => {
                let at = search.hit(history).map(|(_, at)| at);
                let found = search.accept(history);
                self.last_search = self.search.take().unwrap_or_default();
                if let Some(line) = found {
                    self.remember();
                    self.chars = line.chars().collect();
                    self.cursor = at.unwrap_or(self.chars.len()).min(self.chars.len());
                }
                return match other {
                    EditKey::Escape | EditKey::Ctrl('_') => Edited::Stays,
                    other => self.key(other, history),
                };
            }
        }
        if let Some((line, at)) = self.search.as_ref().and_then(|s| s.hit(history)) {
            self.chars = line.chars().collect();
            self.cursor = at;
        }
        Edited::Stays
    }
}
