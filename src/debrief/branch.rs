//! Other branches of a session as lanes of their own: where each left, what was done in it, what it came to in user-minutes.

use super::lanes::{moment, seconds};
use super::model::YourMark;
use super::words::fact_text;
use crate::fact::words::{of_note, who};
use crate::fact::{Fact, FactKind};
use crate::scenario::Scenario;
use crate::session::Header;
use crate::stdx::time::Tick;
use std::collections::BTreeMap;

/// Another branch beside this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchLane {
    /// Its number.
    pub number: u32,
    /// Moment at which the two logs part, seconds from T0.
    pub from_s: i64,
    /// Its last moment.
    pub to_s: i64,
    /// What was done in it after that.
    pub marks: Vec<YourMark>,
    /// User-minutes from the parting to the earlier of the two ends: this branch's, and those of the run beside it.
    pub area: (i64, i64),
}

/// The way from a branch back to the first one: each branch on it, and up to which tick its log belongs to the way.
fn way(of: &Header, headers: &BTreeMap<u32, &Header>) -> Vec<(u32, u64)> {
    let mut out = vec![(of.branch, u64::MAX)];
    let mut at = of;
    let mut until = u64::MAX;
    while let Some(parent) = &at.parent {
        until = until.min(parent.tick);
        out.push((parent.branch, until));
        match headers.get(&parent.branch) {
            // A parent is older than its child: a log that says otherwise is not followed.
            Some(next) if next.branch < at.branch => at = next,
            _ => break,
        }
    }
    out
}

/// The tick up to which two branches are one log; `None` if they share nothing.
fn parting(a: &Header, b: &Header, headers: &BTreeMap<u32, &Header>) -> Option<Tick> {
    let (of_a, of_b) = (way(a, headers), way(b, headers));
    of_a.iter().find_map(|(branch, until)| {
        let other = of_b.iter().find(|(n, _)| n == branch)?;
        Some(Tick((*until).min(other.1)))
    })
}

/// User-minutes between two ticks, rounded; what was in force at `from` counts from there on.
fn area(facts: &[Fact], from: Tick, to: Tick) -> i64 {
    let mut sum: u128 = 0;
    let mut level = (from, 0_u64);
    for f in facts {
        let FactKind::Impact { n, .. } = f.what else { continue };
        let at = f.id.tick.clamp(from, to);
        sum += u128::from(level.1) * u128::from(at.since(level.0));
        level = (at, n);
    }
    sum += u128::from(level.1) * u128::from(to.since(level.0));
    i64::try_from((sum + 30) / 60).unwrap_or(i64::MAX)
}

fn end(facts: &[Fact]) -> Tick {
    let lived = facts.iter().rev().find(|f| !f.what.is_afterword());
    lived.map_or(Tick(0), |f| f.id.tick)
}

/// The other branches of a session as lanes beside `header` and `facts`, by number. What shares no beginning is left out.
pub fn lanes(scenario: &Scenario, header: &Header, facts: &[Fact], others: &[(Header, Vec<Fact>)]) -> Vec<BranchLane> {
    let mut headers: BTreeMap<u32, &Header> = others.iter().map(|(h, _)| (h.branch, h)).collect();
    headers.insert(header.branch, header);
    let mut out: Vec<BranchLane> = others
        .iter()
        .filter(|(h, _)| h.branch != header.branch)
        .filter_map(|(h, theirs)| {
            let from = parting(header, h, &headers)?;
            let to = end(theirs).max(from);
            let both = to.min(end(facts)).max(from);
            let done = theirs.iter().filter(|f| f.id.tick > from && f.by.is_responder());
            let marks = done.filter(|f| of_note(f)).map(|f| YourMark {
                fact: f.id,
                t_s: moment(scenario, f),
                by: who(&f.by).to_owned(),
                text: fact_text(scenario, &f.what),
                milestone: None,
                action: matches!(f.what, FactKind::Acted { mutating: true, .. }),
            });
            Some(BranchLane {
                number: h.branch,
                from_s: seconds(scenario, from),
                to_s: seconds(scenario, to),
                marks: marks.collect(),
                area: (area(theirs, from, both), area(facts, from, both)),
            })
        })
        .collect();
    out.sort_by_key(|b| b.number);
    out
}
