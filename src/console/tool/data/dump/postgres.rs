//! pg_dump.

use super::{MOST_ROWS, Piece, State, archive, create, go_on, milliseconds, target};
use crate::console::tool::data::psql::connect::Target;
use crate::console::tool::data::psql::copy::escaped;
use crate::console::tool::data::sql::{Engine, columns};
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, Style, flag, value};
use crate::sim::store::TableRow;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

pub(super) const TOOL: Decl = Decl {
    name: "pg_dump",
    synopsis: "[OPTION]... [DBNAME]",
    about: "dump a PostgreSQL database as a script or to an archive",
    opts: &[
        value("f", "file", "FILENAME", "output file"),
        value("F", "format", "c|p", "output file format: custom, plain text (default)"),
        value("d", "dbname", "DBNAME", "database to dump"),
        value("h", "host", "HOSTNAME", "database server host"),
        value("p", "port", "PORT", "database server port number"),
        value("U", "username", "NAME", "connect as specified database user"),
        value("t", "table", "PATTERN", "dump the specified table only"),
        flag("a", "data-only", "dump only the data, not the schema"),
        flag("s", "schema-only", "dump only the schema, no data"),
        flag("v", "verbose", "verbose mode"),
        flag("w", "no-password", "never prompt for password"),
    ],
    operand: Operand::Free,
    style: Style::Gnu,
    missing: &[
        "Rows of a table of more than 20,000 as text: an archive (-Fc) with a file takes them as bytes that nothing but pg_restore reads, and is listed by `backup list`.",
        "Directories and tar archives, --inserts, -c, -C, -n, -x, -O, -j; an archive of a part of the database.",
    ],
    examples: &[
        (
            "pg_dump -h db-1 -s -t orders app | grep -A6 'CREATE TABLE'",
            "CREATE TABLE public.orders (\n    id bigint NOT NULL,\n    created_at timestamp with time zone NOT NULL,\n    kind text,\n    cents bigint NOT NULL,\n    paid boolean NOT NULL\n);\n",
        ),
        ("pg_dump -h db-1 -t nope app", "pg_dump: error: no matching tables were found\n"),
        ("pg_dump -Fz app", "pg_dump: error: invalid output format \"z\" specified\n"),
    ],
    step,
    ..Decl::BLANK
};

fn fail(c: &mut Ctx<'_>, why: &str) -> Step {
    c.p.err.push_str(&format!("pg_dump: error: {why}\n"));
    Step::Exit(1)
}

