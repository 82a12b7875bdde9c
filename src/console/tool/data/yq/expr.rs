//! Expressions of yq: words and signs, put in order by their precedence, as a tree. Of two signs of the same precedence the right
//! one holds closer.

mod word;

use super::node::{Res, fail};
use word::{CALLS, MISSING};

/// Longest expression, and its deepest nesting.
const LENGTH_MAX: usize = 4096;
const NESTING_MAX: usize = 100;

/// A part of a text in quotes.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Value(Box<Expr>),
}

/// How two collections are merged: `*+d?nc`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Merge {
    pub append: bool,
    pub deep: bool,
    pub existing: bool,
    pub only_null: bool,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Path {
        name: String,
        optional: bool,
    },
    Index {
        optional: bool,
    },
    This,
    Empty,
    /// A value: its tag and its text.
    Value(&'static str, String),
    Text(Vec<Piece>),
    Variable(String),
    As,
    Pipe,
    Union,
    Block,
    Pair,
    Collect,
    Object,
    Assign {
        update: bool,
    },
    AddAssign,
    SubtractAssign,
    MultiplyAssign(Merge),
    Add,
    Subtract,
    Multiply(Merge),
    Divide,
    Modulo,
    Equals {
        not: bool,
    },
    Compare {
        greater: bool,
        equal: bool,
    },
    And,
    Or,
    Alternative,
    Recurse {
        keys: bool,
    },
    /// A variable of the environment, as a string or as what it reads as.
    Env {
        name: String,
        string: bool,
    },
    /// A function.
    Call(&'static str),
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub op: Op,
    pub left: Option<Box<Expr>>,
    pub right: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
enum Kind {
    Open,
    Close,
    /// `.[`
    Into,
    OpenList,
    CloseList(bool),
    OpenMap,
    CloseMap,
    Op(Op, u32, usize),
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    /// Whether a path that follows at once goes into it.
    follows: bool,
}

fn op(op: Op, precedence: u32, arguments: usize) -> Token {
    Token { kind: Kind::Op(op, precedence, arguments), follows: false }
}

/// The tree of an expression; none of a blank one.
///
/// # Errors
/// What yq says of an expression that it cannot read, or that a word of it is not simulated.
pub(super) fn parse(text: &str) -> Res<Option<Expr>> {
    nested(text, 0)
}

fn nested(text: &str, depth: usize) -> Res<Option<Expr>> {
    if text.len() > LENGTH_MAX || depth > 5 {
        return fail("bad expression, please check expression syntax");
    }
    let tokens = tokens(text, depth)?;
    for pair in tokens.windows(2) {
        if let [
            Token { kind: Kind::Op(Op::Call("tag"), ..), .. },
            Token { kind: Kind::Op(Op::Assign { .. }, ..), .. },
        ] = pair
        {
            return missing("tag =");
        }
    }
    tree(ordered(joined(tokens))?)
}

fn missing<T>(word: &str) -> Res<T> {
    fail(format!("'{word}' is not simulated: `man yq` says what is not"))
}

struct Lexer<'t> {
    chars: &'t [char],
    at: usize,
    depth: usize,
}

impl Lexer<'_> {
    fn peek(&self, by: usize) -> char {
        self.chars.get(self.at + by).copied().unwrap_or('\0')
    }

    fn bad<T>(&self) -> Res<T> {
        // Its lexer shows sixteen characters of what it cannot read.
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let rest = rest.iter().take(16).collect::<String>() + if rest.len() > 16 { "..." } else { "" };
        fail(format!("1:{}: invalid input text {rest:?}", self.at + 1))
    }

    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.peek(i) == c)
    }

    fn take(&mut self, mut f: impl FnMut(char) -> bool) -> String {
        let from = self.at;
        while self.at < self.chars.len() && f(self.peek(0)) {
            self.at += 1;
        }
        self.chars.get(from..self.at).unwrap_or_default().iter().collect()
    }

    fn next(&mut self) -> Res<Option<Token>> {
        let sign = |kind: Kind, follows: bool| Ok(Some(Token { kind, follows }));
        let c = self.peek(0);
        for (text, kind) in [("(", Kind::Open), (".[", Kind::Into), ("[", Kind::OpenList), ("{", Kind::OpenMap)] {
            if self.starts(text) {
                self.at += text.len();
                return sign(kind, false);
            }
        }
        match c {
            ')' | '}' => {
                self.at += 1;
                return sign(if c == ')' { Kind::Close } else { Kind::CloseMap }, true);
            }
            ']' => {
                let optional = self.peek(1) == '?';
                self.at += 1 + usize::from(optional);
                return sign(Kind::CloseList(optional), true);
            }
            '"' => return self.text().map(Some),
            '$' => {
                self.at += 1;
                let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                if name.is_empty() {
                    self.at -= 1;
                    return self.bad();
                }
                return Ok(Some(Token { follows: true, ..op(Op::Variable(name), 55, 0) }));
            }
            '#' => {
                self.take(|c| c != '\n');
                return Ok(None);
            }
            c if c.is_whitespace() => {
                self.at += 1;
                return Ok(None);
            }
            c if c.is_ascii_digit() || (c == '-' && self.peek(1).is_ascii_digit()) => return self.number().map(Some),
            c if c.is_ascii_alphabetic() || c == '@' => return self.word().map(Some),
            _ => {}
        }
        if self.starts("...") || self.starts("..") {
            let keys = self.starts("...");
            self.at += if keys { 3 } else { 2 };
            return Ok(Some(op(Op::Recurse { keys }, 50, 0)));
        }
        for (text, made, precedence) in [
            ("//", Op::Alternative, 42),
            ("==", Op::Equals { not: false }, 40),
            ("!=", Op::Equals { not: true }, 40),
            (">=", Op::Compare { greater: true, equal: true }, 40),
            ("<=", Op::Compare { greater: false, equal: true }, 40),
            (">", Op::Compare { greater: true, equal: false }, 40),
            ("<", Op::Compare { greater: false, equal: false }, 40),
            ("|=", Op::Assign { update: true }, 40),
            ("=", Op::Assign { update: false }, 40),
            ("+=", Op::AddAssign, 40),
            ("-=", Op::SubtractAssign, 40),
            ("|", Op::Pipe, 30),
            (",", Op::Union, 10),
            (";", Op::Block, 10),
            (":", Op::Pair, 15),
            ("/", Op::Divide, 42),
            ("%", Op::Modulo, 42),
            ("+", Op::Add, 42),
            ("-", Op::Subtract, 42),
        ] {
            if self.starts(text) {
                self.at += text.len();
                if text.ends_with('=') && matches!(made, Op::Assign { .. }) && self.peek(0) == 'c' {
                    return missing(&format!("{text}c"));
                }
                return Ok(Some(op(made, precedence, 2)));
            }
        }
        match c {
            '~' => {
                self.at += 1;
                Ok(Some(op(Op::Value("!!null", "~".to_owned()), 50, 0)))
            }
            '*' => {
                self.at += 1;
                let assign = self.peek(0) == '=';
                self.at += usize::from(assign);
                let flags = self.take(|c| "+|?cdn".contains(c));
                if flags.contains(['c', '|']) {
                    return missing(&format!("*{flags}"));
                }
                let merge = Merge {
                    append: flags.contains('+'),
                    deep: flags.contains('d'),
                    existing: flags.contains('?'),
                    only_null: flags.contains('n'),
                };
                let made = if assign { Op::MultiplyAssign(merge) } else { Op::Multiply(merge) };
                Ok(Some(op(made, 42, 2)))
            }
            '.' => {
                self.at += 1;
                let name = if self.peek(0) == '"' {
                    let inner: String =
                        self.chars.get(self.at + 1..).unwrap_or_default().iter().take_while(|c| **c != '"').collect();
                    if inner.is_empty() || inner.contains(' ') {
                        self.at -= 1;
                        return if inner.is_empty() { self.bad() } else { missing(&format!(".\"{inner}\"")) };
                    }
                    self.at += inner.chars().count() + 2;
                    let optional = self.peek(0) == '?';
                    self.at += usize::from(optional);
                    inner + if optional { "?" } else { "" }
                } else {
                    self.take(|c| !" ;}{:[],|.()=\n!".contains(c))
                };
                if name.is_empty() {
                    return Ok(Some(op(Op::This, 55, 0)));
                }
                let optional = name.len() > 1 && name.ends_with('?');
                let name = if optional { name.trim_end_matches('?').to_owned() } else { name };
                Ok(Some(Token { follows: true, ..op(Op::Path { name, optional }, 55, 0) }))
            }
            _ => self.bad(),
        }
    }

    fn number(&mut self) -> Res<Token> {
        let from = self.at;
        let text = |l: &Self| l.chars.get(from..l.at).unwrap_or_default().iter().collect::<String>();
        if self.peek(0) == '0' && matches!(self.peek(1), 'x' | 'X') && self.peek(2).is_ascii_hexdigit() {
            self.at += 2;
            self.take(|c| c.is_ascii_hexdigit());
            return Ok(op(Op::Value("!!int", text(self)), 50, 0));
        }
        self.at += usize::from(self.peek(0) == '-');
        self.take(|c| c.is_ascii_digit());
        let mut tag = "!!int";
        if self.peek(0) == '.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.take(|c| c.is_ascii_digit());
            tag = "!!float";
        }
        let exponent = matches!(self.peek(0), 'e' | 'E')
            && (self.peek(1).is_ascii_digit() || (matches!(self.peek(1), '+' | '-') && self.peek(2).is_ascii_digit()));
        if exponent {
            self.at += 2;
            self.take(|c| c.is_ascii_digit());
            tag = "!!float";
        }
        Ok(op(Op::Value(tag, text(self)), 50, 0))
    }

    fn word(&mut self) -> Res<Token> {
        let from = self.at;
        self.at += 1;
        self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        let word: String = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "true" | "false" => return Ok(op(Op::Value("!!bool", word), 50, 0)),
            "null" => return Ok(op(Op::Value("!!null", word), 50, 0)),
            _ => {}
        }
        match word.as_str() {
            "and" => return Ok(op(Op::And, 20, 2)),
            "or" => return Ok(op(Op::Or, 20, 2)),
            "as" => return Ok(op(Op::As, 40, 2)),
            "env" | "strenv" if self.peek(0) == '(' => {
                self.at += 1;
                let name = self.take(|c| c != ')');
                self.at += 1;
                return Ok(op(Op::Env { name, string: word == "strenv" }, 50, 0));
            }
            "flatten" | "parent" if self.peek(0) == '(' => return missing(&format!("{word}(N)")),
            "to_json" | "tojson" if self.peek(0) == '(' => return missing("to_json(N)"),
            "@json" => return Ok(op(Op::Call("@json"), 50, 0)),
            _ => {}
        }
        if let Some((_, name, arguments, follows)) = CALLS.iter().find(|(words, ..)| words.contains(&word.as_str())) {
            let precedence = match *name {
                "min" | "max" | "del" => 40,
                _ if *follows => 52,
                _ => 50,
            };
            return Ok(Token { follows: *follows, ..op(Op::Call(name), precedence, *arguments) });
        }
        if MISSING.contains(&word.as_str()) || word.starts_with('@') {
            return missing(&word);
        }
        self.at = from;
        self.bad()
    }

    /// A text in quotes, with values in it.
    fn text(&mut self) -> Res<Token> {
        let from = self.at;
        self.at += 1;
        let (mut pieces, mut text) = (Vec::new(), String::new());
        loop {
            let c = self.peek(0);
            self.at += 1;
            match c {
                '\0' => {
                    self.at = from;
                    return self.bad();
                }
                '"' => break,
                '\\' => {
                    let after = self.peek(0);
                    self.at += 1;
                    match after {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        'f' => text.push('\u{c}'),
                        'v' => text.push('\u{b}'),
                        'b' => text.push('\u{8}'),
                        'a' => text.push('\u{7}'),
                        '"' | '\\' => text.push(after),
                        '(' => {
                            let (mut open, start) = (1, self.at);
                            while open > 0 && self.at < self.chars.len() {
                                match self.peek(0) {
                                    '(' => open += 1,
                                    ')' => open -= 1,
                                    _ => {}
                                }
                                self.at += 1;
                            }
                            let inner: String =
                                self.chars.get(start..self.at.saturating_sub(1)).unwrap_or_default().iter().collect();
                            pieces.push(Piece::Text(std::mem::take(&mut text)));
                            match nested(&inner, self.depth + 1)? {
                                Some(e) if open == 0 => pieces.push(Piece::Value(Box::new(e))),
                                _ => return fail("bad expression, please check expression syntax"),
                            }
                        }
                        other => text.extend(['\\', other]),
                    }
                }
                c => text.push(c),
            }
        }
        pieces.push(Piece::Text(text));
        Ok(op(Op::Text(pieces), 50, 0))
    }
}

