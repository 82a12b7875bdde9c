//! cp.

use super::{alter, ask, backup, make_dir, remove, rename, targets, write};
use crate::console::host::{NodeKind, Stat};
use crate::console::path;
use crate::console::process::Args;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;
use crate::sim::vfs::Moment;

pub(super) const CP: Decl = Decl {
    name: "cp",
    synopsis: "[OPTION]... [-T] SOURCE DEST | SOURCE... DIRECTORY | -t DIRECTORY SOURCE...",
    about: "copy files and directories",
    opts: &[
        flag("a", "archive", "same as -dR --preserve=all"),
        flag("b", "", "make a backup of each existing destination file"),
        value("", "backup", "[CONTROL]", "likewise: none, simple, numbered, existing"),
        flag("d", "", "same as --no-dereference --preserve=links"),
        flag("f", "force", "if an existing destination file cannot be opened, remove it and try again"),
        flag("i", "interactive", "prompt before overwrite"),
        flag("H", "", "follow command-line symbolic links in SOURCE"),
        flag("l", "link", "hard link files instead of copying"),
        flag("L", "dereference", "always follow symbolic links in SOURCE"),
        flag("n", "no-clobber", "do not overwrite an existing file"),
        flag("P", "no-dereference", "never follow symbolic links in SOURCE"),
        flag("p", "", "same as --preserve=mode,ownership,timestamps"),
        value("", "preserve", "[LIST]", "preserve the specified attributes"),
        value("", "no-preserve", "LIST", "don't preserve the specified attributes"),
        flag("", "parents", "use full source file name under DIRECTORY"),
        flag("R", "recursive", "copy directories recursively"),
        flag("r", "", "the same as -R"),
        flag("", "remove-destination", "remove each existing destination file before attempting to open it"),
        value("", "reflink", "[WHEN]", "accepted"),
        value("", "sparse", "WHEN", "accepted"),
        flag("s", "symbolic-link", "make symbolic links instead of copying"),
        value("S", "suffix", "SUFFIX", "override the usual backup suffix"),
        value("t", "target-directory", "DIRECTORY", "copy all SOURCE arguments into DIRECTORY"),
        flag("T", "no-target-directory", "treat DEST as a normal file"),
        flag("u", "update", "copy only when the SOURCE file is newer than the destination file or it is missing"),
        flag("v", "verbose", "explain what is being done"),
        flag("x", "one-file-system", "stay on this file system"),
    ],
    operand: Operand::Path,
    missing: &["Hard links among copied files become files of their own, with -a too."],
    examples: &[
        ("cp notes.txt copy.txt && wc -l copy.txt", "3 copy.txt\n"),
        ("cp /etc .", "cp: -r not specified; omitting directory '/etc'\n"),
    ],
    step: cp,
    ..Decl::BLANK
};

/// In front of a directory whose content is copied.
const AFTER: char = '\u{1}';

fn cp(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if c.tool.phase == 0 {
        let Some(t) = targets(c, "file", true) else { return Step::Exit(1) };
        let mut pairs = t.pairs;
        if a.has("parents") {
            let dir = a.get("t").map(str::to_owned).or_else(|| a.rest.last().cloned()).unwrap_or_default();
            if !c.look(&dir, true).is_ok_and(|s| s.dir) {
                return c.misuse("with --parents, the destination must be a directory", 1);
            }
            for (from, to) in &mut pairs {
                *to = path::join(&dir, from.trim_start_matches('/'));
                if let Some((above, _)) = to.rsplit_once('/') {
                    let above = above.to_owned();
                    if let Err((what, why)) = super::make::make(c, &above, true, false, None) {
                        c.error(&format!("cannot make directory {}: {why}", shell_quoted(&what)));
                    }
                }
            }
        }
        c.tool.lines = pairs.into_iter().rev().map(|(a, b)| format!("{a}\0{b}")).collect();
        c.tool.phase = 1;
    }
    for _ in 0..200 {
        let Some(item) = c.tool.lines.pop() else { return Step::Exit(c.tool.status) };
        let (from, to) = item.split_once('\0').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        let done = match from.strip_prefix(AFTER) {
            Some(from) => {
                preserve(c, &a, from, &to, true);
                Ok(())
            }
            None => one(c, &a, &from, &to),
        };
        if let Err(step) = done {
            c.tool.lines.push(item);
            return step;
        }
    }
    Step::More
}

