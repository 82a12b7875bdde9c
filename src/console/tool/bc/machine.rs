//! Carries out bc's statements, with a limit on steps and calls.

use super::number::{MOST_SCALE, Num};
use super::parse::{Arg, Expr, Function, Parser, Place, Stmt, Wrong};
use std::collections::BTreeMap;

/// Steps of a program at most; an operation on long numbers counts for more.
const MOST_STEPS: u64 = 3_000_000;
/// Calls inside calls at most.
const MOST_CALLS: u32 = 200;
/// Elements of all arrays at most.
const MOST_ELEMENTS: i64 = 2_048;
/// What is printed at most, in bytes.
const MOST_OUT: usize = 4 << 20;
/// Columns after which a long number goes on on the next line.
const COLUMNS: usize = 68;

/// The routines of `-l`: Taylor's series after the argument was made small.
const LIBRARY: &str = r"
define e(x) {
  auto k, n, p, r, t, w
  w = scale
  if (x < 0) { r = e(-x); return (1 / r) }
  scale = w + 8 + x * 0.45
  while (x > 1) { x = x / 2; k = k + 1 }
  scale = scale + k
  r = 1; t = 1
  for (n = 1; t != 0; n++) { t = t * x / n; r = r + t }
  for (; k > 0; k--) r = r * r
  scale = w
  return (r / 1)
}
define l(x) {
  auto f, n, q, r, t, w, y
  if (x <= 0) return ((1 - 10 ^ scale) / 1)
  w = scale
  scale = w + 8
  f = 2
  while (x >= 2 || x <= 0.5) { x = sqrt(x); f = f * 2 }
  y = (x - 1) / (x + 1)
  q = y * y; t = y; r = y
  for (n = 3; t != 0; n = n + 2) { t = t * q; r = r + t / n }
  scale = w
  return (f * r / 1)
}
define a(x) {
  auto f, n, q, r, t, w
  if (x < 0) return (-a(-x))
  w = scale
  scale = w + 8
  f = 1
  while (x > 0.2) { x = x / (1 + sqrt(1 + x * x)); f = f * 2 }
  q = -x * x; t = x; r = x
  for (n = 3; t != 0; n = n + 2) { t = t * q; r = r + t / n }
  scale = w
  return (f * r / 1)
}
define s(x) {
  auto h, k, n, q, r, t, w
  w = scale
  scale = w + 8 + length(x)
  h = 4 * a(1)
  t = scale; scale = 0
  k = (x / h * 2 + 1) / 2
  scale = t
  k = x / h
  scale = 0
  k = (k + 0.5 * ((x > 0) - (x < 0))) / 1
  scale = t
  x = x - k * h
  scale = 0
  if (k % 2) x = -x
  scale = w + 8
  q = -x * x; t = x; r = x
  for (n = 2; t != 0; n = n + 2) { t = t * q / (n * (n + 1)); r = r + t }
  scale = w
  return (r / 1)
}
define c(x) {
  auto r, w
  w = scale
  scale = w + 8
  r = s(x + 2 * a(1))
  scale = w
  return (r / 1)
}
define j(n, x) {
  auto f, i, q, r, t, w
  w = scale
  scale = 0
  n = n / 1
  if (n < 0) { n = -n; if (n % 2) f = 1 }
  scale = w + 8 + length(x) * 2
  t = 1
  for (i = 1; i <= n; i++) t = t * x / 2 / i
  q = -x * x / 4
  r = t
  for (i = 1; t != 0; i++) { t = t * q / (i * (n + i)); r = r + t }
  if (f) r = -r
  scale = w
  return (r / 1)
}
";

/// How a statement ended.
enum Flow {
    Next,
    Break,
    Continue,
    Return(Option<Num>),
    Halt,
}

pub(super) struct Machine {
    vars: BTreeMap<String, Num>,
    arrays: BTreeMap<String, BTreeMap<i64, Num>>,
    functions: BTreeMap<String, Function>,
    scale: u32,
    ibase: u32,
    obase: u32,
    last: Num,
    steps: u64,
    calls: u32,
    /// Name of the file that is being read.
    pub source: String,
    pub out: String,
    pub err: String,
}

