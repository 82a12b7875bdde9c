//! The changing part of changes: what runs where, which version of what is live, flags, jobs, vendors' pages.

use super::plan::{At, Carrier, ChangePlan};
use super::rollout::{Rollout, WHOLE};
use crate::scenario::{Fault, WorldSpec};
use crate::stdx::rng::Stream;
use crate::stdx::time::Utc;
use serde::Serialize;

/// No release.
pub const NONE: usize = usize::MAX;

/// Rows of one history that are kept.
const HISTORY_MAX: usize = 200;

/// State of everything that changes.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeState {
    /// By position of a service.
    pub runs: Vec<Runs>,
    /// Configuration artefacts.
    pub configs: Vec<Config>,
    /// Percent of every flag.
    pub flags: Vec<u64>,
    /// Scheduled jobs.
    pub crons: Vec<Cron>,
    /// Vendors.
    pub vendors: Vec<Vendor>,
    /// Who froze deploys, and why.
    pub freeze: Option<(String, String)>,
    /// Services whose automation was told to keep its hands off.
    pub hands_off: Vec<usize>,
    /// Faults of this room, with how much of each.
    #[serde(skip)]
    pub(in crate::sim) active: Vec<(At, f64)>,
    /// Faults that versions, flags and jobs bring along.
    pub(super) carried: Vec<Carried>,
    /// Whether what is carried must be found again.
    pub(super) stale: bool,
    pub(super) luck: Stream,
}

/// A fault that something brings along.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carried {
    /// The fault.
    pub fault: Fault,
    /// How much of it, above 0 and at most 1.
    pub severity: f64,
    /// Whether it is the work of a job that runs when it should, and nothing is wrong.
    pub regular: bool,
}

/// Releases of a service, replica by replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Runs {
    /// Release of each replica, by position; one entry for a managed service.
    pub on: Vec<usize>,
    /// A release on its way.
    pub rollout: Option<Rollout>,
    /// Replicas that the last deploy left out.
    pub missed: Vec<usize>,
    /// While a platform replaces replicas: releases by position, and the thousandths of the ready replicas that run each.
    pub mix: Vec<(usize, u64)>,
    managed: bool,
}

/// A configuration artefact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Config {
    /// The version that is live, or was before the one on its way.
    pub live: usize,
    /// The version that the repository declares.
    pub declared: usize,
    /// A version on its way.
    pub rollout: Option<Rollout>,
    /// Whether the program that makes it runs.
    pub generating: bool,
    /// The last version that was not made by mistake.
    pub(super) good: usize,
    /// What its history shows, oldest first.
    pub history: Vec<ConfigRow>,
}

/// A row of an artefact's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigRow {
    /// When.
    pub at: Utc,
    /// Position of the version.
    pub version: usize,
    /// Who.
    pub by: String,
}

/// A scheduled job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cron {
    /// Whether it is switched on.
    pub enabled: bool,
    /// When it runs next (a tick); `None` if not within the horizon.
    pub next: Option<u64>,
    /// Ticks at which its runs end.
    pub running: Vec<u64>,
    /// When it last started.
    pub last: Option<Utc>,
    /// How often it has started since the opening.
    pub runs: u64,
    /// Starts that were left out because a run went on.
    pub skipped: u64,
    /// How often its minute came since the opening while it was on.
    pub fired: u64,
    /// Minute of its host's local time at the last look, and by how many seconds that time is ahead of UTC.
    pub(super) seen: Option<(i64, i64)>,
}

/// How well a vendor's system does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Health {
    /// All is well.
    #[default]
    Operational,
    /// Some requests fail.
    Degraded,
    /// Most requests fail.
    Outage,
}

impl Health {
    /// As status pages write it.
    pub fn word(self) -> &'static str {
        match self {
            Health::Operational => "All Systems Operational",
            Health::Degraded => "Degraded Performance",
            Health::Outage => "Major Outage",
        }
    }
}

/// A vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vendor {
    /// What is true.
    pub truth: Health,
    /// When its page last said that (tick).
    pub(super) since: u64,
    /// What came back from it lately.
    pub(super) seen: Lately,
    /// What its page says.
    pub says: Health,
    /// What it claims instead, in its own words.
    pub claims: Option<String>,
    /// When the page last changed.
    pub updated: Utc,
}

/// Requests and errors of the last seconds, older ones weighing less: thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Lately {
    requests: u64,
    errors: u64,
}

impl Lately {
    /// Seconds after which what happened hardly weighs.
    const LATELY_S: u64 = 10;

