//! `[[ … ]]`.

use super::{Parser, Res, is_meta};
use crate::console::syntax::{Cond, Part, Word};
use std::sync::Arc;

/// Operators with one operand.
pub(super) const UNARY: [&str; 27] = [
    "-a", "-b", "-c", "-d", "-e", "-f", "-g", "-h", "-k", "-p", "-r", "-s", "-t", "-u", "-w", "-x", "-G", "-L", "-N",
    "-O", "-S", "-z", "-n", "-o", "-v", "-R", "-ef",
];
const BINARY: [&str; 14] = ["=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot"];

impl Parser<'_> {
    /// Up to and over `]]`.
    pub(super) fn condition(&mut self) -> Res<Cond> {
        let cond = self.deeper(Parser::cond_or)?;
        self.newlines();
        if !self.keyword("]]") {
            return Err(self.missing("]]"));
        }
        Ok(cond)
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

    fn cond_one(&mut self) -> Res<Cond> {
        self.newlines();
        if self.at >= self.chars.len() {
            return self.incomplete("]]");
        }
        if self.eat("(") {
            let inner = self.deeper(Parser::cond_or)?;
            if !self.eat(")") {
                return Err(self.missing(")"));
            }
            return Ok(inner);
        }
        let word = self.bare_word();
        if word == "!" {
            self.at += 1;
            return Ok(Cond::Not(Arc::new(self.deeper(Parser::cond_one)?)));
        }
        if word == "]]" {
            return Err(self.near("]]"));
        }
        if UNARY.contains(&word.as_str()) {
            let begin = self.at;
            self.at += word.chars().count();
            self.blank();
            let next = self.bare_word();
            let ends = next == "]]" || self.op().is_some() || BINARY.contains(&next.as_str());
            if !ends {
                let operand = self.word()?;
                return Ok(Cond::Unary(word, operand));
            }
            self.at = begin;
        }
        if let Some(op) = self.op() {
            return Err(self.near(op));
        }
        let left = self.word()?;
        self.blank();
        let op = match self.op() {
            Some(op @ ("<" | ">")) => op.to_owned(),
            Some(_) => return Ok(Cond::Word(left)),
            None => self.bare_word(),
        };
        if !BINARY.contains(&op.as_str()) && op != "-ef" {
            if self.at < self.chars.len() && op != "]]" && !op.is_empty() {
                return self.error("conditional binary operator expected");
            }
            return Ok(Cond::Word(left));
        }
        self.at += op.chars().count();
        self.blank();
        if self.at >= self.chars.len() {
            return self.incomplete("]]");
        }
        let right = match op.as_str() {
            "=~" => self.regex_word()?,
            "=" | "==" | "!=" => self.pattern_word()?,
            _ => self.word()?,
        };
        Ok(Cond::Binary(left, op, right))
    }

    /// A regular expression: parentheses, bars and blanks inside parentheses belong to it.
    fn regex_word(&mut self) -> Res<Word> {
        let mut parts: Vec<Part> = Vec::new();
        let mut open = 0u32;
        let mut set = false;
        loop {
            let Some(c) = self.peek() else { return self.incomplete("]]") };
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
