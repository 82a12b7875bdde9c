//! `compgen`, `complete`, `history` and `fc`.

use super::NAMES;
use super::bad_option;
use super::name::KEYWORDS;
use crate::console::escape;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::path;
use crate::console::process::{Proc, Shell};
use crate::console::shell::{SIGNALS, fail};
use crate::console::tool;
use crate::sim::effect::Effect;
use std::sync::Arc;

/// Most lines that `~/.bash_history` keeps.
const MAX_LINES: usize = 500;

impl Console {
    pub(super) fn compgen(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let (mut all, mut word) = (Vec::<String>::new(), None);
        let (mut before, mut after) = (String::new(), String::new());
        let mut rest = args.iter();
        while let Some(a) = rest.next() {
            let Some(letters) = a.strip_prefix('-').filter(|l| !l.is_empty()) else {
                word = Some(a.clone());
                continue;
            };
            for c in letters.chars() {
                let action = match c {
                    'A' => rest.next().map(String::as_str).unwrap_or_default(),
                    'W' => {
                        let list = rest.next().map(String::as_str).unwrap_or_default();
                        all.extend(list.split_whitespace().map(str::to_owned));
                        continue;
                    }
                    'P' => {
                        before = rest.next().cloned().unwrap_or_default();
                        continue;
                    }
                    'S' => {
                        after = rest.next().cloned().unwrap_or_default();
                        continue;
                    }
                    'o' | 'F' | 'C' | 'X' | 'G' => {
                        rest.next();
                        continue;
                    }
                    'a' => "alias",
                    'b' => "builtin",
                    'c' => "command",
                    'd' => "directory",
                    'e' => "export",
                    'f' => "file",
                    'j' => "job",
                    'k' => "keyword",
                    'u' => "user",
                    'v' => "variable",
                    c => return bad_option(p, sh, "compgen", &format!("-{c}")),
                };
                let prefix = args.last().filter(|l| !l.starts_with('-')).cloned().unwrap_or_default();
                match action_words(p, sh, action, &prefix, host) {
                    Some(found) => all.extend(found),
                    None => return fail(p, sh, 2, &format!("compgen: {action}: invalid action name")),
                }
            }
        }
        let word = word.unwrap_or_default();
        all.retain(|w| w.starts_with(&word));
        if all.is_empty() {
            sh.status = 1;
        }
        for w in all {
            p.out.push_str(&format!("{before}{w}{after}\n"));
        }
    }

    /// `history`.
    /// What `history` says to its words in a shell that keeps no list.
    fn history_words(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let Some(first) = args.first().filter(|a| *a != "--") else { return };
        match first.strip_prefix('-') {
            Some(letters) if !letters.starts_with(['a', 'c', 'd', 'n', 'p', 'r', 's', 'w']) => {
                bad_option(p, sh, "history", &first.chars().take(2).collect::<String>());
            }
            Some(_) => {}
            None if first.parse::<i64>().is_err() => {
                fail(p, sh, 1, &format!("history: {first}: numeric argument required"));
            }
            None if args.len() > 1 => self.discard(p, sh, "history: too many arguments"),
            None => {}
        }
    }

