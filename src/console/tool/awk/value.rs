//! awk's values: numbers, strings, and input that looks like a number.

use crate::console::text_format::{Spec, float, to_bytes};
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) enum Val {
    /// Never assigned: empty and zero.
    #[default]
    Un,
    Num(f64),
    Str(Arc<str>),
    /// Input that looks like a number.
    StrNum(Arc<str>, f64),
    /// An array by its number: only an argument of a function is one.
    Array(u32),
}

/// Numbers that are printed in full.
const WHOLE: f64 = 2_147_483_647.0;

/// The number that a text begins with, and how many bytes of it that is.
pub(super) fn prefix(text: &str) -> (f64, usize) {
    let b = text.as_bytes();
    let mut at = b.iter().take_while(|c| c.is_ascii_whitespace()).count();
    let begin = at;
    if matches!(b.get(at), Some(b'+' | b'-')) {
        at += 1;
    }
    let negative = b.get(begin) == Some(&b'-');
    if b.get(at) == Some(&b'0') && matches!(b.get(at + 1), Some(b'x' | b'X')) {
        let digits = b.iter().skip(at + 2).take_while(|c| c.is_ascii_hexdigit()).count();
        if digits > 0 {
            let mut v = 0.0;
            for c in b.iter().skip(at + 2).take(digits) {
                v = v * 16.0 + f64::from(char::from(*c).to_digit(16).unwrap_or(0));
            }
            return (if negative { -v } else { v }, at + 2 + digits);
        }
    }
    let digits = |from: usize| b.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let whole = digits(at);
    let mut end = at + whole;
    let mut part = 0;
    if b.get(end) == Some(&b'.') {
        part = digits(end + 1);
        if whole + part > 0 {
            end += 1 + part;
        }
    }
    if whole + part == 0 {
        let rest = text.get(at..).unwrap_or_default();
        let named = |name: &str| rest.get(..name.len()).is_some_and(|r| r.eq_ignore_ascii_case(name));
        let found = [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)];
        return match found.into_iter().find(|(name, _)| named(name)) {
            Some((name, v)) => (if negative { -v } else { v }, at + name.len()),
            None => (0.0, 0),
        };
    }
    if matches!(b.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(b.get(end + 1), Some(b'+' | b'-')));
        let n = digits(end + 1 + sign);
        if n > 0 {
            end += 1 + sign + n;
        }
    }
    let v = text.get(begin..end).and_then(|t| t.trim_start_matches('+').parse().ok()).unwrap_or(0.0);
    (v, end)
}

/// Text as awk formats a number for `print` or as a string.
pub(super) fn number(v: f64, format: &str) -> String {
    if v == v.trunc() && v.abs() <= WHOLE {
        return format!("{}", if v == 0.0 { 0.0 } else { v });
    }
    if format == "%.6g" {
        return float(&Spec { precision: Some(6), ..Spec::default() }, 'g', v);
    }
    super::builtin::format(format, &[Val::Num(v)]).unwrap_or_default()
}

impl Val {
    pub(super) fn text(t: &str) -> Val {
        Val::Str(Arc::from(t))
    }

    /// A piece of input.
    pub(super) fn input(t: &str) -> Val {
        let trimmed = t.trim_matches([' ', '\t', '\n', '\r']);
        // What looks like a number begins and ends like one: `0x1A` does not, though it is read as one.
        let begins = trimmed.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
        if begins && trimmed.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
            let (v, n) = prefix(trimmed);
            if n > 0 && n == trimmed.len() && v.is_finite() {
                return Val::StrNum(Arc::from(t), v);
            }
        }
        Val::Str(Arc::from(t))
    }

    pub(super) fn num(&self) -> f64 {
        match self {
            Val::Un | Val::Array(_) => 0.0,
            Val::Num(v) | Val::StrNum(_, v) => *v,
            Val::Str(s) => prefix(s).0,
        }
    }

    pub(super) fn str(&self, format: &str) -> Arc<str> {
        match self {
            Val::Un | Val::Array(_) => Arc::from(""),
            Val::Num(v) => Arc::from(number(*v, format)),
            Val::Str(s) | Val::StrNum(s, _) => s.clone(),
        }
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Val::Un | Val::Array(_) => false,
            Val::Num(v) | Val::StrNum(_, v) => *v != 0.0,
            Val::Str(s) => !s.is_empty(),
        }
    }

    /// Compares as numbers if both look like numbers, else as strings.
    pub(super) fn compare(&self, other: &Val, format: &str) -> Option<Ordering> {
        let numeric = |v: &Val| matches!(v, Val::Un | Val::Num(_) | Val::StrNum(..));
        if numeric(self) && numeric(other) {
            return self.num().partial_cmp(&other.num());
        }
        Some(to_bytes(&self.str(format)).cmp(&to_bytes(&other.str(format))))
    }
}

/// An array.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Array {
    items: BTreeMap<Arc<str>, (u64, Val)>,
    next: u64,
}

impl Array {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.items.contains_key(key)
    }

    /// The element, if it is there.
    pub(super) fn find(&self, key: &str) -> Option<&Val> {
        self.items.get(key).map(|(_, v)| v)
    }

    /// The element, which comes to be if it was not there.
    pub(super) fn at(&mut self, key: &Arc<str>) -> &mut Val {
        let next = &mut self.next;
        let slot = self.items.entry(key.clone()).or_insert_with(|| {
            *next += 1;
            (*next, Val::Un)
        });
        &mut slot.1
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.items.remove(key);
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (&Arc<str>, &Val)> {
        self.items.iter().map(|(k, (_, v))| (k, v))
    }

    /// Keys in the order of the usual implementation: by the bucket of a hash table, the newest first within one.
    pub(super) fn keys(&self) -> Vec<Arc<str>> {
        let mut buckets = 64u32;
        while self.items.len() > buckets as usize * 12 {
            buckets *= 2;
        }
        let mut keys: Vec<(u32, u64, Arc<str>)> =
            self.items.iter().map(|(k, (n, _))| (hash(k) & (buckets - 1), u64::MAX - n, k.clone())).collect();
        keys.sort();
        keys.into_iter().map(|(_, _, k)| k).collect()
    }
}

/// FNV-1a, 32 bits.
fn hash(key: &str) -> u32 {
    to_bytes(key).into_iter().fold(2_166_136_261, |h: u32, b| (h ^ u32::from(b)).wrapping_mul(16_777_619))
}
