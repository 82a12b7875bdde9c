//! What a database administrator does to a store, and what the server says when it cannot be done.

use super::plan::StorePlan;
use super::state::{Lock, Role, Slot, StoreState, Task, Work};
use crate::fact::FactKind;
use crate::scenario::{BackupKind, StoreEngine};
use crate::sim::{Refusal, StoreAct};

/// Seconds that a server needs to start again.
const RESTART_S: u64 = 8;

/// Most of a table that is read for its statistics, bytes.
const SAMPLE: u64 = 256 << 20;

/// Work that an act began: what, and seconds that it is likely to take.
pub type Begun = Option<(String, u64)>;

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { message: message.into() })
}

impl StoreState {
    /// Does something to the store; `job` is the number for work that it begins.
    ///
    /// # Errors
    /// The words of the real tools; then nothing has changed.
    pub fn act(
        &mut self,
        plan: &StorePlan,
        act: &StoreAct,
        job: u32,
        facts: &mut Vec<FactKind>,
    ) -> Result<Begun, Refusal> {
        match act {
            StoreAct::Promote { member } => {
                let at = self.standby(plan, member)?;
                self.promote(plan, at, facts);
            }
            StoreAct::Switchover { member } => {
                let at = self.standby(plan, member)?;
                let broken = self.members.get(at).is_some_and(|m| m.broken.is_some());
                let Some(from) = self.writer().filter(|_| !broken) else {
                    return refuse(
                        "Error: Switchover is not possible: no healthy leader, or the candidate does not follow it",
                    );
                };
                if let Some(m) = self.members.get_mut(from) {
                    m.role = Role::Replica;
                }
                self.handover = Some(at);
            }
            StoreAct::Rebuild { member, wipe } => return self.rebuild(plan, member, *wipe, job, facts),
            StoreAct::Destroy { member } => {
                let at = self.member(plan, member)?;
                self.gone(plan, at, facts);
            }
            StoreAct::Terminate { pid } => self.terminate(*pid, facts)?,
            StoreAct::TerminateIdle { client } => {
                let Some(leak) = self.leaks.iter_mut().find(|l| l.client == *client && l.open > 0) else {
                    return refuse(format!("no idle sessions of {client}"));
                };
                leak.open = 0;
            }
            StoreAct::Vacuum { table, full } => return self.vacuum(plan, table.as_deref(), *full, job),
            StoreAct::Analyze { table } => {
                self.serving()?;
                let tables = self.tables_of(plan, table.as_deref())?;
                let total = tables.iter().filter_map(|t| self.tables.get(*t)).map(|t| t.bytes.min(SAMPLE)).sum();
                let what = format!("analyze of {}", table.as_deref().unwrap_or(&plan.database));
                return Ok(self.begin(job, what, Task::Analyze { tables }, 0, total, plan.vacuum_rate));
            }
            StoreAct::Check { table } => {
                self.serving()?;
                let tables = self.tables_of(plan, table.as_deref())?;
                let total = tables.iter().filter_map(|t| self.tables.get(*t)).map(|t| t.bytes).sum();
                let what = format!("check of {}", table.as_deref().unwrap_or(&plan.database));
                return Ok(self.begin(job, what, Task::Check { tables }, 0, total, plan.copy_rate));
            }
            StoreAct::Truncate { table } => {
                self.serving()?;
                let at = self.table_of(plan, table)?;
                let xid = self.next_xid;
                if let Some(t) = self.tables.get_mut(at) {
                    t.missing += t.rows;
                    (t.rows, t.wrong, t.bytes, t.frozen) = (0, 0, 0, xid);
                }
                // What vacuums the table has nothing left to do.
                let of = |w: &Work| matches!(w.task, Task::Vacuum { table, .. } if table == at);
                for w in self.works.iter_mut().filter(|w| of(w)) {
                    w.done = w.total;
                }
                self.recount_rows(plan, facts);
            }
            StoreAct::Backup => {
                self.serving()?;
                let (kind, place) =
                    plan.schedule.as_ref().map_or((BackupKind::Base, "/backup"), |s| (s.kind, s.place.as_str()));
                let valid = plan.schedule.as_ref().is_none_or(|s| s.valid);
                let work = self.backup_work(plan, job, kind, place, None, valid);
                let begun = Some((work.what.clone(), work.left_s()));
                self.works.push(work);
                return Ok(begun);
            }
            StoreAct::Dump { place } => {
                self.serving()?;
                let work = self.backup_work(plan, job, BackupKind::Dump, place, None, true);
                let begun = Some((work.what.clone(), work.left_s()));
                self.works.push(work);
                return Ok(begun);
            }
            StoreAct::Verify { backup } => {
                let total = self.backup_of(backup)?.bytes;
                let task = Task::Verify { backup: backup.clone() };
                return Ok(self.begin(job, format!("verify of {backup}"), task, 0, total, plan.copy_rate));
            }
            StoreAct::Restore { backup, member, until } => {
                let at = self.member(plan, member)?;
                let b = self.backup_of(backup)?.clone();
                if self.works.iter().any(|w| matches!(w.task, Task::Restore { .. })) {
                    return refuse(format!("a restore of {} is in progress", plan.name));
                }
                let target = self.target(plan, &b, *until);
                let replay = target.saturating_sub(b.position).saturating_mul(plan.wal);
                // What is there is removed before anything is written: a broken backup is found out too late.
                self.gone(plan, at, facts);
                let total = if b.valid { self.data_bytes().saturating_add(replay) } else { b.bytes };
                let task = Task::Restore { backup: backup.clone(), member: at, target };
                return Ok(self.begin(
                    job,
                    format!("restore of {backup} to {member}"),
                    task,
                    0,
                    total,
                    plan.restore_rate,
                ));
            }
            StoreAct::Repair { table, backup } => {
                self.serving()?;
                let at = self.table_of(plan, table)?;
                self.backup_of(backup)?;
                let total = self.tables.get(at).map_or(0, |t| t.bytes);
                let task = Task::Repair { backup: backup.clone(), table: at };
                return Ok(self.begin(
                    job,
                    format!("repair of {table} from {backup}"),
                    task,
                    0,
                    total,
                    plan.restore_rate,
                ));
            }
            StoreAct::MaxConnections { most } => {
                self.serving()?;
                if *most <= plan.reserved {
                    return refuse("superuser_reserved_connections must be less than max_connections");
                }
                self.max_connections = *most;
                // MySQL takes it over as it runs.
                if plan.engine == StoreEngine::MySql {
                    return Ok(None);
                }
                self.restarting_s = RESTART_S;
                // A restart ends every session.
                self.leaks.iter_mut().for_each(|l| l.open = 0);
                self.locks.retain(|l| l.job.is_some());
            }
            StoreAct::ReadOnly { on } => {
                self.serving()?;
                self.read_only = *on;
            }
            StoreAct::Replicate { member, on } => {
                let at = self.member(plan, member)?;
                match self.members.get_mut(at) {
                    Some(m) if m.up() && m.role == Role::Replica => m.paused = !on,
                    Some(m) if m.up() => return refuse("ERROR 1200 (HY000): The server is not configured as replica"),
                    _ => return refuse("ERROR 2003 (HY000): Can't connect to MySQL server (111)"),
                }
            }
            StoreAct::DropSlot { member } => {
                self.serving()?;
                let at = self.member(plan, member)?;
                let name = super::replicate::slot_name(member);
                match self.members.get_mut(at) {
                    Some(m) if m.slot != Slot::Absent => m.slot = Slot::Absent,
                    _ => return refuse(format!("ERROR:  replication slot \"{name}\" does not exist")),
                }
            }
            StoreAct::Cancel { job } => {
                let Some(at) = self.works.iter().position(|w| w.job == *job && *job != 0) else {
                    return refuse(format!("job {job} not found"));
                };
                self.fail(at, "canceling statement due to user request", facts);
            }
        }
        Ok(None)
    }

