//! Properties 17–20: injects hold the clock and keep their own book; hints take nothing.

use super::super::sample::*;
use super::monotone::disturbed;
use super::{Dice, Outcome, ensure, random, seat};
use num_traits::Signed as _;
use wheel_of_misfortune::fact::{Actor, EffectiveClock, Fact, FactKind, Fold, UpdateFields, UpdateStatus};
use wheel_of_misfortune::scenario::{Action, Card, Channel, LangText};
use wheel_of_misfortune::scoring::Mistake;
use wheel_of_misfortune::session::grammar;
use wheel_of_misfortune::stdx::rational::{ratio, whole};
use wheel_of_misfortune::stdx::time::Tick;

fn lang(text: &str) -> LangText {
    LangText { en: text.to_owned(), ko: String::new() }
}

/// Everything from `at` on comes `hold` later, an inject of that allowance comes at `at`, handled in `handled` seconds.
fn held(x: &Sample, facts: &[Fact], at: u64, hold: u64, handled: Option<u64>) -> Vec<Fact> {
    let mut out = retimed(facts, |t| if t >= at { t + hold } else { t });
    let card = "I1".to_owned();
    let inject =
        add(&mut out, at, Actor::Gm, FactKind::Injected { card: card.clone(), text: lang("x"), allowance: hold });
    // It comes before everything of its tick that was not moved: there is nothing of the run in its tick.
    assert!(out.iter().all(|f| f.id.tick != inject.tick || f.id == inject || f.id.n < inject.n));
    let said = FactKind::Said {
        channel: Channel::Internal,
        text: lang("x"),
        fields: UpdateFields { status: Some(UpdateStatus::Investigating), ..UpdateFields::default() },
        about: vec![card.clone()],
        truthful: None,
    };
    if let Some(handled) = handled {
        add(&mut out, at + 120, Actor::Gm, FactKind::Triaged { card: card.clone() });
        // The note about the inject is not a note about the incident: a run that has one already keeps its time.
        add(&mut out, at + 180, seat(), said);
        add(&mut out, at + handled, Actor::Gm, FactKind::InjectClosed { card });
    }
    let _ = x;
    out
}

/// Whether a note in the channel came before, so that the one about the inject is not the first.
fn noted(facts: &[Fact], before: u64) -> bool {
    facts.iter().any(|f| {
        f.by.is_responder()
            && f.id.tick.0 < before
            && matches!(&f.what, FactKind::Said { channel: Channel::Internal, fields, .. } if fields.count() > 0)
    })
}

/// 17: nominal handling changes nothing, exactly.
pub fn inject_neutrality(mistake: Option<Mistake>, cases: u32) -> Outcome {
    let (hold, seen) = (20 * 60, std::cell::Cell::new(0));
    random(cases, |dice| {
        let runs: Vec<&Sample> = golden().iter().filter(|g| !g.name.contains("inject")).collect();
        let x = *dice.pick(&runs).unwrap();
        let base: Vec<Fact> = disturbed(x, dice)
            .into_iter()
            .filter(|f| !matches!(f.what, FactKind::Injected { .. } | FactKind::InjectClosed { .. }))
            .collect();
        let at = (20 + dice.roll(400)) * 60 + 30;
        // A closing look may be answered by the note about the inject; such a run is another one.
        let mitigated = x.with(base.clone()).mitigated().is_some_and(|t| t.0 < at);
        if !noted(&base, at) || mitigated {
            return Ok(());
        }
        seen.set(seen.get() + 1);
        let (a, b) = (x.score_as(&base, mistake), x.score_as(&held(x, &base, at, hold, Some(hold)), mistake));
        ensure(a.points == b.points, || {
            let rows = a.checks.iter().zip(&b.checks).filter(|(a, b)| a.points != b.points);
            let rows: Vec<String> = rows.map(|(a, b)| format!("{} {} → {}", a.id, a.points, b.points)).collect();
            format!("{} at {at}: {} and {}: {rows:?}", x.name, a.points, b.points)
        })
    })?;
    ensure(seen.get() * 8 > cases, || format!("only {} runs were compared", seen.get()))
}

