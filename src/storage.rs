//! Journal, recovery, settings, packages: the only place in core that touches files.

pub mod package;
