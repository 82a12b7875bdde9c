//! fold, expand, unexpand: lines broken at a width, tabs made blanks and back.

use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "fold",
        synopsis: "[OPTION]... [FILE]...",
        about: "wrap each input line to fit in specified width",
        opts: &[
            flag("b", "bytes", "count bytes rather than columns"),
            flag("s", "spaces", "break at spaces"),
            value("w", "width", "WIDTH", "use WIDTH columns instead of 80"),
            // `-20` is read as a count.
            value("n", "", "WIDTH", "the same as -w"),
        ],
        operand: Operand::Path,
        words: Words::Count,
        examples: &[
            ("echo abcdef | fold -w 4", "abcd\nef\n"),
            ("echo 'one two three' | fold -sw 8", "one two \nthree\n"),
        ],
        step: fold,
        ..Decl::BLANK
    },
    Decl {
        name: "expand",
        synopsis: "[OPTION]... [FILE]...",
        about: "convert tabs to spaces",
        opts: &[
            flag("i", "initial", "do not convert tabs after non blanks"),
            value(
                "t",
                "tabs",
                "LIST",
                "have tabs N characters apart, not 8, or use a comma separated LIST of tab positions",
            ),
            // `-4` is read as a count.
            value("n", "", "N", "the same as -t"),
        ],
        operand: Operand::Path,
        words: Words::Count,
        examples: &[("printf 'a\\tb\\n' | expand -t 4", "a   b\n")],
        step: expand,
        ..Decl::BLANK
    },
    Decl {
        name: "unexpand",
        synopsis: "[OPTION]... [FILE]...",
        about: "convert spaces to tabs",
        opts: &[
            flag("a", "all", "convert all blanks, instead of just initial blanks"),
            flag("", "first-only", "convert only leading sequences of blanks (overrides -a)"),
            value("t", "tabs", "LIST", "have tabs N characters apart instead of 8 (enables -a)"),
        ],
        operand: Operand::Path,
        examples: &[("echo '        x' | unexpand", "\tx\n")],
        step: unexpand,
        ..Decl::BLANK
    },
];

/// The column after a byte.
fn after(column: usize, byte: u8, bytes: bool) -> usize {
    match byte {
        _ if bytes => column + 1,
        8 => column.saturating_sub(1),
        b'\r' => 0,
        b'\t' => column + 8 - column % 8,
        _ => column + 1,
    }
}

