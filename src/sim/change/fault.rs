//! Faults of changes: what happens when one begins, is dialled, ends, or is mended by what somebody did.

use super::plan::At;
use super::rollout::{Rollout, WHOLE};
use crate::fact::FactKind;
use crate::scenario::{ChangeFault, Fault};
use crate::sim::World;
use crate::sim::plan::Plan;
use std::sync::Arc;

impl World {
    /// A fault of this room begins, with so much of it; one that is there already is dialled.
    pub(in crate::sim) fn begin_change(&mut self, fault: &ChangeFault, severity: f64, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let Some(at) = plan.change.resolve(fault) else { return };
        let (tick, now) = (self.tick, self.utc());
        self.change.stale = true;
        if let Some((_, there)) = self.change.active.iter_mut().find(|(a, _)| *a == at) {
            let before = std::mem::replace(there, severity);
            self.dial_change(&plan, at, before, severity, facts);
            return;
        }
        self.change.active.push((at, severity));
        match at {
            At::BadConfig { config, version } => {
                let by = self.author(&plan, config, version);
                self.push_config(&plan, config, version, &by, now, facts);
            }
            At::OutOfBand { config, version } => self.edit_config(config, version),
            At::AutoUpdate { service, release } => {
                if let Some(runs) = self.change.runs.get_mut(service) {
                    let from = runs.on.first().copied().unwrap_or(super::state::NONE);
                    let push = crate::scenario::Push::Global { takes: crate::stdx::time::Span(0) };
                    let mut rollout = Rollout::begin(from, release, &push, "unattended-upgrades", tick);
                    rollout.permille = reached(severity);
                    rollout.paused = true;
                    runs.rollout = Some(rollout);
                    runs.spread();
                }
            }
            At::FlagFlip { flag, percent } => {
                let percent = flipped(&plan, flag, percent, severity);
                self.set_flag(&plan, flag, percent, facts);
            }
            At::Poison { queue, items, crashes } => {
                let n = spoiled(items, severity);
                if let Some(q) = self.queues.get_mut(queue) {
                    q.poison(n, crashes, i64::try_from(tick).unwrap_or(i64::MAX));
                }
            }
            At::CacheFlush { cache } => self.cool_part(cache, severity),
            At::Descheduled { .. } => self.deschedule(true),
            _ => {}
        }
    }

    /// There is more or less of a fault that is there already; what has happened once does not happen once more.
    fn dial_change(&mut self, plan: &Plan, at: At, before: f64, severity: f64, facts: &mut Vec<FactKind>) {
        match at {
            At::AutoUpdate { service, release } => {
                if let Some(runs) = self.change.runs.get_mut(service)
                    && let Some(rollout) = runs.rollout.as_mut().filter(|r| r.to == release)
                {
                    rollout.permille = reached(severity);
                    runs.spread();
                }
            }
            // Where somebody has set it meanwhile it stays.
            At::FlagFlip { flag, percent }
                if self.change.flags.get(flag) == Some(&flipped(plan, flag, percent, before)) =>
            {
                self.set_flag(plan, flag, flipped(plan, flag, percent, severity), facts);
            }
            At::Poison { queue, items, crashes } => {
                let n = spoiled(items, severity).saturating_sub(spoiled(items, before));
                if let (1.., Some(q)) = (n, self.queues.get_mut(queue)) {
                    q.poison(n, crashes, i64::try_from(self.tick).unwrap_or(i64::MAX));
                }
            }
            At::CacheFlush { cache } if before < severity => {
                self.cool_part(cache, (severity - before) / (1.0 - before));
            }
            At::Descheduled { .. } => self.deschedule(true),
            _ => {}
        }
    }

