//! From the checked tree to the model. Total: the tree was checked before, so nothing can be wrong here any more.

pub mod capacity;
mod change;
pub mod fault;
pub mod flow;
pub mod net;
pub mod observe;
pub mod original;
mod scoring;
pub mod store;

pub use change::{changes, deed, deed_of, queue};

use super::model::*;
use super::package::Package;
use super::value::Value;
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Utc};

/// The whole file.
pub fn scenario(v: &Value, package: &Package) -> Scenario {
    let minutes: Vec<u32> = v.at("minutes").list(Value::int);
    let names = |field: &str| v.at(field).list(|c| c.tag().to_owned());
    Scenario {
        id: v.at("id").text(),
        title: v.at("title").lang(),
        wedge: v.at("wedge").lang(),
        level: match v.at("level").tag() {
            "Medium" => Level::Medium,
            "Hard" => Level::Hard,
            _ => Level::Easy,
        },
        minutes: (minutes.first().copied().unwrap_or(0), minutes.get(1).copied().unwrap_or(0)),
        classes: names("classes"),
        skills: names("skills"),
        sources: v.at("sources").map(original::source),
        contradictions: v.at("contradictions").list(original::contradiction),
        t0: original::t0(v.at("t0")),
        opens: v.at("clock").at("opens").offset(),
        horizon: v.at("clock").at("horizon").offset(),
        briefing: v.at("briefing").lang(),
        you: you(v.at("you")),
        world: super::decode_world::world(v.at("world"), v.at("people")),
        script: v.at("script").items().iter().enumerate().map(|(i, r)| rule(i, r)).collect(),
        original: {
            let clock = Pressed::of(v.at("clock"));
            v.at("original").items().iter().enumerate().map(|(i, r)| original::row(i, r, &clock)).collect()
        },
        milestones: v.at("milestones").entries().iter().map(|(id, _, m)| original::milestone(id, m)).collect(),
        truth: truth(v.at("truth")),
        scoring: scoring::scoring(v.get("scoring")),
        people: v.at("people").map(|p| person(p, v.at("t0").at("utc").utc())),
        deck: v.at("deck").list(card),
        nudges: v.at("nudges").list(|n| Nudge {
            rung: n.at("rung").int(),
            from: n.at("from").offset(),
            milestone: n.at("milestone").text(),
            text: n.at("text").lang(),
        }),
        decisions: v.at("decisions").list(decision),
        questions: v
            .at("questions")
            .list(|q| Question { milestone: q.get("milestone").map(Value::text), text: q.at("text").lang() }),
        runbooks: v.at("runbooks").map(|d| Doc {
            title: d.at("title").lang(),
            text: d.at("text").lang(),
            service: d.at("service").text(),
        }),
        weight: v.at("weight").int(),
        digest: package.digest(),
    }
}

/// Stretches of the original that are played in less time: where each begins and ends, and how long it takes.
pub struct Pressed(Vec<(Offset, Offset, i64)>);

impl Pressed {
    /// As a clock declares them.
    pub fn of(clock: &Value) -> Pressed {
        let span = |v: &Value| i64::try_from(v.span().0).unwrap_or(i64::MAX);
        Pressed(clock.at("compress").list(|c| (c.at("from").offset(), c.at("to").offset(), span(c.at("takes")))))
    }

    /// When a moment of the original is played.
    pub fn played(&self, at: Offset) -> Offset {
        let mut saved = 0i64;
        for (from, to, takes) in self.0.iter().filter(|(from, to, _)| *from < at && from < to) {
            let (whole, so_far) = (to.0 - from.0, at.0.min(to.0) - from.0);
            let part = i128::from(so_far) * i128::from(*takes) / i128::from(whole);
            saved = saved.saturating_add(so_far - i64::try_from(part).unwrap_or(so_far));
        }
        Offset(at.0.saturating_sub(saved))
    }
}

/// What an author knows of a signal.
pub fn reliability(v: &Value) -> Option<Reliability> {
    v.get("reliability").map(|r| match r.tag() {
        "Stale" => Reliability::Stale,
        "Decoy" => Reliability::Decoy,
        "Coincidence" => Reliability::Coincidence,
        _ => Reliability::True,
    })
}

