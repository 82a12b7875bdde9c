//! Text to syntax tree: recursive descent with a depth limit, so that no line can exhaust the stack.

use crate::console::brace;
use crate::console::syntax::{Item, Node, Part, Redir, RedirKind, Word};
use std::sync::Arc;

mod word;

const MAX_DEPTH: u32 = 40;

/// Why a text is not a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// More lines may complete it.
    Incomplete,
    /// In bash's words, without the leading `-bash: `.
    Syntax(String),
}

type Res<T> = Result<T, ParseError>;

/// Parses a whole text.
pub fn parse(text: &str) -> Res<Arc<Node>> {
    let mut p = Parser { chars: text.chars().collect(), at: 0, depth: 0 };
    let node = p.list(&[])?;
    match p.op() {
        None if p.at >= p.chars.len() => Ok(Arc::new(node)),
        Some(op) => Err(near(op)),
        None => Err(near(&p.bare_word())),
    }
}

fn near(token: &str) -> ParseError {
    let token = if token == "\n" || token.is_empty() { "newline" } else { token };
    ParseError::Syntax(format!("syntax error near unexpected token `{token}'"))
}

const OPS: [&str; 18] =
    ["<<<", "<<", "&&", "||", ";;", "&>>", "&>", "|&", ">>", ">&", "<&", "|", "&", ";", "(", ")", "<", ">"];
