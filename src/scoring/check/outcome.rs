//! Safety, user impact and order of steps.

use super::{Row, Sheet, arg, cite, exact, share};
use crate::fact::FactId;
use crate::scoring::curve::par_credit;
use crate::scoring::model::Mistake;
use crate::stdx::rational::{decimal, whole};

impl Sheet<'_> {
    pub(super) fn safe(&self) -> Row {
        let e = self.e();
        let loss = &self.m.loss;
        let hazards = &self.m.hazards;
        let mut evidence: Vec<FactId> = Vec::new();
        for h in hazards {
            evidence.push(h.action);
            evidence.extend(h.guards.iter().map(|(_, id)| *id));
            evidence.extend(h.proof);
        }
        let g: u32 = hazards.iter().map(super::super::measure::HazardSeen::count).sum();
        let bare = hazards.iter().max_by_key(|h| (h.loss(), std::cmp::Reverse(h.action)));
        let key = match bare {
            None => "score-S1-none",
            Some(h) if h.count() < 3 => "score-S1-unseen",
            Some(_) => "score-S1-seen",
        };
        let (shown, n) = match bare {
            Some(h) if h.count() < 3 => (h.action.to_string(), h.count()),
            _ => (cite(&hazards.iter().map(|h| h.action).collect::<Vec<_>>()), g),
        };
        Row {
            credit: e / (whole(1) + whole(2) * loss),
            formula: format!("{e} / (1 + 2·{})", decimal(loss, 2)),
            inputs: vec![
                ("e", e.to_string()),
                ("loss", loss.to_string()),
                ("hazards", hazards.len().to_string()),
                ("guards", g.to_string()),
            ],
            evidence,
            text: (key, vec![arg("g", n), arg("m", hazards.len() * 3), arg("ev", shown)]),
        }
    }

    pub(super) fn harm(&self) -> Row {
        let idle = self.idle();
        let bench = match &idle {
            Some(idle) if self.model.mistake != Some(Mistake::OriginalOnly) => idle.min(&self.par.harm.0).clone(),
            _ => self.par.harm.0.clone(),
        };
        let e = self.e();
        let credit = e * par_credit(Some(&self.m.harm), Some(&bench), &self.model.floor_harm, &whole(0));
        let engaged = *e > whole(0);
        Row {
            credit,
            formula: format!("{e} · φ({}; {})", decimal(&self.m.harm, 0), decimal(&bench, 0)),
            inputs: vec![
                ("e", e.to_string()),
                ("harm_user_min", self.m.harm.to_string()),
                ("original_user_min", self.par.harm.to_string()),
                ("hands_off_user_min", exact(idle.as_ref())),
            ],
            evidence: if engaged { self.m.harm_evidence.clone() } else { Vec::new() },
            text: (
                if engaged { "score-H1-seen" } else { "score-H1-unseen" },
                vec![
                    arg("h", decimal(&self.m.harm, 0)),
                    arg("r", decimal(&self.par.harm.0, 0)),
                    arg("n", idle.as_ref().map_or_else(|| "?".to_owned(), |n| decimal(n, 0))),
                ],
            ),
        }
    }

    pub(super) fn aligned(&self) -> Row {
        let (cost, of) = self.m.aligned;
        let cost = match self.model.mistake {
            Some(Mistake::ExplorationCosts) => cost.saturating_add(self.m.looks / 4).min(of),
            _ => cost,
        };
        let e = self.e();
        let matched = self.m.milestones.iter().filter(|s| s.needed && s.matched.is_some()).count();
        let needed = self.m.milestones.iter().filter(|s| s.needed && s.weight > 0).count();
        let spare = self.m.milestones.iter().filter(|s| !s.needed).count();
        Row {
            credit: e * share(of.saturating_sub(cost), of),
            formula: format!("{e} · (1 − {cost}/{of})"),
            inputs: vec![("e", e.to_string()), ("cost", cost.to_string()), ("of", of.to_string())],
            evidence: self.m.aligned_evidence.clone(),
            text: (
                Self::key(matched > 0, "score-A1-seen", "score-A1-unseen"),
                vec![arg("n", matched), arg("m", needed), arg("k", spare)],
            ),
        }
    }
}
