//! From the checked tree to the model, the world's part.

use super::decode::{self, amount_at, changes, fault, flow, observe, queue, store};
use super::model::*;
use super::value::Value;

/// The world at the opening.
pub fn world(v: &Value, people: &Value) -> WorldSpec {
    let slos = v.at("slos").map(observe::slo);
    WorldSpec {
        scrape: v.at("scrape").span(),
        hosts: v.at("hosts").map(host),
        services: v.at("services").map(service),
        traffic: v.at("traffic").map(flow::traffic),
        releases: v.at("releases").map(|r| ReleaseSpec {
            service: r.at("service").text(),
            at: r.at("at").offset(),
            changes: r.at("changes").texts(),
            diff: r.at("diff").text(),
            defect: r.get("defect").map(|d| match d.tag() {
                "Carries" => Defect::Carries(Box::new(fault::fault(d.at("fault")))),
                _ => Defect::BadRedirect {
                    on: d.at("on").text(),
                    location: d.at("location").text(),
                    share: d.at("share").exact(),
                },
            }),
            by: r.at("by").text(),
            fact: r.at("fact").fact(),
        }),
        queues: v.at("queues").map(|q| QueueSpec {
            arrivals: q.at("arrivals").exact(),
            rate: q.at("rate").exact(),
            waiting: q.at("waiting").int(),
            failed: q.at("failed").int(),
            leaves: amount_at(q.get("leaves"), "path"),
            needs: amount_at(q.get("needs"), "mount"),
            more: queue(q),
        }),
        stores: v.at("stores").map(store::store),
        probes: v.at("probes").map(|p| ProbeSpec {
            target: p.at("target").text(),
            every: p.at("every").span(),
            user_facing: p.at("user_facing").bool(),
        }),
        alerts: {
            let mut alerts = v.at("alerts").map(observe::alert);
            alerts.extend(slos.iter().flat_map(|(id, s)| observe::burn_alerts(id, s)));
            alerts
        },
        slos,
        routing: v.get("routing").map(observe::routing),
        escalation: observe::escalation(v.get("escalation"), people),
        graphs: v.at("graphs").list(|g| GraphSpec {
            id: g.at("id").text(),
            title: g.at("title").lang(),
            signal: observe::shown(g, "query"),
            user_facing: g.at("user_facing").bool(),
            reliability: decode::reliability(g),
        }),
        faults: v.at("faults").list(|f| FaultSpec {
            at: f.at("at").offset(),
            fault: fault::fault(f.at("fault")),
            course: fault::course(f.at("course")),
            fact: f.at("fact").fact(),
        }),
        network: super::decode::net::network(v.at("network")),
        capacity: super::decode::capacity::capacity(v.at("capacity")),
        logs: v.at("logs").map(|l| LogSpec { on: l.at("on").text(), lines: l.at("lines").list(log_line) }),
        change: changes(v),
        business: v.get("business").map(|b| BusinessSpec {
            per_user_minute: b.at("per_user_minute").exact(),
            currency: b.at("currency").text(),
            fact: b.at("fact").fact(),
        }),
        setbacks: v.at("setbacks").list(|s| Setback {
            verb: s.at("verb").text(),
            target: s.get("target").map(Value::text),
            fails: match s.get("first") {
                Some(n) => Fails::First(n.int()),
                None => Fails::Share(s.at("fails").exact()),
            },
            says: s.at("says").text(),
            fact: s.at("fact").fact(),
        }),
    }
}

fn host(v: &Value) -> HostSpec {
    HostSpec {
        cores: v.at("cores").int(),
        memory: v.at("memory").amount(),
        address: v.at("address").text(),
        mounts: v.at("mounts").map(|m| MountSpec {
            device: m.at("device").text(),
            size: m.at("size").amount(),
            base: m.at("base").amount(),
            volume: m.at("volume").text(),
        }),
        files: v.at("files").entries().iter().map(|(path, _, f)| file(path, f)).collect(),
        units: v.at("units").map(|u| UnitSpec {
            description: u.at("description").text(),
            service: u.get("service").map(Value::text),
            exec: u.at("exec").text(),
            start: u.at("start").span(),
            restart: u.at("restart").bool(),
            restart_after: u.get("restart_after").map(Value::span),
            start_limit: u.get("start_limit").map_or_else(StartLimit::default, |l| StartLimit {
                burst: l.at("burst").int(),
                interval: l.at("interval").span(),
            }),
            memory: u.at("memory").amount(),
        }),
        up: v.at("up").span(),
        logrotate: v
            .get("logrotate")
            .map(|l| LogrotateSpec { maxsize: l.get("maxsize").map(Value::amount), rotate: l.at("rotate").int() }),
    }
}

