//! Tests of milestone: every predicate variant on a small stream, incremental equals batch, laws of time.

use proptest::prelude::*;
use std::collections::BTreeMap;
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, UpdateFields, UpdateStatus};
use wheel_of_misfortune::milestone::{MatchContext, Matcher, Trigger, first, occurrences};
use wheel_of_misfortune::scenario::{Channel, LangText, ObservedKind, Predicate};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::{Offset, Span, Tick};

fn seat() -> Actor {
    Actor::Seat("primary".into())
}

fn person() -> Actor {
    Actor::Person("dana".into())
}

fn s(text: &str) -> String {
    text.to_owned()
}

fn said(channel: Channel, about: &[&str], filled: bool, truthful: Option<bool>) -> FactKind {
    let fields = if filled {
        UpdateFields { impact: Some(s("api")), status: Some(UpdateStatus::Identified), ..UpdateFields::default() }
    } else {
        UpdateFields::default()
    };
    FactKind::Said { channel, text: LangText::default(), fields, about: about.iter().map(|a| s(a)).collect(), truthful }
}

fn observed(what: ObservedKind, target: &str, service: &str, user_facing: bool) -> FactKind {
    FactKind::Observed { what, target: s(target), service: Some(s(service)), user_facing, shown: None }
}

fn acted(verb: &str, target: &str) -> FactKind {
    FactKind::Acted { verb: s(verb), target: s(target), mutating: true, hazard: None }
}

/// Numbers the facts of each tick.
fn stream(rows: Vec<(u64, Actor, FactKind)>) -> Vec<Fact> {
    let mut count: BTreeMap<u64, u32> = BTreeMap::new();
    rows.into_iter()
        .map(|(t, by, what)| {
            let n = count.entry(t).or_default();
            *n += 1;
            Fact { id: FactId { branch: 0, tick: Tick(t), n: *n }, by, what, evidence: Vec::new() }
        })
        .collect()
}

/// One session: opens at T-2m, a bad release at 120, relief proven at 500 that began at 430.
fn session() -> Vec<Fact> {
    let deployed =
        |release: &str, stage: &str| FactKind::Deployed { service: s("api"), release: s(release), stage: s(stage) };
    stream(vec![
        (60, person(), said(Channel::Internal, &["deploy"], false, None)),
        (100, Actor::World, deployed("v2", "staging")),
        (120, person(), deployed("v2", "production")),
        (120, Actor::World, FactKind::Impact { n: 300, of: 1000 }),
        (150, Actor::World, FactKind::AlertFired { alert: s("errors"), service: s("api") }),
        (
            160,
            Actor::World,
            FactKind::TicketArrived { who: s("u"), text: LangText::default(), about: s("api:download") },
        ),
        (
            170,
            Actor::World,
            FactKind::PageOpened {
                page: 1,
                source: s("errors"),
                service: s("api"),
                text: LangText::default(),
                to: s("you"),
            },
        ),
        (180, seat(), FactKind::Acked { page: 1, service: s("api") }),
        (200, seat(), observed(ObservedKind::Release, "api/v2", "api", false)),
        (210, seat(), FactKind::Declared { severity: 2 }),
        (220, seat(), FactKind::Called { person: s("dana"), topic: s("api") }),
        (250, person(), FactKind::Joined { person: s("dana") }),
        (260, seat(), FactKind::Refused { verb: s("rollback"), target: s("api"), why: s("permission") }),
        (
            300,
            seat(),
            FactKind::Cause {
                components: vec![s("api:download")],
                mechanisms: vec![s("bad_release")],
                confidence: None,
            },
        ),
        (310, seat(), said(Channel::Status, &[], true, Some(false))),
        (320, seat(), said(Channel::Status, &[], true, None)),
        (400, seat(), acted("rollback", "api")),
        (410, Actor::World, deployed("v1", "production")),
        (430, Actor::World, FactKind::Impact { n: 100, of: 1000 }),
        (440, Actor::World, FactKind::Impact { n: 50, of: 1000 }),
        (450, seat(), observed(ObservedKind::Request, "api:download/serde", "api", true)),
        (460, Actor::World, FactKind::Impact { n: 60, of: 1000 }),
        (470, Actor::World, FactKind::Impact { n: 0, of: 1000 }),
        (500, Actor::World, FactKind::Relief { action: FactId { branch: 0, tick: Tick(400), n: 1 }, at: Tick(430) }),
        (520, seat(), observed(ObservedKind::Metric, "graph:downloads", "web", true)),
        (600, seat(), FactKind::FollowUp { text: s("x"), owner: s(" ") }),
        (610, seat(), FactKind::FollowUp { text: s("x"), owner: s("team") }),
        (620, seat(), FactKind::Resolved),
    ])
}

