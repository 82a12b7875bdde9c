//! Files that a program has open: one that is removed keeps its bytes until the program ends.

use crate::sim::World;
use crate::sim::vfs::normal;
use serde::Serialize;

/// A file without a name, which a program still writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldFile {
    /// Host.
    pub host: String,
    /// Unit whose main process has it open.
    pub unit: String,
    /// That process.
    pub pid: u32,
    /// The path that it had.
    pub path: String,
    /// Mount point of the file system that it lies on.
    pub mount: String,
    /// Bytes.
    pub bytes: u64,
    /// Its number.
    pub ino: u64,
}

impl World {
    /// The log files that programs of a host have open: a program writes to the logs in the directory of its name,
    /// `/var/log/NAME/`, and to `/var/log/NAME.log`, wherever they were moved since; those that were rotated away are closed.
    pub fn open_logs(&self, host: &str) -> Vec<HeldFile> {
        let Some(h) = self.hosts.get(host) else { return Vec::new() };
        let mut out = Vec::new();
        for (unit, pid) in h.units.iter().filter_map(|(n, u)| Some((n, u.pid?))) {
            for (path, ino) in self.open_files(host, unit) {
                let mount = h.vfs.mount_of(&path).map_or_else(|| "/".to_owned(), |m| m.point.clone());
                let bytes = h.vfs.lstat(&path).map_or(0, crate::sim::vfs::Node::bytes);
                out.push(HeldFile { host: host.to_owned(), unit: unit.clone(), pid, path, mount, bytes, ino });
            }
        }
        out
    }

    /// Removed files that programs still have open.
    pub fn held(&self) -> &[HeldFile] {
        &self.held
    }

    /// What is open at a path or below it.
    pub(super) fn open_below(&self, host: &str, path: &str) -> Vec<HeldFile> {
        let path = normal(path);
        let below = format!("{}/", path.trim_end_matches('/'));
        let mut all = self.open_logs(host);
        all.retain(|f| f.path == path || f.path.starts_with(&below));
        all
    }

    /// Their names are gone, their bytes are not.
    pub(super) fn hold(&mut self, files: Vec<HeldFile>) {
        for f in files.into_iter().filter(|f| f.bytes > 0) {
            let mounts = self.hosts.get_mut(&f.host).map(|h| h.vfs.mounts_mut());
            if let Some(m) = mounts.into_iter().flatten().find(|m| m.point == f.mount) {
                m.base = m.base.saturating_add(f.bytes);
                self.held.push(f);
            }
        }
    }

    /// The bytes of files whose program has ended are free.
    pub(super) fn let_go(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let hosts = &mut self.hosts;
        self.held.retain(|f| {
            let Some(h) = hosts.get_mut(&f.host) else { return false };
            if h.units.get(&f.unit).is_some_and(|u| u.pid == Some(f.pid)) {
                return true;
            }
            if let Some(m) = h.vfs.mounts_mut().iter_mut().find(|m| m.point == f.mount) {
                m.base = m.base.saturating_sub(f.bytes);
            }
            false
        });
    }
}
