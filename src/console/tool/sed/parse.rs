//! Reads sed's scripts.

use crate::console::posix::{Options, Re, Syntax};

/// A script, ready to run.
pub(super) struct Program {
    pub commands: Vec<Command>,
    pub regexes: Vec<Re>,
    /// `#n` on the first line.
    pub quiet: bool,
    /// Files that `w` writes.
    pub outputs: Vec<String>,
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Line(u64),
    /// `first~step`.
    Step(u64, u64),
    Last,
    /// A pattern by its number; `None` stands for the last one used.
    Re(Option<usize>),
    /// `addr,+N`.
    Plus(u64),
    /// `addr,~N`.
    Multiple(u64),
}

pub(super) struct Command {
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub negate: bool,
    pub op: Op,
}

pub(super) enum Op {
    /// `{`: where its `}` is.
    Open(usize),
    Close,
    Append(String),
    Insert(String),
    Change(String),
    Branch(Option<usize>),
    /// `t`, or `T` if false.
    Test(bool, Option<usize>),
    Label,
    Quit(i32, bool),
    List(Option<usize>),
    Read(String),
    ReadLine(String),
    Write(String),
    WriteLine(String),
    Substitute(Box<Substitute>),
    Translate(Vec<(char, char)>),
    /// `= d D F g G h H n N p P x z`.
    Plain(char),
}

pub(super) struct Substitute {
    pub re: Option<usize>,
    pub parts: Vec<Part>,
    pub global: bool,
    pub number: u64,
    pub print: bool,
    pub write: Option<String>,
}

/// A piece of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Group(usize),
    /// `\L \U \l \u \E`.
    Case(char),
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    extended: bool,
    sandbox: bool,
    program: Program,
    blocks: Vec<(usize, usize)>,
    labels: Vec<(String, usize)>,
    jumps: Vec<(usize, String)>,
}

type Res<T> = Result<T, String>;

impl Program {
    pub(super) fn new(script: &[(String, String)], extended: bool, sandbox: bool) -> Res<Program> {
        let program = Program { commands: Vec::new(), regexes: Vec::new(), quiet: false, outputs: Vec::new() };
        let mut r = Reader {
            chars: Vec::new(),
            at: 0,
            extended,
            sandbox,
            program,
            blocks: Vec::new(),
            labels: Vec::new(),
            jumps: Vec::new(),
        };
        let mut i = 0;
        let mut expressions = 0;
        while let Some((what, text)) = script.get(i) {
            let mut text = text.clone();
            i += 1;
            expressions += 1;
            let number = expressions;
            // Text of `a` goes on in the next expression after a backslash at the end of this one.
            while text.ends_with('\\') && !text.ends_with("\\\\") && i < script.len() {
                text.push('\n');
                text.push_str(script.get(i).map_or("", |s| &s.1));
                i += 1;
            }
            r.program.quiet |= number == 1 && (text == "#n" || text.starts_with("#n\n"));
            r.chars = text.chars().collect();
            r.at = 0;
            r.script().map_err(|why| match what.strip_prefix("file ") {
                Some(file) => {
                    let line = r.chars.iter().take(r.at).filter(|c| **c == '\n').count() + 1;
                    format!("{file} {line}: {why}").replace(" line ", " line ")
                }
                None if why.starts_with('\0') => format!("{what} #{number}, char 0: {}", why.trim_start_matches('\0')),
                None => format!("{what} #{number}, char {}: {why}", r.at),
            })?;
        }
        if let Some((_, _)) = r.blocks.last() {
            return Err("-e expression #1, char 0: unmatched `{'".to_owned());
        }
        for (at, label) in std::mem::take(&mut r.jumps) {
            let Some((_, to)) = r.labels.iter().find(|(l, _)| *l == label) else {
                return Err(format!("-e expression #1, char {}: can't find label for jump to `{label}'", r.at)
                    .split_once(": ")
                    .map_or(String::new(), |(_, t)| t.to_owned()));
            };
            let to = Some(*to);
            if let Some(c) = r.program.commands.get_mut(at) {
                c.op = match c.op {
                    Op::Test(yes, _) => Op::Test(yes, to),
                    _ => Op::Branch(to),
                };
            }
        }
        Ok(r.program)
    }
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<u64> {
        let mut n = None;
        while let Some(d) = self.peek().and_then(|c| c.to_digit(10)) {
            n = Some(n.unwrap_or(0u64).saturating_mul(10).saturating_add(u64::from(d)));
            self.at += 1;
        }
        n
    }

