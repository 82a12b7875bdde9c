//! psql: a session with a PostgreSQL server, one statement or a script or by hand.

pub(super) mod connect;
pub(super) mod copy;
mod describe;
mod meta;
mod run;
mod script;
mod show;

use crate::console::host::JobState;
use crate::console::process::Fd;
use crate::console::tool::context::Line;
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, Style, flag, value};
use crate::sim::effect::{Effect, StoreAct, StoreEffect};
use connect::Target;
use script::Cut;
use serde::Serialize;

pub(crate) const TOOL: Decl = Decl {
    name: "psql",
    synopsis: "[OPTION]... [DBNAME [USERNAME]]",
    about: "PostgreSQL interactive terminal",
    opts: &[
        value("c", "command", "COMMAND", "run only single command (SQL or internal) and exit"),
        value("d", "dbname", "DBNAME", "database name to connect to, or a connection string"),
        value("f", "file", "FILENAME", "execute commands from file, then exit"),
        flag("l", "list", "list available databases, then exit"),
        value("v", "set", "NAME=VALUE", "set psql variable NAME to VALUE (ON_ERROR_STOP)"),
        flag("X", "no-psqlrc", "do not read startup file"),
        flag("q", "quiet", "run quietly"),
        flag("A", "no-align", "unaligned table output mode"),
        flag("", "csv", "CSV (Comma-Separated Values) table output mode"),
        value("F", "field-separator", "STRING", "field separator for unaligned output (\"|\")"),
        value("P", "pset", "VAR=ARG", "set printing option VAR to ARG (pager, null, expanded, tuples_only, format)"),
        flag("t", "tuples-only", "print rows only"),
        flag("x", "expanded", "turn on expanded table output"),
        value("h", "host", "HOSTNAME", "database server host"),
        value("p", "port", "PORT", "database server port (5432)"),
        value("U", "username", "USERNAME", "database user name"),
        flag("w", "no-password", "never prompt for password"),
        flag("1", "single-transaction", "execute as a single transaction (if non-interactive)"),
    ],
    operand: Operand::Free,
    style: Style::Gnu,
    misuse: 2,
    missing: &[
        "Rows of the application's tables: there are as many as the world counts, with an id, a moment and the columns that the scenario names, and only TRUNCATE changes them.",
        "Columns of arrays and their operators but ANY and ALL of a list, functions of json but its length and type, dates without a time, LATERAL, EXPLAIN of more than all of one table, prepared statements, functions and triggers of one's own, COPY but to STDOUT; an answer has 20,000 rows at most.",
        "Of settings SET changes statement_timeout alone; what takes too long runs until it, 60 s as the server has it, and is cancelled.",
        "Passwords: a machine's user comes in as the role of its name; `sudo -u postgres psql` on the server is the superuser.",
    ],
    examples: &[
        ("psql -h db-1 -c 'select 1 + 1 as two'", " two \n-----\n   2\n(1 row)\n\n"),
        ("psql -h db-1 -Atc \"select count(*) from pg_stat_replication\"", "1\n"),
        (
            "psql -h db-1 -c 'select * from nope'",
            "ERROR:  relation \"nope\" does not exist\nLINE 1: select * from nope\n                      ^\n",
        ),
        ("psql -h nope", "psql: error: could not translate host name \"nope\" to address: Name or service not known\n"),
    ],
    step,
    ..Decl::BLANK
};

/// How answers look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Look {
    aligned: bool,
    csv: bool,
    expanded: bool,
    tuples: bool,
    /// The number of rows is told below them.
    counts: bool,
    timing: bool,
    quiet: bool,
    separator: String,
    null: String,
}

/// After how many milliseconds the server ends a statement, unless it is told otherwise.
const TIMEOUT_MS: u64 = 60_000;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    target: Target,
    database: String,
    look: Look,
    /// Ends a script at the first error.
    stop: bool,
    /// ` ` outside a transaction, `*` in one, `!` in one that failed.
    transaction: char,
    /// A statement that is not finished.
    buffer: String,
    /// The last one that was.
    last: String,
    /// What is run instead of the input; `None` reads the input.
    script: Option<String>,
    /// Name and line of a script, for errors.
    file: Option<(String, usize)>,
    interactive: bool,
    /// Whether the prompt stands there.
    prompted: bool,
    /// What is printed once the job is done.
    tag: String,
    /// What is said once the server has ended the statement that runs.
    ends: Option<String>,
    /// After how many milliseconds it ends one; 0 is never.
    timeout_ms: u64,
    /// A statement that is run again, and every how many milliseconds.
    watch: Option<(String, u64)>,
    failed: bool,
    /// Ctrl-C was pressed.
    interrupted: bool,
}

