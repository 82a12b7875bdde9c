//! Every fault of the room: its signature, what mends it, what does not, and its dial.

use super::*;
use wheel_of_misfortune::observe::{LogQuery, LogScope, Telemetry};
use wheel_of_misfortune::sim::{UnitLimit, UnitState};

fn leak() -> CapacityFault {
    CapacityFault::MemoryLeak { service: "api".into(), per_s: 64 << 20, per_request: 0 }
}

/// Runs a fresh world at several dials and says that what `of` measures rises (or stays) with them, and truly rises.
fn rises(s: &Scenario, fault: &CapacityFault, seconds: u64, of: impl Fn(&mut World) -> f64) {
    let measured: Vec<f64> = [10, 40, 70, 100]
        .iter()
        .map(|percent| {
            let mut w = world(s);
            begin(&mut w, fault.clone(), *percent);
            run(&mut w, seconds);
            of(&mut w)
        })
        .collect();
    assert!(measured.windows(2).all(|p| p[0] <= p[1] + 1e-9), "{fault:?}: {measured:?}");
    assert!(measured[0] + 1e-9 < measured[3], "{fault:?}: {measured:?}");
}

#[test]
fn inodes_run_out_while_bytes_are_left() {
    let mut s = shop(100);
    s.world.services.get_mut("api").expect("api").needs_space = vec!["web-1:/".into()];
    let own = HostCapacity { inodes: BTreeMap::from([("/".to_owned(), 10_000)]), ..HostCapacity::default() };
    s.world.capacity.hosts.insert("web-1".into(), own);
    let fault = CapacityFault::InodeFill { host: "web-1".into(), path: "/var/spool/mail".into(), per_s: 200 };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 90);
    let m = w.mount("web-1:/").expect("mount").clone();
    assert!(m.no_inodes && m.avail() > 1 << 30, "{m:?}");
    let unit = &w.host("web-1").expect("host").units["api"];
    assert!(unit.state != UnitState::Active && unit.why == "No space left on device", "{unit:?}");
    let (c, plan) = w.machines();
    assert_eq!(c.inodes_of(plan, 0), vec![("/".to_owned(), 10_000, 10_000)]);
    let write = |w: &mut World| {
        let (host, path, text, owner) = ("web-1".into(), "/tmp/x".into(), "x".into(), "root".into());
        w.apply(&Effect::Write { host, path, text, append: false, owner }).map(|_| ()).map_err(|r| r.message)
    };
    assert_eq!(write(&mut w).expect_err("full"), "No space left on device");
    // A larger volume does not help.
    w.apply(&Effect::Resize { volume: "web-1".into(), bytes: 40 << 30 }).expect("grows");
    run(&mut w, 30);
    assert!(w.mount("web-1:/").expect("mount").no_inodes);
    // The files gone, it writes again, until they are back.
    w.apply(&Effect::Clear(Fault::Capacity(fault.clone()))).expect("ends");
    run(&mut w, 30);
    assert!(w.mount("web-1:/").expect("mount").no_inodes, "ended, and still full of files");
    w.apply(&Effect::Remove { host: "web-1".into(), path: "/var/spool/mail".into() }).expect("removed");
    run(&mut w, 30);
    assert!(!w.mount("web-1:/").expect("mount").no_inodes);
    write(&mut w).expect("room again");
    rises(&s, &fault, 15, |w| w.machines().0.inodes_of(w.machines().1, 0)[0].1 as f64);
}

