//! Simple commands: assignments, functions, builtins, tools, and scripts of the virtual host.

use super::run::{redir_texts, traced};
use super::{MAX_CALLS, abort, back, fail, fork_failed, saved, unknown};
use crate::console::expand::{Evaluated, Sources, Stop, Val};
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, ConsoleEvent};
use crate::console::path;
use crate::console::process::{Call, Frame, Proc, Saved, Shell, Tool};
use crate::console::syntax::Node;
use crate::console::var::Var;
use crate::console::{builtin, tool};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A simple command, expanded.
struct Simple {
    argv: Vec<String>,
    /// Assignments before it, and what they were read from.
    values: Vec<(Evaluated, Sources)>,
    /// Assignments behind `declare`.
    assigned: Vec<(usize, Evaluated)>,
    sources: Sources,
}

/// The builtin that a program of the system's directories does the work of.
fn own_program(name: &str) -> Option<&str> {
    let (dir, base) = name.rsplit_once('/')?;
    let system = matches!(dir, "/bin" | "/usr/bin");
    (system && builtin::is_program(base) && tool::find(base).is_none()).then_some(base)
}

/// Options of `exec`.
#[derive(Default)]
struct Exec {
    /// `-a`: what the program finds as its own name.
    name: Option<String>,
    /// `-l`: a dash before that.
    login: bool,
    /// `-c`: no environment.
    clean: bool,
}

impl Exec {
    /// Takes the options behind `exec` out of the words.
    fn options(&mut self, argv: &mut Vec<String>) -> Result<(), String> {
        let word = argv.remove(1);
        let mut letters = word.chars().skip(1);
        while let Some(c) = letters.next() {
            match c {
                'c' => self.clean = true,
                'l' => self.login = true,
                'a' => {
                    let rest: String = letters.by_ref().collect();
                    if rest.is_empty() && argv.len() < 2 {
                        return Err("exec: -a: option requires an argument".to_owned());
                    }
                    self.name = Some(if rest.is_empty() { argv.remove(1) } else { rest });
                }
                c => return Err(format!("exec: -{c}: invalid option")),
            }
        }
        Ok(())
    }

    /// What the program finds as its own name, if it is not the one it was called by.
    fn name(&self, called: &str) -> Option<String> {
        if self.name.is_none() && !self.login {
            return None;
        }
        let dash = if self.login { "-" } else { "" };
        Some(format!("{dash}{}", self.name.as_deref().unwrap_or(called)))
    }
}

/// What a name stands for.
enum Found {
    Tool(String),
    Script(String),
    Missing(i32, String),
}

impl Console {
    pub(super) fn simple(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: &Arc<Node>,
        outputs: Vec<Val>,
        host: &mut dyn ConsoleHost,
    ) {
        let Node::Simple { assigns, words, redirs, .. } = node.as_ref() else { return };
        let all = self.expanded(p, sh, node, outputs, host, |e| {
            let argv = e.words(words)?;
            let assigned = std::mem::take(&mut e.assigned);
            let texts = redir_texts(e, redirs)?;
            let before = (!argv.is_empty()).then(|| e.sh.vars.clone());
            let mut values = Vec::new();
            for a in assigns {
                let others = std::mem::take(&mut e.sources);
                let value = e.evaluate(a)?;
                let own = e.sources.clone();
                e.sources.extend(others);
                match e.carry_out(&value, own.clone()) {
                    Err(why) if argv.is_empty() => {
                        let ends =
                            why.ends_with("readonly variable") && (e.sh.opts.errexit || e.sh.opts.is_on("posix"));
                        return Err(if ends { Stop::Fatal(why) } else { Stop::Discard(why) });
                    }
                    // Before a command it is told when that command gets it.
                    _ => {}
                }
                values.push((value, own));
            }
            // Before a command they hold for it alone.
            if let Some(vars) = before {
                e.sh.vars = vars;
            }
            Ok((argv, values, texts, assigned))
        });
        let Some(all) = all else { return };
        let (argv, values, texts, assigned) = all.value;
        p.sources = all.sources.clone();
        for (v, _) in &values {
            // Many elements are as much work as many commands.
            p.spent = p.spent.saturating_add(u32::try_from(v.size() / 16).unwrap_or(u32::MAX));
            self.trace(p, sh, &v.traced(), host);
        }
        if !argv.is_empty() {
            self.trace(p, sh, &traced(&argv), host);
        }
        if sh.opts.xtrace {
            // The trace goes where errors went before the command's own redirections.
            self.settle(p, host);
        }
        let keep = saved(p);
        self.attach_now(p, all.beside, sh);
        if let Err(message) = self.open(p, sh, redirs, &texts, all.sources.clone(), host) {
            p.fds = keep.fds;
            p.more = keep.more;
            return fail(p, sh, 1, &message);
        }
        if argv.is_empty() {
            sh.last_arg.clear();
            sh.status = sh.substituted.take().unwrap_or(0);
            sh.pipestatus = vec![sh.status];
            self.settle(p, host);
            p.fds = keep.fds;
            p.more = keep.more;
            return;
        }
        if let Some(last) = argv.last() {
            sh.last_arg.clone_from(last);
        }
        self.command(p, sh, Simple { argv, values, assigned, sources: all.sources }, keep, host);
    }

