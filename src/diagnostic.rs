//! What an author sees when a file is wrong: a code, the place, what was expected and found, and the fix.

mod code;
mod render;

pub use code::Code;
pub use render::{reference, to_json, to_text};

use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be played.
    Error,
    /// It can be played; something is worth a look.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place in a text: bytes for tools, lines and columns for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceSpan {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character, from 1, in characters.
    pub column: usize,
    /// Line of the place after the last character.
    pub end_line: usize,
    /// Column of the place after the last character.
    pub end_column: usize,
}

impl SourceSpan {
    /// The place of a byte range in `text`; a range outside of it is moved to its end.
    pub fn of(text: &str, range: Range<usize>) -> SourceSpan {
        let start = floor(text, range.start);
        let end = floor(text, range.end).max(start);
        let (line, column) = position(text, start);
        let (end_line, end_column) = position(text, end);
        SourceSpan { start, end, line, column, end_line, end_column }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    let column = before.get(line_start..).map_or(0, |t| t.chars().count()) + 1;
    (before.matches('\n').count() + 1, column)
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Path of the file, as shown.
    pub file: String,
    /// Where in it.
    pub span: SourceSpan,
    /// One sentence: what is wrong.
    pub message: String,
    /// Words at the place itself: what was expected.
    pub label: String,
    /// The fix, if one is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem at a byte range of `text`, with the code's usual severity.
    pub fn new(code: Code, file: &str, text: &str, range: Range<usize>, message: String, label: String) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            file: file.to_owned(),
            span: SourceSpan::of(text, range),
            message,
            label,
            help: None,
        }
    }

    /// `file:line:column`.
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.file, self.span.line, self.span.column)
    }
}

/// Whether any of them is an error.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
