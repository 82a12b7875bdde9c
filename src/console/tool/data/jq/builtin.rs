//! The builtins that take and make values only.

use super::eval::{Res, SIZE_MAX, Stop, fail};
use super::json::{Json, List, Map};
use super::path;
use super::read::Reader;
use super::text;
use jaq_core::ops::Math;
use std::rc::Rc;

/// Names and numbers of arguments of everything that is built in and not written in the language itself.
pub(crate) const NAMES: &[(&str, usize)] = &[
    ("empty", 0),
    ("error", 0),
    ("error", 1),
    ("not", 0),
    ("path", 1),
    ("getpath", 1),
    ("recurse", 1),
    ("repeat", 1),
    ("while", 2),
    ("until", 2),
    ("first", 1),
    ("limit", 2),
    ("skip", 2),
    ("isempty", 1),
    ("range", 2),
    ("range", 3),
    ("input", 0),
    ("repeat_input", 0),
    ("debug", 0),
    ("debug", 1),
    ("stderr", 0),
    ("now", 0),
    ("input_line_number", 0),
    ("input_filename", 0),
    ("halt", 0),
    ("halt_error", 1),
    ("_match", 3),
    ("_group", 1),
    ("_min", 1),
    ("_max", 1),
    ("_sort", 1),
    ("length", 0),
    ("utf8bytelength", 0),
    ("keys", 0),
    ("keys_unsorted", 0),
    ("has", 1),
    ("contains", 1),
    ("add", 0),
    ("type", 0),
    ("tostring", 0),
    ("tonumber", 0),
    ("tojson", 0),
    ("fromjson", 0),
    ("sort", 0),
    ("min", 0),
    ("max", 0),
    ("reverse", 0),
    ("flatten", 1),
    ("setpath", 2),
    ("delpaths", 1),
    ("startswith", 1),
    ("endswith", 1),
    ("ltrimstr", 1),
    ("rtrimstr", 1),
    ("trim", 0),
    ("ltrim", 0),
    ("rtrim", 0),
    ("explode", 0),
    ("implode", 0),
    ("split", 1),
    ("indices", 1),
    ("infinite", 0),
    ("nan", 0),
    ("null", 0),
    ("true", 0),
    ("false", 0),
    ("isinfinite", 0),
    ("isnan", 0),
    ("isnormal", 0),
    ("transpose", 0),
    ("strftime", 1),
    ("strflocaltime", 1),
    ("strptime", 1),
    ("mktime", 0),
    ("gmtime", 0),
    ("localtime", 0),
    ("builtins", 0),
    ("bsearch", 1),
    ("splits", 1),
    ("tojson", 0),
    ("getpath", 1),
    ("pow", 2),
    ("atan2", 2),
    ("fma", 3),
    ("log2", 0),
    ("log", 0),
    ("log10", 0),
    ("exp", 0),
    ("exp2", 0),
    ("exp10", 0),
    ("sqrt", 0),
    ("floor", 0),
    ("ceil", 0),
    ("round", 0),
    ("trunc", 0),
    ("fabs", 0),
    ("sin", 0),
    ("cos", 0),
    ("tan", 0),
    ("asin", 0),
    ("acos", 0),
    ("atan", 0),
    ("cbrt", 0),
    ("significand", 0),
    ("@text", 0),
    ("@json", 0),
    ("@csv", 0),
    ("@tsv", 0),
    ("@html", 0),
    ("@uri", 0),
    ("@sh", 0),
    ("@base64", 0),
    ("@base64d", 0),
];

/// What cannot be done with a pair of values.
fn pair<T>(x: &Json, y: &Json, what: &str) -> Res<T> {
    fail(format!("{} and {} cannot be {what}", x.named(), y.named()))
}