    pub(super) fn history(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &mut dyn ConsoleHost) {
        if !sh.recalls {
            return self.history_words(p, sh, args);
        }
        // What a forked shell does to its copy of the list ends with it.
        let own = sh.interactive;
        let lines = self.terminal(p.terminal).map(|t| t.history.clone()).unwrap_or_default();
        let usual = path::join(&path::home(&p.user), ".bash_history");
        let file =
            sh.vars.get("HISTFILE").and_then(|v| v.text()).filter(|f| !f.is_empty()).map_or(usual, str::to_owned);
        let mut words = args.iter();
        while let Some(a) = words.next() {
            match a.as_str() {
                "-c" => {
                    if let Some(t) = self.terminal_mut(p.terminal).filter(|_| own) {
                        t.history.clear();
                    }
                    sh.unsaved.clear();
                    return;
                }
                a if a.starts_with("-d") => {
                    let given = a.strip_prefix("-d").filter(|t| !t.is_empty()).map(str::to_owned);
                    let spec = given.or_else(|| words.next().cloned()).unwrap_or_default();
                    let place = |t: &str| -> Option<usize> {
                        let n = t.parse::<i64>().ok()?;
                        let len = i64::try_from(lines.len()).ok()?;
                        let at = if n < 0 { len + n } else { n - 1 };
                        usize::try_from(at).ok().filter(|at| *at < lines.len())
                    };
                    // A range is `2-4`.
                    let (from, to) = match spec.rsplit_once('-').filter(|(a, _)| !a.is_empty()) {
                        Some((a, b)) => (place(a), place(b)),
                        None => (place(&spec), place(&spec)),
                    };
                    let (Some(from), Some(to)) = (from, to) else {
                        return fail(p, sh, 1, &format!("history: {spec}: history position out of range"));
                    };
                    if let Some(t) = self.terminal_mut(p.terminal).filter(|_| own)
                        && from <= to
                    {
                        let gone: Vec<String> =
                            t.history.drain(from..=to.min(t.history.len().saturating_sub(1))).collect();
                        sh.unsaved.retain(|l| !gone.contains(l));
                    }
                    return;
                }
                "-w" | "-a" => {
                    // `-a` adds what is new since the last time.
                    let file = words.next().cloned().unwrap_or(file);
                    let new = std::mem::take(&mut sh.unsaved);
                    let new = if a == "-a" { &new } else { &lines };
                    if let Err(why) = self.save_history(p, sh, &file, new, a == "-a", host) {
                        fail(p, sh, 1, &format!("history: {file}: {why}"));
                    }
                    return;
                }
                "-r" | "-n" => {
                    let file = words.next().cloned().unwrap_or(file);
                    let file = path::absolute(&p.cwd, &file);
                    match host.read(&p.host, &file) {
                        Ok(text) => {
                            if let Some(t) = self.terminal_mut(p.terminal).filter(|_| own) {
                                text.lines().for_each(|l| t.remember(l));
                            }
                        }
                        Err(why) => fail(p, sh, 1, &format!("history: {file}: {why}")),
                    }
                    return;
                }
                "-s" => {
                    let text = words.cloned().collect::<Vec<_>>().join(" ");
                    if let Some(t) = self.terminal_mut(p.terminal).filter(|_| own) {
                        t.history.pop();
                        t.remember(&text);
                        sh.unsaved.pop();
                        sh.unsaved.push(text);
                    }
                    return;
                }
                "-p" => {
                    for w in words {
                        match crate::console::history::expand(w, &lines) {
                            Ok(Some(e)) => p.out.push_str(&format!("{}\n", e.text)),
                            Ok(None) => p.out.push_str(&format!("{w}\n")),
                            Err(_) => fail(p, sh, 1, &format!("history: {w}: history expansion failed")),
                        }
                    }
                    return;
                }
                a if a.parse::<usize>().is_ok() => {}
                a if a.starts_with('-') => return bad_option(p, sh, "history", &format!("{a}")),
                a => return fail(p, sh, 1, &format!("history: {a}: numeric argument required")),
            }
        }
        let last = args.first().and_then(|a| a.parse::<usize>().ok()).unwrap_or(lines.len());
        for (i, line) in lines.iter().enumerate().skip(lines.len().saturating_sub(last)) {
            p.out.push_str(&format!("{:>5}  {line}\n", i + 1));
        }
    }

    /// Writes a terminal's history to the user's file on the host of the shell.
    fn save_history(
        &mut self,
        p: &Proc,
        sh: &Shell,
        file: &str,
        lines: &[String],
        append: bool,
        host: &mut dyn ConsoleHost,
    ) -> Result<(), String> {
        let file = &path::absolute(&p.cwd, file);
        let most = sh.vars.get("HISTFILESIZE").and_then(|v| v.text()?.parse().ok()).unwrap_or(MAX_LINES);
        let old = if append { host.read(&p.host, file).unwrap_or_default() } else { String::new() };
        let all: Vec<&str> = old.lines().chain(lines.iter().flat_map(|l| l.lines())).collect();
        // The file grows up to its size; from then on it is written anew.
        let append = append && all.len() <= most;
        let from = if append { old.lines().count() } else { all.len().saturating_sub(most) };
        let text: String = all.get(from..).unwrap_or_default().iter().flat_map(|l| [*l, "\n"]).collect();
        let effect = Effect::Write { host: p.host.clone(), path: file.clone(), text, append, owner: p.user.clone() };
        host.apply(&self.caller(p), &effect, "write", &format!("{}:{file}", p.host)).map(|_| ()).map_err(|r| r.message)
    }

    /// What was typed to a shell goes into its history file when it ends; where that cannot be written, nothing is said.
    pub(crate) fn keep_history(&mut self, p: &Proc, sh: &mut Shell, host: &mut dyn ConsoleHost) {
        let new = std::mem::take(&mut sh.unsaved);
        let file = sh.vars.get("HISTFILE").and_then(|v| v.text()).unwrap_or_default().to_owned();
        if !new.is_empty() && !file.is_empty() {
            let _unsaid = self.save_history(p, sh, &file, &new, true, host);
        }
    }

