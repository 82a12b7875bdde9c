//! Compiles an awk program for the machine in `vm`.

mod expr;

use super::ast::{Expr, From, Pattern, Stmt, To, Tree};
use crate::console::posix::Re;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Variables that awk itself knows, at these places.
pub(super) const SPECIAL: &[&str] = &[
    "NF", "NR", "FNR", "FS", "OFS", "RS", "ORS", "FILENAME", "SUBSEP", "CONVFMT", "OFMT", "RSTART", "RLENGTH",
    "ENVIRON", "ARGC", "ARGV",
];

/// A variable: of the program, or of the function that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Global(usize),
    Local(usize),
}

/// An instruction.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    Num(f64),
    Str(Arc<str>),
    /// Matches the record with a pattern.
    Record(Arc<str>),
    Get(Place),
    Set(Place),
    Field,
    SetField,
    /// Pushes an array as an argument.
    Array(Place),
    /// Makes one key of so many values.
    Key(usize),
    Item(Place),
    SetItem(Place),
    Has(Place),
    Delete(Place),
    Clear(Place),
    Dup,
    Pop,
    Step(Place, f64, bool),
    StepField(f64, bool),
    StepItem(Place, f64, bool),
    Binary(&'static str),
    Negate,
    Not,
    Plus,
    /// Matches a value with a pattern that is a value.
    Match(bool),
    /// Turns the value into 0 or 1.
    Truth,
    Jump(usize),
    /// Takes the value.
    IfNot(usize),
    If(usize),
    Call(usize, usize),
    Return,
    Builtin(&'static str, usize),
    /// Pattern, replacement, text on the stack; pushes the new text, then the count.
    Replace(bool),
    Split(Place, bool),
    /// Sorts an array by value or by key.
    Sort(Place, bool),
    Length(Place),
    Getline(From, bool),
    /// Pushes the line that `getline` got, or jumps if it got none.
    Got(usize),
    Print(bool, usize, Option<To>),
    Each(Place),
    /// The next key, or the end of the loop.
    EachNext(usize, Place),
    EachEnd,
    Next(bool),
    Exit(bool),
    /// Reads the next record, or jumps to the end.
    Read(usize),
    /// Whether a range is open; jumps if it is not.
    InRange(usize, usize),
    Open(usize),
    Close(usize),
    Done,
}

/// A compiled program.
pub(super) struct Program {
    pub ops: Vec<Op>,
    /// Where each function begins, and how many parameters it has.
    pub functions: Vec<(usize, usize)>,
    pub globals: Vec<String>,
    /// Where records are read, and where the end begins.
    pub main: usize,
    pub end: usize,
    pub ranges: usize,
    /// Patterns that were used, compiled.
    pub regexes: Mutex<BTreeMap<String, Arc<Re>>>,
}

struct Compiler<'a> {
    tree: &'a Tree,
    ops: Vec<Op>,
    globals: Vec<String>,
    params: Vec<String>,
    /// Parameters of each function that are arrays.
    arrays: Vec<Vec<bool>>,
    breaks: Vec<Vec<usize>>,
    continues: Vec<Vec<usize>>,
    ranges: usize,
    within: bool,
}

type Res<T> = Result<T, String>;

/// Compiles a program.
pub(super) fn compile(tree: &Tree) -> Res<Program> {
    let mut c = Compiler {
        tree,
        ops: Vec::new(),
        globals: SPECIAL.iter().map(|s| (*s).to_owned()).collect(),
        params: Vec::new(),
        arrays: tree.functions.iter().map(|f| vec![false; f.params.len()]).collect(),
        breaks: Vec::new(),
        continues: Vec::new(),
        ranges: 0,
        within: false,
    };
    super::arrays::infer(tree, &mut c.arrays);
    for (pattern, body) in &tree.items {
        if let (Pattern::Begin, Some(body)) = (pattern, body) {
            c.stmt(body)?;
        }
    }
    let main = c.ops.len();
    c.ops.push(Op::Read(0));
    let reads = tree.items.iter().any(|(p, _)| *p != Pattern::Begin);
    for (pattern, body) in &tree.items {
        c.item(pattern, body.as_ref())?;
    }
    c.ops.push(Op::Jump(main));
    let end = c.ops.len();
    if let Some(op) = c.ops.get_mut(main) {
        *op = if reads { Op::Read(end) } else { Op::Jump(end) };
    }
    for (pattern, body) in &tree.items {
        if let (Pattern::End, Some(body)) = (pattern, body) {
            c.stmt(body)?;
        }
    }
    c.ops.push(Op::Done);
    let mut functions = Vec::new();
    for f in &tree.functions {
        functions.push((c.ops.len(), f.params.len()));
        c.params.clone_from(&f.params);
        c.within = true;
        c.stmt(&f.body)?;
        c.ops.push(Op::Str(Arc::from("")));
        c.ops.push(Op::Return);
    }
    Ok(Program {
        ops: c.ops,
        functions,
        globals: c.globals,
        main,
        end,
        ranges: c.ranges,
        regexes: Mutex::new(BTreeMap::new()),
    })
}

