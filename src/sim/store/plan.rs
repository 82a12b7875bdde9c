//! The fixed part of a data store: rates as numbers, names as positions.

use crate::scenario::{BackupKind, ColumnSpec, Commit, Failover, StoreEngine, StoreSpec};
use crate::stdx::time::Utc;

/// Bytes of a segment of write-ahead log.
pub const SEGMENT: u64 = 16 << 20;

/// Log that is on disk in any case: what five segments hold.
const LEAST_LOG: u64 = 5 * SEGMENT;

/// Age of the oldest transaction ID at which the server stops taking writes: 3 million before the wrap at 2^31.
pub const WRAP_XIDS: u64 = (1 << 31) - 3_000_000;

/// Age from which the server warns: 40 million before the wrap.
pub const WARN_XIDS: u64 = (1 << 31) - 40_000_000;

/// Age from which autovacuum freezes a table.
pub(super) const FREEZE_XIDS: u64 = 200_000_000;

/// Position in the log, in bytes, near which a store opens.
const FIRST_LSN: u64 = 0x16_0000_0000;

/// Everything about a store that never changes.
#[derive(Clone, Debug)]
pub struct StorePlan {
    /// Its name.
    pub name: String,
    /// Service that it answers for.
    pub service: String,
    /// Position of that service in the world.
    pub(in crate::sim) at: Option<usize>,
    /// Database name.
    pub database: String,
    /// Which server it runs.
    pub engine: StoreEngine,
    /// Members, in the order of their names.
    pub members: Vec<MemberPlan>,
    /// Tables, in the order of their names.
    pub tables: Vec<TablePlan>,
    /// Share of requests that write.
    pub writes: f64,
    /// Share of reads that replicas answer.
    pub replica_reads: f64,
    /// Lag from which a read is stale, seconds.
    pub stale_after_s: u64,
    /// Log bytes a write.
    pub wal: u64,
    /// Table bytes a write.
    pub row: u64,
    /// When a write is acknowledged.
    pub commit: Commit,
    /// What happens without a primary.
    pub failover: Failover,
    /// Zones of voters without data.
    pub witnesses: Vec<String>,
    /// Writes whose log is kept in any case.
    pub keep: u64,
    /// Writes whose log a slot may hold back.
    pub slot_limit: Option<u64>,
    /// Whether finished log is archived.
    pub archive: bool,
    /// Connections kept for superusers.
    pub reserved: u64,
    /// Connections that pools hold.
    pub clients: u64,
    /// Seconds that a client waits for a lock.
    pub lock_wait_s: u64,
    /// Whether old IDs are frozen by themselves.
    pub autovacuum: bool,
    /// Bytes a second: vacuum.
    pub vacuum_rate: u64,
    /// Bytes a second: copy to a new replica.
    pub copy_rate: u64,
    /// Bytes a second: restore.
    pub restore_rate: u64,
    /// Seconds before a base backup copies anything.
    pub checkpoint_s: u64,
    /// Backups on a schedule.
    pub schedule: Option<SchedulePlan>,
    /// Position at the opening.
    pub first: u64,
    /// The scenario's own words, for the state at the opening.
    pub spec: StoreSpec,
}

/// A member.
#[derive(Clone, Debug)]
pub struct MemberPlan {
    /// Its name.
    pub name: String,
    /// Host, if it has one.
    pub host: Option<String>,
    /// Unit that runs its server there, if one is listed.
    pub unit: Option<String>,
    /// Zone.
    pub zone: String,
    /// Data directory.
    pub data: String,
    /// File in it that stands for its tables.
    pub(in crate::sim) data_file: String,
    /// File in it that stands for its write-ahead log.
    pub(in crate::sim) log_file: String,
    /// Size of the disk of a managed member.
    pub disk: Option<u64>,
    /// Writes a second that it takes over.
    pub receive: f64,
    /// Writes a second that it applies.
    pub apply: f64,
    /// Whether a slot keeps the log for it.
    pub slot: bool,
}

/// A table.
#[derive(Clone, Debug)]
pub struct TablePlan {
    /// Its name.
    pub name: String,
    /// Its part of the requests, 0 to 1.
    pub share: f64,
    /// Times longer without statistics.
    pub unplanned: f64,
    /// Whether losing its rows loses nothing.
    pub disposable: bool,
    /// Columns beside `id` and `created_at`.
    pub columns: Vec<ColumnSpec>,
}

