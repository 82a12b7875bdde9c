//! The debrief in display terms: marks, joins, curves, score rows; the time scale and the placement of labels are beside it.

pub mod background;
pub mod label;
pub mod lanes;
mod number;
pub mod scale;
pub mod words;

pub use number::*;

use crate::debrief::background::Background;
use crate::debrief::branch::BranchLane;
use crate::debrief::budget::{Budget, Money};
use crate::debrief::diagnosis::Diagnosis;
use crate::debrief::grounds::Grounds;
use crate::debrief::model::{AlertSpan, Debrief, DecisionMark, LogRow, Look, Thought, TurningPoint, WorldMark};
use crate::fact::{FactId, LoadScale};
use crate::locale::Locale;
use crate::scenario::{LangText, Precision, RowKind};
use crate::scoring::{Check, Report};
use crate::session::projection::Text;
use crate::stdx::rational::{self, Ratio};
use num_traits::{ToPrimitive as _, Zero as _};

/// The debrief screen.
#[derive(Clone, Debug, PartialEq)]
pub struct DebriefVm {
    /// Full title.
    pub title: LangText,
    /// Organisation and date.
    pub subtitle: String,
    /// Support level, 0 unassisted to 5.
    pub support: u8,
    /// Begin of the axis, seconds from T0.
    pub from_s: i64,
    /// End of the axis.
    pub to_s: i64,
    /// Simulated UTC of T0, for absolute times on hover.
    pub t0_utc_s: i64,
    /// Grade word's key.
    pub word: &'static str,
    /// Signed difference to par, one decimal.
    pub delta: String,
    /// Points and par, one decimal.
    pub points: (String, String),
    /// Biggest plus: dimension's key, signed difference, what, fact.
    pub plus: Option<(String, String, Text, Option<FactId>)>,
    /// Next experiment.
    pub experiment: Text,
    /// World strip.
    pub world: Vec<WorldMark>,
    /// Original lane, in time order.
    pub original: Vec<MarkVm>,
    /// Your lane, in time order.
    pub yours: Vec<MarkVm>,
    /// Exploration ticks.
    pub exploration: Vec<Look>,
    /// Seats that were played.
    pub seats: Vec<String>,
    /// Stretches over which an alert fired.
    pub alerts: Vec<AlertSpan>,
    /// Other branches of the session.
    pub branches: Vec<BranchLane>,
    /// Grounds of each action.
    pub grounds: Vec<Grounds>,
    /// Decision points that were reached.
    pub decisions: Vec<DecisionMark>,
    /// What was stated of the cause.
    pub diagnosis: Diagnosis,
    /// Error budget.
    pub budget: Option<Budget>,
    /// What each curve cost the business.
    pub money: Option<Money>,
    /// Thoughts that were written down.
    pub thoughts: Vec<Thought>,
    /// How heavy the work felt: scale, who, 0 to 100.
    pub workload: Vec<(LoadScale, String, u8)>,
    /// Joins.
    pub joins: Vec<JoinVm>,
    /// Bands in which the clock was held.
    pub held: Vec<(i64, i64, LangText)>,
    /// Turning points, in time order.
    pub turning: Vec<TurningPoint>,
    /// Questions.
    pub questions: Vec<Text>,
    /// Impact.
    pub impact: ImpactVm,
    /// Score rows by dimension.
    pub groups: Vec<GroupVm>,
    /// The log.
    pub log: Vec<LogRow>,
    /// What the comparison rests on.
    pub background: Background,
}

/// A mark of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkVm {
    /// When, seconds from T0.
    pub t_s: i64,
    /// How precisely that is known.
    pub precision: Precision,
    /// Row's id, or the fact's.
    pub id: String,
    /// Words.
    pub text: Text,
    /// Fact, on your lane.
    pub fact: Option<FactId>,
    /// Belongs to a milestone.
    pub milestone: bool,
    /// Shape.
    pub shape: MarkShape,
    /// Number of the turning point, from 1.
    pub turning: Option<usize>,
    /// Where it comes from, as text.
    pub source: String,
    /// Seat, on your lane.
    pub by: String,
    /// Notes of witnesses, on the original lane: who, words.
    pub notes: Vec<(String, String)>,
}

/// Shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkShape {
    /// ●
    Full,
    /// ○: the source does not say it; derived or assumed.
    Hollow,
    /// ■: it changed the world.
    Action,
    /// A side path of the original.
    Side,
}

/// A matched pair.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinVm {
    /// Milestone.
    pub milestone: String,
    /// Name on the pill.
    pub name: LangText,
    /// When in the original.
    pub original_s: i64,
    /// How precisely the source gives that.
    pub precision: Precision,
    /// When here.
    pub yours_s: i64,
    /// Index of the original mark, if it is on the lane.
    pub original: Option<usize>,
    /// Index of your mark.
    pub yours: Option<usize>,
    /// Fact here.
    pub fact: FactId,
    /// The relief.
    pub large: bool,
    /// Rests on an assumption.
    pub assumed: bool,
}

/// Impact curves against seconds from T0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImpactVm {
    /// Highest value of any curve.
    pub top: u64,
    /// This session.
    pub yours: Vec<(i64, u64)>,
    /// The original.
    pub original: Vec<(i64, u64)>,
    /// Nobody responds.
    pub hands_off: Vec<(i64, u64)>,
    /// The author's best run; empty if none is pinned.
    pub best: Vec<(i64, u64)>,
    /// User-minutes of each: yours, original, hands-off.
    pub area: [i64; 3],
    /// User-minutes of the author's best run.
    pub best_area: Option<i64>,
}

/// A dimension of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupVm {
    /// Dimension's name.
    pub dimension: &'static str,
    /// Points.
    pub points: f32,
    /// Most points.
    pub max: f32,
    /// Points of the reference.
    pub par: f32,
    /// Signed difference, one decimal.
    pub delta: String,
    /// Grade word's key.
    pub word: &'static str,
    /// Its checks.
    pub checks: Vec<CheckVm>,
}

/// A check of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckVm {
    /// `D1`, ….
    pub id: &'static str,
    /// Points.
    pub points: f32,
    /// Most points; 0 where the run did not exercise it.
    pub max: f32,
    /// Points of the reference.
    pub par: f32,
    /// Points with two decimals.
    pub points_text: String,
    /// Formula with its numbers.
    pub formula: String,
    /// Facts that earned it.
    pub evidence: Vec<FactId>,
    /// Feedback.
    pub text: Text,
    /// For a zero row: the window without a match, seconds from T0.
    pub window: Option<(i64, i64)>,
    /// The reference's points rest on a time that no source gives.
    pub assumed: bool,
}

impl JoinVm {
    /// How much later it came here, as the page writes it.
    pub fn difference(&self, locale: &Locale) -> String {
        join_difference(locale, self.precision, self.original_s, self.yours_s)
    }
}

