//! mktemp: files and directories of names that nobody else has.

use super::{alter, make_dir, write};
use crate::console::path;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::sim::effect::FileAct;

pub(super) const MKTEMP: Decl = Decl {
    name: "mktemp",
    synopsis: "[OPTION]... [TEMPLATE]",
    about: "create a temporary file or directory",
    opts: &[
        flag("d", "directory", "create a directory, not a file"),
        value("p", "", "DIR", "interpret TEMPLATE relative to DIR"),
        value("", "tmpdir", "[DIR]", "likewise; without DIR relative to $TMPDIR, else /tmp"),
        flag("q", "quiet", "suppress diagnostics about file/dir-creation failure"),
        flag("t", "", "interpret TEMPLATE as a single file name component, relative to a directory"),
        flag("u", "dry-run", "do not create anything; merely print a name"),
        value("", "suffix", "SUFF", "append SUFF to TEMPLATE"),
    ],
    operand: Operand::Path,
    examples: &[
        ("mktemp -p /tmp job-XXXXXX | sed 's/-.*/-/'", "/tmp/job-\n"),
        ("mktemp jobX", "mktemp: too few X's in template ‘jobX’\n"),
    ],
    step: mktemp,
    ..Decl::BLANK
};

fn mktemp(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.len() > 1 {
        return c.misuse("too many templates", 1);
    }
    let template = a.at(0).unwrap_or("tmp.XXXXXXXXXX").to_owned();
    let (body, mut suffix) = match template.rfind('X') {
        Some(at) => template.split_at(at + 1),
        None => (template.as_str(), ""),
    };
    if let Some(s) = a.get("suffix") {
        if !suffix.is_empty() {
            c.error(&format!("with --suffix, template ‘{template}’ must end in X"));
            return Step::Exit(1);
        }
        suffix = s;
    }
    let marks = body.chars().rev().take_while(|x| *x == 'X').count();
    if marks < 3 {
        c.error(&format!("too few X's in template ‘{template}’"));
        return Step::Exit(1);
    }
    let tmp = c.p.env.get("TMPDIR").map(|v| v.text.clone()).filter(|t| !t.is_empty()).unwrap_or("/tmp".to_owned());
    let dir = match a.get("p").or(a.get("tmpdir")) {
        Some("") => Some(tmp),
        Some(d) => Some(d.to_owned()),
        None if a.has("t") || a.rest.is_empty() => Some(tmp),
        None => None,
    };
    let stem = body.get(..body.len() - marks).unwrap_or_default();
    if dir.is_some() && template.starts_with('/') {
        c.error(&format!("invalid template, ‘{template}’; with --tmpdir, it may not be absolute"));
        return Step::Exit(1);
    }
    for _ in 0..100 {
        let seed = u64::from(c.con.fresh_id());
        let name = format!("{stem}{}{suffix}", letters(seed, marks));
        let shown = dir.as_ref().map_or(name.clone(), |d| path::join(d, &name));
        let full = c.full(&shown);
        if c.look(&shown, false).is_ok() {
            continue;
        }
        let done = match (a.has("u"), a.has("d")) {
            (true, _) => Ok(()),
            (false, true) => make_dir(c, &full).and_then(|()| alter(c, &full, FileAct::Mode(0o700))),
            (false, false) => {
                write(c, &full, String::new(), false).and_then(|()| alter(c, &full, FileAct::Mode(0o600)))
            }
        };
        match done {
            Ok(()) => {
                c.line(&shown);
                return Step::Exit(0);
            }
            Err(why) => {
                let what = if a.has("d") { "directory" } else { "file" };
                let given = dir.as_ref().map_or(template.clone(), |d| path::join(d, &template));
                if !a.has("q") {
                    c.error(&format!("failed to create {what} via template ‘{given}’: {why}"));
                }
                return Step::Exit(1);
            }
        }
    }
    Step::Exit(1)
}

/// Letters and figures that a number always gives.
fn letters(seed: u64, count: usize) -> String {
    const ALL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut h = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xcbf2_9ce4_8422_2325;
    (0..count)
        .map(|_| {
            h = (h ^ (h >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(seed);
            let at = usize::try_from((h >> 33) % 62).unwrap_or(0);
            char::from(ALL.get(at).copied().unwrap_or(b'a'))
        })
        .collect()
}
