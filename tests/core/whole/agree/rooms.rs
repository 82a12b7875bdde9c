//! The rooms: platform, data store, queues, names, certificates, edge, links, what changes, vendors, caches.

use super::super::seat::Seat;
use super::{Wrong, barred, close, same, table};
use std::collections::BTreeMap;

type Numbers = BTreeMap<String, f64>;

fn numbers(seat: &Seat, expr: &str, label: &str) -> Numbers {
    seat.series(expr, label).into_iter().collect()
}

fn number(text: &str) -> Option<f64> {
    text.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.').parse().ok()
}

/// `kubectl get pods`, `kubectl get deployments`, `pods`, `hpa` and the series of the platform.
pub fn pods(seat: &Seat, wrong: &mut Wrong) {
    let (Some(pods), Some(deployments), Some(ours)) =
        (seat.says("kubectl get pods"), seat.says("kubectl get deployments"), seat.says("pods"))
    else {
        return;
    };
    let ready = numbers(seat, "kube_deployment_status_replicas_ready", "deployment");
    let desired = numbers(seat, "kube_deployment_spec_replicas", "deployment");
    let by_service = numbers(seat, "service_replicas_ready", "service");
    let restarts = numbers(seat, "kube_pod_container_status_restarts_total", "pod");
    let pod_ready = numbers(seat, "kube_pod_status_ready", "pod");
    for row in table(&deployments) {
        let (now, of) = row[1].split_once('/').unwrap_or_default();
        close(wrong, &row[0], ("kubectl ready", number(now)), ("series", ready.get(&row[0]).copied()), 0.0);
        close(wrong, &row[0], ("kubectl ready", number(now)), ("orchestrator", by_service.get(&row[0]).copied()), 0.0);
        close(wrong, &row[0], ("kubectl desired", number(of)), ("series", desired.get(&row[0]).copied()), 0.0);
        let listed = table(&pods).iter().filter(|p| p[0].starts_with(&format!("{}-", row[0])) && p[1] == "1/1").count();
        close(wrong, &row[0], ("kubectl ready", number(now)), ("pods listed as ready", Some(listed as f64)), 0.0);
    }
    let shown = |text: &str| -> BTreeMap<String, Vec<String>> {
        table(text).into_iter().filter(|r| r.len() > 3).map(|r| (r[0].clone(), r[1..4].to_vec())).collect()
    };
    let (theirs, ours) = (shown(&pods), shown(&ours));
    same(wrong, "pods", ("kubectl", &theirs), ("pods", &ours));
    for (name, cells) in theirs.iter().filter(|(n, _)| restarts.contains_key(*n)) {
        close(wrong, name, ("kubectl restarts", number(&cells[2])), ("series", restarts.get(name).copied()), 0.0);
        same(wrong, name, ("kubectl ready", cells[0] == "1/1"), ("series", pod_ready.get(name) == Some(&1.0)));
    }
    let Some(scalers) = seat.says("hpa") else { return };
    let wanted = numbers(seat, "kube_horizontalpodautoscaler_status_desired_replicas", "horizontalpodautoscaler");
    for row in table(&scalers).iter().filter(|r| r.len() > 5) {
        close(wrong, &row[0], ("hpa", number(&row[5])), ("series", wanted.get(&row[0]).copied()), 0.0);
    }
}

/// `kubectl get nodes`, `nodes`, `kubectl top nodes` and the series of nodes.
pub fn nodes(seat: &Seat, wrong: &mut Wrong) {
    let (Some(theirs), Some(ours), Some(top)) =
        (seat.says("kubectl get nodes"), seat.says("nodes"), seat.says("kubectl top nodes"))
    else {
        return;
    };
    let ready = numbers(seat, "kube_node_status_condition{condition=\"Ready\",status=\"true\"}", "node");
    let cordoned = numbers(seat, "kube_node_spec_unschedulable", "node");
    let ours: BTreeMap<String, Vec<String>> =
        table(&ours).into_iter().filter(|r| r.len() > 6).map(|r| (r[0].clone(), r)).collect();
    for row in table(&theirs) {
        let state = ours.get(&row[0]).map(|r| r[1].starts_with("Ready"));
        same(wrong, &row[0], ("kubectl", Some(row[1].starts_with("Ready"))), ("nodes", state));
        let measured = ready.get(&row[0]) == Some(&1.0);
        same(wrong, &row[0], ("kubectl", row[1].starts_with("Ready")), ("series", measured));
        let shut = row[1].ends_with("SchedulingDisabled");
        same(wrong, &row[0], ("kubectl cordoned", shut), ("series", cordoned.get(&row[0]) == Some(&1.0)));
    }
    for row in table(&top).iter().filter(|r| r.len() == 5) {
        let mine = ours.get(&row[0]).map(|r| [r[3].clone(), r[4].clone(), r[5].clone(), r[6].clone()]);
        let theirs = [row[1].clone(), row[2].clone(), row[3].clone(), row[4].clone()];
        same(wrong, &row[0], ("kubectl top", Some(theirs)), ("nodes", mine));
    }
}

