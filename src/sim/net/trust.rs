//! Certificates and shared secrets: what is on disk, what each replica has loaded, what each consumer believes.

use crate::scenario::Pickup;
use crate::stdx::time::Utc;
use serde::Serialize;

/// One issue of a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Serial number, from 1.
    pub serial: u32,
    /// Valid from.
    pub from: Utc,
    /// Valid until.
    pub until: Utc,
}

/// A copy that a replica uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Copy<T> {
    /// Position of the service.
    pub service: usize,
    /// Position of the host; `None` for a managed service.
    pub host: Option<usize>,
    /// What it uses.
    pub uses: T,
}

/// A certificate.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cert {
    /// What is on disk.
    pub stored: Issue,
    /// What each replica presents.
    pub loaded: Vec<Copy<Issue>>,
    /// Serial number that each consumer with a pinned copy accepts, in the order of the scenario.
    pub pinned: Vec<u32>,
    /// Share of clients that miss its intermediate.
    pub chain_missing: f64,
    /// Share of clients that are shown a certificate for other names.
    pub wrong_name: f64,
    /// Share of clients to which an issue that was made to run out early matters.
    pub early: Option<f64>,
}

impl Cert {
    /// Takes what is on disk into use at a service (at one host of it, or everywhere). How many replicas changed.
    pub fn load(&mut self, service: usize, host: Option<usize>) -> usize {
        let stored = self.stored;
        let mine = self.loaded.iter_mut().filter(|c| c.service == service && (host.is_none() || c.host == host));
        mine.filter(|c| c.uses != stored).map(|c| c.uses = stored).count()
    }
}

/// A shared secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Secret {
    /// Version that is checked for.
    pub version: u32,
    /// Until when the one before is accepted too, seconds of simulated UTC.
    pub grace_until: Option<u64>,
    /// Share of a stale holder's requests that are checked at all.
    pub checked: f64,
    /// Version that each replica of each holder presents.
    pub held: Vec<Copy<u32>>,
}

impl Secret {
    /// Whether a version is accepted.
    pub fn accepts(&self, version: u32, now: u64) -> bool {
        version == self.version || (version + 1 == self.version && self.grace_until.is_some_and(|t| now < t))
    }

    /// Gives a holder the version that holds now. How many replicas changed.
    pub fn load(&mut self, service: usize, host: Option<usize>) -> usize {
        let version = self.version;
        let mine = self.held.iter_mut().filter(|c| c.service == service && (host.is_none() || c.host == host));
        mine.filter(|c| c.uses != version).map(|c| c.uses = version).count()
    }
}

/// Whether `name` is one of `patterns`; `*.` stands for one label.
pub fn covers(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|p| match p.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(_, tail)| tail == rest),
        None => p == name,
    })
}

/// Whether a restart takes it into use, and whether a reload does.
pub fn picks_up(p: Pickup, restart: bool) -> bool {
    restart || p != Pickup::Restart
}
