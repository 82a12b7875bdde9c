//! What signs make of two values: sums, products, merges, comparisons.

mod compare;

pub(super) use compare::{compare, contains, equals, fits, order};

use super::expr::Merge;
use super::node::{Id, Key, Kind, Node, Res, Style, Tree, fail, memory};
use super::read::guess;

/// Longest text that a repetition makes.
const TEXT_MAX: usize = 1 << 20;

/// A whole number as YAML has it.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(d) => (if text.starts_with('-') { "-" } else { "" }, d),
        None => ("", text.as_str()),
    };
    let radix = [("0x", 16), ("0X", 16), ("0o", 8)].iter().find_map(|(p, r)| Some((digits.strip_prefix(p)?, *r)));
    match radix {
        Some((d, r)) => i64::from_str_radix(&format!("{sign}{d}"), r).ok(),
        None => format!("{sign}{digits}").parse().ok(),
    }
}

/// A whole number, or Go's words for a text that is none.
fn whole(text: &str) -> Res<i64> {
    integer(text).ok_or_else(|| format!("strconv.ParseInt: parsing {text:?}: invalid syntax"))
}

/// A whole number in the form that another one had.
fn like(form: &str, n: i64) -> String {
    let bare = form.trim_start_matches(['-', '+']).replace('_', "");
    match bare {
        b if b.starts_with("0x") || b.starts_with("0X") => format!("0x{n:X}"),
        b if b.starts_with("0o") => format!("0o{n:o}"),
        _ => n.to_string(),
    }
}

fn real(text: &str) -> Res<f64> {
    text.parse().map_err(|_| format!("strconv.ParseFloat: parsing {text:?}: invalid syntax"))
}

