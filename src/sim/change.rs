//! What changes a system while it runs: rollouts, configuration, flags, scheduled jobs, vendors, and the watching itself.

mod apply;
mod fault;
mod managed;
mod plan;
mod press;
mod read;
mod rollout;
mod state;

pub(super) use plan::{At, ChangePlan};
pub use press::CHECKER_BROKEN;
pub(in crate::sim) use press::falls_in;
pub use read::{ConfigView, CronView, FlagView, ReleaseShare, VendorView};
pub use rollout::Rollout;
pub use state::{Carried, ChangeState, Config, ConfigRow, Cron, Health, Runs, Vendor};

use crate::fact::FactKind;
use crate::sim::World;
use crate::sim::phase::changed;
use crate::sim::plan::Plan;
use crate::stdx::time::Span;
use rollout::{Progress, duration};
use std::sync::Arc;

/// How far ahead a scheduled job is looked for, seconds: longer than any session.
const CRON_AHEAD_S: u64 = 8 * 86_400;

/// Share of failed requests from which on a vendor is degraded, and from which on it is out.
const DEGRADED: f64 = 0.02;
const OUTAGE: f64 = 0.5;

impl World {
    /// A second of changes: what spreads goes on, what is due runs, pages catch up.
    pub(super) fn step_changes(&mut self, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        if !self.still {
            self.spread_releases(&plan, facts);
            self.spread_configs(&plan, facts);
            self.generate(&plan, facts);
            self.run_crons(&plan, facts);
            self.look_at_vendors(&plan, facts);
            self.mend_changes(facts);
            self.expire_early();
            self.deschedule(false);
        }
        if self.change.is_stale() {
            self.map_leads();
        }
        if self.change.find_carried(&plan.change) {
            let carried = self.change.carried.clone();
            self.carry(&carried, facts);
        }
    }

    /// Requests and errors of a service in the last second.
    fn seen(&self, service: usize) -> (u64, u64) {
        self.services.get(service).map_or((0, 0), |s| (s.flow.requests, s.flow.errors()))
    }

    fn spread_releases(&mut self, plan: &Plan, facts: &mut Vec<FactKind>) {
        let tick = self.tick;
        for at in 0..self.change.runs.len() {
            if self.follow_pods(plan, at, facts) {
                continue;
            }
            if self.change.runs.get(at).is_none_or(|r| r.rollout.is_none()) {
                continue;
            }
            let (requests, errors) = self.seen(at);
            let Some(push) = plan.change.pushes.get(at).and_then(Option::as_ref) else { continue };
            let Some(runs) = self.change.runs.get_mut(at) else { continue };
            let Some(rollout) = runs.rollout.as_mut() else { continue };
            let progress = rollout.advance(push, tick, requests, errors);
            self.release_went(plan, at, progress, facts);
        }
    }

    /// Says how a release's rollout went on, and ends it if it is everywhere.
    fn release_went(&mut self, plan: &Plan, at: usize, progress: Progress, facts: &mut Vec<FactKind>) {
        let Some(runs) = self.change.runs.get_mut(at) else { return };
        let Some(rollout) = runs.rollout.clone() else { return };
        let (Some(release), Some(service)) = (plan.change.releases.get(rollout.to), plan.services.get(at)) else {
            return;
        };
        match progress {
            Progress::Same => return,
            Progress::Further => {
                runs.spread();
                facts.push(changed(format!("rollout {}", service.name), &percent(&release.name, rollout.permille)));
            }
            Progress::Stopped => facts.push(changed(format!("rollout {}", service.name), "stopped")),
            Progress::Done => {
                runs.set(rollout.to);
                self.promoted(service.name.clone(), release.name.clone(), rollout.by, facts);
            }
        }
        self.change.stale = true;
    }

    fn spread_configs(&mut self, plan: &Plan, facts: &mut Vec<FactKind>) {
        let tick = self.tick;
        for (at, p) in plan.change.configs.iter().enumerate() {
            if self.change.configs.get(at).is_none_or(|c| c.rollout.is_none()) {
                continue;
            }
            let (mut requests, mut errors) = (0, 0);
            for service in &p.applies_to {
                let (r, e) = self.seen(*service);
                (requests, errors) = (requests + r, errors + e);
            }
            let Some(c) = self.change.configs.get_mut(at) else { continue };
            let Some(rollout) = c.rollout.as_mut() else { continue };
            let progress = rollout.advance(&p.push, tick, requests, errors);
            self.config_went(plan, at, progress, facts);
        }
    }

