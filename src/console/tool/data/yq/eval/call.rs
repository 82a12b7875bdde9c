//! The functions.

use super::super::expr::{Expr, Op};
use super::super::node::{Id, Key, Kind, Node, Res, Style, fail};
use super::super::op;
use super::super::read::guess;
use super::{Around, Run};

impl Run<'_> {
    pub(super) fn call(&mut self, name: &'static str, argument: Option<&Expr>, a: &Around) -> Res<Vec<Id>> {
        match (name, argument) {
            ("select", Some(e)) => {
                let mut out = Vec::new();
                for id in &a.found {
                    if self.holds(e, *id, a)? {
                        out.push(*id);
                    }
                }
                Ok(out)
            }
            ("empty", _) => Ok(Vec::new()),
            ("error", Some(e)) => match self.eval(e, &a.reading(a.found.clone()))?.first() {
                Some(id) => fail(self.tree.at(*id).text.clone()),
                None => fail("aborted"),
            },
            ("has", Some(e)) => self.has(e, a),
            ("with", Some(e)) => {
                let (Op::Block, Some(place), Some(then)) = (&e.op, e.left.as_deref(), e.right.as_deref()) else {
                    return fail("with must be given a block (;)");
                };
                for id in self.eval(place, a)? {
                    self.eval(then, &a.with(vec![id]))?;
                }
                Ok(a.found.clone())
            }
            ("del", Some(e)) => self.delete(e, a),
            ("pick" | "omit", Some(e)) => {
                let wanted = self.eval(e, a)?.first().copied();
                let wanted = wanted.map(|w| self.tree.at(w).items.clone()).unwrap_or_default();
                if name == "omit" && wanted.is_empty() {
                    return Ok(a.found.clone());
                }
                a.found.clone().into_iter().map(|id| self.picked(id, &wanted, name == "pick")).collect()
            }
            ("map" | "filter", Some(e)) => {
                a.found.clone().into_iter().map(|id| self.mapped(id, e, a, name == "map")).collect()
            }
            ("map_values", Some(e)) => {
                for id in a.found.clone() {
                    for value in self.splat(id)?.into_iter().rev() {
                        if let Some(new) = self.eval(e, &a.with(vec![value]))?.first() {
                            op::update(&mut self.tree, value, *new, false)?;
                        }
                    }
                }
                Ok(a.found.clone())
            }
            ("sort_keys", Some(e)) => {
                for id in a.found.clone() {
                    for place in self.eval(e, &a.reading(vec![id]))? {
                        self.sort_keys(place);
                    }
                }
                Ok(a.found.clone())
            }
            ("flatten", _) => {
                for id in a.found.clone() {
                    if self.tree.at(id).kind != Kind::Seq {
                        return fail("only arrays are supported for flatten");
                    }
                    let mut flat = Vec::new();
                    self.flat(id, 0, &mut flat)?;
                    self.tree.change(id, |n| n.items = Vec::new());
                    self.tree.fill(id, &flat)?;
                }
                Ok(a.found.clone())
            }
            ("with_entries", Some(e)) => {
                let mut out = Vec::new();
                for id in a.found.clone() {
                    let Some(entries) = self.entries(id)? else { continue };
                    let collected = self.tree.add(Node::new(Kind::Seq, "!!seq", ""))?;
                    for entry in self.tree.at(entries).items.clone() {
                        for found in self.eval(e, &a.with(vec![entry]))? {
                            self.tree.item(collected, found)?;
                        }
                    }
                    let from = self.tree.at(entries).clone();
                    self.tree.change(collected, |n| (n.lead, n.head, n.foot) = (from.lead, from.head, from.foot));
                    out.push(self.from_entries(collected)?);
                }
                Ok(out)
            }
            ("first", Some(e)) => {
                let mut out = Vec::new();
                for id in a.found.clone() {
                    for value in self.splat(id)? {
                        let found = self.eval(e, &a.with(vec![value]))?;
                        if found.iter().any(|f| self.tree.at(*f).truth()) {
                            out.push(value);
                            break;
                        }
                    }
                }
                Ok(out)
            }
            ("first", None) => Ok(a.found.iter().filter_map(|id| self.tree.at(*id).items.first().copied()).collect()),
            ("test" | "sub", Some(e)) => self.matches(name, e, a),
            ("contains", Some(_)) => self.contained(argument, a),
            ("key", _) => {
                Ok(a.found.iter().copied().filter_map(|id| self.key(id).transpose()).collect::<Res<Vec<_>>>()?)
            }
            ("parent", _) => Ok(a.found.iter().filter_map(|id| self.tree.at(*id).parent).collect()),
            ("to_entries", _) => {
                let mut out = Vec::new();
                for id in a.found.clone() {
                    out.extend(self.entries(id)?);
                }
                Ok(out)
            }
            ("split", Some(e)) => {
                let by = self.word(e, a)?;
                let mut out = Vec::new();
                for id in a.found.clone() {
                    let n = self.tree.at(id).clone();
                    if n.is_null() {
                        continue;
                    }
                    if guess(&n) != "!!str" {
                        return fail(format!("cannot split {}, can only split strings", n.tag));
                    }
                    let new = self.tree.replacing(id, Node::new(Kind::Seq, "!!seq", ""))?;
                    op::split(&mut self.tree, new, &n.text, &by)?;
                    out.push(new);
                }
                Ok(out)
            }
            ("join", Some(e)) => {
                let by = self.word(e, a)?;
                let joined = |r: &mut Self, id: Id| {
                    let n = r.tree.at(id).clone();
                    if n.kind != Kind::Seq {
                        return fail(format!("cannot join with {}, can only join arrays of scalars", n.tag));
                    }
                    let text = |i: &Id| Some(r.tree.at(*i)).filter(|n| !n.is_null()).map_or("", |n| &n.text).to_owned();
                    let parts: Vec<String> = n.items.iter().map(text).collect();
                    r.tree.replacing(id, Node::scalar("!!str", parts.join(&by)))
                };
                a.found.clone().into_iter().map(|id| joined(self, id)).collect()
            }
            ("min" | "max", _) => {
                let mut out = Vec::new();
                for id in a.found.clone() {
                    let values = self.splat(id)?;
                    let Some(mut best) = values.first().copied() else { continue };
                    for v in values.into_iter().skip(1) {
                        let wins = op::compare(&mut self.tree, Some(v), Some(best), name == "max", false)?;
                        if self.tree.at(wins).truth() {
                            best = v;
                        }
                    }
                    out.push(best);
                }
                Ok(out)
            }
            _ => a.found.clone().into_iter().map(|id| self.one(name, argument, id, a)).collect(),
        }
    }

    /// Functions that make one node of one.
    fn one(&mut self, name: &str, argument: Option<&Expr>, id: Id, a: &Around) -> Res<Id> {
        let n = self.tree.at(id).clone();
        let made = |r: &mut Self, tag: &str, text: String| r.tree.replacing(id, Node::scalar(tag, text));
        match (name, argument) {
            ("length", _) => {
                let length = match n.kind {
                    Kind::Scalar if n.is_null() => 0,
                    Kind::Scalar => n.text.len(),
                    Kind::Map => n.items.len() / 2,
                    Kind::Seq => n.items.len(),
                    Kind::Alias(_) => 0,
                };
                made(self, "!!int", length.to_string())
            }
            ("not", _) => op::boolean(&mut self.tree, Some(id), !n.truth()),
            ("is_key", _) => op::boolean(&mut self.tree, Some(id), n.is_key),
            ("tag", _) => made(self, "!!str", n.tag),
            ("kind", _) => {
                let kind = match n.kind {
                    Kind::Map => "map",
                    Kind::Seq => "seq",
                    Kind::Scalar => "scalar",
                    Kind::Alias(_) => "alias",
                };
                made(self, "!!str", kind.to_owned())
            }
            ("document_index", _) => {
                let document = self.tree.document(id);
                made(self, "!!int", document.to_string())
            }
            ("keys", _) => {
                let seq = self.tree.add(Node::new(Kind::Seq, "!!seq", ""))?;
                match n.kind {
                    Kind::Map => {
                        let keys: Vec<Id> = n.items.iter().step_by(2).copied().collect();
                        self.tree.fill(seq, &keys)?;
                    }
                    Kind::Seq => {
                        for i in 0..n.items.len() {
                            let place = self.tree.add(Node::scalar("!!int", i.to_string()))?;
                            self.tree.item(seq, place)?;
                        }
                    }
                    _ => return fail(format!("cannot get keys of {}, keys only works for maps and arrays", n.tag)),
                }
                Ok(seq)
            }
            ("path", _) => {
                let new = self.tree.replacing(id, Node::new(Kind::Seq, "!!seq", ""))?;
                for step in self.tree.path(id) {
                    let node = match step {
                        Ok(i) => Node::scalar("!!int", i.to_string()),
                        Err(name) => Node::scalar("!!str", name),
                    };
                    let step = self.tree.add(node)?;
                    self.tree.item(new, step)?;
                }
                Ok(new)
            }
            ("upcase" | "downcase" | "trim", _) => {
                if guess(&n) != "!!str" {
                    return fail(match name {
                        "trim" => format!("cannot trim {}, can only operate on strings. ", n.tag),
                        _ => format!("cannot change case with {}, can only operate on strings. ", n.tag),
                    });
                }
                let text = match name {
                    "upcase" => n.text.to_uppercase(),
                    "downcase" => n.text.to_lowercase(),
                    _ => n.text.trim().to_owned(),
                };
                self.tree.replacing(id, Node { style: n.style, ..Node::scalar(&n.tag, text) })
            }
            ("to_string", _) => {
                let text = if n.kind == Kind::Scalar {
                    n.text.clone()
                } else {
                    super::super::emit::yaml(&self.tree, id, 2)?.trim_end_matches('\n').to_owned()
                };
                let style = if n.tag == "!!str" { Style::Plain } else { Style::Double };
                self.tree.replacing(id, Node { style, ..Node::scalar("!!str", text) })
            }
            ("to_number", _) => {
                if n.kind != Kind::Scalar {
                    let path = self.tree.nice_path(id);
                    return fail(format!("cannot convert node at path {path} of tag {} to number", n.tag));
                }
                if matches!(n.tag.as_str(), "!!int" | "!!float") {
                    return Ok(id);
                }
                let tag = match (op::integer(&n.text), n.text.parse::<f64>()) {
                    (Some(_), _) => "!!int",
                    (_, Ok(_)) => "!!float",
                    _ => {
                        let path = self.tree.nice_path(id);
                        return fail(format!(
                            "cannot convert node value [{}] at path {path} of tag {} to number",
                            n.text, n.tag
                        ));
                    }
                };
                made(self, tag, n.text)
            }
            ("to_json" | "@json", _) => {
                let text = super::super::emit::json(&self.tree, id, if name == "@json" { 0 } else { 2 })?;
                let end = if name == "@json" { "" } else { "\n" };
                made(self, "!!str", text + end)
            }
            ("reverse", _) => {
                if n.kind != Kind::Seq {
                    return fail(format!(
                        "node at path [{}] is not an array (it's a {})",
                        self.tree.nice_path(id),
                        n.tag
                    ));
                }
                let turned: Vec<Id> = n.items.iter().rev().copied().collect();
                self.remade(id, &turned)
            }
            ("sort", _) => self.sorted(id, None, a),
            ("sort_by", Some(e)) => self.sorted(id, Some(e), a),
            ("unique", _) => self.distinct(id, None, a),
            ("unique_by", Some(e)) => self.distinct(id, Some(e), a),
            ("group_by", Some(e)) => {
                if n.kind != Kind::Seq {
                    return fail("only arrays are supported for group by");
                }
                let mut groups: Vec<(String, Vec<Id>)> = Vec::new();
                for item in n.items {
                    let key = self.eval(e, &a.reading(vec![item]))?.first().copied();
                    let key = key.map_or_else(|| "null".to_owned(), |k| self.tree.at(k).text.clone());
                    match groups.iter_mut().find(|(k, _)| *k == key) {
                        Some((_, items)) => items.push(item),
                        None => groups.push((key, vec![item])),
                    }
                }
                let new = self.tree.replacing(id, Node::new(Kind::Seq, "!!seq", ""))?;
                for (_, items) in groups {
                    let group = self.tree.add(Node::new(Kind::Seq, "!!seq", ""))?;
                    self.tree.fill(group, &items)?;
                    self.tree.item(new, group)?;
                }
                Ok(new)
            }
            ("from_entries", _) => {
                if n.kind != Kind::Seq {
                    return fail("from entries only runs against arrays");
                }
                self.from_entries(id)
            }
            ("any" | "all" | "any_c" | "all_c", condition) => {
                let word = name.trim_end_matches("_c");
                if n.kind != Kind::Seq {
                    return fail(format!("{word} only supports arrays, was {}", n.tag));
                }
                let wanted = word == "any";
                let mut found = false;
                for item in n.items {
                    let judged = match condition {
                        None => Some(item),
                        Some(e) => self.eval(e, &a.reading(vec![item]))?.first().copied(),
                    };
                    found = found || judged.is_some_and(|j| self.tree.at(j).truth() == wanted);
                }
                op::boolean(&mut self.tree, Some(id), found == wanted)
            }
            _ => fail(format!("'{name}' is not simulated: `man yq` says what is not")),
        }
    }

    /// Whether an expression is true of a node.
    pub(super) fn holds(&mut self, e: &Expr, id: Id, a: &Around) -> Res<bool> {
        let found = self.eval(e, &a.reading(vec![id]))?;
        Ok(found.iter().any(|f| self.tree.at(*f).truth()))
    }

    /// The text of an argument.
    pub(super) fn word(&mut self, e: &Expr, a: &Around) -> Res<String> {
        let found = self.eval(e, &a.reading(a.found.clone()))?;
        Ok(found.first().map(|id| self.tree.at(*id).text.clone()).unwrap_or_default())
    }

    fn has(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let wanted = self.eval(e, &a.reading(a.found.clone()))?.first().copied();
        let (tag, text) = wanted.map_or(("!!null".to_owned(), "null".to_owned()), |w| {
            (self.tree.at(w).tag.clone(), self.tree.at(w).text.clone())
        });
        let mut out = Vec::new();
        for id in a.found.clone() {
            let n = self.tree.at(id);
            let has = match n.kind {
                Kind::Map => n.items.iter().step_by(2).any(|k| self.tree.at(*k).text == text),
                Kind::Seq if tag == "!!int" => {
                    op::integer(&text).and_then(|i| usize::try_from(i).ok()).is_some_and(|i| i < n.items.len())
                }
                _ => false,
            };
            out.push(op::boolean(&mut self.tree, Some(id), has)?);
        }
        Ok(out)
    }

    fn delete(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let doomed = self.eval(e, &a.reading(a.found.clone()))?;
        for id in doomed.into_iter().rev() {
            let Some(up) = self.tree.at(id).parent else {
                return Ok(a.found.iter().copied().filter(|f| *f != id).collect());
            };
            let last = self.tree.path(id).pop();
            let n = self.tree.at(up).clone();
            let mut left = Vec::new();
            match (n.kind, last) {
                (Kind::Map, Some(Err(name))) => {
                    for pair in n.items.chunks_exact(2) {
                        if pair.first().is_some_and(|k| self.tree.at(*k).text != name) {
                            left.extend_from_slice(pair);
                        }
                    }
                }
                (Kind::Seq, Some(Ok(at))) => {
                    for (i, item) in n.items.iter().enumerate().filter(|(i, _)| *i != at) {
                        let place = if i > at { i - 1 } else { i };
                        self.tree.change(*item, |n| n.key = Key::Index(place));
                        left.push(*item);
                    }
                }
                _ => return fail(format!("cannot delete nodes from parent of tag {}", n.tag)),
            }
            let empty = left.is_empty();
            self.tree.change(up, |n| n.items = left);
            // The comment of a key whose value is now empty goes behind the value.
            if let (true, true, Key::Name(key)) = (empty, n.line.is_empty(), n.key) {
                let line = self.tree.at(key).line.clone();
                if !line.is_empty() {
                    self.tree.change(up, |n| (n.line, n.style) = (line, Style::Flow));
                    self.tree.change(key, |n| n.line = String::new());
                }
            }
        }
        Ok(a.found.clone())
    }
}
