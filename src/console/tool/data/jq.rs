//! The engine of `jq`: programs over JSON, with a limit on steps and nesting and no way to the machine below.

mod builtin;
mod call;
mod check;
mod command;
mod eval;
mod json;
mod path;
mod read;
mod text;

pub(crate) use command::{Machine, Options, command};
pub(crate) use eval::{Around, Stop};
pub(crate) use json::{Json, Map, Writer};
pub(crate) use read::Reader;

use eval::{Run, with_defs, with_var};
use jaq_core::load::parse;

/// What a run came to.
pub(crate) struct Outcome<'t> {
    /// What is left of the surroundings: what was printed on the error stream, where the inputs are.
    pub around: Around<'t>,
    /// Exit status that the program asked for with `halt`.
    pub halted: Option<i32>,
    /// Whether it ran out of memory or steps.
    pub exhausted: bool,
    /// Whether the last input ended in an error.
    pub failed: bool,
}

/// A program that cannot run: what jq prints before it gives up.
pub(crate) fn compile_error(text: &str, why: &str) -> String {
    format!("jq: error: {why} at <top-level>, line 1:\n{text}\njq: 1 compile error\n")
}

/// Runs a program over all inputs; `null_input` runs it once without one. Each output goes to `out`, which may end the run.
///
/// # Errors
/// What jq prints about a program that it cannot compile.
pub(crate) fn run<'t>(
    text: &str,
    vars: &[(String, Json)],
    around: Around<'t>,
    null_input: bool,
    out: &mut dyn FnMut(Json, &mut Around<'t>) -> Result<(), Stop>,
) -> Result<Outcome<'t>, String> {
    let prelude = parse(call::PRELUDE, |p| p.defs()).unwrap_or_default();
    let blank = text.lines().all(|l| l.trim().is_empty() || l.trim().starts_with('#'));
    let text = if blank { "." } else { text };
    let term = check::parsed(text).map_err(|why| compile_error(text, &why))?;
    check::names(&term, vars, &prelude).map_err(|why| compile_error(text, &why))?;
    let mut base = with_defs(&None, &prelude);
    for (name, v) in vars {
        base = with_var(&base, name, v.clone());
    }
    let mut run = Run::new(around, base);
    let (mut halted, mut exhausted, mut failed) = (None, false, false);
    loop {
        let input = match null_input {
            true => Json::Null,
            false => match run.input() {
                Some(Ok(v)) => v,
                _ => break,
            },
        };
        failed = false;
        match run.main(&term, input, &mut |m, v| out(v, &mut m.around)) {
            Ok(()) | Err(Stop::NoInput) => {}
            Err(Stop::Halt(status)) => {
                halted = Some(status);
                break;
            }
            Err(Stop::Memory) => {
                exhausted = true;
                break;
            }
            Err(Stop::Err(e)) => {
                failed = true;
                let at = match &run.around.name {
                    Some(name) => format!("{name}:{}", run.around.line),
                    None => "<unknown>".to_owned(),
                };
                let said = match &e {
                    Json::Str(s) => format!("jq: error (at {at}): {s}\n"),
                    e => format!("jq: error (at {at}) (not a string): {}\n", e.text()),
                };
                run.around.err.push_str(&said);
            }
            Err(Stop::Break(_) | Stop::Outer(_)) => {
                failed = true;
                run.around.err.push_str("jq: error (at <unknown>): break\n");
            }
        }
        if null_input {
            break;
        }
    }
    Ok(Outcome { around: run.around, halted, exhausted, failed })
}
