//! What a step of a tool works with: its arguments and process, its inputs line by line, the world's capabilities.

use super::Step;
use super::input::Rec;
use crate::console::devfs;
use crate::console::expand::Sources;
use crate::console::host::{Caller, ConsoleHost, NodeKind, Source, Stat};
use crate::console::machine::{Console, Read};
use crate::console::path;
use crate::console::process::{Args, Fd, Proc, Tool};
use crate::console::text_format::from_bytes;
use crate::console::zone::Zone;
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, Effect};
use std::sync::Arc;

/// Lines that a tool gathers at most.
const MOST_LINES: usize = 200_000;

/// What a tool works with.
pub(crate) struct Ctx<'a> {
    /// Its arguments.
    pub args: Args,
    /// Its process.
    pub p: &'a mut Proc,
    /// Its registers.
    pub tool: &'a mut Tool,
    /// The process table.
    pub con: &'a mut Console,
    /// The world's capabilities.
    pub host: &'a mut dyn ConsoleHost,
}

/// What a line reader got.
pub(crate) enum Line {
    /// A line without its newline.
    Text(String),
    /// Nothing yet.
    Later,
    /// The end.
    End,
}

/// The descriptor that a name stands for, if a pipe is read through it.
pub(crate) fn pipe_name(p: &Proc, name: &str) -> Option<u32> {
    let n = name.strip_prefix("/dev/fd/")?.parse().ok()?;
    matches!(Console::descriptor(p, n), Fd::Read(_)).then_some(n)
}

