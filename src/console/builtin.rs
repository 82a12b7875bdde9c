//! Commands that the shell itself carries out.

use crate::console::condition;
use crate::console::expand::Evaluated;
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, MAX_PROCS};
use crate::console::printf;
use crate::console::process::{Proc, Shell};
use crate::console::shell::{fail, set};
use crate::console::tool;
use std::collections::BTreeMap;
use std::sync::Arc;

mod control;
mod declare;
mod directory;
mod job;

/// Name, arguments and meaning of all of them, as `help NAME` prints them.
pub const HELP: [(&str, &str, &str); 56] = [
    (".", "FILENAME [ARGUMENTS]", "Execute commands from a file in the current shell."),
    (":", "", "Null command: no effect, and it succeeds."),
    ("[", "ARG... ]", "Evaluate conditional expression; a synonym of `test' that ends with `]'."),
    ("alias", "[NAME[=VALUE] ...]", "Define or display aliases."),
    ("bg", "[JOB_SPEC]", "Move jobs to the background."),
    ("break", "[N]", "Exit for, while, or until loops."),
    ("builtin", "[SHELL-BUILTIN [ARG ...]]", "Execute shell builtins."),
    ("cd", "[DIR | -]", "Change the shell working directory; `cd -' goes back to the last one."),
    ("command", "[-vV] COMMAND [ARG ...]", "Execute a simple command, or say what it is."),
    ("continue", "[N]", "Resume for, while, or until loops."),
    ("declare", "[-aAfFgilnrux] [-p] [NAME[=VALUE] ...]", "Set variable values and attributes."),
    ("dirs", "[-clpv]", "Display directory stack."),
    ("disown", "[JOB_SPEC]", "Remove jobs from current shell."),
    ("echo", "[-neE] [ARG ...]", "Write arguments to the standard output."),
    ("eval", "[ARG ...]", "Execute arguments as a shell command."),
    ("exec", "[COMMAND [ARGUMENT ...]] [REDIRECTION ...]", "Replace the shell with the given command."),
    ("exit", "[N]", "Exit the shell."),
    ("export", "[-np] [NAME[=VALUE] ...]", "Set export attribute for shell variables."),
    ("false", "", "Return an unsuccessful result."),
    ("fg", "[JOB_SPEC]", "Move job to the foreground."),
    ("getopts", "OPTSTRING NAME [ARG ...]", "Parse option arguments."),
    ("hash", "[-r] [NAME ...]", "Remember or display program locations."),
    ("help", "[NAME]", "Display information about tools and builtin commands."),
    ("history", "[-c] [N]", "Display the history list."),
    ("jobs", "[-lp]", "Display status of jobs."),
    ("kill", "[-s SIGSPEC | -n SIGNUM | -SIGSPEC] PID | JOBSPEC ...", "Send a signal to a job or process."),
    ("let", "ARG [ARG ...]", "Evaluate arithmetic expressions."),
    ("local", "[OPTION] NAME[=VALUE] ...", "Define local variables."),
    ("logout", "[N]", "Exit a login shell."),
    (
        "mapfile",
        "[-t] [-d DELIM] [-n COUNT] [-O ORIGIN] [-s COUNT] [-u FD] [ARRAY]",
        "Read lines from the standard input into an indexed array.",
    ),
    ("popd", "", "Remove directories from stack."),
    ("printf", "[-v VAR] FORMAT [ARGUMENTS]", "Format and print ARGUMENTS under control of the FORMAT."),
    ("pushd", "[DIR]", "Add directories to stack."),
    ("pwd", "[-LP]", "Print the name of the current working directory."),
    (
        "read",
        "[-r] [-a ARRAY] [-d DELIM] [-n NCHARS] [-N NCHARS] [-p PROMPT] [-t TIMEOUT] [-u FD] [NAME ...]",
        "Read a line from the standard input and split it into fields.",
    ),
    ("readarray", "[-t] [ARRAY]", "Read lines from a file into an array variable; a synonym of `mapfile'."),
    ("readonly", "[-aAf] [NAME[=VALUE] ...]", "Mark shell variables as unchangeable."),
    ("return", "[N]", "Return from a shell function."),
    (
        "set",
        "[-aefnuvxBCE] [-o OPTION-NAME] [--] [ARG ...]",
        "Set or unset values of shell options and positional parameters.",
    ),
    ("shift", "[N]", "Shift positional parameters."),
    ("shopt", "[-qsu] [OPTNAME ...]", "Set and unset shell options."),
    ("source", "FILENAME [ARGUMENTS]", "Execute commands from a file in the current shell."),
    ("test", "[EXPR]", "Evaluate conditional expression."),
    ("times", "", "Display process times."),
    ("trap", "[-p] [[ARG] SIGNAL_SPEC ...]", "Trap signals and other events."),
    ("true", "", "Return a successful result."),
    ("type", "[-at] NAME [NAME ...]", "Display information about command type."),
    ("typeset", "[-aAfFgilnrux] [-p] NAME[=VALUE] ...", "Set variable values and attributes; a synonym of `declare'."),
    ("ulimit", "[-acfnuv]", "Display shell resource limits."),
    ("umask", "[-S] [MODE]", "Display or set file mode mask; new files here keep the usual modes."),
    ("unalias", "[-a] NAME [NAME ...]", "Remove each NAME from the list of defined aliases."),
    ("unset", "[-fv] [NAME ...]", "Unset values and attributes of shell variables and functions."),
    ("wait", "[-n] [ID ...]", "Wait for job completion and return exit status."),
    ("which", "NAME ...", "Locate a command."),
    ("caller", "", "Return the context of the current subroutine call."),
    ("enable", "", "Accepted; all builtins are enabled."),
];

