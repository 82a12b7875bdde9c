//! `set -e`, traps and the end of a shell.

use super::job::ignores_failure;
use super::unwind;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::parse;
use crate::console::process::{Frame, Proc, Script, ScriptKind, Shell};
use crate::console::syntax::Node;
use std::sync::Arc;

/// Signals by name, number first.
pub(crate) const SIGNALS: [(i32, &str); 31] = [
    (1, "HUP"),
    (2, "INT"),
    (3, "QUIT"),
    (4, "ILL"),
    (5, "TRAP"),
    (6, "ABRT"),
    (7, "BUS"),
    (8, "FPE"),
    (9, "KILL"),
    (10, "USR1"),
    (11, "SEGV"),
    (12, "USR2"),
    (13, "PIPE"),
    (14, "ALRM"),
    (15, "TERM"),
    (16, "STKFLT"),
    (17, "CHLD"),
    (18, "CONT"),
    (19, "STOP"),
    (20, "TSTP"),
    (21, "TTIN"),
    (22, "TTOU"),
    (23, "URG"),
    (24, "XCPU"),
    (25, "XFSZ"),
    (26, "VTALRM"),
    (27, "PROF"),
    (28, "WINCH"),
    (29, "IO"),
    (30, "PWR"),
    (31, "SYS"),
];

/// A signal's number and name without `SIG`, from either.
pub(crate) fn signal(spec: &str) -> Option<(i32, &'static str)> {
    let upper = spec.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    SIGNALS.into_iter().find(|(n, s)| *s == name || spec.parse() == Ok(*n))
}

/// Begins the command of a trap, after which the status is this one again.
fn begin(sh: &mut Shell, status: i32, text: &str) {
    sh.in_traps += 1;
    sh.frames.push(Frame::Status(status));
    sh.frames.push(Frame::Script(Script::new(text, sh.line, ScriptKind::Trap)));
}

impl Console {
    /// After this command it will be looked at whether it failed, if that matters.
    pub(super) fn want_check(&self, sh: &mut Shell) {
        if sh.opts.errexit || sh.traps.contains_key("ERR") {
            sh.frames.push(Frame::Check);
        }
    }

    /// A command ended.
    pub(super) fn check(&mut self, p: &mut Proc, sh: &mut Shell, host: &mut dyn ConsoleHost) {
        if sh.status == 0 || sh.lenient || ignores_failure(sh) {
            return;
        }
        let status = sh.status;
        let trap = sh.traps.get("ERR").filter(|t| !t.is_empty()).cloned();
        let inherited = sh.calls.is_empty() || sh.opts.errtrace;
        if sh.opts.errexit && !sh.interactive {
            sh.frames.push(Frame::Exit(status));
            // The EXIT trap comes after the ERR trap.
            self.exit_trap(sh, status);
        }
        if let Some(text) = trap.filter(|_| inherited) {
            begin(sh, status, &text);
        }
        let _unused = (p, host);
    }

    fn exit_trap(&mut self, sh: &mut Shell, status: i32) {
        if let Some(text) = sh.traps.remove("EXIT").filter(|t| !t.is_empty()) {
            begin(sh, status, &text);
        }
    }

    /// The shell ends, after its EXIT trap.
    pub(crate) fn leave(&mut self, p: &mut Proc, sh: &mut Shell, status: i32, host: &mut dyn ConsoleHost) {
        self.settle(p, host);
        // An `exit` in a function still sees its variables in the trap; descriptors are put back.
        unwind(p, sh, 0);
        sh.status = status;
        if sh.interactive {
            self.keep_history(p, sh, host);
        }
        if sh.traps.get("EXIT").is_some_and(|t| !t.is_empty()) {
            sh.frames.push(Frame::Exit(status));
            self.exit_trap(sh, status);
        } else {
            p.exit = Some(status);
        }
    }

