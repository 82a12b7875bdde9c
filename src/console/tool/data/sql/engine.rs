//! Runs a translated query: a database in memory for each statement, an authoriser that lets nothing but reading through, and
//! limits on steps, rows and bytes.

use super::catalogue::{Server, columns, rows_of};
use super::distinct;
use super::function::{Deed, Deeds, register};
use super::order;
use super::translate::{self, Names};
use super::value::{Ty, shown};
use super::{PgError, TIMEOUT};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, params_from_iter};
use sqlparser::ast::Query;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps of the engine between two looks at the limit.
const STEP: i32 = 1_000;

/// Looks after which a statement is ended: forty million steps, about a second.
const MOST_LOOKS: u64 = 40_000;

/// Rows and bytes of an answer at most.
pub(in crate::console::tool::data) const MOST_ROWS: usize = 20_000;
pub(in crate::console::tool::data) const MOST_BYTES: usize = 4 << 20;

/// An answer of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console::tool::data) struct Answer {
    /// Columns: name, and whether it is aligned to the right.
    pub columns: Vec<(String, bool)>,
    /// Rows; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// What else it asks for.
    pub deeds: Vec<Deed>,
}

/// The server behind a connection.
pub(in crate::console::tool::data) struct Engine {
    server: Arc<Server>,
}

impl Engine {
    pub fn new(server: Server) -> Engine {
        Engine { server: Arc::new(server) }
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Answers a query; `statement` is what was typed, for places in errors.
    pub fn query(&self, query: &Query, statement: &str) -> Result<Answer, PgError> {
        self.run(query, statement, false)
    }

    /// Whether a query could be answered.
    pub fn check(&self, query: &Query, statement: &str) -> Result<(), PgError> {
        self.run(query, statement, true).map(|_| ())
    }

    fn run(&self, query: &Query, statement: &str, only_prepare: bool) -> Result<Answer, PgError> {
        let deeds = Deeds::default();
        let mut query = query.clone();
        let backwards = order::taken(&mut query, &self.server.info);
        let built = self.build(&deeds, statement, backwards.as_deref());
        let (mut db, mut names) = built.map_err(|_| PgError::new("out of memory"))?;
        let translated = translate::query(&query, &mut names, statement)?;
        guard(&mut db).map_err(|_| PgError::new("out of memory"))?;
        let blame = |e: rusqlite::Error| explained(&e, statement);
        let mut prepared = db.prepare(&translated.sql).map_err(blame)?;
        let found: Vec<String> = prepared.column_names().map(str::to_owned).collect();
        // What numbered the rows is not shown.
        let found: Vec<String> = found.into_iter().filter(|n| !distinct::MARKS.contains(&n.as_str())).collect();
        let columns: Vec<(String, Option<Ty>)> = match translated.columns {
            Some(columns) if columns.len() == found.len() => columns,
            _ => found.into_iter().map(|n| (n.clone(), names.columns.get(&n.to_lowercase()).copied())).collect(),
        };
        let mut answer = Answer::default();
        if only_prepare {
            return Ok(answer);
        }
        let mut right: Vec<Option<bool>> = columns.iter().map(|(_, ty)| ty.map(Ty::right)).collect();
        let mut bytes = 0;
        let mut rows = prepared.query([]).map_err(blame)?;
        while let Some(row) = rows.next().map_err(blame)? {
            let mut cells = Vec::with_capacity(columns.len());
            for (at, (_, ty)) in columns.iter().enumerate() {
                let value = row.get_ref(at).map_err(blame)?;
                let number =
                    matches!(value, rusqlite::types::ValueRef::Integer(_) | rusqlite::types::ValueRef::Real(_));
                if let Some(side) = right.get_mut(at).filter(|s| s.is_none()) {
                    *side = Some(number);
                }
                let cell = shown(value, *ty);
                bytes += cell.as_ref().map_or(0, String::len);
                cells.push(cell);
            }
            answer.rows.push(cells);
            if answer.rows.len() > MOST_ROWS || bytes > MOST_BYTES {
                return Err(PgError::new("out of memory").detail("An answer of this size is not simulated."));
            }
        }
        answer.columns = columns.into_iter().zip(right).map(|((n, _), r)| (n, r.unwrap_or(false))).collect();
        answer.deeds = deeds.lock().map(|d| d.clone()).unwrap_or_default();
        Ok(answer)
    }

    /// The database with everything that the server shows, and its names; the rows of one table may come backwards.
    fn build(&self, deeds: &Deeds, statement: &str, backwards: Option<&str>) -> rusqlite::Result<(Connection, Names)> {
        let db = memory("ON")?;
        register(&db, &self.server, deeds)?;
        let mut names = Names { relations: BTreeSet::new(), columns: BTreeMap::new() };
        for r in self.server.relations(statement) {
            let list: Vec<String> = r.columns.iter().map(|(n, _)| format!("\"{n}\"")).collect();
            db.execute_batch(&format!("CREATE TABLE \"{}\" ({})", r.name, list.join(", ")))?;
            let marks = vec!["?"; r.columns.len()].join(", ");
            let mut insert = db.prepare(&format!("INSERT INTO \"{}\" VALUES ({marks})", r.name))?;
            for row in r.rows {
                insert.execute(params_from_iter(row))?;
            }
            names.relations.insert(r.name.to_owned());
            names.columns.extend(r.columns.iter().map(|(n, ty)| ((*n).to_owned(), *ty)));
        }
        for t in &self.server.info.tables {
            let name = t.name.replace('"', "");
            db.execute_batch(&format!(
                "CREATE VIEW \"{name}\" AS {}",
                rows_of(self.server.now, t, backwards == Some(&t.name))
            ))?;
            names.relations.insert(t.name.clone());
            for (column, ty, _) in columns(t) {
                names.columns.entry(column).or_insert(ty);
            }
        }
        Ok((db, names))
    }
}

/// A database in memory with limits; `case` says whether LIKE tells capital letters from small ones.
pub(in crate::console::tool::data) fn memory(case: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(&format!("PRAGMA case_sensitive_like = {case}; PRAGMA temp_store = MEMORY;"))?;
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, 1 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 18),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
    ] {
        db.set_limit(limit, most)?;
    }
    Ok(db)
}

