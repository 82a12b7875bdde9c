//! Communicate.

use super::{Row, Sheet, arg, cite, one, shown};
use crate::fact::FactId;
use crate::scoring::curve::minutes;
use crate::scoring::model::Mistake;
use crate::stdx::rational::{decimal, ratio, whole};

impl Sheet<'_> {
    pub(super) fn internal(&self) -> Row {
        let w = self.model.set.windows.internal.0;
        self.windowed(&self.m.internal, self.par.internal.as_ref(), w, ["score-C1-seen", "score-C1-unseen"])
    }

    pub(super) fn external(&self) -> Row {
        let w = self.model.set.windows.external.0;
        self.windowed(&self.m.external, self.par.external.as_ref(), w, ["score-C2-seen", "score-C2-unseen"])
    }

    pub(super) fn silent(&self) -> Row {
        let (e, most) = (self.e(), minutes(self.model.set.silence.0));
        let silence = &self.m.silence;
        let floor = if self.model.mistake == Some(Mistake::BelowZero) { whole(-1) } else { whole(0) };
        let calm = if *silence == whole(0) { whole(1) } else { (whole(1) - silence / &most).max(floor) };
        let seen = !self.m.updates.is_empty();
        Row {
            credit: e * calm,
            formula: format!("{e} · (1 − {}/{})", decimal(silence, 1), decimal(&most, 0)),
            inputs: vec![("e", e.to_string()), ("silence_min", silence.to_string()), ("most_min", most.to_string())],
            evidence: self.m.updates.clone(),
            text: (
                Self::key(seen, "score-C3-seen", "score-C3-unseen"),
                vec![
                    arg("gap", shown(Some(&self.m.longest_gap))),
                    arg("sil", shown(Some(silence))),
                    arg("rsil", shown(Some(&self.par.silence.0))),
                ],
            ),
        }
    }

    pub(super) fn content(&self) -> Row {
        let c = self.m.content;
        let n = c.best.0 + c.after.0;
        let evidence: Vec<FactId> = c.best.1.into_iter().chain(c.after.1).collect();
        Row {
            credit: ratio(i64::from(n), 8),
            formula: format!("({}/4 + {}/4) / 2", c.best.0, c.after.0),
            inputs: vec![("best_of_4", c.best.0.to_string()), ("after_of_4", c.after.0.to_string())],
            text: (
                Self::key(c.best.0 > 1, "score-C4-seen", "score-C4-unseen"),
                vec![arg("n", c.best.0.max(c.after.0)), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    pub(super) fn closing(&self) -> Row {
        let evidence: Vec<FactId> = self.m.closing.into_iter().collect();
        Row {
            credit: one(self.m.closing.is_some()),
            formula: format!("[{}]", u8::from(self.m.closing.is_some())),
            inputs: vec![("closing", cite(&evidence))],
            text: (
                Self::key(self.m.closing.is_some(), "score-C5-seen", "score-C5-unseen"),
                vec![arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }
}
