//! From the checked tree to the model, changes and effects.

use super::fault::fault;
use crate::scenario::crontab::Crontab;
use crate::scenario::model::*;
use crate::scenario::read::value_of;
use crate::scenario::schema::Ty;
use crate::scenario::table::effect::{CAPACITY_EFFECT, EFFECT, NET_EFFECT, STORE_ACT};
use crate::scenario::value::{Value, What};
use crate::stdx::rational::{Exact, whole};
use serde_json::{Map, Value as Json};

/// Everything about changes in the world's section.
pub fn changes(v: &Value) -> ChangeSpec {
    ChangeSpec {
        rollouts: v.at("rollouts").map(push),
        configs: v.at("configs").map(config),
        flags: v.at("flags").map(|f| FlagSpec {
            service: f.at("service").text(),
            about: f.at("about").text(),
            percent: f.at("percent").int(),
            effects: f.at("effects").list(|e| FlagEffect {
                release: e.get("release").map(Value::text),
                off: e.at("off").bool(),
                fault: fault(e.at("fault")),
            }),
            disarms: f.at("disarms").texts(),
            fact: f.at("fact").fact(),
        }),
        crons: {
            // The network's jobs are how jobs by a host's clock were written before.
            let mut all = v.at("network").at("crons").map(clock_cron);
            all.extend(v.at("crons").map(cron));
            all
        },
        vendors: v.at("vendors").map(|p| VendorSpec {
            page: p.at("page").text(),
            lag: p.at("lag").span(),
            silent: p.at("silent").bool(),
            claims: p.get("claims").map(Value::text),
            fact: p.at("fact").fact(),
        }),
        freeze: v.get("freeze").map(Value::text),
    }
}

fn push(v: &Value) -> Push {
    match v.tag() {
        "Staged" => Push::Staged {
            steps: v.at("steps").list(|s| Step { percent: s.at("percent").int(), wait: s.at("wait").span() }),
            gate: v.get("gate").map(Value::exact),
        },
        _ => Push::Global { takes: v.at("takes").span() },
    }
}

fn config(v: &Value) -> ConfigSpec {
    ConfigSpec {
        applies_to: v.at("applies_to").texts(),
        versions: v.at("versions").map(|c| ConfigVersion {
            at: c.at("at").offset(),
            by: c.at("by").text(),
            change: c.at("change").text(),
            text: c.at("text").text(),
            fault: c.get("fault").map(fault),
        }),
        live: v.at("live").text(),
        declared: v.get("declared").map(Value::text),
        push: push(v.at("push")),
        generated: v.get("generated").map(|g| Generated {
            every: g.at("every").span(),
            bad: g.at("bad").text(),
            share: g.at("share").exact(),
            from: g.at("from").offset(),
        }),
        stack: v.get("stack").map(Value::text),
        fact: v.at("fact").fact(),
    }
}

/// A job of a minute of the day, as `network.crons` has it.
fn clock_cron(v: &Value) -> CronSpec {
    let minute: u32 = v.at("minute").int();
    let (service, factor) = (v.at("service").text(), v.at("factor").exact());
    CronSpec {
        host: v.at("host").text(),
        user: "root".to_owned(),
        schedule: Crontab::parse(&format!("{} {} * * *", minute % 60, minute / 60)).unwrap_or_default(),
        zone_min: 0,
        zone_change: None,
        command: format!("/usr/local/sbin/{service}-job"),
        takes: v.at("runs").span(),
        during: Some(Fault::Slow { service, factor }),
        weight: Exact(whole(1)),
        then: Vec::new(),
        overlaps: true,
        enabled: true,
        fact: v.at("fact").fact(),
    }
}

fn cron(v: &Value) -> CronSpec {
    CronSpec {
        host: v.at("host").text(),
        user: v.at("user").text(),
        schedule: Crontab::parse(&v.at("schedule").text()).unwrap_or_default(),
        zone_min: v.at("zone").int(),
        zone_change: v.get("zone_change").map(|z| (z.at("at").offset(), z.at("zone").int())),
        command: v.at("command").text(),
        takes: v.at("takes").span(),
        during: v.get("during").map(fault),
        weight: v.at("weight").exact(),
        then: v.at("then").list(deed),
        overlaps: v.at("overlaps").bool(),
        enabled: v.at("enabled").bool(),
        fact: v.at("fact").fact(),
    }
}

/// More about a queue.
pub fn queue(v: &Value) -> QueueMore {
    QueueMore {
        ttl: v.get("ttl").map(Value::span),
        bound: v.get("bound").map(Value::int),
        deliveries: v.at("deliveries").int(),
        redeliver: v.at("redeliver").span(),
        per_worker: v.at("per_worker").bool(),
        precious: v.at("precious").int(),
        fed_by: v.get("fed_by").map(|f| (f.at("endpoint").text(), f.at("each").exact())),
    }
}

