//! journalctl's declaration, and what every tool that prints log lines shares: from a moment on, the last ones, all of them, new ones.

mod read;
mod vacuum;

use crate::console::host::{LogFrom, LogScope, NameKind};
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;
use crate::stdx::units;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "journalctl",
    synopsis: "[-f] [-u UNIT]... [-n LINES|all] [-p LEVEL] [-g PATTERN] [-S TIME] [-U TIME] [-r] [-o FORMAT] [-k] [-b] [-t NAME] [--disk-usage] [FIELD=VALUE]...",
    about: "print log entries from the systemd journal",
    opts: &[
        value("u", "unit", "UNIT", "show logs from this unit"),
        value("n", "lines", "LINES", "show the most recent LINES entries, or all"),
        value("g", "grep", "PATTERN", "show entries whose message matches PATTERN; lower case matches both"),
        value("p", "priority", "LEVEL", "show entries of this level and worse: err, warning, info, or `warning..err`"),
        value("t", "identifier", "NAME", "show entries of this program"),
        flag("f", "follow", "show new entries as they come"),
        value("S", "since", "TIME", "entries not older than TIME: `5m`, `5 min ago`, `12:10`, `2023-07-20 12:10:00`"),
        value("U", "until", "TIME", "entries not newer than TIME"),
        flag("r", "reverse", "newest first"),
        value("o", "output", "FORMAT", "short, short-iso, short-precise, short-unix, cat, json, json-pretty, verbose"),
        flag("k", "dmesg", "the kernel's messages"),
        flag("b", "boot", "of this boot, as all of them are here"),
        flag("e", "pager-end", "the last thousand entries"),
        flag("x", "catalog", "accepted; there are no explanations here"),
        flag("a", "all", "accepted; all characters are shown"),
        flag("q", "quiet", "no notes"),
        flag("", "utc", "accepted; times are UTC"),
        flag("", "disk-usage", "how much room the journal takes"),
        value("", "vacuum-size", "BYTES", "reduce disk usage of archived journals below BYTES"),
        value("", "vacuum-time", "TIME", "remove archived journals older than TIME"),
        flag("", "rotate", "close the active journal and begin another"),
        flag("", "list-boots", "the boots that it holds"),
        flag("", "no-pager", "do not pipe output into a pager (there is none here)"),
        flag("", "no-hostname", "do not show the host's name"),
    ],
    operand: Operand::Name(NameKind::Unit),
    missing: &[
        "Matches other than _PID, _COMM, SYSLOG_IDENTIFIER, PRIORITY and _SYSTEMD_UNIT.",
        "Earlier boots.",
        "Cursors.",
    ],
    examples: &[
        ("journalctl -u ssh -n 1", "Jul 20 12:18:00 ops ssh[300]: write failed: No space left on device (item 39)\n"),
        ("journalctl -u ssh -g 'no space' | wc -l", "10\n"),
        ("journalctl -u ssh -p err -n 1 -o cat", "write failed: No space left on device (item 39)\n"),
    ],
    step: read::journalctl,
    ..Decl::BLANK
}];

/// Reads `5m`, `5 min ago`, `1 hour ago`, `12:10`, `today` as a moment.
pub(crate) fn moment(text: &str, now: Utc) -> Option<Utc> {
    let t = text.trim().trim_start_matches('-').trim_end_matches("ago").trim();
    let midnight = Utc(now.0 - now.0.rem_euclid(86_400));
    match t {
        "now" => return Some(now),
        "today" => return Some(midnight),
        "yesterday" => return Some(midnight.plus(-86_400)),
        _ => {}
    }
    if let Some(s) = t.strip_prefix('@') {
        return s.parse().ok().map(Utc);
    }
    // A date, with or without a time.
    if t.len() >= 10 && t.as_bytes().get(4) == Some(&b'-') {
        let (day, clock) = t.split_once([' ', 'T']).unwrap_or((t, "00:00:00"));
        let clock = clock.trim_end_matches("UTC").trim().trim_end_matches('Z');
        let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
        return Utc::parse(&format!("{day}T{clock}Z"));
    }
    if let Some(s) = units::span(t) {
        return i64::try_from(s.0).ok().map(|s| now.plus(-s));
    }
    if let Some((n, unit)) = t.split_once(' ') {
        let n: i64 = n.parse().ok()?;
        let scale = match unit.trim().trim_end_matches('s') {
            "sec" | "second" => 1,
            "min" | "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            _ => return Utc::parse(&format!("{}Z", t.replace(' ', "T"))),
        };
        return n.checked_mul(scale).map(|s| now.plus(-s));
    }
    let mut parts = t.split(':').map(str::parse::<i64>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(h)), Some(Ok(m)), s @ (None | Some(Ok(_)))) if (0..24).contains(&h) && (0..60).contains(&m) => {
            let s = s.and_then(Result::ok).unwrap_or(0);
            Some(midnight.plus(h * 3600 + m * 60 + s.clamp(0, 59)))
        }
        _ => Utc::parse(t),
    }
}

