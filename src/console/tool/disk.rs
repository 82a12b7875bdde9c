//! iostat, lsblk, mount, findmnt: disks and what lies on them.

use crate::console::host::Disk;
use crate::console::text_format::human;
use crate::console::tool::machine::{banner, cpu, cpu_since_boot, every, unwanted_first, written_since_boot};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::scenario::ObservedKind;

/// Bytes of an ordinary write.
const WRITE_BYTES: f64 = 16_384.0;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "iostat",
        synopsis: "[-c | -d] [-x] [-k | -m] [-z] [-t] [-y] [INTERVAL [COUNT]]",
        about: "report processor time and how busy disks are",
        opts: &[
            flag("c", "", "processor time only"),
            flag("d", "", "disks only"),
            flag("x", "", "extended statistics"),
            flag("k", "", "in kilobytes (the default)"),
            flag("m", "", "in megabytes"),
            flag("z", "", "leave idle disks out"),
            flag("t", "", "print the time of each report"),
            flag("y", "", "leave out the first report, which is of the time since boot"),
        ],
        missing: &["Reads: what the simulated programs read is in the page cache."],
        examples: &[(
            "iostat -d",
            "Linux 6.1.0-10-amd64 (ops) \t07/20/23 \t_x86_64_\t(4 CPU)\n\nDevice             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\nnvme0n1           0.29         0.00         4.59         0.00          0    8388608          0\n\n",
        )],
        step: iostat,
        ..Decl::BLANK
    },
    Decl {
        name: "lsblk",
        synopsis: "[-f] [-b]",
        about: "list block devices",
        opts: &[flag("f", "fs", "file systems and how full they are"), flag("b", "bytes", "sizes in bytes")],
        examples: &[(
            "lsblk",
            "NAME        MAJ:MIN RM SIZE RO TYPE MOUNTPOINTS\nnvme0n1     259:0    0  40G  0 disk\n└─nvme0n1p1 259:1    0  40G  0 part /\n",
        )],
        step: lsblk,
        ..Decl::BLANK
    },
    Decl {
        name: "mount",
        synopsis: "[-t TYPE]",
        about: "list mounted file systems",
        opts: &[value("t", "types", "TYPE", "only of this type")],
        missing: &["Mounting: the file systems of a simulated machine are mounted at its boot."],
        examples: &[
            ("mount -t ext4", "/dev/nvme0n1p1 on / type ext4 (rw,relatime,errors=remount-ro)\n"),
            ("mount /dev/sdb /mnt", "mount: /mnt: must be superuser to use mount.\n"),
        ],
        misuse: 1,
        step: mount,
        ..Decl::BLANK
    },
    Decl {
        name: "findmnt",
        synopsis: "[-D] [PATH]",
        about: "find a file system",
        opts: &[flag("D", "df", "how full they are"), flag("n", "noheadings", "no titles")],
        operand: Operand::Path,
        examples: &[(
            "findmnt /",
            "TARGET SOURCE         FSTYPE OPTIONS\n/      /dev/nvme0n1p1 ext4   rw,relatime,errors=remount-ro\n",
        )],
        step: findmnt,
        ..Decl::BLANK
    },
];

