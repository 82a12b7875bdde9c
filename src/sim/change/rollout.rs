//! A version on its way from nowhere to everywhere: evenly, or in steps with a gate; it can stand still and turn back.

use crate::scenario::{Push, Step};
use serde::Serialize;

/// Requests that must have been seen in a step before its gate judges.
const GATE_REQUESTS: u64 = 100;

/// Everywhere, in thousandths.
pub const WHOLE: u64 = 1_000;

/// A version that spreads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// Position of the version that it replaces.
    pub from: usize,
    /// Position of the version that spreads.
    pub to: usize,
    /// How far it is, in thousandths of the replicas or of the traffic.
    pub permille: u64,
    /// Whether it stands still.
    pub paused: bool,
    /// Why it stands still, if it stopped by itself.
    pub why: String,
    /// Who began it.
    pub by: String,
    /// Tick of its beginning.
    pub started: u64,
    /// Position in the steps.
    pub step: usize,
    /// Whether it goes as fast as the platform replaces replicas, and no other way.
    pub by_pods: bool,
    /// Tick at which the step began, later by the time that it stood still.
    since: u64,
    /// Requests and errors seen in this step.
    requests: u64,
    errors: u64,
}

/// What a second brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing new.
    Same,
    /// It is further.
    Further,
    /// Its gate stopped it.
    Stopped,
    /// It is everywhere.
    Done,
}

impl Rollout {
    /// Begins at the first step.
    pub fn begin(from: usize, to: usize, push: &Push, by: &str, tick: u64) -> Rollout {
        let permille = match push {
            Push::Global { .. } => 0,
            Push::Staged { steps, .. } => steps.first().map_or(WHOLE, |s| (s.percent * 10).min(WHOLE)),
        };
        let (by, why) = (by.to_owned(), String::new());
        let (paused, step, requests, errors) = (false, 0, 0, 0);
        Rollout {
            from,
            to,
            permille,
            paused,
            why,
            by,
            started: tick,
            step,
            by_pods: false,
            since: tick,
            requests,
            errors,
        }
    }

    /// One second: `requests` and `errors` are those of the services concerned.
    pub fn advance(&mut self, push: &Push, tick: u64, requests: u64, errors: u64) -> Progress {
        if self.paused {
            self.since += 1;
            return Progress::Same;
        }
        let elapsed = tick.saturating_sub(self.since);
        match push {
            Push::Global { takes } => {
                let reached = if elapsed >= takes.0 { WHOLE } else { WHOLE * elapsed / takes.0.max(1) };
                self.reach(reached)
            }
            Push::Staged { steps, gate } => {
                self.requests += requests;
                self.errors += errors;
                if let Some(gate) = gate
                    && self.requests >= GATE_REQUESTS
                {
                    let share = self.errors as f64 / self.requests as f64;
                    if share > gate.to_f64() {
                        self.paused = true;
                        self.why = format!("{:.1} % errors, gate {:.1} %", share * 100.0, gate.to_f64() * 100.0);
                        return Progress::Stopped;
                    }
                }
                let Some(now) = steps.get(self.step) else { return self.reach(WHOLE) };
                if elapsed < now.wait.0 {
                    return Progress::Same;
                }
                self.next_step(steps, tick)
            }
        }
    }

    fn next_step(&mut self, steps: &[Step], tick: u64) -> Progress {
        self.step += 1;
        self.since = tick;
        (self.requests, self.errors) = (0, 0);
        self.reach(steps.get(self.step).map_or(WHOLE, |s| (s.percent * 10).min(WHOLE)))
    }

    /// Goes to the next step without waiting for the rest of this one.
    pub fn promote(&mut self, push: &Push, tick: u64) -> Progress {
        self.resume();
        match push {
            Push::Global { .. } => self.reach(WHOLE),
            Push::Staged { steps, .. } => self.next_step(steps, tick),
        }
    }

    /// Goes on after a pause; what a gate saw is forgotten.
    pub fn resume(&mut self) {
        self.paused = false;
        self.why.clear();
        (self.requests, self.errors) = (0, 0);
    }

    /// Is as far as the platform has come.
    pub fn follow(&mut self, permille: u64, done: bool) -> Progress {
        let before = std::mem::replace(&mut self.permille, permille.min(WHOLE));
        match done {
            true => Progress::Done,
            false if before != self.permille => Progress::Further,
            false => Progress::Same,
        }
    }

    fn reach(&mut self, permille: u64) -> Progress {
        let before = self.permille;
        self.permille = permille.max(before);
        match self.permille {
            WHOLE => Progress::Done,
            now if now > before => Progress::Further,
            _ => Progress::Same,
        }
    }

    /// Of `n` replicas, how many run the new version: at least one as soon as it has begun.
    pub fn replicas(&self, n: usize) -> usize {
        let whole = usize::try_from(self.permille).unwrap_or(0) * n / 1_000;
        if self.permille > 0 { whole.max(1).min(n) } else { 0 }
    }

    /// Seconds until it is everywhere if nothing stops it.
    pub fn seconds_left(&self, push: &Push, tick: u64) -> u64 {
        let elapsed = tick.saturating_sub(self.since);
        match push {
            Push::Global { takes } => takes.0.saturating_sub(elapsed),
            Push::Staged { steps, .. } => {
                let rest = steps.iter().skip(self.step).map(|s| s.wait.0).sum::<u64>();
                rest.saturating_sub(elapsed)
            }
        }
    }
}

/// Seconds that a push takes in all.
pub fn duration(push: &Push) -> u64 {
    match push {
        Push::Global { takes } => takes.0,
        Push::Staged { steps, .. } => steps.iter().map(|s| s.wait.0).sum(),
    }
}
