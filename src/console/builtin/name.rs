//! What names stand for: `type`, `which`, `command -v`, `hash`, `enable`, `caller`, `ulimit`.

use super::{NAMES, bad_option, is};
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, MAX_PROCS};
use crate::console::path;
use crate::console::print;
use crate::console::process::{Proc, Shell};
use crate::console::shell::fail;
use crate::console::tool;
use std::sync::Arc;

/// Words of the grammar.
pub const KEYWORDS: [&str; 22] = [
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
    "function", "time", "{", "}", "!", "[[", "]]", "coproc",
];

/// Limits, as `ulimit -a` prints them: text, unit, letter, value.
const LIMITS: [(&str, &str, char, &str); 16] = [
    ("real-time non-blocking time", "microseconds", 'R', "unlimited"),
    ("core file size", "blocks", 'c', "0"),
    ("data seg size", "kbytes", 'd', "unlimited"),
    ("scheduling priority", "", 'e', "0"),
    ("file size", "blocks", 'f', "unlimited"),
    ("pending signals", "", 'i', "15394"),
    ("max locked memory", "kbytes", 'l', "8192"),
    ("max memory size", "kbytes", 'm', "unlimited"),
    ("open files", "", 'n', "1024"),
    ("pipe size", "512 bytes", 'p', "8"),
    ("POSIX message queues", "bytes", 'q', "819200"),
    ("real-time priority", "", 'r', "0"),
    ("stack size", "kbytes", 's', "8192"),
    ("cpu time", "seconds", 't', "unlimited"),
    ("max user processes", "", 'u', ""),
    ("virtual memory", "kbytes", 'v', "unlimited"),
];

impl Console {
    pub(super) fn kind_of(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        name: &str,
        args: &[String],
        host: &dyn ConsoleHost,
    ) {
        let letters: String =
            args.iter().take_while(|a| a.starts_with('-') && a.len() > 1).map(|a| a.trim_start_matches('-')).collect();
        let known = if name == "command" { "pvV" } else { "afptP" };
        if let Some(bad) = letters.chars().find(|c| !known.contains(*c)) {
            return bad_option(p, sh, name, &format!("-{bad}"));
        }
        let has = |c: char| letters.contains(c);
        let short = name == "command" && !has('V');
        let mut any = false;
        let only_files = name == "which" || has('P') || (has('p') && name == "type");
        for a in args.iter().skip_while(|a| a.starts_with('-') && a.len() > 1) {
            let mut found: Vec<(&str, String)> = Vec::new();
            let shadowed = is(a) && a != "which"
                || sh.functions.contains_key(a)
                || KEYWORDS.contains(&a.as_str())
                || sh.opts.expand_aliases && sh.aliases.contains_key(a);
            if !only_files {
                if let Some(v) = sh.aliases.get(a).filter(|_| sh.opts.expand_aliases) {
                    let line = if short { format!("alias {a}='{v}'") } else { format!("{a} is aliased to `{v}'") };
                    found.push(("alias", line));
                }
                if KEYWORDS.contains(&a.as_str()) {
                    found.push(("keyword", if short { a.clone() } else { format!("{a} is a shell keyword") }));
                }
                if let Some(body) = sh.functions.get(a).filter(|_| !has('f')) {
                    let text = print::function(a, body);
                    let line = format!("{a} is a function\n{}", text.trim_end_matches('\n'));
                    found.push(("function", if short { a.clone() } else { line }));
                }
                if is(a) && a != "which" && !sh.disabled.contains(a) {
                    found.push(("builtin", if short { a.clone() } else { format!("{a} is a shell builtin") }));
                }
            }
            if !only_files || has('P') || name == "which" || found.is_empty() {
                let places = if has('p') && shadowed && !has('a') { Vec::new() } else { programs(p, sh, a, host) };
                for at in places {
                    let bare = short || only_files;
                    let hashed = !bare && sh.hashed.contains_key(a) && !a.contains('/');
                    let line = match (bare, hashed) {
                        (true, _) => at,
                        (_, true) => format!("{a} is hashed ({at})"),
                        _ => format!("{a} is {at}"),
                    };
                    found.push(("file", line));
                }
            }
            if found.is_empty() {
                if has('p') && shadowed {
                    continue;
                }
                sh.status = 1;
                if !has('t') && !short && !only_files {
                    fail(p, sh, 1, &format!("{name}: {a}: not found"));
                }
                continue;
            }
            any = true;
            if !has('a') {
                found.truncate(1);
            }
            for (kind, long) in found {
                p.out.push_str(&if has('t') { format!("{kind}\n") } else { format!("{long}\n") });
            }
        }
        if name == "command" && any {
            sh.status = 0;
        }
    }
}

