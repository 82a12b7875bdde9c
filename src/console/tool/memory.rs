//! free, vmstat, uptime, w, who, last: memory, load, and who is here.

use crate::console::host::Disk;
use crate::console::text_format::short;
use crate::console::tool::machine::{
    cpu, cpu_since_boot, every, load_line, logins, switches, unwanted_first, written_since_boot,
};
use crate::console::tool::{Ctx, Decl, Step, flag, value};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "free",
        synopsis: "[-b | -k | -m | -g | -h] [-w] [-t] [-s SECONDS] [-c COUNT] [--si]",
        about: "display amount of free and used memory",
        opts: &[
            flag("b", "bytes", "in bytes"),
            flag("k", "kibi", "in kibibytes (the default)"),
            flag("m", "mebi", "in mebibytes"),
            flag("g", "gibi", "in gibibytes"),
            flag("h", "human", "human readable"),
            flag("", "si", "powers of 1000"),
            flag("w", "wide", "buffers and cache apart"),
            flag("t", "total", "a line with totals"),
            value("s", "seconds", "SECONDS", "again each SECONDS"),
            value("c", "count", "COUNT", "so many times, then end"),
        ],
        examples: &[(
            "free -m",
            "               total        used        free      shared  buff/cache   available\nMem:            8192        2048        5120           0        1024        6144\nSwap:              0           0           0\n",
        )],
        step: free,
        ..Decl::BLANK
    },
    Decl {
        name: "vmstat",
        synopsis: "[-t] [-w] [-S UNIT] [DELAY [COUNT]]",
        about: "report runnable threads, memory, disks and processor time",
        opts: &[
            flag("t", "timestamp", "the time at the end of each line"),
            flag("w", "wide", "wide columns for memory"),
            flag("n", "one-header", "accepted; the header is printed once"),
            flag("y", "no-first", "leave out the first report, which is of the time since boot"),
            value("S", "unit", "UNIT", "memory in k, K, m or M"),
        ],
        examples: &[(
            "vmstat",
            "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n 1  0      0 5242880  65536 983040    0    0     0     5  500 1800 21  4 75  0  0\n",
        )],
        step: vmstat,
        ..Decl::BLANK
    },
    Decl {
        name: "uptime",
        synopsis: "[-p | -s]",
        about: "tell how long the system has been running",
        opts: &[flag("p", "pretty", "in words"), flag("s", "since", "since when")],
        examples: &[
            ("uptime", " 12:18:00 up 21 days,  3:07,  1 user,  load average: 0.42, 0.38, 0.31\n"),
            ("uptime -p", "up 3 weeks, 3 hours, 7 minutes\n"),
            ("uptime -s", "2023-06-29 09:11:00\n"),
        ],
        step: uptime,
        ..Decl::BLANK
    },
    Decl {
        name: "w",
        synopsis: "[-h] [-s]",
        about: "show who is logged on and what they are doing",
        opts: &[flag("h", "no-header", "no header"), flag("s", "short", "without times")],
        missing: &["Idle times: whoever is logged in is at the keyboard."],
        examples: &[("w -h", "primary  pts/0    -                12:18    0.00s  0.00s  0.00s w -h\n")],
        step: w,
        ..Decl::BLANK
    },
    Decl {
        name: "who",
        synopsis: "[-b] [-q] [-H] [am i]",
        about: "show who is logged on",
        opts: &[
            flag("b", "boot", "when the machine booted"),
            flag("q", "count", "names and how many"),
            flag("H", "heading", "a line of titles"),
        ],
        examples: &[("who", "primary  pts/0        2023-07-20 12:18\n"), ("who -q", "primary\n# users=1\n")],
        step: who,
        ..Decl::BLANK
    },
    Decl {
        name: "last",
        synopsis: "[-n COUNT]",
        about: "show logins and boots, newest first",
        opts: &[value("n", "limit", "COUNT", "so many lines"), flag("F", "fulltimes", "whole times")],
        missing: &["Logins before the session began."],
        examples: &[(
            "last -n 1",
            "primary  pts/0                         Thu Jul 20 12:18   still logged in\n\nwtmp begins Thu Jun 29 09:11:00 2023\n",
        )],
        step: last,
        ..Decl::BLANK
    },
];