fn file(path: &str, v: &Value) -> FileSpec {
    let kind = v.at("kind");
    FileSpec {
        path: path.to_owned(),
        kind: match kind.tag() {
            "Text" => FileKind::Text(kind.at("text").text()),
            "Blob" => FileKind::Blob(kind.at("size").amount()),
            _ => FileKind::Dir { entries: kind.at("entries").texts(), size: kind.at("size").amount() },
        },
        owner: v.at("owner").text(),
        precious: v.get("precious").map(Value::int),
        fact: v.at("fact").fact(),
    }
}

fn service(v: &Value) -> ServiceSpec {
    let kind = v.at("kind");
    ServiceSpec {
        kind: match kind.tag() {
            "Cdn" => ServiceKind::Cdn {
                origin: kind.at("origin").text(),
                hit_ratio: kind.at("hit_ratio").exact(),
                recovers: kind.at("recovers").span(),
            },
            "Bucket" => ServiceKind::Bucket,
            "Database" => ServiceKind::Database,
            "Cache" => ServiceKind::Cache(flow::cache(kind)),
            "Worker" => ServiceKind::Worker { queue: kind.at("queue").text() },
            _ => ServiceKind::Http,
        },
        on: v.at("on").texts(),
        concurrency: v.at("concurrency").int(),
        service_time_us: v.at("service_time").amount(),
        replicas: v.at("replicas").int(),
        queue: v.get("queue").map(Value::int),
        drops_expired: v.at("drops_expired").bool(),
        log_style: match v.at("log_style").tag() {
            "Json" => LogStyle::Json,
            _ => LogStyle::Logfmt,
        },
        calls: v.at("calls").texts(),
        edges: v.at("edges").map(flow::edge),
        endpoints: v.at("endpoints").map(|e| {
            let reply = e.at("reply");
            EndpointSpec {
                path: e.at("path").text(),
                reply: match reply.tag() {
                    "Redirect" => {
                        ReplySpec::Redirect { location: reply.at("location").text(), to: reply.at("to").text() }
                    }
                    _ => ReplySpec::Ok { content: reply.at("content").text() },
                },
                calls: e.get("calls").map(Value::texts),
            }
        }),
        release: v.get("release").map(Value::text),
        staging: v.get("staging").map(Value::text),
        needs_space: v.at("needs_space").texts(),
        dns: v.at("dns").text(),
        owner: v.at("owner").text(),
        name: v.at("name").lang(),
    }
}

/// A signal.
pub fn signal(v: &Value) -> Signal {
    let of = v.at("of").text();
    match v.tag() {
        "RequestRate" => Signal::RequestRate(of),
        "ErrorShare" => Signal::ErrorShare(of),
        "Latency" => Signal::Latency(of),
        "OkRate" => Signal::OkRate(of),
        "Probe" => Signal::Probe(of),
        "DiskUsed" => Signal::DiskUsed(of),
        "QueueDepth" => Signal::QueueDepth(of),
        "QueueSuccess" => Signal::QueueSuccess(of),
        _ => Signal::Load(of),
    }
}

fn log_line(v: &Value) -> LogTemplate {
    let when = v.at("when");
    LogTemplate {
        when: match when.tag() {
            "Release" => LogWhen::Release(when.at("release").text()),
            "DiskFull" => LogWhen::DiskFull(when.at("mount").text()),
            "Down" => LogWhen::Down(when.at("unit").text()),
            "UsersFail" => LogWhen::UsersFail(when.at("service").text()),
            _ => LogWhen::Running,
        },
        per_minute: v.at("per_minute").int(),
        level: match v.at("level").tag() {
            "Warning" => LogLevel::Warning,
            "Error" => LogLevel::Error,
            _ => LogLevel::Info,
        },
        text: v.at("text").text(),
        reliability: decode::reliability(v),
    }
}
