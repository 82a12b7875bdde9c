//! mysqladmin, and the commands of the client that are no statements.

use super::error::MyError;
use super::inform::processlist;
use super::run;
use super::schema::{status, threads, variables};
use super::script::End;
use super::server::{OWN_ID, Server, VERSION};
use super::show::{Look, Rows, answer};
use super::target::Target;
use super::{Session, run::refuse};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::sim::effect::{Effect, StoreAct, StoreEffect};

pub(super) const TOOL: Decl = Decl {
    name: "mysqladmin",
    synopsis: "[OPTIONS] command [command]...",
    about: "client for administering a MySQL server",
    opts: &[
        value("h", "host", "NAME", "connect to host"),
        value("u", "user", "NAME", "user for login if not current user"),
        value("p", "password", "[PASSWORD]", "password to use when connecting to server"),
        value("P", "port", "#", "port number to use for connection (3306)"),
        flag("s", "silent", "silently exit if one can't connect to server"),
        flag("v", "verbose", "write more information: whole statements in the list of sessions"),
    ],
    subs: &["extended-status", "kill", "ping", "processlist", "status", "variables", "version"],
    operand: Operand::Free,
    style: Style::Gnu,
    missing: &["create, drop, flush-*, password, refresh, reload, shutdown, start-replica, stop-replica, -i and -r."],
    examples: &[
        ("mysqladmin -h my-1 ping", "mysqld is alive\n"),
        (
            "mysqladmin -h nope ping",
            "mysqladmin: connect to server at 'nope' failed\nerror: 'Unknown MySQL server host 'nope' (-2)'\nCheck that mysqld is running on nope and that the port is 3306.\nYou can check this by doing 'telnet nope 3306'\n",
        ),
    ],
    step,
    ..Decl::BLANK
};

fn step(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        c.p.err.push_str("Usage: mysqladmin [OPTIONS] command command....\n");
        return Step::Exit(1);
    }
    let target = match Target::of(c) {
        Ok(t) => t,
        Err(why) => {
            c.p.err.push_str(&why);
            return Step::Exit(1);
        }
    };
    let server = match target.connect(c) {
        Ok(s) => s,
        // Somebody is there, if only to turn one away.
        Err(e) if a.at(0) == Some("ping") && matches!(e.code, 1040 | 1045 | 1698) => {
            c.line("mysqld is alive");
            return Step::Exit(0);
        }
        Err(e) => {
            if !a.has("s") {
                c.p.err.push_str(&unreachable(&target, &e));
            }
            return Step::Exit(1);
        }
    };
    let mut words = a.rest.iter();
    while let Some(word) = words.next() {
        let listed = |rows: &Rows| answer(rows, Look::Boxes, true);
        let pairs = |all: Vec<(&str, String)>| {
            let rows = all.into_iter().map(|(n, v)| vec![Some(n.to_owned()), Some(v)]).collect();
            Rows::of(&["Variable_name", "Value"], rows)
        };
        let text = match word.as_str() {
            "ping" => "mysqld is alive\n".to_owned(),
            "status" => brief(&server),
            "processlist" | "proc" => listed(&processlist(&server, "show processlist", a.has("v"))),
            "variables" => listed(&pairs(variables(&server))),
            "extended-status" => listed(&pairs(status(&server).into_iter().map(|(n, v)| (n, v.to_string())).collect())),
            "version" => format!(
                "mysqladmin  Ver {VERSION} for Linux on x86_64 (MySQL Community Server - GPL)\nServer version\t\t{VERSION}\nUptime:\t\t\t{} sec\n\n{}",
                server.uptime_s,
                brief(&server)
            ),
            "kill" => {
                let Some(ids) = words.next() else {
                    c.error("Too few arguments to 'kill'");
                    return Step::Exit(1);
                };
                if let Err(why) = kill(c, &server, ids) {
                    c.p.err.push_str(&why);
                    return Step::Exit(1);
                }
                String::new()
            }
            other => {
                c.p.err.push_str(&format!("mysqladmin: Unknown command: '{other}'\n"));
                return Step::Exit(1);
            }
        };
        c.print(&text);
    }
    Step::Exit(0)
}

/// Ends sessions by number, one after the other.
fn kill(c: &mut Ctx<'_>, server: &Server, ids: &str) -> Result<(), String> {
    let failed = |id: &str, why: String| format!("mysqladmin: kill failed on {id}; error: '{why}'\n");
    for id in ids.split(',') {
        let known = id.parse::<u32>().ok().filter(|n| {
            u64::from(*n) != OWN_ID && threads(server, "").iter().any(|t| t.id == u64::from(*n) && t.user == "app")
        });
        let pid = known.ok_or_else(|| failed(id, format!("Unknown thread id: {id}")))?;
        let store = server.info.name.clone();
        let effect = Effect::Store(StoreEffect { store: store.clone(), act: StoreAct::Terminate { pid } });
        match c.apply(&effect, "terminate", &format!("{store}:{pid}")) {
            Err(why) if !why.contains("is not a PostgreSQL backend process") => {
                return Err(failed(id, format!("You are not owner of thread {id}")));
            }
            _ => {}
        }
    }
    Ok(())
}

