//! `echo` and `printf`.

use super::{Spec, float, from_bytes, integer, padded, spec};

/// What `echo` prints.
pub fn echo(args: &[String]) -> String {
    let (mut newline, mut expand, mut skip) = (true, false, 0);
    for a in args {
        let Some(letters) = a.strip_prefix('-').filter(|l| !l.is_empty() && l.chars().all(|c| "neE".contains(c)))
        else {
            break;
        };
        for l in letters.chars() {
            match l {
                'n' => newline = false,
                l => expand = l == 'e',
            }
        }
        skip += 1;
    }
    let text = args.get(skip..).unwrap_or_default().join(" ");
    if expand {
        let (text, stop) = escapes(&text, true);
        return if stop || !newline { text } else { text + "\n" };
    }
    if newline { text + "\n" } else { text }
}

/// Carries out backslash escapes; `echo` wants a zero before octal digits and knows `\c`. Whether `\c` ended it.
pub fn escapes(text: &str, echo: bool) -> (String, bool) {
    if !text.contains('\\') {
        return (text.to_owned(), false);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    let put = |out: &mut Vec<u8>, c: char| out.extend_from_slice(&super::to_bytes(c.encode_utf8(&mut [0; 4])));
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c != '\\' {
            put(&mut out, c);
            continue;
        }
        let Some(&next) = chars.get(at) else {
            out.push(b'\\');
            break;
        };
        at += 1;
        let mut digits = |most: usize, radix: u32| {
            let mut n = None;
            for _ in 0..most {
                let Some(d) = chars.get(at).and_then(|c| c.to_digit(radix)) else { break };
                n = Some(n.unwrap_or(0u32) * radix + d);
                at += 1;
            }
            n
        };
        let byte = |n: u32| n.to_le_bytes().first().copied().unwrap_or(0);
        match next {
            'a' => out.push(7),
            'b' => out.push(8),
            'e' | 'E' => out.push(27),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            '\\' => out.push(b'\\'),
            '"' if !echo => out.push(b'"'),
            '\'' if !echo => out.push(b'\''),
            'c' if echo => return (from_bytes(&out), true),
            'x' => match digits(2, 16) {
                Some(n) => out.push(byte(n)),
                None => out.extend_from_slice(b"\\x"),
            },
            'u' | 'U' => match digits(if next == 'u' { 4 } else { 8 }, 16) {
                Some(n) => put(&mut out, char::from_u32(n).unwrap_or('\u{fffd}')),
                None => out.extend([b'\\', byte(u32::from(next))]),
            },
            '0' if echo => out.push(byte(digits(3, 8).unwrap_or(0))),
            '0'..='7' if !echo => {
                at -= 1;
                let mut n = 0;
                for _ in 0..3 {
                    let Some(d) = chars.get(at).and_then(|c| c.to_digit(8)) else { break };
                    n = n * 8 + d;
                    at += 1;
                }
                out.push(byte(n));
            }
            c => {
                out.push(b'\\');
                put(&mut out, c);
            }
        }
    }
    (from_bytes(&out), false)
}

/// What `printf` printed, and what it complained of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output.
    pub text: String,
    /// Messages without the program's name.
    pub errors: Vec<String>,
    /// Exit status.
    pub status: i32,
}

/// What `printf` prints, or its first complaint.
///
/// # Errors
/// In the words of bash.
pub fn printf(args: &[String]) -> Result<String, String> {
    let p = print(args);
    match p.errors.into_iter().next() {
        Some(e) => Err(format!("printf: {e}")),
        None => Ok(p.text),
    }
}

/// Output of one `printf` at most.
const MOST: usize = 4 << 20;

/// `%d`'s argument: a number in C's notation, or a character behind a quote.
fn whole(word: &str) -> (i128, bool) {
    let t = word.trim_start();
    if let Some(c) = t.strip_prefix(['\'', '"']) {
        return (c.chars().next().map_or(0, |c| i128::from(u32::from(c))), true);
    }
    let (negative, digits) = match t.as_bytes().first() {
        Some(b'-') => (true, t.get(1..).unwrap_or_default()),
        Some(b'+') => (false, t.get(1..).unwrap_or_default()),
        _ => (false, t),
    };
    let (radix, body) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => (16, hex),
        None if digits.len() > 1 && digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    let end = body.find(|c: char| !c.is_digit(radix)).unwrap_or(body.len());
    let n = i128::from_str_radix(body.get(..end).unwrap_or_default(), radix).unwrap_or(0);
    (if negative { -n } else { n }, end == body.len() && end > 0)
}

