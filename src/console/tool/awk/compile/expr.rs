//! Compiles expressions, calls and assignments.

use super::super::ast::Expr;
use super::{Compiler, Op, Res};
use std::sync::Arc;

impl Compiler<'_> {
    pub(super) fn key(&mut self, keys: &[Expr]) -> Res<()> {
        for k in keys {
            self.expr(k)?;
        }
        self.ops.push(Op::Key(keys.len()));
        Ok(())
    }

    /// Reads, changes and writes a place: `change` finds the old value on the stack and leaves the new one.
    fn update(&mut self, target: &Expr, old: bool, change: impl FnOnce(&mut Self) -> Res<()>) -> Res<()> {
        match target {
            Expr::Var(name) => {
                let p = self.place(name);
                if old {
                    self.ops.push(Op::Get(p));
                }
                change(self)?;
                self.ops.push(Op::Set(p));
            }
            Expr::Field(e) => {
                self.expr(e)?;
                if old {
                    self.ops.extend([Op::Dup, Op::Field]);
                }
                change(self)?;
                self.ops.push(Op::SetField);
            }
            Expr::Index(name, keys) => {
                let p = self.place(name);
                self.key(keys)?;
                if old {
                    self.ops.extend([Op::Dup, Op::Item(p)]);
                }
                change(self)?;
                self.ops.push(Op::SetItem(p));
            }
            Expr::Group(e) => self.update(e, old, change)?,
            _ => {
                // Something that cannot be assigned to: the new value is dropped.
                if old {
                    self.expr(target)?;
                }
                change(self)?;
            }
        }
        Ok(())
    }

    pub(super) fn expr(&mut self, e: &Expr) -> Res<()> {
        match e {
            Expr::Num(v) => self.ops.push(Op::Num(*v)),
            Expr::Str(s) => self.ops.push(Op::Str(Arc::from(s.as_str()))),
            Expr::Regex(r) => self.ops.push(Op::Record(Arc::from(r.as_str()))),
            Expr::Var(name) => {
                let p = self.place(name);
                self.ops.push(Op::Get(p));
            }
            Expr::Field(e) => {
                self.expr(e)?;
                self.ops.push(Op::Field);
            }
            Expr::Index(name, keys) => {
                let p = self.place(name);
                self.key(keys)?;
                self.ops.push(Op::Item(p));
            }
            Expr::Assign(op, target, value) => {
                let op = *op;
                self.update(target, !op.is_empty(), |c| {
                    c.expr(value)?;
                    if !op.is_empty() {
                        c.ops.push(Op::Binary(op));
                    }
                    Ok(())
                })?;
            }
            Expr::Cond(test, yes, no) => {
                self.expr(test)?;
                let skip = self.hole();
                self.expr(yes)?;
                let over = self.hole();
                let here = self.ops.len();
                self.fill(skip, Op::IfNot(here));
                self.expr(no)?;
                let end = self.ops.len();
                self.fill(over, Op::Jump(end));
            }
            Expr::And(a, b) | Expr::Or(a, b) => {
                let and = matches!(e, Expr::And(..));
                self.expr(a)?;
                self.ops.extend([Op::Truth, Op::Dup]);
                let skip = self.hole();
                self.ops.push(Op::Pop);
                self.expr(b)?;
                self.ops.push(Op::Truth);
                let end = self.ops.len();
                self.fill(skip, if and { Op::IfNot(end) } else { Op::If(end) });
            }
            Expr::In(keys, name) => {
                let p = self.place(name);
                self.key(keys)?;
                self.ops.push(Op::Has(p));
            }
            Expr::Match(negated, a, b) => {
                self.expr(a)?;
                self.pattern(b)?;
                self.ops.push(Op::Match(*negated));
            }
            Expr::Binary(op, a, b) => {
                self.expr(a)?;
                self.expr(b)?;
                self.ops.push(Op::Binary(op));
            }
            Expr::Unary(op, a) => {
                self.expr(a)?;
                self.ops.push(match op {
                    '!' => Op::Not,
                    '-' => Op::Negate,
                    _ => Op::Plus,
                });
            }
            Expr::Step(by, new, target) => match &**target {
                Expr::Var(name) => {
                    let p = self.place(name);
                    self.ops.push(Op::Step(p, *by, *new));
                }
                Expr::Field(e) => {
                    self.expr(e)?;
                    self.ops.push(Op::StepField(*by, *new));
                }
                Expr::Index(name, keys) => {
                    let p = self.place(name);
                    self.key(keys)?;
                    self.ops.push(Op::StepItem(p, *by, *new));
                }
                _ => return Err("syntax error at or near ++".to_owned()),
            },
            Expr::Group(e) => self.expr(e)?,
            Expr::List(all) => self.key(all)?,
            Expr::Call(name, args) => self.call(name, args)?,
            Expr::Builtin(name, args) => self.builtin(name, args)?,
            Expr::Getline(from, target, source) => {
                if let Some(s) = source {
                    self.expr(s)?;
                }
                self.ops.push(Op::Getline(*from, target.is_some()));
                if let Some(t) = target {
                    let mut got = 0;
                    self.ops.push(Op::Dup);
                    let skip = self.hole();
                    self.update(t, false, |c| {
                        got = c.hole();
                        Ok(())
                    })?;
                    self.fill(got, Op::Got(0));
                    self.ops.push(Op::Pop);
                    let end = self.ops.len();
                    self.fill(skip, Op::Got(end));
                }
            }
        }
        Ok(())
    }

    /// A pattern as a value: the text between slashes, or what an expression gives.
    fn pattern(&mut self, e: &Expr) -> Res<()> {
        match e {
            Expr::Regex(r) => {
                self.ops.push(Op::Str(Arc::from(r.as_str())));
                Ok(())
            }
            Expr::Group(e) => self.pattern(e),
            e => self.expr(e),
        }
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Res<()> {
        let tree = self.tree;
        let Some(at) = tree.functions.iter().position(|f| f.name == name) else {
            return Err(format!("function {name} never defined"));
        };
        let params = tree.functions.get(at).map_or(0, |f| f.params.len());
        if args.len() > params {
            return Err(format!("too many arguments in call to {name}"));
        }
        for (i, a) in args.iter().enumerate() {
            let array = self.arrays.get(at).and_then(|f| f.get(i)).copied().unwrap_or(false);
            match a {
                Expr::Var(v) if array => {
                    let p = self.place(v);
                    self.ops.push(Op::Array(p));
                }
                a => self.expr(a)?,
            }
        }
        self.ops.push(Op::Call(at, args.len()));
        Ok(())
    }

    fn builtin(&mut self, name: &str, args: &[Expr]) -> Res<()> {
        let Some(name) = super::super::lex::BUILTINS.iter().find(|b| **b == name) else {
            return Err(format!("function {name} never defined"));
        };
        let wrong = || format!("wrong number of arguments in call to {name}");
        match (*name, args) {
            ("length", [Expr::Var(v)]) if self.is_array(v) => {
                let p = self.place(v);
                self.ops.push(Op::Length(p));
            }
            ("split", [text, Expr::Var(array), rest @ ..]) if rest.len() <= 1 => {
                self.expr(text)?;
                if let Some(sep) = rest.first() {
                    self.pattern(sep)?;
                }
                let p = self.place(array);
                self.ops.push(Op::Split(p, !rest.is_empty()));
            }
            ("asort" | "asorti", [Expr::Var(array)]) => {
                let p = self.place(array);
                self.ops.push(Op::Sort(p, *name == "asorti"));
            }
            ("sub" | "gsub", [pattern, with, rest @ ..]) if rest.len() <= 1 => {
                let all = *name == "gsub";
                self.pattern(pattern)?;
                self.expr(with)?;
                let record = Expr::Field(Box::new(Expr::Num(0.0)));
                let target = rest.first().unwrap_or(&record);
                // The count stays below; the target is only written if something was replaced.
                self.expr(target)?;
                self.ops.push(Op::Replace(all));
                self.ops.push(Op::Dup);
                let skip = self.hole();
                let mut got = 0;
                self.update(target, false, |c| {
                    got = c.hole();
                    Ok(())
                })?;
                self.fill(got, Op::Got(0));
                self.ops.push(Op::Pop);
                let end = self.ops.len();
                self.fill(skip, Op::Got(end));
            }
            ("match", [text, pattern]) => {
                self.expr(text)?;
                self.pattern(pattern)?;
                self.ops.push(Op::Builtin("match", 2));
            }
            ("gensub", [pattern, rest @ ..]) if rest.len() == 2 || rest.len() == 3 => {
                self.pattern(pattern)?;
                for a in rest {
                    self.expr(a)?;
                }
                self.ops.push(Op::Builtin("gensub", args.len()));
            }
            ("split" | "sub" | "gsub" | "match" | "gensub" | "asort" | "asorti", _) => return Err(wrong()),
            (name, args) => {
                let range = match name {
                    "length" | "srand" | "fflush" => 0..=1,
                    "rand" | "systime" => 0..=0,
                    "substr" => 2..=3,
                    "index" | "atan2" | "lshift" | "rshift" => 2..=2,
                    "strftime" => 0..=3,
                    "sprintf" => 1..=1000,
                    "and" | "or" | "xor" => 2..=100,
                    _ => 1..=1,
                };
                if !range.contains(&args.len()) {
                    return Err(wrong());
                }
                for a in args {
                    self.expr(a)?;
                }
                self.ops.push(Op::Builtin(name, args.len()));
            }
        }
        Ok(())
    }

    fn is_array(&self, name: &str) -> bool {
        super::super::arrays::used(self.tree, &self.arrays, name, &self.params)
    }
}
