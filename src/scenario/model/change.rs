//! What changes a system: rollouts, configuration, flags, scheduled jobs, and what goes wrong with them.

use super::{Fault, Provenance};
use crate::scenario::crontab::Crontab;
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything about changes that a world says; all of it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSpec {
    /// How releases of a service reach production; a service that is not named takes them in one go.
    pub rollouts: BTreeMap<String, Push>,
    /// Configuration artefacts.
    pub configs: BTreeMap<String, ConfigSpec>,
    /// Feature flags and kill switches.
    pub flags: BTreeMap<String, FlagSpec>,
    /// Scheduled jobs.
    pub crons: BTreeMap<String, CronSpec>,
    /// Systems that somebody else runs, by the service that stands for them.
    pub vendors: BTreeMap<String, VendorSpec>,
    /// Deploys are frozen from the opening on, and why.
    pub freeze: Option<String>,
}

/// How a version spreads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Push {
    /// Everywhere, evenly over so many seconds.
    Global {
        /// Until it is everywhere.
        takes: Span,
    },
    /// In steps, with a look at the errors between them.
    Staged {
        /// Steps in rising order; after the last one it is everywhere.
        steps: Vec<Step>,
        /// Stops by itself when the share of errors in a step is above this.
        gate: Option<Exact>,
    },
}

/// A step of a staged rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Percent of the replicas, or of the traffic of a managed service.
    pub percent: u64,
    /// How long it stays there.
    pub wait: Span,
}

/// A configuration artefact with its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigSpec {
    /// Services that read it.
    pub applies_to: Vec<String>,
    /// Versions by id; the order in time is that of `at`.
    pub versions: BTreeMap<String, ConfigVersion>,
    /// Live at the opening.
    pub live: String,
    /// What the repository declares at the opening, if it is not what is live: a change that was made past it.
    pub declared: Option<String>,
    /// How a version spreads.
    pub push: Push,
    /// It is made again and again by a program.
    pub generated: Option<Generated>,
    /// The infrastructure-as-code stack that declares it.
    pub stack: Option<String>,
    /// Its provenance.
    pub fact: Provenance,
}

/// One version of a configuration artefact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigVersion {
    /// From when on it exists.
    pub at: Offset,
    /// Who wrote it (a person's id).
    pub by: String,
    /// What changed, one line.
    pub change: String,
    /// Its text.
    pub text: String,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// A generated artefact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// A new one is made so often.
    pub every: Span,
    /// The version that a bad one is.
    pub bad: String,
    /// Share of the cycles that make a bad one, from `from` on.
    pub share: Exact,
    /// From when on bad ones are made.
    pub from: Offset,
}

/// A feature flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagSpec {
    /// Service that reads it.
    pub service: String,
    /// What it is for.
    pub about: String,
    /// Percent of the requests for which it is on at the opening.
    pub percent: u64,
    /// What it does, by release.
    pub effects: Vec<FlagEffect>,
    /// What it silences while it is on: configuration artefacts, releases or flags (a kill switch).
    pub disarms: Vec<String>,
    /// Its provenance.
    pub fact: Provenance,
}

/// What a flag does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagEffect {
    /// Only in this release (the same flag meant something else before).
    pub release: Option<String>,
    /// Whether it is the flag's absence that does it.
    pub off: bool,
    /// What goes wrong.
    pub fault: Fault,
}

/// A scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronSpec {
    /// Host in whose crontab it stands.
    pub host: String,
    /// User that it runs as.
    pub user: String,
    /// When, in the five fields of a crontab.
    pub schedule: Crontab,
    /// Minutes that the host's clock zone is ahead of UTC.
    pub zone_min: i64,
    /// From when on the zone is another one, and which: the hour that comes twice, or never.
    pub zone_change: Option<(Offset, i64)>,
    /// Command line, as `crontab -l` shows it.
    pub command: String,
    /// How long one run takes.
    pub takes: Span,
    /// What a run does to the world while it lasts.
    pub during: Option<Fault>,
    /// How much of that one run does; runs that overlap add up, to the whole at most.
    pub weight: Exact,
    /// What a run does when it ends.
    pub then: Vec<Deed>,
    /// Whether a run starts while the last one still goes on.
    pub overlaps: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Its provenance.
    pub fact: Provenance,
}