#[test]
fn descriptors_leak_until_nothing_is_accepted_and_a_restart_frees_them() {
    let mut s = shop(600);
    for h in ["web-1", "web-2"] {
        let own = UnitCapacity { descriptors: Some(1_024), ..UnitCapacity::default() };
        s.world.capacity.units.insert(format!("{h}:api"), own);
    }
    let fault = CapacityFault::DescriptorLeak { service: "api".into(), share: exact(1, 50) };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 100);
    assert!(errors(&mut w, 20) < 1e-9, "nobody notices yet");
    let used = |w: &World, host: &str| {
        let (c, plan) = w.machines();
        c.unit_use(plan.unit(host, "api").expect("unit")).expect("unit").descriptors
    };
    assert!(used(&w, "web-1") > 600, "{}", used(&w, "web-1"));
    run(&mut w, 120);
    assert_eq!(used(&w, "web-1"), 1_024);
    assert!(errors(&mut w, 30) > 0.9);
    // A higher limit buys time; a restart frees them; neither is the end of it.
    let (host, unit, what) = ("web-1".to_owned(), "api".to_owned(), UnitLimit::Descriptors);
    change(&mut w, CapacityEffect::Limit { host, unit, what, value: Some(65_536) });
    restart(&mut w, "web-2");
    run(&mut w, 30);
    assert!(errors(&mut w, 30) < 0.01);
    assert!(has_faults(&w));
    rises(&s, &fault, 60, |w| used(w, "web-1") as f64);
}

#[test]
fn a_limit_on_threads_below_what_a_program_needs_turns_its_requests_away() {
    let mut s = shop(600);
    for h in ["web-1", "web-2"] {
        let own = UnitCapacity { threads: Some(256), ..UnitCapacity::default() };
        s.world.capacity.units.insert(format!("{h}:api"), own);
    }
    let mut w = world(&s);
    run(&mut w, 60);
    assert!(errors(&mut w, 20) < 1e-9, "room enough");
    // A program's own threads take all that is left: none is there for a request.
    let limit = |w: &mut World, value| {
        for h in ["web-1", "web-2"] {
            let (host, unit, what) = (h.to_owned(), "api".to_owned(), UnitLimit::Threads);
            change(w, CapacityEffect::Limit { host, unit, what, value });
        }
    };
    limit(&mut w, Some(8));
    run(&mut w, 30);
    assert!(errors(&mut w, 30) > 0.9);
    limit(&mut w, None);
    run(&mut w, 30);
    assert!(errors(&mut w, 30) < 0.01);
}

#[test]
fn a_leak_ends_in_the_oom_killer_and_comes_back() {
    let s = shop(200);
    let mut w = world(&s);
    begin(&mut w, leak(), 100);
    run(&mut w, 200);
    assert!(host(&w, "web-1").memory_used > 12 << 30);
    let mut kills = 0;
    for _ in 0..400 {
        w.step();
        check(&w);
        let unit = &w.host("web-1").expect("host").units["api"];
        if unit.state == UnitState::Failed {
            assert_eq!((unit.why.as_str(), unit.result()), ("oom-kill", "oom-kill"));
            kills += 1;
        }
    }
    assert!(kills > 0 && host(&w, "web-1").oom_kills >= 1);
    let said = dmesg(&w, "web-1");
    assert!(said.contains("Out of memory: Killed process") && said.contains("(api)"), "{said}");
    // A restart empties it, and it fills again.
    restart(&mut w, "web-1");
    run(&mut w, 10);
    let after = host(&w, "web-1").memory_used;
    assert!(after < 2 << 30, "{after}");
    run(&mut w, 60);
    assert!(host(&w, "web-1").memory_used > after + (3 << 30));
    rises(&s, &leak(), 100, |w| host(w, "web-1").memory_used as f64);
}

#[test]
fn a_limit_kills_one_unit_and_not_its_neighbours() {
    let mut s = shop(200);
    let own = UnitCapacity { memory: Some(1 << 30), ..UnitCapacity::default() };
    s.world.capacity.units.insert("web-1:api".into(), own);
    let mut w = world(&s);
    begin(&mut w, leak(), 100);
    run(&mut w, 14);
    assert!(dmesg(&w, "web-1").contains("Memory cgroup out of memory: Killed process"), "{}", dmesg(&w, "web-1"));
    assert!(host(&w, "web-1").memory_used < 3 << 30);
    assert!(dmesg(&w, "web-2").is_empty());
}

