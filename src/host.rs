//! Drives a live session: appends, applies, ticks, asks people, keeps the journal. The one place where wall time meets ticks.
//!
//! The order is always the same: decide, append to disk, apply, append the facts. A tick is written before it is lived.

mod branch;
mod conclude;
mod fold;
mod line;
mod past;
mod pump;
mod scrub;

pub use branch::{Reloaded, cut};
pub use fold::{Divergence, Folded, fold};
pub use line::{LineError, Outcome};
pub use past::{Past, PastLog, past};
pub use pump::Pumped;
pub use scrub::{Checkpoint, Maker, Scrub};

use crate::fact::Actor;
use crate::people;
use crate::scenario::package::Package;
use crate::scenario::{self, Scenario};
use crate::session::projection::Projection;
use crate::session::{Command, DIGEST_EVERY, Entry, Header, LOG_FORMAT, PRIMARY, Rejection, SIMULATOR, Session};
use crate::storage::journal::{self, Digest, Dropped, Item, JournalError, Recovered, Writer};
use crate::storage::sessions;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Entries accepted within one tick.
const MAX_ENTRIES_A_TICK: u32 = 2_000;

/// How a session is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seed of every random stream.
    pub seed: u64,
    /// Seats that are played.
    pub seats: Vec<String>,
    /// Folder below which the session's folder is made; `None` keeps nothing.
    pub dir: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: 1, seats: vec![PRIMARY.to_owned()], dir: None }
    }
}

/// Why a session could not be started or resumed.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The scenario has problems; `wheel validate` shows them.
    #[error("the scenario {0} has problems; `wheel validate {0}` shows them")]
    Scenario(String),
    /// The log cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The session's folder cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// The log is not of the scenario that its folder holds.
    #[error(
        "{path}:1: the log is one of {found}, its folder holds {held}: put it back into the folder that it comes from"
    )]
    Foreign {
        /// Log.
        path: PathBuf,
        /// Scenario in its header.
        found: String,
        /// Scenario beside it.
        held: String,
    },
    /// The log was written by another version of the simulator.
    #[error(
        "the log was written by simulator version {found}; this program has {SIMULATOR}: it can be shown and scored, not continued"
    )]
    Simulator {
        /// Version in the header.
        found: u32,
    },
    /// Folding the log again gave another state.
    #[error("folding the log again differs at tick {0}: it cannot be continued")]
    Diverged(u64),
    /// The same of a session that is over.
    #[error(
        "{path}:{line}: the entries give another state than was recorded at tick {tick}: the log was edited; what is shown follows from its entries, and nothing more is kept in it"
    )]
    Edited {
        /// Its file.
        path: PathBuf,
        /// Line of the digest that differs.
        line: u64,
        /// Its tick.
        tick: u64,
    },
    /// The session has no end yet.
    #[error("the session in {0} is not over: it can be resumed")]
    Unfinished(PathBuf),
    /// The session is over.
    #[error("the session in {0} is over; `wheel score` and `wheel export` read it")]
    Over(PathBuf),
}

/// A live session with its journal.
#[derive(Debug)]
pub struct SessionHost {
    session: Session,
    package: Package,
    folder: Option<PathBuf>,
    writer: Option<Writer>,
    /// Every item of the log, for folds with some entries left out.
    items: Vec<Item>,
    /// Facts already on disk, by position.
    written: usize,
    /// Entries of this tick.
    entries_now: u32,
    /// The terminal that a bare line goes to, by seat.
    terminals: BTreeMap<String, u32>,
    /// Real time not yet turned into ticks.
    owed: Duration,
    version: u64,
    concluded: bool,
}

impl SessionHost {
    /// Starts a session of a package.
    ///
    /// # Errors
    /// If the scenario has errors, or the session's folder cannot be written.
    pub fn start(package: Package, options: Options) -> Result<SessionHost, HostError> {
        let scenario = load(&package)?;
        let header = Header {
            format: LOG_FORMAT,
            simulator: SIMULATOR,
            scenario: scenario.id.clone(),
            scenario_digest: scenario.digest.clone(),
            seed: options.seed,
            seats: options.seats,
            branch: 0,
            parent: None,
        };
        let (folder, writer) = match options.dir {
            None => (None, None),
            Some(dir) => {
                let folder =
                    sessions::new_session(&dir, &package).map_err(|source| HostError::Io { path: dir, source })?;
                let writer = Writer::create(&sessions::branch_path(&folder, 0), &header)?;
                (Some(folder), Some(writer))
            }
        };
        let mut host = SessionHost::around(Session::new(header, scenario), package, folder, writer);
        host.write_facts()?;
        Ok(host)
    }

