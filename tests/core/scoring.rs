//! Tests of scoring: curves, a hand-computed golden, and the properties of the model.

mod alignment;
mod bad_input;
mod data;
mod generic;
mod ledger;
mod property;
mod random;
mod sample;
mod suspend;

use std::collections::BTreeMap;
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Fold, UpdateFields, UpdateStatus};
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::scoring::curve::{par_credit, window_credit};
use wheel_of_misfortune::scoring::{MoveKind, Par, Report, Verdict, fidelity, report_json, score};
use wheel_of_misfortune::session::Header;
use wheel_of_misfortune::stdx::rational::{Exact, Ratio, decimal, ratio, whole};
use wheel_of_misfortune::stdx::time::{Offset, Span, Tick, Utc};

// ---- curves ----

#[test]
fn the_par_curve_is_the_table() {
    let r = whole(40);
    for (x, credit) in [
        (ratio(1, 4), whole(1)),
        (ratio(1, 2), ratio(9, 11)),
        (ratio(3, 4), ratio(9, 13)),
        (whole(1), ratio(3, 5)),
        (ratio(3, 2), ratio(9, 19)),
        (whole(2), ratio(9, 23)),
        (whole(4), ratio(3, 13)),
        (whole(10), ratio(3, 29)),
    ] {
        assert_eq!(par_credit(Some(&(&x * &r)), Some(&r), &whole(5), &whole(0)), credit, "{x}");
    }
    assert_eq!(par_credit(None, Some(&r), &whole(5), &whole(0)), whole(0));
    // The dead band of the worked example: relief at 30 against 40 with three minutes of doubt.
    assert_eq!(par_credit(Some(&whole(30)), Some(&whole(40)), &whole(5), &whole(3)), ratio(333, 499));
    assert_eq!(par_credit(Some(&whole(42)), Some(&whole(40)), &whole(5), &whole(3)), ratio(3, 5));
    // The floor: par of two minutes counts as five.
    assert_eq!(par_credit(Some(&whole(5)), Some(&whole(2)), &whole(5), &whole(0)), ratio(3, 5));
    assert_eq!(par_credit(Some(&whole(1436)), Some(&whole(450)), &whole(1), &whole(0)), ratio(2025, 7319));
}

#[test]
fn the_window_is_linear() {
    for (x, credit) in [(0, whole(1)), (10, whole(1)), (15, ratio(1, 2)), (20, whole(0)), (90, whole(0))] {
        assert_eq!(window_credit(Some(&whole(x)), &whole(10)), credit);
    }
    assert_eq!(window_credit(None, &whole(10)), whole(0));
}

// ---- a small incident ----

pub fn s(text: &str) -> String {
    text.to_owned()
}

pub fn lang(en: &str) -> LangText {
    LangText { en: s(en), ko: String::new() }
}

fn milestone(id: &str, weight: u32, effect: bool, after: &[&str], when: Predicate) -> Milestone {
    let after = after.iter().map(|a| s(a)).collect();
    Milestone { id: s(id), name: lang(id), weight, effect, after, needs: None, when, avoidable: false, never: None }
}

