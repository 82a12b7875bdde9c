//! Dates as people write them: absolute, relative, or both.

use super::{DAYS, MONTHS, civil, days, seconds};
use crate::console::zone::Zone;
use crate::stdx::time::Utc;

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Num(String),
    Name(String),
    Mark(char),
}

fn words(text: &str) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() || c == ',' {
            chars.next();
        } else if c.is_ascii_digit() {
            let mut n = String::new();
            while let Some(d) = chars.peek().copied().filter(char::is_ascii_digit) {
                n.push(d);
                chars.next();
            }
            out.push(Word::Num(n));
        } else if c.is_ascii_alphabetic() {
            let mut n = String::new();
            while let Some(d) = chars.peek().copied().filter(|d| d.is_ascii_alphabetic() || *d == '.') {
                n.push(d.to_ascii_lowercase());
                chars.next();
            }
            out.push(Word::Name(n.replace('.', "")));
        } else if c == '(' {
            for d in chars.by_ref() {
                if d == ')' {
                    break;
                }
            }
        } else if "-+/:.@".contains(c) {
            out.push(Word::Mark(c));
            chars.next();
        } else {
            return None;
        }
    }
    Some(out)
}

#[derive(Default)]
struct Found {
    date: Option<(i64, i64, i64)>,
    time: Option<(i64, i64, i64)>,
    nanos: Option<u32>,
    zone_s: Option<i64>,
    /// The word behind a clock time, where a signed number is a zone.
    behind_clock: Option<usize>,
    weekday: Option<(i64, i64)>,
    months: i64,
    days: i64,
    seconds: i64,
    epoch: Option<i64>,
}

fn unit(name: &str) -> Option<(char, i64)> {
    let name = name.strip_suffix('s').filter(|n| !n.is_empty()).unwrap_or(name);
    Some(match name {
        "year" => ('m', 12),
        "month" => ('m', 1),
        "fortnight" => ('d', 14),
        "week" => ('d', 7),
        "day" => ('d', 1),
        "hour" => ('s', 3600),
        "minute" | "min" => ('s', 60),
        "second" | "sec" => ('s', 1),
        _ => return None,
    })
}

fn named(all: &[&str], name: &str) -> Option<i64> {
    if name.len() < 3 {
        return None;
    }
    let full = all
        .iter()
        .position(|n| n.eq_ignore_ascii_case(name) || (name.len() == 3 && n.to_ascii_lowercase().starts_with(name)));
    let extra = matches!(name, "sept" | "tues" | "wednes" | "thur" | "thurs");
    let at = full.or_else(|| {
        if extra {
            all.iter().position(|n| n.to_ascii_lowercase().starts_with(name.get(..3).unwrap_or(name)))
        } else {
            None
        }
    });
    at.and_then(|i| i64::try_from(i).ok())
}

fn zone(name: &str) -> Option<i64> {
    Some(
        match name {
            "utc" | "gmt" | "z" | "ut" => 0,
            "est" => -5,
            "edt" => -4,
            "cst" => -6,
            "cdt" => -5,
            "mst" => -7,
            "mdt" => -6,
            "pst" => -8,
            "pdt" => -7,
            "cet" => 1,
            "cest" => 2,
            "bst" => 1,
            "jst" | "kst" => 9,
            _ => return None,
        } * 3600,
    )
}

impl Found {
    fn add(&mut self, n: i64, name: &str) -> Option<()> {
        let (kind, by) = unit(name)?;
        let n = n.checked_mul(by)?;
        let slot = match kind {
            'm' => &mut self.months,
            'd' => &mut self.days,
            _ => &mut self.seconds,
        };
        *slot = slot.checked_add(n)?;
        Some(())
    }
}

fn num(w: Option<&Word>) -> Option<i64> {
    match w {
        Some(Word::Num(n)) => n.parse().ok(),
        _ => None,
    }
}

fn year(text: &str) -> Option<i64> {
    let y: i64 = text.parse().ok()?;
    Some(match (text.len(), y) {
        (1 | 2, 0..=68) => y + 2000,
        (1 | 2, _) => y + 1900,
        _ => y,
    })
}

/// A fraction of a second as nanoseconds.
fn fraction(digits: &str) -> Option<u32> {
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok()
}

