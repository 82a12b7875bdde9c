//! numfmt: numbers from and to human-readable strings.

use crate::console::text_format::{Spec, float, spec};
use crate::console::tool::input::Rec;
use crate::console::tool::{Ctx, Decl, Step, flag, value};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "numfmt",
    synopsis: "[OPTION]... [NUMBER]...",
    about: "convert numbers from/to human-readable strings",
    opts: &[
        flag("", "debug", "print warnings about invalid input (accepted)"),
        value("d", "delimiter", "X", "use X instead of whitespace for field delimiter"),
        value("", "field", "FIELDS", "replace the numbers in these input fields (default=1)"),
        value("", "format", "FORMAT", "use printf style floating-point FORMAT"),
        value("", "from", "UNIT", "auto-scale input numbers to UNITs: none, auto, si, iec or iec-i"),
        value("", "from-unit", "N", "specify the input unit size (instead of the default 1)"),
        flag("", "grouping", "use locale-defined grouping of digits (none here)"),
        value("", "header", "[N]", "print (without converting) the first N header lines"),
        value("", "invalid", "MODE", "failure mode for invalid numbers: abort, fail, warn or ignore"),
        value("", "padding", "N", "pad the output to N characters; positive N will right-align"),
        value("", "round", "METHOD", "use METHOD for rounding: up, down, from-zero, towards-zero or nearest"),
        value("", "suffix", "SUFFIX", "add SUFFIX to output numbers, and accept it in input numbers"),
        value("", "to", "UNIT", "auto-scale output numbers to UNITs: none, si, iec or iec-i"),
        value("", "to-unit", "N", "the output unit size (instead of the default 1)"),
        flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
    ],
    examples: &[
        ("numfmt --to=iec 1048576", "1.0M\n"),
        ("numfmt --from=si 2K", "2000\n"),
        ("echo 'x 5000 y' | numfmt --field=2 --to=si", "x 5.0K y\n"),
    ],
    step: numfmt,
    ..Decl::BLANK
}];

const LETTERS: &str = "KMGTPEZY";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    None,
    Auto,
    Si,
    Iec,
    IecI,
}

fn unit(text: Option<&str>) -> Option<Unit> {
    Some(match text.unwrap_or("none") {
        "none" => Unit::None,
        "auto" => Unit::Auto,
        "si" => Unit::Si,
        "iec" => Unit::Iec,
        "iec-i" => Unit::IecI,
        _ => return None,
    })
}

struct Plan {
    from: Unit,
    to: Unit,
    from_unit: f64,
    to_unit: f64,
    round: String,
    suffix: String,
    padding: Option<i64>,
    delimiter: Option<char>,
    fields: Vec<(usize, usize)>,
    /// Text before, conversion, text after of `--format`.
    format: Option<(String, Spec, String)>,
    invalid: String,
    header: u64,
    delim: char,
}

fn plan(c: &mut Ctx<'_>) -> Result<Plan, String> {
    let a = c.args.clone();
    let scale = |key: &str| -> Result<Unit, String> {
        unit(a.get(key)).ok_or_else(|| format!("invalid argument ‘{}’ for ‘--{key}’", a.get(key).unwrap_or_default()))
    };
    let size = |key: &str| -> Result<f64, String> {
        let text = a.get(key).unwrap_or("1");
        let n = text.parse::<f64>().ok().or_else(|| {
            let (digits, letter) = text.split_at(text.len().saturating_sub(1));
            let power = LETTERS.find(letter).filter(|_| letter.len() == 1)?;
            Some(digits.parse::<f64>().ok()? * libm::pow(1000.0, power as f64 + 1.0))
        });
        n.filter(|n| *n > 0.0).ok_or_else(|| format!("invalid unit size: ‘{text}’"))
    };
    let mut fields = Vec::new();
    for part in a.get("field").unwrap_or("1").split(',') {
        let bad = || format!("invalid field value ‘{part}’");
        let number =
            |t: &str, default: usize| if t.is_empty() { Ok(default) } else { t.parse::<usize>().map_err(|_| bad()) };
        fields.push(match part.split_once('-') {
            Some((x, y)) => (number(x, 1)?, number(y, usize::MAX)?),
            None => {
                let n = number(part, 0)?;
                if n == 0 {
                    return Err("fields are numbered from 1".to_owned());
                }
                (n, n)
            }
        });
    }
    let mut padding = match a.get("padding") {
        None => None,
        Some(p) => match p.parse::<i64>() {
            Ok(n) if n != 0 => Some(n),
            _ => return Err(format!("invalid padding value ‘{p}’")),
        },
    };
    let mut format = None;
    if let Some(f) = a.get("format") {
        let chars: Vec<char> = f.chars().collect();
        let Some(at) = chars.iter().position(|c| *c == '%') else {
            return Err(format!("format ‘{f}’ has no % directive"));
        };
        let (s, used) = spec(chars.get(at + 1..).unwrap_or_default(), || 0);
        if chars.get(at + 1 + used) != Some(&'f') {
            return Err(format!("invalid format ‘{f}’, directive must be %[0]['][-][N][.][N]f"));
        }
        if s.width > 0 && !s.zero {
            let width = i64::try_from(s.width).unwrap_or(0);
            padding = Some(if s.left { -width } else { width });
        }
        let head: String = chars.iter().take(at).collect();
        let tail: String = chars.iter().skip(at + 2 + used).collect();
        format = Some((head, s, tail));
    }
    let header = match a.get("header") {
        None => 0,
        Some("") => 1,
        Some(n) => n.parse().map_err(|_| format!("invalid header value ‘{n}’"))?,
    };
    if a.get("to") == Some("auto") {
        return Err("invalid argument ‘auto’ for ‘--to’".to_owned());
    }
    Ok(Plan {
        from: scale("from")?,
        to: scale("to")?,
        from_unit: size("from-unit")?,
        to_unit: size("to-unit")?,
        round: a.get("round").unwrap_or("from-zero").to_owned(),
        suffix: a.get("suffix").unwrap_or_default().to_owned(),
        padding,
        delimiter: a.get("d").map(|d| d.chars().next().unwrap_or('\0')),
        fields,
        format,
        invalid: a.get("invalid").unwrap_or("abort").to_owned(),
        header,
        delim: if a.has("z") { '\0' } else { '\n' },
    })
}

