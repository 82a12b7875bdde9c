//! The relations of a server, built from the world: the catalogue, what it measures of itself, and the application's tables.

mod application;
mod schema;

pub(in crate::console::tool::data) use application::{columns, rows_of};

use super::value::{Ty, micros};
use crate::sim::store::{MemberRow, StoreInfo};
use crate::stdx::time::Utc;
use rusqlite::types::Value;

/// The first object id of what users made.
const FIRST_OID: i64 = 16_384;

/// A server as a client that is connected to it sees it.
#[derive(Clone, Debug)]
pub(in crate::console::tool::data) struct Server {
    /// Its store.
    pub info: StoreInfo,
    /// The member that answers.
    pub member: MemberRow,
    /// Addresses by member, as far as names resolve.
    pub addresses: Vec<(String, String)>,
    /// Now.
    pub now: Utc,
    /// Role of the client.
    pub role: String,
    /// Where the client is.
    pub client: Option<String>,
}

/// A relation with its rows.
pub(super) struct Relation {
    pub name: &'static str,
    pub columns: Vec<(&'static str, Ty)>,
    pub rows: Vec<Vec<Value>>,
}

fn text(s: impl Into<String>) -> Value {
    Value::Text(s.into())
}

fn int(n: u64) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

fn some<T>(v: Option<T>, f: impl FnOnce(T) -> Value) -> Value {
    v.map_or(Value::Null, f)
}

const fn flag(b: bool) -> Value {
    Value::Integer(b as i64)
}

impl Server {
    /// Whether the member replays another one's log.
    pub fn standby(&self) -> bool {
        !self.member.accepts
    }

    /// Whether the role may do everything.
    pub fn superuser(&self) -> bool {
        self.role == "postgres"
    }

    /// The newest transaction id.
    pub(super) fn xid(&self) -> i64 {
        let age = self.info.metrics.xid_age.saturating_add(self.info.metrics.writes_total);
        i64::try_from(age).unwrap_or(i64::MAX).saturating_add(731)
    }

    fn frozen(&self, age: u64) -> Value {
        Value::Integer(self.xid() - i64::try_from(age).unwrap_or(0))
    }

    fn address(&self, member: &str) -> Value {
        some(self.addresses.iter().find(|(m, _)| m == member), |(_, a)| text(a))
    }

    /// Object id of a table.
    pub fn oid(at: usize) -> i64 {
        FIRST_OID + 16 + 6 * i64::try_from(at).unwrap_or(0)
    }

    /// Every relation but the application's; `statement` is the one that is running.
    pub(super) fn relations(&self, statement: &str) -> Vec<Relation> {
        vec![
            self.activity(statement),
            self.replication(),
            self.receiver(),
            self.slots(),
            self.databases(),
            self.database_numbers(),
            self.locks(),
            self.tables(),
            self.classes(),
            self.namespaces(),
            self.table_list(),
            self.settings(),
            self.roles(),
            self.progress(),
            self.schema_tables(),
            self.schema_columns(),
        ]
    }

    /// Columns of a relation of the catalogue.
    pub fn columns_of(&self, name: &str) -> Option<Vec<(&'static str, Ty)>> {
        self.relations("").into_iter().find(|r| r.name == name).map(|r| r.columns)
    }