    fn script(&mut self) -> Res<()> {
        loop {
            while self.peek().is_some_and(|c| c.is_whitespace() || c == ';') {
                self.at += 1;
            }
            if self.peek().is_none() {
                return Ok(());
            }
            self.command()?;
        }
    }

    fn address(&mut self) -> Res<Option<Address>> {
        let Some(c) = self.peek() else { return Ok(None) };
        if c.is_ascii_digit() {
            let first = self.number().unwrap_or(0);
            self.blanks();
            if self.peek() == Some('~') {
                self.at += 1;
                return Ok(Some(Address::Step(first, self.number().unwrap_or(0))));
            }
            return Ok(Some(Address::Line(first)));
        }
        match c {
            '$' => {
                self.at += 1;
                Ok(Some(Address::Last))
            }
            '/' | '\\' => {
                self.at += 1;
                let delim = if c == '/' { '/' } else { self.next().ok_or("unexpected `,'")? };
                let text = self.delimited(delim, true).ok_or("unterminated address regex")?;
                let (mut fold, mut multi) = (false, false);
                loop {
                    match self.peek() {
                        Some('I') => fold = true,
                        Some('M') => multi = true,
                        _ => break,
                    }
                    self.at += 1;
                }
                Ok(Some(Address::Re(self.regex(&text, fold, multi)?)))
            }
            _ => Ok(None),
        }
    }

    fn regex(&mut self, text: &str, ignore_case: bool, multi: bool) -> Res<Option<usize>> {
        if text.is_empty() {
            return Ok(None);
        }
        let syntax = if self.extended { Syntax::SedExtended } else { Syntax::SedBasic };
        let re = Re::new(text, syntax, Options { ignore_case, multi, ..Options::default() })?;
        self.program.regexes.push(re);
        Ok(Some(self.program.regexes.len() - 1))
    }

    /// Text up to `delim`, which a backslash makes part of it.
    fn delimited(&mut self, delim: char, regex: bool) -> Option<String> {
        let mut out = String::new();
        loop {
            let c = self.next()?;
            if c == delim {
                return Some(out);
            }
            if c == '\n' && regex {
                return None;
            }
            if c == '\\' {
                let next = self.next()?;
                if next == delim {
                    // An escaped delimiter that means something in a pattern stays escaped only as `\n` would.
                    if regex && "^.*[]$".contains(delim) {
                        out.push('\\');
                    }
                } else {
                    out.push('\\');
                }
                out.push(next);
                continue;
            }
            out.push(c);
            if c == '[' && regex {
                // The delimiter stands for itself within brackets, if they are closed.
                let rest = self.chars.get(self.at..).unwrap_or_default();
                let skip = usize::from(rest.first() == Some(&'^'));
                let skip = skip + usize::from(rest.get(skip) == Some(&']'));
                let mut end = skip;
                let closed = loop {
                    match rest.get(end) {
                        None | Some('\n') => break None,
                        Some('[') if matches!(rest.get(end + 1), Some(':' | '.' | '=')) => {
                            let mark = rest.get(end + 1).copied().unwrap_or(':');
                            match rest.get(end + 2..).and_then(|r| r.windows(2).position(|w| w == [mark, ']'])) {
                                Some(i) => end += i + 4,
                                None => break None,
                            }
                        }
                        Some(']') => break Some(end),
                        Some(_) => end += 1,
                    }
                };
                if let Some(end) = closed {
                    out.extend(rest.iter().take(end + 1));
                    self.at += end + 1;
                }
            }
        }
    }