    /// Runs the DEBUG trap before a command, which `again` stands for; whether it did.
    pub(super) fn debug_trap(&mut self, sh: &mut Shell, node: &Arc<Node>, again: Frame) -> bool {
        if std::mem::take(&mut sh.after_trap) || sh.in_debug || !(sh.calls.is_empty() || sh.opts.functrace) {
            return false;
        }
        let Some(text) = sh.traps.get("DEBUG").filter(|t| !t.is_empty()).cloned() else { return false };
        if let Node::Simple { line, .. }
        | Node::For { line, .. }
        | Node::ForArith { line, .. }
        | Node::Case { line, .. } = node.as_ref()
        {
            sh.at_line(Some(*line));
        }
        sh.present = Some(node.clone());
        sh.frames.push(again);
        sh.frames.push(Frame::Debug(sh.status, sh.line));
        sh.in_debug = true;
        sh.frames.push(Frame::Script(Script::new(&text, sh.line, ScriptKind::Trap)));
        true
    }

    /// Runs the DEBUG trap once for each member of a pipeline, before it begins; whether it did.
    pub(super) fn pipe_trap(&mut self, sh: &mut Shell, node: &Arc<Node>, members: usize) -> bool {
        if !self.debug_trap(sh, node, Frame::Run(node.clone(), Vec::new())) {
            return false;
        }
        if let Some(script @ Frame::Script(_)) = sh.frames.last().cloned() {
            sh.frames.extend(std::iter::repeat_n(script, members - 1));
        }
        true
    }

    /// Runs the RETURN trap at the end of a function or a sourced file, which `again` ends; whether it did.
    pub(super) fn return_trap(&mut self, sh: &mut Shell, again: Frame) -> bool {
        if std::mem::take(&mut sh.after_trap) || sh.in_debug {
            return false;
        }
        let Some(text) = sh.traps.get("RETURN").filter(|t| !t.is_empty()).cloned() else { return false };
        sh.frames.push(again);
        sh.frames.push(Frame::Debug(sh.status, sh.line));
        sh.in_debug = true;
        sh.frames.push(Frame::Script(Script::new(&text, sh.line, ScriptKind::Trap)));
        true
    }

    /// What `set -x` prints, behind the expanded `PS4`.
    pub(super) fn trace(&self, p: &mut Proc, sh: &mut Shell, text: &str, host: &dyn ConsoleHost) {
        if !sh.opts.xtrace {
            return;
        }
        let prefix = match sh.vars.get("PS4").and_then(|v| v.text()).map(str::to_owned) {
            None => "+ ".to_owned(),
            Some(raw) => {
                let status = sh.status;
                let expanded = parse::double(&raw).ok().and_then(|parts| {
                    let mut env = self.env(p, sh, &[], host);
                    env.quoted_text(&parts).ok()
                });
                sh.status = status;
                expanded.unwrap_or(raw)
            }
        };
        let first: String = prefix.chars().take(1).collect();
        let deep = usize::try_from(super::job::trace_level(sh)).unwrap_or(0).min(10);
        p.err.push_str(&format!("{}{prefix}{text}\n", first.repeat(deep)));
    }

    /// A signal that has a trap arrived.
    pub(super) fn run_trap(&mut self, sh: &mut Shell, signal: &str) {
        if let Some(text) = sh.traps.get(signal).filter(|t| !t.is_empty()).cloned() {
            begin(sh, sh.status, &text);
        }
    }

    /// Sends a signal to a process: a shell with a trap for it takes that, others end.
    pub(crate) fn send(&mut self, pid: u32, signal: (i32, &str), host: &mut dyn ConsoleHost) {
        let (number, name) = signal;
        let Some(q) = self.procs.get_mut(&pid) else { return };
        let trapped = q.shell.as_mut().filter(|_| number != 9).and_then(|s| {
            let empty = s.traps.get(name)?.is_empty();
            if !empty && s.signals.len() < 64 {
                s.signals.push_back(name.to_owned());
            }
            // A wait for a job ends early; everything else goes on after it.
            Some(())
        });
        if trapped.is_some() {
            return;
        }
        match name {
            // Signal 0 only asks.
            "0" | "CHLD" | "URG" | "WINCH" => {}
            "CONT" => {
                q.stopped = false;
            }
            "STOP" | "TSTP" | "TTIN" | "TTOU" => q.stopped = true,
            // An interactive shell ignores what would end it.
            _ if q.shell.as_ref().is_some_and(|s| s.interactive) && matches!(name, "TERM" | "INT" | "QUIT") => {}
            _ => self.kill(pid, 128 + number, host),
        }
    }
}
