//! split, csplit: a file cut into pieces.

use super::cat::lines_with_ends;
use crate::console::posix::{Options, Re, Syntax};
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::input::amount;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "split",
        synopsis: "[OPTION]... [FILE [PREFIX]]",
        about: "split a file into pieces",
        opts: &[
            value("a", "suffix-length", "N", "generate suffixes of length N (default 2)"),
            value("", "additional-suffix", "SUFFIX", "append an additional SUFFIX to file names"),
            value("b", "bytes", "SIZE", "put SIZE bytes per output file"),
            value("C", "line-bytes", "SIZE", "put at most SIZE bytes of records per output file"),
            flag("d", "", "use numeric suffixes starting at 0, not alphabetic"),
            value("", "numeric-suffixes", "[FROM]", "same as -d, but allow setting the start value"),
            flag("x", "", "use hex suffixes starting at 0, not alphabetic"),
            value("", "hex-suffixes", "[FROM]", "same as -x, but allow setting the start value"),
            flag("e", "elide-empty-files", "do not generate empty output files with '-n'"),
            value("", "filter", "COMMAND", "write to shell COMMAND (not simulated)"),
            value("l", "lines", "NUMBER", "put NUMBER lines/records per output file"),
            value("n", "number", "CHUNKS", "generate CHUNKS output files: N, K/N, l/N, l/K/N, r/N"),
            value("t", "separator", "SEP", "use SEP instead of newline as the record separator"),
            flag("u", "unbuffered", "immediately copy input to output with '-n r/...'"),
            flag("", "verbose", "print a diagnostic just before each output file is opened"),
        ],
        operand: Operand::Path,
        words: Words::Mixed,
        missing: &["--filter: nothing is started from here."],
        examples: &[("seq 5 | split -l 2 - /tmp/p. && cat /tmp/p.ac", "5\n")],
        step: split,
        ..Decl::BLANK
    },
    Decl {
        name: "csplit",
        synopsis: "[OPTION]... FILE PATTERN...",
        about: "split a file into sections determined by context lines",
        opts: &[
            value("b", "suffix-format", "FORMAT", "use sprintf FORMAT instead of %02d"),
            value("f", "prefix", "PREFIX", "use PREFIX instead of 'xx'"),
            flag("k", "keep-files", "do not remove output files on errors"),
            flag("", "suppress-matched", "suppress the lines matching PATTERN"),
            value("n", "digits", "DIGITS", "use specified number of digits instead of 2"),
            flag("s", "quiet", "do not print counts of output file sizes"),
            flag("", "silent", "the same as --quiet"),
            flag("z", "elide-empty-files", "remove empty output files"),
        ],
        operand: Operand::Path,
        examples: &[("seq 5 > /tmp/s; cd /tmp; csplit s 3", "4\n6\n")],
        step: csplit,
        ..Decl::BLANK
    },
];

/// How the names of the pieces count.
struct Names {
    digits: u32,
    length: usize,
    fixed: bool,
    from: u64,
}

impl Names {
    /// The suffix of piece `n`; `None` when they are exhausted. Without a fixed length it grows as `split` lets it.
    fn suffix(&self, n: u64) -> Option<String> {
        let base = u64::from(self.digits);
        let mut n = n + self.from;
        let mut length = self.length;
        let mut lead = String::new();
        if !self.fixed {
            // The last leading letter says that two more follow.
            loop {
                let room = base.checked_pow(u32::try_from(length).ok()?)?;
                let usable = room - room / base;
                if n < usable {
                    break;
                }
                n -= usable;
                lead.push(self.digit(base - 1)?);
                length += 1;
            }
        } else if n >= base.checked_pow(u32::try_from(length).ok()?)? {
            return None;
        }
        let mut out: Vec<char> = Vec::new();
        for _ in 0..length {
            out.push(self.digit(n % base)?);
            n /= base;
        }
        out.reverse();
        Some(lead + &out.into_iter().collect::<String>())
    }

    fn digit(&self, n: u64) -> Option<char> {
        let n = u32::try_from(n).ok()?;
        if self.digits == 26 { char::from_u32(u32::from(b'a') + n) } else { char::from_digit(n, self.digits) }
    }
}

