//! What makes no sense in a network, each at its place.

use super::super::read::Reader;
use super::super::value::Value;
use super::walk;
use crate::diagnostic::Code;
use crate::stdx::rational::whole;
use num_traits::Zero as _;
use std::ops::Range;

type Problem = (Code, Range<usize>, String, &'static str, Option<&'static str>);

/// Checks the section `network` and the faults of it.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let mut bad: Vec<Problem> = Vec::new();
    let world = root.at("world");
    let network = world.at("network");
    links(network, &mut bad);
    records(world, network, &mut bad);
    resolvers(network, &mut bad);
    certs(root, network, &mut bad);
    parties(world, network, &mut bad);
    edges(world, network, &mut bad);
    faults(root, network, &mut bad);
    old_jobs(reader, world, network);
    for (code, at, message, label, help) in bad {
        reader.report(code, &at, message, label.to_owned(), help.map(str::to_owned));
    }
}

/// Jobs have a place of their own now, whatever clock they go by.
fn old_jobs(reader: &mut Reader<'_>, world: &Value, network: &Value) {
    for (id, place, job) in network.at("crons").entries() {
        if world.at("crons").entries().iter().any(|(other, _, _)| other == id) {
            let message = format!("`{id}` is a job of `world.crons` too");
            reader.report(Code::DuplicateId, place, message, "named twice".into(), None);
            continue;
        }
        let minute: u32 = job.at("minute").int();
        let help = format!(
            "in `world.crons`: `\"{id}\": (host: \"{}\", schedule: \"{} {} * * *\", command: …, takes: …, during: Slow(service: \"{}\", factor: …), overlaps: true, fact: …)`",
            job.at("host").text(),
            minute % 60,
            minute / 60,
            job.at("service").text(),
        );
        let message = "`network.crons` is the old way to write a scheduled job".to_owned();
        reader.report(Code::OldWay, place, message, "still read".into(), Some(help));
    }
}

fn range(at: &Value, message: impl Into<String>, label: &'static str, help: &'static str) -> Problem {
    (Code::OutOfRange, at.at.clone(), message.into(), label, Some(help))
}

fn odd(at: &Value, message: impl Into<String>, label: &'static str, help: &'static str) -> Problem {
    (Code::Questionable, at.at.clone(), message.into(), label, Some(help))
}

fn links(network: &Value, bad: &mut Vec<Problem>) {
    for (id, _, l) in network.at("links").entries() {
        if l.at("from").text() == l.at("to").text() {
            let message = format!("the link `{id}` leads from `{}` to itself", l.at("to").text());
            bad.push(range(l.at("to"), message, "both ends are the same", "a link has two ends: name the other one"));
        }
        if let Some(c) = l.get("capacity").filter(|c| c.exact().is_zero()) {
            let help = "leave it out for a link that is never full, or begin a `LinkDown`";
            bad.push(range(c, format!("the link `{id}` carries nothing"), "no requests at all", help));
        }
        if *l.at("loss").exact() >= whole(1) {
            let help = "for a link that is cut begin a `LinkDown`";
            bad.push(range(l.at("loss"), format!("the link `{id}` loses everything"), "nothing comes through", help));
        }
    }
}

fn records(world: &Value, network: &Value, bad: &mut Vec<Problem>) {
    let services: Vec<&String> = world.at("services").entries().iter().map(|(id, _, _)| id).collect();
    for (name, _, r) in network.at("records").entries() {
        for to in r.at("to").items() {
            target(&services, to, bad);
        }
        if r.at("to").items().is_empty() {
            let help = "it resolves to nothing from the opening on; begin a `RecordEmptied` to empty it later";
            bad.push(odd(r.at("to"), format!("the record `{name}` is empty"), "no addresses", help));
        }
        if let Some(ttl) = r.get("ttl").filter(|t| t.span().0 == 0) {
            let help = "nobody keeps its answer, so that every request asks; the least that caches keep is 1s";
            bad.push(odd(ttl, format!("the record `{name}` has a time to live of zero"), "kept by nobody", help));
        }
    }
}

/// A target of a record is an address or a service.
fn target(services: &[&String], to: &Value, bad: &mut Vec<Problem>) {
    let text = to.text();
    let parts: Vec<&str> = text.split('.').collect();
    let address = parts.len() == 4 && parts.iter().all(|p| p.parse::<u8>().is_ok());
    if !address && !services.iter().any(|s| **s == text) {
        bad.push((
            Code::UnknownName,
            to.at.clone(),
            format!("`{text}` is neither a service nor an IPv4 address"),
            "nothing that a record can point to",
            Some("name a service of the world, or write an address such as \"203.0.113.99\""),
        ));
    }
}

