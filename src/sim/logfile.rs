//! The log files of programs: who writes to which, and when a host's logrotate turns them over.

use crate::scenario::{HostSpec, LogrotateSpec};
use crate::sim::World;
use crate::sim::net::NetState;
use crate::sim::vfs::{Node, Vfs};
use crate::stdx::path::parent;
use crate::stdx::time::Utc;
use serde::Serialize;

/// Seconds of an hour after which `cron.hourly` runs.
const HOURLY_AT_S: i64 = 1_020;

/// A log file that the program of a unit writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct OpenLog {
    host: String,
    unit: String,
    /// The path that it opens.
    path: String,
    /// Number of the file that it has open, wherever that has gone.
    ino: u64,
}

/// What a host's logrotate remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The run that is done: days or hours of the host's own clock; none before the first look.
    slot: Option<i64>,
    /// The day of the last daily rotation.
    day: i64,
    /// When it ran.
    pub ran: Option<Utc>,
}

/// What a host's clock shows, local time, as seconds.
fn local(net: &NetState, host: &str, now: Utc) -> i64 {
    net.clock(host).map_or(now.0, |c| c.shows(now).0 + i64::from(c.zone_min) * 60)
}

/// How a host rotates.
fn rule(spec: Option<&HostSpec>) -> LogrotateSpec {
    spec.and_then(|h| h.logrotate.clone()).unwrap_or_default()
}

/// Files that the program of a unit writes to: those in the directory of its name, and the one of its name.
fn files_of(vfs: &Vfs, unit: &str) -> Vec<String> {
    let dir = format!("/var/log/{unit}");
    let inside = vfs.list(&dir).unwrap_or_default();
    let inside = inside.iter().filter(|e| !e.dir && e.name.ends_with(".log")).map(|e| format!("{dir}/{}", e.name));
    let flat = format!("{dir}.log");
    inside.chain(vfs.stat(&flat).filter(|n| !n.is_dir()).map(|_| flat)).collect()
}

/// The log files of every unit at the opening.
pub(super) fn open_at(hosts: &mut std::collections::BTreeMap<String, super::Host>, opens: Utc) -> Vec<OpenLog> {
    let mut all = Vec::new();
    for (host, h) in hosts {
        for unit in h.units.keys() {
            for path in files_of(&h.vfs, unit) {
                h.vfs.become_log(&path, unit, opens);
                let ino = h.vfs.lstat(&path).map_or(0, |n| n.ino);
                all.push(OpenLog { host: host.clone(), unit: unit.clone(), path, ino });
            }
        }
    }
    all
}

/// Where a file is: at the path that it was opened under, or wherever it was moved.
fn place<'v>(vfs: &'v Vfs, log: &'v OpenLog) -> Option<&'v str> {
    match vfs.lstat(&log.path) {
        Some(n) if n.ino == log.ino => Some(&log.path),
        _ => vfs.path_of(log.ino),
    }
}

impl World {
    /// Programs that write to log files: host and unit, each once.
    pub fn log_writers(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = self.logs.iter().map(|l| (l.host.clone(), l.unit.clone())).collect();
        all.dedup();
        all
    }

    /// Files that a unit's program has open now, and their numbers.
    pub(super) fn open_files(&self, host: &str, unit: &str) -> Vec<(String, u64)> {
        let Some(h) = self.hosts.get(host) else { return Vec::new() };
        let own = self.logs.iter().filter(|l| l.host == host && l.unit == unit);
        let mut out: Vec<(String, u64)> = own.filter_map(|l| Some((place(&h.vfs, l)?.to_owned(), l.ino))).collect();
        // What else lies there under the name of a log is written to by something of that program.
        for path in files_of(&h.vfs, unit) {
            let ino = h.vfs.lstat(&path).map_or(0, |n| n.ino);
            let known = self.logs.iter().any(|l| l.host == host && l.unit == unit && l.path == path);
            if !known && !out.iter().any(|(_, i)| *i == ino) {
                out.push((path, ino));
            }
        }
        out
    }

    /// What a program wrote between two seconds before the opening, in bytes, stands in those of its files that were
    /// listed empty; the room for it is taken from what is not listed.
    pub fn log_had(&mut self, host: &str, unit: &str, (from, to): (Utc, Utc), bytes: u64) {
        let Some(h) = self.hosts.get_mut(host) else { return };
        for log in self.logs.iter().filter(|l| l.host == host && l.unit == unit) {
            h.vfs.log_past(&log.path, unit, (from, to), bytes);
        }
    }

