//! Variables of a shell: texts and arrays, with what they were read from. Cheap to clone, because every subshell has a copy.

use crate::console::arith::{self, Names};
use crate::console::expand::{Sources, Val};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

const MAX_VARS: usize = 2000;
const MAX_ELEMENTS: usize = 50_000;
/// Longest text of a variable, bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// Elements of an associative array, in bash's order: by bucket of its hash.
pub type Assoc = BTreeMap<(u32, String), String>;

/// What a variable holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Value {
    /// Declared and never set.
    #[default]
    Unset,
    /// A text.
    Text(String),
    /// An array by number.
    Indexed(Arc<BTreeMap<u64, String>>),
    /// An array by text; as pairs, because JSON has no keys like these.
    #[serde(serialize_with = "pairs")]
    Assoc(Arc<Assoc>),
}

fn pairs<S: serde::Serializer>(map: &Arc<Assoc>, s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(map.iter().map(|((_, k), v)| (k, v)))
}

/// A variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Var {
    /// What it holds.
    pub value: Value,
    /// What it was read from.
    pub sources: Sources,
    /// Child processes get it.
    pub exported: bool,
    /// It cannot be set.
    pub readonly: bool,
    /// `declare -i`.
    pub integer: bool,
    /// `declare -l`.
    pub lower: bool,
    /// `declare -u`.
    pub upper: bool,
    /// `declare -n`.
    pub nameref: bool,
}

/// The bucket that bash's hash puts a key in.
pub fn bucket(key: &str) -> u32 {
    key.bytes().fold(2_166_136_261u32, |h, b| h.wrapping_mul(16_777_619) ^ u32::from(b)) & 1023
}

impl Var {
    /// Its text: for an array, that of element 0.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Unset => None,
            Value::Text(t) => Some(t),
            Value::Indexed(a) => a.get(&0).map(String::as_str),
            Value::Assoc(a) => a.get(&(bucket("0"), "0".to_owned())).map(String::as_str),
        }
    }

    /// All elements in order.
    pub fn all(&self) -> Vec<String> {
        match &self.value {
            Value::Unset => Vec::new(),
            Value::Text(t) => vec![t.clone()],
            Value::Indexed(a) => a.values().cloned().collect(),
            Value::Assoc(a) => a.values().cloned().collect(),
        }
    }

    /// All indices in order.
    pub fn keys(&self) -> Vec<String> {
        match &self.value {
            Value::Unset => Vec::new(),
            Value::Text(_) => vec!["0".to_owned()],
            Value::Indexed(a) => a.keys().map(u64::to_string).collect(),
            Value::Assoc(a) => a.keys().map(|(_, k)| k.clone()).collect(),
        }
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        matches!(self.value, Value::Indexed(_) | Value::Assoc(_))
    }
}

/// All variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Vars(Arc<BTreeMap<String, Var>>);

impl Vars {
    /// A variable; a reference leads to the one it names.
    pub fn get(&self, name: &str) -> Option<&Var> {
        self.0.get(&self.target(name))
    }

    /// A variable itself, even if it is a reference.
    pub fn raw(&self, name: &str) -> Option<&Var> {
        self.0.get(name)
    }

    /// The name that a reference leads to; none if it leads to itself by way of others.
    pub fn target(&self, name: &str) -> String {
        let begin = name;
        let mut name = name.to_owned();
        for _ in 0..8 {
            match self.0.get(&name) {
                Some(Var { nameref: true, value: Value::Text(t), .. }) if *t == name => break,
                Some(Var { nameref: true, value: Value::Text(t), .. }) if t == begin => return String::new(),
                Some(Var { nameref: true, value: Value::Text(t), .. }) => name.clone_from(t),
                _ => break,
            }
        }
        name
    }

