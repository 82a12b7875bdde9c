//! Who leads: what members hear of each other, elections with a timeout and a majority, promotion by hand.

use super::plan::StorePlan;
use super::said::Said;
use super::state::{Around, Role, Seen, StoreState};
use crate::fact::FactKind;
use crate::scenario::Failover;

/// Seconds after which a switchover that does not come through is given up.
const HAND_OVER_S: u64 = 60;

impl StoreState {
    /// Looks which members are there.
    pub(super) fn sense(&mut self, plan: &StorePlan, around: &Around, facts: &mut Vec<FactKind>) {
        self.restarting_s = self.restarting_s.saturating_sub(1);
        for at in 0..self.members.len() {
            let seen = around.members.get(at).copied().unwrap_or(Seen { runs: true, data: true, avail: u64::MAX });
            let Some(m) = self.members.get_mut(at) else { continue };
            m.runs = seen.runs;
            // Of what a bad line carries, a share arrives.
            m.hear += 1.0 - m.cut;
            m.heard = m.hear >= 1.0 - 1e-9;
            if m.heard {
                m.hear -= 1.0;
            }
            if m.holds && !seen.data {
                self.gone(plan, at, facts);
            }
        }
    }

    /// Whether a voter hears another in this second: whether the connection that it opens gets there.
    pub(super) fn hears(&self, a: usize, b: usize, around: &Around) -> bool {
        let there = |at: usize| self.members.get(at).is_none_or(|m| m.heard);
        a == b || there(a) && there(b) && !around.cut.contains(&(a, b))
    }

    /// Voters that a member hears, itself included.
    fn votes(&self, plan: &StorePlan, at: usize, around: &Around) -> usize {
        let there = |v: usize| self.members.get(v).is_none_or(|m| m.up());
        (0..plan.voters()).filter(|v| there(*v) && self.hears(at, *v, around)).count()
    }

    /// Fences, demotes, elects, hands over.
    pub(super) fn elect(&mut self, plan: &StorePlan, around: &Around, facts: &mut Vec<FactKind>) {
        self.hand_over(plan, facts);
        let majority = plan.voters() / 2 + 1;
        let leads = |s: &StoreState, at: usize| {
            s.members.get(at).is_some_and(|m| m.up() && matches!(m.role, Role::Primary | Role::Promoting))
        };
        let Failover::Automatic { timeout, fence } = plan.failover else {
            let there = self.leader.is_some_and(|l| leads(self, l));
            self.silent_s = if there { 0 } else { self.silent_s.saturating_add(1) };
            return;
        };
        let heard = self.leader.is_some_and(|l| leads(self, l) && self.votes(plan, l, around) >= majority);
        self.silent_s = if heard { 0 } else { self.silent_s.saturating_add(1) };
        if fence {
            self.fence(plan, around, timeout.0, heard);
        }
        let restoring = self.works.iter().any(|w| matches!(w.task, super::state::Task::Restore { .. }));
        if self.silent_s < timeout.0.max(1) || restoring || self.handover.is_some() {
            return;
        }
        let fit = (0..self.members.len()).filter(|at| {
            let m = self.members.get(*at);
            m.is_some_and(|m| m.role == Role::Replica && m.up() && m.broken.is_none())
                && self.votes(plan, *at, around) >= majority
        });
        let best = fit.max_by_key(|at| (self.members.get(*at).map_or(0, |m| m.received), std::cmp::Reverse(*at)));
        if let Some(at) = best {
            self.promote(plan, at, facts);
        }
    }

    /// A primary that sees no majority stops taking writes in time; one that hears of a newer one follows it.
    fn fence(&mut self, plan: &StorePlan, around: &Around, timeout_s: u64, heard: bool) {
        let late = self.silent_s >= (timeout_s / 2).max(1);
        for at in 0..self.members.len() {
            let leader = self.leader.filter(|l| *l != at);
            let newer =
                leader.is_some_and(|l| self.hears(at, l, around) && self.members.get(l).is_some_and(|m| m.up()));
            let is_leader = self.leader == Some(at);
            let alone = self.votes(plan, at, around) <= plan.voters() / 2;
            let Some(m) = self.members.get_mut(at).filter(|m| m.role == Role::Primary) else { continue };
            if !m.up() {
                // It will look around before it takes a write again.
                m.fenced = true;
                continue;
            }
            let before = m.fenced;
            if is_leader {
                m.fenced = late && alone && !heard;
            } else if newer {
                (m.role, m.fenced) = (Role::Replica, false);
                self.line(Some(at), Said::Demoted { alone: false });
                continue;
            } else {
                m.fenced = true;
            }
            if m.fenced && !before {
                self.line(Some(at), Said::Demoted { alone: true });
            }
        }
    }

    /// Makes a replica a primary: the history goes on from what it has received.
    pub(super) fn promote(&mut self, plan: &StorePlan, at: usize, facts: &mut Vec<FactKind>) {
        let from = self.point(at);
        self.line(Some(at), Said::Promoted);
        let back = self.members.get(at).map_or(0, |m| m.own_counted.min(self.own(at)));
        self.fork(plan, at, from, back, facts);
        if let Some(m) = self.members.get_mut(at) {
            m.role = Role::Promoting;
        }
        self.line(Some(at), Said::Timeline { id: self.head + 1 });
    }

    /// A switchover waits until the replica has everything.
    fn hand_over(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        let (Some(to), Some(from)) = (self.handover, self.leader) else { return };
        let up = |at: usize| self.members.get(at).is_some_and(|m| m.up() && m.broken.is_none());
        if !up(to) || !up(from) || self.silent_s >= HAND_OVER_S {
            self.handover = None;
            if let Some(m) = self.members.get_mut(from) {
                m.role = Role::Primary;
            }
            return;
        }
        let head = self.head;
        let has = |at: usize| self.members.get(at).map_or(0, |m| m.received);
        if has(to) >= has(from) {
            self.promote(plan, to, facts);
        } else if self.own(to) == 0
            && let Some(m) = self.members.get_mut(to)
        {
            m.timeline = head;
            // The old primary takes no writes and has nothing else to do than to send what is left.
            let rate = plan.members.get(to).map_or(0.0, |s| s.receive * (1.0 - m.stuck));
            let most = super::state::drip(&mut m.receive, rate);
            m.received = m.received.saturating_add(most).min(self.kept);
        }
    }
}
