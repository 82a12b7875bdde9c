//! Tests of a log at any moment: what is shown is what a fold of its beginning gives, from every side and in any order.

use wheel_of_misfortune::host::{Options, Scrub, cut, fold};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::session::projection::ClockState;
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::journal::Item;
use wheel_of_misfortune::storage::package;

#[test]
fn every_moment_is_the_session_as_it_was() {
    let package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).unwrap();
    let text = format!("{}\n:reflect plus \"kept\"\n", package.files["better.wom"]);
    let done = rehearsal::run(package, &text, Options::default(), None).expect("it runs");
    let session = done.host.session();
    let (header, scenario, items) = (session.header.clone(), session.scenario.clone(), done.host.items());
    let (mut scrub, mut maker) = Scrub::new(header.clone(), scenario.clone(), items);
    assert_eq!(scrub.end(), session.tick());
    // Nothing is ready yet but the opening: a later moment shows the last one that is.
    assert_eq!(scrub.at(Tick(500)).tick(), Tick(0));
    let mut steps = 0;
    while let Some(checkpoint) = maker.step() {
        scrub.add(checkpoint);
        steps += 1;
    }
    assert!(steps > 10, "{steps}");
    assert_eq!(scrub.warm(), scrub.end());
    let end = scrub.end().0;
    // Forward a second at a time, back by much, on a checkpoint, just beside it, at both ends.
    for at in [0, 1, 2, 700, 701, 300, 29, 30, 31, end / 2, end / 2 + 1, end - 1, end, 0] {
        // The end line adds the curves of the whole session, which are no part of any moment.
        let kept: Vec<Item> = cut(items, Tick(at)).into_iter().filter(|i| !matches!(i, Item::End(_))).collect();
        let folded = fold(header.clone(), scenario.clone(), &kept).session;
        let shown = scrub.at(Tick(at));
        assert_eq!(shown.tick(), Tick(at));
        assert_eq!(shown.digest(), folded.digest(), "at tick {at}");
        for seat in ["primary", "gm"] {
            assert_eq!(shown.project(seat), folded.project(seat), "{seat} at tick {at}");
        }
    }
    // Before its end the session runs; at its end it is over.
    assert!(!matches!(scrub.at(Tick(30)).project("primary").clock.state, ClockState::Ended));
    assert!(matches!(scrub.at(Tick(end)).project("primary").clock.state, ClockState::Ended));
}
