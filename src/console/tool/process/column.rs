//! The columns of `ps`: title, width, side, and what stands in them.

use crate::console::tool::Ctx;
use crate::console::tool::machine::Row;
use crate::stdx::time::Utc;
use std::cmp::Ordering;

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its field.
    pub name: &'static str,
    pub title: String,
    width: usize,
    right: bool,
}

/// Field, its other names, title, width, whether it is set to the right.
type Known = (&'static str, &'static [&'static str], &'static str, usize, bool);

const KNOWN: &[Known] = &[
    ("pid", &["tgid"], "PID", 7, true),
    ("ppid", &[], "PPID", 7, true),
    ("pgid", &["pgrp"], "PGID", 7, true),
    ("sid", &["sess", "session"], "SID", 7, true),
    ("tpgid", &[], "TPGID", 7, true),
    ("user", &["euser", "uname", "ruser"], "USER", 8, false),
    ("group", &["egroup", "rgroup"], "GROUP", 8, false),
    ("uid", &["euid", "ruid"], "UID", 5, true),
    ("%cpu", &["pcpu"], "%CPU", 4, true),
    ("c", &["cp"], "C", 2, true),
    ("%mem", &["pmem"], "%MEM", 4, true),
    ("vsz", &["vsize"], "VSZ", 6, true),
    ("rss", &["rssize", "rsz"], "RSS", 5, true),
    ("sz", &["size"], "SZ", 5, true),
    ("tty", &["tt", "tname"], "TT", 8, false),
    ("stat", &[], "STAT", 4, false),
    ("s", &["state"], "S", 1, false),
    ("start", &[], "STARTED", 8, true),
    ("start_time", &["stime", "bsdstart"], "START", 5, false),
    ("lstart", &[], "STARTED", 24, true),
    ("time", &["cputime"], "TIME", 8, true),
    ("bsdtime", &[], "TIME", 6, true),
    ("etime", &[], "ELAPSED", 11, true),
    ("etimes", &[], "ELAPSED", 7, true),
    ("comm", &["ucmd", "ucomm"], "COMMAND", 15, false),
    ("args", &["cmd", "command"], "COMMAND", 27, false),
    ("nlwp", &["thcount"], "NLWP", 4, true),
    ("ni", &["nice"], "NI", 3, true),
    ("pri", &[], "PRI", 3, true),
    ("psr", &[], "PSR", 3, true),
    ("cls", &["class", "policy"], "CLS", 3, false),
    ("wchan", &[], "WCHAN", 6, false),
    ("unit", &[], "UNIT", 31, false),
    ("cgroup", &[], "CGROUP", 27, false),
];

/// The column of a field.
pub(super) fn column(name: &str) -> Option<Column> {
    let known = KNOWN.iter().find(|k| k.0 == name || k.1.contains(&name))?;
    let title = match name {
        "cmd" => "CMD",
        "nice" | "ni" => "NI",
        "stime" => "STIME",
        "tty" | "tname" => "TTY",
        _ => known.2,
    };
    Some(Column { name: known.0, title: title.to_owned(), width: known.3, right: known.4 })
}

impl Column {
    /// Text as wide as the column; the last one is as long as it is.
    pub fn pad(&self, text: &str, last: bool) -> String {
        // A title may be wider than its column.
        let width = self.width.max(self.title.chars().count());
        if self.right {
            format!("{text:>width$}")
        } else if last {
            text.to_owned()
        } else {
            let short: String = text.chars().take(width).collect();
            format!("{short:<width$}")
        }
    }
}

/// What cells need to know beside their process.
pub(super) struct World {
    now: Utc,
    memory: u64,
    cores: u32,
}

impl World {
    pub fn of(c: &Ctx<'_>) -> World {
        let on = &c.p.host;
        World { now: c.host.utc(), memory: c.host.memory(on).total.max(1), cores: c.host.cores(on).max(1) }
    }

    fn memory_percent(&self, r: &Row) -> f64 {
        r.rss as f64 * 100.0 / self.memory as f64
    }

    /// The time within a day, the date after that, the year after that.
    fn started(&self, t: Utc) -> String {
        if self.now.0 - t.0 < 86_400 {
            t.hms().get(..5).unwrap_or_default().to_owned()
        } else if self.now.civil().year == t.civil().year {
            format!("{}{:02}", t.month_name(), t.civil().day)
        } else {
            t.civil().year.to_string()
        }
    }

    pub fn cell(&self, name: &str, r: &Row) -> String {
        let age = r.age_s(self.now);
        let days = |s: u64| if s < 86_400 { String::new() } else { format!("{}-", s / 86_400) };
        let hms = |s: u64| format!("{}{:02}:{:02}:{:02}", days(s), s / 3600 % 24, s / 60 % 60, s % 60);
        match name {
            "pid" => r.pid.to_string(),
            "ppid" => r.ppid.to_string(),
            "pgid" | "sid" => r.pid.to_string(),
            "tpgid" => {
                if r.tty == "?" {
                    "-1".to_owned()
                } else {
                    r.pid.to_string()
                }
            }
            "user" | "group" => r.user.clone(),
            "uid" => r.uid().to_string(),
            "%cpu" => format!("{:.1}", r.life),
            "c" => (r.life as u64).to_string(),
            "%mem" => format!("{:.1}", self.memory_percent(r)),
            "vsz" => (r.vsz / 1024).to_string(),
            "sz" => (r.vsz / 4096).to_string(),
            "rss" => (r.rss / 1024).to_string(),
            "tty" => r.tty.clone(),
            "stat" => r.stat.clone(),
            "s" => r.stat.chars().take(1).collect(),
            "start" if age < 86_400 => r.start.hms(),
            "start" => format!("{} {:02}", r.start.month_name(), r.start.civil().day),
            "start_time" => self.started(r.start),
            "lstart" => {
                let d = r.start.civil();
                let (day, month) = (r.start.day_name(), r.start.month_name());
                format!("{day} {month} {:>2} {} {}", d.day, r.start.hms(), d.year)
            }
            "time" => hms(r.cpu_s),
            "bsdtime" => format!("{}:{:02}", r.cpu_s / 60, r.cpu_s % 60),
            "etime" if age < 3600 => format!("{:02}:{:02}", age / 60, age % 60),
            "etime" => hms(age),
            "etimes" => age.to_string(),
            "comm" => r.name().chars().take(15).collect(),
            "args" => r.command.clone(),
            "nlwp" => r.threads.to_string(),
            "ni" => "0".to_owned(),
            "pri" => "19".to_owned(),
            "psr" => (r.pid % self.cores).to_string(),
            "cls" => "TS".to_owned(),
            "wchan" if r.stat.starts_with('R') => "-".to_owned(),
            "wchan" if r.stat.starts_with('D') => "io_sch".to_owned(),
            "wchan" => "ep_pol".to_owned(),
            "unit" if r.unit.is_empty() => "-".to_owned(),
            "unit" => format!("{}.service", r.unit),
            "cgroup" if r.unit.is_empty() => "0::/init.scope".to_owned(),
            "cgroup" => format!("0::/system.slice/{}.service", r.unit),
            _ => String::new(),
        }
    }

    pub fn compare(&self, name: &str, a: &Row, b: &Row) -> Ordering {
        match name {
            "%cpu" | "c" => a.life.total_cmp(&b.life),
            "%mem" | "rss" => a.rss.cmp(&b.rss),
            "vsz" | "sz" => a.vsz.cmp(&b.vsz),
            "pid" | "pgid" | "sid" => a.pid.cmp(&b.pid),
            "ppid" => a.ppid.cmp(&b.ppid),
            "uid" => a.uid().cmp(&b.uid()),
            "time" | "bsdtime" => a.cpu_s.cmp(&b.cpu_s),
            "nlwp" => a.threads.cmp(&b.threads),
            "start" | "start_time" | "lstart" => a.start.cmp(&b.start),
            "etime" | "etimes" => b.start.cmp(&a.start),
            _ => self.cell(name, a).cmp(&self.cell(name, b)),
        }
    }
}
