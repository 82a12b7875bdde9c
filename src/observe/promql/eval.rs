//! One evaluation: steps, rows of values over them, limits, and what becomes of a result at the end.

use super::node::{Kind, Node};
use super::note::Notes;
use super::{QueryError, Value};
use crate::observe::series::{Labels, STALE, SeriesStore, is_stale};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Most values that one query may hold or read: some 160 MB.
const VALUES_MAX: u64 = 20_000_000;
/// Most samples that all windows of one query may see, each as often as a window holds it.
const WINDOWED_MAX: u64 = 500_000_000;

/// No value at this step.
pub(super) const NOTHING: f64 = STALE;

/// Whether there is a value.
pub(super) fn is_some(value: f64) -> bool {
    !is_stale(value)
}

/// Evenly spaced times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    pub(super) start_ms: i64,
    pub(super) step_ms: i64,
    pub(super) len: usize,
}

impl Steps {
    /// The time of a step; times that leave the number range stick to its end.
    pub(super) fn at(&self, step: usize) -> i64 {
        let steps = i64::try_from(step).unwrap_or(i64::MAX);
        self.start_ms.saturating_add(self.step_ms.saturating_mul(steps))
    }

    pub(super) fn last(&self) -> i64 {
        self.at(self.len.saturating_sub(1))
    }

    pub(super) fn times(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len).map(|step| self.at(step))
    }
}

/// One series of an instant vector over all steps.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) labels: Labels,
    /// The metric's name goes from the final result; until then grouping and `label_replace` still see it.
    pub(super) drop_name: bool,
    /// A value a step, [`NOTHING`] where there is none.
    pub(super) values: Vec<f64>,
}

/// What an expression gives.
pub(super) enum Out {
    Scalar(Vec<f64>),
    Text(String),
    Vector(Vec<Row>),
}

/// The query's store, times and what is left of its limits.
pub(super) struct Eval<'a> {
    pub(super) store: &'a SeriesStore,
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    pub(super) step_ms: i64,
    /// What is said beside the answer.
    pub(super) notes: RefCell<Notes>,
    values_left: Cell<u64>,
    windowed_left: Cell<u64>,
}

impl<'a> Eval<'a> {
    pub(super) fn new(store: &'a SeriesStore, start_ms: i64, end_ms: i64, step_ms: i64) -> Eval<'a> {
        let (values_left, windowed_left) = (Cell::new(VALUES_MAX), Cell::new(WINDOWED_MAX));
        Eval { store, start_ms, end_ms, step_ms, notes: RefCell::default(), values_left, windowed_left }
    }

    /// Notes something beside the answer.
    pub(super) fn note(&self, note: impl FnOnce(&mut Notes)) {
        note(&mut self.notes.borrow_mut());
    }

    /// Takes so many values from the query's allowance.
    pub(super) fn charge(&self, values: usize) -> Result<(), QueryError> {
        take(&self.values_left, values)
    }

    /// Takes so many samples from what the query's windows may see.
    pub(super) fn charge_window(&self, samples: usize) -> Result<(), QueryError> {
        take(&self.windowed_left, samples)
    }

    pub(super) fn instant(&self, node: &Node) -> Result<Value, QueryError> {
        let steps = Steps { start_ms: self.start_ms, step_ms: 0, len: 1 };
        if node.kind() == Kind::Range {
            let mut series = self.raw(node, &steps)?;
            series.sort_by(|a, b| a.0.cmp(&b.0));
            return Ok(Value::Matrix(series));
        }
        match self.eval(node, &steps)? {
            Out::Scalar(values) => Ok(Value::Scalar(values.first().copied().unwrap_or(f64::NAN))),
            Out::Text(text) => Ok(Value::String(text)),
            Out::Vector(rows) => {
                let some = |row: Row| row.values.first().copied().filter(|v| is_some(*v)).map(|v| (row.labels, v));
                let rows = finished(rows)?.into_iter().filter_map(some);
                Ok(Value::Vector(rows.map(|(labels, v)| (labels, self.start_ms, v)).collect()))
            }
        }
    }

    pub(super) fn range(&self, node: &Node) -> Result<Value, QueryError> {
        let kind = node.kind();
        if matches!(kind, Kind::Text | Kind::Range) {
            let name = kind.name();
            return Err(QueryError::new(format!(
                "invalid expression type {name:?} for range query, must be Scalar or instant Vector"
            )));
        }
        let span_ms = self.end_ms.saturating_sub(self.start_ms);
        let len = usize::try_from(span_ms / self.step_ms.max(1)).unwrap_or(0) + 1;
        let steps = Steps { start_ms: self.start_ms, step_ms: self.step_ms, len };
        let rows = match self.eval(node, &steps)? {
            Out::Scalar(values) => vec![Row { labels: Labels::default(), drop_name: false, values }],
            Out::Vector(rows) => finished(rows)?,
            Out::Text(_) => return Err(QueryError::new("a string has no range")),
        };
        let mut series: Vec<(Labels, Vec<(i64, f64)>)> = rows
            .into_iter()
            .map(|row| (row.labels, steps.times().zip(row.values).filter(|(_, v)| is_some(*v)).collect()))
            .filter(|(_, samples): &(Labels, Vec<(i64, f64)>)| !samples.is_empty())
            .collect();
        series.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Value::Matrix(series))
    }