    /// A program wrote so many bytes of lines in the last second: into the files that it has open, with or without a
    /// name, as far as there is room.
    pub fn log_wrote(&mut self, host: &str, unit: &str, bytes: u64) {
        let now = self.utc();
        let Some(h) = self.hosts.get_mut(host) else { return };
        for log in self.logs.iter().filter(|l| l.host == host && l.unit == unit) {
            if let Some(path) = place(&h.vfs, log).map(str::to_owned) {
                h.vfs.log_lines(&path, unit, now, bytes);
            } else if let Some(f) = self.held.iter_mut().find(|f| f.host == host && f.ino == log.ino)
                && let Some(m) = h.vfs.mounts_mut().iter_mut().find(|m| m.point == f.mount)
                && bytes <= m.avail()
            {
                f.bytes = f.bytes.saturating_add(bytes);
                m.base = m.base.saturating_add(bytes);
            }
        }
    }

    /// A unit's program opens its log files anew, and makes those that are not there.
    pub(super) fn reopen_logs(&mut self, host: &str, unit: &str) {
        let now = self.utc();
        let Some(h) = self.hosts.get_mut(host) else { return };
        for log in self.logs.iter_mut().filter(|l| l.host == host && l.unit == unit) {
            if h.vfs.lstat(&log.path).is_none() {
                let Some(dir) = h.vfs.stat(parent(&log.path)).filter(|n| n.is_dir()) else { continue };
                let owner = dir.owner.clone();
                h.vfs.begin_log(&log.path, &owner, now);
            }
            log.ino = h.vfs.lstat(&log.path).map_or(0, |n| n.ino);
        }
    }

    /// Rotates a log, and has its program write to the new one.
    ///
    /// # Errors
    /// As [`Vfs::rotate`].
    pub(super) fn rotate_log(&mut self, host: &str, path: &str, keep: u32) -> Result<(), super::Refusal> {
        let now = self.utc();
        let Some(h) = self.hosts.get_mut(host) else { return Ok(()) };
        h.vfs.rotate(path, keep, now)?;
        self.log_replaced(host, path);
        Ok(())
    }

    /// Logs that were compressed since this was last asked.
    pub fn take_packed(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.packed)
    }

    /// The program that writes to the log of a path opens what is there now.
    pub(super) fn log_replaced(&mut self, host: &str, path: &str) {
        let units: Vec<String> =
            self.logs.iter().filter(|l| l.host == host && l.path == path).map(|l| l.unit.clone()).collect();
        for unit in units {
            self.reopen_logs(host, &unit);
        }
        self.packed.push((host.to_owned(), format!("{path}.2.gz")));
    }

    /// Runs logrotate on every host whose clock says so: once a day, or every hour where a log has a size that it may
    /// not pass. Logs that are empty stay.
    pub(super) fn run_logrotate(&mut self) {
        let now = self.utc();
        let mut due = Vec::new();
        for (name, h) in &mut self.hosts {
            let rule = rule(self.plan.spec.hosts.get(name));
            let local = local(&self.net, name, now);
            let day = local.div_euclid(86_400);
            let slot = match rule.maxsize {
                Some(_) => (local - HOURLY_AT_S).div_euclid(3_600),
                None => day,
            };
            let Some(done) = h.rotated.slot else {
                (h.rotated.slot, h.rotated.day) = (Some(slot), day);
                continue;
            };
            // A clock that was set back waits until it has made up for it.
            if slot <= done {
                continue;
            }
            let daily = day > h.rotated.day;
            h.rotated = Rotated { slot: Some(slot), day, ran: Some(now) };
            let wanted = |path: &String| {
                let bytes = h.vfs.lstat(path).map_or(0, Node::bytes);
                bytes > 0 && (daily || rule.maxsize.is_some_and(|most| bytes > most))
            };
            due.extend(h.vfs.logs().into_iter().filter(wanted).map(|p| (name.clone(), p, rule.rotate)));
        }
        // What stands still in the prehistory is left as the scenario has it.
        if self.still {
            return;
        }
        for (host, path, keep) in due {
            // Without room for what is compressed the log stays as it is, as logrotate leaves it.
            let _ = self.rotate_log(&host, &path, keep);
        }
    }

    /// When logrotate last ran on a host by its own daily job.
    pub fn rotated(&self, host: &str) -> Option<Utc> {
        self.hosts.get(host)?.rotated.ran
    }

    /// Whether a host's logrotate looks every hour.
    pub fn rotates_hourly(&self, host: &str) -> bool {
        rule(self.plan.spec.hosts.get(host)).maxsize.is_some()
    }

    /// What a host's clock shows in its local time, seconds of the epoch.
    pub fn wall_s(&self, host: &str) -> i64 {
        local(&self.net, host, self.utc())
    }

    /// Sets the bytes of a compressed log, once somebody has compressed it.
    pub fn weigh_log(&mut self, host: &str, path: &str, bytes: u64) {
        if let Some(h) = self.hosts.get_mut(host) {
            h.vfs.weigh(path, bytes);
        }
    }
}
