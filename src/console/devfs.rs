//! `/dev`: the devices that every machine has.

use crate::console::host::{NodeKind, Stat};
use crate::stdx::time::Utc;

/// Names and numbers.
const DEVICES: [(&str, u32, u32); 6] =
    [("full", 1, 7), ("null", 1, 3), ("random", 1, 8), ("tty", 5, 0), ("urandom", 1, 9), ("zero", 1, 5)];

/// Links to a process's own descriptors.
const LINKS: [(&str, &str); 4] = [
    ("fd", "/proc/self/fd"),
    ("stderr", "/proc/self/fd/2"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
];

/// Whether a path lies in it.
pub fn is_in(path: &str) -> bool {
    path == "/dev" || path.starts_with("/dev/")
}

/// A device that gives or takes bytes without end.
pub fn is_device(path: &str) -> bool {
    path.strip_prefix("/dev/").is_some_and(|n| DEVICES.iter().any(|d| d.0 == n))
}

/// Whether reading it never ends.
pub fn is_endless(path: &str) -> bool {
    matches!(path, "/dev/zero" | "/dev/full" | "/dev/random" | "/dev/urandom")
}

/// Bytes of an endless device, from a place on: zeros, or what looks like chance and is the same for the same seed.
pub fn bytes(path: &str, seed: u64, from: u64, count: usize) -> Vec<u8> {
    if !path.ends_with("random") {
        return vec![0; count];
    }
    let mut h = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ from.wrapping_add(0x2545_f491_4f6c_dd1d);
    let next = |_| {
        h ^= h << 13;
        h ^= h >> 7;
        h ^= h << 17;
        h.to_le_bytes().get(3).copied().unwrap_or(0)
    };
    (0..count).map(next).collect()
}

/// What a path of it names. `fd/N` and the standard streams are left to whoever opens them.
pub fn stat(path: &str, now: Utc) -> Option<Stat> {
    if path == "/dev" || path == "/dev/shm" || path == "/dev/pts" {
        return Some(Stat::plain(NodeKind::Dir, 4096, "root", 0o755, now));
    }
    let name = path.strip_prefix("/dev/")?;
    if let Some((_, major, minor)) = DEVICES.iter().find(|d| d.0 == name) {
        let mut s = Stat::plain(NodeKind::Device(*major, *minor), 0, "root", 0o666, now);
        s.ino = u64::from(major * 256 + minor);
        return Some(s);
    }
    let (_, _) = LINKS.iter().find(|l| l.0 == name)?;
    Some(Stat::plain(NodeKind::Device(136, 0), 0, "root", 0o620, now))
}

/// The names in `/dev`, sorted, links as links.
pub fn list(now: Utc) -> Vec<(String, Stat)> {
    let device = |d: &(&str, u32, u32)| Some((d.0.to_owned(), stat(&format!("/dev/{}", d.0), now)?));
    let mut all: Vec<(String, Stat)> = DEVICES.iter().filter_map(device).collect();
    all.extend(LINKS.iter().map(|(name, to)| {
        let kind = NodeKind::Link((*to).to_owned());
        ((*name).to_owned(), Stat::plain(kind, to.len() as u64, "root", 0o777, now))
    }));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}
