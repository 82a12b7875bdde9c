//! awk's own functions.

use super::State;
use super::compile::{Place, Program};
use super::io;
use super::record::pieces;
use super::value::{Val, prefix};
use super::vm::{Flow, regex};
use crate::console::posix::step;
use crate::console::text_format::{Spec, float, from_bytes, integer, spec, to_bytes};
use crate::console::tool::Ctx;
use crate::console::zone::Zone;
use std::sync::Arc;

/// `printf`'s text.
pub(super) fn format(text: &str, args: &[Val]) -> Result<String, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut args = args.iter();
    let mut out = String::new();
    let mut at = 0;
    let short = || format!("not enough arguments passed to printf(\"{text}\")");
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c != '%' {
            out.push(c);
            continue;
        }
        if chars.get(at) == Some(&'%') {
            out.push('%');
            at += 1;
            continue;
        }
        let rest = chars.get(at..).unwrap_or_default();
        let mut missing = false;
        let (s, used) = spec(rest, || match args.next() {
            Some(v) => v.num() as i64,
            None => {
                missing = true;
                0
            }
        });
        at += used;
        while matches!(chars.get(at), Some('l' | 'h' | 'L' | 'q' | 'j' | 'z' | 't')) {
            at += 1;
        }
        let Some(&kind) = chars.get(at) else {
            out.push('%');
            out.extend(rest);
            return Ok(out);
        };
        at += 1;
        if !"dioxXucsfFeEgGaA".contains(kind) {
            return Err(format!("bad conversion %{kind}"));
        }
        let Some(v) = args.next().filter(|_| !missing) else { return Err(short()) };
        match kind {
            'd' | 'i' | 'o' | 'x' | 'X' | 'u' => {
                let n = v.num();
                if n.is_finite() {
                    // Numbers are cut to what an `int` holds.
                    let most = if matches!(kind, 'd' | 'i') { f64::from(i32::MAX) } else { f64::from(u32::MAX) };
                    let least = if matches!(kind, 'd' | 'i') { -most } else { 0.0 };
                    out.push_str(&integer(&s, kind, n.clamp(least, most) as i128));
                } else {
                    out.push_str(&float(&Spec { precision: None, zero: false, ..s }, 'f', n));
                }
            }
            'c' => {
                let text = match v {
                    Val::Num(n) | Val::StrNum(_, n) if !matches!(v, Val::StrNum(..)) => {
                        from_bytes(&[(*n as i64).to_le_bytes().first().copied().unwrap_or(0)])
                    }
                    v => v.str("%.6g").chars().next().map(String::from).unwrap_or_default(),
                };
                out.push_str(&field(&Spec { precision: None, ..s }, &text));
            }
            's' => out.push_str(&field(&s, &v.str("%.6g"))),
            kind => out.push_str(&float(&s, kind, v.num())),
        }
        if out.len() > (8 << 20) {
            return Err("string is too long".to_owned());
        }
    }
    Ok(out)
}

/// Text in its field, counted in bytes.
fn field(s: &Spec, text: &str) -> String {
    if text.is_ascii() {
        return crate::console::text_format::padded(s, text);
    }
    let mut bytes = to_bytes(text);
    if let Some(p) = s.precision {
        bytes.truncate(p);
    }
    let pad = " ".repeat(s.width.saturating_sub(bytes.len()));
    let body = from_bytes(&bytes);
    if s.left { format!("{body}{pad}") } else { format!("{pad}{body}") }
}

/// `substr`, counted in bytes, with the arithmetic of the usual implementation.
fn substr(text: &str, from: f64, len: Option<f64>) -> String {
    let bytes = to_bytes(text);
    let all = bytes.len() as f64;
    let mut from = if from.is_nan() { 0.0 } else { from.trunc() };
    let mut len = len.map_or(f64::INFINITY, |l| if l.is_nan() { 0.0 } else { l });
    if from < 1.0 {
        len -= from;
        from = 1.0;
    }
    let end = (from + len.trunc()).min(all + 1.0);
    if end <= from {
        return String::new();
    }
    from_bytes(bytes.get(from as usize - 1..end as usize - 1).unwrap_or_default())
}

fn find(text: &str, what: &str) -> usize {
    if text.is_ascii() {
        return text.find(what).map_or(0, |i| i + 1);
    }
    let (t, w) = (to_bytes(text), to_bytes(what));
    if w.is_empty() {
        return 1;
    }
    t.windows(w.len()).position(|x| x == w).map_or(0, |i| i + 1)
}

fn bits(v: f64) -> u64 {
    if v.is_finite() && v >= 0.0 { v as u64 } else { 0 }
}

