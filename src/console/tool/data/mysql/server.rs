//! The server behind a connection: what names stand for in it, and how it answers a query.

use super::error::MyError;
use super::kind::{Kind, Ty, micros, shown};
use super::scalar;
use super::schema::{self, Relation};
use super::show::{Column, Rows};
use super::translate::{self, Col, Known, Names, Said};
use crate::console::tool::data::sql::{self, MOST_BYTES, MOST_ROWS, order};
use crate::scenario::ColumnKind;
use crate::sim::store::{MemberRow, StoreInfo, TableRow};
use crate::stdx::time::Utc;
use rusqlite::{Connection, params_from_iter};
use sqlparser::ast::Query;

/// The number of the client's own connection.
pub(super) const OWN_ID: u64 = 31_207;

/// What it says that it is.
pub(super) const VERSION: &str = "8.0.39";

/// A server as a client that is connected to it sees it.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// Its store.
    pub info: StoreInfo,
    /// The member that answers.
    pub member: MemberRow,
    /// Now.
    pub now: Utc,
    /// Seconds for which it has run.
    pub uptime_s: u64,
    /// Account of the client.
    pub user: String,
    /// Where the client is: `localhost` or its host.
    pub from: String,
    /// The schema that is used; empty if none is.
    pub schema: String,
}

/// Columns of a table of the application: name, type, whether it may be NULL, and the type as the server writes it.
pub(super) fn columns(t: &TableRow) -> Vec<(String, Ty, bool, &'static str)> {
    let first = [("id", Ty::Int, "bigint"), ("created_at", Ty::Moment, "datetime")];
    let first = first.map(|(n, ty, words)| (n.to_owned(), ty, false, words));
    let others = t.columns.iter().map(|c| {
        let (ty, words) = match c.kind {
            ColumnKind::Text => (Ty::Text, "varchar(255)"),
            ColumnKind::Bigint => (Ty::Int, "bigint"),
            ColumnKind::Boolean => (Ty::Int, "tinyint(1)"),
            ColumnKind::Moment => (Ty::Moment, "datetime"),
        };
        (c.name.clone(), ty, c.values.iter().any(String::is_empty), words)
    });
    first.into_iter().chain(others).collect()
}

/// Schemas of the server's own.
const SYSTEM: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];

impl Server {
    /// Whether it takes no writes.
    pub fn read_only(&self) -> bool {
        !self.member.accepts || self.info.metrics.read_only
    }

    /// Whether the account may do everything.
    pub fn all_rights(&self) -> bool {
        self.user == "root"
    }

    /// Schemas that the account sees.
    pub fn schemas(&self) -> Vec<String> {
        let mut all: Vec<String> = SYSTEM.iter().map(|s| (*s).to_owned()).collect();
        all.push(self.info.database.clone());
        all.sort();
        all
    }

    /// The schema of that name as it is written; system schemas are known in capital letters, too.
    pub fn schema_of(&self, name: &str) -> Said<String> {
        let system = SYSTEM.iter().find(|s| s.eq_ignore_ascii_case(name)).map(|s| (*s).to_owned());
        let own = Some(self.info.database.clone()).filter(|d| d == name);
        system.or(own).ok_or_else(|| MyError::new(1049, "42000", format!("Unknown database '{name}'")))
    }

    /// A table of the application in a schema, by the name of either.
    pub fn table(&self, schema: Option<&str>, name: &str) -> Said<&TableRow> {
        let schema = schema.unwrap_or(&self.schema);
        if schema.is_empty() {
            return Err(MyError::new(1046, "3D000", "No database selected"));
        }
        let found = self.info.tables.iter().find(|t| schema == self.info.database && t.name == name);
        found.ok_or_else(|| MyError::new(1146, "42S02", format!("Table '{schema}.{name}' doesn't exist")))
    }

    /// Answers a query; titles are the texts of its outputs.
    pub fn query(&self, q: &Query, titles: &[String]) -> Said<Rows> {
        let mut q = q.clone();
        let backwards = order::taken(&mut q, &self.info);
        let made = translate::query(&q, self, titles)?;
        let none = |_| MyError::new(1041, "HY000", "Out of memory.");
        let mut db = self.build(&made.sql, backwards.as_deref()).map_err(none)?;
        sql::guard(&mut db).map_err(none)?;
        let mut prepared = db.prepare(&made.sql).map_err(|e| explained(&e))?;
        let mut answer = Rows {
            columns: made
                .columns
                .iter()
                .map(|c| Column { name: c.name.clone(), number: c.kind.right(), null: c.kind.null })
                .collect(),
            rows: Vec::new(),
        };
        let mut bytes = 0;
        let mut rows = prepared.query([]).map_err(|e| explained(&e))?;
        while let Some(row) = rows.next().map_err(|e| explained(&e))? {
            let mut cells = Vec::with_capacity(made.columns.len());
            for (at, c) in made.columns.iter().enumerate() {
                let cell = shown(row.get_ref(at).map_err(|e| explained(&e))?, c.kind.ty);
                bytes += cell.as_ref().map_or(0, String::len);
                cells.push(cell);
            }
            answer.rows.push(cells);
            if answer.rows.len() > MOST_ROWS || bytes > MOST_BYTES {
                return Err(MyError::new(1041, "HY000", "Out of memory."));
            }
        }
        Ok(answer)
    }

