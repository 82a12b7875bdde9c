//! Commands that the shell itself carries out.

use crate::console::condition;
use crate::console::expand::Sources;
use crate::console::host::{ConsoleHost, NameKind};
use crate::console::machine::Console;
use crate::console::parse;
use crate::console::path;
use crate::console::process::{Frame, Proc, Shell};
use crate::console::shell::{abort, fail, set};
use crate::console::text_format;
use crate::console::tool;
use crate::sim::effect::Effect;

/// Names of all of them.
pub const NAMES: [&str; 31] = [
    ":", "[", "alias", "bg", "break", "builtin", "cd", "command", "continue", "echo", "exit", "export", "false", "fg",
    "help", "history", "jobs", "kill", "logout", "printf", "pwd", "read", "set", "source", "test", "true", "type",
    "unalias", "unset", "wait", "which",
];

/// Whether the shell carries it out itself.
pub fn is(name: &str) -> bool {
    NAMES.contains(&name)
}

impl Console {
    pub(crate) fn builtin(&mut self, p: &mut Proc, sh: &mut Shell, argv: &[String], host: &mut dyn ConsoleHost) {
        let name = argv.first().map(String::as_str).unwrap_or_default();
        let args = argv.get(1..).unwrap_or_default();
        sh.status = 0;
        name.clone_into(&mut sh.last_builtin);
        match name {
            ":" | "true" => {}
            "false" => sh.status = 1,
            "echo" => p.out.push_str(&text_format::echo(args)),
            "printf" => match text_format::printf(args) {
                Ok(text) => p.out.push_str(&text),
                Err(message) => fail(p, sh, 1, &message),
            },
            "pwd" => p.out.push_str(&format!("{}\n", p.cwd)),
            "cd" => self.cd(p, sh, args, host),
            "test" | "[" => {
                let words: Vec<&str> = args.iter().map(String::as_str).collect();
                let words = match (name, words.split_last()) {
                    ("[", Some((&"]", rest))) => rest,
                    ("[", _) => return fail(p, sh, 2, "[: missing `]'"),
                    _ => &words,
                };
                match condition::eval(words, &*host, &p.host, &p.cwd, &p.user) {
                    Ok(yes) => sh.status = i32::from(!yes),
                    Err(message) => fail(p, sh, 2, &format!("{name}: {message}")),
                }
            }
            "exit" | "logout" => {
                let status = args.first().and_then(|a| a.parse::<i32>().ok()).unwrap_or(sh.status) & 255;
                if sh.interactive {
                    p.sources.clear();
                    p.err.push_str("logout\n");
                }
                abort(p, sh, status);
                p.exit = Some(status);
            }
            "export" => self.export(p, sh, args),
            "unset" => {
                for a in args.iter().filter(|a| !a.starts_with('-')) {
                    sh.vars.remove(a);
                }
            }
            "set" => {
                if let Some(first) = args.first() {
                    return fail(p, sh, 2, &format!("set: {first}: shell options are not available in this shell"));
                }
                let lines: Vec<String> = sh.vars.iter().map(|(k, v)| format!("{k}={}\n", quoted(&v.text))).collect();
                p.out.push_str(&lines.concat());
            }
            "read" => {
                let (mut raw, mut names) = (false, Vec::new());
                let mut rest = args.iter();
                while let Some(a) = rest.next() {
                    match a.as_str() {
                        "-r" => raw = true,
                        "-p" => p.err.push_str(rest.next().map(String::as_str).unwrap_or_default()),
                        a if a.starts_with('-') => return fail(p, sh, 2, &format!("read: {a}: invalid option")),
                        a if parse::is_name(a) => names.push(a.to_owned()),
                        a => return fail(p, sh, 1, &format!("read: `{a}': not a valid identifier")),
                    }
                }
                if names.is_empty() {
                    names.push("REPLY".to_owned());
                }
                sh.frames.push(Frame::Read(names, raw, String::new()));
            }
            "break" | "continue" => leave_loop(p, sh, name),
            "jobs" => {
                self.report_jobs(p, sh);
                for (i, j) in sh.jobs.iter().enumerate() {
                    let mark = if i + 1 == sh.jobs.len() { '+' } else { '-' };
                    let (word, tail) = if j.stopped { ("Stopped", "") } else { ("Running", " &") };
                    p.out.push_str(&format!("[{}]{mark}  {word:<24}{}{tail}\n", j.number, j.text));
                }
            }
            "fg" | "bg" => self.resume(p, sh, name, args),
            "wait" => {
                let pids: Vec<u32> = match args.first() {
                    None => sh.jobs.iter().filter(|j| !j.stopped).flat_map(|j| j.pids.clone()).collect(),
                    Some(a) => match job_pids(sh, a).or_else(|| a.parse().ok().map(|pid| vec![pid])) {
                        Some(pids) => pids,
                        None => return fail(p, sh, 127, &format!("wait: {a}: no such job")),
                    },
                };
                sh.frames.push(Frame::Wait(pids));
            }
            "kill" => self.kill_builtin(p, sh, args, host),
            "history" => {
                let lines = self.terminal(p.terminal).map(|t| t.history.clone()).unwrap_or_default();
                let last = args.first().and_then(|a| a.parse::<usize>().ok()).unwrap_or(lines.len());
                for (i, line) in lines.iter().enumerate().skip(lines.len().saturating_sub(last)) {
                    p.out.push_str(&format!("{:>5}  {line}\n", i + 1));
                }
            }
            "alias" => {
                if args.is_empty() {
                    let all: Vec<String> = sh.aliases.iter().map(|(k, v)| format!("alias {k}='{v}'\n")).collect();
                    p.out.push_str(&all.concat());
                }
                for a in args {
                    match a.split_once('=') {
                        Some((k, v)) if sh.aliases.len() < 200 => {
                            sh.aliases.insert(k.to_owned(), v.to_owned());
                        }
                        _ => match sh.aliases.get(a) {
                            Some(v) => p.out.push_str(&format!("alias {a}='{v}'\n")),
                            None => fail(p, sh, 1, &format!("alias: {a}: not found")),
                        },
                    }
                }
            }
            "unalias" => {
                for a in args {
                    if sh.aliases.remove(a).is_none() {
                        fail(p, sh, 1, &format!("unalias: {a}: not found"));
                    }
                }
            }
            "type" | "which" | "command" | "builtin" => {
                let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
                if name == "builtin" || (name == "command" && !args.first().is_some_and(|a| a == "-v" || a == "-V")) {
                    return fail(p, sh, 2, &format!("{name}: only `command -v NAME' is available in this shell"));
                }
                for a in names {
                    let line = if let Some(v) = sh.aliases.get(a).filter(|_| name == "type") {
                        format!("{a} is aliased to `{v}'")
                    } else if is(a) && name != "which" {
                        if name == "type" { format!("{a} is a shell builtin") } else { a.clone() }
                    } else if tool::find(a).is_some() {
                        if name == "type" { format!("{a} is /usr/bin/{a}") } else { format!("/usr/bin/{a}") }
                    } else {
                        if name == "type" {
                            p.err.push_str(&format!("-bash: type: {a}: not found\n"));
                        }
                        sh.status = 1;
                        continue;
                    };
                    p.out.push_str(&format!("{line}\n"));
                }
            }
            "source" => self.source(p, sh, args, host),
            "help" => match args {
                [] => p.out.push_str(&tool::overview()),
                [topic] => match tool::find(topic) {
                    Some(decl) => p.out.push_str(&tool::usage(decl)),
                    None if is(topic) => p.out.push_str(&format!("{topic}: a builtin of this shell\n")),
                    None => self.ask_for_help(p, sh, argv, host),
                },
                _ => self.ask_for_help(p, sh, argv, host),
            },
            _ => fail(p, sh, 2, &format!("{name}: not available in this shell")),
        }
    }

