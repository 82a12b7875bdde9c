//! One step of a shell: takes the innermost frame of its continuation and goes on from there.

use crate::console::expand::{Env, Sources, Stop, Val};
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, Read, prompt};
use crate::console::parse::{self, ParseError};
use crate::console::path;
use crate::console::process::{Fd, Frame, Job, Proc, Shell};
use crate::console::syntax::{Item, Node, Redir, Word};
use crate::console::terminal::Input;
use crate::console::{builtin, tool};
use crate::stdx::text;
use std::sync::Arc;

mod invoke;

const MAX_FRAMES: usize = 400;
const MAX_OUTPUT: usize = 256 * 1024;

impl Console {
    /// Returns whether something happened.
    pub(crate) fn step_shell(&mut self, p: &mut Proc, sh: &mut Shell, host: &mut dyn ConsoleHost) -> bool {
        if sh.frames.len() > MAX_FRAMES {
            p.err.push_str("-bash: maximum nesting level exceeded\n");
            abort(p, sh, 1);
            return true;
        }
        match sh.frames.pop() {
            None => self.idle(p, sh),
            Some(Frame::Run(node, outputs)) => {
                self.run_node(p, sh, node, outputs, host);
                true
            }
            Some(Frame::List(node, at)) => {
                self.list(p, sh, &node, at);
                true
            }
            Some(Frame::AndOr(right, and)) => {
                if (sh.status == 0) == and {
                    sh.frames.push(Frame::Run(right, Vec::new()));
                }
                true
            }
            Some(Frame::Not) => {
                sh.status = i32::from(sh.status == 0);
                true
            }
            Some(Frame::If(node, arm)) => {
                if let Node::If { arms, other } = node.as_ref() {
                    if sh.status == 0 {
                        sh.frames.extend(arms.get(arm).map(|(_, body)| Frame::Run(body.clone(), Vec::new())));
                    } else if let Some((cond, _)) = arms.get(arm + 1) {
                        let cond = cond.clone();
                        sh.frames.push(Frame::If(node, arm + 1));
                        sh.frames.push(Frame::Run(cond, Vec::new()));
                    } else {
                        sh.status = 0;
                        sh.frames.extend(other.iter().map(|n| Frame::Run(n.clone(), Vec::new())));
                    }
                }
                true
            }
            Some(Frame::Loop(node, last)) => {
                if let Node::Loop { body, until, .. } = node.as_ref() {
                    if (sh.status == 0) != *until {
                        let body = body.clone();
                        sh.frames.push(Frame::LoopBody(node));
                        sh.frames.push(Frame::Run(body, Vec::new()));
                    } else {
                        sh.status = last;
                    }
                }
                true
            }
            Some(Frame::LoopBody(node)) => {
                if let Node::Loop { cond, .. } = node.as_ref() {
                    let cond = cond.clone();
                    sh.frames.push(Frame::Loop(node, sh.status));
                    sh.frames.push(Frame::Run(cond, Vec::new()));
                }
                true
            }
            Some(Frame::For(node, values, at, sources)) => {
                if let (Node::For { var, body, .. }, Some(value)) = (node.as_ref(), values.get(at)) {
                    set(sh, var, value.clone(), sources.clone());
                    let body = body.clone();
                    sh.frames.push(Frame::For(node, values, at + 1, sources));
                    sh.frames.push(Frame::Run(body, Vec::new()));
                }
                true
            }
            Some(Frame::Output { pid, pipe, val }) => self.output(sh, pid, pipe, val),
            Some(Frame::Wait(pids)) => self.wait(sh, pids),
            Some(Frame::Restore(fds)) => {
                self.settle(p, host);
                p.fds = fds;
                true
            }
            Some(Frame::Read(names, raw, have)) => self.read_builtin(p, sh, names, raw, have),
        }
    }

