//! Sessions that were played here: what their logs hold, without folding them.

use super::{HostError, load, read_log};
use crate::fact::Fact;
use crate::scenario::Scenario;
use crate::scenario::package::Package;
use crate::session::Header;
use crate::stdx::time::Utc;
use crate::storage::journal::Item;
use crate::storage::sessions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// A session on disk.
#[derive(Debug)]
pub struct Past {
    /// Its number.
    pub number: u64,
    /// Its folder.
    pub folder: PathBuf,
    /// When something was last written into its newest branch; `None` if the file system does not say.
    pub written: Option<Utc>,
    /// What its newest branch holds.
    pub log: Result<PastLog, HostError>,
}

/// The newest branch of a session.
#[derive(Debug)]
pub struct PastLog {
    /// Header.
    pub header: Header,
    /// The package that it was played with.
    pub package: Package,
    /// Its scenario.
    pub scenario: Arc<Scenario>,
    /// Recorded facts.
    pub facts: Vec<Fact>,
    /// Whether the session was brought to its end.
    pub finished: bool,
    /// What of the file had to be left out, in words.
    pub dropped: Option<String>,
}

/// The newest `most` sessions below `dir`, newest first. One that cannot be read says why.
///
/// # Errors
/// If `dir` cannot be read.
pub fn past(dir: &Path, most: usize) -> std::io::Result<Vec<Past>> {
    let all = sessions::list(dir)?;
    Ok(all.into_iter().rev().take(most).map(|(number, folder)| one(number, folder)).collect())
}

fn one(number: u64, folder: PathBuf) -> Past {
    let file = sessions::find_log(&folder).ok();
    let time = file.and_then(|f| f.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let written = time.and_then(|t| i64::try_from(t.as_secs()).ok()).map(Utc);
    Past { number, written, log: read(&folder), folder }
}

fn read(folder: &Path) -> Result<PastLog, HostError> {
    let log = read_log(folder)?;
    let package = sessions::read_package(folder, &log.header.scenario_digest)
        .map_err(|source| HostError::Io { path: folder.to_path_buf(), source })?;
    let facts = |i: &Item| if let Item::Fact(f) = i { Some(f.clone()) } else { None };
    Ok(PastLog {
        scenario: load(&package)?,
        facts: log.items.iter().filter_map(facts).collect(),
        finished: log.end().is_some(),
        dropped: log.dropped.as_ref().map(ToString::to_string),
        header: log.header,
        package,
    })
}