/// Opens at T-2m; 30 % of 40,000 users are affected from T0; two hours.
pub fn scenario() -> Scenario {
    let told =
        Predicate::Said { channel: Some(Channel::Status), by: None, about: None, fields_at_least: 2, truthful: true };
    let look = Predicate::Observed { what: None, target: None, service: None, user_facing: true };
    let source = Provenance::Source { source: s("pm"), row: s("12:30") };
    let row = |id: &str, at: i64, kind: RowKind, played: Played| OriginalRow {
        published: None,
        id: s(id),
        at: Offset(at),
        precision: Precision::Minute,
        kind,
        what: lang(id),
        played,
        fact: source.clone(),
    };
    let when = |when: Predicate, milestone: Option<&str>| Played::When {
        when,
        tolerance: Span(60),
        milestone: milestone.map(s),
    };
    Scenario {
        id: s("small"),
        title: lang("A small incident"),
        wedge: lang("Downloads"),
        level: Level::Easy,
        minutes: (20, 30),
        classes: vec![],
        skills: vec![],
        sources: BTreeMap::from([(
            s("pm"),
            Source { title: s("Review"), url: s("https://docs.example/review"), licence: s("CC BY 4.0"), read: None },
        )]),
        contradictions: vec![],
        t0: T0 { utc: Utc(1_689_855_420), means: lang("release"), also: vec![], fact: source.clone() },
        opens: Offset(-120),
        horizon: Offset(7200),
        briefing: lang("brief"),
        you: You { role: lang("api"), host: s("web-01"), user: s("ops"), may: vec![], channel: s("#ops") },
        world: WorldSpec::default(),
        script: vec![],
        original: vec![
            row("built", -600, RowKind::Trigger, Played::BeforeOpening),
            row("acked", 660, RowKind::Acknowledge, when(Predicate::Acknowledged, Some("recognised"))),
            row("restored", 780, RowKind::Mitigate, when(Predicate::Relief, Some("relief"))),
            row("later", 90_000, RowKind::FollowUp, Played::BeyondHorizon),
        ],
        milestones: vec![
            milestone("recognised", 2, false, &[], Predicate::Acknowledged),
            milestone("relief", 3, true, &[], Predicate::Relief),
            milestone(
                "mitigated",
                3,
                true,
                &["relief"],
                Predicate::UsersAffected { at_most: Exact(ratio(1, 20)), sustained: true },
            ),
            milestone(
                "verified",
                3,
                true,
                &["mitigated"],
                Predicate::Since { milestone: s("mitigated"), then: Box::new(look) },
            ),
            milestone("declared", 2, false, &[], Predicate::Declared),
            milestone("told", 2, false, &["declared"], told),
            Milestone {
                needs: Some(Predicate::AlertFired { alert: s("data-loss") }),
                ..milestone("data-back", 5, false, &[], Predicate::Resolved)
            },
        ],
        scoring: Default::default(),
        truth: Truth {
            summary: lang("A release sent clients to an address that does not resolve."),
            components: vec![s("api")],
            mechanisms: vec![s("bad_release")],
            affected: vec![s("api")],
            severity: 2,
            impact: Offset(0),
            works: lang("rollback"),
            tau: Exact(ratio(1, 20)),
            delta: Span(30),
            loss_rate: Exact(whole(1)),
        },
        people: BTreeMap::new(),
        deck: vec![],
        nudges: vec![],
        decisions: Vec::new(),
        questions: vec![Question { milestone: Some(s("relief")), text: lang("What made the rollback the next step?") }],
        runbooks: BTreeMap::new(),
        weight: 1,
        digest: s("d"),
    }
}

pub fn header() -> Header {
    Header {
        format: 1,
        simulator: 1,
        scenario: s("small"),
        scenario_digest: s("d"),
        seed: 7,
        seats: vec![s("primary")],
        branch: 0,
        parent: None,
    }
}

pub fn seat() -> Actor {
    Actor::Seat(s("primary"))
}

/// Sorts by tick (stable) and numbers the facts of each tick; `Relief` is tied to the latest action at its `at`.
pub fn stream(mut rows: Vec<(u64, Actor, FactKind)>) -> Vec<Fact> {
    rows.sort_by_key(|(t, ..)| *t);
    let mut count: BTreeMap<u64, u32> = BTreeMap::new();
    let mut out: Vec<Fact> = Vec::new();
    for (t, by, mut what) in rows {
        let n = count.entry(t).or_default();
        *n += 1;
        if let FactKind::Relief { action, at } = &mut what {
            let acted = out.iter().rev().find(|f| matches!(f.what, FactKind::Acted { .. }) && f.id.tick <= *at);
            if let Some(f) = acted {
                *action = f.id;
            }
        }
        out.push(Fact { id: FactId { branch: 0, tick: Tick(t), n: *n }, by, what, evidence: vec![] });
    }
    out
}

pub fn said(channel: Channel, status: bool, truthful: Option<bool>) -> FactKind {
    let fields = UpdateFields {
        impact: Some(s("api")),
        status: status.then_some(UpdateStatus::Monitoring),
        ..UpdateFields::default()
    };
    FactKind::Said { channel, text: lang("update"), fields, about: vec![s("api")], truthful }
}

pub fn look(target: &str, user_facing: bool) -> FactKind {
    FactKind::Observed {
        what: ObservedKind::Request,
        target: s(target),
        service: Some(s("api")),
        user_facing,
        shown: None,
    }
}

fn acked() -> FactKind {
    FactKind::Acked { page: 1, service: s("api") }
}

fn rollback() -> FactKind {
    FactKind::Acted { verb: s("rollback"), target: s("api"), mutating: true, hazard: None }
}

fn relief(at: u64) -> FactKind {
    FactKind::Relief { action: FactId { branch: 0, tick: Tick(0), n: 0 }, at: Tick(at) }
}