fn unreachable(target: &Target, e: &MyError) -> String {
    let host = target.host.as_deref().unwrap_or("localhost");
    let mut out = format!("mysqladmin: connect to server at '{host}' failed\nerror: '{}'\n", e.text);
    match e.code {
        2002 => {
            out.push_str("Check that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!\n")
        }
        2003 | 2005 => {
            let port = target.port;
            out.push_str(&format!(
                "Check that mysqld is running on {host} and that the port is {port}.\nYou can check this by doing 'telnet {host} {port}'\n"
            ));
        }
        _ => {}
    }
    out
}

/// One line of numbers.
fn brief(s: &Server) -> String {
    let all = status(s);
    let of = |name: &str| all.iter().find(|(n, _)| *n == name).map_or(0, |(_, v)| *v);
    let tables = s.info.tables.len();
    let average = of("Questions") * 1000 / s.uptime_s.max(1);
    format!(
        "Uptime: {}  Threads: {}  Questions: {}  Slow queries: 0  Opens: {tables}  Flush tables: 1  Open tables: {tables}  Queries per second avg: {}.{:03}\n",
        s.uptime_s,
        of("Threads_connected"),
        of("Questions"),
        average / 1000,
        average % 1000
    )
}

const HELP: &str = "
List of all MySQL commands:
Note that all text commands must be first on line and end with ';'
?         (\\?) Synonym for `help'.
clear     (\\c) Clear the current input statement.
ego       (\\G) Send command to mysql server, display result vertically.
exit      (\\q) Exit mysql. Same as quit.
go        (\\g) Send command to mysql server.
help      (\\h) Display this help.
print     (\\p) Print current command.
quit      (\\q) Quit mysql.
source    (\\.) Execute an SQL script file. Takes a file name as an argument.
status    (\\s) Get status information from the server.
use       (\\u) Use another database. Takes database name as argument.
";

/// Obeys a command of the client; some take the rest of their line.
pub(super) fn command(c: &mut Ctx<'_>, s: &mut Session, letter: char, rest: &str) -> Step {
    match letter {
        'q' => {
            if s.interactive {
                c.line("Bye");
            }
            return Step::Exit(0);
        }
        'c' => s.buffer.clear(),
        'h' | '?' => c.line(HELP),
        'p' => {
            let text = s.buffer.clone();
            if !text.trim().is_empty() {
                c.line(&format!("--------------\n{}\n--------------\n", text.trim()));
            }
        }
        's' => session(c, s),
        'u' => run::statement(c, s, &format!("use {rest}"), End::Go),
        '.' => match c.load(rest) {
            Ok(text) => s.buffer = format!("{text}\n{}", s.buffer),
            Err(_) => {
                c.p.err.push_str(&format!("ERROR: \nFailed to open file '{rest}', error: 2\n"));
                s.failed = true;
            }
        },
        'w' | 'W' | 'r' | '#' => {}
        '!' | 'd' | 'P' | 'T' | 'R' | 'e' | 'n' | 't' => {
            c.p.err.push_str(&format!("ERROR: \n\\{letter} is not simulated: `man mysql` lists what is not.\n"));
            s.failed = true;
        }
        other => {
            c.p.err.push_str(&format!("ERROR: \nUnknown command '\\{other}'.\n"));
            s.failed = true;
        }
    }
    Step::More
}

/// What `status` tells of the session.
fn session(c: &mut Ctx<'_>, s: &mut Session) {
    let server = match s.target.connect(c) {
        Ok(server) => server,
        Err(e) => return refuse(c, s, &e),
    };
    let rule = "-".repeat(14);
    let connection = match &s.target.host {
        None => "Localhost via UNIX socket\nUNIX socket:\t\t/var/run/mysqld/mysqld.sock".to_owned(),
        Some(h) => format!("{h} via TCP/IP\nTCP port:\t\t{}", s.target.port),
    };
    let (user, from, schema) = (&server.user, &server.from, &server.schema);
    c.line(&format!(
        "{rule}\nmysql  Ver {VERSION} for Linux on x86_64 (MySQL Community Server - GPL)\n\nConnection id:\t\t{OWN_ID}\nCurrent database:\t{schema}\nCurrent user:\t\t{user}@{from}\nServer version:\t\t{VERSION} MySQL Community Server - GPL\nProtocol version:\t10\nConnection:\t\t{connection}\nServer characterset:\tutf8mb4\nUptime:\t\t\t{} sec\n\n{}{rule}\n",
        server.uptime_s,
        brief(&server).replacen("Uptime: ", "", 1).split_once("  ").map_or(String::new(), |(_, r)| r.to_owned())
    ));
}
