//! grep, sort, uniq, cut, tr, sed, awk: honest subsets that refuse what they cannot do.

use crate::console::text_format;
use crate::console::tool::{Ctx, Decl, Line, Operand, Step, Style, flag, value};
use regex::RegexBuilder;

mod grep;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "grep",
        synopsis: "[-EFivncowlrhqH] [-m NUM] [-A NUM] [-B NUM] [-C NUM] PATTERN [FILE]...",
        about: "print lines that match a pattern",
        opts: &[
            flag("E", "extended-regexp", "PATTERN is an extended regular expression"),
            flag("F", "fixed-strings", "PATTERN is a plain string"),
            flag("i", "ignore-case", "ignore case distinctions"),
            flag("v", "invert-match", "select non-matching lines"),
            flag("n", "line-number", "print line number with output lines"),
            flag("c", "count", "print only a count of selected lines per file"),
            flag("o", "only-matching", "show only the part of a line that matches"),
            flag("w", "word-regexp", "match only whole words"),
            flag("l", "files-with-matches", "print only names of files with selected lines"),
            flag("r", "recursive", "search directories recursively"),
            flag("h", "no-filename", "suppress the file name prefix"),
            flag("H", "with-filename", "print the file name with output lines"),
            flag("q", "quiet", "suppress all normal output"),
            value("m", "max-count", "NUM", "stop after NUM selected lines"),
            value("A", "after-context", "NUM", "print NUM lines of trailing context"),
            value("B", "before-context", "NUM", "print NUM lines of leading context"),
            value("C", "context", "NUM", "print NUM lines of output context"),
            value("e", "regexp", "PATTERN", "use PATTERN for matching"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("seq 12 | grep -n 1", "1:1\n10:10\n11:11\n12:12\n"),
            ("grep -c root /etc/passwd", "1\n"),
            ("seq 5 | grep -vE '[234]'", "1\n5\n"),
            ("echo a1b22 | grep -oE '[0-9]+'", "1\n22\n"),
        ],
        step: grep::grep,
        misuse: 2,
        ..Decl::BLANK
    },
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
    Decl {
        name: "tr",
        synopsis: "[-ds] SET1 [SET2]",
        about: "translate, squeeze or delete characters",
        opts: &[flag("d", "delete", "delete characters in SET1"), flag("s", "squeeze-repeats", "squeeze repeats")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("echo hello | tr a-z A-Z", "HELLO\n"), ("echo a--b | tr -s -", "a-b\n")],
        step: tr,
        ..Decl::BLANK
    },
    Decl {
        name: "sed",
        synopsis: "[-En] 's/REGEX/TEXT/[g][i][p]' [FILE]...",
        about: "replace text in each line (only the s command is available here)",
        opts: &[
            flag("E", "regexp-extended", "use extended regular expressions"),
            flag("n", "quiet", "print only lines that the p flag selects"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("echo disk full | sed 's/full/empty/'", "disk empty\n"),
            ("echo x | sed 1d", "sed: -e expression #1: only s/REGEX/TEXT/ is available in this shell\n"),
        ],
        step: sed,
        ..Decl::BLANK
    },
    Decl {
        name: "awk",
        synopsis: "[-F SEP] '[/REGEX/] {print $N, ...}' [FILE]...",
        about: "print fields of matching lines (only print is available here)",
        opts: &[value("F", "", "SEP", "field separator")],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("echo a b c | awk '{print $3, $1}'", "c a\n"),
            ("awk -F: '/root/ {print $1}' /etc/passwd", "root\n"),
            ("echo a b | awk '{print NF}'", "2\n"),
        ],
        step: awk,
        misuse: 2,
        ..Decl::BLANK
    },
];

/// Compiles a pattern. POSIX basic syntax is turned into the extended one that the engine reads.
fn pattern(text: &str, extended: bool, fixed: bool, ignore_case: bool, word: bool) -> Result<regex::Regex, String> {
    let mut re = if fixed {
        regex::escape(text)
    } else if extended {
        text.to_owned()
    } else {
        let mut out = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some(d @ ('(' | ')' | '{' | '}' | '|' | '+' | '?')) => out.push(d),
                    Some(d) => out.extend(['\\', d]),
                    None => return Err("Trailing backslash".to_owned()),
                },
                '(' | ')' | '{' | '}' | '|' | '+' | '?' => out.extend(['\\', c]),
                c => out.push(c),
            }
        }
        out
    };
    if word {
        re = format!(r"\b(?:{re})\b");
    }
    RegexBuilder::new(&re)
        .case_insensitive(ignore_case)
        .size_limit(1 << 20)
        .build()
        .map_err(|_| "Invalid regular expression".to_owned())
}

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

