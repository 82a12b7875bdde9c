//! What Prometheus says beside an answer: warnings, and hints that a query may not mean what it says.

use crate::observe::alert::shortest;
use crate::observe::series::Labels;
use std::collections::BTreeSet;

/// Notes kept of each kind; a query over many series repeats itself.
const NOTES_MAX: usize = 100;

/// Endings of names that counters have, and the parts of histograms, which count as well.
const COUNTER_ENDINGS: [&str; 4] = ["_total", "_sum", "_count", "_bucket"];

/// What is said beside an answer, in Prometheus's words, each once. Prometheus adds the place in the query; the tree of
/// the grammar has no places, so it is missing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The answer is doubtful.
    pub warnings: BTreeSet<String>,
    /// The query is.
    pub infos: BTreeSet<String>,
}

impl Notes {
    fn warn(&mut self, text: &str) {
        if self.warnings.len() < NOTES_MAX {
            self.warnings.insert(format!("PromQL warning: {text}"));
        }
    }

    fn info(&mut self, text: &str) {
        if self.infos.len() < NOTES_MAX {
            self.infos.insert(format!("PromQL info: {text}"));
        }
    }

    /// A quantile outside of 0…1.
    pub(super) fn quantile(&mut self, q: f64) {
        if !(0.0..=1.0).contains(&q) {
            self.warn(&format!("quantile value should be between 0 and 1, got {}", shortest(q)));
        }
    }

    /// The extremes of a parameter over all steps, as quantiles.
    pub(super) fn quantiles(&mut self, all: &[f64]) {
        if all.iter().any(|q| q.is_nan()) {
            self.quantile(f64::NAN);
        }
        if let (Some(most), Some(least)) = extremes(all) {
            self.quantile(most);
            self.quantile(least);
        }
    }

    /// A ratio outside of -1…1 counts as its nearest end.
    pub(super) fn ratios(&mut self, all: &[f64]) {
        if let (Some(most), Some(least)) = extremes(all) {
            for (value, cap, beyond) in [(most, 1, most > 1.0), (least, -1, least < -1.0)] {
                if beyond {
                    let got = shortest(value);
                    self.warn(&format!("ratio value should be between -1 and 1, got {got}, capping to {cap}"));
                }
            }
        }
    }

    /// A bucket without a bound that can be read.
    pub(super) fn bucket(&mut self, labels: &Labels, le: &str) {
        let of = of_metric(labels);
        self.warn(&format!("bucket label \"le\" is missing or has a malformed value of {le:?}{of}"));
    }

    /// Buckets that counted less than those below them.
    pub(super) fn falling_buckets(&mut self, labels: &Labels) {
        let of = of_metric(labels);
        self.info(&format!(
            "input to histogram_quantile needed to be fixed for monotonicity (see \
             https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile){of}"
        ));
    }

    /// `rate` of what is not named as counters are.
    pub(super) fn counter(&mut self, labels: &Labels) {
        let name = labels.name().unwrap_or_default();
        if !name.is_empty() && !COUNTER_ENDINGS.iter().any(|e| name.ends_with(e)) {
            self.info(&format!(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {name:?}"
            ));
        }
    }

    /// An order that a range does not keep.
    pub(super) fn sorted_range(&mut self) {
        self.warn("sort is ineffective for range queries since results are always ordered by labels");
    }
}

fn of_metric(labels: &Labels) -> String {
    labels.name().filter(|n| !n.is_empty()).map(|n| format!(" for metric name {n:?}")).unwrap_or_default()
}

fn extremes(all: &[f64]) -> (Option<f64>, Option<f64>) {
    let some = || all.iter().copied().filter(|v| !v.is_nan());
    (some().reduce(f64::max), some().reduce(f64::min))
}
