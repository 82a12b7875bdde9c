//! Effects on what changes, refused in the words of the tools that ask for them.

use super::plan::At;
use super::rollout::Rollout;
use super::state::NONE;
use crate::fact::FactKind;
use crate::scenario::{Push, ServiceKind};
use crate::sim::apply::refuse;
use crate::sim::effect::{Applied, ChangeEffect, CronVerb, QueueVerb, Refusal, RolloutVerb};
use crate::sim::phase::changed;
use crate::sim::plan::Plan;
use crate::sim::state::Then;
use crate::sim::{Queue, World};
use std::sync::Arc;

/// Seconds that it takes to fill a cache by asking for what is asked for most.
const WARM_S: u64 = 120;

/// What a rollout of which nothing is said takes.
const AT_ONCE: Push = Push::Global { takes: crate::stdx::time::Span(crate::sim::PROMOTE_S) };

impl World {
    /// Applies an effect of this room.
    pub(in crate::sim) fn apply_change(
        &mut self,
        effect: &ChangeEffect,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let plan = Arc::clone(&self.plan);
        let now = self.utc();
        match effect {
            ChangeEffect::Push { config, version } => {
                let (at, to) = self.version_of(&plan, config, version)?;
                let was_live = self.change.configs.get(at).is_some_and(|c| c.history.iter().any(|r| r.version == to));
                self.thawed(was_live)?;
                if let Some(c) = self.change.configs.get_mut(at) {
                    c.declared = to;
                }
                self.push_config(&plan, at, to, who, now, facts);
            }
            ChangeEffect::Edit { config, version } => {
                let (at, to) = self.version_of(&plan, config, version)?;
                self.edit_config(at, to);
                facts.push(changed(format!("config {config}"), version));
            }
            ChangeEffect::Reconcile { stack } => {
                let mine = |(_, p): &(usize, &super::plan::ConfigPlan)| p.stack.as_deref() == Some(stack.as_str());
                let all: Vec<usize> = plan.change.configs.iter().enumerate().filter(mine).map(|(i, _)| i).collect();
                if all.is_empty() {
                    return refuse(format!("stack {stack} not found"));
                }
                for at in all {
                    let declared = self.change.configs.get(at).map_or(0, |c| c.declared);
                    self.push_config(&plan, at, declared, who, now, facts);
                }
            }
            ChangeEffect::Generator { config, on } => {
                let at = plan.change.config(config);
                let made = at.and_then(|at| plan.change.configs.get(at)).is_some_and(|c| c.generated.is_some());
                let Some(c) = at.filter(|_| made).and_then(|at| self.change.configs.get_mut(at)) else {
                    return refuse(format!("no program makes {config}"));
                };
                c.generating = *on;
                facts.push(changed(format!("generator {config}"), if *on { "on" } else { "off" }));
            }
            ChangeEffect::Rollout { of, verb } => self.steer(&plan, of, *verb, who, facts)?,
            ChangeEffect::Partial { service, release, misses } => {
                self.knows(service, release)?;
                let at = plan.change.service(service);
                let hosts = at.and_then(|at| plan.change.hosts.get(at)).cloned().unwrap_or_default();
                if let Some(host) = misses.iter().find(|m| !hosts.contains(m)) {
                    return refuse(format!("{service} does not run on {host}"));
                }
                if let Some(runs) = at.and_then(|at| self.change.runs.get_mut(at)) {
                    let left_out = hosts.iter().enumerate().filter(|(_, h)| misses.contains(h));
                    runs.missed = left_out.map(|(i, _)| i).collect();
                }
                self.promoted(service.clone(), release.clone(), who.to_owned(), facts);
            }
            ChangeEffect::Flag { flag, percent } => {
                let Some(at) = plan.change.flag(flag) else { return refuse(format!("flag {flag} not found")) };
                if *percent > 100 {
                    return refuse(format!("{percent} is not a percentage"));
                }
                self.set_flag(&plan, at, *percent, facts);
            }
            ChangeEffect::Freeze { on, why } => {
                self.change.freeze = on.then(|| (who.to_owned(), why.clone()));
                facts.push(changed("deploys".to_owned(), if *on { "frozen" } else { "open" }));
            }
            ChangeEffect::Cron { cron, verb } => {
                let Some(at) = plan.change.cron(cron) else { return refuse(format!("no job {cron}")) };
                self.steer_cron(&plan, at, *verb, facts)?;
            }
            ChangeEffect::Queue { queue, verb } => {
                let at = plan.queues.iter().position(|q| q.name == *queue);
                let q = self.queue_mut(queue)?;
                match verb {
                    QueueVerb::Pause | QueueVerb::Resume => {
                        q.paused = *verb == QueueVerb::Pause;
                        facts.push(changed(format!("queue {queue}"), if q.paused { "paused" } else { "running" }));
                    }
                    QueueVerb::Purge => {
                        let n = q.purge();
                        facts.push(changed(format!("queue {queue}"), "purged"));
                        let each = at.and_then(|at| plan.queues.get(at)).map_or(0, |q| q.more.precious);
                        self.lose_items(queue, n * each, facts);
                    }
                    QueueVerb::Skip => {
                        if !q.skip() {
                            return refuse(format!("queue {queue} is empty"));
                        }
                    }
                }
            }
            ChangeEffect::Flush { cache } => {
                let at = self.cache_at(&plan, cache)?;
                self.cool_part(at, 1.0);
                self.forget_keys(cache);
                facts.push(changed(format!("cache {cache}"), "flushed"));
            }
            ChangeEffect::Keys { cache, db, keys, act } => {
                self.change_keys(cache, *db, keys, act)?;
                facts.push(changed(format!("cache {cache}"), act.word()));
            }
            ChangeEffect::Warm { cache } => {
                let at = self.cache_at(&plan, cache)?;
                let job = self.add_job(format!("warm {cache}"), WARM_S, Then::Warm { cache: at });
                return Ok(Applied::Job { job, seconds: WARM_S });
            }
            ChangeEffect::Automation { service, on } => {
                let Some(at) = plan.change.service(service) else {
                    return refuse(format!("service {service} not found"));
                };
                self.change.hands_off.retain(|s| s != &at);
                if !on {
                    self.change.hands_off.push(at);
                }
                facts.push(changed(format!("automation {service}"), if *on { "on" } else { "off" }));
            }
            ChangeEffect::Agent { service } => {
                let Some(at) = plan.change.service(service) else {
                    return refuse(format!("service {service} not found"));
                };
                self.mended(|a| a == At::Blind { service: at }, facts);
            }
            ChangeEffect::Checker { probe } => {
                let Some(at) = plan.probes.iter().position(|p| p.name == *probe) else {
                    return refuse(format!("probe {probe} not found"));
                };
                self.mended(|a| a == At::FalseAlarm { probe: at }, facts);
                self.look(true);
            }
            ChangeEffect::Claim { vendor, text } => {
                let at = plan.spec.change.vendors.keys().position(|v| v == vendor);
                let Some(v) = at.and_then(|at| self.change.vendors.get_mut(at)) else {
                    return refuse(format!("vendor {vendor} not found"));
                };
                v.claims = (!text.is_empty()).then(|| text.clone());
                v.updated = now;
                facts.push(changed(format!("page {vendor}"), if text.is_empty() { v.says.word() } else { text }));
            }
        }
        Ok(Applied::Now)
    }