    fn idle(&mut self, p: &mut Proc, sh: &mut Shell) -> bool {
        if !sh.interactive {
            p.exit = Some(sh.status);
            return true;
        }
        self.report_jobs(p, sh);
        let Some(t) = self.terminals.iter_mut().find(|t| t.id == p.terminal) else { return false };
        if t.shells.last() != Some(&p.pid) {
            return false;
        }
        let Some(input) = t.input.pop_front() else { return false };
        t.finish_line();
        let shown = if sh.pending.is_empty() { prompt(p) } else { "> ".to_owned() };
        let line = match input {
            Input::Line(line) => line,
            Input::Eof if !sh.pending.is_empty() => {
                t.push(Some(shown), String::new());
                sh.pending.clear();
                sh.status = 2;
                p.err.push_str("-bash: syntax error: unexpected end of file\n");
                return true;
            }
            Input::Eof => {
                t.push(Some(shown), "logout".to_owned());
                p.exit = Some(sh.status);
                return true;
            }
        };
        t.push(Some(shown), line.clone());
        let mut line = line;
        if sh.pending.is_empty() && line.contains("!!") && !line.contains('\'') {
            match t.history.last() {
                Some(last) => {
                    line = line.replace("!!", last);
                    t.push(None, line.clone());
                }
                None => {
                    p.err.push_str("-bash: !!: event not found\n");
                    return true;
                }
            }
        }
        if !line.trim().is_empty() {
            if t.history.len() >= 500 {
                t.history.remove(0);
            }
            t.history.push(line.clone());
        }
        let text = if sh.pending.is_empty() { line } else { format!("{}\n{line}", sh.pending) };
        match parse::parse(&text) {
            Ok(node) => {
                sh.pending.clear();
                sh.foreground = text.trim().lines().next().unwrap_or_default().to_owned();
                sh.frames.push(Frame::Run(node, Vec::new()));
            }
            Err(ParseError::Incomplete) if text.len() < 16_384 => sh.pending = text,
            Err(ParseError::Incomplete) => {
                sh.pending.clear();
                p.err.push_str("-bash: command is too long\n");
            }
            Err(ParseError::Syntax(message)) => {
                sh.pending.clear();
                sh.status = 2;
                p.sources.clear();
                p.err.push_str(&format!("-bash: {message}\n"));
            }
        }
        true
    }

    /// Reports ended jobs, and forgets them.
    pub(crate) fn report_jobs(&mut self, p: &mut Proc, sh: &mut Shell) {
        let mut done = Vec::new();
        sh.jobs.retain(|j| {
            let over = j.pids.iter().all(|pid| !self.procs.contains_key(pid));
            if over {
                let status = j.pids.last().and_then(|pid| self.exits.get(pid)).copied().unwrap_or(0);
                done.push((j.number, status, j.text.clone()));
            }
            !over
        });
        for (number, status, text) in done {
            let word = match status {
                0 => "Done".to_owned(),
                143 => "Terminated".to_owned(),
                137 => "Killed".to_owned(),
                n => format!("Exit {n}"),
            };
            p.sources.clear();
            p.err.push_str(&format!("[{number}]+  {word:<24}{text}\n"));
        }
    }

    fn list(&mut self, p: &mut Proc, sh: &mut Shell, node: &Arc<Node>, at: usize) {
        let Node::List(items) = node.as_ref() else { return };
        let Some(item) = items.get(at) else { return };
        if at + 1 < items.len() {
            sh.frames.push(Frame::List(node.clone(), at + 1));
        }
        if item.background {
            self.background(p, sh, item);
        } else {
            if sh.interactive && items.len() == 1 {
                sh.foreground.clone_from(&item.text);
            }
            sh.frames.push(Frame::Run(item.node.clone(), Vec::new()));
        }
    }

    fn background(&mut self, p: &mut Proc, sh: &mut Shell, item: &Item) {
        let mut fds = p.fds;
        if fds.first() == Some(&Fd::Term) {
            fds = [Fd::Null, p.fds.get(1).copied().unwrap_or(Fd::Null), p.fds.get(2).copied().unwrap_or(Fd::Null)];
        }
        let Some(pid) = self.subshell(p, sh, item.node.clone(), fds, &item.text, true) else {
            return fork_failed(p, sh);
        };
        let number = sh.jobs.iter().map(|j| j.number).max().unwrap_or(0) + 1;
        sh.jobs.push(Job { number, pids: vec![pid], text: item.text.clone(), stopped: false });
        sh.last_background = Some(pid);
        sh.status = 0;
        if sh.interactive {
            p.sources.clear();
            p.err.push_str(&format!("[{number}] {pid}\n"));
        }
    }

