//! redis-cli: a session with a cache of the world, one command, a script or by hand; and its walks and gauges.

mod command;
mod gauge;
mod info;
mod reply;

use crate::console::process::Fd;
use crate::console::tool::context::Line;
use crate::console::tool::reach::{self, Reach};
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;
use command::Place;
use reply::Reply;
use serde::Serialize;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "redis-cli",
    synopsis: "[OPTIONS] [cmd [arg [arg ...]]]",
    about: "client of a Redis cache",
    opts: &[
        value("h", "", "hostname", "server hostname (127.0.0.1)"),
        value("p", "", "port", "server port (6379)"),
        value("n", "", "db", "database number"),
        value("a", "", "password", "password to use when connecting to the server"),
        value("r", "", "repeat", "execute specified command N times"),
        value("i", "", "interval", "seconds between the commands of -r, the rows of --stat"),
        flag("", "raw", "raw formatting of replies (the way of a pipe)"),
        flag("", "no-raw", "formatted replies even to a pipe"),
        flag("e", "", "exit with an error code when a command fails"),
        flag("", "stat", "print rolling stats: memory, clients, load"),
        flag("", "latency", "sample the latency of the server"),
        flag("", "bigkeys", "look for keys with many elements"),
        flag("", "scan", "list all keys"),
        value("", "pattern", "pat", "keys to list (--scan)"),
    ],
    operand: Operand::Free,
    style: Style::Plain,
    words: Words::Prefix,
    missing: &[
        "What a cache holds of its origin is known by number: its key is ORIGIN:N, its value says no more, and only DEL changes it. Keys of one's own are strings and lists.",
        "Hashes, sets, streams, scripts, transactions, publishing, replicas, CONFIG SET, MEMORY, OBJECT, DEBUG.",
        "KEYS, --scan and --bigkeys of more than 200,000 keys; MONITOR shows 200 commands of a second at most.",
        "INFO has only the fields that the world counts, CLIENT LIST 1,000 rows at most.",
    ],
    examples: &[
        ("redis-cli -h web-01 ping", "PONG\n"),
        ("redis-cli -h web-01 dbsize", "(integer) 1000\n"),
        ("redis-cli -h web-01 get docs:7", "\"{\\\"origin\\\":\\\"docs\\\",\\\"id\\\":7}\"\n"),
        ("redis-cli -h web-01 set greeting hello", "OK\n"),
        ("redis-cli -h web-01 info keyspace", "# Keyspace\ndb0:keys=1000,expires=0,avg_ttl=0\n"),
        ("redis-cli ping", "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n"),
        ("redis-cli -h nope ping", "Could not connect to Redis at nope:6379: Name or service not known\n"),
    ],
    step,
    ..Decl::BLANK
}];

/// What it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
enum Mode {
    /// One command, so many times more.
    Once { words: Vec<String>, left: u64 },
    /// Commands as they come.
    Lines,
    /// Rows of numbers.
    Stat { row: u64, last: u64 },
    /// Samples of the latency: how many, lowest, highest and sum in milliseconds.
    Latency { samples: u64, least: u64, most: u64, sum: u64 },
    /// What others ask for.
    Monitor,
    /// A walk over all keys.
    Walk { big: bool },
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    host: String,
    port: u16,
    db: u8,
    mode: Mode,
    /// A person types.
    interactive: bool,
    /// Replies for a person.
    pretty: bool,
    /// The prompt stands there.
    prompted: bool,
    /// Whether the last try to connect came through.
    connected: bool,
    /// The server has not answered for so long that it is given up.
    silent: bool,
    every_ms: u64,
    failed: bool,
}