fn free(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let number = |key: &str| a.get(key).map(|t| (t.to_owned(), t.parse::<f64>()));
    let (again, count) = match (number("s"), number("c")) {
        (Some((t, Err(_))), _) => {
            c.error(&format!("seconds argument `{t}' failed"));
            return Step::Exit(1);
        }
        (_, Some((t, Err(_)))) => {
            c.error(&format!("failed to parse count argument: '{t}'"));
            return Step::Exit(1);
        }
        (None, None) => (1.0, 1),
        (s, n) => (s.and_then(|s| s.1.ok()).unwrap_or(1.0), n.and_then(|n| n.1.ok()).map_or(u64::MAX, |n| n as u64)),
    };
    if c.tool.n >= count {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let m = c.host.memory(&on);
    let unused = m.total.saturating_sub(m.used + m.cache);
    let base: u64 = if a.has("si") { 1_000 } else { 1_024 };
    let f = |b: u64| {
        if a.has("h") {
            short(b, "i")
        } else if a.has("b") {
            b.to_string()
        } else if a.has("m") {
            (b / base / base).to_string()
        } else if a.has("g") {
            (b / base / base / base).to_string()
        } else {
            (b / base).to_string()
        }
    };
    if c.tool.n > 0 {
        c.line("");
    }
    let wide = a.has("w");
    let cache = if wide { "     buffers       cache" } else { "  buff/cache" };
    c.line(&format!("               total        used        free      shared{cache}   available"));
    // A part of what the kernel keeps is of block devices.
    let buffers = m.cache / 16;
    let kept =
        if wide { format!("{:>12}{:>12}", f(buffers), f(m.cache - buffers)) } else { format!("{:>12}", f(m.cache)) };
    let (total, used) = (f(m.total), f(m.used));
    c.line(&format!("Mem:    {total:>12}{used:>12}{:>12}{:>12}{kept}{:>12}", f(unused), f(0), f(unused + m.cache)));
    c.line(&format!("Swap:   {:>12}{:>12}{:>12}", f(0), f(0), f(0)));
    if a.has("t") {
        c.line(&format!("Total:  {total:>12}{used:>12}{:>12}", f(unused)));
    }
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(((again * 1_000.0) as u64).max(1_000));
    }
    Step::More
}

fn vmstat(c: &mut Ctx<'_>) -> Step {
    let Some((delay, count)) = every(c, 1) else {
        c.error("failed to parse argument");
        return Step::Exit(1);
    };
    let shift = match c.args.get("S") {
        None | Some("K" | "k") => 10,
        Some("M" | "m") => 20,
        Some(_) => {
            c.error("-S requires k, K, m or M (default is KiB)");
            return Step::Exit(1);
        }
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
    c.see(ObservedKind::Process, on.clone(), service);
    let Some(m) = c.host.machine(&on) else { return Step::Exit(1) };
    let (wide, stamp) = (c.args.has("w"), c.args.has("t"));
    if c.tool.n == 0 {
        let (mut top, mut names) = if wide {
            (
                "--procs-- -----------------------memory---------------------- ---swap-- -----io---- -system-- --------cpu--------".to_owned(),
                "   r    b         swpd         free         buff        cache   si   so    bi    bo   in   cs  us  sy  id  wa  st".to_owned(),
            )
        } else {
            (
                "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----".to_owned(),
                " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st".to_owned(),
            )
        };
        if stamp {
            top.push_str(" -----timestamp-----");
            names.push_str("                 UTC");
        }
        c.line(&top);
        c.line(&names);
    }
    let memory = c.host.memory(&on);
    let free = memory.total.saturating_sub(memory.used + memory.cache) >> shift;
    let first = c.tool.n == 0 && c.tool.phase == 0;
    let x = if first { cpu_since_boot(c, &m) } else { cpu(&m) };
    let [user, sys, wait] = [x.user, x.system, x.wait].map(|x| x.round() as u64);
    let idle = 100u64.saturating_sub(user + sys + wait);
    let rate = |d: &Disk| if first { written_since_boot(c, d) } else { d.write_bytes_s };
    let written: f64 = c.host.disks(&on).iter().map(rate).sum();
    let out = (written / 1024.0).round() as u64;
    let (interrupts, contexts) = switches(&m);
    let (run, blocked) = (m.runnable.round() as u64, m.blocked.round() as u64);
    let buffers = memory.buffers() >> shift;
    let cache = (memory.cache - memory.buffers()) >> shift;
    let mut line = if wide {
        format!(
            "{run:>4} {blocked:>4} {:>12} {free:>12} {buffers:>12} {cache:>12} {:>4} {:>4} {:>5} {out:>5} {interrupts:>4} {contexts:>4} {user:>3} {sys:>3} {idle:>3} {wait:>3} {:>3}",
            0, 0, 0, 0, 0
        )
    } else {
        format!(
            "{run:>2} {blocked:>2} {:>6} {free:>6} {buffers:>6} {cache:>6} {:>4} {:>4} {:>5} {out:>5} {interrupts:>4} {contexts:>4} {user:>2} {sys:>2} {idle:>2} {wait:>2} {:>2}",
            0, 0, 0, 0, 0
        )
    };
    if stamp {
        line.push_str(&format!(" {}", c.host.utc().iso().replace('T', " ").trim_end_matches('Z')));
    }
    c.line(&line);
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    Step::More
}

fn boot(c: &Ctx<'_>) -> crate::stdx::time::Utc {
    let up = i64::try_from(c.host.uptime_s(&c.p.host)).unwrap_or(0);
    c.host.utc().plus(-up)
}

fn uptime(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    if c.args.has("s") {
        let since = boot(c).iso().replace('T', " ");
        c.line(since.trim_end_matches('Z'));
        return Step::Exit(0);
    }
    if c.args.has("p") {
        let up = c.host.uptime_s(&on) / 60;
        let parts = [
            (up / 10_080 / 52, "year"),
            (up / 10_080 % 52, "week"),
            (up / 1_440 % 7, "day"),
            (up / 60 % 24, "hour"),
            (up % 60, "minute"),
        ];
        let words =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, w)| format!("{n} {w}{}", if *n == 1 { "" } else { "s" }));
        let text = words.collect::<Vec<_>>().join(", ");
        c.line(&format!("up {}", if text.is_empty() { "0 minutes" } else { &text }));
        return Step::Exit(0);
    }
    let line = load_line(c);
    c.line(&format!(" {line}"));
    Step::Exit(0)
}

