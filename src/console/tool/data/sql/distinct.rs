//! `DISTINCT ON`: the first row of each group, which the embedded engine finds by numbering the rows.

use super::PgError;
use super::translate::missing;
use sqlparser::ast::{Distinct, Expr, OrderByExpr, OrderByKind, OrderBySort, Query, SetExpr, VisitMut, VisitorMut};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::ops::ControlFlow;

/// What numbers the rows; columns of these names are never shown.
pub(super) const MARKS: [&str; 2] = ["pg_rank", "pg_place"];

/// A key as a window orders by it: nulls where the server has them.
fn key(o: &OrderByExpr) -> String {
    let down = matches!(o.options.sort, Some(OrderBySort::Desc));
    let nulls = match o.options.nulls_first.unwrap_or(down) {
        true => "FIRST",
        false => "LAST",
    };
    format!("{} {} NULLS {nulls}", o.expr, if down { "DESC" } else { "ASC" })
}

fn unrolled(query: &mut Query, statement: &str) -> Result<(), PgError> {
    let SetExpr::Select(select) = &*query.body else { return Ok(()) };
    let Some(Distinct::On(on)) = &select.distinct else { return Ok(()) };
    let order: Vec<OrderByExpr> = match query.order_by.as_ref().map(|o| &o.kind) {
        Some(OrderByKind::Expressions(list)) => list.clone(),
        Some(OrderByKind::All(_)) => return Err(missing("ORDER BY ALL")),
        None => Vec::new(),
    };
    let text = |e: &Expr| e.to_string().to_lowercase();
    let first: Vec<String> = order.iter().take(on.len()).map(|o| text(&o.expr)).collect();
    if let Some(e) = on.iter().find(|e| !order.is_empty() && !first.contains(&text(e))) {
        let said = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions";
        return Err(PgError::new(said).pointing(statement, &e.to_string()));
    }
    let list = |all: Vec<String>| all.join(", ");
    let groups = list(on.iter().map(ToString::to_string).collect());
    let keys = match order.is_empty() {
        true => list(on.iter().map(|e| format!("{e} ASC NULLS LAST")).collect()),
        false => list(order.iter().map(key).collect()),
    };
    let mut inner = select.clone();
    inner.distinct = None;
    let [rank, place] = MARKS;
    let whole = inner.to_string();
    let projection = list(inner.projection.iter().map(ToString::to_string).collect());
    let rest = whole.strip_prefix(&format!("SELECT {projection}")).ok_or_else(|| missing("this DISTINCT ON"))?;
    let with = query.with.as_ref().map(|w| format!("{w} ")).unwrap_or_default();
    let limit = query.limit_clause.as_ref().map(|l| format!(" {}", l.to_string().trim())).unwrap_or_default();
    let made = format!(
        "{with}SELECT * FROM (SELECT {projection}, row_number() OVER (PARTITION BY {groups} ORDER BY {keys}) AS {rank}, \
         row_number() OVER (ORDER BY {keys}) AS {place}{rest}) AS pg_ranked WHERE {rank} = 1 ORDER BY {place}{limit}"
    );
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&made).and_then(|mut p| p.parse_query());
    *query = *parsed.map_err(|_| missing("this DISTINCT ON"))?;
    Ok(())
}

/// Puts numbered rows in the place of every `DISTINCT ON`.
pub(super) fn all(query: &mut Query, statement: &str) -> Result<(), PgError> {
    struct Seek<'a>(&'a str);
    impl VisitorMut for Seek<'_> {
        type Break = Box<PgError>;
        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Box<PgError>> {
            match unrolled(query, self.0) {
                Ok(()) => ControlFlow::Continue(()),
                Err(e) => ControlFlow::Break(Box::new(e)),
            }
        }
    }
    match query.visit(&mut Seek(statement)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(e) => Err(*e),
    }
}
