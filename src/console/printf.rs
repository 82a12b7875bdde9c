//! The builtins `printf` and `echo`.

use crate::console::arith;
use crate::console::escape::{self, Kind};
use crate::console::tool::strftime_in;
use crate::console::zone::Zone;
use crate::stdx::time::Utc;

/// Most characters that one conversion may be padded to.
const MAX_WIDTH: usize = 1 << 20;
/// Most bytes that one command prints.
const MAX_BYTES: usize = 8 << 20;

/// What was printed, the messages about bad arguments, and whether everything was right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Text.
    pub text: String,
    /// Messages, without the leading `printf: `.
    pub problems: Vec<String>,
}

/// What `echo` prints.
pub fn echo(args: &[String], always: bool) -> String {
    let (mut newline, mut escapes, mut skip) = (true, always, 0);
    for a in args {
        let Some(letters) = a.strip_prefix('-').filter(|l| !l.is_empty() && l.chars().all(|c| "neE".contains(c)))
        else {
            break;
        };
        for c in letters.chars() {
            match c {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        skip += 1;
    }
    let text = args.get(skip..).unwrap_or_default().join(" ");
    if !escapes {
        return if newline { text + "\n" } else { text };
    }
    let (text, stopped) = escape::sequences(&text, Kind::Echo);
    if newline && !stopped { text + "\n" } else { text }
}

/// One conversion such as `%-8.3f`.
#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

struct Args<'a> {
    values: &'a [String],
    at: usize,
    missing: bool,
}

impl Args<'_> {
    fn next(&mut self) -> String {
        let v = self.values.get(self.at).cloned();
        self.missing |= v.is_none();
        self.at += 1;
        v.unwrap_or_default()
    }
}

/// What `%(…)T` reads.
pub struct Clock {
    /// Now.
    pub now: Utc,
    /// What its clocks show.
    pub zone: Zone,
}

/// What `printf` prints; the format is used again while arguments are left.
///
/// # Errors
/// A format that is none, with what was printed before it.
pub fn printf(format: &str, values: &[String], clock: &Clock) -> Result<Printed, (Printed, String)> {
    let chars: Vec<char> = format.chars().collect();
    let mut out = Printed::default();
    let mut args = Args { values, at: 0, missing: false };
    loop {
        let before = args.at;
        match round(&chars, &mut args, &mut out, clock) {
            Ok(true) => return Ok(out),
            Ok(false) => {}
            Err(why) => return Err((out, why)),
        }
        if args.at >= values.len() || args.at == before || out.text.len() > MAX_BYTES {
            return Ok(out);
        }
    }
}

/// The format once; whether `\c` ended everything.
fn round(chars: &[char], args: &mut Args<'_>, out: &mut Printed, clock: &Clock) -> Result<bool, String> {
    let mut i = 0;
    let mut literal = String::new();
    while let Some(&c) = chars.get(i) {
        i += 1;
        if c == '\\' {
            // Sequences that stand together are read together: several bytes may make one character. What follows them is
            // left, so that a `%` that a sequence stands for is no conversion.
            let mut run = String::new();
            let mut at = i - 1;
            while chars.get(at) == Some(&'\\') {
                let rest: String = chars.iter().skip(at).take(10).collect();
                let used = sequence_len(&rest).max(1);
                run.extend(rest.chars().take(used));
                at += used;
            }
            literal.push_str(&escape::sequences(&run, Kind::Format).0);
            i = at;
            continue;
        }
        if c != '%' {
            literal.push(c);
            continue;
        }
        if chars.get(i) == Some(&'%') {
            literal.push('%');
            i += 1;
            continue;
        }
        out.text.push_str(&std::mem::take(&mut literal));
        let mut spec = Spec::default();
        while let Some(f) = chars.get(i) {
            match f {
                '-' => spec.left = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                ' ' => spec.space = true,
                '#' => spec.alternate = true,
                '\'' => {}
                _ => break,
            }
            i += 1;
        }
        let begin = i;
        if chars.get(i) == Some(&'*') {
            i += 1;
            let n = integer(&args.next(), out, false);
            spec.left |= n < 0;
            spec.width = usize::try_from(n.unsigned_abs()).unwrap_or(MAX_WIDTH);
        } else {
            spec.width = digits(chars, &mut i);
        }
        if chars.get(i) == Some(&'.') {
            i += 1;
            spec.precision = Some(if chars.get(i) == Some(&'*') {
                i += 1;
                usize::try_from(integer(&args.next(), out, false)).unwrap_or(0)
            } else {
                digits(chars, &mut i)
            });
        }
        if spec.width > MAX_WIDTH || spec.precision.is_some_and(|p| p > MAX_WIDTH) {
            return Err("write error: Cannot allocate memory".to_owned());
        }
        while matches!(chars.get(i), Some('l' | 'h' | 'j' | 'z' | 't' | 'L' | 'q')) && (chars.get(i) != Some(&'q')) {
            i += 1;
        }
        let _ = begin;
        let Some(&kind) = chars.get(i) else {
            return Err("`%': missing format character".to_owned());
        };
        i += 1;
        if kind == '(' {
            let format: String = chars.iter().skip(i).take_while(|c| **c != ')').collect();
            i += format.chars().count() + 2;
            let value = args.next();
            let at = match value.as_str() {
                "" | "-1" | "-2" => clock.now.0,
                v => v.parse().unwrap_or(0),
            };
            let format = if format.is_empty() { "%X".to_owned() } else { format };
            pad(out, &spec, &cut(&strftime_in(&clock.zone, &format, Utc(at), 0), spec.precision));
            continue;
        }
        if conversion(kind, &spec, args, out)? {
            return Ok(true);
        }
        if out.text.len() > MAX_BYTES {
            return Ok(true);
        }
    }
    out.text.push_str(&literal);
    Ok(false)
}

