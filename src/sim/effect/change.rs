//! Effects on what changes: rollouts, configuration, flags, freezes, jobs, queues, caches, the watching itself.

use crate::sim::keyspace::KeyAct;
use serde::{Deserialize, Serialize};

/// A change to what changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeEffect {
    /// Pushes a version of a configuration artefact, and declares it.
    Push {
        /// Artefact.
        config: String,
        /// Version.
        version: String,
    },
    /// Puts a version in place by hand: at once, past the repository and its history.
    Edit {
        /// Artefact.
        config: String,
        /// Version.
        version: String,
    },
    /// Makes what a stack declares live, where it is not.
    Reconcile {
        /// Stack.
        stack: String,
    },
    /// Starts or stops the program that makes an artefact.
    Generator {
        /// Artefact.
        config: String,
        /// Whether it runs.
        on: bool,
    },
    /// Steers the rollout of a service's release or of an artefact.
    Rollout {
        /// Service or artefact.
        of: String,
        /// What to do.
        verb: RolloutVerb,
    },
    /// Puts a release on all hosts of a service but some, by hand.
    Partial {
        /// Service.
        service: String,
        /// Release.
        release: String,
        /// Hosts that it does not reach.
        misses: Vec<String>,
    },
    /// Switches a flag.
    Flag {
        /// Flag.
        flag: String,
        /// Percent of the requests for which it is on.
        percent: u64,
    },
    /// Freezes deploys or lets them go on.
    Freeze {
        /// Whether they are frozen.
        on: bool,
        /// Why.
        why: String,
    },
    /// Steers a scheduled job.
    Cron {
        /// Job.
        cron: String,
        /// What to do.
        verb: CronVerb,
    },
    /// Steers a work queue.
    Queue {
        /// Queue.
        queue: String,
        /// What to do.
        verb: QueueVerb,
    },
    /// Empties a cache.
    Flush {
        /// Cache.
        cache: String,
    },
    /// Fills a cache.
    Warm {
        /// Cache.
        cache: String,
    },
    /// Changes keys of a cache.
    Keys {
        /// Cache.
        cache: String,
        /// Number of the database, below 16.
        db: u8,
        /// Keys.
        keys: Vec<String>,
        /// What happens to them.
        act: KeyAct,
    },
    /// Lets automation move a service's replicas, or not.
    Automation {
        /// Service.
        service: String,
        /// Whether it may.
        on: bool,
    },
    /// Starts what ships a service's metrics and logs again.
    Agent {
        /// Service.
        service: String,
    },
    /// Makes a probe's checker again.
    Checker {
        /// Probe.
        probe: String,
    },
    /// A vendor's page says something.
    Claim {
        /// Vendor.
        vendor: String,
        /// What; empty is the truth again.
        text: String,
    },
}

impl ChangeEffect {
    /// Verb and target, as a fact names them.
    pub fn named(&self) -> (String, String) {
        let (verb, target) = match self {
            ChangeEffect::Push { config, .. } => ("push", config),
            ChangeEffect::Edit { config, .. } => ("edit", config),
            ChangeEffect::Reconcile { stack } => ("apply", stack),
            ChangeEffect::Generator { config, on: true } => ("resume", config),
            ChangeEffect::Generator { config, .. } => ("pause", config),
            ChangeEffect::Rollout { of, verb } => (verb.word(), of),
            ChangeEffect::Partial { service, .. } => ("promote", service),
            ChangeEffect::Flag { flag, .. } => ("flag", flag),
            ChangeEffect::Freeze { on, why } => (if *on { "freeze" } else { "unfreeze" }, why),
            ChangeEffect::Cron { cron, verb } => (verb.word(), cron),
            ChangeEffect::Queue { queue, verb } => (verb.word(), queue),
            ChangeEffect::Flush { cache } => ("flush", cache),
            ChangeEffect::Warm { cache } => ("warm", cache),
            ChangeEffect::Keys { cache, act, .. } => (act.word(), cache),
            ChangeEffect::Automation { service, on } => (if *on { "resume" } else { "pause" }, service),
            ChangeEffect::Agent { service } => ("restart", service),
            ChangeEffect::Checker { probe } => ("reset", probe),
            ChangeEffect::Claim { vendor, .. } => ("claim", vendor),
        };
        (verb.to_owned(), target.clone())
    }
}

impl RolloutVerb {
    /// As a tool names it.
    pub fn word(self) -> &'static str {
        match self {
            RolloutVerb::Pause => "pause",
            RolloutVerb::Resume => "resume",
            RolloutVerb::Promote => "promote",
            RolloutVerb::Abort => "abort",
        }
    }
}

impl CronVerb {
    /// As a tool names it.
    pub fn word(self) -> &'static str {
        match self {
            CronVerb::Pause => "pause",
            CronVerb::Resume => "resume",
            CronVerb::Run => "run",
            CronVerb::Kill => "kill",
        }
    }
}

impl QueueVerb {
    /// As a tool names it.
    pub fn word(self) -> &'static str {
        match self {
            QueueVerb::Pause => "pause",
            QueueVerb::Resume => "resume",
            QueueVerb::Purge => "purge",
            QueueVerb::Skip => "skip",
        }
    }
}

/// What to do with a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RolloutVerb {
    /// Stands still.
    Pause,
    /// Goes on.
    Resume,
    /// To the next step now.
    Promote,
    /// Back to the version before, everywhere.
    Abort,
}

/// What to do with a scheduled job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CronVerb {
    /// Switches it off.
    Pause,
    /// Switches it on.
    Resume,
    /// Runs it now.
    Run,
    /// Ends its runs.
    Kill,
}

/// What to do with a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueVerb {
    /// Consumers take nothing more.
    Pause,
    /// They go on.
    Resume,
    /// Drops everything that waits.
    Purge,
    /// Puts the item at the head aside, with the failed ones.
    Skip,
}
