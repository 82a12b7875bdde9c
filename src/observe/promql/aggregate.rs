//! Aggregations: over the series of a group at every step.

use super::call::at;
use super::eval::{Eval, NOTHING, Out, Row, Steps, is_some, text};
use super::node::{AggregateOp, Grouping, Node};
use super::{QueryError, fold, order};
use crate::observe::series::Labels;
use std::collections::BTreeMap;

/// The series that belong together.
struct Group {
    labels: Labels,
    drop_name: bool,
    rows: Vec<Row>,
}

impl Eval<'_> {
    pub(super) fn aggregate(
        &self,
        op: AggregateOp,
        grouping: &Grouping,
        parameter: Option<&Node>,
        inner: &Node,
        steps: &Steps,
    ) -> Result<Out, QueryError> {
        use AggregateOp::{Bottomk, CountValues, LimitRatio, Limitk, Quantile, Topk};
        let numbers = match op {
            Topk | Bottomk | Limitk | LimitRatio | Quantile => self.scalar(parameter, steps)?,
            _ => Vec::new(),
        };
        self.note(|notes| match op {
            Quantile => notes.quantiles(&numbers),
            LimitRatio => notes.ratios(&numbers),
            _ => {}
        });
        let label = if op == CountValues { text(parameter)? } else { "" };
        let groups = grouped(self.vector(Some(inner), steps)?, grouping);
        match op {
            Topk | Bottomk | Limitk => Ok(Out::Vector(picked(op, groups, &counts(&numbers)?, steps))),
            LimitRatio => Ok(Out::Vector(sampled(groups, &numbers)?)),
            CountValues => self.count_values(label, groups, steps),
            _ => Ok(Out::Vector(groups.into_iter().map(|g| folded(op, g, &numbers, steps)).collect())),
        }
    }

    fn count_values(&self, label: &str, groups: Vec<Group>, steps: &Steps) -> Result<Out, QueryError> {
        if label.is_empty() {
            return Err(QueryError::new(format!("invalid label name {label:?}")));
        }
        let mut rows: BTreeMap<Labels, Row> = BTreeMap::new();
        for group in groups {
            let values = group.rows.iter().flat_map(|r| r.values.iter().enumerate());
            for (step, value) in values.filter(|(_, v)| is_some(**v)) {
                let labels = group.labels.with(label, &number(*value));
                let row = match rows.get_mut(&labels) {
                    Some(row) => row,
                    None => {
                        self.charge(steps.len)?;
                        let row = Row { labels: labels.clone(), drop_name: false, values: vec![NOTHING; steps.len] };
                        rows.entry(labels).or_insert(row)
                    }
                };
                if let Some(count) = row.values.get_mut(step) {
                    *count = if is_some(*count) { *count + 1.0 } else { 1.0 };
                }
            }
        }
        Ok(Out::Vector(rows.into_values().collect()))
    }
}

/// The rows by group, in the order in which the groups come up.
fn grouped(rows: Vec<Row>, grouping: &Grouping) -> Vec<Group> {
    let mut of: BTreeMap<Labels, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let labels = grouping.key(&row.labels);
        let n = *of.entry(labels.clone()).or_insert(groups.len());
        if n == groups.len() {
            groups.push(Group { labels, drop_name: false, rows: Vec::new() });
        }
        if let Some(group) = groups.get_mut(n) {
            group.drop_name |= row.drop_name;
            group.rows.push(row);
        }
    }
    groups
}

/// One value a step from those of all series.
fn folded(op: AggregateOp, group: Group, numbers: &[f64], steps: &Steps) -> Row {
    let mut present: Vec<f64> = Vec::with_capacity(group.rows.len());
    let mut values = Vec::with_capacity(steps.len);
    for step in 0..steps.len {
        present.clear();
        present.extend(group.rows.iter().map(|r| at(&r.values, step)).filter(|v| is_some(*v)));
        let all = present.iter().copied();
        values.push(match op {
            _ if present.is_empty() => NOTHING,
            AggregateOp::Sum => fold::sum(all),
            AggregateOp::Avg => fold::mean(all),
            AggregateOp::Min => fold::smallest(all),
            AggregateOp::Max => fold::greatest(all),
            AggregateOp::Count => present.len() as f64,
            AggregateOp::Stdvar => fold::variance(all),
            AggregateOp::Stddev => fold::variance(all).sqrt(),
            AggregateOp::Quantile => fold::quantile(at(numbers, step), all),
            _ => 1.0,
        });
    }
    Row { labels: group.labels, drop_name: group.drop_name, values }
}

