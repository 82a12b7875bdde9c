//! Commands that the shell itself carries out.

pub use help::{NAMES, find as manual_of, reference};

use crate::console::condition;
use crate::console::expand::Evaluated;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::parse;
use crate::console::printf;
use crate::console::process::{Proc, Shell};
use crate::console::shell::{fail, set};
use crate::console::tool;
use crate::console::zone::Zone;
use name::{caller, enable, hash};
use std::collections::BTreeMap;
use std::sync::Arc;

mod complete;
mod control;
mod declare;
mod directory;
mod help;
mod job;
mod name;

/// Whether there is a program of this name too, for whoever runs programs without a shell.
pub fn is_program(name: &str) -> bool {
    matches!(name, "echo" | "printf" | "test" | "[" | "true" | "false" | "pwd" | "kill" | "which")
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
        let previous = std::mem::replace(&mut sh.last_builtin, name.to_owned());
        if args.first().is_some_and(|a| a == "--help")
            && !matches!(name, "echo" | "test" | "[" | ":" | "true" | "false")
        {
            if let Some(h) = help::find(name) {
                p.out.push_str(&h.text());
                sh.status = 2;
            }
            return;
        }
        match name {
            ":" | "true" | "bind" | "compopt" => {}
            "enable" => enable(p, sh, args),
            "compgen" => self.compgen(p, sh, args, host),
            "complete" => complete::complete(p, sh, args),
            "fc" => self.fc(p, sh, args),
            "suspend" => fail(p, sh, 1, "suspend: cannot suspend a login shell"),
            "false" => sh.status = 1,
            "echo" => p.out.push_str(&printf::echo(args, sh.opts.xpg_echo)),
            "printf" => self.print_formatted(p, sh, args, host),
            "test" | "[" => {
                let words = match (name, args.split_last()) {
                    ("[", Some((end, rest))) if end == "]" => rest,
                    ("[", _) => return fail(p, sh, 2, "[: missing `]'"),
                    _ => args,
                };
                let words = self.tested(p, sh, words, &*host);
                match condition::test(&words, p, sh, &*host) {
                    Ok(yes) => sh.status = i32::from(!yes),
                    Err(message) => fail(p, sh, 2, &format!("{name}: {message}")),
                }
            }
            "exit" | "logout"
                if sh.interactive
                    && sh.jobs.iter().any(|j| j.stopped)
                    && !matches!(previous.as_str(), "exit" | "logout") =>
            {
                p.sources.clear();
                p.err.push_str("There are stopped jobs.\n");
                sh.status = 1;
            }
            "logout" if !sh.interactive => fail(p, sh, 1, "logout: not login shell: use `exit'"),
            "exit" | "logout" if args.len() > 1 && args.first().is_some_and(|a| a.parse::<i64>().is_ok()) => {
                self.discard(p, sh, &format!("{name}: too many arguments"));
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
            "unset" => self.unset(p, sh, args, &*host),
            "set" => {
                sh.status = 0;
                self.set_builtin(p, sh, args);
            }
            "shopt" => self.shopt(p, sh, args),
            "shift" => {
                let shown = args.first().map_or("1", String::as_str);
                match shown.parse::<i64>().map(usize::try_from) {
                    Err(_) => fail(p, sh, 1, &format!("shift: {shown}: numeric argument required")),
                    Ok(Ok(n)) if n <= sh.args.len() => drop(sh.args.drain(..n)),
                    Ok(Ok(_)) if !sh.opts.is_on("shift_verbose") => sh.status = 1,
                    Ok(_) => fail(p, sh, 1, &format!("shift: {shown}: shift count out of range")),
                }
            }
            "trap" => self.trap(p, sh, args),
            "getopts" => self.getopts(p, sh, args),
            "eval" => {
                sh.status = if args.is_empty() { 0 } else { before };
                self.eval(p, sh, args);
            }
            "source" | "." => self.source(p, sh, name, args, host),
            "let" => self.let_builtin(p, sh, args, host),
            "return" => self.return_from(p, sh, args, before),
            "read" => self.read_command(p, sh, args),
            "mapfile" | "readarray" => self.mapfile(p, sh, args),
            "break" | "continue" => self.leave_loop(p, sh, name, args),
            "jobs" => self.jobs(p, sh, args),
            "fg" | "bg" => self.resume(p, sh, name, args),
            "wait" => self.wait_builtin(p, sh, args),
            "kill" => self.kill_builtin(p, sh, args, host),
            "disown" => job::disown(p, sh, args),
            "cd" | "pushd" | "popd" | "dirs" | "pwd" | "umask" => self.directory(p, sh, name, args, host),
            "ulimit" => name::ulimit(p, sh, args),
            "times" => p.out.push_str("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n"),
            "hash" => hash(p, sh, args),
            "caller" => caller(p, sh, args),
            "history" => self.history(p, sh, args, host),
            "alias" => alias(p, sh, args),
            "unalias" => unalias(p, sh, args),
            "type" | "which" | "command" => self.kind_of(p, sh, name, args, host),
            "help" => match args {
                [] => p.out.push_str(&tool::overview()),
                [topic] => match (help::find(topic), tool::find(topic)) {
                    (Some(h), _) => p.out.push_str(&h.text()),
                    (None, Some(decl)) => p.out.push_str(&tool::usage(decl)),
                    _ if !sh.interactive => {
                        fail(
                            p,
                            sh,
                            1,
                            &format!(
                                "help: no help topics match `{topic}'.  Try `help help' or `man -k {topic}' or `info {topic}'."
                            ),
                        );
                    }
                    _ => self.ask_for_help(p, sh, argv, host),
                },
                [flag, topic] if flag == "-s" || flag == "-d" => match help::find(topic) {
                    Some(h) if flag == "-s" => p.out.push_str(&format!("{}\n", h.line())),
                    Some(h) => p.out.push_str(&format!("{topic} - {}\n", h.about)),
                    None => fail(p, sh, 1, &format!("help: no help topics match `{topic}'.")),
                },
                _ => self.ask_for_help(p, sh, argv, host),
            },
            _ => {}
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

impl Console {
    /// The name of an element with its index expanded.
    pub(super) fn element_name(&mut self, p: &mut Proc, sh: &mut Shell, text: &str, host: &dyn ConsoleHost) -> String {
        self.env(p, sh, &[], host).element_name(text).unwrap_or_else(|_| text.to_owned())
    }

    fn print_formatted(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let mut args = args;
        let mut to = None;
        if args.len() == 1 && args.first().is_some_and(|a| a == "-v") {
            fail(p, sh, 2, "printf: -v: option requires an argument");
            return usage(p, "printf");
        }
        if let [flag, name, rest @ ..] = args
            && flag == "-v"
        {
            let element = self.element_name(p, sh, name, host);
            let (array, index) = element.split_once('[').map_or((element.as_str(), None), |(a, i)| (a, Some(i)));
            if !parse::is_name(array) || index.is_some_and(|i| i.len() < 2 || !i.ends_with(']')) {
                return fail(p, sh, 2, &format!("printf: `{name}': not a valid identifier"));
            }
            to = Some(element);
            args = rest;
        }
        if args.first().is_some_and(|a| a == "--") {
            args = args.get(1..).unwrap_or_default();
        }
        let Some((format, values)) = args.split_first() else {
            sh.status = 2;
            return usage(p, "printf");
        };
        let zone = sh.vars.get("TZ").and_then(|v| v.text()).map_or_else(Zone::default, Zone::read);
        let clock = printf::Clock { now: host.utc(), zone };
        let (printed, problem) = match printf::printf(format, values, &clock) {
            Ok(printed) => (printed, None),
            Err((printed, why)) => (printed, Some(why)),
        };
        for why in printed.problems.iter().chain(&problem) {
            // A number that is too large is taken as the largest one, which is no failure.
            let status = if why.starts_with("warning: ") { sh.status } else { 1 };
            fail(p, sh, status, &format!("printf: {why}"));
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

    /// The words of `test`; the index of an element behind `-v` is expanded.
    fn tested(&mut self, p: &mut Proc, sh: &mut Shell, words: &[String], host: &dyn ConsoleHost) -> Vec<String> {
        let mut all = words.to_vec();
        for i in 1..all.len() {
            if let (Some("-v"), Some(name)) = (words.get(i - 1).map(String::as_str), words.get(i))
                && let Some(slot) = all.get_mut(i)
            {
                *slot = self.element_name(p, sh, name, host);
            }
        }
        all
    }
}

/// What a builtin says to options that it does not know, behind the message.
pub(crate) fn usage(p: &mut Proc, name: &str) {
    if let Some(h) = help::find(name) {
        p.err.push_str(&format!("{name}: usage: {}\n", h.synopsis));
    }
}

/// Refuses an option that a builtin does not know.
fn bad_option(p: &mut Proc, sh: &mut Shell, name: &str, option: &str) {
    fail(p, sh, 2, &format!("{name}: {option}: invalid option"));
    usage(p, name);
}

fn unalias(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    match args.first().map(String::as_str) {
        None => {
            sh.status = 2;
            return usage(p, "unalias");
        }
        Some("-a") => return Arc::make_mut(&mut sh.aliases).clear(),
        Some(a) if a.starts_with('-') && a.len() > 1 && a != "--" => {
            return bad_option(p, sh, "unalias", &a.chars().take(2).collect::<String>());
        }
        _ => {}
    }
    for a in args.strip_prefix(&["--".to_owned()][..]).unwrap_or(args) {
        if Arc::make_mut(&mut sh.aliases).remove(a).is_none() {
            fail(p, sh, 1, &format!("unalias: {a}: not found"));
        }
    }
}

fn alias(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let flag = args.first().filter(|a| a.starts_with('-') && a.len() > 1 && !matches!(a.as_str(), "-p" | "--"));
    if let Some(flag) = flag {
        return bad_option(p, sh, "alias", &flag.chars().take(2).collect::<String>());
    }
    let args = args.strip_prefix(&["--".to_owned()][..]).unwrap_or(args);
    let line = |k: &str, v: &str| format!("alias {k}='{}'\n", v.replace('\'', "'\\''"));
    if args.iter().all(|a| a == "-p") {
        let all: Vec<String> = sh.aliases.iter().map(|(k, v)| line(k, v)).collect();
        p.out.push_str(&all.concat());
    }
    for a in args.iter().filter(|a| *a != "-p") {
        match a.split_once('=') {
            Some((k, _)) if k.is_empty() || k.contains(|c: char| " \t\n/$`=|&;()<>'\"\\".contains(c)) => {
                fail(p, sh, 1, &format!("alias: `{k}': invalid alias name"));
            }
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
