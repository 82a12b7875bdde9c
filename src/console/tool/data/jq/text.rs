//! What jq does with text: formats such as `@csv`, regular expressions, dates.

use super::eval::{Res, SIZE_MAX, Stop, fail};
use super::json::{Json, number};
use crate::console::tool::date::{DAYS, MONTHS};
use regex::RegexBuilder;

/// A value as a text of its own, which has no more room than a string.
pub(super) fn spelled(v: &Json) -> Res<String> {
    let text = v.text();
    if text.len() > SIZE_MAX { Err(Stop::Memory) } else { Ok(text) }
}

/// A value in a format such as `@csv`.
pub(super) fn format(name: &str, v: &Json) -> Res<String> {
    let written = if let Json::Str(s) = v { s.to_string() } else { spelled(v)? };
    let plain = || written.clone();
    let row = |what: &str| match v {
        Json::Arr(l) => Ok(l.items.clone()),
        v => fail(format!("{} cannot be {what}-formatted, only array", v.named())),
    };
    match name {
        "@text" => Ok(plain()),
        "@json" => spelled(v),
        "@csv" | "@tsv" => {
            let csv = name == "@csv";
            let mut cells = Vec::new();
            for cell in row(if csv { "csv" } else { "tsv" })? {
                cells.push(match &cell {
                    Json::Null => String::new(),
                    Json::Bool(b) => b.to_string(),
                    Json::Num(n) => number(*n),
                    Json::Str(s) if csv => format!("\"{}\"", s.replace('"', "\"\"")),
                    Json::Str(s) => {
                        s.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
                    }
                    other => return fail(format!("{} is not valid in a csv row", other.named())),
                });
            }
            Ok(cells.join(if csv { "," } else { "\t" }))
        }
        "@html" => Ok(plain()
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\'', "&apos;")
            .replace('"', "&quot;")),
        "@uri" => {
            let byte = |b: u8| match b {
                b'A'..=b'Z'
                | b'a'..=b'z'
                | b'0'..=b'9'
                | b'-'
                | b'_'
                | b'.'
                | b'~'
                | b'!'
                | b'*'
                | b'\''
                | b'('
                | b')' => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            };
            Ok(plain().bytes().map(byte).collect())
        }
        "@sh" => {
            let items = if let Json::Arr(l) = v { l.items.clone() } else { vec![v.clone()] };
            let mut words = Vec::new();
            for item in items {
                words.push(match &item {
                    Json::Str(s) => format!("'{}'", s.replace('\'', "'\\''")),
                    Json::Arr(_) | Json::Obj(_) => {
                        return fail(format!("{} can not be escaped for shell", item.named()));
                    }
                    other => other.text(),
                });
            }
            Ok(words.join(" "))
        }
        "@base64" => Ok(base64(plain().as_bytes())),
        "@base64d" => {
            let text = plain();
            match unbase64(&text) {
                Some(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
                None => fail(format!("{} is not valid base64 data", Json::str(&text).named())),
            }
        }
        name => fail(format!("{} is not a valid format", name.trim_start_matches('@'))),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let at = (n >> (18 - 6 * i) & 63) as usize;
            let c = ALPHABET.get(at).copied().unwrap_or(b'=');
            out.push(if i <= chunk.len() { char::from(c) } else { '=' });
        }
    }
    out
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut n, mut bits) = (Vec::new(), 0u32, 0);
    for b in text.bytes().filter(|b| *b != b'=') {
        let v = ALPHABET.iter().position(|a| *a == b)? as u32;
        n = (n << 6 | v) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((n >> bits & 255) as u8);
        }
    }
    // A last character alone is not a byte.
    (text.is_empty() || !out.is_empty()).then_some(out)
}

