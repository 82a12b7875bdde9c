//! `wheel list`: the catalogue, with nothing in it that gives a scenario away.

use super::{Exit, Io, args};
use crate::library::catalogue::{self, Entry};
use crate::locale::{Arg, Lang, Locale};
use crate::scenario::package::Package;
use crate::scenario::{self, Level};
use crate::stdx::text::pad;
use crate::storage::package;
use clap::{ArgMatches, Command};
use std::path::Path;

pub(super) fn define(command: Command, locale: &Locale) -> Command {
    command.arg(args::json(locale)).after_help(locale.say("cli-list-after"))
}

/// The packages that can be named by their slug: `./scenarios` first, then the built-in ones; and folders there that
/// cannot be read.
pub fn packages() -> (Vec<Package>, Vec<String>) {
    let (mut found, mut broken) = folders(Path::new("scenarios"));
    for built_in in package::bundled() {
        if found.iter().all(|p| p.slug != built_in.slug) {
            found.push(built_in);
        }
    }
    found.sort_by(|a, b| a.slug.cmp(&b.slug));
    broken.sort();
    (found, broken)
}

/// The scenario folders directly below `dir`; none if there is no such folder.
pub(super) fn folders(dir: &Path) -> (Vec<Package>, Vec<String>) {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    for path in entries.map(|e| e.path()).filter(|p| p.join("scenario.ron").is_file()) {
        match package::read(&path) {
            Ok(package) => found.push(package),
            Err(e) => broken.push(e.to_string()),
        }
    }
    found.sort_by(|a, b| a.slug.cmp(&b.slug));
    (found, broken)
}

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let (packages, broken) = packages();
    let mut entries = Vec::new();
    let mut exit = Exit::Done;
    for text in broken {
        exit = io.fail(Exit::Wrong, text);
    }
    for package in &packages {
        match scenario::load(package).scenario {
            Some(scenario) => entries.push(Entry::of(&scenario)),
            None => {
                let text = io.locale.text("cli-list-broken", &[("slug", Arg::Word(package.slug.clone()))]);
                exit = io.fail(Exit::Wrong, text);
            }
        }
    }
    catalogue::sort(&mut entries);
    if matches.get_flag("json") {
        match serde_json::to_string_pretty(&entries) {
            Ok(text) => io.line(&text),
            Err(e) => return io.fail(Exit::Wrong, e),
        }
    } else {
        let text = table(&entries, io.locale);
        io.print(&text);
    }
    exit
}

/// The catalogue as aligned columns: id, name on the wheel, level, minutes, skills.
fn table(entries: &[Entry], locale: &Locale) -> String {
    let rows: Vec<[String; 5]> = entries
        .iter()
        .map(|e| {
            let wedge = if locale.lang() == Lang::Ko && !e.wedge.ko.is_empty() { &e.wedge.ko } else { &e.wedge.en };
            let level = match e.level {
                Level::Easy => "cli-level-easy",
                Level::Medium => "cli-level-medium",
                Level::Hard => "cli-level-hard",
            };
            let (from, to) = (Arg::Number(e.minutes.0.into()), Arg::Number(e.minutes.1.into()));
            let minutes = locale.text("cli-minutes", &[("from", from), ("to", to)]);
            [e.slug.clone(), wedge.clone(), locale.say(level), minutes, e.skills.join(", ")]
        })
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.get(column));
        cells.map(|c| unicode_width::UnicodeWidthStr::width(c.as_str())).max().unwrap_or(0)
    };
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<_> = row.iter().enumerate().map(|(n, cell)| pad(cell, width(n))).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}
