//! The expression of find: options, tests, actions and how they are joined.

use crate::console::mode;
use crate::console::posix::{self, Re, Syntax};
use crate::console::tool::Ctx;
use crate::console::tool::date;
use crate::console::zone::Zone;
use crate::stdx::time::Utc;
use std::collections::VecDeque;
use std::sync::Arc;

/// A number with a sign in front of it, or none.
#[derive(Clone, Copy, Debug)]
pub(super) enum Compare {
    More(i64),
    Less(i64),
    Exactly(i64),
}

/// A question about a file.
#[derive(Clone)]
pub(super) enum Test {
    Constant(bool),
    Name(String, bool),
    Path(String, bool),
    Regex(Arc<Re>),
    LinkName(String, bool),
    Kind(String),
    BehindLink(String),
    Size(Compare, u64),
    Age { which: char, unit: i64, how: Compare },
    Newer(char, (Utc, u32)),
    Empty,
    Perm(char, u16),
    User(String),
    Group(String),
    Links(Compare),
    Number(Compare),
    Same(u64),
    May(u16),
    Prune,
}

/// Something done to a file.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Print(char),
    Format(String),
    Ls,
    Exec { words: Vec<String>, inside: bool },
    Batch(usize),
    Delete,
    Quit,
}

#[derive(Clone)]
pub(super) enum Expr {
    Test(Test),
    Action(Action),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    List(Vec<Expr>),
}

/// What a command line asks for.
#[derive(Clone)]
pub(super) struct Plan {
    pub roots: Vec<String>,
    pub expr: Expr,
    pub depth_first: bool,
    pub max: usize,
    pub min: usize,
    pub follow: bool,
    pub follow_roots: bool,
    pub now: Utc,
    /// Its clocks.
    pub zone: Zone,
    pub batches: usize,
    commands: Vec<Vec<String>>,
}

impl Plan {
    pub fn batch(&self, at: usize) -> &[String] {
        self.commands.get(at).map_or(&[], Vec::as_slice)
    }
}

struct Parser<'a, 'c> {
    words: VecDeque<String>,
    c: &'a Ctx<'c>,
    plan: Plan,
    acts: bool,
    syntax: Syntax,
    emacs: bool,
    start_of_day: bool,
    /// Negations and parentheses around what is read.
    depth: usize,
}

/// Negations and parentheses inside each other at most.
const DEEP: usize = 200;

pub(super) fn plan(words: &[String], c: &Ctx<'_>) -> Result<Plan, String> {
    let mut words: VecDeque<String> = words.iter().cloned().collect();
    let mut plan = Plan {
        roots: Vec::new(),
        expr: Expr::And(Vec::new()),
        depth_first: false,
        max: usize::MAX,
        min: 0,
        follow: false,
        follow_roots: false,
        now: c.host.utc(),
        zone: c.zone(),
        batches: 0,
        commands: Vec::new(),
    };
    while let Some(w) = words.front().filter(|w| matches!(w.as_str(), "-H" | "-L" | "-P")) {
        (plan.follow, plan.follow_roots) = (w == "-L", w == "-H");
        words.pop_front();
    }
    let begins = |w: &str| (w.starts_with('-') && w.len() > 1) || w == "(" || w == "!" || w == ")" || w == ",";
    while let Some(w) = words.front().filter(|w| !begins(w)).cloned() {
        plan.roots.push(w);
        words.pop_front();
    }
    if plan.roots.is_empty() {
        plan.roots.push(".".to_owned());
    }
    let mut p =
        Parser { words, c, plan, acts: false, syntax: Syntax::Basic, emacs: true, start_of_day: false, depth: 0 };
    let expr = if p.words.is_empty() { Expr::And(Vec::new()) } else { p.list()? };
    if let Some(w) = p.words.front() {
        return Err(match w.as_str() {
            ")" => "invalid expression; you have too many ')'".to_owned(),
            w => format!("paths must precede expression: `{w}'"),
        });
    }
    let mut plan = p.plan;
    plan.batches = plan.commands.len();
    plan.expr = if p.acts { expr } else { Expr::And(vec![expr, Expr::Action(Action::Print('\n'))]) };
    Ok(plan)
}