    /// `help db` asks the people in the incident channel.
    fn ask_for_help(&mut self, p: &mut Proc, sh: &mut Shell, argv: &[String], host: &mut dyn ConsoleHost) {
        match host.incident(&self.caller(p), argv) {
            Ok(line) => p.out.push_str(&format!("{line}\n")),
            Err(message) => fail(p, sh, 1, &message),
        }
    }

    fn cd(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let home = path::home(&p.user);
        let to = match args {
            [] => home.clone(),
            [a] if a == "-" => match sh.old_cwd.clone() {
                Some(old) => {
                    p.out.push_str(&format!("{old}\n"));
                    old
                }
                None => return fail(p, sh, 1, "cd: OLDPWD not set"),
            },
            [a] => path::absolute(&p.cwd, a),
            _ => return fail(p, sh, 1, "cd: too many arguments"),
        };
        let shown = args.first().map(String::as_str).unwrap_or(&to).to_owned();
        match host.stat(&p.host, &to) {
            None if to == home => {}
            None => return fail(p, sh, 1, &format!("cd: {shown}: No such file or directory")),
            Some(s) if !s.dir => return fail(p, sh, 1, &format!("cd: {shown}: Not a directory")),
            Some(s) if !path::allowed(&s, &p.user, 1) => {
                return fail(p, sh, 1, &format!("cd: {shown}: Permission denied"));
            }
            Some(_) => {}
        }
        sh.old_cwd = Some(std::mem::replace(&mut p.cwd, to));
    }