/// Where a program lies: in directories of `PATH`, or at the path that its name is.
fn programs(p: &Proc, sh: &Shell, name: &str, host: &dyn ConsoleHost) -> Vec<String> {
    let runs = |full: &str| host.stat(&p.host, full).is_some_and(|s| !s.dir && s.mode & 0o111 != 0);
    if name.contains('/') {
        let known = tool::find(path::base(name)).is_some() && path::parent(name).ends_with("bin");
        return if known || runs(&path::absolute(&p.cwd, name)) { vec![name.to_owned()] } else { Vec::new() };
    }
    let dirs = sh.vars.get("PATH").and_then(|v| v.text()).unwrap_or_default();
    let at = |dir: &str| {
        if matches!(dir, "/usr/bin" | "/bin") && (tool::find(name).is_some() || super::is_program(name)) {
            return Some(format!("{dir}/{name}"));
        }
        let at = path::join(if dir.is_empty() { "." } else { dir }, name);
        (!name.is_empty() && runs(&path::absolute(&p.cwd, &at))).then_some(at)
    };
    dirs.split(':').filter_map(at).collect()
}

/// `hash`.
pub(super) fn hash(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let where_is = |name: &str| format!("/usr/bin/{name}");
    match args.first().map(String::as_str) {
        None if sh.hashed.is_empty() => p.out.push_str("hash: hash table empty\n"),
        None | Some("-l") => {
            if args.is_empty() {
                p.out.push_str("hits\tcommand\n");
            }
            for (name, hits) in &sh.hashed {
                let line = if args.is_empty() {
                    format!("{hits:>4}\t{}\n", where_is(name))
                } else {
                    format!("builtin hash -p {} {name}\n", where_is(name))
                };
                p.out.push_str(&line);
            }
        }
        Some("-r") => sh.hashed.clear(),
        Some(flag) => {
            let shows = flag == "-t";
            for a in args.iter().filter(|a| !a.starts_with('-')) {
                if flag == "-d" {
                    if sh.hashed.remove(a).is_none() {
                        fail(p, sh, 1, &format!("hash: {a}: not found"));
                    }
                } else if shows && sh.hashed.contains_key(a) {
                    p.out.push_str(&format!("{}\n", where_is(a)));
                } else if shows || (tool::find(a).is_none() && !is(a)) {
                    fail(p, sh, 1, &format!("hash: {a}: not found"));
                } else if !is(a) {
                    sh.hashed.entry(a.clone()).or_insert(0);
                }
            }
        }
    }
}

/// `enable`.
pub(super) fn enable(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let off = args.iter().any(|a| a.starts_with('-') && a.contains('n'));
    let all = args.iter().any(|a| a.starts_with('-') && a.contains('a'));
    let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    if names.is_empty() {
        for n in NAMES.iter().filter(|n| **n != "which") {
            let disabled = sh.disabled.contains(*n);
            if all || disabled == off {
                p.out.push_str(&format!("enable {}{n}\n", if disabled { "-n " } else { "" }));
            }
        }
    }
    for n in names {
        if !is(n) {
            fail(p, sh, 1, &format!("enable: {n}: not a shell builtin"));
        } else if off {
            Arc::make_mut(&mut sh.disabled).insert(n.clone());
        } else {
            Arc::make_mut(&mut sh.disabled).remove(n);
        }
    }
}

