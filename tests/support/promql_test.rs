//! Reads Prometheus's PromQL test format: `load`, `eval`, `expect` and `clear`.

use promql_parser::util::unquote_string;
use regex::Regex;
use std::sync::LazyLock;
use wheel_of_misfortune::observe::series::{Labels, METRIC_NAME};

/// One value of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    Missing,
    Stale,
    Float(f64),
    /// A native histogram, of which nothing more is read.
    Histogram,
    /// When a counter started, an experiment of Prometheus.
    Start,
    /// A notation that is not known here.
    Unknown,
}

/// A series as a file writes it: labels and values at every step.
pub type Series = (Labels, Vec<Sample>);

/// When a query is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    Instant { at_ms: i64 },
    Range { from_ms: i64, to_ms: i64, step_ms: i64 },
}

/// Of what an `expect` line speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Fail,
    Warn,
    Info,
    NoWarn,
    NoInfo,
}

/// Which words are expected.
#[derive(Clone, Debug)]
pub enum Words {
    Any,
    Exactly(String),
    Like(Regex),
}

impl Words {
    /// Whether a message is meant.
    pub fn fit(&self, message: &str) -> bool {
        match self {
            Words::Any => true,
            Words::Exactly(text) => text == message,
            Words::Like(regex) => regex.is_match(message),
        }
    }
}

/// A query and what it should give.
#[derive(Clone, Debug)]
pub struct Case {
    /// Line in the file, from 1.
    pub line: usize,
    pub when: When,
    pub expr: String,
    pub fails: bool,
    pub ordered: bool,
    pub expects: Vec<(About, Words)>,
    pub text: Option<String>,
    /// `expect range vector`: first time and distance of the samples.
    pub raw: Option<(i64, i64)>,
    pub scalar: Option<f64>,
    pub series: Vec<Series>,
}

/// What a file does, in order.
#[derive(Clone, Debug)]
pub enum Command {
    Clear,
    /// `nhcb`: classic histograms are kept as native ones as well.
    Load {
        step_ms: i64,
        series: Vec<Series>,
        nhcb: bool,
    },
    Eval(Case),
    /// A query that is written in a way not known here.
    Unknown {
        line: usize,
        text: String,
        /// Whether it may have loaded something, so that what follows cannot be judged.
        loads: bool,
    },
}

/// Reads a file. What is written in a way not known here becomes [`Command::Unknown`].
pub fn read(text: &str) -> Vec<Command> {
    let lines: Vec<&str> = text.lines().map(str::trim).map(|l| if l.starts_with('#') { "" } else { l }).collect();
    let mut commands = Vec::new();
    let mut n = 0;
    while n < lines.len() {
        let line = lines[n];
        let start = n + 1;
        n += 1;
        if line.is_empty() {
            continue;
        }
        let body: Vec<&str> = lines[n..].iter().take_while(|l| !l.is_empty()).copied().collect();
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "clear" => commands.push(Command::Clear),
            "load" | "load_with_nhcb" => {
                let unknown = |e: String| Command::Unknown { line: start, text: format!("{line}: {e}"), loads: true };
                commands.push(load(line, &body, word != "load").unwrap_or_else(unknown));
                n += body.len();
            }
            w if w == "eval" || w.starts_with("eval_") => {
                let unknown = |e: String| Command::Unknown { line: start, text: format!("{line}: {e}"), loads: false };
                commands.push(case(start, line, &body).map_or_else(unknown, Command::Eval));
                n += body.len();
            }
            w => {
                let loads = w.starts_with("load");
                commands.push(Command::Unknown { line: start, text: line.to_owned(), loads });
                n += body.len();
            }
        }
    }
    commands
}

/// The place that newer versions write behind a message; the tree of the grammar has none.
static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" ?\\?\([0-9\[\]+-]+:[0-9\[\]+-]+\\?\)$").unwrap());

fn load(line: &str, body: &[&str], nhcb: bool) -> Result<Command, String> {
    let step_ms = time_ms(line.split_whitespace().nth(1).ok_or("load without a step")?)?;
    let series = body.iter().map(|l| series(l)).collect::<Result<_, _>>()?;
    Ok(Command::Load { step_ms, series, nhcb })
}

