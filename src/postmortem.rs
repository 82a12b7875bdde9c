//! Export of a finished session as a blameless postmortem. The words come from the caller's catalogue.

mod markdown;

pub use markdown::markdown;