    fn activity(&self, statement: &str) -> Relation {
        use Ty::{Int, Moment, Text};
        let columns = vec![
            ("datid", Int),
            ("datname", Text),
            ("pid", Int),
            ("leader_pid", Int),
            ("usesysid", Int),
            ("usename", Text),
            ("application_name", Text),
            ("client_addr", Text),
            ("client_hostname", Text),
            ("client_port", Int),
            ("backend_start", Moment),
            ("xact_start", Moment),
            ("query_start", Moment),
            ("state_change", Moment),
            ("wait_event_type", Text),
            ("wait_event", Text),
            ("state", Text),
            ("backend_xid", Ty::Xid),
            ("backend_xmin", Ty::Xid),
            ("query_id", Int),
            ("query", Text),
            ("backend_type", Text),
        ];
        // Those that do nothing come last.
        let (mut rows, mut idle) = (Vec::new(), Vec::new());
        let sessions = if self.standby() { &[][..] } else { self.info.activity.as_slice() };
        for a in sessions {
            let since = Value::Integer(micros(a.since));
            let busy = a.state != "idle";
            for k in 0..a.count.min(5_000) {
                let event = match a.wait {
                    "Lock" => text("relation"),
                    "Client" => text("ClientRead"),
                    _ => Value::Null,
                };
                let of = if busy { &mut rows } else { &mut idle };
                of.push(vec![
                    Value::Integer(FIRST_OID),
                    text(&self.info.database),
                    int(u64::from(a.pid) + k),
                    Value::Null,
                    Value::Integer(FIRST_OID + 1),
                    text("app"),
                    text(&a.client),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    since.clone(),
                    if busy { since.clone() } else { Value::Null },
                    since.clone(),
                    since.clone(),
                    if a.wait.is_empty() { Value::Null } else { text(a.wait) },
                    event,
                    text(a.state),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    text(&a.query),
                    text("client backend"),
                ]);
            }
        }
        let own = micros(self.now);
        rows.push(vec![
            Value::Integer(FIRST_OID),
            text(&self.info.database),
            Value::Integer(OWN_PID),
            Value::Null,
            Value::Integer(FIRST_OID + 2),
            text(&self.role),
            text("psql"),
            some(self.client.as_ref(), text),
            Value::Null,
            self.client.as_ref().map_or(Value::Integer(-1), |_| Value::Integer(50_412)),
            Value::Integer(own),
            Value::Integer(own),
            Value::Integer(own),
            Value::Integer(own),
            Value::Null,
            Value::Null,
            text("active"),
            Value::Null,
            Value::Integer(self.xid()),
            Value::Null,
            text(statement),
            text("client backend"),
        ]);
        if !self.standby() {
            for m in self.info.members.iter().filter(|m| !m.leader && matches!(m.state, "streaming" | "catchup")) {
                let mut row = vec![Value::Null; 22];
                for (at, v) in [
                    (2, int(u64::from(m.sender))),
                    (5, text("replicator")),
                    (6, text(&m.name)),
                    (7, self.address(&m.name)),
                    (14, text("Activity")),
                    (15, text("WalSenderMain")),
                    (16, text("active")),
                    (21, text("walsender")),
                    (20, text("START_REPLICATION")),
                ] {
                    if let Some(cell) = row.get_mut(at) {
                        *cell = v;
                    }
                }
                rows.push(row);
            }
        }
        rows.append(&mut idle);
        Relation { name: "pg_stat_activity", columns, rows }
    }

    fn replication(&self) -> Relation {
        use Ty::{Int, Moment, Span, Text};
        let columns = vec![
            ("pid", Int),
            ("usesysid", Int),
            ("usename", Text),
            ("application_name", Text),
            ("client_addr", Text),
            ("client_hostname", Text),
            ("client_port", Int),
            ("backend_start", Moment),
            ("backend_xmin", Ty::Xid),
            ("state", Text),
            ("sent_lsn", Text),
            ("write_lsn", Text),
            ("flush_lsn", Text),
            ("replay_lsn", Text),
            ("write_lag", Span),
            ("flush_lag", Span),
            ("replay_lag", Span),
            ("sync_priority", Int),
            ("sync_state", Text),
            ("reply_time", Moment),
        ];
        let connected = |m: &&MemberRow| !m.leader && matches!(m.state, "streaming" | "catchup" | "rebuilding");
        let rows = self.info.members.iter().filter(connected).filter(|_| !self.standby()).map(|m| {
            let lag = || if m.lag_s == 0 { Value::Null } else { Value::Integer(m.lag_s as i64 * 1_000_000) };
            let state = if m.state == "rebuilding" { "backup" } else { m.state };
            vec![
                int(u64::from(m.sender)),
                Value::Integer(10),
                text("replicator"),
                text(&m.name),
                self.address(&m.name),
                Value::Null,
                Value::Integer(-1),
                Value::Null,
                Value::Null,
                text(state),
                text(&m.received_lsn),
                text(&m.received_lsn),
                text(&m.received_lsn),
                text(&m.applied_lsn),
                lag(),
                lag(),
                lag(),
                Value::Integer(0),
                text("async"),
                Value::Integer(micros(self.now)),
            ]
        });
        Relation { name: "pg_stat_replication", columns, rows: rows.collect() }
    }

