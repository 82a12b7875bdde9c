//! Properties 11, 12: the cited facts are enough, and they are what earned it.

use super::super::sample::*;
use super::monotone::disturbed;
use super::{Outcome, ensure, random};
use std::collections::BTreeSet;
use wheel_of_misfortune::fact::{Fact, FactId};
use wheel_of_misfortune::scoring::Mistake;
use wheel_of_misfortune::stdx::rational::whole;

fn sufficient(x: &Sample, facts: &[Fact], mistake: Option<Mistake>) -> Outcome {
    let r = x.score_as(facts, mistake);
    let kept = cut(facts, &cited(&r));
    let again = x.score_as(&kept, mistake);
    ensure(again.points == r.points, || {
        let rows = r.checks.iter().zip(&again.checks).filter(|(a, b)| a.points != b.points);
        let rows: Vec<String> = rows.map(|(a, b)| format!("{} {} → {}", a.id, a.points, b.points)).collect();
        format!("{}: {} from {}: {rows:?}", x.name, again.points, r.points)
    })
}

/// 11: the cited facts alone score the same.
pub fn evidence_is_sufficient(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        sufficient(x, &x.facts, mistake)?;
    }
    random(120, |dice| {
        let x = dice.pick(golden()).unwrap();
        let facts = disturbed(x, dice);
        sufficient(x, &facts, mistake)
    })
}

#[test]
fn property_11_evidence_is_sufficient() {
    evidence_is_sufficient(None).unwrap();
}

/// Checks that something has to be there for.
const PRESENCE: &[&str] =
    &["D1", "D2", "D3", "G1", "G2", "G3", "G4", "G5", "M2", "M3", "M4", "M5", "C1", "C2", "C4", "C5", "O1", "O2"];

/// 12: points have evidence.
pub fn points_have_evidence(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let r = x.score_as(&x.facts, mistake);
        for c in r.checks.iter().filter(|c| c.points > whole(0)) {
            ensure(!c.evidence.is_empty(), || format!("{} {} without evidence", x.name, c.id))?;
        }
    }
    Ok(())
}

#[test]
fn property_12_evidence_is_necessary() {
    points_have_evidence(None).unwrap();
    let mut emptied = 0;
    for x in all() {
        for id in PRESENCE {
            // Another fact may stand in for a cited one: delete what is cited until nothing is.
            let mut facts = x.facts.clone();
            for _ in 0..400 {
                let c = x.score(&facts).check(id).unwrap().clone();
                if c.credit == whole(0) {
                    break;
                }
                let gone: BTreeSet<FactId> = c.evidence.iter().copied().collect();
                let before = facts.len();
                facts.retain(|f| !(gone.contains(&f.id) && (f.by.is_responder() || *id == "M2")));
                assert!(facts.len() < before, "{} {id} rests on nothing that the trainees did", x.name);
            }
            assert_eq!(x.score(&facts).check(id).unwrap().credit, whole(0), "{} {id}", x.name);
            emptied += 1;
        }
    }
    assert!(emptied > 200);
}
