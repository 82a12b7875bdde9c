//! A data store of three members for tests, as a scenario describes it.

use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::{Offset, Span};

/// `n/d` as scenario data.
fn exact(n: i64, d: i64) -> Exact {
    Exact(ratio(n, d))
}

/// Bytes of log that a write makes: 2,048 writes fill a segment.
pub const WAL: u64 = 8_192;

fn member(follows: Option<&str>, zone: &str) -> MemberSpec {
    MemberSpec {
        host: None,
        zone: zone.to_owned(),
        follows: follows.map(str::to_owned),
        data: "/var/lib/postgresql/15/main".to_owned(),
        disk: None,
        receive: exact(100_000, 1),
        apply: exact(100_000, 1),
        behind: 0,
        behind_for: Span(0),
        slot: false,
    }
}

fn table(size: u64, rows: u64, weight: u64) -> TableSpec {
    TableSpec {
        size,
        rows,
        weight,
        xid_age: 30_000_000,
        analyzed: true,
        unplanned: exact(20, 1),
        disposable: false,
        columns: Vec::new(),
    }
}

fn backup(at: i64, size: u64, behind: u64, valid: bool, kind: BackupKind) -> BackupSpec {
    BackupSpec { at: Offset(at), size, behind, kind, place: "s3://backups/db".to_owned(), claimed: true, valid }
}

/// Primary `db-1`, replicas `db-2` and `db-3` in three zones; 20 % of the requests write; nothing happens by itself.
pub fn three() -> StoreSpec {
    let members =
        [("db-1", member(None, "a")), ("db-2", member(Some("db-1"), "b")), ("db-3", member(Some("db-1"), "c"))];
    let tables = [("events", table(30_000_000_000, 3_000_000, 1)), ("users", table(10_000_000_000, 1_000_000, 3))];
    let backups = [
        ("dump-good", backup(-21_600, 10_000_000_000, 5_000, true, BackupKind::Dump)),
        ("dump-empty", backup(-3_600, 1_247, 1_000, false, BackupKind::Dump)),
    ];
    StoreSpec {
        service: "db".to_owned(),
        database: "app".to_owned(),
        engine: StoreEngine::PostgreSql,
        members: members.into_iter().map(|(n, m)| (n.to_owned(), m)).collect(),
        writes: exact(1, 5),
        replica_reads: exact(0, 1),
        stale_after: Span(5),
        wal_per_write: WAL,
        row: 1_000,
        commit: Commit::Asynchronous,
        failover: Failover::Manual,
        witnesses: Vec::new(),
        wal_keep: 1 << 30,
        slot_limit: None,
        archive: false,
        max_connections: 100,
        reserved: 3,
        clients: 20,
        lock_wait: Span(30),
        autovacuum: true,
        vacuum_rate: 100_000_000,
        copy_rate: 200_000_000,
        restore_rate: 50_000_000,
        checkpoint: Span(240),
        tables: tables.into_iter().map(|(n, t)| (n.to_owned(), t)).collect(),
        backups: backups.into_iter().map(|(n, b)| (n.to_owned(), b)).collect::<BTreeMap<_, _>>(),
        schedule: None,
        fact: Provenance::Invented,
    }
}

#[allow(dead_code, reason = "not everybody who has the stores has a MySQL one")]
/// A MySQL server `my-1` and its replica `my-2`, with two tables.
pub fn shop() -> StoreSpec {
    let mut spec = three();
    (spec.engine, spec.database, spec.service) = (StoreEngine::MySql, "shop".to_owned(), "shop-db".to_owned());
    let members = [("my-1", member(None, "a")), ("my-2", member(Some("my-1"), "b"))];
    spec.members = members
        .into_iter()
        .map(|(n, m)| (n.to_owned(), MemberSpec { data: "/var/lib/mysql".to_owned(), ..m }))
        .collect();
    let column = |name: &str, kind, values: &[&str]| ColumnSpec {
        name: name.to_owned(),
        kind,
        values: values.iter().map(|v| (*v).to_owned()).collect(),
    };
    let mut sales = table(1 << 20, 2_000, 1);
    sales.columns = vec![
        column("kind", ColumnKind::Text, &["view", "view", "buy", ""]),
        column("cents", ColumnKind::Bigint, &[]),
        column("paid", ColumnKind::Boolean, &["true", "false"]),
    ];
    let tables = [("items", table(1_000_000_000, 500_000, 3)), ("sales", sales)];
    spec.tables = tables.into_iter().map(|(n, t)| (n.to_owned(), t)).collect();
    spec
}