/// Facts of the world: affected users, and the two curves at the end.
pub fn world(points: &[(u64, u64)], end: u64) -> Vec<(u64, Actor, FactKind)> {
    let of = 40_000;
    let mut out: Vec<(u64, Actor, FactKind)> =
        points.iter().map(|(t, n)| (*t, Actor::World, FactKind::Impact { n: *n, of })).collect();
    let curve = |fold, points: Vec<(Tick, u64)>| FactKind::ImpactCurve { fold, points, of, lost: 0 };
    let yours = points.iter().map(|(t, n)| (Tick(*t), *n)).collect();
    out.push((end, Actor::World, FactKind::Ended));
    out.push((end, Actor::World, curve(Fold::Base, yours)));
    out.push((end, Actor::World, curve(Fold::HandsOff, vec![(Tick(120), 12_000)])));
    out
}

/// The original handling, replayed: acknowledged at 11, relief at 13, a look at 20, one public update at 10 minutes.
pub fn reference() -> Vec<Fact> {
    let mut rows = world(&[(120, 12_000), (900, 0)], 4000);
    rows.extend([
        (720, seat(), said(Channel::Status, true, Some(true))),
        (780, seat(), acked()),
        (900, seat(), rollback()),
        (960, Actor::World, relief(900)),
        (1320, seat(), look("api:download", true)),
    ]);
    stream(rows)
}

pub fn session() -> Vec<Fact> {
    let mut rows = world(&[(120, 12_000), (720, 6_000), (1320, 0)], 4000);
    rows.extend([
        (240, seat(), acked()),
        (300, seat(), FactKind::Declared { severity: 1 }),
        (400, seat(), look("graph:errors", false)),
        (720, seat(), rollback()),
        (780, Actor::World, relief(720)),
        (
            900,
            seat(),
            FactKind::Cause { components: vec![s("api:download"), s("db")], mechanisms: vec![], confidence: None },
        ),
        (1020, seat(), said(Channel::Internal, false, None)),
        (1500, seat(), look("api:download", true)),
        (1600, seat(), said(Channel::Status, true, Some(false))),
        (2820, seat(), said(Channel::Status, true, Some(true))),
    ]);
    stream(rows)
}

pub fn par() -> Par {
    Par::of(&scenario(), &header(), &reference(), "abc")
}

fn report(facts: &[Fact]) -> Report {
    score(&scenario(), &header(), facts, &par())
}

fn points(r: &Report) -> Vec<(&'static str, String)> {
    r.checks.iter().map(|c| (c.id, c.points.to_string())).collect()
}

fn expect(rows: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    rows.iter().map(|(id, p)| (*id, s(p))).collect()
}

#[test]
fn the_replay_scores_exactly_par() {
    let r = report(&reference());
    assert_eq!(
        points(&r),
        expect(&[
            ("D1", "12/5"),
            ("D2", "2"),
            ("D3", "0"),
            ("G1", "0"),
            ("G2", "0"),
            ("G3", "0"),
            ("G4", "0"),
            ("G5", "0"),
            ("M1", "18/5"),
            ("M2", "12/5"),
            ("M3", "3"),
            ("M4", "0"),
            ("M5", "0"),
            ("C1", "0"),
            ("C2", "4"),
            ("C3", "4"),
            ("C4", "1/2"),
            ("C5", "0"),
            ("O1", "0"),
            ("O2", "0"),
            ("O3", "0"),
            ("O4", "0"),
            ("O5", "9/7"),
            ("S1", "14"),
            ("H1", "48/5"),
            ("A1", "27/5"),
        ])
    );
    assert_eq!(r.points, ratio(3653, 70));
    assert_eq!((r.max.clone(), r.par.clone(), r.delta.clone()), (whole(100), ratio(3653, 70), whole(0)));
    assert_eq!(r.word, "score-word-level");
    assert!(r.checks.iter().all(|c| c.points == c.par_points));
}