fn tokens(text: &str, depth: usize) -> Res<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, depth };
    let (mut all, mut open) = (Vec::new(), 0usize);
    while lexer.at < chars.len() {
        if let Some(token) = lexer.next()? {
            match token.kind {
                Kind::Open | Kind::Into | Kind::OpenList | Kind::OpenMap => open += 1,
                Kind::Close | Kind::CloseList(_) | Kind::CloseMap => open = open.saturating_sub(1),
                Kind::Op(..) => {}
            }
            if open > NESTING_MAX {
                return fail("bad expression, please check expression syntax");
            }
            all.push(token);
        }
    }
    Ok(all)
}

/// Puts in what is not written: pipes between a value and a path that follows it, ends of slices, nothing in empty brackets.
fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let pair = |t: &Token| matches!(t.kind, Kind::Op(Op::Pair, ..));
    for (i, token) in tokens.iter().enumerate() {
        let before = |n: usize| i.checked_sub(n).and_then(|b| tokens.get(b)).map(|t| &t.kind);
        let next = tokens.get(i + 1).map(|t| &t.kind);
        let mut token = token.clone();
        if matches!(token.kind, Kind::Into) {
            out.push(op(Op::This, 55, 0));
            out.push(op(Op::Index { optional: false }, 50, 2));
            token.kind = Kind::OpenList;
        }
        let slices = matches!(before(1), Some(Kind::Into))
            || (matches!(before(1), Some(Kind::OpenList))
                && matches!(before(2), Some(Kind::Op(..) | Kind::CloseList(_) | Kind::CloseMap)));
        if pair(&token) && slices {
            out.push(op(Op::Value("!!int", "0".to_owned()), 50, 0));
        }
        let closes = matches!(next, Some(Kind::CloseList(_)));
        let nothing = match token.kind {
            Kind::OpenList => closes,
            Kind::OpenMap => matches!(next, Some(Kind::CloseMap)),
            _ => false,
        };
        let (is_pair, follows) = (pair(&token), token.follows);
        out.push(token);
        if is_pair && closes {
            out.push(op(Op::Call("length"), 50, 0));
        }
        if nothing {
            out.push(op(Op::Empty, 50, 0));
        }
        if follows && matches!(next, Some(Kind::Into | Kind::Op(Op::Path { .. }, ..))) {
            out.push(op(Op::Pipe, 45, 2));
        }
        if follows && matches!(next, Some(Kind::OpenList)) {
            out.push(op(Op::Index { optional: false }, 50, 2));
        }
    }
    out
}

