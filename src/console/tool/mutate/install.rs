//! install.

use super::{alter, make, targets, write};
use crate::console::mode;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;
use crate::sim::vfs::Moment;

pub(super) const INSTALL: Decl = Decl {
    name: "install",
    synopsis: "[OPTION]... [-T] SOURCE DEST | SOURCE... DIRECTORY | -d DIRECTORY...",
    about: "copy files and set attributes",
    opts: &[
        flag("b", "", "make a backup of each existing destination file"),
        flag("c", "", "(ignored)"),
        flag("C", "compare", "compare content of source and destination files, and if no change, do not modify"),
        flag("d", "directory", "treat all arguments as directory names; create all components"),
        flag("D", "", "create all leading components of DEST except the last"),
        value("g", "group", "GROUP", "set group ownership"),
        value("m", "mode", "MODE", "set permission mode (as in chmod), instead of rwxr-xr-x"),
        value("o", "owner", "OWNER", "set ownership"),
        flag("p", "preserve-timestamps", "apply access/modification times of SOURCE files"),
        flag("s", "strip", "accepted"),
        value("t", "target-directory", "DIRECTORY", "copy all SOURCE arguments into DIRECTORY"),
        flag("T", "no-target-directory", "treat DEST as a normal file"),
        flag("v", "verbose", "print the name of each created file or directory"),
    ],
    operand: Operand::Path,
    examples: &[("install -m 640 notes.txt /tmp/n && stat -c %a /tmp/n", "640\n")],
    step: install,
    ..Decl::BLANK
};

fn install(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let bits = match a.get("m").map_or(Some(0o755), |m| mode::parse(m, 0, false, 0)) {
        Some(b) => b,
        None => {
            c.error(&format!("invalid mode ‘{}’", a.get("m").unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    let owned =
        FileAct::Owner { owner: a.get("o").map(str::to_owned), group: a.get("g").map(str::to_owned), follow: true };
    let gives = a.has("o") || a.has("g");
    if a.has("d") {
        if a.rest.is_empty() {
            return c.misuse("missing file operand", 1);
        }
        for dir in &a.rest {
            let there = c.look(dir, true).is_ok_and(|s| s.dir);
            if !there && let Err((what, why)) = make::make(c, dir, true, a.has("v"), Some(bits)) {
                c.error(&format!("cannot create directory {}: {why}", shell_quoted(&what)));
                continue;
            }
            let full = c.full(dir);
            if gives && let Err(why) = alter(c, &full, owned.clone()) {
                c.error(&format!("cannot change ownership of {}: {why}", shell_quoted(dir)));
            }
        }
        return Step::Exit(c.tool.status);
    }
    if a.has("D") {
        let dir = match (a.get("t"), a.rest.last()) {
            (Some(t), _) => Some(t.to_owned()),
            (None, Some(last)) => last.rsplit_once('/').map(|(d, _)| d.to_owned()).filter(|d| !d.is_empty()),
            (None, None) => None,
        };
        if let Some(dir) = dir.filter(|d| c.look(d, true).is_err())
            && let Err((what, why)) = make::make(c, &dir, true, a.has("v"), Some(0o755))
        {
            c.error(&format!("cannot create directory {}: {why}", shell_quoted(&what)));
            return Step::Exit(1);
        }
    }
    let Some(t) = targets(c, "file", true) else { return Step::Exit(1) };
    for (from, to) in t.pairs {
        let (shown_from, shown_to) = (shell_quoted(&from), shell_quoted(&to));
        let s = match c.look(&from, true) {
            Ok(s) if s.dir => {
                c.error(&format!("omitting directory {shown_from}"));
                continue;
            }
            Ok(s) => s,
            Err(why) => {
                c.error(&format!("cannot stat {shown_from}: {why}"));
                continue;
            }
        };
        let (full_from, full) = (c.full(&from), c.full(&to));
        let owner = c.p.user.clone();
        let done = match c.load(&from) {
            Ok(text) if text.len() as u64 >= s.size => write(c, &full, text, false),
            Ok(_) => alter(c, &full, FileAct::Copy { from: full_from, owner }),
            Err(why) => Err(why),
        };
        let done = done.and_then(|()| alter(c, &full, FileAct::Mode(bits)));
        let done = done.and_then(|()| if gives { alter(c, &full, owned.clone()) } else { Ok(()) });
        let times = |(at, nanos)| Some(Some(Moment { at, nanos }));
        let kept = FileAct::Times { read: times(s.atime), written: times(s.written()), follow: true };
        let done = done.and_then(|()| if a.has("p") { alter(c, &full, kept) } else { Ok(()) });
        match done {
            Ok(()) if a.has("v") => c.line(&format!("{shown_from} -> {shown_to}")),
            Ok(()) => {}
            Err(why) => c.error(&format!("cannot create regular file {shown_to}: {why}")),
        }
    }
    Step::Exit(c.tool.status)
}
