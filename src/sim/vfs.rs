//! A host's virtual file system: a tree of nodes, with the bytes of every mount accounted exactly.

mod installed;

use crate::scenario::{FileKind, FileSpec, HostSpec};
use crate::sim::Refusal;
use crate::sim::carry::split;
pub use crate::stdx::path::normal;
use crate::stdx::path::parent;
use crate::stdx::time::Utc;
use installed::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Content {
    /// A directory. It takes no space of its own.
    Dir,
    /// Text that can be read.
    Text(String),
    /// Opaque bytes.
    Blob(u64),
}

/// A file or directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// Owner.
    pub owner: String,
    /// When it was last written.
    pub mtime: Utc,
    /// Units of data that people need and that are lost with it.
    pub precious: u64,
}

impl Node {
    /// Bytes on the mount; 0 for a directory.
    pub fn bytes(&self) -> u64 {
        match &self.content {
            Content::Dir => 0,
            Content::Text(t) => t.len() as u64,
            Content::Blob(n) => *n,
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
}

/// Who owns the files of a database.
const DATABASE_USER: &str = "postgres";

/// Children that a growing directory is given before existing ones grow instead.
const GROWN_MAX: u64 = 256;

fn refuse<T>(message: &str) -> Result<T, Refusal> {
    Err(Refusal { message: message.to_owned() })
}

fn below(dir: &str) -> String {
    if dir == "/" { "/".to_owned() } else { format!("{dir}/") }
}

impl Vfs {
    /// The files of a host as the scenario lists them, all written some time before `now`.
    pub fn new(spec: &HostSpec, user: &str, now: Utc) -> Vfs {
        let mut mounts: Vec<Mount> = spec
            .mounts
            .iter()
            .map(|(point, m)| Mount {
                point: normal(point),
                device: m.device.clone(),
                volume: m.volume.clone(),
                size: m.size,
                base: m.base,
                files: 0,
                no_inodes: false,
                full: false,
            })
            .collect();
        if !mounts.iter().any(|m| m.point == "/") {
            mounts.push(Mount {
                point: "/".into(),
                device: "overlay".into(),
                volume: "root".into(),
                size: 8_000_000_000,
                base: 1_000_000_000,
                files: 0,
                no_inodes: false,
                full: false,
            });
        }
        let mut vfs = Vfs { nodes: Arc::new(BTreeMap::new()), mounts };
        for dir in ["/", "/etc", "/root", "/tmp", "/var/log"] {
            vfs.make_dirs(dir, "root", old(dir, now));
        }
        let points: Vec<String> = vfs.mounts.iter().map(|m| m.point.clone()).collect();
        for point in points {
            vfs.make_dirs(&point, "root", old(&point, now));
        }
        vfs.make_dirs(&format!("/home/{user}"), user, old(user, now));
        vfs.configure(now);
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
            let node = Node { content: Content::Blob(bytes), owner: "root".to_owned(), mtime, precious: 0 };
            self.put(path, node);
            if let Some(m) = self.mounts.get_mut(at) {
                m.base = m.base.saturating_sub(bytes);
            }
        }
    }

    /// Small texts that people look at on any machine.
    fn configure(&mut self, now: Utc) {
        let (id, code) = if now.civil().year < 2021 { (10, "buster") } else { (12, "bookworm") };
        let release = format!(
            "PRETTY_NAME=\"Debian GNU/Linux {id} ({code})\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"{id}\"\nID=debian\n"
        );
        let hosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n".to_owned();
        for (path, text) in [("/etc/os-release", release), ("/etc/hosts", hosts)] {
            let Some(m) = self.mounts.iter_mut().find(|m| m.point == "/" && m.base >= INSTALLED_MIN) else { return };
            m.base = m.base.saturating_sub(text.len() as u64);
            let mtime = old(path, now);
            self.put(path, Node { content: Content::Text(text), owner: "root".to_owned(), mtime, precious: 0 });
        }
    }

    fn list_file(&mut self, f: &FileSpec, now: Utc) {
        let path = normal(&f.path);
        let loss = f.precious.unwrap_or(0);
        self.make_dirs(parent(&path), "root", old(parent(&path), now));
        // A log was written a moment ago; whatever else there is was there long before tonight.
        let aged = if path.starts_with("/var/log/") { now.plus(-3) } else { old(&path, now) };
        let node = |content, precious, mtime: Utc| Node { content, owner: f.owner.clone(), mtime, precious };
        match &f.kind {
            FileKind::Text(t) => self.put(&path, node(Content::Text(t.clone()), loss, aged)),
            FileKind::Blob(n) => self.put(&path, node(Content::Blob(*n), loss, aged)),
            FileKind::Dir { entries, size } => {
                let even = vec![1; entries.len().max(1)];
                let (sizes, losses) = (split(*size, &even), split(loss, &even));
                let newest = now.plus(-NEWEST_AGO_S);
                let names = if entries.is_empty() && *size > 0 { vec!["data".to_owned()] } else { entries.clone() };
                let closed = names.iter().filter_map(|n| closed_year(n, newest)).max();
                self.put(
                    &path,
                    node(Content::Dir, if entries.is_empty() { loss } else { 0 }, closed.unwrap_or(newest)),
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
                            self.put(dir, node(Content::Dir, 0, mtime));
                            self.put(&format!("{dir}/{INNER}"), node(Content::Blob(*size), loss, mtime));
                        }
                        None => self.put(&full, node(Content::Blob(*size), loss, mtime)),
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

    /// The node at `path`.
    pub fn stat(&self, path: &str) -> Option<&Node> {
        self.nodes.get(&normal(path))
    }

    /// A directory's entries by name, or a file itself.
    ///
    /// # Errors
    /// `No such file or directory`.
    pub fn list(&self, path: &str) -> Result<Vec<Entry>, Refusal> {
        let path = normal(path);
        let Some(node) = self.nodes.get(&path) else { return refuse("No such file or directory") };
        if !node.is_dir() {
            return Ok(vec![entry(path.rsplit('/').next().unwrap_or(""), node)]);
        }
        let prefix = below(&path);
        let children = self.under(&prefix).filter(|(p, _)| p.len() > prefix.len() && !p[prefix.len()..].contains('/'));
        Ok(children.map(|(p, n)| entry(&p[prefix.len()..], n)).collect())
    }

    /// The text of a file.
    ///
    /// # Errors
    /// `No such file or directory`, `Is a directory`; opaque bytes cannot be shown.
    pub fn read(&self, path: &str) -> Result<String, Refusal> {
        match self.stat(path).map(|n| &n.content) {
            None => refuse("No such file or directory"),
            Some(Content::Dir) => refuse("Is a directory"),
            Some(Content::Text(t)) => Ok(t.clone()),
            Some(Content::Blob(_)) => refuse("Binary file"),
        }
    }

    /// Bytes that `path` and everything below it take in blocks of 4 KiB, directories included, as `du` counts them.
    pub fn blocks(&self, path: &str) -> Option<u64> {
        let path = normal(path);
        let blocks = |n: &Node| if n.is_dir() { 4096 } else { n.bytes().div_ceil(4096) * 4096 };
        let own = blocks(self.nodes.get(&path)?);
        Some(own + self.under(&below(&path)).filter(|(p, _)| **p != path).map(|(_, n)| blocks(n)).sum::<u64>())
    }

    /// Directories right below a directory.
    pub fn subdirs(&self, path: &str) -> u64 {
        let prefix = below(&normal(path));
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

    fn put(&mut self, path: &str, node: Node) {
        let bytes = node.bytes();
        let old = Arc::make_mut(&mut self.nodes).insert(path.to_owned(), node).map_or(0, |n| n.bytes());
        if let Some(m) = self.mount_index(path).and_then(|i| self.mounts.get_mut(i)) {
            m.files = m.files.saturating_sub(old).saturating_add(bytes);
        }
    }

    fn take(&mut self, path: &str) -> Option<Node> {
        let node = Arc::make_mut(&mut self.nodes).remove(path)?;
        if let Some(m) = self.mount_index(path).and_then(|i| self.mounts.get_mut(i)) {
            m.files = m.files.saturating_sub(node.bytes());
        }
        Some(node)
    }

    fn make_dirs(&mut self, path: &str, owner: &str, now: Utc) {
        let mut at = String::new();
        for part in std::iter::once("").chain(path.split('/').filter(|p| !p.is_empty())) {
            at = if part.is_empty() { "/".to_owned() } else { format!("{}{part}", below(&at)) };
            if !self.nodes.contains_key(&at) {
                let owner = if at == path { owner } else { "root" };
                self.put(&at, Node { content: Content::Dir, owner: owner.to_owned(), mtime: now, precious: 0 });
            }
        }
    }

    fn parent_is_dir(&self, path: &str) -> Result<(), Refusal> {
        match self.nodes.get(parent(path)) {
            None => refuse("No such file or directory"),
            Some(n) if !n.is_dir() => refuse("Not a directory"),
            Some(_) => Ok(()),
        }
    }

    fn touch_parent(&mut self, path: &str, now: Utc) {
        if let Some(n) = Arc::make_mut(&mut self.nodes).get_mut(parent(path)) {
            n.mtime = now;
        }
    }

    /// Removes a file, or a directory with everything in it; the units of data lost for good.
    ///
    /// # Errors
    /// `No such file or directory`; `Device or resource busy` for a mount point.
    pub fn remove(&mut self, path: &str, now: Utc) -> Result<u64, Refusal> {
        let path = normal(path);
        if !self.nodes.contains_key(&path) {
            return refuse("No such file or directory");
        }
        if path == "/" || self.mounts.iter().any(|m| m.point == path || m.point.starts_with(&below(&path))) {
            return refuse("Device or resource busy");
        }
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let doomed: Vec<String> =
            std::iter::once(path.clone()).chain(self.under(&below(&path)).map(|(p, _)| p.clone())).collect();
        let lost = doomed.iter().filter_map(|p| self.take(p)).map(|n| n.precious).sum();
        self.touch_parent(&path, now);
        Ok(lost)
    }

    /// Writes text to a file; the units of data lost by replacing a precious one.
    ///
    /// # Errors
    /// `No such file or directory`, `Not a directory`, `Is a directory`, `No space left on device`.
    pub fn write(&mut self, path: &str, text: &str, append: bool, owner: &str, now: Utc) -> Result<u64, Refusal> {
        let path = normal(path);
        self.parent_is_dir(&path)?;
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let old = self.nodes.get(&path);
        if old.is_some_and(Node::is_dir) {
            return refuse("Is a directory");
        }
        let (before, owner) = old.map_or((0, owner), |n| (n.bytes(), n.owner.as_str()));
        let precious = old.map_or(0, |n| n.precious);
        let content = match old.map(|n| &n.content) {
            Some(Content::Text(t)) if append => Content::Text(format!("{t}{text}")),
            Some(Content::Blob(n)) if append => Content::Blob(n.saturating_add(text.len() as u64)),
            _ => Content::Text(text.to_owned()),
        };
        let kept = if append { precious } else { 0 };
        let node = Node { content, owner: owner.to_owned(), mtime: now, precious: kept };
        let room = self.mount_of(&path).map_or(0, Mount::avail);
        let no_inode = old.is_none() && self.mount_of(&path).is_some_and(|m| m.no_inodes);
        if no_inode || node.bytes().saturating_sub(before) > room {
            return refuse("No space left on device");
        }
        self.put(&path, node);
        Ok(precious - kept)
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// `File exists`, `No such file or directory`, `Not a directory`.
    pub fn make_dir(&mut self, path: &str, owner: &str, now: Utc) -> Result<(), Refusal> {
        let path = normal(path);
        if self.nodes.contains_key(&path) {
            return refuse("File exists");
        }
        self.parent_is_dir(&path)?;
        self.put(&path, Node { content: Content::Dir, owner: owner.to_owned(), mtime: now, precious: 0 });
        Ok(())
    }

    /// Renames; the units of data lost by replacing a precious file.
    ///
    /// # Errors
    /// `No such file or directory`, `Directory not empty`, `Is a directory`, `Not a directory`, `Invalid argument`,
    /// `Device or resource busy`, `No space left on device` (to another mount).
    pub fn rename(&mut self, from: &str, to: &str, now: Utc) -> Result<u64, Refusal> {
        let (from, to) = (normal(from), normal(to));
        let Some(node) = self.nodes.get(&from) else { return refuse("No such file or directory") };
        let dir = node.is_dir();
        self.parent_is_dir(&to)?;
        if from == to {
            return Ok(0);
        }
        if is_installed(&from) || is_installed(&to) {
            return refuse("Operation not permitted");
        }
        if to.starts_with(&below(&from)) {
            return refuse("Invalid argument");
        }
        if self.mounts.iter().any(|m| m.point == from || m.point == to || m.point.starts_with(&below(&from))) {
            return refuse("Device or resource busy");
        }
        let mut freed = 0;
        if let Some(old) = self.nodes.get(&to) {
            match (dir, old.is_dir()) {
                (false, true) => return refuse("Is a directory"),
                (true, false) => return refuse("Not a directory"),
                (true, true) if self.under(&below(&to)).next().is_some() => return refuse("Directory not empty"),
                _ => freed = old.bytes(),
            }
        }
        let (source, target) = (self.mount_index(&from), self.mount_index(&to));
        let bytes = self.du(&from).unwrap_or(0);
        let room = target.and_then(|i| self.mounts.get(i)).map_or(0, Mount::avail).saturating_add(freed);
        if source != target && bytes > room {
            return refuse("No space left on device");
        }
        let lost = self.take(&to).map_or(0, |n| n.precious);
        let moved: Vec<String> =
            std::iter::once(from.clone()).chain(self.under(&below(&from)).map(|(p, _)| p.clone())).collect();
        for path in moved {
            if let Some(node) = self.take(&path) {
                self.put(&format!("{to}{}", &path[from.len()..]), node);
            }
        }
        self.touch_parent(&from, now);
        self.touch_parent(&to, now);
        Ok(lost)
    }

    /// Gives an opaque file this size, made with its directories if it is not there, as far as there is room.
    pub(super) fn set_size(&mut self, path: &str, bytes: u64, now: Utc) {
        let path = normal(path);
        let before = self.nodes.get(&path).map_or(0, Node::bytes);
        if before > bytes {
            self.put(
                &path,
                Node { content: Content::Blob(bytes), owner: DATABASE_USER.into(), mtime: now, precious: 0 },
            );
            return;
        }
        let room = self.mount_of(&path).map_or(0, Mount::avail);
        let bytes = before + (bytes - before).min(room);
        self.make_dirs(parent(&path), DATABASE_USER, now);
        self.put(&path, Node { content: Content::Blob(bytes), owner: DATABASE_USER.into(), mtime: now, precious: 0 });
    }

    /// Grows a file, or a directory by a file of its own number, by at most `bytes`, as far as there is room.
    /// What is missing of the path is made; owners are those of the nearest directory. Returns the bytes written.
    pub(super) fn grow(&mut self, path: &str, bytes: u64, number: u64, now: Utc) -> u64 {
        let path = normal(path);
        let mut nearest = path.as_str();
        while !self.nodes.contains_key(nearest) && nearest != "/" {
            nearest = parent(nearest);
        }
        let owner = self.nodes.get(nearest).map_or("root".to_owned(), |n| n.owner.clone());
        let n = bytes.min(self.mount_of(&path).map_or(0, Mount::avail));
        if n == 0 {
            return 0;
        }
        let file = match self.nodes.get(&path) {
            Some(node) if !node.is_dir() => path,
            _ => {
                let mut above = path.match_indices('/').map(|(i, _)| &path[..i]).filter(|p| !p.is_empty());
                if above.any(|p| self.nodes.get(p).is_some_and(|n| !n.is_dir())) {
                    return 0;
                }
                self.make_dirs(&path, &owner, now);
                let number = number % GROWN_MAX;
                format!("{}work-{number:04}", below(&path))
            }
        };
        let (before, owner, precious) =
            self.nodes.get(&file).map_or((0, owner, 0), |f| (f.bytes(), f.owner.clone(), f.precious));
        let fresh = !self.nodes.contains_key(&file);
        self.put(&file, Node { content: Content::Blob(before.saturating_add(n)), owner, mtime: now, precious });
        if fresh {
            self.touch_parent(&file, now);
        }
        n
    }
}

fn entry(name: &str, n: &Node) -> Entry {
    let size = if n.is_dir() { 4096 } else { n.bytes() };
    Entry { name: name.to_owned(), dir: n.is_dir(), size, owner: n.owner.clone(), mtime: n.mtime }
}
