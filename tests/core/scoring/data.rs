//! Golden fact logs: files shaped as the worked example of the model, every check of every run exact.
//!
//! `WOM_SCORE_DIR` names a folder with further files of that shape; a folder that is missing or holds none fails.

use super::{lang, s, scenario, seat};
use num_bigint::BigInt;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Fold, Guard, Learning, UpdateFields, UpdateStatus};
use wheel_of_misfortune::milestone::Occurrence;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::scoring::{Mode, Model, ParRun, Report, Steps, score_with};
use wheel_of_misfortune::stdx::rational::{Exact, Ratio, parse, whole};
use wheel_of_misfortune::stdx::time::{Offset, Span, Tick};

/// The definition ticks in minutes.
const TICKS: i64 = 60;

/// Places that an event leaves for the facts that follow from it, in its tick.
const ROOM: u32 = 8;

/// Checks whose evidence is the definition's too; the others cite what the definition leaves implicit.
const SAME_EVIDENCE: &[&str] = &["D1", "D2", "D3", "G1", "G4", "G5", "M2", "M3", "M4", "C1", "C2", "C5", "O1", "O2"];

pub fn list(v: &Value) -> Vec<String> {
    v.as_array().map(|a| a.iter().map(|x| x.as_str().unwrap().to_owned()).collect()).unwrap_or_default()
}

/// A number as the files write it: `3`, `0.5`, `"3/10"`.
fn number(v: &Value) -> Ratio {
    let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    parse(&text).unwrap_or_else(|| panic!("`{text}` is no number"))
}

fn seconds(v: &Value) -> i64 {
    let n = number(v) * whole(TICKS);
    assert!(n.is_integer(), "{v} is no whole number of seconds");
    n.to_integer().try_into().unwrap()
}

fn count(r: Ratio) -> u64 {
    assert!(r.is_integer(), "{r} is not whole");
    r.to_integer().try_into().unwrap()
}

fn yes(v: &Value) -> bool {
    v.as_bool().unwrap_or_else(|| v.as_i64().is_some_and(|n| n != 0))
}

/// The least common multiple.
fn common(a: &BigInt, b: &BigInt) -> BigInt {
    // `a/b` in lowest terms has `b` without the common divisor below.
    a * Ratio::new(a.clone(), b.clone()).denom()
}

/// What the numbers of a file have in common, so that users and lost units are whole.
pub struct Unit {
    pub of: u64,
    loss: u64,
}

impl Unit {
    fn of(v: &Value) -> Unit {
        let (mut of, mut loss) = (BigInt::from(1000), number(&v["scenario"]["harm_null"]).denom().clone());
        for run in v["runs"].as_object().unwrap().values() {
            for e in run["log"].as_array().unwrap() {
                match e["kind"].as_str().unwrap() {
                    "impact" if !e["u"].is_null() => of = common(&of, number(&e["u"]).denom()),
                    "durable_loss" => loss = common(&loss, number(&e["amount"]).denom()),
                    _ => {}
                }
            }
        }
        Unit { of: of.try_into().unwrap(), loss: loss.try_into().unwrap() }
    }
}

