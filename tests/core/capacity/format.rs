//! Faults of the room in words: what the line grammar prints it reads again.

use super::*;
use wheel_of_misfortune::scenario::{fault_from_words, fault_kinds, fault_words};

#[test]
fn every_fault_is_read_as_it_is_written() {
    let (host, service) = ("web-1".to_owned(), "api".to_owned());
    let factor = || exact(3, 2);
    let all = vec![
        CapacityFault::InodeFill { host: host.clone(), path: "/tmp".into(), per_s: 7 },
        CapacityFault::DescriptorLeak { service: service.clone(), share: exact(1, 50) },
        CapacityFault::MemoryLeak { service: service.clone(), per_s: 1_000, per_request: 0 },
        CapacityFault::Runaway { host: host.clone(), command: "/bin/x".into(), cores: exact(3, 1), per_s: 0 },
        CapacityFault::CpuBurn { service: service.clone(), factor: factor() },
        CapacityFault::Throttle { service: service.clone(), cores: exact(1, 4) },
        CapacityFault::ConntrackFlood { host: host.clone(), per_s: 9 },
        CapacityFault::PortLeak { host: host.clone(), per_s: 9 },
        CapacityFault::AddressLeak { count: 5 },
        CapacityFault::QuotaPhantom { count: 5 },
        CapacityFault::GrayReplica { service: service.clone(), replicas: 2, factor: factor(), errors: exact(1, 1) },
        CapacityFault::GrayHost { host: host.clone(), factor: factor() },
        CapacityFault::SlowDisk { host: host.clone(), factor: factor() },
        CapacityFault::HostDown { host },
        CapacityFault::ZoneDown { zone: "a".into() },
        CapacityFault::MetricMissing { service: service.clone() },
        CapacityFault::MetricWrong { service: service.clone(), factor: factor() },
        CapacityFault::CrashLoop { service: service.clone() },
        CapacityFault::ProbeTimeout { service, timeout: 50_000 },
    ];
    let mut kinds: Vec<String> = Vec::new();
    for fault in all {
        let fault = Fault::Capacity(fault);
        let (kind, fields) = fault_words(&fault);
        let given: Vec<(String, String)> = fields.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!(fault_from_words(&kind, &given), Ok(fault), "{kind} {given:?}");
        kinds.push(kind);
    }
    // None is missing here: what the format declares beyond the flow's own five and the other rooms'.
    let known: Vec<String> = fault_kinds().map(|(k, _)| k).collect();
    assert!(kinds.iter().all(|k| known.contains(k)), "{kinds:?}");
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 19);
}
