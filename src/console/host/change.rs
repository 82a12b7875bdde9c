//! What the tools of changes could learn: rollouts, configuration, flags, jobs, queues in depth, caches, vendors, targets.

use crate::stdx::time::Utc;

/// Everything about changes that a responder's tools can see now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Configuration artefacts by name.
    pub configs: Vec<Config>,
    /// Flags by name.
    pub flags: Vec<Flag>,
    /// Scheduled jobs by name.
    pub jobs: Vec<Job>,
    /// Rollouts that are on their way.
    pub rollouts: Vec<Rollout>,
    /// Releases that run, by service.
    pub running: Vec<Running>,
    /// Work queues by name.
    pub queues: Vec<Depth>,
    /// Caches by name, and the share of what is in use that each holds.
    pub caches: Vec<(String, f64)>,
    /// Vendors: service, page, what the page says, since when.
    pub vendors: Vec<(String, String, String, Utc)>,
    /// What is scraped: service, and whether the last scrape succeeded.
    pub targets: Vec<(String, bool)>,
    /// Probes that check from outside: name, and what the last one that failed said.
    pub probes: Vec<(String, Option<String>)>,
    /// Who froze deploys, and why.
    pub freeze: Option<(String, String)>,
}

/// A configuration artefact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Name.
    pub name: String,
    /// The version that most of its readers have.
    pub live: String,
    /// The version that the repository declares.
    pub declared: String,
    /// Versions that exist by now, oldest first.
    pub versions: Vec<Version>,
    /// Pushes, oldest first: when, version, who.
    pub history: Vec<(Utc, String, String)>,
    /// Whether the program that makes it runs; `None` if people write it.
    pub generator: Option<bool>,
    /// Stack that declares it.
    pub stack: Option<String>,
    /// A service that reads it.
    pub service: Option<String>,
}

/// A version of an artefact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Version {
    /// Id.
    pub id: String,
    /// What changed.
    pub change: String,
    /// Its text.
    pub text: String,
}

/// A flag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flag {
    /// Name.
    pub name: String,
    /// Percent of the requests for which it is on.
    pub percent: u64,
    /// Service that reads it.
    pub service: String,
    /// What it is for.
    pub about: String,
}

/// A scheduled job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// Name.
    pub name: String,
    /// Host in whose crontab it stands.
    pub host: String,
    /// User that it runs as.
    pub user: String,
    /// Schedule.
    pub schedule: String,
    /// Command line.
    pub command: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Runs that go on.
    pub running: usize,
    /// When it last started.
    pub last: Option<Utc>,
    /// When it starts next.
    pub next: Option<Utc>,
}

/// A version on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rollout {
    /// Service or artefact.
    pub of: String,
    /// Version that it replaces.
    pub from: String,
    /// Version that spreads.
    pub to: String,
    /// How far it is.
    pub percent: u64,
    /// Whether it stands still.
    pub paused: bool,
    /// Why it stopped by itself; empty if it did not.
    pub why: String,
    /// Who began it.
    pub by: String,
    /// Seconds until it is everywhere.
    pub left_s: u64,
}

/// A release that runs somewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    /// Service.
    pub service: String,
    /// Release.
    pub release: String,
    /// Percent of its replicas or traffic.
    pub percent: u64,
    /// Hosts.
    pub hosts: Vec<String>,
}

/// A work queue in depth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Depth {
    /// Name.
    pub name: String,
    /// Items waiting.
    pub ready: u64,
    /// Items that a worker holds.
    pub unacked: u64,
    /// Dead letters.
    pub dead: u64,
    /// Age of the oldest item, seconds.
    pub oldest_s: u64,
    /// Deliveries of the item that holds the workers up.
    pub deliveries: u64,
    /// Items completed, delivered again, dropped for their age, turned away since the opening.
    pub done: u64,
    /// Delivered again.
    pub redelivered: u64,
    /// Dropped for their age.
    pub expired: u64,
    /// Turned away.
    pub rejected: u64,
    /// Whether consumers were told to take nothing.
    pub paused: bool,
    /// Service that works on it.
    pub service: Option<String>,
    /// Replicas of it that run.
    pub consumers: u64,
    /// Items that have left it since the opening: completed, failed, expired, purged.
    pub passed: u64,
}
