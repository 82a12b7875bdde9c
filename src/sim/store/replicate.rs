//! Writes and where they are: the log, who has received and applied it, how much of it is kept, and what is lost.

use super::plan::{SEGMENT, StorePlan};
use super::said::Said;
use super::state::{Around, Broken, Role, Slot, StoreState, drip};
use crate::fact::FactKind;
use crate::scenario::Commit;
use crate::sim::carry::split;
use crate::stdx::time::Utc;

/// Seconds of writes whose log is never removed.
const RECENT_S: u64 = 8;

/// Seconds between two samples of the position, and how many are kept.
const SAMPLE_S: i64 = 10;
const SAMPLES_MAX: usize = 4_320;

impl StoreState {
    /// Puts this second's writes into the log of whoever takes them.
    pub(super) fn accept(&mut self, plan: &StorePlan, around: &Around) {
        self.before = self.kept;
        let takers: Vec<usize> = (0..self.members.len())
            .filter(|at| self.members.get(*at).is_some_and(super::state::Member::accepts))
            .collect();
        let open = !takers.is_empty() && !self.stalled && !self.read_only && !self.wrapped && self.restarting_s == 0;
        if !open {
            return;
        }
        let writes = drip(&mut self.write_rest, around.ok as f64 * plan.writes);
        // With two primaries, clients of either write to theirs.
        for (at, n) in takers.iter().zip(split(writes, &vec![1; takers.len()])) {
            let Some(m) = self.members.get_mut(*at) else { continue };
            m.received += n;
            m.applied = m.received;
            if self.leader == Some(*at) {
                self.kept += n;
            }
        }
        self.writes_total += writes;
        self.next_xid = self.next_xid.saturating_add(writes);
        for (spec, t) in plan.tables.iter().zip(&mut self.tables) {
            let n = drip(&mut t.writes, writes as f64 * spec.share);
            t.rows += n;
            t.bytes += n * plan.row;
        }
        if plan.commit == Commit::Synchronous
            && let Some(best) = self.witness(around)
        {
            let (head, kept) = (self.head, self.kept);
            if let Some(m) = self.members.get_mut(best) {
                m.timeline = head;
                m.received = kept;
            }
        }
    }

    /// The replica that is furthest of those that follow now.
    fn witness(&self, around: &Around) -> Option<usize> {
        let follows = (0..self.members.len()).filter(|at| self.follows(*at, around) && self.own(*at) == 0);
        follows.max_by_key(|at| (self.members.get(*at).map_or(0, |m| m.received), std::cmp::Reverse(*at)))
    }

    /// Whether a replica receives from the primary.
    pub(super) fn follows(&self, at: usize, around: &Around) -> bool {
        let (Some(leader), Some(m)) = (self.writer(), self.members.get(at)) else { return false };
        let replica = m.role == Role::Replica && m.up() && m.broken.is_none() && m.stuck < 1.0 && !m.paused;
        at != leader && replica && self.hears(at, leader, around)
    }

    /// Replicas receive and apply; log that nobody needs is removed.
    pub(super) fn replicate(&mut self, plan: &StorePlan, around: &Around) {
        for at in 0..self.members.len() {
            if self.follows(at, around) {
                self.receive(plan, at);
            }
            let Some((m, spec)) = self.members.get_mut(at).zip(plan.members.get(at)) else { continue };
            if m.role == Role::Primary || !m.up() {
                continue;
            }
            let rate = if m.paused { 0.0 } else { spec.apply * (1.0 - m.stuck) * (1.0 - m.dead) };
            let most = drip(&mut m.apply, rate);
            m.applied += most.min(m.received - m.applied.min(m.received));
            if m.role == Role::Promoting && m.applied >= m.received {
                m.role = Role::Primary;
                self.line(Some(at), Said::Ready);
            }
        }
        self.read(plan, around);
        self.stalled = plan.commit == Commit::Synchronous && self.witness(around).is_none();
        for at in 0..self.members.len() {
            self.trim(plan, at);
            self.fill(plan, at, around);
        }
        if self.now.0.rem_euclid(SAMPLE_S) == 0 && self.writer().is_some() {
            if self.history.len() >= SAMPLES_MAX {
                self.history.pop_front();
            }
            self.history.push_back((self.now, self.kept));
        }
    }