/// `x op y`.
pub(super) fn math(op: Math, x: Json, y: Json) -> Res<Json> {
    match (op, x, y) {
        (Math::Add, Json::Null, v) | (Math::Add, v, Json::Null) => Ok(v),
        (Math::Add, Json::Num(a), Json::Num(b)) => Ok(Json::Num(a + b)),
        (Math::Add, Json::Str(a), Json::Str(b)) => {
            if a.len() + b.len() > SIZE_MAX {
                return Err(Stop::Memory);
            }
            Ok(Json::str(format!("{a}{b}")))
        }
        (Math::Add, Json::Arr(mut a), Json::Arr(b)) => {
            if a.items.len() + b.items.len() > SIZE_MAX / 8 {
                return Err(Stop::Memory);
            }
            let list: &mut List = Rc::make_mut(&mut a);
            b.items.iter().for_each(|v| list.push(v.clone()));
            Ok(Json::Arr(a))
        }
        (Math::Add, Json::Obj(mut a), Json::Obj(b)) => {
            let map: &mut Map = Rc::make_mut(&mut a);
            b.iter().for_each(|(k, v)| map.set(k.clone(), v.clone()));
            Ok(Json::Obj(a))
        }
        (Math::Add, x, y) => pair(&x, &y, "added"),
        (Math::Sub, Json::Num(a), Json::Num(b)) => Ok(Json::Num(a - b)),
        (Math::Sub, Json::Arr(a), Json::Arr(b)) => {
            let kept = a.items.iter().filter(|v| !b.items.iter().any(|w| w.same(v)));
            Ok(Json::arr(kept.cloned().collect()))
        }
        (Math::Sub, x, y) => pair(&x, &y, "subtracted"),
        (Math::Mul, Json::Num(a), Json::Num(b)) => Ok(Json::Num(a * b)),
        (Math::Mul, Json::Str(s), Json::Num(n)) | (Math::Mul, Json::Num(n), Json::Str(s)) => {
            if n <= 0.0 {
                return Ok(Json::Null);
            }
            if n * s.len() as f64 > SIZE_MAX as f64 {
                return Err(Stop::Memory);
            }
            // Half a time is a time.
            Ok(Json::str(s.repeat((n.ceil() as usize).max(1))))
        }
        (Math::Mul, Json::Obj(a), Json::Obj(b)) => Ok(merge(&a, &b)),
        (Math::Mul, x, y) => pair(&x, &y, "multiplied"),
        (Math::Div, Json::Num(a), Json::Num(b)) => {
            if b == 0.0 {
                return pair(&Json::Num(a), &Json::Num(b), "divided because the divisor is zero");
            }
            Ok(Json::Num(a / b))
        }
        (Math::Div, Json::Str(a), Json::Str(b)) => Ok(split(&a, &b)),
        (Math::Div, x, y) => pair(&x, &y, "divided"),
        (Math::Rem, Json::Num(a), Json::Num(b)) => {
            let (a, b) = (a.trunc() as i64, b.trunc() as i64);
            if b == 0 {
                let what = "divided (remainder) because the divisor is zero";
                return pair(&Json::Num(a as f64), &Json::Num(0.0), what);
            }
            let r = a.unsigned_abs() % b.unsigned_abs();
            Ok(Json::Num(if a < 0 { -(r as f64) } else { r as f64 }))
        }
        (Math::Rem, x, y) => pair(&x, &y, "divided (remainder)"),
    }
}

fn merge(a: &Rc<Map>, b: &Rc<Map>) -> Json {
    let mut map = Map::clone(a);
    for (k, v) in b.iter() {
        let v = match (map.get(k), v) {
            (Some(Json::Obj(x)), Json::Obj(y)) => merge(&x.clone(), y),
            _ => v.clone(),
        };
        map.set(k.clone(), v);
    }
    Json::obj(map)
}

fn split(s: &str, by: &str) -> Json {
    if s.is_empty() {
        return Json::arr(Vec::new());
    }
    if by.is_empty() {
        return Json::arr(s.chars().map(|c| Json::str(c.to_string())).collect());
    }
    Json::arr(s.split(by).map(Json::str).collect())
}

