//! Decision points: when each was reached, what was done at it, and what the original did.

use super::lanes::seconds;
use super::model::{DecisionMark, Taken};
use crate::fact::Fact;
use crate::milestone::{MatchContext, first, occurrences};
use crate::scenario::Scenario;

/// The decision points that the session reached, in the order of the scenario.
pub(super) fn decisions(scenario: &Scenario, facts: &[Fact]) -> Vec<DecisionMark> {
    let ctx = MatchContext::of(scenario);
    let marks = scenario.decisions.iter().filter_map(|d| {
        let open = first(&d.when, facts, &ctx)?.tick;
        // What was done before it was to be decided is no answer to it.
        let mut taken: Vec<Taken> = d
            .options
            .iter()
            .filter_map(|o| {
                let at = occurrences(&o.when, facts, &ctx).into_iter().find(|x| x.tick >= open)?;
                let (t_s, fact) = (seconds(scenario, at.tick), at.fact());
                Some(Taken { t_s, fact, name: o.name.clone(), outcome: o.outcome, original: o.original })
            })
            .collect();
        taken.sort_by_key(|t| t.t_s);
        let original = d.options.iter().find(|o| o.original).map(|o| (o.name.clone(), o.outcome));
        let question = d.question.clone();
        Some(DecisionMark { name: d.name.clone(), open_s: seconds(scenario, open), original, taken, question })
    });
    marks.collect()
}
