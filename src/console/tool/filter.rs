//! Filters of lines: grep, sort, uniq, cut, paste, join, comm, tr.

pub(crate) mod column;
pub(crate) mod grep;
pub(crate) mod join;
pub(crate) mod sort;
pub(crate) mod tr;
pub(crate) mod uniq;