pub(super) fn read(text: &str, now: Utc, clocks: &Zone) -> Option<(i64, u32)> {
    let w = words(text)?;
    // What its clocks show.
    let now = Utc(clocks.local(now));
    let mut f = Found::default();
    let mut i = 0;
    let text_of = |i: usize| match w.get(i) {
        Some(Word::Name(n)) => Some(n.as_str()),
        _ => None,
    };
    let mark = |i: usize| match w.get(i) {
        Some(Word::Mark(c)) => Some(*c),
        _ => None,
    };
    while i < w.len() {
        match w.get(i)? {
            // Seconds since the epoch stand alone.
            Word::Mark('@') if i > 0 || f.epoch.is_some() => return None,
            _ if f.epoch.is_some() => return None,
            Word::Mark('@') => {
                let minus = mark(i + 1) == Some('-');
                i += 1 + usize::from(minus);
                let n = num(w.get(i))?;
                f.epoch = Some(if minus { -n } else { n });
                i += 1;
                if let (Some('.'), Some(Word::Num(d))) = (mark(i), w.get(i + 1)) {
                    f.nanos = fraction(d);
                    i += 2;
                }
            }
            Word::Mark(c @ ('+' | '-')) => {
                let sign = if *c == '-' { -1 } else { 1 };
                let Some(Word::Num(digits)) = w.get(i + 1) else { return None };
                let n: i64 = digits.parse().ok()?;
                // `12:00 +1 day` is noon in the zone +01, and a day.
                let behind_clock = f.behind_clock == Some(i);
                if behind_clock && digits.len() <= 2 && n > 24 {
                    return None;
                }
                if let Some(name) = text_of(i + 2).filter(|n| unit(n).is_some() && !behind_clock) {
                    f.add(sign * n, name)?;
                    i += 3;
                } else if f.time.is_some() {
                    // A zone: +09, +0900, +09:00.
                    let mut s = match digits.len() {
                        1 | 2 => n * 3600,
                        _ => n / 100 * 3600 + n % 100 * 60,
                    };
                    i += 2;
                    if mark(i) == Some(':') {
                        s += num(w.get(i + 1))? * 60;
                        i += 2;
                    }
                    f.zone_s = Some(sign * s);
                } else {
                    return None;
                }
                if text_of(i) == Some("ago") {
                    (f.months, f.days, f.seconds) = (-f.months, -f.days, -f.seconds);
                    i += 1;
                }
            }
            Word::Num(digits) => {
                let n: i64 = digits.parse().ok()?;
                match (mark(i + 1), text_of(i + 1)) {
                    (Some('-'), _) if f.date.is_none() && num(w.get(i + 2)).is_some() && mark(i + 3) == Some('-') => {
                        f.date = Some((year(digits)?, num(w.get(i + 2))?, num(w.get(i + 4))?));
                        i += 5;
                        // 2023-07-20T12:18
                        if text_of(i) == Some("t") {
                            i += 1;
                        }
                    }
                    (Some('-'), _) if f.date.is_none() && text_of(i + 2).is_some() => {
                        let month = named(&MONTHS, text_of(i + 2)?)? + 1;
                        i += 3;
                        let mut y = civil(now.0)[0];
                        if let (Some('-'), Some(Word::Num(d))) = (mark(i), w.get(i + 1)) {
                            y = year(d)?;
                            i += 2;
                        }
                        f.date = Some((y, month, n));
                    }
                    (Some('/'), _) if f.date.is_none() => {
                        let second = num(w.get(i + 2))?;
                        let third = match (mark(i + 3), w.get(i + 4)) {
                            (Some('/'), Some(Word::Num(d))) => Some(d.clone()),
                            _ => None,
                        };
                        f.date = Some(match &third {
                            Some(d) if digits.len() >= 4 => (n, second, d.parse().ok()?),
                            Some(d) => (year(d)?, n, second),
                            None => (civil(now.0)[0], n, second),
                        });
                        i += if third.is_some() { 5 } else { 3 };
                    }
                    (Some(':'), _) => {
                        let minute = num(w.get(i + 2))?;
                        i += 3;
                        let mut second = 0;
                        if mark(i) == Some(':') {
                            second = num(w.get(i + 1))?;
                            i += 2;
                            if let (Some('.'), Some(Word::Num(d))) = (mark(i), w.get(i + 1)) {
                                f.nanos = fraction(d);
                                i += 2;
                            }
                        }
                        let mut hour = n;
                        if let Some(half @ ("am" | "pm")) = text_of(i) {
                            hour = n % 12 + if half == "pm" { 12 } else { 0 };
                            i += 1;
                        }
                        if hour > 23 || minute > 59 || second > 60 {
                            return None;
                        }
                        f.time = Some((hour, minute, second));
                        f.behind_clock = Some(i);
                    }
                    (_, Some(half @ ("am" | "pm"))) => {
                        f.time = Some((n % 12 + if half == "pm" { 12 } else { 0 }, 0, 0));
                        i += 2;
                    }
                    (_, Some(name)) if unit(name).is_some() => {
                        f.add(n, name)?;
                        i += 2;
                        if text_of(i) == Some("ago") {
                            (f.months, f.days, f.seconds) = (-f.months, -f.days, -f.seconds);
                            i += 1;
                        }
                    }
                    (_, Some(name)) if named(&MONTHS, name).is_some() => {
                        let month = named(&MONTHS, name)? + 1;
                        i += 2;
                        let mut y = civil(now.0)[0];
                        if let Some(Word::Num(d)) = w.get(i)
                            && mark(i + 1) != Some(':')
                        {
                            y = year(d)?;
                            i += 1;
                        }
                        f.date = Some((y, month, n));
                    }
                    _ if digits.len() == 8 && f.date.is_none() => {
                        f.date = Some((n / 10_000, n / 100 % 100, n % 100));
                        i += 1;
                        if text_of(i) == Some("t") {
                            i += 1;
                        }
                    }
                    _ if digits.len() <= 4
                        && f.date.is_some()
                        && f.time.is_some()
                        && digits.len() == 4
                        && w.len() == i + 1 =>
                    {
                        // A year at the end, as `date` itself prints it.
                        f.date = f.date.map(|(_, m, d)| (n, m, d));
                        i += 1;
                    }
                    _ if digits.len() == 4 && f.time.is_none() => {
                        f.time = Some((n / 100, n % 100, 0));
                        i += 1;
                    }
                    _ if digits.len() <= 2 && f.time.is_none() && n < 24 => {
                        f.time = Some((n, 0, 0));
                        i += 1;
                    }
                    _ => return None,
                }
            }
            Word::Name(name) => {
                let name = name.as_str();
                let number = match name {
                    "next" | "a" | "an" => Some(1),
                    "last" => Some(-1),
                    "this" => Some(0),
                    _ => None,
                };
                match name {
                    "now" | "today" => i += 1,
                    "yesterday" => {
                        f.days -= 1;
                        i += 1;
                    }
                    "tomorrow" => {
                        f.days += 1;
                        i += 1;
                    }
                    "midnight" => {
                        f.time = Some((0, 0, 0));
                        i += 1;
                    }
                    "noon" => {
                        f.time = Some((12, 0, 0));
                        i += 1;
                    }
                    "ago" => {
                        (f.months, f.days, f.seconds) = (-f.months, -f.days, -f.seconds);
                        i += 1;
                    }
                    _ if number.is_some() && text_of(i + 1).is_some() => {
                        let (n, what) = (number?, text_of(i + 1)?);
                        match named(&DAYS, what) {
                            Some(d) => f.weekday = Some((d, n)),
                            None => f.add(n, what)?,
                        }
                        i += 2;
                    }
                    _ if named(&MONTHS, name).is_some() => {
                        let month = named(&MONTHS, name)? + 1;
                        let day = num(w.get(i + 1))?;
                        i += 2;
                        let mut y = civil(now.0)[0];
                        if let Some(Word::Num(d)) = w.get(i)
                            && mark(i + 1) != Some(':')
                            && d.len() == 4
                        {
                            y = year(d)?;
                            i += 1;
                        }
                        f.date = Some((y, month, day));
                    }
                    _ if named(&DAYS, name).is_some() => {
                        f.weekday = Some((named(&DAYS, name)?, 0));
                        i += 1;
                    }
                    _ if zone(name).is_some() => {
                        f.zone_s = zone(name);
                        i += 1;
                    }
                    "t" if f.date.is_some() => i += 1,
                    _ if unit(name).is_some() => {
                        f.add(1, name)?;
                        i += 1;
                    }
                    _ => return None,
                }
            }
            Word::Mark(_) => return None,
        }
    }
    settle(&f, now, clocks, text.trim().is_empty())
}

