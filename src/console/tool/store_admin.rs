//! What a database administrator types to change a data store: promotion, copies, backups, vacuum, checks, settings.

use super::store::{BARE, ask, find, usage};
use crate::console::text_format::human;
use crate::console::tool::job::wait_job;
use crate::console::tool::journal::moment;
use crate::console::tool::{Ctx, Step};
use crate::scenario::StoreEngine;
use crate::sim::effect::StoreAct;
use crate::sim::store::{MemberRow, StoreInfo};

/// The member whose data directory this is on this host.
pub(super) fn member_here(c: &Ctx<'_>, data: &str) -> Option<(StoreInfo, MemberRow)> {
    let (on, data) = (c.on(), data.trim_end_matches('/').to_owned());
    let here = |m: &&MemberRow| m.host.as_deref() == Some(on.as_str()) && m.data == data;
    c.host.stores().into_iter().filter(|s| s.engine == StoreEngine::PostgreSql).find_map(|s| {
        let m = s.members.iter().find(here).cloned()?;
        Some((s, m))
    })
}

pub(super) fn ctl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (Some("promote"), Some(data)) = (a.at(0), a.get("D")) else {
        c.p.err.push_str("pg_ctl: no operation specified\nTry \"pg_ctl --help\" for more information.\n");
        return Step::Exit(1);
    };
    let Some((s, m)) = member_here(c, data) else {
        c.p.err.push_str(&format!("pg_ctl: directory \"{data}\" does not exist\n"));
        return Step::Exit(1);
    };
    match ask(c, &s.name, &m.name, "failover", StoreAct::Promote { member: m.name.clone() }, BARE) {
        Step::Exit(0) => {
            c.line("waiting for server to promote.... done\nserver promoted");
            Step::Exit(0)
        }
        other => other,
    }
}

pub(super) fn backup(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let Some(verb) = a.at(0) else { return usage(c) };
    let Some(s) = find(c, a.at(1)) else { return Step::Exit(1) };
    match (verb, a.at(2)) {
        ("list", None) => {
            c.line("ID            TAKEN                 KIND         SIZE  STATUS     VERIFIED  PLACE");
            for b in &s.backups {
                let status = if b.claimed { "completed" } else { "failed" };
                let verified = b.verified.map_or("never", |ok| if ok { "ok" } else { "failed" });
                let (at, size) = (b.at.iso(), human(b.bytes));
                c.line(&format!(
                    "{:<13} {at:<21} {:<9} {size:>7}  {status:<10} {verified:<9} {}",
                    b.id, b.kind, b.place
                ));
            }
            Step::Exit(0)
        }
        ("take", None) => ask(c, &s.name, "", "backup", StoreAct::Backup, ""),
        ("verify", Some(id)) => {
            let act = StoreAct::Verify { backup: id.to_owned() };
            ask(c, &s.name, id, "verify", act, "")
        }
        ("restore", Some(id)) => {
            let Some(member) = a.get("into") else { return usage(c) };
            let (Some(m), Some(b)) =
                (s.members.iter().find(|m| m.name == member), s.backups.iter().find(|b| b.id == id))
            else {
                c.error(&format!("{} has no such backup or member", s.name));
                return Step::Exit(1);
            };
            let until = a.get("until").map(|t| moment(t, c.host.utc()));
            if until == Some(None) {
                c.error("--until takes a time such as 5m or 12:10");
                return Step::Exit(1);
            }
            if !a.has("yes") {
                let (size, at) = (human(s.metrics.data_bytes), b.at.iso());
                c.line(&format!("This removes the data of {} ({size}) and replaces it by {id} of {at}.", m.name));
                if until.is_none() {
                    c.line(&format!("{} writes since then will be gone. Run it again with --yes to do it.", b.behind));
                } else {
                    c.line("Archived log is replayed up to that time. Run it again with --yes to do it.");
                }
                return Step::Exit(0);
            }
            let act = StoreAct::Restore { backup: id.to_owned(), member: member.to_owned(), until: until.flatten() };
            ask(c, &s.name, member, "restore", act, "")
        }
        _ => usage(c),
    }
}

