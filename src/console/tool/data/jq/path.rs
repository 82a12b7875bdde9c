//! Paths into a value: following one, remembering one, changing what is at its end.

use super::eval::{Res, SIZE_MAX, Stop, fail};
use super::json::{Json, List, Map};
use std::rc::Rc;

/// How a value was found.
#[derive(Clone, Debug)]
pub(crate) enum Trail {
    /// Nobody asked.
    Off,
    /// By these steps from the root.
    On(Option<Rc<Step>>),
    /// It was made, not found.
    Lost,
}

/// Steps that a path may have: values are followed and let go step within step.
const STEPS_MAX: usize = 1_000;

#[derive(Debug)]
pub(crate) struct Step {
    key: Json,
    up: Option<Rc<Step>>,
    /// Steps up to the root, this one included.
    count: usize,
}

impl Trail {
    pub fn root() -> Trail {
        Trail::On(None)
    }

    /// The trail of something that was made on the way.
    pub fn lost(&self) -> Trail {
        match self {
            Trail::Off => Trail::Off,
            _ => Trail::Lost,
        }
    }

    /// One step further.
    pub fn onward(&self, key: &Json, v: &Json) -> Res<Trail> {
        match self {
            Trail::Off => Ok(Trail::Off),
            Trail::On(up) => {
                let count = up.as_ref().map_or(0, |s| s.count) + 1;
                if count > STEPS_MAX {
                    return Err(Stop::Memory);
                }
                Ok(Trail::On(Some(Rc::new(Step { key: key.clone(), up: up.clone(), count }))))
            }
            Trail::Lost => {
                let (key, v) = (key.short(), v.short());
                fail(format!("Invalid path expression near attempt to access element {key} of {v}"))
            }
        }
    }

    /// Before an iteration.
    pub fn check_each(&self, v: &Json) -> Res {
        match self {
            Trail::Lost => fail(format!("Invalid path expression near attempt to iterate through {}", v.short())),
            _ => Ok(()),
        }
    }

    /// The whole path.
    pub fn path(&self, v: &Json) -> Res<Vec<Json>> {
        let Trail::On(last) = self else { return fail(format!("Invalid path expression with result {}", v.short())) };
        let (mut path, mut at) = (Vec::new(), last.as_ref());
        while let Some(step) = at {
            path.push(step.key.clone());
            at = step.up.as_ref();
        }
        path.reverse();
        Ok(path)
    }
}

/// Where an index points; a negative one counts from the end.
fn wrap(n: f64, len: usize) -> Option<usize> {
    let n = n.floor();
    let n = if n < 0.0 { n + len as f64 } else { n };
    (0.0..9e15).contains(&n).then_some(n as usize)
}

fn bounds(m: &Map, len: usize) -> Res<(usize, usize)> {
    let number = |key: &str, default: f64| match m.get(key) {
        None | Some(Json::Null) => Ok(default),
        Some(Json::Num(n)) => Ok(*n),
        Some(_) => fail("Start and end indices of an array slice must be numbers"),
    };
    let len_f = len as f64;
    let clamp = |n: f64| if n < 0.0 { (n + len_f).max(0.0) } else { n }.min(len_f);
    let start = clamp(number("start", 0.0)?).floor();
    let end = clamp(number("end", len_f)?).ceil().max(start);
    Ok((start as usize, end as usize))
}

/// `v[key]`.
pub(crate) fn index(v: &Json, key: &Json) -> Res<Json> {
    match (v, key) {
        (Json::Obj(m), Json::Str(k)) => Ok(m.get(k).cloned().unwrap_or(Json::Null)),
        (Json::Arr(l), Json::Num(n)) => {
            // A place between two items is none, as in 1.6.
            Ok(wrap(*n, l.items.len())
                .filter(|_| n.fract() == 0.0)
                .and_then(|i| l.items.get(i))
                .cloned()
                .unwrap_or(Json::Null))
        }
        (Json::Null, Json::Str(_) | Json::Num(_) | Json::Null) => Ok(Json::Null),
        (Json::Null, Json::Obj(m)) => bounds(m, 0).map(|_| Json::Null),
        (Json::Arr(l), Json::Obj(m)) => {
            let (from, to) = bounds(m, l.items.len())?;
            Ok(Json::arr(l.items.get(from..to).unwrap_or_default().to_vec()))
        }
        (Json::Str(s), Json::Obj(m)) => {
            let (from, to) = bounds(m, s.chars().count())?;
            Ok(Json::str(s.chars().skip(from).take(to - from).collect::<String>()))
        }
        (Json::Arr(l), Json::Arr(part)) => {
            let (all, part) = (&l.items, &part.items);
            let same = |w: &[Json]| w.iter().zip(part).all(|(x, y)| x.same(y));
            let at = all.windows(part.len().max(1)).enumerate().filter(|(_, w)| !part.is_empty() && same(w));
            Ok(Json::arr(at.map(|(i, _)| Json::Num(i as f64)).collect()))
        }
        (v, Json::Str(k)) => fail(format!("Cannot index {} with string \"{k}\"", v.kind())),
        (v, k) => fail(format!("Cannot index {} with {}", v.kind(), k.kind())),
    }
}

