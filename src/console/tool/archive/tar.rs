//! tar: the ustar format over virtual files.

use super::{unzip, zip};
use crate::console::host::NodeKind;
use crate::console::path;
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::strftime_in;
use crate::console::tool::{Ctx, Step, mutate};
use crate::console::zone::Zone;
use crate::sim::effect::{Effect, FileAct};
use crate::sim::vfs::Moment;
use crate::stdx::time::Utc;

#[derive(Default)]
struct Plan {
    mode: char,
    verbose: bool,
    zip: bool,
    out: bool,
    file: Option<String>,
    dir: Option<String>,
    strip: usize,
    exclude: Vec<String>,
    /// What is in directories stays out.
    flat: bool,
    names: Vec<String>,
    from: Option<String>,
    by_suffix: bool,
    keep: bool,
    remove: bool,
    touch: bool,
    follow: bool,
    quiet_missing: bool,
}

/// A member of an archive.
struct Member {
    name: String,
    dir: bool,
    /// `'1'`: another name of this member; `'2'`: a symbolic link to this path.
    link: Option<(char, String)>,
    mode: u16,
    owner: String,
    group: String,
    mtime: i64,
    text: String,
}

fn plan(words: &[String]) -> Result<Plan, String> {
    let mut p = Plan::default();
    let mut rest = words.iter().cloned().collect::<std::collections::VecDeque<String>>();
    let mut first = true;
    while let Some(w) = rest.pop_front() {
        let bundle = std::mem::take(&mut first) && !w.starts_with('-');
        if let Some(long) = w.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            let mut need =
                || value.clone().or_else(|| rest.pop_front()).ok_or(format!("option '--{name}' requires an argument"));
            match name {
                "create" => p.mode = 'c',
                "list" => p.mode = 't',
                "extract" | "get" => p.mode = 'x',
                "append" => p.mode = 'r',
                "update" => p.mode = 'u',
                "files-from" => p.from = Some(need()?),
                "auto-compress" => p.by_suffix = true,
                "keep-old-files" | "skip-old-files" => {
                    p.keep = true;
                    p.quiet_missing = name == "skip-old-files";
                }
                "remove-files" => p.remove = true,
                "touch" => p.touch = true,
                "dereference" => p.follow = true,
                "overwrite"
                | "same-permissions"
                | "same-owner"
                | "totals"
                | "anchored"
                | "no-anchored"
                | "no-wildcards"
                | "force-local"
                | "no-same-permissions"
                | "posix"
                | "sort"
                | "format"
                | "owner"
                | "group"
                | "mtime"
                | "mode" => {
                    if matches!(
                        name,
                        "no-recursion" | "sort" | "format" | "owner" | "group" | "mtime" | "mode" | "totals"
                    ) {
                        return Err(format!("option '--{name}' is not available here"));
                    }
                }
                "verbose" => p.verbose = true,
                "gzip" | "gunzip" => p.zip = true,
                "to-stdout" => p.out = true,
                "file" => p.file = Some(need()?),
                "directory" => p.dir = Some(need()?),
                "exclude" => p.exclude.push(need()?),
                "no-recursion" => p.flat = true,
                "strip-components" => p.strip = need()?.parse().map_err(|_| "invalid number of elements")?,
                "preserve-permissions" | "wildcards" | "numeric-owner" | "no-same-owner" => {}
                _ => return Err(format!("unrecognized option '--{name}'")),
            }
            continue;
        }
        if !bundle && !(w.starts_with('-') && w.len() > 1) {
            p.names.push(w);
            continue;
        }
        let letters: Vec<char> = w.trim_start_matches('-').chars().collect();
        for (i, l) in letters.iter().enumerate() {
            match l {
                'c' | 't' | 'x' | 'r' | 'u' => p.mode = *l,
                'v' => p.verbose = true,
                'z' => p.zip = true,
                'a' => p.by_suffix = true,
                'O' => p.out = true,
                'k' => p.keep = true,
                'm' => p.touch = true,
                'h' => p.follow = true,
                'p' | 'P' | 'S' => {}
                'f' | 'C' | 'T' => {
                    // Behind a dash the rest of the word is the value; in an old bundle it is the next word.
                    let inline: String = letters.iter().skip(i + 1).collect();
                    let value = if !bundle && !inline.is_empty() {
                        inline.clone()
                    } else {
                        rest.pop_front().ok_or(format!("option requires an argument -- '{l}'"))?
                    };
                    if *l == 'f' {
                        p.file = Some(value);
                    } else if *l == 'T' {
                        p.from = Some(value);
                    } else {
                        p.dir = Some(value);
                    }
                    if !bundle && !inline.is_empty() {
                        break;
                    }
                }
                'j' | 'J' => {
                    return Err(format!(
                        "({} ) Cannot exec: No such file or directory",
                        if *l == 'j' { "bzip2" } else { "xz" }
                    )
                    .replace("( ", "(")
                    .replace(" )", ")"));
                }
                l => return Err(format!("invalid option -- '{l}'")),
            }
        }
    }
    Ok(p)
}

