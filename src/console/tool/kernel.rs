//! dmesg, sysctl, prlimit: what a kernel says and allows.

use crate::console::host::{Process, UnitInfo};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::distro::Distro;
use crate::sim::effect::{CapacityEffect, Effect, UnitLimit};
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "dmesg",
        synopsis: "[-T] [-w] [-l LEVELS] [-x] [-H] [-t]",
        about: "print the kernel's messages",
        opts: &[
            flag("T", "ctime", "human readable times"),
            flag("w", "follow", "print new messages as they come"),
            flag("x", "decode", "facility and level in front"),
            flag("t", "notime", "no times"),
            flag("H", "human", "times as of a clock"),
            value("l", "level", "LEVELS", "only messages of these levels: err, warn, info"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[(
            "dmesg -T | tail -n 1",
            "[Thu Jul 20 12:18:00 2023] nf_conntrack: nf_conntrack: table full, dropping packet\n",
        )],
        step: dmesg,
        ..Decl::BLANK
    },
    Decl {
        name: "sysctl",
        synopsis: "-a | [-n] KEY | -w KEY=VALUE",
        about: "read or set kernel parameters",
        opts: &[
            flag("a", "all", "all parameters"),
            flag("w", "write", "set a parameter"),
            flag("n", "values", "values without names"),
            flag("q", "quiet", "do not print what was set"),
        ],
        missing: &["Files of parameters (-p)."],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[
            ("sysctl net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_max = 65536\n"),
            ("sysctl net.nope", "sysctl: cannot stat /proc/sys/net/nope: No such file or directory\n"),
        ],
        step: sysctl,
        ..Decl::BLANK
    },
    Decl {
        name: "prlimit",
        synopsis: "-p PID [--nofile=N] [--nproc=N]",
        about: "show or set limits of a process",
        opts: &[
            value("p", "pid", "PID", "the process"),
            value("", "nofile", "N", "most open files"),
            value("", "nproc", "N", "most threads"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("prlimit -p 99999", "prlimit: failed to get the NOFILE resource limit: No such process\n")],
        step: prlimit,
        ..Decl::BLANK
    },
];

fn dmesg(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 && c.asleep() {
        return Step::Wait;
    }
    let a = c.args.clone();
    const LEVELS: &[&str] = &["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
    let levels: Option<Vec<&str>> = a.get("l").map(|l| l.split(',').collect());
    if let Some(odd) = levels.iter().flatten().find(|l| !LEVELS.contains(&l.trim_end_matches('+'))) {
        c.error(&format!("unknown level '{odd}'"));
        return Step::Exit(1);
    }
    let asked = |level: &str| {
        let at = |l: &str| LEVELS.iter().position(|x| *x == l);
        levels.as_ref().is_none_or(|all| {
            all.iter().any(|l| match l.strip_suffix('+') {
                Some(least) => at(level) <= at(least),
                None => *l == level,
            })
        })
    };
    let (on, service) = (c.on(), c.service());
    let lines = c.host.kernel_log(&on);
    if !lines.is_empty() {
        c.see(ObservedKind::Log, format!("{on}:kernel"), service);
    }
    let boot = Utc(c.host.utc().0 - i64::try_from(c.host.uptime_s(&on)).unwrap_or(0));
    // Microseconds after the boot, level, text.
    let mut said: Vec<(i64, String, String)> = Vec::new();
    if c.tool.phase == 0 {
        said.extend(booted(c, &on));
    }
    let done = usize::try_from(c.tool.n).unwrap_or(0);
    said.extend(lines.iter().skip(done).map(|l| {
        let us = (l.at.0 - boot.0) * 1_000_000 + (l.at.0 * 7_919).rem_euclid(1_000_000);
        (us, l.level.clone(), l.text.clone())
    }));
    for (us, level, text) in said.iter().filter(|(_, level, _)| asked(level)) {
        let when = if a.has("t") {
            String::new()
        } else if a.has("T") || a.has("H") {
            let at = boot.plus(us / 1_000_000);
            format!("[{} {} {:>2} {} {}] ", at.day_name(), at.month_name(), at.civil().day, at.hms(), at.civil().year)
        } else {
            format!("[{:>5}.{:06}] ", us / 1_000_000, us % 1_000_000)
        };
        let level = if a.has("x") { format!("kern  :{level:<6}: ") } else { String::new() };
        c.line(&format!("{level}{when}{text}"));
    }
    if !a.has("w") {
        return Step::Exit(0);
    }
    c.tool.phase = 1;
    c.tool.n = lines.len() as u64;
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}

/// What the kernel said as it started: microseconds after the boot, level, text. It names what the other tools name.
fn booted(c: &Ctx<'_>, on: &str) -> Vec<(i64, String, String)> {
    let d = Distro::at(c.host.utc());
    let (cores, memory) = (c.host.cores(on), c.host.memory(on).total >> 10);
    let mounts = c.host.mounts(on);
    let root = mounts.iter().find(|m| m.at == "/").map_or("/dev/vda1", |m| m.device.as_str()).to_owned();
    let version =
        format!("Linux version {} (debian-kernel@lists.debian.org) ({}) {}", d.kernel.0, d.compiler, d.kernel.1);
    let command = format!("Command line: BOOT_IMAGE=/boot/vmlinuz-{} root={root} ro console=ttyS0,115200", d.kernel.0);
    // About an eightieth of the memory is the kernel's own.
    let available = format!("Memory: {}K/{memory}K available", memory - memory / 80);
    let mut out: Vec<(i64, &str, String)> = vec![
        (0, "notice", version),
        (0, "info", command),
        (0, "info", "Hypervisor detected: KVM".to_owned()),
        (0, "info", "kvm-clock: Using msrs 4b564d01 and 4b564d00".to_owned()),
        (48_120, "info", available),
        (131_304, "info", format!("smpboot: Allowing {cores} CPUs, 0 hotplug CPUs")),
        (212_771, "info", format!("smp: Brought up 1 node, {cores} CPUs")),
        (402_560, "info", "clocksource: Switched to clocksource kvm-clock".to_owned()),
    ];
    for (i, disk) in c.host.disks(on).iter().enumerate() {
        let us = 1_104_312 + 2_209 * i64::try_from(i).unwrap_or(0);
        // A partition is named by what it adds to a disk whose name ends in a number.
        let numbered = disk.name.ends_with(|c: char| c.is_ascii_digit());
        let own = |part: &str| {
            if numbered { part.trim_start_matches(disk.name.as_str()).to_owned() } else { part.to_owned() }
        };
        let parts: Vec<String> = disk.parts.iter().filter(|p| p.0 != disk.name).map(|p| own(&p.0)).collect();
        out.push((us, "info", format!(" {}: {}", disk.name, parts.join(" ")).trim_end_matches(": ").to_owned()));
    }
    for (i, m) in mounts.iter().filter(|m| m.device.starts_with("/dev/")).enumerate() {
        let us = 1_688_940 + 811_313 * i64::try_from(i).unwrap_or(0);
        let device = m.device.trim_start_matches("/dev/");
        let text = format!("EXT4-fs ({device}): mounted filesystem with ordered data mode. {}", d.ext4);
        out.push((us, "info", text));
    }
    let host = on.split('.').next().unwrap_or(on);
    out.extend([
        (1_902_117, "info", format!("systemd[1]: systemd {} running in system mode", d.systemd)),
        (1_902_230, "info", "systemd[1]: Detected virtualization kvm.".to_owned()),
        (1_902_251, "info", "systemd[1]: Detected architecture x86-64.".to_owned()),
        (1_915_004, "info", format!("systemd[1]: Set hostname to <{host}>.")),
        (
            2_771_908,
            "info",
            format!("EXT4-fs ({}): re-mounted. Opts: errors=remount-ro", root.trim_start_matches("/dev/")),
        ),
        (3_210_446, "info", "IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready".to_owned()),
    ]);
    out.sort_by_key(|line| line.0);
    out.into_iter().map(|(us, level, text)| (us, level.to_owned(), text)).collect()
}

fn sysctl(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    let a = c.args.clone();
    let all = c.host.sysctls(&on);
    c.see(ObservedKind::Host, on.clone(), service);
    if a.has("a") {
        for (key, value) in &all {
            c.line(&format!("{key} = {value}"));
        }
        return Step::Exit(0);
    }
    for word in &a.rest {
        match word.split_once('=') {
            Some((key, value)) => {
                let (host, key) = (on.clone(), key.trim().to_owned());
                let value = value.trim().to_owned();
                let effect = CapacityEffect::Sysctl { host, key: key.clone(), value: value.clone() };
                match c.apply(&Effect::Capacity(effect), "sysctl", &on) {
                    Ok(_) if a.has("q") => {}
                    Ok(_) => c.line(&format!("{key} = {value}")),
                    Err(why) if why.starts_with("setting") || why.starts_with("cannot") => c.error(&why),
                    Err(why) => c.error(&format!("permission denied on key \"{key}\": {why}")),
                }
            }
            None => match all.iter().find(|(k, _)| k == word) {
                Some((_, value)) if a.has("n") => c.line(value),
                Some((key, value)) => c.line(&format!("{key} = {value}")),
                None => {
                    let path = word.replace('.', "/");
                    c.error(&format!("cannot stat /proc/sys/{path}: No such file or directory"));
                }
            },
        }
    }
    Step::Exit(c.tool.status)
}

/// The process of an id, and the unit that it is the main process of.
fn process(c: &Ctx<'_>, pid: u32) -> Option<(Process, Option<UnitInfo>)> {
    let on = c.on();
    let p = c.host.processes(&on).into_iter().find(|p| p.pid == pid)?;
    Some((p, c.host.units(&on).into_iter().find(|u| u.pid == Some(pid))))
}

fn prlimit(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(Ok(pid)) = a.get("p").map(str::parse::<u32>) else {
        c.error("no or invalid --pid");
        return Step::Exit(1);
    };
    let (on, service) = (c.on(), c.service());
    let Some((_, unit)) = process(c, pid) else {
        c.error("failed to get the NOFILE resource limit: No such process");
        return Step::Exit(1);
    };
    let name = unit.map(|u| u.name);
    c.see(ObservedKind::Process, on.clone(), service);
    let mut set = false;
    for (option, what) in [("nofile", UnitLimit::Descriptors), ("nproc", UnitLimit::Threads)] {
        let Some(text) = a.get(option) else { continue };
        set = true;
        let value = match text.split(':').next().unwrap_or_default() {
            "unlimited" => None,
            n => match n.parse::<u64>() {
                Ok(n) => Some(n),
                Err(_) => {
                    c.error(&format!("failed to parse {} limit", option.to_uppercase()));
                    return Step::Exit(1);
                }
            },
        };
        let Some(unit) = name.clone() else {
            c.error("failed to set the resource limit: Operation not permitted");
            return Step::Exit(1);
        };
        let target = format!("{on}:{unit}");
        let effect = CapacityEffect::Limit { host: on.clone(), unit, what, value };
        if let Err(why) = c.apply(&Effect::Capacity(effect), "limit", &target) {
            c.error(&format!("failed to set the {} resource limit: {why}", option.to_uppercase()));
            return Step::Exit(1);
        }
    }
    if set {
        return Step::Exit(0);
    }
    let own = name.and_then(|n| c.host.unit_use(&on, &n));
    let limits = own.map(|u| u.limits).unwrap_or_default();
    let word = |n: Option<u64>, usual: &str| n.map_or(usual.to_owned(), |n| n.to_string());
    c.line(&format!("{:<10} {:<36} {:>9} {:>9} UNITS", "RESOURCE", "DESCRIPTION", "SOFT", "HARD"));
    let (files, threads) = (word(limits.descriptors, "1048576"), word(limits.threads, "unlimited"));
    c.line(&format!("{:<10} {:<36} {files:>9} {files:>9} files", "NOFILE", "max number of open files"));
    c.line(&format!("{:<10} {:<36} {threads:>9} {threads:>9} processes", "NPROC", "max number of processes"));
    Step::Exit(0)
}
