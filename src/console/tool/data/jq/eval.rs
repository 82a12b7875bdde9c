//! The evaluator of jq programs: every output is handed on at once, every step and every level of nesting is counted.
//!
//! Only the syntax is the library's. Its evaluator has no limit on steps or on depth, so that `def f: 1 + f; f` would end
//! the whole program, and it words errors in its own way; this one counts, and says what jq 1.6 says.

mod bind;
mod walk;

use super::builtin;
use super::json::{DEPTH_MAX, Json, Map};
use super::path::{Trail, index, modify};
use super::read::Reader;
use super::text;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Term};
use jaq_core::ops::{Cmp, Math};
use std::rc::Rc;

/// Steps that a program may take.
pub(crate) const STEPS_MAX: u64 = 1_000_000;
/// Nesting of evaluations: a megabyte of the stack at most, unoptimised.
const NESTING_MAX: u32 = 300;
/// Bytes of a string, and a bound on items of an array.
pub(super) const SIZE_MAX: usize = 8 << 20;

pub(crate) type Tm<'p> = Term<&'p str>;

/// Why evaluation stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error, with its value.
    Err(Json),
    /// Something that stopped whoever took an output; it is no business of a `try` around the place it came from.
    Outer(Box<Stop>),
    /// `break` out of a label.
    Break(u64),
    /// There are no inputs left.
    NoInput,
    /// More steps, nesting or memory than there is.
    Memory,
    /// The end of the program with a status.
    Halt(i32),
}

pub(crate) type Res<T = ()> = Result<T, Stop>;

/// An error with a text.
pub(super) fn fail<T>(text: impl AsRef<str>) -> Res<T> {
    Err(Stop::Err(Json::str(text)))
}

/// A value, and where it was found.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub v: Json,
    pub trail: Trail,
}

/// What a name means.
enum Bind<'p> {
    Var(&'p str, Json),
    Fun(&'p Def<&'p str>),
    Arg(&'p str, &'p Tm<'p>, Env<'p>),
    Label(&'p str, u64),
}

/// Names, innermost first.
pub(crate) type Env<'p> = Option<Rc<Scope<'p>>>;

pub(crate) struct Scope<'p> {
    bind: Bind<'p>,
    up: Env<'p>,
}

fn with<'p>(env: &Env<'p>, bind: Bind<'p>) -> Env<'p> {
    Some(Rc::new(Scope { bind, up: env.clone() }))
}

/// A scope with a variable.
pub(crate) fn with_var<'p>(env: &Env<'p>, name: &'p str, v: Json) -> Env<'p> {
    with(env, Bind::Var(name, v))
}

/// A scope with definitions.
pub(crate) fn with_defs<'p>(env: &Env<'p>, defs: &'p [Def<&'p str>]) -> Env<'p> {
    defs.iter().fold(env.clone(), |env, d| with(&env, Bind::Fun(d)))
}

/// What a program sees of the machine that it runs on.
pub(crate) struct Around<'t> {
    /// Seconds since 1970.
    pub now: f64,
    /// Exported variables.
    pub env: Json,
    /// What is left of the inputs: name and reader, the next one last.
    pub inputs: Vec<(String, Reader<'t>)>,
    /// Name of the input that was read last.
    pub name: Option<String>,
    /// Lines of it that were read.
    pub line: u64,
    /// What it printed on its error stream.
    pub err: String,
    /// A parse error of an input.
    pub broken: Option<String>,
}

/// A run of a program.
pub(crate) struct Run<'p, 't> {
    pub around: Around<'t>,
    pub steps: u64,
    depth: u32,
    labels: u64,
    base: Env<'p>,
}

pub(crate) type Out<'a, 'p, 't> = &'a mut dyn FnMut(&mut Run<'p, 't>, At) -> Res;

impl<'p, 't> Run<'p, 't> {
    pub fn new(around: Around<'t>, base: Env<'p>) -> Run<'p, 't> {
        Run { around, steps: 0, depth: 0, labels: 0, base }
    }