#[test]
fn the_kernel_the_journal_and_the_restart_counter_tell_one_story_of_the_oom_killer() {
    let mut s = shop(200);
    let own = UnitCapacity { memory: Some(1 << 30), ..UnitCapacity::default() };
    s.world.capacity.units.insert("web-1:api".into(), own);
    s.world.hosts.get_mut("web-1").and_then(|h| h.units.get_mut("api")).expect("api").restart = true;
    let mut w = world(&s);
    let mut t = Telemetry::new(&s, &w);
    begin(&mut w, leak(), 100);
    let mut go = |w: &mut World, n: u64| {
        for _ in 0..n {
            w.step();
            t.record(w);
        }
        t.clone()
    };
    let journal = go(&mut w, 300);
    let count = |journal: &Telemetry, text: &str| {
        let scope = LogScope::Unit("web-1", "api");
        journal.log_count(&LogQuery { scope, text: Some(text), ..LogQuery::default() })
    };
    let kills = dmesg(&w, "web-1").matches("Killed process").count() as u64;
    assert!(kills >= 3, "{kills}");
    for text in [
        "api.service: A process of this unit has been killed by the OOM killer.",
        "api.service: Main process exited, code=killed, status=9/KILL",
        "api.service: Failed with result 'oom-kill'.",
    ] {
        assert_eq!(count(&journal, text), kills, "{text}");
    }
    let restarts = w.host("web-1").expect("host").units["api"].restarts;
    assert!(u64::from(restarts) + 1 >= kills, "{restarts} of {kills}");
    for n in 1..=restarts {
        assert_eq!(count(&journal, &format!("Scheduled restart job, restart counter is at {n}.")), 1, "{n}");
    }
    assert_eq!(count(&journal, "Scheduled restart job"), u64::from(restarts));
    // Started by hand, the counter begins anew.
    restart(&mut w, "web-1");
    assert_eq!(w.host("web-1").expect("host").units["api"].restarts, 0);
    let journal = go(&mut w, 200);
    assert_eq!(count(&journal, "restart counter is at 1."), 2);
}

#[test]
fn a_runaway_starves_its_neighbours_until_it_is_killed() {
    let s = shop(2_400);
    let hog = |cores| CapacityFault::Runaway {
        host: "web-1".into(),
        command: "/usr/bin/backup --all".into(),
        cores: exact(cores, 1),
        per_s: 0,
    };
    let mut w = world(&s);
    let calm = latency(&w);
    begin(&mut w, hog(12), 100);
    run(&mut w, 60);
    assert!(host(&w, "web-1").busy > 3.99 && host(&w, "web-1").wanted > 12.0);
    assert!(latency(&w) > calm * 1.5, "{calm} {}", latency(&w));
    let top = w.processes("web-1").into_iter().max_by(|a, b| a.cpu.total_cmp(&b.cpu)).expect("process");
    assert_eq!(top.command, "/usr/bin/backup --all");
    // Restarting the victim does not help.
    restart(&mut w, "web-1");
    run(&mut w, 60);
    assert!(host(&w, "web-1").wanted > 12.0 && has_faults(&w));
    w.apply(&Effect::Kill { host: "web-1".into(), pid: top.pid }).expect("killed");
    assert!(!has_faults(&w), "gone for good");
    run(&mut w, 60);
    assert!(latency(&w) < calm * 1.1);
    rises(&s, &hog(12), 60, |w| latency(w));
}

#[test]
fn the_largest_dies_when_a_process_without_a_limit_grows() {
    let s = shop(200);
    let mut w = world(&s);
    let command = "/usr/bin/buildkit-runner";
    let fault =
        CapacityFault::Runaway { host: "web-1".into(), command: command.into(), cores: exact(1, 2), per_s: 256 << 20 };
    begin(&mut w, fault, 100);
    run(&mut w, 90);
    assert!(dmesg(&w, "web-1").contains("(buildkit-runner)"), "{}", dmesg(&w, "web-1"));
    assert!(!has_faults(&w), "it heals with the death of the process");
    assert!(w.processes("web-1").iter().all(|p| p.command != command));
}