impl DebriefVm {
    /// The screen of a debrief.
    pub fn of(d: &Debrief) -> DebriefVm {
        let number = |fact: &FactId| d.turning.iter().position(|t| t.fact == *fact).map(|i| i + 1);
        let milestone_number = |milestone: &Option<String>| {
            let m = milestone.as_ref()?;
            d.joins.iter().find(|j| j.milestone == *m).and_then(|j| number(&j.fact))
        };
        let mut original: Vec<MarkVm> = d
            .original
            .iter()
            .map(|o| MarkVm {
                t_s: o.t_s,
                precision: o.precision,
                id: o.id.clone(),
                text: Text::Author(o.what.clone()),
                fact: None,
                milestone: o.milestone.is_some(),
                shape: match (o.kind, o.published) {
                    (RowKind::Attempt, _) => MarkShape::Side,
                    (_, true) => MarkShape::Full,
                    (_, false) => MarkShape::Hollow,
                },
                turning: milestone_number(&o.milestone),
                source: o.source.clone(),
                by: String::new(),
                notes: d
                    .aftermath
                    .witness
                    .iter()
                    .filter(|(row, ..)| *row == o.id)
                    .map(|(_, by, text)| (by.clone(), text.clone()))
                    .collect(),
            })
            .collect();
        original.sort_by_key(|m| m.t_s);
        let mut yours: Vec<MarkVm> = d
            .yours
            .iter()
            .map(|y| MarkVm {
                t_s: y.t_s,
                precision: Precision::Second,
                id: y.fact.to_string(),
                text: y.text.clone(),
                fact: Some(y.fact),
                milestone: y.milestone.is_some(),
                shape: if y.action { MarkShape::Action } else { MarkShape::Full },
                turning: number(&y.fact),
                source: String::new(),
                by: y.by.clone(),
                notes: Vec::new(),
            })
            .collect();
        yours.sort_by_key(|m| (m.t_s, m.fact));
        let joins = d
            .joins
            .iter()
            .map(|j| JoinVm {
                milestone: j.milestone.clone(),
                name: j.name.clone(),
                original_s: j.original_s,
                precision: j.precision,
                yours_s: j.yours_s,
                original: original.iter().position(|m| m.id == j.row),
                yours: yours.iter().position(|m| m.fact == Some(j.fact)),
                fact: j.fact,
                large: j.large,
                assumed: j.assumed,
            })
            .collect();
        DebriefVm {
            title: d.title.clone(),
            subtitle: d.subtitle.clone(),
            support: d.report.support,
            from_s: d.from_s,
            to_s: d.to_s.max(d.from_s + 60),
            t0_utc_s: d.t0_utc_s,
            word: d.report.word,
            delta: signed(&d.report.delta),
            points: (rational::decimal(&d.report.points, 1), rational::decimal(&d.report.par, 1)),
            plus: d.plus.clone(),
            experiment: d.experiment.clone(),
            world: d.world.clone(),
            original,
            yours,
            exploration: d.exploration.clone(),
            seats: d.seats.clone(),
            alerts: d.alerts.clone(),
            branches: d.branches.clone(),
            grounds: d.grounds.clone(),
            decisions: d.decisions.clone(),
            diagnosis: d.diagnosis.clone(),
            budget: d.budget.clone(),
            money: d.money.clone(),
            thoughts: d.aftermath.thoughts.clone(),
            workload: d.aftermath.workload.clone(),
            joins,
            held: d.held.clone(),
            turning: d.turning.clone(),
            questions: d.questions.clone(),
            impact: impact(&d.report, d.from_s, d.to_s),
            groups: groups(&d.report, d.from_s),
            log: d.log.clone(),
            background: d.background.clone(),
        }
    }

    /// Moments that the scrubber steps through, in order.
    pub fn events(&self) -> Vec<i64> {
        let mut out: Vec<i64> = self.original.iter().chain(&self.yours).map(|m| m.t_s).collect();
        out.extend(self.world.iter().map(|w| w.t_s));
        out.sort_unstable();
        out.dedup();
        out.retain(|t| (self.from_s..=self.to_s).contains(t));
        out
    }

