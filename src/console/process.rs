//! A process as data: what runs, where, with which descriptors, and how it goes on.

use crate::console::expand::{Sources, Val};
pub use crate::console::process_shell::{
    Call, Coproc, Frame, Job, Reading, Saved, Script, ScriptKind, Selecting, Shell,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fd {
    /// The terminal.
    Term,
    /// `/dev/null`.
    Null,
    /// Reading end of a pipe.
    Read(u32),
    /// Writing end of a pipe.
    Write(u32),
    /// An open file.
    File(u32),
    /// Closed.
    Closed,
}

/// A bounded pipe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pipe {
    /// Bytes not yet read, at most 64 KiB.
    pub buffer: String,
    /// What they were read from.
    pub sources: Sources,
    /// Whoever reads it takes all of it at once: more may wait in it.
    pub whole: bool,
}

/// An open file, shared by all descriptors that were copied from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenFile {
    /// Host.
    pub host: String,
    /// Absolute path.
    pub path: String,
    /// Its content (for input).
    pub text: String,
    /// Bytes of it that were read.
    pub read: usize,
    /// What the input was read from.
    pub sources: Sources,
    /// Opened with `>` and not yet written: the first write replaces the content.
    pub fresh: bool,
    /// Opened with `<>`: what is written goes where reading stands.
    pub both: bool,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proc {
    /// Its id.
    pub pid: u32,
    /// Its parent's.
    pub ppid: u32,
    /// Terminal it belongs to.
    pub terminal: u32,
    /// Host it runs on.
    pub host: String,
    /// User it runs as.
    pub user: String,
    /// Current directory.
    pub cwd: String,
    /// Permission bits that new files go without.
    pub umask: u16,
    /// Limits that are other ones than the machine's, by letter of `ulimit`: what holds, and the most it may be.
    pub limits: Arc<BTreeMap<char, (u64, u64)>>,
    /// Input, output, errors.
    pub fds: [Fd; 3],
    /// Descriptors above those.
    pub more: BTreeMap<u32, Fd>,
    /// Output not yet written.
    pub out: String,
    /// Errors not yet written.
    pub err: String,
    /// What it has read so far (for a shell: what the present command was made from).
    pub sources: Sources,
    /// Set when it has ended and only its output is left to be written.
    pub exit: Option<i32>,
    /// Stopped by Ctrl-Z.
    pub stopped: bool,
    /// Not in the foreground of its terminal.
    pub background: bool,
    /// Steps in this tick.
    pub spent: u32,
    /// When it began, in milliseconds since the opening.
    pub born_ms: u64,
    /// Command line, for `ps` and `jobs`.
    pub command: String,
    /// Exported variables.
    pub env: BTreeMap<String, Val>,
    /// If it is a shell.
    pub shell: Option<Box<Shell>>,
    /// If it is a tool.
    pub tool: Option<Box<Tool>>,
}

/// A tool's state: its arguments and a few registers that it uses as it likes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Name in the tool list.
    pub name: String,
    /// What it finds as its own name, if that is another one (`exec -a`).
    pub arg0: Option<String>,
    /// Words as typed, without the name.
    pub argv: Vec<String>,
    /// Parsed, once it began.
    pub args: Option<Args>,
    /// Where it stands.
    pub phase: u32,
    /// A counter.
    pub n: u64,
    /// Another counter.
    pub m: u64,
    /// A text.
    pub text: String,
    /// Lines.
    pub lines: Vec<String>,
    /// When it goes on, in milliseconds since the opening.
    pub wake: Option<u64>,
    /// Job that it waits for.
    pub job: Option<u32>,
    /// Child that it waits for.
    pub child: Option<u32>,
    /// Exit status that it will end with.
    pub status: i32,
    /// Its input.
    pub input: Input,
    /// What it has in its head beyond these.
    pub mind: Option<Box<crate::console::tool::Mind>>,
    /// Something made from its arguments that need not be made again.
    pub memo: crate::console::tool::Memo,
    /// Ends of pipes that it holds beside its descriptors.
    pub held: Vec<Fd>,
    /// Children that it will ask for.
    pub children: Vec<u32>,
}

/// Arguments after parsing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Args {
    /// Options in order: key (short name, else long) and value.
    pub flags: Vec<(String, String)>,
    /// Operands.
    pub rest: Vec<String>,
}

impl Args {
    /// Whether an option was given.
    pub fn has(&self, key: &str) -> bool {
        self.flags.iter().any(|(k, _)| k == key)
    }

    /// Value of an option, the last one given.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// An operand.
    pub fn at(&self, i: usize) -> Option<&str> {
        self.rest.get(i).map(String::as_str)
    }
}

/// Input of a filter: files one after the other, or descriptor 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Files left to open; `-` is descriptor 0.
    pub files: Vec<String>,
    /// Whether `files` is set.
    pub ready: bool,
    /// Name of the file that is being read.
    pub name: String,
    /// Bytes read and not yet used.
    pub buffer: String,
    /// How many of them are used.
    pub used: usize,
    /// A descriptor is being read.
    pub stdin: bool,
    /// Which one.
    pub fd: u32,
    /// Everything was read.
    pub done: bool,
}
