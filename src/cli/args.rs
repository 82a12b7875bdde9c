//! Arguments of the commands that play or read sessions: how they are written, and what they say once parsed.

use crate::locale::Locale;
use crate::stdx::time::{Offset, Span};
use crate::stdx::units;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::path::PathBuf;

fn scenario(locale: &Locale) -> Arg {
    Arg::new("scenario").value_name("SCENARIO").help(locale.say("cli-arg-scenario"))
}

fn seed(locale: &Locale) -> Arg {
    Arg::new("seed").long("seed").value_name("N").value_parser(value_parser!(u64)).help(locale.say("cli-arg-seed"))
}

fn log(locale: &Locale) -> Arg {
    let path = value_parser!(PathBuf);
    Arg::new("log").value_name("LOG").required(true).value_parser(path).help(locale.say("cli-arg-log"))
}

/// `--json`.
pub fn json(locale: &Locale) -> Arg {
    flag("json", locale.say("cli-arg-json"))
}

fn flag(name: &'static str, help: String) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}

fn word(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

fn span(text: &str) -> Result<Span, String> {
    units::span(text).ok_or_else(|| format!("`{text}` is not a length of time such as 5s or 1m30s"))
}

/// `wheel play [SCENARIO] [--seed N] [--text] [--resume] [--think 5s]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// Slug or path; the wheel decides if absent.
    pub scenario: Option<String>,
    /// Seed; a fresh one if absent.
    pub seed: Option<u64>,
    /// On the terminal instead of in the window.
    pub text: bool,
    /// Go on with the kept session.
    pub resume: bool,
    /// Least time that a line from a pipe costs.
    pub think: Span,
}

impl Play {
    /// Adds the arguments.
    pub fn define(command: Command, locale: &Locale) -> Command {
        let think = Arg::new("think").long("think").value_name("SPAN").default_value("5s").value_parser(span);
        command
            .arg(scenario(locale))
            .arg(seed(locale))
            .arg(flag("text", locale.say("cli-arg-text")))
            .arg(flag("resume", locale.say("cli-arg-resume")))
            .arg(think.requires("text").help(locale.say("cli-arg-think")))
    }

    /// What was asked for.
    pub fn read(matches: &ArgMatches) -> Play {
        Play {
            scenario: word(matches, "scenario"),
            seed: matches.get_one("seed").copied(),
            text: matches.get_flag("text"),
            resume: matches.get_flag("resume"),
            think: matches.get_one("think").copied().unwrap_or(Span(5)),
        }
    }
}

/// `wheel rehearse SCENARIO --walkthrough F [--seed N] [--log OUT] [--fidelity] [--json]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearse {
    /// Slug or path.
    pub scenario: String,
    /// The script: a path, or the name of a file in the scenario's folder.
    pub walkthrough: PathBuf,
    /// Seed.
    pub seed: Option<u64>,
    /// Where the log goes.
    pub log: Option<PathBuf>,
    /// Compare with the published times.
    pub fidelity: bool,
    /// Pin this run as the scenario's par.
    pub pin: bool,
    /// As JSON.
    pub json: bool,
}

impl Rehearse {
    /// Adds the arguments.
    pub fn define(command: Command, locale: &Locale) -> Command {
        let file = |name: &'static str| Arg::new(name).long(name).value_parser(value_parser!(PathBuf));
        command
            .arg(scenario(locale).required(true))
            .arg(file("walkthrough").value_name("FILE").required(true).help(locale.say("cli-arg-walkthrough")))
            .arg(seed(locale))
            .arg(file("log").value_name("OUT").help(locale.say("cli-arg-out")))
            .arg(flag("fidelity", locale.say("cli-arg-fidelity")))
            .arg(flag("pin", locale.say("cli-arg-pin")))
            .arg(json(locale))
    }

    /// What was asked for; `None` if clap let something through that it requires.
    pub fn read(matches: &ArgMatches) -> Option<Rehearse> {
        Some(Rehearse {
            scenario: word(matches, "scenario")?,
            walkthrough: path(matches, "walkthrough")?,
            seed: matches.get_one("seed").copied(),
            log: path(matches, "log"),
            fidelity: matches.get_flag("fidelity"),
            pin: matches.get_flag("pin"),
            json: matches.get_flag("json"),
        })
    }
}