/// Whether everything of `b` is in `a`.
fn contains(a: &Json, b: &Json) -> Res<bool> {
    match (a, b) {
        (Json::Obj(a), Json::Obj(b)) => {
            for (k, v) in b.iter() {
                match a.get(k) {
                    Some(w) if w.kind() == v.kind() && contains(w, v)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        (Json::Arr(a), Json::Arr(b)) => {
            for v in &b.items {
                let mut any = false;
                for w in a.items.iter().filter(|w| w.kind() == v.kind()) {
                    any = any || contains(w, v)?;
                }
                if !any {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Json::Str(a), Json::Str(b)) => Ok(a.contains(&**b)),
        (a, b) if a.kind() == b.kind() => Ok(a.same(b)),
        (a, b) => pair(a, b, "have their containment checked").map_err(|e| match e {
            Stop::Err(Json::Str(s)) => Stop::Err(Json::str(s.replace("cannot be have", "cannot have"))),
            e => e,
        }),
    }
}

fn array<'a>(v: &'a Json, what: &str) -> Res<&'a [Json]> {
    match v {
        Json::Arr(l) => Ok(&l.items),
        v => fail(format!("{} cannot be {what}, as it is not an array", v.named())),
    }
}

/// What `.[]` yields.
fn items(v: &Json) -> Res<Vec<Json>> {
    match v {
        Json::Arr(l) => Ok(l.items.clone()),
        Json::Obj(m) => Ok(m.iter().map(|(_, v)| v.clone()).collect()),
        v => fail(format!("Cannot iterate over {}", v.named())),
    }
}

fn flatten(v: &Json, depth: f64, out: &mut Vec<Json>) -> Res {
    for item in items(v)? {
        match &item {
            Json::Arr(_) if depth > 0.0 => flatten(&item, depth - 1.0, out)?,
            _ => out.push(item),
        }
    }
    Ok(())
}

/// Items with their keys, sorted by key; equal ones stay in their order.
fn keyed(v: &Json, keys: &Json, what: &str) -> Res<Vec<(Json, Json)>> {
    let (items, keys) = (array(v, what)?, array(keys, what)?);
    let mut all: Vec<(Json, Json)> = keys.iter().cloned().zip(items.iter().cloned()).collect();
    all.sort_by(|a, b| a.0.order(&b.0));
    Ok(all)
}

fn groups(all: Vec<(Json, Json)>) -> Vec<Vec<Json>> {
    let mut out: Vec<Vec<Json>> = Vec::new();
    let mut last: Option<Json> = None;
    for (k, v) in all {
        match out.last_mut() {
            Some(group) if last.as_ref().is_some_and(|l| l.same(&k)) => group.push(v),
            _ => out.push(vec![v]),
        }
        last = Some(k);
    }
    out
}

fn number(v: &Json, name: &str) -> Res<f64> {
    match v {
        Json::Num(n) => Ok(*n),
        v => fail(format!("{} {name} number required", v.named()).replace(&format!(" {name} "), " ")),
    }
}

fn transpose(v: &Json) -> Res<Json> {
    let rows = items(v)?;
    let widths = rows.iter().map(|r| array(r, "transposed").map(<[Json]>::len));
    let width = widths.collect::<Res<Vec<usize>>>()?.into_iter().max().unwrap_or(0);
    let column = |i: usize| {
        let cells = rows.iter().map(|r| match r {
            Json::Arr(l) => l.items.get(i).cloned().unwrap_or(Json::Null),
            _ => Json::Null,
        });
        Json::arr(cells.collect())
    };
    Ok(Json::arr((0..width).map(column).collect()))
}

fn indices(v: &Json, i: &Json) -> Res<Json> {
    match (v, i) {
        (Json::Null, _) => Ok(Json::Null),
        (Json::Str(s), Json::Str(x)) => {
            let mut at = Vec::new();
            let mut from = 0;
            while let Some(found) = s.get(from..).filter(|_| !x.is_empty()).and_then(|rest| rest.find(&**x)) {
                // Positions are bytes, as 1.6 has them.
                at.push(Json::Num((from + found) as f64));
                from += found + s.get(from + found..).and_then(|r| r.chars().next()).map_or(1, char::len_utf8);
            }
            Ok(Json::arr(at))
        }
        (Json::Arr(_), Json::Arr(_)) => path::index(v, i),
        (Json::Arr(_), x) => path::index(v, &Json::arr(vec![x.clone()])),
        (v, i) => path::index(v, i),
    }
}

fn from_text(s: &str) -> Res<Json> {
    let mut reader = Reader::new(s);
    let v = match reader.value() {
        Some(Ok(v)) => v,
        None => return Ok(Json::Null),
        Some(Err(why)) => return fail(format!("{why} (while parsing '{s}')")),
    };
    match reader.value() {
        None => Ok(v),
        Some(Ok(_)) => fail(format!("Unexpected extra JSON values (while parsing '{s}')")),
        Some(Err(why)) => fail(format!("{why} (while parsing '{s}')")),
    }
}

fn float(name: &str, n: f64) -> Option<f64> {
    Some(match name {
        "floor" => n.floor(),
        "ceil" => n.ceil(),
        "round" => libm::round(n),
        "trunc" => n.trunc(),
        "sqrt" => n.sqrt(),
        "fabs" => n.abs(),
        "log" => libm::log(n),
        "log2" => libm::log2(n),
        "log10" => libm::log10(n),
        "exp" => libm::exp(n),
        "exp2" => libm::exp2(n),
        "exp10" => libm::exp10(n),
        "sin" => libm::sin(n),
        "cos" => libm::cos(n),
        "tan" => libm::tan(n),
        "asin" => libm::asin(n),
        "acos" => libm::acos(n),
        "atan" => libm::atan(n),
        "cbrt" => libm::cbrt(n),
        "significand" => match libm::frexp(n) {
            (m, _) if m == 0.0 => 0.0,
            (m, _) => m * 2.0,
        },
        _ => return None,
    })
}

/// Calls a builtin.
pub(super) fn call(name: &str, v: &Json, args: &[Json]) -> Res<Json> {
    let num = |n: usize| Ok(Json::Num(n as f64));
    let strings = |text: &str, keep: fn(&str, &str) -> Json| match (v, args.first()) {
        (Json::Str(s), Some(Json::Str(t))) => Ok(keep(s, t)),
        _ => fail(text),
    };
    match (name, args) {
        ("null", []) => Ok(Json::Null),
        ("true", []) => Ok(Json::Bool(true)),
        ("false", []) => Ok(Json::Bool(false)),
        ("nan", []) => Ok(Json::Num(f64::NAN)),
        ("infinite", []) => Ok(Json::Num(f64::INFINITY)),
        ("length", []) => match v {
            Json::Null => num(0),
            Json::Num(n) => Ok(Json::Num(n.abs())),
            Json::Str(s) => num(s.chars().count()),
            Json::Arr(l) => num(l.items.len()),
            Json::Obj(m) => num(m.len()),
            v => fail(format!("{} has no length", v.named())),
        },
        ("utf8bytelength", []) => match v {
            Json::Str(s) => num(s.len()),
            v => fail(format!("{} only strings have UTF-8 byte length", v.named())),
        },
        ("keys" | "keys_unsorted", []) => match v {
            Json::Arr(l) => Ok(Json::arr((0..l.items.len()).map(|i| Json::Num(i as f64)).collect())),
            Json::Obj(m) if name == "keys" => Ok(Json::arr(m.sorted().map(|(k, _)| Json::Str(k.clone())).collect())),
            Json::Obj(m) => Ok(Json::arr(m.iter().map(|(k, _)| Json::Str(k.clone())).collect())),
            v => fail(format!("{} has no keys", v.named())),
        },
        ("has", [k]) => match (v, k) {
            (Json::Obj(m), Json::Str(k)) => Ok(Json::Bool(m.get(k).is_some())),
            (Json::Arr(l), Json::Num(n)) => Ok(Json::Bool(*n >= 0.0 && *n < l.items.len() as f64)),
            (v, k) => fail(format!("Cannot check whether {} has a {} key", v.kind(), k.kind())),
        },
        ("contains", [b]) => contains(v, b).map(Json::Bool),
        ("add", []) => {
            let mut sum = Json::Null;
            for x in items(v)? {
                sum = math(Math::Add, sum, x)?;
            }
            Ok(sum)
        }
        ("type", []) => Ok(Json::str(v.kind())),
        ("tostring", []) => Ok(if let Json::Str(_) = v { v.clone() } else { Json::str(text::spelled(v)?) }),
        ("tojson", []) => Ok(Json::str(text::spelled(v)?)),
        ("tonumber", []) => match v {
            Json::Num(_) => Ok(v.clone()),
            Json::Str(s) => match from_text(s)? {
                n @ Json::Num(_) => Ok(n),
                other => fail(format!("{} cannot be parsed as a number", other.named())),
            },
            v => fail(format!("{} cannot be parsed as a number", v.named())),
        },
        ("fromjson", []) => match v {
            Json::Str(s) => from_text(s),
            v => fail(format!("{} cannot be parsed as JSON", v.named())),
        },
        ("sort", []) => {
            let mut all = array(v, "sorted")?.to_vec();
            all.sort_by(Json::order);
            Ok(Json::arr(all))
        }
        ("_sort", [keys]) => Ok(Json::arr(keyed(v, keys, "sorted")?.into_iter().map(|(_, v)| v).collect())),
        ("_group", [keys]) => Ok(Json::arr(groups(keyed(v, keys, "grouped")?).into_iter().map(Json::arr).collect())),
        ("min" | "max", []) => extreme(v, v, name == "max"),
        ("_min" | "_max", [keys]) => extreme(v, keys, name == "_max"),
        ("reverse", []) => match v {
            Json::Null => Ok(Json::arr(Vec::new())),
            Json::Obj(m) if m.len() == 0 => Ok(Json::arr(Vec::new())),
            Json::Str(s) if s.is_empty() => Ok(Json::arr(Vec::new())),
            Json::Arr(l) => Ok(Json::arr(l.items.iter().rev().cloned().collect())),
            v => fail(format!("Cannot index {} with number", v.kind())),
        },
        ("flatten", [Json::Num(n)]) if *n < 0.0 => fail("flatten depth must not be negative"),
        ("flatten", [Json::Num(n)]) => {
            let mut out = Vec::new();
            flatten(v, *n, &mut out)?;
            Ok(Json::arr(out))
        }
        ("setpath", [Json::Arr(p), new]) => path::modify(v.clone(), &p.items, &mut |_| Ok(Some(new.clone()))),
        ("setpath", [..]) => fail("Path must be specified as an array"),
        ("delpaths", [Json::Arr(paths)]) => path::delete_all(v.clone(), paths.items.clone()),
        ("delpaths", [..]) => fail("Paths must be specified as an array"),
        ("startswith", [_]) => strings("startswith() requires string inputs", |s, t| Json::Bool(s.starts_with(t))),
        ("endswith", [_]) => strings("endswith() requires string inputs", |s, t| Json::Bool(s.ends_with(t))),
        ("ltrimstr" | "rtrimstr", [Json::Str(t)]) => match v {
            Json::Str(s) if name == "ltrimstr" => Ok(Json::str(s.strip_prefix(&**t).unwrap_or(s))),
            Json::Str(s) => Ok(Json::str(s.strip_suffix(&**t).unwrap_or(s))),
            v => Ok(v.clone()),
        },
        ("ltrimstr" | "rtrimstr", [_]) => Ok(v.clone()),
        ("trim" | "ltrim" | "rtrim", []) => match v {
            Json::Str(s) => Ok(Json::str(match name {
                "trim" => s.trim(),
                "ltrim" => s.trim_start(),
                _ => s.trim_end(),
            })),
            v => fail(format!("{} cannot be trimmed", v.named())),
        },
        ("explode", []) => match v {
            Json::Str(s) => Ok(Json::arr(s.chars().map(|c| Json::Num(f64::from(c as u32))).collect())),
            _ => fail("explode input must be a string"),
        },
        ("implode", []) => {
            let Json::Arr(l) = v else { return fail("implode input must be an array") };
            let mut out = String::new();
            for c in &l.items {
                let Json::Num(n) = c else { return fail("Unicode codepoint must be numeric") };
                out.push(char::from_u32(*n as u32).unwrap_or('\u{FFFD}'));
            }
            Ok(Json::str(out))
        }
        ("split", [_]) => strings("split input and separator must be strings", split),
        ("indices", [i]) => indices(v, i),
        ("isinfinite", []) => Ok(Json::Bool(number(v, name)?.is_infinite())),
        ("isnan", []) => Ok(Json::Bool(number(v, name)?.is_nan())),
        ("isnormal", []) => Ok(Json::Bool(number(v, name)?.is_normal())),
        ("transpose", []) => transpose(v),
        ("bsearch", [x]) => {
            let all = array(v, "searched from")?;
            Ok(Json::Num(match all.binary_search_by(|y| y.order(x)) {
                Ok(i) => i as f64,
                Err(i) => -1.0 - i as f64,
            }))
        }
        ("pow", [Json::Num(a), Json::Num(b)]) => Ok(Json::Num(libm::pow(*a, *b))),
        ("atan2", [Json::Num(a), Json::Num(b)]) => Ok(Json::Num(libm::atan2(*a, *b))),
        ("fma", [Json::Num(a), Json::Num(b), Json::Num(c)]) => Ok(Json::Num(libm::fma(*a, *b, *c))),
        ("builtins", []) => {
            let all =
                NAMES.iter().filter(|(n, _)| !n.starts_with(['_', '@'])).map(|(n, a)| Json::str(format!("{n}/{a}")));
            Ok(Json::arr(all.collect()))
        }
        ("strftime" | "strflocaltime" | "strptime" | "mktime" | "gmtime" | "localtime", _) => text::date(name, v, args),
        (_, []) => match (v, float(name, 0.0)) {
            (Json::Num(n), Some(_)) => Ok(Json::Num(float(name, *n).unwrap_or(f64::NAN))),
            (v, Some(_)) => fail(format!("{} number required", v.named())),
            _ => fail(format!("{name}/0 is not defined")),
        },
        _ => match args.iter().find(|a| !matches!(a, Json::Num(_))) {
            Some(a) => fail(format!("{} number required", a.named())),
            None => fail(format!("{name}/{} is not defined", args.len())),
        },
    }
}

fn extreme(v: &Json, keys: &Json, most: bool) -> Res<Json> {
    let (Json::Arr(l), Json::Arr(k)) = (v, keys) else { return pair(v, keys, "iterated over") };
    let mut best: Option<(&Json, &Json)> = None;
    for (key, item) in k.items.iter().zip(&l.items) {
        let better = best.is_none_or(|(b, _)| if most { key.order(b).is_ge() } else { key.order(b).is_lt() });
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Json::Null, |(_, item)| item.clone()))
}