    /// `fc -l`: the last lines of the history.
    pub(super) fn fc(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let lines = self.terminal(p.terminal).map(|t| t.history.clone()).unwrap_or_default();
        if !args.first().is_some_and(|a| a.starts_with('-') && a.contains('l')) {
            return fail(p, sh, 1, "fc: there is no editor here: only `fc -l' works");
        }
        if !sh.recalls {
            return;
        }
        let bare = args.iter().any(|a| a.starts_with('-') && a.contains('n'));
        for (i, line) in lines.iter().enumerate().skip(lines.len().saturating_sub(16)) {
            let number = if bare { String::new() } else { (i + 1).to_string() };
            p.out.push_str(&format!("{number}\t {line}\n"));
        }
    }
}

fn action_words(p: &Proc, sh: &Shell, action: &str, prefix: &str, host: &dyn ConsoleHost) -> Option<Vec<String>> {
    let owned = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    Some(match action {
        "alias" => sh.aliases.keys().cloned().collect(),
        "builtin" => NAMES.iter().filter(|n| **n != "which").map(|s| (*s).to_owned()).collect(),
        "command" => {
            let mut all = owned(&KEYWORDS);
            all.extend(sh.functions.keys().cloned());
            all.extend(NAMES.iter().map(|s| (*s).to_owned()));
            all.extend(tool::names().map(str::to_owned));
            all
        }
        "function" => sh.functions.keys().cloned().collect(),
        "keyword" => owned(&KEYWORDS),
        "variable" => {
            let mut all: Vec<String> = sh.vars.names().cloned().collect();
            all.extend(owned(&["BASH_VERSINFO", "BASH_VERSION"]));
            all.sort();
            all.dedup();
            all
        }
        "export" => sh.vars.iter().filter(|(_, v)| v.exported).map(|(k, _)| k.clone()).collect(),
        "signal" => SIGNALS.iter().map(|(_, n)| format!("SIG{n}")).collect(),
        "job" => sh.jobs.iter().map(|j| j.text.clone()).collect(),
        "user" => vec!["root".to_owned(), p.user.clone()],
        "setopt" => crate::console::option::Options::all().map(str::to_owned).collect(),
        "shopt" => crate::console::option::Options::all_shopt().map(str::to_owned).collect(),
        "file" | "directory" => {
            let (dir, _) = prefix.rsplit_once('/').unwrap_or(("", prefix));
            let at = path::absolute(&p.cwd, if dir.is_empty() && prefix.starts_with('/') { "/" } else { dir });
            let lead = if prefix.contains('/') { format!("{dir}/") } else { String::new() };
            let all = host.list(&p.host, &at).unwrap_or_default();
            all.into_iter().filter(|(_, s)| s.dir || action == "file").map(|(n, _)| format!("{lead}{n}")).collect()
        }
        _ => return None,
    })
}

/// `complete`: what is declared is kept and printed.
pub(super) fn complete(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let line = |name: &str, options: &[String]| {
        let words: Vec<String> =
            options.iter().map(|o| if o.starts_with('-') { o.clone() } else { escape::single(o) }).collect();
        format!("complete {} {name}\n", words.join(" "))
    };
    match args.first().map(String::as_str) {
        None | Some("-p") => {
            let names = args.get(1..).unwrap_or_default();
            for (name, options) in sh.completions.iter().filter(|(k, _)| names.is_empty() || names.contains(k)) {
                p.out.push_str(&line(name, options));
            }
            let known = sh.completions.clone();
            for n in names.iter().filter(|n| !known.contains_key(*n)) {
                fail(p, sh, 1, &format!("complete: {n}: no completion specification"));
            }
        }
        Some("-r") => {
            let names = args.get(1..).unwrap_or_default().to_vec();
            Arc::make_mut(&mut sh.completions).retain(|k, _| !names.is_empty() && !names.contains(k));
        }
        Some(_) => {
            let mut options = Vec::new();
            let mut names = Vec::new();
            let mut rest = args.iter();
            while let Some(a) = rest.next() {
                if a.starts_with('-') && a.len() > 1 {
                    options.push(a.clone());
                    if matches!(a.as_str(), "-W" | "-F" | "-C" | "-A" | "-o" | "-G" | "-X" | "-P" | "-S") {
                        options.extend(rest.next().cloned());
                    }
                } else {
                    names.push(a.clone());
                }
            }
            let all = Arc::make_mut(&mut sh.completions);
            for n in names {
                if all.len() < 200 {
                    all.insert(n, options.clone());
                }
            }
        }
    }
}