fn you(v: &Value) -> You {
    You {
        role: v.at("role").lang(),
        host: v.at("host").text(),
        user: v.at("user").text(),
        may: v.at("may").texts(),
        channel: v.at("channel").text(),
    }
}

fn id_or(v: &Value, kind: &str, index: usize) -> String {
    v.get("id").map_or_else(|| format!("{kind}-{}", index + 1), Value::text)
}

fn rule(index: usize, v: &Value) -> ScriptRule {
    ScriptRule {
        id: id_or(v, "rule", index),
        when: match v.get("at") {
            Some(at) => Predicate::After(at.offset()),
            None => predicate(v.at("when")),
        },
        actions: v.at("do").list(action),
        reliability: reliability(v),
        fact: v.at("fact").fact(),
    }
}

fn truth(v: &Value) -> Truth {
    Truth {
        summary: v.at("summary").lang(),
        components: v.at("components").texts(),
        mechanisms: v.at("mechanisms").texts(),
        affected: v.at("affected").texts(),
        severity: v.at("severity").int(),
        impact: v.at("impact").offset(),
        works: v.at("works").lang(),
        tau: v.at("tau").exact(),
        delta: v.at("delta").span(),
        loss_rate: v.at("loss_rate").exact(),
    }
}

fn person(v: &Value, t0: Utc) -> Person {
    Person {
        role: v.at("role").lang(),
        joins: v.get("joins").map(Value::span),
        here: v.at("here").bool(),
        may: v.at("may").texts(),
        answers: v.at("answers").span(),
        skill: match v.at("skill").tag() {
            "Novice" => SkillLevel::Novice,
            "Expert" => SkillLevel::Expert,
            _ => SkillLevel::Able,
        },
        fatigue: v.at("fatigue").exact(),
        tires: v.get("tires").map(|t| Tires {
            since: t0.plus(t.at("since").offset().0),
            per_hour: t.at("per_hour").exact(),
            most: t.at("most").exact(),
        }),
        hours: v.get("hours").map(|h| Hours {
            from: h.at("from").int(),
            to: h.at("to").int(),
            zone_min: h.at("zone_min").int(),
            weekends: h.at("weekends").bool(),
        }),
        says: v.at("says").map(Value::lang),
    }
}

fn decision(v: &Value) -> Decision {
    let option = |o: &Value| DecisionOption {
        name: o.at("name").lang(),
        when: predicate(o.at("when")),
        original: o.at("original").bool(),
        outcome: match o.at("outcome").tag() {
            "Prevents" => DecisionOutcome::Prevents,
            "Debt" => DecisionOutcome::Debt,
            "NoEffect" => DecisionOutcome::NoEffect,
            "CostsTime" => DecisionOutcome::CostsTime,
            "Worse" => DecisionOutcome::Worse,
            "Catastrophic" => DecisionOutcome::Catastrophic,
            _ => DecisionOutcome::Works,
        },
    };
    Decision {
        id: v.at("id").text(),
        name: v.at("name").lang(),
        when: predicate(v.at("when")),
        options: v.at("options").list(option),
        question: v.get("question").map(Value::lang),
    }
}

fn card(v: &Value) -> Card {
    Card {
        id: v.at("id").text(),
        title: v.at("title").lang(),
        note: v.at("note").lang(),
        allowance: v.at("allowance").span(),
        harm: v.get("harm").map(|n| n.int::<u64>()),
        done: v.get("done").map(predicate),
        about: v.at("about").texts(),
        disables: v.at("disables").list(|c| {
            let word = c.text();
            Capability::ALL.into_iter().find(|k| k.word() == word).unwrap_or(Capability::StatusPage)
        }),
        reliability: reliability(v),
        disabled_for: v.get("disabled_for").map(Value::span),
        actions: v.at("do").list(action),
    }
}

fn action(v: &Value) -> Action {
    let text = |field: &str| v.at(field).text();
    match v.tag() {
        "Say" => Action::Say { who: text("who"), text: v.at("text").lang(), about: v.at("about").texts() },
        "Ticket" => Action::Ticket { who: text("who"), text: v.at("text").lang(), about: text("about") },
        "Page" => Action::Page { by: text("by"), text: v.at("text").lang(), service: text("service") },
        "Promote" => Action::Promote { service: text("service"), to: text("to"), who: text("who") },
        "Stage" => Action::Stage { service: text("service"), release: text("release"), who: text("who") },
        "Begin" => Action::Begin(fault::fault(v.at("fault")), fault::course(v.at("course"))),
        "Clear" => Action::Clear(fault::fault(v.at("fault"))),
        "Does" => Action::Does { who: text("who"), effect: deed(v.at("effect")) },
        _ => Action::Join { who: text("who") },
    }
}

