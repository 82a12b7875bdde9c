//! Panels of what stands beside the flow: stores, managed replicas, caches, the network, changes.

use super::{Panel, WINDOW, panel};
use crate::scenario::{Failover, ServiceKind, StoreEngine, WorldSpec};

/// Names of components that have a board because of their room.
pub(super) fn names(spec: &WorldSpec) -> impl Iterator<Item = &String> {
    let net = &spec.network;
    let network = net.certs.keys().chain(net.resolvers.keys()).chain(net.links.keys());
    let change = &spec.change;
    let changes = change.configs.keys().chain(change.flags.keys()).chain(change.crons.keys());
    spec.stores.keys().chain(network).chain(changes)
}

pub(super) fn panels(spec: &WorldSpec, name: &str, out: &mut Vec<Panel>) {
    if let Some(kind) = spec.services.get(name).map(|s| &s.kind) {
        service(spec, name, kind, out);
    }
    if spec.hosts.contains_key(name) {
        host(name, out);
    }
    if spec.queues.contains_key(name) {
        let of = format!("{{queue={name:?}}}");
        out.push(panel("panel-queue-age", "s", format!("queue_oldest_item_age_seconds{of}")));
        out.push(panel("panel-queue-consumers", "items", format!("rabbitmq_queue_consumers{of}")));
        out.push(panel("panel-queue-held", "items", format!("rabbitmq_queue_messages_unacked{of}")));
    }
    if spec.stores.contains_key(name) {
        store(spec, name, out);
    }
    network(spec, name, out);
    change(spec, name, out);
}

fn service(spec: &WorldSpec, name: &str, kind: &ServiceKind, out: &mut Vec<Panel>) {
    let ratio = |hits: &str, misses: &str, label: &str| {
        let of = format!("{{{label}={name:?}}}[{WINDOW}]");
        format!("rate({hits}{of}) / (rate({hits}{of}) + rate({misses}{of}))")
    };
    match kind {
        ServiceKind::Cdn { .. } => {
            let q = ratio("fastly_rt_hits_total", "fastly_rt_miss_total", "service_name");
            out.push(panel("panel-hit-ratio", "%", q));
        }
        ServiceKind::Cache(_) => {
            let q = ratio("redis_keyspace_hits_total", "redis_keyspace_misses_total", "instance");
            out.push(panel("panel-hit-ratio", "%", q));
            out.push(panel("panel-cache-keys", "items", format!("redis_db_keys{{instance={name:?}}}")));
        }
        _ => {}
    }
    if spec.network.edges.contains_key(name) {
        let q = format!("rate(cloudflare_zone_firewall_events_count{{zone={name:?}}}[{WINDOW}])");
        out.push(panel("panel-edge-rules", "/s", q));
    }
    let managed = spec.capacity.services.get(name).and_then(|c| c.managed.as_ref());
    if let Some(managed) = managed {
        let of = format!("deployment={name:?}");
        let both = format!(
            "label_replace(kube_deployment_spec_replicas{{{of}}}, \"is\", \"desired\", \"\", \"\") or \
             label_replace(kube_deployment_status_replicas_ready{{{of}}}, \"is\", \"ready\", \"\", \"\")"
        );
        out.push(panel("panel-pods", "items", both));
        let mine = format!("container={name:?}");
        let restarts = format!("increase(kube_pod_container_status_restarts_total{{{mine}}}[5m]) > 0");
        out.push(panel("panel-pod-restarts", "items", restarts));
        out.push(panel("panel-pod-memory", "B", format!("max(container_memory_working_set_bytes{{{mine}}})")));
        if managed.autoscale.is_some() {
            let of = format!("{{horizontalpodautoscaler={name:?}}}");
            let read = format!("kube_horizontalpodautoscaler_status_target_metric{of}");
            let target = format!("kube_horizontalpodautoscaler_spec_target_metric{of}");
            out.push(panel("panel-autoscaler", "items", format!("{read} or {target}")));
        }
    }
    if spec.change.vendors.contains_key(name) {
        out.push(panel("panel-vendor", "items", format!("statuspage_component{{service={name:?}}}")));
    }
}

fn host(name: &str, out: &mut Vec<Panel>) {
    let on = format!("{{instance={name:?}}}");
    out.push(panel("panel-clock", "s", format!("node_timex_offset_seconds{on}")));
    let table = format!("node_nf_conntrack_entries{on} / node_nf_conntrack_entries_limit{on}");
    out.push(panel("panel-conntrack", "%", table));
    out.push(panel("panel-descriptors", "items", format!("process_open_fds{on}")));
}