fn sequence_len(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    let digits = |max: usize, base: u32| text.chars().skip(2).take(max).take_while(|c| c.is_digit(base)).count();
    match chars.next() {
        None => 1,
        Some('x') => 2 + digits(2, 16),
        Some('u') => 2 + digits(4, 16),
        Some('U') => 2 + digits(8, 16),
        Some('0'..='7') => 2 + digits(2, 8),
        Some(_) => 2,
    }
}

fn digits(chars: &[char], i: &mut usize) -> usize {
    let mut n = 0usize;
    while let Some(d) = chars.get(*i).and_then(|c| c.to_digit(10)) {
        n = n.saturating_mul(10).saturating_add(d as usize);
        *i += 1;
    }
    n
}

/// One conversion; whether `\c` of `%b` ended everything.
fn conversion(kind: char, spec: &Spec, args: &mut Args<'_>, out: &mut Printed) -> Result<bool, String> {
    match kind {
        's' => {
            let v = args.next();
            pad(out, spec, &cut(&v, spec.precision));
        }
        'b' => {
            let v = args.next();
            let (text, stopped) = escape::sequences(&v, Kind::Argument);
            pad(out, spec, &cut(&text, spec.precision));
            return Ok(stopped);
        }
        'q' => {
            let v = args.next();
            pad(out, spec, &escape::backslash(&v));
        }
        // The precision cuts what is quoted, not what quoting makes of it.
        'Q' => {
            let v = args.next();
            pad(out, spec, &escape::backslash(&cut(&v, spec.precision)));
        }
        'c' => {
            let v = args.next();
            pad(out, spec, &if v.is_empty() { "\0".to_owned() } else { cut(&v, Some(1)) });
        }
        'd' | 'i' | 'u' => {
            let n = integer(&args.next(), out, kind == 'u');
            let body = if kind == 'u' { (n as u64).to_string() } else { n.unsigned_abs().to_string() };
            number(out, spec, n < 0 && kind != 'u', "", &body);
        }
        'o' | 'x' | 'X' => {
            let n = integer(&args.next(), out, true) as u64;
            let (body, prefix) = match kind {
                'o' => (format!("{n:o}"), "0"),
                'x' => (format!("{n:x}"), "0x"),
                _ => (format!("{n:X}"), "0X"),
            };
            let unsigned = Spec { plus: false, space: false, ..*spec };
            number(out, &unsigned, false, if spec.alternate && n != 0 { prefix } else { "" }, &body);
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let v = args.next();
            let n = real(&v, out);
            let body = float(n.abs(), kind, spec);
            let plain = Spec { precision: None, zero: spec.zero && n.is_finite(), ..*spec };
            number(out, &plain, n.is_sign_negative() && !n.is_nan(), "", &body);
        }
        'n' => {}
        c => return Err(format!("`{c}': invalid format character")),
    }
    Ok(false)
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(n) => {
            let bytes = crate::console::text_format::to_bytes(text);
            crate::console::text_format::from_bytes(bytes.get(..n).unwrap_or(&bytes))
        }
        None => text.to_owned(),
    }
}

fn pad(out: &mut Printed, spec: &Spec, body: &str) {
    // Widths and precisions count bytes.
    let fill = spec.width.saturating_sub(crate::console::text_format::to_bytes(body).len());
    if !spec.left {
        out.text.extend(std::iter::repeat_n(' ', fill));
    }
    out.text.push_str(body);
    if spec.left {
        out.text.extend(std::iter::repeat_n(' ', fill));
    }
}

fn number(out: &mut Printed, spec: &Spec, negative: bool, prefix: &str, digits: &str) {
    let sign = match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let mut body = "0".repeat(zeros) + digits;
    if spec.zero && !spec.left && spec.precision.is_none() {
        let room = spec.width.saturating_sub(sign.len() + prefix.len() + body.len());
        body = "0".repeat(room) + &body;
    }
    pad(out, spec, &format!("{sign}{prefix}{body}"));
}

