//! Orders: by value, and by label as people count. An order shows only where there is one step.

use super::eval::Row;
use std::cmp::Ordering;

/// Numbers ascending or descending; NaN is last both ways.
pub(super) fn values(a: f64, b: f64, descending: bool) -> Ordering {
    let by_number = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    a.is_nan().cmp(&b.is_nan()).then(if descending { by_number.reverse() } else { by_number })
}

/// Rows by the value of their first step.
pub(super) fn by_value(mut rows: Vec<Row>, descending: bool) -> Vec<Row> {
    let first = |row: &Row| row.values.first().copied().unwrap_or(f64::NAN);
    rows.sort_by(|a, b| values(first(a), first(b), descending));
    rows
}

/// Rows by the values of these labels, then by all labels.
pub(super) fn by_labels(mut rows: Vec<Row>, names: &[&str], descending: bool) -> Vec<Row> {
    let compare = |a: &Row, b: &Row| {
        let of = |row: &Row, name: &str| row.labels.get(name).unwrap_or_default().to_owned();
        let by_names = names.iter().map(|n| natural(&of(a, n), &of(b, n))).find(|o| o.is_ne());
        by_names.unwrap_or_else(|| a.labels.cmp(&b.labels))
    };
    rows.sort_by(|a, b| if descending { compare(b, a) } else { compare(a, b) });
    rows
}

/// Texts in which runs of digits compare as numbers: `4m5` before `4m600`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (digits_a, digits_b) = (digits(a), digits(b));
        let ordering = if digits_a.is_empty() || digits_b.is_empty() {
            match (a.chars().next(), b.chars().next()) {
                (Some(x), Some(y)) => {
                    a = a.get(x.len_utf8()..).unwrap_or_default();
                    b = b.get(y.len_utf8()..).unwrap_or_default();
                    x.cmp(&y)
                }
                (x, y) => return x.cmp(&y),
            }
        } else {
            a = a.get(digits_a.len()..).unwrap_or_default();
            b = b.get(digits_b.len()..).unwrap_or_default();
            let (x, y) = (digits_a.trim_start_matches('0'), digits_b.trim_start_matches('0'));
            x.len().cmp(&y.len()).then_with(|| x.cmp(y))
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

fn digits(s: &str) -> &str {
    s.get(..s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len())).unwrap_or_default()
}
