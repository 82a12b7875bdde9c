//! seq, yes, factor: numbers and words without end.

use crate::console::text_format::{float, spec};
use crate::console::tool::{Ctx, Decl, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "seq",
        synopsis: "[OPTION]... [FIRST [INCREMENT]] LAST",
        about: "print a sequence of numbers",
        opts: &[
            value("f", "format", "FORMAT", "use printf style floating-point FORMAT"),
            value("s", "separator", "STRING", "use STRING to separate numbers (default: \\n)"),
            flag("w", "equal-width", "equalize width by padding with leading zeroes"),
        ],
        examples: &[
            ("seq 2 2 6", "2\n4\n6\n"),
            ("seq -s , 3", "1,2,3\n"),
            ("seq 0.5 0.25 1", "0.50\n0.75\n1.00\n"),
            ("seq -w 9 10", "09\n10\n"),
        ],
        step: seq,
        words: Words::Numbers,
        ..Decl::BLANK
    },
    Decl {
        name: "yes",
        synopsis: "[STRING]...",
        about: "output a string repeatedly until killed",
        examples: &[("yes ok | head -n 2", "ok\nok\n")],
        step: yes,
        ..Decl::BLANK
    },
    Decl {
        name: "factor",
        synopsis: "[NUMBER]...",
        about: "factor numbers",
        missing: &["Numbers of more than 64 bits."],
        examples: &[("factor 360", "360: 2 2 2 3 3 5\n")],
        step: factor,
        ..Decl::BLANK
    },
];

/// A decimal: `digits` tens to the power of minus `scale`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    scale: u32,
    /// Characters before and after the point as typed.
    width: usize,
}

fn decimal(text: &str) -> Option<Decimal> {
    let t = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = match t.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().ok().filter(|e| e.abs() <= 20)?),
        None => (t, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if !plain(unsigned) || !plain(part) || (unsigned.is_empty() && part.is_empty()) || unsigned.len() + part.len() > 24
    {
        return None;
    }
    let mut digits: i128 = format!("{unsigned}{part}").parse().ok()?;
    let mut scale = i32::try_from(part.len()).ok()? - exponent;
    while scale < 0 {
        digits = digits.checked_mul(10)?;
        scale += 1;
    }
    if whole.starts_with('-') {
        digits = -digits;
    }
    let width = if exponent == 0 {
        mantissa.len() + usize::from(mantissa.starts_with('.') || mantissa.starts_with("-."))
    } else {
        0
    };
    Some(Decimal { digits, scale: u32::try_from(scale).ok()?, width })
}

/// A number with so many digits behind the point.
fn show(value: i128, scale: u32) -> String {
    let unit = 10u128.saturating_pow(scale);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        return format!("{sign}{magnitude}");
    }
    format!("{sign}{}.{:0>width$}", magnitude / unit, magnitude % unit, width = scale as usize)
}

/// A format with one floating-point conversion in it, filled.
pub(super) fn formatted(format: &str, value: f64) -> Option<String> {
    let chars: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(ch) = chars.get(at) {
        at += 1;
        if *ch != '%' {
            out.push(*ch);
            continue;
        }
        if chars.get(at) == Some(&'%') {
            out.push('%');
            at += 1;
            continue;
        }
        let (s, used) = spec(chars.get(at..)?, || 0);
        at += used;
        let kind = *chars.get(at).filter(|k| "efgEFG".contains(**k))?;
        at += 1;
        out.push_str(&float(&s, kind, value));
    }
    Some(out)
}

