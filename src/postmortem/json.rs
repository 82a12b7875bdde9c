//! A finished session as one JSON document: the score report, both timelines, what was stated, thought and planned.

use crate::debrief::{Debrief, TriggerKind};
use crate::locale::Locale;
use crate::scoring::report_json;
use crate::session::Header;
use crate::view::words::{author_text, say};
use serde_json::{Value, json};

/// Version of this document's shape.
const FORMAT: u32 = 1;

/// The session as JSON; words are in the locale's language, everything else has stable names.
pub fn json(d: &Debrief, header: &Header, locale: &Locale) -> Value {
    let fact = |f: &crate::fact::FactId| f.to_string();
    let original: Vec<Value> = d
        .original
        .iter()
        .map(|o| {
            let notes: Vec<Value> = d
                .aftermath
                .witness
                .iter()
                .filter(|(row, ..)| *row == o.id)
                .map(|(_, by, text)| json!({ "by": by, "text": text }))
                .collect();
            json!({
                "row": o.id, "t_s": o.t_s, "what": author_text(locale, &o.what), "milestone": o.milestone,
                "published": o.published, "source": o.source, "witness": notes,
            })
        })
        .collect();
    let log: Vec<Value> = d
        .log
        .iter()
        .map(|r| {
            json!({ "fact": fact(&r.id), "t_s": r.t_s, "who": r.who, "team": r.ours, "what": say(locale, &r.text) })
        })
        .collect();
    let joins: Vec<Value> = d
        .joins
        .iter()
        .map(|j| {
            json!({
                "milestone": j.milestone, "name": author_text(locale, &j.name), "original_s": j.original_s,
                "yours_s": j.yours_s, "difference_s": j.yours_s - j.original_s, "row": j.row,
                "fact": fact(&j.fact), "assumed": j.assumed,
            })
        })
        .collect();
    let turning: Vec<Value> = d
        .turning
        .iter()
        .map(|t| {
            json!({
                "t_s": t.t_s, "title": say(locale, &t.title), "body": say(locale, &t.body),
                "question": say(locale, &t.question), "fact": fact(&t.fact),
            })
        })
        .collect();
    let a = &d.aftermath;
    let stated: Vec<Value> = a
        .stated
        .iter()
        .map(|s| {
            json!({
                "t_s": s.t_s, "kind": if s.sure { "cause" } else { "hypothesis" }, "components": s.components,
                "mechanisms": s.mechanisms, "fact": fact(&s.fact),
                "evidence": s.evidence.iter().map(fact).collect::<Vec<_>>(),
            })
        })
        .collect();
    let actions: Vec<Value> =
        a.actions.iter().map(|(what, owner, f)| json!({ "what": what, "owner": owner, "fact": fact(f) })).collect();
    let thoughts: Vec<Value> = a
        .thoughts
        .iter()
        .map(|t| json!({ "on": t.on.name(), "text": t.text, "owner": t.owner, "by": t.by, "fact": fact(&t.fact) }))
        .collect();
    let workload: Vec<Value> =
        a.workload.iter().map(|(s, by, v)| json!({ "scale": s.name(), "by": by, "value": v })).collect();
    let triggers: Vec<Value> = a
        .triggers
        .iter()
        .map(|t| {
            let kind = match t.kind {
                TriggerKind::Impact => "user_impact",
                TriggerKind::DataLoss => "data_loss",
                TriggerKind::Intervention => "intervention",
                TriggerKind::Duration => "resolution_time",
                TriggerKind::Monitoring => "monitoring",
            };
            json!({ "trigger": kind, "applies": t.applies, "fact": t.fact.as_ref().map(fact) })
        })
        .collect();
    json!({
        "format": FORMAT,
        "session": {
            "scenario": header.scenario, "scenario_digest": header.scenario_digest, "seed": header.seed,
            "simulator": header.simulator, "seats": header.seats, "branch": header.branch,
        },
        "title": author_text(locale, &d.title),
        "t0_utc_s": d.t0_utc_s,
        "score": report_json(&d.report),
        "original": original,
        "log": log,
        "joins": joins,
        "turning_points": turning,
        "questions": d.questions.iter().map(|q| say(locale, q)).collect::<Vec<_>>(),
        "experiment": say(locale, &d.experiment),
        "stated": stated,
        "action_items": actions,
        "reflections": thoughts,
        "workload": workload,
        "triggers": triggers,
        "sources": d.sources.iter().map(|(t, u, l)| json!({ "title": t, "url": u, "licence": l })).collect::<Vec<_>>(),
    })
}
