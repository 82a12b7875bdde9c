//! Collections that functions make of others: parts, orders, groups, entries, and what is found in texts.

use super::super::expr::{Expr, Op};
use super::super::node::{Id, Key, Kind, Node, Res, Style, fail};
use super::super::op;
use super::super::read::guess;
use super::{Around, Run};

impl Run<'_> {
    pub(super) fn picked(&mut self, id: Id, wanted: &[Id], pick: bool) -> Res<Id> {
        let n = self.tree.at(id).clone();
        let mut left = Vec::new();
        let text = |r: &Self, w: Id| r.tree.at(w).text.clone();
        match n.kind {
            Kind::Map if pick => {
                for w in wanted {
                    if let Some(at) = op::find(&self.tree, id, *w) {
                        left.extend(n.items.get(at..at + 2).unwrap_or_default());
                    }
                }
            }
            Kind::Map => {
                for pair in n.items.chunks_exact(2) {
                    let name = pair.first().map(|k| text(self, *k)).unwrap_or_default();
                    if !wanted.iter().any(|w| text(self, *w) == name) {
                        left.extend_from_slice(pair);
                    }
                }
            }
            Kind::Seq if pick => {
                for w in wanted {
                    let word = text(self, *w);
                    let Some(at) = op::integer(&word) else { return fail(format!("cannot index array with {word}")) };
                    left.extend(usize::try_from(at).ok().and_then(|at| n.items.get(at)));
                }
            }
            Kind::Seq => {
                let kept =
                    n.items.iter().enumerate().filter(|(i, _)| !wanted.iter().any(|w| text(self, *w) == i.to_string()));
                left.extend(kept.map(|(_, item)| *item));
            }
            _ if pick => {
                return fail(format!("cannot pick indices from type {} ({})", n.tag, self.tree.nice_path(id)));
            }
            _ => return Ok(id),
        }
        let new = self.tree.bare(id)?;
        self.tree.fill(new, &left)?;
        Ok(new)
    }

    /// `map` and `filter`.
    pub(super) fn mapped(&mut self, id: Id, e: &Expr, a: &Around, map: bool) -> Res<Id> {
        let values = self.splat(id)?;
        if values.is_empty() && map {
            return self.tree.copy(id);
        }
        let found = if map {
            self.eval(e, &a.with(values))?
        } else {
            let mut kept = Vec::new();
            for v in values {
                if self.holds(e, v, a)? {
                    kept.push(v);
                }
            }
            kept
        };
        let style = self.tree.at(id).style;
        let new = self.tree.add(Node { style, ..Node::new(Kind::Seq, "!!seq", "") })?;
        self.tree.fill(new, &found)?;
        Ok(new)
    }

    pub(super) fn sort_keys(&mut self, id: Id) {
        let n = self.tree.at(id);
        if n.kind != Kind::Map {
            return;
        }
        let mut pairs: Vec<(String, Vec<Id>)> = Vec::new();
        for pair in n.items.chunks_exact(2) {
            let name = pair.first().map(|k| self.tree.at(*k).text.clone()).unwrap_or_default();
            pairs.push((name, pair.to_vec()));
        }
        pairs.sort_by(|x, y| x.0.cmp(&y.0));
        self.tree.change(id, |n| n.items = pairs.into_iter().flat_map(|(_, pair)| pair).collect());
    }

    pub(super) fn flat(&mut self, id: Id, depth: u32, out: &mut Vec<Id>) -> Res<()> {
        if depth > super::super::node::DEPTH_MAX {
            return Err(super::super::node::memory());
        }
        for item in self.tree.at(id).items.clone() {
            if self.tree.at(item).kind == Kind::Seq {
                self.flat(item, depth + 1, out)?;
            } else {
                out.push(item);
            }
        }
        Ok(())
    }

    /// A collection with the comments and the style of another one.
    pub(super) fn remade(&mut self, id: Id, items: &[Id]) -> Res<Id> {
        let n = self.tree.at(id).clone();
        let new = self.tree.replacing(
            id,
            Node {
                lead: n.lead,
                head: n.head,
                line: n.line,
                foot: n.foot,
                style: n.style,
                ..Node::new(Kind::Seq, "!!seq", "")
            },
        )?;
        self.tree.fill(new, items)?;
        Ok(new)
    }

    pub(super) fn sorted(&mut self, id: Id, by: Option<&Expr>, a: &Around) -> Res<Id> {
        let n = self.tree.at(id).clone();
        if !n.holds() {
            let path = self.tree.nice_path(id);
            return fail(format!("node at path [{path}] is not an array or map (it's a {})", n.tag));
        }
        let mut keyed: Vec<(Vec<Id>, Id)> = Vec::new();
        for value in self.tree.values(id) {
            let key = match by {
                None => vec![value],
                Some(e) => self.eval(e, &a.reading(vec![value]))?,
            };
            keyed.push((key, value));
        }
        // An insertion into a sorted list keeps what is alike in order, and ends at the first value that has none.
        let mut wrong = None;
        keyed.sort_by(|x, y| {
            for (p, q) in x.0.iter().zip(&y.0) {
                match op::order(self.tree.at(*p), self.tree.at(*q)) {
                    Ok(std::cmp::Ordering::Equal) => {}
                    Ok(other) => return other,
                    Err(why) => wrong = Some(why),
                }
            }
            x.0.len().cmp(&y.0.len())
        });
        if let Some(why) = wrong {
            return Err(why);
        }
        let new = self.tree.bare(id)?;
        for (_, value) in keyed {
            match self.tree.at(value).key {
                Key::Name(key) if n.kind == Kind::Map => drop(self.tree.pair(new, key, value)?),
                _ => drop(self.tree.item(new, value)?),
            }
        }
        Ok(new)
    }

    pub(super) fn distinct(&mut self, id: Id, by: Option<&Expr>, a: &Around) -> Res<Id> {
        let n = self.tree.at(id).clone();
        if n.kind != Kind::Seq {
            return fail("only arrays are supported for unique");
        }
        let (mut known, mut kept) = (std::collections::BTreeSet::new(), Vec::new());
        for item in n.items {
            let key = match by {
                None => Some(item),
                Some(e) => self.eval(e, &a.reading(vec![item]))?.first().copied(),
            };
            let key = match key {
                None => "null".to_owned(),
                Some(k) if self.tree.at(k).kind == Kind::Scalar => self.tree.at(k).text.clone(),
                Some(k) => super::super::emit::yaml(&self.tree, k, 2)?,
            };
            if known.insert(key) {
                kept.push(item);
            }
        }
        self.remade(id, &kept)
    }

    /// The entries of a collection; none of `null`.
    pub(super) fn entries(&mut self, id: Id) -> Res<Option<Id>> {
        let n = self.tree.at(id).clone();
        let mut pairs: Vec<(Id, Id)> = Vec::new();
        match n.kind {
            Kind::Map => pairs.extend(n.items.chunks_exact(2).filter_map(|p| Some((*p.first()?, *p.get(1)?)))),
            Kind::Seq => {
                for (i, item) in n.items.iter().enumerate() {
                    pairs.push((self.tree.add(Node::scalar("!!int", i.to_string()))?, *item));
                }
            }
            _ if n.is_null() => return Ok(None),
            _ => return fail(format!("{} has no keys", n.tag)),
        }
        let seq = self.remade(id, &[])?;
        self.tree.change(seq, |n| n.style = Style::Plain);
        for (key, value) in pairs {
            let entry = self.tree.add(Node::new(Kind::Map, "!!map", ""))?;
            for (name, node) in [("key", key), ("value", value)] {
                let name = self.tree.add(Node::scalar("!!str", name))?;
                self.tree.pair(entry, name, node)?;
            }
            self.tree.item(seq, entry)?;
        }
        Ok(Some(seq))
    }

    pub(super) fn from_entries(&mut self, id: Id) -> Res<Id> {
        let new = self.tree.bare(id)?;
        self.tree.change(new, |n| (n.kind, n.tag) = (Kind::Map, "!!map".to_owned()));
        for (i, entry) in self.tree.at(id).items.clone().into_iter().enumerate() {
            let mut parts = Vec::new();
            for name in ["key", "value"] {
                let wanted = self.tree.add(Node::scalar("!!str", name))?;
                match op::find(&self.tree, entry, wanted).and_then(|at| self.tree.at(entry).items.get(at + 1).copied())
                {
                    Some(part) => parts.push(part),
                    None => return fail(format!("expected to find one '{name}' entry but found 0 in position {i}")),
                }
            }
            if let [key, value] = parts.as_slice() {
                self.tree.pair(new, *key, *value)?;
            }
        }
        Ok(new)
    }

    pub(super) fn key(&mut self, id: Id) -> Res<Option<Id>> {
        Ok(match self.tree.at(id).key {
            Key::None => None,
            Key::Name(key) => Some(key),
            Key::Index(i) => {
                let parent = self.tree.at(id).parent;
                Some(self.tree.add(Node { parent, ..Node::scalar("!!int", i.to_string()) })?)
            }
        })
    }

    /// `test` and `sub`.
    pub(super) fn matches(&mut self, name: &str, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let (pattern, with) = match (name, &e.op, e.left.as_deref(), e.right.as_deref()) {
            ("sub", Op::Block | Op::Union, Some(p), Some(w)) => (self.word(p, a)?, self.word(w, a)?),
            ("sub", ..) => return fail("sub must be given a block (;)"),
            (_, Op::Block, ..) => return fail("test with two arguments is not simulated"),
            _ => (self.word(e, a)?, String::new()),
        };
        let regex = regex::RegexBuilder::new(&pattern).size_limit(1 << 20).build();
        let regex = regex.map_err(|_| format!("error parsing regexp: `{pattern}`"))?;
        let mut out = Vec::new();
        for id in a.found.clone() {
            let n = self.tree.at(id).clone();
            if guess(&n) != "!!str" {
                let verb = match name {
                    "sub" => format!("substitute with {}, can only substitute strings", n.tag),
                    _ => format!("match with {}, can only match strings", n.tag),
                };
                return fail(format!(
                    "cannot {verb}. Hint: Most often you'll want to use '|=' over '=' for this operation"
                ));
            }
            self.spend(n.text.len())?;
            out.push(if name == "sub" {
                let text = regex.replace_all(&n.text, with.as_str()).into_owned();
                self.tree.replacing(id, Node::scalar("!!str", text))?
            } else {
                op::boolean(&mut self.tree, Some(id), regex.is_match(&n.text))?
            });
        }
        Ok(out)
    }

    pub(super) fn contained(&mut self, argument: Option<&Expr>, a: &Around) -> Res<Vec<Id>> {
        let Some(e) = argument else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for id in a.found.clone() {
            for part in self.eval(e, &a.reading(vec![id]))? {
                let (x, y) = (self.tree.at(id), self.tree.at(part));
                if x.kind != y.kind {
                    return fail(format!("{} cannot check contained in {}", y.tag, x.tag));
                }
                let has = op::contains(&self.tree, id, part, 0)?;
                out.push(op::boolean(&mut self.tree, Some(id), has)?);
            }
        }
        Ok(out)
    }
}
