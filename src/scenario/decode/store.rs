//! From the checked tree to the model: data stores.

use super::super::model::*;
use super::super::value::Value;

/// A data store.
pub fn store(v: &Value) -> StoreSpec {
    StoreSpec {
        service: v.at("service").text(),
        database: v.at("database").text(),
        engine: match v.at("engine").tag() {
            "MySql" => StoreEngine::MySql,
            _ => StoreEngine::PostgreSql,
        },
        members: v.at("members").map(member),
        writes: v.at("writes").exact(),
        replica_reads: v.at("replica_reads").exact(),
        stale_after: v.at("stale_after").span(),
        wal_per_write: v.at("wal_per_write").amount(),
        row: v.at("row").amount(),
        commit: match v.at("commit").tag() {
            "Synchronous" => Commit::Synchronous,
            _ => Commit::Asynchronous,
        },
        failover: match v.at("failover") {
            f if f.tag() == "Automatic" => {
                Failover::Automatic { timeout: f.at("timeout").span(), fence: f.at("fence").bool() }
            }
            _ => Failover::Manual,
        },
        witnesses: v.at("witnesses").texts(),
        wal_keep: v.at("wal_keep").amount(),
        slot_limit: v.get("slot_limit").map(Value::amount),
        archive: v.at("archive").bool(),
        max_connections: v.at("max_connections").int(),
        reserved: v.at("reserved").int(),
        clients: v.at("clients").int(),
        lock_wait: v.at("lock_wait").span(),
        autovacuum: v.at("autovacuum").bool(),
        vacuum_rate: v.at("vacuum_rate").amount(),
        copy_rate: v.at("copy_rate").amount(),
        restore_rate: v.at("restore_rate").amount(),
        checkpoint: v.at("checkpoint").span(),
        tables: v.at("tables").map(|t| TableSpec {
            size: t.at("size").amount(),
            rows: t.at("rows").int(),
            weight: t.at("weight").int(),
            xid_age: t.at("xid_age").int(),
            analyzed: t.at("analyzed").bool(),
            unplanned: t.at("unplanned").exact(),
            disposable: t.at("disposable").bool(),
            columns: t.at("columns").list(|c| ColumnSpec {
                name: c.at("name").text(),
                kind: match c.at("kind").text().as_str() {
                    "bigint" => ColumnKind::Bigint,
                    "boolean" => ColumnKind::Boolean,
                    "timestamptz" => ColumnKind::Moment,
                    _ => ColumnKind::Text,
                },
                values: c.at("values").texts(),
            }),
        }),
        backups: v.at("backups").map(|b| BackupSpec {
            at: b.at("at").offset(),
            size: b.at("size").amount(),
            behind: b.at("behind").int(),
            kind: kind(b.at("kind")),
            place: b.at("place").text(),
            claimed: b.at("claimed").bool(),
            valid: b.at("valid").bool(),
        }),
        schedule: v.get("schedule").map(|s| ScheduleSpec {
            every: s.at("every").span(),
            next: s.at("next").offset(),
            kind: kind(s.at("kind")),
            place: s.at("place").text(),
            keep: s.at("keep").int(),
            valid: s.at("valid").bool(),
        }),
        fact: v.at("fact").fact(),
    }
}

fn member(v: &Value) -> MemberSpec {
    MemberSpec {
        host: v.get("host").map(Value::text),
        zone: v.at("zone").text(),
        follows: v.get("follows").map(Value::text),
        data: v.at("data").text(),
        disk: v.get("disk").map(Value::amount),
        receive: v.at("receive").exact(),
        apply: v.at("apply").exact(),
        behind: v.at("behind").amount(),
        behind_for: v.at("behind_for").span(),
        slot: v.at("slot").bool(),
    }
}

fn kind(v: &Value) -> BackupKind {
    match v.tag() {
        "Base" => BackupKind::Base,
        "Snapshot" => BackupKind::Snapshot,
        _ => BackupKind::Dump,
    }
}

/// A fault of a data store, if it is one.
pub fn fault(v: &Value) -> Option<Fault> {
    let (store, table, member) = (v.at("store").text(), v.at("table").text(), v.at("member").text());
    let rate = v.at("rate").exact();
    Some(Fault::Store(match v.tag() {
        "LockHeld" => StoreFault::LockHeld { store, table, statement: v.at("statement").text() },
        "PoolLeak" => StoreFault::PoolLeak { store, client: v.at("client").text(), rate },
        "ReplicationStuck" => StoreFault::ReplicationStuck { store, member },
        "Isolated" => StoreFault::Isolated { store, member },
        "MemberDown" => StoreFault::MemberDown { store, member },
        "RowsWrong" => StoreFault::RowsWrong { store, table, rate },
        "RowsDeleted" => StoreFault::RowsDeleted { store, table, rate },
        "XidBurn" => StoreFault::XidBurn { store, rate },
        "StatisticsMissing" => StoreFault::StatisticsMissing { store, table },
        "BackupsEmpty" => StoreFault::BackupsEmpty { store },
        _ => return None,
    }))
}
