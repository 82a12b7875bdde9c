//! The checks of this version: credit, formula with numbers, evidence and feedback of each.

use super::curve::{par_credit, window_credit};
use super::measure::{Measures, Timed, measure, unique};
use super::par::{Par, SCORE_VERSION};
use super::report::{Check, Impact, Move, MoveKind, Report};
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::Scenario;
use crate::session::Header;
use crate::stdx::rational::{Exact, Ratio, decimal, ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;

type Args = Vec<(String, String)>;

/// Scores a session against par. Total: any stream of facts has a score, an empty one has 0 points.
pub fn score(scenario: &Scenario, _header: &Header, facts: &[Fact], par: &Par) -> Report {
    let m = measure(scenario, facts);
    let delta = super::curve::minutes(scenario.truth.delta.0);
    let sheet = Sheet { scenario, m: &m, par, delta };
    let checks = sheet.checks();
    let sum = |of: &dyn Fn(&Check) -> &Ratio| checks.iter().fold(whole(0), |a, c| a + of(c));
    let points = sum(&|c| &c.points);
    let diff = &points - &par.points.0;
    let support = facts
        .iter()
        .filter_map(|f| match f.what {
            FactKind::Nudged { rung, .. } => Some(rung),
            _ => None,
        })
        .max()
        .unwrap_or(0);
    Report {
        score_version: SCORE_VERSION,
        scenario: scenario.id.clone(),
        max: sum(&|c| &c.max),
        par: par.points.0.clone(),
        word: word(&diff),
        delta: diff,
        points,
        engagement: m.engagement.0.clone(),
        moves: m.milestones.iter().map(move_of).collect(),
        impact: Impact {
            of: m.of,
            yours: m.curve.clone(),
            original: par.impact.clone(),
            hands_off: m.hands_off_curve.clone(),
            area: [m.harm.clone(), par.harm.0.clone(), sheet.idle().unwrap_or_else(|| whole(0))],
        },
        support,
        checks,
    }
}

fn move_of(s: &super::measure::Seen) -> Move {
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
    m: &'a Measures,
    par: &'a Par,
    delta: Ratio,
}

/// A row before its points are known.
struct Row {
    id: &'static str,
    dimension: &'static str,
    max: i64,
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

impl Sheet<'_> {
    fn idle(&self) -> Option<Ratio> {
        self.m.hands_off.clone().or_else(|| self.par.hands_off.as_ref().map(|e| e.0.clone()))
    }

    fn checks(&self) -> Vec<Check> {
        [
            self.timed("D1", "detect", 4, &self.m.recognise, self.par.recognise.as_ref()),
            self.severity(),
            self.cause(),
            self.mitigated(),
            self.timed("M2", "mitigate", 4, &self.m.relief, self.par.relief.as_ref()),
            self.verified(),
            self.windowed("C1", "communicate", 3, &self.m.internal, self.par.internal.as_ref(), 10),
            self.windowed("C2", "communicate", 4, &self.m.external, self.par.external.as_ref(), 30),
            self.windowed("O1", "coordinate", 4, &self.m.declared, self.par.declared.as_ref(), 15),
            self.harm(),
            self.aligned(),
        ]
        .into_iter()
        .map(|row| self.finish(row))
        .collect()
    }

    fn finish(&self, row: Row) -> Check {
        let max = whole(row.max);
        let points = &max * &row.credit;
        let empty = row.credit == whole(0);
        Check {
            id: row.id,
            dimension: row.dimension,
            par_points: self.par.checks.get(row.id).map_or_else(|| whole(0), |e| e.0.clone()),
            max,
            credit: row.credit,
            points,
            formula: row.formula,
            inputs: row.inputs,
            evidence: unique(row.evidence),
            text: (row.text.0.to_owned(), row.text.1),
            window: empty.then_some(self.m.window),
        }
    }

    fn key(seen: bool, yes: &'static str, no: &'static str) -> &'static str {
        if seen { yes } else { no }
    }

    fn timed(&self, id: &'static str, dimension: &'static str, max: i64, t: &Timed, r: Option<&Exact>) -> Row {
        let r = r.map(|r| &r.0);
        let mut args = vec![arg("x", shown(t.x.as_ref())), arg("r", shown(r)), arg("ev", cite(&t.evidence))];
        let key = if id == "D1" {
            Self::key(t.x.is_some(), "score-D1-seen", "score-D1-unseen")
        } else {
            let order = match (self.m.relief_at, self.m.cause_at) {
                (Some(relief), Some(cause)) if cause <= relief => "after",
                _ => "before",
            };
            args.push(arg("order", order));
            Self::key(t.x.is_some(), "score-M2-seen", "score-M2-unseen")
        };
        Row {
            id,
            dimension,
            max,
            credit: par_credit(t.x.as_ref(), r, &whole(5), &self.delta),
            formula: format!("φ({}; {})", shown(t.x.as_ref()), shown(r)),
            inputs: vec![("x_min", exact(t.x.as_ref())), ("r_min", exact(r)), ("delta_min", self.delta.to_string())],
            evidence: t.evidence.clone(),
            text: (key, args),
        }
    }

    fn windowed(
        &self,
        id: &'static str,
        dimension: &'static str,
        max: i64,
        t: &Timed,
        r: Option<&Exact>,
        w: i64,
    ) -> Row {
        let seen = t.x.is_some();
        let key = match id {
            "C1" => Self::key(seen, "score-C1-seen", "score-C1-unseen"),
            "C2" => Self::key(seen, "score-C2-seen", "score-C2-unseen"),
            _ => Self::key(seen, "score-O1-seen", "score-O1-unseen"),
        };
        let r = r.map(|r| &r.0);
        let (from, to) = self.m.window;
        let args = vec![
            arg("x", shown(t.x.as_ref())),
            arg("r", shown(r)),
            arg("w", w),
            arg("ev", cite(&t.evidence)),
            arg("from", self.clock(from)),
            arg("to", self.clock(to)),
        ];
        Row {
            id,
            dimension,
            max,
            credit: window_credit(t.x.as_ref(), &whole(w)),
            formula: format!("win({}; {w})", shown(t.x.as_ref())),
            inputs: vec![("x_min", exact(t.x.as_ref())), ("w_min", w.to_string()), ("r_min", exact(r))],
            evidence: t.evidence.clone(),
            text: (key, args),
        }
    }

    fn clock(&self, t: Tick) -> String {
        crate::stdx::time::Offset::of(t, self.scenario.opens).clock()
    }

    fn severity(&self) -> Row {
        let truth = self.scenario.truth.severity;
        let near = self.m.severity.is_some_and(|(s, _)| s.abs_diff(truth) <= 1);
        let set = self.m.severity.map_or_else(|| "none".to_owned(), |(s, _)| s.to_string());
        let evidence: Vec<FactId> = self.m.severity.iter().map(|(_, id)| *id).collect();
        Row {
            id: "D3",
            dimension: "detect",
            max: 2,
            credit: whole(i64::from(near)),
            formula: format!("|{set} − {truth}| ≤ 1"),
            inputs: vec![("severity", set.clone()), ("truth", truth.to_string())],
            text: (
                Self::key(self.m.severity.is_some(), "score-D3-seen", "score-D3-unseen"),
                vec![arg("sev", set), arg("truth", truth), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    fn cause(&self) -> Row {
        let (n, of) = self.m.cause.map_or((0, 0), |(n, of, _)| (n, of));
        let m = self.scenario.truth.components.len();
        let evidence: Vec<FactId> = self.m.cause.iter().map(|(.., id)| *id).collect();
        Row {
            id: "G1",
            dimension: "diagnose",
            max: 3,
            credit: if of == 0 { whole(0) } else { Ratio::new(BigInt::from(n), BigInt::from(of)) },
            formula: format!("{n} / {of}"),
            inputs: vec![("in_both", n.to_string()), ("in_either", of.to_string())],
            text: (
                Self::key(self.m.cause.is_some(), "score-G1-seen", "score-G1-unseen"),
                vec![arg("n", n), arg("m", m), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    fn mitigated(&self) -> Row {
        // Users who recover without anybody's doing earn nobody a point.
        let t = if self.m.engagement.0 == whole(0) { &Timed::default() } else { &self.m.mitigated };
        let r = self.par.mitigated.as_ref().map(|r| &r.0);
        let tau = format!("{} %", decimal(&(&self.scenario.truth.tau.0 * whole(100)), 0));
        let credit = par_credit(t.x.as_ref(), r, &whole(5), &self.delta);
        let mut evidence = t.evidence.clone();
        if t.x.is_some() {
            evidence.extend(&self.m.engagement.1);
        }
        let key = match (t.x.is_some(), self.m.mitigated.x.is_some()) {
            (true, _) => "score-M1-seen",
            (false, true) => "score-M1-alone",
            (false, false) => "score-M1-unseen",
        };
        Row {
            id: "M1",
            dimension: "mitigate",
            max: 6,
            credit,
            formula: format!("φ({}; {})", shown(t.x.as_ref()), shown(r)),
            inputs: vec![("x_min", exact(t.x.as_ref())), ("r_min", exact(r)), ("delta_min", self.delta.to_string())],
            text: (
                key,
                vec![arg("x", shown(t.x.as_ref())), arg("r", shown(r)), arg("tau", tau), arg("ev", cite(&t.evidence))],
            ),
            evidence,
        }
    }

    fn verified(&self) -> Row {
        let (look, post) = self.m.verified;
        let (credit, key) = match (look, post, self.m.mitigated_at) {
            (Some(_), Some(_), _) => (whole(1), "score-M3-seen"),
            (Some(_), None, _) => (ratio(1, 2), "score-M3-half"),
            (None, _, Some(_)) => (whole(0), "score-M3-unseen"),
            (None, _, None) => (whole(0), "score-M3-open"),
        };
        let id = |f: Option<FactId>| f.map(|f| f.to_string()).unwrap_or_default();
        let relief = self.m.mitigated_at.map(|t| self.clock(t)).unwrap_or_default();
        Row {
            id: "M3",
            dimension: "mitigate",
            max: 6,
            formula: format!("½·{} + ½·{}", u8::from(look.is_some()), u8::from(post.is_some())),
            credit,
            inputs: vec![("looked", id(look)), ("posted", id(post))],
            evidence: look.into_iter().chain(post).collect(),
            text: (key, vec![arg("chk", id(look)), arg("post", id(post)), arg("at", relief)]),
        }
    }

    fn harm(&self) -> Row {
        let idle = self.idle();
        let bench = match &idle {
            Some(idle) => idle.min(&self.par.harm.0).clone(),
            None => self.par.harm.0.clone(),
        };
        let e = &self.m.engagement.0;
        let credit = e * par_credit(Some(&self.m.harm), Some(&bench), &whole(1), &whole(0));
        let engaged = *e > whole(0);
        let mut evidence = Vec::new();
        if engaged {
            evidence.extend(&self.m.harm_evidence);
            evidence.extend(&self.m.engagement.1);
        }
        Row {
            id: "H1",
            dimension: "impact",
            max: 16,
            credit,
            formula: format!("{e} · φ({}; {})", decimal(&self.m.harm, 0), decimal(&bench, 0)),
            inputs: vec![
                ("e", e.to_string()),
                ("harm_user_min", self.m.harm.to_string()),
                ("original_user_min", self.par.harm.to_string()),
                ("hands_off_user_min", exact(idle.as_ref())),
            ],
            evidence,
            text: (
                if engaged { "score-H1-seen" } else { "score-H1-unseen" },
                vec![
                    arg("h", decimal(&self.m.harm, 0)),
                    arg("r", decimal(&self.par.harm.0, 0)),
                    arg("n", idle.as_ref().map_or_else(|| "?".to_owned(), |n| decimal(n, 0))),
                ],
            ),
        }
    }

    fn aligned(&self) -> Row {
        let (cost, of) = self.m.aligned;
        let e = &self.m.engagement.0;
        let share = if of == 0 { whole(0) } else { Ratio::new(BigInt::from(of - cost), BigInt::from(of)) };
        let credit = e * share;
        let matched = self.m.milestones.iter().filter(|s| s.needed && s.matched.is_some()).count();
        let needed = self.m.milestones.iter().filter(|s| s.needed && s.weight > 0).count();
        let spare = self.m.milestones.iter().filter(|s| !s.needed).count();
        let mut evidence = self.m.aligned_evidence.clone();
        evidence.extend(&self.m.engagement.1);
        Row {
            id: "A1",
            dimension: "alignment",
            max: 6,
            credit,
            formula: format!("{e} · (1 − {cost}/{of})"),
            inputs: vec![("e", e.to_string()), ("cost", cost.to_string()), ("of", of.to_string())],
            evidence,
            text: (
                Self::key(matched > 0, "score-A1-seen", "score-A1-unseen"),
                vec![arg("n", matched), arg("m", needed), arg("k", spare)],
            ),
        }
    }
}
