//! Classic histograms: quantiles and fractions from cumulative buckets.

use super::QueryError;
use super::call::at;
use super::eval::{Eval, NOTHING, Out, Row, Steps, is_some, merged, text};
use super::node::Node;
use crate::observe::series::Labels;
use std::collections::BTreeMap;

const BUCKET_LABEL: &str = "le";
/// Counts that differ by less, relatively, differ by rounding only.
const ROUNDING: f64 = 1e-12;

/// A cumulative bucket: how many observations are at most `upper`.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    upper: f64,
    count: f64,
}

/// The buckets of one histogram: upper bounds, and the counts over all steps.
struct Histogram {
    labels: Labels,
    rows: Vec<(f64, Vec<f64>)>,
}

impl Histogram {
    /// The buckets that have a count at a step.
    fn buckets(&self, step: usize) -> Vec<Bucket> {
        let all = self.rows.iter().map(|(upper, values)| Bucket { upper: *upper, count: at(values, step) });
        all.filter(|b| is_some(b.count)).collect()
    }
}

impl Eval<'_> {
    pub(super) fn histogram_quantile(&self, args: &[Node], steps: &Steps) -> Result<Out, QueryError> {
        let q = self.scalar(args.first(), steps)?;
        let histograms = self.grouped(self.vector(args.get(1), steps)?);
        self.judge(&q, &histograms, steps);
        Ok(Out::Vector(rows(&histograms, steps, |step, buckets| quantile(at(&q, step), buckets))))
    }

    /// Notes quantiles out of range, and histograms whose buckets had to be lifted.
    fn judge(&self, q: &[f64], histograms: &[Histogram], steps: &Steps) {
        self.note(|notes| {
            (0..steps.len).for_each(|step| notes.quantile(at(q, step)));
            let asked = |step: &usize| (0.0..=1.0).contains(&at(q, *step));
            for histogram in histograms {
                let falls = |step| falls(&histogram.buckets(step));
                if (0..steps.len).filter(asked).any(falls) {
                    notes.falling_buckets(&histogram.labels);
                }
            }
        });
    }

    /// Buckets by histogram: series that differ in `le` only. Series without a bound in it are left out, and noted.
    fn grouped(&self, rows: Vec<Row>) -> Vec<Histogram> {
        let mut of: BTreeMap<Labels, usize> = BTreeMap::new();
        let mut histograms: Vec<Histogram> = Vec::new();
        for row in rows {
            let le = row.labels.get(BUCKET_LABEL).unwrap_or_default();
            let Ok(upper) = le.parse::<f64>() else {
                if row.values.iter().any(|v| is_some(*v)) {
                    self.note(|notes| notes.bucket(&row.labels, le));
                }
                continue;
            };
            let labels = row.labels.without(&[BUCKET_LABEL]);
            let n = *of.entry(labels.clone()).or_insert(histograms.len());
            if n == histograms.len() {
                histograms.push(Histogram { labels, rows: Vec::new() });
            }
            if let Some(histogram) = histograms.get_mut(n) {
                histogram.rows.push((upper, row.values));
            }
        }
        for histogram in &mut histograms {
            histogram.rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        histograms
    }

    pub(super) fn histogram_quantiles(&self, args: &[Node], steps: &Steps) -> Result<Out, QueryError> {
        let histograms = self.grouped(self.vector(args.first(), steps)?);
        let label = text(args.get(1))?;
        let mut out = Vec::new();
        for arg in args.iter().skip(2) {
            let q = self.scalar(Some(arg), steps)?;
            self.judge(&q, &histograms, steps);
            let name = number(q.first().copied().unwrap_or(f64::NAN));
            for mut row in rows(&histograms, steps, |step, buckets| quantile(at(&q, step), buckets)) {
                if row.labels.get(label).is_some() {
                    return Err(QueryError::new(format!("label {label:?} is there already")));
                }
                row.labels = row.labels.with(label, &name);
                out.push(row);
            }
        }
        Ok(Out::Vector(merged(out)?))
    }

    pub(super) fn histogram_fraction(&self, args: &[Node], steps: &Steps) -> Result<Out, QueryError> {
        let (low, high) = (self.scalar(args.first(), steps)?, self.scalar(args.get(1), steps)?);
        let histograms = self.grouped(self.vector(args.get(2), steps)?);
        Ok(Out::Vector(rows(&histograms, steps, |step, buckets| fraction(at(&low, step), at(&high, step), buckets))))
    }
}

