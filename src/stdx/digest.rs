//! The digest of serialisable state: SHA-256 over its JSON bytes, streamed, never held in memory.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::io;

struct Sink(Sha256);

impl io::Write for Sink {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.update(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hex of the first 16 bytes of SHA-256 over the JSON of `value`.
///
/// State that cannot be serialised gives a text that is no digest; `tests/core/session.rs` refuses it.
///
/// JSON of a plain struct is canonical here: field order is the declaration's, maps are `BTreeMap`, floats print shortest.
pub fn of<T: Serialize>(value: &T) -> String {
    let mut sink = Sink(Sha256::new());
    match serde_json::to_writer(io::BufWriter::with_capacity(1 << 16, &mut sink), value) {
        Ok(()) => hex(&sink.0.finalize()[..16]),
        Err(e) => format!("unserialisable: {e}"),
    }
}

/// Serialises a map whose keys are not strings as a list of pairs, which JSON can hold.
///
/// # Errors
/// As the serialiser.
pub fn pairs<K: Serialize, V: Serialize, S: serde::Serializer>(
    map: &std::collections::BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map)
}

/// Hex of the first 16 bytes of SHA-256 over bytes.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..16])
}

/// A hash over everything ever pushed: append-only stores keep one instead of hashing themselves again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Running {
    state: [u8; 32],
    count: u64,
}

impl Running {
    /// Chains one more item.
    pub fn push<T: Serialize>(&mut self, item: &T) {
        let mut sink = Sink(Sha256::new());
        sink.0.update(self.state);
        if serde_json::to_writer(&mut sink, item).is_err() {
            sink.0.update(b"unserialisable");
        }
        self.state = sink.0.finalize().into();
        self.count += 1;
    }

    /// Chains one more item that is bytes already.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        let mut sink = Sha256::new();
        sink.update(self.state);
        sink.update(bytes);
        self.state = sink.finalize().into();
        self.count += 1;
    }

    /// How many items were pushed.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Hex of the first 16 bytes.
    pub fn hex(&self) -> String {
        hex(&self.state[..16])
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
