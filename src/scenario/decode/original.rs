//! From the checked tree to the model: sources, T0, rows of the original, milestones.

use super::super::model::*;
use super::super::value::Value;
use super::{Pressed, id_or, predicate};

/// A cited source.
pub fn source(v: &Value) -> Source {
    Source {
        title: v.at("title").text(),
        url: v.at("url").text(),
        licence: v.at("licence").text(),
        read: v.get("read").map(|r| match r.tag() {
            "InPart" => ReadStatus::InPart,
            "Quoted" => ReadStatus::Quoted,
            "Digest" => ReadStatus::Digest,
            _ => ReadStatus::Read,
        }),
    }
}

/// Something that accounts tell differently.
pub fn contradiction(v: &Value) -> Contradiction {
    let account =
        |a: &Value| Account { says: a.at("says").lang(), follows: a.at("follows").bool(), fact: a.at("fact").fact() };
    Contradiction { about: v.at("about").lang(), accounts: v.at("accounts").list(account) }
}

/// What T0 is.
pub fn t0(v: &Value) -> T0 {
    let other = |o: &Value| OtherT0 { name: o.at("name").lang(), at: o.at("at").offset(), fact: o.at("fact").fact() };
    T0 {
        utc: v.at("utc").utc(),
        means: v.at("means").lang(),
        also: v.at("also").list(other),
        fact: v.at("fact").fact(),
    }
}

/// How precisely the source gives a row's time.
pub fn precision(row: &Value, clock: &Pressed) -> Precision {
    let v = row.at("precision");
    let played = |field: &str| clock.played(v.at(field).offset());
    match v.tag() {
        "Second" => Precision::Second,
        "Hour" => Precision::Hour,
        "Day" => Precision::Day,
        "Range" => Precision::Range { from: played("from"), to: played("to") },
        "OrderOnly" => Precision::OrderOnly,
        _ => Precision::Minute,
    }
}

/// How far a row's matched time may be from the published one.
pub fn tolerance(row: &Value, precision: Precision) -> crate::stdx::time::Span {
    row.get("tolerance").map_or(precision.tolerance(), Value::span)
}

/// A row of the original.
pub fn row(index: usize, v: &Value, clock: &Pressed) -> OriginalRow {
    let published = v.at("at").offset();
    let at = clock.played(published);
    let precision = precision(v, clock);
    OriginalRow {
        id: id_or(v, "row", index),
        at,
        published: (at != published).then_some(published),
        precision,
        kind: row_kind(v.at("kind").tag()),
        what: v.at("what").lang(),
        played: match v.at("played").tag() {
            "BeforeOpening" => Played::BeforeOpening,
            "BeyondHorizon" => Played::BeyondHorizon,
            _ => Played::When {
                when: predicate(v.at("when")),
                tolerance: tolerance(v, precision),
                milestone: v.get("milestone").map(Value::text),
            },
        },
        fact: v.at("fact").fact(),
    }
}

fn row_kind(tag: &str) -> RowKind {
    match tag {
        "Trigger" => RowKind::Trigger,
        "Impact" => RowKind::Impact,
        "Detect" => RowKind::Detect,
        "Acknowledge" => RowKind::Acknowledge,
        "Communicate" => RowKind::Communicate,
        "Escalate" => RowKind::Escalate,
        "Attempt" => RowKind::Attempt,
        "Mitigate" => RowKind::Mitigate,
        "Resolve" => RowKind::Resolve,
        "FollowUp" => RowKind::FollowUp,
        _ => RowKind::Investigate,
    }
}

/// A milestone.
pub fn milestone(id: &str, v: &Value) -> Milestone {
    Milestone {
        id: id.to_owned(),
        name: v.at("name").lang(),
        weight: v.at("weight").int(),
        effect: v.at("effect").bool(),
        after: v.at("after").texts(),
        needs: v.get("needs").map(predicate),
        when: predicate(v.at("when")),
        avoidable: v.at("avoidable").bool(),
        never: v.get("never").map(Value::fact),
    }
}
