//! Processes of a shell: subshells, pipelines, jobs, and waiting for them.

use super::{MAX_OUTPUT, abort, back, fail, fork_failed, without_input};
use crate::console::expand::Sources;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::process::{Fd, Frame, Job, Proc, Shell};
use crate::console::syntax::{Item, Node, Timing};
use std::sync::Arc;

impl Console {
    pub(super) fn list(&mut self, p: &mut Proc, sh: &mut Shell, node: &Arc<Node>, at: usize) {
        let Node::List(items) = node.as_ref() else { return };
        let Some(item) = items.get(at) else { return };
        if at + 1 < items.len() {
            sh.frames.push(Frame::List(node.clone(), at + 1));
        }
        if item.background {
            self.background(p, sh, item);
        } else {
            if sh.interactive && items.len() == 1 && sh.frames.is_empty() {
                sh.foreground.clone_from(&item.text);
            }
            sh.frames.push(Frame::Run(item.node.clone(), Vec::new()));
        }
    }

    fn background(&mut self, p: &mut Proc, sh: &mut Shell, item: &Item) {
        let fds = without_input(p.fds);
        // `( … ) &` is one process.
        let node = match item.node.as_ref() {
            Node::Subshell(inner) => inner.clone(),
            _ => item.node.clone(),
        };
        // A list or a pipeline is run by a shell, whatever the line says.
        let text = if matches!(*node, Node::Simple { .. }) { item.text.as_str() } else { "" };
        let Some(pid) = self.subshell(p, sh, node, fds, text, true) else {
            return fork_failed(p, sh);
        };
        if sh.jobs.len() >= crate::console::machine::MAX_PROCS {
            let running: Vec<u32> = self.procs.keys().copied().collect();
            sh.jobs.retain(|j| j.pids.iter().any(|pid| running.contains(pid)));
        }
        let number = sh.jobs.iter().map(|j| j.number).max().unwrap_or(0) + 1;
        sh.jobs.push(Job { number, pids: vec![pid], text: item.text.clone(), stopped: false });
        sh.last_background = Some(pid);
        sh.status = 0;
        if sh.interactive {
            p.sources.clear();
            p.err.push_str(&format!("[{number}] {pid}\n"));
        }
    }

    /// A copy of the shell that runs a command as a child.
    pub(super) fn subshell(
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
        sh.hide_coproc(&mut c);
        c.env.clone_from(&p.env);
        let lenient = sh.lenient || ignores_failure(sh);
        // A trap that ignores a signal is inherited; the others are not.
        let inherits = |k: &str| match k {
            "ERR" => sh.opts.errtrace,
            "DEBUG" | "RETURN" => sh.opts.functrace,
            _ => false,
        };
        let kept = sh.traps.iter().filter(|(k, t)| t.is_empty() || inherits(k));
        let traps = kept.map(|(k, t)| (k.clone(), t.clone())).collect();
        c.shell = Some(Box::new(Shell {
            vars: sh.vars.clone(),
            functions: sh.functions.clone(),
            aliases: sh.aliases.clone(),
            opts: sh.opts.clone(),
            args: sh.args.clone(),
            args_sources: sh.args_sources.clone(),
            name: if sh.interactive { "-bash".to_owned() } else { sh.name.clone() },
            frames: vec![Frame::Run(node, Vec::new())],
            recalls: sh.recalls,
            status: sh.status,
            pipestatus: sh.pipestatus.clone(),
            last_background: sh.last_background,
            last_arg: sh.last_arg.clone(),
            main_pid: Some(sh.main_pid.unwrap_or(p.pid)),
            subshell: sh.subshell + 1,
            dirs: sh.dirs.clone(),
            calls: sh.calls.clone(),
            line: sh.line,
            line_shift: sh.line_shift,
            random: sh.random.wrapping_add(c.pid),
            start_ms: sh.start_ms,
            traps,
            lenient,
            files: sh.files.clone(),
            exported: sh.exported.clone(),
            from_file: sh.from_file,
            from_text: sh.from_text,
            hashed: sh.hashed.clone(),
            parent_traps: if sh.parent_traps.is_empty() { sh.traps.clone() } else { sh.parent_traps.clone() },
            trace_level: trace_level(sh),
            parent_jobs: if background { Vec::new() } else { sh.jobs.clone() },
            in_debug: sh.in_debug,
            disabled: sh.disabled.clone(),
            completions: sh.completions.clone(),
            scopes: known_scopes(sh),
            ..Shell::default()
        }));
        let pid = c.pid;
        self.procs.insert(pid, c);
        Some(pid)
    }

