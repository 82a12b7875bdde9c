//! Paths: the places that a name, a number, a slice or nothing at all lead to.

use super::super::expr::{Expr, Op};
use super::super::node::{Id, Kind, Node, Res, Style, fail};
use super::super::op;
use super::super::read::guess;
use super::{Around, Run};

impl Run<'_> {
    /// `.name`
    pub(super) fn step(&mut self, id: Id, name: &str, optional: bool, reads: bool) -> Res<Vec<Id>> {
        let id = self.tree.real(id)?;
        if self.tree.at(id).is_null() && !reads {
            self.tree.change(id, |n| (n.kind, n.tag, n.text) = (Kind::Map, String::new(), String::new()));
        }
        match self.tree.at(id).kind {
            Kind::Map => {
                let key = Node::scalar(if name == "<<" { "!!merge" } else { "!!str" }, name);
                self.member(id, &key, reads)
            }
            Kind::Seq => self.items(id, &[name.to_owned()], optional),
            _ => Ok(Vec::new()),
        }
    }

    /// The values of a key, or the one that is made for it.
    fn member(&mut self, map: Id, key: &Node, reads: bool) -> Res<Vec<Id>> {
        let n = self.tree.at(map);
        let mut found: Vec<(String, Id)> = Vec::new();
        for pair in n.items.chunks_exact(2) {
            let [k, v] = pair else { continue };
            let name = self.tree.at(*k);
            if name.tag == "!!merge" && key.text != name.text {
                return fail("a merge of mappings (<<) is not simulated");
            }
            let name = self.tree.at(self.tree.real(*k)?).text.clone();
            if op::fits(&name, &key.text) {
                match found.iter_mut().find(|(known, _)| *known == name) {
                    Some(known) => known.1 = *v,
                    None => found.push((name, *v)),
                }
            }
        }
        if !found.is_empty() || reads {
            return Ok(found.into_iter().map(|(_, v)| v).collect());
        }
        if n.items.is_empty() {
            self.tree.change(map, |n| n.style = Style::Plain);
        }
        let key = self.tree.add(Node { style: Style::Plain, items: Vec::new(), ..key.clone() })?;
        let blank = self.tree.add(Node::scalar("!!null", "null"))?;
        Ok(vec![self.tree.pair(map, key, blank)?])
    }

    /// The items at some places.
    fn items(&mut self, seq: Id, places: &[String], optional: bool) -> Res<Vec<Id>> {
        let mut out = Vec::new();
        for place in places {
            let Some(n) = op::integer(place) else {
                if optional {
                    continue;
                }
                return fail(format!(
                    "cannot index array with '{place}' (strconv.ParseInt: parsing {place:?}: invalid syntax)"
                ));
            };
            while i64::try_from(self.tree.at(seq).items.len()).is_ok_and(|len| len <= n) {
                self.spend(1)?;
                if self.tree.at(seq).items.is_empty() {
                    self.tree.change(seq, |n| n.style = Style::Plain);
                }
                let blank = self.tree.add(Node::scalar("!!null", "null"))?;
                self.tree.item(seq, blank)?;
            }
            let len = self.tree.at(seq).items.len();
            let at = if n < 0 { n + len as i64 } else { n };
            match usize::try_from(at).ok().and_then(|at| self.tree.at(seq).items.get(at)) {
                Some(item) => out.push(*item),
                None => return fail(format!("index [{n}] out of range, array size is {len}")),
            }
        }
        Ok(out)
    }

    /// The values that a node holds, whatever their keys.
    pub(super) fn splat(&mut self, id: Id) -> Res<Vec<Id>> {
        let id = self.tree.real(id)?;
        let n = self.tree.at(id);
        if n.is_null() {
            self.tree.change(id, |n| (n.kind, n.tag, n.text) = (Kind::Seq, String::new(), String::new()));
        }
        let n = self.tree.at(id);
        if n.kind == Kind::Map && n.items.iter().step_by(2).any(|k| self.tree.at(*k).tag == "!!merge") {
            return fail("a merge of mappings (<<) is not simulated");
        }
        Ok(self.tree.values(id))
    }

    /// `a[…]`: everything, a place, a key, or a slice.
    pub(super) fn index(&mut self, e: &Expr, a: &Around, optional: bool) -> Res<Vec<Id>> {
        let (left, right) = Self::sides(e)?;
        let into = self.eval(left, a)?;
        if let Some(slice) = right.right.as_deref().filter(|r| matches!(r.op, Op::Pair)) {
            let (from, to) = Self::sides(slice)?;
            return into.iter().map(|id| self.slice(*id, from, to, a)).collect();
        }
        let list = self.eval(right, &a.reading(a.found.clone()))?;
        let Some(wanted) = list.first().map(|l| self.tree.at(*l).items.clone()) else {
            return fail("bad expression, please check expression syntax");
        };
        let mut out = Vec::new();
        for id in into {
            let id = self.tree.real(id)?;
            let n = self.tree.at(id);
            if wanted.is_empty() {
                out.extend(self.splat(id)?);
                continue;
            }
            if n.is_null() {
                let number = wanted.first().is_some_and(|w| self.tree.at(*w).tag == "!!int");
                let kind = if number { Kind::Seq } else { Kind::Map };
                self.tree.change(id, |n| (n.kind, n.tag, n.text) = (kind, String::new(), String::new()));
            }
            match self.tree.at(id).kind {
                Kind::Seq => {
                    let places: Vec<String> = wanted.iter().map(|w| self.tree.at(*w).text.clone()).collect();
                    out.extend(self.items(id, &places, optional)?);
                }
                Kind::Map => {
                    for w in &wanted {
                        let key = self.tree.at(*w).clone();
                        out.extend(self.member(id, &key, a.reads)?);
                    }
                }
                _ => {}
            }
        }
        Ok(out)
    }

    fn slice(&mut self, id: Id, from: &Expr, to: &Expr, a: &Around) -> Res<Id> {
        let mut ends = [0i64; 2];
        for (end, e) in ends.iter_mut().zip([from, to]) {
            let found = self.eval(e, &a.with(vec![id]))?;
            let [one] = found.as_slice() else {
                return fail(format!("expected to find 1 number, got {} instead", found.len()));
            };
            let text = &self.tree.at(*one).text;
            *end = op::integer(text).ok_or_else(|| format!("strconv.ParseInt: parsing {text:?}: invalid syntax"))?;
        }
        let n = self.tree.at(id).clone();
        let string = n.kind == Kind::Scalar && guess(&n) == "!!str";
        let len = if string { n.text.chars().count() } else { n.items.len() };
        let clamp = |at: i64| {
            let at = if at < 0 { at.saturating_add(len as i64) } else { at };
            usize::try_from(at.max(0)).unwrap_or(usize::MAX).min(len)
        };
        let [from, to] = ends.map(clamp);
        if string {
            let text: String = n.text.chars().skip(from).take(to.saturating_sub(from)).collect();
            return self.tree.replacing(id, Node { style: n.style, ..Node::scalar(&n.tag, text) });
        }
        let new = self.tree.replacing(id, Node::new(Kind::Seq, &n.tag, ""))?;
        self.tree.fill(new, n.items.get(from..to).unwrap_or_default())?;
        Ok(new)
    }
}