fn fold(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let given = a.get("w").or(a.get("n"));
    let width = match given.map_or(Ok(80), str::parse::<usize>) {
        Ok(n) if n > 0 => n,
        other => {
            let why = if other.is_ok() { ": Numerical result out of range" } else { "" };
            c.error(&format!("invalid number of columns: ‘{}’{why}", given.unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    let (spaces, bytes) = (a.has("s"), a.has("b"));
    c.each(&a.rest, '\n', |c, line, ended| {
        let (mut out, mut part): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
        let mut column = 0;
        for byte in to_bytes(line) {
            loop {
                let next = after(column, byte, bytes);
                if next <= width || part.is_empty() {
                    column = next;
                    part.push(byte);
                    break;
                }
                let blank = part.iter().rposition(|b| matches!(b, b' ' | b'\t')).filter(|_| spaces);
                let keep = blank.map_or_else(Vec::new, |i| part.split_off(i + 1));
                out.append(&mut part);
                out.push(b'\n');
                part = keep;
                column = part.iter().fold(0, |n, b| after(n, *b, bytes));
            }
        }
        out.append(&mut part);
        if ended {
            out.push(b'\n');
        }
        c.print(&from_bytes(&out));
        None
    })
}

/// Longest line that tabs may make, in columns.
const LONGEST: usize = 16 << 20;

/// Tab stops: a list, then every so many columns, if any.
struct Stops {
    list: Vec<usize>,
    every: Option<usize>,
    /// `+N`: the repeated stops count from the last of the list.
    relative: bool,
}

impl Stops {
    fn parse(texts: &[&str]) -> Result<Stops, String> {
        let mut stops = Stops { list: Vec::new(), every: None, relative: false };
        for part in texts.iter().flat_map(|t| t.split([',', ' '])).filter(|p| !p.is_empty()) {
            let (mark, digits) = match part.strip_prefix(['/', '+']) {
                Some(d) => (part.chars().next(), d),
                None => (None, part),
            };
            let n: usize = match digits.parse() {
                Ok(0) => return Err("tab size cannot be 0".to_owned()),
                Ok(n) => n,
                Err(_) if digits.chars().all(|c| c.is_ascii_digit()) => {
                    return Err(format!("tab stop is too large ‘{digits}’"));
                }
                Err(_) => {
                    let bad = digits.trim_start_matches(|c: char| c.is_ascii_digit());
                    return Err(format!("tab size contains invalid character(s): ‘{bad}’"));
                }
            };
            if mark.is_some() {
                stops.every = Some(n);
                stops.relative = mark == Some('+');
            } else if stops.list.last().is_some_and(|l| *l >= n) {
                return Err("tab sizes must be ascending".to_owned());
            } else {
                stops.list.push(n);
            }
        }
        match stops.list.as_slice() {
            [] if stops.every.is_none() => stops.every = Some(8),
            [one] if stops.every.is_none() => {
                stops.every = Some(*one);
                stops.list.clear();
            }
            _ => {}
        }
        Ok(stops)
    }

    /// The next stop after a column.
    fn next(&self, column: usize) -> Option<usize> {
        if let Some(s) = self.list.iter().find(|s| **s > column) {
            return Some(*s);
        }
        let every = self.every?;
        let base = if self.relative { self.list.last().copied().unwrap_or(0) } else { 0 };
        Some(base.saturating_add((column.saturating_sub(base) / every).saturating_add(1).saturating_mul(every)))
    }
}

fn stops(c: &mut Ctx<'_>) -> Result<Stops, Step> {
    let a = c.args.clone();
    let lists: Vec<&str> = a.flags.iter().filter(|(k, _)| k == "t" || k == "n").map(|(_, v)| v.as_str()).collect();
    Stops::parse(&lists).map_err(|why| {
        c.error(&why);
        Step::Exit(1)
    })
}

fn expand(c: &mut Ctx<'_>) -> Step {
    let stops = match stops(c) {
        Ok(s) => s,
        Err(step) => return step,
    };
    let a = c.args.clone();
    c.each(&a.rest, '\n', |c, line, ended| {
        let mut out: Vec<u8> = Vec::new();
        let (mut column, mut begun) = (0usize, false);
        for b in to_bytes(line) {
            match b {
                b'\t' if !(a.has("i") && begun) => {
                    let to = stops.next(column).unwrap_or(column + 1);
                    if to > LONGEST {
                        c.error("input line is too long");
                        return Some(Step::Exit(1));
                    }
                    out.extend(std::iter::repeat_n(b' ', to - column));
                    column = to;
                }
                8 => {
                    out.push(b);
                    column = column.saturating_sub(1);
                }
                b => {
                    begun |= b != b' ' && b != b'\t';
                    out.push(b);
                    column += 1;
                }
            }
        }
        if ended {
            out.push(b'\n');
        }
        c.print(&from_bytes(&out));
        None
    })
}

fn unexpand(c: &mut Ctx<'_>) -> Step {
    let stops = match stops(c) {
        Ok(s) => s,
        Err(step) => return step,
    };
    let a = c.args.clone();
    let all = (a.has("a") || a.has("t")) && !a.has("first-only");
    c.each(&a.rest, '\n', |c, line, ended| {
        let mut out = String::new();
        let mut column = 0usize;
        // Blanks not yet written: from this column on.
        let mut pending: Option<(usize, bool)> = None;
        let mut converts = true;
        for ch in line.chars() {
            let blank = matches!(ch, ' ' | '\t');
            if converts && blank {
                let (from, _) = *pending.get_or_insert((column, false));
                let stop = stops.next(column);
                column = match (ch, stop) {
                    ('\t', Some(s)) => s,
                    _ => column.saturating_add(1),
                };
                if column > LONGEST {
                    c.error("input line is too long");
                    return Some(Step::Exit(1));
                }
                // A blank just before a stop stays a blank unless more of them follow or went before.
                if Some(column) == stop && (ch == '\t' || column - from > 1) {
                    let mut at = from;
                    while at < column {
                        out.push('\t');
                        at = stops.next(at).unwrap_or(column);
                    }
                    pending = Some((column, true));
                } else if Some(column) == stop {
                    pending = Some((from, false));
                }
                continue;
            }
            if let Some((from, _)) = pending.take() {
                out.push_str(&fill(&stops, from, column));
            }
            if ch == '\u{8}' {
                column = column.saturating_sub(1);
            } else {
                column += 1;
            }
            converts &= all;
            out.push(ch);
        }
        if let Some((from, _)) = pending.take() {
            out.push_str(&fill(&stops, from, column));
        }
        if ended {
            out.push('\n');
        }
        c.print(&out);
        None
    })
}

/// Blanks from one column to another, as tabs as far as two or more of them reach a stop.
fn fill(stops: &Stops, from: usize, to: usize) -> String {
    let mut out = String::new();
    let mut at = from;
    while let Some(stop) = stops.next(at).filter(|s| *s <= to && *s - at > 1) {
        out.push('\t');
        at = stop;
    }
    if at < to && stops.next(at).is_some_and(|s| s < to) {
        // A single blank up to a stop is part of a longer run.
        out.push('\t');
        at = stops.next(at).unwrap_or(to);
        out.push_str(&fill(stops, at, to));
        return out;
    }
    out.push_str(&" ".repeat(to - at));
    out
}
