//! Data stores: members and their replication, tables, connections, backups, and what can be wrong with them.

use super::Provenance;
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A data store behind a service of the kind `Database`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSpec {
    /// Service whose requests it answers.
    pub service: String,
    /// Name of the database as tools show it.
    pub database: String,
    /// Which database server it runs.
    pub engine: StoreEngine,
    /// Members by name; exactly one follows nobody: the primary.
    pub members: BTreeMap<String, MemberSpec>,
    /// Share of the service's requests that write.
    pub writes: Exact,
    /// Share of the reads that go to replicas.
    pub replica_reads: Exact,
    /// A read from a replica that lags by this much or more is stale.
    pub stale_after: Span,
    /// Bytes of write-ahead log that one write makes.
    pub wal_per_write: u64,
    /// Bytes by which one write makes its table larger.
    pub row: u64,
    /// When a write is acknowledged.
    pub commit: Commit,
    /// What happens when the primary is gone.
    pub failover: Failover,
    /// Zones of voters that hold no data.
    pub witnesses: Vec<String>,
    /// Write-ahead log that is kept in any case, bytes.
    pub wal_keep: u64,
    /// Most log that a replication slot may hold back, bytes; `None` is without limit.
    pub slot_limit: Option<u64>,
    /// Whether finished log is archived, so that a restore can go to a point in time.
    pub archive: bool,
    /// Connections that the server takes.
    pub max_connections: u64,
    /// Of these, how many are kept for superusers.
    pub reserved: u64,
    /// Connections that the clients' pools hold open.
    pub clients: u64,
    /// How long a client waits for a lock before it gives up.
    pub lock_wait: Span,
    /// Whether old transaction IDs are frozen without anybody asking.
    pub autovacuum: bool,
    /// Bytes a second that a vacuum by hand works through.
    pub vacuum_rate: u64,
    /// Bytes a second that a copy to a new replica moves.
    pub copy_rate: u64,
    /// Bytes a second that a restore writes.
    pub restore_rate: u64,
    /// How long a base backup waits for a checkpoint before it copies anything.
    pub checkpoint: Span,
    /// Tables by name; at least one.
    pub tables: BTreeMap<String, TableSpec>,
    /// Backups that exist at the opening, by id.
    pub backups: BTreeMap<String, BackupSpec>,
    /// Backups that are taken on a schedule.
    pub schedule: Option<ScheduleSpec>,
    /// Its provenance.
    pub fact: Provenance,
}

/// Which database server a store runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreEngine {
    /// PostgreSQL 15.
    #[default]
    PostgreSql,
    /// MySQL 8.0 with InnoDB.
    MySql,
}

impl StoreEngine {
    /// TCP port that its servers listen on.
    pub fn port(self) -> u16 {
        match self {
            StoreEngine::PostgreSql => 5432,
            StoreEngine::MySql => 3306,
        }
    }

    /// Name of the client program that people type at.
    pub fn client(self) -> &'static str {
        match self {
            StoreEngine::PostgreSql => "psql",
            StoreEngine::MySql => "mysql",
        }
    }

    /// Name of the server program.
    pub fn program(self) -> &'static str {
        match self {
            StoreEngine::PostgreSql => "postgres",
            StoreEngine::MySql => "mysqld",
        }
    }

    /// User that the server runs as and who owns its files.
    pub fn user(self) -> &'static str {
        match self {
            StoreEngine::PostgreSql => "postgres",
            StoreEngine::MySql => "mysql",
        }
    }
}

/// When a write is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Commit {
    /// When the primary has it.
    Asynchronous,
    /// When one replica has it too.
    Synchronous,
}

/// What happens when the primary is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failover {
    /// Somebody promotes a replica.
    Manual,
    /// A majority of the voters elects a new primary.
    Automatic {
        /// So long without the primary.
        timeout: Span,
        /// Whether a primary that sees no majority stops taking writes.
        fence: bool,
    },
}

/// A member of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSpec {
    /// Its host; `None` for a managed one.
    pub host: Option<String>,
    /// Zone.
    pub zone: String,
    /// Its primary at the opening; `None` if it is the primary.
    pub follows: Option<String>,
    /// Data directory on the host.
    pub data: String,
    /// Size of the disk of a managed member, bytes; `None` is without limit.
    pub disk: Option<u64>,
    /// Writes a second that it can take over from its primary.
    pub receive: Exact,
    /// Writes a second that it can apply.
    pub apply: Exact,
    /// Log that it has not applied at the opening, bytes.
    pub behind: u64,
    /// For how long it has been behind.
    pub behind_for: Span,
    /// Whether its primary keeps the log for it in a replication slot.
    pub slot: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSpec {
    /// Bytes.
    pub size: u64,
    /// Rows.
    pub rows: u64,
    /// Weight of its part of the requests.
    pub weight: u64,
    /// Age of its oldest transaction ID.
    pub xid_age: u64,
    /// Whether the planner has statistics about it.
    pub analyzed: bool,
    /// How many times longer its requests take without statistics.
    pub unplanned: Exact,
    /// Whether its rows can be made again from elsewhere, so that losing them loses nothing.
    pub disposable: bool,
    /// Columns beside `id` and `created_at`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnSpec>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Name.
    pub name: String,
    /// Type.
    pub kind: ColumnKind,
    /// Values that its rows take, by chance of the row's id; empty is one of its own for each row. An empty text is NULL.
    pub values: Vec<String>,
}

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    /// `text`.
    Text,
    /// `bigint`.
    Bigint,
    /// `boolean`.
    Boolean,
    /// `timestamp with time zone`.
    Moment,
}

