//! chown, chgrp.

use super::alter;
use crate::console::path;
use crate::console::tool::account::exists;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Opt, Step, flag, value};
use crate::sim::effect::FileAct;

const OPTS: &[Opt] = &[
    flag("c", "changes", "like verbose but report only when a change is made"),
    flag("f", "silent", "suppress most error messages"),
    flag("", "quiet", "the same as -f"),
    flag("v", "verbose", "output a diagnostic for every file processed"),
    flag("", "dereference", "affect the referent of each symbolic link (the default)"),
    flag("h", "no-dereference", "affect symbolic links instead of any referenced file"),
    value("", "from", "OWNER:GROUP", "change only if owner and group match those specified here"),
    value("", "reference", "RFILE", "use RFILE's owner and group rather than specifying values"),
    flag("R", "recursive", "operate on files and directories recursively"),
    flag("H", "", "accepted"),
    flag("L", "", "accepted"),
    flag("P", "", "do not traverse any symbolic links (the default)"),
];

pub(super) const CHOWN: Decl = Decl {
    name: "chown",
    synopsis: "[OPTION]... [OWNER][:[GROUP]] FILE...",
    about: "change file owner and group",
    opts: OPTS,
    operand: Operand::Path,
    examples: &[
        ("chown root notes.txt", "chown: changing ownership of 'notes.txt': Operation not permitted\n"),
        ("chown nobody-here notes.txt", "chown: invalid user: ‘nobody-here’\n"),
    ],
    step: chown,
    ..Decl::BLANK
};

pub(super) const CHGRP: Decl = Decl {
    name: "chgrp",
    synopsis: "[OPTION]... GROUP FILE...",
    about: "change group ownership",
    opts: OPTS,
    operand: Operand::Path,
    examples: &[("chgrp root notes.txt", "chgrp: changing group of 'notes.txt': Operation not permitted\n")],
    step: chown,
    ..Decl::BLANK
};

/// Owner and group of `OWNER:GROUP`, `OWNER:`, `:GROUP`, or what is wrong with it.
fn whom(c: &Ctx<'_>, text: &str, group_only: bool) -> Result<(Option<String>, Option<String>), String> {
    let name = |n: &str| match n.parse::<u32>() {
        Ok(0) => "root".to_owned(),
        _ => n.to_owned(),
    };
    let known = |n: &str| n.parse::<u32>().is_ok() || exists(c, n);
    if group_only {
        return if known(text) { Ok((None, Some(name(text)))) } else { Err(format!("invalid group: ‘{text}’")) };
    }
    let (owner, group) = match text.split_once([':', '.']) {
        Some((o, g)) if known(o) || o.is_empty() || text.contains(':') => (o, Some(g)),
        _ => (text, None),
    };
    if !owner.is_empty() && !known(owner) {
        return Err(format!("invalid user: ‘{text}’"));
    }
    if group.is_some_and(|g| !g.is_empty() && !known(g)) {
        return Err(format!("invalid group: ‘{text}’"));
    }
    let group = match group {
        Some("") if !owner.is_empty() => Some(name(owner)),
        Some("") | None => None,
        Some(g) => Some(name(g)),
    };
    Ok(((!owner.is_empty()).then(|| name(owner)), group))
}

fn chown(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut rest = a.rest.clone();
    let tool = c.tool.name.clone();
    let (owner, group) = if let Some(like) = a.get("reference") {
        match c.look(like, true) {
            Ok(s) => ((tool == "chown").then_some(s.owner), Some(s.group)),
            Err(why) => {
                c.error(&format!("failed to get attributes of {}: {why}", shell_quoted(like)));
                return Step::Exit(1);
            }
        }
    } else {
        if rest.is_empty() {
            return c.misuse("missing operand", 1);
        }
        let text = rest.remove(0);
        if rest.is_empty() {
            return c.misuse(&format!("missing operand after ‘{text}’"), 1);
        }
        match whom(c, &text, tool == "chgrp") {
            Ok(w) => w,
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        }
    };
    let only = a.get("from").map(|f| whom(c, f, false).unwrap_or_default());
    let mut todo: Vec<String> = rest.into_iter().rev().collect();
    while let Some(name) = todo.pop() {
        let shown = shell_quoted(&name);
        let s = match c.look(&name, !a.has("h") && !a.has("R")) {
            Ok(s) => s,
            Err(why) => {
                if a.has("f") || a.has("quiet") {
                    c.tool.status = 1;
                } else {
                    c.error(&format!("cannot access {shown}: {why}"));
                }
                continue;
            }
        };
        let full = c.full(&name);
        let fits = only
            .as_ref()
            .is_none_or(|(o, g)| o.as_ref().is_none_or(|o| *o == s.owner) && g.as_ref().is_none_or(|g| *g == s.group));
        if fits {
            let act = FileAct::Owner { owner: owner.clone(), group: group.clone(), follow: !a.has("h") };
            let new = (owner.clone().unwrap_or(s.owner.clone()), group.clone().unwrap_or(s.group.clone()));
            let changed = new.0 != s.owner || new.1 != s.group;
            let word = if tool == "chgrp" { "group" } else { "ownership" };
            let pair = |o: &str, g: &str| match (tool.as_str(), owner.is_some(), group.is_some()) {
                ("chgrp", ..) => g.to_owned(),
                (_, true, false) => o.to_owned(),
                (_, false, true) => g.to_owned(),
                _ => format!("{o}:{g}"),
            };
            match alter(c, &full, act) {
                Err(_) if a.has("f") || a.has("quiet") => c.tool.status = 1,
                Err(why) => c.error(&format!("changing {word} of {shown}: {why}")),
                Ok(()) if changed && (a.has("v") || a.has("c")) => {
                    let word = if owner.is_none() { "group" } else { word };
                    let text = format!(
                        "changed {word} of {shown} from {} to {}",
                        pair(&s.owner, &s.group),
                        pair(&new.0, &new.1)
                    );
                    c.line(&text);
                }
                Ok(()) if a.has("v") => {
                    let word = if owner.is_none() { "group" } else { word };
                    c.line(&format!("{word} of {shown} retained as {}", pair(&s.owner, &s.group)));
                }
                Ok(()) => {}
            }
        }
        if a.has("R") && s.dir {
            match c.list(&full) {
                Ok(l) => todo.extend(l.into_iter().rev().map(|(n, _)| path::join(&name, &n))),
                Err(why) => c.error(&format!("cannot read directory {shown}: {why}")),
            }
        }
    }
    Step::Exit(c.tool.status)
}