    fn export(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let args: Vec<&String> = args.iter().filter(|a| *a != "-p").collect();
        if args.is_empty() {
            for (k, v) in sh.vars.iter().filter(|(_, v)| v.exported) {
                p.out.push_str(&format!("declare -x {k}=\"{}\"\n", v.text));
            }
        }
        for a in args {
            let (name, value) = match a.split_once('=') {
                Some((n, v)) => (n, Some(v)),
                None => (a.as_str(), None),
            };
            if !parse::is_name(name) {
                fail(p, sh, 1, &format!("export: `{a}': not a valid identifier"));
                continue;
            }
            if let Some(value) = value {
                set(sh, name, value.to_owned(), p.sources.clone());
            } else if !sh.vars.contains_key(name) {
                set(sh, name, String::new(), Sources::new());
            }
            if let Some(v) = sh.vars.get_mut(name) {
                v.exported = true;
            }
        }
    }

    fn resume(&mut self, p: &mut Proc, sh: &mut Shell, name: &str, args: &[String]) {
        let which = args.first().map(String::as_str).unwrap_or("%+");
        let Some(pids) = job_pids(sh, which) else {
            let shown = args.first().map(String::as_str).unwrap_or("current");
            return fail(p, sh, 1, &format!("{name}: {shown}: no such job"));
        };
        let mut text = String::new();
        for j in sh.jobs.iter_mut().filter(|j| j.pids == pids) {
            j.stopped = false;
            text = if name == "bg" { format!("[{}]+ {} &\n", j.number, j.text) } else { format!("{}\n", j.text) };
        }
        p.out.push_str(&text);
        let mut all = pids.clone();
        for pid in &pids {
            all.extend(self.descendants(*pid));
        }
        for pid in all {
            if let Some(q) = self.procs.get_mut(&pid) {
                q.stopped = false;
                q.background = name == "bg";
            }
        }
        if name == "fg" {
            text.trim().clone_into(&mut sh.foreground);
            sh.frames.push(Frame::Wait(pids));
        }
    }

