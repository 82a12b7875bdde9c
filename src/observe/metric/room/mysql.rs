//! Data stores that run MySQL: what an exporter beside each member shows.

use super::flag;
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::store::{MemberRow, StoreInfo};

families! {
    MYSQL_UP = Gauge "mysql_up" ["instance"] "bool" "Whether the server of a member answers.";
    READ_ONLY = Gauge "mysql_global_variables_read_only" ["instance"] "bool" "Whether it takes no writes.";
    MAX_CONNECTIONS = Gauge "mysql_global_variables_max_connections" ["instance"] "1" "Connections that there may be.";
    CONNECTED = Gauge "mysql_global_status_threads_connected" ["instance"] "1" "Connections in use.";
    THREADS = Gauge "mysql_info_schema_processlist_threads" ["instance", "command", "state"] "1" "Sessions by what they do.";
    INSERTED = Counter "mysql_global_status_innodb_row_ops_total" ["instance", "operation"] "1" "Rows written.";
    ROWS = Gauge "mysql_info_schema_table_rows" ["instance", "schema", "table"] "1" "Rows of a table.";
    SIZE = Gauge "mysql_info_schema_table_size" ["instance", "component", "schema", "table"] "B" "Bytes of a table.";
    BINLOG = Gauge "mysql_binlog_size_bytes" ["instance"] "B" "Binary log on its disk.";
    LAG = Gauge "mysql_slave_status_seconds_behind_master" ["instance"] "s" "How old the newest write that a replica has applied is; none while it hears no source.";
    IO_RUNS = Gauge "mysql_slave_status_slave_io_running" ["instance"] "bool" "Whether a replica receives.";
    SQL_RUNS = Gauge "mysql_slave_status_slave_sql_running" ["instance"] "bool" "Whether a replica applies.";
    BACKUP_SINCE = Gauge "backup_since_last_completion_seconds" ["store", "backup_type"] "s" "Age of the newest backup that says it succeeded.";
    BACKUP_SIZE = Gauge "backup_size_bytes" ["store", "backup_name", "backup_type"] "B" "Size of a backup as listed.";
    BACKUP_ERROR = Gauge "backup_error_status" ["store", "backup_name", "backup_type"] "bool" "Whether a backup says that it failed.";
}

/// What one server says; only one that is up is asked.
pub(super) fn member(info: &StoreInfo, m: &MemberRow, emit: &mut Emit<'_>) {
    let on = m.name.as_str();
    emit(&MYSQL_UP, &[on], flag(m.up));
    if !m.up {
        return;
    }
    let s = &info.metrics;
    emit(&READ_ONLY, &[on], flag(!m.accepts || s.read_only));
    emit(&BINLOG, &[on], m.log_bytes as f64);
    emit(&MAX_CONNECTIONS, &[on], s.max_connections as f64);
    for t in &info.tables {
        emit(&ROWS, &[on, &info.database, &t.name], t.rows as f64);
        emit(&SIZE, &[on, "data_length", &info.database, &t.name], t.bytes as f64);
    }
    if let Some(r) = m.replication() {
        if let Some(lag) = r.lag_s {
            emit(&LAG, &[on], lag as f64);
        }
        emit(&IO_RUNS, &[on], flag(r.receives == "Yes"));
        emit(&SQL_RUNS, &[on], flag(r.applies));
    }
    if !m.leader || !m.accepts {
        return;
    }
    emit(&CONNECTED, &[on], s.connections as f64);
    emit(&INSERTED, &[on, "inserted"], s.writes_total as f64);
    let sum = |state: &str, lock: bool| -> u64 {
        info.activity.iter().filter(|r| r.state == state && (r.wait == "Lock") == lock).map(|r| r.count).sum()
    };
    let waiting = sum("active", true).min(s.connections);
    let active = sum("active", false).min(s.connections - waiting);
    emit(&THREADS, &[on, "query", "executing"], active as f64);
    emit(&THREADS, &[on, "query", "waiting for table metadata lock"], waiting as f64);
    emit(&THREADS, &[on, "sleep", ""], (s.connections - waiting - active) as f64);
}
