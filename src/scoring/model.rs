//! The model as data: checks, weights, windows, floors; with a version. A scenario tunes it in its section `scoring`.

use crate::scenario::{Scenario, Scoring};
use crate::session::Header;
use crate::stdx::rational::{Ratio, ratio, whole};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the scoring model: of its checks, its weights and what they mean.
pub const SCORE_VERSION: u32 = 2;

/// The dimensions, in order.
pub const DIMENSIONS: [&str; 8] =
    ["detect", "diagnose", "mitigate", "communicate", "coordinate", "safety", "impact", "alignment"];

/// A check: its id, its dimension and its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckSpec {
    /// `D1`, `M2`, ….
    pub id: &'static str,
    /// One of [`DIMENSIONS`].
    pub dimension: &'static str,
    /// Points that it gives at most; all together give 100.
    pub points: u32,
    /// Whether its credit is multiplied by engagement: it rewards an absence, and doing nothing must earn nothing.
    pub engaged: bool,
}

const fn check(id: &'static str, dimension: &'static str, points: u32) -> CheckSpec {
    CheckSpec { id, dimension, points, engaged: false }
}

const fn engaged(id: &'static str, dimension: &'static str, points: u32) -> CheckSpec {
    CheckSpec { id, dimension, points, engaged: true }
}

/// The 26 checks (SCORING §2.6).
pub const CHECKS: [CheckSpec; 26] = [
    check("D1", "detect", 4),
    check("D2", "detect", 2),
    check("D3", "detect", 2),
    check("G1", "diagnose", 3),
    check("G2", "diagnose", 3),
    check("G3", "diagnose", 2),
    check("G4", "diagnose", 1),
    check("G5", "diagnose", 1),
    check("M1", "mitigate", 6),
    check("M2", "mitigate", 4),
    check("M3", "mitigate", 6),
    check("M4", "mitigate", 2),
    engaged("M5", "mitigate", 2),
    check("C1", "communicate", 3),
    check("C2", "communicate", 4),
    engaged("C3", "communicate", 4),
    check("C4", "communicate", 2),
    check("C5", "communicate", 1),
    check("O1", "coordinate", 4),
    check("O2", "coordinate", 2),
    check("O3", "coordinate", 3),
    check("O4", "coordinate", 2),
    engaged("O5", "coordinate", 1),
    engaged("S1", "safety", 14),
    engaged("H1", "impact", 16),
    engaged("A1", "alignment", 6),
];

/// How many people played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One seat: only a coordinator is needed, and the original's script is stretched.
    Solo,
    /// Several seats, one score for all.
    Team,
}

impl Mode {
    /// The mode of a session, by its seats.
    pub fn of(header: &Header) -> Mode {
        if header.seats.len() > 1 { Mode::Team } else { Mode::Solo }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Solo => "solo",
            Mode::Team => "team",
        }
    }

    /// Roles that somebody has to hold.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Mode::Solo => &["ic"],
            Mode::Team => &["ic", "comms"],
        }
    }
}

/// Deliberately wrong variants of the model. Nothing but a test sets one, to show that a property catches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// An inject's freeze ends when the inject is closed.
    ThawOnClose,
    /// Looks that no milestone asked for cost alignment.
    ExplorationCosts,
    /// Only the last hazardous action counts.
    LastHazardOnly,
    /// Relief is timed from the recognition.
    OwnAnchor,
    /// Relief earns nothing if the cause was stated before it.
    ReliefBeforeCause,
    /// Deadlines run in wall time.
    WallDeadlines,
    /// Silence is a share of the incident's own length.
    SilenceShare,
    /// Nothing needs engagement.
    NoEngagement,
    /// A milestone that was not needed counts as missed.
    NotNeededMissed,
    /// A safeguard counts also after the action.
    GuardAfter,
    /// Impact is compared with the original alone.
    OriginalOnly,
    /// Every cause ever stated counts, not the last.
    AllClaims,
    /// The end of the session is the horizon.
    EarlyExit,
    /// A hint takes points away.
    HintCosts,
    /// Words are read: a longer text earns more.
    ChatCounts,
    /// Relief counts only for the verb that the original used.
    ExpectedVerb,
    /// People's latencies are not corrected for a clock that the game master let run faster.
    RushedPeople,
    /// A credit is cut to two decimals.
    RoundedCredit,
    /// What the injects add counts twice in the sum.
    SurpriseTwice,
    /// What the injects add has no bounds.
    SurpriseUnbounded,
    /// A long silence earns less than nothing.
    BelowZero,
    /// Only the first fact of a check's evidence is cited.
    FirstCited,
    /// Closing is cited nowhere.
    Uncited,
    /// Times run from the opening, not from the first affected user.
    FromOpening,
    /// An incident costs a hundred user-minutes whatever its size.
    FlatHarm,
    /// Of several roles named in one tick only the last counts.
    LastInTick,
    /// Components that are named beside the true ones cost nothing.
    OverClaiming,
    /// A confirmed milestone forgets its other occurrences.
    ConfirmReplaces,
}

