//! Files: journal, recovery, settings, packages. The only place in core that touches files.

pub mod package;
