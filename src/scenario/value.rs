//! What the reader makes of a RON text: a tree whose every node has its place, checked against the declaration.

use super::model::{LangText, Provenance};
use crate::stdx::rational::{Exact, Ratio};
use crate::stdx::time::{Offset, Span, Utc};
use num_traits::Zero as _;
use std::ops::Range;

/// A node.
#[derive(Clone, Debug)]
pub struct Value {
    /// Bytes of the file; for a default those of the structure that lacks the field.
    pub at: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum What {
    /// Something that could not be read and was reported, or that is absent.
    Hole,
    /// Text.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Truth value.
    Bool(bool),
    /// Time from T0.
    Offset(Offset),
    /// Span of time.
    Span(Span),
    /// Bytes or microseconds.
    Amount(u64),
    /// Rate, share or exact number.
    Ratio(Ratio),
    /// Moment.
    Utc(Utc),
    /// Text by language.
    Lang(LangText),
    /// Provenance.
    Fact(Provenance),
    /// Name of something.
    Name(String),
    /// List.
    List(Vec<Value>),
    /// Map, in the file's order: key, its place, value.
    Map(Vec<(String, Range<usize>, Value)>),
    /// Structure or variant: its name and fields.
    Record(&'static str, Vec<(&'static str, Value)>),
}

static HOLE: Value = Value { at: 0..0, what: What::Hole };

/// Reading is total: a hole reads as the empty value of the type, and a file with holes is never handed out.
impl Value {
    /// A node that could not be read.
    pub fn hole(at: Range<usize>) -> Value {
        Value { at, what: What::Hole }
    }

    /// A field that is there.
    pub fn get(&self, field: &str) -> Option<&Value> {
        match &self.what {
            What::Record(_, fields) => {
                fields.iter().find(|(name, v)| *name == field && !matches!(v.what, What::Hole)).map(|(_, v)| v)
            }
            _ => None,
        }
    }

    /// A field, or a hole.
    pub fn at(&self, field: &str) -> &Value {
        self.get(field).unwrap_or(&HOLE)
    }

    /// The name of a structure or variant.
    pub fn tag(&self) -> &'static str {
        match &self.what {
            What::Record(name, _) => name,
            _ => "",
        }
    }

    /// Text or a name.
    pub fn text(&self) -> String {
        match &self.what {
            What::Text(t) | What::Name(t) => t.clone(),
            _ => String::new(),
        }
    }

    /// Text by language.
    pub fn lang(&self) -> LangText {
        match &self.what {
            What::Lang(t) => t.clone(),
            _ => LangText::default(),
        }
    }

    /// A whole number, 0 if it does not fit.
    pub fn int<T: TryFrom<i64> + Default>(&self) -> T {
        match &self.what {
            What::Int(n) => T::try_from(*n).unwrap_or_default(),
            _ => T::default(),
        }
    }

    /// Truth value.
    pub fn bool(&self) -> bool {
        matches!(self.what, What::Bool(true))
    }

    /// Time from T0.
    pub fn offset(&self) -> Offset {
        match &self.what {
            What::Offset(t) => *t,
            _ => Offset::default(),
        }
    }

    /// Span of time.
    pub fn span(&self) -> Span {
        match &self.what {
            What::Span(t) => *t,
            _ => Span::default(),
        }
    }

    /// Bytes or microseconds.
    pub fn amount(&self) -> u64 {
        match &self.what {
            What::Amount(n) => *n,
            _ => 0,
        }
    }

    /// Rate, share or exact number.
    pub fn exact(&self) -> Exact {
        match &self.what {
            What::Ratio(r) => Exact(r.clone()),
            _ => Exact(Ratio::zero()),
        }
    }

    /// Moment.
    pub fn utc(&self) -> Utc {
        match &self.what {
            What::Utc(t) => *t,
            _ => Utc::default(),
        }
    }

    /// Provenance.
    pub fn fact(&self) -> Provenance {
        match &self.what {
            What::Fact(p) => p.clone(),
            _ => Provenance::Invented,
        }
    }

    /// Items of a list.
    pub fn items(&self) -> &[Value] {
        match &self.what {
            What::List(items) => items,
            _ => &[],
        }
    }

    /// Texts or names of a list.
    pub fn texts(&self) -> Vec<String> {
        self.items().iter().map(Value::text).collect()
    }

    /// Entries of a map.
    pub fn entries(&self) -> &[(String, Range<usize>, Value)] {
        match &self.what {
            What::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A map of decoded entries.
    pub fn map<T>(&self, read: impl Fn(&Value) -> T) -> std::collections::BTreeMap<String, T> {
        self.entries().iter().map(|(key, _, v)| (key.clone(), read(v))).collect()
    }

    /// A list of decoded items.
    pub fn list<T>(&self, read: impl Fn(&Value) -> T) -> Vec<T> {
        self.items().iter().map(read).collect()
    }
}
