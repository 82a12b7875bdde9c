//! Redirections: opening files, copying and closing descriptors.

use super::{back, saved};
use crate::console::expand::{Beside, Sources};
use crate::console::host::{ConsoleHost, Source};
use crate::console::machine::Console;
use crate::console::path;
use crate::console::process::{Fd, OpenFile, Proc, Shell};
use crate::console::syntax::{Redir, RedirFd, RedirKind};
use crate::scenario::ObservedKind;

/// Highest descriptor, as `ulimit -n` gives it.
const MAX_FD: u32 = 1024;

impl Console {
    /// Carries out redirections on a process, left to right. Those before an error stay: the caller puts them back.
    pub(super) fn open(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        redirs: &[Redir],
        texts: &[String],
        sources: Sources,
        host: &mut dyn ConsoleHost,
    ) -> Result<(), String> {
        for (redir, text) in redirs.iter().zip(texts) {
            let fd = match redir.kind {
                RedirKind::Dup(output) => match self.duplicate(p, sh, redir, text, output)? {
                    Some(fd) => fd,
                    None => continue,
                },
                RedirKind::Text => self.text_file(p, &format!("{text}\n"), sources.clone()),
                RedirKind::Here(_) => self.text_file(p, text, sources.clone()),
                kind => {
                    let noclobber = sh.opts.noclobber && kind == RedirKind::Out;
                    self.open_named(p, text, kind, noclobber, host).map_err(|why| format!("{text}: {why}"))?
                }
            };
            match &redir.fd {
                RedirFd::Number(n) => assign(p, *n, fd)?,
                RedirFd::Both => {
                    assign(p, 1, fd)?;
                    assign(p, 2, fd)?;
                }
                RedirFd::Named(name) => {
                    let Some(n) = (10..MAX_FD).find(|n| !p.more.contains_key(n)) else {
                        return Err("cannot duplicate fd: Too many open files".to_owned());
                    };
                    p.more.insert(n, fd);
                    let (name, index) = element(name);
                    sh.store(name, index, &n.to_string(), false, Sources::new(), 0)?;
                }
            }
        }
        Ok(())
    }

    /// `n>&m`, `n>&m-`, `n>&-`.
    fn duplicate(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        redir: &Redir,
        text: &str,
        output: bool,
    ) -> Result<Option<Fd>, String> {
        if text == "-" {
            if let RedirFd::Named(name) = &redir.fd {
                let n = match element(name) {
                    (name, None) => sh.vars.get(name).and_then(|v| v.text()?.parse::<u32>().ok()),
                    (name, Some(i)) => sh.vars.element(name, i).ok().flatten().and_then(|t| t.parse().ok()),
                };
                if let Some(n) = n {
                    p.more.remove(&n);
                }
                return Ok(None);
            }
            return Ok(Some(Fd::Closed));
        }
        let (digits, moves) = match text.strip_suffix('-') {
            Some(d) => (d, true),
            None => (text, false),
        };
        let Ok(from) = digits.parse::<u32>() else {
            return Err(format!("{text}: ambiguous redirect"));
        };
        let fd = Console::descriptor(p, from);
        let _either_way = output;
        if fd == Fd::Closed {
            return Err(format!("{from}: Bad file descriptor"));
        }
        if moves {
            assign(p, from, Fd::Closed)?;
        }
        Ok(Some(fd))
    }

    /// A file without a name, for here-documents and outputs.
    fn text_file(&mut self, p: &Proc, text: &str, sources: Sources) -> Fd {
        let id = self.fresh_id();
        let file = OpenFile {
            host: p.host.clone(),
            path: String::new(),
            text: text.to_owned(),
            read: 0,
            sources,
            fresh: false,
            both: false,
        };
        self.files.insert(id, file);
        Fd::File(id)
    }

    fn open_named(
        &mut self,
        p: &Proc,
        name: &str,
        kind: RedirKind,
        noclobber: bool,
        host: &mut dyn ConsoleHost,
    ) -> Result<Fd, String> {
        let number = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
        let stream = match name {
            "/dev/stdin" => Some(0),
            "/dev/stdout" => Some(1),
            "/dev/stderr" => Some(2),
            _ => number("/dev/fd/").or_else(|| number("/proc/self/fd/")),
        };
        if let Some(n) = stream {
            return match Console::descriptor(p, n) {
                Fd::Closed => Err("No such file or directory".to_owned()),
                fd => Ok(fd),
            };
        }
        match name {
            "" => Err("No such file or directory".to_owned()),
            "/dev/null" => Ok(Fd::Null),
            "/dev/tty" => Ok(Fd::Term),
            name => self.open_file(p, name, kind, noclobber, host),
        }
    }

