//! Templates of labels and annotations, as Prometheus's rules write them: `{{ $labels.x }}`, `{{ $value | humanize }}`.
//!
//! A subset of the template language of Go: references, pipes and functions. What it does not know stays as it is
//! written, so that an author sees it.

use crate::observe::series::Labels;
use std::fmt::Write as _;

/// Expands a template for an alert with these labels (of the expression's result) and this value.
pub fn expand(template: &str, labels: &Labels, value: f64) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        let (before, inside) = rest.split_at(open);
        let Some(close) = inside.find("}}") else { break };
        let code = inside.get(2..close).unwrap_or_default();
        // `{{-` and `-}}` take the white space around with them.
        let (left, right) = (code.starts_with("- "), code.ends_with(" -"));
        let code = code.strip_prefix('-').filter(|_| left).unwrap_or(code);
        let code = code.strip_suffix('-').filter(|_| right).unwrap_or(code);
        out.push_str(if left { before.trim_end() } else { before });
        match pipeline(code.trim(), labels, value) {
            Some(text) => out.push_str(&text),
            None => out.push_str(inside.get(..close + 2).unwrap_or_default()),
        }
        rest = inside.get(close + 2..).unwrap_or_default();
        if right {
            rest = rest.trim_start();
        }
    }
    out.push_str(rest);
    out
}

/// What flows through a pipe.
#[derive(Clone, Debug)]
enum Item {
    Number(f64),
    Text(String),
}

impl Item {
    fn number(&self) -> Option<f64> {
        match self {
            Item::Number(v) => Some(*v),
            Item::Text(t) => t.parse().ok(),
        }
    }

    fn text(self) -> String {
        match self {
            Item::Number(v) => shortest(v),
            Item::Text(t) => t,
        }
    }
}

fn pipeline(code: &str, labels: &Labels, value: f64) -> Option<String> {
    let mut item: Option<Item> = None;
    for part in split(code, '|') {
        let words: Vec<String> = split(part.trim(), ' ').into_iter().filter(|w| !w.is_empty()).collect();
        let (first, args) = words.split_first()?;
        let mut args = args.iter().map(|a| reference(a, labels, value)).collect::<Option<Vec<Item>>>()?;
        args.extend(item.take());
        item = Some(if args.is_empty() { reference(first, labels, value)? } else { call(first, args)? });
    }
    item.map(Item::text)
}

/// Splits outside of quotes.
fn split(text: &str, at: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '"';
        if c == at && !quoted {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn reference(word: &str, labels: &Labels, value: f64) -> Option<Item> {
    let label = |name: &str| Some(Item::Text(labels.get(name).unwrap_or_default().to_owned()));
    match word {
        "$value" | ".Value" => Some(Item::Number(value)),
        _ => {
            if let Some(name) = word.strip_prefix("$labels.").or_else(|| word.strip_prefix(".Labels.")) {
                return label(name);
            }
            if let Some(text) = word.strip_prefix('"').and_then(|w| w.strip_suffix('"')) {
                return Some(Item::Text(text.to_owned()));
            }
            word.parse().ok().map(Item::Number)
        }
    }
}

fn call(function: &str, args: Vec<Item>) -> Option<Item> {
    let mut args = args.into_iter();
    let first = args.next()?;
    let text = |t: String| Some(Item::Text(t));
    match function {
        "humanize" => text(humanize(first.number()?)),
        "humanize1024" => text(humanize_1024(first.number()?)),
        "humanizeDuration" => text(humanize_duration(first.number()?)),
        "humanizePercentage" => text(format!("{}%", general(first.number()? * 100.0, 4))),
        "toUpper" => text(first.text().to_uppercase()),
        "toLower" => text(first.text().to_lowercase()),
        "title" => {
            let words = first.text();
            let mut out = String::with_capacity(words.len());
            let mut begin = true;
            for c in words.chars() {
                if begin {
                    out.extend(c.to_uppercase())
                } else {
                    out.push(c)
                }
                begin = c.is_whitespace();
            }
            text(out)
        }
        "printf" => {
            let format = first.text();
            let arg = args.next()?;
            text(printf(&format, arg)?)
        }
        "index" => None,
        _ => None,
    }
}

/// One verb in a format: `%s`, `%v`, `%d`, `%f`, `%.2f`, `%.3g`.
fn printf(format: &str, arg: Item) -> Option<String> {
    let start = format.find('%')?;
    let (before, spec) = (format.get(..start)?, format.get(start + 1..)?);
    let end = spec.find(|c: char| c.is_ascii_alphabetic())?;
    let precision = spec.get(..end)?.strip_prefix('.').map(str::parse::<usize>);
    let precision = precision.transpose().ok()?;
    let shown = match (spec.get(end..=end)?, precision) {
        ("s" | "v", None) => arg.text(),
        ("d", None) => format!("{}", arg.number()? as i64),
        ("f", p) => format!("{:.*}", p.unwrap_or(6), arg.number()?),
        ("g", Some(p)) => general(arg.number()?, p),
        ("g", None) => shortest(arg.number()?),
        _ => return None,
    };
    let after = spec.get(end + 1..)?.replace("%%", "%");
    Some(format!("{}{shown}{after}", before.replace("%%", "%")))
}

/// Prefixes of a thousand, as Prometheus's `humanize`.
pub fn humanize(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return general(value, 4);
    }
    let (mut v, mut prefix) = (value, "");
    if v.abs() >= 1.0 {
        for p in ["k", "M", "G", "T", "P", "E", "Z", "Y"] {
            if v.abs() < 1_000.0 {
                break;
            }
            prefix = p;
            v /= 1_000.0;
        }
    } else {
        for p in ["m", "u", "n", "p", "f", "a", "z", "y"] {
            if v.abs() >= 1.0 {
                break;
            }
            prefix = p;
            v *= 1_000.0;
        }
    }
    format!("{}{prefix}", general(v, 4))
}

/// Prefixes of 1024, as Prometheus's `humanize1024`.
pub fn humanize_1024(value: f64) -> String {
    let (mut v, mut prefix) = (value, "");
    if value.abs() > 1.0 && value.is_finite() {
        for p in ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"] {
            if v.abs() < 1_024.0 {
                break;
            }
            prefix = p;
            v /= 1_024.0;
        }
    }
    format!("{}{prefix}", general(v, 4))
}

