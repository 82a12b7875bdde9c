//! `[[ … ]]`.

use super::{BAD_SYNTAX, ParseError, Parser, Res, is_meta};
use crate::console::syntax::{Cond, Part, Word};
use std::sync::Arc;

/// Operators with one operand.
pub(super) const UNARY: [&str; 26] = [
    "-a", "-b", "-c", "-d", "-e", "-f", "-g", "-h", "-k", "-p", "-r", "-s", "-t", "-u", "-w", "-x", "-G", "-L", "-N",
    "-O", "-S", "-z", "-n", "-o", "-v", "-R",
];
const BINARY: [&str; 15] =
    ["=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

impl<'a> Parser<'a> {
    /// Up to and over `]]`.
    pub(super) fn condition(&mut self) -> Res<Cond> {
        let line = self.line();
        let cond = self.deeper(Parser::cond_or)?;
        if self.keyword("]]") {
            return Ok(cond);
        }
        if self.at >= self.chars.len() {
            let message = "unexpected EOF while looking for `]]'".to_owned();
            return Err(ParseError { line, message, incomplete: true, status: BAD_SYNTAX, fatal: false });
        }
        let what = "syntax error in conditional expression";
        let token = self.op().map(|op| format!("{what}: unexpected token `{op}'"));
        let why = self.wrong(&token.unwrap_or_else(|| what.to_owned()));
        Err(ParseError { line, ..why })
    }

    fn cond_or(&mut self) -> Res<Cond> {
        let mut left = self.cond_and()?;
        self.newlines();
        while self.eat("||") {
            let right = self.cond_and()?;
            left = Cond::Or(Arc::new(left), Arc::new(right));
            self.newlines();
        }
        Ok(left)
    }

    fn cond_and(&mut self) -> Res<Cond> {
        let mut left = self.deeper(Parser::cond_one)?;
        self.newlines();
        while self.eat("&&") {
            let right = self.deeper(Parser::cond_one)?;
            left = Cond::And(Arc::new(left), Arc::new(right));
            self.newlines();
        }
        Ok(left)
    }

    /// What bash says about a condition; where more lines follow it, a script ends there as if nothing had been wrong.
    fn wrong(&mut self, message: &str) -> ParseError {
        let over = self.chars.get(self.at..).unwrap_or_default().iter().all(|c| *c == '\n');
        ParseError { status: if over { BAD_SYNTAX } else { None }, ..self.syntax(message) }
    }

    /// The operator, the end of the line or the `]]` under the cursor, as bash names it.
    fn end_token(&mut self) -> Option<&'static str> {
        match self.op() {
            Some("\n") => Some("newline"),
            Some(op) => Some(op),
            None if self.at >= self.chars.len() => Some("newline"),
            None => (self.bare_word() == "]]").then_some("]]"),
        }
    }

    fn operand(&mut self, kind: &str, read: impl FnOnce(&mut Parser<'a>) -> Res<Word>) -> Res<Word> {
        match self.end_token() {
            Some(token) => Err(self.wrong(&format!("unexpected argument `{token}' to conditional {kind} operator"))),
            None => read(self),
        }
    }

    fn in_parentheses(&mut self) -> Res<Cond> {
        let line = self.line();
        let expected = |mut why: ParseError| {
            why.message.push_str("\nexpected `)'");
            why
        };
        let inner = self.deeper(Parser::cond_or).map_err(expected)?;
        if self.eat(")") {
            return Ok(inner);
        }
        let token = self.end_token();
        let why =
            self.wrong(&token.map_or("expected `)'".to_owned(), |t| format!("unexpected token `{t}', expected `)'")));
        Err(ParseError { line, ..why })
    }

    fn cond_one(&mut self) -> Res<Cond> {
        self.newlines();
        if self.at >= self.chars.len() {
            let message = "unexpected token `EOF' in conditional command".to_owned();
            return Err(ParseError { message, ..self.ended_early() });
        }
        if self.eat("(") {
            return self.in_parentheses();
        }
        if let Some(op) = self.op() {
            return Err(self.wrong(&format!("unexpected token `{op}' in conditional command")));
        }
        let word = self.bare_word();
        let pattern = self.manner.extglob && self.ahead(1) == Some('(');
        if word == "!" && !pattern {
            self.at += 1;
            return Ok(Cond::Not(Arc::new(self.deeper(Parser::cond_one)?)));
        }
        if word == "]]" {
            return Err(self.wrong(""));
        }
        if UNARY.contains(&word.as_str()) {
            self.at += word.chars().count();
            let operand = self.operand("unary", Parser::word)?;
            return Ok(Cond::Unary(word, operand));
        }
        let left = self.word()?;
        let op = match self.end_token() {
            Some(op @ ("<" | ">")) => op.to_owned(),
            Some("]]" | "&&" | "||" | ")") => return Ok(Cond::Word(left)),
            Some(token) => {
                return Err(self.wrong(&format!("unexpected token `{token}', conditional binary operator expected")));
            }
            None => self.bare_word(),
        };
        if !BINARY.contains(&op.as_str()) {
            return Err(self.wrong("conditional binary operator expected"));
        }
        self.at += op.chars().count();
        let right = match op.as_str() {
            "=~" if self.op() == Some("(") => self.opened(Parser::regex_word)?,
            "=~" => self.operand("binary", |p| p.opened(Parser::regex_word))?,
            "=" | "==" | "!=" => self.operand("binary", Parser::pattern_word)?,
            _ => self.operand("binary", Parser::word)?,
        };
        Ok(Cond::Binary(left, op, right))
    }

    /// A regular expression: parentheses, bars and blanks inside parentheses belong to it.
    fn regex_word(&mut self) -> Res<Word> {
        let mut parts: Vec<Part> = Vec::new();
        let mut open = 0u32;
        let mut set = false;
        loop {
            let Some(c) = self.peek() else {
                if open > 0 {
                    return self.unclosed(")");
                }
                break;
            };
            match c {
                '[' if !set => set = true,
                ']' if set => set = false,
                '(' if !set => open += 1,
                ')' if !set && open == 0 => break,
                ')' if !set => open -= 1,
                '|' | '<' | '>' | ';' if open > 0 || set || c == '|' && self.ahead(1) != Some('|') => {}
                c if is_meta(c) && open == 0 => break,
                '\n' => break,
                _ => {}
            }
            if matches!(c, '\'' | '"' | '\\' | '$' | '`') {
                self.quoted_part(&mut parts)?;
            } else {
                self.at += 1;
                super::word::push(&mut parts, Part::Lit(c.to_string()));
            }
        }
        Ok(Word(parts))
    }
}