pub(super) fn vacuum(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let Some(s) = find(c, a.at(0)) else { return Step::Exit(1) };
    let table = a.get("t").map(str::to_owned);
    let part = table.clone().unwrap_or_default();
    if a.has("Z") {
        return ask(c, &s.name, &part, "analyze", StoreAct::Analyze { table }, "vacuumdb: error: ");
    }
    if a.has("z") {
        // Statistics are gathered beside it; the vacuum is what is waited for.
        let effect =
            crate::sim::effect::StoreEffect { store: s.name.clone(), act: StoreAct::Analyze { table: table.clone() } };
        if let Err(why) = c.apply(&crate::sim::effect::Effect::Store(effect), "analyze", &s.name) {
            c.p.err.push_str(&format!("vacuumdb: error: {why}\n"));
            return Step::Exit(1);
        }
    }
    ask(c, &s.name, &part, "vacuum", StoreAct::Vacuum { table, full: a.has("f") }, "vacuumdb: error: ")
}

pub(super) fn amcheck(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if c.tool.job.is_none() {
        let Some(s) = find(c, a.at(0)) else { return Step::Exit(1) };
        let table = a.get("t").map(str::to_owned);
        let part = table.clone().unwrap_or_default();
        return ask(c, &s.name, &part, "check", StoreAct::Check { table }, "pg_amcheck: error: ");
    }
    let step = wait_job(c);
    if !matches!(step, Step::Exit(0)) {
        return step;
    }
    let Some(s) = find(c, a.at(0)) else { return Step::Exit(1) };
    let mut bad = false;
    for t in s.tables.iter().filter(|t| a.get("t").is_none_or(|n| n == t.name)) {
        let Some((_, wrong)) = t.found.filter(|f| f.1 > 0) else { continue };
        bad = true;
        c.line(&format!("heap table \"{}.public.{}\": {wrong} rows do not match their checksum", s.database, t.name));
    }
    Step::Exit(if bad { 2 } else { 0 })
}

pub(super) fn store_tool(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let Some(verb) = a.at(0) else { return usage(c) };
    if let ("status", None) = (verb, a.at(2)) {
        let all = match a.at(1) {
            Some(name) => find(c, Some(name)).into_iter().collect(),
            None => c.host.stores(),
        };
        return status(c, &all);
    }
    let Some(s) = find(c, a.at(1)) else { return Step::Exit(1) };
    match (verb, a.at(2), a.at(3)) {
        ("set", Some("max_connections"), Some(n)) => {
            let Ok(most) = n.parse() else { return usage(c) };
            ask(c, &s.name, "", "configure", StoreAct::MaxConnections { most }, "")
        }
        ("read-only", Some(on @ ("on" | "off")), None) => {
            ask(c, &s.name, "", "read_only", StoreAct::ReadOnly { on: on == "on" }, "")
        }
        ("truncate", Some(t), None) => ask(c, &s.name, t, "truncate", StoreAct::Truncate { table: t.to_owned() }, ""),
        ("repair", Some(t), None) => {
            let Some(backup) = a.get("from").map(str::to_owned) else { return usage(c) };
            ask(c, &s.name, t, "repair", StoreAct::Repair { table: t.to_owned(), backup }, "")
        }
        _ => usage(c),
    }
}

fn status(c: &mut Ctx<'_>, all: &[StoreInfo]) -> Step {
    if all.is_empty() && c.args.at(1).is_some() {
        return Step::Exit(1);
    }
    c.line("STORE        STATE         PRIMARY   CONNECTIONS  XID AGE      SIZE   LOST");
    for s in all {
        c.see(crate::scenario::ObservedKind::Process, s.name.clone(), Some(s.service.clone()));
        let primaries: Vec<&str> = s.members.iter().filter(|m| m.accepts).map(|m| m.name.as_str()).collect();
        let primary = if primaries.is_empty() { "-".to_owned() } else { primaries.join(",") };
        let m = &s.metrics;
        let used = format!("{}/{}", m.connections, m.max_connections);
        let size = human(m.data_bytes);
        c.line(&format!(
            "{:<12} {:<13} {primary:<9} {used:>11}  {:>8}  {size:>8} {:>6}",
            s.name, s.state, m.xid_age, m.lost_total
        ));
    }
    let waits: Vec<&StoreInfo> = all.iter().filter(|s| s.refusal.is_some()).collect();
    for s in waits {
        c.line(&format!("{}: {}", s.name, s.refusal.as_deref().unwrap_or_default()));
    }
    Step::Exit(0)
}