    /// Moments between which nothing is told: those, and where users begin to be affected and no longer are.
    pub fn landmarks(&self) -> Vec<i64> {
        let mut out = self.events();
        for curve in [&self.impact.yours, &self.impact.original] {
            let hurt = curve.windows(2).filter_map(|w| match w {
                [(_, a), (t, b)] if (*a > 0) != (*b > 0) => Some(*t),
                _ => None,
            });
            out.extend(hurt.filter(|t| (self.from_s..=self.to_s).contains(t)));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The last mark of a lane at or before a moment.
    pub fn last(marks: &[MarkVm], t_s: i64) -> Option<&MarkVm> {
        marks.iter().rev().find(|m| m.t_s <= t_s)
    }

    /// Checks whose par rests on an assumption of the reference.
    pub fn assumed(&self) -> Vec<&'static str> {
        self.groups.iter().flat_map(|g| &g.checks).filter(|c| c.assumed && c.max > 0.0).map(|c| c.id).collect()
    }

    /// Groups with the most room, largest first, with the row that has most of it.
    pub fn headroom(&self) -> Vec<(&GroupVm, &CheckVm)> {
        let mut out: Vec<&GroupVm> = self.groups.iter().filter(|g| g.max - g.points > 0.05).collect();
        out.sort_by(|a, b| (b.max - b.points).total_cmp(&(a.max - a.points)));
        let room = |c: &CheckVm| c.max - c.points;
        out.into_iter()
            .take(3)
            .filter_map(|g| Some((g, g.checks.iter().max_by(|a, b| room(a).total_cmp(&room(b)))?)))
            .collect()
    }
}

/// Value of a curve at a moment, straight between its points.
pub fn curve_at(curve: &[(i64, u64)], t_s: i64) -> Option<u64> {
    let after = curve.iter().position(|(t, _)| *t >= t_s)?;
    let (t1, v1) = *curve.get(after)?;
    let Some((t0, v0)) = after.checked_sub(1).and_then(|i| curve.get(i)).copied() else {
        return (t1 == t_s).then_some(v1);
    };
    if t1 == t0 {
        return Some(v1);
    }
    let share = (t_s - t0) as f64 / (t1 - t0) as f64;
    Some(libm::round(v0 as f64 + (v1 as f64 - v0 as f64) * share) as u64)
}

fn impact(report: &Report, from_s: i64, to_s: i64) -> ImpactVm {
    let curve = |points: &[(crate::stdx::time::Tick, u64)]| {
        let at = |t: &crate::stdx::time::Tick| from_s + i64::try_from(t.0).unwrap_or(i64::MAX / 2);
        let mut out: Vec<(i64, u64)> = Vec::new();
        for (tick, value) in points {
            // A value holds until it changes: a level stretch is level, not a slope to the next point.
            if let Some((t, v)) = out.last().copied()
                && at(tick) - t > 1
            {
                out.push((at(tick) - 1, v));
            }
            out.push((at(tick), *value));
        }
        if let Some((t, v)) = out.last().copied()
            && t < to_s
        {
            out.push((to_s, v));
        }
        out
    };
    let i = &report.impact;
    let top = [&i.yours, &i.original, &i.hands_off, &i.best].into_iter().flatten().map(|(_, v)| *v).max();
    let minutes = |a: &Ratio| a.round().to_integer().to_i64().unwrap_or(i64::MAX);
    ImpactVm {
        top: top.unwrap_or(0),
        yours: curve(&i.yours),
        original: curve(&i.original),
        hands_off: curve(&i.hands_off),
        best: curve(&i.best),
        area: i.area.each_ref().map(minutes),
        best_area: i.best_area.as_ref().map(minutes),
    }
}

fn groups(report: &Report, from_s: i64) -> Vec<GroupVm> {
    let mut out: Vec<(GroupVm, [Ratio; 3])> = Vec::new();
    for c in &report.checks {
        let row = check(c, from_s);
        if out.last().is_none_or(|(g, _)| g.dimension != c.dimension) {
            let zero = || Ratio::zero();
            let group = GroupVm {
                dimension: c.dimension,
                points: 0.0,
                max: 0.0,
                par: 0.0,
                delta: String::new(),
                word: "",
                checks: Vec::new(),
            };
            out.push((group, [zero(), zero(), zero()]));
        }
        if let Some((g, [points, max, par])) = out.last_mut() {
            *points += &c.points;
            *max += &c.max;
            *par += &c.par_points;
            g.checks.push(row);
        }
    }
    out.into_iter()
        .map(|(g, [points, max, par])| GroupVm {
            points: float(&points),
            max: float(&max),
            par: float(&par),
            delta: signed(&(&points - &par)),
            word: credit_word(&points, &max),
            ..g
        })
        .collect()
}

fn check(c: &Check, from_s: i64) -> CheckVm {
    let at = |t: crate::stdx::time::Tick| from_s + i64::try_from(t.0).unwrap_or(i64::MAX / 2);
    CheckVm {
        id: c.id,
        points: float(&c.points),
        max: float(&c.max),
        par: float(&c.par_points),
        points_text: rational::decimal(&c.points, 2),
        formula: c.formula.clone(),
        evidence: c.evidence.clone(),
        text: crate::debrief::words::feedback(c),
        window: c.window.map(|(a, b)| (at(a), at(b))),
        assumed: c.par_provenance.iter().any(|p| p == "assumed"),
    }
}

fn credit_word(points: &Ratio, max: &Ratio) -> &'static str {
    if max.is_zero() {
        return "dui-credit-na";
    }
    let credit = points / max;
    if credit >= rational::ratio(85, 100) {
        "dui-credit-solid"
    } else if credit >= rational::ratio(60, 100) {
        "dui-credit-good"
    } else if credit >= rational::ratio(30, 100) {
        "dui-credit-shape"
    } else {
        "dui-credit-unseen"
    }
}

fn float(r: &Ratio) -> f32 {
    r.to_f32().unwrap_or(0.0)
}