/// Lines of one step, so that a reader at the other end of a pipe keeps up.
const PAGE: usize = 200;

/// Lines that reach a terminal unless more are asked for; a pipe or a file gets all of them.
const SCREEN: u64 = 1_000;

/// Prints log lines, and new ones as they come with `-f`. `tool.phase` 0 has not begun, 1 is on its way through, 2
/// follows; `tool.m` is the line to go on with, `tool.n` the moment since when.
pub(crate) fn follow(
    c: &mut Ctx<'_>,
    scope: LogScope,
    target: String,
    format: &dyn Fn(&crate::console::host::LogLine) -> String,
    default: Option<u64>,
) -> Step {
    if c.tool.phase == 2 && c.asleep() {
        return Step::Wait;
    }
    let now = c.host.utc();
    let from = if c.tool.phase == 0 {
        let since = match c.args.get("S").or(c.args.get("since")).map(str::to_owned) {
            None => Utc(i64::MIN / 2),
            Some(text) => match moment(&text, now) {
                Some(t) => t.plus(-1),
                None => {
                    c.p.err.push_str(&format!("Failed to parse timestamp: {text}\n"));
                    return Step::Exit(1);
                }
            },
        };
        c.tool.n = since.0.cast_unsigned();
        let screen = matches!(c.p.fds[1], Fd::Term);
        match c.args.get("n").map(str::to_owned) {
            None if c.args.has("f") => LogFrom::Last(10),
            None => default.or(screen.then_some(SCREEN)).map_or(LogFrom::Line(0), LogFrom::Last),
            Some(n) if n == "all" => LogFrom::Line(0),
            Some(n) => match n.parse::<u64>() {
                Ok(n) => LogFrom::Last(n),
                Err(_) => {
                    c.error(&format!("failed to parse lines '{n}'"));
                    return Step::Exit(1);
                }
            },
        }
    } else {
        LogFrom::Line(c.tool.m)
    };
    let text = c.args.get("g").map(str::to_owned);
    let since = Utc(c.tool.n.cast_signed());
    let Some(page) = c.host.log_page(&scope, since, text.as_deref(), from, PAGE) else {
        match &scope {
            LogScope::Service(s) => c.error(&format!("no service '{s}'; `status` lists them")),
            _ => c.line("-- No entries --"),
        }
        return Step::Exit(c.tool.status);
    };
    if !page.lines.is_empty() {
        let service = match &scope {
            LogScope::Service(s) => Some(s.clone()),
            LogScope::Unit(h, u) => {
                c.host.units(h).into_iter().find(|x| x.name == *u).and_then(|x| x.service).or_else(|| c.service())
            }
            LogScope::Host(_) => c.service(),
        };
        c.see(ObservedKind::Log, target, service);
    } else if c.tool.phase == 0 && !page.more && !matches!(scope, LogScope::Service(_)) && !c.args.has("f") {
        c.line("-- No entries --");
    }
    for l in &page.lines {
        let text = format(l);
        c.print(&text);
    }
    c.tool.m = page.next;
    if page.more {
        c.tool.phase = 1;
        return Step::More;
    }
    if !c.args.has("f") {
        return Step::Exit(0);
    }
    c.tool.phase = 2;
    c.sleep_ms(1000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}
