//! Sense of limits and managed replicas: what nothing can satisfy is refused, what is surely a mistake is doubted.

use super::super::decode::capacity as decode;
use super::super::model::{CapacitySpec, ManagedSpec};
use super::super::read::{Reader, suggest};
use super::super::value::Value;
use super::walk;
use crate::diagnostic::{Code, Severity};
use crate::stdx::rational::whole;
use num_traits::Zero as _;
use std::collections::BTreeSet;
use std::ops::Range;

/// Checks the section `capacity` of a world, and the faults on what it declares.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let world = root.at("world");
    let section = world.at("capacity");
    keys(reader, world, section);
    for (name, at, cost) in section.at("services").entries() {
        shares(reader, cost);
        weights(reader, world, name, cost);
        if let Some(managed) = cost.get("managed") {
            replicas(reader, world, name, at, managed);
        }
    }
    for (_, _, unit) in section.at("units").entries() {
        if let Some(cpu) = unit.get("cpu").filter(|c| c.exact().is_zero()) {
            refuse(reader, &cpu.at, "a unit without a core never answers", "nothing of a core", "leave the limit out");
        }
    }
    faults(reader, root, &decode::capacity(section));
}

/// Weights are of machines that run the service, and one of them takes requests.
fn weights(reader: &mut Reader<'_>, world: &Value, name: &str, cost: &Value) {
    let runs = |host: &Value| host.at("units").entries().iter().any(|(_, _, u)| u.at("service").text() == name);
    let on: Vec<&str> =
        world.at("hosts").entries().iter().filter(|(_, _, h)| runs(h)).map(|(h, _, _)| h.as_str()).collect();
    let given = cost.at("weights").entries();
    for (host, at, _) in given.iter().filter(|(host, ..)| !on.contains(&host.as_str())) {
        let message = format!("no unit of `{name}` runs on `{host}`");
        refuse(reader, at, &message, "without effect", "a weight is of a machine that runs the service");
    }
    let idle = |host: &&str| given.iter().any(|(h, _, n)| h == host && n.int::<u64>() == 0);
    if !on.is_empty() && on.iter().all(idle) {
        let help = "give one of them a weight above 0";
        refuse(reader, &cost.at("weights").at, "no replica takes requests", "nothing but zeros", help);
    }
}

fn refuse(reader: &mut Reader<'_>, at: &Range<usize>, message: &str, label: &str, help: &str) {
    reader.report(Code::OutOfRange, at, message.to_owned(), label.to_owned(), Some(help.to_owned()));
}

/// Says that something is surely a mistake; the scenario can be played all the same.
fn doubt(reader: &mut Reader<'_>, at: &Range<usize>, message: &str, label: &str, help: &str) {
    refuse(reader, at, message, label, help);
    if let Some(last) = reader.problems.last_mut() {
        last.severity = Severity::Warning;
    }
}

/// What the maps name must be there.
fn keys(reader: &mut Reader<'_>, world: &Value, section: &Value) {
    let names = |of: &str| world.at(of).entries().iter().map(|(k, _, _)| k.clone()).collect::<Vec<_>>();
    let units: Vec<String> = world
        .at("hosts")
        .entries()
        .iter()
        .flat_map(|(h, _, host)| host.at("units").entries().iter().map(move |(u, _, _)| format!("{h}:{u}")))
        .collect();
    let spaces =
        [("hosts", "host", names("hosts")), ("units", "unit", units), ("services", "service", names("services"))];
    for (field, noun, known) in spaces {
        for (name, at, _) in section.at(field).entries() {
            if !known.contains(name) {
                let help = suggest(name, known.iter().map(String::as_str));
                reader.report(
                    Code::UnknownName,
                    at,
                    format!("unknown {noun} `{name}`"),
                    format!("no such {noun}"),
                    help.or_else(|| Some(format!("the scenario declares no {noun} of this name"))),
                );
            }
        }
    }
    for (name, _, limits) in section.at("hosts").entries() {
        let host = world.at("hosts").entries().iter().find(|(k, _, _)| k == name).map(|(_, _, h)| h);
        for (point, at, _) in limits.at("inodes").entries() {
            let mounts: Vec<&str> =
                host.map_or(Vec::new(), |h| h.at("mounts").entries().iter().map(|(m, _, _)| m.as_str()).collect());
            if !mounts.contains(&point.as_str()) {
                let help = suggest(point, mounts);
                reader.report(
                    Code::UnknownName,
                    at,
                    format!("`{name}` has no mount `{point}`"),
                    "no such mount".into(),
                    help,
                );
            }
        }
    }
}

