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

/// CPU time as systemd prints it: `3d 4h 12min 8s`.
pub fn spent(seconds: u64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts = parts.iter().skip_while(|(n, unit)| *n == 0 && *unit != "s").map(|(n, unit)| format!("{n}{unit}"));
    parts.collect::<Vec<_>>().join(" ")
}