pub(super) fn tar(c: &mut Ctx<'_>) -> Step {
    let hint = "Try 'tar --help' or 'tar --usage' for more information.\n";
    let mut p = match plan(&c.args.rest.clone()) {
        Ok(p) => p,
        Err(why) => {
            c.p.err.push_str(&format!("tar: {why}\n{hint}"));
            return Step::Exit(if why.contains("exec") { 2 } else { 64 });
        }
    };
    if p.by_suffix {
        p.zip |= p.file.as_ref().is_some_and(|f| f.ends_with(".gz") || f.ends_with(".tgz"));
    }
    if let Some(list) = p.from.clone() {
        match c.slurp(std::slice::from_ref(&list)) {
            Err(step) => return step,
            Ok(mut t) => match t.remove(0) {
                Ok(text) => p.names.extend(text.lines().filter(|l| !l.is_empty()).map(str::to_owned)),
                Err(why) => {
                    c.p.err.push_str(&format!(
                        "tar: {list}: Cannot open: {why}\ntar: Error is not recoverable: exiting now\n"
                    ));
                    return Step::Exit(2);
                }
            },
        }
    }
    match p.mode {
        'c' => create(c, &p, &[]),
        't' | 'x' => extract(c, &p),
        'r' | 'u' => append(c, &p),
        _ => {
            c.p.err.push_str(&format!(
                "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n{hint}"
            ));
            Step::Exit(2)
        }
    }
}

fn octal(n: u64, width: usize) -> Vec<u8> {
    format!("{n:0w$o}\0", w = width - 1).into_bytes()
}

fn header(m: &Member) -> Vec<u8> {
    let mut h = vec![0u8; 512];
    let mut put = |at: usize, bytes: &[u8], most: usize| {
        for (slot, b) in h.iter_mut().skip(at).zip(bytes.iter().take(most)) {
            *slot = *b;
        }
    };
    let size = if m.dir { 0 } else { to_bytes(&m.text).len() as u64 };
    put(0, m.name.as_bytes(), 100);
    put(100, &octal(u64::from(m.mode), 8), 8);
    put(108, &octal(if m.owner == "root" { 0 } else { 1000 }, 8), 8);
    put(116, &octal(if m.owner == "root" { 0 } else { 1000 }, 8), 8);
    put(124, &octal(size, 12), 12);
    put(136, &octal(u64::try_from(m.mtime).unwrap_or(0), 12), 12);
    put(148, b"        ", 8);
    let kind = m.link.as_ref().map_or(if m.dir { '5' } else { '0' }, |l| l.0);
    put(156, &[u8::try_from(kind).unwrap_or(b'0')], 1);
    put(157, m.link.as_ref().map_or("", |l| l.1.as_str()).as_bytes(), 100);
    put(257, b"ustar  \0", 8);
    put(265, m.owner.as_bytes(), 31);
    put(297, m.group.as_bytes(), 31);
    let sum: u64 = h.iter().map(|b| u64::from(*b)).sum();
    let text = format!("{sum:06o}\0 ");
    for (slot, b) in h.iter_mut().skip(148).zip(text.bytes()) {
        *slot = b;
    }
    h
}

fn long(m: &Member, zone: &Zone) -> String {
    let kind = match &m.link {
        Some(('2', _)) => 'l',
        Some(_) => 'h',
        None if m.dir => 'd',
        None => '-',
    };
    let perm = format!("{kind}{}", crate::console::mode::letters(m.mode));
    let size = if m.dir { 0 } else { to_bytes(&m.text).len() };
    let owner = format!("{}/{}", m.owner, m.group);
    let tail = match &m.link {
        Some(('2', to)) => format!(" -> {to}"),
        Some((_, to)) => format!(" link to {to}"),
        None => String::new(),
    };
    let pad = 19usize.saturating_sub(owner.len() + 1);
    format!("{perm} {owner} {size:>pad$} {} {}", strftime_in(zone, "%Y-%m-%d %H:%M", Utc(m.mtime), 0), m.name) + &tail
}