fn iostat(c: &mut Ctx<'_>) -> Step {
    let Some((delay, count)) = every(c, 1) else {
        let words = c.args.rest.join(" ");
        c.p.err.push_str(&format!(
            "Usage: iostat [ options ] [ <interval> [ <count> ] ]\niostat: invalid interval or count: {words}\n"
        ));
        return Step::Exit(1);
    };
    if c.tool.n >= count {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    if unwanted_first(c, delay) {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let a = c.args.clone();
    let since_boot = c.tool.n == 0 && c.tool.phase == 0;
    let Some(m) = c.host.machine(&on) else { return Step::Exit(1) };
    if c.tool.n == 0 {
        let head = banner(c);
        c.line(&head);
    }
    if a.has("t") {
        let now = c.host.utc();
        let d = now.civil();
        c.line(&format!("{:02}/{:02}/{:02} {}", d.month, d.day, d.year.rem_euclid(100), now.hms()));
    }
    if !a.has("d") {
        let x = if since_boot { cpu_since_boot(c, &m) } else { cpu(&m) };
        c.line("avg-cpu:  %user   %nice %system %iowait  %steal   %idle");
        c.line(&format!(
            "         {:>6.2}  {:>6.2}  {:>6.2}  {:>6.2}  {:>6.2}  {:>6.2}\n",
            x.user, 0.0, x.system, x.wait, 0.0, x.idle
        ));
    }
    if !a.has("c") {
        let mut disks = c.host.disks(&on);
        if since_boot {
            for d in &mut disks {
                let rate = written_since_boot(c, d);
                // A disk is busy in proportion to what is written.
                d.util = (d.util * rate / d.write_bytes_s.max(1.0)).min(1.0);
                d.write_bytes_s = rate;
            }
        }
        disks.retain(|d| !a.has("z") || d.write_bytes_s > 0.0);
        let text = if a.has("x") { extended(&disks, a.has("m")) } else { plain(&disks, a.has("m")) };
        c.line(&text);
    }
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    Step::More
}

fn plain(disks: &[Disk], mega: bool) -> String {
    let (unit, scale) = if mega { ("MB", 1_048_576.0) } else { ("kB", 1_024.0) };
    let titles = ["_read/s", "_wrtn/s", "_dscd/s"].map(|t| format!("{:>13}", format!("{unit}{t}")));
    let sums = ["_read", "_wrtn", "_dscd"].map(|t| format!("{:>11}", format!("{unit}{t}")));
    let mut out = format!("{:<13}{:>9}{}{}\n", "Device", "tps", titles.concat(), sums.concat());
    for d in disks {
        out.push_str(&format!(
            "{:<13} {:>8.2} {:>12.2} {:>12.2} {:>12.2} {:>10} {:>10} {:>10}\n",
            d.name,
            d.write_bytes_s / WRITE_BYTES,
            0.0,
            d.write_bytes_s / scale,
            0.0,
            0,
            (d.written as f64 / scale) as u64,
            0
        ));
    }
    out
}

fn extended(disks: &[Disk], mega: bool) -> String {
    let (unit, scale) = if mega { ("MB/s", 1_048_576.0) } else { ("kB/s", 1_024.0) };
    let mut out = format!("{:<13}", "Device");
    for kind in ["r", "w", "d"] {
        let count = format!("{:>8}", format!("{kind}/s"));
        out.push_str(&format!(
            "{count}{:>10}{:>9}{:>7}{:>8}{:>9}",
            format!("{kind}{unit}"),
            format!("{kind}rqm/s"),
            format!("%{kind}rqm"),
            format!("{kind}_await"),
            format!("{kind}areq-sz")
        ));
    }
    out.push_str(&format!("{:>8}{:>8}{:>8}{:>7}\n", "f/s", "f_await", "aqu-sz", "%util"));
    let group = |n: f64, kb: f64, wait: f64, size: f64| {
        format!(" {n:>7.2} {kb:>9.2} {:>8.2} {:>6.2} {wait:>7.2} {size:>8.2}", 0.0, 0.0)
    };
    for d in disks {
        let n = d.write_bytes_s / WRITE_BYTES;
        let flushes = n / 8.0;
        out.push_str(&format!("{:<13}", d.name));
        out.push_str(&group(0.0, 0.0, 0.0, 0.0));
        out.push_str(&group(n, d.write_bytes_s / scale, d.await_ms, WRITE_BYTES / 1_024.0));
        out.push_str(&group(0.0, 0.0, 0.0, 0.0));
        let queue = n * d.await_ms / 1_000.0 + if d.util >= 0.5 { d.util } else { 0.0 };
        out.push_str(&format!(" {flushes:>7.2} {:>7.2} {queue:>7.2} {:>6.2}\n", d.await_ms / 2.0, d.util * 100.0));
    }
    out
}

/// A size as `lsblk` prints it: one figure behind the point, none if it is zero.
fn size(bytes: u64) -> String {
    let units = [(1u64 << 40, 'T'), (1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K')];
    let Some((scale, unit)) = units.iter().find(|(s, _)| bytes >= *s) else { return format!("{bytes}B") };
    let tenths = (u128::from(bytes) * 10 + u128::from(*scale) / 2) / u128::from(*scale);
    if tenths % 10 == 0 { format!("{}{unit}", tenths / 10) } else { format!("{}.{}{unit}", tenths / 10, tenths % 10) }
}

fn lsblk(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Disk, on.clone(), service);
    let bytes = c.args.has("b");
    let shown = |b: u64| if bytes { b.to_string() } else { size(b) };
    let disks = c.host.disks(&on);
    let mounts = c.host.mounts(&on);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let fs = c.args.has("f");
    let head: &[&str] = if fs {
        &["NAME", "FSTYPE", "FSVER", "LABEL", "UUID", "FSAVAIL", "FSUSE%", "MOUNTPOINTS"]
    } else {
        &["NAME", "MAJ:MIN", "RM", "SIZE", "RO", "TYPE", "MOUNTPOINTS"]
    };
    rows.push(head.iter().map(|h| (*h).to_owned()).collect());
    for (i, d) in disks.iter().enumerate() {
        let major = if d.name.starts_with("nvme") { 259 } else { 202 };
        let base = i * 16;
        let all: u64 = d.parts.iter().map(|p| p.1).sum();
        let whole = d.parts.len() == 1 && d.parts.first().is_some_and(|p| p.0 == d.name);
        let at = |point: &str| mounts.iter().find(|m| m.at == point);
        let used = |point: &str| at(point).map_or(0, |m| m.used.saturating_mul(100) / m.size.max(1));
        let avail = |point: &str| at(point).map_or(String::new(), |m| human(m.size.saturating_sub(m.used)));
        let line = |name: String, minor: usize, bytes: u64, kind: &str, point: &str| -> Vec<String> {
            if fs {
                let (fstype, version) = if point.is_empty() { ("", "") } else { ("ext4", "1.0") };
                let share = if point.is_empty() { String::new() } else { format!("{}%", used(point)) };
                [name.as_str(), fstype, version, "", "", &avail(point), &share, point].map(str::to_owned).to_vec()
            } else {
                let number = format!("{major}:{minor}");
                [&name, &number, "0", &shown(bytes), "0", kind, point].map(str::to_owned).to_vec()
            }
        };
        rows.push(line(d.name.clone(), base, all, "disk", if whole { "/" } else { "" }));
        if whole {
            continue;
        }
        for (j, (part, bytes, point)) in d.parts.iter().enumerate() {
            let branch = if j + 1 == d.parts.len() { "└─" } else { "├─" };
            rows.push(line(format!("{branch}{part}"), base + j + 1, *bytes, "part", point));
        }
    }
    let widths: Vec<usize> = (0..head.len())
        .map(|i| rows.iter().filter_map(|r| r.get(i)).map(|t| t.chars().count()).max().unwrap_or(0))
        .collect();
    for r in rows {
        let cells: Vec<String> = r
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(i, (t, w))| {
                let right = !fs && matches!(i, 2..=4) || fs && matches!(i, 5 | 6);
                let pad = " ".repeat(w.saturating_sub(t.chars().count()));
                if right { format!("{pad}{t}") } else { format!("{t}{pad}") }
            })
            .collect();
        c.line(cells.join(" ").trim_end());
    }
    Step::Exit(0)
}

const OPTIONS: &str = "rw,relatime,errors=remount-ro";

/// What the kernel mounts by itself: source, point, type, options.
const KERNEL: &[(&str, &str, &str, &str)] = &[
    ("sysfs", "/sys", "sysfs", "rw,nosuid,nodev,noexec,relatime"),
    ("proc", "/proc", "proc", "rw,nosuid,nodev,noexec,relatime"),
    ("tmpfs", "/run", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=10%,mode=755"),
];

fn mount(c: &mut Ctx<'_>) -> Step {
    if let Some(at) = c.args.rest.last().cloned() {
        let why = if c.p.user == "root" {
            "mounting is not available in this shell."
        } else {
            "must be superuser to use mount."
        };
        c.error(&format!("{at}: {why}"));
        return Step::Exit(32);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Disk, on.clone(), service);
    let only = c.args.get("t").map(str::to_owned);
    let fits = |kind: &str| only.as_ref().is_none_or(|t| t.split(',').any(|t| t == kind));
    for (source, at, kind, options) in KERNEL.iter().filter(|k| fits(k.2)) {
        c.line(&format!("{source} on {at} type {kind} ({options})"));
    }
    for m in c.host.mounts(&on) {
        if fits("ext4") {
            c.line(&format!("{} on {} type ext4 ({OPTIONS})", m.device, m.at));
        }
    }
    Step::Exit(0)
}

fn findmnt(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Disk, on.clone(), service);
    let mut mounts = c.host.mounts(&on);
    if let Some(what) = c.args.at(0) {
        mounts.retain(|m| m.at == what || m.device == what);
        if mounts.is_empty() {
            return Step::Exit(1);
        }
    }
    let df = c.args.has("D");
    let mut rows: Vec<Vec<String>> = Vec::new();
    let head: &[&str] = if df {
        &["SOURCE", "FSTYPE", "SIZE", "USED", "AVAIL", "USE%", "TARGET"]
    } else {
        &["TARGET", "SOURCE", "FSTYPE", "OPTIONS"]
    };
    if !c.args.has("n") {
        rows.push(head.iter().map(|h| (*h).to_owned()).collect());
    }
    for m in mounts {
        rows.push(if df {
            let percent = format!("{}%", m.used.saturating_mul(100).div_ceil(m.size.max(1)));
            vec![
                m.device,
                "ext4".to_owned(),
                size(m.size),
                size(m.used),
                size(m.size.saturating_sub(m.used)),
                percent,
                m.at,
            ]
        } else {
            vec![m.at, m.device, "ext4".to_owned(), OPTIONS.to_owned()]
        });
    }
    let widths: Vec<usize> =
        (0..head.len()).map(|i| rows.iter().filter_map(|r| r.get(i)).map(String::len).max().unwrap_or(0)).collect();
    for r in rows {
        let cells: Vec<String> = r
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(i, (t, w))| if df && matches!(i, 2..=5) { format!("{t:>w$}") } else { format!("{t:<w$}") })
            .collect();
        c.line(cells.join(" ").trim_end());
    }
    Step::Exit(0)
}
