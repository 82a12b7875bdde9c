//! What the tools that look at a machine share: how its processors spend their time, its processes, who is logged in.

pub(crate) use crate::sim::uid;

use crate::console::host::{Disk, Process, UnitInfo};
use crate::console::process::Proc;
use crate::console::tool::Ctx;
use crate::sim::capacity::HostUse;
use crate::sim::distro::Distro;
use crate::stdx::time::Utc;

/// How processors spend their time, percent of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cpu {
    pub user: f64,
    pub system: f64,
    pub wait: f64,
    pub idle: f64,
}

/// About a sixth of what a server computes is the kernel's.
pub(crate) const KERNEL_PART: f64 = 6.0;

pub(crate) fn cpu(m: &HostUse) -> Cpu {
    let cores = m.cores.max(1.0);
    let busy = (m.busy / cores * 100.0).clamp(0.0, 100.0);
    let wait = (m.blocked / cores * 100.0).clamp(0.0, 100.0 - busy);
    let system = busy / KERNEL_PART;
    Cpu { user: busy - system, system, wait, idle: 100.0 - busy - wait }
}

/// The same as a mean since the machine was started, which is the first that a tool that reports again and again says.
pub(crate) fn cpu_since_boot(c: &Ctx<'_>, m: &HostUse) -> Cpu {
    let on = c.on();
    let up = c.host.uptime_s(&on).max(1);
    cpu(&HostUse { busy: c.host.cpu_spent_s(&on) as f64 / up as f64, blocked: 0.0, ..m.clone() })
}

/// Bytes a second that were written to a disk since the machine was started.
pub(crate) fn written_since_boot(c: &Ctx<'_>, disk: &Disk) -> f64 {
    disk.written as f64 / c.host.uptime_s(&c.on()).max(1) as f64
}

/// Whether a tool that reports every `delay` seconds first has to wait as long, because the report of the time since boot is not wanted (`-y`).
pub(crate) fn unwanted_first(c: &mut Ctx<'_>, delay: u64) -> bool {
    let waits = c.args.has("y") && c.args.at(0).is_some() && c.tool.phase == 0;
    if waits {
        c.tool.phase = 1;
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    waits
}

/// Interrupts and context switches in a second.
pub(crate) fn switches(m: &HostUse) -> (u64, u64) {
    (500 + m.established * 2, 1_000 + m.established * 4 + (m.busy * 800.0) as u64)
}

/// A process as `ps` and `top` list it: one of the machine, or one of the shells on it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub pid: u32,
    pub ppid: u32,
    pub user: String,
    /// Percent of a core over its whole life, and now.
    pub life: f64,
    pub now: f64,
    pub rss: u64,
    pub vsz: u64,
    pub tty: String,
    pub stat: String,
    pub start: Utc,
    pub cpu_s: u64,
    pub command: String,
    pub threads: u64,
    pub unit: String,
}

impl Row {
    /// The program without directories, arguments and the mark of a login shell.
    pub fn name(&self) -> &str {
        let first = self.command.split_whitespace().next().unwrap_or_default();
        let name = first.rsplit('/').next().unwrap_or(first);
        name.strip_prefix('-').unwrap_or(name)
    }

    /// Seconds that it has run.
    pub fn age_s(&self, now: Utc) -> u64 {
        u64::try_from(now.0 - self.start.0).unwrap_or(0)
    }

    /// The user's number.
    pub fn uid(&self) -> u32 {
        uid(&self.user)
    }
}

fn of_world(p: Process, now: Utc, units: &[UnitInfo], threads: u64, blocked: bool) -> Row {
    let age = now.0 - p.started.0;
    let unit = units.iter().find(|u| u.pid == Some(p.pid)).map(|u| u.name.clone()).unwrap_or_default();
    let mut stat = if p.cpu_percent >= 50.0 { 'R' } else { p.state }.to_string();
    if blocked && !unit.is_empty() && p.cpu_percent < 50.0 {
        stat = "D".to_owned();
    }
    stat.push('s');
    if threads > 1 {
        stat.push('l');
    }
    Row {
        pid: p.pid,
        ppid: p.ppid,
        user: p.user,
        life: if age < 60 { p.cpu_percent } else { p.cpu_s as f64 * 100.0 / age as f64 },
        now: p.cpu_percent,
        rss: p.memory,
        vsz: p.memory * 2 + threads * (8 << 20),
        tty: "?".to_owned(),
        stat,
        start: p.started,
        cpu_s: p.cpu_s,
        command: p.command,
        threads,
        unit,
    }
}

/// When a process of a shell began.
fn began(c: &Ctx<'_>, p: &Proc) -> Utc {
    let age_s = c.con.now_ms.saturating_sub(p.born_ms) / 1000;
    c.host.utc().plus(-i64::try_from(age_s).unwrap_or(0))
}

