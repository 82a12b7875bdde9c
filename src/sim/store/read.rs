//! Reading a store: what tools, metrics and logs may ask.

use super::backup::kind_word;
use super::plan::StorePlan;
use super::state::{Broken, Line, Role, Slot, StoreState, Task, Work};
use crate::scenario::{ColumnSpec, StoreEngine};
use crate::stdx::time::Utc;

/// A member as its server and its primary show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Name.
    pub name: String,
    /// Host, if it has one.
    pub host: Option<String>,
    /// Zone.
    pub zone: String,
    /// Data directory.
    pub data: String,
    /// `primary`, `streaming`, `catchup`, `broken`, `diverged`, `promoting`, `fenced`, `split`, `rebuilding`, `empty`, `down`, `stuck`.
    pub state: &'static str,
    /// Whether its server answers.
    pub up: bool,
    /// Whether it takes writes.
    pub accepts: bool,
    /// Whether clients write to it.
    pub leader: bool,
    /// Timeline, from 1.
    pub timeline: usize,
    /// Position up to which it has the log, in writes.
    pub received: u64,
    /// Position up to which its tables are, in writes.
    pub applied: u64,
    /// The same two as the server writes them.
    pub received_lsn: String,
    /// As the server writes it.
    pub applied_lsn: String,
    /// Bytes of log that it has not received and not applied.
    pub receive_lag_bytes: u64,
    /// Bytes of log that it has not applied.
    pub lag_bytes: u64,
    /// Seconds by which its tables are behind.
    pub lag_s: u64,
    /// Writes that only it holds.
    pub diverged: u64,
    /// Bytes of log on its disk.
    pub log_bytes: u64,
    /// Its slot on the primary: bytes that it holds back; `None` without one, or if it was given up.
    pub slot_bytes: Option<u64>,
    /// Whether its slot was given up because it held back too much.
    pub slot_lost: bool,
    /// Process id of its sender on the primary.
    pub sender: u32,
    /// Whether it hears the primary.
    pub heard: bool,
    /// Whether somebody has told it to stop replicating.
    pub paused: bool,
}

/// What a replica of a MySQL server says of its replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicationRow {
    /// `Yes`, `No`, `Connecting`: whether it receives.
    pub receives: &'static str,
    /// Whether it applies.
    pub applies: bool,
    /// Seconds that it is behind; `None` if it cannot know.
    pub lag_s: Option<u64>,
}

impl MemberRow {
    /// What it says of its replication; `None` if it takes writes.
    pub fn replication(&self) -> Option<ReplicationRow> {
        if self.accepts {
            return None;
        }
        let (receives, applies) = match self.state {
            _ if self.paused => ("No", false),
            "broken" => ("No", true),
            "diverged" => ("Yes", false),
            "promoting" | "rebuilding" | "empty" | "down" => ("No", false),
            _ if !self.heard => ("Connecting", true),
            _ => ("Yes", true),
        };
        let knows = receives == "Yes" && applies;
        Some(ReplicationRow { receives, applies, lag_s: knows.then_some(self.lag_s) })
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Rows.
    pub rows: u64,
    /// Age of its oldest transaction ID.
    pub xid_age: u64,
    /// Whether the planner has statistics.
    pub analyzed: bool,
    /// What the last check found, and when.
    pub found: Option<(Utc, u64)>,
    /// Columns beside `id` and `created_at`.
    pub columns: Vec<ColumnSpec>,
}

/// A session, or a group of sessions in the same state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityRow {
    /// Process id of the backend; of the first one of a group.
    pub pid: u32,
    /// How many there are.
    pub count: u64,
    /// Client.
    pub client: String,
    /// `active`, `idle`, `idle in transaction`.
    pub state: &'static str,
    /// What it waits for: `Lock`, `Client`, or nothing.
    pub wait: &'static str,
    /// Since when.
    pub since: Utc,
    /// Statement.
    pub query: String,
}

/// A lock that others wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockRow {
    /// Process id of the holder.
    pub pid: u32,
    /// Table.
    pub table: String,
    /// Since when it holds it.
    pub since: Utc,
    /// Sessions that wait.
    pub waiting: u64,
    /// Statement of the holder.
    pub statement: String,
}

/// A backup as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupRow {
    /// Id.
    pub id: String,
    /// When.
    pub at: Utc,
    /// `dump`, `base`, `snapshot`.
    pub kind: &'static str,
    /// Bytes.
    pub bytes: u64,
    /// Where.
    pub place: String,
    /// Whether it is said to have succeeded.
    pub claimed: bool,
    /// What a verification or a restore has shown.
    pub verified: Option<bool>,
    /// Writes that came after it.
    pub behind: u64,
}