/// Calls a function whose arguments are on the stack.
pub(super) fn call(c: &mut Ctx<'_>, st: &mut State, program: &Program, name: &str, n: usize) -> Flow {
    // These may have to be done again, so they leave their arguments until they are done.
    match name {
        "system" => return io::system(c, st),
        "close" => return io::close(c, st),
        "fflush" => {
            io::flush_files(c, st);
            st.stack.truncate(st.stack.len().saturating_sub(n));
            st.push(Val::Num(0.0));
            return Flow::On;
        }
        _ => {}
    }
    let from = st.stack.len().saturating_sub(n);
    let args: Vec<Val> = st.stack.drain(from..).collect();
    let fmt = st.convfmt();
    let text = |i: usize| args.get(i).map_or_else(|| Arc::from(""), |v| v.str(&fmt));
    let num = |i: usize| args.get(i).map_or(0.0, Val::num);
    let v = match name {
        "length" => {
            let t = if n == 0 { st.record(program) } else { text(0) };
            Val::Num(if t.is_ascii() { t.len() } else { to_bytes(&t).len() } as f64)
        }
        "substr" => Val::Str(Arc::from(substr(&text(0), num(1), args.get(2).map(Val::num)))),
        "index" => Val::Num(find(&text(0), &text(1)) as f64),
        "tolower" => Val::Str(Arc::from(text(0).to_ascii_lowercase())),
        "toupper" => Val::Str(Arc::from(text(0).to_ascii_uppercase())),
        "sin" => Val::Num(libm::sin(num(0))),
        "cos" => Val::Num(libm::cos(num(0))),
        "atan2" => Val::Num(libm::atan2(num(0), num(1))),
        "exp" => Val::Num(libm::exp(num(0))),
        "log" => {
            let v = num(0);
            Val::Num(if v < 0.0 { -f64::NAN.abs() } else { libm::log(v) })
        }
        "sqrt" => {
            let v = num(0);
            Val::Num(if v < 0.0 { -f64::NAN.abs() } else { v.sqrt() })
        }
        "int" => Val::Num(num(0).trunc()),
        "rand" => {
            // A step of a linear congruence: the same program gives the same numbers.
            st.random = st.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Val::Num((st.random >> 11) as f64 / (1u64 << 53) as f64)
        }
        "srand" => {
            let old = st.seed;
            st.seed = if n == 0 { c.host.utc().0 as f64 } else { num(0) };
            st.random = st.seed.to_bits() ^ 0x9e37_79b9_7f4a_7c15;
            Val::Num(old)
        }
        "sprintf" => match format(&text(0), args.get(1..).unwrap_or_default()) {
            Ok(t) => Val::Str(Arc::from(t)),
            Err(why) => return Flow::Fail(why.replace("printf(", "sprintf(")),
        },
        "match" => {
            let t = text(0);
            let re = match regex(program, &text(1)) {
                Ok(re) => re,
                Err(why) => return Flow::Fail(why),
            };
            let bytes = |i: usize| t.get(..i).map_or(0, |h| to_bytes(h).len());
            let (start, length) = match re.find_at(&t, 0) {
                Some((s, e)) => ((bytes(s) + 1) as f64, (bytes(e) - bytes(s)) as f64),
                None => (0.0, -1.0),
            };
            st.set_special("RSTART", Val::Num(start));
            st.set_special("RLENGTH", Val::Num(length));
            Val::Num(start)
        }
        "gensub" => {
            let target = if n == 4 { text(3) } else { st.record(program) };
            match gensub(program, &text(0), &text(1), &text(2), &target) {
                Ok(t) => Val::Str(Arc::from(t)),
                Err(why) => return Flow::Fail(why),
            }
        }
        "systime" => Val::Num(c.host.utc().0 as f64),
        "strftime" => {
            let f = if n == 0 { Arc::from("%a %b %e %H:%M:%S %Z %Y") } else { text(0) };
            let at = if n < 2 { c.host.utc() } else { crate::stdx::time::Utc(num(1) as i64) };
            let utc = n > 2 && num(2) != 0.0;
            let zone = if utc { Zone::default() } else { c.zone() };
            Val::Str(Arc::from(crate::console::tool::strftime_in(&zone, &f, at, 0)))
        }
        "mktime" => {
            let parts: Vec<i64> = text(0).split_whitespace().filter_map(|p| p.parse().ok()).collect();
            match parts.as_slice() {
                [y, mo, d, h, mi, s, ..] => {
                    let shown = crate::console::tool::date::seconds(*y, *mo, *d, *h, *mi, *s);
                    Val::Num(c.zone().when(shown).map_or(-1.0, |t| t as f64))
                }
                _ => Val::Num(-1.0),
            }
        }
        "and" => Val::Num(args.iter().map(|v| bits(v.num())).fold(u64::MAX, |a, b| a & b) as f64),
        "or" => Val::Num(args.iter().map(|v| bits(v.num())).fold(0, |a, b| a | b) as f64),
        "xor" => Val::Num(args.iter().map(|v| bits(v.num())).fold(0, |a, b| a ^ b) as f64),
        "lshift" => Val::Num(bits(num(0)).checked_shl(num(1) as u32).unwrap_or(0) as f64),
        "rshift" => Val::Num(bits(num(0)).checked_shr(num(1) as u32).unwrap_or(0) as f64),
        "compl" => Val::Num((!bits(num(0)) & ((1 << 53) - 1)) as f64),
        "strtonum" => Val::Num(prefix(&text(0)).0),
        _ => Val::Un,
    };
    st.push(v);
    Flow::On
}

