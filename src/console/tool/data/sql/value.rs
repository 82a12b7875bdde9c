//! Types of columns, and values as the server writes them. Moments and spans are microseconds, in a day's sense UTC.

use crate::stdx::time::Utc;

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The type of a column, as far as printing and translation need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console::tool::data) enum Ty {
    /// `boolean`.
    Bool,
    /// Whole numbers, object and transaction ids.
    Int,
    /// A transaction id, which has an age.
    Xid,
    /// `numeric` with so many places.
    Numeric(u8),
    /// `double precision`.
    Float,
    /// Anything that is a text.
    Text,
    /// `timestamp with time zone`.
    Moment,
    /// `interval`.
    Span,
    /// `json`.
    Json,
    /// `jsonb`.
    Jsonb,
}

impl Ty {
    /// Whether psql aligns it to the right.
    pub fn right(self) -> bool {
        matches!(self, Ty::Int | Ty::Xid | Ty::Numeric(_) | Ty::Float)
    }

    /// Its name in `\d`.
    pub fn name(self) -> &'static str {
        match self {
            Ty::Bool => "boolean",
            Ty::Int => "bigint",
            Ty::Xid => "xid",
            Ty::Numeric(_) => "numeric",
            Ty::Float => "double precision",
            Ty::Text => "text",
            Ty::Moment => "timestamp with time zone",
            Ty::Span => "interval",
            Ty::Json => "json",
            Ty::Jsonb => "jsonb",
        }
    }
}

/// A moment in microseconds.
pub(super) fn micros(t: Utc) -> i64 {
    t.0.saturating_mul(SECOND)
}

/// `2017-01-31 23:00:00.5+00`.
pub(super) fn moment(us: i64) -> String {
    let iso = Utc(us.div_euclid(SECOND)).iso();
    let text = iso.trim_end_matches('Z').replace('T', " ");
    format!("{text}{}+00", fraction(us.rem_euclid(SECOND)))
}

fn fraction(us: i64) -> String {
    if us == 0 {
        return String::new();
    }
    format!(".{us:06}").trim_end_matches('0').to_owned()
}

/// `3 days 04:05:06.5`, `-00:00:01`.
pub(super) fn span(us: i64) -> String {
    let (sign, size) = if us < 0 { ("-", us.saturating_neg()) } else { ("", us) };
    let (days, rest) = (size / DAY, size % DAY);
    let seconds = rest / SECOND;
    let clock =
        format!("{sign}{:02}:{:02}:{:02}{}", seconds / 3600, seconds / 60 % 60, seconds % 60, fraction(rest % SECOND));
    match days {
        0 => clock,
        _ if rest == 0 => format!("{sign}{days} day{}", if days == 1 { "" } else { "s" }),
        _ => format!("{sign}{days} day{} {clock}", if days == 1 { "" } else { "s" }),
    }
}

/// Reads `5 minutes`, `1 day 02:00`, `90s`, `01:30:00`.
pub(super) fn parse_span(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut words = text.split_whitespace();
    let mut any = false;
    while let Some(word) = words.next() {
        any = true;
        if word.contains(':') {
            let (sign, clock) = word.strip_prefix('-').map_or((1, word), |c| (-1, c));
            let mut parts = clock.split(':').map(|p| p.parse::<f64>().ok());
            let (h, m, s) = (parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0.0));
            total += sign * ((h * 3600.0 + m * 60.0 + s) * SECOND as f64) as i64;
            continue;
        }
        let digits = word.find(|c: char| c.is_alphabetic()).unwrap_or(word.len());
        let number: f64 = word.get(..digits)?.parse().ok()?;
        let unit = if digits < word.len() { word.get(digits..)? } else { words.next()? };
        let seconds = match unit.to_lowercase().trim_end_matches('s') {
            "" | "ec" | "second" | "sec" => 1,
            "m" | "minute" | "min" => 60,
            "h" | "hour" | "hr" => 3600,
            "d" | "day" => 86_400,
            "w" | "week" => 604_800,
            "ms" | "millisecond" | "msec" => return Some(total + (number * 1000.0) as i64),
            _ => return None,
        };
        total += (number * f64::from(seconds) * SECOND as f64) as i64;
    }
    any.then_some(total)
}

/// Reads `2017-01-31`, `2017-01-31 23:00`, `2017-01-31T23:00:00+00`.
pub(super) fn parse_moment(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches("+00").trim_end_matches("+00:00").trim_end_matches('Z').trim();
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let full = match clock.matches(':').count() {
        1 => format!("{date}T{clock}:00"),
        _ => format!("{date}T{clock}"),
    };
    let t: jiff::civil::DateTime = full.parse().ok()?;
    let zoned = t.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_microsecond())
}

/// A value as the server writes it in a column of a type; `None` is NULL.
pub(super) fn shown(value: rusqlite::types::ValueRef<'_>, ty: Option<Ty>) -> Option<String> {
    use rusqlite::types::ValueRef as V;
    Some(match (value, ty) {
        (V::Null, _) => return None,
        (V::Integer(n), Some(Ty::Bool)) => if n != 0 { "t" } else { "f" }.to_owned(),
        (V::Integer(n), Some(Ty::Moment)) => moment(n),
        (V::Real(n), Some(Ty::Moment)) => moment(n as i64),
        (V::Integer(n), Some(Ty::Span)) => span(n),
        (V::Real(n), Some(Ty::Span)) => span(n as i64),
        (V::Integer(n), Some(Ty::Numeric(places))) => format!("{:.*}", usize::from(places), n as f64),
        (V::Real(n), Some(Ty::Numeric(places))) => format!("{n:.*}", usize::from(places)),
        (V::Integer(n), _) => n.to_string(),
        (V::Real(n), _) => n.to_string(),
        (V::Text(t) | V::Blob(t), _) => String::from_utf8_lossy(t).into_owned(),
    })
}
