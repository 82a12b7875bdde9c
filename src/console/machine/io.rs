//! Descriptors: writing to terminals, pipes and files, and reading from them.

use super::{Console, ConsoleEvent, awaits, holds};
use crate::console::devfs;
use crate::console::expand::Sources;
use crate::console::host::ConsoleHost;
use crate::console::process::{Fd, OpenFile, Pipe, Proc};
use crate::console::terminal::Input;
use crate::console::text_format::from_bytes;
use crate::sim::effect::Effect;

const PIPE_BYTES: usize = 64 * 1024;
/// Bytes that wait in a pipe whose reader takes all of it at once.
const WHOLE_BYTES: usize = 4 << 20;
/// Largest file that a process may write, as `ulimit -f` would set it.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// What a read returned.
pub(crate) enum Read {
    /// Bytes.
    Bytes(String),
    /// Nothing yet.
    Later,
    /// The end.
    End,
}

/// Bytes of a text on a screen that are looked through for what they give away.
const SEEN_MAX: usize = 16_384;

impl Console {
    pub(super) fn flush(&mut self, p: &mut Proc, host: &mut dyn ConsoleHost) {
        let err = std::mem::take(&mut p.err);
        p.err = self.write(p, 2, err, host);
        let out = std::mem::take(&mut p.out);
        let rest = self.write(p, 1, out, host);
        p.out = rest;
    }

    /// Writes what fits and returns the rest.
    fn write(&mut self, p: &mut Proc, fd: usize, text: String, host: &mut dyn ConsoleHost) -> String {
        if text.is_empty() {
            return text;
        }
        match p.fds.get(fd).copied().unwrap_or(Fd::Null) {
            Fd::Null => String::new(),
            Fd::Closed | Fd::Read(_) => {
                write_failed(p, fd, "Bad file descriptor");
                String::new()
            }
            Fd::Term => {
                // A terminal takes its time: what floods it uses up the budget of the tick.
                p.spent = p.spent.saturating_add(u32::try_from(text.len() / 256).unwrap_or(u32::MAX));
                self.show(p.terminal, &text, &p.sources);
                String::new()
            }
            Fd::Write(id) => self.write_pipe(p, id, text),
            Fd::File(id) => {
                p.spent = p.spent.saturating_add(u32::try_from(text.len() / 4096).unwrap_or(u32::MAX));
                self.write_file(p, fd, id, text, host);
                String::new()
            }
        }
    }