const RESERVED_ENDS: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, n: usize) -> Option<char> {
        self.chars.get(self.at + n).copied()
    }

    fn blank(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.ahead(1) == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn op(&mut self) -> Option<&'static str> {
        self.blank();
        if self.peek() == Some('\n') {
            return Some("\n");
        }
        OPS.into_iter().find(|op| op.chars().enumerate().all(|(i, c)| self.ahead(i) == Some(c)))
    }

    fn eat(&mut self, op: &str) -> bool {
        if self.op() == Some(op) {
            self.at += op.chars().count();
            return true;
        }
        false
    }

    fn newlines(&mut self) {
        while self.eat("\n") {}
    }

    fn bare_word(&mut self) -> String {
        self.blank();
        let mut out = String::new();
        let mut i = 0;
        while let Some(c) = self.ahead(i) {
            if is_meta(c) || "'\"\\$`".contains(c) {
                if !is_meta(c) {
                    out.push(c);
                }
                break;
            }
            out.push(c);
            i += 1;
        }
        out
    }

    fn keyword(&mut self, word: &str) -> bool {
        if self.bare_word() == word {
            self.at += word.chars().count();
            return true;
        }
        false
    }

    fn need(&mut self, word: &str) -> Res<()> {
        self.newlines();
        if self.keyword(word) {
            return Ok(());
        }
        self.blank();
        if self.at >= self.chars.len() {
            return Err(ParseError::Incomplete);
        }
        match self.op() {
            Some(op) => Err(near(op)),
            None => Err(near(&self.bare_word())),
        }
    }

    fn list(&mut self, ends: &[&str]) -> Res<Node> {
        let mut items = Vec::new();
        loop {
            self.newlines();
            match self.op() {
                Some(")" | ";;") => break,
                Some(op @ (";" | "&" | "|" | "&&" | "||" | "|&")) => return Err(near(op)),
                _ => {}
            }
            if self.at >= self.chars.len() {
                break;
            }
            let word = self.bare_word();
            if ends.contains(&word.as_str()) {
                break;
            }
            if RESERVED_ENDS.contains(&word.as_str()) {
                return Err(near(&word));
            }
            let from = self.at;
            let node = Arc::new(self.and_or()?);
            let to = self.at.min(self.chars.len());
            let text: String = self.chars.get(from..to).unwrap_or_default().iter().collect();
            let mut item = Item { node, background: false, text: text.trim().to_owned() };
            match self.op() {
                Some("&") => {
                    self.at += 1;
                    item.background = true;
                    items.push(item);
                }
                Some(";" | "\n") => {
                    self.at += 1;
                    items.push(item);
                }
                _ => {
                    items.push(item);
                    break;
                }
            }
        }
        Ok(Node::List(items))
    }

    fn body(&mut self, ends: &[&str]) -> Res<Arc<Node>> {
        let node = self.list(ends)?;
        if let Node::List(items) = &node
            && items.is_empty()
        {
            self.blank();
            if self.at >= self.chars.len() {
                return Err(ParseError::Incomplete);
            }
            let token = match self.op() {
                Some(op) => op.to_owned(),
                None => self.bare_word(),
            };
            return Err(near(&token));
        }
        Ok(Arc::new(node))
    }

    fn and_or(&mut self) -> Res<Node> {
        let mut left = self.pipeline()?;
        loop {
            let and = match self.op() {
                Some("&&") => true,
                Some("||") => false,
                _ => return Ok(left),
            };
            self.at += 2;
            self.newlines();
            if self.at >= self.chars.len() {
                return Err(ParseError::Incomplete);
            }
            let right = self.pipeline()?;
            left = Node::AndOr { left: Arc::new(left), and, right: Arc::new(right) };
        }
    }

    fn pipeline(&mut self) -> Res<Node> {
        let mut negate = false;
        while self.bare_word() == "!" {
            self.at += 1;
            negate = !negate;
        }
        let mut parts = vec![Arc::new(self.command()?)];
        while let Some(op @ ("|" | "|&")) = self.op() {
            if op == "|&" {
                return Err(ParseError::Syntax("`|&' is not available in this shell; use `2>&1 |'".to_owned()));
            }
            self.at += 1;
            self.newlines();
            if self.at >= self.chars.len() {
                return Err(ParseError::Incomplete);
            }
            parts.push(Arc::new(self.command()?));
        }
        if parts.len() == 1
            && !negate
            && let Some(one) = parts.pop()
        {
            return Ok(Arc::unwrap_or_clone(one));
        }
        Ok(Node::Pipe { negate, parts })
    }

    fn command(&mut self) -> Res<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Syntax("commands are nested too deeply".to_owned()));
        }
        let node = self.compound();
        self.depth -= 1;
        node
    }

    fn compound(&mut self) -> Res<Node> {
        let word = self.bare_word();
        let node = match word.as_str() {
            "if" => {
                self.at += 2;
                let mut arms = Vec::new();
                let mut other = None;
                loop {
                    let cond = self.body(&["then"])?;
                    self.need("then")?;
                    let body = self.body(&["elif", "else", "fi"])?;
                    arms.push((cond, body));
                    if self.keyword("elif") {
                        continue;
                    }
                    if self.keyword("else") {
                        other = Some(self.body(&["fi"])?);
                    }
                    self.need("fi")?;
                    break;
                }
                Node::If { arms, other }
            }
            "while" | "until" => {
                self.at += 5;
                let cond = self.body(&["do"])?;
                let body = self.do_done()?;
                Node::Loop { cond, body, until: word == "until" }
            }
            "for" => {
                self.at += 3;
                let var = self.bare_word();
                if !is_name(&var) {
                    if self.at >= self.chars.len() {
                        return Err(ParseError::Incomplete);
                    }
                    return Err(ParseError::Syntax(format!("`{var}': not a valid identifier")));
                }
                self.at += var.chars().count();
                self.newlines();
                let mut words = Vec::new();
                if self.keyword("in") {
                    while self.op().is_none() && self.at < self.chars.len() {
                        words.extend(brace::expand(self.word()?));
                    }
                }
                if !self.eat(";") && self.op() != Some("\n") && self.bare_word() != "do" {
                    if self.at >= self.chars.len() {
                        return Err(ParseError::Incomplete);
                    }
                    let token = self.op().unwrap_or("");
                    return Err(near(token));
                }
                let body = self.do_done()?;
                Node::For { var, words, body }
            }
            "case" => self.case()?,
            "{" => {
                self.at += 1;
                let body = self.body(&["}"])?;
                self.need("}")?;
                Arc::unwrap_or_clone(body)
            }
            "[[" | "function" | "select" | "time" | "coproc" => {
                return Err(ParseError::Syntax(format!("`{word}' is not available in this shell")));
            }
            _ if self.op() == Some("(") => {
                self.at += 1;
                let body = self.body(&[])?;
                if !self.eat(")") {
                    self.blank();
                    return Err(if self.at >= self.chars.len() {
                        ParseError::Incomplete
                    } else {
                        near(&self.bare_word())
                    });
                }
                Node::Subshell(body)
            }
            _ => return self.simple(),
        };
        let mut redirs = Vec::new();
        while let Some(r) = self.redir()? {
            redirs.push(r);
        }
        Ok(if redirs.is_empty() { node } else { Node::Redirected { node: Arc::new(node), redirs } })
    }

    fn do_done(&mut self) -> Res<Arc<Node>> {
        self.newlines();
        self.need("do")?;
        let body = self.body(&["done"])?;
        self.need("done")?;
        Ok(body)
    }

    fn case(&mut self) -> Res<Node> {
        self.at += 4;
        self.blank();
        if self.at >= self.chars.len() {
            return Err(ParseError::Incomplete);
        }
        let word = self.word()?;
        self.need("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.keyword("esac") {
                return Ok(Node::Case { word, arms });
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.blank();
                if self.at >= self.chars.len() {
                    return Err(ParseError::Incomplete);
                }
                if let Some(op) = self.op() {
                    return Err(near(op));
                }
                patterns.push(self.word()?);
                if !self.eat("|") {
                    break;
                }
            }
            if !self.eat(")") {
                self.blank();
                return Err(if self.at >= self.chars.len() { ParseError::Incomplete } else { near(&self.bare_word()) });
            }
            let body = Arc::new(self.list(&["esac"])?);
            arms.push((patterns, body));
            if !self.eat(";;") && self.bare_word() != "esac" {
                self.blank();
                return Err(if self.at >= self.chars.len() { ParseError::Incomplete } else { near(&self.bare_word()) });
            }
        }
    }

    fn simple(&mut self) -> Res<Node> {
        let (mut assigns, mut words, mut redirs) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(r) = self.redir()? {
                redirs.push(r);
                continue;
            }
            match self.op() {
                Some("(") if words.len() == 1 => {
                    return Err(ParseError::Syntax("functions are not available in this shell".to_owned()));
                }
                Some("(") => return Err(near("(")),
                Some(_) => break,
                None => {}
            }
            if self.at >= self.chars.len() {
                break;
            }
            if words.is_empty()
                && let Some(name) = self.assignment()
            {
                let value = if self.op_or_end_here() { Word::default() } else { self.word()? };
                assigns.push((name, value));
                continue;
            }
            words.extend(brace::expand(self.word()?));
        }
        if assigns.is_empty() && words.is_empty() && redirs.is_empty() {
            let token = self.op().unwrap_or("").to_owned();
            return Err(if token.is_empty() { ParseError::Incomplete } else { near(&token) });
        }
        Ok(Node::Simple { assigns, words, redirs })
    }

    fn op_or_end_here(&self) -> bool {
        self.peek().is_none_or(is_meta)
    }

    fn assignment(&mut self) -> Option<String> {
        let mut name = String::new();
        let mut i = 0;
        while let Some(c) = self.ahead(i) {
            i += 1;
            if c == '=' {
                if !is_name(&name) {
                    return None;
                }
                self.at += i;
                return Some(name);
            }
            if !(c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            name.push(c);
        }
        None
    }

    fn redir(&mut self) -> Res<Option<Redir>> {
        self.blank();
        let mut fd = None;
        if let Some(c @ '0'..='9') = self.peek()
            && matches!(self.ahead(1), Some('<' | '>'))
        {
            fd = c.to_digit(10).map(|d| d as u8);
            self.at += 1;
        }
        let Some(op) = self.op() else { return Ok(None) };
        let (default, mut kind) = match op {
            "<" => (0, RedirKind::In),
            ">" => (1, RedirKind::Out),
            ">>" => (1, RedirKind::Append),
            "&>" => (3, RedirKind::Out),
            "&>>" => (3, RedirKind::Append),
            ">&" => (1, RedirKind::Dup(1)),
            "<<<" => (0, RedirKind::Text),
            "<<" => return Err(ParseError::Syntax("here-documents are not available in this shell".to_owned())),
            "<&" => return Err(ParseError::Syntax("`<&' is not available in this shell".to_owned())),
            _ if fd.is_some() => return Err(near(op)),
            _ => return Ok(None),
        };
        self.at += op.chars().count();
        self.blank();
        if self.at >= self.chars.len() {
            return Err(near("newline"));
        }
        if let Some(op) = self.op() {
            return Err(near(op));
        }
        let fd = fd.unwrap_or(default);
        if fd > 3 || (fd == 3 && default != 3) {
            return Err(ParseError::Syntax(format!("{fd}: only descriptors 0, 1 and 2 are available")));
        }
        let word = self.word()?;
        if let RedirKind::Dup(_) = kind {
            kind = match word.0.as_slice() {
                [Part::Lit(t)] if t == "1" => RedirKind::Dup(1),
                [Part::Lit(t)] if t == "2" => RedirKind::Dup(2),
                _ => return Err(ParseError::Syntax("ambiguous redirect".to_owned())),
            };
        }
        Ok(Some(Redir { fd, kind, word }))
    }
}

fn is_meta(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '|' | '&' | ';' | '(' | ')' | '<' | '>')
}

/// Whether it can name a variable.
pub fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
