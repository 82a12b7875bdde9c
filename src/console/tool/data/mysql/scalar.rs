//! Functions of the server that the embedded engine does not have.

use super::kind::{DAY, SECOND, decimal, leading, moment, parse_moment};
use md5::{Digest as _, Md5};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, Result};

/// Longest text that a repetition or a padding makes.
const TEXT_MAX: usize = 1 << 20;

fn text(c: &Context<'_>, at: usize) -> Result<Option<String>> {
    Ok(match c.get::<Value>(at)? {
        Value::Null => None,
        Value::Integer(n) => Some(n.to_string()),
        Value::Real(n) => Some(n.to_string()),
        Value::Text(t) => Some(t),
        Value::Blob(b) => Some(String::from_utf8_lossy(&b).into_owned()),
    })
}

fn number(c: &Context<'_>, at: usize) -> Result<Option<f64>> {
    Ok(match c.get::<Value>(at)? {
        Value::Null => None,
        Value::Integer(n) => Some(n as f64),
        Value::Real(n) => Some(n),
        Value::Text(t) => Some(leading(&t)),
        Value::Blob(_) => Some(0.0),
    })
}

fn civil(us: i64) -> Option<jiff::Zoned> {
    jiff::Timestamp::from_microsecond(us).ok().map(|t| t.to_zoned(jiff::tz::TimeZone::UTC))
}

fn shift(us: i64, n: i64, unit: &str) -> Option<i64> {
    let size = match unit {
        "MICROSECOND" => 1,
        "SECOND" => SECOND,
        "MINUTE" => 60 * SECOND,
        "HOUR" => 3_600 * SECOND,
        "DAY" => DAY,
        "WEEK" => 7 * DAY,
        _ => {
            let months = match unit {
                "MONTH" => 1,
                "QUARTER" => 3,
                _ => 12,
            };
            let span = jiff::Span::new().try_months(n.checked_mul(months)?).ok()?;
            return Some(civil(us)?.checked_add(span).ok()?.timestamp().as_microsecond());
        }
    };
    us.checked_add(n.checked_mul(size)?)
}

fn part(field: &str, us: i64) -> Option<i64> {
    let t = civil(us)?;
    Some(match field {
        "MICROSECOND" => us.rem_euclid(SECOND),
        "SECOND" => t.second().into(),
        "MINUTE" => t.minute().into(),
        "HOUR" => t.hour().into(),
        "DAY" => t.day().into(),
        "MONTH" => t.month().into(),
        "QUARTER" => i64::from((t.month() - 1) / 3 + 1),
        "YEAR" => t.year().into(),
        _ => return None,
    })
}

/// Whole units from one moment to another.
fn between(unit: &str, a: i64, b: i64) -> Option<i64> {
    let size = match unit {
        "MICROSECOND" => 1,
        "SECOND" => SECOND,
        "MINUTE" => 60 * SECOND,
        "HOUR" => 3_600 * SECOND,
        "DAY" => DAY,
        "WEEK" => 7 * DAY,
        _ => {
            let (x, y) = (civil(a)?, civil(b)?);
            let months = |t: &jiff::Zoned| i64::from(t.year()) * 12 + i64::from(t.month());
            let mut n = months(&y) - months(&x);
            // A month that is not full does not count.
            let from = shift(a, n, "MONTH")?;
            n -= i64::from(n > 0 && from > b) - i64::from(n < 0 && from < b);
            return Some(match unit {
                "MONTH" => n,
                "QUARTER" => n / 3,
                _ => n / 12,
            });
        }
    };
    Some((b - a) / size)
}

/// A moment in a pattern of `DATE_FORMAT`.
fn formatted(us: i64, pattern: &str) -> String {
    let Some(t) = civil(us) else { return String::new() };
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let hour = (t.hour() + 11) % 12 + 1;
        let half = if t.hour() < 12 { "AM" } else { "PM" };
        let day = t.strftime("%A").to_string();
        let month = t.strftime("%B").to_string();
        let short = |w: &str| w.chars().take(3).collect::<String>();
        out.push_str(&match chars.next() {
            Some('Y') => format!("{:04}", t.year()),
            Some('y') => format!("{:02}", t.year() % 100),
            Some('m') => format!("{:02}", t.month()),
            Some('c') => t.month().to_string(),
            Some('d') => format!("{:02}", t.day()),
            Some('e') => t.day().to_string(),
            Some('H') => format!("{:02}", t.hour()),
            Some('k') => t.hour().to_string(),
            Some('h' | 'I') => format!("{hour:02}"),
            Some('l') => hour.to_string(),
            Some('i') => format!("{:02}", t.minute()),
            Some('s' | 'S') => format!("{:02}", t.second()),
            Some('f') => format!("{:06}", us.rem_euclid(SECOND)),
            Some('p') => half.to_owned(),
            Some('T') => format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second()),
            Some('r') => format!("{hour:02}:{:02}:{:02} {half}", t.minute(), t.second()),
            Some('j') => format!("{:03}", t.day_of_year()),
            Some('w') => t.weekday().to_sunday_zero_offset().to_string(),
            Some('W') => day,
            Some('a') => short(&day),
            Some('M') => month,
            Some('b') => short(&month),
            Some(other) => other.to_string(),
            None => String::new(),
        });
    }
    out
}

