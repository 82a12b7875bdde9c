//! `echo`, `printf` and the numbers that tools print.

mod bytes;
mod number;

pub use bytes::{from_bytes, to_bytes};
pub use number::{Spec, float, integer, padded, spec};

/// Bytes as `ls -h`, `du -h` and `df -h` print them: rounded up, one decimal below ten.
pub fn human(bytes: u64) -> String {
    if bytes < 1024 {
        return bytes.to_string();
    }
    let mut unit = 1u64;
    let mut name = 'K';
    for n in ['K', 'M', 'G', 'T', 'P'] {
        unit = unit.saturating_mul(1024);
        name = n;
        // 1023.1K would round up to 1024K, which is printed as 1.0M.
        if bytes.div_ceil(unit) < 1024 {
            break;
        }
    }
    let tenths = (u128::from(bytes) * 10).div_ceil(u128::from(unit));
    if tenths < 100 {
        format!("{}.{}{name}", tenths / 10, tenths % 10)
    } else {
        format!("{}{name}", bytes.div_ceil(unit))
    }
}

/// Bytes as `free -h` and systemd print them: `3.7G`, `512M`.
pub fn short(bytes: u64, suffix: &str) -> String {
    for (scale, name) in [(1u64 << 40, 'T'), (1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K')] {
        if bytes >= scale {
            let tenths = bytes as u128 * 10 / u128::from(scale);
            return if tenths >= 100 && !suffix.is_empty() {
                format!("{}{name}{suffix}", tenths / 10)
            } else {
                format!("{}.{}{name}{suffix}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes}B")
}

/// Reads `10G`, `512M`, `4096` (powers of 1024) as `sort -h` and `volume resize` do.
pub fn size(text: &str) -> Option<u64> {
    let t = text.trim().trim_end_matches('B').trim_end_matches('i');
    let (digits, scale) = match t.chars().last()? {
        'K' | 'k' => (t.get(..t.len() - 1)?, 1u64 << 10),
        'M' => (t.get(..t.len() - 1)?, 1 << 20),
        'G' => (t.get(..t.len() - 1)?, 1 << 30),
        'T' => (t.get(..t.len() - 1)?, 1 << 40),
        _ => (t, 1),
    };
    if let Ok(n) = digits.parse::<u64>() {
        return n.checked_mul(scale);
    }
    let v: f64 = digits.parse().ok()?;
    (v.is_finite() && v >= 0.0).then_some((v * scale as f64) as u64)
}

/// How a main process ended, as systemd puts it.
pub fn ended(result: &str) -> &'static str {
    match result {
        "signal" | "oom-kill" => "code=killed, signal=KILL",
        "core-dump" => "code=dumped, signal=SEGV",
        _ => "code=exited, status=1/FAILURE",
    }
}

/// A span as systemd prints it to the millisecond: `1month 1w 6d 2h 44min 46.250s`, with months of 30.4375 days.
pub fn spent(ms: u64) -> String {
    const UNITS: [(u64, &str); 6] = [
        (31_557_600_000, "y"),
        (2_629_800_000, "month"),
        (604_800_000, "w"),
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
    ];
    let mut left = ms;
    let mut parts = Vec::new();
    for (unit, name) in UNITS {
        if left >= unit {
            parts.push(format!("{}{name}", left / unit));
            left %= unit;
        }
    }
    match (left / 1_000, left % 1_000) {
        (0, 0) if parts.is_empty() => parts.push("0".to_owned()),
        (0, 0) => {}
        (s, 0) => parts.push(format!("{s}s")),
        (0, rest) => parts.push(format!("{rest}ms")),
        (s, rest) => parts.push(format!("{s}.{rest:03}s")),
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::spent;

    #[test]
    fn spans_are_those_of_systemd() {
        // `systemd-analyze timespan`, to the millisecond.
        let known = [
            (0, "0"),
            (250, "250ms"),
            (46_000, "46s"),
            (46_250, "46.250s"),
            (59_999, "59.999s"),
            (3_600_000, "1h"),
            (86_400_000, "1d"),
            (90_061_500, "1d 1h 1min 1.500s"),
            (604_800_000, "1w"),
            (2_629_800_000, "1month"),
            (3_759_286_250, "1month 1w 6d 1h 44min 46.250s"),
            (31_557_600_001, "1y 1ms"),
        ];
        for (ms, text) in known {
            assert_eq!(spent(ms), text, "{ms} ms");
        }
    }
}
