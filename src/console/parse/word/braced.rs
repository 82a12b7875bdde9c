//! `${…}` and all its forms.

use super::push;
use crate::console::parse::{Parser, Res};
use crate::console::syntax::{Index, Part, VarOp, Which, Word};

impl Parser<'_> {
    /// Behind `${`, over the closing brace.
    pub(super) fn braced(&mut self, quoted: bool) -> Res<Part> {
        let begin = self.at;
        let mut indirect = false;
        let mut length = false;
        if self.peek() == Some('#')
            && !matches!(self.ahead(1), Some('}' | ':' | '#' | '%' | '/' | '=' | '+' | '-' | '?'))
            || (self.peek() == Some('#')
                && matches!(self.ahead(1), Some('#' | '?' | '-'))
                && self.ahead(2) == Some('}'))
        {
            length = true;
            self.at += 1;
        } else if self.peek() == Some('!')
            && (!matches!(self.ahead(1), Some('}' | ':' | '#' | '%' | '=' | '+' | '-' | '?'))
                || (self.ahead(1) == Some('#') && self.ahead(2) == Some('}')))
        {
            indirect = true;
            self.at += 1;
        }
        if !indirect && self.peek() == Some('!') && self.ahead(1) == Some('#') && self.ahead(2) != Some('}') {
            return self.bad(begin);
        }
        let name = match self.peek() {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.name(),
            Some(c) if c.is_ascii_digit() => {
                let mut digits = String::new();
                while let Some(c) = self.peek()
                    && c.is_ascii_digit()
                {
                    digits.push(c);
                    self.at += 1;
                }
                digits
            }
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*' | '-')) => {
                self.at += 1;
                c.to_string()
            }
            None => return self.unclosed("}"),
            Some(_) => return self.bad(begin),
        };
        let mut index = None;
        if self.peek() == Some('[') {
            self.at += 1;
            let word = self.until_bracket()?;
            index = Some(match word.literal() {
                Some("@") => Index::At,
                Some("*") => Index::Star,
                Some("") => return self.bad(begin),
                _ => Index::Of(word),
            });
        }
        let names = |c: Option<char>| matches!(c, Some('@' | '*'));
        if indirect && index.is_none() && names(self.peek()) && self.ahead(1) == Some('}') {
            let at = self.peek() == Some('@');
            self.at += 2;
            return Ok(Part::Var { name, index, indirect: false, op: VarOp::Names(at) });
        }
        if indirect && matches!(index, Some(Index::At | Index::Star)) && self.peek() == Some('}') {
            self.at += 1;
            return Ok(Part::Var { name, index, indirect: false, op: VarOp::Keys });
        }
        let Some(c) = self.peek() else { return self.unclosed("}") };
        if length {
            if c != '}' {
                return self.bad(begin);
            }
            self.at += 1;
            return Ok(Part::Var { name, index, indirect, op: VarOp::Length });
        }
        self.at += 1;
        let colon = c == ':' && matches!(self.peek(), Some('-' | '=' | '?' | '+'));
        let c = if colon {
            let c = self.peek().unwrap_or('-');
            self.at += 1;
            c
        } else {
            c
        };
        let op = match c {
            '}' => return Ok(Part::Var { name, index, indirect, op: VarOp::Plain }),
            '-' => VarOp::Default(colon, self.brace_word(quoted, &[])?),
            '=' => VarOp::Assign(colon, self.brace_word(quoted, &[])?),
            '?' => VarOp::Error(colon, self.brace_word(quoted, &[])?),
            '+' => VarOp::Instead(colon, self.brace_word(quoted, &[])?),
            '#' | '%' => {
                let longest = self.peek() == Some(c);
                self.at += usize::from(longest);
                let word = self.brace_word(false, &[])?;
                if c == '#' { VarOp::Head(longest, word) } else { VarOp::Tail(longest, word) }
            }
            '/' => {
                let which = match self.peek() {
                    Some('/') => Which::All,
                    Some('#') => Which::Start,
                    Some('%') => Which::End,
                    _ => Which::First,
                };
                self.at += usize::from(which != Which::First);
                // `${x/#/y}`: nothing at the start, so `y` is put before it.
                let empty = matches!(which, Which::Start | Which::End) && self.peek() == Some('/');
                let pattern = if empty { Word::default() } else { self.brace_word(false, &['/'])? };
                let with = if self.peek() == Some('/') {
                    self.at += 1;
                    self.brace_word(false, &[])?
                } else {
                    Word::default()
                };
                VarOp::Replace(which, pattern, with)
            }
            '^' | ',' => {
                let all = self.peek() == Some(c);
                self.at += usize::from(all);
                VarOp::Case(c == '^', all, self.brace_word(false, &[])?)
            }
            '~' => {
                let all = self.peek() == Some(c);
                self.at += usize::from(all);
                VarOp::Toggle(all, self.brace_word(false, &[])?)
            }
            '@' => {
                let Some(kind) = self.peek() else { return self.unclosed("}") };
                if !kind.is_ascii_alphabetic() || self.ahead(1) != Some('}') {
                    return self.bad(begin);
                }
                self.at += 1;
                VarOp::Transform(kind)
            }
            ':' => {
                let (offset, more) = self.slice_part()?;
                let length = if more { Some(self.slice_part()?.0) } else { None };
                VarOp::Slice(offset, length)
            }
            _ => return self.bad(begin),
        };
        if self.peek() != Some('}') {
            return self.unclosed("}");
        }
        self.at += 1;
        Ok(Part::Var { name, index, indirect, op })
    }

    /// Something that bash calls a bad substitution, once it comes to it.
    fn bad(&mut self, begin: usize) -> Res<Part> {
        let mut open = 1u32;
        while open > 0 {
            match self.peek() {
                None => return self.unclosed("}"),
                Some('{') => open += 1,
                Some('}') => open -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        let text: String = self.chars.get(begin..self.at).unwrap_or_default().iter().collect();
        Ok(Part::Var { name: String::new(), index: None, indirect: false, op: VarOp::Bad(format!("${{{text}")) })
    }

    /// An expression of `${x:o:l}`, up to `:` (over it) or `}` (not over it); whether it was `:`.
    fn slice_part(&mut self) -> Res<(Vec<Part>, bool)> {
        let mut parts = Vec::new();
        let (mut open, mut asks) = (0u32, 0u32);
        loop {
            let Some(c) = self.peek() else { return self.unclosed("}") };
            match c {
                '}' if open == 0 => return Ok((parts, false)),
                ':' if open == 0 && asks == 0 => {
                    self.at += 1;
                    return Ok((parts, true));
                }
                ':' => asks = asks.saturating_sub(1),
                '?' => asks += 1,
                '(' | '[' => open += 1,
                ')' | ']' => open = open.saturating_sub(1),
                '\'' | '"' | '$' | '`' => {
                    if c == '$' {
                        self.at += 1;
                        let part = self.dollar(true)?;
                        push(&mut parts, part);
                    } else {
                        self.quoted_part(&mut parts)?;
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            push(&mut parts, Part::Lit(c.to_string()));
        }
    }

    /// The word of `${x:-word}`, up to but not over `}` or one of `ends`.
    fn brace_word(&mut self, quoted: bool, ends: &[char]) -> Res<Word> {
        let mut parts = Vec::new();
        if !quoted && self.peek() == Some('~') && matches!(self.ahead(1), Some('}' | '/')) {
            self.at += 1;
            parts.push(Part::Home(String::new()));
        }
        let mut first = parts.is_empty();
        loop {
            let Some(c) = self.peek() else { return self.unclosed("}") };
            if c == '}' || (ends.contains(&c) && !first) {
                return Ok(Word(parts));
            }
            first = false;
            match c {
                // Inside double quotes single ones are characters.
                '\'' if quoted => {
                    self.at += 1;
                    push(&mut parts, Part::Lit("'".to_owned()));
                }
                '\\' if quoted => {
                    self.at += 1;
                    match self.peek() {
                        Some(c @ ('"' | '\\' | '$' | '`' | '}')) => {
                            self.at += 1;
                            parts.push(Part::Quoted(c.to_string()));
                        }
                        Some('\n') => self.at += 1,
                        _ => push(&mut parts, Part::Lit("\\".to_owned())),
                    }
                }
                '$' if quoted => {
                    self.at += 1;
                    let part = self.dollar(true)?;
                    push(&mut parts, part);
                }
                '`' if quoted => {
                    self.at += 1;
                    let part = self.backquote(true)?;
                    parts.push(part);
                }
                '\'' | '"' | '\\' | '$' | '`' => self.quoted_part(&mut parts)?,
                c => {
                    self.at += 1;
                    push(&mut parts, Part::Lit(c.to_string()));
                }
            }
        }
    }
}
