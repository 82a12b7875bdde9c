//! `wheel validate`: every problem of scenario files, as text with the line or as JSON; exit 1 if one is an error.

use super::{Exit, Io, list};
use crate::diagnostic;
use crate::locale::{Arg as Value, Locale};
use crate::scenario;
use crate::scenario::package::Package;
use crate::storage::package;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::path::Path;

pub(super) fn define(command: Command, locale: &Locale) -> Command {
    let paths = Arg::new("path").value_name("PATH").action(ArgAction::Append).help(locale.say("cli-arg-path"));
    let format = Arg::new("format").long("format").value_name("FORMAT").value_parser(["text", "json"]);
    command.arg(paths).arg(format.default_value("text").help(locale.say("cli-arg-format")))
}

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let paths: Vec<&String> = matches.get_many("path").into_iter().flatten().collect();
    let mut exit = Exit::Done;
    let mut packages = Vec::new();
    for found in if paths.is_empty() { vec![all()] } else { paths.into_iter().map(|p| named(p)).collect() } {
        packages.extend(found.0);
        for text in found.1 {
            exit = io.fail(Exit::Wrong, text);
        }
    }
    let mut problems = Vec::new();
    for package in &packages {
        let mut loaded = scenario::load(package);
        problems.append(&mut loaded.diagnostics);
    }
    if diagnostic::any_error(&problems) {
        exit = Exit::Wrong;
    }
    if matches.get_one::<String>("format").is_some_and(|f| f == "json") {
        io.line(&diagnostic::to_json(&problems));
    } else {
        let text = diagnostic::to_text(&problems, |file| packages.iter().find_map(|p| p.source(file)));
        io.print(&text);
        let errors = problems.iter().filter(|p| p.severity == diagnostic::Severity::Error).count();
        let counts = [("scenarios", packages.len()), ("errors", errors), ("warnings", problems.len() - errors)];
        let counts = counts.map(|(name, n)| (name, Value::Number(i64::try_from(n).unwrap_or(i64::MAX))));
        let summary = io.locale.text("cli-validate-summary", &counts);
        io.note(&summary);
    }
    exit
}

type Found = (Vec<Package>, Vec<String>);

fn all() -> Found {
    list::packages()
}

/// A scenario's folder, its `scenario.ron`, a slug, or a folder of such folders.
fn named(path: &str) -> Found {
    let dir = Path::new(path);
    if dir.is_dir() && !dir.join("scenario.ron").is_file() {
        let found = list::folders(dir);
        if !found.0.is_empty() || !found.1.is_empty() {
            return found;
        }
    }
    match package::find(path) {
        Ok(package) => (vec![package], Vec::new()),
        Err(e) => (Vec::new(), vec![e.to_string()]),
    }
}
