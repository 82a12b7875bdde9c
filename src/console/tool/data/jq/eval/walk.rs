//! Steps along paths: an index, every item, everything below.

use super::super::json::Json;
use super::super::path::index;
use super::{At, Env, Out, Res, Run, SIZE_MAX, Stop, Tm, fail};
use jaq_core::path::{Opt, Part};

impl<'p, 't> Run<'p, 't> {
    pub(super) fn path(
        &mut self,
        head: &'p Tm<'p>,
        parts: &'p [(Part<Tm<'p>>, Opt)],
        env: &Env<'p>,
        at: At,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let Some(((part, opt), before)) = parts.split_last() else { return self.eval(head, env, at, out) };
        let forgive = matches!(opt, Opt::Optional);
        let input = at.v.clone();
        match part {
            Part::Index(key) => {
                for k in self.all(key, env, &input)? {
                    self.path(head, before, env, at.clone(), &mut |m, x| m.step_into(x, &k, forgive, out))?;
                }
                Ok(())
            }
            Part::Range(None, None) => self.path(head, before, env, at, &mut |m, x| m.each(x, forgive, out)),
            Part::Range(from, to) => {
                let bounds = |m: &mut Self, t: &'p Option<Tm<'p>>| match t {
                    Some(t) => m.all(t, env, &input),
                    None => Ok(vec![Json::Null]),
                };
                for to in bounds(self, to)? {
                    for from in bounds(self, from)? {
                        let k = Json::pairs(vec![("start", from), ("end", to.clone())]);
                        self.path(head, before, env, at.clone(), &mut |m, x| m.step_into(x, &k, forgive, out))?;
                    }
                }
                Ok(())
            }
        }
    }

    pub fn step_into(&mut self, x: At, k: &Json, forgive: bool, out: Out<'_, 'p, 't>) -> Res {
        let trail = match x.trail.onward(k, &x.v) {
            Ok(trail) => trail,
            Err(_) if forgive => return Ok(()),
            Err(e) => return Err(e),
        };
        match index(&x.v, k) {
            Ok(v) => out(self, At { v, trail }),
            Err(Stop::Err(_)) if forgive => Ok(()),
            Err(e) => Err(e),
        }
    }

    pub fn each(&mut self, x: At, forgive: bool, out: Out<'_, 'p, 't>) -> Res {
        x.trail.check_each(&x.v)?;
        match &x.v {
            Json::Arr(l) => {
                for (i, v) in l.items.iter().enumerate() {
                    self.spend(1)?;
                    let trail = x.trail.onward(&Json::Num(i as f64), &x.v)?;
                    out(self, At { v: v.clone(), trail })?;
                }
                Ok(())
            }
            Json::Obj(m) => {
                for (k, v) in m.iter() {
                    self.spend(1)?;
                    let trail = x.trail.onward(&Json::Str(k.clone()), &x.v)?;
                    out(self, At { v: v.clone(), trail })?;
                }
                Ok(())
            }
            _ if forgive => Ok(()),
            v => fail(format!("Cannot iterate over {}", v.named())),
        }
    }

    /// A value and everything that `f` makes of it, again and again, without nesting.
    pub fn recurse(
        &mut self,
        at: At,
        f: &mut dyn FnMut(&mut Self, At) -> Res<Vec<At>>,
        children: bool,
        out: Out<'_, 'p, 't>,
    ) -> Res {
        let mut todo: Vec<Result<At, Stop>> = vec![Ok(at)];
        while let Some(x) = todo.pop() {
            let x = x?;
            self.spend(1)?;
            let mut next = Vec::new();
            out(self, x.clone())?;
            if children {
                self.each(x, true, &mut |_, y| {
                    next.push(Ok(y));
                    Ok(())
                })?;
            } else {
                match f(self, x) {
                    Ok(got) => next.extend(got.into_iter().map(Ok)),
                    Err(e) => next.push(Err(e)),
                }
            }
            todo.extend(next.into_iter().rev());
            if todo.len() > SIZE_MAX {
                return Err(Stop::Memory);
            }
        }
        Ok(())
    }
}