    fn command(&mut self, p: &mut Proc, sh: &mut Shell, mut s: Simple, keep: Saved, host: &mut dyn ConsoleHost) {
        let (mut functions, mut exec) = (true, false);
        let mut how = Exec::default();
        let mut dropped = 0;
        let mut standard = false;
        while let Some(first) = s.argv.first().map(String::as_str) {
            let next = s.argv.get(1).map(String::as_str);
            match (first, next) {
                ("command", Some("-p")) => {
                    standard = true;
                    s.argv.remove(1);
                    dropped += 1;
                }
                ("command", Some("--")) | ("builtin", Some("--")) | ("exec", Some("--")) => {
                    s.argv.remove(1);
                    dropped += 1;
                }
                ("command", Some(n)) if !n.starts_with('-') => {
                    functions = false;
                    s.argv.remove(0);
                    dropped += 1;
                }
                ("builtin", Some(n)) => {
                    if !builtin::is(n) {
                        let message = format!("builtin: {n}: not a shell builtin");
                        sh.frames.extend(back(p, &keep));
                        return fail(p, sh, 1, &message);
                    }
                    functions = false;
                    s.argv.remove(0);
                    dropped += 1;
                }
                ("exec", Some(letters)) if letters.starts_with('-') && letters.len() > 1 => {
                    let before = s.argv.len();
                    if let Err(why) = how.options(&mut s.argv) {
                        sh.frames.extend(back(p, &keep));
                        fail(p, sh, 2, &why);
                        return builtin::usage(p, "exec");
                    }
                    dropped += before - s.argv.len();
                }
                ("exec", Some(_)) => {
                    (functions, exec) = (false, true);
                    s.argv.remove(0);
                    dropped += 1;
                }
                _ => break,
            }
        }
        for (at, _) in &mut s.assigned {
            *at = at.saturating_sub(dropped);
        }
        let Some(mut name) = s.argv.first().cloned() else { return };
        if let Some(base) = own_program(&name) {
            // `/bin/echo` does what the builtin does.
            functions = false;
            name = base.to_owned();
            if let Some(first) = s.argv.first_mut() {
                first.clone_from(&name);
            }
        }
        if functions && let Some(body) = sh.functions.get(&name).cloned() {
            return self.call(p, sh, s, body, keep, host);
        }
        // `declare sev2` is the incident tool of that name; everything else is the builtin.
        let incident = name == "declare" && s.argv.get(1).is_some_and(|a| a.starts_with("sev") || a == "--help");
        if builtin::is(&name) && !incident && !sh.disabled.contains(&name) {
            if name == "exec" {
                // Only redirections: they stay.
                sh.status = 0;
                return;
            }
            sh.frames.extend(back(p, &keep));
            self.assign_for(p, sh, &s.values, host, true);
            let assigned: BTreeMap<usize, Evaluated> = s.assigned.into_iter().collect();
            if exec {
                sh.frames.push(Frame::Exit(-1));
            }
            sh.before = sh.status;
            self.builtin(p, sh, &s.argv, &assigned, host);
            if !matches!(sh.frames.last(), Some(Frame::Wait(_) | Frame::WaitAny(..))) {
                sh.pipestatus = vec![sh.status];
            }
            return;
        }
        let path = s.values.iter().rev().find_map(|(v, _)| match &v.value {
            crate::console::expand::Assigned::Text(t) if v.name == "PATH" => Some(t.clone()),
            _ => None,
        });
        let path = path.or_else(|| Some(sh.vars.get("PATH")?.text()?.to_owned())).unwrap_or_default();
        let path = if standard { "/usr/bin:/bin:/usr/sbin:/sbin".to_owned() } else { path };
        if let Found::Missing(127, why) = self.find(p, &path, &name, host)
            && why.is_empty()
            && !exec
            && let Some(body) = sh.functions.get("command_not_found_handle").cloned()
        {
            s.argv.insert(0, "command_not_found_handle".to_owned());
            return self.call(p, sh, s, body, keep, host);
        }
        let (tool_name, argv) = match self.find(p, &path, &name, host) {
            Found::Tool(tool) => (tool, s.argv.iter().skip(1).cloned().collect::<Vec<_>>()),
            Found::Script(path) => match self.interpreter(p, sh, &name, &path, &s.argv, host) {
                Ok(found) => found,
                Err((status, message)) => {
                    sh.frames.extend(back(p, &keep));
                    return fail(p, sh, status, &message);
                }
            },
            // In a led session it waits for the game master's words.
            Found::Missing(_, why) if why.is_empty() && self.led => {
                self.events.push(ConsoleEvent::UnknownTool { terminal: p.terminal, name: name.clone() });
                (tool::UNKNOWN.to_owned(), vec![name.clone(), sh.prefix()])
            }
            Found::Missing(status, why) => {
                sh.frames.extend(back(p, &keep));
                sh.pipestatus = vec![status];
                if exec {
                    // It is not a word of the line that is missing, but what should take the shell's place.
                    let text = match (why.as_str(), name.contains('/')) {
                        ("", _) => format!("exec: {name}: not found"),
                        ("Is a directory", _) => {
                            fail(p, sh, status, &format!("{name}: {why}"));
                            format!("exec: {name}: cannot execute: {why}")
                        }
                        (why, _) => format!("{name}: {why}"),
                    };
                    fail(p, sh, status, &text);
                    self.events.push(ConsoleEvent::UnknownTool { terminal: p.terminal, name: name.clone() });
                } else if why.is_empty() {
                    self.events.push(ConsoleEvent::UnknownTool { terminal: p.terminal, name: name.clone() });
                    sh.status = status;
                    let prefix = sh.prefix();
                    p.err.push_str(&unknown(&prefix, &name, sh.interactive));
                } else {
                    fail(p, sh, status, &format!("{name}: {why}"));
                }
                if exec && !sh.interactive {
                    sh.frames.push(Frame::Exit(status));
                }
                return;
            }
        };
        let mut env = sh.vars.environment();
        for (v, sources) in &s.values {
            if let crate::console::expand::Assigned::Text(text) = &v.value {
                let val = Val { text: text.clone(), sources: sources.clone(), exported: true, status: 0 };
                env.insert(v.name.clone(), val);
            }
        }
        if !name.contains('/') && sh.hashed.len() < 500 {
            *sh.hashed.entry(name.clone()).or_insert(0) += 1;
        }
        for f in sh.exported.iter() {
            if let Some(body) = sh.functions.get(f) {
                let text = crate::console::print::function("", body);
                let text = text.trim_start().trim_end_matches('\n').to_owned();
                let val = Val { text, sources: Sources::new(), exported: true, status: 0 };
                env.insert(format!("BASH_FUNC_{f}%%"), val);
            }
        }
        if how.clean {
            env.clear();
        } else {
            env.entry("_".to_owned()).or_default().text = format!("/usr/bin/{tool_name}");
        }
        let text = s.argv.join(" ");
        let made = Tool { arg0: how.name(&name), name: tool_name, argv, ..Tool::default() };
        let takes_place = sh.frames.is_empty() && !sh.traps.contains_key("EXIT") && sh.subshell > 0;
        if (exec || takes_place) && !sh.interactive {
            // The last command of a subshell takes its place, as `exec` does.
            p.tool = Some(Box::new(made));
            p.command = text;
            p.env = env;
            p.sources = s.sources;
            return;
        }
        let child = self.child(p, p.fds, &text);
        p.fds = keep.fds;
        p.more = keep.more;
        let Some(mut c) = child else { return fork_failed(p, sh) };
        sh.hide_coproc(&mut c);
        c.env = env;
        c.tool = Some(Box::new(made));
        let pid = c.pid;
        self.procs.insert(pid, c);
        sh.last_builtin.clear();
        if exec {
            sh.frames.push(Frame::Exit(-1));
        }
        sh.frames.push(Frame::Wait(vec![pid]));
    }

