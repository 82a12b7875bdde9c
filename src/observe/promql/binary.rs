//! Operators between two expressions, with vector matching.

use super::QueryError;
use super::call::at;
use super::eval::{Eval, NOTHING, Out, Row, Steps, is_some, merged};
use super::node::{Many, Matching, Node, Op};
use crate::observe::series::Labels;
use std::collections::BTreeMap;

impl Eval<'_> {
    pub(super) fn binary(
        &self,
        op: Op,
        left: &Node,
        right: &Node,
        matching: &Matching,
        steps: &Steps,
    ) -> Result<Out, QueryError> {
        match (self.eval(left, steps)?, self.eval(right, steps)?) {
            (Out::Scalar(a), Out::Scalar(b)) => {
                Ok(Out::Scalar(a.iter().zip(&b).map(|(a, b)| apply(op, *a, *b).unwrap_or(NOTHING)).collect()))
            }
            (Out::Vector(rows), Out::Scalar(b)) => {
                Ok(Out::Vector(with_scalar(op, rows, matching.return_bool, |step, v| (v, at(&b, step)))))
            }
            (Out::Scalar(a), Out::Vector(rows)) => {
                Ok(Out::Vector(with_scalar(op, rows, matching.return_bool, |step, v| (at(&a, step), v))))
            }
            (Out::Vector(a), Out::Vector(b)) if op.is_set() => Ok(Out::Vector(set(op, a, b, matching, steps)?)),
            (Out::Vector(a), Out::Vector(b)) => {
                let pairing = Pairing { eval: self, op, matching, steps };
                Ok(Out::Vector(pairing.run(&a, &b)?))
            }
            _ => Err(QueryError::new("binary expression must contain only scalar and instant vector types")),
        }
    }
}

/// The result of an operator; for a comparison 1 or 0. None for set operators, which work on series.
fn apply(op: Op, a: f64, b: f64) -> Option<f64> {
    let truth = |t: bool| Some(f64::from(u8::from(t)));
    match op {
        Op::Add => Some(a + b),
        Op::Sub => Some(a - b),
        Op::Mul => Some(a * b),
        Op::Div => Some(a / b),
        Op::Mod => Some(libm::fmod(a, b)),
        Op::Pow => Some(libm::pow(a, b)),
        Op::Atan2 => Some(libm::atan2(a, b)),
        Op::Equal => truth(a == b),
        Op::NotEqual => truth(a != b),
        Op::Less => truth(a < b),
        Op::LessEqual => truth(a <= b),
        Op::Greater => truth(a > b),
        Op::GreaterEqual => truth(a >= b),
        Op::And | Op::Or | Op::Unless => None,
    }
}

/// The value that a pair gives: a result, or for a filtering comparison `kept` if it holds.
fn outcome(op: Op, return_bool: bool, a: f64, b: f64, kept: f64) -> f64 {
    match apply(op, a, b) {
        Some(truth) if op.is_comparison() && !return_bool => {
            if truth == 1.0 {
                kept
            } else {
                NOTHING
            }
        }
        Some(value) => value,
        None => NOTHING,
    }
}

/// A vector and a scalar; a filter keeps the vector's values whichever side they are on.
fn with_scalar(op: Op, mut rows: Vec<Row>, return_bool: bool, sides: impl Fn(usize, f64) -> (f64, f64)) -> Vec<Row> {
    for row in &mut rows {
        row.drop_name |= !op.is_comparison() || return_bool;
        for (step, v) in row.values.iter_mut().enumerate() {
            if is_some(*v) {
                let (a, b) = sides(step, *v);
                *v = outcome(op, return_bool, a, b, *v);
            }
        }
    }
    rows
}

/// Numbers for the groups in which rows of both sides meet.
fn group_ids(matching: &Matching, left: &[Row], right: &[Row]) -> (Vec<usize>, Vec<usize>, usize) {
    let mut ids: BTreeMap<Labels, usize> = BTreeMap::new();
    let mut number = |rows: &[Row]| -> Vec<usize> {
        rows.iter()
            .map(|row| {
                let next = ids.len();
                *ids.entry(matching.on.key(&row.labels)).or_insert(next)
            })
            .collect()
    };
    let (a, b) = (number(left), number(right));
    (a, b, ids.len())
}