/// What stands behind `expect warn` and its like.
fn words(text: &str) -> Result<Words, String> {
    let placeless = |t: &str| PLACE.replace(t.trim(), "").into_owned();
    match text.trim().split_once(':') {
        None if text.trim().is_empty() => Ok(Words::Any),
        Some(("msg", rest)) => Ok(Words::Exactly(placeless(rest))),
        Some(("regex", rest)) => Regex::new(&placeless(rest)).map(Words::Like).map_err(|e| e.to_string()),
        _ => Err(format!("cannot read the expectation {text:?}")),
    }
}

static EVAL: LazyLock<Regex> = LazyLock::new(|| {
    let range = r"range\s+from\s+(?P<from>\S+)\s+to\s+(?P<to>\S+)\s+step\s+(?P<step>\S+)";
    Regex::new(&format!(r"(?i)^eval(?P<how>_\w+)?\s+(?:instant(?:\s+at\s+(?P<at>\S+))?|{range})\s+(?P<expr>.+)$"))
        .unwrap()
});
static RAW: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+\S+\s+step\s+(\S+)$").unwrap());

fn case(line: usize, text: &str, body: &[&str]) -> Result<Case, String> {
    let parts = EVAL.captures(text).ok_or_else(|| format!("cannot read {text:?}"))?;
    let ms = |name: &str| parts.name(name).map(|m| time_ms(m.as_str())).transpose();
    let when = match (ms("from")?, ms("to")?, ms("step")?) {
        (Some(from_ms), Some(to_ms), Some(step_ms)) => When::Range { from_ms, to_ms, step_ms },
        _ => When::Instant { at_ms: ms("at")?.unwrap_or(0) },
    };
    let how = parts.name("how").map(|m| m.as_str().to_ascii_lowercase()).unwrap_or_default();
    let mut case = Case {
        line,
        when,
        expr: parts["expr"].to_owned(),
        fails: how == "_fail",
        ordered: how == "_ordered",
        expects: Vec::new(),
        text: None,
        raw: None,
        scalar: None,
        series: Vec::new(),
    };
    match how.as_str() {
        "_warn" => case.expects.push((About::Warn, Words::Any)),
        "_info" => case.expects.push((About::Info, Words::Any)),
        "" | "_fail" | "_ordered" => {}
        other => return Err(format!("unknown command eval{other}")),
    }
    for line in body {
        if let Some((kind, rest)) = line.strip_prefix("expected_fail_").and_then(|l| l.split_once(char::is_whitespace))
        {
            case.expects.push(match kind {
                "message" => (About::Fail, Words::Exactly(rest.trim().to_owned())),
                "regexp" => (About::Fail, Words::Like(Regex::new(rest.trim()).map_err(|e| e.to_string())?)),
                _ => return Err(format!("unknown expectation {line:?}")),
            });
            continue;
        }
        if let Some(expectation) = line.strip_prefix("expect ").map(str::trim) {
            let (first, rest) = expectation.split_once(char::is_whitespace).unwrap_or((expectation, ""));
            match first {
                "fail" => {
                    case.fails = true;
                    case.expects.push((About::Fail, words(rest)?));
                }
                "ordered" => case.ordered = true,
                "warn" => case.expects.push((About::Warn, words(rest)?)),
                "info" => case.expects.push((About::Info, words(rest)?)),
                "no_warn" => case.expects.push((About::NoWarn, Words::Any)),
                "no_info" => case.expects.push((About::NoInfo, Words::Any)),
                "string" => case.text = Some(unquote_string(expectation["string".len()..].trim())?),
                "range" => {
                    let times = RAW.captures(line).ok_or_else(|| format!("cannot read {line:?}"))?;
                    case.raw = Some((time_ms(&times[1])?, time_ms(&times[2])?));
                }
                _ => return Err(format!("unknown expectation {line:?}")),
            }
        } else if let Some((text, "")) = quoted(line) {
            case.text = Some(text);
        } else if let Ok(value) = line.parse::<f64>() {
            case.scalar = Some(value);
        } else {
            case.series.push(series(line)?);
        }
    }
    Ok(case)
}

/// A duration such as `1h30m`, or a number of seconds.
pub fn time_ms(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Ok((seconds * 1000.0).round() as i64);
    }
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |t| (-1, t));
    let mut ms = 0;
    while !rest.is_empty() {
        let bad = || format!("not a duration: {text:?}");
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let unit_ms = match &tail[..unit] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            "y" => 31_536_000_000,
            _ => return Err(bad()),
        };
        ms += number.parse::<i64>().map_err(|_| bad())? * unit_ms;
        rest = &tail[unit..];
    }
    Ok(sign * ms)
}

