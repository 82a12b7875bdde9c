//! What is worked out once and what is given up so that a long session stays quick: boards, and shadows of actions.

use super::{Seat, worlds};
use wheel_of_misfortune::fact::{Actor, FactId, FactKind};
use wheel_of_misfortune::session::{Command, MAX_SHADOWS, PRIMARY};

/// A board asks its queries once a scrape, and what it shows is what it shows without keeping anything.
#[test]
fn a_board_is_answered_once_a_scrape() {
    let mut seat = Seat::new(worlds::registry());
    seat.wait(40);
    let look = Command::Viewed { panel: "board".to_owned(), subject: "30m api".to_owned() };
    seat.does(Actor::Seat(PRIMARY.to_owned()), look);
    let scrape = |seat: &Seat| seat.session.telemetry().scraped_ms();
    let shown = |seat: &Seat| {
        let kept = seat.session.project(PRIMARY).explore;
        // A copy has kept nothing.
        assert_eq!(kept, seat.session.clone().project(PRIMARY).explore);
        kept
    };
    let panels = shown(&seat).charts.len() as u64;
    let first = seat.session.charts_asked();
    assert!(panels > 5 && first >= panels, "{panels} {first}");
    let mut scrapes = 0;
    for _ in 0..45 {
        let (before, asked) = (scrape(&seat), seat.session.charts_asked());
        seat.wait(1);
        shown(&seat);
        shown(&seat);
        let new = u64::from(scrape(&seat) != before);
        scrapes += new;
        assert_eq!(seat.session.charts_asked() - asked, new * first, "once where there was a scrape, else not at all");
    }
    assert_eq!(scrapes, 3);
}

/// So many actions are measured at once; the oldest goes first, and nothing is said of it any more.
#[test]
fn so_many_actions_are_measured_at_once() {
    let mut seat = Seat::new(worlds::docs());
    seat.wait(5);
    let acted = |seat: &Seat| -> Vec<FactId> {
        let facts = seat.session.facts().iter();
        facts.filter(|f| matches!(f.what, FactKind::Acted { mutating: true, .. })).map(|f| f.id).collect()
    };
    for n in 1..=MAX_SHADOWS + 3 {
        seat.types("ssh docs-01 'sudo systemctl reload web'");
        assert_eq!(acted(&seat).len(), n);
        let newest = acted(&seat)[n.saturating_sub(MAX_SHADOWS)..].to_vec();
        assert_eq!(seat.session.shadowed(), newest);
    }
    // A file more or less has to do without.
    let before = seat.session.shadowed();
    seat.types("ssh docs-01 'touch /tmp/x'");
    assert_eq!(seat.session.shadowed(), before);
    assert_eq!(acted(&seat).len(), MAX_SHADOWS + 4, "it was done all the same");
    let gone = &acted(&seat)[..3];
    seat.wait(700);
    let said = seat.session.facts().iter().filter_map(|f| match f.what {
        FactKind::Relief { action, .. } | FactKind::Worsened { action, .. } => Some(action),
        _ => None,
    });
    assert!(!said.collect::<Vec<_>>().iter().any(|a| gone.contains(a)));
    assert!(seat.session.shadowed().is_empty(), "each is measured for ten minutes");
}
