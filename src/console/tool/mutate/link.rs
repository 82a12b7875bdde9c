//! ln.

use super::{alter, ask, backup, check, remove, rename, targets};
use crate::console::path;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;

pub(super) const LN: Decl = Decl {
    name: "ln",
    synopsis: "[OPTION]... [-T] TARGET LINK_NAME | TARGET | TARGET... DIRECTORY | -t DIRECTORY TARGET...",
    about: "make links between files",
    opts: &[
        flag("b", "", "make a backup of each existing destination file"),
        value("", "backup", "[CONTROL]", "likewise: none, simple, numbered, existing"),
        flag("f", "force", "remove existing destination files"),
        flag("i", "interactive", "prompt whether to remove destinations"),
        flag("L", "logical", "dereference TARGETs that are symbolic links"),
        flag("n", "no-dereference", "treat LINK_NAME as a normal file if it is a symbolic link to a directory"),
        flag("P", "physical", "make hard links directly to symbolic links"),
        flag("r", "relative", "with -s, create links relative to link location"),
        flag("s", "symbolic", "make symbolic links instead of hard links"),
        value("S", "suffix", "SUFFIX", "override the usual backup suffix"),
        value("t", "target-directory", "DIRECTORY", "specify the DIRECTORY in which to create the links"),
        flag("T", "no-target-directory", "treat LINK_NAME as a normal file always"),
        flag("v", "verbose", "print name of each linked file"),
    ],
    operand: Operand::Path,
    examples: &[
        ("ln -s notes.txt n && readlink n && cat n | head -1", "notes.txt\nalpha\n"),
        ("ln /etc etc", "ln: /etc: hard link not allowed for directory\n"),
    ],
    step: ln,
    ..Decl::BLANK
};

/// The way from a directory to a path, both absolute.
pub(crate) fn relative(dir: &str, to: &str) -> String {
    let split = |p: &str| p.split('/').filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (split(dir), split(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - same);
    let parts: Vec<String> = up.chain(to.into_iter().skip(same)).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn ln(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if c.tool.phase == 0 {
        if a.has("r") && !a.has("s") {
            c.error("cannot do --relative without --symbolic");
            return Step::Exit(1);
        }
        let Some(t) = targets(c, "file", !a.has("n")) else { return Step::Exit(1) };
        c.tool.lines = t.pairs.into_iter().rev().map(|(a, b)| format!("{a}\0{b}")).collect();
        c.tool.phase = 1;
    }
    while let Some(item) = c.tool.lines.pop() {
        let (target, name) = item.split_once('\0').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        if let Err(step) = one(c, &target, &name) {
            c.tool.lines.push(item);
            return step;
        }
    }
    Step::Exit(c.tool.status)
}

fn one(c: &mut Ctx<'_>, target: &str, name: &str) -> Result<(), Step> {
    let a = c.args.clone();
    let symbolic = a.has("s");
    let shown = shell_quoted(name);
    let full = c.full(name);
    if !symbolic {
        match c.look(target, a.has("L")) {
            Err(why) => {
                c.error(&format!("failed to access {}: {why}", shell_quoted(target)));
                return Ok(());
            }
            Ok(s) if s.dir => {
                c.error(&format!("{target}: hard link not allowed for directory"));
                return Ok(());
            }
            Ok(_) => {}
        }
    }
    let mut note = String::new();
    let kind = if symbolic { "symbolic" } else { "hard" };
    if let Ok(there) = c.look(name, false) {
        let source = c.look(target, false);
        if there.dir {
            let why = if a.has("f") || a.has("i") { "cannot overwrite directory" } else { "File exists" };
            c.error(&match why {
                "File exists" => format!("failed to create {kind} link {shown}: File exists"),
                why => format!("{}: {why}", shell_quoted(name).trim_matches('\'')),
            });
            return Ok(());
        }
        if !symbolic && source.is_ok_and(|s| s.ino == there.ino) && (a.has("f") || a.has("b")) {
            c.error(&format!("{} and {shown} are the same file", shell_quoted(target)));
            return Ok(());
        }
        if let Some(kept) = backup(c, name) {
            let to = c.full(&kept);
            if let Err(why) = rename(c, &full, &to) {
                c.error(&format!("cannot backup {shown}: {why}"));
                return Ok(());
            }
            note = format!("{} ~ ", shell_quoted(&kept));
        } else if a.has("f") || (a.has("i") && ask(c, &format!("replace {shown}"))?) {
            if let Err(why) = remove(c, &full) {
                c.error(&format!("cannot remove {shown}: {why}"));
                return Ok(());
            }
        } else {
            if !a.has("i") {
                c.error(&format!("failed to create {kind} link {shown}: File exists"));
            }
            return Ok(());
        }
    }
    let text = if a.has("r") {
        let real = |p: &str| c.host.resolve(&c.p.host, p, true).unwrap_or_else(|_| p.to_owned());
        let (to, dir) = (c.full(target), path::parent(&full).to_owned());
        relative(&real(&dir), &real(&to))
    } else {
        target.to_owned()
    };
    let act = if symbolic {
        FileAct::Symlink { target: text.clone(), owner: c.p.user.clone() }
    } else {
        let from = c.full(target);
        let from = if a.has("L") { c.host.resolve(&c.p.host, &from, true).unwrap_or(from) } else { from };
        FileAct::Link { from }
    };
    let done = if text.is_empty() {
        Err("No such file or directory".to_owned())
    } else {
        check(c, "link", &full).and_then(|()| alter(c, &full, act))
    };
    match done {
        Ok(()) if a.has("v") => {
            let arrow = if symbolic { "->" } else { "=>" };
            c.line(&format!("{note}{shown} {arrow} {}", shell_quoted(&text)));
        }
        Ok(()) => {}
        Err(why) if symbolic => c.error(&format!("failed to create symbolic link {shown}: {why}")),
        Err(why) => c.error(&format!("failed to create hard link {shown} => {}: {why}", shell_quoted(target))),
    }
    Ok(())
}
