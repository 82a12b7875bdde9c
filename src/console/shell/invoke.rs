//! Simple commands: opens redirections, then runs a builtin, starts a tool, or says that there is none.

use super::{Simple, fail, fork_failed, set, unknown};
use crate::console::expand::{Sources, Val};
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, ConsoleEvent};
use crate::console::path;
use crate::console::process::{Fd, Frame, OpenFile, Proc, Shell, Tool};
use crate::console::syntax::{Redir, RedirKind};
use crate::console::{builtin, tool};
use crate::scenario::ObservedKind;
use std::collections::BTreeMap;

impl Console {
    pub(super) fn open(
        &mut self,
        p: &Proc,
        redirs: &[Redir],
        texts: &[String],
        sources: Sources,
        host: &mut dyn ConsoleHost,
    ) -> Result<[Fd; 3], String> {
        let mut fds = p.fds;
        for (redir, text) in redirs.iter().zip(texts) {
            let fd = match redir.kind {
                RedirKind::Dup(from) => fds.get(usize::from(from)).copied().unwrap_or(Fd::Null),
                RedirKind::Text => {
                    let id = self.fresh_id();
                    let file = OpenFile {
                        host: p.host.clone(),
                        path: String::new(),
                        rest: format!("{text}\n"),
                        sources: sources.clone(),
                        fresh: false,
                    };
                    self.files.insert(id, file);
                    Fd::File(id)
                }
                kind => match text.as_str() {
                    "" => return Err(": No such file or directory".to_owned()),
                    "/dev/null" => Fd::Null,
                    "/dev/tty" => Fd::Term,
                    "/dev/stdout" => fds.get(1).copied().unwrap_or(Fd::Null),
                    "/dev/stderr" => fds.get(2).copied().unwrap_or(Fd::Null),
                    name => self.open_file(p, name, kind, host).map_err(|why| format!("{name}: {why}"))?,
                },
            };
            for (i, slot) in fds.iter_mut().enumerate() {
                if i == usize::from(redir.fd) || (redir.fd == 3 && i > 0) {
                    *slot = fd;
                }
            }
        }
        Ok(fds)
    }

    fn open_file(&mut self, p: &Proc, name: &str, kind: RedirKind, host: &mut dyn ConsoleHost) -> Result<Fd, String> {
        let full = path::absolute(&p.cwd, name);
        let target = format!("{}:{full}", p.host);
        let stat = host.stat(&p.host, &full);
        let mut file = OpenFile {
            host: p.host.clone(),
            path: full.clone(),
            rest: String::new(),
            sources: Sources::new(),
            fresh: false,
        };
        if kind == RedirKind::In {
            let stat = stat.as_ref().ok_or("No such file or directory")?;
            if stat.dir {
                return Err("Is a directory".to_owned());
            }
            if !path::allowed(stat, &p.user, 4) {
                return Err("Permission denied".to_owned());
            }
            file.rest = host.read(&p.host, &full)?;
            file.sources = self.file_sources(&p.host, &full, host);
        } else {
            let denied = match &stat {
                Some(s) if s.dir => Some("Is a directory".to_owned()),
                Some(s) if !path::allowed(s, &p.user, 2) => Some("Permission denied".to_owned()),
                Some(_) => None,
                None => path::may_change(host, &p.host, &p.user, &full).err(),
            };
            if let Some(why) = denied {
                host.refused(&self.caller(p), "write", &target, &why);
                return Err(why);
            }
            file.fresh = kind == RedirKind::Out || stat.is_none();
        }
        let id = self.fresh_id();
        let truncate = file.fresh && stat.is_some_and(|s| s.size > 0);
        self.files.insert(id, file);
        if truncate {
            // The file loses its content before the command runs, as on a real machine.
            let mut opener = p.clone();
            opener.fds = [Fd::Null, Fd::File(id), Fd::Null];
            self.settle(&opener, host);
        }
        Ok(Fd::File(id))
    }

    /// What reading a file shows: the file itself, and what its content was made from.
    pub(crate) fn file_sources(&self, on: &str, full: &str, host: &dyn ConsoleHost) -> Sources {
        let target = format!("{on}:{full}");
        let mut sources = self.marks.get(&target).cloned().unwrap_or_default();
        sources.insert(crate::console::host::Source {
            what: ObservedKind::Files,
            target,
            service: host.service_of(on),
            user_facing: false,
        });
        sources
    }