type Res<T> = Result<T, String>;

impl Machine {
    pub(super) fn new(library: bool) -> Machine {
        let mut m = Machine {
            vars: BTreeMap::new(),
            arrays: BTreeMap::new(),
            functions: BTreeMap::new(),
            scale: 0,
            ibase: 10,
            obase: 10,
            last: Num::int(0),
            steps: 0,
            calls: 0,
            source: String::new(),
            out: String::new(),
            err: String::new(),
        };
        if library {
            m.run(LIBRARY, true);
            m.scale = 20;
        }
        m
    }

    /// Runs a text line by line; a status if it ends the program. `ended`: no more lines follow.
    pub(super) fn run(&mut self, text: &str, ended: bool) -> Option<i32> {
        let mut parser = Parser::new(text);
        while let Some(line) = parser.next() {
            let line = match line {
                Ok(l) => l,
                Err(Wrong::Short(_)) if !ended => return None,
                Err(Wrong::Line(n) | Wrong::Short(n)) => {
                    self.err.push_str(&format!("{} {n}: syntax error\n", self.source));
                    continue;
                }
            };
            for s in &line {
                match self.exec(s) {
                    Ok(Flow::Halt) => return Some(0),
                    Ok(_) => {}
                    Err(why) if self.steps > MOST_STEPS => {
                        self.err.push_str(&format!("bc: {why}\n"));
                        return Some(1);
                    }
                    Err(why) => {
                        self.err.push_str(&format!("Runtime error (func=(main), adr=3): {why}\n"));
                        self.calls = 0;
                        break;
                    }
                }
            }
        }
        None
    }

    fn spend(&mut self, n: u64) -> Res<()> {
        self.steps += n;
        if self.steps > MOST_STEPS || self.out.len() > MOST_OUT {
            self.steps = MOST_STEPS + 1;
            return Err("the program takes too many steps".to_owned());
        }
        Ok(())
    }

    fn exec(&mut self, s: &Stmt) -> Res<Flow> {
        self.spend(1)?;
        match s {
            Stmt::Expr(e, shown) => {
                if let Some(v) = self.eval(e)?
                    && *shown
                {
                    self.show(&v);
                    self.out.push('\n');
                    self.last = v;
                }
            }
            Stmt::Text(t) => self.out.push_str(t),
            Stmt::Print(all) => {
                for part in all {
                    match part {
                        Err(t) => self.print(t),
                        Ok(e) => {
                            let v = self.value(e)?;
                            self.show(&v);
                            self.last = v;
                        }
                    }
                }
            }
            Stmt::Block(all) => return self.all(all),
            Stmt::If(test, yes, no) => {
                if !self.value(test)?.is_zero() {
                    return self.exec(yes);
                }
                if let Some(no) = no {
                    return self.exec(no);
                }
            }
            Stmt::While(test, body) => {
                while !self.value(test)?.is_zero() {
                    match self.exec(body)? {
                        Flow::Break => break,
                        Flow::Next | Flow::Continue => {}
                        other => return Ok(other),
                    }
                }
            }
            Stmt::For(first, test, step, body) => {
                if let Some(e) = first {
                    self.eval(e)?;
                }
                loop {
                    if let Some(e) = test
                        && self.value(e)?.is_zero()
                    {
                        break;
                    }
                    match self.exec(body)? {
                        Flow::Break => break,
                        Flow::Next | Flow::Continue => {}
                        other => return Ok(other),
                    }
                    if let Some(e) = step {
                        self.eval(e)?;
                    }
                }
            }
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Return(e) => {
                let v = e.as_ref().map(|e| self.value(e)).transpose()?;
                return Ok(Flow::Return(v));
            }
            Stmt::Halt => return Ok(Flow::Halt),
            Stmt::Define(name, f) => {
                self.functions.insert(name.clone(), f.clone());
            }
        }
        Ok(Flow::Next)
    }

