//! mv.

use super::{ask, backup, rename, targets};
use crate::console::path;
use crate::console::process::Fd;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const MV: Decl = Decl {
    name: "mv",
    synopsis: "[OPTION]... [-T] SOURCE DEST | SOURCE... DIRECTORY | -t DIRECTORY SOURCE...",
    about: "move (rename) files",
    opts: &[
        flag("b", "", "make a backup of each existing destination file"),
        value("", "backup", "[CONTROL]", "likewise: none, simple, numbered, existing"),
        flag("f", "force", "do not prompt before overwriting"),
        flag("i", "interactive", "prompt before overwrite"),
        flag("n", "no-clobber", "do not overwrite an existing file"),
        flag("", "strip-trailing-slashes", "remove any trailing slashes from each SOURCE argument"),
        value("S", "suffix", "SUFFIX", "override the usual backup suffix"),
        value("t", "target-directory", "DIRECTORY", "move all SOURCE arguments into DIRECTORY"),
        flag("T", "no-target-directory", "treat DEST as a normal file"),
        flag("u", "update", "move only when the SOURCE file is newer than the destination file or it is missing"),
        flag("v", "verbose", "explain what is being done"),
    ],
    operand: Operand::Path,
    examples: &[("mv notes.txt old.txt && ls", "old.txt\n"), ("mv -v notes.txt x", "renamed 'notes.txt' -> 'x'\n")],
    step: mv,
    ..Decl::BLANK
};

fn mv(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 0 {
        let Some(t) = targets(c, "file", true) else { return Step::Exit(1) };
        c.tool.lines = t.pairs.into_iter().rev().map(|(a, b)| format!("{a}\0{b}")).collect();
        c.tool.phase = 1;
    }
    while let Some(item) = c.tool.lines.pop() {
        let (from, to) = item.split_once('\0').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        if let Err(step) = one(c, &from, &to) {
            c.tool.lines.push(item);
            return step;
        }
    }
    Step::Exit(c.tool.status)
}

fn one(c: &mut Ctx<'_>, from: &str, to: &str) -> Result<(), Step> {
    let a = c.args.clone();
    let (shown_from, shown_to) = (shell_quoted(from), shell_quoted(to));
    let s = match c.look(from, false) {
        Ok(s) => s,
        Err(why) => {
            c.error(&format!("cannot stat {shown_from}: {why}"));
            return Ok(());
        }
    };
    let (full_from, full_to) = (c.full(from), c.full(to));
    if let Err(why) = c.look(to, false)
        && why != "No such file or directory"
    {
        c.error(&format!("cannot stat {shown_to}: {why}"));
        return Ok(());
    }
    let there = c.look(to, false).ok();
    if let Some(d) = &there {
        if full_from == full_to || (d.ino == s.ino && !s.dir) {
            c.error(&format!("{shown_from} and {shown_to} are the same file"));
            return Ok(());
        }
        // Of -f, -i and -n the last one counts.
        let last = a.flags.iter().rev().find(|(k, _)| matches!(k.as_str(), "f" | "i" | "n")).map(|(k, _)| k.as_str());
        if last == Some("n") || (a.has("u") && d.written() >= s.written()) {
            return Ok(());
        }
        if d.dir && !s.dir {
            c.error(&format!("cannot overwrite directory {shown_to} with non-directory"));
            return Ok(());
        }
        if !d.dir && s.dir && backup(c, to).is_none() {
            c.error(&format!("cannot overwrite non-directory {shown_to} with directory {shown_from}"));
            return Ok(());
        }
        let guarded = last.is_none() && c.p.fds.first() == Some(&Fd::Term) && !d.dir && !path::allowed(d, &c.p.user, 2);
        let question = if guarded {
            let letters = crate::console::mode::letters(d.mode);
            format!("replace {shown_to}, overriding mode {:04o} ({letters})", d.mode)
        } else {
            format!("overwrite {shown_to}")
        };
        if (last == Some("i") || guarded) && !ask(c, &question)? {
            return Ok(());
        }
    }
    if s.dir && full_to.starts_with(&format!("{full_from}/")) {
        c.error(&format!("cannot move {shown_from} to a subdirectory of itself, {shown_to}"));
        return Ok(());
    }
    let kept = backup(c, to);
    let mut note = String::new();
    if let Some(kept) = &kept {
        let full = c.full(kept);
        if let Err(why) = rename(c, &full_to, &full) {
            c.error(&format!("cannot backup {shown_to}: {why}"));
            return Ok(());
        }
        note = format!(" (backup: {})", shell_quoted(kept));
    }
    let slash = to.ends_with('/') && !s.dir && c.look(to, true).is_err();
    let done = if slash { Err("Not a directory".to_owned()) } else { rename(c, &full_from, &full_to) };
    match done {
        Ok(()) if a.has("v") => c.line(&format!("renamed {shown_from} -> {shown_to}{note}")),
        Ok(()) => {}
        Err(why) => c.error(&format!("cannot move {shown_from} to {shown_to}: {why}")),
    }
    Ok(())
}
