//! `coproc`: a command beside the shell, with a pipe to it and one from it.

use super::fork_failed;
use crate::console::expand::Sources;
use crate::console::machine::Console;
use crate::console::print;
use crate::console::process::{Coproc, Fd, Job, Proc, Shell};
use crate::console::syntax::Node;
use std::sync::Arc;

impl Console {
    pub(super) fn coproc(&mut self, p: &mut Proc, sh: &mut Shell, node: &Node, name: &str, body: &Arc<Node>) {
        let (to, from) = (self.pipe(), self.pipe());
        let [_, _, stderr] = p.fds;
        let text = print::command(node);
        let fds = [Fd::Read(to), Fd::Write(from), stderr];
        let Some(pid) = self.subshell(p, sh, body.clone(), fds, &text, true) else { return fork_failed(p, sh) };
        let free = |n: &u32| !p.more.contains_key(n);
        let read = (10..64).rev().find(free).unwrap_or(63);
        let write = (10..read.saturating_sub(2)).rev().find(free).unwrap_or(60);
        p.more.insert(read, Fd::Read(from));
        p.more.insert(write, Fd::Write(to));
        for (index, fd) in [("0", read), ("1", write)] {
            // A name that is readonly keeps what it has.
            let _refused = sh.store(name, Some(index), &fd.to_string(), false, Sources::new(), 0);
        }
        let _refused = sh.store(&format!("{name}_PID"), None, &pid.to_string(), false, Sources::new(), 0);
        sh.coproc = Some(Coproc { name: name.to_owned(), pid, fds: [read, write] });
        let number = sh.jobs.iter().map(|j| j.number).max().unwrap_or(0) + 1;
        sh.jobs.push(Job { number, pids: vec![pid], text, stopped: false });
        sh.last_background = Some(pid);
        sh.status = 0;
        if sh.interactive {
            p.sources.clear();
            p.err.push_str(&format!("[{number}] {pid}\n"));
        }
    }

    /// Once the command beside has ended, its descriptors and variables are gone.
    pub(super) fn end_coproc(&mut self, p: &mut Proc, sh: &mut Shell) {
        let Some(c) = sh.coproc.take_if(|c| !self.procs.contains_key(&c.pid)) else { return };
        for fd in c.fds {
            p.more.remove(&fd);
        }
        sh.vars.put(&c.name, None);
        sh.vars.put(&format!("{}_PID", c.name), None);
    }
}

impl Shell {
    /// What the shell started does not get the descriptors of the command beside it.
    pub(super) fn hide_coproc(&self, child: &mut Proc) {
        for fd in self.coproc.iter().flat_map(|c| c.fds) {
            child.more.remove(&fd);
        }
    }
}
