//! Tools: one declaration each, which feeds parsing, `--help`, `man`, completion, the reference and its own tests.

mod change;
mod clock;
mod file;
mod filter;
mod incident;
mod journal;
mod kernel;
mod meta;
mod mutate;
mod net;
mod network;
mod observe;
mod ours;
mod platform;
mod resolve;
mod run;
mod store;
mod store_admin;
mod system;
mod text;
mod trace;

use crate::console::expand::Sources;
use crate::console::host::{Caller, ConsoleHost, NameKind, Source, Stat};
use crate::console::machine::{Console, Read};
use crate::console::path;
use crate::console::process::{Args, Proc, Tool};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, Effect};

/// What a tool says after a step.
pub(crate) enum Step {
    /// It did something and goes on.
    More,
    /// It waits for input, time, a job or a child.
    Wait,
    /// It ends with a status.
    Exit(i32),
}

/// How a tool words its own usage errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `ls: invalid option -- 'z'` and a hint at `--help`.
    Gnu,
    /// `curl: option --z: is unknown`.
    Curl,
    /// `release: unknown option `-z'` and the synopsis.
    Plain,
}

/// An option.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// One letter, or empty.
    pub short: &'static str,
    /// Long name without dashes, or empty.
    pub long: &'static str,
    /// Name of its value, or empty if it takes none.
    pub value: &'static str,
    /// One line.
    pub help: &'static str,
}

/// What an operand names, for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing that could be completed.
    Free,
    /// A path.
    Path,
    /// A name of the host's lists.
    Name(NameKind),
    /// Another tool.
    Tool,
}

/// A tool.
pub struct Decl {
    /// Name as typed.
    pub name: &'static str,
    /// Arguments, in the way of a man page.
    pub synopsis: &'static str,
    /// One line.
    pub about: &'static str,
    /// Options.
    pub opts: &'static [Opt],
    /// Subcommands, for completion.
    pub subs: &'static [&'static str],
    /// What its operands name.
    pub operand: Operand,
    /// Usage errors.
    pub style: Style,
    /// Command lines with what they print on the example host; run as tests.
    pub examples: &'static [(&'static str, &'static str)],
    /// One step of it.
    pub(crate) step: fn(&mut Ctx<'_>) -> Step,
}

/// An option without a value.
pub(crate) const fn flag(short: &'static str, long: &'static str, help: &'static str) -> Opt {
    Opt { short, long, value: "", help }
}

/// An option with a value.
pub(crate) const fn value(short: &'static str, long: &'static str, value: &'static str, help: &'static str) -> Opt {
    Opt { short, long, value, help }
}

const ROOMS: &[&[Decl]] = &[
    change::TOOLS,
    file::TOOLS,
    text::TOOLS,
    filter::TOOLS,
    mutate::TOOLS,
    system::TOOLS,
    journal::TOOLS,
    net::TOOLS,
    resolve::TOOLS,
    network::TOOLS,
    clock::TOOLS,
    run::TOOLS,
    ours::TOOLS,
    kernel::TOOLS,
    observe::TOOLS,
    platform::TOOLS,
    store::TOOLS,
    trace::TOOLS,
    meta::TOOLS,
];

/// All tools.
pub fn all() -> impl Iterator<Item = &'static Decl> {
    ROOMS.iter().flat_map(|r| r.iter()).chain(incident::TOOLS.iter())
}

/// Names of all tools.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|d| d.name)
}

/// A tool by name.
pub fn find(name: &str) -> Option<&'static Decl> {
    all().find(|d| d.name == name)
}

/// What `help` prints.
pub fn overview() -> String {
    let mut out = "Installed here (`man NAME` or `NAME --help` tells more):\n".to_owned();
    let mut decls: Vec<&Decl> = all().collect();
    decls.sort_by_key(|d| d.name);
    for d in decls {
        out.push_str(&format!("  {:<12} {}\n", d.name, d.about));
    }
    out.push_str("Shell builtins: ");
    out.push_str(&crate::console::builtin::NAMES.join(" "));
    out.push('\n');
    out
}

fn opt_name(o: &Opt) -> String {
    let long = match (o.long, o.value) {
        ("", _) => String::new(),
        (l, "") => format!("--{l}"),
        (l, v) => format!("--{l}={v}"),
    };
    match (o.short, long.as_str()) {
        ("", l) => format!("    {l}"),
        (s, "") if o.value.is_empty() => format!("-{s}"),
        (s, "") => format!("-{s} {}", o.value),
        (s, l) => format!("-{s}, {l}"),
    }
}

/// What `NAME --help` prints.
pub fn usage(d: &Decl) -> String {
    let mut out = format!("Usage: {} {}\n{}.\n", d.name, d.synopsis, d.about);
    if !d.opts.is_empty() {
        out.push('\n');
    }
    for o in d.opts {
        out.push_str(&format!("  {:<26} {}\n", opt_name(o), o.help));
    }
    out
}