    fn begin(&mut self, job: u32, what: String, task: Task, wait_s: u64, total: u64, rate: u64) -> Begun {
        let work = Work { job, what: what.clone(), task, since: self.now, auto: false, wait_s, done: 0, total, rate };
        let seconds = work.left_s();
        self.works.push(work);
        Some((what, seconds))
    }

    fn member(&self, plan: &StorePlan, name: &str) -> Result<usize, Refusal> {
        plan.member(name).ok_or_else(|| Refusal { message: format!("{} has no member '{name}'", plan.name) })
    }

    fn standby(&self, plan: &StorePlan, name: &str) -> Result<usize, Refusal> {
        let at = self.member(plan, name)?;
        match self.members.get(at) {
            Some(m) if !m.up() => {
                let data = plan.members.get(at).map_or("", |m| m.data.as_str());
                refuse(format!("pg_ctl: PID file \"{data}/postmaster.pid\" does not exist\nIs server running?"))
            }
            Some(m) if m.role == Role::Replica => Ok(at),
            _ => refuse("pg_ctl: cannot promote server; server is not in standby mode"),
        }
    }

    /// Whether somebody can log in to the primary.
    fn serving(&self) -> Result<(), Refusal> {
        match self.leader.and_then(|l| self.members.get(l)) {
            Some(m) if m.up() && self.restarting_s == 0 => Ok(()),
            Some(m) if m.up() => refuse("FATAL:  the database system is starting up"),
            _ => refuse("could not connect to server: Connection refused"),
        }
    }

