//! The debrief in display terms: marks, joins, curves, score rows; the time scale and the placement of labels are beside it.

pub mod label;
pub mod lanes;
pub mod scale;

use crate::debrief::branch::BranchLane;
use crate::debrief::budget::{Budget, Money};
use crate::debrief::diagnosis::Diagnosis;
use crate::debrief::grounds::Grounds;
use crate::debrief::model::{AlertSpan, Debrief, DecisionMark, LogRow, Look, Thought, TurningPoint, WorldMark};
use crate::fact::{FactId, LoadScale};
use crate::locale::{Arg, Locale};
use crate::scenario::{DecisionOutcome, LangText, RowKind};
use crate::scoring::{Check, Report};
use crate::session::projection::Text;
use crate::stdx::rational::{self, Ratio};
use crate::view::words::author_text;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

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
    /// Sources: title, address, licence.
    pub sources: Vec<(String, String, String)>,
}

/// A mark of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkVm {
    /// When, seconds from T0.
    pub t_s: i64,
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
            sources: d.sources.clone(),
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

/// A share of the error budget: `43 %`, `0.2 %`, `310 %`.
pub fn share(r: &Ratio) -> String {
    let percent = r * rational::whole(100);
    let places = if percent < rational::whole(10) { 1 } else { 0 };
    format!("{} %", rational::decimal(&percent, places))
}

/// How much of the error budget each curve used, in words; whether the scenario states the objective is said.
pub fn budget_words(locale: &Locale, b: &Budget) -> String {
    let [yours, original, idle] = &b.used;
    let percent = rational::decimal(&(&b.objective * rational::whole(100)), 2);
    let key = match (&b.service, b.assumed) {
        (None, _) => "debrief-budget-usual",
        (Some(_), true) => "debrief-budget-assumed",
        (Some(_), false) => "debrief-budget",
    };
    let args = [
        ("objective", Arg::Word(percent.trim_end_matches('0').trim_end_matches('.').to_owned())),
        ("days", Arg::Number(b.period_s / 86_400)),
        ("service", Arg::Word(b.service.clone().unwrap_or_default())),
        ("h", Arg::Word(share(yours))),
        ("r", Arg::Word(share(original))),
        ("n", Arg::Word(share(idle))),
    ];
    locale.text(key, &args)
}

