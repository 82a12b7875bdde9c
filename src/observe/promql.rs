//! PromQL over a [`SeriesStore`]: parse once, evaluate often, at an instant or over a range.
//!
//! The grammar is that of the crate `promql-parser`; everything after parsing is ours and follows Prometheus 3.x:
//! ranges and the lookback are open on the left, a metric's name is removed from a result at the very end, and sums
//! are compensated. An evaluation is a pure function of the store and the times; nothing reads a clock.
//!
//! A query is evaluated for all steps of a range at once: every selector finds its series once, and windows slide over
//! the samples. Values of an instant vector that are missing at a step hold the staleness marker.

mod aggregate;
mod binary;
mod calendar;
mod call;
mod compile;
mod eval;
mod fold;
mod histogram;
mod label;
mod node;
mod note;
mod order;
mod over;
mod scan;
mod select;

pub use note::Notes;

use crate::observe::series::{Labels, SeriesStore};
use eval::Eval;
use node::Node;
use std::fmt;

/// How far back an instant selector looks for a sample, in milliseconds (Prometheus's default).
pub const LOOKBACK_MS: i64 = 300_000;

/// The resolution of a subquery that names none, in milliseconds (Prometheus's default evaluation interval).
pub const SUBQUERY_STEP_MS: i64 = 60_000;

/// Most steps of a range query, as Prometheus's server has it.
pub const STEPS_MAX: i64 = 11_000;

/// A parsed query.
#[derive(Clone, Debug)]
pub struct Query {
    node: Node,
}

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What is wrong, in Prometheus's words where it has some.
    pub message: String,
    /// Where in the text, in bytes from its start, if known.
    pub at: Option<usize>,
}

impl QueryError {
    pub(crate) fn new(message: impl Into<String>) -> QueryError {
        QueryError { message: message.into(), at: None }
    }

    pub(crate) fn at(at: usize, message: impl Into<String>) -> QueryError {
        QueryError { message: message.into(), at: Some(at) }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{} (at {at})", self.message),
            None => write!(f, "{}", self.message),
        }
    }
}

impl std::error::Error for QueryError {}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// A text.
    String(String),
    /// Label sets with the time (milliseconds) and the value, in the query's order.
    Vector(Vec<(Labels, i64, f64)>),
    /// Label sets with samples by time (milliseconds), ordered by labels.
    Matrix(Vec<(Labels, Vec<(i64, f64)>)>),
}

/// Parses a query. The error names the place where it is known.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    Ok(Query { node: compile::compile(text)? })
}

impl Query {
    /// Whether any selector of the query finds a series that has a value at this time, whatever the query asks of it.
    pub fn has_data(&self, store: &SeriesStore, t_ms: i64) -> bool {
        self.node.selectors().iter().any(|s| s.is_alive(store, t_ms))
    }

    /// The answer at one time, in milliseconds.
    ///
    /// A range vector gives a matrix with the samples as they are. The error says what the query asks that cannot be
    /// answered: ambiguous matching, two results with the same labels, too many samples.
    pub fn instant(&self, store: &SeriesStore, t_ms: i64) -> Result<Value, QueryError> {
        self.instant_noted(store, t_ms).map(|(value, _)| value)
    }

    /// [`Query::instant`], with what Prometheus says beside the answer.
    ///
    /// # Errors
    /// As [`Query::instant`].
    pub fn instant_noted(&self, store: &SeriesStore, t_ms: i64) -> Result<(Value, Notes), QueryError> {
        let eval = Eval::new(store, t_ms, t_ms, 0);
        let value = eval.instant(&self.node)?;
        Ok((value, eval.notes.into_inner()))
    }

    /// The answer at every `step_ms` from `start_ms` to `end_ms` (inclusive), as a matrix; a scalar gives one series
    /// without labels. Errors as [`Query::instant`], and for strings, range vectors and impossible times.
    pub fn range(&self, store: &SeriesStore, start_ms: i64, end_ms: i64, step_ms: i64) -> Result<Value, QueryError> {
        self.range_noted(store, start_ms, end_ms, step_ms).map(|(value, _)| value)
    }

    /// [`Query::range`], with what Prometheus says beside the answer.
    ///
    /// # Errors
    /// As [`Query::range`].
    pub fn range_noted(
        &self,
        store: &SeriesStore,
        start_ms: i64,
        end_ms: i64,
        step_ms: i64,
    ) -> Result<(Value, Notes), QueryError> {
        if step_ms <= 0 {
            return Err(QueryError::new("zero or negative query resolution step widths are not accepted"));
        }
        let span_ms = end_ms.checked_sub(start_ms).filter(|s| *s >= 0);
        let Some(span_ms) = span_ms else {
            return Err(QueryError::new("end timestamp must not be before start time"));
        };
        if span_ms / step_ms >= STEPS_MAX {
            return Err(QueryError::new(format!(
                "exceeded maximum resolution of {STEPS_MAX} points per timeseries; use a longer step"
            )));
        }
        let eval = Eval::new(store, start_ms, end_ms, step_ms);
        let value = eval.range(&self.node)?;
        Ok((value, eval.notes.into_inner()))
    }
}