fn member_host(seat: &Seat, member: &str) -> Option<String> {
    seat.session.scenario.world.stores["db-main"].members[member].host.clone()
}

/// `repl status`, `pg_isready`, `psql` and the series of a data store's members.
pub fn store(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("repl status db-main") else { return };
    let up = numbers(seat, "pg_up", "instance");
    let replica = numbers(seat, "pg_replication_is_replica", "instance");
    for row in barred(&said) {
        let [member, _, state, ..] = &row[..] else { continue };
        let Some(host) = member_host(seat, member) else { continue };
        let Some(isready) = seat.says(&format!("pg_isready -h {host}")) else { continue };
        let accepts = isready.contains("accepting");
        let Some(psql) = seat.says(&format!("psql -h {host} -Atc \"select pg_is_in_recovery()\"")) else { continue };
        let answer = psql.trim().to_owned();
        let refused =
            answer.contains("too many clients") || answer.contains("No route") || answer.contains("timed out");
        let full = answer.contains("remaining connection slots");
        if !refused && !full {
            let what = format!("{member}: {answer}");
            same(wrong, &what, ("pg_isready", accepts), ("psql answers", matches!(answer.as_str(), "t" | "f")));
        }
        if let Some(up) = up.get(member) {
            let lives = state != "down" && state != "stopped";
            same(wrong, member, ("repl says it lives", lives), ("pg_up", *up == 1.0));
        }
        if let ("t" | "f", Some(r)) = (answer.as_str(), replica.get(member)) {
            same(wrong, member, ("psql in recovery", answer == "t"), ("series", *r == 1.0));
        }
        // A server that answers listens, and one that does not answer here has nobody who listens.
        let listens = seat.says(&format!("ssh {host} 'sudo ss -tlnH'"));
        if let Some(l) = listens.filter(|l| l.contains(":22")) {
            same(wrong, member, ("pg_isready", accepts), ("listens on 5432", l.contains(":5432")));
        }
    }
}

/// `repl status`, `pg_stat_replication` and its series.
pub fn replication(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("repl status db-main") else { return };
    let rows = barred(&said);
    let Some(primary) = rows.iter().find(|r| r.len() > 2 && r[2] == "primary").map(|r| r[0].clone()) else { return };
    let Some(host) = member_host(seat, &primary) else { return };
    let query =
        "select application_name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) from pg_stat_replication";
    let Some(psql) = seat.says(&format!("psql -h {host} -Atc \"{query}\"")) else { return };
    if psql.contains("FATAL") || psql.contains("error") {
        return;
    }
    let lag =
        numbers(seat, &format!("pg_stat_replication_pg_wal_lsn_diff{{instance=\"{primary}\"}}"), "application_name");
    let theirs: Numbers = psql
        .lines()
        .filter_map(|l| {
            let mut cells = l.split('|');
            let (name, state, diff) = (cells.next()?, cells.next()?, cells.next()?);
            matches!(state, "streaming" | "catchup").then(|| Some((name.to_owned(), number(diff)?))).flatten()
        })
        .collect();
    same(wrong, "lag in bytes", ("psql", &theirs), ("series", &lag));
    for row in rows.iter().filter(|r| r.len() > 6 && matches!(r[2].as_str(), "streaming" | "catchup")) {
        close(wrong, &row[0], ("repl", number(&row[6])), ("psql", theirs.get(&row[0]).copied()), 0.0);
    }
}