    /// A second's requests and errors; the share of errors lately, unless hardly anybody asked.
    pub fn add(&mut self, requests: u64, errors: u64) -> Option<f64> {
        let fades = |sum: u64, n: u64| sum - sum / Self::LATELY_S + n * 1_000;
        (self.requests, self.errors) = (fades(self.requests, requests), fades(self.errors, errors));
        (self.requests >= 500).then(|| self.errors as f64 / self.requests as f64)
    }
}

impl Runs {
    /// Share of a release, in thousandths of the replicas or the traffic.
    pub fn permille(&self, release: usize) -> u64 {
        if !self.mix.is_empty() {
            return self.mix.iter().find(|m| m.0 == release).map_or(0, |m| m.1);
        }
        match &self.rollout {
            Some(r) if self.managed && r.to == release => r.permille,
            Some(r) if self.managed && r.from == release => WHOLE - r.permille,
            _ => {
                let n = self.on.iter().filter(|r| **r == release).count() as u64;
                n * WHOLE / self.on.len().max(1) as u64
            }
        }
    }

    /// Share of a release, 0 to 1.
    pub fn share(&self, release: usize) -> f64 {
        if self.managed {
            return self.permille(release) as f64 / WHOLE as f64;
        }
        self.on.iter().filter(|r| **r == release).count() as f64 / self.on.len().max(1) as f64
    }

    /// Every release that runs somewhere, once.
    pub fn releases(&self) -> impl Iterator<Item = usize> {
        if !self.mix.is_empty() {
            return self.mix.iter().map(|m| m.0).collect::<Vec<_>>().into_iter();
        }
        let mut all = self.on.clone();
        all.extend(self.rollout.as_ref().filter(|r| self.managed && r.permille > 0).map(|r| r.to));
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }

    /// Puts the replicas on what the rollout has reached.
    pub(super) fn spread(&mut self) {
        let Some(r) = self.rollout.as_ref().filter(|_| !self.managed) else { return };
        let n = r.replicas(self.on.len());
        for (i, on) in self.on.iter_mut().enumerate() {
            if !self.missed.contains(&i) {
                *on = if i < n { r.to } else { r.from };
            }
        }
    }

    /// Puts a release on every replica that is not left out, and ends a rollout.
    pub(super) fn set(&mut self, release: usize) {
        self.rollout = None;
        self.mix.clear();
        for (i, on) in self.on.iter_mut().enumerate() {
            if !self.missed.contains(&i) {
                *on = release;
            }
        }
    }
}

impl Config {
    /// Share of a version, 0 to 1.
    pub fn share(&self, version: usize) -> f64 {
        let p = self.rollout.as_ref().map_or(0, |r| r.permille) as f64 / WHOLE as f64;
        let to = self.rollout.as_ref().map(|r| r.to);
        f64::from(u8::from(self.live == version)) * (1.0 - p) + f64::from(u8::from(to == Some(version))) * p
    }

    /// The version that most of what reads it has.
    pub fn most(&self) -> usize {
        self.rollout.as_ref().filter(|r| r.permille * 2 > WHOLE).map_or(self.live, |r| r.to)
    }

    /// Whether what is live is not what is declared.
    pub fn drifted(&self) -> bool {
        self.live != self.declared && self.rollout.as_ref().is_none_or(|r| r.to != self.declared)
    }

    pub(super) fn row(&mut self, at: Utc, version: usize, by: &str) {
        if self.history.len() >= HISTORY_MAX {
            self.history.remove(0);
        }
        self.history.push(ConfigRow { at, version, by: by.to_owned() });
    }
}

