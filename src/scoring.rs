//! Scoring: a report with evidence, a pure function of (header, facts, scenario). Big rationals; no float enters.

pub mod align;
mod check;
pub mod curve;
mod fidelity;
mod json;
mod measure;
mod par;
pub mod report;

pub use check::score;
pub use fidelity::{FidelityRow, Verdict, fidelity};
pub use json::{DIMENSIONS, dimension_word, report_json};
pub use measure::{Measures, Seen, Timed, measure};
pub use par::{Par, SCORE_VERSION};
pub use report::*;
