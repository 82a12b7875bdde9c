//! The worked example of the model: ten runs whose exact scores come from its executable definition.

use super::{header, lang, s, scenario, seat};
use serde_json::Value;
use std::collections::BTreeMap;
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Fold, UpdateFields, UpdateStatus};
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::scoring::{Par, score};
use wheel_of_misfortune::stdx::rational::{Exact, parse, whole};
use wheel_of_misfortune::stdx::time::{Offset, Span, Tick};

const OF: u64 = 1000;

fn list(v: &Value) -> Vec<String> {
    v.as_array().map(|a| a.iter().map(|x| x.as_str().unwrap().to_owned()).collect()).unwrap_or_default()
}

/// The scenario's constants. A milestone is a label on an event there; here it is a look at a target of that name.
fn adapted(v: &Value) -> Scenario {
    let effects = list(&v["effect"]);
    let edges: Vec<Vec<String>> = v["edges"].as_array().unwrap().iter().map(list).collect();
    let milestones = list(&v["nodes"])
        .into_iter()
        .map(|id| Milestone {
            name: lang(&id),
            weight: v["weights"][&id].as_u64().unwrap() as u32,
            effect: effects.contains(&id),
            after: edges.iter().filter(|e| e[1] == id).map(|e| e[0].clone()).collect(),
            needs: v["cond"].get(&id).map(|_| Predicate::AlertFired { alert: s("lost") }),
            when: Predicate::Observed {
                what: None,
                target: Some(format!("ms/{id}")),
                service: None,
                user_facing: false,
            },
            id,
        })
        .collect();
    let mut scenario = Scenario {
        opens: Offset(0),
        horizon: Offset(v["horizon"].as_i64().unwrap() * 60),
        milestones,
        original: vec![],
        ..scenario()
    };
    scenario.truth.components = list(&v["truth"]);
    scenario.truth.affected = list(&v["affected"]);
    scenario.truth.severity = v["sev"].as_u64().unwrap() as u8;
    scenario.truth.impact = Offset(0);
    scenario.truth.delta = Span(v["delta"].as_u64().unwrap() * 60);
    scenario.truth.loss_rate = Exact(whole(OF as i64));
    scenario
}

fn users(v: &Value) -> u64 {
    let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let n = parse(&text).unwrap() * whole(OF as i64);
    assert!(n.is_integer());
    n.to_integer().try_into().unwrap()
}

fn service(e: &Value) -> String {
    e["service"].as_str().unwrap_or("").to_owned()
}

fn facts(log: &Value) -> Vec<Fact> {
    let mut events: Vec<&Value> = log.as_array().unwrap().iter().collect();
    events.sort_by_key(|e| (e["t"].as_u64(), e["seq"].as_u64()));
    let (mut out, mut curve, mut lost, mut hazard): (Vec<Fact>, Vec<(Tick, u64)>, u64, bool) =
        (vec![], vec![], 0, false);
    let mut count: BTreeMap<u64, u32> = BTreeMap::new();
    for e in events {
        let tick = e["t"].as_u64().unwrap() * 60;
        let mut push = |by: Actor, what: FactKind| {
            let n = count.entry(tick).or_default();
            *n += 1;
            let id = FactId { branch: 0, tick: Tick(tick), n: *n };
            out.push(Fact { id, by, what, evidence: vec![] });
            id
        };
        let fields = list(&e["fields"]);
        let has = |f: &str| fields.iter().any(|x| x == f);
        match e["kind"].as_str().unwrap() {
            "impact" => {
                let n = users(&e["u"]);
                curve.push((Tick(tick), n));
                push(Actor::World, FactKind::Impact { n, of: OF });
            }
            "durable_loss" => {
                let amount = e["amount"].as_u64().unwrap();
                lost += amount;
                push(Actor::World, FactKind::DurableLoss { amount, what: s("writes") });
                push(Actor::World, FactKind::AlertFired { alert: s("lost"), service: s("db1") });
            }
            "ack" => {
                push(seat(), FactKind::Acked { page: 1, service: service(e) });
            }
            "observe" => {
                let user_facing = e["user_facing"].as_u64() == Some(1);
                let what = FactKind::Observed {
                    what: ObservedKind::Metric,
                    target: s("panel"),
                    service: Some(service(e)),
                    user_facing,
                };
                push(seat(), what);
            }
            "say" => {
                let channel = if e["channel"] == "external" { Channel::Status } else { Channel::Internal };
                let fields = UpdateFields {
                    impact: has("impact").then(|| s("db1")),
                    status: has("status").then_some(UpdateStatus::Investigating),
                    action: has("action").then(|| s("a")),
                    next: has("next").then(|| s("n")),
                    again_min: None,
                };
                push(seat(), FactKind::Said { channel, text: lang("x"), fields, about: vec![], truthful: None });
            }
            "declare" => {
                // A declaration without a severity says nothing about it: 99 is near no truth.
                let severity = e["sev"].as_u64().unwrap_or(99) as u8;
                push(seat(), FactKind::Declared { severity });
            }
            "severity" => {
                push(seat(), FactKind::SeveritySet { severity: e["sev"].as_u64().unwrap() as u8 });
            }
            "cause" => {
                push(seat(), FactKind::Cause { components: list(&e["comps"]), mechanisms: list(&e["mech"]) });
            }
            "act" => {
                let acted = FactKind::Acted { verb: s("act"), target: s("db1"), mutating: true };
                let action = push(seat(), acted);
                if e["effect"] == "relief" {
                    push(Actor::World, FactKind::Relief { action, at: Tick(tick) });
                }
            }
            "inject" => {
                let allowance = e["allow"].as_u64().unwrap() * 60;
                push(Actor::Gm, FactKind::Injected { card: s("card"), text: lang("x"), allowance });
            }
            _ => {}
        }
        for label in list(&e["ms"]) {
            // A confirmation after the hazard confirms nothing.
            if label != "confirm_host" || !hazard {
                let target = format!("ms/{label}");
                let what = FactKind::Observed { what: ObservedKind::Host, target, service: None, user_facing: false };
                push(seat(), what);
            }
        }
        hazard |= e["kind"] == "act" && !e["hazard"].is_null();
    }
    let end = FactId { branch: 0, tick: Tick(90_000), n: 0 };
    let folds = [(Fold::Base, curve, lost), (Fold::HandsOff, vec![(Tick(0), 300)], 0)];
    for (i, (fold, points, lost)) in folds.into_iter().enumerate() {
        let what = FactKind::ImpactCurve { fold, points, of: OF, lost };
        out.push(Fact { id: FactId { n: i as u32 + 1, ..end }, by: Actor::World, what, evidence: vec![] });
    }
    out
}

#[test]
fn ten_runs_score_as_the_definition_says() {
    let v: Value = serde_json::from_str(include_str!("../../data/scoring/gitlab.json")).unwrap();
    let scenario = adapted(&v["scenario"]);
    let runs = v["runs"].as_object().unwrap();
    let par = Par::of(&scenario, &header(), &facts(&runs["R_replay"]["log"]), "");
    let mut compared = 0;
    for (name, run) in runs {
        let report = score(&scenario, &header(), &facts(&run["log"]), &par);
        let golden = run["checks"].as_array().unwrap();
        for c in &report.checks {
            let row = golden.iter().find(|g| g["check"] == c.id || g["id"] == c.id).unwrap();
            let expected = parse(row["points"].as_str().unwrap()).unwrap();
            assert_eq!(c.points, expected, "{name} {}: {}", c.id, c.formula);
            compared += 1;
        }
    }
    assert_eq!((runs.len(), compared), (10, 110));
}
