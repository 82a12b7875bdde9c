//! Reading the changes: what metrics, logs, tools and the map may ask.

use super::plan::ConfigPlan;
use super::state::{Config, Cron, Vendor};
use super::{Carried, Rollout};
use crate::sim::World;
use crate::stdx::time::Utc;

/// How much of a service runs a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseShare {
    /// Release; empty if none is known.
    pub release: String,
    /// Thousandths of the replicas, or of the traffic of a managed service.
    pub permille: u64,
    /// Hosts that run it, in order of name; empty for a managed service.
    pub hosts: Vec<String>,
}

/// A configuration artefact as it is now.
#[derive(Clone, Copy, Debug)]
pub struct ConfigView<'w> {
    /// Id.
    pub name: &'w str,
    /// Its state.
    pub state: &'w Config,
    plan: &'w ConfigPlan,
}

impl<'w> ConfigView<'w> {
    /// The id of a version by position.
    pub fn version(&self, at: usize) -> &'w str {
        self.plan.versions.get(at).map_or("", |(id, _)| id)
    }

    /// The version that most of its readers have.
    pub fn live(&self) -> &'w str {
        self.version(self.state.most())
    }

    /// The version that the repository declares.
    pub fn declared(&self) -> &'w str {
        self.version(self.state.declared)
    }

    /// Stack that declares it.
    pub fn stack(&self) -> Option<&'w str> {
        self.plan.stack.as_deref()
    }

    /// Seconds until what is on its way is everywhere, if nothing stops it.
    pub fn seconds_left(&self, tick: u64) -> Option<u64> {
        self.state.rollout.as_ref().map(|r| r.seconds_left(&self.plan.push, tick))
    }

    /// Positions of the services that read it.
    pub fn readers(&self) -> &'w [usize] {
        &self.plan.applies_to
    }

    /// History, oldest first: when, version, who.
    pub fn history(&self) -> impl Iterator<Item = (Utc, &'w str, &'w str)> {
        let plan = self.plan;
        self.state.history.iter().map(move |r| {
            let version = plan.versions.get(r.version).map_or("", |(id, _)| id.as_str());
            (r.at, version, r.by.as_str())
        })
    }
}

/// A flag as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagView<'w> {
    /// Id.
    pub name: &'w str,
    /// Percent of the requests for which it is on.
    pub percent: u64,
}

/// A scheduled job as it is now.
#[derive(Clone, Copy, Debug)]
pub struct CronView<'w> {
    /// Id.
    pub name: &'w str,
    /// Its state.
    pub state: &'w Cron,
}

/// A vendor as it is now.
#[derive(Clone, Copy, Debug)]
pub struct VendorView<'w> {
    /// Service that stands for it.
    pub name: &'w str,
    /// Its state.
    pub state: &'w Vendor,
}

impl VendorView<'_> {
    /// What its status page says.
    pub fn says(&self) -> &str {
        self.state.claims.as_deref().unwrap_or_else(|| self.state.says.word())
    }
}

impl World {
    /// Releases that run somewhere in a service, and how much of it.
    pub fn release_shares(&self, service: &str) -> Vec<ReleaseShare> {
        let plan = &self.plan.change;
        let at = plan.service(service);
        let Some((runs, hosts)) = at.and_then(|at| Some((self.change.runs.get(at)?, plan.hosts.get(at)?))) else {
            return Vec::new();
        };
        let on = |release: usize| {
            let mine = hosts.iter().zip(&runs.on).filter(|(_, r)| **r == release);
            mine.map(|(h, _)| h.clone()).collect()
        };
        let name = |release: usize| plan.releases.get(release).map_or(String::new(), |r| r.name.clone());
        let share = |r: usize| ReleaseShare { release: name(r), permille: runs.permille(r), hosts: on(r) };
        runs.releases().map(share).collect()
    }

