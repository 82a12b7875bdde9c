//! What the desk knows about files beyond the tree itself: who may change what, and what new files go without.

use super::Desk;
use crate::console::host::{Caller, ConsoleHost, NodeKind, Stat};
use crate::console::procfs;
use crate::console::tool::{may_alter, new_mode};
use crate::sim::Effect;
use crate::sim::effect::{FileAct, FileEffect};

impl Desk<'_> {
    /// A file of `/proc`: no bytes, and written this very second.
    pub(super) fn proc_stat(&self, host: &str, path: &str) -> Option<Stat> {
        let dir = procfs::list(self, host, path).is_some();
        let there = self.files(host).is_some() && (dir || procfs::read(self, host, path).is_some());
        let (kind, mode) = if dir { (NodeKind::Dir, 0o555) } else { (NodeKind::File, 0o444) };
        there.then_some(Stat { links: 1, ..Stat::plain(kind, 0, "root", mode, self.utc()) })
    }

    /// Why `who` may not do this to a file, if so.
    pub(super) fn file_refusal(&self, who: &Caller, effect: &Effect) -> Option<String> {
        may_alter(self, who, effect).err()
    }

    /// What takes permission bits away from a new file or directory, if the caller's mask is not the usual one.
    pub(super) fn masked(&self, who: &Caller, effect: &Effect) -> Option<Effect> {
        let (host, path, mode) = new_mode(self, who, effect)?;
        Some(Effect::File(FileEffect { host, path, act: FileAct::Mode(mode) }))
    }
}
