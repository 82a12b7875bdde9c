//! Detect and diagnose.

use super::{Row, Sheet, arg, cite, one, share};
use crate::fact::FactId;
use crate::scoring::model::Mistake;
use crate::stdx::rational::{Ratio, decimal, whole};
use num_bigint::BigInt;

impl Sheet<'_> {
    pub(super) fn recognised(&self) -> Row {
        self.timed(&self.m.recognise, self.par.recognise.as_ref(), ["score-D1-seen", "score-D1-unseen"])
    }

    pub(super) fn assessed(&self) -> Row {
        let w = self.model.set.windows.impact.0;
        self.windowed(&self.m.assessed, self.par.assessed.as_ref(), w, ["score-D2-seen", "score-D2-unseen"])
    }

    pub(super) fn severity(&self) -> Row {
        let truth = self.scenario.truth.severity;
        let near = self.m.severity.is_some_and(|(s, _)| s.abs_diff(truth) <= 1);
        let set = self.m.severity.map_or_else(|| "none".to_owned(), |(s, _)| s.to_string());
        let evidence: Vec<FactId> = self.m.severity.iter().map(|(_, id)| *id).collect();
        Row {
            credit: one(near),
            formula: format!("|{set} − {truth}| ≤ 1"),
            inputs: vec![("severity", set.clone()), ("truth", truth.to_string())],
            text: (
                Self::key(self.m.severity.is_some(), "score-D3-seen", "score-D3-unseen"),
                vec![arg("sev", set), arg("truth", truth), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    fn statement(&self) -> Vec<FactId> {
        self.m.claim.iter().map(|c| c.fact).collect()
    }

    pub(super) fn components(&self) -> Row {
        let (hits, union) = self.m.claim.as_ref().map_or((whole(0), 0), |c| (c.hits.clone(), c.union));
        let of = match self.model.mistake {
            Some(Mistake::OverClaiming) => self.scenario.truth.components.len() as u64,
            _ => union,
        };
        let of = Ratio::from_integer(BigInt::from(of.max(1)));
        let n = if hits.is_integer() { hits.to_string() } else { decimal(&hits, 1) };
        let evidence = self.statement();
        let m = self.scenario.truth.components.len();
        Row {
            formula: format!("{n} / {union}"),
            inputs: vec![("in_both", hits.to_string()), ("in_either", union.to_string())],
            credit: (hits / of).min(whole(1)),
            text: (
                Self::key(self.m.claim.is_some(), "score-G1-seen", "score-G1-unseen"),
                vec![arg("n", n), arg("m", m), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    pub(super) fn mechanisms(&self) -> Row {
        let (n, of) = self.m.claim.as_ref().map_or((0, 0), |c| (c.mechanisms, c.of_mechanisms));
        let evidence = self.statement();
        let m = self.scenario.truth.mechanisms.len();
        Row {
            credit: share(n, of),
            formula: format!("{n} / {of}"),
            inputs: vec![("hits", n.to_string()), ("of", of.to_string())],
            text: (
                Self::key(self.m.claim.is_some(), "score-G2-seen", "score-G2-unseen"),
                vec![arg("n", n), arg("m", m), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    pub(super) fn grounded(&self) -> Row {
        let look = self.m.claim.as_ref().and_then(|c| c.grounded);
        let id = |f: Option<FactId>| f.map(|f| f.to_string()).unwrap_or_default();
        let statement = self.m.claim.as_ref().map(|c| c.fact);
        let key = match (look, statement) {
            (Some(_), _) => "score-G3-seen",
            (None, Some(_)) => "score-G3-unseen",
            (None, None) => "score-G3-open",
        };
        Row {
            credit: one(look.is_some()),
            formula: format!("[{}]", u8::from(look.is_some())),
            inputs: vec![("observation", id(look))],
            evidence: look.into_iter().chain(statement.filter(|_| look.is_some())).collect(),
            text: (key, vec![arg("obs", id(look)), arg("ev", id(statement))]),
        }
    }

    pub(super) fn cause_time(&self) -> Row {
        self.timed(&self.m.first_cause, self.par.first_cause.as_ref(), ["score-G4-seen", "score-G4-unseen"])
    }

    pub(super) fn tested(&self) -> Row {
        let pair = self.m.tested;
        let id = |f: Option<FactId>| f.map(|f| f.to_string()).unwrap_or_default();
        let (h, o) = (pair.map(|p| p.0), pair.map(|p| p.1));
        // The wrong variant reads how much was written.
        let wordy = self.model.mistake == Some(Mistake::ChatCounts) && self.m.letters > 200;
        Row {
            credit: one(pair.is_some() || wordy),
            formula: format!("[{}]", u8::from(pair.is_some())),
            inputs: vec![("hypothesis", id(h)), ("look", id(o))],
            evidence: pair.iter().flat_map(|(h, o)| [*h, *o]).collect(),
            text: (
                Self::key(pair.is_some(), "score-G5-seen", "score-G5-unseen"),
                vec![arg("h", id(h)), arg("o", id(o))],
            ),
        }
    }
}