/// Names of all of them.
pub const NAMES: [&str; 56] = {
    let mut names = [""; 56];
    let mut i = 0;
    while i < 56 {
        names[i] = HELP[i].0;
        i += 1;
    }
    names
};

/// Whether there is a program of this name too, for whoever runs programs without a shell.
pub fn is_program(name: &str) -> bool {
    matches!(name, "echo" | "printf" | "test" | "[" | "true" | "false" | "pwd" | "kill")
}

/// Whether the shell carries it out itself.
pub fn is(name: &str) -> bool {
    NAMES.contains(&name)
}

impl Console {
    pub(crate) fn builtin(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        argv: &[String],
        assigned: &BTreeMap<usize, Evaluated>,
        host: &mut dyn ConsoleHost,
    ) {
        let name = argv.first().map(String::as_str).unwrap_or_default();
        let args = argv.get(1..).unwrap_or_default();
        let before = sh.before;
        sh.status = 0;
        name.clone_into(&mut sh.last_builtin);
        if args.first().is_some_and(|a| a == "--help")
            && !matches!(name, "echo" | "test" | "[" | ":" | "true" | "false")
        {
            if let Some((n, synopsis, about)) = HELP.iter().find(|h| h.0 == name) {
                p.out.push_str(&format!("{n}: {n} {synopsis}\n    {about}\n"));
            }
            return;
        }
        match name {
            ":" | "true" | "enable" => {}
            "false" => sh.status = 1,
            "echo" => p.out.push_str(&printf::echo(args, sh.opts.xpg_echo)),
            "printf" => print_formatted(p, sh, args, host),
            "test" | "[" => {
                let words = match (name, args.split_last()) {
                    ("[", Some((end, rest))) if end == "]" => rest,
                    ("[", _) => return fail(p, sh, 2, "[: missing `]'"),
                    _ => args,
                };
                match condition::test(words, p, sh, &*host) {
                    Ok(yes) => sh.status = i32::from(!yes),
                    Err(message) => fail(p, sh, 2, &format!("{name}: {message}")),
                }
            }
            "exit" | "logout" => {
                let status = match args.first().map(|a| a.parse::<i64>()) {
                    None => before,
                    Some(Ok(n)) => (n & 255) as i32,
                    Some(Err(_)) => {
                        let shown = args.first().cloned().unwrap_or_default();
                        fail(p, sh, 2, &format!("{name}: {shown}: numeric argument required"));
                        2
                    }
                };
                if sh.interactive {
                    p.sources.clear();
                    p.err.push_str("logout\n");
                }
                self.leave(p, sh, status, host);
            }
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(p, sh, argv, assigned, host),
            "unset" => self.unset(p, sh, args),
            "set" => {
                sh.status = 0;
                self.set_builtin(p, sh, args);
            }
            "shopt" => self.shopt(p, sh, args),
            "shift" => {
                let n = args.first().map_or(Some(1), |a| a.parse::<usize>().ok());
                match n {
                    None => fail(p, sh, 1, "shift: numeric argument required"),
                    Some(n) if n > sh.args.len() => sh.status = 1,
                    Some(n) => drop(sh.args.drain(..n)),
                }
            }
            "trap" => self.trap(p, sh, args),
            "getopts" => self.getopts(p, sh, args),
            "eval" => {
                sh.status = if args.is_empty() { 0 } else { before };
                self.eval(sh, args);
            }
            "source" | "." => self.source(p, sh, args, host),
            "let" => self.let_builtin(p, sh, args, host),
            "return" => self.return_from(p, sh, args, before),
            "read" => self.read_command(p, sh, args),
            "mapfile" | "readarray" => self.mapfile(p, sh, args),
            "break" | "continue" => self.leave_loop(p, sh, name, args),
            "jobs" => self.jobs(p, sh, args),
            "fg" | "bg" => self.resume(p, sh, name, args),
            "wait" => self.wait_builtin(p, sh, args),
            "kill" => self.kill_builtin(p, sh, args, host),
            "disown" => sh.jobs.clear(),
            "cd" | "pushd" | "popd" | "dirs" | "pwd" | "umask" => self.directory(p, sh, name, args, host),
            "ulimit" => {
                let limit = match args.first().map(String::as_str) {
                    Some("-n") => "1024".to_owned(),
                    Some("-u") => MAX_PROCS.to_string(),
                    Some("-c") => "0".to_owned(),
                    _ => "unlimited".to_owned(),
                };
                p.out.push_str(&format!("{limit}\n"));
            }
            "times" => p.out.push_str("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n"),
            "hash" => {
                for a in args.iter().filter(|a| !a.starts_with('-') && tool::find(a).is_none()) {
                    fail(p, sh, 1, &format!("hash: {a}: not found"));
                }
            }
            "caller" => sh.status = i32::from(sh.calls.is_empty()),
            "history" => self.history(p, args),
            "alias" => alias(p, sh, args),
            "unalias" => {
                for a in args {
                    let aliases = Arc::make_mut(&mut sh.aliases);
                    if a == "-a" {
                        aliases.clear();
                    } else if aliases.remove(a).is_none() {
                        fail(p, sh, 1, &format!("unalias: {a}: not found"));
                    }
                }
            }
            "type" | "which" | "command" => self.kind_of(p, sh, name, args),
            "help" => match args {
                [] => p.out.push_str(&tool::overview()),
                [topic] => match (tool::find(topic), HELP.iter().find(|h| h.0 == topic)) {
                    (_, Some((n, synopsis, about))) => p.out.push_str(&format!("{n}: {n} {synopsis}\n    {about}\n")),
                    (Some(decl), None) => p.out.push_str(&tool::usage(decl)),
                    _ => self.ask_for_help(p, sh, argv, host),
                },
                _ => self.ask_for_help(p, sh, argv, host),
            },
            _ => {}
        }
    }

