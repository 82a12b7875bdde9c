//! Data stores: what an exporter beside each member shows, the cluster manager's view, and the backup catalogue.

use super::{UP, flag, mysql, reachable};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::{Family, families};
use crate::scenario::{Failover, StoreEngine};
use crate::sim::World;
use crate::sim::store::{MemberRow, StoreInfo};

/// Backups of a store that have series, the newest.
const BACKUPS_MAX: usize = 30;

families! {
    PG_UP = Gauge "pg_up" ["instance"] "bool" "Whether the server of a member answers.";
    IS_REPLICA = Gauge "pg_replication_is_replica" ["instance"] "bool" "Whether it is in recovery: a replica.";
    LAG = Gauge "pg_replication_lag_seconds" ["instance"] "s" "How old the newest write that a replica has applied is.";
    WAL = Gauge "pg_wal_size_bytes" ["instance"] "B" "Write-ahead log on its disk.";
    DISK = Gauge "pg_data_free_bytes" ["instance"] "B" "Space left on the disk of a managed member.";
    SENT_DIFF = Gauge "pg_stat_replication_pg_wal_lsn_diff" ["instance", "application_name"] "B" "Log that a replica has not applied, as its primary sees it.";
    SLOT_DIFF = Gauge "pg_replication_slot_slot_current_wal_lsn_diff" ["instance", "slot_name"] "B" "Log that a slot holds back.";
    SLOT_ACTIVE = Gauge "pg_replication_slot_slot_is_active" ["instance", "slot_name"] "bool" "Whether somebody reads from a slot.";
    BACKENDS = Gauge "pg_stat_database_numbackends" ["instance", "datname"] "1" "Connections in use.";
    MAX_CONNECTIONS = Gauge "pg_settings_max_connections" ["instance"] "1" "Connections that there may be.";
    RESERVED = Gauge "pg_settings_superuser_reserved_connections" ["instance"] "1" "Connections kept for superusers.";
    ACTIVITY = Gauge "pg_stat_activity_count" ["instance", "datname", "state", "wait_event_type"] "1" "Sessions by what they do.";
    MAX_TX = Gauge "pg_stat_activity_max_tx_duration" ["instance", "datname", "state"] "s" "Age of the oldest transaction.";
    LOCKS = Gauge "pg_locks_count" ["instance", "datname", "mode"] "1" "Locks held that keep others out.";
    SIZE = Gauge "pg_database_size_bytes" ["instance", "datname"] "B" "Bytes of the tables.";
    ROWS = Gauge "pg_stat_user_tables_n_live_tup" ["instance", "datname", "relname"] "1" "Rows of a table.";
    XID = Gauge "pg_database_wraparound_age_datfrozenxid_seconds" ["instance", "datname"] "1" "Age of the oldest transaction ID in transactions, whatever the exporter's name says; near 2^31 writes stop.";
    INSERTED = Counter "pg_stat_database_tup_inserted" ["instance", "datname"] "1" "Rows written.";
    PATRONI_PRIMARY = Gauge "patroni_primary" ["scope", "name"] "bool" "Whether a member holds the leader's lock.";
    PATRONI_REPLICA = Gauge "patroni_replica" ["scope", "name"] "bool" "Whether a member follows.";
    PATRONI_RUNNING = Gauge "patroni_postgres_running" ["scope", "name"] "bool" "Whether its server runs.";
    PATRONI_TIMELINE = Gauge "patroni_postgres_timeline" ["scope", "name"] "1" "Its timeline; a promotion begins a new one.";
    PATRONI_UNLOCKED = Gauge "patroni_cluster_unlocked" ["scope"] "bool" "Whether nobody holds the leader's lock.";
    BACKUP_SINCE = Gauge "pgbackrest_backup_since_last_completion_seconds" ["stanza", "backup_type"] "s" "Age of the newest backup that says it succeeded.";
    BACKUP_SIZE = Gauge "pgbackrest_backup_size_bytes" ["stanza", "backup_name", "backup_type"] "B" "Size of a backup as listed.";
    BACKUP_ERROR = Gauge "pgbackrest_backup_error_status" ["stanza", "backup_name", "backup_type"] "bool" "Whether a backup says that it failed.";
}

pub(super) fn collect(w: &World, emit: &mut Emit<'_>) {
    for (plan, state) in w.stores() {
        let info = state.info(plan, w.store_active(plan));
        let blind = w.is_blind(&plan.service);
        let runs_mysql = plan.engine == StoreEngine::MySql;
        let job = if runs_mysql { "mysql" } else { "postgres" };
        for (at, m) in info.members.iter().enumerate() {
            let found = !blind && m.host.as_deref().is_none_or(|h| reachable(w, h));
            emit(&UP, &[job, &m.name], flag(found));
            if !found {
                continue;
            }
            if runs_mysql {
                mysql::member(&info, m, emit);
            } else {
                emit(&PG_UP, &[&m.name], flag(m.up));
            }
            if let Some(disk) = plan.members.get(at).and_then(|p| p.disk) {
                let free = disk.saturating_sub(state.disk_wanted(plan, at));
                emit(&DISK, &[&m.name], free as f64);
            }
            if m.up && !runs_mysql {
                member(&info, m, emit);
                if m.accepts {
                    emit(&RESERVED, &[&m.name], info.reserved as f64);
                    database(w, &info, m, emit);
                }
            }
        }
        if !runs_mysql && matches!(plan.failover, Failover::Automatic { .. }) {
            elections(&info, emit);
        }
        match runs_mysql {
            true => backups(w, &info, [&mysql::BACKUP_SINCE, &mysql::BACKUP_SIZE, &mysql::BACKUP_ERROR], emit),
            false => backups(w, &info, [&BACKUP_SINCE, &BACKUP_SIZE, &BACKUP_ERROR], emit),
        }
    }
}

