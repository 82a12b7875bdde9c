//! truncate, fallocate, sync.

use super::{alter, check};
use crate::console::path;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::file::unit::multiplier;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;

pub(super) const TRUNCATE: Decl = Decl {
    name: "truncate",
    synopsis: "OPTION... FILE...",
    about: "shrink or extend the size of a file to the specified size",
    opts: &[
        flag("c", "no-create", "do not create any files"),
        flag("o", "io-blocks", "treat SIZE as number of IO blocks instead of bytes"),
        value("r", "reference", "RFILE", "base size on RFILE"),
        value("s", "size", "SIZE", "set or adjust the file size by SIZE bytes"),
    ],
    operand: Operand::Path,
    missing: &["Holes: the bytes that a file is extended by take space at once."],
    examples: &[("truncate -s 5 notes.txt && stat -c %s notes.txt", "5\n")],
    step: truncate,
    ..Decl::BLANK
};

pub(super) const FALLOCATE: Decl = Decl {
    name: "fallocate",
    synopsis: "[-x] -l LENGTH [-o OFFSET] FILE",
    about: "preallocate space to a file",
    opts: &[
        value("l", "length", "NUM", "length for range operations, in bytes"),
        value("o", "offset", "NUM", "offset for range operations, in bytes"),
        flag("n", "keep-size", "refused: a file has one size here"),
        flag("x", "posix", "use posix_fallocate(3) instead of fallocate(2)"),
        flag("v", "verbose", "verbose mode"),
    ],
    operand: Operand::Path,
    missing: &["Punching holes, collapsing, zeroing ranges, -n."],
    examples: &[
        ("fallocate -l 1M big && stat -c %s big", "1048576\n"),
        ("fallocate -l 1T big", "fallocate: fallocate failed: No space left on device\n"),
    ],
    step: fallocate,
    ..Decl::BLANK
};

pub(super) const SYNC: Decl = Decl {
    name: "sync",
    synopsis: "[-d] [-f] [FILE]...",
    about: "synchronize cached writes to persistent storage",
    opts: &[flag("d", "data", "sync only file data"), flag("f", "file-system", "sync the file systems of the files")],
    operand: Operand::Path,
    examples: &[("sync", "")],
    step: |c| {
        for name in c.args.rest.clone() {
            if let Err(why) = c.look(&name, true) {
                c.error(&format!("error opening {}: {why}", shell_quoted(&name)));
            }
        }
        Step::Exit(c.tool.status)
    },
    ..Decl::BLANK
};

/// A number with letters behind it.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, letters) = text.split_at(at);
    let n: u64 = if digits.is_empty() && !letters.is_empty() { 1 } else { digits.parse().ok()? };
    n.checked_mul(multiplier(letters)?)
}

fn truncate(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let given = a.get("s").map(str::to_owned);
    if given.is_none() && !a.has("r") {
        return c.misuse("you must specify either ‘--size’ or ‘--reference’", 1);
    }
    let sign = given.as_deref().and_then(|s| s.trim_start().chars().next()).filter(|s| "+-<>/%".contains(*s));
    if a.has("r") && given.is_some() && sign.is_none() {
        return c.misuse("you must specify a relative ‘--size’ with ‘--reference’", 1);
    }
    if a.rest.is_empty() {
        return c.misuse("missing file operand", 1);
    }
    let mut base = None;
    if let Some(r) = a.get("r") {
        match c.look(r, true) {
            Ok(s) => base = Some(s.size),
            Err(why) => {
                c.error(&format!("cannot stat {}: {why}", shell_quoted(r)));
                return Step::Exit(1);
            }
        }
    }
    let n = match given.as_deref().map(|g| bytes(g.trim_start().trim_start_matches(['+', '-', '<', '>', '/', '%']))) {
        None => None,
        Some(Some(n)) => Some(if a.has("o") { n.saturating_mul(4096) } else { n }),
        Some(None) => {
            c.error(&format!("Invalid number: ‘{}’", given.unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    for name in &a.rest {
        let found = c.look(name, true);
        let shown = shell_quoted(name);
        match &found {
            Err(why) if why == "No such file or directory" && a.has("c") => continue,
            Ok(s) if s.dir => {
                c.error(&format!("cannot open {shown} for writing: Is a directory"));
                continue;
            }
            _ => {}
        }
        let have = base.unwrap_or(found.as_ref().map_or(0, |s| s.size));
        let to = match (sign, n) {
            (_, None) => have,
            (None, Some(n)) => n,
            (Some('+'), Some(n)) => have.saturating_add(n),
            (Some('-'), Some(n)) => have.saturating_sub(n),
            (Some('<'), Some(n)) => have.min(n),
            (Some('>'), Some(n)) => have.max(n),
            (Some(_), Some(0)) => {
                c.error("division by zero");
                return Step::Exit(1);
            }
            (Some('/'), Some(n)) => have / n * n,
            (Some(_), Some(n)) => have.div_ceil(n).saturating_mul(n),
        };
        let full = c.full(name);
        if let Err(why) = resize(c, &full, to, found.is_ok()) {
            c.error(&format!("cannot open {shown} for writing: {why}"));
        }
    }
    Step::Exit(c.tool.status)
}

fn resize(c: &mut Ctx<'_>, full: &str, bytes: u64, there: bool) -> Result<(), String> {
    if !there {
        check(c, "truncate", full)?;
    } else if let Some(s) = c.stat(full)
        && !path::allowed(&s, &c.p.user, 2)
    {
        return Err("Permission denied".to_owned());
    }
    let owner = c.p.user.clone();
    alter(c, full, FileAct::Resize { bytes, owner })
}

fn fallocate(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(length) = a.get("l") else {
        c.p.err.push_str("fallocate: no length argument specified\n");
        return c.misuse_hint();
    };
    let Some(name) = a.at(0).map(str::to_owned) else {
        c.p.err.push_str("fallocate: no filename specified\n");
        return c.misuse_hint();
    };
    if a.has("n") {
        c.error("fallocate failed: Operation not supported");
        return Step::Exit(1);
    }
    let (Some(length), Some(offset)) = (bytes(length), bytes(a.get("o").unwrap_or("0"))) else {
        c.error("failed to parse length");
        return Step::Exit(1);
    };
    if length == 0 {
        c.error("invalid length value specified");
        return Step::Exit(1);
    }
    let found = c.look(&name, true);
    let full = c.full(&name);
    let to = found.as_ref().map_or(0, |s| s.size).max(offset.saturating_add(length));
    match resize(c, &full, to, found.is_ok()) {
        Ok(()) if a.has("v") => {
            let text = crate::console::tool::file::unit::Unit::Human(1024).show(length);
            c.line(&format!("{name}: {text}iB ({length} bytes) allocated."));
        }
        Ok(()) => {}
        Err(why) if why == "No space left on device" => c.error(&format!("fallocate failed: {why}")),
        Err(why) => c.error(&format!("cannot open {name}: {why}")),
    }
    Step::Exit(c.tool.status)
}