    /// All by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Var)> {
        self.0.iter()
    }

    /// Names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// Puts a variable in place of another, or takes it away.
    pub fn put(&mut self, name: &str, var: Option<Var>) {
        let map = Arc::make_mut(&mut self.0);
        match var {
            Some(var) if map.len() < MAX_VARS || map.contains_key(name) => {
                map.insert(name.to_owned(), var);
            }
            Some(_) => {}
            None => {
                map.remove(name);
            }
        }
    }

    /// Changes a variable, made if it is not there.
    pub fn change(&mut self, name: &str) -> Option<&mut Var> {
        let map = Arc::make_mut(&mut self.0);
        if map.len() >= MAX_VARS && !map.contains_key(name) {
            return None;
        }
        Some(map.entry(name.to_owned()).or_default())
    }

    /// The number that an index stands for: negative ones count from the end.
    fn place(&self, name: &str, index: &str) -> Result<u64, String> {
        let at = arith::eval(index, &mut Reader(self.clone()))?;
        if at >= 0 {
            return Ok(at as u64);
        }
        let last = match self.get(name).map(|v| &v.value) {
            Some(Value::Indexed(a)) => a.keys().last().map_or(0, |k| k + 1),
            Some(Value::Text(_)) => 1,
            _ => 0,
        };
        last.checked_add_signed(at).ok_or_else(|| format!("{name}[{index}]: bad array subscript"))
    }

    /// An element.
    pub fn element(&self, name: &str, index: &str) -> Result<Option<String>, String> {
        let Some(var) = self.get(name) else { return Ok(None) };
        match &var.value {
            Value::Assoc(a) => Ok(a.get(&(bucket(index), index.to_owned())).cloned()),
            Value::Unset => Ok(None),
            Value::Indexed(a) => {
                let place = self.place(name, index).map_err(|why| {
                    if why.ends_with("bad array subscript") { format!("{name}: bad array subscript") } else { why }
                });
                Ok(a.get(&place?).cloned())
            }
            Value::Text(t) => Ok((self.place(name, index)? == 0).then(|| t.clone())),
        }
    }

    /// Whether its indices are texts.
    pub fn is_assoc(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Var { value: Value::Assoc(_), .. }))
    }

    /// Sets a variable or an element of it, with its attributes.
    ///
    /// # Errors
    /// In bash's words: `x: readonly variable`.
    pub fn set(
        &mut self,
        name: &str,
        index: Option<&str>,
        text: &str,
        append: bool,
        sources: Sources,
    ) -> Result<(), String> {
        let target = self.target(name);
        // A reference may lead to an element.
        if let Some((array, rest)) = target.split_once('[')
            && let Some(index) = rest.strip_suffix(']')
        {
            return self.set(array, Some(index), text, append, sources);
        }
        let name = target.as_str();
        let old = self.0.get(name);
        if old.is_some_and(|v| v.readonly) {
            return Err(format!("{name}: readonly variable"));
        }
        let integer = old.is_some_and(|v| v.integer);
        let place = match (index, old.map(|v| &v.value)) {
            (Some(_), Some(Value::Assoc(_))) | (None, _) => None,
            (Some(i), _) => Some(self.place(name, i)?),
        };
        let before = match index {
            Some(i) => self.element(name, i)?,
            None => old.and_then(|v| v.text()).map(str::to_owned),
        }
        .unwrap_or_default();
        let mut text = if integer {
            let right = arith::eval(text, &mut Reader(self.clone()))?;
            let left = if append { arith::eval(&before, &mut Reader(self.clone()))? } else { 0 };
            left.wrapping_add(right).to_string()
        } else if append {
            before + text
        } else {
            text.to_owned()
        };
        if text.len() > MAX_TEXT {
            return Err(format!("xrealloc: cannot allocate {} bytes", text.len()));
        }
        let Some(var) = self.change(name) else { return Err(format!("{name}: cannot allocate memory")) };
        if var.lower {
            text = text.to_lowercase();
        } else if var.upper {
            text = text.to_uppercase();
        }
        if append || index.is_some() {
            var.sources.extend(sources);
        } else {
            var.sources = sources;
        }
        match (&mut var.value, index, place) {
            (Value::Assoc(a), index, _) => {
                let key = index.unwrap_or("0");
                if a.len() < MAX_ELEMENTS {
                    Arc::make_mut(a).insert((bucket(key), key.to_owned()), text);
                }
            }
            (Value::Indexed(a), _, place) => {
                if a.len() < MAX_ELEMENTS {
                    Arc::make_mut(a).insert(place.unwrap_or(0), text);
                }
            }
            (value, Some(_), Some(place)) => {
                let mut a = BTreeMap::new();
                if let Value::Text(t) = value {
                    a.insert(0, std::mem::take(t));
                }
                a.insert(place, text);
                *value = Value::Indexed(Arc::new(a));
            }
            (value, ..) => *value = Value::Text(text),
        }
        Ok(())
    }

    /// Removes a variable or an element.
    ///
    /// # Errors
    /// In bash's words: `x: cannot unset: readonly variable`.
    pub fn unset(&mut self, name: &str, index: Option<&str>) -> Result<(), String> {
        let name = self.target(name);
        let Some(var) = self.0.get(&name) else { return Ok(()) };
        if var.readonly {
            return Err(format!("{name}: cannot unset: readonly variable"));
        }
        let Some(index) = index else {
            self.put(&name, None);
            return Ok(());
        };
        let place = if self.is_assoc(&name) { 0 } else { self.place(&name, index)? };
        if let Some(var) = self.change(&name) {
            match &mut var.value {
                Value::Indexed(a) => {
                    Arc::make_mut(a).remove(&place);
                }
                Value::Assoc(a) => {
                    Arc::make_mut(a).remove(&(bucket(index), index.to_owned()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What child processes get.
    pub fn environment(&self) -> BTreeMap<String, Val> {
        let exported = self.0.iter().filter(|(_, v)| v.exported);
        exported
            .filter_map(|(k, v)| {
                Some((
                    k.clone(),
                    Val { text: v.text()?.to_owned(), sources: v.sources.clone(), exported: true, status: 0 },
                ))
            })
            .collect()
    }

    /// The variables that a process begins with.
    pub fn from_environment(env: &BTreeMap<String, Val>) -> Vars {
        let var = |v: &Val| Var {
            value: Value::Text(v.text.clone()),
            sources: v.sources.clone(),
            exported: true,
            ..Var::default()
        };
        Vars(Arc::new(env.iter().map(|(k, v)| (k.clone(), var(v))).collect()))
    }

    /// The variables that a shell sets for itself when it begins; separators are not taken from the environment.
    pub fn shell_defaults(&mut self) {
        let all = Arc::make_mut(&mut self.0);
        for (name, text) in [("IFS", " \t\n"), ("OPTIND", "1"), ("OPTERR", "1"), ("PS4", "+ ")] {
            let var = Var { value: Value::Text(text.to_owned()), ..Var::default() };
            if name == "IFS" {
                all.insert(name.to_owned(), var);
            } else {
                all.entry(name.to_owned()).or_insert(var);
            }
        }
    }
}

/// Names of an index or of an integer variable: they are read, and assignments are lost.
struct Reader(Vars);

impl Names for Reader {
    fn value(&mut self, name: &str, index: Option<&str>) -> Result<Option<String>, String> {
        match index {
            Some(i) => self.0.element(name, i),
            None => Ok(self.0.get(name).and_then(|v| v.text()).map(str::to_owned)),
        }
    }

    fn assign(&mut self, name: &str, index: Option<&str>, value: i64) -> Result<(), String> {
        self.0.set(name, index, &value.to_string(), false, Sources::new())
    }

    fn is_assoc(&self, name: &str) -> bool {
        self.0.is_assoc(name)
    }
}
