//! tree: directories as a tree.

use super::unit::Unit;
use crate::console::host::{NodeKind, Stat};
use crate::console::mode;
use crate::console::path;
use crate::console::tool::{Ctx, Opt, Step, flag, value};
use crate::scenario::ObservedKind;

pub(super) const OPTS: &[Opt] = &[
    flag("a", "", "all files are listed"),
    flag("d", "", "list directories only"),
    flag("f", "", "print the full path prefix for each file"),
    flag("i", "", "don't print indentation lines"),
    flag("s", "", "print the size in bytes of each file"),
    flag("h", "", "print the size in a more human readable way"),
    flag("p", "", "print the protections for each file"),
    flag("u", "", "displays file owner"),
    flag("g", "", "displays file group owner"),
    flag("F", "", "appends '/', '*' or '@' as ls -F does"),
    flag("r", "", "reverse the order of the sort"),
    flag("t", "", "sort files by last modification time"),
    flag("C", "", "accepted; names are not coloured here"),
    flag("n", "", "no colours"),
    value("L", "", "LEVEL", "descend only LEVEL directories deep"),
    value("P", "", "PATTERN", "list only those files that match the pattern given"),
    value("I", "", "PATTERN", "do not list files that match the given pattern"),
    flag("", "noreport", "turn off file/directory count at end of tree listing"),
    flag("", "dirsfirst", "list directories before files"),
];

/// Lines of one listing at most.
const MOST: u64 = 20_000;

pub(super) fn tree(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let level = match a.get("L").map(str::parse::<usize>) {
        None => usize::MAX,
        Some(Ok(n)) if n > 0 => n,
        Some(_) => {
            c.p.err.push_str("tree: Invalid level, must be greater than 0.\n");
            return Step::Exit(1);
        }
    };
    let names = if a.rest.is_empty() { vec![".".to_owned()] } else { a.rest.clone() };
    let (mut dirs, mut files) = (0u64, 0u64);
    for name in names {
        let full = c.full(&name);
        let (on, service) = (c.on(), c.service());
        c.see(ObservedKind::Files, format!("{on}:{full}"), service);
        if !c.look(&name, true).is_ok_and(|s| s.dir) {
            c.line(&format!("{name}  [error opening dir]"));
            c.tool.status = 2;
            continue;
        }
        c.line(&name);
        dirs += 1;
        let mut todo: Vec<(String, String, String, Stat, usize)> = Vec::new();
        push(c, &full, &name, "", 1, &mut todo);
        while let Some((lead, shown, full, s, depth)) = todo.pop() {
            let (branch, below) = lead.split_once('\n').unwrap_or((&lead, ""));
            let label = if a.has("f") { shown.clone() } else { path::base(&shown).to_owned() };
            let indent = if a.has("i") { "" } else { branch };
            c.line(&format!("{indent}{}{label}{}", columns(c, &s), tail(c, &s)));
            if s.dir {
                dirs += 1
            } else {
                files += 1
            }
            if dirs + files > MOST {
                c.error("too many files");
                return Step::Exit(1);
            }
            if s.dir && depth < level {
                push(c, &full, &shown, below, depth + 1, &mut todo);
            }
        }
    }
    if !a.has("noreport") {
        let word = |n: u64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let mut text = format!("\n{}", word(dirs, "directory", "directories"));
        if !a.has("d") {
            text.push_str(&format!(", {}", word(files, "file", "files")));
        }
        c.line(&text);
    }
    Step::Exit(c.tool.status)
}

fn push(
    c: &mut Ctx<'_>,
    full: &str,
    shown: &str,
    before: &str,
    depth: usize,
    todo: &mut Vec<(String, String, String, Stat, usize)>,
) {
    let a = c.args.clone();
    let mut all = c.list(full).unwrap_or_default();
    let fits = |p: &str, n: &str| p.split('|').any(|p| path::matches(&path::pattern(p), n));
    all.retain(|(n, s)| {
        (a.has("a") || !n.starts_with('.'))
            && (!a.has("d") || s.dir)
            && a.get("I").is_none_or(|p| !fits(p, n))
            && (s.dir || a.get("P").is_none_or(|p| fits(p, n)))
    });
    if a.has("t") {
        all.sort_by_key(|(_, s)| s.written());
    }
    if a.has("r") {
        all.reverse();
    }
    if a.has("dirsfirst") {
        all.sort_by_key(|(_, s)| !s.dir);
    }
    let last = all.len();
    let rows: Vec<_> = all
        .into_iter()
        .enumerate()
        .map(|(i, (n, s))| {
            let (branch, below) =
                if i + 1 == last { ("└── ", "    ") } else { ("├── ", "│\u{a0}\u{a0} ") };
            let lead = format!("{before}{branch}\n{before}{below}");
            (lead, path::join(shown, &n), path::join(full, &n), s, depth)
        })
        .collect();
    todo.extend(rows.into_iter().rev());
}

fn columns(c: &Ctx<'_>, s: &Stat) -> String {
    let a = &c.args;
    let mut parts = Vec::new();
    if a.has("p") {
        parts.push(mode::shown(s));
    }
    if a.has("u") {
        parts.push(format!("{:<8}", s.owner));
    }
    if a.has("g") {
        parts.push(format!("{:<8}", s.group));
    }
    if a.has("h") {
        parts.push(format!("{:>4}", Unit::Human(1024).show(s.size)));
    } else if a.has("s") {
        parts.push(format!("{:>11}", s.size));
    }
    if parts.is_empty() { String::new() } else { format!("[{}]  ", parts.join(" ")) }
}

fn tail(c: &Ctx<'_>, s: &Stat) -> String {
    match &s.kind {
        NodeKind::Link(t) => format!(" -> {t}"),
        NodeKind::Dir if c.args.has("F") => "/".to_owned(),
        NodeKind::File if c.args.has("F") && s.mode & 0o111 != 0 => "*".to_owned(),
        _ => String::new(),
    }
}