#[test]
fn an_input_burns_cores_and_only_less_of_it_helps() {
    let s = shop(2_000);
    let fault = CapacityFault::CpuBurn { service: "api".into(), factor: exact(20, 1) };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 60);
    assert!(host(&w, "web-1").busy > 3.9 && host(&w, "web-2").busy > 3.9);
    assert!(errors(&mut w, 30) > 0.5);
    for h in ["web-1", "web-2"] {
        restart(&mut w, h);
    }
    run(&mut w, 60);
    assert!(errors(&mut w, 30) > 0.5, "a restart changes nothing");
    // Letting in a twentieth, what is let in is served.
    change(&mut w, CapacityEffect::Admit { service: "api".into(), percent: 5 });
    run(&mut w, 60);
    let f = w.flow("api").expect("api");
    assert!(f.served() * 25 > f.requests && f.shed * 10 > f.requests * 9, "{f:?}");
    assert!(latency(&w) < 200.0, "{}", latency(&w));
    w.apply(&Effect::Clear(Fault::Capacity(fault.clone()))).expect("ends");
    change(&mut w, CapacityEffect::Admit { service: "api".into(), percent: 100 });
    run(&mut w, 60);
    assert!(errors(&mut w, 30) < 1e-9);
    rises(&s, &fault, 60, |w| host(w, "web-1").wanted);
}

#[test]
fn a_throttled_unit_is_slow_on_an_idle_machine() {
    let s = shop(600);
    let fault = CapacityFault::Throttle { service: "api".into(), cores: exact(1, 4) };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 120);
    let h = host(&w, "web-1");
    assert!(h.busy < 0.4 && h.load[0] > 5.0, "cores are idle and threads wait: {h:?}");
    let (c, plan) = w.machines();
    let u = c.unit_use(plan.unit("web-1", "api").expect("unit")).expect("unit");
    assert!(u.throttled > 0.5 && u.cores < 0.26, "{u:?}");
    assert!(errors(&mut w, 30) > 0.3);
    restart(&mut w, "web-1");
    run(&mut w, 30);
    assert!(has_faults(&w));
    let (host_name, unit, what) = ("web-1".to_owned(), "api".to_owned(), UnitLimit::Cpu);
    change(&mut w, CapacityEffect::Limit { host: host_name, unit, what, value: Some(400) });
    run(&mut w, 60);
    assert!(!has_faults(&w) && errors(&mut w, 30) < 1e-9);
    rises(&s, &fault, 60, |w| latency(w));
}

#[test]
fn a_full_table_drops_connections_and_a_larger_one_does_not() {
    let s = shop(600);
    let fault = CapacityFault::ConntrackFlood { host: "web-1".into(), per_s: 8_000 };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 30);
    assert_eq!(host(&w, "web-1").dropped, 0.0, "the table fills first");
    run(&mut w, 60);
    let h = host(&w, "web-1");
    assert!(h.dropped > 0.5 && h.conntrack + 100 > h.conntrack_max, "{h:?}");
    assert!(dmesg(&w, "web-1").contains("nf_conntrack: table full, dropping packet"));
    let (hit, of) = w.users();
    assert!(hit * 8 > of, "{hit} of {of}");
    restart(&mut w, "web-1");
    run(&mut w, 30);
    assert!(host(&w, "web-1").dropped > 0.5, "a restart does not empty the kernel's table");
    let key = "net.netfilter.nf_conntrack_max".to_owned();
    assert_eq!(
        refused(&mut w, CapacityEffect::Sysctl { host: "web-1".into(), key: key.clone(), value: "many".into() }),
        "setting key \"net.netfilter.nf_conntrack_max\": Invalid argument"
    );
    change(&mut w, CapacityEffect::Sysctl { host: "web-1".into(), key, value: "2000000".into() });
    run(&mut w, 240);
    assert_eq!(host(&w, "web-1").dropped, 0.0);
    assert!(w.users().0 * 100 < w.users().1, "{:?}", w.users());
    rises(&s, &fault, 100, |w| host(w, "web-1").conntrack as f64 + host(w, "web-1").dropped);
}

