//! mkdir.

use super::{alter, make_dir, put_dir};
use crate::console::mode;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;

pub(super) const MKDIR: Decl = Decl {
    name: "mkdir",
    synopsis: "[OPTION]... DIRECTORY...",
    about: "make directories",
    opts: &[
        value("m", "mode", "MODE", "set file mode (as in chmod), not a=rwx - umask"),
        flag("p", "parents", "no error if existing, make parent directories as needed"),
        flag("v", "verbose", "print a message for each created directory"),
    ],
    operand: Operand::Path,
    examples: &[("mkdir -p a/b && ls a", "b\n"), ("mkdir -v -m 700 p", "mkdir: created directory 'p'\n")],
    step: mkdir,
    ..Decl::BLANK
};

fn mkdir(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let bits = match a.get("m") {
        None => None,
        Some(m) => match mode::parse(m, 0o777, true, c.p.umask) {
            Some(bits) => Some(bits),
            None => {
                c.error(&format!("invalid mode ‘{m}’"));
                return Step::Exit(1);
            }
        },
    };
    for name in &a.rest {
        if let Err((what, why)) = make(c, name, a.has("p"), a.has("v"), bits) {
            c.error(&format!("cannot create directory ‘{what}’: {why}"));
        }
    }
    Step::Exit(c.tool.status)
}

/// Makes a directory, with those before it if `parents`; an error names the one that could not be made.
pub(super) fn make(
    c: &mut Ctx<'_>,
    name: &str,
    parents: bool,
    verbose: bool,
    bits: Option<u16>,
) -> Result<(), (String, String)> {
    let mut missing = Vec::new();
    let mut at = name.trim_end_matches('/').to_owned();
    if at.is_empty() {
        at = if name.starts_with('/') { "/".to_owned() } else { String::new() };
    }
    let end = at.clone();
    loop {
        match c.look(&at, true) {
            Ok(s) if at == end && (!parents || !s.dir) => return Err((name.to_owned(), "File exists".to_owned())),
            Ok(s) if !s.dir => return Err((at, "Not a directory".to_owned())),
            Ok(_) => break,
            Err(why) if at.is_empty() || (why != "No such file or directory" && why != "Not a directory") => {
                return Err((name.to_owned(), why));
            }
            Err(_) if at == end && c.look(&at, false).is_ok() => {
                return Err((name.to_owned(), "File exists".to_owned()));
            }
            Err(_) => missing.push(at.clone()),
        }
        if !parents {
            break;
        }
        match at.rsplit_once('/') {
            Some(("", _)) | None => break,
            Some((dir, _)) => at = dir.trim_end_matches('/').to_owned(),
        }
    }
    for (nth, dir) in missing.into_iter().rev().enumerate() {
        let full = c.full(&dir);
        // Below a directory that was made just now nothing stands in the way.
        let made = if nth == 0 { make_dir(c, &full) } else { put_dir(c, &full) };
        if let Err(why) = made {
            return Err((dir, why));
        }
        if let Some(bits) = bits.filter(|_| dir == end) {
            alter(c, &full, FileAct::Mode(bits)).map_err(|why| (dir.clone(), why))?;
        }
        if verbose {
            let tool = c.tool.name.clone();
            let made = if tool == "install" { "creating" } else { "created" };
            c.line(&format!("{tool}: {made} directory {}", shell_quoted(&dir)));
        }
    }
    Ok(())
}
