//! Sense of what is told of the original: accounts, T0, precision, side paths, what never happened, who is awake.

use super::super::decode::{self, Pressed};
use super::super::model::{Precision, Provenance};
use super::super::read::Reader;
use super::super::value::{Value, What};
use crate::diagnostic::Code;
use crate::stdx::time::Offset;
use std::collections::BTreeMap;
use std::ops::Range;

/// Runs all of them.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let mut bad: Vec<(Range<usize>, String, &str)> = Vec::new();
    contradictions(root, &mut bad);
    t0(root, &mut bad);
    rows(root, &mut bad);
    milestones(root, &mut bad);
    people(root, &mut bad);
    for (at, message, help) in bad {
        reader.report(Code::OutOfRange, &at, message, "makes no sense".to_owned(), Some(help.to_owned()));
    }
}

/// The latest moment at which a row of the original can be matched.
pub fn latest(row: &Value, clock: &Pressed, horizon: Offset) -> Offset {
    let precision = decode::original::precision(row, clock);
    match precision {
        Precision::OrderOnly => horizon,
        Precision::Range { to, .. } => to,
        _ => {
            let tolerance = decode::original::tolerance(row, precision).0;
            let at = clock.played(row.at("at").offset()).0;
            Offset(at.saturating_add(i64::try_from(tolerance).unwrap_or(i64::MAX)))
        }
    }
}

type Bad = Vec<(Range<usize>, String, &'static str)>;

fn contradictions(root: &Value, bad: &mut Bad) {
    for c in root.at("contradictions").items() {
        let accounts = c.at("accounts").items();
        let followed = accounts.iter().filter(|a| a.at("follows").bool()).count();
        if accounts.len() < 2 || followed != 1 {
            let message = "of two or more accounts a scenario follows exactly one".to_owned();
            bad.push((c.at("accounts").at.clone(), message, "write `follows: true` at that one"));
        }
        sourced(accounts.iter().filter_map(|a| a.get("fact")), "an account stands in a source", bad);
    }
}

/// Facts that nobody can have made up.
fn sourced<'v>(facts: impl Iterator<Item = &'v Value>, message: &str, bad: &mut Bad) {
    for f in facts.filter(|f| matches!(f.what, What::Fact(Provenance::Invented))) {
        bad.push((f.at.clone(), message.to_owned(), "name the source and where in it"));
    }
}

fn t0(root: &Value, bad: &mut Bad) {
    for at in root.at("t0").at("also").items().iter().filter_map(|o| o.get("at")) {
        if at.offset() == Offset(0) {
            bad.push((at.at.clone(), "another T0 is another moment".to_owned(), "take it into `means`"));
        }
    }
}

fn rows(root: &Value, bad: &mut Bad) {
    for row in root.at("original").items() {
        let precision = row.at("precision");
        if let (Some(t), "Range" | "OrderOnly") = (row.get("tolerance"), precision.tag()) {
            let message = format!("with `{}` there is no tolerance", precision.tag());
            bad.push((t.at.clone(), message, "leave it out, or write another precision"));
        }
        let (from, to, at) = (precision.at("from").offset(), precision.at("to").offset(), row.at("at").offset());
        if precision.tag() == "Range" && !(from < to && from <= at && at <= to) {
            let message = format!("a stretch from {from} to {to} does not hold {at}");
            bad.push((precision.at.clone(), message, "`from`, `at` and `to` stand in order of time"));
        }
    }
}

fn milestones(root: &Value, bad: &mut Bad) {
    let mut joined: BTreeMap<String, Range<usize>> = BTreeMap::new();
    for m in root.at("original").items().iter().filter_map(|row| row.get("milestone")) {
        joined.entry(m.text()).or_insert_with(|| m.at.clone());
    }
    for (id, place, m) in root.at("milestones").entries() {
        if m.at("avoidable").bool() && (m.at("weight").int::<u32>() > 0 || m.at("effect").bool()) {
            let message = format!("`{id}` is a side path: it earns nothing");
            bad.push((place.clone(), message, "write `weight: 0` and leave `effect` out"));
        }
        let Some(never) = m.get("never") else { continue };
        sourced(std::iter::once(never), "a source says that it never happened", bad);
        if let Some(at) = joined.get(id) {
            let message = format!("`{id}` is something that the original never did, and this row joins it");
            bad.push((at.clone(), message, "leave `milestone` out here, or `never` there"));
        }
    }
}

fn people(root: &Value, bad: &mut Bad) {
    let opens = root.at("clock").at("opens").offset();
    for (_, _, person) in root.at("people").entries() {
        if let Some(since) = person.at("tires").get("since").filter(|s| s.offset() > opens) {
            let message = format!("somebody who tires is awake when the session opens at {opens}");
            bad.push((since.at.clone(), message, "for example \"T-14h\""));
        }
    }
}
