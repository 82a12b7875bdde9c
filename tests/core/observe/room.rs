//! Series of rooms: each says what the room's own books say, comes and goes with its subject, and stands on the page.

use super::Watched;
use std::collections::{BTreeMap, BTreeSet};
use wheel_of_misfortune::observe::series::{METRIC_NAME, is_stale};
use wheel_of_misfortune::observe::{FamilyKind, components, dashboards, families};
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::sim::Effect;

/// A database of two hosts, autoscaled replicas, weighed ones, and the two shops of configuration and of the network.
fn worlds() -> [(&'static str, Scenario); 6] {
    let mut database = crate::store::world::shop();
    if let Some(s) = database.world.stores.get_mut("db-main") {
        s.failover = Failover::Automatic { timeout: wheel_of_misfortune::stdx::time::Span(20), fence: true };
        s.members.get_mut("db-2").expect("a replica").slot = true;
    }
    let mut cloud = crate::capacity::cloud(40, 4);
    crate::capacity::managed(&mut cloud).autoscale = Some(AutoscaleSpec {
        min: 2,
        max: 8,
        metric: ScaleMetric::Requests,
        target: 20,
        every: wheel_of_misfortune::stdx::time::Span(15),
        scale_in: Default::default(),
        settle: wheel_of_misfortune::stdx::time::Span(300),
    });
    cloud.world.capacity.addresses = Some(40);
    cloud.world.capacity.quota = Some(20);
    cloud.world.traffic.values_mut().for_each(|t| t.tenant = Some("acme".into()));
    let mut inodes = HostCapacity { zone: "a".into(), conntrack: 262_144, ports: 28_232, inodes: BTreeMap::new() };
    inodes.inodes.insert("/".into(), 1_000_000);
    cloud.world.capacity.hosts.insert("web-1".into(), inodes);
    let mut weighed = crate::capacity::shop(40);
    let own = ServiceCapacity { weights: BTreeMap::from([("web-1".to_owned(), 25)]), ..ServiceCapacity::default() };
    weighed.world.capacity.services.insert("api".to_owned(), own);
    [
        ("weighed", weighed),
        ("database", database),
        ("mysql", crate::store::mysql::shop()),
        ("cloud", cloud),
        ("change", crate::change::shop()),
        ("network", crate::net::shop()),
    ]
}

fn world(name: &str) -> Watched {
    let (_, s) = worlds().into_iter().find(|(n, _)| *n == name).expect("one of them");
    Watched::new(&s)
}

#[test]
fn every_series_is_on_the_page_with_its_labels_and_every_row_is_shown_by_some_world() {
    let known: BTreeMap<&str, (BTreeSet<&str>, FamilyKind)> = families()
        .into_iter()
        .flat_map(|(_, _, all)| all.iter())
        .map(|f| (f.name, (f.labels.iter().copied().collect(), f.kind)))
        .collect();
    let mut shown = BTreeSet::new();
    for (name, s) in worlds() {
        let mut w = Watched::new(&s);
        w.run(600);
        let store = w.telemetry.store();
        for id in store.ids() {
            let labels = store.labels(id);
            let metric = labels.name().expect("a name");
            let family = ["_bucket", "_sum", "_count"]
                .iter()
                .filter_map(|end| metric.strip_suffix(end))
                .find(|m| known.get(m).is_some_and(|(_, kind)| *kind == FamilyKind::Histogram))
                .unwrap_or(metric);
            let Some((declared, kind)) = known.get(family) else { panic!("{name}: {labels} is not on the page") };
            shown.insert(family.to_owned());
            let open = declared.contains("…") || metric == "up";
            for (label, _) in labels.iter().filter(|(l, _)| *l != METRIC_NAME) {
                assert!(open || declared.contains(label), "{labels}: the page does not say {label}");
            }
            let mut last = f64::NEG_INFINITY;
            for (_, value) in store.samples(id, i64::MIN, i64::MAX).filter(|(_, v)| !is_stale(*v)) {
                assert!(value.is_finite(), "{labels} is {value}");
                // Nothing is restarted here, so a counter never falls.
                assert!(*kind == FamilyKind::Gauge || value >= last, "{name}: {labels} fell from {last} to {value}");
                last = value;
            }
        }
    }
    // What needs more than these worlds have: a rule, a managed disk, a new quota, a replica that cannot run.
    let elsewhere = [
        "ALERTS",
        "ALERTS_FOR_STATE",
        "slo:sli_error:ratio_rate5m",
        "slo:objective:ratio",
        "slo:error_budget:remaining_ratio",
        "pg_data_free_bytes",
        "ratelimit_limit",
        "ratelimit_remaining",
        "kube_pod_container_status_waiting_reason",
        "rpc_client_breaker_open",
        "kube_cronjob_status_last_schedule_time",
        "kube_cronjob_status_last_successful_time",
        "process_max_fds",
        "rabbitmq_queue_head_message_timestamp",
    ];
    let missing: Vec<&&str> = known.keys().filter(|k| !shown.contains(**k) && !elsewhere.contains(k)).collect();
    assert!(missing.is_empty(), "no world shows {missing:?}");
}

#[test]
fn a_store_shows_its_lag_its_connections_and_who_leads() {
    let mut w = world("database");
    w.run(60);
    assert_eq!(w.one("pg_replication_is_replica{instance=\"db-1\"}"), Some(0.0));
    assert_eq!(w.one("pg_replication_lag_seconds{instance=\"db-2\"}"), Some(0.0));
    let stuck = StoreFault::ReplicationStuck { store: "db-main".into(), member: "db-2".into() };
    w.begin(Fault::Store(stuck));
    w.begin(Fault::Store(StoreFault::PoolLeak {
        store: "db-main".into(),
        client: "api".into(),
        rate: super::worlds::exact(1, 4),
    }));
    w.run(120);
    let (plan, state) = w.world.store("db-main").expect("a store");
    let active = w.world.store_active(plan);
    let (rows, said) = (state.member_rows(plan), state.metrics(plan, active));
    assert_eq!(w.one("pg_replication_lag_seconds{instance=\"db-2\"}"), Some(rows[1].lag_s as f64));
    assert!(rows[1].lag_s > 60, "{}", rows[1].lag_s);
    assert_eq!(w.one("pg_stat_database_numbackends"), Some(said.connections as f64));
    assert_eq!(w.one("sum(pg_stat_activity_count)"), Some(said.connections as f64), "sessions are connections");
    assert!(said.connections > 40);
    assert_eq!(w.one("pg_database_wraparound_age_datfrozenxid_seconds"), Some(said.xid_age as f64));
    let size = state.backup_rows().iter().find(|b| b.id == "dump-empty").map(|b| b.bytes as f64);
    assert_eq!(w.one("pgbackrest_backup_size_bytes{backup_name=\"dump-empty\"}"), size);
    // The primary dies: its own series end, and after the election the other one leads on a new timeline.
    w.begin(Fault::Store(StoreFault::MemberDown { store: "db-main".into(), member: "db-1".into() }));
    w.run(15);
    assert_eq!(w.one("pg_up{instance=\"db-1\"}"), Some(0.0));
    assert_eq!(w.one("pg_wal_size_bytes{instance=\"db-1\"}"), None);
    assert_eq!(w.one("patroni_cluster_unlocked"), Some(1.0));
}

#[test]
fn machines_show_their_clocks_and_what_is_off_is_down() {
    let mut w = world("network");
    w.begin(Fault::Net(NetFault::ClockStep { host: "db-01".into(), ms: 90_000 }));
    w.run(30);
    let clock = w.world.net().clock("db-01").expect("a clock").clone();
    assert_eq!(w.one("node_time_seconds{instance=\"db-01\"} - on () node_time_seconds{instance=\"web-01\"}"), {
        Some((w.world.utc().0 as f64 + clock.offset_us / 1e6) - w.world.utc().0 as f64)
    });
    assert_eq!(w.one("node_timex_sync_status{instance=\"db-01\"}"), Some(f64::from(u8::from(clock.ntp))));
    w.begin(Fault::Capacity(CapacityFault::HostDown { host: "web-01".into() }));
    w.run(30);
    assert_eq!(w.one("up{job=\"node\",instance=\"web-01\"}"), Some(0.0));
    for gone in ["node_load1", "node_time_seconds", "node_systemd_unit_state", "instance:node_cpu_busy:ratio"] {
        assert_eq!(w.ask(&format!("{gone}{{instance=\"web-01\"}}")).len(), 0, "{gone} of a machine that is off");
    }
}

#[test]
fn certificates_resolvers_and_the_edge_show_what_the_network_does() {
    let mut w = world("network");
    w.run(60);
    let net = w.world.net();
    let until = net.cert("front").expect("a certificate").stored.until.0 as f64;
    assert_eq!(w.one("ssl_file_cert_not_after{file=\"/etc/ssl/front.pem\"}"), Some(until));
    assert_eq!(w.one("ssl_cert_not_after{instance=\"cdn\"}"), Some(until));
    let rate = w.one("rate(coredns_dns_requests_total{instance=\"us-dns\"}[1m])").expect("asked");
    let truth = net.resolvers().find(|(n, _)| *n == "us-dns").expect("it").1.queries;
    assert!((rate - truth).abs() <= 0.1 * truth + 0.1, "{rate} of {truth}");
    w.begin(Fault::Net(NetFault::ResolverFails { resolver: "us-dns".into(), share: super::worlds::exact(1, 1) }));
    w.begin(Fault::Net(NetFault::LinkDown { link: "backbone".into(), one_way: false }));
    w.run(120);
    let failed = w.one("rate(coredns_dns_responses_total{instance=\"us-dns\",rcode=\"SERVFAIL\"}[1m])");
    let all = w.one("rate(coredns_dns_requests_total{instance=\"us-dns\"}[1m])");
    assert_eq!(failed, all, "every answer fails");
    assert_eq!(w.one("ifOperStatus{ifName=\"backbone\"}"), Some(2.0));
    assert_eq!(w.one("ping_loss_ratio{target=\"backbone\"}"), Some(1.0));
    let hits = w.one("fastly_rt_hits_total").expect("counted");
    let misses = w.one("fastly_rt_miss_total").expect("counted");
    assert!((hits / (hits + misses) - 0.5).abs() < 0.01, "half of it: {hits} hits, {misses} misses");
}

#[test]
fn the_platform_shows_replicas_as_kubectl_does() {
    let mut w = world("cloud");
    w.run(60);
    let pods = |w: &Watched| crate::capacity::pods(&w.world);
    let count = |w: &Watched, q: &str| w.one(&format!("count({q} == 1) or vector(0)")).expect("a number") as usize;
    assert_eq!(count(&w, "kube_pod_status_ready"), pods(&w).iter().filter(|p| p.ready).count());
    assert_eq!(count(&w, "kube_pod_status_phase"), pods(&w).len(), "each is in one phase");
    w.begin(Fault::Capacity(CapacityFault::HostDown { host: "web-2".into() }));
    w.run(90);
    assert_eq!(count(&w, "kube_pod_status_ready"), pods(&w).iter().filter(|p| p.ready).count());
    assert_eq!(w.one("kube_node_status_condition{node=\"web-2\",condition=\"Ready\"}"), Some(0.0));
    let (ready, all) = w.world.replicas("api").expect("there");
    assert_eq!(w.one("kube_deployment_status_replicas_ready"), Some(ready as f64));
    assert_eq!(w.one("kube_deployment_spec_replicas"), Some(all as f64));
    assert_eq!(w.one("kube_horizontalpodautoscaler_status_desired_replicas"), Some(all as f64));
}

#[test]
fn versions_flags_queues_and_vendors_show_what_changes() {
    let mut w = world("change");
    w.run(60);
    for c in w.world.configs() {
        let q = format!("config_version_ratio{{config={:?},version={:?}}}", c.name, c.live());
        assert_eq!(w.one(&q), Some(1.0), "{q}");
    }
    for f in w.world.flags() {
        assert_eq!(w.one(&format!("feature_flag_enabled_ratio{{flag={:?}}}", f.name)), Some(f.percent as f64 / 100.0));
    }
    w.begin(Fault::Change(ChangeFault::QueueFlood { queue: "mails".into(), factor: super::worlds::exact(20, 1) }));
    w.run(300);
    let q = w.world.queue("mails").expect("it");
    assert!(q.waiting > 0);
    assert_eq!(w.one("rabbitmq_queue_messages_ready{queue=\"mails\"}"), Some(q.waiting as f64));
    assert_eq!(
        w.ask("sum by (queue) (rabbitmq_queue_messages_ready)"),
        w.ask("sum by (queue) (queue_depth)"),
        "two exporters, one queue"
    );
    assert_eq!(w.one("queue_oldest_item_age_seconds{queue=\"mails\"}"), Some(q.oldest_s(w.world.tick().0) as f64));
    let head = w.one("rabbitmq_queue_head_message_timestamp{queue=\"mails\"}").expect("waiting");
    assert_eq!(w.world.utc().0 as f64 - head, q.oldest_s(w.world.tick().0) as f64);
    w.begin(Fault::Change(ChangeFault::VendorOutage { vendor: "pay".into(), share: super::worlds::exact(1, 1) }));
    w.run(3_600);
    let says = w.world.vendors().find(|v| v.name == "pay").map(|v| v.says().to_owned());
    assert_eq!(says.as_deref(), Some("Major Outage"));
    assert_eq!(w.one("statuspage_component{service=\"pay\"}"), Some(5.0));
}

#[test]
fn the_watching_itself_can_be_wrong() {
    // Nothing is scraped: `up` says so, series end, and only an alert on their absence can tell.
    let mut w = world("change");
    w.run(60);
    w.begin(Fault::Change(ChangeFault::MonitoringBlind { service: "api".into() }));
    w.run(30);
    assert_eq!(w.one("up{job=\"service\",service=\"api\"}"), Some(0.0));
    assert_eq!(w.ask("http_requests_total{service=\"api\"}").len(), 0);
    assert_eq!(w.one("absent(http_requests_total{service=\"api\"})"), Some(1.0));
    assert!(w.world.flow("api").expect("it").ok > 0, "users do not notice");
    let fault = Fault::Change(ChangeFault::MonitoringBlind { service: "api".into() });
    w.world.apply(&Effect::Clear(fault)).expect("accepted");
    w.run(30);
    assert_eq!(w.one("up{job=\"service\",service=\"api\"}"), Some(1.0));
    assert!(w.ask("http_requests_total{service=\"api\"}").len() > 1);
}

#[test]
fn rooms_have_boards_and_every_panel_reads_what_exists() {
    for (name, s) in worlds() {
        let mut w = Watched::new(&s);
        w.run(300);
        let boards = components(&s.world);
        for (room, names) in [
            ("stores", s.world.stores.keys().collect::<Vec<_>>()),
            ("certificates", s.world.network.certs.keys().collect()),
            ("resolvers", s.world.network.resolvers.keys().collect()),
            ("links", s.world.network.links.keys().collect()),
            ("configurations", s.world.change.configs.keys().collect()),
            ("jobs", s.world.change.crons.keys().collect()),
        ] {
            for n in names {
                assert!(boards.contains(n), "{name}: {room} {n} has a board");
                let panels = dashboards(&s.world, n);
                let found = panels.iter().filter(|p| !w.ask(&p.query).is_empty()).count();
                assert!(found * 2 > panels.len(), "{n}: {found} of {} panels show something", panels.len());
            }
        }
    }
}