    /// Counts the reads that replicas answer, and those among them that see the past.
    fn read(&mut self, plan: &StorePlan, around: &Around) {
        if plan.replica_reads <= 0.0 {
            return;
        }
        let readers = (0..self.members.len())
            .filter(|at| self.members.get(*at).is_some_and(|m| m.role == Role::Replica && m.up()))
            .map(|at| self.lag_s(at));
        let (all, stale) =
            readers.fold((0u32, 0u32), |(n, s), lag| (n + 1, s + u32::from(lag >= plan.stale_after_s.max(1))));
        if all == 0 {
            return;
        }
        let reads = drip(&mut self.read_rest, around.ok as f64 * (1.0 - plan.writes) * plan.replica_reads);
        self.replica_reads_total += reads;
        self.stale_reads_total += drip(&mut self.stale_rest, reads as f64 * f64::from(stale) / f64::from(all));
    }

    fn receive(&mut self, plan: &StorePlan, at: usize) {
        let Some(leader) = self.leader else { return };
        let Some(from) = self.members.get(leader).map(|l| l.log_from) else { return };
        if self.own(at) > 0 {
            self.diverge(at);
            return;
        }
        let (head, limit) = (self.head, if plan.commit == Commit::Synchronous { self.kept } else { self.before });
        let Some((m, spec)) = self.members.get_mut(at).zip(plan.members.get(at)) else { return };
        if m.received < from {
            m.broken = Some(Broken::LogGone);
            let segment = plan.segment(head, m.received);
            self.line(Some(at), Said::LogGone { segment });
            return;
        }
        m.timeline = head;
        let most = drip(&mut m.receive, spec.receive * (1.0 - m.stuck) * (1.0 - m.dead));
        m.received += most.min(limit.saturating_sub(m.received));
        let upto = m.received;
        if let Slot::From(p) = &mut m.slot {
            *p = upto;
        }
    }

    pub(super) fn diverge(&mut self, at: usize) {
        let timeline = self.head + 1;
        let Some(m) = self.members.get_mut(at) else { return };
        if m.broken != Some(Broken::Diverged) {
            m.broken = Some(Broken::Diverged);
            self.line(Some(at), Said::Diverged { timeline });
        }
    }

    /// Removes log that nobody needs any more; slots that hold back too much are given up.
    fn trim(&mut self, plan: &StorePlan, at: usize) {
        let Some(m) = self.members.get(at).filter(|m| m.up()) else { return };
        let position = m.received;
        // Log goes with a checkpoint, so what was written in the last seconds is there whatever the settings say.
        let recent = position.saturating_sub(self.kept.saturating_sub(self.before).saturating_mul(RECENT_S));
        let mut needed = position.saturating_sub(plan.keep).min(m.applied).min(recent);
        if self.leader == Some(at) {
            let mut lost = Vec::new();
            for (other, m) in self.members.iter_mut().enumerate() {
                if let Slot::From(p) = m.slot {
                    if plan.slot_limit.is_some_and(|most| position.saturating_sub(p) > most) {
                        m.slot = Slot::Lost;
                        lost.push(other);
                    } else {
                        needed = needed.min(p);
                    }
                }
            }
            for other in lost {
                let name = plan.members.get(other).map_or("", |m| m.name.as_str());
                self.line(Some(at), Said::SlotLost { slot: slot_name(name) });
            }
            // A base backup brings its own log along: what came since its start stays.
            for w in &self.works {
                if let super::state::Task::Rebuild { from, .. } = w.task {
                    needed = needed.min(from);
                }
            }
        }
        if let Some(m) = self.members.get_mut(at) {
            m.log_from = m.log_from.max(needed);
        }
    }

