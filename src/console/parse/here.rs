//! Here-documents. Their lines are taken out of the text as soon as the operator is read, so that the rest of the line
//! is parsed as if they were not there.

use super::word::push;
use super::{IN_HERE_DOCUMENT, ParseError, Parser, Res};
use crate::console::syntax::{Part, Word};

impl Parser<'_> {
    /// The delimiter stands under the cursor; the text, and whether the delimiter was quoted.
    pub(super) fn here_document(&mut self, strip: bool) -> Res<(Word, bool)> {
        let from = self.at;
        let word = self.word()?;
        let typed = self.chars.get(from..self.at).unwrap_or_default();
        let quoted = typed.iter().any(|c| matches!(c, '\'' | '"' | '\\'));
        let delimiter = if quoted { plain(&word) } else { typed.iter().collect() };
        let Some(begin) = self.line_end() else {
            if self.last {
                let line = self.line();
                let why =
                    format!("warning: here-document at line {line} delimited by end-of-file (wanted `{delimiter}')");
                self.warnings.push((line, why));
                return Ok((Word::default(), quoted));
            }
            return Err(ParseError { message: IN_HERE_DOCUMENT.to_owned(), ..self.ended_early() });
        };
        let mut body = String::new();
        let mut at = begin + 1;
        let mut closed = false;
        let mut lines = 0u32;
        while at < self.chars.len() {
            let mut line = String::new();
            loop {
                let len = self.chars.iter().skip(at).take_while(|c| **c != '\n').count();
                line.extend(self.chars.iter().skip(at).take(len));
                at = (at + len + 1).min(self.chars.len());
                lines += 1;
                // A line that goes on is one with the next.
                let open = line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
                if quoted || !open || at >= self.chars.len() {
                    break;
                }
                line.pop();
            }
            let line = if strip { line.trim_start_matches('\t') } else { line.as_str() };
            if line == delimiter {
                closed = true;
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        if !closed && !self.last {
            return Err(ParseError { message: IN_HERE_DOCUMENT.to_owned(), ..self.ended_early() });
        }
        if !closed {
            let end = self.last_line() - u32::from(self.chars.last() == Some(&'\n'));
            let begun = self.line();
            let why = format!("warning: here-document at line {begun} delimited by end-of-file (wanted `{delimiter}')");
            self.warnings.push((end, why));
        }
        // The newline that ends the command stays.
        self.chars.drain(begin + 1..at);
        self.removed.push((begin + 1, lines));
        let word = if quoted {
            Word(vec![Part::Quoted(body)])
        } else {
            let line = self.line();
            let mut inner = Parser::new(body.chars().collect(), line, self.depth, self.manner);
            Word(vec![Part::Double(inner.here_parts()?)])
        };
        Ok((word, quoted))
    }

    /// The newline that ends the present line, if it is not inside quotes.
    fn line_end(&self) -> Option<usize> {
        let mut quote = None;
        let mut i = self.at;
        while let Some(c) = self.chars.get(i).copied() {
            match (c, quote) {
                ('\\', None | Some('"')) => i += 1,
                ('\n', None) => return Some(i),
                ('\'' | '"', None) => quote = Some(c),
                (c, Some(q)) if c == q => quote = None,
                _ => {}
            }
            i += 1;
        }
        // A quote that never closes was no quote: take the first newline.
        self.chars.iter().skip(self.at).position(|c| *c == '\n').map(|n| n + self.at)
    }

    pub(super) fn here_parts(&mut self) -> Res<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => match self.peek() {
                    Some('\n') => self.at += 1,
                    Some(c @ ('\\' | '$' | '`')) => {
                        self.at += 1;
                        push(&mut parts, Part::Lit(c.to_string()));
                    }
                    _ => push(&mut parts, Part::Lit("\\".to_owned())),
                },
                '$' => {
                    let part = self.dollar(true)?;
                    push(&mut parts, part);
                }
                '`' => parts.push(self.backquote(true)?),
                c => push(&mut parts, Part::Lit(c.to_string())),
            }
        }
        Ok(parts)
    }
}

/// A word with its quotes removed and nothing expanded.
fn plain(word: &Word) -> String {
    let mut out = String::new();
    for part in &word.0 {
        match part {
            Part::Lit(t) | Part::Quoted(t) => out.push_str(t),
            Part::Double(inner) => out.push_str(&plain(&Word(inner.clone()))),
            Part::Var { name, .. } => out.push_str(&format!("${name}")),
            Part::Home(name) => out.push_str(&format!("~{name}")),
            _ => {}
        }
    }
    out
}
