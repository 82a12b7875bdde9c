//! Evaluates an expression on the nodes that were found so far, as yq does: what it finds are places, and signs that assign change
//! them where they stand.

mod call;
mod made;
mod place;

use super::expr::{Expr, Op, Piece};
use super::node::{Id, Key, Kind, Node, Res, Style, Tree, fail, memory};
use super::op;

/// Steps that an expression may take.
const STEPS_MAX: u64 = 2_000_000;
/// Nesting of evaluations.
const NESTING_MAX: u32 = 150;

/// What an expression works on.
#[derive(Clone, Default)]
struct Around {
    found: Vec<Id>,
    /// Paths that lead nowhere make nothing.
    reads: bool,
    variables: Vec<(String, Vec<Id>)>,
}

impl Around {
    fn with(&self, found: Vec<Id>) -> Around {
        Around { found, ..self.clone() }
    }

    fn reading(&self, found: Vec<Id>) -> Around {
        Around { found, reads: true, variables: self.variables.clone() }
    }
}

/// A run.
pub(super) struct Run<'e> {
    pub tree: Tree,
    /// Variables of the environment.
    pub env: &'e dyn Fn(&str) -> String,
    steps: u64,
    depth: u32,
}

impl<'e> Run<'e> {
    pub fn new(env: &'e dyn Fn(&str) -> String) -> Run<'e> {
        Run { tree: Tree::default(), env, steps: 0, depth: 0 }
    }

    /// What an expression finds from a document.
    ///
    /// # Errors
    /// What yq prints after `Error: `.
    pub fn results(&mut self, e: Option<&Expr>, document: Id) -> Res<Vec<Id>> {
        let around = Around { found: vec![document], ..Around::default() };
        match e {
            None => Ok(around.found),
            Some(e) => self.eval(e, &around),
        }
    }

    fn spend(&mut self, steps: usize) -> Res<()> {
        self.steps += steps as u64 + 1;
        if self.steps > STEPS_MAX { Err(memory()) } else { Ok(()) }
    }

    fn eval(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        self.spend(a.found.len())?;
        if self.depth >= NESTING_MAX {
            return Err(memory());
        }
        self.depth += 1;
        let found = self.dispatch(e, a);
        self.depth -= 1;
        let found = found?;
        self.spend(found.len())?;
        Ok(found)
    }

    /// The left and the right part of a sign that has both.
    fn sides(e: &Expr) -> Res<(&Expr, &Expr)> {
        match (e.left.as_deref(), e.right.as_deref()) {
            (Some(l), Some(r)) => Ok((l, r)),
            _ => fail("bad expression, please check expression syntax"),
        }
    }

    fn dispatch(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        match &e.op {
            Op::This => Ok(a.found.clone()),
            Op::Empty | Op::Block => Ok(Vec::new()),
            Op::Path { name, optional } => {
                let mut out = Vec::new();
                for id in &a.found {
                    out.extend(self.step(*id, name, *optional, a.reads)?);
                }
                Ok(out)
            }
            Op::Index { optional } => self.index(e, a, *optional),
            Op::Value(tag, text) => {
                (0..a.found.len().max(1)).map(|_| self.tree.add(Node::scalar(tag, text.clone()))).collect()
            }
            Op::Text(pieces) => self.text(pieces, a),
            Op::Variable(name) => {
                Ok(a.variables.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default())
            }
            Op::As => fail("must use variable with a pipe, e.g. `exp as $x | ...`"),
            Op::Env { name, string } => self.environment(name, *string),
            Op::Pipe => {
                let (left, right) = Self::sides(e)?;
                if matches!(left.op, Op::As) {
                    return self.bind(left, right, a);
                }
                let found = self.eval(left, a)?;
                self.eval(right, &a.with(found))
            }
            Op::Union => {
                let (left, right) = Self::sides(e)?;
                let mut found = self.eval(left, a)?;
                let more = self.eval(right, a)?;
                // Two assignments both give back what they were given.
                let again = found == a.found && more == a.found && assigns(left) && assigns(right);
                if !again {
                    found.extend(more);
                }
                Ok(found)
            }
            Op::Collect => self.collect(e, a),
            Op::Pair => self.pairs(e, a),
            Op::Object => self.object(a),
            Op::Assign { update } => self.assign(e, a, *update),
            Op::AddAssign | Op::SubtractAssign | Op::MultiplyAssign(_) => self.change(e, a),
            Op::Add => {
                let empty = !a.found.is_empty();
                self.cross(e, a, true, empty, &mut |r, x, y| op::add(&mut r.tree, x, y))
            }
            Op::Subtract => self.both(e, a, &mut |r, x, y| op::subtract(&mut r.tree, x, y)),
            Op::Multiply(how) => {
                let how = *how;
                self.both(e, a, &mut |r, x, y| op::multiply(&mut r.tree, x, y, how))
            }
            Op::Divide => self.both(e, a, &mut |r, x, y| op::divide(&mut r.tree, x, y)),
            Op::Modulo => self.both(e, a, &mut |r, x, y| op::modulo(&mut r.tree, x, y)),
            Op::Equals { not } => {
                let not = *not;
                self.cross(e, a, not, true, &mut |r, x, y| op::equals(&mut r.tree, x, y, not).map(Some))
            }
            Op::Compare { greater, equal } => {
                let (greater, equal) = (*greater, *equal);
                self.cross(e, a, false, true, &mut |r, x, y| op::compare(&mut r.tree, x, y, greater, equal).map(Some))
            }
            Op::And | Op::Or | Op::Alternative => self.logic(e, a),
            Op::Recurse { keys } => {
                let mut out = Vec::new();
                for id in a.found.clone() {
                    self.recurse(id, *keys, 0, &mut out)?;
                }
                Ok(out)
            }
            Op::Call(name) => self.call(name, e.right.as_deref(), a),
        }
    }

    fn recurse(&mut self, id: Id, keys: bool, depth: u32, out: &mut Vec<Id>) -> Res<()> {
        self.spend(1)?;
        if depth > super::node::DEPTH_MAX {
            return Err(memory());
        }
        out.push(id);
        let n = self.tree.at(id).clone();
        for (i, child) in n.items.iter().enumerate() {
            match (n.kind, i % 2) {
                (Kind::Map, 0) if keys => out.push(*child),
                (Kind::Map, 0) => {}
                _ => self.recurse(*child, keys, depth + 1, out)?,
            }
        }
        Ok(())
    }

    /// A text with the values in it.
    fn text(&mut self, pieces: &[Piece], a: &Around) -> Res<Vec<Id>> {
        let each: Vec<Around> = match a.found.as_slice() {
            [] => vec![a.clone()],
            found => found.iter().map(|id| a.with(vec![*id])).collect(),
        };
        let mut out = Vec::new();
        for around in each {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(t) => text.push_str(t),
                    Piece::Value(e) => {
                        if let Some(id) = self.eval(e, &around)?.first() {
                            let n = self.tree.at(*id);
                            match n.kind {
                                Kind::Scalar => text.push_str(&n.text),
                                _ => text.push_str(super::emit::yaml(&self.tree, *id, 2)?.trim_end_matches('\n')),
                            }
                        }
                    }
                }
            }
            out.push(self.tree.add(Node::scalar(if text == "<<" { "!!merge" } else { "!!str" }, text))?);
        }
        Ok(out)
    }

    fn environment(&mut self, name: &str, string: bool) -> Res<Vec<Id>> {
        let value = (self.env)(name);
        if string {
            return Ok(vec![self.tree.add(Node::scalar("!!str", value))?]);
        }
        if value.is_empty() {
            return fail(format!("value for env variable '{name}' not provided in env()"));
        }
        let read = super::read::documents(&mut self.tree, &value, 0)?;
        Ok(read.into_iter().take(1).collect())
    }

    /// `e as $x | …`
    fn bind(&mut self, left: &Expr, right: &Expr, a: &Around) -> Res<Vec<Id>> {
        let (value, name) = Self::sides(left)?;
        let Op::Variable(name) = &name.op else {
            return fail("RHS of 'as' operator must be a variable name e.g. $foo");
        };
        let mut out = Vec::new();
        for id in &a.found {
            let here = a.with(vec![*id]);
            let values = self.eval(value, &a.reading(vec![*id]))?;
            if values.is_empty() {
                out.extend(self.eval(right, &here)?);
            }
            for v in values {
                let copy = self.tree.copy(v)?;
                let mut inner = here.clone();
                inner.variables.push((name.clone(), vec![copy]));
                out.extend(self.eval(right, &inner)?);
            }
        }
        Ok(out)
    }

    /// `[…]`
    fn collect(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        if a.found.is_empty() {
            return Ok(vec![self.tree.add(Node::new(Kind::Seq, "!!seq", "[]"))?]);
        }
        let mut out = Vec::new();
        for id in &a.found {
            let new = self.tree.replacing(*id, Node::new(Kind::Seq, "!!seq", ""))?;
            if let Some(inner) = e.right.as_deref() {
                for found in self.eval(inner, &a.with(vec![*id]))? {
                    self.tree.item(new, found)?;
                }
            }
            out.push(new);
        }
        Ok(out)
    }

    /// `k: v`: a sequence of the mappings that they make, for each value.
    fn pairs(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let all = self.tree.add(Node::new(Kind::Seq, "!!seq", ""))?;
        let each: Vec<Option<Id>> = match a.found.as_slice() {
            [] => vec![None],
            found => found.iter().copied().map(Some).collect(),
        };
        for id in each {
            let document = id.map_or(0, |id| self.tree.document(id));
            let here = a.with(id.into_iter().collect());
            let made = match id {
                None => Vec::new(),
                Some(_) => self.cross(e, &here, false, false, &mut |r, k, v| {
                    let map = r.tree.add(Node { document, ..Node::new(Kind::Map, "!!map", "") })?;
                    if let (Some(k), Some(v)) = (k, v) {
                        r.tree.pair(map, k, v)?;
                    }
                    Ok(Some(map))
                })?,
            };
            let one = self.tree.add(Node { document, style: Style::Flow, ..Node::new(Kind::Seq, "!!seq", "") })?;
            for map in made {
                self.tree.item(one, map)?;
            }
            self.tree.item(all, one)?;
        }
        Ok(vec![all])
    }

    /// `{…}`: every mapping that can be made by taking one of each list.
    fn object(&mut self, a: &Around) -> Res<Vec<Id>> {
        let lists: Vec<Vec<Id>> = a.found.iter().map(|id| self.tree.at(*id).items.clone()).collect();
        let Some(first) = lists.first() else {
            return Ok(vec![self.tree.add(Node::new(Kind::Map, "!!map", "{}"))?]);
        };
        if lists.iter().any(|l| l.len() < first.len()) {
            return fail(
                "CollectObject: mismatching node sizes; are you creating a map with mismatching key value pairs?",
            );
        }
        let mut out = Vec::new();
        for i in 0..first.len() {
            let document = first.get(i).map_or(0, |id| self.tree.at(*id).document);
            let mut made: Vec<Id> = Vec::new();
            for list in &lists {
                let parts = list.get(i).map(|id| self.tree.at(*id).items.clone()).unwrap_or_default();
                if made.is_empty() {
                    made = parts;
                    continue;
                }
                let mut next = Vec::new();
                for m in &made {
                    for p in &parts {
                        self.spend(1)?;
                        next.push(op::multiply(&mut self.tree, *m, *p, Default::default())?);
                    }
                }
                made = next;
            }
            for m in made {
                let copy = self.tree.copy(m)?;
                self.tree.change(copy, |n| (n.parent, n.key, n.document) = (None, Key::None, document));
                out.push(copy);
            }
        }
        Ok(out)
    }

    /// A sign for every two values of its sides.
    fn cross(
        &mut self,
        e: &Expr,
        a: &Around,
        reads: bool,
        empty: bool,
        f: &mut dyn FnMut(&mut Self, Option<Id>, Option<Id>) -> Res<Option<Id>>,
    ) -> Res<Vec<Id>> {
        let (left, right) = Self::sides(e)?;
        let mut out = Vec::new();
        // Of nothing at all both sides are asked once.
        let each: Vec<Vec<Id>> =
            if a.found.is_empty() { vec![Vec::new()] } else { a.found.iter().map(|id| vec![*id]).collect() };
        for here in each {
            let around = if reads { a.reading(here.clone()) } else { a.with(here.clone()) };
            let mut lefts: Vec<Option<Id>> = self.eval(left, &around)?.into_iter().map(Some).collect();
            if lefts.is_empty() && empty && !here.is_empty() {
                lefts.push(None);
            }
            for l in lefts {
                let mut rights: Vec<Option<Id>> = self.eval(right, &around)?.into_iter().map(Some).collect();
                if rights.is_empty() && empty {
                    rights.push(None);
                }
                for r in rights {
                    self.spend(1)?;
                    out.extend(f(self, l, r)?);
                }
            }
        }
        Ok(out)
    }

    /// A sign that needs both values.
    fn both(&mut self, e: &Expr, a: &Around, f: &mut dyn FnMut(&mut Self, Id, Id) -> Res<Id>) -> Res<Vec<Id>> {
        self.cross(e, a, true, false, &mut |r, x, y| match (x, y) {
            (Some(x), Some(y)) => f(r, x, y).map(Some),
            _ => Ok(None),
        })
    }

    /// `and`, `or`, `//`: the right side is asked only where the left one does not tell.
    fn logic(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let (left, right) = Self::sides(e)?;
        let alternative = matches!(e.op, Op::Alternative);
        let stops = !matches!(e.op, Op::And);
        let mut out = Vec::new();
        for id in &a.found {
            let around = if alternative { a.with(vec![*id]) } else { a.reading(vec![*id]) };
            let mut lefts: Vec<Option<Id>> = self.eval(left, &around)?.into_iter().map(Some).collect();
            if lefts.is_empty() {
                lefts.push(None);
            }
            for l in lefts {
                let truth = l.is_some_and(|l| self.tree.at(l).truth());
                if alternative && truth {
                    out.extend(l);
                    continue;
                }
                if !alternative && truth == stops {
                    out.push(op::boolean(&mut self.tree, l, stops)?);
                    continue;
                }
                let mut rights: Vec<Option<Id>> = self.eval(right, &around)?.into_iter().map(Some).collect();
                if rights.is_empty() {
                    rights.push(None);
                }
                for r in rights {
                    if alternative {
                        // The right side may have given the left one a value.
                        let given = l.filter(|l| self.tree.at(*l).truth());
                        out.extend(given.or(r).or(l));
                    } else {
                        let truth = r.is_some_and(|r| self.tree.at(r).truth());
                        out.push(op::boolean(&mut self.tree, l.or(r), truth)?);
                    }
                }
            }
        }
        Ok(out)
    }

    /// `=` and `|=`.
    fn assign(&mut self, e: &Expr, a: &Around, update: bool) -> Res<Vec<Id>> {
        let (left, right) = Self::sides(e)?;
        let places = self.eval(left, a)?;
        if !update {
            for id in &a.found {
                let here = a.reading(vec![*id]);
                for place in self.eval(left, &here)? {
                    for value in self.eval(right, &here)? {
                        op::update(&mut self.tree, place, value, true)?;
                    }
                }
            }
            return Ok(a.found.clone());
        }
        for place in places.into_iter().rev() {
            if let Some(value) = self.eval(right, &a.with(vec![place]))?.first() {
                op::update(&mut self.tree, place, *value, true)?;
            }
        }
        Ok(a.found.clone())
    }

    /// `+=` and its kin: the right side sees what the whole was.
    fn change(&mut self, e: &Expr, a: &Around) -> Res<Vec<Id>> {
        let (left, right) = Self::sides(e)?;
        for place in self.eval(left, a)? {
            for id in &a.found {
                let values = self.eval(right, &a.reading(vec![*id]))?;
                let nothing = values.is_empty() && matches!(e.op, Op::AddAssign);
                let values: Vec<Option<Id>> = if nothing { vec![None] } else { values.into_iter().map(Some).collect() };
                let was = self.tree.copy(place)?;
                for value in values {
                    let made = match (&e.op, value) {
                        (Op::AddAssign, value) => op::add(&mut self.tree, Some(was), value)?,
                        (Op::SubtractAssign, Some(v)) => Some(op::subtract(&mut self.tree, was, v)?),
                        (Op::MultiplyAssign(how), Some(v)) => Some(op::multiply(&mut self.tree, was, v, *how)?),
                        _ => None,
                    };
                    if let Some(made) = made {
                        op::update(&mut self.tree, place, made, false)?;
                    }
                }
            }
        }
        Ok(a.found.clone())
    }
}

/// Whether an expression gives back what it was given.
fn assigns(e: &Expr) -> bool {
    matches!(
        e.op,
        Op::Assign { .. }
            | Op::AddAssign
            | Op::SubtractAssign
            | Op::MultiplyAssign(_)
            | Op::Call("del" | "with" | "sort_keys")
    )
}
