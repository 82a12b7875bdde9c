//! Properties 1–3, 6, 9, 10, 13–16, 26, 29–31.

use super::super::sample::*;
use super::{Outcome, data, ensure, random};
use num_traits::Signed as _;
use std::collections::BTreeMap;
use wheel_of_misfortune::debrief::words::feedback;
use wheel_of_misfortune::fact::{Actor, Fact, FactKind};
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::scenario::Played;
use wheel_of_misfortune::scoring::curve::par_credit;
use wheel_of_misfortune::scoring::{CHECKS, Mistake, Mode, Par, Verdict, fidelity, score, score_in};
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::rational::{ratio, whole};
use wheel_of_misfortune::stdx::time::{Offset, Tick};
use wheel_of_misfortune::storage::package;

/// 1: the replay against its own par is level, to the last digit.
pub fn calibration(mistake: Option<Mistake>) -> Outcome {
    for x in session("reference").into_iter().chain(golden().iter().filter(|g| g.name == "R_replay")) {
        let r = x.score_as(&x.facts, mistake);
        ensure(r.delta == whole(0) && r.points == x.par.points.0, || format!("{}: {} to par", x.name, r.delta))?;
    }
    Ok(())
}

#[test]
fn property_01_calibration() {
    calibration(None).unwrap();
    for package in package::bundled() {
        let text = package.files.get("reference.wom").unwrap();
        let done = rehearsal::run(package.clone(), text, Options::default(), None).unwrap();
        assert_eq!(done.problems, []);
        let today = rehearsal::par(&package, text, &Options::default(), &done.host).unwrap();
        let pinned = Par::pinned(&package).unwrap();
        assert!(today == pinned, "{}: `wheel rehearse … --pin` pins it", package.slug);
        let session = done.host.session();
        let team = score_in(Mode::Team, &session.scenario, &session.header, session.facts(), &pinned);
        assert_eq!((&team.points, team.delta), (&pinned.team.points.0, whole(0)), "{} team", package.slug);
        // One person's par is a run of its own, slower by the stretch.
        let slow = rehearsal::stretched(text, &session.scenario.scoring.solo_stretch.0);
        let (header, scenario, facts, _) = play(&package, &slow, &["primary"]);
        let solo = score(&scenario, &header, &facts, &pinned);
        assert_eq!((&solo.points, solo.delta), (&pinned.solo.points.0, whole(0)), "{} solo", package.slug);
        assert!(pinned.solo.relief > pinned.team.relief);
        for par in [&pinned.team, &pinned.solo] {
            assert!(*par.points >= whole(30) && *par.points <= whole(85), "room on both sides: {}", *par.points);
        }
    }
}

#[test]
fn property_02_timeline_fidelity() {
    for x in session("reference") {
        let rows = fidelity(&x.scenario, &x.facts);
        let missed: Vec<_> = rows.iter().filter(|r| r.verdict == Verdict::Miss).collect();
        assert!(missed.is_empty(), "{}: {missed:?}", x.name);
        assert!(rows.iter().filter(|r| r.verdict == Verdict::Ok).count() >= 8);
    }
    // A row that was published at another time than the replay shows is a miss, each of them.
    for x in session("reference") {
        for (at, row) in x.scenario.original.iter().enumerate() {
            let Played::When { tolerance, .. } = row.played else { continue };
            let mut scenario = (*x.scenario).clone();
            scenario.original[at].at.0 += 2 * tolerance.0 as i64 + 1;
            assert_eq!(fidelity(&scenario, &x.facts)[at].verdict, Verdict::Miss, "{} {}", x.name, row.id);
        }
    }
    for x in session("better") {
        assert!(fidelity(&x.scenario, &x.facts).iter().any(|r| r.verdict == Verdict::Miss), "{}", x.name);
    }
}

#[test]
fn property_03_par_anchor() {
    let floor = whole(5);
    let mut seen = 0;
    for x in session("reference") {
        let r = x.score(&x.facts);
        let times =
            [("D1", &x.par.recognise), ("G4", &x.par.first_cause), ("M1", &x.par.mitigated), ("M2", &x.par.relief)];
        for (id, t) in times {
            let Some(t) = t else { continue };
            let credit = &r.check(id).unwrap().credit;
            let expected =
                if t.0 >= floor { ratio(3, 5) } else { par_credit(Some(&t.0), Some(&floor), &floor, &ratio(1, 2)) };
            assert_eq!(*credit, expected, "{} {id}", x.name);
            seen += 1;
        }
        let idle = x.par.hands_off.clone().unwrap().0;
        assert!(idle > x.par.harm.0, "the original did better than nobody");
        assert_eq!(r.check("H1").unwrap().credit, ratio(3, 5), "{}", x.name);
    }
    assert_eq!(seen, 6);
    super::golden_h1(None).unwrap();
}

