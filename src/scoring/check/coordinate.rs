//! Coordinate.

use super::{Row, Sheet, arg, cite, share, shown};
use crate::fact::FactId;
use crate::scoring::curve::{minutes, window_credit};
use crate::stdx::rational::{decimal, ratio, whole};
use std::collections::BTreeSet;

impl Sheet<'_> {
    pub(super) fn declared(&self) -> Row {
        let w = self.model.set.windows.declare.0;
        self.windowed(&self.m.declared, self.par.declared.as_ref(), w, ["score-O1-seen", "score-O1-unseen"])
    }

    pub(super) fn roles(&self) -> Row {
        let need = self.model.mode.roles();
        let named: Vec<&(String, FactId)> = self.m.roles.iter().filter(|(r, _)| need.contains(&r.as_str())).collect();
        let kinds: BTreeSet<&str> = named.iter().map(|(r, _)| r.as_str()).collect();
        let evidence: Vec<FactId> = named.iter().map(|(_, id)| *id).collect();
        let list = kinds.iter().copied().collect::<Vec<_>>().join(", ");
        Row {
            credit: share(kinds.len() as u64, need.len() as u64),
            formula: format!("{} / {}", kinds.len(), need.len()),
            inputs: vec![("named", list.clone()), ("needed", need.join(", "))],
            text: (
                Self::key(!kinds.is_empty(), "score-O2-seen", "score-O2-unseen"),
                vec![arg("roles", list), arg("ev", cite(&evidence))],
            ),
            evidence,
        }
    }

    pub(super) fn helped(&self) -> Row {
        let all = &self.m.help;
        let alone = self.alone();
        let sum = all.iter().fold(whole(0), |a, h| a + h.credit(alone));
        let n = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let mut evidence: Vec<FactId> = Vec::new();
        for h in all.iter().filter(|h| h.credit(alone) > whole(0)) {
            evidence.extend(&h.evidence);
            if h.over {
                evidence.extend(&self.m.engagement.1);
            }
        }
        let called = all.iter().find(|h| !h.over && h.call > whole(0));
        let first = self.model.set.help.first();
        let key = match (called, evidence.is_empty()) {
            (Some(_), _) => "score-O3-seen",
            (None, false) => "score-O3-over",
            (None, true) => "score-O3-unseen",
        };
        let x = match called {
            Some(h) => shown(h.at.as_ref()),
            None => first.map(|h| decimal(&minutes(h.at.0), 0)).unwrap_or_default(),
        };
        let call: Vec<FactId> = called.map(|h| h.evidence.clone()).unwrap_or_default();
        Row {
            credit: if n == 0 { whole(0) } else { &sum / whole(n) },
            formula: format!("{} / {n}", decimal(&sum, 1)),
            inputs: all.iter().map(|h| ("need", format!("{}: {}", h.topic, h.credit(alone)))).collect(),
            text: (
                key,
                vec![
                    arg("x", x),
                    arg("topic", first.map(|h| h.topic.clone()).unwrap_or_default()),
                    arg("ev", cite(&call)),
                ],
            ),
            evidence,
        }
    }

    pub(super) fn handed_over(&self) -> Row {
        let (over, timed) = &self.m.handover;
        let window = minutes(self.model.set.windows.handover.0);
        let (over, alone) = (*over, self.alone());
        let credit = match (over, alone) {
            (true, true) => whole(0),
            (true, false) => whole(1),
            (false, _) => window_credit(timed.x.as_ref(), &window),
        };
        let evidence = if over && !alone {
            self.m.mitigated.evidence.iter().chain(&self.m.engagement.1).copied().collect()
        } else if over {
            Vec::new()
        } else {
            timed.evidence.clone()
        };
        let key = match (over && !alone, timed.x.is_some()) {
            (true, _) => "score-O4-over",
            (false, true) => "score-O4-seen",
            (false, false) => "score-O4-unseen",
        };
        let shift = self.model.set.shift.map(|s| decimal(&minutes(s.0), 0)).unwrap_or_default();
        Row {
            credit,
            formula: if over { "[1]".to_owned() } else { format!("win({}; {})", shown(timed.x.as_ref()), window) },
            inputs: vec![("over", over.to_string()), ("past_shift_min", shown(timed.x.as_ref()))],
            text: (key, vec![arg("ev", cite(&timed.evidence)), arg("shift", shift)]),
            evidence,
        }
    }

    pub(super) fn narrated(&self) -> Row {
        let e = self.e();
        let n = i64::try_from(self.m.unannounced.len()).unwrap_or(i64::MAX);
        let all = self.m.unannounced.len() + self.m.announced.len();
        let share = (whole(1) - ratio(n, 4)).max(whole(0));
        Row {
            credit: e * share,
            formula: format!("{e} · (1 − {n}/4)"),
            inputs: vec![("e", e.to_string()), ("unannounced", n.to_string())],
            evidence: self.m.unannounced.iter().chain(&self.m.announced).copied().collect(),
            text: (
                Self::key(all > 0, "score-O5-seen", "score-O5-unseen"),
                vec![arg("n", self.m.announced.len()), arg("m", all), arg("ev", cite(&self.m.unannounced))],
            ),
        }
    }
}
