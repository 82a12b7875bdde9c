//! rm, rmdir, mkdir, mv, cp, touch: changes of files, each an effect that the host applies or refuses.

use crate::console::machine::Read;
use crate::console::path;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag};
use crate::sim::effect::Effect;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "rm",
        synopsis: "[-rfi] FILE...",
        about: "remove files or directories",
        opts: &[
            flag("r", "recursive", "remove directories and their contents recursively"),
            flag("R", "", "the same as -r"),
            flag("f", "force", "ignore nonexistent files, never prompt"),
            flag("i", "", "prompt before every removal"),
            flag("v", "verbose", "explain what is being done"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("rm notes.txt; ls", ""),
            ("rm /etc", "rm: cannot remove '/etc': Is a directory\n"),
            ("rm -rf /etc/hostname", "rm: cannot remove '/etc/hostname': Permission denied\n"),
        ],
        step: rm,
        ..Decl::BLANK
    },
    Decl {
        name: "rmdir",
        synopsis: "DIRECTORY...",
        about: "remove empty directories",
        opts: &[],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("rmdir /home", "rmdir: failed to remove '/home': Directory not empty\n")],
        step: rmdir,
        ..Decl::BLANK
    },
    Decl {
        name: "mkdir",
        synopsis: "[-p] DIRECTORY...",
        about: "make directories",
        opts: &[flag("p", "parents", "no error if existing, make parent directories as needed")],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("mkdir -p a/b && ls a", "b\n")],
        step: mkdir,
        ..Decl::BLANK
    },
    Decl {
        name: "mv",
        synopsis: "SOURCE... DEST",
        about: "move (rename) files",
        opts: &[
            flag("f", "force", "do not prompt before overwriting"),
            flag("v", "verbose", "explain what is being done"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("mv notes.txt old.txt && ls", "old.txt\n")],
        step: mv,
        ..Decl::BLANK
    },
    Decl {
        name: "cp",
        synopsis: "SOURCE DEST",
        about: "copy files",
        opts: &[flag("f", "force", "do not prompt before overwriting")],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("cp notes.txt copy.txt && wc -l copy.txt", "3 copy.txt\n")],
        step: cp,
        ..Decl::BLANK
    },
    Decl {
        name: "touch",
        synopsis: "FILE...",
        about: "change file timestamps, or create empty files",
        opts: &[],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("touch new && ls", "new  notes.txt\n")],
        step: touch,
        ..Decl::BLANK
    },
];

fn missing(c: &mut Ctx<'_>) -> Step {
    let name = c.tool.name.clone();
    c.p.err.push_str(&format!("{name}: missing operand\nTry '{name} --help' for more information.\n"));
    Step::Exit(1)
}

/// The permission check of a directory change; a refusal is recorded.
fn check(c: &mut Ctx<'_>, verb: &str, full: &str) -> Result<(), String> {
    let on = c.on();
    path::may_change(&*c.host, &on, &c.p.user, full).inspect_err(|why| c.refuse(verb, &format!("{on}:{full}"), why))
}

fn rm(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return if a.has("f") { Step::Exit(0) } else { missing(c) };
    }
    let recursive = a.has("r") || a.has("R");
    let Some(name) = a.rest.get(c.tool.n as usize).cloned() else { return Step::Exit(c.tool.status) };
    let full = c.full(&name);
    if c.tool.phase == 1 {
        // An answer to the question of -i.
        match c.con.read(c.p) {
            Read::Later => return Step::Wait,
            Read::Bytes(t) if t.trim_start().starts_with(['y', 'Y']) => c.tool.phase = 2,
            Read::Bytes(_) | Read::End => {
                c.tool.phase = 0;
                c.tool.n += 1;
                return Step::More;
            }
        }
    }
    let Some(s) = c.stat(&full) else {
        if !a.has("f") {
            c.error(&format!("cannot remove '{name}': No such file or directory"));
        }
        c.tool.n += 1;
        return Step::More;
    };
    if full == "/" {
        c.p.err.push_str(
            "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n",
        );
        c.tool.status = 1;
        c.tool.n += 1;
        return Step::More;
    }
    if s.dir && !recursive {
        c.error(&format!("cannot remove '{name}': Is a directory"));
        c.tool.n += 1;
        return Step::More;
    }
    if a.has("i") && c.tool.phase == 0 {
        let kind = if s.dir { "directory" } else { "regular file" };
        c.p.err.push_str(&format!("rm: remove {kind} '{name}'? "));
        c.tool.phase = 1;
        return Step::More;
    }
    c.tool.phase = 0;
    c.tool.n += 1;
    let on = c.on();
    let target = format!("{on}:{full}");
    let done = check(c, "remove", &full)
        .and_then(|()| c.apply(&Effect::Remove { host: on, path: full }, "remove", &target).map(|_| ()));
    match done {
        Ok(()) => {
            c.con.marks.remove(&target);
            if a.has("v") {
                c.line(&if s.dir { format!("removed directory '{name}'") } else { format!("removed '{name}'") });
            }
        }
        Err(why) => c.error(&format!("cannot remove '{name}': {why}")),
    }
    Step::More
}

fn rmdir(c: &mut Ctx<'_>) -> Step {
    if c.args.rest.is_empty() {
        return missing(c);
    }
    for name in c.args.rest.clone() {
        let full = c.full(&name);
        let on = c.on();
        let done = match c.stat(&full) {
            None => Err("No such file or directory".to_owned()),
            Some(s) if !s.dir => Err("Not a directory".to_owned()),
            Some(_) if c.list(&full).is_ok_and(|l| !l.is_empty()) => Err("Directory not empty".to_owned()),
            Some(_) => check(c, "remove", &full).and_then(|()| {
                let target = format!("{on}:{full}");
                c.apply(&Effect::Remove { host: on, path: full }, "remove", &target).map(|_| ())
            }),
        };
        if let Err(why) = done {
            c.error(&format!("failed to remove '{name}': {why}"));
        }
    }
    Step::Exit(c.tool.status)
}

