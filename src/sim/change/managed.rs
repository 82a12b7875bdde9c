//! Releases of services whose replicas a platform runs: what is deployed is what the replicas are made from, so a release
//! is as far as the platform has replaced them, and stops where they do not become ready.

use super::rollout::Rollout;
use super::state::NONE;
use crate::fact::FactKind;
use crate::scenario::{Push, Scenario};
use crate::sim::effect::{Applied, Refusal};
use crate::sim::phase::changed;
use crate::sim::plan::Plan;
use crate::sim::{World, apply};
use crate::stdx::time::Span;
use std::sync::Arc;

/// Age of replicas of which nothing is known: nine days.
const AGED_S: u64 = 777_600;

impl World {
    /// Deployments know what ran before the opening.
    pub(in crate::sim) fn open_deployments(&mut self, scenario: &Scenario) {
        let plan = Arc::clone(&self.plan);
        if (0..plan.services.len()).any(|at| self.capacity.group(at).is_some()) {
            self.write_kubeconfig(scenario);
        }
        let opens = scenario.t0.utc.plus(scenario.opens.0);
        for (at, s) in plan.services.iter().enumerate() {
            if self.capacity.group(at).is_none() {
                continue;
            }
            let live = self.services.get(at).and_then(|x| x.release.clone());
            let mut ran = Vec::new();
            let mut since = None;
            for d in self.deploys.iter().filter(|d| d.service == s.name && d.stage == "production") {
                ran.retain(|r| *r != d.release);
                ran.push(d.release.clone());
                since = Some(d.at);
            }
            if let Some(live) = live.filter(|l| ran.last() != Some(l)) {
                ran.retain(|r| *r != live);
                ran.push(live);
            }
            let aged = since.and_then(|at| u64::try_from(opens.0.saturating_sub(at.0)).ok()).unwrap_or(AGED_S);
            self.capacity.ran(&plan.capacity, at, &ran, aged);
        }
    }

    /// Whoever is on call can reach the clusters from their own machine: production, and staging beside it.
    fn write_kubeconfig(&mut self, scenario: &Scenario) {
        let (you, now) = (&scenario.you, self.utc());
        let cluster = |name: &str, address: &str| {
            format!(
                "- cluster:\n    certificate-authority-data: DATA+OMITTED\n    server: https://{address}:6443\n  name: {name}\n"
            )
        };
        let context = |name: &str| format!("- context:\n    cluster: {name}\n    user: {}\n  name: {name}\n", you.user);
        let text = format!(
            "apiVersion: v1\nclusters:\n{}{}contexts:\n{}{}current-context: prod\nkind: Config\npreferences: {{}}\nusers:\n- name: {}\n  user:\n    token: REDACTED\n",
            cluster("prod", "10.96.0.1"),
            cluster("staging", "10.97.0.1"),
            context("prod"),
            context("staging"),
            you.user
        );
        let Some(host) = self.hosts.get_mut(&you.host) else { return };
        let dir = format!("/home/{}/.kube", you.user);
        // A scenario that brings its own has it already.
        if host.vfs.stat(&format!("{dir}/config")).is_some() {
            return;
        }
        let made = host.vfs.make_dir(&dir, &you.user, now);
        let _ = made.and_then(|()| host.vfs.write(&format!("{dir}/config"), &text, false, &you.user, now));
    }

    /// The release that an image of a service is, if it is one that can be deployed.
    pub(in crate::sim) fn release_of_image(&self, service: &str, image: &str) -> Option<String> {
        let tag = image.strip_prefix(&format!("registry.internal/{service}:"))?;
        self.knows(service, tag).is_ok().then(|| tag.to_owned())
    }

    /// Whether a release of a service goes out by replacing replicas, and in no steps of its own.
    pub(in crate::sim) fn by_pods(&self, service: &str, release: &str) -> bool {
        let Some(at) = self.plan.change.service(service) else { return false };
        let staged = self.plan.change.pushes.get(at).is_some_and(|p| matches!(p, Some(Push::Staged { .. })));
        let before =
            self.deploys.iter().any(|d| d.service == service && d.release == release && d.stage == "production");
        self.capacity.group(at).is_some_and(|g| !g.gone) && (!staged || before)
    }

    /// Begins to replace the replicas of a service by those of a release.
    pub(in crate::sim) fn roll_pods(
        &mut self,
        service: &str,
        release: &str,
        who: &str,
        facts: &mut Vec<FactKind>,
    ) -> Result<Applied, Refusal> {
        let plan = Arc::clone(&self.plan);
        let Some(at) = plan.change.service(service).filter(|at| self.capacity.group(*at).is_some_and(|g| !g.gone))
        else {
            return apply::refuse(format!("Error from server (NotFound): deployments.apps \"{service}\" not found"));
        };
        self.capacity.cap(at, 1_000);
        self.capacity.remake(&plan.capacity, at, |r| (r.release, r.image) = (Some(release.to_owned()), None));
        self.follow_revision(at, who, facts);
        Ok(Applied::Now)
    }

