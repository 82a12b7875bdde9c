//! Faults in the line grammar: five short forms, and every kind by its fields; and how a fault runs.

use super::GrammarError;
use super::incident::{Usage, choice, share};
use super::word::{Word, Words, quote};
use crate::scenario::{Course, Fault, Wake, fault_from_words, fault_kinds, fault_words};
use crate::session::Command;
use crate::stdx::rational::{self, Exact};
use crate::stdx::time::Span;
use crate::stdx::units;

/// Kinds with a short form.
const SHORT: [&str; 5] = ["errors", "slow", "crash", "surge", "fill"];

/// `fault …`.
pub(super) fn begin(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    let (given, course) = course(words)?;
    Ok(Command::BeginFault { fault: fault(&given, usage)?, course })
}

/// `clear …`.
pub(super) fn clear(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    Ok(Command::ClearFault { fault: fault(words.from(1), usage)? })
}

/// Takes the options that say how a fault runs out of a line.
fn course(words: &Words) -> Result<(Vec<Word>, Course), GrammarError> {
    let mut course = Course::default();
    let mut given = Vec::new();
    let mut rest = words.from(1).iter();
    while let Some(word) = rest.next() {
        let Some(name) = word.text.strip_prefix("--") else {
            given.push(word.clone());
            continue;
        };
        if name == "behind" {
            course.behind = true;
            continue;
        }
        let missing = || GrammarError::new(word.column, format!("`--{name}` needs a value"), "for example: --lasts 5m");
        let value = rest.next().ok_or_else(missing)?;
        let wrong = |help: &str| {
            GrammarError::new(value.column, format!("`{}` does not fit `--{name}`", value.text), help.to_owned())
        };
        let span = || units::span(&value.text).filter(|s| s.0 > 0).ok_or_else(|| wrong("a span of time, such as 5m"));
        match name {
            "severity" => {
                let share = share(&value.text).filter(|s| *s > rational::whole(0));
                course.severity = share.map(Exact).ok_or_else(|| wrong("a share above 0, such as 1/2 or 50%"))?;
            }
            "lasts" => course.lasts = Some(span()?),
            "again" => course.again = Some(span()?),
            "rise" => course.rise = Some(span()?),
            "fall" => course.fall = Some(span()?),
            "pulse" => {
                let pair = value.text.split_once('/');
                let pair = pair.and_then(|(on, off)| Some((units::span(on)?, units::span(off)?)));
                course.pulse = Some(pair.ok_or_else(|| wrong("present and gone, such as 20s/40s"))?);
            }
            "wakes" => {
                let wake = match value.text.split_once(':') {
                    Some(("start", service)) => Some(Wake::Start(service.to_owned())),
                    Some(("release", service)) => Some(Wake::Release(service.to_owned())),
                    Some(("touch", component)) => Some(Wake::Touch(component.to_owned())),
                    _ => None,
                };
                course.wakes = Some(wake.ok_or_else(|| wrong("start:SERVICE, release:SERVICE or touch:COMPONENT"))?);
            }
            _ => {
                let help = "--severity, --lasts, --rise, --fall, --pulse, --again, --wakes, --behind";
                return Err(GrammarError::new(word.column, format!("unknown option `--{name}`"), help));
            }
        }
    }
    Ok((given, course))
}

/// A fault by its short form, or by its kind's word and `field=value` pairs.
fn fault(words: &[Word], usage: &Usage) -> Result<Fault, GrammarError> {
    let missing = |what: &str| {
        let column = words.last().map_or(1, |w| w.column + w.text.chars().count());
        GrammarError::new(column, format!("`{}` needs {what}", usage.name), format!("for example: {}", usage.form))
    };
    let kind = words.first().ok_or_else(|| missing("a kind"))?;
    let rest = words.get(1..).unwrap_or_default();
    let pairs: Option<Vec<(String, String)>> =
        rest.iter().map(|w| w.text.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned()))).collect();
    if SHORT.contains(&kind.text.as_str()) {
        return short(&kind.text, rest, &missing);
    }
    let kinds: Vec<String> = SHORT.iter().map(|s| (*s).to_owned()).chain(fault_kinds().map(|k| k.0)).collect();
    let known: Vec<&str> = kinds.iter().map(String::as_str).collect();
    choice(kind, &known)?;
    let Some(pairs) = pairs else {
        let help = "fields are written FIELD=VALUE, for example: cert_expired cert=web";
        return Err(GrammarError::new(kind.column, format!("`{}` takes fields by name", kind.text), help));
    };
    fault_from_words(&kind.text, &pairs).map_err(|why| GrammarError::new(kind.column, why, usage.form))
}