impl Plan {
    fn rounded(&self, v: f64) -> f64 {
        match self.round.as_str() {
            "up" => libm::ceil(v),
            "down" => libm::floor(v),
            "towards-zero" => libm::trunc(v),
            "nearest" => libm::round(v),
            _ if v < 0.0 => libm::floor(v),
            _ => libm::ceil(v),
        }
    }

    /// Value and digits behind the point of a number as typed.
    fn read(&self, text: &str) -> Result<(f64, usize), String> {
        let body = text.strip_suffix(self.suffix.as_str()).unwrap_or(text);
        let digits = body.strip_prefix('-').unwrap_or(body);
        let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
        let (number, rest) = digits.split_at(end);
        let bad = || format!("invalid number: ‘{text}’");
        if number.is_empty() || number.matches('.').count() > 1 || number == "." {
            return Err(bad());
        }
        let mut precision = number.split_once('.').map_or(0, |(_, f)| f.len());
        let mut v: f64 = number.parse().map_err(|_| bad())?;
        if digits.len() < body.len() {
            v = -v;
        }
        let rest = rest.trim_start();
        if self.from == Unit::IecI && rest.is_empty() {
            return Err(format!("missing 'i' suffix in input: ‘{text}’ (e.g Ki/Mi/Gi)"));
        }
        if let Some(letter) = rest.chars().next() {
            let Some(power) = LETTERS.find(letter) else {
                return Err(
                    if rest.len() == 1 && self.from != Unit::None || letter.is_alphabetic() && rest.len() == 1 {
                        format!("invalid suffix in input: ‘{text}’")
                    } else {
                        format!("invalid suffix in input: ‘{text}’")
                    },
                );
            };
            if self.from == Unit::None {
                return Err(format!("rejecting suffix in input: ‘{text}’ (consider using --from)"));
            }
            let tail = rest.get(1..).unwrap_or_default();
            let base = match (self.from, tail) {
                (Unit::Auto, "i") | (Unit::IecI, "i") | (Unit::Iec, "") => 1024.0,
                (Unit::Auto | Unit::Si, "") => 1000.0,
                (Unit::IecI, "") => return Err(format!("missing 'i' suffix in input: ‘{text}’ (e.g Ki/Mi/Gi)")),
                _ => return Err(format!("invalid suffix in input ‘{text}’: ‘{tail}’")),
            };
            v *= libm::pow(base, power as f64 + 1.0);
            precision = 0;
        }
        Ok((v, precision))
    }