/// The pieces of `-n`.
fn chunks(text: &str, spec: &str, delim: char) -> Result<(Vec<String>, Option<usize>), String> {
    let bad = || format!("invalid number of chunks: ‘{spec}’");
    let (kind, rest) = match spec.split_once('/') {
        Some((k @ ("l" | "r"), rest)) => (k, rest),
        _ => ("", spec),
    };
    let (only, count) = match rest.split_once('/') {
        Some((k, n)) => (Some(k.parse::<usize>().map_err(|_| bad())?), n),
        None => (None, rest),
    };
    let n = count.parse::<usize>().ok().filter(|n| (1..=100_000).contains(n)).ok_or_else(bad)?;
    if only.is_some_and(|k| k == 0 || k > n) {
        return Err(format!("invalid chunk number: ‘{}’", only.unwrap_or(0)));
    }
    let mut out = vec![String::new(); n];
    let lines = lines_with_ends(text, delim);
    let total = to_bytes(text).len();
    match kind {
        "r" => {
            for (i, l) in lines.iter().enumerate() {
                if let Some(slot) = out.get_mut(i % n) {
                    slot.push_str(l);
                }
            }
        }
        "l" => {
            // A line goes into the piece in which it begins.
            let size = (total / n).max(1);
            let mut at = 0;
            for l in &lines {
                let slot = (at / size).min(n - 1);
                if let Some(slot) = out.get_mut(slot) {
                    slot.push_str(l);
                }
                at += to_bytes(l).len();
            }
        }
        _ => {
            let all = to_bytes(text);
            let size = total / n;
            for (i, slot) in out.iter_mut().enumerate() {
                let to = if i + 1 == n { total } else { (i + 1) * size };
                *slot = from_bytes(all.get(i * size..to).unwrap_or_default());
            }
        }
    }
    Ok((out, only))
}

fn split(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.has("filter") {
        c.error("--filter is not simulated here");
        return Step::Exit(1);
    }
    if let Some(extra) = a.at(2) {
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let delim = match a.get("t") {
        None => '\n',
        Some("\\0") => '\0',
        Some(t) => match t.chars().collect::<Vec<_>>().as_slice() {
            [one] => *one,
            _ => {
                c.error(&format!("multi-character separator ‘{t}’"));
                return Step::Exit(1);
            }
        },
    };
    let files: Vec<String> = a.rest.iter().take(1).cloned().collect();
    let text = match c.texts(&files) {
        Ok(t) => t.into_iter().map(|(_, t)| t).collect::<String>(),
        Err(step) => return step,
    };
    if c.tool.status > 0 {
        return Step::Exit(1);
    }
    let ways: Vec<&(String, String)> =
        a.flags.iter().filter(|(k, _)| matches!(k.as_str(), "l" | "b" | "C" | "n")).collect();
    if ways.len() > 1 {
        return c.misuse("cannot split in more than one way", 1);
    }
    let (way, size_text) = ways.first().map_or(("l", "1000"), |(k, v)| (k.as_str(), v.as_str()));
    let mut only = None;
    let pieces: Vec<String> = if way == "n" {
        match chunks(&text, size_text, delim) {
            Ok((p, k)) => {
                only = k;
                p
            }
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        }
    } else {
        let Some(size) = amount(size_text).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0) else {
            let what = if way == "l" { "lines" } else { "bytes" };
            let zero = !size_text.is_empty() && size_text.chars().all(|c| c == '0');
            let why = if zero { ": Numerical result out of range" } else { "" };
            c.error(&format!("invalid number of {what}: ‘{size_text}’{why}"));
            return Step::Exit(1);
        };
        match way {
            "l" => lines_with_ends(&text, delim).chunks(size).map(<[&str]>::concat).collect(),
            "b" => to_bytes(&text).chunks(size).map(from_bytes).collect(),
            _ => by_line_bytes(&text, size, delim),
        }
    };
    if let Some(k) = only {
        c.print(pieces.get(k - 1).map_or("", String::as_str));
        return Step::Exit(0);
    }
    let numeric = a.has("d") || a.has("numeric-suffixes");
    let hex = a.has("x") || a.has("hex-suffixes");
    let from_text = a.get("numeric-suffixes").or(a.get("hex-suffixes")).unwrap_or_default();
    let from =
        if from_text.is_empty() { 0 } else { u64::from_str_radix(from_text, if hex { 16 } else { 10 }).unwrap_or(0) };
    let digits = if hex {
        16
    } else if numeric {
        10
    } else {
        26
    };
    let given = a.get("a").map(|n| n.parse::<usize>().ok().filter(|n| *n < 20));
    if given == Some(None) {
        c.error(&format!("invalid suffix length: ‘{}’", a.get("a").unwrap_or_default()));
        return Step::Exit(1);
    }
    let mut names =
        Names { digits, length: given.flatten().filter(|n| *n > 0).unwrap_or(2), fixed: a.has("a") || from > 0, from };
    if way == "n" {
        // As many letters as the last piece needs.
        names.fixed = true;
        while given.is_none()
            && u64::from(digits).pow(u32::try_from(names.length).unwrap_or(2)) < pieces.len() as u64 + from
        {
            names.length += 1;
        }
    }
    let prefix = a.at(1).unwrap_or("x").to_owned();
    let more = a.get("additional-suffix").unwrap_or_default().to_owned();
    let mut n = 0;
    for piece in pieces {
        if piece.is_empty() && (way != "n" || a.has("e")) {
            continue;
        }
        let Some(suffix) = names.suffix(n) else {
            c.error("output file suffixes exhausted");
            return Step::Exit(1);
        };
        n += 1;
        let name = format!("{prefix}{suffix}{more}");
        if a.has("verbose") {
            c.line(&format!("creating file '{name}'"));
        }
        if let Err(why) = c.put(&name, &piece, false) {
            c.error(&format!("{name}: {why}"));
            return Step::Exit(1);
        }
    }
    Step::Exit(0)
}

