//! Runs for the properties: sessions of the shipped scenarios in the real simulator, and the worked example as facts.

use super::data::Golden;
use super::{s, seat};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Fold};
use wheel_of_misfortune::host::Options;
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::scoring::{Mistake, Mode, Model, Par, ParRun, Report, Steps, score_with};
use wheel_of_misfortune::session::Header;
use wheel_of_misfortune::stdx::rational::{Ratio, whole};
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::package;

/// A run with everything that scores it.
#[derive(Clone)]
pub struct Sample {
    pub name: String,
    pub scenario: Arc<Scenario>,
    pub facts: Vec<Fact>,
    pub par: Arc<ParRun>,
    /// What a unit of harm is: a user-minute, or that of the worked example's population of one.
    pub floor_harm: Ratio,
    pub mode: Mode,
}

impl Sample {
    pub fn model(&self, mistake: Option<Mistake>) -> Model {
        Model { mistake, floor_harm: self.floor_harm.clone(), ..Model::of(&self.scenario, self.mode) }
    }

    pub fn score_as(&self, facts: &[Fact], mistake: Option<Mistake>) -> Report {
        // An edited stream has its facts in order of their ids.
        let mut facts = facts.to_vec();
        facts.sort_by_key(|f| (f.id.tick, f.id.n));
        let steps = Steps::of(&self.scenario, &facts);
        score_with(&self.model(mistake), &self.scenario, &facts, steps, &self.par)
    }

    pub fn score(&self, facts: &[Fact]) -> Report {
        self.score_as(facts, None)
    }

    pub fn with(&self, facts: Vec<Fact>) -> Sample {
        Sample { facts, ..self.clone() }
    }

    pub fn anchor(&self) -> u64 {
        self.scenario.truth.impact.tick(self.scenario.opens).unwrap_or_default().0
    }

    pub fn horizon(&self) -> u64 {
        self.scenario.horizon.tick(self.scenario.opens).unwrap_or_default().0
    }

    pub fn mitigated(&self) -> Option<Tick> {
        wheel_of_misfortune::scoring::measure(&self.scenario, &self.facts).mitigated_at
    }
}

/// The points of a check.
pub fn points(r: &Report, id: &str) -> Ratio {
    r.check(id).map_or_else(|| whole(0), |c| c.points.clone())
}

// ---- edits ----

/// Adds a fact after all others of its tick.
pub fn add(facts: &mut Vec<Fact>, tick: u64, by: Actor, what: FactKind) -> FactId {
    let n = facts.iter().filter(|f| f.id.tick.0 == tick).map(|f| f.id.n).max().unwrap_or(0) + 1;
    let id = FactId { branch: 0, tick: Tick(tick), n };
    let at = facts.iter().position(|f| (f.id.tick.0, f.id.n) > (tick, n)).unwrap_or(facts.len());
    facts.insert(at, Fact { id, by, what, evidence: vec![] });
    id
}

/// Moves a fact to another tick, together with what refers to it.
pub fn move_to(facts: &mut Vec<Fact>, id: FactId, tick: u64) -> Option<FactId> {
    let at = facts.iter().position(|f| f.id == id)?;
    let fact = facts.remove(at);
    let new = add(facts, tick, fact.by, fact.what);
    let moved = facts.iter_mut().find(|f| f.id == new)?;
    moved.evidence = fact.evidence;
    rename(facts, &BTreeMap::from([(id, new)]));
    Some(new)
}

/// Gives facts other ids wherever they are named.
pub fn rename(facts: &mut [Fact], to: &BTreeMap<FactId, FactId>) {
    let of = |id: &mut FactId| {
        if let Some(new) = to.get(id) {
            *id = *new;
        }
    };
    for f in facts {
        f.evidence.iter_mut().for_each(of);
        match &mut f.what {
            FactKind::Relief { action, .. }
            | FactKind::Announced { action, .. }
            | FactKind::Worsened { action, .. } => {
                of(action);
            }
            _ => {}
        }
    }
}

/// Every time of a stream through a function that keeps their order.
pub fn retimed(facts: &[Fact], to: impl Fn(u64) -> u64) -> Vec<Fact> {
    let mut used: BTreeMap<u64, u32> = BTreeMap::new();
    let mut ids = BTreeMap::new();
    let mut out = Vec::new();
    for f in facts {
        let tick = to(f.id.tick.0);
        let n = used.entry(tick).or_default();
        *n += 1;
        let id = FactId { branch: f.id.branch, tick: Tick(tick), n: *n };
        ids.insert(f.id, id);
        let mut f = Fact { id, ..f.clone() };
        match &mut f.what {
            FactKind::Relief { at, .. } | FactKind::Worsened { at, .. } => at.0 = to(at.0),
            FactKind::ImpactCurve { points, .. } => points.iter_mut().for_each(|(t, _)| t.0 = to(t.0)),
            _ => {}
        }
        out.push(f);
    }
    rename(&mut out, &ids);
    out
}

/// Users affected by this share of what they were, everywhere.
pub fn eased(facts: &[Fact], num: u64, den: u64) -> Vec<Fact> {
    let mut out = facts.to_vec();
    for f in &mut out {
        match &mut f.what {
            FactKind::Impact { n, .. } => *n = *n * num / den,
            FactKind::ImpactCurve { fold: Fold::Base, points, .. } => {
                points.iter_mut().for_each(|(_, n)| *n = *n * num / den);
            }
            _ => {}
        }
    }
    out
}

