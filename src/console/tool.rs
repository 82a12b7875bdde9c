//! Tools: one declaration each, which feeds parsing, `--help`, `man`, completion, the reference and its own tests.

mod account;
mod archive;
mod argument;
mod awk;
mod base;
mod bash;
mod bc;
mod capture;
mod certificate;
mod change;
mod clock;
mod compare;
mod container;
mod context;
mod data;
mod date;
mod delivery;
mod disk;
mod dump;
mod file;
mod filter;
mod hardware;
mod incident;
mod input;
mod job;
mod journal;
mod kernel;
mod kube;
mod launch;
mod machine;
mod memory;
mod meta;
mod mind;
mod mutate;
mod net;
mod net_tools;
mod network;
mod observe;
mod open_file;
mod ops;
mod ours;
mod pager;
mod platform;
mod port;
mod power;
mod process;
mod reach;
mod resolve;
mod right;
mod route;
mod run;
mod sar;
mod sed;
mod send;
mod socket;
mod store;
mod store_admin;
mod store_copy;
mod strace;
mod system;
mod text;
mod top;
mod trace;
mod xargs;

use crate::console::host::{ConsoleHost, NameKind};
use crate::console::machine::Console;
use crate::console::process::{Args, Proc, Tool};
pub(crate) use archive::zip;
pub(crate) use context::{Ctx, Line};
pub(crate) use date::{civil, days, strftime, strftime_in};
pub use input::Memo;
pub(crate) use kube::complete as complete_kubectl;
pub use mind::Mind;
pub use right::{may_alter, new_mode};

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

/// How the words of a command line divide into options and operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Options may stand anywhere, as GNU tools permute them.
    Mixed,
    /// Options end at the first operand: the rest is a command line of its own (`ssh`, `xargs`, `sudo`).
    Prefix,
    /// A word that is a number is an operand even if it begins with a dash (`seq -3 3`).
    Numbers,
    /// A number behind a dash is the count `n` (`head -20`).
    Count,
    /// The tool parses its words itself (`find`, `ps aux`, `tar xzf`).
    Raw,
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
    /// How words divide into options and operands.
    pub words: Words,
    /// Exit status of a usage error.
    pub misuse: i32,
    /// What the real tool does and this one does not, a sentence each; shown by `man`.
    pub missing: &'static [&'static str],
    /// Command lines with what they print on the example host; run as tests.
    pub examples: &'static [(&'static str, &'static str)],
    /// One step of it.
    pub(crate) step: fn(&mut Ctx<'_>) -> Step,
}

impl Decl {
    /// A declaration to begin from: `Decl { name: "uptime", …, ..Decl::BLANK }`.
    pub const BLANK: Decl = Decl {
        name: "",
        synopsis: "",
        about: "",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        words: Words::Mixed,
        misuse: 1,
        missing: &[],
        examples: &[],
        step: |_| Step::Exit(0),
    };
}

/// An option without a value.
pub(crate) const fn flag(short: &'static str, long: &'static str, help: &'static str) -> Opt {
    Opt { short, long, value: "", help }
}

/// An option with a value.
pub(crate) const fn value(short: &'static str, long: &'static str, value: &'static str, help: &'static str) -> Opt {
    Opt { short, long, value, help }
}

/// Tools that take what `<(…)` gives as it comes; the others wait for all of it.
const STREAMS: [&str; 10] = ["cat", "expand", "fold", "head", "nl", "rev", "tee", "tr", "unexpand", "uniq"];