fn settle(f: &Found, now: Utc, clocks: &Zone, empty: bool) -> Option<(i64, u32)> {
    if let Some(at) = f.epoch {
        return Some((at, f.nanos.unwrap_or(0)));
    }
    let [y, mo, d, h, mi, s] = civil(now.0);
    let (mut y, mut mo, mut d) = f.date.unwrap_or((y, mo, d));
    if !(1..=12).contains(&mo) || d < 1 || d > days(y, mo + 1, 1) - days(y, mo, 1) {
        return None;
    }
    let fixed = f.date.is_some() || f.weekday.is_some() || empty;
    let (h, mi, s) = f.time.unwrap_or(if fixed { (0, 0, 0) } else { (h, mi, s) });
    if let Some((day, n)) = f.weekday.filter(|_| f.date.is_none()) {
        let today = (days(y, mo, d) + 4).rem_euclid(7);
        let mut ahead = (day - today).rem_euclid(7);
        // `next` is the one after today; `last` the one before.
        ahead += 7 * (n - i64::from(n > 0 && ahead != 0));
        d += ahead;
    }
    (y, mo, d) = (y, mo + f.months, d + f.days);
    let shown = seconds(y, mo, d, h, mi, s);
    let at = match f.zone_s {
        Some(east_s) => shown.checked_sub(east_s)?,
        None => clocks.when(shown)?,
    };
    Some((at.checked_add(f.seconds)?, f.nanos.unwrap_or(0)))
}