    fn all(&mut self, all: &[Stmt]) -> Res<Flow> {
        for s in all {
            match self.exec(s)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// The text of a `print`, with its escapes.
    fn print(&mut self, text: &str) {
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                self.out.push(c);
                continue;
            }
            match chars.next() {
                Some('a') => self.out.push('\u{7}'),
                Some('b') => self.out.push('\u{8}'),
                Some('f') => self.out.push('\u{c}'),
                Some('n') => self.out.push('\n'),
                Some('q') => self.out.push('"'),
                Some('r') => self.out.push('\r'),
                Some('t') => self.out.push('\t'),
                Some('\\') => self.out.push('\\'),
                _ => {}
            }
        }
    }

    fn show(&mut self, v: &Num) {
        for (n, c) in v.show(self.obase).chars().enumerate() {
            if n > 0 && n % COLUMNS == 0 {
                self.out.push_str("\\\n");
            }
            self.out.push(c);
        }
    }

    fn value(&mut self, e: &Expr) -> Res<Num> {
        self.eval(e)?.ok_or_else(|| "void expression".to_owned())
    }

    fn get(&mut self, p: &Place) -> Res<Num> {
        Ok(match p {
            Place::Var(n) => self.vars.get(n).cloned().unwrap_or_else(|| Num::int(0)),
            Place::Special("scale") => Num::int(i64::from(self.scale)),
            Place::Special("ibase") => Num::int(i64::from(self.ibase)),
            Place::Special(_) => Num::int(i64::from(self.obase)),
            Place::Element(n, index) => {
                let at = self.index(n, index)?;
                self.arrays.get(n).and_then(|a| a.get(&at)).cloned().unwrap_or_else(|| Num::int(0))
            }
        })
    }

    fn index(&mut self, name: &str, index: &Expr) -> Res<i64> {
        let at = self.value(index)?.whole();
        at.filter(|i| (0..MOST_ELEMENTS).contains(i)).ok_or_else(|| format!("Array {name} subscript out of bounds."))
    }

    fn set(&mut self, p: &Place, v: Num) -> Res<()> {
        if !v.fits() {
            return self.spend(MOST_STEPS);
        }
        match p {
            Place::Var(n) => {
                self.vars.insert(n.clone(), v);
            }
            Place::Element(n, index) => {
                let at = self.index(n, index)?;
                self.arrays.entry(n.clone()).or_default().insert(at, v);
            }
            Place::Special(name) => {
                let n = v.whole().unwrap_or(i64::MAX);
                let within = |low: i64, high: i64| u32::try_from(n.clamp(low, high)).unwrap_or(0);
                match *name {
                    "scale" if n < 0 => {
                        self.err.push_str("Runtime error (func=(main), adr=3): negative scale, set to 0\n")
                    }
                    _ => {}
                }
                match *name {
                    "scale" => self.scale = within(0, i64::from(MOST_SCALE)),
                    "ibase" => self.ibase = within(2, 36),
                    _ => self.obase = within(2, 999),
                }
            }
        }
        Ok(())
    }

    fn binary(&mut self, op: &str, a: &Num, b: &Num) -> Res<Num> {
        self.spend(1 + (a.digits.bits() + b.digits.bits()) / 512)?;
        let truth = |yes: bool| Num::int(i64::from(yes));
        let order = || a.compare(b);
        Ok(match op {
            "+" => a.add(b),
            "-" => a.add(&b.neg()),
            "*" => a.times(b, self.scale),
            "/" => a.over(b, self.scale)?,
            "%" => a.modulo(b, self.scale)?,
            "^" => {
                if b.scale > 0 && b.to(0).compare(b).is_ne() {
                    self.err.push_str("Runtime warning (func=(main), adr=3): non-zero scale in exponent\n");
                }
                let n = b.whole().ok_or("exponent too large in raise")?;
                a.power(n, self.scale)?
            }
            "==" => truth(order().is_eq()),
            "!=" => truth(order().is_ne()),
            "<" => truth(order().is_lt()),
            "<=" => truth(order().is_le()),
            ">" => truth(order().is_gt()),
            _ => truth(order().is_ge()),
        })
    }

