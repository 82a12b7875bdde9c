//! What a query reads from, and the columns that a wild card stands for.

use super::error::MyError;
use super::translate::{Col, Known, Said, Source, Work, parts, quoted};
use sqlparser::ast::TableFactor;

impl Work<'_> {
    pub fn wild(&mut self, of: Option<&str>, list: &mut Vec<String>, columns: &mut Vec<Col>) -> Said<()> {
        let sources = self.scopes.last().cloned().unwrap_or_default();
        let known = of.is_none_or(|n| sources.iter().any(|s| s.name.eq_ignore_ascii_case(n)));
        if !known {
            let of = of.unwrap_or_default();
            return Err(MyError::new(1051, "42S02", format!("Unknown table '{of}'")));
        }
        if sources.is_empty() {
            return Err(MyError::new(1096, "HY000", "No tables used"));
        }
        for source in sources.iter().filter(|s| of.is_none_or(|n| s.name.eq_ignore_ascii_case(n))) {
            for c in &source.columns {
                if !self.groups.contains(&c.name.to_lowercase()) {
                    self.bare.push((self.item, format!("{}.{}", source.whole, c.name)));
                }
                let inner = format!("w{}", columns.len());
                list.push(format!("{}.{} AS {}", quoted(&source.name), quoted(&c.inner), quoted(&inner)));
                columns.push(Col { inner, ..c.clone() });
            }
        }
        Ok(())
    }

    /// Something that is read from; it comes into scope.
    pub fn factor(&mut self, factor: &TableFactor) -> Said<String> {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let names = parts(name);
                let (schema, table) = match names.as_slice() {
                    [table] => (None, table.clone()),
                    [schema, table] => (Some(schema.as_str()), table.clone()),
                    _ => return Err(MyError::syntax(&name.to_string(), 0)),
                };
                let cte = self.ctes.iter().rev().find(|(n, _)| schema.is_none() && n.eq_ignore_ascii_case(&table));
                let known = match cte {
                    Some((n, columns)) => Known { inner: n.clone(), whole: n.clone(), columns: columns.clone() },
                    None => self.names.relation(schema, &table)?,
                };
                let called = alias.as_ref().map_or(table, |a| a.name.value.clone());
                let text = format!("{} AS {}", quoted(&known.inner), quoted(&called));
                self.push(Source { name: called, whole: known.whole, columns: known.columns })?;
                Ok(text)
            }
            TableFactor::Derived { subquery, alias, lateral: false, .. } => {
                let Some(alias) = alias else {
                    return Err(MyError::new(1248, "42000", "Every derived table must have its own alias"));
                };
                // What stands beside it is not seen in it.
                let outer = self.scopes.pop().unwrap_or_default();
                let made = self.query(subquery);
                self.scopes.push(outer);
                let (sql, columns) = made?;
                let named: Vec<String> = alias.columns.iter().map(|c| c.name.value.clone()).collect();
                let inner: Vec<String> = columns.iter().map(|c| c.inner.clone()).collect();
                let mut columns = renamed(columns, &named)?;
                for (c, i) in columns.iter_mut().zip(inner) {
                    c.inner = i;
                    if c.name.is_empty() {
                        c.name.clone_from(&c.inner);
                    }
                }
                let name = alias.name.value.clone();
                let text = format!("({sql}) AS {}", quoted(&name));
                self.push(Source { whole: name.clone(), name, columns })?;
                Ok(text)
            }
            TableFactor::NestedJoin { .. } => Err(MyError::missing("joins in brackets")),
            other => Err(MyError::syntax(&other.to_string(), 0)),
        }
    }

    fn push(&mut self, source: Source) -> Said<()> {
        let Some(scope) = self.scopes.last_mut() else { return Ok(()) };
        if scope.iter().any(|s| s.name == source.name) {
            return Err(MyError::new(1066, "42000", format!("Not unique table/alias: '{}'", source.name)));
        }
        scope.push(source);
        Ok(())
    }
}

/// Columns under the names of an alias.
pub(super) fn renamed(columns: Vec<Col>, names: &[String]) -> Said<Vec<Col>> {
    if !names.is_empty() && names.len() != columns.len() {
        let said = "In definition of view, derived table or common table expression, SELECT list and column names list have different column counts";
        return Err(MyError::new(1353, "HY000", said));
    }
    let mut columns = columns;
    for (at, c) in columns.iter_mut().enumerate() {
        if let Some(n) = names.get(at) {
            (c.name, c.inner) = (n.clone(), n.clone());
        } else if c.name.is_empty() {
            c.name.clone_from(&c.inner);
        } else {
            c.inner.clone_from(&c.name);
        }
    }
    Ok(columns)
}
