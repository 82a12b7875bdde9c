//! One statement: what reads is answered by the engine, what changes goes to the world, what neither knows is refused.

use super::Session;
use super::copy;
use super::script::{self, Cut};
use super::show;
use crate::console::tool::Ctx;
use crate::console::tool::data::sql::{Answer, Deed, Engine, PgError, TIMEOUT};
use crate::scenario::{ColumnKind, ColumnSpec};
use crate::sim::effect::{Applied, Effect, StoreAct, StoreEffect};
use crate::sim::store::TableRow;
use sqlparser::ast::{GroupByExpr, Query, SelectItem, SetExpr, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// What a statement came to.
enum Outcome {
    Answer(Answer),
    /// The command's tag.
    Tag(String),
    /// Rows that are copied out.
    Copied(String),
    /// Work that is waited for, and the tag that it ends with.
    Job(u32, String),
}

/// Runs it and prints what it says.
pub(super) fn statement(c: &mut Ctx<'_>, s: &mut Session, text: &str) {
    s.failed = false;
    let engine = match s.target.connect(c) {
        Ok(engine) => engine,
        Err(_) => {
            c.p.err.push_str(
                "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n",
            );
            c.p.err.push_str("The connection to the server was lost. Attempting reset: Failed.\n");
            s.failed = true;
            s.stop = true;
            return;
        }
    };
    match outcome(c, s, &engine, text) {
        Ok(Outcome::Answer(answer)) => {
            let shown = show::answer(&answer, &s.look, None);
            c.print(&shown);
            took(c, s, answer.rows.len());
        }
        Ok(Outcome::Tag(tag)) => {
            if !s.look.quiet {
                c.line(&tag);
            }
            took(c, s, 0);
        }
        Ok(Outcome::Copied(text)) => {
            c.print(&text);
            took(c, s, text.lines().count());
        }
        Ok(Outcome::Job(job, tag)) => {
            c.tool.job = Some(job);
            s.tag = tag;
            c.sleep_ms(1000);
        }
        Err(e) => {
            let place = s.file.as_ref().map(|(name, line)| format!("psql:{name}:{line}: ")).unwrap_or_default();
            let shown = format!("{place}{}", e.shown(text));
            match e.message == TIMEOUT && s.timeout_ms > 0 {
                // It runs until the server ends it.
                true => {
                    s.ends = Some(shown);
                    c.sleep_ms(s.timeout_ms);
                }
                false => refused(c, s, &shown),
            }
        }
    }
}

/// Says what was refused.
pub(super) fn refused(c: &mut Ctx<'_>, s: &mut Session, shown: &str) {
    c.p.err.push_str(shown);
    s.failed = true;
    if s.transaction == '*' {
        s.transaction = '!';
    }
}

fn took(c: &mut Ctx<'_>, s: &Session, rows: usize) {
    if s.look.timing {
        c.line(&format!("Time: {:.3} ms", 0.412 + rows as f64 * 0.007));
    }
}

/// `true` of a standby or a server that takes no writes.
fn read_only(engine: &Engine) -> bool {
    engine.server().standby() || !engine.server().info.metrics.writable
}

fn writes(engine: &Engine, what: &str) -> Result<(), PgError> {
    if read_only(engine) {
        return Err(PgError::new(format!("cannot execute {what} in a read-only transaction")));
    }
    Ok(())
}

fn outcome(c: &mut Ctx<'_>, s: &mut Session, engine: &Engine, text: &str) -> Result<Outcome, PgError> {
    let words: Vec<String> = text
        .split(|ch: char| ch.is_whitespace() || matches!(ch, '(' | ')' | ',' | ';'))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let tag = |t: &str| Ok(Outcome::Tag(t.to_owned()));
    if s.transaction == '!' && !matches!(word(0), "rollback" | "abort" | "commit" | "end") {
        return Err(PgError::new("current transaction is aborted, commands ignored until end of transaction block"));
    }
    match word(0) {
        "begin" | "start" => {
            s.transaction = '*';
            tag(if word(0) == "start" { "START TRANSACTION" } else { "BEGIN" })
        }
        "commit" | "end" => {
            let failed = std::mem::replace(&mut s.transaction, ' ') == '!';
            tag(if failed { "ROLLBACK" } else { "COMMIT" })
        }
        "rollback" | "abort" => {
            s.transaction = ' ';
            tag("ROLLBACK")
        }
        "set" | "reset" => {
            let name = words.get(1).filter(|w| !matches!(w.as_str(), "session" | "local")).or(words.get(2));
            if name.is_some_and(|n| n.starts_with("statement_timeout")) {
                s.timeout_ms = match word(0) {
                    "set" => milliseconds(text)?,
                    _ => super::TIMEOUT_MS,
                };
            }
            tag(if word(0) == "set" { "SET" } else { "RESET" })
        }
        "show" => show_setting(engine, s, text),
        "checkpoint" if engine.server().superuser() => tag("CHECKPOINT"),
        "checkpoint" => Err(PgError::new("permission denied to execute CHECKPOINT command")
            .detail("Only roles with privileges of the \"pg_checkpoint\" role may execute this command.")),
        "vacuum" | "analyze" | "truncate" => maintain(c, engine, &words),
        "alter" if word(1) == "system" => alter_system(c, engine, text, &words),
        "create" | "drop" | "alter" | "grant" | "revoke" | "comment" | "reindex" | "cluster" | "refresh" | "lock" => {
            let what = if matches!(word(0), "create" | "drop" | "alter") {
                format!("{} {}", word(0), word(1)).to_uppercase()
            } else {
                word(0).to_uppercase()
            };
            parsed(text)?;
            writes(engine, &what)?;
            Err(if engine.server().superuser() {
                PgError::new(format!("{what} is not implemented here")).hint("`man psql` lists what is not simulated.")
            } else if word(0) == "create" {
                let name = words.get(2).filter(|_| word(1) == "table").cloned().unwrap_or_default();
                PgError::new("permission denied for schema public").pointing(text, &name)
            } else {
                let named = words.iter().rev().find(|w| engine.server().info.tables.iter().any(|t| t.name == **w));
                PgError::new(format!("must be owner of table {}", named.map_or("?", String::as_str)))
            })
        }
        "copy" if words.iter().any(|w| w == "stdout" || w == "to") => {
            let statement = parsed(text)?;
            match copy::out(engine, &statement, text)? {
                Some(out) => Ok(Outcome::Copied(out)),
                None => change(engine, text, &words),
            }
        }
        "insert" | "update" | "delete" | "copy" | "merge" => change(engine, text, &words),
        "explain" => explain(engine, text),
        first
            if !matches!(
                first,
                "select"
                    | "with"
                    | "values"
                    | "table"
                    | "declare"
                    | "fetch"
                    | "listen"
                    | "notify"
                    | "do"
                    | "call"
                    | "prepare"
                    | "execute"
                    | "deallocate"
                    | "discard"
            ) && !text.starts_with('(') =>
        {
            let shown = text.split_whitespace().next().unwrap_or_default();
            Err(PgError { at: Some(0), ..PgError::new(format!("syntax error at or near \"{shown}\"")) })
        }
        _ => match parsed(text)? {
            Statement::Query(q) => {
                let answer = engine.query(&q, text)?;
                let deeds = answer.deeds.clone();
                for deed in deeds {
                    perform(c, engine, &deed)?;
                }
                Ok(Outcome::Answer(answer))
            }
            other => {
                let what = other.to_string().split_whitespace().next().unwrap_or_default().to_uppercase();
                Err(PgError::new(format!("{what} is not implemented here"))
                    .hint("`man psql` lists what is not simulated."))
            }
        },
    }
}

/// One statement as PostgreSQL's grammar has it.
fn parsed(text: &str) -> Result<Statement, PgError> {
    if let Cut::Open(q @ ('\'' | '"')) = script::cut(text) {
        let at = text.rfind(q).unwrap_or(0);
        let what = if q == '"' { "identifier" } else { "string" };
        let said = format!("unterminated quoted {what} at or near \"{}\"", text.get(at..).unwrap_or_default());
        return Err(PgError { at: Some(at), ..PgError::new(said) });
    }
    let found = Parser::parse_sql(&PostgreSqlDialect {}, text).map_err(|e| syntax(&e.to_string(), text))?;
    let first = found.into_iter().next();
    first.ok_or_else(|| PgError::new("syntax error at end of input"))
}

/// A parser's complaint in the server's words.
fn syntax(said: &str, text: &str) -> PgError {
    if said.contains("recursion") {
        return PgError::new("stack depth limit exceeded");
    }
    let found = said.split("found: ").nth(1).map(|f| f.split(" at Line").next().unwrap_or(f).trim().to_owned());
    let place = said.split("Line: ").nth(1).and_then(|p| {
        let mut numbers = p.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
        Some((numbers.next()?, numbers.next()?))
    });
    let at = place.and_then(|(line, column)| {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..)?;
        let into = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i);
        Some(start + into)
    });
    match found {
        Some(f) if f != "EOF" => PgError { at, ..PgError::new(format!("syntax error at or near \"{f}\"")) },
        Some(_) => PgError { at: Some(text.len()), ..PgError::new("syntax error at end of input") },
        None => PgError {
            at: Some(0),
            ..PgError::new(format!(
                "syntax error at or near \"{}\"",
                text.split_whitespace().next().unwrap_or_default()
            ))
        },
    }
}