/// Work under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// Job number; 0 for what the server does by itself.
    pub job: u32,
    /// What.
    pub what: String,
    /// When it began.
    pub since: Utc,
    /// Bytes done.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes a second.
    pub rate: u64,
    /// Seconds left at that rate.
    pub left_s: u64,
    /// Whether nothing moves yet (a checkpoint is waited for).
    pub waits: bool,
}

/// Everything that tools may show of a store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreInfo {
    /// Name.
    pub name: String,
    /// Database.
    pub database: String,
    /// Which server it runs.
    pub engine: StoreEngine,
    /// Service that it answers for.
    pub service: String,
    /// `ok`, `no leader`, `read only`, `split brain`.
    pub state: &'static str,
    /// What a client that is turned away reads.
    pub refusal: Option<String>,
    /// Connections for clients and for superusers.
    pub reserved: u64,
    /// Members.
    pub members: Vec<MemberRow>,
    /// Tables.
    pub tables: Vec<TableRow>,
    /// Sessions.
    pub activity: Vec<ActivityRow>,
    /// Locks.
    pub locks: Vec<LockRow>,
    /// Backups.
    pub backups: Vec<BackupRow>,
    /// Work under way.
    pub work: Vec<WorkRow>,
    /// Bytes a second that a copy of its data moves.
    pub copy_rate: u64,
    /// Numbers.
    pub metrics: StoreMetrics,
}

/// Numbers for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StoreMetrics {
    /// Whether writes are taken.
    pub writable: bool,
    /// Whether somebody has told it to take none.
    pub read_only: bool,
    /// Members that take writes; more than one is a split brain.
    pub primaries: u64,
    /// Connections in use.
    pub connections: u64,
    /// Connections that there may be.
    pub max_connections: u64,
    /// Sessions that wait for a lock.
    pub waiting: u64,
    /// Age of the oldest transaction ID.
    pub xid_age: u64,
    /// Bytes of the tables.
    pub data_bytes: u64,
    /// Writes since the opening.
    pub writes_total: u64,
    /// Reads answered by replicas since the opening.
    pub replica_reads_total: u64,
    /// Of these, reads that saw the past.
    pub stale_reads_total: u64,
    /// Writes and rows lost for good.
    pub lost_total: u64,
    /// Writes that had been counted as lost and came back, because a member or backup that held them leads again.
    pub recovered_total: u64,
    /// Of the writes on members that left the official history, those that are not counted as lost yet.
    pub unsettled: u64,
    /// Writes that are only on a member that left the official history.
    pub diverged: u64,
    /// Seconds without a primary that a majority hears.
    pub silent_s: u64,
    /// When the last backup was taken that says it succeeded.
    pub last_backup: Option<Utc>,
}

