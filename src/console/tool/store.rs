//! pg_isready, repl, pg_ctl, backup, pgstat, vacuumdb, pg_amcheck, store: data stores seen and mended.

use super::store_admin::{amcheck, backup, ctl, store_tool, vacuum};
use crate::console::host::NameKind;
use crate::console::text_format::human;
use crate::console::tool::job::{begin_job, wait_job};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::{ObservedKind, StoreEngine};
use crate::sim::effect::{Applied, Effect, StoreAct, StoreEffect};
use crate::sim::store::{MemberRow, StoreInfo};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "pg_isready",
        synopsis: "[-h HOST]",
        about: "check the connection status of a PostgreSQL server",
        opts: &[value("h", "host", "HOST", "database server host"), value("p", "port", "PORT", "database server port")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[
            ("pg_isready -h db-1", "db-1:5432 - accepting connections\n"),
            ("pg_isready -h nope", "nope:5432 - no response\n"),
        ],
        step: isready,
        ..Decl::BLANK
    },
    Decl {
        name: "repl",
        synopsis: "status|slots [STORE] | rebuild|switchover|drop-slot STORE MEMBER",
        about: "look at the replication of a data store, copy a member anew, hand the primary over",
        opts: &[],
        subs: &["drop-slot", "rebuild", "slots", "status", "switchover"],
        operand: Operand::Name(NameKind::Store),
        style: Style::Plain,
        examples: &[
            (
                "repl status db-main",
                " member |  role   |   state   | timeline |  sent_lsn   | replay_lsn  | lag_bytes | replay_lag | diverged\n--------+---------+-----------+----------+-------------+-------------+-----------+------------+----------\n db-1   | primary | primary   |        1 | 16/2710000  | 16/2710000  |         0 |   00:00:00 |        0\n db-2   | replica | streaming |        1 | 16/2710000  | 16/2710000  |         0 |   00:00:00 |        0\n(2 rows)\n",
            ),
            ("repl rebuild db-main db-9", "repl: db-main has no member 'db-9'\n"),
        ],
        step: repl,
        ..Decl::BLANK
    },
    Decl {
        name: "pg_ctl",
        synopsis: "promote -D DATADIR",
        about: "promote the standby server whose data directory it is",
        opts: &[value("D", "pgdata", "DATADIR", "location of the database storage area")],
        subs: &["promote"],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("pg_ctl promote -D /nowhere", "pg_ctl: directory \"/nowhere\" does not exist\n")],
        step: ctl,
        ..Decl::BLANK
    },
    Decl {
        name: "backup",
        synopsis: "list|take [STORE] | verify STORE ID | restore STORE ID --into MEMBER [--until TIME] [--yes]",
        about: "list, take, verify and restore backups of a data store",
        opts: &[
            value("", "into", "MEMBER", "member whose data is replaced (restore)"),
            value("", "until", "TIME", "replay archived log up to this time: `5m`, `12:10` (restore)"),
            flag("", "yes", "do it; without this only what would happen is printed (restore)"),
        ],
        subs: &["list", "restore", "take", "verify"],
        operand: Operand::Name(NameKind::Store),
        style: Style::Plain,
        examples: &[
            (
                "backup list db-main",
                "ID            TAKEN                 KIND         SIZE  STATUS     VERIFIED  PLACE\ndump-good     2023-07-20T06:18:00Z  dump         9.4G  completed  never     s3://backups/db\ndump-empty    2023-07-20T11:18:00Z  dump         1.3K  completed  never     s3://backups/db\n",
            ),
            (
                "backup restore db-main dump-good --into db-1",
                "This removes the data of db-1 (38G) and replaces it by dump-good of 2023-07-20T06:18:00Z.\n5000 writes since then will be gone. Run it again with --yes to do it.\n",
            ),
        ],
        step: backup,
        ..Decl::BLANK
    },
    Decl {
        name: "pgstat",
        synopsis: "activity|locks|tables|progress [STORE] | kill PID | kill-idle CLIENT",
        about: "show sessions, locks, tables and running work of a PostgreSQL server; end sessions",
        opts: &[],
        subs: &["activity", "kill", "kill-idle", "locks", "progress", "tables"],
        operand: Operand::Name(NameKind::Store),
        style: Style::Plain,
        examples: &[
            (
                "pgstat tables db-main",
                " relname | size  | n_live_tup | age(relfrozenxid) | last_analyze\n---------+-------+------------+-------------------+--------------\n events  |   28G |    3000000 |          30000000 | yes\n orders  |  1.0M |       2000 |          30000000 | yes\n users   |  9.4G |    1000000 |          30000000 | yes\n(3 rows)\n",
            ),
            ("pgstat kill 1", "pgstat: WARNING:  PID 1 is not a PostgreSQL backend process\n"),
        ],
        step: stat,
        ..Decl::BLANK
    },
    Decl {
        name: "vacuumdb",
        synopsis: "[-fzZ] [-t TABLE] [DBNAME]",
        about: "garbage-collect and analyze a PostgreSQL database",
        opts: &[
            flag("f", "full", "do full vacuuming (an exclusive lock on the table)"),
            flag("z", "analyze", "update optimizer statistics"),
            flag("Z", "analyze-only", "only update optimizer statistics; no vacuum"),
            flag("F", "freeze", "freeze row transaction information"),
            flag("v", "verbose", "write a lot of output"),
            value("t", "table", "TABLE", "vacuum specific table only"),
            value("h", "host", "HOST", "database server host"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("vacuumdb -t nope app", "vacuumdb: error: ERROR:  relation \"nope\" does not exist\n")],
        step: vacuum,
        ..Decl::BLANK
    },
    Decl {
        name: "pg_amcheck",
        synopsis: "[-t TABLE] [DBNAME]",
        about: "check for corruption in a PostgreSQL database",
        opts: &[
            value("t", "table", "TABLE", "check specific table only"),
            value("h", "host", "HOST", "database server host"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("pg_amcheck -t nope app", "pg_amcheck: error: ERROR:  relation \"nope\" does not exist\n")],
        step: amcheck,
        ..Decl::BLANK
    },
    Decl {
        name: "store",
        synopsis: "status [STORE] | set STORE max_connections N | read-only STORE on|off | truncate STORE TABLE | repair STORE TABLE --from ID",
        about: "look at a data store as a whole, and change what no other tool changes",
        opts: &[value("", "from", "ID", "backup from which rows are put back (repair)")],
        subs: &["read-only", "repair", "set", "status", "truncate"],
        operand: Operand::Name(NameKind::Store),
        style: Style::Plain,
        examples: &[(
            "store status",
            "STORE        STATE         PRIMARY   CONNECTIONS  XID AGE      SIZE   LOST\ndb-main      ok            db-1           20/100  30000000       38G      0\ndb-shop      ok            my-1           20/100  30000000      955M      0\n",
        )],
        step: store_tool,
        ..Decl::BLANK
    },
];

/// Marks a refusal that begins with the tool's name already.
pub(super) const BARE: &str = "-";

pub(super) fn usage(c: &mut Ctx<'_>) -> Step {
    let synopsis = crate::console::tool::find(&c.tool.name).map_or("", |d| d.synopsis);
    let line = format!("usage: {} {synopsis}\n", c.tool.name);
    c.p.err.push_str(&line);
    Step::Exit(2)
}

/// Tools that only know PostgreSQL.
const POSTGRES: [&str; 4] = ["patronictl", "pg_amcheck", "pgstat", "vacuumdb"];

/// The store that is named: by its own name or its database's; if nothing is named, the one of this host, or the only one.
pub(super) fn find(c: &mut Ctx<'_>, name: Option<&str>) -> Option<StoreInfo> {
    let mut all = c.host.stores();
    if POSTGRES.contains(&c.tool.name.as_str()) {
        all.retain(|s| s.engine == StoreEngine::PostgreSql);
    }
    let on = c.on();
    let here = |s: &StoreInfo| s.members.iter().any(|m| m.host.as_deref() == Some(on.as_str()));
    let found = match name {
        Some(n) => all.iter().find(|s| s.name == n || s.database == n),
        None => all.iter().find(|s| here(s)).or(if all.len() == 1 { all.first() } else { None }),
    };
    let found = found.cloned();
    match (&found, name) {
        (Some(s), _) => c.see(ObservedKind::Process, s.name.clone(), Some(s.service.clone())),
        (None, Some(n)) => c.error(&format!("no store '{n}'")),
        (None, None) if all.is_empty() => c.error("there is no data store here"),
        (None, None) => {
            let known: Vec<&str> = all.iter().map(|s| s.name.as_str()).collect();
            c.error(&format!("name a store: {}", known.join(" ")));
        }
    }
    found
}

/// Asks the store for something and waits for its job, if it is one; `prefix` goes before what the server says.
pub(super) fn ask(c: &mut Ctx<'_>, store: &str, part: &str, verb: &str, act: StoreAct, prefix: &str) -> Step {
    let target = if part.is_empty() { store.to_owned() } else { format!("{store}:{part}") };
    let effect = Effect::Store(StoreEffect { store: store.to_owned(), act });
    match c.apply(&effect, verb, &target) {
        Ok(Applied::Now) => Step::Exit(0),
        Ok(Applied::Job { job, seconds }) => {
            let what = format!("{target}: {verb}");
            begin_job(c, job, &what, &format!("{what} begun: job {job}, about {seconds}s"))
        }
        Err(why) => {
            let said = match prefix {
                "" => format!("{}: {why}\n", c.tool.name),
                BARE => format!("{why}\n"),
                _ => format!("{prefix}{why}\n"),
            };
            c.p.err.push_str(&said);
            Step::Exit(1)
        }
    }
}

/// `hh:mm:ss` of seconds.
pub(super) fn span(s: u64) -> String {
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// Rows under a head, as psql prints them; columns whose head begins with `>` are to the right.
pub(super) fn table(c: &mut Ctx<'_>, head: &[&str], rows: &[Vec<String>]) {
    let name = |h: &str| h.trim_start_matches('>').to_owned();
    let width = |i: usize| {
        let cells = rows.iter().filter_map(|r| r.get(i)).map(|t| t.chars().count());
        cells.chain(head.get(i).map(|h| name(h).chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let titles = head.iter().zip(&widths).map(|(h, w)| format!(" {:^w$} ", name(h), w = *w)).collect::<Vec<_>>();
    c.line(titles.join("|").trim_end());
    let line = |cells: Vec<String>, right: &dyn Fn(usize) -> bool| {
        let cells = cells.into_iter().zip(&widths).enumerate().map(|(i, (t, w))| {
            let w = *w;
            if right(i) { format!(" {t:>w$} ") } else { format!(" {t:<w$} ") }
        });
        cells.collect::<Vec<_>>().join("|").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|w| "-".repeat(w + 2)).collect();
    c.line(&rule.join("+"));
    for row in rows {
        let text = line(row.clone(), &|i| head.get(i).is_some_and(|h| h.starts_with('>')));
        c.line(&text);
    }
    c.line(&format!("({} row{})", rows.len(), if rows.len() == 1 { "" } else { "s" }));
}

fn isready(c: &mut Ctx<'_>) -> Step {
    let host = c.args.get("h").map(str::to_owned);
    let name = host.clone().unwrap_or_else(|| c.on());
    let is = |m: &MemberRow| m.host.as_deref() == Some(name.as_str()) || m.name == name;
    let mut stores = c.host.stores();
    stores.retain(|s| s.engine == StoreEngine::PostgreSql);
    let found = stores.iter().find_map(|s| s.members.iter().find(|m| is(m)).map(|m| (s, m)));
    let place = if host.is_some() { name.clone() } else { "/var/run/postgresql".to_owned() };
    let Some((s, m)) = found.filter(|(_, m)| m.up) else {
        if let Some((s, _)) = found {
            c.see(ObservedKind::Process, s.name.clone(), Some(s.service.clone()));
        }
        c.line(&format!("{place}:5432 - no response"));
        return Step::Exit(2);
    };
    c.see(ObservedKind::Process, s.name.clone(), Some(s.service.clone()));
    let starting = s.refusal.as_deref().is_some_and(|r| r.contains("starting up")) && m.leader;
    c.line(&format!("{place}:5432 - {} connections", if starting { "rejecting" } else { "accepting" }));
    Step::Exit(i32::from(starting))
}

fn repl(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let Some(verb) = a.at(0) else { return usage(c) };
    let Some(s) = find(c, a.at(1)) else { return Step::Exit(1) };
    let member = a.at(2).map(str::to_owned);
    if let Some(m) = &member
        && !s.members.iter().any(|x| x.name == *m)
    {
        c.error(&format!("{} has no member '{m}'", s.name));
        return Step::Exit(1);
    }
    match (verb, member) {
        ("status", None) => {
            let role = |m: &MemberRow| if m.leader || m.accepts { "primary" } else { "replica" }.to_owned();
            let rows: Vec<Vec<String>> = s
                .members
                .iter()
                .map(|m| {
                    let (sent, replay) = (format!("{:<11}", m.received_lsn), format!("{:<11}", m.applied_lsn));
                    let lag = (m.lag_bytes.to_string(), span(m.lag_s));
                    vec![
                        m.name.clone(),
                        role(m),
                        m.state.to_owned(),
                        m.timeline.to_string(),
                        sent,
                        replay,
                        lag.0,
                        lag.1,
                        m.diverged.to_string(),
                    ]
                })
                .collect();
            let head = [
                "member",
                "role",
                "state",
                ">timeline",
                "sent_lsn",
                "replay_lsn",
                ">lag_bytes",
                ">replay_lag",
                ">diverged",
            ];
            table(c, &head, &rows);
            Step::Exit(0)
        }
        ("slots", None) => {
            let slot = |m: &&MemberRow| m.slot_bytes.is_some() || m.slot_lost;
            let rows: Vec<Vec<String>> = s
                .members
                .iter()
                .filter(slot)
                .map(|m| {
                    let held = m.slot_bytes.map_or("-".to_owned(), human);
                    let active = if m.state == "streaming" || m.state == "catchup" { "t" } else { "f" };
                    let status = if m.slot_lost { "lost" } else { "extended" };
                    vec![m.name.replace('-', "_"), active.to_owned(), status.to_owned(), held]
                })
                .collect();
            table(c, &["slot_name", "active", "wal_status", ">retained"], &rows);
            Step::Exit(0)
        }
        ("rebuild", Some(m)) => ask(c, &s.name, &m, "rebuild", StoreAct::Rebuild { member: m.clone(), wipe: true }, ""),
        ("switchover", Some(m)) => ask(c, &s.name, &m, "switchover", StoreAct::Switchover { member: m.clone() }, ""),
        ("drop-slot", Some(m)) => ask(c, &s.name, &m, "drop_slot", StoreAct::DropSlot { member: m.clone() }, ""),
        _ => usage(c),
    }
}

fn stat(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(verb) = a.at(0) else { return usage(c) };
    if let ("kill" | "kill-idle", Some(what)) = (verb, a.at(1)) {
        let Some(s) = find(c, a.at(2)) else { return Step::Exit(1) };
        let act = match (verb, what.parse()) {
            ("kill", Ok(pid)) => StoreAct::Terminate { pid },
            ("kill-idle", _) => StoreAct::TerminateIdle { client: what.to_owned() },
            _ => return usage(c),
        };
        return ask(c, &s.name, what, "terminate", act, "");
    }
    let Some(s) = find(c, a.at(1)) else { return Step::Exit(1) };
    let now = c.host.utc();
    let age = |since: crate::stdx::time::Utc| span(u64::try_from(now.0.saturating_sub(since.0)).unwrap_or(0));
    match verb {
        "activity" => {
            let rows: Vec<Vec<String>> = s
                .activity
                .iter()
                .map(|r| {
                    let cells =
                        [r.client.clone(), r.state.to_owned(), r.wait.to_owned(), age(r.since), r.query.clone()];
                    [r.pid.to_string(), r.count.to_string()].into_iter().chain(cells).collect()
                })
                .collect();
            table(c, &[">pid", ">sessions", "client", "state", "wait_event_type", ">age", "query"], &rows);
            let used = s.metrics.connections;
            c.line(&format!("{used} of {} connections in use, {} reserved", s.metrics.max_connections, s.reserved));
        }
        "locks" => {
            let rows: Vec<Vec<String>> = s
                .locks
                .iter()
                .map(|l| {
                    vec![l.pid.to_string(), l.table.clone(), l.waiting.to_string(), age(l.since), l.statement.clone()]
                })
                .collect();
            table(c, &[">blocking_pid", "relation", ">waiting", ">held", "statement"], &rows);
        }
        "tables" => {
            let rows: Vec<Vec<String>> = s
                .tables
                .iter()
                .map(|t| {
                    let analyzed = if t.analyzed { "yes" } else { "never" };
                    let size = format!("{:>5}", human(t.bytes));
                    vec![t.name.clone(), size, t.rows.to_string(), t.xid_age.to_string(), analyzed.to_owned()]
                })
                .collect();
            table(c, &["relname", "size", ">n_live_tup", ">age(relfrozenxid)", "last_analyze"], &rows);
        }
        "progress" => {
            let rows: Vec<Vec<String>> = s
                .work
                .iter()
                .map(|w| {
                    let percent = w.done.saturating_mul(100).checked_div(w.total).unwrap_or(100);
                    let left = if w.waits { "-".to_owned() } else { span(w.left_s) };
                    vec![w.job.to_string(), w.what.clone(), human(w.done), human(w.total), format!("{percent}%"), left]
                })
                .collect();
            table(c, &[">job", "what", ">done", ">total", ">percent", ">left"], &rows);
        }
        _ => return usage(c),
    }
    Step::Exit(0)
}
