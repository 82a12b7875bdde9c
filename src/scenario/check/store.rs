//! What a data store must be beyond its form: one primary, rates that move, names that are there.

use super::super::read::Reader;
use super::super::value::Value;
use super::walk;
use crate::diagnostic::Code;
use crate::stdx::time::Utc;
use num_traits::Zero as _;
use std::ops::Range;

/// A problem: place, message, label, help.
type Problem = (Range<usize>, String, String, Option<String>);

/// Checks every store, and the parts that faults name.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let world = root.at("world");
    let mut found: Vec<(Code, Problem)> = Vec::new();
    let opens = root.at("clock").at("opens").offset();
    for (name, place, store) in world.at("stores").entries() {
        service(world, store, &mut found);
        members(name, place, store, &mut found);
        room(world, store, &mut found);
        numbers(store, &mut found);
        for (id, _, b) in store.at("backups").entries() {
            if b.at("at").offset() > opens {
                let help = Some("backups that come later are taken on a `schedule`".to_owned());
                let message = format!("the backup `{id}` is older than never: it was taken after the opening");
                found.push((
                    Code::TimeOrder,
                    (b.at("at").at.clone(), message, format!("the session opens at {opens}"), help),
                ));
            }
        }
        if let Some(next) = store.get("schedule").map(|s| s.at("next")).filter(|n| n.offset() < opens) {
            let message = "the next backup is due before the opening".to_owned();
            found.push((Code::TimeOrder, (next.at.clone(), message, format!("the session opens at {opens}"), None)));
        }
    }
    parts(root, world, &mut found);
    for (code, (at, message, label, help)) in found {
        reader.report(code, &at, message, label, help);
    }
}

fn entry<'v>(map: &'v Value, name: &str) -> Option<&'v Value> {
    map.entries().iter().find(|(key, _, _)| key == name).map(|(_, _, v)| v)
}

fn service(world: &Value, store: &Value, found: &mut Vec<(Code, Problem)>) {
    let name = store.at("service");
    let kind = entry(world.at("services"), &name.text()).map(|s| s.at("kind").tag());
    if kind.is_some_and(|k| k != "Database") {
        let message = format!("`{}` is not a database", name.text());
        let help = Some("a store answers for a service of the kind `Database`".to_owned());
        found.push((Code::OutOfRange, (name.at.clone(), message, "another kind".to_owned(), help)));
    }
}

fn members(store_name: &str, place: &Range<usize>, store: &Value, found: &mut Vec<(Code, Problem)>) {
    let members = store.at("members").entries();
    let primaries: Vec<&String> = members.iter().filter(|(_, _, m)| m.get("follows").is_none()).map(|m| &m.0).collect();
    if primaries.len() != 1 {
        let message = match primaries.len() {
            0 => format!("`{store_name}` has no primary at the opening"),
            n => format!("`{store_name}` has {n} primaries at the opening"),
        };
        let help = Some("exactly one member leaves `follows` out; a split brain begins with a fault".to_owned());
        let at = members.get(1).map_or(place, |(_, at, _)| at).clone();
        found.push((Code::OutOfRange, (at, message, "one follows nobody".to_owned(), help)));
    }
    for (name, at, m) in members {
        let mut say = |at: &Range<usize>, message: String, help: &str| {
            found.push((Code::OutOfRange, (at.clone(), message, "out of range".to_owned(), Some(help.to_owned()))));
        };
        if let Some(follows) = m.get("follows") {
            let target = follows.text();
            if target == *name {
                say(&follows.at, format!("`{name}` is its own primary"), "name another member, or leave `follows` out");
            } else if primaries.len() == 1 && !primaries.contains(&&target) {
                say(
                    &follows.at,
                    format!("`{target}` is not the primary of `{store_name}`"),
                    "replicas follow the primary",
                );
            }
        } else if m.at("behind").amount() > 0 {
            say(&m.at("behind").at, format!("the primary `{name}` is behind itself"), "only replicas are behind");
        }
        for field in ["receive", "apply"] {
            if m.at(field).exact().is_zero() {
                say(&m.at(field).at, format!("`{name}` would never catch up"), "a rate above 0; a fault makes it stop");
            }
        }
        if m.get("host").is_some() && m.get("disk").is_some() {
            say(at, format!("the disk of `{name}` is a mount of its host"), "leave `disk` out, or `host`");
        }
        let mysql = store.at("engine").tag() == "MySql";
        if mysql && m.get("host").is_some() && m.at("data").text().starts_with("/var/lib/postgresql") {
            let at = if m.at("data").at.is_empty() { at } else { &m.at("data").at };
            say(
                at,
                format!("`{name}` runs MySQL in a directory of PostgreSQL"),
                "for example data: \"/var/lib/mysql\"",
            );
        }
        if mysql && m.at("slot").bool() {
            say(&m.at("slot").at, "MySQL has no replication slots".to_owned(), "leave `slot` out");
        }
        if !m.at("data").text().starts_with('/') {
            say(
                &m.at("data").at,
                "a data directory is an absolute path".to_owned(),
                "for example /var/lib/postgresql/15/main",
            );
        }
    }
}

