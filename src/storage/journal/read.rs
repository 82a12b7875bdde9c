//! Reading a log: the longest prefix of whole, checked lines, and what had to be left out.

use super::{Broken, CRC_HEX, Dropped, HeaderBody, Item, JournalError, MAX_LINE, MAX_LOG, MIDDLE, PREFIX, Recovered};
use crate::session::{Header, LOG_FORMAT};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Reads a log up to its first broken line.
///
/// # Errors
/// If the file cannot be read, is too large, has no whole header or is of a newer format.
pub fn read(path: &Path) -> Result<Recovered, JournalError> {
    let file = File::open(path).map_err(JournalError::io(path))?;
    read_file(&file, path)
}

/// The same from an open file, which stands at its beginning.
pub(super) fn read_file(file: &File, path: &Path) -> Result<Recovered, JournalError> {
    let mut bytes = Vec::new();
    file.take(MAX_LOG + 1).read_to_end(&mut bytes).map_err(JournalError::io(path))?;
    if bytes.len() as u64 > MAX_LOG {
        return Err(JournalError::Large { path: path.to_path_buf() });
    }
    let recovered = recover(&bytes).map_err(|why| JournalError::NoHeader { path: path.to_path_buf(), why })?;
    match recovered.header.format {
        found if found > LOG_FORMAT => Err(JournalError::Newer { path: path.to_path_buf(), found }),
        _ => Ok(recovered),
    }
}

/// Recovers the longest valid prefix of a log's bytes.
///
/// # Errors
/// If not even the header is whole.
pub fn recover(bytes: &[u8]) -> Result<Recovered, Broken> {
    let (first, mut at, mut closed) = next_line(bytes, 0);
    let header = body(first, closed)
        .and_then(|b| serde_json::from_slice::<HeaderBody<Header>>(b).map_err(|e| Broken::Body(e.to_string())))?
        .header;

    let mut items: Vec<Item> = Vec::new();
    let mut lines: Vec<u64> = Vec::new();
    let mut dropped = None;
    let mut seq: Option<u64> = None;
    let mut line = 1;
    while at < bytes.len() {
        line += 1;
        let (text, next, whole) = next_line(bytes, at);
        match item(text, whole, seq) {
            Ok(item) => {
                push(&mut items, &mut seq, item);
                if lines.len() < items.len() {
                    lines.push(line);
                }
            }
            Err(why) => {
                dropped = Some(Dropped { at_byte: at as u64, line, bytes: (bytes.len() - at) as u64, why });
                break;
            }
        }
        (at, closed) = (next, whole);
    }
    Ok(Recovered { header, items, lines, dropped, valid_bytes: at as u64, open_line: !closed })
}

/// The line at `at`, where the next one begins, and whether it ended with a newline.
fn next_line(bytes: &[u8], at: usize) -> (&[u8], usize, bool) {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.iter().position(|b| *b == b'\n') {
        Some(n) => (rest.get(..n).unwrap_or_default(), at + n + 1, true),
        None => (rest, bytes.len(), false),
    }
}

/// The checked body of a line. A last line without newline counts if it is whole: its checksum proves that.
fn body(line: &[u8], closed: bool) -> Result<&[u8], Broken> {
    if line.len() > MAX_LINE {
        return Err(Broken::Long);
    }
    let shape = if closed { Broken::Shape } else { Broken::Cut };
    let parts = line
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split_at_checked(CRC_HEX))
        .and_then(|(crc, rest)| Some((crc, rest.strip_prefix(MIDDLE)?.strip_suffix(b"}")?)));
    let Some((crc, body)) = parts else { return Err(shape) };
    if format!("{:08x}", crc32fast::hash(body)).as_bytes() == crc {
        Ok(body)
    } else if closed {
        Err(Broken::Checksum)
    } else {
        Err(Broken::Cut)
    }
}

fn item(line: &[u8], closed: bool, seq: Option<u64>) -> Result<Item, Broken> {
    let item: Item = serde_json::from_slice(body(line, closed)?).map_err(|e| Broken::Body(e.to_string()))?;
    match (&item, seq) {
        (Item::Entry(e), Some(last)) if Some(e.seq) != last.checked_add(1) => {
            Err(Broken::Order { expected: last.saturating_add(1), found: e.seq })
        }
        (Item::Ticks(0), _) => Err(Broken::Body("no ticks".into())),
        _ => Ok(item),
    }
}

fn push(items: &mut Vec<Item>, seq: &mut Option<u64>, item: Item) {
    match (items.last_mut(), &item) {
        (Some(Item::Ticks(sum)), Item::Ticks(n)) => *sum = sum.saturating_add(*n),
        (_, Item::Entry(e)) => {
            *seq = Some(e.seq);
            items.push(item);
        }
        _ => items.push(item),
    }
}
