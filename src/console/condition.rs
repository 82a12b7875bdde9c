//! `test`, `[` and `[[`.

use crate::console::expand::{Env, Stop};
use crate::console::host::{ConsoleHost, NodeKind};
use crate::console::path;
use crate::console::pattern::Pattern;
use crate::console::posix::{Options, Re, Syntax};
use crate::console::process::{Fd, Proc, Shell};
use crate::console::syntax::{Cond, Word};
use crate::console::var::{Value, Var};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What file tests look at.
pub struct Place<'a> {
    /// World.
    pub host: &'a dyn ConsoleHost,
    /// Host's name.
    pub on: &'a str,
    /// Current directory.
    pub cwd: &'a str,
    /// User.
    pub user: &'a str,
    /// Descriptors above 2.
    pub more: &'a BTreeMap<u32, Fd>,
}

/// Whether `[[ … ]]` holds.
pub fn holds(e: &mut Env<'_>, cond: &Cond) -> Result<bool, Stop> {
    if e.sh.opts.xtrace
        && let Some(text) = traced(e, cond)?
    {
        e.traces.push(format!("[[ {text} ]]"));
    }
    match cond {
        Cond::And(a, b) => Ok(holds(e, a)? && holds(e, b)?),
        Cond::Or(a, b) => Ok(holds(e, a)? || holds(e, b)?),
        Cond::Not(a) => Ok(!holds(e, a)?),
        Cond::Word(w) => Ok(!e.text(w)?.is_empty()),
        Cond::Unary(op, w) => {
            let text = e.text(w)?;
            match op.as_str() {
                "-v" => {
                    let name = e.element_name(&text)?;
                    is_set(e.sh, &name).map_err(Stop::Error)
                }
                "-o" => Ok(e.sh.opts.is_on(&text)),
                "-R" => Ok(e.sh.vars.raw(&text).is_some_and(|v| v.nameref)),
                "-t" => Ok(false),
                op => {
                    let place = Place { host: e.host, on: e.on, cwd: e.cwd, user: e.user, more: e.more };
                    Ok(unary(op, &text, &place).unwrap_or(false))
                }
            }
        }
        Cond::Binary(a, op, b) => {
            let left = e.text(a)?;
            match op.as_str() {
                "=" | "==" | "!=" => {
                    let chars = e.pattern(b)?;
                    let pattern = Pattern::new(&chars, true, e.sh.opts.nocasematch);
                    Ok(pattern.matches(&left) == (op != "!="))
                }
                "=~" => matches_regex(e, &left, b),
                "<" | ">" => {
                    let right = e.text(b)?;
                    Ok(if op == "<" { left < right } else { left > right })
                }
                "-nt" | "-ot" | "-ef" => {
                    let right = e.text(b)?;
                    let place = Place { host: e.host, on: e.on, cwd: e.cwd, user: e.user, more: e.more };
                    Ok(files(op, &left, &right, &place))
                }
                op => {
                    let right = e.text(b)?;
                    // A number that is none ends the condition and nothing else.
                    let told = |stop| match stop {
                        Stop::Discard(why) => Stop::Error(format!("[[: {why}")),
                        other => other,
                    };
                    let a = e.evaluate_text(&left).map_err(told)?;
                    let b = e.evaluate_text(&right).map_err(told)?;
                    Ok(compare(op, a, b))
                }
            }
        }
    }
}

/// One term of a condition as `set -x` prints it, its words expanded.
fn traced(e: &mut Env<'_>, cond: &Cond) -> Result<Option<String>, Stop> {
    let shown = |t: String| if t.is_empty() { "''".to_owned() } else { t };
    Ok(match cond {
        Cond::And(..) | Cond::Or(..) | Cond::Not(_) => None,
        Cond::Word(w) => Some(format!("-n {}", shown(e.text(w)?))),
        Cond::Unary(op, w) => Some(format!("{op} {}", shown(e.text(w)?))),
        Cond::Binary(a, op, b) => {
            let left = shown(e.text(a)?);
            let right = if matches!(op.as_str(), "=" | "==" | "!=" | "=~") {
                let mut text = String::new();
                for (c, quoted) in e.pattern(b)? {
                    if quoted {
                        text.push('\\');
                    }
                    text.push(c);
                }
                text
            } else {
                e.text(b)?
            };
            Some(format!("{left} {op} {}", shown(right)))
        }
    })
}

