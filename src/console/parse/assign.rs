//! Assignments: `x=1`, `x+=1`, `a[i]=1`, `a=(…)`.

use super::{ParseError, Parser, Res, is_meta};
use crate::console::syntax::{Assign, AssignValue, Element, Word};

impl Parser<'_> {
    /// The assignment under the cursor; nothing is consumed if it is something else.
    pub(super) fn assignment(&mut self) -> Res<Option<Assign>> {
        self.blank();
        let begin = self.at;
        let mut name = String::new();
        while let Some(c) = self.peek()
            && (c.is_ascii_alphanumeric() || c == '_')
            && !(name.is_empty() && c.is_ascii_digit())
        {
            name.push(c);
            self.at += 1;
        }
        if name.is_empty() {
            return Ok(None);
        }
        let mut index = None;
        if self.peek() == Some('[') {
            match self.index_word() {
                Ok(Some(word)) => index = Some(word),
                _ => {
                    self.at = begin;
                    return Ok(None);
                }
            }
        }
        let append = self.peek() == Some('+') && self.ahead(1) == Some('=');
        if append {
            self.at += 1;
        }
        if self.peek() != Some('=') {
            self.at = begin;
            return Ok(None);
        }
        self.at += 1;
        let value = if self.peek() == Some('(') {
            self.at += 1;
            // What is wrong inside it is no error of the command that it stands in.
            let all = self.opened(|p| p.deeper(Parser::elements));
            AssignValue::Array(all.map_err(|why| ParseError { status: Some(1), ..why })?)
        } else if self.peek().is_none_or(|c| is_meta(c) && !matches!((c, self.ahead(1)), ('<' | '>', Some('(')))) {
            AssignValue::Word(Word::default())
        } else {
            AssignValue::Word(self.word_of(true)?)
        };
        Ok(Some(Assign { name, index, append, value }))
    }

    /// `[…]` under the cursor, behind which `=` or `+=` has to follow.
    fn index_word(&mut self) -> Res<Option<Word>> {
        let begin = self.at;
        self.at += 1;
        let word = self.until_bracket()?;
        let assigns = self.peek() == Some('=') || (self.peek() == Some('+') && self.ahead(1) == Some('='));
        if assigns {
            return Ok(Some(word));
        }
        self.at = begin;
        Ok(None)
    }

    fn elements(&mut self) -> Res<Vec<Element>> {
        let mut all = Vec::new();
        loop {
            self.newlines();
            if self.eat(")") {
                return Ok(all);
            }
            if self.at >= self.chars.len() {
                return self.unclosed(")");
            }
            let process = matches!(self.peek(), Some('<' | '>')) && self.ahead(1) == Some('(');
            if !process && let Some(op) = self.op() {
                return Err(self.near(op));
            }
            let (mut index, mut append) = (None, false);
            if self.peek() == Some('[') {
                index = self.index_word()?;
                if index.is_some() {
                    append = self.peek() == Some('+');
                    self.at += 1 + usize::from(append);
                }
            }
            let word = if index.is_some() && self.peek().is_none_or(is_meta) {
                Word::default()
            } else {
                self.word_of(index.is_some())?
            };
            all.push(Element { index, append, word });
        }
    }
}
