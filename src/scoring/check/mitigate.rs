//! Mitigate.

use super::{Row, Sheet, arg, cite, half, one};
use crate::fact::FactId;
use crate::scoring::measure::Timed;
use crate::stdx::rational::{decimal, whole};

impl Sheet<'_> {
    pub(super) fn mitigated(&self) -> Row {
        // Users who recover without anybody's doing earn nobody a point.
        let nothing = Timed::default();
        let t = if self.alone() { &nothing } else { &self.m.mitigated };
        let mut row = self.timed(t, self.par.mitigated.as_ref(), ["score-M1-seen", "score-M1-unseen"]);
        let tau = format!("{} %", decimal(&(&self.scenario.truth.tau.0 * whole(100)), 0));
        row.text.1.push(arg("tau", tau));
        if t.x.is_some() {
            row.evidence.extend(&self.m.engagement.1);
        } else if self.m.mitigated.x.is_some() {
            row.text.0 = "score-M1-alone";
        }
        row
    }

    pub(super) fn relieved(&self) -> Row {
        let mut row = self.timed(&self.m.relief, self.par.relief.as_ref(), ["score-M2-seen", "score-M2-unseen"]);
        let order = match (self.m.relief_at, self.m.cause_at) {
            (Some(relief), Some(cause)) if cause <= relief => "after",
            _ => "before",
        };
        row.text.1.push(arg("order", order));
        row
    }

    pub(super) fn verified(&self) -> Row {
        let (look, post) = self.m.verified;
        let (credit, key) = match (look, post, self.m.mitigated_at) {
            (Some(_), Some(_), _) => (whole(1), "score-M3-seen"),
            (Some(_), None, _) => (half(), "score-M3-half"),
            (None, _, Some(_)) => (whole(0), "score-M3-unseen"),
            (None, _, None) => (whole(0), "score-M3-open"),
        };
        let id = |f: Option<FactId>| f.map(|f| f.to_string()).unwrap_or_default();
        let relief = self.m.mitigated_at.map(|t| self.clock(t)).unwrap_or_default();
        Row {
            formula: format!("½·{} + ½·{}", u8::from(look.is_some()), u8::from(post.is_some())),
            credit,
            inputs: vec![("looked", id(look)), ("posted", id(post))],
            evidence: look.into_iter().chain(post).collect(),
            text: (key, vec![arg("chk", id(look)), arg("post", id(post)), arg("at", relief)]),
        }
    }

    pub(super) fn closed(&self) -> Row {
        let evidence: Vec<FactId> = self.m.closed.into_iter().collect();
        Row {
            credit: one(self.m.closed.is_some()),
            formula: format!("[{}]", u8::from(self.m.closed.is_some())),
            inputs: vec![("closed", cite(&evidence))],
            text: (
                Self::key(self.m.closed.is_some(), "score-M4-seen", "score-M4-unseen"),
                vec![arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    pub(super) fn followed_up(&self) -> Row {
        let e = self.e();
        let n = self.m.followups.len();
        Row {
            credit: e * one(n > 0),
            formula: format!("{e} · [{}]", u8::from(n > 0)),
            inputs: vec![("e", e.to_string()), ("followups", n.to_string())],
            evidence: self.m.followups.iter().take(1).copied().collect(),
            text: (
                Self::key(n > 0, "score-M5-seen", "score-M5-unseen"),
                vec![arg("n", n), arg("ev", cite(&self.m.followups))],
            ),
        }
    }
}
