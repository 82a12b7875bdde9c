//! The debrief: two lanes on one scale, joins, turning points, questions; built from facts, scenario and report.

pub mod aftermath;
pub mod background;
pub mod branch;
pub mod budget;
mod build;
mod decision;
pub mod diagnosis;
pub mod grounds;
mod lanes;
pub mod ledger;
pub mod model;
mod moments;
mod turning;
pub mod words;

pub use build::build;
pub use model::*;

use crate::fact::Fact;
use crate::scenario::Scenario;
use crate::scenario::package::Package;
use crate::scoring::{self, Par};
use crate::session::Header;

/// The debrief of a concluded session against the par that its package pins; `None` if it pins none.
pub fn against_par(package: &Package, scenario: &Scenario, header: &Header, facts: &[Fact]) -> Option<Debrief> {
    let report = scoring::score(scenario, header, facts, &Par::pinned(package)?);
    Some(build(scenario, header, facts, report))
}
