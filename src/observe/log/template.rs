//! Templates: fixed text with holes. A line is made from its record's seed whenever it is read; a search asks the fixed
//! text first, so that most lines are never made.

use crate::scenario::LogLevel;
use crate::stdx::rng::{scatter, within};

/// Bits of a line's duration table: 256 equally likely durations.
const QUANTILES: usize = 256;

/// What a hole is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    /// Name of a package.
    Crate,
    /// Address of a client.
    Ip,
    /// Milliseconds around the mean of that second.
    Ms,
    /// A number below 10,000.
    N,
    /// Eight hex digits.
    Id,
    /// `u-` and a number.
    User,
    /// An ephemeral port.
    Port,
    /// Sixteen hex digits, or the trace if this request was sampled.
    Req,
    /// Milliseconds of this request.
    Took,
    /// A field with the trace if this request was sampled, else nothing; written as logfmt or JSON.
    Trace { json: bool },
}

impl Hole {
    fn of(name: &str) -> Option<Hole> {
        Some(match name {
            "crate" => Hole::Crate,
            "ip" => Hole::Ip,
            "ms" => Hole::Ms,
            "n" => Hole::N,
            "id" => Hole::Id,
            "user" => Hole::User,
            "port" => Hole::Port,
            "req" => Hole::Req,
            "took" => Hole::Took,
            "trace" => Hole::Trace { json: false },
            "trace_json" => Hole::Trace { json: true },
            _ => return None,
        })
    }

    /// Whether what fills it may hold this byte.
    fn may_hold(self, b: u8) -> bool {
        match self {
            Hole::Crate => b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'),
            Hole::Ip | Hole::Took => b.is_ascii_digit() || b == b'.',
            Hole::Ms | Hole::N | Hole::Port => b.is_ascii_digit(),
            Hole::Id | Hole::Req => b.is_ascii_hexdigit(),
            Hole::User => b.is_ascii_digit() || matches!(b, b'u' | b'-'),
            Hole::Trace { .. } => b.is_ascii_hexdigit() || b" trace_id=\",:".contains(&b),
        }
    }
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Hole(Hole),
}

/// Whether a search needs the lines of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::observe) enum Verdict {
    /// No line of it holds the pattern.
    No,
    /// Every line does.
    All,
    /// That depends on what fills the holes.
    Line,
}

/// What a record tells about one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seeds {
    /// Of the line.
    pub line: u64,
    /// Mean duration in that second, or this request's if it was sampled; microseconds.
    pub us: u32,
    /// Trace, or 0.
    pub trace: u64,
}

/// A text with holes.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub level: LogLevel,
    pieces: Vec<Piece>,
}