    /// Says how an artefact's push went on, and ends it if it is everywhere.
    fn config_went(&mut self, plan: &Plan, at: usize, progress: Progress, facts: &mut Vec<FactKind>) {
        let (Some(c), Some(p)) = (self.change.configs.get_mut(at), plan.change.configs.get(at)) else { return };
        let Some(rollout) = c.rollout.as_ref() else { return };
        let (to, permille) = (rollout.to, rollout.permille);
        let Some((id, _)) = p.versions.get(to) else { return };
        let component = format!("config {}", p.name);
        match progress {
            Progress::Same => return,
            // A version that spreads evenly is not news every second.
            Progress::Further if matches!(p.push, crate::scenario::Push::Global { .. }) => {}
            Progress::Further => facts.push(changed(component, &percent(id, permille))),
            Progress::Stopped => facts.push(changed(component, "stopped")),
            Progress::Done => {
                c.live = to;
                c.rollout = None;
                if p.generated.is_none_or(|(_, bad, ..)| bad != to) {
                    c.good = to;
                }
                facts.push(changed(component, id));
            }
        }
        self.change.stale = true;
    }

    /// Programs that make an artefact make the next one.
    fn generate(&mut self, plan: &Plan, facts: &mut Vec<FactKind>) {
        let (tick, t_s, now) = (self.tick, self.t_s(), self.utc());
        for (at, p) in plan.change.configs.iter().enumerate() {
            let Some((every, bad, share, from)) = p.generated else { continue };
            if !tick.is_multiple_of(every) || self.change.configs.get(at).is_none_or(|c| !c.generating) {
                continue;
            }
            let broken = self.change.active.iter().find_map(|(a, severity)| match a {
                At::BadGenerator { config } if *config == at => Some(*severity),
                _ => None,
            });
            let planned = if t_s >= from { share } else { 0.0 };
            let share = broken.map_or(planned, |severity| severity.max(planned));
            let to =
                if self.change.luck.unit() < share { bad } else { self.change.configs.get(at).map_or(0, |c| c.good) };
            self.push_config(plan, at, to, "generator", now, facts);
        }
    }

    /// Begins to push a version; one that is on its way is overtaken.
    pub(super) fn push_config(
        &mut self,
        plan: &Plan,
        at: usize,
        to: usize,
        by: &str,
        now: crate::stdx::time::Utc,
        facts: &mut Vec<FactKind>,
    ) {
        let tick = self.tick;
        let (Some(c), Some(p)) = (self.change.configs.get_mut(at), plan.change.configs.get(at)) else { return };
        let most = c.most();
        c.rollout = None;
        c.live = most;
        self.change.stale = true;
        if most == to {
            return;
        }
        c.row(now, to, by);
        let rollout = Rollout::begin(most, to, &p.push, by, tick);
        let (id, permille) = (p.versions.get(to).map_or("", |(id, _)| id.as_str()), rollout.permille);
        facts.push(changed(format!("config {}", p.name), &percent(id, permille)));
        let at_once = duration(&p.push) == 0;
        c.rollout = Some(rollout);
        if at_once {
            self.config_went(plan, at, Progress::Done, facts);
        }
    }

    /// Jobs that are due start, jobs that are done end.
    fn run_crons(&mut self, plan: &Plan, facts: &mut Vec<FactKind>) {
        let tick = self.tick;
        for (at, p) in plan.change.crons.iter().enumerate() {
            let Some(c) = self.change.crons.get_mut(at) else { continue };
            let before = c.running.len();
            c.running.retain(|end| *end > tick);
            let ended = before - c.running.len();
            if ended > 0 {
                self.change.stale = true;
                facts.push(changed(format!("job {}", p.name), "done"));
                for effect in p.then.iter().cycle().take(p.then.len() * ended) {
                    // What it can no longer do (the file is gone) it does not do.
                    if let Ok((_, mut more)) = self.apply_by(effect, &p.user) {
                        facts.append(&mut more);
                    }
                }
            }
            if self.cron_is_due(plan, at) {
                self.start_cron(plan, at, facts);
            }
        }
    }

