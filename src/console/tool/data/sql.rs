//! SQL as PostgreSQL speaks it: parsed as PostgreSQL, translated, and run by an embedded engine in memory over tables that are
//! built from the world for each statement. Nothing of that engine is reachable or visible: relations and functions are a white
//! list, an authoriser refuses everything but reading, and a limit ends what runs away.

mod array;
mod catalogue;
mod distinct;
mod engine;
mod function;
mod grouping;
mod json;
mod kind;
mod numeric;
pub(super) mod order;
mod source;
mod text;
mod translate;
mod value;

pub(super) use catalogue::{Server, columns, rows_of};
pub(super) use engine::{Answer, Engine, MOST_BYTES, MOST_ROWS, guard, memory};
pub(super) use function::Deed;

/// What ends a statement that runs for too long.
pub(super) const TIMEOUT: &str = "canceling statement due to statement timeout";

/// What a server says instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PgError {
    /// After `ERROR:  `.
    pub message: String,
    /// After `DETAIL:  `.
    pub detail: Option<String>,
    /// After `HINT:  `.
    pub hint: Option<String>,
    /// The byte of the statement that it points at.
    pub at: Option<usize>,
}

impl PgError {
    pub(super) fn new(message: impl Into<String>) -> PgError {
        PgError { message: message.into(), detail: None, hint: None, at: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> PgError {
        PgError { hint: Some(hint.into()), ..self }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> PgError {
        PgError { detail: Some(detail.into()), ..self }
    }

    /// Points at the first place of the statement where the name stands by itself.
    pub(super) fn pointing(self, statement: &str, name: &str) -> PgError {
        let lower = statement.to_lowercase();
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let stands = |at: usize| {
            let before = lower.get(..at).and_then(|s| s.chars().next_back());
            let after = lower.get(at + name.len()..).and_then(|s| s.chars().next());
            !word(before) && !word(after)
        };
        let at = lower.match_indices(&name.to_lowercase()).map(|(at, _)| at).find(|at| stands(*at));
        PgError { at, ..self }
    }

    /// Points at a text in quotes.
    pub(super) fn quoting(self, statement: &str, text: &str) -> PgError {
        let at = statement.find(&format!("'{}'", text.replace('\'', "''")));
        PgError { at, ..self }
    }

    /// As psql prints it; `statement` is what was sent.
    pub(super) fn shown(&self, statement: &str) -> String {
        let mut out = format!("ERROR:  {}\n", self.message);
        if let Some(at) = self.at.filter(|at| statement.is_char_boundary(*at)) {
            let start = statement.get(..at).and_then(|s| s.rfind('\n')).map_or(0, |n| n + 1);
            let number = statement.get(..at).map_or(0, |s| s.matches('\n').count()) + 1;
            let line = statement.get(start..).and_then(|s| s.lines().next()).unwrap_or_default();
            let head = format!("LINE {number}: ");
            let before = statement.get(start..at).map_or(0, |s| s.chars().count());
            out.push_str(&format!("{head}{line}\n{:>width$}\n", "^", width = head.len() + before + 1));
        }
        if let Some(detail) = &self.detail {
            out.push_str(&format!("DETAIL:  {detail}\n"));
        }
        if let Some(hint) = &self.hint {
            out.push_str(&format!("HINT:  {hint}\n"));
        }
        out
    }
}
