//! What a name stands for: parameters, what the shell keeps itself, variables.

use super::{Env, Got, Stop};
use crate::console::arith::Names;
use crate::console::parse;
use crate::console::print;
use crate::console::syntax::{Index, Part, Word};
use crate::console::var::Var;
use crate::sim::distro::Distro;

impl Env<'_> {
    /// The text of a name.
    pub fn lookup(&self, name: &str) -> Option<String> {
        let sh = &*self.sh;
        match name {
            "?" => Some(sh.status.to_string()),
            "$" => Some(sh.main_pid.unwrap_or(self.pid).to_string()),
            "!" => sh.last_background.map(|p| p.to_string()),
            "#" => Some(sh.args.len().to_string()),
            "-" => Some(sh.opts.letters(sh.interactive)),
            "_" => Some(sh.last_arg.clone()),
            "0" => Some(sh.name.clone()),
            "@" | "*" => (!sh.args.is_empty()).then(|| sh.args.join(" ")),
            "PWD" => Some(self.cwd.to_owned()),
            "LINENO" => Some(sh.line.to_string()),
            "BASHPID" => Some(self.pid.to_string()),
            "PPID" => Some(self.ppid.to_string()),
            "UID" | "EUID" => Some(if self.user == "root" { "0" } else { "1000" }.to_owned()),
            "SECONDS" => {
                Some(i64::try_from(self.now_ms).unwrap_or(0).saturating_sub(sh.start_ms).div_euclid(1000).to_string())
            }
            "BASH_COMMAND" => sh.present.as_ref().map(|n| {
                let text = print::command(n);
                match (**n).clone() {
                    crate::console::syntax::Node::For { .. } => {
                        let head = text.lines().next().unwrap_or_default();
                        head.strip_suffix(';').unwrap_or(head).to_owned()
                    }
                    _ => text,
                }
            }),
            "EPOCHSECONDS" => Some(self.host.utc().0.to_string()),
            "EPOCHREALTIME" => Some(format!("{}.{:06}", self.host.utc().0, self.now_ms % 1000 * 1000)),
            "BASH_VERSION" => Some(Distro::at(self.host.utc()).bash.to_owned()),
            "OSTYPE" => Some("linux-gnu".to_owned()),
            "HOSTTYPE" => Some("x86_64".to_owned()),
            "MACHTYPE" => Some("x86_64-pc-linux-gnu".to_owned()),
            "BASHOPTS" => Some(sh.opts.shopt_names().join(":")),
            "SRANDOM" => Some(sh.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223).to_string()),
            "BASH" => Some("/usr/bin/bash".to_owned()),
            "SHELLOPTS" => Some(sh.opts.names().join(":")),
            "BASH_SUBSHELL" => Some(sh.subshell.to_string()),
            "FUNCNAME" | "BASH_SOURCE" | "BASH_LINENO" => self.elements(name).into_iter().next(),
            "PIPESTATUS" => sh.pipestatus.first().map(i32::to_string),
            "DIRSTACK" => Some(self.cwd.to_owned()),
            n if n.starts_with(|c: char| c.is_ascii_digit()) => {
                n.parse::<usize>().ok().and_then(|i| sh.args.get(i.checked_sub(1)?)).cloned()
            }
            n => sh.vars.get(n).and_then(Var::text).map(str::to_owned),
        }
    }

    /// The next of bash's random numbers.
    pub fn random(&mut self) -> u32 {
        loop {
            let seed = if self.sh.random == 0 { 123_459_876 } else { i64::from(self.sh.random) };
            let t = 16_807 * (seed % 127_773) - 2_836 * (seed / 127_773);
            let next = if t < 0 { t + 0x7fff_ffff } else { t };
            self.sh.random = u32::try_from(next).unwrap_or(1);
            let n = ((self.sh.random >> 16) ^ (self.sh.random & 65_535)) & 32_767;
            if n != self.sh.last_random {
                self.sh.last_random = n;
                return n;
            }
        }
    }

    /// All elements that a name has, if it is one of the lists that the shell keeps itself or an array.
    pub(super) fn elements(&self, name: &str) -> Vec<String> {
        match name {
            "@" | "*" => self.sh.args.clone(),
            "PIPESTATUS" => self.sh.pipestatus.iter().map(i32::to_string).collect(),
            // Outside of functions there are none.
            "FUNCNAME" if self.sh.calls.is_empty() => Vec::new(),
            "FUNCNAME" => self.sh.stack().into_iter().map(|s| s.0).collect(),
            "BASH_LINENO" => self.sh.stack().into_iter().map(|s| s.2.to_string()).collect(),
            "BASH_SOURCE" => self.sh.stack().into_iter().map(|s| s.1).collect(),
            "DIRSTACK" => std::iter::once(self.cwd.to_owned()).chain(self.sh.dirs.iter().rev().cloned()).collect(),
            "BASH_VERSINFO" => ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"].map(str::to_owned).to_vec(),
            "GROUPS" => vec![if self.user == "root" { "0" } else { "1000" }.to_owned()],
            n => match self.sh.vars.get(n) {
                Some(v) => v.all(),
                None => self.lookup(n).into_iter().collect(),
            },
        }
    }

    /// The indices of a list.
    pub(super) fn keys(&self, name: &str) -> Vec<String> {
        match self.sh.vars.get(name) {
            Some(v) => v.keys(),
            None => (0..self.elements(name).len()).map(|i| i.to_string()).collect(),
        }
    }

    /// An index as text: a key, or the number that the expression gives.
    pub fn index(&mut self, name: &str, word: &Word) -> Result<String, Stop> {
        if self.sh.vars.is_assoc(name) {
            return self.text(word);
        }
        // Single quotes stay in an expression, and no number has any.
        let quoted = |part: &Part| match part {
            Part::Quoted(t) => Part::Lit(format!("'{t}'")),
            other => other.clone(),
        };
        let text = self.text(&Word(word.0.iter().map(quoted).collect()))?;
        Ok(self.evaluate_text(&text)?.to_string())
    }

    /// The name of an element with its index expanded, as `unset` and its like read it from their words.
    pub fn element_name(&mut self, text: &str) -> Result<String, Stop> {
        let Some((name, rest)) = text.split_once('[') else { return Ok(text.to_owned()) };
        let index = rest.strip_suffix(']').filter(|i| i.contains(['$', '"', '\'', '`', '\\']));
        let Some(word) = index.and_then(|i| parse::subscript(i).ok()) else { return Ok(text.to_owned()) };
        Ok(format!("{name}[{}]", self.text(&word)?))
    }

    /// One element.
    pub(super) fn element(&mut self, name: &str, index: &str) -> Result<Option<String>, Stop> {
        if self.sh.vars.raw(name).is_none() {
            let all = self.elements(name);
            let at = index.parse::<i64>().unwrap_or(0);
            let at = if at < 0 { at + i64::try_from(all.len()).unwrap_or(0) } else { at };
            return Ok(usize::try_from(at).ok().and_then(|i| all.get(i).cloned()));
        }
        Ok(self.sh.vars.element(name, index).unwrap_or_else(|why| {
            self.warnings.push(why);
            None
        }))
    }

    /// What a name with its index stands for, without any form.
    pub(super) fn fetch(&mut self, name: &str, index: Option<&Index>) -> Result<Got, Stop> {
        if let Some(v) = self.sh.vars.get(name) {
            self.sources.extend(v.sources.iter().cloned());
        }
        match (name, index) {
            ("@" | "*" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9", _) => {
                self.sources.extend(self.sh.args_sources.iter().cloned());
            }
            ("RANDOM", None) => return Ok(Got::One(self.random().to_string())),
            _ => {}
        }
        let some = |t: Option<String>| t.map_or(Got::None, Got::One);
        Ok(match (name, index) {
            ("@", _) => Got::Many(self.sh.args.clone()),
            ("*", _) => Got::Star(self.sh.args.clone()),
            (_, None) => {
                // A reference may lead to an element.
                let target = self.sh.vars.target(name);
                if target.is_empty() {
                    self.warnings.push(format!("warning: {name}: circular name reference"));
                }
                let target = if target == name { target } else { self.element_name(&target)? };
                if target != name
                    && let Some((array, rest)) = target.split_once('[')
                    && let Some(index) = rest.strip_suffix(']')
                {
                    let array = array.to_owned();
                    let index = index.to_owned();
                    return Ok(some(self.element(&array, &index)?));
                }
                some(self.lookup(name))
            }
            (_, Some(Index::At)) => Got::Many(self.elements(name)),
            (_, Some(Index::Star)) => Got::Star(self.elements(name)),
            (_, Some(Index::Of(word))) => {
                let index = self.index(name, word)?;
                some(self.element(name, &index)?)
            }
        })
    }
}

/// Names inside arithmetic.
pub(super) struct EnvNames<'a, 'b> {
    pub env: &'a mut Env<'b>,
}

impl Names for EnvNames<'_, '_> {
    fn value(&mut self, name: &str, index: Option<&str>) -> Result<Option<String>, String> {
        if let Some(v) = self.env.sh.vars.get(name) {
            self.env.sources.extend(v.sources.iter().cloned());
        }
        let found = match index {
            Some(i) => match self.env.element(name, i) {
                Ok(v) => v,
                Err(Stop::Error(m) | Stop::Discard(m) | Stop::Fatal(m)) => return Err(m),
                Err(Stop::Need(_)) => None,
            },
            None if name == "RANDOM" => Some(self.env.random().to_string()),
            None => self.env.lookup(name),
        };
        if found.is_none() && self.env.sh.opts.nounset {
            return Err(format!("{name}: unbound variable"));
        }
        Ok(found)
    }

    fn assign(&mut self, name: &str, index: Option<&str>, value: i64) -> Result<(), String> {
        let sources = self.env.sources.clone();
        self.env.store(name, index, &value.to_string(), false, sources)
    }

    fn is_assoc(&self, name: &str) -> bool {
        self.env.sh.vars.is_assoc(name)
    }
}
