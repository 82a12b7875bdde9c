//! Sizes as `ls`, `du` and `df` are told to print them, and the order of version numbers.

use std::cmp::Ordering;

/// In what a size is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// With a letter, powers of 1024 or 1000.
    Human(u64),
    /// In blocks of so many bytes, with these letters behind.
    Block(u64, String),
}

impl Unit {
    /// Reads a block size: `1`, `K`, `1M`, `GB`, `human-readable`, `si`.
    pub fn parse(text: &str) -> Option<Unit> {
        match text {
            "human-readable" | "human" => return Some(Unit::Human(1024)),
            "si" => return Some(Unit::Human(1000)),
            _ => {}
        }
        let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, letters) = text.split_at(at);
        let scale = multiplier(letters)?;
        let n: u64 = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        let size = n.checked_mul(scale).filter(|s| *s > 0)?;
        Some(Unit::Block(size, if digits.is_empty() { letters.to_owned() } else { String::new() }))
    }

    /// Bytes in this unit, rounded up.
    pub fn show(&self, bytes: u64) -> String {
        match self {
            Unit::Human(base) => human(bytes, *base),
            Unit::Block(size, letters) => format!("{}{letters}", bytes.div_ceil(*size)),
        }
    }
}

/// What letters behind a number multiply it by: `K`, `KiB`, `kB`, `MB`, …
pub(crate) fn multiplier(letters: &str) -> Option<u64> {
    let Some(first) = letters.chars().next() else { return Some(1) };
    let power = "KMGTPE".find(first.to_ascii_uppercase())?;
    let power = u32::try_from(power + 1).ok()?;
    match letters.get(1..)? {
        "" | "iB" => 1024u64.checked_pow(power),
        "B" => 1000u64.checked_pow(power),
        _ => None,
    }
}

fn human(bytes: u64, base: u64) -> String {
    if bytes < base {
        return bytes.to_string();
    }
    let mut unit = 1u64;
    let mut name = 'K';
    for n in [if base == 1000 { 'k' } else { 'K' }, 'M', 'G', 'T', 'P', 'E'] {
        unit = unit.saturating_mul(base);
        name = n;
        if bytes.div_ceil(unit) < base {
            break;
        }
    }
    let tenths = (u128::from(bytes) * 10).div_ceil(u128::from(unit));
    match tenths < 100 {
        true => format!("{}.{}{name}", tenths / 10, tenths % 10),
        false => format!("{}{name}", bytes.div_ceil(unit)),
    }
}

/// The order of names that hold version numbers, as `ls -v` has it.
pub(crate) fn by_version(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let rank = |s: &str| match s {
        "" => 0,
        "." => 1,
        ".." => 2,
        s if s.starts_with('.') => 3,
        _ => 4,
    };
    let ranks = rank(a).cmp(&rank(b));
    if ranks != Ordering::Equal {
        return ranks;
    }
    // Suffixes such as `.tar.gz` count only if all else is the same.
    let (x, y) = (stem(a), stem(b));
    let stems = if x == y { Ordering::Equal } else { figures(x, y) };
    stems.then_with(|| figures(a, b)).then_with(|| a.cmp(b))
}

/// A name without its suffixes, each a dot, a letter or `~`, and letters, figures or `~`.
fn stem(name: &str) -> &str {
    let bytes = name.as_bytes();
    let mut end = bytes.len();
    loop {
        let mut i = end;
        while i > 0 && bytes.get(i - 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'~') {
            i -= 1;
        }
        let letter = bytes.get(i).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'~');
        if i < 2 || i == end || !letter || bytes.get(i - 1) != Some(&b'.') {
            return name.get(..end).unwrap_or(name);
        }
        end = i - 1;
    }
}

fn figures(a: &str, b: &str) -> Ordering {
    let weight = |c: Option<u8>| match c {
        None => -1i32,
        Some(b'~') => -2,
        Some(c) if c.is_ascii_digit() => 0,
        Some(c) if c.is_ascii_alphabetic() => i32::from(c),
        Some(c) => i32::from(c) + 256,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut i, mut j) = (0, 0);
    let digit = |s: &[u8], at: usize| s.get(at).is_some_and(u8::is_ascii_digit);
    while i < a.len() || j < b.len() {
        while (i < a.len() && !digit(a, i)) || (j < b.len() && !digit(b, j)) {
            let order = weight(a.get(i).copied()).cmp(&weight(b.get(j).copied()));
            if order != Ordering::Equal {
                return order;
            }
            i += 1;
            j += 1;
        }
        let number = |s: &[u8], at: &mut usize| {
            while s.get(*at) == Some(&b'0') {
                *at += 1;
            }
            let from = *at;
            while digit(s, *at) {
                *at += 1;
            }
            s.get(from..*at).unwrap_or_default().to_vec()
        };
        let (x, y) = (number(a, &mut i), number(b, &mut j));
        let order = x.len().cmp(&y.len()).then_with(|| x.cmp(&y));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}
