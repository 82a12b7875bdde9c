//! Text to syntax tree: recursive descent with a depth limit, so that no line can exhaust the stack.

use crate::console::syntax::{Item, Node, Redir, RedirFd, RedirKind, Timing, Word};
use std::collections::BTreeMap;
use std::sync::Arc;

mod assign;
mod compound;
mod cond;
mod error;
mod here;
mod redirect;
mod word;

use error::BAD_SYNTAX;
pub use error::{IN_HERE_DOCUMENT, ParseError};

const MAX_DEPTH: u32 = 40;
const MAX_ALIASES: usize = 50;

pub(super) type Res<T> = Result<T, ParseError>;
/// Names and what they stand for.
pub type Aliases = BTreeMap<String, String>;

/// What a shell is told about how to read its text.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// Aliases that are replaced.
    pub aliases: &'a Aliases,
    /// `shopt -s extglob`: whether `@(a|b)` is one word everywhere.
    pub extglob: bool,
}

static NO_ALIASES: Aliases = Aliases::new();

/// How a shell reads that nobody has told anything.
pub const PLAIN: Manner<'static> = Manner { aliases: &NO_ALIASES, extglob: false };

/// Parses a whole text whose first line has this number. With `last`, a here-document may end with the text.
pub fn whole(text: &str, line: u32, manner: Manner<'_>, last: bool) -> Res<Arc<Node>> {
    let mut p = Parser::new(text.chars().collect(), line, 0, manner);
    p.last = last;
    let node = p.list(&[])?;
    match p.op() {
        None if p.at >= p.chars.len() => Ok(Arc::new(node)),
        _ => Err(p.near_here()),
    }
}

/// Parses a text as if it stood between double quotes, as prompts do.
pub fn double(text: &str) -> Res<Vec<crate::console::syntax::Part>> {
    let mut p = Parser::new(text.chars().collect(), 1, 0, PLAIN);
    p.last = true;
    p.here_parts()
}

/// Parses what stands between the brackets of `a[…]`.
pub fn subscript(text: &str) -> Res<Word> {
    let mut p = Parser::new(format!("{text}]").chars().collect(), 1, 0, PLAIN);
    let word = p.until_bracket()?;
    if p.at < p.chars.len() { p.error("bad array subscript") } else { Ok(word) }
}

/// A command of a script and where the rest begins.
pub struct Next {
    /// Command; `None` if only blank lines were left.
    pub node: Option<Arc<Node>>,
    /// Bytes used.
    pub bytes: usize,
    /// Number of the line on which the rest begins.
    pub line: u32,
    /// What is odd about it, and the line that it is told for.
    pub warnings: Vec<(u32, String)>,
}

/// Parses the commands up to the end of a line: bash reads a script so, and runs what comes before an error.
pub fn next(text: &str, line: u32, manner: Manner<'_>) -> Res<Next> {
    let mut p = Parser::new(text.chars().collect(), line, 0, manner);
    let total = p.chars.len();
    p.single = true;
    p.last = true;
    let node = p.list(&[])?;
    if p.at < p.chars.len() && !p.ended {
        return Err(p.near_here());
    }
    let used = total.saturating_sub(p.chars.len().saturating_sub(p.at));
    let bytes = text.char_indices().nth(used).map_or(text.len(), |(i, _)| i);
    let line = p.line();
    let node = match &node {
        Node::List(items) if items.is_empty() => None,
        _ => Some(Arc::new(node)),
    };
    let warnings = std::mem::take(&mut p.warnings);
    Ok(Next { node, bytes: if p.at >= p.chars.len() { text.len() } else { bytes }, line, warnings })
}

const OPS: [&str; 25] = [
    "<<<", "<<-", "&>>", ";;&", "<<", "&&", "||", ";;", ";&", "&>", "|&", ">>", ">&", "<&", "<>", ">|", "|", "&", ";",
    "(", ")", "<(", ">(", "<", ">",
];
const RESERVED_ENDS: [&str; 9] = ["then", "else", "elif", "fi", "do", "done", "esac", "}", "in"];

pub(super) struct Parser<'a> {
    chars: Vec<char>,
    at: usize,
    depth: u32,
    first_line: u32,
    /// Where lines were counted last, and how many had been seen.
    counted: (usize, u32),
    /// Lines that here-documents took out of the text, and where.
    removed: Vec<(usize, u32)>,
    manner: Manner<'a>,
    alias_used: Vec<String>,
    alias_count: usize,
    /// The alias that was replaced last ends with a blank: the word after it may be an alias too.
    alias_blank: bool,
    /// Where the text of that alias ends.
    alias_end: usize,
    /// Where the text of aliases ends that stands in place of a word: its lines are one with the line of that.
    alias_until: usize,
    /// A here-document may end with the text.
    last: bool,
    /// Stop at the first newline that ends a command.
    single: bool,
    ended: bool,
    nested: u32,
    /// What is odd and no error.
    warnings: Vec<(u32, String)>,
}

