//! Every kind of fault that the format knows, in a world of all rooms, runs every course: it is there when its course says so, and at
//! no other time.

use super::steps;
use super::swarm::draw::Draw;
use super::worlds::exact;
use crate::whole::place;
use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::{Course, Fault, Wake, WorldSpec, fault_from_words, fault_kinds, fault_words};
use wheel_of_misfortune::sim::{ChangeEffect, Effect, UnitVerb, World};
use wheel_of_misfortune::stdx::time::Span;

/// Seconds for which a fault is watched in which nobody does anything.
const WATCHED_S: u64 = 100;

/// Kinds that are over by themselves, and why. Their course is tested where they are.
const OVER_AT_ONCE: &[(&str, &str)] = &[("cache_flush", "what a cache held is gone in that second")];

/// Whether a fault is at work.
fn there(w: &World, fault: &Fault) -> bool {
    w.faults().any(|f| f == fault)
}

fn begins(w: &World, fault: &Fault, course: Course) -> World {
    let mut w = w.clone();
    w.apply(&Effect::Begin(fault.clone(), course)).expect("accepted");
    w
}

/// Whether it is there after each of these seconds, which are counted from the beginning.
fn at<const N: usize>(w: &World, fault: &Fault, course: Course, seconds: [u64; N]) -> [bool; N] {
    let (mut w, mut now) = (begins(w, fault, course), 0);
    seconds.map(|s| {
        steps(&mut w, s - now);
        now = s;
        there(&w, fault)
    })
}

/// One fault of each kind that this world can have, and that is not over by itself soon: no process that fills its machine until
/// it is killed, no job that is never due. Those that are over at once have none that lasts.
fn faults(w: &World, spec: &WorldSpec) -> BTreeMap<String, Fault> {
    let (mut d, mut found) = (Draw::new(3), BTreeMap::new());
    let mut left: BTreeMap<String, u32> = fault_kinds().map(|(kind, _)| (kind, 12)).collect();
    for _ in 0..20_000 {
        let Some(fault) = d.fault(spec) else { continue };
        let kind = fault_words(&fault).0.to_owned();
        let Some(tries) = left.get_mut(&kind) else { continue };
        if w.clone().apply(&Effect::Begin(fault.clone(), Course::default())).is_ok() {
            let stays = at(w, &fault, Course::default(), [WATCHED_S]) == [true];
            found.insert(kind.clone(), fault);
            *tries -= 1;
            if stays || *tries == 0 {
                left.remove(&kind);
            }
        }
    }
    found
}

fn restart(w: &mut World) {
    let (host, unit) = ("job-01".to_owned(), "mailer".to_owned());
    w.apply(&Effect::Unit { host, unit, verb: UnitVerb::Restart }).expect("accepted");
}

/// Whether it sleeps until the mailer was started anew, or until somebody touched it.
fn wakes(w: &World, fault: &Fault, by: Wake) -> [bool; 2] {
    let mut w = begins(w, fault, Course { wakes: Some(by), ..Course::default() });
    steps(&mut w, 20);
    let before = there(&w, fault);
    restart(&mut w);
    // Until the unit runs.
    let woke = (0..40).any(|_| {
        w.step();
        there(&w, fault)
    });
    [before, woke]
}

/// Whether it hides behind another fault, and shows when that one ends.
fn hides(w: &World, fault: &Fault, other: [Effect; 2]) -> [bool; 2] {
    let mut w = w.clone();
    let [begin, end] = other;
    w.apply(&begin).expect("accepted");
    steps(&mut w, 8);
    let mut w = begins(&w, fault, Course { behind: true, ..Course::default() });
    steps(&mut w, 10);
    let before = there(&w, fault);
    w.apply(&end).expect("accepted");
    let shows = (0..20).any(|_| {
        w.step();
        there(&w, fault)
    });
    [before, shows]
}