/// What `man NAME` prints.
pub fn manual(d: &Decl) -> String {
    let head = format!("{}(1)", d.name.to_uppercase());
    let mut out = format!("{head:<34}User Commands{head:>33}\n\nNAME\n       {} - {}\n\n", d.name, d.about);
    out.push_str(&format!("SYNOPSIS\n       {} {}\n", d.name, d.synopsis));
    if !d.opts.is_empty() {
        out.push_str("\nOPTIONS\n");
    }
    for o in d.opts {
        out.push_str(&format!("       {}\n              {}\n", opt_name(o).trim_start(), o.help));
    }
    if !d.examples.is_empty() {
        out.push_str("\nEXAMPLES\n");
    }
    for (line, _) in d.examples {
        out.push_str(&format!("       {line}\n"));
    }
    out
}

/// The reference of all tools, as Markdown (`docs/tools.md`).
pub fn reference() -> String {
    let mut out = "# Tools of the console\n\nGenerated from the declarations by `wheel docs`. \
                   The output below is what each line prints on the example host of the tests.\n"
        .to_owned();
    let mut decls: Vec<&Decl> = all().collect();
    decls.sort_by_key(|d| d.name);
    for d in decls {
        out.push_str(&format!("\n## {}\n\n{}.\n\n    {} {}\n", d.name, d.about, d.name, d.synopsis));
        if !d.opts.is_empty() {
            out.push_str("\n| option | meaning |\n|---|---|\n");
        }
        for o in d.opts {
            out.push_str(&format!("| `{}` | {} |\n", opt_name(o).trim(), o.help.replace('|', "\\|")));
        }
        for (line, text) in d.examples {
            out.push_str(&format!("\n```console\n$ {line}\n{text}```\n"));
        }
    }
    out
}

/// Parses arguments as declared; the error is in the tool's own words.
fn parse(d: &Decl, argv: &[String]) -> Result<Args, (i32, String)> {
    let mut args = Args::default();
    let mut words = argv.iter();
    let hint = match d.style {
        Style::Gnu => format!("Try '{} --help' for more information.\n", d.name),
        Style::Curl => "curl: try 'curl --help' or 'curl --manual' for more information\n".to_owned(),
        Style::Plain => format!("usage: {} {}\n", d.name, d.synopsis),
    };
    let status = if matches!(d.name, "ls" | "sort" | "grep" | "curl" | "ping" | "awk") { 2 } else { 1 };
    let key = |o: &Opt| if o.short.is_empty() { o.long } else { o.short }.to_owned();
    // Some tools hand the rest of the line to another command, so options end at the first operand.
    let prefix = matches!(d.name, "ssh" | "xargs" | "watch" | "sudo" | "env" | "find");
    while let Some(w) = words.next() {
        if w == "--" {
            args.rest.extend(words.cloned());
            break;
        }
        let literal = d.name == "find" || d.name == "seq" && w.parse::<f64>().is_ok();
        if !w.starts_with('-') || w == "-" || literal || (prefix && !args.rest.is_empty()) {
            args.rest.push(w.clone());
            if prefix {
                args.rest.extend(words.cloned());
                break;
            }
            continue;
        }
        if let Some(long) = w.strip_prefix("--") {
            let (name, inline) = match long.split_once('=') {
                Some((n, v)) => (n, Some(v.to_owned())),
                None => (long, None),
            };
            let Some(o) = d.opts.iter().find(|o| o.long == name && !name.is_empty()) else {
                let text = match d.style {
                    Style::Gnu => format!("{}: unrecognized option '--{name}'\n{hint}", d.name),
                    Style::Curl => format!("curl: option --{name}: is unknown\n{hint}"),
                    Style::Plain => format!("{}: unknown option '--{name}'\n{hint}", d.name),
                };
                return Err((status, text));
            };
            let v = match (o.value.is_empty(), inline) {
                (true, None) => String::new(),
                (true, Some(_)) => {
                    return Err((status, format!("{}: option '--{name}' doesn't allow an argument\n{hint}", d.name)));
                }
                (false, Some(v)) => v,
                (false, None) => match words.next() {
                    Some(v) => v.clone(),
                    None => {
                        return Err((status, format!("{}: option '--{name}' requires an argument\n{hint}", d.name)));
                    }
                },
            };
            args.flags.push((key(o), v));
            continue;
        }
        // `head -20`, `tail -5`, `ping -4`: a number stands for the count.
        let digits = w.trim_start_matches('-');
        if matches!(d.name, "head" | "tail") && digits.chars().all(|c| c.is_ascii_digit()) {
            args.flags.push(("n".to_owned(), digits.to_owned()));
            continue;
        }
        if let Some(o) = d.opts.iter().find(|o| o.short.len() > 1 && Some(o.short) == w.strip_prefix('-')) {
            args.flags.push((o.short.to_owned(), String::new()));
            continue;
        }
        let mut rest = w.chars().skip(1);
        while let Some(c) = rest.next() {
            let Some(o) = d.opts.iter().find(|o| o.short.chars().eq(std::iter::once(c))) else {
                let text = match d.style {
                    Style::Gnu => format!("{}: invalid option -- '{c}'\n{hint}", d.name),
                    Style::Curl => format!("curl: option -{c}: is unknown\n{hint}"),
                    Style::Plain => format!("{}: unknown option '-{c}'\n{hint}", d.name),
                };
                return Err((status, text));
            };
            if o.value.is_empty() {
                args.flags.push((key(o), String::new()));
                continue;
            }
            let inline: String = rest.by_ref().collect();
            let v = if !inline.is_empty() {
                inline
            } else {
                match words.next() {
                    Some(v) => v.clone(),
                    None => return Err((status, format!("{}: option requires an argument -- '{c}'\n{hint}", d.name))),
                }
            };
            args.flags.push((key(o), v));
        }
    }
    Ok(args)
}

