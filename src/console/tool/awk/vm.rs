//! The machine that runs a compiled program: its state is plain data, and it does a bounded number of steps at a time.

use super::State;
use super::compile::{Op, Place, Program};
use super::io::{self, Got};
use super::value::Val;
use crate::console::posix::{Options, Re, Syntax};
use crate::console::tool::{Ctx, Step};
use serde::Serialize;
use std::cmp::Ordering;
use std::sync::Arc;

/// Instructions of one step at most.
const STEPS: u32 = 40_000;

/// Values on the stack, elements in all arrays, and bytes of one string at most.
const STACK: usize = 100_000;
const ELEMENTS: usize = 1_000_000;
const STRING: usize = 16 << 20;
/// Bytes of long texts that one slice may copy.
const COPIED: usize = 4 << 20;
/// What a whole slice counts for in the budget of a tick.
const SLICE: u32 = 30;

/// A call of a function.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Frame {
    back: usize,
    base: usize,
    loops: usize,
    /// Arrays that the call made.
    own: Vec<u32>,
}

/// What happens after an instruction.
pub(super) enum Flow {
    On,
    /// Wait for input, room or a child, then do this instruction again.
    Again,
    /// Do it again after what was printed is out.
    Flush,
    Fail(String),
}

/// A compiled pattern, kept for the next time.
pub(super) fn regex(program: &Program, text: &str) -> Result<Arc<Re>, String> {
    let mut kept = program.regexes.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(re) = kept.get(text) {
        return Ok(re.clone());
    }
    let re = Re::new(text, Syntax::Awk, Options::default())
        .map_err(|why| format!("regular expression compile failed ({})\n{text}", why.to_lowercase()))?;
    if kept.len() > 500 {
        kept.clear();
    }
    let re = Arc::new(re);
    kept.insert(text.to_owned(), re.clone());
    Ok(re)
}

/// Runs until a step is full, something is missing, or the end.
pub(super) fn run(c: &mut Ctx<'_>, st: &mut State, program: &Program) -> Step {
    let mut copied = 0usize;
    for _ in 0..STEPS {
        if let Some(Val::Str(text)) = st.stack.last()
            && text.len() > 1024
        {
            // A long text costs what copying it costs.
            copied += text.len();
            if copied > COPIED {
                c.p.spent = c.p.spent.saturating_add(SLICE);
                return Step::More;
            }
        }
        if c.enough() {
            return Step::More;
        }
        let Some(op) = program.ops.get(st.pc) else { return io::finish(c, st) };
        let here = st.pc;
        st.pc += 1;
        match exec(c, st, program, op) {
            Flow::On => {}
            Flow::Again => {
                st.pc = here;
                return c.later();
            }
            Flow::Flush => {
                st.pc = here;
                return Step::More;
            }
            Flow::Fail(why) => {
                let (file, fnr, nr) = (st.special("FILENAME"), st.special("FNR"), st.special("NR"));
                c.p.err.push_str(&format!("awk: run time error: {why}\n\tFILENAME=\"{file}\" FNR={fnr} NR={nr}\n"));
                io::flush_files(c, st);
                return Step::Exit(2);
            }
        }
        if matches!(op, Op::Done) {
            st.pc = here;
            return io::finish(c, st);
        }
        if st.stack.len() > STACK || st.frames.len() > 10_000 {
            c.p.err.push_str("awk: function call nesting too deep\n");
            return Step::Exit(2);
        }
    }
    if st.arrays.values().map(super::value::Array::len).sum::<usize>() > ELEMENTS {
        c.p.err.push_str("awk: out of memory\n");
        return Step::Exit(2);
    }
    // So many instructions are worth many steps of a shell.
    c.p.spent = c.p.spent.saturating_add(SLICE);
    Step::More
}

impl State {
    pub(super) fn pop(&mut self) -> Val {
        self.stack.pop().unwrap_or_default()
    }

    pub(super) fn push(&mut self, v: Val) {
        self.stack.push(v);
    }

    fn base(&self) -> usize {
        self.frames.last().map_or(0, |f| f.base)
    }

    /// A variable that awk itself knows, as text.
    pub(super) fn special(&self, name: &str) -> Arc<str> {
        let at = super::compile::SPECIAL.iter().position(|s| *s == name).unwrap_or(0);
        self.globals.get(at).map_or_else(|| Arc::from(""), |v| v.str("%.6g"))
    }

