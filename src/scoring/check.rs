//! The checks: credit, formula with numbers, evidence and feedback of each.

mod communicate;
mod coordinate;
mod detect;
mod mitigate;
mod outcome;

use super::curve::{minutes, par_credit, window_credit};
use super::measure::{Measures, Steps, Timed, measure_with, surprise, unique};
use super::model::{CHECKS, CheckSpec, Mistake, Mode, Model, SCORE_VERSION};
use super::par::{BestRun, Par, ParRun};
use super::report::{Check, Impact, Move, MoveKind, Report};
use crate::fact::{Fact, FactId, Ruling};
use crate::scenario::Scenario;
use crate::session::Header;
use crate::stdx::rational::{Exact, Ratio, decimal, ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use std::collections::BTreeSet;

type Args = Vec<(String, String)>;

/// What a run is compared with.
pub(super) struct Against<'a> {
    /// The reference run of the same mode.
    pub run: &'a ParRun,
    /// The author's best run.
    pub best: Option<&'a BestRun>,
}

/// Scores a session against par, in the mode of its seats. Total: any stream of facts has a score, an empty one has 0.
pub fn score(scenario: &Scenario, header: &Header, facts: &[Fact], par: &Par) -> Report {
    score_in(Mode::of(header), scenario, header, facts, par)
}

/// Scores a session in a given mode: a rehearsal of the original plays a team's part from one seat.
pub fn score_in(mode: Mode, scenario: &Scenario, header: &Header, facts: &[Fact], par: &Par) -> Report {
    let model = Model::of(scenario, mode);
    let m = measure_with(&model, scenario, facts, Steps::of(scenario, facts));
    let against = Against { run: par.run(mode), best: par.best.as_ref() };
    assess(&model, scenario, &m, &against, crate::stdx::digest::of(&(header, facts)))
}

/// Scores with a model of one's own and milestones that were matched elsewhere.
pub fn score_with(model: &Model, scenario: &Scenario, facts: &[Fact], steps: Steps, par: &ParRun) -> Report {
    let m = measure_with(model, scenario, facts, steps);
    assess(model, scenario, &m, &Against { run: par, best: None }, String::new())
}

/// The report of measures.
pub(super) fn assess(
    model: &Model,
    scenario: &Scenario,
    m: &Measures,
    against: &Against<'_>,
    log_digest: String,
) -> Report {
    let par = against.run;
    let ruled = m.rulings.iter().filter(|(r, ..)| *r == Ruling::Void).map(|(_, of, _)| of.as_str());
    let voided: Vec<&str> = ruled.chain(m.suspended.iter().map(|s| s.of.as_str())).collect();
    let void: BTreeSet<&str> = voided.iter().copied().filter(|of| CHECKS.iter().any(|c| c.id == *of)).collect();
    let maxima = model.maxima(&void);
    let delta = minutes(scenario.truth.delta.0);
    let fixed = super::void::par_after(scenario, par, &voided);
    let sheet = Sheet { scenario, model, m, par, delta };
    let zero = whole(0);
    let checks: Vec<Check> = CHECKS
        .iter()
        .map(|spec| {
            let max = maxima.get(spec.id).unwrap_or(&zero).clone();
            let mut check = sheet.finish(spec, max, sheet.row(spec.id));
            check.par_credit = if check.max == zero { zero.clone() } else { fixed.credit(spec) };
            check.par_points = &check.max * &check.par_credit;
            if let Some(p) = par.checks.get(spec.id) {
                check.par_evidence.clone_from(&p.evidence);
                check.par_provenance.clone_from(&p.provenance);
            }
            check
        })
        .collect();
    let sum = |of: &dyn Fn(&Check) -> &Ratio| checks.iter().fold(whole(0), |a, c| a + of(c));
    let base = sum(&|c| &c.points);
    let surprise = match model.mistake {
        Some(Mistake::SurpriseUnbounded) => m.injects.iter().fold(whole(0), |a, i| a + i.surprise()),
        _ => surprise(&m.injects),
    };
    let sorts: BTreeSet<_> = m.learned.iter().map(|(what, _)| *what).collect();
    let learning_points = whole(i64::try_from(sorts.len()).unwrap_or(i64::MAX).min(4));
    let mut points = &base + &surprise + &learning_points;
    if model.mistake == Some(Mistake::SurpriseTwice) {
        points += &surprise;
    }
    let par_points = sum(&|c| &c.par_points);
    let diff = &points - &par_points;
    Report {
        score_version: SCORE_VERSION,
        tuning: scenario.scoring.version,
        scenario: scenario.id.clone(),
        mode: model.mode,
        log_digest,
        max: sum(&|c| &c.max),
        par: par_points,
        par_digest: par.log_digest.clone(),
        par_confidence: par.confidence(&maxima),
        word: word(&diff),
        delta: diff,
        points,
        base,
        surprise,
        learning_points,
        engagement: m.engagement.0.clone(),
        moves: m.milestones.iter().map(|s| move_of(s, par)).collect(),
        aligned: m.aligned,
        impact: Impact {
            of: m.of,
            yours: m.curve.clone(),
            original: par.impact.clone(),
            hands_off: m.hands_off_curve.clone(),
            best: against.best.map(|b| b.impact.clone()).unwrap_or_default(),
            area: [m.harm.clone(), par.harm.0.clone(), sheet.idle().unwrap_or_else(|| whole(0))],
            lost: m.lost.clone(),
            best_area: against.best.map(|b| b.harm.0.clone()),
        },
        injects: m.injects.clone(),
        support: m.hints.iter().map(|(rung, _)| *rung).max().unwrap_or(0),
        hints: m.hints.clone(),
        suspended: m.suspended.clone(),
        learning: m.learned.clone(),
        adjudications: m.rulings.clone(),
        checks,
    }
}

