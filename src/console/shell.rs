//! One step of a shell: takes the innermost frame of its continuation and goes on from there.

use crate::console::expand::Sources;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::process::{Call, Fd, Frame, Proc, Saved, Script, ScriptKind, Shell};
use crate::console::syntax::Node;
use crate::console::{builtin, tool};
use crate::stdx::text;

mod coproc;
mod idle;
mod invoke;
mod job;
mod looping;
mod reading;
mod redirect;
mod run;
mod script;
mod trap;

pub(crate) use trap::{SIGNALS, signal};

/// Frames of one shell; what goes deeper is refused as bash refuses it.
const MAX_FRAMES: usize = 6_000;
/// Functions that may be inside each other.
pub(crate) const MAX_CALLS: usize = 1_000;
/// Longest output of a substitution, bytes.
const MAX_OUTPUT: usize = 1 << 20;

impl Console {
    /// Returns whether something happened.
    pub(crate) fn step_shell(&mut self, p: &mut Proc, sh: &mut Shell, host: &mut dyn ConsoleHost) -> bool {
        if sh.frames.len() > MAX_FRAMES {
            fail(p, sh, 1, "maximum nesting level exceeded");
            self.leave(p, sh, 1, host);
            return true;
        }
        if let Some(signal) = sh.signals.pop_front() {
            self.run_trap(sh, &signal);
        }
        match sh.frames.pop() {
            None => return self.idle(p, sh, host),
            Some(Frame::Run(node, outputs)) => self.run_node(p, sh, node, outputs, host),
            Some(Frame::List(node, at)) => self.list(p, sh, &node, at),
            Some(Frame::AndOr(right, and)) => {
                if (sh.status == 0) == and {
                    sh.frames.push(Frame::Run(right, Vec::new()));
                }
            }
            Some(Frame::Not(_)) => sh.status = i32::from(sh.status == 0),
            Some(Frame::If(node, arm)) => next_arm(sh, node, arm),
            Some(Frame::Loop(node, last)) => looping::condition(sh, node, last),
            Some(Frame::LoopBody(node)) => looping::again(sh, node),
            Some(Frame::For(node, values, at, sources)) => self.next_value(p, sh, node, values, at, sources, host),
            Some(Frame::ForArith(node, step, outputs)) => self.next_arithmetic(p, sh, node, step, outputs, host),
            Some(Frame::Select(node, values, asked)) => self.next_choice(p, sh, node, values, asked),
            Some(Frame::Case(node, at, fall, subject, outputs)) => {
                self.next_case(p, sh, node, at, fall, subject, outputs, host);
            }
            Some(Frame::Output { pid, pipe, val }) => {
                return self.output(p, sh, Frame::Output { pid, pipe, val }, host);
            }
            Some(frame @ (Frame::Wait(_) | Frame::Pipe(..) | Frame::WaitAny(..))) => {
                let over = match frame {
                    Frame::Wait(pids) => self.wait(sh, pids),
                    Frame::Pipe(pids, here) => self.wait_pipe(sh, pids, here),
                    Frame::WaitAny(pids, name) => self.wait_any(p, sh, pids, name),
                    _ => true,
                };
                if over {
                    self.end_coproc(p, sh);
                }
                return over;
            }
            Some(Frame::Restore(old)) => {
                self.settle(p, host);
                put_back(p, old);
            }
            Some(Frame::Vars(old)) => {
                for (name, var) in old {
                    sh.vars.put(&name, var);
                }
            }
            Some(Frame::Read(reading)) => return self.read_builtin(p, sh, reading),
            Some(Frame::Source(fd, args)) => {
                if !self.gathered(p, fd) {
                    sh.frames.push(Frame::Source(fd, args));
                    return false;
                }
                let text = self.rest_of(p, fd);
                source_text(sh, &args, &text);
            }
            Some(Frame::Script(script)) => self.script(p, sh, script),
            Some(Frame::Call(args, sources)) => {
                if !self.return_trap(sh, Frame::Call(args.clone(), sources.clone())) {
                    end_call(sh, args, sources);
                }
            }
            Some(Frame::Check) => self.check(p, sh, host),
            Some(Frame::Time(since, kind)) => self.timed(p, sh, since, kind),
            Some(Frame::Status(status)) => {
                sh.status = status;
                sh.in_traps = sh.in_traps.saturating_sub(1);
            }
            Some(Frame::Debug(status, line)) => {
                sh.status = status;
                sh.line = line;
                sh.in_debug = false;
                sh.after_trap = true;
            }
            Some(Frame::Exit(status)) => {
                let status = if status < 0 { sh.status } else { status };
                abort(p, sh, status);
                p.exit = Some(status);
            }
        }
        true
    }
}