/// Seconds in days, hours, minutes and seconds, as Prometheus's `humanizeDuration`.
pub fn humanize_duration(value: f64) -> String {
    if !value.is_finite() {
        return general(value, 4);
    }
    if value == 0.0 {
        return "0s".to_owned();
    }
    if value.abs() < 1.0 {
        let (mut v, mut prefix) = (value, "");
        for p in ["m", "u", "n", "p", "f", "a", "z", "y"] {
            if v.abs() >= 1.0 {
                break;
            }
            prefix = p;
            v *= 1_000.0;
        }
        return format!("{}{prefix}s", general(v, 4));
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let whole = value.abs() as u64;
    let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", general(value.abs(), 4)),
        (0, 0, _) => format!("{sign}{minutes}m {seconds}s"),
        (0, _, _) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    }
}

/// A number as Go's `%v` writes it: the fewest digits that mean it, with an exponent below 10⁻⁴ and from 10²¹.
pub fn shortest(value: f64) -> String {
    if let Some(text) = special(value) {
        return text;
    }
    let exponent = exponent_of(&format!("{value:e}"));
    if (-4..21).contains(&exponent) { format!("{value}") } else { go_exponent(&format!("{value:e}")) }
}

/// A number as Go's `%.{digits}g` writes it.
pub fn general(value: f64, digits: usize) -> String {
    if let Some(text) = special(value) {
        return text;
    }
    let digits = digits.max(1);
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent = exponent_of(&scientific);
    let trim = |text: &str| -> String {
        if !text.contains('.') {
            return text.to_owned();
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if exponent < -4 || exponent >= i64::try_from(digits).unwrap_or(i64::MAX) {
        let (mantissa, e) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        return go_exponent(&format!("{}e{e}", trim(mantissa)));
    }
    let places = usize::try_from(i64::try_from(digits).unwrap_or(1) - 1 - exponent).unwrap_or(0);
    trim(&format!("{value:.places$}"))
}

fn special(value: f64) -> Option<String> {
    if value.is_nan() {
        return Some("NaN".to_owned());
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned());
    }
    (value == 0.0).then(|| if value.is_sign_negative() { "-0" } else { "0" }.to_owned())
}

fn exponent_of(scientific: &str) -> i64 {
    scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0)
}

/// `1e5` as Go writes it: `1e+05`.
fn go_exponent(scientific: &str) -> String {
    let (mantissa, e) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let e: i64 = e.parse().unwrap_or(0);
    let mut out = mantissa.to_owned();
    let _ = write!(out, "e{}{:02}", if e < 0 { '-' } else { '+' }, e.abs());
    out
}
