//! Commands that describe: `\d` and its like.

use super::meta::fail;
use super::show;
use super::{Look, Session};
use crate::console::tool::Ctx;
use crate::console::tool::data::sql::{Answer, Engine, Server, columns};
use crate::sim::store::TableRow;

/// A table of texts with the columns named.
fn listed(names: &[&str], rows: Vec<Vec<String>>) -> Answer {
    let columns = names.iter().map(|n| (n.trim_start_matches('>').to_owned(), n.starts_with('>'))).collect();
    let rows = rows.into_iter().map(|r| r.into_iter().map(Some).collect()).collect();
    Answer { columns, rows, ..Answer::default() }
}

/// Lists of what there is: title, names of columns, rows; `None` says that nothing was found.
fn list(server: &Server, name: &str, rest: &str) -> Option<(&'static str, Answer)> {
    let own = |t: &str| t.to_owned();
    let pattern = rest.trim_start_matches("public.").trim_matches('"');
    let like =
        |t: &str| pattern.is_empty() || pattern == t || pattern.strip_suffix('*').is_some_and(|p| t.starts_with(p));
    let more = name.ends_with('+');
    let relations = |kind: &str, rows: Vec<Vec<String>>, heads: &[&str]| {
        (kind != "none" && !rows.is_empty()).then(|| ("List of relations", listed(heads, rows)))
    };
    let mut tables: Vec<_> = server.info.tables.iter().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let size = |bytes: u64, access: &str| [own("permanent"), own(access), size_of(bytes), String::new()];
    let measured = ["Persistence", "Access method", "Size", "Description"];
    Some(match name.trim_end_matches('+') {
        "d" | "dt" => {
            let mut rows = Vec::new();
            for t in tables.into_iter().filter(|t| like(&t.name)) {
                let mut row = vec![own("public"), t.name.clone(), own("table"), own("app")];
                row.extend(more.then(|| size(t.bytes, "heap")).into_iter().flatten());
                rows.push(row);
            }
            let mut heads = vec!["Schema", "Name", "Type", "Owner"];
            heads.extend(more.then_some(measured).into_iter().flatten());
            return relations("table", rows, &heads);
        }
        "di" => {
            let mut rows = Vec::new();
            for t in tables.into_iter().filter(|t| like(&format!("{}_pkey", t.name))) {
                let mut row = vec![own("public"), format!("{}_pkey", t.name), own("index"), own("app"), t.name.clone()];
                row.extend(more.then(|| size(index_bytes(t), "btree")).into_iter().flatten());
                rows.push(row);
            }
            let mut heads = vec!["Schema", "Name", "Type", "Owner", "Table"];
            heads.extend(more.then_some(measured).into_iter().flatten());
            return relations("index", rows, &heads);
        }
        "dn" => {
            let all = own("pg_database_owner=UC/pg_database_owner\n=U/pg_database_owner");
            let mut row = vec![own("public"), own("pg_database_owner")];
            row.extend(more.then(|| [all, own("standard public schema")]).into_iter().flatten());
            let mut heads = vec!["Name", "Owner"];
            heads.extend(more.then_some(["Access privileges", "Description"]).into_iter().flatten());
            ("List of schemas", listed(&heads, if like("public") { vec![row] } else { Vec::new() }))
        }
        "du" | "dg" => {
            let rows = server.role_rows().into_iter().filter(|(n, ..)| like(n)).map(|(n, all, replicates)| {
                let marks = match (all, replicates) {
                    (true, _) => "Superuser, Create role, Create DB, Replication, Bypass RLS",
                    (_, true) => "Replication",
                    _ => "",
                };
                let mut row = vec![n, own(marks), own("{}")];
                row.extend(more.then(String::new));
                row
            });
            let mut heads = vec!["Role name", "Attributes", "Member of"];
            heads.extend(more.then_some("Description"));
            ("List of roles", listed(&heads, rows.collect()))
        }
        "l" | "list" => ("List of databases", databases(server, more, &like)),
        "dx" => {
            let row = vec![own("plpgsql"), own("1.0"), own("pg_catalog"), own("PL/pgSQL procedural language")];
            let rows = if like("plpgsql") { vec![row] } else { Vec::new() };
            ("List of installed extensions", listed(&["Name", "Version", "Schema", "Description"], rows))
        }
        "df" => {
            let heads = ["Schema", "Name", "Result data type", "Argument data types", "Type"];
            ("List of functions", listed(&heads, Vec::new()))
        }
        "dT" => ("List of data types", listed(&["Schema", "Name", "Description"], Vec::new())),
        "db" => {
            let rows = ["pg_default", "pg_global"].map(|n| vec![own(n), own("postgres"), String::new()]);
            ("List of tablespaces", listed(&["Name", "Owner", "Location"], rows.to_vec()))
        }
        "dp" | "z" => {
            let heads = ["Schema", "Name", "Type", "Access privileges", "Column privileges", "Policies"];
            let rows = tables.into_iter().filter(|t| like(&t.name)).map(|t| {
                let grants = own("app=arwdDxt/app\n=r/app");
                vec![own("public"), t.name.clone(), own("table"), grants, String::new(), String::new()]
            });
            ("Access privileges", listed(&heads, rows.collect()))
        }
        _ => return None,
    })
}