    fn table_of(&self, plan: &StorePlan, name: &str) -> Result<usize, Refusal> {
        plan.table(name).ok_or_else(|| Refusal { message: format!("ERROR:  relation \"{name}\" does not exist") })
    }

    fn tables_of(&self, plan: &StorePlan, name: Option<&str>) -> Result<Vec<usize>, Refusal> {
        match name {
            Some(name) => Ok(vec![self.table_of(plan, name)?]),
            None => Ok((0..self.tables.len()).collect()),
        }
    }

    fn backup_of(&self, id: &str) -> Result<&super::state::Backup, Refusal> {
        self.backup(id).ok_or_else(|| Refusal { message: format!("no backup '{id}'") })
    }

    fn rebuild(
        &mut self,
        plan: &StorePlan,
        member: &str,
        wipe: bool,
        job: u32,
        facts: &mut Vec<FactKind>,
    ) -> Result<Begun, Refusal> {
        let at = self.member(plan, member)?;
        let data = plan.members.get(at).map_or("", |m| m.data.as_str());
        if self.writer().is_none() {
            return refuse("pg_basebackup: error: connection to server failed: Connection refused");
        }
        if self.leader == Some(at) {
            return refuse(format!("{member} is the primary; it cannot be a copy of itself"));
        }
        if self.works.iter().any(|w| matches!(w.task, Task::Rebuild { member, .. } if member == at)) {
            return refuse(format!("a copy to {member} is in progress"));
        }
        let holds = self.members.get(at).is_some_and(|m| m.holds);
        if holds && !wipe {
            return refuse(format!("pg_basebackup: error: directory \"{data}\" exists but is not empty"));
        }
        self.gone(plan, at, facts);
        let task = Task::Rebuild { member: at, from: self.kept };
        let (wait, total) = (plan.checkpoint_s, self.data_bytes());
        Ok(self.begin(job, format!("base backup to {member}"), task, wait, total, plan.copy_rate))
    }

    fn terminate(&mut self, pid: u32, facts: &mut Vec<FactKind>) -> Result<(), Refusal> {
        self.serving()?;
        if let Some(at) = self.locks.iter().position(|l| l.pid == pid) {
            let lock = self.locks.remove(at);
            if let Some(work) = lock.job.and_then(|job| self.works.iter().position(|w| w.job == job)) {
                self.fail(work, "terminating connection due to administrator command", facts);
            }
            return Ok(());
        }
        let mine =
            |l: &&mut super::state::Leak| u64::from(pid.wrapping_sub(l.first_pid)) < l.open && pid >= l.first_pid;
        if let Some(leak) = self.leaks.iter_mut().find(mine) {
            leak.open -= 1;
            return Ok(());
        }
        refuse(format!("WARNING:  PID {pid} is not a PostgreSQL backend process"))
    }

    fn vacuum(&mut self, plan: &StorePlan, table: Option<&str>, full: bool, job: u32) -> Result<Begun, Refusal> {
        self.serving()?;
        let tables = self.tables_of(plan, table)?;
        if full && tables.len() != 1 {
            return refuse("vacuumdb: error: name one table for a full vacuum");
        }
        // A database is vacuumed table by table, the oldest last; the job is the whole of it.
        let total: u64 = tables.iter().filter_map(|t| self.tables.get(*t)).map(|t| t.bytes).sum();
        let what = format!("vacuum of {}", table.unwrap_or(&plan.database));
        let (xid, now) = (self.next_xid, self.now);
        let mut before = 0;
        let mut seconds = 0;
        for (n, at) in tables.iter().enumerate() {
            before += self.tables.get(*at).map_or(0, |t| t.bytes);
            let last = n + 1 == tables.len();
            let number = if last { job } else { 0 };
            let total = if last { total } else { before };
            let rate = plan.vacuum_rate;
            let task = Task::Vacuum { table: *at, xid, full };
            let work = Work {
                job: number,
                what: what.clone(),
                task,
                since: now,
                auto: false,
                wait_s: 0,
                done: 0,
                total,
                rate,
            };
            seconds = work.left_s();
            self.works.push(work);
        }
        if full && let Some(at) = tables.first().copied() {
            let pid = self.pid();
            let statement = format!("VACUUM (FULL) {}", table.unwrap_or_default());
            self.locks.push(Lock { pid, table: at, statement, since: now, xid, job: Some(job), ..Lock::new() });
        }
        Ok(Some((what, seconds)))
    }
}
