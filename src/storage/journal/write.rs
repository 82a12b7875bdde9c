//! Writing a log: one process at a time, one write a call, nothing that was handed to the kernel is lost with the process.

#![expect(clippy::disallowed_methods, reason = "how often the disk is synced depends on real time; no line does")]

use super::read::read_file;
use super::{Digest, End, HeaderBody, Item, JournalError, MAX_LINE, Recovered};
use crate::fact::Fact;
use crate::session::{Entry, Header};
use serde::Serialize;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// At most so often the disk itself is asked to keep what the kernel already has.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The one writer of a branch. Dropping it lets go of the lock.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines, to go back to after a write that stopped half-way.
    len: u64,
    torn: bool,
    synced: Instant,
    dirty: bool,
}

impl Writer {
    /// Begins a new log with its header, on disk when this returns.
    ///
    /// # Errors
    /// If the file exists, or cannot be made, locked or written.
    pub fn create(path: &Path, header: &Header) -> Result<Writer, JournalError> {
        let file = OpenOptions::new().create_new(true).append(true).open(path).map_err(JournalError::io(path))?;
        let mut writer = Writer::locked(file, path, 0)?;
        let mut line = Vec::new();
        push_line(&mut line, &HeaderBody { header }, path)?;
        writer.write(&line)?;
        writer.sync()?;
        Ok(writer)
    }

    /// Goes on with a log. An invalid tail is copied beside it as `….dropped` and then cut off.
    ///
    /// # Errors
    /// If the file is locked by another writer, cannot be read or repaired, or has no whole header.
    pub fn resume(path: &Path) -> Result<(Writer, Recovered), JournalError> {
        let mut file = OpenOptions::new().read(true).append(true).open(path).map_err(JournalError::io(path))?;
        lock(&file, path)?;
        let recovered = read_file(&file, path)?;
        if recovered.dropped.is_some() {
            file.seek(SeekFrom::Start(recovered.valid_bytes)).map_err(JournalError::io(path))?;
            let mut tail = Vec::new();
            file.read_to_end(&mut tail).map_err(JournalError::io(path))?;
            keep_dropped(path, &tail)?;
            file.set_len(recovered.valid_bytes).map_err(JournalError::io(path))?;
        }
        let mut writer = Writer {
            file,
            path: path.to_path_buf(),
            len: recovered.valid_bytes,
            torn: false,
            synced: Instant::now(),
            dirty: true,
        };
        if recovered.open_line {
            writer.write(b"\n")?;
        }
        writer.sync()?;
        Ok((writer, recovered))
    }

    fn locked(file: File, path: &Path, len: u64) -> Result<Writer, JournalError> {
        lock(&file, path)?;
        Ok(Writer { file, path: path.to_path_buf(), len, torn: false, synced: Instant::now(), dirty: false })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends any lines in one write.
    ///
    /// # Errors
    /// If a line is too long (then nothing was written) or the disk refuses (then the file is cut back to whole lines).
    pub fn append(&mut self, items: &[Item]) -> Result<(), JournalError> {
        self.lines(items.iter())
    }

    /// Appends an entry. To be called before the entry is applied.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_entry(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.lines([Body::Entry(entry)].iter())
    }

    /// Appends that time advanced by `n` ticks; 0 writes nothing.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_ticks(&mut self, n: u64) -> Result<(), JournalError> {
        if n == 0 { Ok(()) } else { self.lines([Body::Ticks(n)].iter()) }
    }

    /// Appends facts, all in one write.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_facts(&mut self, facts: &[Fact]) -> Result<(), JournalError> {
        self.lines(facts.iter().map(Body::Fact))
    }

    /// Appends a digest of the state.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_digest(&mut self, digest: &Digest) -> Result<(), JournalError> {
        self.lines([Body::Digest(digest)].iter())
    }

    /// Appends the end line and makes everything durable.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_end(&mut self, end: &End) -> Result<(), JournalError> {
        self.lines([Body::End(end)].iter())?;
        self.sync()
    }

    /// Makes everything written so far survive a power cut. Called at phase changes; appends do it once a second.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.synced = Instant::now();
        if self.dirty {
            self.file.sync_data().map_err(JournalError::io(&self.path))?;
            self.dirty = false;
        }
        Ok(())
    }

    fn lines<T: Serialize>(&mut self, bodies: impl Iterator<Item = T>) -> Result<(), JournalError> {
        let mut bytes = Vec::new();
        for body in bodies {
            push_line(&mut bytes, &body, &self.path)?;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.write(&bytes)?;
        if self.synced.elapsed() >= SYNC_EVERY { self.sync() } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        if self.torn {
            return Err(JournalError::Torn { path: self.path.clone() });
        }
        self.dirty = true;
        if let Err(source) = self.file.write_all(bytes) {
            // Half a line would hide every later one from recovery, so the file goes back to its last whole line.
            self.torn = self.file.set_len(self.len).is_err();
            return Err(JournalError::Io { path: self.path.clone(), source });
        }
        self.len += bytes.len() as u64;
        Ok(())
    }
}

/// [`Item`] by reference, so that appending copies nothing. The two serialise alike.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Body<'a> {
    Entry(&'a Entry),
    Ticks(u64),
    Fact(&'a Fact),
    Digest(&'a Digest),
    End(&'a End),
}

fn push_line<T: Serialize>(out: &mut Vec<u8>, body: &T, path: &Path) -> Result<(), JournalError> {
    let start = out.len();
    let body = serde_json::to_vec(body).map_err(|e| JournalError::Io { path: path.to_path_buf(), source: e.into() })?;
    out.extend_from_slice(super::PREFIX);
    out.extend_from_slice(format!("{:08x}", crc32fast::hash(&body)).as_bytes());
    out.extend_from_slice(super::MIDDLE);
    out.extend_from_slice(&body);
    out.push(b'}');
    let bytes = out.len() - start;
    if bytes > MAX_LINE {
        return Err(JournalError::Line { path: path.to_path_buf(), bytes });
    }
    out.push(b'\n');
    Ok(())
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A program that is just being started holds a copy of every open file until it has begun, and the lock with it:
        // closing our copy would not let go of it. If this fails, the lock ends with the last copy all the same.
        let _ended_anyway = self.file.unlock();
    }
}

fn lock(file: &File, path: &Path) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path: path.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(JournalError::Io { path: path.to_path_buf(), source }),
    }
}

/// Saves a cut-off tail as `<log>.dropped`, `<log>.dropped-2`, …; never over an older one.
fn keep_dropped(path: &Path, tail: &[u8]) -> Result<(), JournalError> {
    for n in 1..=999u32 {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 1 { ".dropped".to_owned() } else { format!(".dropped-{n}") });
        let copy = PathBuf::from(name);
        match OpenOptions::new().create_new(true).write(true).open(&copy) {
            Ok(mut file) => {
                return file.write_all(tail).and_then(|()| file.sync_data()).map_err(JournalError::io(&copy));
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(JournalError::Io { path: copy, source }),
        }
    }
    let source = io::Error::other("too many dropped tails beside the log");
    Err(JournalError::Io { path: path.to_path_buf(), source })
}