/// The scenario's constants; milestones are labels there, so their predicates never hold.
pub fn adapted(v: &Value, unit: &Unit, injects: &BTreeSet<String>) -> Scenario {
    let never = || Predicate::Any(vec![]);
    let effects = list(&v["effect"]);
    let edges: Vec<Vec<String>> = v["edges"].as_array().unwrap().iter().map(list).collect();
    let milestones = list(&v["nodes"])
        .into_iter()
        .map(|id| Milestone {
            name: lang(&id),
            weight: v["weights"][&id].as_u64().unwrap() as u32,
            effect: effects.contains(&id),
            after: edges.iter().filter(|e| e[1] == id).map(|e| e[0].clone()).collect(),
            needs: v["cond"].get(&id).map(|c| {
                assert_eq!(c, "durable_loss occurred", "a condition that the definition knows");
                never()
            }),
            when: never(),
            avoidable: false,
            never: None,
            id,
        })
        .collect();
    let mut scenario = Scenario {
        opens: Offset(0),
        horizon: Offset(seconds(&v["horizon"])),
        milestones,
        original: vec![],
        ..scenario()
    };
    scenario.truth.components = list(&v["truth"]);
    scenario.truth.mechanisms = list(&v["mech"]);
    scenario.truth.affected = list(&v["affected"]);
    scenario.truth.severity = v["sev"].as_u64().unwrap() as u8;
    scenario.truth.impact = Offset(seconds(&v["anchor"]));
    scenario.truth.delta = Span(seconds(&v["delta"]) as u64);
    scenario.truth.tau = Exact(number(&v["tau"]));
    scenario.truth.loss_rate = Exact(Ratio::new(unit.of.into(), unit.loss.into()));
    scenario.scoring.gap = Span(seconds(&v["gap"]) as u64);
    scenario.scoring.silence = Span(seconds(&v["silence0"]) as u64);
    scenario.scoring.shift = Some(Span(seconds(&v["shift"]) as u64));
    let need = |n: &Value| HelpPoint {
        topic: n["topic"].as_str().unwrap().to_owned(),
        people: vec![],
        at: Span(seconds(&n["t"]) as u64),
        within: Span(seconds(&n["w"]) as u64),
    };
    scenario.scoring.help = v["need_help"].as_array().unwrap().iter().map(need).collect();
    // Each inject expects to be closed, and only the log says when it was.
    let card = |id: &String| Card {
        reliability: None,
        id: id.clone(),
        title: lang(id),
        note: lang(id),
        allowance: Span(0),
        harm: None,
        done: Some(never()),
        about: vec![],
        disables: vec![],
        disabled_for: None,
        actions: vec![],
    };
    scenario.deck = injects.iter().map(card).collect();
    scenario
}

/// Facts of a log, what it shows of the milestones, and which event each fact comes from.
pub struct Played {
    pub facts: Vec<Fact>,
    pub steps: Steps,
    events: BTreeMap<FactId, String>,
}

pub fn played(v: &Value, log: &Value, unit: &Unit) -> Played {
    let mut events: Vec<&Value> = log.as_array().unwrap().iter().collect();
    events.sort_by_key(|e| (seconds(&e["t"]), e["seq"].as_u64()));
    // An event's fact has its place before it is written: evidence may name it from elsewhere.
    let mut places: BTreeMap<String, FactId> = BTreeMap::new();
    let mut in_tick: BTreeMap<i64, u32> = BTreeMap::new();
    for e in &events {
        let at = seconds(&e["t"]);
        let k = in_tick.entry(at).or_default();
        let id = FactId { branch: 0, tick: Tick(at as u64), n: *k * ROOM + 1 };
        *k += 1;
        places.insert(e["id"].as_str().unwrap().to_owned(), id);
    }
    let nodes = list(&v["nodes"]);
    let effects = list(&v["effect"]);
    let mut out = Played { facts: vec![], steps: Steps::default(), events: BTreeMap::new() };
    out.steps.seen = vec![vec![]; nodes.len()];
    out.steps.core = nodes.iter().map(|n| effects.contains(n)).collect();
    let lost = events.iter().any(|e| e["kind"] == "durable_loss");
    out.steps.needed = nodes.iter().map(|n| v["cond"].get(n).is_none() || lost).collect();
    let mut sorts: Vec<String> = Vec::new();
    let mut hazard = false;
    for e in &events {
        let name = e["id"].as_str().unwrap();
        let id = places[name];
        let mut next = id.n;
        let mut push = |by: Actor, what: FactKind, evidence: Vec<FactId>| {
            let fact = FactId { n: next, ..id };
            next += 1;
            out.events.insert(fact, name.to_owned());
            out.facts.push(Fact { id: fact, by, what, evidence });
            fact
        };
        for (by, what, evidence) in facts_of(e, v, unit, &places, &mut sorts) {
            push(by, what, evidence);
        }
        if e["kind"] == "act" {
            let action = id;
            if e["effect"] == "relief" {
                push(Actor::World, FactKind::Relief { action, at: id.tick }, vec![action]);
            }
            if yes(&e["announced"]) {
                push(seat(), FactKind::Announced { action, target: text(e, "target") }, vec![]);
            }
        }
        for label in list(&e["ms"]) {
            // A confirmation after the hazard confirms nothing.
            if label == "confirm_host" && hazard {
                continue;
            }
            if let Some(at) = nodes.iter().position(|n| *n == label) {
                out.steps.seen[at].push(Occurrence { tick: id.tick, evidence: vec![id] });
            }
        }
        hazard |= e["kind"] == "act" && !e["hazard"].is_null() && number(&e["hazard"]) > whole(0);
    }
    let end = FactId { branch: 0, tick: Tick(10_000_000), n: 1 };
    let lost = count(number(&v["harm_null"]) * whole(unit.loss as i64));
    let what = FactKind::ImpactCurve { fold: Fold::HandsOff, points: vec![], of: unit.of, lost };
    out.facts.push(Fact { id: end, by: Actor::World, what, evidence: vec![] });
    out
}

