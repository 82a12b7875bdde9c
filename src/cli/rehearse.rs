//! `wheel rehearse SCENARIO --walkthrough F`: a headless run, its fidelity to the original, and the pinned par.

use super::score;
use crate::host::{HostError, Options};
use crate::locale::Locale;
use crate::rehearsal;
use crate::scenario::package::{PAR_FILE, Package};
use crate::scoring::{self, FidelityRow, Par, Verdict};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What `wheel rehearse` was asked for.
#[derive(Clone, Debug)]
pub struct RehearseOptions {
    /// Seed.
    pub seed: u64,
    /// Where to write the log.
    pub log: Option<PathBuf>,
    /// Print JSON.
    pub json: bool,
    /// Compare with the original's rows.
    pub fidelity: bool,
    /// Pin this run as the scenario's par, in its folder.
    pub pin: bool,
}

/// Runs a walkthrough; whether everything held.
///
/// # Errors
/// If the session cannot be started or something cannot be written.
pub fn run(package: Package, walkthrough: &str, o: &RehearseOptions, locale: &Locale) -> Result<bool, HostError> {
    let folder = PathBuf::from(&package.path);
    let options = Options { seed: o.seed, ..Options::default() };
    let done = rehearsal::run(package, walkthrough, options, o.log.as_deref())?;
    let session = done.host.session();
    let digest = session.digest();
    let rows = if o.fidelity { scoring::fidelity(&session.scenario, session.facts()) } else { Vec::new() };
    let missed = rows.iter().filter(|r| r.verdict == Verdict::Miss).count();
    if o.pin {
        let par = Par::of(&session.scenario, &session.header, session.facts(), &digest);
        pin(&folder, &par)?;
    }
    let report = if o.pin {
        let par = Par::of(&session.scenario, &session.header, session.facts(), &digest);
        Some(scoring::score(&session.scenario, &session.header, session.facts(), &par))
    } else {
        score::of_host(&done.host)
    };
    if o.json {
        let rows: Vec<_> = rows.iter().map(row_json).collect();
        let problems: Vec<_> = done
            .problems
            .iter()
            .map(|p| json!({"line": p.line, "text": p.text, "message": p.message, "help": p.help}))
            .collect();
        let out = json!({
            "scenario": session.scenario.id, "seed": o.seed, "digest": digest, "ticks": session.tick().0,
            "facts": session.facts().len(), "problems": problems, "fidelity": rows,
            "score": report.as_ref().map(scoring::report_json),
        });
        println!("{out:#}");
    } else {
        for p in &done.problems {
            println!("line {}: {}\n  {} {}", p.line, p.text, p.message, p.help);
        }
        for r in &rows {
            println!("{}", row_text(r));
        }
        if let Some(report) = &report {
            println!("{}", score::summary(locale, report));
        }
        println!("digest {digest}");
    }
    Ok(done.problems.is_empty() && missed == 0)
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
    format!("{:<10} {:<10} ±{:<6} {:<14} {}  {}", r.published.to_string(), matched, r.tolerance.to_string(), word(r.verdict), r.id, r.what.en)
}

fn row_json(r: &FidelityRow) -> serde_json::Value {
    json!({
        "id": r.id, "published_s": r.published.0, "matched_s": r.matched.map(|m| m.0), "tolerance_s": r.tolerance.0,
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