/// What each curve cost the business, in words; whether a source supports the price is said.
pub fn money_words(locale: &Locale, m: &Money) -> String {
    let sum = |r: &Ratio| Arg::Word(format!("{} {}", rational::decimal(r, 2), m.currency));
    let [yours, original, idle] = &m.lost;
    let key = if m.assumed { "debrief-money-assumed" } else { "debrief-money" };
    locale.text(key, &[("h", sum(yours)), ("r", sum(original)), ("n", sum(idle))])
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

/// A way to go at a decision point with what comes of it.
pub fn way_words(locale: &Locale, name: &LangText, outcome: DecisionOutcome) -> String {
    let comes = locale.say(match outcome {
        DecisionOutcome::Works => "outcome-works",
        DecisionOutcome::Prevents => "outcome-prevents",
        DecisionOutcome::Debt => "outcome-debt",
        DecisionOutcome::NoEffect => "outcome-no-effect",
        DecisionOutcome::CostsTime => "outcome-costs-time",
        DecisionOutcome::Worse => "outcome-worse",
        DecisionOutcome::Catastrophic => "outcome-catastrophic",
    });
    format!("{} ({comes})", author_text(locale, name))
}

/// How many user-minutes fewer or more than the original, as one line.
pub fn difference_line(locale: &Locale, area: [i64; 3]) -> String {
    let [mine, theirs, _] = area;
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match mine.cmp(&theirs) {
        std::cmp::Ordering::Equal => locale.say("dui-difference-none"),
        std::cmp::Ordering::Less => said("dui-difference-fewer", theirs - mine),
        std::cmp::Ordering::Greater => said("dui-difference-more", mine - theirs),
    }
}

/// How many user-minutes fewer or more a branch came to than the run beside it, from where they part.
pub fn branch_difference(locale: &Locale, (branch, beside): (i64, i64)) -> String {
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match branch.cmp(&beside) {
        std::cmp::Ordering::Equal => locale.say("dui-branch-none"),
        std::cmp::Ordering::Less => said("dui-branch-fewer", beside - branch),
        std::cmp::Ordering::Greater => said("dui-branch-more", branch - beside),
    }
}

/// The same as a large number and what it is.
pub fn difference_words(locale: &Locale, area: [i64; 3]) -> (String, String) {
    let [mine, theirs, _] = area;
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match mine.cmp(&theirs) {
        std::cmp::Ordering::Equal => (locale.say("dui-same-area"), locale.say("dui-user-minutes")),
        std::cmp::Ordering::Less => (said("dui-fewer", theirs - mine), locale.say("dui-than-original")),
        std::cmp::Ordering::Greater => (said("dui-more", mine - theirs), locale.say("dui-than-original")),
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

/// A difference with its sign, one decimal: `+21.6`, `−3.0`, `0.0`.
pub fn signed(r: &Ratio) -> String {
    let text = rational::decimal(&r.abs(), 1);
    match (text.bytes().all(|b| b == b'0' || b == b'.'), r.is_negative()) {
        (true, _) => text,
        (false, true) => format!("−{text}"),
        (false, false) => format!("+{text}"),
    }
}

/// A moment or a difference on the page: `+4:36` within an hour and a half, `+113 min` later, hours after ten of them.
pub fn moment(locale: &Locale, t_s: i64) -> String {
    let sign = if t_s < 0 { "−" } else { "+" };
    let s = t_s.unsigned_abs();
    match s {
        0..3_600 => format!("{sign}{}:{:02}", s / 60, s % 60),
        3_600..36_000 => locale.text("dui-min", &[("n", Arg::Word(format!("{sign}{}", (s + 30) / 60)))]),
        _ => locale.text("dui-hours", &[("n", Arg::Word(format!("{sign}{}:{:02}", s / 3_600, s % 3_600 / 60)))]),
    }
}

/// A signed difference between two moments; none is `±0:00`.
pub fn difference(locale: &Locale, s: i64) -> String {
    if s == 0 { "±0:00".to_owned() } else { moment(locale, s) }
}

/// A count as the language writes it: `34.0 k`, `4.04 M`; `3만 4천`, `403만 8천`.
pub fn count(locale: &Locale, n: i64) -> String {
    let (sign, a) = if n < 0 { ("−", n.unsigned_abs()) } else { ("", n.unsigned_abs()) };
    if locale.lang() == crate::locale::Lang::Ko {
        let thousands = |a: u64, unit: &str| {
            let (ten, one) = (a / 10, a % 10);
            match (ten, one) {
                (0, 0) => "0".to_owned(),
                (t, 0) => format!("{t}만{unit}"),
                (0, o) => format!("{o}천{unit}"),
                (t, o) => format!("{t}만 {o}천{unit}"),
            }
        };
        return match a {
            0..1_000 => format!("{sign}{a}"),
            1_000..100_000_000 => format!("{sign}{}", thousands((a + 500) / 1_000, "")),
            _ => format!("{sign}{}.{}억", a / 100_000_000, a % 100_000_000 / 10_000_000),
        };
    }
    let short = |v: f64, unit: &str| match v {
        v if v >= 100.0 => format!("{sign}{v:.0} {unit}"),
        v if v >= 10.0 => format!("{sign}{v:.1} {unit}"),
        v => format!("{sign}{v:.2} {unit}"),
    };
    match a {
        0..1_000 => format!("{sign}{a}"),
        1_000..1_000_000 => short(a as f64 / 1e3, "k"),
        1_000_000..1_000_000_000 => short(a as f64 / 1e6, "M"),
        _ => short(a as f64 / 1e9, "G"),
    }
}