    /// A server that cannot write its next piece stops.
    fn fill(&mut self, plan: &StorePlan, at: usize, around: &Around) {
        let wanted = self.disk_wanted(plan, at);
        let Some(m) = self.members.get(at) else { return };
        let avail = match plan.members.get(at).and_then(|s| s.disk) {
            Some(size) => size.saturating_sub(m.on_disk),
            None => around.members.get(at).map_or(u64::MAX, |s| s.avail),
        };
        let fits = wanted <= m.on_disk.saturating_add(avail);
        if m.holds && m.runs && m.full == fits {
            let pid = self.pid();
            if fits {
                self.line(Some(at), Said::Recovers);
            } else {
                self.line(Some(at), Said::NoSpace { pid });
            }
            if let Some(m) = self.members.get_mut(at) {
                m.full = !fits;
            }
        }
        let managed = plan.members.get(at).is_some_and(|s| s.host.is_none());
        if let Some(m) = self.members.get_mut(at)
            && managed
            && fits
        {
            m.on_disk = wanted;
        }
    }

    /// Bytes that the data and the log of a member take, the log in whole segments; 0 without data.
    pub fn disk_wanted(&self, plan: &StorePlan, at: usize) -> u64 {
        match self.members.get(at) {
            Some(m) if m.holds => self.data_bytes().saturating_add(self.log_bytes(plan, at)),
            _ => 0,
        }
    }

    /// Bytes of log on a member's disk, in whole segments.
    pub fn log_bytes(&self, plan: &StorePlan, at: usize) -> u64 {
        let Some(m) = self.members.get(at).filter(|m| m.holds) else { return 0 };
        let first = m.log_from.saturating_mul(plan.wal) / SEGMENT;
        let last = m.received.saturating_mul(plan.wal) / SEGMENT;
        (last.saturating_sub(first) + 1).saturating_mul(SEGMENT)
    }

    /// Counts writes or rows as lost for good.
    pub(super) fn lose(&mut self, plan: &StorePlan, amount: u64, what: &str, facts: &mut Vec<FactKind>) {
        if amount > 0 {
            self.lost_total += amount;
            facts.push(FactKind::DurableLoss { amount, what: format!("{}: {what}", plan.name) });
        }
    }

    /// A member's data directory is gone.
    pub(super) fn gone(&mut self, plan: &StorePlan, at: usize, facts: &mut Vec<FactKind>) {
        let own = self.own(at);
        let Some(m) = self.members.get_mut(at).filter(|m| m.holds) else { return };
        let uncounted = own.saturating_sub(m.own_counted);
        m.holds = false;
        m.on_disk = 0;
        m.own_counted = 0;
        m.full = false;
        self.line(Some(at), Said::DataGone);
        self.lose(plan, uncounted, "writes that only this member had", facts);
        self.recount(plan, facts);
    }

    /// Finds out how much of the history still exists anywhere; the rest is lost.
    pub(super) fn recount(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        let whole = |m: &super::state::Member| m.holds && m.timeline == self.head && m.received >= self.kept;
        if !self.members.iter().any(whole) {
            let upto = (self.head, self.kept);
            let on_members = (0..self.members.len())
                .filter(|at| self.members.get(*at).is_some_and(|m| m.holds))
                .map(|at| self.common(self.point(at), upto));
            let good = self.backups.iter().filter(|b| b.valid);
            let in_backups = good.clone().map(|b| self.common((b.timeline, b.position), upto));
            let replays = plan.archive && good.clone().any(|b| b.kind == crate::scenario::BackupKind::Base);
            let archived = replays.then(|| archived(plan, self.kept));
            let best = on_members.chain(in_backups).chain(archived).max().unwrap_or(0);
            let lost = self.kept.saturating_sub(best);
            self.kept = self.kept.min(best);
            self.lose(plan, lost, "writes without a copy", facts);
        }
        self.recount_rows(plan, facts);
    }