    fn history(&mut self, p: &mut Proc, args: &[String]) {
        if args.first().is_some_and(|a| a == "-c") {
            if let Some(t) = self.terminal_mut(p.terminal) {
                t.history.clear();
            }
            return;
        }
        let lines = self.terminal(p.terminal).map(|t| t.history.clone()).unwrap_or_default();
        let last = args.first().and_then(|a| a.parse::<usize>().ok()).unwrap_or(lines.len());
        for (i, line) in lines.iter().enumerate().skip(lines.len().saturating_sub(last)) {
            p.out.push_str(&format!("{:>5}  {line}\n", i + 1));
        }
    }

    fn kind_of(&mut self, p: &mut Proc, sh: &mut Shell, name: &str, args: &[String]) {
        const KEYWORDS: [&str; 21] = [
            "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
            "function", "time", "{", "}", "!", "[[", "]]",
        ];
        let short = name == "command" && !args.iter().any(|a| a == "-V");
        let word = args.iter().any(|a| a == "-t");
        for a in args.iter().filter(|a| !a.starts_with('-')) {
            let (kind, long) = if let Some(v) = sh.aliases.get(a).filter(|_| sh.opts.expand_aliases && name != "which")
            {
                let line = if short { format!("alias {a}='{v}'") } else { format!("{a} is aliased to `{v}'") };
                ("alias", line)
            } else if KEYWORDS.contains(&a.as_str()) && name != "which" {
                ("keyword", if short { a.clone() } else { format!("{a} is a shell keyword") })
            } else if sh.functions.contains_key(a) && name != "which" {
                ("function", if short { a.clone() } else { format!("{a} is a function") })
            } else if is(a) && name != "which" {
                ("builtin", if short { a.clone() } else { format!("{a} is a shell builtin") })
            } else if tool::find(a).is_some() {
                let at = format!("/usr/bin/{a}");
                ("file", if short || name == "which" { at } else { format!("{a} is {at}") })
            } else {
                sh.status = 1;
                if !word && !short && name != "which" {
                    let status = sh.status;
                    fail(p, sh, status, &format!("{name}: {a}: not found"));
                }
                continue;
            };
            p.out.push_str(&if word { format!("{kind}\n") } else { format!("{long}\n") });
        }
    }

