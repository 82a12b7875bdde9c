//! Orders that need no sorting: rows of one table by its key, or by the moment at which they were made, come as they are made or the
//! other way round, and a limit ends them early.

use super::translate::folded;
use crate::sim::store::StoreInfo;
use sqlparser::ast::{
    Distinct, Expr, Function, GroupByExpr, ObjectNamePart, OrderByKind, OrderBySort, Query, SelectItem, SetExpr,
    TableFactor, Visit, Visitor,
};
use std::ops::ControlFlow;

/// Rows up to which a later one has a later moment.
const IN_TIME: u64 = 4_000_000;

/// Whether there is a call in it: an aggregate has no rows to come in order.
fn calls(item: &SelectItem) -> bool {
    struct Seek;
    impl Visitor for Seek {
        type Break = ();
        fn pre_visit_expr(&mut self, e: &Expr) -> ControlFlow<()> {
            match e {
                Expr::Function(Function { .. }) | Expr::Subquery(_) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    item.visit(&mut Seek).is_break()
}

/// Takes the order from a query whose rows can be made in it; the table whose rows are to be made backwards, if they are.
pub(in crate::console::tool::data) fn taken(query: &mut Query, info: &StoreInfo) -> Option<String> {
    let SetExpr::Select(select) = &*query.body else { return None };
    let plain = select.distinct.as_ref().is_none_or(|d| matches!(d, Distinct::All))
        && select.having.is_none()
        && matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty())
        && !select.projection.iter().any(calls);
    let [from] = select.from.as_slice() else { return None };
    let TableFactor::Table { name, alias, args: None, .. } = &from.relation else { return None };
    let table = match name.0.last() {
        Some(ObjectNamePart::Identifier(i)) => folded(i),
        _ => return None,
    };
    let known = info.tables.iter().find(|t| t.name == table)?;
    if !plain || !from.joins.is_empty() || alias.as_ref().is_some_and(|a| !a.columns.is_empty()) || query.with.is_some()
    {
        return None;
    }
    let OrderByKind::Expressions(order) = &query.order_by.as_ref()?.kind else { return None };
    let first = order.first()?;
    let key = match &first.expr {
        Expr::Identifier(i) => folded(i),
        Expr::CompoundIdentifier(parts) => folded(parts.last()?),
        _ => return None,
    };
    // Another value may be called by the key's name.
    let hidden =
        select.projection.iter().any(|i| matches!(i, SelectItem::ExprWithAlias { alias, .. } if folded(alias) == key));
    if hidden || !(key == "id" || (key == "created_at" && known.rows <= IN_TIME)) {
        return None;
    }
    let backwards = matches!(first.options.sort, Some(OrderBySort::Desc));
    query.order_by = None;
    backwards.then_some(table)
}
