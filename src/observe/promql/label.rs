//! `label_replace` and `label_join`.

use super::QueryError;
use super::eval::{Row, merged};
use crate::observe::series::{METRIC_NAME, anchored};
use regex::{Captures, Regex};

/// Sets a label to a text with the groups that a pattern finds in another label; rows it does not fit stay as they are.
pub(super) fn replace(
    mut rows: Vec<Row>,
    to: &str,
    with: &str,
    from: &str,
    pattern: &str,
) -> Result<Vec<Row>, QueryError> {
    let regex: Regex = anchored(pattern).map_err(|e| QueryError::new(format!("{e} in label_replace()")))?;
    check_name(to, "label_replace")?;
    for row in &mut rows {
        let value = regex.captures(row.labels.get(from).unwrap_or_default()).map(|c| expand(with, &c));
        if let Some(value) = value {
            set(row, to, &value);
        }
    }
    merged(rows)
}

/// Sets a label to the values of others, joined.
pub(super) fn join(mut rows: Vec<Row>, to: &str, separator: &str, from: &[&str]) -> Result<Vec<Row>, QueryError> {
    check_name(to, "label_join")?;
    for name in from {
        check_name(name, "label_join")?;
    }
    for row in &mut rows {
        let parts: Vec<&str> = from.iter().map(|name| row.labels.get(name).unwrap_or_default()).collect();
        let value = parts.join(separator);
        set(row, to, &value);
    }
    merged(rows)
}

/// A name that is set by hand is not dropped at the end.
fn set(row: &mut Row, name: &str, value: &str) {
    row.labels = row.labels.with(name, value);
    if name == METRIC_NAME {
        row.drop_name = false;
    }
}

/// Any text but the empty one is a label name.
fn check_name(name: &str, function: &str) -> Result<(), QueryError> {
    if name.is_empty() {
        return Err(QueryError::new(format!("invalid label name in {function}(): {name:?}")));
    }
    Ok(())
}

/// A template with `$1`, `${1}`, `$name` and `${name}` for groups and `$$` for a dollar. An unknown group is empty; a
/// dollar that starts nothing stays.
fn expand(template: &str, groups: &Captures) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
            continue;
        }
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let (name, tail) = match after.strip_prefix('{').and_then(|a| a.split_once('}')) {
            Some((name, tail)) if name.chars().all(is_name) => (name, tail),
            _ => after.split_at_checked(after.find(|c| !is_name(c)).unwrap_or(after.len())).unwrap_or((after, "")),
        };
        if name.is_empty() {
            out.push('$');
            rest = after;
            continue;
        }
        let group = if name.bytes().all(|b| b.is_ascii_digit()) {
            name.parse().ok().and_then(|n| groups.get(n))
        } else {
            groups.name(name)
        };
        out.push_str(group.map_or("", |g| g.as_str()));
        rest = tail;
    }
    out.push_str(rest);
    out
}
