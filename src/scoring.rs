//! Scoring: a report with evidence, a pure function of (header, facts, scenario). Big rationals; no float enters.

pub mod align;
mod check;
pub mod curve;
pub mod declare;
mod fidelity;
mod json;
mod measure;
mod model;
mod par;
pub mod report;
mod void;

pub use check::{score, score_in, score_with};
pub use fidelity::{FidelityRow, Verdict, fidelity};
pub use json::{dimension_word, report_json};
pub use measure::{
    Claim, Content, HazardSeen, HelpSeen, InjectSeen, Measures, Seen, Steps, Timed, measure, measure_with, surprise,
};
pub use model::{CHECKS, CheckSpec, DIMENSIONS, Mistake, Mode, Model, SCORE_VERSION};
pub use par::{BestRun, Par, ParCheck, ParRun, ParStep};
pub use report::*;