fn resolvers(network: &Value, bad: &mut Vec<Problem>) {
    for (id, _, r) in network.at("resolvers").entries() {
        if let Some(c) = r.get("capacity").filter(|c| c.exact().is_zero()) {
            let help = "leave it out for one that answers any number, or begin a `ResolverFails`";
            bad.push(range(c, format!("the resolver `{id}` answers nothing"), "no queries at all", help));
        }
        if r.at("serves").items().is_empty() {
            let help = "name it in a `ResolverFails`, or as the one to use instead; nobody asks it at the opening";
            bad.push(odd(r.at("serves"), format!("nobody asks the resolver `{id}`"), "serves nobody", help));
        }
    }
}

fn certs(root: &Value, network: &Value, bad: &mut Vec<Problem>) {
    let opens = root.at("clock").at("opens").offset();
    for (id, _, c) in network.at("certs").entries() {
        let (from, expires) = (c.at("from").offset(), c.at("expires").offset());
        if expires <= from {
            let help = "it must be valid for some time: put `from` before `expires`";
            bad.push(range(
                c.at("expires"),
                format!("the certificate `{id}` ends before it begins"),
                "not after `from`",
                help,
            ));
        } else if expires <= opens {
            let help = "it is refused from the opening on; let it run out in the session if that is the story";
            bad.push(odd(
                c.at("expires"),
                format!("the certificate `{id}` has expired at the opening"),
                "already over",
                help,
            ));
        } else if from > opens {
            bad.push(odd(
                c.at("from"),
                format!("the certificate `{id}` is not yet valid at the opening"),
                "still to come",
                "callers refuse it until then",
            ));
        }
        if c.at("names").items().is_empty() {
            let help = "list the names under which its services are reached";
            bad.push(range(c.at("names"), format!("the certificate `{id}` is valid for no name"), "no names", help));
        }
    }
}

fn parties(world: &Value, network: &Value, bad: &mut Vec<Problem>) {
    let mut home: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (id, _, s) in network.at("sites").entries() {
        for m in s.at("members").items() {
            if let Some(other) = home.insert(m.text(), id.clone()).filter(|o| o != id) {
                let message = format!("`{}` is at two sites, `{other}` and `{id}`", m.text());
                bad.push(range(m, message, "the second one", "it stands in one place: take it out of one of them"));
            }
        }
    }
    for (id, _, s) in network.at("secrets").entries() {
        if s.at("held_by").texts().contains(&s.at("of").text()) {
            let help = "`held_by` are its callers";
            bad.push(range(
                s.at("held_by"),
                format!("`{}` presents the secret `{id}` to itself", s.at("of").text()),
                "its own caller",
                help,
            ));
        }
    }
    let hosts: Vec<&String> = world.at("hosts").entries().iter().map(|(h, _, _)| h).collect();
    for (host, place, _) in network.at("clocks").entries() {
        if !hosts.contains(&host) {
            bad.push((Code::UnknownName, place.clone(), format!("unknown host `{host}`"), "no such host", None));
        }
    }
}

fn edges(world: &Value, network: &Value, bad: &mut Vec<Problem>) {
    let services: Vec<&String> = world.at("services").entries().iter().map(|(s, _, _)| s).collect();
    for (edge, place, e) in network.at("edges").entries() {
        if !services.contains(&edge) {
            bad.push((Code::UnknownName, place.clone(), format!("unknown service `{edge}`"), "no such service", None));
        }
        if e.at("stage").exact().is_zero() {
            bad.push(range(
                e.at("stage"),
                "a push that reaches nothing",
                "no share of the edge",
                "1 is everywhere at once",
            ));
        }
    }
}

fn faults(root: &Value, network: &Value, bad: &mut Vec<Problem>) {
    let services: Vec<&String> = root.at("world").at("services").entries().iter().map(|(id, _, _)| id).collect();
    let link = |name: &str| network.at("links").entries().iter().find(|(id, _, _)| id == name).map(|(_, _, l)| l);
    walk(root, &mut |v| match v.tag() {
        "RecordWrong" => target(&services, v.at("to"), bad),
        "LinkNarrow" if link(&v.at("link").text()).is_some_and(|l| l.get("capacity").is_none()) => {
            let help = "give the link a `capacity`";
            bad.push(range(v.at("link"), "a link without capacity cannot be narrow", "it is never full", help));
        }
        "EdgeLimit" | "EdgeRule" => {
            let name = v.at("rule").text();
            let (edge, rule) = name.split_once(':').unwrap_or((&name, ""));
            let spec = network.at("edges").entries().iter().find(|(id, _, _)| id == edge).map(|(_, _, e)| e);
            let rules = spec.map(|e| e.at("rules").entries()).unwrap_or_default();
            let kind = rules.iter().find(|(id, _, _)| id == rule).map(|(_, _, r)| r.at("kind").tag());
            let limit = v.tag() == "EdgeLimit";
            if kind.is_some_and(|k| (k == "Limit") != limit) {
                let help = "`EdgeLimit` is for a rule of kind `Limit`, `EdgeRule` for the others";
                bad.push(range(v.at("rule"), format!("`{name}` is another kind of rule"), "does not fit", help));
            }
        }
        _ => {}
    });
}