    fn open_file(
        &mut self,
        p: &Proc,
        name: &str,
        kind: RedirKind,
        noclobber: bool,
        host: &mut dyn ConsoleHost,
    ) -> Result<Fd, String> {
        let full = path::physical(host, &p.host, &p.cwd, name);
        path::reach(host, &p.host, &p.user, &full)?;
        // What a link leads to is what is opened.
        let full = host.resolve(&p.host, &full, true)?;
        let target = format!("{}:{full}", p.host);
        let stat = host.stat(&p.host, &full);
        let mut file = OpenFile {
            host: p.host.clone(),
            path: full.clone(),
            text: String::new(),
            read: 0,
            sources: Sources::new(),
            fresh: false,
            both: false,
        };
        if crate::console::devfs::is_device(&full) {
            let id = self.fresh_id();
            self.files.insert(id, file);
            return Ok(Fd::File(id));
        }
        if stat.is_none() && name.ends_with('/') {
            return Err("Is a directory".to_owned());
        }
        if kind == RedirKind::In {
            let stat = stat.as_ref().ok_or("No such file or directory")?;
            if stat.dir {
                return Err("Is a directory".to_owned());
            }
            if !path::allowed(stat, &p.user, 4) {
                return Err("Permission denied".to_owned());
            }
            file.text = host.read(&p.host, &full)?;
            file.sources = self.file_sources(&p.host, &full, host);
        } else {
            let denied = match &stat {
                Some(s) if s.dir => Some("Is a directory".to_owned()),
                Some(_) if noclobber => return Err("cannot overwrite existing file".to_owned()),
                Some(s) if !path::allowed(s, &p.user, 2) => Some("Permission denied".to_owned()),
                Some(_) => None,
                None => path::may_change(host, &p.host, &p.user, &full).err(),
            };
            if let Some(why) = denied {
                host.refused(&self.caller(p), "write", &target, &why);
                return Err(why);
            }
            if kind == RedirKind::Both && stat.is_some() {
                file.text = host.read(&p.host, &full)?;
                file.sources = self.file_sources(&p.host, &full, host);
            }
            file.both = kind == RedirKind::Both;
            file.fresh = matches!(kind, RedirKind::Out | RedirKind::Clobber) || stat.is_none();
        }
        let id = self.fresh_id();
        let truncate = file.fresh && stat.is_some_and(|s| s.size > 0);
        if truncate {
            // Whoever has it open finds nothing more in it.
            for f in self.files.values_mut().filter(|f| f.host == p.host && f.path == full) {
                f.text.truncate(f.read.min(f.text.len()));
            }
        }
        let create = file.fresh;
        self.files.insert(id, file);
        if create {
            // The file is there and empty before the command runs, as on a real machine.
            let mut opener = p.clone();
            opener.more.clear();
            opener.fds = [Fd::Null, Fd::File(id), Fd::Null];
            self.settle(&opener, host);
        }
        Ok(Fd::File(id))
    }

    /// What reading a file shows: the file itself, and what its content was made from.
    pub(crate) fn file_sources(&self, on: &str, full: &str, host: &dyn ConsoleHost) -> Sources {
        let target = format!("{on}:{full}");
        let mut sources = self.marks.get(&target).cloned().unwrap_or_default();
        sources.insert(Source { what: ObservedKind::Files, target, service: host.service_of(on), user_facing: false });
        sources
    }

    /// Starts what `<(…)` and `>(…)` stand for, and gives a process their descriptors until the command that names them ends.
    pub(super) fn attach(&mut self, p: &mut Proc, sh: &mut Shell, beside: Vec<Beside>) {
        if beside.is_empty() {
            return;
        }
        let keep = saved(p);
        self.attach_now(p, beside, sh);
        sh.frames.extend(back(p, &keep));
    }

    pub(super) fn attach_now(&mut self, p: &mut Proc, beside: Vec<Beside>, sh: &mut Shell) {
        let before = p.more.clone();
        let [stdin, stdout, stderr] = p.fds;
        for b in beside {
            let pipe = self.pipe();
            let (fds, own) = if b.sink {
                ([Fd::Read(pipe), stdout, stderr], Fd::Write(pipe))
            } else {
                ([stdin, Fd::Write(pipe), stderr], Fd::Read(pipe))
            };
            // `<(< file)` gives what the file holds.
            let node = super::run::reads_file(&b.node).filter(|_| !b.sink).unwrap_or(b.node);
            let Some(pid) = self.subshell(p, sh, node, fds, "", false) else { continue };
            if let Some(c) = self.procs.get_mut(&pid) {
                // It holds no end of the pipes of the others.
                c.more.clone_from(&before);
                c.sources.clear();
            }
            sh.last_background = Some(pid);
            p.more.insert(b.fd, own);
        }
    }
}

/// A name and the index behind it.
fn element(name: &str) -> (&str, Option<&str>) {
    match name.split_once('[') {
        Some((array, rest)) => (array, rest.strip_suffix(']')),
        None => (name, None),
    }
}

pub(super) fn assign(p: &mut Proc, n: u32, fd: Fd) -> Result<(), String> {
    if n >= MAX_FD {
        return Err(format!("{n}: Bad file descriptor"));
    }
    match usize::try_from(n).ok().and_then(|i| p.fds.get_mut(i)) {
        Some(slot) => *slot = fd,
        None if fd == Fd::Closed => {
            p.more.remove(&n);
        }
        None => {
            p.more.insert(n, fd);
        }
    }
    Ok(())
}
