//! Effects on deployments: what replicas are made from, how many there are, and whether the deployment is there at all.

use super::cohort::{Cohort, Why};
use super::event::Reason;
use super::plan::CapacityPlan;
use super::read::pod_name;
use super::view::pod_pid;
use super::{CapacityState, Group, Revision};
use crate::sim::effect::{CapacityEffect, Refusal};

fn refuse<T>(message: String) -> Result<T, Refusal> {
    Err(Refusal { message })
}

impl CapacityState {
    /// Applies an effect on a deployment; `false` if it is about something else.
    ///
    /// # Errors
    /// What the platform says.
    pub(super) fn change_deployment(&mut self, plan: &CapacityPlan, effect: &CapacityEffect) -> Result<bool, Refusal> {
        let tick = self.tick;
        match effect {
            CapacityEffect::Rollout { service } => {
                let g = self.managed(plan, service)?;
                if g.paused {
                    return refuse(format!(
                        "error: deployments.apps \"{service}\" can't restart paused deployment (run rollout resume first)"
                    ));
                }
                g.make(service, tick, |r| r.restarted = Some(tick));
            }
            CapacityEffect::Undo { service, revision } => {
                let g = self.managed(plan, service)?;
                if g.paused {
                    return refuse(format!(
                        "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/{service}' and try again"
                    ));
                }
                let before = g.revisions.iter().rev().nth(1).map(|r| r.number);
                let to = match (*revision, before) {
                    (0, None) => {
                        return refuse(format!("error: no rollout history found for deployment \"{service}\""));
                    }
                    (0, Some(n)) => n,
                    (n, _) => n,
                };
                let Some(target) = g.revisions.iter().find(|r| r.number == to).cloned() else {
                    return refuse(format!("error: unable to find specified revision {to} in history"));
                };
                g.make(service, tick, |r| *r = Revision { number: r.number, ..target });
            }
            CapacityEffect::Hold { service, on } => {
                let g = self.managed(plan, service)?;
                if g.paused == *on {
                    let word = if *on { "already paused" } else { "is not paused" };
                    let said = if *on {
                        format!("error: deployments.apps \"{service}\" is {word}")
                    } else {
                        format!("error: deployments.apps \"{service}\" {word}")
                    };
                    return refuse(said);
                }
                g.paused = *on;
            }
            CapacityEffect::Image { service, image } => {
                let g = self.managed(plan, service)?;
                g.make(service, tick, |r| r.image = Some(image.clone()));
            }
            CapacityEffect::Resources { service, cpu, cpu_limit, memory, memory_limit } => {
                let g = self.managed(plan, service)?;
                let mut needs = g.revision().map(|r| r.needs).unwrap_or_default();
                let cores = |m: u64| m as f64 / 1_000.0;
                needs.cpu = cpu.map_or(needs.cpu, cores);
                needs.cpu_limit = cpu_limit.map(cores).or(needs.cpu_limit);
                needs.memory = memory.unwrap_or(needs.memory);
                needs.memory_limit = (*memory_limit).or(needs.memory_limit);
                let invalid = |what: &str, value: String, limit: &str| {
                    let path = format!("spec.template.spec.containers[0].resources.{what}");
                    refuse(format!(
                        "The Deployment \"{service}\" is invalid: {path}: Invalid value: \"{value}\": must be less than or equal to {limit} limit"
                    ))
                };
                if needs.memory_limit.is_some_and(|l| l < needs.memory) {
                    return invalid("requests", format!("{}Mi", needs.memory >> 20), "memory");
                }
                if needs.cpu_limit.is_some_and(|l| l < needs.cpu) {
                    return invalid("requests", format!("{}m", (needs.cpu * 1e3) as u64), "cpu");
                }
                g.make(service, tick, |r| r.needs = needs);
            }
            CapacityEffect::Environment { service, name, value } => {
                let g = self.managed(plan, service)?;
                g.make(service, tick, |r| {
                    r.env.retain(|(k, _)| k != name);
                    r.env.extend(value.iter().map(|v| (name.clone(), v.clone())));
                });
            }
            CapacityEffect::DeleteDeployment { service } => {
                let g = self.managed(plan, service)?;
                g.dismiss(tick, u64::MAX, |_| true);
                (g.gone, g.desired, g.paused, g.moving) = (true, 0, false, None);
                g.events.clear();
            }
            CapacityEffect::CreateDeployment { service, replicas } => {
                self.quota_allows(plan, service, *replicas)?;
                let g = plan.service(service).and_then(|s| self.groups.get_mut(s)).and_then(Option::as_mut);
                match g {
                    Some(g) if g.gone => (g.gone, g.desired) = (false, *replicas),
                    Some(_) => {
                        return refuse(format!(
                            "Error from server (AlreadyExists): deployments.apps \"{service}\" already exists"
                        ));
                    }
                    None => return refuse(format!("error: no image of \"{service}\" is known to this cluster")),
                }
            }
            CapacityEffect::DeleteScaler { service } => {
                self.scaler_of(plan, service)?;
                self.managed(plan, service)?.scaler = None;
            }
            CapacityEffect::Evict { pod } => {
                let (at, _) = self.pod_at(plan, pod)?;
                let budget = plan.services.get(at).and_then(|s| s.managed.as_ref()?.min_available);
                let serves = self.pod_is(plan, at, pod, Cohort::serves);
                let ready = self.group(at).map_or(0, Group::ready);
                if serves && budget.is_some_and(|b| ready <= b) {
                    return refuse("Cannot evict pod as it would violate the pod's disruption budget.".to_owned());
                }
                self.delete_pod(plan, pod)?;
            }
            CapacityEffect::DeletePod { pod } => self.delete_pod(plan, pod)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether a replica is of a kind.
    fn pod_is(&self, plan: &CapacityPlan, at: usize, pod: &str, which: impl Fn(&Cohort) -> bool) -> bool {
        let name = plan.services.get(at).map_or("", |s| s.name.as_str());
        let mut all = self.group(at).into_iter().flat_map(|g| &g.cohorts).filter(|c| which(c));
        all.any(|c| (0..c.n).any(|n| pod_name(name, c.template, c.first + n) == pod))
    }

    /// Position of the service of a replica, and the replica's number.
    fn pod_at(&self, plan: &CapacityPlan, pod: &str) -> Result<(usize, u64), Refusal> {
        for (at, (s, g)) in plan.services.iter().zip(&self.groups).enumerate() {
            let Some(g) = g.as_ref().filter(|_| pod.starts_with(&s.name)) else { continue };
            for c in g.cohorts.iter().filter(|c| c.counts()) {
                if let Some(n) = (0..c.n).find(|n| pod_name(&s.name, c.template, c.first + n) == pod) {
                    return Ok((at, c.first + n));
                }
            }
        }
        refuse(format!("Error from server (NotFound): pods \"{pod}\" not found"))
    }

    fn delete_pod(&mut self, plan: &CapacityPlan, pod: &str) -> Result<(), Refusal> {
        let tick = self.tick;
        let (at, number) = self.pod_at(plan, pod)?;
        let Some(Some(g)) = self.groups.get_mut(at) else { return Ok(()) };
        let holds = |c: &&mut Cohort| c.counts() && (c.first..c.first + c.n).contains(&number);
        let Some(c) = g.cohorts.iter_mut().find(holds) else { return Ok(()) };
        let mut tail = c.split(c.first + c.n - number);
        let rest = tail.split(tail.n - 1);
        g.cohorts.extend([rest, tail]);
        g.cohorts.retain(|c| c.n > 0);
        g.dismiss(tick, 1, |c| c.first == number);
        Ok(())
    }

    /// Kills the container of a replica on a node; whether there was one with this process id. It is started again.
    pub(in crate::sim) fn kill_pod(&mut self, plan: &CapacityPlan, node: usize, pid: u32) -> bool {
        let all = self.pods_on(plan, node);
        let Some((at, pod)) = all.into_iter().find(|(at, p)| pod_pid(*at, p.number, p.restarts) == pid) else {
            return false;
        };
        let tick = self.tick;
        let Some(Some(g)) = self.groups.get_mut(at) else { return false };
        let holds = |c: &&mut Cohort| c.counts() && (c.first..c.first + c.n).contains(&pod.number);
        let Some(c) = g.cohorts.iter_mut().find(holds) else { return false };
        let mut one = c.split(c.first + c.n - pod.number);
        let rest = one.split(one.n - 1);
        one.end(Why::Error, tick);
        g.events.say(tick, Reason::BackOff, &one);
        g.restarts += 1;
        g.cohorts.extend([rest, one]);
        g.cohorts.retain(|c| c.n > 0);
        true
    }

    /// Changes what the replicas of a service are made from; whether that is another revision.
    pub(in crate::sim) fn remake(
        &mut self,
        plan: &CapacityPlan,
        at: usize,
        change: impl FnOnce(&mut Revision),
    ) -> bool {
        let tick = self.tick;
        let name = plan.services.get(at).map_or("", |s| s.name.as_str());
        self.groups.get_mut(at).and_then(Option::as_mut).is_some_and(|g| g.make(name, tick, change))
    }

    /// Every replica of a service is of its newest revision at once.
    pub(in crate::sim) fn jump(&mut self, at: usize) {
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.jump();
        }
    }

    /// How much of a service may run its newest revision, in thousandths.
    pub(in crate::sim) fn cap(&mut self, at: usize, permille: u64) {
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.cap_permille = permille;
        }
    }

    /// Holds a service's move to its newest revision, or lets it go on.
    pub(in crate::sim) fn hold(&mut self, at: usize, on: bool) {
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.paused = on;
        }
    }

    /// What ran before the opening, and for how long the replicas that run have run: releases in order, and seconds.
    pub(in crate::sim) fn ran(&mut self, plan: &CapacityPlan, at: usize, releases: &[String], aged_s: u64) {
        let name = plan.services.get(at).map_or("", |s| s.name.as_str());
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.ran(name, releases);
            g.aged_s = aged_s;
        }
    }
}
