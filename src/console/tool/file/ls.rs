//! ls: what is in a directory.

mod quote;

use super::unit::{Unit, by_version};
use crate::console::host::{NodeKind, Stat};
use crate::console::mode;
use crate::console::path;
use crate::console::process::{Args, Fd};
use crate::console::tool::account::{group_id, user_id};
use crate::console::tool::strftime_in;
use crate::console::tool::{Ctx, Opt, Step, flag, value};
use crate::console::zone::Zone;
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;
pub(crate) use quote::shell_quoted;
use quote::{QUOTING, Quoting};
use std::cmp::Ordering;

pub(super) const OPTS: &[Opt] = &[
    flag("", "author", "with -l, print the author of each file"),
    flag("a", "all", "do not ignore entries starting with ."),
    flag("A", "almost-all", "do not list implied . and .."),
    flag("b", "escape", "print C-style escapes for nongraphic characters"),
    flag("B", "ignore-backups", "do not list entries ending with ~"),
    flag("c", "", "with -lt: sort by, and show, ctime; with -l: show ctime; otherwise: sort by ctime"),
    flag("C", "", "list entries by columns"),
    flag("d", "directory", "list directories themselves, not their contents"),
    flag("f", "", "list all entries in directory order"),
    flag("F", "classify", "append indicator (one of */=>@|) to entries"),
    flag("", "file-type", "likewise, except do not append '*'"),
    flag("", "full-time", "like -l --time-style=full-iso"),
    flag("g", "", "like -l, but do not list owner"),
    flag("", "group-directories-first", "group directories before files"),
    flag("G", "no-group", "in a long listing, don't print group names"),
    flag("h", "human-readable", "with -l and -s, print sizes like 1K 234M 2G"),
    flag("", "si", "likewise, but use powers of 1000 not 1024"),
    flag("H", "dereference-command-line", "follow symbolic links listed on the command line"),
    value("", "hide", "PATTERN", "do not list implied entries matching shell PATTERN"),
    value("", "indicator-style", "WORD", "append indicator with style WORD: none, slash, file-type, classify"),
    flag("i", "inode", "print the index number of each file"),
    value("I", "ignore", "PATTERN", "do not list implied entries matching shell PATTERN"),
    flag("k", "kibibytes", "default to 1024-byte blocks for file system usage"),
    flag("l", "", "use a long listing format"),
    flag("L", "dereference", "show information for the file a link references"),
    flag("m", "", "fill width with a comma separated list of entries"),
    flag("n", "numeric-uid-gid", "like -l, but list numeric user and group IDs"),
    flag("N", "literal", "print entry names without quoting"),
    flag("o", "", "like -l, but do not list group information"),
    flag("p", "", "append / indicator to directories"),
    flag("q", "hide-control-chars", "print ? instead of nongraphic characters"),
    flag("Q", "quote-name", "enclose entry names in double quotes"),
    value(
        "",
        "quoting-style",
        "WORD",
        "use quoting style WORD for entry names: literal, locale, shell, shell-always, shell-escape, shell-escape-always, c, escape",
    ),
    flag("r", "reverse", "reverse order while sorting"),
    flag("R", "recursive", "list subdirectories recursively"),
    flag("s", "size", "print the allocated size of each file, in blocks"),
    flag("S", "", "sort by file size, largest first"),
    value("", "sort", "WORD", "sort by WORD: none, size, time, version, extension, width, name"),
    value("", "time", "WORD", "show or use for sorting: atime, ctime"),
    value("", "time-style", "STYLE", "full-iso, long-iso, iso, locale or +FORMAT"),
    flag("t", "", "sort by time, newest first"),
    value("T", "tabsize", "COLS", "assume tab stops at each COLS instead of 8"),
    flag("u", "", "with -lt: sort by, and show, access time; with -l: show it; otherwise: sort by it"),
    flag("U", "", "do not sort; list entries in directory order"),
    flag("v", "", "natural sort of (version) numbers within text"),
    value("w", "width", "COLS", "set output width to COLS; 0 means no limit"),
    flag("x", "", "list entries by lines instead of by columns"),
    flag("X", "", "sort alphabetically by entry extension"),
    flag("1", "", "list one file per line"),
    flag("Z", "context", "print any security context of each file"),
    flag("", "zero", "end each output line with NUL, not newline"),
    value("", "block-size", "SIZE", "with -l and -s, scale sizes by SIZE"),
    value("", "color", "[WHEN]", "accepted; names are not coloured here"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Lines,
    Long,
    Columns,
    Across,
    Commas,
}

struct Row {
    name: String,
    stat: Stat,
    /// What a link leads to, if it is there.
    behind: Option<Stat>,
}

struct Plan {
    a: Args,
    format: Format,
    sort: char,
    time: char,
    width: usize,
    terminal: bool,
    style: String,
    /// How names are quoted.
    quoting: Quoting,
    /// What follows a name: `classify`, `file-type`, `slash` or `none`.
    mark: String,
    /// Columns from one tab stop to the next; none are used if 0.
    tab: usize,
}

fn plan(c: &Ctx<'_>, a: &Args) -> Result<Plan, String> {
    let terminal = c.p.fds.get(1) == Some(&Fd::Term);
    let mut format = if terminal { Format::Columns } else { Format::Lines };
    let (mut sort, mut sorted, mut time) = ('n', false, 'm');
    let mut style = "locale".to_owned();
    let mut quoting = if terminal { Quoting::Shell { always: false, escape: true } } else { Quoting::Literal };
    let mut mark = "none";
    for (key, text) in &a.flags {
        match key.as_str() {
            "l" | "g" | "o" | "n" => format = Format::Long,
            "full-time" => (format, style) = (Format::Long, "full-iso".to_owned()),
            "C" => format = Format::Columns,
            "x" => format = Format::Across,
            "m" => format = Format::Commas,
            "1" if format != Format::Long => format = Format::Lines,
            "zero" if format != Format::Long => format = Format::Lines,
            "S" | "t" | "U" | "v" | "X" => (sort, sorted) = (key.chars().next().unwrap_or('n'), true),
            "f" => {
                (sort, sorted) = ('U', true);
                if format == Format::Long {
                    format = if terminal { Format::Columns } else { Format::Lines };
                }
            }
            "sort" => {
                sorted = true;
                sort = match text.as_str() {
                    "none" => 'U',
                    "size" => 'S',
                    "time" => 't',
                    "version" => 'v',
                    "extension" => 'X',
                    "width" => 'w',
                    other => {
                        return Err(word(
                            "sort",
                            other,
                            "‘none’\n  - ‘time’\n  - ‘size’\n  - ‘extension’\n  - ‘version’\n  - ‘width’",
                        ));
                    }
                };
            }
            "N" => quoting = Quoting::Literal,
            "Q" => quoting = Quoting::C("\"", "\""),
            "b" => quoting = Quoting::C("", ""),
            "quoting-style" => match QUOTING.iter().find(|(w, _)| w == text) {
                Some((_, q)) => quoting = *q,
                None => {
                    let all: Vec<String> = QUOTING.iter().map(|(w, _)| format!("‘{w}’")).collect();
                    return Err(word("quoting-style", text, &all.join("\n  - ")));
                }
            },
            "F" => mark = "classify",
            "p" => mark = "slash",
            "file-type" => mark = "file-type",
            "indicator-style" => match ["none", "slash", "file-type", "classify"].iter().find(|w| *w == text) {
                Some(w) => mark = w,
                None => {
                    let all = "‘none’\n  - ‘slash’\n  - ‘file-type’\n  - ‘classify’";
                    return Err(word("indicator-style", text, all));
                }
            },
            "zero" => quoting = Quoting::Literal,
            "c" => time = 'c',
            "u" => time = 'u',
            "time" => {
                time = match text.as_str() {
                    "atime" | "access" | "use" => 'u',
                    "ctime" | "status" => 'c',
                    other => {
                        return Err(word(
                            "time",
                            other,
                            "‘atime’, ‘access’, ‘use’\n  - ‘ctime’, ‘status’\n  - ‘birth’, ‘creation’",
                        ));
                    }
                };
            }
            "time-style" => style.clone_from(text),
            _ => {}
        }
    }
    // A time that is asked for is what is sorted by, unless it is shown.
    if time != 'm' && !sorted && format != Format::Long {
        sort = 't';
    }
    if format == Format::Long && !style.starts_with('+') {
        let plain = style.strip_prefix("posix-").unwrap_or(&style);
        if !["full-iso", "long-iso", "iso", "locale"].contains(&plain) {
            return Err(format!(
                "ls: invalid argument ‘{style}’ for ‘time style’\nValid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n  - [posix-]iso\n  - [posix-]locale\n  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\nTry 'ls --help' for more information.\n"
            ));
        }
        if style.starts_with("posix-") {
            "locale".clone_into(&mut style);
        }
    }
    let columns = c.p.env.get("COLUMNS").and_then(|v| v.text.parse().ok()).filter(|n| *n > 0);
    let width = match a.get("w") {
        Some(w) => w.parse().map_err(|_| format!("ls: invalid line width: ‘{w}’\n"))?,
        None => columns.unwrap_or(if terminal { 100 } else { 80 }),
    };
    let tab = match a.get("T") {
        Some(t) => t.parse().map_err(|_| format!("ls: invalid tab size: ‘{t}’\n"))?,
        None if terminal => 0,
        None => 8,
    };
    let (a, mark) = (a.clone(), mark.to_owned());
    let width = if width == 0 { usize::MAX } else { width };
    Ok(Plan { a, format, sort, time, width, terminal, style, quoting, mark, tab })
}

fn word(option: &str, given: &str, list: &str) -> String {
    format!(
        "ls: invalid argument ‘{given}’ for ‘--{option}’\nValid arguments are:\n  - {list}\nTry 'ls --help' for more information.\n"
    )
}

pub(super) fn ls(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let plan = match plan(c, &a) {
        Ok(p) => p,
        Err(text) => {
            c.p.err.push_str(&text);
            // A word that is none of its option is misuse like any other tool's.
            return Step::Exit(if text.contains("‘--") { 1 } else { 2 });
        }
    };
    let mut names = a.rest.clone();
    if names.is_empty() {
        names.push(".".to_owned());
    }
    let (mut plain, mut dirs) = (Vec::new(), Vec::new());
    for name in &names {
        // A link that is named leads on, unless it is the link that is asked about.
        let ask = plan.format == Format::Long || a.has("d") || a.has("F");
        let follow = a.has("L") || a.has("H");
        let found = match c.look(name, follow || !ask) {
            Err(_) if !follow => c.look(name, false),
            other => other,
        };
        match found {
            Err(why) => {
                c.error(&format!("cannot access {}: {why}", shell_quoted(name)));
                c.tool.status = 2;
            }
            Ok(s) if s.dir && !a.has("d") => dirs.push((name.clone(), s)),
            Ok(s) => {
                // What a link leads to was only looked at for what it is.
                let s = if follow { s } else { c.look(name, false).unwrap_or(s) };
                see(c, name);
                let full = c.full(name);
                plain.push(Row { name: name.clone(), behind: c.stat(&full).filter(|_| s.is_link()), stat: s });
            }
        }
    }
    let begun = !plain.is_empty();
    order(&mut plain, &plan);
    show(c, &plain, &plan);
    let mut top: Vec<Row> = dirs.into_iter().map(|(name, stat)| Row { name, stat, behind: None }).collect();
    order(&mut top, &plan);
    top.reverse();
    let titled = names.len() > 1 || a.has("R");
    let mut first = !begun;
    let mut todo: Vec<(String, bool)> = top.into_iter().map(|r| (r.name, true)).collect();
    let mut listed = 0;
    while let Some((name, named)) = todo.pop() {
        let full = c.full(&name);
        let rows = match entries(c, &full, &a) {
            Ok(rows) => rows,
            Err(why) => {
                c.error(&format!("cannot open directory {}: {why}", shell_quoted(&name)));
                c.tool.status = if named { 2 } else { c.tool.status.max(1) };
                continue;
            }
        };
        see(c, &name);
        if titled {
            let gap = if first { "" } else { "\n" };
            c.print(&format!("{gap}{}:\n", quoted(&name, &plan, true)));
        }
        first = false;
        let mut rows = rows;
        order(&mut rows, &plan);
        if plan.format == Format::Long || a.has("s") {
            let blocks: u64 = rows.iter().map(|r| r.stat.blocks * 512).sum();
            c.line(&format!("total {}", block_unit(&a).show(blocks)));
        }
        show(c, &rows, &plan);
        listed += rows.len();
        if listed > 50_000 {
            c.error("too many files");
            break;
        }
        if a.has("R") {
            let below = rows.iter().rev().filter(|r| r.stat.dir && r.name != "." && r.name != "..");
            todo.extend(below.map(|r| (path::join(&name, &r.name), false)));
        }
    }
    Step::Exit(c.tool.status)
}

fn see(c: &mut Ctx<'_>, name: &str) {
    let (full, service) = (c.full(name), c.service());
    let target = format!("{}:{full}", c.on());
    c.see(ObservedKind::Files, target, service);
}

fn entries(c: &Ctx<'_>, full: &str, a: &Args) -> Result<Vec<Row>, String> {
    let hidden = a.has("a") || a.has("f");
    let any = |key: &str, name: &str| {
        let words = a.flags.iter().filter(|(k, _)| k == key);
        words.into_iter().any(|(_, p)| path::matches(&path::pattern(p), name))
    };
    let mut rows = Vec::new();
    if hidden {
        for dots in [".", ".."] {
            let at = path::physical(&*c.host, &c.p.host, full, dots);
            rows.extend(c.stat(&at).map(|stat| Row { name: dots.to_owned(), stat, behind: None }));
        }
    }
    for (name, stat) in c.list(full)? {
        let skip = (name.starts_with('.') && !hidden && !a.has("A"))
            || (a.has("B") && name.ends_with('~'))
            || any("I", &name)
            || (!hidden && !a.has("A") && any("hide", &name));
        if skip {
            continue;
        }
        let behind = stat.is_link().then(|| c.stat(&path::join(full, &name))).flatten();
        match (behind, a.has("L")) {
            (Some(b), true) => rows.push(Row { name, stat: b, behind: None }),
            (behind, _) => rows.push(Row { name, stat, behind }),
        }
    }
    Ok(rows)
}

fn moment(s: &Stat, which: char) -> (Utc, u32) {
    match which {
        'c' => s.ctime,
        'u' => s.atime,
        _ => s.written(),
    }
}

fn order(rows: &mut [Row], plan: &Plan) {
    let by = |x: &Row, y: &Row| -> Ordering {
        let names = x.name.cmp(&y.name);
        match plan.sort {
            'U' => Ordering::Equal,
            'S' => y.stat.size.cmp(&x.stat.size).then(names),
            't' => moment(&y.stat, plan.time).cmp(&moment(&x.stat, plan.time)).then(names),
            'v' => by_version(&x.name, &y.name),
            'X' => {
                let ext = |n: &str| n.rfind('.').and_then(|i| n.get(i..)).unwrap_or_default().to_owned();
                ext(&x.name).cmp(&ext(&y.name)).then(names)
            }
            'w' => x.name.chars().count().cmp(&y.name.chars().count()).then(names),
            _ => names,
        }
    };
    if plan.sort != 'U' {
        rows.sort_by(|x, y| if plan.a.has("r") { by(y, x) } else { by(x, y) });
    }
    if plan.a.has("group-directories-first") && plan.sort != 'U' {
        let dir = |r: &Row| r.stat.dir || r.behind.as_ref().is_some_and(|b| b.dir);
        rows.sort_by_key(|r| !dir(r));
    }
}

fn block_unit(a: &Args) -> Unit {
    size_unit(a).unwrap_or(Unit::Block(1024, String::new()))
}

/// The unit that sizes are asked for in.
fn size_unit(a: &Args) -> Option<Unit> {
    a.flags.iter().rev().find_map(|(k, v)| match k.as_str() {
        "h" => Some(Unit::Human(1024)),
        "si" => Some(Unit::Human(1000)),
        "block-size" => Unit::parse(v),
        _ => None,
    })
}

/// A name as it is printed. `title`: in front of a directory's listing.
fn quoted(name: &str, plan: &Plan, title: bool) -> String {
    quote::quoted(name, plan.quoting, plan.a.has("q") || plan.terminal, title)
}

fn indicator(s: &Stat, plan: &Plan) -> &'static str {
    let all = matches!(plan.mark.as_str(), "classify" | "file-type");
    match &s.kind {
        NodeKind::Dir if all || plan.mark == "slash" => "/",
        NodeKind::Link(_) if all => "@",
        NodeKind::Pipe if all => "|",
        NodeKind::File if plan.mark == "classify" && s.mode & 0o111 != 0 => "*",
        _ => "",
    }
}