#[test]
fn property_17_inject_neutrality() {
    inject_neutrality(None, 200).unwrap();
    // Real sessions, each with everything from a random moment on shifted: as exact as the worked example.
    let seen = std::cell::Cell::new(0);
    random(40, |dice| {
        let x = *dice.pick(&sessions().iter().collect::<Vec<_>>()).unwrap();
        let until = x.mitigated().map_or(x.horizon(), |t| t.0).max(x.anchor() + 1);
        let (hold, at) = (60 + dice.roll(20) * 30, x.anchor() + dice.roll(until - x.anchor()));
        let free = |t: &u64| x.facts.iter().all(|f| f.id.tick.0 != *t);
        let Some(at) = (at..x.horizon()).find(free) else { return Ok(()) };
        if !noted(&x.facts, at) || x.mitigated().is_some_and(|t| t.0 < at) {
            return Ok(());
        }
        seen.set(seen.get() + 1);
        let (a, b) = (x.score(&x.facts), x.score(&held(x, &x.facts, at, hold, Some(hold))));
        ensure(a.points == b.points && a.impact.area == b.impact.area, || {
            format!("{} at {at} for {hold}: {} and {}", x.name, a.points, b.points)
        })
    })
    .unwrap();
    assert!(seen.get() >= 5, "only {} real runs were compared", seen.get());
}

/// A walkthrough with a card fired at a moment and handled nominally: everything from then on comes its allowance later.
fn carded(text: &str, at_s: i64, card: &Card) -> String {
    let hold = card.allowance.0 as i64;
    let (mut out, mut fired) = (String::new(), false);
    for line in text.lines() {
        let Ok(mut parsed) = grammar::parse(line) else { continue };
        if let Some(grammar::Wait::At(at)) = &mut parsed.at {
            if at.0 >= at_s && !fired {
                fired = true;
                let about = card.about.first().unwrap_or(&card.id);
                out += &format!("T+{at_s}s @gm inject {0}\n+20s @gm triage {0}\n", card.id);
                out += &format!("update internal --status investigating --about {about}\n");
                out += &format!("T+{}s @gm close {}\n", at_s + hold, card.id);
                // Handled in the allowance: what it broke is whole again when it ends.
                for action in &card.actions {
                    if let Action::Begin(fault, _) = action {
                        out += &format!("@gm clear {}\n", grammar::fault::show(fault));
                    }
                }
            }
            if fired {
                at.0 += hold;
            }
        }
        out += &(grammar::format_line(&parsed) + "\n");
    }
    out
}

/// SCORING §9: test 17 for each shipped inject and scenario, in the simulator. Every check is the same to the last digit, but
/// for the two that count users: they come and go by chance, each second by its own draw, so the same trouble some minutes
/// later holds other users. What that moves in H1 and in the moment of M2 is less than a hundredth of a point.
#[test]
fn every_shipped_card_is_neutral_in_the_simulator() {
    let mut compared = 0;
    for (package, at) in wheel_of_misfortune::storage::package::bundled().iter().zip([230, 160]) {
        let text = package.files.get("better.wom").unwrap();
        let plain = session("better").into_iter().find(|x| x.name.contains(&package.slug)).unwrap();
        let a = plain.score(&plain.facts);
        for card in &plain.scenario.deck {
            let x = sample(package, &card.id, &carded(text, at, card));
            let b = x.score(&x.facts);
            assert_eq!((b.injects.len(), b.surprise.clone()), (1, whole(0)), "{}: {:?}", x.name, b.injects);
            // Whoever was called before and came while the clock was held may answer an announcement: one safeguard more.
            let start = x.facts.iter().find(|f| matches!(f.what, FactKind::Injected { .. })).unwrap().id.tick;
            let during = start..start.plus(card.allowance.0);
            let came = x.facts.iter().any(|f| matches!(f.what, FactKind::Joined { .. }) && during.contains(&f.id.tick));
            for (p, q) in a.checks.iter().zip(&b.checks) {
                if came && p.id == "S1" {
                    assert!(q.points >= p.points, "{}: {} and {}", x.name, p.formula, q.formula);
                    continue;
                }
                let close = ["H1", "M2"].contains(&p.id) && (&p.points - &q.points).abs() <= ratio(1, 100);
                assert!(close || p.points == q.points, "{} {}: {} and {}", x.name, p.id, p.formula, q.formula);
            }
            compared += 1;
        }
    }
    assert!(compared >= 10);
}

