//! The score report: checks with formula, inputs and evidence, against par. Everything that a screen or an export says
//! about a score is in here; nothing of it is computed again elsewhere.

use super::measure::{InjectSeen, Suspended};
use super::model::Mode;
use crate::fact::{FactId, Learning, Ruling};
use crate::stdx::rational::Ratio;
use crate::stdx::time::Tick;

/// A scored session.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Version of the scoring model.
    pub score_version: u32,
    /// Version of the scenario's tuning of it.
    pub tuning: u32,
    /// Scenario's id.
    pub scenario: String,
    /// One person or a team.
    pub mode: Mode,
    /// SHA-256 over header and facts, the first 16 bytes as hex.
    pub log_digest: String,
    /// `base + surprise + learning`.
    pub points: Ratio,
    /// Sum of the checks' points, 0 to 100.
    pub base: Ratio,
    /// What the injects add or take, −12 to +3.
    pub surprise: Ratio,
    /// Points of the learning marks, 0 to 4.
    pub learning_points: Ratio,
    /// Most that the checks give: 100, unless a scenario weighs them otherwise.
    pub max: Ratio,
    /// Points of the reference run.
    pub par: Ratio,
    /// Final state digest of the reference run.
    pub par_digest: String,
    /// Share of par that rests on published or derived times, 0 to 1.
    pub par_confidence: Ratio,
    /// `points − par`.
    pub delta: Ratio,
    /// Grade word's message key.
    pub word: &'static str,
    /// Engagement, 0 to 1.
    pub engagement: Ratio,
    /// Checks in the order of the model, those that do not apply too (`max` 0).
    pub checks: Vec<Check>,
    /// Alignment, one a milestone.
    pub moves: Vec<Move>,
    /// Weight of the milestones that were not matched, and of all.
    pub aligned: (u64, u64),
    /// Impact curves.
    pub impact: Impact,
    /// The injects' ledger.
    pub injects: Vec<InjectSeen>,
    /// Checks and milestones that an inject made impossible: they count for nobody.
    pub suspended: Vec<Suspended>,
    /// Nudges: rung and fact. They never subtract.
    pub hints: Vec<(u8, FactId)>,
    /// Largest nudge given: 0 unassisted … 5 (the support level, never a subtraction).
    pub support: u8,
    /// Learning marks and their facts.
    pub learning: Vec<(Learning, FactId)>,
    /// Rulings of the GM: what, of what, and their fact.
    pub adjudications: Vec<(Ruling, String, FactId)>,
}

impl Default for Report {
    fn default() -> Report {
        let zero = || crate::stdx::rational::whole(0);
        Report {
            score_version: super::SCORE_VERSION,
            tuning: 1,
            scenario: String::new(),
            mode: Mode::Solo,
            log_digest: String::new(),
            points: zero(),
            base: zero(),
            surprise: zero(),
            learning_points: zero(),
            max: zero(),
            par: zero(),
            par_digest: String::new(),
            par_confidence: zero(),
            delta: zero(),
            word: "score-word-level",
            engagement: zero(),
            checks: Vec::new(),
            moves: Vec::new(),
            aligned: (0, 0),
            impact: Impact::default(),
            injects: Vec::new(),
            suspended: Vec::new(),
            hints: Vec::new(),
            support: 0,
            learning: Vec::new(),
            adjudications: Vec::new(),
        }
    }
}

impl Report {
    /// The support level's word: `unassisted`, `nudged`, `guided`, `walked_through`.
    pub fn support_word(&self) -> &'static str {
        match self.support {
            0 => "unassisted",
            1 | 2 => "nudged",
            3 | 4 => "guided",
            _ => "walked_through",
        }
    }

    /// A check by its id.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|c| c.id == id)
    }

    /// Points, most points and par's points of a dimension.
    pub fn dimension(&self, name: &str) -> (Ratio, Ratio, Ratio) {
        let zero = || crate::stdx::rational::whole(0);
        self.checks
            .iter()
            .filter(|c| c.dimension == name)
            .fold((zero(), zero(), zero()), |(p, m, r), c| (p + &c.points, m + &c.max, r + &c.par_points))
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// `D1`, `M2`, ….
    pub id: &'static str,
    /// Dimension: `detect`, `diagnose`, `mitigate`, `communicate`, `coordinate`, `safety`, `impact`, `alignment`.
    pub dimension: &'static str,
    /// Most points; 0 if it does not apply here.
    pub max: Ratio,
    /// Share of them earned, 0 to 1.
    pub credit: Ratio,
    /// `max × credit`.
    pub points: Ratio,
    /// Points of the reference.
    pub par_points: Ratio,
    /// Credit of the reference, 0 to 1.
    pub par_credit: Ratio,
    /// Facts of the reference's replay, the first few.
    pub par_evidence: Vec<FactId>,
    /// What the reference rests on: `published`, `derived`, `assumed`; empty where it earns nothing.
    pub par_provenance: Vec<String>,
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

impl Default for Check {
    fn default() -> Check {
        let zero = || crate::stdx::rational::whole(0);
        Check {
            id: "",
            dimension: "",
            max: zero(),
            credit: zero(),
            points: zero(),
            par_points: zero(),
            par_credit: zero(),
            par_evidence: Vec::new(),
            par_provenance: Vec::new(),
            formula: String::new(),
            inputs: Vec::new(),
            evidence: Vec::new(),
            text: (String::new(), Vec::new()),
            window: None,
        }
    }
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
    /// When the reference first showed it, if it did.
    pub par: Option<Tick>,
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
    /// The author's best run; empty if none is pinned.
    pub best: Vec<(Tick, u64)>,
    /// User-minutes of each: yours, original, hands-off.
    pub area: [Ratio; 3],
    /// User-minutes of yours that data lost for good counts for.
    pub lost: Ratio,
    /// User-minutes of the author's best run.
    pub best_area: Option<Ratio>,
}