/// The time that a SET names: a number of milliseconds, or with its unit.
fn milliseconds(text: &str) -> Result<u64, PgError> {
    let value = text.rsplit(['=', ' ']).next().unwrap_or_default().trim_matches(['\'', '"', ';']);
    if value.eq_ignore_ascii_case("default") {
        return Ok(super::TIMEOUT_MS);
    }
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let times = match unit {
        "" | "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let wrong = || PgError::new(format!("invalid value for parameter \"statement_timeout\": \"{value}\""));
    let most = u64::from(u32::MAX / 2);
    number.parse::<u64>().ok().zip(times).map(|(n, t)| n.saturating_mul(t)).filter(|n| *n <= most).ok_or_else(wrong)
}

fn show_setting(engine: &Engine, s: &Session, text: &str) -> Result<Outcome, PgError> {
    let name = text.get(4..).unwrap_or_default().trim().trim_end_matches(';').to_lowercase();
    let rows = engine.server().setting_rows();
    if name == "all" {
        let rows = rows.into_iter().map(|(n, v, _, about)| vec![Some(n.to_owned()), Some(v), Some(about.to_owned())]);
        let columns = ["name", "setting", "description"].map(|n| (n.to_owned(), false)).to_vec();
        return Ok(Outcome::Answer(Answer { columns, rows: rows.collect(), ..Answer::default() }));
    }
    let Some((n, v, unit, _)) = rows.into_iter().find(|(n, ..)| n.eq_ignore_ascii_case(&name)) else {
        return Err(PgError::new(format!("unrecognized configuration parameter \"{name}\"")));
    };
    let v = if n == "statement_timeout" { s.timeout_ms.to_string() } else { v };
    let v = match (unit, v.parse::<u64>()) {
        ("ms", Ok(ms)) if ms % 60_000 == 0 && ms > 0 => format!("{}min", ms / 60_000),
        ("ms", Ok(ms)) if ms % 1_000 == 0 && ms > 0 => format!("{}s", ms / 1_000),
        ("ms", Ok(ms)) if ms > 0 => format!("{ms}ms"),
        _ => v,
    };
    let columns = vec![(if n == "TimeZone" { n.to_owned() } else { name }, false)];
    Ok(Outcome::Answer(Answer { columns, rows: vec![vec![Some(v)]], ..Answer::default() }))
}