fn excluded(p: &Plan, name: &str) -> bool {
    p.exclude.iter().any(|g| {
        let pattern = path::pattern(g);
        path::matches(&pattern, name) || name.split('/').any(|part| path::matches(&pattern, part))
    })
}

/// Members behind those that an archive has; for an update only of files that are newer than theirs.
fn append(c: &mut Ctx<'_>, p: &Plan) -> Step {
    let Some(file) = p.file.clone() else {
        c.p.err.push_str("tar: Options '-Aru' are incompatible with '-f -'\n");
        return Step::Exit(2);
    };
    let old = match c.load(&file) {
        Ok(t) => to_bytes(&t),
        Err(why) if why == "No such file or directory" => Vec::new(),
        Err(why) => {
            c.p.err.push_str(&format!("tar: {file}: Cannot open: {why}\ntar: Error is not recoverable: exiting now\n"));
            return Step::Exit(2);
        }
    };
    if old.starts_with(&[0x1f, 0x8b]) {
        c.p.err.push_str("tar: Cannot update compressed archives\ntar: Error is not recoverable: exiting now\n");
        return Step::Exit(2);
    }
    let Ok(all) = members(&old) else {
        c.p.err.push_str("tar: This does not look like a tar archive\ntar: Error is not recoverable: exiting now\n");
        return Step::Exit(2);
    };
    let mut kept = Vec::new();
    for m in &all {
        kept.extend(packed(m));
    }
    let (update, verbose) = (p.mode == 'u', p.verbose);
    let exclude = p.exclude.clone();
    let mut p = Plan { names: p.names.clone(), file: Some(file), exclude, verbose, ..Plan::default() };
    if update {
        let newer = |name: &String| {
            let full = c.full(name);
            let have =
                all.iter().filter(|m| m.name.trim_end_matches('/') == name.trim_end_matches('/')).map(|m| m.mtime);
            c.stat(&full).is_none_or(|s| have.max().is_none_or(|t| s.mtime.0 > t))
        };
        let wanted: Vec<String> = p.names.iter().filter(|n| newer(n)).cloned().collect();
        if wanted.is_empty() && !p.names.is_empty() {
            return Step::Exit(0);
        }
        p.names = wanted;
    }
    create(c, &p, &kept)
}

/// A member's header and body in whole blocks.
fn packed(m: &Member) -> Vec<u8> {
    let mut bytes = header(m);
    bytes.extend(to_bytes(&m.text));
    bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    bytes
}

