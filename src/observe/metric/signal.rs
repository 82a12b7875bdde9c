//! The closed vocabulary of signals as series: each has a name of its own, recorded from the same counters in the same scrape.

use crate::observe::series::Labels;
use crate::scenario::Signal;

/// Unit of a signal, as a graph labels it: `/s`, `%`, `ms`, `items`, `ok`. A share in `%` is stored as 0 to 1.
pub fn unit(signal: &Signal) -> &str {
    match signal {
        Signal::RequestRate(_) | Signal::OkRate(_) => "/s",
        Signal::ErrorShare(_) | Signal::DiskUsed(_) | Signal::QueueSuccess(_) | Signal::Load(_) => "%",
        Signal::Latency(_) => "ms",
        Signal::QueueDepth(_) => "items",
        Signal::Probe(_) => "ok",
        Signal::Query { unit, .. } => unit,
    }
}

/// The series of a signal. Those with a colon are recorded over one scrape interval, as a recording rule would; the others
/// are what the component shows itself.
pub fn labels(signal: &Signal) -> Labels {
    let metric = |name: &str, label: &str, value: &str| Labels::metric(name, [(label, value)]);
    let two = |of: &str| -> (String, String) {
        of.split_once(':').map_or((of.to_owned(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()))
    };
    match signal {
        Signal::RequestRate(of) => {
            let (service, endpoint) = two(of);
            let level = if endpoint.is_empty() { "service" } else { "endpoint" };
            let name = format!("{level}:http_requests_started:rate");
            Labels::metric(&name, [("service", service.as_str()), ("endpoint", endpoint.as_str())])
        }
        Signal::ErrorShare(s) => metric("service:http_request_errors:ratio", "service", s),
        Signal::Latency(s) => metric("service:http_request_duration_milliseconds:mean", "service", s),
        Signal::OkRate(s) => metric("service:http_requests_ok:rate", "service", s),
        Signal::Probe(p) => metric("probe_success", "probe", p),
        Signal::DiskUsed(of) => {
            let (host, mount) = two(of);
            let labels = [("instance", host.as_str()), ("mountpoint", mount.as_str())];
            Labels::metric("instance:node_filesystem_used:ratio", labels)
        }
        Signal::QueueDepth(q) => metric("queue_depth", "queue", q),
        Signal::QueueSuccess(q) => metric("queue:queue_items_succeeded:ratio", "queue", q),
        Signal::Load(h) => metric("instance:node_cpu_busy:ratio", "instance", h),
        // An expression is no series.
        Signal::Query { .. } => Labels::default(),
    }
}

/// A signal as PromQL: the selector of its series, or the expression that it is.
pub fn query(signal: &Signal) -> String {
    match signal {
        Signal::Query { expr, .. } => expr.clone(),
        _ => labels(signal).to_string(),
    }
}
