//! What a deployment runs: its revisions, as `kubectl rollout history` numbers them, and how its replicas move from one
//! to the next: a quarter more than wanted at most (rounded up), a quarter fewer ready at most (rounded down).

use super::cohort::{Cohort, Why};
use super::event::Reason;
use super::group::Group;
use super::plan::GroupPlan;
use serde::Serialize;

/// Old revisions that are kept.
const HISTORY_MAX: usize = 11;

/// Replicas that ended, kept for their logs.
const ENDED_MAX: usize = 64;

/// Seconds without progress after which a platform says that a rollout does not get on.
pub const DEADLINE_S: u64 = 600;

/// What a replica requests and may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Needs {
    /// Cores that it requests.
    pub cpu: f64,
    /// Cores that it may use.
    pub cpu_limit: Option<f64>,
    /// Memory that it requests, bytes.
    pub memory: u64,
    /// Memory at which it is killed, bytes.
    pub memory_limit: Option<u64>,
}

/// What replicas are made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Revision {
    /// Number, from 1; one that comes back gets a new one.
    pub number: u64,
    /// What tells two of them apart: the hash in the names of its replica set and replicas is made from it.
    pub key: u64,
    /// Release of the service whose image it runs.
    pub release: Option<String>,
    /// An image that no registry has, as somebody wrote it.
    pub image: Option<String>,
    /// What each replica needs.
    pub needs: Needs,
    /// Environment that somebody set.
    pub env: Vec<(String, String)>,
    /// When somebody last restarted it (tick).
    pub restarted: Option<u64>,
    /// When it was made (tick).
    pub made: u64,
}

/// Replicas that are no more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ended {
    /// What they were.
    pub was: Cohort,
    /// When they ended (tick).
    pub at: u64,
    /// Why.
    pub why: Why,
}

fn mix(key: u64, text: &str) -> u64 {
    text.bytes().fold(key ^ 0x9e37_79b9, |h, b| h.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(b) + 1))
}

impl Revision {
    /// The first one of a service.
    pub(super) fn first(plan: &GroupPlan, name: &str) -> Revision {
        let needs =
            Needs { cpu: plan.cpu, cpu_limit: plan.cpu_limit, memory: plan.memory, memory_limit: plan.memory_limit };
        Revision { number: 1, key: mix(7, name), needs, ..Revision::default() }.keyed(name)
    }

    /// The same with the key that follows from what it holds.
    fn keyed(mut self, name: &str) -> Revision {
        let n = &self.needs;
        let env: Vec<String> = self.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let text = format!(
            "{:?}{:?}{:?}{}|{:?}|{}|{:?}",
            self.release,
            self.image,
            self.restarted,
            (n.cpu * 1e3) as u64,
            n.cpu_limit.map(|c| (c * 1e3) as u64),
            n.memory,
            n.memory_limit
        );
        self.key = mix(mix(mix(7, name), &text), &env.join(" "));
        self
    }
}

impl Group {
    /// Key of the revision that new replicas get.
    pub fn key(&self) -> u64 {
        self.revisions.last().map_or(0, |r| r.key)
    }

