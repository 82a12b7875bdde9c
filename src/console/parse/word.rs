//! Words: quotes, variables, substitutions.

use super::{MAX_DEPTH, ParseError, Parser, Res, is_meta, near};
use crate::console::syntax::{Part, VarOp, Word};
use std::sync::Arc;

impl Parser {
    pub(super) fn word(&mut self) -> Res<Word> {
        let mut parts: Vec<Part> = Vec::new();
        if self.peek() == Some('~') && self.ahead(1).is_none_or(|c| c == '/' || is_meta(c)) {
            self.at += 1;
            parts.push(Part::Home);
        }
        while let Some(c) = self.peek() {
            if is_meta(c) {
                break;
            }
            self.at += 1;
            match c {
                '\'' => {
                    let mut text = String::new();
                    loop {
                        match self.peek() {
                            None => return Err(ParseError::Incomplete),
                            Some('\'') => break,
                            Some(c) => text.push(c),
                        }
                        self.at += 1;
                    }
                    self.at += 1;
                    parts.push(Part::Quoted(text));
                }
                '"' => {
                    let inner = self.double('"')?;
                    parts.push(Part::Double(inner));
                }
                '\\' => match self.peek() {
                    None => return Err(ParseError::Incomplete),
                    Some('\n') => self.at += 1,
                    Some(c) => {
                        self.at += 1;
                        parts.push(Part::Quoted(c.to_string()));
                    }
                },
                '$' => {
                    let part = self.dollar()?;
                    push(&mut parts, part);
                }
                '`' => parts.push(self.backquote()?),
                c => push(&mut parts, Part::Lit(c.to_string())),
            }
        }
        Ok(Word(parts))
    }

    /// Inside double quotes, up to `end` (`"`, or `)` for arithmetic, which is closed by `))`).
    fn double(&mut self, end: char) -> Res<Vec<Part>> {
        let mut parts = Vec::new();
        let mut open = 0u32;
        loop {
            let Some(c) = self.peek() else { return Err(ParseError::Incomplete) };
            self.at += 1;
            match c {
                ')' if end == ')' && open == 0 => {
                    return match self.peek() {
                        Some(')') => {
                            self.at += 1;
                            Ok(parts)
                        }
                        None => Err(ParseError::Incomplete),
                        Some(_) => Err(near(")")),
                    };
                }
                ')' if end == ')' => {
                    open -= 1;
                    push(&mut parts, Part::Lit(")".to_owned()));
                }
                '(' if end == ')' => {
                    open += 1;
                    push(&mut parts, Part::Lit("(".to_owned()));
                }
                c if c == end => return Ok(parts),
                '\\' => match self.peek() {
                    None => return Err(ParseError::Incomplete),
                    Some('\n') => self.at += 1,
                    Some(c @ ('"' | '\\' | '$' | '`')) => {
                        self.at += 1;
                        push(&mut parts, Part::Lit(c.to_string()));
                    }
                    Some(_) => push(&mut parts, Part::Lit("\\".to_owned())),
                },
                '$' => {
                    let part = self.dollar()?;
                    push(&mut parts, part);
                }
                '`' => parts.push(self.backquote()?),
                c => push(&mut parts, Part::Lit(c.to_string())),
            }
        }
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Parser) -> Res<T>) -> Res<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Syntax("commands are nested too deeply".to_owned()));
        }
        let out = f(self);
        self.depth -= 1;
        out
    }

    fn dollar(&mut self) -> Res<Part> {
        match self.peek() {
            Some('(') if self.ahead(1) == Some('(') => {
                self.at += 2;
                self.deeper(|p| p.double(')')).map(Part::Arith)
            }
            Some('(') => {
                self.at += 1;
                let node = self.deeper(|p| p.list(&[]))?;
                if !self.eat(")") {
                    self.blank();
                    return Err(if self.at >= self.chars.len() {
                        ParseError::Incomplete
                    } else {
                        near(&self.bare_word())
                    });
                }
                Ok(Part::Command(Arc::new(node)))
            }
            Some('{') => {
                self.at += 1;
                self.deeper(Parser::braced)
            }
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*' | '0'..='9')) => {
                self.at += 1;
                Ok(Part::Var { name: c.to_string(), op: VarOp::Plain })
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => Ok(Part::Var { name: self.name(), op: VarOp::Plain }),
            _ => Ok(Part::Lit("$".to_owned())),
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek()
            && (c.is_ascii_alphanumeric() || c == '_')
        {
            name.push(c);
            self.at += 1;
        }
        name
    }

    fn braced(&mut self) -> Res<Part> {
        let length = self.peek() == Some('#') && self.ahead(1) != Some('}');
        if length {
            self.at += 1;
        }
        let name = match self.peek() {
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*')) => {
                self.at += 1;
                c.to_string()
            }
            _ => self.name(),
        };
        let bad = || ParseError::Syntax(format!("${{{name}…}}: bad substitution"));
        let op = match self.peek() {
            None => return Err(ParseError::Incomplete),
            Some('}') if name.is_empty() => return Err(ParseError::Syntax("${}: bad substitution".to_owned())),
            Some('}') if length => VarOp::Length,
            Some('}') => VarOp::Plain,
            Some(':') if matches!(self.ahead(1), Some('-' | '+')) && !name.is_empty() => {
                let default = self.ahead(1) == Some('-');
                self.at += 2;
                let word = self.brace_word()?;
                if default { VarOp::Default(word) } else { VarOp::Instead(word) }
            }
            Some(':') if self.ahead(1).is_none() => return Err(ParseError::Incomplete),
            Some(_) => return Err(bad()),
        };
        self.at += 1;
        Ok(Part::Var { name, op })
    }

    /// The word of `${x:-word}`, up to but not over `}`.
    fn brace_word(&mut self) -> Res<Word> {
        let mut parts = Vec::new();
        loop {
            let Some(c) = self.peek() else { return Err(ParseError::Incomplete) };
            if c == '}' {
                return Ok(Word(parts));
            }
            self.at += 1;
            match c {
                '"' => parts.push(Part::Double(self.double('"')?)),
                '\'' => {
                    let mut text = String::new();
                    while let Some(c) = self.peek()
                        && c != '\''
                    {
                        text.push(c);
                        self.at += 1;
                    }
                    if self.peek().is_none() {
                        return Err(ParseError::Incomplete);
                    }
                    self.at += 1;
                    parts.push(Part::Quoted(text));
                }
                '$' => {
                    let part = self.dollar()?;
                    push(&mut parts, part);
                }
                c => push(&mut parts, Part::Lit(c.to_string())),
            }
        }
    }

    fn backquote(&mut self) -> Res<Part> {
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else { return Err(ParseError::Incomplete) };
            self.at += 1;
            match c {
                '`' => break,
                '\\' if matches!(self.peek(), Some('`' | '\\' | '$')) => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            return Err(ParseError::Syntax("commands are nested too deeply".to_owned()));
        }
        let mut inner = Parser { chars: text.chars().collect(), at: 0, depth };
        let node = inner.list(&[])?;
        match inner.op() {
            Some(op) => Err(near(op)),
            None => Ok(Part::Command(Arc::new(node))),
        }
    }
}

fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (Some(Part::Lit(a)), Part::Lit(b)) => a.push_str(&b),
        (_, part) => parts.push(part),
    }
}