    fn receiver(&self) -> Relation {
        use Ty::{Int, Text};
        let columns = vec![
            ("pid", Int),
            ("status", Text),
            ("receive_start_tli", Int),
            ("written_lsn", Text),
            ("flushed_lsn", Text),
            ("received_tli", Int),
            ("slot_name", Text),
            ("sender_host", Text),
            ("sender_port", Int),
        ];
        let m = &self.member;
        let primary = self.info.members.iter().find(|p| p.leader);
        let streams = self.standby() && matches!(m.state, "streaming" | "catchup");
        let row = vec![
            Value::Integer(i64::from(m.sender) + 1),
            text("streaming"),
            int(m.timeline as u64),
            text(&m.received_lsn),
            text(&m.received_lsn),
            int(m.timeline as u64),
            if m.slot_bytes.is_some() { text(m.name.replace('-', "_")) } else { Value::Null },
            some(primary, |p| text(p.host.as_deref().unwrap_or(&p.name))),
            Value::Integer(5432),
        ];
        Relation { name: "pg_stat_wal_receiver", columns, rows: if streams { vec![row] } else { vec![] } }
    }

    fn slots(&self) -> Relation {
        use Ty::{Bool, Int, Text};
        let columns = vec![
            ("slot_name", Text),
            ("plugin", Text),
            ("slot_type", Text),
            ("datoid", Int),
            ("database", Text),
            ("temporary", Bool),
            ("active", Bool),
            ("active_pid", Int),
            ("xmin", Ty::Xid),
            ("catalog_xmin", Ty::Xid),
            ("restart_lsn", Text),
            ("confirmed_flush_lsn", Text),
            ("wal_status", Text),
            ("safe_wal_size", Int),
        ];
        let has = |m: &&MemberRow| (m.slot_bytes.is_some() || m.slot_lost) && !self.standby();
        let rows = self.info.members.iter().filter(has).map(|m| {
            let active = matches!(m.state, "streaming" | "catchup");
            let status = match (m.slot_lost, m.slot_bytes) {
                (true, _) => "lost",
                (_, Some(held)) if held > 1 << 30 => "extended",
                _ => "reserved",
            };
            vec![
                text(m.name.replace('-', "_")),
                Value::Null,
                text("physical"),
                Value::Null,
                Value::Null,
                flag(false),
                flag(active),
                if active { int(u64::from(m.sender)) } else { Value::Null },
                Value::Null,
                Value::Null,
                if m.slot_lost { Value::Null } else { text(&m.received_lsn) },
                Value::Null,
                text(status),
                Value::Null,
            ]
        });
        Relation { name: "pg_replication_slots", columns, rows: rows.collect() }
    }

