//! What the server tells of itself: schemas, sessions, locks, replication, variables and counters, all from the one world.

use super::kind::{Ty, micros};
use super::server::{OWN_ID, Server, VERSION, columns};
use crate::sim::store::{ActivityRow, MemberRow};
use rusqlite::types::Value;

/// A relation with its rows.
pub(super) struct Relation {
    pub schema: &'static str,
    pub name: &'static str,
    /// Name, type, whether it may be NULL.
    pub columns: Vec<(&'static str, Ty, bool)>,
    pub rows: Vec<Vec<Value>>,
}

impl Relation {
    /// The engine's name of it.
    pub fn inner(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

fn text(s: impl Into<String>) -> Value {
    Value::Text(s.into())
}

fn int(n: u64) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Bytes of a binary log before the next one begins.
const BINLOG: u64 = 1 << 30;

/// A position in the binary log: file and byte.
pub(super) fn position(lsn: &str) -> (String, u64) {
    let whole = lsn
        .split_once('/')
        .and_then(|(high, low)| Some(u64::from_str_radix(high, 16).ok()? << 32 | u64::from_str_radix(low, 16).ok()?));
    let bytes = whole.unwrap_or(0);
    (format!("binlog.{:06}", bytes / BINLOG + 1), bytes % BINLOG + 4)
}

/// A session as SHOW PROCESSLIST has it.
#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub id: u64,
    pub user: String,
    pub host: String,
    pub db: Option<String>,
    pub command: &'static str,
    pub time_s: u64,
    pub state: String,
    pub info: Option<String>,
}

/// What a session of clients does, in the server's words.
fn doing(a: &ActivityRow) -> (&'static str, &'static str) {
    match (a.state, a.wait) {
        ("active", "Lock") => ("Query", "Waiting for table metadata lock"),
        ("active", _) => ("Query", "executing"),
        _ => ("Sleep", ""),
    }
}

/// Most sessions of a group that are listed.
const MOST_THREADS: u64 = 5_000;

/// Sessions in the order of their numbers; `statement` is the one that is running.
pub(super) fn threads(s: &Server, statement: &str) -> Vec<Thread> {
    let since = |a: &ActivityRow| u64::try_from(s.now.0.saturating_sub(a.since.0)).unwrap_or(0);
    let mut all = vec![Thread {
        id: 5,
        user: "event_scheduler".to_owned(),
        host: "localhost".to_owned(),
        db: None,
        command: "Daemon",
        time_s: s.uptime_s,
        state: "Waiting on empty queue".to_owned(),
        info: None,
    }];
    let system = |id: u64, command, state: &str, lag: u64| Thread {
        id,
        user: "system user".to_owned(),
        host: String::new(),
        db: None,
        command,
        time_s: lag,
        state: state.to_owned(),
        info: None,
    };
    if let Some(r) = s.member.replication() {
        match r.receives {
            "Yes" => all.push(system(8, "Connect", "Waiting for source to send event", s.uptime_s)),
            "Connecting" => all.push(system(8, "Connect", "Reconnecting after a failed source event read", s.uptime_s)),
            _ => {}
        }
        if r.applies {
            let state = if s.member.lag_bytes > 0 {
                "Applying batch of row changes (write)"
            } else {
                "Replica has read all relay log; waiting for more updates"
            };
            all.push(system(9, "Query", state, s.member.lag_s));
        }
    }
    if s.member.leader && s.member.accepts {
        for m in s.info.members.iter().filter(|m| m.replication().is_some_and(|r| r.receives == "Yes")) {
            all.push(Thread {
                id: u64::from(m.sender),
                user: "replicator".to_owned(),
                host: format!("{}:{}", m.host.as_deref().unwrap_or(&m.name), 40_000 + m.sender % 20_000),
                db: None,
                command: "Binlog Dump",
                time_s: s.uptime_s,
                state: "Source has sent all binlog to replica; waiting for more updates".to_owned(),
                info: None,
            });
        }
        for a in &s.info.activity {
            let (command, state) = doing(a);
            for k in 0..a.count.min(MOST_THREADS) {
                let id = u64::from(a.pid) + k;
                all.push(Thread {
                    id,
                    user: "app".to_owned(),
                    host: format!("{}:{}", a.client, 40_000 + id % 20_000),
                    db: Some(s.info.database.clone()),
                    command,
                    time_s: since(a),
                    state: state.to_owned(),
                    info: (command == "Query").then(|| a.query.clone()),
                });
            }
        }
    }
    all.push(Thread {
        id: OWN_ID,
        user: s.user.clone(),
        host: if s.from == "localhost" { s.from.clone() } else { format!("{}:50412", s.from) },
        db: Some(s.schema.clone()).filter(|d| !d.is_empty()),
        command: "Query",
        time_s: 0,
        state: "init".to_owned(),
        info: Some(statement.to_owned()),
    });
    all.sort_by_key(|t| t.id);
    all
}

fn server_id(s: &Server, m: &MemberRow) -> usize {
    s.info.members.iter().position(|x| x.name == m.name).map_or(1, |at| at + 1)
}

fn on(yes: bool) -> String {
    if yes { "ON" } else { "OFF" }.to_owned()
}

/// System variables by name.
pub(super) fn variables(s: &Server) -> Vec<(&'static str, String)> {
    let own = |v: &str| v.to_owned();
    vec![
        ("autocommit", own("ON")),
        ("binlog_format", own("ROW")),
        ("character_set_server", own("utf8mb4")),
        ("collation_server", own("utf8mb4_0900_ai_ci")),
        ("datadir", format!("{}/", s.member.data)),
        ("default_storage_engine", own("InnoDB")),
        ("gtid_mode", own("OFF")),
        ("hostname", s.member.host.clone().unwrap_or_else(|| s.member.name.clone())),
        ("log_bin", own("ON")),
        ("max_binlog_size", BINLOG.to_string()),
        ("max_connections", s.info.metrics.max_connections.to_string()),
        ("port", s.info.engine.port().to_string()),
        ("read_only", on(s.read_only())),
        ("server_id", server_id(s, &s.member).to_string()),
        ("socket", own("/var/run/mysqld/mysqld.sock")),
        (
            "sql_mode",
            own(
                "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
            ),
        ),
        ("super_read_only", on(s.read_only())),
        ("system_time_zone", own("UTC")),
        ("time_zone", own("SYSTEM")),
        ("transaction_isolation", own("REPEATABLE-READ")),
        ("version", own(VERSION)),
        ("version_comment", own("MySQL Community Server - GPL")),
        ("wait_timeout", own("28800")),
    ]
}

/// Counters by name; the client's own connection is one of those that are connected.
pub(super) fn status(s: &Server) -> Vec<(&'static str, u64)> {
    let own = threads(s, "");
    let clients = own.iter().filter(|t| t.user == "app" || t.id == OWN_ID);
    let running = clients.filter(|t| t.command == "Query").count() as u64;
    let connected = if s.member.leader { s.info.metrics.connections } else { 0 };
    let written = s.info.metrics.writes_total;
    vec![
        ("Innodb_row_lock_current_waits", 0),
        ("Innodb_rows_inserted", written),
        ("Queries", written),
        ("Questions", written),
        ("Threads_connected", connected + 1),
        ("Threads_running", running),
        ("Uptime", s.uptime_s),
    ]
}

/// Every relation of the server's own schemas.
pub(super) fn relations(s: &Server) -> Vec<Relation> {
    let mut all = about_schemas(s);
    all.extend(about_sessions(s));
    all
}

fn about_schemas(s: &Server) -> Vec<Relation> {
    use Ty::{Int, Moment, Text};
    let db = s.info.database.as_str();
    let schemas = s
        .schemas()
        .into_iter()
        .map(|n| vec![text("def"), text(n), text("utf8mb4"), text("utf8mb4_0900_ai_ci"), Value::Null]);
    let tables = s.info.tables.iter().map(|t| {
        // Without statistics nobody has counted.
        let rows = if t.analyzed { t.rows } else { 0 };
        vec![
            text("def"),
            text(db),
            text(&t.name),
            text("BASE TABLE"),
            text("InnoDB"),
            int(10),
            text("Dynamic"),
            int(rows),
            int(t.bytes.checked_div(rows).unwrap_or(0)),
            int(t.bytes),
            int(0),
            int(0),
            int(t.rows + 1),
            Value::Null,
            text("utf8mb4_0900_ai_ci"),
        ]
    });
    let listed = s.info.tables.iter().flat_map(|t| {
        columns(t).into_iter().zip(1..).map(|((name, _, null, words), at)| {
            let data = words.split('(').next().unwrap_or(words);
            let key = if name == "id" { "PRI" } else { "" };
            let extra = if name == "id" { "auto_increment" } else { "" };
            vec![
                text("def"),
                text(db),
                text(&t.name),
                text(name),
                int(at),
                Value::Null,
                text(if null { "YES" } else { "NO" }),
                text(data),
                text(words),
                text(key),
                text(extra),
            ]
        })
    });
    let keys = s.info.tables.iter().map(|t| {
        vec![text(db), text(&t.name), int(0), text("PRIMARY"), int(1), text("id"), int(t.rows), text("BTREE")]
    });
    vec![
        Relation {
            schema: "information_schema",
            name: "schemata",
            columns: vec![
                ("catalog_name", Text, false),
                ("schema_name", Text, false),
                ("default_character_set_name", Text, false),
                ("default_collation_name", Text, false),
                ("sql_path", Text, true),
            ],
            rows: schemas.collect(),
        },
        Relation {
            schema: "information_schema",
            name: "tables",
            columns: vec![
                ("table_catalog", Text, false),
                ("table_schema", Text, false),
                ("table_name", Text, false),
                ("table_type", Text, false),
                ("engine", Text, true),
                ("version", Int, true),
                ("row_format", Text, true),
                ("table_rows", Int, true),
                ("avg_row_length", Int, true),
                ("data_length", Int, true),
                ("index_length", Int, true),
                ("data_free", Int, true),
                ("auto_increment", Int, true),
                ("update_time", Moment, true),
                ("table_collation", Text, true),
            ],
            rows: tables.collect(),
        },
        Relation {
            schema: "information_schema",
            name: "columns",
            columns: vec![
                ("table_catalog", Text, false),
                ("table_schema", Text, false),
                ("table_name", Text, false),
                ("column_name", Text, true),
                ("ordinal_position", Int, false),
                ("column_default", Text, true),
                ("is_nullable", Text, false),
                ("data_type", Text, true),
                ("column_type", Text, false),
                ("column_key", Text, false),
                ("extra", Text, true),
            ],
            rows: listed.collect(),
        },
        Relation {
            schema: "information_schema",
            name: "statistics",
            columns: vec![
                ("table_schema", Text, false),
                ("table_name", Text, false),
                ("non_unique", Int, false),
                ("index_name", Text, true),
                ("seq_in_index", Int, false),
                ("column_name", Text, true),
                ("cardinality", Int, true),
                ("index_type", Text, false),
            ],
            rows: keys.collect(),
        },
    ]
}

fn about_sessions(s: &Server) -> Vec<Relation> {
    use Ty::{Int, Moment, Text};
    let sessions: Vec<Thread> = threads(s, "");
    let listed = sessions.iter().map(|t| {
        vec![
            int(t.id),
            text(&t.user),
            text(&t.host),
            t.db.as_ref().map_or(Value::Null, text),
            text(t.command),
            int(t.time_s),
            text(&t.state),
            t.info.as_ref().map_or(Value::Null, text),
        ]
    });
    let processlist: Vec<Vec<Value>> = listed.collect();
    let columns = || {
        vec![
            ("id", Int, false),
            ("user", Text, false),
            ("host", Text, false),
            ("db", Text, true),
            ("command", Text, false),
            ("time", Int, false),
            ("state", Text, true),
            ("info", Text, true),
        ]
    };
    let here = s.member.leader && s.member.accepts;
    let locks = if here { s.info.locks.as_slice() } else { &[] };
    let waiting = || s.info.activity.iter().filter(|a| a.wait == "Lock");
    let transactions = locks.iter().map(|l| {
        vec![
            text((421_000_000_000_000 + u64::from(l.pid)).to_string()),
            text("RUNNING"),
            Value::Integer(micros(l.since)),
            int(l.pid.into()),
            Value::Null,
            int(1),
        ]
    });
    let db = s.info.database.as_str();
    let held = locks.iter().flat_map(|l| {
        let row = |kind: &str, status: &str, id: u64| {
            vec![text("TABLE"), text(db), text(&l.table), text(kind), text(status), int(id)]
        };
        let mut rows = vec![row("EXCLUSIVE", "GRANTED", l.pid.into())];
        let mut left = l.waiting;
        for a in waiting() {
            let first = u64::from(a.pid);
            rows.extend((0..a.count.min(left).min(MOST_THREADS)).map(|k| row("SHARED_WRITE", "PENDING", first + k)));
            left = left.saturating_sub(a.count);
        }
        rows
    });
    let waits = locks.iter().flat_map(|l| {
        waiting().take(1).flat_map(move |a| {
            (0..a.count.min(l.waiting).min(MOST_THREADS)).map(move |k| {
                vec![
                    text(db),
                    text(&l.table),
                    int(u64::from(a.pid) + k),
                    text(&a.query),
                    int(l.pid.into()),
                    text(format!("KILL {}", l.pid)),
                ]
            })
        })
    });
    let pair = |n: &str, v: String| vec![text(n), text(v)];
    let globals = variables(s).into_iter().map(|(n, v)| pair(n, v)).collect();
    let counters = status(s).into_iter().map(|(n, v)| pair(n, v.to_string())).collect();
    let two = || vec![("variable_name", Text, false), ("variable_value", Text, true)];
    let account = |user: &str, host: &str, plugin: &str| vec![text(host), text(user), text(plugin)];
    let mut accounts = vec![
        account("app", "%", "caching_sha2_password"),
        account("replicator", "%", "caching_sha2_password"),
        account("root", "localhost", "auth_socket"),
    ];
    if !["app", "replicator", "root"].contains(&s.user.as_str()) {
        accounts.push(account(&s.user, "%", "auth_socket"));
    }
    vec![
        Relation { schema: "information_schema", name: "processlist", columns: columns(), rows: processlist.clone() },
        Relation { schema: "performance_schema", name: "processlist", columns: columns(), rows: processlist },
        Relation {
            schema: "information_schema",
            name: "innodb_trx",
            columns: vec![
                ("trx_id", Text, false),
                ("trx_state", Text, false),
                ("trx_started", Moment, false),
                ("trx_mysql_thread_id", Int, false),
                ("trx_query", Text, true),
                ("trx_tables_locked", Int, false),
            ],
            rows: transactions.collect(),
        },
        Relation {
            schema: "performance_schema",
            name: "metadata_locks",
            columns: vec![
                ("object_type", Text, false),
                ("object_schema", Text, true),
                ("object_name", Text, true),
                ("lock_type", Text, false),
                ("lock_status", Text, false),
                ("owner_thread_id", Int, true),
            ],
            rows: held.collect(),
        },
        Relation {
            schema: "sys",
            name: "schema_table_lock_waits",
            columns: vec![
                ("object_schema", Text, true),
                ("object_name", Text, true),
                ("waiting_pid", Int, true),
                ("waiting_query", Text, true),
                ("blocking_pid", Int, true),
                ("sql_kill_blocking_connection", Text, true),
            ],
            rows: waits.collect(),
        },
        Relation { schema: "performance_schema", name: "global_variables", columns: two(), rows: globals },
        Relation { schema: "performance_schema", name: "global_status", columns: two(), rows: counters },
        Relation {
            schema: "mysql",
            name: "user",
            columns: vec![("host", Text, false), ("user", Text, false), ("plugin", Text, false)],
            rows: accounts,
        },
    ]
}
