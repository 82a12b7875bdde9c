//! rm, rmdir, unlink.

use super::{ask, check, remove};
use crate::console::host::{NodeKind, Stat};
use crate::console::path;
use crate::console::process::Fd;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const RM: Decl = Decl {
    name: "rm",
    synopsis: "[OPTION]... [FILE]...",
    about: "remove files or directories",
    opts: &[
        flag("d", "dir", "remove empty directories"),
        flag("f", "force", "ignore nonexistent files and arguments, never prompt"),
        flag("i", "", "prompt before every removal"),
        flag("I", "", "prompt once before removing more than three files, or when removing recursively"),
        value("", "interactive", "[WHEN]", "prompt according to WHEN: never, once, or always"),
        flag("", "no-preserve-root", "do not treat '/' specially"),
        flag("", "preserve-root", "do not remove '/' (default)"),
        flag("", "one-file-system", "skip directories on other file systems"),
        flag("r", "recursive", "remove directories and their contents recursively"),
        flag("R", "", "the same as -r"),
        flag("v", "verbose", "explain what is being done"),
    ],
    operand: Operand::Path,
    examples: &[
        ("rm notes.txt; ls", ""),
        ("rm /etc", "rm: cannot remove '/etc': Is a directory\n"),
        ("rm -rf /etc/hostname", "rm: cannot remove '/etc/hostname': Permission denied\n"),
    ],
    step: rm,
    ..Decl::BLANK
};

pub(super) const RMDIR: Decl = Decl {
    name: "rmdir",
    synopsis: "[OPTION]... DIRECTORY...",
    about: "remove empty directories",
    opts: &[
        flag("", "ignore-fail-on-non-empty", "ignore each failure that is solely because a directory is non-empty"),
        flag("p", "parents", "remove DIRECTORY and its ancestors"),
        flag("v", "verbose", "output a diagnostic for every directory processed"),
    ],
    operand: Operand::Path,
    examples: &[("rmdir /home", "rmdir: failed to remove '/home': Directory not empty\n")],
    step: rmdir,
    ..Decl::BLANK
};

pub(super) const UNLINK: Decl = Decl {
    name: "unlink",
    synopsis: "FILE",
    about: "call the unlink function to remove the specified file",
    operand: Operand::Path,
    examples: &[("unlink notes.txt && ls", "")],
    step: |c| {
        let [name] = c.args.rest.as_slice() else {
            return match c.args.rest.get(1).cloned() {
                Some(extra) => c.misuse(&format!("extra operand ‘{extra}’"), 1),
                None => c.misuse("missing operand", 1),
            };
        };
        let name = name.clone();
        let done = c.look(&name, false).and_then(|s| {
            let full = c.full(&name);
            if s.dir { Err("Is a directory".to_owned()) } else { remove(c, &full) }
        });
        if let Err(why) = done {
            c.error(&format!("cannot unlink {}: {why}", shell_quoted(&name)));
        }
        Step::Exit(c.tool.status)
    },
    ..Decl::BLANK
};

/// In front of a directory whose content is gone.
const AFTER: char = '\0';

/// What a question calls a file.
pub(super) fn kind(s: &Stat) -> &'static str {
    match s.kind {
        NodeKind::Dir => "directory",
        NodeKind::Link(_) => "symbolic link",
        NodeKind::File if s.size == 0 => "regular empty file",
        NodeKind::File => "regular file",
        NodeKind::Device(..) => "character special file",
        NodeKind::Pipe => "fifo",
    }
}

struct How {
    recursive: bool,
    force: bool,
    ask: bool,
    once: bool,
    verbose: bool,
    empty: bool,
}

fn how(c: &Ctx<'_>) -> How {
    let a = &c.args;
    // Of -f, -i, -I and --interactive the last one counts.
    let last = a.flags.iter().rev().find(|(k, _)| matches!(k.as_str(), "f" | "i" | "I" | "interactive"));
    let (key, when) = last.map_or(("", ""), |(k, v)| (k.as_str(), v.as_str()));
    let always = matches!(when, "" | "always" | "yes");
    How {
        recursive: a.has("r") || a.has("R"),
        force: key == "f",
        ask: key == "i" || (key == "interactive" && always),
        once: key == "I" || (key == "interactive" && when == "once"),
        verbose: a.has("v"),
        empty: a.has("d"),
    }
}

fn rm(c: &mut Ctx<'_>) -> Step {
    let h = how(c);
    if c.args.rest.is_empty() {
        return if c.args.has("f") { Step::Exit(0) } else { c.misuse("missing operand", 1) };
    }
    if c.tool.phase == 0 {
        let n = c.args.rest.len();
        if h.once && (n > 3 || h.recursive) {
            let what = if n == 1 { "argument" } else { "arguments" };
            let how = if h.recursive { " recursively" } else { "" };
            match ask(c, &format!("remove {n} {what}{how}")) {
                Err(step) => return step,
                Ok(false) => return Step::Exit(0),
                Ok(true) => {}
            }
        }
        c.tool.lines = c.args.rest.iter().rev().cloned().collect();
        c.tool.phase = 1;
    }
    for _ in 0..200 {
        let Some(item) = c.tool.lines.pop() else { return Step::Exit(c.tool.status) };
        if let Err(step) = one(c, &h, &item) {
            c.tool.lines.push(item);
            return step;
        }
    }
    Step::More
}