/// 6: without the trainees there are no points.
pub fn empty_is_zero(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let alone: Vec<Fact> = x
            .facts
            .iter()
            .filter(|f| !f.by.is_responder() && !matches!(f.what, FactKind::Injected { .. } | FactKind::Relief { .. }))
            .cloned()
            .collect();
        for (num, den) in [(1, 1), (1, 4), (0, 1)] {
            let r = x.score_as(&eased(&alone, num, den), mistake);
            ensure(r.points == whole(0), || format!("{}: {} for nobody", x.name, r.points))?;
        }
    }
    Ok(())
}

#[test]
fn property_06_empty_is_zero() {
    empty_is_zero(None).unwrap();
    for x in session("nobody") {
        assert_eq!(x.score(&x.facts).points, whole(0), "{}", x.name);
    }
}

/// 9: the total is the sum of its parts.
pub fn sum_of_parts(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let r = x.score_as(&x.facts, mistake);
        let sum = r.checks.iter().fold(whole(0), |a, c| a + &c.points) + &r.surprise + &r.learning_points;
        ensure(r.points == sum, || format!("{}: {} of {sum}", x.name, r.points))?;
    }
    Ok(())
}

#[test]
fn property_09_sum_of_parts() {
    sum_of_parts(None).unwrap();
    for x in all() {
        let r = x.score(&x.facts);
        for c in &r.checks {
            assert_eq!(c.points, &c.max * &c.credit, "{} {}", x.name, c.id);
        }
        assert_eq!(r.delta, &r.points - &r.par);
        assert_eq!(r.checks.iter().fold(whole(0), |a, c| a + &c.par_points), r.par);
    }
}

/// 10: credits and sums stay within their bounds.
pub fn bounds(mistake: Option<Mistake>) -> Outcome {
    random(120, |dice| {
        let x = dice.pick(golden()).unwrap().clone();
        let facts = super::monotone::disturbed(&x, dice);
        let r = x.score_as(&facts, mistake);
        for c in &r.checks {
            ensure(!c.credit.is_negative() && c.credit <= whole(1), || format!("{}: {}", c.id, c.credit))?;
        }
        ensure(r.base <= whole(100) && r.max == whole(100), || format!("base {}", r.base))?;
        ensure(&r.base + &r.surprise >= whole(-12), || format!("{} and {}", r.base, r.surprise))?;
        ensure(r.surprise >= whole(-12) && r.surprise <= whole(3), || format!("surprise {}", r.surprise))
    })
}

#[test]
fn property_10_bounds() {
    bounds(None).unwrap();
    for x in sessions() {
        let r = x.score(&x.facts);
        assert_eq!(r.max, whole(100), "{}: what does not apply is spread over the rest", x.name);
    }
}

#[test]
fn property_13_determinism() {
    for package in package::bundled() {
        let text = package.files.get("better.wom").unwrap();
        let one = |_| {
            let (header, scenario, facts, digest) = play(&package, text, &["primary"]);
            let par = Par::pinned(&package).unwrap();
            let json = wheel_of_misfortune::scoring::report_json(&score(&scenario, &header, &facts, &par));
            (digest, json.to_string())
        };
        // Two threads at once, and the bytes are the same.
        let both = std::thread::scope(|s| {
            let other = s.spawn(|| one(2));
            (one(1), other.join().unwrap())
        });
        assert!(both.0 == both.1, "{}", package.slug);
    }
}

/// 14: a constant added to all times and anchors changes nothing.
pub fn time_shift(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let later = 1_000;
        let facts: Vec<Fact> = retimed(&x.facts, |t| if t == 0 { 0 } else { t + later });
        let mut scenario = (*x.scenario).clone();
        scenario.horizon = Offset(scenario.horizon.0 + later as i64);
        // Anchors of the scenario move along; what the opening shows is at tick 0 in both.
        scenario.truth.impact = Offset(scenario.truth.impact.0 + later as i64);
        let mut moved = Sample { scenario: scenario.into(), facts, ..x.clone() };
        let starts = |f: &&Fact| f.id.tick.0 == 0 && matches!(f.what, FactKind::Impact { n, .. } if n > 0);
        if x.facts.iter().any(|f| starts(&f)) {
            // Users who are affected from the first tick on would be affected longer: move that too.
            moved.facts = retimed(&x.facts, |t| t + later);
        }
        let (a, b) = (x.score_as(&x.facts, mistake).points, moved.score_as(&moved.facts, mistake).points);
        ensure(a == b, || format!("{}: {a}, and {b} later", x.name))?;
    }
    Ok(())
}