/// `and`, `or` and `unless`.
fn set(op: Op, left: Vec<Row>, right: Vec<Row>, matching: &Matching, steps: &Steps) -> Result<Vec<Row>, QueryError> {
    let (left_groups, right_groups, groups) = group_ids(matching, &left, &right);
    // Whose values are taken away depends on who is there in the group on the other side.
    let (mut rows, row_groups, others, other_groups, rest) = match op {
        Op::Or => (right, right_groups, left, left_groups, true),
        _ => (left, left_groups, right, right_groups, false),
    };
    let mut there = vec![false; groups];
    for step in 0..steps.len {
        there.iter_mut().for_each(|t| *t = false);
        for (row, group) in others.iter().zip(&other_groups) {
            if let Some(t) = there.get_mut(*group).filter(|_| is_some(at(&row.values, step))) {
                *t = true;
            }
        }
        for (row, group) in rows.iter_mut().zip(&row_groups) {
            let met = there.get(*group).copied().unwrap_or(false);
            if let Some(v) = row.values.get_mut(step).filter(|_| met != (op == Op::And)) {
                *v = NOTHING;
            }
        }
    }
    if rest {
        let mut all = others;
        all.extend(rows);
        return merged_by_flag(all);
    }
    Ok(rows)
}

/// One row for the same labels from both sides, unless only one of them will lose its name.
fn merged_by_flag(rows: Vec<Row>) -> Result<Vec<Row>, QueryError> {
    let (dropping, keeping): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.drop_name);
    let mut rows = merged(keeping)?;
    rows.extend(merged(dropping)?);
    Ok(rows)
}

/// Arithmetic and comparison of two vectors.
struct Pairing<'a> {
    eval: &'a Eval<'a>,
    op: Op,
    matching: &'a Matching,
    steps: &'a Steps,
}

