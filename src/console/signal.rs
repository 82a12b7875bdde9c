//! Ctrl-C, Ctrl-Z, Ctrl-D and keys.

use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, prompt};
use crate::console::process::Job;
use crate::console::shell::abort;
use crate::console::terminal::Input;
use crate::console::tool;
use serde::Serialize;

/// A terminal signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ConsoleSignal {
    /// Ctrl-C.
    Int,
    /// Ctrl-Z.
    Tstp,
    /// Ctrl-D.
    Eof,
}

impl Console {
    /// A signal key was pressed in a terminal.
    pub fn signal(&mut self, terminal: u32, signal: ConsoleSignal, host: &mut dyn ConsoleHost) {
        self.begin(host);
        let Some(pid) = self.terminal(terminal).and_then(|t| t.shells.last().copied()) else { return };
        let busy = self.innermost(terminal).is_some_and(|s| !s.frames.is_empty());
        match signal {
            ConsoleSignal::Eof => {
                if let Some(t) = self.terminal_mut(terminal) {
                    t.enqueue(Input::Eof);
                }
            }
            ConsoleSignal::Int if !busy => {
                let shown = self.procs.get(&pid).map(prompt);
                if let Some(s) = self.procs.get_mut(&pid).and_then(|p| p.shell.as_mut()) {
                    s.pending.clear();
                    s.status = 130;
                }
                if let Some(t) = self.terminal_mut(terminal) {
                    t.push(shown, "^C".to_owned());
                }
            }
            ConsoleSignal::Int => self.interrupt(terminal, pid, host),
            ConsoleSignal::Tstp if busy => self.suspend(terminal, pid),
            ConsoleSignal::Tstp => {}
        }
        self.run(host);
    }

    /// A key for the full-screen program in the foreground.
    pub fn key(&mut self, terminal: u32, key: &str, host: &mut dyn ConsoleHost) {
        self.begin(host);
        let busy = self.innermost(terminal).is_some_and(|s| !s.frames.is_empty());
        if let Some(t) = self.terminal_mut(terminal)
            && busy
            && t.keys.len() < 64
        {
            t.keys.push_back(key.chars().take(16).collect());
        }
        self.run(host);
    }

    fn interrupt(&mut self, terminal: u32, pid: u32, host: &mut dyn ConsoleHost) {
        let mut let_go = Vec::new();
        let mut said = String::new();
        for child in self.descendants(pid) {
            if self.procs.get(&child).is_none_or(|p| p.background || p.stopped) {
                continue;
            }
            if let Some(p) = self.procs.remove(&child) {
                self.settle(&p, host);
                said.push_str(&p.tool.as_ref().map_or(String::new(), |t| tool::last_words(t)));
                let_go.extend(self.let_go(&p, host));
            }
        }
        if let Some(mut p) = self.procs.remove(&pid) {
            if let Some(mut s) = p.shell.take() {
                abort(&mut p, &mut s, 130);
                p.shell = Some(s);
            }
            p.out.clear();
            p.err.clear();
            // The loop that used up this tick's steps is gone; the next line does not have to wait for it.
            p.spent = 0;
            self.procs.insert(pid, p);
        }
        if let Some(t) = self.terminal_mut(terminal) {
            t.input.clear();
            t.keys.clear();
            let partial = t.take_partial();
            t.push(None, format!("{partial}^C"));
            said.lines().for_each(|l| t.push(None, l.to_owned()));
            let_go.into_iter().for_each(|l| t.push(None, l));
        }
    }

    fn suspend(&mut self, terminal: u32, pid: u32) {
        let children: Vec<u32> = self
            .descendants(pid)
            .into_iter()
            .filter(|c| self.procs.get(c).is_some_and(|p| !p.background && !p.stopped))
            .collect();
        for c in &children {
            if let Some(p) = self.procs.get_mut(c) {
                p.stopped = true;
            }
        }
        let direct: Vec<u32> =
            children.iter().copied().filter(|c| self.procs.get(c).is_some_and(|p| p.ppid == pid)).collect();
        let Some(mut p) = self.procs.remove(&pid) else { return };
        let mut line = "^Z".to_owned();
        let mut note = None;
        if let Some(mut s) = p.shell.take() {
            if !direct.is_empty() {
                // A job that `fg` had brought back keeps its number.
                let known = s.jobs.iter().find(|j| j.pids == direct).map(|j| j.number);
                let number = known.unwrap_or_else(|| s.jobs.iter().map(|j| j.number).max().unwrap_or(0) + 1);
                let text = s.foreground.clone();
                note = Some(format!("[{number}]+  {:<24}{text}", "Stopped"));
                s.jobs.retain(|j| j.pids != direct);
                s.jobs.push(Job { number, pids: direct, text, stopped: true });
            }
            abort(&mut p, &mut s, 148);
            p.shell = Some(s);
        }
        self.procs.insert(pid, p);
        if let Some(t) = self.terminal_mut(terminal) {
            let partial = t.take_partial();
            line.insert_str(0, &partial);
            t.push(None, line);
            if let Some(note) = note {
                t.push(None, note);
            }
        }
    }
}