    /// The release that a service runs on a host.
    pub fn release_on(&self, service: &str, host: &str) -> Option<&str> {
        let plan = &self.plan.change;
        let at = plan.service(service)?;
        let replica = plan.hosts.get(at)?.iter().position(|h| h == host)?;
        let release = self.change.runs.get(at)?.on.get(replica)?;
        plan.releases.get(*release).map(|r| r.name.as_str())
    }

    /// The rollout of a service's release: from, to, and how far it is.
    pub fn rollout(&self, service: &str) -> Option<(&str, &str, &Rollout)> {
        let plan = &self.plan.change;
        let rollout = self.change.runs.get(plan.service(service)?)?.rollout.as_ref()?;
        let name = |at: usize| plan.releases.get(at).map_or("", |r| r.name.as_str());
        Some((name(rollout.from), name(rollout.to), rollout))
    }

    /// Seconds until a service's rollout is everywhere, if nothing stops it.
    pub fn rollout_left_s(&self, service: &str) -> Option<u64> {
        let at = self.plan.change.service(service)?;
        let rollout = self.change.runs.get(at)?.rollout.as_ref()?;
        if rollout.by_pods {
            return self.pods_left_s(at);
        }
        Some(rollout.seconds_left(self.plan.change.pushes.get(at)?.as_ref()?, self.tick))
    }

    /// Replicas of a service that take requests in this second, after whatever keeps some of them from it.
    pub fn taking(&self, service: &str) -> u64 {
        let at = self.plan.change.service(service);
        at.and_then(|at| self.pressure.strain.get(at)).map_or(0, |s| s.ready)
    }

    /// Configuration artefacts in order of name.
    pub fn configs(&self) -> impl Iterator<Item = ConfigView<'_>> {
        let pairs = self.plan.change.configs.iter().zip(&self.change.configs);
        pairs.map(|(plan, state)| ConfigView { name: &plan.name, state, plan })
    }

    /// A configuration artefact.
    pub fn config(&self, name: &str) -> Option<ConfigView<'_>> {
        self.configs().find(|c| c.name == name)
    }

    /// Positions of the services that flags are of, in the order of [`World::flags`].
    pub fn flag_services(&self) -> impl Iterator<Item = usize> + '_ {
        self.plan.change.flags.iter().map(|f| f.service)
    }

    /// Flags in order of name.
    pub fn flags(&self) -> impl Iterator<Item = FlagView<'_>> {
        let pairs = self.plan.change.flags.iter().zip(&self.change.flags);
        pairs.map(|(p, percent)| FlagView { name: &p.name, percent: *percent })
    }

    /// Scheduled jobs in order of name.
    pub fn crons(&self) -> impl Iterator<Item = CronView<'_>> {
        let pairs = self.plan.change.crons.iter().zip(&self.change.crons);
        pairs.map(|(p, state)| CronView { name: &p.name, state })
    }

    /// Vendors in order of name.
    pub fn vendors(&self) -> impl Iterator<Item = VendorView<'_>> {
        let names = self.plan.spec.change.vendors.keys();
        names.zip(&self.change.vendors).map(|(name, state)| VendorView { name, state })
    }

    /// Who froze deploys, and why; `None` while they are open.
    pub fn freeze(&self) -> Option<(&str, &str)> {
        self.change.freeze.as_ref().map(|(who, why)| (who.as_str(), why.as_str()))
    }

    /// Whether automation was told to leave a service's replicas alone.
    pub fn hands_off(&self, service: &str) -> bool {
        self.plan.change.service(service).is_some_and(|at| self.change.hands_off.contains(&at))
    }

    /// Whether nothing is scraped from a service now and none of its log lines arrive.
    pub fn is_blind(&self, service: &str) -> bool {
        self.plan.change.service(service).is_some_and(|at| self.blind_at(at))
    }

    /// Faults that versions, flags and jobs bring along now.
    pub fn carried(&self) -> &[Carried] {
        &self.change.carried
    }
}
