//! Rehearsals of the shipped scenarios: the pinned par, fidelity to the sheets, and what other handlings score.

use wheel_of_misfortune::host::Options;
use wheel_of_misfortune::rehearsal::{self, Rehearsal};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scoring::{self, Mode, Par, Report, Verdict};
use wheel_of_misfortune::stdx::rational::whole;
use wheel_of_misfortune::storage::package;

fn play(package: &Package, name: &str) -> Rehearsal {
    let text = package.files.get(name).expect("the walkthrough is there");
    let done = rehearsal::run(package.clone(), text, Options::default(), None).expect("it runs");
    assert_eq!(done.problems, [], "{} {name}", package.slug);
    done
}

fn report(package: &Package, done: &Rehearsal) -> Report {
    let session = done.host.session();
    let par = Par::pinned(package).expect("a par is pinned");
    // A walkthrough is a handling as it was published: a team's, whoever types it.
    scoring::score_in(Mode::Team, &session.scenario, &session.header, session.facts(), &par)
}

#[test]
fn the_reference_replayed_today_is_the_pinned_par() {
    for package in package::bundled() {
        let done = play(&package, "reference.wom");
        let text = package.files.get("reference.wom").expect("the walkthrough is there");
        let today = rehearsal::par(&package, text, &Options::default(), &done.host).expect("it runs");
        let pinned = Par::pinned(&package).expect("a par is pinned");
        assert!(today == pinned, "{}: `wheel rehearse … --walkthrough reference.wom --pin` pins it", package.slug);
        let report = report(&package, &done);
        assert_eq!(report.delta, whole(0), "{}: a replay is level with itself", package.slug);
    }
}

#[test]
fn every_played_row_of_the_original_is_matched_in_time() {
    for package in package::bundled() {
        let done = play(&package, "reference.wom");
        let session = done.host.session();
        let rows = scoring::fidelity(&session.scenario, session.facts());
        assert_eq!(rows.len(), session.scenario.original.len());
        assert!(rows.iter().filter(|r| r.verdict == Verdict::Ok).count() >= 8, "{}", package.slug);
        let missed: Vec<_> = rows.iter().filter(|r| r.verdict == Verdict::Miss).collect();
        assert!(missed.is_empty(), "{}: {missed:?}", package.slug);
        // Another handling does not keep the published minutes, so the check can fail.
        let other = play(&package, "better.wom");
        let rows = scoring::fidelity(&session.scenario, other.host.session().facts());
        assert!(rows.iter().any(|r| r.verdict == Verdict::Miss), "{}", package.slug);
    }
}

#[test]
fn better_is_above_par_and_nobody_far_below() {
    for package in package::bundled() {
        let better = report(&package, &play(&package, "better.wom"));
        assert!(better.delta > whole(15), "{}: {}", package.slug, better.delta);
        let nobody = report(&package, &play(&package, "nobody.wom"));
        assert_eq!(nobody.points, whole(0), "{}: doing nothing earns nothing", package.slug);
        assert!(nobody.delta < whole(-15), "{}: {}", package.slug, nobody.delta);
        assert!(better.points <= better.max && better.max == whole(100));
    }
}