    /// The newest revision of a deployment is of another release than what is in production: that is a rollout.
    pub(in crate::sim) fn follow_revision(&mut self, at: usize, who: &str, facts: &mut Vec<FactKind>) {
        let plan = Arc::clone(&self.plan);
        let wanted = self.capacity.group(at).and_then(|g| g.revision()?.release.clone());
        let Some(to) = wanted.as_deref().and_then(|r| plan.change.release(r)) else { return };
        let live = self.services.get(at).and_then(|s| s.release.as_deref()).and_then(|r| plan.change.release(r));
        let (tick, name) = (self.tick, plan.services.get(at).map_or("", |s| s.name.as_str()));
        let Some(runs) = self.change.runs.get_mut(at) else { return };
        if runs.rollout.is_none() && live == Some(to) {
            return;
        }
        let from = runs.rollout.as_ref().map_or(live.unwrap_or(NONE), |r| if r.to == to { r.from } else { r.to });
        let all = Push::Global { takes: Span(1) };
        let mut rollout = Rollout::begin(from, to, &all, who, tick);
        rollout.by_pods = true;
        facts.push(changed(format!("rollout {name}"), &super::percent(&wanted.unwrap_or_default(), 0)));
        runs.rollout = Some(rollout);
        self.change.stale = true;
    }

    /// A staged rollout reaches a part of the replicas.
    pub(super) fn canary_pods(&mut self, at: usize, release: &str, permille: u64) {
        let plan = Arc::clone(&self.plan);
        if self.capacity.group(at).is_some() {
            self.capacity.cap(at, permille);
            self.capacity.remake(&plan.capacity, at, |r| (r.release, r.image) = (Some(release.to_owned()), None));
        }
    }

    /// A release is in production: if nobody has rolled it out, its replicas were replaced before.
    pub(super) fn pods_run(&mut self, at: usize, release: &str) {
        let plan = Arc::clone(&self.plan);
        if self.capacity.group(at).is_none() {
            return;
        }
        self.capacity.cap(at, 1_000);
        if self.capacity.remake(&plan.capacity, at, |r| (r.release, r.image) = (Some(release.to_owned()), None)) {
            self.capacity.jump(at);
        }
    }

    /// What the replicas of a managed service run now; whether a rollout of it goes by them alone.
    pub(super) fn follow_pods(&mut self, plan: &Plan, at: usize, facts: &mut Vec<FactKind>) -> bool {
        let Some(g) = self.capacity.group(at) else { return false };
        let Some(runs) = self.change.runs.get_mut(at) else { return false };
        if runs.rollout.is_none() && runs.mix.is_empty() && g.moving.is_none() {
            return false;
        }
        let mut mix: Vec<(usize, u64)> = Vec::new();
        for (key, permille) in g.shares() {
            let release = g.revision_of(key).and_then(|r| plan.change.release(r.release.as_deref()?));
            let Some(release) = release else { continue };
            match mix.iter_mut().find(|m| m.0 == release) {
                Some(m) => m.1 += permille,
                None => mix.push((release, permille)),
            }
        }
        mix.sort_unstable();
        // Of replicas that a change of the revision leaves alone there is nothing to follow.
        if mix.len() == 1 && runs.rollout.is_none() {
            mix.clear();
        }
        if mix != runs.mix && g.ready() > 0 {
            runs.mix = mix;
            self.change.stale = true;
        }
        let Some(rollout) = runs.rollout.as_mut() else { return false };
        if !rollout.by_pods {
            let permille = rollout.permille;
            self.capacity.cap(at, permille);
            return false;
        }
        let (new, _) = g.progress();
        let done = g.moving.is_none() && g.moved();
        let progress = rollout.follow(new * 1_000 / g.desired.max(1), done);
        self.release_went(plan, at, progress, facts);
        true
    }

    /// Seconds until the replicas of a service are replaced, if all goes well.
    pub(super) fn pods_left_s(&self, at: usize) -> Option<u64> {
        let g = self.capacity.group(at)?;
        let (new, _) = g.progress();
        let at_once = (g.desired.div_ceil(4) + g.desired / 4).max(1);
        let spec = self.plan.services.get(at)?;
        let start = self.plan.spec.capacity.services.get(&spec.name)?.managed.as_ref()?.start.0 + 2;
        Some(g.desired.saturating_sub(new).div_ceil(at_once) * start)
    }
}