impl Compiler<'_> {
    fn place(&mut self, name: &str) -> Place {
        if let Some(i) = self.params.iter().position(|p| p == name) {
            return Place::Local(i);
        }
        if let Some(i) = self.globals.iter().position(|g| g == name) {
            return Place::Global(i);
        }
        self.globals.push(name.to_owned());
        Place::Global(self.globals.len() - 1)
    }

    fn hole(&mut self) -> usize {
        self.ops.push(Op::Done);
        self.ops.len() - 1
    }

    fn fill(&mut self, at: usize, op: Op) {
        if let Some(slot) = self.ops.get_mut(at) {
            *slot = op;
        }
    }

    fn item(&mut self, pattern: &Pattern, body: Option<&Stmt>) -> Res<()> {
        let action = |c: &mut Self| match body {
            Some(b) => c.stmt(b),
            None => {
                c.ops.push(Op::Print(false, 0, None));
                Ok(())
            }
        };
        match pattern {
            Pattern::Begin | Pattern::End => Ok(()),
            Pattern::Always => action(self),
            Pattern::When(e) => {
                self.expr(e)?;
                let skip = self.hole();
                action(self)?;
                let here = self.ops.len();
                self.fill(skip, Op::IfNot(here));
                Ok(())
            }
            Pattern::Range(from, to) => {
                let n = self.ranges;
                self.ranges += 1;
                let open = self.hole();
                // Not open yet: does it begin here?
                self.expr(from)?;
                let skip = self.hole();
                self.ops.push(Op::Open(n));
                let begun = self.ops.len();
                self.expr(to)?;
                let stays = self.hole();
                self.ops.push(Op::Close(n));
                let here = self.ops.len();
                self.fill(stays, Op::IfNot(here));
                action(self)?;
                let end = self.ops.len();
                self.fill(skip, Op::IfNot(end));
                self.fill(open, Op::InRange(n, begun));
                Ok(())
            }
        }
    }

    fn stmt(&mut self, s: &Stmt) -> Res<()> {
        match s {
            Stmt::Expr(e) => {
                self.expr(e)?;
                self.ops.push(Op::Pop);
            }
            Stmt::Print(format, args, to) => {
                for a in args {
                    self.expr(a)?;
                }
                if let Some((_, target)) = to {
                    self.expr(target)?;
                }
                self.ops.push(Op::Print(*format, args.len(), to.as_ref().map(|t| t.0)));
            }
            Stmt::If(test, yes, no) => {
                self.expr(test)?;
                let skip = self.hole();
                self.stmt(yes)?;
                match no {
                    None => {
                        let here = self.ops.len();
                        self.fill(skip, Op::IfNot(here));
                    }
                    Some(no) => {
                        let over = self.hole();
                        let here = self.ops.len();
                        self.fill(skip, Op::IfNot(here));
                        self.stmt(no)?;
                        let end = self.ops.len();
                        self.fill(over, Op::Jump(end));
                    }
                }
            }
            Stmt::While(test, body) => self.for_loop(None, Some(test), None, body)?,
            Stmt::For(first, test, next, body) => {
                self.for_loop(first.as_deref(), test.as_ref(), next.as_deref(), body)?;
            }
            Stmt::Do(body, test) => {
                let begin = self.ops.len();
                self.open_loop();
                self.stmt(body)?;
                let again = self.ops.len();
                self.expr(test)?;
                self.ops.push(Op::If(begin));
                self.close_loop(again);
            }
            Stmt::ForIn(var, array, body) => {
                let (array, var) = (self.place(array), self.place(var));
                self.ops.push(Op::Each(array));
                let begin = self.hole();
                self.open_loop();
                self.stmt(body)?;
                self.ops.push(Op::Jump(begin));
                self.close_loop(begin);
                let end = self.ops.len();
                self.ops.push(Op::EachEnd);
                self.fill(begin, Op::EachNext(end, var));
            }
            Stmt::Block(all) => {
                for s in all {
                    self.stmt(s)?;
                }
            }
            Stmt::Next | Stmt::NextFile => self.ops.push(Op::Next(*s == Stmt::NextFile)),
            Stmt::Exit(value) => {
                if let Some(v) = value {
                    self.expr(v)?;
                }
                self.ops.push(Op::Exit(value.is_some()));
            }
            Stmt::Return(value) => {
                if !self.within {
                    return Err("return outside function body".to_owned());
                }
                match value {
                    Some(v) => self.expr(v)?,
                    None => self.ops.push(Op::Str(Arc::from(""))),
                }
                self.ops.push(Op::Return);
            }
            Stmt::Break | Stmt::Continue => {
                let at = self.hole();
                let list = if *s == Stmt::Break { &mut self.breaks } else { &mut self.continues };
                match list.last_mut() {
                    Some(l) => l.push(at),
                    None => return Err("break or continue statement outside of loop".to_owned()),
                }
            }
            Stmt::Delete(name, keys) => {
                let place = self.place(name);
                match keys {
                    None => self.ops.push(Op::Clear(place)),
                    Some(keys) => {
                        self.key(keys)?;
                        self.ops.push(Op::Delete(place));
                    }
                }
            }
        }
        Ok(())
    }

    fn open_loop(&mut self) {
        self.breaks.push(Vec::new());
        self.continues.push(Vec::new());
    }

    fn close_loop(&mut self, again: usize) {
        let end = self.ops.len();
        for at in self.breaks.pop().unwrap_or_default() {
            self.fill(at, Op::Jump(end));
        }
        for at in self.continues.pop().unwrap_or_default() {
            self.fill(at, Op::Jump(again));
        }
    }

    fn for_loop(&mut self, first: Option<&Stmt>, test: Option<&Expr>, next: Option<&Stmt>, body: &Stmt) -> Res<()> {
        if let Some(f) = first {
            self.stmt(f)?;
        }
        let begin = self.ops.len();
        let mut exit = None;
        if let Some(t) = test {
            self.expr(t)?;
            exit = Some(self.hole());
        }
        self.open_loop();
        self.stmt(body)?;
        let again = self.ops.len();
        if let Some(n) = next {
            self.stmt(n)?;
        }
        self.ops.push(Op::Jump(begin));
        self.close_loop(again);
        let end = self.ops.len();
        if let Some(at) = exit {
            self.fill(at, Op::IfNot(end));
        }
        Ok(())
    }
}