#[test]
fn property_14_time_shift() {
    time_shift(None).unwrap();
}

#[test]
fn property_15_unit_invariance() {
    for (x, r) in [(1, 40), (40, 40), (90, 40), (400, 40), (7, 13)] {
        let (x, r) = (whole(x), whole(r));
        for c in [ratio(60, 1), ratio(7, 3), ratio(1, 2)] {
            let zero = whole(0);
            let a = par_credit(Some(&x), Some(&r), &zero, &zero);
            assert_eq!(par_credit(Some(&(&x * &c)), Some(&(&r * &c)), &zero, &zero), a);
        }
    }
    ten_times_the_people(None).unwrap();
}

/// 15: ten times the people, ten times the affected: the same credit.
pub fn ten_times_the_people(mistake: Option<Mistake>) -> Outcome {
    for x in golden() {
        let mut ten = x.facts.clone();
        for f in &mut ten {
            if let FactKind::Impact { n, of } = &mut f.what {
                (*n, *of) = (*n * 10, *of * 10);
            }
        }
        let mut scenario = (*x.scenario).clone();
        scenario.truth.loss_rate.0 = &scenario.truth.loss_rate.0 * whole(10);
        let mut par = (*x.par).clone();
        par.harm.0 = &par.harm.0 * whole(10);
        let larger =
            Sample { scenario: scenario.into(), par: par.into(), floor_harm: &x.floor_harm * whole(10), ..x.clone() };
        let (a, b) = (x.score_as(&x.facts, mistake).points, larger.score_as(&ten, mistake).points);
        ensure(a == b, || format!("{}: {a}, and {b} with ten times the people", x.name))?;
    }
    Ok(())
}

/// 16: what does not interact within a tick may come in any order.
pub fn same_tick_symmetry(mistake: Option<Mistake>) -> Outcome {
    // Looks, notes, roles and calls of one tick do not interact: any order is the same.
    let apart = |f: &Fact| {
        f.by.is_responder()
            && matches!(
                f.what,
                FactKind::RoleAssigned { .. }
                    | FactKind::Help { .. }
                    | FactKind::FollowUp { .. }
                    | FactKind::Acked { .. }
            )
    };
    for x in all() {
        // Two roles named in one breath, one of them needed.
        let mut before = x.facts.clone();
        for role in ["comms", "scribe"] {
            let what = FactKind::RoleAssigned { role: role.into(), to: "primary".into() };
            add(&mut before, x.anchor() + 60, super::seat(), what);
        }
        let mut facts = before.clone();
        let mut by_tick: BTreeMap<Tick, Vec<usize>> = BTreeMap::new();
        for (i, f) in facts.iter().enumerate().filter(|(_, f)| apart(f)) {
            by_tick.entry(f.id.tick).or_default().push(i);
        }
        for places in by_tick.values().filter(|p| p.len() > 1) {
            let whats: Vec<(Actor, FactKind)> =
                places.iter().rev().map(|i| (facts[*i].by.clone(), facts[*i].what.clone())).collect();
            for (i, (by, what)) in places.iter().zip(whats) {
                (facts[*i].by, facts[*i].what) = (by, what);
            }
        }
        let (a, b) = (x.score_as(&before, mistake).points, x.score_as(&facts, mistake).points);
        ensure(a == b, || format!("{}: {a}, and {b} in another order", x.name))?;
    }
    Ok(())
}

#[test]
fn property_16_same_tick_symmetry() {
    same_tick_symmetry(None).unwrap();
}

#[test]
fn property_26_alignment_oracle() {
    // The vectors and the generic aligner are compared in `alignment`; here the moves that a session shows.
    alignment_oracle(None).unwrap();
}