fn store(spec: &WorldSpec, name: &str, out: &mut Vec<Panel>) {
    let Some(s) = spec.stores.get(name) else { return };
    let members: Vec<&str> = s.members.keys().map(String::as_str).collect();
    let of = format!("instance=~\"{}\"", members.join("|"));
    if s.engine == StoreEngine::MySql {
        let used = format!(
            "mysql_global_status_threads_connected{{{of}}} / on (instance) mysql_global_variables_max_connections{{{of}}}"
        );
        return out.extend([
            panel("panel-store-lag", "s", format!("mysql_slave_status_seconds_behind_master{{{of}}}")),
            panel("panel-store-connections", "%", used),
            panel(
                "panel-store-sessions",
                "items",
                format!("sum by (state) (mysql_info_schema_processlist_threads{{{of}}})"),
            ),
            panel(
                "panel-store-writes",
                "/s",
                format!("rate(mysql_global_status_innodb_row_ops_total{{{of},operation=\"inserted\"}}[{WINDOW}])"),
            ),
            panel(
                "panel-store-locks",
                "items",
                format!("mysql_info_schema_processlist_threads{{{of},state=\"waiting for table metadata lock\"}}"),
            ),
            panel("panel-store-wal", "B", format!("mysql_binlog_size_bytes{{{of}}}")),
            panel("panel-store-role", "ok", format!("1 - mysql_global_variables_read_only{{{of}}}")),
            panel("panel-backup-age", "s", format!("backup_since_last_completion_seconds{{store={name:?}}}")),
            panel("panel-backup-size", "B", format!("backup_size_bytes{{store={name:?}}}")),
        ]);
    }
    let used = format!("pg_stat_database_numbackends{{{of}}} / on (instance) pg_settings_max_connections{{{of}}}");
    out.extend([
        panel("panel-store-lag", "s", format!("pg_replication_lag_seconds{{{of}}}")),
        panel("panel-store-connections", "%", used),
        panel(
            "panel-store-sessions",
            "items",
            format!("sum by (state, wait_event_type) (pg_stat_activity_count{{{of}}})"),
        ),
        panel("panel-store-writes", "/s", format!("rate(pg_stat_database_tup_inserted{{{of}}}[{WINDOW}])")),
        panel("panel-store-locks", "items", format!("pg_locks_count{{{of}}}")),
        panel("panel-store-wal", "B", format!("pg_wal_size_bytes{{{of}}}")),
        panel("panel-store-xid", "items", format!("pg_database_wraparound_age_datfrozenxid_seconds{{{of}}}")),
        panel("panel-store-role", "ok", format!("1 - pg_replication_is_replica{{{of}}}")),
        panel("panel-backup-age", "s", format!("pgbackrest_backup_since_last_completion_seconds{{stanza={name:?}}}")),
        panel("panel-backup-size", "B", format!("pgbackrest_backup_size_bytes{{stanza={name:?}}}")),
    ]);
    if matches!(s.failover, Failover::Automatic { .. }) {
        out.push(panel("panel-store-timeline", "items", format!("max(patroni_postgres_timeline{{scope={name:?}}})")));
    }
}

fn network(spec: &WorldSpec, name: &str, out: &mut Vec<Panel>) {
    let net = &spec.network;
    if let Some(cert) = net.certs.get(name) {
        let cn = cert.names.first().map_or(name, String::as_str);
        let left = |metric: &str, of: String| format!("{metric}{{{of}}} - time()");
        let file = format!("file=\"/etc/ssl/{name}.pem\"");
        out.push(panel("panel-cert-file", "s", left("ssl_file_cert_not_after", file)));
        out.push(panel("panel-cert-served", "s", left("ssl_cert_not_after", format!("cn={cn:?}"))));
    }
    if net.resolvers.contains_key(name) {
        let of = format!("{{instance={name:?}}}[{WINDOW}]");
        out.push(panel("panel-dns", "/s", format!("sum by (rcode) (rate(coredns_dns_responses_total{of}))")));
        let seconds = format!("rate(coredns_dns_request_duration_seconds_sum{of})");
        let count = format!("rate(coredns_dns_request_duration_seconds_count{of})");
        out.push(panel("panel-dns-latency", "s", format!("{seconds} / {count}")));
    }
    if net.links.contains_key(name) {
        let of = format!("{{target={name:?}}}");
        out.push(panel("panel-link-loss", "%", format!("ping_loss_ratio{of}")));
        out.push(panel("panel-link-rtt", "s", format!("ping_rtt_mean_seconds{of}")));
    }
}

fn change(spec: &WorldSpec, name: &str, out: &mut Vec<Panel>) {
    let change = &spec.change;
    if change.configs.contains_key(name) {
        out.push(panel("panel-config", "%", format!("config_version_ratio{{config={name:?}}}")));
    }
    if change.flags.contains_key(name) {
        out.push(panel("panel-flag", "%", format!("feature_flag_enabled_ratio{{flag={name:?}}}")));
    }
    if change.crons.contains_key(name) {
        let of = format!("{{cronjob={name:?}}}");
        out.push(panel("panel-cron-active", "items", format!("kube_cronjob_status_active{of}")));
        out.push(panel("panel-cron-due", "s", format!("kube_cronjob_next_schedule_time{of} - time()")));
        let ago = format!("time() - kube_cronjob_status_last_successful_time{of}");
        out.push(panel("panel-cron-success", "s", ago));
    }
}