const ROOMS: &[&[Decl]] = &[
    account::TOOLS,
    base::CHECKSUMS,
    base::ENCODINGS,
    base::IDENTITY,
    base::NAMES,
    base::REST,
    launch::TOOLS,
    ops::TOOLS,
    bash::TOOLS,
    change::TOOLS,
    container::TOOLS,
    delivery::TOOLS,
    delivery::GIT,
    file::TOOLS,
    text::TOOLS,
    text::cat::TOOLS,
    text::count::TOOLS,
    text::expr::TOOLS,
    text::fmt::TOOLS,
    text::fold::TOOLS,
    text::head::TOOLS,
    text::numfmt::TOOLS,
    text::pr::TOOLS,
    text::seq::TOOLS,
    text::shuffle::TOOLS,
    text::split::TOOLS,
    text::table::TOOLS,
    archive::TOOLS,
    awk::TOOLS,
    date::TOOLS,
    sed::TOOLS,
    filter::grep::TOOLS,
    filter::tr::TOOLS,
    filter::column::TOOLS,
    filter::join::TOOLS,
    filter::sort::TOOLS,
    filter::uniq::TOOLS,
    mutate::TOOLS,
    system::TOOLS,
    journal::TOOLS,
    net::TOOLS,
    resolve::TOOLS,
    network::TOOLS,
    net_tools::TOOLS,
    power::TOOLS,
    clock::TOOLS,
    compare::TOOLS,
    bc::TOOLS,
    pager::TOOLS,
    data::TOOLS,
    data::PSQL,
    data::mysql::TOOLS,
    data::redis::TOOLS,
    data::broker::TOOLS,
    data::patroni::TOOLS,
    data::yq::TOOLS,
    run::TOOLS,
    ours::TOOLS,
    kernel::TOOLS,
    kube::TOOLS,
    observe::TOOLS,
    platform::TOOLS,
    store::TOOLS,
    store_copy::TOOLS,
    data::dump::TOOLS,
    trace::TOOLS,
    meta::TOOLS,
    capture::TOOLS,
    certificate::TOOLS,
    disk::TOOLS,
    dump::TOOLS,
    hardware::TOOLS,
    memory::TOOLS,
    open_file::TOOLS,
    port::TOOLS,
    process::TOOLS,
    route::TOOLS,
    sar::TOOLS,
    send::TOOLS,
    socket::TOOLS,
    strace::TOOLS,
    top::TOOLS,
    xargs::TOOLS,
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

/// Words separated by commas, in indented lines of at most 80 columns.
fn folded(words: &[&str]) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for (i, w) in words.iter().enumerate() {
        let end = if i + 1 == words.len() { "" } else { "," };
        if !line.is_empty() && 8 + line.len() + w.len() + end.len() > 80 {
            out.push_str(&format!("       {line}\n"));
            line.clear();
        }
        let space = if line.is_empty() { "" } else { " " };
        line.push_str(&format!("{space}{w}{end}"));
    }
    out.push_str(&format!("       {line}\n"));
    out
}

/// What `man NAME` prints.
pub fn manual(d: &Decl) -> String {
    let head = format!("{}(1)", d.name.to_uppercase());
    let mut out = format!("{head:<34}User Commands{head:>33}\n\nNAME\n       {} - {}\n\n", d.name, d.about);
    out.push_str(&format!("SYNOPSIS\n       {} {}\n", d.name, d.synopsis));
    let mut about = d.about.chars();
    let first = about.next().map(char::to_uppercase).into_iter().flatten();
    out.push_str(&format!("\nDESCRIPTION\n       {}{}.\n", first.collect::<String>(), about.as_str()));
    if !d.subs.is_empty() {
        out.push_str(&format!("\nCOMMANDS\n{}", folded(d.subs)));
    }
    if !d.opts.is_empty() {
        out.push_str("\nOPTIONS\n");
    }
    for o in d.opts {
        out.push_str(&format!("       {}\n              {}\n", opt_name(o).trim_start(), o.help));
    }
    if !d.missing.is_empty() {
        out.push_str("\nNOT SIMULATED\n");
    }
    for what in d.missing {
        out.push_str(&format!("       {what}\n"));
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
        for what in d.missing {
            out.push_str(&format!("\nNot simulated: {what}\n"));
        }
        for (line, text) in d.examples {
            out.push_str(&format!("\n```console\n$ {line}\n{text}```\n"));
        }
    }
    out.push_str(&crate::console::builtin::reference());
    out
}

