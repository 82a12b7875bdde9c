//! What a store's state means for the requests of its service.

use super::plan::StorePlan;
use super::state::{Role, StoreState, Task};
use crate::scenario::StoreEngine;

/// How many times longer requests take for each copy, dump or vacuum by hand that reads beside them.
const BESIDE: f64 = 1.05;

/// Most that a dying primary slows its requests.
const SLOWEST: f64 = 100.0;

/// How a store weighs on its service in one second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoreWeight {
    /// Members that take requests.
    pub serving: u64,
    /// How many times its usual time a request takes.
    pub factor: f64,
    /// Share of requests that it answers with an error.
    pub errors: f64,
    /// Most requests at once.
    pub slots: u64,
    /// Whether it answers everything with an error at once.
    pub reject: bool,
}

impl StoreState {
    /// Whether writes are taken now.
    pub fn writable(&self) -> bool {
        self.writer().is_some() && !self.read_only && !self.wrapped && !self.stalled && self.restarting_s == 0
    }

    /// Replicas that answer reads.
    pub(super) fn readers(&self) -> u64 {
        self.members.iter().filter(|m| m.role == Role::Replica && m.up()).count() as u64
    }

    /// How it weighs on its service.
    pub fn weight(&self, plan: &StorePlan) -> StoreWeight {
        let readers = if plan.replica_reads > 0.0 { self.readers() } else { 0 };
        let primaries = self.members.iter().filter(|m| m.accepts()).count() as u64;
        let slots = self.limit(plan).saturating_sub(self.leaked()).saturating_sub(self.waiting());
        let open: f64 = self.locks.iter().fold(1.0, |rest, l| {
            let share = plan.tables.get(l.table).map_or(0.0, |t| t.share);
            rest * (1.0 - share * l.severity)
        });
        let answered = match (self.writer().is_some(), self.writable()) {
            (true, true) => 1.0,
            (true, false) => 1.0 - plan.writes,
            // Without a primary only what replicas read is answered.
            (false, _) if readers > 0 => (1.0 - plan.writes) * plan.replica_reads,
            (false, _) => 0.0,
        };
        let planned: f64 = plan.tables.iter().zip(&self.tables).fold(1.0, |sum, (spec, t)| {
            let gone = if t.analyzed { 0.0 } else { t.unplanned.unwrap_or(1.0) };
            sum + spec.share * (spec.unplanned - 1.0) * gone
        });
        let dying = self.leader.and_then(|l| self.members.get(l)).map_or(0.0, |m| m.dead);
        let dying = if dying < 1.0 { (1.0 / (1.0 - dying)).min(SLOWEST) } else { 1.0 };
        let beside = self.works.iter().filter(|w| {
            matches!(w.task, Task::Rebuild { .. } | Task::Backup { .. } | Task::Vacuum { .. } | Task::Check { .. })
                && w.job != 0
        });
        let beside = beside.fold(1.0, |f, _| f * BESIDE);
        StoreWeight {
            serving: primaries + readers,
            factor: planned * dying * beside,
            errors: 1.0 - answered * open,
            slots,
            reject: answered <= 0.0 || slots == 0 || self.restarting_s > 0,
        }
    }

    /// What a client that is turned away reads, if one is.
    pub fn refusal(&self, plan: &StorePlan) -> Option<String> {
        let slots = self.limit(plan).saturating_sub(self.leaked()).saturating_sub(self.waiting());
        if plan.engine == StoreEngine::MySql {
            return self.refusal_mysql(slots).map(str::to_owned);
        }
        let words = if self.restarting_s > 0 {
            "FATAL:  the database system is starting up"
        } else if self.leader.and_then(|l| self.members.get(l)).is_none_or(|m| !m.up()) {
            "could not connect to server: Connection refused"
        } else if slots == 0 {
            "FATAL:  sorry, too many clients already"
        } else if self.wrapped {
            "ERROR:  database is not accepting commands to avoid wraparound data loss"
        } else if self.writer().is_none() {
            "ERROR:  cannot execute INSERT during recovery"
        } else if self.read_only {
            "ERROR:  cannot execute INSERT in a read-only transaction"
        } else if self.stalled {
            "ERROR:  canceling statement due to statement timeout (waiting for synchronous replication)"
        } else if self.locks.iter().any(|l| l.waiting > 0) {
            "ERROR:  canceling statement due to lock timeout"
        } else {
            return None;
        };
        Some(words.to_owned())
    }

    /// What a MySQL server says to a client that it turns away; `slots` connections are left.
    fn refusal_mysql(&self, slots: u64) -> Option<&'static str> {
        Some(if self.leader.and_then(|l| self.members.get(l)).is_none_or(|m| !m.up()) {
            "ERROR 2003 (HY000): Can't connect to MySQL server (111)"
        } else if slots == 0 {
            "ERROR 1040 (HY000): Too many connections"
        } else if self.writer().is_none() || self.read_only {
            "ERROR 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement"
        } else if self.stalled {
            "ERROR 1317 (70100): Query execution was interrupted (waiting for semi-sync ACK from replica)"
        } else if self.locks.iter().any(|l| l.waiting > 0) {
            "ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction"
        } else {
            return None;
        })
    }
}