#[test]
fn every_kind_of_fault_takes_every_course() {
    let scenario = place::world(&mut Draw::new(5));
    let spec = scenario.world.clone();
    let mut w = World::new(&scenario, 5);
    steps(&mut w, 30);
    let faults = faults(&w, &spec);
    let missing: Vec<String> = fault_kinds().map(|(k, _)| k).filter(|k| !faults.contains_key(k)).collect();
    let span = |s: u64| Some(Span(s));
    let plain = Course::default();
    let (mut wrong, mut runs) = (Vec::new(), 0);
    let slow = Fault::Slow { service: "resolver".to_owned(), factor: exact(2, 1) };
    let release = |release: &str| Effect::Release { service: "api".to_owned(), release: release.to_owned() };
    for (kind, fault) in &faults {
        if OVER_AT_ONCE.iter().any(|(k, _)| k == kind) {
            assert_eq!(at(&w, fault, plain.clone(), [3]), [false], "{kind} is not over at once");
            continue;
        }
        let mut is = |what: &str, seen: &[bool], want: &[bool]| {
            runs += 1;
            if seen != want {
                wrong.push(format!("{what}: {seen:?} for {want:?}: {fault:?}"));
            }
        };
        is("plain", &at(&w, fault, plain.clone(), [1, 10, WATCHED_S]), &[true; 3]);
        is("heals", &at(&w, fault, Course { lasts: span(20), ..plain.clone() }, [19, 21, 60]), &[true, false, false]);
        let again = Course { lasts: span(20), again: span(30), ..plain.clone() };
        is("recurs", &at(&w, fault, again, [19, 22, 45, 53, 68, 73]), &[true, false, false, true, true, false]);
        let pulse = Course { pulse: Some((Span(10), Span(10))), ..plain.clone() };
        is("pulses", &at(&w, fault, pulse, [8, 12, 18, 22, 28, 32]), &[true, false, false, true, true, false]);
        let grows = Course { rise: span(40), ..plain.clone() };
        is("rises", &at(&w, fault, grows, [1, 10, 30, 50, WATCHED_S]), &[true; 5]);
        let wave = Course { rise: span(20), lasts: span(60), fall: span(20), ..plain.clone() };
        is("rises and falls", &at(&w, fault, wave, [1, 10, 30, 59, 62]), &[true, true, true, true, false]);
        is("sleeps until a start", &wakes(&w, fault, Wake::Start("mailer".to_owned())), &[false, true]);
        is("sleeps until touched", &wakes(&w, fault, Wake::Touch("job-01:mailer".to_owned())), &[false, true]);
        if *fault != slow {
            let other = [Effect::Begin(slow.clone(), plain.clone()), Effect::Clear(slow.clone())];
            is("hides", &hides(&w, fault, other), &[false, true]);
        }
        let other = [release("v2"), release("v1")];
        is("hides behind what a release brings", &hides(&w, fault, other), &[false, true]);
    }
    println!(
        "{} kinds of fault, {runs} courses; {} kinds the world has no place for: {missing:?}",
        faults.len(),
        missing.len()
    );
    assert!(wrong.is_empty(), "{} of {runs}:\n{}", wrong.len(), wrong.join("\n"));
}

fn words(kind: &str, given: &[(&str, &str)]) -> Fault {
    let given: Vec<(String, String)> = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    fault_from_words(kind, &given).unwrap_or_else(|e| panic!("{kind}: {e}"))
}

/// A world with an edge in front of pages, names and certificates.
fn open() -> World {
    let mut w = World::new(&place::world(&mut Draw::new(5)), 5);
    steps(&mut w, 30);
    w
}

#[test]
fn what_grows_leaves_the_traces_of_one_change() {
    let course = Course { rise: Some(Span(60)), ..Course::default() };
    let grown = |fault: &Fault| {
        let mut w = begins(&open(), fault, course.clone());
        steps(&mut w, 90);
        assert!(there(&w, fault), "{fault:?}");
        w
    };
    let w = grown(&words("record_emptied", &[("record", "api.shop.example")]));
    let record = w.net().record("api.shop.example").expect("a record");
    assert_eq!((record.answers.len(), record.mix), (2, 1.0), "{:?}", record.answers);

    let before = w.utc().plus(-90);
    let w = grown(&words("cert_expired", &[("cert", "api")]));
    let cert = w.net().cert("api").expect("a certificate");
    assert_eq!((cert.stored.until, cert.early), (before, Some(1.0)), "it ran out when it began");

    // A thousand parts per million: half a millisecond a second while it grows, one afterwards.
    let w = grown(&words("clock_drift", &[("host", "auth-01"), ("ppm", "1000")]));
    let ahead = w.net().clock("auth-01").expect("a clock").offset_us;
    assert!((59_000.0..62_000.0).contains(&ahead), "{ahead} µs");

    for (kind, rule, size) in [("edge_rule", "cdn:waf", ("share", "1")), ("edge_limit", "cdn:limit", ("rate", "1/s"))] {
        let fault = words(kind, &[("rule", rule), size]);
        let w = grown(&fault);
        let whole = begins(&open(), &fault, Course::default());
        let state = |w: &World| {
            let (_, spec, edge) = w.net().edges().next().expect("an edge");
            let at = spec.rules.keys().position(|r| rule.ends_with(r)).expect("a rule");
            (edge.live[at].clone(), edge.history.len(), edge.drifted(), edge.history.last().map(|h| h.to.clone()))
        };
        assert_eq!(state(&w), state(&whole), "{rule}");
        let (_, _, edge) = w.net().edges().next().expect("an edge");
        assert!(edge.pushes.is_empty(), "{rule}: ninety seconds reach the whole edge: {:?}", edge.pushes);
    }

    // Poison comes as it grows, and not more of it than there is.
    let w = grown(&words("poison", &[("queue", "mails"), ("items", "40"), ("crashes", "false")]));
    let whole = begins(
        &open(),
        &words("poison", &[("queue", "mails"), ("items", "40"), ("crashes", "false")]),
        Course::default(),
    );
    let arrived = |w: &World| w.queue("mails").expect("a queue").arrived_total;
    let (mut plain, mut other) = (open(), whole);
    steps(&mut plain, 90);
    steps(&mut other, 90);
    assert_eq!((arrived(&w) - arrived(&plain), arrived(&other) - arrived(&plain)), (40, 40));
}

