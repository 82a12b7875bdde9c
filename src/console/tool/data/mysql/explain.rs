//! EXPLAIN: how each table of a query would be read, and how many rows the server believes that it has.

use super::server::Server;
use super::show::Rows;
use super::translate::{Said, body_of, parts};
use sqlparser::ast::{BinaryOperator, Expr, Query, SetExpr, TableFactor};

/// What a server believes of a table nobody has counted.
const UNKNOWN_ROWS: u64 = 1_000;

/// Whether a condition asks for one row by its key.
fn by_key(e: &Expr) -> bool {
    match e {
        Expr::Nested(inner) => by_key(inner),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => by_key(left) || by_key(right),
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            let key = |e: &Expr| match e {
                Expr::Identifier(i) => i.value.eq_ignore_ascii_case("id"),
                Expr::CompoundIdentifier(p) => p.last().is_some_and(|i| i.value.eq_ignore_ascii_case("id")),
                _ => false,
            };
            (key(left) && matches!(**right, Expr::Value(_))) || (key(right) && matches!(**left, Expr::Value(_)))
        }
        _ => false,
    }
}

/// The rows of EXPLAIN.
pub(super) fn plan(s: &Server, q: &Query) -> Said<Rows> {
    let names = [
        ">id?",
        "select_type?",
        "table?",
        "partitions?",
        "type?",
        "possible_keys?",
        "key?",
        "key_len?",
        "ref?",
        ">rows?",
        ">filtered?",
        "Extra?",
    ];
    let own = |t: &str| Some(t.to_owned());
    let mut rows = Vec::new();
    let Some(select) = body_of(&q.body) else { return Ok(Rows::of(&names, rows)) };
    let factors =
        select.from.iter().flat_map(|f| std::iter::once(&f.relation).chain(f.joins.iter().map(|j| &j.relation)));
    let kind = if matches!(*q.body, SetExpr::SetOperation { .. }) { "PRIMARY" } else { "SIMPLE" };
    for f in factors {
        let TableFactor::Table { name, alias, .. } = f else { continue };
        let table = parts(name).pop().unwrap_or_default();
        let shown = alias.as_ref().map_or(table.clone(), |a| a.name.value.clone());
        let Some(t) = s.info.tables.iter().find(|t| t.name == table) else { continue };
        let believed = if t.analyzed { t.rows } else { UNKNOWN_ROWS };
        let first = rows.is_empty();
        let key = first && select.selection.as_ref().is_some_and(by_key);
        let (filtered, extra) = match (&select.selection, key) {
            (_, true) => ("100.00", None),
            (Some(_), _) if first => ("10.00", own("Using where")),
            _ => ("100.00", None),
        };
        let extra = match (&q.order_by, extra) {
            (Some(_), e) if first && !key => {
                Some(e.map_or("Using filesort".to_owned(), |e| format!("{e}; Using filesort")))
            }
            (_, e) => e,
        };
        rows.push(vec![
            own("1"),
            own(kind),
            Some(shown),
            None,
            own(if key { "const" } else { "ALL" }),
            if key { own("PRIMARY") } else { None },
            if key { own("PRIMARY") } else { None },
            if key { own("8") } else { None },
            if key { own("const") } else { None },
            Some(if key { 1 } else { believed }.to_string()),
            own(filtered),
            extra,
        ]);
    }
    if rows.is_empty() {
        let mut row = vec![own("1"), own(kind)];
        row.extend(std::iter::repeat_n(None, 9));
        row.push(own("No tables used"));
        rows.push(row);
    }
    Ok(Rows::of(&names, rows))
}