    fn databases(&self) -> Relation {
        use Ty::{Bool, Int, Text};
        let columns = vec![
            ("oid", Int),
            ("datname", Text),
            ("datdba", Int),
            ("encoding", Int),
            ("datistemplate", Bool),
            ("datallowconn", Bool),
            ("datconnlimit", Int),
            ("datfrozenxid", Ty::Xid),
        ];
        let base = |oid: i64, name: &str, template: bool, open: bool, age: u64| {
            vec![
                Value::Integer(oid),
                text(name),
                Value::Integer(10),
                Value::Integer(6),
                flag(template),
                flag(open),
                Value::Integer(-1),
                self.frozen(age),
            ]
        };
        let age = self.info.metrics.xid_age;
        let rows = vec![
            base(5, "postgres", false, true, age.min(1_000_000)),
            base(FIRST_OID, &self.info.database, false, true, age),
            base(1, "template1", true, true, age.min(1_000_000)),
            base(4, "template0", true, false, age.min(1_000_000)),
        ];
        Relation { name: "pg_database", columns, rows }
    }

    fn database_numbers(&self) -> Relation {
        let columns =
            vec![("datid", Ty::Int), ("datname", Ty::Text), ("numbackends", Ty::Int), ("xact_commit", Ty::Int)];
        let m = &self.info.metrics;
        let used = if self.standby() { 1 } else { m.connections.saturating_add(1) };
        let rows = vec![vec![Value::Integer(FIRST_OID), text(&self.info.database), int(used), int(m.writes_total)]];
        Relation { name: "pg_stat_database", columns, rows }
    }

    fn locks(&self) -> Relation {
        let columns = vec![
            ("locktype", Ty::Text),
            ("database", Ty::Int),
            ("relation", Ty::Int),
            ("pid", Ty::Int),
            ("mode", Ty::Text),
            ("granted", Ty::Bool),
            ("waitstart", Ty::Moment),
        ];
        let oid = |table: &str| {
            some(self.info.tables.iter().position(|t| t.name == table), |at| Value::Integer(Self::oid(at)))
        };
        let mut rows = Vec::new();
        let locks = if self.standby() { &[][..] } else { self.info.locks.as_slice() };
        for l in locks {
            let row = |pid: Value, mode: &str, granted: bool, since: Value| {
                vec![text("relation"), Value::Integer(FIRST_OID), oid(&l.table), pid, text(mode), flag(granted), since]
            };
            rows.push(row(int(u64::from(l.pid)), "AccessExclusiveLock", true, Value::Null));
            let mut left = l.waiting;
            for a in self.info.activity.iter().filter(|a| a.wait == "Lock") {
                for k in 0..a.count.min(left) {
                    let since = Value::Integer(micros(a.since));
                    rows.push(row(int(u64::from(a.pid) + k), "RowExclusiveLock", false, since));
                }
                left = left.saturating_sub(a.count);
            }
        }
        Relation { name: "pg_locks", columns, rows }
    }

    fn tables(&self) -> Relation {
        let columns = vec![
            ("relid", Ty::Int),
            ("schemaname", Ty::Text),
            ("relname", Ty::Text),
            ("n_live_tup", Ty::Int),
            ("last_vacuum", Ty::Moment),
            ("last_autovacuum", Ty::Moment),
            ("last_analyze", Ty::Moment),
            ("last_autoanalyze", Ty::Moment),
        ];
        let rows = self.info.tables.iter().enumerate().map(|(at, t)| {
            let analyzed = if t.analyzed { Value::Integer(micros(Utc(self.now.0 - 7_200))) } else { Value::Null };
            vec![
                Value::Integer(Self::oid(at)),
                text("public"),
                text(&t.name),
                int(t.rows),
                Value::Null,
                Value::Null,
                Value::Null,
                analyzed,
            ]
        });
        Relation { name: "pg_stat_user_tables", columns, rows: rows.collect() }
    }