/// The mount of a member holds the tables that are on it at the opening.
fn room(world: &Value, store: &Value, found: &mut Vec<(Code, Problem)>) {
    let tables: u64 = store.at("tables").entries().iter().map(|(_, _, t)| t.at("size").amount()).sum();
    for (name, at, m) in store.at("members").entries() {
        let data = m.at("data").text();
        let mounts = entry(world.at("hosts"), &m.at("host").text()).map(|h| h.at("mounts").entries());
        let on = |point: &str| point == "/" || data.starts_with(&format!("{}/", point.trim_end_matches('/')));
        let mount = mounts.unwrap_or_default().iter().filter(|(p, _, _)| on(p)).max_by_key(|(p, _, _)| p.len());
        let size = mount.map(|(p, _, v)| (p, v.at("size").amount().saturating_sub(v.at("base").amount())));
        let managed = m.get("disk").map(Value::amount).filter(|s| *s < tables);
        let (place, free) = match (size.filter(|(_, s)| *s < tables), managed) {
            (Some((point, free)), _) => (point.clone(), free),
            (_, Some(free)) => ("its disk".to_owned(), free),
            _ => continue,
        };
        let message = format!("the tables of `{name}` do not fit on {place}");
        let label = format!("{tables} bytes of tables, {free} free");
        found.push((
            Code::OutOfRange,
            (at.clone(), message, label, Some("make the mount larger, or the tables smaller".to_owned())),
        ));
    }
}

fn numbers(store: &Value, found: &mut Vec<(Code, Problem)>) {
    let mut say = |at: &Value, message: &str, help: &str| {
        let help = Some(help.to_owned());
        found.push((Code::OutOfRange, (at.at.clone(), message.to_owned(), "out of range".to_owned(), help)));
    };
    for field in ["wal_per_write", "vacuum_rate", "copy_rate", "restore_rate"] {
        if store.at(field).amount() == 0 {
            say(store.at(field), "nothing would ever move", "more than 0 bytes");
        }
    }
    let (most, reserved): (u64, u64) = (store.at("max_connections").int(), store.at("reserved").int());
    if most <= reserved {
        say(store.at("max_connections"), "no connection is left for clients", "more than `reserved`");
    } else if store.at("clients").int::<u64>() > most - reserved {
        say(
            store.at("clients"),
            "the clients' pools hold more connections than there are",
            "at most `max_connections` − `reserved`",
        );
    }
    if store.at("tables").entries().is_empty() {
        say(store.at("tables"), "a store has at least one table", "leave `tables` out for a plain one");
    } else if store.at("tables").entries().iter().all(|(_, _, t)| t.at("weight").int::<u64>() == 0) {
        say(store.at("tables"), "no table takes part in requests", "a `weight` above 0 for one of them");
    }
    columns(store, &mut say);
    if let Some(s) = store.get("schedule").filter(|s| s.at("every").span().0 == 0) {
        say(s.at("every"), "a backup would begin every moment", "for example 24h");
    }
}

/// Columns that SQL could not show.
fn columns(store: &Value, say: &mut impl FnMut(&Value, &str, &str)) {
    for (_, _, table) in store.at("tables").entries() {
        let mut known = vec!["id".to_owned(), "created_at".to_owned()];
        for column in table.at("columns").items() {
            let name = column.at("name").text();
            let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                && name.len() < 64;
            if !plain {
                say(column.at("name"), "this is no name of a column", "small letters, digits and `_`");
            } else if known.contains(&name) {
                say(column.at("name"), "the table has a column of this name", "another name");
            }
            known.push(name);
            let kind = column.at("kind").text();
            for value in column.at("values").items() {
                let text = value.text();
                let fits = match kind.as_str() {
                    _ if text.is_empty() => true,
                    "bigint" => text.parse::<i64>().is_ok(),
                    "boolean" => matches!(text.as_str(), "true" | "false"),
                    "timestamptz" => Utc::parse(&text).is_some(),
                    _ => true,
                };
                if !fits {
                    say(value, "this is no value of the column's type", &format!("a `{kind}`"));
                }
            }
        }
        if table.at("columns").items().len() > 40 {
            say(table.at("columns"), "a table has at most 40 columns", "fewer of them");
        }
    }
}

/// Tables and members that faults name.
fn parts(root: &Value, world: &Value, found: &mut Vec<(Code, Problem)>) {
    let stores = world.at("stores");
    walk(root, &mut |v| {
        let Some(store) = v.get("store").and_then(|s| entry(stores, &s.text())) else { return };
        // A fault names its part beside the store, an effect within what is done.
        if v.tag() == "XidBurn" && store.at("engine").tag() == "MySql" {
            let help = Some("a store whose engine is PostgreSql".to_owned());
            let message = "MySQL does not run out of transaction IDs".to_owned();
            found.push((Code::OutOfRange, (v.at.clone(), message, "another engine".to_owned(), help)));
        }
        for (field, map) in [("table", "tables"), ("member", "members")] {
            let named = v.get(field).or_else(|| v.at("act").get(field));
            let Some(part) = named.filter(|p| entry(store.at(map), &p.text()).is_none()) else { continue };
            let message = format!("the store has no {field} `{}`", part.text());
            let known: Vec<&str> = store.at(map).entries().iter().map(|(k, _, _)| k.as_str()).collect();
            let help = Some(format!("it has {}", known.join(", ")));
            found.push((Code::UnknownName, (part.at.clone(), message, format!("no such {field}"), help)));
        }
    });
}