    fn version_of(&self, plan: &Plan, config: &str, version: &str) -> Result<(usize, usize), Refusal> {
        let Some(at) = plan.change.config(config) else { return refuse(format!("config {config} not found")) };
        let made = plan.spec.change.configs.get(config).and_then(|c| c.versions.get(version));
        match plan.change.version(at, version) {
            // One that is written later is not there yet.
            Some(to) if made.is_some_and(|v| v.at.0 <= self.t_s()) => Ok((at, to)),
            _ => refuse(format!("{config} has no version {version}")),
        }
    }

    /// Refuses while deploys are frozen; what ran before may come back at any time.
    fn thawed(&self, ran_before: bool) -> Result<(), Refusal> {
        match &self.change.freeze {
            Some((_, why)) if !ran_before => refuse(format!("deploys are frozen: {why}")),
            _ => Ok(()),
        }
    }

    /// Refuses a new release while deploys are frozen.
    pub(in crate::sim) fn not_frozen(&self, service: &str, release: &str) -> Result<(), Refusal> {
        self.thawed(self.ran_before(service, release))
    }

    fn ran_before(&self, service: &str, release: &str) -> bool {
        self.deploys.iter().any(|d| d.service == service && d.release == release && d.stage == "production")
    }

    /// Begins to roll a release out in steps; `false` if it goes to production in one go (a service without steps, or
    /// a release that ran there before: the way back is short).
    ///
    /// # Errors
    /// Another rollout is on its way.
    pub(in crate::sim) fn begin_rollout(
        &mut self,
        service: &str,
        release: &str,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<bool, Refusal> {
        let plan = Arc::clone(&self.plan);
        self.missed_by_nobody(service);
        let (Some(at), Some(to)) = (plan.change.service(service), plan.change.release(release)) else {
            return Ok(false);
        };
        let before = self.ran_before(service, release);
        let from = self.services.get(at).and_then(|s| s.release.as_deref()).and_then(|r| plan.change.release(r));
        let Some(runs) = self.change.runs.get_mut(at) else { return Ok(false) };
        if before {
            return Ok(false);
        }
        if let Some(r) = runs.rollout.as_ref().filter(|r| r.to != to) {
            let other = plan.change.releases.get(r.to).map_or("", |r| r.name.as_str());
            return refuse(format!("a rollout of {service} is in progress: {other} at {}%", r.permille / 10));
        }
        let Some(push) = plan.change.pushes.get(at).and_then(Option::as_ref) else { return Ok(false) };
        let rollout = Rollout::begin(from.unwrap_or(NONE), to, push, who, self.tick);
        facts.push(changed(format!("rollout {service}"), &super::percent(release, rollout.permille)));
        let permille = rollout.permille;
        runs.rollout = Some(rollout);
        runs.spread();
        self.change.stale = true;
        self.canary_pods(at, release, permille);
        Ok(true)
    }

    /// Every replica that is not left out runs a release.
    pub(in crate::sim) fn runs_everywhere(&mut self, service: &str, release: &str) {
        let plan = Arc::clone(&self.plan);
        let (Some(at), Some(to)) = (plan.change.service(service), plan.change.release(release)) else { return };
        if let Some(runs) = self.change.runs.get_mut(at) {
            runs.set(to);
        }
        self.change.stale = true;
        self.pods_run(at, release);
    }

    /// Share of a service's replicas, by position, that run a release.
    pub(in crate::sim) fn runs_share(&self, at: usize, release: &str) -> f64 {
        let release = self.plan.change.release(release);
        release.and_then(|r| Some(self.change.runs.get(at)?.share(r))).unwrap_or(0.0)
    }

    /// The next deploy reaches every host.
    pub(in crate::sim) fn missed_by_nobody(&mut self, service: &str) {
        let runs = self.plan.change.service(service).and_then(|at| self.change.runs.get_mut(at));
        if let Some(runs) = runs {
            runs.missed.clear();
        }
    }

    /// Steers the rollout of a service or an artefact.
    fn steer(
        &mut self,
        plan: &Plan,
        of: &str,
        verb: RolloutVerb,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<(), Refusal> {
        let (tick, now) = (self.tick, self.utc());
        let none = || format!("no rollout of {of} is in progress");
        if let Some(at) = plan.change.service(of) {
            let push = plan.change.pushes.get(at).and_then(Option::as_ref).unwrap_or(&AT_ONCE);
            let Some(runs) = self.change.runs.get_mut(at) else { return refuse(none()) };
            let Some(rollout) = runs.rollout.as_mut() else { return refuse(none()) };
            match verb {
                RolloutVerb::Pause if rollout.by_pods => {
                    rollout.paused = true;
                    self.capacity.hold(at, true);
                }
                RolloutVerb::Resume if rollout.by_pods => {
                    rollout.resume();
                    self.capacity.hold(at, false);
                }
                RolloutVerb::Pause => rollout.paused = true,
                RolloutVerb::Resume => rollout.resume(),
                RolloutVerb::Promote if rollout.by_pods => {
                    return refuse(format!("the replicas of {of} are being replaced; there is no step to skip"));
                }
                RolloutVerb::Promote => {
                    let progress = rollout.promote(push, tick);
                    self.release_went(plan, at, progress, facts);
                }
                RolloutVerb::Abort => {
                    let from = rollout.from;
                    let release = plan.change.releases.get(from).map(|r| r.name.clone());
                    if let Some(release) = release.filter(|_| self.capacity.group(at).is_some()) {
                        facts.push(changed(format!("rollout {of}"), "aborted"));
                        return self.roll_pods(of, &release, who, facts).map(|_| ());
                    }
                    runs.set(from);
                    self.change.stale = true;
                    facts.push(changed(format!("rollout {of}"), "aborted"));
                }
            }
            return Ok(());
        }
        let Some(at) = plan.change.config(of) else { return refuse(format!("{of} is no service and no config")) };
        let Some(p) = plan.change.configs.get(at) else { return refuse(none()) };
        let Some(rollout) = self.change.configs.get_mut(at).and_then(|c| c.rollout.as_mut()) else {
            return refuse(none());
        };
        match verb {
            RolloutVerb::Pause => rollout.paused = true,
            RolloutVerb::Resume => rollout.resume(),
            RolloutVerb::Promote => {
                let progress = rollout.promote(&p.push, tick);
                self.config_went(plan, at, progress, facts);
            }
            RolloutVerb::Abort => {
                let from = rollout.from;
                if let Some(c) = self.change.configs.get_mut(at) {
                    c.rollout = None;
                    c.live = from;
                    c.declared = from;
                    c.row(now, from, who);
                }
                self.change.stale = true;
                facts.push(changed(format!("config {of}"), "aborted"));
            }
        }
        Ok(())
    }

    pub(super) fn set_flag(&mut self, plan: &Plan, at: usize, percent: u64, facts: &mut Vec<FactKind>) {
        let (Some(p), Some(now)) = (plan.change.flags.get(at), self.change.flags.get_mut(at)) else { return };
        let percent = percent.min(100);
        if *now != percent {
            *now = percent;
            self.change.stale = true;
            facts.push(changed(format!("flag {}", p.name), &format!("{percent}%")));
        }
    }

    fn steer_cron(&mut self, plan: &Plan, at: usize, verb: CronVerb, facts: &mut Vec<FactKind>) -> Result<(), Refusal> {
        let name = plan.change.crons.get(at).map_or("", |c| c.name.as_str()).to_owned();
        let Some(c) = self.change.crons.get_mut(at) else { return Ok(()) };
        match verb {
            CronVerb::Pause | CronVerb::Resume => {
                c.enabled = verb == CronVerb::Resume;
                self.schedule(plan, at);
            }
            CronVerb::Run => self.start_cron(plan, at, facts),
            CronVerb::Kill if c.running.is_empty() => return refuse(format!("{name} does not run")),
            CronVerb::Kill => {
                // A run that is killed does not come to what it does at its end.
                c.running.clear();
                self.change.stale = true;
                facts.push(changed(format!("job {name}"), "killed"));
            }
        }
        Ok(())
    }

    /// A queue by name.
    pub(in crate::sim) fn queue_mut(&mut self, name: &str) -> Result<&mut Queue, Refusal> {
        let at = self.plan.queues.iter().position(|q| q.name == name);
        match at.and_then(|at| self.queues.get_mut(at)) {
            Some(q) => Ok(q),
            None => refuse(format!("queue {name} not found")),
        }
    }

    fn cache_at(&self, plan: &Plan, name: &str) -> Result<usize, Refusal> {
        let holds = plan.spec.services.get(name).is_some_and(|s| matches!(s.kind, ServiceKind::Cache(_)));
        match plan.change.service(name).filter(|_| holds) {
            Some(at) => Ok(at),
            None => refuse(format!("{name} is not a cache")),
        }
    }
}