/// `pgstat activity`, `store status`, `pg_stat_activity`, rows of tables and their series.
pub fn sessions(seat: &Seat, wrong: &mut Wrong) {
    let Some(store) = seat.says("store status db-main") else { return };
    let row = table(&store).into_iter().next().unwrap_or_default();
    let Some(at) = row.iter().position(|c| c.contains('/')) else { return };
    let (primary, connections) = (&row[at - 1], &row[at]);
    let (used, most) = connections.split_once('/').unwrap_or_default();
    let Some(used_now) = seat.number("pg_stat_database_numbackends") else { return };
    close(wrong, "connections", ("store status", number(used)), ("series", Some(used_now)), 0.0);
    close(wrong, "limit", ("store status", number(most)), ("series", seat.number("pg_settings_max_connections")), 0.0);
    let Some(activity) = seat.says("pgstat activity db-main") else { return };
    let last = activity.lines().find(|l| l.contains("connections in use")).and_then(|l| number(l.split(' ').next()?));
    close(wrong, "connections", ("pgstat", last), ("series", Some(used_now)), 0.0);
    let Some(host) = seat.session.scenario.world.stores["db-main"].members.get(primary).and_then(|m| m.host.clone())
    else {
        return;
    };
    let count =
        "select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'";
    let said = seat.says(&format!("psql -h {host} -Atc \"{count}\""));
    if let Some(n) = said.and_then(|s| s.trim().parse::<f64>().ok()) {
        close(wrong, "sessions", ("psql", Some(n)), ("series", Some(used_now)), 0.0);
    }
    let Some(tables) = seat.says(&format!("psql -h {host} -Atc 'select relname, n_live_tup from pg_stat_user_tables'"))
    else {
        return;
    };
    let rows = numbers(seat, &format!("pg_stat_user_tables_n_live_tup{{instance=\"{primary}\"}}"), "relname");
    for (name, n) in tables.lines().filter_map(|l| l.split_once('|')) {
        close(wrong, name, ("psql", number(n)), ("series", rows.get(name).copied()), 0.0);
    }
}

/// `queue list`, `queue show` and the series of queues.
pub fn queues(seat: &Seat, wrong: &mut Wrong) {
    let Some(list) = seat.says("queue list") else { return };
    let ready = numbers(seat, "rabbitmq_queue_messages_ready", "queue");
    let unacked = numbers(seat, "rabbitmq_queue_messages_unacked", "queue");
    let own = numbers(seat, "queue_depth", "queue");
    for row in table(&list).iter().filter(|r| r.len() > 3) {
        let name = row[0].as_str();
        close(wrong, name, ("waiting", number(&row[1])), ("broker", ready.get(name).copied()), 0.0);
        close(wrong, name, ("running", number(&row[2])), ("broker", unacked.get(name).copied()), 0.0);
        close(wrong, name, ("waiting", number(&row[1])), ("exporter", own.get(name).copied()), 0.0);
        let Some(page) = seat.says(&format!("queue show {name}")) else { continue };
        for (word, series) in [
            ("redelivered ", "queue_items_redelivered_total"),
            ("expired ", "queue_items_expired_total"),
            ("rejected ", "queue_items_rejected_total"),
        ] {
            let shown = page.split_once(word).and_then(|(_, rest)| number(rest.split([',', '\n']).next()?));
            let m = numbers(seat, series, "queue").get(name).copied();
            close(wrong, &format!("{name} {word}"), ("tool", shown), ("series", m), 0.0);
        }
        let shown = page.split_once("ready ").and_then(|(_, rest)| number(rest.split(',').next()?));
        close(wrong, name, ("queue list", number(&row[1])), ("queue show", shown), 0.0);
    }
}