/// `errors api 50%`, `slow api 4`, `crash web-01:nginx`, `surge users 3`, `fill web-01:/var 50MB`.
fn short(kind: &str, words: &[Word], missing: &dyn Fn(&str) -> GrammarError) -> Result<Fault, GrammarError> {
    let target = words.first().ok_or_else(|| missing("a target"))?;
    let amount = words.get(1);
    let most = if kind == "crash" { 1 } else { 2 };
    if let Some(w) = words.get(most) {
        let help = "leave it out, or put quotes around words that belong together";
        return Err(GrammarError::new(w.column, format!("`{kind}` takes nothing more: `{}`", w.text), help));
    }
    let wrong = |help: &str| {
        let (column, text) = amount.map_or((target.column, ""), |w| (w.column, &w.text));
        GrammarError::new(column, format!("`{text}` does not fit `{kind}`"), help)
    };
    let factor = |usual: i64| match amount {
        None => Ok(Exact(rational::whole(usual))),
        Some(w) => rational::parse(w.text.trim_end_matches('x'))
            .filter(|f| *f >= rational::whole(1))
            .map(Exact)
            .ok_or_else(|| wrong("a factor of at least 1, such as 4 or 3/2")),
    };
    let name = target.text.clone();
    let place = || {
        let help = if kind == "crash" { "write HOST:UNIT" } else { "write HOST:/PATH" };
        let pair = name.split_once(':').filter(|(host, rest)| !host.is_empty() && !rest.is_empty());
        let message = format!("`{name}` is not a place");
        pair.map(|(h, r)| (h.to_owned(), r.to_owned())).ok_or_else(|| GrammarError::new(target.column, message, help))
    };
    match kind {
        "errors" => {
            let share = match amount {
                None => Some(rational::ratio(1, 2)),
                Some(w) => share(&w.text),
            };
            let share = share.map(Exact).ok_or_else(|| wrong("a share, such as 50%, 0.5 or 1/2"))?;
            Ok(Fault::Errors { service: name, share })
        }
        "slow" => Ok(Fault::Slow { factor: factor(4)?, service: name }),
        "surge" => Ok(Fault::Surge { factor: factor(3)?, traffic: name }),
        "crash" => {
            let (host, unit) = place()?;
            Ok(Fault::Crash { host, unit })
        }
        _ => {
            let (host, path) = place()?;
            let bytes = match amount {
                None => Some(50_000_000),
                Some(w) => units::bytes(w.text.trim_end_matches("/s")),
            };
            let bytes_per_s = bytes.ok_or_else(|| wrong("bytes a second, such as 50MB"))?;
            Ok(Fault::DiskFill { host, path, bytes_per_s })
        }
    }
}

/// What [`begin`] reads after its word.
pub fn show(fault: &Fault) -> String {
    match fault {
        Fault::DiskFill { host, path, bytes_per_s } => {
            format!("fill {} {bytes_per_s}B", quote(&format!("{host}:{path}")))
        }
        Fault::Errors { service, share } => format!("errors {} {}", quote(service), share.0),
        Fault::Slow { service, factor } => format!("slow {} {}", quote(service), factor.0),
        Fault::Crash { host, unit } => format!("crash {}", quote(&format!("{host}:{unit}"))),
        Fault::Surge { traffic, factor } => format!("surge {} {}", quote(traffic), factor.0),
        #[allow(unreachable_patterns)]
        other => {
            let (mut out, fields) = fault_words(other);
            for (name, value) in fields {
                out.push(' ');
                out.push_str(&quote(&format!("{name}={value}")));
            }
            out
        }
    }
}

/// The options of a course, each with a leading space; nothing for the usual one.
pub fn show_course(course: &Course) -> String {
    let mut out = String::new();
    let mut option = |name: &str, value: String| {
        out.push_str(" --");
        out.push_str(name);
        if !value.is_empty() {
            out.push(' ');
            out.push_str(&quote(&value));
        }
    };
    if course.severity != Course::default().severity {
        option("severity", course.severity.0.to_string());
    }
    if let Some(s) = course.lasts {
        option("lasts", s.to_string());
    }
    if let Some(s) = course.rise {
        option("rise", s.to_string());
    }
    if let Some(s) = course.fall {
        option("fall", s.to_string());
    }
    if let Some((Span(on), Span(off))) = course.pulse {
        option("pulse", format!("{on}s/{off}s"));
    }
    if let Some(s) = course.again {
        option("again", s.to_string());
    }
    match &course.wakes {
        Some(Wake::Start(s)) => option("wakes", format!("start:{s}")),
        Some(Wake::Release(s)) => option("wakes", format!("release:{s}")),
        Some(Wake::Touch(c)) => option("wakes", format!("touch:{c}")),
        None => {}
    }
    if course.behind {
        option("behind", String::new());
    }
    out
}
