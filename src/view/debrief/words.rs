//! Words of the debrief that its screens and its exports share: differences of areas, ways at a decision point.

use super::count;
use crate::locale::{Arg, Locale};
use crate::scenario::{DecisionOutcome, LangText};
use crate::view::words::author_text;

/// A way to go at a decision point with what comes of it.
pub fn way_words(locale: &Locale, name: &LangText, outcome: DecisionOutcome) -> String {
    let comes = locale.say(match outcome {
        DecisionOutcome::Works => "outcome-works",
        DecisionOutcome::Prevents => "outcome-prevents",
        DecisionOutcome::Debt => "outcome-debt",
        DecisionOutcome::NoEffect => "outcome-no-effect",
        DecisionOutcome::CostsTime => "outcome-costs-time",
        DecisionOutcome::Worse => "outcome-worse",
        DecisionOutcome::Catastrophic => "outcome-catastrophic",
    });
    format!("{} ({comes})", author_text(locale, name))
}

/// How many user-minutes fewer or more than the original, as one line.
pub fn difference_line(locale: &Locale, area: [i64; 3]) -> String {
    let [mine, theirs, _] = area;
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match mine.cmp(&theirs) {
        std::cmp::Ordering::Equal => locale.say("dui-difference-none"),
        std::cmp::Ordering::Less => said("dui-difference-fewer", theirs - mine),
        std::cmp::Ordering::Greater => said("dui-difference-more", mine - theirs),
    }
}

/// How many user-minutes fewer or more a branch came to than the run beside it, from where they part.
pub fn branch_difference(locale: &Locale, (branch, beside): (i64, i64)) -> String {
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match branch.cmp(&beside) {
        std::cmp::Ordering::Equal => locale.say("dui-branch-none"),
        std::cmp::Ordering::Less => said("dui-branch-fewer", beside - branch),
        std::cmp::Ordering::Greater => said("dui-branch-more", branch - beside),
    }
}

/// The same as a large number and what it is.
pub fn difference_words(locale: &Locale, area: [i64; 3]) -> (String, String) {
    let [mine, theirs, _] = area;
    let said = |key: &str, n: i64| locale.text(key, &[("n", Arg::Word(count(locale, n)))]);
    match mine.cmp(&theirs) {
        std::cmp::Ordering::Equal => (locale.say("dui-same-area"), locale.say("dui-user-minutes")),
        std::cmp::Ordering::Less => (said("dui-fewer", theirs - mine), locale.say("dui-than-original")),
        std::cmp::Ordering::Greater => (said("dui-more", mine - theirs), locale.say("dui-than-original")),
    }
}