    /// Calls a function.
    fn call(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        s: Simple,
        body: Arc<Node>,
        keep: Saved,
        host: &mut dyn ConsoleHost,
    ) {
        let name = s.argv.first().cloned().unwrap_or_default();
        sh.frames.extend(back(p, &keep));
        let limit = sh.vars.get("FUNCNEST").and_then(|v| v.text()?.parse::<usize>().ok()).filter(|n| *n > 0);
        let limit = limit.unwrap_or(MAX_CALLS).min(MAX_CALLS);
        if sh.calls.len() >= limit {
            self.discard(p, sh, &format!("{name}: maximum function nesting level exceeded ({limit})"));
            if sh.calls.len() >= MAX_CALLS {
                abort(p, sh, 1);
            }
            return;
        }
        self.assign_for(p, sh, &s.values, host, false);
        let last = s.argv.last().cloned();
        let args = std::mem::replace(&mut sh.args, s.argv.into_iter().skip(1).collect());
        let sources = std::mem::replace(&mut sh.args_sources, s.sources);
        sh.frames.push(Frame::Call(args, sources));
        sh.scopes.push(BTreeMap::new());
        let file = sh.files.get(&name).cloned().unwrap_or_else(|| sh.name.clone());
        let trap = if sh.opts.functrace { None } else { sh.traps.remove("RETURN") };
        let last = last.unwrap_or_else(|| name.clone());
        sh.calls.push(Call { name, line: sh.line, file, last, sourced: false, opts: None, trap });
        sh.frames.push(Frame::Run(body, Vec::new()));
    }