impl Console {
    pub(crate) fn step_tool(&mut self, p: &mut Proc, tool: &mut Tool, host: &mut dyn ConsoleHost) -> bool {
        let Some(decl) = find(&tool.name) else {
            p.err.push_str(&crate::console::shell::unknown(&tool.name));
            p.exit = Some(127);
            return true;
        };
        if tool.args.is_none() {
            if tool.argv.first().is_some_and(|a| a == "--help") {
                p.out.push_str(&usage(decl));
                p.exit = Some(0);
                return true;
            }
            // The incident tools are parsed by the session's own line grammar.
            let raw = incident::TOOLS.iter().any(|d| d.name == decl.name);
            match if raw { Ok(Args::default()) } else { parse(decl, &tool.argv) } {
                Ok(args) => tool.args = Some(args),
                Err((status, text)) => {
                    p.err.push_str(&text);
                    p.exit = Some(status);
                    return true;
                }
            }
        }
        if tool.phase == 0
            && tool.job.is_none()
            && let Err(why) = host.reach(&p.host, decl.name)
        {
            p.err.push_str(&format!("{}: {why}\n", decl.name));
            p.exit = Some(1);
            return true;
        }
        let mut ctx = Ctx { args: tool.args.clone().unwrap_or_default(), p, tool, con: self, host };
        match (decl.step)(&mut ctx) {
            Step::More => true,
            Step::Wait => false,
            Step::Exit(status) => {
                ctx.p.exit = Some(status);
                true
            }
        }
    }
}

/// What a tool works with.
pub(crate) struct Ctx<'a> {
    /// Its arguments.
    pub args: Args,
    /// Its process.
    pub p: &'a mut Proc,
    /// Its registers.
    pub tool: &'a mut Tool,
    /// The process table.
    pub con: &'a mut Console,
    /// The world's capabilities.
    pub host: &'a mut dyn ConsoleHost,
}

/// What a line reader got.
pub(crate) enum Line {
    /// A line without its newline.
    Text(String),
    /// Nothing yet.
    Later,
    /// The end.
    End,
}