    fn show(&self, v: f64, precision: usize) -> String {
        let v = v * self.from_unit / self.to_unit;
        let asked = self.format.as_ref().and_then(|f| f.1.precision);
        let (head, tail) = self.format.as_ref().map_or(("", ""), |f| (f.0.as_str(), f.2.as_str()));
        let zero = self.format.as_ref().filter(|f| f.1.zero).map_or(0, |f| f.1.width);
        let fixed = |v: f64, precision: usize, suffix: &str| {
            let s = Spec {
                precision: Some(precision),
                zero: zero > 0,
                width: zero.saturating_sub(suffix.len()),
                ..Spec::default()
            };
            format!("{}{suffix}", float(&s, 'f', v))
        };
        let text = if self.to == Unit::None || self.to == Unit::Auto {
            let precision = asked.unwrap_or(if self.from_unit == self.to_unit { precision } else { 0 });
            let unit = libm::pow(10.0, precision as f64);
            fixed(self.rounded(v * unit) / unit, precision, "")
        } else {
            let base = if self.to == Unit::Si { 1000.0 } else { 1024.0 };
            let (mut v, mut power) = (v, 0usize);
            while libm::fabs(v) >= base && power < LETTERS.len() {
                v /= base;
                power += 1;
            }
            let keep = match asked {
                Some(p) => p.min(power * 3),
                None => usize::from(libm::fabs(v) < 10.0),
            };
            let unit = libm::pow(10.0, keep as f64);
            v = self.rounded(v * unit) / unit;
            if libm::fabs(v) >= base && power < LETTERS.len() {
                v /= base;
                power += 1;
            }
            let precision = asked.unwrap_or(usize::from(v != 0.0 && libm::fabs(v) < 10.0 && power > 0));
            let letter = power.checked_sub(1).and_then(|p| LETTERS.get(p..p + 1)).unwrap_or_default();
            let i = if self.to == Unit::IecI && power > 0 { "i" } else { "" };
            fixed(v, precision, &format!("{letter}{i}"))
        };
        format!("{head}{text}{}{tail}", self.suffix)
    }

    /// Converts one field; it keeps its width where it was aligned with blanks.
    fn field(&self, text: &str, first: bool) -> Result<String, String> {
        let bare = text.trim_start_matches([' ', '\t']);
        let (v, precision) = self.read(bare)?;
        let made = self.show(v, precision);
        let aligned = self.padding.is_none() && self.delimiter.is_none() && (text.len() > bare.len() || !first);
        let padding =
            if aligned { i64::try_from(text.chars().count()).unwrap_or(0) } else { self.padding.unwrap_or(0) };
        let pad = usize::try_from(padding.unsigned_abs()).unwrap_or(0).min(4096).saturating_sub(made.chars().count());
        Ok(if padding < 0 { made + &" ".repeat(pad) } else { " ".repeat(pad) + &made })
    }

    /// The line converted, and what was wrong with it.
    fn line(&self, line: &str) -> (String, Vec<String>) {
        let mut wrong = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        let mut rest = Some(line);
        let mut n = 0;
        while let Some(text) = rest {
            n += 1;
            let (field, next) = match self.delimiter {
                Some(d) => text.split_once(d).map_or((text, None), |(f, r)| (f, Some(r))),
                None => {
                    let lead = text.len() - text.trim_start_matches([' ', '\t']).len();
                    let end = text.get(lead..).and_then(|t| t.find([' ', '\t'])).map_or(text.len(), |i| lead + i);
                    let (f, r) = text.split_at(end);
                    (f, if r.is_empty() { None } else { r.get(1..) })
                }
            };
            let wanted = self.fields.iter().any(|(a, b)| (*a..=*b).contains(&n));
            if wanted {
                match self.field(field, n == 1) {
                    Ok(made) => parts.push(made),
                    Err(why) if self.invalid == "abort" => {
                        // What came before it is out already.
                        parts.push(String::new());
                        return (parts.join(&self.delimiter.unwrap_or(' ').to_string()), vec![why]);
                    }
                    Err(why) => {
                        parts.push(field.to_owned());
                        wrong.push(why);
                    }
                }
            } else {
                parts.push(field.to_owned());
            }
            rest = next;
        }
        (parts.join(&self.delimiter.unwrap_or(' ').to_string()), wrong)
    }
}

/// Prints a converted line; the step that ends everything when a number is wrong.
fn put(c: &mut Ctx<'_>, p: &Plan, line: &str) -> Option<Step> {
    let (out, wrong) = p.line(line);
    if !wrong.is_empty() {
        let before = c.tool.status;
        for why in &wrong {
            match p.invalid.as_str() {
                "ignore" => {}
                "abort" => {
                    c.print(&out);
                    c.error(why);
                    return Some(Step::Exit(2));
                }
                _ => c.error(why),
            }
        }
        c.tool.status = if p.invalid == "fail" { 2 } else { before };
    }
    c.print(&out);
    c.print(p.delim.encode_utf8(&mut [0; 4]));
    None
}

fn numfmt(c: &mut Ctx<'_>) -> Step {
    let p = match plan(c) {
        Ok(p) => p,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    let a = c.args.clone();
    if !a.rest.is_empty() {
        for word in &a.rest {
            if let Some(step) = put(c, &p, word) {
                return step;
            }
        }
        return Step::Exit(c.tool.status);
    }
    loop {
        match c.record(&[], p.delim) {
            Rec::Text(line, _) => {
                c.tool.n += 1;
                if c.tool.n <= p.header {
                    c.line(&line);
                } else if let Some(step) = put(c, &p, &line) {
                    return step;
                }
            }
            Rec::Later => return c.later(),
            Rec::End => return Step::Exit(c.tool.status),
        }
        if c.enough() {
            return Step::More;
        }
    }
}
