//! What the desk knows about files beyond the tree itself: permission bits, links, and the ends of long logs.

use super::Desk;
use crate::sim::vfs;

/// Lines of a long log file that can be read.
const LOG_TAIL: usize = 2_000;

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

    /// The end of a log file whose bytes nobody wrote out: what its program said last.
    pub(super) fn log_file(&self, host: &str, path: &str) -> Option<String> {
        let path = vfs::normal(path);
        let program = path.strip_prefix("/var/log/")?.split_once('/')?.0;
        let opaque = matches!(self.files(host)?.stat(&path)?.content, vfs::Content::Blob(_));
        let lines = self.session.state.telemetry.logs(Some(program), None, LOG_TAIL);
        let lines = lines.iter().filter(|l| l.on == host && l.program == program);
        let text: String = lines.map(|l| format!("{} {}\n", l.utc.iso(), l.text)).collect();
        (opaque && !text.is_empty()).then_some(text)
    }
}
