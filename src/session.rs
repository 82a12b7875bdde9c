//! A session: commands -> decide -> entries -> apply -> state and facts. Roles, rights, clock, projection.

pub mod command;
pub mod grammar;
pub mod header;
pub mod projection;

pub use command::*;
pub use header::*;
