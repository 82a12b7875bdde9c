//! Backups: what they claim, what they are, and what a restore brings back.

use super::plan::StorePlan;
use super::state::{Backup, Role, Slot, StoreState, Task, Work};
use crate::fact::FactKind;
use crate::scenario::BackupKind;
use crate::stdx::time::Utc;

/// How much smaller a dump is than the data.
const DUMP_RATIO: u64 = 4;

/// Size of the header of a dump with nothing in it, bytes.
const EMPTY_DUMP: u64 = 1_247;

/// The word for a kind, as identifiers and listings have it.
pub(super) fn kind_word(kind: BackupKind) -> &'static str {
    match kind {
        BackupKind::Dump => "dump",
        BackupKind::Base => "base",
        BackupKind::Snapshot => "snapshot",
    }
}

impl StoreState {
    /// A backup that is due begins.
    pub(super) fn schedule(&mut self, plan: &StorePlan) {
        let (Some(s), Some(due)) = (&plan.schedule, self.due) else { return };
        if self.now < due {
            return;
        }
        self.due = Some(due.plus(i64::try_from(s.every_s).unwrap_or(i64::MAX / 4)));
        if self.writer().is_some() {
            let work = self.backup_work(plan, 0, s.kind, &s.place, Some(s.keep), s.valid);
            self.works.push(work);
        }
    }

    /// The work that takes a backup of what there is now.
    pub(super) fn backup_work(
        &mut self,
        plan: &StorePlan,
        job: u32,
        kind: BackupKind,
        place: &str,
        keep: Option<usize>,
        valid: bool,
    ) -> Work {
        let whole = if kind == BackupKind::Dump { self.data_bytes() / DUMP_RATIO } else { self.data_bytes() };
        let part = 1.0 - self.backups_empty;
        let bytes = ((whole as f64 * part) as u64).max(EMPTY_DUMP);
        let stamp: String = self.now.iso().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let mut id = format!("{}-{stamp}", kind_word(kind));
        if self.backups.iter().any(|b| b.id == id) {
            id = format!("{id}-{}", self.next_backup);
            self.next_backup = self.next_backup.wrapping_add(1);
        }
        let shot = Backup {
            id: id.clone(),
            at: self.now,
            bytes,
            kind,
            place: place.to_owned(),
            claimed: true,
            valid: valid && self.backups_empty == 0.0,
            verified: None,
            timeline: self.head,
            position: self.kept,
            rows: self.tables.iter().map(|t| (t.rows, t.wrong, t.missing)).collect(),
        };
        let task = Task::Backup { shot: Box::new(shot), keep };
        let what = format!("backup {id} of {}", plan.name);
        let since = self.now;
        Work { job, what, task, since, auto: job == 0, wait_s: 0, done: 0, total: bytes, rate: plan.copy_rate }
    }

    pub(super) fn took(
        &mut self,
        plan: &StorePlan,
        shot: Backup,
        keep: Option<usize>,
        facts: &mut Vec<FactKind>,
    ) -> Result<(), String> {
        let (kind, place) = (shot.kind, shot.place.clone());
        self.backups.push(shot);
        if let Some(keep) = keep {
            let mine = |b: &Backup| b.kind == kind && b.place == place;
            let mut spare = self.backups.iter().filter(|b| mine(b)).count().saturating_sub(keep);
            self.backups.retain(|b| {
                let old = spare > 0 && mine(b);
                spare -= usize::from(old);
                !old
            });
            self.recount(plan, facts);
        }
        Ok(())
    }

    /// A backup by its id.
    pub(super) fn backup(&self, id: &str) -> Option<&Backup> {
        self.backups.iter().find(|b| b.id == id)
    }

    pub(super) fn verified(&mut self, id: &str) -> Result<(), String> {
        let Some(b) = self.backups.iter_mut().find(|b| b.id == id) else { return Err(format!("no backup {id}")) };
        b.verified = Some(b.valid);
        if b.valid { Ok(()) } else { Err(broken_words(b.kind).to_owned()) }
    }

