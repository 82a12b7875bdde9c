//! What happens: the script and its actions, predicates, the truth, cards, decisions.

use super::{Course, Deed, Fault, LangText, Provenance, Reliability};
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};

/// A rule of the script: at a time, or when a predicate first holds, do something once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptRule {
    /// Id, unique in the script; made from the position if the author gives none.
    pub id: String,
    /// When it fires.
    pub when: Predicate,
    /// What it does, in order.
    pub actions: Vec<Action>,
    /// What is to be thought of the signals that it sends.
    #[serde(default)]
    pub reliability: Option<Reliability>,
    /// Its provenance.
    pub fact: Provenance,
}

/// What a script rule, a card or the director does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A simulated person writes to the incident channel.
    Say {
        /// Person's id.
        who: String,
        /// Text.
        text: LangText,
        /// Topic words, for predicates.
        about: Vec<String>,
    },
    /// A ticket arrives from a user.
    Ticket {
        /// Who wrote it.
        who: String,
        /// Text.
        text: LangText,
        /// Service it is about.
        about: String,
    },
    /// A person pages the trainee (or a seat).
    Page {
        /// Person's id, or an alert's.
        by: String,
        /// What it says.
        text: LangText,
        /// Service it is about.
        service: String,
    },
    /// The release on staging, or the named one, goes to production.
    Promote {
        /// Service.
        service: String,
        /// Release.
        to: String,
        /// Who does it.
        who: String,
    },
    /// A release appears on staging.
    Stage {
        /// Service.
        service: String,
        /// Release.
        release: String,
        /// Who does it.
        who: String,
    },
    /// A fault begins.
    Begin(Fault, Course),
    /// A fault ends.
    Clear(Fault),
    /// A person becomes available.
    Join {
        /// Person's id.
        who: String,
    },
    /// A person, or a program of theirs, does something to the world.
    Does {
        /// Person's id.
        who: String,
        /// What.
        effect: Deed,
    },
}

/// Logic over facts: a small closed vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Predicate {
    /// All hold (the latest one's time).
    All(Vec<Predicate>),
    /// Any holds (the earliest one's time).
    Any(Vec<Predicate>),
    /// Does not hold so far.
    Not(Box<Predicate>),
    /// From this time on.
    After(Offset),
    /// `then` holds at a fact at or after the first time `milestone` held.
    Since {
        /// Milestone id.
        milestone: String,
        /// What must hold.
        then: Box<Predicate>,
    },
    /// `then` holds this long after the first time that `first` held.
    Delay {
        /// How long.
        by: Span,
        /// After what.
        first: Box<Predicate>,
    },
    /// `of` occurred so many times.
    Times {
        /// How often, at least 1.
        at_least: u32,
        /// Each time on another target, or by somebody else where there is none.
        distinct: bool,
        /// What.
        of: Box<Predicate>,
    },
    /// A state that holds for so long without a break; a milestone's time is when that began.
    Lasts {
        /// How long.
        by: Span,
        /// The state.
        that: Box<Predicate>,
    },
    /// A page was acknowledged.
    Acknowledged,
    /// An incident was declared.
    Declared,
    /// Somebody wrote to a channel.
    Said {
        /// Channel, any if absent.
        channel: Option<Channel>,
        /// By this person or seat, any if absent; `responder` means any seat.
        by: Option<String>,
        /// With this topic word.
        about: Option<String>,
        /// With at least so many of the four structured fields.
        fields_at_least: u32,
        /// And it was true when it was said.
        truthful: bool,
    },
    /// A cause was stated that names this component.
    CauseStated {
        /// Component.
        component: String,
    },
    /// Something was on a seat's screen.
    Observed {
        /// What was seen, any if absent.
        what: Option<ObservedKind>,
        /// Target, any if absent (a prefix with a trailing `*`).
        target: Option<String>,
        /// Service it is about, any if absent.
        service: Option<String>,
        /// Only what a user would see.
        user_facing: bool,
    },
    /// A responder's action was applied.
    Acted {
        /// Verb, such as `rollback`, `restart`, `remove`, `resize`, `requeue`, `promote`.
        verb: String,
        /// Target, any if absent (a prefix with a trailing `*`).
        target: Option<String>,
        /// Also one that was refused.
        or_refused: bool,
    },
    /// A service runs a release.
    Running {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// A person was called.
    Paged {
        /// Person's id.
        person: String,
    },
    /// A person joined.
    Joined {
        /// Person's id.
        person: String,
    },
    /// An alert fired.
    AlertFired {
        /// Alert's id.
        alert: String,
    },
    /// A ticket arrived.
    TicketArrived {
        /// Service it is about.
        about: String,
    },
    /// A responder's effect brought relief (emitted by the world).
    Relief,
    /// The share of affected users is at most this.
    UsersAffected {
        /// Largest share.
        at_most: Exact,
        /// Only if it stays so to the horizon; then its time is the start of that.
        sustained: bool,
    },
    /// The share of affected users is above this.
    Impact {
        /// Share.
        above: Exact,
    },
    /// The incident was closed.
    Resolved,
    /// A follow-up with an owner was recorded.
    FollowedUp,
}

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Channel {
    /// The incident channel.
    Internal,
    /// The public status page.
    Status,
}

