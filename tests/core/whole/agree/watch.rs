//! What watches: alerts, health on `status` and map, targets, logs, traces; and that what is down answers nobody.

use super::super::seat::Seat;
use super::{Wrong, same, table};
use std::collections::{BTreeMap, BTreeSet};
use wheel_of_misfortune::observe::{LogQuery, LogScope};
use wheel_of_misfortune::scenario::{AlertSeverity, ServiceKind};
use wheel_of_misfortune::session::projection::Health;

/// Names of alerts in a state, by the series that Prometheus keeps of them.
fn by_series(seat: &Seat, state: &str) -> BTreeSet<String> {
    seat.series(&format!("ALERTS{{alertstate=\"{state}\"}}"), "alertname").into_iter().map(|(n, _)| n).collect()
}

/// `alerts`, the series `ALERTS` and the panel of alerts.
pub fn alerts(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("alerts") else { return };
    let (firing, pending) = (by_series(seat, "firing"), by_series(seat, "pending"));
    let spec = seat.session.scenario.clone();
    let word = |id: &String| match (firing.contains(id), pending.contains(id)) {
        (true, _) => "firing",
        (_, true) => "pending",
        _ => "",
    };
    // Rows have no names: their texts have, and are all different.
    for (id, a) in &spec.world.alerts {
        let Some(row) = said.lines().find(|l| l.ends_with(&a.summary.en)) else {
            wrong.push(format!("no row of {id}"));
            continue;
        };
        let state = row.split_whitespace().next().unwrap_or_default();
        let quiet = matches!(state, "normal" | "nodata") && word(id).is_empty();
        if !quiet && state != word(id) {
            wrong.push(format!("{id}: the tool says {state}, its series {:?}", word(id)));
        }
    }
    let shown: BTreeSet<String> = seat
        .session
        .project("primary")
        .alerts
        .iter()
        .filter(|a| format!("{:?}", a.state) == "Firing")
        .map(|a| a.id.clone())
        .collect();
    same(wrong, "firing", ("panel", shown), ("series", firing));
}

/// An alert is there while its expression gives something, and only then or as long as it is told to go on.
pub fn rules(seat: &Seat, wrong: &mut Wrong) {
    let rules: Vec<_> = seat.session.telemetry().rules().cloned().collect();
    let (firing, pending) = (by_series(seat, "firing"), by_series(seat, "pending"));
    for r in rules {
        let holds = !seat.series(&r.expr, "").is_empty();
        let there = firing.contains(&r.name) || pending.contains(&r.name);
        let may_stay = firing.contains(&r.name) && (r.keep_firing_ms > 0 || r.holds_gaps);
        if holds != there && !(there && may_stay) {
            wrong.push(format!("{}: `{}` holds: {holds}, the alert is there: {there}", r.name, r.expr));
        }
    }
}

fn word(h: Health) -> &'static str {
    match h {
        Health::Ok => "ok",
        Health::Warning => "warning",
        Health::Critical => "critical",
        Health::Unknown => "unknown",
    }
}

/// `status`, the colours of the map and what the alerts of a service say of it.
pub fn health(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("status") else { return };
    let told: BTreeMap<String, String> =
        table(&said).into_iter().filter(|r| r.len() > 1).map(|r| (r[0].clone(), r[1].clone())).collect();
    let (firing, pending) = (by_series(seat, "firing"), by_series(seat, "pending"));
    let scenario = seat.session.scenario.clone();
    let map = seat.session.project("primary").map;
    for node in map.nodes.iter().filter(|n| scenario.world.services.contains_key(&n.id)) {
        let drawn = word(node.health).to_owned();
        same(wrong, &node.id, ("map", Some(&drawn)), ("status", told.get(&node.id)));
        let mut worst = "";
        for (id, a) in scenario.world.alerts.iter().filter(|(_, a)| a.service == node.id) {
            match (firing.contains(id), pending.contains(id), a.severity) {
                (true, _, AlertSeverity::Critical) => worst = "critical",
                (true, _, _) | (_, true, _) if worst != "critical" => worst = "warning",
                _ => {}
            }
        }
        // Without an alert it is calm, unless nobody watches it: then a service that does not run is not well either.
        let calm = worst.is_empty() && matches!(drawn.as_str(), "ok" | "unknown" | "critical");
        if !calm && drawn != worst {
            wrong.push(format!("{}: the map says {drawn}, its alerts {worst:?}", node.id));
        }
    }
}