    /// Counts work.
    pub fn spend(&mut self, steps: u64) -> Res {
        self.steps += steps;
        if self.steps > STEPS_MAX { Err(Stop::Memory) } else { Ok(()) }
    }

    /// The outputs of a program for an input.
    pub fn main(&mut self, t: &'p Tm<'p>, v: Json, out: &mut dyn FnMut(&mut Self, Json) -> Res) -> Res {
        self.depth = 0;
        let base = self.base.clone();
        self.eval(t, &base, At { v, trail: Trail::Off }, &mut |m, x| out(m, x.v))
    }

    /// All outputs for a value.
    pub fn all(&mut self, t: &'p Tm<'p>, env: &Env<'p>, v: &Json) -> Res<Vec<Json>> {
        let mut got = Vec::new();
        self.eval(t, env, At { v: v.clone(), trail: Trail::Off }, &mut |_, x| {
            got.push(x.v);
            Ok(())
        })?;
        Ok(got)
    }

    /// Outputs of `t` as paths.
    pub fn paths(&mut self, t: &'p Tm<'p>, env: &Env<'p>, v: &Json) -> Res<Vec<Vec<Json>>> {
        let mut got = Vec::new();
        self.eval(t, env, At { v: v.clone(), trail: Trail::root() }, &mut |_, x| {
            got.push(x.trail.path(&x.v)?);
            Ok(())
        })?;
        Ok(got)
    }

    /// The next input.
    pub fn input(&mut self) -> Option<Res<Json>> {
        loop {
            let (name, reader) = self.around.inputs.last_mut()?;
            match reader.value() {
                Some(Ok(v)) => {
                    self.around.line = reader.line_read();
                    self.around.name = Some(name.clone());
                    return Some(Ok(v));
                }
                Some(Err(why)) => {
                    self.around.broken = Some(why);
                    self.around.inputs.clear();
                    return Some(Err(Stop::NoInput));
                }
                None => {
                    self.around.inputs.pop();
                }
            }
        }
    }

    pub fn eval(&mut self, t: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        self.spend(1)?;
        if self.depth >= NESTING_MAX || at.v.depth() > DEPTH_MAX {
            return Err(Stop::Memory);
        }
        self.depth += 1;
        let done = self.dispatch(t, env, at, out);
        self.depth -= 1;
        done
    }

    fn dispatch(&mut self, t: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        match t {
            Term::Id => out(self, at),
            Term::Recurse => self.recurse(at, &mut |_, _| Ok(Vec::new()), true, out),
            Term::Num(n) => self.give(&at, Json::Num(n.parse().unwrap_or(f64::MAX)), out),
            Term::Str(format, parts) => self.string(*format, parts, env, &at, String::new(), out),
            Term::Arr(None) => self.give(&at, Json::arr(Vec::new()), out),
            Term::Arr(Some(t)) => {
                let items = self.all(t, env, &at.v)?;
                self.give(&at, Json::arr(items), out)
            }
            Term::Obj(entries) => self.object(entries, env, &at, Map::default(), out),
            Term::Neg(t) => self.negate(t, env, &at, out),
            Term::BinOp(l, op, r) => self.binary(l, op, r, env, at, out),
            Term::Label(name, t) => self.label(name, t, env, at, out),
            Term::Break(name) => self.broken(name, env),
            Term::Fold(name, xs, pattern, args) => self.fold(name, xs, pattern, args, env, at, out),
            Term::TryCatch(t, catch) => self.attempt(t, catch.as_deref(), env, at, out),
            Term::IfThenElse(cases, other) => self.choose(cases, other.as_deref(), env, at, out),
            Term::Def(defs, t) => {
                let env = with_defs(env, defs);
                self.eval(t, &env, at, out)
            }
            Term::Call(name, args) => self.call(name, args, env, at, out),
            Term::Var(name) => self.variable(name, env, &at, out),
            Term::Path(head, path) => self.path(head, &path.0, env, at, out),
        }
    }