impl Session {
    fn start(c: &mut Ctx<'_>) -> Result<Session, Step> {
        let a = c.args.clone();
        let text = |key: &str, other: &str| a.get(key).unwrap_or(other).to_owned();
        let terminal = c.p.fds.get(1) == Some(&Fd::Term);
        let seconds = a.get("i").and_then(|i| i.parse::<f64>().ok()).filter(|i| (0.0..=86_400.0).contains(i));
        let (Ok(port), Ok(db)) = (text("p", "6379").parse(), text("n", "0").parse::<u8>()) else {
            c.p.err.push_str("Invalid server port or database number.\n");
            return Err(Step::Exit(1));
        };
        let left = a.get("r").map_or(1, |r| r.parse::<i64>().map_or(1, |n| if n < 0 { u64::MAX } else { n as u64 }));
        let mode = if a.has("stat") {
            Mode::Stat { row: 0, last: 0 }
        } else if a.has("latency") {
            Mode::Latency { samples: 0, least: u64::MAX, most: 0, sum: 0 }
        } else if a.has("bigkeys") || a.has("scan") {
            Mode::Walk { big: a.has("bigkeys") }
        } else if a.rest.is_empty() {
            Mode::Lines
        } else {
            Mode::Once { words: a.rest.clone(), left }
        };
        let interactive = mode == Mode::Lines && c.p.fds.first() == Some(&Fd::Term) && !c.p.background;
        if a.has("a") {
            c.p.err.push_str("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\nAUTH failed: ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\n");
        }
        let mut s = Session {
            host: text("h", "127.0.0.1"),
            port,
            db: 0,
            pretty: a.has("no-raw") || (terminal && !a.has("raw")),
            interactive,
            mode,
            prompted: false,
            connected: false,
            silent: false,
            every_ms: seconds.map_or(1_000, |i| (i * 1_000.0) as u64),
            failed: false,
        };
        if !matches!(s.mode, Mode::Stat { .. }) && seconds.is_none() {
            s.every_ms = 0;
        }
        if db < 16 {
            s.db = db;
        } else {
            c.p.out.push_str(&format!("SELECT {db} failed: ERR DB index is out of range\n"));
        }
        Ok(s)
    }

    /// `127.0.0.1:6379[1]> `.
    fn prompt(&self) -> String {
        if !self.connected {
            return "not connected> ".to_owned();
        }
        let db = if self.db == 0 { String::new() } else { format!("[{}]", self.db) };
        format!("{}:{}{db}> ", self.host, self.port)
    }

    /// The cache behind the connection; the error is what is said instead. `None` while nothing answers.
    fn connect(&mut self, c: &mut Ctx<'_>) -> Option<Result<Place, String>> {
        let failed =
            |why: &str| Some(Err(format!("Could not connect to Redis at {}:{}: {why}\n", self.host, self.port)));
        let found = reach::connect(c, &self.host, self.port);
        self.connected = false;
        let address = match found {
            Reach::Unresolved => return failed("Name or service not known"),
            Reach::Refused(_) => return failed("Connection refused"),
            Reach::Silent(_) if self.silent => {
                self.silent = false;
                return failed("Connection timed out");
            }
            Reach::Silent(_) => {
                self.silent = true;
                c.sleep_ms(reach::PATIENCE_MS);
                return None;
            }
            Reach::Open(address) => address,
        };
        let machine = reach::machine(c, &self.host);
        let is = |name: &String| *name == self.host || Some(name) == machine.as_ref();
        let Some(info) = c.host.caches().into_iter().find(|i| i.port == self.port && i.names.iter().any(is)) else {
            return Some(Err("Error: Server closed the connection\n".to_owned()));
        };
        if !info.up {
            return failed("Connection refused");
        }
        c.see(ObservedKind::Metric, format!("cache:{}", info.name), Some(info.name.clone()));
        self.connected = true;
        Some(Ok(Place { info, address, port: self.port, db: self.db }))
    }

    fn show(&self, c: &mut Ctx<'_>, reply: &Reply) {
        let text = if self.pretty { reply.pretty() } else { reply.raw() };
        c.print(&text);
    }
}

