//! Words to arguments: variables, substitutions, splitting, patterns. Pure; it stops at a `$(…)` whose output is not
//! known yet, the shell runs that, and expansion begins again with one more output.

use crate::console::arith;
use crate::console::host::{ConsoleHost, Source};
use crate::console::path;
use crate::console::syntax::{Node, Part, VarOp, Word};
use crate::scenario::ObservedKind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What something was read from.
pub type Sources = BTreeSet<Source>;

/// A text with what it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Val {
    /// Text.
    pub text: String,
    /// Sources.
    pub sources: Sources,
    /// Whether child processes get it.
    pub exported: bool,
}

/// Why expansion stopped.
pub enum Stop {
    /// The output of this command is needed.
    Need(Arc<Node>),
    /// In bash's words.
    Error(String),
}

/// Where words are expanded.
pub struct Env<'a> {
    /// World.
    pub host: &'a dyn ConsoleHost,
    /// Host's name.
    pub on: &'a str,
    /// Current directory.
    pub cwd: &'a str,
    /// User.
    pub user: &'a str,
    /// Variables.
    pub vars: &'a BTreeMap<String, Val>,
    /// `$?`.
    pub status: i32,
    /// `$$`.
    pub pid: u32,
    /// `$!`.
    pub last_background: Option<u32>,
    /// Outputs of the substitutions so far, in order.
    pub outputs: &'a [Val],
    /// How many of them are used.
    pub used: usize,
    /// Sources of everything that went into the words.
    pub sources: Sources,
}

type Chars = Vec<(char, bool)>;

#[derive(Default)]
struct Fields {
    done: Vec<Chars>,
    open: Option<Chars>,
}

impl Fields {
    fn push(&mut self, text: &str, quoted: bool) {
        let open = self.open.get_or_insert_default();
        open.extend(text.chars().map(|c| (c, quoted)));
    }

    fn cut(&mut self) {
        self.done.extend(self.open.take());
    }
}

impl Env<'_> {
    /// Expands words to arguments.
    pub fn words(&mut self, words: &[Word]) -> Result<Vec<String>, Stop> {
        let mut out = Vec::new();
        for word in words {
            let mut fields = Fields::default();
            self.parts(&word.0, false, &mut fields)?;
            fields.cut();
            for field in fields.done {
                if path::is_pattern(&field) {
                    let found = path::glob(self.host, self.on, self.cwd, &field);
                    if !found.is_empty() {
                        let dir = found.first().map(|f| path::parent(&path::absolute(self.cwd, f)).to_owned());
                        self.sources.insert(Source {
                            what: ObservedKind::Files,
                            target: format!("{}:{}", self.on, dir.unwrap_or_default()),
                            service: self.host.service_of(self.on),
                            user_facing: false,
                        });
                        out.extend(found);
                        continue;
                    }
                }
                out.push(field.into_iter().map(|(c, _)| c).collect());
            }
            if out.len() > 4000 {
                return Err(Stop::Error("Argument list too long".to_owned()));
            }
        }
        Ok(out)
    }

    /// Expands a word to one text, without splitting or patterns.
    pub fn text(&mut self, word: &Word) -> Result<String, Stop> {
        Ok(self.pattern(word)?.into_iter().map(|(c, _)| c).collect())
    }

    /// Expands a word to one pattern.
    pub fn pattern(&mut self, word: &Word) -> Result<Chars, Stop> {
        let mut fields = Fields::default();
        for part in &word.0 {
            match part {
                Part::Var { .. } | Part::Command(_) | Part::Arith(_) => {
                    let text = self.value(part)?.unwrap_or_default();
                    fields.push(&text, false);
                }
                part => self.parts(std::slice::from_ref(part), false, &mut fields)?,
            }
        }
        Ok(fields.open.unwrap_or_default())
    }

    fn parts(&mut self, parts: &[Part], quoted: bool, out: &mut Fields) -> Result<(), Stop> {
        for part in parts {
            match part {
                Part::Lit(t) => out.push(t, quoted),
                Part::Quoted(t) => out.push(t, true),
                Part::Home => out.push(&path::home(self.user), true),
                Part::Double(inner) => {
                    out.push("", true);
                    self.parts(inner, true, out)?;
                }
                Part::Var { name, op: VarOp::Default(word) }
                    if !quoted && self.lookup(name).is_none_or(|v| v.is_empty()) =>
                {
                    self.parts(&word.0, false, out)?;
                }
                part => {
                    let Some(text) = self.value(part)? else { continue };
                    if quoted {
                        out.push(&text, true);
                        continue;
                    }
                    let mut pieces = text.split(|c: char| c == ' ' || c == '\t' || c == '\n').peekable();
                    let mut first = true;
                    while let Some(piece) = pieces.next() {
                        if !first {
                            out.cut();
                        }
                        first = false;
                        if !piece.is_empty() {
                            out.push(piece, false);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, part: &Part) -> Result<Option<String>, Stop> {
        match part {
            Part::Var { name, op } => {
                let value = self.lookup(name);
                if let Some(v) = self.vars.get(name) {
                    self.sources.extend(v.sources.iter().cloned());
                }
                Ok(match op {
                    VarOp::Plain => value,
                    VarOp::Length => Some(value.unwrap_or_default().chars().count().to_string()),
                    VarOp::Default(_) if value.as_ref().is_some_and(|v| !v.is_empty()) => value,
                    VarOp::Default(word) => Some(self.text(word)?),
                    VarOp::Instead(word) if value.as_ref().is_some_and(|v| !v.is_empty()) => Some(self.text(word)?),
                    VarOp::Instead(_) => None,
                })
            }
            Part::Command(node) => {
                let Some(v) = self.outputs.get(self.used) else { return Err(Stop::Need(node.clone())) };
                self.used += 1;
                self.sources.extend(v.sources.iter().cloned());
                Ok(Some(v.text.trim_end_matches('\n').to_owned()))
            }
            Part::Arith(parts) => {
                let mut fields = Fields::default();
                self.parts(parts, true, &mut fields)?;
                let text: String = fields.open.unwrap_or_default().into_iter().map(|(c, _)| c).collect();
                let vars = self.vars.iter().map(|(k, v)| (k.clone(), v.text.clone())).collect();
                for (name, v) in self.vars {
                    if text.contains(name.as_str()) {
                        self.sources.extend(v.sources.iter().cloned());
                    }
                }
                arith::eval(&text, &vars).map(|n| Some(n.to_string())).map_err(Stop::Error)
            }
            _ => Ok(None),
        }
    }

    fn lookup(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "$" => Some(self.pid.to_string()),
            "!" => self.last_background.map(|p| p.to_string()),
            "#" => Some("0".to_owned()),
            "0" => Some("-bash".to_owned()),
            "@" | "*" => None,
            "PWD" => Some(self.cwd.to_owned()),
            "RANDOM" | "SECONDS" => None,
            n => self.vars.get(n).map(|v| v.text.clone()),
        }
    }
}
