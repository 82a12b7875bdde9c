//! The report as JSON (SCORING §5): stable names in snake case, exact numbers as strings, times as ticks.

use super::measure::InjectSeen;
use super::model::{CHECKS, DIMENSIONS};
use super::report::{Check, Move, MoveKind, Report};
use crate::fact::FactId;
use crate::stdx::rational::{Ratio, decimal, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

/// `[[tick, "share of all users"], …]`.
fn curve(points: &[(Tick, u64)], of: u64) -> Vec<Value> {
    let share = |n: u64| if of == 0 { whole(0) } else { Ratio::new(BigInt::from(n), BigInt::from(of)) };
    points.iter().map(|(t, n)| json!([t.0, share(*n).to_string()])).collect()
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
        "formula": c.formula,
        "inputs": inputs,
        "evidence": ids(&c.evidence),
        "par": {
            "credit": c.par_credit.to_string(),
            "points": c.par_points.to_string(),
            "evidence": ids(&c.par_evidence),
            "provenance": c.par_provenance,
        },
        "text": c.text.0.strip_prefix("score-").unwrap_or(&c.text.0).replace('-', "."),
        "params": params,
        "window": c.window.map(|(a, b)| [a.0, b.0]),
    })
}

fn one_move(m: &Move) -> Value {
    let kind = match m.kind {
        MoveKind::Sync => "sync",
        MoveKind::Model => "model",
        MoveKind::NotNeeded => "not_needed",
    };
    json!({
        "m": m.milestone,
        "weight": m.weight,
        "kind": kind,
        "event": m.fact.map(|f| f.to_string()),
        "first": m.first.map(|f| f.to_string()),
        "par": m.par.map_or_else(|| json!("not_seen"), |t| json!(t.0)),
    })
}

fn inject(i: &InjectSeen) -> Value {
    json!({
        "inject": i.card,
        "allowance_min": i.allowance.to_string(),
        "handled_min": i.handled.as_ref().map(ToString::to_string),
        "harm_user_min": i.harm.as_ref().map(ToString::to_string),
        "noticed": i.noticed,
        "triaged": i.triaged,
        "credit": i.credit.to_string(),
        "points": i.surprise().to_string(),
        "evidence": ids(&i.evidence),
    })
}

/// The report's stable JSON.
pub fn report_json(r: &Report) -> Value {
    let dimensions: Vec<Value> = DIMENSIONS
        .iter()
        .map(|d| {
            let (points, max, par) = r.dimension(d);
            let word = if max == whole(0) { "not_exercised" } else { dimension_word(&(&points / &max)) };
            json!({
                "id": d,
                "points": points.to_string(),
                "max": max.to_string(),
                "par": par.to_string(),
                "word": word,
            })
        })
        .collect();
    let not_needed: Vec<&String> =
        r.moves.iter().filter(|m| m.kind == MoveKind::NotNeeded).map(|m| &m.milestone).collect();
    let word = r.word.strip_prefix("score-word-").unwrap_or(r.word).replace('-', "_");
    let of = r.impact.of;
    json!({
        "score_version": r.score_version,
        "scenario": format!("{}@{}", r.scenario, r.tuning),
        "mode": r.mode.word(),
        "log_sha256": r.log_digest,
        "par": {
            "points": r.par.to_string(),
            "log_sha256": r.par_digest,
            "confidence": r.par_confidence.to_string(),
        },
        "total": {
            "points": r.points.to_string(),
            "points_decimal": decimal(&r.points, 2),
            "base": r.base.to_string(),
            "surprise": r.surprise.to_string(),
            "learning": r.learning_points.to_string(),
            "max": r.max.to_string(),
            "delta": r.delta.to_string(),
            "delta_decimal": decimal(&r.delta, 2),
            "index": (whole(100) + &r.delta).to_string(),
            "index_decimal": decimal(&(whole(100) + &r.delta), 1),
            "word": word,
        },
        "engagement": r.engagement.to_string(),
        "support": { "level": r.support, "word": r.support_word() },
        "dimensions": dimensions,
        "checks": r.checks.iter().map(check).collect::<Vec<_>>(),
        "alignment": {
            "moves": r.moves.iter().map(one_move).collect::<Vec<_>>(),
            "cost": r.aligned.0,
            "of": r.aligned.1,
            "not_needed": not_needed,
        },
        "impact": {
            "of": of,
            "yours": curve(&r.impact.yours, of),
            "original": curve(&r.impact.original, of),
            "hands_off": curve(&r.impact.hands_off, of),
            "best": curve(&r.impact.best, of),
            "area": {
                "yours": r.impact.area[0].to_string(),
                "lost": r.impact.lost.to_string(),
                "original": r.impact.area[1].to_string(),
                "hands_off": r.impact.area[2].to_string(),
                "best": r.impact.best_area.as_ref().map(ToString::to_string),
            },
        },
        "injects": r.injects.iter().map(inject).collect::<Vec<_>>(),
        "suspended": r.suspended.iter()
            .map(|s| {
                let sort = if CHECKS.iter().any(|c| c.id == s.of) { "check" } else { "milestone" };
                json!({sort: s.of, "fact": s.inject.to_string()})
            })
            .collect::<Vec<_>>(),
        "hints": r.hints.iter().map(|(rung, f)| json!({"rung": rung, "fact": f.to_string()})).collect::<Vec<_>>(),
        "learning": r.learning.iter()
            .map(|(what, f)| json!({"what": what.word(), "fact": f.to_string()})).collect::<Vec<_>>(),
        "adjudications": r.adjudications.iter()
            .map(|(ruling, of, f)| json!({"ruling": ruling.word(), "of": of, "fact": f.to_string()}))
            .collect::<Vec<_>>(),
    })
}
