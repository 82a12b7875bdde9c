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
    /// `-T`.
    pub functrace: bool,
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

/// Those of them that are on unless somebody turns them off.
const USUAL: [&str; 2] = ["hashall", "interactive-comments"];

/// Options of `set -o` that are known and change nothing in this shell.
const INERT: [&str; 13] = [
    "emacs",
    "hashall",
    "histexpand",
    "history",
    "ignoreeof",
    "interactive-comments",
    "keyword",
    "nolog",
    "notify",
    "onecmd",
    "physical",
    "privileged",
    "vi",
];
const SET: [(&str, char); 14] = [
    ("allexport", 'a'),
    ("braceexpand", 'B'),
    ("errexit", 'e'),
    ("errtrace", 'E'),
    ("functrace", 'T'),
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
const SHOPT: [&str; 57] = [
    "autocd",
    "assoc_expand_once",
    "cdable_vars",
    "cdspell",
    "checkhash",
    "checkjobs",
    "checkwinsize",
    "cmdhist",
    "compat31",
    "compat32",
    "compat40",
    "compat41",
    "compat42",
    "compat43",
    "compat44",
    "complete_fullquote",
    "direxpand",
    "dirspell",
    "dotglob",
    "execfail",
    "expand_aliases",
    "extdebug",
    "extglob",
    "extquote",
    "failglob",
    "force_fignore",
    "globasciiranges",
    "globskipdots",
    "globstar",
    "gnu_errfmt",
    "histappend",
    "histreedit",
    "histverify",
    "hostcomplete",
    "huponexit",
    "inherit_errexit",
    "interactive_comments",
    "lastpipe",
    "lithist",
    "localvar_inherit",
    "localvar_unset",
    "login_shell",
    "mailwarn",
    "no_empty_cmd_completion",
    "nocaseglob",
    "nocasematch",
    "noexpand_translation",
    "nullglob",
    "patsub_replacement",
    "progcomp",
    "progcomp_alias",
    "promptvars",
    "restricted_shell",
    "shift_verbose",
    "sourcepath",
    "varredir_close",
    "xpg_echo",
];
/// Options of `shopt` that are on from the start and change nothing here.
const SHOPT_ON: [&str; 13] = [
    "checkwinsize",
    "cmdhist",
    "complete_fullquote",
    "extquote",
    "force_fignore",
    "globasciiranges",
    "globskipdots",
    "hostcomplete",
    "interactive_comments",
    "patsub_replacement",
    "progcomp",
    "promptvars",
    "sourcepath",
];

impl Options {
    fn slot(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "allexport" => &mut self.allexport,
            "braceexpand" => &mut self.no_braces,
            "errexit" => &mut self.errexit,
            "errtrace" => &mut self.errtrace,
            "functrace" => &mut self.functrace,
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
            // A line is edited in one way.
            if on && let Some(other) = [("emacs", "vi"), ("vi", "emacs")].iter().find(|(n, _)| *n == name) {
                self.other.remove(other.1);
            }
            if on != USUAL.contains(&name) {
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
        if !SHOPT.contains(&name) {
            return false;
        }
        if !self.put(name, on) {
            // It is remembered; that it differs from the usual is what is kept.
            if on == SHOPT_ON.contains(&name) {
                self.other.remove(name);
            } else {
                self.other.insert(name.to_owned());
            }
        }
        true
    }

    /// Names of the options of `shopt` that are on.
    pub fn shopt_names(&self) -> Vec<&'static str> {
        let mut on: Vec<&str> = SHOPT.into_iter().filter(|n| self.is_on(n)).collect();
        on.sort_unstable();
        on
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
            None => matches!(letter, 'h' | 'b' | 'k' | 'p' | 't' | 'H' | 'P'),
        }
    }

    /// Whether an option is on.
    pub fn is_on(&self, name: &str) -> bool {
        if SHOPT_ON.contains(&name) || USUAL.contains(&name) {
            return !self.other.contains(name);
        }
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