/// What kind of thing was on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObservedKind {
    /// A metric or graph.
    Metric,
    /// Log lines.
    Log,
    /// An alert.
    Alert,
    /// A page.
    Page,
    /// A request made the way a client does.
    Request,
    /// A node of the service map.
    Map,
    /// A message in a channel.
    Message,
    /// A user's ticket.
    Ticket,
    /// Releases and their diffs.
    Release,
    /// Space on a mount.
    Disk,
    /// Files and directories.
    Files,
    /// Processes and units.
    Process,
    /// A queue.
    Queue,
    /// Which host this is.
    Host,
    /// A runbook.
    Runbook,
    /// The status page.
    Status,
}

/// The answer, known to the GM and to scoring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// One paragraph for the GM.
    pub summary: LangText,
    /// Components at fault.
    pub components: Vec<String>,
    /// Mechanisms, as `cause --mechanism` names them.
    pub mechanisms: Vec<String>,
    /// Services whose users are affected.
    pub affected: Vec<String>,
    /// Severity in truth, 1 is worst.
    pub severity: u8,
    /// From when on users are affected.
    pub impact: Offset,
    /// What works, for the GM.
    pub works: LangText,
    /// Share of affected users above which the incident is not mitigated.
    pub tau: Exact,
    /// Dead band for uncertain times.
    pub delta: Span,
    /// User-minutes that one unit of durable loss counts for.
    pub loss_rate: Exact,
}

/// A card of the GM's deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// What to expect.
    pub note: LangText,
    /// Nominal handling time: the base clock of scoring is held for so long.
    pub allowance: Span,
    /// User-minutes that its trouble costs if it is handled in the allowance; what it truly costs is compared with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harm: Option<u64>,
    /// What shows that its trouble is dealt with, beside the game master's word.
    #[serde(default)]
    pub done: Option<Predicate>,
    /// Topic words by which a message shows that the team noticed it.
    #[serde(default)]
    pub about: Vec<String>,
    /// What is to be thought of the signals that it sends.
    #[serde(default)]
    pub reliability: Option<Reliability>,
    /// What it takes from the team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disables: Vec<Capability>,
    /// For how long; `None` is to the horizon. It depends on nothing that the team does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_for: Option<Span>,
    /// What it does.
    pub actions: Vec<Action>,
}

/// Something that a team needs for what is expected of it, and that a card can take away (SCORING §2.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Posting to the status page.
    StatusPage,
    /// Posting to the incident channel.
    Channel,
    /// Calling people and asking for help.
    People,
}

impl Capability {
    /// All of them.
    pub const ALL: [Capability; 3] = [Capability::StatusPage, Capability::Channel, Capability::People];

    /// Its word in a scenario.
    pub fn word(self) -> &'static str {
        match self {
            Capability::StatusPage => "status_page",
            Capability::Channel => "channel",
            Capability::People => "people",
        }
    }
}

/// A nudge, from a question (1) to the answer (5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    /// 1 (smallest) to 5.
    pub rung: u8,
    /// Suggested from this time on, if the milestone is still open.
    pub from: Offset,
    /// Milestone it helps with.
    pub milestone: String,
    /// Wording.
    pub text: LangText,
}

/// A question for the debrief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Moment it hangs from: a milestone's id.
    pub milestone: Option<String>,
    /// Wording.
    pub text: LangText,
}

/// A point at which the team has to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id.
    pub id: String,
    /// What is to be decided.
    pub name: LangText,
    /// From when on it is.
    pub when: Predicate,
    /// What can be done.
    pub options: Vec<DecisionOption>,
    /// A question for the debrief, asked if the point was reached.
    pub question: Option<LangText>,
}

/// A way to go at a decision point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOption {
    /// What it is.
    pub name: LangText,
    /// What shows that it was taken.
    pub when: Predicate,
    /// Whether the original took it.
    pub original: bool,
    /// What comes of it.
    pub outcome: DecisionOutcome,
}

/// What comes of a way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecisionOutcome {
    /// It brings relief.
    Works,
    /// Taken early, nothing happens at all.
    Prevents,
    /// It brings relief and leaves work for later.
    Debt,
    /// Nothing comes of it.
    NoEffect,
    /// It only takes time.
    CostsTime,
    /// It makes things worse, or helps here and hurts there.
    Worse,
    /// It cannot be undone.
    Catastrophic,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// Title.
    pub title: LangText,
    /// Markdown.
    pub text: LangText,
    /// Service it is about.
    pub service: String,
}
