//! `wheel sessions`: what was played on this machine, newest first, each with its date, its word and its difference to par.

use super::{Exit, Io, args};
use crate::host::{Past, past};
use crate::locale::{Lang, Locale};
use crate::scoring::{self, Par};
use crate::stdx::rational::decimal;
use crate::stdx::text::pad;
use crate::storage::sessions;
use clap::{Arg, ArgMatches, Command};
use serde_json::json;
use std::path::PathBuf;

/// Sessions that are listed at most.
const MOST: usize = 200;

pub(super) fn define(command: Command, locale: &Locale) -> Command {
    let dir = Arg::new("dir").long("dir").value_name("DIR").help(locale.say("cli-sessions-dir"));
    command
        .arg(dir.value_parser(clap::value_parser!(PathBuf)))
        .arg(args::json(locale))
        .after_help(locale.say("cli-sessions-after"))
}

/// A session in words.
struct Row {
    date: String,
    scenario: String,
    word: String,
    delta: String,
    folder: String,
}

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let dir = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => Ok(dir.clone()),
        None => sessions::sessions_dir(),
    };
    let all = match dir.and_then(|d| past(&d, MOST)) {
        Ok(all) => all,
        Err(e) => return io.fail(Exit::Wrong, e),
    };
    let mut rows = Vec::new();
    let mut exit = Exit::Done;
    for p in &all {
        match row(p, io.locale) {
            Ok(row) => rows.push(row),
            Err(why) => exit = io.fail(Exit::Wrong, why),
        }
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = rows
            .iter()
            .map(|r| {
                json!({ "date": r.date, "scenario": r.scenario, "word": r.word, "delta": r.delta, "folder": r.folder })
            })
            .collect();
        io.line(&format!("{:#}", serde_json::Value::from(rows)));
        return exit;
    }
    if rows.is_empty() && exit == Exit::Done {
        let text = io.locale.say("cli-sessions-none");
        io.line(&text);
    }
    let cells: Vec<[&str; 5]> =
        rows.iter().map(|r| [&*r.date, &*r.delta, &*r.word, &*r.scenario, &*r.folder]).collect();
    let width = |column: usize| {
        let of = cells.iter().filter_map(|c| c.get(column));
        of.map(|c| unicode_width::UnicodeWidthStr::width(*c)).max().unwrap_or(0)
    };
    for row in &cells {
        let text: Vec<_> = row.iter().enumerate().map(|(n, cell)| pad(cell, width(n))).collect();
        io.line(text.join("  ").trim_end());
    }
    exit
}

/// A row; what is wrong with a log that cannot be read.
fn row(p: &Past, locale: &Locale) -> Result<Row, String> {
    let log = p.log.as_ref().map_err(ToString::to_string)?;
    let report = Par::pinned(&log.package).map(|par| scoring::score(&log.scenario, &log.header, &log.facts, &par));
    let name = &log.scenario.wedge;
    let (word, delta) = match (&report, log.finished) {
        (Some(r), true) => (locale.say(r.word), crate::debrief::words::signed(&decimal(&r.delta, 1))),
        _ => (locale.say("cli-sessions-open"), String::new()),
    };
    Ok(Row {
        date: p.written.map(|t| t.iso().chars().take(10).collect()).unwrap_or_default(),
        scenario: if locale.lang() == Lang::Ko && !name.ko.is_empty() { name.ko.clone() } else { name.en.clone() },
        word,
        delta,
        folder: p.folder.display().to_string(),
    })
}