    fn subshell(
        &mut self,
        p: &Proc,
        sh: &Shell,
        node: Arc<Node>,
        fds: [Fd; 3],
        text: &str,
        background: bool,
    ) -> Option<u32> {
        let mut c = self.child(p, fds, if text.is_empty() { "-bash" } else { text })?;
        c.background |= background;
        c.shell = Some(Box::new(Shell {
            vars: sh.vars.clone(),
            aliases: sh.aliases.clone(),
            frames: vec![Frame::Run(node, Vec::new())],
            status: sh.status,
            ..Shell::default()
        }));
        let pid = c.pid;
        self.procs.insert(pid, c);
        Some(pid)
    }

    /// A child shell that runs a text, for `ssh host cmd`, `watch` and `bash -c`.
    pub(crate) fn spawn_text(&mut self, p: &Proc, text: &str, fds: [Fd; 3]) -> Result<u32, String> {
        let node = match parse::parse(text) {
            Ok(node) => node,
            Err(ParseError::Incomplete) => {
                return Err("bash: -c: line 1: syntax error: unexpected end of file".to_owned());
            }
            Err(ParseError::Syntax(m)) => return Err(format!("bash: -c: line 1: {m}")),
        };
        let sh = Shell { vars: p.env.clone(), ..Shell::default() };
        self.subshell(p, &sh, node, fds, text, p.background)
            .ok_or_else(|| "fork: Resource temporarily unavailable".to_owned())
    }

    fn output(&mut self, sh: &mut Shell, pid: u32, pipe: u32, mut val: Val) -> bool {
        let mut progress = false;
        if let Some(q) = self.pipes.get_mut(&pipe) {
            progress = !q.buffer.is_empty();
            val.text.push_str(&std::mem::take(&mut q.buffer));
            val.sources.extend(std::mem::take(&mut q.sources));
        }
        if val.text.len() > MAX_OUTPUT {
            let mut cut = MAX_OUTPUT;
            while !val.text.is_char_boundary(cut) {
                cut -= 1;
            }
            val.text.truncate(cut);
        }
        if let Some(status) = self.exits.remove(&pid) {
            sh.status = status;
            self.pipes.remove(&pipe);
            if let Some(Frame::Run(_, outputs)) = sh.frames.last_mut() {
                outputs.push(val);
            }
            return true;
        }
        if !self.procs.contains_key(&pid) {
            // It was killed from outside: its command sees what came so far.
            if let Some(Frame::Run(_, outputs)) = sh.frames.last_mut() {
                outputs.push(val);
            }
            return true;
        }
        sh.frames.push(Frame::Output { pid, pipe, val });
        progress
    }

    fn wait(&mut self, sh: &mut Shell, pids: Vec<u32>) -> bool {
        if pids.iter().any(|pid| self.procs.contains_key(pid)) {
            sh.frames.push(Frame::Wait(pids));
            return false;
        }
        if let Some(status) = pids.last().and_then(|pid| self.exits.get(pid)) {
            sh.status = *status;
        }
        for pid in &pids {
            self.exits.remove(pid);
        }
        sh.jobs.retain(|j| !j.pids.iter().any(|pid| pids.contains(pid)));
        true
    }