/// An effect that the scenario does, as a variant with its fields: the world reads it as one of its own effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Deed(pub serde_json::Value);

/// A system that somebody else runs, and what its status page says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorSpec {
    /// Where its status page is, such as `status.payments.example`.
    pub page: String,
    /// How long the page lags behind what is true.
    pub lag: Span,
    /// The page says that all is well whatever happens.
    pub silent: bool,
    /// What the page claims without cause at the opening.
    pub claims: Option<String>,
    /// Its provenance.
    pub fact: Provenance,
}

/// More about a work queue than that things come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueMore {
    /// Items older than this are dropped.
    pub ttl: Option<Span>,
    /// Most items that may wait; more are turned away.
    pub bound: Option<u64>,
    /// Deliveries of one item before it is put aside with the failed ones; 0 is no limit.
    pub deliveries: u64,
    /// Seconds before an item that was not completed is delivered again.
    pub redeliver: Span,
    /// Whether `rate` is that of one replica of its worker.
    pub per_worker: bool,
    /// Units of data that are lost with each item that is dropped or purged.
    pub precious: u64,
    /// Endpoint whose requests put items in, and how many each.
    pub fed_by: Option<(String, Exact)>,
}

/// What goes wrong by a change, in a queue, with a vendor, or with the watching itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeFault {
    /// A version of a configuration artefact is pushed; the end brings the one before back.
    BadConfig {
        /// Artefact.
        config: String,
        /// Version.
        version: String,
    },
    /// A version of a configuration artefact is put in place past the repository and its history.
    OutOfBand {
        /// Artefact.
        config: String,
        /// Version.
        version: String,
    },
    /// The program that makes an artefact makes bad ones.
    BadGenerator {
        /// Artefact.
        config: String,
    },
    /// A release is put on hosts that nobody named: an automatic update.
    AutoUpdate {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// A flag is switched.
    FlagFlip {
        /// Flag.
        flag: String,
        /// Percent.
        percent: u64,
    },
    /// Calls from one service to another wait this long for an answer.
    Timeout {
        /// Caller.
        from: String,
        /// Called.
        to: String,
        /// How long, microseconds.
        timeout: u64,
    },
    /// A service works on at most so many requests at once.
    Limit {
        /// Service.
        service: String,
        /// How many.
        slots: u64,
    },
    /// A service answers what exceeds a quota with a 429.
    Quota {
        /// Service.
        service: String,
        /// Requests a second that it lets in.
        rate: Exact,
    },
    /// An item that its consumer cannot handle is in the queue.
    Poison {
        /// Queue.
        queue: String,
        /// How many of them.
        items: u64,
        /// Whether the consumer dies of it; else it only fails and holds the consumer up.
        crashes: bool,
    },
    /// Consumers take this many times their usual time.
    SlowConsumer {
        /// Queue.
        queue: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// Producers put this many times their usual number in.
    QueueFlood {
        /// Queue.
        queue: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// A cache loses what it holds.
    CacheFlush {
        /// Cache.
        cache: String,
    },
    /// What a cache holds expires too early: it loses this share a minute.
    ShortTtl {
        /// Cache.
        cache: String,
        /// Share a minute.
        share: Exact,
    },
    /// A vendor's system answers this share of its requests with errors.
    VendorOutage {
        /// Service that stands for it.
        vendor: String,
        /// Share of requests.
        share: Exact,
    },
    /// A scheduled job takes this many times its usual time and its runs overlap.
    RunawayJob {
        /// Job.
        cron: String,
        /// Factor, at least 1.
        factor: Exact,
    },
    /// Automation takes this share of a service's replicas away.
    Descheduled {
        /// Service.
        service: String,
        /// Share of its replicas.
        share: Exact,
    },
    /// Nothing is scraped from a service and none of its log lines arrive.
    MonitoringBlind {
        /// Service.
        service: String,
    },
    /// A probe's own checker is broken.
    FalseAlarm {
        /// Probe.
        probe: String,
    },
}
