//! What a person can do at a screen: one enum that feeds buttons, menus, shortcuts, palette and help.

use crate::fact::{FactId, LoadScale, Reflection, UpdateFields};
use crate::scenario::Channel;

/// An intent of the person at the screen. Session intents have a line form; the others move between screens.
#[derive(Clone, Debug, PartialEq)]
pub enum UiAction {
    /// A line of the session's grammar, as the acting seat (or `@gm …`): the one door to the session.
    Line(String),
    /// A line typed into a terminal.
    Type {
        /// Terminal, from 1.
        terminal: u32,
        /// Text.
        text: String,
    },
    /// A signal to a terminal: `int`, `tstp`, `eof`.
    Signal {
        /// Terminal.
        terminal: u32,
        /// Which.
        signal: &'static str,
    },
    /// Ask for completions of a line that is being typed; the answer goes into the screen's state.
    Complete {
        /// Terminal.
        terminal: u32,
        /// Line so far.
        line: String,
        /// Cursor, in characters.
        cursor: usize,
    },
    /// Ask for ways to complete a query that is being typed; the answer goes into the screen's state.
    CompleteQuery {
        /// Text so far.
        text: String,
        /// Cursor, in characters.
        cursor: usize,
    },
    /// Post an update.
    Post {
        /// Channel.
        channel: Channel,
        /// Words.
        text: String,
        /// Fields.
        fields: UpdateFields,
    },
    /// State a cause.
    Cause {
        /// Components.
        components: Vec<String>,
        /// Mechanisms.
        mechanisms: Vec<String>,
        /// Evidence.
        evidence: Vec<FactId>,
    },
    /// A panel shows a subject (sent by the shell of the screen when it changes).
    View {
        /// Panel.
        panel: String,
        /// Subject.
        subject: String,
        /// Shown or no longer shown.
        shown: bool,
    },
    /// Rewind: open a branch that begins as this session did up to a moment, seconds from T0 (GM).
    Rewind(i64),
    /// Look from another seat's place on this machine: `primary`, `gm`, ….
    Seat(String),
    /// Go to a screen.
    Go(Screen),
    /// Start the wheel turning.
    Spin,
    /// Skip the rest of the turn.
    SkipSpin,
    /// Choose the next (+1) or previous (−1) volunteer.
    Volunteer(i32),
    /// Draw a volunteer.
    DrawVolunteer,
    /// Replace the list of volunteers, one name a line.
    SetVolunteers(String),
    /// Switch "never repeats".
    NeverRepeats(bool),
    /// Put the drawn scenario back.
    PutBack,
    /// Pin a scenario: the next spin lands on it (GM).
    Pin(Option<String>),
    /// Open a scenario's briefing without a spin.
    Choose(String),
    /// Ready: start the clock.
    Ready,
    /// Resume the kept session.
    ResumeKept,
    /// Read what was played here.
    ListSessions,
    /// Open a session that was played here by its number: its debrief, or the room if it has no end yet.
    OpenSession(u64),
    /// Go to a fact in the debrief.
    ShowFact(FactId),
    /// Write the debrief in a form beside the session's log.
    Export(ExportForm),
    /// A thought of the debrief, by a seat.
    Reflect {
        /// Seat.
        seat: String,
        /// What about.
        on: Reflection,
        /// The thought.
        text: String,
        /// Owner of an action item, else empty.
        owner: String,
    },
    /// How heavy the work felt, by a seat.
    Workload {
        /// Seat.
        seat: String,
        /// Scale.
        scale: LoadScale,
        /// 0 to 100.
        value: u8,
    },
    /// A note of somebody who was there, beside a row of the original.
    Witness {
        /// Seat.
        seat: String,
        /// Row's id.
        row: String,
        /// Words.
        text: String,
    },
    /// Start a new branch of the debriefed session from a moment, seconds from T0, and play on from there.
    Branch(i64),
    /// Switch the language: `en` or `ko`.
    Language(&'static str),
    /// Sound volume, 0 to 100.
    Volume(u8),
    /// Reduce motion.
    ReduceMotion(bool),
    /// The light theme instead of the dark one.
    Light(bool),
    /// Open or close the palette.
    Palette(bool),
    /// Open or close the list of keys.
    Keys(bool),
    /// Back out.
    Back,
    /// Close the program.
    Quit,
}

/// Forms in which a debrief is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportForm {
    /// Postmortem draft as Markdown.
    Postmortem,
    /// Postmortem draft as one HTML file with the pictures.
    Page,
    /// After-action report as Markdown.
    AfterAction,
    /// After-action report as one HTML file.
    AfterActionPage,
    /// Everything as JSON.
    Json,
    /// The timeline as CSV.
    Timeline,
    /// The master scenario events list as CSV.
    Msel,
}

impl ExportForm {
    /// All of them, in the order of the menu.
    pub const ALL: [ExportForm; 7] = [
        ExportForm::Postmortem,
        ExportForm::Page,
        ExportForm::AfterAction,
        ExportForm::AfterActionPage,
        ExportForm::Json,
        ExportForm::Timeline,
        ExportForm::Msel,
    ];

    /// Name of the file.
    pub fn file(self) -> &'static str {
        match self {
            ExportForm::Postmortem => "postmortem.md",
            ExportForm::Page => "postmortem.html",
            ExportForm::AfterAction => "after-action.md",
            ExportForm::AfterActionPage => "after-action.html",
            ExportForm::Json => "session.json",
            ExportForm::Timeline => "timeline.csv",
            ExportForm::Msel => "msel.csv",
        }
    }

    /// Message key of its words.
    pub fn key(self) -> &'static str {
        match self {
            ExportForm::Postmortem => "dui-export-postmortem",
            ExportForm::Page => "dui-export-page",
            ExportForm::AfterAction => "dui-export-after-action",
            ExportForm::AfterActionPage => "dui-export-after-action-page",
            ExportForm::Json => "dui-export-json",
            ExportForm::Timeline => "dui-export-timeline",
            ExportForm::Msel => "dui-export-msel",
        }
    }
}

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// Title.
    #[default]
    Title,
    /// The list of scenarios.
    Library,
    /// The wheel.
    Wheel,
    /// The landing card and the briefing.
    Briefing,
    /// The live session.
    Live,
    /// The debrief.
    Debrief,
}