    fn run_node(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        outputs: Vec<Val>,
        host: &mut dyn ConsoleHost,
    ) {
        match node.as_ref() {
            Node::List(_) => sh.frames.push(Frame::List(node, 0)),
            Node::AndOr { left, and, right } => {
                sh.frames.push(Frame::AndOr(right.clone(), *and));
                sh.frames.push(Frame::Run(left.clone(), Vec::new()));
            }
            Node::If { arms, .. } => {
                let cond = arms.first().map(|(cond, _)| Frame::Run(cond.clone(), Vec::new()));
                sh.frames.push(Frame::If(node.clone(), 0));
                sh.frames.extend(cond);
            }
            Node::Loop { cond, .. } => {
                sh.frames.push(Frame::Loop(node.clone(), 0));
                sh.frames.push(Frame::Run(cond.clone(), Vec::new()));
            }
            Node::Pipe { negate, parts } => self.pipeline(p, sh, *negate, parts),
            Node::Subshell(inner) => match self.subshell(p, sh, inner.clone(), p.fds, "", false) {
                Some(pid) => sh.frames.push(Frame::Wait(vec![pid])),
                None => fork_failed(p, sh),
            },
            Node::For { words, .. } => {
                let Some((values, sources)) = self.expanded(p, sh, &node, outputs, host, |e| e.words(words)) else {
                    return;
                };
                sh.status = 0;
                sh.frames.push(Frame::For(node.clone(), values, 0, sources));
            }
            Node::Case { word, arms } => {
                let hit = self.expanded(p, sh, &node, outputs, host, |e| {
                    let subject = e.text(word)?;
                    for (i, (patterns, _)) in arms.iter().enumerate() {
                        for pattern in patterns {
                            if path::matches(&e.pattern(pattern)?, &subject) {
                                return Ok(Some(i));
                            }
                        }
                    }
                    Ok(None)
                });
                let Some((hit, _)) = hit else { return };
                sh.status = 0;
                sh.frames.extend(hit.and_then(|i| arms.get(i)).map(|(_, body)| Frame::Run(body.clone(), Vec::new())));
            }
            Node::Redirected { node: inner, redirs } => {
                let texts = self.expanded(p, sh, &node, outputs, host, |e| redir_texts(e, redirs));
                let Some((texts, sources)) = texts else { return };
                match self.open(p, redirs, &texts, sources, host) {
                    Ok(fds) => {
                        sh.frames.push(Frame::Restore(p.fds));
                        p.fds = fds;
                        sh.frames.push(Frame::Run(inner.clone(), Vec::new()));
                    }
                    Err(message) => fail(p, sh, 1, &message),
                }
            }
            Node::Simple { assigns, words, redirs } => {
                let had_output = !outputs.is_empty();
                let all = self.expanded(p, sh, &node, outputs, host, |e| {
                    let argv = e.words(words)?;
                    let mut values = Vec::new();
                    for (name, word) in assigns {
                        values.push((name.clone(), e.text(word)?));
                    }
                    Ok((argv, values, redir_texts(e, redirs)?))
                });
                let Some(((argv, values, texts), sources)) = all else { return };
                self.simple(p, sh, Simple { argv, values, redirs, texts, sources, had_output, words }, host);
            }
        }
    }

