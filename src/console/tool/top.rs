//! top and htop: the processes of a host, refreshed.

use crate::console::process::Fd;
use crate::console::tool::machine::{Row, cpu, load_line, rows};
use crate::console::tool::{Ctx, Decl, Step, flag, value};
use crate::scenario::ObservedKind;

/// Rows of a screen.
const SCREEN_ROWS: usize = 24;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "top",
        synopsis: "[-b] [-n COUNT] [-d SECONDS] [-o FIELD] [-p PIDS] [-u USER] [-c] [-i]",
        about: "display Linux processes; keys: q ends, P M T N sort, 1 shows each core, c command lines, i idle ones, space refreshes",
        opts: &[
            flag("b", "batch", "batch mode: one display below the other"),
            value("n", "iterations", "COUNT", "end after COUNT displays"),
            value("d", "delay", "SECONDS", "seconds between displays (3)"),
            value("o", "sort", "FIELD", "sort by %CPU, %MEM, TIME+, PID or COMMAND"),
            value("p", "pid", "PIDS", "only these processes"),
            value("u", "user", "USER", "only this user's processes"),
            flag("c", "", "show command lines"),
            flag("i", "", "hide what is idle"),
            flag("1", "", "show each core"),
            value("w", "width", "COLUMNS", "accepted; lines are as long as they are"),
        ],
        missing: &["Keys that kill or renice (k, r) do nothing: use kill."],
        examples: &[(
            "top -b -n1 | head -n 1",
            "top - 12:18:00 up 21 days,  3:07,  1 user,  load average: 0.42, 0.38, 0.31\n",
        )],
        step: top,
        ..Decl::BLANK
    },
    Decl {
        name: "htop",
        synopsis: "[-u USER] [-d TENTHS] [-s COLUMN]",
        about: "interactive process viewer; keys: q or F10 ends, P M T sort, F5 draws the tree",
        opts: &[
            value("u", "user", "USER", "only this user's processes"),
            value("d", "delay", "TENTHS", "tenths of a second between displays (15)"),
            value("s", "sort-key", "COLUMN", "PERCENT_CPU, PERCENT_MEM, TIME or PID"),
            flag("C", "no-color", "accepted; there is no colour here"),
        ],
        missing: &["Colours, the mouse and the menus of function keys other than F5 and F10."],
        examples: &[("htop | head -n 1", "htop: standard output is not a terminal\n")],
        step: htop,
        ..Decl::BLANK
    },
];

/// Draws a display over the last one on a terminal, below it anywhere else. `tool.m` is how many lines the last one had
/// and where the terminal stood then.
fn draw(c: &mut Ctx<'_>, text: &str) {
    if c.p.fds.get(1) != Some(&Fd::Term) || c.args.has("b") {
        let gap = if c.tool.n > 0 { "\n" } else { "" };
        c.print(&format!("{gap}{text}"));
        return;
    }
    let id = c.p.terminal;
    let (lines, stood) = (c.tool.m >> 32, c.tool.m & 0xffff_ffff);
    if let Some(t) = c.con.terminal_mut(id)
        && c.tool.n > 0
        && t.printed & 0xffff_ffff == stood
    {
        t.take_back(lines);
    }
    let sources = c.p.sources.clone();
    c.con.show(id, text, &sources);
    let stands = c.con.terminal(id).map_or(0, |t| t.printed);
    c.tool.m = (text.lines().count() as u64) << 32 | stands & 0xffff_ffff;
}

/// What a key does to the way the table is shown: `tool.text` holds the sort key and switches.
fn press(c: &mut Ctx<'_>) -> Option<Step> {
    while let Some(key) = c.key() {
        let mut set = |letter: char| {
            c.tool.text.retain(|x| !"PMTN".contains(x));
            c.tool.text.push(letter);
        };
        match key.as_str() {
            "q" | "F10" => return Some(Step::Exit(0)),
            "P" | "M" | "T" | "N" => set(key.chars().next().unwrap_or('P')),
            "1" | "c" | "i" | "F5" => {
                let mark = if key == "F5" { 'f' } else { key.chars().next().unwrap_or('1') };
                match c.tool.text.find(mark) {
                    Some(_) => c.tool.text.retain(|x| x != mark),
                    None => c.tool.text.push(mark),
                }
            }
            _ => {}
        }
        c.tool.wake = None;
    }
    None
}

fn sort(all: &mut [Row], by: &str) {
    let key = |c: char| by.contains(c);
    all.sort_by(|x, y| {
        let order = if key('M') {
            y.rss.cmp(&x.rss)
        } else if key('T') {
            y.cpu_s.cmp(&x.cpu_s)
        } else if key('N') {
            y.pid.cmp(&x.pid)
        } else {
            y.now.total_cmp(&x.now)
        };
        order.then(x.pid.cmp(&y.pid))
    });
}

