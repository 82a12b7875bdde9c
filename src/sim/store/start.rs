//! A store at the opening, and faults that begin, weigh and end.

use super::plan::StorePlan;
use super::state::{Backup, Leak, Lock, Member, Role, Slot, StoreState, Table};
use crate::scenario::StoreFault;
use crate::stdx::time::Utc;
use std::collections::VecDeque;

/// First process id that a server gives out.
const FIRST_PID: u32 = 21_000;

/// Transaction IDs that were used before the opening.
const FIRST_XID: u64 = 1 << 32;

impl StoreState {
    /// The store as the scenario has it; `now` is the moment of the opening, `t0` that of T0.
    pub fn new(plan: &StorePlan, now: Utc, t0: Utc) -> StoreState {
        let spec = &plan.spec;
        let members = spec.members.iter().enumerate().map(|(at, (_, m))| {
            let behind = if m.follows.is_some() { m.behind / plan.wal } else { 0 };
            let position = plan.first.saturating_sub(behind);
            Member {
                role: if m.follows.is_none() { Role::Primary } else { Role::Replica },
                holds: true,
                runs: true,
                full: false,
                fenced: false,
                timeline: 0,
                received: position,
                applied: position,
                log_from: plan.first.saturating_sub(plan.keep),
                broken: None,
                slot: if m.slot && m.follows.is_some() { Slot::From(position) } else { Slot::Absent },
                own_counted: 0,
                dead: 0.0,
                cut: 0.0,
                stuck: 0.0,
                paused: false,
                heard: true,
                hear: 0.0,
                receive: 0.0,
                apply: 0.0,
                on_disk: 0,
                sender: FIRST_PID + 11 * at as u32,
                said: "",
            }
        });
        let members: Vec<Member> = members.collect();
        let tables = spec.tables.values().map(|t| Table {
            bytes: t.size,
            rows: t.rows,
            wrong: 0,
            missing: 0,
            lost: 0,
            frozen: FIRST_XID.saturating_sub(t.xid_age),
            analyzed: t.analyzed,
            found: None,
            writes: 0.0,
            spoil: 0.0,
            spoiled: 0.0,
            delete: 0.0,
            deleted: 0.0,
            unplanned: None,
        });
        let tables: Vec<Table> = tables.collect();
        let mut backups: Vec<Backup> = spec
            .backups
            .iter()
            .map(|(id, b)| Backup {
                id: id.clone(),
                at: t0.plus(b.at.0),
                bytes: b.size,
                kind: b.kind,
                place: b.place.clone(),
                claimed: b.claimed,
                valid: b.valid,
                verified: None,
                timeline: 0,
                position: plan.first.saturating_sub(b.behind),
                rows: tables.iter().map(|t| (t.rows.saturating_sub(b.behind), 0, 0)).collect(),
            })
            .collect();
        backups.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let mut past: Vec<(Utc, u64)> = spec
            .members
            .values()
            .filter(|m| m.follows.is_some() && m.behind_for.0 > 0)
            .map(|m| {
                let ago = i64::try_from(m.behind_for.0).unwrap_or(i64::MAX / 4);
                (now.plus(-ago), plan.first.saturating_sub(m.behind / plan.wal).saturating_add(1))
            })
            .collect();
        past.sort();
        let oldest = members.iter().filter_map(|m| match m.slot {
            Slot::From(p) => Some(p),
            _ => None,
        });
        let oldest = oldest.chain([plan.first.saturating_sub(plan.keep)]).min().unwrap_or(0);
        let leader = members.iter().position(|m| m.role == Role::Primary);
        let mut state = StoreState {
            engine: plan.engine,
            now,
            members,
            tables,
            backups,
            works: Vec::new(),
            locks: Vec::new(),
            leaks: Vec::new(),
            timelines: vec![(0, 0)],
            leader,
            handover: None,
            ended: VecDeque::new(),
            silent_s: 0,
            head: 0,
            kept: plan.first,
            next_xid: FIRST_XID,
            burn: 0.0,
            burn_rest: 0.0,
            blind: 0.0,
            read_only: false,
            wrapped: false,
            warned: false,
            stalled: false,
            max_connections: spec.max_connections,
            restarting_s: 0,
            next_pid: FIRST_PID + 400,
            next_backup: 1,
            due: plan.schedule.as_ref().map(|s| s.next),
            backups_empty: 0.0,
            history: VecDeque::from(past),
            before: plan.first,
            write_rest: 0.0,
            read_rest: 0.0,
            stale_rest: 0.0,
            writes_total: 0,
            replica_reads_total: 0,
            stale_reads_total: 0,
            lost_total: 0,
            recovered_total: 0,
            lines: VecDeque::new(),
            said: "",
        };
        if let Some(m) = leader.and_then(|l| state.members.get_mut(l)) {
            m.log_from = oldest;
        }
        for at in 0..state.members.len() {
            let bytes = state.disk_wanted(plan, at);
            if let Some(m) = state.members.get_mut(at) {
                m.on_disk = bytes;
            }
        }
        state.wrapped = state.xid_age() >= super::WRAP_XIDS;
        state.said = state.word(plan);
        for at in 0..state.members.len() {
            let word = state.member_word(at);
            if let Some(m) = state.members.get_mut(at) {
                m.said = word;
            }
        }
        state
    }

