//! Tools for data: `jq` for JSON, `yq` for YAML.

pub(crate) mod broker;
pub(crate) mod dump;
mod jq;
pub(crate) mod mysql;
pub(crate) mod patroni;
pub(crate) mod psql;
pub(crate) mod redis;
mod sql;
pub(crate) mod yq;

use crate::console::machine::Read;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use jq::{Machine, Options, command};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "jq",
    synopsis: "[-nceSrjasRC] [--arg NAME VALUE] [--argjson NAME JSON] FILTER [FILE]...",
    about: "command-line JSON processor",
    opts: &[
        flag("c", "compact-output", "compact instead of pretty-printed output"),
        flag("n", "null-input", "use `null` as the single input value"),
        flag("e", "exit-status", "set the exit status code based on the output"),
        flag("s", "slurp", "read all inputs into an array"),
        flag("r", "raw-output", "output raw strings, not JSON texts"),
        flag("R", "raw-input", "read raw strings, not JSON texts"),
        flag("j", "join-output", "like -r, without a newline after each output"),
        flag("", "raw-output0", "like -r, with a NUL after each output"),
        flag("a", "ascii-output", "output only ASCII characters"),
        flag("C", "color-output", "colorize JSON"),
        flag("M", "monochrome-output", "don't colorize JSON"),
        flag("S", "sort-keys", "sort keys of objects on output"),
        flag("", "tab", "use tabs for indentation"),
        value("", "indent", "N", "use N blanks for indentation, 7 at most"),
        value("f", "from-file", "FILE", "read the filter from a file"),
        value("", "arg", "NAME VALUE", "set variable $NAME to a string"),
        value("", "argjson", "NAME JSON", "set variable $NAME to a JSON value"),
        value("", "slurpfile", "NAME FILE", "set variable $NAME to an array of the values in a file"),
        value("", "rawfile", "NAME FILE", "set variable $NAME to the text of a file"),
        flag("", "args", "remaining arguments are string arguments, not files"),
        flag("", "jsonargs", "remaining arguments are JSON arguments, not files"),
    ],
    operand: Operand::Path,
    style: Style::Plain,
    words: Words::Raw,
    misuse: 2,
    missing: &[
        "A program ends as if memory had run out after a million steps, at values nested deeper than 256, or with more than 4 MiB of output.",
        "Modules (`import`, `include`), `?//`, `--seq` and `--stream`; regular expressions have no look-around.",
        "Every place is at Greenwich: localtime is gmtime.",
    ],
    examples: &[
        ("echo '{\"a\":[1,2]}' | jq -c '.a | map(. + 1)'", "[2,3]\n"),
        ("echo '{\"name\":\"api\",\"up\":true}' | jq .", "{\n  \"name\": \"api\",\n  \"up\": true\n}\n"),
        ("echo 5 | jq .a", "jq: error (at <stdin>:1): Cannot index number with string \"a\"\n"),
        ("jq -n '[repeat(1)]'", "error: cannot allocate memory\n"),
        ("jq -n 'now | todate'", "\"2023-07-20T12:18:00Z\"\n"),
    ],
    step: jq_step,
    ..Decl::BLANK
}];

/// psql is declared where it lives.
pub(crate) const PSQL: &[Decl] = &[psql::TOOL];

/// Most bytes that are read before a program starts.
const INPUT_MAX: usize = 16 << 20;

/// Takes all of descriptor 0 into `tool.text`; `None` once it is there.
fn take_stdin(c: &mut Ctx<'_>) -> Option<Step> {
    match c.chunk(&[]) {
        Read::Bytes(text) => {
            if c.tool.text.len() < INPUT_MAX {
                c.tool.text.push_str(&text);
            }
            Some(Step::More)
        }
        Read::Later => Some(Step::Wait),
        Read::End => None,
    }
}

fn jq_step(c: &mut Ctx<'_>) -> Step {
    let options = match Options::parse(&c.args.rest) {
        Ok(options) => options,
        Err((0, text)) => {
            c.print(&text);
            return Step::Exit(0);
        }
        Err((status, text)) => {
            c.p.err.push_str(&text);
            return Step::Exit(status);
        }
    };
    let mut program = options.filter().to_owned();
    if options.from_file {
        program = match c.load(&program) {
            Ok(text) => text,
            Err(why) => {
                c.p.err.push_str(&format!("jq: Could not open {program}: {why}\n"));
                return Step::Exit(2);
            }
        };
    }
    // A program without input that never asks for one does not wait for the terminal.
    let reads = options.reads_stdin() && (!options.null() || program.contains("input"));
    if reads && let Some(step) = take_stdin(c) {
        return step;
    }
    let mut machine = Machine {
        inputs: Vec::new(),
        loads: Vec::new(),
        now: c.host.utc().0 as f64 + (c.con.now_ms % 1000) as f64 / 1000.0,
        env: c.p.env.iter().map(|(k, v)| (k.clone(), v.text.clone())).collect(),
        missing: String::new(),
    };
    if reads {
        machine.inputs.push(("<stdin>".to_owned(), std::mem::take(&mut c.tool.text)));
    }
    for name in &options.files {
        match c.load(name) {
            Ok(text) => machine.inputs.push((name.clone(), text)),
            Err(why) => machine.missing.push_str(&format!("jq: error: Could not open file {name}: {why}\n")),
        }
    }
    machine.loads = options.loads.iter().map(|(_, file, _)| c.load(file)).collect();
    let printed = command(&options, &program, &machine);
    c.p.out.push_str(&printed.out);
    c.p.err.push_str(&printed.err);
    Step::Exit(printed.status)
}
