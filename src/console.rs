//! The simulated shell: grammar, process table, tools. Nothing in here can reach the real machine.
//!
//! The invariant is an absence: no file of this room names the world. What a tool may know comes from
//! [`ConsoleHost`], and what it may change goes through `ConsoleHost::apply`.

mod arith;
mod brace;
mod builtin;
mod complete;
mod condition;
pub mod devfs;
mod escape;
mod expand;
mod history;
pub mod host;
mod improvise;
mod machine;
mod mode;
mod option;
mod parse;
mod path;
mod pattern;
pub mod posix;
mod print;
mod printf;
mod process;
mod process_shell;
pub mod procfs;
mod shell;
mod signal;
mod syntax;
mod terminal;
mod text_format;
pub mod tool;
mod var;
mod zone;

pub use complete::Completion;
pub use host::{Caller, ConsoleHost, Source};
pub use machine::{Console, ConsoleEvent};
pub use signal::ConsoleSignal;
pub use terminal::{Block, Color, Ink, KEPT_LINES, Scrollback, Span, TermLine, Terminal};
pub(crate) use text_format::to_bytes;
pub(crate) use tool::zip;
