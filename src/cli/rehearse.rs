//! `wheel rehearse SCENARIO --walkthrough F`: a headless run, its fidelity to the original, and the pinned par.

use super::args::Rehearse;
use super::{Exit, Io, score};
use crate::host::{HostError, Options};
use crate::locale::Arg;
use crate::rehearsal::{self, Rehearsal};
use crate::scenario::Precision;
use crate::scenario::package::{PAR_FILE, Package};
use crate::scoring::{self, FidelityRow, Mode, Par, Report, Verdict};
use crate::storage::package;
use clap::ArgMatches;
use serde_json::json;
use std::path::{Path, PathBuf};

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(asked) = Rehearse::read(matches) else { return Exit::Usage };
    let package = match package::find(&asked.scenario) {
        Ok(package) => package,
        Err(e) => return io.fail(Exit::Usage, e),
    };
    let Some(walkthrough) = walkthrough(&package, &asked.walkthrough) else {
        let path = Arg::Word(asked.walkthrough.display().to_string());
        let text = io.locale.text("cli-no-walkthrough", &[("path", path)]);
        return io.fail(Exit::Usage, text);
    };
    let folder = PathBuf::from(&package.path);
    let options = Options { seed: asked.seed.unwrap_or(1), ..Options::default() };
    let done = match rehearsal::run(package.clone(), &walkthrough, options.clone(), asked.log.as_deref()) {
        Ok(done) => done,
        Err(e) => return io.fail(Exit::Wrong, e),
    };
    let session = done.host.session();
    let mut par = Par::pinned(done.host.package());
    if asked.pin {
        let new = match rehearsal::par(&package, &walkthrough, &options, &done.host) {
            Ok(new) => new,
            Err(e) => return io.fail(Exit::Wrong, e),
        };
        if let Err(e) = pin(&folder, &new) {
            return io.fail(Exit::Wrong, e);
        }
        par = Some(new);
    }
    // A walkthrough is a handling as it was published: a team's, whoever types it.
    let report =
        par.map(|par| scoring::score_in(Mode::Team, &session.scenario, &session.header, session.facts(), &par));
    let rows = if asked.fidelity { scoring::fidelity(&session.scenario, session.facts()) } else { Vec::new() };
    if asked.json {
        print_json(&done, &rows, report.as_ref(), io)
    } else {
        print_text(&done, &rows, report.as_ref(), io)
    }
    let missed = rows.iter().any(|r| r.verdict == Verdict::Miss);
    if done.problems.is_empty() && !missed { Exit::Done } else { Exit::Wrong }
}

/// The text of a walkthrough: a file, or one of the scenario's own.
fn walkthrough(package: &Package, path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok().or_else(|| package.files.get(path.to_str()?).cloned())
}

fn print_json(done: &Rehearsal, rows: &[FidelityRow], report: Option<&Report>, io: &mut Io<'_>) {
    let session = done.host.session();
    let rows: Vec<_> = rows.iter().map(row_json).collect();
    let problems = done.problems.iter();
    let problems: Vec<_> =
        problems.map(|p| json!({"line": p.line, "text": p.text, "message": p.message, "help": p.help})).collect();
    let out = json!({
        "scenario": session.scenario.id, "seed": session.header.seed, "digest": session.digest(),
        "ticks": session.tick().0, "facts": session.facts().len(), "problems": problems, "fidelity": rows,
        "score": report.map(scoring::report_json),
    });
    io.line(&format!("{out:#}"));
}

fn print_text(done: &Rehearsal, rows: &[FidelityRow], report: Option<&Report>, io: &mut Io<'_>) {
    for p in &done.problems {
        io.note(&format!("line {}: {}\n  {} {}", p.line, p.text, p.message, p.help));
    }
    for r in rows {
        io.line(&row_text(r));
    }
    if let Some(report) = report {
        let text = score::summary(io.locale, report);
        io.line(&text);
    }
    io.line(&format!("digest {}", done.host.session().digest()));
}

/// Writes the par file into a scenario's folder.
fn pin(folder: &Path, par: &Par) -> Result<(), HostError> {
    let path = folder.join(PAR_FILE);
    let io = |source| HostError::Io { path: path.clone(), source };
    let text = ron::ser::to_string_pretty(par, ron::ser::PrettyConfig::default())
        .map_err(|e| io(std::io::Error::other(e.to_string())))?;
    let head = "// The score of reference.wom, pinned. Written by `wheel rehearse SCENARIO --walkthrough … --pin`.\n";
    crate::storage::place::write_atomic(&path, format!("{head}{text}\n").as_bytes()).map_err(io)
}

fn row_text(r: &FidelityRow) -> String {
    let matched = r.matched.map_or_else(|| "-".to_owned(), |m| m.to_string());
    let within = match r.precision {
        Precision::OrderOnly => "order".to_owned(),
        Precision::Range { from, to } => format!("{from}..{to}"),
        _ => format!("±{}", r.tolerance),
    };
    format!(
        "{:<10} {:<10} {:<7} {:<14} {}  {}",
        r.published.to_string(),
        matched,
        within,
        word(r.verdict),
        r.id,
        r.what.en
    )
}

fn row_json(r: &FidelityRow) -> serde_json::Value {
    json!({
        "id": r.id, "published_s": r.published.0, "matched_s": r.matched.map(|m| m.0), "tolerance_s": r.tolerance.0,
        "precision": r.precision,
        "verdict": word(r.verdict), "what": r.what.en,
    })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Miss => "miss",
        Verdict::BeforeOpening => "before_opening",
        Verdict::BeyondHorizon => "beyond_horizon",
    }
}
