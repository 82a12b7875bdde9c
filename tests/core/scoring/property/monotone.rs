//! Properties 4, 5, 7, 22, 27, 28, 32, and the operators behind them.

use super::super::sample::*;
use super::{Dice, Outcome, ensure, random, seat};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Guard, Learning, Ruling, UpdateFields, UpdateStatus};
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::scoring::{Mistake, Report};
use wheel_of_misfortune::stdx::rational::whole;

fn lang(text: &str) -> LangText {
    LangText { en: text.to_owned(), ko: String::new() }
}

pub fn update(x: &Sample, channel: Channel, status: UpdateStatus) -> FactKind {
    let fields = UpdateFields {
        impact: x.scenario.truth.affected.first().cloned(),
        status: Some(status),
        action: Some("looking".to_owned()),
        next: Some("news".to_owned()),
        again_min: None,
    };
    FactKind::Said { channel, text: lang("an update"), fields, about: vec![], truthful: None }
}

pub fn correct_cause(x: &Sample) -> FactKind {
    let t = &x.scenario.truth;
    FactKind::Cause { components: t.components.clone(), mechanisms: t.mechanisms.clone(), confidence: None }
}

fn find(facts: &[Fact], test: impl Fn(&FactKind) -> bool) -> Option<FactId> {
    facts.iter().find(|f| f.by.is_responder() && test(&f.what)).map(|f| f.id)
}

/// A run with some facts left out, moved or added: a random base for the operators.
pub fn disturbed(x: &Sample, dice: &mut Dice) -> Vec<Fact> {
    let ours = |f: &Fact| f.by.is_responder() && !matches!(f.what, FactKind::Acted { .. } | FactKind::Announced { .. });
    let mut out: Vec<Fact> = x.facts.iter().filter(|f| !ours(f) || dice.roll(8) > 0).cloned().collect();
    for _ in 0..dice.roll(7) {
        let t = x.anchor() + dice.roll(x.horizon() - x.anchor());
        let what = match dice.roll(12) {
            0 => FactKind::Hypothesis { component: x.scenario.truth.components[0].clone() },
            1 => FactKind::Cause {
                components: vec!["web".into(), "redis".into()],
                mechanisms: vec!["dns".into()],
                confidence: None,
            },
            2 => update(x, Channel::Status, UpdateStatus::Investigating),
            3 => update(x, Channel::Internal, UpdateStatus::Monitoring),
            4 => FactKind::RoleAssigned { role: "ic".into(), to: "primary".into() },
            5 => FactKind::Help { topic: "any".into() },
            6 => FactKind::HandedOver { to: "infra".into() },
            7 => FactKind::Resolved,
            8 => FactKind::Guarded { guard: Guard::ALL[dice.roll(3) as usize], target: "db1".into() },
            9 => FactKind::Declared { severity: 1 + dice.roll(4) as u8 },
            10 => FactKind::Observed {
                what: ObservedKind::Metric,
                target: "panel".into(),
                service: x.scenario.truth.components.first().cloned(),
                user_facing: dice.roll(2) == 0,
                shown: None,
            },
            _ => FactKind::Acted {
                verb: "act".into(),
                target: "db1".into(),
                mutating: true,
                hazard: Some(wheel_of_misfortune::stdx::rational::Exact(wheel_of_misfortune::stdx::rational::ratio(
                    1, 4,
                ))),
            },
        };
        add(&mut out, t, seat(), what);
    }
    let none = !out.iter().any(|f| matches!(f.what, FactKind::Injected { .. }));
    if none && dice.roll(3) == 0 {
        // An inject somewhere; whatever the run does about it comes at its own time.
        let t = x.anchor() + dice.roll(x.horizon() / 2);
        let card = "I1".to_owned();
        add(&mut out, t, Actor::Gm, FactKind::Injected { card: card.clone(), text: lang("x"), allowance: 1_200 });
        if dice.roll(2) == 0 {
            add(&mut out, t + 60 * (2 + dice.roll(60)), seat(), FactKind::InjectClosed { card });
        }
    }
    out
}

