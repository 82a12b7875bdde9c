//! What a file system says about a file beside its bytes: permissions, owners, times, names and sizes.

use super::installed::is_installed;
use super::{Content, Moment, Mount, Node, Vfs, refuse};
use crate::sim::Refusal;
use crate::stdx::time::Utc;

/// Bytes that a text is lengthened by at most; what is longer becomes opaque.
const MOST_ZEROS: u64 = 1 << 20;

/// Permission bits of a path as a fresh machine has them.
pub fn usual_mode(path: &str, content: &Content) -> u16 {
    match (path, content) {
        (_, Content::Link(_)) => 0o777,
        ("/tmp" | "/var/tmp", _) => 0o1777,
        ("/proc" | "/sys", _) => 0o555,
        ("/root", _) => 0o700,
        ("/etc/shadow", _) => 0o600,
        (_, Content::Dir) => 0o755,
        (p, _) if p.starts_with("/bin/") || p.starts_with("/sbin/") => 0o755,
        _ => 0o644,
    }
}

impl Vfs {
    /// File systems with nothing on them but `/`.
    pub fn empty(mounts: Vec<Mount>) -> Vfs {
        let mut vfs =
            Vfs { nodes: Default::default(), mounts, names: Default::default(), last_ino: 1, clock: Moment::default() };
        vfs.put("/", Node { ino: 2, ..Node::new("/", Content::Dir, "root", Utc::default()) });
        vfs.last_ino = 131_072;
        vfs
    }

    /// Lays a node at a path, with the directories before it, whatever is there and whoever may.
    pub fn lay(&mut self, path: &str, content: Content, owner: &str, mode: Option<u16>, mtime: Utc) {
        self.make_dirs(super::parent(path), "root", mtime);
        let mut node = Node::new(path, content, owner, mtime);
        node.mode = mode.unwrap_or(node.mode);
        self.put(path, node);
    }

    fn edit(&mut self, path: &str, follow: bool, now: Utc, change: impl FnOnce(&mut Node)) -> Result<(), Refusal> {
        let path = self.resolve(path, follow)?;
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let Some(mut node) = self.nodes.get(&path).cloned() else { return refuse("No such file or directory") };
        change(&mut node);
        node.ctime = Moment { at: now, nanos: self.stamp(now) };
        self.put(&path, node);
        Ok(())
    }

    /// Sets permission bits.
    ///
    /// # Errors
    /// `No such file or directory`, `Operation not permitted` for the installed system.
    pub fn set_mode(&mut self, path: &str, mode: u16, now: Utc) -> Result<(), Refusal> {
        self.edit(path, true, now, |n| n.mode = mode & 0o7777)
    }

    /// Sets owner and group, each if given.
    ///
    /// # Errors
    /// As [`Vfs::set_mode`].
    pub fn set_owner(
        &mut self,
        path: &str,
        owner: Option<&str>,
        group: Option<&str>,
        follow: bool,
        now: Utc,
    ) -> Result<(), Refusal> {
        self.edit(path, follow, now, |n| {
            if let Some(o) = owner {
                o.clone_into(&mut n.owner);
            }
            if let Some(g) = group {
                g.clone_into(&mut n.group);
            }
        })
    }

    /// Sets the times of last reading and writing, each if given; `None` in it stands for now.
    ///
    /// # Errors
    /// As [`Vfs::set_mode`].
    pub fn set_times(
        &mut self,
        path: &str,
        read: Option<Option<Moment>>,
        written: Option<Option<Moment>>,
        follow: bool,
        now: Utc,
    ) -> Result<(), Refusal> {
        let present = Moment { at: now, nanos: self.stamp(now) };
        self.edit(path, follow, now, |n| {
            if let Some(t) = read {
                n.atime = t.unwrap_or(present);
            }
            if let Some(t) = written {
                let t = t.unwrap_or(present);
                (n.mtime, n.mtime_ns) = (t.at, t.nanos);
            }
        })
    }

    /// Makes a symbolic link.
    ///
    /// # Errors
    /// `File exists`, `No such file or directory`, `Not a directory`.
    pub fn symlink(&mut self, path: &str, target: &str, owner: &str, now: Utc) -> Result<(), Refusal> {
        let path = self.resolve(path, false)?;
        if self.nodes.contains_key(&path) {
            return refuse("File exists");
        }
        self.parent_is_dir(&path)?;
        let mut node = Node::new(&path, Content::Link(target.to_owned()), owner, now);
        self.mark(&mut node, now);
        self.put(&path, node);
        self.touch_parent(&path, now);
        Ok(())
    }