/// The stream without what nobody but the trainees did, but for the cited facts.
pub fn cut(facts: &[Fact], keep: &BTreeSet<FactId>) -> Vec<Fact> {
    facts.iter().filter(|f| !f.by.is_responder() || keep.contains(&f.id)).cloned().collect()
}

pub fn cited(r: &Report) -> BTreeSet<FactId> {
    let injects = r.injects.iter().flat_map(|i| i.evidence.iter().copied());
    let learning = r.learning.iter().map(|(_, id)| *id);
    r.checks.iter().flat_map(|c| c.evidence.iter().copied()).chain(injects).chain(learning).collect()
}

// ---- sessions ----

const SLOW: &[(&str, &str)] = &[
    (
        "docsrs-2019-10-21-disk-full",
        "T+9m :ack 1\nT+12m update internal --status investigating \"looking\"\nT+16m df -h\nT+25m du -sh /srv/docs/*\nls /srv/docs/builder/output\nT+30m page infra \"disk\"\nT+38m sudo rm -r /srv/docs/builder/output\nT+40m sudo systemctl restart web\nT+46m curl -sI https://docs.example/serde\nT+48m resolve\nT+55m :end\n",
    ),
    (
        "rust-registry-2023-07-20-bad-deploy",
        "T+14m look graph downloads\nT+16m :ack 1\nT+20m update internal --status investigating \"looking\"\nT+35m release rollback api\nT+40m curl -sIL https://registry.example/api/v1/crates/serde/download\nT+42m resolve\nT+60m :end\n",
    ),
];

/// What a walkthrough of a shipped scenario gives, played once.
pub fn play(package: &Package, text: &str, seats: &[&str]) -> (Header, Arc<Scenario>, Vec<Fact>, String) {
    let options = Options { seats: seats.iter().map(|s| (*s).to_owned()).collect(), ..Options::default() };
    let done = rehearsal::run(package.clone(), text, options, None).expect("it runs");
    let session = done.host.session();
    (session.header.clone(), session.scenario.clone(), session.facts().to_vec(), session.digest())
}

/// A session of a package, scored as a team's against the pinned par.
pub fn sample(package: &Package, name: &str, text: &str) -> Sample {
    let (_, scenario, facts, _) = play(package, text, &["primary"]);
    let par = Arc::new(Par::pinned(package).expect("a par is pinned").team);
    let name = format!("{} {name}", package.slug);
    Sample { name, scenario, facts, par, floor_harm: whole(1), mode: Mode::Team }
}

/// Reference, better, slow and nobody of every shipped scenario.
pub fn sessions() -> &'static [Sample] {
    static ALL: OnceLock<Vec<Sample>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut out = Vec::new();
        for package in package::bundled() {
            for name in ["reference", "better", "nobody"] {
                let text = package.files.get(&format!("{name}.wom")).expect("the walkthrough is there");
                out.push(sample(&package, name, text));
            }
            if let Some((_, text)) = SLOW.iter().find(|(slug, _)| *slug == package.slug) {
                out.push(sample(&package, "slow", text));
            }
        }
        out
    })
}

pub fn session(name: &str) -> Vec<&'static Sample> {
    let all = sessions().iter().filter(|x| x.name.ends_with(&format!(" {name}")));
    all.collect()
}

/// The worked example's runs as facts: a label is a look at a thing of its name, which the matcher sees.
pub fn golden() -> &'static [Sample] {
    static ALL: OnceLock<Vec<Sample>> = OnceLock::new();
    ALL.get_or_init(|| {
        let golden = Golden::bundled();
        let mut scenario = golden.scenario.clone();
        for m in &mut scenario.milestones {
            m.when = Predicate::Observed {
                what: None,
                target: Some(format!("ms/{}", m.id)),
                service: None,
                user_facing: false,
            };
            m.needs = m.needs.as_ref().map(|_| Predicate::AlertFired { alert: s("lost") });
        }
        let scenario = Arc::new(scenario);
        let names: Vec<String> = golden.value["runs"].as_object().unwrap().keys().cloned().collect();
        let par = Arc::new(golden.par(Mode::Team));
        names
            .into_iter()
            .map(|name| {
                let played = golden.played(&name);
                let mut facts = played.facts;
                for (m, seen) in scenario.milestones.iter().zip(&played.steps.seen) {
                    for o in seen {
                        let what = FactKind::Observed {
                            what: ObservedKind::Host,
                            target: format!("ms/{}", m.id),
                            service: None,
                            user_facing: false,
                            shown: None,
                        };
                        add(&mut facts, o.tick.0, seat(), what);
                    }
                }
                let lost: Vec<u64> = facts
                    .iter()
                    .filter(|f| matches!(f.what, FactKind::DurableLoss { .. }))
                    .map(|f| f.id.tick.0)
                    .collect();
                for t in lost {
                    add(&mut facts, t, Actor::World, FactKind::AlertFired { alert: s("lost"), service: s("db1") });
                }
                let floor_harm = whole(golden.unit.of as i64);
                let (scenario, par) = (scenario.clone(), par.clone());
                Sample { name, scenario, facts, par, floor_harm, mode: Mode::Team }
            })
            .collect()
    })
}

/// Everything: real sessions and the worked example.
pub fn all() -> impl Iterator<Item = &'static Sample> {
    sessions().iter().chain(golden())
}
