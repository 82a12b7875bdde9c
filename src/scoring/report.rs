//! The score report: checks with formula, inputs and evidence, against par.

use crate::fact::FactId;
use crate::stdx::rational::Ratio;
use crate::stdx::time::Tick;

/// A scored session.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Version of the scoring model.
    pub score_version: u32,
    /// Scenario's id.
    pub scenario: String,
    /// Sum of the checks' points.
    pub points: Ratio,
    /// Most that the checks of this version give.
    pub max: Ratio,
    /// Points of the reference run.
    pub par: Ratio,
    /// `points − par`.
    pub delta: Ratio,
    /// Grade word's message key.
    pub word: &'static str,
    /// Engagement, 0 to 1.
    pub engagement: Ratio,
    /// Checks in the order of the model.
    pub checks: Vec<Check>,
    /// Alignment, one a milestone.
    pub moves: Vec<Move>,
    /// Impact curves.
    pub impact: Impact,
    /// Largest nudge given: 0 unassisted … 5 (the support level, never a subtraction).
    pub support: u8,
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// `D1`, `M2`, ….
    pub id: &'static str,
    /// Dimension: `detect`, `diagnose`, `mitigate`, `communicate`, `coordinate`, `impact`, `alignment`.
    pub dimension: &'static str,
    /// Most points.
    pub max: Ratio,
    /// Share of them earned, 0 to 1.
    pub credit: Ratio,
    /// `max × credit`.
    pub points: Ratio,
    /// Points of the reference.
    pub par_points: Ratio,
    /// The formula with its numbers filled in, such as `φ(2.2; 11)`.
    pub formula: String,
    /// Named inputs in minutes, shares or counts, exact.
    pub inputs: Vec<(&'static str, String)>,
    /// Facts that earned it.
    pub evidence: Vec<FactId>,
    /// Message key of the feedback sentence (`score-D1-seen`, `score-D1-unseen`) and its arguments.
    pub text: (String, Vec<(String, String)>),
    /// For a zero row: the window without a match, as ticks.
    pub window: Option<(Tick, Tick)>,
}

/// One milestone in the alignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Milestone's id.
    pub milestone: String,
    /// Weight.
    pub weight: u32,
    /// What became of it.
    pub kind: MoveKind,
    /// The fact that matched it.
    pub fact: Option<FactId>,
    /// First occurrence, whether aligned or not.
    pub first: Option<FactId>,
}

/// What became of a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// Matched in order.
    Sync,
    /// Not seen in the log, or only in another order than the reference.
    Model,
    /// Not needed in this run.
    NotNeeded,
}

/// Impact curves in affected users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impact {
    /// Population.
    pub of: u64,
    /// This session, injects removed.
    pub yours: Vec<(Tick, u64)>,
    /// The reference.
    pub original: Vec<(Tick, u64)>,
    /// Nobody responds.
    pub hands_off: Vec<(Tick, u64)>,
    /// User-minutes of each: yours, original, hands-off.
    pub area: [Ratio; 3],
}