#[test]
fn property_18_inject_monotone_and_bounded() {
    let b = golden().iter().find(|g| g.name == "B_guarded").unwrap();
    let (at, hold) = (45 * 60 + 30, 20 * 60);
    let run = |handled: Option<u64>| b.score(&held(b, &b.facts, at, hold, handled)).surprise;
    let times: Vec<Option<u64>> =
        [240, 400, 720, 1_200, 1_800, 2_400, 9_000].map(Some).into_iter().chain([None]).collect();
    let got: Vec<_> = times.iter().map(|t| run(*t)).collect();
    assert!(got.windows(2).all(|w| w[0] >= w[1]), "{got:?}");
    assert_eq!((got[0].clone(), got[3].clone(), got[7].clone()), (whole(1), whole(0), whole(-4)));
    assert_eq!(surprise_is_bounded(None), Ok(()));
}

/// 18: all injects together at most +3 and at least −12.
pub fn surprise_is_bounded(mistake: Option<Mistake>) -> Outcome {
    let b = golden().iter().find(|g| g.name == "B_guarded").unwrap();
    let hold = 20 * 60;
    for (handled, bound) in [(Some(200), whole(3)), (None, whole(-12))] {
        let mut facts = b.facts.clone();
        for k in 0..6u64 {
            let (at, card) = (45 * 60 + 30 + k * 3_000, format!("I{k}"));
            add(&mut facts, at, Actor::Gm, FactKind::Injected { card: card.clone(), text: lang("x"), allowance: hold });
            if let Some(h) = handled {
                let said = FactKind::Said {
                    channel: Channel::Internal,
                    text: lang("x"),
                    fields: UpdateFields::default(),
                    about: vec![card.clone()],
                    truthful: None,
                };
                add(&mut facts, at + 60, seat(), said);
                add(&mut facts, at + 90, Actor::Gm, FactKind::Triaged { card: card.clone() });
                add(&mut facts, at + h, Actor::Gm, FactKind::InjectClosed { card });
            }
        }
        let mut scenario = (*b.scenario).clone();
        let like = scenario.deck[0].clone();
        scenario.deck =
            (0..6).map(|k| wheel_of_misfortune::scenario::Card { id: format!("I{k}"), ..like.clone() }).collect();
        let x = Sample { scenario: scenario.into(), ..b.clone() };
        let got = x.score_as(&facts, mistake).surprise;
        ensure(got == bound, || format!("{got}, not {bound}"))?;
    }
    Ok(())
}

/// 19: for any two logs with the same doings of the game master the clock is held alike.
pub fn freeze_is_exogenous(mistake: Option<Mistake>) -> Outcome {
    random(60, |dice| {
        let x = dice.pick(golden()).unwrap();
        let facts = disturbed(x, dice);
        let gm: Vec<Fact> = facts.iter().filter(|f| matches!(f.by, Actor::Gm)).cloned().collect();
        let held = |facts: &[Fact]| {
            let steps = wheel_of_misfortune::scoring::Steps::of(&x.scenario, facts);
            wheel_of_misfortune::scoring::measure_with(&x.model(mistake), &x.scenario, facts, steps).held
        };
        let (a, b) = (held(&facts), held(&gm));
        ensure(a == b, || format!("{}: held {a:?}, and {b:?} without the trainees", x.name))
    })
}

#[test]
fn property_19_freeze_is_exogenous() {
    freeze_is_exogenous(None).unwrap();
    random(60, |dice| {
        let x = dice.pick(golden()).unwrap();
        let mut facts = disturbed(x, dice);
        let at = dice.roll(x.horizon());
        add(&mut facts, at, Actor::Gm, FactKind::Injected { card: "I1".into(), text: lang("x"), allowance: 600 });
        let gm: Vec<Fact> = facts.iter().filter(|f| matches!(f.by, Actor::Gm)).cloned().collect();
        let (a, b) = (EffectiveClock::of(&facts), EffectiveClock::of(&gm));
        ensure(a == b, || "the clock saw a trainee".to_owned())?;
        for _ in 0..20 {
            let t = Tick(dice.roll(x.horizon() * 2));
            ensure(a.seconds(t) == b.seconds(t) && a.seconds(t) <= t.0, || format!("at {t:?}"))?;
        }
        Ok(())
    })
    .unwrap();
}

