//! Par: what the reference run measured, pinned as data beside the scenario; one run a mode.

use super::check::{self, Against};
use super::measure::{Measures, Steps, measure_with, unique};
use super::model::{Mode, Model, SCORE_VERSION};
use super::report::Report;
use crate::fact::{Fact, FactId};
use crate::milestone::{self, MatchContext};
use crate::scenario::package::{PAR_FILE, Package};
use crate::scenario::{Played, Precision, Provenance, Scenario};
use crate::session::Header;
use crate::stdx::rational::{Exact, Ratio, whole};
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Facts that a par cites for a check, at most.
const CITED: usize = 6;

/// The reference run's measures, in both modes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Par {
    /// Version of the scoring model that measured it.
    pub score_version: u32,
    /// Version of the scenario's tuning of the model.
    pub tuning: u32,
    /// Scenario's id.
    pub scenario: String,
    /// Digest of the scenario package.
    pub scenario_digest: String,
    /// The reference played by a team, in the published minutes.
    pub team: ParRun,
    /// The reference played by one person, its minutes stretched.
    pub solo: ParRun,
    /// The author's best run, for comparison only.
    pub best: Option<BestRun>,
}

/// A run in one mode. Times are effective minutes since the impact began, exact; absent means never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParRun {
    /// Final state digest of the replayed log.
    pub log_digest: String,
    /// D1: recognised.
    pub recognise: Option<Exact>,
    /// D2: impact in words.
    pub assessed: Option<Exact>,
    /// G4: first cause that overlaps the truth.
    pub first_cause: Option<Exact>,
    /// M1: mitigated for good.
    pub mitigated: Option<Exact>,
    /// M2: first relief.
    pub relief: Option<Exact>,
    /// C1: first note in the incident channel.
    pub internal: Option<Exact>,
    /// C2: first update on the status page.
    pub external: Option<Exact>,
    /// C3: minutes of silence.
    pub silence: Exact,
    /// O1: declared.
    pub declared: Option<Exact>,
    /// H1: user-minutes.
    pub harm: Exact,
    /// User-minutes if nobody responds.
    pub hands_off: Option<Exact>,
    /// Engagement.
    pub engagement: Exact,
    /// Affected users over time.
    pub impact: Vec<(Tick, u64)>,
    /// Milestones in the scenario's order.
    pub milestones: Vec<ParStep>,
    /// What each check earned.
    pub checks: BTreeMap<String, ParCheck>,
    /// Points in all.
    pub points: Exact,
}

/// A check of the reference run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParCheck {
    /// Credit, 0 to 1.
    pub credit: Exact,
    /// Facts of the replay, the first few.
    pub evidence: Vec<FactId>,
    /// Where its times come from: `published`, `derived`, `assumed`.
    pub provenance: Vec<String>,
}

/// A milestone of the reference run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParStep {
    /// Milestone's id.
    pub id: String,
    /// Whether the reference needed it.
    pub needed: bool,
    /// When it was seen.
    pub seen: Vec<Tick>,
    /// Whether somebody's doing was behind it, and it counts for engagement.
    pub earned: bool,
}

/// The author's best run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BestRun {
    /// Affected users over time.
    pub impact: Vec<(Tick, u64)>,
    /// User-minutes.
    pub harm: Exact,
}

impl BestRun {
    /// Of a run's facts.
    pub fn of(scenario: &Scenario, facts: &[Fact]) -> BestRun {
        let m = super::measure(scenario, facts);
        BestRun { impact: m.curve, harm: Exact(m.harm) }
    }
}

impl Par {
    /// The par that a package pins; `None` if it pins none that can be read.
    pub fn pinned(package: &Package) -> Option<Par> {
        ron::from_str(package.files.get(PAR_FILE)?).ok()
    }

    /// Par of one run, taken for both modes.
    pub fn of(scenario: &Scenario, header: &Header, facts: &[Fact], log_digest: &str) -> Par {
        Par::new(scenario, header, (facts, log_digest), (facts, log_digest), None)
    }

    /// Par of the reference as a team played it and as one person would, each with its final digest.
    pub fn new(
        scenario: &Scenario,
        header: &Header,
        team: (&[Fact], &str),
        solo: (&[Fact], &str),
        best: Option<BestRun>,
    ) -> Par {
        let run = |mode, (facts, digest): (&[Fact], &str)| {
            ParRun::of(&Model::of(scenario, mode), scenario, facts, &Steps::of(scenario, facts), digest)
        };
        Par {
            score_version: SCORE_VERSION,
            tuning: scenario.scoring.version,
            scenario: scenario.id.clone(),
            scenario_digest: header.scenario_digest.clone(),
            team: run(Mode::Team, team),
            solo: run(Mode::Solo, solo),
            best,
        }
    }