    /// Hands on a value that was not found but made.
    pub fn give(&mut self, at: &At, v: Json, out: Out<'_, 'p, 't>) -> Res {
        out(self, At { v, trail: at.trail.lost() })
    }

    fn negate(&mut self, t: &'p Tm<'p>, env: &Env<'p>, at: &At, out: Out<'_, 'p, 't>) -> Res {
        for v in self.all(t, env, &at.v)? {
            match v {
                Json::Num(n) => self.give(at, Json::Num(-n), out)?,
                v => return fail(format!("{} cannot be negated", v.named())),
            }
        }
        Ok(())
    }

    fn label(&mut self, name: &'p str, t: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        self.labels += 1;
        let id = self.labels;
        match self.eval(t, &with(env, Bind::Label(name, id)), at, out) {
            Err(Stop::Break(b)) if b == id => Ok(()),
            other => other,
        }
    }

    fn broken(&self, name: &str, env: &Env<'p>) -> Res {
        let mut e = env.as_ref();
        while let Some(s) = e {
            if let Bind::Label(n, id) = s.bind
                && n == name
            {
                return Err(Stop::Break(id));
            }
            e = s.up.as_ref();
        }
        fail(format!("$*label-{} is not defined", name.trim_start_matches('$')))
    }

    fn variable(&mut self, name: &str, env: &Env<'p>, at: &At, out: Out<'_, 'p, 't>) -> Res {
        let mut e = env.as_ref();
        while let Some(s) = e {
            if let Bind::Var(n, v) = &s.bind
                && *n == name
            {
                return self.give(at, v.clone(), out);
            }
            e = s.up.as_ref();
        }
        let v = match name {
            "$ENV" => self.around.env.clone(),
            "$__loc__" => Json::pairs(vec![("file", Json::str("<top-level>")), ("line", Json::Num(1.0))]),
            _ => return fail(format!("{name} is not defined")),
        };
        self.give(at, v, out)
    }

    fn string(
        &mut self,
        format: Option<&'p str>,
        parts: &'p [StrPart<&'p str, Tm<'p>>],
        env: &Env<'p>,
        at: &At,
        tail: String,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let Some((last, before)) = parts.split_last() else { return self.give(at, Json::str(tail), out) };
        if tail.len() > SIZE_MAX {
            return Err(Stop::Memory);
        }
        match last {
            StrPart::Str(s) => self.string(format, before, env, at, format!("{s}{tail}"), out),
            StrPart::Char(c) => self.string(format, before, env, at, format!("{c}{tail}"), out),
            StrPart::Term(t) => {
                for v in self.all(t, env, &at.v)? {
                    let text = text::format(format.unwrap_or("@text"), &v)?;
                    self.string(format, before, env, at, format!("{text}{tail}"), out)?;
                }
                Ok(())
            }
        }
    }

    fn object(
        &mut self,
        entries: &'p [(Tm<'p>, Option<Tm<'p>>)],
        env: &Env<'p>,
        at: &At,
        done: Map,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let Some(((key, value), rest)) = entries.split_first() else { return self.give(at, Json::obj(done), out) };
        let keys = match (key, value) {
            (Term::Var(name), None) => {
                let values = self.all(key, env, &at.v)?;
                for v in values {
                    let mut map = done.clone();
                    map.set(Rc::from(name.trim_start_matches('$')), v);
                    self.object(rest, env, at, map, out)?;
                }
                return Ok(());
            }
            _ => self.all(key, env, &at.v)?,
        };
        for k in keys {
            let Json::Str(k) = k else {
                return fail(format!("Cannot use {} as object key", k.named()));
            };
            let values = match value {
                Some(t) => self.all(t, env, &at.v)?,
                None => vec![index(&at.v, &Json::Str(k.clone()))?],
            };
            for v in values {
                let mut map = done.clone();
                map.set(k.clone(), v);
                self.object(rest, env, at, map, out)?;
            }
        }
        Ok(())
    }

