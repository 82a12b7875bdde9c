//! Connections, what holds locks and who waits for them, and wear: transaction IDs, spoiled rows, autovacuum.

use super::plan::{FREEZE_XIDS, StorePlan, WARN_XIDS, WRAP_XIDS};
use super::said::Said;
use super::state::{Around, StoreState, Task, Work, drip};
use crate::fact::FactKind;
use crate::scenario::StoreEngine;

/// Seconds between two lines of the same warning.
const REPEAT_S: i64 = 60;

/// How many times slower a vacuum by the server itself is, so that it disturbs nobody.
const GENTLE: u64 = 4;

impl StoreState {
    /// Leaks drip, waiters queue behind locks.
    pub(super) fn sessions(&mut self, plan: &StorePlan, around: &Around) {
        let most = self.limit(plan);
        let taken: u64 = self.leaks.iter().map(|l| l.open).sum();
        let mut free = most.saturating_sub(taken);
        for leak in &mut self.leaks {
            let more = drip(&mut leak.drip, leak.rate * leak.severity).min(free);
            leak.open += more;
            free -= more;
        }
        for lock in &mut self.locks {
            let share = plan.tables.get(lock.table).map_or(0.0, |t| t.share) * lock.severity;
            let blocked = drip(&mut lock.blocked, around.requests as f64 * share);
            // A waiter goes when its client gives up, so at most that many stand there at once.
            lock.waiting = (lock.waiting + blocked).min(blocked.saturating_mul(plan.lock_wait_s)).min(free);
            free -= lock.waiting;
        }
        if free == 0 && self.now.0.rem_euclid(REPEAT_S) == 0 {
            self.line(self.leader, Said::Full);
        }
    }

    /// Connections that clients may have.
    pub(super) fn limit(&self, plan: &StorePlan) -> u64 {
        self.max_connections.saturating_sub(plan.reserved)
    }

    /// Connections that were leaked and not given back.
    pub(super) fn leaked(&self) -> u64 {
        self.leaks.iter().map(|l| l.open).sum()
    }

    /// Requests that wait for a lock.
    pub(super) fn waiting(&self) -> u64 {
        self.locks.iter().map(|l| l.waiting).sum()
    }

    /// The connections that a client had leaked are closed: its processes were started anew.
    pub fn client_restarted(&mut self, client: &str) {
        for leak in self.leaks.iter_mut().filter(|l| l.client == client) {
            leak.open = 0;
        }
    }

    /// Age of the oldest transaction ID.
    pub(super) fn xid_age(&self) -> u64 {
        let oldest = self.tables.iter().map(|t| t.frozen).min().unwrap_or(self.next_xid);
        self.next_xid.saturating_sub(oldest)
    }

    /// The oldest transaction ID that somebody can still see; nothing newer can be frozen.
    pub(super) fn horizon(&self) -> u64 {
        self.locks.iter().filter(|l| l.job.is_none()).map(|l| l.xid).min().unwrap_or(self.next_xid)
    }

    /// Transaction IDs are used up, rows spoil, and the server cleans up behind itself.
    pub(super) fn wear(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        if self.writer().is_some() {
            if !self.wrapped {
                self.next_xid = self.next_xid.saturating_add(drip(&mut self.burn_rest, self.burn));
            }
            let mut deleted = false;
            for t in &mut self.tables {
                let wrong = drip(&mut t.spoiled, t.spoil).min(t.rows.saturating_sub(t.wrong));
                t.wrong += wrong;
                let gone = drip(&mut t.deleted, t.delete).min(t.rows);
                t.rows -= gone;
                t.missing += gone;
                t.wrong = t.wrong.min(t.rows);
                deleted |= gone > 0;
            }
            if deleted {
                self.recount_rows(plan, facts);
            }
            self.autovacuum(plan);
        }
        // Only PostgreSQL counts transactions round a circle.
        if plan.engine != StoreEngine::PostgreSql {
            return;
        }
        let age = self.xid_age();
        let wrapped = age >= WRAP_XIDS;
        let repeat = self.now.0.rem_euclid(REPEAT_S) == 0;
        if wrapped && (!self.wrapped || repeat) {
            self.line(self.leader, Said::Wrapped { database: plan.database.clone() });
        } else if age >= WARN_XIDS && (!self.warned || repeat) {
            let left = (1u64 << 31).saturating_sub(age);
            self.line(self.leader, Said::WrapNear { database: plan.database.clone(), left });
        }
        self.wrapped = wrapped;
        self.warned = age >= WARN_XIDS;
    }

    fn autovacuum(&mut self, plan: &StorePlan) {
        let busy = |w: &Work| w.auto && matches!(w.task, Task::Vacuum { .. });
        if !plan.autovacuum || self.blind >= 1.0 || self.works.iter().any(busy) {
            return;
        }
        let old = |t: &super::state::Table| self.next_xid.saturating_sub(t.frozen) > FREEZE_XIDS;
        let horizon = self.horizon();
        let due = self.tables.iter().enumerate().filter(|(_, t)| old(t) && t.frozen < horizon);
        let Some((table, bytes)) = due.min_by_key(|(_, t)| t.frozen).map(|(at, t)| (at, t.bytes)) else { return };
        let name = plan.tables.get(table).map_or("", |t| t.name.as_str());
        let what = format!("autovacuum: VACUUM public.{name} (to prevent wraparound)");
        let rate = (plan.vacuum_rate / GENTLE).max(1);
        let task = Task::Vacuum { table, xid: self.next_xid, full: false };
        self.works.push(Work {
            job: 0,
            what,
            task,
            since: self.now,
            auto: true,
            wait_s: 0,
            done: 0,
            total: bytes,
            rate,
        });
    }
}
