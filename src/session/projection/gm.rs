//! What the game master is shown beside what everybody is: script, original, deck, truth.

use super::Text;
use crate::scenario::{LangText, RowKind};
use serde::{Deserialize, Serialize};

/// What only the game master knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GmView {
    /// Full title.
    pub title: LangText,
    /// The truth.
    pub truth: LangText,
    /// What works.
    pub works: LangText,
    /// Users affected and population.
    pub affected: (u64, u64),
    /// Requests that failed for users so far.
    pub failed_total: u64,
    /// The script: what comes next first by time; fired ones too.
    pub script: Vec<ScriptRow>,
    /// The original timeline.
    pub original: Vec<OriginalView>,
    /// The deck.
    pub deck: Vec<CardView>,
    /// Nudges.
    pub nudges: Vec<NudgeView>,
    /// Largest rung given so far, 0 is none.
    pub nudged: u8,
    /// Milestones and when they were first matched.
    pub milestones: Vec<MilestoneView>,
    /// Seats: name, what is on their screens (`panel subject`), last activity.
    pub seats: Vec<SeatView>,
    /// Faults present now, with the line that clears each.
    pub faults: Vec<FaultView>,
    /// Components for the ad-hoc fault: services, `host/unit`, traffic sources, hosts.
    pub components: Vec<ComponentView>,
    /// Unknown commands typed lately: seat, terminal, name, when.
    pub unknown: Vec<(String, u32, String, i64)>,
    /// Facts of note for the time band: when, lane (`script`, `world`, `team`), label.
    pub band: Vec<(i64, String, Text)>,
    /// Moments that were bookmarked.
    pub bookmarks: Vec<i64>,
    /// First second of the session.
    pub opens_t_s: i64,
    /// Number of the branch that is played, 0 for the first.
    pub branch: u32,
}

/// A script rule, for the GM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptRow {
    /// Rule's id.
    pub id: String,
    /// When it fires, if it goes by time.
    pub at_t_s: Option<i64>,
    /// What it does.
    pub text: Text,
    /// Its condition in words, if it does not go by time alone.
    pub condition: Option<Text>,
    /// When it fired.
    pub fired_t_s: Option<i64>,
    /// Held back by the GM.
    pub held: bool,
}

/// A row of the original, for the GM and the debrief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalView {
    /// Id.
    pub id: String,
    /// When.
    pub t_s: i64,
    /// Kind.
    pub kind: RowKind,
    /// What.
    pub what: LangText,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// Note.
    pub note: LangText,
    /// Seconds for which scoring's clock is held.
    pub allowance_s: u64,
    /// When it was fired.
    pub fired_t_s: Option<i64>,
}

/// A nudge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NudgeView {
    /// Rung.
    pub rung: u8,
    /// Wording.
    pub text: LangText,
    /// Suggested from.
    pub from_t_s: i64,
    /// Whether its milestone is still open and its time has come.
    pub due: bool,
}

/// A milestone, for the GM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: LangText,
    /// First match.
    pub met_t_s: Option<i64>,
}

/// A seat, for the GM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    /// Name.
    pub seat: String,
    /// Panels and subjects on screen.
    pub viewing: Vec<(String, String)>,
    /// Last entry of that seat.
    pub active_t_s: Option<i64>,
}

/// A fault, for the GM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultView {
    /// In words.
    pub text: String,
    /// The line that clears it.
    pub clear: String,
}

/// A component that can be given a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentView {
    /// Name.
    pub name: String,
    /// Kinds of fault it can be given: `errors`, `slow`, `crash`, `surge`, `fill`.
    pub kinds: Vec<String>,
}