/// A backup that exists at the opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSpec {
    /// When it was taken.
    pub at: Offset,
    /// Size that is listed, bytes.
    pub size: u64,
    /// Writes that came after it.
    pub behind: u64,
    /// What kind it is.
    pub kind: BackupKind,
    /// Where it is kept.
    pub place: String,
    /// Whether the list says that it succeeded.
    pub claimed: bool,
    /// Whether it can be restored.
    pub valid: bool,
}

/// What kind a backup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupKind {
    /// Rows as text; a restore has no planner statistics.
    Dump,
    /// Files of the data directory.
    Base,
    /// A copy of the volume.
    Snapshot,
}

/// Backups that are taken on a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleSpec {
    /// Every so often.
    pub every: Span,
    /// When the next one is due.
    pub next: Offset,
    /// What kind they are.
    pub kind: BackupKind,
    /// Where they are kept.
    pub place: String,
    /// How many are kept.
    pub keep: u64,
    /// Whether they can be restored.
    pub valid: bool,
}

/// What can be wrong with a data store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreFault {
    /// A transaction holds a lock on a table, and others queue behind it.
    LockHeld {
        /// Store.
        store: String,
        /// Table.
        table: String,
        /// Statement that holds it, as the activity shows it.
        statement: String,
    },
    /// Connections are opened and never given back.
    PoolLeak {
        /// Store.
        store: String,
        /// Service whose pool leaks.
        client: String,
        /// Connections a second.
        rate: Exact,
    },
    /// A replica receives and applies less than usual; nothing at the full severity.
    ReplicationStuck {
        /// Store.
        store: String,
        /// Member.
        member: String,
    },
    /// A member and the others do not hear each other; clients reach it.
    Isolated {
        /// Store.
        store: String,
        /// Member.
        member: String,
    },
    /// A member is lost: its machine or disk is gone.
    MemberDown {
        /// Store.
        store: String,
        /// Member.
        member: String,
    },
    /// Rows of a table become wrong, and nothing says so.
    RowsWrong {
        /// Store.
        store: String,
        /// Table.
        table: String,
        /// Rows a second.
        rate: Exact,
    },
    /// Something deletes rows of a table.
    RowsDeleted {
        /// Store.
        store: String,
        /// Table.
        table: String,
        /// Rows a second.
        rate: Exact,
    },
    /// Transaction IDs are used up faster than writes alone do, and autovacuum does not come through.
    XidBurn {
        /// Store.
        store: String,
        /// Transaction IDs a second.
        rate: Exact,
    },
    /// The planner has lost its statistics about a table.
    StatisticsMissing {
        /// Store.
        store: String,
        /// Table.
        table: String,
    },
    /// Backups that are taken hold nothing and say that they succeeded.
    BackupsEmpty {
        /// Store.
        store: String,
    },
}

impl StoreFault {
    /// The store that it is about.
    pub fn store(&self) -> &str {
        match self {
            StoreFault::LockHeld { store, .. }
            | StoreFault::PoolLeak { store, .. }
            | StoreFault::ReplicationStuck { store, .. }
            | StoreFault::Isolated { store, .. }
            | StoreFault::MemberDown { store, .. }
            | StoreFault::RowsWrong { store, .. }
            | StoreFault::RowsDeleted { store, .. }
            | StoreFault::XidBurn { store, .. }
            | StoreFault::StatisticsMissing { store, .. }
            | StoreFault::BackupsEmpty { store } => store,
        }
    }

    /// The part of the store that it is about: a table, a member, a client, or nothing in particular.
    pub fn part(&self) -> &str {
        match self {
            StoreFault::LockHeld { table, .. }
            | StoreFault::RowsWrong { table, .. }
            | StoreFault::RowsDeleted { table, .. }
            | StoreFault::StatisticsMissing { table, .. } => table,
            StoreFault::ReplicationStuck { member, .. }
            | StoreFault::Isolated { member, .. }
            | StoreFault::MemberDown { member, .. } => member,
            StoreFault::PoolLeak { client, .. } => client,
            StoreFault::XidBurn { .. } | StoreFault::BackupsEmpty { .. } => "",
        }
    }

    /// Whether it is the same defect on the same part, whatever its size.
    pub fn same(&self, other: &StoreFault) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && (self.store(), self.part()) == (other.store(), other.part())
    }
}
