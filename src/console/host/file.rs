//! What a file system says about a file.

use crate::stdx::time::Utc;

/// What kind of thing a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A plain file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link to this path.
    Link(String),
    /// A character device: major and minor number.
    Device(u32, u32),
    /// A pipe.
    Pipe,
}

/// A file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Whether it is a directory.
    pub dir: bool,
    /// What it is.
    pub kind: NodeKind,
    /// Bytes (a directory's own size, usually 4096).
    pub size: u64,
    /// Blocks of 512 bytes that it takes.
    pub blocks: u64,
    /// Names that lead to it: 1 for a file, 2 and one for each directory in it for a directory.
    pub links: u64,
    /// Owner.
    pub owner: String,
    /// Group.
    pub group: String,
    /// Permission bits, such as 0o644.
    pub mode: u16,
    /// Last time it was written.
    pub mtime: Utc,
    /// Nanoseconds of that second.
    pub mtime_ns: u32,
    /// Last time it was read, with nanoseconds.
    pub atime: (Utc, u32),
    /// Last time anything about it changed, with nanoseconds.
    pub ctime: (Utc, u32),
    /// Number: names with the same number are one file.
    pub ino: u64,
}

impl Stat {
    /// One that all times of which are the same, in no group but its owner's.
    pub fn plain(kind: NodeKind, size: u64, owner: &str, mode: u16, mtime: Utc) -> Stat {
        let dir = kind == NodeKind::Dir;
        Stat {
            dir,
            kind,
            size,
            blocks: size.div_ceil(4096) * 8,
            links: if dir { 2 } else { 1 },
            owner: owner.to_owned(),
            group: owner.to_owned(),
            mode,
            mtime,
            mtime_ns: 0,
            atime: (mtime, 0),
            ctime: (mtime, 0),
            ino: 1,
        }
    }

    /// One of a node of a file system, to which so many names lead.
    pub fn of(node: &crate::sim::vfs::Node, links: u64) -> Stat {
        use crate::sim::vfs::Content;
        let kind = match &node.content {
            Content::Dir => NodeKind::Dir,
            Content::Link(target) => NodeKind::Link(target.clone()),
            Content::Text(_) | Content::Blob(_) | Content::Log(_) => NodeKind::File,
        };
        Stat {
            dir: node.is_dir(),
            kind,
            size: node.size(),
            blocks: node.blocks(),
            links,
            owner: node.owner.clone(),
            group: node.group.clone(),
            mode: node.mode,
            mtime: node.mtime,
            mtime_ns: node.mtime_ns,
            atime: (node.atime.at, node.atime.nanos),
            ctime: (node.ctime.at, node.ctime.nanos),
            ino: node.ino,
        }
    }

    /// When it was written, comparable.
    pub fn written(&self) -> (Utc, u32) {
        (self.mtime, self.mtime_ns)
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        matches!(self.kind, NodeKind::Link(_))
    }
}
