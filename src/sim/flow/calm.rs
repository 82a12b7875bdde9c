//! A calm second: nothing waits, nothing fails, and there is room for everything that comes.
//!
//! Then it does not matter in which order requests travel: carried remainders give the same whole numbers for the sum
//! as for its parts. So each service and each call is settled once, callers first, instead of once for every way that
//! leads there. Where any of this does not hold the second is walked as always; a test shows that both give one digest.

use super::travel::Travel;
use crate::sim::carry::{Carry, Rate};
use crate::sim::plan::{Kind, Plan, ServiceAt};

/// The longest chain of calls that is settled like this; a longer one may end on the way.
const CHAIN_MAX: usize = 40;

/// What would be done, worked out before anything is.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Ledger {
    /// Requests by service.
    inbox: Vec<u64>,
    /// Calls by edge, and what is left of one.
    sent: Vec<(u64, Carry)>,
}

impl Plan {
    /// Whether seconds of this world can be settled service by service: no circles, no caches, the same calls whatever
    /// is asked for, and no budget that several batches would earn in turn.
    pub fn settles(&self) -> bool {
        let mut batches = vec![0usize; self.services.len()];
        let mut depth = vec![0usize; self.services.len()];
        for s in &self.sources {
            if let Some(n) = batches.get_mut(s.service) {
                *n += 1;
            }
        }
        // Who of several tenants is served is counted one by one.
        if !self.tenants.is_empty() {
            return false;
        }
        let mut done = vec![false; self.services.len()];
        for at in self.order.iter().copied() {
            let Some(s) = self.services.get(at) else { return false };
            let plain = matches!(s.kind, Kind::Plain | Kind::Worker) && s.endpoints.iter().all(|e| e.calls.is_none());
            if !plain || s.calls.len() != s.edges.len() {
                return false;
            }
            let (mine, deep) = (batches.get(at).copied().unwrap_or(0), depth.get(at).copied().unwrap_or(0));
            for edge in s.edges.iter().filter_map(|e| self.edges.get(*e)) {
                let one = edge.budget.is_none() || mine <= 1;
                if edge.to == at || done.get(edge.to).copied().unwrap_or(true) || !one || deep >= CHAIN_MAX {
                    return false;
                }
                if let (Some(n), Some(d)) = (batches.get_mut(edge.to), depth.get_mut(edge.to)) {
                    *n += mine;
                    *d = (*d).max(deep + 1);
                }
            }
            if let Some(d) = done.get_mut(at) {
                *d = true;
            }
        }
        true
    }
}

impl Travel<'_> {
    /// Whether nothing is under way and nothing stands in the way; room is another question.
    fn is_calm(&self) -> bool {
        let sources = self.sources.iter().zip(&self.plan.sources);
        let quiet = sources.into_iter().all(|(s, plan)| {
            let leads = self.leads.get(plan.service);
            let lead = leads.and_then(|l| plan.endpoint.map_or(l.last(), |e| l.get(e)));
            let tries = s.tries.iter().all(|t| t.waiting.is_empty() && t.zombies == 0);
            tries
                && s.waiting.is_empty()
                && s.late == Rate::ZERO
                && lead == Some(&super::Led { lead: super::Lead::Page, wrong: None })
        });
        quiet && self.services.iter().all(|s| s.queue == 0 && s.held == 0 && s.sick_until.is_none())
    }

    /// Settles a calm second; false, with nothing done, if it is not one.
    pub fn settle_calm(&mut self, fresh: &[u64], ledger: &mut Ledger) -> bool {
        if !self.calm_calls || !self.pressure.plain || !self.is_calm() {
            return false;
        }
        let plan = self.plan;
        ledger.inbox.clear();
        ledger.inbox.resize(plan.services.len(), 0);
        ledger.sent.clear();
        ledger.sent.resize(plan.edges.len(), (0, Carry::default()));
        for (s, n) in plan.sources.iter().zip(fresh) {
            if let Some(all) = ledger.inbox.get_mut(s.service) {
                *all += n;
            }
        }
        for at in plan.order.iter().copied() {
            let n = ledger.inbox.get(at).copied().unwrap_or(0);
            let (Some(spec), Some(s)) = (plan.services.get(at), self.services.get(at)) else { return false };
            if n > s.station.room {
                return false;
            }
            for &e in spec.calls.iter().filter(|_| n > 0) {
                let (Some(edge), Some(call)) = (plan.edges.get(e), self.edges.get(e)) else { return false };
                let mut rest = call.share_carry;
                let needs = rest.take(n, edge.share);
                if needs > call.room {
                    return false;
                }
                if let (Some(all), Some(sent)) = (ledger.inbox.get_mut(edge.to), ledger.sent.get_mut(e)) {
                    *all += needs;
                    *sent = (needs, rest);
                }
            }
        }
        for (at, n) in ledger.inbox.iter().enumerate().filter(|(_, n)| **n > 0) {
            self.serve(at, *n);
            for &e in plan.services.get(at).map_or(&[][..], |s| &s.calls) {
                let (needs, rest) = ledger.sent.get(e).copied().unwrap_or_default();
                self.exchange(e, needs, rest);
            }
        }
        for (at, n) in fresh.iter().enumerate() {
            self.enter(at, *n);
        }
        true
    }

    /// A service answers so many requests well.
    fn serve(&mut self, at: ServiceAt, n: u64) {
        let Some(s) = self.services.get_mut(at) else { return };
        s.flow.requests = n;
        s.flow.ok = n;
        s.used = n;
        s.station.room = s.station.room.saturating_sub(n);
        s.error_carry.take(n, Rate::ZERO);
        // Those that name an endpoint are booked there when their clients set out.
        if let Some(a) = s.answers.last_mut() {
            a.ok += n;
        }
    }

    /// So many calls go out and are answered well.
    fn exchange(&mut self, e: usize, n: u64, rest: Carry) {
        let (Some(plan), Some(call)) = (self.plan.edges.get(e), self.edges.get_mut(e)) else { return };
        call.share_carry = rest;
        if n == 0 {
            return;
        }
        call.breaker.probes = call.breaker.probes.saturating_sub(n);
        call.room -= if call.room == u64::MAX { 0 } else { n };
        call.flow.sent = n;
        call.flow.ok = n;
        call.tokens += plan.budget.map_or(0.0, |b| n as f64 * b);
        for carry in [&mut call.loss_carry, &mut call.turned_carry, &mut call.late_carry] {
            carry.take(n, Rate::ZERO);
        }
    }

    /// So many clients of a source ask and are answered well.
    fn enter(&mut self, at: usize, n: u64) {
        self.begin_attempts(at, n);
        let (Some(plan), Some(s)) = (self.plan.sources.get(at), self.sources.get_mut(at)) else { return };
        let Some(t) = s.tries.first_mut().filter(|_| n > 0) else { return };
        t.done += n;
        t.good += n;
        for carry in [&mut s.loss_carry, &mut s.turned_carry, &mut s.late_carry] {
            carry.take(n, Rate::ZERO);
        }
        let (Some(e), Some(s)) = (plan.endpoint, self.services.get_mut(plan.service)) else { return };
        if let Some(total) = s.by_endpoint.get_mut(e) {
            *total += n;
        }
        if let Some(a) = s.answers.last_mut() {
            a.ok -= n;
        }
        if let Some(a) = s.answers.get_mut(e) {
            a.ok += n;
        }
    }
}
