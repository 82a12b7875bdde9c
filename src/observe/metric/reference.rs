//! The page that lists every series: component, name, kind, labels, unit, meaning.

use super::family::{Family, families};
use super::room;
use std::fmt::Write as _;

mod service {
    super::families! {
        STARTED = Counter "http_requests_started_total" ["service", "endpoint"] "1" "Requests that arrived.";
        REQUESTS = Counter "http_requests_total" ["service", "endpoint", "code"] "1" "Requests that were answered.";
        DURATION = Histogram "http_request_duration_seconds" ["service", "le"] "s" "How long an answer took, waiting included.";
        IN_FLIGHT = Gauge "http_requests_in_flight" ["service"] "1" "Requests that wait or are worked on.";
        QUEUED = Gauge "http_requests_queued" ["service"] "1" "Requests that wait.";
        SATURATION = Gauge "service_saturation_ratio" ["service"] "ratio" "Share of its capacity in use.";
        CALLS = Counter "rpc_client_requests_total" ["service", "callee", "outcome"] "1" "Calls that it made, by how they ended.";
        RETRIES = Counter "rpc_client_retries_total" ["service", "callee"] "1" "Of these, further attempts.";
        BREAKER = Gauge "rpc_client_breaker_open" ["service", "callee"] "bool" "Whether its breaker fails calls at once.";
        READY = Gauge "service_replicas_ready" ["service"] "1" "Replicas that run, as the orchestrator says.";
        DESIRED = Gauge "service_replicas_desired" ["service"] "1" "Replicas that there should be.";
        RELEASE = Gauge "service_release_info" ["service", "release"] "1" "The release that it runs: always 1.";
    }
}

mod host {
    super::families! {
        CPU = Counter "node_cpu_seconds_total" ["instance", "mode"] "s" "Seconds of processor time, by what they went into.";
        LOAD1 = Gauge "node_load1" ["instance"] "1" "Programs that run or wait for a core or a disk, as the kernel averages them over a minute.";
        LOAD5 = Gauge "node_load5" ["instance"] "1" "The same of five minutes.";
        LOAD15 = Gauge "node_load15" ["instance"] "1" "The same of fifteen minutes.";
        MEMORY = Gauge "node_memory_MemTotal_bytes" ["instance"] "B" "Memory.";
        AVAILABLE = Gauge "node_memory_MemAvailable_bytes" ["instance"] "B" "Memory that programs can have.";
        BOOT = Gauge "node_boot_time_seconds" ["instance"] "unix" "When it was started.";
        SIZE = Gauge "node_filesystem_size_bytes" ["instance", "mountpoint", "device", "fstype"] "B" "Size of a file system.";
        FREE = Gauge "node_filesystem_free_bytes" ["instance", "mountpoint", "device", "fstype"] "B" "Space left on it.";
        AVAIL = Gauge "node_filesystem_avail_bytes" ["instance", "mountpoint", "device", "fstype"] "B" "Space left on it for programs.";
    }
}

mod queue {
    super::families! {
        ARRIVED = Counter "queue_items_arrived_total" ["queue"] "1" "Items put in.";
        PROCESSED = Counter "queue_items_processed_total" ["queue"] "1" "Items completed.";
        FAILED = Counter "queue_items_failed_total" ["queue"] "1" "Items that failed.";
        REQUEUED = Counter "queue_items_requeued_total" ["queue"] "1" "Items put back.";
        DEPTH = Gauge "queue_depth" ["queue"] "1" "Items that wait.";
        DEAD = Gauge "queue_failed_items" ["queue"] "1" "Items that failed and lie aside.";
    }
}

mod probe {
    super::families! {
        SUCCESS = Gauge "probe_success" ["probe"] "bool" "Whether a check succeeded.";
        DURATION = Gauge "probe_duration_seconds" ["probe"] "s" "How long it took.";
    }
}

/// Recorded from the same counters in the same scrape; signals of a scenario read these.
mod signal {
    super::families! {
        STARTED = Gauge "service:http_requests_started:rate" ["service"] "/s" "Requests that arrived, over one interval.";
        ENDPOINT = Gauge "endpoint:http_requests_started:rate" ["service", "endpoint"] "/s" "The same for an endpoint.";
        ERRORS = Gauge "service:http_request_errors:ratio" ["service"] "ratio" "Share of requests answered with a 5xx.";
        LATENCY = Gauge "service:http_request_duration_milliseconds:mean" ["service"] "ms" "Mean time to answer.";
        OK = Gauge "service:http_requests_ok:rate" ["service"] "/s" "Requests answered with a 200.";
        DISK = Gauge "instance:node_filesystem_used:ratio" ["instance", "mountpoint"] "ratio" "Share of a file system in use.";
        CPU = Gauge "instance:node_cpu_busy:ratio" ["instance"] "ratio" "Share of the cores in use.";
        QUEUE = Gauge "queue:queue_items_succeeded:ratio" ["queue"] "ratio" "Share of finished items that succeeded.";
    }
}

/// Recorded by the rules of objectives and alerts.
mod rule {
    super::families! {
        ALERTS = Gauge "ALERTS" ["alertname", "alertstate", "…"] "1" "Alerts that are pending or fire: always 1.";
        SINCE = Gauge "ALERTS_FOR_STATE" ["alertname", "…"] "unix" "Since when an alert is active.";
        SLI = Gauge "slo:sli_error:ratio_rate5m" ["slo"] "ratio" "Share of bad events; also of 30m, 1h, 2h, 6h, 1d, 3d.";
        OBJECTIVE = Gauge "slo:objective:ratio" ["slo"] "ratio" "The objective.";
        BUDGET = Gauge "slo:error_budget:remaining_ratio" ["slo"] "ratio" "What is left of the error budget.";
    }
}

/// What every kind of component shows: the component, whose names they are, and its families.
pub fn families() -> Vec<(&'static str, &'static str, &'static [&'static Family])> {
    let mut all = vec![
        ("Target", "Prometheus", room::ALL),
        ("Service", "client libraries, an orchestrator", service::ALL),
        ("Host", "node_exporter", host::ALL),
    ];
    all.extend(room::exporters());
    all.extend([
        ("Queue, its own exporter", "a program's own metrics", queue::ALL),
        ("Probe", "blackbox_exporter", probe::ALL),
        ("Signal", "recording rules", signal::ALL),
        ("Objective, alert", "recording rules, Prometheus", rule::ALL),
    ]);
    all
}

const HEAD: &str = "# Metrics

Every component shows these series without anybody writing them, named as the field's usual exporters do. They are scraped every 15 seconds
unless the scenario says 5, and kept for three days. A target that is not found has `up` 0 and no other series; a series whose subject is gone ends.

Written limits: series of rooms (everything but services, hosts, probes) are 20,000 at most; of managed replicas, the first 200 have series of their own;
of a store's backups, the newest 30.

Units: `s` seconds, `B` bytes, `ratio` 0 to 1, `1` a number of things, `bool` 0 or 1, `unix` seconds since 1970.
";

/// The page, in Markdown.
pub fn reference() -> String {
    let mut out = HEAD.to_owned();
    for (component, names, all) in families() {
        let _ = write!(
            out,
            "\n## {component}\n\nNames of: {names}.\n\n| series | type | unit | labels | meaning |\n|---|---|---|---|---|\n"
        );
        for f in all {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} |",
                f.name,
                f.kind.word(),
                f.unit,
                f.labels.join(", "),
                f.help
            );
        }
    }
    out
}