    /// Starts a session whose log is this one file.
    ///
    /// # Errors
    /// As [`SessionHost::start`].
    pub fn start_in_file(package: Package, options: Options, path: &Path) -> Result<SessionHost, HostError> {
        let mut host = SessionHost::start(package, Options { dir: None, ..options })?;
        host.writer = Some(Writer::create(path, &host.session.header)?);
        host.written = 0;
        host.write_facts()?;
        Ok(host)
    }

    /// Goes on with a session from its folder; says what of the file had to be left out.
    ///
    /// # Errors
    /// If there is no log, it is over or locked, or it was written by another simulator version.
    pub fn resume(folder: &Path) -> Result<(SessionHost, Option<Dropped>), HostError> {
        let Opened { mut host, divergence, dropped, .. } = SessionHost::read_in(folder)?;
        if host.concluded {
            return Err(HostError::Over(folder.to_path_buf()));
        }
        if let Some(d) = divergence {
            return Err(HostError::Diverged(d.tick));
        }
        host.write_facts()?;
        host.propose_again()?;
        Ok((host, dropped))
    }

    /// Opens a session that is over, for its debrief; says what is wrong with its log. If folding it gives another state than
    /// was recorded, what is shown follows from its entries, and nothing more is written into it.
    ///
    /// # Errors
    /// If there is no log, it has no end or is locked, or it was written by another simulator version.
    pub fn reopen(folder: &Path) -> Result<(SessionHost, Vec<String>), HostError> {
        let Opened { mut host, divergence, dropped, path, lines } = SessionHost::read_in(folder)?;
        if !host.concluded {
            return Err(HostError::Unfinished(folder.to_path_buf()));
        }
        let mut wrong: Vec<String> = dropped.iter().map(ToString::to_string).collect();
        if let Some(d) = divergence {
            let line = lines.get(d.position).copied().unwrap_or_default();
            wrong.push(HostError::Edited { path, line, tick: d.tick }.to_string());
            host.writer = None;
        }
        host.write_facts()?;
        Ok((host, wrong))
    }

    /// The session of a folder as its newest log has it, where folding differs, and what of the file was left out.
    fn read_in(folder: &Path) -> Result<Opened, HostError> {
        let io = |source| HostError::Io { path: folder.to_path_buf(), source };
        let path = sessions::find_log(folder).map_err(io)?;
        let (writer, recovered) = Writer::resume(&path)?;
        let package = sessions::read_package(folder, &recovered.header.scenario_digest).map_err(io)?;
        // A log that names another scenario than its folder holds comes from elsewhere.
        if package.slug != recovered.header.scenario {
            return Err(HostError::Foreign { path, found: recovered.header.scenario, held: package.slug });
        }
        let scenario = load(&package)?;
        if recovered.header.simulator != SIMULATOR {
            return Err(HostError::Simulator { found: recovered.header.simulator });
        }
        let concluded = recovered.end().is_some();
        let Recovered { header, items, lines, dropped, .. } = recovered;
        let folded = fold(header, scenario, &items);
        let on_disk = items.iter().filter(|i| matches!(i, Item::Fact(_))).count();
        let mut host = SessionHost::around(folded.session, package, Some(folder.to_path_buf()), Some(writer));
        host.items = items;
        host.written = on_disk;
        host.concluded = concluded;
        Ok(Opened { host, divergence: folded.divergence, dropped, path, lines })
    }

    fn around(session: Session, package: Package, folder: Option<PathBuf>, writer: Option<Writer>) -> SessionHost {
        SessionHost {
            session,
            package,
            folder,
            writer,
            items: Vec::new(),
            written: 0,
            entries_now: 0,
            terminals: BTreeMap::new(),
            owed: Duration::ZERO,
            version: 0,
            concluded: false,
        }
    }

    /// The session, to be read.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The package it is played with.
    pub fn package(&self) -> &Package {
        &self.package
    }

    /// Every item of the log so far, in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The folder that keeps it.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Changes whenever a projection may have.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether the trainees' session is over.
    pub fn ended(&self) -> bool {
        self.session.ended()
    }

    /// What a seat may know now; `gm` is the game master.
    pub fn projection(&self, seat: &str) -> Projection {
        self.session.project(seat)
    }

    /// Submits a command; an accepted one is on disk before it has any effect.
    ///
    /// # Errors
    /// If it is refused, or the log cannot be written.
    pub fn submit(&mut self, by: Actor, command: Command) -> Result<u64, SubmitError> {
        self.session.decide(&by, &command)?;
        if self.entries_now >= MAX_ENTRIES_A_TICK {
            return Err(SubmitError::TooMany);
        }
        self.entries_now += 1;
        let entry = Entry { seq: self.session.seq() + 1, at: self.session.tick(), by, command };
        if let Some(w) = &mut self.writer {
            w.append_entry(&entry)?;
        }
        self.session.apply(&entry);
        let seq = entry.seq;
        self.items.push(Item::Entry(entry));
        self.version += 1;
        self.write_facts()?;
        Ok(seq)
    }