impl Ctx<'_> {
    pub fn print(&mut self, text: &str) {
        self.p.out.push_str(text);
    }

    pub fn line(&mut self, text: &str) {
        self.p.out.push_str(text);
        self.p.out.push('\n');
    }

    /// `NAME: message`, and the status becomes 1.
    pub fn error(&mut self, message: &str) {
        self.p.err.push_str(&format!("{}: {message}\n", self.tool.name));
        self.tool.status = self.tool.status.max(1);
    }

    /// A hint at `--help`, behind a message of its own.
    pub fn misuse_hint(&mut self) -> Step {
        let name = &self.tool.name;
        self.p.err.push_str(&format!("Try '{name} --help' for more information.\n"));
        Step::Exit(1)
    }

    pub fn see(&mut self, what: ObservedKind, target: String, service: Option<String>) {
        self.p.sources.insert(Source { what, target, service, user_facing: false });
    }

    pub fn see_all(&mut self, sources: Sources) {
        self.p.sources.extend(sources);
    }

    pub fn on(&self) -> String {
        self.p.host.clone()
    }

    pub fn service(&self) -> Option<String> {
        self.host.service_of(&self.p.host)
    }

    /// The absolute path of a name as typed. `..` behind a link leads to where the link's target lies.
    pub fn full(&self, name: &str) -> String {
        path::physical(&*self.host, &self.p.host, &self.p.cwd, name)
    }

    /// A path's metadata; a user's home is there even if nothing is in it.
    pub fn stat(&self, full: &str) -> Option<Stat> {
        self.host.stat(&self.p.host, full).or_else(|| {
            let home = || Stat::plain(NodeKind::Dir, 4096, &self.p.user, 0o755, self.host.utc());
            (full == path::home(&self.p.user)).then(home)
        })
    }

    /// What a path itself names, which may be a link.
    pub fn lstat(&self, full: &str) -> Option<Stat> {
        self.host.lstat(&self.p.host, full).or_else(|| self.stat(full))
    }

    /// What a name as typed stands for, with the checks and messages of `stat` and `lstat`.
    pub fn look(&self, name: &str, follow: bool) -> Result<Stat, String> {
        if name.is_empty() {
            return Err("No such file or directory".to_owned());
        }
        let full = self.full(name);
        path::reach(&*self.host, &self.p.host, &self.p.user, &full)?;
        let slash = name.ends_with('/') && full != "/";
        let found = if follow || slash { self.stat(&full) } else { self.lstat(&full) };
        match found {
            Some(s) if slash && !s.dir => Err("Not a directory".to_owned()),
            Some(s) => Ok(s),
            None => {
                self.host.resolve(&self.p.host, &full, follow)?;
                Err("No such file or directory".to_owned())
            }
        }
    }

    pub fn list(&self, full: &str) -> Result<Vec<(String, Stat)>, String> {
        match self.host.stat(&self.p.host, full) {
            None if self.stat(full).is_some() => return Ok(Vec::new()),
            None => return Err("No such file or directory".to_owned()),
            Some(s) if !path::allowed(&s, &self.p.user, 4) => return Err("Permission denied".to_owned()),
            Some(_) => {}
        }
        self.host.list(&self.p.host, full)
    }

    /// A copy of a file's text, with the checks and messages of `open` and `read`.
    pub fn load(&mut self, name: &str) -> Result<String, String> {
        self.text(name).map(Arc::unwrap_or_clone)
    }

    /// A file's text as [`Ctx::load`] has it, shared with the file system.
    pub fn text(&mut self, name: &str) -> Result<Arc<String>, String> {
        match name {
            "/dev/null" => return Ok(Arc::default()),
            // What has no end would fill the memory of whoever wants all of it.
            "/dev/zero" | "/dev/full" | "/dev/random" | "/dev/urandom" => {
                return Err("Cannot allocate memory".to_owned());
            }
            _ => {}
        }
        let stdin = (name == "/dev/stdin").then_some(0);
        if let Some(n) = stdin.or_else(|| name.strip_prefix("/dev/fd/").and_then(|n| n.parse::<u32>().ok())) {
            // What `<(…)` gave is there as a whole.
            return match self.con.take(self.p, n, None, None) {
                Read::Bytes(text) => Ok(Arc::new(text)),
                Read::Later | Read::End if Console::descriptor(self.p, n) == Fd::Closed => {
                    Err("No such file or directory".to_owned())
                }
                Read::Later | Read::End => Ok(Arc::default()),
            };
        }
        let full = self.full(name);
        let stat = self.look(name, true)?;
        if stat.dir {
            return Err("Is a directory".to_owned());
        }
        if !path::allowed(&stat, &self.p.user, 4) {
            return Err("Permission denied".to_owned());
        }
        let full = self.host.resolve(&self.p.host, &full, true)?;
        let text = self.host.text(&self.p.host, &full)?;
        let sources = self.con.file_sources(&self.p.host, &full, &*self.host);
        self.see_all(sources);
        Ok(text)
    }

    /// The zone that its variable `TZ` names; UTC without one.
    pub fn zone(&self) -> Zone {
        self.p.env.get("TZ").map_or_else(Zone::default, |v| Zone::read(&v.text))
    }

    pub fn caller(&self) -> Caller {
        self.con.caller(self.p)
    }

    pub fn apply(&mut self, effect: &Effect, verb: &str, target: &str) -> Result<Applied, String> {
        let who = self.caller();
        self.host.apply(&who, effect, verb, target).map_err(|r| r.message)
    }

    pub fn refuse(&mut self, verb: &str, target: &str, why: &str) {
        let who = self.caller();
        self.host.refused(&who, verb, target, why);
    }

    pub fn sleep_ms(&mut self, ms: u64) -> Step {
        self.tool.wake = Some(self.con.now_ms.saturating_add(ms));
        Step::Wait
    }

    /// Whether it still sleeps.
    pub fn asleep(&mut self) -> bool {
        match self.tool.wake {
            Some(w) if w > self.con.now_ms => true,
            _ => {
                self.tool.wake = None;
                false
            }
        }
    }

    /// A key typed for a full-screen program.
    pub fn key(&mut self) -> Option<String> {
        let id = self.p.terminal;
        self.con.terminal_mut(id)?.keys.pop_front()
    }

    /// The next bytes of the inputs: `files`, or descriptor 0 if there are none.
    pub fn chunk(&mut self, files: &[String]) -> Read {
        if !self.tool.input.ready {
            self.tool.input.ready = true;
            self.tool.input.files = if files.is_empty() { vec!["-".to_owned()] } else { files.to_vec() };
            self.tool.input.files.reverse();
        }
        loop {
            if self.tool.input.stdin {
                match self.con.take(self.p, self.tool.input.fd, None, None) {
                    Read::End => self.tool.input.stdin = false,
                    other => return other,
                }
            }
            let Some(name) = self.tool.input.files.pop() else {
                self.tool.input.done = true;
                return Read::End;
            };
            self.tool.input.name.clone_from(&name);
            if matches!(name.as_str(), "-" | "/dev/stdin") {
                if Console::descriptor(self.p, 0) == Fd::Closed {
                    self.error("-: Bad file descriptor");
                    continue;
                }
                (self.tool.input.stdin, self.tool.input.fd) = (true, 0);
                continue;
            }
            if let Some(n) = pipe_name(self.p, &name) {
                (self.tool.input.stdin, self.tool.input.fd) = (true, n);
                continue;
            }
            let full = self.full(&name);
            if devfs::is_endless(&full) {
                // There is always more.
                self.tool.input.files.push(name);
                self.tool.m += 1;
                let bytes = devfs::bytes(&full, u64::from(self.p.pid), self.tool.m, 4_096);
                return Read::Bytes(from_bytes(&bytes));
            }
            match self.load(&name) {
                Ok(text) => return Read::Bytes(text),
                Err(why) => self.unreadable(&name, &why),
            }
        }
    }

    /// The next line of the inputs.
    pub fn next_line(&mut self, files: &[String]) -> Line {
        match self.record(files, '\n') {
            Rec::Text(line, _) => Line::Text(line),
            Rec::Later => Line::Later,
            Rec::End => Line::End,
        }
    }

    /// Collects all input into `tool.lines`; `None` once everything is there. Too much of it ends the tool with an error.
    pub fn gather(&mut self, files: &[String]) -> Option<Step> {
        for _ in 0..500 {
            match self.next_line(files) {
                Line::Text(t) if self.tool.lines.len() < MOST_LINES => self.tool.lines.push(t),
                Line::Text(_) => {
                    self.error("memory exhausted");
                    return Some(Step::Exit(2));
                }
                Line::Later => return Some(Step::Wait),
                Line::End => return None,
            }
        }
        Some(Step::More)
    }
}
