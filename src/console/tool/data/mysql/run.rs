//! One statement: what reads is answered by the engine, what changes goes to the world, what neither knows is refused.

use super::Session;
use super::error::MyError;
use super::inform::{behind, describe, dotted, plain, show, words};
use super::schema::threads;
use super::script::{End, bare};
use super::server::{OWN_ID, Server};
use super::show::{Look, Rows, answer, took};
use super::title::titles;
use super::translate::Said;
use crate::console::tool::Ctx;
use crate::sim::effect::{Applied, Effect, StoreAct, StoreEffect};
use sqlparser::ast::{Query, Statement};
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;

/// What a statement came to.
pub(super) enum Outcome {
    Rows(Rows),
    /// It is done.
    Done,
    /// Another schema is used.
    Used,
    /// Work that is waited for, and the rows that it ends with.
    Job(u32, Vec<Vec<String>>),
}

/// Columns of what ANALYZE, CHECK and OPTIMIZE answer.
const MAINTAINED: [&str; 4] = ["Table?", "Op?", "Msg_type?", "Msg_text?"];

/// Runs it and prints what it says.
pub(super) fn statement(c: &mut Ctx<'_>, s: &mut Session, text: &str, end: End) {
    s.failed = false;
    let server = match s.target.connect(c) {
        Ok(server) => server,
        Err(_) => {
            s.lost = true;
            return refuse(c, s, &MyError::new(2013, "HY000", "Lost connection to MySQL server during query"));
        }
    };
    match outcome(c, s, &server, text) {
        Ok(Outcome::Rows(rows)) => print(c, s, &rows, end, 0),
        Ok(Outcome::Done) => done(c, s, 0),
        Ok(Outcome::Used) => {
            if s.footers() {
                c.line("Database changed");
            }
        }
        Ok(Outcome::Job(job, rows)) => {
            c.tool.job = Some(job);
            s.began_ms = c.con.now_ms;
            s.ends = rows;
            c.sleep_ms(1000);
        }
        Err(e) => refuse(c, s, &e),
    }
}

/// Says that something was done.
pub(super) fn done(c: &mut Ctx<'_>, s: &Session, ms: u64) {
    if s.footers() {
        c.line(&format!("Query OK, 0 rows affected {}\n", took(ms)));
    }
}

/// Prints an answer in the look of the session.
pub(super) fn print(c: &mut Ctx<'_>, s: &Session, rows: &Rows, end: End, ms: u64) {
    let look = if end == End::Vertical { Look::Vertical } else { s.look };
    let text = answer(rows, look, s.names);
    c.print(&text);
    if s.footers() {
        let n = rows.rows.len();
        let count = match n {
            0 => "Empty set".to_owned(),
            1 => "1 row in set".to_owned(),
            n => format!("{n} rows in set"),
        };
        c.line(&format!("{count} {}\n", took(ms)));
    }
}

/// What work ends with.
pub(super) fn finished(c: &mut Ctx<'_>, s: &mut Session) {
    let ms = c.con.now_ms.saturating_sub(s.began_ms);
    let rows = std::mem::take(&mut s.ends);
    if rows.is_empty() {
        return done(c, s, ms);
    }
    let found = s.target.connect(c).ok();
    let rows = rows.into_iter().map(|row| {
        // What a check has found is known only now.
        let checked = row.get(1).is_some_and(|op| op == "check");
        let name = row.first().and_then(|n| n.split_once('.')).map(|(_, t)| t.to_owned()).unwrap_or_default();
        let bad = found.as_ref().and_then(|f| f.info.tables.iter().find(|t| t.name == name)).and_then(|t| t.found);
        match bad.filter(|(_, wrong)| checked && *wrong > 0) {
            Some((_, wrong)) => {
                let text = format!("{wrong} records have a wrong checksum");
                [row.first().cloned(), row.get(1).cloned(), Some("error".to_owned()), Some(text)].to_vec()
            }
            None => row.into_iter().map(Some).collect(),
        }
    });
    let rows = Rows::of(&MAINTAINED, rows.collect());
    print(c, s, &rows, End::Go, ms);
}

/// Says what was refused.
pub(super) fn refuse(c: &mut Ctx<'_>, s: &mut Session, e: &MyError) {
    let line = (!s.interactive).then_some(s.line);
    c.p.err.push_str(&e.shown(line));
    s.failed = true;
}

/// A query, and its outputs as they were typed.
pub(super) fn parsed_query(text: &str) -> Said<(Query, Vec<String>)> {
    match parsed(text)? {
        Statement::Query(q) => Ok((*q, titles(text))),
        other => Err(MyError::missing(other.to_string())),
    }
}

