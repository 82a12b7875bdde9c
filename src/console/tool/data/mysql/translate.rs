//! From MySQL's syntax to the embedded engine's: what is read is named here with its type, everything else is refused.

use super::error::MyError;
use super::expr::string;
use super::from::renamed;
use super::kind::{Kind, Ty};
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Ident, JoinConstraint, JoinOperator, LimitClause, ObjectName, ObjectNamePart,
    OrderByExpr, OrderByKind, OrderBySort, Query, Select, SelectItem, SetExpr, SetOperator, SetQuantifier, Value,
};

pub(super) type Said<T> = Result<T, MyError>;

/// A column of a relation or of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Col {
    pub name: String,
    pub kind: Kind,
    /// The engine's own name of it.
    pub inner: String,
}

/// Something that is read from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As it is called in the statement.
    pub name: String,
    /// As errors call it: `app.orders`.
    pub whole: String,
    pub columns: Vec<Col>,
}

/// A relation as the server has it.
pub(super) struct Known {
    /// The engine's name of it.
    pub inner: String,
    /// With its schema.
    pub whole: String,
    pub columns: Vec<Col>,
}

/// What names stand for.
pub(super) trait Names {
    /// A relation of a schema; the schema that is used if none is named.
    fn relation(&self, schema: Option<&str>, name: &str) -> Said<Known>;
    /// The value of a system variable.
    fn variable(&self, name: &str) -> Said<String>;
    /// Answers of functions without arguments: `database`, `user`, `version` and so on; an inner `None` is NULL.
    fn fixed(&self, function: &str) -> Option<Option<String>>;
    /// Now, in microseconds.
    fn now(&self) -> i64;
    /// The schema that is used.
    fn schema(&self) -> &str;
}

/// A statement for the engine, and its columns.
pub(super) struct Translated {
    pub sql: String,
    pub columns: Vec<Col>,
}

/// What a query below a clause is made of.
pub(super) struct Work<'a> {
    pub names: &'a dyn Names,
    /// Common table expressions by name.
    pub ctes: Vec<(String, Vec<Col>)>,
    /// What is read from, the innermost last.
    pub scopes: Vec<Vec<Source>>,
    /// Names of outputs that the clause may use.
    aliases: Vec<Col>,
    /// As errors call it.
    pub clause: &'static str,
    /// Columns that stand outside an aggregate, with the place of their expression.
    pub bare: Vec<(usize, String)>,
    pub item: usize,
    pub within: usize,
    pub aggregates: bool,
    /// What is grouped by, as text.
    pub groups: Vec<String>,
    /// How deep queries are nested.
    depth: usize,
}

/// A name for the engine.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// An expression as it is compared with others.
pub(super) fn key(e: &Expr) -> String {
    match e {
        Expr::Nested(inner) => key(inner),
        Expr::Identifier(i) => i.value.to_lowercase(),
        Expr::CompoundIdentifier(parts) => parts.last().map(|i| i.value.to_lowercase()).unwrap_or_default(),
        other => other.to_string().to_lowercase(),
    }
}

/// Parts of a dotted name.
pub(super) fn parts(name: &ObjectName) -> Vec<String> {
    let part = |p: &ObjectNamePart| match p {
        ObjectNamePart::Identifier(i) => Some(i.value.clone()),
        ObjectNamePart::Function(_) => None,
    };
    name.0.iter().filter_map(part).collect()
}

/// Translates a query; `titles` are the texts of its outputs as they were typed.
pub(super) fn query(q: &Query, names: &dyn Names, titles: &[String]) -> Said<Translated> {
    let mut work = Work {
        names,
        ctes: Vec::new(),
        scopes: Vec::new(),
        aliases: Vec::new(),
        clause: "field list",
        bare: Vec::new(),
        item: 0,
        within: 0,
        aggregates: false,
        groups: Vec::new(),
        depth: 0,
    };
    let (sql, mut columns) = work.query(q)?;
    // A wild card stands for more columns than were typed.
    if titles.len() == columns.len() {
        for (c, t) in columns.iter_mut().zip(titles) {
            if c.name.is_empty() {
                c.name.clone_from(t);
            }
        }
    }
    Ok(Translated { sql, columns })
}