    /// The run of a mode.
    pub fn run(&self, mode: Mode) -> &ParRun {
        match mode {
            Mode::Team => &self.team,
            Mode::Solo => &self.solo,
        }
    }
}

impl ParRun {
    /// The measures of a reference run, then its score against itself.
    pub fn of(model: &Model, scenario: &Scenario, facts: &[Fact], steps: &Steps, log_digest: &str) -> ParRun {
        let m = measure_with(model, scenario, facts, steps.clone());
        let bare = ParRun::bare(&m, steps, log_digest);
        bare.scored(model, scenario, facts, &m)
    }

    /// Fills in what the run earns against itself.
    fn scored(mut self, model: &Model, scenario: &Scenario, facts: &[Fact], m: &Measures) -> ParRun {
        let report: Report = check::assess(model, scenario, m, &Against { run: &self, best: None }, String::new());
        let sources = provenance(scenario, facts);
        self.checks = report
            .checks
            .iter()
            .map(|c| {
                let mut from: Vec<String> = c.evidence.iter().filter_map(|id| sources.get(id).cloned()).collect();
                from.sort();
                from.dedup();
                if from.is_empty() && c.credit > whole(0) {
                    from.push("assumed".to_owned());
                }
                let evidence = c.evidence.iter().copied().take(CITED).collect();
                (c.id.to_owned(), ParCheck { credit: Exact(c.credit.clone()), evidence, provenance: from })
            })
            .collect();
        self.points = Exact(report.points);
        self
    }

    fn bare(m: &Measures, steps: &Steps, log_digest: &str) -> ParRun {
        let some = |x: &Option<Ratio>| x.clone().map(Exact);
        let earned = |i: usize, seen: &[milestone::Occurrence]| {
            steps.core.get(i).copied().unwrap_or(false)
                && seen.iter().any(|o| o.evidence.iter().any(|id| m.engagement.1.contains(id)))
        };
        let milestones = m.milestones.iter().enumerate().map(|(i, s)| {
            let seen = steps.seen.get(i).map(Vec::as_slice).unwrap_or_default();
            ParStep {
                id: s.id.clone(),
                needed: s.needed,
                seen: seen.iter().map(|o| o.tick).collect(),
                earned: earned(i, seen),
            }
        });
        ParRun {
            log_digest: log_digest.to_owned(),
            recognise: some(&m.recognise.x),
            assessed: some(&m.assessed.x),
            first_cause: some(&m.first_cause.x),
            mitigated: some(&m.mitigated.x),
            relief: some(&m.relief.x),
            internal: some(&m.internal.x),
            external: some(&m.external.x),
            silence: Exact(m.silence.clone()),
            declared: some(&m.declared.x),
            harm: Exact(m.harm.clone()),
            hands_off: some(&m.hands_off),
            engagement: Exact(m.engagement.0.clone()),
            impact: m.curve.clone(),
            milestones: milestones.collect(),
            checks: BTreeMap::new(),
            points: Exact(whole(0)),
        }
    }

    /// Share of the points that rest on published or derived times.
    pub fn confidence(&self, maxima: &BTreeMap<&'static str, Ratio>) -> Ratio {
        let zero = whole(0);
        let points = |id: &String, c: &ParCheck| maxima.get(id.as_str()).unwrap_or(&zero) * &c.credit.0;
        let sound = |c: &ParCheck| c.provenance.iter().any(|p| p != "assumed");
        let all = self.checks.iter().fold(whole(0), |a, (id, c)| a + points(id, c));
        let known = self.checks.iter().filter(|(_, c)| sound(c)).fold(whole(0), |a, (id, c)| a + points(id, c));
        if all == zero { zero } else { known / all }
    }
}

/// Where the time of a fact of the replay comes from: the row of the original that it plays.
fn provenance(scenario: &Scenario, facts: &[Fact]) -> BTreeMap<FactId, String> {
    let ctx = MatchContext::of(scenario);
    let mut out = BTreeMap::new();
    for row in &scenario.original {
        let Played::When { when, .. } = &row.played else { continue };
        let Some(first) = milestone::first(when, facts, &ctx) else { continue };
        let word = match row.fact {
            // A source that gives only an order gives no time.
            _ if row.precision == Precision::OrderOnly => "assumed",
            Provenance::Source { .. } => "published",
            Provenance::Derived(_) => "derived",
            Provenance::Invented => "assumed",
        };
        for id in unique(first.evidence) {
            out.entry(id).or_insert_with(|| word.to_owned());
        }
    }
    out
}
