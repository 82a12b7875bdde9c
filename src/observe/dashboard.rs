//! Dashboards that nobody has to write: RED for services, USE for hosts, and what every other kind of component shows.

mod room;

use crate::scenario::WorldSpec;

/// A panel of a dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Message of the catalogue for its title.
    pub title: &'static str,
    /// What it shows, in PromQL.
    pub query: String,
    /// Unit: `/s`, `%`, `ms`, `s`, `B`, `items`, `ok`. A share in `%` is 0 to 1.
    pub unit: &'static str,
}

/// Range over which rates are taken, wide enough for four scrapes of the slowest interval.
const WINDOW: &str = "1m";

fn panel(title: &'static str, unit: &'static str, query: String) -> Panel {
    Panel { title, query, unit }
}

/// The panels of a component of whatever kinds have this name; none of an unknown name.
pub fn dashboards(spec: &WorldSpec, component: &str) -> Vec<Panel> {
    let mut panels = Vec::new();
    if spec.services.contains_key(component) {
        panels.extend(service(component));
    }
    if spec.hosts.contains_key(component) {
        panels.extend(host(component));
    }
    if spec.queues.contains_key(component) {
        panels.extend(queue(component));
    }
    if spec.probes.contains_key(component) {
        let of = format!("{{probe={component:?}}}");
        panels.push(panel("panel-probe-success", "ok", format!("probe_success{of}")));
        panels.push(panel("panel-probe-duration", "s", format!("probe_duration_seconds{of}")));
    }
    room::panels(spec, component, &mut panels);
    panels
}

/// Every component that has a dashboard, by kind and name.
pub fn components(spec: &WorldSpec) -> Vec<String> {
    let names = spec.services.keys().chain(spec.hosts.keys()).chain(spec.queues.keys()).chain(spec.probes.keys());
    let names = names.chain(room::names(spec));
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}

fn service(name: &str) -> Vec<Panel> {
    let of = format!("service={name:?}");
    let quantile = |q: &str| {
        let buckets = format!("rate(http_request_duration_seconds_bucket{{{of}}}[{WINDOW}])");
        format!("histogram_quantile({q}, sum by (le) ({buckets}))")
    };
    let requests = format!("http_requests_total{{{of}}}[{WINDOW}]");
    vec![
        panel("panel-requests", "/s", format!("sum by (code) (rate({requests}))")),
        panel("panel-requests-endpoint", "/s", format!("sum by (endpoint) (rate({requests}))")),
        panel(
            "panel-errors",
            "%",
            format!("sum(rate(http_requests_total{{{of},code=~\"5..\"}}[{WINDOW}])) / sum(rate({requests}))"),
        ),
        panel("panel-latency-p50", "s", quantile("0.5")),
        panel("panel-latency-p99", "s", quantile("0.99")),
        panel("panel-in-flight", "items", format!("http_requests_in_flight{{{of}}}")),
        panel("panel-queued", "items", format!("http_requests_queued{{{of}}}")),
        panel("panel-saturation", "%", format!("service_saturation_ratio{{{of}}}")),
        panel("panel-replicas", "items", format!("service_replicas_ready{{{of}}}")),
        panel(
            "panel-calls",
            "/s",
            format!("sum by (callee, outcome) (rate(rpc_client_requests_total{{{of}}}[{WINDOW}])) > 0"),
        ),
        panel("panel-retries", "/s", format!("sum by (callee) (rate(rpc_client_retries_total{{{of}}}[{WINDOW}]))")),
        panel("panel-breakers", "items", format!("rpc_client_breaker_open{{{of}}}")),
    ]
}

fn host(name: &str) -> Vec<Panel> {
    let on = format!("instance={name:?}");
    let busy = format!("rate(node_cpu_seconds_total{{{on},mode=\"idle\"}}[{WINDOW}])");
    let all = format!("sum by (instance) (rate(node_cpu_seconds_total{{{on}}}[{WINDOW}]))");
    vec![
        panel("panel-cpu", "%", format!("1 - sum by (instance) ({busy}) / {all}")),
        panel("panel-load", "items", format!("node_load1{{{on}}}")),
        panel(
            "panel-memory",
            "%",
            format!("1 - node_memory_MemAvailable_bytes{{{on}}} / node_memory_MemTotal_bytes{{{on}}}"),
        ),
        panel(
            "panel-disk",
            "%",
            format!("1 - node_filesystem_avail_bytes{{{on}}} / node_filesystem_size_bytes{{{on}}}"),
        ),
        panel("panel-disk-free", "B", format!("node_filesystem_avail_bytes{{{on}}}")),
    ]
}

fn queue(name: &str) -> Vec<Panel> {
    let of = format!("queue={name:?}");
    let rate = |metric: &str| format!("rate({metric}{{{of}}}[{WINDOW}])");
    vec![
        panel("panel-queue-depth", "items", format!("queue_depth{{{of}}}")),
        panel("panel-queue-arrived", "/s", rate("queue_items_arrived_total")),
        panel("panel-queue-processed", "/s", rate("queue_items_processed_total")),
        panel("panel-queue-failed", "/s", rate("queue_items_failed_total")),
    ]
}