fn member(info: &StoreInfo, m: &MemberRow, emit: &mut Emit<'_>) {
    emit(&IS_REPLICA, &[&m.name], flag(!m.accepts));
    emit(&LAG, &[&m.name], if m.accepts { 0.0 } else { m.lag_s as f64 });
    emit(&WAL, &[&m.name], m.log_bytes as f64);
    if !m.accepts {
        return;
    }
    for other in info.members.iter().filter(|o| o.name != m.name && m.leader) {
        if matches!(other.state, "streaming" | "catchup") {
            emit(&SENT_DIFF, &[&m.name, &other.name], other.lag_bytes as f64);
        }
        if let Some(bytes) = other.slot_bytes {
            emit(&SLOT_DIFF, &[&m.name, &other.name], bytes as f64);
        }
        if other.slot_bytes.is_some() || other.slot_lost {
            let active = matches!(other.state, "streaming" | "catchup") && !other.slot_lost;
            emit(&SLOT_ACTIVE, &[&m.name, &other.name], flag(active));
        }
    }
}

/// What the member that takes writes knows of the database.
fn database(w: &World, info: &StoreInfo, m: &MemberRow, emit: &mut Emit<'_>) {
    let (on, db) = (m.name.as_str(), info.database.as_str());
    let s = &info.metrics;
    emit(&MAX_CONNECTIONS, &[on], s.max_connections as f64);
    emit(&SIZE, &[on, db], s.data_bytes as f64);
    emit(&XID, &[on, db], s.xid_age as f64);
    for t in &info.tables {
        emit(&ROWS, &[on, db, &t.name], t.rows as f64);
    }
    // Clients talk to one primary, even where two believe that they are it.
    if !m.leader {
        return;
    }
    emit(&BACKENDS, &[on, db], s.connections as f64);
    emit(&INSERTED, &[on, db], s.writes_total as f64);
    emit(&LOCKS, &[on, db, "accessexclusivelock"], info.locks.len() as f64);
    // The server's own workers are no clients' connections.
    let clients = || info.activity.iter().filter(|r| r.client != "autovacuum");
    let sum = |state: &str, wait: Option<bool>| -> u64 {
        let mine = clients().filter(|r| r.state == state && wait.is_none_or(|lock| (r.wait == "Lock") == lock));
        mine.map(|r| r.count).sum()
    };
    let waiting = sum("active", Some(true)).min(s.connections);
    let active = sum("active", Some(false)).min(s.connections - waiting);
    let stuck = sum("idle in transaction", None).min(s.connections - waiting - active);
    emit(&ACTIVITY, &[on, db, "active", ""], active as f64);
    emit(&ACTIVITY, &[on, db, "active", "Lock"], waiting as f64);
    emit(&ACTIVITY, &[on, db, "idle in transaction", "Client"], stuck as f64);
    emit(&ACTIVITY, &[on, db, "idle", "Client"], (s.connections - waiting - active - stuck) as f64);
    for state in ["active", "idle in transaction"] {
        let since = clients().filter(|r| r.state == state).map(|r| r.since.0).min();
        emit(&MAX_TX, &[on, db, state], since.map_or(0, |t| w.utc().0.saturating_sub(t).max(0)) as f64);
    }
}

fn elections(info: &StoreInfo, emit: &mut Emit<'_>) {
    let scope = info.name.as_str();
    for m in &info.members {
        let leads = m.accepts && m.leader;
        emit(&PATRONI_PRIMARY, &[scope, &m.name], flag(leads));
        emit(&PATRONI_REPLICA, &[scope, &m.name], flag(m.up && !m.accepts));
        emit(&PATRONI_RUNNING, &[scope, &m.name], flag(m.up));
        emit(&PATRONI_TIMELINE, &[scope, &m.name], m.timeline as f64);
    }
    emit(&PATRONI_UNLOCKED, &[scope], flag(!info.members.iter().any(|m| m.accepts && m.leader)));
}

fn backups(w: &World, info: &StoreInfo, [since, size, error]: [&'static Family; 3], emit: &mut Emit<'_>) {
    let scope = info.name.as_str();
    for kind in ["dump", "base", "snapshot"] {
        let newest = info.backups.iter().filter(|b| b.claimed && b.kind == kind).map(|b| b.at.0).max();
        if let Some(at) = newest {
            emit(since, &[scope, kind], w.utc().0.saturating_sub(at) as f64);
        }
    }
    for b in info.backups.iter().rev().take(BACKUPS_MAX) {
        emit(size, &[scope, &b.id, b.kind], b.bytes as f64);
        emit(error, &[scope, &b.id, b.kind], flag(!b.claimed));
    }
}