/// Matches of a pattern: whether there is one, or a list of them.
pub(super) fn matches(v: &Json, re: &Json, flags: &Json, test: bool) -> Res<Json> {
    let (re, flags) = match (re, flags) {
        (Json::Arr(l), Json::Null) => {
            (l.items.first().cloned().unwrap_or(Json::Null), l.items.get(1).cloned().unwrap_or(Json::Null))
        }
        (re, flags) => (re.clone(), flags.clone()),
    };
    let Json::Str(s) = v else { return fail(format!("{} cannot be matched, as it is not a string", v.named())) };
    let Json::Str(re) = &re else { return fail(format!("{} cannot be matched, as it is not a string", re.named())) };
    let flags = match &flags {
        Json::Null => String::new(),
        Json::Str(f) => f.to_string(),
        other => return fail(format!("{} is not a string", other.named())),
    };
    if flags.chars().any(|c| !"gimnpslx".contains(c)) {
        return fail(format!("{flags} is not a valid modifier string"));
    }
    let has = |c: char| flags.contains(c);
    let built = RegexBuilder::new(re)
        .case_insensitive(has('i'))
        .ignore_whitespace(has('x'))
        .dot_matches_new_line(has('s') || has('p'))
        .multi_line(true)
        .size_limit(1 << 20)
        .build();
    let Ok(built) = built else {
        let (open, close) = (re.matches('(').count(), re.matches(')').count());
        let why = match open.cmp(&close) {
            std::cmp::Ordering::Greater => "end pattern with unmatched parenthesis",
            std::cmp::Ordering::Less => "unmatched close parenthesis",
            std::cmp::Ordering::Equal if re.starts_with(['*', '+', '?']) => {
                "target of repeat operator is not specified"
            }
            std::cmp::Ordering::Equal if re.contains('[') => "premature end of char-class",
            std::cmp::Ordering::Equal => "undefined group option",
        };
        return fail(format!("Regex failure: {why}"));
    };
    if test {
        return Ok(Json::Bool(built.is_match(s)));
    }
    let chars = |at: usize| s.get(..at).map_or(0, |t| t.chars().count()) as f64;
    let part = |m: Option<regex::Match<'_>>| match m {
        Some(m) => (chars(m.start()), m.as_str().chars().count() as f64, Json::str(m.as_str())),
        None => (-1.0, 0.0, Json::Null),
    };
    let mut found = Vec::new();
    for c in built.captures_iter(s) {
        let (offset, length, string) = part(c.get(0));
        if length == 0.0 && has('n') {
            continue;
        }
        let names = built.capture_names().enumerate().skip(1);
        let captures = names.map(|(i, name)| {
            let (offset, length, string) = part(c.get(i));
            let (length, string) = (("length", Json::Num(length)), ("string", string));
            // A group that took no part has its fields in another order, as in 1.6.
            let (second, third) = if offset < 0.0 { (string, length) } else { (length, string) };
            let name = ("name", name.map_or(Json::Null, Json::str));
            Json::pairs(vec![("offset", Json::Num(offset)), second, third, name])
        });
        found.push(Json::pairs(vec![
            ("offset", Json::Num(offset)),
            ("length", Json::Num(length)),
            ("string", string),
            ("captures", Json::arr(captures.collect())),
        ]));
        if !has('g') {
            break;
        }
    }
    Ok(Json::arr(found))
}

/// Days since 1970 of a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month from 1, day, of days since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// `[year, month from 0, day, hours, minutes, seconds, day of the week, day of the year]`.
fn broken(t: f64) -> [f64; 8] {
    let whole = t.floor() as i64;
    let (day, second) = (whole.div_euclid(86_400), whole.rem_euclid(86_400));
    let (y, m, d) = civil(day);
    let seconds = (second % 60) as f64 + (t - t.floor());
    let of_year = day - days(y, 1, 1);
    [
        y as f64,
        (m - 1) as f64,
        d as f64,
        (second / 3600) as f64,
        (second / 60 % 60) as f64,
        seconds,
        (day + 4).rem_euclid(7) as f64,
        of_year as f64,
    ]
}

fn whole(b: &[f64]) -> [i64; 8] {
    let mut out = [0; 8];
    for (o, n) in out.iter_mut().zip(b) {
        *o = n.floor() as i64;
    }
    out
}

fn parts(v: &Json, name: &str) -> Res<Vec<f64>> {
    let numbers = |l: &[Json]| l.iter().map(|n| if let Json::Num(n) = n { Some(*n) } else { None }).collect();
    match v {
        Json::Num(n) if name != "mktime" => Ok(broken(*n).to_vec()),
        Json::Arr(l) => match numbers(&l.items) {
            Some(b) if l.items.len() >= 6 => Ok(b),
            Some(_) if name == "mktime" => fail("mktime requires array of 6 numbers"),
            _ => fail(format!("{name} requires parsed datetime inputs")),
        },
        _ if name == "mktime" => fail("mktime requires array inputs"),
        _ => fail(format!("{name}/1 requires parsed datetime inputs")),
    }
}

fn seconds(b: &[i64; 8]) -> i64 {
    let [y, m, d, h, min, s, ..] = *b;
    days(y + m.div_euclid(12), m.rem_euclid(12) + 1, 1) * 86_400 + (d - 1) * 86_400 + h * 3600 + min * 60 + s
}

/// The builtins about time; every place is at Greenwich.
pub(super) fn date(name: &str, v: &Json, args: &[Json]) -> Res<Json> {
    match name {
        "gmtime" | "localtime" => match v {
            Json::Num(n) => Ok(Json::arr(broken(*n).iter().map(|n| Json::Num(*n)).collect())),
            _ => fail(format!("{name}() requires a number")),
        },
        "mktime" => Ok(Json::Num(seconds(&whole(&parts(v, name)?)) as f64)),
        "strptime" => match (v, args.first()) {
            (Json::Str(s), Some(Json::Str(f))) => match parse(s, f) {
                Some(b) => Ok(Json::arr(b.iter().map(|n| Json::Num(*n as f64)).collect())),
                None => fail(format!("date \"{s}\" does not match format \"{f}\"")),
            },
            (Json::Str(_), _) => fail("strptime/1 requires string inputs and arguments"),
            (v, _) => fail(
                format!("strptime/1 requires string inputs and arguments, not {}", v.kind())
                    .split(", not")
                    .next()
                    .unwrap_or_default(),
            ),
        },
        _ => {
            let b = whole(&parts(v, name)?);
            let Some(Json::Str(f)) = args.first() else { return fail(format!("{name}/1 requires a string format")) };
            Ok(Json::str(write(&b, f)))
        }
    }
}

