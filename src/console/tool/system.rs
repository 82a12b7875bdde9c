//! ps, top, free, uptime, systemctl: what runs on a host.

use crate::console::host::{Caller, JobState, LogScope, NameKind, UnitInfo, UnitState};
use crate::console::text_format::{ended, short, spent};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, Effect, UnitVerb};
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ps",
        synopsis: "aux | -ef",
        about: "report a snapshot of the current processes",
        opts: &[flag("e", "", "all processes"), flag("f", "", "full format")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("ps aux | grep sshd | awk '{print $1, $2}'", "root 300\n")],
        step: ps,
        ..Decl::BLANK
    },
    Decl {
        name: "top",
        synopsis: "[-b] [-n COUNT]",
        about: "display Linux processes; `q` or Ctrl-C ends it",
        opts: &[flag("b", "", "batch mode"), value("n", "", "COUNT", "end after COUNT displays")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[(
            "top -b -n1 | head -n 1",
            "top - 12:18:00 up 21 days,  3:07,  1 user,  load average: 0.42, 0.38, 0.31\n",
        )],
        step: top,
        ..Decl::BLANK
    },
    Decl {
        name: "free",
        synopsis: "[-hm]",
        about: "display amount of free and used memory",
        opts: &[flag("h", "human", "human readable"), flag("m", "mebi", "in mebibytes")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[(
            "free -m",
            "               total        used        free      shared  buff/cache   available\nMem:            8192        2048        5120           0        1024        6144\nSwap:              0           0           0\n",
        )],
        step: free,
        ..Decl::BLANK
    },
    Decl {
        name: "uptime",
        synopsis: "",
        about: "tell how long the system has been running",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("uptime", " 12:18:00 up 21 days,  3:07,  1 user,  load average: 0.42, 0.38, 0.31\n")],
        step: uptime,
        ..Decl::BLANK
    },
    Decl {
        name: "systemctl",
        synopsis: "status|start|stop|restart|is-active UNIT | list-units | --failed",
        about: "control the systemd system and service manager",
        opts: &[
            flag("", "failed", "list only failed units"),
            flag("", "no-pager", "do not pipe output into a pager (there is none here)"),
        ],
        subs: &["status", "start", "stop", "restart", "is-active", "list-units"],
        operand: Operand::Name(NameKind::Unit),
        style: Style::Gnu,
        examples: &[
            ("systemctl is-active ssh", "active\n"),
            ("systemctl restart nope", "Failed to restart nope.service: Unit nope.service not found.\n"),
            ("ssh web-01 systemctl restart nginx; ssh web-01 systemctl is-active nginx", "active\n"),
        ],
        step: systemctl,
        ..Decl::BLANK
    },
];