/// `dig`, `getent`, `host`, `curl` and the series of records.
pub fn names(seat: &Seat, wrong: &mut Wrong) {
    let scenario = seat.session.scenario.clone();
    let Some(zone) = seat.says("dns list") else { return };
    for (name, n) in numbers(seat, "probe_dns_answer_rrs", "query") {
        let row = table(&zone).into_iter().find(|r| r[0] == name);
        let empty = row.map(|r| r.join(" ").ends_with("(no records)"));
        same(wrong, &name, ("zone has nothing", empty), ("series", Some(n == 0.0)));
    }
    for s in
        scenario.world.services.values().filter(|s| s.dns.ends_with("shop.example") || s.dns.ends_with("annex.example"))
    {
        let name = &s.dns;
        let both = seat.says(&format!("dig +short {name}; echo --; getent hosts {name}"));
        let Some((dig, ent)) = both.as_deref().and_then(|t| t.split_once("--\n")) else { continue };
        let mut dig: Vec<&str> = dig.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())).collect();
        let mut ent: Vec<&str> = ent.lines().filter_map(|l| l.split_whitespace().next()).collect();
        dig.sort_unstable();
        ent.sort_unstable();
        same(wrong, name, ("dig", &dig), ("getent", &ent));
        let line = format!("curl -sk -m 5 -o /dev/null -w '%{{remote_ip}}' https://{name}/; echo \" $?\"");
        let Some(curl) = seat.says(&line) else { continue };
        let (ip, exit) = curl.trim().rsplit_once(' ').unwrap_or(("", curl.trim()));
        if !ip.trim().is_empty() && !dig.contains(&ip.trim()) {
            wrong.push(format!("{name}: curl goes to {ip}, dig says {dig:?}"));
        }
        same(wrong, name, ("curl cannot resolve", exit == "6"), ("dig has nothing", dig.is_empty()));
    }
}

/// The seconds since the epoch of `Jan 10 12:00:00 2024 GMT`.
fn epoch(text: &str) -> Option<f64> {
    let mut w = text.split_whitespace();
    let (month, day, time, year) = (w.next()?, w.next()?.parse::<u32>().ok()?, w.next()?, w.next()?);
    let all = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = all.iter().position(|m| *m == month)? + 1;
    let utc = wheel_of_misfortune::stdx::time::Utc::parse(&format!("{year}-{month:02}-{day:02}T{time}Z"))?;
    Some(utc.0 as f64)
}

/// `openssl`, `cert list`, `curl` and the series of certificates.
pub fn certificates(seat: &Seat, wrong: &mut Wrong) {
    let certs = seat.session.scenario.world.network.certs.clone();
    for (id, cert) in &certs {
        let name = &cert.names[0];
        let line = format!(
            "openssl s_client -connect {name}:443 </dev/null 2>/dev/null | openssl x509 -noout -enddate -checkend 0"
        );
        let Some(said) = seat.says(&line) else { continue };
        let Some(until) = said.lines().find_map(|l| epoch(l.strip_prefix("notAfter=")?)) else { continue };
        let presented = numbers(seat, &format!("ssl_cert_not_after{{cn=\"{name}\"}}"), "instance");
        if !presented.is_empty() && !presented.values().any(|v| *v == until) {
            wrong.push(format!("{id}: openssl says until {until}, the series {presented:?}"));
        }
        let past = said.contains("Certificate will expire");
        let now = seat.session.world().utc().0 as f64;
        same(wrong, id, ("openssl -checkend", past), ("its own date is past", until <= now));
        let Some(list) = seat.says("cert list") else { continue };
        let stored = numbers(seat, &format!("ssl_file_cert_not_after{{cn=\"{name}\"}}"), "cn").values().next().copied();
        let row = list.lines().find(|l| l.split_whitespace().next() == Some(id)).unwrap_or_default();
        let words: Vec<&str> = row.split_whitespace().collect();
        let listed = words
            .get(1..3)
            .and_then(|w| Some(wheel_of_misfortune::stdx::time::Utc::parse(&format!("{}T{}Z", w[0], w[1]))?.0 as f64));
        close(wrong, id, ("cert list", listed), ("series of the file", stored), 0.0);
    }
}

/// `edge rules list` and the series of rules.
pub fn edge(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("edge rules list") else { return };
    let on = numbers(seat, "edge_rule_enabled{edge=\"cdn\"}", "rule");
    for row in table(&said).iter().filter(|r| r.len() > 2) {
        let name = row[0].trim_start_matches("cdn:");
        same(wrong, name, ("edge says on", Some(row[2] == "on")), ("series", on.get(name).map(|v| *v == 1.0)));
    }
}

