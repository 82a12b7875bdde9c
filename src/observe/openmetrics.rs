//! The samples as a file of OpenMetrics, for the field's own tools.

use super::alert::shortest;
use super::series::{METRIC_NAME, SeriesStore, is_stale};
use std::fmt::Write as _;

/// Every sample, `shift_ms` later than it was taken. The format has no staleness markers: where a series ends it has no
/// more lines.
pub fn openmetrics(store: &SeriesStore, shift_ms: i64) -> String {
    let mut ids: Vec<_> = store.ids().collect();
    // Samples of one metric stand together.
    ids.sort_by_key(|id| store.labels(*id).name().map(str::to_owned));
    let mut out = String::new();
    for id in ids {
        let labels = store.labels(id);
        let mut head = labels.name().unwrap_or_default().to_owned();
        let others: Vec<String> =
            labels.iter().filter(|(n, _)| *n != METRIC_NAME).map(|(n, v)| format!("{n}={}", quoted(v))).collect();
        if !others.is_empty() {
            let _ = write!(head, "{{{}}}", others.join(","));
        }
        for (t_ms, value) in store.samples(id, i64::MIN, i64::MAX).filter(|(_, v)| !is_stale(*v)) {
            let t = t_ms.saturating_add(shift_ms);
            let (s, ms) = (t.div_euclid(1_000), t.rem_euclid(1_000));
            let _ = writeln!(out, "{head} {} {s}.{ms:03}", shortest(value));
        }
    }
    out.push_str("# EOF\n");
    out
}

/// A label's value in quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
