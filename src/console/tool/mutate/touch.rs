//! touch.

use super::{alter, write};
use crate::console::tool::date;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::console::zone::Zone;
use crate::sim::effect::FileAct;
use crate::sim::vfs::Moment;
use crate::stdx::time::Utc;

pub(super) const TOUCH: Decl = Decl {
    name: "touch",
    synopsis: "[OPTION]... FILE...",
    about: "change file timestamps, or create empty files",
    opts: &[
        flag("a", "", "change only the access time"),
        flag("c", "no-create", "do not create any files"),
        value("d", "date", "STRING", "parse STRING and use it instead of current time"),
        flag("f", "", "(ignored)"),
        flag("h", "no-dereference", "affect each symbolic link instead of any referenced file"),
        flag("m", "", "change only the modification time"),
        value("r", "reference", "FILE", "use this file's times instead of current time"),
        value("t", "", "STAMP", "use [[CC]YY]MMDDhhmm[.ss] instead of current time"),
        value("", "time", "WORD", "change the specified time: access, atime, use; modify, mtime"),
    ],
    operand: Operand::Path,
    examples: &[
        ("touch new && ls", "new  notes.txt\n"),
        ("touch -d '2023-01-02 03:04' notes.txt && stat -c %y notes.txt", "2023-01-02 03:04:00.000000000 +0000\n"),
    ],
    step: touch,
    ..Decl::BLANK
};

/// `[[CC]YY]MMDDhhmm[.ss]`.
fn stamp(text: &str, now: Utc, zone: &Zone) -> Option<Moment> {
    let (digits, second) = text.split_once('.').map_or((text, Some(0)), |(d, s)| (d, s.parse::<i64>().ok()));
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match digits.len() {
        8 => (now.civil().year, digits),
        10 => {
            let two: i64 = digits.get(..2)?.parse().ok()?;
            (if two < 69 { 2000 + two } else { 1900 + two }, digits.get(2..)?)
        }
        12 => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2).and_then(|p| p.parse::<i64>().ok());
    let (month, day, hour, minute, second) = (part(0)?, part(2)?, part(4)?, part(6)?, second?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let at = zone.when(date::seconds(year, month, day, hour, minute, second)).filter(|_| fits)?;
    Some(Moment { at: Utc(at), nanos: 0 })
}

fn touch(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (now, zone) = (c.host.utc(), c.zone());
    let (mut read, mut written) = (a.has("a"), a.has("m"));
    match a.get("time") {
        None => {}
        Some("access" | "atime" | "use") => read = true,
        Some("modify" | "mtime") => written = true,
        Some(other) => {
            c.error(&format!(
                "invalid argument ‘{other}’ for ‘--time’\nValid arguments are:\n  - ‘atime’, ‘access’, ‘use’\n  - ‘mtime’, ‘modify’"
            ));
            return c.misuse_hint();
        }
    }
    if !read && !written {
        (read, written) = (true, true);
    }
    // Times of last reading and writing; none stands for now.
    let mut times: Option<(Moment, Moment)> = None;
    if let Some(r) = a.get("r") {
        match c.look(r, !a.has("h")) {
            Ok(s) => {
                let of = |(at, nanos)| Moment { at, nanos };
                times = Some((of(s.atime), of(s.written())));
            }
            Err(why) => {
                c.error(&format!("failed to get attributes of {}: {why}", shell_quoted(r)));
                return Step::Exit(1);
            }
        }
    }
    if let Some(d) = a.get("d") {
        let from = |base: Utc| date::read(d, base, &zone).map(|(s, nanos)| Moment { at: Utc(s), nanos });
        let moved = match times {
            Some((x, y)) => from(x.at).zip(from(y.at)),
            None => from(now).map(|m| (m, m)),
        };
        match moved {
            Some(t) => times = Some(t),
            None => {
                c.error(&format!("invalid date format ‘{d}’"));
                return Step::Exit(1);
            }
        }
    }
    if let Some(t) = a.get("t") {
        match stamp(t, now, &zone) {
            Some(m) => times = Some((m, m)),
            None => {
                c.error(&format!("invalid date format ‘{t}’"));
                return Step::Exit(1);
            }
        }
    }
    if a.rest.is_empty() {
        return c.misuse("missing file operand", 1);
    }
    for name in &a.rest {
        if name == "-" {
            continue;
        }
        let full = c.full(name);
        let found = c.look(name, !a.has("h"));
        let mut fresh = false;
        let mut done = match &found {
            Ok(_) => Ok(()),
            Err(why) if why != "No such file or directory" => Err(why.clone()),
            Err(_) if a.has("c") || a.has("h") => continue,
            Err(why) if name.ends_with('/') || name.is_empty() => Err(why.clone()),
            Err(_) => {
                fresh = true;
                write(c, &full, String::new(), true)
            }
        };
        if done.is_ok() && (!fresh || times.is_some()) && !crate::console::devfs::is_in(&full) {
            let act = FileAct::Times {
                read: read.then(|| times.map(|t| t.0)),
                written: written.then(|| times.map(|t| t.1)),
                follow: !a.has("h"),
            };
            done = alter(c, &full, act);
        }
        if let Err(why) = done {
            let verb = if found.is_ok() && times.is_some() { "setting times of" } else { "cannot touch" };
            c.error(&format!("{verb} {}: {why}", shell_quoted(name)));
        }
    }
    Step::Exit(c.tool.status)
}