/// An improvement: the run, and nothing of it worse. `None` where it does not apply.
fn improved(x: &Sample, facts: &[Fact], dice: &mut Dice, ways: &[u64]) -> Option<(&'static str, Vec<Fact>)> {
    let mut out = facts.to_vec();
    let anchor = x.anchor();
    let earlier = |id: FactId, dice: &mut Dice| anchor + dice.roll(id.tick.0.saturating_sub(anchor).max(1));
    let any = anchor + dice.roll(x.horizon() - anchor);
    // What is added while nothing is held: an addition is an addition at any time.
    let name = match *dice.pick(ways)? {
        0 => {
            let id = find(&out, |k| matches!(k, FactKind::Acked { .. }))?;
            let t = earlier(id, dice);
            move_to(&mut out, id, t)?;
            "acknowledged sooner"
        }
        1 => {
            let id = find(&out, |k| matches!(k, FactKind::Declared { .. }))?;
            // One declaration only: moving one of several can change which severity is in force.
            let sole = |f: &&Fact| matches!(f.what, FactKind::Declared { .. } | FactKind::SeveritySet { .. });
            if out.iter().filter(sole).count() > 1 {
                return None;
            }
            let t = earlier(id, dice);
            move_to(&mut out, id, t)?;
            "declared sooner"
        }
        2 => {
            add(&mut out, any, seat(), update(x, Channel::Internal, UpdateStatus::Investigating));
            "one more note"
        }
        3 => {
            add(&mut out, any, seat(), update(x, Channel::Status, UpdateStatus::Monitoring));
            "one more update"
        }
        4 => {
            out = eased(&out, 1 + dice.roll(9), 10);
            "fewer users affected"
        }
        5 => {
            let lost = |f: &Fact| matches!(f.what, FactKind::DurableLoss { .. });
            let keep: Vec<bool> = out.iter().map(|f| !lost(f)).collect();
            if keep.iter().all(|k| *k) {
                return None;
            }
            // Losing less, not nothing: whether anything was lost decides which steps are needed.
            for f in &mut out {
                if let FactKind::DurableLoss { amount, .. } = &mut f.what {
                    *amount = (*amount / 2).max(1);
                }
            }
            "less data lost"
        }
        6 => {
            let hazards: Vec<(FactId, String)> = hazards(&out);
            let (id, target) = dice.pick(&hazards)?.clone();
            let guard = Guard::ALL[dice.roll(3) as usize];
            let t = id.tick.0.saturating_sub(60 * (1 + dice.roll(30)));
            add(&mut out, t, seat(), FactKind::Guarded { guard, target });
            "one more safeguard"
        }
        7 => {
            let hazards = hazards(&out);
            let (id, _) = dice.pick(&hazards)?.clone();
            let f = out.iter_mut().find(|f| f.id == id)?;
            if let FactKind::Acted { hazard, .. } = &mut f.what {
                *hazard = None;
            }
            "one hazard less"
        }
        8 => {
            let id = out.iter().find_map(|f| match &f.what {
                FactKind::Acted { mutating: true, .. }
                    if f.by.is_responder()
                        && !out
                            .iter()
                            .any(|a| matches!(a.what, FactKind::Announced { action, .. } if action == f.id)) =>
                {
                    Some(f.id)
                }
                _ => None,
            })?;
            add(&mut out, id.tick.0, seat(), FactKind::Announced { action: id, target: "db1".into() });
            "announced"
        }
        9 => {
            let need = dice.pick(&x.scenario.scoring.help)?.clone();
            add(&mut out, any, seat(), FactKind::Help { topic: need.topic });
            "help asked for"
        }
        10 => {
            let last = out.iter().rfind(|f| matches!(f.what, FactKind::Cause { .. })).cloned();
            let id = add(&mut out, last.as_ref().map_or(any, |f| f.id.tick.0), seat(), correct_cause(x));
            // It rests on what the statement before it rested on.
            if let (Some(new), Some(last)) = (out.iter_mut().find(|f| f.id == id), last) {
                new.evidence = last.evidence;
            }
            "the cause corrected"
        }
        11 => {
            let id = find(&out, |k| matches!(k, FactKind::Cause { .. }))?;
            let last = out.iter().rfind(|f| matches!(f.what, FactKind::Cause { .. })).map(|f| f.id);
            if Some(id) == last && out.iter().filter(|f| matches!(f.what, FactKind::Cause { .. })).count() > 1 {
                return None;
            }
            // Sooner, but not before what it cites.
            let cited = out.iter().find(|f| f.id == id)?.evidence.iter().map(|e| e.tick.0).max().unwrap_or(anchor);
            if cited > id.tick.0 {
                return None;
            }
            let t = cited.max(anchor) + dice.roll((id.tick.0 - cited.max(anchor).min(id.tick.0)).max(1));
            if t > id.tick.0 {
                return None;
            }
            move_to(&mut out, id, t)?;
            "the cause stated sooner"
        }
        12 => {
            add(&mut out, x.horizon() - 120, seat(), look(x, true));
            add(&mut out, x.horizon() - 60, seat(), update(x, Channel::Internal, UpdateStatus::Monitoring));
            "looked again and told"
        }
        13 => {
            add(&mut out, any, seat(), FactKind::FollowUp { text: "x".into(), owner: "team".into() });
            "a follow-up"
        }
        14 => {
            add(&mut out, x.horizon() - 30, seat(), FactKind::Resolved);
            "closed"
        }
        15 => {
            let role = ["ic", "comms", "scribe"][dice.roll(3) as usize];
            add(&mut out, any, seat(), FactKind::RoleAssigned { role: role.into(), to: "primary".into() });
            "a role named"
        }
        16 => {
            let id = out.iter().find(|f| matches!(f.what, FactKind::InjectClosed { .. })).map(|f| f.id)?;
            let from = out.iter().find(|f| matches!(f.what, FactKind::Injected { .. })).map(|f| f.id.tick.0)?;
            let t = from + dice.roll((id.tick.0 - from).max(1));
            move_to(&mut out, id, t)?;
            "an inject closed sooner"
        }
        17 => {
            let id = find(&out, |k| matches!(k, FactKind::HandedOver { .. }))?;
            let t = earlier(id, dice);
            move_to(&mut out, id, t)?;
            "handed over sooner"
        }
        20 => {
            add(&mut out, anchor + 60, seat(), correct_cause(x));
            // What was stated last stays the last word.
            "the cause stated at once"
        }
        18 => {
            // Relief sooner by moving the proof; the action stays where it is or comes along.
            let at = out.iter().position(|f| matches!(f.what, FactKind::Relief { .. }))?;
            if let FactKind::Relief { at, .. } = &mut out[at].what {
                at.0 = anchor + dice.roll(at.0.saturating_sub(anchor).max(1));
            }
            "relief sooner"
        }
        _ => {
            add(&mut out, any, seat(), look(x, dice.roll(2) == 0));
            "one more look"
        }
    };
    Some((name, out))
}