    /// A database of what the statement reads.
    fn build(&self, statement: &str, backwards: Option<&str>) -> rusqlite::Result<Connection> {
        let db = sql::memory("OFF")?;
        scalar::register(&db)?;
        for r in schema::relations(self) {
            let name = r.inner();
            // What is not named is not made.
            if !statement.contains(&name) {
                continue;
            }
            let list: Vec<String> = r.columns.iter().map(|(n, ..)| format!("\"{n}\"")).collect();
            db.execute_batch(&format!("CREATE TABLE \"{name}\" ({})", list.join(", ")))?;
            let marks = vec!["?"; r.columns.len()].join(", ");
            let mut insert = db.prepare(&format!("INSERT INTO \"{name}\" VALUES ({marks})"))?;
            for row in r.rows {
                insert.execute(params_from_iter(row))?;
            }
        }
        for t in &self.info.tables {
            let list: Vec<String> = columns(t)
                .into_iter()
                .map(|(n, ty, ..)| match ty {
                    // A datetime without places has no fraction.
                    Ty::Moment => format!("\"{n}\" / 1000000 * 1000000 AS \"{n}\""),
                    _ => format!("\"{n}\""),
                })
                .collect();
            let rows = sql::rows_of(self.now, t, backwards == Some(&t.name));
            let name = t.name.replace('"', "");
            db.execute_batch(&format!("CREATE VIEW \"{name}\" AS SELECT {} FROM ({rows})", list.join(", ")))?;
        }
        Ok(db)
    }
}

impl Names for Server {
    fn relation(&self, schema: Option<&str>, name: &str) -> Said<Known> {
        let schema = match schema {
            Some(s) => self
                .schema_of(s)
                .map_err(|_| MyError::new(1146, "42S02", format!("Table '{s}.{name}' doesn't exist")))?,
            None => self.schema.clone(),
        };
        if SYSTEM.contains(&schema.as_str()) {
            let all = schema::relations(self);
            let is = |r: &&Relation| r.schema == schema && r.name.eq_ignore_ascii_case(name);
            let Some(r) = all.iter().find(is) else {
                // The whole of a schema of the server's own is not there; the rest of it is named as it is.
                let said = match schema.as_str() {
                    "information_schema" => MyError::new(
                        1109,
                        "42S02",
                        format!("Unknown table '{}' in information_schema", name.to_uppercase()),
                    ),
                    _ => MyError::new(1146, "42S02", format!("Table '{schema}.{name}' doesn't exist")),
                };
                return Err(said);
            };
            let columns = r.columns.iter().map(|(n, ty, null)| {
                let name = if schema == "information_schema" { n.to_uppercase() } else { (*n).to_owned() };
                Col { name, kind: Kind::new(*ty, *null), inner: (*n).to_owned() }
            });
            return Ok(Known { inner: r.inner(), whole: format!("{schema}.{}", r.name), columns: columns.collect() });
        }
        let t = self.table(Some(&schema), name)?;
        let columns = columns(t)
            .into_iter()
            .map(|(n, ty, null, _)| Col { inner: n.clone(), name: n, kind: Kind::new(ty, null) })
            .collect();
        Ok(Known { inner: t.name.clone(), whole: format!("{schema}.{name}"), columns })
    }

    fn variable(&self, name: &str) -> Said<String> {
        let found = schema::variables(self).into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, v)| v).ok_or_else(|| super::expr::unknown_variable(name))
    }

    fn fixed(&self, function: &str) -> Option<Option<String>> {
        Some(match function {
            "database" | "schema" => Some(self.schema.clone()).filter(|s| !s.is_empty()),
            "user" | "session_user" | "system_user" => Some(format!("{}@{}", self.user, self.from)),
            "current_user" => {
                Some(format!("{}@{}", self.user, if self.from == "localhost" { "localhost" } else { "%" }))
            }
            "version" => Some(VERSION.to_owned()),
            "connection_id" => Some(OWN_ID.to_string()),
            _ => return None,
        })
    }

    fn now(&self) -> i64 {
        micros(self.now)
    }

    fn schema(&self) -> &str {
        &self.schema
    }
}

/// The engine's complaint in the server's words; its own words never reach a terminal.
fn explained(e: &rusqlite::Error) -> MyError {
    if e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
        return MyError::new(
            3024,
            "HY000",
            "Query execution was interrupted, maximum statement execution time exceeded",
        );
    }
    let said = e.to_string();
    if said.contains("regular expression") {
        return MyError::new(3685, "HY000", "Illegal argument to a regular expression.");
    }
    if said.contains("too big") || said.contains("too many") || said.contains("too large") {
        return MyError::new(1041, "HY000", "Out of memory.");
    }
    if said.contains("misuse of aggregate") || said.contains("misuse of window") {
        return MyError::new(1111, "HY000", "Invalid use of group function");
    }
    MyError::missing("this form of query")
}
