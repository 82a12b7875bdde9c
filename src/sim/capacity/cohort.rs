//! A cohort: replicas of a platform that have lived the same life, counted together, so that thousands are cheap.

use serde::Serialize;

/// Longest wait before a replica that keeps ending is started again, seconds, and the first one.
const BACKOFF_MAX_S: u64 = 300;
const BACKOFF_FIRST_S: u64 = 10;

/// So long must a replica run before it counts as well again, seconds.
const FORGIVEN_S: u64 = 600;

/// What a replica is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// It has no place yet.
    Pending,
    /// It starts.
    Starting,
    /// It runs.
    Running,
    /// It ended and waits to be started again.
    BackOff,
    /// It was told to end.
    Terminating,
}

/// Why it is where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Why {
    /// Nothing special.
    #[default]
    None,
    /// No node has room for what it requests.
    NoRoom,
    /// The pool has no address.
    NoAddress,
    /// It was killed for memory.
    OomKilled,
    /// Its liveness probe failed.
    Unhealthy,
    /// It exited.
    Error,
    /// Its node was short of memory.
    Evicted,
    /// The registry has no such image.
    NoImage,
}

/// Replicas with one history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cohort {
    /// Number of the first one; the others follow.
    pub first: u64,
    /// How many.
    pub n: u64,
    /// Key of the revision that they were made from.
    pub template: u64,
    /// Position of the node, if it has one and nodes can be seen.
    pub node: Option<usize>,
    /// What they are at.
    pub phase: Phase,
    /// Why.
    pub why: Why,
    /// Until when, where the phase ends by itself.
    pub until: u64,
    /// Tick at which they were made, and at which they last began to run.
    pub born: u64,
    /// Last began to run.
    pub since: u64,
    /// When one of their containers last ended.
    pub ended_at: u64,
    /// Whether they take requests.
    pub ready: bool,
    /// Memory beyond what an idle one needs, bytes each.
    pub leaked: f64,
    /// Ends in a row.
    pub tries: u32,
    /// Restarts so far.
    pub restarts: u32,
    /// Whether something is wrong with them that only a restart mends.
    pub gray: bool,
    /// Whether their node does not answer.
    pub lost: bool,
}

impl Cohort {
    /// Replicas that have just been asked for.
    pub fn pending(first: u64, n: u64, tick: u64, template: u64) -> Cohort {
        Cohort {
            first,
            n,
            template,
            node: None,
            phase: Phase::Pending,
            why: Why::None,
            until: 0,
            born: tick,
            since: tick,
            ended_at: 0,
            ready: false,
            leaked: 0.0,
            tries: 0,
            restarts: 0,
            gray: false,
            lost: false,
        }
    }

    /// Takes `n` of them out, the last ones.
    pub fn split(&mut self, n: u64) -> Cohort {
        let n = n.min(self.n);
        self.n -= n;
        Cohort { first: self.first + self.n, n, ..self.clone() }
    }

    /// Whether they are there and not on their way out.
    pub fn counts(&self) -> bool {
        self.phase != Phase::Terminating
    }

    /// Whether a container of theirs exists: it holds an address and a place on its node.
    pub fn placed(&self) -> bool {
        self.phase != Phase::Pending
    }

    /// Whether they take requests.
    pub fn serves(&self) -> bool {
        self.phase == Phase::Running && self.ready
    }

    /// They end: back-off, longer each time in a row.
    pub fn end(&mut self, why: Why, tick: u64) {
        if tick.saturating_sub(self.since) >= FORGIVEN_S {
            self.tries = 0;
        }
        let wait = match self.tries {
            0 => 1,
            n => (BACKOFF_FIRST_S << (n - 1).min(6)).min(BACKOFF_MAX_S),
        };
        self.tries = self.tries.saturating_add(1);
        self.restarts = self.restarts.saturating_add(1);
        self.ended_at = tick;
        self.phase = Phase::BackOff;
        self.why = why;
        self.until = tick + wait;
        self.ready = false;
        self.leaked = 0.0;
        self.gray = false;
    }

    /// Their image cannot be pulled: they wait, longer each time, and nothing of theirs ever ran.
    pub fn no_image(&mut self, tick: u64) {
        let wait = (BACKOFF_FIRST_S << self.tries.min(6)).min(BACKOFF_MAX_S);
        self.tries = self.tries.saturating_add(1);
        (self.phase, self.why, self.until) = (Phase::BackOff, Why::NoImage, tick + wait);
    }

    /// The word that `kubectl get pods` prints in its column STATUS.
    pub fn status(&self) -> &'static str {
        match (self.phase, self.why) {
            (Phase::Pending, _) => "Pending",
            (Phase::Starting, Why::NoImage) => "ErrImagePull",
            (Phase::BackOff, Why::NoImage) => "ImagePullBackOff",
            (Phase::Starting, _) if self.restarts == 0 => "ContainerCreating",
            (Phase::Starting | Phase::Running, _) => "Running",
            (Phase::BackOff, _) if self.tries > 1 => "CrashLoopBackOff",
            (Phase::BackOff, Why::OomKilled) => "OOMKilled",
            (Phase::BackOff, Why::Error) => "Error",
            (Phase::BackOff, _) => "Running",
            (Phase::Terminating, _) => "Terminating",
        }
    }
}