    /// Carries out the assignments before a function or a builtin; they are taken back after it.
    fn assign_for(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        values: &[(Evaluated, Sources)],
        host: &dyn ConsoleHost,
        _builtin: bool,
    ) {
        if values.is_empty() {
            return;
        }
        let old: Vec<(String, Option<Var>)> =
            values.iter().rev().map(|(v, _)| (v.name.clone(), sh.vars.raw(&v.name).cloned())).collect();
        let mut problems = Vec::new();
        for (v, sources) in values {
            let mut env = self.env(p, sh, &[], host);
            problems.extend(env.carry_out(v, sources.clone()).err());
            if let Some(var) = sh.vars.change(&v.name) {
                var.exported = true;
            }
        }
        for why in problems {
            let status = sh.status;
            fail(p, sh, status, &why);
        }
        sh.frames.push(Frame::Vars(old));
    }

    fn find(&self, p: &Proc, path_var: &str, name: &str, host: &dyn ConsoleHost) -> Found {
        if let Some((dir, base)) = name.rsplit_once('/') {
            let system = matches!(dir, "/bin" | "/usr/bin" | "/sbin" | "/usr/sbin" | "/usr/local/bin");
            if system && tool::find(base).is_some() {
                return Found::Tool(base.to_owned());
            }
            let full = path::absolute(&p.cwd, name);
            if name.split('/').any(|part| part.len() > 255) {
                return Found::Missing(126, "File name too long".to_owned());
            }
            return match host.stat(&p.host, &full) {
                None => Found::Missing(127, "No such file or directory".to_owned()),
                Some(stat) if stat.dir => Found::Missing(126, "Is a directory".to_owned()),
                Some(stat) if !path::allowed(&stat, &p.user, 1) || stat.mode & 0o111 == 0 => {
                    Found::Missing(126, "Permission denied".to_owned())
                }
                Some(_) => Found::Script(full),
            };
        }
        for dir in path_var.split(':') {
            let system = matches!(dir, "/bin" | "/usr/bin" | "/sbin" | "/usr/sbin" | "/usr/local/bin");
            if system && tool::find(name).is_some() {
                return Found::Tool(name.to_owned());
            }
            if system || name.is_empty() {
                continue;
            }
            let full = path::absolute(&p.cwd, &path::join(if dir.is_empty() { "." } else { dir }, name));
            if host.stat(&p.host, &full).is_some_and(|s| !s.dir && s.mode & 0o111 != 0) {
                return Found::Script(full);
            }
        }
        Found::Missing(127, String::new())
    }

    /// The tool that carries out a script, and its words.
    fn interpreter(
        &mut self,
        p: &mut Proc,
        _sh: &Shell,
        name: &str,
        full: &str,
        argv: &[String],
        host: &mut dyn ConsoleHost,
    ) -> Result<(String, Vec<String>), (i32, String)> {
        let stat = host.stat(&p.host, full);
        if !stat.is_some_and(|s| path::allowed(&s, &p.user, 4)) {
            return Err((126, format!("{name}: Permission denied")));
        }
        let text = match host.read(&p.host, full) {
            Ok(text) => text,
            Err(_) => return Err((126, format!("{name}: cannot execute binary file: Exec format error"))),
        };
        let script = if name.contains('/') { name.to_owned() } else { full.to_owned() };
        let rest = std::iter::once(script).chain(argv.iter().skip(1).cloned());
        let first = text.lines().next().unwrap_or_default();
        let Some(line) = first.strip_prefix("#!") else { return Ok(("bash".to_owned(), rest.collect())) };
        let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        if words.first().is_some_and(|w| w.ends_with("/env")) {
            words.remove(0);
            if words.first().is_some_and(|w| w == "-S") {
                words.remove(0);
            }
            let known = words.first().is_some_and(|w| tool::find(w).is_some());
            if !known {
                let wanted = words.first().cloned().unwrap_or_default();
                return Err((127, format!("/usr/bin/env: ‘{wanted}’: No such file or directory")));
            }
        }
        let Some(program) = words.first().cloned() else { return Ok(("bash".to_owned(), rest.collect())) };
        let base = path::base(&program).to_owned();
        if tool::find(&base).is_none() {
            return Err((127, format!("{name}: cannot execute: required file not found")));
        }
        Ok((base, words.into_iter().skip(1).chain(rest).collect()))
    }
}
