//! What one seat may know, owned and serialisable: a white list. Screens, text mode and the wire read this and nothing else.
//!
//! The invariant is an absence: a trainee's projection holds no truth, no script, no original row, no fault, no deck.

mod explore;
mod gm;

pub use explore::{AlertSpan, ChartView, ExploreView, LineView};
pub use gm::*;

pub use crate::console::{Block, Color, Ink, Scrollback, Span, TermLine};
use crate::fact::words::{Phrase, PhraseArg};
use crate::fact::{FactId, UpdateFields};
pub use crate::locale::{Arg, Message};
use crate::scenario::{AlertSeverity, Channel, LangText, Level, LogLevel, Person};
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A text that is not yet words: a message key with arguments, an author's text by language, or plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Text {
    /// A key of the locale catalogue.
    Key(String, Vec<(String, Arg)>),
    /// An author's words.
    Author(LangText),
    /// What somebody typed, or a tool's output.
    Raw(String),
}

impl Text {
    /// The text of a phrase; a simulated person is named by role.
    pub fn of_phrase(phrase: Phrase, people: &BTreeMap<String, Person>) -> Text {
        let Message { key, args } = message(phrase, people);
        Text::Key(key, args)
    }
}

fn message(phrase: Phrase, people: &BTreeMap<String, Person>) -> Message {
    let arg = |arg| match arg {
        PhraseArg::Number(n) => Arg::Number(n),
        PhraseArg::Word(w) => Arg::Word(w),
        PhraseArg::Author(t) => Arg::from(t),
        PhraseArg::Name(id) => match people.get(&id) {
            Some(person) => Arg::from(person.role.clone()),
            None => Arg::Word(id),
        },
        PhraseArg::Phrase(inner) => Arg::Message(message(*inner, people)),
    };
    Message {
        key: phrase.key.to_owned(),
        args: phrase.args.into_iter().map(|(name, a)| (name.to_owned(), arg(a))).collect(),
    }
}

impl From<LangText> for Arg {
    fn from(text: LangText) -> Arg {
        Arg::ByLang { en: text.en, ko: text.ko }
    }
}

impl Text {
    /// A message without arguments.
    pub fn key(key: &str) -> Text {
        Text::Key(key.to_owned(), Vec::new())
    }
}

/// What one seat may know at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// Seat it is for: `primary`, …, or `gm`.
    pub seat: String,
    /// What the seat knows of the scenario.
    pub scenario: ScenarioCard,
    /// Time.
    pub clock: ClockView,
    /// State of the incident process.
    pub incident: IncidentView,
    /// Pages to this seat, oldest first.
    pub pages: Vec<PageView>,
    /// Alert rules and their state.
    pub alerts: Vec<AlertView>,
    /// Releases and other recorded changes, newest first.
    pub changes: Vec<ChangeView>,
    /// Users' tickets, newest first.
    pub tickets: Vec<TicketView>,
    /// Who can help.
    pub people: Vec<PersonView>,
    /// Messages, oldest first.
    pub messages: Vec<MessageView>,
    /// Graphs on the board.
    pub graphs: Vec<GraphView>,
    /// Boards and the query box.
    pub explore: ExploreView,
    /// The last log lines, oldest first (at most 400).
    pub logs: Vec<LogView>,
    /// The service map.
    pub map: MapView,
    /// This seat's terminals, 1 first (for the GM: of every seat).
    pub terminals: Vec<TerminalView>,
    /// Running jobs of the team.
    pub jobs: Vec<JobView>,
    /// Runbooks.
    pub runbooks: Vec<RunbookView>,
    /// The team's own timeline: what facts this seat may cite, oldest first.
    pub timeline: Vec<TimelineRow>,
    /// Only for the game master.
    pub gm: Option<GmView>,
}

/// What may be known of the scenario while it is played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioCard {
    /// Slug.
    pub id: String,
    /// The name on the wheel (never the cause).
    pub wedge: LangText,
    /// Difficulty.
    pub level: Level,
    /// Expected minutes.
    pub minutes: (u32, u32),
    /// What you are on call for.
    pub role: LangText,
    /// The briefing, Markdown.
    pub briefing: LangText,
    /// Name of the incident channel.
    pub channel: String,
}

