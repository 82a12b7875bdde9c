//! Effects on files beside their bytes: permissions, owners, times, links, sizes, copies.

use crate::sim::Refusal;
use crate::sim::vfs::{Moment, Vfs};
use crate::stdx::time::Utc;
use serde::{Deserialize, Serialize};

/// A change of a file on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEffect {
    /// Host.
    pub host: String,
    /// Absolute path.
    pub path: String,
    /// What is done to it.
    pub act: FileAct,
}

/// What is done to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileAct {
    /// Sets its permission bits.
    Mode(u16),
    /// Sets owner and group, each if given.
    Owner {
        /// Owner.
        owner: Option<String>,
        /// Group.
        group: Option<String>,
        /// Whether a link is followed.
        follow: bool,
    },
    /// Sets the times of last reading and writing, each if given; an inner `None` stands for now.
    Times {
        /// Of last reading.
        read: Option<Option<Moment>>,
        /// Of last writing.
        written: Option<Option<Moment>>,
        /// Whether a link is followed.
        follow: bool,
    },
    /// Makes it a symbolic link.
    Symlink {
        /// To this path, as written.
        target: String,
        /// Owner of the link.
        owner: String,
    },
    /// Makes it another name of an existing file.
    Link {
        /// That file.
        from: String,
    },
    /// Makes it so many bytes long.
    Resize {
        /// Bytes.
        bytes: u64,
        /// Owner of a new file.
        owner: String,
    },
    /// Rotates it as logrotate does.
    Rotate {
        /// Old logs that are kept.
        keep: u32,
    },
    /// Makes it a copy of a file.
    Copy {
        /// That file.
        from: String,
        /// Owner of a new file.
        owner: String,
    },
}

impl FileAct {
    /// Does it; the units of data lost.
    ///
    /// # Errors
    /// In the words of the kernel.
    pub fn carry_out(&self, vfs: &mut Vfs, path: &str, now: Utc) -> Result<u64, Refusal> {
        match self {
            FileAct::Mode(mode) => vfs.set_mode(path, *mode, now).map(|()| 0),
            FileAct::Owner { owner, group, follow } => {
                vfs.set_owner(path, owner.as_deref(), group.as_deref(), *follow, now).map(|()| 0)
            }
            FileAct::Times { read, written, follow } => vfs.set_times(path, *read, *written, *follow, now).map(|()| 0),
            FileAct::Symlink { target, owner } => vfs.symlink(path, target, owner, now).map(|()| 0),
            FileAct::Link { from } => vfs.link(from, path, now).map(|()| 0),
            FileAct::Resize { bytes, owner } => vfs.resize(path, *bytes, owner, now),
            FileAct::Rotate { keep } => vfs.rotate(path, *keep, now).map(|()| 0),
            FileAct::Copy { from, owner } => vfs.copy(from, path, owner, now),
        }
    }

    /// The verb that a fact names.
    pub fn verb(&self) -> &'static str {
        match self {
            FileAct::Mode(_) => "chmod",
            FileAct::Owner { .. } => "chown",
            FileAct::Times { .. } => "touch",
            FileAct::Symlink { .. } | FileAct::Link { .. } => "link",
            FileAct::Resize { .. } => "truncate",
            FileAct::Rotate { .. } => "rotate",
            FileAct::Copy { .. } => "copy",
        }
    }
}
