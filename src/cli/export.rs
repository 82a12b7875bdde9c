//! `wheel export LOG --to FILE`: a finished session as Markdown, JSON or CSV.

use super::args::{Export, Form};
use super::{Exit, Io, score};
use crate::debrief::{self, Debrief};
use crate::locale::{Arg, Locale};
use crate::postmortem;
use crate::scoring;
use crate::stdx::time::Offset;
use crate::storage::place;
use crate::view::words::say;
use clap::ArgMatches;

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(asked) = Export::read(matches) else { return Exit::Usage };
    let played = match score::concluded(&asked.log, io) {
        Ok(played) => played,
        Err(exit) => return exit,
    };
    let Some(debrief) = debrief::against_par(&played.package, &played.scenario, &played.header, &played.facts) else {
        return score::no_par(&played, io);
    };
    let text = match asked.form {
        Form::Markdown => postmortem::markdown(&debrief, &played.scenario, &|text| say(io.locale, text)),
        Form::Json => format!("{:#}\n", scoring::report_json(&debrief.report)),
        Form::Csv => csv(&debrief, io.locale),
    };
    if let Err(e) = place::write_atomic(&asked.to, text.as_bytes()) {
        return io.fail(Exit::Wrong, format!("{}: {e}", asked.to.display()));
    }
    let text = io.locale.text("cli-wrote", &[("path", Arg::Word(asked.to.display().to_string()))]);
    io.note(&text);
    Exit::Done
}

/// The session's timeline: one fact of note a row.
fn csv(debrief: &Debrief, locale: &Locale) -> String {
    let mut out = String::from("id,t_s,t,who,what\n");
    for row in &debrief.log {
        let fields =
            [row.id.to_string(), row.t_s.to_string(), Offset(row.t_s).clock(), row.who.clone(), say(locale, &row.text)];
        out.push_str(&fields.map(|f| quoted(&f)).join(","));
        out.push('\n');
    }
    out
}

/// A field as RFC 4180 writes it. A formula's first character is kept from being one in a spreadsheet.
fn quoted(field: &str) -> String {
    let safe = if field.starts_with(['=', '@']) { format!("'{field}") } else { field.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}
