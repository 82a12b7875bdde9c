//! A host's virtual file system: a tree of nodes, with the bytes of every mount accounted exactly.

mod change;
mod installed;
mod log;
mod meta;
mod walk;

use crate::scenario::{FileKind, FileSpec, HostSpec};
use crate::sim::Refusal;
use crate::sim::carry::split;
use crate::sim::distro::Distro;
pub use crate::stdx::path::normal;
use crate::stdx::path::parent;
use crate::stdx::time::Utc;
use installed::*;
pub use log::{LogFile, LogPart};
pub use meta::usual_mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Content {
    /// A directory. It takes no space of its own.
    Dir,
    /// Text that can be read; whoever reads it shares it until it is written to.
    Text(Arc<String>),
    /// Opaque bytes.
    Blob(u64),
    /// A symbolic link to this path.
    Link(String),
    /// Lines that programs write.
    Log(LogFile),
}

impl Content {
    /// Text that can be read.
    pub fn text(text: String) -> Content {
        Content::Text(Arc::new(text))
    }
}

/// A moment to the nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Second.
    pub at: Utc,
    /// Nanoseconds of it.
    pub nanos: u32,
}

/// A file or directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// Owner.
    pub owner: String,
    /// Group.
    pub group: String,
    /// Permission bits, such as 0o644.
    pub mode: u16,
    /// When it was last written.
    pub mtime: Utc,
    /// Nanoseconds of that second.
    pub mtime_ns: u32,
    /// When it was last read, as far as somebody set it: reading alone leaves it, as on a file system mounted `noatime`.
    pub atime: Moment,
    /// When it was last changed in any way.
    pub ctime: Moment,
    /// Its number; names with the same number are one file.
    pub ino: u64,
    /// Units of data that people need and that are lost with it.
    pub precious: u64,
}

impl Node {
    /// A node as a fresh machine has it at `path`. It gets its number when it is put somewhere.
    pub fn new(path: &str, content: Content, owner: &str, mtime: Utc) -> Node {
        let mode = usual_mode(path, &content);
        let at = Moment { at: mtime, nanos: 0 };
        let (owner, group) = (owner.to_owned(), owner.to_owned());
        Node { content, owner, group, mode, mtime, mtime_ns: 0, atime: at, ctime: at, ino: 0, precious: 0 }
    }

    /// Blocks of 512 bytes that it takes.
    pub fn blocks(&self) -> u64 {
        if self.is_dir() { 8 } else { self.bytes().div_ceil(4096).saturating_mul(8) }
    }

    /// Bytes as `stat` shows them.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Dir => 4096,
            Content::Link(target) => target.len() as u64,
            _ => self.bytes(),
        }
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        matches!(self.content, Content::Link(_))
    }

    /// Bytes on the mount; 0 for a directory or a link.
    pub fn bytes(&self) -> u64 {
        match &self.content {
            Content::Dir | Content::Link(_) => 0,
            Content::Text(t) => t.len() as u64,
            Content::Blob(n) => *n,
            Content::Log(log) => log.bytes(),
        }
    }

    /// Whether it is a directory.
    pub fn is_dir(&self) -> bool {
        self.content == Content::Dir
    }
}

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// Mount point.
    pub point: String,
    /// Device.
    pub device: String,
    /// Volume that a resize names.
    pub volume: String,
    /// Capacity in bytes.
    pub size: u64,
    /// Bytes used by what is not listed.
    pub base: u64,
    /// Bytes of the nodes on it.
    pub files: u64,
    /// Whether it has no inode left for another file.
    pub no_inodes: bool,
    /// Whether it was full when last looked at; the world says when that changes.
    pub(super) full: bool,
}

impl Mount {
    /// A file system of so many bytes, of which `base` are taken by what is not listed.
    pub fn new(point: &str, device: &str, volume: &str, size: u64, base: u64) -> Mount {
        let (point, device, volume) = (normal(point), device.to_owned(), volume.to_owned());
        Mount { point, device, volume, size, base, files: 0, no_inodes: false, full: false }
    }

    /// Bytes in use.
    pub fn used(&self) -> u64 {
        self.base.saturating_add(self.files)
    }

    /// Bytes left.
    pub fn avail(&self) -> u64 {
        self.size.saturating_sub(self.used())
    }

    /// Whether nothing more can be written: not a byte is left, or no inode.
    pub fn is_full(&self) -> bool {
        self.avail() == 0 || self.no_inodes
    }
}

/// An entry of a directory listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Name without the directory.
    pub name: String,
    /// Whether it is a directory.
    pub dir: bool,
    /// Bytes as `ls -l` shows them (4096 for a directory).
    pub size: u64,
    /// Owner.
    pub owner: String,
    /// When it was last written.
    pub mtime: Utc,
}

