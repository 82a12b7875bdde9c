//! cut, paste: columns of lines taken apart and put side by side.

use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::input::pieces;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "cut",
        synopsis: "OPTION... [FILE]...",
        about: "remove sections from each line of files",
        opts: &[
            value("b", "bytes", "LIST", "select only these bytes"),
            value("c", "characters", "LIST", "select only these characters (bytes, as in coreutils)"),
            value("d", "delimiter", "DELIM", "use DELIM instead of TAB for field delimiter"),
            value("f", "fields", "LIST", "select only these fields; also print any line without delimiter, unless -s"),
            flag("n", "", "(ignored)"),
            flag("", "complement", "complement the set of selected bytes, characters or fields"),
            flag("s", "only-delimited", "do not print lines not containing delimiters"),
            value("", "output-delimiter", "STRING", "use STRING as the output delimiter"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[
            ("echo a:b:c | cut -d: -f1,3", "a:c\n"),
            ("echo abcdef | cut -c2-4", "bcd\n"),
            ("echo a:b:c | cut -d: -f2 --complement --output-delimiter=' '", "a c\n"),
        ],
        step: cut,
        ..Decl::BLANK
    },
    Decl {
        name: "paste",
        synopsis: "[OPTION]... [FILE]...",
        about: "merge lines of files",
        opts: &[
            value("d", "delimiters", "LIST", "reuse characters from LIST instead of TABs"),
            flag("s", "serial", "paste one file at a time instead of in parallel"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("seq 4 | paste - -", "1\t2\n3\t4\n"), ("seq 3 | paste -sd+", "1+2+3\n")],
        step: paste,
        ..Decl::BLANK
    },
];

/// The ranges of a list, merged and in order, each from 1.
fn ranges(list: &str, fields: bool) -> Result<Vec<(usize, usize)>, String> {
    let what = if fields { "field" } else { "byte/character position" };
    let from_one = if fields { "fields are numbered from 1" } else { "byte/character positions are numbered from 1" };
    let mut all: Vec<(usize, usize)> = Vec::new();
    for part in list.split([',', ' ', '\t']) {
        let number = |t: &str| -> Result<Option<usize>, String> {
            if t.is_empty() {
                return Ok(None);
            }
            if !t.chars().all(|c| c.is_ascii_digit()) {
                return Err(format!("invalid {what} value ‘{t}’")
                    .replace("byte/character position value", "byte/character position"));
            }
            match t.parse::<usize>() {
                Ok(0) => Err(from_one.to_owned()),
                Ok(n) => Ok(Some(n)),
                Err(_) => Err(format!("{what} number ‘{t}’ is too large")
                    .replace("byte/character position number", "byte/character offset")),
            }
        };
        let range = match part.split_once('-') {
            Some((a, b)) => match (number(a)?, number(b)?) {
                (None, None) => return Err("invalid range with no endpoint: -".to_owned()),
                (a, b) => (a.unwrap_or(1), b.unwrap_or(usize::MAX)),
            },
            None => match number(part)? {
                Some(n) => (n, n),
                None => return Err(from_one.to_owned()),
            },
        };
        if range.1 < range.0 {
            return Err("invalid decreasing range".to_owned());
        }
        all.push(range);
    }
    all.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (a, b) in all {
        match merged.last_mut() {
            // Ranges that only touch stay apart: an output delimiter stands between them.
            Some(last) if a <= last.1 => last.1 = last.1.max(b),
            _ => merged.push((a, b)),
        }
    }
    Ok(merged)
}

fn complement(all: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut next = 1usize;
    for (a, b) in all {
        if *a > next {
            out.push((next, a - 1));
        }
        next = b.saturating_add(1);
    }
    if next < usize::MAX {
        out.push((next, usize::MAX));
    }
    out
}

fn cut(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let lists: Vec<(&str, &str)> = a
        .flags
        .iter()
        .filter(|(k, _)| matches!(k.as_str(), "f" | "b" | "c"))
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let (list, fields) = match lists.as_slice() {
        [(k, l)] => (*l, *k == "f"),
        [] => return c.misuse("you must specify a list of bytes, characters, or fields", 1),
        _ => return c.misuse("only one list may be specified", 1),
    };
    if !fields && a.has("d") {
        return c.misuse("an input delimiter may be specified only when operating on fields", 1);
    }
    if !fields && a.has("s") {
        return c.misuse("suppressing non-delimited lines makes sense\n\tonly when operating on fields", 1);
    }
    let mut list = match ranges(list, fields) {
        Ok(l) => l,
        Err(why) => return c.misuse(&why, 1),
    };
    if a.has("complement") {
        list = complement(&list);
    }
    let delimiter = match a.get("d").unwrap_or("\t") {
        "" => "\0".to_owned(),
        d if to_bytes(d).len() != 1 => return c.misuse("the delimiter must be a single character", 1),
        d => d.to_owned(),
    };
    let joiner = a.get("output-delimiter").map(|d| if d.is_empty() { "\0" } else { d }.to_owned());
    let delim = if a.has("z") { '\0' } else { '\n' };
    c.each(&a.rest, delim, |c, line, _| {
        let out = if fields {
            if !line.contains(delimiter.as_str()) {
                if a.has("s") {
                    return None;
                }
                line.to_owned()
            } else {
                let parts: Vec<&str> = line.split(delimiter.as_str()).collect();
                let mut kept: Vec<&str> = Vec::new();
                for (from, to) in &list {
                    let end = (*to).min(parts.len());
                    kept.extend(parts.get(from - 1..end).unwrap_or_default());
                }
                kept.join(joiner.as_deref().unwrap_or(&delimiter))
            }
        } else {
            let bytes = to_bytes(line);
            let mut out: Vec<u8> = Vec::new();
            let mut first = true;
            for (from, to) in &list {
                let end = (*to).min(bytes.len());
                let Some(part) = bytes.get(from - 1..end).filter(|p| !p.is_empty()) else { continue };
                if let Some(j) = joiner.as_deref().filter(|_| !first) {
                    out.extend_from_slice(j.as_bytes());
                }
                first = false;
                out.extend_from_slice(part);
            }
            from_bytes(&out)
        };
        c.print(&out);
        c.print(delim.encode_utf8(&mut [0; 4]));
        None
    })
}

/// The delimiters of a list; an empty one stands between nothing.
fn delimiters(list: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut chars = list.chars();
    while let Some(ch) = chars.next() {
        if ch != '\\' {
            out.push(ch.to_string());
            continue;
        }
        out.push(match chars.next() {
            Some('0') => String::new(),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('b') => "\u{8}".to_owned(),
            Some('f') => "\u{c}".to_owned(),
            Some('r') => "\r".to_owned(),
            Some('v') => "\u{b}".to_owned(),
            Some(other) => other.to_string(),
            None => return Err(format!("delimiter list ends with an unescaped backslash: {list}")),
        });
    }
    if out.is_empty() {
        out.push(String::new());
    }
    Ok(out)
}

fn paste(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let list = match delimiters(a.get("d").unwrap_or("\t")) {
        Ok(l) => l,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    let delim = if a.has("z") { '\0' } else { '\n' };
    let names = if a.rest.is_empty() { vec!["-".to_owned()] } else { a.rest.clone() };
    let texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let mut files: Vec<Vec<String>> = Vec::new();
    for (name, text) in names.iter().zip(texts) {
        match text {
            Ok(t) => files.push(pieces(&t, delim).into_iter().map(str::to_owned).collect()),
            Err(why) => {
                c.unreadable(name, &why);
                // In parallel one file that is missing is enough to stop.
                if !a.has("s") {
                    return Step::Exit(1);
                }
            }
        }
    }
    let between = |i: usize| list.get(i % list.len().max(1)).map_or("", String::as_str);
    let mut out = String::new();
    if a.has("s") {
        for lines in &files {
            for (i, line) in lines.iter().enumerate() {
                if i > 0 {
                    out.push_str(between(i - 1));
                }
                out.push_str(line);
            }
            out.push(delim);
        }
        c.print(&out);
        return Step::Exit(c.tool.status);
    }
    // All `-` take their lines in turn from one and the same input.
    let shared = names.iter().position(|n| n == "-");
    let mut at = vec![0usize; files.len()];
    loop {
        let mut row: Vec<Option<String>> = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let source = if name == "-" { shared.unwrap_or(i) } else { i };
            let n = at.get(source).copied().unwrap_or(0);
            let line = files.get(source).and_then(|f| f.get(n)).cloned();
            if let Some(slot) = at.get_mut(source) {
                *slot += usize::from(line.is_some());
            }
            row.push(line);
        }
        if row.iter().all(Option::is_none) {
            break;
        }
        for (i, line) in row.iter().enumerate() {
            if i > 0 {
                out.push_str(between(i - 1));
            }
            out.push_str(line.as_deref().unwrap_or_default());
        }
        out.push(delim);
    }
    c.print(&out);
    Step::Exit(c.tool.status)
}
