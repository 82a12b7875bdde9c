//! The state of a session: plain data, all of it in the digest.

use crate::console::Console;
use crate::fact::FactId;
use crate::observe::Telemetry;
use crate::rule::RuleBook;
use crate::scenario::{AlertSeverity, LangText};
use crate::sim::World;
use crate::stdx::digest;
use crate::stdx::time::Tick;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that follows from header and entries, but the facts themselves.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// Now.
    pub tick: Tick,
    /// Last entry.
    pub seq: u64,
    /// The world.
    pub world: World,
    /// What it shows.
    pub telemetry: Telemetry,
    /// The shells.
    pub console: Console,
    /// The script's triggers and the milestones.
    pub rules: RuleBook,
    /// The human process.
    pub incident: Incident,
    /// Simulated people.
    pub people: BTreeMap<String, PersonState>,
    /// What is on whose screen: (seat, panel, subject).
    #[serde(serialize_with = "digest::pairs")]
    pub views: BTreeMap<(String, String, String), View>,
    /// Worlds that run beside, each without one effect, to see what it changed.
    pub shadows: Vec<Shadow>,
    /// The clock.
    pub clock: Clock,
    /// When a running program last counted as seen, by terminal and source.
    #[serde(serialize_with = "digest::pairs")]
    pub printed: BTreeMap<(u32, String), Tick>,
    /// The line that was typed last, by terminal, cut.
    #[serde(serialize_with = "digest::pairs")]
    pub typed: BTreeMap<u32, String>,
    /// Terminals whose line only checks what it would do.
    pub checking: BTreeSet<u32>,
    /// Last entry of each seat.
    pub active: BTreeMap<String, Tick>,
    /// Cards fired and when.
    pub fired_cards: BTreeMap<String, Tick>,
    /// Largest nudge so far.
    pub nudged: u8,
    /// Units of durable loss.
    pub durable_loss: u64,
    /// Calls that nobody drew and somebody found: caller and called.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub found: BTreeSet<(String, String)>,
    /// How often the team tried what a setback is about, by its position.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "digest::pairs")]
    pub tried: BTreeMap<usize, u64>,
}

/// The human process.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Incident {
    /// Severity once declared.
    pub severity: Option<u8>,
    /// When it was declared.
    pub declared: Option<Tick>,
    /// When it was closed.
    pub resolved: Option<Tick>,
    /// Roles and holders.
    pub roles: BTreeMap<String, String>,
    /// Pages, number − 1 is the index.
    pub pages: Vec<Page>,
    /// When the last update went out.
    pub last_update: Option<Tick>,
    /// When the next one was promised.
    pub promised: Option<Tick>,
    /// The last hypothesis.
    pub hypothesis: Option<String>,
    /// Components of the last cause.
    pub cause: Vec<String>,
    /// Follow-ups.
    pub followups: Vec<(String, String)>,
}

/// A page.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The fact that opened it.
    pub fact: FactId,
    /// What it says.
    pub text: LangText,
    /// Alert's or person's id.
    pub source: String,
    /// Service.
    pub service: String,
    /// Urgency.
    pub severity: AlertSeverity,
    /// When it came.
    pub at: Tick,
    /// Whom it reached: `you` (every seat) or seats, the first first.
    pub to: Vec<String>,
    /// The route and the group of alerts that it is about; `None` if a person sent it.
    pub key: Option<String>,
    /// The rules of the alerts that fire, one each alert, as the receiver was last told.
    pub firing: Vec<String>,
    /// When it was acknowledged.
    pub acked: Option<Tick>,
    /// When the receiver was told that nothing of it fires any more.
    pub resolved: Option<Tick>,
    /// Steps of the escalation policy taken since.
    pub escalated: usize,
}

/// A simulated person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonState {
    /// In the channel.
    pub here: bool,
    /// When they join.
    pub joins_at: Option<Tick>,
    /// The topic they were last called about.
    pub called: Option<String>,
    /// Since when they are here and know what they were called about.
    pub asked: Option<Tick>,
    /// Topics on which they have spoken.
    pub said: Vec<String>,
}

/// Something on a screen.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// Since when.
    pub since: Tick,
    /// The fact that says that it was seen, once it was there for a second.
    pub look: Option<FactId>,
    /// How many facts there were when it was last read: later messages are new.
    pub read_to: usize,
}

/// A world that runs on without one effect (SCORING §3b, `relief`).
#[derive(Clone, Debug, Serialize)]
pub struct Shadow {
    /// The effect's `Acted` fact.
    pub action: FactId,
    /// Who did it.
    pub seat: String,
    /// The world without it.
    pub world: World,
    /// When it stops.
    pub until: Tick,
    /// First second of the present run of relief.
    pub since: Option<Tick>,
    /// First second of the present run in which it is worse with the effect.
    pub worse: Option<Tick>,
    /// Whether that has become a fact.
    pub told: bool,
}

/// The session's clock.
#[derive(Clone, Debug, Serialize)]
pub struct Clock {
    /// Held.
    pub paused: bool,
    /// Ticks a second of real time.
    pub speed: u32,
    /// When the trainees' session ended.
    pub ended: Option<Tick>,
}
