//! Edge configuration: rules, pushes that reach the edge in steps, a history, and changes that the history does not know.

use crate::scenario::RuleKind;
use crate::stdx::time::Utc;
use serde::Serialize;

/// A rule as the edge has it, or as its history says that it has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleState {
    /// Whether it is on.
    pub on: bool,
    /// What it does.
    pub kind: RuleKind,
    /// Share of real users' requests on its path that it matches.
    pub share: f64,
    /// Requests a second that a limit lets pass.
    pub limit: Option<f64>,
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EdgeChange {
    /// When.
    pub at: Utc,
    /// Who.
    pub by: String,
    /// Position of the rule.
    pub rule: usize,
    /// What it is from then on.
    pub to: RuleState,
}

/// A push on its way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Push {
    /// Position of the rule.
    pub rule: usize,
    /// What it was.
    pub from: RuleState,
    /// Share of the edge that has the new one.
    pub reached: f64,
    /// Time of the next step, seconds of simulated UTC.
    pub next: u64,
}

/// An edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EdgeState {
    /// What is live (after the pushes under way).
    pub live: Vec<RuleState>,
    /// What the history says.
    pub declared: Vec<RuleState>,
    /// When and by whom each rule was last changed, drift included.
    pub touched: Vec<(Utc, String)>,
    /// The history, oldest first.
    pub history: Vec<EdgeChange>,
    /// Pushes on their way.
    pub pushes: Vec<Push>,
    /// Time of the last purge, seconds of simulated UTC.
    pub purged: Option<u64>,
    /// Requests a second that each rule turned away in the last tick.
    pub turned: Vec<f64>,
}

/// What a rule does to real users' requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// Share answered with 403.
    pub blocked: f64,
    /// Share answered with 429.
    pub limited: f64,
    /// Share sent elsewhere.
    pub redirected: f64,
}

impl Verdict {
    /// Share that does not reach the service.
    pub fn turned(&self) -> f64 {
        1.0 - (1.0 - self.blocked) * (1.0 - self.limited) * (1.0 - self.redirected)
    }
}

impl RuleState {
    /// What it does to `rate` requests a second.
    pub(crate) fn verdict(&self, rate: f64) -> Verdict {
        let mut v = Verdict::default();
        if !self.on {
            return v;
        }
        match &self.kind {
            RuleKind::Block => v.blocked = self.share,
            RuleKind::Redirect(_) => v.redirected = self.share,
            RuleKind::Limit(_) => {
                let limit = self.limit.unwrap_or(f64::INFINITY);
                v.limited = if rate > limit { 1.0 - limit / rate } else { 0.0 };
            }
            RuleKind::Allow => {}
        }
        v
    }

    /// In a few words, as the history shows it.
    pub fn words(&self) -> String {
        let what = match &self.kind {
            RuleKind::Block => "block".to_owned(),
            RuleKind::Allow => "allow".to_owned(),
            RuleKind::Redirect(to) => format!("redirect to {to}"),
            RuleKind::Limit(_) => format!("limit {}/s", self.limit.unwrap_or(0.0)),
        };
        format!("{} {what}", if self.on { "on" } else { "off" })
    }
}

impl EdgeState {
    /// What rule `i` does to `rate` requests a second, pushes under way weighed in.
    pub(crate) fn verdict(&self, i: usize, rate: f64) -> Verdict {
        let Some(now) = self.live.get(i) else { return Verdict::default() };
        let new = now.verdict(rate);
        let Some(p) = self.pushes.iter().find(|p| p.rule == i) else { return new };
        let old = p.from.verdict(rate);
        let mix = |a: f64, b: f64| a * (1.0 - p.reached) + b * p.reached;
        Verdict {
            blocked: mix(old.blocked, new.blocked),
            limited: mix(old.limited, new.limited),
            redirected: mix(old.redirected, new.redirected),
        }
    }

    /// Changes a rule; it reaches `stage` of the edge at once and the rest in steps.
    pub(crate) fn push(&mut self, rule: usize, to: RuleState, stage: f64, every: u64, now: u64) {
        let Some(slot) = self.live.get_mut(rule) else { return };
        let from = std::mem::replace(slot, to);
        self.pushes.retain(|p| p.rule != rule);
        if stage < 1.0 {
            self.pushes.push(Push { rule, from, reached: stage, next: now + every.max(1) });
        }
    }

    /// Positions of rules whose live form is not the one that the history has.
    pub fn drifted(&self) -> Vec<usize> {
        let differs = |i: &usize| self.live.get(*i) != self.declared.get(*i);
        (0..self.live.len()).filter(differs).collect()
    }
}