    fn write_pipe(&mut self, p: &mut Proc, id: u32, text: String) -> String {
        let read = self.procs.values().any(|q| holds(q, Fd::Read(id)) || awaits(q, id)) || holds(p, Fd::Read(id));
        let Some(pipe) = self.pipes.get_mut(&id).filter(|_| read) else {
            // Nobody reads any more: SIGPIPE.
            p.exit = Some(p.exit.unwrap_or(141));
            p.err.clear();
            if let Some(shell) = &mut p.shell {
                shell.frames.clear();
            }
            return String::new();
        };
        pipe.sources.extend(p.sources.iter().cloned());
        let most = if pipe.whole { WHOLE_BYTES } else { PIPE_BYTES };
        let room = most.saturating_sub(pipe.buffer.len());
        let mut cut = room.min(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let (now, later) = text.split_at(cut);
        pipe.buffer.push_str(now);
        later.to_owned()
    }

    fn write_file(&mut self, p: &mut Proc, fd: usize, id: u32, text: String, host: &mut dyn ConsoleHost) {
        let who = self.caller(p);
        let Some(file) = self.files.get_mut(&id) else { return };
        if devfs::is_device(&file.path) {
            if file.path == "/dev/full" {
                write_failed(p, fd, "No space left on device");
            }
            return;
        }
        let mut append = !std::mem::replace(&mut file.fresh, false);
        let text = if file.both {
            append = false;
            file.overwrite(&text)
        } else {
            text
        };
        let target = format!("{}:{}", file.host, file.path);
        let size = if append { host.stat(&file.host, &file.path).map_or(0, |s| s.size) } else { 0 };
        if size.saturating_add(text.len() as u64) > MAX_FILE_BYTES {
            // SIGXFSZ, as with a file size limit.
            write_failed(p, fd, "File too large");
            p.exit = Some(p.exit.unwrap_or(153));
            if let Some(shell) = &mut p.shell {
                shell.frames.clear();
            }
            return;
        }
        let effect =
            Effect::Write { host: file.host.clone(), path: file.path.clone(), text, append, owner: p.user.clone() };
        match host.apply(&who, &effect, "write", &target) {
            Ok(_) => {
                let marks = self.marks.entry(target).or_default();
                if !append {
                    marks.clear();
                }
                marks.extend(p.sources.iter().cloned());
            }
            Err(refusal) => {
                if fd == 1 && p.fds.get(2) != Some(&Fd::File(id)) {
                    write_failed(p, fd, &refusal.message);
                }
                match &mut p.shell {
                    Some(shell) => shell.status = 1,
                    None => p.exit = Some(1),
                }
            }
        }
    }

    /// Prints on a terminal; what the text was read from has been observed.
    pub(crate) fn show(&mut self, terminal: u32, text: &str, sources: &Sources) {
        let Some(t) = self.terminals.iter_mut().find(|t| t.id == terminal) else { return };
        t.print(text);
        for s in sources {
            if self.seen.insert((terminal, s.clone())) {
                let text = text.get(..text.floor_char_boundary(SEEN_MAX)).unwrap_or_default().to_owned();
                self.events.push(ConsoleEvent::Observed { terminal, source: s.clone(), text });
            }
        }
    }

    /// A file that was opened with `>` and never written comes to be, empty.
    pub(crate) fn settle(&mut self, p: &Proc, host: &mut dyn ConsoleHost) {
        let all: Vec<Fd> = p.fds.iter().chain(p.more.values()).copied().collect();
        for fd in all {
            let Fd::File(id) = fd else { continue };
            let who = self.caller(p);
            let Some(file) = self.files.get_mut(&id).filter(|f| f.fresh) else { continue };
            file.fresh = false;
            let target = format!("{}:{}", file.host, file.path);
            let effect = Effect::Write {
                host: file.host.clone(),
                path: file.path.clone(),
                text: String::new(),
                append: false,
                owner: p.user.clone(),
            };
            // A refusal of an empty file has nobody left to hear it; the host has recorded it.
            let _recorded = host.apply(&who, &effect, "write", &target);
            self.marks.remove(&target);
        }
    }

    /// A descriptor that appends to a file.
    pub(crate) fn open_append(&mut self, host: &str, path: &str) -> Fd {
        let id = self.fresh_id();
        let (host, path) = (host.to_owned(), path.to_owned());
        let file =
            OpenFile { host, path, text: String::new(), read: 0, sources: Sources::new(), fresh: false, both: false };
        self.files.insert(id, file);
        Fd::File(id)
    }

    pub(crate) fn pipe(&mut self) -> u32 {
        let id = self.fresh_id();
        self.pipes.insert(id, Pipe::default());
        id
    }

    /// What a reader of standard input gets: bytes, nothing yet, or the end.
    pub(crate) fn read(&mut self, p: &mut Proc) -> Read {
        self.take(p, 0, None, None)
    }

    /// Whether everything that will come through a descriptor is there; it is kept until then, up to a limit.
    pub(crate) fn gathered(&mut self, p: &Proc, fd: u32) -> bool {
        let Fd::Read(id) = Console::descriptor(p, fd) else { return true };
        let written = self.procs.values().any(|q| holds(q, Fd::Write(id)));
        let Some(pipe) = self.pipes.get_mut(&id) else { return true };
        pipe.whole = true;
        !written || pipe.buffer.len() >= WHOLE_BYTES
    }

    /// All that is left to be read at a descriptor.
    pub(crate) fn rest_of(&mut self, p: &mut Proc, fd: u32) -> String {
        let mut text = String::new();
        while let Read::Bytes(more) = self.take(p, fd, None, None) {
            text.push_str(&more);
            if text.len() > WHOLE_BYTES {
                break;
            }
        }
        text
    }

    /// Whether a read of a descriptor would not wait.
    pub(crate) fn is_ready(&self, p: &Proc, fd: u32) -> bool {
        match Console::descriptor(p, fd) {
            Fd::Closed | Fd::Write(_) => false,
            Fd::Null | Fd::File(_) => true,
            Fd::Read(id) => {
                let written = self.procs.values().any(|q| holds(q, Fd::Write(id)));
                !written || self.pipes.get(&id).is_some_and(|pipe| !pipe.buffer.is_empty())
            }
            Fd::Term => self.terminal(p.terminal).is_some_and(|t| !t.input.is_empty()),
        }
    }

    /// Whether a descriptor is a pipe that takes nothing more for now.
    pub(crate) fn is_full(&self, p: &Proc, fd: u32) -> bool {
        let Fd::Write(id) = Console::descriptor(p, fd) else { return false };
        self.pipes.get(&id).is_some_and(|pipe| pipe.buffer.len() >= PIPE_BYTES)
    }

    /// Writes to a descriptor that is a pipe; what it had no room for is kept in it all the same.
    ///
    /// # Errors
    /// It is no such descriptor, or nobody reads any more.
    pub(crate) fn write_fd(&mut self, p: &Proc, fd: u32, text: &str) -> Result<(), String> {
        let Fd::Write(id) = Console::descriptor(p, fd) else { return Err("No such file or directory".to_owned()) };
        let read = self.procs.values().any(|q| holds(q, Fd::Read(id)));
        match self.pipes.get_mut(&id).filter(|_| read) {
            Some(pipe) => {
                pipe.sources.extend(p.sources.iter().cloned());
                pipe.buffer.push_str(text);
                Ok(())
            }
            None => Err("Broken pipe".to_owned()),
        }
    }

    /// What a process holds as a descriptor.
    pub(crate) fn descriptor(p: &Proc, fd: u32) -> Fd {
        match usize::try_from(fd).ok().and_then(|i| p.fds.get(i)) {
            Some(fd) => *fd,
            None => p.more.get(&fd).copied().unwrap_or(Fd::Closed),
        }
    }

    /// Reads from a descriptor: up to and with the delimiter, or so many characters, whichever comes first. Less may come
    /// than was asked for.
    pub(crate) fn take(&mut self, p: &mut Proc, fd: u32, delimiter: Option<char>, count: Option<usize>) -> Read {
        let wanted = |text: &str| {
            let line = delimiter.and_then(|d| text.find(d).map(|i| i + d.len_utf8()));
            let chars = count.map(|n| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i));
            line.unwrap_or(text.len()).min(chars.unwrap_or(text.len()))
        };
        match Console::descriptor(p, fd) {
            Fd::Null | Fd::Write(_) | Fd::Closed => Read::End,
            Fd::File(id) => match self.files.get_mut(&id) {
                Some(f) if devfs::is_endless(&f.path) => {
                    f.read += 1;
                    let n = count.unwrap_or(4_096).min(PIPE_BYTES);
                    let bytes = devfs::bytes(&f.path, u64::from(id), f.read as u64, n);
                    let text = from_bytes(&bytes);
                    Read::Bytes(text.get(..wanted(&text)).unwrap_or_default().to_owned())
                }
                Some(f) if f.read < f.text.len() => {
                    p.sources.extend(f.sources.iter().cloned());
                    let rest = f.text.get(f.read..).unwrap_or_default();
                    let n = wanted(rest);
                    let bytes = rest.get(..n).unwrap_or_default().to_owned();
                    f.read += n.max(1);
                    Read::Bytes(bytes)
                }
                _ => Read::End,
            },
            Fd::Read(id) => {
                let written = self.procs.values().any(|q| holds(q, Fd::Write(id)));
                match self.pipes.get_mut(&id) {
                    Some(pipe) if !pipe.buffer.is_empty() => {
                        p.sources.extend(pipe.sources.iter().cloned());
                        let n = wanted(&pipe.buffer);
                        if n >= pipe.buffer.len() {
                            return Read::Bytes(std::mem::take(&mut pipe.buffer));
                        }
                        Read::Bytes(pipe.buffer.drain(..n).collect())
                    }
                    Some(_) if written => Read::Later,
                    _ => Read::End,
                }
            }
            Fd::Term if p.background => Read::End,
            Fd::Term => {
                let Some(t) = self.terminal_mut(p.terminal) else { return Read::End };
                match t.input.pop_front() {
                    Some(Input::Line(text)) => Read::Bytes(format!("{text}\n")),
                    Some(Input::Eof) => Read::End,
                    None => Read::Later,
                }
            }
        }
    }
}

impl OpenFile {
    /// Puts a text where reading stands, over what stood there; the whole content.
    fn overwrite(&mut self, text: &str) -> String {
        let edge = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let (from, to) = (edge(self.read), edge(self.read.saturating_add(text.len())));
        self.text.replace_range(from..to, text);
        self.read = from + text.len();
        self.text.clone()
    }
}

/// `echo: write error: No space left on device`, said by whoever wrote.
fn write_failed(p: &mut Proc, fd: usize, why: &str) {
    let name = match &p.shell {
        Some(shell) => format!("{}{}", shell.prefix(), shell.last_builtin),
        None => p.command.split_whitespace().next().unwrap_or_default().to_owned(),
    };
    if fd == 1 {
        p.err.push_str(&format!("{name}: write error: {why}\n"));
    }
    match &mut p.shell {
        Some(shell) => shell.status = 1,
        None => p.exit = Some(1),
    }
}