/// A host's files. Nodes are shared between clones until one writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vfs {
    nodes: Arc<BTreeMap<String, Node>>,
    mounts: Vec<Mount>,
    /// Names of files that have more than one, by number.
    names: BTreeMap<u64, Vec<String>>,
    /// The number of the newest file.
    last_ino: u64,
    /// The moment of the last change: a later change in the same second is later.
    clock: Moment,
}

/// Children that a growing directory is given before existing ones grow instead.
const GROWN_MAX: u64 = 256;

fn refuse<T>(message: &str) -> Result<T, Refusal> {
    Err(Refusal { message: message.to_owned() })
}

fn below(dir: &str) -> String {
    if dir == "/" { "/".to_owned() } else { format!("{dir}/") }
}

impl Vfs {
    /// The files of the host of that name as the scenario lists them, all written some time before `now`.
    pub fn new(host: &str, spec: &HostSpec, user: &str, now: Utc) -> Vfs {
        let mut mounts: Vec<Mount> =
            spec.mounts.iter().map(|(point, m)| Mount::new(point, &m.device, &m.volume, m.size, m.base)).collect();
        if !mounts.iter().any(|m| m.point == "/") {
            mounts.push(Mount::new("/", "overlay", "root", 8_000_000_000, 1_000_000_000));
        }
        let mut vfs = Vfs::empty(mounts);
        for dir in BARE {
            vfs.make_dirs(dir, "root", old(dir, now));
        }
        if let Some(root) = Arc::make_mut(&mut vfs.nodes).get_mut("/") {
            let at = Moment { at: old("/", now), nanos: 0 };
            (root.mtime, root.atime, root.ctime) = (at.at, at, at);
        }
        let points: Vec<String> = vfs.mounts.iter().map(|m| m.point.clone()).collect();
        for point in points {
            vfs.make_dirs(&point, "root", old(&point, now));
        }
        vfs.make_dirs(&format!("/home/{user}"), user, old(user, now));
        vfs.describe(host, spec, now);
        vfs.install(now);
        for f in &spec.files {
            vfs.list_file(f, now);
        }
        for m in &mut vfs.mounts {
            m.full = m.is_full();
        }
        vfs
    }

    /// What every machine carries, out of the bytes that the scenario does not list.
    fn install(&mut self, now: Utc) {
        let Some(at) = self.mounts.iter().position(|m| m.point == "/" && m.base >= INSTALLED_MIN) else { return };
        let base = self.mounts.get(at).map_or(0, |m| m.base);
        let parts: Vec<u64> = INSTALLED.iter().map(|(_, part)| *part).collect();
        for ((path, _), bytes) in INSTALLED.iter().zip(split(base, &parts)) {
            let mtime = old(path, now);
            self.make_dirs(parent(path), "root", mtime);
            let node = Node::new(path, Content::Blob(bytes), "root", mtime);
            self.put(path, node);
            if let Some(m) = self.mounts.get_mut(at) {
                m.base = m.base.saturating_sub(bytes);
            }
        }
    }

    /// Small texts that people look at on any machine.
    fn describe(&mut self, host: &str, spec: &HostSpec, now: Utc) {
        let (id, code) = Distro::at(now).release;
        let release = format!(
            "PRETTY_NAME=\"Debian GNU/Linux {id} ({code})\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"{id}\"\nVERSION=\"{id} ({code})\"\nVERSION_CODENAME={code}\nID=debian\nHOME_URL=\"https://www.debian.org/\"\nSUPPORT_URL=\"https://www.debian.org/support\"\nBUG_REPORT_URL=\"https://bugs.debian.org/\"\n"
        );
        let hosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n".to_owned();
        let hostname = format!("{host}\n");
        let rotation = spec.logrotate.clone().unwrap_or_default();
        let size = rotation.maxsize.map(|n| format!("    maxsize {n}\n")).unwrap_or_default();
        let rotation = format!(
            "/var/log/*.log /var/log/*/*.log /var/log/syslog /var/log/messages {{\n    daily\n{size}    rotate {}\n    missingok\n    notifempty\n    create\n    compress\n    delaycompress\n}}\n",
            rotation.rotate
        );
        let texts = [
            ("/etc/os-release", release),
            ("/etc/hosts", hosts),
            ("/etc/hostname", hostname),
            ("/etc/logrotate.conf", rotation),
        ];
        for (path, text) in texts {
            if !self.mounts.iter().any(|m| m.point == "/" && m.base >= INSTALLED_MIN) {
                return;
            }
            self.configure(path, text, now);
        }
    }