fn step(c: &mut Ctx<'_>) -> Step {
    let mut s = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Redis(s)) => *s,
        _ => match Session::start(c) {
            Ok(s) => s,
            Err(end) => return end,
        },
    };
    let next = turn(c, &mut s);
    c.tool.mind = Some(Box::new(Mind::Redis(Box::new(s))));
    next
}

fn turn(c: &mut Ctx<'_>, s: &mut Session) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    match s.mode.clone() {
        Mode::Lines => lines(c, s),
        Mode::Once { words, left } => {
            if left == 0 {
                return Step::Exit(i32::from(s.failed && c.args.has("e")));
            }
            let Some(found) = obey(c, s, &words) else { return Step::Wait };
            if !found {
                return Step::Exit(1);
            }
            if s.mode == Mode::Monitor {
                return Step::More;
            }
            s.mode = Mode::Once { words, left: left.saturating_sub(1) };
            if left > 1 && s.every_ms > 0 {
                c.sleep_ms(s.every_ms);
            }
            Step::More
        }
        _ => {
            let Some(found) = s.connect(c) else { return Step::Wait };
            match found {
                Ok(at) => gauge::turn(c, s, &at),
                Err(why) => {
                    c.p.err.push_str(&why);
                    Step::Exit(1)
                }
            }
        }
    }
}

/// Runs one command; `Some(false)` if there was nobody to ask, `None` if it must be asked again.
fn obey(c: &mut Ctx<'_>, s: &mut Session, words: &[String]) -> Option<bool> {
    let mut at = match s.connect(c)? {
        Ok(at) => at,
        Err(why) => {
            c.p.err.push_str(&why);
            return Some(false);
        }
    };
    let reply = command::run(c, &mut at, words);
    s.db = at.db;
    s.failed = matches!(reply, Reply::Error(_));
    if words.first().is_some_and(|w| w.eq_ignore_ascii_case("monitor")) && !s.failed {
        c.line("OK");
        s.mode = Mode::Monitor;
        c.sleep_ms(1_000);
    } else {
        s.show(c, &reply);
    }
    Some(true)
}

fn lines(c: &mut Ctx<'_>, s: &mut Session) -> Step {
    if s.interactive && !s.prompted {
        if !s.connected {
            let Some(found) = s.connect(c) else { return Step::Wait };
            if let Err(why) = found {
                c.print(&why);
            }
        }
        s.prompted = true;
        let prompt = s.prompt();
        c.print(&prompt);
        return Step::More;
    }
    let line = match c.next_line(&[]) {
        Line::Later => return Step::Wait,
        Line::End => {
            if s.interactive {
                c.line("");
            }
            return Step::Exit(0);
        }
        Line::Text(line) => line,
    };
    s.prompted = false;
    let Some(mut words) = reply::words(&line) else {
        c.line("Invalid argument(s)");
        return Step::More;
    };
    // A number in front repeats the command.
    let times = words.first().and_then(|w| w.parse::<u64>().ok()).filter(|_| words.len() > 1);
    if times.is_some() {
        words.remove(0);
    }
    let Some(first) = words.first().map(|w| w.to_lowercase()) else { return Step::More };
    match first.as_str() {
        "quit" | "exit" => return Step::Exit(0),
        "clear" => return Step::More,
        "help" | "?" => {
            c.line("redis-cli 7.0.15\nTo get help about Redis commands: `man redis-cli` says what is simulated.\nTo quit: \"quit\" or Ctrl-D");
            return Step::More;
        }
        "connect" if words.len() == 3 => {
            s.host = words.get(1).cloned().unwrap_or_default();
            s.port = words.get(2).and_then(|p| p.parse().ok()).unwrap_or(0);
            s.connected = false;
            return Step::More;
        }
        _ => {}
    }
    for _ in 0..times.unwrap_or(1).min(1_000) {
        match obey(c, s, &words) {
            Some(true) => {}
            Some(false) => break,
            None => return Step::Wait,
        }
    }
    Step::More
}