    /// How far a restore of a backup can go: to a moment if the log was archived since, else to the backup itself.
    pub(super) fn target(&self, plan: &StorePlan, b: &Backup, until: Option<Utc>) -> u64 {
        let replays = plan.archive && b.kind == BackupKind::Base;
        let Some(until) = until.filter(|_| replays) else { return b.position };
        let then = self.history.iter().rev().find(|(at, _)| *at <= until).map_or(b.position, |(_, p)| *p);
        let now = if until >= self.now { self.before.max(self.kept) } else { then };
        let upto = self.common((self.head, super::replicate::archived(plan, now)), (self.head, u64::MAX));
        b.position.max(upto)
    }

    /// A member holds what the backup held, and is the primary of a history that goes on from there.
    pub(super) fn restored(
        &mut self,
        plan: &StorePlan,
        id: &str,
        at: usize,
        target: u64,
        facts: &mut Vec<FactKind>,
    ) -> Result<(), String> {
        let Some(b) = self.backup(id).cloned() else { return Err(format!("no backup {id}")) };
        if let Some(found) = self.backups.iter_mut().find(|x| x.id == id) {
            found.verified = Some(b.valid);
        }
        if !b.valid {
            return Err(broken_words(b.kind).to_owned());
        }
        // Log that was replayed lies on the official history, a bare backup on its own.
        let from = if target > b.position { (self.head, target) } else { (b.timeline, b.position) };
        if let Some(m) = self.members.get_mut(at) {
            (m.holds, m.role, m.full) = (true, Role::Primary, false);
            (m.applied, m.log_from, m.slot) = (from.1, from.1, Slot::Absent);
        }
        let back = from.1 - self.common(from, (self.head, u64::MAX)).min(from.1);
        self.fork(plan, at, from, back, facts);
        let xid = self.next_xid;
        for (t, (rows, wrong, missing)) in self.tables.iter_mut().zip(b.rows.iter().copied()) {
            let per_row = t.bytes.checked_div(t.rows.max(1)).unwrap_or(0);
            t.bytes = t.bytes.saturating_sub(t.rows.saturating_sub(rows).saturating_mul(per_row));
            (t.rows, t.wrong, t.missing) = (rows, wrong, missing);
            t.lost = t.lost.min(missing);
            t.found = None;
            if b.kind == BackupKind::Dump {
                // Rows read in again are new to the planner and to the clock of transactions.
                (t.analyzed, t.frozen) = (false, xid);
            }
        }
        let bytes = self.data_bytes();
        if let Some(m) = self.members.get_mut(at) {
            m.on_disk = bytes;
        }
        self.history.push_back((self.now, from.1));
        self.line(Some(at), super::said::Said::Restored);
        Ok(())
    }

    pub(super) fn repaired(&mut self, id: &str, table: usize) -> Result<(), String> {
        let Some(b) = self.backup(id).cloned() else { return Err(format!("no backup {id}")) };
        if !b.valid {
            return Err(broken_words(b.kind).to_owned());
        }
        let (held, wrong, _) = b.rows.get(table).copied().unwrap_or((0, 0, 0));
        if let Some(t) = self.tables.get_mut(table) {
            t.wrong = t.wrong.min(wrong);
            let back = t.missing.saturating_sub(t.lost).min(held);
            t.missing -= back;
            t.rows += back;
            t.found = None;
        }
        Ok(())
    }
}

/// What a restore of a broken backup says.
fn broken_words(kind: BackupKind) -> &'static str {
    match kind {
        BackupKind::Dump => "pg_restore: error: could not read from input file: end of file",
        BackupKind::Base => {
            "pg_verifybackup: error: could not open file \"backup_manifest\": No such file or directory"
        }
        BackupKind::Snapshot => "mount: wrong fs type, bad option, bad superblock, missing codepage or helper program",
    }
}
