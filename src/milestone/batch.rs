//! Occurrences in a finished stream of facts.

use super::node::{Step, share};
use super::{MatchContext, Matcher, Occurrence};
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::Predicate;
use crate::stdx::rational::Ratio;
use crate::stdx::time::Tick;

/// The tick for which a fact counts: a relief at the moment it began, not when it was proven.
fn counts_at(fact: &Fact) -> Tick {
    match &fact.what {
        FactKind::Relief { at, .. } => (*at).min(fact.id.tick),
        _ => fact.id.tick,
    }
}

/// The fact with which the share of affected users came down to `limit` for good, after having been above it.
fn start_of_calm(facts: &[&Fact], limit: &Ratio) -> Option<FactId> {
    let (mut exceeded, mut start) = (false, None);
    for fact in facts {
        if let FactKind::Impact { n, of } = &fact.what {
            if share(*n, *of) > *limit {
                (exceeded, start) = (true, None);
            } else if exceeded && start.is_none() {
                start = Some(fact.id);
            }
        }
    }
    start
}

/// Every occurrence up to the horizon, in order. `facts` are in order of appearance.
pub fn occurrences(predicate: &Predicate, facts: &[Fact], ctx: &MatchContext) -> Vec<Occurrence> {
    let mut ordered: Vec<&Fact> = facts.iter().filter(|f| counts_at(f) <= ctx.horizon).collect();
    ordered.sort_by_key(|f| counts_at(f));
    let mut matcher = Matcher::new(predicate, ctx);
    matcher.root.settle(&|limit| start_of_calm(&ordered, limit));
    let mut found = Vec::new();
    for fact in ordered {
        let at = counts_at(fact);
        matcher.run_to(at, &mut found);
        matcher.step(&Step::fact(fact, at), at, &mut found);
    }
    matcher.run_to(ctx.horizon, &mut found);
    if let Predicate::Lasts { by, .. } = predicate {
        // It was proved when it had lasted; it happened when it began.
        found.iter_mut().for_each(|o| o.tick = Tick(o.tick.0.saturating_sub(by.0)));
    }
    found
}

/// The first occurrence up to the horizon.
pub fn first(predicate: &Predicate, facts: &[Fact], ctx: &MatchContext) -> Option<Occurrence> {
    occurrences(predicate, facts, ctx).into_iter().next()
}
