//! The process table: who runs next, pipes, files, terminals, time within a tick.

use crate::console::expand::{Sources, Val};
use crate::console::host::{Caller, ConsoleHost, Source};
use crate::console::path;
use crate::console::process::{Fd, Frame, OpenFile, Pipe, Proc, Shell, Tool};
use crate::console::terminal::{Input, Terminal};
use crate::console::var::Vars;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

mod io;

pub(crate) use io::Read;

const STEPS_PER_PROC: u32 = 1500;
const STEPS_PER_TICK: u32 = 12_000;
/// Processes of one terminal; a fork beyond them is refused, as by `ulimit -u`.
pub(crate) const MAX_PROCS: usize = 128;

/// What the session learns from a shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ConsoleEvent {
    /// Bytes that were read from `source` reached a terminal.
    Observed {
        /// Terminal.
        terminal: u32,
        /// Source.
        source: Source,
        /// The first line of what was printed, cut.
        text: String,
    },
    /// A command was typed that no tool answers to.
    UnknownTool {
        /// Terminal.
        terminal: u32,
        /// Its first word.
        name: String,
    },
}

/// All terminals and processes of a session: plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Console {
    pub(crate) terminals: Vec<Terminal>,
    pub(crate) procs: BTreeMap<u32, Proc>,
    /// Status of ended children that a parent may still ask for.
    pub(crate) exits: BTreeMap<u32, i32>,
    pub(crate) pipes: BTreeMap<u32, Pipe>,
    pub(crate) files: BTreeMap<u32, OpenFile>,
    /// What the content of a written file was made from, by `host:path`.
    pub(crate) marks: BTreeMap<String, Sources>,
    pub(crate) next: u32,
    /// Milliseconds since the opening.
    pub(crate) now_ms: u64,
    spent: u32,
    /// Whether a game master may answer in place of a tool that is not there: the shell then waits a little.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) led: bool,
    pub(crate) events: Vec<ConsoleEvent>,
    seen: BTreeSet<(u32, Source)>,
}

impl Console {
    /// A console with these terminals: number, seat, host, user.
    pub fn new(terminals: &[(u32, String, String, String)]) -> Console {
        let mut c = Console { next: 4200, ..Console::default() };
        for (id, seat, host, user) in terminals {
            c.terminals.push(Terminal::new(*id, seat, host, user));
            c.login(*id, 1, host, user);
        }
        c.refresh();
        c
    }

    /// A terminal.
    pub fn terminal(&self, id: u32) -> Option<&Terminal> {
        self.terminals.iter().find(|t| t.id == id)
    }

    /// All terminals.
    pub fn terminals(&self) -> &[Terminal] {
        &self.terminals
    }

    /// What happened since this was last asked.
    pub fn events(&mut self) -> Vec<ConsoleEvent> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn terminal_mut(&mut self, id: u32) -> Option<&mut Terminal> {
        self.terminals.iter_mut().find(|t| t.id == id)
    }

    /// A line was typed. It goes to the program in the foreground, or to the shell.
    pub fn submit(&mut self, terminal: u32, text: &str, host: &mut dyn ConsoleHost) {
        self.begin(host);
        let busy = self.innermost(terminal).is_some_and(|s| !s.frames.is_empty());
        if let Some(t) = self.terminal_mut(terminal) {
            let text: String = text.chars().filter(|c| !c.is_control() || *c == '\t').take(4096).collect();
            if busy {
                let partial = t.take_partial();
                t.push(None, format!("{partial}{text}"));
            }
            t.enqueue(Input::Line(text));
        }
        self.run(host);
    }

    /// The next tick: sleeps end, followers look again, endless loops get another budget.
    pub fn advance(&mut self, host: &mut dyn ConsoleHost) {
        self.spent = 0;
        for p in self.procs.values_mut() {
            p.spent = 0;
        }
        self.begin(host);
        self.run(host);
    }

    pub(crate) fn begin(&mut self, host: &mut dyn ConsoleHost) {
        self.seen.clear();
        self.now_ms = self.now_ms.max(host.tick().0.saturating_mul(1000));
        self.cut_off(host);
    }

