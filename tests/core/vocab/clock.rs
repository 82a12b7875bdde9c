//! Long incidents: published times lead to the moments at which they are played.

use super::{package, played, small};
use wheel_of_misfortune::debrief::build;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::load;
use wheel_of_misfortune::scoring::{Par, Verdict, fidelity, score};
use wheel_of_misfortune::stdx::time::Offset;

const EDITS: [(&str, &str); 2] = [
    ("horizon: \"T+30m\"", "horizon: \"T+30m\", compress: [(from: \"T+10m\", to: \"T+70m\", takes: \"5m\")]"),
    ("kind: FollowUp, played: BeyondHorizon,", "kind: FollowUp, when: FollowedUp,"),
];

#[test]
fn rows_are_played_where_the_clock_leads_them() {
    let s = small(&EDITS);
    let rows: Vec<(Offset, Option<Offset>)> = s.original.iter().map(|r| (r.at, r.published)).collect();
    // 50 of 60 minutes that are played in five: 250 seconds after T+10m.
    let (as_published, pressed) = (|s| (Offset(s), None), (Offset(850), Some(Offset(3_600))));
    assert_eq!(rows, [as_published(-600), as_published(60), as_published(540), pressed]);
}

#[test]
fn fidelity_lanes_and_export_use_the_played_time_and_tell_the_published_one() {
    let done = played(&EDITS, "T+850s :followup \"alert on it\" --owner dev\nT+20m :end", 1);
    let s = done.host.session();
    let rows = fidelity(&s.scenario, s.facts());
    let last = rows.last().expect("rows");
    assert_eq!((last.published, last.verdict), (Offset(850), Verdict::Ok));
    let scenario = load(&package(&EDITS)).scenario.expect("it loads");
    let par = Par::of(&scenario, &s.header, s.facts(), "x");
    let d = build(&scenario, &s.header, s.facts(), score(&scenario, &s.header, s.facts(), &par));
    let mark = d.original.last().expect("a mark");
    assert_eq!((mark.t_s, mark.published_s), (850, Some(3_600)));
    let page = postmortem::markdown(&postmortem::postmortem(&d, &scenario, &Locale::new(Lang::En)));
    assert!(page.contains(&format!("published at {}", Offset(3_600).clock())), "{page}");
}