    fn command(&mut self) -> Res<()> {
        let from = self.address()?;
        let mut to = None;
        self.blanks();
        if from.is_some() && self.peek() == Some(',') {
            self.at += 1;
            self.blanks();
            to = match self.peek() {
                Some(c @ ('+' | '~')) => {
                    self.at += 1;
                    let n = self.number().ok_or("expected newer version of sed")?;
                    Some(if c == '+' { Address::Plus(n) } else { Address::Multiple(n) })
                }
                _ => Some(self.address()?.ok_or("unexpected `,'")?),
            };
        }
        if from == Some(Address::Line(0)) && !matches!(to, Some(Address::Re(_))) {
            return Err("invalid usage of line address 0".to_owned());
        }
        self.blanks();
        let mut negate = false;
        while self.peek() == Some('!') {
            self.at += 1;
            if negate {
                return Err("multiple `!'s".to_owned());
            }
            negate = true;
            self.blanks();
        }
        let Some(c) = self.next() else { return Err("missing command".to_owned()) };
        let here = self.program.commands.len();
        let op = match c {
            '#' => {
                if from.is_some() {
                    return Err("comments don't accept any addresses".to_owned());
                }
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                return Ok(());
            }
            '{' => {
                self.blocks.push((here, self.at));
                Op::Open(here)
            }
            '}' => {
                if from.is_some() {
                    return Err("} doesn't want any addresses".to_owned());
                }
                let Some((open, _)) = self.blocks.pop() else { return Err("unexpected `}'".to_owned()) };
                if let Some(c) = self.program.commands.get_mut(open) {
                    c.op = Op::Open(here);
                }
                self.end()?;
                Op::Close
            }
            ':' => {
                if from.is_some() {
                    return Err(": doesn't want any addresses".to_owned());
                }
                let label = self.label();
                if label.is_empty() {
                    return Err("\":\" lacks a label".to_owned());
                }
                self.labels.push((label, here));
                Op::Label
            }
            'b' | 't' | 'T' => {
                let label = self.label();
                if !label.is_empty() {
                    self.jumps.push((here, label));
                }
                match c {
                    'b' => Op::Branch(None),
                    c => Op::Test(c == 't', None),
                }
            }
            'a' | 'i' | 'c' => {
                let text = self.text()?;
                match c {
                    'a' => Op::Append(text),
                    'i' => Op::Insert(text),
                    _ => Op::Change(text),
                }
            }
            'q' | 'Q' => {
                if to.is_some() {
                    return Err("command only uses one address".to_owned());
                }
                self.blanks();
                let status = self.number().unwrap_or(0);
                self.end()?;
                Op::Quit(i32::try_from(status & 255).unwrap_or(0), c == 'q')
            }
            'l' | 'L' => {
                self.blanks();
                let n = self.number().and_then(|n| usize::try_from(n).ok());
                self.end()?;
                Op::List(n)
            }
            'r' | 'R' | 'w' | 'W' => {
                let name = self.file()?;
                if self.sandbox {
                    return Err("e/r/w commands disabled in sandbox mode".to_owned());
                }
                match c {
                    'r' => Op::Read(name),
                    'R' => Op::ReadLine(name),
                    c => {
                        self.output(&name);
                        if c == 'w' { Op::Write(name) } else { Op::WriteLine(name) }
                    }
                }
            }
            's' => Op::Substitute(Box::new(self.substitute()?)),
            'y' => {
                let op = self.translate()?;
                self.end()?;
                op
            }
            'e' => return Err("e/r/w commands disabled in sandbox mode".to_owned()),
            'v' => {
                self.label();
                return Ok(());
            }
            '=' | 'd' | 'D' | 'F' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' => {
                self.end()?;
                Op::Plain(c)
            }
            c => return Err(format!("unknown command: `{c}'")),
        };
        self.program.commands.push(Command { from, to, negate, op });
        Ok(())
    }

    /// Nothing but blanks up to the end of the command.
    fn end(&mut self) -> Res<()> {
        self.blanks();
        match self.peek() {
            None | Some('}' | '#') => Ok(()),
            Some('\n' | ';') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => {
                self.at += 1;
                Err("extra characters after command".to_owned())
            }
        }
    }

    fn label(&mut self) -> String {
        self.blanks();
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n' && *c != ';' && *c != '}') {
            out.push(c);
            self.at += 1;
        }
        out.trim_end().to_owned()
    }

    fn file(&mut self) -> Res<String> {
        self.blanks();
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            out.push(c);
            self.at += 1;
        }
        if out.is_empty() { Err("missing filename in r/R/w/W commands".to_owned()) } else { Ok(out) }
    }

    fn output(&mut self, name: &str) {
        if !name.starts_with("/dev/std") && !self.program.outputs.iter().any(|o| o == name) {
            self.program.outputs.push(name.to_owned());
        }
    }

    /// The text of `a`, `i` and `c`.
    fn text(&mut self) -> Res<String> {
        self.blanks();
        if self.peek().is_none() {
            return Err("expected \\ after `a', `c' or `i'".to_owned());
        }
        if self.peek() == Some('\\') {
            self.at += 1;
            // Blanks in front of text on the same line belong to it.
            let begin = self.at;
            self.blanks();
            match self.peek() {
                Some('\n') => self.at += 1,
                None => return Ok(String::new()),
                _ => self.at = begin,
            }
        }
        let mut out = String::new();
        while let Some(c) = self.next() {
            match c {
                '\n' => break,
                '\\' => match self.next() {
                    Some('t') => out.push('\t'),
                    Some(c) => out.push(c),
                    None => {}
                },
                c => out.push(c),
            }
        }
        out.push('\n');
        Ok(out)
    }

    fn substitute(&mut self) -> Res<Substitute> {
        let open = "unterminated `s' command";
        let delim = self.next().ok_or(open)?;
        let pattern = self.delimited(delim, true).ok_or(open)?;
        let replacement = self.delimited(delim, false).ok_or(open)?;
        let mut s = Substitute { re: None, parts: Vec::new(), global: false, number: 0, print: false, write: None };
        let (mut fold, mut multi) = (false, false);
        loop {
            match self.peek() {
                Some('g') if s.global => return Err("multiple `g' options to `s' command".to_owned()),
                Some('p') if s.print => return Err("multiple `p' options to `s' command".to_owned()),
                Some('g') => s.global = true,
                Some('p') => s.print = true,
                Some('i' | 'I') => fold = true,
                Some('m' | 'M') => multi = true,
                Some('e') => return Err("e/r/w commands disabled in sandbox mode".to_owned()),
                Some('w') => {
                    self.at += 1;
                    let name = self.file()?;
                    self.output(&name);
                    s.write = Some(name);
                    break;
                }
                Some('0'..='9') => {
                    if s.number > 0 {
                        return Err("multiple number options to `s' command".to_owned());
                    }
                    s.number = self.number().unwrap_or(0);
                    if s.number == 0 {
                        return Err("number option to `s' command may not be zero".to_owned());
                    }
                    continue;
                }
                None | Some('\n' | ';' | '}' | '#' | ' ' | '\t' | '\r') => {
                    self.end()?;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    return Err("unknown option to `s'".to_owned());
                }
            }
            self.at += 1;
        }
        s.re = self.regex(&pattern, fold, multi)?;
        s.parts = super::substitute::parts(&replacement);
        let groups = s.re.and_then(|i| self.program.regexes.get(i)).map_or(9, |r| r.groups);
        let most = s.parts.iter().filter_map(|p| if let Part::Group(n) = p { Some(*n) } else { None }).max();
        match most {
            Some(n) if n > groups => Err(format!("invalid reference \\{n} on `s' command's RHS")),
            _ => Ok(s),
        }
    }

    fn translate(&mut self) -> Res<Op> {
        let open = "unterminated `y' command";
        let delim = self.next().ok_or(open)?;
        let from = self.delimited(delim, false).ok_or(open)?;
        let to = self.delimited(delim, false).ok_or(open)?;
        let plain = |t: &str| {
            let mut out = Vec::new();
            let mut chars = t.chars();
            while let Some(c) = chars.next() {
                if c != '\\' {
                    out.push(c);
                    continue;
                }
                match chars.next() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some('\\') | None => out.push('\\'),
                    Some(c) => out.extend(['\\', c]),
                }
            }
            out
        };
        let (from, to) = (plain(&from), plain(&to));
        if from.len() != to.len() {
            return Err("strings for `y' command are different lengths".to_owned());
        }
        Ok(Op::Translate(from.into_iter().zip(to).collect()))
    }
}
