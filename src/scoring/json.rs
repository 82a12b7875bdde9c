//! The report as JSON: stable names in snake case, exact numbers as strings.

use super::report::{Check, MoveKind, Report};
use crate::fact::FactId;
use crate::stdx::rational::{Ratio, decimal, whole};
use crate::stdx::time::Tick;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The dimensions that this version scores, in order.
pub const DIMENSIONS: [&str; 7] =
    ["detect", "diagnose", "mitigate", "communicate", "coordinate", "impact", "alignment"];

/// A dimension's word, by the share of its points.
pub fn dimension_word(credit: &Ratio) -> &'static str {
    let at_least = |hundredths: i64| credit * whole(100) >= whole(hundredths);
    if at_least(85) {
        "solid"
    } else if at_least(60) {
        "good_with_notes"
    } else if at_least(30) {
        "taking_shape"
    } else {
        "not_seen"
    }
}

fn ids(of: &[FactId]) -> Vec<String> {
    of.iter().map(ToString::to_string).collect()
}

fn curve(points: &[(Tick, u64)]) -> Vec<Value> {
    points.iter().map(|(t, n)| json!([t.0, n])).collect()
}

fn check(c: &Check) -> Value {
    let inputs: BTreeMap<&str, &String> = c.inputs.iter().map(|(k, v)| (*k, v)).collect();
    let params: BTreeMap<&String, &String> = c.text.1.iter().map(|(k, v)| (k, v)).collect();
    json!({
        "id": c.id,
        "dimension": c.dimension,
        "max": c.max.to_string(),
        "credit": c.credit.to_string(),
        "points": c.points.to_string(),
        "par_points": c.par_points.to_string(),
        "formula": c.formula,
        "inputs": inputs,
        "evidence": ids(&c.evidence),
        "text": c.text.0,
        "params": params,
        "window": c.window.map(|(a, b)| [a.0, b.0]),
    })
}

/// The report's stable JSON.
pub fn report_json(r: &Report) -> Value {
    let dimensions: Vec<Value> = DIMENSIONS
        .iter()
        .map(|d| {
            let of = |f: &dyn Fn(&Check) -> &Ratio| {
                r.checks.iter().filter(|c| c.dimension == *d).fold(whole(0), |a, c| a + f(c))
            };
            let (points, max, par) = (of(&|c| &c.points), of(&|c| &c.max), of(&|c| &c.par_points));
            let credit = if max == whole(0) { whole(0) } else { &points / &max };
            json!({
                "id": d,
                "points": points.to_string(),
                "max": max.to_string(),
                "par": par.to_string(),
                "word": dimension_word(&credit),
            })
        })
        .collect();
    let moves: Vec<Value> = r
        .moves
        .iter()
        .map(|m| {
            let kind = match m.kind {
                MoveKind::Sync => "sync",
                MoveKind::Model => "model",
                MoveKind::NotNeeded => "not_needed",
            };
            json!({
                "milestone": m.milestone,
                "weight": m.weight,
                "kind": kind,
                "fact": m.fact.map(|f| f.to_string()),
                "first": m.first.map(|f| f.to_string()),
            })
        })
        .collect();
    let word = r.word.strip_prefix("score-word-").unwrap_or(r.word).replace('-', "_");
    json!({
        "score_version": r.score_version,
        "scenario": r.scenario,
        "total": {
            "points": r.points.to_string(),
            "points_decimal": decimal(&r.points, 2),
            "max": r.max.to_string(),
            "delta": r.delta.to_string(),
            "delta_decimal": decimal(&r.delta, 2),
            "word": word,
        },
        "par": { "points": r.par.to_string() },
        "engagement": r.engagement.to_string(),
        "support": r.support,
        "dimensions": dimensions,
        "checks": r.checks.iter().map(check).collect::<Vec<_>>(),
        "alignment": { "moves": moves },
        "impact": {
            "of": r.impact.of,
            "yours": curve(&r.impact.yours),
            "original": curve(&r.impact.original),
            "hands_off": curve(&r.impact.hands_off),
            "area": {
                "yours": r.impact.area[0].to_string(),
                "original": r.impact.area[1].to_string(),
                "hands_off": r.impact.area[2].to_string(),
            },
        },
    })
}