/// A predicate; a hole reads as one that never holds.
pub fn predicate(v: &Value) -> Predicate {
    let text = |field: &str| v.at(field).text();
    let maybe = |field: &str| v.get(field).map(Value::text);
    match v.tag() {
        "All" => Predicate::All(v.at("of").list(predicate)),
        "Any" => Predicate::Any(v.at("of").list(predicate)),
        "Not" => Predicate::Not(Box::new(predicate(v.at("that")))),
        "After" => Predicate::After(v.at("time").offset()),
        "Since" => Predicate::Since { milestone: text("milestone"), then: Box::new(predicate(v.at("then"))) },
        "Delay" => Predicate::Delay { by: v.at("by").span(), first: Box::new(predicate(v.at("first"))) },
        "Times" => Predicate::Times {
            at_least: v.at("at_least").int(),
            distinct: v.at("distinct").bool(),
            of: Box::new(predicate(v.at("of"))),
        },
        "Lasts" => Predicate::Lasts { by: v.at("by").span(), that: Box::new(predicate(v.at("that"))) },
        "Acknowledged" => Predicate::Acknowledged,
        "Declared" => Predicate::Declared,
        "Said" => Predicate::Said {
            channel: v.get("channel").map(|c| if c.tag() == "Status" { Channel::Status } else { Channel::Internal }),
            by: maybe("by"),
            about: maybe("about"),
            fields_at_least: v.at("fields_at_least").int(),
            truthful: v.at("truthful").bool(),
        },
        "CauseStated" => Predicate::CauseStated { component: text("component") },
        "Observed" => Predicate::Observed {
            what: v.get("what").map(|w| observed(w.tag())),
            target: maybe("target"),
            service: maybe("service"),
            user_facing: v.at("user_facing").bool(),
        },
        "Acted" => {
            Predicate::Acted { verb: text("verb"), target: maybe("target"), or_refused: v.at("or_refused").bool() }
        }
        "Running" => Predicate::Running { service: text("service"), release: text("release") },
        "Paged" => Predicate::Paged { person: text("person") },
        "Joined" => Predicate::Joined { person: text("person") },
        "AlertFired" => Predicate::AlertFired { alert: text("alert") },
        "TicketArrived" => Predicate::TicketArrived { about: text("about") },
        "Relief" => Predicate::Relief,
        "UsersAffected" => {
            Predicate::UsersAffected { at_most: v.at("at_most").exact(), sustained: v.at("sustained").bool() }
        }
        "Impact" => Predicate::Impact { above: v.at("above").exact() },
        "Resolved" => Predicate::Resolved,
        "FollowedUp" => Predicate::FollowedUp,
        _ => Predicate::Any(Vec::new()),
    }
}

fn observed(tag: &str) -> ObservedKind {
    match tag {
        "Log" => ObservedKind::Log,
        "Alert" => ObservedKind::Alert,
        "Page" => ObservedKind::Page,
        "Request" => ObservedKind::Request,
        "Map" => ObservedKind::Map,
        "Message" => ObservedKind::Message,
        "Ticket" => ObservedKind::Ticket,
        "Release" => ObservedKind::Release,
        "Disk" => ObservedKind::Disk,
        "Files" => ObservedKind::Files,
        "Process" => ObservedKind::Process,
        "Queue" => ObservedKind::Queue,
        "Host" => ObservedKind::Host,
        "Runbook" => ObservedKind::Runbook,
        "Status" => ObservedKind::Status,
        _ => ObservedKind::Metric,
    }
}

/// An amount at a place, if it is there.
pub fn amount_at(v: Option<&Value>, place: &str) -> Option<(String, u64)> {
    v.map(|v| (v.at(place).text(), v.at("size").amount()))
}

/// A threshold.
pub fn threshold(v: &Value) -> Threshold {
    let value: Exact = v.at("value").exact();
    if v.tag() == "Below" { Threshold::Below(value) } else { Threshold::Above(value) }
}
