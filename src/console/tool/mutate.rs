//! rm, rmdir, mkdir, mv, cp, touch, ln, chmod, chown and their kin: changes of files, each an effect that the host applies
//! or refuses.

mod copy;
mod install;
mod link;
mod make;
mod moving;
mod owner;
mod permission;
mod remove;
mod size;
mod temporary;
mod touch;

pub(crate) use link::relative;

use super::file::ls::shell_quoted;
use crate::console::machine::Read;
use crate::console::path;
use crate::console::tool::{Ctx, Decl, Step};
use crate::sim::effect::{Effect, FileAct, FileEffect};

pub(crate) const TOOLS: &[Decl] = &[
    remove::RM,
    remove::RMDIR,
    remove::UNLINK,
    make::MKDIR,
    moving::MV,
    copy::CP,
    touch::TOUCH,
    link::LN,
    permission::CHMOD,
    owner::CHOWN,
    owner::CHGRP,
    install::INSTALL,
    size::TRUNCATE,
    size::FALLOCATE,
    size::SYNC,
    temporary::MKTEMP,
];

/// The permission check of a directory change; a refusal is recorded.
pub(crate) fn check(c: &mut Ctx<'_>, verb: &str, full: &str) -> Result<(), String> {
    let on = c.on();
    path::reach(&*c.host, &on, &c.p.user, full)?;
    let at = c.host.resolve(&on, full, false).unwrap_or_else(|_| full.to_owned());
    path::may_change(&*c.host, &on, &c.p.user, &at).inspect_err(|why| c.refuse(verb, &format!("{on}:{full}"), why))
}

/// Removes what lies at a path, with everything in it.
fn remove(c: &mut Ctx<'_>, full: &str) -> Result<(), String> {
    check(c, "remove", full)?;
    let on = c.on();
    let target = format!("{on}:{full}");
    c.apply(&Effect::Remove { host: on, path: full.to_owned() }, "remove", &target)?;
    c.con.marks.remove(&target);
    Ok(())
}

/// Makes a directory.
fn make_dir(c: &mut Ctx<'_>, full: &str) -> Result<(), String> {
    check(c, "mkdir", full)?;
    put_dir(c, full)
}

/// Makes a directory where that is known to be allowed.
fn put_dir(c: &mut Ctx<'_>, full: &str) -> Result<(), String> {
    let (on, owner) = (c.on(), c.p.user.clone());
    let target = format!("{on}:{full}");
    c.apply(&Effect::MakeDir { host: on, path: full.to_owned(), owner }, "mkdir", &target).map(|_| ())
}

/// Does something else to a file.
pub(crate) fn alter(c: &mut Ctx<'_>, full: &str, act: FileAct) -> Result<(), String> {
    let on = c.on();
    let (verb, target) = (act.verb(), format!("{on}:{full}"));
    c.apply(&Effect::File(FileEffect { host: on, path: full.to_owned(), act }), verb, &target).map(|_| ())
}

/// Renames a file and what is known of where its content came from.
fn rename(c: &mut Ctx<'_>, from: &str, to: &str) -> Result<(), String> {
    check(c, "rename", from)?;
    check(c, "rename", to)?;
    let on = c.on();
    let target = format!("{on}:{from}");
    let effect = Effect::Rename { host: on.clone(), from: from.to_owned(), to: to.to_owned() };
    c.apply(&effect, "rename", &target)?;
    if let Some(marks) = c.con.marks.remove(&target) {
        c.con.marks.insert(format!("{on}:{to}"), marks);
    }
    Ok(())
}

