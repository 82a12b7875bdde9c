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
        let args: Vec<&String> = args.iter().filter(|a| !matches!(a.as_str(), "-L" | "-P" | "--")).collect();
        match (name, args.as_slice()) {
            ("pwd", _) => p.out.push_str(&format!("{}\n", p.cwd)),
            ("umask", []) => p.out.push_str("0022\n"),
            ("umask", [a]) if *a == "-S" => p.out.push_str("u=rwx,g=rx,o=rx\n"),
            ("umask", [a]) if a.chars().all(|c| c.is_digit(8)) => {}
            ("umask", [a, ..]) => fail(p, sh, 1, &format!("umask: {a}: the mask is fixed at 0022 here")),
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
                change(p, sh, name, a, &full, host);
            }
            _ => fail(p, sh, 1, "cd: too many arguments"),
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