/// Time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// Ticks since the opening.
    pub tick: Tick,
    /// Seconds from T0, negative before it.
    pub t_s: i64,
    /// Simulated UTC, seconds since 1970.
    pub utc_s: i64,
    /// State.
    pub state: ClockState,
    /// Ticks a second of real time.
    pub speed: u32,
}

/// State of a session's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockState {
    /// Time flows.
    Running,
    /// Held by the GM.
    Paused,
    /// Over.
    Ended,
}

/// State of the incident process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentView {
    /// Severity once declared, 1 is worst.
    pub severity: Option<u8>,
    /// When it was declared.
    pub declared_t_s: Option<i64>,
    /// Roles and who holds them.
    pub roles: Vec<(String, String)>,
    /// When the last update went out in any channel.
    pub last_update_t_s: Option<i64>,
    /// When the next one was promised.
    pub promised_t_s: Option<i64>,
    /// When it was closed.
    pub resolved_t_s: Option<i64>,
    /// The last stated hypothesis.
    pub hypothesis: Option<String>,
    /// Components of the last stated cause.
    pub cause: Vec<String>,
    /// Follow-ups recorded: what, owner.
    pub followups: Vec<(String, String)>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageView {
    /// Number.
    pub id: u32,
    /// What it says.
    pub text: LangText,
    /// Alert's or person's id.
    pub source: String,
    /// Service.
    pub service: String,
    /// Urgency.
    pub severity: AlertSeverity,
    /// When it came.
    pub at_t_s: i64,
    /// Whom it reached: `you` (every seat) or seats, the first first.
    pub to: Vec<String>,
    /// The rules of the alerts that fire, one each alert, as the routes last told; none if a person sent it.
    pub firing: Vec<String>,
    /// When it was acknowledged.
    pub acked_t_s: Option<i64>,
    /// When what it is about was over.
    pub resolved_t_s: Option<i64>,
    /// Steps of the escalation policy taken so far.
    pub escalated: usize,
    /// Seconds until somebody else is paged, while it waits.
    pub escalates_in_s: Option<u64>,
}

impl PageView {
    /// Whether it waits for somebody: it was not acknowledged and has not resolved.
    pub fn is_open(&self) -> bool {
        self.acked_t_s.is_none() && self.resolved_t_s.is_none()
    }
}

/// An alert rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertView {
    /// Id.
    pub id: String,
    /// Summary.
    pub text: LangText,
    /// Service.
    pub service: String,
    /// State.
    pub state: AlertState,
    /// Since when.
    pub since_t_s: i64,
    /// Value now with its unit; `None` without data.
    pub value: Option<Text>,
    /// The rule in words: `above 1 % for 2m`.
    pub rule: Text,
    /// Urgency.
    pub severity: AlertSeverity,
}

/// State of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AlertState {
    /// Firing.
    Firing,
    /// Over the threshold, not yet long enough.
    Pending,
    /// Normal.
    Normal,
    /// No data.
    NoData,
}

/// A recorded change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// When.
    pub at_t_s: i64,
    /// Service.
    pub service: String,
    /// Release's id.
    pub release: String,
    /// `production` or `staging`.
    pub stage: String,
    /// Who, as a role.
    pub by: String,
    /// Lines of the change log.
    pub changes: Vec<String>,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// Fact.
    pub id: FactId,
    /// When.
    pub at_t_s: i64,
    /// Who.
    pub who: String,
    /// Text.
    pub text: LangText,
}

/// Somebody who can help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Id, or the seat's name.
    pub id: String,
    /// Role.
    pub role: LangText,
    /// Whether it is a seat of the team.
    pub seat: bool,
    /// Presence.
    pub presence: Presence,
}

/// Presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// In the channel.
    Here,
    /// Can be called; joins in about so many seconds.
    JoinsIn(u64),
    /// Called; joins in about so many seconds.
    Called(u64),
    /// Does not join.
    Away,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Fact.
    pub id: FactId,
    /// When.
    pub at_t_s: i64,
    /// Channel.
    pub channel: Channel,
    /// Seat's name or person's id; empty for the system.
    pub who: String,
    /// Who that is.
    pub from: MessageFrom,
    /// Words.
    pub text: Text,
    /// Structured fields.
    pub fields: UpdateFields,
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageFrom {
    /// This seat.
    You,
    /// Another seat of the team.
    Team,
    /// A simulated person.
    Person,
    /// The session itself: declared, joined, page acknowledged.
    System,
    /// A nudge of the GM.
    Gm,
}