fn shares(reader: &mut Reader<'_>, cost: &Value) {
    if &*cost.at("cpu").exact() + &*cost.at("disk").exact() > whole(1) {
        let at = cost.get("disk").or(cost.get("cpu")).unwrap_or(cost).at.clone();
        refuse(
            reader,
            &at,
            "computing and waiting for the disk take more than the whole time",
            "more than 1 together",
            "make one of them smaller",
        );
    }
    if let Some(cold) = cost.get("cold").filter(|c| *c.exact() < whole(1)) {
        refuse(
            reader,
            &cold.at,
            "a factor is at least 1",
            "out of range",
            "write \"1\" for a service that is never cold",
        );
    }
}

fn replicas(reader: &mut Reader<'_>, world: &Value, name: &str, at: &Range<usize>, v: &Value) {
    let service = world.at("services").entries().iter().find(|(k, _, _)| k == name).map(|(_, _, s)| s);
    let Some(service) = service else { return };
    if !service.at("on").items().is_empty() {
        refuse(
            reader,
            at,
            &format!("`{name}` has hosts of its own, so no platform runs its replicas"),
            "managed, and on hosts",
            "leave `managed` out, or the service's `on`",
        );
        return;
    }
    let m: ManagedSpec = decode::managed(v);
    let count: u64 = service.at("replicas").int();
    if let Some(limit) = v.get("memory_limit") {
        if m.memory_limit.is_some_and(|l| l <= m.base) {
            refuse(
                reader,
                &limit.at,
                "a replica is killed before it has started",
                "not more than `base`",
                "give it more than it uses when idle",
            );
        } else if m.memory_limit.is_some_and(|l| l < m.memory) {
            refuse(
                reader,
                &limit.at,
                "the limit is below what is requested",
                "less than `memory`",
                "a platform refuses that: raise the limit",
            );
        }
    }
    for (field, zero) in [("cpu", m.cpu.is_zero()), ("cpu_limit", m.cpu_limit.as_ref().is_some_and(|c| c.is_zero()))] {
        if let Some(cpu) = v.get(field).filter(|_| zero) {
            refuse(
                reader,
                &cpu.at,
                "a replica without a core never answers",
                "nothing of a core",
                "leave it out, or write a share of a core",
            );
        }
    }
    for check in ["readiness", "liveness"] {
        let Some(c) = v.get(check) else { continue };
        let (every, timeout) = (c.at("every").span().0, c.at("timeout").amount());
        if timeout == 0 {
            refuse(
                reader,
                &c.at("timeout").at,
                "a probe that waits no time always fails",
                "no time",
                "for example \"1s\"",
            );
        } else if timeout > every.saturating_mul(1_000_000) {
            doubt(
                reader,
                &c.at("timeout").at,
                "the probe waits longer than until the next one",
                "longer than `every`",
                "make it shorter than the interval",
            );
        }
    }
    scaling(reader, v, count);
    room(reader, world, v, &m, count);
}

fn scaling(reader: &mut Reader<'_>, v: &Value, count: u64) {
    let Some(a) = v.get("autoscale") else { return };
    let (min, max): (u64, u64) = (a.at("min").int(), a.at("max").int());
    if min > max {
        refuse(
            reader,
            &a.at("min").at,
            "the fewest replicas are more than the most",
            "more than `max`",
            "exchange them",
        );
    } else if count < min || count > max {
        doubt(
            reader,
            &a.at,
            "the service opens with a number of replicas that its autoscaler would not leave",
            "outside of `min` and `max`",
            "set the service's `replicas` between them",
        );
    }
}

