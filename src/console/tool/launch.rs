//! env, timeout, nohup, setsid, stdbuf: tools that run another command in changed circumstances.

use crate::console::expand::Val;
use crate::console::path;
use crate::console::process::{Fd, Proc};
use crate::console::shell::signal;
use crate::console::tool::run::quote;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};
use crate::console::{builtin, tool};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "env",
        synopsis: "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]",
        about: "run a program in a modified environment",
        opts: &[
            flag("i", "ignore-environment", "start with an empty environment"),
            flag("0", "null", "end each output line with NUL, not newline"),
            value("u", "unset", "NAME", "remove variable from the environment"),
            value("C", "chdir", "DIR", "change working directory to DIR"),
            value("S", "split-string", "S", "process and split S into separate arguments"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        misuse: 125,
        examples: &[
            ("env | grep USER", "USER=primary\n"),
            ("env A=1 printenv A", "1\n"),
            ("env -i A=1", "A=1\n"),
            ("env nosuch", "env: ‘nosuch’: No such file or directory\n"),
        ],
        step: env,
        ..Decl::BLANK
    },
    Decl {
        name: "timeout",
        synopsis: "[OPTION] DURATION COMMAND [ARG]...",
        about: "run a command with a time limit",
        opts: &[
            flag("", "preserve-status", "exit with the same status as COMMAND, even when it times out"),
            flag("", "foreground", "accepted: the command may read from the terminal here anyway"),
            value("k", "kill-after", "DURATION", "also send a KILL signal if COMMAND is still running this long after"),
            value("s", "signal", "SIGNAL", "specify the signal to be sent on timeout"),
            flag("v", "verbose", "diagnose to stderr any signal sent upon timeout"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        misuse: 125,
        examples: &[("timeout 1 sleep 5; echo $?", "124\n"), ("timeout 5 echo in time", "in time\n")],
        step: timeout,
        ..Decl::BLANK
    },
    Decl {
        name: "nohup",
        synopsis: "COMMAND [ARG]...",
        about: "run a command immune to hangups, with output to a non-tty",
        operand: Operand::Tool,
        words: Words::Prefix,
        misuse: 125,
        missing: &["What runs on when its terminal is closed: a session's terminals stay open."],
        examples: &[("nohup echo x", "nohup: ignoring input and appending output to 'nohup.out'\n")],
        step: nohup,
        ..Decl::BLANK
    },
    Decl {
        name: "setsid",
        synopsis: "[-cfw] PROGRAM [ARG]...",
        about: "run a program in a new session",
        opts: &[
            flag("c", "ctty", "accepted"),
            flag("f", "fork", "accepted"),
            flag("w", "wait", "wait for the program to end and return its status"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        examples: &[("setsid -w echo x", "x\n")],
        step: |c| plain(c, 0),
        ..Decl::BLANK
    },
    Decl {
        name: "stdbuf",
        synopsis: "[-ioe MODE] COMMAND [ARG]...",
        about: "run a command with modified buffering of its standard streams",
        opts: &[
            value("i", "input", "MODE", "adjust standard input stream buffering"),
            value("o", "output", "MODE", "adjust standard output stream buffering"),
            value("e", "error", "MODE", "adjust standard error stream buffering"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        misuse: 125,
        examples: &[("stdbuf -oL echo x", "x\n")],
        step: |c| plain(c, 125),
        ..Decl::BLANK
    },
];

/// Whether a child runs: nothing was started, it goes on, or it ended with this status.
pub(crate) fn child(c: &mut Ctx<'_>) -> Option<Result<i32, Step>> {
    let pid = c.tool.child?;
    if let Some(status) = c.con.exits.remove(&pid) {
        c.tool.child = None;
        return Some(Ok(status));
    }
    if c.con.procs.contains_key(&pid) {
        return Some(Err(Step::Wait));
    }
    c.tool.child = None;
    Some(Ok(137))
}

/// Starts a command as a child of `there`, which is this process with other circumstances; else the status to end with.
pub(crate) fn start(c: &mut Ctx<'_>, mut there: Proc, words: &[String]) -> Result<(), i32> {
    there.out.clear();
    there.err.clear();
    let me = c.tool.name.clone();
    let name = words.first().cloned().unwrap_or_default();
    let fds = there.fds;
    let script = name.contains('/') && tool::find(path::base(&name)).is_none();
    let made = if tool::find(&name).is_some() && !builtin::is(&name) {
        c.con.spawn_tool(&there, fds, words)
    } else if script {
        match c.look(&name, true) {
            Ok(s) if s.dir || !path::allowed(&s, &c.p.user, 1) => {
                c.p.err.push_str(&format!("{me}: ‘{name}’: Permission denied\n"));
                return Err(126);
            }
            Ok(_) => c.con.spawn_text(&there, &quote(words), fds).ok(),
            Err(why) => {
                c.p.err.push_str(&format!("{me}: ‘{name}’: {why}\n"));
                return Err(127);
            }
        }
    } else if builtin::is_program(&name) || name.contains('/') || on_path(c, &there, &name) {
        c.con.spawn_text(&there, &quote(words), fds).ok()
    } else {
        c.p.err.push_str(&format!("{me}: ‘{name}’: No such file or directory\n"));
        return Err(127);
    };
    match made {
        Some(pid) => {
            c.tool.child = Some(pid);
            Ok(())
        }
        None => {
            c.error("cannot fork: Resource temporarily unavailable");
            Err(125)
        }
    }
}

/// Whether a script of this name lies in a directory of `PATH`.
fn on_path(c: &Ctx<'_>, there: &Proc, name: &str) -> bool {
    let dirs = there.env.get("PATH").map(|v| v.text.clone()).unwrap_or_default();
    dirs.split(':').any(|d| {
        let full = path::absolute(&there.cwd, &path::join(if d.is_empty() { "." } else { d }, name));
        c.stat(&full).is_some_and(|s| !s.dir && s.mode & 0o111 != 0)
    })
}

/// Runs the operands as they are.
fn plain(c: &mut Ctx<'_>, none: i32) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let words = c.args.rest.clone();
    if words.is_empty() {
        return c.misuse("missing operand", none.max(1));
    }
    match start(c, c.p.clone(), &words) {
        Ok(()) => Step::More,
        Err(status) => Step::Exit(status),
    }
}

/// Splits the text of `env -S` into words: quotes, backslashes and `${NAME}`.
fn split(text: &str, c: &Ctx<'_>) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    let mut quoted: Option<char> = None;
    while let Some(ch) = chars.next() {
        match (quoted, ch) {
            (Some(q), ch) if ch == q => quoted = None,
            (None, '\'' | '"') => {
                quoted = Some(ch);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\n') => words.extend(word.take()),
            (None, '#') if word.is_none() => break,
            (q, '\\') if q != Some('\'') => match chars.next() {
                Some('n') => word.get_or_insert_default().push('\n'),
                Some('t') => word.get_or_insert_default().push('\t'),
                Some('_') if q.is_none() => words.extend(word.take()),
                Some('_') => word.get_or_insert_default().push(' '),
                Some(other) => word.get_or_insert_default().push(other),
                None => return Err("invalid backslash at end of string in -S".to_owned()),
            },
            (q, '$') if q != Some('\'') => {
                if chars.next() != Some('{') {
                    return Err("only ${VARNAME} expansion is supported, error at: ".to_owned() + text);
                }
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                let value = c.p.env.get(&name).map(|v| v.text.clone()).unwrap_or_default();
                word.get_or_insert_default().push_str(&value);
            }
            (_, ch) => word.get_or_insert_default().push(ch),
        }
    }
    if quoted.is_some() {
        return Err("no terminating quote in -S string".to_owned());
    }
    words.extend(word);
    Ok(words)
}

fn env(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let a = c.args.clone();
    let mut words = a.rest.clone();
    if let Some(text) = a.get("S") {
        match split(text, c) {
            Ok(more) => words = more.into_iter().chain(words).collect(),
            Err(why) => {
                c.error(&why);
                return Step::Exit(125);
            }
        }
    }
    let mut there = c.p.clone();
    if a.has("i") || words.first().is_some_and(|w| w == "-") {
        there.env.clear();
        if words.first().is_some_and(|w| w == "-") {
            words.remove(0);
        }
    }
    for (_, name) in a.flags.iter().filter(|(k, _)| k == "u") {
        there.env.remove(name);
    }
    while let Some((name, value)) = words.first().and_then(|w| w.split_once('=')) {
        let val = Val { text: value.to_owned(), exported: true, ..Default::default() };
        there.env.insert(name.to_owned(), val);
        words.remove(0);
    }
    if let Some(dir) = a.get("C") {
        let full = c.full(dir);
        let why = match c.look(dir, true) {
            Ok(s) if s.dir => None,
            Ok(_) => Some("Not a directory".to_owned()),
            Err(why) => Some(why),
        };
        if words.is_empty() {
            c.p.err.push_str("env: must specify command with --chdir (-C)\n");
            c.misuse_hint();
            return Step::Exit(125);
        }
        if let Some(why) = why {
            c.error(&format!("cannot change directory to '{dir}': {why}"));
            return Step::Exit(125);
        }
        there.cwd = full;
    }
    if words.is_empty() {
        let end = if a.has("0") { "\0" } else { "\n" };
        for (k, v) in &there.env {
            c.see_all(v.sources.clone());
            c.print(&format!("{k}={}{end}", v.text));
        }
        return Step::Exit(0);
    }
    match start(c, there, &words) {
        Ok(()) => Step::More,
        Err(status) => Step::Exit(status),
    }
}

fn timeout(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let sent = match a.get("s") {
        None => (15, "TERM"),
        Some(text) => match signal(text) {
            Some(s) => s,
            None => {
                c.p.err.push_str(&format!("timeout: ‘{text}’: invalid signal\n"));
                c.misuse_hint();
                return Step::Exit(125);
            }
        },
    };
    match child(c) {
        Some(Ok(status)) => {
            c.tool.wake = None;
            let cut = c.tool.phase > 0;
            return Step::Exit(match cut {
                true if a.has("preserve-status") => status,
                true if sent.0 == 9 || c.tool.phase == 2 => 137,
                true => 124,
                false => status,
            });
        }
        Some(Err(_)) => {
            let Some(pid) = c.tool.child else { return Step::Wait };
            let Some(at) = c.tool.wake.filter(|w| *w <= c.con.now_ms) else { return Step::Wait };
            let sent = if c.tool.phase > 0 { (9, "KILL") } else { sent };
            let name = a.at(1).unwrap_or_default();
            if a.has("v") {
                c.p.err.push_str(&format!("timeout: sending signal {} to command ‘{name}’\n", sent.1));
            }
            let after = a.get("k").and_then(crate::console::tool::meta::millis).filter(|ms| *ms > 0);
            c.tool.wake = if c.tool.phase == 0 { after.map(|ms| at.saturating_add(ms)) } else { None };
            c.tool.phase += 1;
            c.con.send(pid, sent, c.host);
            return Step::More;
        }
        None => {}
    }
    let mut words = a.rest.clone();
    if words.len() < 2 {
        c.misuse_hint();
        return Step::Exit(125);
    }
    let limit = words.remove(0);
    for text in [Some(limit.as_str()), a.get("k")].into_iter().flatten() {
        if crate::console::tool::meta::millis(text).is_none() {
            return c.misuse(&format!("invalid time interval ‘{text}’"), 125);
        }
    }
    let ms = crate::console::tool::meta::millis(&limit).unwrap_or(0);
    match start(c, c.p.clone(), &words) {
        Ok(()) => {
            c.tool.wake = (ms > 0).then(|| c.con.now_ms.saturating_add(ms));
            Step::More
        }
        Err(status) => Step::Exit(status),
    }
}

fn nohup(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let words = c.args.rest.clone();
    if words.is_empty() {
        return c.misuse("missing operand", 125);
    }
    let mut there = c.p.clone();
    let [input, output, errors] = there.fds;
    if output == Fd::Term {
        let full = c.full("nohup.out");
        let (on, fresh) = (c.on(), c.stat(&full).is_none());
        if fresh && let Err(why) = crate::console::tool::mutate::write(c, &full, String::new(), true) {
            c.error(&format!("failed to open 'nohup.out': {why}"));
            return Step::Exit(125);
        }
        let fd = c.con.open_append(&on, &full);
        there.fds =
            [if input == Fd::Term { Fd::Null } else { input }, fd, if errors == Fd::Term { fd } else { errors }];
        c.tool.held.push(fd);
        let what = if input == Fd::Term { "ignoring input and " } else { "" };
        c.p.err.push_str(&format!("nohup: {what}appending output to 'nohup.out'\n"));
    } else if input == Fd::Term {
        there.fds = [Fd::Null, output, if errors == Fd::Term { output } else { errors }];
        c.p.err.push_str("nohup: ignoring input\n");
    }
    match start(c, there, &words) {
        Ok(()) => Step::More,
        Err(status) => Step::Exit(status),
    }
}