    /// Expands; if a substitution has to run first, arranges that and returns `None`.
    fn expanded<T>(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: &Arc<Node>,
        outputs: Vec<Val>,
        host: &dyn ConsoleHost,
        f: impl FnOnce(&mut Env<'_>) -> Result<T, Stop>,
    ) -> Option<(T, Sources)> {
        let mut env = Env {
            host,
            on: &p.host,
            cwd: &p.cwd,
            user: &p.user,
            vars: &sh.vars,
            status: sh.status,
            pid: p.pid,
            last_background: sh.last_background,
            outputs: &outputs,
            used: 0,
            sources: Sources::new(),
        };
        match f(&mut env) {
            Ok(v) => {
                let sources = env.sources;
                Some((v, sources))
            }
            Err(Stop::Error(message)) => {
                fail(p, sh, 1, &message);
                None
            }
            Err(Stop::Need(command)) => {
                let pipe = self.pipe();
                let fds = [
                    p.fds.first().copied().unwrap_or(Fd::Null),
                    Fd::Write(pipe),
                    p.fds.get(2).copied().unwrap_or(Fd::Null),
                ];
                // The shell itself reads that pipe, as this frame.
                match self.subshell(p, sh, command, fds, "", false) {
                    Some(pid) => {
                        if let Some(c) = self.procs.get_mut(&pid) {
                            c.sources.clear();
                        }
                        sh.frames.push(Frame::Run(node.clone(), outputs));
                        sh.frames.push(Frame::Output { pid, pipe, val: Val::default() });
                    }
                    None => fork_failed(p, sh),
                }
                None
            }
        }
    }

    fn pipeline(&mut self, p: &mut Proc, sh: &mut Shell, negate: bool, parts: &[Arc<Node>]) {
        if negate {
            sh.frames.push(Frame::Not);
        }
        if let [one] = parts {
            sh.frames.push(Frame::Run(one.clone(), Vec::new()));
            return;
        }
        let [stdin, stdout, stderr] = p.fds;
        let mut input = stdin;
        let mut pids = Vec::new();
        p.sources.clear();
        for (i, part) in parts.iter().enumerate() {
            let (output, next) = if i + 1 < parts.len() {
                let pipe = self.pipe();
                (Fd::Write(pipe), Fd::Read(pipe))
            } else {
                (stdout, Fd::Null)
            };
            match self.subshell(p, sh, part.clone(), [input, output, stderr], "", false) {
                Some(pid) => pids.push(pid),
                None => return fork_failed(p, sh),
            }
            input = next;
        }
        sh.frames.push(Frame::Wait(pids));
    }

    fn read_builtin(&mut self, p: &mut Proc, sh: &mut Shell, names: Vec<String>, raw: bool, mut have: String) -> bool {
        let before = std::mem::take(&mut p.sources);
        let got = self.read(p);
        let sources = std::mem::replace(&mut p.sources, before);
        let (line, status) = match got {
            Read::Later => {
                sh.frames.push(Frame::Read(names, raw, have));
                return false;
            }
            Read::End => (have, 1),
            Read::Bytes(text) => match text.split_once('\n') {
                Some((line, rest)) => {
                    if !rest.is_empty() {
                        self.unread(p, rest.to_owned());
                    }
                    have.push_str(line);
                    (have, 0)
                }
                None => {
                    have.push_str(&text);
                    sh.frames.push(Frame::Read(names, raw, have));
                    return true;
                }
            },
        };
        let line = if raw { line } else { line.replace('\\', "") };
        let mut rest = line.trim();
        for (i, name) in names.iter().enumerate() {
            let value = if i + 1 == names.len() {
                std::mem::take(&mut rest)
            } else {
                match rest.split_once(char::is_whitespace) {
                    Some((a, b)) => {
                        rest = b.trim_start();
                        a
                    }
                    None => std::mem::take(&mut rest),
                }
            };
            set(sh, name, value.to_owned(), sources.clone());
        }
        sh.status = status;
        true
    }
}

struct Simple<'a> {
    argv: Vec<String>,
    values: Vec<(String, String)>,
    redirs: &'a [Redir],
    texts: Vec<String>,
    sources: Sources,
    had_output: bool,
    words: &'a [Word],
}

fn redir_texts(e: &mut Env<'_>, redirs: &[Redir]) -> Result<Vec<String>, Stop> {
    redirs.iter().map(|r| e.text(&r.word)).collect()
}

/// Sets a variable; an exported one stays so.
pub(crate) fn set(sh: &mut Shell, name: &str, text: String, sources: Sources) {
    let exported = sh.vars.get(name).is_some_and(|v| v.exported);
    if sh.vars.len() < 2000 || sh.vars.contains_key(name) {
        sh.vars.insert(name.to_owned(), Val { text, sources, exported });
    }
}

pub(crate) fn fail(p: &mut Proc, sh: &mut Shell, status: i32, message: &str) {
    sh.status = status;
    p.err.push_str(&format!("-bash: {message}\n"));
}

fn fork_failed(p: &mut Proc, sh: &mut Shell) {
    p.err.push_str("-bash: fork: retry: Resource temporarily unavailable\n");
    abort(p, sh, 254);
}

/// Drops what the shell was doing and puts its own descriptors back.
pub(crate) fn abort(p: &mut Proc, sh: &mut Shell, status: i32) {
    if let Some(fds) = sh.frames.iter().find_map(|f| if let Frame::Restore(fds) = f { Some(*fds) } else { None }) {
        p.fds = fds;
    }
    sh.frames.clear();
    sh.status = status;
}

/// What bash says to a name that it does not know, with the nearest known one.
pub(crate) fn unknown(name: &str) -> String {
    let names = tool::names().chain(builtin::NAMES.iter().copied());
    match text::nearest(name, names) {
        Some(near) => {
            format!("-bash: {name}: command not found\nDid you mean '{near}'? `help` lists what is installed here.\n")
        }
        None => format!("-bash: {name}: command not found\n`help` lists what is installed here.\n"),
    }
}
