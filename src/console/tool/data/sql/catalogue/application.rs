//! The application's tables: as many rows as the world counts, made as they are read.

use super::APPLICATION;
use crate::console::tool::data::sql::value::{Ty, micros, parse_moment};
use crate::scenario::{ColumnKind, ColumnSpec};
use crate::sim::store::TableRow;
use crate::stdx::time::Utc;

/// Microseconds before now at which the first row was made, and over which the others are spread.
const SPREAD: (i64, i64) = (400 * 86_400_000_000, 34_560_000_000_000);

fn ty(kind: ColumnKind) -> Ty {
    match kind {
        ColumnKind::Text => Ty::Text,
        ColumnKind::Bigint => Ty::Int,
        ColumnKind::Boolean => Ty::Bool,
        ColumnKind::Moment => Ty::Moment,
    }
}

/// Columns of a table: name, type, and whether it has no NULL.
pub(in crate::console::tool::data) fn columns(t: &TableRow) -> Vec<(String, Ty, bool)> {
    let first = APPLICATION.iter().map(|(n, ty)| ((*n).to_owned(), *ty, true));
    let full = |c: &ColumnSpec| c.values.iter().all(|v| !v.is_empty());
    first.chain(t.columns.iter().map(|c| (c.name.clone(), ty(c.kind), full(c)))).collect()
}

/// A value as the engine keeps it.
fn literal(kind: ColumnKind, value: &str) -> String {
    match kind {
        _ if value.is_empty() => "NULL".to_owned(),
        ColumnKind::Text => format!("'{}'", value.replace('\'', "''")),
        ColumnKind::Bigint => value.parse::<i64>().unwrap_or(0).to_string(),
        ColumnKind::Boolean => u8::from(value == "true").to_string(),
        ColumnKind::Moment => parse_moment(value).unwrap_or(0).to_string(),
    }
}

/// What makes the rows of a table, as the engine's own view; the last one first if they are to come backwards.
pub(in crate::console::tool::data) fn rows_of(now: Utc, t: &TableRow, backwards: bool) -> String {
    let opened = micros(now) - SPREAD.0;
    let moment = format!("{opened} + id * 7919000 % {}", SPREAD.1);
    let mut list = format!("id, {moment} AS created_at");
    for (at, c) in t.columns.iter().enumerate() {
        let dice = format!("(id * 7919 + {}) / 13", (at + 1) * 104_729);
        let made = match (c.values.len(), c.kind) {
            (0, ColumnKind::Text) => format!("'{}-' || id", c.name),
            (0, ColumnKind::Bigint) => format!("{dice} % 1000"),
            (0, ColumnKind::Boolean) => format!("{dice} % 2"),
            (0, ColumnKind::Moment) => moment.clone(),
            (n, kind) => {
                let cases: String =
                    c.values.iter().enumerate().map(|(i, v)| format!(" WHEN {i} THEN {}", literal(kind, v))).collect();
                format!("CASE {dice} % {n}{cases} END")
            }
        };
        list.push_str(&format!(", {made} AS \"{}\"", c.name));
    }
    let rows = t.rows;
    let (first, next, more) =
        if backwards { (rows, "id - 1", "id > 1".to_owned()) } else { (1, "id + 1", format!("id < {rows}")) };
    format!(
        "WITH RECURSIVE n(id) AS (SELECT {first} WHERE {rows} > 0 UNION ALL SELECT {next} FROM n WHERE {more}) SELECT {list} FROM n"
    )
}