fn users(at_most: (i64, i64), sustained: bool) -> Predicate {
    Predicate::UsersAffected { at_most: Exact(ratio(at_most.0, at_most.1)), sustained }
}

fn context() -> MatchContext {
    let see = |user_facing| Predicate::Observed { what: None, target: None, service: None, user_facing };
    MatchContext {
        opens: Offset(-120),
        horizon: Tick(900),
        milestones: BTreeMap::from([
            (s("mitigated"), users((1, 20), true)),
            (s("relief"), Predicate::Relief),
            (s("verified"), Predicate::Since { milestone: s("mitigated"), then: Box::new(see(true)) }),
            (s("circle"), Predicate::Since { milestone: s("circle"), then: Box::new(see(true)) }),
        ]),
        running: BTreeMap::from([(s("api"), s("v1"))]),
    }
}

fn act(verb: &str, target: Option<&str>, or_refused: bool) -> Predicate {
    Predicate::Acted { verb: s(verb), target: target.map(s), or_refused }
}

fn see(what: Option<ObservedKind>, target: Option<&str>, service: Option<&str>, user_facing: bool) -> Predicate {
    Predicate::Observed { what, target: target.map(s), service: service.map(s), user_facing }
}

fn speak(channel: Option<Channel>, by: Option<&str>, about: Option<&str>, fields: u32, truthful: bool) -> Predicate {
    Predicate::Said { channel, by: by.map(s), about: about.map(s), fields_at_least: fields, truthful }
}

fn since(milestone: &str, then: Predicate) -> Predicate {
    Predicate::Since { milestone: s(milestone), then: Box::new(then) }
}

fn not(p: Predicate) -> Predicate {
    Predicate::Not(Box::new(p))
}

fn delay(seconds: u64, p: Predicate) -> Predicate {
    Predicate::Delay { by: Span(seconds), first: Box::new(p) }
}

fn times(at_least: u32, distinct: bool, of: Predicate) -> Predicate {
    Predicate::Times { at_least, distinct, of: Box::new(of) }
}

fn lasts(seconds: u64, that: Predicate) -> Predicate {
    Predicate::Lasts { by: Span(seconds), that: Box::new(that) }
}