fn number(text: &str, name: &str) -> Result<Compare, String> {
    let bad = || format!("invalid argument `{text}' to `{name}'");
    let digits = text.trim_start_matches(['+', '-']);
    let n: i64 = digits.parse().map_err(|_| bad())?;
    Ok(match text.chars().next() {
        Some('+') => Compare::More(n),
        Some('-') => Compare::Less(n),
        _ => Compare::Exactly(n),
    })
}

impl Parser<'_, '_> {
    fn list(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.or()?];
        while self.words.front().is_some_and(|w| w == ",") {
            self.words.pop_front();
            all.push(self.or()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::List(all) })
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.and()?];
        while let Some(w) = self.words.front().filter(|w| matches!(w.as_str(), "-o" | "-or")).cloned() {
            self.words.pop_front();
            self.needs_right(&w)?;
            all.push(self.and()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::Or(all) })
    }

    fn needs_right(&self, operator: &str) -> Result<(), String> {
        match self.words.front().map(String::as_str) {
            None | Some(")") => Err(format!("expected an expression after '{operator}'")),
            _ => Ok(()),
        }
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.not()?];
        loop {
            match self.words.front().map(String::as_str) {
                None | Some(")" | "," | "-o" | "-or") => break,
                Some("-a" | "-and") => {
                    let w = self.words.pop_front().unwrap_or_default();
                    self.needs_right(&w)?;
                    all.push(self.not()?);
                }
                Some(_) => all.push(self.not()?),
            }
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) })
    }

    fn not(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("the expression is nested too deep".to_owned());
        }
        let e = self.operand()?;
        self.depth -= 1;
        Ok(e)
    }

    fn operand(&mut self) -> Result<Expr, String> {
        let Some(w) = self.words.pop_front() else { return Err("invalid expression".to_owned()) };
        match w.as_str() {
            "!" | "-not" => {
                if self.words.is_empty() {
                    return Err(format!("expected an expression after ‘{w}’"));
                }
                Ok(Expr::Not(Box::new(self.not()?)))
            }
            "(" => {
                if self.words.front().is_some_and(|w| w == ")") {
                    return Err("invalid expression; empty parentheses are not allowed.".to_owned());
                }
                let inner = self.list()?;
                match self.words.pop_front() {
                    Some(_) => Ok(inner),
                    None => {
                        Err("invalid expression; I was expecting to find a ')' somewhere but did not see one."
                            .to_owned())
                    }
                }
            }
            "-o" | "-or" | "-a" | "-and" | "," => {
                Err(format!("invalid expression; you have used a binary operator '{w}' with nothing before it."))
            }
            w if w.starts_with('-') => self.primary(w),
            w => Err(format!("paths must precede expression: `{w}'")),
        }
    }

    fn value(&mut self, name: &str) -> Result<String, String> {
        self.words.pop_front().ok_or_else(|| format!("missing argument to `{name}'"))
    }

    fn count(&mut self, name: &str) -> Result<usize, String> {
        let v = self.value(name)?;
        v.parse().map_err(|_| format!("Expected a positive decimal integer argument to {name}, but got ‘{v}’"))
    }

    fn moment(&self, file: &str, which: char) -> Result<(Utc, u32), String> {
        let s = self.c.look(file, true).map_err(|why| format!("‘{file}’: {why}"))?;
        Ok(super::moment(&s, which))
    }

    fn primary(&mut self, name: &str) -> Result<Expr, String> {
        let test = match name {
            "-true" => Test::Constant(true),
            "-false" => Test::Constant(false),
            "-name" | "-iname" => Test::Name(self.value(name)?, name == "-iname"),
            "-path" | "-wholename" | "-ipath" | "-iwholename" => Test::Path(self.value(name)?, name.starts_with("-i")),
            "-lname" | "-ilname" => Test::LinkName(self.value(name)?, name == "-ilname"),
            "-regex" | "-iregex" => {
                let v = self.value(name)?;
                let pattern = if self.emacs { emacs(&v) } else { v.clone() };
                let syntax = if self.emacs { Syntax::Extended } else { self.syntax };
                let options = posix::Options { ignore_case: name == "-iregex", ..Default::default() };
                let re = Re::new(&pattern, syntax, options);
                Test::Regex(Arc::new(re.map_err(|why| format!("failed to compile regular expression '{v}': {why}"))?))
            }
            "-regextype" => {
                let v = self.value(name)?;
                (self.emacs, self.syntax) = match v.as_str() {
                    "emacs" | "findutils-default" => (true, Syntax::Basic),
                    "posix-extended" | "egrep" | "posix-egrep" | "awk" | "posix-awk" | "gnu-awk" => {
                        (false, Syntax::Extended)
                    }
                    "posix-basic" | "ed" | "sed" | "grep" | "posix-minimal-basic" => (false, Syntax::Basic),
                    v => return Err(format!("Unknown regular expression type ‘{v}’")),
                };
                Test::Constant(true)
            }
            "-type" | "-xtype" => {
                let v = self.value(name)?;
                let letters: String = v.split(',').collect();
                if let Some(bad) = letters.chars().find(|c| !"bcdpflsD".contains(*c)) {
                    return Err(format!("Unknown argument to {name}: {bad}"));
                }
                if v.split(',').any(|part| part.chars().count() != 1) {
                    return Err(format!("Must separate multiple arguments to {name} using: ','"));
                }
                if name == "-type" { Test::Kind(letters) } else { Test::BehindLink(letters) }
            }
            "-size" => {
                let v = self.value(name)?;
                let bad = || format!("Invalid argument `{v}' to -size");
                let last = v.chars().last().ok_or_else(bad)?;
                let (digits, unit) = match last {
                    '0'..='9' => (v.as_str(), 512),
                    c => {
                        let unit = match c {
                            'b' => 512,
                            'c' => 1,
                            'w' => 2,
                            'k' => 1 << 10,
                            'M' => 1 << 20,
                            'G' => 1 << 30,
                            c if c.is_ascii() => return Err(format!("invalid -size type `{c}'")),
                            _ => return Err(bad()),
                        };
                        (v.get(..v.len() - 1).unwrap_or_default(), unit)
                    }
                };
                Test::Size(number(digits, name).map_err(|_| bad())?, unit)
            }
            "-mtime" | "-atime" | "-ctime" | "-mmin" | "-amin" | "-cmin" => {
                let v = self.value(name)?;
                let unit = if name.ends_with("time") { 86_400 } else { 60 };
                Test::Age { which: name.chars().nth(1).unwrap_or('m'), unit, how: number(&v, name)? }
            }
            "-newer" | "-anewer" | "-cnewer" => {
                let v = self.value(name)?;
                let which = if name == "-newer" { 'm' } else { name.chars().nth(1).unwrap_or('m') };
                Test::Newer(which, self.moment(&v, 'm')?)
            }
            n if n.starts_with("-newer") && n.len() == 8 => {
                let v = self.value(name)?;
                let (which, of) = (n.chars().nth(6).unwrap_or('m'), n.chars().nth(7).unwrap_or('m'));
                if !"amcB".contains(which) || !"amcBt".contains(of) {
                    return Err(format!("unknown predicate `{n}'"));
                }
                let than = if of == 't' {
                    let read = date::read(&v, self.plan.now, &self.plan.zone);
                    read.map(|(s, ns)| (Utc(s), ns))
                        .ok_or_else(|| format!("I cannot figure out how to interpret ‘{v}’ as a date or time"))?
                } else {
                    self.moment(&v, of)?
                };
                Test::Newer(which, than)
            }
            "-empty" => Test::Empty,
            "-perm" => {
                let v = self.value(name)?;
                let (kind, rest) = match v.chars().next() {
                    Some(c @ ('-' | '/')) => (c, v.get(1..).unwrap_or_default()),
                    _ => ('=', v.as_str()),
                };
                let bits = mode::parse(rest, 0, false, 0).filter(|_| !rest.is_empty());
                Test::Perm(kind, bits.ok_or_else(|| format!("invalid mode ‘{v}’"))?)
            }
            "-user" | "-uid" | "-group" | "-gid" => {
                let v = self.value(name)?;
                let known = v.parse::<u32>().is_ok() || super::super::super::account::exists(self.c, &v);
                if !known {
                    let what = if name.starts_with("-u") { "a known user" } else { "an existing group" };
                    return Err(format!("‘{v}’ is not the name of {what}"));
                }
                if name.starts_with("-u") { Test::User(v) } else { Test::Group(v) }
            }
            "-nouser" | "-nogroup" => Test::Constant(false),
            "-links" => Test::Links(self.value(name).and_then(|v| number(&v, name))?),
            "-inum" => Test::Number(self.value(name).and_then(|v| number(&v, name))?),
            "-samefile" => {
                let v = self.value(name)?;
                Test::Same(self.c.look(&v, false).map_err(|why| format!("‘{v}’: {why}"))?.ino)
            }
            "-readable" => Test::May(4),
            "-writable" => Test::May(2),
            "-executable" => Test::May(1),
            "-prune" => Test::Prune,
            "-maxdepth" => {
                self.plan.max = self.count(name)?;
                Test::Constant(true)
            }
            "-mindepth" => {
                self.plan.min = self.count(name)?;
                Test::Constant(true)
            }
            "-depth" | "-d" => {
                self.plan.depth_first = true;
                Test::Constant(true)
            }
            "-follow" => {
                self.plan.follow = true;
                Test::Constant(true)
            }
            "-daystart" => {
                if !std::mem::replace(&mut self.start_of_day, true) {
                    let shown = self.plan.zone.local(self.plan.now);
                    self.plan.now = Utc(self.plan.now.0 - shown.rem_euclid(86_400) + 86_400);
                }
                Test::Constant(true)
            }
            "-xdev"
            | "-mount"
            | "-noleaf"
            | "-warn"
            | "-nowarn"
            | "-ignore_readdir_race"
            | "-noignore_readdir_race" => Test::Constant(true),
            _ => return self.action(name),
        };
        Ok(Expr::Test(test))
    }

    fn action(&mut self, name: &str) -> Result<Expr, String> {
        let action = match name {
            "-print" => Action::Print('\n'),
            "-print0" => Action::Print('\0'),
            "-printf" => Action::Format(self.value(name)?),
            "-ls" => Action::Ls,
            "-quit" => Action::Quit,
            "-delete" => {
                self.plan.depth_first = true;
                Action::Delete
            }
            "-exec" | "-execdir" => {
                let mut words = Vec::new();
                loop {
                    let Some(w) = self.words.pop_front() else {
                        return Err(format!("missing argument to `{name}'"));
                    };
                    if w == ";" {
                        break;
                    }
                    if w == "+" && words.last().is_some_and(|l| l == "{}") {
                        words.pop();
                        if words.is_empty() {
                            return Err(format!("missing argument to `{name}'"));
                        }
                        self.acts = true;
                        self.plan.commands.push(words);
                        return Ok(Expr::Action(Action::Batch(self.plan.commands.len() - 1)));
                    }
                    words.push(w);
                }
                if words.is_empty() {
                    return Err(format!("missing argument to `{name}'"));
                }
                Action::Exec { words, inside: name == "-execdir" }
            }
            "-ok" | "-okdir" | "-fprint" | "-fprint0" | "-fprintf" | "-fls" => {
                return Err(format!("{name} is not available in this shell"));
            }
            name => return Err(format!("unknown predicate `{name}'")),
        };
        self.acts |= !matches!(action, Action::Quit);
        Ok(Expr::Action(action))
    }
}

/// An Emacs pattern as an extended one: there `\(`, `\|` and `\)` have a meaning and the plain characters none.
fn emacs(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars();
    let mut inside = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if !inside => match chars.next() {
                Some(n @ ('(' | ')' | '|')) => out.push(n),
                Some(n) => out.extend(['\\', n]),
                None => out.push('\\'),
            },
            '(' | ')' | '|' | '{' | '}' if !inside => out.extend(['\\', c]),
            c => {
                inside = match c {
                    '[' => true,
                    ']' => false,
                    _ => inside,
                };
                out.push(c);
            }
        }
    }
    out
}
