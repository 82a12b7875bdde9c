//! basename, dirname, realpath, readlink, pathchk: what paths are called and where they lead.

use crate::console::path;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::mutate::relative;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(super) const TOOLS: &[Decl] = &[
    Decl {
        name: "basename",
        synopsis: "NAME [SUFFIX] | OPTION... NAME...",
        about: "strip directory and suffix from filenames",
        opts: &[
            flag("a", "multiple", "support multiple arguments and treat each as a NAME"),
            value("s", "suffix", "SUFFIX", "remove a trailing SUFFIX; implies -a"),
            flag("z", "zero", "end each output line with NUL, not newline"),
        ],
        operand: Operand::Path,
        words: Words::Prefix,
        examples: &[("basename /var/log/nginx.log .log", "nginx\n")],
        step: basename,
        ..Decl::BLANK
    },
    Decl {
        name: "dirname",
        synopsis: "[-z] NAME...",
        about: "strip last component from file name",
        opts: &[flag("z", "zero", "end each output line with NUL, not newline")],
        operand: Operand::Path,
        examples: &[("dirname /var/log/nginx.log x", "/var/log\n.\n")],
        step: dirname,
        ..Decl::BLANK
    },
    Decl {
        name: "realpath",
        synopsis: "[OPTION]... FILE...",
        about: "print the resolved path",
        opts: &[
            flag("e", "canonicalize-existing", "all components of the path must exist"),
            flag("m", "canonicalize-missing", "no path components need exist or be a directory"),
            flag("L", "logical", "resolve '..' components before symlinks"),
            flag("P", "physical", "resolve symlinks as encountered (default)"),
            flag("q", "quiet", "suppress most error messages"),
            value("", "relative-to", "DIR", "print the resolved path relative to DIR"),
            value("", "relative-base", "DIR", "print absolute paths unless paths below DIR"),
            flag("s", "strip", "don't expand symlinks"),
            flag("", "no-symlinks", "the same as -s"),
            flag("z", "zero", "end each output line with NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("realpath notes.txt", "/home/primary/notes.txt\n")],
        step: realpath,
        ..Decl::BLANK
    },
    Decl {
        name: "readlink",
        synopsis: "[OPTION]... FILE...",
        about: "print resolved symbolic links or canonical file names",
        opts: &[
            flag("f", "canonicalize", "follow every symlink; all but the last component must exist"),
            flag("e", "canonicalize-existing", "likewise; all components must exist"),
            flag("m", "canonicalize-missing", "likewise; none need exist"),
            flag("n", "no-newline", "do not output the trailing delimiter"),
            flag("q", "quiet", "suppress most error messages (default)"),
            flag("s", "silent", "the same as -q"),
            flag("v", "verbose", "report error messages"),
            flag("z", "zero", "end each output line with NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("readlink -f ../primary/notes.txt", "/home/primary/notes.txt\n")],
        step: readlink,
        ..Decl::BLANK
    },
    Decl {
        name: "pathchk",
        synopsis: "[-pP] NAME...",
        about: "check whether file names are valid or portable",
        opts: &[
            flag("p", "", "check for most POSIX systems"),
            flag("P", "", "check for empty names and leading \"-\""),
            flag("", "portability", "check for all POSIX systems (equivalent to -p -P)"),
        ],
        examples: &[("pathchk -p 'a b'", "pathchk: nonportable character ' ' in file name 'a b'\n")],
        step: pathchk,
        ..Decl::BLANK
    },
];

fn basename(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(first) = a.at(0).map(str::to_owned) else { return c.misuse("missing operand", 1) };
    let many = a.has("a") || a.has("s");
    if !many && a.rest.len() > 2 {
        let extra = a.at(2).unwrap_or_default().to_owned();
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let (names, suffix) = match many {
        true => (a.rest.clone(), a.get("s").unwrap_or_default().to_owned()),
        false => (vec![first], a.at(1).unwrap_or_default().to_owned()),
    };
    let end = if a.has("z") { "\0" } else { "\n" };
    for name in names {
        let base = if name.is_empty() { "" } else { path::base(&name) };
        let cut = base.strip_suffix(suffix.as_str()).filter(|b| !b.is_empty()).unwrap_or(base);
        c.print(&format!("{cut}{end}"));
    }
    Step::Exit(0)
}

fn dirname(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let end = if a.has("z") { "\0" } else { "\n" };
    for name in &a.rest {
        let trimmed = name.trim_end_matches('/');
        let dir = match trimmed.rsplit_once('/') {
            None if trimmed.is_empty() && name.starts_with('/') => "/",
            None => ".",
            Some((dir, _)) => match dir.trim_end_matches('/') {
                "" => "/",
                dir => dir,
            },
        };
        c.print(&format!("{dir}{end}"));
    }
    Step::Exit(0)
}

/// How much of a path has to exist.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Must {
    All,
    Dirs,
    Nothing,
}

/// The path without links, dots and double slashes.
fn canonical(c: &Ctx<'_>, name: &str, must: Must) -> Result<String, String> {
    if name.is_empty() {
        return Err("No such file or directory".to_owned());
    }
    let full = if must == Must::Nothing { missing(c, name) } else { c.full(name) };
    let real = match c.host.resolve(&c.p.host, &full, true) {
        Ok(r) => r,
        Err(why) if must == Must::Nothing && why != "Too many levels of symbolic links" => return Ok(full),
        Err(why) => return Err(why),
    };
    let found = c.stat(&real);
    match must {
        Must::Nothing => {}
        Must::All if found.is_none() => return Err("No such file or directory".to_owned()),
        _ if !c.stat(path::parent(&real)).is_some_and(|s| s.dir) => {
            let there = c.stat(path::parent(&real)).is_some();
            return Err(if there { "Not a directory" } else { "No such file or directory" }.to_owned());
        }
        _ => {}
    }
    if name.ends_with('/') && must != Must::Nothing && found.is_some_and(|s| !s.dir) {
        return Err("Not a directory".to_owned());
    }
    Ok(real)
}

/// A path of which only the beginning exists.
fn missing(c: &Ctx<'_>, name: &str) -> String {
    let full = c.full(name);
    let mut at = full.as_str();
    while at != "/" && c.lstat(at).is_none() {
        at = path::parent(at);
    }
    let real = c.host.resolve(&c.p.host, at, true).unwrap_or_else(|_| at.to_owned());
    let rest = full.get(at.len()..).unwrap_or_default().trim_start_matches('/');
    if rest.is_empty() { real } else { path::join(&real, rest) }
}

fn realpath(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let must = match (a.has("e"), a.has("m")) {
        (true, _) => Must::All,
        (_, true) => Must::Nothing,
        _ => Must::Dirs,
    };
    let plain = a.has("s") || a.has("no-symlinks");
    let resolve = |c: &Ctx<'_>, name: &str| {
        if plain || a.has("L") {
            let full = path::absolute(&c.p.cwd, name);
            return if plain { Ok(full) } else { canonical(c, &full, must) };
        }
        canonical(c, name, must)
    };
    let base = a.get("relative-base").map(|d| resolve(c, d));
    let to = a.get("relative-to").map(|d| resolve(c, d)).or_else(|| base.clone());
    for (dir, given) in [(&base, "relative-base"), (&to, "relative-to")] {
        if let Some(Err(why)) = dir {
            let text = format!("{}: {why}", a.get(given).unwrap_or_default());
            c.error(&text);
            return Step::Exit(1);
        }
    }
    let (base, to) = (base.and_then(Result::ok), to.and_then(Result::ok));
    for name in &a.rest {
        match resolve(c, name) {
            Ok(full) => {
                let below = |b: &String| full == *b || b == "/" || full.starts_with(&format!("{b}/"));
                let shown = match &to {
                    Some(t) if base.as_ref().is_none_or(below) => relative(t, &full),
                    _ => full,
                };
                c.print(&shown);
                c.print(if a.has("z") { "\0" } else { "\n" });
            }
            Err(_) if a.has("q") => c.tool.status = 1,
            Err(why) => {
                let name = if name.is_empty() { "''" } else { name };
                c.error(&format!("{name}: {why}"));
            }
        }
    }
    Step::Exit(c.tool.status)
}

fn readlink(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let must = match (a.has("f"), a.has("e"), a.has("m")) {
        (_, true, _) => Some(Must::All),
        (_, _, true) => Some(Must::Nothing),
        (true, ..) => Some(Must::Dirs),
        _ => None,
    };
    let end = if a.has("z") { "\0" } else { "\n" };
    let end = if a.has("n") && a.rest.len() == 1 { "" } else { end };
    for name in &a.rest {
        let found = match must {
            Some(m) => canonical(c, name, m),
            None => c.look(name, false).and_then(|s| match s.kind {
                crate::console::host::NodeKind::Link(t) => Ok(t),
                _ => Err("Invalid argument".to_owned()),
            }),
        };
        match found {
            Ok(text) => c.print(&format!("{text}{end}")),
            Err(why) if a.has("v") => c.error(&format!("{name}: {why}")),
            Err(_) => c.tool.status = 1,
        }
    }
    Step::Exit(c.tool.status)
}

fn pathchk(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let (strict, plain) = (a.has("p") || a.has("portability"), a.has("P") || a.has("portability"));
    for name in &a.rest {
        let shown = shell_quoted(name);
        let odd = name.chars().find(|ch| !ch.is_ascii_alphanumeric() && !"._-/".contains(*ch));
        let long = name.split('/').find(|p| p.len() > if strict { 14 } else { 255 });
        if plain && name.split('/').any(|p| p.starts_with('-')) {
            c.error(&format!("leading '-' in a component of file name {shown}"));
        } else if name.is_empty() {
            c.error("empty file name");
        } else if let Some(ch) = odd.filter(|_| strict) {
            c.error(&format!("nonportable character '{ch}' in file name {shown}"));
        } else if let Some(part) = long {
            let limit = if strict { 14 } else { 255 };
            c.error(&format!(
                "limit {limit} exceeded by length {} of file name component {}",
                part.len(),
                shell_quoted(part)
            ));
        }
    }
    Step::Exit(c.tool.status)
}