    /// Settings: name, value, unit, what it is.
    pub fn setting_rows(&self) -> Vec<(&'static str, String, &'static str, &'static str)> {
        let m = &self.info.metrics;
        vec![
            ("archive_mode", "on".into(), "", "Allows archiving of WAL files using archive_command."),
            (
                "default_transaction_read_only",
                if m.writable || self.standby() { "off" } else { "on" }.into(),
                "",
                "Sets the default read-only status of new transactions.",
            ),
            ("hot_standby", "on".into(), "", "Allows connections and queries during recovery."),
            (
                "max_connections",
                m.max_connections.to_string(),
                "",
                "Sets the maximum number of concurrent connections.",
            ),
            ("port", "5432".into(), "", "Sets the TCP port the server listens on."),
            ("server_encoding", "UTF8".into(), "", "Shows the server (database) character set encoding."),
            ("server_version", "15.8".into(), "", "Shows the server version."),
            ("statement_timeout", "60000".into(), "ms", "Sets the maximum allowed duration of any statement."),
            (
                "superuser_reserved_connections",
                self.info.reserved.to_string(),
                "",
                "Sets the number of connection slots reserved for superusers.",
            ),
            (
                "transaction_read_only",
                if self.standby() || !m.writable { "on" } else { "off" }.into(),
                "",
                "Sets the current transaction's read-only status.",
            ),
            ("TimeZone", "Etc/UTC".into(), "", "Sets the time zone for displaying and interpreting time stamps."),
            ("wal_level", "replica".into(), "", "Sets the level of information written to the WAL."),
        ]
    }

    fn settings(&self) -> Relation {
        let columns = vec![("name", Ty::Text), ("setting", Ty::Text), ("unit", Ty::Text), ("short_desc", Ty::Text)];
        let rows = self.setting_rows().into_iter().map(|(name, value, unit, about)| {
            vec![text(name), text(value), if unit.is_empty() { Value::Null } else { text(unit) }, text(about)]
        });
        Relation { name: "pg_settings", columns, rows: rows.collect() }
    }

    /// Roles: name, whether it is a superuser, whether it may replicate.
    pub fn role_rows(&self) -> Vec<(String, bool, bool)> {
        let mut rows = vec![
            ("app".to_owned(), false, false),
            ("postgres".to_owned(), true, true),
            ("replicator".to_owned(), false, true),
        ];
        if !rows.iter().any(|(n, ..)| *n == self.role) {
            rows.push((self.role.clone(), false, false));
        }
        rows.sort();
        rows
    }

    fn roles(&self) -> Relation {
        let columns = vec![
            ("rolname", Ty::Text),
            ("rolsuper", Ty::Bool),
            ("rolinherit", Ty::Bool),
            ("rolcreaterole", Ty::Bool),
            ("rolcreatedb", Ty::Bool),
            ("rolcanlogin", Ty::Bool),
            ("rolreplication", Ty::Bool),
            ("rolconnlimit", Ty::Int),
        ];
        let rows = self.role_rows().into_iter().map(|(name, all, replicates)| {
            vec![
                text(name),
                flag(all),
                flag(true),
                flag(all),
                flag(all),
                flag(true),
                flag(replicates),
                Value::Integer(-1),
            ]
        });
        Relation { name: "pg_roles", columns, rows: rows.collect() }
    }

    fn progress(&self) -> Relation {
        let columns =
            vec![("pid", Ty::Int), ("phase", Ty::Text), ("backup_total", Ty::Int), ("backup_streamed", Ty::Int)];
        let copies = self
            .info
            .work
            .iter()
            .filter(|w| w.what.contains("copy") || w.what.contains("rebuild") || w.what.contains("backup"));
        let rows = copies.map(|w| {
            let phase = if w.waits { "waiting for checkpoint to finish" } else { "streaming database files" };
            vec![int(u64::from(w.job) + 20_000), text(phase), int(w.total), int(w.done)]
        });
        Relation { name: "pg_stat_progress_basebackup", columns, rows: rows.collect() }
    }
}

/// Columns that every table of the application has.
const APPLICATION: &[(&str, Ty)] = &[("id", Ty::Int), ("created_at", Ty::Moment)];

/// Process id of the client's own backend.
pub(super) const OWN_PID: i64 = 31_207;