    /// Lets a fault weigh with a severity from 0 (gone) to 1; it begins if it was not there.
    pub fn weigh(&mut self, plan: &StorePlan, fault: &StoreFault, severity: f64) {
        let s = severity.clamp(0.0, 1.0);
        let (now, xid) = (self.now, self.next_xid);
        match fault {
            StoreFault::LockHeld { table, statement, .. } => {
                let Some(table) = plan.table(table) else { return };
                match self.locks.iter_mut().find(|l| l.job.is_none() && l.table == table) {
                    Some(lock) => lock.severity = s,
                    None if s > 0.0 => {
                        let pid = self.pid();
                        let statement = statement.clone();
                        self.locks.push(Lock { pid, table, statement, since: now, xid, severity: s, ..Lock::new() });
                    }
                    None => {}
                }
            }
            StoreFault::PoolLeak { client, rate, .. } => match self.leaks.iter_mut().find(|l| l.client == *client) {
                Some(leak) => leak.severity = s,
                None => {
                    let first_pid = self.pid();
                    self.next_pid = self.next_pid.wrapping_add(20_000);
                    let (client, rate) = (client.clone(), rate.to_f64());
                    let (open, drip) = (0, 0.0);
                    self.leaks.push(Leak { client, rate, severity: s, open, first_pid, since: now, drip });
                }
            },
            StoreFault::ReplicationStuck { member, .. } => self.on(plan, member, |m| m.stuck = s),
            StoreFault::Isolated { member, .. } => self.on(plan, member, |m| m.cut = s),
            StoreFault::MemberDown { member, .. } => self.on(plan, member, |m| m.dead = s),
            StoreFault::RowsWrong { table, rate, .. } => self.table(plan, table, |t| t.spoil = rate.to_f64() * s),
            StoreFault::RowsDeleted { table, rate, .. } => self.table(plan, table, |t| t.delete = rate.to_f64() * s),
            StoreFault::XidBurn { rate, .. } => {
                self.burn = rate.to_f64() * s;
                self.blind = s;
            }
            StoreFault::StatisticsMissing { table, .. } => self.table(plan, table, |t| {
                // Losing them is what happens; how much it matters is the severity. Analyzing brings them back.
                if t.unplanned.is_none() && s > 0.0 {
                    t.analyzed = false;
                }
                t.unplanned = Some(s);
            }),
            StoreFault::BackupsEmpty { .. } => self.backups_empty = s,
        }
    }

    /// Ends a fault: what it did stays done, it does no more.
    pub fn end(&mut self, plan: &StorePlan, fault: &StoreFault) {
        self.weigh(plan, fault, 0.0);
        match fault {
            StoreFault::LockHeld { table, .. } => {
                let table = plan.table(table);
                self.locks.retain(|l| l.job.is_some() || Some(l.table) != table);
            }
            StoreFault::StatisticsMissing { table, .. } => self.table(plan, table, |t| {
                t.analyzed = true;
                t.unplanned = None;
            }),
            _ => {}
        }
    }

    /// Whether what people did has ended a fault that was weighing.
    pub fn over(&self, plan: &StorePlan, fault: &StoreFault) -> bool {
        match fault {
            StoreFault::LockHeld { table, .. } => {
                let table = plan.table(table);
                !self.locks.iter().any(|l| l.job.is_none() && Some(l.table) == table)
            }
            StoreFault::StatisticsMissing { table, .. } => {
                plan.table(table).and_then(|t| self.tables.get(t)).is_none_or(|t| t.analyzed)
            }
            _ => false,
        }
    }

    fn on(&mut self, plan: &StorePlan, member: &str, change: impl FnOnce(&mut Member)) {
        if let Some(m) = plan.member(member).and_then(|at| self.members.get_mut(at)) {
            change(m);
        }
    }

    fn table(&mut self, plan: &StorePlan, table: &str, change: impl FnOnce(&mut Table)) {
        if let Some(t) = plan.table(table).and_then(|at| self.tables.get_mut(at)) {
            change(t);
        }
    }
}

impl Lock {
    pub(super) fn new() -> Lock {
        Lock {
            pid: 0,
            table: 0,
            statement: String::new(),
            since: Utc::default(),
            xid: 0,
            severity: 1.0,
            waiting: 0,
            blocked: 0.0,
            job: None,
        }
    }
}