    /// A fault of this room ends from outside.
    pub(in crate::sim) fn end_change(&mut self, fault: &ChangeFault, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let Some(at) = plan.change.resolve(fault) else { return };
        let now = self.utc();
        // What somebody has put right already is not undone once more.
        let over = self.is_over(at);
        self.change.active.retain(|(a, _)| *a != at);
        self.change.stale = true;
        if let At::Descheduled { service, .. } = at {
            // An automation that is stopped leaves things as they are; one that comes to its senses puts them right.
            self.capacity.let_go(service, !over);
        }
        if over {
            return;
        }
        match at {
            At::BadConfig { config, version } | At::OutOfBand { config, version } => {
                if let Some(to) = self.before(config, version) {
                    self.push_config(&plan, config, to, "", now, facts);
                }
            }
            At::AutoUpdate { service, .. } => {
                if let Some(runs) = self.change.runs.get_mut(service)
                    && let Some(rollout) = runs.rollout.take()
                {
                    runs.set(rollout.from);
                }
            }
            At::FlagFlip { flag, .. } => {
                let percent = plan.change.flags.get(flag).map_or(0, |f| f.percent);
                self.set_flag(&plan, flag, percent, facts);
            }
            At::Poison { queue, .. } => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.cure();
                }
            }
            _ => {}
        }
    }

    /// Whoever wrote a version.
    fn author(&self, plan: &Plan, config: usize, version: usize) -> String {
        let spec = plan.spec.change.configs.values().nth(config);
        let id = plan.change.configs.get(config).and_then(|c| c.versions.get(version));
        spec.zip(id).and_then(|(s, (id, _))| s.versions.get(id)).map_or(String::new(), |v| v.by.clone())
    }

    /// The version that was live before this one.
    pub(super) fn before(&self, config: usize, version: usize) -> Option<usize> {
        let c = self.change.configs.get(config)?;
        if let Some(r) = c.rollout.as_ref().filter(|r| r.to == version) {
            return Some(r.from);
        }
        let rows = c.history.iter().rev().map(|r| r.version);
        rows.chain([c.declared, c.good]).find(|v| *v != version)
    }

    /// Puts a version in place at once, past history and repository.
    pub(super) fn edit_config(&mut self, config: usize, version: usize) {
        if let Some(c) = self.change.configs.get_mut(config) {
            c.rollout = None;
            c.live = version;
        }
        self.change.stale = true;
    }

    /// Takes faults off the list that somebody's action has put right.
    pub(super) fn mend_changes(&mut self, facts: &mut Vec<FactKind>) {
        if self.change.active.is_empty() {
            return;
        }
        let over: Vec<At> = self.change.active.iter().map(|(at, _)| *at).filter(|at| self.is_over(*at)).collect();
        if !over.is_empty() {
            self.mended(|at| over.contains(&at), facts);
        }
    }

    /// Whether nothing of a fault is left.
    fn is_over(&self, at: At) -> bool {
        match at {
            At::BadConfig { config, version } | At::OutOfBand { config, version } => self
                .change
                .configs
                .get(config)
                .is_none_or(|c| c.live != version && c.rollout.as_ref().is_none_or(|r| r.to != version)),
            At::BadGenerator { config } => {
                let bad = self.plan.change.configs.get(config).and_then(|c| c.generated).map(|(_, bad, ..)| bad);
                let state = self.change.configs.get(config);
                state.is_none_or(|c| !c.generating && bad.is_none_or(|bad| c.share(bad) == 0.0))
            }
            At::AutoUpdate { service, release } => {
                self.change.runs.get(service).is_none_or(|r| r.permille(release) == 0 || r.rollout.is_none())
            }
            At::FlagFlip { flag, percent } => {
                let severity = self.dial(|a, severity| (a == at).then_some(severity)).unwrap_or(1.0);
                self.change.flags.get(flag) != Some(&flipped(&self.plan, flag, percent, severity))
            }
            At::Poison { queue, .. } => {
                self.queues.get(queue).is_none_or(|q| q.poisonous() == 0) && !self.more_comes(at)
            }
            // It is over as soon as it has happened.
            At::CacheFlush { .. } => !self.more_comes(at),
            At::RunawayJob { cron, .. } => {
                self.change.crons.get(cron).is_none_or(|c| !c.enabled && c.running.is_empty())
            }
            At::Descheduled { service, .. } => self.change.hands_off.contains(&service),
            // Others end when whoever owns them ends them, or by the effect that mends them.
            At::SlowConsumer { .. }
            | At::QueueFlood { .. }
            | At::ShortTtl { .. }
            | At::VendorOutage { .. }
            | At::Timeout { .. }
            | At::Limit { .. }
            | At::Quota { .. }
            | At::Blind { .. }
            | At::FalseAlarm { .. } => false,
        }
    }

    /// Whether more of a fault of this room is still to come: it comes and goes, or it grows.
    fn more_comes(&self, at: At) -> bool {
        self.ailments.all().iter().any(|a| match &a.fault {
            Fault::Change(c) => {
                (a.course.pulse.is_some() || a.grows(self.tick)) && self.plan.change.resolve(c) == Some(at)
            }
            _ => false,
        })
    }

    /// Ends the faults of this room that `which` picks, because an effect has mended them.
    pub(super) fn mended(&mut self, which: impl Fn(At) -> bool, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let mine = |f: &Fault| match f {
            Fault::Change(c) => plan.change.resolve(c).is_some_and(&which),
            _ => false,
        };
        self.cure(mine, facts);
    }

    /// Faults of this room that are present, and how much of each.
    pub(in crate::sim) fn change_faults(&self) -> Vec<(At, f64)> {
        self.change.active.clone()
    }

    /// How much of the first fault that `of` knows there is.
    pub(in crate::sim) fn dial(&self, of: impl Fn(At, f64) -> Option<f64>) -> Option<f64> {
        self.change.active.iter().find_map(|(at, severity)| of(*at, *severity))
    }
}

/// Where a flip leaves a flag: between where it was at the opening and where it should not be.
fn flipped(plan: &Plan, flag: usize, percent: u64, severity: f64) -> u64 {
    let usual = plan.change.flags.get(flag).map_or(0, |f| f.percent) as f64;
    (usual + (percent as f64 - usual) * severity + 0.5) as u64
}

/// Thousandths that a release reaches by itself: as soon as it has begun it is somewhere.
fn reached(severity: f64) -> u64 {
    ((severity * WHOLE as f64) as u64).clamp(1, WHOLE)
}

/// How many of so many items are poisonous, at least one.
fn spoiled(items: u64, severity: f64) -> u64 {
    ((items as f64 * severity) as u64).max(1)
}
