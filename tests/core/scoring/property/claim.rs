//! Properties 21, 23, 24, 25: what is not needed, what was stated, what was guarded.

use super::super::sample::*;
use super::monotone::correct_cause;
use super::{Outcome, ensure, seat};
use wheel_of_misfortune::fact::{Fact, FactKind, Guard};
use wheel_of_misfortune::scoring::Mistake;
use wheel_of_misfortune::stdx::rational::{Exact, ratio, whole};

/// 21: without the cause of a conditional step, and without the step, nothing is lost.
pub fn not_needed_is_met(mistake: Option<Mistake>) -> Outcome {
    for x in golden().iter().filter(|x| x.facts.iter().any(|f| matches!(f.what, FactKind::DurableLoss { .. }))) {
        let conditional: Vec<String> =
            x.scenario.milestones.iter().filter(|m| m.needs.is_some()).map(|m| format!("ms/{}", m.id)).collect();
        let facts: Vec<Fact> = x
            .facts
            .iter()
            .filter(|f| match &f.what {
                FactKind::DurableLoss { .. } | FactKind::AlertFired { .. } => false,
                FactKind::Observed { target, .. } => !conditional.contains(target),
                _ => true,
            })
            .cloned()
            .collect();
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&facts, mistake));
        ensure(b.points >= a.points, || format!("{}: {} without the loss, {} with it", x.name, b.points, a.points))?;
    }
    Ok(())
}

#[test]
fn property_21_not_needed_is_met() {
    not_needed_is_met(None).unwrap();
    // A real one: the registry's later fix is needed only once it is on staging.
    let x = session("better").into_iter().find(|x| x.name.contains("registry")).unwrap();
    let facts: Vec<Fact> = x
        .facts
        .iter()
        .filter(|f| !matches!(&f.what, FactKind::Said { about, .. } if about.iter().any(|a| a == "staged")))
        .filter(|f| !(f.by.is_responder() && f.id.tick.0 > 90 * 60 && f.id.tick.0 < 101 * 60))
        .cloned()
        .collect();
    let r = x.score(&facts);
    let spare = r.moves.iter().filter(|m| m.kind == wheel_of_misfortune::scoring::MoveKind::NotNeeded).count();
    assert_eq!(spare, 2);
    assert!(points(&r, "A1") >= points(&x.score(&x.facts), "A1"));
}

/// 23: the last statement counts, whatever was said before.
pub fn revision_is_free(mistake: Option<Mistake>) -> Outcome {
    for x in all().filter(|x| !x.scenario.truth.components.is_empty()) {
        let last = x.facts.iter().rfind(|f| f.by.is_responder() && matches!(f.what, FactKind::Cause { .. }));
        let t = last.map_or(x.anchor() + 600, |f| f.id.tick.0);
        for earlier in [vec![], vec!["nothing", "of", "it"], vec!["web", "cdn", "dns", "disk", "queue"]] {
            let mut wrong = x.facts.clone();
            if !earlier.is_empty() {
                let components = earlier.iter().map(|c| (*c).to_owned()).collect();
                let what = FactKind::Cause { components, mechanisms: vec!["dns".to_owned()], confidence: None };
                add(&mut wrong, t, seat(), what);
            }
            let mut revised = wrong.clone();
            let id = add(&mut revised, t, seat(), correct_cause(x));
            // It rests on what the statement before it rested on.
            if let Some(last) = last {
                revised.iter_mut().find(|f| f.id == id).unwrap().evidence.clone_from(&last.evidence);
            }
            let b = x.score_as(&revised, mistake);
            ensure(x.score_as(&wrong, mistake).points <= b.points, || format!("{}: revising costs", x.name))?;
            let full = b.check("G1").map(|c| c.credit.clone());
            ensure(full == Some(whole(1)), || format!("{}: G1 {full:?} after {earlier:?}", x.name))?;
        }
    }
    Ok(())
}

#[test]
fn property_23_revision_is_free() {
    revision_is_free(None).unwrap();
}