/// A fault of this room.
pub fn change_fault(v: &Value) -> Option<ChangeFault> {
    let text = |field: &str| v.at(field).text();
    Some(match v.tag() {
        "BadConfig" => ChangeFault::BadConfig { config: text("config"), version: text("version") },
        "OutOfBand" => ChangeFault::OutOfBand { config: text("config"), version: text("version") },
        "BadGenerator" => ChangeFault::BadGenerator { config: text("config") },
        "AutoUpdate" => ChangeFault::AutoUpdate { service: text("service"), release: text("release") },
        "FlagFlip" => ChangeFault::FlagFlip { flag: text("flag"), percent: v.at("percent").int() },
        "Timeout" => ChangeFault::Timeout { from: text("from"), to: text("to"), timeout: v.at("timeout").amount() },
        "Limit" => ChangeFault::Limit { service: text("service"), slots: v.at("slots").int() },
        "Quota" => ChangeFault::Quota { service: text("service"), rate: v.at("rate").exact() },
        "Poison" => {
            ChangeFault::Poison { queue: text("queue"), items: v.at("items").int(), crashes: v.at("crashes").bool() }
        }
        "SlowConsumer" => ChangeFault::SlowConsumer { queue: text("queue"), factor: v.at("factor").exact() },
        "QueueFlood" => ChangeFault::QueueFlood { queue: text("queue"), factor: v.at("factor").exact() },
        "CacheFlush" => ChangeFault::CacheFlush { cache: text("cache") },
        "ShortTtl" => ChangeFault::ShortTtl { cache: text("cache"), share: v.at("share").exact() },
        "VendorOutage" => ChangeFault::VendorOutage { vendor: text("vendor"), share: v.at("share").exact() },
        "RunawayJob" => ChangeFault::RunawayJob { cron: text("cron"), factor: v.at("factor").exact() },
        "Descheduled" => ChangeFault::Descheduled { service: text("service"), share: v.at("share").exact() },
        "MonitoringBlind" => ChangeFault::MonitoringBlind { service: text("service") },
        "FalseAlarm" => ChangeFault::FalseAlarm { probe: text("probe") },
        _ => return None,
    })
}

/// Reads an effect that stands by itself, names left unchecked; `None` if it is none.
pub fn deed_of(ron: &str) -> Option<Deed> {
    value_of(ron, Ty::OneOf(&EFFECT)).ok().map(|v| deed(&v))
}

/// An effect, as data that the world reads as one of its own.
pub fn deed(v: &Value) -> Deed {
    let mut outer = Map::new();
    let inner = match v.tag() {
        // An effect of a room stands in another one.
        "Net" | "Capacity" => json(v.at("effect")),
        _ => Json::Object(fields(v)),
    };
    outer.insert(v.tag().to_owned(), inner);
    Deed(Json::Object(outer))
}

/// Whether a variant is declared with fields, so that it is not a mere word even if none of them is given.
fn has_fields(tag: &str) -> bool {
    let rooms = [&NET_EFFECT, &CAPACITY_EFFECT, &STORE_ACT];
    rooms.into_iter().flat_map(|u| u.all()).any(|v| v.name == tag && !v.fields.is_empty())
}

fn fields(v: &Value) -> Map<String, Json> {
    let What::Record(_, fields) = &v.what else { return Map::new() };
    let there = fields.iter().filter(|(_, v)| !matches!(v.what, What::Hole));
    there.map(|(name, v)| ((*name).to_owned(), json(v))).collect()
}

fn json(v: &Value) -> Json {
    match &v.what {
        What::Text(t) | What::Name(t) => t.as_str().into(),
        What::Int(n) => (*n).into(),
        What::Bool(b) => (*b).into(),
        What::Amount(n) => (*n).into(),
        What::Offset(o) => o.0.into(),
        What::Span(s) => s.0.into(),
        What::Ratio(r) => r.to_string().into(),
        What::Utc(t) => t.0.into(),
        What::List(items) => items.iter().map(json).collect(),
        What::Record(tag, inner) if inner.is_empty() && !has_fields(tag) => (*tag).into(),
        What::Record(tag, _) => {
            let mut outer = Map::new();
            outer.insert((*tag).to_owned(), Json::Object(fields(v)));
            Json::Object(outer)
        }
        What::Hole | What::Lang(_) | What::Fact(_) | What::Map(_) => Json::Null,
    }
}
