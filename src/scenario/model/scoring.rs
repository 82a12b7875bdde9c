//! What a scenario sets of the scoring model: checks, weights and windows are data, with a version of their own.

use crate::stdx::rational::{Exact, ratio};
use crate::stdx::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The section `scoring`. What it leaves out is as the model has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoring {
    /// Version of this scenario's tuning; a par of another version is stale.
    pub version: u32,
    /// Points of checks that differ from the model's, by id.
    pub weights: BTreeMap<String, u32>,
    /// Checks that do not apply here, by id; their points go to the rest of the dimension.
    pub left_out: Vec<String>,
    /// Full credit up to here, linear to nothing at twice that.
    pub windows: Windows,
    /// Longest gap between external updates that is no silence.
    pub gap: Span,
    /// Silence beyond the gaps at which nothing is left.
    pub silence: Span,
    /// When the shift ends, effective time since users were first affected; absent if the incident fits into one.
    pub shift: Option<Span>,
    /// Moments at which help is needed.
    pub help: Vec<HelpPoint>,
    /// Actions that call for safeguards; the first row that fits counts.
    pub hazards: Vec<Hazard>,
    /// How many times the original's minutes between steps a single player has.
    pub solo_stretch: Exact,
}

impl Default for Scoring {
    fn default() -> Scoring {
        Scoring {
            version: 1,
            weights: BTreeMap::new(),
            left_out: Vec::new(),
            windows: Windows::default(),
            gap: Span(30 * 60),
            silence: Span(240 * 60),
            shift: None,
            help: Vec::new(),
            hazards: Vec::new(),
            solo_stretch: Exact(ratio(3, 2)),
        }
    }
}

/// Windows of effective time since users were first affected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// D2: impact in words.
    pub impact: Span,
    /// D3: the severity in force after this counts.
    pub severity: Span,
    /// C1: first internal note.
    pub internal: Span,
    /// C2: first external update.
    pub external: Span,
    /// O1: declared.
    pub declare: Span,
    /// O4: handed over, after the end of the shift.
    pub handover: Span,
    /// S1: how long a safeguard holds.
    pub guard: Span,
    /// O5: how long an announcement holds.
    pub announce: Span,
}

impl Default for Windows {
    fn default() -> Windows {
        let minutes = |m: u64| Span(m * 60);
        Windows {
            impact: minutes(20),
            severity: minutes(15),
            internal: minutes(10),
            external: minutes(30),
            declare: minutes(15),
            handover: minutes(60),
            guard: minutes(60),
            announce: minutes(10),
        }
    }
}

/// A moment at which another pair of eyes is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPoint {
    /// Topic word that a call has to name.
    pub topic: String,
    /// People of whom each can help with it: a call to one of them counts as well.
    pub people: Vec<String>,
    /// When, effective time since users were first affected.
    pub at: Span,
    /// Full credit for so long after it.
    pub within: Span,
}

/// Actions that call for safeguards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Verb of the action.
    pub verb: String,
    /// Target; with a trailing `*` a prefix; any if absent.
    pub target: Option<String>,
    /// 1/4, 1/2 or 1; 0 says that this one is harmless.
    pub severity: Exact,
}

impl Scoring {
    /// How hazardous an action is; `None` if no row names it or the first that does calls it harmless.
    pub fn hazard(&self, verb: &str, target: &str) -> Option<Exact> {
        let fits = |h: &&Hazard| h.verb == verb && h.target.as_deref().is_none_or(|t| is_meant(t, target));
        let severity = &self.hazards.iter().find(fits)?.severity;
        (severity.0 > crate::stdx::rational::whole(0)).then(|| severity.clone())
    }
}

/// Whether a target is one that a row names: the same, a part of it after a colon, or below a prefix that ends in `*`.
pub fn is_meant(row: &str, target: &str) -> bool {
    match row.strip_suffix('*') {
        Some(prefix) => target.starts_with(prefix),
        None => target == row || target.strip_prefix(row).is_some_and(|rest| rest.starts_with(':')),
    }
}
