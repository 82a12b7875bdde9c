//! date: the simulated clock in any format, and arithmetic on it.

mod parse;

use super::{Ctx, Decl, Step, flag, value};
use crate::console::zone::Zone;
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "date",
    synopsis: "[OPTION]... [+FORMAT]",
    about: "print the date and time",
    opts: &[
        value("d", "date", "STRING", "display time described by STRING, not 'now'"),
        value("f", "file", "DATEFILE", "like --date; once for each line of DATEFILE"),
        value(
            "I",
            "iso-8601",
            "[FMT]",
            "output date/time in ISO 8601 format: 'date', 'hours', 'minutes', 'seconds', 'ns'",
        ),
        value("r", "reference", "FILE", "display the last modification time of FILE"),
        flag("R", "rfc-email", "output date and time in RFC 5322 format"),
        flag("", "rfc-2822", "the same as --rfc-email"),
        value("", "rfc-3339", "FMT", "output date/time in RFC 3339 format: 'date', 'seconds', or 'ns'"),
        value("s", "set", "STRING", "set time described by STRING (nobody may)"),
        flag("u", "utc", "print Coordinated Universal Time, as every host here does without TZ"),
        flag("", "universal", "the same as --utc"),
    ],
    missing: &[
        "The clock cannot be set with -s; see timedatectl.",
        "The rules that a zone of TZ had in earlier years: those of today hold for all times.",
    ],
    examples: &[
        ("date", "Thu Jul 20 12:18:00 UTC 2023\n"),
        ("date +%H:%M:%S", "12:18:00\n"),
        ("date +%s", "1689855480\n"),
        ("date -u -d '2 hours ago' +%FT%TZ", "2023-07-20T10:18:00Z\n"),
        ("TZ=Asia/Seoul date", "Thu Jul 20 21:18:00 KST 2023\n"),
        ("date -d @0 -Iseconds", "1970-01-01T00:00:00+00:00\n"),
        ("date -d nonsense", "date: invalid date ‘nonsense’\n"),
    ],
    step: date,
    ..Decl::BLANK
}];

/// Names of the days, Sunday first.
pub(crate) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// Names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days since 1970-01-01 of a date in the Gregorian calendar; months may be out of range.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Seconds since the epoch.
pub(crate) fn seconds(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

/// Year, month, day, hour, minute, second.
pub(crate) fn civil(at: i64) -> [i64; 6] {
    let (day, rest) = (at.div_euclid(86_400), at.rem_euclid(86_400));
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let y = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * y + y / 4 - y / 100);
    let m = (5 * of_year + 2) / 153;
    let d = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = y + era * 400 + i64::from(month <= 2);
    [year, month, d, rest / 3600, rest / 60 % 60, rest % 60]
}

/// The ISO week: year and number.
fn week(year: i64, of_year: i64, weekday: i64) -> (i64, i64) {
    let iso_day = if weekday == 0 { 7 } else { weekday };
    let n = (of_year - iso_day + 10) / 7;
    let weeks = |y: i64| {
        let first = (days(y, 1, 1) + 4).rem_euclid(7);
        let leap = days(y, 12, 31) - days(y, 1, 1) == 365;
        if first == 4 || (first == 3 && leap) { 53 } else { 52 }
    };
    if n < 1 {
        (year - 1, weeks(year - 1))
    } else if n > weeks(year) {
        (year + 1, 1)
    } else {
        (year, n)
    }
}

/// A time in a format, in UTC; `nanos` beyond the second.
pub(crate) fn strftime(format: &str, at: Utc, nanos: u32) -> String {
    strftime_in(&Zone::default(), format, at, nanos)
}