/// `unsigned`: what is too large becomes the largest number without a sign.
fn integer(text: &str, out: &mut Printed, unsigned: bool) -> i64 {
    if let Some(c) = text.strip_prefix(['\'', '"']) {
        return c.chars().next().map_or(0, |c| i64::from(u32::from(c)));
    }
    let t = text.trim_start();
    if t.is_empty() {
        if !text.is_empty() {
            out.problems.push(format!("{text}: invalid number"));
        }
        return 0;
    }
    let (negative, digits) = match t.strip_prefix('-') {
        Some(d) => (true, d),
        None => (false, t.strip_prefix('+').unwrap_or(t)),
    };
    let hex = digits.starts_with("0x") || digits.starts_with("0X");
    let whole = if hex {
        let n = digits.chars().skip(2).take_while(char::is_ascii_hexdigit).count();
        digits.get(..2 + n).unwrap_or_default()
    } else {
        let n = digits.chars().take_while(char::is_ascii_digit).count();
        digits.get(..n).unwrap_or_default()
    };
    if whole.len() != digits.len() || whole.is_empty() {
        out.problems.push(format!("{text}: invalid number"));
    }
    let value = match whole.parse::<i64>() {
        Ok(n) if !whole.starts_with('0') => n,
        _ if !hex && !whole.starts_with('0') && !whole.is_empty() => {
            if unsigned && let Ok(n) = whole.parse::<u64>() {
                n as i64
            } else if negative && !unsigned && whole == "9223372036854775808" {
                i64::MIN
            } else {
                out.problems.push(format!("warning: {text}: Numerical result out of range"));
                return match (unsigned, negative) {
                    (true, _) => -1,
                    (false, true) => i64::MIN,
                    (false, false) => i64::MAX,
                };
            }
        }
        _ => {
            // `08` is an octal number as far as it goes.
            let good: String =
                if hex { whole.to_owned() } else { whole.chars().take_while(|c| c.is_digit(8)).collect() };
            if good.len() != whole.len() {
                out.problems.push(format!("{text}: invalid octal number"));
            }
            arith::number(&good).unwrap_or(0)
        }
    };
    if negative { value.wrapping_neg() } else { value }
}

fn real(text: &str, out: &mut Printed) -> f64 {
    if let Some(c) = text.strip_prefix(['\'', '"']) {
        return c.chars().next().map_or(0.0, |c| f64::from(u32::from(c)));
    }
    let t = text.trim();
    if t.is_empty() {
        return 0.0;
    }
    if t.trim_start_matches(['-', '+']).get(..2).is_some_and(|h| h.eq_ignore_ascii_case("0x")) {
        return integer(t, out, false) as f64;
    }
    let mut end = t.len();
    while end > 0 {
        if let Some(head) = t.get(..end)
            && let Ok(v) = head.parse::<f64>()
        {
            if end != t.len() {
                out.problems.push(format!("{text}: invalid number"));
            }
            return v;
        }
        end -= 1;
    }
    out.problems.push(format!("{text}: invalid number"));
    0.0
}

/// `%f`, `%e` and `%g` of a number that is not negative.
fn float(n: f64, kind: char, spec: &Spec) -> String {
    if n.is_nan() {
        return "nan".to_owned();
    }
    if n.is_infinite() {
        return if kind.is_uppercase() { "INF" } else { "inf" }.to_owned();
    }
    let precision = spec.precision.unwrap_or(6).min(300);
    let text = match kind {
        'f' | 'F' if spec.alternate && precision == 0 => format!("{n:.0}."),
        'f' | 'F' => format!("{n:.precision$}"),
        'e' | 'E' => exponent(n, precision),
        _ => {
            let p = precision.max(1);
            let e = exponent(n, p - 1);
            let power: i32 = e.rsplit_once('e').and_then(|(_, x)| x.parse().ok()).unwrap_or(0);

            if power < -4 || power >= i32::try_from(p).unwrap_or(i32::MAX) {
                let (digits, power) = e.split_once('e').unwrap_or((&e, "+00"));
                format!("{}e{power}", trim(digits, spec.alternate))
            } else {
                let after = usize::try_from(i32::try_from(p).unwrap_or(6) - 1 - power).unwrap_or(0);
                trim(&format!("{n:.after$}"), spec.alternate)
            }
        }
    };
    if kind.is_uppercase() { text.to_uppercase() } else { text }
}

fn trim(text: &str, keep: bool) -> String {
    if keep || !text.contains('.') {
        return text.to_owned();
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn exponent(n: f64, precision: usize) -> String {
    let text = format!("{n:.precision$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.unsigned_abs())
}
