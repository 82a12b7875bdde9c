//! Names of the changes resolved to positions: what a second of the world needs, without a look at a string.

use crate::scenario::{ChangeFault, ChangeSpec, Crontab, Defect, Fault, Push, WorldSpec};
use crate::sim::effect::Effect;
use crate::stdx::time::{Span, Utc};

/// Everything about changes that never changes itself.
#[derive(Debug)]
pub struct ChangePlan {
    /// Releases in order of name.
    pub releases: Vec<ReleasePlan>,
    /// By position of a service: how its releases spread; `None` in one go.
    pub pushes: Vec<Option<Push>>,
    /// Hosts of the replicas, by position of a service.
    pub hosts: Vec<Vec<String>>,
    /// Configuration artefacts in order of name.
    pub configs: Vec<ConfigPlan>,
    /// Flags in order of name.
    pub flags: Vec<FlagPlan>,
    /// Scheduled jobs in order of name.
    pub crons: Vec<CronPlan>,
    /// Vendors in order of name.
    pub vendors: Vec<VendorPlan>,
    /// Names of queues, for resolving faults.
    queues: Vec<String>,
    probes: Vec<String>,
    services: Vec<String>,
    /// Calls: caller and called.
    edges: Vec<(usize, usize)>,
}

/// A release.
#[derive(Debug)]
pub struct ReleasePlan {
    /// Id.
    pub name: String,
    /// Position of its service.
    pub service: usize,
    /// The fault that it carries.
    pub carries: Option<Fault>,
}

/// A configuration artefact.
#[derive(Debug)]
pub struct ConfigPlan {
    /// Id.
    pub name: String,
    /// Services that read it.
    pub applies_to: Vec<usize>,
    /// Versions, oldest first: id and the fault that it carries.
    pub versions: Vec<(String, Option<Fault>)>,
    /// How it spreads.
    pub push: Push,
    /// Cycle in seconds, position of the bad version, share of bad cycles, first second of bad ones.
    pub generated: Option<(u64, usize, f64, i64)>,
    /// Stack that declares it.
    pub stack: Option<String>,
}

/// What a flag can silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A release, by position.
    Release(usize),
    /// A configuration artefact, by position.
    Config(usize),
    /// A flag, by position.
    Flag(usize),
    /// A scheduled job, by position.
    Cron(usize),
}

/// A flag.
#[derive(Debug)]
pub struct FlagPlan {
    /// Id.
    pub name: String,
    /// Position of its service.
    pub service: usize,
    /// Percent at the opening.
    pub percent: u64,
    /// Release, whether its absence does it, and what.
    pub effects: Vec<(Option<usize>, bool, Fault)>,
    /// What it silences.
    pub disarms: Vec<Carrier>,
}

/// A scheduled job.
#[derive(Debug)]
pub struct CronPlan {
    /// Id.
    pub name: String,
    /// Host in whose crontab it stands.
    pub host: String,
    /// User.
    pub user: String,
    schedule: Crontab,
    zone_min: i64,
    zone_change: Option<(Utc, i64)>,
    /// Seconds of a run.
    pub takes: u64,
    /// What a run does to the world while it lasts, and how much of it.
    pub during: Option<(Fault, f64)>,
    /// What it does at its end.
    pub then: Vec<Effect>,
    /// Whether runs may overlap.
    pub overlaps: bool,
    /// Whether it is on at the opening.
    pub enabled: bool,
}

/// A vendor.
#[derive(Debug)]
pub struct VendorPlan {
    /// Position of the service that stands for it.
    pub service: usize,
    /// How late its page is, seconds; `None` if it always says that all is well.
    pub lag: Option<u64>,
}

/// A fault of this room with its names resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) enum At {
    BadConfig { config: usize, version: usize },
    OutOfBand { config: usize, version: usize },
    BadGenerator { config: usize },
    AutoUpdate { service: usize, release: usize },
    FlagFlip { flag: usize, percent: u64 },
    Timeout { edge: usize, timeout_s: f64 },
    Limit { service: usize, slots: u64 },
    Quota { service: usize, per_s: f64 },
    Poison { queue: usize, items: u64, crashes: bool },
    SlowConsumer { queue: usize, factor: f64 },
    QueueFlood { queue: usize, factor: f64 },
    CacheFlush { cache: usize },
    ShortTtl { cache: usize, share: f64 },
    VendorOutage { vendor: usize, share: f64 },
    RunawayJob { cron: usize, factor: f64 },
    Descheduled { service: usize, share: f64 },
    Blind { service: usize },
    FalseAlarm { probe: usize },
}

