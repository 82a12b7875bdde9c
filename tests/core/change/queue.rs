//! Work queues in depth: age, expiry, bounds, spoilt items, pauses, purges, backlogs, feeding by requests.

use super::*;
use wheel_of_misfortune::scenario::EdgeSpec;
use wheel_of_misfortune::sim::{Queue, QueueVerb, UnitState};

fn q<'w>(w: &'w World, name: &str) -> &'w Queue {
    w.queue(name).expect("queue")
}

fn verb(queue: &str, verb: QueueVerb) -> ChangeEffect {
    ChangeEffect::Queue { queue: queue.into(), verb }
}

/// Everything that came is somewhere.
fn conserved(w: &World) {
    for (name, q) in w.queues() {
        let spec = &w.spec().queues[name];
        let came = spec.waiting + spec.failed + q.arrived_total;
        let is = q.waiting + q.held() + q.failed + q.done_total + q.expired_total + q.purged_total;
        assert_eq!(came, is, "{name}: {q:?}");
        assert!(spec.more.bound.is_none_or(|b| q.waiting <= b), "{name}: {q:?}");
    }
}

fn run(w: &mut World, n: u64) {
    for _ in 0..n {
        w.step();
        conserved(w);
    }
}

#[test]
fn a_backlog_takes_longer_to_drain_than_to_build_and_its_age_tells() {
    let mut w = open();
    act(&mut w, verb("mails", QueueVerb::Pause));
    run(&mut w, 300);
    assert_eq!(q(&w, "mails").waiting, 600);
    assert!(q(&w, "mails").oldest_s(w.tick().0).abs_diff(300) <= 1);
    act(&mut w, verb("mails", QueueVerb::Resume));
    let mut drained = 0;
    let mut ages = Vec::new();
    while q(&w, "mails").waiting > 2 && drained < 2_000 {
        run(&mut w, 1);
        drained += 1;
        ages.push(q(&w, "mails").oldest_s(w.tick().0) as f64);
    }
    // Six hundred items at five a second less two that come: 200 s.
    assert!((198..=204).contains(&drained), "{drained}");
    assert!(ages.windows(2).all(|a| a[1] <= a[0] + 1.0), "the oldest is first");
    let slow = |n: i64| {
        let mut w = open();
        let factor = Exact(ratio(5, 1));
        begin(&mut w, ChangeFault::SlowConsumer { queue: "mails".into(), factor }, n, 4);
        run(&mut w, 300);
        q(&w, "mails").waiting as f64
    };
    rises(&[slow(1), slow(2), slow(3), slow(4)]);
    let flood = |n: i64| {
        let mut w = open();
        let factor = Exact(ratio(6, 1));
        begin(&mut w, ChangeFault::QueueFlood { queue: "mails".into(), factor }, n, 4);
        run(&mut w, 300);
        q(&w, "mails").waiting as f64
    };
    rises(&[flood(1), flood(2), flood(3), flood(4)]);
}

#[test]
fn old_items_are_dropped_and_a_full_queue_turns_requests_away() {
    let mut w = open();
    run(&mut w, 400);
    let thumbs = q(&w, "thumbs");
    assert!(thumbs.oldest_s(w.tick().0) <= 60 && thumbs.expired_total > 800, "{thumbs:?}");
    // An item is kept to the last second of its time, and is worth nothing here.
    act(&mut w, verb("thumbs", QueueVerb::Pause));
    run(&mut w, 90);
    assert_eq!((q(&w, "thumbs").oldest_s(w.tick().0), w.lost()), (60, 0));
    act(&mut w, verb("thumbs", QueueVerb::Resume));
    // Orders come with requests, one each; when their consumers stop, the queue fills and the requests fail.
    let before = q(&w, "orders").done_total;
    run(&mut w, 60);
    assert!((q(&w, "orders").done_total - before).abs_diff(6_000) <= 30, "{:?}", q(&w, "orders"));
    act(&mut w, verb("orders", QueueVerb::Pause));
    run(&mut w, 3);
    assert!(errors(&mut w, "api", 1) < 1e-9);
    run(&mut w, 10);
    assert!(errors(&mut w, "api", 30) > 0.95 && q(&w, "orders").rejected_total > 0);
    act(&mut w, verb("orders", QueueVerb::Resume));
    run(&mut w, 5);
    assert!(errors(&mut w, "api", 30) < 1e-9);
}

