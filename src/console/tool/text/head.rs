//! head and tail: the first and the last part of files, and what is appended to them.

use super::cat::lines_with_ends;
use crate::console::machine::{Console, Read};
use crate::console::process::Fd;
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::input::amount;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "head",
        synopsis: "[OPTION]... [FILE]...",
        about: "output the first part of files",
        opts: &[
            value(
                "n",
                "lines",
                "[-]NUM",
                "print the first NUM lines instead of the first 10; with -, all but the last NUM",
            ),
            value("c", "bytes", "[-]NUM", "print the first NUM bytes; with -, all but the last NUM bytes"),
            flag("q", "quiet", "never print headers giving file names"),
            flag("", "silent", "the same as --quiet"),
            flag("v", "verbose", "always print headers giving file names"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("seq 20 | head -n 2", "1\n2\n"), ("seq 20 | head -1", "1\n"), ("seq 4 | head -n -2", "1\n2\n")],
        step: head,
        words: Words::Count,
        ..Decl::BLANK
    },
    Decl {
        name: "tail",
        synopsis: "[OPTION]... [FILE]...",
        about: "output the last part of files",
        opts: &[
            value(
                "n",
                "lines",
                "[+]NUM",
                "output the last NUM lines, instead of the last 10; or use +NUM to start with line NUM",
            ),
            value("c", "bytes", "[+]NUM", "output the last NUM bytes; or use +NUM to start with byte NUM"),
            value("f", "follow", "[HOW]", "output appended data as the file grows; HOW is name or descriptor"),
            flag("F", "", "same as --follow=name --retry"),
            value("", "pid", "PID", "with -f, terminate after process ID, PID dies"),
            flag("q", "quiet", "never output headers giving file names"),
            flag("", "silent", "the same as --quiet"),
            flag("", "retry", "keep trying to open a file if it is inaccessible"),
            value("s", "sleep-interval", "N", "with -f, sleep for approximately N seconds between iterations"),
            flag("v", "verbose", "always output headers giving file names"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("seq 20 | tail -n 2", "19\n20\n"), ("seq 5 | tail -n +4", "4\n5\n"), ("seq 9 | tail -c 2", "9\n")],
        step: tail,
        words: Words::Count,
        ..Decl::BLANK
    },
];

/// How much is wanted.
#[derive(Clone, Copy)]
struct Part {
    bytes: bool,
    /// `-` for head, `+` for tail.
    signed: bool,
    count: u64,
}

fn part(c: &mut Ctx<'_>, sign: char) -> Result<Part, Step> {
    let given = c.args.flags.iter().rev().find(|(k, _)| k == "n" || k == "c").cloned();
    let Some((key, text)) = given else { return Ok(Part { bytes: false, signed: false, count: 10 }) };
    let bytes = key == "c";
    let signed = text.starts_with(sign);
    match amount(text.trim_start_matches(['+', '-'])) {
        Some(count) => Ok(Part { bytes, signed, count }),
        None => {
            c.error(&format!(
                "invalid number of {}: ‘{}’",
                if bytes { "bytes" } else { "lines" },
                text.trim_start_matches(sign)
            ));
            Err(Step::Exit(1))
        }
    }
}

fn delim(c: &Ctx<'_>) -> char {
    if c.args.has("z") { '\0' } else { '\n' }
}