    /// Lays a small text of old, out of the bytes that the scenario does not list, unless it is there.
    pub(in crate::sim) fn configure(&mut self, path: &str, text: String, now: Utc) {
        if self.nodes.contains_key(path) {
            return;
        }
        let bytes = text.len() as u64;
        let mtime = old(path, now);
        self.take_unlisted("/", bytes);
        self.put(path, Node::new(path, Content::text(text), "root", mtime));
    }

    /// Takes bytes of a mount that no file has for one that gets a name.
    fn take_unlisted(&mut self, point: &str, bytes: u64) {
        match self.mounts.iter_mut().find(|m| m.point == point && m.base >= bytes) {
            Some(m) => m.base -= bytes,
            // What is installed has taken all of them.
            None => {
                let spare = self.nodes.get(SPARE).and_then(|n| match n.content {
                    Content::Blob(size) if point == "/" && size >= bytes => {
                        Some(Node { content: Content::Blob(size - bytes), ..n.clone() })
                    }
                    _ => None,
                });
                if let Some(rest) = spare {
                    self.put(SPARE, rest);
                }
            }
        }
    }

    fn list_file(&mut self, f: &FileSpec, now: Utc) {
        let path = normal(&f.path);
        let loss = f.precious.unwrap_or(0);
        self.make_dirs(parent(&path), "root", old(parent(&path), now));
        // A log was written a moment ago; whatever else there is was there long before tonight.
        let aged = if path.starts_with("/var/log/") { now.plus(-3) } else { old(&path, now) };
        let node =
            |path: &str, content, precious, mtime: Utc| Node { precious, ..Node::new(path, content, &f.owner, mtime) };
        match &f.kind {
            FileKind::Text(t) => self.put(&path, node(&path, Content::text(t.clone()), loss, aged)),
            FileKind::Blob(n) => self.put(&path, node(&path, Content::Blob(*n), loss, aged)),
            FileKind::Dir { entries, size } => {
                let even = vec![1; entries.len().max(1)];
                let (sizes, losses) = (split(*size, &even), split(loss, &even));
                let newest = now.plus(-NEWEST_AGO_S);
                let names = if entries.is_empty() && *size > 0 { vec!["data".to_owned()] } else { entries.clone() };
                let closed = names.iter().filter_map(|n| closed_year(n, newest)).max();
                self.put(
                    &path,
                    node(&path, Content::Dir, if entries.is_empty() { loss } else { 0 }, closed.unwrap_or(newest)),
                );
                for (i, (name, (size, loss))) in names.iter().zip(sizes.iter().zip(&losses)).enumerate() {
                    let loss = if entries.is_empty() { 0 } else { *loss };
                    let left = (names.len() - 1 - i.min(names.len() - 1)) as i64;
                    // Not on the hour: what people do in turn is not evenly spaced.
                    let aged = newest.plus(-(left * 5_400 + jitter(name) % 3_600 * left.min(1)));
                    let mtime = closed_year(name, newest).unwrap_or(aged);
                    let full = format!("{}{name}", below(&path));
                    match full.strip_suffix('/') {
                        // A name that ends in a slash is a directory with one file in it.
                        Some(dir) => {
                            self.put(dir, node(dir, Content::Dir, 0, mtime));
                            self.put(&format!("{dir}/{INNER}"), node(INNER, Content::Blob(*size), loss, mtime));
                        }
                        None => self.put(&full, node(&full, Content::Blob(*size), loss, mtime)),
                    }
                }
            }
        }
    }

    /// The mounts, in order of mount point.
    pub fn mounts(&self) -> &[Mount] {
        &self.mounts
    }

    pub(super) fn mounts_mut(&mut self) -> &mut [Mount] {
        &mut self.mounts
    }

    /// The mount at exactly this mount point.
    pub fn mount(&self, point: &str) -> Option<&Mount> {
        let point = normal(point);
        self.mounts.iter().find(|m| m.point == point)
    }

    /// The mount that `path` lies on.
    pub fn mount_of(&self, path: &str) -> Option<&Mount> {
        self.mount_index(&normal(path)).and_then(|i| self.mounts.get(i))
    }

    fn mount_index(&self, path: &str) -> Option<usize> {
        let on = |m: &Mount| m.point == "/" || path == m.point || path.starts_with(&below(&m.point));
        self.mounts.iter().enumerate().filter(|(_, m)| on(m)).max_by_key(|(_, m)| m.point.len()).map(|(i, _)| i)
    }

    /// The node at `path`, behind links.
    pub fn stat(&self, path: &str) -> Option<&Node> {
        self.nodes.get(&self.resolve(path, true).ok()?)
    }

