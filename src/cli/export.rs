//! `wheel export LOG --to FILE`: a finished session as Markdown, HTML, JSON or CSV; its metrics as OpenMetrics.

use super::args::{Export, Form, Kind};
use super::{Exit, Io, score};
use crate::debrief;
use crate::host::fold;
use crate::locale::Arg;
use crate::postmortem;
use crate::storage::place;
use clap::ArgMatches;

/// Samples are exported so many milliseconds after they were taken: off the grid of whole seconds on which queries are
/// evaluated, so that versions that count a range's first instant in and those that do not see the same samples.
const OFF_GRID_MS: i64 = 137;

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(asked) = Export::read(matches) else { return Exit::Usage };
    let (text, to) = match asked.form {
        Form::OpenMetrics | Form::Rules => match telemetry(&asked, io) {
            Ok(text) => (text, asked.to),
            Err(exit) => return exit,
        },
        _ => match report(&asked, io) {
            Ok(text) => (text, asked.to),
            Err(exit) => return exit,
        },
    };
    if let Err(e) = place::write_atomic(&to, text.as_bytes()) {
        return io.fail(Exit::Wrong, format!("{}: {e}", to.display()));
    }
    let text = io.locale.text("cli-wrote", &[("path", Arg::Word(to.display().to_string()))]);
    io.note(&text);
    Exit::Done
}

/// What the world showed in a session, finished or not: it is folded again.
fn telemetry(asked: &Export, io: &mut Io<'_>) -> Result<String, Exit> {
    let played = score::read(&asked.log).map_err(|e| io.fail(Exit::Wrong, e))?;
    let folded = fold(played.header, played.scenario, &played.items);
    let telemetry = folded.session.telemetry();
    Ok(match asked.form {
        Form::Rules => telemetry.rules_yaml(),
        _ => telemetry.openmetrics(OFF_GRID_MS),
    })
}

/// What is read from a finished session's facts.
fn report(asked: &Export, io: &mut Io<'_>) -> Result<String, Exit> {
    let played = score::concluded(&asked.log, io)?;
    let Some(debrief) = debrief::against_par(&played.package, &played.scenario, &played.header, &played.facts) else {
        return Err(score::no_par(&played, io));
    };
    let locale = io.locale;
    let document = || match asked.document {
        Kind::AfterAction => postmortem::after_action(&debrief, &played.scenario, locale),
        Kind::Postmortem => postmortem::postmortem(&debrief, &played.scenario, locale),
    };
    Ok(match asked.form {
        Form::Markdown => postmortem::markdown(&document()),
        Form::Html => postmortem::html(&document()),
        Form::Json => format!("{:#}\n", postmortem::json(&debrief, &played.header, locale)),
        Form::Msel => postmortem::msel(&played.scenario, &played.facts, locale),
        _ => postmortem::timeline(&debrief, locale),
    })
}
