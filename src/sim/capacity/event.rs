//! What the platform reports: events, as `kubectl get events` lists them. Replicas that go through the same thing in
//! the same second share one; the same again only counts up.

use super::cohort::Cohort;
use serde::Serialize;
use std::collections::VecDeque;

/// Events of one deployment that are kept.
const EVENTS_MAX: usize = 160;

/// Events older than this are forgotten, seconds.
pub const EVENTS_TTL_S: u64 = 3_600;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Reason {
    /// A replica set made them.
    Created,
    /// A replica set deleted them.
    Deleted,
    /// They have a place.
    Scheduled,
    /// No node has room.
    NoRoom,
    /// No address is left.
    NoAddress,
    /// The image was there, the container was made and started.
    Started,
    /// The image cannot be pulled.
    NoImage,
    /// They ended and wait to be started again.
    BackOff,
    /// A liveness probe failed.
    Unlive,
    /// A readiness probe failed.
    Unready,
    /// They are stopped.
    Killing,
    /// Their node was short of memory.
    Evicted,
    /// A replica set went from `n` to `first` replicas.
    Scaled,
    /// The quota refused one.
    Refused,
    /// The autoscaler asked for `n`.
    Rescaled,
}

/// Something that happened to replicas, a replica set or a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Tick of the first time.
    pub from: u64,
    /// Tick of the last time.
    pub last: u64,
    /// How often.
    pub count: u64,
    /// What.
    pub reason: Reason,
    /// Number of the first replica; the others follow.
    pub first: u64,
    /// How many.
    pub n: u64,
    /// Key of their revision.
    pub template: u64,
    /// Position of their node.
    pub node: Option<usize>,
    /// More about it.
    pub text: String,
}

/// Events of a deployment, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Events {
    rows: VecDeque<Event>,
    /// Sizes of the replica sets when they were last looked at.
    pub(super) sizes: Vec<(u64, u64)>,
}

/// Something that happened to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeEvent {
    /// Tick.
    pub at: u64,
    /// Position of the node.
    pub node: usize,
    /// Reason as the platform names it.
    pub reason: &'static str,
    /// Whether it is a warning.
    pub warning: bool,
    /// Message, with `{node}` for its name.
    pub text: String,
}

impl Events {
    /// Something happened to some replicas.
    pub fn say(&mut self, tick: u64, reason: Reason, c: &Cohort) {
        if c.n > 0 {
            self.add(Event {
                from: tick,
                last: tick,
                count: 1,
                reason,
                first: c.first,
                n: c.n,
                template: c.template,
                node: c.node,
                text: String::new(),
            });
        }
    }

    /// The quota refused a replica.
    pub fn refused(&mut self, tick: u64, why: &str) {
        let same = |e: &&mut Event| e.reason == Reason::Refused;
        match self.rows.iter_mut().rev().find(same) {
            // The controller backs off; so does its complaint.
            Some(e) if tick.saturating_sub(e.last) < 30 => {}
            _ => self.note(tick, Reason::Refused, 0, (0, 0), why),
        }
    }

    /// Something happened to a replica set or the deployment.
    pub fn note(&mut self, tick: u64, reason: Reason, template: u64, (first, n): (u64, u64), text: &str) {
        let text = text.to_owned();
        self.add(Event { from: tick, last: tick, count: 1, reason, first, n, template, node: None, text });
    }

    fn add(&mut self, new: Event) {
        let counts = matches!(
            new.reason,
            Reason::BackOff
                | Reason::NoRoom
                | Reason::NoAddress
                | Reason::Unlive
                | Reason::Unready
                | Reason::Started
                | Reason::NoImage
                | Reason::Refused
        );
        let same = |e: &&mut Event| (e.reason, e.first, e.n) == (new.reason, new.first, new.n);
        if let Some(e) = self.rows.iter_mut().rev().find(same).filter(|_| counts) {
            e.count += 1;
            e.last = new.last;
            return;
        }
        if self.rows.len() >= EVENTS_MAX {
            self.rows.pop_front();
        }
        self.rows.push_back(new);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// What is remembered at a tick, oldest first.
    pub fn at(&self, tick: u64) -> impl Iterator<Item = &Event> {
        self.rows.iter().filter(move |e| tick.saturating_sub(e.last) <= EVENTS_TTL_S)
    }
}
