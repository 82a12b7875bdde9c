//! journalctl: which entries, in which order, in which form.

use super::moment;
use crate::console::host::{LogFrom, LogLine, LogScope};
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Step};
use crate::scenario::{LogLevel, ObservedKind};
use crate::stdx::time::Utc;
use regex_automata::meta::Regex;

/// Lines of one step, so that a reader at the other end of a pipe keeps up.
const PAGE: usize = 200;

/// Lines that reach a terminal unless more are asked for; a pipe or a file gets all of them.
const SCREEN: u64 = 1_000;

/// Lines that are kept to be turned round or counted from the end.
const KEPT_MAX: usize = 100_000;

fn number(level: LogLevel) -> u8 {
    match level {
        LogLevel::Error => 3,
        LogLevel::Warning => 4,
        LogLevel::Info => 6,
    }
}

fn priority(text: &str) -> Option<u8> {
    const NAMES: &[(&str, u8)] = &[
        ("emerg", 0),
        ("panic", 0),
        ("alert", 1),
        ("crit", 2),
        ("err", 3),
        ("error", 3),
        ("warning", 4),
        ("warn", 4),
        ("notice", 5),
        ("info", 6),
        ("debug", 7),
    ];
    let by_name = NAMES.iter().find(|(n, _)| *n == text).map(|(_, p)| *p);
    by_name.or_else(|| text.parse().ok().filter(|n| *n < 8))
}

/// Which entries.
#[derive(Default)]
struct Filter {
    units: Vec<String>,
    priority: Option<(u8, u8)>,
    names: Vec<String>,
    pids: Vec<u32>,
    pattern: Option<Regex>,
    until: Option<Utc>,
}

impl Filter {
    fn read(c: &Ctx<'_>, now: Utc) -> Result<Filter, String> {
        let a = &c.args;
        let mut f = Filter::default();
        for (key, v) in &a.flags {
            match key.as_str() {
                "u" => f.units.push(v.trim_end_matches(".service").to_owned()),
                "t" => f.names.push(v.clone()),
                _ => {}
            }
        }
        if let Some(p) = a.get("p") {
            let (from, to) = p.split_once("..").map_or(("emerg", p), |(a, b)| (a, b));
            let both = priority(from).zip(priority(to));
            let (x, y) = both.ok_or(format!("Unknown log level {p}\n"))?;
            f.priority = Some((x.min(y), x.max(y)));
        }
        for w in &a.rest {
            let odd = || format!("Failed to add match '{w}': Invalid argument\n");
            let (key, v) = w.split_once('=').ok_or_else(odd)?;
            match key {
                "_PID" => f.pids.push(v.parse().map_err(|_| odd())?),
                "_COMM" | "SYSLOG_IDENTIFIER" => f.names.push(v.to_owned()),
                "_SYSTEMD_UNIT" => f.units.push(v.trim_end_matches(".service").to_owned()),
                "PRIORITY" => {
                    let p = priority(v).ok_or_else(odd)?;
                    f.priority = Some((p, p));
                }
                _ => return Err(format!("Failed to add match '{w}': this field is not available in this shell\n")),
            }
        }
        if let Some(p) = a.get("g") {
            let text = if p.chars().any(char::is_uppercase) { p.to_owned() } else { format!("(?i){p}") };
            f.pattern =
                Some(Regex::new(&text).map_err(|_| format!("Bad pattern \"{p}\": invalid regular expression\n"))?);
        }
        if let Some(t) = a.get("U") {
            f.until = Some(moment(t, now).ok_or(format!("Failed to parse timestamp: {t}\n"))?);
        }
        Ok(f)
    }

    fn takes(&self, l: &LogLine) -> bool {
        let p = number(l.level);
        self.priority.is_none_or(|(a, b)| (a..=b).contains(&p))
            && (self.names.is_empty() || self.names.contains(&l.program))
            && (self.pids.is_empty() || l.pid.is_some_and(|x| self.pids.contains(&x)))
            && (self.units.len() < 2 || self.units.contains(&l.program))
            && self.until.is_none_or(|u| l.at <= u)
            && self.pattern.as_ref().is_none_or(|r| r.is_match(l.text.as_str()))
    }