/// `wheel replay LOG [--at T] [--json]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Log file or session folder.
    pub log: PathBuf,
    /// Up to this time; to the end if absent.
    pub at: Option<Offset>,
    /// As JSON.
    pub json: bool,
}

impl Replay {
    /// Adds the arguments.
    pub fn define(command: Command, locale: &Locale) -> Command {
        let offset = |text: &str| units::offset(text).ok_or_else(|| format!("`{text}` is not a time such as T+8m"));
        let at = Arg::new("at").long("at").value_name("T").allow_hyphen_values(true).value_parser(offset);
        command.arg(log(locale)).arg(at.help(locale.say("cli-arg-at"))).arg(json(locale))
    }

    /// What was asked for; `None` if clap let something through that it requires.
    pub fn read(matches: &ArgMatches) -> Option<Replay> {
        let (at, json) = (matches.get_one("at").copied(), matches.get_flag("json"));
        Some(Replay { log: path(matches, "log")?, at, json })
    }
}

/// `wheel score LOG [--json]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Log file or session folder.
    pub log: PathBuf,
    /// As JSON.
    pub json: bool,
}

impl Score {
    /// Adds the arguments.
    pub fn define(command: Command, locale: &Locale) -> Command {
        command.arg(log(locale)).arg(json(locale))
    }

    /// What was asked for; `None` if clap let something through that it requires.
    pub fn read(matches: &ArgMatches) -> Option<Score> {
        Some(Score { log: path(matches, "log")?, json: matches.get_flag("json") })
    }
}

/// What `wheel export` writes, from the file's ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.md`
    Markdown,
    /// `.html`: one file with pictures, nothing beside it.
    Html,
    /// `.json`
    Json,
    /// `.csv`: the timeline.
    Csv,
    /// `.msel.csv`: the master scenario events list of the exercise.
    Msel,
    /// `.om`: the samples of the metrics, as OpenMetrics.
    OpenMetrics,
    /// `.rules.yml`: the recording and alert rules, as Prometheus reads them.
    Rules,
}

/// Which document a Markdown or HTML file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The postmortem draft.
    Postmortem,
    /// The after-action report of the exercise.
    AfterAction,
}

/// `wheel export LOG --to FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Log file or session folder.
    pub log: PathBuf,
    /// File to write.
    pub to: PathBuf,
    /// What to write into it.
    pub form: Form,
    /// Which document, where there are two.
    pub document: Kind,
}

impl Export {
    /// Adds the arguments.
    pub fn define(command: Command, locale: &Locale) -> Command {
        let known = |text: &str| match form(text) {
            Some(_) => Ok(PathBuf::from(text)),
            None => Err(format!("`{text}` ends in none of .md .html .json .csv .msel.csv .om .rules.yml")),
        };
        let to = Arg::new("to").long("to").value_name("FILE").required(true).value_parser(known);
        let document =
            Arg::new("document").long("document").value_name("KIND").value_parser(["postmortem", "after-action"]);
        let document = document.default_value("postmortem").help(locale.say("cli-arg-document"));
        command.arg(log(locale)).arg(to.help(locale.say("cli-arg-to"))).arg(document)
    }

    /// What was asked for; `None` if clap let something through that it requires.
    pub fn read(matches: &ArgMatches) -> Option<Export> {
        let to = path(matches, "to")?;
        let form = form(to.to_str()?)?;
        let after = matches.get_one::<String>("document").is_some_and(|d| d == "after-action");
        let document = if after { Kind::AfterAction } else { Kind::Postmortem };
        Some(Export { log: path(matches, "log")?, to, form, document })
    }
}

fn form(name: &str) -> Option<Form> {
    if name.ends_with(".rules.yml") {
        return Some(Form::Rules);
    }
    if name.ends_with(".msel.csv") {
        return Some(Form::Msel);
    }
    match name.rsplit_once('.')?.1 {
        "md" => Some(Form::Markdown),
        "html" => Some(Form::Html),
        "json" => Some(Form::Json),
        "csv" => Some(Form::Csv),
        "om" => Some(Form::OpenMetrics),
        _ => None,
    }
}
