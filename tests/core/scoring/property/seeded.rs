//! Each deliberately wrong variant of the model is caught by a property; that the right one is not is what the properties' own tests say.
//!
//! Properties 2, 13, 29 and 30 are of what stands around the model (rows of the source, the bytes of a run, a live session, the
//! words): their wrong variants are in their own tests.

use super::base::{
    alignment_oracle, bounds, calibration, empty_is_zero, same_tick_symmetry, sum_of_parts, ten_times_the_people,
    time_shift, weights,
};
use super::claim::{guard_mutations, not_needed_is_met, over_claiming_costs, revision_is_free};
use super::evidence::{evidence_is_sufficient, points_have_evidence};
use super::game::spam_is_bounded;
use super::inject::{freeze_is_exogenous, hint_safety, inject_neutrality, surprise_is_bounded};
use super::monotone::{
    alternative_fix, chat_is_not_scored, confirm_never_lowers, duplication_never_helps, exploration_is_free, monotone,
    no_early_exit,
};
use super::{Outcome, golden_h1, pace};
use wheel_of_misfortune::scoring::Mistake;

type Check = (&'static str, fn(Option<Mistake>) -> Outcome);

const MONOTONE: Check = ("4 monotone", |m| monotone(m, 300, &[0, 7, 7, 16, 20]));

/// Which property catches which variant.
const CAUGHT: &[(Mistake, Check)] = &[
    (Mistake::RoundedCredit, ("1 calibration", calibration)),
    (Mistake::OriginalOnly, ("3 anchor", golden_h1)),
    (Mistake::ThawOnClose, MONOTONE),
    (Mistake::LastHazardOnly, MONOTONE),
    (Mistake::OwnAnchor, MONOTONE),
    (Mistake::ReliefBeforeCause, MONOTONE),
    (Mistake::ExplorationCosts, ("5 exploration", exploration_is_free)),
    (Mistake::NoEngagement, ("6 empty", empty_is_zero)),
    (Mistake::SilenceShare, ("7 duplication", duplication_never_helps)),
    (Mistake::NoEngagement, ("8 spam", spam_is_bounded)),
    (Mistake::SurpriseTwice, ("9 sum", sum_of_parts)),
    (Mistake::BelowZero, ("10 bounds", bounds)),
    (Mistake::FirstCited, ("11 sufficiency", evidence_is_sufficient)),
    (Mistake::Uncited, ("12 necessity", points_have_evidence)),
    (Mistake::FromOpening, ("14 shift", time_shift)),
    (Mistake::FlatHarm, ("15 units", ten_times_the_people)),
    (Mistake::LastInTick, ("16 symmetry", same_tick_symmetry)),
    (Mistake::WallDeadlines, ("17 neutrality", |m| inject_neutrality(m, 120))),
    (Mistake::SurpriseUnbounded, ("18 surprise", surprise_is_bounded)),
    (Mistake::ThawOnClose, ("19 freeze", freeze_is_exogenous)),
    (Mistake::HintCosts, ("20 hints", hint_safety)),
    (Mistake::NotNeededMissed, ("21 not needed", not_needed_is_met)),
    (Mistake::EarlyExit, ("22 early exit", no_early_exit)),
    (Mistake::AllClaims, ("23 revision", revision_is_free)),
    (Mistake::OverClaiming, ("24 claims", over_claiming_costs)),
    (Mistake::GuardAfter, ("25 guards", guard_mutations)),
    (Mistake::NotNeededMissed, ("26 alignment", alignment_oracle)),
    (Mistake::ExpectedVerb, ("27 alternative", alternative_fix)),
    (Mistake::ConfirmReplaces, ("28 adjudication", confirm_never_lowers)),
    (Mistake::NoEngagement, ("31 weights", weights)),
    (Mistake::ChatCounts, ("32 chat", chat_is_not_scored)),
    (Mistake::RushedPeople, ("a faster clock", pace::people_have_their_own_minutes)),
];

#[test]
fn each_seeded_mistake_is_caught() {
    let mut free = Vec::new();
    for (mistake, (name, check)) in CAUGHT {
        match check(Some(*mistake)) {
            Ok(()) => free.push(format!("{mistake:?} passes {name}")),
            Err(why) => println!("{mistake:?}: {name}: {}", why.lines().next().unwrap_or_default()),
        }
    }
    assert!(free.is_empty(), "{}", free.join("\n"));
}