    fn attempt(
        &mut self,
        t: &'p Tm<'p>,
        catch: Option<&'p Tm<'p>>,
        env: &Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let (trail, depth) = (at.trail.clone(), self.depth);
        let done = self.eval(t, env, at, &mut |m, x| out(m, x).map_err(|e| Stop::Outer(Box::new(e))));
        match done {
            Err(Stop::Err(e)) => {
                self.depth = depth;
                match catch {
                    Some(c) => self.eval(c, env, At { v: e, trail: trail.lost() }, out),
                    None => Ok(()),
                }
            }
            Err(Stop::Outer(e)) => Err(*e),
            other => other,
        }
    }

    fn choose(
        &mut self,
        cases: &'p [(Tm<'p>, Tm<'p>)],
        other: Option<&'p Tm<'p>>,
        env: &Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let Some(((test, then), rest)) = cases.split_first() else {
            return match other {
                Some(t) => self.eval(t, env, at, out),
                None => out(self, at),
            };
        };
        for yes in self.all(test, env, &at.v)? {
            if yes.truth() {
                self.eval(then, env, at.clone(), out)?;
            } else {
                self.choose(rest, other, env, at.clone(), out)?;
            }
        }
        Ok(())
    }

    fn binary(
        &mut self,
        l: &'p Tm<'p>,
        op: &'p BinaryOp<&'p str>,
        r: &'p Tm<'p>,
        env: &Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        match op {
            BinaryOp::Pipe(None) => self.eval(l, env, at, &mut |m, x| m.eval(r, env, x, out)),
            BinaryOp::Pipe(Some(pattern)) => {
                for v in self.all(l, env, &at.v)? {
                    self.bind(pattern, &v, env, &at.v, &mut |m, env| m.eval(r, &env, at.clone(), out))?;
                }
                Ok(())
            }
            BinaryOp::Comma => {
                self.eval(l, env, at.clone(), out)?;
                self.eval(r, env, at, out)
            }
            BinaryOp::Alt => self.either(l, r, env, at, out),
            BinaryOp::And | BinaryOp::Or => {
                let or = matches!(op, BinaryOp::Or);
                for x in self.all(l, env, &at.v)? {
                    if x.truth() == or {
                        self.give(&at, Json::Bool(or), out)?;
                        continue;
                    }
                    for y in self.all(r, env, &at.v)? {
                        self.give(&at, Json::Bool(y.truth()), out)?;
                    }
                }
                Ok(())
            }
            BinaryOp::Math(math) => {
                for y in self.all(r, env, &at.v)? {
                    for x in self.all(l, env, &at.v)? {
                        let v = self.math(*math, x, y.clone())?;
                        self.give(&at, v, out)?;
                    }
                }
                Ok(())
            }
            BinaryOp::Cmp(cmp) => {
                for y in self.all(r, env, &at.v)? {
                    for x in self.all(l, env, &at.v)? {
                        let o = x.order(&y);
                        let yes = match cmp {
                            Cmp::Lt => o.is_lt(),
                            Cmp::Le => o.is_le(),
                            Cmp::Gt => o.is_gt(),
                            Cmp::Ge => o.is_ge(),
                            Cmp::Eq => o.is_eq(),
                            Cmp::Ne => o.is_ne(),
                        };
                        self.give(&at, Json::Bool(yes), out)?;
                    }
                }
                Ok(())
            }
            BinaryOp::Assign => {
                for y in self.all(r, env, &at.v)? {
                    let mut v = at.v.clone();
                    for p in self.paths(l, env, &at.v)? {
                        self.spend(1)?;
                        v = modify(v, &p, &mut |_| Ok(Some(y.clone())))?;
                    }
                    self.give(&at, v, out)?;
                }
                Ok(())
            }
            BinaryOp::Update => {
                let v = self.update(l, env, &at.v, &mut |m, v| m.first(r, env, v))?;
                self.give(&at, v, out)
            }
            BinaryOp::UpdateMath(math) => {
                for y in self.all(r, env, &at.v)? {
                    let v = self.update(l, env, &at.v, &mut |m, v| m.math(*math, v.clone(), y.clone()).map(Some))?;
                    self.give(&at, v, out)?;
                }
                Ok(())
            }
            BinaryOp::UpdateAlt => {
                for y in self.all(r, env, &at.v)? {
                    let pick = |v: &Json| if v.truth() { v.clone() } else { y.clone() };
                    let v = self.update(l, env, &at.v, &mut |_, v| Ok(Some(pick(v))))?;
                    self.give(&at, v, out)?;
                }
                Ok(())
            }
        }
    }

