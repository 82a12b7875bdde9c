//! uniq: runs of equal lines, as they come.

use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::input::Rec;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "uniq",
    synopsis: "[OPTION]... [INPUT [OUTPUT]]",
    about: "report or omit repeated lines",
    opts: &[
        flag("c", "count", "prefix lines by the number of occurrences"),
        flag("d", "repeated", "only print duplicate lines, one for each group"),
        flag("D", "", "print all duplicate lines"),
        value("", "all-repeated", "[METHOD]", "like -D, but allow separating groups: none, prepend or separate"),
        value("f", "skip-fields", "N", "avoid comparing the first N fields"),
        value("", "group", "[METHOD]", "show all items, separating groups: separate, prepend, append or both"),
        flag("i", "ignore-case", "ignore differences in case when comparing"),
        value("s", "skip-chars", "N", "avoid comparing the first N characters"),
        flag("u", "unique", "only print unique lines"),
        flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        value("w", "check-chars", "N", "compare no more than N characters in lines"),
    ],
    operand: Operand::Path,
    words: Words::Count,
    examples: &[
        ("echo -e 'a\\na\\nb' | uniq -c", "      2 a\n      1 b\n"),
        ("printf 'x 1\\nx 1\\ny 2\\n' | uniq -D", "x 1\nx 1\n"),
    ],
    step: uniq,
    ..Decl::BLANK
}];

/// How lines compare and what is printed of a run.
struct Plan {
    fields: usize,
    skip: usize,
    check: usize,
    fold: bool,
    count: bool,
    repeated: bool,
    unique: bool,
    /// `-D` and how its groups stand apart.
    all: Option<String>,
    group: Option<String>,
    delim: char,
}

fn plan(c: &mut Ctx<'_>) -> Result<Plan, Step> {
    // The old forms: `-2` skips fields, `+2` characters.
    for (k, _) in &mut c.args.flags {
        if k == "n" {
            "f".clone_into(k);
        }
    }
    let old = |w: &String| w.strip_prefix('+').is_some_and(|n| !n.is_empty() && n.chars().all(|d| d.is_ascii_digit()));
    if let Some(at) = c.args.rest.iter().position(old) {
        let word = c.args.rest.remove(at);
        c.args.flags.push(("s".to_owned(), word.trim_start_matches('+').to_owned()));
    }
    let a = c.args.clone();
    let mut numbers = Vec::new();
    for (key, default, what) in
        [("f", 0, "fields to skip"), ("s", 0, "bytes to skip"), ("w", usize::MAX, "bytes to compare")]
    {
        match a.get(key).map_or(Ok(default), str::parse::<usize>) {
            Ok(n) => numbers.push(n),
            Err(_) => {
                c.error(&format!("{}: invalid number of {what}", a.get(key).unwrap_or_default()));
                return Err(Step::Exit(1));
            }
        }
    }
    let method = |key: &str, default: &str, known: &[&str]| -> Result<Option<String>, String> {
        match a.get(key) {
            None => Ok(None),
            Some("") => Ok(Some(default.to_owned())),
            Some(m) => match known.iter().find(|k| k.starts_with(m)) {
                Some(k) => Ok(Some((*k).to_owned())),
                None => Err(format!("invalid argument ‘{m}’ for ‘--{key}’")),
            },
        }
    };
    let all = method("all-repeated", "none", &["none", "prepend", "separate"]);
    let group = method("group", "separate", &["prepend", "append", "separate", "both"]);
    let (all, group) = match (all, group) {
        (Ok(a), Ok(g)) => (a, g),
        (Err(why), _) | (_, Err(why)) => return Err(c.misuse(&why, 1)),
    };
    let all = all.or_else(|| a.has("D").then(|| "none".to_owned()));
    if group.is_some() && (a.has("c") || a.has("d") || a.has("u") || all.is_some()) {
        return Err(c.misuse("--group is mutually exclusive with -c/-d/-D/-u", 1));
    }
    if all.is_some() && a.has("c") {
        return Err(c.misuse("printing all duplicated lines and repeat counts is meaningless", 1));
    }
    Ok(Plan {
        fields: numbers.first().copied().unwrap_or(0),
        skip: numbers.get(1).copied().unwrap_or(0),
        check: numbers.get(2).copied().unwrap_or(usize::MAX),
        fold: a.has("i"),
        count: a.has("c"),
        repeated: a.has("d"),
        unique: a.has("u"),
        all,
        group,
        delim: if a.has("z") { '\0' } else { '\n' },
    })
}