/// `link list` and the series of links.
pub fn links(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("link list") else { return };
    let oper = numbers(seat, "ifOperStatus", "ifName");
    let loss = numbers(seat, "ping_loss_ratio", "target");
    let offered = numbers(seat, "link_requests_offered_per_second", "target");
    for row in table(&said).iter().filter(|r| r.len() > 6) {
        let name = row[0].as_str();
        same(
            wrong,
            name,
            ("link says up", Some(matches!(row[3].as_str(), "up" | "impaired"))),
            ("series", oper.get(name).map(|v| *v == 1.0)),
        );
        if row[3] == "up" {
            close(wrong, name, ("loss", number(&row[4])), ("series", loss.get(name).map(|v| v * 100.0)), 0.051);
        }
        if let Some(rate) = offered.get(name).filter(|_| row[6].ends_with("/s")) {
            close(wrong, name, ("offered", number(&row[6])), ("series", Some(*rate)), 0.01 * rate + 0.51);
        }
    }
}

/// `config`, `flag`, `deploy` and the series of what changes.
pub fn changes(seat: &Seat, wrong: &mut Wrong) {
    if let Some(flags) = seat.says("flag list") {
        let on = numbers(seat, "feature_flag_enabled_ratio", "flag");
        for row in table(&flags).iter().filter(|r| r.len() > 1) {
            close(wrong, &row[0], ("flag", number(&row[1])), ("series", on.get(&row[0]).map(|v| v * 100.0)), 1e-6);
        }
    }
    if let Some(configs) = seat.says("config list") {
        for row in table(&configs).iter().filter(|r| r.len() > 1) {
            let declared = seat.series(&format!("config_declared_info{{config=\"{}\"}}", row[0]), "version");
            let shares = seat.series(&format!("config_version_ratio{{config=\"{}\"}}", row[0]), "version");
            let known: Vec<&str> = declared.iter().chain(&shares).map(|(v, _)| v.as_str()).collect();
            if !known.contains(&row[1].as_str()) {
                wrong.push(format!("{}: the tool says {}, the series {known:?}", row[0], row[1]));
            }
            let sum: f64 = shares.iter().map(|(_, v)| v).sum();
            close(wrong, &format!("{} readers", row[0]), ("sum", Some(sum)), ("whole", Some(1.0)), 1e-9);
        }
    }
    for service in ["api", "pages"] {
        let Some(said) = seat.says(&format!("deploy status {service}")) else { continue };
        let row = said.lines().find(|l| l.starts_with("production")).unwrap_or_default();
        let shares = seat.series(&format!("service_release_ratio{{service=\"{service}\"}}"), "release");
        for (release, _) in shares.iter().filter(|(_, v)| *v > 0.0) {
            if !row.contains(release.as_str()) {
                wrong.push(format!("{service}: some of it runs {release} by its series, the tool says {row}"));
            }
        }
        let Some(status) = seat.says("status") else { continue };
        let shown = table(&status).into_iter().find(|r| r[0] == service).and_then(|r| r.get(2).cloned());
        if let Some(release) = shown
            && !row.contains(&release)
        {
            wrong.push(format!("{service}: status shows {release}, deploy {row}"));
        }
    }
}

/// `vendor status` and the series of status pages.
pub fn vendors(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("vendor status") else { return };
    for (vendor, code) in numbers(seat, "statuspage_component", "service") {
        let row = said.lines().find(|l| l.starts_with(&vendor)).unwrap_or_default();
        same(wrong, &vendor, ("operational", row.contains("All Systems Operational")), ("series", code == 1.0));
    }
}

/// `cache status` and the series of caches.
pub fn caches(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("cache status") else { return };
    let keys = numbers(seat, "redis_db_keys", "instance");
    let services = seat.session.scenario.world.services.clone();
    for row in table(&said).iter().filter(|r| r.len() > 1) {
        let Some(wheel_of_misfortune::scenario::ServiceKind::Cache(c)) = services.get(&row[0]).map(|s| &s.kind) else {
            continue;
        };
        let held = keys.get(&row[0]).map(|k| k / c.objects as f64 * 100.0);
        if held.is_some() {
            close(wrong, &row[0], ("filled", number(&row[1])), ("keys", held), 1.0);
        }
    }
}