fn databases(server: &Server, more: bool, like: &dyn Fn(&str) -> bool) -> Answer {
    let own = |t: &str| t.to_owned();
    let mut names = vec![own(&server.info.database), own("postgres"), own("template0"), own("template1")];
    names.sort();
    let rows = names.into_iter().filter(|n| like(n)).map(|n| {
        let (grants, about) = match n.as_str() {
            "template0" => ("=c/postgres\npostgres=CTc/postgres", "unmodifiable empty database"),
            "template1" => ("=c/postgres\npostgres=CTc/postgres", "default template for new databases"),
            "postgres" => ("", "default administrative connection database"),
            _ => ("", ""),
        };
        let mine = n == server.info.database;
        let owner = if mine { "app" } else { "postgres" };
        let mut row =
            vec![n, own(owner), own("UTF8"), own("C.UTF-8"), own("C.UTF-8"), String::new(), own("libc"), own(grants)];
        if more {
            let bytes = if mine { server.info.metrics.data_bytes } else { SYSTEM_BYTES };
            row.extend([size_of(bytes), own("pg_default"), own(about)]);
        }
        row
    });
    let mut heads =
        vec!["Name", "Owner", "Encoding", "Collate", "Ctype", "ICU Locale", "Locale Provider", "Access privileges"];
    heads.extend(more.then_some(["Size", "Tablespace", "Description"]).into_iter().flatten());
    listed(&heads, rows.collect())
}

/// Bytes of a database with nothing in it.
const SYSTEM_BYTES: u64 = 7_602_703;

/// Bytes of the index of a table's key: 20 for each row in pages that are nine tenths full, and one page more.
fn index_bytes(t: &TableRow) -> u64 {
    (t.rows * 20 * 10 / 9).div_ceil(8_192) * 8_192 + 8_192
}

pub(super) fn describe(c: &mut Ctx<'_>, s: &mut Session, name: &str, rest: &str) {
    let engine = match s.target.connect(c) {
        Ok(engine) => engine,
        Err(why) => return fail(c, s, &why),
    };
    if name.starts_with("sf") {
        let why = match rest {
            "" => "function name is required".to_owned(),
            n => format!("ERROR:  function \"{}\" does not exist", n.split('(').next().unwrap_or(n)),
        };
        return fail(c, s, &why);
    }
    if matches!(name, "d" | "d+") && !rest.is_empty() && !rest.contains('*') {
        return table(c, s, &engine, rest, name == "d+");
    }
    match list(engine.server(), name, rest) {
        Some((title, answer)) => {
            let look = match title {
                // These have no count of rows below.
                "List of roles" => Look { counts: false, ..s.look.clone() },
                _ => s.look.clone(),
            };
            let shown = show::answer(&answer, &look, Some(title));
            c.print(&shown);
        }
        None => {
            let why = match rest {
                "" => "Did not find any relations.".to_owned(),
                _ => format!("Did not find any relation named \"{rest}\"."),
            };
            c.p.err.push_str(&format!("{why}\n"));
        }
    }
}

fn size_of(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if size < 10_240.0 {
            return format!("{} {unit}", libm::floor(size + 0.5));
        }
        size /= 1024.0;
    }
    format!("{} TB", libm::floor(size + 0.5))
}

/// `\d TABLE`.
fn table(c: &mut Ctx<'_>, s: &mut Session, engine: &Engine, name: &str, more: bool) {
    let bare = name.trim_start_matches("public.").trim_matches('"');
    let server = engine.server();
    let (title, rows) = if let Some(t) = server.info.tables.iter().find(|t| t.name == bare) {
        let rows: Vec<Vec<String>> = columns(t)
            .into_iter()
            .map(|(column, ty, full)| {
                let null = if full { "not null" } else { "" };
                vec![column, ty.name().to_owned(), String::new(), null.to_owned(), String::new()]
            })
            .collect();
        (format!("Table \"public.{bare}\""), rows)
    } else if let Some(of) = bare.strip_suffix("_pkey").filter(|n| server.info.tables.iter().any(|t| t.name == *n)) {
        return index(c, s, bare, of);
    } else if let Some(columns) = server.columns_of(bare) {
        let rows = columns
            .into_iter()
            .map(|(column, ty)| {
                vec![column.to_owned(), ty.name().to_owned(), String::new(), String::new(), String::new()]
            })
            .collect();
        (format!("View \"pg_catalog.{bare}\""), rows)
    } else {
        c.p.err.push_str(&format!("Did not find any relation named \"{name}\".\n"));
        s.failed = true;
        return;
    };
    let mut heads = vec!["Column", "Type", "Collation", "Nullable", "Default"];
    let mut rows = rows;
    if more {
        heads.extend(["Storage", "Compression", "Stats target", "Description"]);
        for row in &mut rows {
            let long = row.get(1).is_some_and(|t| t == "text");
            let storage = if long { "extended" } else { "plain" };
            row.extend([storage, "", "", ""].map(str::to_owned));
        }
    }
    let answer = listed(&heads, rows);
    let mut shown = show::answer(&answer, &s.look, Some(&title));
    if s.look.aligned && !s.look.csv && !s.look.expanded {
        // A description has no count of rows below it.
        if let Some(at) = shown.rfind("\n(") {
            shown.truncate(at + 1);
        }
        if title.starts_with("Table") {
            shown.push_str(&format!("Indexes:\n    \"{bare}_pkey\" PRIMARY KEY, btree (id)\n"));
            if more {
                shown.push_str("Access method: heap\n");
            }
        }
        shown.push('\n');
    }
    c.print(&shown);
}

/// `\d INDEX`.
fn index(c: &mut Ctx<'_>, s: &Session, name: &str, table: &str) {
    let row = ["id", "bigint", "yes", "id"].map(str::to_owned).to_vec();
    let answer = listed(&["Column", "Type", "Key?", "Definition"], vec![row]);
    let look = Look { counts: false, ..s.look.clone() };
    let mut shown = show::answer(&answer, &look, Some(&format!("Index \"public.{name}\"")));
    if s.look.aligned && !s.look.csv && !s.look.expanded {
        shown.truncate(shown.trim_end().len());
        shown.push_str(&format!("\nprimary key, btree, for table \"public.{table}\"\n\n"));
    }
    c.print(&shown);
}