impl StoreState {
    /// `ok`, `no leader`, `read only`, `split brain`.
    pub fn word(&self, _plan: &StorePlan) -> &'static str {
        let primaries = self.members.iter().filter(|m| m.accepts()).count();
        match (primaries, self.writer()) {
            (2.., _) => "split brain",
            (_, None) => "no leader",
            _ if self.read_only || self.wrapped || self.stalled => "read only",
            _ => "ok",
        }
    }

    /// What a member does, in a word.
    pub fn member_word(&self, at: usize) -> &'static str {
        let Some(m) = self.members.get(at) else { return "down" };
        let rebuilds =
            |t: &Task| matches!(t, Task::Rebuild { member, .. } | Task::Restore { member, .. } if *member == at);
        if self.works.iter().any(|w| rebuilds(&w.task)) {
            return "rebuilding";
        }
        match (m.holds, m.up(), m.role, m.broken) {
            (false, ..) => "empty",
            (_, false, ..) => "down",
            (_, _, Role::Promoting, _) => "promoting",
            (_, _, Role::Primary, _) if m.fenced => "fenced",
            (_, _, Role::Primary, _) if self.leader != Some(at) => "split",
            (_, _, Role::Primary, _) => "primary",
            (_, _, _, Some(Broken::LogGone)) => "broken",
            (_, _, _, Some(Broken::Diverged)) => "diverged",
            _ => "replica",
        }
    }

    /// Everything that tools may show.
    pub fn info(&self, plan: &StorePlan, active: u64) -> StoreInfo {
        StoreInfo {
            name: plan.name.clone(),
            database: plan.database.clone(),
            engine: plan.engine,
            service: plan.service.clone(),
            state: self.word(plan),
            refusal: self.refusal(plan),
            reserved: plan.reserved,
            members: self.member_rows(plan),
            tables: self.table_rows(plan),
            activity: self.activity(plan, active),
            locks: self.lock_rows(plan),
            backups: self.backup_rows(),
            work: self.work_rows(),
            copy_rate: plan.copy_rate,
            metrics: self.metrics(plan, active),
        }
    }

    /// Members in the order of their names.
    pub fn member_rows(&self, plan: &StorePlan) -> Vec<MemberRow> {
        let row = |(at, (m, spec)): (usize, (&super::state::Member, &super::plan::MemberPlan))| {
            let behind = |p: u64| self.kept.saturating_sub(p).saturating_mul(plan.wal);
            let official = m.timeline == self.head || self.own(at) == 0;
            let lag = |p| if m.holds && official { behind(p) } else { 0 };
            MemberRow {
                name: spec.name.clone(),
                host: spec.host.clone(),
                zone: spec.zone.clone(),
                data: spec.data.clone(),
                state: match self.member_word(at) {
                    "replica" if self.writer().is_none() || !m.heard || m.stuck >= 1.0 || m.paused => "stuck",
                    "replica" if m.received < self.before => "catchup",
                    "replica" => "streaming",
                    word => word,
                },
                up: m.up(),
                accepts: m.accepts(),
                leader: self.leader == Some(at),
                timeline: m.timeline + 1,
                received: m.received,
                applied: m.applied,
                received_lsn: plan.lsn(m.received),
                applied_lsn: plan.lsn(m.applied),
                receive_lag_bytes: lag(m.received),
                lag_bytes: lag(m.applied),
                lag_s: if m.holds && official { self.lag_s(at) } else { 0 },
                diverged: self.own(at),
                log_bytes: self.log_bytes(plan, at),
                slot_bytes: match m.slot {
                    Slot::From(p) => Some(behind(p)),
                    _ => None,
                },
                slot_lost: m.slot == Slot::Lost,
                sender: m.sender,
                heard: m.heard && self.writer().is_some(),
                paused: m.paused,
            }
        };
        self.members.iter().zip(&plan.members).enumerate().map(row).collect()
    }

    /// Tables in the order of their names.
    pub fn table_rows(&self, plan: &StorePlan) -> Vec<TableRow> {
        let rows = self.tables.iter().zip(&plan.tables).map(|(t, spec)| TableRow {
            name: spec.name.clone(),
            bytes: t.bytes,
            rows: t.rows,
            xid_age: self.next_xid.saturating_sub(t.frozen),
            analyzed: t.analyzed,
            found: t.found,
            columns: spec.columns.clone(),
        });
        rows.collect()
    }

    /// Sessions: who holds locks, who waits, who leaks, who works (`active` requests of the service).
    pub fn activity(&self, plan: &StorePlan, active: u64) -> Vec<ActivityRow> {
        let mut rows = Vec::new();
        for l in &self.locks {
            let state = if l.job.is_some() { "active" } else { "idle in transaction" };
            let wait = if l.job.is_some() { "" } else { "Client" };
            let query = l.statement.clone();
            rows.push(ActivityRow {
                pid: l.pid,
                count: 1,
                client: plan.engine.client().into(),
                state,
                wait,
                since: l.since,
                query,
            });
            if l.waiting > 0 {
                let table = plan.tables.get(l.table).map_or("", |t| t.name.as_str());
                rows.push(ActivityRow {
                    pid: l.pid.wrapping_add(1),
                    count: l.waiting,
                    client: plan.service.clone(),
                    state: "active",
                    wait: "Lock",
                    since: l.since,
                    query: format!("SELECT … FROM {table}"),
                });
            }
        }
        for l in self.leaks.iter().filter(|l| l.open > 0) {
            rows.push(ActivityRow {
                pid: l.first_pid,
                count: l.open,
                client: l.client.clone(),
                state: "idle",
                wait: "Client",
                since: l.since,
                query: "COMMIT".to_owned(),
            });
        }
        for w in self.works.iter().filter(|w| w.auto && matches!(w.task, Task::Vacuum { .. })) {
            let (since, query) = (w.since, w.what.clone());
            rows.push(ActivityRow {
                pid: 0,
                count: 1,
                client: "autovacuum".into(),
                state: "active",
                wait: "",
                since,
                query,
            });
        }
        if active > 0 {
            rows.push(ActivityRow {
                pid: self.next_pid,
                count: active,
                client: plan.service.clone(),
                state: "active",
                wait: "",
                since: self.now,
                query: "SELECT …".to_owned(),
            });
        }
        // What its clients hold open and do nothing with.
        let mine = rows.iter().filter(|r| r.client != "autovacuum").map(|r| r.count).sum();
        let idle = self.connections(plan, active).saturating_sub(mine);
        if idle > 0 {
            rows.push(ActivityRow {
                pid: self.next_pid.wrapping_add(8_192),
                count: idle,
                client: plan.service.clone(),
                state: "idle",
                wait: "Client",
                since: self.now,
                query: "COMMIT".to_owned(),
            });
        }
        rows
    }

    /// Locks, the one with most waiters first.
    pub fn lock_rows(&self, plan: &StorePlan) -> Vec<LockRow> {
        let rows = self.locks.iter().map(|l| LockRow {
            pid: l.pid,
            table: plan.tables.get(l.table).map_or(String::new(), |t| t.name.clone()),
            since: l.since,
            waiting: l.waiting,
            statement: l.statement.clone(),
        });
        let mut rows: Vec<LockRow> = rows.collect();
        rows.sort_by_key(|r| (std::cmp::Reverse(r.waiting), r.pid));
        rows
    }

    /// Backups, oldest first.
    pub fn backup_rows(&self) -> Vec<BackupRow> {
        let rows = self.backups.iter().map(|b| BackupRow {
            id: b.id.clone(),
            at: b.at,
            kind: kind_word(b.kind),
            bytes: b.bytes,
            place: b.place.clone(),
            claimed: b.claimed,
            verified: b.verified,
            behind: self.kept.saturating_sub(b.position),
        });
        rows.collect()
    }

    /// Work under way, what the server does by itself included.
    pub fn work_rows(&self) -> Vec<WorkRow> {
        self.works.iter().map(Work::row).collect()
    }

    /// The work that is a job of this store and still under way.
    pub fn job_work(&self, job: u32) -> Option<WorkRow> {
        self.works.iter().find(|w| w.job == job && job != 0).map(Work::row)
    }

    /// Seconds that a job is likely to need still; `None` if it is not one of this store's.
    pub fn job_left_s(&self, job: u32) -> Option<u64> {
        self.works.iter().find(|w| w.job == job && job != 0).map(Work::left_s)
    }

    /// Why a job ended without what was wanted.
    pub fn job_failure(&self, job: u32) -> Option<&str> {
        self.ended.iter().find(|(j, _)| *j == job).map(|(_, why)| why.as_str())
    }

    /// Connections in use: those that work or wait, at least what clients keep open, and those that leaked.
    fn connections(&self, plan: &StorePlan, active: u64) -> u64 {
        let busy = active.saturating_add(self.waiting()).max(plan.clients);
        busy.saturating_add(self.leaked()).min(self.limit(plan))
    }

    /// Numbers for metrics; `active` is how many requests the service works on.
    pub fn metrics(&self, plan: &StorePlan, active: u64) -> StoreMetrics {
        let claimed = self.backups.iter().filter(|b| b.claimed).map(|b| b.at).max();
        StoreMetrics {
            writable: self.writable(),
            read_only: self.read_only,
            primaries: self.members.iter().filter(|m| m.accepts()).count() as u64,
            connections: self.connections(plan, active),
            max_connections: self.max_connections,
            waiting: self.waiting(),
            xid_age: self.xid_age(),
            data_bytes: self.data_bytes(),
            writes_total: self.writes_total,
            replica_reads_total: self.replica_reads_total,
            stale_reads_total: self.stale_reads_total,
            lost_total: self.lost_total,
            recovered_total: self.recovered_total,
            unsettled: self.members.iter().enumerate().map(|(at, m)| self.own(at).saturating_sub(m.own_counted)).sum(),
            diverged: (0..self.members.len()).map(|at| self.own(at)).sum(),
            silent_s: self.silent_s,
            last_backup: claimed,
        }
    }

    /// What the servers wrote into their logs lately, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// Writes and rows lost for good so far.
    pub fn lost_total(&self) -> u64 {
        self.lost_total
    }

    /// Bytes that a member's files were last written with.
    pub(in crate::sim) fn on_disk(&self, at: usize) -> u64 {
        self.members.get(at).map_or(0, |m| m.on_disk)
    }

    /// A member's files have been written.
    pub(in crate::sim) fn flushed(&mut self, at: usize, bytes: u64) {
        if let Some(m) = self.members.get_mut(at) {
            m.on_disk = bytes;
        }
    }

    /// Whether a member's server cannot run: for lack of space (true) or of data (false).
    pub(in crate::sim) fn stopped(&self, at: usize) -> Option<bool> {
        let m = self.members.get(at)?;
        if m.full { Some(true) } else { (!m.holds).then_some(false) }
    }

    /// Position of the official history, in writes.
    pub fn position(&self) -> u64 {
        self.kept
    }

    /// Rows that hold something wrong; nobody sees this without a check.
    pub fn wrong_rows(&self) -> u64 {
        self.tables.iter().map(|t| t.wrong).sum()
    }
}
