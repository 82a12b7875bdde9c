//! `wheel play SCENARIO --text`: the session on a terminal or a pipe, in the line grammar.

mod print;

use crate::host::{HostError, LineError, Options, Outcome, SessionHost};
use crate::locale::Locale;
use crate::rehearsal::explain;
use crate::scenario::package::Package;
use crate::session::PRIMARY;
use print::Printer;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Longest time that one line costs on a pipe, in seconds.
const MOST_SECONDS: u64 = 60;

/// How often a terminal session looks for input and due ticks.
const POLL: Duration = Duration::from_millis(50);

/// How text mode runs.
#[derive(Clone, Debug)]
pub struct PlayOptions {
    /// Seed of every random stream.
    pub seed: u64,
    /// Seconds that a line costs at least on a pipe.
    pub think_s: u64,
    /// Folder that keeps the session; `None` keeps nothing.
    pub dir: Option<PathBuf>,
}

/// Plays a package from its opening.
///
/// # Errors
/// If the session cannot be started, or its log or the output cannot be written.
pub fn start(package: Package, options: &PlayOptions, locale: &Locale) -> Result<(), HostError> {
    let host_options = Options { seed: options.seed, dir: options.dir.clone(), ..Options::default() };
    let host = SessionHost::start(package, host_options)?;
    play(host, options.think_s, locale)
}

/// Goes on with a kept session.
///
/// # Errors
/// As [`start`].
pub fn resume(folder: &std::path::Path, options: &PlayOptions, locale: &Locale) -> Result<(), HostError> {
    let (host, dropped) = SessionHost::resume(folder)?;
    if let Some(d) = dropped {
        eprintln!("{d}");
    }
    play(host, options.think_s, locale)
}

fn play(mut host: SessionHost, think_s: u64, locale: &Locale) -> Result<(), HostError> {
    let stdin = std::io::stdin();
    let mut printer = Printer::new(locale, std::io::stdout());
    printer.opening(&host);
    printer.news(&host);
    if stdin.is_terminal() { by_the_clock(&mut host, &mut printer)? } else { by_the_line(&mut host, &mut printer, think_s)? }
    host.conclude()?;
    printer.news(&host);
    printer.ending(&host);
    Ok(())
}

/// On a terminal time flows with the clock.
fn by_the_clock(host: &mut SessionHost, printer: &mut Printer<'_, impl Write>) -> Result<(), HostError> {
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if send.send(line).is_err() {
                break;
            }
        }
    });
    let mut last = Instant::now();
    printer.prompt(host);
    while !host.ended() {
        match lines.recv_timeout(POLL) {
            Ok(line) => {
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
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
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
