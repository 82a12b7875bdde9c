//! What the screens before a session show: title, library, wheel, landing card, briefing, settings. Plain data that the shell fills.

use crate::locale::Lang;
use crate::scenario::{LangText, Level};
use crate::session::projection::{MapView, Presence, Projection, Text};

/// Slowing of the wheel that is proportional to its speed, a second.
pub const DRAG_PER_S: f32 = 0.237;
/// Constant slowing of the wheel, turns a second squared.
pub const FRICTION: f32 = 0.048;

/// Where the wheel stands in the window, and what is lettered on it. Points are logical pixels.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WheelFace {
    /// Centre.
    pub centre: [f32; 2],
    /// Outer radius of the rim, which is 440 units of the drawing.
    pub radius: f32,
    /// How far the wheel has turned, in turns clockwise.
    pub turn: f32,
    /// Wedges, each with its place at turn 0.
    pub wedges: Vec<Wedge>,
    /// Lit wedge after the landing; the others are dimmed.
    pub lit: Option<usize>,
    /// How strongly names streak, 0 to 1.
    pub streak: f32,
}

/// A wedge of the wheel.
#[derive(Clone, Debug, PartialEq)]
pub struct Wedge {
    /// Scenario's id.
    pub scenario: String,
    /// Short name.
    pub name: LangText,
    /// Difficulty.
    pub level: Level,
    /// Where it begins and ends at turn 0, in turns clockwise from 3 o'clock.
    pub span: (f32, f32),
    /// Played before by this team.
    pub played: bool,
}

impl WheelFace {
    /// The wedge under the pointer at 3 o'clock.
    pub fn at_pointer(&self) -> Option<usize> {
        let here = (-self.turn).rem_euclid(1.0);
        self.wedges.iter().position(|w| {
            let width = w.span.1 - w.span.0;
            width > 0.0 && (here - w.span.0).rem_euclid(1.0) < width
        })
    }
}

/// One of those who may take the pager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    /// Name as written.
    pub name: String,
    /// Two letters, or two syllables.
    pub initials: String,
    /// Turns taken so far.
    pub turns: u32,
}

impl Volunteer {
    /// A volunteer with the initials of the name.
    pub fn new(name: &str, turns: u32) -> Volunteer {
        Volunteer { name: name.trim().to_owned(), initials: initials(name), turns }
    }
}

/// First letters of the first and last word; the first two syllables of a Korean name.
pub fn initials(name: &str) -> String {
    let hangul = |c: &char| ('가'..='힣').contains(c);
    let mut words = name.split_whitespace();
    let Some(first) = words.next() else { return String::new() };
    if first.chars().next().is_some_and(|c| hangul(&c)) {
        return first.chars().take(2).collect();
    }
    let last = words.next_back().and_then(|w| w.chars().next());
    let mut out: String = first.chars().take(if last.is_some() { 1 } else { 2 }).collect();
    out.extend(last);
    out.to_uppercase()
}

/// A session that was closed before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The wedge's name.
    pub name: LangText,
    /// Seconds from T0 at which it was kept.
    pub t_s: i64,
}

/// The title screen.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TitleVm {
    /// The wheel, half out of the frame.
    pub wheel: WheelFace,
    /// Incidents in the library.
    pub incidents: u32,
    /// How many of them this team has played.
    pub played: u32,
    /// A session to resume.
    pub kept: Option<Kept>,
    /// Session folders on this machine.
    pub sessions: u32,
    /// Sessions that were played here, newest first; empty until they are asked for.
    pub past: Vec<PastRow>,
    /// Those who may take the pager, on the wheel's ring.
    pub volunteers: Vec<Volunteer>,
}

/// A session that was played here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRow {
    /// Its number.
    pub number: u64,
    /// Date of the last word in it, `2026-03-01`; empty if nobody knows.
    pub date: String,
    /// The wedge's name.
    pub name: LangText,
    /// What it came to.
    pub came_to: CameTo,
}

/// What a session came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameTo {
    /// It was brought to its end: the message key of its word, and points against par, signed.
    Word(&'static str, String),
    /// It has no end yet and can be resumed.
    Open,
    /// Its log cannot be read, and why.
    Unreadable(String),
}

/// What the wheel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WheelPhase {
    /// Nothing was drawn yet.
    #[default]
    Resting,
    /// It turns.
    Turning,
    /// It came to rest on a wedge.
    Landed,
}

/// The pool of the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pool {
    /// Already played; they leave the wheel while "never repeats" is on.
    pub played: u32,
    /// On the wheel now.
    pub on_wheel: u32,
    /// Waiting for a free wedge.
    pub waiting: u32,
}

