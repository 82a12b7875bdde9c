//! The subcommands.

pub mod play;
pub mod rehearse;
pub mod replay;
pub mod score;
