//! `bash` and `sh` as commands: a script, a `-c` text, or commands on the input.

use crate::console::tool::{Ctx, Decl, Operand, Step, Words, value};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "bash",
    synopsis: "[-c COMMAND | FILE] [ARGUMENTS]...",
    about: "GNU Bourne-Again SHell",
    opts: &[value("c", "", "COMMAND", "read commands from COMMAND")],
    operand: Operand::Path,
    words: Words::Prefix,
    misuse: 2,
    examples: &[("bash -c 'echo $((6 * 7))'", "42\n")],
    step: bash,
    ..Decl::BLANK
}];

fn bash(c: &mut Ctx<'_>) -> Step {
    if let Some(pid) = c.tool.child {
        if let Some(status) = c.con.exits.remove(&pid) {
            return Step::Exit(status);
        }
        return if c.con.procs.contains_key(&pid) { Step::Wait } else { Step::Exit(137) };
    }
    let text = match (c.args.get("c").map(str::to_owned), c.args.at(0).map(str::to_owned)) {
        (Some(text), _) => text,
        (None, Some(file)) => match c.load(&file) {
            Ok(text) => text,
            Err(why) => {
                c.p.err.push_str(&format!("bash: {file}: {why}\n"));
                return Step::Exit(if why.starts_with("No such") { 127 } else { 126 });
            }
        },
        (None, None) => {
            c.p.err.push_str("bash: a script or -c is needed\n");
            return Step::Exit(2);
        }
    };
    let fds = c.p.fds;
    match c.con.spawn_text(c.p, &text, fds) {
        Ok(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        Err(text) => {
            c.p.err.push_str(&format!("{text}\n"));
            Step::Exit(2)
        }
    }
}