/// How far a clock is ahead of UTC, as `%z` with colons has it.
fn ahead(east_s: i64, colons: usize) -> String {
    let (sign, s) = (if east_s < 0 { '-' } else { '+' }, east_s.abs());
    let (hours, minutes, seconds) = (s / 3600, s / 60 % 60, s % 60);
    match colons {
        1 => format!("{sign}{hours:02}:{minutes:02}"),
        3 if seconds == 0 && minutes == 0 => format!("{sign}{hours:02}"),
        3 if seconds == 0 => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// A time in a format, by the clocks of a zone.
pub(crate) fn strftime_in(zone: &Zone, format: &str, at: Utc, nanos: u32) -> String {
    let (offset, local) = (zone.at(at), zone.local(at));
    let [year, month, day, hour, minute, second] = civil(local);
    let weekday = (local.div_euclid(86_400) + 4).rem_euclid(7);
    let of_year = days(year, month, day) - days(year, 1, 1) + 1;
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let name = |all: &[&'static str], i: i64| usize::try_from(i).ok().and_then(|i| all.get(i).copied()).unwrap_or("");
    let short = |n: &'static str| n.get(..3).unwrap_or(n);
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spelled = String::from("%");
        let (mut pad, mut upper, mut swap) = (None, false, false);
        while let Some(f) = chars.peek().copied().filter(|f| "-_0^#+".contains(*f)) {
            match f {
                '^' => upper = true,
                '#' => swap = true,
                f => pad = Some(f),
            }
            spelled.push(f);
            chars.next();
        }
        let mut width = None;
        while let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
            width = Some((width.unwrap_or(0) * 10 + d as usize).min(200));
            spelled.extend(chars.next());
        }
        let mut colons = 0;
        while chars.peek() == Some(&':') {
            colons += 1;
            spelled.extend(chars.next());
        }
        if matches!(chars.peek(), Some('E' | 'O')) {
            spelled.extend(chars.next());
        }
        let Some(kind) = chars.next() else {
            out.push_str(&spelled);
            break;
        };
        spelled.push(kind);
        let number = |v: i64, digits: usize, fill: char| -> String {
            let fill = match pad {
                Some('-') => return v.to_string(),
                Some('_') => ' ',
                Some('0') => '0',
                _ => fill,
            };
            let digits = width.unwrap_or(digits).max(1);
            if fill == '0' { format!("{v:0digits$}") } else { format!("{v:digits$}") }
        };
        let sub = |f: &str| strftime_in(zone, f, at, nanos);
        let text = match kind {
            '%' => "%".to_owned(),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            'Y' => number(year, 1, '0'),
            'C' => number(year.div_euclid(100), 2, '0'),
            'y' => number(year.rem_euclid(100), 2, '0'),
            'm' => number(month, 2, '0'),
            'd' => number(day, 2, '0'),
            'e' => number(day, 2, ' '),
            'H' => number(hour, 2, '0'),
            'I' => number(hour12, 2, '0'),
            'k' => number(hour, 2, ' '),
            'l' => number(hour12, 2, ' '),
            'M' => number(minute, 2, '0'),
            'S' => number(second, 2, '0'),
            's' => number(at.0, 1, '0'),
            'N' => {
                let all = format!("{nanos:09}");
                all.chars().take(width.unwrap_or(9)).collect()
            }
            'j' => number(of_year, 3, '0'),
            'q' => number((month - 1) / 3 + 1, 1, '0'),
            'u' => number(if weekday == 0 { 7 } else { weekday }, 1, '0'),
            'w' => number(weekday, 1, '0'),
            'U' => number((of_year + 6 - weekday) / 7, 2, '0'),
            'W' => number((of_year + 6 - (weekday + 6) % 7) / 7, 2, '0'),
            'V' => number(week(year, of_year, weekday).1, 2, '0'),
            'G' => number(week(year, of_year, weekday).0, 1, '0'),
            'g' => number(week(year, of_year, weekday).0.rem_euclid(100), 2, '0'),
            'a' => short(name(&DAYS, weekday)).to_owned(),
            'A' => name(&DAYS, weekday).to_owned(),
            'b' | 'h' => short(name(&MONTHS, month - 1)).to_owned(),
            'B' => name(&MONTHS, month - 1).to_owned(),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if hour < 12 { "am" } else { "pm" }.to_owned(),
            'Z' => offset.name.clone(),
            'z' if colons == 0 => {
                let all = offset.east_s.abs() / 60;
                let sign = if offset.east_s < 0 { '-' } else { '+' };
                let (n, digits) = (all / 60 * 100 + all % 60, width.unwrap_or(5).saturating_sub(1).max(1));
                match pad {
                    Some('-') => format!("{sign}{n}"),
                    Some('_') => format!("{:>1$}", format!("{sign}{n}"), digits + 1),
                    _ => format!("{sign}{n:0digits$}"),
                }
            }
            'z' => ahead(offset.east_s, colons),
            'F' => sub("%Y-%m-%d"),
            'T' | 'X' => sub("%H:%M:%S"),
            'R' => sub("%H:%M"),
            'D' | 'x' => sub("%m/%d/%y"),
            'r' => sub("%I:%M:%S %p"),
            'c' => sub("%a %b %e %H:%M:%S %Y"),
            _ => spelled,
        };
        let text = if upper {
            text.to_uppercase()
        } else if swap && kind == 'p' {
            text.to_lowercase()
        } else if swap {
            text.to_uppercase()
        } else {
            text
        };
        let fill = width.unwrap_or(0).saturating_sub(text.chars().count());
        let blank = if pad == Some('0') { '0' } else { ' ' };
        out.extend(std::iter::repeat_n(blank, if pad == Some('-') { 0 } else { fill }));
        out.push_str(&text);
    }
    out
}

/// Reads what `-d` takes, at a time that is now, by the clocks of a zone: seconds and what is beyond them.
pub(crate) fn read(text: &str, now: Utc, zone: &Zone) -> Option<(i64, u32)> {
    // A text may name its own zone: `TZ="Asia/Seoul" 9:00`.
    let Some((own, rest)) = text.trim_start().strip_prefix("TZ=\"").and_then(|t| t.split_once('"')) else {
        return parse::read(text, now, zone);
    };
    parse::read(rest, now, &Zone::read(own))
}

fn iso(word: &str) -> Option<&'static str> {
    let all = ["date", "hours", "minutes", "seconds", "ns"];
    let at = if word.is_empty() { 0 } else { all.iter().position(|w| w.starts_with(word))? };
    ["%Y-%m-%d", "%Y-%m-%dT%H%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S,%N%:z"]
        .get(at)
        .copied()
}