    fn eval(&mut self, e: &Expr) -> Res<Option<Num>> {
        self.spend(1)?;
        Ok(Some(match e {
            Expr::Number(t) => Num::read(t, self.ibase),
            Expr::Last => self.last.clone(),
            Expr::Place(p) => self.get(p)?,
            Expr::Neg(e) => self.value(e)?.neg(),
            Expr::Not(e) => Num::int(i64::from(self.value(e)?.is_zero())),
            Expr::Binary(op @ ("&&" | "||"), a, b) => {
                let x = !self.value(a)?.is_zero();
                let y = !self.value(b)?.is_zero();
                Num::int(i64::from(if *op == "&&" { x && y } else { x || y }))
            }
            Expr::Binary(op, a, b) => {
                let (x, y) = (self.value(a)?, self.value(b)?);
                self.binary(op, &x, &y)?
            }
            Expr::Assign(op, p, e) => {
                let mut v = self.value(e)?;
                if !op.is_empty() {
                    let old = self.get(p)?;
                    v = self.binary(op, &old, &v)?;
                }
                self.set(p, v.clone())?;
                v
            }
            Expr::Step(by, new, p) => {
                let old = self.get(p)?;
                let v = old.add(&Num::int(*by));
                self.set(p, v.clone())?;
                if *new { v } else { old }
            }
            Expr::Call(name, args) => return self.call(name, args),
        }))
    }

    fn call(&mut self, name: &str, args: &[Arg]) -> Res<Option<Num>> {
        if let ("length" | "scale" | "sqrt", [Arg::Value(e)]) = (name, args) {
            let v = self.value(e)?;
            self.spend(1 + v.digits.bits() / 64)?;
            return Ok(Some(match name {
                "length" => Num::int(v.length()),
                "scale" => Num::int(i64::from(v.scale)),
                _ => v.root(self.scale)?,
            }));
        }
        let Some(f) = self.functions.get(name).cloned() else { return Err(format!("Function {name} not defined.")) };
        if f.params.len() != args.len() {
            return Err("Parameter number mismatch".to_owned());
        }
        if self.calls >= MOST_CALLS {
            return self.spend(MOST_STEPS).map(|()| None);
        }
        let mut values = Vec::new();
        for a in args {
            values.push(match a {
                Arg::Value(e) => (Some(self.value(e)?), BTreeMap::new()),
                Arg::Array(n) => (None, self.arrays.get(n).cloned().unwrap_or_default()),
            });
        }
        // Names are lent to the call and get back what they had.
        let mut kept = Vec::new();
        let given = f.params.iter().zip(values.into_iter().map(Some));
        for ((name, array), value) in given.chain(f.autos.iter().map(|n| (n, None))) {
            let (number, items) = value.unwrap_or((None, BTreeMap::new()));
            if *array {
                kept.push((name.clone(), None, self.arrays.insert(name.clone(), items)));
            } else {
                let v = number.unwrap_or_else(|| Num::int(0));
                kept.push((name.clone(), Some(self.vars.insert(name.clone(), v)), None));
            }
        }
        self.calls += 1;
        let flow = self.all(&f.body);
        self.calls = self.calls.saturating_sub(1);
        for (name, number, items) in kept.into_iter().rev() {
            match number {
                Some(Some(v)) => drop(self.vars.insert(name, v)),
                Some(None) => drop(self.vars.remove(&name)),
                None => drop(self.arrays.insert(name, items.unwrap_or_default())),
            }
        }
        match flow? {
            Flow::Return(Some(v)) => Ok(Some(v)),
            Flow::Halt => Err("halt in a function is not simulated here".to_owned()),
            _ if f.void => Ok(None),
            _ => Ok(Some(Num::int(0))),
        }
    }
}