    pub(super) fn pipeline(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        negate: bool,
        time: Option<Timing>,
        parts: &[Arc<Node>],
    ) {
        if let Some(kind) = time {
            sh.frames.push(Frame::Time(self.now_ms, kind));
        }
        if negate {
            sh.frames.push(Frame::Not(sh.opts.errexit));
        }
        if let [one] = parts {
            sh.frames.push(Frame::Run(one.clone(), Vec::new()));
            return;
        }
        if !negate {
            self.want_check(sh);
        }
        let [stdin, stdout, stderr] = p.fds;
        let mut input = stdin;
        let mut pids = Vec::new();
        p.sources.clear();
        for (i, part) in parts.iter().enumerate() {
            let last = i + 1 == parts.len();
            if last && sh.opts.lastpipe && !sh.interactive {
                // The last member runs in this shell, with its input from the pipe.
                let keep = super::saved(p);
                if let Some(slot) = p.fds.first_mut() {
                    *slot = input;
                }
                sh.frames.push(Frame::Pipe(pids, true));
                sh.frames.extend(back(p, &keep));
                sh.frames.push(Frame::Run(part.clone(), Vec::new()));
                return;
            }
            let (output, next) = if last {
                (stdout, Fd::Null)
            } else {
                let pipe = self.pipe();
                (Fd::Write(pipe), Fd::Read(pipe))
            };
            match self.subshell(p, sh, part.clone(), [input, output, stderr], "", false) {
                Some(pid) => pids.push(pid),
                None => return fork_failed(p, sh),
            }
            // A failing builtin in a pipeline is a matter of the pipeline.
            if let (Node::Simple { words, .. }, Some(pid)) = (part.as_ref(), pids.last())
                && words.first().and_then(|w| w.literal()).is_some_and(|w| !sh.functions.contains_key(w))
                && let Some(child) = self.procs.get_mut(pid).and_then(|c| c.shell.as_mut())
            {
                child.traps.remove("ERR");
            }
            input = next;
        }
        sh.frames.push(Frame::Pipe(pids, false));
    }

    pub(super) fn timed(&mut self, p: &mut Proc, sh: &mut Shell, since: u64, kind: Timing) {
        let ms = self.now_ms.saturating_sub(since);
        let _same_status = sh.status;
        let at = |ms: u64| format!("{}m{}.{:03}s", ms / 60_000, ms / 1000 % 60, ms % 1000);
        let format = sh.vars.get("TIMEFORMAT").and_then(|v| v.text()).map(str::to_owned);
        match (kind, format) {
            (Timing::Posix, _) => {
                p.err.push_str(&format!("real {}.{:02}\nuser 0.00\nsys 0.00\n", ms / 1000, ms % 1000 / 10));
            }
            (Timing::Bash, None) => {
                p.err.push_str(&format!("\nreal\t{}\nuser\t{}\nsys\t{}\n", at(ms), at(0), at(0)));
            }
            (Timing::Bash, Some(format)) if format.is_empty() => {}
            (Timing::Bash, Some(format)) => p.err.push_str(&time_format(&format, ms)),
        }
    }

    /// Output of a substitution that runs.
    pub(super) fn output(&mut self, p: &mut Proc, sh: &mut Shell, frame: Frame, host: &mut dyn ConsoleHost) -> bool {
        let Frame::Output { pid, pipe, mut val } = frame else { return false };
        let mut progress = false;
        if let Some(q) = self.pipes.get_mut(&pipe) {
            progress = !q.buffer.is_empty();
            val.text.push_str(&std::mem::take(&mut q.buffer));
            val.sources.extend(std::mem::take(&mut q.sources));
        }
        // Bash drops NUL bytes; a text has none.
        if val.text.contains('\0') {
            val.text.retain(|c| c != '\0');
        }
        let full = val.text.len() > MAX_OUTPUT;
        if full {
            let size = val.text.len();
            self.kill(pid, 141, host);
            self.exits.remove(&pid);
            self.pipes.remove(&pipe);
            abort(p, sh, 2);
            fail(p, sh, 2, &format!("xrealloc: cannot allocate {} bytes", size * 2));
            if !sh.interactive {
                p.exit = Some(2);
            }
            return true;
        }
        // What was started inside it and still writes belongs to it.
        let open = self.procs.values().any(|q| q.pid != pid && crate::console::machine::writes(q, pipe));
        if open && !self.procs.contains_key(&pid) {
            sh.frames.push(Frame::Output { pid, pipe, val });
            return progress;
        }
        let ended = self.exits.remove(&pid);
        if ended.is_some() || !self.procs.contains_key(&pid) {
            // If it was killed from outside, its command sees what came so far.
            if let Some(status) = ended {
                val.status = status;
                sh.status = status;
                sh.substituted = Some(status);
            }
            self.pipes.remove(&pipe);
            if let Some(outputs) = sh.frames.last_mut().and_then(Frame::outputs) {
                outputs.push(val);
            }
            return true;
        }
        sh.frames.push(Frame::Output { pid, pipe, val });
        progress
    }

    fn forget(&mut self, sh: &mut Shell, pids: &[u32]) {
        for pid in pids {
            if let Some(status) = self.exits.remove(pid) {
                sh.ended.insert(*pid, status);
            }
        }
        while sh.ended.len() > 64 {
            sh.ended.pop_first();
        }
        sh.jobs.retain(|j| !j.pids.iter().any(|pid| pids.contains(pid)));
    }