fn create(c: &mut Ctx<'_>, p: &Plan, kept: &[u8]) -> Step {
    if p.names.is_empty() && p.from.is_none() {
        c.p.err.push_str("tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n");
        return Step::Exit(2);
    }
    let base = p.dir.as_ref().map_or(c.p.cwd.clone(), |d| c.full(d));
    let mut bytes = kept.to_vec();
    let mut seen: std::collections::BTreeMap<u64, String> = Default::default();
    let mut verbose = String::new();
    let mut stripped = false;
    let mut todo: Vec<String> = p.names.iter().rev().cloned().collect();
    while let Some(name) = todo.pop() {
        let full = path::absolute(&base, &name);
        let found = if p.follow { c.stat(&full) } else { c.lstat(&full) };
        let Some(stat) = found else {
            c.error(&format!("{name}: Cannot stat: No such file or directory"));
            c.tool.status = 2;
            continue;
        };
        if excluded(p, &name) {
            continue;
        }
        if p.file.as_ref().is_some_and(|f| c.full(f) == full) {
            c.error(&format!("{name}: file is the archive; not dumped"));
            c.tool.status = 0;
            continue;
        }
        let link = match &stat.kind {
            NodeKind::Link(to) => Some(('2', to.clone())),
            NodeKind::File if stat.links > 1 => {
                let first = seen.entry(stat.ino).or_insert_with(|| name.clone());
                (*first != name).then(|| ('1', first.trim_start_matches('/').to_owned()))
            }
            _ => None,
        };
        let text = if stat.dir || link.is_some() { Ok(String::new()) } else { c.load(&full) };
        let text = match text {
            Ok(t) => t,
            Err(why) => {
                c.error(&format!("{name}: Cannot open: {why}"));
                c.tool.status = 2;
                continue;
            }
        };
        let shown = if stat.dir { format!("{}/", name.trim_end_matches('/')) } else { name.clone() };
        let inside = shown.trim_start_matches('/').to_owned();
        if inside.len() < shown.len() && !std::mem::replace(&mut stripped, true) {
            c.p.err.push_str("tar: Removing leading `/' from member names\n");
        }
        let (owner, group, mtime) = (stat.owner, stat.group, stat.mtime.0);
        let m = Member { name: inside, dir: stat.dir, link, mode: stat.mode, owner, group, mtime, text };
        if p.verbose {
            verbose.push_str(&format!("{shown}\n"));
        }
        bytes.extend(packed(&m));
        if stat.dir && !p.flat {
            for (child, _) in c.list(&full).unwrap_or_default().into_iter().rev() {
                todo.push(path::join(&name, &child));
            }
        }
        if bytes.len() > super::MOST {
            c.error("archive is too large");
            return Step::Exit(2);
        }
    }
    if c.tool.status > 0 {
        c.p.err.push_str("tar: Exiting with failure status due to previous errors\n");
    }
    bytes.resize((bytes.len() + 1024).div_ceil(10_240) * 10_240, 0);
    let text = from_bytes(&bytes);
    let text = if p.zip { zip(&text) } else { text };
    match p.file.as_deref() {
        None | Some("-") => {
            c.p.err.push_str(&verbose);
            c.print(&text);
        }
        Some(file) => {
            c.print(&verbose);
            let full = c.full(file);
            if let Err(why) = super::super::mutate::write(c, &full, text, false) {
                c.p.err.push_str(&format!(
                    "tar: {file}: Cannot open: {why}\ntar: Error is not recoverable: exiting now\n"
                ));
                return Step::Exit(2);
            }
        }
    }
    Step::Exit(c.tool.status)
}

fn members(bytes: &[u8]) -> Result<Vec<Member>, ()> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(h) = bytes.get(at..at + 512) {
        if h.iter().all(|b| *b == 0) {
            break;
        }
        if h.get(257..262) != Some(b"ustar") {
            return Err(());
        }
        let text = |from: usize, len: usize| {
            let field = h.get(from..from + len).unwrap_or_default();
            let end = field.iter().position(|b| *b == 0).unwrap_or(len);
            String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
        };
        let number = |from: usize, len: usize| u64::from_str_radix(text(from, len).trim(), 8).unwrap_or(0);
        let size = usize::try_from(number(124, 12)).unwrap_or(usize::MAX);
        let body = bytes.get(at + 512..(at + 512).saturating_add(size)).ok_or(())?;
        all.push(Member {
            name: text(0, 100),
            dir: h.get(156) == Some(&b'5'),
            link: match h.get(156) {
                Some(b'1') => Some(('1', text(157, 100))),
                Some(b'2') => Some(('2', text(157, 100))),
                _ => None,
            },
            group: text(297, 32),
            mode: u16::try_from(number(100, 8)).unwrap_or(0o644),
            owner: text(265, 32),
            mtime: i64::try_from(number(136, 12)).unwrap_or(0),
            text: from_bytes(body),
        });
        at += 512 + size.div_ceil(512) * 512;
    }
    Ok(all)
}