fn hazards(facts: &[Fact]) -> Vec<(FactId, String)> {
    facts
        .iter()
        .filter_map(|f| match &f.what {
            FactKind::Acted { target, hazard: Some(_), .. } if f.by.is_responder() => Some((f.id, target.clone())),
            _ => None,
        })
        .collect()
}

pub fn look(x: &Sample, user_facing: bool) -> FactKind {
    FactKind::Observed {
        what: ObservedKind::Request,
        target: "panel".into(),
        service: x.scenario.truth.components.first().cloned(),
        user_facing,
        shown: None,
    }
}

/// All operators.
pub const EVERY: &[u64] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

/// 4: a run that is better in one thing and worse in none scores no less.
///
/// `ways` are the operators that are drawn from.
pub fn monotone(mistake: Option<Mistake>, cases: u32, ways: &[u64]) -> Outcome {
    random(cases, |dice| {
        let all = golden();
        let x = dice.pick(all).unwrap();
        let mut facts = disturbed(x, dice);
        for _ in 0..6 {
            let Some((name, better)) = improved(x, &facts, dice, ways) else { continue };
            let (a, b) = (x.score_as(&facts, mistake), x.score_as(&better, mistake));
            ensure(b.points >= a.points, || format!("{}: {name} lowers {}", x.name, differ(&a, &b)))?;
            facts = better;
        }
        Ok(())
    })
}

