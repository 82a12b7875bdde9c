//! The query box: a component's panels, answers over a range, and ways to complete what is typed.

use super::Session;
use crate::observe::promql::{QueryError, Value, parse};
use crate::observe::series::Labels;
use crate::observe::{Candidate, Panel, complete, components, dashboards};

/// Every series that components show, as a page of Markdown.
pub use crate::observe::reference as metrics_reference;

/// Seconds that a look at a board or a query covers unless it says otherwise.
pub const RANGE_S: i64 = 1_800;

/// Most seconds that a look may cover: half a day.
const RANGE_MAX_S: i64 = 43_200;

/// The range and the rest of what is looked at: `1h web`, or `web` for half an hour.
pub fn ranged(subject: &str) -> (i64, &str) {
    let read = |word: &str| {
        let (digits, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return None,
        };
        digits.parse::<i64>().ok().filter(|n| *n > 0).map(|n| n.saturating_mul(unit))
    };
    let parts = subject.split_once(' ').and_then(|(first, rest)| Some((read(first)?, rest.trim_start())));
    let (range, rest) = parts.unwrap_or((RANGE_S, subject));
    (range.clamp(60, RANGE_MAX_S), rest)
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its labels, as PromQL writes them.
    pub labels: String,
    /// The labels themselves.
    pub of: Labels,
    /// Seconds from T0 and value.
    pub points: Vec<(i64, f64)>,
}

impl Session {
    /// Components that have a dashboard.
    pub fn boards(&self) -> Vec<String> {
        components(&self.scenario.world)
    }

    /// The panels of a component: RED for a service, USE for a host.
    pub fn panels(&self, component: &str) -> Vec<Panel> {
        dashboards(&self.scenario.world, component)
    }

    /// The answer to a query at every `step_s` from one time to another, seconds from T0.
    ///
    /// # Errors
    /// What is wrong with the query or the times, and where.
    pub fn explore(&self, query: &str, from_t_s: i64, to_t_s: i64, step_s: i64) -> Result<Vec<Line>, QueryError> {
        let t0 = self.scenario.t0.utc.0;
        let ms = |t_s: i64| t0.saturating_add(t_s).saturating_mul(1_000);
        let store = self.state.telemetry.store();
        // What lies ahead has not been measured.
        let to = to_t_s.min(self.offset().0);
        let answer = parse(query)?.range(store, ms(from_t_s), ms(to), step_s.saturating_mul(1_000))?;
        let Value::Matrix(rows) = answer else { return Ok(Vec::new()) };
        let line = |points: Vec<(i64, f64)>| points.into_iter().map(|(t, v)| (t.div_euclid(1_000) - t0, v)).collect();
        Ok(rows.into_iter().map(|(l, points)| Line { labels: l.to_string(), points: line(points), of: l }).collect())
    }

    /// Where the word before the cursor begins, and ways to complete it.
    pub fn complete_query(&self, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
        complete(self.state.telemetry.store(), text, cursor)
    }
}