impl Template {
    /// Of a text; what stands in braces and is no known hole stays as it is.
    pub fn new(level: LogLevel, text: &str) -> Template {
        let mut pieces = Vec::new();
        let mut fixed = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            fixed.push_str(before);
            match after.split_once('}').and_then(|(name, tail)| Some((Hole::of(name)?, tail))) {
                Some((hole, tail)) => {
                    if !fixed.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut fixed)));
                    }
                    pieces.push(Piece::Hole(hole));
                    rest = tail;
                }
                None => {
                    fixed.push('{');
                    rest = after;
                }
            }
        }
        fixed.push_str(rest);
        if !fixed.is_empty() {
            pieces.push(Piece::Text(fixed));
        }
        Template { level, pieces }
    }

    /// A text without holes.
    pub fn plain(level: LogLevel, text: &str) -> Template {
        Template { level, pieces: vec![Piece::Text(text.to_owned())] }
    }

    /// Appends a line.
    pub fn expand(&self, s: Seeds, durations: &Durations, out: &mut String) {
        for (k, piece) in self.pieces.iter().enumerate() {
            let hole = match piece {
                Piece::Text(t) => {
                    out.push_str(t);
                    continue;
                }
                Piece::Hole(h) => *h,
            };
            let bits = scatter(s.line, k as u64);
            match hole {
                Hole::Crate => {
                    let at = within(bits, CRATES.len() as u64) as usize;
                    out.push_str(CRATES.get(at).unwrap_or(&"serde"));
                }
                Hole::Ip => {
                    out.push_str("198.51.100.");
                    number(out, 1 + within(bits, 254));
                }
                Hole::Ms => {
                    let mean = u64::from(s.us / 1_000);
                    let mean = if mean == 0 && s.us == 0 { 20 } else { mean };
                    number(out, (mean / 2 + within(bits, mean + 1)).max(1));
                }
                Hole::N => number(out, 1 + within(bits, 9_999)),
                Hole::Id => hex(out, bits, 8),
                Hole::User => {
                    out.push_str("u-");
                    number(out, 1_000 + within(bits, 99_000));
                }
                Hole::Port => number(out, 32_768 + within(bits, 28_232)),
                Hole::Req => hex(out, if s.trace == 0 { bits } else { s.trace }, 16),
                Hole::Took => {
                    let us = if s.trace == 0 { durations.of(bits, s.us) } else { u64::from(s.us) };
                    number(out, us / 1_000);
                    out.push('.');
                    number(out, us / 100 % 10);
                }
                Hole::Trace { json } if s.trace != 0 => {
                    out.push_str(if json { ",\"trace_id\":\"" } else { " trace_id=" });
                    hex(out, s.trace, 16);
                    out.push_str(if json { "\"" } else { "" });
                }
                Hole::Trace { .. } => {}
            }
        }
    }

    /// What its fixed text says about a search for `pattern`. It says no only if no filling could hold the pattern.
    pub fn verdict(&self, pattern: &str) -> Verdict {
        let holds = |p: &Piece| matches!(p, Piece::Text(t) if t.contains(pattern));
        if pattern.is_empty() || self.pieces.iter().any(holds) {
            Verdict::All
        } else if self.could_hold(pattern.as_bytes()) {
            Verdict::Line
        } else {
            Verdict::No
        }
    }

    /// Runs the pattern over every place of the template at once; a hole holds any number of its bytes.
    fn could_hold(&self, pattern: &[u8]) -> bool {
        enum Sign {
            Byte(u8),
            Any(Hole),
        }
        let signs: Vec<Sign> = self
            .pieces
            .iter()
            .flat_map(|p| match p {
                Piece::Text(t) => t.bytes().map(Sign::Byte).collect(),
                Piece::Hole(h) => vec![Sign::Any(*h)],
            })
            .collect();
        let mut at = vec![true; signs.len()];
        for (i, b) in pattern.iter().enumerate() {
            let mut next = vec![false; signs.len()];
            let mut carried = false;
            let mut ends = false;
            for (j, sign) in signs.iter().enumerate() {
                let here = at.get(j).copied().unwrap_or(false) || carried;
                carried = false;
                match sign {
                    Sign::Byte(x) => {
                        if here && x == b {
                            match next.get_mut(j + 1) {
                                Some(n) => *n = true,
                                None => ends = true,
                            }
                        }
                    }
                    Sign::Any(h) => {
                        // What stands before a hole may pass over it.
                        carried = here;
                        if here && h.may_hold(*b) {
                            if let Some(n) = next.get_mut(j) {
                                *n = true;
                            }
                            ends |= j + 1 == signs.len();
                        }
                    }
                }
            }
            let alive = next.contains(&true);
            if i + 1 == pattern.len() || !alive {
                return (ends && i + 1 == pattern.len()) || alive;
            }
            at = next;
        }
        true
    }
}

/// Equally likely durations around a mean: those of an exponential distribution, as a station's response nearly has.
#[derive(Clone, Debug)]
pub(super) struct Durations(Vec<f64>);

impl Durations {
    pub fn new() -> Durations {
        let at = |i: usize| -libm::log(1.0 - (i as f64 + 0.5) / QUANTILES as f64);
        Durations((0..QUANTILES).map(at).collect())
    }

    fn of(&self, bits: u64, mean_us: u32) -> u64 {
        let q = self.0.get((bits >> 56) as usize).copied().unwrap_or(1.0);
        (q * f64::from(mean_us)) as u64
    }
}

/// A number's digits, without the machinery of formatting: a search makes them by the million.
fn number(out: &mut String, n: u64) {
    if n >= 10 {
        number(out, n / 10);
    }
    out.push(char::from(b'0' + (n % 10) as u8));
}

fn hex(out: &mut String, bits: u64, digits: u32) {
    for i in (0..digits).rev() {
        out.push(char::from_digit((bits >> (4 * i) & 15) as u32, 16).unwrap_or('0'));
    }
}

const CRATES: [&str; 16] = [
    "serde",
    "rand",
    "libc",
    "syn",
    "quote",
    "regex",
    "log",
    "cfg-if",
    "bitflags",
    "itoa",
    "clap",
    "time",
    "url",
    "memchr",
    "base64",
    "once_cell",
];