/// `caller`.
pub(super) fn caller(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let stack = sh.stack();
    let Some(first) = args.first() else {
        match (sh.calls.is_empty(), stack.first(), stack.get(1)) {
            (false, Some((_, _, line)), Some((_, file, _))) => p.out.push_str(&format!("{line} {file}\n")),
            (false, Some((_, _, line)), None) => p.out.push_str(&format!("{line} NULL\n")),
            _ if sh.from_file => p.out.push_str("0 NULL\n"),
            _ => sh.status = 1,
        }
        return;
    };
    let Ok(n) = first.parse::<usize>() else {
        fail(p, sh, 2, &format!("caller: {first}: invalid number"));
        return p.err.push_str("caller: usage: caller [expr]\n");
    };
    match (sh.calls.is_empty(), stack.get(n), stack.get(n + 1)) {
        (false, Some((_, _, line)), Some((name, file, _))) => p.out.push_str(&format!("{line} {name} {file}\n")),
        _ => sh.status = 1,
    }
}

/// A limit: what holds, and the most that it may be set to; `u64::MAX` is no limit.
type Limit = (u64, u64);

/// The present limit of a letter, and what it is about.
fn limit(p: &Proc, letter: char) -> Option<(&'static str, &'static str, Limit)> {
    let (text, unit, _, value) = LIMITS.iter().find(|l| l.2 == letter)?;
    let usual = match letter {
        'u' => MAX_PROCS as u64,
        _ => value.parse().unwrap_or(u64::MAX),
    };
    // Core files are switched off, and may be switched on.
    let most = if letter == 'c' { u64::MAX } else { usual };
    Some((text, unit, p.limits.get(&letter).copied().unwrap_or((usual, most))))
}

/// `ulimit`: a shell may lower its limits and those of its children; the hard ones belong to the machine.
pub(super) fn ulimit(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let letters: String = args.iter().filter(|a| a.starts_with('-')).map(|a| a.trim_start_matches('-')).collect();
    let (soft, hard) = (letters.contains('S'), letters.contains('H'));
    let mut wanted: Vec<char> = letters.chars().filter(|c| !"SH".contains(*c)).collect();
    let shown = |(s, h): Limit| match if hard { h } else { s } {
        u64::MAX => "unlimited".to_owned(),
        n => n.to_string(),
    };
    let line = |c: char, text: &str, unit: &str, l: Limit| {
        let unit = if unit.is_empty() { format!("(-{c})") } else { format!("({unit}, -{c})") };
        format!("{text:<28}{unit:>20} {}\n", shown(l))
    };
    if wanted.contains(&'a') {
        for (_, _, c, _) in LIMITS {
            if let Some((text, unit, l)) = limit(p, c) {
                p.out.push_str(&line(c, text, unit, l));
            }
        }
        return;
    }
    if wanted.is_empty() {
        wanted.push('f');
    }
    let many = wanted.len() > 1;
    let value = args.iter().find(|a| !a.starts_with('-'));
    for c in wanted {
        let Some((text, unit, (now, most))) = limit(p, c) else { return bad_option(p, sh, "ulimit", &format!("-{c}")) };
        let Some(given) = value else {
            let one = if many { line(c, text, unit, (now, most)) } else { format!("{}\n", shown((now, most))) };
            p.out.push_str(&one);
            continue;
        };
        let new = match given.as_str() {
            "unlimited" => u64::MAX,
            "soft" => now,
            "hard" => most,
            n => match n.parse() {
                Ok(n) => n,
                Err(_) => return fail(p, sh, 1, &format!("ulimit: {n}: invalid number")),
            },
        };
        let refused = |why: &str| format!("ulimit: {text}: cannot modify limit: {why}");
        if new > most {
            let why = if hard || !soft { "Operation not permitted" } else { "Invalid argument" };
            return fail(p, sh, 1, &refused(why));
        }
        if c == 'p' {
            return fail(p, sh, 1, &refused("Invalid argument"));
        }
        let both = soft == hard;
        let pair = (if both || soft { new } else { now.min(new) }, if both || hard { new } else { most });
        Arc::make_mut(&mut p.limits).insert(c, pair);
    }
}
