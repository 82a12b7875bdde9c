//! Tools that print, count, lay out and turn text; tee and the runbooks.

pub(crate) mod cat;
pub(crate) mod count;
pub(crate) mod expr;
pub(crate) mod fmt;
pub(crate) mod fold;
pub(crate) mod head;
pub(crate) mod numfmt;
pub(crate) mod pr;
pub(crate) mod seq;
pub(crate) mod shuffle;
pub(crate) mod split;
pub(crate) mod table;

use crate::console::host::NameKind;
use crate::console::machine::Read;
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "tee",
        synopsis: "[OPTION]... [FILE]...",
        about: "read from standard input and write to standard output and files",
        opts: &[
            flag("a", "append", "append to the given FILEs, do not overwrite"),
            flag("i", "ignore-interrupts", "ignore interrupt signals"),
            flag("p", "", "operate in a more appropriate mode with pipes"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("echo hello | tee /tmp/t; cat /tmp/t", "hello\nhello\n")],
        step: tee,
        ..Decl::BLANK
    },
    Decl {
        name: "runbook",
        synopsis: "[list | [show] ID]",
        about: "list the runbooks, or print one",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Runbook),
        style: Style::Plain,
        examples: &[("runbook", "disk-full\n"), ("runbook show disk-full", "Find the largest directory.\n")],
        step: runbook,
        ..Decl::BLANK
    },
];

fn tee(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    let pipes = files.iter().filter_map(|f| f.strip_prefix("/dev/fd/")?.parse().ok());
    if pipes.into_iter().any(|n| c.con.is_full(c.p, n)) {
        return Step::Wait;
    }
    let text = match c.chunk(&[]) {
        Read::Bytes(t) => t,
        Read::Later => return Step::Wait,
        Read::End if c.tool.n > 0 => return Step::Exit(c.tool.status),
        Read::End => String::new(),
    };
    let first = c.tool.n == 0;
    c.tool.n += 1;
    for (i, name) in files.iter().enumerate() {
        // A file that could not be opened is not tried again.
        if c.tool.lines.contains(&i.to_string()) {
            continue;
        }
        if let Err(why) = c.put(name, &text, !first || c.args.has("a")) {
            c.error(&format!("{name}: {why}"));
            c.tool.lines.push(i.to_string());
        }
    }
    c.print(&text);
    Step::More
}

fn runbook(c: &mut Ctx<'_>) -> Step {
    let ids = c.con.names(c.p, NameKind::Runbook, &*c.host);
    let known = |word: &str| ids.iter().any(|id| id == word);
    let words: Vec<&str> = c.args.rest.iter().map(String::as_str).collect();
    // `runbook list` and `runbook show ID` too, unless that is what one is called.
    let asked = match words.as_slice() {
        ["list"] if !known("list") => None,
        ["show", id] => Some(*id),
        words => words.first().copied(),
    };
    let Some(id) = asked.map(str::to_owned) else {
        for id in ids {
            c.line(&id);
        }
        return Step::Exit(0);
    };
    match c.host.runbook(&id) {
        Some(text) => {
            c.see(crate::scenario::ObservedKind::Runbook, id, None);
            c.line(text.trim_end());
            Step::Exit(0)
        }
        None => {
            c.error(&format!("no runbook '{id}'; `runbook` lists them"));
            Step::Exit(1)
        }
    }
}

/// Whether descriptor 0 is the terminal.
pub(crate) fn interactive(c: &Ctx<'_>) -> bool {
    c.p.fds.first() == Some(&Fd::Term) && !c.p.background
}
