//! The small closed lists of what facts record: how things were on a screen, safeguards, learning marks, rulings.

use serde::{Deserialize, Serialize};

/// How something was on a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// As a graph or a chart.
    Graph {
        /// What was plotted, as PromQL; a component's name for a whole board.
        query: String,
        /// Seconds that it covered, up to the moment of the look.
        range_s: u64,
    },
    /// As output of a tool.
    Output {
        /// Terminal, from 1.
        terminal: u32,
        /// The line that was typed last into that terminal, cut at [`Shown::MAX_TEXT`] characters.
        line: String,
        /// The first line of what was printed, cut at as many.
        text: String,
    },
}

impl Shown {
    /// Longest text of a ledger entry, in characters.
    pub const MAX_TEXT: usize = 160;

    /// The first line of a text that says something, cut.
    pub fn cut(text: &str) -> String {
        let line = text.lines().map(str::trim_end).find(|l| !l.is_empty()).unwrap_or_default();
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(Shown::MAX_TEXT).collect()
    }
}

/// A safeguard before a hazardous action (SCORING §2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// A dry run, a diff, or a check which host or object it is.
    Target,
    /// A backup or release to go back to was listed or verified.
    RestorePoint,
    /// Another seat or a colleague answered the announcement.
    SecondPerson,
}

impl Guard {
    /// All three.
    pub const ALL: [Guard; 3] = [Guard::Target, Guard::RestorePoint, Guard::SecondPerson];

    /// Its word, as scripts and JSON write it.
    pub fn word(self) -> &'static str {
        match self {
            Guard::Target => "target",
            Guard::RestorePoint => "restore_point",
            Guard::SecondPerson => "second_person",
        }
    }
}

/// A learning mark: its presence counts, its wording does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learning {
    /// What was expected, written before an action.
    Prediction,
    /// A change of mind, said aloud.
    Revision,
    /// A note that the next person can use.
    Note,
    /// A reflection after the session.
    Reflection,
}

impl Learning {
    /// All sorts.
    pub const ALL: [Learning; 4] = [Learning::Prediction, Learning::Revision, Learning::Note, Learning::Reflection];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Learning::Prediction => "prediction",
            Learning::Revision => "revision",
            Learning::Note => "note",
            Learning::Reflection => "reflection",
        }
    }

    /// The sort that a word names.
    pub fn parse(word: &str) -> Option<Learning> {
        Learning::ALL.into_iter().find(|l| l.word() == word)
    }
}

/// What a GM may rule; neither can take points away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Accepts the cited facts as evidence for a milestone.
    Confirm,
    /// Takes a milestone or a check out, for the trainees and for the original alike.
    Void,
}

impl Ruling {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Ruling::Confirm => "confirm",
            Ruling::Void => "void",
        }
    }
}