type Part = (Op, usize);

/// Signs behind what they work on.
fn ordered(tokens: Vec<Token>) -> Res<Vec<Part>> {
    let mut out: Vec<Part> = Vec::new();
    let mut stack: Vec<Token> = vec![Token { kind: Kind::Open, follows: false }];
    let end = Token { kind: Kind::Close, follows: false };
    for token in tokens.into_iter().chain([end]) {
        match token.kind {
            Kind::Open | Kind::OpenList | Kind::OpenMap | Kind::Into => stack.push(token),
            Kind::Close | Kind::CloseList(_) | Kind::CloseMap => loop {
                let Some(top) = stack.pop() else {
                    return fail(match token.kind {
                        Kind::Close => "bad expression, got close brackets without matching opening bracket",
                        _ => "bad path expression, got close collect brackets without matching opening bracket",
                    });
                };
                match (top.kind, &token.kind) {
                    (Kind::Op(made, _, arguments), _) => out.push((made, arguments)),
                    (Kind::Open, Kind::Close) => break,
                    (Kind::OpenList, Kind::CloseList(optional)) => {
                        out.push((Op::Collect, 1));
                        if let Some(Token { kind: Kind::Op(Op::Index { .. }, _, arguments), .. }) = stack.last() {
                            out.push((Op::Index { optional: *optional }, *arguments));
                            stack.pop();
                        }
                        break;
                    }
                    (Kind::OpenMap, Kind::CloseMap) => {
                        out.extend([(Op::Object, 0), (Op::Pipe, 2)]);
                        if let Some(Token { kind: Kind::Op(Op::Index { optional }, _, arguments), .. }) = stack.last() {
                            out.push((Op::Index { optional: *optional }, *arguments));
                            stack.pop();
                        }
                        break;
                    }
                    (Kind::OpenList, _) => return fail("bad expression, could not find matching `]`"),
                    (Kind::OpenMap, _) => return fail("bad expression, could not find matching `}`"),
                    _ => return fail("bad expression, could not find matching `)`"),
                }
            },
            Kind::Op(_, precedence, _) => {
                while let Some(Token { kind: Kind::Op(_, above, _), .. }) = stack.last() {
                    if *above <= precedence {
                        break;
                    }
                    if let Some(Token { kind: Kind::Op(made, _, arguments), .. }) = stack.pop() {
                        out.push((made, arguments));
                    }
                }
                stack.push(token);
            }
        }
    }
    if stack.is_empty() { Ok(out) } else { fail("bad expression, please check expression syntax") }
}