/// What a tool still prints when Ctrl-C ends it.
pub(crate) fn last_words(tool: &Tool) -> String {
    match tool.name.as_str() {
        "ping" => port::last_words(tool),
        "tcpdump" => {
            format!("{} packets captured\n{} packets received by filter\n0 packets dropped by kernel\n", tool.n, tool.m)
        }
        "strace" => {
            let pid = tool.args.as_ref().and_then(|a| a.get("p")).unwrap_or_default();
            format!("strace: Process {pid} detached\n")
        }
        _ => String::new(),
    }
}

/// Whether a tool takes Ctrl-C and goes on; it is told of it then.
pub(crate) fn catches(tool: &mut Tool) -> bool {
    let running = tool.job.is_some();
    let caught = match tool.mind.as_deref_mut() {
        Some(Mind::Psql(session)) => session.interrupt(running),
        Some(Mind::Mysql(session)) => session.interrupt(running),
        _ => false,
    };
    if caught {
        tool.wake = None;
    }
    caught
}

/// The name of what stands for a command that is not there while a game master may answer it.
pub(crate) const UNKNOWN: &str = "(unknown)";

/// Milliseconds for which a game master may answer in place of a command that is not there.
pub(crate) const ANSWER_MS: u64 = 8_000;

impl Console {
    /// Nobody has answered in its place yet: it waits, then says what a shell says.
    fn step_unknown(&mut self, p: &mut Proc, tool: &mut Tool) -> bool {
        let until = *tool.wake.get_or_insert(self.now_ms.saturating_add(ANSWER_MS));
        if self.now_ms < until {
            return false;
        }
        // Its words are the command's name, and how its shell begins a message.
        let word = |at: usize| tool.argv.get(at).map_or("", String::as_str);
        p.err.push_str(&crate::console::shell::unknown(word(1), word(0), word(1).starts_with('-')));
        p.exit = Some(127);
        true
    }

    /// Whether what `<(…)` gives for a tool's operands is there as a whole.
    fn inputs_gathered(&mut self, p: &Proc, tool: &Tool) -> bool {
        let named = |a: &String| a.rsplit_once("/dev/fd/").and_then(|(_, n)| n.parse::<u32>().ok());
        let mut all = true;
        for n in tool.argv.iter().filter_map(named) {
            all &= self.gathered(p, n);
        }
        all
    }

    pub(crate) fn step_tool(&mut self, p: &mut Proc, tool: &mut Tool, host: &mut dyn ConsoleHost) -> bool {
        if tool.name == UNKNOWN {
            return self.step_unknown(p, tool);
        }
        let Some(decl) = find(&tool.name) else {
            p.err.push_str(&crate::console::shell::unknown("-bash: ", &tool.name, true));
            p.exit = Some(127);
            return true;
        };
        if tool.args.is_none() {
            let asked = match tool.argv.as_slice() {
                [first, ..] if first == "--help" => true,
                [sub, second, ..] => {
                    second == "--help" && decl.subs.contains(&sub.as_str()) && !matches!(decl.words, Words::Raw)
                }
                _ => false,
            };
            if asked {
                p.out.push_str(&usage(decl));
                p.exit = Some(0);
                return true;
            }
            // The incident tools are parsed by the session's own line grammar.
            let raw = incident::TOOLS.iter().any(|d| d.name == decl.name);
            match if raw { Ok(Args::default()) } else { argument::parse(decl, &tool.argv) } {
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
            let text = if decl.name == "kubectl" { kube::unreachable(&why) } else { format!("{}: {why}\n", decl.name) };
            p.err.push_str(&text);
            p.exit = Some(1);
            return true;
        }
        if !STREAMS.contains(&decl.name) && !self.inputs_gathered(p, tool) {
            return false;
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