fn next_arm(sh: &mut Shell, node: std::sync::Arc<Node>, arm: usize) {
    let Node::If { arms, other } = node.as_ref() else { return };
    if sh.status == 0 {
        sh.frames.extend(arms.get(arm).map(|(_, body)| Frame::Run(body.clone(), Vec::new())));
    } else if let Some((cond, _)) = arms.get(arm + 1) {
        let cond = cond.clone();
        sh.frames.push(Frame::If(node, arm + 1));
        sh.frames.push(Frame::Run(cond, Vec::new()));
    } else {
        if other.is_none() {
            sh.status = 0;
        }
        sh.frames.extend(other.iter().map(|n| Frame::Run(n.clone(), Vec::new())));
    }
}

/// A function returned: its local variables and parameters are gone.
fn end_call(sh: &mut Shell, args: Vec<String>, sources: Sources) {
    sh.args = args;
    sh.args_sources = sources;
    end_name(sh);
    for (name, var) in sh.scopes.pop().unwrap_or_default() {
        sh.vars.put(&name, var);
    }
}

/// Carries out a text as `source` does; its arguments begin with its name.
pub(crate) fn source_text(sh: &mut Shell, args: &[String], text: &str) {
    let name = args.first().cloned().unwrap_or_default();
    let rest = args.get(1..).unwrap_or_default();
    let old = (!rest.is_empty()).then(|| std::mem::replace(&mut sh.args, rest.to_vec()));
    let last = args.last().cloned().unwrap_or_default();
    let call = Call {
        name: "source".to_owned(),
        line: sh.line,
        file: name.clone(),
        last,
        sourced: true,
        opts: None,
        trap: None,
    };
    sh.calls.push(call);
    sh.frames.push(Frame::Script(Script::new(text, 1, ScriptKind::Source(name, old))));
}

/// A function or a sourced file is left.
fn end_name(sh: &mut Shell) {
    let Some(call) = sh.calls.pop() else { return };
    sh.line = call.line;
    if !call.sourced {
        sh.last_arg = call.last;
    }
    if let Some(opts) = call.opts {
        sh.opts = *opts;
    }
    if let Some(trap) = call.trap {
        // One that the function set itself stays.
        sh.traps.entry("RETURN".to_owned()).or_insert(trap);
    }
}

/// What a frame puts back when the shell leaves it early.
pub(crate) fn undo(p: &mut Proc, sh: &mut Shell, frame: Frame) {
    match frame {
        Frame::Restore(old) => put_back(p, old),
        Frame::Vars(old) => {
            for (name, var) in old {
                sh.vars.put(&name, var);
            }
        }
        Frame::Call(args, sources) => end_call(sh, args, sources),
        Frame::Status(_) => sh.in_traps = sh.in_traps.saturating_sub(1),
        Frame::Script(script) => {
            if let crate::console::process::ScriptKind::Source(_, args) = script.kind {
                if let Some(args) = args {
                    sh.args = args;
                }
                end_name(sh);
            }
        }
        _ => {}
    }
}

/// Leaves frames until `keep` are left, and puts back what they changed.
pub(crate) fn unwind(p: &mut Proc, sh: &mut Shell, keep: usize) {
    while sh.frames.len() > keep {
        if let Some(frame) = sh.frames.pop() {
            undo(p, sh, frame);
        }
    }
}

/// Drops what the shell was doing and puts its own descriptors back.
pub(crate) fn abort(p: &mut Proc, sh: &mut Shell, status: i32) {
    unwind(p, sh, 0);
    sh.status = status;
}

/// The present descriptors.
pub(crate) fn saved(p: &Proc) -> Saved {
    Saved { fds: p.fds, more: p.more.clone() }
}

/// What puts those descriptors back that are other ones now; what a command does to the others stays.
fn back(p: &Proc, before: &Saved) -> Option<Frame> {
    let low = (0u32..).zip(before.fds).filter(|(n, fd)| Console::descriptor(p, *n) != *fd);
    let all = before.more.keys().chain(p.more.keys()).copied().collect::<std::collections::BTreeSet<u32>>();
    let high = all.into_iter().map(|n| (n, before.more.get(&n).copied().unwrap_or(Fd::Closed)));
    let old: Vec<(u32, Fd)> = low.chain(high.filter(|(n, fd)| Console::descriptor(p, *n) != *fd)).collect();
    (!old.is_empty()).then_some(Frame::Restore(old))
}

