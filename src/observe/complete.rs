//! Completion of a PromQL text as it is typed: metrics, labels, values, functions.

use super::series::{METRIC_NAME, Matcher, SeriesStore};
use std::collections::BTreeSet;

/// Candidates that are offered at most.
const CANDIDATES_MAX: usize = 100;

/// Words of the language beside functions.
const WORDS: [&str; 24] = [
    "and",
    "avg",
    "bool",
    "bottomk",
    "by",
    "count",
    "count_values",
    "group",
    "group_left",
    "group_right",
    "ignoring",
    "max",
    "min",
    "offset",
    "on",
    "or",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
    "unless",
    "without",
    "limitk",
];

/// Functions of the language that work on floats and classic histograms, by name; a test asks each of them.
pub const FUNCTIONS: [&str; 76] = [
    "abs",
    "absent",
    "absent_over_time",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "avg_over_time",
    "ceil",
    "changes",
    "clamp",
    "clamp_max",
    "clamp_min",
    "cos",
    "cosh",
    "count_over_time",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "days_in_month",
    "deg",
    "delta",
    "deriv",
    "double_exponential_smoothing",
    "exp",
    "first_over_time",
    "floor",
    "histogram_fraction",
    "histogram_quantile",
    "hour",
    "idelta",
    "increase",
    "irate",
    "label_join",
    "label_replace",
    "last_over_time",
    "ln",
    "log10",
    "log2",
    "mad_over_time",
    "max_over_time",
    "min_over_time",
    "minute",
    "month",
    "pi",
    "predict_linear",
    "present_over_time",
    "quantile_over_time",
    "rad",
    "rate",
    "resets",
    "round",
    "scalar",
    "sgn",
    "sin",
    "sinh",
    "sort",
    "sort_by_label",
    "sort_by_label_desc",
    "sort_desc",
    "sqrt",
    "stddev_over_time",
    "stdvar_over_time",
    "sum_over_time",
    "tan",
    "tanh",
    "time",
    "timestamp",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
    "vector",
    "year",
];

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateKind {
    /// A metric's name.
    Metric,
    /// A label's name.
    Label,
    /// A label's value.
    Value,
    /// A function or aggregation, or another word of the language.
    Word,
}

/// A way to go on with a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What stands in place of the word that was begun.
    pub text: String,
    /// What it is.
    pub kind: CandidateKind,
}

/// Where the cursor is.
enum Place<'t> {
    /// Inside quotes after a label's name.
    Value {
        metric: &'t str,
        label: &'t str,
    },
    /// Inside braces, or the brackets of a grouping.
    Label {
        metric: &'t str,
    },
    Anywhere,
}

/// Byte at which the word before the cursor begins, and the ways to complete it, best first.
pub fn complete(store: &SeriesStore, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let before = text.get(..cursor.min(text.len())).unwrap_or(text);
    let (place, begin) = place(before);
    let word = before.get(begin..).unwrap_or_default();
    let mut found: BTreeSet<Candidate> = BTreeSet::new();
    let mut add = |text: &str, kind| {
        if text.starts_with(word) {
            found.insert(Candidate { text: text.to_owned(), kind });
        }
    };
    match place {
        Place::Value { metric, label } => {
            for id in store.select(&of(metric)) {
                store.labels(id).get(label).into_iter().for_each(|v| add(v, CandidateKind::Value));
            }
        }
        Place::Label { metric } => {
            for id in store.select(&of(metric)) {
                let names = store.labels(id).iter().map(|(n, _)| n).filter(|n| *n != METRIC_NAME);
                names.for_each(|n| add(n, CandidateKind::Label));
            }
        }
        Place::Anywhere => {
            store.values(METRIC_NAME).for_each(|m| add(m, CandidateKind::Metric));
            FUNCTIONS.iter().chain(&WORDS).for_each(|w| add(w, CandidateKind::Word));
        }
    }
    let mut found: Vec<Candidate> = found.into_iter().collect();
    // Of many, the shortest are the likeliest.
    found.sort_by_key(|c| (c.kind, c.text.len()));
    found.truncate(CANDIDATES_MAX);
    (begin, found)
}

fn of(metric: &str) -> Vec<Matcher> {
    if metric.is_empty() { Vec::new() } else { vec![Matcher::equal(METRIC_NAME, metric)] }
}

fn place(before: &str) -> (Place<'_>, usize) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let word_begin = |text: &str| text.trim_end_matches(is_word).len();
    let last_word = |text: &'_ str| -> std::ops::Range<usize> {
        let text = text.trim_end();
        word_begin(text)..text.len()
    };
    // An odd number of quotes leaves one open.
    let quote = if before.matches('"').count() % 2 == 1 { before.rfind('"') } else { None };
    let outside = before.get(..quote.unwrap_or(before.len())).unwrap_or(before);
    let brace = outside.rfind('{').filter(|b| outside.rfind('}').is_none_or(|e| e < *b));
    let metric = brace.and_then(|b| outside.get(..b)).map(|head| head.get(last_word(head)).unwrap_or_default());
    match (brace, quote) {
        (Some(_), Some(q)) => {
            let head = outside.trim_end_matches(['=', '!', '~', ' ']);
            let label = head.get(last_word(head)).unwrap_or_default();
            (Place::Value { metric: metric.unwrap_or_default(), label }, q + 1)
        }
        (Some(_), None) => (Place::Label { metric: metric.unwrap_or_default() }, word_begin(before)),
        (None, _) => {
            // `by (`, `on (` and the like list labels.
            let open = outside.rfind('(').filter(|o| outside.rfind(')').is_none_or(|e| e < *o));
            let head = open.and_then(|o| outside.get(..o)).map(|h| h.get(last_word(h)).unwrap_or_default());
            let lists = ["by", "without", "on", "ignoring", "group_left", "group_right"];
            let place =
                if head.is_some_and(|h| lists.contains(&h)) { Place::Label { metric: "" } } else { Place::Anywhere };
            (place, word_begin(before))
        }
    }
}
