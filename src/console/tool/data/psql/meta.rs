//! Backslash commands.

use super::describe;
use super::run;
use super::{Look, Session};
use crate::console::tool::{Ctx, Step};

/// `\pset NAME VALUE`; the error is psql's.
pub(super) fn pset(look: &mut Look, name: &str, text: &str) -> Result<String, String> {
    let on = |was: bool| match text {
        "" | "toggle" => !was,
        t => matches!(t, "on" | "true" | "1" | "yes"),
    };
    Ok(match name {
        "pager" | "border" | "linestyle" | "footer" | "columns" => String::new(),
        "null" => {
            text.trim_matches('\'').clone_into(&mut look.null);
            format!("Null display is \"{}\".", look.null)
        }
        "expanded" | "x" => {
            look.expanded = on(look.expanded);
            format!("Expanded display is {}.", if look.expanded { "on" } else { "off" })
        }
        "tuples_only" | "t" => {
            look.tuples = on(look.tuples);
            format!("Tuples only is {}.", if look.tuples { "on" } else { "off" })
        }
        "fieldsep" => {
            text.trim_matches('\'').clone_into(&mut look.separator);
            format!("Field separator is \"{}\".", look.separator)
        }
        "format" => {
            match text {
                "aligned" => (look.aligned, look.csv) = (true, false),
                "unaligned" => (look.aligned, look.csv) = (false, false),
                "csv" => look.csv = true,
                _ => return Err("\\pset: allowed formats are aligned, csv, unaligned".to_owned()),
            }
            format!("Output format is {text}.")
        }
        _ => return Err(format!("\\pset: unknown option: {name}")),
    })
}

const QUERIES: &str = "General
  \\g [\\gx]               execute query (and show it expanded)
  \\q                     quit psql
  \\watch [SEC]           execute query every SEC seconds
Informational
  \\d [NAME]              describe a table, or list tables
  \\di \\dt \\dn \\du \\l      list indexes, tables, schemas, roles, databases
  \\df \\dx \\db \\dp \\sf     list functions, extensions, tablespaces, privileges, show a function
  \\conninfo              display information about current connection
Formatting
  \\a \\t \\x [on|off]       alignment, rows only, expanded output
  \\pset NAME [VALUE]     set table output option
  \\timing [on|off]       toggle timing of commands
Buffer and input
  \\p \\r                  show or reset the query buffer
  \\i FILE                execute commands from file
  \\echo STRING           write string to standard output
  \\set NAME VALUE        set an internal variable (ON_ERROR_STOP)";

