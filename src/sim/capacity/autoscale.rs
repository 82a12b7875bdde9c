//! An autoscaler: it sees one number a replica, and nothing else of the world.

use super::CapacityState;
use super::Seen;
use super::plan::CapacityPlan;
use crate::scenario::{AutoscaleSpec, ScaleInSpec, ScaleMetric};
use serde::Serialize;
use std::collections::VecDeque;

/// The metric may be off by this share of the target before anything is done.
const TOLERANCE: f64 = 0.1;

/// What an autoscaler has in mind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scaler {
    /// Fewest and most replicas.
    pub min: u64,
    /// Most replicas.
    pub max: u64,
    /// Whether somebody stopped it.
    pub paused: bool,
    /// What it read last, in the unit of its target; `None` if it could not read.
    pub read: Option<f64>,
    /// What it wanted in the last while: tick and replicas.
    wanted: VecDeque<(u64, u64)>,
    /// When it last changed the number, where it then takes none away for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<u64>,
    /// Sum of the metric over all replicas since the last decision: sum and seconds.
    sum: f64,
    seconds: u64,
}

/// A row of `kubectl get hpa`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScalerRow {
    /// Service.
    pub service: String,
    /// `cpu`, `requests` or `queue`.
    pub metric: &'static str,
    /// What it read last.
    pub read: Option<f64>,
    /// What it wants to read.
    pub target: u64,
    /// Fewest replicas.
    pub min: u64,
    /// Most replicas.
    pub max: u64,
    /// Replicas that it has asked for.
    pub replicas: u64,
    /// Whether somebody stopped it.
    pub paused: bool,
    /// Seconds between two decisions.
    pub every_s: u64,
    /// Seconds that it waits before it scales in.
    pub settle_s: u64,
    /// How it takes replicas away.
    pub scale_in: ScaleInSpec,
}

impl Scaler {
    /// With these bounds.
    pub fn new(min: u64, max: u64) -> Scaler {
        Scaler { min, max, ..Scaler::default() }
    }

    /// Moves its memory of times to a clock that starts again at `past`.
    pub(super) fn rebase(&mut self, past: u64) {
        for w in &mut self.wanted {
            w.0 = w.0.saturating_sub(past);
        }
        self.changed = self.changed.map(|t| t.saturating_sub(past));
    }

    /// Adds a second's value; if it is time to decide, how many replicas there should be.
    /// desired = ceil(current × metric / target), no more than twice as many or four more at once, and not fewer than
    /// it wanted at any time in the last `settle` seconds.
    fn decide(&mut self, tick: u64, value: Option<f64>, spec: &AutoscaleSpec, now: u64) -> Option<u64> {
        let (target, every, settle) = (spec.target as f64, spec.every.0.max(1), spec.settle.0);
        if let Some(v) = value {
            self.sum += v;
            self.seconds += 1;
        }
        if !tick.is_multiple_of(every) {
            return None;
        }
        let total = if self.seconds > 0 && value.is_some() { Some(self.sum / self.seconds as f64) } else { None };
        (self.sum, self.seconds) = (0.0, 0);
        // Those that start already count: or it would ask for the same ones again and again.
        self.read = total.map(|t| t / now.max(1) as f64);
        if self.paused {
            return None;
        }
        let ratio = if target > 0.0 { self.read? / target } else { 1.0 };
        let want = if (ratio - 1.0).abs() <= TOLERANCE { now } else { libm::ceil(now as f64 * ratio - 1e-9) as u64 };
        let want = want.min((now * 2).max(now + 4)).clamp(self.min, self.max.max(self.min));
        self.wanted.push_back((tick, want));
        self.wanted.retain(|(t, _)| t + settle >= tick);
        let highest = self.wanted.iter().map(|(_, w)| *w).max().unwrap_or(want);
        let to = if want < now { self.fewer(tick, highest.min(now), now, &spec.scale_in) } else { want };
        if to != now && spec.scale_in.cooldown.0 > 0 {
            self.changed = Some(tick);
        }
        (to != now).then_some(to)
    }
}

impl Scaler {
    /// How many there are to be where fewer are enough, as far as its policy lets it go.
    fn fewer(&self, tick: u64, to: u64, now: u64, policy: &ScaleInSpec) -> u64 {
        let rests = self.changed.is_some_and(|t| tick.saturating_sub(t) < policy.cooldown.0);
        let least = policy.most.map_or(0, |most| now.saturating_sub(most));
        if rests { now } else { to.max(least) }
    }
}

impl CapacityState {
    /// What an autoscaler of a service would read if nothing were wrong with the metric, in the unit of its
    /// target, summed over all replicas.
    pub(super) fn scale_metric(&self, plan: &CapacityPlan, at: usize, seen: &[Seen]) -> Option<f64> {
        let s = plan.services.get(at)?;
        let group = s.managed.as_ref()?;
        let g = self.groups.get(at)?.as_ref()?;
        let now = seen.get(at).copied().unwrap_or_default();
        Some(match &group.autoscale.as_ref()?.metric {
            ScaleMetric::Cpu => self.pod_cores(plan, at) * g.ready() as f64 / group.cpu.max(0.001) * 100.0,
            ScaleMetric::Requests => now.requests as f64,
            ScaleMetric::Queue(_) => now.backlog as f64,
        })
    }

    pub(super) fn autoscale(&mut self, plan: &CapacityPlan, at: usize, seen: &[Seen]) {
        let Some(s) = plan.services.get(at) else { return };
        let Some(spec) = s.managed.as_ref().and_then(|g| g.autoscale.as_ref()) else { return };
        let value = self.scale_metric(plan, at, seen).zip(self.reads(&s.name)).map(|(v, factor)| v * factor);
        let tick = self.tick;
        let Some(Some(g)) = self.groups.get_mut(at) else { return };
        let now = g.desired;
        let Some(scaler) = &mut g.scaler else { return };
        if let Some(to) = scaler.decide(tick, value, spec, now) {
            g.desired = to;
            let side = if to > now { "above" } else { "below" };
            let what = match spec.metric {
                ScaleMetric::Cpu => "cpu resource utilization (percentage of request)",
                ScaleMetric::Requests => "pods metric requests_per_second",
                ScaleMetric::Queue(_) => "external metric queue_items_ready(nil)",
            };
            g.events.note(tick, super::Reason::Rescaled, 0, (0, to), &format!("{what} {side} target"));
        }
    }

    /// The autoscaler of a service.
    pub fn scaler(&self, plan: &CapacityPlan, service: &str) -> Option<ScalerRow> {
        let at = plan.service(service)?;
        let spec = plan.services.get(at)?.managed.as_ref()?.autoscale.as_ref()?;
        let g = self.groups.get(at)?.as_ref()?;
        let scaler = g.scaler.as_ref()?;
        Some(ScalerRow {
            service: service.to_owned(),
            metric: match spec.metric {
                ScaleMetric::Cpu => "cpu",
                ScaleMetric::Requests => "requests",
                ScaleMetric::Queue(_) => "queue",
            },
            read: scaler.read,
            target: spec.target,
            min: scaler.min,
            max: scaler.max,
            replicas: g.desired,
            paused: scaler.paused,
            every_s: spec.every.0,
            settle_s: spec.settle.0,
            scale_in: spec.scale_in,
        })
    }
}
