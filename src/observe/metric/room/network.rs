//! The network: certificates on disk and as presented, resolvers, records, links, rules of an edge.

use super::{Tally, UP, flag, reachable};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::World;

families! {
    FILE_AFTER = Gauge "ssl_file_cert_not_after" ["file", "cn", "issuer_cn", "serial_no"] "unix" "Until when the certificate on disk is valid.";
    FILE_BEFORE = Gauge "ssl_file_cert_not_before" ["file", "cn", "issuer_cn", "serial_no"] "unix" "From when on.";
    CERT_AFTER = Gauge "ssl_cert_not_after" ["instance", "cn", "issuer_cn", "serial_no"] "unix" "Until when the certificate is valid that a replica presents.";
    CERT_BEFORE = Gauge "ssl_cert_not_before" ["instance", "cn", "issuer_cn", "serial_no"] "unix" "From when on.";
    DNS_REQUESTS = Counter "coredns_dns_requests_total" ["instance"] "1" "Queries that a resolver got.";
    DNS_RESPONSES = Counter "coredns_dns_responses_total" ["instance", "rcode"] "1" "Its answers: well, or failed (SERVFAIL, or none).";
    DNS_SECONDS = Counter "coredns_dns_request_duration_seconds_sum" ["instance"] "s" "Time that its answers took.";
    DNS_COUNT = Counter "coredns_dns_request_duration_seconds_count" ["instance"] "1" "Answers that this time is about.";
    DNS_RRS = Gauge "probe_dns_answer_rrs" ["query"] "1" "Addresses that a record gives; 0 is a name that leads nowhere.";
    LINK_UP = Gauge "ifOperStatus" ["ifName"] "1" "Whether a link is up (1) or down (2).";
    PING_LOSS = Gauge "ping_loss_ratio" ["target"] "ratio" "Share of attempts that a link loses.";
    PING_RTT = Gauge "ping_rtt_mean_seconds" ["target"] "s" "Round trip that a link adds.";
    LINK_OFFERED = Gauge "link_requests_offered_per_second" ["target"] "/s" "Requests that want to cross a link that states what it carries.";
    LINK_CAPACITY = Gauge "link_requests_capacity_per_second" ["target"] "/s" "Requests that it carries.";
    RULE_ON = Gauge "edge_rule_enabled" ["edge", "rule"] "bool" "Whether a rule of an edge is on.";
    RULE_EVENTS = Counter "cloudflare_zone_firewall_events_count" ["zone", "rule"] "1" "Requests that a rule turned away.";
    RULE_CHANGED = Gauge "edge_rule_last_change_timestamp_seconds" ["edge", "rule"] "unix" "When a rule was last changed.";
}

pub(super) fn collect(w: &World, tally: &Tally, emit: &mut Emit<'_>) {
    let net = w.net();
    let spec = net.spec();
    for ((name, cert), about) in net.certs().zip(spec.certs.values()) {
        let cn = about.names.first().map_or(name, String::as_str);
        let file = format!("/etc/ssl/{name}.pem");
        let serial = cert.stored.serial.to_string();
        emit(&FILE_AFTER, &[&file, cn, &about.issuer, &serial], cert.stored.until.0 as f64);
        emit(&FILE_BEFORE, &[&file, cn, &about.issuer, &serial], cert.stored.from.0 as f64);
        for copy in &cert.loaded {
            let service = net.service_name(copy.service);
            let host = copy.host.map(|h| net.host_name(h));
            if host.is_some_and(|h| !reachable(w, h)) {
                continue;
            }
            let instance = host.map_or_else(|| service.to_owned(), |h| format!("{service}@{h}"));
            let serial = copy.uses.serial.to_string();
            emit(&CERT_AFTER, &[&instance, cn, &about.issuer, &serial], copy.uses.until.0 as f64);
            emit(&CERT_BEFORE, &[&instance, cn, &about.issuer, &serial], copy.uses.from.0 as f64);
        }
    }
    for ((name, _), (about, n)) in net.resolvers().zip(spec.resolvers.values().zip(&tally.resolvers)) {
        let up = about.service.as_deref().is_none_or(|s| w.is_up(s) && !w.is_blind(s));
        emit(&UP, &["coredns", name], flag(up));
        if !up {
            continue;
        }
        let (all, failed) = (n.queries as u64, n.failed as u64);
        emit(&DNS_REQUESTS, &[name], all as f64);
        emit(&DNS_RESPONSES, &[name, "NOERROR"], all.saturating_sub(failed) as f64);
        emit(&DNS_RESPONSES, &[name, "SERVFAIL"], failed as f64);
        emit(&DNS_SECONDS, &[name], n.seconds);
        emit(&DNS_COUNT, &[name], all as f64);
    }
    // Names that nobody listed have records too; those that an author listed are watched.
    for r in net.records().iter().filter(|r| spec.records.contains_key(&r.name)) {
        let n = r.answers.last().map_or(0, |a| a.to.len());
        emit(&DNS_RRS, &[&r.name], n as f64);
    }
    for ((name, link), about) in net.links().zip(spec.links.values()) {
        let worst = link.down.iter().copied().fold(0.0, f64::max);
        let through = (1.0 - worst) * (1.0 - link.loss) * (1.0 - link.gray);
        let down = link.blocked || worst >= 1.0;
        emit(&LINK_UP, &[name], if down { 2.0 } else { 1.0 });
        emit(&PING_LOSS, &[name], if down { 1.0 } else { (1.0 - through).clamp(0.0, 1.0) });
        if !down {
            emit(&PING_RTT, &[name], link.latency_s);
        }
        if about.capacity.is_some() && link.capacity.is_finite() {
            emit(&LINK_OFFERED, &[name], link.offered);
            emit(&LINK_CAPACITY, &[name], link.capacity);
        }
    }
    for ((edge, about, state), turned) in net.edges().zip(&tally.turned) {
        for (at, rule) in about.rules.keys().enumerate() {
            let on = state.live.get(at).is_some_and(|r| r.on);
            emit(&RULE_ON, &[edge, rule], flag(on));
            emit(&RULE_EVENTS, &[edge, rule], turned.get(at).copied().unwrap_or(0.0) as u64 as f64);
            if let Some((when, _)) = state.touched.get(at) {
                emit(&RULE_CHANGED, &[edge, rule], when.0 as f64);
            }
        }
    }
}