impl At {
    /// How many times as much comes into a queue.
    pub fn flood(self, queue: usize) -> Option<f64> {
        match self {
            At::QueueFlood { queue: q, factor } if q == queue => Some(factor),
            _ => None,
        }
    }

    /// How many times its usual time a queue's consumer takes.
    pub fn slow(self, queue: usize) -> Option<f64> {
        match self {
            At::SlowConsumer { queue: q, factor } if q == queue => Some(factor),
            _ => None,
        }
    }
}

impl CronPlan {
    /// Minutes that the zone written with it is ahead of UTC.
    pub fn zone(&self, at: Utc) -> i64 {
        self.zone_change.filter(|(from, _)| at >= *from).map_or(self.zone_min, |(_, min)| min)
    }

    /// Whether it runs in a minute of local time, counted from the epoch.
    pub fn fits(&self, minute: i64) -> bool {
        self.schedule.fits(&Utc(minute.saturating_mul(60)).civil())
    }

    /// The next run after a moment of local time, within `ahead`, as local time.
    pub fn next(&self, after: Utc, ahead: Span) -> Option<Utc> {
        let until = after.plus(i64::try_from(ahead.0).unwrap_or(i64::MAX));
        self.schedule.next(after, until, |_| 0)
    }
}

fn position(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|n| n == name)
}

impl ChangePlan {
    /// Resolves; names that lead nowhere are left out, validation has reported them.
    pub fn new(world: &WorldSpec, t0: Utc, edges: Vec<(usize, usize)>) -> ChangePlan {
        let spec: &ChangeSpec = &world.change;
        let services: Vec<String> = world.services.keys().cloned().collect();
        let flag_names: Vec<String> = spec.flags.keys().cloned().collect();
        let service = |name: &str| position(&services, name);
        let releases: Vec<ReleasePlan> = world
            .releases
            .iter()
            .map(|(name, r)| ReleasePlan {
                name: name.clone(),
                service: service(&r.service).unwrap_or(usize::MAX),
                carries: match &r.defect {
                    Some(Defect::Carries(fault)) => Some(fault.as_ref().clone()),
                    _ => None,
                },
            })
            .collect();
        let configs: Vec<ConfigPlan> = spec
            .configs
            .iter()
            .map(|(name, c)| {
                let mut versions: Vec<(&String, _)> = c.versions.iter().collect();
                versions.sort_by_key(|(id, v)| (v.at, *id));
                let generated = c.generated.as_ref().and_then(|g| {
                    let bad = versions.iter().position(|(id, _)| **id == g.bad)?;
                    Some((g.every.0.max(1), bad, g.share.to_f64(), g.from.0))
                });
                ConfigPlan {
                    name: name.clone(),
                    applies_to: c.applies_to.iter().filter_map(|s| service(s)).collect(),
                    versions: versions.into_iter().map(|(id, v)| (id.clone(), v.fault.clone())).collect(),
                    push: c.push.clone(),
                    generated,
                    stack: c.stack.clone(),
                }
            })
            .collect();
        let release_at = |name: &str| releases.iter().position(|r| r.name == name);
        let config_at = |name: &str| configs.iter().position(|c| c.name == name);
        let carrier = |name: &String| {
            config_at(name)
                .map(Carrier::Config)
                .or_else(|| release_at(name).map(Carrier::Release))
                .or_else(|| position(&flag_names, name).map(Carrier::Flag))
        };
        let flags = spec
            .flags
            .iter()
            .map(|(name, f)| FlagPlan {
                name: name.clone(),
                service: service(&f.service).unwrap_or(usize::MAX),
                percent: f.percent.min(100),
                effects: f
                    .effects
                    .iter()
                    .map(|e| (e.release.as_deref().and_then(release_at), e.off, e.fault.clone()))
                    .collect(),
                disarms: f.disarms.iter().filter_map(carrier).collect(),
            })
            .collect();
        let crons = spec
            .crons
            .iter()
            .map(|(name, c)| CronPlan {
                name: name.clone(),
                host: c.host.clone(),
                user: c.user.clone(),
                schedule: c.schedule.clone(),
                zone_min: c.zone_min,
                zone_change: c.zone_change.map(|(at, min)| (t0.plus(at.0), min)),
                takes: c.takes.0.max(1),
                during: c.during.clone().map(|f| (f, c.weight.to_f64())),
                then: c.then.iter().filter_map(Effect::of).collect(),
                overlaps: c.overlaps,
                enabled: c.enabled,
            })
            .collect();
        let vendor = |(name, v): (&String, &crate::scenario::VendorSpec)| {
            Some(VendorPlan { service: service(name)?, lag: (!v.silent).then_some(v.lag.0) })
        };
        ChangePlan {
            pushes: services.iter().map(|s| spec.rollouts.get(s).cloned()).collect(),
            hosts: world.services.values().map(|s| s.on.clone()).collect(),
            vendors: spec.vendors.iter().filter_map(vendor).collect(),
            queues: world.queues.keys().cloned().collect(),
            probes: world.probes.keys().cloned().collect(),
            releases,
            configs,
            flags,
            crons,
            services,
            edges,
        }
    }