fn tree(parts: Vec<Part>) -> Res<Option<Expr>> {
    let mut stack: Vec<Expr> = Vec::new();
    for (made, arguments) in parts {
        let mut e = Expr { op: made, left: None, right: None };
        if arguments > 0 {
            e.right = stack.pop().map(Box::new);
        }
        if arguments > 1 {
            e.left = stack.pop().map(Box::new);
        }
        let (have, first) =
            (usize::from(e.right.is_some()) + usize::from(e.left.is_some()), matches!(e.op, Op::Call("first")));
        if have < arguments && !(first && have == 0) {
            let name = name_of(&e.op);
            return fail(match arguments {
                1 => format!("'{name}' expects 1 arg but received none"),
                _ => format!("'{name}' expects 2 args but there is {have}"),
            });
        }
        stack.push(e);
    }
    match stack.len() {
        0 => Ok(None),
        1 => Ok(stack.pop()),
        _ => fail("bad expression, please check expression syntax"),
    }
}

/// A sign as it is written.
fn name_of(op: &Op) -> &'static str {
    match op {
        Op::Pipe => "|",
        Op::Union => ",",
        Op::Block => ";",
        Op::Pair => ":",
        Op::Assign { update: true } => "|=",
        Op::Assign { update: false } => "=",
        Op::AddAssign => "+=",
        Op::SubtractAssign => "-=",
        Op::Add => "+",
        Op::Subtract => "-",
        Op::Multiply(_) => "*",
        Op::MultiplyAssign(_) => "*=",
        Op::Divide => "/",
        Op::Modulo => "%",
        Op::Equals { not: false } => "==",
        Op::Equals { not: true } => "!=",
        Op::Compare { greater: true, equal: true } => ">=",
        Op::Compare { greater: false, equal: true } => "<=",
        Op::Compare { greater: true, equal: false } => ">",
        Op::Compare { greater: false, equal: false } => "<",
        Op::And => "and",
        Op::Or => "or",
        Op::Alternative => "//",
        Op::As => "as",
        Op::Call(name) => name,
        _ => "",
    }
}