fn step(c: &mut Ctx<'_>) -> Step {
    if let Some(step) = go_on(c) {
        return step;
    }
    let a = c.args.clone();
    let custom = match a.get("F").unwrap_or("p") {
        "p" | "plain" => false,
        "c" | "custom" => true,
        "d" | "directory" | "t" | "tar" => return fail(c, "this output format is not simulated: `man pg_dump`"),
        other => return fail(c, &format!("invalid output format \"{other}\" specified")),
    };
    if a.has("s") && a.has("a") {
        return fail(c, "options -s/--schema-only and -a/--data-only cannot be used together");
    }
    let engine = match Target::of(c).connect(c) {
        Ok(engine) => engine,
        Err(why) => return fail(c, &why),
    };
    let server = engine.server();
    let wanted = a.get("t").map(|t| t.trim_start_matches("public.").to_owned());
    let tables: Vec<TableRow> =
        server.info.tables.iter().filter(|t| wanted.as_ref().is_none_or(|w| *w == t.name)).cloned().collect();
    if tables.is_empty() {
        return fail(c, "no matching tables were found");
    }
    let tells = |line: String| if a.has("v") { format!("pg_dump: {line}\n") } else { String::new() };
    if custom {
        if wanted.is_some() || a.has("s") || a.has("a") {
            return fail(c, "an archive of a part of the database is not simulated: `man pg_dump`");
        }
        let Some(file) = target(c, a.get("f")) else {
            return fail(c, "an archive goes to a file here: name one with -f");
        };
        let told = shares(&tables, |t| tells(format!("dumping contents of table \"public.{}\"", t.name)));
        let store = server.info.name.clone();
        return match archive(c, &store, file.clone(), told) {
            Ok(step) => step,
            Err(why) if a.has("f") && !why.contains("permission denied:") => {
                fail(c, &format!("could not open output file \"{}\": {why}", a.get("f").unwrap_or_default()))
            }
            Err(why) => fail(c, &format!("query failed: {why}")),
        };
    }
    let large = tables.iter().find(|t| t.rows > MOST_ROWS && !a.has("s"));
    if let Some(t) = large {
        let said = format!(
            "out of memory\npg_dump: detail: The {} rows of table \"{}\" are not written as text here.\npg_dump: hint: An archive takes them: -Fc -f FILE.",
            t.rows, t.name
        );
        return fail(c, &said);
    }
    let file = a.get("f").map(|f| c.full(f));
    if let Some(full) = &file
        && let Err(why) = create(c, full)
    {
        return fail(c, &format!("could not open output file \"{}\": {why}", a.get("f").unwrap_or_default()));
    }
    let mut pieces = vec![Piece { text: HEAD.to_owned(), ..Piece::default() }];
    if !a.has("a") {
        let text = "SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\n".to_owned();
        pieces.push(Piece { text, ..Piece::default() });
        for t in &tables {
            let told = tells(format!("creating TABLE \"public.{}\"", t.name));
            pieces.push(Piece { told, text: created(t), ms: 0 });
        }
    }
    if !a.has("s") {
        for t in &tables {
            let text = match rows(&engine, t) {
                Ok(text) => text,
                Err(why) => return fail(c, &why),
            };
            let told = tells(format!("dumping contents of table \"public.{}\"", t.name));
            pieces.push(Piece { told, text, ms: milliseconds(t.bytes, server.info.copy_rate) });
        }
    }
    if !a.has("a") {
        for t in &tables {
            let told = tells(format!("creating CONSTRAINT \"public.{n} {n}_pkey\"", n = t.name));
            let n = &t.name;
            let text = format!(
                "--\n-- Name: {n} {n}_pkey; Type: CONSTRAINT; Schema: public; Owner: app\n--\n\nALTER TABLE ONLY public.{n}\n    ADD CONSTRAINT {n}_pkey PRIMARY KEY (id);\n\n\n"
            );
            pieces.push(Piece { told, text, ms: 0 });
        }
    }
    pieces.push(Piece { text: "--\n-- PostgreSQL database dump complete\n--\n\n".to_owned(), ..Piece::default() });
    pieces.reverse();
    c.tool.mind = Some(Box::new(Mind::Dump(Box::new(State { pieces, file, total: 0, told: Vec::new() }))));
    Step::More
}

/// A line for each table, at the share of all bytes at which it begins.
pub(super) fn shares(tables: &[TableRow], line: impl Fn(&TableRow) -> String) -> Vec<(u64, String)> {
    let all: u64 = tables.iter().map(|t| t.bytes).sum();
    let mut before = 0u64;
    let share = |t: &TableRow| {
        let at = before * 100 / all.max(1);
        before += t.bytes;
        (at, line(t))
    };
    tables.iter().map(share).collect()
}

const HEAD: &str = "--
-- PostgreSQL database dump
--

-- Dumped from database version 15.8
-- Dumped by pg_dump version 15.8

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

";

/// What makes a table, without a word before it.
pub(super) fn definition(t: &TableRow) -> String {
    let list: Vec<String> = columns(t)
        .into_iter()
        .map(|(n, ty, full)| format!("    {n} {}{}", ty.name(), if full { " NOT NULL" } else { "" }))
        .collect();
    format!("CREATE TABLE public.{} (\n{}\n);\n", t.name, list.join(",\n"))
}

fn created(t: &TableRow) -> String {
    let n = &t.name;
    format!(
        "--\n-- Name: {n}; Type: TABLE; Schema: public; Owner: app\n--\n\n{}\n\nALTER TABLE public.{n} OWNER TO app;\n\n",
        definition(t)
    )
}

fn rows(engine: &Engine, t: &TableRow) -> Result<String, String> {
    let names: Vec<String> = columns(t).into_iter().map(|(n, ..)| n).collect();
    let (n, list) = (&t.name, names.join(", "));
    let statement = format!("SELECT {list} FROM public.{n} ORDER BY id");
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&statement).and_then(|mut p| p.parse_query());
    let query = parsed.map_err(|e| e.to_string())?;
    let answer = engine.query(&query, &statement).map_err(|e| format!("query failed: ERROR:  {}", e.message))?;
    let mut out = format!(
        "--\n-- Data for Name: {n}; Type: TABLE DATA; Schema: public; Owner: app\n--\n\nCOPY public.{n} ({list}) FROM stdin;\n"
    );
    for row in &answer.rows {
        let cells: Vec<String> =
            row.iter().map(|v| v.as_ref().map_or_else(|| "\\N".to_owned(), |t| escaped(t, '\t'))).collect();
        out.push_str(&format!("{}\n", cells.join("\t")));
    }
    Ok(out + "\\.\n\n\n")
}