    /// `help db` asks the people in the incident channel.
    pub(super) fn ask_for_help(&mut self, p: &mut Proc, sh: &mut Shell, argv: &[String], host: &mut dyn ConsoleHost) {
        match host.incident(&self.caller(p), argv) {
            Ok(line) => p.out.push_str(&format!("{line}\n")),
            Err(message) => fail(p, sh, 1, &message),
        }
    }
}

fn print_formatted(p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
    let mut args = args;
    let mut to = None;
    if let [flag, name, rest @ ..] = args
        && flag == "-v"
    {
        to = Some(name.clone());
        args = rest;
    }
    if args.first().is_some_and(|a| a == "--") {
        args = args.get(1..).unwrap_or_default();
    }
    let Some((format, values)) = args.split_first() else {
        return fail(p, sh, 2, "printf: usage: printf [-v var] format [arguments]");
    };
    let (printed, problem) = match printf::printf(format, values, host.utc().0) {
        Ok(printed) => (printed, None),
        Err((printed, why)) => (printed, Some(why)),
    };
    for why in printed.problems.iter().chain(&problem) {
        fail(p, sh, 1, &format!("printf: {why}"));
    }
    match to {
        Some(name) => match name.split_once('[') {
            Some((array, rest)) => {
                let index = rest.strip_suffix(']').unwrap_or(rest).to_owned();
                if let Err(why) = sh.store(array, Some(&index), &printed.text, false, p.sources.clone(), 0) {
                    fail(p, sh, 1, &why);
                }
            }
            None => set(p, sh, &name, &printed.text, p.sources.clone()),
        },
        None => p.out.push_str(&printed.text),
    }
}

fn alias(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let line = |k: &str, v: &str| format!("alias {k}='{}'\n", v.replace('\'', "'\\''"));
    if args.iter().all(|a| a == "-p") {
        let all: Vec<String> = sh.aliases.iter().map(|(k, v)| line(k, v)).collect();
        p.out.push_str(&all.concat());
    }
    for a in args.iter().filter(|a| *a != "-p") {
        match a.split_once('=') {
            Some((k, v)) if sh.aliases.len() < 200 => {
                Arc::make_mut(&mut sh.aliases).insert(k.to_owned(), v.to_owned());
            }
            _ => match sh.aliases.get(a) {
                Some(v) => p.out.push_str(&line(a, v)),
                None => fail(p, sh, 1, &format!("alias: {a}: not found")),
            },
        }
    }
}
