//! Log files: what a program wrote is kept as marks (whose lines, of which seconds, how many bytes), not as text, and
//! is rotated as logrotate does it.

use super::installed::is_installed;
use super::{Content, Moment, Node, Vfs, refuse};
use crate::sim::Refusal;
use crate::stdx::time::Utc;
use serde::Serialize;

/// So many times smaller is a log that nobody can read line by line once it is compressed.
const SHRINKS: u64 = 10;

/// What stands in a log file, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum LogPart {
    /// What somebody wrote by hand.
    Text(String),
    /// Every line that a program wrote in these seconds.
    Lines {
        /// Program.
        program: String,
        /// First second.
        from: Utc,
        /// Last second; the one before `from` while nothing could be written.
        to: Utc,
        /// Bytes of all of them.
        bytes: u64,
    },
}

/// A log file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogFile {
    /// Bytes from before the opening, at its beginning; nobody reads more of them than their end.
    pub opaque: u64,
    /// Whose lines those are, and the second before which they were written.
    pub past: Option<(String, Utc)>,
    /// What follows.
    pub parts: Vec<LogPart>,
    /// Bytes of the file if it is compressed.
    pub packed: Option<u64>,
}

impl LogPart {
    fn bytes(&self) -> u64 {
        match self {
            LogPart::Text(t) => t.len() as u64,
            LogPart::Lines { bytes, .. } => *bytes,
        }
    }
}

impl LogFile {
    /// What a file is once a program writes lines to it; `None` for a directory or a link.
    fn of(content: &Content) -> Option<LogFile> {
        Some(match content {
            Content::Log(log) => log.clone(),
            Content::Text(t) if t.is_empty() => LogFile::default(),
            Content::Text(t) => LogFile { parts: vec![LogPart::Text(t.as_str().to_owned())], ..LogFile::default() },
            Content::Blob(n) => LogFile { opaque: *n, ..LogFile::default() },
            Content::Dir | Content::Link(_) => return None,
        })
    }

    /// Bytes of what it says, before it was compressed.
    pub fn plain(&self) -> u64 {
        self.parts.iter().fold(self.opaque, |sum, p| sum.saturating_add(p.bytes()))
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.packed.unwrap_or_else(|| self.plain())
    }

    /// Bytes of the compressed file whose readable part takes so many.
    pub fn packed_with(&self, readable: u64) -> u64 {
        self.opaque / SHRINKS + readable
    }

    /// Appends a text.
    pub(super) fn say(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(LogPart::Text(t)) => t.push_str(text),
            _ => self.parts.push(LogPart::Text(text.to_owned())),
        }
    }

    /// Appends a second's lines of a program.
    pub(in crate::sim) fn add(&mut self, who: &str, at: Utc, n: u64) {
        if let Some(LogPart::Lines { program, to, bytes, .. }) = self.parts.last_mut()
            && program == who
        {
            *to = at;
            *bytes = bytes.saturating_add(n);
            return;
        }
        self.parts.push(LogPart::Lines { program: who.to_owned(), from: at, to: at, bytes: n });
    }

    /// A second's lines of a program are lost: what follows begins after them.
    pub(in crate::sim) fn skip(&mut self, who: &str, at: Utc) {
        match self.parts.last_mut() {
            Some(LogPart::Lines { program, from, to, bytes: 0 }) if program == who => {
                (*from, *to) = (at.plus(1), at);
            }
            _ => {
                let program = who.to_owned();
                self.parts.push(LogPart::Lines { program, from: at.plus(1), to: at, bytes: 0 });
            }
        }
    }
}

/// Names that logrotate looks for below `/var/log`.
fn is_log(name: &str) -> bool {
    name.ends_with(".log") || matches!(name, "syslog" | "messages")
}

impl Vfs {
    /// Makes the file of a program ready for its lines from `now` on.
    pub(in crate::sim) fn become_log(&mut self, path: &str, program: &str, now: Utc) {
        let Some(mut node) = self.nodes.get(path).cloned() else { return };
        let Some(mut log) = LogFile::of(&node.content) else { return };
        if log.opaque > 0 {
            log.past = Some((program.to_owned(), now));
        }
        node.content = Content::Log(log);
        self.put(path, node);
    }