fn mkdir(c: &mut Ctx<'_>) -> Step {
    if c.args.rest.is_empty() {
        return missing(c);
    }
    for name in c.args.rest.clone() {
        let full = c.full(&name);
        let parents = c.args.has("p");
        if c.stat(&full).is_some() {
            if !parents {
                c.error(&format!("cannot create directory ‘{name}’: File exists"));
            }
            continue;
        }
        let mut make = vec![full.clone()];
        let mut at = path::parent(&full).to_owned();
        while parents && at != "/" && c.stat(&at).is_none() {
            make.push(at.clone());
            at = path::parent(&at).to_owned();
        }
        for dir in make.into_iter().rev() {
            let on = c.on();
            let target = format!("{on}:{dir}");
            let done = check(c, "mkdir", &dir).and_then(|()| {
                let owner = c.p.user.clone();
                c.apply(&Effect::MakeDir { host: on, path: dir, owner }, "mkdir", &target).map(|_| ())
            });
            if let Err(why) = done {
                c.error(&format!("cannot create directory ‘{name}’: {why}"));
                break;
            }
        }
    }
    Step::Exit(c.tool.status)
}

fn mv(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some((dest, sources)) = a.rest.split_last().filter(|(_, s)| !s.is_empty()) else { return missing(c) };
    let to_dir = c.full(dest);
    let into = c.stat(&to_dir).is_some_and(|s| s.dir);
    if sources.len() > 1 && !into {
        c.error(&format!("target '{dest}': Not a directory"));
        return Step::Exit(1);
    }
    for name in sources {
        let from = c.full(name);
        let to = if into { path::join(&to_dir, path::base(&from)) } else { to_dir.clone() };
        if c.stat(&from).is_none() {
            c.error(&format!("cannot stat '{name}': No such file or directory"));
            continue;
        }
        if to == from || to.starts_with(&format!("{from}/")) {
            c.error(&format!("'{name}' and '{dest}' are the same file, or one lies in the other"));
            continue;
        }
        let on = c.on();
        let target = format!("{on}:{from}");
        let done = check(c, "rename", &from).and_then(|()| check(c, "rename", &to)).and_then(|()| {
            let effect = Effect::Rename { host: on.clone(), from: from.clone(), to: to.clone() };
            c.apply(&effect, "rename", &target).map(|_| ())
        });
        match done {
            Ok(()) => {
                if let Some(marks) = c.con.marks.remove(&target) {
                    c.con.marks.insert(format!("{on}:{to}"), marks);
                }
                if a.has("v") {
                    c.line(&format!("renamed '{name}' -> '{dest}'"));
                }
            }
            Err(why) => c.error(&format!("cannot move '{name}' to '{dest}': {why}")),
        }
    }
    Step::Exit(c.tool.status)
}

/// Writes a file with the checks of `open`; nothing at all comes of `/dev/null`.
pub(crate) fn write(c: &mut Ctx<'_>, full: &str, text: String, append: bool) -> Result<(), String> {
    if full == "/dev/null" {
        return Ok(());
    }
    let on = c.on();
    let target = format!("{on}:{full}");
    match c.stat(full) {
        Some(s) if s.dir => return Err("Is a directory".to_owned()),
        Some(s) if !path::allowed(&s, &c.p.user, 2) => {
            c.refuse("write", &target, "Permission denied");
            return Err("Permission denied".to_owned());
        }
        Some(_) => {}
        None => check(c, "write", full)?,
    }
    let effect = Effect::Write { host: on, path: full.to_owned(), text, append, owner: c.p.user.clone() };
    c.apply(&effect, "write", &target).map(|_| ())
}

fn cp(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let [name, dest] = a.rest.as_slice() else {
        if a.rest.len() > 2 {
            c.error("only one source at a time is available in this shell");
            return Step::Exit(1);
        }
        return missing(c);
    };
    let from = c.full(name);
    if c.stat(&from).is_some_and(|s| s.dir) {
        c.error(&format!("-r not specified; omitting directory '{name}'"));
        return Step::Exit(1);
    }
    let text = match c.load(name) {
        Ok(t) => t,
        Err(why) => {
            c.error(&format!("cannot stat '{name}': {why}"));
            return Step::Exit(1);
        }
    };
    if c.stat(&from).is_some_and(|s| s.size > text.len() as u64) {
        c.error(&format!("error reading '{name}': only text files can be copied here"));
        return Step::Exit(1);
    }
    let mut to = c.full(dest);
    if c.stat(&to).is_some_and(|s| s.dir) {
        to = path::join(&to, path::base(&from));
    }
    let sources = c.con.file_sources(&c.p.host, &from, &*c.host);
    match write(c, &to, text, false) {
        Ok(()) => {
            let target = format!("{}:{to}", c.on());
            c.con.marks.insert(target, sources);
        }
        Err(why) => c.error(&format!("cannot create regular file '{dest}': {why}")),
    }
    Step::Exit(c.tool.status)
}

fn touch(c: &mut Ctx<'_>) -> Step {
    if c.args.rest.is_empty() {
        c.p.err.push_str("touch: missing file operand\nTry 'touch --help' for more information.\n");
        return Step::Exit(1);
    }
    for name in c.args.rest.clone() {
        let full = c.full(&name);
        if c.stat(&full).is_some_and(|s| s.dir) {
            continue;
        }
        if let Err(why) = write(c, &full, String::new(), true) {
            c.error(&format!("cannot touch '{name}': {why}"));
        }
    }
    Step::Exit(c.tool.status)
}
