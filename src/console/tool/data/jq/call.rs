//! The builtins that take programs: loops, limits, paths, sorting by, inputs.

use super::builtin;
use super::eval::{At, Env, Out, Res, Run, Stop, Tm, fail};
use super::json::Json;
use super::path::{self, Trail};
use super::text;

/// Builtins that are written in the language itself.
pub(crate) const PRELUDE: &str = r#"
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def select(f): if f then . else empty end;
def recurse: recurse(.[]?);
def recurse(f; c): def r: ., (f | select(c) | r); r;
def recurse_down: recurse;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: map({(.key // .k // .name // .Name // .K // .Key | if type == "number" or type == "boolean" then tojson else . end): (if has("value") then .value elif has("v") then .v else .Value end)}) | add + {} // {};
def with_entries(f): to_entries | map(f) | from_entries;
def join($x): if length == 0 then "" else reduce .[] as $i (null; (if . == null then "" else . + $x end) + ($i | if . == null then "" elif type == "boolean" or type == "number" then tojson else . end)) end;
def flatten: flatten(1e9);
def range($x): range(0; $x);
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def fromdate: fromdateiso8601;
def todateiso8601: todate;
def date: todate;
def dateadd(u; n): . + n;
def datesub(u; n): . - n;
def paths: path(..) | select(length > 0);
def paths(node_filter): . as $dollar | paths | select(. as $p | $dollar | getpath($p) | node_filter);
def leaf_paths: paths(scalars);
def any: reduce .[] as $x (false; . or $x);
def all: reduce .[] as $x (true; . and $x);
def any(f): reduce (.[] | f) as $x (false; . or $x);
def all(f): reduce (.[] | f) as $x (true; . and $x);
def any(g; c): isempty(first(g | c | select(.))) | not;
def all(g; c): isempty(first(g | c | select(. | not)));
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 end) | implode;
def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 end) | implode;
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def last(f): reduce f as $x (null; $x);
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
def walk(f): def w: if type == "object" then . as $in | reduce keys_unsorted[] as $k ({}; . + {($k): ($in[$k] | w)}) | f elif type == "array" then map(w) | f else f end; w;
def env: $ENV;
def match($re; $flags): _match($re; $flags; false) | .[];
def match(re): match(re; null);
def test($re; $flags): _match($re; $flags; true);
def test(re): test(re; null);
def capture(re; $flags): match(re; $flags) | [.captures | .[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture(re): capture(re; null);
def scan($re; $flags): match($re; "g" + $flags) | if (.captures | length) > 0 then [.captures | .[] | .string] else .string end;
def scan($re): scan($re; null);
def split($re; $flags): . as $s | [foreach ((match($re; $flags + "g") | [.offset, .length]), null) as $m ([0, null]; if $m == null then [.[0], $s[.[0]:]] else [$m[0] + $m[1], $s[.[0]:$m[0]]] end; .[1])];
def splits($re; flags): split($re; flags) | .[];
def splits($re): splits($re; null);
def sub($re; str; $flags): . as $in | [match($re; $flags)] as $ms | reduce ($ms | reverse | .[]) as $m (.; .[:$m.offset] + ([$m.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries | str) + .[$m.offset + $m.length:]);
def sub(re; str): sub(re; str; "");
def gsub(re; str; $flags): sub(re; str; $flags + "g");
def gsub(re; str): sub(re; str; "g");
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def fromstream(f): {x: null, e: false} as $init | foreach f as $i ($init; if .e then $init else . end | if $i | length == 2 then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1]) else setpath(["e"]; $i[0] | length == 1) end; if .e then .x else empty end);
def truncate_stream(stream): . as $n | null | stream | . as $input | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
def inputs: repeat_input;
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row);
def INDEX(f): INDEX(.[]; f);
def add(f): reduce f as $x (null; . + $x);
def del(f): delpaths([path(f)]);
def pick(pathexps): . as $top | reduce path(pathexps) as $p (null; setpath($p; $top | getpath($p)));
def toarray: if type == "array" then . else [.] end;
def abs: if type == "number" and . < 0 then -. else . end;
def group_by(f): _group(map([f]));
def unique_by(f): [group_by(f)[] | .[0]];
def unique: unique_by(.);
def min_by(f): _min(map([f]));
def max_by(f): _max(map([f]));
def sort_by(f): _sort(map([f]));
def halt_error: halt_error(5);
"#;

impl<'p, 't> Run<'p, 't> {
    /// A loop as a list of what is still to be done; `f` says what follows a value.
    fn again(&mut self, t: &'p Tm<'p>, test: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        let mut todo: Vec<Res<At>> = vec![Ok(at)];
        while let Some(x) = todo.pop() {
            let x = x?;
            self.spend(1)?;
            if !self.first(test, env, &x.v)?.is_some_and(|v| v.truth()) {
                continue;
            }
            out(self, x.clone())?;
            let mut next = Vec::new();
            let done = self.eval(t, env, x, &mut |_, y| {
                next.push(Ok(y));
                Ok(())
            });
            if let Err(e) = done {
                next.push(Err(e));
            }
            todo.extend(next.into_iter().rev());
        }
        Ok(())
    }

    fn until(&mut self, test: &'p Tm<'p>, t: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        let mut todo = vec![at];
        while let Some(x) = todo.pop() {
            self.spend(1)?;
            if self.first(test, env, &x.v)?.is_some_and(|v| v.truth()) {
                out(self, x)?;
                continue;
            }
            let mut next = Vec::new();
            self.eval(t, env, x, &mut |_, y| {
                next.push(y);
                Ok(())
            })?;
            todo.extend(next.into_iter().rev());
        }
        Ok(())
    }

    fn limit(&mut self, most: f64, t: &'p Tm<'p>, env: &Env<'p>, at: At, out: Out<'_, 'p, 't>) -> Res {
        if most <= 0.0 {
            // Less than none is no limit, as in 1.6.
            return if most < 0.0 { self.eval(t, env, at, out) } else { Ok(()) };
        }
        let (mut n, mut full) = (0.0, false);
        let done = self.eval(t, env, at, &mut |m, x| {
            n += 1.0;
            out(m, x).map_err(|e| Stop::Outer(Box::new(e)))?;
            full = n >= most;
            if full { Err(Stop::Break(0)) } else { Ok(()) }
        });
        match done {
            Err(Stop::Break(0)) if full => Ok(()),
            Err(Stop::Outer(e)) => Err(*e),
            other => other,
        }
    }

    fn range(&mut self, from: f64, to: f64, by: f64, at: &At, out: Out<'_, 'p, 't>) -> Res {
        let mut n = from;
        while if by > 0.0 { n < to } else { by < 0.0 && n > to } {
            self.spend(1)?;
            self.give(at, Json::Num(n), out)?;
            n += by;
        }
        Ok(())
    }
}

/// A builtin that a program calls; all its outputs.
pub(crate) fn native<'p, 't>(
    m: &mut Run<'p, 't>,
    name: &'p str,
    args: &'p [Tm<'p>],
    env: &Env<'p>,
    at: At,
    out: Out<'_, 'p, 't>,
) -> Res {
    match (name, args) {
        ("empty", []) => Ok(()),
        ("error", []) => raise(at.v),
        ("error", [t]) => m.all(t, env, &at.v)?.into_iter().try_for_each(raise),
        ("not", []) => m.give(&at, Json::Bool(!at.v.truth()), out),
        ("path", [t]) => {
            let v = at.v.clone();
            m.eval(t, env, At { v, trail: Trail::root() }, &mut |m, x| {
                let p = x.trail.path(&x.v)?;
                m.give(&at, Json::arr(p), out)
            })
        }
        ("getpath", [t]) => {
            for p in m.all(t, env, &at.v)? {
                let Json::Arr(p) = p else { return fail("Path must be specified as an array") };
                let mut trail = at.trail.clone();
                for key in &p.items {
                    trail = trail.onward(key, &at.v)?;
                }
                let v = path::get(&at.v, &p.items)?;
                out(m, At { v, trail })?;
            }
            Ok(())
        }
        ("recurse", [t]) => {
            let mut f = |m: &mut Run<'p, 't>, x: At| {
                let mut next = Vec::new();
                m.eval(t, env, x, &mut |_, y| {
                    next.push(y);
                    Ok(())
                })?;
                Ok(next)
            };
            m.recurse(at, &mut f, false, out)
        }
        // The value stays what it is, as in 1.6.
        ("repeat", [t]) => loop {
            m.spend(1)?;
            m.eval(t, env, at.clone(), out)?;
        },
        ("while", [test, t]) => m.again(t, test, env, at, out),
        ("until", [test, t]) => m.until(test, t, env, at, out),
        ("first", [t]) => m.limit(1.0, t, env, at, out),
        ("limit", [n, t]) => {
            for n in m.all(n, env, &at.v)? {
                let Json::Num(n) = n else { return fail("Invalid arguments to limit") };
                m.limit(n, t, env, at.clone(), out)?;
            }
            Ok(())
        }
        ("skip", [n, t]) => {
            for n in m.all(n, env, &at.v)? {
                let (Json::Num(most), mut seen) = (n, 0.0) else { return fail("Invalid arguments to skip") };
                m.eval(t, env, at.clone(), &mut |m, x| {
                    seen += 1.0;
                    if seen > most { out(m, x) } else { Ok(()) }
                })?;
            }
            Ok(())
        }
        ("isempty", [t]) => {
            let none = m.first(t, env, &at.v)?.is_none();
            m.give(&at, Json::Bool(none), out)
        }
        ("range", [from, to]) | ("range", [from, to, _]) => {
            let steps = match args.get(2) {
                Some(t) => m.all(t, env, &at.v)?,
                None => vec![Json::Num(1.0)],
            };
            for from in m.all(from, env, &at.v)? {
                for to in m.all(to, env, &at.v)? {
                    for by in &steps {
                        let (Json::Num(from), Json::Num(to), Json::Num(by)) = (&from, &to, by) else {
                            return fail("Range bounds must be numeric");
                        };
                        m.range(*from, *to, *by, &at, out)?;
                    }
                }
            }
            Ok(())
        }
        ("input", []) => match m.input() {
            Some(v) => {
                let v = v?;
                m.give(&at, v, out)
            }
            None => fail("break"),
        },
        ("repeat_input", []) => {
            while let Some(v) = m.input() {
                m.spend(1)?;
                let v = v?;
                m.give(&at, v, out)?;
            }
            Ok(())
        }
        ("debug", []) => {
            said(m, format!("[\"DEBUG:\",{}]\n", at.v.text()))?;
            out(m, at)
        }
        ("debug", [t]) => {
            for v in m.all(t, env, &at.v)? {
                said(m, format!("[\"DEBUG:\",{}]\n", v.text()))?;
            }
            out(m, at)
        }
        ("stderr", []) => {
            said(m, at.v.text())?;
            out(m, at)
        }
        ("now", []) => m.give(&at, Json::Num(m.around.now), out),
        ("input_line_number", []) => m.give(&at, Json::Num(m.around.line as f64), out),
        ("input_filename", []) => {
            let name = m.around.name.clone().filter(|n| n != "<stdin>");
            m.give(&at, name.map_or(Json::Null, Json::str), out)
        }
        ("halt", []) => Err(Stop::Halt(0)),
        ("halt_error", [t]) => {
            let Some(Json::Num(n)) = m.first(t, env, &at.v)? else {
                return fail("halt_error/1: number required");
            };
            match &at.v {
                Json::Str(s) => said(m, s.to_string())?,
                v => said(m, format!("{}\n", v.text()))?,
            }
            Err(Stop::Halt(n as i32))
        }
        ("_match", [re, flags, test]) => {
            for re in m.all(re, env, &at.v)? {
                for flags in m.all(flags, env, &at.v)? {
                    for test in m.all(test, env, &at.v)? {
                        let v = text::matches(&at.v, &re, &flags, test.truth())?;
                        m.give(&at, v, out)?;
                    }
                }
            }
            Ok(())
        }
        (name, []) if name.starts_with('@') => {
            let v = Json::str(text::format(name, &at.v)?);
            m.give(&at, v, out)
        }
        _ => values(m, name, args, 0, Vec::new(), env, &at, out),
    }
}

