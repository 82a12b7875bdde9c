//! Branches: a new log that begins as another did, and goes on with another scenario version or from an earlier tick.

use super::{HostError, SessionHost, load};
use crate::scenario::package::Package;
use crate::session::{Entry, Header, Parent, Session};
use crate::stdx::time::Tick;
use crate::storage::journal::{Item, Writer};
use crate::storage::sessions;

/// What became of a running session under a new scenario version.
#[derive(Debug)]
pub struct Reloaded {
    /// Number of the new branch.
    pub branch: u32,
    /// Entries that the new version refuses; they are not part of the branch.
    pub refused: Vec<Entry>,
}

impl SessionHost {
    /// Opens a branch with a new version of the scenario by folding the same entries again. The old log stays as it is.
    ///
    /// # Errors
    /// If the new scenario has errors, or the branch cannot be written; the session then goes on as before.
    pub fn reload(&mut self, package: Package) -> Result<Reloaded, HostError> {
        let now = self.session.tick();
        self.open_branch(package, now)
    }

    /// Opens a branch from an earlier tick: entries after it are not part of it.
    ///
    /// # Errors
    /// If the branch cannot be written; the session then goes on as before.
    pub fn rewind(&mut self, to: Tick) -> Result<Reloaded, HostError> {
        self.open_branch(self.package.clone(), to)
    }

    fn open_branch(&mut self, package: Package, until: Tick) -> Result<Reloaded, HostError> {
        let scenario = load(&package)?;
        let branch = self.session.header.branch + 1;
        let kept: Vec<Item> = cut(&self.items, until);
        let parent_seq =
            kept.iter().rev().find_map(|i| if let Item::Entry(e) = i { Some(e.seq) } else { None }).unwrap_or(0);
        let at_parent = super::fold(self.session.header.clone(), self.session.scenario.clone(), &kept).session;
        let header = Header {
            scenario: scenario.id.clone(),
            scenario_digest: scenario.digest.clone(),
            branch,
            parent: Some(Parent {
                branch: self.session.header.branch,
                seq: parent_seq,
                tick: at_parent.tick().0,
                digest: at_parent.digest(),
            }),
            ..self.session.header.clone()
        };
        let (writer, folder) = match &self.folder {
            None => (None, None),
            Some(folder) => {
                sessions::write_package(folder, &package)
                    .map_err(|source| HostError::Io { path: folder.clone(), source })?;
                let writer = Writer::create(&sessions::branch_path(folder, branch), &header)?;
                (Some(writer), Some(folder.clone()))
            }
        };
        let mut host = SessionHost::around(Session::new(header, scenario), package, folder, writer);
        host.write_facts()?;
        let mut refused = Vec::new();
        for item in kept {
            match item {
                Item::Entry(entry) => match host.submit(entry.by.clone(), entry.command.clone()) {
                    Ok(_) => {}
                    Err(super::SubmitError::Journal(e)) => return Err(e.into()),
                    Err(_) => refused.push(entry),
                },
                Item::Ticks(n) => {
                    for _ in 0..n {
                        if host.session.tick() >= host.session.horizon() {
                            break;
                        }
                        host.live_tick()?;
                    }
                }
                _ => {}
            }
        }
        host.terminals.clone_from(&self.terminals);
        host.version = self.version + 1;
        *self = host;
        Ok(Reloaded { branch, refused })
    }
}

/// The part of a log up to and including a tick.
pub fn cut(items: &[Item], until: Tick) -> Vec<Item> {
    let mut left = until.0;
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Ticks(n) if *n > left => {
                if left > 0 {
                    out.push(Item::Ticks(left));
                }
                break;
            }
            Item::Ticks(n) => {
                left -= n;
                out.push(item.clone());
            }
            other => out.push(other.clone()),
        }
    }
    out
}
