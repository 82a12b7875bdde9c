//! What changes a file system: writing, making, removing, renaming, growing.

use super::installed::is_installed;
use super::{Content, GROWN_MAX, Moment, Mount, Node, Vfs, below, normal, parent, refuse, usual_mode};
use crate::sim::Refusal;
use crate::stdx::time::Utc;
use std::sync::Arc;

impl Vfs {
    /// Puts a node at a path; the other names of the file that was there say the same.
    pub(super) fn put(&mut self, path: &str, mut node: Node) {
        let old = self.nodes.get(path);
        let (before, ino) = old.map_or((0, 0), |n| (n.bytes(), n.ino));
        if node.ino == 0 {
            node.ino = ino;
        }
        if node.ino == 0 {
            self.last_ino += 1;
            node.ino = self.last_ino;
        }
        let bytes = node.bytes();
        let nodes = Arc::make_mut(&mut self.nodes);
        for name in self.names.get(&node.ino).into_iter().flatten().filter(|n| *n != path) {
            nodes.insert(name.clone(), node.clone());
        }
        nodes.insert(path.to_owned(), node);
        if let Some(m) = self.mount_index(path).and_then(|i| self.mounts.get_mut(i)) {
            m.files = m.files.saturating_sub(before).saturating_add(bytes);
        }
    }

    /// Takes a name away; the bytes go with the last name of a file.
    pub(super) fn take(&mut self, path: &str) -> Option<Node> {
        let mut node = Arc::make_mut(&mut self.nodes).remove(path)?;
        if let Some(names) = self.names.get_mut(&node.ino) {
            names.retain(|n| n != path);
            if names.len() < 2 {
                self.names.remove(&node.ino);
            }
            node.precious = 0;
            return Some(node);
        }
        if let Some(m) = self.mount_index(path).and_then(|i| self.mounts.get_mut(i)) {
            m.files = m.files.saturating_sub(node.bytes());
        }
        Some(node)
    }

    /// Another name for what lies at a path.
    pub(super) fn rename_one(&mut self, from: &str, to: &str) {
        let Some(node) = Arc::make_mut(&mut self.nodes).remove(from) else { return };
        let (a, b) = (self.mount_index(from), self.mount_index(to));
        let shared = self.names.get_mut(&node.ino);
        let single = shared.is_none();
        for name in shared.into_iter().flatten().filter(|n| *n == from) {
            to.clone_into(name);
        }
        if a != b && single {
            if let Some(m) = a.and_then(|i| self.mounts.get_mut(i)) {
                m.files = m.files.saturating_sub(node.bytes());
            }
            if let Some(m) = b.and_then(|i| self.mounts.get_mut(i)) {
                m.files = m.files.saturating_add(node.bytes());
            }
        }
        Arc::make_mut(&mut self.nodes).insert(to.to_owned(), node);
    }

    /// Nanoseconds of a change in this second: each is later than the one before.
    pub(super) fn stamp(&mut self, now: Utc) -> u32 {
        self.clock = match self.clock.at == now {
            true => Moment { at: now, nanos: self.clock.nanos.saturating_add(1_003_871).min(999_999_999) },
            false => Moment { at: now, nanos: 20_118_402 },
        };
        self.clock.nanos
    }

    /// Written now.
    pub(super) fn mark(&mut self, node: &mut Node, now: Utc) {
        let nanos = self.stamp(now);
        (node.mtime, node.mtime_ns, node.ctime) = (now, nanos, Moment { at: now, nanos });
        if node.ino == 0 {
            node.atime = node.ctime;
        }
    }

    pub(super) fn make_dirs(&mut self, path: &str, owner: &str, now: Utc) {
        let mut at = String::new();
        for part in std::iter::once("").chain(path.split('/').filter(|p| !p.is_empty())) {
            at = if part.is_empty() { "/".to_owned() } else { format!("{}{part}", below(&at)) };
            if !self.nodes.contains_key(&at) {
                let owner = if at == path { owner } else { "root" };
                self.put(&at, Node::new(&at, Content::Dir, owner, now));
            }
        }
    }