/// 24: a false component beside the true ones costs.
pub fn over_claiming_costs(mistake: Option<Mistake>) -> Outcome {
    let mut compared = 0;
    for x in all() {
        let credit = |facts: &[Fact]| x.score_as(facts, mistake).check("G1").unwrap().credit.clone();
        let before = credit(&x.facts);
        if before == whole(0) {
            continue;
        }
        let mut facts = x.facts.clone();
        let last = facts.iter_mut().rfind(|f| matches!(f.what, FactKind::Cause { .. })).unwrap();
        if let FactKind::Cause { components, .. } = &mut last.what {
            components.push("the-moon".to_owned());
        }
        ensure(credit(&facts) < before, || format!("{}: {before} with one more", x.name))?;
        compared += 1;
    }
    ensure(compared >= 6, || format!("only {compared} runs were compared"))
}

#[test]
fn property_24_over_claiming_costs() {
    over_claiming_costs(None).unwrap();
}

/// 25: each safeguard counts, and only before the action.
pub fn guard_mutations(mistake: Option<Mistake>) -> Outcome {
    for x in golden() {
        let target = "the-thing".to_owned();
        let act = 40 * 60;
        let with = |guards: &[(Guard, u64)]| {
            let mut facts = x.facts.clone();
            for (guard, t) in guards {
                add(&mut facts, *t, seat(), FactKind::Guarded { guard: *guard, target: target.clone() });
            }
            let what = FactKind::Acted {
                verb: "act".into(),
                target: target.clone(),
                mutating: true,
                hazard: Some(Exact(ratio(1, 2))),
            };
            add(&mut facts, act, seat(), what);
            points(&x.score_as(&facts, mistake), "S1")
        };
        let all: Vec<(Guard, u64)> = Guard::ALL.map(|g| (g, act - 300)).to_vec();
        let full = with(&all);
        for i in 0..3 {
            let mut without = all.clone();
            without.remove(i);
            let dropped = with(&without);
            // Where nobody did anything that helped there are no points to lose.
            let engaged = full > whole(0);
            ensure(!engaged || dropped < full, || format!("{}: {dropped} without one of {full}", x.name))?;
            let mut late = all.clone();
            late[i].1 = act + 300;
            let after = with(&late);
            ensure(after == dropped, || format!("{}: {after} with a late one, {dropped} without", x.name))?;
            let mut old = all.clone();
            old[i].1 = 0;
            ensure(act > 3600 || with(&old) == full, || format!("{}: 40 minutes old", x.name))?;
        }
    }
    Ok(())
}

#[test]
fn property_25_guard_mutations() {
    guard_mutations(None).unwrap();
    // Real safeguards: a look at what is removed, a list of releases, an answered announcement.
    let package =
        wheel_of_misfortune::storage::package::bundled().into_iter().find(|p| p.slug.contains("registry")).unwrap();
    let base = "T+1m look graph downloads\nT+12m release rollback api\nT+14m curl -sIL https://registry.example/api/v1/crates/serde/download\n";
    let guards = [
        ("release diff api v1043", Guard::Target),
        ("release list api", Guard::RestorePoint),
        (
            "update internal --impact api --action \"promoting v1043 of api\"\npage deployer api\n+30s @gm say deployer \"Go ahead.\"",
            Guard::SecondPerson,
        ),
    ];
    let loss = |lines: &str| {
        let text = format!("{base}T+95m {lines}\nT+97m release promote api v1043\nT+99m :end\n");
        let x = sample(&package, "guards", &text);
        let m = wheel_of_misfortune::scoring::measure(&x.scenario, &x.facts);
        assert_eq!(m.hazards.len(), 1, "{lines}");
        (m.hazards[0].guards.iter().map(|(g, _)| *g).collect::<std::collections::BTreeSet<_>>(), m.loss)
    };
    let (none, bare) = loss("true");
    assert!(none.is_empty() && bare == ratio(1, 2));
    for (line, guard) in guards {
        let (found, lost) = loss(line);
        assert!(found.contains(&guard), "{line}: {found:?}");
        assert!(lost < bare, "{line}");
    }
    let (found, lost) = loss(&guards.map(|(l, _)| l).join("\n"));
    assert_eq!((found.len(), lost), (3, whole(0)));
}
