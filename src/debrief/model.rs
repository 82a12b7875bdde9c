//! What the debrief shows: owned data, one time scale for everything (seconds from T0).

use super::background::Background;
use super::branch::BranchLane;
use super::budget::{Budget, Money};
use super::diagnosis::Diagnosis;
use super::grounds::Grounds;
pub use super::grounds::{Basis, Outcome};
use crate::fact::{FactId, LoadScale, Reflection};
use crate::scenario::{DecisionOutcome, LangText, Precision, RowKind};
use crate::scoring::Report;
use crate::session::projection::Text;

/// A debrief.
#[derive(Clone, Debug, PartialEq)]
pub struct Debrief {
    /// Full title.
    pub title: LangText,
    /// `organisation · date` line, from the sources.
    pub subtitle: String,
    /// Simulated UTC of T0, seconds since 1970.
    pub t0_utc_s: i64,
    /// Span of the axis: opening to the later of the last event and the last played row.
    pub from_s: i64,
    /// End of the axis.
    pub to_s: i64,
    /// Neutral facts common to both: changes, signals, impact.
    pub world: Vec<WorldMark>,
    /// The original lane.
    pub original: Vec<OriginalMark>,
    /// Your lane.
    pub yours: Vec<YourMark>,
    /// Ticks of exploration: looks that are never scored.
    pub exploration: Vec<Look>,
    /// What was on whose screen, and when.
    pub ledger: Vec<super::ledger::Sighting>,
    /// Matched pairs.
    pub joins: Vec<Join>,
    /// Seats that were played.
    pub seats: Vec<String>,
    /// Stretches over which an alert fired.
    pub alerts: Vec<AlertSpan>,
    /// Other branches of the session, added by whoever has their logs.
    pub branches: Vec<BranchLane>,
    /// Freeze bands: from, to, title.
    pub held: Vec<(i64, i64, LangText)>,
    /// Turning points, in time order.
    pub turning: Vec<TurningPoint>,
    /// Decision points that were reached.
    pub decisions: Vec<DecisionMark>,
    /// Questions.
    pub questions: Vec<Text>,
    /// Biggest plus: dimension key, signed difference as text, what (with evidence).
    pub plus: Option<(String, String, Text, Option<FactId>)>,
    /// One next experiment.
    pub experiment: Text,
    /// On what grounds each action stood, and how it turned out.
    pub grounds: Vec<Grounds>,
    /// What was stated of the cause over time, beside what contributed.
    pub diagnosis: Diagnosis,
    /// How much of an error budget each curve used.
    pub budget: Option<Budget>,
    /// What each curve cost the business, where the scenario names a price; never scored.
    pub money: Option<Money>,
    /// The score.
    pub report: Report,
    /// Rows of the log that chips open: every fact of note, in order.
    pub log: Vec<LogRow>,
    /// What the comparison rests on: sources, T0, side paths, what signals were worth.
    pub background: Background,
    /// What a postmortem needs beside the timelines.
    pub aftermath: Aftermath,
}

/// What a postmortem needs beside the timelines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aftermath {
    /// Thoughts of the debrief, in the order in which they came.
    pub thoughts: Vec<Thought>,
    /// How heavy the work felt: scale, who, 0 to 100.
    pub workload: Vec<(LoadScale, String, u8)>,
    /// Notes of witnesses: row of the original, who, words.
    pub witness: Vec<(String, String, String)>,
    /// Follow-ups recorded during the session: what, owner, fact.
    pub actions: Vec<(String, String, FactId)>,
    /// Causes as they were stated, in order; the last one is what the team ended with.
    pub stated: Vec<Stated>,
    /// Steps that changed the system, and what came of them.
    pub resolution: Vec<FactId>,
    /// The five triggers for a postmortem.
    pub triggers: Vec<Trigger>,
}

/// A decision point that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionMark {
    /// What was to be decided.
    pub name: LangText,
    /// From when on.
    pub open_s: i64,
    /// What the original did, and what comes of that.
    pub original: Option<(LangText, DecisionOutcome)>,
    /// What was done here, in the order in which it was.
    pub taken: Vec<Taken>,
    /// A question of the author about it.
    pub question: Option<LangText>,
}

/// A way that was taken at a decision point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When.
    pub t_s: i64,
    /// The fact that shows it.
    pub fact: Option<FactId>,
    /// What it is.
    pub name: LangText,
    /// What comes of it.
    pub outcome: DecisionOutcome,
    /// Whether the original took it too.
    pub original: bool,
}