#[test]
fn local_ports_run_out_for_whoever_calls() {
    let mut s = shop(600);
    s.world.services.get_mut("api").expect("api").calls = vec!["bucket".into()];
    let fault = CapacityFault::PortLeak { host: "web-1".into(), per_s: 2_000 };
    let mut w = world(&s);
    begin(&mut w, fault.clone(), 100);
    run(&mut w, 60);
    let h = host(&w, "web-1");
    assert!(h.ports + 100 > h.ports_max && h.ports_short > 0.5, "{h:?}");
    assert_eq!(host(&w, "web-2").ports_short, 0.0);
    let lost = errors(&mut w, 30);
    assert!(lost > 0.2 && lost < 0.6, "half of the replicas: {lost}");
    let key = "net.ipv4.ip_local_port_range".to_owned();
    change(&mut w, CapacityEffect::Sysctl { host: "web-1".into(), key, value: "1024 65535".into() });
    run(&mut w, 120);
    assert!(errors(&mut w, 30) < lost, "more ports, fewer failures");
    w.apply(&Effect::Clear(Fault::Capacity(fault.clone()))).expect("ends");
    run(&mut w, 240);
    assert!(errors(&mut w, 30) < 1e-9);
    rises(&s, &fault, 100, |w| host(w, "web-1").ports_short + host(w, "web-1").ports as f64);
}

#[test]
fn an_empty_pool_and_a_wrong_quota_stop_new_replicas_only() {
    let mut s = cloud(300, 4);
    s.world.capacity.addresses = Some(8);
    let mut w = world(&s);
    begin(&mut w, CapacityFault::AddressLeak { count: 4 }, 100);
    change(&mut w, CapacityEffect::Scale { service: "api".into(), replicas: 6 });
    run(&mut w, 60);
    let pending: Vec<PodRow> = pods(&w).into_iter().filter(|p| p.status == "Pending").collect();
    assert_eq!((ready(&w), pending.len()), (4, 2));
    assert!(pending[0].event.contains("failed to assign an IP address"), "{pending:?}");
    assert!(errors(&mut w, 10) < 1e-9);
    change(&mut w, CapacityEffect::ReleaseAddresses);
    run(&mut w, 30);
    assert_eq!(ready(&w), 6);
    assert!(!has_faults(&w));

    let mut s = cloud(300, 4);
    s.world.capacity.quota = Some(20);
    let mut w = world(&s);
    begin(&mut w, CapacityFault::QuotaPhantom { count: 17 }, 100);
    let scale = CapacityEffect::Scale { service: "api".into(), replicas: 6 };
    let said = refused(&mut w, scale.clone());
    assert!(said.contains("exceeded quota") && said.contains("used: pods=21, limited: pods=20"), "{said}");
    let (c, plan) = w.machines();
    assert_eq!(c.quota(plan).map(|q| (q.used, q.hard)), Some((21, 20)));
    assert_eq!(pods(&w).len(), 4, "the counter is not the truth");
    // A replica that ends does not come back.
    let name = pods(&w)[0].name.clone();
    change(&mut w, CapacityEffect::DeletePod { pod: name });
    run(&mut w, 60);
    assert_eq!(ready(&w), 3);
    change(&mut w, CapacityEffect::DeleteQuota);
    change(&mut w, scale);
    run(&mut w, 60);
    assert_eq!((ready(&w), has_faults(&w)), (6, false));
}