    pub fn math(&mut self, math: Math, x: Json, y: Json) -> Res<Json> {
        let v = builtin::math(math, x, y)?;
        if let Json::Arr(l) = &v {
            self.spend(l.items.len() as u64 / 16)?;
        }
        Ok(v)
    }

    /// The first output, if there is one.
    pub fn first(&mut self, t: &'p Tm<'p>, env: &Env<'p>, v: &Json) -> Res<Option<Json>> {
        self.labels += 1;
        let (id, mut got) = (self.labels, None);
        let depth = self.depth;
        let done = self.eval(t, env, At { v: v.clone(), trail: Trail::Off }, &mut |_, x| {
            got = Some(x.v);
            Err(Stop::Break(id))
        });
        self.depth = depth;
        match done {
            Err(Stop::Break(b)) if b == id => Ok(got),
            Err(e) => Err(e),
            Ok(()) => Ok(got),
        }
    }

    /// `paths |= f`.
    fn update(
        &mut self,
        paths: &'p Tm<'p>,
        env: &Env<'p>,
        v: &Json,
        f: &mut dyn FnMut(&mut Self, &Json) -> Res<Option<Json>>,
    ) -> Res<Json> {
        let mut v = v.clone();
        for p in self.paths(paths, env, &v.clone())? {
            self.spend(1)?;
            v = modify(v, &p, &mut |old| f(self, old))?;
        }
        Ok(v)
    }

    fn either(&mut self, l: &'p Tm<'p>, r: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        let (mut any, depth) = (false, self.depth);
        let done = self.eval(l, env, at.clone(), &mut |m, x| {
            if !x.v.truth() {
                return Ok(());
            }
            any = true;
            out(m, x).map_err(|e| Stop::Outer(Box::new(e)))
        });
        match done {
            Err(Stop::Outer(e)) => return Err(*e),
            Ok(()) | Err(Stop::Err(_)) => {}
            Err(e) => return Err(e),
        }
        self.depth = depth;
        if any { Ok(()) } else { self.eval(r, env, at, out) }
    }

    fn call(&mut self, name: &'p str, args: &'p [Tm<'p>], env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        let mut e = env.as_ref();
        while let Some(s) = e {
            match &s.bind {
                Bind::Arg(n, t, there) if args.is_empty() && *n == name => return self.eval(t, there, at, out),
                Bind::Fun(d) if d.name == name && d.args.len() == args.len() => {
                    return self.enter(d, 0, args, env, Some(s.clone()), at, out);
                }
                _ => e = s.up.as_ref(),
            }
        }
        super::call::native(self, name, args, env, at, out)
    }

    /// Runs a definition once its parameters are bound.
    fn enter(
        &mut self,
        d: &'p Def<&'p str>,
        n: usize,
        args: &'p [Tm<'p>],
        outer: &Env<'p>,
        env: Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let (Some(param), Some(arg)) = (d.args.get(n), args.get(n)) else { return self.eval(&d.body, &env, at, out) };
        match param.strip_prefix('$') {
            None => self.enter(d, n + 1, args, outer, with(&env, Bind::Arg(param, arg, outer.clone())), at, out),
            Some(bare) => {
                for v in self.all(arg, outer, &at.v)? {
                    let env = with(&env, Bind::Var(param, v));
                    let env = with(&env, Bind::Arg(bare, arg, outer.clone()));
                    self.enter(d, n + 1, args, outer, env, at.clone(), out)?;
                }
                Ok(())
            }
        }
    }
}