#[test]
fn a_session_by_hand() {
    let r = report(&session());
    // Coordinate: no help points and no shift here, so the other three share 12 points, 12/7 of what they have.
    // G4: φ(12.5; 5), for the original never stated a cause; M2: φ(10; 13) with half a minute of doubt; M1: φ(20; 13); H1: 180,000 against 156,000 user-minutes.
    assert_eq!(
        points(&r),
        expect(&[
            ("D1", "4"),
            ("D2", "2"),
            ("D3", "2"),
            ("G1", "3/2"),
            ("G2", "0"),
            ("G3", "0"),
            ("G4", "1/3"),
            ("G5", "0"),
            ("M1", "54/19"),
            ("M2", "180/67"),
            ("M3", "6"),
            ("M4", "0"),
            ("M5", "0"),
            ("C1", "3/2"),
            ("C2", "2"),
            ("C3", "4"),
            ("C4", "1"),
            ("C5", "0"),
            ("O1", "48/7"),
            ("O2", "0"),
            ("O3", "0"),
            ("O4", "0"),
            ("O5", "9/7"),
            ("S1", "14"),
            ("H1", "1872/211"),
            ("A1", "6"),
        ])
    );
    assert_eq!(r.impact.area.map(|a| a.to_string()), ["180000", "156000", "1440000"]);
    assert_eq!(r.points, r.checks.iter().fold(whole(0), |a, c| a + &c.points));
    let kinds: Vec<MoveKind> = r.moves.iter().map(|m| m.kind).collect();
    assert_eq!(kinds.iter().filter(|k| **k == MoveKind::Sync).count(), 6);
    assert_eq!(kinds.last(), Some(&MoveKind::NotNeeded));
    assert_eq!(r.word, "score-word-ahead");
    assert_eq!(decimal(&r.delta, 1), "14.7");
    let c2 = r.checks.iter().find(|c| c.id == "C2").unwrap();
    assert_eq!(c2.evidence.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2820.1"]);
    assert_eq!(c2.formula, "win(45.0; 30)");
}

#[test]
fn nobody_there_is_zero() {
    for points in [vec![(120, 12_000)], vec![(120, 12_000), (600, 0)], vec![(120, 40_000), (130, 0)], vec![]] {
        let r = report(&stream(world(&points, 4000)));
        assert_eq!(r.points, whole(0), "{points:?}");
        assert!(r.checks.iter().all(|c| c.window.is_some() || c.max == whole(0)));
    }
    assert_eq!(report(&[]).points, whole(0));
}

#[test]
fn a_look_before_users_are_affected_recognises_nothing() {
    let mut rows = world(&[(120, 12_000)], 4000);
    rows.push((60, seat(), look("graph", false)));
    assert_eq!(report(&stream(rows)).points, whole(0));
}

#[test]
fn a_hold_of_the_clock_changes_nothing() {
    // An inject at 500 with ten minutes of allowance; everything after it happens ten minutes later.
    let mut rows: Vec<(u64, Actor, FactKind)> = session()
        .into_iter()
        .map(|f| {
            let shift = |t: Tick| Tick(if t.0 > 500 { t.0 + 600 } else { t.0 });
            let what = match f.what {
                FactKind::Relief { at, .. } => relief(shift(at).0),
                FactKind::ImpactCurve { fold, points, of, lost } => FactKind::ImpactCurve {
                    fold,
                    points: points.into_iter().map(|(t, n)| (shift(t), n)).collect(),
                    of,
                    lost,
                },
                other => other,
            };
            (shift(f.id.tick).0, f.by, what)
        })
        .collect();
    rows.push((500, Actor::Gm, FactKind::Injected { card: s("x"), text: lang("x"), allowance: 600 }));
    assert_eq!(points(&report(&stream(rows))), points(&report(&session())));
}

#[test]
fn nudges_set_the_support_level_and_cost_nothing() {
    let mut facts = session();
    let id = FactId { branch: 0, tick: Tick(3000), n: 1 };
    facts.push(Fact { id, by: Actor::Gm, what: FactKind::Nudged { rung: 3, text: lang("?") }, evidence: vec![] });
    let r = report(&facts);
    assert_eq!((r.support, r.points), (3, report(&session()).points));
}

#[test]
fn fidelity_of_the_replay() {
    let rows = fidelity(&scenario(), &reference());
    let verdicts: Vec<Verdict> = rows.iter().map(|r| r.verdict).collect();
    assert_eq!(verdicts, [Verdict::BeforeOpening, Verdict::Ok, Verdict::Ok, Verdict::BeyondHorizon]);
    assert_eq!(rows[2].matched, Some(Offset(780)));
    let rows = fidelity(&scenario(), &session());
    assert_eq!(rows[1].verdict, Verdict::Miss);
    assert_eq!(rows[1].matched, Some(Offset(120)));
}

#[test]
fn par_is_data() {
    let par = par();
    let text = ron::to_string(&par).unwrap();
    assert_eq!(ron::from_str::<Par>(&text).unwrap(), par);
    assert_eq!(par.team.recognise, Some(Exact(whole(11))));
    assert_eq!(par.team.declared, None);
    let json = serde_json::to_string(&par).unwrap();
    assert_eq!(serde_json::from_str::<Par>(&json).unwrap(), par);
}

#[test]
fn the_json_is_exact() {
    let json = report_json(&report(&session()));
    assert_eq!((&json["checks"][8]["id"], &json["checks"][8]["points"]), (&"M1".into(), &"54/19".into()));
    assert_eq!(json["total"]["word"], "ahead");
    assert_eq!(json["dimensions"].as_array().unwrap().len(), 8);
    assert_eq!(json["impact"]["area"]["yours"], "180000");
    assert_eq!(json["alignment"]["moves"][1]["kind"], "sync");
}