fn matches_regex(e: &mut Env<'_>, text: &str, word: &Word) -> Result<bool, Stop> {
    // What is quoted stands for itself.
    let mut regex = String::new();
    for (c, quoted) in e.pattern(word)? {
        if quoted && ".[]{}()*+?|^$\\".contains(c) {
            regex.push('\\');
        }
        regex.push(c);
    }
    if repeats_nothing(&regex) {
        return Err(Stop::Error(String::new()));
    }
    let options = Options { ignore_case: e.sh.opts.nocasematch, ..Options::default() };
    // A wrong expression is status 2, without a word.
    let Ok(built) = Re::new(&regex, Syntax::Extended, options) else { return Err(Stop::Error(String::new())) };
    let found = built.captures_at(text, 0);
    let mut groups = BTreeMap::new();
    if let Some(caps) = &found {
        for (i, m) in caps.iter().enumerate() {
            let part = m.and_then(|(from, to)| text.get(from..to)).unwrap_or_default();
            groups.insert(i as u64, part.to_owned());
        }
    }
    let var = Var { value: Value::Indexed(Arc::new(groups)), sources: e.sources.clone(), ..Var::default() };
    e.sh.vars.put("BASH_REMATCH", Some(var));
    Ok(found.is_some())
}

/// Whether an expression begins with what repeats something, or has that behind `(` or `|`.
fn repeats_nothing(regex: &str) -> bool {
    let mut begins = true;
    let mut chars = regex.chars();
    while let Some(c) = chars.next() {
        if begins && "*+?{".contains(c) {
            return true;
        }
        begins = matches!(c, '(' | '|') || begins && c == '^';
        match c {
            '\\' => drop(chars.next()),
            '[' => {
                let rest = chars.as_str();
                let body = rest.strip_prefix('^').unwrap_or(rest);
                let begin = usize::from(body.starts_with(']'));
                let end = body.get(begin..).and_then(|b| b.find(']')).map_or(body.len(), |i| begin + i + 1);
                chars = body.get(end..).unwrap_or_default().chars();
            }
            _ => {}
        }
    }
    false
}

/// Variables that the shell keeps itself.
const KEPT: [&str; 17] = [
    "BASH",
    "BASHOPTS",
    "BASHPID",
    "BASH_VERSINFO",
    "BASH_VERSION",
    "EPOCHSECONDS",
    "EUID",
    "HOSTTYPE",
    "LINENO",
    "MACHTYPE",
    "OSTYPE",
    "PPID",
    "PWD",
    "RANDOM",
    "SECONDS",
    "SHELLOPTS",
    "UID",
];

fn is_set(sh: &Shell, name: &str) -> Result<bool, String> {
    if let Some((array, rest)) = name.split_once('[')
        && let Some(index) = rest.strip_suffix(']')
    {
        if matches!(index, "@" | "*") {
            return Ok(sh.vars.get(array).is_some_and(|v| !v.all().is_empty()));
        }
        return Ok(sh.vars.element(array, index)?.is_some());
    }
    if let Ok(n) = name.parse::<usize>() {
        return Ok(n == 0 || n <= sh.args.len());
    }
    Ok(KEPT.contains(&name) || sh.vars.get(name).is_some_and(|v| v.text().is_some()))
}

