//! `wheel score LOG`: the score report of a finished session, with evidence.

use super::args::Score;
use super::{Exit, Io};
use crate::host::{HostError, SessionHost, fold, load, read_log};
use crate::locale::{Arg, Locale};
use crate::scenario::Scenario;
use crate::scenario::package::Package;
use crate::scoring::{self, Par, Report};
use crate::session::{Header, SIMULATOR};
use crate::stdx::rational::decimal;
use crate::stdx::time::{Offset, Tick};
use crate::storage::journal::{Dropped, Item};
use crate::storage::sessions;
use clap::ArgMatches;
use std::path::Path;
use std::sync::Arc;

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(asked) = Score::read(matches) else { return Exit::Usage };
    let played = match concluded(&asked.log, io) {
        Ok(played) => played,
        Err(exit) => return exit,
    };
    match report(&played) {
        Some(report) if asked.json => io.line(&format!("{:#}", scoring::report_json(&report))),
        Some(report) => {
            let text = summary(io.locale, &report);
            io.line(&text);
        }
        None => return no_par(&played, io),
    }
    Exit::Done
}

/// The report of a log; `None` if its package pins no par.
fn report(played: &Played) -> Option<Report> {
    Some(scoring::score(&played.scenario, &played.header, &played.facts, &Par::pinned(&played.package)?))
}

/// Says that a package pins no par.
pub(super) fn no_par(played: &Played, io: &mut Io<'_>) -> Exit {
    let text = io.locale.text("cli-no-par", &[("slug", Arg::Word(played.package.slug.clone()))]);
    io.fail(Exit::Wrong, text)
}

/// Reads a log for scoring. What is wrong with it is named at its line; what can still be scored is.
pub(super) fn concluded(log: &Path, io: &mut Io<'_>) -> Result<Played, Exit> {
    let played = read(log).map_err(|e| {
        // A file without a readable first line is no log of ours; everything else names its place itself.
        let text = match &e {
            HostError::Scenario(_) => io.locale.text("cli-log-foreign", &[("path", path_arg(log)), ("why", word(&e))]),
            _ => e.to_string(),
        };
        io.fail(Exit::Wrong, text)
    })?;
    for warning in warnings(&played, log, io.locale) {
        io.note(&warning);
    }
    Ok(played)
}

fn word(what: &impl std::fmt::Display) -> Arg {
    Arg::Word(what.to_string())
}

fn path_arg(path: &Path) -> Arg {
    Arg::Word(path.display().to_string())
}

/// What makes a score less than it says: lines left out, an end that never came, another scenario, an edited log.
fn warnings(played: &Played, log: &Path, locale: &Locale) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(d) = &played.dropped {
        let args = [("path", path_arg(log)), ("line", word(&d.line)), ("bytes", word(&d.bytes)), ("why", word(&d.why))];
        out.push(locale.text("cli-score-dropped", &args));
    }
    if !played.concluded {
        let last = played.facts.last().map_or(0, |f| f.id.tick.0);
        let at = Offset::of(Tick(last), played.scenario.opens).clock();
        out.push(locale.text("cli-score-unfinished", &[("path", path_arg(log)), ("at", Arg::Word(at))]));
    }
    out.extend(foreign(played, log, locale));
    if played.header.simulator == SIMULATOR
        && played.header.parent.is_none()
        && played.header.scenario_digest == played.scenario.digest
    {
        let folded = fold(played.header.clone(), played.scenario.clone(), &played.items);
        if let Some(d) = &folded.divergence {
            let args = [("path", path_arg(log)), ("line", word(&played.line(d.position))), ("tick", word(&d.tick))];
            out.push(locale.text("cli-score-diverged", &args));
        }
        let recorded = played.items.iter().enumerate();
        let recorded = recorded.filter_map(|(at, i)| if let Item::Fact(f) = i { Some((at, f)) } else { None });
        if let Some(((at, fact), _)) = recorded.zip(folded.session.facts()).find(|((_, a), b)| a != b) {
            let args = [("path", path_arg(log)), ("line", word(&played.line(at))), ("fact", word(&fact.id))];
            out.push(locale.text("cli-score-facts", &args));
        }
    }
    out
}