/// A count as a length.
fn length(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The bytes `from..to` of a text.
fn bytes(text: &str, from: usize, to: usize) -> String {
    let all = to_bytes(text);
    from_bytes(all.get(from.min(all.len())..to.min(all.len())).unwrap_or_default())
}

fn first(text: &str, p: Part, delim: char) -> String {
    if p.bytes {
        let have = to_bytes(text).len();
        let end = if p.signed { have.saturating_sub(length(p.count)) } else { length(p.count) };
        return bytes(text, 0, end);
    }
    let lines = lines_with_ends(text, delim);
    let end = if p.signed { lines.len().saturating_sub(length(p.count)) } else { length(p.count) };
    lines.into_iter().take(end).collect()
}

fn last(text: &str, p: Part, delim: char) -> String {
    let skip = |have: usize| {
        if p.signed { length(p.count).saturating_sub(1) } else { have.saturating_sub(length(p.count)) }
    };
    if p.bytes {
        return bytes(text, skip(to_bytes(text).len()), usize::MAX);
    }
    let lines = lines_with_ends(text, delim);
    let from = skip(lines.len());
    lines.into_iter().skip(from).collect()
}

/// The title of a file's part, if titles are wanted.
fn title(c: &mut Ctx<'_>, name: &str) {
    let many = c.args.rest.len() > 1;
    if (many || c.args.has("v")) && !(c.args.has("q") || c.args.has("silent")) {
        let gap = if c.tool.m == 0 { "" } else { "\n" };
        c.tool.m += 1;
        let shown = if name == "-" { "standard input" } else { name };
        c.print(&format!("{gap}==> {shown} <==\n"));
    }
}

fn head(c: &mut Ctx<'_>) -> Step {
    let p = match part(c, '-') {
        Ok(p) => p,
        Err(step) => return step,
    };
    let files = c.args.rest.clone();
    let delim = delim(c);
    if files.len() > 1 || c.args.has("v") || p.signed {
        let names = if files.is_empty() { vec!["-".to_owned()] } else { files };
        let texts = match c.slurp(&names) {
            Ok(t) => t,
            Err(step) => return step,
        };
        for (name, text) in names.iter().zip(texts) {
            match text {
                Ok(text) => {
                    title(c, name);
                    c.print(&first(&text, p, delim));
                }
                Err(why) => {
                    if why == "Is a directory" {
                        title(c, name);
                    }
                    c.unreadable(name, &why);
                }
            }
        }
        return Step::Exit(c.tool.status);
    }
    // A file on descriptor 0 is left where the last line ended, so that the next reader goes on from there.
    let exact = files.iter().all(|f| f == "-") && matches!(Console::descriptor(c.p, 0), Fd::File(_));
    while c.tool.n < p.count && !c.enough() {
        let read = match (exact, p.bytes) {
            (true, false) => c.con.take(c.p, 0, Some(delim), None),
            (true, true) => c.con.take(c.p, 0, None, Some(1)),
            _ => c.chunk(&files),
        };
        let text = match read {
            Read::Bytes(t) => t,
            Read::Later => return c.later(),
            Read::End => return Step::Exit(c.tool.status),
        };
        let left = p.count - c.tool.n;
        let shown = first(&text, Part { count: left, ..p }, delim);
        c.tool.n += if p.bytes { to_bytes(&shown).len() as u64 } else { shown.matches(delim).count() as u64 };
        c.print(&shown);
    }
    if c.tool.n >= p.count { Step::Exit(c.tool.status) } else { Step::More }
}

fn tail(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 0 {
        // `tail +3` is as old as `tail -3`.
        if let [one, ..] = c.args.rest.as_slice()
            && c.args.rest.len() <= 2
            && one.starts_with('+')
            && one.len() > 1
            && one.chars().skip(1).all(|d| d.is_ascii_digit())
        {
            let one = one.clone();
            c.args.rest.remove(0);
            c.args.flags.push(("n".to_owned(), one));
            c.tool.args = Some(c.args.clone());
        }
        if let Some(step) = tail_once(c) {
            return step;
        }
        c.tool.phase = 1;
        return Step::More;
    }
    follow(c)
}

/// Prints the last parts; `None` if files are to be followed from now on.
fn tail_once(c: &mut Ctx<'_>) -> Option<Step> {
    let p = match part(c, '+') {
        Ok(p) => p,
        Err(step) => return Some(step),
    };
    let follow = c.args.has("f") || c.args.has("F");
    // Nothing of anything needs no file.
    let nothing = |v: &str| v.trim_start_matches('-').parse() == Ok(0u64) && !v.starts_with('+');
    let counts = c.args.flags.iter().rev().find(|(k, _)| k == "n" || k == "c");
    if !follow && counts.is_some_and(|(_, v)| nothing(v)) {
        return Some(Step::Exit(0));
    }
    let files = c.args.rest.clone();
    let delim = delim(c);
    let names = if files.is_empty() { vec!["-".to_owned()] } else { files.clone() };
    let texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return Some(step),
    };
    let by_name = c.args.has("F") || c.args.get("f") == Some("name");
    let retry = c.args.has("F") || c.args.has("retry");
    let mut alive = 0;
    for (name, text) in names.iter().zip(texts) {
        let seen = match text {
            Ok(text) => {
                title(c, name);
                c.print(&last(&text, p, delim));
                alive += 1;
                had(c, name, text.len())
            }
            Err(why) => {
                if why == "Is a directory" {
                    title(c, name);
                }
                c.unreadable(name, &why);
                if retry { "gone".to_owned() } else { String::new() }
            }
        };
        c.tool.lines.push(seen);
    }
    if !follow || files.is_empty() {
        return Some(Step::Exit(c.tool.status));
    }
    if alive == 0 && !(retry && by_name) {
        c.error("no files remaining");
        return Some(Step::Exit(1));
    }
    // The title of the last file is the one under which new lines go on.
    c.tool.text = names.last().cloned().unwrap_or_default();
    None
}