impl Pool {
    /// Every incident of the pool.
    pub fn total(self) -> u32 {
        self.played + self.on_wheel + self.waiting
    }
}

/// The wheel screen.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WheelVm {
    /// The wheel.
    pub wheel: WheelFace,
    /// What it does.
    pub phase: WheelPhase,
    /// Wedge that the words beside the wheel name; while it is fast it lags, so that the words do not flicker.
    pub pointer: Option<usize>,
    /// Speed now, turns a second.
    pub turns_per_s: f32,
    /// Speed at which it was released, turns a second.
    pub released: f32,
    /// Seconds since it was released.
    pub elapsed_s: f32,
    /// Seed of the draw, as shown: `7Q4M-2K9D`.
    pub seed: String,
    /// Cards by wedge, for the words at the pointer.
    pub cards: Vec<ScenarioFace>,
    /// Those who may take the pager.
    pub volunteers: Vec<Volunteer>,
    /// Index of the chosen one.
    pub chosen: Option<usize>,
    /// The draw's pool.
    pub pool: Pool,
    /// Played incidents leave the wheel.
    pub never_repeats: bool,
    /// Scenario that the game master fixed for the next spin.
    pub pinned: Option<String>,
    /// Whether the game master's list may be opened on this machine.
    pub gm: bool,
}

/// What may be told of a scenario before it is played: never the cause, never the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioFace {
    /// Slug.
    pub id: String,
    /// Name on the wheel.
    pub name: LangText,
    /// Difficulty.
    pub level: Level,
    /// Expected minutes, from and to.
    pub minutes: (u32, u32),
    /// What you are on call for.
    pub role: LangText,
    /// Skills it exercises, as ids of the catalogue.
    pub skills: Vec<String>,
}

/// The landing card.
#[derive(Clone, Debug, PartialEq)]
pub struct LandingVm {
    /// The wheel, moved aside.
    pub wheel: WheelFace,
    /// The scenario.
    pub card: ScenarioFace,
    /// Seed, as shown.
    pub seed: String,
    /// This spin's number in the pool.
    pub spin: u32,
    /// Size of the pool.
    pub of: u32,
    /// Not played before by this team.
    pub new_to_team: bool,
    /// Volunteers.
    pub volunteers: Vec<Volunteer>,
    /// Index of the chosen one.
    pub chosen: Option<usize>,
}

/// The library.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LibraryVm {
    /// Rows in the catalogue's order.
    pub rows: Vec<LibraryRow>,
}

/// A row of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryRow {
    /// The scenario.
    pub card: ScenarioFace,
    /// How often this team has played it.
    pub played: u32,
}

/// A tool of the console with a line about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRow {
    /// Name as typed.
    pub name: String,
    /// What it does.
    pub about: Text,
}

/// Somebody who is around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AroundRow {
    /// Role.
    pub role: LangText,
    /// Presence.
    pub presence: Presence,
}

/// A seat and who sits there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRow {
    /// Seat's name: `primary`, ….
    pub seat: String,
    /// Who, empty for nobody in particular.
    pub name: String,
    /// Has said ready.
    pub ready: bool,
    /// The person at this screen.
    pub you: bool,
}

/// A figure with its usual course.
#[derive(Clone, Debug, PartialEq)]
pub struct UsualRow {
    /// Title.
    pub title: LangText,
    /// Unit, as in the projection.
    pub unit: String,
    /// The usual value.
    pub value: Option<f64>,
    /// Its course, oldest first.
    pub points: Vec<f64>,
}

/// The briefing.
#[derive(Clone, Debug, PartialEq)]
pub struct BriefingVm {
    /// The scenario.
    pub card: ScenarioFace,
    /// The briefing, Markdown.
    pub briefing: LangText,
    /// How it is built.
    pub map: MapView,
    /// Who is around.
    pub people: Vec<AroundRow>,
    /// What the console has.
    pub tools: Vec<ToolRow>,
    /// Seats.
    pub seats: Vec<SeatRow>,
    /// What usual looks like.
    pub usual: Vec<UsualRow>,
}