    /// The node at `path` itself, which may be a link.
    pub fn lstat(&self, path: &str) -> Option<&Node> {
        self.nodes.get(&self.resolve(path, false).ok()?)
    }

    /// Names that lead to a file; 2 and one for each directory in it for a directory.
    pub fn links(&self, path: &str, node: &Node) -> u64 {
        match node.is_dir() {
            true => 2 + self.subdirs(path),
            false => self.names.get(&node.ino).map_or(1, |n| n.len() as u64),
        }
    }

    /// What is right in a directory, by name.
    ///
    /// # Errors
    /// `No such file or directory`, `Not a directory`.
    pub fn children(&self, path: &str) -> Result<Vec<(&str, &Node)>, Refusal> {
        let path = self.resolve(path, true)?;
        match self.nodes.get(&path) {
            None => return refuse("No such file or directory"),
            Some(n) if !n.is_dir() => return refuse("Not a directory"),
            Some(_) => {}
        }
        let prefix = below(&path);
        let skip = prefix.len();
        let name = |(p, n)| Some((String::as_str(p).get(skip..).filter(|s| !s.is_empty() && !s.contains('/'))?, n));
        Ok(self.nodes.range(prefix.clone()..).take_while(|(p, _)| p.starts_with(&prefix)).filter_map(name).collect())
    }

    /// A directory's entries by name, or a file itself.
    ///
    /// # Errors
    /// `No such file or directory`.
    pub fn list(&self, path: &str) -> Result<Vec<Entry>, Refusal> {
        let path = self.resolve(path, true)?;
        let Some(node) = self.nodes.get(&path) else { return refuse("No such file or directory") };
        if !node.is_dir() {
            return Ok(vec![entry(path.rsplit('/').next().unwrap_or(""), node)]);
        }
        let prefix = below(&path);
        let children = self.under(&prefix).filter(|(p, _)| p.len() > prefix.len() && !p[prefix.len()..].contains('/'));
        Ok(children.map(|(p, n)| entry(&p[prefix.len()..], n)).collect())
    }

    /// The text of a file, shared.
    ///
    /// # Errors
    /// `No such file or directory`, `Is a directory`; opaque bytes cannot be shown.
    pub fn text(&self, path: &str) -> Result<Arc<String>, Refusal> {
        match self.stat(path).map(|n| &n.content) {
            None => refuse("No such file or directory"),
            Some(Content::Dir) => refuse("Is a directory"),
            Some(Content::Text(t)) => Ok(t.clone()),
            Some(Content::Blob(_) | Content::Link(_) | Content::Log(_)) => refuse("Binary file"),
        }
    }

    /// A copy of the text of a file.
    ///
    /// # Errors
    /// As [`Vfs::text`].
    pub fn read(&self, path: &str) -> Result<String, Refusal> {
        self.text(path).map(Arc::unwrap_or_clone)
    }

    /// Bytes that `path` and everything below it take in blocks of 4 KiB, directories included, as `du` counts them.
    pub fn blocks(&self, path: &str) -> Option<u64> {
        let path = self.resolve(path, false).ok()?;
        let blocks = |n: &Node| n.blocks() * 512;
        let own = blocks(self.nodes.get(&path)?);
        Some(own + self.under(&below(&path)).filter(|(p, _)| **p != path).map(|(_, n)| blocks(n)).sum::<u64>())
    }

    /// Directories right below a directory.
    pub fn subdirs(&self, path: &str) -> u64 {
        let prefix = below(&self.resolve(path, true).unwrap_or_else(|_| normal(path)));
        let child = |p: &str| p.len() > prefix.len() && !p[prefix.len()..].contains('/');
        self.under(&prefix).filter(|(p, n)| n.is_dir() && child(p)).count() as u64
    }

    /// Bytes of `path` and everything below it on any mount; `None` if it does not exist.
    pub fn du(&self, path: &str) -> Option<u64> {
        let path = normal(path);
        let own = self.nodes.get(&path)?.bytes();
        Some(own + self.under(&below(&path)).filter(|(p, _)| **p != path).map(|(_, n)| n.bytes()).sum::<u64>())
    }

    fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a String, &'a Node)> {
        self.nodes.range(prefix.to_owned()..).take_while(move |(p, _)| p.starts_with(prefix))
    }

    /// Every path with its node, in order.
    pub fn all(&self) -> impl Iterator<Item = (&String, &Node)> {
        self.nodes.iter()
    }
}

fn entry(name: &str, n: &Node) -> Entry {
    let size = if n.is_dir() { 4096 } else { n.bytes() };
    Entry { name: name.to_owned(), dir: n.is_dir(), size, owner: n.owner.clone(), mtime: n.mtime }
}