impl Work<'_> {
    pub fn query(&mut self, q: &Query) -> Said<(String, Vec<Col>)> {
        if self.depth > 30 {
            return Err(MyError::new(1436, "HY000", "Thread stack overrun"));
        }
        self.depth += 1;
        let known = self.ctes.len();
        let made = self.whole(q);
        self.ctes.truncate(known);
        self.depth -= 1;
        made
    }

    fn whole(&mut self, q: &Query) -> Said<(String, Vec<Col>)> {
        let mut sql = String::new();
        if let Some(with) = &q.with {
            let mut made = Vec::new();
            for cte in &with.cte_tables {
                let name = cte.alias.name.value.clone();
                let named: Vec<String> = cte.alias.columns.iter().map(|c| c.name.value.clone()).collect();
                if with.recursive {
                    // The first part says what the rows are; the second one reads them.
                    let first = match &*cte.query.body {
                        SetExpr::SetOperation { left, .. } => left.clone(),
                        other => Box::new(other.clone()),
                    };
                    let (_, columns) = self.body(&first, None)?;
                    self.ctes.push((name.clone(), renamed(columns, &named)?));
                }
                let (text, columns) = self.query(&cte.query)?;
                if with.recursive {
                    self.ctes.pop();
                }
                let columns = renamed(columns, &named)?;
                let list: Vec<String> = columns.iter().map(|c| quoted(&c.inner)).collect();
                made.push(format!("{}({}) AS ({text})", quoted(&name), list.join(", ")));
                self.ctes.push((name, columns));
            }
            let word = if with.recursive { "WITH RECURSIVE" } else { "WITH" };
            sql.push_str(&format!("{word} {} ", made.join(", ")));
        }
        let order = match q.order_by.as_ref().map(|o| &o.kind) {
            Some(OrderByKind::Expressions(list)) => list.as_slice(),
            Some(OrderByKind::All(_)) => return Err(MyError::missing("ORDER BY ALL")),
            None => &[],
        };
        let (text, columns) = self.body(&q.body, Some(order))?;
        sql.push_str(&text);
        sql.push_str(&self.limit(q)?);
        Ok((sql, columns))
    }

    fn limit(&mut self, q: &Query) -> Said<String> {
        let number = |e: &Expr| match e {
            Expr::Value(v) => match &v.value {
                Value::Number(n, _) if n.parse::<u64>().is_ok() => Ok(n.clone()),
                other => Err(MyError::syntax(&other.to_string(), 0)),
            },
            other => Err(MyError::syntax(&other.to_string(), 0)),
        };
        Ok(match &q.limit_clause {
            None => String::new(),
            Some(LimitClause::LimitOffset { limit, offset, .. }) => {
                let limit = limit.as_ref().map(number).transpose()?.unwrap_or_else(|| "-1".to_owned());
                let offset = offset.as_ref().map(|o| number(&o.value)).transpose()?;
                format!(" LIMIT {limit}{}", offset.map(|o| format!(" OFFSET {o}")).unwrap_or_default())
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                format!(" LIMIT {} OFFSET {}", number(limit)?, number(offset)?)
            }
        })
    }

    /// A select or a union of some; without an order the caller has none.
    fn body(&mut self, body: &SetExpr, order: Option<&[OrderByExpr]>) -> Said<(String, Vec<Col>)> {
        match body {
            SetExpr::Select(select) => self.select(select, order.unwrap_or_default()),
            SetExpr::Query(q) => self.query(q).map(|(sql, c)| (format!("SELECT * FROM ({sql})"), c)),
            SetExpr::SetOperation { op, set_quantifier, left, right } => {
                let (a, mut columns) = self.body(left, None)?;
                let (b, more) = self.body(right, None)?;
                if columns.len() != more.len() {
                    let said = "The used SELECT statements have a different number of columns";
                    return Err(MyError::new(1222, "21000", said));
                }
                for (c, m) in columns.iter_mut().zip(&more) {
                    c.kind = c.kind.either(m.kind);
                }
                let all = matches!(set_quantifier, SetQuantifier::All);
                let word = match (op, all) {
                    (SetOperator::Union, true) => "UNION ALL",
                    (SetOperator::Union, false) => "UNION",
                    (SetOperator::Except, false) => "EXCEPT",
                    (SetOperator::Intersect, false) => "INTERSECT",
                    _ => return Err(MyError::missing(format!("{op} ALL"))),
                };
                let mut sql = format!("{a} {word} {b}");
                if let Some(order) = order.filter(|o| !o.is_empty()) {
                    self.scopes.push(Vec::new());
                    let keys = self.order(order, &columns);
                    self.scopes.pop();
                    sql = format!("SELECT * FROM ({sql}) ORDER BY {}", keys?);
                }
                Ok((sql, columns))
            }
            other => Err(MyError::syntax(&other.to_string(), 0)),
        }
    }

    fn order(&mut self, order: &[OrderByExpr], outputs: &[Col]) -> Said<String> {
        let clause = std::mem::replace(&mut self.clause, "order clause");
        let aliases = std::mem::replace(&mut self.aliases, outputs.to_vec());
        let made = order.iter().map(|o| {
            let word = if matches!(o.options.sort, Some(OrderBySort::Desc)) { " DESC" } else { "" };
            if o.options.nulls_first.is_some() {
                return Err(MyError::syntax("NULLS", 0));
            }
            if let Expr::Value(v) = &o.expr
                && let Value::Number(n, _) = &v.value
            {
                let at = n.parse::<usize>().ok().filter(|at| (1..=outputs.len()).contains(at));
                let at =
                    at.ok_or_else(|| MyError::new(1054, "42S22", format!("Unknown column '{n}' in 'order clause'")))?;
                return Ok(format!("{at} COLLATE NOCASE{word}"));
            }
            let (sql, _) = self.expr(&o.expr)?;
            Ok(format!("{sql} COLLATE NOCASE{word}"))
        });
        let made = made.collect::<Said<Vec<String>>>();
        self.aliases = aliases;
        self.clause = clause;
        made.map(|m| m.join(", "))
    }

    fn select(&mut self, s: &Select, order: &[OrderByExpr]) -> Said<(String, Vec<Col>)> {
        if s.into.is_some() || s.top.is_some() || s.qualify.is_some() || !s.lateral_views.is_empty() {
            return Err(MyError::missing("this form of SELECT"));
        }
        let mut from = Vec::new();
        self.scopes.push(Vec::new());
        let saved = (
            std::mem::replace(&mut self.clause, "field list"),
            std::mem::take(&mut self.bare),
            std::mem::take(&mut self.groups),
            std::mem::take(&mut self.aliases),
            std::mem::replace(&mut self.aggregates, false),
            std::mem::replace(&mut self.within, 0),
        );
        let made = self.selected(s, order, &mut from);
        (self.clause, self.bare, self.groups, self.aliases, self.aggregates, self.within) = saved;
        self.scopes.pop();
        made
    }

    fn selected(&mut self, s: &Select, order: &[OrderByExpr], from: &mut Vec<String>) -> Said<(String, Vec<Col>)> {
        for t in &s.from {
            let mut text = self.factor(&t.relation)?;
            for j in &t.joins {
                let (word, on) = match &j.join_operator {
                    JoinOperator::Join(c) | JoinOperator::Inner(c) => ("JOIN", Some(c)),
                    JoinOperator::CrossJoin(c) => ("CROSS JOIN", Some(c)),
                    JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => ("LEFT JOIN", Some(c)),
                    JoinOperator::Right(c) | JoinOperator::RightOuter(c) => ("RIGHT JOIN", Some(c)),
                    JoinOperator::StraightJoin(c) => ("JOIN", Some(c)),
                    other => return Err(MyError::missing(format!("{other:?}").split('(').next().unwrap_or("JOIN"))),
                };
                let right = self.factor(&j.relation)?;
                let nulled = match word {
                    "LEFT JOIN" => self.scopes.last_mut().map(|s| s.iter_mut().skip(from.len() + 1)),
                    _ => None,
                };
                for source in nulled.into_iter().flatten() {
                    source.columns.iter_mut().for_each(|c| c.kind.null = true);
                }
                self.clause = "on clause";
                let on = match on {
                    Some(JoinConstraint::On(e)) => format!(" ON {}", self.expr(e)?.0),
                    Some(JoinConstraint::Using(list)) => {
                        let list: Vec<String> =
                            list.iter().filter_map(|n| parts(n).pop()).map(|n| quoted(&n)).collect();
                        format!(" USING ({})", list.join(", "))
                    }
                    Some(JoinConstraint::Natural) => return Err(MyError::missing("NATURAL JOIN")),
                    _ => String::new(),
                };
                text.push_str(&format!(" {word} {right}{on}"));
            }
            from.push(text);
        }
        let outputs: Vec<(String, Expr)> = s
            .projection
            .iter()
            .filter_map(|i| match i {
                SelectItem::ExprWithAlias { expr, alias } => Some((alias.value.clone(), expr.clone())),
                _ => None,
            })
            .collect();
        self.grouped(s, &outputs)?;
        self.clause = "field list";
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        for (at, item) in s.projection.iter().enumerate() {
            self.item = at + 1;
            let (e, name) = match item {
                SelectItem::UnnamedExpr(e) => (e, column_name(e)),
                SelectItem::ExprWithAlias { expr, alias } => (expr, alias.value.clone()),
                SelectItem::Wildcard(_) => {
                    self.wild(None, &mut list, &mut columns)?;
                    continue;
                }
                SelectItem::QualifiedWildcard(kind, _) => {
                    let text = kind.to_string();
                    let name = text.trim_end_matches(".*").trim_matches('`').to_owned();
                    self.wild(Some(&name), &mut list, &mut columns)?;
                    continue;
                }
                other => return Err(MyError::syntax(&other.to_string(), 0)),
            };
            let (sql, kind) = self.expr(e)?;
            let inner = if name.is_empty() { format!("c{at}") } else { name.clone() };
            list.push(format!("{sql} AS {}", quoted(&inner)));
            columns.push(Col { name, kind, inner });
        }
        let mut sql = format!("SELECT {}{}", distinct(s)?, list.join(", "));
        if !from.is_empty() {
            sql.push_str(&format!(" FROM {}", from.join(", ")));
        }
        if let Some(e) = &s.selection {
            self.clause = "where clause";
            let before = self.aggregates;
            self.aggregates = false;
            sql.push_str(&format!(" WHERE {}", self.expr(e)?.0));
            if std::mem::replace(&mut self.aggregates, before) {
                return Err(MyError::new(1111, "HY000", "Invalid use of group function"));
            }
        }
        self.aliases = columns.clone();
        if let GroupByExpr::Expressions(by, _) = &s.group_by
            && !by.is_empty()
        {
            self.clause = "group statement";
            let mut keys = Vec::new();
            for e in by {
                keys.push(match e {
                    Expr::Value(v) => v.to_string(),
                    e => format!("{} COLLATE NOCASE", self.expr(e)?.0),
                });
            }
            sql.push_str(&format!(" GROUP BY {}", keys.join(", ")));
        }
        self.full_group(s)?;
        if let Some(e) = &s.having {
            self.clause = "having clause";
            let text = self.expr(e)?.0;
            let grouped = self.aggregates || !self.groups.is_empty();
            sql.push_str(&format!(" {} {text}", if grouped { "HAVING" } else { "WHERE" }));
        }
        if !order.is_empty() {
            let keys = self.order(order, &columns)?;
            sql.push_str(&format!(" ORDER BY {keys}"));
        }
        Ok((sql, columns))
    }

    /// Notes down what is grouped by.
    fn grouped(&mut self, s: &Select, outputs: &[(String, Expr)]) -> Said<()> {
        let GroupByExpr::Expressions(by, _) = &s.group_by else { return Err(MyError::missing("GROUP BY ALL")) };
        for e in by {
            self.groups.push(key(e));
            let output = match e {
                Expr::Value(v) => match &v.value {
                    Value::Number(n, _) => n.parse::<usize>().ok().and_then(|at| s.projection.get(at.checked_sub(1)?)),
                    _ => None,
                },
                _ => None,
            };
            match output {
                Some(SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. }) => {
                    self.groups.push(key(e))
                }
                _ => {}
            }
            let named = outputs.iter().find(|(n, _)| n.to_lowercase() == key(e));
            self.groups.extend(named.map(|(_, e)| key(e)));
        }
        Ok(())
    }

    /// Refuses a column that is neither grouped nor in an aggregate.
    fn full_group(&self, s: &Select) -> Said<()> {
        let GroupByExpr::Expressions(by, _) = &s.group_by else { return Ok(()) };
        let whole = self.groups.iter().any(|g| g == "id");
        match self.bare.first() {
            Some((at, column)) if by.is_empty() && self.aggregates => Err(MyError::new(
                1140,
                "42000",
                format!(
                    "In aggregated query without GROUP BY, expression #{at} of SELECT list contains nonaggregated column '{column}'; this is incompatible with sql_mode=only_full_group_by"
                ),
            )),
            Some((at, column)) if !by.is_empty() && !whole => Err(MyError::new(
                1055,
                "42000",
                format!(
                    "Expression #{at} of SELECT list is not in GROUP BY clause and contains nonaggregated column '{column}' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by"
                ),
            )),
            _ => Ok(()),
        }
    }

    /// A column by its name, and the table's if that is told.
    pub fn column(&mut self, table: Option<&str>, name: &str) -> Said<(String, Kind)> {
        // An order and a group may name an output; a filter of groups, too.
        let outputs = matches!(self.clause, "order clause" | "group statement" | "having clause");
        if outputs
            && table.is_none()
            && let Some(c) = self.aliases.iter().find(|c| c.name.eq_ignore_ascii_case(name))
        {
            return Ok((quoted(&c.inner), c.kind));
        }
        for scope in self.scopes.iter().rev() {
            let of = |s: &&Source| table.is_none_or(|t| s.name.eq_ignore_ascii_case(t));
            let mut found = scope
                .iter()
                .filter(of)
                .filter_map(|s| Some((s, s.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))?)));
            let Some((source, column)) = found.next() else { continue };
            if found.next().is_some() {
                let said = format!("Column '{name}' in {} is ambiguous", self.clause);
                return Err(MyError::new(1052, "23000", said));
            }
            if self.within == 0 && self.clause == "field list" && !self.groups.contains(&column.name.to_lowercase()) {
                self.bare.push((self.item, format!("{}.{}", source.whole, column.name)));
            }
            return Ok((format!("{}.{}", quoted(&source.name), quoted(&column.inner)), column.kind));
        }
        let whole = table.map_or_else(|| name.to_owned(), |t| format!("{t}.{name}"));
        Err(MyError::new(1054, "42S22", format!("Unknown column '{whole}' in '{}'", self.clause)))
    }
}

fn distinct(s: &Select) -> Said<&'static str> {
    match &s.distinct {
        None | Some(Distinct::All) => Ok(""),
        Some(Distinct::Distinct) => Ok("DISTINCT "),
        Some(Distinct::On(_)) => Err(MyError::syntax("ON", 0)),
    }
}

/// What an output is called by itself: a column by its name; others by what was typed.
fn column_name(e: &Expr) -> String {
    let plain = |i: &Ident| if i.value.starts_with("@@") { String::new() } else { i.value.clone() };
    match e {
        Expr::Identifier(i) => plain(i),
        Expr::CompoundIdentifier(parts) if parts.first().is_some_and(|i| !i.value.starts_with('@')) => {
            parts.last().map(plain).unwrap_or_default()
        }
        Expr::Value(_) => string(e).unwrap_or_default(),
        _ => String::new(),
    }
}

/// NULL as a kind.
pub(super) const NOTHING: Kind = Kind::new(Ty::Null, true);

/// The select that a query begins with.
pub(super) fn body_of(e: &SetExpr) -> Option<&Select> {
    match e {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(q) => body_of(&q.body),
        SetExpr::SetOperation { left, .. } => body_of(left),
        _ => None,
    }
}
