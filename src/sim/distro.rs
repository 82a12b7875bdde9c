//! What a machine runs: Debian of the year of the story, with the versions that its tools name.

use crate::stdx::time::Utc;

/// A release of Debian, as its tools name themselves. Versions: the packages of that release in the months of the shipped incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distro {
    /// Number and name of the release.
    pub release: (u32, &'static str),
    /// Release of the kernel, and what `uname -v` says.
    pub kernel: (&'static str, &'static str),
    /// Compiler of the kernel.
    pub compiler: &'static str,
    /// What the kernel says of the options of a file system that it mounts.
    pub ext4: &'static str,
    /// `systemd --version`.
    pub systemd: u32,
    /// `BASH_VERSION`.
    pub bash: &'static str,
    /// `curl --version`.
    pub curl: &'static str,
    /// `dig -v`.
    pub dig: &'static str,
    /// `git --version`.
    pub git: &'static str,
    /// `openssl version`.
    pub openssl: &'static str,
}

const BUSTER: Distro = Distro {
    release: (10, "buster"),
    kernel: ("4.19.0-6-amd64", "#1 SMP Debian 4.19.67-2+deb10u1 (2019-09-20)"),
    compiler: "gcc version 8.3.0 (Debian 8.3.0-6)",
    ext4: "Opts: (null)",
    systemd: 241,
    bash: "5.0.3(1)-release",
    curl: "7.64.0",
    dig: "9.11.5-P4-5.1-Debian",
    git: "2.20.1",
    openssl: "OpenSSL 1.1.1d  10 Sep 2019",
};

const BOOKWORM: Distro = Distro {
    release: (12, "bookworm"),
    kernel: ("6.1.0-10-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.38-1 (2023-07-14)"),
    compiler: "gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40",
    ext4: "Quota mode: none.",
    systemd: 252,
    bash: "5.2.15(1)-release",
    curl: "7.88.1",
    dig: "9.18.16-1~deb12u1-Debian",
    git: "2.39.2",
    openssl: "OpenSSL 3.0.9 30 May 2023 (Library: OpenSSL 3.0.9 30 May 2023)",
};

impl Distro {
    /// The one that machines run at a moment.
    pub fn at(now: Utc) -> &'static Distro {
        if now.civil().year < 2021 { &BUSTER } else { &BOOKWORM }
    }
}