/// One statement as MySQL's grammar has it.
fn parsed(text: &str) -> Said<Statement> {
    let found = Parser::parse_sql(&MySqlDialect {}, text).map_err(|e| syntax(&e.to_string(), text))?;
    found.into_iter().next().ok_or_else(|| MyError::new(1065, "42000", "Query was empty"))
}

/// A parser's complaint in the server's words.
fn syntax(said: &str, text: &str) -> MyError {
    if said.contains("recursion") {
        return MyError::new(1436, "HY000", "Thread stack overrun");
    }
    let place = said.split("Line: ").nth(1).and_then(|p| {
        let mut numbers = p.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
        Some((numbers.next()?, numbers.next()?))
    });
    let at = place.and_then(|(line, column)| {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..)?;
        Some(start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i))
    });
    MyError::syntax(text, at.unwrap_or(text.len()))
}

/// Sends an act to the store; a refusal is in the server's words.
fn act(c: &mut Ctx<'_>, server: &Server, part: &str, verb: &str, act: StoreAct, right: &str) -> Said<Applied> {
    let store = server.info.name.clone();
    let target = if part.is_empty() { store.clone() } else { format!("{store}:{part}") };
    let effect = Effect::Store(StoreEffect { store, act });
    c.apply(&effect, verb, &target).map_err(|why| {
        let told = why.strip_prefix("ERROR ").and_then(|t| {
            let (number, text) = t.split_once(" (HY000): ")?;
            Some(MyError::new(number.parse().ok()?, "HY000", text))
        });
        told.unwrap_or_else(|| MyError::denied(right))
    })
}

fn read_only() -> MyError {
    let said = "The MySQL server is running with the --read-only option so it cannot execute this statement";
    MyError::new(1290, "HY000", said)
}

fn outcome(c: &mut Ctx<'_>, s: &mut Session, server: &Server, text: &str) -> Said<Outcome> {
    let text = bare(text);
    let list = words(text);
    let lower: Vec<String> = list.iter().map(|w| w.to_lowercase()).collect();
    let word = |at: usize| lower.get(at).map(String::as_str).unwrap_or_default();
    let given = |at: usize| list.get(at).ok_or_else(|| MyError::syntax(text, text.len()));
    let first: String = word(0).chars().take_while(|ch| ch.is_alphabetic()).collect();
    match (first.as_str(), word(1)) {
        ("", _) if text.is_empty() => Err(MyError::new(1065, "42000", "Query was empty")),
        ("select" | "with" | "values" | "table", _) | ("", _)
            if first.is_empty() != text.starts_with('(') || !first.is_empty() =>
        {
            let (q, titles) = parsed_query(text)?;
            server.query(&q, &titles).map(Outcome::Rows)
        }
        ("show", _) => show(server, text).map(Outcome::Rows),
        ("describe" | "desc" | "explain", next)
            if !matches!(next, "select" | "with" | "format" | "analyze" | "extended") =>
        {
            describe(server, given(1)?).map(Outcome::Rows)
        }
        ("explain" | "describe" | "desc", "select" | "with") => {
            let (q, titles) = parsed_query(behind(text, &first))?;
            server.query(&q, &titles)?;
            super::explain::plan(server, &q).map(Outcome::Rows)
        }
        ("use", _) => {
            s.target.schema = server.schema_of(&plain(given(1)?))?;
            Ok(Outcome::Used)
        }
        ("begin" | "commit" | "rollback", _) | ("start", "transaction") | ("unlock", "tables") => Ok(Outcome::Done),
        ("set", _) => set(c, server, text, &list),
        ("kill", _) => kill(c, server, text, &list),
        ("start" | "stop", "replica" | "slave") => {
            if !word(2).is_empty() {
                return Err(MyError::missing(text));
            }
            let member = server.member.name.clone();
            if server.member.replication().is_none() {
                return Err(MyError::new(
                    1200,
                    "HY000",
                    "The server is not configured as replica; fix in config file or with CHANGE REPLICATION SOURCE TO",
                ));
            }
            let on = first == "start";
            let verb = if on { "start_replica" } else { "stop_replica" };
            act(
                c,
                server,
                &member,
                verb,
                StoreAct::Replicate { member: member.clone(), on },
                "SUPER, REPLICATION_SLAVE_ADMIN",
            )?;
            Ok(Outcome::Done)
        }
        ("analyze" | "optimize" | "check", "table") => maintain(c, server, &first, given(2)?),
        ("truncate", next) => {
            let name = given(if next == "table" { 2 } else { 1 })?;
            let (schema, table) = dotted(name);
            server.table(schema.as_deref(), &table)?;
            if server.read_only() {
                return Err(read_only());
            }
            let asked = StoreAct::Truncate { table: table.clone() };
            act(c, server, &table, "truncate", asked, "DROP").map_err(|_| denied(server, "DROP", &table))?;
            Ok(Outcome::Done)
        }
        ("insert" | "update" | "delete" | "replace" | "create" | "drop" | "alter" | "rename", _) => {
            change(server, text, &lower, &list)
        }
        (
            "grant" | "revoke" | "flush" | "reset" | "change" | "install" | "purge" | "shutdown" | "restart" | "lock",
            _,
        ) => {
            if server.all_rights() {
                Err(MyError::missing(text))
            } else {
                Err(MyError::denied(right_of(&first)))
            }
        }
        (
            "load" | "call" | "do" | "prepare" | "execute" | "deallocate" | "handler" | "explain" | "savepoint" | "xa",
            _,
        ) => Err(MyError::missing(text)),
        _ => Err(MyError::syntax(text, 0)),
    }
}