    /// What runs on a machine that is off has ended with it; a terminal whose own machine is off has no shell until it
    /// is back.
    fn cut_off(&mut self, host: &mut dyn ConsoleHost) {
        let dark = |p: &Proc| !host.answers(&p.host);
        let lost: Vec<u32> = self.procs.values().filter(|p| dark(p)).map(|p| p.pid).collect();
        for pid in lost {
            // It may have gone with what it ran under.
            let Some(p) = self.procs.get(&pid) else { continue };
            let (name, terminal) = (p.host.clone(), p.terminal);
            let outermost = self.procs.get(&p.ppid).is_none_or(|parent| parent.host != name);
            if !outermost {
                continue;
            }
            if let Some(t) = self.terminal_mut(terminal) {
                t.finish_line();
                t.push(None, format!("Connection to {name} closed by remote host."));
            }
            self.kill(pid, 255, host);
        }
        let back = self.terminals.iter().filter(|t| t.shells.is_empty() && host.answers(&t.host));
        for (id, name, user) in back.map(|t| (t.id, t.host.clone(), t.user.clone())).collect::<Vec<_>>() {
            self.login(id, 1, &name, &user);
        }
    }

    /// What is typed where no shell is gets no further than the way to its machine.
    fn turn_away(&mut self) {
        for t in self.terminals.iter_mut().filter(|t| t.shells.is_empty()) {
            t.keys.clear();
            while let Some(input) = t.input.pop_front() {
                if let Input::Line(line) = input {
                    t.push(Some(AWAY.to_owned()), line);
                    t.push(None, format!("ssh: connect to host {} port 22: No route to host", t.host));
                }
            }
        }
    }

    pub(crate) fn innermost(&self, terminal: u32) -> Option<&Shell> {
        let pid = self.terminal(terminal)?.shells.last()?;
        self.procs.get(pid)?.shell.as_deref()
    }

    /// Runs until everything waits, or the budget of this tick is spent.
    pub(crate) fn run(&mut self, host: &mut dyn ConsoleHost) {
        let end_of_tick = host.tick().0.saturating_add(1).saturating_mul(1000);
        loop {
            let mut progress = false;
            let pids: Vec<u32> = self.procs.keys().copied().collect();
            for pid in pids {
                // What runs in the background leaves a third of the budget to whoever types.
                let background = self.procs.get(&pid).is_some_and(|p| p.background);
                let budget = if background { STEPS_PER_TICK / 3 * 2 } else { STEPS_PER_TICK };
                // A small slice each, so that both ends of a pipe move on.
                for _ in 0..32 {
                    if self.spent >= budget || !self.step(pid, host) {
                        break;
                    }
                    progress = true;
                }
            }
            if progress && self.spent < STEPS_PER_TICK {
                continue;
            }
            // Everything waits: let time pass up to the next timer within this second.
            let wake = self
                .procs
                .values()
                .filter(|p| !p.stopped && p.exit.is_none() && p.spent < STEPS_PER_PROC)
                .filter_map(|p| p.tool.as_ref()?.wake)
                .filter(|w| *w > self.now_ms)
                .min();
            match wake {
                Some(w) if w < end_of_tick && self.spent < STEPS_PER_TICK => self.now_ms = w,
                _ => break,
            }
        }
        self.turn_away();
        self.collect();
        self.refresh();
    }

    fn step(&mut self, pid: u32, host: &mut dyn ConsoleHost) -> bool {
        let Some(mut p) = self.procs.remove(&pid) else { return false };
        let before = p.spent;
        let progress = self.step_taken(&mut p, host);
        // A tool that did the work of many steps in one has counted them itself.
        p.spent = p.spent.saturating_add(u32::from(progress));
        self.spent = self.spent.saturating_add(p.spent.saturating_sub(before));
        if p.exit.is_some() && p.out.is_empty() && p.err.is_empty() {
            self.reap(p, host);
        } else {
            self.procs.insert(pid, p);
        }
        progress
    }

    fn step_taken(&mut self, p: &mut Proc, host: &mut dyn ConsoleHost) -> bool {
        if p.stopped || p.spent >= STEPS_PER_PROC {
            return false;
        }
        if !p.out.is_empty() || !p.err.is_empty() {
            let before = p.out.len() + p.err.len();
            self.flush(p, host);
            let after = p.out.len() + p.err.len();
            if after > 0 || p.exit.is_some() {
                return after < before;
            }
        }
        if p.exit.is_some() {
            return true;
        }
        if let Some(mut tool) = p.tool.take() {
            let progress = self.step_tool(p, &mut tool, host);
            // `bash` becomes a shell.
            if p.shell.is_none() {
                p.tool = Some(tool);
            }
            return progress;
        }
        if let Some(mut shell) = p.shell.take() {
            let progress = self.step_shell(p, &mut shell, host);
            if p.tool.is_none() {
                p.shell = Some(shell);
            }
            return progress;
        }
        p.exit = Some(0);
        true
    }

    pub(crate) fn caller(&self, p: &Proc) -> Caller {
        Caller {
            terminal: p.terminal,
            seat: self.terminal(p.terminal).map(|t| t.seat.clone()).unwrap_or_default(),
            host: p.host.clone(),
            user: p.user.clone(),
            umask: p.umask,
        }
    }

