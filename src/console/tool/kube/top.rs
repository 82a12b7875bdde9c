//! `kubectl top`: what nodes and pods use now.

use super::object::is_ready;
use super::words::{selects, table};
use super::{Call, kind};
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{}%", (part / whole * 100.0) as u64) } else { "0%".to_owned() }
}

/// The verb.
pub(super) fn top(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some(k) = call.words.at(0).and_then(kind::find) else {
        return call.fail(c, "error: unknown command for \"kubectl top\"; there are node and pod");
    };
    let only: Vec<&String> = call.words.rest.iter().skip(1).collect();
    let mut rows: Vec<(f64, f64, Vec<String>)> = Vec::new();
    let heads: &[&str] = match k.plural {
        "nodes" => {
            for n in call.cluster.nodes.iter().filter(|n| only.is_empty() || only.contains(&&n.name)) {
                let service = c.host.service_of(&n.name);
                c.see(ObservedKind::Host, n.name.clone(), service);
                let u = &n.usage;
                let mut row = vec![n.name.clone()];
                if is_ready(n) {
                    row.push(format!("{}m", (u.busy * 1e3).round() as u64));
                    row.push(percent(u.busy, u.cores));
                    row.push(format!("{}Mi", u.memory_used >> 20));
                    row.push(percent(u.memory_used as f64, u.memory as f64));
                } else {
                    row.extend(["<unknown>"; 4].map(str::to_owned));
                }
                rows.push((u.busy, u.memory_used as f64, row));
            }
            &["NAME", "CPU(cores)", "CPU%", "MEMORY(bytes)", "MEMORY%"]
        }
        "pods" => {
            let (here, all) = (call.space() == "default", call.words.has("all-namespaces"));
            for d in call.cluster.deployments.iter().filter(|_| here || all) {
                for p in d.view.pods.iter().filter(|p| p.memory > 0 && !p.lost) {
                    let label = |name: &str| match name {
                        "app" => Some(d.view.name.clone()),
                        "pod-template-hash" => Some(p.hash.clone()),
                        _ => None,
                    };
                    let fits = call.words.get("selector").map_or(Ok(true), |s| selects(s, &label));
                    match fits {
                        Ok(true) if only.is_empty() || only.contains(&&p.name) => {}
                        Ok(_) => continue,
                        Err(why) => return call.fail(c, &why),
                    }
                    c.see(ObservedKind::Process, d.view.name.clone(), Some(d.view.name.clone()));
                    let mut row = if all { vec!["default".to_owned()] } else { Vec::new() };
                    row.push(p.name.clone());
                    if call.words.has("containers") {
                        row.push(d.view.name.clone());
                    }
                    row.push(format!("{}m", (p.cores * 1e3).round() as u64));
                    row.push(format!("{}Mi", p.memory >> 20));
                    rows.push((p.cores, p.memory as f64, row));
                }
            }
            match (call.words.has("containers"), all) {
                (true, false) => &["POD", "NAME", "CPU(cores)", "MEMORY(bytes)"],
                (true, true) => &["NAMESPACE", "POD", "NAME", "CPU(cores)", "MEMORY(bytes)"],
                (false, true) => &["NAMESPACE", "NAME", "CPU(cores)", "MEMORY(bytes)"],
                (false, false) => &["NAME", "CPU(cores)", "MEMORY(bytes)"],
            }
        }
        other => return call.fail(c, &format!("error: unknown command \"{other}\" for \"kubectl top\"")),
    };
    if let Some(name) = only.iter().find(|n| !rows.iter().any(|(_, _, r)| r.contains(n))) {
        let why = format!("Error from server (NotFound): {} \"{name}\" not found", k.full());
        return call.fail(c, &why);
    }
    match call.words.get("sort-by") {
        Some("cpu") => rows.sort_by(|a, b| b.0.total_cmp(&a.0)),
        Some("memory") => rows.sort_by(|a, b| b.1.total_cmp(&a.1)),
        Some(_) => return call.fail(c, "error: --sort-by accepts only cpu or memory"),
        None => rows.sort_by(|a, b| a.2.cmp(&b.2)),
    }
    if rows.is_empty() {
        c.p.err.push_str(&format!("No resources found in {} namespace.\n", call.space()));
        return Step::Exit(0);
    }
    let mut all: Vec<Vec<String>> = Vec::new();
    if !call.words.has("no-headers") {
        all.push(heads.iter().map(|h| (*h).to_owned()).collect());
    }
    all.extend(rows.into_iter().map(|r| r.2));
    c.print(&table(&all));
    Step::Exit(0)
}
