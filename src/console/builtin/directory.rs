//! `cd`, `pwd`, `pushd`, `popd`, `dirs`, `umask`.

use super::{bad_option, usage};
use crate::console::expand::Sources;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::path;
use crate::console::process::{Proc, Shell};
use crate::console::shell::{fail, set};

impl Console {
    pub(super) fn directory(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        name: &str,
        args: &[String],
        host: &dyn ConsoleHost,
    ) {
        let physical = args.iter().rfind(|a| matches!(a.as_str(), "-L" | "-P")).is_some_and(|a| a == "-P");
        let args: Vec<&String> = args.iter().filter(|a| !matches!(a.as_str(), "-L" | "-P" | "--")).collect();
        match (name, args.as_slice()) {
            ("pwd", [a, ..]) if a.starts_with('-') => {
                bad_option(p, sh, "pwd", &a.chars().take(2).collect::<String>());
            }
            ("pwd", _) => {
                let real = if physical { host.resolve(&p.host, &p.cwd, true).ok() } else { None };
                p.out.push_str(&format!("{}\n", real.as_ref().unwrap_or(&p.cwd)));
            }
            ("umask", _) => umask(p, sh, &args),
            ("dirs", _) => dirs(p, sh, &args),
            ("popd", _) => popd(p, sh, &args, host),
            ("pushd", _) => pushd(p, sh, &args, host),
            (_, []) => match sh.vars.get("HOME").and_then(|v| v.text()).map(str::to_owned) {
                None => fail(p, sh, 1, "cd: HOME not set"),
                Some(home) => {
                    change(p, sh, name, &home, &home, host);
                }
            },
            (_, [a]) if *a == "-" => match sh.vars.get("OLDPWD").and_then(|v| v.text()).map(str::to_owned) {
                None => fail(p, sh, 1, "cd: OLDPWD not set"),
                Some(old) => {
                    if change(p, sh, name, &old, &old, host) {
                        p.out.push_str(&format!("{old}\n"));
                    }
                }
            },
            (_, [a]) if a.starts_with('-') && a.len() > 1 => {
                bad_option(p, sh, "cd", &a.chars().take(2).collect::<String>());
            }
            (_, [a]) => {
                if let Some((full, shown)) = in_cdpath(p, sh, a, host) {
                    if change(p, sh, name, a, &full, host) && shown {
                        p.out.push_str(&format!("{}\n", p.cwd));
                    }
                    return;
                }
                if let Some(why) = lacks_parent(p, a, host) {
                    return fail(p, sh, 1, &format!("cd: {a}: {why}"));
                }
                let full = path::absolute(&p.cwd, a);
                let full = if physical { host.resolve(&p.host, &full, true).unwrap_or(full) } else { full };
                change(p, sh, name, a, &full, host);
            }
            _ => fail(p, sh, 1, "cd: too many arguments"),
        }
    }
}

/// What is wrong with a `..` that stands behind something that is no directory.
fn lacks_parent(p: &Proc, name: &str, host: &dyn ConsoleHost) -> Option<&'static str> {
    let parts: Vec<&str> = name.split('/').collect();
    (1..parts.len()).filter(|i| parts.get(*i) == Some(&"..")).find_map(|i| {
        let before = parts.get(..i).unwrap_or_default().join("/");
        let dir = path::absolute(&p.cwd, if before.is_empty() { "/" } else { &before });
        match host.stat(&p.host, &dir) {
            None if dir == path::home(&p.user) || dir == "/home" => None,
            None => Some("No such file or directory"),
            Some(s) => (!s.dir).then_some("Not a directory"),
        }
    })
}

/// Refuses a word that is no place in the stack; whether it did.
fn no_number(p: &mut Proc, sh: &mut Shell, name: &str, word: Option<&&String>) -> bool {
    let Some(word) = word.filter(|w| w.len() > 1 && w.starts_with(['-', '+']) && place(w, 1).is_none()) else {
        return false;
    };
    fail(p, sh, 2, &format!("{name}: {word}: invalid number"));
    usage(p, name);
    true
}

/// A directory below one of `CDPATH`, and whether `cd` prints it.
fn in_cdpath(p: &Proc, sh: &Shell, name: &str, host: &dyn ConsoleHost) -> Option<(String, bool)> {
    if name.is_empty() || name.starts_with(['/', '.']) {
        return None;
    }
    let all = sh.vars.get("CDPATH").and_then(|v| v.text())?;
    all.split(':').find_map(|dir| {
        let full = path::absolute(&p.cwd, &path::join(if dir.is_empty() { "." } else { dir }, name));
        host.stat(&p.host, &full).is_some_and(|s| s.dir).then_some((full, !dir.is_empty()))
    })
}