fn table() -> Vec<(&'static str, Predicate, Vec<u64>)> {
    use Predicate as P;
    let running = |r: &str| P::Running { service: s("api"), release: s(r) };
    vec![
        ("acknowledged", P::Acknowledged, vec![180]),
        ("declared", P::Declared, vec![210]),
        ("said by anybody", speak(None, None, None, 0, false), vec![60, 310, 320]),
        ("said by a responder", speak(None, Some("responder"), None, 0, false), vec![310, 320]),
        ("said by a person", speak(None, Some("dana"), Some("Deploy"), 0, false), vec![60]),
        ("said with fields", speak(Some(Channel::Status), None, None, 2, false), vec![310, 320]),
        ("said and not untrue", speak(Some(Channel::Status), None, Some("api"), 2, true), vec![320]),
        ("said with too many fields", speak(None, None, None, 3, false), vec![]),
        ("cause of the service", P::CauseStated { component: s("api") }, vec![300]),
        ("cause of another", P::CauseStated { component: s("ap") }, vec![]),
        ("observed", see(None, None, None, false), vec![200, 450, 520]),
        ("observed as a user", see(None, None, None, true), vec![450, 520]),
        ("observed a kind", see(Some(ObservedKind::Release), None, None, false), vec![200]),
        ("observed a prefix", see(None, Some("api:*"), None, false), vec![450]),
        ("observed below a target", see(None, Some("graph"), None, false), vec![520]),
        ("observed a service", see(None, None, Some("web"), false), vec![520]),
        ("acted", act("rollback", None, false), vec![400]),
        ("acted or refused", act("rollback", Some("api"), true), vec![260, 400]),
        ("acted elsewhere", act("rollback", Some("web"), true), vec![]),
        ("running", running("v2"), vec![120]),
        ("running again", running("v1"), vec![410]),
        ("paged you", P::Paged { person: s("you") }, vec![170]),
        ("called", P::Paged { person: s("dana") }, vec![220]),
        ("joined", P::Joined { person: s("dana") }, vec![250]),
        ("alert", P::AlertFired { alert: s("errors") }, vec![150]),
        ("ticket", P::TicketArrived { about: s("api") }, vec![160]),
        ("relief at the moment it began", P::Relief, vec![430]),
        ("resolved", P::Resolved, vec![620]),
        ("follow-up with an owner", P::FollowedUp, vec![610]),
        ("impact above", P::Impact { above: Exact(ratio(1, 20)) }, vec![120, 460]),
        ("impact above is strict", P::Impact { above: Exact(ratio(3, 10)) }, vec![]),
        ("share at most", users((1, 20), false), vec![0, 440, 470]),
        ("sustained yields the start", users((1, 20), true), vec![470]),
        ("sustained at a looser limit", users((1, 10), true), vec![430]),
        ("sustained needs impact before", users((1, 2), true), vec![]),
        ("after", P::After(Offset(60)), vec![180]),
        ("after a time before the opening", P::After(Offset(-600)), vec![0]),
        ("all: the latest", P::All(vec![P::Declared, P::Acknowledged]), vec![210]),
        ("all: again with each look", P::All(vec![P::Declared, see(None, None, None, true)]), vec![450, 520]),
        ("all of nothing", P::All(vec![]), vec![0]),
        ("any: each", P::Any(vec![P::Resolved, P::Acknowledged]), vec![180, 620]),
        ("any of nothing", P::Any(vec![]), vec![]),
        ("not: from the opening", not(P::Declared), vec![0]),
        ("not of a state comes back", not(running("v2")), vec![0, 410]),
        ("not declared by then", P::All(vec![P::After(Offset(60)), not(P::Declared)]), vec![180]),
        ("declared by then", P::All(vec![P::After(Offset(120)), not(P::Declared)]), vec![]),
        ("delay", delay(30, P::Declared), vec![240]),
        ("delay beyond the horizon", delay(800, P::Declared), vec![]),
        ("delay of a time", delay(10, P::After(Offset(0))), vec![130]),
        ("twice", times(2, false, see(None, None, None, false)), vec![450, 520]),
        ("as a user twice, counted once each", times(2, true, see(None, None, None, true)), vec![520]),
        ("four times", times(4, false, see(None, None, None, false)), vec![]),
        ("each on another target", times(2, true, speak(Some(Channel::Status), None, None, 0, false)), vec![]),
        ("lasts: when it began", lasts(100, users((1, 20), false)), vec![0, 470]),
        ("lasts: a break begins anew", lasts(20, users((1, 20), false)), vec![0, 440, 470]),
        ("lasts: one that was too short", lasts(21, users((1, 20), false)), vec![0, 470]),
        ("lasts to beyond the horizon", lasts(440, running("v1")), vec![410]),
        ("not long enough", lasts(500, running("v1")), vec![]),
        ("lasts within more", P::All(vec![lasts(60, running("v2")), P::Acknowledged]), vec![180]),
        ("acknowledged and an absence", P::All(vec![delay(60, P::Acknowledged), not(P::Resolved)]), vec![240]),
        ("since", since("mitigated", see(None, None, None, true)), vec![520]),
        ("since relief, which began earlier than proven", since("relief", see(None, None, None, true)), vec![450, 520]),
        ("since with a state that holds", since("relief", running("v1")), vec![430]),
        ("since a since", since("verified", P::Resolved), vec![620]),
        ("since with an earlier event", since("mitigated", P::Declared), vec![]),
        ("since: an absence looks back", since("mitigated", not(P::Declared)), vec![]),
        ("since an unknown milestone", since("nowhere", P::Resolved), vec![]),
        ("since itself", since("circle", P::Resolved), vec![]),
    ]
}

fn holds_later(p: &Predicate) -> bool {
    let text = format!("{p:?}");
    text.contains("sustained: true")
        || matches!(p, Predicate::Lasts { .. })
        || text.contains("Relief")
        || text.contains("mitigated")
        || text.contains("verified")
        || text.contains("\"relief\"")
}