    fn reap(&mut self, p: Proc, host: &mut dyn ConsoleHost) {
        self.settle(&p, host);
        let status = p.exit.unwrap_or(0);
        let interactive = p.shell.as_ref().is_some_and(|s| s.interactive);
        if interactive {
            let below = self.descendants(p.pid);
            self.procs.retain(|pid, _| !below.contains(pid));
            if let Some(t) = self.terminal_mut(p.terminal) {
                t.shells.retain(|s| *s != p.pid && !below.contains(s));
                t.finish_line();
            }
        }
        if interactive && self.terminal(p.terminal).is_some_and(|t| t.shells.is_empty()) {
            // The last shell of a terminal logged out: the terminal greets with a new one.
            if host.answers(&p.host) {
                self.login(p.terminal, 1, &p.host, &p.user);
            } else if let Some(t) = self.terminal_mut(p.terminal) {
                (t.host, t.user, t.running) = (p.host.clone(), p.user.clone(), None);
                AWAY.clone_into(&mut t.prompt);
            }
        } else {
            // Whoever expects it finds it; `collect` forgets the others.
            self.exits.insert(p.pid, status);
        }
    }

    /// Starts an interactive shell.
    pub(crate) fn login(&mut self, terminal: u32, ppid: u32, host: &str, user: &str) -> u32 {
        let pid = self.fresh_id();
        let mut env = BTreeMap::new();
        let home = path::home(user);
        for (k, v) in [
            ("HOME", home.as_str()),
            ("USER", user),
            ("HOSTNAME", host),
            ("SHELL", "/bin/bash"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"),
            ("LANG", "C.UTF-8"),
            ("LOGNAME", user),
            ("SHLVL", "1"),
            ("TERM", "xterm-256color"),
        ] {
            env.insert(k.to_owned(), Val { text: v.to_owned(), exported: true, ..Val::default() });
        }
        let mut vars = Vars::from_environment(&env);
        vars.shell_defaults();
        for (name, text) in [
            ("HISTFILE", path::join(&home, ".bash_history")),
            ("HISTSIZE", "500".to_owned()),
            ("HISTFILESIZE", "500".to_owned()),
        ] {
            // Nothing is there yet that could refuse it.
            let _new = vars.set(name, None, &text, false, Sources::new());
        }
        let mut shell =
            Shell { interactive: true, recalls: true, vars, random: pid, name: "-bash".to_owned(), ..Shell::default() };
        shell.start_ms = i64::try_from(self.now_ms).unwrap_or(0);
        shell.opts.expand_aliases = true;
        shell.opts.extglob = true;
        let p = Proc {
            pid,
            ppid,
            terminal,
            host: host.to_owned(),
            user: user.to_owned(),
            cwd: home,
            umask: 0o022,
            limits: std::sync::Arc::default(),
            fds: [Fd::Term; 3],
            more: BTreeMap::new(),
            out: String::new(),
            err: String::new(),
            sources: Sources::new(),
            exit: None,
            stopped: false,
            background: false,
            spent: 0,
            born_ms: self.now_ms,
            command: "-bash".to_owned(),
            env,
            shell: Some(Box::new(shell)),
            tool: None,
        };
        self.procs.insert(pid, p);
        if let Some(t) = self.terminal_mut(terminal) {
            t.shells.push(pid);
        }
        pid
    }

    pub(crate) fn fresh_id(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1).max(4200);
        self.next
    }

    /// A child of `p`, not yet in the table; `None` if there are too many processes.
    pub(crate) fn child(&mut self, p: &Proc, fds: [Fd; 3], command: &str) -> Option<Proc> {
        if self.procs.values().filter(|q| q.terminal == p.terminal).count() >= MAX_PROCS {
            return None;
        }
        let pid = self.fresh_id();
        Some(Proc {
            pid,
            ppid: p.pid,
            terminal: p.terminal,
            host: p.host.clone(),
            user: p.user.clone(),
            cwd: p.cwd.clone(),
            umask: p.umask,
            limits: p.limits.clone(),
            fds,
            more: p.more.clone(),
            out: String::new(),
            err: String::new(),
            sources: p.sources.clone(),
            exit: None,
            stopped: false,
            background: p.background,
            spent: p.spent,
            born_ms: self.now_ms,
            command: command.to_owned(),
            env: p.env.clone(),
            shell: None,
            tool: None,
        })
    }

