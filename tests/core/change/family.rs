//! Every fault of changes: what looks as if it could help and does not, and what ends it.

use super::*;
use wheel_of_misfortune::sim::{CronVerb, QueueVerb, UnitVerb};

struct Case {
    fault: ChangeFault,
    /// Seconds before somebody acts.
    after: u64,
    wrong: Vec<Effect>,
    /// Empty if nobody but its owner can end it.
    right: Vec<Effect>,
    /// Seconds that the right ones take.
    takes: u64,
}

fn restart(host: &str, unit: &str) -> Effect {
    Effect::Unit { host: host.into(), unit: unit.into(), verb: UnitVerb::Restart }
}

fn promote(release: &str) -> Effect {
    Effect::Promote { service: "api".into(), release: release.into() }
}

fn push(config: &str, version: &str) -> Effect {
    Effect::Change(ChangeEffect::Push { config: config.into(), version: version.into() })
}

fn flag(flag: &str, percent: u64) -> Effect {
    Effect::Change(ChangeEffect::Flag { flag: flag.into(), percent })
}

fn queue(queue: &str, verb: QueueVerb) -> Effect {
    Effect::Change(ChangeEffect::Queue { queue: queue.into(), verb })
}

fn cron(verb: CronVerb) -> Effect {
    Effect::Change(ChangeEffect::Cron { cron: "sync".into(), verb })
}

fn cases() -> Vec<Case> {
    let name = str::to_owned;
    let factor = || Exact(ratio(6, 1));
    let share = || Exact(ratio(1, 2));
    let api = restart("web-1", "api");
    let case = |fault, wrong, right, takes| Case { fault, after: 6, wrong, right, takes };
    let off = Effect::Change(ChangeEffect::Generator { config: name("features"), on: false });
    let hands_off = Effect::Change(ChangeEffect::Automation { service: name("api"), on: false });
    vec![
        case(
            ChangeFault::BadConfig { config: name("rules"), version: name("r2") },
            vec![api.clone(), promote("v1")],
            vec![push("rules", "r1")],
            45,
        ),
        case(
            ChangeFault::OutOfBand { config: name("rules"), version: name("r2") },
            vec![api.clone(), flag("fast-path", 0)],
            vec![Effect::Change(ChangeEffect::Reconcile { stack: name("edge") })],
            45,
        ),
        Case {
            after: 70,
            ..case(
                ChangeFault::BadGenerator { config: name("features") },
                vec![push("features", "good"), api.clone()],
                vec![off, push("features", "good")],
                10,
            )
        },
        case(
            ChangeFault::AutoUpdate { service: name("api"), release: name("v2") },
            vec![api.clone(), push("rules", "r3")],
            vec![promote("v1")],
            62,
        ),
        case(
            ChangeFault::FlagFlip { flag: name("fast-path"), percent: 100 },
            vec![api.clone(), push("rules", "r3")],
            vec![flag("fast-path", 0)],
            2,
        ),
        case(
            ChangeFault::Poison { queue: name("mails"), items: 1, crashes: false },
            vec![restart("job-1", "mailer"), Effect::Requeue { queue: name("mails") }],
            vec![queue("mails", QueueVerb::Skip)],
            2,
        ),
        case(
            ChangeFault::SlowConsumer { queue: name("mails"), factor: factor() },
            vec![Effect::Requeue { queue: name("mails") }, restart("job-1", "mailer")],
            vec![],
            0,
        ),
        case(
            ChangeFault::QueueFlood { queue: name("mails"), factor: factor() },
            vec![queue("mails", QueueVerb::Purge)],
            vec![],
            0,
        ),
        case(
            ChangeFault::Timeout { from: name("web"), to: name("stock"), timeout: 30_000 },
            vec![api.clone()],
            vec![],
            0,
        ),
        case(ChangeFault::Limit { service: name("stock"), slots: 1 }, vec![api.clone()], vec![], 0),
        case(ChangeFault::Quota { service: name("stock"), rate: factor() }, vec![api.clone()], vec![], 0),
        case(
            ChangeFault::ShortTtl { cache: name("shelf"), share: share() },
            vec![Effect::Change(ChangeEffect::Warm { cache: name("shelf") })],
            vec![],
            0,
        ),
        case(
            ChangeFault::VendorOutage { vendor: name("pay"), share: share() },
            vec![api.clone(), Effect::Change(ChangeEffect::Claim { vendor: name("pay"), text: name("fixed") })],
            vec![],
            0,
        ),
        case(
            ChangeFault::RunawayJob { cron: name("sync"), factor: factor() },
            vec![cron(CronVerb::Run), api.clone()],
            vec![cron(CronVerb::Pause), cron(CronVerb::Kill)],
            2,
        ),
        case(
            ChangeFault::Descheduled { service: name("api"), share: share() },
            vec![api.clone(), promote("v1")],
            vec![hands_off],
            2,
        ),
        case(
            ChangeFault::MonitoringBlind { service: name("api") },
            vec![api.clone(), promote("v1")],
            vec![Effect::Change(ChangeEffect::Agent { service: name("api") })],
            2,
        ),
        case(
            ChangeFault::FalseAlarm { probe: name("front") },
            vec![api, promote("v1")],
            vec![Effect::Change(ChangeEffect::Checker { probe: name("front") })],
            2,
        ),
    ]
}