fn set_of(text: &str) -> Vec<char> {
    let text = text
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:digit:]", "0-9")
        .replace("[:space:]", " \t\n");
    let mut raw = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        raw.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(c) => c,
                None => '\\',
            },
            c => c,
        });
    }
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(a) = raw.get(i) {
        match (raw.get(i + 1), raw.get(i + 2)) {
            (Some('-'), Some(b)) if a <= b => {
                out.extend((*a..=*b).take(2000));
                i += 3;
            }
            _ => {
                out.push(*a);
                i += 1;
            }
        }
    }
    out
}

fn tr(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (from, to) = match (a.at(0), a.at(1)) {
        (Some(f), Some(t)) => (set_of(f), set_of(t)),
        (Some(f), None) if a.has("d") || a.has("s") => (set_of(f), Vec::new()),
        _ => {
            c.p.err.push_str("tr: missing operand\nTry 'tr --help' for more information.\n");
            return Step::Exit(1);
        }
    };
    match c.chunk(&[]) {
        crate::console::machine::Read::Bytes(text) => {
            let mut out = String::new();
            let mut last = None;
            for ch in text.chars() {
                let hit = from.iter().position(|f| *f == ch);
                if hit.is_some() && a.has("d") {
                    continue;
                }
                let new = match hit {
                    Some(i) if !to.is_empty() => to.get(i).or(to.last()).copied().unwrap_or(ch),
                    _ => ch,
                };
                if a.has("s") && hit.is_some() && last == Some(new) {
                    continue;
                }
                last = Some(new);
                out.push(new);
            }
            c.print(&out);
            Step::More
        }
        crate::console::machine::Read::Later => Step::Wait,
        crate::console::machine::Read::End => Step::Exit(0),
    }
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

fn sed(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let only = "-e expression #1: only s/REGEX/TEXT/ is available in this shell";
    let Some((script, files)) = a.rest.split_first() else {
        c.p.err.push_str("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
        return Step::Exit(1);
    };
    let mut chars = script.chars();
    let (Some('s'), Some(mark)) = (chars.next(), chars.next()) else {
        c.error(only);
        return Step::Exit(1);
    };
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for ch in chars {
        let last = parts.len();
        if let Some(part) = parts.last_mut() {
            if escaped {
                if ch != mark {
                    part.push('\\');
                }
                part.push(ch);
                escaped = false;
            } else if ch == '\\' {
                escaped = true;
            } else if ch == mark && last < 3 {
                parts.push(String::new());
            } else {
                part.push(ch);
            }
        }
    }
    let [find, replace, flags] = parts.as_slice() else {
        c.error("-e expression #1, char 0: unterminated `s' command");
        return Step::Exit(1);
    };
    if flags.chars().any(|f| !matches!(f, 'g' | 'i' | 'I' | 'p')) {
        c.error(only);
        return Step::Exit(1);
    }
    let re = match pattern(find, a.has("E"), false, flags.contains(['i', 'I']), false) {
        Ok(re) => re,
        Err(why) => {
            c.error(&format!("-e expression #1: {why}"));
            return Step::Exit(1);
        }
    };
    // `&` and `\1` of sed are `$0` and `$1` of the engine.
    let mut with = String::new();
    let mut chars = replace.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '&' => with.push_str("${0}"),
            '$' => with.push_str("$$"),
            '\\' => match chars.next() {
                Some(d) if d.is_ascii_digit() => with.push_str(&format!("${{{d}}}")),
                Some('n') => with.push('\n'),
                Some(d) => with.push(d),
                None => {}
            },
            ch => with.push(ch),
        }
    }
    let quiet = a.has("n");
    let (print, all) = (flags.contains('p'), flags.contains('g'));
    filter(c, files, |line| {
        let hit = re.is_match(line);
        let new = re.replacen(line, usize::from(!all), with.as_str()).into_owned();
        match (quiet, hit && print) {
            (true, false) => None,
            (false, true) => Some(format!("{new}\n{new}")),
            _ => Some(new),
        }
    })
}