    /// Puts what a program wrote earlier into a log that is still empty; its bytes are taken from the unlisted ones.
    pub(in crate::sim) fn log_past(&mut self, path: &str, program: &str, (from, to): (Utc, Utc), bytes: u64) {
        let Some(mut node) = self.nodes.get(path).cloned() else { return };
        let Content::Log(log) = &mut node.content else { return };
        if log.plain() > 0 || !log.parts.is_empty() {
            return;
        }
        log.parts.push(LogPart::Lines { program: program.to_owned(), from, to, bytes });
        if let Some(point) = self.mount_of(path).map(|m| m.point.clone()) {
            self.take_unlisted(&point, bytes);
        }
        self.put(path, node);
    }

    /// An empty log of a program that opens it.
    pub(in crate::sim) fn begin_log(&mut self, path: &str, owner: &str, now: Utc) {
        let mut node = Node::new(path, Content::Log(LogFile::default()), owner, now);
        self.mark(&mut node, now);
        self.put(path, node);
        self.touch_parent(path, now);
    }

    /// A program appends a second's lines, as a whole or, where there is no room for them, not at all.
    pub(in crate::sim) fn log_lines(&mut self, path: &str, program: &str, now: Utc, bytes: u64) {
        let room = self.mount_of(path).map_or(0, super::Mount::avail);
        let Some(mut node) = self.nodes.get(path).cloned() else { return };
        let Some(mut log) = LogFile::of(&node.content) else { return };
        let fits = bytes <= room && log.packed.is_none();
        if fits {
            log.add(program, now, bytes);
            let nanos = self.stamp(now);
            (node.mtime, node.mtime_ns, node.ctime) = (now, nanos, Moment { at: now, nanos });
        } else {
            log.skip(program, now);
        }
        node.content = Content::Log(log);
        self.put(path, node);
    }

    /// Logs below `/var/log` that logrotate would look at, in order.
    pub fn logs(&self) -> Vec<String> {
        let inside = self.under("/var/log/");
        let logs = inside.filter(|(p, n)| !n.is_dir() && !n.is_link() && is_log(p.rsplit('/').next().unwrap_or("")));
        logs.map(|(p, _)| p.clone()).collect()
    }

    /// The path of the file with this number.
    pub fn path_of(&self, ino: u64) -> Option<&str> {
        self.nodes.iter().find(|(_, n)| n.ino == ino).map(|(p, _)| p.as_str())
    }

    /// Sets the bytes of a compressed log.
    pub(in crate::sim) fn weigh(&mut self, path: &str, bytes: u64) {
        let Some(mut node) = self.nodes.get(path).cloned() else { return };
        if let Content::Log(log) = &mut node.content
            && log.packed.is_some_and(|was| was != bytes)
        {
            log.packed = Some(bytes);
            self.put(path, node);
        }
    }

    /// Rotates a log: `x` becomes `x.1`, `x.1` becomes `x.2.gz` and so on; beyond `keep` they go, and a new log begins
    /// with the owner and the mode of the old one.
    ///
    /// # Errors
    /// `No such file or directory`, `Is a directory`, `No space left on device` for what is compressed; then nothing
    /// has changed.
    pub fn rotate(&mut self, path: &str, keep: u32, now: Utc) -> Result<(), Refusal> {
        let path = self.resolve(path, false)?;
        let Some(node) = self.nodes.get(&path).cloned() else { return refuse("No such file or directory") };
        if node.is_dir() {
            return refuse("Is a directory");
        }
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let name = |n: u32| if n == 1 { format!("{path}.1") } else { format!("{path}.{n}.gz") };
        let first = self.nodes.get(&name(1)).cloned();
        let pack = first.filter(|_| keep > 1).and_then(|n| Some((LogFile::of(&n.content)?, n)));
        if let Some((log, _)) = &pack
            && self.mount_of(&path).is_none_or(|m| m.no_inodes || m.avail() < log.plain() / SHRINKS)
        {
            return refuse("No space left on device");
        }
        if keep > 0 {
            self.take(&name(keep));
        }
        for n in (2..keep).rev() {
            self.rename_one(&name(n), &name(n + 1));
        }
        if let Some((mut log, mut old)) = pack {
            self.take(&name(1));
            log.packed = Some(log.plain() / SHRINKS);
            // A compressed file is a new one, as old as what it was made from.
            (old.content, old.ino) = (Content::Log(log), 0);
            self.put(&name(2), old);
        }
        match keep {
            0 => drop(self.take(&path)),
            _ => self.rename_one(&path, &name(1)),
        }
        let mut fresh = Node { content: Content::Log(LogFile::default()), ino: 0, precious: 0, ..node };
        self.mark(&mut fresh, now);
        self.put(&path, fresh);
        self.touch_parent(&path, now);
        Ok(())
    }
}
