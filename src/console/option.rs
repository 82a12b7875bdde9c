//! `set -o` and `shopt`.

use serde::Serialize;

/// Options of a shell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// `-a`.
    pub allexport: bool,
    /// `-e`.
    pub errexit: bool,
    /// `-f`.
    pub noglob: bool,
    /// `-n`.
    pub noexec: bool,
    /// `-u`.
    pub nounset: bool,
    /// `-v`.
    pub verbose: bool,
    /// `-x`.
    pub xtrace: bool,
    /// `-C`.
    pub noclobber: bool,
    /// `+B`.
    pub no_braces: bool,
    /// `-E`.
    pub errtrace: bool,
    /// `-o pipefail`.
    pub pipefail: bool,
    /// `-m`.
    pub monitor: bool,
    /// `-o posix`.
    pub posix: bool,
    /// Other options of `set -o` that change nothing here, as they were set.
    pub other: std::collections::BTreeSet<String>,
    /// `shopt extglob`.
    pub extglob: bool,
    /// `shopt nullglob`.
    pub nullglob: bool,
    /// `shopt failglob`.
    pub failglob: bool,
    /// `shopt dotglob`.
    pub dotglob: bool,
    /// `shopt globstar`.
    pub globstar: bool,
    /// `shopt nocaseglob`.
    pub nocaseglob: bool,
    /// `shopt nocasematch`.
    pub nocasematch: bool,
    /// `shopt expand_aliases`.
    pub expand_aliases: bool,
    /// `shopt inherit_errexit`.
    pub inherit_errexit: bool,
    /// `shopt lastpipe`.
    pub lastpipe: bool,
    /// `shopt xpg_echo`.
    pub xpg_echo: bool,
}

/// Options of `set -o` that are known and change nothing in this shell.
const INERT: [&str; 9] =
    ["emacs", "functrace", "hashall", "histexpand", "history", "ignoreeof", "interactive-comments", "physical", "vi"];
const SET: [(&str, char); 13] = [
    ("allexport", 'a'),
    ("braceexpand", 'B'),
    ("errexit", 'e'),
    ("errtrace", 'E'),
    ("monitor", 'm'),
    ("noclobber", 'C'),
    ("noexec", 'n'),
    ("noglob", 'f'),
    ("nounset", 'u'),
    ("pipefail", ' '),
    ("posix", ' '),
    ("verbose", 'v'),
    ("xtrace", 'x'),
];
const SHOPT: [&str; 11] = [
    "dotglob",
    "expand_aliases",
    "extglob",
    "failglob",
    "globstar",
    "inherit_errexit",
    "lastpipe",
    "nocaseglob",
    "nocasematch",
    "nullglob",
    "xpg_echo",
];

impl Options {
    fn slot(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "allexport" => &mut self.allexport,
            "braceexpand" => &mut self.no_braces,
            "errexit" => &mut self.errexit,
            "errtrace" => &mut self.errtrace,
            "monitor" => &mut self.monitor,
            "noclobber" => &mut self.noclobber,
            "noexec" => &mut self.noexec,
            "noglob" => &mut self.noglob,
            "nounset" => &mut self.nounset,
            "pipefail" => &mut self.pipefail,
            "posix" => &mut self.posix,
            "verbose" => &mut self.verbose,
            "xtrace" => &mut self.xtrace,
            "dotglob" => &mut self.dotglob,
            "expand_aliases" => &mut self.expand_aliases,
            "extglob" => &mut self.extglob,
            "failglob" => &mut self.failglob,
            "globstar" => &mut self.globstar,
            "inherit_errexit" => &mut self.inherit_errexit,
            "lastpipe" => &mut self.lastpipe,
            "nocaseglob" => &mut self.nocaseglob,
            "nocasematch" => &mut self.nocasematch,
            "nullglob" => &mut self.nullglob,
            "xpg_echo" => &mut self.xpg_echo,
            _ => return None,
        })
    }

    /// Sets an option of `set -o` by name; whether there is one.
    pub fn set(&mut self, name: &str, on: bool) -> bool {
        if INERT.contains(&name) {
            if on {
                self.other.insert(name.to_owned());
            } else {
                self.other.remove(name);
            }
            return true;
        }
        SET.iter().any(|(n, _)| *n == name) && self.put(name, on)
    }

    /// Sets an option of `shopt`; whether there is one.
    pub fn shopt(&mut self, name: &str, on: bool) -> bool {
        SHOPT.contains(&name) && self.put(name, on)
    }

    fn put(&mut self, name: &str, on: bool) -> bool {
        match self.slot(name) {
            Some(slot) => {
                *slot = on != (name == "braceexpand");
                true
            }
            None => false,
        }
    }

    /// Sets an option by its letter; whether there is one.
    pub fn letter(&mut self, letter: char, on: bool) -> bool {
        match SET.iter().find(|(_, c)| *c == letter && letter != ' ') {
            Some((name, _)) => self.put(name, on),
            None => matches!(letter, 'h' | 'b' | 'k' | 'p' | 't' | 'H' | 'P' | 'T'),
        }
    }

    /// Whether an option is on.
    pub fn is_on(&self, name: &str) -> bool {
        let mut copy = self.clone();
        self.other.contains(name) || copy.slot(name).is_some_and(|s| *s != (name == "braceexpand"))
    }

    /// Options of `set -o`, by name.
    pub fn all() -> impl Iterator<Item = &'static str> {
        let mut all: Vec<&str> = SET.iter().map(|(n, _)| *n).chain(INERT).collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// Options of `shopt`, by name.
    pub fn all_shopt() -> impl Iterator<Item = &'static str> {
        SHOPT.into_iter()
    }

    /// Names of those that are on.
    pub fn names(&self) -> Vec<String> {
        let mut on: Vec<String> = Options::all().filter(|n| self.is_on(n)).map(str::to_owned).collect();
        for always in ["hashall", "interactive-comments"] {
            if !on.iter().any(|n| n == always) {
                on.push(always.to_owned());
            }
        }
        on.sort();
        on
    }

    /// `$-`.
    pub fn letters(&self, interactive: bool) -> String {
        let mut out = String::new();
        for c in "aefhinuvxBCEH".chars() {
            let on = match c {
                'h' => true,
                'i' | 'H' => interactive,
                c => SET.iter().any(|(n, l)| *l == c && self.is_on(n)),
            };
            if on {
                out.push(c);
            }
        }
        out
    }
}