fn text(e: &Value, field: &str) -> String {
    e[field].as_str().unwrap_or("").to_owned()
}

/// The facts that an event is.
fn facts_of(
    e: &Value,
    v: &Value,
    unit: &Unit,
    places: &BTreeMap<String, FactId>,
    sorts: &mut Vec<String>,
) -> Vec<(Actor, FactKind, Vec<FactId>)> {
    let mut evidence = vec![];
    let fields = list(&e["fields"]);
    let has = |f: &str| fields.iter().any(|x| x == f);
    let mut by = seat();
    let what = match e["kind"].as_str().unwrap() {
        "impact" if e["u"].is_null() => return vec![],
        "impact" => {
            by = Actor::World;
            FactKind::Impact { n: count(number(&e["u"]) * whole(unit.of as i64)), of: unit.of }
        }
        "durable_loss" => {
            by = Actor::World;
            let amount = count(number(&e["amount"]) * whole(unit.loss as i64));
            FactKind::DurableLoss { amount, what: s("writes") }
        }
        "ack" => FactKind::Acked { page: 1, service: text(e, "service") },
        "observe" => FactKind::Observed {
            what: ObservedKind::Metric,
            target: s("panel"),
            service: e["service"].as_str().map(str::to_owned),
            user_facing: yes(&e["user_facing"]),
            shown: None,
        },
        "say" => {
            let channel = if e["channel"] == "external" { Channel::Status } else { Channel::Internal };
            let mut about = list(&e["about"]);
            if has("closing") {
                about.push(s("closing"));
            }
            let fields = UpdateFields {
                impact: has("impact").then(|| list(&v["affected"])[0].clone()),
                status: has("status").then_some(UpdateStatus::Investigating),
                action: has("action").then(|| s("a")),
                next: has("next").then(|| s("n")),
                again_min: None,
            };
            FactKind::Said { channel, text: lang("x"), fields, about, truthful: None }
        }
        // A declaration without a severity says nothing about it.
        "declare" => FactKind::Declared { severity: e["sev"].as_u64().unwrap_or(0) as u8 },
        "severity" => FactKind::SeveritySet { severity: e["sev"].as_u64().unwrap_or(0) as u8 },
        "role" => FactKind::RoleAssigned { role: text(e, "role"), to: s("primary") },
        "hypothesis" => FactKind::Hypothesis { component: text(e, "service") },
        "cause" => {
            evidence = list(&e["evidence"]).iter().filter_map(|id| places.get(id).copied()).collect();
            FactKind::Cause { components: list(&e["comps"]), mechanisms: list(&e["mech"]), confidence: None }
        }
        "help" => FactKind::Help { topic: text(e, "topic") },
        "handover" => FactKind::HandedOver { to: s("infra") },
        "resolve" => FactKind::Resolved,
        "followup" => FactKind::FollowUp { text: s("x"), owner: s("team") },
        "act" => {
            let hazard = (!e["hazard"].is_null()).then(|| Exact(number(&e["hazard"])));
            FactKind::Acted { verb: s("act"), target: text(e, "target"), mutating: yes(&e["mutating"]), hazard }
        }
        "guard" => {
            let Some(guard) = Guard::ALL.into_iter().find(|g| e["g"] == g.word()) else { return vec![] };
            FactKind::Guarded { guard, target: text(e, "target") }
        }
        "inject" => {
            by = Actor::Gm;
            let allowance = seconds(&e["allow"]) as u64;
            FactKind::Injected { card: text(e, "inject"), text: lang("x"), allowance }
        }
        "inject_closed" => FactKind::InjectClosed { card: text(e, "inject") },
        "triage" => FactKind::Triaged { card: text(e, "inject") },
        "hint" => {
            by = Actor::Gm;
            let rung = [1, 3, 5][e["tier"].as_u64().unwrap_or(0).min(2) as usize];
            FactKind::Nudged { rung, text: lang("?") }
        }
        "learning" => {
            // Marks differ by their sort; which word a sort has does not matter.
            let word = text(e, "what");
            if !sorts.contains(&word) {
                sorts.push(word.clone());
            }
            let sort = sorts.iter().position(|x| *x == word).unwrap().min(3);
            FactKind::Learned { what: Learning::ALL[sort], text: s("x") }
        }
        other => panic!("the definition knows no `{other}`"),
    };
    vec![(by, what, evidence)]
}

