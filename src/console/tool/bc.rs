//! bc: arithmetic of any length, with its language.

mod machine;
mod number;
mod parse;

use super::{Ctx, Decl, Operand, Step, flag};
use crate::console::machine::Read;
use machine::Machine;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "bc",
    synopsis: "[OPTION]... [FILE]...",
    about: "an arbitrary precision calculator language",
    opts: &[
        flag("l", "mathlib", "use the predefined math routines s, c, a, l, e, j; scale is 20"),
        flag("q", "quiet", "do not print the welcome"),
        flag("i", "interactive", "accepted; a terminal is always answered line by line"),
        flag("s", "standard", "accepted"),
        flag("w", "warn", "accepted"),
    ],
    operand: Operand::Path,
    missing: &["read() and random(); a program of more than a few million steps is stopped."],
    examples: &[
        ("echo '2^64' | bc", "18446744073709551616\n"),
        ("echo 'scale=3; 22/7' | bc", "3.142\n"),
        ("echo 'obase=16; 255' | bc", "FF\n"),
        ("echo '1/0' | bc", "Runtime error (func=(main), adr=3): Divide by zero\n"),
        ("echo 'scale=6; 4*a(1)' | bc -l", "3.141592\n"),
    ],
    step: bc,
    ..Decl::BLANK
}];

const WELCOME: &str = "bc 1.07.1\nCopyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, Inc.\nThis is free software with ABSOLUTELY NO WARRANTY.\nFor details type `warranty'. \n";

/// Text that bc reads at most, in bytes.
const MOST_TEXT: usize = 1 << 20;

/// Runs all there is; what was printed before is not printed again. `tool.n` and `tool.m` count it.
fn run(c: &mut Ctx<'_>, library: bool, ended: bool) -> Option<i32> {
    let mut m = Machine::new(library);
    let files: Vec<(String, String)> =
        c.tool.lines.chunks(2).filter_map(|p| Some((p.first()?.clone(), p.get(1)?.clone()))).collect();
    let mut done = None;
    for (name, text) in files {
        m.source = name;
        done = done.or(m.run(&text, true));
    }
    m.source = "(standard_in)".to_owned();
    let text = c.tool.text.clone();
    if done.is_none() {
        done = m.run(&text, ended);
    }
    let skip = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    c.print(m.out.get(skip(c.tool.n)..).unwrap_or_default());
    c.p.err.push_str(m.err.get(skip(c.tool.m)..).unwrap_or_default());
    (c.tool.n, c.tool.m) = (m.out.len() as u64, m.err.len() as u64);
    done
}

fn bc(c: &mut Ctx<'_>) -> Step {
    let library = c.args.has("l");
    let typed = super::text::interactive(c);
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        for name in c.args.rest.clone() {
            match c.load(&name) {
                Ok(text) => c.tool.lines.extend([name, text]),
                Err(_) => {
                    c.p.err.push_str(&format!("File {name} is unavailable.\n"));
                    return Step::Exit(1);
                }
            }
        }
        if typed && !c.args.has("q") {
            c.print(WELCOME);
        }
        if let Some(status) = run(c, library, false) {
            return Step::Exit(status);
        }
    }
    let mut news = false;
    loop {
        match c.con.read(c.p) {
            Read::Bytes(t) if c.tool.text.len() + t.len() > MOST_TEXT => {
                c.error("program is too long");
                return Step::Exit(1);
            }
            Read::Bytes(t) => {
                c.tool.text.push_str(&t);
                news = true;
            }
            Read::Later if typed && news => {
                return match run(c, library, false) {
                    Some(status) => Step::Exit(status),
                    None => Step::More,
                };
            }
            Read::Later => return Step::Wait,
            Read::End => return Step::Exit(run(c, library, true).unwrap_or(0)),
        }
    }
}
