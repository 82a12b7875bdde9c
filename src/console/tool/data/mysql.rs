//! mysql and mysqladmin: a session with a MySQL server, one statement or a script or by hand.

mod admin;
mod error;
mod explain;
mod expr;
mod from;
mod function;
mod inform;
mod kind;
mod run;
mod scalar;
mod schema;
mod script;
mod server;
mod show;
mod target;
mod title;
mod translate;

use crate::console::host::JobState;
use crate::console::process::Fd;
use crate::console::tool::context::Line;
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, Style, flag, value};
use crate::sim::effect::{Effect, StoreAct, StoreEffect};
use crate::sim::store::StoreInfo;
use error::MyError;
use script::{Cut, End};
use serde::Serialize;
use server::{OWN_ID, VERSION};
use show::Look;
use target::Target;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "mysql",
        synopsis: "[OPTIONS] [database]",
        about: "the MySQL command-line client",
        opts: &[
            value("e", "execute", "STATEMENT", "execute command and quit"),
            value("h", "host", "NAME", "connect to host"),
            value("u", "user", "NAME", "user for login if not current user"),
            value("p", "password", "[PASSWORD]", "password to use when connecting to server"),
            value("P", "port", "#", "port number to use for connection (3306)"),
            value("D", "database", "NAME", "database to use"),
            value("S", "socket", "PATH", "the socket file to use for connection"),
            flag("B", "batch", "columns divided by tabs"),
            flag("s", "silent", "be more silent: columns divided by tabs"),
            flag("t", "table", "output in table format"),
            flag("E", "vertical", "print the output of a query vertically"),
            flag("N", "skip-column-names", "don't write column names in results"),
            flag("r", "raw", "write fields without conversion; used with --batch"),
            flag("f", "force", "continue even if we get an SQL error"),
            flag("A", "no-auto-rehash", "no automatic rehashing"),
            flag("V", "version", "output version information and exit"),
        ],
        operand: Operand::Free,
        style: Style::Gnu,
        missing: &[
            "Rows of the application's tables: there are as many as the world counts, with an id, a moment and the columns that the scenario names, and only TRUNCATE changes them.",
            "JSON, the operator `!`, dates without a year, variables of one's own, prepared statements, stored programs, RAND, SLEEP, --html and --xml; an answer has 20,000 rows at most.",
            "Of variables SET GLOBAL changes read_only, super_read_only and max_connections alone; SHOW ENGINE INNODB STATUS has only the sections that the world fills.",
            "Passwords: a machine's user comes in as the account of its name, whatever is typed at -p; `sudo mysql` on the server is root.",
        ],
        examples: &[
            ("mysql -h my-1 -e 'select 1 + 1 as two'", "+-----+\n| two |\n+-----+\n|   2 |\n+-----+\n"),
            ("mysql -h my-1 -Ne 'show tables' shop", "+-------+\n| items |\n| sales |\n+-------+\n"),
            (
                "mysql -h my-1 shop -e 'select * from nope'",
                "ERROR 1146 (42S02) at line 1: Table 'shop.nope' doesn't exist\n",
            ),
            ("mysql -h my-2 -e 'show replica status\\G' | grep Seconds", "    Seconds_Behind_Source: 0\n"),
            ("mysql -h nope", "ERROR 2005 (HY000): Unknown MySQL server host 'nope' (-2)\n"),
        ],
        step,
        ..Decl::BLANK
    },
    admin::TOOL,
];

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    target: Target,
    look: Look,
    /// Whether names of columns are printed.
    names: bool,
    /// A script goes on after an error.
    force: bool,
    /// The password that is still to be typed.
    asks: bool,
    connected: bool,
    /// A statement that is not finished.
    buffer: String,
    /// What is run instead of the input; `None` reads the input.
    script: Option<String>,
    /// Line of the script on which the statement began, and the one that was read last.
    line: usize,
    read: usize,
    /// A person types.
    interactive: bool,
    /// Whether the prompt stands there.
    prompted: bool,
    /// When the work that is waited for began, in milliseconds, and the rows that it ends with.
    began_ms: u64,
    ends: Vec<Vec<String>>,
    failed: bool,
    /// The server is gone.
    lost: bool,
    /// Ctrl-C was pressed.
    interrupted: bool,
}