/// `v[key] = new`.
fn put(v: Json, key: &Json, new: Json) -> Res<Json> {
    match (v, key) {
        (Json::Null, Json::Str(k)) => {
            let mut m = Map::default();
            m.set(k.clone(), new);
            Ok(Json::obj(m))
        }
        (Json::Obj(mut m), Json::Str(k)) => {
            Rc::make_mut(&mut m).set(k.clone(), new);
            Ok(Json::Obj(m))
        }
        (v @ (Json::Null | Json::Arr(_)), Json::Num(n)) => {
            let mut l = match v {
                Json::Arr(l) => l,
                _ => Rc::new(List::default()),
            };
            let Some(at) = wrap(*n, l.items.len()) else { return fail("Out of bounds negative array index") };
            if at > SIZE_MAX / 8 {
                return Err(Stop::Memory);
            }
            Rc::make_mut(&mut l).set(at, new);
            Ok(Json::Arr(l))
        }
        (v @ (Json::Null | Json::Arr(_)), Json::Obj(m)) => {
            let Json::Arr(part) = new else {
                return fail("A slice of an array can only be assigned another array");
            };
            let items = if let Json::Arr(l) = &v { l.items.clone() } else { Vec::new() };
            let (from, to) = bounds(m, items.len())?;
            let mut made = items.get(..from).unwrap_or_default().to_vec();
            made.extend(part.items.iter().cloned());
            made.extend(items.get(to..).unwrap_or_default().iter().cloned());
            Ok(Json::arr(made))
        }
        (Json::Obj(_), Json::Obj(_)) => fail("Cannot update field at object index of object"),
        (v, Json::Str(k)) => fail(format!("Cannot index {} with string \"{k}\"", v.kind())),
        (v, k) => fail(format!("Cannot index {} with {}", v.kind(), k.kind())),
    }
}

/// Changes what is at the end of a path; without a new value it is deleted.
pub(crate) fn modify(v: Json, path: &[Json], f: &mut dyn FnMut(&Json) -> Res<Option<Json>>) -> Res<Json> {
    let Some((key, rest)) = path.split_first() else { return Ok(f(&v)?.unwrap_or(Json::Null)) };
    if rest.len() >= STEPS_MAX {
        return Err(Stop::Memory);
    }
    let old = index(&v, key)?;
    if rest.is_empty() {
        return match f(&old)? {
            Some(new) => put(v, key, new),
            None => delete(v, path),
        };
    }
    // The old part is let go before it is changed, so that it need not be copied.
    let new = modify(old, rest, f)?;
    put(v, key, new)
}

/// What is at the end of a path.
pub(crate) fn get(v: &Json, path: &[Json]) -> Res<Json> {
    let mut v = v.clone();
    for key in path {
        if matches!(v, Json::Null) {
            return Ok(Json::Null);
        }
        v = index(&v, key)?;
    }
    Ok(v)
}

/// The value without what is at the end of a path.
pub(crate) fn delete(v: Json, path: &[Json]) -> Res<Json> {
    let Some((key, rest)) = path.split_first() else { return Ok(Json::Null) };
    if !rest.is_empty() {
        let old = index(&v, key)?;
        if matches!(old, Json::Null) {
            return Ok(v);
        }
        let new = delete(old, rest)?;
        return put(v, key, new);
    }
    match (v, key) {
        (Json::Null, _) => Ok(Json::Null),
        (Json::Obj(mut m), Json::Str(k)) => {
            Rc::make_mut(&mut m).remove(k);
            Ok(Json::Obj(m))
        }
        (Json::Arr(mut l), Json::Num(n)) => {
            if let Some(i) = wrap(*n, l.items.len()).filter(|i| *i < l.items.len()) {
                Rc::make_mut(&mut l).items.remove(i);
            }
            Ok(Json::Arr(l))
        }
        (Json::Arr(l), Json::Obj(m)) => {
            let (from, to) = bounds(m, l.items.len())?;
            let mut items = l.items.clone();
            items.drain(from..to);
            Ok(Json::arr(items))
        }
        (v @ (Json::Obj(_) | Json::Arr(_)), k) => {
            let what = if matches!(v, Json::Obj(_)) { "field" } else { "element" };
            fail(format!("Cannot delete {what} at {} index of {}", k.kind().replace("number", "array"), v.kind()))
        }
        (v, k) => {
            let what = if matches!(k, Json::Str(_)) { "fields" } else { "elements" };
            fail(format!("Cannot delete {what} from {}", v.kind()))
        }
    }
}

/// The value without what is at the ends of paths, the last ones first.
pub(crate) fn delete_all(v: Json, mut paths: Vec<Json>) -> Res<Json> {
    paths.sort_by(Json::order);
    let mut v = v;
    for p in paths.iter().rev() {
        let Json::Arr(p) = p else { return fail("Path must be specified as an array") };
        v = delete(v, &p.items)?;
    }
    Ok(v)
}
