//! The debrief: two lanes on one scale, joins, turning points, questions; built from facts, scenario and report.

mod build;
mod lanes;
pub mod model;
mod moments;
pub mod words;

pub use build::build;
pub use model::*;