impl Session {
    fn start(c: &mut Ctx<'_>) -> Result<Session, Step> {
        let a = c.args.clone();
        if a.has("V") {
            c.line(&format!("mysql  Ver {VERSION} for Linux on x86_64 (MySQL Community Server - GPL)"));
            return Err(Step::Exit(0));
        }
        let mut target = Target::of(c).map_err(|why| {
            c.p.err.push_str(&why);
            Step::Exit(1)
        })?;
        target.schema = a.get("D").or_else(|| a.at(0)).unwrap_or_default().to_owned();
        let terminal = |n: usize| c.p.fds.get(n) == Some(&Fd::Term) && !c.p.background;
        let (typed, shown) = (terminal(0), terminal(1));
        let interactive = typed && shown && !a.has("e") && !a.has("B");
        let tabs = Look::Tabs { raw: a.has("r") };
        let look = match () {
            () if a.has("E") => Look::Vertical,
            () if a.has("t") => Look::Boxes,
            () if a.has("B") || a.has("s") || !typed || !shown => tabs,
            () => Look::Boxes,
        };
        if a.get("p").is_some_and(|p| !p.is_empty()) {
            let said = "mysql: [Warning] Using a password on the command line interface can be insecure.\n";
            c.p.err.push_str(said);
        }
        Ok(Session {
            target,
            look,
            names: !a.has("N"),
            force: a.has("f"),
            asks: a.get("p") == Some("") && typed,
            connected: false,
            buffer: String::new(),
            script: a.get("e").map(|e| format!("{e}\n")),
            line: 1,
            read: 0,
            interactive,
            prompted: false,
            began_ms: 0,
            ends: Vec::new(),
            failed: false,
            lost: false,
            interrupted: false,
        })
    }

    /// Whether it says how many rows there were.
    fn footers(&self) -> bool {
        self.interactive
    }

    /// `mysql> `, `    -> `, `    '> `.
    fn prompt(&self) -> String {
        if self.buffer.trim().is_empty() {
            return "mysql> ".to_owned();
        }
        match script::cut(&self.buffer) {
            Cut::Open('*') => "   /*> ".to_owned(),
            Cut::Open(c) => format!("    {c}> "),
            _ => "    -> ".to_owned(),
        }
    }

    /// Ctrl-C: a person at the prompt stays in the client, and what runs is ended. Whether it takes the signal.
    pub(crate) fn interrupt(&mut self, running: bool) -> bool {
        self.interrupted = self.connected && (self.interactive || running);
        self.interrupted
    }

    /// Whether the script ends here.
    fn ends_here(&self) -> bool {
        self.failed && (self.lost || (!self.interactive && !self.force))
    }
}

fn step(c: &mut Ctx<'_>) -> Step {
    let mut s = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Mysql(s)) => *s,
        _ => match Session::start(c) {
            Ok(s) => s,
            Err(end) => return end,
        },
    };
    let next = turn(c, &mut s);
    c.tool.mind = Some(Box::new(Mind::Mysql(Box::new(s))));
    next
}

/// What Ctrl-C does: ends the statement that runs, or what was typed so far.
fn cancel(c: &mut Ctx<'_>, s: &mut Session) {
    s.prompted = false;
    s.buffer.clear();
    let Some(job) = c.tool.job.take() else { return };
    c.p.err.push_str("^C -- query aborted\n");
    if let Ok(server) = s.target.connect(c) {
        let store = server.info.name;
        let effect = Effect::Store(StoreEffect { store: store.clone(), act: StoreAct::Cancel { job } });
        // A job that has ended meanwhile needs no end.
        let _ended = c.apply(&effect, "abort", &store);
    }
    run::refuse(c, s, &MyError::new(1317, "70100", "Query execution was interrupted"));
}

/// Asks for the password and connects; `None` once that is done.
fn open(c: &mut Ctx<'_>, s: &mut Session) -> Option<Step> {
    if s.asks {
        if !s.prompted {
            s.prompted = true;
            c.print("Enter password: ");
            return Some(Step::More);
        }
        match c.next_line(&[]) {
            Line::Later => return Some(Step::Wait),
            Line::End | Line::Text(_) => (s.asks, s.prompted) = (false, false),
        }
    }
    if let Err(e) = s.target.connect(c) {
        c.p.err.push_str(&e.shown(None));
        return Some(Step::Exit(1));
    }
    s.connected = true;
    if s.interactive {
        c.line(&format!(
            "Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is {OWN_ID}\nServer version: {VERSION} MySQL Community Server - GPL\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n"
        ));
    }
    None
}

