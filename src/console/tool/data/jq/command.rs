//! The command line of `jq`: options, inputs, output, exit status.

use super::{Around, Json, Map, Reader, Stop, Writer, run};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    filter: Option<String>,
    /// File that holds the program, instead of the first operand.
    pub from_file: bool,
    /// Input files; none is the standard input.
    pub files: Vec<String>,
    /// Files whose values or text become variables: name, file, whether as text.
    pub loads: Vec<(String, String, bool)>,
    null: bool,
    raw_in: bool,
    slurp: bool,
    raw: bool,
    join: bool,
    zero: bool,
    by_output: bool,
    writer: Writer,
    named: Vec<(String, Json)>,
    positional: Vec<Json>,
}

const HINT: &str = "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n";

const USAGE: &str = "jq - commandline JSON processor [version 1.6]\n\nUsage:\tjq [options] <jq filter> [file...]\n\tjq [options] --args <jq filter> [strings...]\n\tjq [options] --jsonargs <jq filter> [JSON_TEXTS...]\n";

/// Most bytes of output, so that a loop cannot fill a disk.
const OUTPUT_MAX: usize = 4 << 20;

fn misuse<T>(text: &str) -> Result<T, (i32, String)> {
    Err((2, format!("jq: {text}\n{HINT}")))
}

impl Options {
    /// Reads the words behind `jq`.
    ///
    /// # Errors
    /// Exit status and what jq says.
    pub fn parse(argv: &[String]) -> Result<Options, (i32, String)> {
        let mut o =
            Options { writer: Writer { indent: Some("  ".to_owned()), ..Writer::default() }, ..Options::default() };
        let mut words = argv.iter();
        let (mut plain, mut mode) = (false, "");
        while let Some(w) = words.next() {
            if plain || !w.starts_with('-') || w == "-" {
                o.operand(w, mode)?;
                continue;
            }
            let mut take = |n: usize| {
                let got: Vec<String> = words.by_ref().take(n).cloned().collect();
                if got.len() == n { Ok(got) } else { Err(()) }
            };
            if w == "-h" {
                return Err((0, USAGE.to_owned()));
            }
            let Some(long) = w.strip_prefix("--") else {
                for c in w.chars().skip(1) {
                    if !o.letter(c) {
                        return misuse(&format!("Unknown option {w}"));
                    }
                }
                continue;
            };
            match long {
                "" => plain = true,
                "arg" | "argjson" | "slurpfile" | "rawfile" => {
                    let Ok(pair) = take(2) else {
                        let second = match long {
                            "arg" => "value",
                            "argjson" => "text",
                            _ => "filename",
                        };
                        return misuse(&format!("--{long} takes two parameters (e.g. --{long} varname {second})"));
                    };
                    let (name, v) = match pair.as_slice() {
                        [name, v] => (name.clone(), v.clone()),
                        _ => continue,
                    };
                    match long {
                        "arg" => o.named.push((name, Json::str(v))),
                        "argjson" => match one(&v) {
                            Some(v) => o.named.push((name, v)),
                            None => return misuse("invalid JSON text passed to --argjson"),
                        },
                        _ => o.loads.push((name, v, long == "rawfile")),
                    }
                }
                "args" | "jsonargs" => mode = if long == "args" { "args" } else { "jsonargs" },
                "tab" => o.writer.indent = Some("\t".to_owned()),
                "indent" => {
                    let Ok(n) = take(1) else { return misuse("--indent takes one parameter") };
                    match n.first().and_then(|n| n.parse::<i64>().ok()).unwrap_or(0) {
                        n if !(-1..=7).contains(&n) => return misuse("--indent takes a number between -1 and 7"),
                        0 => o.writer.indent = None,
                        n => o.writer.indent = Some(" ".repeat(usize::try_from(n).unwrap_or(1))),
                    }
                }
                "raw-output0" => (o.raw, o.join, o.zero) = (true, true, true),
                "null-input" => o.null = true,
                "raw-input" => o.raw_in = true,
                "slurp" => o.slurp = true,
                "compact-output" => o.writer.indent = None,
                "raw-output" => o.raw = true,
                "join-output" => (o.raw, o.join) = (true, true),
                "ascii-output" => o.writer.ascii = true,
                "color-output" => o.writer.color = true,
                "monochrome-output" => o.writer.color = false,
                "sort-keys" => o.writer.sort = true,
                "exit-status" => o.by_output = true,
                "from-file" => o.from_file = true,
                "unbuffered" => {}
                "version" => return Err((0, "jq-1.6\n".to_owned())),
                _ => return misuse(&format!("Unknown option {w}")),
            }
        }
        if o.filter.is_none() {
            return Err((2, USAGE.to_owned()));
        }
        Ok(o)
    }