#[test]
fn of_what_hides_one_shows_at_a_time() {
    let fault = |service: &str| Fault::Slow { service: service.to_owned(), factor: exact(2, 1) };
    let behind = Course { behind: true, ..Course::default() };
    let mut w = begins(&open(), &fault("resolver"), Course { pulse: Some((Span(5), Span(5))), ..Course::default() });
    for service in ["search", "stock"] {
        w.apply(&Effect::Begin(fault(service), behind.clone())).expect("accepted");
    }
    let shows = |w: &World| ["resolver", "search", "stock"].map(|s| there(w, &fault(s)));
    steps(&mut w, 8);
    assert_eq!(shows(&w), [false; 3], "what rests is not over");
    for (over, now) in [("resolver", [false, true, false]), ("search", [false, false, true]), ("stock", [false; 3])] {
        w.apply(&Effect::Clear(fault(over))).expect("accepted");
        steps(&mut w, 30);
        assert_eq!(shows(&w), now, "after {over}");
    }
    // One that recurs hides again when it is due.
    let mut w = begins(
        &open(),
        &fault("stock"),
        Course { lasts: Some(Span(10)), again: Some(Span(10)), behind: true, ..Course::default() },
    );
    steps(&mut w, 15);
    w.apply(&Effect::Begin(fault("search"), Course::default())).expect("accepted");
    steps(&mut w, 20);
    assert_eq!(shows(&w), [false, true, false]);
    w.apply(&Effect::Clear(fault("search"))).expect("accepted");
    steps(&mut w, 2);
    assert_eq!(shows(&w), [false, false, true]);
}

#[test]
fn a_restart_ends_a_crash_that_was_and_none_that_is_yet_to_come() {
    let crash = Fault::Crash { host: "job-01".to_owned(), unit: "mailer".to_owned() };
    let mut w = begins(&open(), &crash, Course { again: Some(Span(60)), ..Course::default() });
    for round in 0..3 {
        steps(&mut w, 5);
        assert!(there(&w, &crash), "round {round}");
        restart(&mut w);
        steps(&mut w, 30);
        assert!(!there(&w, &crash), "round {round}: somebody started it");
        // What helps nobody now does not put it off.
        restart(&mut w);
        let came = (0..60).find(|_| {
            w.step();
            there(&w, &crash)
        });
        assert!(came.is_some_and(|s| s < 45), "round {round}: back after {came:?}");
    }
    // The same of what an agent's restart mends: done while nothing is wrong it changes nothing.
    let blind = words("monitoring_blind", &[("service", "api")]);
    let mend = Effect::Change(ChangeEffect::Agent { service: "api".to_owned() });
    let mut w = begins(&open(), &blind, Course { again: Some(Span(60)), ..Course::default() });
    for second in 0..58 {
        w.apply(&mend).expect("accepted");
        assert!(!there(&w, &blind), "second {second}");
        w.step();
    }
    steps(&mut w, 3);
    assert!(there(&w, &blind), "it comes back a minute after it was first ended");
    // One that sleeps until the unit starts happens when it has started.
    let mut w = begins(&open(), &crash, Course { wakes: Some(Wake::Start("mailer".to_owned())), ..Course::default() });
    restart(&mut w);
    steps(&mut w, 20);
    assert!(there(&w, &crash));
    restart(&mut w);
    steps(&mut w, 20);
    assert!(!there(&w, &crash));
}

#[test]
fn of_two_limits_on_a_service_the_tighter_one_holds() {
    let at_once = |slots: Option<&str>, leaks: u64| {
        let mut w = open();
        let mut begin = |fault: &Fault, course: Course| {
            w.apply(&Effect::Begin(fault.clone(), course)).map(|_| ()).expect("accepted")
        };
        if let Some(slots) = slots {
            begin(&words("limit", &[("service", "db"), ("slots", slots)]), Course::default());
        }
        if leaks > 0 {
            let course = Course { lasts: Some(Span(leaks)), ..Course::default() };
            begin(&words("pool_leak", &[("store", "db-main"), ("client", "api"), ("rate", "3/s")]), course);
        }
        begin(&words("slow", &[("service", "db"), ("factor", "1000")]), Course::default());
        steps(&mut w, 90);
        w.service("db").expect("db").in_flight()
    };
    // Three connections a second for twenty seconds are gone.
    let leaked = at_once(None, 20);
    assert!((30.0..40.0).contains(&leaked), "{leaked}");
    let both = [at_once(Some("5"), 20), at_once(Some("60"), 20), at_once(Some("60"), 0), at_once(None, 0)];
    assert_eq!(both, [5.0, leaked, 60.0, 100.0]);
}