#[test]
fn a_poison_item_kills_its_consumer_again_and_again_until_it_is_put_aside() {
    let mut w = open();
    let poison = ChangeFault::Poison { queue: "mails".into(), items: 1, crashes: true };
    begin(&mut w, poison.clone(), 1, 1);
    let mut deaths = 0;
    for _ in 0..120 {
        let facts = w.step();
        deaths += facts.iter().filter(|f| **f == changed("unit job-1:mailer", "failed")).count();
        conserved(&w);
    }
    assert_eq!(deaths, 3, "three deliveries");
    assert!(q(&w, "mails").failed == 1 && q(&w, "mails").redelivered_total == 2, "{:?}", q(&w, "mails"));
    assert!(!is_ill(&w, &poison) && w.is_up("mailer"));
    // Putting the dead letters back brings it back.
    w.apply(&Effect::Requeue { queue: "mails".into() }).expect("accepted");
    let again: usize =
        (0..60).map(|_| w.step().iter().filter(|f| **f == changed("unit job-1:mailer", "failed")).count()).sum();
    assert!(again >= 1, "{:?}", q(&w, "mails"));
}

#[test]
fn an_item_that_fails_holds_the_queue_up_and_a_skip_frees_it() {
    let mut w = open();
    let poison = ChangeFault::Poison { queue: "mails".into(), items: 1, crashes: false };
    begin(&mut w, poison.clone(), 1, 1);
    run(&mut w, 9);
    let (held, done) = (q(&w, "mails").held(), q(&w, "mails").done_total);
    assert_eq!((held, q(&w, "mails").deliveries()), (1, 1));
    run(&mut w, 1);
    assert_eq!(q(&w, "mails").done_total, done, "the only worker is busy with it");
    let up = w.host("job-1").expect("host").units["mailer"].state;
    assert_eq!(up, UnitState::Active, "nobody dies");
    act(&mut w, verb("mails", QueueVerb::Skip));
    run(&mut w, 20);
    assert!(q(&w, "mails").failed == 1 && q(&w, "mails").done_total > done && !is_ill(&w, &poison));
    // More of them hold it up for longer.
    let done_with = |n: i64| {
        let mut w = open();
        begin(&mut w, ChangeFault::Poison { queue: "mails".into(), items: 8, crashes: false }, n, 8);
        run(&mut w, 120);
        -(q(&w, "mails").done_total as f64)
    };
    rises(&[done_with(1), done_with(3), done_with(8)]);
}

#[test]
fn a_purge_loses_what_waits() {
    let mut w = open();
    act(&mut w, verb("mails", QueueVerb::Pause));
    run(&mut w, 50);
    let facts = act(&mut w, verb("mails", QueueVerb::Purge));
    assert!(facts.contains(&FactKind::DurableLoss { amount: 100, what: "queue mails".into() }), "{facts:?}");
    assert_eq!((q(&w, "mails").waiting, q(&w, "mails").purged_total), (0, 100));
    conserved(&w);
    assert_eq!(refusal(&mut w, Effect::Change(verb("mails", QueueVerb::Skip))), "queue mails is empty");
    // What a worker holds at the time is lost with the rest.
    act(&mut w, verb("mails", QueueVerb::Resume));
    begin(&mut w, ChangeFault::Poison { queue: "mails".into(), items: 1, crashes: false }, 1, 1);
    run(&mut w, 9);
    let (all, purged) = (q(&w, "mails").waiting + q(&w, "mails").held(), q(&w, "mails").purged_total);
    assert_eq!(q(&w, "mails").held(), 1);
    act(&mut w, verb("mails", QueueVerb::Purge));
    assert_eq!(q(&w, "mails").purged_total - purged, all);
    assert_eq!(refusal(&mut w, Effect::Change(verb("nope", QueueVerb::Purge))), "queue nope not found");
}

