//! The debrief: two lanes on one scale, joins, turning points, questions; built from facts, scenario and report.

pub mod model;

pub use model::*;