fn w(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    if !c.args.has("h") {
        let line = load_line(c);
        c.line(&format!(" {line}"));
        c.line(if c.args.has("s") {
            "USER     TTY      FROM               IDLE WHAT"
        } else {
            "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT"
        });
    }
    for l in logins(c) {
        let since = l.since.hms();
        let clock = since.get(..5).unwrap_or_default();
        let from = if l.from.is_empty() { "-" } else { &l.from };
        let (user, tty) = (&l.user, format!("pts/{}", l.terminal.saturating_sub(1)));
        let line = if c.args.has("s") {
            format!("{user:<8} {tty:<8} {from:<16} 0.00s  {}", l.what)
        } else {
            format!("{user:<8} {tty:<8} {from:<16} {clock:<7}  0.00s  0.00s  0.00s {}", l.what)
        };
        c.line(&line);
    }
    Step::Exit(0)
}

fn who(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    let minute = |t: crate::stdx::time::Utc| t.iso().replace('T', " ").get(..16).unwrap_or_default().to_owned();
    let all = logins(c);
    if c.args.has("q") {
        let names: Vec<&str> = all.iter().map(|l| l.user.as_str()).collect();
        c.line(&names.join(" "));
        c.line(&format!("# users={}", names.len()));
        return Step::Exit(0);
    }
    if c.args.has("H") {
        c.line("NAME     LINE         TIME             COMMENT");
    }
    if c.args.has("b") {
        let at = minute(boot(c));
        c.line(&format!("         system boot  {at}"));
        return Step::Exit(0);
    }
    let mine = !c.args.rest.is_empty();
    let own = c.p.terminal;
    for l in all.iter().filter(|l| !mine || l.terminal == own) {
        let from = if l.from.is_empty() { String::new() } else { format!(" ({})", l.from) };
        c.line(&format!(
            "{:<8} {:<12} {}{from}",
            l.user,
            format!("pts/{}", l.terminal.saturating_sub(1)),
            minute(l.since)
        ));
    }
    Step::Exit(0)
}

fn last(c: &mut Ctx<'_>) -> Step {
    let limit = match c.args.get("n").map(str::parse::<usize>) {
        None => usize::MAX,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            c.error("failed to parse number");
            return Step::Exit(1);
        }
    };
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    let at = |t: crate::stdx::time::Utc| {
        format!("{} {} {:>2} {}", t.day_name(), t.month_name(), t.civil().day, t.hms().get(..5).unwrap_or_default())
    };
    let booted = boot(c);
    let mut lines: Vec<String> = logins(c)
        .iter()
        .map(|l| {
            let tty = format!("pts/{}", l.terminal.saturating_sub(1));
            format!("{:<8} {tty:<12} {:<16} {}   still logged in", l.user, l.from, at(l.since))
        })
        .collect();
    let kernel = crate::console::tool::machine::kernel(c);
    lines.push(format!("reboot   system boot  {kernel:<16} {}   still running", at(booted)));
    for line in lines.iter().take(limit) {
        c.line(line);
    }
    let d = booted.civil();
    c.line(&format!(
        "\nwtmp begins {} {} {:>2} {} {}",
        booted.day_name(),
        booted.month_name(),
        d.day,
        booted.hms(),
        d.year
    ));
    Step::Exit(0)
}
