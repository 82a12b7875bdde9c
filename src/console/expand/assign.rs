//! Assignments: their values, and what they change.

use super::{Env, Sources, Stop};
use crate::console::brace;
use crate::console::escape;
use crate::console::syntax::{Assign, AssignValue, Part, Word};
use crate::console::var::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is assigned, expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// A text.
    Text(String),
    /// Elements of an array: index, whether it is appended to, value.
    Array(Vec<(Option<String>, bool, String)>),
}

/// An assignment with everything expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// Name.
    pub name: String,
    /// Index.
    pub index: Option<String>,
    /// `+=`.
    pub append: bool,
    /// Value.
    pub value: Assigned,
}

impl Evaluated {
    /// How many elements it has.
    pub fn size(&self) -> usize {
        match &self.value {
            Assigned::Text(_) => 1,
            Assigned::Array(all) => all.len(),
        }
    }

    /// As `set -x` prints it.
    pub fn traced(&self) -> String {
        let index = self.index.as_ref().map(|i| format!("[{i}]")).unwrap_or_default();
        let plain = |c: char| c.is_alphanumeric() || "_-./:@%+,=^{}~#".contains(c);
        let Assigned::Text(t) = &self.value else { return self.shown() };
        let text = if t.chars().all(plain) { t.clone() } else { escape::single(t) };
        format!("{}{index}{}{text}", self.name, if self.append { "+=" } else { "=" })
    }

    /// As an argument.
    pub fn shown(&self) -> String {
        let index = self.index.as_ref().map(|i| format!("[{i}]")).unwrap_or_default();
        let op = if self.append { "+=" } else { "=" };
        match &self.value {
            Assigned::Text(t) => format!("{}{index}{op}{t}", self.name),
            Assigned::Array(all) => {
                let one = |(i, _, v): &(Option<String>, bool, String)| match i {
                    Some(i) => format!("[{i}]={}", escape::single(v)),
                    None => escape::single(v),
                };
                let all: Vec<String> = all.iter().map(one).collect();
                format!("{}{index}{op}({})", self.name, all.join(" "))
            }
        }
    }
}

