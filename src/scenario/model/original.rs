//! What really happened and what it is taken from: sources, T0, the original timeline, milestones.

use super::{LangText, Predicate, Provenance};
use crate::stdx::time::{Offset, Span, Utc};
use serde::{Deserialize, Serialize};

/// A cited source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Title of the document.
    pub title: String,
    /// Where it was published.
    pub url: String,
    /// Licence of the document.
    pub licence: String,
    /// How its text was read, if the author says so.
    #[serde(default)]
    pub read: Option<ReadStatus>,
}

/// How a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadStatus {
    /// Its own text, all of it.
    Read,
    /// Its own text, parts of it.
    InPart,
    /// Its words, as others quote them.
    Quoted,
    /// A digest that somebody else made of it.
    Digest,
}

/// Something that accounts tell differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// What it is about.
    pub about: LangText,
    /// What each says; the scenario follows exactly one.
    pub accounts: Vec<Account>,
}

/// One of several accounts of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What it says.
    pub says: LangText,
    /// Whether the scenario follows this one.
    pub follows: bool,
    /// The source and where in it.
    pub fact: Provenance,
}

/// What T0 is: a moment and its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct T0 {
    /// The moment.
    pub utc: Utc,
    /// What happened then.
    pub means: LangText,
    /// Other moments from which times could count.
    #[serde(default)]
    pub also: Vec<OtherT0>,
    /// Its provenance.
    pub fact: Provenance,
}

/// Another moment from which times could count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherT0 {
    /// What happened then.
    pub name: LangText,
    /// When, from T0; never 0.
    pub at: Offset,
    /// Its provenance.
    pub fact: Provenance,
}

/// A row of the original timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalRow {
    /// Id, unique; made from the position if the author gives none.
    pub id: String,
    /// When it is played: as published, but where the clock presses time together.
    pub at: Offset,
    /// When, as published, where that is another moment.
    #[serde(default)]
    pub published: Option<Offset>,
    /// How precisely the source gives the time.
    #[serde(default)]
    pub precision: Precision,
    /// Kind of step.
    pub kind: RowKind,
    /// What happened, in our own words.
    pub what: LangText,
    /// How this row is played.
    pub played: Played,
    /// Its provenance.
    pub fact: Provenance,
}

/// How precisely a source gives a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    #[default]
    Minute,
    /// To the hour.
    Hour,
    /// To the day.
    Day,
    /// Within a stretch.
    Range {
        /// Where it begins, as it is played.
        from: Offset,
        /// Where it ends, as it is played.
        to: Offset,
    },
    /// Only what came before and after.
    OrderOnly,
}

impl Precision {
    /// How far a matched time may be from the published one where the row does not say: one unit.
    pub fn tolerance(self) -> Span {
        match self {
            Precision::Second => Span(1),
            Precision::Minute => Span(60),
            Precision::Hour => Span(3_600),
            Precision::Day => Span(86_400),
            Precision::Range { .. } | Precision::OrderOnly => Span(0),
        }
    }

    /// Whether a difference to such a time is no more than a rough one.
    pub fn is_rough(self) -> bool {
        matches!(self, Precision::Hour | Precision::Day | Precision::Range { .. } | Precision::OrderOnly)
    }

    /// Seconds that `yours` is later than a moment of the original (earlier if negative); `None` where the source gives
    /// no time. Within a stretch it differs by nothing.
    pub fn difference(self, original_s: i64, yours_s: i64) -> Option<i64> {
        match self {
            Precision::OrderOnly => None,
            Precision::Range { from, to } => Some(yours_s - yours_s.clamp(from.0, to.0.max(from.0))),
            _ => Some(yours_s - original_s),
        }
    }
}

/// How a source row appears in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Played {
    /// A predicate matches it; the time is that predicate's first fact, within the tolerance.
    When {
        /// The predicate.
        when: Predicate,
        /// Tolerance either way.
        tolerance: Span,
        /// Milestone it joins in the debrief, if one.
        milestone: Option<String>,
    },
    /// It lies before the opening and is part of the world or the briefing.
    BeforeOpening,
    /// It lies beyond the horizon.
    BeyondHorizon,
}

/// Kind of an original row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RowKind {
    /// A change that matters later.
    Trigger,
    /// Users begin to be affected.
    Impact,
    /// An alert or report.
    Detect,
    /// Somebody takes it on.
    Acknowledge,
    /// Somebody looks or understands.
    Investigate,
    /// Somebody tells somebody.
    Communicate,
    /// Help is called.
    Escalate,
    /// Something is tried that does not end it.
    Attempt,
    /// Users get relief.
    Mitigate,
    /// It is over.
    Resolve,
    /// Work after the end.
    FollowUp,
}

/// A milestone: an effect or a true message, never a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Id.
    pub id: String,
    /// Name on the joins of the debrief.
    pub name: LangText,
    /// Weight in alignment, at least 0.
    pub weight: u32,
    /// Whether it counts for engagement.
    pub effect: bool,
    /// Milestones that the practice order puts before it.
    pub after: Vec<String>,
    /// Only needed if this was ever true.
    pub needs: Option<Predicate>,
    /// What proves it.
    pub when: Predicate,
    /// A side path of the original: nobody needs to take it, and it earns nothing.
    #[serde(default)]
    pub avoidable: bool,
    /// Where the source says that the original never got here.
    #[serde(default)]
    pub never: Option<Provenance>,
}