    /// Position of a service.
    pub fn service(&self, name: &str) -> Option<usize> {
        position(&self.services, name)
    }

    /// Position of a release of a service.
    pub fn release(&self, name: &str) -> Option<usize> {
        self.releases.iter().position(|r| r.name == name)
    }

    /// Position of an artefact.
    pub fn config(&self, name: &str) -> Option<usize> {
        self.configs.iter().position(|c| c.name == name)
    }

    /// Position of a version of an artefact.
    pub fn version(&self, config: usize, name: &str) -> Option<usize> {
        self.configs.get(config)?.versions.iter().position(|(id, _)| id == name)
    }

    /// Position of a flag.
    pub fn flag(&self, name: &str) -> Option<usize> {
        self.flags.iter().position(|f| f.name == name)
    }

    /// Position of a scheduled job.
    pub fn cron(&self, name: &str) -> Option<usize> {
        self.crons.iter().position(|c| c.name == name)
    }

    /// A fault by positions; `None` if a name leads nowhere.
    pub(in crate::sim) fn resolve(&self, fault: &ChangeFault) -> Option<At> {
        let queue = |name: &str| position(&self.queues, name);
        let pair = |config: &str, version: &str| {
            let at = self.config(config)?;
            Some((at, self.version(at, version)?))
        };
        Some(match fault {
            ChangeFault::BadConfig { config, version } => {
                let (config, version) = pair(config, version)?;
                At::BadConfig { config, version }
            }
            ChangeFault::OutOfBand { config, version } => {
                let (config, version) = pair(config, version)?;
                At::OutOfBand { config, version }
            }
            ChangeFault::BadGenerator { config } => {
                let config = self.config(config)?;
                self.configs.get(config)?.generated?;
                At::BadGenerator { config }
            }
            ChangeFault::AutoUpdate { service, release } => {
                let (service, release) = (self.service(service)?, self.release(release)?);
                At::AutoUpdate { service, release }
            }
            ChangeFault::FlagFlip { flag, percent } => At::FlagFlip { flag: self.flag(flag)?, percent: *percent },
            ChangeFault::Timeout { from, to, timeout } => {
                let call = (self.service(from)?, self.service(to)?);
                let edge = self.edges.iter().position(|e| *e == call)?;
                At::Timeout { edge, timeout_s: *timeout as f64 / 1e6 }
            }
            ChangeFault::Limit { service, slots } => At::Limit { service: self.service(service)?, slots: *slots },
            ChangeFault::Quota { service, rate } => At::Quota { service: self.service(service)?, per_s: rate.to_f64() },
            ChangeFault::Poison { queue: q, items, crashes } => {
                At::Poison { queue: queue(q)?, items: *items, crashes: *crashes }
            }
            ChangeFault::SlowConsumer { queue: q, factor } => {
                At::SlowConsumer { queue: queue(q)?, factor: factor.to_f64() }
            }
            ChangeFault::QueueFlood { queue: q, factor } => {
                At::QueueFlood { queue: queue(q)?, factor: factor.to_f64() }
            }
            ChangeFault::CacheFlush { cache } => At::CacheFlush { cache: self.service(cache)? },
            ChangeFault::ShortTtl { cache, share } => {
                At::ShortTtl { cache: self.service(cache)?, share: share.to_f64() }
            }
            ChangeFault::VendorOutage { vendor, share } => {
                At::VendorOutage { vendor: self.service(vendor)?, share: share.to_f64() }
            }
            ChangeFault::RunawayJob { cron, factor } => {
                At::RunawayJob { cron: self.cron(cron)?, factor: factor.to_f64() }
            }
            ChangeFault::Descheduled { service, share } => {
                At::Descheduled { service: self.service(service)?, share: share.to_f64() }
            }
            ChangeFault::MonitoringBlind { service } => At::Blind { service: self.service(service)? },
            ChangeFault::FalseAlarm { probe } => At::FalseAlarm { probe: position(&self.probes, probe)? },
        })
    }
}