/// Sends an act to the store; a refusal is in the server's words.
fn act(c: &mut Ctx<'_>, engine: &Engine, part: &str, verb: &str, act: StoreAct) -> Result<Applied, PgError> {
    let store = engine.server().info.name.clone();
    let target = if part.is_empty() { store.clone() } else { format!("{store}:{part}") };
    let effect = Effect::Store(StoreEffect { store, act });
    c.apply(&effect, verb, &target).map_err(|why| {
        let why = why.trim_start_matches("ERROR:").trim();
        PgError::new(why)
    })
}

/// VACUUM, ANALYZE and TRUNCATE of a table or of all.
fn maintain(c: &mut Ctx<'_>, engine: &Engine, words: &[String]) -> Result<Outcome, PgError> {
    let verb = words.first().cloned().unwrap_or_default();
    let what = verb.to_uppercase();
    let options = [
        "vacuum", "analyze", "truncate", "full", "verbose", "freeze", "table", "only", "restart", "identity",
        "cascade", "restrict",
    ];
    let table = words
        .iter()
        .find(|w| !options.contains(&w.as_str()))
        .map(|w| w.trim_start_matches("public.").trim_matches('"').to_owned());
    if let Some(t) = &table
        && !engine.server().info.tables.iter().any(|x| x.name == *t)
    {
        return Err(PgError::new(format!("relation \"{t}\" does not exist")));
    }
    writes(engine, &what)?;
    if !engine.server().superuser() {
        let t = table.unwrap_or_default();
        return Err(if verb == "truncate" {
            PgError::new(format!("permission denied for table {t}"))
        } else {
            PgError::new(format!("permission denied to {verb} \"{t}\", skipping it"))
        });
    }
    let full = words.iter().any(|w| w == "full");
    let asked = match verb.as_str() {
        "vacuum" => StoreAct::Vacuum { table: table.clone(), full },
        "analyze" => StoreAct::Analyze { table: table.clone() },
        _ => match table.clone() {
            Some(table) => StoreAct::Truncate { table },
            None => return Err(PgError { at: None, ..PgError::new("syntax error at end of input") }),
        },
    };
    let tag = if verb == "truncate" { "TRUNCATE TABLE".to_owned() } else { what };
    Ok(match act(c, engine, table.as_deref().unwrap_or(""), &verb, asked)? {
        Applied::Now => Outcome::Tag(tag),
        Applied::Job { job, .. } => Outcome::Job(job, tag),
    })
}