impl ChangeState {
    /// At the opening, as the scenario says.
    pub fn new(plan: &ChangePlan, world: &WorldSpec, t0: Utc, opens_s: i64, seed: u64) -> ChangeState {
        let spec = &world.change;
        let runs = world.services.values().map(|s| {
            let release = s.release.as_deref().and_then(|r| plan.release(r)).unwrap_or(NONE);
            Runs {
                on: vec![release; s.on.len().max(1)],
                rollout: None,
                missed: Vec::new(),
                mix: Vec::new(),
                managed: s.on.is_empty(),
            }
        });
        let configs = spec.configs.values().zip(&plan.configs).enumerate().map(|(i, (c, p))| {
            let live = plan.version(i, &c.live).unwrap_or(0);
            let declared = c.declared.as_ref().and_then(|d| plan.version(i, d)).unwrap_or(live);
            // Whatever came before what the repository declares was pushed when it was written.
            let rows = p.versions.iter().enumerate().filter_map(|(v, (id, _))| {
                let made = c.versions.get(id)?;
                let shown = v <= declared && made.at.0 <= opens_s;
                shown.then(|| ConfigRow { at: t0.plus(made.at.0), version: v, by: made.by.clone() })
            });
            let bad = p.generated.map(|(_, bad, ..)| bad);
            Config {
                live,
                declared,
                rollout: None,
                generating: p.generated.is_some(),
                good: if bad == Some(live) { declared } else { live },
                history: rows.collect(),
            }
        });
        let vendors = spec.vendors.values().map(|v| Vendor {
            truth: Health::Operational,
            since: 0,
            seen: Lately::default(),
            says: Health::Operational,
            claims: v.claims.clone(),
            updated: t0.plus(opens_s - 86_400),
        });
        ChangeState {
            runs: runs.collect(),
            configs: configs.collect(),
            flags: plan.flags.iter().map(|f| f.percent).collect(),
            crons: plan.crons.iter().map(|c| Cron { enabled: c.enabled, ..Cron::default() }).collect(),
            vendors: vendors.collect(),
            freeze: spec.freeze.as_ref().map(|why| (String::new(), why.clone())),
            hands_off: Vec::new(),
            active: Vec::new(),
            carried: Vec::new(),
            stale: true,
            luck: Stream::new(seed, "change"),
        }
    }

    /// Share of a carrier that a kill switch leaves alone, 0 to 1.
    fn armed(&self, plan: &ChangePlan, what: Carrier) -> f64 {
        let off = plan.flags.iter().zip(&self.flags).filter(|(f, _)| f.disarms.contains(&what));
        1.0 - off.map(|(_, percent)| *percent as f64 / 100.0).fold(0.0, f64::max)
    }

    /// Share of a version that a fault of its push leaves it, 1 if it was pushed by somebody.
    fn pushed(&self, config: usize, version: usize) -> f64 {
        let found = self.active.iter().find_map(|(at, severity)| match at {
            At::BadConfig { config: c, version: v } | At::OutOfBand { config: c, version: v }
                if (*c, *v) == (config, version) =>
            {
                Some(*severity)
            }
            _ => None,
        });
        found.unwrap_or(1.0)
    }

    /// Whether a version or a flag brings a fault along now.
    pub(in crate::sim) fn brings_faults(&self) -> bool {
        self.carried.iter().any(|c| !c.regular)
    }

    /// Whether something changed since what is carried was last found.
    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }

    /// Finds what versions, flags and jobs bring along, if anything changed; whether that is another thing now.
    pub(super) fn find_carried(&mut self, plan: &ChangePlan) -> bool {
        if !self.stale {
            return false;
        }
        self.stale = false;
        let mut carried: Vec<Carried> = Vec::new();
        let mut add = |fault: &Fault, severity: f64, regular: bool| {
            if severity <= 0.0 {
                return;
            }
            match carried.iter_mut().find(|c| c.fault == *fault) {
                Some(there) => {
                    there.severity = (there.severity + severity).min(1.0);
                    there.regular &= regular;
                }
                None => carried.push(Carried { fault: fault.clone(), severity: severity.min(1.0), regular }),
            }
        };
        for (i, r) in plan.releases.iter().enumerate() {
            if let (Some(fault), Some(runs)) = (&r.carries, self.runs.get(r.service)) {
                add(fault, runs.share(i) * self.armed(plan, Carrier::Release(i)), false);
            }
        }
        for (i, (p, c)) in plan.configs.iter().zip(&self.configs).enumerate() {
            for (v, (_, fault)) in p.versions.iter().enumerate() {
                if let Some(fault) = fault {
                    add(fault, c.share(v) * self.pushed(i, v) * self.armed(plan, Carrier::Config(i)), false);
                }
            }
        }
        for (i, (p, percent)) in plan.flags.iter().zip(&self.flags).enumerate() {
            let on = *percent as f64 / 100.0;
            for (release, off, fault) in &p.effects {
                let there = match (release, self.runs.get(p.service)) {
                    (Some(r), Some(runs)) => runs.share(*r),
                    _ => 1.0,
                };
                let share = if *off { 1.0 - on } else { on };
                add(fault, share * there * self.armed(plan, Carrier::Flag(i)), false);
            }
        }
        for (p, c) in plan.crons.iter().zip(&self.crons) {
            if let Some((fault, weight)) = &p.during {
                add(fault, weight * c.running.len() as f64, true);
            }
        }
        let news = self.carried != carried;
        self.carried = carried;
        news
    }
}