/// A line of labels and values.
fn series(line: &str) -> Result<Series, String> {
    // `@st` behind the labels: the line says when counters started.
    if let Some((head, _)) = line.split_once("@st").filter(|(h, t)| !h.contains(' ') && t.starts_with(' ')) {
        return Ok((labels(head)?.0, vec![Sample::Start]));
    }
    let (labels, rest) = labels(line)?;
    let mut samples = Vec::new();
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let end = value_end(rest);
        if value(&rest[..end], &mut samples).is_err() {
            samples.push(Sample::Unknown);
        }
        rest = rest[end..].trim_start();
    }
    Ok((labels, samples))
}

/// Where the first value ends: at a space outside of double braces.
fn value_end(text: &str) -> usize {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("{{") {
            at += rest.find("}}").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with(char::is_whitespace) {
            break;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(?:[0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+(?:e[+-]?[0-9]+)?|inf|nan)";
    Regex::new(&format!(r"(?i)^([+-]?{number})(?:([+-]{number})?x([0-9]+))?$")).unwrap()
});

fn value(text: &str, samples: &mut Vec<Sample>) -> Result<(), String> {
    let times = |tail: &str| -> Result<usize, String> {
        tail.strip_prefix('x').map_or(Ok(1), |n| n.parse().map_err(|_| format!("cannot read {text:?}")))
    };
    if text.starts_with("{{") {
        let more = text.rsplit_once('x').and_then(|(_, n)| n.parse::<usize>().ok()).unwrap_or(0);
        samples.extend(vec![Sample::Histogram; more + 1]);
        return Ok(());
    }
    if let Some(tail) = text.strip_prefix('_') {
        samples.extend(vec![Sample::Missing; times(tail)?]);
        return Ok(());
    }
    if let Some(tail) = text.strip_prefix("stale") {
        samples.extend(vec![Sample::Stale; times(tail)?]);
        return Ok(());
    }
    let parts = VALUE.captures(text).ok_or_else(|| format!("cannot read the value {text:?}"))?;
    let number = |n: usize| parts.get(n).map_or(Ok(0.0), |m| m.as_str().parse::<f64>().map_err(|e| e.to_string()));
    let (first, growth) = (number(1)?, number(2)?);
    let more: usize = parts.get(3).map_or(Ok(0), |m| m.as_str().parse()).map_err(|_| "too many".to_string())?;
    let mut current = first;
    for n in 0..=more {
        if n > 0 && parts.get(2).is_some() {
            current += growth;
        }
        samples.push(Sample::Float(current));
    }
    Ok(())
}

/// Labels at the start of a line, and the rest. A metric's name may stand before the braces or quoted inside.
fn labels(line: &str) -> Result<(Labels, &str), String> {
    let bad = || format!("cannot read the labels of {line:?}");
    let start = line.find(|c: char| c == '{' || c.is_whitespace()).unwrap_or(line.len());
    let (name, rest) = line.split_at(start);
    let mut pairs: Vec<(String, String)> = Vec::new();
    if !name.is_empty() {
        pairs.push((METRIC_NAME.into(), name.into()));
    }
    let Some(mut rest) = rest.trim_start().strip_prefix('{').filter(|_| !rest.trim_start().starts_with("{{")) else {
        return Ok((Labels::new(pairs), rest));
    };
    loop {
        rest = rest.trim_start();
        if let Some(tail) = rest.strip_prefix('}') {
            return Ok((Labels::new(pairs), tail));
        }
        if let Some(tail) = rest.strip_prefix(',') {
            rest = tail;
            continue;
        }
        let (label, tail) = if rest.starts_with(['"', '\'', '`']) {
            quoted(rest).ok_or_else(bad)?
        } else {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).ok_or_else(bad)?;
            (rest[..end].to_owned(), &rest[end..])
        };
        match tail.trim_start().strip_prefix('=') {
            Some(tail) => {
                let (value, tail) = quoted(tail.trim_start()).ok_or_else(bad)?;
                pairs.push((label, value));
                rest = tail;
            }
            None => {
                pairs.push((METRIC_NAME.into(), label));
                rest = tail;
            }
        }
    }
}

/// A quoted text and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| ['"', '\'', '`'].contains(c))?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return Some((unquote_string(&text[..=at]).ok()?, &text[at + 1..])),
            _ => {}
        }
    }
    None
}
