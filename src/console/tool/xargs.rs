//! xargs: command lines built from the words of an input.

use super::input::pieces;
use super::launch::child;
use super::run::quote;
use super::{Ctx, Decl, Operand, Step, Words, flag, value};
use crate::console::process::Fd;
use crate::console::{builtin, tool};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "xargs",
    synopsis: "[OPTION]... COMMAND [INITIAL-ARGS]...",
    about: "build and execute command lines from standard input",
    opts: &[
        flag("0", "null", "items are separated by a null, not whitespace; disables quote and backslash processing"),
        value("a", "arg-file", "FILE", "read arguments from FILE, not standard input"),
        value("d", "delimiter", "CHARACTER", "items in input stream are separated by CHARACTER, not by whitespace"),
        value("E", "", "END", "set logical EOF string"),
        value("I", "", "R", "replace R in INITIAL-ARGS with names read from standard input, a line each"),
        value("i", "replace", "[R]", "the same as -I; {} if R is not specified"),
        value("L", "max-lines", "MAX-LINES", "use at most MAX-LINES non-blank input lines per command line"),
        value("n", "max-args", "MAX-ARGS", "use at most MAX-ARGS arguments per command line"),
        flag("o", "open-tty", "reopen stdin as /dev/tty in the child process (accepted)"),
        value("P", "max-procs", "MAX-PROCS", "run at most MAX-PROCS processes at a time (accepted: one at a time)"),
        flag("p", "interactive", "prompt before running commands (not simulated)"),
        value("", "process-slot-var", "VAR", "set environment variable VAR in child processes (accepted)"),
        flag("r", "no-run-if-empty", "if there are no arguments, then do not run COMMAND"),
        value("s", "max-chars", "MAX-CHARS", "limit length of command line to MAX-CHARS"),
        flag("t", "verbose", "print commands before executing them"),
        flag("x", "exit", "exit if the size (see -s) is exceeded"),
    ],
    operand: Operand::Tool,
    words: Words::Prefix,
    missing: &["-p; with -P the commands still run one after the other."],
    examples: &[
        ("echo a b | xargs -n 1 echo got", "got a\ngot b\n"),
        ("echo notes.txt | xargs wc -l", "3 notes.txt\n"),
        ("printf 'a b\\nc\\n' | xargs -I{} echo '<{}>'", "<a b>\n<c>\n"),
    ],
    step: xargs,
    ..Decl::BLANK
}];

/// Longest command line, as `getconf ARG_MAX` would have it for xargs.
const MOST: usize = 128 * 1024;

/// The words of a text with quotes and backslashes, a list for each line.
fn words(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut lines = vec![Vec::new()];
    let (mut word, mut inside, mut quote): (String, bool, Option<char>) = (String::new(), false, None);
    let mut chars = text.chars();
    let push = |lines: &mut Vec<Vec<String>>, word: &mut String| {
        if let Some(last) = lines.last_mut() {
            last.push(std::mem::take(word));
        }
    };
    while let Some(ch) = chars.next() {
        match (quote, ch) {
            (Some(_), '\n') => {
                let name = if quote == Some('"') { "double" } else { "single" };
                return Err(format!(
                    "unmatched {name} quote; by default quotes are special to xargs unless you use the -0 option"
                ));
            }
            (Some(q), _) if ch == q => quote = None,
            (Some(_), _) => word.push(ch),
            (None, '\'' | '"') => {
                quote = Some(ch);
                inside = true;
            }
            (None, '\\') => {
                word.extend(chars.next());
                inside = true;
            }
            (None, ' ' | '\t' | '\n') => {
                if std::mem::take(&mut inside) {
                    push(&mut lines, &mut word);
                }
                if ch == '\n' {
                    lines.push(Vec::new());
                }
            }
            _ => {
                word.push(ch);
                inside = true;
            }
        }
    }
    if let Some(q) = quote {
        let name = if q == '"' { "double" } else { "single" };
        return Err(format!(
            "unmatched {name} quote; by default quotes are special to xargs unless you use the -0 option"
        ));
    }
    if inside {
        push(&mut lines, &mut word);
    }
    Ok(lines.into_iter().filter(|l| !l.is_empty()).collect())
}

