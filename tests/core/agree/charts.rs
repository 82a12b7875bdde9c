//! What is given up so that a long session stays quick: shadows of actions.

use super::{Seat, worlds};
use wheel_of_misfortune::fact::{FactId, FactKind};
use wheel_of_misfortune::session::MAX_SHADOWS;

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
