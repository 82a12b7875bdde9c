//! What the desk knows about files beyond the tree itself: permission bits and links.

use super::Desk;
use crate::console::host::{ConsoleHost, Stat};
use crate::console::procfs;

/// Permission bits of a path: what a fresh machine has.
pub(super) fn mode(path: &str, dir: bool) -> u16 {
    match path {
        "/tmp" => 0o1777,
        "/root" => 0o700,
        "/etc/shadow" => 0o600,
        _ if dir || path.starts_with("/bin/") || path.starts_with("/sbin/") => 0o755,
        _ => 0o644,
    }
}

impl Desk<'_> {
    /// A file of `/proc`: no bytes, and written this very second.
    pub(super) fn proc_stat(&self, host: &str, path: &str) -> Option<Stat> {
        let dir = procfs::list(self, host, path).is_some();
        let there = self.files(host).is_some() && (dir || procfs::read(self, host, path).is_some());
        let mode = if dir { 0o555 } else { 0o444 };
        let (owner, mtime) = ("root".to_owned(), self.utc());
        there.then_some(Stat { dir, size: 0, links: 1, owner, mode, mtime })
    }

    pub(super) fn links(&self, host: &str, path: &str, dir: bool) -> u64 {
        if dir { 2 + self.files(host).map_or(0, |f| f.subdirs(path)) } else { 1 }
    }
}
