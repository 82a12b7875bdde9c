//! SHOW, DESCRIBE and what stands in for them: most are queries of the server's own schemas.

use super::error::MyError;
use super::run::parsed_query;
use super::schema::{position, threads};
use super::script::bare;
use super::server::{Server, columns};
use super::show::Rows;
use super::translate::Said;

/// Longest statement that a list of sessions shows unless all of it is asked for.
const INFO_CHARS: usize = 100;

/// Words of a statement; what is in quotes is one.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for ch in text.chars() {
        match quote {
            Some(q) => {
                word.push(ch);
                if ch == q {
                    quote = None;
                }
            }
            None if matches!(ch, '\'' | '"' | '`') => {
                quote = Some(ch);
                word.push(ch);
            }
            None if ch.is_whitespace() => {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
            }
            None if matches!(ch, '=' | ',') => {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                out.push(ch.to_string());
            }
            None => word.push(ch),
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// A name without its quotes.
pub(super) fn plain(word: &str) -> String {
    word.trim_matches(['`', '\'', '"']).to_owned()
}

/// Schema and table of a word.
pub(super) fn dotted(word: &str) -> (Option<String>, String) {
    match word.split_once('.') {
        Some((s, t)) => (Some(plain(s)), plain(t)),
        None => (None, plain(word)),
    }
}

fn some(values: &[&str]) -> Vec<Option<String>> {
    values.iter().map(|v| Some((*v).to_owned())).collect()
}

/// What stands behind LIKE or WHERE: the condition for a column, and the pattern if it is one.
fn filter(text: &str, list: &[String], column: &str) -> Said<(String, Option<String>)> {
    let find = |w: &str| list.iter().position(|x| x.eq_ignore_ascii_case(w));
    if let Some(pattern) = find("like").and_then(|at| list.get(at + 1)) {
        let pattern = plain(pattern);
        return Ok((format!(" WHERE {column} LIKE '{}'", pattern.replace('\'', "''")), Some(pattern)));
    }
    if find("where").is_some() {
        let at = text.to_lowercase().find(" where ").unwrap_or(text.len());
        return Ok((text.get(at..).unwrap_or_default().to_owned(), None));
    }
    Ok((String::new(), None))
}

/// Answers a SHOW.
pub(super) fn show(s: &Server, text: &str) -> Said<Rows> {
    let list = words(text);
    let lower: Vec<String> = list.iter().map(|w| w.to_lowercase()).collect();
    let full = lower.get(1).is_some_and(|w| w == "full");
    let scoped = lower.get(1).is_some_and(|w| matches!(w.as_str(), "full" | "global" | "session" | "extended"));
    let at = 1 + usize::from(scoped);
    let word = |i: usize| lower.get(at + i).map(String::as_str).unwrap_or_default();
    let given = |i: usize| list.get(at + i).cloned();
    let wrong = || {
        let shown = list.get(at).map(String::as_str).unwrap_or_default();
        let place = if shown.is_empty() { text.len() } else { text.find(shown).unwrap_or(0) };
        MyError::syntax(text, place)
    };
    match (word(0), word(1)) {
        ("databases" | "schemas", _) => {
            let (condition, pattern) = filter(text, &list, "schema_name")?;
            let title = pattern.map_or("Database".to_owned(), |p| format!("Database ({p})"));
            let condition = condition.replace("`Database`", "schema_name").replace("Database", "schema_name");
            query(s, &format!("SELECT schema_name AS `{title}` FROM information_schema.schemata{condition} ORDER BY 1"))
        }
        ("tables", _) => tables(s, text, &list, full),
        ("table", "status") => table_status(s, text, &list),
        ("processlist", "") => Ok(processlist(s, text, full)),
        ("replica" | "slave", "status") => Ok(replica(s, word(0) == "slave")),
        ("master", "status") | ("binary", "log") => Ok(source(s)),
        ("binary" | "master", "logs") => Ok(binary_logs(s)),
        ("replicas", "") | ("slave", "hosts") => Ok(replicas(s)),
        ("status" | "variables", _) => {
            let of = if word(0) == "status" { "global_status" } else { "global_variables" };
            let (condition, _) = filter(text, &list, "variable_name")?;
            let condition = condition.replace(" value", " variable_value").replace(" Value", " variable_value");
            query(
                s,
                &format!(
                    "SELECT variable_name AS Variable_name, variable_value AS Value FROM performance_schema.{of}{condition} ORDER BY 1"
                ),
            )
        }
        ("engine", "innodb") if word(2) == "status" => Ok(Rows::of(
            &["Type", "Name", "Status"],
            vec![vec![Some("InnoDB".to_owned()), Some(String::new()), Some(innodb(s))]],
        )),
        ("create", "table") => {
            let Some(name) = given(2) else { return Err(MyError::syntax(text, text.len())) };
            create_table(s, &name)
        }
        ("columns" | "fields", "from" | "in") => {
            let Some(name) = given(2) else { return Err(MyError::syntax(text, text.len())) };
            describe(s, &name)
        }
        ("index" | "indexes" | "keys", "from" | "in") => {
            let Some(name) = given(2) else { return Err(MyError::syntax(text, text.len())) };
            index(s, &name)
        }
        ("grants", _) => Ok(grants(s)),
        ("warnings" | "errors", "") => Ok(Rows::of(&["Level", ">Code", "Message"], Vec::new())),
        ("engines" | "plugins" | "events" | "triggers" | "profiles" | "privileges" | "collation" | "open", _) => {
            Err(MyError::missing(text))
        }
        _ => Err(wrong()),
    }
}

/// Answers a query that stands in for a command.
fn query(s: &Server, text: &str) -> Said<Rows> {
    let (q, titles) = parsed_query(text)?;
    s.query(&q, &titles)
}

fn tables(s: &Server, text: &str, list: &[String], full: bool) -> Said<Rows> {
    let from = list.iter().position(|w| matches!(w.to_lowercase().as_str(), "from" | "in"));
    let schema = match from.and_then(|at| list.get(at + 1)) {
        Some(name) => s.schema_of(&plain(name))?,
        None if s.schema.is_empty() => return Err(MyError::new(1046, "3D000", "No database selected")),
        None => s.schema.clone(),
    };
    let (condition, pattern) = filter(text, list, "name")?;
    let title = pattern.map_or(format!("Tables_in_{schema}"), |p| format!("Tables_in_{schema} ({p})"));
    let rows: Vec<(String, &str)> = if schema == s.info.database {
        s.info.tables.iter().map(|t| (t.name.clone(), "BASE TABLE")).collect()
    } else {
        let known = super::schema::relations(s).into_iter().filter(|r| r.schema == schema);
        let name = |n: &str| if schema == "information_schema" { n.to_uppercase() } else { n.to_owned() };
        known.map(|r| (name(r.name), "SYSTEM VIEW")).collect()
    };
    let made: Vec<String> = rows.iter().map(|(n, k)| format!("SELECT '{n}' AS name, '{k}' AS kind")).collect();
    let kind = if full { ", kind AS `Table_type`" } else { "" };
    if made.is_empty() {
        return Ok(Rows::of(&[title.as_str()], Vec::new()));
    }
    let condition = condition.replace(&format!("Tables_in_{schema}"), "name").replace('`', "");
    query(s, &format!("SELECT name AS `{title}`{kind} FROM ({}) AS t{condition} ORDER BY 1", made.join(" UNION ALL ")))
}

fn table_status(s: &Server, text: &str, list: &[String]) -> Said<Rows> {
    if s.schema.is_empty() {
        return Err(MyError::new(1046, "3D000", "No database selected"));
    }
    let (condition, _) = filter(text, list, "table_name")?;
    let condition =
        condition.replace("`Name`", "table_name").replace(" Name", " table_name").replace(" name", " table_name");
    query(
        s,
        &format!(
            "SELECT table_name AS Name, engine AS Engine, version AS Version, row_format AS Row_format, table_rows AS `Rows`, \
             avg_row_length AS Avg_row_length, data_length AS Data_length, index_length AS Index_length, data_free AS Data_free, \
             auto_increment AS Auto_increment, update_time AS Update_time, table_collation AS Collation FROM \
             (SELECT * FROM information_schema.tables WHERE table_schema = '{}') AS t{condition} ORDER BY 1",
            s.schema
        ),
    )
}

/// SHOW PROCESSLIST.
pub(super) fn processlist(s: &Server, text: &str, full: bool) -> Rows {
    let rows = threads(s, text).into_iter().map(|t| {
        let info = t.info.map(|i| if full { i } else { i.chars().take(INFO_CHARS).collect() });
        vec![
            Some(t.id.to_string()),
            Some(t.user),
            Some(t.host),
            t.db,
            Some(t.command.to_owned()),
            Some(t.time_s.to_string()),
            Some(t.state),
            info,
        ]
    });
    Rows::of(&[">Id", "User", "Host", "db?", "Command", ">Time", "State?", "Info?"], rows.collect())
}

/// SHOW REPLICA STATUS; `old` is in the words of SHOW SLAVE STATUS.
fn replica(s: &Server, old: bool) -> Rows {
    let m = &s.member;
    let (Some(r), Some(source)) = (m.replication(), s.info.members.iter().find(|p| p.leader)) else {
        return Rows::of(&["Replica_IO_State"], Vec::new());
    };
    let (read, read_at) = position(&m.received_lsn);
    let (done, done_at) = position(&m.applied_lsn);
    let state = match r.receives {
        "Yes" => "Waiting for source to send event",
        "Connecting" => "Reconnecting after a failed source event read",
        _ => "",
    };
    let host = source.host.as_deref().unwrap_or(&source.name);
    let io = match (m.state, r.receives) {
        ("broken", _) => (
            "13114",
            "Got fatal error 1236 from source when reading data from binary log: 'Could not find first log file name in binary log index file'".to_owned(),
        ),
        (_, "Connecting") => (
            "2003",
            format!("error reconnecting to source 'replicator@{host}:3306' - retry-time: 60 retries: 1 message: Can't connect to MySQL server on '{host}:3306' (110)"),
        ),
        _ => ("0", String::new()),
    };
    let sql = match m.state {
        "diverged" => (
            "1062",
            "Could not execute Write_rows event; Duplicate entry for key 'PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY".to_owned(),
        ),
        _ => ("0", String::new()),
    };
    let applying = match (r.applies, m.lag_bytes > 0) {
        (false, _) => "",
        (_, true) => "Applying batch of row changes (write)",
        _ => "Replica has read all relay log; waiting for more updates",
    };
    let relay = m.lag_bytes.saturating_sub(m.receive_lag_bytes) + 157;
    let yes = |b: bool| if b { "Yes" } else { "No" }.to_owned();
    let own = |t: &str| t.to_owned();
    let cells: Vec<(&str, Option<String>)> = vec![
        ("Replica_IO_State", Some(own(state))),
        ("Source_Host", Some(own(host))),
        ("Source_User", Some(own("replicator"))),
        (">Source_Port", Some(own("3306"))),
        (">Connect_Retry", Some(own("60"))),
        ("Source_Log_File", Some(read)),
        (">Read_Source_Log_Pos", Some(read_at.to_string())),
        ("Relay_Log_File", Some(format!("{}-relay-bin.000002", m.name))),
        (">Relay_Log_Pos", Some(relay.to_string())),
        ("Relay_Source_Log_File", Some(done)),
        ("Replica_IO_Running", Some(own(r.receives))),
        ("Replica_SQL_Running", Some(yes(r.applies))),
        (">Last_Errno", Some(own(sql.0))),
        ("Last_Error", Some(sql.1.clone())),
        (">Skip_Counter", Some(own("0"))),
        (">Exec_Source_Log_Pos", Some(done_at.to_string())),
        (">Relay_Log_Space", Some((relay + 220).to_string())),
        ("Until_Condition", Some(own("None"))),
        (">Seconds_Behind_Source", r.lag_s.map(|l| l.to_string())),
        (">Last_IO_Errno", Some(own(io.0))),
        ("Last_IO_Error", Some(io.1)),
        (">Last_SQL_Errno", Some(own(sql.0))),
        ("Last_SQL_Error", Some(sql.1)),
        (">SQL_Delay", Some(own("0"))),
        ("Replica_SQL_Running_State", Some(own(applying))),
        (">Source_Retry_Count", Some(own("86400"))),
    ];
    let name = |n: &str| if old { n.replace("Replica", "Slave").replace("Source", "Master") } else { n.to_owned() };
    let names: Vec<String> = cells.iter().map(|(n, _)| name(n)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Rows::of(&names, vec![cells.into_iter().map(|(_, v)| v).collect()])
}

fn source(s: &Server) -> Rows {
    let (file, at) = position(&s.member.received_lsn);
    let row = some(&[&file, &at.to_string(), "", "", ""]);
    Rows::of(&["File", ">Position", "Binlog_Do_DB", "Binlog_Ignore_DB", "Executed_Gtid_Set"], vec![row])
}

fn binary_logs(s: &Server) -> Rows {
    let (newest, at) = position(&s.member.received_lsn);
    let number: u64 = newest.rsplit('.').next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let size = 1u64 << 30;
    let before = s.member.log_bytes.saturating_sub(at).div_ceil(size).min(number - 1);
    let file = |n: u64, bytes: u64| some(&[&format!("binlog.{n:06}"), &bytes.to_string(), "No"]);
    let mut rows: Vec<_> = (number - before..number).map(|n| file(n, size)).collect();
    rows.push(file(number, at));
    Rows::of(&["Log_name", ">File_size", "Encrypted"], rows)
}

fn replicas(s: &Server) -> Rows {
    let here = s.member.leader && s.member.accepts;
    let own = s.info.members.iter().position(|m| m.name == s.member.name).map_or(1, |at| at + 1);
    let following = s
        .info
        .members
        .iter()
        .enumerate()
        .filter(|(_, m)| here && m.name != s.member.name && m.replication().is_some_and(|r| r.receives == "Yes"));
    let rows = following.map(|(at, m)| {
        let host = m.host.as_deref().unwrap_or(&m.name);
        some(&[&(at + 1).to_string(), host, "3306", &own.to_string(), ""])
    });
    Rows::of(&[">Server_Id", "Host", ">Port", ">Source_Id", "Replica_UUID"], rows.collect())
}

/// The sections of SHOW ENGINE INNODB STATUS that the world can fill.
fn innodb(s: &Server) -> String {
    let at = s.now.iso().replace('T', " ").replace('Z', "");
    let rule = "=".repeat(37);
    let mut out = format!("\n{rule}\n{at} 0 INNODB MONITOR OUTPUT\n{rule}\n");
    let section = |title: &str| {
        let line = "-".repeat(title.len());
        format!("{line}\n{title}\n{line}\n")
    };
    out.push_str(&section("TRANSACTIONS"));
    out.push_str("LIST OF TRANSACTIONS FOR EACH SESSION:\n");
    if s.member.leader && s.member.accepts {
        for l in &s.info.locks {
            let active = s.now.0.saturating_sub(l.since.0);
            out.push_str(&format!(
                "---TRANSACTION {}, ACTIVE {active} sec\n1 table(s) locked\nMySQL thread id {}, query id 0 {}\n",
                421_000_000_000_000 + u64::from(l.pid),
                l.pid,
                s.info.engine.client()
            ));
        }
    }
    let m = &s.info.metrics;
    out.push_str(&section("ROW OPERATIONS"));
    out.push_str(&format!("Number of rows inserted {}\n", m.writes_total));
    let line = "-".repeat(28);
    out.push_str(&format!("{line}\nEND OF INNODB MONITOR OUTPUT\n{}\n", "=".repeat(28)));
    out
}

/// DESCRIBE.
pub(super) fn describe(s: &Server, name: &str) -> Said<Rows> {
    let (schema, table) = dotted(name);
    let t = s.table(schema.as_deref(), &table)?;
    let rows = columns(t).into_iter().map(|(n, _, null, words)| {
        let key = n == "id";
        vec![
            Some(n),
            Some(words.to_owned()),
            Some(if null { "YES" } else { "NO" }.to_owned()),
            Some(if key { "PRI" } else { "" }.to_owned()),
            None,
            Some(if key { "auto_increment" } else { "" }.to_owned()),
        ]
    });
    Ok(Rows::of(&["Field", "Type", "Null", "Key", "Default?", "Extra"], rows.collect()))
}

/// What makes a table.
pub(super) fn made(s: &Server, table: &str) -> String {
    let Some(t) = s.info.tables.iter().find(|t| t.name == table) else { return String::new() };
    let mut lines: Vec<String> = columns(t)
        .into_iter()
        .map(|(n, _, null, words)| {
            let tail = match (n.as_str(), null) {
                ("id", _) => "NOT NULL AUTO_INCREMENT",
                (_, true) => "DEFAULT NULL",
                _ => "NOT NULL",
            };
            format!("  `{n}` {words} {tail}")
        })
        .collect();
    lines.push("  PRIMARY KEY (`id`)".to_owned());
    format!(
        "CREATE TABLE `{}` (\n{}\n) ENGINE=InnoDB AUTO_INCREMENT={} DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci",
        t.name,
        lines.join(",\n"),
        t.rows + 1
    )
}

fn create_table(s: &Server, name: &str) -> Said<Rows> {
    let (schema, table) = dotted(name);
    let t = s.table(schema.as_deref(), &table)?.name.clone();
    let text = made(s, &t);
    Ok(Rows::of(&["Table", "Create Table"], vec![vec![Some(t), Some(text)]]))
}

fn index(s: &Server, name: &str) -> Said<Rows> {
    let (schema, table) = dotted(name);
    let t = s.table(schema.as_deref(), &table)?;
    let rows = t.rows.to_string();
    let mut cells = some(&[&t.name, "0", "PRIMARY", "1", "id", "A", &rows]);
    cells.extend([None, None, Some(String::new())]);
    cells.extend(some(&["BTREE", "", "", "YES"]));
    cells.push(None);
    let names = [
        "Table",
        ">Non_unique",
        "Key_name",
        ">Seq_in_index",
        "Column_name?",
        "Collation?",
        ">Cardinality?",
        ">Sub_part?",
        "Packed?",
        "Null",
        "Index_type",
        "Comment?",
        "Index_comment",
        "Visible",
        "Expression?",
    ];
    Ok(Rows::of(&names, vec![cells]))
}

fn grants(s: &Server) -> Rows {
    let host = if s.from == "localhost" { "localhost" } else { "%" };
    let (user, db) = (&s.user, &s.info.database);
    let lines = if s.all_rights() {
        vec![format!("GRANT ALL PRIVILEGES ON *.* TO `{user}`@`{host}` WITH GRANT OPTION")]
    } else {
        vec![
            format!("GRANT PROCESS, REPLICATION CLIENT ON *.* TO `{user}`@`{host}`"),
            format!("GRANT SELECT, SHOW VIEW ON `{db}`.* TO `{user}`@`{host}`"),
        ]
    };
    let title = format!("Grants for {user}@{host}");
    Rows::of(&[title.as_str()], lines.into_iter().map(|l| vec![Some(l)]).collect())
}

/// The statement behind EXPLAIN and its like.
pub(super) fn behind<'t>(text: &'t str, word: &str) -> &'t str {
    bare(text.get(word.len()..).unwrap_or_default())
}