impl BriefingVm {
    /// The briefing of a session that has not started, from the first seat's projection.
    pub fn of(p: &Projection, tools: Vec<ToolRow>, seats: Vec<SeatRow>) -> BriefingVm {
        BriefingVm {
            card: ScenarioFace {
                id: p.scenario.id.clone(),
                name: p.scenario.wedge.clone(),
                level: p.scenario.level,
                minutes: p.scenario.minutes,
                role: p.scenario.role.clone(),
                skills: Vec::new(),
            },
            briefing: p.scenario.briefing.clone(),
            map: p.map.clone(),
            people: p
                .people
                .iter()
                .filter(|x| !x.seat)
                .map(|x| AroundRow { role: x.role.clone(), presence: x.presence })
                .collect(),
            tools,
            seats,
            usual: p
                .graphs
                .iter()
                .take(3)
                .map(|g| UsualRow {
                    title: g.title.clone(),
                    unit: g.unit.clone(),
                    value: g.usual,
                    points: g.points.iter().filter_map(|(_, v)| *v).collect(),
                })
                .collect(),
        }
    }
}

/// Settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SettingsVm {
    /// Language.
    pub lang: Lang,
    /// Sound volume, 0 to 100; 0 is silence.
    pub volume: u8,
    /// Motion is stilled.
    pub reduce_motion: bool,
    /// The light theme instead of the dark one.
    pub light: bool,
}

/// Speed after `t_s` seconds of a spin released at `released` turns a second; 0 once it rests.
pub fn speed_at(released: f32, t_s: f32) -> f32 {
    let hold = FRICTION / DRAG_PER_S;
    ((released + hold) * libm::expf(-DRAG_PER_S * t_s) - hold).max(0.0)
}

/// Seconds until a spin released at `released` turns a second rests.
pub fn spin_seconds(released: f32) -> f32 {
    let hold = FRICTION / DRAG_PER_S;
    libm::logf((released.max(0.0) + hold) / hold) / DRAG_PER_S
}

/// A piece of Markdown as a briefing uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading and its depth, from 1.
    Heading(u8, Vec<Run>),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// An item of a list, with its number if it is an ordered one.
    Item(Option<u32>, Vec<Run>),
    /// Lines of code.
    Code(String),
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Plain words.
    Plain(String),
    /// Strong words.
    Bold(String),
    /// Code.
    Code(String),
}

/// Splits Markdown into blocks: headings, paragraphs, lists, bold and code. Anything else stays as written.
pub fn markdown(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    // The open paragraph or item grows line by line; a blank line or a new block closes it.
    let mut open: Option<(Option<Option<u32>>, String)> = None;
    let mut code: Option<String> = None;
    let close = |open: &mut Option<(Option<Option<u32>>, String)>, out: &mut Vec<Block>| {
        if let Some((item, words)) = open.take() {
            out.push(match item {
                Some(number) => Block::Item(number, runs(&words)),
                None => Block::Paragraph(runs(&words)),
            });
        }
    };
    for line in text.lines() {
        let bare = line.trim();
        if let Some(lines) = &mut code {
            if bare.starts_with("```") {
                out.push(Block::Code(code.take().unwrap_or_default()));
            } else {
                if !lines.is_empty() {
                    lines.push('\n');
                }
                lines.push_str(line);
            }
            continue;
        }
        if bare.starts_with("```") {
            close(&mut open, &mut out);
            code = Some(String::new());
        } else if bare.is_empty() {
            close(&mut open, &mut out);
        } else if let Some((depth, words)) = heading(bare) {
            close(&mut open, &mut out);
            out.push(Block::Heading(depth, runs(words)));
        } else if let Some((number, words)) = item(bare) {
            close(&mut open, &mut out);
            open = Some((Some(number), words.to_owned()));
        } else if let Some((_, words)) = &mut open {
            words.push(' ');
            words.push_str(bare);
        } else {
            open = Some((None, bare.to_owned()));
        }
    }
    close(&mut open, &mut out);
    if let Some(lines) = code {
        out.push(Block::Code(lines));
    }
    out
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let depth = line.bytes().take_while(|b| *b == b'#').count();
    let words = line.get(depth..)?.strip_prefix(' ')?;
    (1..=6).contains(&depth).then_some((depth as u8, words.trim()))
}

fn item(line: &str) -> Option<(Option<u32>, &str)> {
    if let Some(words) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((None, words));
    }
    let (number, words) = line.split_once(". ")?;
    Some((Some(number.parse().ok()?), words))
}

fn runs(text: &str) -> Vec<Run> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(c) = rest.chars().next() {
        let mark = if rest.starts_with("**") { "**" } else { "`" };
        let styled = rest.strip_prefix(mark).and_then(|r| r.split_once(mark)).filter(|(inner, _)| !inner.is_empty());
        if let Some((inner, after)) = styled {
            if !plain.is_empty() {
                out.push(Run::Plain(std::mem::take(&mut plain)));
            }
            out.push(if mark == "`" { Run::Code(inner.to_owned()) } else { Run::Bold(inner.to_owned()) });
            rest = after;
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        out.push(Run::Plain(plain));
    }
    out
}