pub fn mode_of(v: &Value) -> Mode {
    if v["mode"] == "solo" { Mode::Solo } else { Mode::Team }
}

/// Everything of a file that scoring needs.
pub struct Golden {
    pub value: Value,
    pub scenario: Scenario,
    pub unit: Unit,
}

impl Golden {
    pub fn read(text: &str) -> Golden {
        let value: Value = serde_json::from_str(text).expect("JSON");
        let unit = Unit::of(&value);
        let logs = value["runs"].as_object().unwrap().values().flat_map(|r| r["log"].as_array().unwrap());
        let injects = logs.filter(|e| e["kind"] == "inject").map(|e| text_of(e, "inject")).collect();
        let scenario = adapted(&value["scenario"], &unit, &injects);
        Golden { scenario, unit, value }
    }

    pub fn bundled() -> Golden {
        Golden::read(include_str!("../../data/scoring/gitlab.json"))
    }

    pub fn model(&self, mode: Mode) -> Model {
        // A user-minute of the file is one of a population of one.
        Model { floor_harm: whole(self.unit.of as i64), ..Model::of(&self.scenario, mode) }
    }

    pub fn played(&self, name: &str) -> Played {
        played(&self.value["scenario"], &self.value["runs"][name]["log"], &self.unit)
    }

    /// The run that par is of: the replay, else the one that scores par.
    pub fn reference(&self) -> String {
        let runs = self.value["runs"].as_object().unwrap();
        let par = &self.value["par"];
        let named = runs.keys().find(|k| *k == "R_replay" || *k == "R" || *k == "reference");
        named.or_else(|| runs.iter().find(|(_, r)| r["total"] == *par).map(|(k, _)| k)).expect("a reference").clone()
    }

    pub fn par(&self, mode: Mode) -> ParRun {
        let r = self.played(&self.reference());
        ParRun::of(&self.model(mode), &self.scenario, &r.facts, &r.steps, "")
    }

    pub fn score(&self, run: &Played, mode: Mode) -> Report {
        score_with(&self.model(mode), &self.scenario, &run.facts, run.steps.clone(), &self.par(mode))
    }
}

fn text_of(e: &Value, field: &str) -> String {
    e[field].as_str().unwrap_or("").to_owned()
}