    /// Whether a count of lines from the end must look at each line.
    fn sifts(&self) -> bool {
        self.priority.is_some()
            || !self.names.is_empty()
            || !self.pids.is_empty()
            || self.units.len() > 1
            || self.until.is_some()
            || self.pattern.is_some()
    }
}

const FORMATS: &[&str] =
    &["short", "short-iso", "short-precise", "short-full", "short-unix", "cat", "json", "json-pretty", "verbose"];

fn show(l: &LogLine, on: &str, format: &str, no_host: bool) -> String {
    let pid = l.pid.map_or_else(String::new, |p| format!("[{p}]"));
    let host = if no_host { String::new() } else { format!("{on} ") };
    let rest = format!("{host}{}{pid}: {}", l.program, l.text);
    let micro = (l.at.0 * 7_919 + l.text.len() as i64 * 31_337).rem_euclid(1_000_000);
    match format {
        "cat" => l.text.clone(),
        "short-iso" => format!("{}+0000 {rest}", l.at.iso().trim_end_matches('Z')),
        "short-precise" => format!("{}.{micro:06} {rest}", l.at.syslog()),
        "short-full" => {
            format!("{} {} UTC {rest}", l.at.day_name(), l.at.iso().replace('T', " ").trim_end_matches('Z'))
        }
        "short-unix" => format!("{}.{micro:06} {rest}", l.at.0),
        "json" | "json-pretty" | "verbose" => {
            let mut fields = vec![
                ("__REALTIME_TIMESTAMP", format!("{}{micro:06}", l.at.0)),
                ("_HOSTNAME", on.to_owned()),
                ("PRIORITY", number(l.level).to_string()),
                ("SYSLOG_IDENTIFIER", l.program.clone()),
            ];
            if let Some(p) = l.pid {
                fields.push(("_PID", p.to_string()));
            }
            if l.program != "kernel" {
                fields.push(("_SYSTEMD_UNIT", format!("{}.service", l.program)));
            }
            fields.push(("MESSAGE", l.text.clone()));
            let quote = |t: &str| serde_json::Value::String(t.to_owned()).to_string();
            if format == "verbose" {
                let lines: Vec<String> = fields.iter().skip(1).map(|(k, v)| format!("    {k}={v}")).collect();
                let stamp = format!("{} {}", l.at.day_name(), l.at.iso().replace('T', " ").trim_end_matches('Z'));
                return format!("{stamp}.{micro:06} UTC\n{}", lines.join("\n"));
            }
            if format == "json" {
                let parts: Vec<String> = fields.iter().map(|(k, v)| format!("{}:{}", quote(k), quote(v))).collect();
                return format!("{{{}}}", parts.join(","));
            }
            let parts: Vec<String> = fields.iter().map(|(k, v)| format!("\t{} : {}", quote(k), quote(v))).collect();
            format!("{{\n{}\n}}", parts.join(",\n"))
        }
        _ => format!("{} {rest}", l.at.syslog()),
    }
}

fn fail(c: &mut Ctx<'_>, why: &str) -> Step {
    c.p.err.push_str(why);
    Step::Exit(1)
}

/// What the kernel said, as lines of the journal.
fn kernel(c: &Ctx<'_>, since: Utc) -> Vec<LogLine> {
    let on = c.on();
    let level = |word: &str| match word {
        "err" | "crit" | "alert" | "emerg" => LogLevel::Error,
        "warn" => LogLevel::Warning,
        _ => LogLevel::Info,
    };
    let all = c.host.kernel_log(&on).into_iter().filter(|l| l.at > since);
    all.map(|l| LogLine {
        at: l.at,
        on: on.clone(),
        program: "kernel".to_owned(),
        pid: None,
        level: level(&l.level),
        text: l.text,
    })
    .collect()
}

