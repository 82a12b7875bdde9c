//! Words: quotes, variables, substitutions.

use super::{ParseError, Parser, Res, is_meta};
use crate::console::syntax::{Node, Part, VarOp, Word};
use std::sync::Arc;

mod braced;

impl Parser<'_> {
    pub(super) fn word(&mut self) -> Res<Word> {
        self.word_of(false)
    }

    /// A word; in an assignment a `~` after `:` is a home too.
    pub(super) fn word_of(&mut self, assignment: bool) -> Res<Word> {
        let mut parts: Vec<Part> = Vec::new();
        let mut equals = false;
        self.home(&mut parts);
        while let Some(c) = self.peek() {
            match c {
                '<' | '>' if self.ahead(1) == Some('(') => {
                    self.at += 2;
                    let node = self.substitution()?;
                    parts.push(Part::Process(node, c == '>'));
                }
                '?' | '*' | '+' | '@' | '!' if self.manner.extglob && self.ahead(1) == Some('(') => {
                    self.extended(&mut parts)?
                }
                c if is_meta(c) => break,
                '\'' | '"' | '\\' | '$' | '`' => self.quoted_part(&mut parts)?,
                c => {
                    let begun = !parts.is_empty();
                    self.at += 1;
                    push(&mut parts, Part::Lit(c.to_string()));
                    // `--file=~/x`: a home behind the first `=` too.
                    let first = c == '=' && !assignment && !std::mem::replace(&mut equals, true) && begun;
                    if first || (c == ':' && assignment) {
                        self.home(&mut parts);
                    }
                }
            }
        }
        Ok(Word(parts))
    }

    /// A pattern between `[[` and `]]`, where extended ones are always known.
    pub(super) fn pattern_word(&mut self) -> Res<Word> {
        let before = std::mem::replace(&mut self.manner.extglob, true);
        let word = self.word();
        self.manner.extglob = before;
        word
    }

    fn home(&mut self, parts: &mut Vec<Part>) {
        if self.peek() != Some('~') {
            return;
        }
        let name: String = self
            .chars
            .iter()
            .skip(self.at + 1)
            .take_while(|c| c.is_ascii_alphanumeric() || "_-+".contains(**c))
            .collect();
        let len = 1 + name.chars().count();
        if self.ahead(len).is_none_or(|c| c == '/' || c == ':' || is_meta(c)) {
            self.at += len;
            parts.push(Part::Home(name));
        }
    }

    /// An extended pattern such as `@(a|b)`: it is one word whatever stands inside.
    fn extended(&mut self, parts: &mut Vec<Part>) -> Res<()> {
        let head: String = self.chars.iter().skip(self.at).take(2).collect();
        self.at += 2;
        push(parts, Part::Lit(head));
        let mut open = 1u32;
        while open > 0 {
            let Some(c) = self.peek() else { return self.unclosed(")") };
            match c {
                '\'' | '"' | '\\' | '$' | '`' => {
                    self.quoted_part(parts)?;
                    continue;
                }
                '(' => open += 1,
                ')' => open -= 1,
                '\n' => return Err(self.near("\n")),
                _ => {}
            }
            self.at += 1;
            push(parts, Part::Lit(c.to_string()));
        }
        Ok(())
    }

    /// A quote, an escape or an expansion under the cursor.
    pub(super) fn quoted_part(&mut self, parts: &mut Vec<Part>) -> Res<()> {
        self.opened(|p| p.quote(parts))
    }

    fn quote(&mut self, parts: &mut Vec<Part>) -> Res<()> {
        let c = self.peek();
        self.at += 1;
        match c {
            Some('\'') => {
                let mut text = String::new();
                loop {
                    match self.peek() {
                        None => return self.unclosed("'"),
                        Some('\'') => break,
                        Some(c) => text.push(c),
                    }
                    self.at += 1;
                }
                self.at += 1;
                parts.push(Part::Quoted(text));
            }
            Some('"') => {
                let inner = self.double()?;
                parts.push(Part::Double(inner));
            }
            Some('\\') => match self.peek() {
                None if self.last => push(parts, Part::Lit("\\".to_owned())),
                None => return self.incomplete(),
                Some('\n') => self.at += 1,
                Some(c) => {
                    self.at += 1;
                    parts.push(Part::Quoted(c.to_string()));
                }
            },
            Some('$') => {
                let part = self.dollar(false)?;
                push(parts, part);
            }
            Some('`') => parts.push(self.backquote(false)?),
            _ => {}
        }
        Ok(())
    }

    /// Inside double quotes, over the closing one.
    fn double(&mut self) -> Res<Vec<Part>> {
        let mut parts = Vec::new();
        loop {
            let Some(c) = self.peek() else { return self.unclosed("\"") };
            self.at += 1;
            match c {
                '"' => return Ok(parts),
                '\\' => match self.peek() {
                    None => return self.unclosed("\""),
                    Some('\n') => self.at += 1,
                    Some(c @ ('"' | '\\' | '$' | '`')) => {
                        self.at += 1;
                        push(&mut parts, Part::Lit(c.to_string()));
                    }
                    Some(_) => push(&mut parts, Part::Lit("\\".to_owned())),
                },
                '$' => {
                    let part = self.dollar(true)?;
                    push(&mut parts, part);
                }
                '`' => parts.push(self.backquote(true)?),
                c => push(&mut parts, Part::Lit(c.to_string())),
            }
        }
    }

    /// An arithmetic expression up to and over one of `ends` that stands outside parentheses.
    pub(super) fn expression(&mut self, ends: &[char]) -> Res<Vec<Part>> {
        let mut parts = Vec::new();
        let mut open = 0u32;
        loop {
            let Some(c) = self.peek() else { return self.unclosed(if ends == [']'] { "]" } else { ")" }) };
            if open == 0 && ends.contains(&c) {
                self.at += 1;
                return Ok(parts);
            }
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                // `$"2"` and `$'2'` are no more than `"2"` and `'2'`.
                '$' if matches!(self.ahead(1), Some('"' | '\'')) => {}
                '\'' | '"' | '$' | '`' => {
                    if c == '$' {
                        self.at += 1;
                        let part = self.dollar(true)?;
                        push(&mut parts, part);
                    } else if c == '\'' {
                        // Single quotes are no quotes here: they stay, and no number has any.
                        let mut text = Vec::new();
                        self.quoted_part(&mut text)?;
                        for part in text {
                            if let Part::Quoted(t) = part {
                                push(&mut parts, Part::Lit(format!("'{t}'")));
                            }
                        }
                    } else {
                        self.quoted_part(&mut parts)?;
                    }
                    continue;
                }
                '\\' if self.ahead(1) == Some('\n') => {
                    self.at += 2;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if c != '$' {
                push(&mut parts, Part::Lit(c.to_string()));
            }
        }
    }

    /// Up to and over `]`.
    pub(super) fn until_bracket(&mut self) -> Res<Word> {
        let mut parts = Vec::new();
        let mut open = 0u32;
        loop {
            let Some(c) = self.peek() else { return self.unclosed("]") };
            match c {
                '\'' | '"' | '\\' | '$' | '`' => {
                    self.quoted_part(&mut parts)?;
                    continue;
                }
                '[' => open += 1,
                ']' if open == 0 => {
                    self.at += 1;
                    return Ok(Word(parts));
                }
                ']' => open -= 1,
                '\n' => return self.error("bad array subscript"),
                _ => {}
            }
            self.at += 1;
            push(&mut parts, Part::Lit(c.to_string()));
        }
    }

    /// Commands up to and over `)`.
    fn substitution(&mut self) -> Res<Arc<Node>> {
        self.inside().map_err(|why| ParseError { fatal: !why.incomplete, ..why })
    }

    fn inside(&mut self) -> Res<Arc<Node>> {
        let node = self.deeper(|p| {
            p.nested += 1;
            let used = std::mem::take(&mut p.alias_used);
            let node = p.list(&[]);
            p.alias_used = used;
            p.nested -= 1;
            node
        })?;
        if !self.eat(")") {
            self.blank();
            if self.at >= self.chars.len() {
                let line = self.last_line();
                return self.unclosed(")").map_err(|why| ParseError { line, ..why });
            }
            return Err(self.near_here());
        }
        Ok(Arc::new(node))
    }

    /// What follows a `$`.
    pub(super) fn dollar(&mut self, quoted: bool) -> Res<Part> {
        self.opened(|p| p.expansion(quoted))
    }

    fn expansion(&mut self, quoted: bool) -> Res<Part> {
        match self.peek() {
            Some('(') if self.ahead(1) == Some('(') => {
                let begin = self.at;
                self.at += 2;
                match self.deeper(|p| p.expression(&[')'])) {
                    Ok(parts) if self.peek() == Some(')') => {
                        self.at += 1;
                        return Ok(Part::Arith(parts));
                    }
                    Err(e) if e.incomplete => return Err(e),
                    Err(e) if self.depth >= super::MAX_DEPTH => return Err(e),
                    _ => {}
                }
                // `$((cmd) | cmd)`: a subshell inside a substitution.
                self.at = begin + 1;
                // A text that ends in it lacks the end of an expression.
                let inner = self.substitution().map_err(|why| match why.incomplete {
                    true if why.message.contains("matching") => ParseError { line: 0, ..why },
                    _ => why,
                });
                Ok(Part::Command(inner?))
            }
            Some('(') => {
                self.at += 1;
                Ok(Part::Command(self.substitution()?))
            }
            Some('[') => {
                self.at += 1;
                Ok(Part::Arith(self.deeper(|p| p.expression(&[']']))?))
            }
            Some('{') => {
                self.at += 1;
                self.deeper(|p| p.braced(quoted))
            }
            Some('\'') if !quoted => {
                self.at += 1;
                self.ansi()
            }
            Some('"') if !quoted => {
                self.at += 1;
                Ok(Part::Double(self.double()?))
            }
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*' | '-' | '0'..='9')) => {
                self.at += 1;
                Ok(plain_var(c.to_string()))
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.name();
                Ok(plain_var(name))
            }
            _ => Ok(Part::Lit("$".to_owned())),
        }
    }

    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        loop {
            match self.peek() {
                Some(c) if c.is_ascii_alphanumeric() || c == '_' => {
                    name.push(c);
                    self.at += 1;
                }
                // A line that goes on, with more of the name.
                Some('\\') if self.ahead(1) == Some('\n') => {
                    let more = self.ahead(2).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
                    if !more {
                        return name;
                    }
                    self.at += 2;
                }
                _ => return name,
            }
        }
    }

    /// `$'…'`, over the closing quote.
    fn ansi(&mut self) -> Res<Part> {
        let mut raw = String::new();
        loop {
            match self.peek() {
                None => return self.unclosed("'"),
                Some('\'') => break,
                Some('\\') => {
                    raw.push('\\');
                    self.at += 1;
                    match self.peek() {
                        None => return self.unclosed("'"),
                        Some(c) => raw.push(c),
                    }
                }
                Some(c) => raw.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        // The text ends at a NUL byte, as texts in memory do.
        let text = crate::console::escape::ansi(&raw);
        Ok(Part::Quoted(text.split('\0').next().unwrap_or_default().to_owned()))
    }

    pub(super) fn backquote(&mut self, quoted: bool) -> Res<Part> {
        let mut text = String::new();
        let line = self.line();
        loop {
            let Some(c) = self.peek() else { return self.unclosed("`") };
            self.at += 1;
            match c {
                '`' => break,
                '\\' if matches!(self.peek(), Some('`' | '\\' | '$')) || (quoted && self.peek() == Some('"')) => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        let depth = self.depth + 1;
        if depth > super::MAX_DEPTH {
            return self.error("commands are nested too deeply");
        }
        let mut inner = Parser::new(text.chars().collect(), line, depth, self.manner);
        inner.last = true;
        let all =
            inner.list(&[]).and_then(|node| if inner.at < inner.chars.len() { Err(inner.missing()) } else { Ok(node) });
        Ok(Part::Command(Arc::new(all.unwrap_or_else(|_| {
            // What is wrong inside is found out by the shell that runs it.
            let words = vec![Word(vec![Part::Lit("eval".to_owned())]), Word(vec![Part::Quoted(text)])];
            Node::Simple { line, assigns: Vec::new(), words, redirs: Vec::new() }
        }))))
    }
}

fn plain_var(name: String) -> Part {
    Part::Var { name, index: None, indirect: false, op: VarOp::Bare }
}

pub(super) fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (Some(Part::Lit(a)), Part::Lit(b)) => a.push_str(&b),
        (_, part) => parts.push(part),
    }
}
