//! Compound commands: `if`, loops, `case`, groups, functions, `(( ))`.

use super::{Parser, Res, is_meta, is_name};
use crate::console::syntax::{CaseArm, CaseEnd, Node, Part};
use std::sync::Arc;

/// Words that begin a compound command.
const STARTS: [&str; 8] = ["{", "if", "while", "until", "for", "select", "case", "[["];

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Res<Node> {
        self.deeper(Parser::compound)
    }

    fn compound(&mut self) -> Res<Node> {
        let word = self.bare_word();
        let node = match word.as_str() {
            "if" => self.if_fi()?,
            "while" | "until" => {
                self.at += 5;
                let cond = self.body(&["do"])?;
                let body = self.do_done()?;
                Node::Loop { cond, body, until: word == "until" }
            }
            "for" | "select" => self.for_in(word == "select")?,
            "case" => self.case()?,
            "{" => {
                self.at += 1;
                let body = self.body(&["}"])?;
                self.need("}")?;
                Node::Group(body)
            }
            "[[" => {
                self.at += 2;
                let line = self.line();
                let cond = self.condition()?;
                Node::Cond(line, Arc::new(cond))
            }
            "function" => {
                self.at += 8;
                self.blank();
                let name = self.function_name();
                if name.is_empty() {
                    return Err(self.near_here());
                }
                if self.eat("(") && !self.eat(")") {
                    return Err(self.near_here());
                }
                self.newlines();
                return self.function(name);
            }
            "coproc" => {
                self.at += 6;
                return self.coproc();
            }
            _ if self.op() == Some("(") => {
                if self.ahead(1) == Some('(')
                    && let Some(node) = self.arithmetic()?
                {
                    node
                } else {
                    self.at += 1;
                    let body = self.body(&[])?;
                    if !self.eat(")") {
                        return Err(self.missing());
                    }
                    Node::Subshell(body)
                }
            }
            _ => {
                if let Some(name) = self.function_head() {
                    self.newlines();
                    return self.function(name);
                }
                return self.simple();
            }
        };
        self.with_redirs(node)
    }

    /// Behind `coproc`: a name may stand before a compound command.
    fn coproc(&mut self) -> Res<Node> {
        self.blank();
        let mut name = "COPROC".to_owned();
        let begin = self.at;
        let word = self.bare_word();
        if is_name(&word) && !STARTS.contains(&word.as_str()) {
            self.at += word.chars().count();
            self.blank();
            if STARTS.contains(&self.bare_word().as_str()) || self.op() == Some("(") {
                name = word;
            } else {
                self.at = begin;
            }
        }
        if self.at >= self.chars.len() {
            return Err(self.near_here());
        }
        let body = Arc::new(self.command()?);
        Ok(Node::Coproc { name, body })
    }

    fn with_redirs(&mut self, node: Node) -> Res<Node> {
        let mut redirs = Vec::new();
        while let Some(r) = self.redir()? {
            redirs.push(r);
        }
        Ok(if redirs.is_empty() { node } else { Node::Redirected { node: Arc::new(node), redirs } })
    }

    /// `name()` under the cursor; nothing is consumed if it is something else.
    fn function_head(&mut self) -> Option<String> {
        let begin = self.at;
        let name = self.function_name();
        let assigns = name.split_once('=').is_some_and(|(n, _)| is_name(n.trim_end_matches('+')) || n.contains('['));
        let plain = !name.is_empty() && !assigns;
        if plain && self.eat("(") && self.eat(")") {
            return Some(name);
        }
        self.at = begin;
        None
    }

    fn function_name(&mut self) -> String {
        self.blank();
        let mut name = String::new();
        while let Some(c) = self.peek()
            && !is_meta(c)
            && !"'\"\\$`{}".contains(c)
        {
            name.push(c);
            self.at += 1;
        }
        name
    }

    pub(super) fn function(&mut self, name: String) -> Res<Node> {
        self.blank();
        if self.at >= self.chars.len() {
            return self.incomplete();
        }
        let word = self.bare_word();
        if !STARTS.contains(&word.as_str()) && self.op() != Some("(") {
            return Err(self.near_here());
        }
        let body = Arc::new(self.command()?);
        Ok(Node::Function { name, body })
    }

    fn if_fi(&mut self) -> Res<Node> {
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
            return Ok(Node::If { arms, other });
        }
    }

    fn do_done(&mut self) -> Res<Arc<Node>> {
        self.newlines();
        if self.keyword("{") {
            let body = self.body(&["}"])?;
            self.need("}")?;
            return Ok(body);
        }
        self.need("do")?;
        let body = self.body(&["done"])?;
        self.need("done")?;
        Ok(body)
    }

    fn for_in(&mut self, select: bool) -> Res<Node> {
        let line = self.line();
        self.at += if select { 6 } else { 3 };
        self.blank();
        if !select && self.peek() == Some('(') && self.ahead(1) == Some('(') {
            self.at += 2;
            let parts = self.opened(Parser::for_arithmetic)?;
            self.eat(";");
            let body = self.do_done()?;
            return Ok(Node::ForArith { line, parts, body });
        }
        if self.op().is_some() || self.at >= self.chars.len() {
            return Err(self.near_here());
        }
        // Whether it can name a variable is asked when the loop runs.
        let begin = self.at;
        self.word()?;
        let var: String = self.chars.get(begin..self.at).unwrap_or_default().iter().collect();
        self.newlines();
        let mut words = None;
        if self.keyword("in") {
            let mut list = Vec::new();
            while self.op().is_none() && self.at < self.chars.len() {
                list.push(self.word()?);
            }
            words = Some(list);
        }
        if !self.eat(";") && self.op() != Some("\n") && !matches!(self.bare_word().as_str(), "do" | "{") {
            return Err(self.missing());
        }
        let body = self.do_done()?;
        Ok(Node::For { line, var, words, body, select })
    }

    fn for_arithmetic(&mut self) -> Res<[Vec<Part>; 3]> {
        let begin = self.at;
        let mut parts = Vec::new();
        loop {
            parts.push(self.expression(&[';', ')'])?);
            if self.chars.get(self.at - 1) == Some(&')') {
                break;
            }
        }
        let typed: String = self.chars.get(begin..self.at - 1).unwrap_or_default().iter().collect();
        if self.peek() != Some(')') {
            return Err(self.near_here());
        }
        self.at += 1;
        <[Vec<Part>; 3]>::try_from(parts).map_err(|parts| {
            let why = if parts.len() < 3 { "arithmetic expression required" } else { "`;' unexpected" };
            self.syntax(&format!("syntax error: {why}\nsyntax error: `(({typed}))'"))
        })
    }

    /// `(( … ))`, or nothing if the inner parenthesis closes a subshell.
    fn arithmetic(&mut self) -> Res<Option<Node>> {
        let begin = self.at;
        self.at += 2;
        match self.opened(|p| p.expression(&[')'])) {
            Ok(parts) if self.peek() == Some(')') => {
                self.at += 1;
                Ok(Some(Node::Arith(self.line(), parts)))
            }
            Ok(_) => {
                self.at = begin;
                Ok(None)
            }
            Err(e) if e.incomplete => Err(e),
            Err(_) => {
                self.at = begin;
                Ok(None)
            }
        }
    }

    fn case(&mut self) -> Res<Node> {
        let line = self.line();
        self.at += 4;
        self.blank();
        if self.op().is_some() || self.at >= self.chars.len() {
            return Err(self.near_here());
        }
        let word = self.word()?;
        self.need("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.keyword("esac") {
                return Ok(Node::Case { line, word, arms });
            }
            if self.at >= self.chars.len() {
                return self.incomplete();
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                if self.op().is_some() || self.at >= self.chars.len() {
                    return Err(self.near_here());
                }
                patterns.push(self.word()?);
                if !self.eat("|") {
                    break;
                }
            }
            if !self.eat(")") {
                return Err(self.near_here());
            }
            self.nested += 1;
            let body = Arc::new(self.list(&["esac"])?);
            self.nested -= 1;
            let end = match self.op() {
                Some(";;") => CaseEnd::Break,
                Some(";&") => CaseEnd::Fall,
                Some(";;&") => CaseEnd::Next,
                _ => {
                    arms.push(CaseArm { patterns, body, end: CaseEnd::Break });
                    if self.keyword("esac") {
                        return Ok(Node::Case { line, word, arms });
                    }
                    return Err(self.missing());
                }
            };
            self.at += if end == CaseEnd::Next { 3 } else { 2 };
            arms.push(CaseArm { patterns, body, end });
        }
    }
}