/// `tool.phase`: 0 has not begun, 1 prints as it reads, 2 follows, 3 keeps lines until it has all, 4 prints what it kept.
pub(in crate::console::tool) fn journalctl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let on = c.on();
    let now = c.host.utc();
    if a.has("disk-usage") {
        let bytes = c.host.usage(&on, "/var/log/journal").max(8 << 20);
        let text = crate::console::text_format::short(bytes, "");
        c.line(&format!("Archived and active journals take up {text} in the file system."));
        return Step::Exit(0);
    }
    if a.has("rotate") && c.p.user != "root" {
        c.p.err.push_str("Failed to rotate journal: Access denied\n");
        return Step::Exit(1);
    }
    if a.has("vacuum-size") || a.has("vacuum-time") {
        return super::vacuum::vacuum(c);
    }
    if a.has("rotate") {
        return Step::Exit(0);
    }
    if a.has("list-boots") {
        let up = i64::try_from(c.host.uptime_s(&on)).unwrap_or(0);
        let id: String = crate::stdx::digest::of_bytes(on.as_bytes()).chars().skip(8).take(32).collect();
        let stamp = |t: Utc| format!("{} {} UTC", t.day_name(), t.iso().replace('T', " ").trim_end_matches('Z'));
        c.line("IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY");
        c.line(&format!("  0 {id} {} {}", stamp(now.plus(-up)), stamp(now)));
        return Step::Exit(0);
    }
    let format = a.get("o").unwrap_or("short").to_owned();
    if !FORMATS.contains(&format.as_str()) {
        return fail(c, &format!("Unknown output format '{format}'.\n"));
    }
    let filter = match Filter::read(c, now) {
        Ok(f) => f,
        Err(why) => return fail(c, &why),
    };
    if c.tool.phase == 2 && c.asleep() {
        return Step::Wait;
    }
    if c.tool.phase == 4 {
        return print_kept(c);
    }
    let units: Vec<String> = c.host.units(&on).into_iter().map(|u| u.name).collect();
    let (scope, target) = match filter.units.as_slice() {
        [one] if units.contains(one) => (LogScope::Unit(on.clone(), one.clone()), format!("{on}:{one}")),
        [_] => {
            if !a.has("q") {
                c.line("-- No entries --");
            }
            return Step::Exit(0);
        }
        _ => (LogScope::Host(on.clone()), on.clone()),
    };
    let from = if c.tool.phase == 0 {
        let since = match a.get("S") {
            None => Utc(i64::MIN / 2),
            Some(text) => match moment(text, now) {
                Some(t) => t.plus(-1),
                None => return fail(c, &format!("Failed to parse timestamp: {text}\n")),
            },
        };
        c.tool.n = since.0.cast_unsigned();
        match begin(c, &filter) {
            Ok(from) => from,
            Err(step) => return step,
        }
    } else {
        LogFrom::Line(c.tool.m)
    };
    let since = Utc(c.tool.n.cast_signed());
    if a.has("k") {
        return of_kernel(c, &filter, since, &format);
    }
    let Some(page) = c.host.log_page(&scope, since, None, from, PAGE) else {
        c.line("-- No entries --");
        return Step::Exit(0);
    };
    let lines: Vec<&LogLine> = page.lines.iter().filter(|l| filter.takes(l)).collect();
    if !lines.is_empty() {
        let service = match &scope {
            LogScope::Unit(h, u) => {
                c.host.units(h).into_iter().find(|x| x.name == *u).and_then(|x| x.service).or_else(|| c.service())
            }
            _ => c.service(),
        };
        c.see(ObservedKind::Log, target, service);
        c.tool.status = -1;
    }
    let no_host = a.has("no-hostname");
    for l in lines {
        let text = show(l, &on, &format, no_host);
        if c.tool.phase == 3 {
            if c.tool.lines.len() >= KEPT_MAX {
                c.tool.lines.drain(..KEPT_MAX / 10);
            }
            c.tool.lines.push(text);
        } else {
            c.line(&text);
        }
    }
    c.tool.m = page.next;
    let past = filter.until.is_some_and(|u| page.lines.last().is_some_and(|l| l.at > u));
    if page.more && !past {
        return Step::More;
    }
    end(c)
}