fn show(c: &mut Ctx<'_>, rows: &[Row], plan: &Plan) {
    let a = &plan.a;
    let inode = |r: &Row| if a.has("i") { r.stat.ino.to_string() } else { String::new() };
    let blocks = |r: &Row| if a.has("s") { block_unit(a).show(r.stat.blocks * 512) } else { String::new() };
    let widest = |f: &dyn Fn(&Row) -> String| rows.iter().map(|r| f(r).chars().count()).max().unwrap_or(0);
    let (wide_inode, wide_blocks) = (widest(&inode), widest(&blocks));
    let lead = |r: &Row, pad: bool| {
        let (i, b) = if pad { (wide_inode, wide_blocks) } else { (0, 0) };
        let mut out = String::new();
        if a.has("i") {
            out.push_str(&format!("{:>i$} ", inode(r)));
        }
        if a.has("s") {
            out.push_str(&format!("{:>b$} ", blocks(r)));
        }
        if a.has("Z") && plan.format != Format::Long {
            out.push_str("? ");
        }
        out
    };
    if plan.format == Format::Long {
        long(c, rows, plan, &|r| lead(r, true));
        return;
    }
    let padded = plan.format != Format::Commas;
    let names: Vec<String> = rows
        .iter()
        .map(|r| format!("{}{}{}", lead(r, padded), quoted(&r.name, plan, false), indicator(&r.stat, plan)))
        .collect();
    if names.is_empty() {
        return;
    }
    match plan.format {
        Format::Columns => c.print(&columns(&names, plan.width, false, plan.tab)),
        Format::Across => c.print(&columns(&names, plan.width, true, plan.tab)),
        Format::Commas => {
            let mut out = String::new();
            let mut at = 0;
            for (i, n) in names.iter().enumerate() {
                let len = n.chars().count();
                if i > 0 {
                    // The comma behind this name has to fit too.
                    let fits = at + len + 2 < plan.width;
                    out.push_str(if fits { ", " } else { ",\n" });
                    at = if fits { at + 2 } else { 0 };
                }
                out.push_str(n);
                at += len;
            }
            c.line(&out);
        }
        _ => {
            let end = if a.has("zero") { "\0" } else { "\n" };
            for n in names {
                c.print(&n);
                c.print(end);
            }
        }
    }
}