    /// A child that runs a tool.
    pub(crate) fn spawn_tool(&mut self, p: &Proc, fds: [Fd; 3], argv: &[String]) -> Option<u32> {
        let (name, rest) = argv.split_first()?;
        let mut c = self.child(p, fds, &argv.join(" "))?;
        c.tool = Some(Box::new(Tool { name: name.clone(), argv: rest.to_vec(), ..Tool::default() }));
        let pid = c.pid;
        self.procs.insert(pid, c);
        Some(pid)
    }

    /// Everything below a process.
    pub(crate) fn descendants(&self, pid: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut todo = vec![pid];
        while let Some(at) = todo.pop() {
            let children = self.procs.values().filter(|p| p.ppid == at && !found.contains(&p.pid)).map(|p| p.pid);
            let children: Vec<u32> = children.collect();
            found.extend(&children);
            todo.extend(children);
        }
        found
    }

    /// Ends a process from outside.
    pub(crate) fn kill(&mut self, pid: u32, status: i32, host: &mut dyn ConsoleHost) {
        let below = self.descendants(pid);
        for child in &below {
            if let Some(p) = self.procs.remove(child) {
                self.settle(&p, host);
            }
        }
        for t in &mut self.terminals {
            t.shells.retain(|s| !below.contains(s));
        }
        if let Some(mut p) = self.procs.remove(&pid) {
            p.exit = Some(status);
            self.reap(p, host);
        }
    }

    /// Forgets pipes, files and statuses that nobody can reach any more.
    fn collect(&mut self) {
        let procs = &self.procs;
        self.pipes.retain(|id, _| {
            procs.values().any(|p| holds(p, Fd::Read(*id)) || holds(p, Fd::Write(*id)) || awaits(p, *id))
        });
        self.files.retain(|id, _| procs.values().any(|p| holds(p, Fd::File(*id))));
        self.exits.retain(|pid, _| procs.values().any(|p| expects(p, *pid)));
    }

    fn refresh(&mut self) {
        for t in &mut self.terminals {
            let Some(p) = t.shells.last().and_then(|pid| self.procs.get(pid)) else { continue };
            let Some(s) = &p.shell else { continue };
            t.host.clone_from(&p.host);
            t.user.clone_from(&p.user);
            t.cwd.clone_from(&p.cwd);
            t.running = (!s.frames.is_empty()).then(|| s.foreground.clone());
            t.prompt = match (&t.running, s.pending.is_empty()) {
                (Some(_), _) => String::new(),
                (None, false) => "> ".to_owned(),
                (None, true) => prompt(p),
            };
        }
    }
}

/// The prompt of a terminal whose machine does not answer: that of whoever sits before it.
const AWAY: &str = "$ ";

/// `user@host:~/logs$ `.
pub(crate) fn prompt(p: &Proc) -> String {
    let home = path::home(&p.user);
    let cwd = match p.cwd.strip_prefix(&home) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => p.cwd.clone(),
    };
    format!("{}@{}:{}{} ", p.user, p.host, cwd, if p.user == "root" { '#' } else { '$' })
}

/// Whether a process or what it will put back holds a descriptor.
fn holds(p: &Proc, fd: Fd) -> bool {
    let has = |fds: &[Fd; 3], more: &BTreeMap<u32, Fd>| fds.contains(&fd) || more.values().any(|f| *f == fd);
    has(&p.fds, &p.more)
        || p.tool.as_ref().is_some_and(|t| t.held.contains(&fd))
        || p.shell.as_ref().is_some_and(|s| {
            s.frames.iter().any(|f| matches!(f, Frame::Restore(old) if old.iter().any(|(_, f)| *f == fd)))
        })
}

/// Whether a process may still write to a pipe.
pub(crate) fn writes(p: &Proc, pipe: u32) -> bool {
    p.exit.is_none() && holds(p, Fd::Write(pipe))
}

fn awaits(p: &Proc, id: u32) -> bool {
    p.shell.as_ref().is_some_and(|s| s.frames.iter().any(|f| matches!(f, Frame::Output { pipe, .. } if *pipe == id)))
}

fn expects(p: &Proc, pid: u32) -> bool {
    p.tool.as_ref().is_some_and(|t| t.child == Some(pid) || t.children.contains(&pid))
        || p.shell.as_ref().is_some_and(|s| {
            s.last_background == Some(pid)
                || s.jobs.iter().any(|j| j.pids.contains(&pid))
                || s.frames.iter().any(|f| match f {
                    Frame::Wait(pids) | Frame::Pipe(pids, _) | Frame::WaitAny(pids, _) => pids.contains(&pid),
                    Frame::Output { pid: waited, .. } => *waited == pid,
                    _ => false,
                })
        })
}