    /// Advances so many ticks, people and all; stops when the session ends.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn advance(&mut self, ticks: u64) -> Result<(), JournalError> {
        for _ in 0..ticks {
            if self.session.ended() {
                break;
            }
            self.tick()?;
        }
        Ok(())
    }

    /// One tick: written, lived, its facts written, its digest if one is due; then people do what they do.
    fn tick(&mut self) -> Result<(), JournalError> {
        self.live_tick()?;
        for (by, command) in people::propose(&self.session) {
            // A proposal that the session refuses is no entry; there is nobody to tell.
            if let Err(SubmitError::Journal(e)) = self.submit(by, command) {
                return Err(e);
            }
        }
        Ok(())
    }

    fn live_tick(&mut self) -> Result<(), JournalError> {
        if let Some(w) = &mut self.writer {
            w.append_ticks(1)?;
        }
        self.session.advance();
        self.entries_now = 0;
        match self.items.last_mut() {
            Some(Item::Ticks(n)) => *n += 1,
            _ => self.items.push(Item::Ticks(1)),
        }
        self.version += 1;
        self.write_facts()?;
        let tick = self.session.tick();
        if tick.0.is_multiple_of(DIGEST_EVERY) {
            let digest = Digest { tick, state: self.session.digest() };
            if let Some(w) = &mut self.writer {
                w.append_digest(&digest)?;
            }
            self.items.push(Item::Digest(digest));
        }
        Ok(())
    }

    /// After a resume: what people would have done at the last tick, less what they had done.
    fn propose_again(&mut self) -> Result<(), JournalError> {
        let now = self.session.tick();
        for (by, command) in people::propose(&self.session) {
            let done = self.items.iter().rev().any(|i| match i {
                Item::Entry(e) => e.at == now && e.by == by && e.command == command,
                _ => false,
            });
            if !done && let Err(SubmitError::Journal(e)) = self.submit(by, command) {
                return Err(e);
            }
        }
        Ok(())
    }

    /// Writes the facts that are not on disk yet.
    fn write_facts(&mut self) -> Result<(), JournalError> {
        let facts = self.session.facts();
        if let Some(new) = facts.get(self.written..).filter(|n| !n.is_empty()) {
            if let Some(w) = &mut self.writer {
                w.append_facts(new)?;
            }
            self.written = facts.len();
        }
        Ok(())
    }
}

/// A session as its newest log has it.
struct Opened {
    host: SessionHost,
    /// Where folding gives another state.
    divergence: Option<Divergence>,
    /// What of the file was left out.
    dropped: Option<Dropped>,
    path: PathBuf,
    /// Lines of the items.
    lines: Vec<u64>,
}

/// Why a command was not accepted.
#[derive(Debug)]
pub enum SubmitError {
    /// The session refuses it.
    Rejected(Rejection),
    /// Too many entries within one tick.
    TooMany,
    /// The log cannot be written.
    Journal(JournalError),
}

impl From<Rejection> for SubmitError {
    fn from(r: Rejection) -> SubmitError {
        SubmitError::Rejected(r)
    }
}

impl From<JournalError> for SubmitError {
    fn from(e: JournalError) -> SubmitError {
        SubmitError::Journal(e)
    }
}

/// Loads a package's scenario.
///
/// # Errors
/// If it has errors.
pub fn load(package: &Package) -> Result<Arc<Scenario>, HostError> {
    scenario::load(package).scenario.map(Arc::new).ok_or_else(|| HostError::Scenario(package.slug.clone()))
}

/// Every other branch that a session's folder holds beside one of them: header and recorded facts. What cannot be read is passed over.
pub fn other_branches(folder: &Path, of: u32) -> Vec<(Header, Vec<crate::fact::Fact>)> {
    let Ok(Some(newest)) = sessions::newest_branch(folder) else { return Vec::new() };
    let Ok(newest) = journal::read(&newest) else { return Vec::new() };
    let facts = |items: Vec<Item>| {
        items.into_iter().filter_map(|i| if let Item::Fact(f) = i { Some(f) } else { None }).collect()
    };
    (0..=newest.header.branch)
        .filter(|n| *n != of)
        .filter_map(|n| journal::read(&sessions::branch_path(folder, n)).ok())
        .map(|log| (log.header, facts(log.items)))
        .collect()
}

/// Reads a log without continuing it.
///
/// # Errors
/// If it cannot be read.
pub fn read_log(path: &Path) -> Result<Recovered, HostError> {
    let path = sessions::find_log(path).map_err(|source| HostError::Io { path: path.to_path_buf(), source })?;
    Ok(journal::read(&path)?)
}