fn unary(op: &str, arg: &str, at: &Place<'_>) -> Option<bool> {
    // What `<(…)` stands for is a pipe.
    if let Some(fd) = arg.strip_prefix("/dev/fd/").and_then(|n| at.more.get(&n.parse().ok()?)) {
        let pipe = matches!(fd, Fd::Read(_) | Fd::Write(_));
        match op {
            "-e" | "-a" | "-r" | "-w" => return Some(true),
            "-p" => return Some(pipe),
            "-f" => return Some(!pipe),
            _ => {}
        }
    }
    let full = path::physical(at.host, at.on, at.cwd, arg);
    let found = if arg.is_empty() || path::reach(at.host, at.on, at.user, &full).is_err() {
        None
    } else {
        at.host.stat(at.on, &full).filter(|s| s.dir || !arg.ends_with('/'))
    };
    let stat = || found.as_ref();
    let device = || stat().is_some_and(|s| matches!(s.kind, NodeKind::Device(..)));
    let may = |bit| stat().is_some_and(|s| path::allowed(s, at.user, bit));
    Some(match op {
        "-n" => !arg.is_empty(),
        "-z" => arg.is_empty(),
        "-e" | "-a" => stat().is_some(),
        "-f" => stat().is_some_and(|s| s.kind == NodeKind::File),
        "-d" => stat().is_some_and(|s| s.dir),
        "-s" => stat().is_some_and(|s| s.size > 0),
        "-r" => may(4),
        "-w" => may(2),
        "-x" => stat().is_some_and(|s| path::allowed(s, at.user, 1)),
        "-O" => stat().is_some_and(|s| s.owner == at.user),
        "-G" => stat().is_some_and(|s| s.group == at.user),
        "-k" => stat().is_some_and(|s| s.mode & 0o1000 != 0),
        "-u" => stat().is_some_and(|s| s.mode & 0o4000 != 0),
        "-g" => stat().is_some_and(|s| s.mode & 0o2000 != 0),
        "-c" => device(),
        "-N" => stat().is_some_and(|s| s.written() > s.atime),
        "-h" | "-L" => !arg.is_empty() && at.host.lstat(at.on, &full).is_some_and(|s| s.is_link()),
        "-p" => stat().is_some_and(|s| s.kind == NodeKind::Pipe),
        "-b" | "-S" => false,
        _ => return None,
    })
}

fn files(op: &str, a: &str, b: &str, at: &Place<'_>) -> bool {
    let stat = |f: &str| at.host.stat(at.on, &path::physical(at.host, at.on, at.cwd, f));
    match (op, stat(a), stat(b)) {
        ("-ef", Some(a), Some(b)) => a.ino == b.ino,
        ("-nt", Some(a), Some(b)) => a.written() > b.written(),
        ("-nt", Some(_), None) | ("-ot", None, Some(_)) => true,
        ("-ot", Some(a), Some(b)) => a.written() < b.written(),
        _ => false,
    }
}

fn compare(op: &str, a: i64, b: i64) -> bool {
    match op {
        "-eq" => a == b,
        "-ne" => a != b,
        "-lt" => a < b,
        "-le" => a <= b,
        "-gt" => a > b,
        _ => a >= b,
    }
}

const BINARY: [&str; 14] = ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

/// Whether `test WORDS` holds, or what bash says about it.
pub fn test(words: &[String], p: &Proc, sh: &Shell, host: &dyn ConsoleHost) -> Result<bool, String> {
    let place = Place { host, on: &p.host, cwd: &p.cwd, user: &p.user, more: &p.more };
    let mut t = Test { words, at: 0, p, sh, place, depth: 0 };
    match words {
        [] => return Ok(false),
        [one] => return Ok(!one.is_empty()),
        [bang, one] if bang == "!" => return Ok(one.is_empty()),
        [op, arg] => {
            return match t.unary(op, arg)? {
                Some(yes) => Ok(yes),
                None => Err(format!("{op}: unary operator expected")),
            };
        }
        [a, op, b] if BINARY.contains(&op.as_str()) => return t.binary(a, op, b),
        [a, op, b] if op == "-a" => return Ok(!a.is_empty() && !b.is_empty()),
        [a, op, b] if op == "-o" => return Ok(!a.is_empty() || !b.is_empty()),
        [bang, rest @ ..] if bang == "!" && rest.len() <= 3 => return Ok(!test(rest, p, sh, host)?),
        [a, inner, b] if a == "(" && b == ")" => return Ok(!inner.is_empty()),
        [_, op, _] => return Err(format!("{op}: binary operator expected")),
        _ => {}
    }
    let yes = t.or()?;
    if t.at < words.len() {
        return Err("too many arguments".to_owned());
    }
    Ok(yes)
}