#[test]
fn every_variant_on_one_session() {
    let (facts, ctx) = (session(), context());
    for (what, predicate, expected) in table() {
        let got: Vec<u64> = occurrences(&predicate, &facts, &ctx).iter().map(|o| o.tick.0).collect();
        assert_eq!(got, expected, "{what}");
        assert_eq!(first(&predicate, &facts, &ctx).map(|o| o.tick.0), expected.first().copied(), "{what}");
    }
}

/// Feeds tick by tick, as a live session does.
fn live(predicate: &Predicate, facts: &[Fact], ctx: &MatchContext, step: u64) -> Option<u64> {
    let mut trigger = Trigger::new(predicate, ctx);
    let mut at = 0;
    let mut now = 0;
    let mut found = None;
    loop {
        let upto = facts[at..].iter().take_while(|f| f.id.tick.0 <= now).count();
        if let Some(o) = trigger.feed(&facts[at..at + upto], Tick(now)) {
            assert!(found.is_none(), "fired twice");
            found = Some(o.tick.0);
            assert!(trigger.fired());
        }
        at += upto;
        if now >= ctx.horizon.0 {
            return found;
        }
        now = (now + step).min(ctx.horizon.0);
    }
}

#[test]
fn a_trigger_fires_at_the_first_occurrence_whatever_the_step() {
    let (facts, ctx) = (session(), context());
    for (what, predicate, expected) in table() {
        // A live session learns of a relief when it is proven, and of a sustained calm at the horizon.
        if holds_later(&predicate) {
            continue;
        }
        for step in [1, 7, 900] {
            assert_eq!(live(&predicate, &facts, &ctx, step), expected.first().copied(), "{what} in steps of {step}");
        }
    }
    assert_eq!(live(&Predicate::Relief, &facts, &ctx, 1), Some(500));
    assert_eq!(live(&users((1, 20), true), &facts, &ctx, 1), Some(900));
}

#[test]
fn evidence_names_the_facts() {
    let (facts, ctx) = (session(), context());
    let ids = |p: &Predicate| -> Vec<String> {
        first(p, &facts, &ctx).map(|o| o.evidence.iter().map(ToString::to_string).collect()).unwrap_or_default()
    };
    assert_eq!(ids(&Predicate::All(vec![Predicate::Declared, Predicate::Acknowledged])), ["180.1", "210.1"]);
    assert_eq!(ids(&users((1, 20), true)), ["470.1"]);
    assert_eq!(ids(&context().milestones["verified"]), ["470.1", "520.1"]);
    assert_eq!(ids(&Predicate::Relief), ["400.1", "500.1"]);
    assert!(ids(&not(Predicate::Declared)).is_empty());
}

#[test]
fn a_matcher_is_plain_state() {
    let (facts, ctx) = (session(), context());
    let p = Predicate::All(vec![delay(60, Predicate::Declared), not(Predicate::Resolved)]);
    let mut a = Matcher::new(&p, &ctx);
    for f in &facts[..12] {
        a.feed(f);
    }
    let mut b = a.clone();
    assert_eq!(digest::of(&a), digest::of(&b));
    assert_eq!(a.tick(Tick(280)), b.tick(Tick(280)));
    assert!(a.holds());
    assert_eq!(digest::of(&a), digest::of(&b));
}

fn any_predicate() -> impl Strategy<Value = Predicate> {
    let leaf =
        prop::sample::select(table().into_iter().map(|(_, p, _)| p).filter(|p| !holds_later(p)).collect::<Vec<_>>());
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::Any),
            inner.clone().prop_map(not),
            (inner.clone(), 0u64..300).prop_map(|(p, d)| delay(d, p)),
        ]
    })
}

proptest! {
    #[test]
    fn incremental_equals_batch(p in any_predicate(), step in 1u64..200) {
        let (facts, ctx) = (session(), context());
        prop_assert_eq!(live(&p, &facts, &ctx, step), first(&p, &facts, &ctx).map(|o| o.tick.0));
    }

    #[test]
    fn an_occurrence_is_proven_by_its_evidence(p in any_predicate()) {
        let (facts, ctx) = (session(), context());
        for o in occurrences(&p, &facts, &ctx) {
            prop_assert!(o.tick <= ctx.horizon);
            prop_assert!(o.evidence.iter().all(|id| id.tick <= o.tick && facts.iter().any(|f| f.id == *id)));
        }
    }
}