/// How far a file was read and which it is: bytes and its number.
fn had(c: &mut Ctx<'_>, name: &str, bytes: usize) -> String {
    format!("{bytes} {}", c.look(name, true).map_or(0, |s| s.ino))
}

/// Prints what is new in a file, under its title.
fn print_new(c: &mut Ctx<'_>, name: &str, new: &str) {
    if new.is_empty() {
        return;
    }
    if c.args.rest.len() > 1 && c.tool.text != *name {
        title(c, name);
        name.clone_into(&mut c.tool.text);
    }
    c.print(new);
}

/// Follows the file that was opened, whatever it is called by now; one without a name says nothing more.
fn grown(c: &mut Ctx<'_>, name: &str, from: &str, file: &str) -> String {
    let ino = file.parse().unwrap_or(0);
    let same = c.look(name, true).is_ok_and(|s| s.ino == ino);
    let moved = if same { None } else { c.host.path_of(&c.on(), ino) };
    let at = if same { Some(name) } else { moved.as_deref() };
    let Some(text) = at.and_then(|at| c.load(at).ok()) else { return format!("{from} {file}") };
    let mut from = from.parse::<usize>().unwrap_or(0);
    if text.len() < from {
        c.p.err.push_str(&format!("tail: {name}: file truncated\n"));
        from = 0;
    }
    print_new(c, name, text.get(from..).unwrap_or_default());
    format!("{} {file}", text.len())
}

/// Follows whatever has the name: the rest of a file that was replaced, then the new one from its beginning.
fn renewed(c: &mut Ctx<'_>, name: &str, before: &str, by_name: bool) -> String {
    let (mut from, mut file) = before.split_once(' ').unwrap_or(("0", ""));
    let text = match c.load(name) {
        Ok(text) => text,
        Err(why) if by_name && before != "gone" => {
            if !file.is_empty() {
                grown(c, name, from, file);
            }
            c.p.err.push_str(&format!("tail: '{name}' has become inaccessible: {why}\n"));
            return "gone".to_owned();
        }
        Err(_) => return before.to_owned(),
    };
    let now = had(c, name, text.len());
    if before == "gone" {
        c.p.err.push_str(&format!("tail: '{name}' has appeared;  following new file\n"));
        file = "";
    }
    if !file.is_empty() && !now.ends_with(&format!(" {file}")) {
        grown(c, name, from, file);
        c.p.err.push_str(&format!("tail: '{name}' has been replaced;  following new file\n"));
        from = "0";
    }
    let mut from = from.parse::<usize>().unwrap_or(0);
    if text.len() < from {
        c.p.err.push_str(&format!("tail: {name}: file truncated\n"));
        from = 0;
    }
    print_new(c, name, text.get(from..).unwrap_or_default());
    now
}

fn follow(c: &mut Ctx<'_>) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    if let Some(pid) = c.args.get("pid").and_then(|p| p.parse::<u32>().ok())
        && !c.con.procs.contains_key(&pid)
        && !c.host.processes(&c.on()).iter().any(|p| p.pid == pid)
    {
        return Step::Exit(c.tool.status);
    }
    let files = c.args.rest.clone();
    let by_name = c.args.has("F") || c.args.get("f") == Some("name");
    for (i, name) in files.iter().enumerate() {
        let had = c.tool.lines.get(i).cloned().unwrap_or_default();
        if had.is_empty() {
            continue;
        }
        let now = match had.split_once(' ').filter(|_| !by_name) {
            Some((from, file)) => grown(c, name, from, file),
            None => renewed(c, name, &had, by_name),
        };
        if let Some(slot) = c.tool.lines.get_mut(i) {
            *slot = now;
        }
    }
    let pause = c.args.get("s").and_then(crate::console::tool::meta::millis).unwrap_or(1000).max(100);
    c.sleep_ms(pause);
    c.later()
}