/// Whether what is requested fits on the nodes, and under pool and quota.
fn room(reader: &mut Reader<'_>, world: &Value, v: &Value, m: &ManagedSpec, count: u64) {
    let hosts = world.at("hosts").entries();
    let nodes: Vec<&Value> =
        m.nodes.iter().filter_map(|n| hosts.iter().find(|(k, _, _)| k == n).map(|(_, _, h)| h)).collect();
    if !nodes.is_empty() {
        let fits = |h: &&&Value| {
            let cores = h.at("cores").int::<i64>();
            h.at("memory").amount() >= m.memory && *m.cpu <= whole(cores)
        };
        if !nodes.iter().any(|h| fits(&h)) {
            let at = v.get("memory").or(v.get("cpu")).unwrap_or(v).at.clone();
            refuse(
                reader,
                &at,
                "no node is large enough for one replica",
                "more than any node has",
                "request less, or use larger nodes",
            );
            return;
        }
        let memory: u64 = nodes.iter().map(|h| h.at("memory").amount()).sum();
        if m.memory.saturating_mul(count) > memory {
            doubt(
                reader,
                &v.at("nodes").at,
                "the nodes have no room for all replicas at the opening",
                "some will wait for ever",
                "fewer replicas, or more nodes",
            );
        }
    }
    let section = world.at("capacity");
    for field in ["addresses", "quota"] {
        if let Some(limit) = section.get(field).filter(|l| l.int::<u64>() < count) {
            doubt(reader, &limit.at, "fewer than the replicas that run at the opening", "too few", "make it larger");
        }
    }
}

/// Faults on what is not declared here, and factors below one.
fn faults(reader: &mut Reader<'_>, root: &Value, spec: &CapacitySpec) {
    let mut found: Vec<(Range<usize>, String, &str)> = Vec::new();
    let mut units = BTreeSet::new();
    walk(root, &mut |v| {
        if v.tag() == "Unit" {
            units.extend(v.get("service").map(Value::text));
        }
    });
    walk(root, &mut |v| {
        let host = v.at("host").text();
        match v.tag() {
            "CpuBurn" | "GrayHost" | "SlowDisk" => {
                if let Some(f) = v.get("factor").filter(|f| *f.exact() < whole(1)) {
                    found.push((
                        f.at.clone(),
                        "a factor is at least 1".to_owned(),
                        "make it slower than usual, not faster",
                    ));
                }
            }
            "ZoneDown" => {
                let zone = v.at("zone");
                if !spec.hosts.values().any(|h| h.zone == zone.text()) {
                    let message = format!("no host stands in zone `{}`", zone.text());
                    found.push((zone.at.clone(), message, "give a host this zone in `capacity.hosts`"));
                }
            }
            "InodeFill" if spec.hosts.get(&host).is_none_or(|h| h.inodes.is_empty()) => {
                let message = format!("`{host}` states no number of inodes, so they never run out");
                found.push((v.at.clone(), message, "add `inodes` to the host in `capacity.hosts`"));
            }
            "AddressLeak" if spec.addresses.is_none() => {
                found.push((v.at.clone(), "there is no pool of addresses".to_owned(), "add `addresses` to `capacity`"));
            }
            "QuotaPhantom" if spec.quota.is_none() => {
                found.push((v.at.clone(), "there is no quota".to_owned(), "add `quota` to `capacity`"));
            }
            "GrayReplica" => {
                let name = v.at("service").text();
                let managed = spec.services.get(&name).is_some_and(|s| s.managed.is_some());
                if !managed && !units.contains(&name) {
                    let message = format!("`{name}` has no replicas of which one could be gray");
                    found.push((v.at.clone(), message, "declare its units, or `managed` in `capacity.services`"));
                }
            }
            "CrashLoop" | "ProbeTimeout" | "MetricMissing" | "MetricWrong" => {
                let name = v.at("service").text();
                let managed = spec.services.get(&name).and_then(|s| s.managed.as_ref());
                let scaled = managed.is_some_and(|m| m.autoscale.is_some());
                let probed = managed.is_some_and(|m| m.readiness.is_some() || m.liveness.is_some());
                let (ok, what) = match v.tag() {
                    "CrashLoop" => (managed.is_some(), "managed replicas"),
                    "ProbeTimeout" => (probed, "probes"),
                    _ => (scaled, "autoscaler"),
                };
                if !ok {
                    found.push((v.at.clone(), format!("`{name}` has no {what}"), "declare it in `capacity.services`"));
                }
            }
            _ => {}
        }
    });
    for (at, message, help) in found {
        refuse(reader, &at, &message, "without effect", help);
    }
}
