//! What a machine carries beside the files that a scenario lists, and how old things are.

use super::below;
use crate::stdx::time::Utc;

/// File in a listed directory whose name ends in a slash.
pub(super) const INNER: &str = "data.tar";

/// How long before the opening the newest entry of a listed directory was written, seconds.
pub(super) const NEWEST_AGO_S: i64 = 93_600;

/// A root file system with less than this beside its listed files is not one of a whole machine.
pub(super) const INSTALLED_MIN: u64 = 1_000_000_000;

/// What every machine carries, and its part of the bytes that are not listed, in thousandths.
pub(super) const INSTALLED: [(&str, u64); 9] = [
    ("/bin/bash", 1),
    ("/boot/initrd.img", 9),
    ("/boot/vmlinuz", 2),
    ("/lib/modules/modules.img", 58),
    ("/sbin/init", 1),
    ("/usr/bin/coreutils", 142),
    ("/usr/lib/locale/locale-archive", 421),
    ("/usr/local/lib/libruntime.so", 97),
    ("/usr/share/icons.cache", 269),
];

/// The largest of [`INSTALLED`]: what is laid on a machine later takes its bytes from there.
pub(super) const SPARE: &str = "/usr/lib/locale/locale-archive";

/// Directories that every machine has, be there anything in them or not.
pub(super) const BARE: [&str; 17] = [
    "/dev",
    "/etc",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/srv",
    "/sys",
    "/tmp",
    "/var/backups",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool",
    "/var/tmp",
];

/// Whether a path belongs to the installed system, or is kept by the network's own tool, so that nobody may change it by hand.
pub(super) fn is_installed(path: &str) -> bool {
    path == "/etc/resolv.conf"
        || ["/bin", "/boot", "/lib", "/sbin", "/usr"].iter().any(|d| path == *d || path.starts_with(&below(d)))
}

/// A number that a name always gives.
pub(super) fn jitter(name: &str) -> i64 {
    let mix = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    (name.bytes().fold(0xcbf2_9ce4_8422_2325, mix) >> 20) as i64
}

/// When a directory named after a year was last written: soon after the year was over.
pub(super) fn closed_year(name: &str, newest: Utc) -> Option<Utc> {
    let year: i32 = name.trim_end_matches('/').parse().ok().filter(|y| (1970..2200).contains(y))?;
    Utc::parse(&format!("{}-01-03T04:11:26Z", year + 1)).map(|t| t.min(newest))
}

/// When something that was always there was last written: weeks or months before.
pub(super) fn old(path: &str, now: Utc) -> Utc {
    let j = jitter(path);
    now.plus(-(86_400 * (33 + j % 140) + j / 140 % 86_400))
}