    pub(super) fn simple(&mut self, p: &mut Proc, sh: &mut Shell, mut s: Simple<'_>, host: &mut dyn ConsoleHost) {
        p.sources = s.sources.clone();
        if let (Some(first), Some(alias)) = (s.argv.first(), s.argv.first().and_then(|f| sh.aliases.get(f)))
            && s.words
                .first()
                .is_some_and(|w| matches!(w.0.as_slice(), [crate::console::syntax::Part::Lit(t)] if t == first))
        {
            let mut argv: Vec<String> = alias.split_whitespace().map(str::to_owned).collect();
            argv.extend(s.argv.iter().skip(1).cloned());
            s.argv = argv;
        }
        let fds = match self.open(p, s.redirs, &s.texts, s.sources.clone(), host) {
            Ok(fds) => fds,
            Err(message) => return fail(p, sh, 1, &message),
        };
        let Some(name) = s.argv.first().cloned() else {
            for (name, value) in s.values {
                set(sh, &name, value, s.sources.clone());
            }
            if !s.had_output {
                sh.status = 0;
            }
            let old = std::mem::replace(&mut p.fds, fds);
            sh.frames.push(Frame::Restore(old));
            return;
        };
        if builtin::is(&name) {
            for (name, value) in s.values {
                set(sh, &name, value, s.sources.clone());
            }
            if fds != p.fds {
                let old = std::mem::replace(&mut p.fds, fds);
                sh.frames.push(Frame::Restore(old));
            }
            self.builtin(p, sh, &s.argv, host);
            return;
        }
        let plain = match name.rsplit_once('/') {
            Some((dir, base)) if matches!(dir, "/bin" | "/usr/bin" | "/sbin" | "/usr/sbin" | "/usr/local/bin") => base,
            Some(_) => {
                let full = path::absolute(&p.cwd, &name);
                let (status, why) = match host.stat(&p.host, &full) {
                    None => (127, "No such file or directory"),
                    Some(stat) if stat.dir => (126, "Is a directory"),
                    Some(stat) if !path::allowed(&stat, &p.user, 1) => (126, "Permission denied"),
                    Some(_) => (126, "cannot execute: scripts of the simulated host are not available to run"),
                };
                self.with_fds(p, sh, fds);
                return fail(p, sh, status, &format!("{name}: {why}"));
            }
            None => name.as_str(),
        };
        if tool::find(plain).is_none() {
            self.events.push(ConsoleEvent::UnknownTool { terminal: p.terminal, name: name.clone() });
            if !self.led {
                self.with_fds(p, sh, fds);
                sh.status = 127;
                p.err.push_str(&unknown(&name));
                return;
            }
        }
        let mut env: BTreeMap<String, Val> =
            sh.vars.iter().filter(|(_, v)| v.exported).map(|(k, v)| (k.clone(), v.clone())).collect();
        for (name, text) in s.values {
            env.insert(name, Val { text, sources: Sources::new(), exported: true });
        }
        let text = s.argv.join(" ");
        let argv: Vec<String> = s.argv.iter().skip(1).cloned().collect();
        // In a led session it waits for the game master's words.
        let made = match tool::find(plain) {
            Some(_) => Tool { name: plain.to_owned(), argv, ..Tool::default() },
            None => Tool { name: tool::UNKNOWN.to_owned(), argv: vec![name.clone()], ..Tool::default() },
        };
        if sh.frames.is_empty() && !sh.interactive && fds == p.fds {
            // The last command of a subshell takes its place.
            p.tool = Some(Box::new(made));
            p.command = text;
            p.env = env;
            return;
        }
        let Some(mut c) = self.child(p, fds, &text) else { return fork_failed(p, sh) };
        c.env = env;
        c.tool = Some(Box::new(made));
        let pid = c.pid;
        self.procs.insert(pid, c);
        sh.frames.push(Frame::Wait(vec![pid]));
    }

    fn with_fds(&mut self, p: &mut Proc, sh: &mut Shell, fds: [Fd; 3]) {
        if fds != p.fds {
            sh.frames.push(Frame::Restore(std::mem::replace(&mut p.fds, fds)));
        }
    }
}
