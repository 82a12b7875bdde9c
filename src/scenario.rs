//! Scenarios: RON text to a validated [`Scenario`], with every problem of a file found in one pass.

pub mod model;
pub mod package;

pub use model::*;