fn ps(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let aux = matches!(a.at(0), Some("aux" | "ax" | "auxf"));
    if !aux && a.at(0).is_some() {
        c.p.err.push_str("error: only `ps aux' and `ps -ef' are available in this shell\n");
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    let all = c.host.processes(&on);
    let total = c.host.memory(&on).total.max(1);
    c.see(ObservedKind::Process, on.clone(), service);
    let time = |s: u64| format!("{}:{:02}", s / 60, s % 60);
    let long = |s: u64| {
        let days = if s < 86_400 { String::new() } else { format!("{}-", s / 86_400) };
        format!("{days}{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60)
    };
    let own: Vec<(u32, u32, String, String)> = c
        .con
        .procs
        .values()
        .filter(|q| q.host == on && q.terminal == c.p.terminal)
        .map(|q| (q.pid, q.ppid, q.user.clone(), q.command.clone()))
        .chain(std::iter::once((c.p.pid, c.p.ppid, c.p.user.clone(), c.p.command.clone())))
        .collect();
    let now = c.host.utc();
    // As `ps` has it: the time within a day, the date after that.
    let clock = |t: Utc| {
        if now.0 - t.0 < 86_400 {
            t.hms().get(..5).unwrap_or_default().to_owned()
        } else if now.civil().year == t.civil().year {
            format!("{}{:02}", t.month_name(), t.civil().day)
        } else {
            t.civil().year.to_string()
        }
    };
    // Its share over its whole life, not of this second: that is `top`.
    let share = |q: &crate::console::host::Process| {
        let age = now.0 - q.started.0;
        if age < 60 { q.cpu_percent } else { q.cpu_s as f64 * 100.0 / age as f64 }
    };
    if aux {
        c.line("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND");
        for q in &all {
            c.line(&format!(
                "{:<8} {:>7} {:>4.1} {:>4.1} {:>6} {:>5} ?        {:<4} {:<5} {:>6} {}",
                q.user,
                q.pid,
                share(q),
                q.memory as f64 * 100.0 / total as f64,
                q.memory / 512,
                q.memory / 1024,
                q.state,
                clock(q.started),
                time(q.cpu_s),
                q.command
            ));
        }
        for (pid, _, user, command) in own {
            c.line(&format!(
                "{user:<8} {pid:>7}  0.0  0.0   8240  4100 pts/0    S    {:<5}   0:00 {command}",
                clock(now)
            ));
        }
    } else if a.has("e") {
        c.line("UID          PID    PPID  C STIME TTY          TIME CMD");
        for q in &all {
            let t = q.cpu_s;
            c.line(&format!(
                "{:<8} {:>7} {:>7} {:>2} {:<5} ?        {} {}",
                q.user,
                q.pid,
                q.ppid,
                share(q) as u64,
                clock(q.started),
                long(t),
                q.command
            ));
        }
        for (pid, ppid, user, command) in own {
            c.line(&format!("{user:<8} {pid:>7} {ppid:>7}  0 {:<5} pts/0    00:00:00 {command}", clock(now)));
        }
    } else {
        c.line("    PID TTY          TIME CMD");
        for (pid, _, _, command) in own {
            let name = command.split_whitespace().next().unwrap_or_default();
            c.line(&format!("{pid:>7} pts/0    00:00:00 {name}"));
        }
    }
    Step::Exit(0)
}

fn load_line(c: &Ctx<'_>) -> String {
    let up = c.host.uptime_s(&c.p.host);
    let (d, h, m) = (up / 86_400, up / 3600 % 24, up / 60 % 60);
    let days = match d {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        d => format!("{d} days, "),
    };
    let [a, b, e] = c.host.load(&c.p.host);
    format!("{} up {days}{h:>2}:{m:02},  1 user,  load average: {a:.2}, {b:.2}, {e:.2}", c.host.utc().hms())
}

fn uptime(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    let line = load_line(c);
    c.line(&format!(" {line}"));
    Step::Exit(0)
}

fn top(c: &mut Ctx<'_>) -> Step {
    let limit = match c.args.get("n").map(str::parse::<u64>) {
        None => u64::MAX,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            c.error("bad iterations argument");
            return Step::Exit(1);
        }
    };
    while let Some(key) = c.key() {
        if key == "q" {
            return Step::Exit(0);
        }
    }
    if c.tool.n >= limit {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let mut all = c.host.processes(&on);
    all.sort_by(|x, y| y.cpu_percent.total_cmp(&x.cpu_percent).then(x.pid.cmp(&y.pid)));
    let m = c.host.memory(&on);
    let mib = |b: u64| b as f64 / 1_048_576.0;
    let line = load_line(c);
    c.line(&format!("top - {line}"));
    c.line(&format!("Tasks: {:>3} total", all.len()));
    c.line(&format!(
        "MiB Mem : {:>8.1} total, {:>8.1} free, {:>8.1} used, {:>8.1} buff/cache",
        mib(m.total),
        mib(m.total.saturating_sub(m.used + m.cache)),
        mib(m.used),
        mib(m.cache)
    ));
    c.print("\n    PID USER     S  %CPU  %MEM     TIME+ COMMAND\n");
    for q in all.iter().take(20) {
        let name = q.command.split_whitespace().next().unwrap_or_default();
        c.line(&format!(
            "{:>7} {:<8} {} {:>5.1} {:>5.1} {:>9} {}",
            q.pid,
            q.user,
            q.state,
            q.cpu_percent,
            q.memory as f64 * 100.0 / m.total.max(1) as f64,
            format!("{}:{:02}.{:02}", q.cpu_s / 60, q.cpu_s % 60, (u64::from(q.pid) * 7 + q.cpu_s * 13) % 100),
            name.rsplit('/').next().unwrap_or(name)
        ));
    }
    c.tool.n += 1;
    if c.tool.n < limit {
        c.line("");
        c.sleep_ms(3000);
    }
    Step::More
}

fn free(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let m = c.host.memory(&on);
    let unused = m.total.saturating_sub(m.used + m.cache);
    let human = c.args.has("h");
    let mib = c.args.has("m");
    let f = |b: u64| {
        if human {
            short(b, "i")
        } else if mib {
            (b >> 20).to_string()
        } else {
            (b >> 10).to_string()
        }
    };
    c.line("               total        used        free      shared  buff/cache   available");
    c.line(&format!(
        "Mem:    {:>12}{:>12}{:>12}{:>12}{:>12}{:>12}",
        f(m.total),
        f(m.used),
        f(unused),
        f(0),
        f(m.cache),
        f(unused + m.cache)
    ));
    c.line(&format!("Swap:   {:>12}{:>12}{:>12}", f(0), f(0), f(0)));
    Step::Exit(0)
}

fn words(s: UnitState) -> (&'static str, &'static str, &'static str) {
    match s {
        UnitState::Active => ("active", "running", "active (running)"),
        UnitState::Activating => ("activating", "start", "activating (start)"),
        UnitState::Inactive => ("inactive", "dead", "inactive (dead)"),
        UnitState::Failed => ("failed", "failed", "failed (Result: exit-code)"),
    }
}

fn ago(seconds: i64) -> String {
    let s = seconds.max(0);
    match (s / 86_400, s / 3600 % 24, s / 60 % 60, s % 60) {
        (0, 0, 0, s) => format!("{s}s ago"),
        (0, 0, m, s) => format!("{m}min {s}s ago"),
        (0, h, m, _) => format!("{h}h {m}min ago"),
        (d, h, _, _) => format!("{d} days {h}h ago"),
    }
}

fn systemctl(c: &mut Ctx<'_>) -> Step {
    if let Some(job) = c.tool.job {
        let (on, unit) = (c.on(), c.args.at(1).unwrap_or_default().trim_end_matches(".service").to_owned());
        let failed = |u: &UnitInfo| u.name == unit && u.state == UnitState::Failed;
        if c.host.job(job) == JobState::Done && c.host.units(&on).iter().any(failed) {
            c.p.err.push_str(&format!(
                "Job for {unit}.service failed because the control process exited with error code.\nSee \"systemctl status {unit}.service\" and \"journalctl -u {unit}\" for details.\n"
            ));
            return Step::Exit(1);
        }
        return wait_job(c);
    }
    let a = c.args.clone();
    let (on, service) = (c.on(), c.service());
    let units = c.host.units(&on);
    let Some(verb) = a.at(0).filter(|v| *v != "list-units") else {
        c.see(ObservedKind::Process, on, service);
        let failed = a.has("failed");
        let rows: Vec<&UnitInfo> = units.iter().filter(|u| !failed || u.state == UnitState::Failed).collect();
        let width = rows.iter().map(|u| u.name.len() + 8).max().unwrap_or(4);
        c.line(&format!("  {:<width$} LOAD   ACTIVE     SUB     DESCRIPTION", "UNIT"));
        for u in &rows {
            let (active, sub, _) = words(u.state);
            let dot = if u.state == UnitState::Failed { "●" } else { " " };
            let unit = format!("{}.service", u.name);
            c.line(&format!("{dot} {unit:<width$} loaded {active:<10} {sub:<7} {}", u.description));
        }
        c.line(&format!("{} loaded units listed.", rows.len()));
        return Step::Exit(0);
    };
    let action = match verb {
        "start" => Some(UnitVerb::Start),
        "stop" => Some(UnitVerb::Stop),
        "restart" => Some(UnitVerb::Restart),
        "status" | "is-active" => None,
        other => {
            c.p.err.push_str(&format!("Unknown command verb '{other}', or it is not available in this shell.\n"));
            return Step::Exit(1);
        }
    };
    if a.rest.len() != 2 {
        let why =
            if a.rest.len() < 2 { "Too few arguments." } else { "One unit at a time is available in this shell." };
        c.p.err.push_str(&format!("{why}\n"));
        return Step::Exit(1);
    }
    let name = a.at(1).unwrap_or_default().trim_end_matches(".service").to_owned();
    let target = format!("{on}:{name}");
    let Some(unit) = units.into_iter().find(|u| u.name == name) else {
        if verb == "is-active" {
            c.line("inactive");
            return Step::Exit(4);
        }
        if action.is_some() {
            c.refuse(verb, &target, &format!("Unit {name}.service not found."));
            c.p.err.push_str(&format!("Failed to {verb} {name}.service: Unit {name}.service not found.\n"));
            return Step::Exit(5);
        }
        c.p.err.push_str(&format!("Unit {name}.service could not be found.\n"));
        return Step::Exit(4);
    };
    c.see(ObservedKind::Process, target.clone(), unit.service.clone().or(service));
    let Some(action) = action else {
        let (active, _, long) = words(unit.state);
        if verb == "is-active" {
            c.line(active);
            return Step::Exit(if unit.state == UnitState::Active { 0 } else { 3 });
        }
        let dot = if unit.state == UnitState::Failed { "×" } else { "●" };
        let since = unit.since.iso().replace('T', " ").replace('Z', " UTC");
        let gone = c.host.utc().0 - unit.since.0;
        c.line(&format!("{dot} {name}.service - {}", unit.description));
        c.line(&format!("     Loaded: loaded (/lib/systemd/system/{name}.service; enabled)"));
        let long =
            if unit.state == UnitState::Failed { format!("failed (Result: {})", unit.result) } else { long.into() };
        c.line(&format!("     Active: {long} since {} {since}; {}", unit.since.day_name(), ago(gone)));
        let program = unit.exec.split_whitespace().next().unwrap_or_default();
        if unit.state == UnitState::Failed {
            let (pid, how) = (unit.last_pid, ended(&unit.result));
            c.line(&format!("    Process: {pid} ExecStart={} ({how})", unit.exec));
            c.line(&format!("   Main PID: {pid} ({how})"));
        }
        if let Some(pid) = unit.pid {
            c.line(&format!("   Main PID: {pid} ({})", program.rsplit('/').next().unwrap_or(program)));
            c.line(&format!("     Memory: {}", short(unit.memory, "")));
            c.line(&format!("        CPU: {}", spent(unit.cpu_s)));
            c.line(&format!("     CGroup: /system.slice/{name}.service\n             └─{pid} {}", unit.exec));
        }
        let scope = LogScope::Unit(on.clone(), name.clone());
        let logs = c.host.logs(&scope, Utc(i64::MIN / 2), 5).unwrap_or_default();
        if !logs.is_empty() {
            c.see(ObservedKind::Log, target, unit.service);
            c.line("");
        }
        for l in logs {
            c.line(&l.journal(&on));
        }
        return Step::Exit(if unit.state == UnitState::Active { 0 } else { 3 });
    };
    let who: Caller = c.caller();
    // The policy of these hosts lets those who hold sudo manage units without typing it.
    if who.user != "root" && !c.host.may(&who, &format!("sudo:{on}")) {
        c.refuse(verb, &target, "Access denied");
        c.p.err.push_str(&format!(
            "Failed to {verb} {name}.service: Access denied\nSee system logs and 'systemctl status {name}.service' for details.\n"
        ));
        return Step::Exit(4);
    }
    match c.apply(&Effect::Unit { host: on, unit: name.clone(), verb: action }, verb, &target) {
        Ok(Applied::Now) => Step::Exit(0),
        // The real tool says nothing while it waits, and nothing when all is well.
        Ok(Applied::Job { job, .. }) => begin_job(c, job, "", ""),
        Err(why) => {
            c.p.err.push_str(&format!("Failed to {verb} {name}.service: {why}\n"));
            Step::Exit(1)
        }
    }
}

/// Says what runs, and waits for it; without a name it waits in silence.
pub(crate) fn begin_job(c: &mut Ctx<'_>, job: u32, what: &str, announcement: &str) -> Step {
    c.tool.job = Some(job);
    what.clone_into(&mut c.tool.text);
    c.tool.n = c.con.now_ms;
    c.tool.m = 0;
    if !announcement.is_empty() {
        c.line(announcement);
    }
    c.sleep_ms(1000);
    Step::More
}

/// Waits for the job, with a line every fifteen seconds; Ctrl-C ends the waiting, not the job.
pub(crate) fn wait_job(c: &mut Ctx<'_>) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let Some(job) = c.tool.job else { return Step::Exit(0) };
    let what = c.tool.text.clone();
    let waited = c.con.now_ms.saturating_sub(c.tool.n) / 1000;
    match c.host.job(job) {
        JobState::Running { elapsed_s, seconds } => {
            if elapsed_s / 15 > c.tool.m && !what.is_empty() {
                c.tool.m = elapsed_s / 15;
                c.line(&format!("{what} is still running ({elapsed_s}s of about {seconds}s)"));
            }
            c.sleep_ms(1000);
            Step::More
        }
        JobState::Done => {
            if !what.is_empty() {
                c.line(&format!("{what} done after {waited}s"));
            }
            Step::Exit(0)
        }
        JobState::Failed(why) => {
            let said = if what.is_empty() { why } else { format!("{what} ended after {waited}s: {why}") };
            c.p.err.push_str(&format!("{said}\n"));
            Step::Exit(1)
        }
    }
}