    fn kill_builtin(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &mut dyn ConsoleHost) {
        let mut status = 143;
        let mut targets = Vec::new();
        let mut rest = args.iter();
        while let Some(a) = rest.next() {
            let signal = match a.as_str() {
                "-l" => {
                    p.out.push_str(" 1) SIGHUP  2) SIGINT  9) SIGKILL  15) SIGTERM\n");
                    return;
                }
                "-s" => rest.next().map(String::as_str).unwrap_or_default(),
                a if a.starts_with('-') && targets.is_empty() => a.trim_start_matches('-'),
                a => {
                    targets.push(a.to_owned());
                    continue;
                }
            };
            status = match signal.trim_start_matches("SIG") {
                "1" | "HUP" => 129,
                "2" | "INT" => 130,
                "9" | "KILL" => 137,
                "15" | "TERM" => 143,
                other => return fail(p, sh, 1, &format!("kill: {other}: invalid signal specification")),
            };
        }
        if targets.is_empty() {
            return fail(p, sh, 2, "kill: usage: kill [-s sigspec | -signum] pid | jobspec ...");
        }
        for t in targets {
            if t.starts_with('%') {
                match job_pids(sh, &t) {
                    Some(pids) => pids.into_iter().for_each(|pid| self.kill(pid, status, host)),
                    None => fail(p, sh, 1, &format!("kill: {t}: no such job")),
                }
                continue;
            }
            let Ok(pid) = t.parse::<u32>() else {
                fail(p, sh, 1, &format!("kill: {t}: arguments must be process or job IDs"));
                continue;
            };
            if self.procs.get(&pid).is_some_and(|q| q.terminal == p.terminal) {
                self.kill(pid, status, host);
                continue;
            }
            if let Err(why) = self.kill_world(p, pid, host) {
                fail(p, sh, 1, &format!("kill: ({pid}) - {why}"));
            }
        }
    }

    /// Kills a process of the simulated host.
    pub(crate) fn kill_world(&mut self, p: &Proc, pid: u32, host: &mut dyn ConsoleHost) -> Result<(), String> {
        let who = self.caller(p);
        let target = format!("{}:{pid}", p.host);
        let Some(q) = host.processes(&p.host).into_iter().find(|q| q.pid == pid) else {
            return Err("No such process".to_owned());
        };
        if q.user != p.user && p.user != "root" {
            host.refused(&who, "kill", &target, "Operation not permitted");
            return Err("Operation not permitted".to_owned());
        }
        host.apply(&who, &Effect::Kill { host: p.host.clone(), pid }, "kill", &target)
            .map(|_| ())
            .map_err(|r| r.message)
    }

    fn source(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let Some(name) = args.first() else {
            return fail(p, sh, 2, "source: filename argument required");
        };
        match host.read(&p.host, &path::absolute(&p.cwd, name)) {
            Err(why) => fail(p, sh, 1, &format!("{name}: {why}")),
            Ok(text) => match parse::parse(&text) {
                Ok(node) => sh.frames.push(Frame::Run(node, Vec::new())),
                Err(parse::ParseError::Incomplete) => {
                    fail(p, sh, 2, &format!("{name}: syntax error: unexpected end of file"));
                }
                Err(parse::ParseError::Syntax(m)) => fail(p, sh, 2, &format!("{name}: {m}")),
            },
        }
    }

    /// Names for completion and messages.
    pub(crate) fn names(&self, p: &Proc, kind: NameKind, host: &dyn ConsoleHost) -> Vec<String> {
        host.names(&self.caller(p), kind)
    }
}

fn job_pids(sh: &Shell, which: &str) -> Option<Vec<u32>> {
    let spec = which.trim_start_matches('%');
    let job = match spec {
        "" | "+" | "%" => sh.jobs.last(),
        "-" => sh.jobs.iter().rev().nth(1),
        n => match n.parse::<u32>() {
            Ok(n) if which.starts_with('%') || n < 1000 => sh.jobs.iter().find(|j| j.number == n),
            Ok(_) => None,
            Err(_) => sh.jobs.iter().rev().find(|j| j.text.starts_with(n)),
        },
    };
    job.map(|j| j.pids.clone())
}

fn leave_loop(p: &mut Proc, sh: &mut Shell, name: &str) {
    let Some(at) = sh.frames.iter().rposition(|f| matches!(f, Frame::LoopBody(_) | Frame::Loop(..) | Frame::For(..)))
    else {
        return fail(p, sh, 0, &format!("{name}: only meaningful in a `for', `while', or `until' loop"));
    };
    if let Some(fds) =
        sh.frames.iter().skip(at).find_map(|f| if let Frame::Restore(fds) = f { Some(*fds) } else { None })
    {
        p.fds = fds;
    }
    sh.frames.truncate(if name == "break" { at } else { at + 1 });
}

fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-./:@%+,=".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