/// How many series are picked at every step.
fn counts(numbers: &[f64]) -> Result<Vec<usize>, QueryError> {
    let count = |n: &f64| {
        if n.is_nan() {
            return Err(QueryError::new("Parameter value is NaN"));
        }
        if n.abs() >= 9.3e18 {
            return Err(QueryError::new(format!("Scalar value {n} overflows int64")));
        }
        // What is left is in range, and only its fraction goes; below 1 nothing is picked.
        Ok(n.max(0.0) as usize)
    };
    numbers.iter().map(count).collect()
}

/// `topk`, `bottomk` and `limitk`: the series stay as they are, but only at the steps at which they are picked.
fn picked(op: AggregateOp, groups: Vec<Group>, counts: &[usize], steps: &Steps) -> Vec<Row> {
    let mut out = Vec::new();
    for group in groups {
        let mut rows = group.rows;
        let mut last_pick: Vec<usize> = Vec::new();
        for step in 0..steps.len {
            let value = |n: &usize| rows.get(*n).map_or(NOTHING, |r| at(&r.values, step));
            let mut ranked: Vec<usize> = (0..rows.len()).filter(|n| is_some(value(n))).collect();
            if op != AggregateOp::Limitk {
                ranked.sort_by(|a, b| order::values(value(a), value(b), op == AggregateOp::Topk));
            }
            let kept = counts.get(step).copied().unwrap_or(0).min(ranked.len());
            for n in ranked.split_off(kept) {
                if let Some(v) = rows.get_mut(n).and_then(|r| r.values.get_mut(step)) {
                    *v = NOTHING;
                }
            }
            last_pick = ranked;
        }
        if steps.len == 1 {
            // An instant vector shows the picked in the order in which they were ranked.
            let mut slots: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
            out.extend(last_pick.iter().filter_map(|n| slots.get_mut(*n).and_then(Option::take)));
        } else {
            out.extend(rows.into_iter().filter(|r| r.values.iter().any(|v| is_some(*v))));
        }
    }
    out
}

/// `limit_ratio`: a share of the series, chosen by their labels alone, so that `r` and `r - 1` choose each other's rest.
///
/// Which series these are depends on the hash: ours are not those of Prometheus.
fn sampled(groups: Vec<Group>, ratios: &[f64]) -> Result<Vec<Row>, QueryError> {
    if ratios.iter().any(|r| r.is_nan()) {
        return Err(QueryError::new("Ratio value is NaN"));
    }
    let mut rows: Vec<Row> = groups.into_iter().flat_map(|g| g.rows).collect();
    for row in &mut rows {
        let place = place(&row.labels);
        for (value, ratio) in row.values.iter_mut().zip(ratios) {
            let chosen = if *ratio >= 0.0 { place < *ratio } else { place >= 1.0 + ratio };
            if !chosen {
                *value = NOTHING;
            }
        }
    }
    rows.retain(|r| r.values.iter().any(|v| is_some(*v)));
    Ok(rows)
}

/// A place in 0…1 for a label set: its FNV-1a hash, with the bits mixed as in MurmurHash3's finish.
fn place(labels: &Labels) -> f64 {
    let bytes = labels.iter().flat_map(|(n, v)| [n.as_bytes(), &[0xff], v.as_bytes(), &[0xff]]).flatten();
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    ((mixed ^ (mixed >> 33)) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// A number as a label's value.
fn number(value: f64) -> String {
    if value == f64::INFINITY { "+Inf".into() } else { format!("{value}").replace("inf", "Inf") }
}