    /// Rows that are missing and in no backup that could bring them back are lost.
    pub(super) fn recount_rows(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        for at in 0..self.tables.len() {
            let held = self.backups.iter().filter(|b| b.valid).filter_map(|b| b.rows.get(at)).map(|r| r.0).max();
            let (Some(t), Some(spec)) = (self.tables.get_mut(at), plan.tables.get(at)) else { continue };
            let lost = t.missing.saturating_sub(held.unwrap_or(0));
            let more = lost.saturating_sub(t.lost);
            t.lost = t.lost.max(lost);
            if !spec.disposable {
                let what = format!("rows of {}", spec.name);
                self.lose(plan, more, &what, facts);
            }
        }
    }

    /// A new timeline begins at a point of history, on the member that leads it; what it leaves behind is lost, and
    /// `back` writes that were counted as lost before are there again.
    pub(super) fn fork(
        &mut self,
        plan: &StorePlan,
        leader: usize,
        from: (usize, u64),
        back: u64,
        facts: &mut Vec<FactKind>,
    ) {
        self.recovered_total += back;
        let shared = self.common(from, (self.head, self.kept));
        let lost = self.kept.saturating_sub(shared);
        self.lose(plan, lost, "writes that no replica had", facts);
        // What a member has alone and nobody counted yet stays uncounted.
        let open: Vec<u64> = (0..self.members.len())
            .map(|at| self.own(at).saturating_sub(self.members.get(at).map_or(0, |m| m.own_counted)))
            .collect();
        self.timelines.push(from);
        self.head = self.timelines.len() - 1;
        self.kept = from.1;
        self.before = from.1;
        self.leader = Some(leader);
        self.handover = None;
        self.silent_s = 0;
        let head = self.head;
        if let Some(m) = self.members.get_mut(leader) {
            (m.timeline, m.received, m.broken, m.slot, m.fenced) = (head, from.1, None, Slot::Absent, false);
            m.log_from = m.log_from.min(from.1);
            m.own_counted = 0;
        }
        for at in (0..self.members.len()).filter(|at| *at != leader) {
            let own = self.own(at);
            let slot = plan.members.get(at).is_some_and(|s| s.slot);
            let Some(m) = self.members.get_mut(at) else { continue };
            m.own_counted = own.saturating_sub(open.get(at).copied().unwrap_or(0));
            m.broken = None;
            m.slot = if slot && m.role == Role::Replica && m.holds {
                Slot::From(m.received.min(from.1))
            } else {
                Slot::Absent
            };
            if own > 0 && m.role == Role::Replica {
                self.diverge(at);
            }
        }
    }

    /// Seconds by which what a member's tables show is older than what its primary's show.
    pub(super) fn lag_s(&self, at: usize) -> u64 {
        self.members.get(at).map_or(0, |m| self.age_of(m.applied))
    }

    /// How long ago the official history was at a position, seconds.
    pub(super) fn age_of(&self, position: u64) -> u64 {
        if position >= self.before {
            return 0;
        }
        let (mut from, mut to) = ((self.now, self.kept), (self.now, self.kept));
        for (at, p) in self.history.iter().rev() {
            to = from;
            from = (*at, *p);
            if *p <= position {
                break;
            }
        }
        let seconds = |a: Utc, b: Utc| u64::try_from(b.0.saturating_sub(a.0)).unwrap_or(0);
        let (span, part) = (to.1.saturating_sub(from.1), position.saturating_sub(from.1));
        // Between two samples the position grew evenly.
        let into = if span == 0 {
            0
        } else {
            u128::from(seconds(from.0, to.0)) * u128::from(part.min(span)) / u128::from(span)
        };
        seconds(from.0, self.now).saturating_sub(u64::try_from(into).unwrap_or(0))
    }
}

/// Position up to which whole segments have been archived.
pub(super) fn archived(plan: &StorePlan, position: u64) -> u64 {
    position.saturating_mul(plan.wal) / SEGMENT * SEGMENT / plan.wal
}

/// Name of the slot of a member.
pub(super) fn slot_name(member: &str) -> String {
    member.replace('-', "_")
}