/// A world in which the scheduled job of the table is on.
fn world() -> World {
    let mut w = open();
    w.apply(&cron(CronVerb::Resume)).expect("accepted");
    w
}

#[test]
fn what_does_not_help_leaves_it_and_what_helps_ends_it() {
    for c in cases() {
        let mut w = world();
        begin(&mut w, c.fault.clone(), 1, 1);
        steps(&mut w, c.after);
        assert!(is_ill(&w, &c.fault), "{:?} is there", c.fault);
        for effect in &c.wrong {
            let _ = w.apply_by(effect, "dev");
            steps(&mut w, 3);
            assert!(is_ill(&w, &c.fault), "{:?} does not end {:?}", effect, c.fault);
        }
        // A deploy that did not help is still on its way.
        steps(&mut w, if c.wrong.contains(&promote("v1")) { 62 } else { 0 });
        assert!(is_ill(&w, &c.fault), "{:?} is still there", c.fault);
        if c.right.is_empty() {
            w.apply(&Effect::Clear(fault(c.fault.clone()))).expect("its owner ends it");
        }
        for effect in &c.right {
            w.apply_by(effect, "dev").unwrap_or_else(|e| panic!("{effect:?}: {e:?}"));
        }
        steps(&mut w, c.takes + 1);
        assert!(!is_ill(&w, &c.fault), "{:?} is over", c.fault);
        let again = w.apply(&Effect::Clear(fault(c.fault.clone())));
        assert_eq!(again.expect_err("it is gone").message, "no such fault", "{:?}", c.fault);
    }
}

#[test]
fn a_fault_that_a_version_carries_cannot_be_cleared_past_it() {
    let mut w = open();
    w.apply(&push("rules", "r2")).expect("accepted");
    steps(&mut w, 45);
    let carried = Fault::Errors { service: "api".into(), share: Exact(ratio(1, 2)) };
    assert!(w.faults().any(|f| *f == carried));
    assert_eq!(w.apply(&Effect::Clear(carried)).expect_err("it comes with r2").message, "no such fault");
    w.apply(&push("rules", "r1")).expect("accepted");
    steps(&mut w, 45);
    assert_eq!(w.faults().count(), 0);
}

#[test]
fn changes_are_the_same_for_the_same_seed() {
    let run = || {
        let mut w = World::new(&shop(), 11);
        let _ = w.apply_by(&promote("v2"), "dev");
        let _ = w.apply_by(&push("rules", "r2"), "dev");
        begin(&mut w, ChangeFault::BadGenerator { config: "features".into() }, 1, 2);
        steps(&mut w, 900);
        wheel_of_misfortune::stdx::digest::of(&w)
    };
    assert_eq!(run(), run());
}

#[test]
fn a_generator_that_is_worse_makes_more_bad_ones() {
    let bad = |n| {
        let mut w = open();
        begin(&mut w, ChangeFault::BadGenerator { config: "features".into() }, n, 4);
        let live = |w: &mut World| (steps(w, 60), w.config("features").expect("features").live() == "bad").1;
        (0..40).map(|_| f64::from(u8::from(live(&mut w)))).sum()
    };
    rises(&[bad(1), bad(2), bad(3), bad(4)]);
}