/// Where the first read begins, and in which phase.
fn begin(c: &mut Ctx<'_>, filter: &Filter) -> Result<LogFrom, Step> {
    let a = c.args.clone();
    let screen = matches!(c.p.fds[1], Fd::Term);
    let last = match a.get("n") {
        None if a.has("f") => Some(10),
        None if a.has("e") => Some(SCREEN),
        None => screen.then_some(SCREEN),
        Some("all") => None,
        Some(n) => match n.trim_start_matches('+').parse::<u64>() {
            Ok(n) => Some(n),
            Err(_) => {
                let text = format!("Failed to parse lines '{n}'\n");
                return Err(fail(c, &text));
            }
        },
    };
    c.tool.phase = 1;
    if a.has("r") || last.is_some() && filter.sifts() {
        c.tool.phase = 3;
        c.tool.text = last.map_or(String::new(), |n| n.to_string());
        let whole = last.is_none() || filter.sifts();
        return Ok(if whole { LogFrom::Line(0) } else { LogFrom::Last(last.unwrap_or(0)) });
    }
    Ok(last.map_or(LogFrom::Line(0), LogFrom::Last))
}

/// Everything there is has been read.
fn end(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if c.tool.phase == 3 {
        if let Ok(n) = c.tool.text.parse::<usize>() {
            let extra = c.tool.lines.len().saturating_sub(n);
            c.tool.lines.drain(..extra);
        }
        // The last of the list is printed first.
        if !a.has("r") {
            c.tool.lines.reverse();
        }
        c.tool.phase = 4;
        return print_kept(c);
    }
    if !a.has("f") {
        return done(c);
    }
    c.tool.phase = 2;
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}

fn done(c: &mut Ctx<'_>) -> Step {
    let any = c.tool.status == -1;
    c.tool.status = 0;
    if !any && !c.args.has("q") && !c.args.has("f") {
        c.line("-- No entries --");
    }
    Step::Exit(i32::from(!any && c.args.get("g").is_some()))
}

fn print_kept(c: &mut Ctx<'_>) -> Step {
    for _ in 0..PAGE {
        match c.tool.lines.pop() {
            Some(l) => c.line(&l),
            None if c.args.has("f") => {
                c.tool.phase = 2;
                c.sleep_ms(1_000);
                return Step::More;
            }
            None => return done(c),
        }
    }
    Step::More
}

fn of_kernel(c: &mut Ctx<'_>, filter: &Filter, since: Utc, format: &str) -> Step {
    let on = c.on();
    let all = kernel(c, since);
    let skip = if c.tool.phase == 2 { usize::try_from(c.tool.m).unwrap_or(0) } else { 0 };
    c.tool.m = all.len() as u64;
    let no_host = c.args.has("no-hostname");
    let mut lines: Vec<String> =
        all.iter().skip(skip).filter(|l| filter.takes(l)).map(|l| show(l, &on, format, no_host)).collect();
    if !lines.is_empty() {
        let service = c.service();
        c.see(ObservedKind::Log, format!("{on}:kernel"), service);
        c.tool.status = -1;
    }
    if c.tool.phase != 2
        && let Some(n) = c.args.get("n").and_then(|n| n.parse::<usize>().ok())
    {
        let extra = lines.len().saturating_sub(n);
        lines.drain(..extra);
    }
    if c.args.has("r") {
        lines.reverse();
    }
    for l in lines {
        c.line(&l);
    }
    if !c.args.has("f") {
        return done(c);
    }
    c.tool.phase = 2;
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}