fn date(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    // A machine says what its own clock shows.
    let (host, utc) = (c.on(), c.host.utc());
    let now = c.host.network().and_then(|n| n.clock(&host)).map_or(utc, |clock| clock.shows(utc));
    let mut format = "%a %b %e %H:%M:%S %Z %Y".to_owned();
    let zone = if a.has("u") || a.has("universal") { Zone::default() } else { c.zone() };
    for (k, v) in &a.flags {
        match k.as_str() {
            "I" => match iso(v) {
                Some(f) => f.clone_into(&mut format),
                None => {
                    let text = format!(
                        "invalid argument ‘{v}’ for ‘--iso-8601’\nValid arguments are:\n  - ‘hours’\n  - ‘minutes’\n  - ‘date’\n  - ‘seconds’\n  - ‘ns’"
                    );
                    return c.misuse(&text, 1);
                }
            },
            "R" | "rfc-2822" => "%a, %d %b %Y %H:%M:%S %z".clone_into(&mut format),
            "rfc-3339" => match v.as_str() {
                "date" => "%Y-%m-%d".clone_into(&mut format),
                "seconds" => "%Y-%m-%d %H:%M:%S%:z".clone_into(&mut format),
                "ns" => "%Y-%m-%d %H:%M:%S.%N%:z".clone_into(&mut format),
                _ => return c.misuse(&format!("invalid argument ‘{v}’ for ‘--rfc-3339’"), 1),
            },
            "s" => {
                c.error("cannot set date: Operation not permitted");
                return Step::Exit(1);
            }
            _ => {}
        }
    }
    match a.rest.as_slice() {
        [] => {}
        [f] if f.starts_with('+') => format = f.trim_start_matches('+').to_owned(),
        [f] => {
            let why = if f.len() >= 8 && f.chars().all(|d| d.is_ascii_digit()) {
                "cannot set date: Operation not permitted".to_owned()
            } else {
                format!("invalid date ‘{f}’")
            };
            c.error(&why);
            return Step::Exit(1);
        }
        [_, extra, ..] => return c.misuse(&format!("extra operand ‘{extra}’"), 1),
    }
    let mut times: Vec<Result<(i64, u32), String>> = Vec::new();
    let one = |text: &str| read(text, now, &zone).ok_or_else(|| format!("invalid date ‘{text}’"));
    if let Some(name) = a.get("f").map(str::to_owned) {
        match c.slurp(&[name]) {
            Err(step) => return step,
            Ok(mut texts) => match texts.remove(0) {
                Ok(t) => times.extend(super::input::lines(&t).into_iter().map(one)),
                Err(why) => {
                    let name = a.get("f").unwrap_or_default();
                    c.error(&format!("{name}: {why}"));
                    return Step::Exit(1);
                }
            },
        }
    } else if let Some(name) = a.get("r") {
        let full = c.full(name);
        match c.stat(&full) {
            Some(s) => times.push(Ok((s.mtime.0, 0))),
            None => times.push(Err(format!("{name}: No such file or directory"))),
        }
    } else if let Some(text) = a.get("d") {
        times.push(one(text));
    } else {
        let ms = c.con.now_ms.saturating_sub(c.host.tick().0.saturating_mul(1000)).min(999);
        times.push(Ok((now.0, u32::try_from(ms).unwrap_or(0) * 1_000_000)));
    }
    for t in times {
        match t {
            Ok((at, nanos)) => {
                let text = strftime_in(&zone, &format, Utc(at), nanos);
                c.line(&text);
            }
            Err(why) => c.error(&why),
        }
    }
    Step::Exit(c.tool.status)
}