/// `targets`, the series `up` and what probes found.
pub fn targets(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("targets list") else { return };
    let up: BTreeMap<String, f64> = seat.series("up{job=\"service\"}", "service").into_iter().collect();
    let probes: BTreeMap<String, f64> = seat.series("probe_success", "probe").into_iter().collect();
    for row in table(&said) {
        let [name, state, ..] = &row[..] else { continue };
        let measured = match name.strip_prefix("probe/") {
            Some(probe) => probes.get(probe),
            None => up.get(name),
        };
        let shown = measured.map(|v| if *v == 1.0 { "UP" } else { "DOWN" });
        same(wrong, name, ("tool", Some(state.as_str())), ("series", shown));
    }
}

/// What a responder counts with `logs` and `journalctl` is what the log search counts.
pub fn logs(seat: &Seat, wrong: &mut Wrong) {
    let services: Vec<String> = seat.session.scenario.world.services.keys().cloned().collect();
    // Another one each time.
    let at = (seat.session.tick().0 / 5) as usize % services.len();
    let service = &services[at];
    let since = seat.session.world().utc().plus(-20);
    for text in ["call timed out", "internal error", "queue full"] {
        let line = format!("logs {service} --since {} -n all | grep -c '{text}'", since.hms());
        let Some(said) = seat.says(&line) else { return };
        let query = LogQuery {
            scope: LogScope::Service(service),
            since: Some(since),
            text: Some(text),
            shipped: true,
            ..LogQuery::default()
        };
        let counted = seat.session.telemetry().log_count(&query);
        same(wrong, &line, ("tool", said.trim()), ("search", counted.to_string().as_str()));
    }
}

/// A request that `trace list --failed` shows has failed, at its root and on its page.
pub fn traces(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("trace list --failed -n 3") else { return };
    for row in table(&said) {
        let [id, _, _, status, service, ..] = &row[..] else { continue };
        let Some(page) = seat.says(&format!("trace show {id}")) else { return };
        let root = seat.session.telemetry().trace(id);
        if root.is_none_or(|t| t.spans.iter().all(|s| s.ok)) {
            wrong.push(format!("{id} is listed as failed and no part of it has"));
        }
        if !page.contains(status.as_str()) || !page.contains(service.as_str()) {
            wrong.push(format!("{id}: {status} {service} on the list, its page\n{page}"));
        }
    }
}

/// A service none of whose replicas takes requests: clients get no good answer, nothing is scraped from it.
pub fn outages(seat: &Seat, wrong: &mut Wrong) {
    let ready: BTreeMap<String, f64> = seat.series("service_replicas_ready", "service").into_iter().collect();
    let up: BTreeMap<String, f64> = seat.series("up{job=\"service\"}", "service").into_iter().collect();
    let world = seat.session.scenario.world.clone();
    for (id, s) in world.services.iter().filter(|(_, s)| !s.dns.is_empty()) {
        if ready.get(id) != Some(&0.0) {
            continue;
        }
        if up.get(id).is_some_and(|v| *v != 0.0) {
            wrong.push(format!("{id}: no replica is ready, and up is {:?}", up.get(id)));
        }
        // A worker's name answers nobody anyway, and an edge answers from what it holds.
        if matches!(s.kind, ServiceKind::Worker { .. } | ServiceKind::Cdn { .. }) {
            continue;
        }
        let path = s.endpoints.values().next().map_or("/", |e| e.path.as_str()).replace("{name}", "x");
        let line = format!("curl -sk -o /dev/null -w '%{{http_code}}' https://{}{path}", s.dns);
        let Some(code) = seat.says(&line) else { return };
        if code.starts_with('2') || code.starts_with('3') {
            wrong.push(format!("{id}: no replica is ready, and curl gets {code}"));
        }
    }
}