enum Out {
    Field(usize),
    Last(usize),
    Count,
    Row,
    Text(String),
}

fn awk(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some((script, files)) = a.rest.split_first() else {
        c.p.err.push_str("usage: awk [-F fs] 'prog' [file ...]\n");
        return Step::Exit(2);
    };
    let Some((re, items)) = awk_program(script) else {
        c.error("only '[/REGEX/] {print $N, ...}' is available in this shell");
        return Step::Exit(2);
    };
    let sep = a.get("F").map(|s| s.replace("\\t", "\t"));
    let row = std::cell::Cell::new(c.tool.n);
    let step = filter(c, files, |line| {
        row.set(row.get() + 1);
        if re.as_ref().is_some_and(|re| !re.is_match(line)) {
            return None;
        }
        let fields: Vec<&str> = match sep.as_deref() {
            None | Some(" ") => line.split_whitespace().collect(),
            Some(s) => line.split(s).collect(),
        };
        let mut out = String::new();
        for item in &items {
            match item {
                Out::Field(0) => out.push_str(line),
                Out::Field(n) => out.push_str(fields.get(n - 1).copied().unwrap_or_default()),
                Out::Last(back) => {
                    let at = fields.len().checked_sub(back + 1);
                    out.push_str(at.and_then(|i| fields.get(i)).copied().unwrap_or_default());
                }
                Out::Count => out.push_str(&fields.len().to_string()),
                Out::Row => out.push_str(&row.get().to_string()),
                Out::Text(t) => out.push_str(t),
            }
        }
        Some(out)
    });
    c.tool.n = row.get();
    step
}

/// Reads `/re/ {print $1, "x" $2, NF}`; `None` for anything else.
fn awk_program(script: &str) -> Option<(Option<regex::Regex>, Vec<Out>)> {
    let mut t = script.trim();
    let mut re = None;
    if let Some(rest) = t.strip_prefix('/') {
        let end = rest.find('/')?;
        re = Some(pattern(rest.get(..end)?, true, false, false, false).ok()?);
        t = rest.get(end + 1..)?.trim();
    }
    if t.is_empty() {
        return re.map(|re| (Some(re), vec![Out::Field(0)]));
    }
    let body = t.strip_prefix('{')?.strip_suffix('}')?.trim().trim_end_matches(';').trim();
    let mut rest = body.strip_prefix("print")?.trim_start();
    let mut items = Vec::new();
    if rest.is_empty() {
        items.push(Out::Field(0));
    }
    while !rest.is_empty() {
        if let Some(r) = rest.strip_prefix(',') {
            items.push(Out::Text(" ".to_owned()));
            rest = r.trim_start();
            continue;
        }
        if let Some(r) = rest.strip_prefix('"') {
            let end = r.find('"')?;
            items.push(Out::Text(r.get(..end)?.replace("\\t", "\t").replace("\\n", "\n")));
            rest = r.get(end + 1..)?.trim_start();
        } else if let Some(r) = rest.strip_prefix("$(NF-") {
            let end = r.find(')')?;
            items.push(Out::Last(r.get(..end)?.trim().parse().ok()?));
            rest = r.get(end + 1..)?.trim_start();
        } else if let Some(r) = rest.strip_prefix("$NF") {
            items.push(Out::Last(0));
            rest = r.trim_start();
        } else if let Some(r) = rest.strip_prefix("NF") {
            items.push(Out::Count);
            rest = r.trim_start();
        } else if let Some(r) = rest.strip_prefix("NR") {
            items.push(Out::Row);
            rest = r.trim_start();
        } else {
            let r = rest.strip_prefix('$')?;
            let digits: String = r.chars().take_while(char::is_ascii_digit).collect();
            items.push(Out::Field(digits.parse().ok()?));
            rest = r.get(digits.len()..)?.trim_start();
        }
        if items.len() > 200 {
            return None;
        }
    }
    Some((re, items))
}
