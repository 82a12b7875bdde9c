//! What is wrong with a text that is no command, in bash's words and on its lines.

use super::{Parser, Res};

/// Why a text is not a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Line that it is told for, from 1.
    pub line: u32,
    /// In bash's words, without the leading `-bash: `; several lines where bash says several things.
    pub message: String,
    /// More lines may complete the text.
    pub incomplete: bool,
    /// `$?` after it; where there is none, a script ends with the status it had.
    pub status: Option<i32>,
    /// It stands inside a substitution: a shell that no one types to ends.
    pub fatal: bool,
}

/// What a text lacks that ends inside a here-document.
pub const IN_HERE_DOCUMENT: &str = "unexpected end of file in a here-document";

/// `$?` after most errors of syntax.
pub(super) const BAD_SYNTAX: Option<i32> = Some(2);

impl<'a> Parser<'a> {
    pub(super) fn near(&mut self, token: &str) -> ParseError {
        let token = if token == "\n" || token.is_empty() { "newline" } else { token };
        self.syntax(&format!("syntax error near unexpected token `{token}'"))
    }

    /// The token under the cursor stands where it may not.
    pub(super) fn near_here(&mut self) -> ParseError {
        if let Some(op) = self.op() {
            return self.near(op);
        }
        let begin = self.at;
        match self.word() {
            Ok(_) => {
                let word: String = self.chars.get(begin..self.at).unwrap_or_default().iter().collect();
                self.at = begin;
                self.near(&word)
            }
            Err(why) => why,
        }
    }

    pub(super) fn syntax(&mut self, message: &str) -> ParseError {
        ParseError {
            line: self.line(),
            message: message.to_owned(),
            incomplete: false,
            status: BAD_SYNTAX,
            fatal: false,
        }
    }

    pub(super) fn error<T>(&mut self, message: &str) -> Res<T> {
        Err(self.syntax(message))
    }

    /// Number of the line on which the text ends: an empty one behind its last newline.
    pub(super) fn last_line(&mut self) -> u32 {
        let open = self.chars.last().is_some_and(|c| *c != '\n');
        let before = std::mem::replace(&mut self.at, self.chars.len());
        let line = self.line();
        self.at = before;
        line + u32::from(open)
    }

    /// The text ends where a command goes on.
    pub(super) fn ended_early(&mut self) -> ParseError {
        let message = "syntax error: unexpected end of file".to_owned();
        ParseError { line: self.last_line(), message, incomplete: true, status: BAD_SYNTAX, fatal: false }
    }

    pub(super) fn incomplete<T>(&mut self) -> Res<T> {
        Err(self.ended_early())
    }

    /// The text ends inside something that this closes; [`Parser::opened`] knows on which line that began.
    pub(super) fn unclosed<T>(&self, what: &str) -> Res<T> {
        let message = format!("unexpected EOF while looking for matching `{what}'");
        Err(ParseError { line: 0, message, incomplete: true, status: BAD_SYNTAX, fatal: false })
    }

    /// Reads something that has to be closed.
    pub(super) fn opened<T>(&mut self, f: impl FnOnce(&mut Parser<'a>) -> Res<T>) -> Res<T> {
        let line = self.line();
        f(self).map_err(|mut why| {
            if why.line == 0 {
                why.line = line;
            }
            why
        })
    }

    /// The end of the text where something had to follow, or the token that stands there instead.
    pub(super) fn missing(&mut self) -> ParseError {
        self.blank();
        if self.at >= self.chars.len() { self.ended_early() } else { self.near_here() }
    }
}