/// 26: the displayed alignment is legal and has the stated cost.
pub fn alignment_oracle(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let r = x.score_as(&x.facts, mistake);
        let weight: u64 = r.moves.iter().map(|m| u64::from(m.weight)).sum();
        let lost: u64 = r
            .moves
            .iter()
            .filter(|m| m.kind == wheel_of_misfortune::scoring::MoveKind::Model)
            .map(|m| u64::from(m.weight))
            .sum();
        ensure(r.aligned == (lost, weight), || format!("{}: {:?}, shown {lost} of {weight}", x.name, r.aligned))?;
        for m in r.moves.iter().filter(|m| m.fact.is_some()) {
            let spec = x.scenario.milestones.iter().find(|s| s.id == m.milestone).unwrap();
            for before in &spec.after {
                let b = r.moves.iter().find(|o| o.milestone == *before).unwrap();
                if let (Some(a), Some(b)) = (m.fact, b.fact) {
                    let at = |id| match x.facts.iter().find(|f| f.id == id).map(|f| &f.what) {
                        Some(FactKind::Relief { at, .. }) => *at,
                        _ => id.tick,
                    };
                    ensure(at(b) <= at(a), || format!("{}: {before} before {}", x.name, m.milestone))?;
                }
            }
        }
    }
    Ok(())
}

#[test]
fn property_29_incremental_is_batch() {
    // At moments of a live session a copy of it runs on untouched; the same lines played alone give the same score.
    let package = package::bundled().into_iter().find(|p| p.slug.contains("registry")).unwrap();
    let text = package.files.get("better.wom").unwrap();
    let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).take(13).collect();
    let par = Par::pinned(&package).unwrap();
    let mut live = SessionHost::start(package.clone(), Options::default()).unwrap();
    let mut compared = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        live.line(PRIMARY, line).unwrap();
        if i % 4 != 3 {
            continue;
        }
        let mut copy = live.session().clone();
        while copy.tick() < copy.horizon() {
            copy.advance();
        }
        let now = score(&copy.scenario, &copy.header, copy.facts(), &par);
        let (header, scenario, facts, _) = play(&package, &lines[..=i].join("\n"), &["primary"]);
        let plain: Vec<Fact> = facts.into_iter().filter(|f| !matches!(f.what, FactKind::ImpactCurve { .. })).collect();
        let batch = score(&scenario, &header, &plain, &par);
        assert_eq!(now.points, batch.points, "after `{line}`");
        compared.push(now.points);
    }
    assert!(compared.len() == 3 && compared[2] > compared[0], "and the score moves on the way");
}

#[test]
fn property_30_words() {
    let rules = crate::debrief::rules();
    let mut said = 0;
    for lang in ["en", "ko"] {
        let locale = wheel_of_misfortune::locale::Locale::new(wheel_of_misfortune::locale::Lang::parse(lang).unwrap());
        for x in all() {
            for c in &x.score(&x.facts).checks {
                let text = wheel_of_misfortune::view::words::say(&locale, &feedback(c));
                assert!(!text.contains('⟦') && !text.contains("{$"), "{lang} {} {}: {text}", x.name, c.id);
                let found = crate::debrief::findings(&rules, lang, &text);
                assert_eq!(found, Vec::<String>::new(), "{lang} {}: {text}", c.id);
                for actor in ["primary", "expert", "deployer"] {
                    assert!(!text.starts_with(actor), "{text}");
                }
                said += 1;
            }
        }
    }
    assert!(said > 800);
    assert_eq!(CHECKS.len(), 26);
}

#[test]
fn property_31_weights() {
    weights(None).unwrap();
    // The real ones: better, reference, nobody.
    for (better, reference) in session("better").iter().zip(session("reference")) {
        assert!(better.score(&better.facts).points > reference.score(&reference.facts).points);
    }
    assert!(data::Golden::bundled().reference() == "R_replay");
}

/// 31: the order of the named runs survives ±30 % on every check.
pub fn weights(mistake: Option<Mistake>) -> Outcome {
    let names = ["B_guarded", "C_same_turn_better_care", "R_replay", "D_slow_silent", "F_nothing"];
    let runs: Vec<_> = names.iter().map(|n| golden().iter().find(|g| g.name == *n).unwrap()).collect();
    let rows: Vec<_> = runs.iter().map(|x| x.score_as(&x.facts, mistake)).collect();
    random(400, |dice| {
        let weights: Vec<_> =
            CHECKS.iter().map(|c| whole(i64::from(c.points)) * ratio(70 + dice.roll(61) as i64, 100)).collect();
        let total = |r: &wheel_of_misfortune::scoring::Report| {
            r.checks.iter().zip(&weights).fold(whole(0), |a, (c, w)| a + &c.credit * w)
        };
        let totals: Vec<_> = rows.iter().map(total).collect();
        ensure(totals.windows(2).all(|w| w[0] > w[1]), || format!("{totals:?}"))
    })
}