fn real(word: &str) -> (f64, bool) {
    let t = word.trim_start();
    if t.starts_with(['\'', '"']) || t.to_ascii_lowercase().contains("0x") {
        let (n, ok) = whole(t);
        return (n as f64, ok);
    }
    let mut end = t.len();
    while end > 0 {
        if let Some(Ok(v)) = t.get(..end).map(str::parse::<f64>) {
            return (v, end == t.len());
        }
        end -= 1;
    }
    (0.0, false)
}

/// Runs `printf FORMAT ARGUMENTS`: the format again and again until the arguments are used up.
pub fn print(args: &[String]) -> Printed {
    let mut done = Printed::default();
    let args = if args.first().is_some_and(|a| a == "--") { args.get(1..).unwrap_or_default() } else { args };
    let Some((format, values)) = args.split_first() else {
        done.errors.push("usage: printf [-v var] format [arguments]".to_owned());
        done.status = 2;
        return done;
    };
    // Escapes of the format first, but not those that would make a percent sign.
    let format: Vec<char> = escapes(format, false).0.chars().collect();
    let mut values = values.iter();
    loop {
        let before = values.len();
        let mut at = 0;
        while let Some(&c) = format.get(at) {
            at += 1;
            if c != '%' {
                done.text.push(c);
                continue;
            }
            if format.get(at) == Some(&'%') {
                done.text.push('%');
                at += 1;
                continue;
            }
            let rest = format.get(at..).unwrap_or_default();
            let (s, used) = spec(rest, || values.next().map_or(0, |v| i64::try_from(whole(v).0).unwrap_or(0)));
            at += used;
            while matches!(format.get(at), Some('l' | 'h' | 'j' | 'z' | 't' | 'L')) {
                at += 1;
            }
            let Some(&kind) = format.get(at) else {
                done.errors.push(format!("`{}': missing format character", rest.iter().collect::<String>()));
                done.status = 1;
                return done;
            };
            at += 1;
            if !one(&mut done, &s, kind, &mut values) || done.text.len() > MOST {
                return done;
            }
        }
        if values.len() == 0 || values.len() == before {
            return done;
        }
    }
}

/// One conversion; false if it ends the output.
fn one(done: &mut Printed, s: &Spec, kind: char, values: &mut std::slice::Iter<'_, String>) -> bool {
    let invalid = |word: &str, done: &mut Printed| {
        done.errors.push(format!("{word}: invalid number"));
        done.status = 1;
    };
    match kind {
        's' => done.text.push_str(&padded(s, values.next().map_or("", |v| v))),
        'b' => {
            let (text, stop) = escapes(values.next().map_or("", |v| v), true);
            done.text.push_str(&padded(s, &text));
            return !stop;
        }
        'q' => done.text.push_str(&padded(s, &quoted(values.next().map_or("", |v| v)))),
        'c' => {
            let c = values.next().and_then(|v| v.chars().next()).map(String::from).unwrap_or_default();
            done.text.push_str(&padded(&Spec { precision: None, ..*s }, &c));
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let mut n = 0;
            if let Some(word) = values.next() {
                let ok;
                (n, ok) = whole(word);
                if !ok && !word.is_empty() {
                    invalid(word, done);
                }
            }
            done.text.push_str(&integer(s, kind, n));
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let mut v = 0.0;
            if let Some(word) = values.next() {
                let (n, ok) = real(word);
                v = n;
                if !ok && !word.is_empty() {
                    invalid(word, done);
                }
            }
            done.text.push_str(&float(s, kind, v));
        }
        kind => {
            done.errors.push(format!("`{kind}': invalid format character"));
            done.status = 1;
            return false;
        }
    }
    true
}

/// A word that a shell reads as itself, as `%q` prints it.
fn quoted(word: &str) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    if word.chars().any(char::is_control) {
        let mut out = "$'".to_owned();
        for c in word.chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                '\'' | '\\' => out.extend(['\\', c]),
                c if c.is_control() => out.push_str(&format!("\\{:03o}", u32::from(c))),
                c => out.push(c),
            }
        }
        out.push('\'');
        return out;
    }
    let mut out = String::new();
    for c in word.chars() {
        if !(c.is_alphanumeric() || "_-./:@%+,=".contains(c)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