/// The privilege that a statement needs.
fn right_of(word: &str) -> &'static str {
    match word {
        "flush" | "reset" => "RELOAD",
        "change" => "SUPER, REPLICATION_SLAVE_ADMIN",
        "purge" => "SUPER, BINLOG_ADMIN",
        "shutdown" | "restart" => "SHUTDOWN",
        "lock" => "LOCK TABLES",
        _ => "GRANT OPTION",
    }
}

fn denied(server: &Server, what: &str, table: &str) -> MyError {
    let said = format!("{what} command denied to user '{}'@'{}' for table '{table}'", server.user, server.from);
    MyError::new(1142, "42000", said)
}

/// Rows and tables of the application belong to the application.
fn change(server: &Server, text: &str, lower: &[String], list: &[String]) -> Said<Outcome> {
    parsed(text)?;
    let verb = lower.first().map(|w| w.to_uppercase()).unwrap_or_default();
    let rows = matches!(verb.as_str(), "INSERT" | "UPDATE" | "DELETE" | "REPLACE");
    let skip =
        ["into", "from", "ignore", "low_priority", "table", "if", "exists", "not", "temporary", "index", "unique"];
    let named = lower.iter().zip(list).skip(1).find(|(w, _)| !skip.contains(&w.as_str()));
    let (schema, table) = dotted(&named.map(|(_, w)| w.split('(').next().unwrap_or(w).to_owned()).unwrap_or_default());
    if rows || matches!(verb.as_str(), "DROP" | "ALTER") && lower.get(1).is_some_and(|w| w == "table") {
        server.table(schema.as_deref(), &table)?;
    }
    if !server.all_rights() {
        return Err(denied(server, if verb == "REPLACE" { "INSERT" } else { &verb }, &table));
    }
    if server.read_only() {
        return Err(read_only());
    }
    Err(MyError::missing(text))
}

/// SET of what the world knows; what only the session knows is taken as it is.
fn set(c: &mut Ctx<'_>, server: &Server, text: &str, list: &[String]) -> Said<Outcome> {
    let lower: Vec<String> = list.iter().map(|w| w.to_lowercase()).collect();
    let first = lower.get(1).map(String::as_str).unwrap_or_default();
    if matches!(first, "names" | "character" | "transaction" | "session" | "local" | "autocommit")
        || first.starts_with('@') && !first.starts_with("@@")
    {
        return Ok(Outcome::Done);
    }
    let global =
        matches!(first, "global" | "persist") || first.starts_with("@@global.") || first.starts_with("@@persist.");
    let at = if matches!(first, "global" | "persist") { 2 } else { 1 };
    let name = lower.get(at).map(|n| n.rsplit('.').next().unwrap_or(n).trim_start_matches('@').to_owned());
    let name = name.ok_or_else(|| MyError::syntax(text, text.len()))?;
    let value = lower.iter().skip(at + 1).find(|w| !matches!(w.as_str(), "=" | ":=" | ":"));
    let value = value.map(|v| plain(v)).ok_or_else(|| MyError::syntax(text, text.len()))?;
    let known = super::schema::variables(server).iter().any(|(n, _)| *n == name);
    let own = [
        "sql_mode",
        "time_zone",
        "lock_wait_timeout",
        "innodb_lock_wait_timeout",
        "max_execution_time",
        "sql_log_bin",
        "foreign_key_checks",
    ];
    if !known && !own.contains(&name.as_str()) {
        return Err(super::expr::unknown_variable(&name));
    }
    let alone = ["read_only", "super_read_only", "max_connections"];
    if !global && alone.contains(&name.as_str()) {
        let said = format!("Variable '{name}' is a GLOBAL variable and should be set with SET GLOBAL");
        return Err(MyError::new(1229, "HY000", said));
    }
    if !global {
        return Ok(Outcome::Done);
    }
    let right = "SUPER or SYSTEM_VARIABLES_ADMIN";
    let wrong = || {
        let said = format!("Variable '{name}' can't be set to the value of '{value}'");
        MyError::new(1231, "42000", said)
    };
    match name.as_str() {
        "read_only" | "super_read_only" => {
            let on = match value.as_str() {
                "1" | "on" | "true" => true,
                "0" | "off" | "false" => false,
                _ => return Err(wrong()),
            };
            if !server.member.accepts {
                // A replica takes writes from nobody but its source, whatever it is told.
                return Err(MyError::missing(text));
            }
            act(c, server, "", "read_only", StoreAct::ReadOnly { on }, right)?;
        }
        "max_connections" => {
            let said = || MyError::new(1232, "42000", "Incorrect argument type to variable 'max_connections'");
            let most = value.parse::<u64>().map_err(|_| said())?.clamp(1, 100_000);
            let refused = act(c, server, "", "configure", StoreAct::MaxConnections { most }, right);
            refused?;
        }
        _ => return Err(MyError::missing(text)),
    }
    Ok(Outcome::Done)
}