    pub(super) fn set_special(&mut self, name: &str, v: Val) {
        let at = super::compile::SPECIAL.iter().position(|s| *s == name).unwrap_or(0);
        if let Some(slot) = self.globals.get_mut(at) {
            *slot = v;
        }
    }

    pub(super) fn convfmt(&self) -> Arc<str> {
        match self.globals.get(9) {
            Some(Val::Str(s) | Val::StrNum(s, _)) => s.clone(),
            _ => Arc::from("%.6g"),
        }
    }

    fn text(&mut self) -> Arc<str> {
        let v = self.pop();
        match v {
            Val::Str(s) | Val::StrNum(s, _) => s,
            v => v.str(&self.convfmt()),
        }
    }

    pub(super) fn get(&mut self, program: &Program, p: Place) -> Val {
        match p {
            Place::Global(0) => {
                self.split_record(program);
                Val::Num(self.fields.len() as f64)
            }
            Place::Global(i) => self.globals.get(i).cloned().unwrap_or_default(),
            Place::Local(i) => self.stack.get(self.base() + i).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn set(&mut self, program: &Program, p: Place, v: Val) {
        match p {
            Place::Global(0) => {
                self.split_record(program);
                let n = (v.num().max(0.0) as usize).min(1_000_000);
                self.fields.resize(n, Val::text(""));
                self.stale = true;
            }
            Place::Global(i) => {
                if let Some(slot) = self.globals.get_mut(i) {
                    *slot = v;
                }
            }
            Place::Local(i) => {
                let at = self.base() + i;
                if let Some(slot) = self.stack.get_mut(at) {
                    *slot = v;
                }
            }
        }
    }

    /// The number of the array at a place; a local that was never used becomes one.
    pub(super) fn array(&mut self, p: Place) -> u32 {
        match p {
            Place::Global(i) => u32::try_from(i).unwrap_or(u32::MAX),
            Place::Local(i) => {
                let at = self.base() + i;
                if let Some(Val::Array(id)) = self.stack.get(at) {
                    return *id;
                }
                self.next_array = self.next_array.max(1_000_000) + 1;
                let id = self.next_array;
                if let Some(slot) = self.stack.get_mut(at) {
                    *slot = Val::Array(id);
                }
                if let Some(f) = self.frames.last_mut() {
                    f.own.push(id);
                }
                id
            }
        }
    }
}

fn arith(op: &str, a: f64, b: f64) -> f64 {
    match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "%" => {
            let r = libm::fmod(a, b);
            if r.is_nan() { -f64::NAN.abs() } else { r }
        }
        _ => {
            // Small whole exponents are exact products.
            if b == b.trunc() && (0.0..=64.0).contains(&b) {
                let mut v = 1.0;
                for _ in 0..b as u32 {
                    v *= a;
                }
                v
            } else {
                libm::pow(a, b)
            }
        }
    }
}

fn binary(st: &mut State, op: &'static str) -> Flow {
    if op == " " {
        let b = st.text();
        let a = st.text();
        if a.len() + b.len() > STRING {
            return Flow::Fail("string is too long".to_owned());
        }
        let mut text = String::with_capacity(a.len() + b.len());
        text.push_str(&a);
        text.push_str(&b);
        st.push(Val::Str(Arc::from(text)));
        return Flow::On;
    }
    let b = st.pop();
    let a = st.pop();
    let v = match op {
        "+" | "-" | "*" | "/" | "%" | "^" => arith(op, a.num(), b.num()),
        op => {
            let order = a.compare(&b, &st.convfmt());
            let yes = match op {
                "<" => order == Some(Ordering::Less),
                "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                "==" => order == Some(Ordering::Equal),
                "!=" => order != Some(Ordering::Equal),
                ">" => order == Some(Ordering::Greater),
                _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            };
            f64::from(u8::from(yes))
        }
    };
    st.push(Val::Num(v));
    Flow::On
}

fn exec(c: &mut Ctx<'_>, st: &mut State, program: &Program, op: &Op) -> Flow {
    match op {
        Op::Num(v) => st.push(Val::Num(*v)),
        Op::Str(s) => st.push(Val::Str(s.clone())),
        Op::Record(r) => {
            let text = st.record(program);
            match regex(program, r) {
                Ok(re) => st.push(Val::Num(f64::from(u8::from(re.is_match(&text))))),
                Err(why) => return Flow::Fail(why),
            }
        }
        Op::Get(p) => {
            let v = st.get(program, *p);
            st.push(v);
        }
        Op::Set(p) => {
            let v = st.stack.last().cloned().unwrap_or_default();
            st.set(program, *p, v);
        }
        Op::Field => {
            let n = st.pop().num();
            match st.field(program, n) {
                Ok(v) => st.push(v),
                Err(why) => return Flow::Fail(why),
            }
        }
        Op::SetField => {
            let v = st.pop();
            let n = st.pop().num();
            if let Err(why) = st.set_field(program, n, &v) {
                return Flow::Fail(why);
            }
            st.push(v);
        }
        Op::Array(p) => {
            let id = st.array(*p);
            st.push(Val::Array(id));
        }
        Op::Key(1) => {
            let v = st.pop();
            let key = match &v {
                // Whole numbers are keys in full.
                Val::Num(n) if *n == n.trunc() && n.abs() < 1e15 => {
                    Arc::from(format!("{}", if *n == 0.0 { 0.0 } else { *n }))
                }
                v => v.str(&st.convfmt()),
            };
            st.push(Val::Str(key));
        }
        Op::Key(n) => {
            let sep = st.special("SUBSEP");
            let fmt = st.convfmt();
            let from = st.stack.len().saturating_sub(*n);
            let parts: Vec<Arc<str>> = st.stack.drain(from..).map(|v| v.str(&fmt)).collect();
            st.push(Val::Str(Arc::from(parts.join(&sep))));
        }
        Op::Item(p) => {
            let key = st.text();
            let id = st.array(*p);
            let v = st.arrays.entry(id).or_default().at(&key).clone();
            st.push(v);
        }
        Op::SetItem(p) => {
            let v = st.pop();
            let key = st.text();
            let id = st.array(*p);
            *st.arrays.entry(id).or_default().at(&key) = v.clone();
            st.push(v);
        }
        Op::Has(p) => {
            let key = st.text();
            let id = st.array(*p);
            let yes = st.arrays.get(&id).is_some_and(|a| a.has(&key));
            st.push(Val::Num(f64::from(u8::from(yes))));
        }
        Op::Delete(p) => {
            let key = st.text();
            let id = st.array(*p);
            if let Some(a) = st.arrays.get_mut(&id) {
                a.remove(&key);
            }
        }
        Op::Clear(p) => {
            let id = st.array(*p);
            if let Some(a) = st.arrays.get_mut(&id) {
                a.clear();
            }
        }
        Op::Dup => {
            let v = st.stack.last().cloned().unwrap_or_default();
            st.push(v);
        }
        Op::Pop => {
            st.pop();
        }
        Op::Step(p, by, new) => {
            let old = st.get(program, *p).num();
            st.set(program, *p, Val::Num(old + by));
            st.push(Val::Num(if *new { old + by } else { old }));
        }
        Op::StepField(by, new) => {
            let n = st.pop().num();
            let old = match st.field(program, n) {
                Ok(v) => v.num(),
                Err(why) => return Flow::Fail(why),
            };
            if let Err(why) = st.set_field(program, n, &Val::Num(old + by)) {
                return Flow::Fail(why);
            }
            st.push(Val::Num(if *new { old + by } else { old }));
        }
        Op::StepItem(p, by, new) => {
            let key = st.text();
            let id = st.array(*p);
            let slot = st.arrays.entry(id).or_default().at(&key);
            let old = slot.num();
            *slot = Val::Num(old + by);
            st.push(Val::Num(if *new { old + by } else { old }));
        }
        Op::Binary(op) => return binary(st, op),
        Op::Negate => {
            let v = st.pop().num();
            st.push(Val::Num(-v));
        }
        Op::Plus => {
            let v = st.pop().num();
            st.push(Val::Num(v));
        }
        Op::Not => {
            let v = st.pop().truth();
            st.push(Val::Num(f64::from(u8::from(!v))));
        }
        Op::Truth => {
            let v = st.pop().truth();
            st.push(Val::Num(f64::from(u8::from(v))));
        }
        Op::Match(negated) => {
            let pattern = st.text();
            let text = st.text();
            match regex(program, &pattern) {
                Ok(re) => st.push(Val::Num(f64::from(u8::from(re.is_match(&text) != *negated)))),
                Err(why) => return Flow::Fail(why),
            }
        }
        Op::Jump(to) => st.pc = *to,
        Op::IfNot(to) => {
            if !st.pop().truth() {
                st.pc = *to;
            }
        }
        Op::If(to) => {
            if st.pop().truth() {
                st.pc = *to;
            }
        }
        Op::Call(f, args) => {
            let Some((at, params)) = program.functions.get(*f) else { return Flow::On };
            st.stack.resize(st.stack.len() + params.saturating_sub(*args), Val::Un);
            let base = st.stack.len() - params;
            st.frames.push(Frame { back: st.pc, base, loops: st.loops.len(), own: Vec::new() });
            st.pc = *at;
        }
        Op::Return => {
            let v = st.pop();
            if let Some(f) = st.frames.pop() {
                st.stack.truncate(f.base);
                st.loops.truncate(f.loops);
                for id in f.own {
                    st.arrays.remove(&id);
                }
                st.pc = f.back;
            }
            st.push(v);
        }
        Op::Builtin(name, n) => return super::builtin::call(c, st, program, name, *n),
        Op::Replace(all) => return super::builtin::replace(st, program, *all),
        Op::Split(p, sep) => return super::builtin::split(st, program, *p, *sep),
        Op::Sort(p, keys) => super::builtin::sort(st, *p, *keys),
        Op::Length(p) => {
            let id = st.array(*p);
            let n = st.arrays.get(&id).map_or(0, super::value::Array::len);
            st.push(Val::Num(n as f64));
        }
        Op::Getline(from, has_target) => match io::getline(c, st, program, *from, *has_target) {
            Ok(Got::Status(v)) => st.push(Val::Num(v)),
            Ok(Got::Wait) => return Flow::Again,
            Err(why) => return Flow::Fail(why),
        },
        Op::Got(0) => {
            let v = st.got.clone();
            st.push(v);
        }
        Op::Got(to) => {
            if st.pop().num() <= 0.0 {
                st.pc = *to;
            }
        }
        Op::Print(format, n, to) => return io::print(c, st, program, *format, *n, *to),
        Op::Each(p) => {
            let id = st.array(*p);
            let mut keys = st.arrays.get(&id).map(super::value::Array::keys).unwrap_or_default();
            keys.reverse();
            st.loops.push((id, keys));
        }
        Op::EachNext(to, var) => {
            loop {
                let Some((id, keys)) = st.loops.last_mut() else { break };
                let Some(key) = keys.pop() else {
                    st.pc = *to;
                    break;
                };
                // What was deleted meanwhile does not come up.
                if st.arrays.get(id).is_some_and(|a| a.has(&key)) {
                    let v = Val::input(&key);
                    st.set(program, *var, v);
                    break;
                }
            }
        }
        Op::EachEnd => {
            st.loops.pop();
        }
        Op::Next(file) => {
            st.stack.clear();
            st.frames.clear();
            st.loops.clear();
            if *file {
                st.main.skip();
            }
            st.pc = if st.ending { program.end } else { program.main };
        }
        Op::Exit(value) => {
            if *value {
                let n = st.pop().num();
                st.exit = Some((n as i64 & 255) as i32);
            }
            st.stack.clear();
            st.frames.clear();
            st.loops.clear();
            st.pc = if st.ending { program.ops.len() } else { program.end };
            st.ending = true;
        }
        Op::Read(end) => match io::next_record(c, st, program) {
            Ok(Got::Status(v)) if v > 0.0 => {}
            Ok(Got::Status(_)) => {
                st.ending = true;
                st.pc = *end;
            }
            Ok(Got::Wait) => return Flow::Again,
            Err(why) => {
                c.p.err.push_str(&format!("awk: {why}\n"));
                c.tool.status = 2;
                st.exit = Some(2);
                st.ending = true;
                st.pc = program.ops.len();
            }
        },
        Op::InRange(n, begun) => {
            if st.ranges.get(*n).copied().unwrap_or(false) {
                st.pc = *begun;
            }
        }
        Op::Open(n) | Op::Close(n) => {
            if let Some(slot) = st.ranges.get_mut(*n) {
                *slot = matches!(op, Op::Open(_));
            }
        }
        Op::Done => {}
    }
    Flow::On
}
