//! Whether a column may stand beside an aggregate: the engine below would take any row's value for it.

use super::PgError;
use super::translate::{folded, last, missing};
use sqlparser::ast::{Expr, Function, GroupByExpr, Query, Select, SelectItem, TableFactor, Value, Visit, Visitor};
use std::ops::ControlFlow;

/// Functions that make one value of many.
const AGGREGATES: &[&str] = &["avg", "bool_and", "bool_or", "count", "every", "max", "min", "string_agg", "sum"];

/// Words that look like columns.
const WORDS: &[&str] = &["current_date", "current_timestamp", "current_user", "localtimestamp", "session_user", "user"];

fn aggregate(f: &Function) -> bool {
    f.over.is_none() && AGGREGATES.contains(&last(&f.name).as_str())
}

/// An expression as it is compared with others.
fn key(e: &Expr) -> String {
    match e {
        Expr::Nested(inner) => key(inner),
        Expr::Identifier(i) => folded(i),
        Expr::CompoundIdentifier(parts) => parts.last().map(folded).unwrap_or_default(),
        other => other.to_string().to_lowercase(),
    }
}

/// What is looked for in an expression; subqueries are none of its business.
struct Seek<'a> {
    groups: &'a [String],
    below: usize,
    /// Aggregates and grouped expressions that are open.
    within: usize,
    aggregates: bool,
    column: Option<Expr>,
}

impl Visitor for Seek<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.below += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.below -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, e: &Expr) -> ControlFlow<()> {
        if self.below > 0 {
            return ControlFlow::Continue(());
        }
        if let Expr::Function(f) = e
            && aggregate(f)
        {
            self.aggregates = true;
            self.within += 1;
        } else if self.groups.contains(&key(e)) {
            self.within += 1;
        } else if self.within == 0
            && self.column.is_none()
            && matches!(e, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
        {
            self.column = Some(e.clone()).filter(|e| !WORDS.contains(&key(e).as_str()));
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, e: &Expr) -> ControlFlow<()> {
        let opened = matches!(e, Expr::Function(f) if aggregate(f)) || self.groups.contains(&key(e));
        if self.below == 0 && opened {
            self.within -= 1;
        }
        ControlFlow::Continue(())
    }
}

/// Refuses a column that is neither grouped nor in an aggregate.
pub(super) fn check(select: &Select, statement: &str) -> Result<(), PgError> {
    let GroupByExpr::Expressions(by, _) = &select.group_by else { return Err(missing("GROUP BY ALL")) };
    let expr = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => Some(e.clone()),
        _ => None,
    };
    let mut groups: Vec<String> = Vec::new();
    for e in by {
        groups.push(key(e));
        let named = match e {
            Expr::Value(v) => match &v.value {
                Value::Number(n, _) => n.parse::<usize>().ok().and_then(|at| select.projection.get(at.checked_sub(1)?)),
                _ => None,
            },
            Expr::Identifier(i) => select
                .projection
                .iter()
                .find(|item| matches!(item, SelectItem::ExprWithAlias { alias, .. } if folded(alias) == folded(i))),
            _ => None,
        };
        groups.extend(named.and_then(expr).map(|e| key(&e)));
    }
    let mut seek = Seek { groups: &groups, below: 0, within: 0, aggregates: false, column: None };
    for item in &select.projection {
        let _gone_through_all = item.visit(&mut seek);
    }
    if let Some(having) = &select.having {
        let mut inner = Seek { groups: &groups, below: 0, within: 0, aggregates: false, column: None };
        let _gone_through_all = having.visit(&mut inner);
        seek.aggregates |= inner.aggregates;
    }
    if by.is_empty() && !seek.aggregates {
        return Ok(());
    }
    // The key of a table stands for all of its row.
    if groups.iter().any(|g| g == "id") && select.from.len() == 1 && select.from.iter().all(|f| f.joins.is_empty()) {
        return Ok(());
    }
    let wild = |i: &SelectItem| matches!(i, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..));
    if select.projection.iter().any(wild) {
        return Err(missing("* beside an aggregate"));
    }
    let Some(column) = seek.column else { return Ok(()) };
    let table = select.from.first().map(|f| match &f.relation {
        TableFactor::Table { name, alias, .. } => alias.as_ref().map_or_else(|| last(name), |a| folded(&a.name)),
        TableFactor::Derived { alias: Some(a), .. } => folded(&a.name),
        _ => String::new(),
    });
    let name = match &column {
        Expr::CompoundIdentifier(parts) => parts.iter().map(folded).collect::<Vec<_>>().join("."),
        other => format!("{}.{}", table.unwrap_or_default(), key(other)),
    };
    let said = format!("column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate function");
    Err(PgError::new(said).pointing(statement, &column.to_string()))
}
