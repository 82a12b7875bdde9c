//! From the checked tree to the model, the network's part.

use super::super::model::*;
use super::super::value::Value;

/// The section `network`.
pub fn network(v: &Value) -> NetSpec {
    NetSpec {
        sites: v.at("sites").map(|s| SiteSpec { members: s.at("members").texts() }),
        links: v.at("links").map(|l| LinkSpec {
            from: l.at("from").text(),
            to: l.at("to").text(),
            latency_us: l.at("latency").amount(),
            loss: l.at("loss").exact(),
            capacity: l.get("capacity").map(Value::exact),
            buffer_us: l.at("buffer").amount(),
            fact: l.at("fact").fact(),
        }),
        records: v.at("records").map(|r| RecordSpec {
            to: r.at("to").texts(),
            ttl: r.at("ttl").span(),
            negative: r.at("negative").span(),
            fact: r.at("fact").fact(),
        }),
        resolvers: v.at("resolvers").map(|r| ResolverSpec {
            address: r.at("address").text(),
            serves: r.at("serves").texts(),
            service: r.get("service").map(Value::text),
            capacity: r.get("capacity").map(Value::exact),
            queries: r.at("queries").int(),
            kept: r.at("kept").bool(),
            fact: r.at("fact").fact(),
        }),
        certs: v.at("certs").map(cert),
        secrets: v.at("secrets").map(|s| SecretSpec {
            of: s.at("of").text(),
            held_by: s.at("held_by").texts(),
            grace: s.at("grace").span(),
            pickup: pickup(s.at("pickup")),
            fact: s.at("fact").fact(),
        }),
        tokens: v.at("tokens").map(|t| TokenSpec {
            issuer: t.at("issuer").text(),
            checked_by: t.at("checked_by").texts(),
            valid: t.at("valid").span(),
            leeway: t.at("leeway").span(),
            fact: t.at("fact").fact(),
        }),
        clocks: v.at("clocks").map(|c| ClockSpec {
            offset_us: c.at("offset_ms").int::<i64>() * 1_000,
            drift_ppm: c.at("drift_ppm").int(),
            ntp: c.at("ntp").bool(),
            zone_min: c.at("zone_min").int(),
            shift: c.get("shift").map(|s| ZoneShift { at: s.at("at").offset(), zone_min: s.at("zone_min").int() }),
            fact: c.at("fact").fact(),
        }),
        edges: v.at("edges").map(|e| EdgeRulesSpec {
            rules: e.at("rules").map(rule),
            stage: e.at("stage").exact(),
            every: e.at("every").span(),
            cache_ttl: e.at("cache_ttl").span(),
            fact: e.at("fact").fact(),
        }),
        tools: v
            .at("tools")
            .map(|t| ToolSpec { needs: t.at("needs").texts(), break_glass: t.get("break_glass").map(Value::span) }),
    }
}

fn pickup(v: &Value) -> Pickup {
    match v.tag() {
        "Auto" => Pickup::Auto,
        "Restart" => Pickup::Restart,
        _ => Pickup::Reload,
    }
}

fn cert(v: &Value) -> CertSpec {
    CertSpec {
        names: v.at("names").texts(),
        on: v.at("on").texts(),
        from: v.at("from").offset(),
        expires: v.at("expires").offset(),
        issuer: v.at("issuer").text(),
        lifetime: v.at("lifetime").span(),
        renewal: v.at("renewal").span(),
        pickup: pickup(v.at("pickup")),
        pinned_by: v.at("pinned_by").texts(),
        owner: v.at("owner").text(),
        fact: v.at("fact").fact(),
    }
}

fn rule(v: &Value) -> RuleSpec {
    let kind = v.at("kind");
    RuleSpec {
        kind: match kind.tag() {
            "Limit" => RuleKind::Limit(kind.at("rate").exact()),
            "Redirect" => RuleKind::Redirect(kind.at("to").text()),
            "Block" => RuleKind::Block,
            _ => RuleKind::Allow,
        },
        path: v.at("path").text(),
        share: v.at("share").exact(),
        on: v.at("on").bool(),
        changed: v.at("changed").offset(),
        by: v.at("by").text(),
        fact: v.at("fact").fact(),
    }
}

/// A fault of the network; `None` if the variant is another room's.
pub fn fault(v: &Value) -> Option<Fault> {
    let text = |field: &str| v.at(field).text();
    let share = || v.at("share").exact();
    Some(Fault::Net(match v.tag() {
        "LinkDown" => NetFault::LinkDown { link: text("link"), one_way: v.at("one_way").bool() },
        "LinkLoss" => NetFault::LinkLoss { link: text("link"), share: share() },
        "LinkSlow" => NetFault::LinkSlow { link: text("link"), by: v.at("by").amount() },
        "LinkGray" => NetFault::LinkGray { link: text("link"), share: share() },
        "LinkNarrow" => NetFault::LinkNarrow { link: text("link"), share: share() },
        "RouteWithdrawn" => NetFault::RouteWithdrawn { site: text("site") },
        "RecordEmptied" => NetFault::RecordEmptied { record: text("record") },
        "RecordWrong" => NetFault::RecordWrong { record: text("record"), to: text("to") },
        "PlannerRace" => NetFault::PlannerRace { record: text("record"), every: v.at("every").span() },
        "ResolverFails" => NetFault::ResolverFails { resolver: text("resolver"), share: share() },
        "CertExpired" => NetFault::CertExpired { cert: text("cert") },
        "CertChain" => NetFault::CertChain { cert: text("cert"), share: share() },
        "CertName" => NetFault::CertName { cert: text("cert") },
        "SecretRotated" => NetFault::SecretRotated { secret: text("secret") },
        "ClockStep" => NetFault::ClockStep { host: text("host"), ms: v.at("ms").int() },
        "ClockDrift" => NetFault::ClockDrift { host: text("host"), ppm: v.at("ppm").int() },
        "LeapSecond" => NetFault::LeapSecond {
            host: text("host"),
            kind: if v.at("kind").tag() == "Negative" { Leap::Negative } else { Leap::Spin },
            share: share(),
        },
        "TimeZone" => NetFault::TimeZone { host: text("host"), zone_min: v.at("zone_min").int() },
        "EdgeRule" => NetFault::EdgeRule { rule: text("rule"), share: share(), drift: v.at("drift").bool() },
        "EdgeLimit" => NetFault::EdgeLimit { rule: text("rule"), rate: v.at("rate").exact() },
        _ => return None,
    }))
}
