//! vmstat, dmesg, sysctl, prlimit, lsof: what a kernel counts, says and allows.

use crate::console::host::{Process, UnitInfo};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{CapacityEffect, Effect, UnitLimit};

/// Descriptors that `lsof` lists at most.
const LSOF_MAX: u64 = 20_000;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "vmstat",
        synopsis: "[DELAY [COUNT]]",
        about: "report runnable threads, memory and processor time",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[(
            "vmstat",
            "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n 1  0      0 5242880      0 1048576    0    0     0     0  500 1000 21  4 75  0  0\n",
        )],
        step: vmstat,
        ..Decl::BLANK
    },
    Decl {
        name: "dmesg",
        synopsis: "[-T] [-l LEVEL]",
        about: "print the kernel's messages",
        opts: &[
            flag("T", "ctime", "human readable times"),
            value("l", "level", "LEVEL", "only messages of this level: err, warn, info"),
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
        synopsis: "-a | KEY | -w KEY=VALUE",
        about: "read or set kernel parameters",
        opts: &[flag("a", "all", "all parameters"), flag("w", "write", "set a parameter")],
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
    Decl {
        name: "lsof",
        synopsis: "-p PID",
        about: "list open files of a process",
        opts: &[value("p", "", "PID", "the process")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("lsof -p 99999 | wc -l", "0\n")],
        step: lsof,
        ..Decl::BLANK
    },
];

fn vmstat(c: &mut Ctx<'_>) -> Step {
    let number = |at: usize| c.args.at(at).map(str::parse::<u64>);
    let (delay, count) = match (number(0), number(1)) {
        (None, _) => (1, 1),
        (Some(Ok(d)), None) => (d.max(1), u64::MAX),
        (Some(Ok(d)), Some(Ok(n))) => (d.max(1), n),
        _ => {
            c.error("failed to parse argument");
            return Step::Exit(1);
        }
    };
    if c.tool.n >= count {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let Some(m) = c.host.machine(&on) else { return Step::Exit(1) };
    if c.tool.n == 0 {
        c.line("procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----");
        c.line(" r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st");
    }
    let free = m.memory.saturating_sub(m.memory_used + m.cache) >> 10;
    let busy = (m.busy / m.cores.max(1.0) * 100.0).clamp(0.0, 100.0);
    // About a sixth of what a server computes is the kernel's.
    let sys = busy / 6.0;
    let idle = 100.0 - busy;
    let wait = (m.blocked / m.cores.max(1.0) * 100.0).min(idle);
    let [user, sys, wait] = [busy - sys, sys, wait].map(|x| x.round() as u64);
    c.line(&format!(
        "{:>2} {:>2} {:>6} {:>6} {:>6} {:>6} {:>4} {:>4} {:>5} {:>5} {:>4} {:>4} {user:>2} {sys:>2} {:>2} {wait:>2} {:>2}",
        m.runnable.round() as u64,
        m.blocked.round() as u64,
        0,
        free,
        0,
        m.cache >> 10,
        0,
        0,
        0,
        0,
        500 + m.established * 2,
        1_000 + m.established * 4,
        100u64.saturating_sub(user + sys + wait),
        0
    ));
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    Step::More
}

fn dmesg(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    let level = c.args.get("l").map(str::to_owned);
    let lines = c.host.kernel_log(&on);
    if !lines.is_empty() {
        c.see(ObservedKind::Log, format!("{on}:kernel"), service);
    }
    let boot = c.host.utc().0 - i64::try_from(c.host.uptime_s(&on)).unwrap_or(0);
    for l in lines.iter().filter(|l| level.as_ref().is_none_or(|w| *w == l.level)) {
        let when = if c.args.has("T") {
            let d = l.at.civil();
            format!("{} {} {:>2} {} {}", l.at.day_name(), l.at.month_name(), d.day, l.at.hms(), d.year)
        } else {
            format!("{:>5}.{:06}", l.at.0 - boot, (l.at.0 * 7_919).rem_euclid(1_000_000))
        };
        c.line(&format!("[{when}] {}", l.text));
    }
    Step::Exit(0)
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
                    Ok(_) => c.line(&format!("{key} = {value}")),
                    Err(why) if why.starts_with("setting") || why.starts_with("cannot") => c.error(&why),
                    Err(why) => c.error(&format!("permission denied on key \"{key}\": {why}")),
                }
            }
            None => match all.iter().find(|(k, _)| k == word) {
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

fn lsof(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(Ok(pid)) = a.get("p").map(str::parse::<u32>) else {
        c.error("only `lsof -p PID' is available in this shell");
        return Step::Exit(1);
    };
    let Some((p, unit)) = process(c, pid) else { return Step::Exit(1) };
    let (on, service) = (c.on(), c.service());
    let open = unit.and_then(|u| c.host.unit_use(&on, &u.name)).map_or(8, |u| u.descriptors);
    c.see(ObservedKind::Process, on.clone(), service);
    let command = p.command.split_whitespace().next().unwrap_or_default();
    let command = command.rsplit('/').next().unwrap_or(command).chars().take(9).collect::<String>();
    c.line("COMMAND     PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME");
    for n in 0..open.min(LSOF_MAX) {
        let (kind, name) = match n {
            0..=2 => ("CHR", "/dev/null".to_owned()),
            3..=12 => ("REG", format!("/usr/lib/x86_64-linux-gnu/lib{n}.so")),
            13..=39 => ("a_inode", "[eventpoll]".to_owned()),
            n => ("IPv4", format!("{on}:https->198.51.100.{}:{} (ESTABLISHED)", n % 254 + 1, 32_768 + n % 28_000)),
        };
        c.line(&format!(
            "{command:<9} {pid:>5} {:>8} {n:>4}u {kind:>6}    0,0      0t0 {:>4} {name}",
            p.user,
            4_000 + n
        ));
    }
    Step::Exit(0)
}