impl Env<'_> {
    /// Expands an assignment without carrying it out.
    pub fn evaluate(&mut self, assign: &Assign) -> Result<Evaluated, Stop> {
        let value = match &assign.value {
            AssignValue::Word(word) => Assigned::Text(self.text(word)?),
            AssignValue::Array(elements) => {
                let mut all = Vec::new();
                let keyed = self.keyed || self.sh.vars.is_assoc(&assign.name);
                for e in elements {
                    match &e.index {
                        // To braces the whole is a word like any other.
                        Some(index)
                            if !keyed
                                && brace::has_braces(&e.word)
                                && brace::expand(&e.word).is_ok_and(|w| w.len() > 1) =>
                        {
                            let mut parts = vec![Part::Lit("[".to_owned())];
                            parts.extend(index.0.iter().cloned());
                            parts.push(Part::Lit(if e.append { "]+=" } else { "]=" }.to_owned()));
                            parts.extend(e.word.0.iter().cloned());
                            let words = self.words(&[Word(parts)])?;
                            all.extend(words.into_iter().map(|w| (None, false, w)));
                        }
                        // Behind a key no `~` is a home.
                        Some(word) if keyed => {
                            let plain = |part: &Part| match part {
                                Part::Home(name) => Part::Lit(format!("~{name}")),
                                other => other.clone(),
                            };
                            let value = Word(e.word.0.iter().map(plain).collect());
                            all.push((Some(self.text(word)?), e.append, self.text(&value)?));
                        }
                        // Whether it is a key or an expression is known once it is assigned.
                        Some(word) => all.push((Some(self.text(word)?), e.append, self.text(&e.word)?)),
                        None => {
                            let words = self.words(std::slice::from_ref(&e.word))?;
                            all.extend(words.into_iter().map(|w| (None, false, w)));
                        }
                    }
                }
                Assigned::Array(all)
            }
        };
        let index = match &assign.index {
            Some(word) => Some(self.index(&assign.name, word)?),
            None => None,
        };
        Ok(Evaluated { name: assign.name.clone(), index, append: assign.append, value })
    }

    /// Carries an assignment out.
    ///
    /// # Errors
    /// In bash's words.
    pub fn carry_out(&mut self, e: &Evaluated, sources: Sources) -> Result<(), String> {
        match &e.value {
            Assigned::Text(_) if e.index.as_deref() == Some("") => Err(format!("{}[]: bad array subscript", e.name)),
            Assigned::Text(t) => self.store(&e.name, e.index.as_deref(), t, e.append, sources),
            Assigned::Array(all) => {
                if e.index.is_some() {
                    let index = e.index.as_deref().unwrap_or_default();
                    return Err(format!("{}[{index}]: cannot assign list to array member", e.name));
                }
                let old = self.sh.vars.get(&e.name);
                if old.is_some_and(|v| v.readonly) {
                    return Err(format!("{}: readonly variable", e.name));
                }
                let assoc = self.sh.vars.is_assoc(&e.name);
                let name = self.sh.vars.target(&e.name);
                let Some(var) = self.sh.vars.change(&name) else { return Ok(()) };
                match (&mut var.value, e.append) {
                    (Value::Assoc(_) | Value::Indexed(_), true) => {}
                    (value @ Value::Text(_), true) => {
                        let first = var_text(value);
                        *value = Value::Indexed(Arc::new(BTreeMap::from([(0, first)])));
                    }
                    (value @ Value::Assoc(_), false) => *value = Value::Assoc(Arc::default()),
                    (value, _) => *value = Value::Indexed(Arc::default()),
                }
                var.sources.extend(sources.iter().cloned());
                let mut next = match &var.value {
                    Value::Indexed(a) => a.keys().last().map_or(0, |k| k + 1),
                    _ => 0,
                };
                let mut pending: Option<String> = None;
                for (index, append, value) in all {
                    if assoc {
                        // `m=(k v k v)` without brackets gives pairs.
                        match (index, pending.take()) {
                            (Some(i), _) => self.sh.vars.set(&name, Some(i), value, *append, sources.clone())?,
                            (None, None) => pending = Some(value.clone()),
                            (None, Some(k)) => self.sh.vars.set(&name, Some(&k), value, false, sources.clone())?,
                        }
                        continue;
                    }
                    if let Some(i) = index {
                        let at = match self.evaluate_text(i) {
                            Ok(n) => n,
                            Err(Stop::Error(m) | Stop::Discard(m) | Stop::Fatal(m)) => return Err(m),
                            Err(Stop::Need(_)) => 0,
                        };
                        next = u64::try_from(at).map_err(|_| format!("[{i}]={value}: bad array subscript"))?;
                    }
                    self.sh.vars.set(&name, Some(&next.to_string()), value, *append, sources.clone())?;
                    next += 1;
                }
                if let Some(k) = pending {
                    self.sh.vars.set(&name, Some(&k), "", false, sources)?;
                }
                Ok(())
            }
        }
    }

    /// Sets a variable; those that the shell keeps itself take their own way.
    ///
    /// # Errors
    /// In bash's words.
    pub fn store(
        &mut self,
        name: &str,
        index: Option<&str>,
        text: &str,
        append: bool,
        sources: Sources,
    ) -> Result<(), String> {
        let target = self.sh.vars.target(name);
        if target.is_empty() && !name.is_empty() {
            return Err(format!("warning: {name}: circular name reference"));
        }
        if target.contains('[') && index.is_some() {
            return Err(format!("`{target}': not a valid identifier"));
        }
        if target.contains('[')
            && let Ok(target) = self.element_name(&target)
            && let Some((array, rest)) = target.split_once('[')
        {
            let index = rest.strip_suffix(']').unwrap_or(rest);
            return self.sh.store(array, Some(index), text, append, sources, self.now_ms);
        }
        self.sh.store(name, index, text, append, sources, self.now_ms)
    }
}

fn var_text(value: &Value) -> String {
    match value {
        Value::Text(t) => t.clone(),
        _ => String::new(),
    }
}
