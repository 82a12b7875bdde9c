//! sort, uniq, cut.

use crate::console::text_format;
use crate::console::tool::{Ctx, Decl, Line, Operand, Step, Style, flag, value};

pub(crate) mod grep;
pub(crate) mod tr;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "sort",
        synopsis: "[-nrhu] [-k FIELD] [-t SEP] [FILE]...",
        about: "sort lines of text",
        opts: &[
            flag("n", "numeric-sort", "compare according to numerical value"),
            flag("h", "human-numeric-sort", "compare human readable numbers (2K, 1G)"),
            flag("r", "reverse", "reverse the result"),
            flag("u", "unique", "output only the first of equal lines"),
            value("k", "key", "FIELD", "sort by this field, from 1"),
            value("t", "field-separator", "SEP", "use SEP instead of blanks between fields"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("echo -e '10\\n9\\n1' | sort -n", "1\n9\n10\n"),
            ("echo -e 'a 2K\\nb 1M\\nc 3' | sort -rhk2", "b 1M\na 2K\nc 3\n"),
        ],
        step: sort,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "uniq",
        synopsis: "[-cd] [FILE]",
        about: "report or omit repeated lines",
        opts: &[
            flag("c", "count", "prefix lines by the number of occurrences"),
            flag("d", "repeated", "only print duplicate lines"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("echo -e 'a\\na\\nb' | uniq -c", "      2 a\n      1 b\n")],
        step: uniq,
        ..Decl::BLANK
    },
    Decl {
        name: "cut",
        synopsis: "(-f LIST [-d DELIM] | -c LIST) [FILE]...",
        about: "remove sections from each line of files",
        opts: &[
            value("f", "fields", "LIST", "select only these fields"),
            value("d", "delimiter", "DELIM", "use DELIM instead of TAB"),
            value("c", "characters", "LIST", "select only these characters"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("echo a:b:c | cut -d: -f1,3", "a:c\n"), ("echo abcdef | cut -c2-4", "bcd\n")],
        step: cut,
        ..Decl::BLANK
    },
];

fn sort(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if let Some(step) = c.gather(&a.rest) {
        return step;
    }
    let field = match a.get("k") {
        None => None,
        Some(spec) => {
            // `-k2`, `-k2,2`, `-k2n`: the field's number and the options after it.
            let digits: String = spec.chars().take_while(char::is_ascii_digit).collect();
            let tail: String =
                spec.chars().skip(digits.len()).filter(|c| !matches!(c, ',' | 'n' | 'r' | 'h' | '0'..='9')).collect();
            match digits.parse::<usize>() {
                Ok(n) if n > 0 && tail.is_empty() => Some(n),
                _ => {
                    c.error(&format!("-: invalid field specification ‘{spec}’"));
                    return Step::Exit(2);
                }
            }
        }
    };
    let has = |k: &str| a.has(k) || a.get("k").is_some_and(|s| s.contains(k));
    let key = |line: &str| -> String {
        match (field, a.get("t").and_then(|t| t.chars().next())) {
            (None, _) => line.to_owned(),
            (Some(n), Some(sep)) => line.split(sep).nth(n - 1).unwrap_or_default().to_owned(),
            (Some(n), None) => line.split_whitespace().skip(n - 1).collect::<Vec<_>>().join(" "),
        }
    };
    let number = |text: &str| -> f64 {
        let t = text.trim_start();
        if has("h") {
            let word = t.split_whitespace().next().unwrap_or_default();
            return text_format::size(word).map_or(0.0, |n| n as f64);
        }
        let end = t
            .char_indices()
            .find(|(i, c)| !(c.is_ascii_digit() || *c == '.' || (*i == 0 && *c == '-')))
            .map_or(t.len(), |(i, _)| i);
        t.get(..end).and_then(|d| d.parse().ok()).unwrap_or(0.0)
    };
    let mut lines = std::mem::take(&mut c.tool.lines);
    let numeric = has("n") || has("h");
    let compare = |x: &String, y: &String| {
        let (kx, ky) = (key(x), key(y));
        let order = if numeric { number(&kx).total_cmp(&number(&ky)) } else { kx.cmp(&ky) };
        if has("r") { order.reverse() } else { order }
    };
    lines.sort_by(|x, y| {
        let last = if has("r") { y.cmp(x) } else { x.cmp(y) };
        compare(x, y).then(if a.has("u") { std::cmp::Ordering::Equal } else { last })
    });
    if a.has("u") {
        lines.dedup_by(|x, y| compare(x, y).is_eq());
    }
    for l in &lines {
        c.line(l);
    }
    Step::Exit(c.tool.status)
}

fn uniq(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if let Some(step) = c.gather(&a.rest) {
        return step;
    }
    let lines = std::mem::take(&mut c.tool.lines);
    for run in lines.chunk_by(|x, y| x == y) {
        let Some(first) = run.first().filter(|_| !a.has("d") || run.len() > 1) else { continue };
        if a.has("c") {
            c.line(&format!("{:>7} {first}", run.len()));
        } else {
            c.line(first);
        }
    }
    Step::Exit(c.tool.status)
}

fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    list.split(',')
        .map(|part| {
            let (a, b) = match part.split_once('-') {
                Some((a, b)) => (if a.is_empty() { "1" } else { a }, if b.is_empty() { "1000000" } else { b }),
                None => (part, part),
            };
            let (a, b) = (a.parse::<usize>().ok()?, b.parse::<usize>().ok()?);
            (a > 0 && a <= b).then_some((a, b))
        })
        .collect()
}

fn cut(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (list, fields) = match (a.get("f"), a.get("c")) {
        (Some(l), None) => (l, true),
        (None, Some(l)) => (l, false),
        _ => {
            c.p.err.push_str("cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n");
            return Step::Exit(1);
        }
    };
    let Some(list) = ranges(list) else {
        c.p.err.push_str(&format!("cut: invalid field value ‘{list}’\nTry 'cut --help' for more information.\n"));
        return Step::Exit(1);
    };
    let keep = |i: usize| list.iter().any(|(a, b)| (*a..=*b).contains(&(i + 1)));
    let delimiter = a.get("d").unwrap_or("\t").to_owned();
    if delimiter.chars().count() != 1 {
        c.p.err.push_str("cut: the delimiter must be a single character\nTry 'cut --help' for more information.\n");
        return Step::Exit(1);
    }
    filter(c, &a.rest, |line| {
        if fields {
            if !line.contains(&delimiter) {
                return Some(line.to_owned());
            }
            let parts: Vec<&str> =
                line.split(delimiter.as_str()).enumerate().filter(|(i, _)| keep(*i)).map(|(_, f)| f).collect();
            Some(parts.join(&delimiter))
        } else {
            Some(line.chars().enumerate().filter(|(i, _)| keep(*i)).map(|(_, c)| c).collect())
        }
    })
}

/// Runs every line through `f`; lines it drops are not printed.
fn filter(c: &mut Ctx<'_>, files: &[String], f: impl Fn(&str) -> Option<String>) -> Step {
    for _ in 0..64 {
        match c.next_line(files) {
            Line::Text(t) => {
                if let Some(out) = f(&t) {
                    c.line(&out);
                }
            }
            Line::Later => return if c.p.out.is_empty() { Step::Wait } else { Step::More },
            Line::End => return Step::Exit(c.tool.status),
        }
    }
    Step::More
}