    /// Starts a run of a job, unless one goes on and it may not overlap.
    pub(super) fn start_cron(&mut self, plan: &Plan, at: usize, facts: &mut Vec<FactKind>) {
        let (tick, now) = (self.tick, self.utc());
        let runaway = self.change.active.iter().find_map(|(a, severity)| match a {
            At::RunawayJob { cron, factor } if *cron == at => Some(1.0 + (factor - 1.0).max(0.0) * severity),
            _ => None,
        });
        let (Some(p), Some(c)) = (plan.change.crons.get(at), self.change.crons.get_mut(at)) else { return };
        if !c.running.is_empty() && !p.overlaps && runaway.is_none() {
            c.skipped += 1;
            return;
        }
        let takes = (p.takes as f64 * runaway.unwrap_or(1.0)) as u64;
        c.running.push(tick.saturating_add(takes.max(1)));
        c.last = Some(now);
        c.runs += 1;
        self.change.stale = true;
        facts.push(changed(format!("job {}", p.name), "running"));
    }

    /// By how many seconds the time that a job goes by is ahead of UTC: what its host's clock shows, in the zone of that
    /// clock, or in the one written with the job where the scenario says nothing of the clock.
    fn local_s(&self, plan: &Plan, at: usize) -> i64 {
        let Some(p) = plan.change.crons.get(at) else { return 0 };
        let now = self.utc();
        let clock = self.net.clock(&p.host);
        let zone = match clock.map_or(0, |c| i64::from(c.zone_min)) {
            0 if !plan.spec.network.clocks.contains_key(&p.host) => p.zone(now),
            zone => zone,
        };
        clock.map_or(0, |c| c.shows(now).0 - now.0) + zone * 60
    }

    /// Looks at a job's clock: whether a minute has begun in which it runs.
    fn cron_is_due(&mut self, plan: &Plan, at: usize) -> bool {
        let (now, ahead) = (self.utc(), self.local_s(plan, at));
        let minute = (now.0 + ahead).div_euclid(60);
        let (Some(p), Some(c)) = (plan.change.crons.get(at), self.change.crons.get_mut(at)) else { return false };
        let (last, was) = c.seen.unwrap_or((minute, ahead));
        c.seen = Some((minute, ahead));
        let due = c.enabled && minute != last && p.fits(minute);
        c.fired += u64::from(due);
        if due || was != ahead {
            self.schedule(plan, at);
        }
        due
    }

    /// Finds the next run of a job, as its host's clock goes now.
    pub(super) fn schedule(&mut self, plan: &Plan, at: usize) {
        let (now, ahead) = (self.utc(), self.local_s(plan, at));
        let local = plan.change.crons.get(at).and_then(|p| p.next(now.plus(ahead), Span(CRON_AHEAD_S)));
        let next = local.map(|l| l.plus(-ahead));
        let tick = next.and_then(|at| u64::try_from(at.0.saturating_sub(plan.start.0)).ok());
        if let Some(c) = self.change.crons.get_mut(at) {
            c.next = tick;
            c.seen = Some(((now.0 + ahead).div_euclid(60), ahead));
        }
    }

    /// What vendors' systems do, and what their pages say about it.
    fn look_at_vendors(&mut self, plan: &Plan, facts: &mut Vec<FactKind>) {
        let (tick, now) = (self.tick, self.utc());
        for (at, p) in plan.change.vendors.iter().enumerate() {
            let (requests, errors) = self.seen(p.service);
            let Some(v) = self.change.vendors.get_mut(at) else { continue };
            if let Some(share) = v.seen.add(requests, errors) {
                v.truth = match share {
                    s if s >= OUTAGE => Health::Outage,
                    s if s >= DEGRADED => Health::Degraded,
                    _ => Health::Operational,
                };
            }
            // However it gets better and worse meanwhile: the page is late since it was last right.
            if v.truth == v.says {
                v.since = tick;
            }
            let late = p.lag.is_some_and(|lag| tick.saturating_sub(v.since) >= lag);
            if late && v.says != v.truth {
                (v.says, v.claims, v.updated) = (v.truth, None, now);
                let name = plan.services.get(p.service).map_or("", |s| s.name.as_str());
                facts.push(changed(format!("page {name}"), v.says.word()));
            }
        }
    }

    /// After the prehistory: the changes as the scenario has them, with the faults that were there before.
    pub(super) fn open_changes(&mut self) {
        let plan = Arc::clone(&self.plan);
        for at in 0..plan.change.crons.len() {
            self.schedule(&plan, at);
        }
    }
}

/// A version and how far it is.
fn percent(version: &str, permille: u64) -> String {
    format!("{version} {}%", permille / 10)
}