fn one(c: &mut Ctx<'_>, h: &How, item: &str) -> Result<(), Step> {
    let (name, after) = item.strip_prefix(AFTER).map_or((item, false), |n| (n, true));
    let shown = shell_quoted(name);
    let named = c.args.rest.iter().any(|r| r == name);
    let s = match c.look(name, false) {
        Ok(s) => s,
        Err(why) => {
            let absent = matches!(why.as_str(), "No such file or directory" | "Not a directory");
            if !(h.force && absent) {
                c.error(&format!("cannot remove {shown}: {why}"));
            }
            return Ok(());
        }
    };
    let full = c.full(name);
    let last = path::base(name);
    // Whoever sits at a terminal is asked before what may not be written to goes.
    let asks = !h.force && c.p.fds.first() == Some(&Fd::Term);
    let guarded = asks && !s.is_link() && !path::allowed(&s, &c.p.user, 2);
    let guard = if guarded { "write-protected " } else { "" };
    if name.ends_with('/') && c.lstat(&full).is_some_and(|l| l.is_link()) {
        let why = if h.recursive { "Not a directory" } else { "Is a directory" };
        c.error(&format!("cannot remove {shown}: {why}"));
        return Ok(());
    }
    if s.dir && !after {
        let empty = c.list(&full).is_ok_and(|l| l.is_empty());
        if !h.recursive && !(h.empty && empty) {
            let why = if h.empty { "Directory not empty" } else { "Is a directory" };
            c.error(&format!("cannot remove {shown}: {why}"));
            return Ok(());
        }
        if named && matches!(last, "." | "..") {
            c.error(&format!("refusing to remove '.' or '..' directory: skipping {shown}"));
            return Ok(());
        }
        if full == "/" {
            c.p.err.push_str(
                "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n",
            );
            c.tool.status = 1;
            return Ok(());
        }
        let single = h.ask || h.verbose || !all_mine(c, &full, asks);
        if single && !empty {
            if (h.ask || guarded) && !ask(c, &format!("descend into {guard}directory {shown}"))? {
                return Ok(());
            }
            let children = match c.list(&full) {
                Ok(l) => l,
                Err(why) => {
                    c.error(&format!("cannot remove {shown}: {why}"));
                    return Ok(());
                }
            };
            c.tool.lines.push(format!("{AFTER}{name}"));
            c.tool.lines.extend(children.into_iter().rev().map(|(n, _)| path::join(name, &n)));
            return Ok(());
        }
    }
    if (h.ask || guarded) && !ask(c, &format!("remove {guard}{} {shown}", kind(&s)))? {
        return Ok(());
    }
    // What a question left in a directory keeps the directory.
    if after && c.list(&full).is_ok_and(|l| !l.is_empty()) {
        if !h.ask && c.tool.status == 0 {
            c.error(&format!("cannot remove {shown}: Directory not empty"));
        }
        return Ok(());
    }
    match remove(c, &full) {
        Ok(()) if h.verbose => {
            c.line(&if s.dir { format!("removed directory {shown}") } else { format!("removed {shown}") })
        }
        Ok(()) => {}
        Err(why) => c.error(&format!("cannot remove {shown}: {why}")),
    }
    Ok(())
}

/// Whether nothing in a directory keeps the user from removing it as a whole; `files` that may not be written to do.
fn all_mine(c: &Ctx<'_>, full: &str, files: bool) -> bool {
    if c.p.user == "root" {
        return true;
    }
    let mut todo = vec![full.to_owned()];
    while let Some(dir) = todo.pop() {
        let Some(s) = c.stat(&dir) else { continue };
        let Ok(children) = c.host.list(&c.p.host, &dir) else { return false };
        if !children.is_empty() && (!path::allowed(&s, &c.p.user, 7) || s.mode & 0o1000 != 0) {
            return false;
        }
        let kept = |s: &crate::console::host::Stat| files && !s.is_link() && !path::allowed(s, &c.p.user, 2);
        if children.iter().any(|(_, s)| kept(s)) {
            return false;
        }
        todo.extend(children.into_iter().filter(|(_, s)| s.dir).map(|(n, _)| path::join(&dir, &n)));
    }
    true
}

fn rmdir(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    for given in &a.rest {
        let mut name = given.clone();
        let mut parent = false;
        loop {
            if a.has("v") {
                c.line(&format!("rmdir: removing directory, {}", shell_quoted(&name)));
            }
            let full = c.full(&name);
            let done = c.look(&name, false).and_then(|s| match () {
                () if path::base(&name) == "." => Err("Invalid argument".to_owned()),
                () if !s.dir => Err("Not a directory".to_owned()),
                () if c.list(&full).is_ok_and(|l| !l.is_empty()) => Err("Directory not empty".to_owned()),
                () => check(c, "remove", &full).and_then(|()| remove(c, &full)),
            });
            if let Err(why) = done {
                let quiet = a.has("ignore-fail-on-non-empty") && why == "Directory not empty";
                if !quiet {
                    let what = if parent { "directory " } else { "" };
                    c.error(&format!("failed to remove {what}{}: {why}", shell_quoted(&name)));
                }
                break;
            }
            match name.trim_end_matches('/').rsplit_once('/') {
                Some((dir, _)) if a.has("p") && !dir.is_empty() => {
                    name = dir.to_owned();
                    parent = true;
                }
                _ => break,
            }
        }
    }
    Step::Exit(c.tool.status)
}
