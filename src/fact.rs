//! Facts: what follows from the entries. Scoring, debrief and export read these and nothing else of a session.

mod clock;
mod record;
pub mod words;

pub use clock::EffectiveClock;
pub use record::{Guard, Learning, Ruling, Shown};

use crate::scenario::{Channel, LangText, ObservedKind};
use crate::stdx::rational::Exact;
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `<tick>.<n>`: the n-th fact (from 1) of that tick; on a branch `b<branch>:<tick>.<n>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId {
    /// Branch number, 0 for the first.
    pub branch: u32,
    /// Tick at which it appeared.
    pub tick: Tick,
    /// Position in that tick, from 1.
    pub n: u32,
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.branch > 0 {
            write!(f, "b{}:", self.branch)?;
        }
        write!(f, "{}.{}", self.tick.0, self.n)
    }
}

impl std::str::FromStr for FactId {
    type Err = ();

    fn from_str(text: &str) -> Result<FactId, ()> {
        let (branch, rest) = match text.strip_prefix('b').and_then(|t| t.split_once(':')) {
            Some((b, rest)) => (b.parse().map_err(|_| ())?, rest),
            None => (0, text),
        };
        let (tick, n) = rest.split_once('.').ok_or(())?;
        Ok(FactId { branch, tick: Tick(tick.parse().map_err(|_| ())?), n: n.parse().map_err(|_| ())? })
    }
}

impl Serialize for FactId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FactId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<FactId, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|()| serde::de::Error::custom(format!("`{text}` is not a fact id like 312.1")))
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Actor {
    /// A trainee's seat, such as `primary`.
    Seat(String),
    /// A simulated person, by id.
    Person(String),
    /// The game master.
    Gm,
    /// The automatic game master.
    Director,
    /// The scenario's script, by rule id.
    Script(String),
    /// The world itself.
    World,
}

impl Actor {
    /// Whether a trainee did it.
    pub fn is_responder(&self) -> bool {
        matches!(self, Actor::Seat(_))
    }
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its id, unique in the session.
    pub id: FactId,
    /// Who caused it.
    pub by: Actor,
    /// What it is.
    pub what: FactKind,
    /// Facts it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FactId>,
}

/// The four structured fields of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateFields {
    /// Who or what is affected: `service` or `service:endpoint`, or words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Where the work stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UpdateStatus>,
    /// What is being done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Minutes until the next update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_min: Option<u32>,
}

impl UpdateFields {
    /// How many of the four content fields {impact, status, action, next} are filled (a promised time counts as `next`).
    pub fn count(&self) -> u32 {
        u32::from(self.impact.is_some())
            + u32::from(self.status.is_some())
            + u32::from(self.action.is_some())
            + u32::from(self.next.is_some() || self.again_min.is_some())
    }
}

/// What a thought of the debrief is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reflection {
    /// What stays with you.
    Reaction,
    /// What you did not expect.
    Surprise,
    /// What helped and should be kept.
    Plus,
    /// What you would change.
    Delta,
    /// Where you got lucky.
    Luck,
    /// An action item, with its owner.
    Action,
}

impl Reflection {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Reflection; 6] = [
        Reflection::Reaction,
        Reflection::Surprise,
        Reflection::Plus,
        Reflection::Delta,
        Reflection::Luck,
        Reflection::Action,
    ];

    /// The word that a line says.
    pub fn name(self) -> &'static str {
        match self {
            Reflection::Reaction => "reaction",
            Reflection::Surprise => "surprise",
            Reflection::Plus => "plus",
            Reflection::Delta => "delta",
            Reflection::Luck => "luck",
            Reflection::Action => "action",
        }
    }
}

/// The six scales of the NASA task load index, 0 (low) to 100 (high). Asked, never scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadScale {
    /// How much thinking, looking and deciding.
    Mental,
    /// How much physical activity.
    Physical,
    /// How much time pressure.
    Temporal,
    /// How well it went, by one's own standard; 0 is well.
    Performance,
    /// How hard one had to work.
    Effort,
    /// How insecure or irritated one felt.
    Frustration,
}

impl LoadScale {
    /// All of them, in the order of the questionnaire.
    pub const ALL: [LoadScale; 6] = [
        LoadScale::Mental,
        LoadScale::Physical,
        LoadScale::Temporal,
        LoadScale::Performance,
        LoadScale::Effort,
        LoadScale::Frustration,
    ];

    /// The word that a line says.
    pub fn name(self) -> &'static str {
        match self {
            LoadScale::Mental => "mental",
            LoadScale::Physical => "physical",
            LoadScale::Temporal => "temporal",
            LoadScale::Performance => "performance",
            LoadScale::Effort => "effort",
            LoadScale::Frustration => "frustration",
        }
    }
}

/// Where the work on an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateStatus {
    /// Something is wrong, cause unknown.
    Investigating,
    /// Cause known.
    Identified,
    /// A mitigation is on its way.
    Mitigating,
    /// Users are served again; watching.
    Monitoring,
    /// Over.
    Resolved,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum FactKind {
    /// Something about a target was on that seat's screen for at least a second, or printed in its terminal.
    Observed {
        /// Kind of thing.
        what: ObservedKind,
        /// What exactly: a path, a graph's id, a URL's endpoint.
        target: String,
        /// Service it is about.
        service: Option<String>,
        /// Whether it shows what a user experiences.
        user_facing: bool,
        /// How it was on the screen; absent where there is no more to say than what it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<Box<Shown>>,
    },
    /// What a seat had on its screen left it again; the evidence is when it came.
    ViewClosed {
        /// What it was, as `Observed` calls it.
        target: String,
    },
    /// The trainee was paged; again with the same number when the page goes on to one more seat.
    PageOpened {
        /// Page number, from 1.
        page: u32,
        /// Alert's or person's id.
        source: String,
        /// Service it is about.
        service: String,
        /// What it says.
        text: LangText,
        /// Who is paged: `you` (every seat) or a seat.
        to: String,
    },
    /// A page was acknowledged.
    Acked {
        /// Page number.
        page: u32,
        /// Service it is about.
        service: String,
    },
    /// What a page was about is over: nothing of its group of alerts fires any more.
    PageResolved {
        /// Page number.
        page: u32,
        /// Service it was about.
        service: String,
    },
    /// An incident was declared.
    Declared {
        /// Severity, 1 is worst.
        severity: u8,
    },
    /// The severity was changed.
    SeveritySet {
        /// Severity, 1 is worst.
        severity: u8,
    },
    /// A role was taken or given.
    RoleAssigned {
        /// Role: `ic`, `comms`, `scribe`, `ops`.
        role: String,
        /// Seat or person.
        to: String,
    },
    /// Something was said in a channel.
    Said {
        /// Channel.
        channel: Channel,
        /// Free text (English, or by language if an author wrote it).
        text: LangText,
        /// Structured fields.
        fields: UpdateFields,
        /// Topic words and services it names.
        about: Vec<String>,
        /// Whether it fitted the state at that tick; `None` if nothing in it can be checked.
        truthful: Option<bool>,
    },
    /// A hypothesis was stated.
    Hypothesis {
        /// Component.
        component: String,
    },
    /// A cause was stated.
    Cause {
        /// Components.
        components: Vec<String>,
        /// Mechanisms.
        mechanisms: Vec<String>,
        /// How sure they say they are, percent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<u8>,
    },
    /// Help was asked for.
    Help {
        /// Topic.
        topic: String,
    },
    /// A person was called.
    Called {
        /// Person's id.
        person: String,
        /// Topic.
        topic: String,
    },
    /// A person joined the channel.
    Joined {
        /// Person's id.
        person: String,
    },
    /// The incident was handed over.
    HandedOver {
        /// Seat or person.
        to: String,
    },
    /// The incident was closed.
    Resolved,
    /// A follow-up was recorded.
    FollowUp {
        /// What.
        text: String,
        /// Who owns it.
        owner: String,
    },
    /// A tool or action returned an effect that was applied.
    Acted {
        /// Verb.
        verb: String,
        /// Target.
        target: String,
        /// Whether it changed the world (a session action such as a job start does).
        mutating: bool,
        /// How hazardous the scenario says it is, above 0 and at most 1; absent if it is not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hazard: Option<Exact>,
    },
    /// A message of that seat had named the target in the ten effective minutes before the action.
    Announced {
        /// The `Acted` fact.
        action: FactId,
        /// Target.
        target: String,
    },
    /// A safeguard was put in place for what may be done to a target.
    Guarded {
        /// Which of the three.
        guard: Guard,
        /// Target.
        target: String,
    },
    /// A responder's effect raised the share of affected users: a tenth of all users more than without it, for a minute.
    Worsened {
        /// The `Acted` fact.
        action: FactId,
        /// First of the 60 seconds that show it.
        at: Tick,
    },
    /// An effect was refused by the world or for lack of a permission.
    Refused {
        /// Verb.
        verb: String,
        /// Target.
        target: String,
        /// Why, as the tool said it.
        why: String,
    },
    /// Work that takes time began.
    JobStarted {
        /// Job number.
        job: u32,
        /// What.
        what: String,
        /// Seconds it takes.
        seconds: u64,
    },
    /// Work that takes time ended.
    JobDone {
        /// Job number.
        job: u32,
        /// What.
        what: String,
    },
    /// A responder's effect lowered the share of affected users by at least a tenth (SCORING §3b).
    Relief {
        /// The `Acted` fact.
        action: FactId,
        /// First of the 60 seconds that show it.
        at: Tick,
    },
    /// Affected users of the whole population changed.
    Impact {
        /// Users affected.
        n: u64,
        /// Population.
        of: u64,
    },
    /// Data was lost for good.
    DurableLoss {
        /// Units, as the scenario defines them.
        amount: u64,
        /// What.
        what: String,
    },
    /// An alert fired.
    AlertFired {
        /// Alert's id.
        alert: String,
        /// Service it is about.
        service: String,
    },
    /// An alert went back to normal.
    AlertResolved {
        /// Alert's id.
        alert: String,
        /// Service it is about.
        service: String,
    },
    /// A component changed state: `up`, `down`, `starting`, a release.
    StateChanged {
        /// Component, such as `web`, `unit web-01:nginx`, `mount web-01:/`.
        component: String,
        /// New state.
        to: String,
    },
    /// A service runs another release.
    Deployed {
        /// Service.
        service: String,
        /// Release.
        release: String,
        /// `production` or `staging`.
        stage: String,
    },
    /// A ticket arrived.
    TicketArrived {
        /// Who wrote it.
        who: String,
        /// Text.
        text: LangText,
        /// Service it is about.
        about: String,
    },
    /// A card was fired, or an ad-hoc fault injected.
    Injected {
        /// Card's id or `ad-hoc`.
        card: String,
        /// What it is.
        text: LangText,
        /// Seconds for which scoring's clock is held.
        allowance: u64,
    },
    /// The trouble of a card is dealt with.
    InjectClosed {
        /// Card's id.
        card: String,
    },
    /// The team said what it does about a card's trouble: now, later or not at all.
    Triaged {
        /// Card's id.
        card: String,
    },
    /// Something was written that helps to learn.
    Learned {
        /// Which sort.
        what: Learning,
        /// Words.
        text: String,
    },
    /// The GM ruled on a milestone or a check.
    Adjudicated {
        /// The ruling.
        ruling: Ruling,
        /// Milestone's id, or a check's (`void` only).
        of: String,
        /// Why.
        reason: String,
    },
    /// The GM nudged.
    Nudged {
        /// Rung, 1 to 5.
        rung: u8,
        /// Wording.
        text: LangText,
    },
    /// The game master set how many seconds of the scenario pass in one of the players'.
    SpeedSet {
        /// Factor, at least 1.
        factor: u32,
    },
    /// A GM marked this moment.
    Bookmarked {
        /// Words.
        text: String,
    },
    /// An unknown command was typed.
    UnknownTool {
        /// Its first word.
        name: String,
    },
    /// The game master answered in place of a tool: what was printed is improvised, not of the world.
    Improvised {
        /// Seat on whose terminal.
        seat: String,
        /// The command line that it answers; empty if none waited.
        command: String,
        /// What was printed.
        text: String,
    },
    /// The session ended for the trainees.
    Ended,
    /// Somebody thought about the session after its end. Never scored by its words.
    Reflected {
        /// What about.
        on: Reflection,
        /// The thought.
        text: String,
        /// Who owns an action item; empty for everything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
    },
    /// How heavy the work felt on one scale. Never scored.
    WorkloadRated {
        /// Scale.
        scale: LoadScale,
        /// 0 to 100.
        value: u8,
    },
    /// A witness, somebody who was there, wrote beside a row of the original.
    Witnessed {
        /// Row's id.
        row: String,
        /// What was known or seen at that moment.
        text: String,
    },
    /// At the end: affected users over time, of a fold with some entries left out.
    ImpactCurve {
        /// Which fold.
        fold: Fold,
        /// `(tick, users affected)`, a step function that starts at the first pair.
        points: Vec<(Tick, u64)>,
        /// Population.
        of: u64,
        /// Durable loss in that fold.
        lost: u64,
    },
}

impl FactKind {
    /// Whether it belongs to the debrief, not to the incident.
    pub fn is_afterword(&self) -> bool {
        matches!(self, FactKind::Reflected { .. } | FactKind::WorkloadRated { .. } | FactKind::Witnessed { .. })
    }
}

/// Which fold of the entries a curve shows (SCORING §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// Without the GM's injects: what the responders are scored on.
    Base,
    /// Without any responder entry.
    HandsOff,
}