fn top(c: &mut Ctx<'_>) -> Step {
    let number = |c: &Ctx<'_>, key: &str| c.args.get(key).map(str::parse::<f64>);
    let limit = match number(c, "n") {
        None => u64::MAX,
        Some(Ok(n)) if n >= 1.0 => n as u64,
        Some(_) => {
            let text = c.args.get("n").unwrap_or_default().to_owned();
            c.error(&format!("bad iterations argument '{text}'"));
            return Step::Exit(1);
        }
    };
    let delay_ms = match number(c, "d") {
        None => 3_000,
        Some(Ok(d)) if d >= 0.0 => ((d * 1_000.0) as u64).max(1_000),
        Some(_) => {
            let text = c.args.get("d").unwrap_or_default().to_owned();
            c.error(&format!("bad delay interval '{text}'"));
            return Step::Exit(1);
        }
    };
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        let by = c.args.get("o").unwrap_or("%CPU").trim_start_matches(['+', '-']).to_owned();
        let letter = match by.as_str() {
            "%CPU" => "P",
            "%MEM" | "RES" => "M",
            "TIME+" | "TIME" => "T",
            "PID" => "N",
            "COMMAND" | "USER" => "P",
            _ => {
                c.error(&format!("unrecognized field name '{by}'"));
                return Step::Exit(1);
            }
        };
        letter.clone_into(&mut c.tool.text);
        for mark in ["1", "c", "i"] {
            if c.args.has(mark) {
                c.tool.text.push_str(mark);
            }
        }
    }
    if let Some(step) = press(c) {
        return step;
    }
    if c.tool.n >= limit {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let text = display(c, &on);
    draw(c, &text);
    c.tool.n += 1;
    if c.tool.n < limit {
        c.sleep_ms(delay_ms);
    }
    Step::More
}

fn display(c: &Ctx<'_>, on: &str) -> String {
    let keys = c.tool.text.clone();
    let mut all = rows(c);
    let m = c.host.memory(on);
    let state = |s: char| all.iter().filter(|r| r.stat.starts_with(s)).count();
    let mut out = format!("top - {}\n", load_line(c));
    let (running, stopped) = (state('R'), state('T'));
    out.push_str(&format!(
        "Tasks: {:>3} total, {running:>3} running, {:>3} sleeping, {stopped:>3} stopped, {:>3} zombie\n",
        all.len(),
        all.len() - running - stopped,
        state('Z')
    ));
    let machine = c.host.machine(on).unwrap_or_default();
    let x = cpu(&machine);
    let line = |name: &str, u: f64, s: f64, i: f64, w: f64| {
        format!("{name}: {u:>4.1} us, {s:>4.1} sy,  0.0 ni, {i:>4.1} id, {w:>4.1} wa,  0.0 hi,  0.0 si,  0.0 st\n")
    };
    if keys.contains('1') {
        for core in 0..c.host.cores(on) {
            out.push_str(&line(&format!("%Cpu{core:<3}"), x.user, x.system, x.idle, x.wait));
        }
    } else {
        out.push_str(&line("%Cpu(s)", x.user, x.system, x.idle, x.wait));
    }
    let mib = |b: u64| b as f64 / 1_048_576.0;
    let free = m.total.saturating_sub(m.used + m.cache);
    out.push_str(&format!(
        "MiB Mem : {:>8.1} total, {:>8.1} free, {:>8.1} used, {:>8.1} buff/cache\n",
        mib(m.total),
        mib(free),
        mib(m.used),
        mib(m.cache)
    ));
    out.push_str(&format!(
        "MiB Swap: {:>8.1} total, {:>8.1} free, {:>8.1} used. {:>8.1} avail Mem \n\n",
        0.0,
        0.0,
        0.0,
        mib(free + m.cache)
    ));
    out.push_str("    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n");
    let pids: Vec<&str> = c.args.get("p").map(|p| p.split(',').collect()).unwrap_or_default();
    let user = c.args.get("u");
    all.retain(|r| {
        (pids.is_empty() || pids.iter().any(|p| p.parse() == Ok(r.pid)))
            && user.is_none_or(|u| u == r.user)
            && !(keys.contains('i') && r.now < 0.05)
    });
    sort(&mut all, &keys);
    let shown = if c.args.has("b") { usize::MAX } else { SCREEN_ROWS - 7 };
    for r in all.iter().take(shown) {
        out.push_str(&row(r, m.total, keys.contains('c')));
    }
    out
}