/// Obeys one; `before` is a statement that stands in front of it.
pub(super) fn command(c: &mut Ctx<'_>, s: &mut Session, text: &str, before: &str) -> Step {
    let text = text.trim_start_matches('\\').trim_end_matches(';');
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let on = |was: bool| match rest {
        "" => !was,
        t => matches!(t, "on" | "true" | "1" | "yes"),
    };
    let say = |c: &mut Ctx<'_>, s: &Session, line: &str| {
        if !s.look.quiet && !line.is_empty() {
            c.line(line);
        }
    };
    // A statement before a command is kept, unless the command runs it or wipes it.
    let statement = if before.is_empty() { s.last.clone() } else { before.to_owned() };
    let keep = |s: &mut Session| {
        if !before.is_empty() {
            s.buffer = format!("{before}\n{}", s.buffer);
        }
    };
    match name {
        "q" | "quit" => return Step::Exit(0),
        "g" | "gx" | "watch" if statement.is_empty() => fail(c, s, &format!("\\{name} cannot be used with an empty query")),
        "g" | "gx" => {
            let was = s.look.expanded;
            s.look.expanded |= name == "gx";
            s.last.clone_from(&statement);
            run::statement(c, s, &statement);
            s.look.expanded = was;
        }
        "watch" => {
            let every = if rest.is_empty() { 2.0 } else { rest.parse::<f64>().unwrap_or(0.0) };
            if (0.1..=86_400.0).contains(&every) {
                s.last.clone_from(&statement);
                s.watch = Some((statement, (every * 1000.0) as u64));
            } else {
                fail(c, s, &format!("\\watch: incorrect interval value \"{rest}\""));
            }
        }
        "p" => c.line(if statement.is_empty() { "Query buffer is empty." } else { &statement }),
        "r" => say(c, s, "Query buffer reset (cleared)."),
        "x" => {
            s.look.expanded = on(s.look.expanded);
            keep(s);
            let line = format!("Expanded display is {}.", if s.look.expanded { "on" } else { "off" });
            say(c, s, &line);
        }
        "t" => {
            s.look.tuples = on(s.look.tuples);
            let line = format!("Tuples only is {}.", if s.look.tuples { "on" } else { "off" });
            say(c, s, &line);
        }
        "a" => {
            s.look.aligned = !s.look.aligned;
            let line = format!("Output format is {}.", if s.look.aligned { "aligned" } else { "unaligned" });
            say(c, s, &line);
        }
        "timing" => {
            s.look.timing = on(s.look.timing);
            let line = format!("Timing is {}.", if s.look.timing { "on" } else { "off" });
            say(c, s, &line);
        }
        "pset" => {
            let (option, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            match pset(&mut s.look, option, value.trim()) {
                Ok(line) => say(c, s, &line),
                Err(why) => fail(c, s, &why),
            }
        }
        "set" => {
            let mut words = rest.split_whitespace();
            if words.next() == Some("ON_ERROR_STOP") {
                s.stop = !matches!(words.next(), Some("off" | "0" | "false"));
            }
        }
        "echo" | "qecho" => c.line(&rest.split_whitespace().map(|w| w.trim_matches('\'')).collect::<Vec<_>>().join(" ")),
        "conninfo" => conninfo(c, s),
        "?" => c.line(QUERIES),
        "h" | "help" => c.line("Available help:\n  ALTER SYSTEM  ANALYZE  BEGIN  COMMIT  EXPLAIN  ROLLBACK  SELECT  SET  SHOW  TRUNCATE  VACUUM  WITH"),
        "c" | "connect" => reconnect(c, s, rest),
        "i" | "ir" => match c.load(rest) {
            Ok(file) => s.buffer = format!("{file}\n{}", s.buffer),
            Err(why) => fail(c, s, &format!("{rest}: {why}")),
        },
        "d" | "d+" | "dt" | "dt+" | "di" | "di+" | "dn" | "dn+" | "du" | "du+" | "dg" | "l" | "l+" | "list" | "dv" | "dv+" | "ds" | "ds+" | "dm"
        | "df" | "df+" | "dx" | "db" | "dp" | "z" | "dT" | "sf" | "sf+" => describe::describe(c, s, name, rest),
        "copy" => run::statement(c, s, &format!("copy {rest}")),
        "!" | "e" | "o" | "w" | "gexec" | "if" | "lo_list" => {
            fail(c, s, &format!("\\{name} is not simulated: `man psql` lists what is not"));
        }
        _ => {
            let more = if s.interactive { "\nTry \\? for help." } else { "" };
            fail(c, s, &format!("invalid command \\{name}{more}"));
        }
    }
    Step::More
}

pub(super) fn fail(c: &mut Ctx<'_>, s: &mut Session, why: &str) {
    // Only a script has a place to name.
    let place = s.file.as_ref().map(|(name, line)| format!("psql:{name}:{line}: error: ")).unwrap_or_default();
    c.p.err.push_str(&format!("{place}{why}\n"));
    s.failed = true;
}

fn conninfo(c: &mut Ctx<'_>, s: &mut Session) {
    let (db, role, port) = (&s.database, &s.target.role, &s.target.port);
    let line = match &s.target.host {
        None => format!(
            "You are connected to database \"{db}\" as user \"{role}\" via socket in \"/var/run/postgresql\" at port \"{port}\"."
        ),
        Some(h) => {
            let address = c.host.lookup(&c.on(), h).into_iter().next();
            let at = address.filter(|a| a != h).map(|a| format!(" (address \"{a}\")")).unwrap_or_default();
            format!("You are connected to database \"{db}\" as user \"{role}\" on host \"{h}\"{at} at port \"{port}\".")
        }
    };
    c.line(&line);
}

fn reconnect(c: &mut Ctx<'_>, s: &mut Session, rest: &str) {
    let mut words = rest.split_whitespace().filter(|w| *w != "-");
    let mut target = s.target.clone();
    if let Some(d) = words.next() {
        target.database = Some(d.to_owned());
    }
    if let Some(role) = words.next() {
        role.clone_into(&mut target.role);
    }
    if let Some(host) = words.next() {
        target.host = Some(host.to_owned());
    }
    match target.connect(c) {
        Ok(engine) => {
            s.database = target.database.clone().unwrap_or_else(|| engine.server().info.database.clone());
            s.target = target;
            let line = format!("You are now connected to database \"{}\" as user \"{}\".", s.database, s.target.role);
            c.line(&line);
        }
        Err(why) => {
            c.p.err.push_str(&format!("{why}\nPrevious connection kept\n"));
            s.failed = true;
        }
    }
}
