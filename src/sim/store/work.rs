//! Work that takes time: it moves bytes at a rate, can be seen and ended, and fails when what it needs goes away.

use super::plan::StorePlan;
use super::read::WorkRow;
use super::state::{Broken, Role, Slot, StoreState, Task, Work};
use crate::fact::FactKind;

/// Failed jobs whose reason is kept.
const ENDED_MAX: usize = 64;

impl Work {
    /// Seconds that are left at the present rate.
    pub(super) fn left_s(&self) -> u64 {
        self.wait_s.saturating_add(self.total.saturating_sub(self.done).div_ceil(self.rate.max(1)))
    }

    pub(super) fn row(&self) -> WorkRow {
        WorkRow {
            job: self.job,
            what: self.what.clone(),
            since: self.since,
            done: self.done,
            total: self.total,
            rate: self.rate,
            left_s: self.left_s(),
            waits: self.wait_s > 0,
        }
    }
}

impl StoreState {
    /// Everything under way moves on; what is done takes effect.
    pub(super) fn work(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        self.schedule(plan);
        let served = self.leader.and_then(|l| self.members.get(l)).is_some_and(|m| m.up());
        let mut at = 0;
        while let Some(w) = self.works.get_mut(at) {
            let needs = match w.task {
                Task::Restore { .. } | Task::Verify { .. } => true,
                // A vacuum that the server does by itself waits for the server.
                Task::Vacuum { .. } if w.auto && !served => {
                    at += 1;
                    continue;
                }
                _ => served,
            };
            if !needs {
                self.fail(at, "server closed the connection unexpectedly", facts);
                continue;
            }
            if w.wait_s > 0 {
                w.wait_s -= 1;
            } else {
                let slowed = if w.auto && matches!(w.task, Task::Vacuum { .. }) { 1.0 - self.blind } else { 1.0 };
                w.done = w.done.saturating_add((w.rate as f64 * slowed) as u64).min(w.total);
            }
            if w.wait_s == 0 && w.done >= w.total {
                let w = self.works.remove(at);
                self.finish(plan, w, facts);
            } else {
                at += 1;
            }
        }
    }

    /// Ends a work without its effect.
    pub(super) fn fail(&mut self, at: usize, why: &str, facts: &mut Vec<FactKind>) {
        if at >= self.works.len() {
            return;
        }
        let w = self.works.remove(at);
        self.locks.retain(|l| l.job != Some(w.job));
        self.failed(w.job, why, facts);
    }

    fn failed(&mut self, job: u32, why: &str, facts: &mut Vec<FactKind>) {
        if job == 0 {
            return;
        }
        if self.ended.len() >= ENDED_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back((job, why.to_owned()));
        facts.push(super::changed(format!("job {job}"), "failed"));
    }

    fn finish(&mut self, plan: &StorePlan, w: Work, facts: &mut Vec<FactKind>) {
        self.locks.retain(|l| l.job.is_none() || l.job != Some(w.job));
        let done = match w.task {
            Task::Rebuild { member, from } => self.rebuilt(plan, member, from),
            Task::Vacuum { table, xid, .. } => {
                let upto = xid.min(self.horizon());
                if let Some(t) = self.tables.get_mut(table) {
                    t.frozen = t.frozen.max(upto);
                }
                Ok(())
            }
            Task::Analyze { tables } => {
                for at in tables {
                    if let Some(t) = self.tables.get_mut(at) {
                        t.analyzed = true;
                    }
                }
                Ok(())
            }
            Task::Check { tables } => {
                let now = self.now;
                for at in tables {
                    if let Some(t) = self.tables.get_mut(at) {
                        t.found = Some((now, t.wrong));
                    }
                }
                Ok(())
            }
            Task::Backup { shot, keep } => self.took(plan, *shot, keep, facts),
            Task::Verify { backup } => self.verified(&backup),
            Task::Restore { backup, member, target } => self.restored(plan, &backup, member, target, facts),
            Task::Repair { backup, table } => self.repaired(&backup, table),
        };
        match done {
            Ok(()) if w.job != 0 => facts.push(FactKind::JobDone { job: w.job, what: w.what }),
            Ok(()) => {}
            Err(why) => self.failed(w.job, &why, facts),
        }
    }

    /// A member has a copy of the primary's data and the log since the copy began.
    fn rebuilt(&mut self, plan: &StorePlan, at: usize, from: u64) -> Result<(), String> {
        let (head, kept) = (self.head, self.kept);
        let bytes = plan.members.get(at).map_or(0, |_| self.data_bytes());
        let slot = plan.members.get(at).is_some_and(|s| s.slot);
        let Some(m) = self.members.get_mut(at) else { return Err("no such member".to_owned()) };
        m.role = Role::Replica;
        m.holds = true;
        m.full = false;
        m.fenced = false;
        m.timeline = head;
        m.received = kept;
        m.applied = from.min(kept);
        m.log_from = from.min(kept);
        m.broken = None::<Broken>;
        m.own_counted = 0;
        m.on_disk = bytes;
        m.slot = if slot { Slot::From(kept) } else { Slot::Absent };
        Ok(())
    }
}