fn one(c: &mut Ctx<'_>, a: &Args, from: &str, to: &str) -> Result<(), Step> {
    let recursive = ["r", "R", "a"].iter().any(|k| a.has(k));
    let named = a.rest.iter().any(|r| r == from);
    let never = a.has("P") || a.has("d") || a.has("a");
    let follow = a.has("L") || (a.has("H") && named) || (!never && !recursive);
    let (shown_from, shown_to) = (shell_quoted(from), shell_quoted(to));
    let s = match c.look(from, follow) {
        Ok(s) => s,
        Err(why) => {
            c.error(&format!("cannot stat {shown_from}: {why}"));
            return Ok(());
        }
    };
    if s.dir && !recursive {
        c.error(&format!("-r not specified; omitting directory {shown_from}"));
        return Ok(());
    }
    let (full_from, full_to) = (c.full(from), c.full(to));
    let real = c.host.resolve(&c.p.host, &full_to, true).unwrap_or_else(|_| full_to.clone());
    let there = c.look(to, !a.has("remove-destination") && !s.is_link()).ok();
    if s.dir {
        return directory(c, from, to, &full_from, &full_to, there);
    }
    if let Some(d) = &there {
        if d.ino == s.ino && !a.has("remove-destination") && !(a.has("f") && a.has("b")) {
            if !(a.has("l") || a.has("n")) {
                c.error(&format!("{shown_from} and {shown_to} are the same file"));
            }
            return Ok(());
        }
        if d.dir {
            c.error(&format!("cannot overwrite directory {shown_to} with non-directory"));
            return Ok(());
        }
        let last = a.flags.iter().rev().find(|(k, _)| matches!(k.as_str(), "i" | "n")).map(|(k, _)| k.as_str());
        if last == Some("n") || (a.has("u") && d.written() >= s.written()) {
            return Ok(());
        }
        if last == Some("i") && !ask(c, &format!("overwrite {shown_to}"))? {
            return Ok(());
        }
        if a.rest.len() > 2 && c.tool.text.contains(&format!("\0{real}\0")) {
            c.error(&format!("will not overwrite just-created {shown_to} with {shown_from}"));
            return Ok(());
        }
    } else if to.ends_with('/') {
        c.error(&format!("cannot create regular file {shown_to}: Not a directory"));
        return Ok(());
    } else if !follow && c.look(to, false).is_ok_and(|d| d.is_link()) && !s.is_link() {
        c.error(&format!("not writing through dangling symlink {shown_to}"));
        return Ok(());
    }
    let mut note = String::new();
    if let Some(kept) = backup(c, to) {
        let full = c.full(&kept);
        if let Err(why) = rename(c, &full_to, &full) {
            c.error(&format!("cannot backup {shown_to}: {why}"));
            return Ok(());
        }
        note = format!(" (backup: {})", shell_quoted(&kept));
    } else if there.is_some() && (a.has("remove-destination") || a.has("l") || a.has("s") || s.is_link()) {
        let replace = a.has("remove-destination") || a.has("f") || s.is_link();
        if !replace {
            let what = if a.has("s") { "create symbolic link" } else { "create hard link" };
            c.error(&format!("cannot {what} {shown_to} to {shown_from}: File exists"));
            return Ok(());
        }
        if let Err(why) = remove(c, &full_to) {
            c.error(&format!("cannot remove {shown_to}: {why}"));
            return Ok(());
        }
    }
    let fresh = c.stat(&full_to).is_none();
    let owner = c.p.user.clone();
    let done = if a.has("l") {
        alter(c, &full_to, FileAct::Link { from: full_from.clone() })
            .map_err(|why| format!("cannot create hard link {shown_to} to {shown_from}: {why}"))
    } else if a.has("s") {
        alter(c, &full_to, FileAct::Symlink { target: from.to_owned(), owner })
            .map_err(|why| format!("cannot create symbolic link {shown_to} to {shown_from}: {why}"))
    } else if let NodeKind::Link(target) = &s.kind {
        alter(c, &full_to, FileAct::Symlink { target: target.clone(), owner })
            .map_err(|why| format!("cannot create symbolic link {shown_to}: {why}"))
    } else {
        bytes(c, from, &full_from, &full_to, &s, a.has("f")).map_err(|(reading, why)| match reading {
            true => format!("cannot open {shown_from} for reading: {why}"),
            false => format!("cannot create regular file {shown_to}: {why}"),
        })
    };
    match done {
        Ok(()) => {
            c.tool.text.push_str(&format!("\0{real}\0"));
            if a.has("v") {
                c.line(&format!("{shown_from} -> {shown_to}{note}"));
            }
            let copied = !a.has("l") && !a.has("s") && !s.is_link();
            if copied && fresh && !keeps(a, "mode") {
                let usual = 0o666 & !c.p.umask;
                let mode = s.mode & 0o777 & !c.p.umask;
                if mode != usual {
                    let _host_has_said_why = alter(c, &full_to, FileAct::Mode(mode));
                }
            }
            if !a.has("l") && !a.has("s") {
                preserve(c, a, from, to, follow);
            }
        }
        Err(why) => c.error(&why),
    }
    Ok(())
}

