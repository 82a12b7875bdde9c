//! The subcommands: one table of them, exit codes, and where words and errors go.
//!
//! Exit codes: 0 done, 1 the thing checked is wrong, 2 wrong usage. Errors go to stderr.

pub mod args;
mod desktop;
mod docs;
mod export;
mod list;
mod play;
mod rehearse;
mod replay;
mod score;
mod sessions;
mod validate;
pub mod words;

pub use desktop::Open;
pub use docs::{Page, pages};
pub use list::packages;

use crate::locale::{Arg, Locale};
use clap::{ArgMatches, Command};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// The thing checked is wrong.
    Wrong,
    /// Wrong usage.
    Usage,
}

impl Exit {
    /// 0, 1 or 2.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Wrong => 1,
            Exit::Usage => 2,
        }
    }
}

/// Where a command writes, and its words. A reader that went away (`wheel list | head`) is no error.
pub struct Io<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// Opens the desktop game, if this build has one.
    open: Option<Open>,
    /// The catalogue of messages.
    pub locale: &'a Locale,
}

impl Io<'_> {
    /// Prints to stdout as it is.
    pub fn print(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }

    /// Prints a line to stdout.
    pub fn line(&mut self, text: &str) {
        self.print(text);
        self.print("\n");
    }

    /// Prints a line to stderr.
    pub fn note(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes()).and_then(|()| self.err.write_all(b"\n"));
    }

    /// Says on stderr what went wrong and ends with `exit`.
    pub fn fail(&mut self, exit: Exit, what: impl std::fmt::Display) -> Exit {
        let text = self.locale.text("cli-error", &[("what", Arg::Word(what.to_string()))]);
        self.note(&text);
        exit
    }
}

/// One subcommand.
struct Sub {
    name: &'static str,
    define: fn(Command, &Locale) -> Command,
    run: fn(&ArgMatches, &mut Io<'_>) -> Exit,
}

/// Every subcommand, in the order of the help. A name's one-line help is the message `cli-<name>`.
const SUBS: &[Sub] = &[
    Sub { name: "play", define: args::Play::define, run: play::run },
    Sub { name: "list", define: list::define, run: list::run },
    Sub { name: "validate", define: validate::define, run: validate::run },
    Sub { name: "rehearse", define: args::Rehearse::define, run: rehearse::run },
    Sub { name: "replay", define: args::Replay::define, run: replay::run },
    Sub { name: "score", define: args::Score::define, run: score::run },
    Sub { name: "export", define: args::Export::define, run: export::run },
    Sub { name: "sessions", define: sessions::define, run: sessions::run },
    Sub { name: "docs", define: docs::define, run: docs::run },
];

/// The whole command line, for parsing and for its help.
pub fn command(locale: &Locale) -> Command {
    let top = Command::new("wheel")
        .version(env!("CARGO_PKG_VERSION"))
        .about(locale.say("cli-about"))
        .after_help(locale.say("cli-after"))
        .subcommand_required(false)
        .disable_help_subcommand(true);
    SUBS.iter().fold(top, |top, sub| {
        let about = locale.say(&format!("cli-{}", sub.name));
        top.subcommand((sub.define)(Command::new(sub.name).about(about), locale))
    })
}

/// Runs the program with the arguments that follow its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, open: Option<Open>) -> ExitCode {
    let locale = words::locale();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    ExitCode::from(run_with(arguments, open, &locale, &mut out, &mut err).code())
}

/// The same with the outputs given.
pub fn run_with(
    arguments: impl IntoIterator<Item = OsString>,
    open: Option<Open>,
    locale: &Locale,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let mut io = Io { out, err, open, locale };
    let line = std::iter::once(OsString::from("wheel")).chain(arguments);
    let matches = match command(locale).try_get_matches_from(line) {
        Ok(matches) => matches,
        Err(e) if e.use_stderr() => {
            io.note(e.render().to_string().trim_end());
            return Exit::Usage;
        }
        // `--help` and `--version` arrive as errors too.
        Err(e) => {
            io.print(&e.render().to_string());
            return Exit::Done;
        }
    };
    match matches.subcommand() {
        None => desktop::open(None, None, &mut io),
        Some((name, matches)) => match SUBS.iter().find(|s| s.name == name) {
            Some(sub) => (sub.run)(matches, &mut io),
            None => Exit::Usage,
        },
    }
}