    fn letter(&mut self, c: char) -> bool {
        match c {
            'c' => self.writer.indent = None,
            'n' => self.null = true,
            'e' => self.by_output = true,
            's' => self.slurp = true,
            'r' => self.raw = true,
            'j' => (self.raw, self.join) = (true, true),
            'R' => self.raw_in = true,
            'C' => self.writer.color = true,
            'M' => self.writer.color = false,
            'S' => self.writer.sort = true,
            'a' => self.writer.ascii = true,
            'f' => self.from_file = true,
            _ => return false,
        }
        true
    }

    fn operand(&mut self, word: &str, mode: &str) -> Result<(), (i32, String)> {
        if self.filter.is_none() {
            self.filter = Some(word.to_owned());
            return Ok(());
        }
        match mode {
            "args" => self.positional.push(Json::str(word)),
            "jsonargs" => match one(word) {
                Some(v) => self.positional.push(v),
                None => return misuse("invalid JSON text passed to --jsonargs"),
            },
            _ => self.files.push(word.to_owned()),
        }
        Ok(())
    }

    /// Whether the standard input is read.
    pub fn reads_stdin(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether the program runs once, without an input.
    pub fn null(&self) -> bool {
        self.null
    }

    /// The first operand: the program, or the file that holds it.
    pub fn filter(&self) -> &str {
        self.filter.as_deref().unwrap_or(".")
    }
}

fn one(text: &str) -> Option<Json> {
    let mut reader = Reader::new(text);
    let v = reader.value()?.ok()?;
    reader.value().is_none().then_some(v)
}

/// What the machine gives: files by name, the input, the clock and the exported variables.
pub(crate) struct Machine {
    /// Inputs in order: name and text.
    pub inputs: Vec<(String, String)>,
    /// Texts of [`Options::loads`].
    pub loads: Vec<Result<String, String>>,
    /// Seconds since 1970.
    pub now: f64,
    /// Exported variables.
    pub env: Vec<(String, String)>,
    /// What went wrong with files: already said, makes the status 2.
    pub missing: String,
}

/// What a run of the command printed, and its status.
#[derive(Clone, Debug, Default)]
pub(crate) struct Printed {
    pub out: String,
    pub err: String,
    pub status: i32,
}

/// Runs the command.
pub(crate) fn command(o: &Options, program: &str, m: &Machine) -> Printed {
    let mut p = Printed { err: m.missing.clone(), ..Printed::default() };
    let mut named = o.named.clone();
    for ((name, file, raw), text) in o.loads.iter().zip(&m.loads) {
        let flag = if *raw { "rawfile" } else { "slurpfile" };
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                p.err.push_str(&format!("jq: Bad JSON in --{flag} {name} {file}: Could not open {file}: {why}\n"));
                p.status = 2;
                return p;
            }
        };
        if *raw {
            named.push((name.clone(), Json::str(text)));
            continue;
        }
        let (mut reader, mut all) = (Reader::new(text), Vec::new());
        while let Some(v) = reader.value() {
            match v {
                Ok(v) => all.push(v),
                Err(why) => {
                    p.err.push_str(&format!("jq: Bad JSON in --{flag} {name} {file}: {why}\n"));
                    p.status = 2;
                    return p;
                }
            }
        }
        named.push((name.clone(), Json::arr(all)));
    }
    let mut map = Map::default();
    for (k, v) in &named {
        map.set(k.as_str().into(), v.clone());
    }
    let arguments = Json::pairs(vec![("positional", Json::arr(o.positional.clone())), ("named", Json::obj(map))]);
    let mut vars: Vec<(String, Json)> = named.iter().map(|(k, v)| (format!("${k}"), v.clone())).collect();
    vars.push(("$ARGS".to_owned(), arguments));
    let mut env = Map::default();
    for (k, v) in &m.env {
        env.set(k.as_str().into(), Json::str(v));
    }
    // Raw lines and slurped values are made into one text that reads as they would.
    let (made, broken) = o.gathered(m);
    let texts: Vec<(String, &str)> = match &made {
        Some(text) => vec![(m.inputs.last().map_or("<stdin>", |(n, _)| n).to_owned(), text.as_str())],
        None => m.inputs.iter().map(|(n, t)| (n.clone(), t.as_str())).collect(),
    };
    let inputs = texts.into_iter().rev().map(|(n, t)| (n, Reader::new(t))).collect();
    let around =
        Around { now: m.now, env: Json::obj(env), inputs, name: None, line: 0, err: String::new(), broken: None };
    let mut last = None;
    let (mut out, mut full) = (String::new(), false);
    if broken.is_none() || o.null {
        let done = run(program, &vars, around, o.null, &mut |v, _| {
            let before = out.len();
            match &v {
                Json::Str(s) if o.raw => out.push_str(s),
                v => o.writer.write(v, 0, &mut out),
            }
            match (o.zero, o.join) {
                (true, _) => out.push('\0'),
                (_, false) => out.push('\n'),
                _ => {}
            }
            last = Some(v);
            full = out.len() > OUTPUT_MAX;
            if full {
                // What does not fit is not printed in part.
                out.truncate(before);
                return Err(Stop::Memory);
            }
            Ok(())
        });
        let done = match done {
            Ok(done) => done,
            Err(why) => {
                p.err.push_str(&why);
                p.status = 3;
                return p;
            }
        };
        p.out = out;
        p.err.push_str(&done.around.err);
        p.status = match (&last, o.by_output) {
            _ if done.failed => 5,
            (None, true) => 4,
            (Some(v), true) if !v.truth() => 1,
            _ => 0,
        };
        if !m.missing.is_empty() {
            p.status = 2;
        }
        if let Some(why) = done.around.broken {
            p.err.push_str(&format!("parse error: {why}\n"));
            p.status = 4;
        }
        if let Some(status) = done.halted {
            p.status = status;
        }
        if done.exhausted {
            // What a program without an end comes to: there is no memory left.
            p.err.push_str("error: cannot allocate memory\n");
            p.status = 134;
        }
    }
    if let Some(why) = broken {
        p.err.push_str(&format!("parse error: {why}\n"));
        p.status = 4;
    }
    p
}

impl Options {
    /// The one text that `-s` and `-R` make of all inputs, and the error in it.
    fn gathered(&self, m: &Machine) -> (Option<String>, Option<String>) {
        let all = || m.inputs.iter().map(|(_, t)| t.as_str()).collect::<String>();
        match (self.raw_in, self.slurp) {
            (false, false) => (None, None),
            (true, true) => (Some(format!("{}\n", Json::str(all()).text())), None),
            (true, false) => {
                let all = all();
                (Some(all.lines().map(|l| format!("{}\n", Json::str(l).text())).collect()), None)
            }
            (false, true) => {
                let (text, mut items) = (all(), Vec::new());
                let mut reader = Reader::new(&text);
                while let Some(v) = reader.value() {
                    match v {
                        Ok(v) => items.push(v.text()),
                        Err(why) => return (Some(String::new()), Some(why)),
                    }
                }
                // As many lines as were read stand before it, so that an error names the last one.
                (
                    Some(format!("{}[{}]", "\n".repeat(usize::try_from(reader.lines).unwrap_or(0)), items.join(","))),
                    None,
                )
            }
        }
    }
}
