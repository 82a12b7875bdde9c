//! Patterns bound to values, and the two folds that bind one for every item.

use super::super::json::Json;
use super::super::path::{Trail, index};
use super::{At, Bind, Env, Out, Res, Run, Tm, fail, with};
use jaq_core::load::parse::Pattern;

impl<'p, 't> Run<'p, 't> {
    pub(super) fn fold(
        &mut self,
        name: &str,
        xs: &'p Tm<'p>,
        pattern: &'p Pattern<&'p str>,
        args: &'p [Tm<'p>],
        env: &Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let (Some(init), Some(update)) = (args.first(), args.get(1)) else {
            return fail(format!("{name} takes an initial value and an update"));
        };
        let mut starts = Vec::new();
        self.eval(init, env, at.clone(), &mut |_, x| {
            starts.push(x);
            Ok(())
        })?;
        for start in starts {
            let mut state = start;
            let source = At { v: at.v.clone(), trail: Trail::Off };
            self.eval(xs, env, source, &mut |m, x| {
                let (each, dot) = (name == "foreach", at.v.clone());
                m.bind(pattern, &x.v, env, &dot, &mut |m, env| {
                    let old = std::mem::replace(&mut state, At { v: Json::Null, trail: Trail::Off });
                    let mut last = None;
                    m.eval(update, &env, old, &mut |m, y| {
                        last = Some(y.clone());
                        match (each, args.get(2)) {
                            (false, _) => Ok(()),
                            (true, None) => out(m, y),
                            (true, Some(extract)) => m.eval(extract, &env, y, out),
                        }
                    })?;
                    // Without an output the state is null, as in 1.6.
                    state = last.unwrap_or(At { v: Json::Null, trail: at.trail.lost() });
                    Ok(())
                })
            })?;
            if name == "reduce" {
                out(self, state)?;
            }
        }
        Ok(())
    }

    /// Binds a pattern to a value, in every way there is.
    pub(super) fn bind(
        &mut self,
        pattern: &'p Pattern<&'p str>,
        v: &Json,
        env: &Env<'p>,
        dot: &Json,
        next: &mut dyn FnMut(&mut Self, Env<'p>) -> Res,
    ) -> Res {
        match pattern {
            Pattern::Var(name) => next(self, with(env, Bind::Var(name, v.clone()))),
            Pattern::Arr(items) => {
                if !matches!(v, Json::Arr(_) | Json::Null) {
                    return fail(format!("Cannot index {} with number", v.kind()));
                }
                self.bind_items(items, 0, v, env, dot, next)
            }
            Pattern::Obj(entries) => self.bind_entries(entries, v, env, dot, next),
        }
    }

    fn bind_items(
        &mut self,
        items: &'p [Pattern<&'p str>],
        at: usize,
        v: &Json,
        env: &Env<'p>,
        dot: &Json,
        next: &mut dyn FnMut(&mut Self, Env<'p>) -> Res,
    ) -> Res {
        let Some(p) = items.get(at) else { return next(self, env.clone()) };
        let item = index(v, &Json::Num(at as f64))?;
        self.bind(p, &item, env, dot, &mut |m, env| m.bind_items(items, at + 1, v, &env, dot, next))
    }

    fn bind_entries(
        &mut self,
        entries: &'p [(Tm<'p>, Pattern<&'p str>)],
        v: &Json,
        env: &Env<'p>,
        dot: &Json,
        next: &mut dyn FnMut(&mut Self, Env<'p>) -> Res,
    ) -> Res {
        let Some(((key, p), rest)) = entries.split_first() else { return next(self, env.clone()) };
        for k in self.all(key, env, dot)? {
            if !matches!(k, Json::Str(_)) {
                return fail(format!("Cannot index {} with {}", v.kind(), k.kind()));
            }
            let item = index(v, &k)?;
            self.bind(p, &item, env, dot, &mut |m, env| m.bind_entries(rest, v, &env, dot, next))?;
        }
        Ok(())
    }
}