/// Lets nothing but reading through from now on, and ends what runs away.
pub(in crate::console::tool::data) fn guard(db: &mut Connection) -> rusqlite::Result<()> {
    let looks = AtomicU64::new(0);
    let handler = move || looks.fetch_add(1, Ordering::Relaxed) >= MOST_LOOKS;
    db.progress_handler(STEP, Some(handler)).and_then(|()| db.authorizer(Some(judge)))
}

/// Reading, calling and recursion are allowed; everything else that a statement might ask of the engine is not.
fn judge(c: AuthContext<'_>) -> Authorization {
    match c.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } => {
            let refused = [
                "load_extension",
                "random",
                "randomblob",
                "date",
                "time",
                "datetime",
                "julianday",
                "strftime",
                "unixepoch",
            ];
            if refused.contains(&function_name) { Authorization::Deny } else { Authorization::Allow }
        }
        _ => Authorization::Deny,
    }
}

/// The engine's complaint in the server's words; its own words never reach a terminal.
fn explained(e: &rusqlite::Error, statement: &str) -> PgError {
    if e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
        return PgError::new(TIMEOUT);
    }
    let said = match e {
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    let after =
        |marker: &str| said.split_once(marker).map(|(_, rest)| rest.split_whitespace().next().unwrap_or("").to_owned());
    if let Some(name) = after("no such column: ") {
        let column = name.rsplit('.').next().unwrap_or(&name).to_owned();
        let words = if name.contains('.') {
            format!("column {name} does not exist")
        } else {
            format!("column \"{name}\" does not exist")
        };
        let place = if name.contains('.') { &name } else { &column };
        return PgError::new(words).pointing(statement, place);
    }
    if let Some(name) = after("ambiguous column name: ") {
        return PgError::new(format!("column reference \"{name}\" is ambiguous")).pointing(statement, &name);
    }
    if said.contains("misuse of aggregate") {
        let lower = statement.to_lowercase();
        let place = lower.find("where").and_then(|w| {
            let names = ["count(", "sum(", "avg(", "min(", "max("].iter().filter_map(|n| lower.get(w..)?.find(n));
            names.min().map(|n| w + n)
        });
        return PgError { at: place, ..PgError::new("aggregate functions are not allowed in WHERE") };
    }
    if said.contains("division by zero") || FROM_FUNCTIONS.iter().any(|w| said.contains(w)) {
        return PgError::new(said);
    }
    if said.contains("wrong number of arguments to function") {
        return PgError::new("function does not exist with these arguments")
            .hint("No function matches the given name and argument types. You might need to add explicit type casts.");
    }
    if said.contains("SELECTs to the left and right") {
        let second = statement.to_lowercase().rfind("select ").map(|at| at + "select ".len());
        return PgError { at: second, ..PgError::new("each UNION query must have the same number of columns") };
    }
    if said.contains("too big") || said.contains("too large") || said.contains("too many") {
        return PgError::new("out of memory");
    }
    translate::missing("this form of query")
}

/// What the server's own functions say.
const FROM_FUNCTIONS: &[&str] = &[
    "recovery is",
    "invalid input syntax",
    "invalid regular expression",
    "not recognized for type",
    "unrecognized configuration parameter",
    "does not exist",
    "cannot get array length",
];