/// Backups on a schedule.
#[derive(Clone, Debug)]
pub struct SchedulePlan {
    /// Seconds between two.
    pub every_s: u64,
    /// When the first is due.
    pub next: Utc,
    /// Kind.
    pub kind: BackupKind,
    /// Where they are kept.
    pub place: String,
    /// How many are kept.
    pub keep: usize,
    /// Whether they can be restored.
    pub valid: bool,
}

impl StorePlan {
    /// Resolves a store; `t0` is the moment of T0.
    pub fn new(name: &str, spec: &StoreSpec, t0: Utc) -> StorePlan {
        let wal = spec.wal_per_write.max(1);
        let furthest = spec.members.values().map(|m| m.behind).chain(spec.backups.values().map(|b| b.behind * wal));
        let first = FIRST_LSN.saturating_add(furthest.max().unwrap_or(0)) / wal;
        let weights: u64 = spec.tables.values().map(|t| t.weight).sum();
        let (data_file, log_file) = match spec.engine {
            StoreEngine::PostgreSql => ("base/16384".to_owned(), "pg_wal/000000010000001600000000".to_owned()),
            StoreEngine::MySql => (format!("{}/main.ibd", spec.database), "binlog.000089".to_owned()),
        };
        let members = spec.members.iter().map(|(name, m)| MemberPlan {
            name: name.clone(),
            host: m.host.clone(),
            unit: None,
            zone: m.zone.clone(),
            data: m.data.clone(),
            data_file: format!("{}/{data_file}", m.data),
            log_file: format!("{}/{log_file}", m.data),
            disk: m.disk,
            receive: m.receive.to_f64(),
            apply: m.apply.to_f64(),
            slot: m.slot,
        });
        let tables = spec.tables.iter().map(|(name, t)| TablePlan {
            name: name.clone(),
            share: t.weight as f64 / weights.max(1) as f64,
            unplanned: t.unplanned.to_f64().max(1.0),
            disposable: t.disposable,
            columns: t.columns.clone(),
        });
        StorePlan {
            name: name.to_owned(),
            service: spec.service.clone(),
            at: None,
            database: spec.database.clone(),
            engine: spec.engine,
            members: members.collect(),
            tables: tables.collect(),
            writes: spec.writes.to_f64(),
            replica_reads: spec.replica_reads.to_f64(),
            stale_after_s: spec.stale_after.0,
            wal,
            row: spec.row,
            commit: spec.commit,
            failover: spec.failover,
            witnesses: spec.witnesses.clone(),
            keep: spec.wal_keep.max(LEAST_LOG) / wal,
            slot_limit: spec.slot_limit.map(|b| b / wal),
            archive: spec.archive,
            reserved: spec.reserved,
            clients: spec.clients,
            lock_wait_s: spec.lock_wait.0,
            autovacuum: spec.autovacuum && spec.engine == StoreEngine::PostgreSql,
            vacuum_rate: spec.vacuum_rate.max(1),
            copy_rate: spec.copy_rate.max(1),
            restore_rate: spec.restore_rate.max(1),
            checkpoint_s: spec.checkpoint.0,
            schedule: spec.schedule.as_ref().map(|s| SchedulePlan {
                every_s: s.every.0.max(1),
                next: t0.plus(s.next.0),
                kind: s.kind,
                place: s.place.clone(),
                keep: usize::try_from(s.keep).unwrap_or(usize::MAX).max(1),
                valid: s.valid,
            }),
            first,
            spec: spec.clone(),
        }
    }

    /// A line of a server's log as it is written there.
    pub fn written(&self, line: &super::Line) -> String {
        match self.engine {
            StoreEngine::PostgreSql => format!("{}:  {}", line.level, line.text),
            StoreEngine::MySql => format!("[{}] {}", line.level, line.text),
        }
    }

    /// Position of a member by name.
    pub fn member(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|m| m.name == name)
    }

    /// Position of a table by name.
    pub fn table(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.name == name)
    }

    /// Voters: members and witnesses.
    pub fn voters(&self) -> usize {
        self.members.len() + self.witnesses.len()
    }

    /// A position as the server writes it: `16/B374D848`.
    pub fn lsn(&self, position: u64) -> String {
        let bytes = position.saturating_mul(self.wal);
        format!("{:X}/{:X}", bytes >> 32, bytes & 0xFFFF_FFFF)
    }

    /// Name of the log segment that holds a position on a timeline (from 0).
    pub fn segment(&self, timeline: usize, position: u64) -> String {
        let bytes = position.saturating_mul(self.wal);
        format!("{:08X}{:08X}{:08X}", timeline + 1, bytes >> 32, (bytes & 0xFFFF_FFFF) >> 24)
    }
}
