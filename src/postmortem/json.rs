//! A finished session as one JSON document: the score report, both timelines, what was stated, thought and planned.

use crate::debrief::background::{Apart, Background, Judged, source_text};
use crate::debrief::ledger::Sighting;
use crate::debrief::{Debrief, TriggerKind};
use crate::fact::Shown;
use crate::locale::Locale;
use crate::scenario::{Contradiction, Precision, Source};
use crate::scoring::report_json;
use crate::session::Header;
use crate::view::words::{author_text, say};
use serde_json::{Value, json};

/// Version of this document's shape.
const FORMAT: u32 = 1;

/// An entry of the ledger.
fn sighting(s: &Sighting) -> Value {
    let how = match &s.shown {
        Some(Shown::Graph { query, range_s }) => json!({ "query": query, "range_s": range_s }),
        Some(Shown::Output { terminal, line, text }) => json!({ "terminal": terminal, "line": line, "text": text }),
        None => Value::Null,
    };
    json!({
        "fact": s.fact.to_string(), "seat": s.seat, "from_s": s.from_s, "to_s": s.to_s, "what": s.what,
        "target": s.target, "shown": how, "read": s.read.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

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
                "published": o.published, "precision": precision(o.precision), "source": o.source, "witness": notes,
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
                "yours_s": j.yours_s, "difference_s": j.difference_s(), "rough": j.precision.is_rough(), "row": j.row,
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
    let named = |list: &[(String, bool)]| -> Vec<Value> {
        list.iter().map(|(name, hit)| json!({ "name": name, "contributed": hit })).collect()
    };
    let statements: Vec<Value> = d
        .diagnosis
        .statements
        .iter()
        .map(|x| {
            json!({
                "t_s": x.t_s, "fact": fact(&x.fact), "kind": if x.cause { "cause" } else { "hypothesis" },
                "confidence_percent": x.confidence, "location": named(&x.location), "mechanism": named(&x.mechanism),
                "scope": x.scope, "evidence": x.evidence.iter().map(fact).collect::<Vec<_>>(),
            })
        })
        .collect();
    let diagnosis = json!({
        "statements": statements, "components": d.diagnosis.components, "mechanisms": d.diagnosis.mechanisms,
        "scope": d.diagnosis.scope, "chains": d.diagnosis.chains,
    });
    let grounds: Vec<Value> = d
        .grounds
        .iter()
        .map(|g| {
            json!({
                "action": fact(&g.action), "seat": g.seat, "basis": g.basis.name(), "outcome": g.outcome.name(),
                "seen": g.seen.iter().map(fact).collect::<Vec<_>>(), "proof": g.proof.as_ref().map(fact),
                "text": say(locale, &g.text),
            })
        })
        .collect();
    let branches: Vec<Value> = d
        .branches
        .iter()
        .map(|b| {
            let marks = b
                .marks
                .iter()
                .map(|m| json!({ "fact": fact(&m.fact), "t_s": m.t_s, "by": m.by, "what": say(locale, &m.text) }));
            json!({
                "branch": b.number, "from_s": b.from_s, "to_s": b.to_s, "user_minutes": b.area.0,
                "user_minutes_of_this_run": b.area.1, "marks": marks.collect::<Vec<_>>(),
            })
        })
        .collect();
    let budget = d.budget.as_ref().map(|b| {
        let share = |r: &crate::stdx::rational::Ratio| crate::stdx::rational::decimal(r, 6);
        let [yours, original, hands_off] = &b.used;
        json!({
            "objective": share(&b.objective), "period_s": b.period_s, "service": b.service,
            "stated_by_scenario": b.service.is_some(), "assumed": b.assumed,
            "user_minutes": crate::stdx::rational::decimal(&b.minutes, 1),
            "used": { "yours": share(yours), "original": share(original), "hands_off": share(hands_off) },
        })
    });
    let decisions: Vec<Value> = d
        .decisions
        .iter()
        .map(|d| {
            let taken = d.taken.iter().map(|t| {
                json!({
                    "t_s": t.t_s, "fact": t.fact.map(|f| f.to_string()), "name": author_text(locale, &t.name),
                    "outcome": t.outcome, "original_too": t.original,
                })
            });
            let original = d.original.as_ref().map(|(n, o)| json!({ "name": author_text(locale, n), "outcome": o }));
            json!({
                "name": author_text(locale, &d.name), "open_s": d.open_s, "original": original,
                "taken": taken.collect::<Vec<_>>(),
            })
        })
        .collect();
    let money = d.money.as_ref().map(|m| {
        let sum = |r: &crate::stdx::rational::Ratio| crate::stdx::rational::decimal(r, 2);
        let [yours, original, hands_off] = &m.lost;
        json!({
            "currency": m.currency, "assumed": m.assumed,
            "lost": { "yours": sum(yours), "original": sum(original), "hands_off": sum(hands_off) },
        })
    });
    let ledger: Vec<Value> = d.ledger.iter().map(sighting).collect();
    let alerts: Vec<Value> = d
        .alerts
        .iter()
        .map(|a| json!({ "alert": a.alert, "service": a.service, "from_s": a.from_s, "to_s": a.to_s }))
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
        "diagnosis": diagnosis,
        "grounds": grounds,
        "branches": branches,
        "error_budget": budget,
        "money": money,
        "decisions": decisions,
        "alerts": alerts,
        "on_screen": ledger,
        "action_items": actions,
        "reflections": thoughts,
        "workload": workload,
        "triggers": triggers,
        "t0": t0(&d.background, locale),
        "apart": apart(&d.background, locale),
        "signals": signals(&d.background, locale),
        "contradictions": contradictions(&d.background, locale),
        "sources": sources(&d.background),
    })
}

