//! ls, du, df, find, stat: what is on a host's disks.

use crate::console::host::Stat;
use crate::console::path;
use crate::console::text_format::human;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ls",
        synopsis: "[-lah1Strd] [FILE]...",
        about: "list directory contents",
        opts: &[
            flag("l", "", "use a long listing format"),
            flag("a", "all", "do not ignore entries starting with ."),
            flag("h", "human-readable", "with -l, print sizes like 1K 234M 2G"),
            flag("1", "", "list one file per line"),
            flag("S", "", "sort by file size, largest first"),
            flag("t", "", "sort by time, newest first"),
            flag("r", "reverse", "reverse order while sorting"),
            flag("d", "directory", "list directories themselves, not their contents"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("ls /home", "primary\n"),
            ("ls -l /etc/hostname", "-rw-r--r-- 1 root root 4 Jul 20 11:18 /etc/hostname\n"),
            ("ls -z", "ls: invalid option -- 'z'\nTry 'ls --help' for more information.\n"),
        ],
        step: ls,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "du",
        synopsis: "[-shacx] [-d DEPTH] [FILE]...",
        about: "estimate file space usage",
        opts: &[
            flag("s", "summarize", "display only a total for each argument"),
            flag("h", "human-readable", "print sizes in human readable format"),
            flag("a", "all", "write counts for all files, not just directories"),
            flag("c", "total", "produce a grand total"),
            flag("x", "one-file-system", "skip directories on different file systems (there is one here)"),
            value("d", "max-depth", "DEPTH", "print the total only for directories at most DEPTH below the argument"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("du -sh /etc", "12K\t/etc\n"), ("ssh web-01 du -sh /var/www/build", "4.1G\t/var/www/build\n")],
        step: du,
        ..Decl::BLANK
    },
    Decl {
        name: "df",
        synopsis: "[-h] [FILE]...",
        about: "report file system space usage",
        opts: &[
            flag("i", "inodes", "list inode information instead of block usage"),
            flag("h", "human-readable", "print sizes in powers of 1024 (e.g., 1023M)"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[(
            "df -h /",
            "Filesystem      Size  Used Avail Use% Mounted on\n/dev/nvme0n1p1   40G  8.1G   32G  21% /\n",
        )],
        step: df,
        ..Decl::BLANK
    },
    Decl {
        name: "find",
        synopsis: "[PATH]... [-name PATTERN] [-type f|d] [-size [+-]N[kMG]] [-maxdepth N]",
        about: "search for files in a directory hierarchy",
        opts: &[],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("find /home -type f", "/home/primary/notes.txt\n"),
            ("find / -newer x", "find: unknown predicate `-newer'\n"),
        ],
        step: find,
        words: Words::Raw,
        ..Decl::BLANK
    },
    Decl {
        name: "stat",
        synopsis: "FILE...",
        about: "display file status",
        opts: &[],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[(
            "stat /etc/hostname",
            "  File: /etc/hostname\n  Size: 4         \tBlocks: 8          IO Block: 4096   regular file\nDevice: 259,1\tLinks: 1\nAccess: (0644/-rw-r--r--)  Uid: (    0/    root)   Gid: (    0/    root)\nModify: 2023-07-20 11:18:00.000000000 +0000\nChange: 2023-07-20 11:18:00.000000000 +0000\n Birth: -\n",
        )],
        step: stat,
        ..Decl::BLANK
    },
];

fn mode(s: &Stat) -> String {
    mode_bits(s.mode, s.dir)
}

/// Permission bits as `ls -l` prints them.
pub(crate) fn mode_bits(mode: u16, dir: bool) -> String {
    let mut out = String::from(if dir { "d" } else { "-" });
    for shift in [6, 3, 0] {
        let bits = mode >> shift;
        out.push(if bits & 4 != 0 { 'r' } else { '-' });
        out.push(if bits & 2 != 0 { 'w' } else { '-' });
        out.push(match (bits & 1 != 0, shift == 0 && mode & 0o1000 != 0) {
            (true, true) => 't',
            (false, true) => 'T',
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    out
}

fn ls(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut names = a.rest.clone();
    if names.is_empty() {
        names.push(".".to_owned());
    }
    let service = c.service();
    let (mut plain, mut dirs) = (Vec::new(), Vec::new());
    for name in &names {
        let full = c.full(name);
        match c.stat(&full) {
            None => {
                c.error(&format!("cannot access '{name}': No such file or directory"));
                c.tool.status = 2;
            }
            Some(s) if s.dir && !a.has("d") => dirs.push((name.clone(), full)),
            Some(s) => {
                let target = format!("{}:{full}", c.on());
                c.see(ObservedKind::Files, target, service.clone());
                plain.push((name.clone(), s));
            }
        }
    }
    show(c, plain, false);
    let titled = names.len() > 1;
    for (i, (name, full)) in dirs.into_iter().enumerate() {
        match c.list(&full) {
            Err(why) => {
                c.error(&format!("cannot open directory '{name}': {why}"));
                c.tool.status = 2;
            }
            Ok(entries) => {
                let target = format!("{}:{full}", c.on());
                c.see(ObservedKind::Files, target, service.clone());
                if titled {
                    let gap = if i > 0 || !c.p.out.is_empty() { "\n" } else { "" };
                    c.print(&format!("{gap}{name}:\n"));
                }
                let mut entries: Vec<(String, Stat)> =
                    entries.into_iter().filter(|(n, _)| a.has("a") || !n.starts_with('.')).collect();
                if a.has("a") {
                    for dots in ["..", "."] {
                        if let Some(s) = c.stat(&path::absolute(&full, dots)) {
                            entries.insert(0, (dots.to_owned(), s));
                        }
                    }
                }
                show(c, entries, true);
            }
        }
    }
    Step::Exit(c.tool.status)
}

fn show(c: &mut Ctx<'_>, mut rows: Vec<(String, Stat)>, total: bool) {
    let a = c.args.clone();
    if a.has("S") {
        rows.sort_by(|x, y| y.1.size.cmp(&x.1.size).then(x.0.cmp(&y.0)));
    } else if a.has("t") {
        rows.sort_by(|x, y| y.1.mtime.cmp(&x.1.mtime).then(x.0.cmp(&y.0)));
    }
    if a.has("r") {
        rows.reverse();
    }
    if !a.has("l") {
        // Columns only on a terminal, as the real one does; a pipe gets one name a line.
        let names: Vec<String> = rows.into_iter().map(|(n, _)| n).collect();
        let wide = c.p.fds.get(1) == Some(&crate::console::process::Fd::Term) && !a.has("1");
        if wide && names.iter().map(|n| n.chars().count() + 2).sum::<usize>() <= 100 {
            if !names.is_empty() {
                c.line(&names.join("  "));
            }
        } else {
            for n in names {
                c.line(&n);
            }
        }
        return;
    }
    if total {
        let blocks: u64 = rows.iter().map(|(_, s)| s.size.div_ceil(4096) * 4).sum();
        let text = if a.has("h") { human(blocks * 1024) } else { blocks.to_string() };
        c.line(&format!("total {text}"));
    }
    let size = |s: &Stat| if a.has("h") { human(s.size) } else { s.size.to_string() };
    let wide = rows.iter().map(|(_, s)| size(s).len()).max().unwrap_or(0);
    let links = rows.iter().map(|(_, s)| s.links.to_string().len()).max().unwrap_or(0);
    let owner = rows.iter().map(|(_, s)| s.owner.len()).max().unwrap_or(0);
    let now = c.host.utc();
    for (name, s) in rows {
        let civil = s.mtime.civil();
        // Files older than half a year show the year instead of the time.
        let when = if now.0 - s.mtime.0 > 15_778_476 {
            format!("{} {:>2}  {}", s.mtime.month_name(), civil.day, civil.year)
        } else {
            format!("{} {:>2} {:02}:{:02}", s.mtime.month_name(), civil.day, civil.hour, civil.minute)
        };
        c.line(&format!(
            "{} {:>links$} {:<owner$} {:<owner$} {:>wide$} {when} {name}",
            mode(&s),
            s.links,
            s.owner,
            s.owner,
            size(&s)
        ));
    }
}

fn du(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let depth = match (a.has("s"), a.get("d").map(str::parse::<usize>)) {
        (true, Some(Ok(d))) if d > 0 => {
            c.p.err.push_str(&format!("du: warning: summarizing conflicts with --max-depth={d}\n"));
            return Step::Exit(1);
        }
        (true, _) => 0,
        (false, None) => usize::MAX,
        (false, Some(Ok(d))) => d,
        (false, Some(Err(_))) => {
            c.error(&format!("invalid maximum depth ‘{}’", a.get("d").unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    let names = if a.rest.is_empty() { vec![".".to_owned()] } else { a.rest.clone() };
    let (on, service) = (c.on(), c.service());
    let mut sum = 0;
    for name in names {
        let full = c.full(&name);
        let Some(stat) = c.stat(&full) else {
            c.error(&format!("cannot access '{name}': No such file or directory"));
            continue;
        };
        c.see(ObservedKind::Files, format!("{on}:{full}"), service.clone());
        sum += c.host.usage(&on, &full);
        // Post-order without recursion: a directory is printed after what is in it.
        let mut todo = vec![(full, name, stat, 0usize, false)];
        let mut printed = 0;
        while let Some((full, shown, stat, at, open)) = todo.pop() {
            if stat.dir && !open && at < depth {
                match c.list(&full) {
                    Ok(children) => {
                        todo.push((full.clone(), shown.clone(), stat, at, true));
                        for (child, s) in children.into_iter().rev() {
                            if s.dir || a.has("a") {
                                todo.push((path::join(&full, &child), path::join(&shown, &child), s, at + 1, false));
                            }
                        }
                        continue;
                    }
                    Err(why) => c.error(&format!("cannot read directory '{shown}': {why}")),
                }
            }
            printed += 1;
            if printed > 5000 {
                c.error("too many directories; use -s or -d");
                break;
            }
            c.see(ObservedKind::Files, format!("{on}:{full}"), service.clone());
            let bytes = c.host.usage(&on, &full);
            let size = if a.has("h") { human(bytes) } else { bytes.div_ceil(1024).to_string() };
            c.line(&format!("{size}\t{shown}"));
        }
    }
    if a.has("c") {
        let size = if a.has("h") { human(sum) } else { sum.div_ceil(1024).to_string() };
        c.line(&format!("{size}\ttotal"));
    }
    Step::Exit(c.tool.status)
}

fn df(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (on, service) = (c.on(), c.service());
    let all = c.host.mounts(&on);
    let mut mounts = Vec::new();
    if a.rest.is_empty() {
        mounts = all;
    } else {
        for name in &a.rest {
            let full = c.full(name);
            if c.stat(&full).is_none() {
                c.error(&format!("{name}: No such file or directory"));
                continue;
            }
            let holds = |at: &str| at == "/" || full == at || full.starts_with(&format!("{at}/"));
            mounts.extend(all.iter().filter(|m| holds(&m.at)).max_by_key(|m| m.at.len()).cloned());
        }
        if mounts.is_empty() {
            return Step::Exit(1);
        }
    }
    if a.has("i") {
        let limited = c.host.inodes(&on);
        c.line("Filesystem       Inodes   IUsed   IFree IUse% Mounted on");
        for m in mounts {
            c.see(ObservedKind::Disk, format!("{on}:{}", m.at), service.clone());
            // A file system has an inode for every 16 KiB unless somebody said otherwise.
            let usual = (m.size >> 14).max(1);
            let limit = limited.iter().find(|(at, _, _)| *at == m.at).map(|(_, used, all)| (*used, *all));
            let (used, all) = limit.unwrap_or((usual / 10, usual));
            let percent = (u128::from(used) * 100).div_ceil(u128::from(all.max(1)));
            let free = all.saturating_sub(used);
            c.line(&format!("{:<14} {all:>8} {used:>7} {free:>7} {percent:>4}% {}", m.device, m.at));
        }
        return Step::Exit(c.tool.status);
    }
    let size = |n: u64| if a.has("h") { human(n) } else { n.div_ceil(1024).to_string() };
    let width = mounts.iter().map(|m| m.device.len()).max().unwrap_or(0).max(14);
    if a.has("h") {
        c.line(&format!("{:<width$}  Size  Used Avail Use% Mounted on", "Filesystem"));
    } else {
        c.line(&format!(
            "{:<width$} {:>10} {:>9} {:>9} Use% Mounted on",
            "Filesystem", "1K-blocks", "Used", "Available"
        ));
    }
    for m in mounts {
        c.see(ObservedKind::Disk, format!("{on}:{}", m.at), service.clone());
        let free = m.size.saturating_sub(m.used);
        let percent = if m.size == 0 { 0 } else { (u128::from(m.used) * 100).div_ceil(u128::from(m.size)) };
        let (s, u, f) = (size(m.size), size(m.used), size(free));
        if a.has("h") {
            c.line(&format!("{:<width$} {s:>5} {u:>5} {f:>5} {percent:>3}% {}", m.device, m.at));
        } else {
            c.line(&format!("{:<width$} {s:>10} {u:>9} {f:>9} {percent:>3}% {}", m.device, m.at));
        }
    }
    Step::Exit(c.tool.status)
}

fn find(c: &mut Ctx<'_>) -> Step {
    let mut words = c.args.rest.clone().into_iter().peekable();
    let mut roots = Vec::new();
    while let Some(w) = words.next_if(|w| !w.starts_with('-')) {
        roots.push(w);
    }
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let (mut name, mut dir, mut size, mut depth) = (None, None, None, usize::MAX);
    while let Some(w) = words.next() {
        let v = words.next();
        match (w.as_str(), v.as_deref()) {
            ("-name", Some(v)) => name = Some(path::pattern(v)),
            ("-type", Some("f")) => dir = Some(false),
            ("-type", Some("d")) => dir = Some(true),
            ("-maxdepth", Some(v)) if v.parse::<usize>().is_ok() => depth = v.parse().unwrap_or(usize::MAX),
            ("-size", Some(v)) => {
                let sign = v.chars().next().filter(|c| "+-".contains(*c));
                let body = v.trim_start_matches(['+', '-']);
                let unit = match body.chars().last() {
                    Some('c') => 1,
                    Some('k') => 1 << 10,
                    Some('M') => 1 << 20,
                    Some('G') => 1u64 << 30,
                    _ => 512,
                };
                match body.trim_end_matches(['c', 'k', 'M', 'G']).parse::<u64>() {
                    Ok(n) => size = Some((sign, n, unit)),
                    Err(_) => {
                        c.error(&format!("Invalid argument `{v}' to -size"));
                        return Step::Exit(1);
                    }
                }
            }
            ("-name" | "-type" | "-maxdepth" | "-size", None) => {
                c.error(&format!("missing argument to `{w}'"));
                return Step::Exit(1);
            }
            ("-type" | "-maxdepth", Some(v)) => {
                c.error(&format!("Unknown argument to {w}: {v}"));
                return Step::Exit(1);
            }
            _ => {
                c.error(&format!("unknown predicate `{w}'"));
                return Step::Exit(1);
            }
        }
    }
    let (on, service) = (c.on(), c.service());
    let mut lines = 0;
    for root in roots {
        let full = c.full(&root);
        let Some(stat) = c.stat(&full) else {
            c.error(&format!("‘{root}’: No such file or directory"));
            continue;
        };
        c.see(ObservedKind::Files, format!("{on}:{full}"), service.clone());
        let mut todo = vec![(full, root, stat, 0usize)];
        while let Some((full, shown, stat, at)) = todo.pop() {
            let fits = name.as_ref().is_none_or(|p| path::matches(p, path::base(&full)))
                && dir.is_none_or(|d| d == stat.dir)
                && size.is_none_or(|(sign, n, unit)| {
                    let have = stat.size.div_ceil(unit);
                    match sign {
                        Some('+') => have > n,
                        Some(_) => have < n,
                        None => have == n,
                    }
                });
            if fits {
                lines += 1;
                if lines > 5000 {
                    c.error("too many results; narrow the search");
                    return Step::Exit(1);
                }
                c.line(&shown);
            }
            if stat.dir && at < depth && todo.len() < 20_000 {
                match c.list(&full) {
                    Ok(children) => {
                        for (child, s) in children.into_iter().rev() {
                            todo.push((path::join(&full, &child), path::join(&shown, &child), s, at + 1));
                        }
                    }
                    Err(why) => c.error(&format!("‘{shown}’: {why}")),
                }
            }
        }
    }
    Step::Exit(c.tool.status)
}

/// The number of a user: root's, those of people from 1000, those of services below.
fn user_id(name: &str) -> u64 {
    match name {
        "root" => 0,
        "oncall" | "primary" | "admin" => 1000,
        other => 900 + other.bytes().map(u64::from).sum::<u64>() % 97,
    }
}

fn stat(c: &mut Ctx<'_>) -> Step {
    let names = c.args.rest.clone();
    if names.is_empty() {
        c.p.err.push_str("stat: missing operand\nTry 'stat --help' for more information.\n");
        return Step::Exit(1);
    }
    let service = c.service();
    for name in names {
        let full = c.full(&name);
        let Some(s) = c.stat(&full) else {
            c.error(&format!("cannot statx '{name}': No such file or directory"));
            continue;
        };
        let target = format!("{}:{full}", c.on());
        c.see(ObservedKind::Files, target, service.clone());
        let kind = if s.dir { "directory" } else { "regular file" };
        let blocks = s.size.div_ceil(4096) * 8;
        let when = s.mtime.iso().replace('T', " ").replace('Z', ".000000000 +0000");
        let id = user_id(&s.owner);
        c.print(&format!(
            "  File: {name}\n  Size: {:<10}\tBlocks: {blocks:<10} IO Block: 4096   {kind}\nDevice: 259,1\tLinks: {}\nAccess: ({:04o}/{})  Uid: ({id:>5}/{:>8})   Gid: ({id:>5}/{:>8})\nModify: {when}\nChange: {when}\n Birth: -\n",
            s.size,
            s.links,
            s.mode,
            mode(&s),
            s.owner,
            s.owner
        ));
    }
    Step::Exit(c.tool.status)
}