fn extract(c: &mut Ctx<'_>, p: &Plan) -> Step {
    let file = p.file.clone().unwrap_or_else(|| "-".to_owned());
    let text = match c.slurp(std::slice::from_ref(&file)) {
        Err(step) => return step,
        Ok(mut t) => match t.remove(0) {
            Ok(t) => t,
            Err(why) => {
                c.p.err.push_str(&format!(
                    "tar: {file}: Cannot open: {why}\ntar: Error is not recoverable: exiting now\n"
                ));
                return Step::Exit(2);
            }
        },
    };
    // A compressed archive is recognised by its first bytes.
    let raw = unzip(&text).unwrap_or(text);
    if to_bytes(&raw).len() < 512 {
        c.p.err.push_str(
            "tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n",
        );
        return Step::Exit(2);
    }
    if let Some(d) = p.dir.as_ref().filter(|_| p.mode == 'x')
        && let Err(why) = c.look(d, true)
    {
        c.p.err.push_str(&format!("tar: {d}: Cannot open: {why}\ntar: Error is not recoverable: exiting now\n"));
        return Step::Exit(2);
    }
    let mut later = Vec::new();
    let Ok(all) = members(&to_bytes(&raw)) else {
        c.p.err.push_str(
            "tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n",
        );
        return Step::Exit(2);
    };
    let base = p.dir.as_ref().map_or(c.p.cwd.clone(), |d| c.full(d));
    let mut used = vec![false; p.names.len()];
    for m in all {
        let name = m.name.trim_end_matches('/');
        let mut wanted = p.names.is_empty();
        for (n, u) in p.names.iter().zip(used.iter_mut()) {
            let n = n.trim_end_matches('/');
            if name == n || name.starts_with(&format!("{n}/")) || path::matches(&path::pattern(n), name) {
                wanted = true;
                *u = true;
            }
        }
        if !wanted || excluded(p, name) {
            continue;
        }
        if p.mode == 't' {
            let line = if p.verbose { long(&m, &c.zone()) } else { m.name.clone() };
            c.line(&line);
            continue;
        }
        let inside: Vec<&str> = name.split('/').filter(|s| !s.is_empty() && *s != "..").skip(p.strip).collect();
        if inside.is_empty() {
            continue;
        }
        if p.verbose {
            c.line(&m.name);
        }
        if p.out {
            c.print(&m.text);
            continue;
        }
        let full = path::absolute(&base, &inside.join("/"));
        if p.keep && !m.dir && c.lstat(&full).is_some() {
            if !p.quiet_missing {
                c.error(&format!("{}: Cannot open: File exists", m.name));
                c.tool.status = 2;
            }
            continue;
        }
        if let Err(why) = unpack(c, &full, &m, &base) {
            c.error(&format!("{}: Cannot open: {why}", m.name));
            c.tool.status = 2;
            continue;
        }
        later.push((full, m));
    }
    // Directories get their times when nothing more comes into them.
    for (full, m) in later.into_iter().rev() {
        if m.link.is_none() {
            let mode = if c.p.user == "root" { m.mode } else { m.mode & !c.p.umask };
            let _said_in_opening = mutate::alter(c, &full, FileAct::Mode(mode));
        }
        if !p.touch && !matches!(m.link, Some(('1', _))) {
            let written = Some(Some(Moment { at: Utc(m.mtime), nanos: 0 }));
            let _said_in_opening = mutate::alter(c, &full, FileAct::Times { read: None, written, follow: false });
        }
    }
    for (n, _) in p.names.iter().zip(&used).filter(|(_, u)| !**u) {
        c.error(&format!("{n}: Not found in archive"));
        c.tool.status = 2;
    }
    if c.tool.status > 0 {
        c.p.err.push_str("tar: Exiting with failure status due to previous errors\n");
    }
    Step::Exit(c.tool.status)
}

fn unpack(c: &mut Ctx<'_>, full: &str, m: &Member, base: &str) -> Result<(), String> {
    let mut missing = Vec::new();
    let mut dir = if m.dir { full.to_owned() } else { path::parent(full).to_owned() };
    while dir != "/" && c.stat(&dir).is_none() {
        missing.push(dir.clone());
        dir = path::parent(&dir).to_owned();
    }
    for dir in missing.into_iter().rev() {
        let on = c.on();
        path::may_change(&*c.host, &on, &c.p.user, &dir)?;
        let target = format!("{on}:{dir}");
        let owner = c.p.user.clone();
        c.apply(&Effect::MakeDir { host: on, path: dir, owner }, "mkdir", &target)?;
    }
    if m.dir {
        return Ok(());
    }
    if c.lstat(full).is_some_and(|s| !s.dir && (s.is_link() || m.link.is_some() || s.links > 1)) {
        let on = c.on();
        let target = format!("{on}:{full}");
        path::may_change(&*c.host, &on, &c.p.user, full)?;
        c.apply(&Effect::Remove { host: on, path: full.to_owned() }, "remove", &target)?;
    }
    match &m.link {
        Some(('2', to)) => {
            let owner = c.p.user.clone();
            mutate::alter(c, full, FileAct::Symlink { target: to.clone(), owner })
        }
        Some((_, to)) => mutate::alter(c, full, FileAct::Link { from: path::absolute(base, to) }),
        None => mutate::write(c, full, m.text.clone(), false),
    }
}
