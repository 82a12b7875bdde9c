//! What a postmortem needs beside the timelines: thoughts of the debrief, statements of cause, and which triggers for a postmortem apply.

use super::lanes::seconds;
use super::model::{Aftermath, Stated, Thought, Trigger, TriggerKind};
use crate::fact::{Fact, FactId, FactKind, words::who};
use crate::scenario::Scenario;
use crate::stdx::rational::whole;
use crate::stdx::time::Tick;

/// An incident that takes longer than this to resolve deserves a postmortem, seconds.
pub const LONG_S: i64 = 3600;

/// Everything that is said after the end, and what of the log a postmortem rests on.
pub(super) fn aftermath(scenario: &Scenario, facts: &[Fact], mitigated: Option<Tick>) -> Aftermath {
    let mut out = Aftermath { triggers: triggers(scenario, facts, mitigated), ..Aftermath::default() };
    for fact in facts {
        let by = who(&fact.by).to_owned();
        match &fact.what {
            FactKind::Reflected { on, text, owner } => {
                out.thoughts.push(Thought { on: *on, text: text.clone(), owner: owner.clone(), by, fact: fact.id })
            }
            FactKind::WorkloadRated { scale, value } => {
                // The last number that somebody gives on a scale counts.
                out.workload.retain(|(s, b, _)| s != scale || *b != by);
                out.workload.push((*scale, by, *value));
            }
            FactKind::Witnessed { row, text } => out.witness.push((row.clone(), by, text.clone())),
            FactKind::FollowUp { text, owner } => out.actions.push((text.clone(), owner.clone(), fact.id)),
            FactKind::Hypothesis { component } => out.stated.push(Stated {
                t_s: seconds(scenario, fact.id.tick),
                components: vec![component.clone()],
                mechanisms: Vec::new(),
                sure: false,
                fact: fact.id,
                evidence: fact.evidence.clone(),
            }),
            FactKind::Cause { components, mechanisms, .. } => out.stated.push(Stated {
                t_s: seconds(scenario, fact.id.tick),
                components: components.clone(),
                mechanisms: mechanisms.clone(),
                sure: true,
                fact: fact.id,
                evidence: fact.evidence.clone(),
            }),
            FactKind::JobDone { .. } | FactKind::Relief { .. } | FactKind::Resolved => out.resolution.push(fact.id),
            FactKind::Acted { mutating: true, .. } if fact.by.is_responder() => out.resolution.push(fact.id),
            _ => {}
        }
    }
    out
}

/// The five triggers for writing a postmortem, each with what it rests on.
fn triggers(scenario: &Scenario, facts: &[Fact], mitigated: Option<Tick>) -> Vec<Trigger> {
    let start = scenario.truth.impact.tick(scenario.opens).unwrap_or_default();
    let inside = |f: &Fact| f.id.tick >= start && mitigated.is_none_or(|end| f.id.tick <= end);
    let above = |n: u64, of: u64| {
        let tau = &scenario.truth.tau.0;
        whole(i64::try_from(n).unwrap_or(i64::MAX)) > tau * whole(i64::try_from(of).unwrap_or(i64::MAX))
    };
    let first = |test: &dyn Fn(&Fact) -> bool| facts.iter().find(|f| test(f)).map(|f| f.id);
    let hurt = first(&|f| matches!(f.what, FactKind::Impact { n, of } if above(n, of)));
    let lost = first(&|f| matches!(f.what, FactKind::DurableLoss { amount, .. } if amount > 0));
    let hand = first(&|f| matches!(f.what, FactKind::Acted { mutating: true, .. }) && f.by.is_responder());
    let end = mitigated.map_or(i64::MAX, |t| seconds(scenario, t));
    let long = end.saturating_sub(seconds(scenario, start)) > LONG_S;
    let resolved = first(&|f| matches!(f.what, FactKind::Resolved));
    let alert = first(&|f| matches!(f.what, FactKind::AlertFired { .. }) && inside(f));
    // Somebody noticed: a ticket, or a person who looked or said something.
    let noticed = first(&|f| {
        inside(f)
            && match &f.what {
                FactKind::TicketArrived { .. } => true,
                FactKind::Observed { user_facing, .. } => *user_facing && f.by.is_responder(),
                FactKind::Declared { .. } | FactKind::Said { .. } => f.by.is_responder(),
                _ => false,
            }
    });
    let unseen = hurt.is_some() && noticed.is_some_and(|n| alert.is_none_or(|a| n < a));
    let one = |kind, applies: bool, fact: Option<FactId>| Trigger { kind, applies, fact: fact.filter(|_| applies) };
    vec![
        one(TriggerKind::Impact, hurt.is_some(), hurt),
        one(TriggerKind::DataLoss, lost.is_some(), lost),
        one(TriggerKind::Intervention, hand.is_some(), hand),
        one(TriggerKind::Duration, hurt.is_some() && long, resolved.or(hurt)),
        one(TriggerKind::Monitoring, unseen, noticed),
    ]
}
