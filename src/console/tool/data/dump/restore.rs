//! pg_restore.

use super::postgres::{definition, shares};
use crate::console::host::JobState;
use crate::console::tool::data::psql::connect::Target;
use crate::console::tool::data::sql::Server;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::sim::effect::{Applied, Effect, StoreAct, StoreEffect};
use crate::sim::store::{BackupRow, StoreInfo, TableRow};

pub(super) const TOOL: Decl = Decl {
    name: "pg_restore",
    synopsis: "[OPTION]... [FILE]",
    about: "restore a PostgreSQL database from an archive created by pg_dump",
    opts: &[
        value("d", "dbname", "NAME", "connect to database name"),
        value("f", "file", "FILENAME", "output file name (refused: the script of an archive is not simulated)"),
        flag("l", "list", "print summarized TOC of the archive"),
        flag("c", "clean", "clean (drop) database objects before recreating"),
        flag("", "if-exists", "use IF EXISTS when dropping objects"),
        value("t", "table", "NAME", "restore named table"),
        flag("a", "data-only", "restore only the data, no schema"),
        value("j", "jobs", "NUM", "use this many parallel jobs to restore"),
        flag("v", "verbose", "verbose mode"),
        flag("1", "single-transaction", "restore as a single transaction"),
        value("h", "host", "HOSTNAME", "database server host"),
        value("p", "port", "PORT", "database server port number"),
        value("U", "username", "NAME", "connect as specified database user"),
    ],
    operand: Operand::Path,
    style: Style::Gnu,
    missing: &[
        "The script of an archive (-f), -L, -n, -C; more jobs are not faster: the store writes at its own rate.",
        "Archives are known by their size: one that was changed or cut is none.",
    ],
    examples: &[
        ("pg_restore notes.txt", "pg_restore: error: one of -d/--dbname and -f/--file must be specified\n"),
        ("pg_restore -l notes.txt", "pg_restore: error: input file does not appear to be a valid archive\n"),
        ("pg_restore -l nope", "pg_restore: error: could not open input file \"nope\": No such file or directory\n"),
    ],
    step,
    ..Decl::BLANK
};

fn fail(c: &mut Ctx<'_>, why: &str) -> Step {
    c.p.err.push_str(&format!("pg_restore: error: {why}\n"));
    Step::Exit(1)
}

fn step(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait(c);
    }
    let a = c.args.clone();
    if !a.has("l") && !a.has("d") {
        return fail(c, "one of -d/--dbname and -f/--file must be specified");
    }
    let Some(name) = a.at(0) else { return fail(c, "input file is too short (read 0, expected 5)") };
    let (store, backup) = match opened(c, name) {
        Ok(found) => found,
        Err(why) => return fail(c, &why),
    };
    if a.has("l") {
        let text = listed(&store, &backup);
        c.print(&text);
        return Step::Exit(0);
    }
    if a.has("v") {
        c.p.err.push_str("pg_restore: connecting to database for restore\n");
    }
    let engine = match Target::of(c).connect(c) {
        Ok(engine) => engine,
        Err(why) => return fail(c, &why),
    };
    restore(c, engine.server(), &store, &backup)
}

/// The archive in a file.
fn opened(c: &mut Ctx<'_>, name: &str) -> Result<(StoreInfo, BackupRow), String> {
    let wrong = |why: String| format!("could not open input file \"{name}\": {why}");
    let stat = c.look(name, true).map_err(wrong)?;
    // An archive is no text.
    let text = match c.text(name) {
        Err(why) if why == "Binary file" => std::sync::Arc::default(),
        other => other.map_err(wrong)?,
    };
    if stat.size < 5 {
        return Err(format!("input file is too short (read {}, expected 5)", stat.size));
    }
    if text.starts_with("--\n-- PostgreSQL database dump") {
        return Err("input file appears to be a text format dump. Please use psql.".to_owned());
    }
    let found = c.host.stores().into_iter().find_map(|s| {
        let b = s.backups.iter().find(|b| b.kind == "dump" && b.bytes == stat.size).cloned()?;
        Some((s, b))
    });
    match found {
        Some(found) if text.is_empty() => Ok(found),
        None if text.is_empty() => Err("could not read from input file: end of file".to_owned()),
        _ => Err("input file does not appear to be a valid archive".to_owned()),
    }
}

/// The table of contents.
fn listed(s: &StoreInfo, b: &BackupRow) -> String {
    let at = b.at.iso().replace('T', " ").replace('Z', " UTC");
    let mut out = format!(
        ";\n; Archive created at {at}\n;     dbname: {}\n;     TOC Entries: {}\n;     Compression: -1\n;     Dump Version: 1.14-0\n;     Format: CUSTOM\n;     Integer: 4 bytes\n;     Offset: 8 bytes\n;     Dumped from database version: 15.8\n;     Dumped by pg_dump version: 15.8\n;\n;\n; Selected TOC Entries:\n;\n",
        s.database,
        3 * s.tables.len() + 4
    );
    let lines: [fn(usize, i64, &str) -> String; 3] = [
        |at, oid, n| format!("{}; 1259 {oid} TABLE public {n} app", 214 + at),
        |at, oid, n| format!("{}; 0 {oid} TABLE DATA public {n} app", 3_340 + at),
        |at, oid, n| format!("{}; 2606 {} CONSTRAINT public {n} {n}_pkey app", 3_197 + at, oid + 4),
    ];
    for line in lines {
        for (at, t) in s.tables.iter().enumerate() {
            out.push_str(&format!("{}\n", line(at, Server::oid(at), &t.name)));
        }
    }
    out
}