    /// Gives a file another name.
    ///
    /// # Errors
    /// `File exists`, `No such file or directory`, `Operation not permitted` for a directory, `Invalid cross-device link`.
    pub fn link(&mut self, from: &str, to: &str, now: Utc) -> Result<(), Refusal> {
        let (from, to) = (self.resolve(from, false)?, self.resolve(to, false)?);
        let Some(node) = self.nodes.get(&from).cloned() else { return refuse("No such file or directory") };
        if self.nodes.contains_key(&to) {
            return refuse("File exists");
        }
        self.parent_is_dir(&to)?;
        if node.is_dir() || is_installed(&from) {
            return refuse("Operation not permitted");
        }
        if self.mount_index(&from) != self.mount_index(&to) {
            return refuse("Invalid cross-device link");
        }
        let names = self.names.entry(node.ino).or_insert_with(|| vec![from.clone()]);
        names.push(to.clone());
        std::sync::Arc::make_mut(&mut self.nodes).insert(to.clone(), node);
        self.touch_parent(&to, now);
        self.edit(&from, false, now, |_| {})
    }

    /// Makes a file so many bytes long: what is beyond is cut off, what is missing are zeros. The units of data lost.
    ///
    /// # Errors
    /// As writing.
    pub fn resize(&mut self, path: &str, bytes: u64, owner: &str, now: Utc) -> Result<u64, Refusal> {
        let at = self.resolve(path, true)?;
        let lost = match self.nodes.get(&at) {
            Some(n) if bytes >= n.bytes() => 0,
            Some(n) => n.precious,
            None => self.write(path, "", true, owner, now)?,
        };
        let content = match self.nodes.get(&at).map(|n| &n.content) {
            Some(Content::Dir) => return refuse("Is a directory"),
            Some(Content::Text(t)) if bytes <= t.len() as u64 => {
                let mut cut = usize::try_from(bytes).unwrap_or(0);
                while !t.is_char_boundary(cut) {
                    cut -= 1;
                }
                Content::text(t.get(..cut).unwrap_or_default().to_owned())
            }
            Some(Content::Text(t)) if bytes - t.len() as u64 <= MOST_ZEROS => {
                let zeros = usize::try_from(bytes - t.len() as u64).unwrap_or(0);
                Content::text(format!("{t}{}", "\0".repeat(zeros)))
            }
            _ if bytes == 0 => Content::text(String::new()),
            _ => Content::Blob(bytes),
        };
        self.replace(&at, content, owner, now)?;
        if let Some(n) = std::sync::Arc::make_mut(&mut self.nodes).get_mut(&at) {
            n.precious = n.precious.saturating_sub(lost);
        }
        Ok(lost)
    }

    /// Copies a file's bytes to another path; the units of data lost by replacing a precious file.
    ///
    /// # Errors
    /// As writing.
    pub fn copy(&mut self, from: &str, to: &str, owner: &str, now: Utc) -> Result<u64, Refusal> {
        let Some(node) = self.stat(from).cloned() else { return refuse("No such file or directory") };
        if node.is_dir() {
            return refuse("Is a directory");
        }
        let lost = self.lstat(to).map_or(0, |n| n.precious);
        self.replace(to, node.content, owner, now)?;
        Ok(lost)
    }

    /// Gives a file this content, if there is room.
    fn replace(&mut self, path: &str, content: Content, owner: &str, now: Utc) -> Result<(), Refusal> {
        let path = self.resolve(path, true)?;
        self.parent_is_dir(&path)?;
        if is_installed(&path) {
            return refuse("Operation not permitted");
        }
        let old = self.nodes.get(&path).cloned();
        let fresh = old.is_none();
        let before = old.as_ref().map_or(0, Node::bytes);
        let mut node = old.unwrap_or_else(|| Node::new(&path, content.clone(), owner, now));
        if node.is_dir() {
            return refuse("Is a directory");
        }
        node.content = content;
        if node.bytes().saturating_sub(before) > self.mount_of(&path).map_or(0, Mount::avail) {
            return refuse("No space left on device");
        }
        self.mark(&mut node, now);
        self.put(&path, node);
        if fresh {
            self.touch_parent(&path, now);
        }
        Ok(())
    }
}
