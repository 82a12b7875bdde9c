//! A label set: sorted by name, names unique, no empty values, cheap to clone.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// The label that holds a metric's name.
pub const METRIC_NAME: &str = "__name__";

type Pair = (Arc<str>, Arc<str>);

/// The labels of a series, its metric name included. An empty value is the same as no label, as in Prometheus.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Labels(Arc<[Pair]>);

static NONE: LazyLock<Labels> = LazyLock::new(Labels::default);

impl Labels {
    /// No labels, to borrow.
    pub fn none() -> &'static Labels {
        &NONE
    }

    /// Labels from pairs in any order; of two with the same name the later one counts.
    pub fn new<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Labels {
        Labels::from_shared(pairs.into_iter().map(|(n, v)| (n.as_ref().into(), v.as_ref().into())).collect())
    }

    /// Labels of a metric: its name and the pairs.
    pub fn metric<N: AsRef<str>, V: AsRef<str>>(name: &str, pairs: impl IntoIterator<Item = (N, V)>) -> Labels {
        Labels::new(pairs).with(METRIC_NAME, name)
    }

    fn from_shared(mut pairs: Vec<Pair>) -> Labels {
        // A stable sort keeps pairs of one name in their order, and the dedup keeps the later value.
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        pairs.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        pairs.retain(|(_, value)| !value.is_empty());
        Labels(pairs.into())
    }

    /// The value of a label.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(n, _)| n.as_ref().cmp(name)).ok()?;
        self.0.get(at).map(|(_, v)| v.as_ref())
    }

    /// The metric's name.
    pub fn name(&self) -> Option<&str> {
        self.get(METRIC_NAME)
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_ref(), v.as_ref()))
    }

    /// Names and values to share.
    pub(super) fn pairs(&self) -> &[Pair] {
        &self.0
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same labels with one set to a value; an empty value removes it.
    pub fn with(&self, name: &str, value: &str) -> Labels {
        let mut pairs: Vec<Pair> = self.0.to_vec();
        pairs.push((name.into(), value.into()));
        Labels::from_shared(pairs)
    }

    /// Only these labels.
    pub fn only<N: AsRef<str>>(&self, names: &[N]) -> Labels {
        self.filtered(|name| names.iter().any(|n| n.as_ref() == name))
    }

    /// All but these labels.
    pub fn without<N: AsRef<str>>(&self, names: &[N]) -> Labels {
        self.filtered(|name| !names.iter().any(|n| n.as_ref() == name))
    }

    /// All but the metric's name.
    pub fn nameless(&self) -> Labels {
        if self.name().is_none() { self.clone() } else { self.without(&[METRIC_NAME]) }
    }

    /// All but what describes the metric: its name, and its type and unit where they are labels.
    pub fn bare(&self) -> Labels {
        self.without(&[METRIC_NAME, "__type__", "__unit__"])
    }

    fn filtered(&self, keep: impl Fn(&str) -> bool) -> Labels {
        Labels(self.0.iter().filter(|(name, _)| keep(name)).cloned().collect())
    }
}

/// As in PromQL: `name{a="b", c="d"}`, `{}` without any label.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        write!(f, "{}", name.unwrap_or_default())?;
        if name.is_some() && self.len() == 1 {
            return Ok(());
        }
        write!(f, "{{")?;
        for (n, (label, value)) in self.iter().filter(|(n, _)| *n != METRIC_NAME).enumerate() {
            write!(f, "{}{label}={value:?}", if n == 0 { "" } else { ", " })?;
        }
        write!(f, "}}")
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