fn raise(v: Json) -> Res {
    // A null error is no error but no output.
    if matches!(v, Json::Null) { Ok(()) } else { Err(Stop::Err(v)) }
}

/// A builtin of values: for every combination of its arguments.
fn values<'p, 't>(
    m: &mut Run<'p, 't>,
    name: &'p str,
    args: &'p [Tm<'p>],
    n: usize,
    given: Vec<Json>,
    env: &Env<'p>,
    at: &At,
    out: Out<'_, 'p, 't>,
) -> Res {
    let Some(t) = args.get(n) else {
        let size = if let Json::Arr(l) = &at.v { l.items.len() as u64 / 4 } else { 0 };
        m.spend(size)?;
        let v = builtin::call(name, &at.v, &given)?;
        return m.give(at, v, out);
    };
    for v in m.all(t, env, &at.v)? {
        let mut given = given.clone();
        given.push(v);
        values(m, name, args, n + 1, given, env, at, out)?;
    }
    Ok(())
}

/// Bytes that a program may print on its error stream.
const SAID_MAX: usize = 1 << 20;

/// Prints on the error stream, as far as there is room.
fn said(m: &mut Run<'_, '_>, text: String) -> Res {
    if m.around.err.len() + text.len() > SAID_MAX {
        return Err(Stop::Memory);
    }
    m.around.err.push_str(&text);
    Ok(())
}