struct Test<'a> {
    words: &'a [String],
    at: usize,
    p: &'a Proc,
    sh: &'a Shell,
    place: Place<'a>,
    depth: u32,
}

impl Test<'_> {
    fn peek(&self, ahead: usize) -> Option<&str> {
        self.words.get(self.at + ahead).map(String::as_str)
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut left = self.and()?;
        while self.peek(0) == Some("-o") {
            self.at += 1;
            let right = self.and()?;
            left = left || right;
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut left = self.one()?;
        while self.peek(0) == Some("-a") {
            self.at += 1;
            let right = self.one()?;
            left = left && right;
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err("too many arguments".to_owned());
        }
        let yes = self.one_here();
        self.depth -= 1;
        yes
    }

    fn one_here(&mut self) -> Result<bool, String> {
        let Some(word) = self.peek(0).map(str::to_owned) else { return Err("argument expected".to_owned()) };
        if word == "(" && self.peek(2) == Some(")") {
            let yes = self.peek(1).is_some_and(|w| !w.is_empty());
            self.at += 3;
            return Ok(yes);
        }
        if let (Some(op), Some(right)) = (self.peek(1).map(str::to_owned), self.peek(2).map(str::to_owned))
            && BINARY.contains(&op.as_str())
        {
            self.at += 3;
            return self.binary(&word, &op, &right);
        }
        self.at += 1;
        match word.as_str() {
            "!" => Ok(!self.one()?),
            "(" => {
                let yes = self.or()?;
                if self.peek(0) != Some(")") {
                    return Err("`)' expected".to_owned());
                }
                self.at += 1;
                Ok(yes)
            }
            op => {
                if let Some(arg) = self.peek(0).map(str::to_owned)
                    && let Some(yes) = self.unary(op, &arg)?
                {
                    self.at += 1;
                    return Ok(yes);
                }
                Ok(!word.is_empty())
            }
        }
    }

    fn unary(&self, op: &str, arg: &str) -> Result<Option<bool>, String> {
        match op {
            "-v" => is_set(self.sh, arg).map(Some),
            "-o" => Ok(Some(self.sh.opts.is_on(arg))),
            "-R" => Ok(Some(self.sh.vars.raw(arg).is_some_and(|v| v.nameref))),
            "-t" => {
                let fd = arg.trim().parse::<u32>().ok();
                Ok(Some(fd.is_some_and(|fd| crate::console::machine::Console::descriptor(self.p, fd) == Fd::Term)))
            }
            op => Ok(unary(op, arg, &self.place)),
        }
    }

    fn binary(&self, a: &str, op: &str, b: &str) -> Result<bool, String> {
        let number = |t: &str| t.trim().parse::<i64>().map_err(|_| format!("{t}: integer expression expected"));
        match op {
            "=" | "==" => Ok(a == b),
            "!=" => Ok(a != b),
            "<" => Ok(a < b),
            ">" => Ok(a > b),
            "-nt" | "-ot" | "-ef" => Ok(files(op, a, b, &self.place)),
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => Ok(compare(op, number(a)?, number(b)?)),
            op => Err(format!("{op}: binary operator expected")),
        }
    }
}