/// Waits for what runs, then takes what comes next.
fn turn(c: &mut Ctx<'_>, s: &mut Session) -> Step {
    if !s.connected
        && let Some(step) = open(c, s)
    {
        return step;
    }
    if std::mem::take(&mut s.interrupted) {
        cancel(c, s);
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    if let Some(job) = c.tool.job {
        match c.host.job(job) {
            JobState::Running { .. } => {
                c.sleep_ms(1000);
                return Step::More;
            }
            JobState::Done => run::finished(c, s),
            JobState::Failed(why) => run::refuse(c, s, &MyError::new(1317, "70100", why)),
        }
        c.tool.job = None;
        return Step::More;
    }
    if s.ends_here() {
        return Step::Exit(1);
    }
    match script::cut(&s.buffer) {
        Cut::Statement(statement, end, rest) => {
            s.buffer = rest.trim_start().to_owned();
            take(c, s, &statement, end);
            s.line = s.read.max(1);
            return Step::More;
        }
        Cut::Command(letter, before, rest) => {
            let (line, after) =
                rest.split_once('\n').map_or((rest.clone(), String::new()), |(l, a)| (l.to_owned(), a.to_owned()));
            let whole = matches!(letter, 'u' | '.' | 'd' | 'P' | 'T' | 'R' | '!');
            s.buffer =
                if whole { after } else { format!("{}{rest}", if letter == 'c' { String::new() } else { before }) };
            return admin::command(c, s, letter, if whole { line.trim() } else { "" });
        }
        Cut::Open(_) => {}
    }
    if let Some(text) = s.script.as_mut().filter(|t| !t.is_empty()) {
        let line = text.split_inclusive('\n').next().unwrap_or_default().to_owned();
        text.drain(..line.len());
        if s.buffer.trim().is_empty() {
            s.line = s.read + 1;
        }
        s.read += 1;
        return fed(c, s, &line);
    }
    if s.script.is_some() {
        return rest(c, s);
    }
    if s.interactive && !s.prompted {
        s.prompted = true;
        let prompt = s.prompt();
        c.print(&prompt);
        return Step::More;
    }
    match c.next_line(&[]) {
        Line::Later => Step::Wait,
        Line::End if s.interactive => {
            c.line("Bye");
            Step::Exit(0)
        }
        Line::End => rest(c, s),
        Line::Text(line) => {
            s.prompted = false;
            s.read += 1;
            if s.buffer.trim().is_empty() {
                s.line = s.read;
            }
            fed(c, s, &format!("{line}\n"))
        }
    }
}

/// Takes a line; some words are commands where no statement has begun.
fn fed(c: &mut Ctx<'_>, s: &mut Session, line: &str) -> Step {
    if s.buffer.trim().is_empty() {
        s.buffer.clear();
        let text = line.trim().trim_end_matches(';');
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let letter = match (first.to_lowercase().as_str(), rest.is_empty()) {
            ("quit" | "exit", true) => Some('q'),
            ("help" | "?", true) if s.interactive => Some('h'),
            ("status", true) => Some('s'),
            ("source", false) => Some('.'),
            ("use", false) if !rest.contains(';') => Some('u'),
            _ => None,
        };
        if let Some(letter) = letter {
            return admin::command(c, s, letter, rest.trim());
        }
    }
    s.buffer.push_str(line);
    Step::More
}

/// Runs a statement; what holds nothing is none.
fn take(c: &mut Ctx<'_>, s: &mut Session, statement: &str, end: End) {
    if script::bare(statement).is_empty() {
        if s.interactive {
            run::refuse(c, s, &MyError::new(1065, "42000", "Query was empty"));
        }
        return;
    }
    run::statement(c, s, statement, end);
}

/// What is left at the end of a script is a statement, too.
fn rest(c: &mut Ctx<'_>, s: &mut Session) -> Step {
    let rest = std::mem::take(&mut s.buffer);
    if rest.trim().is_empty() {
        return Step::Exit(0);
    }
    take(c, s, rest.trim(), End::Go);
    Step::More
}

/// A connection of a program beside the client.
pub(super) struct Connection(server::Server);

/// Connects as the options of a program say; the error has a number and a text.
pub(super) fn connect(c: &mut Ctx<'_>, schema: &str) -> Result<Connection, (u16, String)> {
    let mut target = Target::of(c).map_err(|why| (2000, why))?;
    schema.clone_into(&mut target.schema);
    target.connect(c).map(Connection).map_err(|e| (e.code, e.text))
}

impl Connection {
    pub fn info(&self) -> &StoreInfo {
        &self.0.info
    }

    pub fn version(&self) -> &'static str {
        VERSION
    }

    /// What makes a table.
    pub fn definition(&self, table: &str) -> String {
        inform::made(&self.0, table)
    }

    /// Rows of a table as INSERT has them.
    pub fn rows(&self, table: &str) -> Result<Vec<String>, String> {
        let statement = format!("SELECT * FROM `{table}` ORDER BY id");
        let (query, titles) = run::parsed_query(&statement).map_err(|e| e.text)?;
        let answer = self.0.query(&query, &titles).map_err(|e| e.text)?;
        let one = |row: &Vec<Option<String>>| {
            let cells = row.iter().zip(&answer.columns).map(|(v, c)| match v {
                None => "NULL".to_owned(),
                Some(v) if c.number => v.clone(),
                Some(v) => format!("'{}'", v.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")),
            });
            format!("({})", cells.collect::<Vec<_>>().join(","))
        };
        Ok(answer.rows.iter().map(one).collect())
    }
}