/// Which checks lost points.
pub fn differ(a: &Report, b: &Report) -> String {
    let rows = a.checks.iter().zip(&b.checks).filter(|(a, b)| b.points < a.points);
    rows.map(|(a, b)| format!("{} {} → {}", a.id, a.points, b.points)).collect::<Vec<_>>().join(", ")
}

#[test]
fn property_04_monotone() {
    monotone(None, 90, EVERY).unwrap();
    // And on a real session, with the real matcher.
    random(12, |dice| {
        let x = dice.pick(sessions()).unwrap();
        let Some((name, better)) = improved(x, &x.facts, dice, EVERY) else { return Ok(()) };
        let (a, b) = (x.score(&x.facts), x.score(&better));
        ensure(b.points >= a.points, || format!("{}: {name} lowers {}", x.name, differ(&a, &b)))
    })
    .unwrap();
}

/// 5: looking costs nothing, anywhere.
pub fn exploration_is_free(mistake: Option<Mistake>) -> Outcome {
    let check = |x: &Sample, dice: &mut Dice| {
        let mut more = x.facts.clone();
        for _ in 0..12 {
            let user = dice.roll(2) == 0;
            add(&mut more, dice.roll(x.horizon()), seat(), look(x, user));
        }
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&more, mistake));
        ensure(b.points >= a.points, || format!("{}: looks lower {}", x.name, differ(&a, &b)))
    };
    random(30, |dice| {
        let x = dice.pick(golden()).unwrap();
        check(x, dice)
    })?;
    if mistake.is_none() { random(6, |dice| check(dice.pick(sessions()).unwrap(), dice)) } else { Ok(()) }
}

#[test]
fn property_05_exploration_is_free() {
    exploration_is_free(None).unwrap();
}

/// 7: doing the same again never raises the score; and a longer silence never gains.
pub fn duplication_never_helps(mistake: Option<Mistake>) -> Outcome {
    random(40, |dice| {
        let x = dice.pick(golden()).unwrap();
        let mut twice = x.facts.clone();
        for f in &x.facts {
            let again = f.by.is_responder()
                && !matches!(f.what, FactKind::Announced { .. } | FactKind::Observed { .. })
                && dice.roll(2) == 0;
            if again {
                let id = add(&mut twice, f.id.tick.0, f.by.clone(), f.what.clone());
                if let Some(new) = twice.iter_mut().find(|n| n.id == id) {
                    new.evidence.clone_from(&f.evidence);
                }
            }
        }
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&twice, mistake));
        ensure(b.points <= a.points, || format!("{}: {} by repeating, {} before", x.name, b.points, a.points))
    })?;
    // 7b: a hundred silent minutes, then an update every 30 up to +400; ending at +110 instead scores no lower.
    let b = golden().iter().find(|g| g.name == "B_guarded").unwrap();
    let run = |end_min: u64| {
        let mut facts: Vec<Fact> = b
            .facts
            .iter()
            .filter(|f| !matches!(f.what, FactKind::Said { channel: Channel::Status, .. } | FactKind::Impact { .. }))
            .cloned()
            .collect();
        let of = 1000;
        add(&mut facts, 0, Actor::World, FactKind::Impact { n: 300, of });
        add(&mut facts, end_min * 60, Actor::World, FactKind::Impact { n: 0, of });
        for t in (100..end_min).step_by(30) {
            add(&mut facts, t * 60, seat(), update(b, Channel::Status, UpdateStatus::Investigating));
        }
        b.score_as(&facts, mistake)
    };
    let (short, long) = (run(110), run(400));
    let (a, z) = (points(&short, "C3"), points(&long, "C3"));
    ensure(a >= z, || format!("C3 {a} when it ends at +110, {z} at +400"))
}