    /// The value of an expression at every step.
    pub(super) fn eval(&self, node: &Node, steps: &Steps) -> Result<Out, QueryError> {
        match node {
            Node::Number(value) => {
                self.charge(steps.len)?;
                Ok(Out::Scalar(vec![*value; steps.len]))
            }
            Node::Text(text) => Ok(Out::Text(text.clone())),
            Node::Select(selector) => self.select(selector, steps, |(_, value)| value),
            Node::Times(selector) => {
                let Out::Vector(mut rows) = self.select(selector, steps, |(t_ms, _)| seconds(t_ms))? else {
                    return Ok(Out::Vector(Vec::new()));
                };
                rows.iter_mut().for_each(|row| row.drop_name = true);
                Ok(Out::Vector(rows))
            }
            Node::Range { .. } | Node::Subquery { .. } => Err(QueryError::new("unexpected range vector")),
            Node::Negate(inner) => self.negate(inner, steps),
            Node::Binary { op, left, right, matching } => self.binary(*op, left, right, matching, steps),
            Node::Aggregate { op, grouping, parameter, inner } => {
                self.aggregate(*op, grouping, parameter.as_deref(), inner, steps)
            }
            Node::Call { func, args } => self.call(func, args, steps),
        }
    }

    fn negate(&self, inner: &Node, steps: &Steps) -> Result<Out, QueryError> {
        let negated = |v: &mut f64| {
            if is_some(*v) {
                *v = -*v;
            }
        };
        match self.eval(inner, steps)? {
            Out::Scalar(mut values) => {
                values.iter_mut().for_each(negated);
                Ok(Out::Scalar(values))
            }
            Out::Vector(mut rows) => {
                for row in &mut rows {
                    row.drop_name = true;
                    row.values.iter_mut().for_each(negated);
                }
                Ok(Out::Vector(rows))
            }
            Out::Text(_) => Err(QueryError::new("a string has no negative")),
        }
    }

    /// An argument that has to be an instant vector.
    pub(super) fn vector(&self, node: Option<&Node>, steps: &Steps) -> Result<Vec<Row>, QueryError> {
        match self.argument(node, steps)? {
            Out::Vector(rows) => Ok(rows),
            Out::Scalar(_) | Out::Text(_) => Err(QueryError::new("expected type instant vector")),
        }
    }

    /// An argument that has to be a scalar.
    pub(super) fn scalar(&self, node: Option<&Node>, steps: &Steps) -> Result<Vec<f64>, QueryError> {
        match self.argument(node, steps)? {
            Out::Scalar(values) => Ok(values),
            Out::Vector(_) | Out::Text(_) => Err(QueryError::new("expected type scalar")),
        }
    }

    fn argument(&self, node: Option<&Node>, steps: &Steps) -> Result<Out, QueryError> {
        self.eval(node.ok_or_else(|| QueryError::new("missing argument"))?, steps)
    }
}

fn take(left: &Cell<u64>, amount: usize) -> Result<(), QueryError> {
    match left.get().checked_sub(amount as u64) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => Err(QueryError::new("query processing would load too many samples into memory in query execution")),
    }
}

/// An argument that has to be a text in the query itself.
pub(super) fn text(node: Option<&Node>) -> Result<&str, QueryError> {
    match node {
        Some(Node::Text(text)) => Ok(text),
        _ => Err(QueryError::new("expected type string")),
    }
}

/// Milliseconds as PromQL shows them.
pub(super) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Makes one row of those with the same labels; two of them with a value at one step are an error.
pub(super) fn merged(rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    if rows.len() < 2 {
        return Ok(rows);
    }
    let mut of: BTreeMap<Labels, usize> = BTreeMap::new();
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match of.get(&row.labels).and_then(|n| out.get_mut(*n)) {
            None => {
                of.insert(row.labels.clone(), out.len());
                out.push(row);
            }
            Some(first) => {
                for (to, from) in first.values.iter_mut().zip(row.values) {
                    if is_some(from) {
                        if is_some(*to) {
                            return Err(QueryError::new("vector cannot contain metrics with the same labelset"));
                        }
                        *to = from;
                    }
                }
                first.drop_name &= row.drop_name;
            }
        }
    }
    Ok(out)
}

/// The final result: what describes a metric is gone where operators and functions take it away, and every label set is there once.
fn finished(mut rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    for row in &mut rows {
        if row.drop_name {
            row.labels = row.labels.bare();
            row.drop_name = false;
        }
    }
    merged(rows)
}
