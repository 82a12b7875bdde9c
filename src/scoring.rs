//! Scoring: a report with evidence, a pure function of (header, facts, scenario). Big rationals; no float enters.

pub mod report;

pub use report::*;