/// Compares a file; the number of runs and of checks, or every difference.
fn compare(text: &str) -> Result<(usize, usize), Vec<String>> {
    let golden = Golden::read(text);
    let (mut checks, mut wrong) = (0, Vec::new());
    let runs = golden.value["runs"].as_object().unwrap();
    let mode_for = |run: &Value| mode_of(if run["mode"].is_null() { &golden.value["scenario"] } else { run });
    for (name, run) in runs {
        let played = golden.played(name);
        let mode = mode_for(run);
        let report = golden.score(&played, mode);
        let mut differ = |what: &str, got: &Ratio, want: &Value| {
            if *got != number(want) {
                wrong.push(format!("{name} {what}: {got}, expected {want}"));
            }
        };
        for (what, got) in [("total", &report.points), ("base", &report.base), ("surprise", &report.surprise)] {
            if !run[what].is_null() {
                differ(what, got, &run[what]);
            }
        }
        if mode == Mode::Team && !golden.value["par"].is_null() {
            differ("par", &report.par, &golden.value["par"]);
        }
        for row in run["checks"].as_array().unwrap() {
            let id = row["check"].as_str().unwrap();
            let c = report.check(id).unwrap_or_else(|| panic!("{id} is one of the checks"));
            differ(&format!("{id} max"), &c.max, &row["max"]);
            differ(&format!("{id} credit ({})", c.formula), &c.credit, &row["credit"]);
            differ(&format!("{id} points"), &c.points, &row["points"]);
            checks += 1;
        }
        for row in run["checks"].as_array().unwrap() {
            let id = row["check"].as_str().unwrap();
            let c = report.check(id).unwrap();
            if SAME_EVIDENCE.contains(&id) && c.credit > whole(0) {
                let got: BTreeSet<&str> = c.evidence.iter().map(|f| played.events[f].as_str()).collect();
                let want = list(&row["evidence"]);
                let want: BTreeSet<&str> = want.iter().map(String::as_str).collect();
                if got != want {
                    wrong.push(format!("{name} {id} evidence: {got:?}, expected {want:?}"));
                }
            }
        }
    }
    if wrong.is_empty() { Ok((runs.len(), checks)) } else { Err(wrong) }
}

/// The files to compare: ours, and those of the folder that the variable names.
pub fn files(own: &[&str], variable: &str) -> Vec<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/scoring");
    let mut out: Vec<PathBuf> = own.iter().map(|name| ours.join(name)).collect();
    if let Some(dir) = std::env::var_os(variable) {
        let mut more: Vec<PathBuf> = std::fs::read_dir(&dir)
            .unwrap_or_else(|e| panic!("{variable} names {}: {e}", Path::new(&dir).display()))
            .map(|f| f.unwrap().path())
            .filter(|p| p.extension().is_some_and(|x| x == "json"))
            .collect();
        assert!(!more.is_empty(), "{variable} names a folder without a .json file");
        more.sort();
        out.extend(more);
    }
    out
}

#[test]
fn score_data() {
    let mut failed = Vec::new();
    for path in
        files(&["gitlab.json", "variants_solo.json", "variants_team.json", "variants_late.json"], "WOM_SCORE_DIR")
    {
        let text = std::fs::read_to_string(&path).unwrap();
        match compare(&text) {
            Ok((runs, checks)) => println!("{}: {runs} runs, {checks} checks equal", path.display()),
            Err(wrong) => {
                println!("{}: {} differences", path.display(), wrong.len());
                failed.extend(wrong.into_iter().take(30));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(compare(include_str!("../../data/scoring/gitlab.json")), Ok((10, 260)));
}

#[test]
fn score_data_notices_a_changed_number() {
    let text = include_str!("../../data/scoring/gitlab.json");
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["runs"]["B_guarded"]["checks"][9]["credit"] = Value::from("334/499");
    assert_eq!(compare(&value.to_string()).unwrap_err().len(), 1);
    // A log with one more minute of harm is another log.
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["runs"]["F_nothing"]["log"][0]["u"] = Value::from("1/5");
    assert!(compare(&value.to_string()).is_ok(), "nobody there earns nothing, whatever the harm");
    value["runs"]["D_slow_silent"]["log"][0]["u"] = Value::from("2/5");
    assert!(compare(&value.to_string()).is_err());
}
