//! `wheel play SCENARIO --text`: the session on a terminal or a pipe, in the line grammar.

mod lines;
mod print;

use super::args::Play;
use super::{Exit, Io};
use crate::host::{HostError, LineError, Options, Outcome, SessionHost};
use crate::rehearsal::explain;
use crate::session::PRIMARY;
use crate::storage::{package, sessions};
use clap::ArgMatches;
use lines::read_lines;
use print::Printer;
use std::io::{IsTerminal as _, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Longest time that one line costs on a pipe, in seconds.
const MOST_SECONDS: u64 = 60;

/// How often a terminal session looks for input and due ticks.
const POLL: Duration = Duration::from_millis(50);

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let play = Play::read(matches);
    if !play.text {
        return super::desktop::open(play.scenario, play.seed, io);
    }
    let started = match (play.resume, play.scenario) {
        (true, _) => resumed(io),
        (false, Some(scenario)) => started(&scenario, play.seed, io),
        (false, None) => {
            let text = io.locale.say("cli-which-scenario");
            return io.fail(Exit::Usage, text);
        }
    };
    let host = match started {
        Ok(host) => host,
        Err(exit) => return exit,
    };
    match session(host, play.think.0, io) {
        Ok(()) => Exit::Done,
        Err(e) => io.fail(Exit::Wrong, e),
    }
}

/// A seed for whoever gives none. It is in the log's header, so that the session can be repeated.
fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |d| d.as_secs() % 1_000_000)
}

fn started(scenario: &str, seed: Option<u64>, io: &mut Io<'_>) -> Result<SessionHost, Exit> {
    let package = package::find(scenario).map_err(|e| io.fail(Exit::Usage, e))?;
    let dir = sessions::sessions_dir().map_err(|e| io.fail(Exit::Wrong, e))?;
    let options = Options { seed: seed.unwrap_or_else(fresh_seed), dir: Some(dir), ..Options::default() };
    SessionHost::start(package, options).map_err(|e| io.fail(Exit::Wrong, e))
}

fn resumed(io: &mut Io<'_>) -> Result<SessionHost, Exit> {
    let kept = sessions::kept_session().map_err(|e| io.fail(Exit::Wrong, e))?;
    let Some(folder) = kept else {
        let text = io.locale.say("cli-nothing-kept");
        return Err(io.fail(Exit::Wrong, text));
    };
    let (host, dropped) = SessionHost::resume(&folder).map_err(|e| io.fail(Exit::Wrong, e))?;
    if let Some(d) = dropped {
        io.note(&d.to_string());
    }
    Ok(host)
}

fn session(mut host: SessionHost, think_s: u64, io: &mut Io<'_>) -> Result<(), HostError> {
    let stdin = std::io::stdin();
    let mut printer = Printer::new(io.locale, &mut *io.out);
    printer.opening(&host);
    printer.news(&host);
    let typed = stdin.is_terminal().then(typed_lines);
    match &typed {
        Some(typed) => by_the_clock(&mut host, &mut printer, typed)?,
        None => by_the_line(&mut host, &mut printer, think_s)?,
    }
    host.conclude()?;
    printer.news(&host);
    // Words first: what the team thinks comes before any number.
    printer.prompts();
    match typed {
        // On a terminal an empty line goes on to the numbers.
        Some(typed) => afterwords(&mut host, &mut printer, typed.iter().take_while(|l| !l.trim().is_empty()))?,
        None => afterwords(&mut host, &mut printer, read_lines(stdin.lock()))?,
    }
    printer.ending(&host);
    Ok(())
}

/// Lines after the end: thoughts of the debrief, notes of a witness.
fn afterwords(
    host: &mut SessionHost,
    printer: &mut Printer<'_, impl Write>,
    lines: impl Iterator<Item = String>,
) -> Result<(), HostError> {
    for line in lines {
        printer.echo(host, &line);
        one_line(host, printer, &line)?;
        printer.news(host);
    }
    Ok(())
}

/// Lines typed on the terminal, as they come.
fn typed_lines() -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in read_lines(std::io::stdin().lock()) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// On a terminal time flows with the clock.
fn by_the_clock(
    host: &mut SessionHost,
    printer: &mut Printer<'_, impl Write>,
    lines: &mpsc::Receiver<String>,
) -> Result<(), HostError> {
    let mut last = Instant::now();
    printer.prompt(host);
    while !host.ended() {
        match lines.recv_timeout(POLL) {
            Ok(line) => {
                printer.typed(host, &line);
                one_line(host, printer, &line)?;
                printer.news(host);
                printer.prompt(host);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        let now = Instant::now();
        let pumped = host.pump(now.duration_since(last))?;
        last = now;
        if pumped.paused_after_gap {
            printer.notice("play-paused-after-gap");
        }
        if pumped.ticks > 0 && printer.news(host) {
            printer.prompt(host);
        }
    }
    Ok(())
}

/// On a pipe each line costs its own duration or the think time, whichever is more.
fn by_the_line(host: &mut SessionHost, printer: &mut Printer<'_, impl Write>, think_s: u64) -> Result<(), HostError> {
    for line in read_lines(std::io::stdin().lock()) {
        printer.echo(host, &line);
        if let Some((seat, terminal)) = one_line(host, printer, &line)? {
            let most = MOST_SECONDS.max(think_s);
            host.settle(&seat, terminal, think_s, most)?;
        }
        printer.news(host);
        if host.ended() {
            break;
        }
    }
    Ok(())
}

/// Does a line; the terminal whose program is to be waited for, if it went to one.
fn one_line(
    host: &mut SessionHost,
    printer: &mut Printer<'_, impl Write>,
    line: &str,
) -> Result<Option<(String, u32)>, HostError> {
    match host.line(PRIMARY, line) {
        Ok(Outcome::Entry { terminal: Some(t) }) => Ok(Some(t)),
        Ok(Outcome::Entry { terminal: None }) => Ok(Some((PRIMARY.to_owned(), host.current_terminal(PRIMARY)))),
        Ok(Outcome::Expect(e)) => {
            if let Some(why) = crate::rehearsal::unmet(host, &e) {
                printer.problem(&why, "");
            }
            Ok(None)
        }
        Ok(_) => Ok(None),
        Err(LineError::Journal(e)) => Err(e.into()),
        Err(e) => {
            let (message, help) = explain(printer.locale(), &e);
            printer.problem(&message, &help);
            Ok(None)
        }
    }
}