/// A row for every histogram; no value where none of its buckets has one.
fn rows(histograms: &[Histogram], steps: &Steps, f: impl Fn(usize, &[Bucket]) -> f64) -> Vec<Row> {
    let value = |histogram: &Histogram, step: usize| {
        let buckets = histogram.buckets(step);
        if buckets.is_empty() { NOTHING } else { f(step, &cumulative(buckets)) }
    };
    let row = |histogram: &Histogram| Row {
        labels: histogram.labels.clone(),
        drop_name: true,
        values: (0..steps.len).map(|step| value(histogram, step)).collect(),
    };
    histograms.iter().map(row).collect()
}

/// Buckets in order, one a bound, counts that never fall: races between scrapes and sums of rates break that, and a
/// count lower than the one before it is lifted to it. A difference within rounding is none.
fn cumulative(buckets: Vec<Bucket>) -> Vec<Bucket> {
    let mut out = coalesced(&buckets);
    let mut before = f64::NEG_INFINITY;
    for bucket in &mut out {
        if bucket.count < before || about_equal(bucket.count, before) {
            bucket.count = before;
        }
        before = bucket.count;
    }
    out
}

/// One bucket a bound, their counts added up.
fn coalesced(buckets: &[Bucket]) -> Vec<Bucket> {
    let mut out: Vec<Bucket> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        match out.last_mut() {
            Some(last) if last.upper == bucket.upper => last.count += bucket.count,
            _ => out.push(*bucket),
        }
    }
    out
}

/// Whether a bucket of a whole histogram counts less than one below it, by more than rounding.
fn falls(buckets: &[Bucket]) -> bool {
    let mut most = f64::NEG_INFINITY;
    let any = coalesced(buckets).iter().any(|b| {
        let less = b.count < most && !about_equal(b.count, most);
        most = most.max(b.count);
        less
    });
    any && total(buckets).is_some()
}

fn about_equal(a: f64, b: f64) -> bool {
    let size = a.abs() + b.abs();
    size.is_finite() && a != b && (a - b).abs() < ROUNDING * size
}

/// The last count, if the last bucket is the one that takes everything.
fn total(buckets: &[Bucket]) -> Option<f64> {
    buckets.last().filter(|b| b.upper == f64::INFINITY).map(|b| b.count)
}

/// Where a bucket starts: the first one of positive bounds at 0.
fn lower(buckets: &[Bucket], n: usize) -> f64 {
    match n.checked_sub(1).and_then(|before| buckets.get(before)) {
        Some(before) => before.upper,
        None if buckets.get(n).is_some_and(|b| b.upper > 0.0) => 0.0,
        None => f64::NEG_INFINITY,
    }
}

/// The quantile `q`, with observations spread evenly in their bucket. In the open last bucket it is its lower bound, in
/// an open first one its upper bound. NaN without a last bucket of `+Inf`, with it alone, and without observations.
fn quantile(q: f64, buckets: &[Bucket]) -> f64 {
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    let (Some(total), true) = (total(buckets), buckets.len() >= 2) else { return f64::NAN };
    if total == 0.0 || total.is_nan() {
        return f64::NAN;
    }
    let rank = q * total;
    let n = buckets.iter().position(|b| b.count >= rank).unwrap_or(buckets.len() - 1);
    let start = lower(buckets, n);
    let Some(bucket) = buckets.get(n) else { return f64::NAN };
    if n == buckets.len() - 1 {
        return start;
    }
    if start == f64::NEG_INFINITY {
        return bucket.upper;
    }
    let below = n.checked_sub(1).and_then(|before| buckets.get(before)).map_or(0.0, |b| b.count);
    start + (bucket.upper - start) * ((rank - below) / (bucket.count - below))
}

/// The fraction of observations between two bounds, spread evenly in their bucket; those in a bucket without an end
/// count at its other end.
fn fraction(low: f64, high: f64, buckets: &[Bucket]) -> f64 {
    let Some(total) = total(buckets).filter(|t| *t != 0.0 && !t.is_nan()) else { return f64::NAN };
    if low.is_nan() || high.is_nan() {
        return f64::NAN;
    }
    if low >= high {
        return 0.0;
    }
    (rank(high, buckets, total) - rank(low, buckets, total)) / total
}

/// How many observations are below a bound.
fn rank(bound: f64, buckets: &[Bucket], total: f64) -> f64 {
    let mut below = 0.0;
    for (n, bucket) in buckets.iter().enumerate() {
        let start = lower(buckets, n);
        if start >= bound {
            return below;
        }
        if bucket.upper > bound {
            return match (start == f64::NEG_INFINITY, bucket.upper == f64::INFINITY) {
                (true, _) => bucket.count,
                (false, true) => below,
                (false, false) => below + (bucket.count - below) * ((bound - start) / (bucket.upper - start)),
            };
        }
        below = bucket.count;
    }
    total
}

/// A number as OpenMetrics writes it in labels: with a decimal point.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    format!("{value:?}")
}