fn put_back(p: &mut Proc, old: Vec<(u32, Fd)>) {
    for (n, fd) in old {
        // Their numbers were good before.
        let _good = redirect::assign(p, n, fd);
    }
}

/// Sets a variable; an exported one stays so. A refusal is told.
pub(crate) fn set(p: &mut Proc, sh: &mut Shell, name: &str, text: &str, sources: Sources) {
    if let Err(why) = sh.store(name, None, text, false, sources, 0) {
        fail(p, sh, 1, &why);
    }
}

pub(crate) fn fail(p: &mut Proc, sh: &mut Shell, status: i32, message: &str) {
    sh.status = status;
    let prefix = sh.prefix();
    p.err.push_str(&format!("{prefix}{message}\n"));
}

impl Shell {
    /// What stands before its messages: `-bash: `, or script and line.
    pub(crate) fn prefix(&self) -> String {
        if self.interactive || self.name == "-bash" {
            "-bash: ".to_owned()
        } else {
            format!("{}: line {}: ", self.file(), self.line)
        }
    }

    /// The line of the text on which the present command stands.
    pub(crate) fn at_line(&mut self, line: Option<u32>) {
        if let Some(line) = line {
            self.line = line + self.line_shift;
        }
    }

    /// The file that the present command stands in.
    pub(crate) fn file(&self) -> String {
        self.calls.last().map_or_else(|| self.name.clone(), |c| c.file.clone())
    }

    /// Names for `FUNCNAME`, files for `BASH_SOURCE`, lines for `BASH_LINENO`: the innermost first.
    pub(crate) fn stack(&self) -> Vec<(String, String, u32)> {
        let mut all: Vec<(String, String, u32)> =
            self.calls.iter().rev().map(|c| (c.name.clone(), c.file.clone(), c.line)).collect();
        if self.from_file {
            all.push(("main".to_owned(), self.name.clone(), 0));
        }
        all
    }

    /// Sets a variable; those that the shell keeps itself take their own way.
    ///
    /// # Errors
    /// In bash's words.
    pub(crate) fn store(
        &mut self,
        name: &str,
        index: Option<&str>,
        text: &str,
        append: bool,
        sources: Sources,
        now_ms: u64,
    ) -> Result<(), String> {
        match name {
            "RANDOM" => {
                self.random = text.trim().parse::<u64>().map_or(0, |n| (n & 0xffff_ffff) as u32);
                self.last_random = 0;
                return Ok(());
            }
            "SECONDS" => {
                let n = text.trim().parse::<u64>().unwrap_or(0);
                let seconds = i64::try_from(n).unwrap_or(0).saturating_mul(1000);
                self.start_ms = i64::try_from(now_ms).unwrap_or(0).saturating_sub(seconds);
                return Ok(());
            }
            "UID" | "EUID" | "PPID" | "BASHOPTS" | "SHELLOPTS" | "BASH_VERSINFO" => {
                return Err(format!("{name}: readonly variable"));
            }
            "LINENO" | "FUNCNAME" | "PIPESTATUS" | "BASHPID" | "_" => return Ok(()),
            "OPTIND" => self.option_at = 0,
            _ => {}
        }
        self.vars.set(name, index, text, append, sources)?;
        if self.opts.allexport
            && let Some(var) = self.vars.change(name)
        {
            var.exported = true;
        }
        Ok(())
    }
}

/// Refuses a fork as the kernel does, and ends what the shell was doing.
fn fork_failed(p: &mut Proc, sh: &mut Shell) {
    fail(p, sh, 254, "fork: retry: Resource temporarily unavailable");
    abort(p, sh, 254);
    if !sh.interactive {
        p.exit = Some(254);
    }
}

/// Standard input of a command in the background.
fn without_input(fds: [Fd; 3]) -> [Fd; 3] {
    let [stdin, stdout, stderr] = fds;
    [if stdin == Fd::Term { Fd::Null } else { stdin }, stdout, stderr]
}

/// What bash says to a name that it does not know, with the nearest known one.
pub(crate) fn unknown(prefix: &str, name: &str, interactive: bool) -> String {
    if !interactive {
        // Scripts may read it.
        return format!("{prefix}{name}: command not found\n");
    }
    let names = tool::names().chain(builtin::NAMES.iter().copied());
    match text::nearest(name, names) {
        Some(near) => {
            format!("{prefix}{name}: command not found\nDid you mean '{near}'? `help` lists what is installed here.\n")
        }
        None => format!("{prefix}{name}: command not found\n`help` lists what is installed here.\n"),
    }
}