#[test]
fn property_07_duplication_never_helps() {
    duplication_never_helps(None).unwrap();
}

/// 22: ending sooner while users are affected gains nothing.
pub fn no_early_exit(mistake: Option<Mistake>) -> Outcome {
    // An inject can only come while the session runs, so those with one are other runs.
    for x in golden().iter().filter(|x| !x.name.contains("inject")) {
        // Trainees leave at +20 min of a run that goes on without them.
        let leave = 20 * 60;
        let stay: Vec<Fact> =
            x.facts.iter().filter(|f| !f.by.is_responder() || f.id.tick.0 <= leave).cloned().collect();
        let mut gone = stay.clone();
        add(&mut gone, leave, Actor::World, FactKind::Ended);
        let (a, b) = (x.score_as(&stay, mistake), x.score_as(&gone, mistake));
        ensure(b.points <= a.points, || format!("{}: {} by leaving, {} by staying", x.name, b.points, a.points))?;
    }
    // A helper that did something and leaves with the harm going on.
    let x = golden().iter().find(|g| g.name == "D_slow_silent").unwrap();
    let mut early = x.facts.clone();
    add(&mut early, 100 * 60, Actor::World, FactKind::Ended);
    let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&early, mistake));
    ensure(b.points <= a.points, || format!("{} by leaving, {} by staying", b.points, a.points))
}

#[test]
fn property_22_no_early_exit_gain() {
    no_early_exit(None).unwrap();
    // In the real simulator: the same lines, ended while users are affected or later.
    let package = wheel_of_misfortune::storage::package::bundled().remove(0);
    let lines = "T+1m :ack 1\ndf -h\nT+2m update status --impact web:page --status investigating --action looking\n";
    let early = sample(&package, "early", &format!("{lines}T+5m :end\n"));
    let late = sample(&package, "late", &format!("{lines}T+50m :end\n"));
    assert!(early.score(&early.facts).points <= late.score(&late.facts).points);
}

/// 27: whatever brought the same relief with the same safeguards earns the same.
pub fn alternative_fix(mistake: Option<Mistake>) -> Outcome {
    let reference: Vec<&Sample> = session("reference");
    for x in reference.into_iter().chain(session("better")) {
        let mut other = x.facts.clone();
        for f in &mut other {
            if let FactKind::Acted { verb, .. } = &mut f.what {
                *verb = "mend".to_owned();
            }
        }
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&other, mistake));
        for id in ["M1", "M2", "M3", "M4", "M5", "H1", "S1"] {
            let (p, q) = (points(&a, id), points(&b, id));
            ensure(p == q, || format!("{} {id}: {p} with one verb, {q} with another", x.name))?;
        }
    }
    Ok(())
}

#[test]
fn property_27_alternative_fix() {
    alternative_fix(None).unwrap();
    // In the real simulator: another way to the same state, in every shipped scenario.
    let ways = [
        (
            "docsrs",
            [
                "T+22m sudo rm -r /srv/docs/builder/output\nT+25m sudo systemctl restart web\n",
                "T+22m sudo rm -rf /srv/docs/builder/output\nT+25m sudo systemctl start web\n",
            ],
        ),
        ("registry", ["T+12m release rollback api\n", "T+12m release rollback api v1041\n"]),
    ];
    for package in wheel_of_misfortune::storage::package::bundled() {
        let (_, ways) = ways.iter().find(|(part, _)| package.slug.contains(part)).unwrap();
        let runs = ways.map(|lines| sample(&package, "way", &format!("T+1m :ack 1\n{lines}T+35m :end\n")));
        let [a, b] = runs.each_ref().map(|x| x.score(&x.facts));
        assert!(points(&a, "M2") > whole(0), "{}: it is a fix", package.slug);
        for id in ["M1", "M2", "M3", "M4", "M5", "H1"] {
            assert_eq!(points(&a, id), points(&b, id), "{} {id}", package.slug);
        }
    }
}