/// `ALTER SYSTEM SET max_connections = 300` takes effect at a restart, which it asks for.
fn alter_system(c: &mut Ctx<'_>, engine: &Engine, text: &str, words: &[String]) -> Result<Outcome, PgError> {
    if !engine.server().superuser() {
        return Err(PgError::new("permission denied to set parameter"));
    }
    let name = words.get(3).map(|w| w.split('=').next().unwrap_or(w).to_owned()).unwrap_or_default();
    let value = text.rsplit(['=', ' ']).next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    match (name.as_str(), value.parse::<u64>()) {
        ("max_connections", Ok(most)) => {
            Ok(match act(c, engine, "max_connections", "set", StoreAct::MaxConnections { most })? {
                Applied::Now => Outcome::Tag("ALTER SYSTEM".to_owned()),
                Applied::Job { job, .. } => Outcome::Job(job, "ALTER SYSTEM".to_owned()),
            })
        }
        ("max_connections", Err(_)) => {
            Err(PgError::new(format!("invalid value for parameter \"max_connections\": \"{value}\"")))
        }
        (n, _) if engine.server().setting_rows().iter().any(|(k, ..)| k.eq_ignore_ascii_case(n)) => {
            Err(PgError::new(format!("changing \"{n}\" is not implemented here"))
                .hint("`man psql` lists what is not simulated."))
        }
        (n, _) => Err(PgError::new(format!("unrecognized configuration parameter \"{n}\""))),
    }
}

/// Rows of the application belong to the application.
fn change(engine: &Engine, text: &str, words: &[String]) -> Result<Outcome, PgError> {
    let verb = words.first().map(|w| w.to_uppercase()).unwrap_or_default();
    parsed(text)?;
    let server = engine.server();
    let table =
        words.iter().skip(1).find(|w| !["into", "from", "only"].contains(&w.as_str())).cloned().unwrap_or_default();
    let table = table.trim_start_matches("public.").trim_matches('"').to_owned();
    if !server.info.tables.iter().any(|t| t.name == table) {
        let system = table.starts_with("pg_") || table.starts_with("information_schema.");
        return Err(if system && !server.superuser() {
            PgError::new(format!("permission denied for table {table}"))
        } else if system {
            PgError::new(format!("cannot change relation \"{table}\""))
                .detail("This operation is not supported for views.")
        } else {
            PgError::new(format!("relation \"{table}\" does not exist")).pointing(text, &table)
        });
    }
    writes(engine, &verb)?;
    if !server.superuser() {
        return Err(PgError::new(format!("permission denied for table {table}")));
    }
    Err(PgError::new(format!("{verb} of rows of \"{table}\" is not implemented here"))
        .detail("The world keeps how many rows a table has, not the rows.")
        .hint("TRUNCATE does what it says."))
}

/// Bytes of a row as the planner knows them: an id and a moment, and for the rest what its statistics say, if it has any.
fn width(t: &TableRow) -> u64 {
    let text = |values: &[String]| {
        let sizes: Vec<u64> = values.iter().filter(|v| !v.is_empty()).map(|v| v.len() as u64 + 1).collect();
        if t.analyzed && !sizes.is_empty() { sizes.iter().sum::<u64>() / sizes.len() as u64 } else { 32 }
    };
    let one = |c: &ColumnSpec| match c.kind {
        ColumnKind::Text => text(&c.values),
        ColumnKind::Boolean => 1,
        ColumnKind::Bigint | ColumnKind::Moment => 8,
    };
    16 + t.columns.iter().map(one).sum::<u64>()
}

