//! `cd`, `pwd`, `pushd`, `popd`, `dirs`, `umask`.

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
        let physical = args.iter().filter(|a| matches!(a.as_str(), "-L" | "-P")).next_back().is_some_and(|a| a == "-P");
        let args: Vec<&String> = args.iter().filter(|a| !matches!(a.as_str(), "-L" | "-P" | "--")).collect();
        match (name, args.as_slice()) {
            ("pwd", _) => {
                let real = if physical { host.resolve(&p.host, &p.cwd, true).ok() } else { None };
                p.out.push_str(&format!("{}\n", real.as_ref().unwrap_or(&p.cwd)));
            }
            ("umask", words) => umask(p, sh, words),
            ("dirs", [a]) if *a == "-c" => sh.dirs.clear(),
            ("dirs", [a]) if *a == "-v" || *a == "-p" => {
                for (i, d) in stack(p, sh).iter().enumerate() {
                    p.out.push_str(&if *a == "-v" { format!("{i:>2}  {d}\n") } else { format!("{d}\n") });
                }
            }
            ("dirs", _) => p.out.push_str(&format!("{}\n", stack(p, sh).join(" "))),
            ("popd", _) => match sh.dirs.pop() {
                None => fail(p, sh, 1, "popd: directory stack empty"),
                Some(to) => {
                    if change(p, sh, name, &to, &to, host) {
                        p.out.push_str(&format!("{}\n", stack(p, sh).join(" ")));
                    }
                }
            },
            ("pushd", []) => match sh.dirs.pop() {
                None => fail(p, sh, 1, "pushd: no other directory"),
                Some(to) => {
                    let from = p.cwd.clone();
                    if change(p, sh, name, &to, &to, host) {
                        sh.dirs.push(from);
                        p.out.push_str(&format!("{}\n", stack(p, sh).join(" ")));
                    }
                }
            },
            ("pushd", [to, ..]) => {
                let from = p.cwd.clone();
                let full = path::absolute(&p.cwd, to);
                if change(p, sh, name, to, &full, host) && sh.dirs.len() < 100 {
                    sh.dirs.push(from);
                    p.out.push_str(&format!("{}\n", stack(p, sh).join(" ")));
                }
            }
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
            (_, [a]) => {
                let full = path::absolute(&p.cwd, a);
                let full = if physical { host.resolve(&p.host, &full, true).unwrap_or(full) } else { full };
                change(p, sh, name, a, &full, host);
            }
            _ => fail(p, sh, 1, "cd: too many arguments"),
        }
    }
}

/// `umask [-p] [-S] [MODE]`: what a mode leaves out, in figures or in words.
fn umask(p: &mut Proc, sh: &mut Shell, words: &[&String]) {
    let flags: Vec<&String> = words.iter().copied().filter(|w| w.starts_with('-') && w.len() > 1).collect();
    let named = |f: char| flags.iter().any(|w| w.contains(f));
    if let Some(bad) = flags.iter().find(|w| !w.chars().skip(1).all(|c| matches!(c, 'p' | 'S'))) {
        fail(p, sh, 2, &format!("umask: {bad}: invalid option"));
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
