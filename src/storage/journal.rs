//! The log on disk: one `.jsonl` file a branch, each line with its checksum, recovered to its longest valid prefix.
//!
//! A line is `{"crc":"<8 hex>","body":{…}}`; the checksum is CRC-32 over the exact bytes of the body. The first line
//! carries the header, every later one an [`Item`]. Lines are only ever appended.

mod read;
mod write;

pub use read::{read, recover};
pub use write::Writer;

use crate::fact::Fact;
use crate::session::{Entry, Header};
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// Longest line in bytes, newline not counted. The largest legitimate one is an impact curve over a whole session.
pub const MAX_LINE: usize = 1 << 20;

/// Largest log file in bytes that is read.
pub const MAX_LOG: u64 = 1 << 28;

/// One line after the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// An accepted input.
    Entry(Entry),
    /// Time advanced by so many ticks, at least 1. Adjacent ones are merged when read.
    Ticks(u64),
    /// A fact that followed.
    Fact(Fact),
    /// The digest over the whole state at a tick.
    Digest(Digest),
    /// The session ended; nothing more is expected.
    End(End),
}

/// What the state hashed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Tick after which it was taken.
    pub tick: Tick,
    /// Hex.
    pub state: String,
}

/// The end of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Last tick.
    pub tick: Tick,
    /// Final digest, hex.
    pub state: String,
}

/// What a log holds, up to its first broken line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// First line.
    pub header: Header,
    /// Lines after it, in order; adjacent ticks merged.
    pub items: Vec<Item>,
    /// The line of each item, from 1; of merged ticks the first.
    pub lines: Vec<u64>,
    /// What was left out, if anything was.
    pub dropped: Option<Dropped>,
    /// Bytes of the valid prefix.
    pub valid_bytes: u64,
    /// Whether the last kept line lacks its newline (the file was cut exactly there).
    pub open_line: bool,
}

impl Recovered {
    /// The end line, if the session was finished.
    pub fn end(&self) -> Option<&End> {
        self.items.iter().rev().find_map(|i| if let Item::End(e) = i { Some(e) } else { None })
    }

    /// Sequence number of the last entry, 0 if there is none.
    pub fn last_seq(&self) -> u64 {
        self.items.iter().rev().find_map(|i| if let Item::Entry(e) = i { Some(e.seq) } else { None }).unwrap_or(0)
    }
}

/// The part of a file that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Where it begins.
    pub at_byte: u64,
    /// First line of it, from 1.
    pub line: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// What is wrong with its first line.
    pub why: Broken,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes from line {} (byte {}) on were left out: {}", self.bytes, self.line, self.at_byte, self.why)
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The file stops in the middle of it.
    #[error("the line is cut off")]
    Cut,
    /// It is not of the form `{"crc":"…","body":…}`.
    #[error("not a log line")]
    Shape,
    /// The checksum is another.
    #[error("the checksum does not match")]
    Checksum,
    /// It is longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    Long,
    /// The body is none of the known kinds.
    #[error("unknown content: {0}")]
    Body(String),
    /// An entry is missing, repeated or out of order.
    #[error("entry {found} stands where entry {expected} belongs")]
    Order {
        /// Sequence number that belongs there.
        expected: u64,
        /// Sequence number found.
        found: u64,
    },
}

/// Why a log could not be read or written at all.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The operating system said no.
    #[error("{path}: {source}")]
    Io {
        /// File.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// Larger than [`MAX_LOG`].
    #[error("{path}: larger than {MAX_LOG} bytes")]
    Large {
        /// File.
        path: PathBuf,
    },
    /// The first line is not a whole header.
    #[error("{path}:1: the first line is not the header of a log: {why}")]
    NoHeader {
        /// File.
        path: PathBuf,
        /// What is wrong with it.
        why: Broken,
    },
    /// Written by a later version.
    #[error("{path}:1: format {found} is newer than this program reads ({known})", known = crate::session::LOG_FORMAT)]
    Newer {
        /// File.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another process writes this log.
    #[error("{path}: another process is writing this log")]
    Locked {
        /// File.
        path: PathBuf,
    },
    /// A line to write is longer than [`MAX_LINE`]; nothing was written.
    #[error("{path}: a line of {bytes} bytes is longer than {MAX_LINE}")]
    Line {
        /// File.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
    /// An earlier write stopped half-way and could not be undone; the writer takes no more.
    #[error("{path}: an earlier write was left half done")]
    Torn {
        /// File.
        path: PathBuf,
    },
}

impl JournalError {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> JournalError {
        let path = path.to_path_buf();
        move |source| JournalError::Io { path, source }
    }
}

const PREFIX: &[u8] = b"{\"crc\":\"";
const MIDDLE: &[u8] = b"\",\"body\":";
const CRC_HEX: usize = 8;

/// The header's body: `{"header":…}`.
#[derive(Serialize, Deserialize)]
struct HeaderBody<H> {
    header: H,
}
