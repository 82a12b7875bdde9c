//! Colleagues as they are: how fast they are, how tired, and when they can be reached.

use super::{package, played, times};
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::scenario::load;

/// When the developer came and when they said what they know, called at T0, with this in their declaration.
fn comes(more: &str) -> (Vec<i64>, Vec<i64>) {
    let dev = "joins: \"5m\")";
    let new = format!("joins: \"5m\", {more}says: {{ \"deploy\": \"v2 went out at noon\" }})");
    let done = played(&[(dev, &new)], "T+0s :page dev deploy\nT+29m :end", 1);
    let mine = |by: &Actor| *by == Actor::Person("dev".into());
    let came = times(&done, |f| matches!(f.what, FactKind::Joined { .. }));
    let said = times(&done, |f| mine(&f.by) && matches!(f.what, FactKind::Said { .. }));
    (came, said)
}

#[test]
fn fatigue_and_skill_set_the_pace() {
    let (came, said) = comes("");
    assert!(came[0].abs_diff(300) <= 1 && said[0] - came[0] <= 1, "{came:?} {said:?}");
    // Half as long again on the way; twice as long and half as long again for an answer.
    let (came, said) = comes("answers: \"1m\", skill: Novice, fatigue: \"1/2\", ");
    assert!(came[0].abs_diff(450) <= 1, "{came:?}");
    assert!((said[0] - came[0]).abs_diff(180) <= 1, "{came:?} {said:?}");
    let (came, said) = comes("answers: \"1m\", skill: Expert, ");
    assert!((said[0] - came[0]).abs_diff(30) <= 1, "{came:?} {said:?}");
}

#[test]
fn whoever_has_hours_comes_when_they_begin() {
    // T0 is a Monday, 12:00 UTC: 8:45 in a zone that is 195 minutes behind.
    let (came, _) = comes("hours: (from: 9, to: 17, zone_min: -195), ");
    assert!(came[0].abs_diff(900 + 300) <= 1, "{came:?}");
    // In the middle of them they come as always; after them not before the next day.
    assert_eq!(comes("hours: (from: 9, to: 17), ").0.len(), 1);
    assert_eq!(comes("hours: (from: 9, to: 12), ").0.len(), 0);
}

#[test]
fn whoever_is_awake_for_long_gets_slower_up_to_a_limit() {
    let tires = |more: &str| format!("answers: \"10m\", tires: (since: \"T-10h\", {more}), ");
    // Ten hours at a tenth each: twice as long on the way, and a little more for every minute since; at most half as long
    // again where that is the limit.
    let (came, _) = comes(&tires("per_hour: \"1/10\""));
    assert!(came[0].abs_diff(600) <= 1, "{came:?}");
    let (came, said) = comes(&tires("per_hour: \"1/10\", most: \"1/2\""));
    assert!(came[0].abs_diff(450) <= 1 && (said[0] - came[0]).abs_diff(900) <= 1, "{came:?} {said:?}");
    // It grows over the session: the same call a quarter of an hour later takes them longer.
    let later = |at: &str| {
        let dev = "joins: \"5m\")";
        let new = "joins: \"5m\", tires: (since: \"T-1m\", per_hour: \"1\", most: \"9\"))";
        let done = played(&[(dev, new)], &format!("{at} :page dev deploy\nT+29m :end"), 1);
        times(&done, |f| matches!(f.what, FactKind::Joined { .. }))[0]
    };
    // A minute awake adds a sixtieth, sixteen of them add sixteen.
    assert!(later("T+0s").abs_diff(305) <= 1 && (later("T+15m") - 900).abs_diff(380) <= 1);
}

#[test]
fn whoever_tires_is_awake_when_the_session_opens() {
    let tires = "joins: \"5m\", tires: (since: \"T+1m\", per_hour: \"1/10\"))";
    let loaded = load(&package(&[("joins: \"5m\")", tires)]));
    let first = loaded.diagnostics.first().expect("it is refused");
    assert!(first.message.contains("is awake when the session opens at T-1m"), "{}", first.message);
    let source = package(&[("joins: \"5m\")", tires)]).files.get("scenario.ron").cloned().expect("the file");
    assert_eq!(source.get(first.span.start..first.span.end), Some("\"T+1m\""));
}
