//! Numbers as the shell writes them: decimal, `0x1f`, `017`, `2#101`.

/// The value, or what bash says about it.
pub fn number(text: &str) -> Result<i64, &'static str> {
    if text.is_empty() || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("syntax error: invalid arithmetic operator");
    }
    let (base, digits) = match text.split_once('#') {
        Some((base, digits)) => match base.parse::<u32>() {
            Ok(b @ 2..=64) => (b, digits),
            _ => return Err("invalid arithmetic base"),
        },
        None => match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(hex) => (16, hex),
            None if text.len() > 1 && text.starts_with('0') => (8, text),
            None => (10, text),
        },
    };
    if digits.is_empty() {
        return Err("invalid number");
    }
    let mut value = 0i64;
    for c in digits.chars() {
        let d = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            'a'..='z' => u32::from(c) - u32::from('a') + 10,
            'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
            'A'..='Z' => u32::from(c) - u32::from('A') + 36,
            '@' => 62,
            '_' => 63,
            _ => return Err("syntax error: invalid arithmetic operator"),
        };
        if d >= base {
            return Err("value too great for base");
        }
        value = value.wrapping_mul(i64::from(base)).wrapping_add(i64::from(d));
    }
    Ok(value)
}