/// `sub` and `gsub`: pattern, replacement and text are on the stack; the count stays there and the text in `got`.
pub(super) fn replace(st: &mut State, program: &Program, all: bool) -> Flow {
    let fmt = st.convfmt();
    let text = st.pop().str(&fmt);
    let with = st.pop().str(&fmt);
    let pattern = st.pop().str(&fmt);
    let re = match regex(program, &pattern) {
        Ok(re) => re,
        Err(why) => return Flow::Fail(why),
    };
    let mut out = String::new();
    let (mut at, mut copied, mut count, mut last) = (0, 0, 0u64, None);
    while at <= text.len() {
        let Some((s, e)) = re.find_at(&text, at) else { break };
        if s == e && last == Some(s) {
            at = step(&text, s);
            continue;
        }
        count += 1;
        out.push_str(text.get(copied..s).unwrap_or_default());
        substitute(&with, text.get(s..e).unwrap_or_default(), &mut out);
        copied = e;
        last = Some(e);
        at = if e > s { e } else { step(&text, e) };
        if !all {
            break;
        }
        if out.len() > (16 << 20) {
            return Flow::Fail("string is too long".to_owned());
        }
    }
    if count > 0 {
        out.push_str(text.get(copied..).unwrap_or_default());
        st.got = Val::Str(Arc::from(out));
    }
    st.push(Val::Num(count as f64));
    Flow::On
}

fn substitute(with: &str, found: &str, out: &mut String) {
    let mut chars = with.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str(found),
            '\\' if chars.peek() == Some(&'&') => {
                chars.next();
                out.push('&');
            }
            '\\' if chars.peek() == Some(&'\\') => {
                chars.next();
                out.push('\\');
            }
            c => out.push(c),
        }
    }
}

fn gensub(program: &Program, pattern: &str, with: &str, how: &str, text: &str) -> Result<String, String> {
    let re = regex(program, pattern)?;
    let all = how.starts_with(['g', 'G']);
    let nth = if all { 0 } else { how.parse::<u64>().unwrap_or(1).max(1) };
    let mut out = String::new();
    let (mut at, mut copied, mut count, mut last) = (0, 0, 0, None);
    while at <= text.len() {
        let Some(groups) = re.captures_at(text, at) else { break };
        let Some((s, e)) = groups.first().copied().flatten() else { break };
        if s == e && last == Some(s) {
            at = step(text, s);
            continue;
        }
        count += 1;
        last = Some(e);
        at = if e > s { e } else { step(text, e) };
        if !all && count < nth {
            continue;
        }
        out.push_str(text.get(copied..s).unwrap_or_default());
        let mut chars = with.chars();
        while let Some(c) = chars.next() {
            let group = match c {
                '&' => 0,
                '\\' => match chars.next() {
                    Some(d @ '0'..='9') => d.to_digit(10).unwrap_or(0) as usize,
                    Some(c) => {
                        out.push(c);
                        continue;
                    }
                    None => continue,
                },
                c => {
                    out.push(c);
                    continue;
                }
            };
            if let Some((a, b)) = groups.get(group).copied().flatten() {
                out.push_str(text.get(a..b).unwrap_or_default());
            }
        }
        copied = e;
        if !all || out.len() > (16 << 20) {
            break;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(out)
}

/// `split`: the text (and the separator) are on the stack.
pub(super) fn split(st: &mut State, program: &Program, p: Place, has_sep: bool) -> Flow {
    let fmt = st.convfmt();
    let sep = if has_sep { st.pop().str(&fmt) } else { st.special("FS") };
    let text = st.pop().str(&fmt);
    let parts = match pieces(program, &text, &sep, false) {
        Ok(p) => p,
        Err(why) => return Flow::Fail(why),
    };
    let id = st.array(p);
    let array = st.arrays.entry(id).or_default();
    array.clear();
    let n = parts.len();
    for (i, v) in parts.into_iter().enumerate() {
        *array.at(&Arc::from((i + 1).to_string())) = v;
    }
    st.push(Val::Num(n as f64));
    Flow::On
}

/// `asort` and `asorti`.
pub(super) fn sort(st: &mut State, p: Place, keys: bool) {
    let id = st.array(p);
    let fmt = st.convfmt();
    let array = st.arrays.entry(id).or_default();
    let mut all: Vec<Val> = array.values().map(|(k, v)| if keys { Val::Str(k.clone()) } else { v.clone() }).collect();
    let string = |v: &Val| matches!(v, Val::Str(_));
    all.sort_by(|a, b| string(a).cmp(&string(b)).then_with(|| a.compare(b, &fmt).unwrap_or(std::cmp::Ordering::Equal)));
    array.clear();
    let n = all.len();
    for (i, v) in all.into_iter().enumerate() {
        *array.at(&Arc::from((i + 1).to_string())) = v;
    }
    st.push(Val::Num(n as f64));
}
