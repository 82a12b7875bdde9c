//! What the desk knows about files beyond the tree itself: permission bits and links.

use super::Desk;

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
    pub(super) fn links(&self, host: &str, path: &str, dir: bool) -> u64 {
        if dir { 2 + self.files(host).map_or(0, |f| f.subdirs(path)) } else { 1 }
    }
}