/// Kibibytes as `top` fits them into a column.
fn fit(bytes: u64, width: usize) -> String {
    let k = bytes / 1024;
    let text = k.to_string();
    if text.len() <= width { text } else { format!("{:.1}g", k as f64 / 1_048_576.0) }
}

fn row(r: &Row, total: u64, whole: bool) -> String {
    let name = if whole { r.command.as_str() } else { r.name() };
    let user: String = r.user.chars().take(8).collect();
    format!(
        "{:>7} {user:<8}  20   0 {:>7} {:>6} {:>6} {} {:>5.1} {:>5.1} {:>9} {name}\n",
        r.pid,
        fit(r.vsz, 7),
        fit(r.rss, 6),
        fit(r.rss / 4, 6),
        r.stat.chars().next().unwrap_or('S'),
        r.now,
        r.rss as f64 * 100.0 / total.max(1) as f64,
        format!("{}:{:02}.{:02}", r.cpu_s / 60, r.cpu_s % 60, (u64::from(r.pid) * 7 + r.cpu_s * 13) % 100),
    )
}

fn htop(c: &mut Ctx<'_>) -> Step {
    if c.p.fds.get(1) != Some(&Fd::Term) {
        c.error("standard output is not a terminal");
        return Step::Exit(1);
    }
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        let letter = match c.args.get("s").unwrap_or("PERCENT_CPU") {
            "PERCENT_CPU" => "P",
            "PERCENT_MEM" | "M_RESIDENT" => "M",
            "TIME" => "T",
            "PID" => "N",
            other => {
                let text = format!("Error: invalid column \"{other}\".\n");
                c.p.err.push_str(&text);
                return Step::Exit(1);
            }
        };
        letter.clone_into(&mut c.tool.text);
    }
    if let Some(step) = press(c) {
        return step;
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let machine = c.host.machine(&on).unwrap_or_default();
    let x = cpu(&machine);
    let m = c.host.memory(&on);
    let bar = |share: f64| {
        let n = ((share * 24.0).round() as usize).min(24);
        format!("{}{}", "|".repeat(n), " ".repeat(24 - n))
    };
    let mut out = String::new();
    for core in 0..c.host.cores(&on) {
        let busy = x.user + x.system;
        out.push_str(&format!("{core:>3}[{}{:>5.1}%]\n", bar(busy / 100.0), busy));
    }
    let gib = |b: u64| format!("{:.2}G", b as f64 / (1u64 << 30) as f64);
    let share = m.used as f64 / m.total.max(1) as f64;
    out.push_str(&format!("Mem[{}{}/{}]\n", bar(share), gib(m.used), gib(m.total)));
    out.push_str(&format!("Swp[{}0K/0K]\n", bar(0.0)));
    let mut all = rows(c);
    let threads: u64 = all.iter().map(|r| r.threads - 1).sum();
    let running = all.iter().filter(|r| r.stat.starts_with('R')).count();
    let [a, b, e] = c.host.load(&on);
    out.push_str(&format!("Tasks: {}, {threads} thr; {running} running\n", all.len()));
    out.push_str(&format!("Load average: {a:.2} {b:.2} {e:.2}\n\n"));
    out.push_str("    PID USER      PRI  NI  VIRT   RES   SHR S  CPU% MEM%   TIME+  Command\n");
    let user = c.args.get("u").map(str::to_owned);
    all.retain(|r| user.as_ref().is_none_or(|u| *u == r.user));
    sort(&mut all, &c.tool.text);
    let brief = |bytes: u64| {
        if bytes >= 1 << 30 {
            format!("{:.1}G", bytes as f64 / (1u64 << 30) as f64)
        } else {
            format!("{}M", bytes >> 20)
        }
    };
    for r in all.iter().take(SCREEN_ROWS - 8) {
        let user: String = r.user.chars().take(9).collect();
        out.push_str(&format!(
            "{:>7} {user:<9}  20   0 {:>5} {:>5} {:>5} {} {:>5.1} {:>4.1} {:>8} {}\n",
            r.pid,
            brief(r.vsz),
            brief(r.rss),
            brief(r.rss / 4),
            r.stat.chars().next().unwrap_or('S'),
            r.now,
            r.rss as f64 * 100.0 / m.total.max(1) as f64,
            format!("{}:{:02}.{:02}", r.cpu_s / 60, r.cpu_s % 60, (u64::from(r.pid) * 7 + r.cpu_s * 13) % 100),
            r.command
        ));
    }
    out.push_str("F1Help F2Setup F3Search F5Tree F6SortBy F9Kill F10Quit\n");
    draw(c, &out);
    c.tool.n += 1;
    let tenths = c.args.get("d").and_then(|d| d.parse::<u64>().ok()).unwrap_or(15);
    c.sleep_ms((tenths * 100).max(1_000));
    Step::More
}