/// A graph. Points are append-only and shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// Service it is about.
    pub service: String,
    /// Unit: `/s`, `%`, `ms`, `items`, `ok`.
    pub unit: String,
    /// `(seconds from T0, value)`, a gap where there is no data. Spans at least 30 minutes before the opening.
    pub points: Arc<Vec<(i64, Option<f64>)>>,
    /// The usual value, for "usual 1.18K/s".
    pub usual: Option<f64>,
    /// A labelled threshold.
    pub threshold: Option<f64>,
    /// State of the alert on this signal, if there is one.
    pub state: Option<AlertState>,
    /// Marks.
    pub marks: Vec<GraphMark>,
    /// Lines of a query that has several; empty where `points` are all of it.
    pub lines: Vec<LineView>,
}

/// A mark on a graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphMark {
    /// When.
    pub t_s: i64,
    /// What.
    pub kind: MarkKind,
    /// Words beside it, such as a release's id.
    pub label: String,
}

/// Kind of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkKind {
    /// A release went out.
    Deploy,
    /// A page.
    Page,
    /// An action of this team.
    TeamAction,
}

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogView {
    /// When.
    pub t_s: i64,
    /// Simulated UTC.
    pub utc_s: i64,
    /// Host or service.
    pub on: String,
    /// Program.
    pub program: String,
    /// Level.
    pub level: LogLevel,
    /// Text.
    pub text: String,
}

/// The service map, as measured (never as it is in truth).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapView {
    /// Nodes.
    pub nodes: Vec<MapNode>,
    /// Edges.
    pub edges: Vec<MapEdge>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapNode {
    /// Service or traffic source.
    pub id: String,
    /// Name.
    pub name: LangText,
    /// Column: 0 users, 1 edge, 2 services, 3 data.
    pub column: u8,
    /// Health as the measurements show it.
    pub health: Health,
    /// One figure, such as `1.18K/s`; `None` if not measured.
    pub figure: Option<Text>,
    /// The last 30 minutes of that figure, oldest first.
    pub spark: Vec<f64>,
    /// Whether the trainee runs it.
    pub yours: bool,
    /// Release and when it went out.
    pub deploy: Option<(String, i64)>,
    /// Initials of seats that look at it or have a shell on it.
    pub touched_by: Vec<String>,
}

/// Health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Health {
    /// Normal.
    Ok,
    /// A warning fires or is pending.
    Warning,
    /// A critical alert fires, or it is down as measured.
    Critical,
    /// Not measured.
    Unknown,
}

/// An edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapEdge {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Requests a second as measured by the callee.
    pub rate: f64,
    /// Share of errors as measured by the callee.
    pub error_share: f64,
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalView {
    /// Seat that it belongs to.
    pub seat: String,
    /// Number, from 1.
    pub id: u32,
    /// Host that the foreground shell is on.
    pub host: String,
    /// What stands before the cursor: the prompt, or what a program in the foreground printed last without a newline.
    pub prompt: String,
    /// Lines above that, oldest first.
    pub lines: Scrollback,
    /// Whether a program runs in the foreground, and which.
    pub running: Option<String>,
    /// Lines submitted, oldest first, for history.
    pub history: Vec<String>,
}

/// A running job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// Number.
    pub id: u32,
    /// What.
    pub what: String,
    /// When it began.
    pub started_t_s: i64,
    /// Seconds so far.
    pub elapsed_s: u64,
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// Markdown.
    pub text: LangText,
    /// Service.
    pub service: String,
}

/// A row of the team's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineRow {
    /// Fact.
    pub id: FactId,
    /// When.
    pub t_s: i64,
    /// Who: a seat, a person, or empty for the world.
    pub who: String,
    /// Whether a seat of the team did it.
    pub ours: bool,
    /// What.
    pub text: Text,
}