impl Ctx<'_> {
    pub fn print(&mut self, text: &str) {
        self.p.out.push_str(text);
    }

    pub fn line(&mut self, text: &str) {
        self.p.out.push_str(text);
        self.p.out.push('\n');
    }

    /// `NAME: message`, and the status becomes 1.
    pub fn error(&mut self, message: &str) {
        self.p.err.push_str(&format!("{}: {message}\n", self.tool.name));
        self.tool.status = self.tool.status.max(1);
    }

    pub fn see(&mut self, what: ObservedKind, target: String, service: Option<String>) {
        self.p.sources.insert(Source { what, target, service, user_facing: false });
    }

    pub fn see_all(&mut self, sources: Sources) {
        self.p.sources.extend(sources);
    }

    pub fn on(&self) -> String {
        self.p.host.clone()
    }

    pub fn service(&self) -> Option<String> {
        self.host.service_of(&self.p.host)
    }

    pub fn full(&self, name: &str) -> String {
        path::absolute(&self.p.cwd, name)
    }

    /// A path's metadata; a user's home is there even if nothing is in it.
    pub fn stat(&self, full: &str) -> Option<Stat> {
        self.host.stat(&self.p.host, full).or_else(|| {
            (full == path::home(&self.p.user)).then(|| Stat {
                dir: true,
                links: 2,
                size: 4096,
                owner: self.p.user.clone(),
                mode: 0o755,
                mtime: self.host.utc(),
            })
        })
    }

    pub fn list(&self, full: &str) -> Result<Vec<(String, Stat)>, String> {
        match self.host.stat(&self.p.host, full) {
            None if self.stat(full).is_some() => return Ok(Vec::new()),
            None => return Err("No such file or directory".to_owned()),
            Some(s) if !path::allowed(&s, &self.p.user, 4) => return Err("Permission denied".to_owned()),
            Some(_) => {}
        }
        self.host.list(&self.p.host, full)
    }

    /// A file's text, with the checks and messages of `open` and `read`.
    pub fn load(&mut self, name: &str) -> Result<String, String> {
        let full = self.full(name);
        let stat = self.stat(&full).ok_or("No such file or directory")?;
        if stat.dir {
            return Err("Is a directory".to_owned());
        }
        if !path::allowed(&stat, &self.p.user, 4) {
            return Err("Permission denied".to_owned());
        }
        let text = self.host.read(&self.p.host, &full)?;
        let sources = self.con.file_sources(&self.p.host, &full, &*self.host);
        self.see_all(sources);
        Ok(text)
    }

    pub fn caller(&self) -> Caller {
        self.con.caller(self.p)
    }

    pub fn apply(&mut self, effect: &Effect, verb: &str, target: &str) -> Result<Applied, String> {
        let who = self.caller();
        self.host.apply(&who, effect, verb, target).map_err(|r| r.message)
    }

    pub fn refuse(&mut self, verb: &str, target: &str, why: &str) {
        let who = self.caller();
        self.host.refused(&who, verb, target, why);
    }

    pub fn sleep_ms(&mut self, ms: u64) -> Step {
        self.tool.wake = Some(self.con.now_ms.saturating_add(ms));
        Step::Wait
    }

    /// Whether it still sleeps.
    pub fn asleep(&mut self) -> bool {
        match self.tool.wake {
            Some(w) if w > self.con.now_ms => true,
            _ => {
                self.tool.wake = None;
                false
            }
        }
    }

    /// A key typed for a full-screen program.
    pub fn key(&mut self) -> Option<String> {
        let id = self.p.terminal;
        self.con.terminal_mut(id)?.keys.pop_front()
    }

    /// The next bytes of the inputs: `files`, or descriptor 0 if there are none.
    pub fn chunk(&mut self, files: &[String]) -> Read {
        if !self.tool.input.ready {
            self.tool.input.ready = true;
            self.tool.input.files = if files.is_empty() { vec!["-".to_owned()] } else { files.to_vec() };
            self.tool.input.files.reverse();
        }
        loop {
            if self.tool.input.stdin {
                match self.con.read(self.p) {
                    Read::End => self.tool.input.stdin = false,
                    other => return other,
                }
            }
            let Some(name) = self.tool.input.files.pop() else {
                self.tool.input.done = true;
                return Read::End;
            };
            self.tool.input.name.clone_from(&name);
            if name == "-" {
                self.tool.input.stdin = true;
                continue;
            }
            match self.load(&name) {
                Ok(text) => return Read::Bytes(text),
                Err(why) => {
                    self.error(&format!("{name}: {why}"));
                }
            }
        }
    }

    /// The next line of the inputs.
    pub fn next_line(&mut self, files: &[String]) -> Line {
        loop {
            let input = &mut self.tool.input;
            let rest = input.buffer.get(input.used..).unwrap_or_default();
            if let Some(at) = rest.find('\n') {
                let line = rest.get(..at).unwrap_or_default().to_owned();
                input.used += at + 1;
                return Line::Text(line);
            }
            let rest = rest.to_owned();
            // What is left of one file is a line of its own, even without a newline.
            let fresh = !input.stdin && input.ready;
            if fresh && !rest.is_empty() {
                input.buffer.clear();
                input.used = 0;
                return Line::Text(rest);
            }
            match self.chunk(files) {
                Read::Bytes(text) => {
                    self.tool.input.buffer = rest + &text;
                    self.tool.input.used = 0;
                }
                Read::Later => {
                    self.tool.input.buffer = rest;
                    self.tool.input.used = 0;
                    return Line::Later;
                }
                Read::End if rest.is_empty() => return Line::End,
                Read::End => {
                    self.tool.input.buffer.clear();
                    self.tool.input.used = 0;
                    return Line::Text(rest);
                }
            }
        }
    }

    /// Collects all input into `tool.lines`; `None` once everything is there.
    pub fn gather(&mut self, files: &[String]) -> Option<Step> {
        for _ in 0..500 {
            match self.next_line(files) {
                Line::Text(t) if self.tool.lines.len() < 200_000 => self.tool.lines.push(t),
                Line::Text(_) => {}
                Line::Later => return Some(Step::Wait),
                Line::End => return None,
            }
        }
        Some(Step::More)
    }
}
