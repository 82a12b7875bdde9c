//! Numbers as C prints them: `%d`, `%x`, `%e`, `%f`, `%g` with flags, width and precision.

/// A conversion without its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `-`.
    pub left: bool,
    /// `0`.
    pub zero: bool,
    /// `+`.
    pub plus: bool,
    /// A blank.
    pub space: bool,
    /// `#`.
    pub alt: bool,
    /// `'`.
    pub group: bool,
    /// Least width.
    pub width: usize,
    /// Behind the point.
    pub precision: Option<usize>,
}

/// The widest field and the longest fraction that anybody gets.
const WIDEST: usize = 4096;

/// Reads flags, width and precision at the start of `text` (behind the `%`), and how many characters they are.
/// `star` gives the value for each `*`.
pub fn spec(text: &[char], mut star: impl FnMut() -> i64) -> (Spec, usize) {
    let mut s = Spec::default();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        match c {
            '-' => s.left = true,
            '0' => s.zero = true,
            '+' => s.plus = true,
            ' ' => s.space = true,
            '#' => s.alt = true,
            '\'' => s.group = true,
            _ => break,
        }
        at += 1;
    }
    let mut number = |at: &mut usize| -> i64 {
        if text.get(*at) == Some(&'*') {
            *at += 1;
            return star();
        }
        let mut n = 0i64;
        while let Some(d) = text.get(*at).and_then(|c| c.to_digit(10)) {
            n = (n * 10 + i64::from(d)).min(1 << 30);
            *at += 1;
        }
        n
    };
    let width = number(&mut at);
    s.left |= width < 0;
    s.width = usize::try_from(width.unsigned_abs()).unwrap_or(0).min(WIDEST);
    if text.get(at) == Some(&'.') {
        at += 1;
        // A negative precision counts as none.
        s.precision = usize::try_from(number(&mut at)).ok().map(|p| p.min(WIDEST));
    }
    (s, at)
}

/// Text in its field.
pub fn padded(s: &Spec, text: &str) -> String {
    let cut: String = match s.precision {
        Some(p) => text.chars().take(p).collect(),
        None => text.to_owned(),
    };
    fill(s, "", &cut, false)
}

fn fill(s: &Spec, sign: &str, body: &str, zero: bool) -> String {
    let have = sign.chars().count() + body.chars().count();
    let pad = s.width.saturating_sub(have);
    if s.left {
        format!("{sign}{body}{}", " ".repeat(pad))
    } else if zero {
        format!("{sign}{}{body}", "0".repeat(pad))
    } else {
        format!("{}{sign}{body}", " ".repeat(pad))
    }
}

fn sign(s: &Spec, negative: bool) -> &'static str {
    match (negative, s.plus, s.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}

/// `%d`, `%i`, `%u`, `%o`, `%x`, `%X`.
pub fn integer(s: &Spec, kind: char, value: i128) -> String {
    let wrapped = || value.rem_euclid(1i128 << 64);
    let mut body = match kind {
        'o' => format!("{:o}", wrapped()),
        'x' => format!("{:x}", wrapped()),
        'X' => format!("{:X}", wrapped()),
        'u' => wrapped().to_string(),
        _ => value.unsigned_abs().to_string(),
    };
    if s.precision == Some(0) && value == 0 {
        body.clear();
    }
    if let Some(p) = s.precision {
        body = format!("{}{body}", "0".repeat(p.saturating_sub(body.len())));
    }
    let mut prefix = if matches!(kind, 'd' | 'i') { sign(s, value < 0).to_owned() } else { String::new() };
    match kind {
        'o' if s.alt && !body.starts_with('0') => prefix.push('0'),
        'x' if s.alt && value != 0 => prefix.push_str("0x"),
        'X' if s.alt && value != 0 => prefix.push_str("0X"),
        _ => {}
    }
    fill(s, &prefix, &body, s.zero && s.precision.is_none())
}

/// `%e`, `%f`, `%g` and their capitals.
pub fn float(s: &Spec, kind: char, value: f64) -> String {
    let sign = sign(s, value.is_sign_negative() && !value.is_nan());
    let upper = kind.is_ascii_uppercase();
    let case = |t: String| if upper { t.to_uppercase() } else { t };
    if !value.is_finite() {
        let sign = if value.is_nan() && value.is_sign_negative() { "-" } else { sign };
        let body = if value.is_nan() { "nan" } else { "inf" };
        return fill(s, sign, &case(body.to_owned()), false);
    }
    let v = value.abs();
    let precision = s.precision.unwrap_or(6);
    let body = match kind.to_ascii_lowercase() {
        'f' => fixed(v, precision, s.alt),
        'e' => exponent(v, precision, s.alt),
        _ => general(v, precision.max(1), s.alt),
    };
    fill(s, sign, &case(body), s.zero)
}

fn fixed(v: f64, precision: usize, alt: bool) -> String {
    let point = if alt && precision == 0 { "." } else { "" };
    format!("{v:.precision$}{point}")
}

fn exponent(v: f64, precision: usize, alt: bool) -> String {
    let text = format!("{v:.precision$e}");
    let (mantissa, exp) = text.split_once('e').unwrap_or((&text, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    let point = if alt && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}e{}{:02}", if exp < 0 { '-' } else { '+' }, exp.abs())
}

fn general(v: f64, precision: usize, alt: bool) -> String {
    let probe = format!("{v:.*e}", precision - 1);
    let exp: i64 = probe.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let p = i64::try_from(precision).unwrap_or(6);
    let trim = |t: String| {
        if alt || !t.contains('.') {
            return t;
        }
        t.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if exp < -4 || exp >= p {
        let text = exponent(v, precision - 1, alt);
        match text.split_once('e') {
            Some((m, e)) => format!("{}e{e}", trim(m.to_owned())),
            None => text,
        }
    } else {
        trim(fixed(v, usize::try_from(p - 1 - exp).unwrap_or(0), alt))
    }
}