impl Pairing<'_> {
    /// `many` is the side of which a group may have several series; with one-to-one matching that is the left one.
    fn run(&self, left: &[Row], right: &[Row]) -> Result<Vec<Row>, QueryError> {
        let (left_groups, right_groups, groups) = group_ids(self.matching, left, right);
        let swapped = self.matching.many == Many::Right;
        let (many, many_groups, one, one_groups) =
            if swapped { (right, right_groups, left, left_groups) } else { (left, left_groups, right, right_groups) };
        // As Prometheus has it: once the sides are swapped for `group_right`, the left one is that with many.
        let (fill_many, fill_one) = self.matching.fill;
        let mut out = Rows { of_pair: BTreeMap::new(), of_labels: BTreeMap::new(), rows: Vec::new() };
        let mut one_at: Vec<Option<usize>> = vec![None; groups];
        let mut met: Vec<bool> = vec![false; groups];
        for step in 0..self.steps.len {
            let somebody = |rows: &[Row]| rows.iter().any(|r| is_some(at(&r.values, step)));
            let can_meet = (somebody(many) || fill_many.is_some()) && (somebody(one) || fill_one.is_some());
            if !can_meet {
                continue;
            }
            one_at.iter_mut().for_each(|o| *o = None);
            met.iter_mut().for_each(|m| *m = false);
            for (n, (row, group)) in one.iter().zip(&one_groups).enumerate() {
                if let Some(slot) = one_at.get_mut(*group).filter(|_| is_some(at(&row.values, step))) {
                    if let Some(first) = *slot {
                        return Err(self.duplicate(one, first, n, swapped));
                    }
                    *slot = Some(n);
                }
            }
            for (n, (row, group)) in many.iter().zip(&many_groups).enumerate() {
                let value = at(&row.values, step);
                let other = one_at.get(*group).copied().flatten();
                let other_value = match other {
                    Some(other) => one.get(other).map(|r| at(&r.values, step)),
                    None => fill_one,
                };
                let (true, Some(other_value)) = (is_some(value), other_value) else { continue };
                if let Some(met) = met.get_mut(*group) {
                    if *met && self.matching.many == Many::Neither {
                        return Err(QueryError::new(
                            "multiple matches for labels: many-to-one matching must be explicit \
                             (group_left/group_right)",
                        ));
                    }
                    *met = true;
                }
                let (a, b) = if swapped { (other_value, value) } else { (value, other_value) };
                let other_row = other.and_then(|o| one.get(o));
                self.put(&mut out, step, (Some(n), other), a, b, || self.labels(row, other_row))?;
            }
            if let Some(fill) = fill_many {
                for (n, (row, group)) in one.iter().zip(&one_groups).enumerate() {
                    let value = at(&row.values, step);
                    if is_some(value) && !met.get(*group).copied().unwrap_or(true) {
                        let (a, b) = if swapped { (value, fill) } else { (fill, value) };
                        let key = self.matching.on.key(&row.labels);
                        let stand_in = Row { labels: key, drop_name: false, values: Vec::new() };
                        self.put(&mut out, step, (None, Some(n)), a, b, || self.labels(&stand_in, Some(row)))?;
                    }
                }
            }
        }
        Ok(out.rows)
    }

    /// The labels of a result, and whether its name goes at the end.
    fn labels(&self, many: &Row, one: Option<&Row>) -> (Labels, bool) {
        let mut labels = if self.op.is_comparison() { many.labels.clone() } else { many.labels.bare() };
        if self.matching.many == Many::Neither {
            let on = &self.matching.on;
            labels = if on.keep { labels.only(&on.labels) } else { labels.without(&on.labels) };
        }
        for name in &self.matching.include {
            labels = labels.with(name, one.and_then(|r| r.labels.get(name)).unwrap_or_default());
        }
        (labels, self.matching.return_bool || many.drop_name)
    }

    /// Writes the result of a pair; the same labels twice at one step mean that the matching is ambiguous.
    fn put(
        &self,
        out: &mut Rows,
        step: usize,
        pair: (Option<usize>, Option<usize>),
        a: f64,
        b: f64,
        labels: impl FnOnce() -> (Labels, bool),
    ) -> Result<(), QueryError> {
        let value = outcome(self.op, self.matching.return_bool, a, b, a);
        if !is_some(value) {
            return Ok(());
        }
        let n = match out.of_pair.get(&pair) {
            Some(n) => *n,
            None => {
                let key = labels();
                let next = out.rows.len();
                let n = *out.of_labels.entry(key.clone()).or_insert(next);
                if n == next {
                    self.eval.charge(self.steps.len)?;
                    out.rows.push(Row { labels: key.0, drop_name: key.1, values: vec![NOTHING; self.steps.len] });
                }
                out.of_pair.insert(pair, n);
                n
            }
        };
        if let Some(slot) = out.rows.get_mut(n).and_then(|r| r.values.get_mut(step)) {
            if is_some(*slot) {
                return Err(QueryError::new("multiple matches for labels: grouping labels must ensure unique matches"));
            }
            *slot = value;
        }
        Ok(())
    }

    fn duplicate(&self, one: &[Row], first: usize, second: usize, swapped: bool) -> QueryError {
        let labels = |n: usize| one.get(n).map(|r| r.labels.clone()).unwrap_or_default();
        let (a, b) = (labels(first), labels(second));
        let group = braced(&self.matching.on.key(&a));
        let (a, b) = (braced(&a), braced(&b));
        let side = if swapped { "left" } else { "right" };
        QueryError::new(format!(
            "found duplicate series for the match group {group} on the {side} hand-side of the operation: \
             [{a}, {b}];many-to-many matching not allowed: matching labels must be unique on one side"
        ))
    }
}

/// Labels as the errors of Prometheus write them: the metric's name is one like any other.
fn braced(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// Results so far, by the pair they come from and by their labels.
struct Rows {
    of_pair: BTreeMap<(Option<usize>, Option<usize>), usize>,
    of_labels: BTreeMap<(Labels, bool), usize>,
    rows: Vec<Row>,
}