/// Names in as many columns as fit, down or across; filled with tabs, so far apart, if that is not 0.
pub(crate) fn columns(names: &[String], width: usize, across: bool, tab: usize) -> String {
    let lens: Vec<usize> =
        names.iter().map(|n| n.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()).collect();
    let most = (width / 3).max(1).min(names.len());
    let layout = |cols: usize| -> (usize, Vec<usize>) {
        let rows = names.len().div_ceil(cols);
        let mut wide = vec![0; cols];
        for (i, len) in lens.iter().enumerate() {
            let col = if across { i % cols } else { i / rows };
            let need = len + if col + 1 == cols { 0 } else { 2 };
            if let Some(w) = wide.get_mut(col) {
                *w = need.max(*w);
            }
        }
        (rows, wide)
    };
    let mut chosen = 1;
    for cols in (1..=most).rev() {
        let (_, wide) = layout(cols);
        if wide.iter().map(|w| (*w).max(if cols > 1 { 3 } else { 0 })).sum::<usize>() < width.max(1) || cols == 1 {
            chosen = cols;
            break;
        }
    }
    let (rows, wide) = layout(chosen);
    let rows = if across { names.len().div_ceil(chosen) } else { rows };
    let mut out = String::new();
    for r in 0..rows {
        let (mut at, mut edge) = (0, 0);
        for col in 0..chosen {
            let i = if across { r * chosen + col } else { col * rows + r };
            let (Some(name), Some(len)) = (names.get(i), lens.get(i)) else { break };
            while at < edge {
                if tab > 0 && edge / tab > (at + 1) / tab {
                    out.push('\t');
                    at += tab - at % tab;
                } else {
                    out.push(' ');
                    at += 1;
                }
            }
            out.push_str(name);
            at += len;
            edge += wide.get(col).copied().unwrap_or(0);
        }
        out.push('\n');
    }
    out
}