/// A thought of the debrief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// What about.
    pub on: Reflection,
    /// Words.
    pub text: String,
    /// Owner of an action item, else empty.
    pub owner: String,
    /// Seat.
    pub by: String,
    /// Fact.
    pub fact: FactId,
}

/// A cause as somebody stated it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// When.
    pub t_s: i64,
    /// Components.
    pub components: Vec<String>,
    /// Mechanisms.
    pub mechanisms: Vec<String>,
    /// A cause; a hypothesis if not.
    pub sure: bool,
    /// Fact.
    pub fact: FactId,
    /// Facts that were cited.
    pub evidence: Vec<FactId>,
}

/// Whether a postmortem is due for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Which.
    pub kind: TriggerKind,
    /// Whether it applies.
    pub applies: bool,
    /// The fact that shows it.
    pub fact: Option<FactId>,
}

/// Reasons to write a postmortem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    /// Users saw downtime or degradation beyond the scenario's threshold.
    Impact,
    /// Data was lost for good.
    DataLoss,
    /// On-call intervened: a rollback, a restart, traffic moved.
    Intervention,
    /// It took more than an hour to mitigate.
    Duration,
    /// A person noticed before any alert.
    Monitoring,
}

/// A neutral mark of the world strip.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldMark {
    /// When.
    pub t_s: i64,
    /// What sort.
    pub kind: WorldMarkKind,
    /// Words.
    pub text: Text,
    /// Fact.
    pub fact: Option<FactId>,
}

/// Sort of a world mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorldMarkKind {
    /// A change: ◆.
    Change,
    /// A signal: ▲.
    Signal,
    /// Impact: ■.
    Impact,
    /// Nobody is affected any more: □.
    Cleared,
    /// An absence: ◌.
    Absence,
}

/// A mark of the original lane.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginalMark {
    /// Row's id.
    pub id: String,
    /// When it is played: as published, but where the clock presses time together.
    pub t_s: i64,
    /// When, as published, where that is another moment.
    pub published_s: Option<i64>,
    /// How precisely the source gives it.
    pub precision: Precision,
    /// Kind.
    pub kind: RowKind,
    /// Words.
    pub what: LangText,
    /// Milestone it belongs to.
    pub milestone: Option<String>,
    /// Published (filled), derived or assumed (hollow).
    pub published: bool,
    /// Provenance as text: `pm 12:30`.
    pub source: String,
}

/// A look that was no milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub t_s: i64,
    /// Fact.
    pub fact: FactId,
    /// Seat.
    pub by: String,
}

/// An alert, from firing until it was back to normal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSpan {
    /// When it fired.
    pub from_s: i64,
    /// When it was back to normal; the end of the axis if never.
    pub to_s: i64,
    /// Its name.
    pub alert: String,
    /// Service that it is about.
    pub service: String,
}

/// A mark of your lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YourMark {
    /// Fact.
    pub fact: FactId,
    /// When.
    pub t_s: i64,
    /// Seat that did it.
    pub by: String,
    /// Words.
    pub text: Text,
    /// Milestone that it matched.
    pub milestone: Option<String>,
    /// Changed the world.
    pub action: bool,
}

/// A matched pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Milestone's id.
    pub milestone: String,
    /// Name on the pill.
    pub name: LangText,
    /// When in the original.
    pub original_s: i64,
    /// How precisely the source gives that.
    pub precision: Precision,
    /// When here.
    pub yours_s: i64,
    /// Original row.
    pub row: String,
    /// Fact here.
    pub fact: FactId,
    /// Largest pill (relief).
    pub large: bool,
    /// Rests on an assumption of the reference.
    pub assumed: bool,
}

impl Join {
    /// Seconds that it came later here (earlier if negative); `None` where the source gives only an order.
    pub fn difference_s(&self) -> Option<i64> {
        self.precision.difference(self.original_s, self.yours_s)
    }
}

/// A turning point.
#[derive(Clone, Debug, PartialEq)]
pub struct TurningPoint {
    /// When.
    pub t_s: i64,
    /// Title.
    pub title: Text,
    /// What happened, with evidence and the original for comparison.
    pub body: Text,
    /// An open question.
    pub question: Text,
    /// Fact.
    pub fact: FactId,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    /// Fact.
    pub id: FactId,
    /// When.
    pub t_s: i64,
    /// Who, by id; empty for the world.
    pub who: String,
    /// Role of a simulated person.
    pub role: Option<LangText>,
    /// Whether a seat of the team did it.
    pub ours: bool,
    /// Words.
    pub text: Text,
}