/// A float as Go prints it.
fn float(n: f64) -> String {
    let size = n.abs();
    if n.is_nan() {
        return "NaN".to_owned();
    }
    if n.is_infinite() {
        return if n > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{n:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |e| ("-", e));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    n.to_string()
}

fn numeric(tag: &str) -> bool {
    tag == "!!int" || tag == "!!float"
}

/// Dates are read as they are written; what is done with them is not simulated.
fn no_moment(n: &Node) -> Res<()> {
    if n.tag == "!!timestamp" { fail("arithmetic of dates is not simulated") } else { Ok(()) }
}

/// An alias has no value of its own in a sum.
fn no_alias(tree: &Tree, ids: &[Id]) -> Res<()> {
    let alias = ids.iter().any(|id| matches!(tree.at(*id).kind, Kind::Alias(_)));
    if alias { fail("an alias beside a sign is not simulated") } else { Ok(()) }
}

/// Where a key stands in a mapping.
pub(super) fn find(tree: &Tree, map: Id, key: Id) -> Option<usize> {
    let wanted = tree.at(key).text.clone();
    let at = tree.at(map).items.iter().step_by(2).position(|k| tree.at(*k).text == wanted)?;
    Some(at * 2)
}

/// A truth value that stands where another node does.
pub(super) fn boolean(tree: &mut Tree, owner: Option<Id>, truth: bool) -> Res<Id> {
    let new = Node::scalar("!!bool", if truth { "true" } else { "false" });
    match owner {
        Some(id) => tree.replacing(id, new),
        None => tree.add(new),
    }
}

/// `a + b`; what is not there is nothing.
pub(super) fn add(tree: &mut Tree, left: Option<Id>, right: Option<Id>) -> Res<Option<Id>> {
    let (a, b) = match (left, right) {
        (None, None) => return Ok(None),
        (Some(only), None) | (None, Some(only)) => return tree.copy(only).map(Some),
        (Some(a), Some(b)) => (a, b),
    };
    if tree.at(a).is_null() {
        return replaced(tree, a, b).map(Some);
    }
    no_alias(tree, &[a, b])?;
    let (x, y) = (tree.at(a).clone(), tree.at(b).clone());
    let refuse = |tree: &Tree| {
        let (p, q) = (tree.nice_path(b), tree.nice_path(a));
        fail(format!("{} ({p}) cannot be added to a {} ({q})", y.tag, x.tag))
    };
    let target = tree.bare(a)?;
    match x.kind {
        Kind::Map => {
            if y.kind != Kind::Map {
                return refuse(tree);
            }
            if x.items.is_empty() {
                tree.change(target, |n| n.style = Style::Plain);
            }
            tree.fill(target, &x.items)?;
            for pair in y.items.chunks_exact(2) {
                let [k, v] = pair else { continue };
                match find(tree, target, *k) {
                    None => drop(tree.pair(target, *k, *v)?),
                    Some(at) => {
                        let old = tree.at(target).items.get(at + 1).copied().unwrap_or(*v);
                        let new = replaced(tree, old, *v)?;
                        tree.change(target, |n| {
                            if let Some(place) = n.items.get_mut(at + 1) {
                                *place = new;
                            }
                        });
                    }
                }
            }
        }
        Kind::Seq => {
            if x.items.is_empty() {
                tree.change(target, |n| n.style = Style::Plain);
            }
            tree.fill(target, &x.items)?;
            match y.kind {
                _ if y.is_null() => {}
                Kind::Seq => tree.fill(target, &y.items)?,
                _ => {
                    let new = tree.item(target, b)?;
                    if let Some(first) = x.items.first() {
                        let style = tree.at(*first).style;
                        tree.change(new, |n| n.style = style);
                    }
                }
            }
        }
        _ => {
            if y.kind != Kind::Scalar {
                return refuse(tree);
            }
            let (p, q) = (guess(&x), guess(&y));
            no_moment(&x)?;
            let (tag, text) = if p == "!!str" {
                (x.tag.clone(), if q == "!!null" { x.text.clone() } else { x.text.clone() + &y.text })
            } else if q == "!!str" {
                (y.tag.clone(), x.text.clone() + &y.text)
            } else if p == "!!int" && q == "!!int" {
                (x.tag.clone(), like(&x.text, whole(&x.text)?.wrapping_add(whole(&y.text)?)))
            } else if numeric(&p) && numeric(&q) {
                (float_tag(&x), float(real(&x.text)? + real(&y.text)?))
            } else {
                return fail(format!("{p} cannot be added to {q}"));
            };
            tree.change(target, |n| (n.tag, n.text) = (tag, text));
        }
    }
    Ok(Some(target))
}

fn float_tag(x: &Node) -> String {
    if x.tag.starts_with("!!") { "!!float".to_owned() } else { x.tag.clone() }
}

/// A copy of `new` where `old` stands.
pub(super) fn replaced(tree: &mut Tree, old: Id, new: Id) -> Res<Id> {
    let copy = tree.copy(new)?;
    let (parent, key, is_key) = (tree.at(old).parent, tree.at(old).key, tree.at(old).is_key);
    tree.change(copy, |n| {
        n.parent = parent;
        n.key = if is_key { Key::Name(old) } else { key };
    });
    Ok(copy)
}

/// `a - b`.
pub(super) fn subtract(tree: &mut Tree, a: Id, b: Id) -> Res<Id> {
    if tree.at(a).is_null() {
        return replaced(tree, a, b);
    }
    no_alias(tree, &[a, b])?;
    let (x, y) = (tree.at(a).clone(), tree.at(b).clone());
    if x.kind == Kind::Map {
        return fail("maps not yet supported for subtraction");
    }
    if x.kind != y.kind {
        return fail(format!("{} ({}) cannot be subtracted from {}", y.tag, tree.nice_path(b), x.tag));
    }
    let target = tree.bare(a)?;
    if x.kind == Kind::Seq {
        let left: Vec<Id> = x.items.iter().copied().filter(|i| !y.items.iter().any(|j| tree.same(*i, *j))).collect();
        tree.change(target, |n| n.items = left);
        return Ok(target);
    }
    let (p, q) = (guess(&x), guess(&y));
    no_moment(&x)?;
    let (tag, text) = if p == "!!str" {
        return fail("strings cannot be subtracted");
    } else if p == "!!int" && q == "!!int" {
        (x.tag.clone(), like(&x.text, whole(&x.text)?.wrapping_sub(whole(&y.text)?)))
    } else if numeric(&p) && numeric(&q) {
        (float_tag(&x), float(real(&x.text)? - real(&y.text)?))
    } else {
        return fail(format!("{} cannot be added to {}", x.tag, y.tag));
    };
    tree.change(target, |n| (n.tag, n.text) = (tag, text));
    Ok(target)
}

/// `a * b`: a product, a repetition, or the merge of two collections.
pub(super) fn multiply(tree: &mut Tree, a: Id, b: Id, how: Merge) -> Res<Id> {
    if tree.at(b).is_null() {
        return tree.copy(a);
    }
    no_alias(tree, &[a, b])?;
    let (x, y) = (tree.at(a).clone(), tree.at(b).clone());
    if y.holds() && (x.kind == y.kind || x.is_null()) {
        let into = tree.copy(a)?;
        if y.kind == Kind::Seq && x.kind == Kind::Seq && !how.append && !how.deep {
            update(tree, into, b, false)?;
            return Ok(into);
        }
        merge(tree, into, b, how, 0)?;
        return Ok(into);
    }
    let (p, q) = (guess(&x), guess(&y));
    let target = tree.bare(a)?;
    let (tag, text) = if p == "!!int" && q == "!!int" {
        (x.tag.clone(), like(&x.text, whole(&x.text)?.wrapping_mul(whole(&y.text)?)))
    } else if numeric(&p) && numeric(&q) {
        (float_tag(&x), float(real(&x.text)? * real(&y.text)?))
    } else if (p == "!!str" && q == "!!int") || (p == "!!int" && q == "!!str") {
        let (s, n) = if x.tag == "!!str" { (&x, &y) } else { (&y, &x) };
        let count = whole(&n.text)?;
        let Ok(times) = usize::try_from(count) else {
            return fail(format!("cannot repeat string by a negative number ({count})"));
        };
        if s.text.len().saturating_mul(times) > TEXT_MAX {
            return Err(memory());
        }
        if x.tag != "!!str" {
            tree.change(target, |n| n.style = s.style);
        }
        ("!!str".to_owned(), s.text.repeat(times))
    } else {
        return fail(format!("cannot multiply {} with {}", x.tag, y.tag));
    };
    tree.change(target, |n| (n.tag, n.text) = (tag, text));
    Ok(target)
}

/// Puts what one collection holds into another one, part by part.
fn merge(tree: &mut Tree, into: Id, from: Id, how: Merge, depth: u32) -> Res<()> {
    if depth > super::node::DEPTH_MAX {
        return Err(memory());
    }
    let (x, y) = (tree.at(into).clone(), tree.at(from).clone());
    match y.kind {
        Kind::Seq if how.append => {
            let sum = add(tree, Some(into), Some(from))?.unwrap_or(into);
            return update(tree, into, sum, false);
        }
        Kind::Seq if how.deep => {
            if x.kind != Kind::Seq {
                tree.change(into, |n| {
                    (n.kind, n.tag, n.items, n.style) = (Kind::Seq, y.tag.clone(), Vec::new(), y.style)
                });
            }
            for (i, item) in y.items.iter().enumerate() {
                match tree.at(into).items.get(i).copied() {
                    Some(old) => merge(tree, old, *item, how, depth + 1)?,
                    None => drop(tree.item(into, *item)?),
                }
            }
            return Ok(());
        }
        Kind::Map => {}
        _ => {
            if !how.only_null || x.is_null() {
                update(tree, into, from, false)?;
            }
            return Ok(());
        }
    }
    if !how.only_null || x.is_null() {
        attributes(tree, into, from, false);
    }
    if tree.at(into).kind != Kind::Map {
        // Only what is null is filled, and this is something else.
        return Ok(());
    }
    for pair in y.items.chunks_exact(2) {
        let [k, v] = pair else { continue };
        if tree.at(*k).tag == "!!merge" {
            return fail("a merge of mappings (<<) is not simulated");
        }
        match find(tree, into, *k) {
            Some(at) => {
                let old = tree.at(into).items.get(at + 1).copied().unwrap_or(*v);
                if let Some(key) = tree.at(into).items.get(at).copied() {
                    comments(tree, key, *k);
                }
                merge(tree, old, *v, how, depth + 1)?;
            }
            None if how.existing => {}
            None => {
                if tree.at(into).items.is_empty() {
                    tree.change(into, |n| n.style = Style::Plain);
                }
                let blank = tree.add(Node::scalar("!!null", "null"))?;
                let place = tree.pair(into, *k, blank)?;
                merge(tree, place, *v, how, depth + 1)?;
            }
        }
    }
    Ok(())
}

/// Comments of another node take the place of those that a node has.
fn comments(tree: &mut Tree, to: Id, from: Id) {
    let n = tree.at(from).clone();
    tree.change(to, |t| {
        for (mine, other) in [(&mut t.foot, n.foot), (&mut t.head, n.head), (&mut t.line, n.line)] {
            if !other.is_empty() {
                *mine = other;
            }
        }
    });
}

/// Makes a node what another one is, but for what it holds.
fn attributes(tree: &mut Tree, to: Id, from: Id, keeps_anchor: bool) {
    let n = tree.at(from).clone();
    comments(tree, to, from);
    tree.change(to, |t| {
        if t.kind != n.kind {
            t.items = Vec::new();
            t.text = String::new();
        }
        t.kind = n.kind;
        if !keeps_anchor {
            t.anchor = n.anchor;
        }
        if t.tag.starts_with("!!") || t.tag.is_empty() {
            (t.tag, t.tagged) = (n.tag, n.tagged);
        }
        if t.style == Style::Plain {
            t.style = n.style;
        }
    });
}

/// `a = b`; an anchor is the place's own, or comes with the value.
pub(super) fn update(tree: &mut Tree, to: Id, from: Id, keeps_anchor: bool) -> Res<()> {
    if to == from {
        return Ok(());
    }
    let (x, y) = (tree.at(to).clone(), tree.at(from).clone());
    // What is assigned may hold the place that it goes to.
    let source = tree.copy(from)?;
    let items = tree.at(source).items.clone();
    tree.change(to, |t| {
        if (t.kind != Kind::Scalar && t.items.is_empty()) || guess(&x) != guess(&y) {
            t.style = y.style;
        }
        t.items = Vec::new();
        t.kind = y.kind;
        t.text.clone_from(&y.text);
    });
    tree.fill(to, &items)?;
    attributes(tree, to, from, keeps_anchor);
    Ok(())
}

/// `a / b`.
pub(super) fn divide(tree: &mut Tree, a: Id, b: Id) -> Res<Id> {
    let (x, y) = (tree.at(a).clone(), tree.at(b).clone());
    if x.kind != Kind::Scalar || y.kind != Kind::Scalar {
        let (p, q) = (tree.nice_path(a), tree.nice_path(b));
        return fail(format!("{} ({p}) cannot be divided by {} ({q})", x.tag, y.tag));
    }
    let (p, q) = (guess(&x), guess(&y));
    let target = tree.bare(a)?;
    if p == "!!str" && q == "!!str" {
        tree.change(target, |n| (n.kind, n.tag, n.text) = (Kind::Seq, "!!seq".to_owned(), String::new()));
        split(tree, target, &x.text, &y.text)?;
    } else if numeric(&p) && numeric(&q) {
        let text = float(real(&x.text)? / real(&y.text)?);
        tree.change(target, |n| (n.tag, n.text) = (float_tag(&x), text));
    } else {
        return fail(format!("{p} cannot be divided by {q}"));
    }
    Ok(target)
}

/// Fills a sequence with the parts of a text.
pub(super) fn split(tree: &mut Tree, seq: Id, text: &str, by: &str) -> Res<()> {
    if text.is_empty() {
        return Ok(());
    }
    let parts: Vec<String> = match by {
        "" => text.chars().map(String::from).collect(),
        by => text.split(by).map(str::to_owned).collect(),
    };
    for part in parts {
        let new = tree.add(Node::scalar("!!str", part))?;
        tree.item(seq, new)?;
    }
    Ok(())
}

/// `a % b`.
pub(super) fn modulo(tree: &mut Tree, a: Id, b: Id) -> Res<Id> {
    let (x, y) = (tree.at(a).clone(), tree.at(b).clone());
    if x.kind != Kind::Scalar || y.kind != Kind::Scalar {
        let (p, q) = (tree.nice_path(a), tree.nice_path(b));
        return fail(format!("{} ({p}) cannot modulo by {} ({q})", x.tag, y.tag));
    }
    let (p, q) = (guess(&x), guess(&y));
    let (tag, text) = if p == "!!int" && q == "!!int" {
        let (m, n) = (whole(&x.text)?, whole(&y.text)?);
        let rest = m.checked_rem(n).ok_or("cannot modulo by 0")?;
        (x.tag.clone(), like(&x.text, rest))
    } else if numeric(&p) && numeric(&q) {
        (float_tag(&x), float(libm::fmod(real(&x.text)?, real(&y.text)?)))
    } else {
        return fail(format!("{p} cannot modulo by {q}"));
    };
    let target = tree.bare(a)?;
    tree.change(target, |n| (n.tag, n.text) = (tag, text));
    Ok(target)
}
