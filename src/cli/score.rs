//! `wheel score LOG`: the score report of a finished session, with evidence.

use crate::host::{HostError, SessionHost, close, load, read_log};
use crate::locale::{Arg, Locale};
use crate::scenario::Scenario;
use crate::scenario::package::Package;
use crate::scoring::Report;
use crate::session::Header;
use crate::stdx::rational::decimal;
use crate::storage::journal::Item;
use crate::storage::sessions;
use std::path::Path;
use std::sync::Arc;

/// The report of a concluded session; `None` if its package pins no par.
pub fn of_host(host: &SessionHost) -> Option<Report> {
    let session = host.session();
    close::report(host.package(), &session.scenario, &session.header, session.facts())
}

/// What a log on disk holds for scoring: its header, its recorded facts, its scenario.
#[derive(Debug)]
pub struct Played {
    /// Header.
    pub header: Header,
    /// Recorded facts.
    pub facts: Vec<crate::fact::Fact>,
    /// Scenario that it was played with.
    pub scenario: Arc<Scenario>,
    /// Its package.
    pub package: Package,
    /// Every line.
    pub items: Vec<Item>,
    /// Whether the session was concluded.
    pub concluded: bool,
}

/// Reads a log and the scenario it was played with: from its folder, else the one that is installed.
///
/// # Errors
/// If the log or the scenario cannot be read.
pub fn read(path: &Path) -> Result<Played, HostError> {
    let recovered = read_log(path)?;
    if let Some(d) = &recovered.dropped {
        eprintln!("{d}");
    }
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let beside = folder.and_then(|f| sessions::read_package(f).ok());
    let package = match beside.filter(|p| p.slug == recovered.header.scenario) {
        Some(p) => p,
        None => crate::storage::package::find(&recovered.header.scenario)
            .map_err(|e| HostError::Scenario(e.to_string()))?,
    };
    let facts = recovered.items.iter().filter_map(|i| if let Item::Fact(f) = i { Some(f.clone()) } else { None });
    Ok(Played {
        facts: facts.collect(),
        scenario: load(&package)?,
        concluded: recovered.end().is_some(),
        header: recovered.header,
        items: recovered.items,
        package,
    })
}

/// Words first, then the table of checks.
pub fn summary(locale: &Locale, report: &Report) -> String {
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
            "{:<3} {:>5} / {:<3} {:<40} {}{more}",
            c.id,
            decimal(&c.points, 2),
            decimal(&c.max, 0),
            c.formula,
            evidence.join(" ")
        ));
        let args: Vec<_> = c.text.1.iter().map(|(n, v)| (n.as_str(), Arg::Word(v.clone()))).collect();
        out.push(format!("    {}", locale.text(&c.text.0, &args)));
    }
    out.join("\n")
}
