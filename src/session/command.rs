//! Commands: what an actor wants of the session. `decide` may refuse one; an accepted one becomes an entry of the log.

use crate::fact::{Actor, FactId, Learning, LoadScale, Reflection, Ruling, UpdateFields};
use crate::scenario::{Channel, Course, Fault};
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};

/// An accepted input. Entries are the only source of a session; facts follow from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the log, from 1.
    pub seq: u64,
    /// Tick at which it was accepted.
    pub at: Tick,
    /// Who.
    pub by: Actor,
    /// What.
    pub command: Command,
}

/// A session intent. Every one has a line form (`grammar`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// A line submitted in a terminal. Terminals are numbered from 1, each seat has its own.
    LineSubmitted {
        /// Terminal.
        terminal: u32,
        /// Text without the newline.
        text: String,
    },
    /// A key for a full-screen program (`less`, `watch`), by name: `q`, `space`, `up`.
    KeyPressed {
        /// Terminal.
        terminal: u32,
        /// Key.
        key: String,
    },
    /// Ctrl-C, Ctrl-Z, Ctrl-D.
    Signal {
        /// Terminal.
        terminal: u32,
        /// Which.
        signal: TermSignal,
    },
    /// The GM answers in place of an unknown tool.
    Answered {
        /// Seat whose terminal it is.
        seat: String,
        /// Terminal.
        terminal: u32,
        /// Output to print.
        text: String,
    },
    /// A panel shows a subject to a seat.
    Viewed {
        /// Panel: `graph`, `log`, `map`, `pager`, `channel`, `ticket`, `runbook`, `change`, `status`.
        panel: String,
        /// Subject: a graph's id, a service, a page's number, a runbook's id; empty for the whole panel.
        subject: String,
    },
    /// It no longer does.
    Unviewed {
        /// Panel.
        panel: String,
        /// Subject.
        subject: String,
    },
    /// Acknowledge a page.
    Ack {
        /// Page number; 0 is the first open one.
        page: u32,
    },
    /// Declare an incident, or change its severity once declared.
    Declare {
        /// Severity, 1 (worst) to 4.
        severity: u8,
    },
    /// Take or give a role.
    Role {
        /// `ic`, `comms`, `scribe`, `ops`.
        role: String,
        /// Seat or person's id.
        to: String,
    },
    /// Post in a channel.
    Update {
        /// Channel.
        channel: Channel,
        /// Free text; may be empty if a field is filled.
        text: String,
        /// Structured fields.
        fields: UpdateFields,
        /// Topic words.
        about: Vec<String>,
    },
    /// Call a person.
    Page {
        /// Person's id.
        person: String,
        /// What about.
        topic: String,
    },
    /// Ask for help on a topic, to whoever can.
    Help {
        /// Topic.
        topic: String,
    },
    /// State a hypothesis.
    Hypothesis {
        /// Component.
        component: String,
    },
    /// State a cause, with evidence.
    Cause {
        /// Components.
        components: Vec<String>,
        /// Mechanisms.
        mechanisms: Vec<String>,
        /// Facts that support it.
        evidence: Vec<FactId>,
        /// How sure they are, percent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<u8>,
    },
    /// Hand the incident over.
    Handover {
        /// Seat or person.
        to: String,
    },
    /// Write something that helps to learn; it counts by its sort, never by its words.
    Learn {
        /// Which sort.
        what: Learning,
        /// Words.
        text: String,
    },
    /// Close the incident.
    Resolve,
    /// Record a follow-up.
    FollowUp {
        /// What.
        text: String,
        /// Who owns it.
        owner: String,
    },
    /// End the session for the trainees.
    End,
    /// After the end: a thought of the debrief.
    Reflect {
        /// What about.
        on: Reflection,
        /// The thought.
        text: String,
        /// Who owns an action item; empty for everything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
    },
    /// After the end: how heavy the work felt on one scale.
    RateWorkload {
        /// Scale.
        scale: LoadScale,
        /// 0 to 100.
        value: u8,
    },
    /// After the end: a note of a witness beside a row of the original.
    Witness {
        /// Row's id.
        row: String,
        /// What was known or seen at that moment.
        text: String,
    },
    /// A simulated person comes into the channel.
    Join {
        /// Person's id.
        person: String,
    },
    /// A simulated person says what they know about a topic.
    Tell {
        /// Person's id.
        person: String,
        /// Topic.
        topic: String,
    },
    /// A simulated person makes a volume larger, as they were asked to.
    Enlarge {
        /// Person's id.
        person: String,
        /// Volume.
        volume: String,
        /// New size in bytes.
        bytes: u64,
    },
    /// GM: fire a card of the deck.
    Inject {
        /// Card's id.
        card: String,
    },
    /// GM: the team said what it does about a card's trouble.
    Triage {
        /// Card's id.
        card: String,
    },
    /// GM: a card's trouble is dealt with.
    CloseInject {
        /// Card's id.
        card: String,
    },
    /// GM: accept other evidence for a milestone, or take a milestone or a check out for both sides.
    Adjudicate {
        /// The ruling.
        ruling: Ruling,
        /// Milestone's id, or a check's (`void` only).
        of: String,
        /// Facts that are accepted (`confirm` only).
        evidence: Vec<FactId>,
        /// Why.
        reason: String,
    },
    /// GM: begin a fault on any component.
    BeginFault {
        /// The fault.
        fault: Fault,
        /// How it runs.
        #[serde(default)]
        course: Course,
    },
    /// GM: end a fault that was begun.
    ClearFault {
        /// The fault.
        fault: Fault,
    },
    /// GM: nudge, with the scenario's wording or own words.
    Nudge {
        /// Rung, 1 to 5.
        rung: u8,
        /// Words.
        text: String,
    },
    /// GM: speak as a simulated person.
    SpeakAs {
        /// Person's id.
        person: String,
        /// Words.
        text: String,
    },
    /// GM: mark this moment for the debrief.
    Bookmark {
        /// Words.
        text: String,
    },
    /// GM: hold back a script rule that has not fired yet (or let it go again).
    Hold {
        /// Rule's id.
        rule: String,
        /// Hold or release.
        held: bool,
    },
    /// Pause: writes no ticks.
    Pause,
    /// Go on.
    Resume,
    /// Ticks a second of real time, 1 to 60.
    Speed {
        /// Factor.
        factor: u32,
    },
}

/// A terminal signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermSignal {
    /// Ctrl-C.
    Int,
    /// Ctrl-Z.
    Tstp,
    /// Ctrl-D.
    Eof,
}

impl Command {
    /// Whether it belongs to the debrief: accepted after the end and only then.
    pub fn is_afterword(&self) -> bool {
        matches!(self, Command::Reflect { .. } | Command::RateWorkload { .. } | Command::Witness { .. })
    }

    /// Whether only the game master (or, for a few, a simulated person) may do it; a seat never.
    pub fn is_gm(&self) -> bool {
        matches!(
            self,
            Command::Answered { .. }
                | Command::Join { .. }
                | Command::Tell { .. }
                | Command::Enlarge { .. }
                | Command::Inject { .. }
                | Command::Triage { .. }
                | Command::CloseInject { .. }
                | Command::Adjudicate { .. }
                | Command::BeginFault { .. }
                | Command::ClearFault { .. }
                | Command::Nudge { .. }
                | Command::SpeakAs { .. }
                | Command::Bookmark { .. }
                | Command::Hold { .. }
                | Command::Pause
                | Command::Resume
                | Command::Speed { .. }
        )
    }
}