/// How precisely a source gives a time.
fn precision(p: Precision) -> Value {
    match p {
        Precision::Second => json!("second"),
        Precision::Minute => json!("minute"),
        Precision::Hour => json!("hour"),
        Precision::Day => json!("day"),
        Precision::Range { from, to } => json!({ "from_s": from.0, "to_s": to.0 }),
        Precision::OrderOnly => json!("order_only"),
    }
}

fn sources(b: &Background) -> Vec<Value> {
    let one = |(id, s): (&String, &Source)| json!({ "id": id, "title": s.title, "url": s.url, "licence": s.licence, "read": s.read });
    b.sources.iter().map(one).collect()
}

/// What T0 is, and other moments from which times could count.
fn t0(b: &Background, locale: &Locale) -> Value {
    let also =
        b.t0.also
            .iter()
            .map(|o| json!({ "name": author_text(locale, &o.name), "t_s": o.at.0, "source": source_text(&o.fact) }));
    json!({
        "utc_s": b.t0.utc.0, "means": author_text(locale, &b.t0.means), "source": source_text(&b.t0.fact),
        "also": also.collect::<Vec<_>>(),
    })
}

fn contradictions(b: &Background, locale: &Locale) -> Vec<Value> {
    let one = |c: &Contradiction| {
        let accounts = c.accounts.iter();
        let accounts = accounts.map(
            |a| json!({ "says": author_text(locale, &a.says), "followed": a.follows, "source": source_text(&a.fact) }),
        );
        json!({ "about": author_text(locale, &c.about), "accounts": accounts.collect::<Vec<_>>() })
    };
    b.contradictions.iter().map(one).collect()
}

/// Side paths of the original, and what it never did.
fn apart(b: &Background, locale: &Locale) -> Vec<Value> {
    let one = |a: &Apart| {
        json!({
            "milestone": a.milestone, "name": author_text(locale, &a.name),
            "kind": if a.side_path { "side_path" } else { "never_in_original" }, "source": a.source,
            "original_s": a.original_s, "yours_s": a.yours.map(|y| y.0),
            "fact": a.yours.and_then(|y| y.1).map(|f| f.to_string()),
        })
    };
    b.apart.iter().map(one).collect()
}

/// What the graphs and log lines were worth.
fn signals(b: &Background, locale: &Locale) -> Vec<Value> {
    let one = |j: &Judged| {
        json!({
            "place": j.place, "text": author_text(locale, &j.text), "reliability": j.reliability,
            "seen_s": j.seen.map(|s| s.0), "fact": j.seen.map(|s| s.1.to_string()),
        })
    };
    b.signals.iter().map(one).collect()
}
