//! Each deliberately wrong variant of the model is caught by a property, and the right one by none.

use super::base::empty_is_zero;
use super::claim::{guard_mutations, not_needed_is_met, revision_is_free};
use super::inject::{hint_safety, inject_neutrality};
use super::monotone::{
    alternative_fix, chat_is_not_scored, duplication_never_helps, exploration_is_free, monotone, no_early_exit,
};
use super::{Outcome, golden_h1};
use wheel_of_misfortune::scoring::Mistake;

type Check = (&'static str, fn(Option<Mistake>) -> Outcome);

const CHECKS: &[Check] = &[
    ("4 monotone", |m| monotone(m, 300, &[0, 7, 7, 16, 20])),
    ("5 exploration", exploration_is_free),
    ("6 empty", empty_is_zero),
    ("7 duplication", duplication_never_helps),
    ("17 neutrality", |m| inject_neutrality(m, 120)),
    ("20 hints", hint_safety),
    ("21 not needed", not_needed_is_met),
    ("22 early exit", no_early_exit),
    ("23 revision", revision_is_free),
    ("25 guards", guard_mutations),
    ("27 alternative", alternative_fix),
    ("32 chat", chat_is_not_scored),
    ("3 anchor", golden_h1),
];

/// Which property catches which variant, by its place above.
const CAUGHT: &[(Mistake, usize)] = &[
    (Mistake::ThawOnClose, 0),
    (Mistake::ExplorationCosts, 1),
    (Mistake::LastHazardOnly, 0),
    (Mistake::OwnAnchor, 0),
    (Mistake::ReliefBeforeCause, 0),
    (Mistake::WallDeadlines, 4),
    (Mistake::SilenceShare, 3),
    (Mistake::NoEngagement, 2),
    (Mistake::NotNeededMissed, 6),
    (Mistake::GuardAfter, 9),
    (Mistake::OriginalOnly, 12),
    (Mistake::AllClaims, 8),
    (Mistake::EarlyExit, 7),
    (Mistake::HintCosts, 5),
    (Mistake::ChatCounts, 11),
    (Mistake::ExpectedVerb, 10),
];

#[test]
fn each_seeded_mistake_is_caught() {
    let mut free = Vec::new();
    for (mistake, at) in CAUGHT {
        let (name, check) = CHECKS[*at];
        match check(Some(*mistake)) {
            Ok(()) => free.push(format!("{mistake:?} passes {name}")),
            Err(why) => println!("{mistake:?}: {name}: {}", why.lines().next().unwrap_or_default()),
        }
    }
    assert!(free.is_empty(), "{}", free.join("\n"));
    assert_eq!(CAUGHT.len(), 16);
    assert_eq!(golden_h1(None), Ok(()));
}
