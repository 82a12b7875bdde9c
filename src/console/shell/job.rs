//! Processes of a shell: subshells, pipelines, jobs, and waiting for them.

use super::{MAX_OUTPUT, abort, fail, fork_failed, without_input};
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
        let Some(pid) = self.subshell(p, sh, item.node.clone(), fds, &item.text, true) else {
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
        c.env.clone_from(&p.env);
        let lenient = sh.lenient || ignores_failure(sh);
        // A trap that ignores a signal is inherited; the others are not.
        let traps = sh.traps.iter().filter(|(_, t)| t.is_empty()).map(|(k, t)| (k.clone(), t.clone())).collect();
        c.shell = Some(Box::new(Shell {
            vars: sh.vars.clone(),
            functions: sh.functions.clone(),
            aliases: sh.aliases.clone(),
            opts: sh.opts.clone(),
            args: sh.args.clone(),
            args_sources: sh.args_sources.clone(),
            name: if sh.interactive { "-bash".to_owned() } else { sh.name.clone() },
            frames: vec![Frame::Run(node, Vec::new())],
            status: sh.status,
            pipestatus: sh.pipestatus.clone(),
            last_background: sh.last_background,
            last_arg: sh.last_arg.clone(),
            main_pid: Some(sh.main_pid.unwrap_or(p.pid)),
            subshell: sh.subshell + 1,
            dirs: sh.dirs.clone(),
            calls: sh.calls.clone(),
            line: sh.line,
            random: sh.random.wrapping_add(c.pid),
            start_ms: sh.start_ms,
            traps,
            lenient,
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
            sh.frames.push(Frame::Not);
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
                sh.frames.push(Frame::Wait(pids));
                sh.frames.push(Frame::Restore(keep));
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
            input = next;
        }
        sh.frames.push(Frame::Pipe(pids));
    }

    pub(super) fn timed(&mut self, p: &mut Proc, sh: &mut Shell, since: u64, kind: Timing) {
        let ms = self.now_ms.saturating_sub(since);
        let _same_status = sh.status;
        match kind {
            Timing::Posix => {
                p.err.push_str(&format!("real {}.{:02}\nuser 0.00\nsys 0.00\n", ms / 1000, ms % 1000 / 10));
            }
            Timing::Bash => {
                let at = |ms: u64| format!("{}m{}.{:03}s", ms / 60_000, ms / 1000 % 60, ms % 1000);
                p.err.push_str(&format!("\nreal\t{}\nuser\t{}\nsys\t{}\n", at(ms), at(0), at(0)));
            }
        }
    }

    /// Output of a substitution that runs.
    pub(super) fn output(&mut self, p: &mut Proc, sh: &mut Shell, frame: Frame, host: &mut dyn ConsoleHost) -> bool {
        let Frame::Output { pid, pipe, mut val, stream } = frame else { return false };
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
            if !stream {
                abort(p, sh, 2);
                fail(p, sh, 2, &format!("xrealloc: cannot allocate {} bytes", size * 2));
                if !sh.interactive {
                    p.exit = Some(2);
                }
                return true;
            }
            let mut cut = MAX_OUTPUT;
            while !val.text.is_char_boundary(cut) {
                cut -= 1;
            }
            val.text.truncate(cut);
        }
        let ended = self.exits.remove(&pid);
        if ended.is_some() || full || !self.procs.contains_key(&pid) {
            // If it was killed from outside, its command sees what came so far.
            if let Some(status) = ended
                && !stream
            {
                sh.status = status;
                sh.substituted = Some(status);
            }
            self.pipes.remove(&pipe);
            if let Some(Frame::Run(_, outputs)) = sh.frames.last_mut() {
                outputs.push(val);
            }
            return true;
        }
        sh.frames.push(Frame::Output { pid, pipe, val, stream });
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

    pub(super) fn wait_any(&mut self, sh: &mut Shell, pids: Vec<u32>) -> bool {
        let Some(pid) = pids.iter().find(|pid| !self.procs.contains_key(pid)).copied() else {
            sh.frames.push(Frame::WaitAny(pids));
            return false;
        };
        sh.status = self.exits.get(&pid).copied().unwrap_or(0);
        self.forget(sh, &[pid]);
        true
    }

    /// Waits for all members of a pipeline and takes their statuses.
    pub(super) fn wait_pipe(&mut self, sh: &mut Shell, pids: Vec<u32>) -> bool {
        if pids.iter().any(|pid| self.procs.contains_key(pid)) {
            sh.frames.push(Frame::Pipe(pids));
            return false;
        }
        let all: Vec<i32> = pids.iter().map(|pid| self.exits.get(pid).copied().unwrap_or(130)).collect();
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

/// Whether a failing command is looked at by something that stands above it.
pub(super) fn ignores_failure(sh: &Shell) -> bool {
    sh.frames.iter().any(|f| matches!(f, Frame::If(..) | Frame::Loop(..) | Frame::AndOr(..) | Frame::Not))
}