/// As many whole lines as fit into `size` bytes; a longer line is cut.
fn by_line_bytes(text: &str, size: usize, delim: char) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut now: Vec<u8> = Vec::new();
    for line in lines_with_ends(text, delim) {
        let mut bytes = to_bytes(line);
        if !now.is_empty() && now.len() + bytes.len() > size {
            out.push(from_bytes(&now));
            now.clear();
        }
        while bytes.len() > size {
            let rest = bytes.split_off(size);
            out.push(from_bytes(&bytes));
            bytes = rest;
        }
        now.append(&mut bytes);
    }
    if !now.is_empty() {
        out.push(from_bytes(&now));
    }
    out
}

/// Where a pattern of csplit cuts.
enum Cut {
    Line(usize),
    Match { re: Re, offset: i64, skip: bool },
}

fn cut(text: &str) -> Result<Cut, String> {
    let Some(mark) = text.chars().next().filter(|c| matches!(c, '/' | '%')) else {
        return match text.parse::<usize>() {
            Ok(0) => Err(format!("{text}: line number must be greater than zero")),
            Ok(n) => Ok(Cut::Line(n)),
            Err(_) => Err(format!("‘{text}’: invalid pattern")),
        };
    };
    let body = text.get(1..).unwrap_or_default();
    let Some(end) = body.rfind(mark) else { return Err(format!("{text}: closing delimiter '{mark}' missing")) };
    let (pattern, offset) = body.split_at(end);
    let offset = offset.get(1..).unwrap_or_default();
    let offset = if offset.is_empty() {
        0
    } else {
        offset.parse().map_err(|_| format!("{text}: integer expected after delimiter"))?
    };
    let re = Re::new(pattern, Syntax::Basic, Options::default())
        .map_err(|why| format!("{text}: invalid regular expression: {why}"))?;
    Ok(Cut::Match { re, offset, skip: mark == '%' })
}

/// The patterns of csplit, each with its word and how often it is applied; `None` is as often as it can be.
type Cuts<'a> = Vec<(&'a str, Cut, Option<u64>)>;

fn cuts<'a>(c: &mut Ctx<'_>, patterns: &'a [String]) -> Result<Cuts<'a>, String> {
    let mut all = Cuts::new();
    let mut words = patterns.iter().peekable();
    let mut before = 0;
    while let Some(word) = words.next() {
        let made = cut(word)?;
        if let Cut::Line(n) = made {
            if n < before {
                return Err(format!("line number ‘{n}’ is smaller than preceding line number, {before}"));
            }
            if n == before {
                c.error(&format!("warning: line number ‘{n}’ is the same as preceding line number"));
            }
            before = n;
        }
        let mut times = Some(1);
        if let Some(repeat) = words.next_if(|w| w.starts_with('{')) {
            let inner = repeat.strip_prefix('{').and_then(|r| r.strip_suffix('}'));
            let inner = inner.ok_or_else(|| format!("{repeat}: '}}' is required in repeat count"))?;
            let number = || inner.parse::<u64>().map(|n| n.saturating_add(1));
            times = if inner == "*" {
                None
            } else {
                Some(number().map_err(|_| format!("{repeat}}}: integer required between '{{' and '}}'"))?)
            };
        }
        all.push((word.as_str(), made, times));
    }
    Ok(all)
}

