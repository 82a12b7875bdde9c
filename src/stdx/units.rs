//! Exact quantities as a scenario writes them: strings with units, read without floats.

use crate::stdx::rational::{self, Ratio};
use crate::stdx::time::{Offset, Span};
use num_traits::{Signed as _, ToPrimitive as _};

/// Reads a span such as `90s`, `12m30s`, `1h`, `1d2h`; `None` if it is not one.
pub fn span(text: &str) -> Option<Span> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    let mut last = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let n: u64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let scale = match unit {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        if scale >= last {
            return None;
        }
        last = scale;
        total = total.checked_add(n.checked_mul(scale)?)?;
        rest = &rest[digits + 1..];
    }
    Some(Span(total))
}

/// Reads `T+12m30s`, `T-20s`, `T+0s`, `T+0m`.
pub fn offset(text: &str) -> Option<Offset> {
    let t = text.trim().strip_prefix('T')?;
    let (neg, t) = match t.strip_prefix('-') {
        Some(t) => (true, t),
        None => (false, t.strip_prefix('+')?),
    };
    let s = i64::try_from(span(t)?.0).ok()?;
    Some(Offset(if neg { -s } else { s }))
}

/// Reads `6ms`, `1.5s`, `250us` as microseconds.
pub fn micros(text: &str) -> Option<u64> {
    suffixed(text, &[("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000)])
}

/// Reads `40GB`, `512MB`, `3.5GiB`, `100B` as bytes (`k`, `M`, `G`, `T` are powers of 1000, with `i` of 1024).
pub fn bytes(text: &str) -> Option<u64> {
    suffixed(
        text,
        &[
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
            ("TiB", 1 << 40),
            ("kB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("TB", 1_000_000_000_000),
            ("B", 1),
        ],
    )
}

/// Reads a rate such as `1180/s`, `30/m`, `2/h` as an exact number a second.
pub fn rate(text: &str) -> Option<Ratio> {
    let (n, unit) = text.trim().rsplit_once('/')?;
    let per = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    let n = rational::parse(n)?;
    if n.is_negative() { None } else { Some(n / rational::whole(per)) }
}

/// Reads a share between 0 and 1, such as `0.97` or `1/20`.
pub fn share(text: &str) -> Option<Ratio> {
    let r = rational::parse(text)?;
    (!r.is_negative() && r <= rational::whole(1)).then_some(r)
}

fn suffixed(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let t = text.trim();
    let (suffix, scale) =
        units.iter().find(|(s, _)| t.strip_suffix(s).is_some_and(|n| n.ends_with(|c: char| c.is_ascii_digit())))?;
    let n = rational::parse(&t[..t.len() - suffix.len()])?;
    let v = n * rational::whole(i64::try_from(*scale).ok()?);
    if v.is_integer() && !v.is_negative() { v.to_integer().to_u64() } else { None }
}
