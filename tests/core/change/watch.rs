//! Caches from outside, vendors and their pages, automation, blind monitoring, false alarms.

use super::*;

fn warmth(w: &World) -> f64 {
    w.service("shelf").expect("shelf").warmth
}

#[test]
fn a_flush_sends_everybody_to_the_origin_until_the_cache_is_warm() {
    let mut w = open();
    steps(&mut w, 5);
    let calm = w.flow("catalog").expect("catalog").requests;
    act(&mut w, ChangeEffect::Flush { cache: "shelf".into() });
    steps(&mut w, 1);
    let cold = w.flow("catalog").expect("catalog").requests;
    assert!(cold > calm * 7, "{calm} {cold}");
    steps(&mut w, 120);
    assert!(w.flow("catalog").expect("catalog").requests < cold / 2);
    assert_eq!(refusal(&mut w, Effect::Change(ChangeEffect::Flush { cache: "api".into() })), "api is not a cache");
    let mut w = open();
    act(&mut w, ChangeEffect::Flush { cache: "shelf".into() });
    act(&mut w, ChangeEffect::Warm { cache: "shelf".into() });
    steps(&mut w, 121);
    assert!(warmth(&w) > 0.999);
    let flush = ChangeFault::CacheFlush { cache: "shelf".into() };
    let dial = |n| {
        let mut w = open();
        begin(&mut w, flush.clone(), n, 4);
        1.0 - warmth(&w)
    };
    rises(&[dial(1), dial(2), dial(3), dial(4)]);
    let mut w = open();
    begin(&mut w, flush.clone(), 1, 1);
    steps(&mut w, 2);
    assert!(!is_ill(&w, &flush), "it is over as soon as it has happened");
    let ttl = |n| {
        let mut w = open();
        begin(&mut w, ChangeFault::ShortTtl { cache: "shelf".into(), share: Exact(ratio(1, 1)) }, n, 2);
        steps(&mut w, 300);
        1.0 - warmth(&w)
    };
    rises(&[ttl(1), ttl(2)]);
}

#[test]
fn a_vendor_fails_and_its_page_is_late() {
    let mut w = open();
    let outage = ChangeFault::VendorOutage { vendor: "pay".into(), share: Exact(ratio(9, 10)) };
    begin(&mut w, outage.clone(), 1, 1);
    steps(&mut w, 2);
    assert!((errors(&mut w, "pay", 30) - 0.9).abs() < 0.01);
    let says = |w: &World| w.vendors().next().expect("pay").says().to_owned();
    assert_eq!(says(&w), "All Systems Operational");
    let facts = steps(&mut w, 300);
    assert!(facts.contains(&changed("page pay", "Major Outage")) && says(&w) == "Major Outage", "{facts:?}");
    w.apply(&Effect::Clear(fault(outage.clone()))).expect("ends");
    steps(&mut w, 60);
    assert_eq!(says(&w), "Major Outage", "late in both directions");
    steps(&mut w, 300);
    assert_eq!(says(&w), "All Systems Operational");
    act(&mut w, ChangeEffect::Claim { vendor: "pay".into(), text: "Investigating".into() });
    assert_eq!(says(&w), "Investigating");
    let dial = |n| {
        let mut w = open();
        begin(&mut w, outage.clone(), n, 4);
        steps(&mut w, 2);
        errors(&mut w, "pay", 30)
    };
    rises(&[dial(1), dial(2), dial(3), dial(4)]);
}

#[test]
fn automation_takes_replicas_away_until_it_is_told_to_stop() {
    let gone = ChangeFault::Descheduled { service: "api".into(), share: Exact(ratio(1, 1)) };
    let mut w = open();
    begin(&mut w, gone.clone(), 1, 1);
    steps(&mut w, 2);
    assert!(errors(&mut w, "api", 20) > 0.99, "no replica is left");
    act(&mut w, ChangeEffect::Automation { service: "api".into(), on: false });
    steps(&mut w, 3);
    assert!(!is_ill(&w, &gone) && errors(&mut w, "api", 20) < 1e-9);
    assert!(w.hands_off("api"));
    let dial = |n| {
        let mut w = open();
        begin(&mut w, gone.clone(), n, 4);
        steps(&mut w, 2);
        4.0 - w.taking("api") as f64
    };
    assert_eq!([dial(1), dial(2), dial(3), dial(4)], [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn blind_monitoring_sees_nothing_while_users_are_well() {
    let blind = ChangeFault::MonitoringBlind { service: "api".into() };
    let mut w = open();
    assert!(!w.is_blind("api"));
    begin(&mut w, blind.clone(), 1, 1);
    assert!(w.is_blind("api") && !w.is_blind("pay"));
    assert!(errors(&mut w, "api", 30) < 1e-9);
    // Restarting the service itself does not bring the agent back.
    act(&mut w, ChangeEffect::Flag { flag: "fast-path".into(), percent: 0 });
    assert!(w.is_blind("api"));
    act(&mut w, ChangeEffect::Agent { service: "api".into() });
    assert!(!w.is_blind("api") && !is_ill(&w, &blind));
    let missed = |n| {
        let mut w = open();
        begin(&mut w, blind.clone(), n, 4);
        (0..600).map(|_| (w.step(), f64::from(u8::from(w.is_blind("api")))).1).sum::<f64>()
    };
    let all = [missed(1), missed(2), missed(3), missed(4)];
    rises(&all);
    assert!((all[0] - 150.0).abs() < 16.0 && all[3] == 600.0, "{all:?}");
}

#[test]
fn a_false_alarm_is_the_probe_and_not_the_service() {
    let wrong = ChangeFault::FalseAlarm { probe: "front".into() };
    let mut w = open();
    steps(&mut w, 20);
    assert!(w.probe("front").expect("probe").ok);
    begin(&mut w, wrong.clone(), 1, 1);
    steps(&mut w, 20);
    let probe = w.probe("front").expect("probe").clone();
    assert!(!probe.ok && probe.saw.contains("checker"), "{probe:?}");
    assert!(w.users().0 == 0 && errors(&mut w, "api", 20) < 1e-9);
    act(&mut w, ChangeEffect::Checker { probe: "front".into() });
    assert!(w.probe("front").expect("probe").ok && !is_ill(&w, &wrong));
}