/// Sections as ranges of lines (what a `%` pattern passed over is none), and what went wrong behind them.
fn sections(lines: &[&str], cuts: &Cuts<'_>, suppress: bool) -> (Vec<(usize, usize)>, Option<String>) {
    let total = lines.len();
    let mut all = Vec::new();
    // Lines taken, and lines looked at: a pattern that cut at a line does not look at it again.
    let (mut first, mut seen) = (0usize, 0usize);
    for (word, cut, times) in cuts {
        let mut n = 0u64;
        while times.is_none_or(|t| n < t) {
            let again = if n > 0 { format!(" on repetition {n}") } else { String::new() };
            match cut {
                Cut::Line(line) => {
                    let to = line.saturating_mul(usize::try_from(n + 1).unwrap_or(usize::MAX)) - 1;
                    let to = to.max(first);
                    all.push((first, to.min(total)));
                    if to >= total {
                        return (all, Some(format!("‘{word}’: line number out of range{again}")));
                    }
                    first = to;
                    seen = seen.max(to);
                }
                Cut::Match { re, offset, skip } => {
                    let fits = |i: &usize| lines.get(*i).is_some_and(|l| re.is_match(l.trim_end_matches('\n')));
                    let Some(found) = (seen..total).find(fits) else {
                        if !skip {
                            all.push((first, total));
                        }
                        let why = times.is_some().then(|| format!("‘{word}’: match not found{again}"));
                        return (all, why);
                    };
                    let to = i64::try_from(found).unwrap_or(i64::MAX).saturating_add(*offset);
                    let to = usize::try_from(to).ok().filter(|to| *to >= first);
                    if !skip {
                        all.push((first, to.unwrap_or(first).min(total)));
                    }
                    let Some(to) = to.filter(|to| *to <= total) else {
                        return (all, Some(format!("‘{word}’: line number out of range")));
                    };
                    first = to;
                    seen = (found + 1).max(if *offset > 0 { to + 1 } else { 0 });
                }
            }
            if suppress {
                first = (first + 1).min(total);
                seen = seen.max(first);
            }
            n += 1;
        }
    }
    all.push((first, total));
    (all, None)
}

fn csplit(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some((file, patterns)) = a.rest.split_first().filter(|(_, p)| !p.is_empty()) else {
        return match a.rest.first() {
            None => c.misuse("missing operand", 1),
            Some(one) => c.misuse(&format!("missing operand after ‘{one}’"), 1),
        };
    };
    let text = match c.texts(std::slice::from_ref(file)) {
        Ok(t) => t.into_iter().map(|(_, t)| t).collect::<String>(),
        Err(step) => return step,
    };
    if c.tool.status > 0 {
        return Step::Exit(1);
    }
    let lines = lines_with_ends(&text, '\n');
    let cuts = match cuts(c, patterns) {
        Ok(cuts) => cuts,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    let (sections, failed) = sections(&lines, &cuts, a.has("suppress-matched"));
    let digits = a.get("n").and_then(|n| n.parse::<usize>().ok()).unwrap_or(2).min(20);
    let prefix = a.get("f").unwrap_or("xx");
    let mut n = 0;
    for (from, to) in sections {
        let part: String = lines.get(from..to).unwrap_or_default().concat();
        if part.is_empty() && a.has("z") {
            continue;
        }
        let suffix = match a.get("b") {
            Some(f) => {
                let chars: Vec<char> = f.chars().collect();
                let at = chars.iter().position(|c| *c == '%').unwrap_or(0);
                let (s, used) = crate::console::text_format::spec(chars.get(at + 1..).unwrap_or_default(), || 0);
                let kind = chars.get(at + 1 + used).copied().unwrap_or('d');
                let head: String = chars.iter().take(at).collect();
                let tail: String = chars.iter().skip(at + 2 + used).collect();
                format!("{head}{}{tail}", crate::console::text_format::integer(&s, kind, n))
            }
            None => format!("{n:0digits$}"),
        };
        n += 1;
        let name = format!("{prefix}{suffix}");
        if (failed.is_none() || a.has("k"))
            && let Err(why) = c.put(&name, &part, false)
        {
            c.error(&format!("{name}: {why}"));
            return Step::Exit(1);
        }
        if !(a.has("s") || a.has("silent")) {
            c.line(&to_bytes(&part).len().to_string());
        }
    }
    if let Some(why) = failed {
        c.error(&why);
    }
    Step::Exit(c.tool.status)
}