    /// The revision that new replicas get.
    pub fn revision(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// A revision by key.
    pub fn revision_of(&self, key: u64) -> Option<&Revision> {
        self.revisions.iter().rev().find(|r| r.key == key)
    }

    /// What a replica of the newest revision needs.
    pub(super) fn needs(&self, plan: &GroupPlan) -> Needs {
        let usual =
            Needs { cpu: plan.cpu, cpu_limit: plan.cpu_limit, memory: plan.memory, memory_limit: plan.memory_limit };
        self.revision().map_or(usual, |r| r.needs)
    }

    /// Releases that ran before the opening, oldest first; the last one runs now.
    pub(super) fn ran(&mut self, name: &str, releases: &[String]) {
        let Some(first) = self.revisions.last().cloned() else { return };
        let before = first.key;
        let made = |(i, r): (usize, &String)| {
            Revision { number: i as u64 + 1, release: Some(r.clone()), ..first.clone() }.keyed(name)
        };
        let all: Vec<Revision> = releases.iter().enumerate().map(made).collect();
        if !all.is_empty() {
            let skip = all.len().saturating_sub(HISTORY_MAX);
            self.revisions = all.into_iter().skip(skip).collect();
        }
        let now = self.key();
        self.cohorts.iter_mut().filter(|c| c.template == before).for_each(|c| c.template = now);
    }

    /// Changes what replicas are made from; whether that is another revision. One that was there before comes back under
    /// a new number.
    pub(super) fn make(&mut self, name: &str, tick: u64, change: impl FnOnce(&mut Revision)) -> bool {
        let Some(mut new) = self.revisions.last().cloned() else { return false };
        let (before, number) = (new.key, new.number);
        change(&mut new);
        let mut new = new.keyed(name);
        if new.key == before {
            return false;
        }
        self.revisions.retain(|r| r.key != new.key);
        (new.number, new.made) = (number + 1, tick);
        self.revisions.push(new);
        if self.revisions.len() > HISTORY_MAX {
            self.revisions.remove(0);
        }
        self.moving = Some(tick);
        true
    }

    /// Every replica is of the newest revision at once: what the scenario says happened before.
    pub(super) fn jump(&mut self) {
        let now = self.key();
        self.cohorts.iter_mut().for_each(|c| c.template = now);
        self.moving = None;
    }

    /// Replicas of the newest revision that take requests, and of all.
    pub fn progress(&self) -> (u64, u64) {
        let now = self.key();
        (self.count(|c| c.serves() && c.template == now), self.ready())
    }

    /// Whether all there should be are of the newest revision and ready, and no other is left.
    pub fn moved(&self) -> bool {
        let now = self.key();
        self.count(|c| c.counts() && c.template != now) == 0
            && self.count(|c| c.serves() && c.template == now) >= self.desired
    }

    /// Share of the replicas that take requests by revision key, in thousandths; empty while none takes any.
    pub fn shares(&self) -> Vec<(u64, u64)> {
        let ready = self.ready();
        let mut out: Vec<(u64, u64)> = Vec::new();
        for c in self.cohorts.iter().filter(|c| c.serves()) {
            match out.iter_mut().find(|o| o.0 == c.template) {
                Some(o) => o.1 += c.n,
                None => out.push((c.template, c.n)),
            }
        }
        out.sort_unstable();
        out.iter_mut().for_each(|o| o.1 = o.1 * 1_000 / ready.max(1));
        out
    }

    /// What a controller does in this second: how many replicas it asks for and of which revision (by key), and how many
    /// of older revisions it ends. Whoever is too many altogether ends at once.
    pub(super) fn moves(&mut self, tick: u64) -> (u64, u64, u64) {
        let (now, desired) = (self.key(), self.desired);
        let new = self.count(|c| c.counts() && c.template == now);
        let total = self.alive();
        let old = total - new;
        let may_run = if self.moving.is_some() { self.cap_permille.min(1_000) } else { 1_000 };
        let wants_new = (desired * may_run).div_ceil(1_000);
        let older = self.cohorts.iter().find(|c| c.counts() && c.template != now).map_or(now, |c| c.template);
        if old == 0 || self.paused {
            let extra = total.saturating_sub(desired);
            if extra > 0 {
                self.shrink(extra, tick);
            }
            return (desired.saturating_sub(total), older, 0);
        }
        let (surge, unavailable) = (desired.div_ceil(4), desired / 4);
        let more = wants_new.saturating_sub(new).min((desired + surge).saturating_sub(total));
        let unready_new = new - self.count(|c| c.serves() && c.template == now);
        let least = desired - unavailable;
        let spare = total.saturating_sub(least).saturating_sub(unready_new);
        // Those that do not serve anyhow go first, and are no loss.
        let sick = self.count(|c| c.counts() && c.template != now && !c.serves());
        let less = spare.max(sick.min(total.saturating_sub(least)));
        let keep = desired - wants_new;
        if more == 0 && total < desired && new >= wants_new {
            return (desired - total, older, 0);
        }
        (more, now, less.min(old.saturating_sub(keep)))
    }

    /// Forgets replicas, and remembers that they were there.
    pub(super) fn part_with(&mut self, tick: u64, which: impl Fn(&Cohort) -> bool, why: Why) {
        if !self.cohorts.iter().any(&which) {
            return;
        }
        let (gone, left): (Vec<Cohort>, Vec<Cohort>) = self.cohorts.drain(..).partition(which);
        self.cohorts = left;
        gone.into_iter().for_each(|c| self.bury(tick, c, why));
    }

    /// Remembers replicas that ended.
    pub(super) fn bury(&mut self, tick: u64, was: Cohort, why: Why) {
        if self.ended.len() >= ENDED_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back(Ended { was, at: tick, why });
    }

    /// Says how the replica sets have grown and shrunk since it last looked.
    pub(super) fn note_sizes(&mut self, tick: u64) {
        self.clock = tick;
        let mut sizes: Vec<(u64, u64)> = Vec::new();
        for c in self.cohorts.iter().filter(|c| c.counts()) {
            match sizes.iter_mut().find(|s| s.0 == c.template) {
                Some(s) => s.1 += c.n,
                None => sizes.push((c.template, c.n)),
            }
        }
        sizes.sort_unstable();
        if sizes == self.events.sizes {
            return;
        }
        let before = std::mem::replace(&mut self.events.sizes, sizes.clone());
        if before.is_empty() {
            return;
        }
        let size = |of: &[(u64, u64)], key: u64| of.iter().find(|s| s.0 == key).map_or(0, |s| s.1);
        let mut keys: Vec<u64> = sizes.iter().chain(&before).map(|s| s.0).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (from, to) = (size(&before, key), size(&sizes, key));
            // One that was deleted and made again in the same second is no change of size.
            if from != to && self.desired_changed(tick) {
                self.events.note(tick, Reason::Scaled, key, (to, from), "");
            }
        }
    }

    /// Whether its controller changed a size itself: it moves, or the number wanted is another one.
    fn desired_changed(&mut self, tick: u64) -> bool {
        self.moving.is_some_and(|t| t <= tick) || self.alive() == self.desired
    }
}
