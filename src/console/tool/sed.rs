//! sed: the stream editor of POSIX with the usual additions of GNU's.

mod parse;
mod run;
mod substitute;

use super::mind::Mind;
use super::{Ctx, Decl, Operand, Step, flag, value};
use parse::Program;
use serde::Serialize;
use std::collections::BTreeMap;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "sed",
    synopsis: "[OPTION]... {script-only-if-no-other-script} [input-file]...",
    about: "stream editor for filtering and transforming text",
    opts: &[
        flag("n", "quiet", "suppress automatic printing of pattern space"),
        flag("", "silent", "the same as --quiet"),
        value("e", "expression", "script", "add the script to the commands to be executed"),
        value("f", "file", "script-file", "add the contents of script-file to the commands to be executed"),
        flag("E", "regexp-extended", "use extended regular expressions in the script"),
        flag("r", "", "the same as -E"),
        value("i", "in-place", "[SUFFIX]", "edit files in place (makes backup if SUFFIX supplied)"),
        value("l", "line-length", "N", "specify the desired line-wrap length for the `l' command"),
        flag("s", "separate", "consider files as separate rather than as a single continuous long stream"),
        flag("z", "null-data", "separate lines by NUL characters"),
        flag("u", "unbuffered", "load minimal amounts of data, as is always done here"),
        flag("", "posix", "disable all GNU extensions (accepted; they stay)"),
        flag("", "sandbox", "operate in sandbox mode (disable e/r/w commands)"),
    ],
    operand: Operand::Path,
    missing: &["The `e' command and the `e' flag of s: nothing is executed from here."],
    examples: &[
        ("echo disk full | sed 's/full/empty/'", "disk empty\n"),
        ("seq 5 | sed -n '2,4p'", "2\n3\n4\n"),
        ("seq 3 | sed '2d'", "1\n3\n"),
        ("echo x | sed 'k'", "sed: -e expression #1, char 1: unknown command: `k'\n"),
        ("echo one two | sed -E 's/(\\w+) (\\w+)/\\2 \\1/'", "two one\n"),
    ],
    step: sed,
    ..Decl::BLANK
}];

/// Where an edit stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    script: Vec<(String, String)>,
    /// Files left, the next one last.
    files: Vec<String>,
    /// The file that is being read, its text and how much of it was read.
    name: String,
    text: String,
    used: usize,
    stream: bool,
    open: bool,
    /// Pattern space and whether its line ended in a newline; hold space.
    space: String,
    newline: bool,
    hold: String,
    line: u64,
    /// Next command; `None` between cycles.
    pc: Option<usize>,
    /// Ranges that are open: the line at which they end if that is known.
    ranges: Vec<Range>,
    /// A substitution was made since the last line was read.
    replaced: bool,
    /// D: the next cycle begins without reading.
    keep: bool,
    /// What to print at the end of the cycle.
    append: Vec<Append>,
    /// The last output lacked its newline.
    missing: bool,
    last_re: Option<usize>,
    /// Output of a file that is edited in place.
    edited: String,
    /// Lines that `R` has read of each file.
    taken: BTreeMap<String, usize>,
    quit: Option<i32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
enum Range {
    #[default]
    Closed,
    Open,
    /// Open up to this line.
    Until(u64),
    /// A range of line numbers that is over for good.
    Over,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
enum Append {
    Text(String),
    File(String),
}

/// Options that matter to a step.
struct Plan {
    quiet: bool,
    extended: bool,
    separate: bool,
    suffix: Option<String>,
    delim: char,
    wrap: usize,
    sandbox: bool,
}

fn begin(c: &mut Ctx<'_>) -> Result<State, Step> {
    let a = c.args.clone();
    let mut rest = a.rest.clone();
    let mut st = State::default();
    for (k, v) in &a.flags {
        match k.as_str() {
            "e" => st.script.push(("-e expression".to_owned(), v.clone())),
            "f" => match c.slurp(std::slice::from_ref(v))?.remove(0) {
                Ok(t) => st.script.push((format!("file {v} line"), t.trim_end_matches('\n').to_owned())),
                Err(why) => {
                    c.error(&format!("couldn't open file {v}: {why}"));
                    return Err(Step::Exit(1));
                }
            },
            _ => {}
        }
    }
    if st.script.is_empty() {
        if rest.is_empty() {
            let text = super::find("sed").map(super::usage).unwrap_or_default();
            c.p.err.push_str(&text);
            return Err(Step::Exit(1));
        }
        st.script.push(("-e expression".to_owned(), rest.remove(0)));
    }
    if rest.is_empty() {
        rest.push("-".to_owned());
    }
    rest.reverse();
    st.files = rest;
    Ok(st)
}

fn sed(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut fresh = false;
    let mut st = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Sed(s)) => s,
        _ => {
            fresh = true;
            match begin(c) {
                Ok(s) => s,
                Err(step) => return step,
            }
        }
    };
    let mut plan = Plan {
        quiet: a.has("n") || a.has("silent"),
        extended: a.has("E") || a.has("r"),
        separate: a.has("s") || a.has("i"),
        suffix: a.get("i").map(str::to_owned),
        delim: if a.has("z") { '\0' } else { '\n' },
        wrap: a.get("l").and_then(|n| n.parse().ok()).unwrap_or(70),
        sandbox: a.has("sandbox"),
    };
    let mut memo = std::mem::take(&mut c.tool.memo);
    let program = memo.get(|| Program::new(&st.script, plan.extended, plan.sandbox));
    c.tool.memo = memo;
    let program = match program {
        Ok(p) => p,
        Err(why) => {
            c.error(&why);
            return Step::Exit(if why.starts_with("can't find label") { 4 } else { 1 });
        }
    };
    plan.quiet |= program.quiet;
    if fresh {
        st.ranges = vec![Range::Closed; program.commands.len()];
        for name in &program.outputs {
            if let Err(why) = run::output(c, name, "", false) {
                c.error(&format!("couldn't open file {name}: {why}"));
                return Step::Exit(4);
            }
        }
    }
    let step = run::run(c, &plan, &mut st, &program);
    if !matches!(step, Step::Exit(_)) {
        c.tool.mind = Some(Box::new(Mind::Sed(st)));
    }
    step
}