/// What comes of an archive that meets tables that are there already.
fn meets(tables: &[TableRow], data_only: bool) -> (String, usize) {
    let (mut out, mut n) = (String::new(), 0);
    let mut say = |text: String| {
        n += 1;
        out.push_str(&format!("pg_restore: error: {text}"));
    };
    if !data_only {
        for t in tables {
            say(format!(
                "could not execute query: ERROR:  relation \"{}\" already exists\nCommand was: {}\n\n",
                t.name,
                definition(t)
            ));
        }
    }
    for t in tables.iter().filter(|t| t.rows > 0) {
        say(format!(
            "COPY failed for table \"{n}\": ERROR:  duplicate key value violates unique constraint \"{n}_pkey\"\nDETAIL:  Key (id)=(1) already exists.\nCONTEXT:  COPY {n}, line 1\n",
            n = t.name
        ));
    }
    if !data_only {
        for t in tables {
            say(format!(
                "could not execute query: ERROR:  multiple primary keys for table \"{n}\" are not allowed\nCommand was: ALTER TABLE ONLY public.{n}\n    ADD CONSTRAINT {n}_pkey PRIMARY KEY (id);\n\n\n",
                n = t.name
            ));
        }
    }
    (out, n)
}

fn restore(c: &mut Ctx<'_>, server: &Server, store: &StoreInfo, backup: &BackupRow) -> Step {
    let a = c.args.clone();
    if server.info.name != store.name {
        return fail(c, "an archive of another server is not simulated: `man pg_restore`");
    }
    let wanted = a.get("t").map(str::to_owned);
    let tables: Vec<TableRow> =
        server.info.tables.iter().filter(|t| wanted.as_ref().is_none_or(|w| *w == t.name)).cloned().collect();
    if tables.is_empty() {
        return Step::Exit(0);
    }
    if server.standby() || !server.info.metrics.writable {
        let said = "could not execute query: ERROR:  cannot execute DROP TABLE in a read-only transaction";
        return fail(c, said);
    }
    // Rows of an empty table go in by themselves; the others must go first.
    let data_only = a.has("a") && tables.iter().all(|t| t.rows == 0);
    if !a.has("c") && !data_only {
        let (said, n) = meets(&tables, a.has("a"));
        c.p.err.push_str(&format!("{said}pg_restore: warning: errors ignored on restore: {n}\n"));
        return Step::Exit(1);
    }
    if a.has("v") && a.has("c") {
        for t in &tables {
            c.p.err.push_str(&format!(
                "pg_restore: dropping CONSTRAINT {n} {n}_pkey\npg_restore: dropping TABLE {n}\npg_restore: creating TABLE \"public.{n}\"\n",
                n = t.name
            ));
        }
    }
    let (verb, part, act) = match wanted {
        Some(table) => ("repair", table.clone(), StoreAct::Repair { table, backup: backup.id.clone() }),
        None => {
            let member = server.member.name.clone();
            ("restore", member.clone(), StoreAct::Restore { backup: backup.id.clone(), member, until: None })
        }
    };
    let effect = Effect::Store(StoreEffect { store: store.name.clone(), act });
    match c.apply(&effect, verb, &format!("{}:{part}", store.name)) {
        Ok(Applied::Now) => Step::Exit(0),
        Ok(Applied::Job { job, .. }) => {
            c.tool.job = Some(job);
            c.tool.lines = tables.iter().map(|t| t.name.clone()).collect();
            c.tool.text = shares(&tables, |t| t.name.clone()).iter().map(|(at, n)| format!("{at} {n}\n")).collect();
            c.sleep_ms(1_000);
            Step::More
        }
        Err(why) => fail(c, &format!("could not execute query: {why}")),
    }
}

fn wait(c: &mut Ctx<'_>) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let Some(job) = c.tool.job else { return Step::Exit(0) };
    let share = match c.host.job(job) {
        JobState::Running { moved, elapsed_s, seconds } => match moved {
            Some(m) => Some(m.done * 100 / m.total.max(1)),
            None => Some(elapsed_s * 100 / seconds.max(1)),
        },
        JobState::Done => None,
        JobState::Failed(why) => return fail(c, &format!("could not execute query: {why}")),
    };
    // Tables whose turn has come are told.
    let all = std::mem::take(&mut c.tool.text);
    let (come, left): (Vec<&str>, Vec<&str>) = all.lines().partition(|l| {
        let at = l.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        share.is_none_or(|s| at <= s)
    });
    if c.args.has("v") {
        for name in come.iter().filter_map(|l| l.split_once(' ')).map(|(_, n)| n) {
            c.p.err.push_str(&format!("pg_restore: processing data for table \"public.{name}\"\n"));
        }
    }
    c.tool.text = left.iter().map(|l| format!("{l}\n")).collect();
    if share.is_some() {
        c.sleep_ms(1_000);
        return Step::More;
    }
    if c.args.has("v") {
        for n in c.tool.lines.clone() {
            c.p.err.push_str(&format!("pg_restore: creating CONSTRAINT \"public.{n} {n}_pkey\"\n"));
        }
    }
    Step::Exit(0)
}