/// The model that a run is scored with.
#[derive(Clone, Debug)]
pub struct Model {
    /// How many people played.
    pub mode: Mode,
    /// Points of every check.
    pub points: BTreeMap<&'static str, Ratio>,
    /// Checks that do not apply, for the original neither.
    pub left_out: BTreeSet<&'static str>,
    /// Windows, rhythms, help points and hazards.
    pub set: Scoring,
    /// Least time that the original counts for, minutes.
    pub floor_min: Ratio,
    /// Least harm that the original counts for, user-minutes.
    pub floor_harm: Ratio,
    /// Least allowance of an inject, minutes.
    pub floor_inject: Ratio,
    /// Silence in the original's place: a wrong variant, in tests only.
    pub mistake: Option<Mistake>,
}

impl Model {
    /// The model with what a scenario sets of it.
    pub fn of(scenario: &Scenario, mode: Mode) -> Model {
        let set = scenario.scoring.clone();
        let points = CHECKS.iter().map(|c| {
            let n = set.weights.get(c.id).copied().unwrap_or(c.points);
            (c.id, whole(i64::from(n)))
        });
        let truth = &scenario.truth;
        let absent = |id: &str| match id {
            "G1" | "G3" | "G4" => truth.components.is_empty(),
            "G2" => truth.mechanisms.is_empty(),
            "O3" => set.help.is_empty(),
            "O4" => set.shift.is_none(),
            _ => false,
        };
        let left_out = CHECKS.iter().map(|c| c.id).filter(|id| absent(id) || set.left_out.iter().any(|l| l == id));
        Model {
            mode,
            points: points.collect(),
            left_out: left_out.collect(),
            floor_min: whole(5),
            floor_harm: whole(1),
            floor_inject: whole(1),
            mistake: None,
            set,
        }
    }

    /// Most points of every check that applies once `void` is taken out too. The points of a check that does not apply
    /// are spread over the rest of its dimension in proportion; those of a dimension without any go to all others.
    pub fn maxima(&self, void: &BTreeSet<&str>) -> BTreeMap<&'static str, Ratio> {
        let zero = whole(0);
        let of = |id: &str| self.points.get(id).unwrap_or(&zero);
        let applies = |id: &str| !self.left_out.contains(id) && !void.contains(id);
        let sum = |dimension: &str, all: bool| {
            let rows = CHECKS.iter().filter(|c| c.dimension == dimension && (all || applies(c.id)));
            rows.fold(whole(0), |a, c| a + of(c.id))
        };
        let total = DIMENSIONS.iter().fold(whole(0), |a, d| a + sum(d, true));
        let kept = DIMENSIONS.iter().filter(|d| sum(d, false) > zero).fold(whole(0), |a, d| a + sum(d, true));
        let stretch = if kept > zero { total / kept } else { ratio(1, 1) };
        let max = |c: &CheckSpec| {
            let left = sum(c.dimension, false);
            if !applies(c.id) || left == zero {
                return whole(0);
            }
            of(c.id) * sum(c.dimension, true) / left * &stretch
        };
        CHECKS.iter().map(|c| (c.id, max(c))).collect()
    }
}