    pub(super) fn wait(&mut self, sh: &mut Shell, pids: Vec<u32>) -> bool {
        if pids.iter().any(|pid| self.procs.contains_key(pid)) {
            sh.frames.push(Frame::Wait(pids));
            return false;
        }
        if let Some(pid) = pids.last()
            && let Some(status) = self.exits.get(pid).or_else(|| sh.ended.get(pid))
        {
            sh.status = *status;
        }
        sh.pipestatus = vec![sh.status];
        self.forget(sh, &pids);
        true
    }

    pub(super) fn wait_any(&mut self, p: &mut Proc, sh: &mut Shell, pids: Vec<u32>, name: Option<String>) -> bool {
        let Some(pid) = pids.iter().find(|pid| !self.procs.contains_key(pid)).copied() else {
            sh.frames.push(Frame::WaitAny(pids, name));
            return false;
        };
        let status = self.exits.get(&pid).or_else(|| sh.ended.get(&pid)).copied().unwrap_or(0);
        self.forget(sh, &[pid]);
        if let Some(name) = name {
            super::set(p, sh, &name, &pid.to_string(), Sources::new());
        }
        sh.status = status;
        true
    }

    /// Waits for all members of a pipeline and takes their statuses.
    pub(super) fn wait_pipe(&mut self, sh: &mut Shell, pids: Vec<u32>, here: bool) -> bool {
        if pids.iter().any(|pid| self.procs.contains_key(pid)) {
            sh.frames.push(Frame::Pipe(pids, here));
            return false;
        }
        let mut all: Vec<i32> = pids.iter().map(|pid| self.exits.get(pid).copied().unwrap_or(130)).collect();
        all.extend(here.then_some(sh.status));
        sh.status = all.last().copied().unwrap_or(0);
        if sh.opts.pipefail
            && let Some(failed) = all.iter().rev().find(|s| **s != 0)
        {
            sh.status = *failed;
        }
        sh.pipestatus = all;
        self.forget(sh, &pids);
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
                if let Some(pid) = j.pids.last() {
                    sh.ended.insert(*pid, status);
                }
            }
            !over
        });
        while sh.ended.len() > 64 {
            sh.ended.pop_first();
        }
        for (number, status, text) in done {
            let word = match status {
                0 => "Done".to_owned(),
                129 => "Hangup".to_owned(),
                130 => "Interrupt".to_owned(),
                137 => "Killed".to_owned(),
                143 => "Terminated".to_owned(),
                n => format!("Exit {n}"),
            };
            p.sources.clear();
            p.err.push_str(&format!("[{number}]+  {word:<24}{text}\n"));
        }
    }
}

/// The scopes of a forked shell: it knows which variables are the present function's own.
fn known_scopes(sh: &Shell) -> Vec<std::collections::BTreeMap<String, Option<crate::console::var::Var>>> {
    let mut all = vec![std::collections::BTreeMap::new(); sh.scopes.len()];
    if let (Some(to), Some(from)) = (all.last_mut(), sh.scopes.last()) {
        to.clone_from(from);
    }
    all
}

/// Whether a failing command is looked at by something that stands above it.
pub(super) fn ignores_failure(sh: &Shell) -> bool {
    let asks = |f: &Frame| matches!(f, Frame::If(..) | Frame::Loop(..) | Frame::AndOr(..) | Frame::Not(true));
    // `!` is about its own command, and about those inside it where `set -e` held when it began.
    matches!(sh.frames.last(), Some(Frame::Not(_))) || sh.frames.iter().any(asks)
}

/// The text of `TIMEFORMAT` with its fields filled in: `%3R`, `%lU`, `%P`.
fn time_format(format: &str, real_ms: u64) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let places = chars.next_if(char::is_ascii_digit).and_then(|d| d.to_digit(10)).unwrap_or(3).min(3);
        let long = chars.next_if_eq(&'l').is_some();
        let ms = match chars.next() {
            Some('R') => real_ms,
            Some('U' | 'S') => 0,
            Some('P') => {
                out.push_str("0.00");
                continue;
            }
            Some(c) => {
                out.push(c);
                continue;
            }
            None => {
                out.push('%');
                break;
            }
        };
        let (seconds, rest) = (ms / 1000, ms % 1000);
        let shown = if long { format!("{}m{}", seconds / 60, seconds % 60) } else { seconds.to_string() };
        out.push_str(&shown);
        if places > 0 {
            let digits = format!("{rest:03}");
            out.push('.');
            out.extend(digits.chars().take(places as usize));
        }
        if long {
            out.push('s');
        }
    }
    out.push('\n');
    out
}

/// How often `set -x` repeats the first character of `PS4`: once for each substitution, `eval`, sourced file and trap.
pub(super) fn trace_level(sh: &Shell) -> u32 {
    let inner = |f: &&Frame| matches!(f, Frame::Script(s) if s.kind != crate::console::process::ScriptKind::Main);
    let scripts = sh.frames.iter().filter(inner).count();
    sh.trace_level.saturating_add(u32::try_from(scripts).unwrap_or(0))
}