/// What makes a log not quite ours: another version of its scenario or of the simulator.
pub(super) fn foreign(played: &Played, log: &Path, locale: &Locale) -> Vec<String> {
    let mut out = Vec::new();
    if played.header.scenario_digest != played.scenario.digest {
        let args = [("path", path_arg(log)), ("scenario", word(&played.header.scenario))];
        out.push(locale.text("cli-score-other-scenario", &args));
    }
    if played.header.simulator != SIMULATOR {
        let args = [("path", path_arg(log)), ("found", word(&played.header.simulator)), ("known", word(&SIMULATOR))];
        out.push(locale.text("cli-score-other-simulator", &args));
    }
    out
}

/// The report of a concluded session; `None` if its package pins no par.
pub(super) fn of_host(host: &SessionHost) -> Option<Report> {
    let session = host.session();
    let par = Par::pinned(host.package())?;
    Some(scoring::score(&session.scenario, &session.header, session.facts(), &par))
}

/// What a log on disk holds for scoring: its header, its recorded facts, its scenario.
#[derive(Debug)]
pub(super) struct Played {
    /// Header.
    pub header: Header,
    /// Recorded facts.
    pub facts: Vec<crate::fact::Fact>,
    /// Scenario that it was played with.
    pub scenario: Arc<Scenario>,
    /// Its package.
    pub package: Package,
    /// What of the file had to be left out.
    pub dropped: Option<Dropped>,
    /// Every line.
    pub items: Vec<Item>,
    /// Where each of them stands in the file.
    pub lines: Vec<u64>,
    /// Whether the session was concluded.
    pub concluded: bool,
}

impl Played {
    /// The line of an item in the file.
    pub fn line(&self, position: usize) -> u64 {
        self.lines.get(position).copied().unwrap_or_default()
    }
}

/// Reads a log and the scenario it was played with: from its folder, else the one that is installed.
///
/// # Errors
/// If the log or the scenario cannot be read.
pub(super) fn read(path: &Path) -> Result<Played, HostError> {
    let recovered = read_log(path)?;
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let beside = folder.and_then(|f| sessions::read_package(f, &recovered.header.scenario_digest).ok());
    let package = match beside.filter(|p| p.slug == recovered.header.scenario) {
        Some(p) => p,
        None => {
            crate::storage::package::find(&recovered.header.scenario).map_err(|e| HostError::Scenario(e.to_string()))?
        }
    };
    let facts = recovered.items.iter().filter_map(|i| if let Item::Fact(f) = i { Some(f.clone()) } else { None });
    Ok(Played {
        facts: facts.collect(),
        scenario: load(&package)?,
        concluded: recovered.end().is_some(),
        dropped: recovered.dropped.clone(),
        header: recovered.header,
        items: recovered.items,
        lines: recovered.lines,
        package,
    })
}

/// Words first, then the table of checks.
pub(super) fn summary(locale: &Locale, report: &Report) -> String {
    let word = locale.say(report.word);
    let sign = |r: &crate::stdx::rational::Ratio| {
        let text = decimal(r, 1);
        if text.starts_with('-') { text.replacen('-', "−", 1) } else { format!("+{text}") }
    };
    let args = [
        ("word", Arg::Word(word)),
        ("delta", Arg::Word(sign(&report.delta))),
        ("points", Arg::Word(decimal(&report.points, 1))),
        ("max", Arg::Word(decimal(&report.max, 0))),
        ("par", Arg::Word(decimal(&report.par, 1))),
    ];
    let mut out = vec![locale.text("score-line", &args), String::new()];
    for c in &report.checks {
        let evidence: Vec<_> = c.evidence.iter().take(4).map(ToString::to_string).collect();
        let more = if c.evidence.len() > 4 { " …" } else { "" };
        out.push(format!(
            "{:<3} {:>5} / {:<4} {:<40} {}{more}",
            c.id,
            decimal(&c.points, 2),
            decimal(&c.max, u32::from(!c.max.is_integer())),
            c.formula,
            evidence.join(" ")
        ));
        let args: Vec<_> = c.text.1.iter().map(|(n, v)| (n.as_str(), Arg::Word(v.clone()))).collect();
        out.push(format!("    {}", locale.text(&c.text.0, &args)));
    }
    out.join("\n")
}