/// Writes a file with the checks of `open`; nothing at all comes of `/dev/null`.
pub(crate) fn write(c: &mut Ctx<'_>, full: &str, text: String, append: bool) -> Result<(), String> {
    if crate::console::devfs::is_device(full) {
        return if full == "/dev/full" { Err("No space left on device".to_owned()) } else { Ok(()) };
    }
    let on = c.on();
    let target = format!("{on}:{full}");
    path::reach(&*c.host, &on, &c.p.user, full)?;
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

/// Puts a new file in the place of one, as an editor does: other names of the old one keep what they had, and a link
/// gives way.
pub(crate) fn replace(c: &mut Ctx<'_>, full: &str, text: String) -> Result<(), String> {
    let old = c.lstat(full).filter(|s| s.is_link() || (!s.dir && s.links > 1));
    let Some(old) = old else { return write(c, full, text, false) };
    let mode = c.stat(full).map_or(old.mode, |s| s.mode);
    remove(c, full)?;
    write(c, full, text, false)?;
    alter(c, full, FileAct::Mode(mode))
}

/// Removes a file for a tool that is not `rm`.
pub(crate) fn discard(c: &mut Ctx<'_>, full: &str) -> Result<(), String> {
    remove(c, full)
}

/// Asks on standard error; the answer, or how to go on until it is there. The caller comes back with the same question.
fn ask(c: &mut Ctx<'_>, question: &str) -> Result<bool, Step> {
    if c.tool.m == 0 {
        let name = c.tool.name.clone();
        c.p.err.push_str(&format!("{name}: {question}? "));
        c.tool.m = 1;
        return Err(Step::More);
    }
    match c.con.take(c.p, 0, Some('\n'), None) {
        Read::Later => Err(Step::Wait),
        Read::Bytes(t) => {
            c.tool.m = 0;
            Ok(t.trim_start().starts_with(['y', 'Y']))
        }
        Read::End => {
            c.tool.m = 0;
            Ok(false)
        }
    }
}

/// Sources and destination of `cp`, `mv`, `ln`, `install`: each source with where it goes, as printed.
struct Targets {
    pairs: Vec<(String, String)>,
}

/// Divides operands as `cp` does; `-t` and `-T` as the tool's options. An error was printed if there is none.
fn targets(c: &mut Ctx<'_>, verb: &str, follow: bool) -> Option<Targets> {
    let a = c.args.clone();
    let mut rest = a.rest.clone();
    let name = c.tool.name.clone();
    if rest.is_empty() {
        c.misuse(&format!("missing {verb} operand"), 1);
        return None;
    }
    let into = |dir: &str, rest: &[String]| {
        let to = |s: &String| path::join(dir, path::base(s));
        Targets { pairs: rest.iter().map(|s| (s.clone(), to(s))).collect() }
    };
    if let Some(dir) = a.get("t").map(str::to_owned) {
        match c.look(&dir, true) {
            Ok(s) if s.dir => return Some(into(&dir, &rest)),
            found => {
                let why = found.err().unwrap_or_else(|| "Not a directory".to_owned());
                c.error(&format!("target directory {}: {why}", shell_quoted(&dir)));
                return None;
            }
        }
    }
    if rest.len() == 1 {
        let one = rest.remove(0);
        if name == "ln" {
            let base = path::base(&one).to_owned();
            return Some(Targets { pairs: vec![(one, format!("./{base}"))] });
        }
        c.misuse(&format!("missing destination file operand after {}", shell_quoted(&one)), 1);
        return None;
    }
    let dest = rest.pop().unwrap_or_default();
    if a.has("T") {
        if rest.len() > 1 {
            let extra = rest.get(2).unwrap_or(&dest).clone();
            c.misuse(&format!("extra operand {}", shell_quoted(&extra)), 1);
            return None;
        }
        return Some(Targets { pairs: rest.into_iter().map(|s| (s, dest.clone())).collect() });
    }
    let found = c.look(&dest, true);
    // `ln -n` takes a link to a directory for the link that it is.
    let link = !follow && c.look(&dest, false).is_ok_and(|s| s.is_link());
    if found.as_ref().is_ok_and(|s| s.dir) && !link {
        return Some(into(&dest, &rest));
    }
    if rest.len() > 1 {
        let why = found.err().unwrap_or_else(|| "Not a directory".to_owned());
        c.error(&format!("target {}: {why}", shell_quoted(&dest)));
        return None;
    }
    Some(Targets { pairs: rest.into_iter().map(|s| (s, dest.clone())).collect() })
}

/// The name that a backup of a file gets, if one is asked for.
fn backup(c: &Ctx<'_>, dest: &str) -> Option<String> {
    let a = &c.args;
    let asked = a.has("b") || a.has("backup") || a.has("S");
    let kind = a.get("backup").unwrap_or("existing");
    if !asked || kind == "none" || kind == "off" || c.look(dest, false).is_err() {
        return None;
    }
    let suffix = a.get("S").unwrap_or("~");
    let number = (1..1_000).find(|n| c.look(&format!("{dest}.~{n}~"), false).is_err()).unwrap_or(1);
    Some(match kind {
        "numbered" | "t" => format!("{dest}.~{number}~"),
        "existing" | "nil" if number > 1 => format!("{dest}.~{number}~"),
        _ => format!("{dest}{suffix}"),
    })
}