/// `1,234.50`.
fn thousands(n: f64, places: u8) -> String {
    let text = decimal(n.abs(), places);
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|c| c.iter().collect()).collect();
    format!("{}{}{rest}", if n < 0.0 { "-" } else { "" }, groups.join(","))
}

/// `38.00 GiB`.
fn bytes(n: f64) -> String {
    let mut size = n;
    for unit in ["bytes", "KiB", "MiB", "GiB", "TiB"] {
        if size.abs() < 1024.0 || unit == "TiB" {
            return if unit == "bytes" { format!("{:>4} bytes", size as i64) } else { format!("{size:.2} {unit}") };
        }
        size /= 1024.0;
    }
    String::new()
}

fn failure(message: &str) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(message.into())
}

/// Adds the server's functions to a connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("my_number", 1, flags, |c| number(c, 0))?;
    db.create_scalar_function("my_text", 2, flags, |c| {
        let day = c.get::<i64>(1)? == 1;
        Ok(number(c, 0)?.map(|us| moment(us as i64).chars().take(if day { 10 } else { 26 }).collect::<String>()))
    })?;
    db.create_scalar_function("my_decimal", 2, flags, |c| {
        let places = c.get::<u8>(1)?;
        Ok(number(c, 0)?.map(|n| decimal(n, places)))
    })?;
    db.create_scalar_function("my_digits", 1, flags, |c| {
        let digits = |us: f64| moment(us as i64).chars().filter(char::is_ascii_digit).take(14).collect::<String>();
        Ok(number(c, 0)?.and_then(|us| digits(us).parse::<i64>().ok()))
    })?;
    db.create_scalar_function("my_moment", 1, flags, |c| Ok(text(c, 0)?.and_then(|t| parse_moment(&t))))?;
    db.create_scalar_function("my_day", 1, flags, |c| {
        Ok(number(c, 0)?.map(|us| us as i64 - (us as i64).rem_euclid(DAY)))
    })?;
    db.create_scalar_function("my_shift", 3, flags, |c| {
        let unit = text(c, 2)?.unwrap_or_default();
        let (Some(us), Some(n)) = (number(c, 0)?, number(c, 1)?) else { return Ok(None) };
        Ok(shift(us as i64, n as i64, &unit))
    })?;
    db.create_scalar_function("my_part", 2, flags, |c| {
        let field = text(c, 0)?.unwrap_or_default();
        Ok(number(c, 1)?.and_then(|us| part(&field, us as i64)))
    })?;
    db.create_scalar_function("my_between", 3, flags, |c| {
        let unit = text(c, 0)?.unwrap_or_default();
        let (Some(a), Some(b)) = (number(c, 1)?, number(c, 2)?) else { return Ok(None) };
        Ok(between(&unit, a as i64, b as i64))
    })?;
    db.create_scalar_function("my_format", 2, flags, |c| {
        let (Some(us), Some(p)) = (number(c, 0)?, text(c, 1)?) else { return Ok(None) };
        Ok(Some(formatted(us as i64, &p)))
    })?;
    db.create_scalar_function("my_mod", 2, flags, |c| {
        Ok(match (c.get::<Value>(0)?, c.get::<Value>(1)?) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Integer(a), Value::Integer(b)) => a.checked_rem(b).map_or(Value::Null, Value::Integer),
            _ => match (number(c, 0)?.unwrap_or(0.0), number(c, 1)?.unwrap_or(0.0)) {
                (_, 0.0) => Value::Null,
                (a, b) => Value::Real(libm::fmod(a, b)),
            },
        })
    })?;
    db.create_scalar_function("my_power", 2, flags, |c| {
        let (Some(a), Some(b)) = (number(c, 0)?, number(c, 1)?) else { return Ok(None) };
        Ok(Some(libm::pow(a, b)).filter(|n| n.is_finite()))
    })?;
    db.create_scalar_function("my_round", 2, flags, |c| {
        let (Some(n), Some(p)) = (number(c, 0)?, number(c, 1)?) else { return Ok(None) };
        Ok(decimal(n, p.clamp(0.0, 30.0) as u8).parse::<f64>().ok())
    })?;
    db.create_scalar_function("my_cut", 2, flags, |c| {
        let (Some(n), Some(p)) = (number(c, 0)?, number(c, 1)?) else { return Ok(None) };
        let scale = libm::pow(10.0, p.clamp(0.0, 30.0));
        Ok(Some(libm::trunc(n * scale) / scale))
    })?;
    db.create_scalar_function("my_ceil", 1, flags, |c| Ok(number(c, 0)?.map(|v| libm::ceil(v) as i64)))?;
    db.create_scalar_function("my_floor", 1, flags, |c| Ok(number(c, 0)?.map(|v| libm::floor(v) as i64)))?;
    db.create_scalar_function("my_thousands", 2, flags, |c| {
        let (Some(n), Some(p)) = (number(c, 0)?, number(c, 1)?) else { return Ok(None) };
        Ok(Some(thousands(n, p.clamp(0.0, 30.0) as u8)))
    })?;
    db.create_scalar_function("my_bytes", 1, flags, |c| Ok(number(c, 0)?.map(bytes)))?;
    db.create_scalar_function("my_joined", -1, flags, |c| {
        let Some(by) = text(c, 0)? else { return Ok(None) };
        let parts = (1..c.len()).map(|k| text(c, k)).collect::<Result<Vec<_>>>()?;
        Ok(Some(parts.into_iter().flatten().collect::<Vec<_>>().join(&by)))
    })?;
    db.create_scalar_function(
        "my_reverse",
        1,
        flags,
        |c| Ok(text(c, 0)?.map(|t| t.chars().rev().collect::<String>())),
    )?;
    db.create_scalar_function("my_index", 3, flags, |c| {
        let (Some(t), Some(by), Some(n)) = (text(c, 0)?, text(c, 1)?, number(c, 2)?) else { return Ok(None) };
        let parts: Vec<&str> = if by.is_empty() { Vec::new() } else { t.split(by.as_str()).collect() };
        let n = n as i64;
        let keep = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX).min(parts.len());
        let kept = if n < 0 { parts.get(parts.len() - keep..) } else { parts.get(..keep) };
        Ok(Some(kept.unwrap_or_default().join(&by)))
    })?;
    db.create_scalar_function("my_repeat", 2, flags, |c| {
        let (Some(t), Some(n)) = (text(c, 0)?, number(c, 1)?) else { return Ok(None) };
        let n = n.max(0.0) as usize;
        Ok(Some(t).filter(|t| t.len().saturating_mul(n) <= TEXT_MAX).map(|t| t.repeat(n)))
    })?;
    for (name, left) in [("my_lpad", true), ("my_rpad", false)] {
        db.create_scalar_function(name, 3, flags, move |c| {
            let (Some(t), Some(n), Some(by)) = (text(c, 0)?, number(c, 1)?, text(c, 2)?) else { return Ok(None) };
            if n < 0.0 || n > TEXT_MAX as f64 {
                return Ok(None);
            }
            let n = n as usize;
            let have: Vec<char> = t.chars().take(n).collect();
            if have.len() < n && by.is_empty() {
                return Ok(Some(String::new()));
            }
            let pad: String = by.chars().cycle().take(if by.is_empty() { 0 } else { n - have.len() }).collect();
            let have: String = have.into_iter().collect();
            Ok(Some(if left { pad + &have } else { have + &pad }))
        })?;
    }
    db.create_scalar_function("my_md5", 1, flags, |c| {
        Ok(text(c, 0)?.map(|t| Md5::digest(t.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>()))
    })?;
    db.create_scalar_function("my_match", 2, flags, |c| {
        let (Some(t), Some(p)) = (text(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let regex = regex::RegexBuilder::new(&p).case_insensitive(true).size_limit(1 << 20).build();
        let regex = regex.map_err(|_| failure("regular expression"))?;
        Ok(Some(regex.is_match(&t)))
    })?;
    Ok(())
}
