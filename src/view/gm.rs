//! The game master's station: truth, script, original, seats, deck, time.

use crate::scenario::LangText;
use crate::session::projection::{
    CardView, ClockState, ComponentView, FaultView, GmView, MilestoneView, NudgeView, OriginalView, Projection,
    ScriptRow, Text,
};
use crate::view::panel::console::ConsoleVm;
use crate::view::panel::top_bar::TopBarVm;
use crate::view::panel::{When, initial};

/// A row of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptVm {
    /// The rule.
    pub row: ScriptRow,
    /// Seconds until it fires, if it goes by time and has not fired.
    pub in_s: Option<i64>,
}

/// A seat's mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatVm {
    /// Name.
    pub name: String,
    /// Initial.
    pub initial: String,
    /// Panels and subjects on screen.
    pub viewing: Vec<(String, String)>,
    /// Last entry.
    pub active: Option<When>,
    /// Its consoles.
    pub console: ConsoleVm,
}

/// A mark of the time band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandMark {
    /// When.
    pub t_s: i64,
    /// Words.
    pub text: Text,
    /// Whether it lies before now.
    pub past: bool,
}

/// The station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GmVm {
    /// What the trainees' top bar says.
    pub top: TopBarVm,
    /// State of the clock.
    pub state: ClockState,
    /// Now, seconds from T0.
    pub t_s: i64,
    /// Speed.
    pub speed: u32,
    /// Full title.
    pub title: LangText,
    /// The truth.
    pub truth: LangText,
    /// What works.
    pub works: LangText,
    /// Users affected and population.
    pub affected: (u64, u64),
    /// Requests that failed so far.
    pub failed_total: u64,
    /// What comes next, held ones too; soonest first.
    pub ahead: Vec<ScriptVm>,
    /// The original's last row at this minute, and those after it.
    pub original: Vec<(bool, OriginalView)>,
    /// Deck.
    pub deck: Vec<CardView>,
    /// Nudges, by rung.
    pub nudges: Vec<NudgeView>,
    /// Largest rung given.
    pub nudged: u8,
    /// Milestones.
    pub milestones: Vec<MilestoneView>,
    /// Seats.
    pub seats: Vec<SeatVm>,
    /// Faults present.
    pub faults: Vec<FaultView>,
    /// Components for a fault.
    pub components: Vec<ComponentView>,
    /// Unknown commands: seat, terminal, name, when.
    pub unknown: Vec<(String, u32, String, When)>,
    /// Simulated people, to speak as: id, role.
    pub people: Vec<(String, LangText)>,
    /// Lanes of the time band: script, world, team, original.
    pub lanes: [Vec<BandMark>; 4],
    /// Seconds from T0 that the band spans.
    pub span: (i64, i64),
    /// Moments that were bookmarked.
    pub bookmarks: Vec<i64>,
    /// First second of the session, from T0.
    pub opens_t_s: i64,
    /// Where a rewind goes unless another moment is chosen: the last bookmark, else a minute back.
    pub rewind_t_s: i64,
    /// Number of the branch that is played, 0 for the first.
    pub branch: u32,
}

/// How far a rewind goes back where nothing is bookmarked, seconds.
const STEP_BACK: i64 = 60;

impl GmVm {
    /// Builds it; `None` for a projection that is not the game master's.
    pub fn of(p: &Projection) -> Option<GmVm> {
        let gm = p.gm.as_ref()?;
        let now = p.clock.t_s;
        let mut ahead: Vec<ScriptVm> = gm
            .script
            .iter()
            .filter(|r| r.fired_t_s.is_none())
            .map(|r| ScriptVm { row: r.clone(), in_s: r.at_t_s.map(|t| t - now) })
            .collect();
        ahead.sort_by_key(|r| r.in_s.unwrap_or(i64::MAX));
        let last = gm.original.iter().filter(|r| r.t_s <= now).map(|r| r.t_s).max();
        let original = gm
            .original
            .iter()
            .filter(|r| r.t_s > now || Some(r.t_s) == last)
            .map(|r| (r.t_s <= now, r.clone()))
            .collect();
        let seats = gm
            .seats
            .iter()
            .map(|s| SeatVm {
                name: s.seat.clone(),
                initial: initial(&s.seat),
                viewing: s.viewing.clone(),
                active: s.active_t_s.map(|t| When::of(&p.clock, t)),
                console: ConsoleVm::of_seat(p, &s.seat),
            })
            .collect();
        let mut top = TopBarVm::of(p);
        top.here = gm
            .seats
            .iter()
            .map(|s| crate::view::panel::top_bar::HereVm {
                initial: initial(&s.seat),
                name: s.seat.clone(),
                you: false,
            })
            .collect();
        Some(GmVm {
            top,
            state: p.clock.state,
            t_s: now,
            speed: p.clock.speed,
            title: gm.title.clone(),
            truth: gm.truth.clone(),
            works: gm.works.clone(),
            affected: gm.affected,
            failed_total: gm.failed_total,
            ahead,
            original,
            deck: gm.deck.clone(),
            nudges: gm.nudges.clone(),
            nudged: gm.nudged,
            milestones: gm.milestones.clone(),
            seats,
            faults: gm.faults.clone(),
            components: gm.components.clone(),
            unknown: gm
                .unknown
                .iter()
                .map(|(s, t, n, at)| (s.clone(), *t, n.clone(), When::of(&p.clock, *at)))
                .collect(),
            people: p.people.iter().filter(|x| !x.seat).map(|x| (x.id.clone(), x.role.clone())).collect(),
            lanes: lanes(gm, now),
            span: span(gm, now),
            bookmarks: gm.bookmarks.clone(),
            opens_t_s: gm.opens_t_s,
            rewind_t_s: gm
                .bookmarks
                .iter()
                .copied()
                .filter(|t| *t < now)
                .max()
                .unwrap_or(now - STEP_BACK)
                .max(gm.opens_t_s),
            branch: gm.branch,
        })
    }
}

fn lanes(gm: &GmView, now: i64) -> [Vec<BandMark>; 4] {
    let of = |lane: &str| -> Vec<BandMark> {
        gm.band
            .iter()
            .filter(|(_, l, _)| l == lane)
            .map(|(t, _, text)| BandMark { t_s: *t, text: text.clone(), past: *t <= now })
            .collect()
    };
    let mut script = of("script");
    for row in gm.script.iter().filter(|r| r.fired_t_s.is_none()) {
        if let Some(t) = row.at_t_s {
            script.push(BandMark { t_s: t, text: row.text.clone(), past: false });
        }
    }
    let original = gm
        .original
        .iter()
        .map(|r| BandMark { t_s: r.t_s, text: Text::Author(r.what.clone()), past: r.t_s <= now })
        .collect();
    [script, of("world"), of("team"), original]
}

/// From two minutes before T0 to eleven minutes past now, at least 22 minutes.
fn span(gm: &GmView, now: i64) -> (i64, i64) {
    let first = gm.band.iter().map(|(t, _, _)| *t).min().unwrap_or(0).max(-600);
    let from = first.min(-120);
    (from, (now + 660).max(from + 1320))
}