/// Rows as the planner knows them: as ANALYZE counted, or as many as the pages of the table would hold.
fn believed(t: &TableRow) -> u64 {
    if t.analyzed { t.rows } else { t.bytes / 8_192 * (8_168 / (width(t) + 28)) }
}

/// Whether all of one table is asked for and nothing else, or no table at all: how that is read needs no planner.
fn whole(q: &Query) -> bool {
    let SetExpr::Select(s) = &*q.body else { return false };
    let plain = q.with.is_none() && q.order_by.is_none() && q.limit_clause.is_none() && s.distinct.is_none();
    let grouped = !matches!(&s.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    if !plain || grouped || s.having.is_some() || s.selection.is_some() {
        return false;
    }
    match s.from.as_slice() {
        [] => true,
        [one] => one.joins.is_empty() && matches!(s.projection.as_slice(), [SelectItem::Wildcard(_)]),
        _ => false,
    }
}

/// A plan of what would be read: the engine has no planner like the server's, so only what needs none is told.
fn explain(engine: &Engine, text: &str) -> Result<Outcome, PgError> {
    let inner = text.get("explain".len()..).unwrap_or_default().trim();
    // Places are told in the whole statement.
    let moved = |e: PgError| PgError { at: e.at.map(|at| at + text.len() - inner.len()), ..e };
    if inner.to_lowercase().starts_with("analyze") || inner.starts_with('(') {
        return Err(PgError::new("EXPLAIN with options is not implemented here")
            .hint("`man psql` lists what is not simulated."));
    }
    let first = inner.split_whitespace().next().unwrap_or_default().to_lowercase();
    if !["select", "with", "values", "insert", "update", "delete", "table"].contains(&first.as_str()) {
        let shown = inner.split_whitespace().next().unwrap_or_default();
        return Err(moved(PgError { at: Some(0), ..PgError::new(format!("syntax error at or near \"{shown}\"")) }));
    }
    let Statement::Query(q) = parsed(inner).map_err(moved)? else {
        return Err(
            PgError::new("EXPLAIN of this is not implemented here").hint("`man psql` lists what is not simulated.")
        );
    };
    engine.check(&q, inner).map_err(moved)?;
    if !whole(&q) {
        return Err(PgError::new("EXPLAIN of this query is not implemented here")
            .hint("`man psql` lists what is not simulated."));
    }
    let words: Vec<String> = inner
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_lowercase())
        .collect();
    let table = engine.server().info.tables.iter().find(|t| words.contains(&t.name));
    let line = match table {
        Some(t) => {
            let (pages, rows) = (t.bytes / 8_192, believed(t));
            let cost = pages as f64 + rows as f64 * 0.01;
            format!("Seq Scan on {}  (cost=0.00..{cost:.2} rows={rows} width={})", t.name, width(t))
        }
        None => "Result  (cost=0.00..0.01 rows=1 width=4)".to_owned(),
    };
    let columns = vec![("QUERY PLAN".to_owned(), false)];
    Ok(Outcome::Answer(Answer { columns, rows: vec![vec![Some(line)]], ..Answer::default() }))
}

/// What a function of an answered query does to the world.
fn perform(c: &mut Ctx<'_>, engine: &Engine, deed: &Deed) -> Result<(), PgError> {
    match deed {
        // Cancelling ends what a session runs; one that waits for its client runs nothing.
        Deed::Cancel(pid) if !engine.server().info.activity.iter().any(|a| a.state == "active" && a.pid <= *pid) => {
            Ok(())
        }
        Deed::Terminate(pid) | Deed::Cancel(pid) => {
            let denied = |_| {
                PgError::new("permission denied to terminate process")
                    .detail("Only roles with privileges of the role whose process is being terminated or with privileges of the \"pg_signal_backend\" role may terminate this process.")
            };
            act(c, engine, &pid.to_string(), "terminate", StoreAct::Terminate { pid: *pid }).map(|_| ()).map_err(denied)
        }
        Deed::NoSession(pid) => {
            c.p.err.push_str(&format!("WARNING:  PID {pid} is not a PostgreSQL backend process\n"));
            Ok(())
        }
        Deed::Promote => {
            let member = engine.server().member.name.clone();
            act(c, engine, &member, "promote", StoreAct::Promote { member: member.clone() }).map(|_| ())
        }
    }
}