/// `+1`, `-0`: a place in the stack, counted from the present directory.
fn place(text: &str, count: usize) -> Option<Result<usize, ()>> {
    let from_end = text.starts_with('-');
    let n = text.strip_prefix(['+', '-'])?.parse::<usize>().ok()?;
    let at = if from_end { count.checked_sub(n + 1) } else { Some(n).filter(|n| *n < count) };
    Some(at.ok_or(()))
}

/// The stack without abbreviations, the present directory first.
fn full_stack(p: &Proc, sh: &Shell) -> Vec<String> {
    std::iter::once(&p.cwd).chain(sh.dirs.iter().rev()).cloned().collect()
}

/// Makes a list the stack; its first directory becomes the present one.
fn take_stack(p: &mut Proc, sh: &mut Shell, name: &str, all: &[String], host: &dyn ConsoleHost) -> bool {
    let Some((first, rest)) = all.split_first() else { return false };
    if *first != p.cwd && !change(p, sh, name, first, first, host) {
        return false;
    }
    sh.dirs = rest.iter().rev().cloned().collect();
    true
}

fn print_stack(p: &mut Proc, sh: &Shell) {
    let line = stack(p, sh).join(" ");
    p.out.push_str(&format!("{line}\n"));
}

fn pushd(p: &mut Proc, sh: &mut Shell, args: &[&String], host: &dyn ConsoleHost) {
    let stays = args.first().is_some_and(|a| *a == "-n");
    let args = args.get(usize::from(stays)..).unwrap_or_default();
    let mut all = full_stack(p, sh);
    if no_number(p, sh, "pushd", args.first()) {
        return;
    }
    if args.len() > 1 {
        return fail(p, sh, 1, "pushd: too many arguments");
    }
    match args.first() {
        None if all.len() < 2 => return fail(p, sh, 1, "pushd: no other directory"),
        None => all.swap(0, 1),
        Some(a) => match place(a, all.len()) {
            Some(Ok(at)) => all.rotate_left(at),
            Some(Err(())) => {
                let why = if all.len() < 2 { "directory stack empty" } else { "directory stack index out of range" };
                let shown = if all.len() < 2 { String::new() } else { format!("{a}: ") };
                return fail(p, sh, 1, &format!("pushd: {shown}{why}"));
            }
            None if stays => {
                let full = path::absolute(&p.cwd, a);
                sh.dirs.push(full);
                return print_stack(p, sh);
            }
            None => {
                let from = p.cwd.clone();
                let full = path::absolute(&p.cwd, a);
                if sh.dirs.len() < 100 && change(p, sh, "pushd", a, &full, host) {
                    sh.dirs.push(from);
                    print_stack(p, sh);
                }
                return;
            }
        },
    }
    if take_stack(p, sh, "pushd", &all, host) {
        print_stack(p, sh);
    }
}

fn popd(p: &mut Proc, sh: &mut Shell, args: &[&String], host: &dyn ConsoleHost) {
    let stays = args.first().is_some_and(|a| *a == "-n");
    let args = args.get(usize::from(stays)..).unwrap_or_default();
    let mut all = full_stack(p, sh);
    if no_number(p, sh, "popd", args.first()) {
        return;
    }
    if let Some(a) = args.first().filter(|a| place(a, all.len()).is_none()) {
        fail(p, sh, 2, &format!("popd: {a}: invalid argument"));
        return usage(p, "popd");
    }
    if all.len() < 2 {
        return fail(p, sh, 1, "popd: directory stack empty");
    }
    let at = match args.first() {
        None => usize::from(stays),
        Some(a) => match place(a, all.len()) {
            Some(Ok(at)) => at,
            _ => return fail(p, sh, 1, &format!("popd: {a}: directory stack index out of range")),
        },
    };
    all.remove(at);
    if take_stack(p, sh, "popd", &all, host) {
        print_stack(p, sh);
    }
}

