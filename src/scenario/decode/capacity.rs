//! From the checked tree to the model: limits, managed replicas, and the faults on them.

use super::super::model::*;
use super::super::value::{Value, What};
use std::collections::BTreeMap;

/// The section `capacity`.
pub fn capacity(v: &Value) -> CapacitySpec {
    CapacitySpec {
        hosts: v.at("hosts").map(|h| HostCapacity {
            zone: h.at("zone").text(),
            conntrack: h.at("conntrack").int(),
            ports: h.at("ports").int(),
            inodes: counts(h.at("inodes")),
        }),
        units: v.at("units").map(|u| UnitCapacity {
            cpu: u.get("cpu").map(Value::exact),
            memory: u.get("memory").map(Value::amount),
            descriptors: u.get("descriptors").map(Value::int),
            threads: u.get("threads").map(Value::int),
        }),
        services: v.at("services").map(service),
        addresses: v.get("addresses").map(Value::int),
        quota: v.get("quota").map(Value::int),
    }
}

fn counts(v: &Value) -> BTreeMap<String, u64> {
    match &v.what {
        What::Map(entries) => entries.iter().map(|(k, _, n)| (k.clone(), n.int())).collect(),
        _ => BTreeMap::new(),
    }
}

fn service(v: &Value) -> ServiceCapacity {
    ServiceCapacity {
        cpu: v.at("cpu").exact(),
        disk: v.at("disk").exact(),
        connection: v.at("connection").amount(),
        threads_per_peer: v.at("threads_per_peer").int(),
        reuse: v.at("reuse").int(),
        warm: v.at("warm").span(),
        cold: v.at("cold").exact(),
        balance: match v.at("balance").tag() {
            "LeastRequests" => Balance::LeastRequests,
            _ => Balance::RoundRobin,
        },
        weights: counts(v.at("weights")),
        managed: v.get("managed").map(managed),
    }
}

/// Managed replicas.
pub fn managed(v: &Value) -> ManagedSpec {
    let check = |c: &Value| CheckSpec {
        every: c.at("every").span(),
        timeout_us: c.at("timeout").amount(),
        failures: c.at("failures").int(),
    };
    ManagedSpec {
        nodes: v.at("nodes").texts(),
        cpu: v.at("cpu").exact(),
        cpu_limit: v.get("cpu_limit").map(Value::exact),
        memory: v.at("memory").amount(),
        base: v.at("base").amount(),
        memory_limit: v.get("memory_limit").map(Value::amount),
        start: v.at("start").span(),
        readiness: v.get("readiness").map(check),
        liveness: v.get("liveness").map(check),
        autoscale: v.get("autoscale").map(|a| AutoscaleSpec {
            min: a.at("min").int(),
            max: a.at("max").int(),
            metric: match a.at("metric").tag() {
                "Requests" => ScaleMetric::Requests,
                "Queue" => ScaleMetric::Queue(a.at("metric").at("queue").text()),
                _ => ScaleMetric::Cpu,
            },
            target: a.at("target").int(),
            every: a.at("every").span(),
            settle: a.at("settle").span(),
            scale_in: ScaleInSpec {
                most: a.at("scale_in").get("most").map(Value::int),
                cooldown: a.at("scale_in").at("cooldown").span(),
                first: match a.at("scale_in").at("first").tag() {
                    "Oldest" => GoesFirst::Oldest,
                    "Crowded" => GoesFirst::Crowded,
                    _ => GoesFirst::Youngest,
                },
            },
        }),
        min_available: v.get("min_available").map(Value::int),
    }
}

/// A fault of machines and replicas, if it is one.
pub fn fault(v: &Value) -> Option<Fault> {
    let text = |field: &str| v.at(field).text();
    let (host, service) = (text("host"), text("service"));
    let factor = v.at("factor").exact();
    Some(Fault::Capacity(match v.tag() {
        "InodeFill" => CapacityFault::InodeFill { host, path: text("path"), per_s: v.at("per_s").int() },
        "DescriptorLeak" => CapacityFault::DescriptorLeak { service, share: v.at("share").exact() },
        "MemoryLeak" => CapacityFault::MemoryLeak {
            service,
            per_s: v.at("per_s").amount(),
            per_request: v.at("per_request").amount(),
        },
        "Runaway" => CapacityFault::Runaway {
            host,
            command: text("command"),
            cores: v.at("cores").exact(),
            per_s: v.at("per_s").amount(),
        },
        "CpuBurn" => CapacityFault::CpuBurn { service, factor },
        "Throttle" => CapacityFault::Throttle { service, cores: v.at("cores").exact() },
        "ConntrackFlood" => CapacityFault::ConntrackFlood { host, per_s: v.at("per_s").int() },
        "PortLeak" => CapacityFault::PortLeak { host, per_s: v.at("per_s").int() },
        "AddressLeak" => CapacityFault::AddressLeak { count: v.at("count").int() },
        "QuotaPhantom" => CapacityFault::QuotaPhantom { count: v.at("count").int() },
        "GrayReplica" => CapacityFault::GrayReplica {
            service,
            replicas: v.at("replicas").int(),
            factor,
            errors: v.at("errors").exact(),
        },
        "GrayHost" => CapacityFault::GrayHost { host, factor },
        "SlowDisk" => CapacityFault::SlowDisk { host, factor },
        "HostDown" => CapacityFault::HostDown { host },
        "ZoneDown" => CapacityFault::ZoneDown { zone: text("zone") },
        "MetricMissing" => CapacityFault::MetricMissing { service },
        "MetricWrong" => CapacityFault::MetricWrong { service, factor },
        "CrashLoop" => CapacityFault::CrashLoop { service },
        "ProbeTimeout" => CapacityFault::ProbeTimeout { service, timeout: v.at("timeout").amount() },
        _ => return None,
    }))
}
