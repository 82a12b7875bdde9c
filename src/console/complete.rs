//! Completion of a line: tools, options, subcommands, paths, variables, and the names that the host knows.

use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::process::Proc;
use crate::console::tool::{self, Operand};
use crate::console::{builtin, path};

/// Candidates for the word under the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Byte offset at which the word begins.
    pub start: usize,
    /// What may stand there instead, sorted; a directory ends with `/`.
    pub candidates: Vec<String>,
}

impl Console {
    /// Completes the word that ends at the byte offset `cursor` of `line`.
    pub fn complete(&self, terminal: u32, line: &str, cursor: usize, host: &dyn ConsoleHost) -> Completion {
        let mut cursor = cursor.min(line.len());
        while !line.is_char_boundary(cursor) {
            cursor -= 1;
        }
        let before = line.get(..cursor).unwrap_or_default();
        let start = before.rfind(|c: char| c.is_whitespace() || "|;&<>()'\"".contains(c)).map_or(0, |i| i + 1);
        let word = before.get(start..).unwrap_or_default();
        let Some(p) = self.terminal(terminal).and_then(|t| self.procs.get(t.shells.last()?)) else {
            return Completion { start, candidates: Vec::new() };
        };
        let command = before.rfind(['|', ';', '&', '(']).map_or(before, |i| before.get(i + 1..).unwrap_or_default());
        let mut words: Vec<&str> = command.split_whitespace().collect();
        if !word.is_empty() {
            words.pop();
        }
        while matches!(words.first(), Some(&("sudo" | "watch" | "xargs" | "time"))) {
            words.remove(0);
        }
        let mut found = candidates(self, p, &words, word, host);
        found.retain(|c| c.starts_with(word));
        found.sort();
        found.dedup();
        found.truncate(200);
        Completion { start, candidates: found }
    }
}

fn candidates(con: &Console, p: &Proc, words: &[&str], word: &str, host: &dyn ConsoleHost) -> Vec<String> {
    let shell = p.shell.as_deref();
    if let Some(name) = word.strip_prefix('$') {
        let (open, close) = if name.starts_with('{') { ("${", "}") } else { ("$", "") };
        let name = name.trim_start_matches('{');
        let vars = shell.into_iter().flat_map(|s| s.vars.names()).filter(|v| v.starts_with(name));
        return vars.map(|v| format!("{open}{v}{close}")).collect();
    }
    if word.starts_with('~') && !word.contains('/') {
        return ["root", p.user.as_str()].iter().map(|u| format!("~{u}/")).collect();
    }
    let Some(first) = words.first() else {
        if word.contains('/') {
            return paths(p, word, host);
        }
        let own = shell.into_iter().flat_map(|s| s.functions.keys().chain(s.aliases.keys())).cloned();
        return tool::names().chain(builtin::NAMES.iter().copied()).map(str::to_owned).chain(own).collect();
    };
    if let Some(list) = shell.and_then(|s| s.completions.get(*first)).and_then(|spec| word_list(spec)) {
        return list;
    }
    if matches!(*first, "cd" | "pushd" | "rmdir") && !word.starts_with('-') {
        return paths(p, word, host).into_iter().filter(|c| c.ends_with('/')).collect();
    }
    if matches!(*first, "kill" | "fg" | "bg" | "wait" | "disown") && word.starts_with('%') {
        let jobs = shell.into_iter().flat_map(|s| &s.jobs);
        return jobs.map(|j| format!("%{}", j.number)).collect();
    }
    let Some(decl) = tool::find(first) else { return paths(p, word, host) };
    if word.starts_with('-') {
        let mut out = vec!["--help".to_owned()];
        for o in decl.opts {
            if !o.short.is_empty() {
                out.push(format!("-{}", o.short));
            }
            if !o.long.is_empty() {
                out.push(format!("--{}", o.long));
            }
        }
        return out;
    }
    if *first == "kubectl" && words.len() > 1 {
        return tool::complete_kubectl(words, word, host.cluster(&con.caller(p)).as_ref());
    }
    if words.len() == 1 && !decl.subs.is_empty() {
        return decl.subs.iter().map(|s| (*s).to_owned()).collect();
    }
    match decl.operand {
        Operand::Free => Vec::new(),
        Operand::Path => paths(p, word, host),
        Operand::Name(kind) => con.names(p, kind, host),
        Operand::Tool => tool::names().map(str::to_owned).collect(),
    }
}

/// The words of `complete -W 'one two' NAME`.
fn word_list(spec: &[String]) -> Option<Vec<String>> {
    let at = spec.iter().position(|o| o == "-W")?;
    Some(spec.get(at + 1)?.split_whitespace().map(str::to_owned).collect())
}

fn paths(p: &Proc, word: &str, host: &dyn ConsoleHost) -> Vec<String> {
    let (typed, name) = match word.rfind('/') {
        Some(i) => (word.get(..=i).unwrap_or_default(), word.get(i + 1..).unwrap_or_default()),
        None => ("", word),
    };
    let dir = match typed.strip_prefix("~/") {
        Some(rest) => path::absolute(&path::home(&p.user), rest),
        None => path::absolute(&p.cwd, typed),
    };
    host.list(&p.host, &dir)
        .unwrap_or_default()
        .into_iter()
        .filter(|(n, _)| n.starts_with(name) && (name.starts_with('.') || !n.starts_with('.')))
        .map(|(n, s)| format!("{typed}{n}{}", if s.dir { "/" } else { "" }))
        .collect()
}