fn move_of(s: &super::measure::Seen, par: &ParRun) -> Move {
    Move {
        milestone: s.id.clone(),
        weight: s.weight,
        kind: match (s.needed, &s.matched) {
            (false, _) => MoveKind::NotNeeded,
            (true, Some(_)) => MoveKind::Sync,
            (true, None) => MoveKind::Model,
        },
        fact: s.matched.as_ref().and_then(crate::milestone::Occurrence::fact),
        first: s.first.as_ref().and_then(crate::milestone::Occurrence::fact),
        par: par.milestones.iter().find(|p| p.id == s.id).and_then(|p| p.seen.first().copied()),
    }
}

/// The whole run in words, by the difference to par.
fn word(delta: &Ratio) -> &'static str {
    if *delta >= whole(15) {
        "score-word-well-ahead"
    } else if *delta >= whole(5) {
        "score-word-ahead"
    } else if *delta > whole(-5) {
        "score-word-level"
    } else if *delta > whole(-15) {
        "score-word-on-the-way"
    } else {
        "score-word-run-again"
    }
}

struct Sheet<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
    m: &'a Measures,
    par: &'a ParRun,
    delta: Ratio,
}

/// A row before its points are known.
struct Row {
    credit: Ratio,
    formula: String,
    inputs: Vec<(&'static str, String)>,
    evidence: Vec<FactId>,
    text: (&'static str, Args),
}

fn arg(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// Minutes with one decimal; `never` where there is none.
fn shown(x: Option<&Ratio>) -> String {
    x.map_or_else(|| "never".to_owned(), |x| decimal(x, 1))
}

fn exact(x: Option<&Ratio>) -> String {
    x.map_or_else(|| "never".to_owned(), ToString::to_string)
}

fn cite(ids: &[FactId]) -> String {
    ids.first().map(ToString::to_string).unwrap_or_default()
}

fn one(yes: bool) -> Ratio {
    whole(i64::from(yes))
}

fn share(n: u64, of: u64) -> Ratio {
    if of == 0 { whole(0) } else { Ratio::new(BigInt::from(n), BigInt::from(of)) }
}

impl Sheet<'_> {
    fn idle(&self) -> Option<Ratio> {
        self.m.hands_off.clone().or_else(|| self.par.hands_off.as_ref().map(|e| e.0.clone()))
    }

    /// Engagement.
    fn e(&self) -> &Ratio {
        &self.m.engagement.0
    }

    /// Whether nobody's doing is behind anything that users felt.
    fn alone(&self) -> bool {
        *self.e() == whole(0)
    }

    fn row(&self, id: &str) -> Row {
        match id {
            "D1" => self.recognised(),
            "D2" => self.assessed(),
            "D3" => self.severity(),
            "G1" => self.components(),
            "G2" => self.mechanisms(),
            "G3" => self.grounded(),
            "G4" => self.cause_time(),
            "G5" => self.tested(),
            "M1" => self.mitigated(),
            "M2" => self.relieved(),
            "M3" => self.verified(),
            "M4" => self.closed(),
            "M5" => self.followed_up(),
            "C1" => self.internal(),
            "C2" => self.external(),
            "C3" => self.silent(),
            "C4" => self.content(),
            "C5" => self.closing(),
            "O1" => self.declared(),
            "O2" => self.roles(),
            "O3" => self.helped(),
            "O4" => self.handed_over(),
            "O5" => self.narrated(),
            "S1" => self.safe(),
            "H1" => self.harm(),
            _ => self.aligned(),
        }
    }

    fn finish(&self, spec: &CheckSpec, max: Ratio, mut row: Row) -> Check {
        // The wrong variant that takes points for a hint.
        if self.model.mistake == Some(Mistake::HintCosts) && !self.m.hints.is_empty() {
            row.credit /= whole(2);
        }
        if max == whole(0) {
            let text = match self.m.suspended.iter().find(|s| s.of == spec.id) {
                Some(s) => ("score-suspended".to_owned(), vec![arg("ev", s.inject)]),
                None => ("score-not-exercised".to_owned(), Vec::new()),
            };
            let na =
                Check { id: spec.id, dimension: spec.dimension, formula: "—".to_owned(), text, ..Check::default() };
            return na;
        }
        let empty = row.credit == whole(0);
        if spec.engaged && !empty {
            row.evidence.extend(&self.m.engagement.1);
        }
        // Wrong variants, again.
        match self.model.mistake {
            Some(Mistake::RoundedCredit) => row.credit = (&row.credit * whole(100)).floor() / whole(100),
            Some(Mistake::FirstCited) => row.evidence.truncate(1),
            Some(Mistake::Uncited) if spec.id == "M4" => row.evidence.clear(),
            _ => {}
        }
        Check {
            id: spec.id,
            dimension: spec.dimension,
            points: &max * &row.credit,
            max,
            credit: row.credit,
            formula: row.formula,
            inputs: row.inputs,
            evidence: unique(row.evidence),
            text: (row.text.0.to_owned(), row.text.1),
            window: empty.then_some(self.m.window),
            ..Check::default()
        }
    }

    fn key(seen: bool, yes: &'static str, no: &'static str) -> &'static str {
        if seen { yes } else { no }
    }

    fn clock(&self, t: Tick) -> String {
        crate::stdx::time::Offset::of(t, self.scenario.opens).clock()
    }

    /// A time against the original's.
    fn timed(&self, t: &Timed, r: Option<&Exact>, keys: [&'static str; 2]) -> Row {
        let r = r.map(|r| &r.0);
        Row {
            credit: par_credit(t.x.as_ref(), r, &self.model.floor_min, &self.delta),
            formula: format!("φ({}; {})", shown(t.x.as_ref()), shown(r)),
            inputs: vec![("x_min", exact(t.x.as_ref())), ("r_min", exact(r)), ("delta_min", self.delta.to_string())],
            evidence: t.evidence.clone(),
            text: (
                Self::key(t.x.is_some(), keys[0], keys[1]),
                vec![arg("x", shown(t.x.as_ref())), arg("r", shown(r)), arg("ev", cite(&t.evidence))],
            ),
        }
    }

    /// A time against a window.
    fn windowed(&self, t: &Timed, r: Option<&Exact>, window_s: u64, keys: [&'static str; 2]) -> Row {
        let r = r.map(|r| &r.0);
        let w = minutes(window_s);
        let (from, to) = self.m.window;
        Row {
            credit: window_credit(t.x.as_ref(), &w),
            formula: format!("win({}; {})", shown(t.x.as_ref()), plain(&w)),
            inputs: vec![("x_min", exact(t.x.as_ref())), ("w_min", w.to_string()), ("r_min", exact(r))],
            evidence: t.evidence.clone(),
            text: (
                Self::key(t.x.is_some(), keys[0], keys[1]),
                vec![
                    arg("x", shown(t.x.as_ref())),
                    arg("r", shown(r)),
                    arg("w", plain(&w)),
                    arg("ev", cite(&t.evidence)),
                    arg("from", self.clock(from)),
                    arg("to", self.clock(to)),
                ],
            ),
        }
    }
}

/// A number without needless decimals.
fn plain(x: &Ratio) -> String {
    if x.is_integer() { x.to_string() } else { decimal(x, 1) }
}

/// A half, where a check is half met.
fn half() -> Ratio {
    ratio(1, 2)
}