fn kill(c: &mut Ctx<'_>, server: &Server, text: &str, list: &[String]) -> Said<Outcome> {
    let id =
        list.iter().skip(1).find(|w| !matches!(w.to_lowercase().as_str(), "query" | "connection" | "hard" | "soft"));
    let id = id.ok_or_else(|| MyError::syntax(text, text.len()))?;
    let Ok(number) = id.parse::<u64>() else { return Err(MyError::syntax(text, text.find(id.as_str()).unwrap_or(0))) };
    if number == OWN_ID {
        return Err(MyError::new(1317, "70100", "Query execution was interrupted"));
    }
    let all = threads(server, "");
    let thread = all.iter().find(|t| t.id == number);
    let unknown = || MyError::new(1094, "HY000", format!("Unknown thread id: {number}"));
    let thread = thread.ok_or_else(unknown)?;
    if thread.user != "app" && !server.all_rights() {
        return Err(MyError::new(1095, "HY000", format!("You are not owner of thread {number}")));
    }
    let pid = u32::try_from(number).map_err(|_| unknown())?;
    let effect = Effect::Store(StoreEffect { store: server.info.name.clone(), act: StoreAct::Terminate { pid } });
    let target = format!("{}:{pid}", server.info.name);
    match c.apply(&effect, "terminate", &target) {
        // A client whose connection is closed opens another one at once.
        Err(why) if why.contains("is not a PostgreSQL backend process") => Ok(Outcome::Done),
        Err(_) => Err(MyError::new(1095, "HY000", format!("You are not owner of thread {number}"))),
        Ok(_) => Ok(Outcome::Done),
    }
}

fn maintain(c: &mut Ctx<'_>, server: &Server, verb: &str, name: &str) -> Said<Outcome> {
    let (schema, table) = dotted(name);
    let whole = format!("{}.{table}", schema.clone().unwrap_or_else(|| server.schema.clone()));
    let row = |kind: &str, text: &str| [whole.as_str(), verb, kind, text].map(str::to_owned).to_vec();
    if let Err(e) = server.table(schema.as_deref(), &table) {
        if e.code != 1146 {
            return Err(e);
        }
        let rows = vec![row("Error", &e.text), row("status", "Operation failed")];
        let rows = rows.into_iter().map(|r| r.into_iter().map(Some).collect()).collect();
        return Ok(Outcome::Rows(Rows::of(&MAINTAINED, rows)));
    }
    if server.read_only() && verb != "check" {
        return Err(read_only());
    }
    let (asked, mut rows) = match verb {
        "analyze" => (StoreAct::Analyze { table: Some(table.clone()) }, Vec::new()),
        "check" => (StoreAct::Check { table: Some(table.clone()) }, Vec::new()),
        _ => {
            let note = "Table does not support optimize, doing recreate + analyze instead";
            (StoreAct::Vacuum { table: Some(table.clone()), full: true }, vec![row("note", note)])
        }
    };
    rows.push(row("status", "OK"));
    let verb = if verb == "optimize" { "vacuum" } else { verb };
    let done = act(c, server, &table, verb, asked, "").map_err(|_| denied(server, "INSERT", &table))?;
    Ok(match done {
        Applied::Now => {
            let rows = rows.into_iter().map(|r| r.into_iter().map(Some).collect()).collect();
            Outcome::Rows(Rows::of(&MAINTAINED, rows))
        }
        Applied::Job { job, .. } => Outcome::Job(job, rows),
    })
}