/// 20: whatever was hinted, reaching it is never worse than not reaching it; fewer hints never lower.
pub fn hint_safety(mistake: Option<Mistake>) -> Outcome {
    let check = |x: &Sample, dice: &mut Dice| {
        let mut hinted = x.facts.clone();
        for _ in 0..=dice.roll(4) {
            let rung = 1 + dice.roll(5) as u8;
            add(&mut hinted, dice.roll(x.horizon()), Actor::Gm, FactKind::Nudged { rung, text: lang("?") });
        }
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&hinted, mistake));
        ensure(a.points == b.points, || format!("{}: {} with hints, {} without", x.name, b.points, a.points))?;
        ensure(b.support > 0 && a.support == 0, || "the support level".to_owned())
    };
    random(30, |dice| check(dice.pick(golden()).unwrap(), dice))?;
    if mistake.is_none() { random(5, |dice| check(dice.pick(sessions()).unwrap(), dice)) } else { Ok(()) }
}

#[test]
fn property_20_hint_safety() {
    hint_safety(None).unwrap();
}

/// SCORING §2.10: what an inject alone costs users replaces half of the time part; what the incident costs does not.
#[test]
fn inject_harm_replaces_half_of_the_time_part() {
    let b = golden().iter().find(|g| g.name == "B_guarded").unwrap();
    let (at, hold) = (45 * 60 + 30, 20 * 60);
    let unit = 1_000;
    let report = |users: u64, nominal: Option<u64>| {
        let mut facts = held(b, &b.facts, at, hold, Some(hold));
        let shape = |f: &Fact| if let FactKind::Impact { n, .. } = f.what { Some((f.id.tick, n)) } else { None };
        let base: Vec<(Tick, u64)> = facts.iter().filter_map(shape).collect();
        let of =
            facts.iter().find_map(|f| if let FactKind::Impact { of, .. } = f.what { Some(of) } else { None }).unwrap();
        let before = base.iter().rev().find(|(t, _)| t.0 <= at).map_or(0, |(_, n)| *n);
        // Ten minutes of users that nobody but the inject hit.
        add(&mut facts, at + 60, Actor::World, FactKind::Impact { n: before + users, of });
        add(&mut facts, at + 660, Actor::World, FactKind::Impact { n: before, of });
        let lost = facts.iter().find_map(|f| match f.what {
            FactKind::DurableLoss { amount, .. } => Some(amount),
            _ => None,
        });
        let end = facts.iter().map(|f| f.id.tick.0).max().unwrap() + 1;
        let curve = FactKind::ImpactCurve { fold: Fold::Base, points: base, of, lost: lost.unwrap_or(0) };
        add(&mut facts, end, Actor::World, curve);
        let mut scenario = (*b.scenario).clone();
        let like = scenario.deck[0].clone();
        scenario.deck = vec![Card { id: "I1".to_owned(), harm: nominal, ..like }];
        Sample { scenario: std::sync::Arc::new(scenario), ..b.clone() }.score(&facts)
    };
    // At the nominal harm and time: nominal. Nothing hit, or nothing to compare with: the time alone.
    let nominal = report(unit, Some(unit * 10));
    assert_eq!(nominal.injects[0].harm, Some(whole(unit as i64 * 10)));
    assert_eq!(nominal.surprise, whole(0));
    assert_eq!(report(0, Some(unit * 10)).surprise, whole(0));
    assert_eq!(report(unit, None).surprise, whole(0));
    // Twice as many users: φ(2r; r) = 9/23 for half of the five tenths.
    let twice = report(unit * 2, Some(unit * 10));
    assert_eq!(twice.injects[0].credit, (ratio(3, 5) + ratio(9, 23)) / whole(2) * ratio(1, 2) + ratio(1, 2));
    assert!(report(unit / 2, Some(unit * 10)).surprise > whole(0));
    // The incident's own score knows nothing of them.
    assert_eq!(nominal.base, report(0, None).base);
}