#[test]
fn a_black_hole_draws_traffic_where_the_shortest_queue_wins() {
    let share = |balance, percent| {
        let mut s = cloud(600, 6);
        s.world.capacity.services.get_mut("api").expect("api").balance = balance;
        let mut w = world(&s);
        let fault = CapacityFault::GrayReplica {
            service: "api".into(),
            replicas: 1,
            factor: exact(1, 20),
            errors: exact(1, 1),
        };
        begin(&mut w, fault, percent);
        run(&mut w, 30);
        (errors(&mut w, 60), w)
    };
    let (fair, _) = share(Balance::RoundRobin, 100);
    let (drawn, mut w) = share(Balance::LeastRequests, 100);
    assert!((fair - 1.0 / 6.0).abs() < 0.01, "{fair}");
    assert!(drawn > 0.7, "{drawn}");
    assert_eq!(ready(&w), 6, "all of them look well");
    // More replicas barely help; taking that one away does.
    change(&mut w, CapacityEffect::Scale { service: "api".into(), replicas: 12 });
    run(&mut w, 30);
    assert!(errors(&mut w, 30) > 0.5);
    change(&mut w, CapacityEffect::Rollout { service: "api".into() });
    run(&mut w, 240);
    assert!(errors(&mut w, 30) < 1e-9);
    assert!(!has_faults(&w));
    let dial: Vec<f64> = [25, 50, 100].iter().map(|p| share(Balance::LeastRequests, *p).0).collect();
    assert!(dial[0] < dial[1] && dial[1] < dial[2], "{dial:?}");
}

#[test]
fn slow_machines_and_slow_disks_slow_their_share() {
    let mut s = shop(600);
    let own = ServiceCapacity { disk: exact(1, 4), ..ServiceCapacity::default() };
    s.world.capacity.services.insert("api".into(), own);
    let calm = latency(&world(&s));
    let gray = CapacityFault::GrayHost { host: "web-1".into(), factor: exact(8, 1) };
    let disk = CapacityFault::SlowDisk { host: "web-1".into(), factor: exact(40, 1) };
    for (fault, said) in [(gray, "EDAC MC0: 1 CE memory read error"), (disk, "blk_update_request: I/O error")] {
        let mut w = world(&s);
        begin(&mut w, fault.clone(), 100);
        run(&mut w, 90);
        assert!(latency(&w) > calm * 1.8, "{fault:?}: {}", latency(&w));
        assert!(dmesg(&w, "web-1").contains(said), "{}", dmesg(&w, "web-1"));
        // Taken out of the balancer, the slow machine hurts nobody.
        change(&mut w, CapacityEffect::Drain { host: "web-1".into() });
        run(&mut w, 60);
        assert!(latency(&w) < calm * 1.2, "{fault:?}: {}", latency(&w));
        change(&mut w, CapacityEffect::Cordon { host: "web-1".into(), on: false });
        run(&mut w, 60);
        assert!(latency(&w) > calm * 1.8, "{fault:?}: {}", latency(&w));
        rises(&s, &fault, 60, |w| latency(w));
    }
}

#[test]
fn a_dead_machine_boots_when_turned_on_and_a_dead_zone_does_not() {
    let mut s = shop(600);
    for (h, zone) in [("web-1", "a"), ("web-2", "b")] {
        s.world.capacity.hosts.insert(h.into(), HostCapacity { zone: zone.into(), ..HostCapacity::default() });
    }
    let mut w = world(&s);
    begin(&mut w, CapacityFault::HostDown { host: "web-1".into() }, 100);
    run(&mut w, 5);
    assert_eq!(w.replicas("api"), Some((1, 2)));
    assert!(w.host("web-1").expect("host").units["api"].pid.is_none());
    change(&mut w, CapacityEffect::Power { host: "web-1".into(), on: true });
    run(&mut w, 60);
    assert_eq!(w.replicas("api"), Some((1, 2)), "it boots");
    run(&mut w, 40);
    assert_eq!((w.replicas("api"), has_faults(&w)), (Some((2, 2)), false));

    let zone = CapacityFault::ZoneDown { zone: "b".into() };
    begin(&mut w, zone.clone(), 100);
    run(&mut w, 5);
    assert_eq!(w.replicas("api"), Some((1, 2)));
    let said = refused(&mut w, CapacityEffect::Power { host: "web-2".into(), on: true });
    assert_eq!(said, "web-2: power on failed: no input power");
    w.apply(&Effect::Clear(Fault::Capacity(zone))).expect("power is back");
    run(&mut w, 120);
    assert_eq!(w.replicas("api"), Some((2, 2)));
}