impl Plan {
    /// The part of a line that is compared.
    fn part(&self, line: &str) -> String {
        let mut rest = line;
        for _ in 0..self.fields {
            rest = rest.trim_start_matches([' ', '\t']);
            rest = rest.get(rest.find([' ', '\t']).unwrap_or(rest.len())..).unwrap_or_default();
        }
        if self.skip == 0 && self.check == usize::MAX {
            return if self.fold { rest.to_ascii_lowercase() } else { rest.to_owned() };
        }
        let bytes = to_bytes(rest);
        let from = self.skip.min(bytes.len());
        let to = from.saturating_add(self.check).min(bytes.len());
        let text = from_bytes(bytes.get(from..to).unwrap_or_default());
        if self.fold { text.to_ascii_lowercase() } else { text }
    }
}

/// Prints what is wanted of the run in `tool.lines`; `tool.n` is its length, `tool.m` how many groups were printed.
fn flush(c: &mut Ctx<'_>, p: &Plan, out: &mut String) {
    let run = std::mem::take(&mut c.tool.lines);
    let n = std::mem::take(&mut c.tool.n);
    if run.is_empty() {
        return;
    }
    if let Some(method) = &p.group {
        let before = method == "prepend" || method == "both" || (method == "separate" && c.tool.m > 0);
        if before && !(method == "both" && c.tool.m > 0) {
            out.push(p.delim);
        }
        for line in &run {
            out.push_str(line);
            out.push(p.delim);
        }
        if method == "append" || method == "both" {
            out.push(p.delim);
        }
        c.tool.m += 1;
        return;
    }
    if let Some(method) = &p.all {
        if n > 1 && !p.unique {
            if method == "prepend" || (method == "separate" && c.tool.m > 0) {
                out.push(p.delim);
            }
            for line in &run {
                out.push_str(line);
                out.push(p.delim);
            }
            c.tool.m += 1;
        }
        return;
    }
    if (p.repeated && n < 2) || (p.unique && n > 1) {
        return;
    }
    if p.count {
        out.push_str(&format!("{n:>7} "));
    }
    out.push_str(run.first().map_or("", String::as_str));
    out.push(p.delim);
}

fn uniq(c: &mut Ctx<'_>) -> Step {
    let p = match plan(c) {
        Ok(p) => p,
        Err(step) => return step,
    };
    let a = c.args.clone();
    if let Some(extra) = a.at(2) {
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let input: Vec<String> = a.rest.iter().take(1).cloned().collect();
    let mut out = String::new();
    let mut step = None;
    for _ in 0..20_000 {
        match c.record(&input, p.delim) {
            Rec::Text(line, _) => {
                let part = p.part(&line);
                if c.tool.n > 0 && part == c.tool.text {
                    c.tool.n += 1;
                    if p.all.is_some() || p.group.is_some() {
                        c.tool.lines.push(line);
                    }
                    continue;
                }
                flush(c, &p, &mut out);
                c.tool.text = part;
                c.tool.lines.push(line);
                c.tool.n = 1;
            }
            Rec::Later => {
                step = Some(if out.is_empty() { Step::Wait } else { Step::More });
                break;
            }
            Rec::End => {
                flush(c, &p, &mut out);
                step = Some(Step::Exit(c.tool.status));
                break;
            }
        }
        if out.len() > 32 * 1024 {
            break;
        }
    }
    match a.at(1).filter(|o| *o != "-") {
        None => c.print(&out),
        Some(name) => {
            let ended = matches!(step, Some(Step::Exit(_)));
            if !out.is_empty() || ended {
                let again = std::mem::replace(&mut c.tool.phase, 1) == 1;
                if let Err(why) = c.put(name, &out, again) {
                    c.error(&format!("{name}: {why}"));
                    return Step::Exit(1);
                }
            }
        }
    }
    step.unwrap_or(Step::More)
}