fn dirs(p: &mut Proc, sh: &mut Shell, args: &[&String]) {
    let flag = |a: &str| a.strip_prefix('-').is_some_and(|l| !l.is_empty() && l.chars().all(|c| "clpv".contains(c)));
    let other = args.iter().find(|a| !flag(a) && place(a, 1).is_none());
    if no_number(p, sh, "dirs", other) {
        return;
    }
    if let Some(other) = other {
        return bad_option(p, sh, "dirs", other);
    }
    let has = |c: char| args.iter().any(|a| a.starts_with('-') && a.contains(c) && a.parse::<i64>().is_err());
    if has('c') {
        return sh.dirs.clear();
    }
    let all = if has('l') { full_stack(p, sh) } else { stack(p, sh) };
    if let Some(a) = args.iter().find(|a| a.strip_prefix(['+', '-']).is_some_and(|n| n.parse::<usize>().is_ok())) {
        return match place(a, all.len()) {
            Some(Ok(at)) => p.out.push_str(&format!("{}\n", all.get(at).cloned().unwrap_or_default())),
            _ if all.len() < 2 => fail(p, sh, 1, "dirs: directory stack empty"),
            _ => fail(p, sh, 1, &format!("dirs: {a}: directory stack index out of range")),
        };
    }
    if !has('v') && !has('p') {
        return p.out.push_str(&format!("{}\n", all.join(" ")));
    }
    for (i, d) in all.iter().enumerate() {
        p.out.push_str(&if has('v') { format!("{i:>2}  {d}\n") } else { format!("{d}\n") });
    }
}

/// `umask [-p] [-S] [MODE]`: what a mode leaves out, in figures or in words.
fn umask(p: &mut Proc, sh: &mut Shell, words: &[&String]) {
    let flags: Vec<&String> = words.iter().copied().filter(|w| w.starts_with('-') && w.len() > 1).collect();
    let named = |f: char| flags.iter().any(|w| w.contains(f));
    if let Some(bad) = flags.iter().find(|w| !w.chars().skip(1).all(|c| matches!(c, 'p' | 'S'))) {
        bad_option(p, sh, "umask", &format!("{bad}"));
        return;
    }
    let mode = words.iter().find(|w| !w.starts_with('-') || w.len() == 1);
    let now = p.umask;
    match mode {
        Some(text) => {
            let octal = text.starts_with(|c: char| c.is_ascii_digit());
            let new = match octal {
                true => u16::from_str_radix(text, 8).ok().filter(|n| *n <= 0o777),
                // In words it says what stays.
                false => crate::console::mode::symbolic(text, !now & 0o777, true, 0).map(|m| !m & 0o777),
            };
            match new {
                Some(n) => p.umask = n,
                None if octal => fail(p, sh, 1, &format!("umask: {text}: octal number out of range")),
                None => fail(p, sh, 1, &format!("umask: `{text}': invalid symbolic mode operator")),
            }
        }
        None => {
            let word = |shift: u16| {
                let bits = !now >> shift;
                ["r", "w", "x"].iter().enumerate().filter(|(i, _)| bits & (4 >> i) != 0).map(|(_, s)| *s).collect()
            };
            let parts: [String; 3] = [word(6), word(3), word(0)];
            let [u, g, o] = parts;
            let text = if named('S') { format!("u={u},g={g},o={o}") } else { format!("{now:04o}") };
            let lead = match (named('p'), named('S')) {
                (true, true) => "umask -S ",
                (true, false) => "umask ",
                _ => "",
            };
            p.out.push_str(&format!("{lead}{text}\n"));
        }
    }
}

fn stack(p: &Proc, sh: &Shell) -> Vec<String> {
    let home = sh.vars.get("HOME").and_then(|v| v.text()).unwrap_or("/").to_owned();
    let short = |d: &String| match d.strip_prefix(&home) {
        Some(rest) if home.len() > 1 && (rest.is_empty() || rest.starts_with('/')) => format!("~{rest}"),
        _ => d.clone(),
    };
    std::iter::once(&p.cwd).chain(sh.dirs.iter().rev()).map(short).collect()
}

fn change(p: &mut Proc, sh: &mut Shell, name: &str, shown: &str, to: &str, host: &dyn ConsoleHost) -> bool {
    let to = if to.is_empty() { p.cwd.clone() } else { path::absolute("/", to) };
    let why = match host.stat(&p.host, &to) {
        None if to == path::home(&p.user) => None,
        None => Some("No such file or directory"),
        Some(s) if !s.dir => Some("Not a directory"),
        Some(s) if !path::allowed(&s, &p.user, 1) => Some("Permission denied"),
        Some(_) => None,
    };
    if let Some(why) = why {
        fail(p, sh, 1, &format!("{name}: {shown}: {why}"));
        return false;
    }
    let old = std::mem::replace(&mut p.cwd, to);
    set(p, sh, "OLDPWD", &old, Sources::new());
    let now = p.cwd.clone();
    set(p, sh, "PWD", &now, Sources::new());
    true
}