/// 28: accepting other evidence for a milestone never lowers.
pub fn confirm_never_lowers(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        let before = x.score_as(&x.facts, mistake);
        for m in &x.scenario.milestones {
            let Some(any) = x.facts.iter().find(|f| f.by.is_responder()) else { continue };
            let (cited, at) = (any.id, x.facts.iter().map(|f| f.id.tick.0).max().unwrap_or(0));
            let mut facts = x.facts.clone();
            let kind = FactKind::Adjudicated { ruling: Ruling::Confirm, of: m.id.clone(), reason: "seen".into() };
            let id = add(&mut facts, at, Actor::Gm, kind);
            facts.iter_mut().find(|f| f.id == id).unwrap().evidence = vec![cited];
            let after = x.score_as(&facts, mistake);
            ensure(after.points >= before.points, || format!("{} {}: {}", x.name, m.id, differ(&before, &after)))?;
        }
    }
    Ok(())
}

#[test]
fn property_28_adjudication_only_up() {
    confirm_never_lowers(None).unwrap();
    for x in all() {
        let before = x.score(&x.facts);
        for of in x.scenario.milestones.iter().map(|m| m.id.clone()).chain(["C3".to_owned(), "S1".to_owned()]) {
            let mut facts = x.facts.clone();
            let kind = FactKind::Adjudicated { ruling: Ruling::Void, of: of.clone(), reason: "broken".into() };
            add(&mut facts, 0, Actor::Gm, kind);
            let after = x.score(&facts);
            assert_eq!(after.max, before.max, "{} {of}: its points go to the rest", x.name);
            assert_eq!(after.adjudications.len(), 1);
        }
    }
    // The replay is level with itself whatever is taken out, for a check and for a milestone.
    for x in session("reference").into_iter().chain(golden().iter().filter(|g| g.name == "R_replay")) {
        for of in x.scenario.milestones.iter().map(|m| m.id.clone()).chain(["D1".to_owned(), "S1".to_owned()]) {
            let mut facts = x.facts.clone();
            let kind = FactKind::Adjudicated { ruling: Ruling::Void, of: of.clone(), reason: "broken".into() };
            add(&mut facts, 0, Actor::Gm, kind);
            let r = x.score(&facts);
            assert_eq!(r.delta, whole(0), "{} without {of}: {} against {}", x.name, r.points, r.par);
        }
    }
}

/// 32: the same structure with other words.
pub fn chat_is_not_scored(mistake: Option<Mistake>) -> Outcome {
    for x in all() {
        for words in ["", "a much longer text about everything that happened tonight, twice over, and then some more"] {
            let mut facts = x.facts.clone();
            for f in &mut facts {
                match &mut f.what {
                    FactKind::Said { text, .. } => *text = lang(words),
                    FactKind::FollowUp { text, .. } | FactKind::Learned { text, .. } => *text = words.to_owned(),
                    _ => {}
                }
            }
            let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&facts, mistake));
            ensure(a.points == b.points, || format!("{}: {} and {}", x.name, a.points, b.points))?;
        }
    }
    Ok(())
}

#[test]
fn property_32_chat_is_not_scored() {
    chat_is_not_scored(None).unwrap();
    let marks = Learning::ALL.map(|what| FactKind::Learned { what, text: what.word().to_owned() });
    let x = &golden()[0];
    let mut facts = x.facts.clone();
    for kind in marks {
        add(&mut facts, 60, seat(), kind.clone());
        add(&mut facts, 90, seat(), kind);
    }
    let (a, b) = (x.score(&x.facts), x.score(&facts));
    assert_eq!(b.points - a.points, whole(4), "one a sort, four at most");
}
