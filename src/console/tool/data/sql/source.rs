//! What a query reads from: types of the columns that it names itself, series, and the names that are given to columns of a subquery.

use super::PgError;
use super::translate::{Names, body, folded, last, missing, outputs};
use super::value::Ty;
use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, ObjectName, Query, SelectItem, SetExpr, TableAlias, TableFactor, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::ops::ControlFlow;

/// What a series is made in; no relation has this name.
const SERIES: &str = "pg_series";

/// Common table expressions are relations too, and aliases have the type of what they stand for.
pub(super) fn gather(query: &Query, names: &mut Names) {
    struct Seek<'a>(&'a mut Names);
    impl Seek<'_> {
        /// Columns that are named at an alias have the types of what the query below gives.
        fn alias(&mut self, alias: &TableAlias, query: &Query) {
            for (column, ty) in alias.columns.iter().zip(types(query, self.0)) {
                if let Some(ty) = ty {
                    self.0.columns.insert(folded(&column.name), ty);
                }
            }
        }
    }
    impl Visitor for Seek<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
                self.0.relations.insert(cte.alias.name.value.to_lowercase());
                self.alias(&cte.alias, &cte.query);
            }
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let Some(select) = body(&query.body) else { return ControlFlow::Continue(()) };
            for item in &select.projection {
                if let SelectItem::ExprWithAlias { expr, alias } = item
                    && let Some(ty) = self.0.ty(expr)
                {
                    self.0.columns.entry(alias.value.to_lowercase()).or_insert(ty);
                }
            }
            ControlFlow::Continue(())
        }
        fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let Some((arguments, alias)) = series(factor) {
                let ty = arguments.first().and_then(|a| self.0.ty(a));
                let column = column_of(alias);
                self.0.relations.insert(SERIES.to_owned());
                for name in [column.as_str(), "pg_step"] {
                    if let Some(ty) = ty {
                        self.0.columns.insert(name.to_owned(), ty);
                    }
                }
            }
            ControlFlow::Continue(())
        }
        fn post_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let TableFactor::Derived { alias: Some(alias), subquery, .. } = factor {
                self.alias(alias, subquery);
            }
            ControlFlow::Continue(())
        }
    }
    let _gone_through_all = query.visit(&mut Seek(names));
}

/// Types of the columns of a query, as far as they can be told.
fn types(query: &Query, names: &Names) -> Vec<Option<Ty>> {
    match (&*query.body, body(&query.body)) {
        (_, Some(select)) => outputs(select, names).unwrap_or_default().into_iter().map(|(_, ty)| ty).collect(),
        (SetExpr::Values(values), None) => {
            let width = values.rows.first().map_or(0, |r| r.content.len());
            let told = |at: usize| values.rows.iter().find_map(|r| names.ty(r.content.get(at)?));
            (0..width).map(told).collect()
        }
        _ => Vec::new(),
    }
}

/// The arguments of a series, and what it is called.
fn series(factor: &TableFactor) -> Option<(Vec<&Expr>, Option<&TableAlias>)> {
    let (name, args, alias): (&ObjectName, &[FunctionArg], _) = match factor {
        TableFactor::Table { name, args: Some(args), alias, .. } => (name, &args.args, alias),
        TableFactor::Function { name, args, alias, .. } => (name, args, alias),
        _ => return None,
    };
    let plain = |a: &'_ FunctionArg| matches!(a, FunctionArg::Unnamed(FunctionArgExpr::Expr(_)));
    if last(name) != "generate_series" || !args.iter().all(plain) {
        return None;
    }
    let mut arguments = Vec::new();
    for a in args {
        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) = a {
            arguments.push(e);
        }
    }
    Some((arguments, alias.as_ref()))
}

/// The one column of a series: named at the alias, or as the alias.
fn column_of(alias: Option<&TableAlias>) -> String {
    let named = alias.map(|a| a.columns.first().map_or_else(|| folded(&a.name), |c| folded(&c.name)));
    named.unwrap_or_else(|| "generate_series".to_owned())
}

fn parsed(text: &str) -> Result<Query, PgError> {
    let parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(text);
    parser.and_then(|mut p| p.parse_query()).map(|q| *q).map_err(|_| missing("this series"))
}

/// Puts a query in the place of a series; its parts are translated after that.
pub(super) fn unrolled(factor: &mut TableFactor) -> Result<(), PgError> {
    let Some((arguments, alias)) = series(factor) else { return Ok(()) };
    let (from, to, step) = match arguments.as_slice() {
        [from, to] => (*from, *to, "1".to_owned()),
        [from, to, step] => (*from, *to, step.to_string()),
        _ => return Err(missing("this series")),
    };
    let past = if step.starts_with('-') || step.contains("'-") { ">=" } else { "<=" };
    let column = column_of(alias);
    let name = alias.map_or_else(|| "generate_series".to_owned(), |a| folded(&a.name));
    let query = parsed(&format!(
        "WITH RECURSIVE {SERIES}(pg_step) AS (SELECT {from} WHERE {from} {past} {to} UNION ALL SELECT pg_step + {step} FROM {SERIES} \
         WHERE pg_step + {step} {past} {to}) SELECT pg_step AS \"{column}\" FROM {SERIES}"
    ))?;
    *factor = derived(query, &name);
    Ok(())
}

/// Gives the columns of a subquery the names of its alias, which the engine does not know how to do.
pub(super) fn renamed(factor: &mut TableFactor) -> Result<(), PgError> {
    let TableFactor::Derived { alias: Some(alias), subquery, .. } = factor else { return Ok(()) };
    if alias.columns.is_empty() {
        return Ok(());
    }
    let name = folded(&alias.name);
    let columns: Vec<String> = alias.columns.iter().map(|c| format!("\"{}\"", folded(&c.name))).collect();
    let query = parsed(&format!("WITH \"{name}\"({}) AS ({subquery}) SELECT * FROM \"{name}\"", columns.join(", ")))?;
    *factor = derived(query, &name);
    Ok(())
}

fn derived(query: Query, name: &str) -> TableFactor {
    let alias = TableAlias {
        explicit: true,
        name: sqlparser::ast::Ident::with_quote('"', name),
        columns: Vec::new(),
        at: None,
    };
    TableFactor::Derived { lateral: false, subquery: Box::new(query), alias: Some(alias), sample: None }
}