    pub(super) fn parent_is_dir(&self, path: &str) -> Result<(), Refusal> {
        match self.nodes.get(parent(path)) {
            None => refuse("No such file or directory"),
            Some(n) if !n.is_dir() => refuse("Not a directory"),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn touch_parent(&mut self, path: &str, now: Utc) {
        let nanos = self.stamp(now);
        if let Some(n) = Arc::make_mut(&mut self.nodes).get_mut(parent(path)) {
            (n.mtime, n.mtime_ns, n.ctime) = (now, nanos, Moment { at: now, nanos });
        }
    }

    /// Removes a file, or a directory with everything in it; the units of data lost for good.
    ///
    /// # Errors
    /// `No such file or directory`; `Device or resource busy` for a mount point.
    pub fn remove(&mut self, path: &str, now: Utc) -> Result<u64, Refusal> {
        let path = self.resolve(path, false)?;
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
        let path = self.resolve(path, true)?;
        self.parent_is_dir(&path)?;
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let old = self.nodes.get(&path);
        if old.is_some_and(Node::is_dir) {
            return refuse("Is a directory");
        }
        let (before, precious) = old.map_or((0, 0), |n| (n.bytes(), n.precious));
        let content = match old.map(|n| &n.content) {
            Some(Content::Text(t)) if append => Content::text(format!("{t}{text}")),
            Some(Content::Blob(n)) if append => Content::Blob(n.saturating_add(text.len() as u64)),
            Some(Content::Log(log)) if append => {
                let mut log = log.clone();
                log.say(text);
                Content::Log(log)
            }
            _ => Content::text(text.to_owned()),
        };
        let kept = if append { precious } else { 0 };
        let fresh = old.is_none();
        let mut node = old.cloned().unwrap_or_else(|| Node::new(&path, Content::Dir, owner, now));
        if fresh {
            node.mode = usual_mode(&path, &content);
        }
        (node.content, node.precious) = (content, kept);
        let room = self.mount_of(&path).map_or(0, Mount::avail);
        let no_inode = fresh && self.mount_of(&path).is_some_and(|m| m.no_inodes);
        if no_inode || node.bytes().saturating_sub(before) > room {
            return refuse("No space left on device");
        }
        self.mark(&mut node, now);
        self.put(&path, node);
        if fresh {
            self.touch_parent(&path, now);
        }
        Ok(precious - kept)
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// `File exists`, `No such file or directory`, `Not a directory`.
    pub fn make_dir(&mut self, path: &str, owner: &str, now: Utc) -> Result<(), Refusal> {
        let path = self.resolve(path, false)?;
        if self.nodes.contains_key(&path) {
            return refuse("File exists");
        }
        self.parent_is_dir(&path)?;
        let mut node = Node::new(&path, Content::Dir, owner, now);
        self.mark(&mut node, now);
        self.put(&path, node);
        self.touch_parent(&path, now);
        Ok(())
    }

    /// Renames; the units of data lost by replacing a precious file.
    ///
    /// # Errors
    /// `No such file or directory`, `Directory not empty`, `Is a directory`, `Not a directory`, `Invalid argument`,
    /// `Device or resource busy`, `No space left on device` (to another mount).
    pub fn rename(&mut self, from: &str, to: &str, now: Utc) -> Result<u64, Refusal> {
        let (from, to) = (self.resolve(from, false)?, self.resolve(to, false)?);
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
            let new = format!("{to}{}", path.get(from.len()..).unwrap_or_default());
            self.rename_one(&path, &new);
        }
        self.touch_parent(&from, now);
        self.touch_parent(&to, now);
        Ok(lost)
    }

    /// Gives an opaque file this size, made with its directories if it is not there, as far as there is room.
    pub(in crate::sim) fn set_size(&mut self, path: &str, bytes: u64, owner: &str, now: Utc) {
        let path = normal(path);
        let before = self.nodes.get(&path).map_or(0, Node::bytes);
        if before > bytes {
            self.put(&path, Node::new(&path, Content::Blob(bytes), owner, now));
            return;
        }
        let room = self.mount_of(&path).map_or(0, Mount::avail);
        let bytes = before + (bytes - before).min(room);
        self.make_dirs(parent(&path), owner, now);
        self.put(&path, Node::new(&path, Content::Blob(bytes), owner, now));
    }

    /// Grows a file, or a directory by a file of its own number, by at most `bytes`, as far as there is room.
    /// What is missing of the path is made; owners are those of the nearest directory. Returns the bytes written.
    pub(in crate::sim) fn grow(&mut self, path: &str, bytes: u64, number: u64, now: Utc) -> u64 {
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
        let old = self.nodes.get(&file).cloned();
        let fresh = old.is_none();
        let mut node = old.unwrap_or_else(|| Node::new(&file, Content::Blob(0), &owner, now));
        match &mut node.content {
            Content::Log(log) if log.packed.is_none() => log.opaque = log.opaque.saturating_add(n),
            _ => node.content = Content::Blob(node.bytes().saturating_add(n)),
        }
        node.mtime = now;
        self.put(&file, node);
        if fresh {
            self.touch_parent(&file, now);
        }
        n
    }
}