impl Session {
    fn start(c: &mut Ctx<'_>) -> Result<Session, Step> {
        let a = c.args.clone();
        let mut look = Look {
            aligned: !a.has("A"),
            csv: a.has("csv"),
            expanded: a.has("x"),
            tuples: a.has("t"),
            counts: true,
            timing: false,
            quiet: a.has("q"),
            separator: a.get("F").unwrap_or("|").replace("\\t", "\t"),
            null: String::new(),
        };
        let settings: Vec<String> = a.flags.iter().filter(|(k, _)| k == "P").map(|(_, v)| v.clone()).collect();
        for s in settings {
            let (name, text) = s.split_once('=').unwrap_or((&s, ""));
            if let Err(why) = meta::pset(&mut look, name, text) {
                c.p.err.push_str(&format!("psql: error: {why}\n"));
                return Err(Step::Exit(1));
            }
        }
        let target = Target::of(c);
        let engine = target.connect(c).map_err(|why| {
            c.p.err.push_str(&format!("psql: error: {why}\n"));
            Step::Exit(2)
        })?;
        let database = target.database.clone().unwrap_or_else(|| engine.server().info.database.clone());
        let commands: Vec<&str> = a.flags.iter().filter(|(k, _)| k == "c").map(|(_, v)| v.as_str()).collect();
        let mut script = (!commands.is_empty()).then(|| {
            let end = |c: &&str| if c.trim_start().starts_with('\\') { format!("{c}\n") } else { format!("{c}\n;\n") };
            commands.iter().map(end).collect::<String>()
        });
        let mut file = None;
        if a.has("l") {
            script = Some("\\l\n".to_owned());
        } else if let Some(name) = a.get("f").filter(|f| *f != "-") {
            let text = c.load(name).map_err(|why| {
                c.p.err.push_str(&format!("psql: error: {name}: {why}\n"));
                Step::Exit(1)
            })?;
            script = Some(text + "\n");
            file = Some((name.to_owned(), 1));
        }
        let stop = a
            .flags
            .iter()
            .any(|(k, v)| k == "v" && matches!(v.as_str(), "ON_ERROR_STOP=1" | "ON_ERROR_STOP=on" | "ON_ERROR_STOP"));
        let interactive = script.is_none() && c.p.fds.first() == Some(&Fd::Term) && !c.p.background;
        if interactive && !look.quiet {
            c.line("psql (15.8)\nType \"help\" for help.\n");
        }
        Ok(Session {
            target,
            database,
            look,
            stop,
            transaction: ' ',
            buffer: String::new(),
            last: String::new(),
            script,
            file,
            interactive,
            prompted: false,
            tag: String::new(),
            ends: None,
            timeout_ms: TIMEOUT_MS,
            watch: None,
            failed: false,
            interrupted: false,
        })
    }

    /// `app=# `, `app=*> `, `app-> `.
    fn prompt(&self) -> String {
        let end = if self.target.role == "postgres" { '#' } else { '>' };
        let open = if self.buffer.trim().is_empty() {
            '='
        } else {
            match script::cut(&self.buffer) {
                Cut::Open(c) => c,
                _ => '-',
            }
        };
        let mark = if self.transaction == ' ' { String::new() } else { self.transaction.to_string() };
        format!("{}{open}{mark}{end} ", self.database)
    }

    /// Ctrl-C: a person at the prompt stays in psql, and what runs is cancelled. Whether it takes the signal.
    pub(crate) fn interrupt(&mut self, running: bool) -> bool {
        self.interrupted = self.interactive || running || self.ends.is_some();
        self.interrupted
    }

    /// What `-c` and a script end with after an error.
    fn status(&self) -> i32 {
        match (self.failed, &self.script, &self.file) {
            (true, Some(_), None) => 1,
            (true, _, _) if self.stop => 3,
            _ => 0,
        }
    }
}

fn step(c: &mut Ctx<'_>) -> Step {
    let mut s = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Psql(s)) => *s,
        _ => match Session::start(c) {
            Ok(s) => s,
            Err(end) => return end,
        },
    };
    let next = turn(c, &mut s);
    c.tool.mind = Some(Box::new(Mind::Psql(Box::new(s))));
    next
}