/// Copies a file's bytes; whether an error was met in reading, and which.
fn bytes(
    c: &mut Ctx<'_>,
    from: &str,
    full_from: &str,
    full_to: &str,
    s: &Stat,
    force: bool,
) -> Result<(), (bool, String)> {
    let text = c.load(from);
    if let Err(why) = &text
        && why == "Permission denied"
    {
        return Err((true, why.clone()));
    }
    let sources = c.con.file_sources(&c.p.host, full_from, &*c.host);
    let go = |c: &mut Ctx<'_>| match &text {
        Ok(t) if t.len() as u64 >= s.size => write(c, full_to, t.clone(), false),
        // Bytes that nobody can print are copied as such.
        _ => {
            let owner = c.p.user.clone();
            alter(c, full_to, FileAct::Copy { from: full_from.to_owned(), owner })
        }
    };
    let mut done = go(c);
    if force && done.as_ref().is_err_and(|why| why == "Permission denied") && remove(c, full_to).is_ok() {
        done = go(c);
    }
    done.map_err(|why| (false, why))?;
    let target = format!("{}:{full_to}", c.on());
    c.con.marks.insert(target, sources);
    Ok(())
}

fn directory(
    c: &mut Ctx<'_>,
    from: &str,
    to: &str,
    full_from: &str,
    full_to: &str,
    there: Option<Stat>,
) -> Result<(), Step> {
    let a = c.args.clone();
    let (shown_from, shown_to) = (shell_quoted(from), shell_quoted(to));
    match &there {
        Some(d) if !d.dir => {
            c.error(&format!("cannot overwrite non-directory {shown_to} with directory {shown_from}"));
            return Ok(());
        }
        _ if full_to == full_from || full_to.starts_with(&format!("{full_from}/")) => {
            c.error(&format!("cannot copy a directory, {shown_from}, into itself, {shown_to}"));
            return Ok(());
        }
        Some(_) => {}
        None => {
            if let Err(why) = make_dir(c, full_to) {
                c.error(&format!("cannot create directory {shown_to}: {why}"));
                return Ok(());
            }
            if a.has("v") {
                c.line(&format!("{shown_from} -> {shown_to}"));
            }
        }
    }
    let children = match c.list(full_from) {
        Ok(l) => l,
        Err(why) => {
            c.error(&format!("cannot access {shown_from}: {why}"));
            return Ok(());
        }
    };
    if there.is_none() {
        let mode = c.look(from, true).map_or(0o755, |s| s.mode) & !c.p.umask;
        if !keeps(&a, "mode") && mode != 0o777 & !c.p.umask {
            let _host_has_said_why = alter(c, full_to, FileAct::Mode(mode));
        }
        c.tool.lines.push(format!("{AFTER}{from}\0{to}"));
    }
    let pairs = children.into_iter().rev().map(|(n, _)| format!("{}\0{}", path::join(from, &n), path::join(to, &n)));
    c.tool.lines.extend(pairs);
    Ok(())
}

/// Whether an attribute is to be preserved.
fn keeps(a: &Args, what: &str) -> bool {
    let mut keep = false;
    for (k, v) in &a.flags {
        let list = |v: &str| v.split(',').any(|w| w == what || w == "all");
        match k.as_str() {
            "a" => keep = true,
            "p" => keep |= what != "links",
            "preserve" if v.is_empty() => keep |= what != "links",
            "preserve" => keep |= list(v),
            "no-preserve" if list(v) => keep = false,
            _ => {}
        }
    }
    keep
}

fn preserve(c: &mut Ctx<'_>, a: &Args, from: &str, to: &str, follow: bool) {
    let Ok(s) = c.look(from, follow) else { return };
    let full = c.full(to);
    let mut acts = Vec::new();
    if keeps(a, "ownership") {
        let mine = c.p.user == "root";
        let (owner, group) = (mine.then(|| s.owner.clone()), mine.then(|| s.group.clone()));
        if mine {
            acts.push(FileAct::Owner { owner, group, follow: false });
        }
    }
    if keeps(a, "mode") && !s.is_link() {
        acts.push(FileAct::Mode(s.mode));
    }
    if keeps(a, "timestamps") {
        let moment = |(at, nanos)| Some(Some(Moment { at, nanos }));
        acts.push(FileAct::Times { read: moment(s.atime), written: moment(s.written()), follow: false });
    }
    for act in acts {
        if let Err(why) = alter(c, &full, act) {
            c.error(&format!("preserving attributes of {}: {why}", shell_quoted(to)));
        }
    }
}