fn seq(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let mut numbers = Vec::new();
    for w in &words {
        match decimal(w) {
            Some(d) => numbers.push(d),
            None => return c.misuse(&format!("invalid floating point argument: ‘{w}’"), 1),
        }
    }
    let one = Decimal { digits: 1, scale: 0, width: 1 };
    let (first, step, last) = match numbers.as_slice() {
        [l] => (one, one, *l),
        [f, l] => (*f, one, *l),
        [f, s, l] => (*f, *s, *l),
        [] => return c.misuse("missing operand", 1),
        _ => return c.misuse(&format!("extra operand ‘{}’", words.get(3).map_or("", String::as_str)), 1),
    };
    if step.digits == 0 {
        return c.misuse(&format!("invalid Zero increment value: ‘{}’", words.get(1).map_or("", String::as_str)), 1);
    }
    let format = c.args.get("f").map(str::to_owned);
    if let Some(f) = &format {
        let bare = f.replace("%%", "");
        let conversions = bare.matches('%').count();
        if conversions != 1 {
            c.error(&match conversions {
                0 => format!("format ‘{f}’ has no % directive"),
                _ => format!("format ‘{f}’ has too many % directives"),
            });
            return Step::Exit(1);
        }
        if c.args.has("w") {
            return c.misuse("format string may not be specified when printing equal width strings", 1);
        }
    }
    let precision = first.scale.max(step.scale);
    let scale = precision.max(last.scale);
    let up = |d: Decimal| d.digits.saturating_mul(10i128.saturating_pow(scale - d.scale));
    let (start, by, end) = (up(first), up(step), up(last));
    // Digits that only the last number has are not printed.
    let cut = 10i128.saturating_pow(scale - precision);
    let width = if c.args.has("w") {
        let grow = |d: Decimal| {
            let base = d.width + usize::from(d.scale == 0 && precision > 0) + precision as usize;
            base.saturating_sub(d.scale as usize)
        };
        let shorter = usize::from(last.scale > 0 && precision == 0);
        grow(first).max(grow(last).saturating_sub(shorter))
    } else {
        0
    };
    let separator = c.args.get("s").unwrap_or("\n").to_owned();
    for _ in 0..1000 {
        let at = i128::from(c.tool.n).checked_mul(by).and_then(|d| start.checked_add(d));
        let Some(v) = at.filter(|v| if by > 0 { *v <= end } else { *v >= end }) else {
            if c.tool.n > 0 {
                c.print("\n");
            }
            return Step::Exit(0);
        };
        let mut text = show(v / cut, precision);
        if let Some(f) = &format {
            let Some(made) = formatted(f, text.parse().unwrap_or(0.0)) else {
                c.error(&format!("format ‘{f}’ has unknown %{} directive", f.chars().last().unwrap_or(' ')));
                return Step::Exit(1);
            };
            text = made;
        } else if text.len() < width {
            let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("-", d));
            text = format!("{sign}{digits:0>rest$}", rest = width - sign.len());
        }
        if c.tool.n > 0 {
            c.print(&separator);
        }
        c.print(&text);
        c.tool.n += 1;
    }
    Step::More
}

fn yes(c: &mut Ctx<'_>) -> Step {
    let line = if c.args.rest.is_empty() { "y".to_owned() } else { c.args.rest.join(" ") };
    let times = (16 * 1024 / (line.len() + 1)).max(1);
    c.print(&format!("{line}\n").repeat(times));
    Step::More
}

fn factor(c: &mut Ctx<'_>) -> Step {
    let mut words = c.args.rest.clone();
    if words.is_empty() {
        match c.records(&[], '\n') {
            Ok(lines) => words = lines.iter().flat_map(|l| l.split_whitespace()).map(str::to_owned).collect(),
            Err(step) => return step,
        }
    }
    for word in words {
        let Some(n) = word.trim_start_matches('+').parse::<u64>().ok() else {
            let why = if !word.is_empty() && word.chars().all(|d| d.is_ascii_digit()) {
                "is too large"
            } else {
                "is not a valid positive integer"
            };
            c.error(&format!("‘{word}’ {why}"));
            continue;
        };
        let mut out = format!("{n}:");
        let mut all = Vec::new();
        factors(n, &mut all);
        all.sort_unstable();
        for p in all {
            out.push_str(&format!(" {p}"));
        }
        c.line(&out);
    }
    Step::Exit(c.tool.status)
}

fn times(a: u64, b: u64, n: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) % u128::from(n)).unwrap_or(0)
}

fn power(mut base: u64, mut exponent: u64, n: u64) -> u64 {
    let mut out = 1 % n;
    base %= n;
    while exponent > 0 {
        if exponent & 1 == 1 {
            out = times(out, base, n);
        }
        base = times(base, base, n);
        exponent >>= 1;
    }
    out
}

/// Miller and Rabin's test; these bases decide for all numbers of 64 bits (Sinclair, 2011).
fn is_prime(n: u64) -> bool {
    if n < 4 || n % 2 == 0 {
        return n == 2 || n == 3;
    }
    let twos = (n - 1).trailing_zeros();
    let odd = (n - 1) >> twos;
    [2u64, 325, 9_375, 28_178, 450_775, 9_780_504, 1_795_265_022].into_iter().filter(|b| b % n != 0).all(|base| {
        let mut x = power(base, odd, n);
        if x == 1 || x == n - 1 {
            return true;
        }
        for _ in 1..twos {
            x = times(x, x, n);
            if x == n - 1 {
                return true;
            }
        }
        false
    })
}

/// Prime factors: small ones by trial, the others by Pollard's rho.
fn factors(mut n: u64, out: &mut Vec<u64>) {
    for p in (2..1_000u64).filter(|p| *p == 2 || p % 2 == 1) {
        while n > 1 && n % p == 0 {
            out.push(p);
            n /= p;
        }
    }
    let mut open = vec![n];
    while let Some(n) = open.pop().filter(|n| *n > 1) {
        if is_prime(n) {
            out.push(n);
            continue;
        }
        for seed in 1..n {
            let next = |x: u64| (u128::from(times(x, x, n)) + u128::from(seed)) % u128::from(n);
            let next = |x: u64| u64::try_from(next(x)).unwrap_or(0);
            let (mut slow, mut fast, mut divisor) = (2, 2, 1);
            while divisor == 1 {
                slow = next(slow);
                fast = next(next(fast));
                divisor = gcd(slow.abs_diff(fast), n);
            }
            if divisor != n {
                open.extend([divisor, n / divisor]);
                break;
            }
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