/// What Ctrl-C does: ends the statement that runs, a repetition, or what was typed so far.
fn cancel(c: &mut Ctx<'_>, s: &mut Session) {
    s.prompted = false;
    s.buffer.clear();
    s.watch = None;
    if s.ends.take().is_some() {
        c.p.err.push_str("Cancel request sent\n");
        return run::refused(c, s, "ERROR:  canceling statement due to user request\n");
    }
    let Some(job) = c.tool.job.take() else { return };
    c.p.err.push_str("Cancel request sent\n");
    let Ok(engine) = s.target.connect(c) else { return };
    let store = engine.server().info.name.clone();
    let effect = Effect::Store(StoreEffect { store: store.clone(), act: StoreAct::Cancel { job } });
    let why = c.apply(&effect, "abort", &store).err();
    c.p.err.push_str(&match why {
        Some(why) => format!("ERROR:  {why}\n"),
        None => "ERROR:  canceling statement due to user request\n".to_owned(),
    });
    s.failed = true;
    if s.transaction == '*' {
        s.transaction = '!';
    }
}

/// Waits for what runs, then takes what comes next.
fn turn(c: &mut Ctx<'_>, s: &mut Session) -> Step {
    if std::mem::take(&mut s.interrupted) {
        cancel(c, s);
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    if let Some(said) = s.ends.take() {
        run::refused(c, s, &said);
        return Step::More;
    }
    if let Some(job) = c.tool.job {
        match c.host.job(job) {
            JobState::Running { .. } => {
                c.sleep_ms(1000);
                return Step::More;
            }
            JobState::Done => {
                let tag = std::mem::take(&mut s.tag);
                if !s.look.quiet {
                    c.line(&tag);
                }
            }
            JobState::Failed(why) => {
                c.p.err.push_str(&format!("ERROR:  {why}\n"));
                s.failed = true;
            }
        }
        c.tool.job = None;
        return Step::More;
    }
    if let Some((statement, every)) = s.watch.clone() {
        let now = c.host.utc().iso().replace('T', " ").replace('Z', "");
        c.line(&format!("{now} (every {}s)\n", every / 1000));
        run::statement(c, s, &statement);
        if s.failed {
            s.watch = None;
            return Step::More;
        }
        c.sleep_ms(every);
        return Step::More;
    }
    if s.failed && (s.stop || (s.script.is_some() && s.file.is_none())) {
        return Step::Exit(s.status());
    }
    match script::cut(&s.buffer) {
        Cut::Statement(statement, rest) => {
            s.buffer = rest;
            if !statement.is_empty() {
                s.last.clone_from(&statement);
                run::statement(c, s, &statement);
            }
            return Step::More;
        }
        Cut::Command(command, rest) => {
            let (before, after) = rest.split_once('\0').unwrap_or(("", &rest));
            let before = before.trim().to_owned();
            s.buffer = after.to_owned();
            return meta::command(c, s, &command, &before);
        }
        Cut::Open(_) => {}
    }
    if let Some(text) = s.script.as_mut().filter(|t| !t.is_empty()) {
        let line = text.split_inclusive('\n').next().unwrap_or_default().to_owned();
        text.drain(..line.len());
        s.buffer.push_str(&line);
        if let Some((_, n)) = &mut s.file {
            *n += 1;
        }
        return Step::More;
    }
    if s.script.is_some() {
        let rest = std::mem::take(&mut s.buffer);
        if !rest.trim().is_empty() {
            run::statement(c, s, rest.trim());
            return Step::More;
        }
        return Step::Exit(s.status());
    }
    if s.interactive && !s.prompted {
        s.prompted = true;
        let prompt = s.prompt();
        c.print(&prompt);
        return Step::More;
    }
    match c.next_line(&[]) {
        Line::Later => Step::Wait,
        Line::End => {
            if s.interactive {
                c.line("\\q");
            } else if !s.buffer.trim().is_empty() {
                let rest = std::mem::take(&mut s.buffer);
                run::statement(c, s, rest.trim());
                return Step::More;
            }
            Step::Exit(s.status())
        }
        Line::Text(line) => {
            s.prompted = false;
            let word = line.trim();
            if s.buffer.trim().is_empty() && s.interactive {
                s.buffer.clear();
                match word {
                    "quit" | "exit" => return Step::Exit(0),
                    "help" => {
                        c.line(HELP);
                        return Step::More;
                    }
                    _ => {}
                }
            }
            s.buffer.push_str(&line);
            s.buffer.push('\n');
            Step::More
        }
    }
}

const HELP: &str = "You are using psql, the command-line interface to PostgreSQL.
Type:  \\copyright for distribution terms
       \\h for help with SQL commands
       \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit";