impl<'a> Parser<'a> {
    fn new(chars: Vec<char>, line: u32, depth: u32, manner: Manner<'a>) -> Parser<'a> {
        Parser {
            chars,
            at: 0,
            depth,
            first_line: line,
            counted: (0, 0),
            removed: Vec::new(),
            manner,
            alias_used: Vec::new(),
            alias_count: 0,
            alias_blank: false,
            alias_end: 0,
            alias_until: 0,
            last: false,
            single: false,
            ended: false,
            nested: 0,
            warnings: Vec::new(),
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, n: usize) -> Option<char> {
        self.chars.get(self.at + n).copied()
    }

    /// Number of the line on which the cursor stands.
    fn line(&mut self) -> u32 {
        let (from, mut lines) = if self.counted.0 <= self.at { self.counted } else { (0, 0) };
        let to = self.at.min(self.chars.len());
        let new = self.chars.get(from..to).unwrap_or_default().iter().filter(|c| **c == '\n').count();
        lines += u32::try_from(new).unwrap_or(0);
        self.counted = (self.at, lines);
        let removed: u32 = self.removed.iter().filter(|(at, _)| *at <= self.at).map(|(_, n)| n).sum();
        self.first_line + lines + removed
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
        OPS.into_iter()
            .find(|op| op.chars().enumerate().all(|(i, c)| self.ahead(i) == Some(c)))
            .filter(|op| !matches!(*op, "<(" | ">("))
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

    /// The characters up to a blank, an operator or a quote; a quote makes it something that is no keyword.
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
        Err(self.missing())
    }

    fn list(&mut self, ends: &[&str]) -> Res<Node> {
        let mut items = Vec::new();
        let top = self.single && self.nested == 0;
        loop {
            if top && !items.is_empty() {
                while self.at < self.alias_until && self.op() == Some("\n") {
                    self.at += 1;
                }
                if self.op() == Some("\n") {
                    self.at += 1;
                    self.ended = true;
                    break;
                }
            } else {
                self.newlines();
            }
            match self.op() {
                Some(")" | ";;" | ";&" | ";;&") => break,
                Some(op @ (";" | "&" | "|" | "&&" | "||" | "|&")) => return Err(self.near(op)),
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
                return Err(self.near(&word));
            }
            let from = self.at;
            let node = Arc::new(self.and_or()?);
            let to = self.at.min(self.chars.len());
            let text: String = self.chars.get(from..to).unwrap_or_default().iter().collect();
            let text = text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
            let mut item = Item { node, background: false, text: text.trim().to_owned() };
            match self.op() {
                Some("&") => {
                    self.at += 1;
                    item.background = true;
                    items.push(item);
                }
                Some(";") => {
                    self.at += 1;
                    items.push(item);
                }
                Some("\n") => {
                    items.push(item);
                    if top {
                        continue;
                    }
                    self.at += 1;
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
        self.nested += 1;
        let node = self.list(ends)?;
        self.nested -= 1;
        if let Node::List(items) = &node
            && items.is_empty()
        {
            return Err(self.missing());
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
                return self.incomplete();
            }
            let right = self.pipeline()?;
            left = Node::AndOr { left: Arc::new(left), and, right: Arc::new(right) };
        }
    }

    fn pipeline(&mut self) -> Res<Node> {
        let (mut negate, mut bang, mut time) = (false, false, None);
        loop {
            match self.bare_word().as_str() {
                "!" => {
                    self.at += 1;
                    bang = true;
                    negate = !negate;
                }
                "time" if time.is_none() => {
                    self.at += 4;
                    time = Some(Timing::Bash);
                    if self.bare_word() == "-p" {
                        self.at += 2;
                        time = Some(Timing::Posix);
                    }
                }
                _ => break,
            }
        }
        let prefix = bang || time.is_some();
        if prefix && (self.at >= self.chars.len() || matches!(self.op(), Some("\n" | ";"))) {
            let empty = Node::Simple { line: self.line(), assigns: Vec::new(), words: Vec::new(), redirs: Vec::new() };
            return Ok(Node::Pipe { negate, time, parts: vec![Arc::new(empty)] });
        }
        let mut parts = vec![Arc::new(self.command()?)];
        while let Some(op @ ("|" | "|&")) = self.op() {
            self.at += op.len();
            if op == "|&"
                && let Some(part) = parts.pop()
            {
                let one = Word(vec![crate::console::syntax::Part::Lit("1".to_owned())]);
                let redirs = vec![Redir { fd: RedirFd::Number(2), kind: RedirKind::Dup(true), word: one }];
                parts.push(Arc::new(Node::Redirected { node: part, redirs }));
            }
            self.newlines();
            if self.at >= self.chars.len() {
                return self.incomplete();
            }
            // It stands only at the beginning of a pipeline.
            if self.bare_word() == "!" {
                return Err(self.near("!"));
            }
            parts.push(Arc::new(self.command()?));
        }
        if parts.len() == 1
            && !prefix
            && let Some(one) = parts.pop()
        {
            return Ok(Arc::unwrap_or_clone(one));
        }
        Ok(Node::Pipe { negate, time, parts })
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Parser<'a>) -> Res<T>) -> Res<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("commands are nested too deeply");
        }
        let out = f(self);
        self.depth -= 1;
        out
    }

    fn simple(&mut self) -> Res<Node> {
        let (mut assigns, mut words, mut redirs) = (Vec::new(), Vec::new(), Vec::new());
        let mut line = self.line();
        let mut declares = false;
        let mut alias_next = true;
        let mut word_first = false;
        let mut typed = String::new();
        loop {
            // Bash numbers a command by where its first part ends, or the part after it if that is a word: it has to look
            // at that to know that no function is meant.
            match (assigns.len() + redirs.len() + words.len(), words.len()) {
                (0, _) | (1, 1) => {
                    self.blank();
                    word_first = words.len() == 1;
                    line = self.line();
                }
                (1, 0) => line = self.line(),
                (2, _) if word_first => {
                    word_first = false;
                    line = self.line();
                }
                _ => {}
            }
            if let Some(r) = self.redir()? {
                redirs.push(r);
                continue;
            }
            match self.op() {
                // A function's head, in which `)` has to follow. Whether it is a name is asked when it is defined.
                Some("(") if words.len() == 1 && assigns.is_empty() && redirs.is_empty() => {
                    self.at += 1;
                    if !self.eat(")") {
                        return Err(self.near_here());
                    }
                    self.newlines();
                    return self.function(typed);
                }
                Some("(") => return Err(self.near("(")),
                Some(_) => break,
                None => {}
            }
            if self.at >= self.chars.len() {
                break;
            }
            if words.is_empty() || declares {
                if let Some(assign) = self.assignment()? {
                    if declares {
                        words.push(Word(vec![crate::console::syntax::Part::Assign(Box::new(assign))]));
                    } else {
                        assigns.push(assign);
                    }
                    continue;
                }
            }
            if alias_next {
                alias_next = false;
                match self.unalias() {
                    Some(blank) if words.is_empty() => {
                        self.alias_blank = blank;
                        return self.command_again(assigns, redirs);
                    }
                    Some(blank) => {
                        self.alias_blank = blank;
                        alias_next = true;
                        continue;
                    }
                    None => {}
                }
            }
            let begin = self.at;
            let word = self.word()?;
            if words.is_empty() {
                typed = self.chars.get(begin..self.at).unwrap_or_default().iter().collect();
                declares = matches!(word.literal(), Some("declare" | "typeset" | "local" | "export" | "readonly"));
            }
            words.push(word);
            // The word after the text of an alias that ends with a blank.
            if self.alias_blank && self.at >= self.alias_end {
                self.alias_blank = false;
                self.alias_used.clear();
                alias_next = true;
            }
        }
        self.alias_blank = false;
        self.alias_used.clear();
        if assigns.is_empty() && words.is_empty() && redirs.is_empty() {
            return Err(self.missing());
        }
        Ok(Node::Simple { line, assigns, words, redirs })
    }

    /// After an alias was replaced by its text, which may begin with anything.
    fn command_again(&mut self, assigns: Vec<crate::console::syntax::Assign>, redirs: Vec<Redir>) -> Res<Node> {
        if assigns.is_empty() && redirs.is_empty() {
            return self.deeper(Parser::command);
        }
        match self.deeper(Parser::simple)? {
            Node::Simple { line, assigns: more, words, redirs: others } => Ok(Node::Simple {
                line,
                assigns: assigns.into_iter().chain(more).collect(),
                words,
                redirs: redirs.into_iter().chain(others).collect(),
            }),
            other => Ok(other),
        }
    }

    /// Replaces an alias under the cursor by its text; whether that ends with a blank.
    fn unalias(&mut self) -> Option<bool> {
        if self.manner.aliases.is_empty() {
            return None;
        }
        let word = self.bare_word();
        let after = self.ahead(word.chars().count());
        if after.is_some_and(|c| !is_meta(c)) || self.alias_used.contains(&word) || self.alias_count >= MAX_ALIASES {
            return None;
        }
        let text = self.manner.aliases.get(&word)?.clone();
        let end = self.at + word.chars().count();
        // An alias that is all that another one stands for ends as that does.
        let inherits = self.alias_blank && end == self.alias_end;
        let long = text.chars().count();
        self.alias_until =
            if self.at < self.alias_until { self.alias_until + long + self.at - end } else { self.at + long };
        self.chars.splice(self.at..end, text.chars());
        self.alias_end = self.at + text.trim_end().chars().count();
        self.alias_used.push(word);
        self.alias_count += 1;
        Some(inherits || text.ends_with([' ', '\t']))
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
