//! What the desk's tools can learn about changes, and which permission each change needs.

use super::Desk;
use crate::console::host::{self, change as tools};
use crate::scenario::ServiceKind;
use crate::sim::ChangeEffect;
use crate::sim::change::Rollout;

impl Desk<'_> {
    /// Releases of a service that can be seen, oldest first, and where they run.
    pub(super) fn all_releases(&self, service: &str) -> Option<host::Releases> {
        let live = self.session.state.world.service(service)?;
        live.release.as_ref()?;
        let deploys = self.session.state.world.deploys();
        let known = |id: &str| deploys.iter().any(|d| d.release == id) || live.staging.as_deref() == Some(id);
        let mut all: Vec<host::Release> = self
            .session
            .scenario
            .world
            .releases
            .iter()
            .filter(|(id, r)| r.service == service && known(id))
            .map(|(id, r)| host::Release {
                id: id.clone(),
                at: self.utc_of(r.at.0),
                by: r.by.clone(),
                changes: r.changes.clone(),
                deployed: deploys
                    .iter()
                    .rev()
                    .find(|d| d.service == service && d.release == *id && d.stage == "production")
                    .map(|d| d.at),
            })
            .collect();
        all.sort_by_key(|r| r.at);
        let mut production = deploys.iter().rev().filter(|d| d.service == service && d.stage == "production");
        let current = live.release.clone();
        let previous = production.find(|d| Some(&d.release) != current.as_ref()).map(|d| d.release.clone());
        Some(host::Releases { all, production: current, previous, staging: live.staging.clone() })
    }

    /// Everything about changes that can be seen now.
    pub(super) fn all_changes(&self) -> tools::Changes {
        let w = &self.session.state.world;
        let spec = &w.spec().change;
        let tick = self.session.tick().0;
        let now = self.session.offset();
        let mut out = tools::Changes::default();
        for c in w.configs() {
            let Some(s) = spec.configs.get(c.name) else { continue };
            let mut versions: Vec<_> = s.versions.iter().filter(|(_, v)| v.at <= now).collect();
            versions.sort_by_key(|(id, v)| (v.at, *id));
            let version = |(id, v): (&String, &crate::scenario::ConfigVersion)| tools::Version {
                id: id.clone(),
                change: v.change.clone(),
                text: v.text.clone(),
            };
            out.configs.push(tools::Config {
                name: c.name.to_owned(),
                live: c.live().to_owned(),
                declared: c.declared().to_owned(),
                versions: versions.into_iter().map(version).collect(),
                history: c.history().map(|(at, v, by)| (at, v.to_owned(), by.to_owned())).collect(),
                generator: s.generated.as_ref().map(|_| c.state.generating),
                stack: c.stack().map(str::to_owned),
                service: s.applies_to.first().cloned(),
            });
            if let Some(r) = &c.state.rollout {
                let left = c.seconds_left(tick).unwrap_or(0);
                out.rollouts.push(on_its_way(c.name, c.version(r.from), c.version(r.to), r, left));
            }
        }
        for f in w.flags() {
            let Some(s) = spec.flags.get(f.name) else { continue };
            let (service, about) = (s.service.clone(), s.about.clone());
            out.flags.push(tools::Flag { name: f.name.to_owned(), percent: f.percent, service, about });
        }
        for j in w.crons() {
            let Some(s) = spec.crons.get(j.name) else { continue };
            let at = |t: u64| self.utc_of(w.opens().0.saturating_add(i64::try_from(t).unwrap_or(i64::MAX)));
            out.jobs.push(tools::Job {
                name: j.name.to_owned(),
                host: s.host.clone(),
                user: s.user.clone(),
                schedule: s.schedule.to_string(),
                command: s.command.clone(),
                enabled: j.state.enabled,
                running: j.state.running.len(),
                last: j.state.last,
                next: j.state.next.map(at),
            });
        }
        for (name, s) in w.services() {
            if let Some((from, to, r)) = w.rollout(name) {
                out.rollouts.push(on_its_way(name, from, to, r, w.rollout_left_s(name).unwrap_or(0)));
            }
            for share in w.release_shares(name).into_iter().filter(|s| !s.release.is_empty()) {
                let (release, hosts) = (share.release, share.hosts);
                let percent = share.permille / 10;
                out.running.push(tools::Running { service: name.to_owned(), release, percent, hosts });
            }
            let kind = w.spec().services.get(name).map(|s| &s.kind);
            if matches!(kind, Some(ServiceKind::Cache(_))) {
                out.caches.push((name.to_owned(), s.warmth));
            }
            out.targets.push((name.to_owned(), self.session.state.telemetry.found(name)));
        }
        for (name, q) in w.queues() {
            let works = |kind: &ServiceKind| matches!(kind, ServiceKind::Worker { queue } if queue == name);
            let service = w.spec().services.iter().find(|(_, s)| works(&s.kind)).map(|(id, _)| id.clone());
            out.queues.push(tools::Depth {
                name: name.to_owned(),
                ready: q.waiting,
                unacked: w.in_work(name),
                dead: q.failed,
                oldest_s: q.oldest_s(tick),
                deliveries: q.deliveries(),
                done: q.done_total,
                redelivered: q.redelivered_total,
                expired: q.expired_total,
                rejected: q.rejected_total,
                paused: q.paused,
                consumers: service.as_deref().and_then(|s| w.replicas(s)).map_or(0, |(up, _)| up),
                passed: q.done_total + q.failed_total + q.expired_total + q.purged_total,
                service,
            });
        }
        for v in w.vendors() {
            let page = spec.vendors.get(v.name).map_or(String::new(), |s| s.page.clone());
            out.vendors.push((v.name.to_owned(), page, v.says().to_owned(), v.state.updated));
        }
        for name in w.spec().probes.keys() {
            let failed = w.probe(name).filter(|p| !p.ok).map(|p| p.saw.clone());
            out.probes.push((name.clone(), failed));
        }
        out.freeze = w.freeze().map(|(who, why)| (who.to_owned(), why.to_owned()));
        out
    }

    /// The permission that a change needs.
    pub(super) fn permission_for_change(&self, effect: &ChangeEffect) -> Option<&'static str> {
        let services = &self.spec().services;
        let mine = |name: &str| services.get(name).is_some_and(|s| s.owner == "you");
        match effect {
            ChangeEffect::Push { .. } | ChangeEffect::Edit { .. } | ChangeEffect::Generator { .. } => Some("config"),
            ChangeEffect::Rollout { of, .. } if !services.contains_key(of) => Some("config"),
            ChangeEffect::Rollout { .. } | ChangeEffect::Partial { .. } | ChangeEffect::Freeze { .. } => {
                Some("release")
            }
            ChangeEffect::Flag { .. } => Some("flag"),
            ChangeEffect::Queue { queue, .. } if !self.is_mine(queue) => Some("queue"),
            ChangeEffect::Queue { .. } => None,
            ChangeEffect::Flush { cache } | ChangeEffect::Warm { cache } | ChangeEffect::Keys { cache, .. }
                if mine(cache) =>
            {
                None
            }
            ChangeEffect::Flush { .. }
            | ChangeEffect::Keys { .. }
            | ChangeEffect::Warm { .. }
            | ChangeEffect::Reconcile { .. }
            | ChangeEffect::Cron { .. }
            | ChangeEffect::Automation { .. }
            | ChangeEffect::Agent { .. }
            | ChangeEffect::Checker { .. }
            | ChangeEffect::Claim { .. } => Some("infra"),
        }
    }
}

fn on_its_way(of: &str, from: &str, to: &str, r: &Rollout, left_s: u64) -> tools::Rollout {
    tools::Rollout {
        of: of.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        percent: r.permille / 10,
        paused: r.paused,
        why: r.why.clone(),
        by: r.by.clone(),
        left_s,
    }
}
