//! From the checked tree to the model: faults, and their text in the line grammar.

use super::super::model::*;
use super::super::read::value_of;
use super::super::schema::{Need, Ty, Variant};
use super::super::table::fault::FAULT;
use super::super::value::Value;
use super::change::change_fault;
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A fault.
pub fn fault(v: &Value) -> Fault {
    let text = |field: &str| v.at(field).text();
    if let Some(of_a_room) = super::net::fault(v).or_else(|| super::store::fault(v)) {
        return of_a_room;
    }
    if let Some(change) = change_fault(v) {
        return Fault::Change(change);
    }
    match v.tag() {
        "DiskFill" => {
            Fault::DiskFill { host: text("host"), path: text("path"), bytes_per_s: v.at("bytes_per_s").amount() }
        }
        "Errors" => Fault::Errors { service: text("service"), share: v.at("share").exact() },
        "Slow" => Fault::Slow { service: text("service"), factor: v.at("factor").exact() },
        "Crash" => Fault::Crash { host: text("host"), unit: text("unit") },
        "TenantErrors" => {
            Fault::TenantErrors { tenant: text("tenant"), service: text("service"), share: v.at("share").exact() }
        }
        "TenantLimit" => {
            Fault::TenantLimit { tenant: text("tenant"), service: text("service"), rate: v.at("rate").exact() }
        }
        "Surge" => Fault::Surge { traffic: text("traffic"), factor: v.at("factor").exact() },
        _ => super::capacity::fault(v).unwrap_or_else(|| Fault::Errors {
            service: String::new(),
            share: crate::stdx::rational::Exact(crate::stdx::rational::whole(0)),
        }),
    }
}

/// The course of a fault.
pub fn course(v: &Value) -> Course {
    let wake = |w: &Value| match w.tag() {
        "Start" => Wake::Start(w.at("service").text()),
        "Release" => Wake::Release(w.at("service").text()),
        _ => Wake::Touch(w.at("component").text()),
    };
    Course {
        severity: v.at("severity").exact(),
        lasts: v.get("lasts").map(Value::span),
        rise: v.get("rise").map(Value::span),
        fall: v.get("fall").map(Value::span),
        pulse: v.get("pulse").map(|p| (p.at("on").span(), p.at("off").span())),
        again: v.get("again").map(Value::span),
        wakes: v.get("wakes").map(wake),
        behind: v.at("behind").bool(),
    }
}

/// The word of a fault's kind in the line grammar: `DiskFill` is `disk_fill`.
fn word(variant: &str) -> String {
    let mut out = String::new();
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Every kind of fault by its word in the line grammar, with its fields.
pub fn fault_kinds() -> impl Iterator<Item = (String, &'static Variant)> {
    FAULT.all().map(|v| (word(v.name), v))
}

/// Reads a fault from its kind's word and `field=value` pairs, in the units of the scenario format.
///
/// # Errors
/// What is wrong, in a sentence.
pub fn fault_from_words(kind: &str, given: &[(String, String)]) -> Result<Fault, String> {
    let Some((_, variant)) = fault_kinds().find(|(w, _)| w == kind) else {
        return Err(format!("`{kind}` is no kind of fault"));
    };
    let mut ron = format!("{}(", variant.name);
    for (name, value) in given {
        let Some(field) = variant.fields.iter().find(|f| f.name == name) else {
            let known: Vec<&str> = variant.fields.iter().map(|f| f.name).collect();
            return Err(format!("`{kind}` has no `{name}`: it takes {}", known.join(", ")));
        };
        let bare = matches!(field.ty, Ty::Int(..) | Ty::Bool | Ty::OneOf(_));
        let _ = if bare { write!(ron, "{name}: {value},") } else { write!(ron, "{name}: {value:?},") };
    }
    ron.push(')');
    value_of(&ron, Ty::OneOf(&FAULT)).map(|v| fault(&v))
}

/// A fault as its kind's word and its fields, in the units of the scenario format: what [`fault_from_words`] reads.
pub fn fault_words(fault: &Fault) -> (String, Vec<(&'static str, String)>) {
    let mut json = serde_json::to_value(fault).unwrap_or(Json::Null);
    // Faults of a room stand in that room's enum: the innermost tag is the kind.
    loop {
        let Json::Object(map) = &json else { break };
        let Some((tag, inner)) = map.iter().next() else { break };
        if let Some(variant) = FAULT.all().find(|v| v.name == tag) {
            let fields = variant.fields.iter().filter_map(|f| {
                let value = written(f.ty, inner.get(f.name)?)?;
                let usual = matches!(f.need, Need::Default(d) if d.trim_matches('"') == value);
                (!usual).then_some((f.name, value))
            });
            return (word(variant.name), fields.collect());
        }
        json = inner.clone();
    }
    (format!("{fault:?}"), Vec::new())
}

/// A value of the model as the format writes it.
fn written(ty: Ty, value: &Json) -> Option<String> {
    Some(match (ty, value) {
        (_, Json::Null) => return None,
        (Ty::Bytes, Json::Number(n)) => format!("{n}B"),
        (Ty::Micros, Json::Number(n)) => format!("{n}us"),
        (Ty::Span, Json::Number(n)) => format!("{n}s"),
        (Ty::Rate, Json::String(s)) => format!("{s}/s"),
        (_, Json::String(s)) => s.clone(),
        (_, other) => other.to_string(),
    })
}
