//! Types of values, and values as the server writes them. Moments are microseconds, UTC.

use crate::stdx::time::Utc;
use rusqlite::types::ValueRef;

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
pub(super) const DAY: i64 = 86_400 * SECOND;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// Whole numbers, and truth.
    Int,
    /// `decimal` with so many places.
    Decimal(u8),
    /// `double`.
    Double,
    /// Anything that is a text.
    Text,
    /// `datetime`.
    Moment,
    /// `date`.
    Date,
    /// What NULL itself is.
    Null,
}

/// The type of an expression, and whether it may be NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub ty: Ty,
    pub null: bool,
}

impl Kind {
    pub const fn new(ty: Ty, null: bool) -> Kind {
        Kind { ty, null }
    }

    /// Whether the client aligns it to the right.
    pub fn right(self) -> bool {
        matches!(self.ty, Ty::Int | Ty::Decimal(_) | Ty::Double | Ty::Null)
    }

    pub fn number(self) -> bool {
        matches!(self.ty, Ty::Int | Ty::Decimal(_) | Ty::Double)
    }

    /// Places behind the point; `None` of what has as many as it needs.
    pub fn places(self) -> Option<u8> {
        match self.ty {
            Ty::Int => Some(0),
            Ty::Decimal(p) => Some(p),
            _ => None,
        }
    }

    /// What stands for either of two.
    pub fn either(self, other: Kind) -> Kind {
        let null = self.null || other.null;
        let ty = match (self.ty, other.ty) {
            (a, b) if a == b => a,
            (Ty::Null, t) | (t, Ty::Null) => t,
            (Ty::Int, Ty::Decimal(p)) | (Ty::Decimal(p), Ty::Int) => Ty::Decimal(p),
            (Ty::Decimal(a), Ty::Decimal(b)) => Ty::Decimal(a.max(b)),
            (Ty::Double, Ty::Int | Ty::Decimal(_)) | (Ty::Int | Ty::Decimal(_), Ty::Double) => Ty::Double,
            _ => Ty::Text,
        };
        Kind { ty, null }
    }
}

/// A moment in microseconds.
pub(super) fn micros(t: Utc) -> i64 {
    t.0.saturating_mul(SECOND)
}

/// `2017-01-31 23:00:00`, with a fraction if there is one.
pub(super) fn moment(us: i64) -> String {
    let iso = Utc(us.div_euclid(SECOND)).iso();
    let text = iso.trim_end_matches('Z').replace('T', " ");
    match us.rem_euclid(SECOND) {
        0 => text,
        part => format!("{text}.{part:06}"),
    }
}

/// Reads `2017-01-31`, `2017-01-31 23:00`, `2017-01-31T23:00:00`.
pub(super) fn parse_moment(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('Z');
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let full = match clock.matches(':').count() {
        0 => format!("{date}T{clock}:00:00"),
        1 => format!("{date}T{clock}:00"),
        _ => format!("{date}T{clock}"),
    };
    let t: jiff::civil::DateTime = full.parse().ok()?;
    Some(t.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

/// The number that a text begins with, as the server reads one.
pub(super) fn leading(text: &str) -> f64 {
    let text = text.trim_start();
    let mut end = 0;
    for (i, c) in text.char_indices() {
        let fits = c.is_ascii_digit() || (i == 0 && matches!(c, '-' | '+')) || (c == '.' && !text[..i].contains('.'));
        if !fits {
            break;
        }
        end = i + 1;
    }
    text.get(..end).and_then(|t| t.parse().ok()).unwrap_or(0.0)
}

/// A value as the server writes it; `None` is NULL.
pub(super) fn shown(value: ValueRef<'_>, ty: Ty) -> Option<String> {
    use ValueRef as V;
    Some(match (value, ty) {
        (V::Null, _) => return None,
        (V::Integer(n), Ty::Moment) => moment(n),
        (V::Real(n), Ty::Moment) => moment(n as i64),
        (V::Integer(n), Ty::Date) => moment(n).chars().take(10).collect(),
        (V::Integer(n), Ty::Decimal(p)) => decimal(n as f64, p),
        (V::Real(n), Ty::Decimal(p)) => decimal(n, p),
        (V::Real(n), Ty::Int) => decimal(n, 0),
        (V::Integer(n), _) => n.to_string(),
        (V::Real(n), _) => n.to_string(),
        (V::Text(t) | V::Blob(t), _) => String::from_utf8_lossy(t).into_owned(),
    })
}

/// A number with so many places, half a unit rounded away from nothing.
pub(super) fn decimal(n: f64, places: u8) -> String {
    let scale = libm::pow(10.0, f64::from(places));
    let scaled = n.abs() * scale;
    // What was meant to be half is often a hair less.
    let rounded = libm::floor(scaled + 0.5 + scaled * 1e-15);
    let text = format!("{:.*}", usize::from(places), rounded / scale);
    if n < 0.0 && rounded > 0.0 { format!("-{text}") } else { text }
}
