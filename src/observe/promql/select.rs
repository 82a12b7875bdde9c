//! Selectors and windows: what the store has, at every step.

use super::eval::{Eval, NOTHING, Out, Row, Steps, is_some};
use super::node::{At, Node, Selector, Shift};
use super::over::Window;
use super::{LOOKBACK_MS, QueryError};
use crate::observe::series::{Labels, SeriesId, is_stale};

/// A label set with its samples by time.
pub(super) type Samples = (Labels, Vec<(i64, f64)>);

/// What the windows of one series see, and whether its name is to go.
struct Span {
    labels: Labels,
    drop_name: bool,
    samples: Vec<(i64, f64)>,
}

/// The time at which a shifted selector looks, for every step: always the same, or a step's plus a distance.
#[derive(Clone, Copy)]
enum Look {
    Pinned(i64),
    Moved(i64),
}

impl Look {
    fn at(self, step_ms: i64) -> i64 {
        match self {
            Look::Pinned(t) => t,
            Look::Moved(by_ms) => step_ms.saturating_add(by_ms),
        }
    }
}

impl Eval<'_> {
    fn look(&self, shift: Shift) -> Look {
        let back = |t: i64| t.saturating_sub(shift.offset_ms);
        match shift.at {
            None => Look::Moved(back(0)),
            Some(At::Time(t)) => Look::Pinned(back(t)),
            Some(At::Start) => Look::Pinned(back(self.start_ms)),
            Some(At::End) => Look::Pinned(back(self.end_ms)),
        }
    }

    fn found(&self, selector: &Selector) -> Vec<SeriesId> {
        match selector.any_of.as_slice() {
            [one] => self.store.select(one),
            several => {
                let mut ids: Vec<SeriesId> = several.iter().flat_map(|m| self.store.select(m)).collect();
                ids.sort_by(|a, b| self.store.labels(*a).cmp(self.store.labels(*b)));
                ids.dedup();
                ids
            }
        }
    }

    /// An instant selector: at every step the last sample of the lookback, unless a series has ended.
    pub(super) fn select(
        &self,
        selector: &Selector,
        steps: &Steps,
        pick: impl Fn((i64, f64)) -> f64,
    ) -> Result<Out, QueryError> {
        let look = self.look(selector.shift);
        let mut rows = Vec::new();
        let mut samples: Vec<(i64, f64)> = Vec::new();
        for id in self.found(selector) {
            let mut values = Vec::new();
            if let (Look::Pinned(_), _) | (_, 1) = (look, steps.len) {
                let t = look.at(steps.start_ms);
                let latest = self.store.latest(id, t.saturating_sub(LOOKBACK_MS), t);
                if let Some(sample) = latest.filter(|(_, v)| !is_stale(*v)) {
                    values = vec![pick(sample); steps.len];
                }
            } else {
                let first = look.at(steps.start_ms).saturating_sub(LOOKBACK_MS);
                samples.clear();
                samples.extend(self.store.samples(id, first, look.at(steps.last())));
                self.charge(samples.len())?;
                if !samples.is_empty() {
                    values = sampled(&samples, look, steps, &pick);
                }
            }
            if values.iter().any(|v| is_some(*v)) {
                self.charge(values.len())?;
                rows.push(Row { labels: self.store.labels(id).clone(), drop_name: false, values });
            }
        }
        Ok(Out::Vector(rows))
    }

    /// Applies a function to the window of every series at every step.
    ///
    /// `parameters` are further arguments, a value a step each. `keep_name` says whether the metric's name stays.
    pub(super) fn over(
        &self,
        arg: Option<&Node>,
        steps: &Steps,
        parameters: &[Vec<f64>],
        keep_name: bool,
        f: impl Fn(&Window) -> Option<f64>,
    ) -> Result<Vec<Row>, QueryError> {
        let (shift, range_ms) = shape(arg)?;
        let look = self.look(shift);
        let mut rows = Vec::new();
        for Span { labels, drop_name, samples } in self.spans(arg, look, range_ms, steps)? {
            let values = self.slide(&samples, look, range_ms, steps, parameters, &f)?;
            if values.iter().any(|v| is_some(*v)) {
                self.charge(values.len())?;
                rows.push(Row { labels, drop_name: drop_name || !keep_name, values });
            }
        }
        Ok(rows)
    }

    /// The samples of a range vector at one step, as they are.
    pub(super) fn raw(&self, node: &Node, steps: &Steps) -> Result<Vec<Samples>, QueryError> {
        let (shift, range_ms) = shape(Some(node))?;
        let spans = self.spans(Some(node), self.look(shift), range_ms, steps)?;
        let name = |labels: Labels, drop: bool| if drop { labels.bare() } else { labels };
        Ok(spans.into_iter().map(|s| (name(s.labels, s.drop_name), s.samples)).collect())
    }

    /// All samples that some window of a range vector sees, by series; no series without any.
    fn spans(&self, arg: Option<&Node>, look: Look, range_ms: i64, steps: &Steps) -> Result<Vec<Span>, QueryError> {
        let (after, upto) = (look.at(steps.start_ms).saturating_sub(range_ms), look.at(steps.last()));
        let mut spans = Vec::new();
        match arg {
            Some(Node::Range { selector, .. }) => {
                for id in self.found(selector) {
                    let samples: Vec<(i64, f64)> =
                        self.store.samples(id, after, upto).filter(|(_, v)| !is_stale(*v)).collect();
                    self.charge(samples.len())?;
                    if !samples.is_empty() {
                        spans.push(Span { labels: self.store.labels(id).clone(), drop_name: false, samples });
                    }
                }
            }
            Some(Node::Subquery { inner, step_ms, .. }) => {
                // The steps of a subquery are multiples of its resolution, whatever the query's own steps are.
                let start_ms = after.div_euclid(*step_ms).saturating_add(1).saturating_mul(*step_ms);
                let span_ms = upto.saturating_sub(start_ms);
                if span_ms < 0 {
                    return Ok(spans);
                }
                let len = usize::try_from(span_ms / step_ms).unwrap_or(usize::MAX).saturating_add(1);
                self.charge(len)?;
                let inner_steps = Steps { start_ms, step_ms: *step_ms, len };
                for row in self.vector(Some(inner), &inner_steps)? {
                    let samples = inner_steps.times().zip(row.values).filter(|(_, v)| is_some(*v)).collect();
                    spans.push(Span { labels: row.labels, drop_name: row.drop_name, samples });
                }
            }
            _ => return Err(QueryError::new("expected type range vector")),
        }
        Ok(spans)
    }

    /// Moves a window over samples: both its ends only ever move on, so each sample enters and leaves once.
    fn slide(
        &self,
        samples: &[(i64, f64)],
        look: Look,
        range_ms: i64,
        steps: &Steps,
        parameters: &[Vec<f64>],
        f: impl Fn(&Window) -> Option<f64>,
    ) -> Result<Vec<f64>, QueryError> {
        let (mut low, mut high) = (0, 0);
        let mut values = Vec::with_capacity(steps.len);
        for (step, t) in steps.times().enumerate() {
            let end_ms = look.at(t);
            let start_ms = end_ms.saturating_sub(range_ms);
            while samples.get(high).is_some_and(|(t, _)| *t <= end_ms) {
                high += 1;
            }
            while low < high && samples.get(low).is_some_and(|(t, _)| *t <= start_ms) {
                low += 1;
            }
            let inside = samples.get(low..high).unwrap_or_default();
            self.charge_window(inside.len())?;
            let parameter = |n: usize| parameters.get(n).and_then(|p| p.get(step)).copied().unwrap_or(f64::NAN);
            let window =
                Window { samples: inside, start_ms, end_ms, step_ms: t, parameters: [parameter(0), parameter(1)] };
            let value = if inside.is_empty() { None } else { f(&window) };
            values.push(value.unwrap_or(NOTHING));
        }
        Ok(values)
    }
}

/// Shift and length of a range vector.
fn shape(node: Option<&Node>) -> Result<(Shift, i64), QueryError> {
    match node {
        Some(Node::Range { selector, range_ms }) => Ok((selector.shift, *range_ms)),
        Some(Node::Subquery { shift, range_ms, .. }) => Ok((*shift, *range_ms)),
        _ => Err(QueryError::new("expected type range vector")),
    }
}

/// The last sample of the lookback at every step.
fn sampled(samples: &[(i64, f64)], look: Look, steps: &Steps, pick: impl Fn((i64, f64)) -> f64) -> Vec<f64> {
    let mut next = 0;
    let mut value_at = |t: i64| {
        while samples.get(next).is_some_and(|(sample_t, _)| *sample_t <= t) {
            next += 1;
        }
        let last = samples.get(next.checked_sub(1)?)?;
        let fresh = last.0 > t.saturating_sub(LOOKBACK_MS) && !is_stale(last.1);
        fresh.then(|| pick(*last))
    };
    steps.times().map(|t| value_at(look.at(t)).unwrap_or(NOTHING)).collect()
}