fn write(b: &[i64; 8], format: &str) -> String {
    let t = seconds(b);
    let [y, m, d, h, min, s, ..] = *b;
    let day = t.div_euclid(86_400);
    let (weekday, of_year) = ((day + 4).rem_euclid(7), day - days(y, 1, 1));
    let name =
        |list: &[&str], i: i64| usize::try_from(i).ok().and_then(|i| list.get(i).copied()).unwrap_or("?").to_owned();
    let short = |text: String| text.chars().take(3).collect::<String>();
    let hour12 = if h % 12 == 0 { 12 } else { h % 12 };
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let text = match chars.next() {
            Some('Y') => y.to_string(),
            Some('C') => format!("{:02}", y / 100),
            Some('y') => format!("{:02}", y.rem_euclid(100)),
            Some('m') => format!("{:02}", m + 1),
            Some('d') => format!("{d:02}"),
            Some('e') => format!("{d:2}"),
            Some('H') => format!("{h:02}"),
            Some('I') => format!("{hour12:02}"),
            Some('M') => format!("{min:02}"),
            Some('S') => format!("{s:02}"),
            Some('p') => if h < 12 { "AM" } else { "PM" }.to_owned(),
            Some('j') => format!("{:03}", of_year + 1),
            Some('A') => name(&DAYS, weekday),
            Some('a') => short(name(&DAYS, weekday)),
            Some('B') => name(&MONTHS, m),
            Some('b' | 'h') => short(name(&MONTHS, m)),
            Some('u') => (if weekday == 0 { 7 } else { weekday }).to_string(),
            Some('w') => weekday.to_string(),
            Some('U') => format!("{:02}", (of_year + 7 - weekday) / 7),
            Some('W') => format!("{:02}", (of_year + 7 - (weekday + 6) % 7) / 7),
            Some('s') => t.to_string(),
            Some('Z') => "UTC".to_owned(),
            Some('z') => "+0000".to_owned(),
            Some('T') => format!("{h:02}:{min:02}:{s:02}"),
            Some('R') => format!("{h:02}:{min:02}"),
            Some('F') => format!("{y}-{:02}-{d:02}", m + 1),
            Some('D') => format!("{:02}/{d:02}/{:02}", m + 1, y.rem_euclid(100)),
            Some('c') => {
                let (wd, mo) = (short(name(&DAYS, weekday)), short(name(&MONTHS, m)));
                format!("{wd} {mo} {d:2} {h:02}:{min:02}:{s:02} {y}")
            }
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('%') => "%".to_owned(),
            Some(other) => format!("%{other}"),
            None => "%".to_owned(),
        };
        out.push_str(&text);
    }
    out
}

fn parse(text: &str, format: &str) -> Option<[i64; 8]> {
    let mut b = [1900, 0, 0, 0, 0, 0, 0, 0];
    let mut rest = text;
    let format = format.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d").replace("%R", "%H:%M");
    let mut chars = format.chars();
    fn digits(rest: &mut &str, most: usize) -> Option<i64> {
        let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (head, tail) = rest.split_at_checked(n)?;
        *rest = tail;
        head.parse().ok()
    }
    fn word(rest: &mut &str, list: &[&str]) -> Option<i64> {
        let fits = |w: &str| rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w));
        let (i, n) = list.iter().enumerate().find_map(|(i, w)| {
            let short = w.get(..3)?;
            if fits(w) { Some((i, w.len())) } else { fits(short).then_some((i, 3)) }
        })?;
        *rest = rest.get(n..)?;
        Some(i as i64)
    }
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        match chars.next()? {
            'Y' => b[0] = digits(&mut rest, 4)?,
            'm' => b[1] = digits(&mut rest, 2)? - 1,
            'd' | 'e' => {
                rest = rest.trim_start();
                b[2] = digits(&mut rest, 2)?;
            }
            'H' | 'I' => b[3] = digits(&mut rest, 2)?,
            'M' => b[4] = digits(&mut rest, 2)?,
            'S' => b[5] = digits(&mut rest, 2)?,
            'j' => b[7] = digits(&mut rest, 3)? - 1,
            'A' | 'a' => b[6] = word(&mut rest, &DAYS)?,
            'B' | 'b' | 'h' => b[1] = word(&mut rest, &MONTHS)?,
            'Z' => {
                let n = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                rest = rest.get(n..)?;
            }
            'z' => rest = rest.strip_prefix('Z').or_else(|| rest.get(5..))?,
            's' => b = whole(&broken(digits(&mut rest, 12)? as f64)),
            _ => return None,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    if b[2] > 0 {
        let day = days(b[0], b[1] + 1, b[2]);
        b[6] = (day + 4).rem_euclid(7);
        b[7] = day - days(b[0], 1, 1);
    }
    Some(b)
}