fn long(c: &mut Ctx<'_>, rows: &[Row], plan: &Plan, lead: &dyn Fn(&Row) -> String) {
    let a = &plan.a;
    let unit = size_unit(a).unwrap_or(Unit::Block(1, String::new()));
    let size = |s: &Stat| match s.kind {
        NodeKind::Device(major, minor) => format!("{major}, {minor}"),
        _ => unit.show(s.size),
    };
    let numeric = a.has("n");
    let owner = |s: &Stat| if numeric { user_id(&s.owner).to_string() } else { s.owner.clone() };
    let group = |s: &Stat| if numeric { group_id(&s.group).to_string() } else { s.group.clone() };
    let widest = |f: &dyn Fn(&Stat) -> String| rows.iter().map(|r| f(&r.stat).chars().count()).max().unwrap_or(0);
    let (links, wide) = (widest(&|s| s.links.to_string()), widest(&size));
    let (owners, groups) = (widest(&owner), widest(&group));
    let (now, zone) = (c.host.utc(), c.zone());
    let end = if a.has("zero") { "\0" } else { "\n" };
    for r in rows {
        let s = &r.stat;
        let mut line = format!("{}{} {:>links$} ", lead(r), mode::shown(s), s.links);
        let mut put = |text: String, w: usize| {
            line.push_str(&if numeric { format!("{text:>w$} ") } else { format!("{text:<w$} ") });
        };
        if !a.has("g") {
            put(owner(s), owners);
        }
        if !a.has("o") && !a.has("G") {
            put(group(s), groups);
        }
        if a.has("author") {
            put(owner(s), owners);
        }
        if a.has("Z") {
            line.push_str("? ");
        }
        let (at, nanos) = moment(s, plan.time);
        let when = when(&zone, &plan.style, at, nanos, now);
        line.push_str(&format!("{:>wide$} {when} {}", size(s), quoted(&r.name, plan, false)));
        match &s.kind {
            NodeKind::Link(target) => {
                let mark = r.behind.as_ref().map_or("", |b| indicator(b, plan));
                line.push_str(&format!(" -> {}{mark}", quoted(target, plan, false)));
            }
            _ => line.push_str(indicator(s, plan)),
        }
        c.print(&line);
        c.print(end);
    }
}

/// A time in a style. Files older than half a year, or of the future, show the year instead of the time.
fn when(zone: &Zone, style: &str, at: Utc, nanos: u32, now: Utc) -> String {
    let recent = now.0 - at.0 < 15_778_476 && at.0 <= now.0;
    let format = match style {
        "full-iso" => "%Y-%m-%d %H:%M:%S.%N %z",
        "long-iso" => "%Y-%m-%d %H:%M",
        "iso" if recent => "%m-%d %H:%M",
        "iso" => "%Y-%m-%d ",
        "locale" if recent => "%b %e %H:%M",
        "locale" => "%b %e  %Y",
        own => {
            let own = own.trim_start_matches('+');
            match own.split_once('\n') {
                Some((old, new)) => return strftime_in(zone, if recent { new } else { old }, at, nanos),
                None => own,
            }
        }
    };
    strftime_in(zone, format, at, nanos)
}
