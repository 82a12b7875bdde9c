//! The whole vocabulary of stories at work: each test writes a word into a small scenario and sees what the world makes of it.

mod business;
mod clock;
mod decision;
mod hidden;
mod load;
mod original;
mod people;
mod scale;
mod setback;
mod signal;
mod tenant;

use std::collections::BTreeMap;
use wheel_of_misfortune::diagnostic;
use wheel_of_misfortune::fact::Fact;
use wheel_of_misfortune::host::Options;
use wheel_of_misfortune::rehearsal::{self, Rehearsal};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{PACKAGE_FILES, Scenario, load};
use wheel_of_misfortune::stdx::rational::Ratio;
use wheel_of_misfortune::stdx::time::Offset;

/// The package of the small scenario with edits, each of a text that stands in it once.
fn package(edits: &[(&str, &str)]) -> Package {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/small.ron");
    let mut source = std::fs::read_to_string(path).expect("small.ron");
    for (old, new) in edits {
        assert_eq!(source.matches(old).count(), 1, "`{old}` is there once");
        source = source.replacen(old, new, 1);
    }
    let mut files: BTreeMap<String, String> =
        PACKAGE_FILES.iter().map(|(name, _)| ((*name).to_owned(), String::new())).collect();
    files.insert("briefing.en.md".into(), "Look.".into());
    files.insert("briefing.ko.md".into(), "봐요.".into());
    files.insert("scenario.ron".into(), source);
    Package { slug: "small".into(), files, ..Package::default() }
}

/// The small scenario with edits; nothing may be wrong with it.
fn small(edits: &[(&str, &str)]) -> Scenario {
    let package = package(edits);
    let loaded = load(&package);
    let text = diagnostic::to_text(&loaded.diagnostics, |f| package.source(f));
    loaded.scenario.unwrap_or_else(|| panic!("{text}"))
}

/// The whole part of a number that is not negative.
fn floor(r: &Ratio) -> u64 {
    r.to_integer().try_into().expect("a count")
}

/// The facts of the small scenario with edits, played by a walkthrough whose lines all have to be accepted.
fn played(edits: &[(&str, &str)], walkthrough: &str, seed: u64) -> Rehearsal {
    let options = Options { seed, ..Options::default() };
    small(edits);
    let done = rehearsal::run(package(edits), walkthrough, options, None).expect("it runs");
    assert_eq!(done.problems, [], "{walkthrough}");
    done
}

/// Seconds from T0 of the facts on which `which` says so.
fn times(done: &Rehearsal, which: impl Fn(&Fact) -> bool) -> Vec<i64> {
    let s = done.host.session();
    s.facts().iter().filter(|f| which(f)).map(|f| Offset::of(f.id.tick, s.scenario.opens).0).collect()
}