/// All processes of the caller's host by id, those of its shells too.
pub(crate) fn rows(c: &Ctx<'_>) -> Vec<Row> {
    let on = c.on();
    let now = c.host.utc();
    let units = c.host.units(&on);
    let blocked = c.host.machine(&on).is_some_and(|m| m.blocked >= 1.0);
    let mut all: Vec<Row> = Vec::new();
    for p in c.host.processes(&on) {
        let unit = units.iter().find(|u| u.pid == Some(p.pid));
        let threads = unit.and_then(|u| c.host.unit_use(&on, &u.name)).map_or(1, |u| u.threads.max(1));
        all.push(of_world(p, now, &units, threads, blocked));
    }
    let leads = |q: &Proc| !c.con.procs.get(&q.ppid).is_some_and(|parent| parent.host == q.host);
    let mut own = |q: &Proc, runs: bool| {
        let shell = q.shell.is_some();
        all.push(Row {
            pid: q.pid,
            ppid: q.ppid,
            user: q.user.clone(),
            life: 0.0,
            now: 0.0,
            rss: if shell { 5_300 << 10 } else { 4_100 << 10 },
            vsz: if shell { 8_240 << 10 } else { 11_200 << 10 },
            tty: format!("pts/{}", q.terminal.saturating_sub(1)),
            stat: match (q.stopped, runs) {
                (true, _) => "T",
                (_, true) => "R+",
                _ if leads(q) => "Ss",
                _ if q.background => "S",
                _ => "S+",
            }
            .to_owned(),
            start: began(c, q),
            cpu_s: 0,
            command: q.command.clone(),
            threads: 1,
            unit: String::new(),
        });
    };
    for q in c.con.procs.values().filter(|q| q.host == on && q.exit.is_none() && q.pid != c.p.pid) {
        own(q, false);
    }
    own(c.p, true);
    all.sort_by_key(|r| r.pid);
    all
}

/// Someone who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub user: String,
    pub terminal: u32,
    /// Address that they came from; empty on the machine itself.
    pub from: String,
    /// When.
    pub since: Utc,
    pub what: String,
}

/// Who is logged in to the caller's host: every terminal with a shell there.
pub(crate) fn logins(c: &Ctx<'_>) -> Vec<Login> {
    let on = c.on();
    let mut out = Vec::new();
    for t in c.con.terminals() {
        let mut before: Option<String> = None;
        for pid in &t.shells {
            let shell = c.con.procs.get(pid);
            // The one that runs this line is not in the table meanwhile.
            let q = shell.unwrap_or(c.p);
            let (host, user) = (q.host.clone(), q.user.clone());
            if host == on {
                let from = before.as_ref().map(|h| c.host.address(h)).unwrap_or_default();
                let what = if t.id == c.p.terminal { c.p.command.clone() } else { "-bash".to_owned() };
                out.push(Login { user, terminal: t.id, from, since: began(c, q), what });
                break;
            }
            before = Some(host);
        }
    }
    out
}

/// `up 21 days,  3:07,  1 user,  load average: 0.42, 0.38, 0.31`, behind the time.
pub(crate) fn load_line(c: &Ctx<'_>) -> String {
    let up = c.host.uptime_s(&c.p.host);
    let (d, h, m) = (up / 86_400, up / 3600 % 24, up / 60 % 60);
    let days = match d {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        d => format!("{d} days, "),
    };
    let clock = if h == 0 { format!("{m} min") } else { format!("{h:>2}:{m:02}") };
    let n = logins(c).len().max(1);
    let users = if n == 1 { "1 user".to_owned() } else { format!("{n} users") };
    let [a, b, e] = c.host.load(&c.p.host);
    format!("{} up {days}{clock},  {users},  load average: {a:.2}, {b:.2}, {e:.2}", c.host.utc().hms())
}

/// `Linux 6.1.0-10-amd64 (web-01)  07/20/23  _x86_64_  (4 CPU)`, as the tools of sysstat begin.
pub(crate) fn banner(c: &Ctx<'_>) -> String {
    let d = c.host.utc().civil();
    let date = format!("{:02}/{:02}/{:02}", d.month, d.day, d.year.rem_euclid(100));
    format!("Linux {} ({}) \t{date} \t_x86_64_\t({} CPU)\n", kernel(c), c.p.host, c.host.cores(&c.p.host))
}

/// The kernel's release: one of the year.
pub(crate) fn kernel(c: &Ctx<'_>) -> &'static str {
    Distro::at(c.host.utc()).kernel.0
}

/// An interval and a count, as the tools that report periodically take them: `1`, `1 5`.
pub(crate) fn every(c: &mut Ctx<'_>, alone: u64) -> Option<(u64, u64)> {
    let number = |at: usize| c.args.at(at).map(str::parse::<u64>);
    match (number(0), number(1)) {
        (None, _) => Some((1, alone)),
        (Some(Ok(d)), None) if d > 0 => Some((d, u64::MAX)),
        (Some(Ok(d)), Some(Ok(n))) if d > 0 && n > 0 => Some((d, n)),
        _ => None,
    }
}
