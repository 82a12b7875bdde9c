//! Journal, recovery, settings, packages: the only place in core that touches files.

pub mod journal;
pub mod package;
pub mod place;
pub mod sessions;
pub mod settings;