/// Lines for `-I`: leading blanks go, quotes count, blanks inside stay.
fn replacements(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut out = Vec::new();
    for line in pieces(text, '\n') {
        let mut made = String::new();
        let mut quote: Option<char> = None;
        let mut chars = line.trim_start_matches([' ', '\t']).chars();
        while let Some(ch) = chars.next() {
            match (quote, ch) {
                (Some(q), _) if ch == q => quote = None,
                (None, '\'' | '"') => quote = Some(ch),
                (None, '\\') => made.extend(chars.next()),
                _ => made.push(ch),
            }
        }
        if let Some(q) = quote {
            let name = if q == '"' { "double" } else { "single" };
            return Err(format!(
                "unmatched {name} quote; by default quotes are special to xargs unless you use the -0 option"
            ));
        }
        if !made.is_empty() {
            out.push(vec![made]);
        }
    }
    Ok(out)
}

fn delimiter(text: &str) -> Option<char> {
    let made = crate::console::escape::sequences(text, crate::console::escape::Kind::Echo).0;
    let mut chars = made.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Reads the input and leaves the arguments of each command line to come in `tool.lines`, the last one first: a count, then
/// so many words.
fn plan(c: &mut Ctx<'_>, mark: Option<&str>) -> Result<(), Step> {
    let a = c.args.clone();
    let file = a.get("a").unwrap_or("-").to_owned();
    let text = match c.slurp(&[file.clone()])?.remove(0) {
        Ok(t) => t,
        Err(why) => {
            c.error(&format!("Cannot open input file ‘{file}’: {why}"));
            return Err(Step::Exit(1));
        }
    };
    let separator = match a.flags.iter().rev().find(|(k, _)| k == "0" || k == "d") {
        Some((k, _)) if k == "0" => Some('\0'),
        Some((_, d)) => match delimiter(d) {
            Some(ch) => Some(ch),
            None => {
                c.error(&format!("Invalid input delimiter specification {d}: the delimiter must be either a single character or an escape sequence starting with \\."));
                return Err(Step::Exit(1));
            }
        },
        None => None,
    };
    let read = match (separator, mark) {
        (Some(d), _) => Ok(pieces(&text, d).into_iter().map(|w| vec![w.to_owned()]).collect()),
        (None, Some(_)) => replacements(&text),
        (None, None) => words(&text),
    };
    let mut lines = match read {
        Ok(l) => l,
        Err(why) => {
            c.error(&why);
            return Err(Step::Exit(1));
        }
    };
    if let Some(end) = a.get("E").filter(|e| !e.is_empty() && separator.is_none()) {
        let mut over = false;
        for line in &mut lines {
            line.retain(|w| {
                over |= w == end;
                !over
            });
        }
        lines.retain(|l| !l.is_empty());
    }
    let mut limits = Vec::new();
    for (key, default, least) in [("n", i64::MAX, 1), ("L", i64::MAX, 1), ("s", MOST as i64, 1), ("P", 1, 0)] {
        let text = a.get(key).unwrap_or_default().to_owned();
        let why = match a.get(key).map_or(Ok(default), str::parse::<i64>) {
            Ok(n) if n >= least => {
                limits.push(usize::try_from(n).unwrap_or(usize::MAX));
                continue;
            }
            // Too small a size counts as the least one, which is too small for any argument.
            Ok(n) if key == "s" => {
                c.error(&format!("value {n} for -s option should be >= 1"));
                limits.push(1);
                continue;
            }
            Ok(n) => format!("value {n} for -{key} option should be >= {least}"),
            Err(_) => format!("invalid number \"{text}\" for -{key} option"),
        };
        return Err(c.misuse(&why, 1));
    }
    let [most, most_lines, most_bytes, _] = limits.as_slice() else { return Err(Step::Exit(1)) };
    let fixed: usize = a.rest.iter().map(|w| w.len() + 1).sum::<usize>().max(5);
    let mut groups: Vec<Vec<String>> = Vec::new();
    if mark.is_some() {
        groups = lines;
    } else {
        let (mut now, mut bytes, mut count): (Vec<String>, usize, usize) = (Vec::new(), fixed, 0);
        for line in lines {
            for word in line {
                let size = word.len() + 1;
                if !now.is_empty() && (now.len() >= *most || bytes + size > *most_bytes) {
                    groups.push(std::mem::take(&mut now));
                    (bytes, count) = (fixed, 0);
                }
                if bytes + size > *most_bytes {
                    c.error("argument line too long");
                    return Err(Step::Exit(1));
                }
                bytes += size;
                now.push(word);
            }
            count += 1;
            if count >= *most_lines && !now.is_empty() {
                groups.push(std::mem::take(&mut now));
                (bytes, count) = (fixed, 0);
            }
        }
        if !now.is_empty() {
            groups.push(now);
        }
        if groups.is_empty() && !a.has("r") {
            groups.push(Vec::new());
        }
    }
    let mut flat = Vec::new();
    for group in groups {
        flat.push(group.len().to_string());
        flat.extend(group);
    }
    flat.reverse();
    c.tool.lines = flat;
    Ok(())
}

/// Builtins of the shell that are programs too.
fn program(name: &str) -> bool {
    tool::find(name).is_some() || matches!(name, "echo" | "printf" | "kill" | "test" | "[" | "true" | "false" | "pwd")
}

fn xargs(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(0)) | None => {}
        Some(Ok(255)) => {
            let name = c.args.at(0).unwrap_or("echo").to_owned();
            c.error(&format!("{name}: exited with status 255; aborting"));
            return Step::Exit(124);
        }
        Some(Ok(status @ (126 | 127))) => return Step::Exit(status),
        Some(Ok(status)) if status > 128 => {
            let name = c.args.at(0).unwrap_or("echo").to_owned();
            c.error(&format!("{name}: terminated by signal {}", status - 128));
            return Step::Exit(125);
        }
        Some(Ok(_)) => c.tool.status = 123,
    }
    let a = c.args.clone();
    let mark = match a.flags.iter().rev().find(|(k, _)| k == "I" || k == "i") {
        Some((_, m)) if m.is_empty() => Some("{}"),
        Some((_, m)) => Some(m.as_str()),
        None => None,
    };
    if c.tool.phase == 0 {
        if a.has("p") {
            c.error("-p is not simulated here");
            return Step::Exit(1);
        }
        if let Err(step) = plan(c, mark) {
            return step;
        }
        c.tool.phase = 1;
    }
    let Some(count) = c.tool.lines.pop().and_then(|n| n.parse::<usize>().ok()) else {
        return Step::Exit(c.tool.status);
    };
    let mut command = if a.rest.is_empty() { vec!["echo".to_owned()] } else { a.rest.clone() };
    for _ in 0..count {
        let Some(word) = c.tool.lines.pop() else { break };
        match mark {
            Some(mark) => command.iter_mut().skip(1).for_each(|w| *w = w.replace(mark, &word)),
            None => command.push(word),
        }
    }
    if a.has("t") {
        c.p.err.push_str(&format!("{}\n", quote(&command)));
    }
    let name = command.first().cloned().unwrap_or_default();
    if !program(&name) {
        c.error(&format!("{name}: No such file or directory"));
        return Step::Exit(127);
    }
    let [input, out, err] = c.p.fds;
    let fds = [if a.has("a") { input } else { Fd::Null }, out, err];
    let made = if builtin::is(&name) {
        c.con.spawn_text(&c.p.clone(), &quote(&command), fds).ok()
    } else {
        c.con.spawn_tool(&c.p.clone(), fds, &command)
    };
    match made {
        Some(pid) => {
            if let Some(q) = c.con.procs.get_mut(&pid) {
                q.sources.extend(c.p.sources.iter().cloned());
            }
            c.tool.child = Some(pid);
            Step::More
        }
        None => {
            c.error("cannot fork: Resource temporarily unavailable");
            Step::Exit(1)
        }
    }
}
