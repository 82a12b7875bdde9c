//! `echo`, `printf` and the numbers that tools print.

/// What `echo` prints.
pub fn echo(args: &[String]) -> String {
    let (mut newline, mut escapes, mut skip) = (true, false, 0);
    for a in args {
        match a.as_str() {
            "-n" => newline = false,
            "-e" => escapes = true,
            "-ne" | "-en" => (newline, escapes) = (false, true),
            "-E" => escapes = false,
            _ => break,
        }
        skip += 1;
    }
    let text = args.get(skip..).unwrap_or_default().join(" ");
    let text = if escapes { unescape(&text) } else { text };
    if newline { format!("{text}\n") } else { text }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\\') => out.push('\\'),
            Some('"') => out.push('"'),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}

/// What `printf` prints: `%s %d %i %u %f %.Nf %x %c %%` with width, `-` and `0`.
pub fn printf(args: &[String]) -> Result<String, String> {
    let Some((format, values)) = args.split_first() else {
        return Err("printf: usage: printf format [arguments]".to_owned());
    };
    let format: Vec<char> = unescape(format).chars().collect();
    let mut out = String::new();
    let mut values = values.iter();
    loop {
        let mut used = false;
        let mut i = 0;
        while let Some(&c) = format.get(i) {
            i += 1;
            if c != '%' {
                out.push(c);
                continue;
            }
            if format.get(i) == Some(&'%') {
                out.push('%');
                i += 1;
                continue;
            }
            let (mut left, mut zero) = (false, false);
            while let Some(f @ ('-' | '0' | '+' | ' ')) = format.get(i) {
                left |= *f == '-';
                zero |= *f == '0';
                i += 1;
            }
            let number = |i: &mut usize| {
                let mut n = 0usize;
                while let Some(d) = format.get(*i).and_then(|c| c.to_digit(10)) {
                    n = (n * 10 + d as usize).min(2000);
                    *i += 1;
                }
                n
            };
            let width = number(&mut i);
            let mut precision = None;
            if format.get(i) == Some(&'.') {
                i += 1;
                precision = Some(number(&mut i));
            }
            let Some(kind) = format.get(i) else { return Err("printf: `%': missing format character".to_owned()) };
            i += 1;
            used = true;
            let value = values.next().cloned().unwrap_or_default();
            let int = || -> Result<i64, String> {
                if value.is_empty() {
                    Ok(0)
                } else {
                    value.parse().map_err(|_| format!("printf: {value}: invalid number"))
                }
            };
            let body = match kind {
                's' => value.chars().take(precision.unwrap_or(usize::MAX)).collect(),
                'c' => value.chars().take(1).collect(),
                'd' | 'i' | 'u' => int()?.to_string(),
                'x' => format!("{:x}", int()?),
                'f' => {
                    let v: f64 = if value.is_empty() {
                        0.0
                    } else {
                        value.parse().map_err(|_| format!("printf: {value}: invalid number"))?
                    };
                    format!("{v:.*}", precision.unwrap_or(6).min(20))
                }
                c => return Err(format!("printf: `{c}': invalid format character")),
            };
            let pad = width.saturating_sub(body.chars().count());
            if left {
                out.push_str(&body);
                out.extend(std::iter::repeat_n(' ', pad));
            } else {
                out.extend(std::iter::repeat_n(if zero && !matches!(kind, 's' | 'c') { '0' } else { ' ' }, pad));
                out.push_str(&body);
            }
        }
        if !used || values.len() == 0 {
            return Ok(out);
        }
    }
}

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
        "signal" => "code=killed, signal=KILL",
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