#[test]
fn a_worker_that_is_down_or_ill_does_no_work() {
    let mut w = open();
    let stop = |verb| Effect::Unit { host: "job-1".into(), unit: "mailer".into(), verb };
    w.apply(&stop(wheel_of_misfortune::sim::UnitVerb::Stop)).expect("accepted");
    let done = q(&w, "mails").done_total;
    run(&mut w, 30);
    assert_eq!(q(&w, "mails").done_total, done);
    w.apply(&stop(wheel_of_misfortune::sim::UnitVerb::Start)).expect("accepted");
    run(&mut w, 60);
    let ill = Fault::Errors { service: "mailer".into(), share: Exact(ratio(1, 1)) };
    w.apply(&Effect::Begin(ill.clone(), Course::default())).expect("begins");
    run(&mut w, 120);
    assert!(q(&w, "mails").failed > 50, "each is delivered three times: {:?}", q(&w, "mails"));
    w.apply(&Effect::Clear(ill)).expect("ends");
    w.apply(&Effect::Requeue { queue: "mails".into() }).expect("accepted");
    run(&mut w, 300);
    assert_eq!(q(&w, "mails").failed, 0, "nothing was spoilt about them");
}

#[test]
fn what_a_worker_calls_fails_its_items_as_often_as_they_need_it() {
    let failed = |needs: Option<(i64, bool)>, share: i64| {
        let mut s = shop();
        if let Some((quarters, optional)) = needs {
            let mailer = s.world.services.get_mut("mailer").expect("mailer");
            let edge = EdgeSpec { share: Exact(ratio(quarters, 4)), optional, ..EdgeSpec::default() };
            mailer.edges.insert("stock".to_owned(), edge);
        }
        let mut w = World::new(&s, 7);
        let fault = Fault::Errors { service: "stock".into(), share: Exact(ratio(share, 4)) };
        w.apply(&Effect::Begin(fault, Course::default())).expect("begins");
        run(&mut w, 600);
        let q = q(&w, "mails");
        q.failed_total as f64 / (q.failed_total + q.done_total) as f64
    };
    assert_eq!(failed(None, 4), 0.0, "it calls nobody");
    assert_eq!(failed(Some((4, true)), 4), 0.0, "it can do without");
    let all = failed(Some((4, false)), 4);
    assert!(all > 0.99, "each item is put aside after its last delivery: {all}");
    // Three deliveries: of items of which a half fails, an eighth fails three times.
    let half = failed(Some((4, false)), 2);
    assert!((half - 0.125).abs() < 0.08, "{half}");
    rises(&[0.0, failed(Some((2, false)), 3), failed(Some((4, false)), 3), all]);
}

#[test]
fn ending_a_poison_cures_what_waits_and_what_is_held() {
    let mut w = open();
    let poison = ChangeFault::Poison { queue: "mails".into(), items: 40, crashes: false };
    begin(&mut w, poison.clone(), 1, 1);
    run(&mut w, 9);
    assert_eq!(q(&w, "mails").held(), 1);
    w.apply(&Effect::Clear(fault(poison))).expect("ends");
    run(&mut w, 300);
    assert_eq!((q(&w, "mails").failed, q(&w, "mails").held()), (0, 0), "{:?}", q(&w, "mails"));
}

#[test]
fn what_expires_is_lost_as_far_as_it_was_precious() {
    for precious in [0, 3] {
        let mut s = shop();
        s.world.queues.get_mut("thumbs").expect("thumbs").more.precious = precious;
        let mut w = World::new(&s, 7);
        run(&mut w, 200);
        let expired = q(&w, "thumbs").expired_total;
        assert!(expired > 0);
        assert_eq!(w.lost(), expired * precious);
    }
}
