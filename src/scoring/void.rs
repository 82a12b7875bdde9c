//! What a ruling takes out, it takes out for the original too: par's credits after milestones were voided.

use super::measure::{align_kept, engaged_share};
use super::model::CheckSpec;
use super::par::ParRun;
use crate::scenario::Scenario;
use crate::stdx::rational::{Ratio, whole};
use num_bigint::BigInt;
use std::collections::BTreeMap;

/// Par's credits.
pub(super) struct Fixed {
    credits: BTreeMap<String, Ratio>,
}

impl Fixed {
    /// The credit of a check.
    pub fn credit(&self, spec: &CheckSpec) -> Ratio {
        self.credits.get(spec.id).cloned().unwrap_or_else(|| whole(0))
    }
}

/// Par's credits once these milestones count for nobody.
pub(super) fn par_after(scenario: &Scenario, par: &ParRun, voided: &[&str]) -> Fixed {
    let mut credits: BTreeMap<String, Ratio> =
        par.checks.iter().map(|(id, c)| (id.clone(), c.credit.0.clone())).collect();
    let all = &scenario.milestones;
    let out = |id: &String| voided.contains(&id.as_str());
    if !all.iter().any(|m| out(&m.id)) {
        return Fixed { credits };
    }
    let step = |id: &String| par.milestones.iter().find(|p| p.id == *id);
    let ticks: Vec<Vec<u64>> =
        all.iter().map(|m| step(&m.id).map(|p| p.seen.iter().map(|t| t.0).collect()).unwrap_or_default()).collect();
    let needed: Vec<bool> = all.iter().map(|m| step(&m.id).is_none_or(|p| p.needed) && !out(&m.id)).collect();
    let effect = |m: &crate::scenario::Milestone| m.effect && m.needs.is_none();
    let left = all.iter().filter(|m| effect(m) && !out(&m.id)).count();
    let core: Vec<bool> = all.iter().map(|m| effect(m) && (left == 0 || !out(&m.id))).collect();
    let earned: Vec<Vec<u64>> = all
        .iter()
        .zip(&ticks)
        .map(|(m, t)| if step(&m.id).is_some_and(|p| p.earned) { t.clone() } else { Vec::new() })
        .collect();
    let before = par.engagement.0.clone();
    let (e, _) = engaged_share(scenario, &core, &earned);
    let aligned = align_kept(scenario, &needed, &ticks);
    let of: u64 = all.iter().map(|m| u64::from(m.weight)).sum();
    for spec in super::model::CHECKS.iter().filter(|c| c.engaged) {
        let Some(credit) = credits.get_mut(spec.id) else { continue };
        if before > whole(0) {
            *credit = &*credit / &before * &e;
        }
    }
    if of > 0 {
        let kept = Ratio::new(BigInt::from(of.saturating_sub(aligned.cost)), BigInt::from(of));
        credits.insert("A1".to_owned(), e * kept);
    }
    Fixed { credits }
}
