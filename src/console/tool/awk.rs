//! awk: a lexer, a parser, a compiler and a machine whose state is plain data.

mod arrays;
mod ast;
mod builtin;
mod compile;
mod io;
mod lex;
mod parse;
mod record;
mod value;
mod vm;

use super::mind::Mind;
use super::{Ctx, Decl, Operand, Step, Words, value as opt};
use compile::{Program, SPECIAL};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use value::{Array, Val};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "awk",
    synopsis: "[-F SEP] [-v VAR=VALUE]... ('PROGRAM' | -f FILE) [FILE]...",
    about: "pattern scanning and text processing language",
    opts: &[
        opt("F", "field-separator", "SEP", "set the field separator FS to SEP"),
        opt("v", "assign", "VAR=VALUE", "assign VALUE to variable VAR before the program begins"),
        opt("f", "file", "FILE", "read the program from FILE instead of the first argument"),
    ],
    operand: Operand::Path,
    words: Words::Prefix,
    misuse: 2,
    missing: &[
        "The language is POSIX awk as mawk has it (strings are counted in bytes), with gensub, asort, strtonum and the bit functions of gawk.",
        "rand() gives the same numbers in every run; strftime() and systime() read the simulated clock.",
    ],
    examples: &[
        ("echo a b c | awk '{print $3, $1}'", "c a\n"),
        ("awk -F: '/root/ {print $1}' /etc/passwd", "root\n"),
        ("seq 4 | awk '{s += $1} END {print s, NR}'", "10 4\n"),
        ("awk 'BEGIN {printf \"%5.2f|\\n\", 3.14159}'", " 3.14|\n"),
        ("awk '{print $1'", "awk: line 2: missing } near end of file\n"),
    ],
    step: awk,
    ..Decl::BLANK
}];

/// Where a program stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct State {
    script: String,
    pc: usize,
    stack: Vec<Val>,
    frames: Vec<vm::Frame>,
    loops: Vec<(u32, Vec<Arc<str>>)>,
    globals: Vec<Val>,
    arrays: BTreeMap<u32, Array>,
    next_array: u32,
    record: Arc<str>,
    fields: Vec<Val>,
    split: bool,
    stale: bool,
    /// The separator that was in force when the record was read.
    separator: Arc<str>,
    ranges: Vec<bool>,
    main: io::Reader,
    readers: BTreeMap<String, io::Reader>,
    writers: BTreeMap<String, io::Writer>,
    /// What `getline` or `sub` got.
    got: Val,
    child: Option<u32>,
    random: u64,
    seed: f64,
    exit: Option<i32>,
    ending: bool,
}

// Numbers in it may be NaN, which no comparison of states depends on.
impl Eq for State {}

fn compiled(script: &str) -> Result<Program, String> {
    let tree = parse::parse(script)?;
    compile::compile(&tree).map_err(|why| format!("line {}: {why}", script.lines().count() + 1))
}

/// The program and its operands, as the arguments say.
fn begin(c: &mut Ctx<'_>) -> Result<State, Step> {
    let a = c.args.clone();
    let mut st = State::default();
    let mut rest = a.rest.clone();
    let mut files = false;
    for (k, v) in &a.flags {
        if k == "f" {
            files = true;
            match c.slurp(std::slice::from_ref(v))?.remove(0) {
                Ok(t) => {
                    st.script.push_str(&t);
                    st.script.push('\n');
                }
                Err(why) => {
                    c.error(&format!("cannot open \"{v}\" ({why})"));
                    return Err(Step::Exit(2));
                }
            }
        }
    }
    if !files {
        if rest.is_empty() {
            c.p.err.push_str("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n");
            return Err(Step::Exit(2));
        }
        st.script = rest.remove(0);
    }
    rest.insert(0, "awk".to_owned());
    st.main.operands = rest;
    Ok(st)
}

fn start(c: &mut Ctx<'_>, st: &mut State, program: &Program) {
    st.globals = vec![Val::Un; program.globals.len()];
    st.ranges = vec![false; program.ranges];
    st.separator = Arc::from(" ");
    for (name, v) in [
        ("FS", " "),
        ("OFS", " "),
        ("RS", "\n"),
        ("ORS", "\n"),
        ("SUBSEP", "\u{1c}"),
        ("CONVFMT", "%.6g"),
        ("OFMT", "%.6g"),
        ("FILENAME", ""),
    ] {
        st.set_special(name, Val::text(v));
    }
    for name in ["NR", "FNR", "RSTART"] {
        st.set_special(name, Val::Num(0.0));
    }
    st.set_special("RLENGTH", Val::Num(-1.0));
    st.set_special("ARGC", Val::Num(st.main.operands.len() as f64));
    let id = |name: &str| SPECIAL.iter().position(|s| *s == name).and_then(|i| u32::try_from(i).ok()).unwrap_or(0);
    let argv = st.arrays.entry(id("ARGV")).or_default();
    for (i, a) in st.main.operands.iter().enumerate() {
        *argv.at(&Arc::from(i.to_string())) = Val::input(a);
    }
    let environ = st.arrays.entry(id("ENVIRON")).or_default();
    let mut sources = Vec::new();
    for (k, v) in &c.p.env {
        *environ.at(&Arc::from(k.as_str())) = Val::input(&v.text);
        sources.extend(v.sources.iter().cloned());
    }
    if st.script.contains("ENVIRON") {
        c.p.sources.extend(sources);
    }
    let flags = c.args.flags.clone();
    for (k, v) in &flags {
        match (k.as_str(), v.split_once('=')) {
            ("F", _) => {
                let sep = lex::unescape(v);
                st.set_special("FS", Val::text(&sep));
                st.separator = Arc::from(sep);
            }
            ("v", Some((name, value))) => st.assign(program, name, Val::input(&lex::unescape(value))),
            _ => {}
        }
    }
}

fn awk(c: &mut Ctx<'_>) -> Step {
    let mut fresh = false;
    let mut st = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Awk(s)) => s,
        _ => {
            fresh = true;
            match begin(c) {
                Ok(s) => s,
                Err(step) => return step,
            }
        }
    };
    if let Some((_, v)) = c.args.flags.iter().find(|(k, v)| k == "v" && !v.contains('=')) {
        c.p.err.push_str(&format!("awk: option -v: improper assignment {v}\n"));
        return Step::Exit(2);
    }
    let mut memo = std::mem::take(&mut c.tool.memo);
    let program = memo.get(|| compiled(&st.script));
    c.tool.memo = memo;
    let program = match program {
        Ok(p) => p,
        Err(why) => {
            c.error(&why);
            return Step::Exit(2);
        }
    };
    if fresh {
        start(c, &mut st, &program);
    }
    let step = vm::run(c, &mut st, &program);
    if !matches!(step, Step::Exit(_)) {
        c.tool.mind = Some(Box::new(Mind::Awk(st)));
    }
    step
}
